"""Laws of adjusted savings: units, adjustments, errors, swapped periods, forecast and backcast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.adjusted_savings import adjusted_saving, adjusted_savings, earlier_and_later
from sxsh_audit.calc.baseline import fit_baseline
from sxsh_audit.calc.error_classes import PeriodUncertainty, ratio_saving_variances
from sxsh_audit.calc.periods import BaselinePeriod, ReportingPeriod

KINDS = ("ratio", "base_load_ratio", "regression")
seeds = st.integers(0, 2**32 - 1)
factors = st.floats(1e-3, 1e3)
kinds = st.sampled_from(KINDS)
savings = st.floats(-1.0, 0.9)


def periods(
    seed: int, k_use: float = 1.0, k_output: float = 1.0, added: float = 0.0
) -> tuple[BaselinePeriod, ReportingPeriod]:
    random = np.random.default_rng(seed)
    output = random.uniform(50, 150, (2, 12))
    use = (random.uniform(0, 3000) + 40 * output) * (1 + random.normal(0, 0.05, (2, 12)))
    use[1] = use[1] * random.uniform(0.7, 1.2) + added / 12
    return (BaselinePeriod(k_use * use[0], k_output * output[0]),
            ReportingPeriod(k_use * use[1], k_output * output[1]))  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(seeds, factors, factors, kinds, st.booleans())
def test_no_unit_moves_a_saving_or_its_uncertainty(
    seed: int, k_use: float, k_output: float, kind: str, back: bool
) -> None:
    found = []
    for scale in ((1.0, 1.0), (k_use, k_output)):
        before, after = periods(seed, *scale)
        line = fit_baseline(before, kind, base_load=0.3)
        found.append(adjusted_savings(line, after, backcast_to=before if back else None))
    one, other = found
    assert other.saving == pytest.approx(one.saving, rel=1e-8, abs=1e-9)
    assert other.sd == pytest.approx(one.sd, rel=1e-5)
    assert other.absolute == pytest.approx(k_use * one.absolute, rel=1e-8, abs=1e-7 * k_use)


@settings(max_examples=10, deadline=None)
@given(seeds, st.floats(-20.0, 5000.0), kinds)
def test_what_is_added_and_logged_leaves_the_absolute_saving(
    seed: int, added: float, kind: str
) -> None:
    before, after = periods(seed)
    line = fit_baseline(before, kind, base_load=0.3)
    plain = adjusted_savings(line, after)
    logged = adjusted_savings(line, periods(seed, added=added)[1], adjustments=added)
    assert logged.absolute == pytest.approx(plain.absolute, rel=1e-9, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(seeds, st.floats(-20.0, 5000.0))
def test_what_is_added_each_month_and_logged_leaves_the_backcast(seed: int, added: float) -> None:
    before, after = periods(seed)
    line = fit_baseline(before)
    more = periods(seed, added=added)[1]
    for terms in ({"backcast_to": before}, {"conditions": {"output": 90.0}}):
        plain = adjusted_savings(line, after, **terms)  # type: ignore[arg-type]
        logged = adjusted_savings(line, more, adjustments=added, **terms)  # type: ignore[arg-type]
        assert logged.saving == pytest.approx(plain.saving, rel=1e-6, abs=1e-8)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_swapped_periods_undo_the_ratio(seed: int) -> None:
    """(1 − s)(1 − s′) = 1."""
    before, after = periods(seed)
    there = adjusted_savings(fit_baseline(before, "ratio"), after)
    turned = BaselinePeriod(after.use, after.output), ReportingPeriod(before.use, before.output)
    back = adjusted_savings(fit_baseline(turned[0], "ratio"), turned[1])
    assert (1 - there.saving) * (1 - back.saving) == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_forecast_and_backcast_of_the_ratio_are_the_same_saving(seed: int) -> None:
    before, after = periods(seed)
    ratio = fit_baseline(before, "ratio")
    there, back = adjusted_savings(ratio, after), adjusted_savings(ratio, after, backcast_to=before)
    assert back.saving == pytest.approx(there.saving, rel=1e-9, abs=1e-12)
    at = adjusted_savings(ratio, after, conditions={"output": 77.0})
    assert at.saving == pytest.approx(there.saving, rel=1e-9, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(seeds, savings)
def test_every_variant_finds_the_saving_between_proportional_lines(
    seed: int, saving: float
) -> None:
    random = np.random.default_rng(seed)
    output = random.uniform(50, 150, (2, 12))
    base, slope = random.uniform(0, 3000), random.uniform(1, 50)
    before = BaselinePeriod(base + slope * output[0], output[0])
    after = ReportingPeriod((1 - saving) * (base + slope * output[1]), output[1])
    line = fit_baseline(before)
    for terms in ({}, {"backcast_to": before}, {"conditions": {"output": 80.0}}):
        found = adjusted_savings(line, after, **terms)  # type: ignore[arg-type]
        assert found.saving == pytest.approx(saving, abs=1e-9)
        assert found.sd == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seeds, kinds, st.floats(0.0, 0.1))
def test_parts_of_the_variance_add_up(seed: int, kind: str, error: float) -> None:
    before, after = periods(seed)
    found = adjusted_savings(fit_baseline(before, kind, base_load=0.3), after, relative_error=error)
    parts = found.before_part + found.after_part + found.error_part
    assert found.sd**2 == pytest.approx(parts, rel=1e-12)
    assert min(found.before_part, found.after_part, found.error_part) >= 0


@settings(max_examples=10, deadline=None)
@given(seeds, kinds, st.floats(0.0, 0.1), st.floats(1.0, 3.0))
def test_a_wider_error_never_narrows(seed: int, kind: str, error: float, times: float) -> None:
    before, after = periods(seed)
    line = fit_baseline(before, kind, base_load=0.3)
    one, other = (adjusted_savings(line, after, relative_error=u) for u in (error, times * error))
    assert other.sd >= one.sd
    assert other.saving == one.saving


variances = st.floats(0.0, 1e4)


@given(st.floats(1.0, 1e4), st.floats(0.0, 1e4), variances, variances, variances, st.booleans())
def test_a_wider_sum_never_narrows(
    before: float, after: float, one: float, two: float, more: float, which: bool
) -> None:
    wide = {"before_variance": one + more * which, "after_variance": two + more * (not which)}
    narrow = adjusted_saving(before, after, before_variance=one, after_variance=two)
    assert adjusted_saving(before, after, **wide).sd >= narrow.sd * (1 - 1e-12)


errors = st.floats(0.0, 0.1)


@given(savings, errors, errors, errors)
def test_common_errors_of_one_size_cancel(
    saving: float, common: float, own: float, period: float
) -> None:
    alone = PeriodUncertainty(own, period, 0.0)
    shared = PeriodUncertainty(own, period, common)
    plain = ratio_saving_variances(saving, alone, alone, alone, alone)
    found = ratio_saving_variances(saving, shared, shared, shared, shared)
    assert sum(found.values()) == pytest.approx(sum(plain.values()), rel=1e-12, abs=1e-300)


@given(savings, savings, savings)
def test_savings_one_after_another_join_in_any_order(a: float, b: float, c: float) -> None:
    assert earlier_and_later(a, b) == pytest.approx(earlier_and_later(b, a), abs=1e-12)
    one, other = earlier_and_later(a, earlier_and_later(b, c)), earlier_and_later(
        earlier_and_later(a, b), c)  # fmt: skip
    assert one == pytest.approx(other, abs=1e-12)
    assert earlier_and_later(a, 0.0) == a


@settings(max_examples=10, deadline=None)
@given(seeds, kinds)
def test_the_order_of_the_reporting_rows_does_not_matter(seed: int, kind: str) -> None:
    before, after = periods(seed)
    line = fit_baseline(before, kind, base_load=0.3)
    order = np.random.default_rng(seed).permutation(12)
    turned = ReportingPeriod(after.use[order], after.output[order])
    one, other = adjusted_savings(line, after), adjusted_savings(line, turned)
    assert other.saving == pytest.approx(one.saving, rel=1e-12, abs=1e-13)
    assert other.sd == pytest.approx(one.sd, rel=1e-12)


@settings(max_examples=10, deadline=None)
@given(seeds, st.integers(1, 11))
def test_savings_of_parts_add_up_and_their_uncertainty_does_not_shrink_by_them(
    seed: int, cut: int
) -> None:
    """All months share one baseline: their errors go together."""
    before, after = periods(seed)
    line = fit_baseline(before)
    whole = adjusted_savings(line, after)
    parts = [adjusted_savings(line, ReportingPeriod(after.use[each], after.output[each]))
             for each in (slice(None, cut), slice(cut, None))]  # fmt: skip
    assert sum(part.absolute for part in parts) == pytest.approx(whole.absolute, rel=1e-9, abs=1e-7)
