"""The baseline that is taken for each plant and resource: as asked for, or by our rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import Candidate, rule_choice
from sxsh_audit.assessment.baselines.series import KEYS, Series
from sxsh_audit.assessment.baselines.terms import AUTO, Judging
from sxsh_audit.assessment.cells import records_of
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.findings import Finding, Place

__all__ = ["chosen_baselines"]

FITTED = ("regression", "change_point")


def chosen_baselines(
    series: Series, found: list[Candidate], judging: Judging, units: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Choose a kind of baseline for every plant and resource.

    Parameters
    ----------
    series : Series
        The pairs of plant and resource.
    found : list of Candidate
        What was fitted.
    judging : Judging
        What was asked for.
    units : DataFrame, optional
        ``facility, resource, unit, output_unit`` that given baselines must be in.

    Returns
    -------
    DataFrame
        Indexed like the pairs: ``kind``, ``number`` of the candidate (−1 for ratios), ``why``
        (``asked``, ``given``, ``rule`` for what our rule prefers, ``only`` where nothing but the
        ratio is left).
    list of Finding
        Where what was asked for cannot be had, or breaks a limit.
    """
    pairs = series.pairs
    number = rule_choice(found, len(pairs))
    kinds = np.array([candidate.kind for candidate in found] + ["ratio"], dtype=object)
    kind = kinds[number]
    why = np.where(number >= 0, "rule", "only").astype(object)
    findings: list[Finding] = []
    stated = np.array(pairs["resource"].isin(list(judging.base_load)), bool)
    for at, share in _loads_over_use(series, judging).items():
        resource = str(pairs["resource"].iloc[at])
        place = Place(facility=str(pairs["facility"].iloc[at]), resource=resource)
        findings.append(Finding("baseline.base_load_over_use", "warning", place, "",
                                {"resource": resource, "share": share}))  # fmt: skip
        stated[at] = False
    usable = stated.copy()
    stated &= number < 0
    kind[stated], why[stated] = "base_load_ratio", "rule"
    wanted = np.array([judging.kind(name) for name in pairs["resource"]], dtype=object)
    for pair in np.flatnonzero(wanted != AUTO):
        asked, resource = str(wanted[pair]), str(pairs["resource"].iloc[pair])
        place = Place(facility=str(pairs["facility"].iloc[pair]), resource=resource)
        position: int | None = -1
        if asked in FITTED:
            position, told = _best_of(found, asked, int(pair))
            if position is None:
                findings.append(Finding("baseline.not_fitted", "warning", place, "",
                                        {"resource": resource, "kind": asked}))  # fmt: skip
            elif told:
                numbers = {"resource": resource, "kind": asked,
                           "reasons": [entry["code"] for entry in told]}  # fmt: skip
                findings.append(Finding("baseline.against_limits", "warning", place, "", numbers))
        elif asked == "base_load_ratio" and not usable[pair]:
            if resource not in judging.base_load:
                findings.append(Finding("baseline.no_base_load", "warning", place, "",
                                        {"resource": resource}))  # fmt: skip
            position = None
        if position is not None:
            kind[pair], number[pair], why[pair] = asked, position, "asked"
    frame = pd.DataFrame({"kind": kind, "number": number, "why": why}, index=pairs.index)
    findings += _unused_names(pairs, judging)
    findings += _take_given(frame, series, judging, units)
    return frame, findings


def _loads_over_use(series: Series, judging: Judging) -> dict[int, float]:
    """Stated base loads above the use of the baseline period, as parts of it [1]."""
    rows = series.rows
    rows = rows[(rows["phase"] == "baseline") & rows["use"].notna() & rows[OUTPUT].notna()]
    sums = rows.groupby("pair")[["use", "length"]].sum()
    over = {}
    for pair, used in sums.iterrows():
        load = judging.base_load.get(str(series.pairs["resource"].iloc[pair]))  # type: ignore[call-overload]
        if load is not None and load.amount * used["length"] > used["use"] > 0:
            over[int(pair)] = float(load.amount * used["length"] / used["use"])  # type: ignore[call-overload]
    return over


def _unused_names(pairs: pd.DataFrame, judging: Judging) -> list[Finding]:
    """Say which resources of the wish are not in the study: a slip of the pen does nothing."""
    known = set(pairs["resource"])
    return [
        Finding("baseline.no_such_resource", "warning", Place(), "",
                {"resource": name, "known": sorted(known)})
        for name in judging.called if name not in known
    ]  # fmt: skip


def _take_given(
    frame: pd.DataFrame, series: Series, judging: Judging, units: pd.DataFrame | None
) -> list[Finding]:
    """Take the fitted baselines that were handed in where they fit what the study has."""
    pairs = series.pairs
    findings: list[Finding] = []
    if not judging.given:
        return findings
    shown = pairs.merge(units, on=KEYS, how="left") if units is not None else pairs.assign(
        unit="", output_unit="")  # fmt: skip
    several = pairs["resource"].nunique() > 1
    rows = series.rows
    known = set(rows.loc[rows["use"].notna() & (rows["phase"] == "reporting"), "pair"])
    for pair, row in zip(pairs.index, records_of(shown), strict=True):
        resource = str(row["resource"])
        baseline = judging.given_for(resource)
        if baseline is None:
            continue
        own = {OUTPUT, *series.names.get(str(row["facility"]), {}).values()}
        lacking = [name for name in baseline.drivers if name not in own]
        units_apart = [
            f"{theirs} ≠ {ours}" for theirs, ours in (
                (baseline.unit, row["unit"]), (baseline.output_unit, row["output_unit"]))
            if theirs and ours and theirs != ours
        ]  # fmt: skip
        numbers: dict[str, Any] = {"resource": resource}
        code = ""
        if several and resource not in judging.given:
            code = "baseline.given_for_which"
        elif lacking:
            code, numbers["drivers"] = "baseline.given_drivers", lacking
        elif units_apart:
            code, numbers["units"] = "baseline.given_units", units_apart
        elif pair not in known:
            code = "baseline.given_no_rows"
        if code:
            place = Place(facility=str(row["facility"]), resource=resource)
            findings.append(Finding(code, "warning", place, "", numbers))
        else:
            frame.loc[pair, "kind"], frame.loc[pair, "why"] = baseline.kind, "given"
            frame.loc[pair, "number"] = -1
    return findings


def _best_of(
    found: list[Candidate], kind: str, pair: int
) -> tuple[int | None, list[dict[str, Any]]]:
    """Best candidate of a kind for a pair, and the limits that it breaks."""
    best: tuple[bool, float] = (False, -np.inf)
    position, told = None, []
    for number, candidate in enumerate(found):
        where = np.flatnonzero(candidate.pairs == pair)
        if candidate.kind != kind or not len(where):
            continue
        i = int(where[0])
        quality = float(np.asarray(candidate.fit.adjusted_r2)[i])
        reporting = not any(entry["code"] == "no_reporting" for entry in candidate.reasons[i])
        if not (np.isfinite(quality) and reporting):
            continue
        score = (not candidate.reasons[i], quality)
        if score > best:
            best, position, told = score, number, candidate.reasons[i]
    return position, told
