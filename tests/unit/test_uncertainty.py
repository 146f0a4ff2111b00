"""Values by hand, by another method, or from the definitions of METHOD."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from sxsh_audit.calc import bootstrap, uncertainty
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.uncertainty import (
    PeriodUncertainty,
    ashrae_uncertainty,
    bootstrap_ratio,
    combine_errors,
    coverage_factor,
    decision,
    effective_dof,
    fieller_interval,
    highest_within,
    join_systematic,
    joint_saving_covariance,
    joint_target_probability,
    minimum_detectable_saving,
    narrowing,
    period_uncertainty,
    predicted_saving,
    ratio_saving_uncertainty,
    ratio_saving_variances,
    ratio_scatter,
    resampling_weights,
    saving_interval,
    scatter_saving,
    standard_uncertainty,
    t_probability,
    t_quantile,
    target_probability,
)

NAN = math.nan


def test_every_public_name_is_there_and_sorted_once() -> None:
    names = uncertainty.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(uncertainty, name) for name in names)


# Errors of figures


def test_meanings_of_a_stated_size() -> None:
    found = standard_uncertainty([3.0, 1.96, 0.5], ["limit", "confidence_95", "sigma"])
    np.testing.assert_allclose(found, [math.sqrt(3.0), 1.0, 0.5], rtol=1e-15)
    assert math.isnan(standard_uncertainty(NAN, "limit"))


@pytest.mark.parametrize("words", ["percent", ["sigma", "percent"]])
def test_a_meaning_or_kind_that_is_none_is_named(words: object) -> None:
    with pytest.raises(ValueError, match="percent"):
        standard_uncertainty([1.0, 1.0], words)
    with pytest.raises(ValueError, match="percent"):
        period_uncertainty([1.0, 1.0], 0.1, kinds=words)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(RangeError) as told:
        standard_uncertainty([0.1, -0.1], language="en")
    assert told.value.numbers["positions"] == (1,)
    with pytest.raises(RangeError):
        ratio_saving_uncertainty(0.1, PeriodUncertainty(period=-0.1), 0.0, 0.0, 0.0)


def test_classes_of_error_in_a_total() -> None:
    # 100 ± 3 and 300 ± 4 (σ), random: √(3² + 4²) ÷ 400; systematic: (3 + 4) ÷ 400.
    amounts, sizes = [100.0, 300.0], [0.03, 4 / 300]
    random = period_uncertainty(amounts, sizes)
    assert random.random == pytest.approx(5 / 400, rel=1e-14)
    assert (random.period, random.common) == (0.0, 0.0)
    period = period_uncertainty(amounts, sizes, kinds="period")
    assert period.period == pytest.approx(7 / 400, rel=1e-14)
    mixed = period_uncertainty(amounts, sizes, kinds=["common", "random"])
    assert mixed == pytest.approx((4 / 400, 0.0, 3 / 400), rel=1e-14)
    assert mixed.total == pytest.approx(5 / 400, rel=1e-14)


def test_a_total_with_an_unknown_month_or_error_is_not_known() -> None:
    for amounts, sizes in ([[1.0, NAN], 0.1], [[1.0, 2.0], [0.1, NAN]], [[0.0, 0.0], 0.1]):
        assert np.isnan(period_uncertainty(amounts, sizes)).all()


def test_errors_of_one_figure_are_joined_class_by_class() -> None:
    found = combine_errors(PeriodUncertainty(3.0, 0.0, 1.0), PeriodUncertainty(4.0, 2.0))
    assert found == (5.0, 2.0, 1.0)


def test_standard_deviation_of_a_saving_by_hand() -> None:
    # s = 10 %: 0.9 × √(0.03² + 0.04²) = 0.045
    assert ratio_saving_uncertainty(0.1, 0.03, 0.0, 0.0, 0.04) == pytest.approx(0.045, rel=1e-14)
    parts = PeriodUncertainty(0.03, 0.04, 0.5)
    assert ratio_saving_uncertainty(0.1, parts, 0.0, PeriodUncertainty(common=0.5), 0.0) == (
        pytest.approx(0.045, rel=1e-14)
    )


def test_a_common_error_of_unequal_sizes_leaves_the_difference() -> None:
    # The meter (gain ± 2 %) served all of one period and half of the other.
    whole, half = PeriodUncertainty(common=0.02), PeriodUncertainty(common=0.01)
    found = ratio_saving_uncertainty(0.0, whole, 0.0, half, 0.0)
    assert found == pytest.approx(0.01, rel=1e-14)


def test_variances_by_figure_sum_up_to_the_whole() -> None:
    errors = [PeriodUncertainty(0.01, 0.02, 0.03), 0.04, PeriodUncertainty(0.0, 0.01), 0.02]
    parts = ratio_saving_variances(0.2, *errors)
    whole = ratio_saving_uncertainty(0.2, *errors)
    assert sum(parts.values()) == pytest.approx(whole**2, rel=1e-14)
    assert parts["use_common"] == pytest.approx(0.8**2 * 0.03**2, rel=1e-14)


def test_first_order_law_against_a_simulation() -> None:
    """10⁶ draws of four totals with 1 % errors: the sd is known to 1/√(2·10⁶) = 0.07 %."""
    random = np.random.default_rng(1)
    e_0, q_0, e_1, q_1 = 1 + 0.01 * random.standard_normal((4, 10**6))
    drawn = 1 - 0.94 * e_1 / q_1 / (e_0 / q_0)
    found = ratio_saving_uncertainty(0.06, 0.01, 0.01, 0.01, 0.01)
    # Second-order terms are of the size u² = 1e-4 of the standard deviation.
    assert found == pytest.approx(drawn.std(), rel=5 * 0.0007 + 3e-4)


# Student's t


def test_quantiles_against_scipy_stats() -> None:
    levels = np.array([0.001, 0.05, 0.5, 0.9, 0.999])
    for dof in (1.0, 2.5, 10.0, 300.0):
        np.testing.assert_allclose(t_quantile(levels, dof), stats.t.ppf(levels, dof), rtol=1e-9,
                                   atol=1e-12)  # fmt: skip
        np.testing.assert_allclose(t_probability(levels, dof), stats.t.cdf(levels, dof), rtol=1e-12)
    np.testing.assert_allclose(t_quantile(levels), stats.norm.ppf(levels), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(t_probability(levels), stats.norm.cdf(levels), rtol=1e-12)


@pytest.mark.parametrize("dof", [0.0, -1.0, NAN])
def test_without_freedom_nothing_is_known(dof: float) -> None:
    assert math.isnan(t_quantile(0.9, dof))
    assert math.isnan(t_probability(0.9, dof))
    assert math.isnan(saving_interval(0.1, 0.01, dof=dof).low)
    assert math.isnan(target_probability(0.1, 0.01, 0.05, dof=dof).reach)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 90.0, NAN])
def test_a_confidence_that_is_no_probability_is_refused(confidence: float) -> None:
    for call in (
        lambda: coverage_factor(confidence),
        lambda: minimum_detectable_saving(0.1, confidence),
        lambda: minimum_detectable_saving(0.1, power=confidence),
        lambda: bootstrap_ratio([1.0], [1.0], [1.0], [1.0], confidence=confidence),
    ):
        with pytest.raises(RangeError) as told:
            call()
        assert told.value.code == "uncertainty.confidence"


# Intervals


def test_symmetric_interval_by_hand() -> None:
    found = saving_interval(0.1, 0.02, 0.95, 10.0)  # t table: 2.228
    assert (found.low, found.high) == pytest.approx((0.1 - 0.04456, 0.1 + 0.04456), abs=2e-5)
    assert found.half_width == pytest.approx(0.04456, abs=2e-5)
    assert found.bounded is True


def test_log_interval_by_hand() -> None:
    found = saving_interval(0.5, 0.1, method="log")
    factor = math.exp(1.6448536269514722 * 0.1 / 0.5)
    assert found.low == pytest.approx(1 - 0.5 * factor, rel=1e-12)
    assert found.high == pytest.approx(1 - 0.5 / factor, rel=1e-12)


def test_unknown_form_is_named() -> None:
    with pytest.raises(ValueError, match="fieller"):
        saving_interval(0.1, 0.1, method="fieller")
    with pytest.raises(ValueError, match="weekly"):
        ashrae_uncertainty(0.1, 12, 12, 0.1, kind="weekly")


def test_a_baseline_near_zero_is_flagged() -> None:
    found = saving_interval(0.1, [0.1, 0.3, 0.3], baseline_sd=[0.1, 0.2, 0.21])
    assert found.delta_fails.tolist() == [False, False, True]
    assert fieller_interval(1.0, 0.9, 0.21, 0.1).delta_fails is True
    assert fieller_interval(1.0, 0.9, 0.19, 0.1).delta_fails is False


@pytest.mark.parametrize(("covariance", "dof"), [(0.0, 9.0), (0.5, np.inf), (-2.0, 4.0)])
def test_fieller_is_the_set_of_ratios_that_a_t_test_does_not_reject(
    covariance: float, dof: float
) -> None:
    b, c, sd_b, sd_c = 100.0, 80.0, 3.0, 4.0
    bound = stats.t.ppf(0.95, dof) if np.isfinite(dof) else stats.norm.ppf(0.95)

    def rejected(saving: float) -> float:
        theta = 1 - saving
        variance = sd_c**2 - 2 * theta * covariance + theta**2 * sd_b**2
        return float(abs(c - theta * b) / math.sqrt(variance) - bound)

    low = optimize.brentq(rejected, -1.0, 0.2, xtol=1e-14)
    high = optimize.brentq(rejected, 0.2, 0.99, xtol=1e-14)
    found = fieller_interval(b, c, sd_b, sd_c, covariance, 0.9, dof)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-11)


def test_fieller_says_when_the_data_do_not_bound_the_saving() -> None:
    # 1.645 × 0.61 > 1: the baseline cannot be told from 0.
    found = fieller_interval([1.0, 1.0], [0.9, 0.9], [0.60, 0.61], 0.1)
    assert found.bounded.tolist() == [True, False]
    assert (found.low[1], found.high[1]) == (-np.inf, np.inf)
    assert np.isinf(found.half_width[1])


def test_fieller_of_what_is_missing_or_no_baseline() -> None:
    found = fieller_interval([NAN, 0.0, -1.0, 1.0], 0.9, 0.1, [0.1, 0.1, 0.1, NAN])
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert not found.bounded.any()


def test_fieller_with_exact_figures_is_a_point() -> None:
    found = fieller_interval(100.0, [94.0, 0.0], 0.0, 0.0)
    np.testing.assert_allclose(found.low, [0.06, 1.0], rtol=1e-14)
    np.testing.assert_allclose(found.high, [0.06, 1.0], rtol=1e-14)


def test_ashrae_formula_by_hand() -> None:
    # n′ = 12 · 0.5 / 1.5 = 4; √(12/4 · 1.5 / 12) = √0.375; dof 4 − 2, t = 2.920 (table).
    found = ashrae_uncertainty(0.05, 12, 12, 0.1, rho=0.5)
    assert found.sd == pytest.approx(1.26 * 0.05 * math.sqrt(0.375), rel=1e-12)
    assert found.dof == pytest.approx(2.0)
    assert found.half_width == pytest.approx(found.sd * 2.920, rel=1e-4)
    assert found.relative == pytest.approx(found.half_width / 0.1, rel=1e-12)
    monthly = ashrae_uncertainty(0.05, 12, 12, 0.1, kind="sun_baltazar_monthly")
    factor = -0.00022 * 144 + 0.03306 * 12 + 0.94054
    assert monthly.sd == pytest.approx(factor * 0.05 * math.sqrt(14 / 144), rel=1e-12)
    daily = ashrae_uncertainty(0.05, 360, 360, 0.1, kind="sun_baltazar_daily")
    factor = -0.00024 * 144 + 0.03535 * 12 + 1.00286
    assert daily.sd == pytest.approx(factor * 0.05 * math.sqrt(362 / 360 / 360), rel=1e-12)


def test_ashrae_never_narrows_by_a_negative_autocorrelation_and_knows_its_limits() -> None:
    plain = ashrae_uncertainty(0.05, 12, 12, 0.1)
    assert ashrae_uncertainty(0.05, 12, 12, 0.1, rho=-0.4) == plain
    assert math.isinf(ashrae_uncertainty(0.05, 12, 12, 0.0).relative)
    assert all(math.isnan(each) for each in ashrae_uncertainty(0.05, 2, 12, 0.1)[:3])
    assert math.isnan(ashrae_uncertainty(0.05, 12, 12, 0.1, rho=NAN).sd)
    # 12 · 0.4 / 1.6 = 3: one degree of freedom; 12 · 0.39 / 1.61 = 2.9: less
    assert ashrae_uncertainty(0.05, 12, 12, 0.1, rho=0.6 - 1e-12).dof == pytest.approx(1.0)
    assert math.isnan(ashrae_uncertainty(0.05, 12, 12, 0.1, rho=0.61).half_width)


# Probabilities and decisions


def test_the_figures_of_the_method() -> None:
    """6.1 % ± 2.4 points (90 %) against 5–8 %: 0.77 and 0.68 (METHOD, section 4)."""
    found = target_probability(0.061, 0.024 / 1.6448536269514722, 0.05, 0.08)
    assert round(found.reach, 2) == 0.77
    assert round(found.within, 2) == 0.68
    assert decision(found.reach) == "likely"


def test_two_totals_of_two_percent_can_never_show_within() -> None:
    """Four figures ± 2 % (95 %), s = 6 %: ± 3.2 points (90 %); 5–8 % is never shown."""
    u = standard_uncertainty(0.02, "confidence_95")
    sd = ratio_saving_uncertainty(0.06, u, u, u, u)
    assert saving_interval(0.06, sd).half_width == pytest.approx(0.032, abs=5e-4)
    for saving in np.linspace(-0.05, 0.2, 501):
        sd = ratio_saving_uncertainty(saving, u, u, u, u)
        assert target_probability(saving, sd, 0.05, 0.08).within < 2 / 3


def test_what_figures_can_never_show() -> None:
    u = standard_uncertainty(0.02, "confidence_95")
    sd = ratio_saving_uncertainty(0.06, u, u, u, u)
    best = highest_within(sd, 0.05, 0.08)
    assert best == pytest.approx(2 * stats.norm.cdf(0.015 / sd) - 1, rel=1e-12)
    assert decision(best) != "shown"
    savings = np.linspace(0.0, 0.15, 301)
    assert target_probability(savings, sd, 0.05, 0.08).within.max() <= best + 1e-15
    assert highest_within(0.0, 0.05, 0.08) == 1.0
    assert highest_within(0.1, 0.05, np.inf) == 1.0
    assert math.isnan(highest_within(NAN, 0.05, 0.08))


def test_probability_of_a_saving_without_doubt_is_its_status() -> None:
    found = target_probability([-0.1, 0.0, 0.05, 0.08, 0.0801], 0.0, 0.05, 0.08)
    assert found.worse.tolist() == [1, 0, 0, 0, 0]
    assert found.below.tolist() == [1, 1, 0, 0, 0]
    assert found.within.tolist() == [0, 0, 1, 1, 0]
    assert found.above.tolist() == [0, 0, 0, 0, 1]
    assert found.reach.tolist() == [0, 0, 1, 1, 1]


def test_one_sided_bands() -> None:
    no_high = target_probability(0.06, 0.02, 0.05)
    assert (no_high.above, no_high.within) == (0.0, no_high.reach)
    no_low = target_probability(0.06, 0.02, None, 0.08)
    assert no_low.below == no_low.worse
    assert no_low.reach == pytest.approx(stats.norm.cdf(3.0), rel=1e-12)
    open_ = target_probability(0.06, 0.02)
    assert open_.reach + open_.worse == pytest.approx(1.0, rel=1e-15)
    assert target_probability(0.06, 0.02, 0.05, NAN) == no_high


def test_what_is_not_known_has_no_probability() -> None:
    for call in ((NAN, 0.1, 0.05), (0.1, NAN, 0.05), (0.1, 0.1, NAN)):
        assert np.isnan(target_probability(*call)).all()
    assert decision(NAN) == "unknown"


def test_student_with_few_months() -> None:
    found = target_probability(0.06, 0.01, 0.05, dof=4.0)
    assert found.reach == pytest.approx(stats.t.cdf(1.0, 4), rel=1e-12)


@pytest.mark.parametrize(
    ("reach", "word"),
    [(1.0, "shown"), (0.9, "shown"), (0.8999, "likely"), (2 / 3, "likely"),
     (0.66, "cannot_tell"), (0.1001, "cannot_tell"), (0.1, "shown_not"), (0.0, "shown_not")],
)  # fmt: skip
def test_words_of_the_decision(reach: float, word: str) -> None:
    assert decision(reach) == word


# Several resources


def factor_integral(savings: np.ndarray, use: np.ndarray, output: float, low: float) -> float:
    """P(all reach) with the shared error as a single integral: no multivariate routine."""
    left = 1 - savings

    def inside(z: float) -> float:
        shown = (savings - low + left * output * z) / (left * use)
        return float(stats.norm.pdf(z) * np.prod(stats.norm.cdf(shown)))

    return float(integrate.quad(inside, -10, 10, epsabs=1e-12)[0])


@pytest.mark.parametrize("resources", [2, 3, 5])
def test_joint_probability_against_one_integral(resources: int) -> None:
    savings = np.linspace(0.05, 0.1, resources)
    use = np.linspace(0.01, 0.03, resources)
    covariance = joint_saving_covariance(savings, use, 0.02, 0.0, 0.0)
    found = joint_target_probability(savings, covariance, 0.05)
    # scipy integrates to 1e-5 absolute from four variables on.
    assert found.reach == pytest.approx(factor_integral(savings, use, 0.02, 0.05), abs=1e-4)
    assert found.reach > np.prod(found.each)  # a shared error ties them together


def test_joint_probability_is_the_same_for_the_same_seed() -> None:
    covariance = joint_saving_covariance([0.06] * 5, 0.02, 0.02, 0.0, 0.0)
    first, second = (joint_target_probability([0.06] * 5, covariance, 0.05, 0.08, seed=7)
                     for _ in range(2))  # fmt: skip
    assert (first.reach, first.within) == (second.reach, second.within)


def test_joint_probability_with_exact_and_unknown_resources() -> None:
    covariance = np.diag([0.02**2, 0.0])
    alone = target_probability(0.06, 0.02, 0.05).reach
    assert joint_target_probability([0.06, 0.2], covariance, 0.05).reach == pytest.approx(alone)
    assert joint_target_probability([0.06, 0.01], covariance, 0.05).reach == 0.0
    assert joint_target_probability([0.06, 0.2], 0 * covariance, 0.05).reach == 1.0
    found = joint_target_probability([0.06, NAN], covariance, 0.05)
    assert math.isnan(found.reach)
    assert found.each[0] == pytest.approx(alone)
    with pytest.raises(ValueError, match=r"\(2,\)"):
        joint_target_probability([0.06, 0.05], [[1.0]], 0.05)


# What can be seen


def test_minimum_detectable_saving_by_hand() -> None:
    # 1.2816 + 0.8416 = 2.1232 standard deviations
    assert minimum_detectable_saving(0.01) == pytest.approx(0.021232, abs=1e-6)


@pytest.mark.parametrize(("dof", "approximation"), [(np.inf, 0.0), (10.0, 0.01)])
def test_a_saving_of_that_size_is_shown_as_often_as_stated(
    dof: float, approximation: float
) -> None:
    """Seeded: 40,000 repetitions know a frequency of 0.8 to 0.002; five of these are allowed."""
    random = np.random.default_rng(5)
    true_sd, repeats = 0.02, 40_000
    true = minimum_detectable_saving(true_sd, 0.9, 0.8, dof)
    measured = true + true_sd * random.standard_normal(repeats)
    sd = np.full(repeats, true_sd)
    if np.isfinite(dof):
        sd = true_sd * np.sqrt(random.chisquare(dof, repeats) / dof)
    shown = decision(target_probability(measured, sd, 0.0, dof=dof).reach) == "shown"
    assert shown.mean() == pytest.approx(0.8, abs=5 * math.sqrt(0.16 / repeats) + approximation)


def test_narrowing_by_hand_and_with_what_is_unknown() -> None:
    # Without 9 of 25: √16 ÷ √25 = 0.8 of the width.
    found = narrowing({"a": 9.0, "b": 16.0})
    assert [row.name for row in found] == ["b", "a"]
    assert found[0].narrower == pytest.approx(0.4, rel=1e-14)
    assert found[1].narrower == pytest.approx(0.2, rel=1e-14)
    assert [row.narrower for row in narrowing({"a": 0.0, "b": 0.0})] == [0.0, 0.0]
    unknown = narrowing({"a": NAN, "b": 1.0})
    assert [row.name for row in unknown] == ["b", "a"]
    assert all(math.isnan(row.share) for row in unknown)
    assert narrowing({}) == []
    with pytest.raises(RangeError):
        narrowing({"a": -1.0})


# Scatter of months and bootstrap


def test_scatter_of_a_ratio_by_hand() -> None:
    # R = 300 ÷ 3 = 100; residuals −10, 0, 10; 3/2 · 200 ÷ 300²
    found = ratio_scatter([90.0, 100.0, 110.0], [1.0, 1.0, 1.0])
    assert found.ratio == 100.0
    assert found.relative_sd == pytest.approx(math.sqrt(1.5 * 200) / 300, rel=1e-14)
    assert found.dof == 2.0


def test_equal_outputs_give_the_standard_error_of_a_mean() -> None:
    use = np.random.default_rng(3).normal(100.0, 5.0, 12)
    found = ratio_scatter(use, np.full(12, 2.0))
    assert found.relative_sd == pytest.approx(stats.sem(use) / use.mean(), rel=1e-12)


def test_months_known_on_one_side_only_are_left_out() -> None:
    whole = ratio_scatter([90.0, 110.0, 95.0], [1.0, 1.0, 1.0])
    holes = ratio_scatter([90.0, NAN, 110.0, 70.0, 95.0], [1.0, 1.0, 1.0, NAN, 1.0])
    assert holes == pytest.approx(whole, rel=1e-14)
    assert math.isnan(ratio_scatter([90.0, NAN], [1.0, 1.0]).relative_sd)
    assert math.isnan(ratio_scatter([0.0, 0.0], [1.0, 1.0]).relative_sd)
    assert math.isnan(ratio_scatter([1.0, 1.0], [0.0, 0.0]).ratio)


def test_scatter_of_a_saving_by_hand() -> None:
    # Both periods have relative sd 0.1 with 1 degree of freedom: 0.5 · 0.1 · √2, dof 2.
    found = scatter_saving([90.0, 110.0], [1.0, 1.0], [45.0, 55.0], [1.0, 1.0])
    assert found.saving == pytest.approx(0.5)
    assert found.sd == pytest.approx(0.05 * math.sqrt(2), rel=1e-12)
    assert found.dof == pytest.approx(2.0)
    exact = scatter_saving([100.0] * 3, [1.0] * 3, [90.0] * 4, [1.0] * 4)
    assert (exact.sd, exact.dof) == (0.0, 2.0)


def test_weights_draw_as_many_months_as_there_are() -> None:
    for block in (1, 3, 5):
        found = resampling_weights(12, 50, np.random.default_rng(2), block)
        assert found.shape == (12, 50)
        np.testing.assert_array_equal(found.sum(axis=0), 12.0)


def test_drawn_in_blocks_neighbours_come_together() -> None:
    found = resampling_weights(12, 4000, np.random.default_rng(2), 6)
    assert np.corrcoef(found[3], found[4])[0, 1] > 0.5


def every_draw(use_0: np.ndarray, use_1: np.ndarray) -> np.ndarray:
    """All equally likely bootstrap savings of two short periods with output 1."""
    means = [
        [np.mean(pick) for pick in itertools.product(use, repeat=len(use))]
        for use in (use_0, use_1)
    ]
    return 1 - np.divide.outer(1 / np.array(means[0]), 1 / np.array(means[1])).reshape(-1)


def test_bootstrap_against_all_possible_draws() -> None:
    """Three months each: 729 draws in all; their sd is known, 99,999 draws meet it to 0.3 %."""
    use_0, use_1 = np.array([90.0, 100.0, 112.0]), np.array([80.0, 95.0, 99.0])
    exact = every_draw(use_0, use_1)
    found = bootstrap_ratio(use_0, np.ones(3), use_1, np.ones(3), 99_999, seed=3)
    kurtosis = stats.kurtosis(exact, fisher=False)
    tolerance = 5 * math.sqrt((kurtosis - 1) / 4 / 99_999)
    assert found.sd == pytest.approx(exact.std(), rel=tolerance)


def test_plain_percentiles_are_order_statistics() -> None:
    random = np.random.default_rng(4)
    use_0, use_1 = random.normal(100, 5, (2, 12))
    made = np.ones(12)
    found = bootstrap_ratio(use_0, made, use_1, made, 1999, seed=11, expanded=False)
    generator = np.random.default_rng(11)
    w_0, w_1 = (resampling_weights(12, 1999, generator) for _ in range(2))
    drawn = np.sort(1 - (use_1 @ w_1) / (use_0 @ w_0))
    assert (found.low, found.high) == pytest.approx((drawn[99], drawn[1899]), rel=1e-12)
    wider = bootstrap_ratio(use_0, made, use_1, made, 1999, seed=11)
    assert wider.low < found.low
    assert wider.high > found.high


@pytest.mark.parametrize("plants", [0, 1, 4, 5, 6, 11])
@pytest.mark.parametrize("draws", [1, 199, 10_950])
@pytest.mark.parametrize("scale", [1.0, 1e13])
def test_bootstrap_of_many_plants_is_that_of_each(
    monkeypatch: pytest.MonkeyPatch, plants: int, draws: int, scale: float
) -> None:
    # Five plants a block; weights in one piece, or in several with the last one not full.
    monkeypatch.setattr(bootstrap, "_BLOCK", 5 * draws)
    random = np.random.default_rng(8)
    use = random.uniform(80, 120, (2, plants, 24))[..., ::2] * scale
    made = random.uniform(1, 2, (2, plants, 12))
    use.setflags(write=False)
    found = bootstrap_ratio(use[0], made[0], use[1], made[1], draws, seed=2, expanded=False)
    assert found.sd.shape == (plants,)
    generator = np.random.default_rng(2)
    w_0, w_1 = (resampling_weights(12, draws, generator) for _ in range(2))
    for plant in range(plants):
        u_0, q_0, u_1, q_1 = use[0, plant], made[0, plant], use[1, plant], made[1, plant]
        drawn = 1 - ((u_1 @ w_1) / (q_1 @ w_1)) / ((u_0 @ w_0) / (q_0 @ w_0))
        assert found.sd[plant] == pytest.approx(drawn.std(), rel=1e-9, abs=1e-12)
        place = max(0.05 * (draws + 1), 1) - 1
        ends = np.interp([place, draws - 1 - place], np.arange(draws), np.sort(drawn))
        assert (found.low[plant], found.high[plant]) == pytest.approx(ends, rel=1e-9)


def test_bootstrap_knows_nothing_where_a_month_is_missing_or_a_draw_has_no_output() -> None:
    use = np.array([1.0, 2.0, 3.0])
    found = bootstrap_ratio(np.array([1.0, NAN, 3.0]), np.ones(3), use, np.ones(3), 99)
    assert np.isnan(found).all()
    found = bootstrap_ratio(use, np.array([0.0, 0.0, 1.0]), use, np.ones(3), 99)
    assert found.saving == pytest.approx(1 - 1 / 3)
    assert math.isnan(found.low)


def test_bootstrap_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="0 draws"):
        bootstrap_ratio([1.0], [1.0], [1.0], [1.0], 0)
    with pytest.raises(RangeError):
        bootstrap_ratio([-1.0], [1.0], [1.0], [1.0])


# Fits


def test_a_predicted_saving_by_hand() -> None:
    # s = 20 %; √(0.8² · 400 + 144) ÷ 1000 = √400 ÷ 1000
    found = predicted_saving(1000.0, 800.0, 400.0, 144.0)
    assert found.saving == pytest.approx(0.2, rel=1e-14)
    assert found.sd == pytest.approx(0.02, rel=1e-14)
    assert found.baseline_sd == pytest.approx(0.02, rel=1e-14)


def test_without_an_adjusted_baseline_there_is_no_saving() -> None:
    for expected in (0.0, -5.0, NAN):
        assert np.isnan(predicted_saving(expected, 1.0, 1.0, 1.0)).all()
    for wrong in ((1.0, -1.0, 1.0, 1.0), (1.0, 1.0, -1.0, 1.0), (1.0, 1.0, 1.0, -1.0)):
        with pytest.raises(RangeError):
            predicted_saving(*wrong)


def test_predicted_saving_against_a_simulation() -> None:
    """10⁶ draws: the spread is known to 0.07 %; second-order terms are below 1e-3."""
    random = np.random.default_rng(6)
    fit, scatter = random.standard_normal((2, 10**6))
    drawn = 1 - (800 + 12 * scatter) / (1000 + 20 * fit)
    found = predicted_saving(1000.0, 800.0, 400.0, 144.0)
    assert found.sd == pytest.approx(drawn.std(), rel=5 * 0.0007 + 1e-3)


def test_months_that_resemble_their_neighbours_know_less() -> None:
    # 24 · (1 − 0.5) / (1 + 0.5) = 8 months less 2 coefficients
    assert effective_dof(24, 0.5) == pytest.approx(6.0)
    assert effective_dof(24, -0.5) == 22.0
    assert effective_dof(12, 0.9) == 1.0
    assert np.isnan(effective_dof([2, 12], [0.0, NAN])).all()


def test_systematic_errors_join_the_scatter() -> None:
    found = join_systematic(3.0, 9.0, 4.0)
    assert found.sd == 5.0
    assert found.dof == pytest.approx(9 * (5 / 3) ** 4, rel=1e-14)
    assert join_systematic(0.0, 9.0, 4.0).dof == np.inf  # only what counts as known
    assert join_systematic(0.0, 9.0, 0.0) == (0.0, 9.0)
    with pytest.raises(RangeError):
        join_systematic(1.0, 9.0, -1.0)
