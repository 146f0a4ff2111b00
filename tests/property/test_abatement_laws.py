"""Laws of Pareto fronts and the cost curve."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.abatement import (
    abatement_cost,
    avoided_emissions,
    conserved_cost,
    cost_curve_order,
    pareto_order,
)
from sxsh_audit.calc.finance import level_npv, levelised_cost

# Few values, so that options often tie.
cell = st.one_of(st.integers(-4, 4).map(float), st.floats(-1e13, 1e13), st.just(np.nan))


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(0, 14))
    column = st.lists(cell, min_size=size, max_size=size)
    return np.array(draw(column)), np.array(draw(column))


def beats(cost: np.ndarray, tonnes: np.ndarray, one: int, other: int) -> bool:
    as_good = cost[one] <= cost[other] and tonnes[one] >= tonnes[other]
    return bool(as_good and (cost[one] < cost[other] or tonnes[one] > tonnes[other]))


@given(tables())
def test_fronts_are_those_of_peeling_off_what_nothing_beats(
    table: tuple[np.ndarray, np.ndarray],
) -> None:
    cost, tonnes = table
    left = {k for k in range(cost.size) if not np.isnan(cost[k] + tonnes[k])}
    expected, front = np.zeros(cost.size, int), 0
    while left:
        front += 1
        best = {k for k in left if not any(beats(cost, tonnes, one, k) for one in left)}
        expected[list(best)] = front
        left -= best
    np.testing.assert_array_equal(pareto_order(cost, tonnes), expected)


@given(tables(), st.data())
def test_more_tonnes_at_the_same_cost_never_worsen_the_front(
    table: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    """The law that cost per tonne breaks for options that pay."""
    cost, tonnes = table
    if cost.size == 0:
        return
    chosen = data.draw(st.integers(0, cost.size - 1))
    more = tonnes.copy()
    more[chosen] += data.draw(st.floats(0, 1e6))
    before, after = pareto_order(cost, tonnes), pareto_order(cost, more)
    assert after[chosen] <= before[chosen]


@given(tables(), st.data())
def test_the_curve_does_not_depend_on_the_order_of_rows(
    table: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    cost, tonnes = table
    ids = np.array(data.draw(st.permutations([f"GP{k:02d}" for k in range(cost.size)])), dtype=str)
    order = np.array(data.draw(st.permutations(range(cost.size))), dtype=int)
    one = cost_curve_order(cost, tonnes, ids)
    other = cost_curve_order(cost[order], tonnes[order], ids[order])
    np.testing.assert_array_equal(ids[one.order], ids[order][other.order])
    np.testing.assert_array_equal(one.front[order], other.front)


@given(tables())
def test_every_option_stands_on_the_curve_once_by_class(
    table: tuple[np.ndarray, np.ndarray],
) -> None:
    cost, tonnes = table
    found = cost_curve_order(cost, tonnes)
    assert sorted(found.order.tolist()) == list(range(cost.size))
    codes = found.abatement_class.codes[found.order]
    assert (np.diff(codes) >= 0).all()
    costs = found.order[codes == 1]
    with np.errstate(over="ignore"):
        assert (np.diff(cost[costs] / tonnes[costs]) >= 0).all()


money, tonne = st.floats(0, 1e12), st.floats(1e-3, 1e6)


@given(st.floats(-0.2, 1.0), money, money, tonne, st.floats(0.5, 50), st.booleans())
def test_cost_per_tonne_times_tonnes_is_the_net_cost(
    rate: float, cost: float, saving: float, tonnes: float, years: float, discount: bool
) -> None:
    found = abatement_cost(rate, cost, saving, tonnes, years, discount_tonnes=discount)
    slack = 1e-12 * max(abs(found.net_cost), 1e-290)
    assert abs(found.cost_per_tonne * found.tonnes - found.net_cost) <= slack
    assert found.abatement_class == ("costs" if found.net_cost > 0 else "pays")


@given(st.floats(-0.2, 1.0), money, money, tonne, st.floats(0.5, 50))
def test_what_is_saved_at_its_conserved_cost_breaks_even(
    rate: float, cost: float, extra: float, quantity: float, years: float
) -> None:
    found = conserved_cost(rate, cost, extra, quantity, years).cost_per_unit
    value = level_npv(rate, cost, quantity * found - extra, years)
    assert abs(value) <= 1e-11 * (cost + abs(value + cost) + extra * years)
    # Two names for one quotient: what they say of a saving that is one must be the same.
    levelised = levelised_cost(rate, cost, extra, quantity, years)
    np.testing.assert_allclose(found, levelised, rtol=1e-12, atol=1e-300)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 10)), min_size=1, max_size=6),
       st.floats(0, 10))  # fmt: skip
def test_emissions_add_up_over_resources_and_grow_with_what_is_saved(
    rows: list[tuple[float, float]], times: float
) -> None:
    quantity, factor = np.array(rows).T
    whole = avoided_emissions(quantity, factor)
    each = [avoided_emissions([q], [f]) for q, f in rows]
    slack = 1e-12 * float(np.abs(quantity) @ factor)
    assert abs(whole - sum(each)) <= slack
    assert abs(avoided_emissions(times * quantity, factor) - times * whole) <= (1 + times) * slack
