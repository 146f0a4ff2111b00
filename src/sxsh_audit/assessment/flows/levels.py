"""A flow sheet in less detail: steps drawn together into the one that they are parts of."""

from __future__ import annotations

import math
from dataclasses import replace

from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, FlowSheet, FlowStep

__all__ = ["coarser"]


def coarser(sheet: FlowSheet, depth: int) -> FlowSheet:
    """Return the sheet with steps below `depth` drawn together; see :meth:`FlowSheet.level`."""
    if depth < 0:
        raise ValueError(f"depth is 0 or more, not {depth}")
    kept = {step.step: _ancestor(sheet, step.step, depth) for step in sheet.steps}
    flows = []
    for flow in sheet.flows:
        source, target = kept.get(flow.source, OUTSIDE), kept.get(flow.target, OUTSIDE)
        if source != target:
            flows.append(replace(flow, source=source, target=target))
    named = {step.step: step for step in sheet.steps}
    steps = []
    for key in dict.fromkeys(kept.values()):
        parts = [step for step in sheet.steps if kept[step.step] == key]
        own = named.get(key, FlowStep(key, parts[0].parent and key))
        inner = [step for step in parts if step.step != key]
        steps.append(replace(
            own,
            system_cost=_cost(own.system_cost, [step.system_cost for step in inner]),
            waste_cost=_cost(own.waste_cost, [step.waste_cost for step in inner]),
            kind=own.kind if key in named else _common_kind(parts),
        ))  # fmt: skip
    used = {flow.flow for flow in flows}
    contents = tuple(content for content in sheet.contents if content.flow in used)
    return replace(sheet, steps=tuple(steps), flows=tuple(flows), contents=contents)


def _ancestor(sheet: FlowSheet, key: str, depth: int) -> str:
    """Return the step at `depth` (1 = without a parent) that a step is a part of."""
    if depth == 0:
        return sheet.facility
    parents = {step.step: step.parent for step in sheet.steps}
    line = [key]
    while parents.get(line[-1]):
        line.append(parents[line[-1]])
    return line[max(0, len(line) - depth)]


def _cost(own: float, parts: list[float]) -> float:
    """Return what is stated for the whole, with what is stated for its parts.

    Parts of which none states a cost have it in that of the whole. If only some of them do,
    nobody knows the sum.
    """
    if all(math.isnan(part) for part in parts):
        return own
    return sum(parts) if math.isnan(own) else own + sum(parts)


def _common_kind(parts: list[FlowStep]) -> str:
    kinds = {step.kind for step in parts}
    return kinds.pop() if len(kinds) == 1 else "process"
