"""The period of each row: one column, or a first and a last day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.errors import PeriodError
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.tables.raw import cell_text
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    from sxsh_audit.tables.columns import ColumnReader

__all__ = ["EPOCH", "FIRST_DAY", "LAST_DAY", "NO_DAY", "day_text", "period_days", "read_days",
           "read_span"]  # fmt: skip

Days = np.ndarray[Any, np.dtype[np.int64]]
EPOCH = dt.date(1970, 1, 1)
NO_DAY = np.iinfo(np.int64).min
FIRST_DAY = (dt.date(1900, 1, 1) - EPOCH).days
OF_RECORD = ("facility", "resource", "product", "meter", "tariff_period")
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
    ``period`` is the first day of a month (or every one the last), in two calendar months or
    more, the months are meant; so they are by a first or last day among cells that are months.
    A note says so. Where it may as well be the day, or the year, the cell is refused.
    """
    start, end = read_span(reader, "period")
    first, _ = read_span(reader, "start")
    _, last = read_span(reader, "end")
    # Beside two days of its own a single day is that of the bill and no period.
    start[(first != NO_DAY) & (last >= first) & (start == end)] = NO_DAY
    _whole_months(reader, start, end)
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


def read_span(reader: ColumnReader, name: str) -> tuple[Days, Days]:
    """Return first and last day of the cells of one column, as :func:`read_days` does."""
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
                read[key] = period_days(cell, reader.reading.locale)
            found = read[key]
        else:
            found = period_days(cell, reader.reading.locale)
        if isinstance(found, PeriodError):
            reader.report_refusal(i, name, found)
        elif found is not None:
            start[i], end[i] = found
    return start, end


def period_days(cell: Any, locale: str) -> tuple[int, int] | PeriodError | None:
    """First and last day that a cell names; None where it is empty, else why it names none."""
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
    dated = start != NO_DAY
    rows = np.flatnonzero(dated & (start == end))
    if not len(rows):
        return
    # NumPy's calendar gives the first day of the month and of the next one.
    month = start[rows].astype("datetime64[D]").astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    last = (month + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - 1
    is_first, is_last = start[rows] == first, start[rows] == last
    wide = np.flatnonzero(dated & (start < end))
    whole = wide[_whole(start[wide], end[wide])]
    if not len(whole):
        whole_months = is_first.all() or is_last.all()
        if len(wide) or not (whole_months or _one_a_month(reader, rows, month)):
            return  # days are told one by one
        several = len(np.unique(month.astype(np.int64) % 12)) > 1
        sure = np.full(len(rows), bool(whole_months and several))
        doubt = ~sure
    else:
        days = _kept_by_days(reader, rows[~(is_first | is_last)], whole)[rows]
        months = bool((end[whole] - start[whole] < 31).all())
        sure = (is_first | is_last) & ~days & months
        doubt = ~sure & ~days
    for i in rows[doubt].tolist():
        reader.report("table.day_or_month", "error", i, "period", _typed(reader, i))
        start[i] = end[i] = NO_DAY
    start[rows[sure]], end[rows[sure]] = first[sure], last[sure]
    if sure.any():
        i = int(rows[sure][0])
        reader.report("table.whole_months", "note", i, "period", _typed(reader, i),
                      count=int(sure.sum()))  # fmt: skip


def _one_a_month(reader: ColumnReader, rows: Days, month: np.ndarray[Any, Any]) -> bool:
    """Whether no record has two days in one month: these are days of a reading and no bills."""
    columns = [cells for name in OF_RECORD if (cells := reader.cells(name)) is not None]
    keys = [(str(when), *(plain_word(cell_text(cells[i])) for cells in columns))
            for i, when in zip(rows.tolist(), month, strict=True)]  # fmt: skip
    return len(rows) > 2 and len(set(keys)) == len(keys)


def _whole(start: Days, end: Days) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each span begins and ends with a calendar month."""
    def day_of_month(days: Days) -> Days:
        date = days.astype("datetime64[D]")
        return np.asarray((date - date.astype("datetime64[M]")).astype(np.int64))

    return np.asarray((day_of_month(start) == 0) & (day_of_month(end + 1) == 0))


def _kept_by_days(
    reader: ColumnReader, inside: Days, whole: Days
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows of a resource or product whose records are days, beside others whose are months.

    `inside` are the rows with a day that neither begins nor ends a month.
    """
    columns = [cells for name in OF_RECORD if (cells := reader.cells(name)) is not None]
    out = np.zeros(len(reader), dtype=bool)
    if columns and len(inside):
        keys = [tuple(map(plain_word, map(cell_text, cells)))
                for cells in zip(*columns, strict=True)]  # fmt: skip
        daily = {keys[i] for i in inside.tolist()} - {keys[i] for i in whole.tolist()}
        out[:] = [key in daily for key in keys]
    return out


def _typed(reader: ColumnReader, position: int) -> str:
    cells = reader.cells("period")
    cell = None if cells is None else cells[position]
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[D]")
    elif isinstance(cell, dt.datetime):
        cell = cell.date()
    return cell_text(cell)
