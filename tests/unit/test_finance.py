"""Economics of options: hand calculations, edges and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
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

NAN, INF = math.nan, math.inf


# Present value


def test_a_rate_of_almost_nothing_is_none() -> None:
    # x − 1 = (g − r) ÷ (1 + r) of 1e-320 has no digits left to divide by.
    assert annuity_factor(1e-320, 7.5) == 7.5
    assert annuity_factor(0.1, 10, 0.1) == pytest.approx(10 / 1.1, rel=1e-15)
    assert annuity_factor(1e-160, 3, -1e-160) == 3.0


def test_npv_broadcasts_rates_against_rows() -> None:
    table = np.array([[-100.0, 60.0, 60.0], [-10.0, 0.0, 12.1]])
    # By hand at 0, 10 and 20 %: −100 + 60/1.1 + 60/1.21 and so on.
    expected = np.array([[20.0, 4.132231404958677, -8.333333333333333],
                         [2.1, 0.0, -1.597222222222222]])  # fmt: skip
    rates = np.array([0.0, 0.1, 0.2])
    np.testing.assert_allclose(npv(rates[:, None], table), expected.T, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(npv(rates, table[:, None, :]), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(npv([0.0, 0.1], table), [20.0, 0.0], atol=1e-14)
    assert npv([[0.1]], table).shape == (1, 2)


def test_npv_of_many_rows_at_their_own_rates_crosses_the_blocks() -> None:
    rows = 10_000  # more than one block
    table = np.zeros((rows, 16))
    table[:, 5] = np.arange(rows)
    rates = np.linspace(0.0, 1.0, rows)
    np.testing.assert_allclose(npv(rates, table), np.arange(rows) / (1 + rates) ** 5, rtol=1e-13)


def test_npv_leaves_the_unknown_unknown_and_the_others_alone() -> None:
    found = npv(0.1, [[-1.0, NAN], [-1.0, 2.2]])
    assert math.isnan(found[0])
    assert found[1] == pytest.approx(1.0, rel=1e-14)
    assert math.isnan(npv(NAN, [1.0, 2.0]))


def test_npv_near_minus_100_percent_is_large_and_never_nan() -> None:
    padded = [-3000.0, 1.0] + [0.0] * 60
    assert npv(-1 + 1e-9, padded) == pytest.approx(1e9, rel=1e-5)


@pytest.mark.parametrize("wrong", [-1.0, -1.5, -INF])
def test_a_rate_of_minus_100_percent_or_below_is_refused(wrong: float) -> None:
    for refused in (
        lambda: npv([0.1, wrong], [[1.0, 2.0]], language="en"),
        lambda: annuity_factor([0.1, wrong], 5, language="en"),
        lambda: mirr([-1.0, 2.0], [0.1, wrong], 0.1, language="en"),
        lambda: discounted_payback([0.1, wrong], [-1.0, 2.0], language="en"),
        lambda: level_discounted_payback([0.1, wrong], 1.0, 1.0, 5, language="en"),
        lambda: real_rate([0.1, wrong], 0.0, language="en"),
        lambda: nominal_rate(0.1, [0.0, wrong], language="en"),
    ):
        with pytest.raises(RangeError, match="above −1") as caught:
            refused()
        assert caught.value.numbers["positions"] == (1,)


def test_refusals_speak_vietnamese_unless_told_otherwise() -> None:
    with pytest.raises(RangeError, match="Tỷ lệ phải lớn hơn −1"):
        npv(-1, [1.0])
    with pytest.raises(RangeError, match="Số năm phải ≥ 0"):
        annuity_factor(0.1, -1)
    with pytest.raises(RangeError, match="Mức thay đổi mỗi năm"):
        annuity_factor(0.1, 5, -1.1)
    with pytest.raises(RangeError, match="Tỷ lệ hỗ trợ"):
        capped_support(1.0, 1.5, 1.0)
    with pytest.raises(RangeError, match="Mức hỗ trợ tối đa"):
        capped_support(1.0, 0.5, -1.0)
    with pytest.raises(RangeError, match="0 năm"):
        equivalent_annual_value(0.1, 1.0, 0)
    with pytest.raises(RangeError, match="năm tròn"):
        option_cashflows(1.0, 1.0, 5, construction_years=0.5)
    with pytest.raises(RangeError, match="Thuế suất"):
        option_cashflows(1.0, 1.0, 5, tax_rate=20)
    with pytest.raises(RangeError, match="1200 năm"):
        option_cashflows(1.0, 1.0, 1e6)


def test_flows_need_an_axis_of_years() -> None:
    for wrong in (5.0, [], np.empty((3, 0))):
        with pytest.raises(ValueError, match="last axis is the years"):
            npv(0.1, wrong)
    with pytest.raises(TypeError, match="text is not read"):
        npv(0.1, ["-100", "50"])


def test_annuity_factor_of_a_published_table() -> None:
    # Factor of an annuity at 12 % over 10 years, 5.650 in every table of annuities.
    assert annuity_factor(0.12, 10) == pytest.approx(5.650223, rel=1e-7)
    assert annuity_factor(0.0, 7) == 7.0
    assert annuity_factor(0.1, 0) == 0.0
    assert annuity_factor(0.1, 5, -1.0) == pytest.approx(1 / 1.1, rel=1e-15)


def test_annuity_factor_is_smooth_where_growth_meets_the_rate() -> None:
    exact = 10 / 1.07
    for gap in (0.0, 1e-16, 1e-13, -1e-13, 1e-9):
        # Its slope against the growth is 45/1.07² (Σ (t − 1)/(1 + r)²).
        expected = exact + gap * 45 / 1.07**2
        assert annuity_factor(0.07, 10, 0.07 + gap) == pytest.approx(expected, rel=1e-14)


def test_level_npv_at_dong_scale() -> None:
    # 10¹³ đồng, 1.5·10¹² a year over 12 years at 10 %: factor 6.813691823…
    assert level_npv(0.1, 1e13, 1.5e12, 12) == pytest.approx(1.5e12 * 6.8136918229 - 1e13, rel=1e-9)


def test_levelised_cost_by_hand() -> None:
    # (1000 + 50·1.73553719) ÷ (100·1.73553719)
    assert levelised_cost(0.1, 1000.0, 50.0, 100.0, 2) == pytest.approx(6.261904761904762)
    assert levelised_cost(0.1, 1000.0, 0.0, 0.0, 2) == INF
    assert math.isnan(levelised_cost(0.1, 0.0, 0.0, 0.0, 2))
    assert math.isnan(levelised_cost(0.1, 1000.0, 0.0, -5.0, 2))
    assert math.isnan(levelised_cost(0.1, -1000.0, 0.0, 0.0, 2))


def test_profitability_index_counts_the_whole_construction() -> None:
    assert profitability_index(0.0, [-50.0, -50.0, 80.0, 70.0]) == 1.5
    assert profitability_index(0.0, [0.0, 5.0]) == INF
    assert math.isnan(profitability_index(0.0, [0.0, 0.0]))


def test_support_is_capped() -> None:
    # 50 % of the cost, at most 50 triệu đồng
    found = capped_support([60e6, 300e6, -5.0, NAN], 0.5, 50e6)
    np.testing.assert_array_equal(found, [30e6, 50e6, 0.0, NAN])


# Rates of return


def test_irr_of_a_table_keeps_its_shape_and_says_why_per_cell() -> None:
    table = np.array([
        [[-100.0, 60.0, 60.0], [1.0, 2.0, 3.0]],
        [[0.0, 0.0, 0.0], [-1.0, NAN, 3.0]],
        [[-1.0, 3.0, -2.25], [-1.0, INF, 3.0]],
    ])  # fmt: skip
    found = irr(table)
    assert found.rate.shape == found.status.shape == (3, 2)
    assert found.roots.shape[:2] == (3, 2)
    assert found.status.tolist() == [
        ["unique", "none"], ["undefined", "undefined"], ["unique", "undefined"],
    ]  # fmt: skip
    # 60 v² + 60 v − 100 = 0, v = (−3 + √69)/6
    assert found.rate[0, 0] == pytest.approx(6 / (69**0.5 - 3) - 1, rel=1e-14)
    # −(1 − 1.5 v)²: the value touches 0 at r = 0.5 and is nowhere above it
    assert found.rate[2, 0] == pytest.approx(0.5, abs=1e-7)
    assert np.isnan(found.rate[[0, 1, 1], [1, 0, 1]]).all()


def test_no_root_between_two_sign_changes() -> None:
    found = irr([-1.0, 2.0, -1.5])  # discriminant 4 − 6 < 0
    assert found.status == "none"
    assert math.isnan(found.rate)


def test_norstrom_names_the_positive_root_of_several() -> None:
    # (x − 1.2)(x − 0.5) with x = 1 + r: roots 20 % and −50 %; running total −1, 0.7, 0.1
    found = irr([-1.0, 1.7, -0.6])
    assert found.status == "multiple"
    np.testing.assert_allclose(found.roots, [-0.5, 0.2], rtol=1e-12)
    assert found.rate == found.roots[1]


def test_two_positive_roots_have_no_rate() -> None:
    # (x − 1.1)(x − 1.2): running total −1, 1.3, −0.02
    found = irr([-1.0, 2.3, -1.32])
    assert found.status == "multiple"
    assert math.isnan(found.rate)
    np.testing.assert_allclose(found.roots, [0.1, 0.2], rtol=1e-11)


def test_roots_of_481_monthly_flows_with_a_dear_end() -> None:
    flows = np.full(481, 1.0)
    flows[0], flows[-1] = -100.0, -1000.0
    found = irr(flows)
    assert found.status == "multiple"
    assert found.roots.shape == (2,)
    for root in found.roots:
        size = npv(root, np.abs(flows))
        assert abs(npv(root, flows)) <= 1e-13 * size
    # Between the roots the present value is positive, beyond them it is not.
    low, high = found.roots
    assert npv((low + high) / 2, flows) > 0
    assert npv(low - 1e-4, flows) < 0
    assert npv(high + 1e-4, flows) < 0


def test_irr_at_dong_scale_and_with_a_tiny_rate() -> None:
    assert irr([-1e13] + [1.5e12] * 10).rate == pytest.approx(
        irr([-1e3] + [150.0] * 10).rate, rel=1e-13
    )
    # 1 + r = 1.000001 after one year
    assert irr([-1e13, 1.000001e13]).rate == pytest.approx(1e-6, rel=1e-9)
    assert level_irr(1e13, 1.000001e13, 1).rate == pytest.approx(1e-6, rel=1e-9)
    assert irr([-1e-200, 1.1e-200]).rate == pytest.approx(0.1, rel=1e-12)
    assert irr([-1e200, 1.1e200]).rate == pytest.approx(0.1, rel=1e-12)
    assert irr([-1.0, 0.0, 1e12]).rate == pytest.approx(1e6 - 1, rel=1e-12)


def roots_by_eigenvalues(flows: np.ndarray) -> np.ndarray:
    """Real rates above −1 from the companion matrix, an independent method."""
    factor = np.roots(flows[::-1])
    real = factor.real[(np.abs(factor.imag) < 1e-9 * np.abs(factor)) & (factor.real > 0)]
    return np.sort(1 / real - 1)


@pytest.mark.parametrize(("years", "rows"), [(12, 20), (60, 9), (201, 1)])
def test_flows_of_very_many_sign_changes_have_all_their_roots(years: int, rows: int) -> None:
    table = np.random.default_rng(years).normal(size=(rows, years))
    found = irr(table)
    assert np.isfinite(found.roots).any()
    for flows, roots in zip(table, found.roots, strict=True):
        expected = roots_by_eigenvalues(flows)
        np.testing.assert_allclose(roots[~np.isnan(roots)], expected, rtol=1e-8, atol=1e-11)


def test_flows_of_481_months_have_a_root_wherever_their_value_changes_its_sign() -> None:
    table = np.random.default_rng(2).normal(size=(6, 481))
    found = irr(table)
    rates = np.expm1(np.linspace(-1.0, 1.0, 4001))
    for flows, roots in zip(table, found.roots, strict=True):
        value = np.sign(npv(rates, flows))
        at = np.flatnonzero(value[1:] * value[:-1] < 0)
        roots = roots[~np.isnan(roots)]
        roots = roots[(roots > rates[0]) & (roots < rates[-1])]
        np.testing.assert_array_equal(np.searchsorted(rates, roots) - 1, at)
    assert (~np.isnan(found.roots)).sum() > 6


def test_ten_stated_roots_are_found() -> None:
    stated = [-0.5, 0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 3.0, 8.0]
    flows = np.ones(1)
    for rate in stated:  # Π (x (1 + r) − 1)
        flows = np.convolve(flows, [-1.0, 1.0 + rate])
    for scale in (1.0, -1e13, 1e-200):
        found = irr(np.concatenate([[0.0], flows * scale, [0.0, 0.0]]))
        assert found.status == "multiple"
        np.testing.assert_allclose(found.roots, stated, rtol=1e-7, atol=1e-7)


def test_a_value_that_only_touches_zero_among_many_sign_changes_counts_once() -> None:
    # (1.25 x − 1)² times (9 − 8 x)(1 + x² + x⁴ + …), which is 0 at x = 9/8 alone: r = −1/9.
    other = np.tile([9.0, -8.0], 10)
    found = irr(np.convolve([1.0, -2.5, 1.5625], other))
    assert found.status == "multiple"
    np.testing.assert_allclose(found.roots, [-1 / 9, 0.25], rtol=1e-7)
    lifted = irr(np.convolve([1.0, -2.5, 1.5626], other))  # discriminant 6.25 − 6.2504 < 0
    assert lifted.status == "unique"
    assert lifted.rate == pytest.approx(-1 / 9, rel=1e-12)
    lowered = irr(np.convolve([1.0, -2.5, 1.5624], other))  # x = (2.5 ± 0.02) ÷ 3.1248
    np.testing.assert_allclose(
        lowered.roots, [-1 / 9, 3.1248 / 2.52 - 1, 3.1248 / 2.48 - 1], rtol=1e-9
    )


def test_a_part_replaced_every_second_year_of_two_centuries_has_a_rate() -> None:
    # 199 sign changes: −100, then 30 a year and a part of 50 in every second one, until year 200.
    flows = np.full(201, 30.0)
    flows[0] = -100.0
    flows[2::2] -= 50.0
    flows[-1] = 30.0
    found = irr(np.stack([flows, flows / 7]))
    # In pairs of years: −100 + (30 x − 20 x²)(1 − x²⁰⁰) ÷ (1 − x²) + 50 x²⁰⁰ = 0.
    for roots in found.roots:
        x = 1 / (1 + roots)
        closed = -100 + (30 * x - 20 * x**2) * (1 - x**200) / (1 - x**2) + 50 * x**200
        np.testing.assert_allclose(closed / (100 + 50 * x**200), 0.0, atol=1e-9)
        np.testing.assert_allclose(roots, roots_by_eigenvalues(flows), rtol=1e-8)


def test_level_irr_says_why_there_is_none() -> None:
    cost = [100.0, 0.0, 0.0, 100.0, 100.0, NAN, -100.0, 100.0, -100.0]
    saved = [50.0, 50.0, 0.0, 0.0, -5.0, 50.0, 50.0, 50.0, -30.0]
    years = [5, 5, 5, 5, 5, 5, 5, 0, 5]
    found = level_irr(cost, saved, years)
    assert found.status.tolist() == [
        "unique", "none", "undefined", "none", "none", "undefined", "none", "none", "unique",
    ]  # fmt: skip
    assert found.roots.shape == (9, 1)
    assert (np.isnan(found.rate) == (found.status != "unique")).all()


def test_level_irr_of_many_rows_is_that_of_the_flows() -> None:
    random = np.random.default_rng(15)
    cost, years = random.lognormal(2, 1.5, 20_000), random.integers(1, 30, 20_000)
    change = random.uniform(-0.1, 0.1, 20_000)
    found = level_irr(cost, 1.0, years, change)
    flows = option_cashflows(cost, 1.0, years, saving_growth=change)
    np.testing.assert_allclose(found.rate, irr(flows).rate, rtol=1e-11, atol=1e-13)


# numpy-financial, tests/test_financial.py (commit f47e8af), test_mirr
@pytest.mark.parametrize(
    ("flows", "finance", "reinvest", "published", "digits"),
    [
        ([-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000], 0.08, 0.055, 0.0666, 4),
        ([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12, 0.126094, 6),
        ([100, 200, -50, 300, -200], 0.05, 0.06, 0.3428, 4),
    ],
)
def test_published_mirr(
    flows: list[float], finance: float, reinvest: float, published: float, digits: int
) -> None:
    assert round(mirr(flows, finance, reinvest), digits) == published


def test_mirr_of_flows_of_one_sign_is_the_limit_of_the_formula() -> None:
    assert mirr([-1.0, -2.0], 0.1, 0.1) == -1.0
    assert mirr([1.0, 2.0], 0.1, 0.1) == INF
    assert math.isnan(mirr([0.0, 0.0], 0.1, 0.1))
    assert math.isnan(mirr([0.0, -5.0, 0.0], 0.1, 0.1))


# Discounted payback


@pytest.mark.parametrize(
    ("flows", "years", "word"),
    [
        ([-100.0, 60.0, 60.0], 1 + 40 / 60, "years"),
        ([0.0, 60.0], 0.0, "immediate"),
        ([10.0, 60.0], 0.0, "immediate"),
        ([0.0, 0.0], INF, "never"),
        ([-100.0, 0.0, 0.0], INF, "never"),
        ([-100.0, 20.0, 20.0], INF, "never"),
        ([-100.0, -5.0, -5.0], NAN, "worse"),
        ([-100.0, 20.0, -50.0], NAN, "worse"),
        ([0.0, -5.0], NAN, "worse"),
        ([10.0, -20.0, -5.0], NAN, "worse"),
        ([-50.0, -50.0, 10.0, 10.0], INF, "never"),  # construction, then savings: not worse
        ([-50.0, -50.0, 60.0, 60.0], 2 + 40 / 60, "years"),
        ([0.0, -100.0, 50.0, 50.0], 3.0, "years"),  # 0 at first is not paid back
        ([100.0, -20.0, -20.0], 0.0, "immediate"),  # money now for less money later, at rate 0
        ([-0.3, 0.1, 0.1, 0.1], 3.0, "years"),  # 0.1 + 0.1 + 0.1 − 0.3 in floats is not 0
        ([-100.0, NAN, 500.0], NAN, "unknown"),
        ([-100.0], INF, "never"),
    ],
)  # fmt: skip
def test_discounted_payback_class(flows: list[float], years: float, word: str) -> None:
    found = discounted_payback(0.0, flows)
    assert found.payback_class == word
    np.testing.assert_allclose(found.years, years, rtol=1e-12)
    row = discounted_payback(0.0, [flows, flows])
    assert row.payback_class.tolist() == [word, word]


def test_unknown_rate_is_unknown() -> None:
    assert discounted_payback(NAN, [-1.0, 2.0]).payback_class == "unknown"
    assert level_discounted_payback(NAN, 1.0, 2.0, 5).payback_class == "unknown"


def test_first_and_last_crossing() -> None:
    flows = [-100.0, 150.0, -100.0, 100.0]  # −100, 50, −50, 50
    first, last = (discounted_payback(0.0, flows, crossing=end) for end in ("first", "last"))
    assert (first.years, last.years) == (100 / 150, 2.5)
    lost = discounted_payback(0.0, [-100.0, 150.0, -100.0], crossing="last")
    assert (lost.years, lost.payback_class) == (INF, "never")  # the cost came back, and went
    with pytest.raises(ValueError, match="crossing"):
        discounted_payback(0.0, flows, crossing="second")  # type: ignore[arg-type]


def test_level_discounted_payback_inside_the_year_is_linear() -> None:
    # 100 at 10 %: 30/1.1, 30/1.21 … sum to 95.096 after 4 years, 113.72 after 5
    after = [30 * sum(1.1**-t for t in range(1, n + 1)) for n in (4, 5)]
    expected = 4 + (100 - after[0]) / (after[1] - after[0])
    found = level_discounted_payback(0.1, 100.0, 30.0, 10)
    assert found.years == pytest.approx(expected, rel=1e-13)
    # Not the continuous solution of the annuity formula, 4.2540…
    continuous = -math.log(1 - 0.1 * 100 / 30) / math.log(1.1)
    assert found.years - continuous > 0.005


def test_a_saving_of_one_year_only_pays_back_in_it_or_never() -> None:
    found = level_discounted_payback(0.0, [1.0, 0.5, 1.5], 1.0, 5, -1.0)
    np.testing.assert_array_equal(found.years, [1.0, 0.5, INF])


def test_tabled_sums_of_one_rate_give_what_each_option_gives() -> None:
    random = np.random.default_rng(16)
    cost, saved = random.lognormal(2, 2, 3_000), random.normal(1.0, 1.0, 3_000)
    cost[::7] *= -1.0
    cost[::11] = 0.0
    saved[::13] = NAN
    life = np.where(np.arange(3_000) % 2, 12.0, 7.5)
    found = level_discounted_payback(0.08, cost, saved, life, -0.02)
    flows = option_cashflows(cost, saved, life, saving_growth=-0.02)
    written = discounted_payback(0.08, flows)
    assert (found.payback_class == written.payback_class).all()
    np.testing.assert_allclose(found.years, written.years, rtol=1e-10)
    assert min(found.payback_class.counts().values()) > 100


def test_nothing_gives_nothing() -> None:
    assert npv(0.1, np.empty((0, 5))).shape == (0,)
    assert irr(np.empty((0, 5))).roots.shape == (0, 1)
    assert irr(np.empty((2, 0, 5))).roots.shape == (2, 0, 1)
    assert mirr(np.empty((0, 5)), 0.1, 0.1).shape == (0,)
    assert level_npv(0.1, [], 1.0, 5).shape == (0,)
    assert discounted_payback(0.1, np.empty((0, 5))).years.shape == (0,)
    assert level_irr([], 1.0, 5).rate.shape == (0,)
    assert level_discounted_payback(0.1, [], 1.0, 5).years.shape == (0,)
    assert option_cashflows([], 1.0, 5).shape == (0, 6)
    assert option_cashflows(5.0, 1.0, 5, horizon=0).tolist() == [-5.0]


# Cash flows


def test_after_tax_flows_by_hand() -> None:
    # S 500, C 100, τ 20 %, D = 900/3 = 300: (500 − 100)·0.8 + 0.2·300 = 380, after three years 320
    found = option_cashflows(
        900.0, 500.0, 4, annual_extra_cost=100.0, tax_rate=0.2, depreciation_years=3
    )
    np.testing.assert_allclose(found, [-900.0, 380.0, 380.0, 380.0, 320.0], rtol=1e-14)


def test_what_is_not_written_off_at_the_end_of_life_is_then() -> None:
    # D = 1000/5 = 200 over 2 years, 600 left, sold for 700: taxed on the 100 above the books
    found = option_cashflows(
        1000.0, 500.0, 2, salvage=700.0, tax_rate=0.2, depreciation_years=5
    )
    by_hand = [-1000.0, 500 - 0.2 * 300, 500 - 0.2 * 300 + 700 - 0.2 * 100]
    np.testing.assert_allclose(found, by_hand, rtol=1e-14)


def test_construction_subsidy_replacement_and_horizon_by_hand() -> None:
    found = option_cashflows(
        600.0, 200.0, 6, construction_years=2, subsidy=50.0, salvage=30.0,
        replacement_cost=70.0, replacement_year=2, horizon=10,
    )  # fmt: skip
    # Operating years 1–6 are t = 3–8; replaced after 2 and 4 of them, not at the end of life.
    np.testing.assert_array_equal(
        found, [-250.0, -300.0, 0.0, 200.0, 130.0, 200.0, 130.0, 200.0, 230.0, 0.0, 0.0]
    )
    cut = option_cashflows(600.0, 200.0, 6, construction_years=2, salvage=30.0, horizon=4)
    np.testing.assert_array_equal(cut, [-300.0, -300.0, 0.0, 200.0, 200.0])


def test_growth_and_prices_by_hand() -> None:
    found = option_cashflows(
        100.0, 50.0, 3, saving_growth=-0.1, annual_extra_cost=5.0, extra_growth=0.2,
        price_path=[1.0, 1.1, 1.2, 9.9],
    )  # fmt: skip
    by_hand = [-100.0, 50.0 - 5.0, 45.0 * 1.1 - 6.0, 40.5 * 1.2 - 7.2]
    np.testing.assert_allclose(found, by_hand, rtol=1e-14)
    with pytest.raises(ValueError, match="for 3 years"):
        option_cashflows(100.0, 50.0, 3, price_path=[1.0, 1.1])


def test_cash_flows_of_options_and_scenarios_broadcast() -> None:
    paths = np.array([[1.0] * 5, [1.0, 1.1, 1.2, 1.3, 1.4]])
    found = option_cashflows(
        [[100.0], [50.0], [70.0]], [[10.0], [20.0], [30.0]], [[2], [3], [5]], price_path=paths
    )
    assert found.shape == (3, 2, 6)
    for option, (cost, saved, years) in enumerate(((100.0, 10.0, 2), (50.0, 20.0, 3),
                                                   (70.0, 30.0, 5))):  # fmt: skip
        for scenario in range(2):
            one = option_cashflows(cost, saved, years, horizon=5, price_path=paths[scenario])
            np.testing.assert_array_equal(found[option, scenario], one)


def test_cash_flows_of_many_rows_cross_the_blocks() -> None:
    years = np.arange(9_000) % 20 + 1
    found = option_cashflows(np.arange(9_000.0), 1.0, years)
    np.testing.assert_array_equal(found[:, 0], -np.arange(9_000.0))
    np.testing.assert_array_equal(found[:, 1:].sum(axis=1), years)


def test_what_is_not_known_stays_in_the_years_it_touches() -> None:
    found = option_cashflows([NAN, 100.0, 100.0], [10.0, NAN, 10.0], [3, 2, NAN], horizon=3)
    known = ~np.isnan(found)
    assert known.tolist() == [
        [False, True, True, True], [True, False, False, True], [True, False, False, False],
    ]  # fmt: skip
