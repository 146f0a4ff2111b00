"""Balances of flows: closure, what can be known, gross errors, bounds, components."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import nnls

from sxsh_audit.calc.balance import (
    closures,
    critical_value,
    flow_kinds,
    incidence,
    plant_closure,
    possible_ranges,
    reconcile_concentrations,
    reconcile_flows,
)
from sxsh_audit.calc.balance_solution import solve_balances, spread
from sxsh_audit.calc.bounded_reconciliation import held_flows
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.flow_network import ends
from sxsh_audit.calc.gross_errors import alike_sets, suspects_in_order
from sxsh_audit.calc.observability import reduce_network
from sxsh_audit.calc.reconciliation import balancing_steps

nan = math.nan


def test_a_step_keeps_what_is_not_seen_to_leave() -> None:
    found = closures([-1, 0, 0, 1], [0, 1, -1, -1], [100.0, 80.0, 15.0, 90.0], 2)
    np.testing.assert_array_equal(found.inflow, [100, 80])
    np.testing.assert_array_equal(found.outflow, [95, 90])
    np.testing.assert_array_equal(found.unaccounted, [5, -10])  # a negative part stays negative
    np.testing.assert_array_equal(found.share, [0.05, -0.125])
    assert found.status.tolist() == ["open", "open"]


def test_a_stock_drawn_down_is_an_inflow() -> None:
    """80 t bought, stock from 30 t to 10 t, 100 t used."""
    found = closures([-1, 0, 0], [0, -1, -1], [80.0, 10.0 - 30.0, 100.0], 1)
    assert (found.inflow[0], found.outflow[0], found.unaccounted[0]) == (100, 100, 0)
    assert found.status[0] == "closed"


def test_tolerance_comes_from_the_errors() -> None:
    """1.959964 · √(3² + 4²) = 9.79982."""
    found = closures([-1, 0], [0, -1], [100.0, 91.0], 1, [3.0, 4.0])
    assert found.tolerance[0] == pytest.approx(9.79982, abs=1e-5)
    assert found.status[0] == "closed"
    assert closures([-1, 0], [0, -1], [100.0, 90.0], 1, [3.0, 4.0]).status[0] == "open"
    wide = closures([-1, 0], [0, -1], [100.0, 90.0], 1, [3.0, 4.0], confidence=0.99)
    assert wide.status[0] == "closed"  # 2.5758 · 5 = 12.9


def test_tolerance_scales_with_the_largest_flow_of_the_layer() -> None:
    small = [1.0, 1.0 + 1e-6]
    ends_ = ([-1, 0, -1, 1], [0, -1, 1, -1])
    found = closures(*ends_, [*small, 1e6, 1e6], 2)
    assert found.status.tolist() == ["closed", "closed"]
    assert closures(*ends_, [*small, 1.0, 1.0], 2).status.tolist() == ["open", "closed"]
    assert closures(*ends_, [*small, 1.0, 1.0], 2, relative=1e-5).status[0] == "closed"


def test_what_is_not_known_is_not_zero() -> None:
    sides = ([-1, 0, 0, -1, 1], [0, 1, -1, 1, -1])
    found = closures(*sides, [100.0, nan, 10.0, 5.0, 30.0], 2)
    assert found.status.tolist() == ["unknown", "unknown"]
    assert np.isnan(found.unaccounted).all()
    whole = plant_closure(*sides, [100.0, nan, 10.0, 5.0, 30.0], 2)
    assert (whole.unaccounted, whole.status) == (65.0, "open")  # the inner flow does not matter
    assert plant_closure(*sides, [100.0, 1.0, nan, 5.0, 30.0], 2).status == "unknown"


def test_an_unknown_error_decides_nothing_that_the_known_ones_do() -> None:
    sides = ([-1, 0, 0], [0, -1, -1])
    near = closures(*sides, [100.0, 90.0, 7.0], 1, [2.0, 2.0, nan])
    assert near.status[0] == "closed"  # 3 < 1.96 · √8
    assert math.isnan(near.tolerance[0])
    assert closures(*sides, [100.0, 80.0, 7.0], 1, [2.0, 2.0, nan]).status[0] == "unknown"


def test_one_side_alone_and_nothing_at_all_have_their_own_words() -> None:
    found = closures([-1, -1, -1, 2], [0, 0, 1, 3], [1.0, 2.0, nan, 0.0], 5)
    assert found.status.tolist() == ["one_sided", "one_sided", "empty", "empty", "empty"]
    assert np.isnan(found.share[2:]).all()


def test_layers_are_balanced_at_once() -> None:
    amounts = np.array([[[10.0, 9.0], [5.0, 5.0]], [[1.0, 2.0], [nan, 1.0]]])
    found = closures([-1, 0], [0, -1], amounts, 1)
    assert found.unaccounted.shape == found.status.shape == (2, 2, 1)
    for layer in np.ndindex(2, 2):
        one = closures([-1, 0], [0, -1], amounts[layer], 1)
        np.testing.assert_array_equal(found.unaccounted[layer], one.unaccounted)
        assert found.status[layer].tolist() == one.status.tolist()
    whole = plant_closure([-1, 0], [0, -1], amounts, 1)
    assert whole.status.tolist() == [["open", "closed"], ["open", "unknown"]]


def test_a_plant_without_flows_is_empty() -> None:
    assert closures([], [], [], 2).status.tolist() == ["empty", "empty"]
    assert plant_closure([], [], [], 0).status == "empty"
    found = reconcile_flows([], [], [], [], 2)
    assert (found.dof, found.passed, found.suspects) == (0, None, ())


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [([0, 3], [-1, -1], "balance.no_step"), ([0, -2], [-1, 0], "balance.no_step"),
     ([0, 0.5], [-1, -1], "balance.no_step"), ([-1, 1], [0, 1], "balance.same_ends"),
     ([-1, -1], [0, -1], "balance.same_ends")],
)  # fmt: skip
def test_ends_that_are_no_steps_are_refused(
    source: list[float], target: list[int], code: str
) -> None:
    with pytest.raises(RangeError) as refusal:
        closures(source, target, [1.0, 1.0], 2)
    assert refusal.value.code == code
    assert refusal.value.numbers["positions"] == (1,)


def test_ends_have_one_length() -> None:
    with pytest.raises(ValueError, match="one length"):
        incidence([0, 1], [0], 2)


def test_a_ring_of_unmeasured_flows_cannot_be_told() -> None:
    """Two lost flows between the same steps, one more behind them, and a measured chain."""
    source, target = [-1, 0, 0, 1, 2], [0, 1, 1, 2, -1]
    seen = [True, False, False, False, True]
    assert flow_kinds(source, target, seen, 3).tolist() == [
        "redundant", "unobservable", "unobservable", "observable", "redundant"]  # fmt: skip
    exact = [False, True, False, False, False]
    assert flow_kinds(source, target, seen, 3, exact).tolist() == [
        "redundant", "exact", "observable", "observable", "redundant"]  # fmt: skip


def test_the_outside_is_a_node_of_the_ring() -> None:
    kinds = flow_kinds([-1, 0, 0], [0, 1, -1], [False, True, False], 2).tolist()
    assert kinds == ["unobservable", "redundant", "unobservable"]


def test_bridges_of_a_random_graph_are_those_whose_loss_parts_it() -> None:
    random = np.random.default_rng(3)
    for _ in range(40):
        steps = 7
        begin, end = random.integers(-1, steps, (2, 10))
        begin, end = begin[begin != end], end[begin != end]
        kinds = flow_kinds(begin, end, np.zeros(begin.size, bool), steps).tolist()
        full = incidence(begin, end, steps).toarray()
        for flow, kind in enumerate(kinds):
            # a flow that follows from A x = 0 alone: no vector of the null space moves it
            rank = np.linalg.matrix_rank(np.vstack((full, np.eye(begin.size)[flow])))
            assert (kind == "observable") == (rank == np.linalg.matrix_rank(full))


def test_the_balance_of_one_meter_against_two() -> None:
    """By hand: 105 − 80 − 19 = 6 too much; variances 4, 4, 1, together 9; each gives its share.

    105 − 6·4/9, 80 + 6·4/9, 19 + 6·1/9; sd √(4 − 16/9), √(4 − 16/9), √(1 − 1/9).
    The drain is the second: 82.67. z = 6/√9 = 2 for all: one balance cannot tell meters apart.
    """
    found = reconcile_flows([-1, 0, 0, 1], [0, 1, -1, -1], [105.0, 80.0, 19.0, nan],
                            [2.0, 2.0, 1.0, 0.0], 2)  # fmt: skip
    np.testing.assert_allclose(found.amount, [105 - 24 / 9, 80 + 24 / 9, 19 + 6 / 9, 80 + 24 / 9])
    np.testing.assert_allclose(
        found.sd, np.sqrt([4 - 16 / 9, 4 - 16 / 9, 1 - 1 / 9, 4 - 16 / 9]), rtol=1e-14
    )
    np.testing.assert_allclose(np.abs(found.z[:3]), 2.0)
    assert found.alike == ((0, 1, 2),)
    assert (found.statistic, found.dof) == (pytest.approx(4.0), 1)
    assert found.p == pytest.approx(math.erfc(2 / math.sqrt(2)))  # χ² with 1 degree: 2 (1 − Φ(2))
    assert found.passed is False
    assert found.critical == pytest.approx(1.959964, abs=1e-6)
    (suspect,) = found.suspects  # the one moved most for its size: 0.67 of 19
    assert (suspect.flow, suspect.alike, suspect.last) == (2, (0, 1, 2), True)


def test_exact_flows_are_kept() -> None:
    found = reconcile_flows([-1, 0, 0], [0, -1, -1], [100.0, 70.0, 36.0], [1.0, 0.0, 1.0], 1)
    np.testing.assert_allclose(found.amount, [103.0, 70.0, 33.0])
    assert found.kind.tolist() == ["redundant", "exact", "redundant"]
    assert found.sd[1] == 0
    assert np.isnan([found.adjustability[1], found.detectability[1], found.z[1]]).all()


def test_exact_flows_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0, 1], [0, 1, -1], [10.0, 10.0, 9.0], [1.0, 0.0, 0.0], 2)
    assert refusal.value.code == "balance.exact_contradiction"
    assert refusal.value.numbers["positions"] == (1,)
    assert refusal.value.numbers["value"] == 1.0
    found = reconcile_flows([-1, 0, 1], [0, 1, -1], [11.0, 10.0, 10.0], [1.0, 0.0, 0.0], 2)
    assert found.amount[0] == 10.0


def test_an_amount_without_an_error_is_refused() -> None:
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0], [0, -1], [10.0, 10.0], [1.0, nan], 1)
    assert refusal.value.code == "balance.no_error"
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0], [0, -1], [10.0, 10.0], [1.0, -1.0], 1)
    assert refusal.value.code == "calc.negative"
    assert reconcile_flows([-1, 0], [0, -1], [10.0, nan], [1.0, nan], 1).amount[1] == 10.0


def test_a_step_of_which_one_side_is_drawn_does_not_balance_by_default() -> None:
    """The store has no outflow on the sheet: that does not make its inflow 0."""
    sheet = ([-1, 0, 0], [0, 1, -1], [10.0, 6.0, 4.2], 0.1, 2)
    found = reconcile_flows(*sheet)
    assert found.balanced.tolist() == [True, False]
    assert found.amount[1] > 5
    assert reconcile_flows(*sheet, balanced=[True, True]).amount[1] == pytest.approx(0, abs=1e-12)
    free = reconcile_flows(*sheet, balanced=[False, False])
    assert free.kind.tolist() == ["nonredundant"] * 3
    assert (free.dof, free.passed, math.isnan(free.p)) == (0, None, True)


def test_the_wrong_meter_is_found_and_worked_out() -> None:
    """Four steps in a row with a loss each; the third meter shows 60 instead of 80."""
    source = [-1, 0, 0, 1, 1, 2, 2]
    target = [0, 1, -1, 2, -1, -1, -1]
    true = np.array([100.0, 90.0, 10.0, 80.0, 10.0, 70.0, 10.0])
    read = true.copy()
    read[3] = 60.0
    found = reconcile_flows(source, target, read, 1.0, 3, eliminate=True)
    assert [each.flow for each in found.suspects] == [3]
    assert found.suspects[0].z > found.suspects[0].critical  # above 0: the meter shows too little
    assert found.eliminated.tolist() == [False] * 3 + [True] + [False] * 3
    np.testing.assert_allclose(found.amount, true, rtol=1e-12)
    assert found.kind[3] == "observable"
    assert found.adjustment[3] == pytest.approx(20.0)
    assert found.passed
    first = reconcile_flows(source, target, read, 1.0, 3)
    assert not first.passed
    assert first.suspects[0].flow == 3
    assert not first.eliminated.any()
    none = reconcile_flows(source, target, read, 1.0, 3, eliminate=True, most=0)
    assert not none.eliminated.any()


def test_of_one_single_balance_nothing_is_eliminated() -> None:
    found = reconcile_flows([-1, 0], [0, -1], [100.0, 50.0], 1.0, 1, eliminate=True)
    assert not found.eliminated.any()
    assert found.suspects[0].last
    assert found.suspects[0].alike == (0, 1)
    assert found.suspects[0].flow == 1  # moved by 25 of 50, the other by 25 of 100


def test_ties_go_to_the_larger_relative_adjustment_then_the_larger_amount_then_the_place() -> None:
    z = np.array([3.0, -3.0, 3.0 * (1 + 1e-12), nan, 2.0])
    measured = np.array([10.0, 10.0, 20.0, 1.0, 1.0])
    assert suspects_in_order(z, 1.0, np.array([1.0, 2.0, 4.0, 0, 1.0]), measured) == [2, 1, 0, 4]
    assert suspects_in_order(z, 1.0, np.array([1.0, -1.0, 1.0, 0, 1.0]), measured) == [0, 1, 2, 4]
    assert suspects_in_order(z, 4.0, measured, measured) == []
    zero = np.zeros(5)
    assert suspects_in_order(z, 2.5, np.ones(5), zero) == [0, 1, 2]


def test_sets_that_cannot_be_told_apart_have_parallel_columns() -> None:
    assert alike_sets(np.array([[0, 1], [0, 2], [0, 1]]), np.arange(3)) == [(0, 2), (1,)]
    found = reconcile_flows([-1, 0, 0, 1, 1], [0, 1, 1, -1, 0],
                            [100.0, 70.0, 45.0, 101.0, 12.0], 1.0, 2)  # fmt: skip
    assert found.alike == ((1, 2, 4),)
    np.testing.assert_allclose(np.abs(found.z[[1, 2, 4]]), abs(found.z[1]), rtol=1e-12)


def test_critical_values_are_corrected_for_their_number() -> None:
    """Φ(z) = 1 − β/2 with (1 − β)^k = 0.95."""
    assert critical_value(0.05, 0) == math.inf
    for tests in (1, 5, 1000):
        beta = math.erfc(critical_value(0.05, tests) / math.sqrt(2))
        assert (1 - beta) ** tests == pytest.approx(0.95, rel=1e-9)
    with pytest.raises(ValueError, match="level"):
        critical_value(1.0, 3)


def test_an_unmeasured_outflow_cannot_flow_back_in() -> None:
    """10 in, 6 and 6 out, the rest at least 0: by hand, 2 too much over 1/4 + 1/9 + 1/9 …

    With sd 0.5, 0.3, 0.3 the rest held at 0: 10 + 2·0.25/0.43, 6 − 2·0.09/0.43 twice.
    """
    sheet = ([-1, 0, 0, 0], [0, -1, -1, -1], [10.0, 6.0, 6.0, nan], [0.5, 0.3, 0.3, 0.0], 1)
    free, held = reconcile_flows(*sheet), reconcile_flows(*sheet, lower=0)
    assert free.amount[3] == -2.0
    np.testing.assert_allclose(held.amount, [10 + 0.5 / 0.43, 6 - 0.18 / 0.43, 6 - 0.18 / 0.43, 0])
    assert held.at_bound.tolist() == [False, False, False, True]
    assert held.amount[3] == 0.0
    np.testing.assert_array_equal(held.sd, free.sd)  # errors and kinds before the bounds
    assert held.kind.tolist() == free.kind.tolist()


def test_upper_bounds_hold_too() -> None:
    found = reconcile_flows([-1, 0], [0, -1], [10.0, 12.0], 1.0, 1, upper=[nan, 10.5])
    np.testing.assert_array_equal(found.amount, [10.5, 10.5])
    assert found.at_bound.tolist() == [False, True]


def test_bounds_that_nothing_breaks_change_nothing() -> None:
    sheet = ([-1, 0], [0, -1], [10.0, 12.0], 1.0, 1)
    free, wide = reconcile_flows(*sheet), reconcile_flows(*sheet, lower=0, upper=100)
    np.testing.assert_array_equal(free.amount, wide.amount)
    assert not wide.at_bound.any()


def test_bounds_that_cannot_be_kept_are_refused() -> None:
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0], [0, -1], [10.0, 12.0], 1.0, 1, lower=[0, 20], upper=[5, 30])
    assert refusal.value.code == "balance.bounds_impossible"
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0], [0, -1], [10.0, 12.0], [0, 1.0], 1, upper=5)
    assert refusal.value.code == "balance.bounds_impossible"
    with pytest.raises(RangeError) as refusal:
        reconcile_flows([-1, 0], [0, -1], [10.0, 12.0], 1.0, 1, lower=2, upper=1)
    assert refusal.value.code == "balance.bounds_crossed"


def test_bounded_amounts_are_the_nearest() -> None:
    """The conditions of Karush, Kuhn and Tucker, on random sheets with wild measurements."""
    random = np.random.default_rng(11)
    held = 0
    for _ in range(30):
        steps = 5
        begin, end = random.integers(-1, steps, (2, 14))
        begin, end = begin[begin != end], end[begin != end]
        read, sd = random.normal(5, 6, begin.size), random.uniform(0.2, 2, begin.size)
        found = reconcile_flows(begin, end, read, sd, steps, lower=0)
        balance = incidence(begin, end, steps).toarray()[found.balanced]
        assert found.amount.min() >= -1e-9 * found.amount.max()
        assert np.abs(balance @ found.amount).max() <= 1e-9 * found.amount.max()
        # the slope is made of balances (any sign) and of bounds that hold (pushing up)
        slope = (found.amount - read) / sd**2
        push = np.eye(begin.size)[:, found.at_bound]
        _, left = nnls(np.hstack((balance.T, -balance.T, push)), slope, maxiter=10_000)
        assert left <= 1e-9 * np.linalg.norm(slope)
        held += int(found.at_bound.sum())
    assert held > 30


def test_covariance_of_all_flows_is_that_of_a_dense_projection() -> None:
    r"""Crowe's projection: unmeasured flows out by an orthogonal complement, dense."""
    random = np.random.default_rng(5)
    for _ in range(20):
        steps = 5
        begin, end = random.integers(-1, steps, (2, 12))
        begin, end = begin[begin != end], end[begin != end]
        read, sd = random.lognormal(2, 1, begin.size), random.uniform(0.1, 3, begin.size)
        lost = random.random(begin.size) < 0.3
        read[lost] = nan
        found = reconcile_flows(begin, end, read, sd, steps, balanced=np.ones(steps, bool))
        full = incidence(begin, end, steps).toarray()
        left, size, right = np.linalg.svd(full[:, lost])
        rank = int((size > 1e-9).sum())
        rest = left[:, rank:].T @ full[:, ~lost]
        variance = np.diag(sd[~lost] ** 2)
        gain = variance @ rest.T @ np.linalg.pinv(rest @ variance @ rest.T, rcond=1e-10)
        inner = variance - gain @ rest @ variance
        follows = -np.linalg.pinv(full[:, lost]) @ full[:, ~lost]
        dense = np.full((begin.size, begin.size), nan)
        dense[np.ix_(~lost, ~lost)] = inner
        dense[np.ix_(lost, ~lost)] = follows @ inner
        dense[np.ix_(~lost, lost)] = inner @ follows.T
        dense[np.ix_(lost, lost)] = follows @ inner @ follows.T
        told = ~np.isnan(found.amount)
        np.testing.assert_array_equal(
            told[lost], np.abs(right[rank:]).max(axis=0, initial=0.0) < 1e-9
        )
        ours = found.covariance()
        np.testing.assert_allclose(
            ours[np.ix_(told, told)], dense[np.ix_(told, told)], rtol=1e-8, atol=1e-10
        )
        assert np.isnan(ours[~told]).all()
        np.testing.assert_allclose(
            found.sd[told], np.sqrt(np.diag(ours)[told]), rtol=1e-8, atol=1e-10
        )


