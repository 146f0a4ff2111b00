"""A chosen set of options and what is proven of it."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.choices import Constraint
from sxsh_audit.calc.portfolio_problem import SMALLEST_GAP
from sxsh_audit.calc.portfolio_search import Answer
from sxsh_audit.calc.portfolio_table import Table

__all__ = ["Selection", "SelectionStatus", "selection_of"]


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


def selection_of(table: Table, answer: Answer, objective: str, gap: float) -> Selection:
    """Put an answer into the order and the sign as given.

    Parameters
    ----------
    table : Table
        What was searched.
    answer : Answer
        What was found.
    objective : {"value", "cost"}
        What was asked for: its sign.
    gap : float
        Gap up to which the set counts as the best. [1]
    """
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
