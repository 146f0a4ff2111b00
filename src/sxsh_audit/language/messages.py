"""Sentences by code, in Vietnamese and English.

The code ``topic.name`` is the key ``name`` of ``data/messages/<language>/<topic>.toml``.
A value there is either a sentence, or a table of sentences for a finding: ``text`` (the rule
that was broken) and ``fix`` (what to do), and perhaps ``one``: the text where ``count`` is 1.
Placeholders are named and take values of three kinds: text as it is, dates, and numbers, which
are written in the language's own way:

``{x}``      a float with up to 12 significant digits; a whole number (a year, a row) plain
``{x:%}``    a fraction as a percentage with at most two decimals
``{x:.2f}``  a fixed count of decimals
``{x:n}``    a whole number with its thousands grouped
``{x:w}``    a word of the library (``baseline``), as ``words`` says it in the language
``{x:r}``    a resource key, by its name
``{x:rk}``   a resource key, by its name with the key behind it
``{x:field}``   a column (``consumption.quantity``) or a table (``consumption``), by its name
``{x:choice}``  a word of a list (``quality.billed``), with its key
``{x:u}``    a canonical unit, in words
``{x:day}``  a day written 2014-03-31
``{x:dim}``  a dimension (``energy/mass``), in words
``{x:refusal}``  another refusal, given as its code and its numbers
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.data import load_rows, load_toml
from sxsh_audit.language.formatting import (
    Language,
    check_language,
    format_date,
    format_fixed,
    format_number,
    format_percent,
)
from sxsh_audit.language.text import shown, visible

if TYPE_CHECKING:
    from sxsh_audit.findings import Finding

__all__ = ["describe", "finding_sentences", "has_message", "refusal_sentence", "sentence"]


class _Sentence(string.Formatter):
    """Formatter that writes numbers and dates in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, dt.date):
            return format_date(value, self._language)
        if isinstance(value, (list, tuple)):
            return ", ".join(str(self.format_field(item, format_spec)) for item in value)
        if format_spec == "w":
            return sentence(f"words.{value}", self._language)
        if format_spec in _NAMES:
            return _NAMES[format_spec](str(value), self._language)
        if format_spec == "refusal":
            return refusal_sentence(value["code"], value["numbers"], self._language)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return str(value)
        if format_spec == "%":
            return _short_percent(value, self._language)
        if format_spec == "n":
            return format_fixed(value, 0, self._language)
        if format_spec.endswith("f"):
            return format_fixed(value, int(format_spec[1:-1]), self._language)
        if isinstance(value, int):
            return str(value)
        return format_number(value, self._language, digits=12)


def _resource_name(key: str, language: Language) -> str:
    """Name of a shipped resource; a plant's own resource stands as it was typed."""
    labels = (row[f"label_{language}"] for row in load_rows("resources.csv")
              if row["resource"] == key)  # fmt: skip
    return next(labels, key)


def _dimension_name(dimension: str, language: Language) -> str:
    """Name of a dimension; a compound one part by part."""
    for sign in ("/", "·"):
        if sign in dimension:
            return sign.join(_dimension_name(part, language) for part in dimension.split(sign))
    return sentence(f"dimension.{dimension}", language)


def _resource_and_key(key: str, language: Language) -> str:
    name = _resource_name(key, language)
    return name if name == key else f"{name} ({key})"


def _field_name(name: str, language: Language) -> str:
    """Heading of a column of a study or a register, or the name of a table of it."""
    table, _, field = name.partition(".")
    known = {**load_toml("register_tables.toml"), **load_toml("tables.toml")}
    record = known.get(table, {})
    label = record.get("fields", {}).get(field, {}) if field else record
    return str(label.get(language, name))


def _choice_name(name: str, language: Language) -> str:
    """Word of a list of choices: «hóa đơn (billed)»; the key alone in English."""
    words, dot, key = name.partition(".")
    lists = {**load_toml("register_choices.toml"), **load_toml("choices.toml")}
    known = lists.get(words, {}) if dot else {}
    if key not in known:
        return name
    return f"{known[key][0]} ({key})" if language == "vi" else key


def _unit_name(symbol: str, language: Language) -> str:
    def word(match: re.Match[str]) -> str:
        code = f"unit_names.{match.group()}"
        return sentence(code, language) if has_message(code, language) else match.group()

    return re.sub(r"[^\W\d_]\w*", word, symbol)


def _day(text: str, language: Language) -> str:
    return format_date(dt.date.fromisoformat(text), language)


_NAMES: Mapping[str, Callable[[str, Language], str]] = {
    "r": _resource_name, "rk": _resource_and_key, "dim": _dimension_name, "u": _unit_name,
    "field": _field_name, "choice": _choice_name, "day": _day,
}  # fmt: skip


