"""Use explained by its drivers where each month's error is like that of the month before.

A baseline whose errors persist knows less than as many independent months would tell, and the sum
of a year's errors is larger. Both are in the fit: generalised least squares with first-order
autoregressive errors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.linear_fit import Block, LinearFit, assembled, blocks_of_plants, judged
from sxsh_audit.calc.projection import Projection, project

__all__ = ["HIGHEST_RHO", "fit_autoregressive"]

Mask = NDArray[np.bool_]

HIGHEST_RHO = 0.98
"""Bound of the autocorrelation looked for: beyond it a base load cannot be told from drift."""

_GRID = np.linspace(-HIGHEST_RHO, HIGHEST_RHO, 50)
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
_STEPS = 32  # golden sections from two cells of the grid to below 1e-7


def _distances(known: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row of the known one before each row (−1 for none), and how many rows lie between."""
    place = np.arange(known.shape[1])
    latest = np.maximum.accumulate(np.where(known, place, -1), axis=1)
    before = np.concatenate([np.full((known.shape[0], 1), -1), latest[:, :-1]], axis=1)
    return before, place - before


def _whitened(values: Floats, before: NDArray[np.intp], carry: Floats, scale: Floats) -> Floats:
    rows = np.take_along_axis(values, np.maximum(before, 0), axis=-1)
    return (values - carry * rows) * scale


def _projected(block: Block, rho: Floats) -> tuple[Projection, Floats]:
    """Fit with given autocorrelations; return it with −2 × the restricted log-likelihood."""
    before, apart = _distances(block.known)
    first = before < 0
    carry = np.where(first, 0.0, rho[:, None] ** np.where(first, 1, apart))
    # Errors d rows apart have the part ρᵈ in common; in units of the variance of what is new in
    # one row, the first has 1/(1 − ρ²) and a later one (1 − ρ²ᵈ)/(1 − ρ²).
    new = np.where(first, 1.0, 1.0 - carry * carry) / (1.0 - rho * rho)[:, None]
    scale = np.where(block.known, 1.0 / np.sqrt(new), 0.0)
    columns = np.stack([_whitened(each, before, carry, scale) for each in block.columns])
    found = project(columns, _whitened(block.use, before, carry, scale))
    free = block.known.sum(axis=1) - columns.shape[0]
    logs = np.where(block.known, np.log(new), 0.0).sum(axis=1)
    with np.errstate(divide="ignore"):
        return found, free * np.log(found.unexplained) + logs + found.log_determinant


def _likeliest(block: Block) -> Floats:
    """Autocorrelation of the highest restricted likelihood: grid, then golden section."""
    plants = block.use.shape[0]
    values = np.stack([_projected(block, np.full(plants, rho))[1] for rho in _GRID])
    known = np.isfinite(values).all(axis=0)
    best = np.argmin(np.where(known, values, 0.0), axis=0)
    low = _GRID[np.maximum(best - 1, 0)]
    high = _GRID[np.minimum(best + 1, _GRID.size - 1)]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    of_left, of_right = _projected(block, left)[1], _projected(block, right)[1]
    for _ in range(_STEPS):
        lower = of_left < of_right
        low, high = np.where(lower, low, left), np.where(lower, right, high)
        new = np.where(lower, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        of_new = _projected(block, new)[1]
        left, right = np.where(lower, new, right), np.where(lower, left, new)
        of_left, of_right = np.where(lower, of_new, of_right), np.where(lower, of_left, of_new)
    return np.where(known, 0.5 * (low + high), np.nan)


def fit_autoregressive(
    use: ArrayLike,
    drivers: ArrayLike,
    length: ArrayLike = 1.0,
    *,
    rho: ArrayLike | None = None,
) -> LinearFit:
    r"""Fit use on drivers with first-order autoregressive errors.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each row (month or bill), in the order of time. [any unit]
    drivers : array, shape (…, n, k)
        Drivers. [any units]
    length : float or array, shape (…, n)
        Base-load column: 1 for months, days ÷ (365.25/12) for bills. [month]
    rho : float or array, optional
        Correlation of each error with the one before, where it is known; above −1 and below 1.
        Worked out without it. [1]

    Returns
    -------
    LinearFit
        With the autocorrelation in ``rho``. ``sigma`` and ``cv_rmse`` are those of a row as it
        is; R², F and ``autocorrelation`` (what is left of it) are of the whitened rows. Rows
        with nan are left out and their place in time kept. Where the fit is exact there is no
        error to tell a ``rho`` from: everything is nan.

    Raises
    ------
    ValueError
        If the three do not have the same rows, or `rho` is not between −1 and 1.

    Notes
    -----
    :math:`e_t = \rho e_{t-1} + u_t`. Rows are whitened as Prais and Winsten do [1]_, the first
    one kept and, d rows apart, with :math:`\rho^d`; then ordinary least squares:

    .. math:: y_t^* = (y_t - \rho^d y_{t-d}) \sqrt{(1 - \rho^2) / (1 - \rho^{2d})}, \qquad
              y_1^* = y_1 \sqrt{1 - \rho^2}, \qquad
              \sigma^2 = \frac{\sum \hat u_t^2}{(n - p)(1 - \rho^2)}

    ρ is where the restricted likelihood [2]_ is highest, within ±:data:`HIGHEST_RHO`. The
    correlation of the residuals, which iterated Prais-Winsten uses, is far too low in small
    samples, for the fitted line takes up part of the drift.

    **Small samples.** What is fitted counts ρ as known. With 12 to 24 rows ρ is itself uncertain
    by 0.2 to 0.3, and the intervals are still too narrow where ρ is high; below 24 rows treat
    them as approximate.

    References
    ----------
    .. [1] S. J. Prais, C. B. Winsten, "Trend Estimators and Serial Correlation", Cowles
       Commission Discussion Paper 383, 1954.
    .. [2] H. D. Patterson, R. Thompson, "Recovery of inter-block information when block sizes
       are unequal", Biometrika 58 (1971) 545-554.

    Examples
    --------
    Without correlation it is the ordinary fit:

    >>> use, output = [150.0, 210.0, 290.0, 350.0], [[10.0], [20.0], [30.0], [40.0]]
    >>> fit_autoregressive(use, output, rho=0.0).coefficients.round(3)
    array([80. ,  6.8])
    """
    amount, columns, lengths = floats(use), floats(drivers), floats(length)
    lead, blocks = blocks_of_plants(amount, columns, lengths)
    given = None if rho is None else np.broadcast_to(floats(rho), lead).reshape(-1)
    if given is not None and (np.abs(given) >= 1).any():
        raise ValueError(f"rho must lie between −1 and 1, neither included: {given}")
    fits = []
    for block in blocks:
        correlation = _likeliest(block) if given is None else given[block.part]
        found, _ = _projected(block, correlation)
        fits.append(judged(found, block, 1.0 / (1.0 - correlation * correlation), correlation))
    return assembled(fits, lead, columns.shape[-1] + 1)
