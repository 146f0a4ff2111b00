"""Laws of uncertainty, whatever the figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.uncertainty import (
    ERROR_KINDS,
    ERROR_MEANINGS,
    PeriodUncertainty,
    bootstrap_ratio,
    combine_errors,
    fieller_interval,
    joint_saving_covariance,
    joint_target_probability,
    minimum_detectable_saving,
    narrowing,
    period_uncertainty,
    ratio_saving_uncertainty,
    saving_interval,
    scatter_saving,
    target_probability,
)

#: Squares of anything smaller would not be told from 0.
error = st.one_of(st.just(0.0), st.floats(1e-9, 0.3))
saving = st.floats(-3, 0.999)
parts = st.tuples(error, error, error).map(lambda each: PeriodUncertainty(*each))
own_parts = st.tuples(error, error).map(lambda each: PeriodUncertainty(*each))
totals = st.tuples(own_parts, own_parts, own_parts, own_parts)
edge = st.integers(0, 400).map(lambda tenths: tenths / 1000)
sd = st.floats(1e-6, 1.0)
dof = st.one_of(st.just(np.inf), st.floats(1, 60))
months = st.lists(st.floats(1, 1e6), min_size=2, max_size=12)
#: Factors between units: powers of two leave every bit in place, others round.
scale = st.floats(1e-9, 1e9)


@given(saving, totals, st.integers(0, 3), st.sampled_from(["random", "period"]), error)
def test_a_wider_error_of_a_figure_never_narrows(
    s: float, figures: tuple[PeriodUncertainty, ...], which: int, kind: str, more: float
) -> None:
    before = ratio_saving_uncertainty(s, *figures)
    wider = list(figures)
    wider[which] = wider[which]._replace(**{kind: getattr(wider[which], kind) + more})
    assert ratio_saving_uncertainty(s, *wider) >= before


@given(saving, totals, error, error)
def test_common_errors_cancel(
    s: float, figures: tuple[PeriodUncertainty, ...], gain: float, scale_error: float
) -> None:
    shared = [gain, scale_error, gain, scale_error]
    with_gain = [each._replace(common=one) for each, one in zip(figures, shared, strict=True)]
    assert ratio_saving_uncertainty(s, *with_gain) == ratio_saving_uncertainty(s, *figures)


@given(months, error, st.sampled_from(ERROR_MEANINGS), st.sampled_from(ERROR_KINDS), scale)
def test_relative_errors_do_not_depend_on_the_unit(
    amounts: list[float], size: float, meaning: str, kind: str, factor: float
) -> None:
    found = period_uncertainty(amounts, size, meaning, kind)
    other = period_uncertainty(np.array(amounts) * factor, size, meaning, kind)
    np.testing.assert_allclose(other, found, rtol=1e-12, atol=0)


@given(months, error)
def test_systematic_errors_do_not_average_and_random_ones_never_exceed_them(
    amounts: list[float], size: float
) -> None:
    random, fixed = (period_uncertainty(amounts, size, kinds=kind) for kind in ("random", "period"))
    assert fixed.period == pytest.approx(size, rel=1e-12)
    assert random.random <= fixed.period * (1 + 1e-12)
    assert random.random >= size / np.sqrt(len(amounts)) * (1 - 1e-12)


@given(months, st.lists(error, min_size=12, max_size=12), st.integers(0, 11), error,
       st.sampled_from(ERROR_KINDS))  # fmt: skip
def test_a_wider_error_of_a_month_never_narrows_the_total(
    amounts: list[float], sizes: list[float], which: int, more: float, kind: str
) -> None:
    given_sizes = np.array(sizes[: len(amounts)])
    wider = given_sizes.copy()
    wider[which % len(amounts)] += more
    before = period_uncertainty(amounts, given_sizes, kinds=kind).total
    assert period_uncertainty(amounts, wider, kinds=kind).total >= before * (1 - 1e-14)


@given(parts, parts, parts)
def test_joining_errors_does_not_depend_on_the_order(
    a: PeriodUncertainty, b: PeriodUncertainty, c: PeriodUncertainty
) -> None:
    np.testing.assert_allclose(combine_errors(a, b, c), combine_errors(c, combine_errors(b, a)),
                               rtol=1e-12, atol=1e-150)  # fmt: skip


# Probabilities


@given(saving, sd, edge, edge, dof)
def test_probabilities_add_up_to_one(
    s: float, spread: float, one: float, other: float, freedom: float
) -> None:
    low, high = sorted((one, other))
    for ends in ((low, high), (low, None), (None, high), (None, None)):
        found = target_probability(s, spread, *ends, dof=freedom)
        assert found.below + found.within + found.above == pytest.approx(1.0, abs=1e-12)
        assert found.within + found.above == pytest.approx(found.reach, abs=1e-15)
        assert 0 <= found.worse <= found.below <= 1
        assert min(found) >= 0


@given(st.floats(-1, 0.9), st.floats(0, 0.09), sd, edge, st.floats(0, 0.1), dof)
def test_reaching_grows_with_the_saving_and_falls_with_the_target(
    s: float, more: float, spread: float, low: float, higher: float, freedom: float
) -> None:
    found = target_probability(s, spread, low, dof=freedom).reach
    assert target_probability(s + more, spread, low, dof=freedom).reach >= found
    assert target_probability(s, spread, low + higher, dof=freedom).reach <= found


@given(saving, sd, edge)
def test_the_interval_and_the_probability_agree(s: float, spread: float, low: float) -> None:
    """Above the low end of a two-sided 80 % interval lies 90 %: `shown` is one and the same."""
    interval = saving_interval(s, spread, 0.8)
    reach = target_probability(s, spread, low).reach
    if abs(interval.low - low) > 1e-9 * spread:
        assert (interval.low >= low) == (reach >= 0.9)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-0.2, 0.5), st.floats(0, 0.1)), min_size=1, max_size=5),
       st.floats(0, 0.1), edge, st.floats(0, 0.1))  # fmt: skip
def test_all_together_is_never_more_probable_than_the_least_probable(
    rows: list[tuple[float, float]], output: float, low: float, width: float
) -> None:
    savings, use = np.array(rows).T
    covariance = joint_saving_covariance(savings, use, output, 0.0, 0.0)
    found = joint_target_probability(savings, covariance, low, low + width)
    assert 0 <= found.within <= found.reach <= found.each.min()
    # And never less than Bonferroni allows (up to the accuracy of the integral).
    assert found.reach >= 1 - (1 - found.each).sum() - 1e-3


@given(st.lists(saving, min_size=1, max_size=6), st.tuples(parts, parts, parts, parts))
def test_the_diagonal_of_the_covariance_is_each_variance(
    savings: list[float], figures: tuple[PeriodUncertainty, ...]
) -> None:
    covariance = joint_saving_covariance(savings, *figures)
    each = ratio_saving_uncertainty(savings, *figures) ** 2
    np.testing.assert_allclose(np.diagonal(covariance), each, rtol=1e-12, atol=1e-300)
    assert np.linalg.eigvalsh(covariance).min() >= -1e-12 * max(np.trace(covariance), 1e-300)


# Intervals


@given(st.floats(1, 1e6), st.floats(0.01, 3), st.floats(0, 0.5), st.floats(0, 0.5),
       st.floats(-0.9, 0.9), dof)  # fmt: skip
def test_swapped_periods_undo_each_other_by_fieller(
    b: float, ratio: float, u_b: float, u_c: float, tie: float, freedom: float
) -> None:
    c = b * ratio
    sd_b, sd_c = u_b * b, u_c * c
    covariance = tie * sd_b * sd_c
    there = fieller_interval(b, c, sd_b, sd_c, covariance, dof=freedom)
    back = fieller_interval(c, b, sd_c, sd_b, covariance, dof=freedom)
    if not (there.bounded and back.bounded):
        return
    assert (1 - there.low) * (1 - back.high) == pytest.approx(1.0, rel=1e-6)
    assert (1 - there.high) * (1 - back.low) == pytest.approx(1.0, rel=1e-6)


@given(saving, sd, dof)
def test_swapped_periods_undo_each_other_on_the_log_scale(
    s: float, spread: float, freedom: float
) -> None:
    left = 1 - s
    spread = min(spread, left)
    other = 1 - 1 / left  # the relative error stays: σ′ = σ / (1 − s)²
    there = saving_interval(s, spread, dof=freedom, method="log")
    back = saving_interval(other, spread / left**2, dof=freedom, method="log")
    assert (1 - there.low) * (1 - back.high) == pytest.approx(1.0, rel=1e-9)
    assert (1 - there.high) * (1 - back.low) == pytest.approx(1.0, rel=1e-9)


@given(st.floats(1, 1e6), st.floats(0, 3), st.floats(0, 0.4), st.floats(0, 0.4), scale)
def test_fieller_does_not_depend_on_the_unit(
    b: float, ratio: float, u_b: float, u_c: float, factor: float
) -> None:
    amounts = np.array([b, b * ratio, u_b * b, u_c * b])
    found, other = fieller_interval(*amounts), fieller_interval(*amounts * factor)
    np.testing.assert_allclose(other[:2], found[:2], rtol=1e-7, atol=1e-7)


@given(st.floats(0.5, 2), st.floats(1e-6, 0.02), st.floats(1e-6, 0.02))
def test_fieller_becomes_the_delta_method_for_small_errors(
    ratio: float, u_b: float, u_c: float
) -> None:
    sd = ratio_saving_uncertainty(1 - ratio, u_b, 0.0, u_c, 0.0)
    delta = saving_interval(1 - ratio, sd)
    found = fieller_interval(1.0, ratio, u_b, u_c * ratio)
    # They part in the second order: relative to the width by t·u, t = 1.645.
    assert abs(found.low - delta.low) <= delta.half_width * 4 * max(u_b, u_c)
    assert abs(found.high - delta.high) <= delta.half_width * 4 * max(u_b, u_c)


@given(st.floats(1, 1e3), st.floats(0, 2), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.1))
def test_a_wider_error_never_narrows_the_interval_of_fieller(
    b: float, ratio: float, u_b: float, u_c: float, more: float
) -> None:
    c = b * ratio
    found = fieller_interval(b, c, u_b * b, u_c * b)
    for wider in (
        fieller_interval(b, c, (u_b + more) * b, u_c * b),
        fieller_interval(b, c, u_b * b, (u_c + more) * b),
    ):
        assert wider.low <= found.low + 1e-9
        assert wider.high >= found.high - 1e-9


@given(saving, sd, st.floats(0, 1), dof, st.sampled_from(["delta", "log"]))
def test_a_wider_error_never_narrows_the_interval(
    s: float, spread: float, more: float, freedom: float, method: str
) -> None:
    spread, more = min(spread, 1 - s), min(more, 1 - s)
    found = saving_interval(s, spread, dof=freedom, method=method)
    wider = saving_interval(s, spread + more, dof=freedom, method=method)
    assert wider.low <= found.low
    assert wider.high >= found.high


# Months


def periods(draw: st.DrawFn) -> list[np.ndarray]:
    size = draw(st.integers(3, 12))
    column = st.lists(st.floats(0.1, 10), min_size=size, max_size=size)
    return [np.array(draw(column)) for _ in range(4)]


@given(st.composite(periods)(), scale, scale)
def test_scatter_of_a_saving_does_not_depend_on_the_units(
    columns: list[np.ndarray], unit: float, output_unit: float
) -> None:
    use_0, made_0, use_1, made_1 = columns
    found = scatter_saving(use_0, made_0, use_1, made_1)
    other = scatter_saving(use_0 * unit, made_0 * output_unit, use_1 * unit, made_1 * output_unit)
    if found.sd < 1e-6:
        return  # nothing but rounding scatters
    np.testing.assert_allclose(other, found, rtol=1e-6, atol=1e-9)


@settings(max_examples=25)
@given(st.composite(periods)(), scale, scale)
def test_bootstrap_does_not_depend_on_the_units(
    columns: list[np.ndarray], unit: float, output_unit: float
) -> None:
    use_0, made_0, use_1, made_1 = columns
    found = bootstrap_ratio(use_0, made_0, use_1, made_1, 99)
    other = bootstrap_ratio(use_0 * unit, made_0 * output_unit, use_1 * unit,
                            made_1 * output_unit, 99)  # fmt: skip
    np.testing.assert_allclose(other, found, rtol=1e-9, atol=1e-9)


@settings(max_examples=25)
@given(st.composite(periods)(), st.floats(0.1, 2))
def test_months_of_one_specific_consumption_leave_no_doubt(
    columns: list[np.ndarray], left: float
) -> None:
    """Use in proportion to output: every method that looks at scatter finds a point."""
    made_0, made_1 = columns[0], columns[1]
    found = bootstrap_ratio(made_0 * 7, made_0, made_1 * 7 * left, made_1, 99)
    np.testing.assert_allclose([found.low, found.high], 1 - left, rtol=0, atol=1e-12)
    assert scatter_saving(made_0 * 7, made_0, made_1 * 7 * left, made_1).sd < 1e-12


# What can be seen


@given(sd, st.floats(0.5, 0.99), st.floats(0.5, 0.99), dof)
def test_the_detectable_saving_grows_with_every_demand(
    spread: float, confidence: float, power: float, freedom: float
) -> None:
    found = minimum_detectable_saving(spread, confidence, power, freedom)
    assert minimum_detectable_saving(spread * 1.1, confidence, power, freedom) >= found
    assert minimum_detectable_saving(spread, confidence + 0.005, power, freedom) >= found
    assert minimum_detectable_saving(spread, confidence, power + 0.005, freedom) >= found
    assert minimum_detectable_saving(spread, confidence, power) <= found * (1 + 1e-12)


@given(st.dictionaries(st.text("abc", min_size=1), st.floats(0, 10), max_size=6), scale)
def test_narrowing_does_not_depend_on_order_or_unit(
    components: dict[str, float], factor: float
) -> None:
    found = narrowing(components)
    turned = narrowing(dict(reversed(list(components.items()))))
    assert [row.name for row in turned] == [row.name for row in found]
    assert sum(row.share for row in found) == pytest.approx(1.0 if any(components.values()) else 0)
    assert [row.narrower for row in found] == sorted((row.narrower for row in found), reverse=True)
    scaled = narrowing({name: value * factor for name, value in components.items()})
    np.testing.assert_allclose([row.narrower for row in scaled],
                               [row.narrower for row in found], rtol=1e-9, atol=1e-9)  # fmt: skip
