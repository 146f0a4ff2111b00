"""Savings: per resource, pooled over groups, and weighted over resources.

A saving is a fraction of the baseline everywhere (0.08 is 8 %). It has no lower limit (what got
worse is shown) and cannot exceed 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, plain, refuse, refuse_negative
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.language.formatting import Language

__all__ = [
    "LEAST_KNOWN_SHARE",
    "WeightedSaving",
    "absolute_saving",
    "check_fraction",
    "cost_weighted_saving",
    "energy_total_saving",
    "pooled_saving",
    "saving_fraction",
]

#: Share of the counted cost that must be known for an overall saving (our rule, printed).
LEAST_KNOWN_SHARE = 0.8

#: Rounding that a saving of 1 may carry; see ``bands`` for why it is absolute.
_ROUNDING = 1e-12


def saving_fraction(baseline: ArrayLike, post: ArrayLike, *, language: Language = "vi") -> Any:
    """Work out the saving as a fraction of the baseline.

    Parameters
    ----------
    baseline : float or array
        Specific consumption before. [canonical unit, e.g. kWh/t]
    post : float or array
        Specific consumption after, broadcast against `baseline`. [same unit]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (baseline − post) ÷ baseline [1]: negative where it got worse, ``nan`` (not known) where
        the baseline is 0 or anything is missing.

    Raises
    ------
    RangeError
        If a specific consumption is negative; it names the positions.

    Notes
    -----
    .. math:: s = (b - c) / b

    Not ``1 - c / b``: the difference of two close numbers is exact in floating point, so
    (100, 95) gives exactly 0.05.

    References
    ----------
    .. [1] Decision 2384/QĐ-UBND (Quảng Bình, 30 September 2013), section II.2: the saving is
       on the "mức tiêu thụ … trên đơn vị sản phẩm".

    Examples
    --------
    >>> saving_fraction(120.0, 111.0)
    0.075
    >>> saving_fraction([100.0, 100.0, 0.0], 95.0)
    array([0.05, 0.05,  nan])
    """
    before, after = floats(baseline), floats(post)
    refuse_negative(before, "baseline", language)
    refuse_negative(after, "post", language)
    return plain((before - after) / np.where(before == 0, np.nan, before))


def absolute_saving(
    baseline: ArrayLike, post: ArrayLike, output: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Amount saved at the output of the reporting period.

    Parameters
    ----------
    baseline : float or array
        Specific consumption before. [canonical unit, e.g. kWh/t]
    post : float or array
        Specific consumption after. [same unit]
    output : float or array
        Good product made in the reporting period. [canonical unit, e.g. t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (baseline − post) × output [e.g. kWh]; negative where it got worse.

    Raises
    ------
    RangeError
        If an input is negative; it names the positions.

    Examples
    --------
    >>> absolute_saving(120.0, 111.0, 1000.0)
    9000.0
    """
    before, after, made = floats(baseline), floats(post), floats(output)
    refuse_negative(before, "baseline", language)
    refuse_negative(after, "post", language)
    refuse_negative(made, "output", language)
    return plain((before - after) * made)


def _groups(
    rows: int, groups: ArrayLike | None, n_groups: int | None
) -> tuple[NDArray[Any], int]:
    if groups is None:
        return np.zeros(rows, np.intp), 1
    codes = np.asarray(groups).reshape(-1)
    return codes, int(codes.max(initial=-1)) + 1 if n_groups is None else n_groups