def test_very_unlike_errors_keep_their_digits() -> None:
    """A guess of 1e6 t beside a weighing of 1 kg: 1/v = 1/v₁ + 1/(v₂ + v₃)."""
    sd = [1e6, 1e-3, 2e-3]
    found = reconcile_flows([-1, 0, 0], [0, -1, -1], [5e5, 3.0, 4.0], sd, 1)
    expected = 1 / math.sqrt(1 / sd[0] ** 2 + 1 / (sd[1] ** 2 + sd[2] ** 2))
    assert found.sd[0] == pytest.approx(expected, rel=1e-9)
    assert found.amount[0] == pytest.approx(7.0, abs=1e-6)
    assert abs(found.amount[0] - found.amount[1] - found.amount[2]) < 1e-9


def test_balances_close_however_unlike_the_errors_are() -> None:
    """Steps 2 and 3 hang on a flow that is known 1e8 times better than what runs between them."""
    source, target = [3, 0, 3, -1, 1, 4, -1, 4], [2, 1, 0, 1, -1, 1, 0, -1]
    read = [2.8e5, 1.0, 9.7e5, 6.6e5, 1.0, 5.2e5, 1.0, 8.3e5]
    sd = [7.4e3, 1.6e3, 1e-4, 5.1e3, 1.1e3, 6.3e3, 1.8e3, 0.1]
    found = reconcile_flows(source, target, read, sd, 5, balanced=np.ones(5, dtype=bool))
    left = incidence(source, target, 5) @ found.amount
    assert np.abs(left).max() <= 1e-9 * max(read)
    np.testing.assert_allclose(found.amount[[0, 2]], 0.0, atol=1e-9 * max(read))


