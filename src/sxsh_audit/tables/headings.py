"""Which column of a table is which field, and in which row the headings stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.errors import PeriodError
from sxsh_audit.findings import Finding
from sxsh_audit.language.periods import parse_period
from sxsh_audit.language.text import nearest, tidy
from sxsh_audit.tables.raw import RawTable, cell_text, filled
from sxsh_audit.tables.schema import Field, TableSpec, choice_words, plain_word, resource_words

__all__ = ["Headings", "find_heading_row", "match_headings", "split_heading"]

LAST_HEADING_ROW = 60
"""Rows from the top among which the headings are looked for."""


@dataclass
class Headings:
    """Where each field of a table stands.

    Parameters
    ----------
    index : dict of str to int
        Column position by field.
    units : dict of str to str
        Unit in the heading's brackets by field; empty where there is none.
    constants : dict of str to str
        Value of all rows by field, where a heading says it: the resource of «Điện năng (kWh)».
    findings : list of Finding
        Headings that are unknown, missing or stand twice.
    """

    index: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def split_heading(heading: str) -> tuple[str, str]:
    """Split ``Điện năng (kWh)`` into the heading and the unit in its last brackets.

    Examples
    --------
    >>> split_heading("SẢN LƯỢNG (kWh)"), split_heading("Sản lượng, tấn"), split_heading("Kỳ")
    (('SẢN LƯỢNG', 'kWh'), ('Sản lượng', 'tấn'), ('Kỳ', ''))
    """
    text = tidy(heading)
    for opening, closing in ("()", "[]"):
        if text.endswith(closing) and opening in text:
            bare, _, unit = text[:-1].rpartition(opening)
            return bare.strip(), unit.strip()
    # «Sản lượng, tấn» is as common as brackets.
    bare, comma, unit = text.rpartition(",")
    return (bare.strip(), unit.strip()) if comma else (text, "")


def _field_of(
    heading: str, spec: TableSpec, own: Mapping[str, str]
) -> tuple[Field | None, str]:
    """Field of a heading and the unit it names; the user's own headings first."""
    for text, unit in ((heading, ""), split_heading(heading)):
        named = own.get(plain_word(text), "")
        found = spec.fields.get(named) or spec.field_by_heading(named or text)
        if found is not None:
            return found, unit
    return None, ""


def _own(columns: Mapping[str, str]) -> dict[str, str]:
    return {plain_word(str(heading)): str(name) for heading, name in columns.items()}


def count_headings(cells: Sequence[Any], spec: TableSpec, columns: Mapping[str, str]) -> int:
    """Return how many different fields the cells of a row name."""
    own = _own(columns)
    named = {_field_of(cell, spec, own)[0] for cell in cells if isinstance(cell, str) and cell}
    return len({item.name for item in named if item is not None})


def find_heading_row(
    rows: Sequence[Sequence[Any]], spec: TableSpec, columns: Mapping[str, str]
) -> int:
    """Return the position of the heading row.

    It is the first row that names two fields of the table or more; else the first one that names
    one; else the first one with any content.
    """
    best, first_filled = (0, 0), None
    for position, row in enumerate(rows[:LAST_HEADING_ROW]):
        if not any(map(filled, row)):
            continue
        if first_filled is None:
            first_filled = position
        count = count_headings(row, spec, columns)
        if count >= 2:
            return position
        # A lone cell is a title, even where the title is also the word for a column.
        if count > best[0] and sum(map(filled, row)) > 1:
            best = (count, position)
    return best[1] if best[0] else first_filled or 0


def match_headings(spec: TableSpec, raw: RawTable, columns: Mapping[str, str]) -> Headings:
    """Find the field of every column.

    Parameters
    ----------
    spec : TableSpec
        What the table is.
    raw : RawTable
        What was typed.
    columns : mapping of str to str
        The user's own headings: field by heading.
    """
    found, own = Headings(), _own({**raw.keyed, **columns})
    counters: list[int] = []
    unknown: list[int] = []
    for position, heading in enumerate(raw.headings):
        if not heading.strip():
            _without_heading(raw, position, found)
        elif plain_word(heading) in choice_words("column") and plain_word(heading) not in own:
            counters.append(position)
        else:
            item, unit = _field_of(heading, spec, own)
            if item is None:
                unknown.append(position)
            else:
                _take(spec.name, found, raw, position, item, unit)
    for position in counters:  # a running number is a key only where nothing else is
        item = spec.field_by_heading(raw.headings[position])
        if item is not None and item.name not in found.index:
            _take(spec.name, found, raw, position, item, "")
    unknown = _resource_heading(spec, raw, unknown, found)
    missing = [item for item in spec.fields.values()
               if item.required and item.name not in found.index]  # fmt: skip
    for item in missing:
        if item.instead in found.index:
            found.index[item.name] = found.index[item.instead]
            found.units[item.name] = ""
    _report_unknown(spec, raw, unknown, found)
    if any(finding.code == "table.across" for finding in found.findings):
        return found
    for item in missing:
        if item.name not in found.index and item.name not in found.constants:
            numbers = {"field": f"{spec.name}.{item.name}", "table": spec.name}
            found.findings.append(Finding("table.missing_column", "error", raw.place(), "",
                                          numbers))  # fmt: skip
    return found


