"""Billing intervals and calendar months.

A bill covers an interval of days. Its amount is spread evenly over its days only to show months
and to line them up; a month is known only when every one of its days is covered exactly once.
Days are counted from 1970-01-01 and months from January 1970, both from 0, ends inclusive.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.language.formatting import Language

__all__ = [
    "Months",
    "Overlaps",
    "Spread",
    "days_in_month",
    "month_of_day",
    "month_totals",
    "overlap_days",
    "overlapping",
    "spread",
]

Whole = NDArray[np.int64]


def month_of_day(day: ArrayLike) -> Whole:
    """Month (since January 1970) in which a day (since 1970-01-01) lies.

    Examples
    --------
    >>> month_of_day([0, 30, 31])
    array([0, 0, 1])
    """
    days = np.asarray(day, dtype=np.int64)
    months: Whole = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _first_day(month: Whole) -> Whole:
    days: Whole = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


def days_in_month(month: ArrayLike) -> Whole:
    """Count of days of a month (since January 1970).

    Examples
    --------
    >>> days_in_month([0, 1, 25])  # January and February 1970, February 1972
    array([31, 28, 29])
    """
    months = np.asarray(month, dtype=np.int64)
    return _first_day(months + 1) - _first_day(months)


def overlap_days(
    start_day: ArrayLike, end_day: ArrayLike, low_day: ArrayLike, high_day: ArrayLike
) -> Whole:
    """Days that two intervals share, ends inclusive.

    Parameters
    ----------
    start_day, end_day : int or array
        First interval. [day since 1970-01-01]
    low_day, high_day : int or array
        Second interval. [day since 1970-01-01]

    Returns
    -------
    array of int
        Shared days, 0 where there are none. [day]

    Examples
    --------
    >>> overlap_days(0, 9, 5, 20)
    array(5)
    """
    first = np.maximum(np.asarray(start_day, np.int64), np.asarray(low_day, np.int64))
    last = np.minimum(np.asarray(end_day, np.int64), np.asarray(high_day, np.int64))
    return np.asarray(np.maximum(last - first + 1, 0))


def _intervals(
    start_day: ArrayLike, end_day: ArrayLike, language: Language
) -> tuple[Whole, Whole]:
    start, end = np.broadcast_arrays(
        np.asarray(start_day, np.int64).reshape(-1), np.asarray(end_day, np.int64).reshape(-1)
    )
    refuse("calc.interval_reversed", end < start, end - start, language)
    return start, end


class Spread(NamedTuple):
    """Parts of intervals by calendar month, in long form: one row per interval and month."""

    row: NDArray[np.intp]
    """Interval of the part."""
    month: Whole
    """Month of the part. [month since January 1970]"""
    amount: Floats
    """Part of the amount. [unit of the amount]"""
    days: Whole
    """Days of the interval in the month. [day]"""


def spread(
    start_day: ArrayLike, end_day: ArrayLike, amount: ArrayLike, *, language: Language = "vi"
) -> Spread:
    r"""Spread interval amounts over calendar months by days.

    Parameters
    ----------
    start_day : array of int, shape (rows,)
        First day of each interval. For meter readings: the day after the reading before.
        [day since 1970-01-01]
    end_day : array of int, shape (rows,)
        Last day of each interval, itself included. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Use or cost of the interval; ``nan`` stays ``nan`` in each part. [any unit]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Spread
        ``row``, ``month``, ``amount`` and ``days`` of every part, intervals in the given order,
        months rising. The parts of an interval add up to its amount to rounding.

    Raises
    ------
    RangeError
        If an interval ends before it starts; it names the positions.

    Notes
    -----
    .. math:: A_{im} = A_i \, d_{im} / \sum_m d_{im}

    Examples
    --------
    >>> found = spread([16], [45], [300.0])  # 17 January to 15 February 1970
    >>> found.month, found.days, found.amount
    (array([0, 1]), array([15, 15]), array([150., 150.]))
    """
    start, end = _intervals(start_day, end_day, language)
    amounts = np.broadcast_to(floats(amount).reshape(-1), start.shape)
    first = month_of_day(start)
    parts = month_of_day(end) - first + 1
    row = np.repeat(np.arange(start.size), parts)
    before = np.cumsum(parts) - parts
    month = np.arange(row.size) - np.repeat(before - first, parts)
    # A table of month ends costs one look-up per part; converting each part's month to a date
    # costs a calendar computation.
    base = int(first.min(initial=0))
    starts = _first_day(np.arange(base, int(month.max(initial=base)) + 2))
    begins, ends = starts[month - base], starts[month - base + 1] - 1
    days = np.minimum(end[row], ends) - np.maximum(start[row], begins) + 1
    per_day = amounts / (end - start + 1)
    whole = np.repeat(parts == 1, parts)
    # An interval inside one month keeps its amount to the last bit.
    share = np.where(whole, amounts[row], per_day[row] * days)
    return Spread(row, month, share, days)


class Overlaps(NamedTuple):
    """Pairs of intervals of one key that share days."""

    earlier: NDArray[np.intp]
    """Row of the interval that reaches into the other."""
    later: NDArray[np.intp]
    """Row of the interval that starts before the other has ended."""
    first_day: Whole
    """First shared day. [day since 1970-01-01]"""
    last_day: Whole
    """Last shared day. [day since 1970-01-01]"""


def overlapping(
    start_day: ArrayLike,
    end_day: ArrayLike,
    key: ArrayLike = 0,
    *,
    language: Language = "vi",
) -> Overlaps:
    """Find intervals that share days with an earlier one of the same key.

    Parameters
    ----------
    start_day, end_day : array of int, shape (rows,)
        Intervals, ends inclusive. [day since 1970-01-01]
    key : int or array of int, shape (rows,)
        Meter (facility × resource) of each interval. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Overlaps
        One pair for each interval that starts before an earlier one has ended, with the one
        that reaches furthest.

    Raises
    ------
    RangeError
        If an interval ends before it starts; it names the positions.

    Examples
    --------
    >>> found = overlapping([0, 31, 55], [30, 58, 89])
    >>> found.earlier, found.later, found.first_day, found.last_day
    (array([1]), array([2]), array([55]), array([58]))
    """
    start, end = _intervals(start_day, end_day, language)
    keys = np.broadcast_to(np.asarray(key, np.int64).reshape(-1), start.shape)
    order = np.lexsort((end, start, keys))
    s, e, k = start[order], end[order], keys[order]
    if not s.size:
        none = np.empty(0, np.int64)
        return Overlaps(none, none, none, none)
    # The furthest end so far, kept apart per key by lifting each key above the one before it.
    kind = np.cumsum(np.concatenate(([0], k[1:] != k[:-1])))
    lifted = e - e.min() + kind * (int(e.max() - e.min()) + 1)
    furthest = np.maximum.accumulate(lifted)
    holder = np.maximum.accumulate(
        np.where(np.concatenate(([True], lifted[1:] > furthest[:-1])), np.arange(s.size), 0)
    )
    held = holder[:-1]
    clash = np.flatnonzero((k[1:] == k[held]) & (s[1:] <= e[held])) + 1
    other = holder[clash - 1]
    return Overlaps(order[other], order[clash], s[clash], np.minimum(e[clash], e[other]))


class Months(NamedTuple):
    """Calendar months of each key, in long form, sorted by key and month."""

    key: Whole
    """Meter of the month."""
    month: Whole
    """Month. [month since January 1970]"""
    amount: Floats
    """Amount of the month; ``nan`` where it is not known. [unit of the amount]"""
    known: NDArray[np.bool_]
    """Whether every day is covered exactly once by a known amount."""
    partial: Floats
    """Sum of the parts that are there, whatever they cover. [unit of the amount]"""
    days: Whole
    """Days covered, those covered twice counted twice. [day]"""
    overlaps: Overlaps
    """Intervals that share days: to be merged or corrected by a person."""


def month_totals(
    start_day: ArrayLike,
    end_day: ArrayLike,
    amount: ArrayLike,
    key: ArrayLike = 0,
    *,
    language: Language = "vi",
) -> Months:
    """Calendar months from billing intervals.

    Parameters
    ----------
    start_day, end_day : array of int, shape (rows,)
        Intervals, ends inclusive. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Use or cost of each interval. [any unit]
    key : int or array of int, shape (rows,)
        Meter (facility × resource) of each interval. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Months
        The months that any interval touches. A month is known only when its days are covered
        exactly once; overlapping intervals are returned, never silently added.

    Raises
    ------
    RangeError
        If an interval ends before it starts; it names the positions.

    Examples
    --------
    >>> found = month_totals([-10, 21, 40], [20, 39, 58], [31.0, 19.0, 19.0])
    >>> found.known, found.amount  # December 1969 is covered in part
    (array([False,  True,  True]), array([nan, 31., 28.]))
    """
    start, end = _intervals(start_day, end_day, language)
    keys = np.broadcast_to(np.asarray(key, np.int64).reshape(-1), start.shape)
    parts = spread(start, end, amount, language=language)
    found = overlapping(start, end, keys, language=language)
    cells = np.stack([keys[parts.row], parts.month])
    unique, cell = _cells(cells)
    n = unique.shape[1]
    total = group_sum(cell, parts.amount, n)
    partial = group_sum(cell, np.where(np.isnan(parts.amount), 0.0, parts.amount), n)
    days = group_sum(cell, parts.days, n).astype(np.int64)
    known = (days == days_in_month(unique[1])) & ~np.isnan(total)
    # Days shared by two intervals can make up for a gap elsewhere in the month.
    shared = spread(found.first_day, found.last_day, 0.0, language=language)
    clashes = np.stack([keys[found.later][shared.row], shared.month])
    known &= ~_among(unique, clashes)
    amounts = np.where(known, total, np.nan)
    return Months(unique[0], unique[1], amounts, known, partial, days, found)


def _cells(pairs: NDArray[Any]) -> tuple[Whole, NDArray[np.intp]]:
    """Return the distinct (key, month) pairs, sorted, and which of them each column is."""
    order = np.lexsort((pairs[1], pairs[0]))
    ordered = pairs[:, order]
    new = np.ones(order.size, bool)
    new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    cell = np.empty(order.size, np.intp)
    cell[order] = np.cumsum(new) - 1
    return ordered[:, new], cell


def _among(pairs: Whole, sought: Whole) -> NDArray[np.bool_]:
    """Return which of the distinct sorted `pairs` occur in `sought`."""
    found = np.zeros(pairs.shape[1], bool)
    if sought.shape[1]:
        _, cell = _cells(np.concatenate([pairs, sought], axis=1))
        found[cell[pairs.shape[1] :]] = True
    return found
