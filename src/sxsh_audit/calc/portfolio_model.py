"""The best set of options as a mixed-integer linear model (HiGHS), with a bound that is proven.

With y = −Σ x ln(1 − s), linear in the choice x, an end use saves 1 − e^(−y): concave. A tangent
lies above it everywhere, so the model with tangents never promises less than the truth: what it
proves impossible is impossible, and its optimum bounds the true one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.portfolio_problem import SMALLEST_GAP, Choice, Problem

if TYPE_CHECKING:
    from scipy.sparse import csc_array
from sxsh_audit.calc.solver_output import solver_silenced

__all__ = ["Relaxation", "Solved"]

#: HiGHS takes smaller coefficients for 0; they are moved to the side that relaxes.
_SMALLEST = 2e-9

#: Beyond it a tangent is flat for the solver; the saving is then bounded by 1 alone.
_FLAT = 16.0

#: Largest coefficient of the objective: HiGHS stops at an absolute gap of 1e-6.
_SCALE = 1e3

#: Tangents that each end use starts with.
_TANGENTS = 6


class Solved(NamedTuple):
    """What the solver found for a relaxation."""

    status: str
    """optimal, stopped or infeasible."""
    x: Floats | None
    """Choice, fractional for a linear relaxation."""
    y: Floats | None
    """−ln of what the choice leaves of each cell that is modelled by tangents."""
    bound: float
    """No choice has a larger objective."""
    price: Floats | None = None
    """What changing an option from its limit costs the objective at least."""


def _upwards(values: Floats) -> Floats:
    """Move what the solver would take for 0 to the larger side: more is a relaxation."""
    tiny = (values != 0) & (np.abs(values) < _SMALLEST)
    return np.where(tiny, np.where(values > 0, _SMALLEST, 0.0), values)


@dataclass
class _Rows:
    """Sparse rows ``low ≤ A x ≤ high`` as they are gathered."""

    row: list[NDArray[np.intp]] = field(default_factory=list)
    column: list[NDArray[np.intp]] = field(default_factory=list)
    entry: list[Floats] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, columns: object, entries: object, low: float, high: float) -> None:
        """Add one row."""
        places = np.asarray(columns, np.intp).reshape(-1)
        values = np.broadcast_to(np.asarray(entries, np.float64), places.shape)
        kept = values != 0
        self.row.append(np.full(int(kept.sum()), len(self.low), np.intp))
        self.column.append(places[kept])
        self.entry.append(values[kept])
        self.low.append(low)
        self.high.append(high)

    def matrix(self, width: int) -> csc_array:
        """Return the rows as one matrix."""
        from scipy.sparse import coo_array, csc_array

        entries = np.concatenate([*self.entry, np.empty(0)])
        places = tuple(np.concatenate([*part, np.empty(0, np.intp)])
                       for part in (self.row, self.column))  # fmt: skip
        return csc_array(coo_array((entries, places), shape=(len(self.low), width)))


class Relaxation:
    """The model with the tangents and cuts so far; each makes it tighter, none too tight."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.options, cells = problem.logs.shape
        several = (problem.weights > 0).sum(axis=1) != 1
        bent = (problem.worth > 0) | (problem.weights[several] > 0).any(axis=0)
        n = self.options
        # Columns: x, then y of every cell, then whether it is ended, then z, the saved part.
        self.y0, self.r0, self.z0 = n, n + cells, n + 2 * cells
        self.width = n + 3 * cells
        self.cells = np.flatnonzero(bent)
        self.unit = np.maximum(np.abs(problem.logs).max(axis=0, initial=0.0), 1e-300)
        self.unit[self.unit <= 1e-300] = 1.0
        self.lowest = np.minimum(problem.logs, 0.0).sum(axis=0)
        self.highest = np.maximum(problem.logs, 0.0).sum(axis=0)
        self.rows = _Rows()
        self.seen: set[tuple[int, float]] = set()
        largest = max(np.abs(problem.gain).max(initial=0.0), problem.worth.max(initial=0.0))
        self.scale = _SCALE / max(largest, 1e-290) if largest > 0 else 1.0
        self._savings()
        self._money()
        self._choice()
        self._targets()

    def _savings(self) -> None:
        problem, all_options = self.problem, np.arange(self.options)
        for cell in range(problem.worth.size):
            logs = _upwards(problem.logs[:, cell] / self.unit[cell])
            self.rows.add([*all_options, self.y0 + cell], [*-logs, 1.0], -math.inf, 0.0)
            ends = np.flatnonzero(problem.ends[:, cell])
            self.rows.add([*ends, self.r0 + cell], [*-np.ones(ends.size), 1.0], -math.inf, 0.0)
        for cell in self.cells.tolist():
            # Even in e^(-y/2): a tangent's error between its neighbours is then even.
            top = math.exp(-max(self.lowest[cell], -2.0) / 2)
            bottom = math.exp(-min(self.highest[cell], _FLAT) / 2)
            for level in np.linspace(top, bottom, _TANGENTS):
                self._tangent(cell, -2.0 * math.log(level))

    def _tangent(self, cell: int, at: float) -> bool:
        """Add z ≤ tangent at y = `at`, no bound where the use is ended; False if it is there."""
        at = min(max(at, self.lowest[cell]), self.highest[cell], _FLAT)
        if (cell, round(at, 9)) in self.seen:
            return False
        self.seen.add((cell, round(at, 9)))
        slope = math.exp(-at)
        lift = slope * (1.0 + at - self.lowest[cell])  # up to 1 from the lowest point
        ended = lift if self.problem.ends[:, cell].any() else 0.0
        self.rows.add(
            [self.z0 + cell, self.y0 + cell, self.r0 + cell],
            [1.0, -slope * self.unit[cell], -max(ended, 0.0)],
            -math.inf, -math.expm1(-at) - slope * at,
        )  # fmt: skip
        return True

    def _money(self) -> None:
        problem = self.problem
        columns = [(problem.cost, problem.budget)] if problem.budget < math.inf else []
        columns += [(problem.yearly[:, year], limit)
                    for year, limit in enumerate(problem.yearly_budget)
                    if limit < math.inf]  # fmt: skip
        for cost, limit in columns:
            unit = max(np.abs(cost).max(initial=0.0), abs(limit) * 1e-6) or 1.0
            self.rows.add(np.arange(self.options), -_upwards(-cost / unit), -math.inf, limit / unit)

    def _choice(self) -> None:
        for group in self.problem.rules.exclusive:
            self.rows.add(group, 1.0, -math.inf, 1.0)
        for needs, needed in self.problem.rules.prerequisites:
            if needs != needed:
                self.rows.add([needs, needed], [1.0, -1.0], -math.inf, 0.0)

    def _targets(self) -> None:
        # With the slack of the check: what passes there must not be impossible here.
        needed = self.problem.least - self.problem.slack()
        for weights, least in zip(self.problem.weights, needed, strict=True):
            cells = np.flatnonzero(weights > 0)
            if cells.size != 1:
                unit = weights.max(initial=0.0) or 1.0
                self.rows.add(
                    self.z0 + cells, _upwards(weights[cells] / unit), least / unit, math.inf
                )
                continue
            # One cell: exact, y ≥ −ln(1 − T), or the use is ended.
            cell, part = int(cells[0]), least / weights[cells[0]]
            if part > 1:
                self.rows.add([], [], 1.0, math.inf)  # more than there is
            elif part >= 1:
                self.rows.add([self.r0 + cell], [1.0], 1.0, math.inf)
            else:
                level, unit = -math.log1p(-part), self.unit[cell]
                ended = max(level - self.lowest[cell], 0.0) / unit
                ended *= self.problem.ends[:, cell].any()
                self.rows.add(
                    [self.y0 + cell, self.r0 + cell], [1.0, ended], level / unit, math.inf
                )

    def tighten(self, y: Floats) -> bool:
        """Add the tangents at y of every bent cell; False if they are all there."""
        added = [self._tangent(int(cell), float(y[cell])) for cell in self.cells]
        return any(added)

    def exclude(self, chosen: Choice) -> None:
        """Cut off one choice that the solver's tolerance let pass, and no other."""
        signs = np.where(chosen, 1.0, -1.0)
        self.rows.add(np.arange(self.options), signs, -math.inf, float(chosen.sum()) - 1.0)

    def _limits(self) -> tuple[Floats, Floats]:
        """Bounds of the columns."""
        problem, n = self.problem, self.options
        low, high = np.zeros(self.width), np.ones(self.width)
        low[:n][list(problem.rules.required)] = 1.0
        high[:n][~problem.allowed] = 0.0
        low[self.y0 : self.r0] = self.lowest / self.unit
        high[self.y0 : self.r0] = self.highest / self.unit + 1e-9
        bent = np.zeros(problem.worth.size, bool)
        bent[self.cells] = True
        low[self.z0 :] = np.where(bent, -np.inf, 0.0)
        high[self.z0 :] = np.where(bent, 1.0, 0.0)
        return low, high

    def _objective(self) -> Floats:
        """Return what the solver makes small."""
        problem, target = self.problem, np.zeros(self.width)
        target[: self.options] = -problem.gain * self.scale
        target[self.z0 :] = -problem.worth * self.scale
        return target

    def linear(self, seconds: float) -> Solved:
        """Solve the relaxation in parts of options."""
        from scipy.optimize import linprog

        low, high = self._limits()
        if (low > high).any():
            return Solved("infeasible", None, None, -math.inf)
        # One-sided rows, as they all are; without presolve, which takes longer than the rest.
        limits = np.array(self.rows.high)
        floor = np.isinf(limits)
        sign = np.where(floor, -1.0, 1.0)
        matrix = self.rows.matrix(self.width)
        found = linprog(
            self._objective(),
            A_ub=matrix.multiply(sign[:, None]).tocsc(),
            b_ub=np.where(floor, -np.array(self.rows.low), limits),
            bounds=np.stack([low, high], axis=1),
            method="highs-ds",
            options={"presolve": False, "time_limit": max(seconds, 0.05)},
        )
        if found.status != 0:  # a linear programme that is not finished bounds nothing
            status = "infeasible" if found.status == 2 else "stopped"
            return Solved(status, None, None, -math.inf if found.status == 2 else math.inf)
        n = self.options
        price = (found.lower.marginals - found.upper.marginals)[:n] / self.scale
        return Solved("optimal", found.x[:n], found.x[self.y0 : self.r0] * self.unit,
                      float(-found.fun / self.scale), price)  # fmt: skip

    def whole(self, *, gap: float, seconds: float, linear: Solved, least: float) -> Solved:
        """Solve the relaxation in whole options.

        Options whose change costs the linear solution so much that no set with it is better
        than `least` stay as they are there.

        Parameters
        ----------
        gap : float
            Relative gap at which the solver may stop. [1]
        seconds : float
            Time for it. [s]
        linear : Solved
            Solution in parts of options, of this relaxation or of one with fewer tangents.
        least : float
            Objective of a set that is known. [unit of the objective]
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        low, high = self._limits()
        n = self.options
        if linear.x is not None and linear.price is not None and math.isfinite(least):
            margin = SMALLEST_GAP * (abs(linear.bound) + 1.0 / self.scale)
            stays = linear.bound - linear.price + margin < least
            low[:n][stays & (linear.x > 0.5)] = 1.0
            high[:n][stays & (linear.x < 0.5)] = 0.0
        if (low > high).any():
            return Solved("infeasible", None, None, -math.inf)
        integral = np.zeros(self.width)
        integral[:n] = 1.0
        matrix = self.rows.matrix(self.width)
        with solver_silenced():
            found = milp(
                self._objective(),
                integrality=integral,
                bounds=Bounds(low, high),
                constraints=LinearConstraint(matrix, self.rows.low, self.rows.high),
                options={"time_limit": max(seconds, 0.05), "mip_rel_gap": gap, "disp": False},
            )
        status = {0: "optimal", 2: "infeasible"}.get(found.status, "stopped")
        bound = found.get("mip_dual_bound")
        if status == "infeasible" or bound is None or not math.isfinite(bound):
            best = -math.inf if status == "infeasible" else math.inf
        else:
            best = float(-bound / self.scale)
        if found.x is None:
            return Solved(status, None, None, best)
        return Solved(status, found.x[:n], found.x[self.y0 : self.r0] * self.unit, best)
