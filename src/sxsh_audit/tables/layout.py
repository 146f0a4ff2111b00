"""The rows of a file that are no records: titles, repeated headings, totals, remarks below.

People lay a sheet out for the eye: the company's name above, «Tổng cộng» and a signature below,
one merged cell for twelve rows. What is left out is always said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sxsh_audit.errors import PeriodError, UnitError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.periods import parse_period
from sxsh_audit.language.text import strip_marks
from sxsh_audit.tables.headings import Headings, find_heading_row
from sxsh_audit.tables.raw import RawTable, cell_text, filled
from sxsh_audit.tables.schema import (
    LONGEST_WORD,
    Field,
    TableSpec,
    choice_words,
    plain_word,
)
from sxsh_audit.tables.stamp import is_example_word, untouched
from sxsh_audit.units import parse_unit

__all__ = ["is_record_text", "lay_out", "records_only"]

_TITLE_UNIT = re.compile(
    r"^\W*(?:đơn vị(?: tính)?|đvt|don vi(?: tinh)?|dvt|units?)\W*:\s*(.+?)\W*$", re.IGNORECASE
)
FIGURES = ("number", "money", "years", "percent")
ALONE = {"steps": "step", "establishments": "name"}
"""Tables of which a record needs no more than a name, with the column of it."""

FIRST_ROWS = 12
"""Records at the top among which an example of the template may have lost its mark."""

NO_KEY = (*FIGURES, "unit", "money_unit", "price_unit", "choice")


def lay_out(
    rows: Sequence[Sequence[Any]],
    spec: TableSpec,
    columns: Mapping[str, str],
    *,
    file: str,
    sheet: str = "",
    cells_named: bool = False,
    merged: Mapping[int, Sequence[tuple[int, int]]] | None = None,
) -> tuple[RawTable, list[Finding]]:
    """Build a raw table from the rows of a sheet, its headings wherever they stand.

    Parameters
    ----------
    rows : sequence of sequences
        Cells by row, from row 1 of the sheet.
    spec : TableSpec
        What the table is.
    columns : mapping of str to str
        The user's own headings: field by heading.
    file, sheet, cells_named, merged
        As in :class:`RawTable`.

    Returns
    -------
    RawTable, list of Finding
        The table below its headings; what stood above them.
    """
    head = find_heading_row(rows, spec, columns)
    raw = RawTable.from_rows(rows, file=file, sheet=sheet, head=head,
                             cells_named=cells_named, merged=merged)  # fmt: skip
    above = [(i + 1, text) for i in range(head) for text in map(cell_text, rows[i]) if text]
    if not above:
        return raw, []
    findings = []
    for row, text in above:
        named = _TITLE_UNIT.match(text) if len(text) <= LONGEST_WORD else None
        if named and _is_unit(named[1]):
            place = Place(file, sheet, row)
            findings.append(Finding("table.title_unit", "error", place, text, {"unit": named[1]}))
    count = len({row for row, _ in above})
    place = Place(file, sheet, above[0][0])
    numbers = {"count": count, "row": head + 1}
    findings.append(Finding("table.titles", "note", place, above[0][1], numbers))
    return raw, findings


def _is_unit(text: str) -> bool:
    """«Đơn vị: 1000 đồng» names a unit, «Đơn vị: Công ty Sao Xanh» a company."""
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


def is_total(text: str) -> bool:
    """Whether a cell says that its row is a sum: «Tổng cộng», «Cộng năm 2013», «Total».

    Examples
    --------
    >>> is_total("TỔNG CỘNG:"), is_total("Cộng quý I/2014"), is_total("Tổng thể")
    (True, True, False)
    """
    if len(text) > LONGEST_WORD:
        return False
    words, plain = choice_words("row"), plain_word(text).strip(" ()-–")
    if words.get(plain) == "total":
        return True
    first = re.match(r"(tổng cộng|tổng số|tổng|cộng|total|sum|subtotal) (.+)", plain) or re.match(
        r"(tong cong|tong so|tong|cong) (.+)", strip_marks(plain)
    )
    if first is None:
        return False
    try:
        parse_period(first[2])
    except PeriodError as error:
        return error.code in ("period.no_year", "period.two_readings")
    return True


def is_record_text(text: str, field: Field, heading: str) -> bool:
    """Whether a cell is that of a record: it neither says a sum nor repeats its heading.

    Parameters
    ----------
    text : str
        The cell.
    field : Field
        What its column is.
    heading : str
        Heading of the column, folded.

    Examples
    --------
    >>> from sxsh_audit.tables.schema import table_spec
    >>> meter = table_spec("consumption").fields["meter"]
    >>> [is_record_text(text, meter, "meter") for text in ("M1", "Tổng cộng", "Meter")]
    [True, False, False]
    """
    if plain_word(text) == heading:
        return False
    return field.kind in NO_KEY or field.name == "note" or not is_total(text)


def records_only(
    spec: TableSpec, raw: RawTable, headings: Headings
) -> tuple[RawTable, list[Finding]]:
    """Fill merged cells, and leave out rows that are no records.

    Parameters
    ----------
    spec : TableSpec
        What the table is.
    raw : RawTable
        What was typed.
    headings : Headings
        Where each field stands.

    Returns
    -------
    RawTable, list of Finding
        The table with records only; every row left out is in a finding.
    """
    findings: list[Finding] = []
    if not len(raw) or not headings.index:
        return raw, findings
    raw = _fill_merged(spec, raw, headings, findings)
    figures = np.zeros(len(raw), dtype=bool)
    for name, position in headings.index.items():
        if spec.fields[name].kind in FIGURES:
            figures |= _filled(raw.columns[position])
    examples, changed = _example_rows(spec, raw, headings)
    findings += changed
    masks = {
        "table.heading_again": _heading_rows(raw),
        "table.total_row": _total_rows(spec, raw, headings),
    }
    left = examples.copy()  # what the template itself wrote is no news to anybody
    for mask in masks.values():
        left |= mask
    masks["table.remark"] = _remarks(spec, raw, (figures | left) & ~examples, headings)
    for code, mask in masks.items():
        left |= mask
        positions = np.flatnonzero(mask)
        if len(positions):
            value = next((text for cells in raw.columns
                          if (text := cell_text(cells[positions[0]]))), "")  # fmt: skip
            numbers = {"count": len(positions), "rows": raw.rows[positions[:5]].tolist()}
            severity = "warning" if code == "table.remark" else "note"
            findings.append(
                Finding(code, severity, raw.place(int(positions[0])), value, numbers)  # type: ignore[arg-type]
            )
    return (raw.take(~left) if left.any() else raw), findings


def _filled(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if cells.dtype.kind == "f":
        return np.asarray(~np.isnan(cells), dtype=bool)
    if cells.dtype.kind in "iu":
        return np.ones(len(cells), dtype=bool)
    return np.array([filled(cell) for cell in cells], dtype=bool)


def _where(cells: np.ndarray[Any, Any], test: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a text cell passes `test`; each different text is tested once."""
    if cells.dtype.kind != "O":
        return np.zeros(len(cells), dtype=bool)
    known: dict[str, bool] = {}
    out = np.zeros(len(cells), dtype=bool)
    for i, cell in enumerate(cells):
        if isinstance(cell, str):
            passed = known.get(cell)
            if passed is None:
                passed = known[cell] = test(cell)
            out[i] = passed
    return out


