"""Least cost against saving: one best set for each level that can be reached."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.interactions import log_remainders
from sxsh_audit.calc.portfolio_search import best_set
from sxsh_audit.calc.portfolio_table import Target, problem_table
from sxsh_audit.calc.selection import Selection, selection_of
from sxsh_audit.language.formatting import Language

__all__ = ["Frontier", "cost_frontier"]


class Frontier(NamedTuple):
    """Least cost against saving; arrays of shape (points,), both rising."""

    cost: Floats
    """Least cost of a saving at least as large. [money]"""
    saving: Floats
    """What the set saves. [unit of the weights]"""
    chosen: NDArray[np.bool_]
    """The sets, shape (points, options), in the order of the options as given."""
    ids: tuple[tuple[Any, ...], ...]
    """Ids of the options of each set, sorted."""
    bound: Floats
    """No set that saves what was asked for costs less. [money]"""
    gap: Floats
    """Distance of cost and bound, relative to the cost. [1]"""
    left_out: tuple[Any, ...]
    """Ids of the options that cannot be chosen because a figure is not known."""


def cost_frontier(
    cost: ArrayLike,
    fractions: ArrayLike,
    weights: ArrayLike,
    *,
    points: int = 11,
    targets: Sequence[Target] = (),
    budget: float | None = None,
    yearly_cost: ArrayLike | None = None,
    yearly_budget: ArrayLike | None = None,
    exclusive: Sequence[Sequence[Any]] = (),
    prerequisites: Sequence[tuple[Any, Any]] = (),
    required: Sequence[Any] = (),
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    gap: float = 1e-4,
    time_limit: float = 30.0,
    language: Language = "vi",
) -> Frontier:
    r"""Work out the least cost against the saving, over all that can be reached.

    Parameters
    ----------
    cost : array, shape (options,)
        Cost of each option. [money]
    fractions : array, shape (options, cells)
        Part of each cell that the option saves alone. [1]
    weights : array, shape (cells,)
        Weight of each cell in the saving: its share of the use, or its cost. [any unit]
    points : int
        Levels of saving, evenly from the least that costs least to the most, at least 2.
    targets : sequence of Target
        What every set must reach besides.
    budget : float, optional
        Most that may be spent. [money]
    yearly_cost : array, shape (options, years), optional
        What the option costs in each year. [money]
    yearly_budget : array, shape (years,), optional
        Most that may be spent in each year. [money]
    exclusive, prerequisites, required, option_ids
        As in :func:`~sxsh_audit.calc.portfolio.select_options`.
    gap : float
        Relative distance from the least cost at which to stop. [1]
    time_limit : float
        Time for all points together. [s]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Frontier
        Distinct sets from the cheapest to the one that saves most, each with its bound; fewer
        than `points` where one set answers several levels, none where no set is possible.

    Raises
    ------
    RangeError
        As :func:`~sxsh_audit.calc.portfolio.select_options`.

    Notes
    -----
    A set that also meets the next level is the cheapest there too, so that level needs no
    search. The last point is the most that can be saved, found first; its cost is the least for
    that saving within 1e-6 of it.

    Examples
    --------
    >>> found = cost_frontier([10.0, 20.0], [[0.1, 0.0], [0.0, 0.1]], [0.6, 0.4], points=3)
    >>> found.cost, found.saving.round(6)
    (array([ 0., 10., 30.]), array([0.  , 0.06, 0.1 ]))
    """
    if points < 2:
        raise ValueError(f"points {points!r}: at least 2")
    aim = "frontier"
    while aim in {each.name for each in targets}:
        aim += "'"
    began, size = time.monotonic(), floats(cost).size

    def solve(
        objective: Literal["value", "cost"], least: float | None, precision: float
    ) -> Selection:
        wanted = [*targets, *([] if least is None else [Target(aim, weights, least)])]
        table = problem_table(
            cost, None, fractions=fractions, worth=weights, budget=budget, targets=wanted,
            objective=objective, yearly_cost=yearly_cost, yearly_budget=yearly_budget,
            exclusive=exclusive, prerequisites=prerequisites, required=required,
            option_ids=option_ids, language=language,
        )  # fmt: skip
        left = max(time_limit - (time.monotonic() - began), 0.1)
        answer = best_set(table.problem, exact=True, gap=precision, seconds=left)
        return selection_of(table, answer, objective, precision)

    most = solve("value", None, 1e-6)
    cheapest = solve("cost", None, gap)
    if math.isnan(most.value) or math.isnan(cheapest.cost):
        return Frontier(np.empty(0), np.empty(0), np.empty((0, size), bool), (), np.empty(0),
                        np.empty(0), most.left_out)  # fmt: skip
    saved, known = floats(fractions), floats(weights)

    def saving(found: Selection) -> float:
        logs = log_remainders(saved[found.chosen][:, known > 0]).sum(axis=0)
        return math.fsum(known[known > 0] * -np.expm1(logs))

    found = [(cheapest, saving(cheapest))]
    for least in np.linspace(found[0][1], most.value, points)[1:]:
        last = least >= most.value
        level = float(most.value * (1 - 1e-9)) if last else float(least)
        if found[-1][1] >= level:
            continue
        point = solve("cost", level, gap)
        if math.isnan(point.cost) and last:  # out of time: the set that saves most is at hand
            point = most._replace(bound=found[-1][0].bound, gap=math.inf)
        if not math.isnan(point.cost):
            found.append((point, saving(point)))
    sets = [point for point, _ in found]
    return Frontier(
        np.array([point.cost for point in sets]), np.array([each for _, each in found]),
        np.array([point.chosen for point in sets]), tuple(point.ids for point in sets),
        np.array([point.bound for point in sets]), np.array([point.gap for point in sets]),
        cheapest.left_out,
    )  # fmt: skip
