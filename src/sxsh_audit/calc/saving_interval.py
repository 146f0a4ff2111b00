"""Intervals around a saving: symmetric, on the log scale, by Fieller, by ASHRAE Guideline 14."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.student_t import coverage_factor
from sxsh_audit.language.formatting import Language

__all__ = [
    "ASHRAE_KINDS",
    "BASELINE_LIMIT",
    "INTERVAL_METHODS",
    "AshraeUncertainty",
    "SavingInterval",
    "ashrae_uncertainty",
    "fieller_interval",
    "saving_interval",
]

#: Forms of :func:`saving_interval`.
INTERVAL_METHODS = ("delta", "log")

#: Relative standard deviation of the baseline above which the delta method is not trusted: a
#: percentage of something near zero has heavy tails. Our choice; beyond it, use Fieller's.
BASELINE_LIMIT = 0.2

#: Factor in front of the ASHRAE formula: 1.26 of the guideline, or the polynomials of Sun and
#: Baltazar for a fit on months or on days.
ASHRAE_KINDS = ("guideline_14", "sun_baltazar_monthly", "sun_baltazar_daily")

_GUIDELINE_FACTOR = 1.26
#: Coefficients of M², M and 1, M the months of the reporting period.
_POLYNOMIALS = {
    "sun_baltazar_monthly": (-0.00022, 0.03306, 0.94054),
    "sun_baltazar_daily": (-0.00024, 0.03535, 1.00286),
}
_DAYS_A_MONTH = 30.0


class SavingInterval(NamedTuple):
    """Interval around a saving. Floats and bools, or arrays of one shape."""

    low: Any
    """Low end as a fraction; −∞ where the interval is unbounded. [1]"""
    high: Any
    """High end as a fraction; ∞ where the interval is unbounded. [1]"""
    half_width: Any
    """(high − low) ÷ 2 as a fraction, ×100 in percentage points. [1]"""
    bounded: Any
    """False where the data do not bound the saving at this confidence (Fieller)."""
    delta_fails: Any
    """True where the baseline is so uncertain that the symmetric form must not be used."""


class AshraeUncertainty(NamedTuple):
    """Uncertainty by the formula of ASHRAE Guideline 14. Floats, or arrays of one shape."""

    sd: Any
    """Standard deviation of the saving as a fraction of the adjusted baseline. [1]"""
    half_width: Any
    """t × sd. [1]"""
    relative: Any
    """Half width as a fraction of the saving ("fractional savings uncertainty"); inf at 0. [1]"""
    dof: Any
    """Degrees of freedom of t: n′ − parameters. [count]"""


def _truth(values: Any) -> Any:
    found = np.asarray(values, dtype=bool)
    return bool(found) if found.ndim == 0 else found


def saving_interval(
    saving: ArrayLike,
    sd: ArrayLike,
    confidence: float = 0.9,
    dof: ArrayLike = np.inf,
    method: str = "delta",
    *,
    baseline_sd: ArrayLike = 0.0,
    language: Language = "vi",
) -> SavingInterval:
    r"""Interval around a saving from its standard deviation.

    Parameters
    ----------
    saving : float or array
        The saving as a fraction. [1]
    sd : float or array
        Its standard deviation as a fraction. [1]
    confidence : float
        Probability that the interval covers. [1]
    dof : float or array
        Degrees of freedom behind `sd`; ``inf`` for the normal law. [count]
    method : {"delta", "log"}
        Symmetric in the saving, or symmetric in log(1 − s).
    baseline_sd : float or array
        Relative standard deviation of the baseline, for the flag ``delta_fails``. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    SavingInterval
        ``low``, ``high``, ``half_width``, ``bounded`` and ``delta_fails``.

    Raises
    ------
    RangeError
        If a standard deviation is negative, or the confidence not between 0 and 1.
    ValueError
        If the method is none of :data:`INTERVAL_METHODS`.

    Notes
    -----
    .. math:: s \pm t \sigma \quad \text{or} \quad
              1 - (1 - s) \exp\Bigl(\pm \frac{t \sigma}{1 - s}\Bigr)

    The second is the first-order interval of the log of the ratio c ÷ b: with the periods
    swapped its ends obey (1 − s)(1 − s′) = 1, and it never passes 1. Both are first-order
    forms; where the baseline itself is uncertain by more than :data:`BASELINE_LIMIT` neither
    covers what it says: use :func:`fieller_interval`.

    Examples
    --------
    >>> found = saving_interval(0.061, 0.0146)
    >>> round(found.low, 3), round(found.high, 3), found.delta_fails
    (0.037, 0.085, False)
    """
    if method not in INTERVAL_METHODS:
        raise ValueError(f"method {method!r} not among {list(INTERVAL_METHODS)}")
    spread, doubt = floats(sd), floats(baseline_sd)
    refuse_negative(spread, "sd", language)
    refuse_negative(doubt, "sd", language)
    factor = coverage_factor(confidence, dof, language=language)
    middle, half, doubt = np.broadcast_arrays(floats(saving), factor * spread, doubt)
    if method == "delta":
        low, high = middle - half, middle + half
    else:
        left = 1.0 - middle
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            apart = half / left
            low, high = 1.0 - left * np.exp(apart), 1.0 - left * np.exp(-apart)
    return SavingInterval(
        plain(low), plain(high), plain((high - low) / 2),
        _truth(np.isfinite(low) & np.isfinite(high)), _truth(doubt > BASELINE_LIMIT),
    )  # fmt: skip


def fieller_interval(
    baseline: ArrayLike,
    reporting: ArrayLike,
    baseline_sd: ArrayLike,
    reporting_sd: ArrayLike,
    covariance: ArrayLike = 0.0,
    confidence: float = 0.9,
    dof: ArrayLike = np.inf,
    *,
    language: Language = "vi",
) -> SavingInterval:
    r"""Interval around s = 1 − c ÷ b by Fieller's theorem.

    Parameters
    ----------
    baseline : float or array
        What is compared with: the specific consumption before, or the adjusted baseline use.
        [one unit, e.g. kWh/t or kWh]
    reporting : float or array
        The specific consumption after, or the actual use. [same unit]
    baseline_sd, reporting_sd : float or array
        Their standard deviations. [same unit]
    covariance : float or array
        Their covariance, such as u² b c of a common relative error. [same unit squared]
    confidence : float
        Probability that the interval covers. [1]
    dof : float or array
        Degrees of freedom behind the standard deviations. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    SavingInterval
        −∞ … ∞ with ``bounded`` False where the baseline cannot be told from 0 at this
        confidence: the data then say nothing that is an interval. ``nan`` where the baseline
        is 0 or below, or anything is missing.

    Raises
    ------
    RangeError
        If the reporting amount or a standard deviation is negative, or the confidence is not
        between 0 and 1.

    Notes
    -----
    The ends are 1 − θ for the two roots of

    .. math:: (b^2 - t^2 v_b)\,\theta^2 - 2 (bc - t^2 v_{bc})\,\theta + (c^2 - t^2 v_c) = 0

    and the interval is bounded while :math:`b^2 > t^2 v_b`. No approximation for normal b and c,
    however uncertain the baseline.

    References
    ----------
    .. [1] Fieller, "Some problems in interval estimation", Journal of the Royal Statistical
       Society B 16 (1954) 175–185.

    Examples
    --------
    >>> found = fieller_interval(100.0, 94.0, 2.0, 2.0)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0138, 0.1042)
    >>> fieller_interval(100.0, 94.0, 70.0, 2.0).bounded
    False
    """
    before, after = floats(baseline), floats(reporting)
    refuse_negative(after, "reporting_amount", language)
    sd_0, sd_1 = floats(baseline_sd), floats(reporting_sd)
    refuse_negative(sd_0, "sd", language)
    refuse_negative(sd_1, "sd", language)
    factor = coverage_factor(confidence, dof, language=language)
    before = np.where(before > 0, before, np.nan)
    # In units of the baseline: no overflow, and the same figures whatever the unit.
    square = floats(factor) ** 2
    theta = after / before
    v_0, v_1 = (sd_0 / before) ** 2, (sd_1 / before) ** 2
    shared = floats(covariance) / before / before
    lead, middle, last = 1.0 - square * v_0, theta - square * shared, theta**2 - square * v_1
    lead, middle, last = np.broadcast_arrays(lead, middle, last)
    # middle² − lead · last with 1 and θ² taken out: small errors would drown beside them.
    inside = v_1 - 2.0 * theta * shared + theta**2 * v_0 - square * (v_0 * v_1 - shared**2)
    root = np.sqrt(np.maximum(square * inside, 0.0))
    # The root without cancellation first, the other from their product.
    up = middle >= 0
    far: Floats = middle + np.where(up, root, -root)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = far / lead
        other = np.where(far == 0, 0.0, last / far)
    bounded = lead > 0
    low = 1.0 - np.where(up, one, other)
    high = 1.0 - np.where(up, other, one)
    known = ~np.isnan(lead + middle + last)
    low = np.where(known, np.where(bounded, low, -np.inf), np.nan)
    high = np.where(known, np.where(bounded, high, np.inf), np.nan)
    with np.errstate(invalid="ignore"):
        half = (high - low) / 2
    fails = np.broadcast_to(np.sqrt(v_0) > BASELINE_LIMIT, low.shape)
    return SavingInterval(
        plain(low), plain(high), plain(half), _truth(bounded & known), _truth(fails)
    )


def ashrae_uncertainty(
    cv_rmse: ArrayLike,
    n: ArrayLike,
    m: ArrayLike,
    saving: ArrayLike,
    *,
    rho: ArrayLike = 0.0,
    kind: str = "guideline_14",
    parameters: ArrayLike = 2.0,
    confidence: float = 0.9,
    language: Language = "vi",
) -> AshraeUncertainty:
    r"""Uncertainty of a saving from a regression, by the formula of ASHRAE Guideline 14.

    Parameters
    ----------
    cv_rmse : float or array
        Root mean square error of the baseline fit (n − parameters below the line) ÷ mean use.
        [1]
    n : float or array
        Points in the baseline fit. [count]
    m : float or array
        Points in the reporting period, in the same steps. [count]
    saving : float or array
        The saving as a fraction, for ``relative``. [1]
    rho : float or array
        Lag-1 autocorrelation of the residuals. Below 0 counts as 0: it would narrow. [1]
    kind : {"guideline_14", "sun_baltazar_monthly", "sun_baltazar_daily"}
        The factor in front.
    parameters : float or array
        Coefficients of the fit. [count]
    confidence : float
        Probability that the interval covers. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    AshraeUncertainty
        ``sd``, ``half_width``, ``relative`` and ``dof``; ``nan`` with less than one degree of
        freedom left.

    Raises
    ------
    RangeError
        If the CV(RMSE) is negative, or the confidence not between 0 and 1.
    ValueError
        If the kind is none of :data:`ASHRAE_KINDS`.

    Notes
    -----
    .. math:: \frac{\Delta E}{E} = \frac{t}{F} \, k \cdot CV \sqrt{\frac{n}{n'}
              \Bigl(1 + \frac{2}{n'}\Bigr) \frac{1}{m}}, \qquad
              n' = n \, \frac{1 - \rho}{1 + \rho}

    F is the saving; half width = F times this. k = 1.26, or :math:`a M^2 + b M + c` with M
    months of reporting (30 days a month for days). An approximation that knows neither where
    the reporting output lies nor how the fit sits there: it is an alternative, not the reference.

    References
    ----------
    .. [1] ASHRAE Guideline 14-2014, "Measurement of energy, demand, and water savings", 4.2.11
       and annex B.
    .. [2] Sun, Baltazar, "Analysis and improvement on the estimation of building energy savings
       uncertainty", ASHRAE Transactions 119 (2013); coefficients as in openeemeter/eemeter,
       ``eemeter/derivatives.py``.

    Examples
    --------
    >>> found = ashrae_uncertainty(0.05, 12, 12, 0.1)
    >>> round(found.half_width, 4), round(found.relative, 3), found.dof
    (0.0356, 0.356, 10.0)
    """
    if kind not in ASHRAE_KINDS:
        raise ValueError(f"kind {kind!r} not among {list(ASHRAE_KINDS)}")
    scatter, points, steps, saved, repeat, terms = np.broadcast_arrays(
        *(floats(one) for one in (cv_rmse, n, m, saving, rho, parameters))
    )
    refuse_negative(scatter, "sd", language)
    repeat = np.where(np.isnan(repeat), np.nan, np.maximum(repeat, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = points * (1.0 - repeat) / (1.0 + repeat)
        dof = apart - terms
        # t of a fraction of one degree of freedom is a number without end that says nothing.
        dof = np.where(dof >= 1.0, dof, np.nan)
        if kind == "guideline_14":
            front: Any = _GUIDELINE_FACTOR
        else:
            months = steps if kind == "sun_baltazar_monthly" else steps / _DAYS_A_MONTH
            front = np.polyval(_POLYNOMIALS[kind], months)
        sd = front * scatter * np.sqrt(points / apart * (1.0 + 2.0 / apart) / steps)
        half = floats(coverage_factor(confidence, dof, language=language)) * sd
        sd = np.where(np.isnan(half), np.nan, sd)
        relative = np.where(saved == 0, np.where(np.isnan(half), np.nan, np.inf),
                            half / np.abs(saved))  # fmt: skip
    return AshraeUncertainty(plain(sd), plain(half), plain(relative), plain(dof))
