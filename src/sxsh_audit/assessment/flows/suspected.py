"""What reconciliation tells: suspect meters, amounts below nothing, layers without errors."""

from __future__ import annotations

from typing import Any

from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, FlowSheet
from sxsh_audit.assessment.flows.layers import NAMED, Layer
from sxsh_audit.findings import Finding, Place

__all__ = ["TABLE", "balance_findings"]

TABLE = "flows"
"""Table in which the amounts of flows were typed."""


def _digits(value: float | None) -> float | None:
    """Return a figure as it is told: to five digits, which is more than meters have."""
    return None if value is None else float(f"{value:.5g}")


def balance_findings(
    sheet: FlowSheet, layer: Layer, test: dict[str, Any], rows: list[dict[str, Any]]
) -> list[Finding]:
    """Return what is to be told of one layer, from its test and the records of its flows."""
    place = Place(facility=sheet.facility)
    rows_of = {flow.flow: flow.row for flow in layer.flows}
    numbers = {"layer": f"layer_{layer.name}" if layer.name in NAMED else "layer_other"}
    of = ""
    if layer.component:
        numbers, of = {"component": layer.component}, "component_"
    if test["status"] == "no_error":
        return [Finding(f"flow.{of}no_error", "warning", place, "",
                        {**numbers, "flows": test["without_error"]})]  # fmt: skip
    found = [
        Finding(f"flow.{of}negative", "warning",
                Place(sheet=TABLE, row=rows_of[row["flow"]], facility=sheet.facility), "",
                {**numbers, "flow": row["name"], "amount": _digits(row["amount"]),
                 "unit": row["unit"]})
        for row in rows if row["kind"] != "stock" and (row["amount"] or 0.0) < 0
    ]  # fmt: skip
    if test["status"] == "contradicts":
        found.append(Finding(f"flow.{of}contradicts", "warning", place, "", numbers))
    named = {row["flow"]: row for row in rows}
    for suspect in test["suspects"]:
        row = named[suspect]
        others = [named[flow]["name"] for flow in row["alike"]]
        outside = OUTSIDE in (row["source"], row["target"])
        code = "flow.suspect_alike" if others else "flow.suspect"
        cell = Place(sheet=TABLE, row=rows_of[suspect], facility=sheet.facility)
        told = {**numbers, "flow": row["name"], "measured": _digits(row["measured"]),
                "amount": _digits(row["amount"]), "unit": row["unit"]}  # fmt: skip
        if others:
            told["others"] = others[:6]
        found.append(Finding(code, "warning", cell, "", told))
        if outside:
            found.append(Finding("flow.or_unlisted", "note", place, "",
                                 {"step": row["source"] or row["target"],
                                  "flow": row["name"]}))  # fmt: skip
    return found
