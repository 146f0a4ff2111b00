"""The overall result of a plant, the groups that the programme names, and the other rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import Cells, cells_of, joined, match, sorted_rows
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.intensities import MEASURED
from sxsh_audit.assessment.target import Target
from sxsh_audit.calc.bands import EDGE_TOLERANCE
from sxsh_audit.calc.savings import (
    LEAST_KNOWN_SHARE,
    WeightedSaving,
    cost_weighted_saving,
    energy_total_saving,
)
from sxsh_audit.findings import Finding, Place

__all__ = ["group_table", "verdict_table"]

REACHED = ("within", "above")
ONE_OUTPUT = 1.0
"""Q₁ is one for all resources of a plant and cancels in Σ p (b − c) Q₁ / Σ p b Q₁."""


def _weights(rows: pd.DataFrame, codes: np.ndarray[Any, Any], count: int) -> pd.Series:
    """Price of each row; where a group has one row its weight cancels and needs no price."""
    alone = np.bincount(codes[rows["counted"].to_numpy()], minlength=count) == 1
    price = rows["price"].astype(float)
    return price.mask(alone[codes] & price.isna(), 1.0)


def _weighted(
    rows: pd.DataFrame, cells: Cells, least_share: float = LEAST_KNOWN_SHARE
) -> WeightedSaving:
    """Cost-weighted saving of each cell, over counted rows."""
    return cost_weighted_saving(
        _weights(rows, cells.code, len(cells)), rows["baseline"], rows["reporting"],
        ONE_OUTPUT, cells.code, len(cells),
        counted=rows["counted"].to_numpy(), measured=rows["measured"].to_numpy(),
        least_share=least_share,
    )  # fmt: skip


def group_table(savings: pd.DataFrame, target: Target) -> pd.DataFrame:
    """Return the saving of each group that the programme counts, cost-weighted inside it.

    Returns
    -------
    DataFrame
        Columns ``facility, group, saving, status, resources``.
    """
    if not len(savings):
        return pd.DataFrame(columns=["facility", "group", "saving", "status", "resources"])
    rows = savings[savings["counted"].astype(bool)].reset_index(drop=True)
    if not len(rows):
        return pd.DataFrame(columns=["facility", "group", "saving", "status", "resources"])
    rows = rows.assign(group=rows["category"], measured=True)
    cells = cells_of(rows, ["facility", "group"])
    found = _weighted(rows, cells, 1.0)
    order = sorted_rows(rows, ["resource"])
    listed = joined(cells.code[order], len(cells), rows["resource"].take(order))
    frame = rows[["facility", "group"]].take(cells.first).reset_index(drop=True)
    frame["saving"] = found.saving
    frame["status"] = target.status(frame["saving"])
    return frame.assign(resources=pd.Series(listed, dtype="str"))


def verdict_table(
    savings: pd.DataFrame, groups: pd.DataFrame, target: Target, energy_unit: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Overall result of each plant by the chosen rule, with the other rules beside it.

    Returns
    -------
    DataFrame
        Columns ``facility, rule, saving, status, reached`` (low end reached), ``phase, low,
        high, as_if``, ``known_share`` of the counted cost, the envelope ``lowest`` and
        ``highest``, ``<rule>_saving`` and ``<rule>_status`` of every rule, ``depends_on_rule``
        (whether the rules disagree on reaching the low end), ``worse`` (groups that got worse).
    list of Finding
        Why a result is unknown.
    """
    if not len(savings):
        return pd.DataFrame(columns=["facility"]), []
    rows = savings.reset_index(drop=True)
    rows = rows.assign(counted=rows["counted"].astype(bool))
    cells = cells_of(rows, ["facility"])
    weighted, codes = _weighted(rows, cells), cells.code
    each = _each(rows, codes, len(cells))
    energy = _energy(rows, codes, len(cells))
    by_rule = {"cost_weighted": weighted.saving, "each": each, "energy_total": energy.saving}
    columns: dict[str, Any] = {
        "facility": rows["facility"].take(cells.first).reset_index(drop=True),
    }
    for rule, saving in by_rule.items():
        columns[f"{rule}_saving"] = saving
        columns[f"{rule}_status"] = target.status(pd.Series(saving))
    status = columns[f"{target.rule}_status"]
    reached = {rule: _reached(columns[f"{rule}_status"]) for rule in by_rule}
    columns |= {
        "rule": target.rule, "saving": columns[f"{target.rule}_saving"], "status": status,
        "reached": reached[target.rule], "phase": target.phase, "as_if": target.as_if,
        "low": target.low, "high": target.high, "known_share": weighted.known_share,
        # A resource that was not used before has no percentage: its end of the envelope is open.
        "lowest": np.where(np.isinf(weighted.lowest), np.nan, weighted.lowest),
        "highest": weighted.highest, "energy_unit": energy_unit or None,
        "depends_on_rule": _depends(reached[target.rule], list(reached.values())),
    }  # fmt: skip
    frame = pd.DataFrame(columns)
    worse = groups[groups["saving"] < -EDGE_TOLERANCE]
    plant = match(worse, frame, ["facility"])
    frame["worse"] = pd.Series(joined(plant, len(frame), worse["group"]), dtype="str")
    return frame, _findings(frame, rows, target)


