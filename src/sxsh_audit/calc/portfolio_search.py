"""The search for the best set: greedy with a certified bound, exact, and why there is none."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.choices import Constraint, ConstraintKind
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.portfolio_model import SMALLEST_GAP, Choice, Problem, Relaxation, Solved

__all__ = ["Answer", "best_set", "conflict_of"]

#: Rounds of tangents on the linear relaxation before whole options are asked for.
_ROUNDS = 8
#: Gap above which a second greedy start is tried.
_FAIR = 1e-3
#: A part of an option above this counts as whole.
_WHOLE = 1 - 1e-6


class Answer(NamedTuple):
    """What a search found."""

    chosen: Choice | None
    """The best set found; None if none was."""
    bound: float
    """No set has a larger objective."""
    impossible: bool
    """Whether it is proven that no set holds the constraints."""


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

    def saved(self, y: Floats, ended: NDArray[np.int64]) -> Floats:
        """Work out the saved part of each cell."""
        found: Floats = np.where(ended > 0, 1.0, -np.expm1(-y))
        return found

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

    def _set(self, options: list[int], sign: int) -> None:
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
                before = self.saved(self.y, self.ended)
                after = self.saved(
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
        self._set(bundle, 1)
        return True

    def missing(self) -> Floats:
        """Work out what is missing of each target."""
        return self.problem.short(self.problem.weights @ self.saved(self.y, self.ended))

    def gains(self, weights: Floats) -> Floats:
        """Work out what adding each option now would add to Σ weight × saved part."""
        if not weights.any():
            return np.zeros(self.chosen.size)
        left = 1.0 - self.saved(self.y, self.ended)
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
        without = self.saved(self.y[cells] - logs, self.ended[cells] - ends)
        found: Floats = (self.saved(self.y, self.ended)[cells] - without) @ weights[cells]
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
            after = self.saved(y, ended)
            loss += float(problem.worth @ (self.saved(self.y, self.ended) - after))
            if loss > 0 or problem.short(problem.weights @ after).any():
                continue
            cost = self.cost - float(problem.cost[option])
            if problem.affordable(cost, self.yearly - problem.yearly[option]):
                self._set([option], -1)


def _improved(problem: Problem, start: Choice, *, careful: bool = False) -> Choice | None:
    """Make a set that fits from `start` (as far as its options go together), and fill it up."""
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
    return _improved(less, start, careful=True)


def _tidy(problem: Problem, chosen: Choice) -> Choice:
    """Leave out of a set that fits what can go without loss."""
    draft = _Draft(problem)
    draft._set(np.flatnonzero(chosen).tolist(), 1)
    draft.prune()
    better = problem.fits(draft.chosen) and (
        problem.objective(draft.chosen) >= problem.objective(chosen)
    )
    return draft.chosen if better else chosen


class _Best:
    """The best set so far and the smallest proven bound."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.chosen: Choice | None = None
        self.value = -math.inf
        self.bound = math.inf

    def offer(self, chosen: Choice | None) -> None:
        """Keep a set that fits if it is better."""
        if chosen is not None and self.problem.fits(chosen):
            value = self.problem.objective(chosen)
            if value > self.value:
                self.chosen, self.value = chosen.copy(), value

    def lower(self, bound: float) -> None:
        """Lower the bound."""
        self.bound = min(self.bound, bound)

    def gap(self) -> float:
        """Relative gap between the best and the bound."""
        if self.chosen is None:
            return math.inf
        return self.problem.distance(self.chosen, self.bound)

    def answer(self, *, impossible: bool = False) -> Answer:
        """Return the outcome."""
        chosen = None if self.chosen is None else _tidy(self.problem, self.chosen)
        value = -math.inf if chosen is None else self.problem.objective(chosen)
        return Answer(chosen, max(self.bound, value), impossible and chosen is None)


def _linear(relaxation: Relaxation, gap: float, ends: float) -> Solved:
    """Solve the linear relaxation, tangents added where the solution lies."""
    last = math.inf
    for _ in range(_ROUNDS):
        found = relaxation.linear(ends - time.monotonic())
        if found.y is None or not relaxation.cells.size:
            return found
        near = abs(last - found.bound) <= gap * abs(found.bound) / 10
        if near or not relaxation.tighten(found.y) or time.monotonic() > ends:
            return found
        last = found.bound
    return found


