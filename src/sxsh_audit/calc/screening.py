"""Screening of options (sàng lọc) by weighted sum: implement now, study further, reject.

The weights and thresholds are the user's; what a change of a weight would do to the order and
the decisions is part of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.choices import choice_rules
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["CRITERIA", "Decision", "Screening", "WeightEffect", "screen_options"]

#: The criteria of feasibility, in the order of the columns of the scores.
CRITERIA = ("technical", "economic", "environmental")

#: Scores are compared at this relative precision, so that 0.1 + 0.2 is 0.3.
_PRECISION = 1e-12


class Decision(StrEnum):
    """What screening says of an option; the position is the code."""

    IMPLEMENT = "implement"
    STUDY = "study"
    REJECT = "reject"
    UNKNOWN = "unknown"


class WeightEffect(NamedTuple):
    """What the weight of one criterion does, the others keeping their proportions."""

    criterion: str
    """Name of the criterion."""
    weight: float
    """Its weight now, as a part of all weights. [1]"""
    first_changes: Floats
    """Weights between 0 and 1 at which the first place goes to another option. [1]"""
    first: tuple[tuple[Any, ...], ...]
    """Options that share the first place before, between and after these weights."""
    decision_changes: Floats
    """Weights between 0 and 1 at which the decision on an option changes. [1]"""
    changing: tuple[Any, ...]
    """The option of each of these changes."""


class Screening(NamedTuple):
    """Decision, score and rank of each option, and the effect of the weights."""

    decision: Coded[Decision]
    """implement, study, reject or unknown; shape (options,)."""
    score: Floats
    """Weighted mean of the scores, in their scale; ``nan`` where one is not known."""
    rank: NDArray[np.int64]
    """1 best, equal scores share a rank; unknown ones come last."""
    effects: tuple[WeightEffect, ...]
    """Effect of the weight of each criterion."""
    best_rank: NDArray[np.int64] | None
    """Best rank while one weight changes by up to ± `change`; shape (options, criteria)."""
    worst_rank: NDArray[np.int64] | None
    """Worst rank while one weight changes so; None without a `change`."""


def _close(difference: Floats, scale: float) -> Floats:
    """Return the differences with rounding taken for 0."""
    return np.where(np.abs(difference) <= _PRECISION * scale, 0.0, difference)


def _ranks(score: Floats, scale: float) -> NDArray[np.int64]:
    """1 + how many are better; what is not known comes after all that is."""
    order = np.argsort(np.where(np.isnan(score), -np.inf, score), kind="stable")[::-1]
    ordered = np.nan_to_num(score[order], nan=-np.inf)
    new = np.ones(score.size, bool)
    with np.errstate(invalid="ignore"):
        step = ordered[:-1] - ordered[1:]
    new[1:] = step > _PRECISION * scale
    rank = np.empty(score.size, np.int64)
    rank[order] = np.maximum.accumulate(np.where(new, np.arange(1, score.size + 1), 0))
    return rank


def _envelope(at_zero: Floats, at_one: Floats, scale: float) -> tuple[Floats, list[Any]]:
    """Where the highest of the lines from `at_zero` to `at_one` changes, and who it is."""
    here, firsts = 0.0, []
    changes: list[float] = []
    slope = at_one - at_zero
    while True:
        value = at_zero + here * slope
        top = np.flatnonzero(_close(value.max() - value, scale) == 0)
        steepest = slope[top].max()
        first = top[_close(steepest - slope[top], scale) == 0]
        firsts.append(first)
        lead = int(first[0])
        gains = _close(slope - slope[lead], scale)
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = np.where(gains > 0, here + (value[lead] - value) / gains, np.inf)
        after = float(meets.min())
        if not here <= after < 1 - _PRECISION:
            return np.array(changes), firsts
        here = after
        changes.append(after)


def _rank_range(
    start: Floats, end: Floats, scale: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst rank of each line between its two ends.

    Another line is better or not, and changes that at most once, where the two cross: the
    count of better ones is followed through the crossings, those that fall behind first.
    """
    best, worst = np.empty(start.size, np.int64), np.empty(start.size, np.int64)
    for row in range(start.size):
        first, last = _close(start - start[row], scale), _close(end - end[row], scale)
        falls, rises = (first > 0) & (last <= 0), (first <= 0) & (last > 0)
        # One that is level at an end is better only on the other side of it.
        at = np.where(first == last, 0.0, first / np.where(first == last, 1.0, first - last))
        moves = np.concatenate([np.full(int(falls.sum()), -1), np.full(int(rises.sum()), 1)])
        times = np.concatenate([at[falls], at[rises]])
        order = np.lexsort((moves, np.round(times, 12)))
        counts = int((first > 0).sum()) + np.concatenate([[0], np.cumsum(moves[order])])
        best[row], worst[row] = 1 + counts.min(), 1 + counts.max()
    return best, worst


