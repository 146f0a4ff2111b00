"""The search for the best set: greedy with a certified bound, exact, and why there is none."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sxsh_audit.calc.choices import Constraint, ConstraintKind
from sxsh_audit.calc.portfolio_greedy import improved, tidy
from sxsh_audit.calc.portfolio_model import Relaxation, Solved
from sxsh_audit.calc.portfolio_problem import SMALLEST_GAP, Choice, Problem

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
        chosen = None if self.chosen is None else tidy(self.problem, self.chosen)
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
        best.offer(improved(problem, linear.x >= _WHOLE))
    if best.chosen is None or best.gap() > _FAIR:
        best.offer(improved(problem, np.zeros(problem.cost.size, bool)))
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
        best.offer(chosen if fits else improved(problem, chosen))
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
