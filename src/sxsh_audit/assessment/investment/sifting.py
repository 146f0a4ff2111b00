"""Screening of the options as practised: implement now, study further, or reject."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.calc.screening import screen_options
from sxsh_audit.findings import Finding, Place

__all__ = ["CRITERIA", "SCREENING", "screening_table"]

CRITERIA = ("technical", "economic", "environmental")
SCREENING = (
    "facility", "option", "name", *CRITERIA, "score", "decision", "rank", "rank_best",
    "rank_worst",
)  # fmt: skip


def screening_table(
    ventures: pd.DataFrame, terms: Terms
) -> tuple[pd.DataFrame, list[Finding]]:
    """Screen the options of every plant with the user's weights and thresholds.

    Parameters
    ----------
    ventures : DataFrame
        Options with ``score_technical``, ``score_economic``, ``score_environmental``.
    terms : Terms
        Its ``screening`` holds a weight for each criterion and the thresholds ``implement`` and
        ``study``; without them nothing is screened.

    Returns
    -------
    DataFrame
        Columns :data:`SCREENING`; ``rank_best`` and ``rank_worst`` are the ranks that the option
        can have when every weight is the user's alone, one criterion at a time.
    list of Finding
        Options whose scores are not complete.
    """
    if not terms.screening or not len(ventures):
        return pd.DataFrame(columns=list(SCREENING)), []
    weights = [float(terms.screening[name]) for name in CRITERIA]
    live = ventures[ventures["status"] != "dropped"]
    parts, findings = [], []
    for facility, rows in live.groupby("facility", sort=True):
        scores = rows[[f"score_{name}" for name in CRITERIA]].to_numpy(float)
        found = screen_options(
            scores, weights, implement=float(terms.screening["implement"]),
            study=float(terms.screening["study"]), option_ids=[str(n) for n in rows["option"]],
        )  # fmt: skip
        table = rows[["facility", "option", "name"]].assign(
            **dict(zip(CRITERIA, scores.T, strict=True)), score=np.asarray(found.score, float),
            decision=[str(word) for word in found.decision], rank=found.rank,
            rank_best=found.rank_best, rank_worst=found.rank_worst,
        )  # fmt: skip
        parts.append(table.sort_values(["rank", "option"], kind="stable"))
        silent = [str(name) for name, row in zip(rows["option"], scores, strict=True)
                  if np.isnan(row).any()]  # fmt: skip
        if silent:
            findings.append(Finding("invest.no_scores", "warning", Place(facility=str(facility)),
                                    "", {"options": silent}))  # fmt: skip
    return pd.concat(parts)[list(SCREENING)].reset_index(drop=True), findings
