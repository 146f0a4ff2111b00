"""Laws of present value, rates of return, discounted payback and cash flows."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sxsh_audit.calc.finance import (
    annuity_factor,
    capped_support,
    discounted_payback,
    equivalent_annual_value,
    irr,
    level_discounted_payback,
    level_irr,
    level_npv,
    levelised_cost,
    mirr,
    nominal_rate,
    npv,
    option_cashflows,
    profitability_index,
    real_rate,
)
from sxsh_audit.calc.payback import simple_payback

rate = st.one_of(st.sampled_from([0.0, 0.1, 1e-9, -1e-9, 0.05]), st.floats(-0.5, 1.0))
growth = st.one_of(st.sampled_from([0.0, -0.02, 0.1, -1.0]), st.floats(-0.5, 0.5))
sum_of_money = st.one_of(st.sampled_from([1.0, 1e13, 3.0]), st.floats(1e-3, 1e13))
signed = st.one_of(st.just(0.0), sum_of_money, sum_of_money.map(lambda value: -value))
flows = st.lists(signed, min_size=1, max_size=12).map(np.array)
lifetime = st.integers(1, 40)
EXACT = 1e-12


@st.composite
def investments(draw: st.DrawFn) -> np.ndarray:
    """One cost, then savings of which at least one is above 0, within six powers of ten."""
    cost = draw(st.floats(1e-2, 1e4))
    back = draw(st.lists(st.one_of(st.just(0.0), st.floats(1e-2, 1e4)), min_size=1, max_size=20))
    assume(max(back) > 0)
    return np.array([-cost, *back])


def size(at: float, row: np.ndarray) -> float:
    """Return the present value of the absolute flows: the measure of rounding."""
    return float(npv(at, np.abs(row)))


# Present value


@given(rate, flows, st.floats(-1e3, 1e3), st.data())
def test_npv_is_linear(at: float, one: np.ndarray, factor: float, data: st.DataObject) -> None:
    other = np.array(data.draw(st.lists(signed, min_size=one.size, max_size=one.size)))
    both = npv(at, one + factor * other)
    parts = npv(at, one) + factor * npv(at, other)
    assert abs(both - parts) <= 1e-13 * (size(at, one) + abs(factor) * size(at, other))


@given(st.fractions(-Fraction(1, 2), 2, max_denominator=100),
       st.lists(st.integers(-10**13, 10**13), min_size=1, max_size=12))  # fmt: skip
def test_npv_is_the_sum_in_exact_fractions(at: Fraction, row: list[int]) -> None:
    exact = sum(flow / (1 + at) ** year for year, flow in enumerate(row))
    found = npv(float(at), row)
    assert abs(found - float(exact)) <= 1e-13 * size(float(at), np.array(row, dtype=float))


@given(investments(), rate, rate)
def test_npv_of_an_investment_falls_with_the_rate(
    row: np.ndarray, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    rounding = 1e-14 * size(low, row)
    assert npv(low, row) >= npv(high, row) - rounding


@given(rate, flows, st.integers(0, 5))
def test_zeros_after_the_flows_change_no_present_value(
    at: float, row: np.ndarray, more: int
) -> None:
    padded = np.concatenate([row, np.zeros(more)])
    assert abs(npv(at, padded) - npv(at, row)) <= 1e-14 * size(at, row)


@given(rate, st.one_of(lifetime, st.floats(0, 40)), growth)
def test_annuity_factor_is_the_sum_written_out(at: float, years: float, change: float) -> None:
    whole = math.floor(years)
    terms = [(1 + change) ** (t - 1) / (1 + at) ** t for t in range(1, whole + 2)]
    expected = math.fsum(terms[:whole]) + (years - whole) * terms[whole]
    assert annuity_factor(at, years, change) == pytest.approx(expected, rel=1e-11, abs=1e-300)


@given(rate, sum_of_money, signed, lifetime, growth)
def test_level_npv_is_that_of_the_flows_written_out(
    at: float, cost: float, saved: float, years: int, change: float
) -> None:
    row = option_cashflows(cost, saved, years, saving_growth=change)
    found = level_npv(at, cost, saved, years, change)
    assert abs(found - npv(at, row)) <= 1e-11 * size(at, row)


@given(rate, investments(), lifetime)
def test_equivalent_annual_value_has_the_same_present_value(
    at: float, row: np.ndarray, years: int
) -> None:
    value = npv(at, row)
    each = equivalent_annual_value(at, value, years)
    assert level_npv(at, 0.0, each, years) == pytest.approx(value, rel=EXACT, abs=1e-12)


@given(rate, investments())
def test_profitability_index_is_above_one_where_npv_is_above_zero(
    at: float, row: np.ndarray
) -> None:
    value = npv(at, row)
    assume(abs(value) > 1e-12 * size(at, row))
    assert (profitability_index(at, row) > 1) == (value > 0)


@given(rate, sum_of_money, st.floats(0, 1e6), sum_of_money, lifetime, growth)
def test_what_is_saved_at_its_levelised_cost_breaks_even(
    at: float, cost: float, extra: float, quantity: float, years: int, change: float
) -> None:
    price = levelised_cost(at, cost, extra, quantity, years, change)
    paid = option_cashflows(cost, 0.0, years, annual_extra_cost=extra)
    gained = option_cashflows(0.0, price * quantity, years, saving_growth=change)
    assert abs(npv(at, paid) + npv(at, gained)) <= 1e-10 * size(at, paid)


# Rates of return


@given(investments())
def test_npv_at_the_internal_rate_is_zero(row: np.ndarray) -> None:
    found = irr(row)
    assert found.status == "unique"
    # What one step of the float next to the rate moves is all that remains.
    at = found.rate
    slope = sum(t * abs(flow) / (1 + at) ** (t + 1) for t, flow in enumerate(row))
    assert abs(npv(at, row)) <= 1e-14 * size(at, row) + 2.3e-16 * (1 + abs(at)) * slope


@given(st.lists(st.one_of(st.just(0.0), st.floats(-100, -1), st.floats(1, 100)),
                min_size=2, max_size=10).map(np.array))  # fmt: skip
def test_every_root_is_a_zero_and_descartes_bounds_their_count(row: np.ndarray) -> None:
    found = irr(row)
    roots = found.roots[~np.isnan(found.roots)]
    signs = np.sign(row[row != 0])
    changes = int((signs[1:] != signs[:-1]).sum())
    assert roots.size <= changes
    assert (np.diff(roots) > 0).all()
    assert (roots > -1).all()
    for root in roots:
        slope = sum(t * abs(flow) / (1 + root) ** (t + 1) for t, flow in enumerate(row))
        allowed = 1e-12 * size(root, row) + 1e-15 * (1 + abs(root)) * slope
        assert abs(npv(root, row)) <= allowed
    expected = {0: "none", 1: "unique"}.get(roots.size, "multiple")
    assert found.status == ("undefined" if not signs.size else expected)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True), st.integers(1, 50))
def test_rates_put_into_the_flows_come_out(percents: list[int], first: int) -> None:
    """Flows built as Π (1 + rᵢ − x) in x = 1 + r, so that every rate is known."""
    rates = np.sort(np.array(percents)) * 0.25 - 0.75
    assume(np.diff(rates, append=np.inf).min() > 0.2)
    row = np.array([float(first)])
    for each in rates:
        row = np.convolve(row, [1.0, -(1.0 + each)])
    found = irr(row)
    assert found.roots.size == rates.size
    np.testing.assert_allclose(found.roots, rates, rtol=1e-8, atol=1e-8)


@given(investments(), st.floats(1e-6, 1e13))
def test_rates_and_payback_do_not_depend_on_the_currency(row: np.ndarray, factor: float) -> None:
    other = row * factor
    assert irr(other).rate == pytest.approx(irr(row).rate, rel=1e-9, abs=1e-12)
    assert mirr(other, 0.1, 0.08) == pytest.approx(mirr(row, 0.1, 0.08), rel=1e-11, abs=1e-12)
    one, two = discounted_payback(0.1, row), discounted_payback(0.1, other)
    assert one.payback_class == two.payback_class
    assert two.years == pytest.approx(one.years, rel=1e-9, nan_ok=True)


@given(investments())
def test_turning_all_signs_changes_no_internal_rate(row: np.ndarray) -> None:
    assert irr(-row).rate == pytest.approx(irr(row).rate, rel=1e-12, abs=1e-14)


@given(flows, st.integers(0, 3), st.integers(0, 3))
def test_zeros_before_and_after_change_no_rate(row: np.ndarray, before: int, after: int) -> None:
    padded = np.concatenate([np.zeros(before), row, np.zeros(after)])
    one, two = irr(row), irr(padded)
    assert one.status == two.status
    assert two.rate == pytest.approx(one.rate, rel=1e-9, abs=1e-12, nan_ok=True)
    np.testing.assert_allclose(two.roots, one.roots, rtol=1e-6, atol=1e-9)
    assert mirr(padded, 0.1, 0.07) == pytest.approx(
        mirr(row, 0.1, 0.07), rel=1e-9, abs=1e-12, nan_ok=True
    )


@given(investments())
def test_mirr_at_the_internal_rate_is_the_internal_rate(row: np.ndarray) -> None:
    found = irr(row).rate
    assume(-0.9 < found < 50)
    assert mirr(row, found, found) == pytest.approx(found, rel=1e-9, abs=1e-10)


@given(st.floats(1e-2, 1e6), st.floats(1e-2, 1e6), lifetime, growth)
def test_level_irr_is_that_of_the_flows_written_out(
    cost: float, saved: float, years: int, change: float
) -> None:
    row = option_cashflows(cost, saved, years, saving_growth=change)
    found, written = level_irr(cost, saved, years, change), irr(row)
    assert found.status == written.status == "unique"
    assert found.rate == pytest.approx(written.rate, rel=1e-11, abs=1e-13)
    if found.rate > -0.9:  # nearer to −1 the float next to the rate moves the value by more
        value = level_npv(found.rate, cost, saved, years, change)
        assert abs(value) <= 1e-12 * cost * years


@given(st.floats(1e-2, 1e6), st.floats(1e-2, 1e6), st.floats(0.1, 30), growth)
def test_level_irr_of_a_year_begun_is_that_of_the_flows_written_out(
    cost: float, saved: float, years: float, change: float
) -> None:
    row = option_cashflows(cost, saved, years, saving_growth=change)
    found, written = level_irr(cost, saved, years, change), irr(row)
    assert found.rate == pytest.approx(written.rate, rel=1e-11, abs=1e-13)


# Discounted payback


@given(rate, investments())
def test_discounted_payback_is_where_the_sum_in_exact_fractions_crosses(
    at: float, row: np.ndarray
) -> None:
    total = [Fraction(0)]
    for year, flow in enumerate(row):
        total.append(total[-1] + Fraction(float(flow)) / (1 + Fraction(at)) ** year)
    total = total[1:]
    paid = [year for year, value in enumerate(total) if value >= 0]
    near = min(abs(value) for value in total) <= Fraction(10) ** -9 * abs(total[0])
    assume(not near)  # at the edge rounding may decide
    found = discounted_payback(at, row)
    if not paid:
        assert found == (math.inf, "never")
    else:
        year = paid[0]
        exact = year - total[year] / (total[year] - total[year - 1])
        assert found.payback_class == "years"
        assert found.years == pytest.approx(float(exact), rel=1e-9)


@given(st.floats(0, 1), st.floats(1e-2, 1e6), st.floats(1e-2, 1e6), lifetime)
def test_discounted_payback_is_not_shorter_than_simple_payback(
    at: float, cost: float, saved: float, years: int
) -> None:
    found = level_discounted_payback(at, cost, saved, years)
    simple = simple_payback(cost, saved)
    assert found.years >= simple.years * (1 - 1e-12)
    free = level_discounted_payback(0.0, cost, saved, years)
    if simple.years <= years:
        assert free.years == pytest.approx(simple.years, rel=1e-12)
    else:
        assert free == (math.inf, "never")


@given(rate, signed, signed, st.one_of(st.integers(0, 30), st.floats(0, 30)), growth)
def test_level_discounted_payback_is_that_of_the_flows_written_out(
    at: float, cost: float, saved: float, years: float, change: float
) -> None:
    row = option_cashflows(cost, saved, years, saving_growth=change)
    found, written = level_discounted_payback(at, cost, saved, years, change), discounted_payback(
        at, row
    )
    value = level_npv(at, cost, saved, years, change)
    assume(abs(value) > 1e-9 * size(at, row) or value == 0)  # at the edge rounding may decide
    assert found.payback_class == written.payback_class
    assert found.years == pytest.approx(written.years, rel=1e-8, abs=1e-9, nan_ok=True)


@given(rate, flows)
def test_the_last_crossing_is_not_before_the_first(at: float, row: np.ndarray) -> None:
    first, last = discounted_payback(at, row), discounted_payback(at, row, crossing="last")
    if last.payback_class == "years":
        assert last.years >= first.years
        assert npv(at, row) >= -1e-9 * size(at, row)


@given(rate, flows, st.integers(0, 4))
def test_zeros_after_the_flows_change_no_payback(at: float, row: np.ndarray, more: int) -> None:
    padded = np.concatenate([row, np.zeros(more)])
    for crossing in ("first", "last"):
        one = discounted_payback(at, row, crossing=crossing)
        two = discounted_payback(at, padded, crossing=crossing)
        assert one.payback_class == two.payback_class
        np.testing.assert_allclose(two.years, one.years, rtol=1e-12)


# Arrays and scalars


five_flows = st.lists(st.one_of(signed, st.just(math.nan)), min_size=5, max_size=5)


@given(st.lists(st.tuples(rate, five_flows), min_size=1, max_size=8))
def test_arrays_give_what_each_scalar_gives(rows: list[tuple[float, list[float]]]) -> None:
    rates, table = np.array([at for at, _ in rows]), np.array([row for _, row in rows])
    values, back = npv(rates, table), discounted_payback(rates, table)
    found, modified = irr(table), mirr(table, rates, 0.1)
    for place, (at, row) in enumerate(rows):
        np.testing.assert_allclose(
            values[place], npv(at, row), rtol=1e-13, atol=1e-13 * size(at, np.nan_to_num(row))
        )
        one, own = discounted_payback(at, row), irr(row)
        assert back.payback_class[place] == one.payback_class
        np.testing.assert_allclose(back.years[place], one.years, rtol=1e-12)
        assert found.status[place] == own.status
        np.testing.assert_allclose(found.rate[place], own.rate, rtol=1e-12, atol=1e-14)
        known = found.roots[place][~np.isnan(found.roots[place])]
        np.testing.assert_allclose(known, own.roots[~np.isnan(own.roots)], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(modified[place], mirr(row, at, 0.1), rtol=1e-12, atol=1e-14)


@given(st.lists(st.tuples(rate, signed, signed, st.integers(0, 30), growth),
                min_size=1, max_size=8))  # fmt: skip
def test_closed_forms_of_arrays_give_what_each_scalar_gives(
    rows: list[tuple[float, float, float, int, float]],
) -> None:
    at, cost, saved, years, change = np.array(rows, dtype=float).T
    values = level_npv(at, cost, saved, years, change)
    rates = level_irr(cost, saved, years, change)
    back = level_discounted_payback(at, cost, saved, years, change)
    for place, row in enumerate(rows):
        np.testing.assert_allclose(values[place], level_npv(*row), rtol=1e-12)
        own, one = level_irr(*row[1:]), level_discounted_payback(*row)
        assert rates.status[place] == own.status
        np.testing.assert_allclose(rates.rate[place], own.rate, rtol=1e-11, atol=1e-14)
        assert back.payback_class[place] == one.payback_class
        np.testing.assert_allclose(back.years[place], one.years, rtol=1e-12)


# Real and nominal, tax


@given(rate, st.floats(-0.2, 0.5))
def test_fisher_there_and_back(at: float, inflation: float) -> None:
    assert real_rate(nominal_rate(at, inflation), inflation) == pytest.approx(at, abs=1e-14)


@given(rate, st.floats(-0.2, 0.5), sum_of_money, sum_of_money, lifetime)
def test_real_and_nominal_flows_have_one_present_value(
    real: float, inflation: float, cost: float, saved: float, years: int
) -> None:
    in_real = level_npv(real, cost, saved, years)
    in_nominal = level_npv(
        nominal_rate(real, inflation), cost, saved * (1 + inflation), years, inflation
    )
    scale = cost + abs(in_real + cost)
    assert abs(in_real - in_nominal) <= 1e-10 * scale


@given(sum_of_money, sum_of_money, lifetime, st.integers(0, 10), st.floats(0, 1e6))
def test_tax_at_zero_changes_nothing(
    cost: float, saved: float, years: int, depreciated: int, salvage: float
) -> None:
    plain = option_cashflows(cost, saved, years, salvage=salvage)
    taxed = option_cashflows(
        cost, saved, years, salvage=salvage, tax_rate=0.0, depreciation_years=depreciated
    )
    np.testing.assert_array_equal(plain, taxed)


@given(sum_of_money, sum_of_money, lifetime, st.integers(0, 20), st.floats(0, 1))
def test_depreciation_deducts_the_whole_cost_and_no_more(
    cost: float, saved: float, years: int, depreciated: int, tax: float
) -> None:
    plain = option_cashflows(cost, saved, years)
    taxed = option_cashflows(cost, saved, years, tax_rate=tax, depreciation_years=depreciated)
    gain = years * saved - (cost if depreciated else 0.0)
    assert plain.sum() - taxed.sum() == pytest.approx(
        tax * gain, rel=1e-9, abs=1e-9 * (cost + years * saved)
    )


@given(sum_of_money, sum_of_money, lifetime, st.integers(0, 5), st.integers(0, 60))
def test_a_horizon_cuts_or_pads_and_nothing_else(
    cost: float, saved: float, years: int, building: int, horizon: int
) -> None:
    whole = option_cashflows(cost, saved, years, construction_years=building, salvage=7.0)
    cut = option_cashflows(
        cost, saved, years, construction_years=building, salvage=7.0, horizon=horizon
    )
    assert cut.shape == (horizon + 1,)
    shared = min(horizon, years + building) + 1
    np.testing.assert_array_equal(cut[:shared], whole[:shared])
    assert not cut[shared:].any()
    assert whole.sum() == pytest.approx(years * saved - cost + 7.0, rel=1e-9, abs=1e-9 * cost)


@given(sum_of_money, sum_of_money, st.floats(0, 1), sum_of_money)
def test_support_never_exceeds_share_or_limit_and_never_falls_with_the_cost(
    cost: float, more: float, share: float, most: float
) -> None:
    one, other = capped_support([cost, cost + more], share, most)
    assert 0 <= one <= other <= most
    assert one <= share * cost
    assert one in (share * cost, most)