def _heading_rows(raw: RawTable) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows that repeat the headings, as every printed page does."""
    count = np.zeros(len(raw), dtype=np.int64)
    for heading, cells in zip(raw.headings, raw.columns, strict=True):
        wanted = plain_word(heading)
        if wanted:
            count += _where(cells, lambda text, wanted=wanted: plain_word(text) == wanted)
    return count >= max(2, sum(bool(plain_word(text)) for text in raw.headings) / 2)


def _example_rows(
    spec: TableSpec, raw: RawTable, headings: Headings
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], list[Finding]]:
    """Rows that a template marks as examples; one that somebody wrote over is asked about."""
    out = np.zeros(len(raw), dtype=bool)
    words = choice_words("column")
    for position, heading in enumerate(map(plain_word, raw.headings)):
        if heading in words:
            out |= _where(raw.columns[position], is_example_word)
    findings = []
    for i in np.flatnonzero(out):
        cells = {name: raw.columns[position][i] for name, position in headings.index.items()}
        if not untouched(spec.name, cells):
            findings.append(Finding("table.example_changed", "error", raw.place(int(i))))
    if raw.from_template:
        # An example whose mark was taken away must not become a record of the plant.
        for i in np.flatnonzero(~out[:FIRST_ROWS]):
            cells = {name: raw.columns[position][i] for name, position in headings.index.items()}
            if any(map(filled, cells.values())) and untouched(spec.name, cells):
                findings.append(Finding("table.example_unmarked", "error", raw.place(int(i))))
    return out, findings


def _total_rows(
    spec: TableSpec, raw: RawTable, headings: Headings
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows whose key says that they are a sum of others."""
    keys = {position for name, position in headings.index.items()
            if spec.fields[name].kind not in NO_KEY and name != "note"}  # fmt: skip
    counters = choice_words("column")
    keys |= {i for i, heading in enumerate(map(plain_word, raw.headings))
             if not heading or heading in counters}  # fmt: skip
    out = np.zeros(len(raw), dtype=bool)
    for position in keys:
        out |= _where(raw.columns[position], is_total)
    return out


def _remarks(
    spec: TableSpec, raw: RawTable, records: np.ndarray[Any, Any], headings: Headings
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows below the last figure that hold a single text: a remark, a signature.

    A step needs nothing but its name, and so does an establishment of a list.
    """
    out = np.zeros(len(raw), dtype=bool)
    names = headings.index.get(ALONE.get(spec.name, ""))
    if len(headings.index) < 3 or not records.any():
        return out
    last = int(np.flatnonzero(records)[-1])
    for i in range(last + 1, len(raw)):
        cells = [k for k, cells in enumerate(raw.columns) if filled(cells[i])]
        out[i] = (len(cells) == 1 and cells[0] != names
                  and isinstance(raw.columns[cells[0]][i], str))  # fmt: skip
    return out


def _fill_merged(
    spec: TableSpec, raw: RawTable, headings: Headings, findings: list[Finding]
) -> RawTable:
    """Give every row of a merged block its text; one figure for several rows is a fault."""
    columns = list(raw.columns)
    kinds = {position: spec.fields[name].kind for name, position in headings.index.items()}
    for position, kind in kinds.items():
        blocks = raw.merged.get(position, ())
        if blocks and kind not in FIGURES:
            columns[position] = columns[position].copy()
        for block in blocks:
            # Rows stand in order: a hundred thousand blocks are found in no time.
            first, end = np.searchsorted(raw.rows, (block[0], block[1] + 1)).tolist()
            if end - first < 2:
                continue
            value = columns[position][first]
            if kind not in FIGURES:
                columns[position][first:end] = value
            elif filled(value):
                findings.append(Finding("table.merged_figure", "error",
                                        raw.place(first, position), cell_text(value),
                                        {"last": int(raw.rows[end - 1])}))  # fmt: skip
    return replace(raw, columns=columns)
