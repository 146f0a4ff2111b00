"""Balances of a flow sheet: closure, reconciliation, what can be known, which meter is wrong.

One name for each question, gathered from the modules that answer it. Steps are numbered from 0,
the outside world is −1; one layer (mass, volume, energy, one component) at a time.
"""

from __future__ import annotations

from sxsh_audit.calc.bilinear_reconciliation import (
    ConcentrationReconciliation,
    reconcile_concentrations,
)
from sxsh_audit.calc.flow_network import (
    ROUNDING,
    Closures,
    ClosureStatus,
    closures,
    incidence,
    plant_closure,
)
from sxsh_audit.calc.flow_ranges import FlowRanges, possible_ranges
from sxsh_audit.calc.gross_errors import Suspect, critical_value
from sxsh_audit.calc.observability import FlowKind, flow_kinds
from sxsh_audit.calc.reconciliation import FlowReconciliation, reconcile_flows

__all__ = [
    "ROUNDING",
    "ClosureStatus",
    "Closures",
    "ConcentrationReconciliation",
    "FlowKind",
    "FlowRanges",
    "FlowReconciliation",
    "Suspect",
    "closures",
    "critical_value",
    "flow_kinds",
    "incidence",
    "plant_closure",
    "possible_ranges",
    "reconcile_concentrations",
    "reconcile_flows",
]
