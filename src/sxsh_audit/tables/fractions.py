"""Columns of fractions, of years and of single days: cells that are no amounts of a resource."""

from __future__ import annotations

import re

import numpy as np

from sxsh_audit.data import load_rows
from sxsh_audit.tables.amounts import Codes, Floats
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.days import NO_DAY, read_span
from sxsh_audit.tables.raw import cell_text

__all__ = ["is_percentage", "read_fractions", "read_last_days", "read_years"]

LONGEST_DAY = 31
MOST_YEARS = 200
"""No plant lasts longer: 1,200 is a lifetime in other units, and beyond it rates overflow."""


def is_percentage(text: str) -> bool:
    """Whether a text ends in a percent sign or its words.

    Examples
    --------
    >>> is_percentage("60 %"), is_percentage("60 phần trăm"), is_percentage("0,6")
    (True, True, False)
    """
    words = [row["word"] for row in load_rows("number_words.csv") if row["kind"] == "percent"]
    return re.search(rf"(?:{'|'.join(map(re.escape, words))})\s*$", text.casefold()) is not None


def read_fractions(reader: ColumnReader, name: str, *, whole: bool) -> Floats:
    """Read a column of fractions: ``60 %`` and ``0.6`` are one thing, a bare 60 is asked about.

    Under a heading with % a bare 60 is 60 %; a bare figure below 1 is asked about there, since a
    spreadsheet keeps 60 % as 0.6.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column.
    whole : bool
        Whether a bare 1 is the whole, as in a share; a change of a year it is not.

    Returns
    -------
    array of float, shape (rows,)
        Fractions between −1 and 1; nan where a cell has none.
    """
    values, cells = reader.numbers(name), reader.cells(name)
    if cells is None:
        return values
    percent = reader.heading_unit.get(name, "") == "%"
    signed = np.array([isinstance(cell, str) and is_percentage(cell) for cell in cells], dtype=bool)
    size = np.abs(values)
    if percent:
        asked = ~signed & (size > 0) & (size <= 1)
        values = np.where(~signed, values / 100, values)
    else:
        asked = ~signed & ((size > 1) if whole else (size >= 1))
    for i in np.flatnonzero(asked):
        code = "table.percent_or_fraction" if percent else "table.bare_percentage"
        shown = float(f"{values[i] * (100 if percent else 1):.12g}")
        reader.report(code, "error", int(i), name, cells[i], number=shown,
                      fraction=shown / 100)  # fmt: skip
    for i in np.flatnonzero(~asked & (np.abs(values) > 1)):
        reader.report("table.above_whole", "error", int(i), name, cells[i])
    return np.asarray(np.where(asked | (np.abs(values) > 1), np.nan, values))


def read_years(reader: ColumnReader, name: str, *, whole: bool = False) -> Floats:
    """Read a column of years; an amount of months is a part of a year.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column.
    whole : bool
        Whether a part of a year is a fault.

    Returns
    -------
    array of float, shape (rows,)
        Years, 200 at most; nan where a cell has none.
    """
    amounts = reader.amounts(name, None, np.full(len(reader), "year", dtype=object))
    values, units = amounts.canonical(), amounts.names()
    cells = reader.cells(name)
    if cells is None:
        return values
    values = np.where(units == "month", values / 12, values)
    wrong = ~np.isnan(values) & (units != "year") & (units != "month")
    long = ~wrong & (values > MOST_YEARS)
    for i in np.flatnonzero(wrong):
        reader.report("table.not_years", "error", int(i), name, cells[i])
    for i in np.flatnonzero(long):
        reader.report("table.too_many_years", "error", int(i), name, cells[i],
                      years=float(values[i]), most=MOST_YEARS)  # fmt: skip
    wrong |= long
    if whole:
        for i in np.flatnonzero(~wrong & ~np.isnan(values) & (values % 1 != 0)):
            reader.report("table.whole_years", "error", int(i), name, cells[i])
    return np.asarray(np.where(wrong, np.nan, values))


def read_last_days(reader: ColumnReader, name: str, *, month_at_most: bool) -> Codes:
    """Read a column of days; of a month, a quarter or a year the last day is meant.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column.
    month_at_most : bool
        Whether more than a month is a fault, as for the day from which something saves.

    Returns
    -------
    array of int, shape (rows,)
        Days since 1970-01-01; the smallest integer where a cell has none.
    """
    start, end = read_span(reader, name)
    cells = reader.cells(name)
    if cells is None or not month_at_most:
        return end
    long = (start != NO_DAY) & (end - start >= LONGEST_DAY)
    for i in np.flatnonzero(long):
        reader.report("table.not_a_day", "error", int(i), name, cell_text(cells[i]))
    return np.asarray(np.where(long, NO_DAY, end))
