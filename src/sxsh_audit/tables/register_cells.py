"""Cells of a register that a study does not have: tax codes, codes of the VSIC, days, years."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np

from sxsh_audit.tables.amounts import Floats, Texts
from sxsh_audit.tables.columns import EPOCH, NO_DAY, ColumnReader
from sxsh_audit.tables.days import read_span
from sxsh_audit.tables.fractions import read_last_days

__all__ = ["read_day_cells", "read_money", "read_tax_codes", "read_vsic", "read_years_of",
           "tax_check_digit"]  # fmt: skip

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""Of the first nine digits of a tax code."""

FIRST_YEAR, LAST_YEAR = 1990, 2199
OPENING = ("opened",)
"""Days of which a year or a month may be typed; its first day is meant."""
CLOSING = ("closed",)
"""Of these the last day is meant."""


def tax_check_digit(nine: str) -> int:
    """Return the tenth digit of a tax code.

    Parameters
    ----------
    nine : str
        Its first nine digits.

    Returns
    -------
    int
        10 where no such code can exist.

    Notes
    -----
    10 − (31·d₁ + 29·d₂ + 23·d₃ + 19·d₄ + 17·d₅ + 13·d₆ + 7·d₇ + 5·d₈ + 3·d₉ mod 11).

    References
    ----------
    python-stdnum, ``stdnum.vn.mst``; the example is that of the circular as the package
    vn-ident cites it (https://pypi.org/project/vn-ident/).

    Examples
    --------
    >>> tax_check_digit("010004751")
    6
    """
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True))
    return 10 - total % 11


def read_tax_codes(reader: ColumnReader, personal: Texts) -> Texts:
    """Read the tax codes of establishments as ``0100109106`` or ``0100109106-001``.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    personal : array of str, shape (rows,)
        Ownership of each row: a household may have the twelve digits of a person.

    Returns
    -------
    array of str, shape (rows,)
        Empty where there is none or it cannot be one. A wrong check digit is a warning, and the
        code is kept as typed.
    """
    out = reader.texts("tax_code")
    for i in np.flatnonzero(out != "").tolist():
        text = out[i]
        digits = re.sub(r"[\s.\-–]", "", text)
        whole = digits.isascii() and digits.isdigit()
        if whole and len(digits) == 12 and personal[i] in ("household", ""):
            out[i] = digits
        elif whole and len(digits) in (10, 13):
            out[i] = digits[:10] + (f"-{digits[10:]}" if digits[10:] else "")
            if tax_check_digit(digits[:9]) != int(digits[9]):
                reader.report("register.tax_check", "warning", i, "tax_code", text)
        else:
            count = len(digits) if whole else 0
            code = "register.tax_zero" if count in (9, 12) else "register.tax_length"
            reader.report(code, "error", i, "tax_code", text, digits=count)
            out[i] = ""
    return out


def read_vsic(reader: ColumnReader) -> Texts:
    """Read codes of the VSIC: a letter, or up to five digits (``10``, ``1020``, ``C10``).

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    """
    out = reader.texts("vsic")
    cells = reader.cells("vsic")
    for i in np.flatnonzero(out != "").tolist():
        text = re.sub(r"[\s.]", "", out[i]).upper()
        if not re.fullmatch(r"[A-V]|[A-V]?[0-9]{2,5}", text):
            reader.report("register.vsic", "error", i, "vsic", out[i])
            out[i] = ""
            continue
        # Excel drops the zero of 0810 where the cell is a number; 810 is another industry.
        if cells is not None and not isinstance(cells[i], str) and len(text) < 4:
            reader.report("register.vsic_zero", "warning", i, "vsic", out[i])
        out[i] = text
    return out


def read_day_cells(reader: ColumnReader, name: str) -> list[dt.date | None]:
    """Read a column of days, one for each row.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column. Of a month its last day is meant (of the day on which something opened the
        first); a year is enough only for what opened or closed.
    """
    if name in OPENING:
        days = read_span(reader, name)[0]
    else:
        days = read_last_days(reader, name, month_at_most=name not in CLOSING)
    if reader.spec.fields[name].required and reader.has(name):
        reader.texts(name)  # tells the empty cells
    return [None if day == NO_DAY else EPOCH + dt.timedelta(days=int(day)) for day in days]


def read_years_of(reader: ColumnReader, name: str, default: float) -> Floats:
    """Read a column of calendar years.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column.
    default : float
        Year of a row that names none; nan where it must be named.
    """
    years = reader.numbers(name)
    cells: Any = reader.cells(name)
    missing = np.isnan(years)
    wrong = ~missing & ((years % 1 != 0) | (years < FIRST_YEAR) | (years > LAST_YEAR))
    for i in np.flatnonzero(wrong):
        reader.report("register.year", "error", int(i), name, cells[i])
    for i in np.flatnonzero(missing & np.isnan(default)):
        if not reader.faulty(int(i), name) and reader.has(name):
            reader.report("table.empty", "error", int(i), name)
    return np.where(wrong, np.nan, np.where(missing, default, years))


def read_money(reader: ColumnReader, name: str) -> Floats:
    """Read a column of money in đồng, with or without a unit in the heading or the cell.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    name : str
        Column.
    """
    amounts = reader.amounts(name, None, np.full(len(reader), "VND", dtype=object))
    values, units = amounts.canonical(), amounts.names()
    for i in np.flatnonzero((units != "VND") & ~np.isnan(amounts.values)):
        if not reader.faulty(int(i), name):
            typed = amounts.units[amounts.codes[i]].text if amounts.codes[i] >= 0 else ""
            reader.report("table.currency", "error", int(i), name, typed, currency="VND")
    return np.asarray(np.where(units == "VND", values, np.nan))
