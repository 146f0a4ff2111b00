"""The logarithmic mean of two numbers, and the logarithm of their ratio, with all their digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, plain

__all__ = ["log_ratio", "logarithmic_mean"]

#: Below this ratio of two numbers their logarithms are subtracted. Nearer together, the inverse
#: hyperbolic tangent keeps the digits that such a subtraction would lose.
_NEAR = 2.0


def log_ratio(over: ArrayLike, under: ArrayLike) -> Floats:
    r"""Work out the logarithm of a ratio of two numbers ≥ 0.

    Parameters
    ----------
    over, under : float or array
        Numbers of one unit, broadcast against each other. [one unit]

    Returns
    -------
    array
        ln(over ÷ under) [1]: −∞ and ∞ where one of them is 0, ``nan`` where both are.

    Notes
    -----
    Turned in sign to the last bit when the two change places, as ln(a ÷ b) computed from the
    quotient is not. For numbers that are near each other

    .. math:: \ln \frac{a}{b} = 2 \, \mathrm{artanh} \frac{a - b}{a + b}

    Examples
    --------
    >>> float(log_ratio(1.0 + 1e-12, 1.0)) == -float(log_ratio(1.0, 1.0 + 1e-12))
    True
    """
    top, bottom = np.broadcast_arrays(floats(over), floats(under))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        far: Floats = np.log(top) - np.log(bottom)
        high, low = np.maximum(top, bottom), np.minimum(top, bottom)
        near = (low > 0) & (high < _NEAR * low) & np.isfinite(top + bottom)
        middle = np.where(near, (top - bottom) / (top + bottom), 0.0)
        return np.where(near, 2.0 * np.arctanh(middle), far)


def logarithmic_mean(one: ArrayLike, other: ArrayLike) -> Any:
    r"""Work out the logarithmic mean of two numbers ≥ 0.

    Parameters
    ----------
    one, other : float or array
        Numbers of one unit, broadcast against each other. [one unit]

    Returns
    -------
    float or array
        Between the geometric and the arithmetic mean; 0 where one of them is 0. [same unit]

    Notes
    -----
    .. math:: L(a, b) = \frac{a - b}{\ln a - \ln b}, \quad L(a, a) = a, \quad L(a, 0) = 0

    References
    ----------
    .. [1] Carlson, "The logarithmic mean", American Mathematical Monthly 79 (1972) 615–618.

    Examples
    --------
    >>> round(logarithmic_mean(4.0, 1.0), 6), logarithmic_mean(3.0, 3.0), logarithmic_mean(2.0, 0.0)
    (2.164043, 3.0, 0.0)
    """
    a, b = np.broadcast_arrays(floats(one), floats(other))
    ratio = log_ratio(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(ratio == 0, a, (a - b) / ratio)
    return plain(np.where((a == 0) | (b == 0), 0.0 * (a + b), mean))
