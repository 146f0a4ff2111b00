"""The best set: hand calculations, why there is none, unknown figures, silence."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest

from sxsh_audit.calc.choices import Constraint, ConstraintKind
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.frontier import cost_frontier
from sxsh_audit.calc.portfolio import Target, select_options

NAN = math.nan
KINDS = ConstraintKind


def test_the_best_under_a_budget_is_not_the_best_by_ratio() -> None:
    # By ratio A (6), B (5), C (4): A and B bring 160 for 30, and C has no room. B and C bring 220.
    found = select_options([10.0, 20.0, 30.0], [60.0, 100.0, 120.0], budget=50.0,
                           option_ids=["A", "B", "C"])  # fmt: skip
    assert found.ids == ("B", "C")
    assert (found.value, found.cost, found.status) == (220.0, 50.0, "optimal")


def test_the_cheapest_set_for_eight_percent() -> None:
    # Boiler 60 % of the coal: 10 % and 8 % of it are 6 % and 4.8 %, together
    # 0.6 × (1 − 0.9 × 0.92) = 10.32 %; drying 40 %: 10 % is 4 %. A and C: 10 %, cost 50.
    fractions = [[0.10, 0.0], [0.08, 0.0], [0.0, 0.10]]
    target = Target("coal", [0.6, 0.4], 0.08)
    found = select_options([30.0, 40.0, 20.0], fractions=fractions, targets=[target],
                           objective="cost", option_ids=["A", "B", "C"])  # fmt: skip
    assert (found.ids, found.cost) == (("A", "C"), 50.0)
    assert found.reached["coal"] == pytest.approx(0.10)
    # By the plain sum B and C reach 8.8 %; they do here too, and cost 60: dearer.
    higher = Target("coal", [0.6, 0.4], 0.103)
    found = select_options([30.0, 40.0, 20.0], fractions=fractions, targets=[higher],
                           objective="cost", option_ids=["A", "B", "C"])  # fmt: skip
    assert found.ids == ("A", "B")


def test_savings_that_overlap_are_not_worth_their_sum() -> None:
    # Each saves 60 of 100 for 45. Alone +15; together 84 − 90 = −6: only one is worth it.
    found = select_options([45.0, 45.0], [-45.0, -45.0], fractions=[[0.6], [0.6]], worth=[100.0])
    assert found.chosen.sum() == 1
    assert found.value == pytest.approx(15.0)


def test_a_use_that_is_ended_counts_once() -> None:
    fractions, worth = [[1.0, 0.0], [1.0, 0.0], [0.5, 0.3]], [10.0, 10.0]
    found = select_options([4.0, 5.0, 2.0], [-4.0, -5.0, -2.0], fractions=fractions, worth=worth)
    assert found.ids == (0, 2)  # 10 + 3 − 6 = 7; 0 alone 6, 2 alone 6
    assert found.value == pytest.approx(7.0)
    all_of_it = Target("boiler", [1.0, 0.0], 1.0)
    found = select_options([4.0, 5.0, 2.0], fractions=fractions, targets=[all_of_it],
                           objective="cost")  # fmt: skip
    assert (found.ids, found.status) == ((0,), "optimal")


def test_yearly_budgets_bind_year_by_year() -> None:
    yearly = [[10.0, 0.0], [10.0, 0.0], [0.0, 15.0]]
    found = select_options([10.0, 10.0, 15.0], [5.0, 6.0, 4.0], yearly_cost=yearly,
                           yearly_budget=[10.0, 15.0])  # fmt: skip
    assert found.ids == (1, 2)


def test_a_prerequisite_is_bought_with_what_needs_it() -> None:
    rules = {"prerequisites": [("B", "A")], "option_ids": ["A", "B", "C"]}
    found = select_options([5.0, 5.0, 8.0], [-1.0, 9.0, 7.0], budget=10.0, **rules)
    assert found.ids == ("A", "B")
    found = select_options([5.0, 6.0, 8.0], [-1.0, 9.0, 7.0], budget=10.0, **rules)
    assert found.ids == ("C",)


def test_options_with_an_unknown_figure_are_left_out_and_listed() -> None:
    found = select_options([1.0, NAN, 1.0, math.inf], [1.0, 9.0, NAN, 9.0], option_ids=list("DCBA"))
    assert (found.ids, found.left_out) == (("D",), ("A", "B", "C"))
    # A cell that nobody asks for need not be known.
    found = select_options([1.0], [0.0], fractions=[[0.1, NAN]], worth=[20.0, 0.0])
    assert found.left_out == ()
    found = select_options([1.0, NAN], [1.0, 1.0], required=[1])
    assert found.status == "infeasible"
    assert set(found.conflict) == {Constraint(KINDS.REQUIRED, (1,)), Constraint(KINDS.KNOWN, (1,))}


def test_no_options_and_no_constraints() -> None:
    found = select_options([], [])
    assert (found.ids, found.value, found.status) == ((), 0.0, "optimal")


def test_what_can_go_without_loss_is_not_chosen() -> None:
    target = Target("water", [1.0], 0.1)
    found = select_options([0.0, 5.0, 0.0], fractions=[[0.05], [0.1], [0.0]], targets=[target],
                           objective="cost")  # fmt: skip
    assert found.ids == (1,)


COAL = {
    "cost": [100.0, 200.0, 50.0], "fractions": [[0.05], [0.06], [0.02]], "objective": "cost",
    "option_ids": ["A", "B", "C"],
}  # fmt: skip
EIGHT = Target("coal", [1.0], 0.08)


def test_a_conflict_of_budget_and_target() -> None:
    # B and C are the cheapest 8 % short (7.88 %); A and B give 10.7 % for 300.
    found = select_options(**COAL, targets=[EIGHT], budget=250.0)
    assert (found.status, found.ids, found.chosen.any()) == ("infeasible", (), False)
    assert set(found.conflict) == {(KINDS.BUDGET, ()), (KINDS.TARGET, ("coal",))}
    assert found.reached["coal"] == pytest.approx(1 - 0.95 * 0.94 * 0.98)
    assert found.within_budget["coal"] == pytest.approx(1 - 0.94 * 0.98)  # 250: B and C
    assert math.isnan(found.cost)
    assert select_options(**COAL, targets=[EIGHT], budget=300.0).ids == ("A", "B")


def test_a_target_beyond_all_options_conflicts_alone() -> None:
    far = Target("coal", [1.0], 0.13)
    found = select_options(**COAL, targets=[far, Target("other", [1.0], 0.01)], budget=1e6)
    assert found.conflict == (Constraint(KINDS.TARGET, ("coal",)),)
    assert found.reached["coal"] == pytest.approx(0.12486)
    more = Target("coal", [1.0], 1.5)  # than there is
    assert select_options(**COAL, targets=[more]).conflict == found.conflict


@pytest.mark.parametrize(
    ("rules", "conflict"),
    [
        (
            {"required": ["A", "B"], "exclusive": [("A", "B", "C")], "budget": 1e6},
            {(KINDS.REQUIRED, ("A",)), (KINDS.REQUIRED, ("B",)),
             (KINDS.EXCLUSIVE, ("A", "B", "C"))},
        ),
        (
            {"required": ["A"], "prerequisites": [("A", "B")], "budget": 250.0},
            {(KINDS.REQUIRED, ("A",)), (KINDS.PREREQUISITE, ("A", "B")), (KINDS.BUDGET, ())},
        ),
        (
            {"required": ["A"], "yearly_cost": [[10.0, 90.0], [0, 0], [0, 0]],
             "yearly_budget": [10.0, 80.0]},
            {(KINDS.REQUIRED, ("A",)), (KINDS.YEAR, (1,))},
        ),
        (
            {"targets": [EIGHT], "exclusive": [("A", "B")]},
            {(KINDS.TARGET, ("coal",)), (KINDS.EXCLUSIVE, ("A", "B"))},
        ),
    ],
)  # fmt: skip
def test_a_conflict_names_all_that_is_in_the_way_and_no_more(
    rules: dict[str, object], conflict: set[tuple[ConstraintKind, tuple[object, ...]]]
) -> None:
    found = select_options(**(COAL | rules))  # type: ignore[arg-type]
    assert found.status == "infeasible"
    assert set(found.conflict) == conflict


def test_what_can_be_reached_is_not_a_number_where_the_rules_themselves_conflict() -> None:
    found = select_options(**COAL, targets=[EIGHT], required=["A", "B"], exclusive=["AB"])
    assert math.isnan(found.reached["coal"])


@pytest.mark.parametrize("method", ["exact", "greedy", "auto"])
def test_a_budget_is_held_to_the_last_dong(method: str) -> None:
    # 10¹³ đồng, and a set that is one đồng too dear: beyond the tolerance of any solver.
    cost = [4e12, 6e12 + 1, 5e12, 5e12 - 3]
    found = select_options(cost, [50.0, 50.0, 40.0, 40.0], budget=1e13, method=method)
    assert found.cost <= 1e13
    assert found.value == 90.0


def test_money_of_thirteen_digits_and_of_one() -> None:
    random = np.random.default_rng(7)
    cost, value = random.lognormal(size=(2, 40))
    exclusive = [(0, 1), (5, 9, 13)]
    small = select_options(cost, value, budget=10.0, exclusive=exclusive, gap=1e-7)
    large = select_options(cost * 1e13, value * 1e13, budget=1e14, exclusive=exclusive, gap=1e-7)
    assert small.ids == large.ids


def test_a_target_missed_by_less_than_the_solver_sees_is_missed() -> None:
    # 1 − 0.9² = 0.19; asked for 1e-9 more, which HiGHS (1e-6) takes for reached.
    target = Target("coal", [0.5, 0.5], 0.19 + 1e-9)
    fractions = [[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]]
    found = select_options([1.0, 1.0, 1.0], fractions=fractions, targets=[target],
                           objective="cost")  # fmt: skip
    assert found.cost == 3.0


def test_many_cells_against_every_set() -> None:
    random = np.random.default_rng(2384)
    options, cells = 12, 9
    fractions = random.random((options, cells)) * (random.random((options, cells)) < 0.4) * 0.5
    cost, worth = random.random(options), random.random(cells)
    weights = worth / worth.sum()
    best = math.inf
    for chosen in map(list, itertools.product([False, True], repeat=options)):
        saving = weights @ (1 - np.prod(1 - fractions[chosen], axis=0))
        if saving >= 0.4:
            best = min(best, cost[chosen].sum())
    found = select_options(cost, fractions=fractions, targets=[Target("all", weights, 0.4)],
                           objective="cost")  # fmt: skip
    assert found.cost == pytest.approx(best, rel=1e-12)
    assert found.bound <= best * (1 + 1e-9)


def test_the_gap_of_greedy_is_that_of_its_bound() -> None:
    random = np.random.default_rng(3)
    cost, value = random.lognormal(size=(2, 60))
    fast = select_options(cost, value, budget=20.0, method="greedy")
    best = select_options(cost, value, budget=20.0, gap=1e-7)
    assert fast.value <= best.value * (1 + 1e-12) <= fast.bound * (1 + 1e-9)
    assert fast.gap == pytest.approx((fast.bound - fast.value) / fast.value)


def test_without_time_a_set_and_its_gap_are_still_given() -> None:
    random = np.random.default_rng(5)
    cost = random.integers(10**6, 10**7, 400).astype(float)
    found = select_options(cost, cost + random.integers(0, 1000, 400), budget=cost.sum() / 2.1,
                           time_limit=0.05, gap=0.0)  # fmt: skip
    assert found.status in ("feasible", "optimal")
    assert found.value <= found.bound


def test_neither_found_nor_refuted_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from sxsh_audit.calc import portfolio_search

    def none(*_: object, **__: object) -> portfolio_search.Answer:
        return portfolio_search.Answer(None, 7.0, False)

    monkeypatch.setattr("sxsh_audit.calc.portfolio.best_set", none)
    found = select_options([1.0], [1.0])
    assert (found.status, found.bound, found.conflict) == ("undecided", 7.0, ())


def test_the_frontier_by_hand() -> None:
    # 0.6 × 0.1 = 6 % for 10, 0.4 × 0.1 = 4 % for 20, both 10 % for 30.
    found = cost_frontier([10.0, 20.0], [[0.1, 0.0], [0.0, 0.1]], [0.6, 0.4], points=6,
                          option_ids=["A", "B"])  # fmt: skip
    assert found.ids == ((), ("A",), ("A", "B"))
    assert found.cost.tolist() == [0.0, 10.0, 30.0]
    np.testing.assert_allclose(found.saving, [0.0, 0.06, 0.1])
    assert found.chosen.tolist() == [[False, False], [True, False], [True, True]]
    assert (found.gap == 0).all()


def test_a_frontier_without_a_set_is_empty() -> None:
    found = cost_frontier([10.0, 20.0], [[0.1], [0.2]], [1.0], required=[0], budget=5.0)
    assert found.cost.size == 0
    assert found.ids == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"worth": [-1.0]}, "portfolio.weight"),
        ({"worth": [NAN]}, "portfolio.weight"),
        ({"targets": [Target("a", [-1.0], 0.1)]}, "portfolio.weight"),
        ({"targets": [Target("a", [1.0], NAN)]}, "portfolio.amount"),
        ({"budget": NAN}, "portfolio.amount"),
        ({"targets": [Target("a", [1.0], 0.1)] * 2}, "portfolio.duplicate_target"),
        ({"required": ["Z"]}, "portfolio.unknown_option"),
        ({"option_ids": ["A", "A"]}, "calc.duplicate_option"),
        ({"fractions": [[1.2], [0.0]], "worth": [1.0]}, "interactions.fraction"),
    ],
)
def test_what_is_refused(given: dict[str, object], code: str) -> None:
    usual = {"cost": [1.0, 2.0], "fractions": [[0.1], [0.2]], "option_ids": ["A", "B"]}
    with pytest.raises(RangeError) as refused:
        select_options(**(usual | given))  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"objective": "best"}, "objective 'best'"),
        ({"method": "fast"}, "method 'fast'"),
        ({"option_ids": ["A"]}, "1 option ids for 2"),
        ({"yearly_cost": [[1.0]]}, "yearly_cost has the shape"),
        ({"value": [1.0]}, "value has the shape"),
    ],
)
def test_wrong_calls(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        select_options([1.0, 2.0], **given)  # type: ignore[arg-type]


def test_a_frontier_needs_two_points() -> None:
    with pytest.raises(ValueError, match="points"):
        cost_frontier([1.0], [[0.1]], [1.0], points=1)


SOLVER_LINE = """
import ctypes, os, sys
from sxsh_audit.calc.solver_output import solver_silenced
c = ctypes.CDLL(None)
with solver_silenced():
    c.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
    c.puts(b"of another thread")