def screen_options(
    scores: ArrayLike,
    weights: ArrayLike,
    *,
    implement: float,
    study: float,
    change: float | None = None,
    criteria: Sequence[str] | None = None,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    language: Language = "vi",
) -> Screening:
    r"""Screen options by the weighted sum of their scores.

    Parameters
    ----------
    scores : array, shape (options, criteria)
        Score of each option by each criterion, the higher the better, all on one scale; ``nan``
        where it is not known. [points]
    weights : array, shape (criteria,)
        Weight of each criterion, ≥ 0, in any unit: only their proportions count. [-]
    implement : float
        Least weighted score of an option to be carried out now. [points]
    study : float
        Least weighted score of an option to be studied further; below it is rejected. [points]
    change : float, optional
        Change of a weight, as a part of all weights, for the range of ranks. [1]
    criteria : sequence of str, optional
        Names of the criteria; by default technical, economic, environmental where there are
        three, else numbers.
    option_ids : sequence of str or int, optional
        Names of the options in the effects; by default the positions.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Screening
        ``decision``, ``score``, ``rank``, and for each criterion the weights at which the first
        place or a decision changes; with `change` the range of ranks.

    Raises
    ------
    RangeError
        If a weight is negative or not finite or all are 0, a score is infinite, `study` is
        above `implement` or either is not a number, or two options have one id.

    Notes
    -----
    .. math:: S_i = \sum_k w_k s_{ik} \Big/ \sum_k w_k

    No weights or thresholds are assumed: none is published. A score that is not known makes the
    decision unknown, unless its criterion has no weight. Scores within 1e-12 of the largest
    score or threshold are equal, and a score equal to a threshold reaches it.

    *Effect of a weight.* One weight moves to t, as a part of all, and the others share 1 − t in
    their proportions now, so that every score is a straight line in t. The first place changes
    where the highest of these lines changes, a decision where a line crosses a threshold: these
    t are exact. Where all other weights are 0 they have no proportions, and nothing is said.
    The ranges of ranks are the best and worst rank while t is within ± `change` of the weight
    now (and within 0 to 1), one weight at a time.

    References
    ----------
    .. [1] "This can be done using the weighed sum method", step 4,
       http://laocpc.org/index.php/cp-assessment-3/step4-selecting-cleaner-production-options
    .. [2] Directly implementable, needs further study, rejected:
       https://elite.alexsofthouse.com/?p=2045

    Examples
    --------
    >>> found = screen_options([[8, 6, 9], [5, 9, 4], [2, 3, 5]], [30, 40, 30],
    ...                        implement=7, study=5, option_ids=["A", "B", "C"])
    >>> found.decision, found.score
    (Coded(['implement', 'study', 'reject']), array([7.5, 6.3, 3.3]))

    Above a weight of 8 ÷ 14 of economy, B is the best:

    >>> found.effects[1].first, found.effects[1].first_changes.round(6)
    ((('A',), ('B',)), array([0.571429]))
    """
    table, given = floats(scores), floats(weights)
    if table.ndim != 2 or given.shape != table.shape[1:] or not given.size:
        raise ValueError(f"scores {table.shape} with weights {given.shape}: (options, criteria)")
    refuse("screening.weight", ~((given >= 0) & np.isfinite(given)), given, language)
    refuse("screening.no_weight", np.array([given.sum() == 0]), np.zeros(1), language)
    refuse("screening.score", np.isinf(table), table, language)
    limits = np.array([float(implement), float(study)])
    refuse("screening.thresholds", np.array([not limits[1] <= limits[0]]), limits[1:], language,
           implement=float(limits[0]))  # fmt: skip
    if change is not None and not 0 < change <= 1:
        raise ValueError(f"change {change!r}: above 0 and at most 1")
    size, count = table.shape
    ids = choice_rules(size, option_ids, language=language).ids
    usual = CRITERIA if count == len(CRITERIA) else tuple(map(str, range(count)))
    names = usual if criteria is None else tuple(criteria)
    if len(names) != count:
        raise ValueError(f"{len(names)} names for {count} criteria")

    part = given / given.sum()
    score = np.where(part > 0, table * part, 0.0).sum(axis=1)
    known = ~np.isnan(score)
    scale = max(float(np.nanmax(np.abs(table), initial=0.0)), *np.abs(limits[np.isfinite(limits)]),
                1e-300)  # fmt: skip
    reached = [_close(score - limit, scale) >= 0 for limit in limits]
    codes = np.where(reached[0], 0, np.where(reached[1], 1, 2))
    rank = _ranks(score, scale)
    effects = []
    best = np.repeat(rank[:, None], count, axis=1)
    worst = best.copy()
    for place, name in enumerate(names):
        others = np.delete(part, place)
        rest = others.sum()
        empty = np.empty(0)
        if rest <= 0:
            effects.append(WeightEffect(name, float(part[place]), empty, (), empty, ()))
            continue
        columns = np.delete(table, place, axis=1)
        at_zero = np.where(others > 0, columns * others, 0.0).sum(axis=1) / rest
        at_one = table[:, place]
        lines = np.flatnonzero(~np.isnan(at_zero) & ~np.isnan(at_one))
        low, high = at_zero[lines], at_one[lines]
        changes, firsts = _envelope(low, high, scale) if lines.size else (empty, [])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (limits[:, None] - low) / (high - low)
        sides = [np.sign(_close(end - limits[:, None], scale)) for end in (low, high)]
        crosses = sides[0] * sides[1] < 0
        which = np.nonzero(crosses)[1]
        order = np.lexsort((which, at[crosses]))
        effects.append(WeightEffect(
            name, float(part[place]), changes,
            tuple(tuple(ids[lines[each]] for each in first) for first in firsts),
            at[crosses][order], tuple(ids[lines[each]] for each in which[order]),
        ))  # fmt: skip
        if change is not None and lines.size:
            ends = np.clip([part[place] - change, part[place] + change], 0.0, 1.0)
            start, end = (low + each * (high - low) for each in ends)
            best[lines, place], worst[lines, place] = _rank_range(start, end, scale)
    return Screening(
        Coded(np.where(known, codes, 3).astype(np.int8), Decision), score, rank, tuple(effects),
        None if change is None else best, None if change is None else worst,
    )  # fmt: skip
