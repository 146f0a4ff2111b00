"""Fits of use on what drives it: values by hand, by an independent method, and hard cases."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import linregress, pearsonr
from scipy.stats import t as student

from sxsh_audit.calc import line_fit
from sxsh_audit.calc.regression import (
    fit_autoregressive,
    fit_line,
    fit_linear,
    prediction_variance,
    residual_sum_factor,
)

USE = [150.0, 210.0, 290.0, 350.0]
OUTPUT = [[10.0], [20.0], [30.0], [40.0]]


def plants(size: int = 5, n: int = 24, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    drivers = random.lognormal(3.0, 0.3, (size, n, k))
    return 100.0 + drivers @ np.arange(1.0, k + 1) + random.normal(0, 4, (size, n)), drivers


def test_four_months_by_hand() -> None:
    """Means 25 and 250: Sxx = 500, Sxy = 3400, Syy = 23 200; residuals 2, −6, 6, −2."""
    fit = fit_linear(USE, OUTPUT)
    assert fit.coefficients == pytest.approx([80.0, 6.8], rel=1e-14)
    assert (fit.n, fit.dof, fit.rank_ok, fit.rho) == (4, 2, True, 0.0)
    assert fit.sigma == pytest.approx(40**0.5)
    assert fit.covariance == pytest.approx(np.array([[60.0, -2.0], [-2.0, 0.08]]))
    assert fit.se == pytest.approx([60**0.5, 0.08**0.5])
    assert fit.t == pytest.approx([80 / 60**0.5, 6.8 / 0.08**0.5])
    # With 2 degrees of freedom p = 1 − |t| / √(2 + t²).
    assert fit.p == pytest.approx([1 - t / (2 + t * t) ** 0.5 for t in fit.t], rel=1e-10)
    assert fit.r2 == pytest.approx(23_120 / 23_200)
    assert fit.adjusted_r2 == pytest.approx(1 - (80 / 2) / (23_200 / 3))
    assert fit.cv_rmse == pytest.approx(40**0.5 / 250)
    assert fit.f == pytest.approx(23_120 / 40)
    assert fit.f_p == pytest.approx(fit.p[1])  # one driver: F = t²
    assert fit.autocorrelation == pytest.approx((2 * -6 - 6 * 6 + 6 * -2) / 80)


def test_a_line_agrees_with_scipy() -> None:
    use, drivers = plants(k=1)
    found, line = fit_linear(use, drivers), fit_line(use, drivers[..., 0])
    for i in range(len(use)):
        peer = linregress(drivers[i, :, 0], use[i])
        assert found.coefficients[i] == pytest.approx([peer.intercept, peer.slope], rel=1e-12)
        assert found.se[i] == pytest.approx([peer.intercept_stderr, peer.stderr], rel=1e-10)
        assert found.p[i, 1] == pytest.approx(peer.pvalue, rel=1e-9)
        assert found.r2[i] == pytest.approx(peer.rvalue**2, rel=1e-12)
        assert (line.base_load[i], line.slope[i]) == pytest.approx(found.coefficients[i])
        assert (line.se_base_load[i], line.se_slope[i]) == pytest.approx(found.se[i], rel=1e-11)
        assert line.sigma[i] == pytest.approx(found.sigma[i], rel=1e-11)
        assert line.r2[i] == pytest.approx(found.r2[i], rel=1e-12)


def test_bills_of_unlike_length_against_lstsq() -> None:
    random = np.random.default_rng(2)
    length = random.integers(25, 36, 20) / (365.25 / 12)
    output = length * random.lognormal(3.0, 0.3, 20)
    use = 50 * length + 2 * output + random.normal(0, 3, 20)
    x = np.column_stack([length, output])
    expected, residual, *_ = np.linalg.lstsq(x, use)
    base_only = use - length * (length @ use) / (length @ length)
    fit = fit_linear(use, output[:, None], length)
    assert fit.coefficients == pytest.approx(expected, rel=1e-11)
    assert fit.sigma**2 * 18 == pytest.approx(residual[0], rel=1e-10)
    assert fit.r2 == pytest.approx(1 - residual[0] / (base_only @ base_only), rel=1e-11)
    assert fit.f == pytest.approx((base_only @ base_only / residual[0] - 1) * 18, rel=1e-10)


def exact_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Slope, base load and sum of squared residuals in exact arithmetic."""
    xs, ys = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    sxx = sum((v - mx) ** 2 for v in xs)
    slope = sum((v - mx) * (w - my) for v, w in zip(xs, ys, strict=True)) / sxx
    base = my - slope * mx
    left = sum((w - base - slope * v) ** 2 for v, w in zip(xs, ys, strict=True))
    return float(slope), float(base), float(left)


