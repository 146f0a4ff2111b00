"""Losses of one step that nobody measured and nothing tells apart: known together."""

from __future__ import annotations

import math
from dataclasses import replace

from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, Flow, FlowSheet
from sxsh_audit.assessment.flows.layers import Layer, layers_of

__all__ = ["BETWEEN", "with_joined_losses"]

BETWEEN = " + "
"""What stands between the flows that are told together."""


def with_joined_losses(sheet: FlowSheet) -> FlowSheet:
    """Return the sheet with the unmeasured losses of a step as one flow, where their sum is known.

    Evaporation and spills of one step follow from no balance each for itself; what enters the
    step and leaves it in no other flow is both of them together.
    """
    joined: dict[str, Flow] = {}
    gone: set[str] = set()
    for layer in layers_of(sheet):
        if layer.name != "mass":
            continue
        for step in sheet.steps:
            one = _together(layer, step.step)
            if one is not None:
                parts, flow = one
                joined[parts[0].flow] = flow
                gone |= {part.flow for part in parts}
    if not gone:
        return sheet
    flows = tuple(joined.get(flow.flow, flow) for flow in sheet.flows
                  if flow.flow in joined or flow.flow not in gone)  # fmt: skip
    return replace(sheet, flows=flows)


def _together(layer: Layer, step: str) -> tuple[list[Flow], Flow] | None:
    """Return the losses of a step that are known together, and the flow that they are."""
    balance, blind = 0.0, []
    for flow, amount in zip(layer.flows, layer.amount, strict=True):
        if step not in (flow.source, flow.target):
            continue
        if math.isnan(amount):
            blind.append(flow)
        else:
            balance += amount if flow.target == step else -amount
    if len(blind) < 2 or balance <= 0:
        return None
    if not all(flow.lost and flow.source == step and flow.target == OUTSIDE for flow in blind):
        return None
    kinds = {flow.kind for flow in blind}
    fees = [flow.cost for flow in blind if not math.isnan(flow.cost)]
    return blind, replace(
        blind[0], flow=BETWEEN.join(flow.flow for flow in blind),
        name=BETWEEN.join(flow.label for flow in blind), amount=balance, unit=layer.unit,
        kind=kinds.pop() if len(kinds) == 1 else "loss", sd=math.nan, density=math.nan,
        cost=sum(fees) if fees else math.nan, cost_share=math.nan,
    )  # fmt: skip
