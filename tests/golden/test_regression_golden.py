"""Certified and published regressions: NIST reference data, and models of VERIFI."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from calc_tables import DATA

from sxsh_audit.calc.regression import fit_autoregressive, fit_line, fit_linear


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


NIST = document("nist_regression.json")["datasets"]
VERIFI = document("verifi_models.json")["models"]


@pytest.mark.parametrize("name", NIST)
def test_certified_regressions_are_found_to_twelve_digits(name: str) -> None:
    """NIST certifies 15 digits; Longley's drivers are nearly made of one another."""
    data = NIST[name]
    certified = data["certified"]
    fit = fit_linear(data["use"], data["rows"])
    # The largest that double precision may lose here: its rounding × the condition number of
    # the columns scaled to length 1 (4.3e4 for Longley).
    np.testing.assert_allclose(fit.coefficients, certified["coef"], rtol=1e-11)
    np.testing.assert_allclose(fit.se, certified["se"], rtol=1e-11)
    assert fit.r2 == pytest.approx(certified["r2"], rel=1e-12)
    assert fit.f == pytest.approx(certified["f"], rel=1e-11)
    assert fit.dof == certified["dof"]
    residual = certified["residual_sum_of_squares"]
    assert fit.sigma**2 * fit.dof == pytest.approx(residual, rel=1e-11)
    sigma = certified.get("sigma") or certified["variance"] ** 0.5
    assert fit.sigma == pytest.approx(sigma, rel=1e-11)


def test_the_line_for_many_plants_finds_norris() -> None:
    data = NIST["norris"]
    certified = data["certified"]
    line = fit_line(data["use"], [row[0] for row in data["rows"]])
    assert (line.base_load, line.slope) == pytest.approx(certified["coef"], rel=1e-11)
    assert (line.se_base_load, line.se_slope) == pytest.approx(certified["se"], rel=1e-11)
    assert line.r2 == pytest.approx(certified["r2"], rel=1e-12)


def test_both_exact_models_are_there() -> None:
    assert [model["year"] for model in VERIFI] == [2023, 2022]


@pytest.mark.parametrize("model", VERIFI, ids=lambda model: model["facility"])
def test_published_models_are_reproduced(model: dict[str, Any]) -> None:
    published = model["published"]
    fit = fit_linear(model["use"], model["rows"])
    assert np.mean(model["use"]) == pytest.approx(published["mean_use"], rel=1e-12)
    np.testing.assert_allclose(fit.coefficients, published["coef"], rtol=1e-6)
    np.testing.assert_allclose(fit.se, published["se"], rtol=1e-6)
    np.testing.assert_allclose(fit.p, published["p"], rtol=1e-6)
    assert fit.r2 == pytest.approx(published["r2"], rel=1e-6)
    assert fit.adjusted_r2 == pytest.approx(published["adjusted_r2"], rel=1e-6)
    assert fit.sigma == pytest.approx(published["sigma"], rel=1e-6)
    assert fit.f == pytest.approx(published["f"], rel=1e-6)
    assert fit.f_p == pytest.approx(published["f_p"], rel=1e-6)
    assert fit.dof == published["dof"]
    assert fit.cv_rmse == pytest.approx(published["sigma"] / published["mean_use"], rel=1e-6)
    ours = fit.sigma**2 * fit.dof
    assert ours == pytest.approx(published["residual_sum_of_squares"], rel=1e-6)


@pytest.mark.parametrize("model", VERIFI, ids=lambda model: model["facility"])
def test_generalised_least_squares_agree_with_the_covariance_written_out(
    model: dict[str, Any],
) -> None:
    rho, use = 0.6, np.array(model["use"])
    x = np.column_stack([np.ones(use.size), model["rows"]])
    lag = np.abs(np.subtract.outer(np.arange(use.size), np.arange(use.size)))
    weight = np.linalg.inv(rho**lag)
    inverse = np.linalg.inv(x.T @ weight @ x)
    expected = inverse @ x.T @ weight @ use
    e = use - x @ expected
    sigma = (e @ weight @ e / (use.size - x.shape[1])) ** 0.5
    fit = fit_autoregressive(use, model["rows"], rho=rho)
    np.testing.assert_allclose(fit.coefficients, expected, rtol=1e-8)
    assert fit.sigma == pytest.approx(sigma, rel=1e-8)
    np.testing.assert_allclose(fit.covariance, sigma**2 * inverse, rtol=1e-8)
