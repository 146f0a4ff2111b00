"""The best set of options: the most under a budget, or the cheapest that reaches the target.

Ranking by payback cannot say which options go together: it knows no budget, no lifetime and no
overlap. Here the whole set is chosen at once, and how far it can be from the best is proven.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.choices import Constraint, ConstraintKind
from sxsh_audit.calc.frontier import Frontier, cost_frontier
from sxsh_audit.calc.portfolio_problem import Problem
from sxsh_audit.calc.portfolio_search import best_set, conflict_of
from sxsh_audit.calc.portfolio_table import Table, Target, problem_table
from sxsh_audit.calc.selection import Selection, SelectionStatus, selection_of
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


def _most(problem: Problem, target: int, kept: list[Constraint], seconds: float) -> float:
    """Most that any set can reach of one target under `kept`; ``nan`` if there is no set."""
    weights = problem.weights[target]
    alone = replace(
        problem.with_only(kept), gain=np.zeros_like(problem.cost), worth=weights
    )
    found = best_set(alone, exact=True, gap=1e-6, seconds=seconds)
    return math.nan if found.chosen is None else alone.objective(found.chosen)


def _refuted(table: Table, seconds: float) -> Selection:
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
    table = problem_table(
        cost, value, fractions=fractions, worth=worth, budget=budget, targets=targets,
        objective=objective, yearly_cost=yearly_cost, yearly_budget=yearly_budget,
        exclusive=exclusive, prerequisites=prerequisites, required=required,
        option_ids=option_ids, language=language,
    )  # fmt: skip
    exact = method == "exact" or (method == "auto" and table.order.size <= EXACT_UP_TO)
    answer = best_set(table.problem, exact=exact, gap=gap, seconds=time_limit)
    if answer.impossible:
        return _refuted(table, time_limit)
    return selection_of(table, answer, objective, gap)
