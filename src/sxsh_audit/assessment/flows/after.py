"""The balance after losses are cut: what need not enter, if the products stay what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from sxsh_audit.assessment.flows.balances import balanced_steps
from sxsh_audit.assessment.flows.flow_sheet import KEPT, OUTSIDE, Flow, FlowSheet
from sxsh_audit.assessment.flows.layers import Layer, layers_of, mass_of
from sxsh_audit.calc.balance import reconcile_flows
from sxsh_audit.calc.domain import RangeError

__all__ = ["sheet_after"]

HELD = (*KEPT, "stock")


def sheet_after(
    sheet: FlowSheet, cuts: Mapping[str, float], saved: Collection[str] | None = None
) -> FlowSheet | None:
    """Return the sheet after losses were cut; see :meth:`FlowSheet.after`.

    Returns
    -------
    FlowSheet or None
        None where no balance allows it: less would have to flow than nothing.
    """
    unknown = sorted(set(cuts) - {flow.flow for flow in sheet.flows})
    if unknown:
        raise KeyError(f"no flow {', '.join(map(repr, unknown))} on this sheet")
    amounts: dict[str, float] = {}
    for layer in layers_of(sheet):
        if not any(flow.flow in cuts for flow in layer.flows):
            continue
        found = _layer_after(sheet, layer, cuts, saved)
        if found is None:
            return None
        amounts |= found
    flows = tuple(replace(flow, amount=amounts[flow.flow], sd=np.nan) if flow.flow in amounts
                  else flow for flow in sheet.flows)  # fmt: skip
    return replace(sheet, flows=flows)


def _layer_after(
    sheet: FlowSheet, layer: Layer, cuts: Mapping[str, float], saved: Collection[str] | None
) -> dict[str, float] | None:
    """Return the amounts of one layer: what is cut and held exact, the rest by least squares.

    Each of the other flows changes by as small a part of itself as the balances allow.
    """
    source, target = (np.array(ends, dtype=int) for ends in sheet.positions(layer.flows))
    inner = np.zeros(len(sheet.steps), dtype=bool)
    inner[balanced_steps(sheet, layer)] = True
    at = np.append(inner, False)
    kept = np.flatnonzero((at[source] | at[target]) & ~np.isnan(layer.amount))
    cut = np.array([cuts.get(flow.flow, 0.0) for flow in layer.flows])
    wanted = layer.amount * (1.0 - cut)
    treats = {step.step for step in sheet.steps if step.kind == "treatment"}
    # What leaves treatment is what entered it.
    held = np.array([flow.flow in cuts or (flow.source not in treats and (
        flow.lost or flow.kind in HELD or _another_input(flow, saved))) for flow in layer.flows], dtype=bool)  # fmt: skip
    spread = np.where(held, 0.0, np.maximum(np.abs(layer.amount), 1e-12))
    try:
        found = reconcile_flows(source[kept], target[kept], wanted[kept], spread[kept],
                                len(sheet.steps), balanced=inner)  # fmt: skip
    except RangeError:
        return None
    after = {int(k): float(value) for k, value in zip(kept, found.amount, strict=True)}
    largest = float(np.nanmax(np.abs(layer.amount), initial=0.0))
    if any(value < -1e-9 * largest and layer.amount[k] >= 0 for k, value in after.items()):
        return None
    for k, flow in enumerate(layer.flows):
        after.setdefault(k, float(wanted[k]) if flow.flow in cuts else float(layer.amount[k]))
    scale = [mass_of(flow) if layer.name == "mass" and flow.unit else 1.0 for flow in layer.flows]
    return {layer.flows[k].flow: value / scale[k] for k, value in after.items()}


def _another_input(flow: Flow, saved: Collection[str] | None) -> bool:
    """Whether a flow is an input of which the options save nothing."""
    return saved is not None and flow.source == OUTSIDE and flow.resource not in saved
