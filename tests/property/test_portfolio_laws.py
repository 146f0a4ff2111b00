"""Laws of the best set: equal to trying every set, whatever the constraints."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.choices import check_choice
from sxsh_audit.calc.frontier import cost_frontier
from sxsh_audit.calc.portfolio import Target, select_options

MOST = 8


@st.composite
def portfolios(draw: st.DrawFn) -> dict[str, Any]:
    """A choice of up to eight options with everything that can bind them."""
    size, cells = draw(st.integers(1, MOST)), draw(st.integers(1, 3))

    def amount(most: int) -> st.SearchStrategy[float]:
        return st.integers(0, most * 1000).map(lambda thousandths: thousandths / 1000)

    def column(values: st.SearchStrategy[float], *shape: int) -> np.ndarray:
        count = math.prod(shape)
        return np.array(draw(st.lists(values, min_size=count, max_size=count))).reshape(shape)

    def ids(least: int, most: int) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True)

    names = draw(st.permutations([f"GP{number}" for number in range(size)]))
    money = st.one_of(st.integers(0, 100).map(float), amount(100), st.just(-5.0))
    fraction = st.sampled_from([0.0, 0.0, 0.02, 0.05, 0.1, 0.3, 0.5, 1.0, -0.1])
    cost = column(money, size)
    found: dict[str, Any] = {
        "cost": cost, "value": column(amount(120), size) - 20, "option_ids": names,
        "fractions": column(fraction, size, cells), "worth": column(amount(200), cells),
    }  # fmt: skip
    if draw(st.booleans()):
        found["budget"] = draw(amount(1)) * float(np.abs(cost).sum())
    if draw(st.booleans()):
        found["yearly_cost"] = np.stack([cost * 0.4, cost * 0.6], axis=1)
        found["yearly_budget"] = column(amount(200), 2)
    if draw(st.booleans()):
        weights = column(amount(1), cells)
        least = draw(amount(1)) * float(weights.sum()) * draw(st.sampled_from([0.2, 1.0]))
        found["targets"] = [Target("coal", weights, least)]
        if draw(st.booleans()):
            one = np.eye(cells)[0]
            found["targets"].append(Target("first cell", one, draw(st.sampled_from([0.1, 0.5]))))
    if size > 1 and draw(st.booleans()):
        found["exclusive"] = [draw(ids(2, 3))]
    if size > 1 and draw(st.booleans()):
        found["prerequisites"] = [tuple(draw(ids(2, 2))) for _ in range(draw(st.integers(1, 2)))]
    if draw(st.integers(0, 4)) == 0:
        found["required"] = draw(ids(1, 1))
    return found


def every_set(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Every set that holds the constraints, with its figures: products, no logarithms."""
    size = len(case["cost"])
    rules = {key: case[key] for key in ("exclusive", "prerequisites", "required") if key in case}
    found = []
    for number in range(2**size):
        chosen = np.array([number >> bit & 1 for bit in range(size)], bool)
        if check_choice(chosen, case["option_ids"], **rules):
            continue
        cost = math.fsum(case["cost"][chosen])
        saved = 1 - np.prod(1 - case["fractions"][chosen], axis=0)
        if cost > case.get("budget", math.inf) + 1e-9:
            continue
        if "yearly_cost" in case:
            years = case["yearly_cost"][chosen].sum(axis=0)
            if (years > case["yearly_budget"] + 1e-9).any():
                continue
        if any(each.weights @ saved < each.least - 1e-9 for each in case.get("targets", ())):
            continue
        value = math.fsum(case["value"][chosen]) + float(case["worth"] @ saved)
        found.append({"chosen": chosen, "cost": cost, "value": value})
    return found


def near(found: float, best: float, scale: float) -> bool:
    return found == pytest.approx(best, rel=1e-6, abs=1e-7 * scale)


@settings(max_examples=60, deadline=None)
@given(portfolios(), st.sampled_from(["value", "cost"]))
def test_the_best_set_is_the_best_of_all_sets(case: dict[str, Any], objective: str) -> None:
    sets = every_set(case)
    found = select_options(**case, objective=objective, gap=1e-7)
    if found.status == "infeasible":
        assert not sets
        assert found.conflict
        return
    assert found.status == "optimal"
    best = (max if objective == "value" else min)(each[objective] for each in sets)
    scale = float(np.abs(case["cost"]).sum() + np.abs(case["value"]).sum() + case["worth"].sum())
    assert near(found.value, best, scale + 1)
    same = [each for each in sets if (each["chosen"] == found.chosen).all()]
    assert same  # it holds the constraints
    assert near(found.value, same[0][objective], scale + 1)
    worst = found.bound - best if objective == "value" else best - found.bound
    assert worst >= -1e-6 * (scale + 1)  # the bound is one


