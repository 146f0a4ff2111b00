"""The straight line of use on output, for very many plants.

One pass over the data and a few sums. Plants whose sums would lose digits are summed again less
their first figures, and those that would lose them even so go the careful way of
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

#: Part of a sum from which a difference of sums keeps ten digits.
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
    .. math:: S_{xy} = \sum xy - \frac{1}{n} \sum x \sum y, \qquad b = S_{xy} / S_{xx}, \qquad
              \hat\sigma^2 = (S_{yy} - b S_{xy}) / (n - 2)

    Where the difference is less than 1/10,000 of a sum, x and y are taken less the first figure
    of their plant (x₀ is at most √n standard deviations from the mean, so that this loses at most
    a factor n + 1, whatever the mean is). Plants with a month missing, with R² above 0.9999, or
    with output that hardly changes are fitted again by projection.

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
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for start in range(0, size, step):
                part = slice(start, min(start + step, size))
                fine = _lines(y[part], x[part], None, found[:, part])
                (rows,) = np.nonzero(~fine)
                if rows.size:  # sums of the figures themselves lose too much
                    fine[rows], found[:, start + rows] = _less_first(y[part], x[part], rows)
                hard[part] = ~fine
    fitted = np.full(size, n)
    (again,) = np.nonzero(hard)
    if again.size:
        fit = fit_linear(y[again], x[again][..., None])
        found[:4, again] = *fit.coefficients.T, *fit.se.T
        found[4:, again] = fit.r2, fit.sigma
        fitted[again] = fit.n
    columns = [each.reshape(lead) if lead else each[0].item() for each in (*found, fitted)]
    return LineFit(*columns)


def _less_first(
    use: Floats, output: Floats, rows: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], Floats]:
    """Fit some plants of a block less their first figures; where they are fine, and the lines."""
    few = 2 * rows.size < use.shape[0]  # to pick most of them takes longer than to take all
    if few:
        use, output = use[rows], output[rows]
    first = use[:, 0], output[:, 0]
    found = np.empty((6, use.shape[0]))
    fine = _lines(use - first[0][:, None], output - first[1][:, None], first, found)
    return (fine, found) if few else (fine[rows], found[:, rows])


def _lines(
    use: Floats, output: Floats, first: tuple[Floats, Floats] | None, found: Floats
) -> NDArray[np.bool_]:
    """Write the lines of a block into `found`; return where they keep ten digits and more.

    `first` is what has been taken off use and output already.
    """
    n = use.shape[1]
    ones = np.ones(n)
    # Not a product with a matrix, which would be shared among threads.
    sum_x, sum_y = np.vecdot(output, ones), np.vecdot(use, ones)
    raw_xx, raw_yy = np.vecdot(output, output), np.vecdot(use, use)
    mean_x, mean_y = sum_x / n, sum_y / n
    xx = raw_xx - mean_x * sum_x
    xy = np.vecdot(output, use) - mean_x * sum_y
    yy = raw_yy - mean_y * sum_y
    slope = np.divide(xy, xx, out=found[1])
    explained = slope * xy
    left = yy - explained
    np.divide(explained, yy, out=found[4])
    if first is None:
        fine = (left > _PLAIN * raw_yy) & (xx > _PLAIN * raw_xx)
        fine &= xy * xy > _PLAIN * _PLAIN * (raw_xx * raw_yy)
    else:
        mean_y += first[0]
        mean_x += first[1]
        fine = (left > _PLAIN * yy) & (xx > _NARROW * n * mean_x * mean_x)
    np.subtract(mean_y, slope * mean_x, out=found[0])
    variance = left / (n - 2)
    of_slope = variance / xx
    np.sqrt(variance / n + mean_x * mean_x * of_slope, out=found[2])
    np.sqrt(of_slope, out=found[3])
    np.sqrt(variance, out=found[5])
    return np.asarray(fine & np.isfinite(found[2]))
