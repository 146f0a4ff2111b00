"""Savings against adjusted baselines, with their uncertainty, for every plant and resource."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import Candidate, named
from sxsh_audit.assessment.baselines.comparing import (
    SCATTER_ROWS,
    Compared,
    FigureErrors,
    Model,
    forecast,
    frame_of,
    joined,
    made_of,
    model_of,
    own_errors,
    put,
    quadratic,
    rows_like,
)
from sxsh_audit.assessment.baselines.errors import figure_uncertainty, of_phase
from sxsh_audit.assessment.baselines.series import KEYS, MONTH, Packed, Series
from sxsh_audit.assessment.baselines.stated import base_loads, given_baselines
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.calc.adjusted_savings import AdjustedSaving
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.ratio_scatter import ratio_scatter
from sxsh_audit.calc.reference_fit import reference_fit
from sxsh_audit.calc.regression import LinearFit, residual_sum_factor
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["compared"]

ROUNDING = 1e-13
"""Relative standard deviation below which months do not scatter. [1]"""


def compared(
    study: Study, series: Series, found: list[Candidate], chosen: pd.DataFrame,
    savings: pd.DataFrame, judging: Judging,
) -> tuple[Compared, Compared]:
    """Compare both periods by the plain ratio and by the baseline that was taken.

    Parameters
    ----------
    study : Study
        Checked records.
    series : Series
        Use, output and drivers by interval.
    found : list of Candidate
        What was fitted.
    chosen : DataFrame
        Which of it is taken; see :func:`~.choice.chosen_baselines`.
    savings : DataFrame
        Table of the plain ratios.
    judging : Judging
        Base loads, given baselines, conditions.

    Returns
    -------
    Compared, Compared
        The plain ratio, and the baseline that was taken.
    """
    pairs = series.pairs
    rows = pairs.merge(savings, on=KEYS, how="left")
    errors, stated = _errors(study, pairs)
    packed = series.packed("baseline"), series.packed("reporting")
    log = _logged(study, series)
    nothing = np.zeros(len(pairs))
    metered = replace(packed[0], use=packed[0].use + packed[0].log)
    plain = _ratios(rows, (metered, packed[1]), errors, nothing, nothing)
    best = _ratios(rows, packed, errors, log["reporting"], log["baseline"])
    best[0]["adjustment"] = log["reporting"]
    models: dict[int, Model] = {
        pair: _ratio_model(float(b), float(sd), float(dof)) for pair, (b, sd, dof) in enumerate(zip(
            best[0]["ratio"], best[0]["baseline_sd"], best[0]["dof"], strict=True))
    }
    table, variances = best
    for number, candidate in enumerate(found):
        mine = np.flatnonzero((chosen["number"] == number).to_numpy())
        if len(mine):
            _take(table, variances, models, candidate, mine, packed, errors, judging, series)
    base_loads(table, variances, models, chosen, rows, packed, errors, log["reporting"], judging,
               _lengths(study))  # fmt: skip
    given_baselines(table, variances, models, chosen, series, packed, errors, log["reporting"],
                    judging)  # fmt: skip
    for frame in (plain[0], table):
        frame["errors_from"] = stated
    return Compared(*plain, models), Compared(table, variances, models)


def _lengths(study: Study) -> tuple[float, float]:
    """Lengths of both periods [month]; a year each where one has no dates."""
    before, after = (phase_days(study.settings, phase) for phase in PHASES)
    if before is None or after is None:
        return 12.0, 12.0
    return (before[1] - before[0] + 1) / MONTH, (after[1] - after[0] + 1) / MONTH


def _ratio_model(ratio: float, relative_sd: float, dof: float) -> Model:
    covariance = np.diag([0.0, (ratio * relative_sd) ** 2]) if relative_sd > 0 else None
    return Model(np.array([0.0, ratio]), (OUTPUT,), covariance=covariance, dof=dof)


def _errors(study: Study, pairs: pd.DataFrame) -> tuple[FigureErrors, np.ndarray[Any, Any]]:
    used = figure_uncertainty(study, study.tables.consumption, KEYS, "use")
    made_rows, _ = output_rows(study)
    made = figure_uncertainty(study, made_rows, ["facility"], "quantity")
    use = used.reindex(pd.MultiIndex.from_frame(pairs[KEYS]))
    output = made.reindex(pairs["facility"])
    words = np.where(use["stated"].fillna(False), "stated", "quality").astype(object)
    unknown = np.isnan(sum(frame[f"random_{phase}"].to_numpy(float)
                           for frame in (use, output) for phase in ("baseline", "reporting")))
    words[unknown] = ""
    return FigureErrors(of_phase(use, "baseline"), of_phase(output, "baseline"),
                   of_phase(use, "reporting"), of_phase(output, "reporting")), words  # fmt: skip


def _logged(study: Study, series: Series) -> dict[str, Floats]:
    """Non-routine amounts of both periods, per pair [canonical unit].

    Where there are intervals only what lies in those of which use and output are known: a month
    that is left out of both sides takes its canteen with it.
    """
    pairs, rows, log = series.pairs, series.rows, study.tables.adjustments
    sums = log.groupby([*KEYS, "phase"])["quantity"].sum()
    keys = pd.MultiIndex.from_frame(pairs[KEYS])
    known = rows["use"].notna() & rows[OUTPUT].notna()
    out = {}
    for phase in ("baseline", "reporting"):
        whole = sums[sums.index.get_level_values("phase") == phase].droplevel("phase")
        mine = rows[rows["phase"] == phase]
        spread = mine["log"].where(known).groupby(mine["pair"]).sum()
        stated = pd.Series(whole.reindex(keys, fill_value=0.0).to_numpy(float), pairs.index)
        out[phase] = spread.reindex(pairs.index).fillna(stated).to_numpy(float)
    return out


def _ratios(
    rows: pd.DataFrame, packed: tuple[Packed, Packed], errors: FigureErrors, added: Floats,
    taken_out: Floats,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare by the ratio, non-routine amounts of either period considered."""
    use, made = rows["use_baseline"].to_numpy(float), rows["output_baseline"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        b = (use - taken_out) / np.where(made > 0, made, np.nan)
    before = b * rows["output_reporting"].to_numpy(float) + added
    after = rows["use_reporting"].to_numpy(float)
    scatters = [ratio_scatter(np.maximum(side.use, 0.0), side.drivers[..., 0]) for side in packed]
    counts = [(~np.isnan(side.use) & ~np.isnan(side.drivers[..., 0])).sum(axis=1)
              for side in packed]  # fmt: skip
    enough = (counts[0] >= SCATTER_ROWS) & (counts[1] >= SCATTER_ROWS)
    # Rounding of months that are all alike is no scatter.
    sds = [np.where(enough & (np.asarray(one.relative_sd) > ROUNDING), one.relative_sd, 0.0)
           for one in scatters]  # fmt: skip
    saving = (before - after) / np.where(before > 0, before, np.nan)
    own = own_errors(saving, errors, slice(None), ~enough, 1.0)
    dofs = tuple(np.where(enough, np.maximum(count - 1, 1), np.inf) for count in counts)
    found, parts = joined(before, after, (sds[0] * before) ** 2, (sds[1] * after) ** 2,
                           (dofs[0], dofs[1]), own)  # fmt: skip
    return frame_of(found, (counts[0], counts[1]), sds[0]).assign(ratio=b), parts


def _take(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], candidate: Candidate,
    mine: Any, packed: tuple[Packed, Packed], errors: FigureErrors, judging: Judging,
    series: Series,
) -> None:
    """Put the comparison by one candidate in place of the ratio, for the pairs that take it."""
    where = np.searchsorted(candidate.pairs, mine)
    before, after = candidate.before[where], candidate.after[where]
    fit = reference_fit(packed[0].use[mine], before[..., 1:], before[..., 0])
    with np.errstate(invalid="ignore"):
        row = np.nansum(before[..., 0], axis=1) / (~np.isnan(before[..., 0])).sum(axis=1)
    added = np.where(np.isnan(after).any(axis=-1), 0.0, packed[1].log[mine]).sum(axis=1)
    if judging.adjust_to == "forecast":
        found, parts, n, sd = forecast(fit, after, packed[1].use[mine], added, errors, mine,
                                       candidate.slots, row)  # fmt: skip
    else:
        found, parts, n, sd = _other(judging, candidate, fit, before, after, packed, mine, errors,
                                     series)  # fmt: skip
    table.loc[mine, "adjustment"] = added
    put(table, variances, mine, found, parts, (np.asarray(fit.n), n), sd)
    table.loc[mine, "rho"] = fit.rho
    for i, pair in enumerate(mine):
        models[int(pair)] = model_of(fit, i, candidate.slots, float(candidate.points[where[i]]),
                                     float(row[i]))  # fmt: skip


