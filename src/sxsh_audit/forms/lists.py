"""The hidden sheet of lists: what the cells offer, and what the preview knows of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sxsh_audit.data import load_rows, load_toml, names_in
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.errors import UnitError
from sxsh_audit.forms.layout import LISTS, Form, choice_label
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.text import strip_marks
from sxsh_audit.tables.raw import column_letters
from sxsh_audit.tables.schema import choice_keys, choice_words, known_resources, plain_word
from sxsh_audit.tables.sectors import sectors
from sxsh_audit.units import Unit, parse_unit

__all__ = ["ListSheet", "list_sheet"]

STOCKED = ("fuel", "raw_material", "other_material")
"""Categories of resources that are kept in a store."""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """Columns of the hidden sheet, each below a heading in row 2.

    Parameters
    ----------
    columns : mapping of str to sequence
        Cells by the name of the list.
    """

    columns: Mapping[str, Sequence[Any]]

    def area(self, name: str, last: str = "") -> str:
        """Range of a list, or of all lists from `name` to `last`, as formulas write it."""
        names = list(self.columns)
        first, end = names.index(name), names.index(last or name)
        rows = len(self.columns[name]) + 2
        return f"'{LISTS}'!${column_letters(first)}$3:${column_letters(end)}${rows}"

    def column(self, name: str, of: str) -> int:
        """Place of the list `name` in the range that begins with the list `of`, from 1."""
        names = list(self.columns)
        return names.index(name) - names.index(of) + 1


def list_sheet(form: Form) -> ListSheet:
    """Return the lists of a template.

    Parameters
    ----------
    form : Form
        What the template is made for.
    """
    language = form.language
    facts: dict[str, Any] = load_toml("template.toml")
    offered = list(known_resources().values())
    # The resources of the plant's sector come first.
    offered.sort(key=lambda fact: fact.resource not in form.resources)
    columns: dict[str, Sequence[Any]] = {
        "resource": [fact.label(language) for fact in offered],
        **_names(),
        "unit": facts["units"][language],
        "price_unit": [f"{money}/{unit}" for unit in facts["price_units"][language]
                       for money in facts["money"][language][:3]],
        "money_unit": facts["money"][language],
        "component_unit": facts["component_units"][language],
        "programme": list(names_in("programmes", ".toml")),
        "sector": [sector.label(language) for sector in sectors().values()],
        "factor_set": list(names_in("factors", ".toml")),
        "locale": list(LANGUAGES),
    }  # fmt: skip
    for choices in ("phase", "quality", "output_basis", "tariff_period", "price_kind", "vat",
                    "cost_class", "option_status", "category", "must_have", "reading",
                    "step_kind", "flow_kind", "hazard", "cause", "error_meaning"):  # fmt: skip
        columns[choices] = [choice_label(choices, key, language) for key in choice_keys(choices)]
    for choices in ("output_rule", "overall"):
        columns[choices] = [choice_label(choices, key, language) for key in choice_keys(choices)]
    for choices in ("phase", "price_kind", "vat", "option_status", "tariff_period", "output_rule"):
        columns |= _words(choices)
    columns["total"] = load_toml("choices.toml")["row"]["total"]
    columns |= _unit_facts(facts, language)
    columns |= _price_facts(facts)
    columns |= _money_facts(facts)
    return ListSheet(columns)


@cache
def _names() -> Mapping[str, Sequence[str]]:
    """Every name of a resource, its key, and whether it is kept in a store."""
    names: dict[str, str] = {}
    for row in load_rows("resources.csv"):
        aliases = row["aliases"].split("|")
        for word in (row["resource"], row["label_vi"], row["label_en"], *aliases):
            for spelling in (word, strip_marks(word)):
                names.setdefault(spelling.strip().casefold(), row["resource"])
    facts = known_resources()
    return {
        "name": list(names),
        "name_key": list(names.values()),
        "name_stocked": ["1" if facts[key].category in STOCKED else "0"
                         for key in names.values()],
    }  # fmt: skip


def _words(choices: str) -> dict[str, Sequence[str]]:
    """Words of a choice and the key of each; a formula compares without regard to case."""
    record: Mapping[str, Sequence[str]] = load_toml("choices.toml")[choices]
    words: dict[str, str] = {}
    for key, also in record.items():
        for word in (key, key.replace("_", " "), *also):
            if choice_words(choices).get(plain_word(word)) == key:
                words.setdefault(word.casefold(), key)
    return {f"{choices}_word": list(words), f"{choices}_key": list(words.values())}


def _unit(text: str) -> Unit | None:
    try:
        return parse_unit(text)
    except UnitError:
        return None


def _shown(unit: Unit) -> str:
    """Return how the library shows a unit; see Amounts.shown."""
    typed = "10^" in unit.symbol or unit.canonical == "piece"
    return unit.text if typed else unit.symbol


def _unit_facts(facts: Mapping[str, Any], language: Language) -> dict[str, Sequence[Any]]:
    """Units of both languages with size, canonical unit, how they are shown, and their order."""
    texts = dict.fromkeys([*facts["units"][language], *facts["units"]["vi"], *facts["units"]["en"]])
    listed = {parse_unit(text).symbol for text in texts}
    for row in load_rows("spellings.csv"):
        if row["unit"] in listed and not row["power"]:
            texts |= dict.fromkeys(word.strip() for word in row["spellings"].split("|"))
    # A formula takes «mwh» for «MWh»: what has two meanings in small letters is left out.
    alike: dict[str, set[str]] = {}
    for row in load_rows("spellings.csv"):
        for word in row["spellings"].split("|"):
            alike.setdefault(word.strip().casefold(), set()).add(f"{row['unit']}{row['power']}")
    offered = {*facts["units"]["vi"], *facts["units"]["en"]}
    read = {text: unit for text in texts
            if (text in offered or len(alike.get(text.casefold(), ())) < 2)
            and (unit := _unit(text)) is not None}  # fmt: skip
    texts = dict.fromkeys(read)
    order = sorted(texts, key=lambda text: _shown(read[text]))
    return {
        "known_unit": list(texts),
        "unit_size": [float(unit.factor) for unit in read.values()],
        "unit_of": [unit.canonical for unit in read.values()],
        "unit_shown": [unit_text(_shown(unit), language) for unit in read.values()],
        "unit_order": [order.index(text) for text in texts],
    }


def _price_facts(facts: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    texts = dict.fromkeys(
        f"{money}/{unit}" for one in LANGUAGES for unit in facts["price_units"][one]
        for money in facts["money"][one]
    )  # fmt: skip
    read = [parse_unit(text) for text in texts]
    return {"known_price": list(texts), "price_size": [float(unit.factor) for unit in read],
            "price_of": [unit.canonical.partition("/")[2] for unit in read]}  # fmt: skip


def _money_facts(facts: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    texts = dict.fromkeys(text for one in LANGUAGES for text in facts["money"][one])
    read = [parse_unit(text) for text in texts]
    return {"known_money": list(texts), "money_size": [float(unit.factor) for unit in read]}
