"""Options and the losses they cut: no claim is larger than its flow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.flows.after import sheet_after
from sxsh_audit.assessment.flows.flow_sheet import Flow, FlowSheet
from sxsh_audit.assessment.flows.layers import layers_of
from sxsh_audit.assessment.flows.reconciling import Reconciled
from sxsh_audit.assessment.months import phase_months
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.places import Places
from sxsh_audit.tables.study import Study

__all__ = ["FLOWS_AFTER", "FLOW_CLAIMS", "YearlyFlow", "after_rows", "cap_savings", "claim_rows",
           "flows_as_end_uses", "yearly_flows"]  # fmt: skip

FLOW_CLAIMS = (
    "facility", "flow", "name", "step", "kind", "cause", "unit", "annual", "options", "claimed",
    "combined", "share", "left", "capped",
)  # fmt: skip
FLOWS_AFTER = ("facility", "phase", "batch", "layer", "flow", "name", "unit", "before", "after",
               "change")  # fmt: skip
ROUNDING = 1e-9
_ORDER = ("baseline", "reporting", "")


class YearlyFlow(NamedTuple):
    """A flow with what it is in a year."""

    flow: Flow
    annual: float
    """[unit/year]; nan where the amount is not known."""


def yearly_flows(
    study: Study, found: Sequence[Reconciled]
) -> dict[tuple[str, str], YearlyFlow]:
    """Return what each flow is in a year: of the baseline where it has one.

    A batch has no year. A period without dates is taken as a year, as a total of use is.
    """
    flows: dict[tuple[str, str], YearlyFlow] = {}
    for phase in _ORDER:
        for one in found:
            sheet = (one.sheet if one.holds else one.measured).told()
            if sheet.batch or sheet.phase != phase:
                continue
            times = _times(study, sheet)
            for flow in sheet.flows:
                flows.setdefault((sheet.facility, flow.flow), YearlyFlow(flow, flow.amount * times))
    return flows


def _times(study: Study, sheet: FlowSheet) -> float:
    """Return how many such periods make a year; of a seasonal plant by its months of operation."""
    if not sheet.days:
        return 1.0
    operating = study.settings.operating_months
    if operating and sheet.phase:
        covered = {month % 12 + 1 for month in phase_months(study, sheet.phase)} & set(operating)
        return len(operating) / len(covered) if covered else math.nan
    return 12.0 / max(1, round(sheet.days / (365.25 / 12)))


def cap_savings(
    table: pd.DataFrame, quantity: np.ndarray[Any, Any],
    flows: Mapping[tuple[str, str], YearlyFlow], places: Places,
) -> tuple[np.ndarray[Any, Any], list[Finding]]:
    """Return the part of each saving of a year that its flow allows, and where it is less than all.

    Parameters
    ----------
    table : DataFrame
        Rows of the option savings with ``facility``, ``option`` and ``flow``.
    quantity : array, shape (rows,)
        What each claims. [unit/year]
    flows : mapping
        What there is of each flow in a year.
    places : Places
        Where the claims were typed.

    Returns
    -------
    array, shape (rows,)
        1 where a claim stands, less where the flow is smaller. [1]
    list of Finding
        Claims above their flow.
    """
    part = np.ones(len(table))
    findings = []
    columns = (table[name] for name in ("facility", "option", "flow", "row"))
    for i, (facility, option, name, row) in enumerate(zip(*columns, strict=True)):
        yearly = flows.get((str(facility), str(name)))
        if not name or yearly is None or math.isnan(yearly.annual):
            continue
        if quantity[i] > yearly.annual * (1 + ROUNDING):
            part[i] = max(yearly.annual, 0.0) / quantity[i]
            place = places.place("option_savings", int(row), "quantity", "flow")
            findings.append(Finding(
                "flow.claim_over_flow", "warning", replace(place, facility=str(facility)),
                places.typed("option_savings", int(row), "quantity"),
                {"option": str(option), "flow": yearly.flow.label, "claimed": float(quantity[i]),
                 "annual": float(yearly.annual), "unit": yearly.flow.unit}))  # fmt: skip
    return part, findings


def flows_as_end_uses(
    end_uses: pd.DataFrame, savings: pd.DataFrame, flows: Mapping[tuple[str, str], YearlyFlow]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return end uses and savings in which a flow that options cut is an end use of its resource.

    Several options against one loss then take their part of what the others leave, like those
    of one end use. A resource whose end uses the study lists keeps them: they may hold the flow.
    """
    named = savings[(savings["flow"] != "") & (savings["end_use"] == "") & ~savings["demand"]]
    listed = set(zip(end_uses["facility"], end_uses["resource"], strict=True))
    extra: dict[tuple[str, str, str], dict[str, Any]] = {}
    where = savings["end_use"].copy()
    for row in records_of(named):
        yearly = flows.get((row["facility"], row["flow"]))
        if (row["facility"], row["resource"]) in listed or yearly is None:
            continue
        if not (yearly.annual > 0 and yearly.flow.unit == row["unit"]):
            continue
        key = (row["facility"], row["resource"], row["flow"])
        extra[key] = {"facility": key[0], "resource": key[1], "end_use": key[2],
                      "share": math.nan, "quantity": yearly.annual, "unit": row["unit"],
                      "row": 0}  # fmt: skip
    if not extra:
        return end_uses, savings
    mine = [(f, r, x) in extra and not e for f, r, x, e in zip(
        savings["facility"], savings["resource"], savings["flow"], savings["end_use"],
        strict=True)]
    where[mine] = savings.loc[mine, "flow"]
    added = pd.DataFrame(list(extra.values()))[list(end_uses.columns)]
    whole = pd.concat([end_uses, added], ignore_index=True) if len(end_uses) else added
    return whole, savings.assign(end_use=where)


