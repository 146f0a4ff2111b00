"""From bills and readings to data that can be compared.

Estimated readings are merged with the actual one that sets them right, output is summed to the
intervals of bills, readings become months, and a part of a year becomes a year by a season that is
stated. Days are counted from 1970-01-01, ends inclusive.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.calendar import Months, month_totals, overlap_days, overlapping
from sxsh_audit.calc.domain import Floats, floats, plain, refuse, refuse_negative
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.language.formatting import Language

__all__ = [
    "MergedBills",
    "annualise",
    "calendarise",
    "merge_estimated",
    "reading_intervals",
    "sum_to_intervals",
]

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Days (some 5.9 million years) that leave room for a key of their own before each.
_SPAN = 2**31


class MergedBills(NamedTuple):
    """Bills with estimates set right, sorted by meter and first day."""

    start_day: Whole
    """First day. [day since 1970-01-01]"""
    end_day: Whole
    """Last day, itself included. [day since 1970-01-01]"""
    amount: Floats
    """Sum of what was merged; ``nan`` where any of it is not known. [unit of the amount]"""
    key: Whole
    """Meter."""
    estimated: Mask
    """Whether it is still an estimate: no actual reading followed at once."""
    bills: Whole
    """Bills merged into it."""
    merged: NDArray[np.intp]
    """Row in which each given bill is found, in the given order."""


def _columns(*columns: ArrayLike) -> list[Whole]:
    """Return whole-number columns of one length."""
    flat = [np.asarray(each, np.int64).reshape(-1) for each in columns]
    return list(np.broadcast_arrays(*flat))


def merge_estimated(
    start_day: ArrayLike,
    end_day: ArrayLike,
    amount: ArrayLike,
    estimated: ArrayLike,
    key: ArrayLike = 0,
    *,
    language: Language = "vi",
) -> MergedBills:
    """Merge each run of estimated readings with the actual reading that follows.

    Parameters
    ----------
    start_day, end_day : array of int, shape (rows,)
        Bills, ends inclusive. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Use or cost of each. The bill of the actual reading is what is left over the estimates
        (it may be below 0), so that the sum is right. [any unit]
    estimated : array of bool, shape (rows,)
        Whether the reading at the end of the bill was estimated.
    key : int or array of int, shape (rows,)
        Meter (facility × resource) of each bill. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    MergedBills
        A run is merged only if bill follows bill without a day between or shared. Estimates that
        no actual reading follows so stay as they are, marked.

    Raises
    ------
    RangeError
        If a bill ends before it starts; it names the positions.

    Notes
    -----
    An estimate and its correction are two halves of one measurement: by itself neither says what
    was used in its days. Amounts are conserved: only rows are added.

    Examples
    --------
    Two months estimated at 100; the reading of March shows that 330 were used in all:

    >>> found = merge_estimated([0, 31, 59, 90], [30, 58, 89, 119], [100.0, 100.0, 130.0, 105.0],
    ...                         [True, True, False, False])
    >>> found.start_day, found.end_day, found.amount
    (array([ 0, 90]), array([ 89, 119]), array([330., 105.]))
    """
    start, end, keys = _columns(start_day, end_day, key)
    refuse("calc.interval_reversed", end < start, end - start, language)
    amounts = np.broadcast_to(floats(amount).reshape(-1), start.shape)
    guessed = np.broadcast_to(np.asarray(estimated, bool).reshape(-1), start.shape)
    order = np.lexsort((end, start, keys))
    s, e, k, g = start[order], end[order], keys[order], guessed[order]
    joined = np.zeros(s.size, bool)  # to the bill before
    joined[1:] = g[:-1] & (k[1:] == k[:-1]) & (s[1:] == e[:-1] + 1)
    run = np.cumsum(~joined) - 1
    last = np.flatnonzero(np.concatenate([~joined[1:], np.ones(min(s.size, 1), bool)]))
    # A run that ends in an estimate was never set right: its bills stand alone.
    joined &= ~g[last][run]
    group = np.cumsum(~joined) - 1
    count = int(group[-1]) + 1 if s.size else 0
    first = np.flatnonzero(~joined)
    last = np.flatnonzero(np.concatenate([~joined[1:], np.ones(min(s.size, 1), bool)]))
    place = np.empty(s.size, np.intp)
    place[order] = group
    total = group_sum(group, amounts[order], count)
    return MergedBills(s[first], e[last], total, k[first], g[last], last - first + 1, place)


def sum_to_intervals(
    start_day: ArrayLike,
    end_day: ArrayLike,
    amount: ArrayLike,
    to_start_day: ArrayLike,
    to_end_day: ArrayLike,
    key: ArrayLike = 0,
    to_key: ArrayLike = 0,
    *,
    language: Language = "vi",
) -> Floats:
    r"""Sum what was made to the intervals of bills, by days.

    Parameters
    ----------
    start_day, end_day : array of int, shape (rows,)
        Intervals of the output (months, weeks, days), ends inclusive. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Output of each. [any unit]
    to_start_day, to_end_day : array of int, shape (bills,)
        Intervals of the bills, ends inclusive. [day since 1970-01-01]
    key : int or array of int, shape (rows,)
        Facility and product of each interval of output. [-]
    to_key : int or array of int, shape (bills,)
        The same of each bill. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (bills,)
        Output of each bill; nan where its days are not covered exactly once, or by an output
        that is not known. [unit of the amount]

    Raises
    ------
    RangeError
        If an interval ends before it starts; it names the positions.

    Notes
    -----
    .. math:: A_b = \sum_i A_i d_{ib} / d_i

    with :math:`d_{ib}` the days that output interval i and bill b share. An interval inside one
    bill keeps its amount to the last bit.

    Examples
    --------
    January and February 1970, summed to a bill from 17 January to 14 February:

    >>> sum_to_intervals([0, 31], [30, 58], [310.0, 560.0], [16, 40], [44, 70])
    array([430.,  nan])
    """
    start, end, keys = _columns(start_day, end_day, key)
    to_start, to_end, to_keys = _columns(to_start_day, to_end_day, to_key)
    refuse("calc.interval_reversed", end < start, end - start, language)
    refuse("calc.interval_reversed", to_end < to_start, to_end - to_start, language)
    amounts = np.broadcast_to(floats(amount).reshape(-1), start.shape)
    bill, row = _pairs((start, end, keys), (to_start, to_end, to_keys))
    shared = overlap_days(start[row], end[row], to_start[bill], to_end[bill])
    length = (end - start + 1)[row]
    part = np.where(shared == length, amounts[row], amounts[row] / length * shared)
    total = group_sum(bill, part, to_start.size)
    days = group_sum(bill, shared, to_start.size)
    known = days == to_end - to_start + 1
    # Days covered twice can make up for days that are not covered.
    twice = overlapping(start, end, keys, language=language)
    doubled = (twice.first_day, twice.last_day, keys[twice.later])
    known[_pairs(doubled, (to_start, to_end, to_keys))[0]] = False
    return np.where(known, total, np.nan)


def _pairs(
    given: tuple[Whole, Whole, Whole], wanted: tuple[Whole, Whole, Whole]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (wanted, given) for every two intervals of one key that share days."""
    start, end, key = given
    to_start, to_end, to_key = wanted
    none = np.empty(0, np.intp)
    if not start.size or not to_start.size:
        return none, none
    columns = start, end, to_start, to_end
    least = min(int(each.min()) for each in columns)
    if max(int(each.max()) for each in columns) - least < _SPAN:
        start, end, to_start, to_end = (each - least for each in columns)
    else:  # dates far off: only their order matters
        _, rank = np.unique(np.concatenate(columns), return_inverse=True)
        cuts = np.cumsum([each.size for each in columns[:-1]])
        start, end, to_start, to_end = np.split(np.asarray(rank, np.int64), cuts)
    # Keys laid behind one another on one axis of days.
    _, code = np.unique(np.concatenate([key, to_key]), return_inverse=True)
    lift = np.asarray(code, np.int64) * (max(int(end.max()), int(to_end.max())) + 1)
    own, other = lift[: key.size], lift[key.size :]
    order = np.argsort(start + own, kind="stable")
    begins = (start + own)[order]
    furthest = np.maximum.accumulate((end + own)[order])
    first = np.searchsorted(furthest, to_start + other)
    after = np.searchsorted(begins, to_end + other, side="right")
    count = np.maximum(after - first, 0)
    bill = np.repeat(np.arange(to_start.size), count)
    before = np.cumsum(count) - count
    row = order[np.arange(bill.size) - np.repeat(before - first, count)]
    meet = (end + own)[row] >= (to_start + other)[bill]
    return bill[meet], row[meet]