def test_parts_of_the_solution_can_be_used_alone() -> None:
    sheet = ends([-1, 0], [0, -1], 1)
    both = np.ones(2, dtype=bool)
    reduction = reduce_network(sheet, both, ~both, np.ones(1, dtype=bool))
    signed, sd = incidence([-1, 0], [0, -1], 1), np.ones(2)
    solution = solve_balances(reduction, signed, np.array([9.0, 11.0]), sd)
    errors = spread(reduction, signed, sd, solution)
    np.testing.assert_allclose(errors.sd, math.sqrt(0.5))
    np.testing.assert_allclose(errors.leverage, 0.5)
    assert balancing_steps(sheet, np.array([nan, 1.0])).tolist() == [True]
    held = held_flows(np.array([1.0]), np.array([[1.0]]), np.array([0.0]), np.array([2.0]), 1.0)
    assert not held.held.any()


def test_the_two_product_formula() -> None:
    """100 t of feed with 2 %; 20 % and 0.5 % in what leaves: 100 · 1.5 ÷ 19.5 t."""
    found = reconcile_concentrations([-1, 0, 0], [0, -1, -1], [100.0, nan, nan], 1.0,
                                     [[0.02, 0.2, 0.005]], 0.001, 1)  # fmt: skip
    assert found.converged
    np.testing.assert_allclose(found.amount, [100, 150 / 19.5, 100 - 150 / 19.5], rtol=1e-9)
    assert found.amount_kind.tolist() == ["nonredundant", "observable", "observable"]
    assert set(found.fraction_kind[0].tolist()) == {"nonredundant"}
    assert found.dof == 0
    assert math.isnan(found.p)


