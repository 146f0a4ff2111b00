"""Known calendar months of many meters at once, as tables of months × meters.

A row that covers exactly one month of a period is put down as it is; only what is left (a bill
that straddles months, days, the ends of a period) goes through the arithmetic of days in
:mod:`~sxsh_audit.calc.calendar`. Sums run in the order of the rows, then of the months, then of
the parts, so that a plant has the same digits alone and among a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.calendar import days_in_month, month_of_day, spread
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.language.formatting import Language

__all__ = ["BLOCK", "TOTAL", "Slots", "Table", "all_parts", "month_slots", "slot_totals",
           "sum_of_slots"]  # fmt: skip

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOTAL = -(10**6)
"""Stands for the month of a figure that covers a whole period."""

BLOCK = 1 << 14
"""Rows that are looked at in one go: their days and numbers stay in the processor's caches."""


class Slots(NamedTuple):
    """Calendar months of some periods, cut at the ends of their period; shape (slots,) each."""

    period: Whole
    """Position of the period."""
    month: Whole
    """Month. [month since January 1970]"""
    first: Whole
    """First day of the month that lies in the period. [day since 1970-01-01]"""
    last: Whole
    """Last day of the month that lies in the period. [day since 1970-01-01]"""

    def of(self, period: int) -> slice:
        """Slots of one period."""
        low, high = np.searchsorted(self.period, [period, period + 1])
        return slice(int(low), int(high))


class Table(NamedTuple):
    """Amounts by slot (or period) and cell."""

    value: Floats
    """Amount, shape (slots, cells); without meaning where it is not known. [any one unit]"""
    known: Flags
    """Whether it is known, shape (slots, cells)."""


def month_slots(periods: Sequence[tuple[int, int] | None]) -> Slots:
    """Return the months of some periods.

    Parameters
    ----------
    periods : sequence of (int, int) or None
        First and last day of each, ends inclusive; None for one without dates.
        [day since 1970-01-01]

    Returns
    -------
    Slots
        Periods in the given order, months rising.

    Examples
    --------
    >>> month_slots([(14, 40)]).last - month_slots([(14, 40)]).first + 1
    array([17, 10])
    """
    columns: list[list[Whole]] = [[np.empty(0, np.int64)] for _ in Slots._fields]
    for place, days in enumerate(periods):
        if days is None:
            continue
        low, high = month_of_day(days)
        months = np.arange(low, high + 1)
        opens = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        closes = opens + days_in_month(months) - 1
        found = (np.full(months.size, place), months, np.maximum(opens, days[0]),
                 np.minimum(closes, days[1]))  # fmt: skip
        for column, part in zip(columns, found, strict=True):
            column.append(part)
    return Slots(*(np.concatenate(column) for column in columns))


def slot_totals(
    start_day: ArrayLike, end_day: ArrayLike, amount: ArrayLike, cell: ArrayLike, cells: int,
    slots: Slots, *, language: Language = "vi",
) -> Table:  # fmt: skip
    r"""Amount of each month and cell, known where every day of the month is covered once.

    Parameters
    ----------
    start_day, end_day : array of int, shape (rows,)
        Intervals, ends inclusive; one outside every period is left out, as are rows whose
        amount is ``nan``. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Amount of each interval, spread evenly over its days. [any one unit]
    cell : array of int, shape (rows,)
        Meter of each interval, 0 … `cells` − 1.
    cells : int
        Count of cells.
    slots : Slots
        Months, from :func:`month_slots`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Table
        Of shape (slots, cells). Days are counted and not told apart: intervals of one meter
        must not overlap.

    Raises
    ------
    RangeError
        If an interval that touches a period ends before it starts.

    Notes
    -----
    .. math:: A_{im} = A_i \, d_{im} / d_i

    with :math:`d_{im}` the days of interval *i* in month *m* and :math:`d_i` all of its days.

    Examples
    --------
    >>> year = month_slots([(0, 58)])  # January and February 1970
    >>> found = slot_totals([0, 31, 21], [30, 44, 40], [31.0, 14.0, 20.0], [0, 0, 1], 2, year)
    >>> found.value.tolist(), found.known.tolist()
    ([[31.0, 10.0], [14.0, 10.0]], [[True, False], [False, False]])
    """
    start, end = np.asarray(start_day, np.int64), np.asarray(end_day, np.int64)
    amounts, codes = floats(amount), np.asarray(cell, np.int64)
    groups = _apart(slots)
    if len(groups) == 1:
        return _group_totals(start, end, amounts, codes, cells, slots, language)
    shape = slots.month.size, cells
    value, known = np.zeros(shape), np.zeros(shape, bool)
    for group in groups:
        found = _group_totals(start, end, amounts, codes, cells, group, language)
        rows = np.isin(slots.period, np.unique(group.period))
        value[rows], known[rows] = found.value, found.known
    return Table(value, known)


