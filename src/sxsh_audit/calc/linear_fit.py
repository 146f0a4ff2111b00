"""Use explained by what drives it: a base load, and so much per unit of each driver.

One plant and a hundred thousand go through the same arithmetic. Rows that are not known are left
out plant by plant. Months are rows of length 1; bills are rows as long as their days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, stdtr

from sxsh_audit.calc.blocks import NUMBERS
from sxsh_audit.calc.domain import Floats, floats, plain
from sxsh_audit.calc.projection import Projection, project

__all__ = [
    "Block",
    "LinearFit",
    "assembled",
    "blocks_of_plants",
    "fit_linear",
    "judged",
    "prediction_variance",
    "residual_sum_factor",
]

Mask = NDArray[np.bool_]


class LinearFit(NamedTuple):
    """A fitted line or plane of each plant, with how well it is known.

    Shapes leave out the leading axes of the plants; p = k + 1 coefficients, base load first.
    Everything but ``n``, ``dof`` and ``rank_ok`` is nan where ``rank_ok`` is False.
    """

    coefficients: Floats
    """Base load per unit of length, then use per unit of each driver, shape (p,)."""
    covariance: Floats
    """Covariance of the coefficients, shape (p, p)."""
    sigma: Any
    """Standard deviation of a row about the fit. [unit of `use`]"""
    dof: Any
    """Degrees of freedom n − p; nothing is said about errors where it is not above 0."""
    n: Any
    """Rows fitted."""
    r2: Any
    """Part of the variation about the base load that the drivers explain. [1]"""
    adjusted_r2: Any
    """The same for variances: 1 − (1 − R²) (n − 1) / (n − p). [1]"""
    cv_rmse: Any
    """``sigma`` ÷ mean use of a row, CV(RMSE). [1]"""
    se: Floats
    """Standard errors of the coefficients, shape (p,)."""
    t: Floats
    """Coefficients ÷ their standard errors, shape (p,). [1]"""
    p: Floats
    """Two-sided p-values of t, shape (p,). [1]"""
    f: Any
    """F statistic against the base load alone. [1]"""
    f_p: Any
    """Its p-value. [1]"""
    autocorrelation: Any
    """Correlation of each residual with that of the row before. [1]"""
    rank_ok: Any
    """Whether no driver is made of the others and the base load."""
    rho: Any
    """Autocorrelation that the fit allows for; 0 for ordinary least squares. [1]"""


class Block(NamedTuple):
    """Plants that are worked out at a time."""

    part: slice
    """Positions among the plants."""
    columns: Floats
    """Base load and drivers, shape (p, plants, rows); 0 in rows left out."""
    use: Floats
    """Shape (plants, rows); 0 in rows left out."""
    known: Mask
    """Rows that are fitted, shape (plants, rows)."""


def _reader(values: Floats, lead: tuple[int, ...], rest: int) -> Callable[[slice], Floats]:
    """Return a reader of plants of `values` as broadcast to `lead`, `rest` axes left."""
    tail = values.shape[values.ndim - rest :]
    if values.shape[: values.ndim - rest] == lead:
        flat = values.reshape(int(np.prod(lead)), *tail)  # −1 cannot be told of no rows
        return lambda part: flat[part]
    spread = np.broadcast_to(values, (*lead, *tail))
    return lambda part: spread[np.unravel_index(np.arange(part.start, part.stop), lead)]


def blocks_of_plants(
    use: Floats, drivers: Floats, length: Floats
) -> tuple[tuple[int, ...], Iterator[Block]]:
    """Cut plants into blocks that stay in the processor's caches.

    Parameters
    ----------
    use : array, shape (…, rows)
        Use. [any unit]
    drivers : array, shape (…, rows, k)
        Drivers. [any units]
    length : array, shape (…, rows) or ()
        Base-load column. [month]

    Returns
    -------
    lead : tuple of int
        Broadcast shape of the plants.
    blocks : iterator of Block
        With the rows that are nan in any of the three set to 0 and marked.

    Raises
    ------
    ValueError
        If the three do not have the same rows.
    """
    rows, k = use.shape[-1], drivers.shape[-1]
    if drivers.ndim < 2 or drivers.shape[-2] != rows or (length.ndim and length.shape[-1] != rows):
        raise ValueError(
            "use (…, n), drivers (…, n, k) and length (…, n) must have the same n: "
            f"given {use.shape}, {drivers.shape}, {length.shape}"
        )
    lengths = length if length.ndim else np.broadcast_to(length, (rows,))
    lead = np.broadcast_shapes(use.shape[:-1], drivers.shape[:-2], lengths.shape[:-1])
    size = int(np.prod(lead, dtype=np.int64))
    step = max(NUMBERS // max(rows * (k + 2), 1), 1)
    read_use, read_length = _reader(use, lead, 1), _reader(lengths, lead, 1)
    read_drivers = _reader(drivers, lead, 2)

    def blocks() -> Iterator[Block]:
        for start in range(0, size, step):
            part = slice(start, min(start + step, size))
            amount = np.array(read_use(part))
            columns = np.empty((k + 1, *amount.shape))
            columns[0] = read_length(part)
            columns[1:] = np.moveaxis(read_drivers(part), -1, 0)
            known = ~np.isnan(amount) & ~np.isnan(columns).any(axis=0)
            if not known.all():
                amount[~known] = 0.0
                columns[:, ~known] = 0.0
            yield Block(part, columns, amount, known)

    return lead, blocks()


def judged(found: Projection, block: Block, marginal: Floats, rho: Floats) -> LinearFit:
    """Turn a projection into a fit with its statistics.

    Parameters
    ----------
    found : Projection
        Least squares of the block, of columns made independent if they were not.
    block : Block
        The plants, as given.
    marginal : array, shape (plants,)
        Variance of a row ÷ that of what was projected: 1 for ordinary least squares. [1]
    rho : array, shape (plants,)
        Autocorrelation allowed for. [1]

    Returns
    -------
    LinearFit
        Of the plants of the block.
    """
    count = found.coefficients.shape[-1]
    n = block.known.sum(axis=-1)
    dof = n - count
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        free = np.where(dof > 0, dof, np.nan)
        variance = found.unexplained / free
        sigma = np.sqrt(variance * marginal)
        covariance = variance[:, None, None] * found.inverse
        se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
        t = found.coefficients / se
        left = found.unexplained / found.total
        f = (found.total - found.unexplained) / (count - 1) / variance if count > 1 else sigma * 0
        f = f if count > 1 else f + np.nan
        e = found.residuals
        paired = np.vecdot(e[:, 1:], e[:, :-1])
        return LinearFit(
            found.coefficients, covariance, sigma, dof, n,
            1.0 - left, 1.0 - left * (n - 1) / free, sigma / (block.use.sum(axis=-1) / n),
            se, t, 2.0 * stdtr(free[:, None], -np.abs(t)), f, fdtrc(count - 1, free, f),
            paired / found.unexplained, found.independent, rho,
        )  # fmt: skip


def assembled(fits: Sequence[LinearFit], lead: tuple[int, ...], count: int) -> LinearFit:
    """Put the fits of blocks together.

    Parameters
    ----------
    fits : sequence of LinearFit
        In the order of the plants.
    lead : tuple of int
        Shape of the plants.
    count : int
        Coefficients, for no plants at all. [-]

    Returns
    -------
    LinearFit
        Of shape `lead`; numbers and not arrays for one plant.
    """
    if not fits:
        nothing = Block(slice(0), np.empty((count, 0, 1)), np.empty((0, 1)), np.empty((0, 1), bool))
        none = project(nothing.columns, nothing.use)
        fits = [judged(none, nothing, np.empty(0), np.empty(0))]
    joined = (np.concatenate(parts) for parts in zip(*fits, strict=True))
    shaped = [each.reshape((*lead, *each.shape[1:])) for each in joined]
    return LinearFit(*(each[()].item() if each.ndim == 0 else each for each in shaped))


def fit_linear(use: ArrayLike, drivers: ArrayLike, length: ArrayLike = 1.0) -> LinearFit:
    r"""Fit use as a base load plus so much per unit of each driver, by ordinary least squares.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each row (month or bill); nan where it is not known. [any unit]
    drivers : array, shape (…, n, k)
        Output by product, degree days, operating days…; nan where not known. [any units]
    length : float or array, shape (…, n)
        Base-load column: 1 for months, days ÷ (365.25/12) for bills. [month]

    Returns
    -------
    LinearFit
        Of the broadcast leading axes. Rows with nan in any of the three are left out, of that
        plant only. Where a driver is made of the others (or never changes, or there are too few
        rows) everything is nan and ``rank_ok`` False: no driver is ever dropped unsaid.

    Raises
    ------
    ValueError
        If the three do not have the same rows.

    Notes
    -----
    .. math:: E_t = b_0 L_t + \sum_j b_j x_{tj} + e_t, \qquad
              \hat\sigma^2 = \frac{\sum e_t^2}{n - k - 1}, \qquad
              \operatorname{Cov} b = \hat\sigma^2 (X^T X)^{-1}

    R² and F are against the base load alone, :math:`E_t = b_0 L_t`: with months that is the usual
    R² about the mean, and with bills a long bill that uses more is not the drivers' merit.
    CV(RMSE) is σ over the mean use of a row, with n − p degrees of freedom as in ASHRAE
    Guideline 14 [1]_. The lag-1 autocorrelation is :math:`\sum e_t e_{t-1} / \sum e_t^2`; a row
    left out ends a pair. p-values take errors as normal, alike and independent.

    References
    ----------
    .. [1] ASHRAE Guideline 14-2014, "Measurement of Energy, Demand, and Water Savings".

    Examples
    --------
    >>> fit = fit_linear([150.0, 210.0, 290.0, 350.0], [[10.0], [20.0], [30.0], [40.0]])
    >>> fit.coefficients.round(3), round(fit.r2, 4), fit.dof
    (array([80. ,  6.8]), 0.9966, 2)

    A month that is not known does not count:

    >>> fit_linear([150.0, 210.0, float("nan")], [[10.0], [20.0], [30.0]]).n
    2
    """
    amount, columns, lengths = floats(use), floats(drivers), floats(length)
    lead, blocks = blocks_of_plants(amount, columns, lengths)
    fits = []
    for block in blocks:
        found = project(block.columns, block.use)
        plants = block.use.shape[0]
        fits.append(judged(found, block, np.ones(plants), np.zeros(plants)))
    return assembled(fits, lead, columns.shape[-1] + 1)


def residual_sum_factor(m: ArrayLike, rho: ArrayLike = 0.0) -> Any:
    r"""Variance of a sum of `m` residuals in a row ÷ that of one of them.

    Parameters
    ----------
    m : int or array of int
        Rows summed.
    rho : float or array
        Correlation of each with the one before, above −1 and below 1. [1]

    Returns
    -------
    float or array
        `m` without correlation. [1]

    Notes
    -----
    .. math:: m + 2 \sum_{h=1}^{m-1} (m - h) \rho^h

    The sum and not its closed form, which loses digits as ρ nears 1.

    Examples
    --------
    >>> residual_sum_factor(12), residual_sum_factor(2, 0.5), residual_sum_factor(12, 0.5)
    (12.0, 3.0, 32.0009765625)
    """
    count, correlation = np.asarray(m, np.int64), floats(rho)
    lag = np.arange(1, max(int(count.max(initial=1)), 1))
    pairs = np.maximum(count[..., None] - lag, 0)
    return plain(np.asarray(count + 2.0 * (pairs * correlation[..., None] ** lag).sum(axis=-1)))


def prediction_variance(fit: LinearFit, row_sum: ArrayLike, m: ArrayLike) -> Any:
    r"""Variance of the adjusted baseline of `m` rows less what they would really have used.

    Parameters
    ----------
    fit : LinearFit
        The baseline.
    row_sum : array, shape (…, k + 1)
        Sums over the rows of the reporting period: of their lengths (`m` for months), then of
        each driver. [units of the columns]
    m : int or array of int
        Rows of the reporting period.

    Returns
    -------
    float or array
        Variance of :math:`\sum \hat E - \sum E`. [unit of use, squared]

    Notes
    -----
    .. math:: x_s^T \operatorname{Cov}(b)\, x_s
              + \hat\sigma^2 \Bigl(m + 2 \sum_{h=1}^{m-1} (m - h) \rho^h\Bigr)

    which without correlation is :math:`\hat\sigma^2 [x_s^T (X^T X)^{-1} x_s + m]`. The covariance
    of the reporting residuals with those of the baseline is left out, the last baseline residual
    among them: nothing of it is used to predict. Where the reporting period follows at once and
    ρ is above 0 this errs, as a rule, to the wide side. ρ counts as known.

    Examples
    --------
    Four months' baseline, and what twelve months at 25 a month would have used:

    >>> fit = fit_linear([150.0, 210.0, 290.0, 350.0], [[10.0], [20.0], [30.0], [40.0]])
    >>> round(prediction_variance(fit, [12.0, 300.0], 12), 6)  # 40 (12² / 4 + 12)
    1920.0
    """
    sums = floats(row_sum)
    coefficients = np.matmul(sums[..., None, :], np.asarray(fit.covariance))
    known = np.matmul(coefficients, sums[..., :, None])[..., 0, 0]
    own = np.asarray(fit.sigma) ** 2 * np.asarray(residual_sum_factor(m, fit.rho))
    return plain(np.asarray(known + own))