print("after")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the C library has another name there")
def test_the_lines_of_the_solver_do_not_reach_the_output() -> None:
    # In a process of its own: the C library holds its output back until it is flushed.
    told = subprocess.run([sys.executable, "-c", SOLVER_LINE], capture_output=True, text=True,
                          check=True, env=None)  # fmt: skip
    assert told.stdout.splitlines() == ["of another thread", "after"]


def test_searches_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(11)
    for _ in range(60):
        cost = random.lognormal(0, 2, 25)
        fractions = random.random((25, 3)) * (random.random((25, 3)) < 0.5)
        select_options(cost, -cost, fractions=fractions, worth=random.lognormal(2, 1, 3),
                       budget=cost.sum() / 3)  # fmt: skip
    assert capfd.readouterr() == ("", "")


def test_a_target_reached_within_rounding_is_no_conflict() -> None:
    # Two options leave 1e-9 of the use each, both together 1e-18: all of it within 1e-12.
    found = select_options(
        [-3e9, 0, 0, -3e9, 1e10, 1e9], worth=[1e10], budget=8e9,
        fractions=[[0.999999999], [0], [0.999999999], [0], [0], [-0.2]],
        targets=[Target("t0", [0.9999999999999999], 1.0)], exclusive=[(2, 1)], required=[4],
    )  # fmt: skip
    assert found.status == "optimal"
    assert found.conflict == ()
    assert found.chosen[[0, 2, 4]].all()
    # One of them alone misses it by 1e-9, which no rounding does.
    alone = select_options([0.0], worth=[1.0], fractions=[[0.999999999]],
                           targets=[Target("t0", [1.0], 1.0)])  # fmt: skip
    assert alone.status == "infeasible"