@settings(max_examples=60, deadline=None)
@given(portfolios(), st.sampled_from(["value", "cost"]))
def test_greedy_holds_its_constraints_and_its_bound(case: dict[str, Any], objective: str) -> None:
    sets = every_set(case)
    found = select_options(**case, objective=objective, method="greedy")
    if found.status == "infeasible":
        assert not sets
        return
    best = (max if objective == "value" else min)(each[objective] for each in sets)
    assert any((each["chosen"] == found.chosen).all() for each in sets)
    scale = float(np.abs(case["cost"]).sum() + np.abs(case["value"]).sum() + case["worth"].sum())
    sign = 1 if objective == "value" else -1
    assert sign * (best - found.value) >= -1e-9 * (scale + 1)
    assert sign * (found.bound - best) >= -1e-6 * (scale + 1)
    exact = select_options(**case, objective=objective, gap=1e-7)
    assert sign * (exact.value - found.value) >= -1e-6 * (scale + 1)


@settings(max_examples=40, deadline=None)
@given(portfolios(), st.data())
def test_the_order_of_the_rows_decides_nothing(case: dict[str, Any], data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(case["cost"])))))
    other = dict(case)
    for name in ("cost", "value", "fractions", "yearly_cost"):
        if name in case:
            other[name] = case[name][order]
    other["option_ids"] = [case["option_ids"][place] for place in order]
    first, second = select_options(**case), select_options(**other)
    assert first.ids == second.ids
    assert first.status == second.status
    assert first.conflict == second.conflict
    assert (first.chosen[order] == second.chosen).all()


@settings(max_examples=40, deadline=None)
@given(portfolios(), st.sampled_from([1e-3, 25_000.0, 1e11]))
def test_the_currency_decides_nothing(case: dict[str, Any], rate: float) -> None:
    other = dict(case)
    for name in ("cost", "value", "worth", "yearly_cost", "yearly_budget", "budget"):
        if name in case:
            other[name] = case[name] * rate
    first, second = (select_options(**each, gap=1e-7) for each in (case, other))
    assert first.status == second.status
    scale = float(np.abs(case["value"]).sum() + case["worth"].sum()) + 1
    if first.status == "optimal":
        assert second.value == pytest.approx(first.value * rate, rel=1e-6, abs=1e-7 * scale * rate)


@settings(max_examples=40, deadline=None)
@given(portfolios(), st.floats(0, 100))
def test_more_money_is_never_worse(case: dict[str, Any], more: float) -> None:
    case.setdefault("budget", 50.0)
    first = select_options(**case, gap=1e-7)
    second = select_options(**case | {"budget": case["budget"] + more}, gap=1e-7)
    if first.status == "optimal":
        scale = float(np.abs(case["value"]).sum() + case["worth"].sum()) + 1
        assert second.status == "optimal"
        assert second.value >= first.value - 1e-6 * scale


@settings(max_examples=40, deadline=None)
@given(portfolios())
def test_a_conflict_cannot_be_met_and_none_of_it_can_be_spared(case: dict[str, Any]) -> None:
    case["required"] = case["option_ids"][:2]
    found = select_options(**case)
    if found.status != "infeasible":
        return

    def only(kept: tuple[Any, ...]) -> dict[str, Any]:
        """Hold the constraints that are named, and no others."""
        kinds = {kind: [each.about for each in kept if each.kind == kind]
                 for kind in ("exclusive", "prerequisite", "required", "year", "target", "budget")}
        named = {name for (name,) in kinds["target"]}
        held = {key: case[key] for key in ("cost", "value", "fractions", "worth", "option_ids")}
        held |= {"exclusive": kinds["exclusive"], "prerequisites": kinds["prerequisite"]}
        held |= {"required": [name for (name,) in kinds["required"]]}
        held |= {"targets": [each for each in case.get("targets", ()) if each.name in named]}
        if kinds["budget"]:
            held["budget"] = case["budget"]
        if kinds["year"]:
            held["yearly_cost"] = case["yearly_cost"]
            years = [(year,) in kinds["year"] for year in range(2)]
            held["yearly_budget"] = np.where(years, case["yearly_budget"], np.inf)
        return held

    assert not every_set(only(found.conflict))
    for spared in found.conflict:
        assert every_set(only(tuple(each for each in found.conflict if each != spared)))


@settings(max_examples=30, deadline=None)
@given(portfolios(), st.integers(2, 6))
def test_no_set_is_cheaper_than_the_frontier(case: dict[str, Any], points: int) -> None:
    weights = case["worth"] / max(float(case["worth"].sum()), 1.0)
    rules = {key: each for key, each in case.items() if key not in ("value", "worth")}
    found = cost_frontier(**rules, weights=weights, points=points)
    sets = every_set(case)
    assert bool(sets) == bool(found.cost.size)
    if not sets:
        return
    saved = [1 - np.prod(1 - case["fractions"][each["chosen"]], axis=0) for each in sets]
    saving = np.array([weights @ each for each in saved])
    cost = np.array([each["cost"] for each in sets])
    scale = float(np.abs(case["cost"]).sum()) + 1
    assert found.saving[-1] >= saving.max() - 2e-6 * weights.sum()
    assert found.cost[0] == pytest.approx(cost.min(), abs=1e-4 * scale)
    assert (np.diff(found.saving) > 0).all()
    assert (np.diff(found.cost) >= -2e-4 * scale).all()
    for price, bound, reached in zip(found.cost, found.bound, found.saving, strict=True):
        assert bound <= price
        # What saves as much costs at least the bound.
        assert cost[saving >= reached + 1e-9].min(initial=np.inf) >= bound - 1e-6 * scale
