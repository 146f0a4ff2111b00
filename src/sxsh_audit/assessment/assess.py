"""From a study to its assessment: savings, target check, ranked options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit import __version__
from sxsh_audit.assessment.baselines.tables import baseline_tables
from sxsh_audit.assessment.baselines.terms import Judging, judging_of
from sxsh_audit.assessment.emission_factors import EmissionFactor, emission_factors
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.flows.emitting import inventory_tables
from sxsh_audit.assessment.flows.tables import claim_tables, flow_tables, flowing
from sxsh_audit.assessment.investment.tables import Basis, investment_tables
from sxsh_audit.assessment.investment.terms import Terms, terms_of
from sxsh_audit.assessment.months import phase_months
from sxsh_audit.assessment.options import option_table, option_totals
from sxsh_audit.assessment.plausibility.rules import plausible_findings
from sxsh_audit.assessment.prices import KEYS
from sxsh_audit.assessment.programmes import Programme
from sxsh_audit.assessment.recorded import told_records
from sxsh_audit.assessment.result_tables import FindingTable
from sxsh_audit.assessment.results import TABLES, Assessment
from sxsh_audit.assessment.saving_tables import saving_tables
from sxsh_audit.assessment.target import Target, target_of
from sxsh_audit.calc.bills import annualise
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.folding import tidy_findings
from sxsh_audit.tables.study import PHASES, Study, phase_days

if TYPE_CHECKING:
    import os

    from sxsh_audit.calc.baseline import Baseline

__all__ = ["assess"]


def assess(
    study: Study,
    *,
    programme: str | os.PathLike[str] | Programme | None = None,
    phase: str | None = None,
    sector: str | None = None,
    overall: str | None = None,
    factor_set: str | os.PathLike[str] | None = None,
    discount_rate: float | str | None = None,
    inflation: float | str | None = None,
    horizon: int | str | None = None,
    budget: float | str | None = None,
    reach: float | str | None = None,
    best_by: str | None = None,
    seed: int | str | None = None,
    baseline: str | Baseline | Mapping[str, str | Baseline] | None = None,
    confidence: float | str | None = None,
    progress: Callable[[int, int], None] | None = None,
    language: Language = "vi",
) -> Assessment:
    """Assess a study.

    Parameters
    ----------
    study : Study
        Checked records of one plant or of many.
    programme : str, path or Programme, optional
        Programme to check against: an id such as ``"vn-qb-2384"``, a file of the same shape, or
        what :func:`sxsh_audit.programme` returns.
        By default the one that the study names; none means no target check.
    phase : str, optional
        Phase of the programme to judge "as if", whatever the date.
    sector : str, optional
        Sector, for a programme whose band differs by sector.
    overall : {"cost_weighted", "each", "energy_total"}, optional
        Rule of the overall result; by default the study's, else the programme's.
    factor_set : str or path, optional
        Factor set for energy totals; by default the study's.
    discount_rate : float or str, optional
        Rate of the net present value, ``0.1`` or ``"10 %"`` [1/year]: nominal where an inflation
        is stated beside it, else real. This and the terms below are by default the study's, and
        none of them is assumed: what nobody states is not worked out.
    inflation : float or str, optional
        Inflation that a nominal rate holds. [1/year]
    horizon : int or str, optional
        Years over which options are judged; one without a lifetime runs through them. [year]
    budget : float or str, optional
        Money for the best set of options, ``500e6`` or ``"500 triệu đồng"``. [currency]
    reach : {"low", "high"}, float or str, optional
        Saving that the cheapest set is to reach: an end of the target, ``0.08`` or ``"8 %"``. [1]
    best_by : {"npv", "money", "energy", "carbon"}, optional
        What the best set has most of; by default net present value, without a rate money a year.
    seed : int or str, optional
        Seed of the draws from the ranges of the study; without one nothing is drawn.
    baseline : str, Baseline or mapping, optional
        Baseline that savings are adjusted by: ``"ratio"``, ``"base_load_ratio"``,
        ``"regression"``, ``"change_point"``, or what :func:`sxsh_audit.fit_baseline` returned;
        or any of these by resource. By default the study's, else ``"auto"``: the best that the
        data allow, by the rule of :func:`sxsh_audit.applicable_baselines`.
    confidence : float or str, optional
        Confidence of intervals, by default the study's, else 0.9. [1]
    progress : callable, optional
        Called while chances are drawn, with the plants that are done and those there are.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Assessment
        ``.savings``, ``.verdict``, ``.options``, ``.findings`` and more; everything is there
        also when the target cannot be checked. ``.adjusted`` holds the adjusted savings beside
        the plain ratios, with intervals and probabilities. ``.economics``, ``.portfolio``,
        ``.risk`` and their like are empty where nobody asked.

    Raises
    ------
    ProgrammeError
        If there is no such programme, phase or sector.
    ConversionError
        If there is no such factor set.
    Refusal
        If a rate, a year, an amount of money or a confidence cannot be read, or there is no
        such kind of baseline.

    Notes
    -----
    saving = (b − c) / b with b the specific consumption of the baseline and c that of the
    reporting period; absolute saving = (b − c) × reporting output. The overall result is
    Σ p (b − c) Q₁ / Σ p b Q₁ at constant baseline prices over the counted resources.

    Examples
    --------
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> found = assess(study, programme="vn-qb-2384", phase="2016-2020")
    >>> round(found.savings["electricity"].saving, 4), found.verdict.status
    (0.0833, 'within')
    """
    if not isinstance(study, Study):
        raise TypeError(f"assess a Study (read_study reads one), not {type(study).__name__}")
    settings = study.settings
    chosen = programme or settings.programme
    # The sector of a study also names the norms it is compared with, so it may stand alone there.
    target = target_of(
        chosen, phase or settings.phase or None,
        sector or (settings.sector if chosen else "") or None, overall or settings.overall,
        study, language,
    )  # fmt: skip
    findings: list[Finding] = [item for item in study.findings if item.severity != "error"]
    findings += target.findings
    given = {"discount_rate": discount_rate, "inflation": inflation, "horizon": horizon,
             "budget": budget, "reach": reach, "best_by": best_by, "seed": seed}  # fmt: skip
    terms, found = terms_of(settings, given, target, language)
    findings += found
    judging = judging_of(settings, baseline, confidence, language)
    named = str(factor_set or settings.factor_set)
    worked = saving_tables(study, target, named, language)
    savings, verdict, prices = worked.savings, worked.verdict, worked.prices
    intensities, energy_unit = worked.intensities, worked.energy_unit
    findings += worked.findings
    annual = _annual(study, savings, intensities)
    flows = flowing(study)
    findings += flows.findings
    flowed, found = flow_tables(flows)
    findings += found
    options, option_savings, found = option_table(study, prices, annual, flows.yearly)
    findings += found
    claimed, told = claim_tables(flows, option_savings, options, found)
    findings += told
    basis = Basis(study, options, option_savings, savings, annual, target, flows.yearly)
    invested, factors, found = investment_tables(basis, terms, language, progress)
    findings += found
    grid = _grid_factors(study, savings, terms, language)
    emitted, found = inventory_tables(study, flows, savings, grid, language)
    findings += found
    claims = invested["claimed"], invested.pop("end_use_claims")
    adjusted, found = baseline_tables(study, savings, verdict, claims, judging, target)
    findings += found
    implausible = plausible_findings(study, savings, prices, annual)
    findings += tidy_findings(implausible, fold=study.folded)
    frames = {
        "savings": savings, "groups": worked.groups, "verdict": verdict, "options": options,
        "option_savings": option_savings, "option_totals": option_totals(options), **invested,
        **adjusted, **flowed, **claimed, **emitted,
    }  # fmt: skip
    results: dict[str, Any] = {
        name: kind.from_frame(name, keys, frames[name]) for name, (kind, keys) in TABLES.items()
    }
    return Assessment(
        study=_study_record(study),
        settings=_settings_record(study, target, named, energy_unit, terms, factors, judging),
        findings=FindingTable(tuple(findings)),
        version=__version__,
        **results,
    )


def _grid_factors(
    study: Study, savings: pd.DataFrame, terms: Terms, language: Language
) -> dict[str, EmissionFactor]:
    """Return the factors of the grid and of the user's file, for every resource that is used."""
    if terms.grid_year is None and not terms.emission_factors:
        return {}
    used = savings[savings["category"].isin(ENERGY)] if len(savings) else savings
    units = {} if not len(used) else dict(zip(used["resource"], used["unit"], strict=True))
    return emission_factors(dict(sorted(units.items())), grid_year=terms.grid_year,
                            file=terms.emission_factors or None, language=language)  # fmt: skip


