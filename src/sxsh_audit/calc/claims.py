"""What options claim to have saved against what the meter shows.

Two estimates of one saving, each with its own error. The realisation rate says how much of the
claim is seen at the meter; the residual with its interval says whether the two contradict each
other at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, plain, refuse, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = ["ClaimAgreement", "ClaimReconciliation", "reconcile_claims"]


class ClaimAgreement(StrEnum):
    """Whether 0 lies in the interval of the residual; the position is the code."""

    AGREES = "agrees"
    SHORT = "short"
    BEYOND = "beyond"
    UNKNOWN = "unknown"


_AGREES, _SHORT, _BEYOND, _UNKNOWN = np.arange(4, dtype=np.int8)


class ClaimReconciliation(NamedTuple):
    """Claimed against measured: of each row, and of the rows together."""

    residual: Any
    """Measured − claimed of each row, shape (…, rows); below 0 where the meter shows less.
    [unit]"""
    residual_low: Any
    """Low end of its interval, shape (…, rows); ``nan`` where a standard deviation is missing.
    [unit]"""
    residual_high: Any
    """High end of its interval, shape (…, rows). [unit]"""
    agreement: Any
    """:class:`ClaimAgreement` of each row: ``agrees`` (0 lies in the interval), ``short`` (the
    meter shows less than was claimed), ``beyond`` (it shows more), ``unknown``."""
    claimed: Any
    """Σ claimed, shape (…). [unit]"""
    measured: Any
    """Σ measured, shape (…). [unit]"""
    realisation_rate: Any
    """Σ measured ÷ Σ claimed, shape (…); ``nan`` where nothing, or on balance a loss, was
    claimed. [1]"""
    rate_low: Any
    """Low end of the interval of the rate, shape (…); −inf where the claims are too unsure for
    an interval with ends. [1]"""
    rate_high: Any
    """High end of the interval of the rate, shape (…). [1]"""
    total_residual: Any
    """Σ measured − Σ claimed, shape (…). [unit]"""
    total_low: Any
    """Low end of its interval, shape (…). [unit]"""
    total_high: Any
    """High end of its interval, shape (…). [unit]"""
    total_agreement: Any
    """:class:`ClaimAgreement` of the rows together."""


def _agreement(low: Floats, high: Floats) -> Any:
    codes = np.full(low.shape, _AGREES)
    codes[high < 0] = _SHORT
    codes[low > 0] = _BEYOND
    codes[np.isnan(low) | np.isnan(high)] = _UNKNOWN
    return Coded(codes, ClaimAgreement)[()]


def _variance(sd: Floats, correlation: Floats) -> Floats:
    """Return the variance of a sum of errors of which every two are so correlated."""
    apart, alike = (sd * sd).sum(axis=-1), sd.sum(axis=-1) ** 2
    found: Floats = (1.0 - correlation) * apart + correlation * alike
    return found


def _rate_interval(
    above: Floats, below: Floats, var_above: Floats, var_below: Floats, t: Floats
) -> tuple[Floats, Floats]:
    """Return Fieller's interval of above ÷ below, whose errors are independent."""
    a = below * below - t * t * var_below
    b = above * below
    c = above * above - t * t * var_above
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        low, high = (b - root) / a, (b + root) / a
    known = ~np.isnan(a + b + c)
    # below can be 0: the set has no ends, or is all but a gap
    low = np.where(known & (a <= 0), -np.inf, low)
    high = np.where(known & (a <= 0), np.inf, high)
    bad = ~known | ~(below > 0)
    return np.where(bad, np.nan, low), np.where(bad, np.nan, high)


