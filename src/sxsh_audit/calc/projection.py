"""Least squares by projection, many plants at a time.

Each column is projected off those before it, the base load first. With a base load of one per
month that is centring: what the mean is, however large against the spread, is gone before
anything is multiplied. Sums of products of raw columns lose everything there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["DEPENDENT", "Projection", "project"]

Mask = NDArray[np.bool_]

DEPENDENT = 64 * float(np.finfo(np.float64).eps)
"""Part of a column, against what it is made of, up to which the rest is rounding."""


class Projection(NamedTuple):
    """What least squares leaves of a block of plants."""

    coefficients: Floats
    """Shape (plants, columns). [unit of `use` per unit of the column]"""
    inverse: Floats
    """Inverse of the products of the columns, shape (plants, columns, columns)."""
    residuals: Floats
    """Use less what is fitted, shape (plants, rows). [unit of `use`]"""
    unexplained: Floats
    """Sum of the squared residuals, shape (plants,). [unit of `use`²]"""
    total: Floats
    """The same for the first column by itself, shape (plants,). [unit of `use`²]"""
    log_determinant: Floats
    """Natural logarithm of the determinant of the products of the columns, shape (plants,)."""
    independent: Mask
    """Whether no column is made of the others, shape (plants,)."""


def _exponents(values: Floats) -> NDArray[np.intc]:
    """Binary exponents of the largest magnitude of each row: scaling by them is exact."""
    largest = np.abs(values).max(axis=-1, initial=0.0)
    return np.frexp(np.where(np.isfinite(largest), largest, 0.0))[1]


def _solve_upper(upper: Floats, right: Floats) -> Floats:
    """Solve upper triangles (plants, p, p) for right sides (plants, p, m)."""
    found = right.copy()
    for i in range(upper.shape[1] - 1, -1, -1):
        if i + 1 < upper.shape[1]:
            found[:, i] -= np.matmul(upper[:, None, i, i + 1 :], found[:, i + 1 :])[:, 0]
        found[:, i] /= upper[:, i, i, None]
    return found


def project(columns: Floats, use: Floats) -> Projection:
    r"""Fit `use` by least squares on `columns`.

    Parameters
    ----------
    columns : array, shape (columns, plants, rows)
        Base load first, then the drivers; 0 in the rows that are left out. [any units]
    use : array, shape (plants, rows)
        What is fitted; 0 in the rows that are left out. [any unit]

    Returns
    -------
    Projection
        nan for plants of which a column is made of the others, or not finite.

    Notes
    -----
    Modified Gram-Schmidt with every projection done twice, which keeps the columns at right
    angles to rounding [1]_; columns scaled by powers of two. A column is made of the others if
    what is left of it is at most :data:`DEPENDENT` of the largest of its parts: below that it is
    the rounding of the figures themselves.

    References
    ----------
    .. [1] Å. Björck, "Numerical Methods for Least Squares Problems", SIAM 1996, § 2.4.

    Examples
    --------
    >>> import numpy as np
    >>> output = np.array([[1e9 + 1, 1e9 + 2, 1e9 + 3]])
    >>> project(np.stack([np.ones((1, 3)), output]), np.array([[5.0, 7.0, 9.0]])).coefficients
    array([[-2.e+09,  2.e+00]])
    """
    count, plants, _ = columns.shape
    powers = np.stack([_exponents(column) for column in columns], axis=-1)
    power = _exponents(use)
    upper = np.zeros((plants, count, count))
    right = np.zeros((plants, count))
    independent = np.ones(plants, bool)
    basis: list[Floats] = []
    sizes = np.zeros((plants, count))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for j in range(count):
            left = np.ldexp(columns[j], -powers[:, j, None])
            sizes[:, j] = np.sqrt(np.vecdot(left, left))
            for _ in range(2):
                for i, direction in enumerate(basis):
                    part = np.vecdot(direction, left)
                    left = left - part[:, None] * direction
                    upper[:, i, j] += part
            length = np.sqrt(np.vecdot(left, left))
            upper[:, j, j] = length
            reach = sizes[:, j]
            if j:
                made = _solve_upper(upper[:, :j, :j], upper[:, :j, j, None])[..., 0]
                reach = np.maximum(reach, np.max(np.abs(made) * sizes[:, :j], axis=-1))
            independent &= length > DEPENDENT * reach
            basis.append(left / length[:, None])
        left = np.ldexp(use, -power[:, None])
        size = np.vecdot(left, left)
        total = size
        for turn, i in enumerate([0, *range(count), *range(1, count)]):
            part = np.vecdot(basis[i], left)
            left = left - part[:, None] * basis[i]
            right[:, i] += part
            if turn == 1:
                # Use that is all base load: what is left is rounding, and no driver's.
                total = np.vecdot(left, left)
                flat = total <= DEPENDENT**2 * size
                left = np.where(flat[:, None], 0.0, left)
                total = np.where(flat, 0.0, total)
        known = np.where(independent, 1.0, np.nan)
        sides = np.concatenate(
            [right[..., None], np.broadcast_to(np.eye(count), (plants, count, count))], axis=-1
        )
        solved = _solve_upper(upper, sides)
        inverse = np.ldexp(solved[..., 1:], -powers[:, :, None])
        unexplained = np.vecdot(left, left)
        determinant = np.log(np.abs(np.diagonal(upper, axis1=1, axis2=2))) + powers * np.log(2.0)
        return Projection(
            np.ldexp(solved[..., 0], power[:, None] - powers) * known[:, None],
            np.matmul(inverse, inverse.swapaxes(1, 2)) * known[:, None, None],
            np.ldexp(left, power[:, None]) * known[:, None],
            np.ldexp(unexplained, 2 * power) * known,
            np.ldexp(total, 2 * power) * known,
            2.0 * determinant.sum(axis=-1) * known,
            independent,
        )