def pooled_saving(
    adjusted_baseline: ArrayLike,
    actual: ArrayLike,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    *,
    language: Language = "vi",
) -> Any:
    """Pool the saving of several periods, products or plants: sum first, then divide.

    Parameters
    ----------
    adjusted_baseline : array, shape (rows,)
        What the baseline would have used for the reporting output (b × Q₁). [one unit]
    actual : array, shape (rows,)
        What was used. [same unit]
    groups : array of int, shape (rows,), optional
        Group of each row; all rows are one group when left out.
    n_groups : int, optional
        Count of groups; by default the largest code + 1.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float, or array of shape (n_groups,)
        Σ (adjusted baseline − actual) ÷ Σ adjusted baseline [1]; ``nan`` where a row of the
        group is missing or the baseline is 0.

    Raises
    ------
    RangeError
        If a use is negative, or a group code out of range.

    Notes
    -----
    The mean of percentages would give a plant of 10 t the voice of one of 10,000 t.

    Examples
    --------
    >>> pooled_saving([1000.0, 10.0], [950.0, 5.0])  # not the mean of 5 % and 50 %
    0.054455445544554455
    """
    before, after = np.broadcast_arrays(
        floats(adjusted_baseline).reshape(-1), floats(actual).reshape(-1)
    )
    refuse_negative(before, "adjusted_baseline", language)
    refuse_negative(after, "actual", language)
    codes, n = _groups(before.size, groups, n_groups)
    both = np.where(np.isnan(after), np.nan, before)
    base = group_sum(codes, both, n, language=language)
    saved = group_sum(codes, before - after, n, language=language)
    found: Floats = saved / np.where(base == 0, np.nan, base)
    return float(found[0]) if groups is None else found


class WeightedSaving(NamedTuple):
    """Overall saving of several resources and what it rests on.

    Floats, or arrays of shape (n_groups,).
    """

    saving: Any
    """Weighted saving [1]; ``nan`` while less than the least share is known."""
    known_share: Any
    """Known part of the counted weight [1]; ``nan`` where a weight itself is not known."""
    lowest: Any
    """Smallest saving of a counted resource [1]; −∞ where one was not used before."""
    highest: Any
    """Largest saving of a counted resource [1]."""
    baseline: Any
    """Σ weight × baseline × output of the known rows [e.g. VND]."""
    saved: Any
    """Σ weight × (baseline − post) × output of the known rows [e.g. VND]."""


def cost_weighted_saving(
    price: ArrayLike,
    baseline: ArrayLike,
    post: ArrayLike,
    output: ArrayLike,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    *,
    counted: ArrayLike = True,
    measured: ArrayLike = True,
    least_share: float = LEAST_KNOWN_SHARE,
    language: Language = "vi",
) -> WeightedSaving:
    r"""Weigh the savings of resources by their cost at baseline prices.

    Parameters
    ----------
    price : array, shape (rows,)
        Constant baseline price, deductible VAT left out. [e.g. VND/kWh]
    baseline : array, shape (rows,)
        Specific consumption before. [canonical unit, e.g. kWh/t]
    post : array, shape (rows,)
        Specific consumption after. [same unit]
    output : float or array, shape (rows,)
        Good product made in the reporting period. [canonical unit, e.g. t]
    groups : array of int, shape (rows,), optional
        Plant of each row; all rows are one plant when left out.
    n_groups : int, optional
        Count of groups; by default the largest code + 1.
    counted : bool or array of bool
        Whether the programme counts the resource. [-]
    measured : bool or array of bool
        Whether the figure was measured or billed; what is not weighs in ``known_share`` only.
        [-]
    least_share : float
        Least known share of the counted cost for an overall saving. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    WeightedSaving
        ``saving``, ``known_share``, the envelope ``lowest`` … ``highest``, and the sums.

    Raises
    ------
    RangeError
        If an input is negative, or a group code out of range.

    Notes
    -----
    .. math:: s = \frac{\sum_r p_r (b_r - c_r) Q}{\sum_r p_r b_r Q}

    Adding or splitting rows, a change of fuel and a change of tariff do not move it, and plant
    and province use one formula. The decisions name no rule; this is our default. A resource
    that was not used before (b = 0) weighs nothing below the line and its new cost above it:
    a change of fuel is judged whole, and ``lowest`` is then −∞.
    The known share compares max(p b, p c) Q, so that a new fuel weighs what it costs now.
    A row of unknown weight (price, baseline or output missing) leaves the known share of its
    plant unknown, and so the saving.

    Examples
    --------
    >>> found = cost_weighted_saving([2.0, 1.0], [100.0, 50.0], [95.0, 40.0], 10.0)
    >>> found.saving, found.lowest, found.highest
    (0.08, 0.05, 0.2)
    """
    weight, before, after, made, used, seen = np.broadcast_arrays(
        *(floats(column).reshape(-1) for column in (price, baseline, post, output)),
        np.asarray(counted, dtype=bool).reshape(-1),
        np.asarray(measured, dtype=bool).reshape(-1),
    )
    refuse_negative(weight, "weight", language)
    refuse_negative(before, "baseline", language)
    refuse_negative(after, "post", language)
    refuse_negative(made, "output", language)
    codes, n = _groups(weight.size, groups, n_groups)

    cost = np.where(used, weight * before * made, 0.0)
    gain = np.where(used, weight * (before - after) * made, 0.0)
    known = used & seen & ~np.isnan(gain)
    # What a row weighs in the guard: a fuel that is new has no cost before, and its cost now
    # must not hide behind that. fmax: a saving that is not known weighs its cost before.
    stake = np.where(used & ~np.isnan(cost), np.fmax(cost, cost - gain), cost)
    all_stake = group_sum(codes, stake, n, language=language)
    known_stake = group_sum(codes, np.where(known, stake, 0.0), n, language=language)
    known_cost = group_sum(codes, np.where(known, cost, 0.0), n, language=language)
    saved = group_sum(codes, np.where(known, gain, 0.0), n, language=language)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = known_stake / np.where(all_stake == 0, np.nan, all_stake)
        enough = share >= least_share - _ROUNDING
        saving = np.where(enough, saved / np.where(known_cost == 0, np.nan, known_cost), np.nan)
        each = (before - after) / before  # −inf where nothing was used before, nan for 0/0
    lowest, highest = np.full(n, np.inf), np.full(n, -np.inf)
    shown = known & ~np.isnan(each)
    np.minimum.at(lowest, codes[shown], each[shown])
    np.maximum.at(highest, codes[shown], each[shown])
    none = lowest > highest
    lowest[none], highest[none] = np.nan, np.nan
    found = (saving, share, lowest, highest, known_cost, saved)
    if groups is None:
        return WeightedSaving(*(float(column[0]) for column in found))
    return WeightedSaving(*found)