@pytest.mark.parametrize("mean", [0.0, 1e3, 1e7, 1e10])
def test_a_mean_that_dwarfs_the_spread_costs_no_digits(mean: float) -> None:
    """Sums of squares of the raw figures lose everything from a mean of 10⁷ spreads."""
    random = np.random.default_rng(3)
    x = mean + random.standard_normal(36)
    y = mean + 3.0 * x + 0.1 * random.standard_normal(36)
    slope, base, left = exact_line(x, y)
    fit, line = fit_linear(y, x[:, None]), fit_line(y, x)
    assert (fit.coefficients[1], line.slope) == pytest.approx((slope, slope), rel=1e-12)
    assert fit.sigma == pytest.approx((left / 34) ** 0.5, rel=1e-10)
    assert line.sigma == pytest.approx((left / 34) ** 0.5, rel=1e-10)
    scale = max(abs(base), mean, 1.0)
    assert fit.coefficients[0] == pytest.approx(base, abs=1e-11 * scale)


def test_unknown_rows_are_left_out_of_their_plant_only() -> None:
    use, drivers = plants()
    use[1, 3] = drivers[3, 0, 1] = np.nan
    fit = fit_linear(use, drivers)
    assert fit.n.tolist() == [24, 23, 24, 23, 24]
    for i, row in ((1, 3), (3, 0)):
        rest = np.arange(24) != row
        alone = fit_linear(use[i, rest], drivers[i, rest])
        assert fit.coefficients[i] == pytest.approx(alone.coefficients, rel=1e-13)
        assert fit.p[i] == pytest.approx(alone.p, rel=1e-9)


def test_a_row_left_out_ends_a_pair_of_residuals() -> None:
    use, drivers = plants(1, 8, 1)
    use[0, 3] = np.nan
    fit = fit_linear(use[0], drivers[0])
    e = use[0] - fit.coefficients[0] - drivers[0, :, 0] * fit.coefficients[1]
    pairs = e[0] * e[1] + e[1] * e[2] + e[4] * e[5] + e[5] * e[6] + e[6] * e[7]
    assert fit.autocorrelation == pytest.approx(pairs / np.nansum(e * e))


@pytest.mark.parametrize(
    "drivers",
    [
        [[5.0, 1.0], [5.0, 2.0], [5.0, 4.0], [5.0, 7.0]],  # never changes
        [[0.1, 1.0], [0.1, 2.0], [0.1, 4.0], [0.1, 7.0]],
        [[1.0, 2.0], [2.0, 4.0], [4.0, 8.0], [7.0, 14.0]],  # twice the other
        [[1e9 + 1, 1.0], [1e9 + 2, 2.0], [1e9 + 4, 4.0], [1e9 + 7, 7.0]],  # the other moved
        [[0.1, 0.3], [0.2, 0.6], [0.4, 1.2], [0.7, 2.1]],  # to rounding
        [[0.0, 1.0], [0.0, 2.0], [0.0, 4.0], [0.0, 7.0]],
    ],
)
def test_drivers_that_cannot_be_told_apart_give_nothing_and_say_so(
    drivers: list[list[float]],
) -> None:
    fit = fit_linear([*USE], drivers)
    assert not fit.rank_ok
    assert np.isnan(fit.coefficients).all()
    assert np.isnan([fit.sigma, fit.r2, fit.f, fit.f_p, fit.autocorrelation]).all()
    assert (fit.n, fit.dof) == (4, 1)


def test_more_columns_than_rows_are_not_determined() -> None:
    fit = fit_linear([1.0, 2.0], [[1.0, 5.0], [2.0, 7.0]])
    assert not fit.rank_ok
    assert fit.dof == -1


def test_as_many_rows_as_columns_fit_without_an_error_to_tell() -> None:
    fit = fit_linear([1.0, 3.0], [[1.0], [2.0]])
    assert fit.coefficients == pytest.approx([-1.0, 2.0])
    assert fit.dof == 0
    assert np.isnan([fit.sigma, fit.adjusted_r2, fit.f, *fit.se, *fit.p]).all()


