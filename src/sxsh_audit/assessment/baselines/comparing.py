"""Two sums compared: what a saving is, and its variance by source."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.calc.adjusted_savings import AdjustedSaving, adjusted_saving
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.error_classes import PeriodUncertainty, ratio_saving_variances
from sxsh_audit.calc.regression import LinearFit, residual_sum_factor

__all__ = [
    "SCATTER_ROWS",
    "SOURCES",
    "UNLIKE",
    "Compared",
    "FigureErrors",
    "Model",
    "forecast",
    "frame_of",
    "joined",
    "made_of",
    "model_of",
    "own_errors",
    "put",
    "quadratic",
    "rows_like",
]

SCATTER_ROWS = 6
"""Rows of both periods from which their scatter says how sure a ratio is."""
SOURCES = (
    "baseline_scatter", "reporting_scatter", "use_baseline", "use_reporting",
    "output_baseline", "output_reporting", "use_common", "output_common",
)  # fmt: skip
"""What makes a saving unsure, in the order in which it is told."""


UNLIKE = float(np.log(1.5))
"""How unlike in length rows of both periods may be and still count as rows (ours)."""


class Model(NamedTuple):
    """The baseline that was taken for one pair."""

    coefficients: Floats
    """Base load a month, then use per unit of each driver."""
    slots: tuple[str, ...]
    point: float = np.nan
    """Change point; nan for none."""
    covariance: Floats | None = None
    sigma: float = np.nan
    """Standard deviation of a row. [unit]"""
    rho: float = 0.0
    dof: float = np.inf
    side: str = "above"
    row: float = np.nan
    """Mean length of the rows fitted. [month]"""


class Compared(NamedTuple):
    """Both periods compared, per pair of plant and resource."""

    table: pd.DataFrame
    """Indexed like the pairs: sums, saving, sd, dof and what they rest on."""
    variances: pd.DataFrame
    """Variance of the saving by source: columns :data:`SOURCES`. [1]"""
    models: dict[int, Model]
    """By pair, the baseline that was taken."""


class FigureErrors(NamedTuple):
    """Relative standard uncertainty of the four totals of each pair."""

    use_baseline: PeriodUncertainty
    output_baseline: PeriodUncertainty
    use_reporting: PeriodUncertainty
    output_reporting: PeriodUncertainty


def model_of(
    fit: LinearFit, i: int, slots: tuple[str, ...], point: float, row: float
) -> Model:
    """Return what one pair took, from the fit of many.

    Parameters
    ----------
    fit : LinearFit
        Fits.
    i : int
        Which of them.
    slots : tuple of str
        Drivers.
    point : float
        Change point; nan for none.
    row : float
        Mean length of the rows fitted. [month]
    """
    sigma, rho, dof = (float(np.asarray(each)[i]) for each in (fit.sigma, fit.rho, fit.dof))
    return Model(fit.coefficients[i], slots, point, fit.covariance[i], sigma, rho, dof,
                 row=row)  # fmt: skip


def frame_of(
    found: AdjustedSaving, n: tuple[Any, Any], baseline_sd: Any
) -> pd.DataFrame:
    """Put a comparison into columns.

    Parameters
    ----------
    found : AdjustedSaving
        The comparison of each pair.
    n : tuple
        Rows of both periods.
    baseline_sd : array
        Relative standard deviation of the first sum. [1]
    """
    return pd.DataFrame({
        "expected": found.before, "used": found.after, "absolute_saving": found.absolute,
        "saving": found.saving, "sd": found.sd, "dof": found.dof,
        "n_baseline": n[0], "n_reporting": n[1], "baseline_sd": baseline_sd, "rho": 0.0,
    })  # fmt: skip


def own_errors(
    saving: Floats, errors: FigureErrors, part: Any, random: Any, elasticity: Any
) -> dict[str, Floats]:
    """Variances by the errors of the figures; random ones only where no scatter shows them.

    Parameters
    ----------
    saving : array
        Savings. [1]
    errors : FigureErrors
        Errors of the four totals.
    part : slice or array
        The pairs among those of `errors`.
    random : bool or array
        Whether random errors count.
    elasticity : float or array
        Part of what was worked out that goes with output. [1]
    """
    def of(one: PeriodUncertainty) -> PeriodUncertainty:
        own = [np.asarray(each)[part] for each in one]
        return PeriodUncertainty(np.where(random, own[0], 0.0), own[1], own[2])

    known = ratio_saving_variances(np.where(np.isnan(saving), 0.0, saving), *map(of, errors))
    found = {name: np.asarray(value) for name, value in known.items()}
    for name in ("output_baseline", "output_reporting", "output_common"):
        found[name] = found[name] * elasticity**2
    return found


def joined(
    before: Floats, after: Floats, before_variance: Floats, after_variance: Floats,
    dofs: tuple[Any, Any], errors: dict[str, Floats], *, one_scatter: bool = False,
) -> tuple[AdjustedSaving, pd.DataFrame]:
    """Join both sums; errors that nobody states leave the scatter to speak.

    Parameters
    ----------
    before, after : array
        The two sums. [unit]
    before_variance, after_variance : array
        Their variances by the scatter. [unit²]
    dofs : tuple
        Degrees of freedom of either. [1]
    errors : dict of str to array
        Variances of the saving by the errors of the figures. [1]
    one_scatter : bool
        Whether both variances come from one fit.
    """
    # What is not stated adds nothing to a scatter; what is stated still does.
    scattered = (before_variance > 0) | (after_variance > 0)
    errors = {name: np.where(np.isnan(value) & scattered, 0.0, value)
              for name, value in errors.items()}  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        own = sum(errors.values())
        ratio = after / np.where(before > 0, before, np.nan)
        relative = np.where(ratio > 0, own / ratio**2, 0.0)
    relative = np.where(np.isnan(own), np.nan, relative)
    found = adjusted_saving(before, after, before_variance=before_variance,
                            after_variance=after_variance, error_variance=relative,
                            before_dof=dofs[0], after_dof=dofs[1],
                            one_scatter=one_scatter)  # fmt: skip
    parts = pd.DataFrame({"baseline_scatter": found.before_part,
                          "reporting_scatter": found.after_part, **errors})  # fmt: skip
    return found, parts[list(SOURCES)]


def put(
    table: pd.DataFrame, variances: pd.DataFrame, at: Any, found: AdjustedSaving,
    parts: pd.DataFrame, n: tuple[Any, Any], baseline_sd: Any,
) -> None:
    """Write a comparison over what stands for the same pairs.

    Parameters
    ----------
    table, variances : DataFrame
        What is written to.
    at : array
        Pairs.
    found : AdjustedSaving
        The comparison.
    parts : DataFrame
        Its variance by source.
    n : tuple
        Rows of both periods.
    baseline_sd : array
        Relative standard deviation of the first sum. [1]
    """
    fresh = frame_of(found, n, baseline_sd)
    table.loc[at, fresh.columns] = fresh.to_numpy()
    variances.loc[at, parts.columns] = parts.to_numpy()


def rows_like(length: Floats, row: Any, m: Any) -> Any:
    """Rows as long as those fitted that stand for other ones: two months scatter like two rows.

    Bills of 28 and 35 days count as they are, as in the reference method.

    Parameters
    ----------
    length : array
        Length of the other rows together. [month]
    row : float or array
        Mean length of a row fitted; nan where it is not known. [month]
    m : array of int
        How many other rows there are.
    """
    count = np.asarray(m)
    with np.errstate(divide="ignore", invalid="ignore"):
        like = np.asarray(length / row)
        unlike = (count > 0) & np.isfinite(like) & (np.abs(np.log(like / count)) > UNLIKE)
    return np.where(unlike, np.maximum(np.round(like), 1.0), count).astype(np.int64)


def made_of(slots: tuple[str, ...]) -> list[int]:
    """Positions of the coefficients that go with output, or with single products."""
    return [k for k, slot in enumerate(slots, start=1) if not slot.startswith("driver_")]


def quadratic(sums: Floats, covariance: Floats) -> Floats:
    """Variance of sums of rows by that of the coefficients.

    Parameters
    ----------
    sums : array, shape (pairs, p)
        Sums of rows.
    covariance : array, shape (pairs, p, p)
        Of the coefficients.
    """
    found: Floats = np.einsum("pi,pij,pj->p", sums, covariance, sums)
    return found


def forecast(
    fit: LinearFit, after: Floats, use: Floats, added: Floats, errors: FigureErrors, mine: Any,
    slots: tuple[str, ...], row: Any,
) -> tuple[AdjustedSaving, pd.DataFrame, Floats, Floats]:
    """Compare what a baseline expects of the reporting period with what was used.

    Parameters
    ----------
    fit : LinearFit
        Baselines.
    after : array, shape (pairs, m, p)
        Rows of the reporting period; nan where a figure is not known.
    use : array, shape (pairs, m)
        What was used. [unit]
    added : array
        Non-routine amounts. [unit]
    errors : FigureErrors
        Errors of the four totals.
    mine : array
        The pairs.
    slots : tuple of str
        Drivers.
    row : array
        Mean length of the rows fitted. [month]
    """
    known = np.asarray(~np.isnan(after).any(axis=-1))
    sums = np.where(known[:, :, None], after, 0.0).sum(axis=1)
    m = known.sum(axis=1)
    model = np.einsum("pi,pi->p", sums, fit.coefficients)
    expected = model + added
    used = np.where(known, use, 0.0).sum(axis=1)
    variance = quadratic(sums, fit.covariance)
    scatter = np.asarray(fit.sigma) ** 2 * residual_sum_factor(
        rows_like(sums[:, 0], row, m), fit.rho)
    made = made_of(slots)
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = (sums[:, made] * fit.coefficients[:, made]).sum(axis=1) / expected
        saving = (expected - used) / expected
    own = own_errors(saving, errors, mine, False, elasticity)
    found, parts = joined(expected, used, variance, scatter, (fit.dof, fit.dof), own,
                           one_scatter=True)  # fmt: skip
    return found, parts, m, np.sqrt(variance) / expected
