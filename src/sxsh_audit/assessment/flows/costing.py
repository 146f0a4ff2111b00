"""What the losses of a flow sheet cost: material flow cost accounting."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.assessment.flows.flow_sheet import KEPT, LOSSES, OUTSIDE, Flow, FlowSheet
from sxsh_audit.assessment.flows.keys import (
    ENERGY,
    MASS,
    SYSTEM,
    is_energy,
    key_amounts,
    treated_amounts,
)
from sxsh_audit.calc.mfca import allocation_shares, centre_costs, cost_trail, waste_costs

__all__ = ["Costed", "Origin", "UNACCOUNTED", "costed"]

Floats = NDArray[np.float64]
UNACCOUNTED = "unaccounted"
"""Kind of what enters a step and leaves it in no flow of the sheet."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A cost where it enters the flow sheet."""

    kind: str
    """``material``, ``energy`` or ``system``."""
    name: str
    """Flow that was paid for, or step of the system cost."""
    place: int
    """Step that it enters."""
    category: int
    cost: float
    """Cost; nan where nobody states it. [currency]"""


class Costed(NamedTuple):
    """Costs of every flow, and of every centre, by category."""

    sheet: FlowSheet
    flows: tuple[Flow, ...]
    """Flows of the network, what is unaccounted for among them."""
    categories: tuple[str, ...]
    """Material groups (``mass`` or a component), then ``energy`` and ``system``."""
    origins: tuple[Origin, ...]
    carried: Floats
    """(categories, m): what each flow carries. [currency]"""
    centre: Floats
    """(categories, n): what passes through each centre. [currency]"""
    trapped: NDArray[np.bool_]
    """(n,): centres that nothing leaves."""
    trail: Floats
    """(origins, m): cost of each origin that ends in each flow; 0 for those inside. [currency]"""
    waste: Floats
    """(m,): waste management of each flow. [currency]"""
    unattributed: float
    """Waste management that no stream bears. [currency]"""
    ends: NDArray[np.bool_]
    """(m,): flows that leave production, to the outside or to treatment."""
    lost: NDArray[np.bool_]
    """(m,): those of them that are losses."""
    short: NDArray[np.bool_]
    """(m,): flows that an input without a price reaches: they cost at least what is told."""

    @property
    def material(self) -> Floats:
        """(m,): material cost that each flow carries. [currency]"""
        total: Floats = self.carried[:-2].sum(axis=0)
        return total


def costed(sheet: FlowSheet, prices: Mapping[str, tuple[float, str]],
           unaccounted: Sequence[Flow] = ()) -> Costed:
    """Cost every flow of a sheet.

    Parameters
    ----------
    sheet : FlowSheet
        Amounts that are to be used: as measured, or reconciled.
    prices : mapping of str to (float, str)
        Price of each resource [currency/unit], and that unit; a cost stated with a flow wins.
    unaccounted : sequence of Flow
        What leaves steps in no flow of the sheet; it is lost.

    Returns
    -------
    Costed
    """
    turned = [_turned(flow) for flow in sheet.flows]
    treats = {step.step for step in sheet.steps if step.kind == "treatment"}
    flows = (*turned, *unaccounted)
    index = {step.step: i for i, step in enumerate(sheet.steps)}
    # Production ends where treatment begins: what comes back from there carries no cost.
    source = np.array([-1 if flow.source in treats else index.get(flow.source, -1)
                       for flow in flows], dtype=int)  # fmt: skip
    target = np.array([-1 if flow.target in treats else index.get(flow.target, -1)
                       for flow in flows], dtype=int)  # fmt: skip
    within = (source >= 0) | (target >= 0)
    count, kept = len(sheet.steps), np.flatnonzero(within)
    groups = list(dict.fromkeys(_group(flow) for flow in flows
                                if flow.source == OUTSIDE and not is_energy(flow)))  # fmt: skip
    categories = (*(groups or [MASS]), ENERGY, SYSTEM)
    stated = np.array([flow.cost_share for flow in flows], dtype=float)
    share = np.zeros((len(categories), len(flows)))
    if len(kept):
        for k, category in enumerate(categories):
            key = key_amounts(sheet, flows, category)
            share[k, kept] = allocation_shares(
                source[kept], key[kept], count,
                stated[kept] if category in (ENERGY, SYSTEM) else None)  # fmt: skip
    origins = _origins(sheet, flows, categories, index, treats, prices)
    own = np.zeros((len(categories), count))
    for origin in origins:
        if not math.isnan(origin.cost):
            own[origin.category, origin.place] += origin.cost
    found = centre_costs(source[kept], target[kept], share[:, kept], own, count)
    carried = np.zeros((len(categories), len(flows)))
    carried[:, kept] = found.carried
    trail, short = _trails(origins, source, target, share, kept, count)
    ends = (source >= 0) & (target < 0)
    lost = ends & np.array([flow.kind in (*LOSSES, UNACCOUNTED) or flow.target in treats
                            for flow in flows], dtype=bool)  # fmt: skip
    waste, unattributed = _waste(sheet, flows, lost, index, treats, prices)
    trapped = np.asarray(found.trapped)
    return Costed(sheet, flows, categories, tuple(origins), carried, found.cost,
                  trapped.any(axis=0) if trapped.ndim > 1 else trapped, trail, waste,
                  unattributed, ends, lost, short)  # fmt: skip


