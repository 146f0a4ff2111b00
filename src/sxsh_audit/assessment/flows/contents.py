"""Components of flows, reconciled: what of starch, salt or solids is in each flow."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sxsh_audit.assessment.flows.balances import balanced_steps
from sxsh_audit.assessment.flows.flow_sheet import Content, FlowSheet
from sxsh_audit.assessment.flows.layers import Layer, component_layers, layers_of, mass_of
from sxsh_audit.calc.balance import reconcile_flows
from sxsh_audit.calc.domain import RangeError

__all__ = ["ComponentFound", "reconciled_contents"]


class ComponentFound(NamedTuple):
    """One component after reconciliation. All arrays are in the order of the layer."""

    layer: Layer
    """Measured amounts of the component. [t]"""
    result: Any
    """What ``reconcile_flows`` returned; None where nothing could be reconciled."""
    amount: Any
    """Amount of the component, nan where nothing tells, shape (m,). [t]"""
    sd: Any
    """Its standard uncertainty, shape (m,). [t]"""
    without: list[str]
    """Flows whose content has no stated error, where one is needed."""


def reconciled_contents(sheet: FlowSheet) -> tuple[FlowSheet, list[ComponentFound]]:
    """Return the sheet with what its flows hold by the balances, and how that was found.

    Parameters
    ----------
    sheet : FlowSheet
        A sheet whose mass is reconciled.

    Returns
    -------
    FlowSheet
        Contents reconciled and completed, where they could be.
    list of ComponentFound
        One for each component, in the order of the table.

    Notes
    -----
    Each component is reconciled for itself, with the total flows as they are: a grab sample does
    not move a weighbridge (:func:`~sxsh_audit.calc.balance.reconcile_concentrations` adjusts
    both). It is conserved at every step of production that a flow touches of
    which it is stated, if it is stated on both sides of any such step; treatment makes and destroys
    components. What nobody stated is not known there, and not absent.
    """
    main = next((layer for layer in layers_of(sheet) if layer.name == "mass"), None)
    found: list[ComponentFound] = []
    contents = {(content.flow, content.component): content for content in sheet.contents}
    for layer in component_layers(sheet):
        one = _component(sheet, layer, main)
        found.append(one)
        if one.result is None:
            continue
        for k, flow in enumerate(layer.flows):
            if math.isnan(one.amount[k]) or not flow.amount or math.isnan(mass_of(flow)):
                continue
            mass = flow.amount * mass_of(flow)
            old = contents.get((flow.flow, layer.component),
                               Content(flow.flow, layer.component, math.nan, "1"))  # fmt: skip
            contents[flow.flow, layer.component] = replace(
                old, value=float(one.amount[k]) / mass, unit="1", sd=float(one.sd[k]) / mass)
    return replace(sheet, contents=tuple(contents.values())), found


def _component(sheet: FlowSheet, layer: Layer, main: Layer | None) -> ComponentFound:
    untouched = ComponentFound(layer, None, layer.amount, layer.sd, [])
    treats = {place for place, step in enumerate(sheet.steps) if step.kind == "treatment"}
    # What is stated on both sides of a treatment alone says nothing of any step of production.
    if main is None or not set(balanced_steps(sheet, layer)) - treats:
        return untouched
    told = [flow for flow, amount in zip(layer.flows, layer.amount, strict=True)
            if not math.isnan(amount)]  # fmt: skip
    touched = {place for ends in sheet.positions(told) for place in ends}
    steps = [place for place in balanced_steps(sheet, main)
             if place in touched and place not in treats]
    places = {flow.flow: k for k, flow in enumerate(layer.flows)}
    mine = np.array([places[flow.flow] for flow in main.flows if flow.flow in places], dtype=int)
    flows = [layer.flows[k] for k in mine]
    mass = np.array([flow.amount * mass_of(flow) if flow.unit else flow.amount for flow in flows])
    spread = np.array([flow.sd * mass_of(flow) if flow.unit else flow.sd for flow in flows])
    known = mass > 0
    fraction = np.where(known, layer.amount[mine] / np.where(known, mass, 1.0), math.nan)
    # Of the error of the content alone: that of the total flow is in its own balance.
    own = _content_sd(sheet, layer, flows)
    without = [flow.label for flow, value, sd in zip(flows, fraction, own, strict=True)
               if not math.isnan(value) and math.isnan(sd)]  # fmt: skip
    if without:
        return untouched._replace(without=without)
    conserved = np.zeros(len(sheet.steps), dtype=bool)
    conserved[steps] = True
    source, target = (np.array(ends, dtype=int) for ends in sheet.positions(flows))
    measured = np.where(known, mass, 0.0) * fraction
    try:
        result = reconcile_flows(source, target, measured, mass * own, len(sheet.steps),
                                 balanced=conserved)  # fmt: skip
    except RangeError:
        return untouched
    amount, sd = layer.amount.copy(), layer.sd.copy()
    # What is left of a difference of equal amounts is nothing, neither + nor −.
    least = 1e-12 * np.nanmax(np.abs(result.amount), initial=0.0)
    amount[mine] = np.where(np.abs(result.amount) <= least, 0.0, result.amount)
    parts = np.where(known, result.amount / np.where(known, mass, 1.0), 0.0)
    sd[mine] = np.hypot(result.sd, np.nan_to_num(spread) * parts)
    return ComponentFound(layer, result, amount, sd, [])


def _content_sd(sheet: FlowSheet, layer: Layer, flows: list[Any]) -> Any:
    """Return the standard uncertainty of each fraction of mass; 0 of an exact nothing."""
    stated = {content.flow: content for content in sheet.contents
              if content.component == layer.component}  # fmt: skip
    found = np.full(len(flows), math.nan)
    for k, flow in enumerate(flows):
        content = stated.get(flow.flow)
        if content is None or math.isnan(content.value):
            continue
        scale = 1.0 if content.unit == "1" else (1.0 / mass_of(flow))
        found[k] = 0.0 if content.value == 0 else content.sd * scale
    return found
