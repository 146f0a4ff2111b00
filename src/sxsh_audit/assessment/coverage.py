"""What a figure rests on: months left out, silent meters, seasons, months without output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.months import TOTAL, Known, month_text, phase_months
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["coverage_findings"]

Whole = NDArray[np.int64]

LISTED = 12
"""Months or parts that a sentence names before it says «…»."""


def coverage_findings(
    study: Study, frame: pd.DataFrame, idle: tuple[Whole, Whole], use: Known, output: Known,
    plant: Whole,
) -> list[Finding]:  # fmt: skip
    """Say on what the specific consumptions rest.

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    frame : DataFrame
        One row per plant and resource in the order of `use`; see
        :func:`~sxsh_audit.assessment.intensities.intensity_table`.
    idle : (array of int, array of int)
        Row of the frame and month of every use without output.
    use, output : Known
        What is known of either side, and which parts are silent.
    plant : array of int
        Plant of each row of the frame among those of `output`; −1 for none.

    Returns
    -------
    list of Finding
    """
    findings = _idle(frame, *idle)
    findings += _silent(use.silent, "meter", "assess.silent_meter")
    findings += _silent(output.silent, "product", "assess.silent_product")
    findings += _seasons(study, frame)
    findings += _short(study, frame, use, output, plant)
    findings += _unknown(frame)
    return findings


def _records(frame: pd.DataFrame, rows: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    """Return some rows as mappings; a plant of which nothing is told costs nothing."""
    if not rows.any():
        return iter(())
    return iter(records_of(frame[rows]))


def _place(row: dict[str, Any]) -> Place:
    return Place(facility=str(row["facility"]), resource=str(row.get("resource", "")))


def _cut(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return listed if len(listed) <= LISTED else [*listed[:LISTED], "…"]


def _idle(frame: pd.DataFrame, whole: Whole, month: Whole) -> list[Finding]:
    """Months with use and without output; one finding per plant and resource."""
    if not whole.size:
        return []
    months: dict[int, list[int]] = {}
    for row, when in zip(whole.tolist(), month.tolist(), strict=True):
        months.setdefault(row, []).append(when)
    named = frame.take(list(months))
    keys = zip(named["facility"], named["resource"], months.values(), strict=True)
    findings = []
    for facility, resource, found in sorted(keys):
        texts = [month_text(when) for when in sorted(found) if when != TOTAL]
        numbers = {"resource": resource, "months": _cut(texts) or ["–"]}
        place = Place(facility=str(facility), resource=str(resource))
        findings.append(Finding("assess.idle_months", "warning", place, "", numbers))
    return findings


def _silent(silent: pd.DataFrame, part: str, code: str) -> list[Finding]:
    """Parts without a figure in a phase: they leave the whole unknown there."""
    findings = []
    for row in _records(silent, np.ones(len(silent), bool)):
        numbers = {"named": str(row[part]) or "–", "phase": row["phase"],
                   "resource": str(row.get("resource", ""))}  # fmt: skip
        findings.append(Finding(code, "warning", _place(row), "", numbers))
    return findings


def _seasons(study: Study, frame: pd.DataFrame) -> list[Finding]:
    """Both periods must cover the same calendar months, or the season is taken for a saving."""
    seasons = [frame[f"season_{phase}"].to_numpy() for phase in PHASES]
    monthly = (seasons[0] > 0) & (seasons[1] > 0)
    unlike = monthly & (seasons[0] != seasons[1])
    findings = [
        Finding("assess.seasons", "warning", _place(row), "", {
            "resource": row["resource"],
            "only_baseline": _only(row["season_baseline"], row["season_reporting"]),
            "only_reporting": _only(row["season_reporting"], row["season_baseline"]),
        })
        for row in _records(frame, unlike)
    ]  # fmt: skip
    spans = {phase: {month % 12 for month in phase_months(study, phase)} for phase in PHASES}
    if not unlike.any() and all(spans.values()) and spans["baseline"] != spans["reporting"]:
        numbers = {phase: sorted(month + 1 for month in spans[phase]) for phase in PHASES}
        findings.append(Finding("assess.season_of_periods", "warning", numbers=numbers))
    return findings


def _only(mine: int, other: int) -> list[Any]:
    """Calendar months that one period has and the other has not."""
    return [month + 1 for month in range(12) if (mine & ~other) >> month & 1] or ["–"]


def _short(
    study: Study, frame: pd.DataFrame, use: Known, output: Known, plant: Whole
) -> list[Finding]:
    """Name the months that are missing, and which record lacks them."""
    findings = []
    for place, phase in enumerate(PHASES):
        wanted = phase_months(study, phase)
        known = frame[f"months_{phase}"].to_numpy()
        short = (known > 0) & (known < len(wanted))
        slots = use.slots.of(place)
        has = use.by_month.known[slots][:, short].T
        made = output.by_month.known[slots][:, plant[short]].T if short.any() else has
        for i, row in enumerate(_records(frame, short)):
            numbers = {
                "resource": row["resource"], "phase": phase,
                "known": int(row[f"months_{phase}"]), "months": len(wanted),
                "no_use": _lacking(wanted, has[i]), "no_output": _lacking(wanted, made[i]),
            }  # fmt: skip
            findings.append(
                Finding("assess.months_missing", "warning", _place(row), "", numbers)
            )
    return findings


def _lacking(wanted: list[int], known: NDArray[np.bool_]) -> list[str]:
    return _cut(month_text(wanted[slot]) for slot in np.flatnonzero(~known)) or ["–"]


def _unknown(frame: pd.DataFrame) -> list[Finding]:
    """Say why a saving is not known."""
    findings = []
    for phase in PHASES:
        missing = np.isnan(frame[f"use_{phase}"].to_numpy(float))
        findings += [
            Finding("assess.phase_unknown", "warning", _place(row), "",
                    {"resource": row["resource"], "phase": phase})
            for row in _records(frame, missing)
        ]  # fmt: skip
    fresh = (frame["baseline"].to_numpy() == 0) & (frame["reporting"].to_numpy() > 0)
    findings += [
        Finding("assess.new_resource", "note", _place(row), "", {"resource": row["resource"]})
        for row in _records(frame, fresh)
    ]
    return findings
