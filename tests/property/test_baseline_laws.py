"""Laws of fitted baselines: units, order of rows, the ratio as the case without a base load."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.baseline import Baseline, fit_baseline
from sxsh_audit.calc.periods import BaselinePeriod, ReportingPeriod

FITTED = ("ratio", "base_load_ratio", "regression")
seeds = st.integers(0, 2**32 - 1)
factors = st.floats(1e-3, 1e3)


def plant(seed: int, n: int = 14, scatter: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    output = random.uniform(50, 150, n)
    use = (random.uniform(0, 3000) + 40 * output) * (1 + random.normal(0, scatter, n))
    return np.maximum(use, 1.0), output


def fitted(use: Any, output: Any, kind: str, length: Any = 1.0, alike: bool = False) -> Baseline:
    period = BaselinePeriod(use, output, length=length)
    return fit_baseline(period, kind, base_load=0.3, autocorrelation=alike)


ASKED = ReportingPeriod([0.0, 0.0, 0.0], [60.0, 0.0, 140.0])  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(seeds, factors, st.sampled_from(FITTED))
def test_the_unit_of_use_is_a_factor_of_everything(seed: int, k: float, kind: str) -> None:
    use, output = plant(seed)
    one, other = fitted(use, output, kind), fitted(k * use, output, kind)
    assert other.coefficients == pytest.approx([k * b for b in one.coefficients], rel=1e-9)
    assert other.sigma == pytest.approx(k * (one.sigma or 0), rel=1e-6)
    assert np.array(other.covariance) == pytest.approx(k**2 * np.array(one.covariance), rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(seeds, factors)
def test_the_unit_of_use_changes_no_autocorrelation(seed: int, k: float) -> None:
    """To the square root of the precision, by which the top of a likelihood is known."""
    use, output = plant(seed)
    one, other = (fitted(u, output, "regression", alike=True) for u in (use, k * use))
    assert other.rho == pytest.approx(one.rho, abs=1e-6)
    assert other.expected(ASKED) == pytest.approx(k * one.expected(ASKED), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds, factors, st.sampled_from(FITTED))
def test_the_unit_of_output_changes_no_expected_use(seed: int, k: float, kind: str) -> None:
    use, output = plant(seed)
    one, other = fitted(use, output, kind), fitted(use, k * output, kind)
    asked = ReportingPeriod(ASKED.use, k * ASKED.output)
    expected = one.expected(ASKED)
    assert other.expected(asked) == pytest.approx(expected, rel=1e-8, abs=1e-8 * use.max())
    sums = one.rows(ASKED).sum(axis=0), other.rows(asked).sum(axis=0)
    assert other.variance_of(sums[1]) == pytest.approx(one.variance_of(sums[0]), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.1, 10.0), st.sampled_from(FITTED))
def test_the_unit_of_length_changes_no_expected_use(seed: int, k: float, kind: str) -> None:
    use, output = plant(seed)
    length = np.random.default_rng(seed).uniform(0.8, 1.2, use.size)
    one, other = fitted(use, output, kind, length), fitted(use, output, kind, k * length)
    asked = ReportingPeriod(ASKED.use, ASKED.output, length=k * ASKED.length)
    expected = one.expected(ASKED)
    assert other.expected(asked) == pytest.approx(expected, rel=1e-8, abs=1e-8 * use.max())


@given(seeds)
def test_a_base_load_of_0_is_the_ratio(seed: int) -> None:
    period = BaselinePeriod(*plant(seed))
    ratio, load = fit_baseline(period, "ratio"), fit_baseline(period, "base_load_ratio")
    assert load.coefficients == ratio.coefficients
    assert load.covariance == ratio.covariance


@given(seeds)
def test_a_base_load_of_1_knows_no_output(seed: int) -> None:
    use, output = plant(seed)
    load = fit_baseline(BaselinePeriod(use, output), "base_load_ratio", base_load=1.0)
    assert load.expected(ASKED) == pytest.approx([use.mean()] * 3)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.0, 1.0))
def test_ratio_kinds_expect_of_the_baseline_what_it_used(seed: int, share: float) -> None:
    period = BaselinePeriod(*plant(seed))
    load = fit_baseline(period, "base_load_ratio", base_load=share)
    assert load.expected(period).sum() == pytest.approx(period.use.sum(), rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_least_squares_expect_of_the_baseline_what_it_used(seed: int) -> None:
    period = BaselinePeriod(*plant(seed))
    line = fit_baseline(period, autocorrelation=False)
    assert line.expected(period).sum() == pytest.approx(period.use.sum(), rel=1e-11)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.1, 1e4))
def test_points_on_a_line_through_the_origin_make_the_regression_the_ratio(
    seed: int, slope: float
) -> None:
    _, output = plant(seed)
    line, ratio = (fitted(slope * output, output, kind) for kind in ("regression", "ratio"))
    allowed = 1e-9 * slope * output.max()
    assert line.expected(ASKED) == pytest.approx(ratio.expected(ASKED), abs=allowed)
    assert line.rho == 0.0


@settings(max_examples=25, deadline=None)
@given(seeds, st.sampled_from(("ratio", "base_load_ratio", "regression")))
def test_the_order_of_independent_rows_does_not_matter(seed: int, kind: str) -> None:
    use, output = plant(seed)
    order = np.random.default_rng(seed).permutation(use.size)
    one, other = (fit_baseline(BaselinePeriod(u, q), kind, base_load=0.3, autocorrelation=False)
                  for u, q in ((use, output), (use[order], output[order])))  # fmt: skip
    assert other.coefficients == pytest.approx(one.coefficients, rel=1e-9, abs=1e-9 * use.max())
    assert other.sigma == pytest.approx(one.sigma, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_more_months_to_add_up_are_never_surer(seed: int) -> None:
    line = fitted(*plant(seed), "regression", alike=True)
    scatter = [line.scatter_of(m) for m in range(13)]
    assert scatter[0] == 0.0
    assert (np.diff(scatter) >= 0).all()


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_mean_output_is_where_a_line_is_surest(seed: int) -> None:
    use, output = plant(seed)
    line = fit_baseline(BaselinePeriod(use, output), autocorrelation=False)
    at = [line.variance_of(np.array([1.0, q])) for q in (output.mean(), 0.0, 200.0)]
    assert at[0] == min(at)
    assert at[0] == pytest.approx((line.sigma or 0) ** 2 / use.size, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds, st.sampled_from((*FITTED, "change_point")))
def test_a_journey_through_json_changes_no_bit(seed: int, kind: str) -> None:
    line = fitted(*plant(seed, 24), kind)
    again = Baseline.from_dict(json.loads(json.dumps(line.to_dict(), allow_nan=False)))
    assert again == line
    assert (again.expected(ASKED) == line.expected(ASKED)).all()


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_below_a_change_point_mirrors_above_it(seed: int) -> None:
    use, driver = plant(seed, 24)
    periods = [BaselinePeriod(use, np.ones(24), {"t": sign * driver}) for sign in (1, -1)]
    up, down = (fit_baseline(period, "change_point", drivers=("t",), side=side,
                             autocorrelation=False)
                for period, side in zip(periods, ("above", "below"), strict=True))  # fmt: skip
    assert down.change_point == pytest.approx(-(up.change_point or 0))
    assert down.coefficients == pytest.approx(up.coefficients)
    assert down.expected(periods[1]) == pytest.approx(up.expected(periods[0]))