def claim_rows(
    savings: pd.DataFrame, options: pd.DataFrame, flows: Mapping[tuple[str, str], YearlyFlow],
    capped: Sequence[Finding],
) -> list[dict[str, Any]]:
    """Return the records of flows that options cut: each claim, and all of them together.

    Together they take 1 − Π (1 − f) of the flow; of options that exclude each other the one that
    claims most.
    """
    live = options.loc[options["status"] != "dropped", ["facility", "option", "exclusive_group"]]
    claims = savings[savings["flow"] != ""].merge(live, on=["facility", "option"])
    if not len(claims):
        return []
    over = {(item.place.facility, item.numbers["option"], item.numbers["flow"])
            for item in capped if item.code == "flow.claim_over_flow"}  # fmt: skip
    # What was cut off at the flow: the plain sum is of what the options claim.
    beyond: dict[tuple[str, str, str], float] = {}
    for item in capped:
        if item.code == "flow.claim_over_flow":
            claim = (str(item.place.facility), str(item.numbers["option"]),
                     str(item.numbers["flow"]))  # fmt: skip
            more = item.numbers["claimed"] - item.numbers["annual"]
            beyond[claim] = beyond.get(claim, 0.0) + more
    rows = []
    for (facility, name), mine in claims.groupby(["facility", "flow"], sort=True):
        yearly = flows.get((str(facility), str(name)))
        if yearly is None:
            continue
        flow, annual = yearly
        each = mine.groupby(["option", "exclusive_group"], sort=False)["quantity"].sum(
            min_count=1).reset_index()  # fmt: skip
        best = each.sort_values("quantity", ascending=False, kind="stable")
        best = best[(best["exclusive_group"] == "") | ~best.duplicated("exclusive_group")]
        share = math.nan
        if annual > 0:
            fractions = np.minimum(best["quantity"].to_numpy(float) / annual, 1.0)
            share = float(1.0 - np.prod(1.0 - fractions))
        rows.append({
            "facility": str(facility), "flow": flow.flow, "name": flow.label, "step": flow.source,
            "kind": flow.kind, "cause": flow.cause, "unit": flow.unit, "annual": plain(annual),
            "options": [str(option) for option in each["option"]],
            "claimed": plain(float(each["quantity"].sum(skipna=False)) + sum(
                beyond.get((str(facility), str(option), flow.label), 0.0)
                for option in each["option"])),
            "combined": plain(share * annual), "share": plain(share),
            "left": plain(annual - share * annual),
            "capped": [str(option) for option in each["option"]
                       if (str(facility), str(option), flow.label) in over],
        })  # fmt: skip
    return rows


def after_rows(
    found: Sequence[Reconciled], claims: Sequence[Mapping[str, Any]], savings: pd.DataFrame
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return the flows before and after all options, of the sheet that the claims are of."""
    rows: list[dict[str, Any]] = []
    findings = []
    for facility in dict.fromkeys(row["facility"] for row in claims):
        cuts = {row["flow"]: row["share"] for row in claims
                if row["facility"] == facility and row["share"]}  # fmt: skip
        sheets = [one for phase in _ORDER for one in found
                  if one.sheet.facility == facility and one.sheet.phase == phase
                  and not one.sheet.batch]  # fmt: skip
        if not sheets or not cuts or not sheets[0].holds:
            continue
        before = sheets[0].sheet
        after = _cut_one_by_one(before, cuts, savings[savings["facility"] == facility])
        if after is None:
            findings.append(Finding("flow.no_after", "note", Place(facility=facility)))
            continue
        for old, new in zip(layers_of(before), layers_of(after), strict=True):
            for flow, first, second in zip(old.flows, old.amount, new.amount, strict=True):
                if first != second and not math.isnan(first):
                    rows.append({
                        "facility": facility, "phase": before.phase, "batch": before.batch,
                        "layer": old.name, "flow": flow.flow, "name": flow.label,
                        "unit": old.unit, "before": plain(float(first)),
                        "after": plain(float(second)), "change": plain(float(second - first)),
                    })  # fmt: skip
    return rows, findings


def _cut_one_by_one(
    sheet: FlowSheet, cuts: Mapping[str, float], savings: pd.DataFrame
) -> FlowSheet | None:
    """Cut each flow for itself: what is saved with one loss is not saved with another."""
    after: FlowSheet | None = sheet
    for name, share in cuts.items():
        if after is None:
            return None
        if any(flow.flow == name and flow.amount > 0 for flow in after.flows):
            saved = {str(key) for key in savings.loc[savings["flow"] == name, "resource"]}
            after = sheet_after(after, {name: share}, saved)
    return after
