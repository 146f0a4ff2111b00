"""The tables of a study or a register as data: fields, headings in both languages, choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sxsh_audit.data import load_rows, load_toml
from sxsh_audit.language.text import fold, strip_marks

__all__ = [
    "REGISTER_TABLES",
    "TABLES",
    "Field",
    "ResourceFact",
    "TableSpec",
    "choice_keys",
    "choice_lists",
    "choice_words",
    "known_resources",
    "resource_words",
    "table_by_name",
    "table_spec",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table.

    Parameters
    ----------
    name : str
        Canonical name.
    kind : str
        What its cells hold; see ``data/tables.toml``.
    vi, en : str
        Label in both languages.
    also : tuple of str
        Further headings that people write.
    required : bool
        Whether the column, and every cell in it, must be filled.
    choices : str
        Name of the word list of a choice.
    negative : {"", "error"}
        Whether a number below 0 is a fault.
    positive : bool
        Whether 0 is a fault as well.
    instead : str
        Field that is read in place of a required one that is missing.
    """

    name: str
    kind: str
    vi: str
    en: str
    also: tuple[str, ...] = ()
    required: bool = False
    choices: str = ""
    negative: str = ""
    positive: bool = False
    instead: str = ""

    def label(self, language: str) -> str:
        """Heading in `language`."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a study or of a register."""

    name: str
    vi: str
    en: str
    names: tuple[str, ...]
    fields: Mapping[str, Field]

    def label(self, language: str) -> str:
        """Name of the table in `language`."""
        return self.vi if language == "vi" else self.en

    def field_by_heading(self, heading: str) -> Field | None:
        """Return the field that a heading names, or None."""
        return self.fields.get(_headings(self.name).get(_plain(heading), ""))

    def headings(self) -> tuple[str, ...]:
        """All headings this table knows, folded."""
        return tuple(_headings(self.name))


@dataclass(frozen=True, slots=True)
class ResourceFact:
    """One row of the shipped resources."""

    resource: str
    category: str
    label_vi: str
    label_en: str
    display_unit: str

    def label(self, language: str) -> str:
        """Name in `language`."""
        return self.label_vi if language == "vi" else self.label_en


def _plain(text: str) -> str:
    """Fold a heading so that case, spaces, underscores and NFD do not matter."""
    return fold(text.replace("_", " ")).strip(" :.*")


def _variants(*texts: str) -> set[str]:
    """Folded spellings of `texts`, with and without Vietnamese marks."""
    plain = {_plain(text) for text in texts}
    return plain | {strip_marks(text) for text in plain}


@cache
def table_spec(name: str) -> TableSpec:
    """Return the table `name` (canonical)."""
    record: dict[str, Any] = {**load_toml("register_tables.toml"), **load_toml("tables.toml")}[name]
    fields = {
        key: Field(name=key, **{**entry, "also": tuple(entry.get("also", ()))})
        for key, entry in record["fields"].items()
    }
    return TableSpec(name, record["vi"], record["en"], tuple(record["names"]), fields)


TABLES: tuple[str, ...] = (
    "facility", "team", "products", "production", "resources", "consumption",
    "drivers", "adjustments", "prices", "end_uses", "steps", "flows", "components",
    "options", "option_savings",
)  # fmt: skip
"""Tables of a study."""

REGISTER_TABLES: tuple[str, ...] = (
    "establishments", "statuses", "events", "participants", "tasks", "budget", "reports",
)  # fmt: skip
"""Tables of a register that are typed."""


@cache
def _headings(table: str) -> dict[str, str]:
    """Folded heading → field name. An exact name or label wins over a looser alias."""
    spec = table_spec(table)
    known: dict[str, str] = {}
    for field in spec.fields.values():
        for heading in _variants(field.name, field.vi, field.en):
            known.setdefault(heading, field.name)
    for field in spec.fields.values():
        for heading in _variants(*field.also):
            known.setdefault(heading, field.name)
    return known


@cache
def _table_names(tables: tuple[str, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for name in tables:
        spec = table_spec(name)
        for text in _variants(name, spec.vi, spec.en, *spec.names):
            known.setdefault(text, name)
    return known


def table_by_name(text: str, tables: tuple[str, ...] = TABLES) -> TableSpec | None:
    """Return the table among `tables` that a sheet or file name means, or None."""
    name = _table_names(tables).get(_plain(text.replace("-", " ")))
    return table_spec(name) if name else None


@cache
def choice_lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return every list of words by name: those of a study and those of a register."""
    return {**load_toml("register_choices.toml"), **load_toml("choices.toml")}


@cache
def choice_words(choices: str) -> Mapping[str, str]:
    """Folded word → stored key, for one list of ``data/choices.toml`` or that of the register."""
    words: dict[str, str] = {}
    for key, also in choice_lists()[choices].items():
        for word in _variants(key, *also):
            words.setdefault(word, key)
    return words


@cache
def choice_keys(choices: str) -> tuple[str, ...]:
    """Return the keys of one list."""
    return tuple(choice_lists()[choices])


@cache
def known_resources() -> Mapping[str, ResourceFact]:
    """Return the shipped resources by key."""
    return {
        row["resource"]: ResourceFact(
            row["resource"], row["category"], row["label_vi"], row["label_en"], row["display_unit"]
        )
        for row in load_rows("resources.csv")
    }


@cache
def resource_words() -> Mapping[str, str]:
    """Folded name → key, for the shipped resources."""
    words: dict[str, str] = {}
    for row in load_rows("resources.csv"):
        aliases = [text for text in row["aliases"].split("|") if text]
        for word in _variants(row["resource"], row["label_vi"], row["label_en"], *aliases):
            words.setdefault(word, row["resource"])
    return words


LONGEST_WORD = 200
"""Letters of a text that may be a heading or a word of a list; longer ones are not remembered."""

_remembered = lru_cache(maxsize=65536)(_plain)


def plain_word(text: str) -> str:
    """Fold a word as the lookups of this module do."""
    return _remembered(text) if len(text) <= LONGEST_WORD else _plain(text)
