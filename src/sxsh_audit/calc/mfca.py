"""Material flow cost accounting: what losses cost, and where each đồng goes.

One name for each question, gathered from the modules that answer it. Steps are 0 … n − 1 and the
outside world is −1; costs are in one currency of one period or batch.
"""

from __future__ import annotations

from sxsh_audit.calc.allocation import allocation_shares, mass_shares
from sxsh_audit.calc.centre_costs import CentreCosts, centre_costs
from sxsh_audit.calc.cost_trail import CostTrail, cost_trail
from sxsh_audit.calc.flow_ends import OUTSIDE, OrientedFlows, flow_ends, oriented_flows
from sxsh_audit.calc.loss_costs import (
    LOSS_CATEGORIES,
    HotSpots,
    LossSplit,
    hot_spots,
    loss_split,
)
from sxsh_audit.calc.loss_trail import LossTrail, loss_trail
from sxsh_audit.calc.true_cost import TrueCost, true_cost
from sxsh_audit.calc.waste_costs import WasteCosts, WasteNetwork, waste_costs, waste_network

__all__ = [
    "LOSS_CATEGORIES",
    "OUTSIDE",
    "CentreCosts",
    "CostTrail",
    "HotSpots",
    "LossSplit",
    "LossTrail",
    "OrientedFlows",
    "TrueCost",
    "WasteCosts",
    "WasteNetwork",
    "allocation_shares",
    "centre_costs",
    "cost_trail",
    "flow_ends",
    "hot_spots",
    "loss_split",
    "loss_trail",
    "mass_shares",
    "oriented_flows",
    "true_cost",
    "waste_costs",
    "waste_network",
]