def _apart(slots: Slots) -> list[Slots]:
    """Slots together, or by period where a day lies in several periods."""
    order = np.argsort(slots.first, kind="stable")
    if (slots.first[order][1:] > slots.last[order][:-1]).all():
        return [slots] if slots.month.size else []
    return [Slots(*(column[slots.of(period)] for column in slots))
            for period in np.unique(slots.period).tolist()]  # fmt: skip


def _group_totals(
    start: Whole, end: Whole, amounts: Floats, codes: Whole, cells: int, slots: Slots,
    language: Language,
) -> Table:  # fmt: skip
    shape = slots.month.size, cells
    size = slots.month.size * cells
    value, count, left = _whole_months(start, end, amounts, codes, cells, slots)
    if not left.size:
        return Table(value.reshape(shape), (count == 1).reshape(shape))
    days = count.reshape(shape) * (slots.last - slots.first + 1)[:, np.newaxis]
    for period in np.unique(slots.period).tolist():
        mine = slots.of(period)
        low, high = int(slots.first[mine][0]), int(slots.last[mine][-1])
        rows = left[(start[left] <= high) & (end[left] >= low)]
        begin, close = np.maximum(start[rows], low), np.minimum(end[rows], high)
        inside, length = close - begin + 1, end[rows] - start[rows] + 1
        # A bill that lies wholly inside keeps its amount to the last bit: x · 31 ÷ 31 may not.
        share = np.where(inside == length, amounts[rows], amounts[rows] * inside / length)
        parts = spread(begin, close, share, language=language)
        place = (mine.start + parts.month - slots.month[mine.start]) * cells
        place += codes[rows][parts.row]
        value = value + np.bincount(place, weights=parts.amount, minlength=size)
        days = days + np.bincount(place, weights=parts.days, minlength=size).reshape(shape)
    known = days == (slots.last - slots.first + 1)[:, np.newaxis]
    return Table(value.reshape(shape), known)


def _whole_months(
    start: Whole, end: Whole, amounts: Floats, codes: Whole, cells: int, slots: Slots
) -> tuple[Floats, Whole | Flags, Whole]:
    """Amount and count of the rows that cover one slot; which other rows touch a period."""
    size = slots.month.size * cells
    # One place beside the table takes the rows that are not whole months.
    value, seen = np.zeros(size + 1), np.zeros(size + 1, bool)
    left: list[Whole] = []
    rows = 0
    for part, at, touching in _places(start, end, amounts, codes, cells, slots):
        value[at], seen[at] = amounts[part], True
        rows += int(np.count_nonzero(at < size))
        left.append(touching)
    others = np.concatenate(left) if left else np.empty(0, np.int64)
    if np.count_nonzero(seen[:size]) == rows:
        return value[:size], seen[:size], others
    # Some months are covered twice: they are counted, and are not known.
    count = np.zeros(size + 1, np.int64)
    for _, at, _ in _places(start, end, amounts, codes, cells, slots):
        np.add.at(count, at, 1)
    return value[:size], count[:size], others


