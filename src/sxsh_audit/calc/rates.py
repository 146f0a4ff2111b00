"""Rates that money is discounted at (lãi suất chiết khấu), real and nominal.

A rate belongs to flows of its own kind: nominal rates to flows that grow with prices, real rates
to flows in the money of one year.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["nominal_rate", "real_rate"]


def check_rate(values: ArrayLike, language: Language) -> Floats:
    """Return rates as floats; :class:`RangeError` where one is −100 % or below.

    Parameters
    ----------
    values : float or array
        Discount rates or rates of inflation. [1/year]
    language : {"vi", "en"}
        Language of a refusal.
    """
    rates = floats(values)
    refuse("finance.rate", rates <= -1, rates, language)
    return rates


def check_growth(values: ArrayLike, language: Language) -> Floats:
    """Return yearly changes as floats; :class:`RangeError` where one is below −100 %.

    Parameters
    ----------
    values : float or array
        Changes from year to year. [1/year]
    language : {"vi", "en"}
        Language of a refusal.
    """
    changes = floats(values)
    refuse("finance.growth", changes < -1, changes, language)
    return changes


def real_rate(nominal: ArrayLike, inflation: ArrayLike, *, language: Language = "vi") -> Any:
    """Rate in money of one year (lãi suất thực) from a nominal rate.

    Parameters
    ----------
    nominal : float or array
        Nominal rate per year, above −1. [1/year]
    inflation : float or array
        Rise of prices per year, above −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (1 + nominal) ÷ (1 + inflation) − 1. [1/year]

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Notes
    -----
    Fisher's equation. Savings at today's prices are real flows: with a nominal rate they would
    be discounted for inflation and never rise with it.

    Examples
    --------
    >>> round(real_rate(0.12, 0.04), 6)
    0.076923
    """
    rates, rise = check_rate(nominal, language), check_rate(inflation, language)
    return plain((rates - rise) / (1.0 + rise))


def nominal_rate(real: ArrayLike, inflation: ArrayLike, *, language: Language = "vi") -> Any:
    """Nominal rate (lãi suất danh nghĩa) from a real one.

    Parameters
    ----------
    real : float or array
        Real rate per year, above −1. [1/year]
    inflation : float or array
        Rise of prices per year, above −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (1 + real) × (1 + inflation) − 1. [1/year]

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Examples
    --------
    >>> round(nominal_rate(0.08, 0.04), 6)
    0.1232
    """
    rates, rise = check_rate(real, language), check_rate(inflation, language)
    return plain(rates + rise + rates * rise)