def _annual(
    study: Study, savings: pd.DataFrame, intensities: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Baseline use per year; a total without dates is taken as it stands."""
    if not len(savings) or intensities is None:
        return None
    days = phase_days(study.settings, "baseline")
    whole = 1.0 if days is None else 12.0 / round((days[1] - days[0] + 1) / (365.25 / 12))
    months = savings["months_baseline"]
    use = savings["use_baseline"]
    yearly = use * np.where(months > 0, 12.0 / months.clip(lower=1), whole)
    operating = study.settings.operating_months
    if operating and days is not None:
        # Of a seasonal plant twelve months are no twelve times one: its months are stated.
        bits = savings[KEYS].merge(intensities[[*KEYS, "season_baseline"]], on=KEYS)
        period = sum({1 << (month % 12) for month in phase_months(study, "baseline")})
        known = np.where(months > 0, bits["season_baseline"], period)
        covered = (known[:, None] >> np.arange(12)) & 1 == 1
        season = [float(month in operating) for month in range(1, 13)]
        yearly = pd.Series(annualise(use.to_numpy(float), covered, season), savings.index)
    return savings[[*KEYS, "unit"]].assign(annual_use=yearly)


def _study_record(study: Study) -> dict[str, Any]:
    settings = study.settings
    facility = study.tables.facility
    names = {
        str(row.facility): str(row.name_) for row in facility.rename(
            columns={"name": "name_"}).itertuples() if row.name_
    }  # fmt: skip
    return {
        "study": settings.study,
        "title": settings.title,
        "facilities": names,
        "report_date": _iso(settings.report_date),
        "files": dict(study.hashes),
        "recorded": told_records(study),
    }


def _settings_record(
    study: Study, target: Target, factor_set: str, energy_unit: str, terms: Terms,
    factors: Mapping[str, EmissionFactor], judging: Judging,
) -> dict[str, Any]:
    settings = study.settings
    periods = {
        phase: None if (period := getattr(settings, phase)) is None
        else {"start": _iso(period.start), "end": _iso(period.end)}
        for phase in PHASES
    }  # fmt: skip
    own = study.tables.resources
    labels = {
        row.resource: row.own for row in own.rename(columns={"name": "own"}).itertuples()
        if row.own
    }  # fmt: skip
    return {
        **target.record(),
        "factor_set": factor_set,
        "energy_unit": energy_unit,
        "currency": settings.currency,
        "terms": terms.record(),
        "judging": judging.record(),
        "emission_factors": {
            name: {"value": factor.value, "unit": factor.unit, "year": factor.year,
                   "method": factor.method, "source": factor.source}
            for name, factor in factors.items()
        },
        "output_rule": settings.output,
        "operating_months": list(settings.operating_months),
        "periods": periods,
        "labels": labels,
        "display_units": _usual_units(study.tables.consumption, "resource"),
        "display_outputs": _usual_units(study.tables.production, "facility"),
    }


def _usual_units(table: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    """Return the unit in which each key was written most often; of equals the first by name."""
    rows = table.loc[(table["shown_unit"] != "") & (table[key] != ""),
                     [key, "shown_unit", "shown_factor"]]  # fmt: skip
    counts = rows.value_counts().rename("rows").reset_index()
    counts = counts.sort_values(["rows", "shown_unit"], ascending=[False, True])
    usual = counts.drop_duplicates(key)
    return {
        str(name): {"unit": str(unit), "factor": float(factor)}
        for name, unit, factor in zip(
            usual[key], usual["shown_unit"], usual["shown_factor"], strict=True)
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
