"""Laws of fits: units, sums of columns, right angles, many plants as one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.regression import (
    LinearFit,
    fit_autoregressive,
    fit_change_point,
    fit_line,
    fit_linear,
    prediction_variance,
    residual_sum_factor,
)

Plants = tuple[np.ndarray, np.ndarray]
FREE_OF_UNITS = ("r2", "adjusted_r2", "cv_rmse", "t", "p", "f", "f_p", "autocorrelation", "rho")


@st.composite
def plants(draw: st.DrawFn, size: int = 3, k: int | None = None) -> Plants:
    """Use and drivers of plants that a fit can tell something about."""
    columns = k or draw(st.integers(1, 3))
    n = draw(st.integers(columns + 3, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    mean = 10.0 ** draw(st.integers(0, 6))
    drivers = mean + random.normal(0, 1, (size, n, columns)) * mean * draw(st.floats(0.01, 0.5))
    slopes = random.normal(0, 1, (size, columns))
    noise = random.normal(0, 1, (size, n)) * drivers.std() * draw(st.floats(0.05, 2.0))
    return mean * 2 + np.einsum("pnk,pk->pn", drivers, slopes) + noise, drivers


def same(found: LinearFit, expected: LinearFit, fields: tuple[str, ...], rel: float) -> None:
    for field in fields:
        # A p-value near 1 or a correlation near 0 is as far from its neighbour as t is.
        np.testing.assert_allclose(
            getattr(found, field), getattr(expected, field), rtol=rel, atol=rel, err_msg=field
        )


@settings(max_examples=25)
@given(plants(), st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
def test_the_unit_typed_does_not_change_what_a_fit_says(
    data: Plants, use_unit: float, driver_unit: float
) -> None:
    use, drivers = data
    plain, other = fit_linear(use, drivers), fit_linear(use * use_unit, drivers * driver_unit)
    same(other, plain, FREE_OF_UNITS, 1e-6)
    np.testing.assert_allclose(other.coefficients[:, 0], plain.coefficients[:, 0] * use_unit,
                               rtol=1e-6, atol=1e-6 * np.abs(use).max() * use_unit)  # fmt: skip
    np.testing.assert_allclose(other.se[:, 1:], plain.se[:, 1:] * use_unit / driver_unit, rtol=1e-8)
    np.testing.assert_allclose(other.sigma, plain.sigma * use_unit, rtol=1e-8)


@settings(max_examples=25)
@given(plants(), st.integers(-60, 60), st.integers(-60, 60))
def test_units_of_a_power_of_two_change_not_one_bit(data: Plants, one: int, other: int) -> None:
    use, drivers = data
    plain, scaled = fit_linear(use, drivers), fit_linear(use * 2.0**one, drivers * 2.0**other)
    for field in FREE_OF_UNITS:
        np.testing.assert_array_equal(getattr(scaled, field), getattr(plain, field))
    np.testing.assert_array_equal(scaled.coefficients[:, 0], plain.coefficients[:, 0] * 2.0**one)


@settings(max_examples=25)
@given(plants(), st.floats(-10, 10), st.data())
def test_a_multiple_of_a_driver_in_the_use_moves_its_coefficient_only(
    data: Plants, multiple: float, draws: st.DataObject
) -> None:
    use, drivers = data
    j = draws.draw(st.integers(0, drivers.shape[2]))
    added = np.full(use.shape, np.abs(use).max()) if j == 0 else drivers[..., j - 1]
    plain, moved = fit_linear(use, drivers), fit_linear(use + multiple * added, drivers)
    shift = np.zeros(plain.coefficients.shape[1])
    shift[j] = multiple * (added[0, 0] if j == 0 else 1.0)
    scale = np.concatenate([[np.abs(use).max() * 20], np.full(drivers.shape[2], 20.0)])
    off = np.abs(moved.coefficients - plain.coefficients - shift)
    assert (off <= 1e-9 * scale * np.maximum(1.0, drivers.mean() / drivers.std())).all()
    np.testing.assert_allclose(moved.sigma, plain.sigma, rtol=1e-8)
    np.testing.assert_allclose(moved.se, plain.se, rtol=1e-8)


@settings(max_examples=25)
@given(plants())
def test_residuals_stand_at_right_angles_to_base_load_and_drivers(data: Plants) -> None:
    use, drivers = data
    fit = fit_linear(use, drivers)
    columns = np.concatenate([np.ones((*use.shape, 1)), drivers], axis=2)
    residuals = use - np.einsum("pnk,pk->pn", columns, fit.coefficients)
    along = np.abs(np.einsum("pnk,pn->pk", columns, residuals))
    size = np.linalg.norm(columns, axis=1) * np.linalg.norm(use, axis=1)[:, None]
    assert (along <= 1e-11 * size).all()
    np.testing.assert_allclose(np.linalg.norm(residuals, axis=1), fit.sigma * fit.dof**0.5,
                               rtol=1e-6)  # fmt: skip


@settings(max_examples=15)
@given(plants(), st.sampled_from([fit_linear, fit_autoregressive]), st.data())
def test_many_plants_are_fitted_as_each_by_itself(
    data: Plants, fit: Callable[..., LinearFit], draws: st.DataObject
) -> None:
    use, drivers = (each.copy() for each in data)
    gap = draws.draw(st.integers(0, use.shape[1] - 1))
    if use.shape[1] > drivers.shape[2] + 3:
        use[0, gap] = np.nan
    together = fit(use, drivers)
    for i in range(len(use)):
        alone = fit(use[i], drivers[i])
        for field in LinearFit._fields:
            np.testing.assert_allclose(
                getattr(together, field)[i], getattr(alone, field), rtol=1e-9, atol=1e-12
            )


@settings(max_examples=25)
@given(plants(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_to_least_squares(data: Plants, random: object) -> None:
    use, drivers = data
    order = list(range(use.shape[1]))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain, other = fit_linear(use, drivers), fit_linear(use[:, order], drivers[:, order])
    same(other, plain, ("r2", "cv_rmse", "t", "f", "sigma"), 1e-6)
    np.testing.assert_allclose(other.se, plain.se, rtol=1e-8)


@settings(max_examples=25)
@given(plants(k=1))
def test_the_line_for_many_plants_is_the_fit_with_one_driver(data: Plants) -> None:
    use, drivers = data
    line, fit = fit_line(use, drivers[..., 0]), fit_linear(use, drivers)
    np.testing.assert_allclose(line.sigma, fit.sigma, rtol=1e-8)
    np.testing.assert_allclose(line.r2, fit.r2, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose((line.se_base_load, line.se_slope), fit.se.T, rtol=1e-8)
    off = np.abs(line.slope - fit.coefficients[:, 1])
    assert (off <= 1e-8 * (np.abs(line.slope) + line.se_slope)).all()


@settings(max_examples=25)
@given(plants())
def test_an_autoregressive_fit_without_autocorrelation_is_the_ordinary_one(data: Plants) -> None:
    plain, other = fit_linear(*data), fit_autoregressive(*data, rho=0.0)
    for field in LinearFit._fields:
        np.testing.assert_array_equal(getattr(other, field), getattr(plain, field))


@settings(max_examples=15)
@given(plants())
def test_time_may_run_backwards(data: Plants) -> None:
    use, drivers = data
    back = use[:, ::-1], drivers[:, ::-1]
    plain, other = fit_autoregressive(use, drivers), fit_autoregressive(*back)
    same_rho = fit_autoregressive(*back, rho=plain.rho)
    np.testing.assert_allclose(same_rho.sigma, plain.sigma, rtol=1e-7)
    np.testing.assert_allclose(same_rho.se, plain.se, rtol=1e-7)
    # Two peaks of equal height may change places by rounding; they are rare.
    assert np.median(np.abs(other.rho - plain.rho)) < 1e-5


@settings(max_examples=25)
@given(plants(), st.integers(1, 24))
def test_predicting_no_row_beyond_the_fit_is_free_and_more_rows_cost_more(
    data: Plants, m: int
) -> None:
    use, drivers = data
    fit = fit_linear(use, drivers)
    row = np.concatenate([[1.0], drivers[0].mean(axis=0)])
    assert (prediction_variance(fit, row * 0, 0) == 0).all()
    one, more = prediction_variance(fit, row * m, m), prediction_variance(fit, row * (m + 1), m + 1)
    assert (more > one).all()
    assert (one >= fit.sigma**2 * m).all()


@given(st.integers(1, 200), st.floats(-0.99, 0.99))
def test_correlated_residuals_of_a_sum_lie_between_none_and_one(m: int, rho: float) -> None:
    assert 0 < residual_sum_factor(m, rho) <= m * m
    closed = m * (1 + rho) / (1 - rho) - 2 * rho * (1 - rho**m) / (1 - rho) ** 2
    assert residual_sum_factor(m, rho) == pytest.approx(closed, rel=1e-9)


@settings(max_examples=25)
@given(plants(size=1, k=1), st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), st.floats(-1e3, 1e3))
def test_a_change_point_is_told_in_the_unit_and_from_the_zero_of_its_driver(
    data: Plants, use_unit: float, driver_unit: float, zero: float
) -> None:
    use, driver = data[0][0], data[1][0, :, 0]
    if use.size < 8:
        return
    driver = (driver - driver.mean()) / driver.std()
    plain = fit_change_point(use, driver)
    other = fit_change_point(use * use_unit, (driver + zero) * driver_unit)
    assert other.sigma == pytest.approx(plain.sigma * use_unit, rel=1e-7)
    assert other.r2 == pytest.approx(plain.r2, rel=1e-6, abs=1e-7)
    assert other.gain_f == pytest.approx(plain.gain_f, rel=1e-5, abs=1e-6)
    assert plain.low <= plain.change_point <= plain.high