@pytest.mark.parametrize("level", [0.0, 0.1, 7.0])
def test_use_that_never_changes_has_no_r2(level: float) -> None:
    fit, line = fit_linear([level] * 5, np.arange(5.0)[:, None]), fit_line([level] * 5, range(5))
    assert fit.coefficients == pytest.approx([level, 0.0], abs=0)
    assert np.isnan(fit.r2)
    assert np.isnan(line.r2)
    assert line.slope == 0.0


def test_base_load_alone_is_the_mean() -> None:
    fit = fit_linear(USE, np.empty((4, 0)))
    assert fit.coefficients == pytest.approx([250.0])
    assert fit.se == pytest.approx([(23_200 / 3 / 4) ** 0.5])
    assert np.isnan([fit.f, fit.f_p]).all()


def test_no_plants_give_no_fits() -> None:
    assert fit_linear(np.empty((0, 4)), np.array(OUTPUT)).coefficients.shape == (0, 2)
    assert fit_line(np.empty((0, 4)), np.empty((0, 4))).slope.shape == (0,)


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_very_small_and_very_large_figures(size: float) -> None:
    fit = fit_linear(np.array(USE) * size, np.array(OUTPUT) * size)
    assert fit.coefficients == pytest.approx([80.0 * size, 6.8], rel=1e-13)
    assert fit.t == pytest.approx(fit_linear(USE, OUTPUT).t, rel=1e-12)
    line = fit_line(np.array(USE) * size, np.array(OUTPUT)[:, 0] * size)
    assert line.slope == pytest.approx(6.8, rel=1e-13)


def test_what_is_infinite_is_no_fit() -> None:
    assert np.isnan(fit_linear([1.0, np.inf, 3.0], [[1.0], [2.0], [3.0]]).coefficients).all()
    assert np.isnan(fit_line([1.0, 2.0, 4.0], [1.0, np.inf, 3.0]).slope)


def test_rows_must_agree() -> None:
    with pytest.raises(ValueError, match="same n"):
        fit_linear(USE, OUTPUT[:3])
    with pytest.raises(ValueError, match="same n"):
        fit_linear(USE, OUTPUT, [1.0, 1.0])
    with pytest.raises(ValueError, match="same months"):
        fit_line(USE, [1.0, 2.0])


# --- what a year's sum is worth


def test_prediction_variance_of_one_month_is_the_textbook_one() -> None:
    """One month at x: σ² (1 + 1/n + (x − x̄)²/Sxx), Sxx = 500, σ² = 40."""
    fit = fit_linear(USE, OUTPUT)
    found = prediction_variance(fit, [1.0, 50.0], 1)
    assert found == pytest.approx(40 * (1 + 1 / 4 + 25**2 / 500))


def test_variance_of_a_sum_of_correlated_residuals() -> None:
    lag = np.abs(np.subtract.outer(np.arange(7), np.arange(7)))
    for rho in (-0.5, 0.0, 0.3, 0.98):
        assert residual_sum_factor(7, rho) == pytest.approx((rho**lag).sum(), rel=1e-14)
    assert residual_sum_factor([1, 2], [0.9, 0.5]) == pytest.approx([1.0, 3.0])
    assert residual_sum_factor(0) == 0.0


def test_prediction_variance_of_correlated_errors() -> None:
    use, drivers = plants(3)
    fit = fit_autoregressive(use, drivers, rho=[0.0, 0.5, 0.9])
    rows = drivers[:, :12]
    sums = np.concatenate([np.full((3, 1), 12.0), rows.sum(axis=1)], axis=1)
    lag = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
    for i in range(3):
        own = fit.sigma[i] ** 2 * (fit.rho[i] ** lag).sum()
        expected = sums[i] @ fit.covariance[i] @ sums[i] + own
        assert prediction_variance(fit, sums, 12)[i] == pytest.approx(expected, rel=1e-12)


# --- errors like those of the month before


