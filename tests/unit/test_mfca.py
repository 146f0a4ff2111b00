"""Costs of centres, flows and waste streams: hand calculations and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.mfca import (
    allocation_shares,
    centre_costs,
    cost_trail,
    flow_ends,
    hot_spots,
    loss_split,
    loss_trail,
    oriented_flows,
    true_cost,
    waste_costs,
    waste_network,
)

nan = np.nan


def test_a_stock_drawn_down_enters_from_outside_and_what_is_not_known_stays() -> None:
    found = oriented_flows([0, 0, -1], [-1, -1, 0], [-3.0, nan, 0.0], 1)
    assert found.source.tolist() == [-1, 0, -1]
    assert found.target.tolist() == [0, -1, 0]
    np.testing.assert_array_equal(found.amount, [3.0, nan, 0.0])
    assert found.turned.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("stated", "shares"),
    [
        ([nan, nan, nan], [0.5, 0.3, 0.2]),
        ([0.2, nan, nan], [0.2, 0.8 * 30 / 50, 0.8 * 20 / 50]),
        ([0.2, 0.2, nan], [0.2, 0.2, 0.6]),
        ([1.0, nan, nan], [1.0, 0.0, 0.0]),
        ([0.5, 0.25, 0.25], [0.5, 0.25, 0.25]),
    ],
)
def test_stated_shares_win_and_the_rest_follows_the_key(
    stated: list[float], shares: list[float]
) -> None:
    found = allocation_shares([0, 0, 0], [50.0, 30.0, 20.0], 1, stated)
    np.testing.assert_allclose(found, shares, rtol=1e-15)


def test_a_key_that_is_not_known_leaves_the_shares_of_its_centre_unknown_and_no_others() -> None:
    found = allocation_shares([0, 0, 1, 1, -1], [nan, 1.0, 1.0, 3.0, nan], 2)
    np.testing.assert_array_equal(found, [nan, nan, 0.25, 0.75, 0.0])


def test_a_single_way_out_takes_all_whatever_its_key() -> None:
    np.testing.assert_array_equal(allocation_shares([0, 1], [nan, 0.0], 2), [1.0, 1.0])


def test_keys_that_are_all_nothing_share_nothing() -> None:
    np.testing.assert_array_equal(allocation_shares([0, 0], [0.0, 0.0], 1), [nan, nan])


def test_a_chain_with_a_recycle_by_hand() -> None:
    # C0 = 100 + 0.5 C1, C1 = 50 + C0  ->  C0 = 250, C1 = 300
    found = centre_costs([0, 1, 1], [1, 0, -1], [1.0, 0.5, 0.5], [[100.0, 50.0], [0.0, 0.0]], 2)
    np.testing.assert_allclose(found.cost, [[250.0, 300.0], [0.0, 0.0]])
    np.testing.assert_allclose(found.carried[0], [250.0, 150.0, 150.0])
    np.testing.assert_allclose(found.leaving, [150.0, 0.0])
    assert not found.trapped.any()


def test_what_is_not_known_reaches_downstream_and_no_further() -> None:
    # 0 -> 1 -> out, 2 -> out; the cost of 1 is not known
    found = centre_costs([0, 1, 2], [1, -1, -1], [1.0, 1.0, 1.0], [10.0, nan, 5.0], 3)
    np.testing.assert_array_equal(found.cost, [10.0, nan, 5.0])
    np.testing.assert_array_equal(found.carried, [10.0, nan, 5.0])


def test_an_unknown_share_is_no_doubt_where_no_cost_arrives() -> None:
    source, target, share = [0, 0, 1], [1, -1, -1], [nan, nan, 1.0]
    found = centre_costs(source, target, share, [[10.0, 1.0], [0.0, 1.0]], 2)
    np.testing.assert_array_equal(found.cost, [[10.0, nan], [0.0, 1.0]])
    np.testing.assert_array_equal(found.carried, [[nan, nan, nan], [0.0, 0.0, 1.0]])


def test_a_loop_without_an_exit_is_named_and_keeps_what_arrives() -> None:
    # 0 -> 1 -> 0 for ever; 2 sends 30 % into the loop and 70 % out
    source, target = [0, 1, 2, 2], [1, 0, 0, -1]
    found = centre_costs(source, target, [1.0, 1.0, 0.3, 0.7], [[0, 0, 100], [0, 0, 0]], 3)
    assert found.trapped.tolist() == [[True, True, False], [False, False, False]]
    np.testing.assert_array_equal(found.cost, [[nan, nan, 100.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(found.kept, [[30.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(found.leaving, [70.0, 0.0])


def test_a_centre_without_an_outflow_keeps_its_cost() -> None:
    found = centre_costs([0], [1], [1.0], [5.0, 2.0], 2)
    assert found.trapped.tolist() == [False, True]
    np.testing.assert_array_equal(found.cost, [5.0, 7.0])
    np.testing.assert_array_equal(found.kept, [0.0, 7.0])
    np.testing.assert_array_equal(found.difference, [0.0, 0.0])


def test_a_plant_without_flows_keeps_everything() -> None:
    found = centre_costs([], [], [], [5.0], 1)
    assert found.trapped.tolist() == [True]
    assert found.leaving == 0.0


def test_plants_of_other_shares_are_solved_one_by_one_alike() -> None:
    random = np.random.default_rng(14051)
    source, target = [0, 0, 1, 1, 1], [1, -1, 0, 2, -1]
    source, target = [*source, 2, 2], [*target, 0, -1]
    amount = random.uniform(0, 5, (40, 7)) * (random.random((40, 7)) > 0.3)
    share = allocation_shares(source, amount, 3)
    own = random.uniform(0, 10, (40, 3))
    together = centre_costs(source, target, share, own, 3)
    for plant in range(40):
        alone = centre_costs(source, target, share[plant], own[plant], 3)
        for name in together._fields:
            np.testing.assert_allclose(
                getattr(together, name)[plant], getattr(alone, name), rtol=1e-12, atol=1e-12
            )


def test_treatment_in_a_chain_with_a_loop_by_hand() -> None:
    # steps: 0, 1 process; 2 waste water treatment; 3 sludge press whose filtrate goes back to 2
    source = [0, 1, -1, 2, 2, 3, 3]
    target = [2, 2, 2, 3, -1, 2, -1]
    amount = [60.0, 30.0, 99.0, 20.0, 80.0, 10.0, 10.0]
    fee = [0.0, 0.0, 0.0, 0.0, 200.0, 0.0, 50.0]
    found = waste_costs(source, target, amount, [False, False, True, True],
                        [0.0, 0.0, 700.0, 40.0], fee, 4)  # fmt: skip
    # D3 = 40 + 50 + (10/100) D2, D2 = 700 + 200 + D3  ->  D2 = 1100, D3 = 200
    np.testing.assert_allclose(found.treated, [0.0, 0.0, 1100.0, 200.0])
    np.testing.assert_allclose(found.cost, [660.0, 330.0, 0, 0, 0, 0, 0])
    assert found.total == pytest.approx(990.0, rel=1e-14)


def test_treatment_of_nothing_is_not_attributed() -> None:
    found = waste_costs([0], [-1], [5.0], [False, True], [0.0, 70.0], [3.0], 2)
    np.testing.assert_array_equal(found.cost, [3.0])
    np.testing.assert_array_equal(found.unattributed, [0.0, 70.0])
    assert found.total == 73.0


def test_a_treatment_key_that_is_not_known_leaves_its_streams_unknown() -> None:
    found = waste_costs([0, 0, 1], [1, 1, -1], [nan, 5.0, 5.0], [False, True], [0, 10], 0.0, 2)
    np.testing.assert_array_equal(found.cost, [nan, nan, 0.0])


def test_the_trail_of_treatment_ends_in_the_waste_streams() -> None:
    network = waste_network([0, 1, 2], [2, 2, -1], [30, 10, 40], [False, False, True], 3)
    found = cost_trail(network.source, network.target, network.share, [2, 2], [900.0, 100.0], 3)
    np.testing.assert_allclose(found.amount, [[675.0, 225.0], [75.0, 25.0]])
    assert network.flow[found.ends].tolist() == [0, 1]


def test_the_trail_follows_the_key_of_its_category() -> None:
    share = [[0.5, 0.5], [0.9, 0.1]]
    found = cost_trail([0, 0], [-1, -1], share, [0, 0, 0], [10.0, 10.0, nan], 1,
                       origin_category=[0, 1, 0])  # fmt: skip
    np.testing.assert_allclose(found.amount, [[5.0, 5.0], [9.0, 1.0], [nan, nan]])


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: flow_ends([0], [2], 2, language="en"), "mfca.no_such_step"),
        (lambda: flow_ends([-1], [-1], 2, language="en"), "mfca.both_outside"),
        (lambda: allocation_shares([0], [-1.0], 1), "mfca.negative_key"),
        (lambda: allocation_shares([0], [1.0], 1, [1.2]), "mfca.share_range"),
        (lambda: allocation_shares([0, 0], [1, 1], 1, [0.7, 0.7]), "mfca.shares_above_one"),
        (lambda: allocation_shares([0, 0], [1, 1], 1, [0.3, 0.3]), "mfca.shares_below_one"),
        (lambda: centre_costs([0], [-1], [0.5], [1.0], 1), "mfca.shares_below_one"),
        (lambda: centre_costs([0, 0], [-1, -1], [0.9, nan], [1.0], 1), None),
        (lambda: cost_trail([0], [-1], [1.0], [1], [1.0], 1), "mfca.no_such_step"),
    ],
)
def test_what_cannot_be_meant_is_refused(work: Any, code: str | None) -> None:
    if code is None:
        work()
        return
    with pytest.raises(RangeError) as caught:
        work()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (lambda: flow_ends([0.5], [0], 1), TypeError),
        (lambda: flow_ends([0, 0], [0], 1), ValueError),
        (lambda: allocation_shares([0], [1.0, 2.0], 1), ValueError),
        (lambda: centre_costs([0], [-1], [1.0], [1.0, 2.0], 1), ValueError),
        (lambda: cost_trail([0], [-1], [1.0], [0], [1.0, 2.0], 1), ValueError),
        (lambda: waste_network([0], [1], [1.0], [True], 2), ValueError),
        (lambda: loss_trail([0], [-1], [1.0], [True], [0], [4], [1.0], 1), ValueError),
    ],
)
def test_a_wrong_call_is_an_error(work: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        work()


def test_losses_and_product_of_two_centres_with_treatment_by_hand() -> None:
    # 0 -> 1 -> product; waste water of both goes to treatment 2, a fifth of it comes back to 1
    source = [-1, 0, 0, 1, 1, 2, 2]
    target = [0, 1, 2, -1, 2, -1, 1]
    amount = [1000.0, 700.0, 300.0, 600.0, 200.0, 400.0, 100.0]
    lost = [False, False, False, False, False, True, False]
    share = allocation_shares(source, amount, 3)
    own = [[1000.0, 0.0, 0.0], [0.0, 95.0, 70.0], [100.0, 0.0, 0.0]]
    found = loss_split(source, target, share, own, lost, 3, treatment=[False, False, True],
                       fee=[0, 0, 0, 0, 0, 10.0, 0], waste_key=amount)  # fmt: skip
    assert found.flow.tolist() == [2, 4]
    # C0 = 1000, C1 = 700 + 0.2 C2, C2 = 300 + 0.25 C1  ->  C1 = 800, C2 = 500
    np.testing.assert_allclose(found.centres.cost[0], [1000.0, 800.0, 500.0], rtol=1e-14)
    # of what enters treatment 80 % is lost; its own energy 70 and the fee 10 go by 300 : 200
    np.testing.assert_allclose(found.cost[:, 0], [240.0, 0.0, 24.0, 48.0], rtol=1e-13)
    np.testing.assert_allclose(found.cost[:, 1], [160.0, 20.0, 16.0, 32.0], rtol=1e-13)
    np.testing.assert_allclose(found.total, [312.0, 228.0], rtol=1e-13)
    np.testing.assert_allclose(found.product, [600.0, 75.0, 60.0], rtol=1e-13)
    np.testing.assert_allclose(found.lost, [400.0, 20.0, 40.0, 80.0], rtol=1e-13)
    np.testing.assert_allclose(found.step_loss[:, :2].T, found.cost.T, rtol=1e-13)
    # all that passes, 1100 and 980, less these losses
    np.testing.assert_allclose(found.step_kept[:, :2].sum(axis=0), [836.0, 784.0], rtol=1e-13)
    np.testing.assert_array_equal(found.stuck, 0.0)
    assert found.loss_share == pytest.approx(540 / 1275, rel=1e-13)


def test_a_fee_of_a_product_is_waste_management_and_shown() -> None:
    found = loss_split([0, 0], [-1, -1], [0.5, 0.5], [[8.0], [0.0], [0.0]], [False, False], 1,
                       fee=[3.0, 0.0])  # fmt: skip
    assert found.flow.tolist() == [0]
    np.testing.assert_array_equal(found.lost, [0.0, 0.0, 0.0, 3.0])
    np.testing.assert_array_equal(found.product, [8.0, 0.0, 0.0])


def test_a_cost_that_is_not_known_leaves_losses_unknown_and_is_not_zero() -> None:
    found = loss_split([0, 0], [-1, -1], [0.7, 0.3], [[nan], [50.0], [0.0]], [False, True], 1)
    np.testing.assert_array_equal(found.cost[:, 0], [nan, 15.0, 0.0, 0.0])
    assert np.isnan(found.total[0])
    assert np.isnan(found.loss_share)


def test_hot_spots_with_ties_and_ids_do_not_depend_on_the_order_of_rows() -> None:
    total, ids = np.array([5.0, nan, 0.3, 7.0, 0.1 + 0.2]), np.array(["e", "d", "c", "b", "a"])
    found = hot_spots(total, ids)
    assert ids[found.order].tolist() == ["b", "e", "a", "c", "d"]
    assert found.rank.tolist() == [2, 0, 3, 1, 3]
    turned = hot_spots(total[::-1], ids[::-1])
    assert ids[::-1][turned.order].tolist() == ["b", "e", "a", "c", "d"]
    np.testing.assert_allclose(found.share, turned.share[::-1])
    np.testing.assert_allclose(found.cumulative[:4], [7 / 12.6, 12 / 12.6, 12.3 / 12.6, 1.0])


def test_waste_that_earns_money_is_not_clipped() -> None:
    found = hot_spots([-50.0, 150.0, 0.0])
    assert found.order.tolist() == [1, 2, 0]
    np.testing.assert_allclose(found.cumulative, [1.5, 1.5, 1.0])


def test_hot_spots_of_nothing() -> None:
    found = hot_spots([])
    assert found.order.size == 0
    np.testing.assert_array_equal(hot_spots([0.0]).share, [nan])


def test_true_cost_of_water_by_hand() -> None:
    # 0 softener, 1 boiler, 2 washing; condensate 30 comes back from 1 to 0
    source = [-1, 0, 0, 1, 1, 2]
    target = [0, 1, 2, 0, -1, -1]
    amount = [100.0, 50.0, 80.0, 30.0, 20.0, 80.0]
    handling = [[260.0, 0.0, 0.0], [0.0, 500.0, 0.0]]
    found = true_cost(source, target, amount, [1000.0, 0, 0, 0, 0, 0], handling,
                      [0, 0, 0, 0, 10.0, 320.0], 3)  # fmt: skip
    np.testing.assert_allclose(found.component, [10.0, 2.6, 5.0, 3.3])
    assert found.total == pytest.approx(20.9)
    # C0 = N0 + 0.6 C1, C1 = N1 + (5/13) C0: the boiler heats water that washing then uses
    first = np.array([1000.0, 260.0, 0.6 * 500.0]) / (1 - 3 / 13)
    np.testing.assert_allclose(found.flow[:, 5], [*(first * 8 / 13), 320.0], rtol=1e-13)
    np.testing.assert_allclose(found.flow_unit[0], 10.0)
    ends = found.flow[:, [4, 5]].sum(axis=1) / 100.0
    np.testing.assert_allclose(ends, found.component, rtol=1e-13)


def test_true_cost_without_an_intake_is_not_known() -> None:
    found = true_cost([0], [-1], [5.0], 0.0, [[7.0]], 0.0, 1)
    assert np.isnan(found.total)


def test_treatment_needs_a_key() -> None:
    with pytest.raises(ValueError, match="waste_key"):
        loss_split([0], [-1], [1.0], [[0.0], [0.0], [0.0]], [True], 1, treatment=[True])
    with pytest.raises(ValueError, match="material, energy and system"):
        loss_split([0], [-1], [1.0], [[0.0], [0.0]], [True], 1)


def test_the_trail_of_losses_by_hand() -> None:
    # the plant of the two centres with treatment above: 80 % of what is treated is lost
    source, target = [-1, 0, 0, 1, 1, 2, 2], [0, 1, 2, -1, 2, -1, 1]
    amount = [1000.0, 700.0, 300.0, 600.0, 200.0, 400.0, 100.0]
    lost = [False, False, False, False, False, True, False]
    share = allocation_shares(source, amount, 3)
    found = loss_trail(source, target, share, lost, [0, 1, 2, 2], [0, 1, 1, 3],
                       [1000.0, 95.0, 70.0, 10.0], 3, treatment=[False, False, True],
                       waste_key=amount)  # fmt: skip
    assert found.flow.tolist() == [2, 4]
    np.testing.assert_allclose(
        found.amount, [[240.0, 160.0], [0.0, 20.0], [42.0, 28.0], [6.0, 4.0]], rtol=1e-13, atol=0
    )
    np.testing.assert_allclose(found.product, [600.0, 75.0, 0.0, 0.0], rtol=1e-13)
    np.testing.assert_array_equal(found.stuck, 0.0)


def test_a_large_network_with_unknowns_and_a_trap_past_the_dense_size() -> None:
    # a chain of 60; at 30 half goes to a loop without an exit; the cost of step 50 is not known
    steps = 62
    source = [*range(59), 59, 30, 60, 61]
    target = [*range(1, 60), -1, 60, 61, 60]
    share = np.ones(len(source))
    share[30] = share[60] = 0.5
    own = np.zeros((2, steps))
    own[:, 0] = 64.0
    own[1, 50] = nan
    found = centre_costs(source, target, share, own, steps)
    np.testing.assert_allclose(found.cost[0], [64.0] * 31 + [32.0] * 29 + [nan, nan])
    np.testing.assert_array_equal(found.cost[1], [64.0] * 31 + [32.0] * 19 + [nan] * 12)
    assert np.flatnonzero(found.trapped[0]).tolist() == [60, 61]
    np.testing.assert_allclose(found.kept[:, 60], 32.0)
    np.testing.assert_allclose(found.leaving, [32.0, nan])
