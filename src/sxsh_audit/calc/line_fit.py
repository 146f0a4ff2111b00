"""The straight line of use on output, for very many plants.

One pass over the data and a few sums; plants whose sums would lose digits go the careful way of
:func:`~sxsh_audit.calc.linear_fit.fit_linear`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import NUMBERS
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

    .. math:: S_{xy} = \sum xy - \frac{1}{n} \sum x \sum y, \qquad b = S_{xy} / S_{xx}, \qquad
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
    found, hard = np.empty((6, size)), np.ones(size, bool)
    if n > 2:
        step = max(NUMBERS // n, 1)
        less = np.empty((2, min(step, size), n))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for start in range(0, size, step):
                part = slice(start, min(start + step, size))
                hard[part] = ~_lines(y[part], x[part], less[:, : part.stop - start], found[:, part])
    fitted = np.full(size, n)
    (again,) = np.nonzero(hard)
    if again.size:
        fit = fit_linear(y[again], x[again][..., None])
        found[:4, again] = *fit.coefficients.T, *fit.se.T
        found[4:, again] = fit.r2, fit.sigma
        fitted[again] = fit.n
    columns = [each.reshape(lead) if lead else each[0].item() for each in (*found, fitted)]
    return LineFit(*columns)


def _lines(use: Floats, output: Floats, less: Floats, found: Floats) -> NDArray[np.bool_]:
    """Write the lines of a block into `found`; return where they keep ten digits and more.

    `less` is room for both columns less their first figures.
    """
    n = use.shape[1]
    x, y = less
    np.subtract(output, output[:, :1], out=x)
    np.subtract(use, use[:, :1], out=y)
    ones = np.ones(n)
    sum_x, sum_y = x @ ones, y @ ones
    mean_x, mean_y = sum_x / n, sum_y / n
    xx = np.vecdot(x, x) - mean_x * sum_x
    xy = np.vecdot(x, y) - mean_x * sum_y
    yy = np.vecdot(y, y) - mean_y * sum_y
    slope = np.divide(xy, xx, out=found[1])
    explained = slope * xy
    left = yy - explained
    np.divide(explained, yy, out=found[4])
    centre = mean_x + output[:, 0]
    np.subtract(mean_y + use[:, 0], slope * centre, out=found[0])
    variance = left / (n - 2)
    of_slope = variance / xx
    np.sqrt(variance / n + centre * centre * of_slope, out=found[2])
    np.sqrt(of_slope, out=found[3])
    np.sqrt(variance, out=found[5])
    fine = (left > _PLAIN * yy) & (xx > _NARROW * n * centre * centre)
    return np.asarray(fine & np.isfinite(found[2]))