def _turned(flow: Flow) -> Flow:
    """Return what a stock gave back as what it is: a flow from outside into its step."""
    if flow.kind == "stock" and flow.amount < 0:
        return replace(flow, source=flow.target, target=flow.source, amount=-flow.amount)
    return flow


def _group(flow: Flow) -> str:
    return flow.follows or MASS


def _paid(flow: Flow, prices: Mapping[str, tuple[float, str]]) -> float:
    """Return what an input cost [currency]: as stated, else its amount by the price."""
    if not math.isnan(flow.cost):
        return flow.cost
    price, unit = prices.get(flow.resource, (math.nan, ""))
    return flow.amount * price if unit == flow.unit else math.nan


def _origins(
    sheet: FlowSheet, flows: Sequence[Flow], categories: Sequence[str], index: Mapping[str, int],
    treats: set[str], prices: Mapping[str, tuple[float, str]],
) -> list[Origin]:
    """Return the purchases and system costs that enter production."""
    found = []
    for flow in flows:
        if flow.source == OUTSIDE and flow.target not in treats:
            energy = is_energy(flow)
            category = ENERGY if energy else _group(flow)
            found.append(Origin(ENERGY if energy else "material", flow.flow, index[flow.target],
                                categories.index(category), _paid(flow, prices)))  # fmt: skip
    for step in sheet.steps:
        if step.step not in treats and not math.isnan(step.system_cost):
            found.append(Origin(SYSTEM, step.step, index[step.step],
                                categories.index(SYSTEM), step.system_cost))  # fmt: skip
    return found


def _trails(
    origins: Sequence[Origin], source: NDArray[Any], target: NDArray[Any], share: Floats,
    kept: NDArray[Any], count: int,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the cost of each origin in each flow, and the flows that an unknown one reaches."""
    m = source.size
    trail, short = np.zeros((len(origins), m)), np.zeros(m, dtype=bool)
    if not origins:
        return trail, short
    unknown = np.array([math.isnan(origin.cost) for origin in origins])
    # Of an input without a price one unit of money shows where its cost would go.
    cost = np.array([1.0 if math.isnan(origin.cost) else origin.cost for origin in origins])
    found = cost_trail(source[kept], target[kept], share[:, kept],
                       [origin.place for origin in origins], cost, count,
                       origin_category=[origin.category for origin in origins])  # fmt: skip
    ends = kept[np.asarray(found.ends)]
    trail[:, ends] = found.amount
    short[ends] = (np.nan_to_num(np.asarray(found.amount)[unknown], nan=1.0) != 0).any(axis=0)
    trail[unknown] = math.nan
    return trail, short


def _waste(
    sheet: FlowSheet, flows: Sequence[Flow], lost: NDArray[np.bool_], index: Mapping[str, int],
    treats: set[str], prices: Mapping[str, tuple[float, str]],
) -> tuple[Floats, float]:
    """Return the cost of waste management of each flow, and what no stream bears.

    It is nan for a loss of which neither a fee nor a treatment is stated.
    """
    source = [index.get(flow.source, -1) for flow in flows]
    target = [index.get(flow.target, -1) for flow in flows]
    leaves = [flow.source in treats or gone for flow, gone in zip(flows, lost, strict=True)]
    stated = np.array([flow.cost if here else math.nan for flow, here in zip(
        flows, leaves, strict=True)], dtype=float)
    fee = np.where(np.isnan(stated), 0.0, stated)
    treatment = np.array([step.kind == "treatment" for step in sheet.steps], dtype=bool)
    own = np.zeros(len(sheet.steps))
    known = np.zeros(len(sheet.steps), dtype=bool)
    for place, step in enumerate(sheet.steps):
        if step.step in treats:
            costs = [step.system_cost, step.waste_cost, *(
                _paid(flow, prices) for flow in flows
                if flow.target == step.step and flow.source == OUTSIDE)]
            own[place] = np.nansum(costs)
            known[place] = not np.isnan(costs).all() or any(
                flow.source == step.step and not math.isnan(flow.cost) for flow in flows)
    extra, unattributed = _of_steps(sheet, flows, lost)
    amount = treated_amounts(sheet, flows)
    found = waste_costs(source, target, amount, treatment, own, fee + extra, len(sheet.steps))
    treated = np.array([end >= 0 and known[end] for end in target], dtype=bool)
    told = treated | ~np.isnan(stated) | (extra > 0)
    cost = np.where(told & lost, np.asarray(found.cost, dtype=float), math.nan)
    return cost, unattributed + float(np.nansum(found.unattributed))


def _of_steps(
    sheet: FlowSheet, flows: Sequence[Flow], lost: NDArray[np.bool_]
) -> tuple[Floats, float]:
    """Share the waste cost of a production step among its losses, by mass."""
    extra, left = np.zeros(len(flows)), 0.0
    mass = key_amounts(sheet, flows, MASS)
    for step in sheet.steps:
        if step.kind == "treatment" or math.isnan(step.waste_cost):
            continue
        mine = lost & np.array([flow.source == step.step for flow in flows], dtype=bool)
        total = mass[mine].sum()
        if mine.any() and total > 0:
            extra[mine] += step.waste_cost * mass[mine] / total
        else:
            left += step.waste_cost
    return extra, left


def product_cost(found: Costed) -> float:
    """Return what the products and stocks that leave production carry. [currency]"""
    made = found.ends & ~found.lost & np.array(
        [flow.kind in (*KEPT, "stock") for flow in found.flows], dtype=bool)
    return float(found.carried[:, made].sum())
