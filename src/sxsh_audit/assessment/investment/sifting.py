"""Screening of the options as practised: implement now, study further, or reject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.calc.screening import Screening, screen_options

__all__ = ["CHANGE", "CRITERIA", "SCREENING", "screened", "screening_table"]

CHANGE = 0.1
"""How far a weight is moved to see what it does to the order, as a part of all weights [1]."""
CRITERIA = ("technical", "economic", "environmental")
SCREENING = (
    "facility", "option", "name", *CRITERIA, "score", "decision", "rank", "rank_best",
    "rank_worst",
)  # fmt: skip


def screening_table(
    live: pd.DataFrame, terms: Terms
) -> pd.DataFrame:
    """Screen the options of every plant with the user's weights and thresholds.

    Parameters
    ----------
    live : DataFrame
        Options that are not dropped, with ``score_technical``, ``score_economic``,
        ``score_environmental``.
    terms : Terms
        Its ``screening`` holds a weight for each criterion and the thresholds ``implement`` and
        ``study``; without them nothing is screened.

    Returns
    -------
    DataFrame
        Columns :data:`SCREENING`; ``rank_best`` and ``rank_worst`` are the ranks that the option
        can have while one weight at a time changes by up to :data:`CHANGE` of all.
    """
    if not terms.screening or not len(live):
        return pd.DataFrame(columns=list(SCREENING))
    parts = []
    for _, rows in live.groupby("facility", sort=True):
        scores = rows[[f"score_{name}" for name in CRITERIA]].to_numpy(float)
        found = screened(scores, terms.screening, [str(n) for n in rows["option"]])
        unknown = np.isnan(found.score)
        table = rows[["facility", "option", "name"]].assign(
            **dict(zip(CRITERIA, scores.T, strict=True)), score=np.asarray(found.score, float),
            decision=[str(word) for word in found.decision],
            rank=np.where(unknown, np.nan, found.rank),
            rank_best=np.where(unknown, np.nan, _ends(found.best_rank, np.min)),
            rank_worst=np.where(unknown, np.nan, _ends(found.worst_rank, np.max)),
        )  # fmt: skip
        parts.append(table.sort_values(["rank", "option"], kind="stable"))
    return pd.concat(parts)[list(SCREENING)].reset_index(drop=True)


def screened(
    scores: np.ndarray, screening: Mapping[str, float], names: Sequence[str]
) -> Screening:
    """Screen the options of one plant with the weights and thresholds of the study.

    Parameters
    ----------
    scores : array, shape (options, 3)
        Scores by :data:`CRITERIA`.
    screening : mapping
        Weights by criterion; one that is not stated has none. Thresholds ``implement``, ``study``.
    names : sequence of str
        Ids of the options.
    """
    return screen_options(
        scores, [float(screening.get(name, 0.0)) for name in CRITERIA],
        implement=float(screening["implement"]), study=float(screening["study"]),
        change=CHANGE, criteria=CRITERIA, option_ids=list(names),
    )  # fmt: skip


def _ends(ranks: np.ndarray | None, end: Callable[..., Any]) -> Any:
    return np.nan if ranks is None else end(ranks, axis=1)