def _other(
    judging: Judging, candidate: Candidate, fit: LinearFit, before: Floats, after: Floats,
    packed: tuple[Packed, Packed], mine: Any, errors: FigureErrors, series: Series,
) -> tuple[AdjustedSaving, pd.DataFrame, Floats, Floats]:
    """Backcast, or both periods at standard conditions, by a model of the reporting period."""
    use = packed[1].use[mine] - packed[1].log[mine]
    later = reference_fit(use, after[..., 1:], after[..., 0])
    if judging.adjust_to == "backcast":
        known = np.asarray(~np.isnan(before).any(axis=-1))
        sums = np.where(known[:, :, None], before, 0.0).sum(axis=1)
        metered = np.where(known, packed[0].use[mine], 0.0).sum(axis=1)
        later_rows = np.nansum(after[..., 0], axis=1) / np.maximum(np.asarray(later.n), 1)
        like = rows_like(sums[:, 0], later_rows, known.sum(axis=1))
        scatter = np.asarray(later.sigma) ** 2 * residual_sum_factor(like, later.rho)
        values = (metered, np.einsum("pi,pi->p", sums, later.coefficients), scatter,
                  quadratic(sums, later.covariance), (later.dof, later.dof))  # fmt: skip
    else:
        row = np.array([_conditions(judging, series, pair, candidate) for pair in mine])
        values = (np.einsum("pi,pi->p", row, fit.coefficients),
                  np.einsum("pi,pi->p", row, later.coefficients),
                  quadratic(row, fit.covariance), quadratic(row, later.covariance),
                  (fit.dof, later.dof))  # fmt: skip
        sums = row
    saving = (values[0] - values[1]) / np.where(values[0] > 0, values[0], np.nan)
    # An output typed too high makes the slope too low: only what depends on it is off.
    made = made_of(candidate.slots)
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = (sums[:, made] * later.coefficients[:, made]).sum(axis=1) / values[1]
    own = own_errors(saving, errors, mine, False, elasticity)
    found, parts = joined(*values, own, one_scatter=judging.adjust_to == "backcast")
    return found, parts, np.asarray(later.n), np.sqrt(values[2]) / values[0]


def _conditions(
    judging: Judging, series: Series, pair: int, candidate: Candidate
) -> list[float]:
    """Row of a month at the stated conditions; nan where one is not stated."""
    names = named(series, str(series.pairs["facility"].iloc[pair]), candidate.slots)
    values = [judging.condition(name) for name in names]
    point = candidate.points[np.searchsorted(candidate.pairs, pair)]
    if np.isfinite(point):
        values = [max(value - point, 0.0) for value in values]
    return [1.0, *values]
