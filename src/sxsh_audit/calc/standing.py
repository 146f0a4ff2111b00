"""Where figures stand among each other: quantiles of peers, places, ranks under what is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.ranking import twelve_digits
from sxsh_audit.language.formatting import Language

__all__ = ["QUANTILE_METHOD", "ScoreRange", "peer_quantiles", "score_ranges", "standing"]

QUANTILE_METHOD = "median_unbiased"
"""Method of the quantiles, by its name in numpy: type 8 of Hyndman and Fan."""


def peer_quantiles(
    values: ArrayLike, quantiles: Sequence[float], *, language: Language = "vi"
) -> Floats:
    r"""Return the quantiles of a group of peers; those that it is too small for are not known.

    Parameters
    ----------
    values : array
        Figures of the peers; ``nan`` is not known and left out. [any unit]
    quantiles : sequence of float
        Which quantiles. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (quantiles,)
        In the unit of the values.

    Raises
    ------
    RangeError
        If a quantile is not between 0 and 1.

    Notes
    -----
    Type 8, with n sorted figures x₁ … x_n:

    .. math:: Q(p) = x_{\lfloor h \rfloor} + (h - \lfloor h \rfloor)
              (x_{\lfloor h \rfloor + 1} - x_{\lfloor h \rfloor}), \quad h = (n + 1/3) p + 1/3

    Where h < 1 or h > n the group says nothing of that quantile: ``nan``, not its smallest or
    largest figure.

    References
    ----------
    .. [1] Hyndman and Fan (1996), "Sample quantiles in statistical packages", *The American
       Statistician* 50, definition 8, which they recommend.

    Examples
    --------
    Of five, h = 16 ÷ 3 × 0.25 + 1 ÷ 3 = 5 ÷ 3, so that Q = 10 + 2 ÷ 3 × (20 − 10):

    >>> peer_quantiles([30, 10, 20, 50, 40], [0.25, 0.5, 0.05]).round(4)
    array([16.6667, 30.    ,     nan])
    """
    wanted = floats(quantiles)
    refuse("standing.quantile", ~((wanted >= 0) & (wanted <= 1)), wanted, language)
    known = np.sort(floats(values)[~np.isnan(floats(values))])
    place = (known.size + 1 / 3) * wanted + 1 / 3
    # 1 and n are reached by exact p only up to rounding
    reached = (place >= 1 - 1e-12) & (place <= known.size + 1e-12)
    found = np.full(wanted.shape, np.nan)
    if reached.any():
        inside = np.clip(place[reached], 1, known.size)
        low = np.floor(inside).astype(np.intp)
        high = np.minimum(low + 1, known.size)
        found[reached] = known[low - 1] + (inside - low) * (known[high - 1] - known[low - 1])
    return found


def _comparable(values: Floats) -> Floats:
    """Values at 12 significant digits: one figure worked out in two units is one figure."""
    finite = np.isfinite(values)
    size = twelve_digits(np.where(finite, np.abs(values), 0.0))
    return np.where(finite, np.copysign(size, values), values)


def standing(values: ArrayLike, *, falling: bool = False) -> Floats:
    r"""Return where each figure stands among all: 1 above all others, 0 below all.

    Parameters
    ----------
    values : array
        Figures; ``nan`` is not known, and ``inf`` stands above all that is finite. [any unit]
    falling : bool
        Whether the smallest stands highest.

    Returns
    -------
    array
        Standing of each; ``nan`` where it is not known.

    Notes
    -----
    .. math:: (\text{below} + \text{equal}/2) / (n - 1)

    of the n figures that are known, the figure itself not counted; one that is alone stands in
    the middle. The unit of the figures and their order do not matter: they are compared at 12
    significant digits.

    Examples
    --------
    >>> standing([5.0, 1.0, 5.0, float("nan")]), standing([5.0, 1.0, 3.0], falling=True)
    (array([0.75, 0.  , 0.75,  nan]), array([0. , 1. , 0.5]))
    """
    keys = _comparable(floats(values)) * (-1.0 if falling else 1.0)
    known = ~np.isnan(keys)
    found = np.full(keys.shape, np.nan)
    size = int(known.sum())
    if size == 1:
        found[known] = 0.5
    elif size:
        ordered = np.sort(keys[known])
        below = np.searchsorted(ordered, keys[known], side="left")
        equal = np.searchsorted(ordered, keys[known], side="right") - below - 1
        found[known] = (below + equal / 2) / (size - 1)
    return found


class ScoreRange(NamedTuple):
    """Scores with what the unknown leaves open. All arrays have one entry per candidate."""

    low: Floats
    """Score if everything unknown of it were worst. [1]"""
    middle: Floats
    """Score half-way; the score itself where all is known. [1]"""
    high: Floats
    """Score if everything unknown of it were best. [1]"""
    rank: NDArray[np.int64]
    """By the middle, 1 best; equal ones share a rank."""
    best: NDArray[np.int64]
    """Rank if its own unknown were best and that of all others worst."""
    worst: NDArray[np.int64]
    """Rank if its own unknown were worst and that of all others best."""


def score_ranges(
    scores: ArrayLike, weights: ArrayLike, *, language: Language = "vi"
) -> ScoreRange:
    r"""Weigh scores of which some are not known.

    Parameters
    ----------
    scores : array, shape (candidates, criteria)
        Score by each criterion between 0 and 1, the higher the better; ``nan`` where it is not
        known. [1]
    weights : array, shape (criteria,)
        Weight of each criterion, ≥ 0; only their proportions count. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ScoreRange
        Both ends of each score and each rank.

    Raises
    ------
    RangeError
        If a weight is negative or not finite or all are 0, or a score is outside 0 to 1.

    Notes
    -----
    .. math:: S_i = \sum_k w_k s_{ik} \Big/ \sum_k w_k

    with 0, ½ and 1 in place of what is not known. Of candidate i at least those rank before it
    whose low end is above its high end, and at most those whose high end is above its low end.
    Scores within 1e-12 are equal.

    Examples
    --------
    >>> found = score_ranges([[1.0, 0.2], [0.6, float("nan")], [0.0, 0.1]], [3, 1])
    >>> found.low, found.high
    (array([0.8  , 0.45 , 0.025]), array([0.8  , 0.7  , 0.025]))
    >>> found.rank, found.best, found.worst
    (array([1, 2, 3]), array([1, 2, 3]), array([1, 2, 3]))
    """
    table, given = floats(scores), floats(weights)
    if table.ndim != 2 or given.shape != table.shape[1:] or not given.size:
        raise ValueError(f"scores {table.shape} with weights {given.shape}: (candidates, criteria)")
    refuse("screening.weight", ~((given >= 0) & np.isfinite(given)), given, language)
    refuse("screening.no_weight", np.array([given.sum() == 0]), np.zeros(1), language)
    refuse("standing.score", (table < 0) | (table > 1), table, language)
    part = given / given.sum()
    low, middle, high = (
        np.where(part > 0, np.where(np.isnan(table), end, table), 0.0) @ part
        for end in (0.0, 0.5, 1.0)
    )
    low_keys, middle_keys, high_keys = (np.rint(each * 1e12) for each in (low, middle, high))

    def before(keys: Floats, others: Floats) -> NDArray[np.int64]:
        ordered = np.sort(others)
        above = ordered.size - np.searchsorted(ordered, keys, side="right")
        return (1 + above).astype(np.int64)

    return ScoreRange(
        low, middle, high, before(middle_keys, middle_keys), before(high_keys, low_keys),
        # its own high end is above its own low end where something of it is not known
        before(low_keys, high_keys) - (high_keys > low_keys),
    )  # fmt: skip