def test_a_fraction_follows_from_the_others() -> None:
    """Salt: 10 t of 30 % and 20 t of clean water make 30 t of 10 %."""
    found = reconcile_concentrations([-1, -1, 0], [0, 0, -1], [10.0, 20.0, 30.0], 0.1,
                                     [[0.3, 0.0, nan]], [[0.01, 0.0, 0.0]], 1)  # fmt: skip
    assert found.fraction[0, 2] == pytest.approx(0.1, rel=1e-12)
    assert found.fraction_kind[0].tolist() == ["nonredundant", "exact", "observable"]
    assert found.fraction[0, 1] == 0.0
    # the balance of flows alone: sd 0.1 · √(2/3)
    np.testing.assert_allclose(found.amount_sd, 0.1 * math.sqrt(2 / 3))


def test_what_nothing_tells_stays_unknown() -> None:
    found = reconcile_concentrations([-1, 0, 0], [0, -1, -1], [10.0, 6.0, nan], 0.1,
                                     [[0.1, nan, nan]], 0.01, 1)  # fmt: skip
    assert found.converged
    assert np.isnan(found.fraction[0, 1:]).all()
    assert found.fraction_kind[0].tolist() == ["nonredundant", "unobservable", "unobservable"]
    assert found.amount[2] == pytest.approx(4.0)


