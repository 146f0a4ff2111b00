"""Laws of the simulation of options."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.option_risk import simulate_options
from sxsh_audit.calc.ranges import triangular, uniform


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Some options with ranges around round figures."""
    size, resources = draw(st.integers(1, 6)), draw(st.integers(1, 2))
    whole = st.integers(1, 1000)

    def grid(*shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        return np.array(draw(st.lists(whole, min_size=count, max_size=count)), float).reshape(shape)

    cost, quantity, price, life = grid(size), grid(size, resources), grid(resources), grid(size)
    spread = draw(st.floats(0, 0.5))
    return {
        "cost": triangular(cost * (1 - spread), cost, cost * (1 + 2 * spread)),
        "quantity": uniform(quantity * (1 - spread), quantity * (1 + spread)),
        "price": uniform(price * (1 - spread), price * (1 + spread)),
        "lifetime": life / 50, "rate": draw(st.floats(-0.1, 0.5)),
        "seed": draw(st.integers(0, 99)), "draws": draw(st.integers(1, 70)),
        "index_draws": 16, "method": draw(st.sampled_from(["sobol", "random"])),
    }  # fmt: skip


@settings(max_examples=40)
@given(cases())
def test_shares_add_up_and_intervals_rise(case: dict[str, Any]) -> None:
    found = simulate_options(**case)
    size = found.p_npv.size
    np.testing.assert_allclose(found.rank_share.sum(axis=1), 1.0, rtol=1e-12)
    mean = found.rank_share @ np.arange(1, size + 1)
    np.testing.assert_allclose(found.mean_rank, mean, rtol=1e-12)
    np.testing.assert_allclose(found.p_top, found.rank_share[:, :3].sum(axis=1), rtol=1e-12)
    # Without ties each draw gives out every rank once; with ties the best ones more often.
    assert (np.cumsum(found.rank_share.sum(axis=0)) >= np.arange(1, size + 1) - 1e-9).all()
    for values in (found.npv, found.payback):
        assert (values[:, 1:] >= values[:, :-1]).all()
    for share in (found.p_npv, found.p_payback):
        np.testing.assert_array_equal(share * case["draws"], np.rint(share * case["draws"]))


@settings(max_examples=40)
@given(cases(), st.integers(-30, 40))
def test_another_currency_changes_money_and_nothing_else(
    case: dict[str, Any], power: int
) -> None:
    rate = 2.0**power  # a power of two: every product stays exact
    one = simulate_options(**case)
    cost, price = case["cost"].parameters, case["price"].parameters
    other = simulate_options(**case | {
        "cost": triangular(*(rate * part for part in cost)),
        "price": uniform(*(rate * part for part in price)),
    })  # fmt: skip
    for name in ("npv", "median_npv", "tornado"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name) * rate, rtol=1e-12)
    for name in ("p_npv", "p_payback", "payback", "rank_share", "mean_rank", "p_top",
                 "sobol_first", "sobol_total"):  # fmt: skip
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-9, atol=1e-12)


@settings(max_examples=40)
@given(cases())
def test_dearer_prices_never_lower_a_share(case: dict[str, Any]) -> None:
    one = simulate_options(**case)
    low, high = case["price"].parameters
    other = simulate_options(**case | {"price": uniform(low * 1.5, high * 1.5)})
    assert (other.p_npv >= one.p_npv).all()
    assert (other.npv >= one.npv).all()
    assert (other.payback <= one.payback).all()


@settings(max_examples=40)
@given(cases())
def test_each_input_moves_the_value_its_own_way(case: dict[str, Any]) -> None:
    """A tornado: a higher cost never gains, more saved at a higher price never loses."""
    found = simulate_options(**case)
    low, middle, high = found.tornado[..., 0], found.median_npv[:, None], found.tornado[..., 1]
    rising = np.array([name.startswith(("quantity", "price")) for name in found.inputs])
    slack = 1e-9 * (np.abs(found.tornado).max() + 1)
    assert (low[:, :1] >= middle - slack).all()
    assert (high[:, :1] <= middle + slack).all()
    assert (low[:, rising] <= middle + slack).all()
    assert (high[:, rising] >= middle - slack).all()
    fixed = np.array([name in ("lifetime", "extra_cost", "other_benefit") for name in found.inputs])
    np.testing.assert_array_equal(low[:, fixed], np.broadcast_to(middle, low[:, fixed].shape))


@settings(max_examples=40)
@given(cases())
def test_what_is_certain_explains_no_variance(case: dict[str, Any]) -> None:
    found = simulate_options(**case | {"index_draws": 64})
    known = ~np.isnan(found.sobol_total).all(axis=1)
    assert (found.sobol_total[known] >= 0).all()
    for name in ("lifetime", "extra_cost", "other_benefit"):
        place = found.inputs.index(name)
        assert not found.sobol_first[known, place].any()
        assert not found.sobol_total[known, place].any()


@settings(max_examples=40)
@given(cases(), st.data())
def test_order_of_certain_options_does_not_matter(
    case: dict[str, Any], data: st.DataObject
) -> None:
    cost, quantity, life = case["cost"].median, case["quantity"].median, case["lifetime"]
    order = np.array(data.draw(st.permutations(range(cost.size))))
    given_ = case | {"price": case["price"].median, "draws": 3}
    one = simulate_options(**given_ | {"cost": cost, "quantity": quantity, "lifetime": life})
    other = simulate_options(**given_ | {
        "cost": cost[order], "quantity": quantity[order], "lifetime": life[order]
    })  # fmt: skip
    for name in ("p_npv", "npv", "payback", "mean_rank", "p_top"):
        np.testing.assert_array_equal(getattr(one, name)[order], getattr(other, name))
