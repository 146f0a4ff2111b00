"""The choice of a set of options in numbers: what it brings, what it needs, what it truly holds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.choices import ChoiceRules, Constraint, ConstraintKind
from sxsh_audit.calc.domain import Floats

__all__ = ["SMALLEST_GAP", "Choice", "Problem"]

#: The solver proves no relative gap below its own rounding.
SMALLEST_GAP = 1e-7

#: Rounding of a saving that the check of a finished choice allows, relative.
_ROUNDING = 1e-12

#: Rounding of a sum of money: less than one đồng in 10¹³.
_MONEY = 1e-14

Choice = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """What to choose: options sorted by id, only the cells that matter, the objective upwards."""

    cost: Floats
    """Cost. [money]"""
    gain: Floats
    """What each option adds to the objective by itself. [unit of the objective]"""
    worth: Floats
    """What the whole of each cell is worth to the objective. [unit of the objective]"""
    logs: Floats
    """−ln(1 − s), 0 where the option ends the use; (options, cells). [1]"""
    ends: Choice
    """Where the option ends the use; (options, cells)."""
    rules: ChoiceRules
    """Exclusive groups, prerequisites, must-haves by position."""
    allowed: Choice
    """Options whose figures are known."""
    budget: float
    """Most that may be spent; infinite without a budget. [money]"""
    yearly: Floats
    """Cost by year; (options, years). [money]"""
    yearly_budget: Floats
    """Most that may be spent in each year. [money]"""
    names: tuple[str, ...]
    """Names of the targets."""
    weights: Floats
    """Weights of the cells in each target; (targets, cells)."""
    least: Floats
    """Least that each target asks for."""

    def savings(self, chosen: Choice) -> Floats:
        """Work out the saved part of each cell [1]."""
        saved: Floats = -np.expm1(-self.logs[chosen].sum(axis=0))
        return np.where(self.ends[chosen].any(axis=0), 1.0, saved)

    def objective(self, chosen: Choice) -> float:
        """Value of the objective of a choice."""
        return math.fsum([*self.gain[chosen], *(self.worth * self.savings(chosen))])

    def distance(self, chosen: Choice, bound: float) -> float:
        """Gap of a choice to a bound, relative to its objective; 0 within the solver's rounding.

        Parameters
        ----------
        chosen : array of bool
            The choice. [-]
        bound : float
            Proven bound. [unit of the objective]
        """
        value = self.objective(chosen)
        largest = max(np.abs(self.gain).max(initial=0.0), self.worth.max(initial=0.0))
        difference = max(bound - value, 0.0)
        if difference <= SMALLEST_GAP / 10 * float(largest):
            return 0.0
        return difference / abs(value) if value else math.inf

    def spent(self, chosen: Choice) -> float:
        """Cost of a choice [money]."""
        return math.fsum(self.cost[chosen])

    def reached(self, chosen: Choice) -> Floats:
        """Work out what a choice reaches of each target."""
        found: Floats = self.weights @ self.savings(chosen)
        return found

    def slack(self) -> Floats:
        """Work out what of each target may be missing as rounding."""
        found: Floats = _ROUNDING * np.maximum(np.abs(self.least), self.weights.sum(axis=1))
        return found

    def short(self, reached: Floats) -> Floats:
        """Work out what is missing of each target, 0 where it is met within rounding."""
        slack = self.slack()
        missing = self.least - reached
        return np.where(missing > slack, missing, 0.0)

    def affordable(self, cost: float, yearly: Floats) -> bool:
        """Whether sums of cost fit the budgets within rounding.

        Parameters
        ----------
        cost : float
            Cost of all. [money]
        yearly : array, shape (years,)
            Cost of each year. [money]
        """
        room = self.budget + _MONEY * abs(self.budget)
        years = self.yearly_budget + _MONEY * np.abs(self.yearly_budget)
        return cost <= room and bool((yearly <= years).all())

    def fits(self, chosen: Choice) -> bool:
        """Whether a choice truly holds every constraint."""
        rules = self.rules
        if (chosen & ~self.allowed).any() or not all(chosen[each] for each in rules.required):
            return False
        if any(chosen[group].sum() > 1 for group in rules.exclusive):
            return False
        if any(chosen[needs] and not chosen[needed] for needs, needed in rules.prerequisites):
            return False
        yearly = np.array([math.fsum(column) for column in self.yearly[chosen].T])
        enough = not self.short(self.reached(chosen)).any()
        return enough and self.affordable(self.spent(chosen), yearly)

    def constraints(self) -> list[Constraint]:
        """Name every constraint, those first that a conflict should rather not name."""
        rules = self.rules
        found = [rules.exclusive_constraint(each) for each in range(len(rules.exclusive))]
        found += [rules.prerequisite_constraint(each) for each in range(len(rules.prerequisites))]
        found += [Constraint(ConstraintKind.KNOWN, (rules.ids[each],))
                  for each in np.flatnonzero(~self.allowed)]  # fmt: skip
        found += [Constraint(ConstraintKind.REQUIRED, (rules.ids[each],))
                  for each in rules.required]  # fmt: skip
        found += [Constraint(ConstraintKind.YEAR, (year,))
                  for year in np.flatnonzero(np.isfinite(self.yearly_budget)).tolist()]  # fmt: skip
        found += [Constraint(ConstraintKind.BUDGET, ())] * (self.budget < math.inf)
        return found + [Constraint(ConstraintKind.TARGET, (name,)) for name in self.names]

    def with_only(self, kept: list[Constraint]) -> Problem:
        """Return the problem with the named constraints and no others."""
        rules, names = self.rules, set(kept)

        def has(kind: ConstraintKind, *about: object) -> bool:
            return Constraint(kind, about) in names

        targets = [has(ConstraintKind.TARGET, name) for name in self.names]
        years = [has(ConstraintKind.YEAR, year) for year in range(self.yearly_budget.size)]
        return replace(
            self,
            rules=ChoiceRules(
                rules.ids,
                tuple(group for place, group in enumerate(rules.exclusive)
                      if rules.exclusive_constraint(place) in names),
                tuple(pair for place, pair in enumerate(rules.prerequisites)
                      if rules.prerequisite_constraint(place) in names),
                tuple(each for each in rules.required
                      if has(ConstraintKind.REQUIRED, rules.ids[each])),
            ),
            allowed=self.allowed | np.array(
                [not has(ConstraintKind.KNOWN, name) for name in rules.ids], bool),
            budget=self.budget if has(ConstraintKind.BUDGET) else math.inf,
            yearly_budget=np.where(years, self.yearly_budget, math.inf),
            names=tuple(name for name, kept_ in zip(self.names, targets, strict=True) if kept_),
            weights=self.weights[targets], least=self.least[targets],
        )  # fmt: skip