def annualise(
    amount: ArrayLike, known: ArrayLike, season: ArrayLike, *, language: Language = "vi"
) -> Any:
    r"""Turn the amount of some calendar months into that of a year, by a stated season.

    Parameters
    ----------
    amount : float or array, shape (…)
        Sum over the months that are known. [any unit]
    known : array of bool, shape (…, 12)
        Which calendar months the amount covers, January first.
    season : array, shape (…, 12)
        Share of the year that falls into each month, in any unit: last year's amounts, or 1 for
        the months in which the plant works and 0 for the others. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Amount of the year; nan where the known months have no share of it. [unit of `amount`]

    Raises
    ------
    RangeError
        If a share is below 0; it names the positions.
    ValueError
        If there are not twelve months.

    Notes
    -----
    .. math:: A \, \sum_m w_m \Big/ \sum_{m\ \text{known}} w_m

    There is no season by default: a sugar mill that works from November to April is not twice as
    large as its six months.

    See Also
    --------
    sxsh_audit.calc.payback.annualise : A benefit over some months, all months alike.

    Examples
    --------
    A mill works November to April; 200 t from January to March is half of its season:

    >>> working = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1]
    >>> annualise(200.0, [True] * 3 + [False] * 9, working)
    400.0
    """
    amounts, covered, shares = floats(amount), np.asarray(known, bool), floats(season)
    if covered.shape[-1:] != (12,) or shares.shape[-1:] != (12,):
        raise ValueError(f"a year has twelve months: given {covered.shape}, {shares.shape}")
    refuse_negative(shares, "season", language)
    part = np.where(covered, shares, 0.0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(part > 0, shares.sum(axis=-1) / part, np.nan)
    return plain(np.asarray(amounts * factor))


def reading_intervals(
    read_day: ArrayLike, key: ArrayLike = 0, *, language: Language = "vi"
) -> tuple[Whole, Whole, NDArray[np.intp]]:
    """Turn days of reading into the intervals that the readings cover.

    Parameters
    ----------
    read_day : array of int, shape (rows,)
        Day of each reading, in any order. [day since 1970-01-01]
    key : int or array of int, shape (rows,)
        Meter of each reading. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    start_day, end_day : array of int, shape (intervals,)
        The day after the reading before, and the day of reading, sorted by meter and day.
        [day since 1970-01-01]
    row : array of int, shape (intervals,)
        The reading that each interval belongs to. The first of a meter has none.

    Raises
    ------
    RangeError
        If a meter has two readings on one day; it names the positions.

    Examples
    --------
    >>> reading_intervals([30, -1, 58])
    (array([ 0, 31]), array([30, 58]), array([0, 2]))
    """
    days, keys = _columns(read_day, key)
    order = np.lexsort((days, keys))
    same = keys[order][1:] == keys[order][:-1]
    later, before = order[1:][same], order[:-1][same]
    again = np.zeros(days.size, bool)
    again[later] = days[later] == days[before]
    refuse("bills.read_twice", again, days, language)
    return days[before] + 1, days[later], later


def calendarise(
    read_day: ArrayLike,
    amount: ArrayLike,
    key: ArrayLike = 0,
    estimated: ArrayLike = False,
    *,
    language: Language = "vi",
) -> Months:
    """Calendar months from meter readings.

    Parameters
    ----------
    read_day : array of int, shape (rows,)
        Day of each reading, in any order. [day since 1970-01-01]
    amount : array of float, shape (rows,)
        Use since the reading before. [any unit]
    key : int or array of int, shape (rows,)
        Meter (facility × resource) of each reading. [-]
    estimated : bool or array of bool, shape (rows,)
        Whether a reading was estimated: merged with the actual one that follows.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Months
        The months that any interval touches; known only where every day is covered once by what
        was read. The use of the first reading of a meter belongs to days that nobody knows; what
        was used up to, or since, an estimate that no actual reading sets right is not known.

    Raises
    ------
    RangeError
        If a meter has two readings on one day; it names the positions.

    Notes
    -----
    A reading covers the days after the one before it, its own day included; the use is spread
    evenly over them. For display and for lining up months only: baselines are fitted on the
    intervals themselves.

    See Also
    --------
    sxsh_audit.calc.calendar.month_totals : The same from intervals.

    Examples
    --------
    >>> found = calendarise([-1, 15, 45, 58], [999.0, 16.0, 30.0, 13.0])
    >>> found.month, found.amount, found.known
    (array([0, 1]), array([31., 28.]), array([ True,  True]))
    """
    days, keys = _columns(read_day, key)
    start, end, row = reading_intervals(days, keys, language=language)
    guessed = np.broadcast_to(np.asarray(estimated, bool).reshape(-1), days.shape)
    amounts = np.broadcast_to(floats(amount).reshape(-1), days.shape)[row].copy()
    first = np.ones(row.size, bool)
    first[1:] = keys[row][1:] != keys[row][:-1]
    opening = np.ones(days.size, bool)
    opening[row] = False
    # What was used since a first reading that was itself estimated is not known.
    amounts[first & np.isin(keys[row], keys[opening & guessed])] = np.nan
    bills = merge_estimated(start, end, amounts, guessed[row], keys[row], language=language)
    use = np.where(bills.estimated, np.nan, bills.amount)
    return month_totals(bills.start_day, bills.end_day, use, bills.key, language=language)
