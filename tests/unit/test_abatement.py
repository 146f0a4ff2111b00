"""Abatement: what a tonne costs, what has no such cost, and Taylor's paradox."""

from __future__ import annotations

import numpy as np
import pytest

from sxsh_audit.calc.abatement import (
    AbatementClass,
    abatement_cost,
    avoided_emissions,
    conserved_cost,
    cost_curve_order,
    pareto_order,
)
from sxsh_audit.calc.domain import RangeError

TEN_YEARS = 6.144567105704683  # (1 − 1.1⁻¹⁰) ÷ 0.1


def test_avoided_emissions_are_a_sum_over_resources() -> None:
    # 1,000 MWh · 0.6766 + 20 t · 2.5 − 3 t · 3 (more of the third is burnt)
    found = avoided_emissions([[1000.0, 20.0, -3.0]], [0.6766, 2.5, 3.0])
    np.testing.assert_allclose(found, [676.6 + 50 - 9])
    assert avoided_emissions([5.0], [2.0]) == 10.0


def test_a_factor_that_is_not_known_matters_only_where_something_is_saved() -> None:
    found = avoided_emissions([[5.0, 0.0], [5.0, 1.0], [np.nan, 0.0]], [2.0, np.nan])
    np.testing.assert_array_equal(found, [10.0, np.nan, np.nan])


def test_cost_per_tonne_with_and_without_discounted_tonnes() -> None:
    # Net cost 1,000 − 100 · 6.144567 = 385.5433; tonnes 2 · 10 = 20, or 2 · 6.144567 = 12.289134.
    plain = abatement_cost(0.1, 1000.0, 100.0, 2.0, 10.0, discount_tonnes=False)
    discounted = abatement_cost(0.1, 1000.0, 100.0, 2.0, 10.0, discount_tonnes=True)
    assert plain.cost_per_tonne == pytest.approx(19.277164, abs=1e-6)
    assert discounted.cost_per_tonne == pytest.approx(31.372698, abs=1e-6)
    assert plain.net_cost == discounted.net_cost == pytest.approx(1000 - 100 * TEN_YEARS)
    assert plain.tonnes == 20.0
    assert plain.abatement_class is AbatementClass.COSTS


def test_whether_tonnes_are_discounted_must_be_said() -> None:
    with pytest.raises(TypeError, match="discount_tonnes"):
        abatement_cost(0.1, 1000.0, 100.0, 2.0, 10.0)  # type: ignore[call-arg]


def test_savings_that_grow_as_fast_as_the_rate_are_worth_their_number() -> None:
    # r = g: A = n ÷ (1 + r) = 11 ÷ 1.1 = 10
    found = abatement_cost(0.1, 1100.0, 100.0, 1.0, 11.0, discount_tonnes=False, growth=0.1)
    assert found.net_cost == pytest.approx(100.0)


def test_classes() -> None:
    found = abatement_cost(
        0.0, [10.0, 0.0, 10.0, 10.0, 10.0, 10.0, np.nan], [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 1.0, 0.0, -1.0, np.nan, 1.0], 10.0, discount_tonnes=False)  # fmt: skip
    assert found.abatement_class.tolist() == [
        "costs", "pays", "pays", "nothing_avoided", "nothing_avoided", "unknown", "unknown"
    ]  # fmt: skip
    np.testing.assert_array_equal(
        found.cost_per_tonne, [1.0, -1.0, 0.0, np.nan, np.nan, np.nan, np.nan]
    )


def test_taylors_paradox_is_not_repeated() -> None:
    """Two options gain the same; the one that avoids a tenth looks ten times as good per tonne.

    Taylor (2012), The ranking of negative-cost emissions reduction measures.
    """
    net, tonnes = np.array([-100.0, -100.0]), np.array([1.0, 10.0])
    assert np.argsort(net / tonnes).tolist() == [0, 1]  # the usual curve: the worse one first
    assert cost_curve_order(net, tonnes).order.tolist() == [1, 0]
    # Even an option that gains more and avoids more comes second per tonne.
    net, tonnes = np.array([-100.0, -150.0]), np.array([1.0, 10.0])
    assert np.argsort(net / tonnes).tolist() == [0, 1]
    assert cost_curve_order(net, tonnes).front.tolist() == [2, 1]


def test_fronts_worked_out_by_hand() -> None:
    #  gain  9  8  5  5  1  9
    # tonnes 1  4  6  6  2  1   → the first, second and both third beat the rest; equals share
    net = [-9.0, -8.0, -5.0, -5.0, -1.0, -9.0, np.nan]
    assert pareto_order(net, [1.0, 4.0, 6.0, 6.0, 2.0, 1.0, 1.0]).tolist() == [1, 1, 1, 1, 2, 1, 0]
    assert pareto_order([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]).tolist() == [1, 2, 3]
    assert pareto_order([], []).tolist() == []


def test_curve_lists_gains_costs_nothing_unknown() -> None:
    net = [30.0, np.nan, -5.0, 10.0, 4.0, -1.0, 20.0]
    tonnes = [1.0, 1.0, 1.0, 1.0, 0.0, 9.0, 10.0]
    found = cost_curve_order(net, tonnes, ["g", "f", "e", "d", "c", "b", "a"])
    # b and e are one front (by id), then 2, 10 and 30 a tonne, then what avoids nothing.
    assert found.order.tolist() == [5, 2, 6, 3, 0, 4, 1]
    assert found.front.tolist() == [0, 0, 1, 0, 0, 1, 0]


def test_two_options_with_one_id() -> None:
    with pytest.raises(RangeError) as refused:
        cost_curve_order([1.0, 2.0], [1.0, 1.0], ["a", "a"])
    assert refused.value.code == "calc.duplicate_option"


def test_cost_of_conserved_energy() -> None:
    # 614.4567 spread over ten years at 10 % is 100 a year; with 20 a year to run, 120 for 100 kWh.
    found = conserved_cost(0.1, 100 * TEN_YEARS, 20.0, 100.0, 10.0)
    assert found.cost_per_unit == pytest.approx(1.2)
    assert found.conserved_class == "costs"
    none = conserved_cost(0.1, [10.0, 0.0, 10.0], 0.0, [0.0, 5.0, np.nan], 10.0)
    assert none.conserved_class.tolist() == ["nothing_avoided", "pays", "unknown"]
    np.testing.assert_array_equal(none.cost_per_unit, [np.nan, 0.0, np.nan])


def test_an_option_pays_when_its_conserved_unit_is_cheaper_than_the_price() -> None:
    price = np.array([1.1, 1.2 + 1e-9, 1.3])
    cost = conserved_cost(0.1, 100 * TEN_YEARS, 20.0, 100.0, 10.0).cost_per_unit
    net = abatement_cost(0.1, 100 * TEN_YEARS, 100 * price - 20, 1.0, 10.0,
                         discount_tonnes=False).net_cost  # fmt: skip
    np.testing.assert_array_equal(net < 0, cost < price)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((-1.0, 1.0, 1.0, 1.0, 1.0), "finance.rate"),
        ((0.1, 1.0, 1.0, 1.0, -1.0), "finance.years"),
    ],
)
def test_refused(given: tuple[float, ...], code: str) -> None:
    with pytest.raises(RangeError) as refused:
        abatement_cost(*given, discount_tonnes=True)
    assert refused.value.code == code
    rate, cost, extra, quantity, years = given
    with pytest.raises(RangeError) as refused:
        conserved_cost(rate, cost, extra, quantity, years)
    assert refused.value.code == code


def test_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="tonnes"):
        pareto_order([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="ids"):
        cost_curve_order([1.0], [1.0], ["a", "b"])
