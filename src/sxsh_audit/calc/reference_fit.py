"""The reference fit of a baseline: first-order autocorrelation, not below 0, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.autoregression import fit_autoregressive
from sxsh_audit.calc.domain import floats
from sxsh_audit.calc.effective_freedom import effective_dof
from sxsh_audit.calc.linear_fit import LinearFit, fit_linear

__all__ = ["reference_fit"]

EXACT = 1e-12
"""CV(RMSE) up to which residuals are the rounding of the arithmetic, which tells nothing."""


def reference_fit(use: ArrayLike, drivers: ArrayLike, length: ArrayLike = 1.0) -> LinearFit:
    r"""Fit use on drivers allowing for rows that resemble the row before.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each row (month or bill), in order of time; nan where it is not known. [any unit]
    drivers : array, shape (…, n, k)
        Output, degree days, operating days…; nan where not known. [any units]
    length : float or array, shape (…, n)
        Base-load column: 1 for months, days ÷ (365.25/12) for bills. [month]

    Returns
    -------
    LinearFit
        Coefficients, covariance and ``sigma`` with the autocorrelation ``rho``, 0 or above;
        ``dof`` is what the rows are worth. Where no autocorrelation can be told (an exact fit,
        or no degree of freedom) it is ordinary least squares. ``r2`` and its kin are of ordinary
        least squares always: they tell how much the drivers explain.

    Raises
    ------
    ValueError
        If the three do not have the same rows.

    Notes
    -----
    The autocorrelation is that of the greatest restricted likelihood; below 0 it would narrow
    the interval, and in a dozen months it is mostly chance. Degrees of freedom by
    :func:`~sxsh_audit.calc.effective_freedom.effective_dof`. How often the intervals hold:
    page "Coverage", method ``ar1_stated``.

    Examples
    --------
    >>> fit = reference_fit([150.0, 210.0, 290.0, 350.0], [[10.0], [20.0], [30.0], [40.0]])
    >>> fit.rho, fit.dof
    (0.0, 2)
    """
    plain = fit_linear(use, drivers, length)
    rho = np.asarray(fit_autoregressive(use, drivers, length).rho)
    told = ~np.isnan(rho) & (np.asarray(plain.cv_rmse) > EXACT)
    alike = np.where(told, np.maximum(rho, 0.0), 0.0)
    if not (alike > 0).any():
        return plain._replace(rho=alike if alike.ndim else float(alike))
    fit = fit_autoregressive(use, drivers, length, rho=alike)
    parameters = floats(drivers).shape[-1] + 1
    dof = np.where(np.asarray(plain.dof) > 0, effective_dof(plain.n, alike, parameters), plain.dof)
    taken: dict[str, Any] = {
        name: _where(alike > 0, getattr(fit, name), getattr(plain, name))
        for name in ("coefficients", "covariance", "sigma", "se", "t", "p", "cv_rmse")
    }
    return plain._replace(**taken, dof=dof if dof.ndim else float(dof),
                          rho=alike if alike.ndim else float(alike))  # fmt: skip


def _where(chosen: ArrayLike, one: ArrayLike, other: ArrayLike) -> Any:
    """Choose by plant, whatever axes a figure has behind those of the plants."""
    first, second = np.asarray(one), np.asarray(other)
    which = np.asarray(chosen)
    found = np.where(which.reshape(which.shape + (1,) * (first.ndim - which.ndim)), first, second)
    return found if found.ndim else float(found)
