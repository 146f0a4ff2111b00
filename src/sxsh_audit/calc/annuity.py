"""Present value of one unit a year over a lifetime, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["annuity", "check_rates"]


def check_rates(rate: Floats, growth: Floats, language: Language) -> None:
    """Refuse a discount rate or a growth that is not above −1.

    Parameters
    ----------
    rate : array
        Discount rate. [1/year]
    growth : array
        Yearly change of an amount. [1/year]
    language : {"vi", "en"}
        Language of the refusal.
    """
    refuse("option_risk.rate", rate <= -1, rate, language)
    refuse("option_risk.growth", growth <= -1, growth, language)


def annuity(rate: ArrayLike, years: ArrayLike, growth: ArrayLike = 0.0) -> Any:
    r"""Present value of 1 a year for `years` years, the first at the end of year 1.

    Parameters
    ----------
    rate : float or array
        Discount rate, above −1. [1/year]
    years : float or array
        Lifetime, whole or not; below 0 counts as 0. [year]
    growth : float or array
        Yearly change of the amount, above −1. [1/year]

    Returns
    -------
    float or array
        [year]

    Notes
    -----
    .. math:: A = \frac{1 - ((1+g)/(1+r))^n}{r - g}, \qquad A = \frac{n}{1+r}
       \text{ at } r = g

    Examples
    --------
    >>> round(annuity(0.1, 10), 6)
    6.144567
    """
    r, n, g = floats(rate), np.maximum(floats(years), 0.0), floats(growth)
    gap = r - g
    # A difference of two logarithms would lose all digits near r = g.
    grown: Floats = np.expm1(n * np.log1p(-gap / (1.0 + r)))
    level = np.abs(gap) < 1e-150  # below that the numerator underflows
    if level.any():
        return plain(np.where(level, n / (1.0 + r), grown / np.where(level, 1.0, -gap)))
    return plain(grown / -gap)
