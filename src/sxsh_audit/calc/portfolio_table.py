"""Options, budgets and targets as given, checked and put in order for the search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.choices import choice_rules
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.interactions import log_remainders
from sxsh_audit.calc.portfolio_problem import Problem
from sxsh_audit.language.formatting import Language

__all__ = ["Table", "Target", "problem_table"]


class Target(NamedTuple):
    """What a set has to reach: Σ weight × saved part of the cells ≥ least."""

    name: str
    """Name, for the answer."""
    weights: Any
    """Weight of each cell, ≥ 0: its share of the use of a resource, or its cost."""
    least: float
    """Least that is asked for, in the unit of the weights."""


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


def _key(name: Any) -> tuple[str, Any]:
    """Sort numbers among themselves and texts among themselves."""
    return ("", name) if isinstance(name, int | float | np.number) else ("text", str(name))


class Table(NamedTuple):
    """The problem and how its options relate to the rows as given."""

    problem: Problem
    order: NDArray[np.intp]
    left_out: tuple[Any, ...]


def problem_table(
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
) -> Table:
    """Check what is given and sort the options by id.

    Parameters
    ----------
    cost, value, fractions, worth, budget, targets, objective, yearly_cost, yearly_budget
        As in :func:`~sxsh_audit.calc.portfolio.select_options`.
    exclusive, prerequisites, required, option_ids, language
        As in :func:`~sxsh_audit.calc.portfolio.select_options`.
    """
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
    return Table(problem, order, tuple(rules.ids[place] for place in np.flatnonzero(~known)))