def best_set(problem: Problem, *, exact: bool, gap: float, seconds: float) -> Answer:
    """Search for the set with the largest objective.

    Parameters
    ----------
    problem : Problem
        What to choose.
    exact : bool
        Whether to search until the gap is proven; else one set with a bound, if there is one.
    gap : float
        Relative gap at which to stop. [1]
    seconds : float
        Time for the search. [s]

    Returns
    -------
    Answer
        The set and its bound.

    Notes
    -----
    Every bound comes from a relaxation, every set is checked against the constraints
    themselves; the solver's tolerances can cost time but no truth.
    """
    ends = time.monotonic() + seconds
    gap = max(gap, SMALLEST_GAP)
    best = _Best(problem)
    if not problem.cost.size:  # the solver wants a column
        best.offer(np.zeros(0, bool))
        best.lower(0.0)
        return best.answer(impossible=True)
    relaxation = Relaxation(problem)
    linear = _linear(relaxation, gap, ends)
    if linear.status == "infeasible":
        return Answer(None, -math.inf, True)
    best.lower(linear.bound)
    if linear.x is not None:
        best.offer(_improved(problem, linear.x >= _WHOLE))
    if best.chosen is None or best.gap() > _FAIR:
        best.offer(_improved(problem, np.zeros(problem.cost.size, bool)))
    if best.gap() <= gap or (not exact and best.chosen is not None):
        return best.answer()
    # Where nothing is bent the model is the truth; else the tangents take their part of the gap.
    precision = gap / 4 if relaxation.cells.size else gap * 0.9
    before: Choice | None = None
    while time.monotonic() < ends:
        least = best.value
        found = relaxation.whole(
            gap=precision, seconds=ends - time.monotonic(), linear=linear, least=least
        )
        if found.status == "infeasible":
            # What was cut off before and fits is the best there is.
            best.lower(best.value)
            return best.answer(impossible=True)
        best.lower(max(found.bound, least))
        if found.x is None or found.y is None:
            break
        chosen = found.x > 0.5
        fits = problem.fits(chosen)
        best.offer(chosen if fits else _improved(problem, chosen))
        if best.gap() <= gap or found.status == "stopped":
            break
        tighter = relaxation.tighten(problem.logs[chosen].sum(axis=0))
        tighter |= relaxation.tighten(found.y)
        if not tighter or (before is not None and (before == chosen).all()):
            if fits:
                break  # the model is exact here: only the solver's rounding is left
            relaxation.exclude(chosen)
        before = chosen
    return best.answer()


def _possible(problem: Problem, seconds: float) -> bool:
    """Whether any set holds the constraints; what is not decided in time counts as possible."""
    none = replace(
        problem, gain=np.zeros_like(problem.gain), worth=np.zeros_like(problem.worth)
    )
    return not best_set(none, exact=True, gap=1.0, seconds=seconds).impossible


def conflict_of(problem: Problem, seconds: float) -> tuple[Constraint, ...]:
    """Find constraints that cannot hold together while any of them left out makes it possible.

    Parameters
    ----------
    problem : Problem
        One that is proven to be impossible.
    seconds : float
        Time for all searches; when it is over, what is not decided stays in the conflict. [s]

    Returns
    -------
    tuple of Constraint
        The conflict.

    Notes
    -----
    Whole kinds are tried first, then halves of what remains (QuickXplain), so that a thousand
    constraints cost few searches.
    """
    ends = time.monotonic() + seconds

    def impossible(kept: list[Constraint]) -> bool:
        left = ends - time.monotonic()
        return left > 0 and not _possible(problem.with_only(kept), left)

    names = list(dict.fromkeys(problem.constraints()))
    for kind in ConstraintKind:
        fewer = [name for name in names if name.kind is not kind]
        if len(fewer) < len(names) and impossible(fewer):
            names = fewer

    def explain(background: list[Constraint], changed: bool,
                open_: list[Constraint]) -> list[Constraint]:  # fmt: skip
        if changed and impossible(background):
            return []
        if len(open_) <= 1:
            return open_
        half = len(open_) // 2
        first, second = open_[:half], open_[half:]
        # Those that a conflict should name come last and are taken as given first.
        upper = explain(background + second, bool(second), first)
        lower = explain(background + upper, bool(upper), second)
        return upper + lower

    found = explain([], False, names)
    order = {name: place for place, name in enumerate(names)}
    return tuple(sorted(found, key=order.__getitem__, reverse=True))