def reconcile_claims(
    claimed: ArrayLike,
    measured: ArrayLike,
    claimed_sd: ArrayLike,
    measured_sd: ArrayLike,
    confidence: float = 0.9,
    *,
    dof: ArrayLike = np.inf,
    correlation: ArrayLike = 0.0,
    language: Language = "vi",
) -> ClaimReconciliation:
    r"""Reconcile what implemented options claim with what was measured.

    Parameters
    ----------
    claimed : float or array, shape (…, rows)
        Saving claimed in the reporting period, prorated by the days in service and the output,
        and combined where options share an end use; one row per meter, end use or plant. Below 0
        where an option takes more. [one unit, e.g. kWh]
    measured : float or array, shape (…, rows)
        Saving measured in the same period against the adjusted baseline. [same unit]
    claimed_sd, measured_sd : float or array, shape (…, rows)
        Standard deviations of the two; ``nan`` where none is known. [same unit]
    confidence : float
        Coverage of the intervals, such as 0.9. [1]
    dof : float or array, shape (…)
        Degrees of freedom behind `measured_sd`; infinite for the normal distribution. [1]
    correlation : float or array, shape (…)
        Correlation between the errors of every two measured rows, 0 to 1: rows measured against
        one output share its error. Claims are taken as independent. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ClaimReconciliation
        A row that is not known leaves its residual and the sums ``nan``: a sum of some rows would
        pass for all. A single row has the shape (…): both parts then say the same.

    Raises
    ------
    RangeError
        If a standard deviation is negative.
    ValueError
        If `confidence` is not between 0 and 1, or `correlation` is outside 0 to 1.

    Notes
    -----
    .. math:: r_i = m_i - c_i \pm t \sqrt{\sigma_{m,i}^2 + \sigma_{c,i}^2}, \qquad
       R = \frac{\sum_i m_i}{\sum_i c_i}

    The interval of the rate is Fieller's: every R for which 0 lies within
    :math:`\sum m - R \sum c \pm t \sqrt{\sigma_m^2 + R^2 \sigma_c^2}`. So the rate of the rows
    together has 1 in its interval just where their residual has 0 in its own. Where the sum of
    the claims is itself not told from 0, it has no ends.

    That 0 lies in an interval does not prove a claim: a wide interval holds everything. And a
    residual beside 0 is not by itself the fault of the options: what else changed in the plant is
    in it.

    References
    ----------
    .. [1] Fieller, "Some problems in interval estimation", Journal of the Royal Statistical
       Society B 16 (1954) 175–185.
    .. [2] EVO, International Performance Measurement and Verification Protocol (IPMVP), Core
       Concepts 2022: option C against options A and B.

    Examples
    --------
    >>> found = reconcile_claims([100.0, 50.0], [80.0, 10.0], [10.0, 5.0], [20.0, 10.0])
    >>> found.realisation_rate, found.residual, found.agreement
    (0.6, array([-20., -40.]), Coded(['agrees', 'short']))
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    shared = floats(correlation)
    if not ((shared >= 0) & (shared <= 1)).all():
        raise ValueError(f"correlation must lie between 0 and 1, not {correlation!r}")
    free = floats(dof)
    refuse("calc.dof", ~(free > 0), free, language)
    columns = np.broadcast_arrays(
        floats(claimed), floats(measured), floats(claimed_sd), floats(measured_sd)
    )
    one_row = columns[0].ndim == 0
    said, seen, said_sd, seen_sd = (np.atleast_1d(column) for column in columns)
    refuse_negative(said_sd, "sd", language)
    refuse_negative(seen_sd, "sd", language)

    tail = 0.5 + confidence / 2
    # stdtrit has no answer for infinity
    t = np.where(np.isinf(free), ndtri(tail), stdtrit(np.where(np.isinf(free), 1.0, free), tail))
    residual = seen - said
    half = t[..., None] * np.hypot(said_sd, seen_sd)
    low, high = residual - half, residual + half
    all_said, all_seen = said.sum(axis=-1), seen.sum(axis=-1)
    var_said, var_seen = _variance(said_sd, floats(0.0)), _variance(seen_sd, shared)
    total = residual.sum(axis=-1)
    all_half = t * np.sqrt(var_said + var_seen)
    total_low, total_high = total - all_half, total + all_half
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = np.where(all_said > 0, all_seen / all_said, np.nan)
    rate_low, rate_high = _rate_interval(all_seen, all_said, var_seen, var_said, t)
    if one_row:
        residual, low, high = residual[..., 0], low[..., 0], high[..., 0]
    return ClaimReconciliation(
        plain(residual), plain(low), plain(high), _agreement(low, high),
        plain(all_said), plain(all_seen), plain(rate), plain(rate_low), plain(rate_high),
        plain(total), plain(total_low), plain(total_high), _agreement(total_low, total_high),
    )  # fmt: skip
