"""By what each step shares its costs among the flows that leave it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.assessment.flows.flow_sheet import Flow, FlowSheet, FlowStep
from sxsh_audit.assessment.flows.layers import (
    COMPONENT,
    component_amounts,
    layer_of,
    mass_of,
    volume_of,
)

__all__ = ["ENERGY", "MASS", "SYSTEM", "is_energy", "key_amounts", "treated_amounts"]

Floats = NDArray[np.float64]

MASS, ENERGY, SYSTEM = "mass", "energy", "system"
_COUNT = ("t", "m3", "kWh")


def is_energy(flow: Flow) -> bool:
    """Whether a flow is energy or a fuel, and no matter that a product is made of."""
    return flow.category in ("purchased_energy", "fuel") or layer_of(flow) == "energy"


def key_amounts(sheet: FlowSheet, flows: Sequence[Flow], category: str) -> Floats:
    """Return the amount by which each flow takes its part of what its step holds.

    Parameters
    ----------
    sheet : FlowSheet
        Its steps name the keys of energy and system cost, its contents the components.
    flows : sequence of Flow, length m
        Flows with the amounts to use.
    category : str
        ``mass`` or a component for material, ``energy``, ``system``.

    Returns
    -------
    array, shape (m,)
        Key amounts, of one unit for the flows that leave one step; nan where not known.
    """
    out = np.full(len(flows), math.nan)
    steps = {step.step: step for step in sheet.steps}
    parts = {component: component_amounts(flows, sheet.contents, component)[0]
             for component in sheet.components}  # fmt: skip
    for source in {flow.source for flow in flows} & set(steps):
        places = [k for k, flow in enumerate(flows) if flow.source == source]
        key = _key(steps[source], category)
        if key.startswith(COMPONENT):
            known = parts.get(key.removeprefix(COMPONENT), np.full(len(flows), math.nan))
            # What the balances put below 0 is no key to share a cost by.
            held = np.where(known[places] < 0, math.nan, known[places])
            out[places] = np.where([is_energy(flows[k]) for k in places], 0.0, held)
        else:
            out[places] = _by(key, [flows[k] for k in places])
    return out


def _key(step: FlowStep, category: str) -> str:
    if category in (ENERGY, SYSTEM):
        return step.key
    return MASS if category == MASS else f"{COMPONENT}{category}"


def _by(key: str, flows: Sequence[Flow]) -> Floats:
    """Return the key amounts of the flows that leave one step."""
    if key == "energy":
        return np.array([flow.amount if layer_of(flow) == "energy" else 0.0 for flow in flows])
    if key == "count":
        return np.array([0.0 if flow.unit in _COUNT else flow.amount for flow in flows])
    if key == "volume":
        return _scaled(flows, volume_of)
    return _matter(flows)


def _scaled(flows: Sequence[Flow], scale: Callable[[Flow], float]) -> Floats:
    return np.array([0.0 if is_energy(flow) else flow.amount * scale(flow) for flow in flows])


def _matter(flows: Sequence[Flow]) -> Floats:
    """Return masses; where no flow of matter has one, their amounts if they are of one unit."""
    matter = [flow for flow in flows if not is_energy(flow)]
    if any(math.isnan(mass_of(flow)) for flow in matter) and len(
            {flow.unit for flow in matter}) == 1:  # fmt: skip
        return np.array([0.0 if is_energy(flow) else flow.amount for flow in flows])
    return _scaled(flows, mass_of)


def treated_amounts(sheet: FlowSheet, flows: Sequence[Flow]) -> Floats:
    """Return what treatment steps share their cost by: mass, else volume or the one unit."""
    out = np.full(len(flows), math.nan)
    for step in sheet.steps:
        places = [k for k, flow in enumerate(flows) if flow.target == step.step]
        if step.kind == "treatment":
            out[places] = _matter([flows[k] for k in places])
    return out
