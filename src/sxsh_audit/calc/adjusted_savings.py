"""Savings against an adjusted baseline: forecast, backcast, standard conditions.

Each variant compares two sums that stand for the same output and conditions: what the plant
would have used before SXSH, and what it uses after. One of them is metered, the other worked
out by a model; at standard conditions both are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.baseline import Baseline, fit_period
from sxsh_audit.calc.domain import Floats, floats, plain
from sxsh_audit.calc.periods import OUTPUT, BaselinePeriod, Period, ReportingPeriod
from sxsh_audit.language.formatting import Language

__all__ = [
    "VARIANTS",
    "AdjustedSaving",
    "adjusted_saving",
    "adjusted_savings",
    "earlier_and_later",
]

VARIANTS = ("forecast", "backcast", "standard")
"""Conditions of the comparison: those of the reporting period, of the baseline, or stated ones."""


class AdjustedSaving(NamedTuple):
    """A saving with what it rests on; floats, or arrays that broadcast."""

    before: Any
    """Use before SXSH at the compared output and conditions. [unit of use]"""
    after: Any
    """Use after, at the same. [unit of use]"""
    absolute: Any
    """before − after; negative where it got worse. [unit of use]"""
    saving: Any
    """absolute ÷ before [1]; nan where `before` is not above 0."""
    sd: Any
    """Standard uncertainty of the saving. [1]"""
    dof: Any
    """Effective degrees of freedom; infinite where no scatter was estimated."""
    before_part: Any
    """Part of the variance that comes from `before`. [1]"""
    after_part: Any
    """Part of the variance that comes from `after`. [1]"""
    error_part: Any
    """Part of the variance that comes from the errors of the figures. [1]"""


def adjusted_saving(
    before: ArrayLike,
    after: ArrayLike,
    *,
    before_variance: ArrayLike = 0.0,
    after_variance: ArrayLike = 0.0,
    error_variance: ArrayLike = 0.0,
    before_dof: ArrayLike = np.inf,
    after_dof: ArrayLike = np.inf,
    one_scatter: bool = False,
) -> AdjustedSaving:
    r"""Compare what would have been used with what was, at one output and one set of conditions.

    Parameters
    ----------
    before : float or array
        Use before SXSH at the compared conditions: the forecast of the baseline model, plus the
        non-routine adjustments (forecast); the metered use of the baseline (backcast). [any unit]
    after : float or array
        Use after at the same conditions. [same unit]
    before_variance, after_variance : float or array
        Variance of either sum by the scatter of the months: of the coefficients for a sum that is
        worked out, of the residuals for one that is metered. [unit²]
    error_variance : float or array
        Relative variance of after ÷ before by the errors of the figures that do not show as
        scatter and do not cancel. [1]
    before_dof, after_dof : float or array
        Degrees of freedom of either variance. [1]
    one_scatter : bool
        Whether both variances come from the scatter of one fit, so that they are off together.

    Returns
    -------
    AdjustedSaving

    Raises
    ------
    TypeError
        If there is text among the numbers.

    Notes
    -----
    .. math:: s = 1 - A/B, \qquad
       \operatorname{Var} s = \frac{V_A}{B^2} + \frac{A^2}{B^4} V_B + \Bigl(\frac{A}{B}\Bigr)^2 u^2

    to the first order (delta method). Degrees of freedom by Welch and Satterthwaite. A forecast
    below 0 is no use that a plant can have: the saving is then not known, and nothing is clipped.

    References
    ----------
    .. [1] JCGM 100:2008, Guide to the expression of uncertainty in measurement, 5.1.2 and G.4.1.

    Examples
    --------
    >>> found = adjusted_saving(1000.0, 940.0, before_variance=100.0, after_variance=300.0)
    >>> round(found.saving, 4), round(found.sd, 4)
    (0.06, 0.0197)
    """
    b, a = floats(before), floats(after)
    usable = np.where(b > 0, b, np.nan)
    absolute = b - a
    ratio = a / usable
    parts = (
        ratio**2 * floats(before_variance) / usable**2,
        floats(after_variance) / usable**2,
        ratio**2 * floats(error_variance),
    )
    total: Floats = parts[0] + parts[1] + parts[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        spent = parts[0] ** 2 / floats(before_dof) + parts[1] ** 2 / floats(after_dof)
        if one_scatter:
            spent = (parts[0] + parts[1]) ** 2 / floats(before_dof)
        dof = np.where(spent > 0, total**2 / spent, np.where(np.isnan(total), np.nan, np.inf))
    return AdjustedSaving(
        plain(b), plain(a), plain(absolute), plain(absolute / usable), plain(np.sqrt(total)),
        plain(dof), *(plain(part + 0.0 * total) for part in parts),
    )  # fmt: skip


def earlier_and_later(saving: ArrayLike, earlier: ArrayLike) -> Any:
    r"""Join a saving against a baseline that was established anew with the one before it.

    Parameters
    ----------
    saving : float or array
        Saving against the new baseline. [1]
    earlier : float or array
        Saving of the new baseline against the first one. [1]

    Returns
    -------
    float or array
        Saving against the first baseline. [1]

    Raises
    ------
    TypeError
        If there is text among the numbers.

    Notes
    -----
    .. math:: 1 - s = (1 - s_1)(1 - s_2)

    Two savings one after another are no sum: the second is of what the first left.

    Examples
    --------
    >>> round(earlier_and_later(0.05, 0.04), 4)
    0.088
    """
    first, second = floats(earlier), floats(saving)
    return plain(first + second - first * second)


def adjusted_savings(
    baseline: Baseline,
    reporting: ReportingPeriod,
    *,
    adjustments: float = 0.0,
    relative_error: float = 0.0,
    backcast_to: BaselinePeriod | None = None,
    conditions: Mapping[str, float] | None = None,
    language: Language = "vi",
) -> AdjustedSaving:
    r"""Work out the saving of a reporting period against a fitted baseline.

    Parameters
    ----------
    baseline : Baseline
        What :func:`fit_baseline` returned.
    reporting : ReportingPeriod
        Use and drivers; rows with anything unknown are left out of both sides.
    adjustments : float
        Non-routine adjustments: what the plant used more (+) or less (−) in the reporting period
        for reasons that have nothing to do with cleaner production. [unit]
    relative_error : float
        Relative standard uncertainty of the comparison by errors of the figures that do not show
        as scatter and do not cancel. [1]
    backcast_to : BaselinePeriod, optional
        Backcast: a model of the same kind is fitted on the reporting period and asked what it
        would have used in this period.
    conditions : mapping, optional
        Standard conditions: the value of each driver of the baseline in one row of length 1.
        Both periods are modelled and compared there.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    AdjustedSaving
        By default the forecast: expected use of the reporting period, plus adjustments, less the
        metered use.

    Raises
    ------
    TypeError
        If the periods are exchanged.
    ValueError
        If a backcast and standard conditions are both asked for.
    KeyError
        If a driver of the baseline is missing, in the period or among the conditions.
    RangeError
        If the reporting period cannot be modelled, where that is needed.

    Notes
    -----
    Forecast: :math:`s = 1 - \sum Y / (\sum \hat E + a)` with
    :math:`\operatorname{Var}(\sum \hat E) = x_s^T \operatorname{Cov}(b) x_s` and
    :math:`\operatorname{Var}(\sum Y) = \sigma^2 (m + 2 \sum_h (m - h) \rho^h)`.
    In a backcast and at standard conditions the adjustments lower the base load of the reporting
    model. Savings of months share one baseline: the sum is worked out first and never from
    months in quadrature.

    Examples
    --------
    >>> from sxsh_audit.calc.baseline import fit_baseline
    >>> before = BaselinePeriod([300.0, 340.0, 380.0, 421.0], [10.0, 12.0, 14.0, 16.0])
    >>> after = ReportingPeriod([270.0, 255.0], [10.0, 9.0])
    >>> found = adjusted_savings(fit_baseline(before), after)
    >>> round(found.saving, 3), round(found.absolute, 1)
    (0.095, 54.8)
    """
    if not isinstance(baseline, Baseline):
        raise TypeError(f"compare with a Baseline, not a {type(baseline).__name__}")
    if backcast_to is not None and not isinstance(backcast_to, BaselinePeriod):
        raise TypeError(f"backcast to a BaselinePeriod, not a {type(backcast_to).__name__}")
    if not isinstance(reporting, ReportingPeriod):
        raise TypeError(f"compare a ReportingPeriod, not a {type(reporting).__name__}")
    if backcast_to is not None and conditions is not None:
        raise ValueError("choose a backcast or standard conditions, not both")
    errors: dict[str, Any] = {"error_variance": relative_error**2}
    if backcast_to is None and conditions is None:
        rows, used = _known_rows(baseline, reporting)
        sums = rows.sum(axis=0)
        return adjusted_saving(
            float(sums @ np.array(baseline.coefficients)) + adjustments, float(used.sum()),
            before_variance=baseline.variance_of(sums), before_dof=baseline.dof,
            after_variance=baseline.scatter_of(len(rows)), after_dof=baseline.dof,
            one_scatter=True, **errors,
        )  # fmt: skip
    share = baseline.coefficients[0] * baseline.length / baseline.use if baseline.use else 0.0
    after = fit_period(reporting, baseline.kind, baseline.drivers, share, baseline.side or "above",
                       True, language)  # fmt: skip
    # What is non-routine is of the time, not of the output: so much a month less.
    routine = np.array(after.coefficients)
    routine[0] -= adjustments / after.length
    if backcast_to is not None:
        rows, used = _known_rows(after, backcast_to)
        sums = rows.sum(axis=0)
        return adjusted_saving(
            float(used.sum()), float(sums @ routine),
            before_variance=after.scatter_of(len(rows)), before_dof=after.dof,
            after_variance=after.variance_of(sums), after_dof=after.dof,
            one_scatter=True, **errors,
        )  # fmt: skip
    assert conditions is not None
    missing = [name for name in baseline.drivers if name not in conditions]
    if missing:
        raise KeyError(f"the conditions lack {', '.join(missing)}")
    row = {name: [value] for name, value in conditions.items() if name != OUTPUT}
    one = ReportingPeriod([0.0], [conditions.get(OUTPUT, np.nan)], row)  # type: ignore[arg-type]
    before_row, after_row = baseline.rows(one)[0], after.rows(one)[0]
    return adjusted_saving(
        float(before_row @ np.array(baseline.coefficients)), float(after_row @ routine),
        before_variance=baseline.variance_of(before_row), before_dof=baseline.dof,
        after_variance=after.variance_of(after_row), after_dof=after.dof, **errors,
    )  # fmt: skip


def _known_rows(baseline: Baseline, period: Period) -> tuple[Floats, Floats]:
    """Rows of a period in which use and every driver are known, and their use."""
    rows = baseline.rows(period)
    known = ~np.isnan(rows).any(axis=1) & ~np.isnan(period.use)
    return rows[known], period.use[known]