def test_a_component_that_is_made_or_destroyed_balances_nowhere_there() -> None:
    """Treatment takes COD away: 1,000 t of 2e-3 in, of 1e-4 out."""
    sheet = ([-1, 0], [0, -1], [1000.0, 1010.0], 10.0, [[2e-3, 1e-4]], 1e-4, 1)
    found = reconcile_concentrations(*sheet, conserved=[[False]])
    np.testing.assert_array_equal(found.fraction, [[2e-3, 1e-4]])
    np.testing.assert_allclose(found.amount, 1005.0)
    assert found.fraction_kind[0].tolist() == ["nonredundant", "nonredundant"]
    assert reconcile_concentrations(*sheet).statistic > 100


def test_fractions_of_a_complete_flow_add_up_to_one() -> None:
    found = reconcile_concentrations([-1, 0], [0, -1], [10.0, 10.0], 0.1,
                                     [[0.3, 0.3], [0.69, nan]], 0.01, 1, complete=True)  # fmt: skip
    np.testing.assert_allclose(found.fraction.sum(axis=0), 1.0, rtol=1e-12)
    assert found.fraction_kind[1].tolist() == ["redundant", "observable"]


def test_a_component_alone_is_reconciled_as_its_flows_are_where_totals_are_exact() -> None:
    """Exact totals make the component flows linear: sd of each is total × sd of the fraction."""
    source, target = [-1, 0, 0, 1, 1], [0, 1, -1, -1, -1]
    total = np.array([100.0, 80.0, 20.0, 50.0, 30.0])
    part, sd = np.array([0.1, 0.11, 0.07, 0.15, 0.02]), np.array([1, 2, 1, 3, 2]) * 1e-3
    found = reconcile_concentrations(source, target, total, 0.0, part, sd, 2)
    flows = reconcile_flows(source, target, total * part, total * sd, 2)
    np.testing.assert_allclose(found.fraction[0] * total, flows.amount, rtol=1e-10)
    np.testing.assert_allclose(found.fraction_sd[0] * total, flows.sd, rtol=1e-9)
    np.testing.assert_allclose(found.fraction_z[0], flows.z, rtol=1e-8)
    assert found.statistic == pytest.approx(flows.statistic, rel=1e-9)
    assert (found.dof, found.p) == (flows.dof, pytest.approx(flows.p, rel=1e-9))


