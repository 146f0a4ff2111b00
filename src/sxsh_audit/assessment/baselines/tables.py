"""Everything about adjusted baselines that a result holds, as frames."""

from __future__ import annotations

import pandas as pd

from sxsh_audit.assessment.baselines.adjusted import compared
from sxsh_audit.assessment.baselines.candidates import candidate_table, candidates_of
from sxsh_audit.assessment.baselines.choice import chosen_baselines
from sxsh_audit.assessment.baselines.doubts import (
    adjusted_findings,
    condition_findings,
    unfitted_findings,
)
from sxsh_audit.assessment.baselines.expected import expected_table
from sxsh_audit.assessment.baselines.judged import (
    adjusted_table,
    carried_variances,
    uncertainty_table,
)
from sxsh_audit.assessment.baselines.reconciled import reconciled_table
from sxsh_audit.assessment.baselines.series import KEYS, series_of
from sxsh_audit.assessment.baselines.splits import change_table
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.assessment.baselines.together import together_table
from sxsh_audit.assessment.result_tables import ResultTable
from sxsh_audit.assessment.target import Target
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.study import Study

__all__ = ["applicable_baselines", "baseline_tables"]

NAMES = (
    "baselines", "adjusted", "adjusted_overall", "uncertainty", "change_split",
    "reconciliation", "expected",
)  # fmt: skip


def baseline_tables(
    study: Study, savings: pd.DataFrame, verdict: pd.DataFrame,
    claims: tuple[pd.DataFrame, pd.DataFrame], judging: Judging, target: Target,
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Adjust the savings of a study.

    Parameters
    ----------
    study : Study
        Checked records.
    savings, verdict : DataFrame
        Plain ratios, and the overall result by them.
    claims : pair of DataFrame
        What implemented options claim, by resource and by metered end use.
    judging : Judging
        Baselines and confidence.
    target : Target
        Band that probabilities are of.

    Returns
    -------
    dict of str to DataFrame
        By the names of the tables of a result.
    list of Finding
    """
    if not len(savings):
        return {name: pd.DataFrame() for name in NAMES}, []
    series = series_of(study)
    found = candidates_of(series)
    units = savings[[*KEYS, "unit", "output_unit"]]
    chosen, findings = chosen_baselines(series, found, judging, units)
    findings += unfitted_findings(study, series)
    both = compared(study, series, found, chosen, savings, judging)
    adjusted = adjusted_table(series, found, chosen, both, savings, judging, target)
    taken = carried_variances(both[1], adjusted)
    expected = expected_table(study, series, taken)
    findings += adjusted_findings(adjusted, expected, series, target)
    findings += condition_findings(adjusted, judging)
    changes, told = change_table(study, savings)
    frames = {
        "baselines": candidate_table(series, found, chosen),
        "adjusted": adjusted,
        "adjusted_overall": together_table(adjusted, taken, savings, verdict, target),
        "uncertainty": uncertainty_table(series, taken, adjusted),
        "change_split": changes,
        "reconciliation": reconciled_table(study, claims, adjusted, savings, both[1],
                                           judging.confidence),
        "expected": expected,
    }
    return frames, [*findings, *told]


def applicable_baselines(study: Study, *, language: Language = "vi") -> ResultTable:
    """Say which adjusted baselines the data of a study allow, and why not the others.

    Parameters
    ----------
    study : Study
        Checked records.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ResultTable
        One record per plant, resource and candidate: ``kind``, ``drivers``, ``applicable``,
        ``chosen`` by the rule, ``reasons`` (each a code with its numbers), ``n``, ``r2``,
        ``adjusted_r2``, ``cv_rmse``, ``f_p``, ``p``, ``coefficients``, ``standard_errors``,
        ``autocorrelation``. Nothing where the study has no interval, only totals.

    Raises
    ------
    TypeError
        If it is given anything but a study.

    Notes
    -----
    A regression applies with 12 rows or more whose output or drivers change, p ≤ 0.1 as a whole,
    p ≤ 0.2 of each driver and below 0.1 of one, R² ≥ 0.5, CV(RMSE) ≤ 0.25, no use that falls
    with output, no base load below 0, and a reporting period whose mean lies within the range of
    the baseline or three standard deviations of its mean. Among those that apply, the rule takes
    the highest adjusted R².

    Examples
    --------
    >>> from sxsh_audit import Study
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> len(applicable_baselines(study))  # two totals have no months
    0
    """
    if not isinstance(study, Study):
        raise TypeError(f"give a Study, not {type(study).__name__}")
    series = series_of(study)
    found = candidates_of(series)
    chosen, _ = chosen_baselines(series, found, Judging())
    keys = ("facility", "resource", "kind")
    return ResultTable.from_frame("baselines", keys, candidate_table(series, found, chosen))