def _each(rows: pd.DataFrame, codes: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """Return the smallest saving of a counted resource; unknown while one is unknown."""
    counted = rows["counted"].to_numpy()
    codes, saving = codes[counted], rows["saving"].to_numpy()[counted]
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, codes, np.where(np.isnan(saving), np.inf, saving))
    lowest[codes[np.isnan(saving)]] = np.nan
    return np.where(lowest == np.inf, np.nan, lowest)


def _energy(rows: pd.DataFrame, codes: np.ndarray[Any, Any], count: int) -> WeightedSaving:
    carriers = rows["category"].isin(ENERGY).to_numpy()
    return energy_total_saving(
        rows["energy_factor"].astype(float), rows["baseline"], rows["reporting"],
        ONE_OUTPUT, codes, count, counted=carriers,
        measured=rows["measured"].to_numpy(),
    )  # fmt: skip


def _reached(status: list[str | None]) -> list[bool | None]:
    answers: dict[str | None, bool | None] = {None: None, "unknown": None}
    answers |= dict.fromkeys(REACHED, True)
    return [answers.get(word, False) for word in status]


def _depends(deciding: list[bool | None], rules: list[list[bool | None]]) -> list[bool | None]:
    """Whether the rules that give an answer disagree; None where there is nothing to compare."""
    said, *answers = (
        np.array(reached, dtype=float) for reached in (deciding, *rules)
    )  # None is nan
    yes = np.sum([answer == 1 for answer in answers], axis=0)
    no = np.sum([answer == 0 for answer in answers], axis=0)
    code = np.where(np.isnan(said) | (yes + no < 2), 2, (yes > 0) & (no > 0))
    found: list[bool | None] = np.array([False, True, None], dtype=object)[code].tolist()
    return found


def _findings(frame: pd.DataFrame, rows: pd.DataFrame, target: Target) -> list[Finding]:
    """Say why an overall result is unknown, and which resources stand in its way."""
    if target.low is None:  # no programme, or no phase for the date: told already
        return []
    unknown = frame[(frame["status"] == "unknown").to_numpy()]
    if not len(unknown):
        return []
    mine = rows[rows["counted"] & rows["facility"].isin(unknown["facility"])]
    counted = mine.groupby("facility").size().to_dict()
    unpriced = _named(mine[mine["price"].isna()])
    poor = _named(mine[~mine["measured"].astype(bool) | mine["saving"].isna()])
    rough = ~mine["output_quality"].isin(MEASURED) & mine["saving"].notna()
    rough_output = set(mine.loc[rough, "facility"])
    findings = []
    for facility, share in zip(unknown["facility"], unknown["known_share"], strict=True):
        numbers: dict[str, Any] = {"rule": target.rule}
        code = "assess.overall_unknown"
        if not counted.get(facility):
            code = "assess.nothing_counted"
        elif target.rule == "cost_weighted" and facility in unpriced and counted[facility] > 1:
            code = "assess.no_price"
            numbers["resources"] = unpriced[facility]
        elif target.rule == "cost_weighted" and share < LEAST_KNOWN_SHARE:
            code = "assess.known_share"
            numbers |= {"share": float(share), "resources": poor.get(facility, [])}
            if facility in rough_output:
                code = "assess.output_quality"
        findings.append(Finding(code, "warning", Place(facility=str(facility)), "", numbers))
    return findings


def _named(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Resources of each plant, sorted."""
    ordered = rows.sort_values(["facility", "resource"])
    named: dict[str, list[str]] = {}
    for facility, resource in zip(ordered["facility"], ordered["resource"], strict=True):
        named.setdefault(facility, []).append(str(resource))
    return named