def test_an_iteration_that_does_not_end_says_so() -> None:
    found = reconcile_concentrations([-1, 0, 0], [0, -1, -1], [100.0, 50.0, 40.0], 5.0,
                                     [[0.2, 0.1, 0.5]], 0.05, 1, most=1)  # fmt: skip
    assert not found.converged
    assert found.iterations == 1


def test_unknown_flows_have_limits() -> None:
    """100 in, 45 out of the first step; two unmeasured losses of the second, and a recycle."""
    source, target = [-1, 0, 0, 1, 1, 1], [0, 1, -1, -1, -1, 0]
    read = [100.0, nan, 45.0, nan, nan, nan]
    found = possible_ranges(source, target, read, 2, upper=[nan, nan, nan, 30.0, nan, 20.0])
    assert found.possible
    # what goes on: 100 + back − 45; the losses share 55
    np.testing.assert_allclose(found.low, [100, 55, 45, 0, 25, 0], atol=1e-9)
    np.testing.assert_allclose(found.high, [100, 75, 45, 30, 55, 20], atol=1e-9)


def test_unknown_flows_without_limits_and_without_a_balance() -> None:
    ring = possible_ranges([-1, 0, 0, 1], [0, -1, 1, 0], [5.0, 5.0, nan, nan], 2)
    np.testing.assert_array_equal(ring.low[2:], 0.0)
    np.testing.assert_array_equal(ring.high[2:], math.inf)
    free = possible_ranges([-1, 0, 0, 1], [0, -1, 1, 0], [5.0, 5.0, nan, nan], 2, lower=nan)
    np.testing.assert_array_equal(free.low[2:], -math.inf)
    none = possible_ranges([-1, 0, 0, 0], [0, -1, -1, -1], [5.0, 9.0, nan, nan], 1)
    assert not none.possible
    assert np.isnan(none.low[2:]).all()
    assert not possible_ranges([-1, 0, -1], [0, -1, 1], [5.0, 9.0, nan], 2).possible
    with pytest.raises(RangeError) as refusal:
        possible_ranges([-1, 0], [0, -1], [5.0, nan], 1, lower=3, upper=2)
    assert refusal.value.code == "balance.bounds_crossed"
