"""Savings against adjusted baselines, with their uncertainty, for every plant and resource."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import Candidate, bent, named
from sxsh_audit.assessment.baselines.errors import figure_uncertainty, of_phase
from sxsh_audit.assessment.baselines.series import KEYS, Packed, Series
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.calc.adjusted_savings import AdjustedSaving, adjusted_saving
from sxsh_audit.calc.baseline import Baseline
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.error_classes import PeriodUncertainty, ratio_saving_variances
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.ratio_scatter import ratio_scatter
from sxsh_audit.calc.reference_fit import reference_fit
from sxsh_audit.calc.regression import LinearFit, residual_sum_factor
from sxsh_audit.tables.study import Study

__all__ = ["SOURCES", "Compared", "compared"]

SCATTER_ROWS = 6
"""Rows of both periods from which their scatter says how sure a ratio is."""
SOURCES = (
    "baseline_scatter", "reporting_scatter", "use_baseline", "use_reporting",
    "output_baseline", "output_reporting", "use_common", "output_common",
)  # fmt: skip
"""What makes a saving unsure, in the order in which it is told."""


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


class Compared(NamedTuple):
    """Both periods compared, per pair of plant and resource."""

    table: pd.DataFrame
    """Indexed like the pairs: sums, saving, sd, dof and what they rest on."""
    variances: pd.DataFrame
    """Variance of the saving by source: columns :data:`SOURCES`. [1]"""
    models: dict[int, Model]
    """By pair, the baseline that was taken."""


class _Errors(NamedTuple):
    use_baseline: PeriodUncertainty
    output_baseline: PeriodUncertainty
    use_reporting: PeriodUncertainty
    output_reporting: PeriodUncertainty


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
    _base_loads(table, variances, models, chosen, rows, packed, errors, log["reporting"], judging)
    _given(table, variances, models, chosen, series, packed, errors, log["reporting"], judging)
    for frame in (plain[0], table):
        frame["errors_from"] = stated
    return Compared(*plain, models), Compared(table, variances, models)


def _ratio_model(ratio: float, relative_sd: float, dof: float) -> Model:
    covariance = np.diag([0.0, (ratio * relative_sd) ** 2]) if relative_sd > 0 else None
    return Model(np.array([0.0, ratio]), (OUTPUT,), covariance=covariance, dof=dof)


def _model(fit: LinearFit, i: int, slots: tuple[str, ...], point: float) -> Model:
    sigma, rho, dof = (float(np.asarray(each)[i]) for each in (fit.sigma, fit.rho, fit.dof))
    return Model(fit.coefficients[i], slots, point, fit.covariance[i], sigma, rho, dof)


def _errors(study: Study, pairs: pd.DataFrame) -> tuple[_Errors, np.ndarray[Any, Any]]:
    used = figure_uncertainty(study, study.tables.consumption, KEYS, "use")
    made_rows, _ = output_rows(study)
    made = figure_uncertainty(study, made_rows, ["facility"], "quantity")
    use = used.reindex(pd.MultiIndex.from_frame(pairs[KEYS]))
    output = made.reindex(pairs["facility"])
    words = np.where(use["stated"].fillna(False), "stated", "quality").astype(object)
    unknown = np.isnan(sum(frame[f"random_{phase}"].to_numpy(float)
                           for frame in (use, output) for phase in ("baseline", "reporting")))
    words[unknown] = ""
    return _Errors(of_phase(use, "baseline"), of_phase(output, "baseline"),
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


def _frame(
    found: AdjustedSaving, n: tuple[Any, Any], baseline_sd: Any
) -> pd.DataFrame:
    return pd.DataFrame({
        "expected": found.before, "used": found.after, "absolute_saving": found.absolute,
        "saving": found.saving, "sd": found.sd, "dof": found.dof,
        "n_baseline": n[0], "n_reporting": n[1], "baseline_sd": baseline_sd, "rho": 0.0,
    })  # fmt: skip


def _own_errors(
    saving: Floats, errors: _Errors, part: Any, random: Any, elasticity: Any
) -> dict[str, Floats]:
    """Variances by the errors of the figures; random ones only where no scatter shows them."""
    def of(one: PeriodUncertainty) -> PeriodUncertainty:
        own = [np.asarray(each)[part] for each in one]
        return PeriodUncertainty(np.where(random, own[0], 0.0), own[1], own[2])

    known = ratio_saving_variances(np.where(np.isnan(saving), 0.0, saving), *map(of, errors))
    found = {name: np.asarray(value) for name, value in known.items()}
    for name in ("output_baseline", "output_reporting", "output_common"):
        found[name] = found[name] * elasticity**2
    return found


def _joined(
    before: Floats, after: Floats, before_variance: Floats, after_variance: Floats,
    dofs: tuple[Any, Any], errors: dict[str, Floats], *, one_scatter: bool = False,
) -> tuple[AdjustedSaving, pd.DataFrame]:
    """Join both sums; errors that nobody states leave the scatter to speak alone."""
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


def _ratios(
    rows: pd.DataFrame, packed: tuple[Packed, Packed], errors: _Errors, added: Floats,
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
    sds = [np.where(enough, np.nan_to_num(np.asarray(one.relative_sd)), 0.0) for one in scatters]
    saving = (before - after) / np.where(before > 0, before, np.nan)
    own = _own_errors(saving, errors, slice(None), ~enough, 1.0)
    dofs = tuple(np.where(enough, np.maximum(count - 1, 1), np.inf) for count in counts)
    found, parts = _joined(before, after, (sds[0] * before) ** 2, (sds[1] * after) ** 2,
                           (dofs[0], dofs[1]), own)  # fmt: skip
    return _frame(found, (counts[0], counts[1]), sds[0]).assign(ratio=b), parts


def _put(
    table: pd.DataFrame, variances: pd.DataFrame, at: Any, found: AdjustedSaving,
    parts: pd.DataFrame, n: tuple[Any, Any], baseline_sd: Any,
) -> None:
    fresh = _frame(found, n, baseline_sd)
    table.loc[at, fresh.columns] = fresh.to_numpy()
    variances.loc[at, parts.columns] = parts.to_numpy()


def _take(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], candidate: Candidate,
    mine: Any, packed: tuple[Packed, Packed], errors: _Errors, judging: Judging, series: Series,
) -> None:
    """Put the comparison by one candidate in place of the ratio, for the pairs that take it."""
    where = np.searchsorted(candidate.pairs, mine)
    before, after = candidate.before[where], candidate.after[where]
    fit = reference_fit(packed[0].use[mine], before[..., 1:], before[..., 0])
    added = np.where(np.isnan(after).any(axis=-1), 0.0, packed[1].log[mine]).sum(axis=1)
    if judging.adjust_to == "forecast":
        found, parts, n, sd = _forecast(fit, after, packed[1].use[mine], added, errors, mine,
                                        candidate.slots)  # fmt: skip
    else:
        found, parts, n, sd = _other(judging, candidate, fit, before, after, packed, mine, errors,
                                     series)  # fmt: skip
    table.loc[mine, "adjustment"] = added
    _put(table, variances, mine, found, parts, (np.asarray(fit.n), n), sd)
    table.loc[mine, "rho"] = fit.rho
    for i, pair in enumerate(mine):
        models[int(pair)] = _model(fit, i, candidate.slots, float(candidate.points[where[i]]))


def _made(slots: tuple[str, ...]) -> list[int]:
    """Positions of the coefficients that go with output, or with single products."""
    return [k for k, slot in enumerate(slots, start=1) if not slot.startswith("driver_")]


def _quadratic(sums: Floats, covariance: Floats) -> Floats:
    found: Floats = np.einsum("pi,pij,pj->p", sums, covariance, sums)
    return found


def _forecast(
    fit: LinearFit, after: Floats, use: Floats, added: Floats, errors: _Errors, mine: Any,
    slots: tuple[str, ...],
) -> tuple[AdjustedSaving, pd.DataFrame, Floats, Floats]:
    known = np.asarray(~np.isnan(after).any(axis=-1))
    sums = np.where(known[:, :, None], after, 0.0).sum(axis=1)
    m = known.sum(axis=1)
    model = np.einsum("pi,pi->p", sums, fit.coefficients)
    expected = model + added
    used = np.where(known, use, 0.0).sum(axis=1)
    variance = _quadratic(sums, fit.covariance)
    scatter = np.asarray(fit.sigma) ** 2 * residual_sum_factor(m, fit.rho)
    made = _made(slots)
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = (sums[:, made] * fit.coefficients[:, made]).sum(axis=1) / expected
        saving = (expected - used) / expected
    own = _own_errors(saving, errors, mine, False, elasticity)
    found, parts = _joined(expected, used, variance, scatter, (fit.dof, fit.dof), own,
                           one_scatter=True)  # fmt: skip
    return found, parts, m, np.sqrt(variance) / expected


def _other(
    judging: Judging, candidate: Candidate, fit: LinearFit, before: Floats, after: Floats,
    packed: tuple[Packed, Packed], mine: Any, errors: _Errors, series: Series,
) -> tuple[AdjustedSaving, pd.DataFrame, Floats, Floats]:
    """Backcast, or both periods at standard conditions, by a model of the reporting period."""
    use = packed[1].use[mine] - packed[1].log[mine]
    later = reference_fit(use, after[..., 1:], after[..., 0])
    if judging.adjust_to == "backcast":
        known = np.asarray(~np.isnan(before).any(axis=-1))
        sums = np.where(known[:, :, None], before, 0.0).sum(axis=1)
        metered = np.where(known, packed[0].use[mine], 0.0).sum(axis=1)
        scatter = np.asarray(later.sigma) ** 2 * residual_sum_factor(known.sum(axis=1), later.rho)
        values = (metered, np.einsum("pi,pi->p", sums, later.coefficients), scatter,
                  _quadratic(sums, later.covariance), (later.dof, later.dof))  # fmt: skip
    else:
        row = np.array([_conditions(judging, series, pair, candidate) for pair in mine])
        values = (np.einsum("pi,pi->p", row, fit.coefficients),
                  np.einsum("pi,pi->p", row, later.coefficients),
                  _quadratic(row, fit.covariance), _quadratic(row, later.covariance),
                  (fit.dof, later.dof))  # fmt: skip
        sums = row
    saving = (values[0] - values[1]) / values[0]
    # An output typed too high makes the slope too low: only what depends on it is off.
    made = _made(candidate.slots)
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = (sums[:, made] * later.coefficients[:, made]).sum(axis=1) / values[1]
    own = _own_errors(saving, errors, mine, False, elasticity)
    found, parts = _joined(*values, own, one_scatter=judging.adjust_to == "backcast")
    return found, parts, np.asarray(later.n), np.sqrt(values[2]) / values[0]


def _conditions(
    judging: Judging, series: Series, pair: int, candidate: Candidate
) -> list[float]:
    """Row of a month at the stated conditions; nan where one is not stated."""
    names = named(series, str(series.pairs["facility"].iloc[pair]), candidate.slots)
    values = [float(judging.conditions.get(name, np.nan)) for name in names]
    point = candidate.points[np.searchsorted(candidate.pairs, pair)]
    if np.isfinite(point):
        values = [max(value - point, 0.0) for value in values]
    return [1.0, *values]


def _base_loads(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], chosen: pd.DataFrame,
    rows: pd.DataFrame, packed: tuple[Packed, Packed], errors: _Errors, added: Floats,
    judging: Judging,
) -> None:
    """Compare by the ratio with a stated base load, from intervals known in both periods."""
    for pair in np.flatnonzero((chosen["kind"] == "base_load_ratio").to_numpy()):
        load = judging.base_load.get(str(rows["resource"].iloc[pair]))
        if load is None:
            continue
        sums = []
        for side in packed:
            known = ~np.isnan(side.use[pair]) & ~np.isnan(side.drivers[pair, :, 0])
            sums.append([side.use[pair, known], side.drivers[pair, known, 0],
                         side.length[pair, known]])  # fmt: skip
        (u, q, length), (v, made, span) = sums
        if not len(u) or not len(v) or not q.sum():
            continue
        share = load.share * u.sum() / length.sum()
        base = float(load.amount if np.isnan(share) else share)
        slope = (u.sum() - base * length.sum()) / q.sum()
        left = u - base * length - slope * q
        n = len(u)
        sigma2 = float(left @ left) / (n - 1) if n > 1 else 0.0
        expected = base * span.sum() + slope * made.sum() + added[pair]
        relative = n * sigma2 / u.sum() ** 2
        at = np.array([pair])
        own = _own_errors(np.array([1 - v.sum() / expected]), errors, at, n < SCATTER_ROWS,
                          slope * made.sum() / expected)  # fmt: skip
        found, parts = _joined(
            np.array([expected]), np.array([v.sum()]),
            np.array([relative * (expected - added[pair]) ** 2]),
            np.array([sigma2 * len(v)]), (max(n - 1, 1), max(n - 1, 1)), own, one_scatter=True,
        )  # fmt: skip
        _put(table, variances, at, found, parts, (n, len(v)), np.sqrt(relative))
        coefficients = np.array([base, slope])
        models[int(pair)] = Model(
            coefficients, (OUTPUT,), np.nan, relative * np.outer(coefficients, coefficients),
            float(np.sqrt(sigma2)), 0.0, max(n - 1, 1))  # fmt: skip


def _given(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], chosen: pd.DataFrame,
    series: Series, packed: tuple[Packed, Packed], errors: _Errors, added: Floats,
    judging: Judging,
) -> None:
    """Compare with baselines that were fitted before and handed in."""
    for pair in np.flatnonzero((chosen["why"] == "given").to_numpy()):
        resource = str(series.pairs["resource"].iloc[pair])
        baseline: Baseline = judging.given.get(resource) or judging.given[""]
        plant = str(series.pairs["facility"].iloc[pair])
        slot_of = {OUTPUT: OUTPUT, **{name: slot for slot, name in series.names[plant].items()}}
        if any(name not in slot_of for name in baseline.drivers):
            continue
        slots = tuple(slot_of[name] for name in baseline.drivers)
        where = [series.slots.index(slot) for slot in slots]
        x = packed[1].drivers[[pair]][..., where]
        if baseline.change_point is not None:
            x = bent(x, packed[1].length[[pair]], baseline.change_point, baseline.side)
        after = np.concatenate([packed[1].length[[pair]][..., None], x], axis=-1)
        unknown = np.isnan(packed[1].use[[pair]]) | np.isnan(after).any(axis=-1)
        after = np.where(unknown[..., None], np.nan, after)
        size = len(baseline.coefficients)
        covariance = np.array(baseline.covariance) if baseline.covariance else np.full(
            (size, size), np.nan)  # fmt: skip
        none = np.array([np.nan])
        fit = LinearFit(
            np.array([baseline.coefficients]), covariance[None],
            np.array([np.nan if baseline.sigma is None else baseline.sigma]),
            np.array([baseline.dof]), np.array([baseline.n]), none, none, none, none, none, none,
            none, none, none, np.array([True]), np.array([baseline.rho]),
        )  # fmt: skip
        at = np.array([pair])
        found, parts, n, sd = _forecast(fit, after, packed[1].use[at], added[at], errors, at, slots)
        _put(table, variances, at, found, parts, (baseline.n, n), sd)
        point = np.nan if baseline.change_point is None else baseline.change_point
        models[int(pair)] = _model(fit, 0, slots, point)._replace(side=baseline.side)
