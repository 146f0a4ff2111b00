"""The reference fit: least squares where months are independent, wider where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from sxsh_audit.calc.linear_fit import fit_linear
from sxsh_audit.calc.reference_fit import reference_fit

OUTPUT = np.array([10.0, 14.0, 9.0, 17.0, 12.0, 15.0, 11.0, 18.0, 13.0, 16.0, 10.5, 14.5])
LASTING = np.array([4.0, 5.0, 3.0, 4.0, 1.0, -2.0, -4.0, -5.0, -3.0, -4.0, -1.0, 2.0])


def glued(rho: float, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Generalised least squares by the inverse of the whole correlation matrix."""
    n = len(y)
    inverse = np.linalg.inv(rho ** np.abs(np.subtract.outer(np.arange(n), np.arange(n))))
    normal = np.linalg.inv(x.T @ inverse @ x)
    b = normal @ x.T @ inverse @ y
    left = y - x @ b
    return b, normal * (left @ inverse @ left) / (n - x.shape[1])


def test_independent_months_are_least_squares() -> None:
    use = 100 + 20 * OUTPUT + 3 * (-1.0) ** np.arange(12)
    found, plain = reference_fit(use, OUTPUT[:, None]), fit_linear(use, OUTPUT[:, None])
    assert found.rho == 0.0
    assert found.coefficients.tolist() == plain.coefficients.tolist()
    assert found.dof == plain.dof


def test_lasting_months_are_generalised_least_squares_at_the_rho_found() -> None:
    use = 100 + 20 * OUTPUT + LASTING
    found = reference_fit(use, OUTPUT[:, None])
    assert 0.3 < found.rho < 1
    b, covariance = glued(found.rho, np.column_stack([np.ones(12), OUTPUT]), use)
    assert found.coefficients == pytest.approx(b)
    assert found.covariance == pytest.approx(covariance)
    plain = fit_linear(use, OUTPUT[:, None])
    assert found.dof < plain.dof
    assert found.r2 == plain.r2  # always that of least squares


def test_an_exact_fit_has_no_autocorrelation() -> None:
    found = reference_fit(100 + 20 * OUTPUT, OUTPUT[:, None])
    assert found.rho == 0.0
    assert found.coefficients == pytest.approx([100.0, 20.0])


def test_no_degree_of_freedom_is_least_squares() -> None:
    found = reference_fit([300.0, 340.0], [[10.0], [12.0]])
    assert (found.rho, found.dof) == (0.0, 0)


def test_rows_not_known_are_left_out() -> None:
    use = 100 + 20 * OUTPUT + 3 * (-1.0) ** np.arange(12)
    holes = np.insert(use, [3, 12], np.nan)
    found = reference_fit(holes, np.insert(OUTPUT, [3, 12], 5.0)[:, None])
    assert found.n == 12
    # A month that is missing parts its neighbours: the chain is not that of the twelve.
    assert found.coefficients == pytest.approx(reference_fit(use, OUTPUT[:, None]).coefficients)


def test_many_plants_at_once_are_each_by_itself() -> None:
    random = np.random.default_rng(3)
    output = random.uniform(5, 20, (6, 18))
    drifting = np.array([0, 1, 0, 1, 1, 0])[:, None]
    use = 50 + 4 * output + random.normal(0, 3, (6, 18)).cumsum(axis=1) * drifting
    use[2, 5] = np.nan
    use += random.normal(0, 1, use.shape)
    together = reference_fit(use, output[..., None])
    for i in range(6):
        one = reference_fit(use[i], output[i][:, None])
        assert together.rho[i] == pytest.approx(one.rho, rel=1e-9, abs=1e-12)
        assert together.coefficients[i] == pytest.approx(one.coefficients, rel=1e-12)
        assert together.covariance[i] == pytest.approx(one.covariance, rel=1e-12)
        assert together.dof[i] == pytest.approx(one.dof, rel=1e-9)


def test_the_base_load_column_is_the_length_of_the_bill() -> None:
    length = np.linspace(0.8, 1.4, 12)
    found = reference_fit(50 * length + 3 * OUTPUT, OUTPUT[:, None], length)
    assert found.coefficients == pytest.approx([50.0, 3.0])


def test_rows_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="the same n"):
        reference_fit([1.0, 2.0], [[1.0], [2.0], [3.0]])
