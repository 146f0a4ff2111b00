"""The best set of options: the most under a budget, or the cheapest that reaches the target.

Ranking by payback cannot say which options go together: it knows no budget, no lifetime and no
overlap. Here the whole set is chosen at once, and how far it can be from the best is proven.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.choices import Constraint, ConstraintKind, choice_rules
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.interactions import log_remainders
from sxsh_audit.calc.portfolio_model import SMALLEST_GAP, Problem
from sxsh_audit.calc.portfolio_search import Answer, best_set, conflict_of
from sxsh_audit.language.formatting import Language

__all__ = [
    "Constraint",
    "ConstraintKind",
    "Frontier",
    "Selection",
    "SelectionStatus",
    "Target",
    "cost_frontier",
    "select_options",
]

#: ``auto`` searches exactly up to this many options.
EXACT_UP_TO = 2000


class SelectionStatus(StrEnum):
    """How a selection ended."""

    OPTIMAL = "optimal"
    """Proven within the gap asked for."""
    FEASIBLE = "feasible"
    """A set that holds every constraint; the gap says how far from the best it can be."""
    INFEASIBLE = "infeasible"
    """Proven that no set does."""
    UNDECIDED = "undecided"
    """Neither found nor refuted in the time given."""


class Target(NamedTuple):
    """What a set has to reach: Σ weight × saved part of the cells ≥ least."""

    name: str
    """Name, for the answer."""
    weights: Any
    """Weight of each cell, ≥ 0: its share of the use of a resource, or its cost."""
    least: float
    """Least that is asked for, in the unit of the weights."""


class Selection(NamedTuple):
    """A chosen set and what is proven of it."""

    chosen: NDArray[np.bool_]
    """Which options are chosen, in the order as given; none where there is no set."""
    ids: tuple[Any, ...]
    """Ids of the chosen options, sorted."""
    cost: float
    """Cost of the set; ``nan`` without a set. [money]"""
    value: float
    """Value or, to be smallest, cost of the set: the objective. [unit of the objective]"""
    bound: float
    """No set has a larger value (or a smaller cost). [unit of the objective]"""
    gap: float
    """Distance of value and bound, relative to the value. [1]"""
    status: SelectionStatus
    """optimal, feasible, infeasible or undecided."""
    reached: dict[str, float]
    """What the set reaches of each target; where there is none, the most that any set can reach
    of that target alone if money did not matter."""
    within_budget: dict[str, float]
    """Where there is no set: the most that any can reach of each target alone within the
    budgets; empty otherwise."""
    conflict: tuple[Constraint, ...]
    """Constraints that cannot hold together, none of which can be spared for that."""
    left_out: tuple[Any, ...]
    """Ids of the options that cannot be chosen because a figure is not known."""


def _by_option(
    values: ArrayLike | None, options: int, name: str, width: int | None = None
) -> Floats:
    """Return values as (options,), or as (options, columns) where a `width` is asked for."""
    if values is None:
        return np.zeros(options if width is None else (options, width))
    found = floats(values)
    shape = (options,) if width is None else (options, width)
    if found.shape != shape:
        raise ValueError(f"{name} has the shape {found.shape}, not {shape}")
    return found


class _Table(NamedTuple):
    """The problem and how its options relate to the rows as given."""

    problem: Problem
    order: NDArray[np.intp]
    left_out: tuple[Any, ...]


def _table(
    cost: ArrayLike,
    value: ArrayLike | None,
    *,
    fractions: ArrayLike | None,
    worth: ArrayLike | None,
    budget: float | None,
    targets: Sequence[Target],
    objective: str,
    yearly_cost: ArrayLike | None,
    yearly_budget: ArrayLike | None,
    exclusive: Sequence[Sequence[Any]],
    prerequisites: Sequence[tuple[Any, Any]],
    required: Sequence[Any],
    option_ids: Sequence[Any] | NDArray[Any] | None,
    language: Language,
) -> _Table:
    costs = floats(cost)
    if costs.ndim != 1:
        raise ValueError(f"costs {costs.shape}: one per option")
    size = costs.size
    values = _by_option(value, size, "value")
    saved = np.empty((size, 0)) if fractions is None else floats(fractions)
    cells = saved.shape[-1]
    saved = _by_option(saved, size, "fractions", cells)
    gold = _by_option(worth, cells, "worth") if objective == "value" else np.zeros(cells)
    weights = np.array([_by_option(each.weights, cells, "weights") for each in targets])
    weights = weights.reshape(len(targets), cells)
    for figures in (gold, weights):
        refuse("portfolio.weight", ~((figures >= 0) & np.isfinite(figures)), figures, language)
    least = np.array([float(each.least) for each in targets])
    limits = np.empty(0) if yearly_budget is None else floats(yearly_budget)
    yearly = _by_option(yearly_cost, size, "yearly_cost", limits.size)
    amounts = np.array([*least, *limits, math.inf if budget is None else float(budget)])
    refuse("portfolio.amount", np.isnan(amounts), amounts, language)
    names = tuple(each.name for each in targets)
    twice = np.array([names.count(name) > 1 for name in names], bool)
    refuse("portfolio.duplicate_target", twice, np.array([*names, None], object)[:-1], language)

    # By id first, so that the order of the rows cannot decide between equals.
    given = list(range(size)) if option_ids is None else list(option_ids)
    order = np.array(sorted(range(len(given)), key=lambda i: _key(given[i])), np.intp)
    rules = choice_rules(
        size, [given[i] for i in order] if len(given) == size else given, exclusive=exclusive,
        prerequisites=prerequisites, required=required, language=language,
    )  # fmt: skip
    matters = (gold > 0) | (weights > 0).any(axis=0)
    saved = saved[order][:, matters]
    ledger = np.column_stack([costs[order], values[order], yearly[order], saved])
    known: NDArray[np.bool_] = np.array(np.isfinite(ledger).all(axis=1))
    logs = -log_remainders(np.where(known[:, None], saved, 0.0), language=language)
    ends = np.isposinf(logs)
    logs[ends] = 0.0
    ledger[~known] = 0.0
    problem = Problem(
        cost=ledger[:, 0], gain=ledger[:, 1] if objective == "value" else -ledger[:, 0],
        worth=gold[matters], logs=logs + 0.0, ends=ends, rules=rules, allowed=known,
        budget=float(amounts[-1]), yearly=ledger[:, 2 : 2 + limits.size], yearly_budget=limits,
        names=names, weights=weights[:, matters], least=least,
    )  # fmt: skip
    return _Table(problem, order, tuple(rules.ids[place] for place in np.flatnonzero(~known)))


def _key(name: Any) -> tuple[str, Any]:
    """Sort numbers among themselves and texts among themselves."""
    return ("", name) if isinstance(name, int | float | np.number) else ("text", str(name))


def _most(problem: Problem, target: int, kept: list[Constraint], seconds: float) -> float:
    """Most that any set can reach of one target under `kept`; ``nan`` if there is no set."""
    weights = problem.weights[target]
    alone = problem.with_only(kept)
    alone = Problem(**{
        **vars(alone), "gain": np.zeros_like(problem.cost), "worth": weights
    })  # fmt: skip
    found = best_set(alone, exact=True, gap=1e-6, seconds=seconds)
    return math.nan if found.chosen is None else alone.objective(found.chosen)


def _refuted(table: _Table, seconds: float) -> Selection:
    """Say why there is no set, and what could be reached."""
    problem = table.problem
    conflict = conflict_of(problem, seconds)
    money = (ConstraintKind.BUDGET, ConstraintKind.YEAR)
    within = [each for each in problem.constraints() if each.kind is not ConstraintKind.TARGET]
    free = [each for each in within if each.kind not in money]
    places = list(enumerate(problem.names))
    return Selection(
        np.zeros(problem.cost.size, bool), (), math.nan, math.nan, math.nan, math.nan,
        SelectionStatus.INFEASIBLE,
        {name: _most(problem, place, free, seconds) for place, name in places},
        {name: _most(problem, place, within, seconds) for place, name in places},
        conflict, table.left_out,
    )  # fmt: skip


def _selection(table: _Table, answer: Answer, objective: str, gap: float) -> Selection:
    """Put an answer into the order and the sign as given."""
    problem, sign = table.problem, 1.0 if objective == "value" else -1.0
    chosen = np.zeros(problem.cost.size, bool)
    if answer.chosen is None:
        return Selection(
            chosen, (), math.nan, math.nan, sign * answer.bound, math.nan,
            SelectionStatus.UNDECIDED, {}, {}, (), table.left_out,
        )  # fmt: skip
    chosen[table.order] = answer.chosen
    value = problem.objective(answer.chosen)
    distance = problem.distance(answer.chosen, answer.bound)
    proven = distance <= max(gap, SMALLEST_GAP)
    return Selection(
        chosen,
        tuple(problem.rules.ids[place] for place in np.flatnonzero(answer.chosen)),
        problem.spent(answer.chosen), sign * value + 0.0, sign * answer.bound + 0.0, distance,
        SelectionStatus.OPTIMAL if proven else SelectionStatus.FEASIBLE,
        dict(zip(problem.names, problem.reached(answer.chosen).tolist(), strict=True)),
        {}, (), table.left_out,
    )  # fmt: skip


def select_options(
    cost: ArrayLike,
    value: ArrayLike | None = None,
    *,
    fractions: ArrayLike | None = None,
    worth: ArrayLike | None = None,
    budget: float | None = None,
    targets: Sequence[Target] = (),
    objective: Literal["value", "cost"] = "value",
    yearly_cost: ArrayLike | None = None,
    yearly_budget: ArrayLike | None = None,
    exclusive: Sequence[Sequence[Any]] = (),
    prerequisites: Sequence[tuple[Any, Any]] = (),
    required: Sequence[Any] = (),
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    method: Literal["exact", "greedy", "auto"] = "exact",
    gap: float = 1e-4,
    time_limit: float = 30.0,
    language: Language = "vi",
) -> Selection:
    r"""Choose the best set of options: most value under a budget, or least cost for a target.

    Parameters
    ----------
    cost : array, shape (options,)
        Cost of each option. [money]
    value : array, shape (options,), optional
        What each option is worth by itself, whatever else is chosen: net present value, money,
        TOE or tCO₂ a year. Where savings overlap, what does not overlap (such as −cost).
        [unit of the objective]
    fractions : array, shape (options, cells), optional
        Part of each cell (resource and end use) that the option saves alone, at most 1. [1]
    worth : array, shape (cells,), optional
        What saving the whole of a cell is worth. [unit of the objective]
    budget : float, optional
        Most that may be spent. [money]
    targets : sequence of Target
        What must be reached.
    objective : {"value", "cost"}
        Largest value, or smallest cost.
    yearly_cost : array, shape (options, years), optional
        What the option costs in each year. [money]
    yearly_budget : array, shape (years,), optional
        Most that may be spent in each year. [money]
    exclusive : sequence of sequences of ids
        Groups of which at most one option may be chosen.
    prerequisites : sequence of pairs of ids
        The first needs the second.
    required : sequence of ids
        Must-haves.
    option_ids : sequence of str or int, optional
        Ids of the options; by default the positions.
    method : {"exact", "greedy", "auto"}
        HiGHS until the gap is proven; one fast set with the bound of the linear relaxation; or
        exact up to 2,000 options and greedy above.
    gap : float
        Relative distance from the best at which to stop; below 1e-7 as 1e-7. [1]
    time_limit : float
        Time after which the best set so far is given with its gap. [s]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Selection
        The set, its cost and value, the proven ``bound`` and ``gap``, what it reaches of each
        target; without a set, the ``conflict`` and what could be reached.

    Raises
    ------
    RangeError
        If a fraction exceeds 1, a weight or worth is negative or not finite, a budget or target
        is ``nan``, two options or targets have one name, or a rule names an unknown id.

    Notes
    -----
    .. math:: \max \sum_i x_i v_i + \sum_c g_c \Bigl(1 - \prod_i (1 - s_{ic})^{x_i}\Bigr)
              \quad\text{or}\quad \min \sum_i x_i C_i

    With :math:`y_c = -\sum_i x_i \ln(1 - s_{ic})`, linear in x, a target on one cell is the
    exact row :math:`y \ge -\ln(1 - T)`; several cells are convex,
    :math:`\sum w_c e^{-y_c} \le \sum w_c - T`, and the worth is concave. Both are bounded by
    tangents, which never cut off what is true, and tangents are added at each candidate until
    it truly holds and value and bound agree. An option that ends a use (s = 1) is a switch of
    its own beside y, exact for whole options. Each set is checked against the constraints
    themselves, within 1e-12; the bound rests on the solver's floating point, about 1e-7.

    Options with a figure that is not known or not finite are never chosen (``left_out``).
    The options are sorted by id first, so the order of the rows decides nothing. Of equal
    optima the one found in that order is given, without options that can go without loss (the
    dearest, then the last id, go first): a free option that a target does not need is not in
    the cheapest set, though it may be worth doing. HiGHS can overrun the time limit.

    A conflict is found by leaving out constraints in halves: it is irreducible if the time
    sufficed for each of these searches, which each have `time_limit` together.

    References
    ----------
    .. [1] Duran, Grossmann: An outer-approximation algorithm for a class of mixed-integer
       nonlinear programs, Mathematical Programming 36 (1986) 307,
       https://doi.org/10.1007/BF02592064
    .. [2] Junker: QuickXplain, AAAI 2004, https://cdn.aaai.org/AAAI/2004/AAAI04-027.pdf

    Examples
    --------
    The most under 500 million, of which B and C exclude each other:

    >>> found = select_options([300e6, 200e6, 250e6, 150e6], [90e6, 80e6, 95e6, 20e6],
    ...                        budget=500e6, exclusive=[("B", "C")], option_ids=list("ABCD"))
    >>> found.ids, found.value, found.status
    (('A', 'B'), 170000000.0, <SelectionStatus.OPTIMAL: 'optimal'>)

    The cheapest set that saves 8 % of the coal; two of 5 % on one boiler save 9.75 %:

    >>> found = select_options([10.0, 20.0, 50.0], fractions=[[0.05], [0.05], [0.09]],
    ...                        targets=[Target("coal", [1.0], 0.08)], objective="cost")
    >>> found.ids, found.cost, round(found.reached["coal"], 6)
    ((0, 1), 30.0, 0.0975)
    """
    if objective not in ("value", "cost") or method not in ("exact", "greedy", "auto"):
        raise ValueError(f"objective {objective!r}, method {method!r}")
    table = _table(
        cost, value, fractions=fractions, worth=worth, budget=budget, targets=targets,
        objective=objective, yearly_cost=yearly_cost, yearly_budget=yearly_budget,
        exclusive=exclusive, prerequisites=prerequisites, required=required,
        option_ids=option_ids, language=language,
    )  # fmt: skip
    exact = method == "exact" or (method == "auto" and table.order.size <= EXACT_UP_TO)
    answer = best_set(table.problem, exact=exact, gap=gap, seconds=time_limit)
    if answer.impossible:
        return _refuted(table, time_limit)
    return _selection(table, answer, objective, gap)


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
        As in :func:`select_options`.
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
        As :func:`select_options`.

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

    def solve(objective: Literal["value", "cost"], least: float | None, precision: float) -> Any:
        wanted = [*targets, *([] if least is None else [Target(aim, weights, least)])]
        table = _table(
            cost, None, fractions=fractions, worth=weights, budget=budget, targets=wanted,
            objective=objective, yearly_cost=yearly_cost, yearly_budget=yearly_budget,
            exclusive=exclusive, prerequisites=prerequisites, required=required,
            option_ids=option_ids, language=language,
        )  # fmt: skip
        left = max(time_limit - (time.monotonic() - began), 0.1)
        answer = best_set(table.problem, exact=True, gap=precision, seconds=left)
        return _selection(table, answer, objective, precision)

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
