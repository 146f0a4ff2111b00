"""The straight line of use on output, for very many plants.

One pass over the data and a few sums; plants whose sums would lose digits go the careful way of
:func:`~sxsh_audit.calc.linear_fit.fit_linear`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.blocks import CELLS
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.linear_fit import fit_linear

__all__ = ["LineFit", "fit_line"]

#: Part left unexplained from which a difference of sums keeps ten digits of it.
_PLAIN = 1e-4
#: Spread of the output against its mean, squared, below which a line may not be determined.
_NARROW = 1e-20


class LineFit(NamedTuple):
    """A straight line for each plant."""

    base_load: Any
    """Use of a month without output. [unit of `use`]"""
    slope: Any
    """Use per unit of output. [unit of `use`/unit of `output`]"""
    se_base_load: Any
    """Standard error of the base load. [unit of `use`]"""
    se_slope: Any
    """Standard error of the slope. [unit of `use`/unit of `output`]"""
    r2: Any
    """Part of the variation of use that output explains. [1]"""
    sigma: Any
    """Standard deviation of a month about the line, with n − 2. [unit of `use`]"""
    n: Any
    """Months fitted."""


def _sums(use: Floats, output: Floats) -> tuple[Floats, Floats, Floats]:
    """Return sums, sums of squares and of products of output and use less their first figures."""
    size, n = use.shape
    step = max(CELLS // max(n, 1), 1)
    sums, squares, products = np.empty((2, size)), np.empty((2, size)), np.empty(size)
    pair, ones = np.empty((2, min(step, size), n)), np.ones(n)
    for start in range(0, size, step):
        part = slice(start, min(start + step, size))
        both = pair[:, : part.stop - start]
        x, y = output[part], use[part]
        np.subtract(x, x[:, :1], out=both[0])
        np.subtract(y, y[:, :1], out=both[1])
        np.matmul(both, ones, out=sums[:, part])
        np.vecdot(both, both, out=squares[:, part])
        np.vecdot(both[0], both[1], out=products[part])
    return sums, squares, products


def fit_line(use: ArrayLike, output: ArrayLike) -> LineFit:
    r"""Fit use as a base load and so much per unit of output, one line a plant.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each month. [any unit]
    output : array, shape (…, n)
        Output of each month. [any unit]

    Returns
    -------
    LineFit
        What :func:`~sxsh_audit.calc.linear_fit.fit_linear` finds with one driver and months; nan
        where output never changes. Months with nan in either are left out.

    Raises
    ------
    ValueError
        If the two do not have the same months.

    Notes
    -----
    With x and y less the first figure of their plant (x₀ is at most √n standard deviations from
    the mean, so that this loses at most a factor n + 1, whatever the mean is),

    .. math:: S_{xy} = \sum xy - \tfrac1n \sum x \sum y, \qquad b = S_{xy} / S_{xx}, \qquad
              \hat\sigma^2 = (S_{yy} - b S_{xy}) / (n - 2)

    Plants with a month missing, with R² above 0.9999, or with output that hardly changes are
    fitted again by projection.

    Examples
    --------
    >>> line = fit_line([[150.0, 210.0, 290.0, 350.0]], [[10.0, 20.0, 30.0, 40.0]])
    >>> line.base_load.round(3), line.slope.round(3), line.se_slope.round(4)
    (array([80.]), array([6.8]), array([0.2828]))
    """
    amount, made = floats(use), floats(output)
    if amount.shape[-1] != made.shape[-1]:
        raise ValueError(f"use and output must have the same months: {amount.shape}, {made.shape}")
    shape = np.broadcast_shapes(amount.shape, made.shape)
    lead, n = shape[:-1], shape[-1]
    size = int(np.prod(lead, dtype=np.int64))
    y, x = (np.broadcast_to(each, shape).reshape(size, n) for each in (amount, made))
    base_load, slope, se_base_load, se_slope, r2, sigma = np.full((6, size), np.nan)
    found = LineFit(
        base_load, slope, se_base_load, se_slope, r2, sigma, np.full(size, n)
    )
    hard = np.ones(size, bool)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if n > 2:
            sums, squares, products = _sums(y, x)
            for start in range(0, size, CELLS):
                _lines(slice(start, start + CELLS), (y, x), (sums, squares, products), found, hard)
    (again,) = np.nonzero(hard)
    if again.size:
        fit = fit_linear(y[again], x[again][..., None])
        coefficients, errors = fit.coefficients.T, fit.se.T
        careful = (*coefficients, *errors, fit.r2, fit.sigma, fit.n)
        for column, values in zip(found, careful, strict=True):
            column[again] = values
    return LineFit(*(each.reshape(lead) if lead else each[0].item() for each in found))


def _lines(
    part: slice, data: tuple[Floats, Floats], totals: tuple[Floats, Floats, Floats],
    found: LineFit, hard: Any,
) -> None:  # fmt: skip
    """Write the lines of some plants into `found`, and which of them need more care."""
    (y, x), (sums, squares, products) = data, totals
    n = y.shape[1]
    mean = sums[:, part] / n
    spread = squares[:, part] - mean * sums[:, part]
    xy = products[part] - mean[0] * sums[1, part]
    slope = xy / spread[0]
    explained = slope * xy
    left = spread[1] - explained
    centre = mean[0] + x[part, 0]
    variance = left / (n - 2)
    per_spread = variance / spread[0]
    found.base_load[part] = mean[1] + y[part, 0] - slope * centre
    found.slope[part] = slope
    np.sqrt(variance / n + centre * centre * per_spread, out=found.se_base_load[part])
    np.sqrt(per_spread, out=found.se_slope[part])
    found.r2[part] = explained / spread[1]
    np.sqrt(variance, out=found.sigma[part])
    fine = (left > _PLAIN * spread[1]) & (spread[0] > _NARROW * n * centre * centre)
    hard[part] = ~(fine & np.isfinite(found.se_base_load[part]))