def _places(
    start: Whole, end: Whole, amounts: Floats, codes: Whole, cells: int, slots: Slots
) -> Iterator[tuple[slice, Whole, Whole]]:
    """Yield blocks of rows, the place of each whole month in the table, and what is left over."""
    base, span = int(slots.first.min()), int(slots.last.max() - slots.first.min() + 1)
    opening = np.full(span + 1, -1)
    opening[slots.first - base] = np.arange(slots.month.size)
    closing = np.append(slots.last, np.iinfo(np.int64).min)  # where no slot opens
    for low in range(0, start.size, BLOCK):
        part = slice(low, low + BLOCK)
        begin, close = start[part], end[part]
        # Days before the base become the largest numbers there are.
        offset = np.minimum((begin - base).view(np.uint64), np.uint64(span)).view(np.int64)
        slot = opening.take(offset)
        there = ~np.isnan(amounts[part])
        whole = (close == closing.take(slot, mode="wrap")) & there
        at = slot * cells + codes[part]
        touching = np.empty(0, np.int64)
        if not whole.all():
            at[~whole] = slots.month.size * cells
            others = ~whole & there & (close >= base) & (begin < base + span)
            touching = np.flatnonzero(others) + low
        yield part, at, touching


def all_parts(table: Table, whole: ArrayLike, wholes: int) -> Table:
    """Add up the parts of each whole; it is known where every part of it is.

    Parameters
    ----------
    table : Table
        Amounts of the parts, shape (slots, parts). [any one unit]
    whole : array of int, shape (parts,)
        Whole of each part, 0 … `wholes` − 1; each has at least one.
    wholes : int
        Count of wholes.

    Returns
    -------
    Table
        Shape (slots, wholes). Parts are added in their order, the rounding carried along
        (Kahan).

    Examples
    --------
    >>> parts = Table(np.array([[1.0, 2.0, 5.0]]), np.array([[True, False, True]]))
    >>> found = all_parts(parts, [0, 0, 1], 2)
    >>> found.value.tolist(), found.known.tolist()
    ([[3.0, 5.0]], [[False, True]])
    """
    codes = np.asarray(whole, np.int64)
    if codes.size == wholes and (codes == np.arange(wholes)).all():
        return table
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes, minlength=wholes)
    begins = np.cumsum(sizes) - sizes
    value = np.zeros((len(table.value), wholes))
    carried = np.zeros_like(value)
    known = np.ones(value.shape, bool)
    for place in range(int(sizes.max(initial=0))):
        mine = np.flatnonzero(sizes > place)
        part = order[begins[mine] + place]
        value[:, mine], carried[:, mine] = _added(
            value[:, mine], carried[:, mine], table.value[:, part])  # fmt: skip
        known[:, mine] &= table.known[:, part]
    return Table(value, known)


def _added(total: Floats, carried: Floats, more: Floats) -> tuple[Floats, Floats]:
    wanted = more - carried
    found = total + wanted
    return found, found - total - wanted


def sum_of_slots(table: Table, slots: Slots, period: int) -> tuple[Floats, Flags]:
    """Total of a period, known where every month of it is.

    Parameters
    ----------
    table : Table
        Amounts of the months, shape (slots, cells). [any one unit]
    slots : Slots
        Months.
    period : int
        Position of the period.

    Returns
    -------
    array of float, array of bool
        Total and whether it is known, shape (cells,); a period without months is not known.
        Months are added in their order, the rounding carried along (Kahan).

    Examples
    --------
    >>> table = Table(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[True, True], [True, False]]))
    >>> total, known = sum_of_slots(table, month_slots([(0, 58)]), 0)
    >>> total.tolist(), known.tolist()
    ([4.0, 6.0], [True, False])
    """
    mine = slots.of(period)
    value, known = table.value[mine], table.known[mine]
    total, carried = np.zeros(value.shape[1]), np.zeros(value.shape[1])
    for row in value:
        total, carried = _added(total, carried, row)
    whole: Flags = np.logical_and.reduce(known, axis=0) & (len(value) > 0)
    return total, whole
