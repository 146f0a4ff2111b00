"""Baselines: what a plant would use for a given output, fitted once and frozen.

Four kinds, each of use on output and never of the ratio on output: the plain ratio, the ratio with
a stated base load, the regression, and the regression that starts at a change point.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sxsh_audit.calc.change_point import fit_change_point, past_change_point
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.periods import OUTPUT, BaselinePeriod, Period
from sxsh_audit.calc.reference_fit import reference_fit
from sxsh_audit.calc.regression import LinearFit, fit_linear, residual_sum_factor
from sxsh_audit.language.formatting import Language

__all__ = ["KINDS", "Baseline", "fit_baseline", "fit_period"]

KINDS = ("ratio", "base_load_ratio", "regression", "change_point")
SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A fitted baseline, frozen: plain numbers that serialise and reload identical.

    Parameters
    ----------
    kind : {"ratio", "base_load_ratio", "regression", "change_point"}
        How use follows output.
    drivers : tuple of str
        Drivers in the order of the coefficients; ``output`` is the good product made.
    coefficients : tuple of float
        Base load per month, then use per unit of each driver. [unit/month, unit/driver unit]
    covariance : tuple of tuple of float
        Covariance of the coefficients by the scatter of the rows; empty where it is not known.
    sigma : float or None
        Standard deviation of a row about the baseline. [unit]
    dof : float
        Degrees of freedom of `sigma`. [1]
    rho : float
        Correlation of each row's residual with the one before that is allowed for. [1]
    n : int
        Rows fitted.
    change_point : float or None
        Driver of a month below (or above) which use is flat. [unit of the driver/month]
    side : str
        ``above`` where use rises above the change point, ``below`` where it rises below it.
    r2, adjusted_r2, cv_rmse, f_p, autocorrelation : float or None
        Quality of the fit; see :class:`~sxsh_audit.calc.linear_fit.LinearFit`. [1]
    p : tuple of float
        Two-sided p-values of the coefficients; empty for ratios. [1]
    lows, highs, means, spreads : tuple of float
        Smallest, largest and mean value of each driver in the baseline, and its standard
        deviation: how far the baseline reaches. [unit of the driver]
    use, output, length : float
        Sums over the rows fitted. [unit, output unit, month]
    resource, unit, output_unit : str
        What is used, and the units of the figures.
    fitted_on : {"baseline", "reporting"}
        Period that it describes; a backcast uses the other one.
    """

    kind: str
    drivers: tuple[str, ...]
    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    sigma: float | None
    dof: float
    rho: float
    n: int
    change_point: float | None
    side: str
    r2: float | None
    adjusted_r2: float | None
    cv_rmse: float | None
    f_p: float | None
    autocorrelation: float | None
    p: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    use: float
    output: float
    length: float
    resource: str = ""
    unit: str = ""
    output_unit: str = ""
    fitted_on: str = "baseline"

    def rows(self, period: Period) -> Floats:
        """Return lengths and drivers of a period as the coefficients multiply them, shape (n, p).

        Parameters
        ----------
        period : BaselinePeriod or ReportingPeriod
            With the drivers of the baseline.
        """
        columns, months = period.columns(self.drivers), floats(period.length)[:, None]
        if self.change_point is not None:
            columns = _bent(columns, months, self.change_point, self.side)
        return np.concatenate([months, columns], axis=1)

    def expected(self, period: Period) -> Floats:
        """Return the use that the baseline expects in each row of a period [unit].

        Parameters
        ----------
        period : BaselinePeriod or ReportingPeriod
            With the drivers of the baseline; nan where one is not known.
        """
        found: Floats = self.rows(period) @ np.array(self.coefficients)
        return found

    def variance_of(self, row_sum: Floats) -> float:
        """Variance of the expected use of rows by that of the coefficients [unit²].

        Parameters
        ----------
        row_sum : array, shape (p,)
            Sum of :meth:`rows`. [month, then units of the drivers]
        """
        if not self.covariance:
            return float("nan")
        return float(row_sum @ np.array(self.covariance) @ row_sum)

    def scatter_of(self, m: int) -> float:
        """Variance of the sum of the residuals of `m` rows [unit²].

        Parameters
        ----------
        m : int
            Rows in a row.
        """
        return float("nan") if self.sigma is None else float(
            self.sigma**2 * residual_sum_factor(m, self.rho))  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the baseline as JSON types."""
        record = json.loads(json.dumps(asdict(self)))
        return {"schema_version": SCHEMA_VERSION, "record": "baseline", **record}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Baseline:
        """Build a baseline from :meth:`to_dict`: equal to the one that was written.

        Parameters
        ----------
        record : mapping
            What :meth:`to_dict` returned.

        Raises
        ------
        ValueError
            If it is not the record of a baseline of this version, whole.
        """
        if not isinstance(record, Mapping) or (
            record.get("record"), record.get("schema_version")) != ("baseline", SCHEMA_VERSION):
            raise ValueError("this is no record of a baseline of version " + SCHEMA_VERSION)
        names = cls.__dataclass_fields__
        missing = [name for name in names if name not in record]
        if missing:
            raise ValueError(f"this is no whole baseline: without {', '.join(missing)}")
        if record["kind"] not in KINDS:
            raise ValueError(f"there is no baseline of kind {record['kind']!r}")
        read = {name: _frozen(record[name]) for name in names}
        _refuse_broken(read)
        return cls(**read)


def _frozen(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(inner) for inner in value)
    return value


TEXTS = ("kind", "side", "resource", "unit", "output_unit", "fitted_on")
SINGLE = ("dof", "rho", "n", "use", "output", "length")
OPTIONAL = ("sigma", "change_point", "r2", "adjusted_r2", "cv_rmse", "f_p", "autocorrelation")
LISTS = ("p", "lows", "highs", "means", "spreads")


def _refuse_broken(record: Mapping[str, Any]) -> None:
    """Refuse a record whose figures cannot be those of one baseline."""
    drivers = record["drivers"] if isinstance(record["drivers"], tuple) else None
    size = 1 + len(drivers or ())

    def numbers(values: Any, sizes: tuple[int, ...]) -> bool:
        return isinstance(values, tuple) and len(values) in sizes and all(map(_is_number, values))

    covariance = record["covariance"]
    fine = {
        "drivers": isinstance(drivers, tuple) and all(isinstance(name, str) for name in drivers),
        "coefficients": numbers(record["coefficients"], (size,)),
        "covariance": isinstance(covariance, tuple) and len(covariance) in (0, size)
        and all(numbers(row, (size,)) for row in covariance),
        **{name: isinstance(record[name], str) for name in TEXTS},
        **{name: _is_number(record[name]) for name in SINGLE},
        **{name: record[name] is None or _is_number(record[name]) for name in OPTIONAL},
        **{name: numbers(record[name], (0, size - 1, size)) for name in LISTS},
    }  # fmt: skip
    if all(fine.values()):
        bent = record["change_point"] is not None
        fine["sigma"] = record["sigma"] is None or record["sigma"] >= 0
        fine["rho"], fine["dof"] = -1 < record["rho"] < 1, record["dof"] >= 0
        fine["side"] = record["side"] in (("above", "below") if bent else ("",))
        fine["change_point"] = bent == (record["kind"] == "change_point")
        fine["fitted_on"] = record["fitted_on"] in ("baseline", "reporting")
    wrong = [name for name, good in fine.items() if not good]
    if wrong:
        raise ValueError(f"this is no baseline that was fitted: {', '.join(wrong)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value)


def fit_baseline(
    period: BaselinePeriod,
    kind: str = "regression",
    *,
    drivers: Sequence[str] = (OUTPUT,),
    base_load: float = 0.0,
    side: str = "above",
    autocorrelation: bool = True,
    language: Language = "vi",
) -> Baseline:
    r"""Fit a baseline on the rows (months or bills) of the baseline period.

    Parameters
    ----------
    period : BaselinePeriod
        Use, output and drivers; rows with anything unknown are left out.
    kind : {"regression", "ratio", "base_load_ratio", "change_point"}
        How use follows output.
    drivers : sequence of str
        Drivers of a regression, in order; the one driver of a change point. A single name may
        stand by itself.
    base_load : float
        For ``base_load_ratio``: part of the baseline use that does not depend on output. [1]
    side : {"above", "below"}
        For ``change_point``: where use rises.
    autocorrelation : bool
        Whether to allow for rows that resemble the row before (AR(1), not below 0), as the
        reference method does; else ordinary least squares.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Baseline

    Raises
    ------
    RangeError
        If too few rows are known, a driver never changes, or `base_load` is not from 0 to 1.
    KeyError
        If the period has no such driver.
    TypeError
        If `period` is a reporting period.
    ValueError
        If there is no such kind or side, or a change point is asked of several drivers.

    Notes
    -----
    ======================  ==============================================================
    ``ratio``               :math:`E = (\sum U / \sum Q)\, q`
    ``base_load_ratio``     :math:`E = f (\sum U / \sum L)\, l + (1 - f)(\sum U / \sum Q)\, q`
    ``regression``          :math:`E = b_0 l + \sum_j b_j x_j`
    ``change_point``        :math:`E = b_0 l + b_1 \max(x - c\,l, 0)`
    ======================  ==============================================================

    with U use, Q output, L length of the baseline; q, l, x of a row. A base load of 0 gives the
    ratio, and so does a regression whose points lie on a line through the origin. Scatter of the
    ratios: :math:`\sigma^2 = \sum (u - E)^2 / (n - 1)`, and
    :math:`\operatorname{Var}(\sum U) = n \sigma^2`.

    Examples
    --------
    >>> before = BaselinePeriod([300.0, 340.0, 380.0, 421.0], [10.0, 12.0, 14.0, 16.0])
    >>> baseline = fit_baseline(before)
    >>> [round(value, 1) for value in baseline.coefficients]
    [98.3, 20.2]
    >>> Baseline.from_dict(baseline.to_dict()) == baseline
    True
    """
    if not isinstance(period, BaselinePeriod):
        raise TypeError(f"fit on a BaselinePeriod, not on a {type(period).__name__}")
    drivers = (drivers,) if isinstance(drivers, str) else tuple(drivers)
    return fit_period(period, kind, drivers, base_load, side, autocorrelation, language)


def fit_period(
    period: Period,
    kind: str,
    drivers: tuple[str, ...],
    base_load: float,
    side: str,
    autocorrelation: bool,
    language: Language,
) -> Baseline:
    """Fit either period; a backcast needs the model of the reporting period.

    Parameters
    ----------
    period : BaselinePeriod or ReportingPeriod
        What is fitted.
    kind, drivers, base_load, side, autocorrelation, language
        As for :func:`fit_baseline`.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no baseline of kind {kind!r}; there are: {', '.join(KINDS)}")
    if kind in ("ratio", "base_load_ratio"):
        drivers = (OUTPUT,)
    if kind == "change_point" and len(drivers) != 1:
        raise ValueError(f"a change point has one driver, not {len(drivers)}")
    columns, length = period.columns(drivers), floats(period.length)
    known = ~np.isnan(period.use) & ~np.isnan(columns).any(axis=1)
    use, columns, length = period.use[known], columns[known], length[known]
    made = float(period.output[known].sum())
    if kind in ("ratio", "base_load_ratio"):
        share = np.array(0.0 if kind == "ratio" else base_load)
        refuse("calc.base_load", ~((share >= 0) & (share <= 1)), share, language)
        refuse("calc.no_output", np.array(not made > 0), np.array(made), language)
        fit = _ratio_fit(use, columns[:, 0], length, float(share))
        point = None
    else:
        point = None
        if kind == "change_point":
            turn = fit_change_point(use / length, columns[:, 0] / length, side)  # type: ignore[arg-type]
            point = float(turn.change_point)
            refuse("calc.no_change_point", np.isnan([point]), np.array([float(use.size)]), language)
            columns = _bent(columns, length[:, None], point, side)
        fit = fit_linear(use, columns, length)
        refuse("calc.not_fitted", np.array(not (fit.rank_ok and fit.dof > 0)),
               np.array(float(use.size)), language, drivers=", ".join(drivers))  # fmt: skip
        if autocorrelation:
            fit = reference_fit(use, columns, length)
    inputs = period.columns(drivers)[known]
    return Baseline(
        kind, drivers, _numbers(fit.coefficients), _table(fit.covariance), _number(fit.sigma),
        float(fit.dof), float(fit.rho), int(fit.n), point, side if point is not None else "",
        _number(fit.r2), _number(fit.adjusted_r2), _number(fit.cv_rmse), _number(fit.f_p),
        _number(fit.autocorrelation),
        _numbers(fit.p), _numbers(inputs.min(axis=0)), _numbers(inputs.max(axis=0)),
        _numbers(inputs.mean(axis=0)),
        _numbers(inputs.std(axis=0, ddof=1)) if len(inputs) > 1 else (),
        float(use.sum()), made, float(length.sum()), period.resource, period.unit,
        period.output_unit, "baseline" if isinstance(period, BaselinePeriod) else "reporting",
    )  # fmt: skip


