"""Quantiles and probabilities of Student's t, which is the normal law for infinite freedom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["coverage_factor", "t_probability", "t_quantile"]


def t_quantile(probability: ArrayLike, dof: ArrayLike = np.inf) -> Any:
    """Value that Student's t stays below with a probability.

    Parameters
    ----------
    probability : float or array
        Between 0 and 1. [1]
    dof : float or array
        Degrees of freedom, fractions allowed; ``inf`` for the normal law. [count]

    Returns
    -------
    float or array
        The quantile [standard deviations]; ``nan`` where there is no freedom left.

    Examples
    --------
    >>> round(t_quantile(0.95), 4), round(t_quantile(0.95, 10.0), 4), t_quantile(0.95, 0.0)
    (1.6449, 1.8125, nan)
    """
    wanted, freedom = np.broadcast_arrays(floats(probability), floats(dof))
    found: Floats = np.array(ndtri(wanted))
    few = np.isfinite(freedom) & (freedom > 0)
    found[few] = stdtrit(freedom[few], wanted[few])
    found[~(freedom > 0)] = np.nan
    return plain(found)


def t_probability(value: ArrayLike, dof: ArrayLike = np.inf) -> Any:
    """Probability that Student's t stays below a value.

    Parameters
    ----------
    value : float or array
        Distance from the middle. [standard deviations]
    dof : float or array
        Degrees of freedom; ``inf`` for the normal law. [count]

    Returns
    -------
    float or array
        The probability [1]; ``nan`` where there is no freedom left.

    Examples
    --------
    >>> round(t_probability(1.6449), 4), round(t_probability(1.8125, 10.0), 4)
    (0.95, 0.95)
    """
    where, freedom = np.broadcast_arrays(floats(value), floats(dof))
    found: Floats = np.array(ndtr(where))
    few = np.isfinite(freedom) & (freedom > 0)
    found[few] = stdtr(freedom[few], where[few])
    found[~(freedom > 0)] = np.nan
    return plain(found)


def coverage_factor(
    confidence: float, dof: ArrayLike = np.inf, *, language: Language = "vi"
) -> Any:
    """Half width of a two-sided interval in standard deviations.

    Parameters
    ----------
    confidence : float
        Probability that the interval covers, above 0 and below 1. [1]
    dof : float or array
        Degrees of freedom; ``inf`` for the normal law. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        The factor k of "± k standard deviations". [1]

    Raises
    ------
    RangeError
        If the confidence is not between 0 and 1: 90 % is 0.9.

    Examples
    --------
    >>> round(coverage_factor(0.9), 3), round(coverage_factor(0.95, 10.0), 3)
    (1.645, 2.228)
    """
    refuse_confidence(confidence, language)
    return t_quantile((1.0 + confidence) / 2.0, dof)


def refuse_confidence(confidence: float, language: Language) -> None:
    """Refuse a confidence or a power that is no probability between 0 and 1."""
    value = floats(confidence)
    refuse("uncertainty.confidence", ~((value > 0) & (value < 1)), value, language)
