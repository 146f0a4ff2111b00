"""A set of options put together step by step: what brings most per money first."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.portfolio_problem import Choice, Problem

__all__ = ["improved", "tidy"]


def _saved(y: Floats, ended: NDArray[np.int64]) -> Floats:
    """Work out the saved part of each cell."""
    found: Floats = np.where(ended > 0, 1.0, -np.expm1(-y))
    return found


class _Draft:
    """A choice under construction, with its sums kept up to date."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        rules, size = problem.rules, problem.cost.size
        self.chosen = np.zeros(size, bool)
        self.cost = 0.0
        self.yearly = np.zeros(problem.yearly_budget.size)
        self.y = np.zeros(problem.worth.size)
        self.ended = np.zeros(problem.worth.size, np.int64)
        self.groups: list[list[int]] = [[] for _ in range(size)]
        for number, group in enumerate(rules.exclusive):
            for place in group:
                self.groups[place].append(number)
        self.taken = np.zeros(len(rules.exclusive), np.int64)
        self.needed: list[list[int]] = [[] for _ in range(size)]
        self.needing: list[list[int]] = [[] for _ in range(size)]
        for needs, needed in rules.prerequisites:
            self.needed[needs].append(needed)
            self.needing[needed].append(needs)
        self.bent = bool(problem.worth.any() or problem.names)

    def _bundle(self, option: int) -> list[int]:
        """Return the option with everything it needs that is not chosen yet."""
        if not self.needed[option]:
            return [option]
        found, open_ = [option], [option]
        while open_:
            for each in self.needed[open_.pop()]:
                if not self.chosen[each] and each not in found:
                    found.append(each)
                    open_.append(each)
        return found

    def put(self, options: list[int], sign: int) -> None:
        """Add options (sign 1) or take them out (−1), whatever the constraints."""
        problem = self.problem
        for option in options:
            self.chosen[option] = sign > 0
            for group in self.groups[option]:
                self.taken[group] += sign
            self.cost += sign * float(problem.cost[option])
            self.yearly += sign * problem.yearly[option]
            if self.bent:
                self.y += sign * problem.logs[option]
                self.ended += sign * problem.ends[option]

    def try_add(self, option: int, *, must_gain: bool, ignore_money: bool = False) -> bool:
        """Add an option and what it needs if everything still fits."""
        problem, bundle = self.problem, self._bundle(option)
        if self.chosen[option] or not problem.allowed[bundle].all():
            return False
        groups = [group for each in bundle for group in self.groups[each]]
        if len(set(groups)) < len(groups) or self.taken[groups].any():
            return False
        cost, yearly = self.cost, self.yearly
        for each in bundle:
            cost = cost + float(problem.cost[each])
            yearly = yearly + problem.yearly[each]
        if not ignore_money and not problem.affordable(cost, yearly):
            return False
        if must_gain:
            gain = float(problem.gain[bundle].sum())
            if self.bent:
                before = _saved(self.y, self.ended)
                after = _saved(
                    self.y + problem.logs[bundle].sum(axis=0),
                    self.ended + problem.ends[bundle].sum(axis=0),
                )
                gain += float(problem.worth @ (after - before))
                # A target that is met must stay so.
                missing = problem.short(problem.weights @ after)
                if (missing > problem.short(problem.weights @ before)).any():
                    return False
            if gain <= 0:
                return False
        self.put(bundle, 1)
        return True

    def missing(self) -> Floats:
        """Work out what is missing of each target."""
        return self.problem.short(self.problem.weights @ _saved(self.y, self.ended))

    def gains(self, weights: Floats) -> Floats:
        """Work out what adding each option now would add to Σ weight × saved part."""
        if not weights.any():
            return np.zeros(self.chosen.size)
        left = 1.0 - _saved(self.y, self.ended)
        cells = np.flatnonzero(weights * left)
        part = np.where(
            self.problem.ends[:, cells], 1.0, -np.expm1(-self.problem.logs[:, cells])
        )
        found: Floats = part @ (weights * left)[cells]
        return found

    def losses(self, weights: Floats) -> Floats:
        """Work out what removing each option would take from Σ weight × saved part."""
        cells = np.flatnonzero(weights)
        logs, ends = self.problem.logs[:, cells], self.problem.ends[:, cells]
        without = _saved(self.y[cells] - logs, self.ended[cells] - ends)
        found: Floats = (_saved(self.y, self.ended)[cells] - without) @ weights[cells]
        return found

    def price(self) -> Floats:
        """Work out what each option takes of the budgets, as a part of them."""
        problem = self.problem
        found = np.zeros(self.chosen.size)
        with np.errstate(over="ignore"):
            if 0 < problem.budget < math.inf:
                found += problem.cost / problem.budget
            for year, limit in enumerate(problem.yearly_budget):
                if 0 < limit < math.inf:
                    found += problem.yearly[:, year] / limit
        return found if found.any() else np.maximum(problem.cost, 0.0)

    def cover(self) -> bool:
        """Add options, the most of what is missing per money first, until targets are met."""
        price = np.maximum(self.price(), 0.0)
        while True:
            missing = self.missing()
            if not missing.any():
                return True
            weights = (missing > 0) / np.maximum(missing, 1e-300) @ self.problem.weights
            gains = self.gains(weights)
            gains[self.chosen | ~self.problem.allowed] = 0.0
            with np.errstate(divide="ignore"):
                order = np.argsort(-np.where(gains > 0, gains / (price + 1e-12), -1.0),
                                   kind="stable")  # fmt: skip
            batch = max(1, int((gains > 0).sum()) // 50)
            added = 0
            for option in order[: int((gains > 0).sum())]:
                added += self.try_add(int(option), must_gain=False)
                if added >= batch or (added and not self.missing().any()):
                    break
            if not added:
                return False

    def fill(self) -> None:
        """Add what gains most per money while it fits."""
        price = self.price()
        for _ in range(4):
            gains = self.problem.gain + self.gains(self.problem.worth)
            gains[self.chosen | ~self.problem.allowed] = -1.0
            candidates = np.flatnonzero(gains > 0)
            with np.errstate(divide="ignore"):
                ratio = np.where(price > 0, gains / np.where(price > 0, price, 1.0), np.inf)
            order = candidates[np.lexsort((candidates, -gains[candidates], -ratio[candidates]))]
            costs = self.problem.cost[order].tolist()
            limit = self.problem.budget * (1 + math.copysign(1e-14, self.problem.budget))
            added = False
            for option, cost in zip(order.tolist(), costs, strict=True):
                if self.cost + cost <= limit or self.needed[option]:
                    added |= self.try_add(option, must_gain=True)
            if not added:
                return

    def prune(self) -> None:
        """Leave out, dearest first and then last id first, what can go without loss."""
        problem = self.problem
        required = np.zeros(self.chosen.size, bool)
        required[list(problem.rules.required)] = True
        worse = problem.gain + self.losses(problem.worth)
        places = np.flatnonzero(self.chosen & ~required & (worse <= 0))
        for option in places[np.lexsort((-places, -problem.cost[places]))].tolist():
            if any(self.chosen[each] for each in self.needing[option] if each != option):
                continue
            loss = float(problem.gain[option])
            y, ended = self.y - problem.logs[option], self.ended - problem.ends[option]
            after = _saved(y, ended)
            loss += float(problem.worth @ (_saved(self.y, self.ended) - after))
            if loss > 0 or problem.short(problem.weights @ after).any():
                continue
            cost = self.cost - float(problem.cost[option])
            if problem.affordable(cost, self.yearly - problem.yearly[option]):
                self.put([option], -1)


def improved(problem: Problem, start: Choice, *, careful: bool = False) -> Choice | None:
    """Make a set that fits from `start` (as far as its options go together), and fill it up.

    Parameters
    ----------
    problem : Problem
        What to choose.
    start : array of bool
        Options to begin with.
    careful : bool
        Whether the budgets are already a little smaller than allowed. [-]

    Returns
    -------
    array of bool or None
        The set; None where the targets are not reached.
    """
    bounded, years = problem.budget < math.inf, np.isfinite(problem.yearly_budget)
    draft = _Draft(problem)
    for option in problem.rules.required:
        draft.try_add(option, must_gain=False, ignore_money=True)
    for option in np.flatnonzero(start).tolist():
        draft.try_add(option, must_gain=False)
    if not draft.cover():
        return None
    draft.prune()
    draft.fill()
    # The sums of the draft carry rounding; the finished choice is checked from the beginning.
    if problem.fits(draft.chosen):
        return draft.chosen
    if careful:
        return None
    less = replace(
        problem, budget=problem.budget - 1e-11 * abs(problem.budget) if bounded else math.inf,
        yearly_budget=np.where(years, problem.yearly_budget * (1 - 1e-11), math.inf),
    )  # fmt: skip
    return improved(less, start, careful=True)


def tidy(problem: Problem, chosen: Choice) -> Choice:
    """Leave out of a set that fits what can go without loss.

    Parameters
    ----------
    problem : Problem
        What to choose.
    chosen : array of bool
        The set.
    """
    draft = _Draft(problem)
    draft.put(np.flatnonzero(chosen).tolist(), 1)
    draft.prune()
    better = problem.fits(draft.chosen) and (
        problem.objective(draft.chosen) >= problem.objective(chosen)
    )
    return draft.chosen if better else chosen
