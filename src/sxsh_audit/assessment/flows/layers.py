"""Layers of a flow sheet: what is balanced together, and how much of each component flows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.assessment.flows.flow_sheet import Content, Flow, FlowSheet

__all__ = ["COMPONENT", "NAMED", "Layer", "component_amounts", "component_layers", "content_scale",
           "layer_of", "layers_of", "mass_of", "volume_of"]  # fmt: skip


Floats = NDArray[np.float64]

COMPONENT = "component:"
"""What the layer of a component begins with."""
_BY_UNIT = {"t": "mass", "m3": "volume", "kWh": "energy"}
NAMED = tuple(_BY_UNIT.values())
"""Layers that have a name of their own; others are told by their unit."""
_FUEL = "fuel"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Flows that are balanced together, in one unit.

    Parameters
    ----------
    name : str
        ``mass``, ``volume``, ``energy``, ``fuel:<resource>``, another unit, or
        ``component:<name>``.
    unit : str
        Canonical unit of the amounts.
    flows : tuple of Flow, length m
        Its flows, in the order of the sheet.
    amount, sd, low, high : array, shape (m,)
        Amount with its standard uncertainty and its ends; nan where not known. [unit]
    """

    name: str
    unit: str
    flows: tuple[Flow, ...]
    amount: Floats
    sd: Floats
    low: Floats
    high: Floats

    @property
    def component(self) -> str:
        """Name of the component; empty for a layer of whole flows."""
        return self.name.removeprefix(COMPONENT) if self.name.startswith(COMPONENT) else ""


def layer_of(flow: Flow) -> str:
    """Return the layer that a flow belongs to; empty where it has no unit."""
    if flow.category == _FUEL and flow.unit != "kWh":
        # Coal leaves a boiler as gas and ash that nobody weighs: it is no part of the mass balance.
        return f"{_FUEL}:{flow.resource}"
    if flow.unit == "m3" and not math.isnan(flow.density):
        return "mass"
    return _BY_UNIT.get(flow.unit, flow.unit)


def mass_of(flow: Flow) -> float:
    """Return the tonnes in one unit of a flow; nan where no density says so."""
    if flow.unit == "t":
        return 1.0
    return flow.density if flow.unit == "m3" else math.nan


def volume_of(flow: Flow) -> float:
    """Return the cubic metres in one unit of a flow; nan where no density says so."""
    if flow.unit == "m3":
        return 1.0
    return 1.0 / flow.density if flow.unit == "t" and flow.density > 0 else math.nan


def layers_of(sheet: FlowSheet) -> tuple[Layer, ...]:
    """Return the layers of whole flows, mass first.

    A flow without unit and amount is of the layer of its steps where that is one, else of mass.
    """
    names = [layer_of(flow) for flow in sheet.flows]
    known = list(dict.fromkeys(name for name in names if name))
    for i, flow in enumerate(sheet.flows):
        if not names[i]:
            ends = {flow.source, flow.target} - {""}
            near = {names[k] for k, other in enumerate(sheet.flows)
                    if names[k] and ends & {other.source, other.target}}  # fmt: skip
            names[i] = near.pop() if len(near) == 1 else ("mass" if "mass" in (near or known)
                                                          else "")  # fmt: skip
    order: list[str] = [name for name in NAMED if name in names]
    order += sorted(set(names) - {*order, ""})
    return tuple(_layer(name, [flow for flow, mine in zip(sheet.flows, names, strict=True)
                               if mine == name]) for name in order)  # fmt: skip


def _layer(name: str, flows: Sequence[Flow]) -> Layer:
    scale = np.array([mass_of(flow) if name == "mass" and flow.unit else 1.0 for flow in flows])
    unit = {kind: unit for unit, kind in _BY_UNIT.items()}.get(name) or next(
        (flow.unit for flow in flows if flow.unit), "")  # fmt: skip
    columns = {
        column: scale * np.array([getattr(flow, column) for flow in flows], dtype=float)
        for column in ("amount", "sd", "low", "high")
    }
    return Layer(name, unit, tuple(flows), **columns)


def component_layers(sheet: FlowSheet) -> tuple[Layer, ...]:
    """Return the layer of each component: all flows of matter, nan where it is not stated.

    A component that nobody stated of a flow is not known there, and not absent.
    """
    matter = [flow for layer in layers_of(sheet) if layer.name in ("mass", "volume")
              for flow in layer.flows]  # fmt: skip
    none = np.full(len(matter), math.nan)
    found = []
    for component in sheet.components:
        amount, sd = component_amounts(matter, sheet.contents, component)
        found.append(Layer(f"{COMPONENT}{component}", "t", tuple(matter), amount, sd, none, none))
    return tuple(found)


def content_scale(flow: Flow, unit: str) -> float:
    """Return what one unit of a flow has of the unit that a content is a part of."""
    if unit == "1":
        return mass_of(flow)
    if unit == "t/Nm3":
        return 1.0 if flow.unit == "Nm3" else math.nan
    return volume_of(flow)


def component_amounts(
    flows: Sequence[Flow], contents: Sequence[Content], component: str
) -> tuple[Floats, Floats]:
    """Return the tonnes of a component in each flow, and their standard uncertainty.

    Parameters
    ----------
    flows : sequence of Flow, length m
        Flows.
    contents : sequence of Content
        What flows hold.
    component : str
        Component.

    Returns
    -------
    array, shape (m,)
        Amount × fraction, or volume × concentration. [t]
    array, shape (m,)
        √((f u(m))² + (m u(f))²). [t]
    """
    stated = {content.flow: content for content in contents if content.component == component}
    amount, sd = np.full(len(flows), math.nan), np.full(len(flows), math.nan)
    for i, flow in enumerate(flows):
        content = stated.get(flow.flow)
        if content is None:
            continue
        scale = content_scale(flow, content.unit)
        whole = flow.amount * scale
        amount[i] = 0.0 if content.value == 0 else whole * content.value
        parts = (content.value * scale * flow.sd, whole * content.sd)
        sd[i] = 0.0 if content.value == 0 else math.hypot(*parts)
    return amount, sd
