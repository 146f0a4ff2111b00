"""Everything about flow sheets that a result holds, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from sxsh_audit.assessment.flows.balances import BALANCES, balance_rows
from sxsh_audit.assessment.flows.claimed import (
    FLOW_CLAIMS,
    FLOWS_AFTER,
    YearlyFlow,
    after_rows,
    claim_rows,
    yearly_flows,
)
from sxsh_audit.assessment.flows.costing import UNACCOUNTED
from sxsh_audit.assessment.flows.layers import COMPONENT
from sxsh_audit.assessment.flows.losses import (
    CENTRES,
    LOSS_TOTALS,
    LOSSES_TABLE,
    TRAIL,
    TRUE_COSTS,
    LossCosts,
    loss_costs,
)
from sxsh_audit.assessment.flows.reconciling import (
    RECONCILED,
    TESTS,
    Reconciled,
    reconcile,
)
from sxsh_audit.assessment.flows.sheets import flow_sheets
from sxsh_audit.assessment.flows.suspected import TABLE
from sxsh_audit.assessment.result_tables import ResultTable
from sxsh_audit.findings import Finding
from sxsh_audit.tables.study import Study

__all__ = ["FLOWS", "Flowing", "claim_tables", "flow_tables", "flowing"]

SHEET = ("facility", "phase", "batch")
FLOWS = (*RECONCILED, "cost")
"""Columns of the table of flows: what reconciliation found, and what each carries."""


class Flowing(NamedTuple):
    """The flow sheets of a study, reconciled."""

    found: tuple[Reconciled, ...]
    yearly: Mapping[tuple[str, str], YearlyFlow]
    findings: list[Finding]


def flowing(study: Study) -> Flowing:
    """Read and reconcile every flow sheet of a study."""
    sheets, findings = flow_sheets(study)
    found = tuple(reconcile(sheet) for sheet in sheets)
    for one in found:
        findings += [_on_cell(study, item) for item in one.findings]
    return Flowing(found, yearly_flows(study, found), findings)


def _on_cell(study: Study, item: Finding) -> Finding:
    """Return a finding on the cell in which its figure was typed."""
    if item.place.sheet != TABLE or not item.place.row:
        return item
    place = study.places.place(TABLE, item.place.row, "quantity", "flow")
    return replace(item, place=replace(place, facility=item.place.facility),
                   value=study.places.typed(TABLE, item.place.row, "quantity"))  # fmt: skip


def flow_tables(flows: Flowing) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Balance and cost the flow sheets.

    Returns
    -------
    dict of str to DataFrame
        By the names of the tables of a result.
    list of Finding
    """
    costs = [loss_costs(one) for one in flows.found]
    findings = [finding for one in costs for finding in one.findings]
    balances = [row for one in flows.found for row in balance_rows(one.measured)]
    rows = list(_flow_rows(flows.found, costs))
    frames = {
        "flows": pd.DataFrame(rows, columns=list(FLOWS), dtype=object),
        "balances": pd.DataFrame(balances, columns=list(BALANCES), dtype=object),
        "balance_tests": _joined([one.tests for one in flows.found], TESTS),
        "loss_costs": _joined([one.streams for one in costs], LOSSES_TABLE),
        "loss_totals": _joined([one.totals for one in costs], LOSS_TOTALS),
        "cost_centres": _joined([one.centres for one in costs], CENTRES),
        "cost_trail": _joined([one.trail for one in costs], TRAIL),
        "true_costs": _joined([one.true_costs for one in costs], TRUE_COSTS),
    }
    return frames, findings


def _joined(tables: Sequence[ResultTable], columns: Sequence[str]) -> pd.DataFrame:
    rows = [row for table in tables for row in table.rows]
    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def _flow_rows(found: Sequence[Reconciled], costs: Sequence[LossCosts]) -> Iterable[dict[str, Any]]:
    """Yield each flow of each layer with what it carries, and what is unaccounted for."""
    for one, cost in zip(found, costs, strict=True):
        carried = {row["flow"]: row["cost"] for row in cost.flows.rows}
        for row in one.flows.rows:
            # A component carries no cost of its own: that of its flow is told with the flow.
            cost_of = None if row["layer"].startswith(COMPONENT) else carried.get(row["flow"])
            yield {**row, "cost": cost_of}
        labels = {step.step: step.label for step in one.sheet.steps}
        # Also at a treatment step, whose losses are told with what enters it.
        left = {row["step"]: row for row in balance_rows(one.measured) if row["layer"] == "mass"}
        empty = dict.fromkeys(RECONCILED)
        for row in cost.flows.rows:
            if row["kind"] == UNACCOUNTED:
                yield {
                    **empty, **{name: row[name] for name in SHEET}, "layer": "mass",
                    "flow": row["flow"], "name": "", "source": row["source"],
                    "source_name": labels.get(row["source"], ""), "target": "",
                    "target_name": "", "kind": UNACCOUNTED, "unit": "t",
                    "amount": left[row["source"]]["unaccounted"], "known_by": "",
                    "eliminated": False, "alike": [], "at_bound": False, "cost": row["cost"],
                }  # fmt: skip


def claim_tables(
    flows: Flowing, savings: pd.DataFrame, options: pd.DataFrame, capped: Sequence[Finding]
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Set the options against the losses that they cut."""
    claims = claim_rows(savings, options, flows.yearly, capped)
    after, findings = after_rows(flows.found, claims, savings)
    frames = {
        "flow_claims": pd.DataFrame(claims, columns=list(FLOW_CLAIMS), dtype=object),
        "flows_after": pd.DataFrame(after, columns=list(FLOWS_AFTER), dtype=object),
    }
    return frames, findings
