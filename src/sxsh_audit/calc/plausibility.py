"""Figures that do not fit their neighbours: powers of ten, swaps, repeats, gaps.

Every function only points: it returns which figure does not fit and by what, never a corrected
one. The bounds are chosen on real series with planted slips, where a false alarm weighs more than
a slip that is missed; ``docs/explanation/plausibility`` publishes what was measured.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats

__all__ = [
    "FEWEST",
    "FIT",
    "POWERS",
    "SeriesFit",
    "Slips",
    "chain_breaks",
    "group_medians",
    "magnitude_slips",
    "power_of_ten",
    "series_fit",
    "significant_digits",
    "spans_gap",
    "swapped_in_chain",
    "swapped_pairs",
]

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

POWERS = (1, 2, 3, 6)
"""Powers of ten between units that people mix up, and of a comma that slipped by one or two."""

FEWEST = 3
"""Figures of a series below which none of them can be called usual."""

FIT = 0.4
"""Decades by which a figure may miss a power of ten and still be called a slip (a factor 2.5)."""

OUTLYING = 5.0
"""Robust standard deviations from the median beyond which a figure does not fit its series."""

NARROWEST = 0.05
"""Least robust standard deviation of a series in decades (12 %): bills that hardly differ must
not make a usual month an outlier."""

_MAD = 1.4826  # makes the median absolute deviation a standard deviation for normal errors


def power_of_ten(ratio: ArrayLike, *, fit: float = FIT) -> Any:
    """Power of ten by which a figure is off, where that is what explains the ratio.

    Parameters
    ----------
    ratio : array_like, any shape
        The figure ÷ what it is expected to be. [-]
    fit : float
        How far the ratio may miss the power. [decades]

    Returns
    -------
    int or array of int, same shape
        ±1, ±2, ±3 or ±6; 0 where no such power is near, or the ratio is not positive.

    Notes
    -----
    k such that abs(log₁₀ r − k) ≤ fit; 10⁴ and 10⁵ lie between no two units in use.

    Examples
    --------
    >>> power_of_ten([980.0, 0.0011, 3.0, 30_000.0]).tolist()
    [3, -3, 0, 0]
    """
    values = floats(ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.nan)
    out = _powers(logs, fit)
    return out if out.ndim else int(out)


def _powers(logs: Floats, fit: float) -> Whole:
    near = np.nan_to_num(np.rint(logs), nan=0.0, posinf=0.0, neginf=0.0)
    known = np.isin(np.abs(near), POWERS) & (np.abs(logs - near) <= fit)
    return np.where(known, near, 0).astype(np.int64)


def group_medians(values: ArrayLike, codes: ArrayLike, groups: int) -> tuple[Floats, Whole]:
    """Median and count of the known values of each group.

    Parameters
    ----------
    values : array_like, shape (rows,)
        Figures; nan is left out. [one unit]
    codes : array of int, shape (rows,)
        Group of each row, from 0.
    groups : int
        How many groups there are.

    Returns
    -------
    medians : array, shape (groups,)
        nan for a group without a known value.
    counts : array of int, shape (groups,)
        Known values.

    Examples
    --------
    >>> group_medians([1.0, 9.0, 2.0, 5.0, float("nan")], [0, 0, 0, 1, 1], 2)[0].tolist()
    [2.0, 5.0]
    """
    amount, code = floats(values), np.asarray(codes, dtype=np.int64)
    known = ~np.isnan(amount)
    amount, code = amount[known], code[known]
    order = np.lexsort((amount, code))
    amount = amount[order]
    counts = np.bincount(code, minlength=groups).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(counts)[:-1]))
    medians = np.full(groups, np.nan)
    some = np.flatnonzero(counts)
    low = amount[first[some] + (counts[some] - 1) // 2]
    high = amount[first[some] + counts[some] // 2]
    medians[some] = (low + high) / 2
    return medians, counts


class SeriesFit(NamedTuple):
    """How each figure lies in its series."""

    typical: Floats
    """Median of the series of each row [unit of the values], shape (rows,)."""
    deviation: Floats
    """log₁₀ of the figure ÷ typical, shape (rows,)."""
    spread: Floats
    """Robust standard deviation of the series in decades, shape (rows,)."""
    known: Whole
    """Positive figures of the series, shape (rows,)."""


def series_fit(values: ArrayLike, codes: ArrayLike, groups: int) -> SeriesFit:
    """Where each figure lies in its series, in decades from the median.

    Parameters
    ----------
    values : array_like, shape (rows,)
        Figures that compare, such as use a day; zero and negative ones are left out. [unit/day]
    codes : array of int, shape (rows,)
        Series of each row, from 0.
    groups : int
        How many series there are.

    Notes
    -----
    With x = log₁₀ of the value: typical 10^median(x), deviation x − median(x), spread
    1.4826 · median(abs(x − median(x))). Both hold while fewer than half of the figures slipped.

    Examples
    --------
    >>> found = series_fit([10.0, 11.0, 9.0, 10_000.0], [0, 0, 0, 0], 1)
    >>> round(float(found.deviation[3]), 2)
    2.98
    """
    amount, code = floats(values), np.asarray(codes, dtype=np.int64)
    positive = amount > 0
    logs = np.where(positive, np.log10(np.where(positive, amount, 1.0)), np.nan)
    median, counts = group_medians(logs, code, groups)
    deviation = logs - median[code]
    spread, _ = group_medians(np.abs(deviation), code, groups)
    return SeriesFit(10.0 ** median[code], deviation, _MAD * spread[code], counts[code])


class Slips(NamedTuple):
    """Figures that are a power of ten off their series."""

    power: Whole
    """The power, shape (rows,); 0 for a figure that fits."""
    typical: Floats
    """Median of the series of each row [unit of the values], shape (rows,)."""


def magnitude_slips(values: ArrayLike, codes: ArrayLike, groups: int) -> Slips:
    """Figures that a power of ten brings back into their series.

    Parameters
    ----------
    values : array_like, shape (rows,)
        Figures that compare, such as use a day. [unit/day]
    codes : array of int, shape (rows,)
        Series of each row, from 0.
    groups : int
        How many series there are.

    Returns
    -------
    Slips

    Notes
    -----
    A row slips by 10^k if its series has at least ``FEWEST`` figures, the row lies more than
    ``OUTLYING`` spreads from the median (a spread counts at least ``NARROWEST``), and abs(d − k) ≤
    max(``NARROWEST``·4, 3 spreads), at most ``FIT``, with d its deviation in decades.

    Examples
    --------
    >>> use = [1200.0, 1150.0, 1.18, 1210.0]
    >>> magnitude_slips(use, [0, 0, 0, 0], 1).power.tolist()
    [0, 0, -3, 0]
    """
    found = series_fit(values, codes, groups)
    spread = np.maximum(found.spread, NARROWEST)
    near = _powers(found.deviation, FIT)
    miss = np.abs(found.deviation - near)
    fits = miss <= np.clip(3 * spread, 4 * NARROWEST, FIT)
    outlying = (np.abs(found.deviation) > OUTLYING * spread) & (found.known >= FEWEST)
    return Slips(np.where(fits & outlying, near, 0), found.typical)


def swapped_pairs(
    first: ArrayLike, second: ArrayLike, codes: ArrayLike, groups: int, *, apart: float = 0.5
) -> Mask:
    """Rows whose two figures stand in each other's place.

    Parameters
    ----------
    first, second : array_like, shape (rows,)
        The two columns, such as quantity and cost, a day. [as typed/day]
    codes : array of int, shape (rows,)
        Series of each row, from 0.
    groups : int
        How many series there are.
    apart : float
        By how much the usual values of the two columns must differ. [decades]

    Returns
    -------
    array of bool, shape (rows,)

    Notes
    -----
    Exchanged, both figures lie within ``FIT`` decades of what is usual in the other column, and
    as they stand neither lies within ``apart`` of what is usual in its own.

    Examples
    --------
    >>> swapped_pairs([10.0, 11.0, 15_000.0, 9.0], [15_000.0, 16_000.0, 10.0, 14_000.0],
    ...               [0, 0, 0, 0], 1).tolist()
    [False, False, True, False]
    """
    one, two = series_fit(first, codes, groups), series_fit(second, codes, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.log10(two.typical / one.typical)
        own = (np.abs(one.deviation) >= apart) & (np.abs(two.deviation) >= apart)
        other = (np.abs(one.deviation - shift) <= FIT) & (np.abs(two.deviation + shift) <= FIT)
    return np.asarray(own & other & (np.abs(shift) >= apart) & (one.known >= FEWEST))


def significant_digits(values: ArrayLike) -> Any:
    """Significant digits of figures as people write them; zeros at the end do not count.

    Parameters
    ----------
    values : array_like, any shape
        Figures as they were typed. [as typed]

    Returns
    -------
    int or array of int, same shape
        0 for what is not known and for zero.

    Examples
    --------
    >>> significant_digits([1200.0, 1657.0, 0.25, 312400.0]).tolist()
    [2, 4, 2, 4]
    """
    amount = floats(values)

    def digits(value: float) -> int:
        if not np.isfinite(value) or value == 0:
            return 0
        mantissa = f"{abs(value):.11e}".partition("e")[0]
        return len(mantissa.replace(".", "").rstrip("0"))

    found = np.array([digits(value) for value in amount.ravel()], dtype=np.int64)
    return found.reshape(amount.shape) if amount.ndim else int(found[0])


def spans_gap(amount: ArrayLike, days: ArrayLike, gap: ArrayLike, typical: ArrayLike) -> Mask:
    """Bills after a gap that hold what was used in the gap as well.

    Parameters
    ----------
    amount : array_like, shape (rows,)
        What the bill says [unit].
    days, gap : array_like, shape (rows,)
        Days of the bill, and days without a bill before it [day].
    typical : array_like, shape (rows,)
        Usual use a day [unit/day].

    Returns
    -------
    array of bool, shape (rows,)

    Notes
    -----
    True where amount ÷ (days + gap) is within 25 % of the usual use a day while amount ÷ days is
    more than 60 % above it, and the gap is at least 20 days: a month, not a late reading.

    Examples
    --------
    >>> spans_gap([610.0, 300.0], [31, 30], [30, 30], [10.0, 10.0]).tolist()
    [True, False]
    """
    used, length, missing, usual = map(floats, (amount, days, gap, typical))
    with np.errstate(divide="ignore", invalid="ignore"):
        alone, together = used / length / usual, used / (length + missing) / usual
        fits = (together >= 0.8) & (together <= 1.25) & (alone > 1.6)
    return np.asarray(fits & (missing >= 20))


def chain_breaks(opening: ArrayLike, closing: ArrayLike, linked: ArrayLike) -> Mask:
    """Rows whose opening stock is not the closing stock of the row before.

    Parameters
    ----------
    opening, closing : array_like, shape (rows,)
        Stocks in the order of time; nan where not known. [unit]
    linked : array of bool, shape (rows,)
        Whether the row follows the one before it without a gap.

    Returns
    -------
    array of bool, shape (rows,)

    Notes
    -----
    A difference up to 0.5 % of the larger of the two is rounding.

    Examples
    --------
    >>> chain_breaks([60.0, 45.0, 25.0], [45.0, 52.0, 40.0], [False, True, True]).tolist()
    [False, False, True]
    """
    first, last = floats(opening), floats(closing)
    if not len(first):
        return np.zeros(0, dtype=bool)
    before = np.concatenate(([np.nan], last[:-1]))
    unlike = np.abs(first - before) > 0.005 * np.maximum(np.abs(first), np.abs(before))
    return np.asarray(unlike & np.asarray(linked, dtype=bool))


def swapped_in_chain(first: ArrayLike, second: ArrayLike, linked: ArrayLike) -> Mask:
    """Rows where exchanging opening and closing stock mends every broken link beside them.

    Parameters
    ----------
    first, second : array_like, shape (rows,)
        Opening and closing stock as they stand, in the order of time. [unit]
    linked : array of bool, shape (rows,)
        Whether the row follows the one before it without a gap.

    Returns
    -------
    array of bool, shape (rows,)

    Notes
    -----
    Every link of the row (to the row before and after, where they adjoin) is broken as it stands
    and holds with the row's own two stocks exchanged.

    Examples
    --------
    >>> swapped_in_chain([60.0, 52.0, 52.0], [45.0, 45.0, 40.0], [False, True, True]).tolist()
    [False, True, False]
    """
    opening, closing = floats(first), floats(second)
    if not len(opening):
        return np.zeros(0, dtype=bool)
    joined = np.asarray(linked, dtype=bool)
    after = np.concatenate((joined[1:], [False]))
    broken = chain_breaks(opening, closing, joined)
    broken_after = np.concatenate((broken[1:], [False]))
    before_value = np.concatenate(([np.nan], closing[:-1]))
    after_value = np.concatenate((opening[1:], [np.nan]))

    def same(one: Floats, two: Floats) -> Mask:
        near = 0.005 * np.maximum(np.abs(one), np.abs(two))
        return np.asarray((np.abs(one - two) <= near) & (one != 0))

    mends = (~joined | (broken & same(closing, before_value))) & (
        ~after | (broken_after & same(opening, after_value))
    )
    return np.asarray(mends & (joined | after) & (opening != closing))
