"""The period of each row: one column, or a first and a last day."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.errors import PeriodError
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.tables.raw import cell_text

if TYPE_CHECKING:
    from sxsh_audit.tables.columns import ColumnReader

__all__ = ["EPOCH", "NO_DAY", "day_text", "read_days"]

Days = np.ndarray[Any, np.dtype[np.int64]]
EPOCH = dt.date(1970, 1, 1)
NO_DAY = np.iinfo(np.int64).min
FIRST_DAY = (dt.date(1900, 1, 1) - EPOCH).days
LAST_DAY = (dt.date(2199, 12, 31) - EPOCH).days


def day_text(number: int) -> str:
    """Return a day since 1970-01-01 as ``2014-03-31``."""
    return (EPOCH + dt.timedelta(days=int(number))).isoformat()


def read_days(reader: ColumnReader) -> tuple[Days, Days]:
    """Return first and last day of each row, shape (rows,) each.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.

    Returns
    -------
    start, end : arrays of int
        Days since 1970-01-01, both inclusive; the smallest integer where a row has none.

    Notes
    -----
    Excel turns a typed ``03/2014`` into the date 2014-03-01. So where every cell of the column
    ``period`` is the first day of a month (or every one the last), of two months or more, the
    months are meant; a note says so. Turns of the year alone stay days: they may stand for
    years.
    """
    start, end = _read(reader, "period")
    _whole_months(reader, start, end)
    first, _ = _read(reader, "start")
    _, last = _read(reader, "end")
    lone = (first == NO_DAY) != (last == NO_DAY)
    for i in np.flatnonzero(lone & (start == NO_DAY)):
        if not reader.faulty(int(i), "start", "end"):
            name = "start" if last[i] == NO_DAY else "end"
            reader.report("table.lone_date", "error", int(i), name)
    both = (start == NO_DAY) & (first != NO_DAY) & (last != NO_DAY)
    for i in np.flatnonzero(both & (last < first)):
        reader.report("table.end_before_start", "error", int(i), "end", day_text(last[i]),
                      start=day_text(first[i]), end=day_text(last[i]))  # fmt: skip
    both &= last >= first
    start[both], end[both] = first[both], last[both]
    return start, end


def _read(reader: ColumnReader, name: str) -> tuple[Days, Days]:
    start = np.full(len(reader), NO_DAY, dtype=np.int64)
    end = start.copy()
    cells = reader.cells(name)
    if cells is None:
        return start, end
    if cells.dtype.kind == "M":
        day = cells.astype("datetime64[D]").astype(np.int64)
        start[:] = end[:] = np.where(np.isnat(cells), NO_DAY, day)
        far = (start != NO_DAY) & ((start < FIRST_DAY) | (start > LAST_DAY))
        for row in np.flatnonzero(far).tolist():
            text = str(cells[row])
            reader.report("period.not_a_period", "error", row, name, text, text=text)
        start[far] = end[far] = NO_DAY
        return start, end
    read: dict[Any, tuple[int, int] | PeriodError | None] = {}
    for i, cell in enumerate(cells):
        if isinstance(cell, (str, int, float, dt.date)):
            key = (type(cell), cell)  # 1 and 1.0 and True share a hash
            if key not in read:
                read[key] = _period(cell, reader.reading.locale)
            found = read[key]
        else:
            found = _period(cell, reader.reading.locale)
        if isinstance(found, PeriodError):
            reader.report_refusal(i, name, found)
        elif found is not None:
            start[i], end[i] = found
    return start, end


def _period(cell: Any, locale: str) -> tuple[int, int] | PeriodError | None:
    if not cell_text(cell):
        return None
    try:
        if type(cell).__name__ == "Period" and hasattr(cell, "start_time"):  # a pandas Period
            found = Period(cell.start_time.date(), cell.end_time.date())
        else:
            found = parse_period(cell, locale)  # type: ignore[arg-type]
    except PeriodError as error:
        return None if error.code == "period.missing" else error
    return (found.start - EPOCH).days, (found.end - EPOCH).days


def _whole_months(reader: ColumnReader, start: Days, end: Days) -> None:
    """Take the first (or last) days of months for the months that they stand for."""
    rows = np.flatnonzero(start != NO_DAY)
    days = np.unique(start[rows])
    if len(days) < 2 or (start[rows] != end[rows]).any() or reader.has("start"):
        return
    dates = [EPOCH + dt.timedelta(days=int(day)) for day in days]
    firsts = all(date.day == 1 for date in dates)
    lasts = all(date.day == calendar.monthrange(date.year, date.month)[1] for date in dates)
    if not (firsts or lasts) or len({date.month for date in dates}) == 1:
        return
    bounds = {int(day): (int(day) - date.day + 1,
                         int(day) - date.day + calendar.monthrange(date.year, date.month)[1])
              for day, date in zip(days, dates, strict=True)}  # fmt: skip
    at = np.searchsorted(days, start[rows])
    limits = np.array([bounds[int(day)] for day in days])
    start[rows], end[rows] = limits[at, 0], limits[at, 1]
    cells = reader.cells("period")
    assert cells is not None
    first = int(rows[0])
    reader.report("table.whole_months", "note", first, "period", day_text(days[at[0]]),
                  count=len(rows))  # fmt: skip
