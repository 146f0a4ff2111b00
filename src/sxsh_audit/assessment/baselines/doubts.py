"""What the reader of an adjusted saving must know."""

from __future__ import annotations

import pandas as pd

from sxsh_audit.assessment.baselines.candidates import MOST_SEARCHED
from sxsh_audit.assessment.baselines.series import MOST_SLOTS, Series
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.target import Target
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import Study

__all__ = ["OUTPUT_CHANGED", "adjusted_findings", "condition_findings", "unfitted_findings"]

CORRELATED = 0.2
"""Autocorrelation from which it is told; what is less is allowed for and widens little (ours)."""
OUTPUT_CHANGED = 0.2
"""Change of the output a month from which a plain ratio may move without any saving (ours)."""


def adjusted_findings(
    adjusted: pd.DataFrame, expected: pd.DataFrame, series: Series, target: Target
) -> list[Finding]:
    """Say where ratio and adjusted saving part, and what neither can tell.

    Parameters
    ----------
    adjusted : DataFrame
        Adjusted savings.
    expected : DataFrame
        Expected use by interval.
    series : Series
        Names of the plants.
    target : Target
        Whether there is a band.

    Returns
    -------
    list of Finding
    """
    findings: list[Finding] = []

    def tell(code: str, severity: str, rows: pd.DataFrame, *names: str) -> None:
        for row in records_of(rows):
            place = Place(facility=str(row["facility"]), resource=str(row["resource"]))
            numbers = {"resource": row["resource"], **{name: row[name] for name in names}}
            findings.append(Finding(code, severity, place, "", numbers))  # type: ignore[arg-type]

    ratio = adjusted["kind"] == "ratio"
    differ = adjusted["disagree"].map(lambda value: value is True).astype(bool)
    tell("baseline.disagree", "warning", adjusted[differ], "ratio_saving", "judged_saving", "kind")
    moved = ratio & (adjusted["output_change"].abs() > OUTPUT_CHANGED) & adjusted["saving"].notna()
    tell("baseline.output_changed", "warning", adjusted[moved], "output_change")
    tell("baseline.delta_fails", "warning", adjusted[adjusted["delta_fails"].astype(bool)])
    silent = adjusted["saving"].notna() & adjusted["sd"].isna()
    tell("baseline.no_interval", "note", adjusted[silent])
    partly = adjusted["sd"].notna() & (adjusted["errors_from"] == "")
    tell("baseline.scatter_only", "note", adjusted[partly])
    tell("baseline.correlated", "note", adjusted[adjusted["rho"] > CORRELATED], "rho")
    carried = adjusted["earlier_saving"].notna() & (adjusted["judged_saving"].notna())
    kept = adjusted["judged_saving"] != adjusted["saving"]
    tell("baseline.earlier", "note", adjusted[carried & kept], "earlier_saving", "saving",
         "judged_saving")  # fmt: skip
    tell("baseline.earlier_apart", "note", adjusted[carried & ~kept
         & (adjusted["earlier_saving"] != 0)], "earlier_saving")  # fmt: skip
    below = expected[expected["expected"].to_numpy(float) < 0] if len(expected) else expected
    if len(below):
        tell("baseline.negative_expected", "warning",
             below.drop_duplicates(["facility", "resource"]), "start")  # fmt: skip
    return findings


def condition_findings(adjusted: pd.DataFrame, judging: Judging) -> list[Finding]:
    """Say where the conditions that were asked for could not be had.

    Parameters
    ----------
    adjusted : DataFrame
        Adjusted savings.
    judging : Judging
        Conditions that were asked for.

    Returns
    -------
    list of Finding
    """
    findings: list[Finding] = []
    if judging.adjust_to == "forecast":
        return findings
    for row in records_of(adjusted):
        place = Place(facility=str(row["facility"]), resource=str(row["resource"]))
        numbers = {"resource": row["resource"], "kind": row["kind"]}
        if row["adjust_to"] != judging.adjust_to:
            findings.append(Finding("baseline.only_forecast", "note", place, "", numbers))
            continue
        lacking = [name for name in row["drivers"] if pd.isna(judging.condition(name))]
        if judging.adjust_to == "standard" and lacking:
            findings.append(Finding("baseline.no_conditions", "warning", place, "",
                                    {"resource": row["resource"], "drivers": lacking}))  # fmt: skip
    return findings


def unfitted_findings(study: Study, series: Series) -> list[Finding]:
    """Say which drivers and change points were not looked at.

    Parameters
    ----------
    study : Study
        Its drivers.
    series : Series
        The pairs.

    Returns
    -------
    list of Finding
    """
    counts = study.tables.drivers.groupby("facility")["driver"].nunique()
    findings = [
        Finding("baseline.many_drivers", "warning", Place(facility=str(plant)), "",
                {"count": int(count), "most": MOST_SLOTS})
        for plant, count in counts[counts > MOST_SLOTS].items()
    ]  # fmt: skip
    if len(series.pairs) > MOST_SEARCHED:
        findings.append(Finding("baseline.not_searched", "note", Place(), "",
                                {"count": len(series.pairs), "most": MOST_SEARCHED}))  # fmt: skip
    return findings