def energy_total_saving(
    factor: ArrayLike,
    baseline: ArrayLike,
    post: ArrayLike,
    output: ArrayLike,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    *,
    counted: ArrayLike = True,
    measured: ArrayLike = True,
    least_share: float = LEAST_KNOWN_SHARE,
    language: Language = "vi",
) -> WeightedSaving:
    """Weigh the savings of purchased energy and fuel by one named factor set.

    Parameters
    ----------
    factor : array, shape (rows,)
        Energy of one unit of the resource by one factor set. [e.g. TOE/kWh, TOE/t]
    baseline, post, output, groups, n_groups, counted, measured, least_share, language
        As in :func:`cost_weighted_saving`; `counted` marks the energy carriers.

    Returns
    -------
    WeightedSaving
        As in :func:`cost_weighted_saving`, ``baseline`` and ``saved`` in the unit of the
        factors [e.g. TOE].

    Raises
    ------
    RangeError
        If an input is negative, or a group code out of range.

    Notes
    -----
    The result depends on the factor set (electricity is 0.0001543 TOE/kWh in one official
    table and 3.6 MJ in another), so whoever prints it names the set.

    Examples
    --------
    >>> energy_total_saving([1.0, 2.0], [100.0, 50.0], [90.0, 50.0], 1.0).saving
    0.05
    """
    return cost_weighted_saving(
        factor, baseline, post, output, groups, n_groups,
        counted=counted, measured=measured, least_share=least_share, language=language,
    )  # fmt: skip


def check_fraction(saving: ArrayLike, *, language: Language = "vi") -> None:
    """Refuse a saving above 1, which is usually a percentage typed without its sign.

    Parameters
    ----------
    saving : float or array
        Savings as fractions. [1]
    language : {"vi", "en"}
        Language of the refusal.

    Raises
    ------
    RangeError
        If a saving is above 1; it shows the percent reading (6.1 is 610 %, 6.1 % is 0.061).

    Examples
    --------
    >>> check_fraction(6.1, language="en")
    Traceback (most recent call last):
    ...
    sxsh_audit.calc.domain.RangeError: A saving cannot exceed 1: 6.1 is 610%. \
Did you mean 6.1% = 0.061? (positions counted from 0: 0)
    """
    values = floats(saving)
    wrong = values > 1 + _ROUNDING
    if wrong.any():
        first = float(values.reshape(-1)[np.flatnonzero(wrong)[0]])
        refuse(
            "calc.above_one", wrong, values, language,
            saving=first, reading=float(f"{first / 100:.12g}"),
        )  # fmt: skip
