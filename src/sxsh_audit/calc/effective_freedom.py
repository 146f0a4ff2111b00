"""Degrees of freedom of months that resemble their neighbours, and of errors put together."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import floats, plain, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = ["JoinedSpread", "effective_dof", "join_systematic"]


class JoinedSpread(NamedTuple):
    """Standard deviation of scatter and systematic errors together. Floats, or arrays."""

    sd: Any
    """√(scatter² + systematic²). [1]"""
    dof: Any
    """Degrees of freedom of the whole; the systematic part counts as known. [count]"""


def effective_dof(n: ArrayLike, rho: ArrayLike = 0.0, parameters: ArrayLike = 2.0) -> Any:
    r"""Degrees of freedom of a fit to rows that resemble the row before.

    Parameters
    ----------
    n : float or array
        Rows fitted. [count]
    rho : float or array
        Lag-1 autocorrelation, above −1 and below 1; below 0 counts as 0. [1]
    parameters : float or array
        Coefficients of the fit. [count]

    Returns
    -------
    float or array
        At least 1 while n is above `parameters`, else ``nan``. [count]

    Notes
    -----
    .. math:: \nu = \max\Bigl(n \, \frac{1 - \rho}{1 + \rho} - p,\ 1\Bigr)

    The number of independent rows that know a mean as well. With it the t of an autoregressive
    fit widens as the autocorrelation eats the rows; the floor of 1 is our choice.

    References
    ----------
    .. [1] ASHRAE Guideline 14-2014, annex B; Reddy, Claridge, "Uncertainty of 'measured' energy
       savings from statistical baseline models", HVAC&R Research 6 (2000) 3–20.

    Examples
    --------
    >>> effective_dof(12), effective_dof(24, 0.5), effective_dof(12, 0.8), effective_dof(2)
    (10.0, 6.0, 1.0, nan)
    """
    rows, repeat, terms = np.broadcast_arrays(floats(n), floats(rho), floats(parameters))
    held = np.where(np.isnan(repeat), np.nan, np.maximum(repeat, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = rows * (1.0 - held) / (1.0 + held) - terms
    return plain(np.where(rows > terms, np.maximum(found, 1.0), np.nan) + 0.0 * held)


def join_systematic(
    sd: ArrayLike, dof: ArrayLike, systematic: ArrayLike, *, language: Language = "vi"
) -> JoinedSpread:
    r"""Add to the scatter of months what all months of a period share and so do not show.

    Parameters
    ----------
    sd : float or array
        Standard deviation of a saving from the scatter of months or from a fit. [1]
    dof : float or array
        Its degrees of freedom. [count]
    systematic : float or array
        Standard deviation of the saving from period and unequal common errors: the random part
        is left out, since the scatter holds it already. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    JoinedSpread
        ``sd`` and ``dof``.

    Raises
    ------
    RangeError
        If a standard deviation is negative.

    Notes
    -----
    .. math:: \sigma = \sqrt{\sigma_1^2 + \sigma_2^2}, \qquad
              \nu = \nu_1 \, \sigma^4 / \sigma_1^4

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), annex G.4 (Welch–Satterthwaite, the second with ν = ∞).

    Examples
    --------
    >>> join_systematic(0.03, 10.0, 0.0), round(join_systematic(0.03, 9.0, 0.04).dof, 2)
    (JoinedSpread(sd=0.03, dof=10.0), 69.44)
    """
    own, shared = floats(sd), floats(systematic)
    refuse_negative(own, "sd", language)
    refuse_negative(shared, "sd", language)
    whole = np.hypot(own, shared)
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = np.where(shared == 0, 1.0, whole / own)
        return JoinedSpread(plain(whole), plain(floats(dof) * grown**4))