def _resource_heading(
    spec: TableSpec, raw: RawTable, unknown: list[int], found: Headings
) -> list[int]:
    """Take a lone heading that names a resource, «Điện năng (kWh)», for that of the quantity.

    In a table without the column of resources it names the resource of every row.
    """
    if not {"quantity", "resource"} <= set(spec.fields) or "quantity" in found.index:
        return unknown
    words = resource_words()
    named = {i: key for i in unknown
             if (key := words.get(plain_word(split_heading(raw.headings[i])[0])))}  # fmt: skip
    if len(named) != 1 or not ("resource" in found.index or spec.fields["resource"].required):
        return unknown
    (position, key), = named.items()
    unit = split_heading(raw.headings[position])[1]
    _take(spec.name, found, raw, position, spec.fields["quantity"], unit)
    if "resource" not in found.index:
        found.constants["resource"] = key
        place = raw.place(None, position)
        found.findings.append(Finding("table.resource_heading", "note", place, "", {"key": key}))
    return [i for i in unknown if i != position]


def _take(
    table: str, found: Headings, raw: RawTable, position: int, item: Field, unit: str
) -> None:
    if item.name in found.index:
        first = raw.place(None, found.index[item.name]).column
        numbers = {"first": first, "field": f"{table}.{item.name}", "table": table}
        place = raw.place(None, position)
        found.findings.append(Finding("table.two_columns", "error", place, "", numbers))
        return
    found.index[item.name] = position
    found.units[item.name] = unit


def _without_heading(raw: RawTable, position: int, found: Headings) -> None:
    filled_rows = [i for i, cell in enumerate(raw.columns[position]) if filled(cell)]
    if not filled_rows:
        return
    place, value = raw.place(filled_rows[0], position), raw.columns[position][filled_rows[0]]
    beyond = not any(str(heading).strip() for heading in raw.headings[position:])
    if beyond and not raw.cells_named and raw.file:
        # In a CSV file a cell beyond the last heading is a decimal comma or a stray delimiter:
        # every cell of the row may have moved.
        if not any(item.code == "table.too_many_cells" for item in found.findings):
            numbers = {"count": len(filled_rows)}
            found.findings.append(
                Finding("table.too_many_cells", "error", place, cell_text(value), numbers))
        return
    found.findings.append(Finding("table.no_heading", "warning", place, cell_text(value)))


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except PeriodError as error:
        return error.code == "period.two_readings"
    return True


def _report_unknown(
    spec: TableSpec, raw: RawTable, unknown: Sequence[int], found: Headings
) -> None:
    """Headings without a field; months or resources side by side are told as what they are."""
    words = resource_words()
    kinds = {
        "months": [i for i in unknown if _is_period(raw.headings[i])],
        "resources": [i for i in unknown if plain_word(split_heading(raw.headings[i])[0]) in words],
    }
    for kind, columns in kinds.items():
        needed = {"months": ("period", "phase", "start"), "resources": ("resource",)}[kind]
        known = any(name in found.index for name in needed) or needed[0] not in spec.fields
        if len(columns) > 1 and not known:
            names = [tidy(raw.headings[i]) for i in columns]
            place = raw.place(None, columns[0])
            numbers = {"columns": names[:4], "count": len(names)}
            found.findings.append(Finding("table.across", "error", place, "", numbers))
            unknown = [i for i in unknown if i not in columns]
    free = [name for name in spec.fields if name not in found.index]
    for position in unknown:
        heading = raw.headings[position]
        if position in kinds["resources"] and "resource" in spec.fields:
            found.findings.append(Finding("table.resource_column", "warning",
                                          raw.place(None, position), "",
                                          {"resource": f"{spec.name}.resource"}))  # fmt: skip
            continue
        near = list(nearest(plain_word(heading), spec.headings(), 3))
        alike = dict.fromkeys(
            item.name for item in map(spec.field_by_heading, near) if item is not None)
        fields = [f"{spec.name}.{name}" for name in list(alike) or free[:5]]
        numbers = {"near": fields or ["–"], "table": spec.name}
        found.findings.append(Finding("table.unknown_column", "warning",
                                      raw.place(None, position), "", numbers))  # fmt: skip
