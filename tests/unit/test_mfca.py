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
    oriented_flows,
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
    ],
)
def test_a_wrong_call_is_an_error(work: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        work()