def _bent(columns: Floats, months: Floats, point: float, side: str) -> Floats:
    """Part of a driver past a change point, which is told by the month as base loads are."""
    return past_change_point(columns / months, point, side) * months  # type: ignore[arg-type]


def _ratio_fit(use: Floats, output: Floats, length: Floats, share: float) -> LinearFit:
    """Ratio, with a stated part of the use as base load; scatter about it where there are rows."""
    total, n = use.sum(), use.size
    coefficients = np.array([share * total / length.sum(), (1.0 - share) * total / output.sum()])
    left = use - coefficients[0] * length - coefficients[1] * output
    variance = float(left @ left) / (n - 1) if n > 1 else np.nan
    # Nothing used at all: exact, and no relative scatter.
    covariance = np.outer(coefficients, coefficients) * (n * variance / (total**2 or 1.0))
    none = np.full(2, np.nan)
    cv = np.sqrt(variance) / (total / n) if total else np.nan
    return LinearFit(
        coefficients, covariance, np.sqrt(variance), n - 1, n, np.nan, np.nan, cv,
        np.sqrt(np.diagonal(covariance)), none, none, np.nan, np.nan, np.nan, True, 0.0,
    )  # fmt: skip


def _number(value: Any) -> float | None:
    found = float(value)
    return found if np.isfinite(found) else None


def _numbers(values: Any) -> tuple[float, ...]:
    found = tuple(float(value) for value in np.asarray(values))
    return found if np.isfinite(found).all() else ()


def _table(values: Any) -> tuple[tuple[float, ...], ...]:
    found = tuple(_numbers(row) for row in np.asarray(values))
    return found if all(found) else ()