def restricted(rho: float, use: np.ndarray, x: np.ndarray, place: np.ndarray) -> float:
    """−2 × the restricted log-likelihood, with the covariance matrix written out."""
    v = rho ** np.abs(np.subtract.outer(place, place)) / (1 - rho * rho)
    weight = np.linalg.inv(v)
    inside = x.T @ weight @ x
    e = use - x @ np.linalg.solve(inside, x.T @ weight @ use)
    free = use.size - x.shape[1]
    return float(
        free * np.log(e @ weight @ e) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(inside)[1]
    )


@pytest.mark.parametrize("missing", [[], [4, 5, 11]])
def test_autocorrelation_is_where_the_restricted_likelihood_is_highest(missing: list[int]) -> None:
    use, drivers = plants(4, 30)
    e = np.random.default_rng(8).standard_normal((4, 30))
    for t in range(1, 30):
        e[:, t] += 0.6 * e[:, t - 1]
    use = 100 + drivers @ [1.0, 2.0] + 5 * e
    use[:, missing] = np.nan
    fit = fit_autoregressive(use, drivers)
    place = np.setdiff1d(np.arange(30), missing)
    for i in range(4):
        x = np.column_stack([np.ones(place.size), drivers[i, place]])
        best = minimize_scalar(
            restricted, bounds=(-0.98, 0.98), args=(use[i, place], x, place), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        assert fit.rho[i] == pytest.approx(best.x, abs=1e-5)
        v = best.x ** np.abs(np.subtract.outer(place, place))
        weight = np.linalg.inv(v)
        expected = np.linalg.solve(x.T @ weight @ x, x.T @ weight @ use[i, place])
        assert fit.coefficients[i] == pytest.approx(expected, rel=1e-5)


def test_restricted_likelihood_is_near_the_truth_where_residuals_are_not() -> None:
    random = np.random.default_rng(11)
    n, size, rho = 24, 400, 0.6
    e = random.standard_normal((size, n)) / (1 - rho * rho) ** 0.5
    for t in range(1, n):
        e[:, t] = rho * e[:, t - 1] + (1 - rho * rho) ** 0.5 * e[:, t]
    drivers = random.lognormal(3.0, 0.3, (size, n, 1))
    use = 100 + drivers[..., 0] + e
    mean = fit_autoregressive(use, drivers).rho.mean()
    assert mean == pytest.approx(rho, abs=0.08)
    assert fit_linear(use, drivers).autocorrelation.mean() < mean - 0.1


@pytest.mark.parametrize("rows", [6, 2])
def test_no_autocorrelation_is_found_without_errors(rows: int) -> None:
    output = np.arange(float(rows))
    fit = fit_autoregressive(5.0 + 0.0 * output, output[:, None])
    assert np.isnan([fit.rho, fit.sigma]).all()
    assert fit.coefficients == pytest.approx([5.0, 0.0])
    assert fit.rank_ok


def test_drivers_that_cannot_be_told_apart_have_no_autoregressive_fit_either() -> None:
    use, drivers = plants(3)
    drivers[1, :, 1] = 2 * drivers[1, :, 0] + 7
    fit = fit_autoregressive(use, drivers)
    assert fit.rank_ok.tolist() == [True, False, True]
    assert np.isnan(fit.coefficients[1]).all()
    assert np.isnan([fit.rho[1], fit.sigma[1]]).all()
    assert np.isfinite(fit.sigma[[0, 2]]).all()


@pytest.mark.parametrize(
    ("rho", "published", "ordinary"), [(0.0, 0.89, 0.91), (0.5, 0.88, 0.69), (0.8, 0.86, 0.46)]
)
def test_intervals_of_a_year_s_sum_hold_as_often_as_the_documentation_says(
    rho: float, published: float, ordinary: float
) -> None:
    """90 % intervals after 24 months, within three standard errors of 800 draws."""
    random = np.random.default_rng(3)
    size, n = 800, 36
    e = random.standard_normal((size, n))
    for t in range(1, n):
        e[:, t] = rho * e[:, t - 1] + (1 - rho * rho) ** 0.5 * e[:, t]
    output = random.lognormal(5.0, 0.3, (size, n))
    use = 200 + 3 * output + 20 * e
    rows = use[:, :24], output[:, :24, None]
    sums = np.stack([np.full(size, 12.0), output[:, 24:].sum(axis=1)], axis=1)
    for fit, said in ((fit_autoregressive(*rows), published), (fit_linear(*rows), ordinary)):
        half = student.ppf(0.95, 22) * prediction_variance(fit, sums, 12) ** 0.5
        error = (sums * fit.coefficients).sum(axis=1) - use[:, 24:].sum(axis=1)
        held = (np.abs(error) <= half).mean()
        assert held == pytest.approx(said, abs=3 * (said * (1 - said) / size) ** 0.5)


def test_what_is_left_of_the_autocorrelation() -> None:
    use, drivers = plants(1, 40, 1)
    fit = fit_autoregressive(use[0], drivers[0], rho=0.4)
    e = use[0] - fit.coefficients[0] - drivers[0, :, 0] * fit.coefficients[1]
    u = np.concatenate([[e[0] * (1 - 0.16) ** 0.5], e[1:] - 0.4 * e[:-1]])
    assert fit.autocorrelation == pytest.approx(u[1:] @ u[:-1] / (u @ u))


@pytest.mark.parametrize("rho", [1.0, -1.0, 1.5])
def test_autocorrelation_lies_between_minus_one_and_one(rho: float) -> None:
    with pytest.raises(ValueError, match="between"):
        fit_autoregressive(USE, OUTPUT, rho=rho)


def test_one_driver_has_the_r2_of_the_correlation() -> None:
    use, drivers = plants(1, 24, 1)
    assert fit_linear(use[0], drivers[0]).r2 == pytest.approx(
        pearsonr(use[0], drivers[0, :, 0]).statistic ** 2, rel=1e-12
    )


def exact_fit(use: np.ndarray, output: np.ndarray) -> list[float]:
    """Base load, slope, their standard errors, R² and sigma in fractions, rounded at the end."""
    y, x = ([Fraction(float(value)) for value in column] for column in (use, output))
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    xx = sum((a - mean_x) ** 2 for a in x)
    xy = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    yy = sum((b - mean_y) ** 2 for b in y)
    slope = xy / xx
    variance = (yy - slope * xy) / (n - 2)
    return [float(mean_y - slope * mean_x), float(slope),
            math.sqrt(variance * (Fraction(1, n) + mean_x**2 / xx)), math.sqrt(variance / xx),
            float(slope * xy / yy), math.sqrt(variance)]  # fmt: skip


@pytest.mark.parametrize("plants", [0, 1, 6, 7, 8, 15])
@pytest.mark.parametrize("months", [3, 12, 36])
@pytest.mark.parametrize("scale", [1.0, 1e9, 1e13])
def test_lines_of_all_kinds_in_a_block_are_exact(
    monkeypatch: pytest.MonkeyPatch, plants: int, months: int, scale: float
) -> None:
    # Seven plants a block: usual ones, means of 300 and of 10^7 spreads, a hidden slope and a
    # nearly perfect line lie side by side and go different ways.
    monkeypatch.setattr(line_fit, "NUMBERS", 7 * months)
    random = np.random.default_rng(months)
    output = np.repeat(random.lognormal(1.0, 0.4, (plants, months)), 2, axis=1)[:, ::2]
    noise = random.normal(0, 1, (plants, months))
    output[1::5] += 300.0
    output[2::5] = 1e7 + np.round(output[2::5] * 1024) / 1024
    slope, level = np.full((plants, 1), 3.0), np.full((plants, 1), 20.0)
    slope[3::5], level[1::5], level[2::5] = 1e-3, 900.0, 3e7
    noise[4::5] *= 1e-5
    use = (level + slope * output + noise) * scale
    output.setflags(write=False)
    line = fit_line(use, output)
    assert line.n.shape == (plants,)
    for i in range(plants):
        expected = exact_fit(use[i], output[i])
        found = [column[i] for column in line[:6]]
        # The base load is known to as many of its standard errors, the rest to ten digits.
        assert found[0] == pytest.approx(expected[0], abs=1e-9 * expected[2] + 1e-9 * use[i, 0])
        assert found[1:] == pytest.approx(expected[1:], rel=2e-9)


def test_a_line_does_not_depend_on_its_neighbours() -> None:
    random = np.random.default_rng(5)
    output = random.lognormal(3.0, 0.3, (9, 24))
    use = 50.0 + 2.0 * output + random.normal(0, 3.0, output.shape)
    use[5:] += 1e7
    whole = fit_line(use, output)
    for i in range(9):
        one = fit_line(use[i], output[i])
        np.testing.assert_array_equal([column[i] for column in whole], one)