def _short_percent(fraction: float, language: Language) -> str:
    for decimals in (0, 1):
        if abs(fraction * 100 - round(fraction * 100, decimals)) < 1e-9:
            return format_percent(fraction, language, decimals=decimals)
    return format_percent(fraction, language, decimals=2)


def _entry(code: str, language: Language) -> str | Mapping[str, str]:
    topic, _, name = code.partition(".")
    return load_toml(f"messages/{language}/{topic}.toml")[name]  # type: ignore[no-any-return]


def has_message(code: str, language: Language) -> bool:
    """Whether `code` has a sentence in `language`."""
    try:
        _entry(code, language)
    except (KeyError, FileNotFoundError):
        return False
    return True


def sentence(code: str, language: Language = "vi", part: str = "text", **numbers: Any) -> str:
    """Return the sentence `code` in `language` with its numbers in it.

    Parameters
    ----------
    code : str
        ``topic.name``.
    language : {"vi", "en"}
        Language of the sentence.
    part : {"text", "fix"}
        Which sentence of a finding; empty when the entry has no such part.
    **numbers
        Values for the placeholders.

    Raises
    ------
    KeyError
        If there is no such code, or a placeholder has no value.
    """
    entry = _entry(code, check_language(language))
    if isinstance(entry, str):
        if part != "text":
            return ""
        template = entry
    else:
        one = part == "text" and "one" in entry and numbers.get("count") == 1
        template = entry["one"] if one else entry.get(part, "")
    return _Sentence(language).vformat(template, (), numbers)


_WHOLE = frozenset({"place", "faults", "lines", "reason", "path", "folder", "source", "where"})
"""Numbers that are sentences, paths or an underlined text, and are told to their end."""


def _told(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of a fault as they are told: typed texts short, nothing in them unseen."""

    def one(name: str, value: Any) -> Any:
        if isinstance(value, str):
            return visible(value, lines=True) if name in _WHOLE else shown(value)
        if isinstance(value, (list, tuple)):
            return [one(name, item) for item in value]
        return value

    return {name: one(name, value) for name, value in numbers.items()}


def refusal_sentence(code: str, numbers: Mapping[str, Any], language: Language) -> str:
    """Tell a refusal again in `language`, with its fix."""
    numbers = _told(numbers)
    text = sentence(code, language, **numbers)
    fix = sentence(code, language, part="fix", **numbers)
    fix = fix[:1].upper() + fix[1:]  # a sentence of its own here, the end of one in `describe`
    # A text that ends in a line of marks under the fault goes on in the next line.
    joint = "" if text.endswith("\n") else " "
    return f"{text}{joint}{fix}" if fix else text


def finding_sentences(finding: Finding, language: Language) -> tuple[str, str]:
    """Return the rule and the fix of `finding` in `language`."""
    values = _told({"value": finding.value, "column": finding.place.column, **finding.numbers})
    rule = sentence(finding.code, language, **values)
    if "alike" in values:  # this finding stands for the same fault on many rows
        rule = f"{rule} {sentence('table.alike', language, **values)}"
    return rule, sentence(finding.code, language, part="fix", **values)


def describe(finding: Finding, language: Language = "vi") -> str:
    """Return `finding` as one line: place, value, rule and fix.

    Examples
    --------
    >>> from sxsh_audit.findings import Finding, Place
    >>> print(describe(Finding("table.negative", place=Place("san_luong.csv", "", 14, "Sản lượng"),
    ...                        value="-120"), "vi"))
    san_luong.csv, dòng 14, cột «Sản lượng»: `-120`: số phải ≥ 0. Cách sửa: kiểm tra lại số \
liệu, hoặc để trống ô nếu chưa có.
    """
    rule, fix = finding_sentences(finding, language)
    place, value = finding.place, shown(finding.value)
    where = [shown(part) for part in (place.file, place.sheet, place.facility) if part]
    if place.resource:
        where.append(shown(_resource_name(place.resource, language)))
    if place.cell:  # an address that holds the row, or a period of two totals
        is_word = has_message(f"words.{place.cell}", language)
        where.append(sentence(f"words.{place.cell}", language) if is_word else place.cell)
    elif place.row:
        where.append(sentence("words.row", language, row=place.row))
    if place.column:
        where.append(sentence("words.column", language, column=shown(place.column)))
    head = ", ".join(where)
    if value and f"`{value}`" not in rule:
        head = f"{head}: `{value}`" if head else f"`{value}`"
    line = f"{head}: {rule}" if head else rule
    if fix:
        line = f"{line} {sentence('words.fix', language)} {fix}"
    return line
