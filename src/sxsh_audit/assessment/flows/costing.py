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
from sxsh_audit.calc.mfca import (
    LossSplit,
    allocation_shares,
    centre_costs,
    loss_split,
    loss_trail,
)

__all__ = ["UNACCOUNTED", "Costed", "Origin", "costed"]

Floats = NDArray[np.float64]
WASTE = "waste_management"
WHOLE = 1e-9
"""What stated shares may differ from 1 by."""
UNACCOUNTED = "unaccounted"
"""Kind of what enters a step and leaves it in no flow of the sheet."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A cost where it enters the flow sheet."""

    kind: str
    """``material``, ``energy``, ``system`` or ``waste_management``."""
    name: str
    """Flow that was paid for, or step of the cost."""
    place: int
    """Step that it enters."""
    group: int
    """Group of materials that it belongs to; 0 for energy and system cost."""
    part: int
    """0 material, 1 energy, 2 system cost, 3 treatment."""
    cost: float
    """Cost; nan where nobody states it. [currency]"""


class Costed(NamedTuple):
    """Costs of every flow, and of every centre. All arrays are in the order of `flows`."""

    sheet: FlowSheet
    flows: tuple[Flow, ...]
    """Flows of the network, what is unaccounted for among them."""
    origins: tuple[Origin, ...]
    split: LossSplit
    """Costs of losses and products, one row for each group of materials."""
    trail: Floats
    """(origins, m): cost of each origin that ends in each loss. [currency]"""
    made: Floats
    """(origins,): cost of each origin that products, by-products and stocks carry. [currency]"""
    waste: Floats
    """(m,): waste management of each flow; nan where neither fee nor treatment is stated.
    [currency]"""
    blind: NDArray[np.bool_]
    """(m,): flows whose part of a stated cost of treatment is not known."""
    fee: Floats
    """(m,): fee of each loss itself. [currency]"""
    unattributed: float
    """Waste management that no stream bears. [currency]"""
    lost: NDArray[np.bool_]
    """(m,): flows that leave production as losses, to the outside or to treatment."""
    short: NDArray[np.bool_]
    """(m,): flows that an input without a price reaches: they cost at least what is told."""

    def carried(self, part: int) -> Floats:
        """Return the material (0), energy (1) or system cost (2) of each flow, (m,) [currency]."""
        total: Floats = self.split.centres.carried[:, part].sum(axis=0)
        return total

    def passing(self, part: int) -> Floats:
        """Return what of it passes through each centre, (n,) [currency]."""
        total: Floats = self.split.centres.cost[:, part].sum(axis=0)
        return total

    def loss(self, part: int) -> Floats:
        """Return what each loss takes along, less what treatment gives back, (m,) [currency]."""
        found = np.zeros(len(self.flows))
        found[self.split.flow] = self.split.cost[:, part].sum(axis=0)
        return found


def costed(
    sheet: FlowSheet, prices: Mapping[str, tuple[float, str]], unaccounted: Sequence[Flow] = ()
) -> Costed:
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
    flows = (*(_turned(flow) for flow in sheet.flows), *unaccounted)
    index = {step.step: i for i, step in enumerate(sheet.steps)}
    treats = {step.step for step in sheet.steps if step.kind == "treatment"}
    source = np.array([index.get(flow.source, -1) for flow in flows], dtype=int)
    target = np.array([index.get(flow.target, -1) for flow in flows], dtype=int)
    groups = list(dict.fromkeys(_group(flow) for flow in flows
                                if flow.source == OUTSIDE and not is_energy(flow)))  # fmt: skip
    groups = groups or [MASS]
    share = _shares(sheet, flows, groups, source, treats)
    origins = _origins(sheet, flows, groups, index, treats, prices)
    own = np.zeros((len(groups), 3, len(sheet.steps)))
    for origin in origins:
        if not math.isnan(origin.cost):
            own[origin.group, origin.part, origin.place] += origin.cost
    marked = np.array([flow.kind in (*LOSSES, UNACCOUNTED) for flow in flows], dtype=bool)
    leaving = (source >= 0) & (target < 0)
    treat = np.array([*(step.kind == "treatment" for step in sheet.steps), False])
    lost = (source >= 0) & ~treat[source] & ((marked & leaving) | treat[target])
    fee, known, unattributed = _fees(sheet, flows, lost, treats)
    handled = np.zeros((len(groups), len(sheet.steps)))
    handled[0] = [np.nansum([step.system_cost, step.waste_cost]) if step.step in treats else 0.0
                  for step in sheet.steps]  # fmt: skip
    found = loss_split(
        source, target, share, own, marked, len(sheet.steps), treatment=treat[:-1],
        treatment_cost=handled, fee=np.stack([fee, *[np.zeros_like(fee)] * (len(groups) - 1)]),
        waste_key=treated_amounts(sheet, flows))  # fmt: skip
    waste = np.zeros(len(flows))
    waste[found.flow] = found.cost[:, 3].sum(axis=0)
    paid = _treatments_paid(sheet, flows, treats, prices)
    told = known | np.array([flow.target in paid for flow in flows], dtype=bool)
    origins += _handling(sheet, flows, index, treats)
    trail, made = _trail(origins, source, target, share, marked, treat[:-1],
                         treated_amounts(sheet, flows))  # fmt: skip
    return Costed(
        sheet, flows, tuple(origins), found, trail, made,
        np.where(told, waste, math.nan), told & np.isnan(waste), np.where(lost, fee, 0.0),
        unattributed + float(found.stuck[:, 3].sum()), lost,
        _short(origins, source, target, share, len(sheet.steps)),
    )  # fmt: skip


def _turned(flow: Flow) -> Flow:
    """Return what a stock gave back as what it is: a flow from outside into its step.

    Of another flow below 0 nobody can say what it costs.
    """
    if flow.kind == "stock" and flow.amount < 0:
        return replace(flow, source=flow.target, target=flow.source, amount=-flow.amount)
    return replace(flow, amount=math.nan) if flow.amount < 0 else flow


def _group(flow: Flow) -> str:
    return flow.follows or MASS


def _shares(
    sheet: FlowSheet, flows: Sequence[Flow], groups: Sequence[str], source: NDArray[Any],
    treats: set[str],
) -> Floats:
    """Return the shares of materials, energy and system cost, (groups, 3, m)."""
    share = np.zeros((len(groups), 3, len(flows)))
    stated = np.array([flow.cost_share for flow in flows], dtype=float)
    wrong = _no_whole(source, stated, len(sheet.steps))
    for part, category in enumerate((ENERGY, SYSTEM), start=1):
        share[:, part] = np.where(wrong, math.nan, allocation_shares(
            source, key_amounts(sheet, flows, category), len(sheet.steps),
            np.where(wrong, math.nan, stated)))  # fmt: skip
    for k, group in enumerate(groups):
        share[k, 0] = allocation_shares(source, key_amounts(sheet, flows, group),
                                        len(sheet.steps))  # fmt: skip
    for step in treats:
        mine = [k for k, flow in enumerate(flows) if flow.source == step]
        if mine and all(flows[k].kind in LOSSES and flows[k].target == OUTSIDE for k in mine):
            # All that leaves is lost, and by what it is shared does not matter.
            share[..., mine] = 1.0 / len(mine)
    return share


def _no_whole(source: NDArray[Any], stated: Floats, steps: int) -> NDArray[np.bool_]:
    """Return the flows of steps whose stated shares make no whole, in months taken together.

    What such a step hands to each of them is not known.
    """
    inside, told = source >= 0, ~np.isnan(stated)
    sums = np.bincount(source[inside & told], stated[inside & told], minlength=steps)
    open_flows = np.bincount(source[inside & ~told], minlength=steps)
    count = np.bincount(source[inside], minlength=steps)
    wrong = (sums > 1 + WHOLE) | ((count > 0) & (open_flows == 0) & (sums < 1 - WHOLE))
    found: NDArray[np.bool_] = inside & np.append(wrong, False)[source]
    return found


def _paid(flow: Flow, prices: Mapping[str, tuple[float, str]]) -> float:
    """Return what an input cost [currency]: as stated, else its amount by the price."""
    if not math.isnan(flow.cost):
        return flow.cost
    price, unit = prices.get(flow.resource, (math.nan, ""))
    return flow.amount * price if unit == flow.unit else math.nan


def _origins(
    sheet: FlowSheet, flows: Sequence[Flow], groups: Sequence[str], index: Mapping[str, int],
    treats: set[str], prices: Mapping[str, tuple[float, str]],
) -> list[Origin]:
    """Return the purchases, and the system costs of production."""
    found = []
    for flow in flows:
        if flow.source == OUTSIDE:
            energy = is_energy(flow)
            found.append(Origin(
                ENERGY if energy else "material", flow.flow, index[flow.target],
                0 if energy else groups.index(_group(flow)), 1 if energy else 0,
                _paid(flow, prices)))  # fmt: skip
    for step in sheet.steps:
        if step.step not in treats and not math.isnan(step.system_cost):
            found.append(Origin(SYSTEM, step.step, index[step.step], 0, 2, step.system_cost))
    return found


def _handling(
    sheet: FlowSheet, flows: Sequence[Flow], index: Mapping[str, int], treats: set[str]
) -> list[Origin]:
    """Return the costs of treatment itself, and the fees of what it sends out."""
    found = []
    for step in sheet.steps:
        for cost in (step.system_cost, step.waste_cost):
            if step.step in treats and not math.isnan(cost):
                found.append(Origin(WASTE, step.step, index[step.step], 0, 3, cost))
    for flow in flows:
        if flow.source in treats and not math.isnan(flow.cost):
            found.append(Origin(WASTE, flow.flow, index[flow.source], 0, 3, flow.cost))
    return found


def _trail(
    origins: Sequence[Origin], source: NDArray[Any], target: NDArray[Any], share: Floats,
    marked: NDArray[np.bool_], treatment: NDArray[Any], waste_key: Floats,
) -> tuple[Floats, Floats]:
    """Return the cost of each origin in each loss, and in the product; nan of one not known."""
    trail, made = np.zeros((len(origins), source.size)), np.zeros(len(origins))
    for group in sorted({origin.group for origin in origins}):
        mine = [k for k, origin in enumerate(origins) if origin.group == group]
        found = loss_trail(
            source, target, share[group], marked, [origins[k].place for k in mine],
            [origins[k].part for k in mine],
            [0.0 if math.isnan(origins[k].cost) else origins[k].cost for k in mine],
            treatment.size, treatment=treatment, waste_key=waste_key)  # fmt: skip
        trail[np.ix_(np.array(mine, dtype=int), np.asarray(found.flow))] = found.amount
        made[mine] = found.product
    unknown = [math.isnan(origin.cost) for origin in origins]
    trail[unknown], made[unknown] = math.nan, math.nan
    return trail, made


def _short(
    origins: Sequence[Origin], source: NDArray[Any], target: NDArray[Any], share: Floats,
    steps: int,
) -> NDArray[np.bool_]:
    """Return the flows into which something goes that nobody priced."""
    own = np.zeros((*share.shape[:2], steps))
    for origin in origins:
        if math.isnan(origin.cost):
            own[origin.group, origin.part, origin.place] = 1.0
    if not own.any():
        return np.zeros(source.size, dtype=bool)
    reached = centre_costs(source, target, share, own, steps).carried
    found: NDArray[np.bool_] = (np.nan_to_num(reached, nan=1.0) != 0).any(axis=(0, 1))
    return found


def _fees(
    sheet: FlowSheet, flows: Sequence[Flow], lost: NDArray[np.bool_], treats: set[str]
) -> tuple[Floats, NDArray[np.bool_], float]:
    """Return the fee of each flow, where one is stated, and the cost that no loss bears."""
    leaves = np.array([flow.source in treats for flow in flows], dtype=bool) | lost
    stated = np.where(leaves, np.array([flow.cost for flow in flows], dtype=float), math.nan)
    fee, left = np.nan_to_num(stated), 0.0
    mass = key_amounts(sheet, flows, MASS)
    known = ~np.isnan(stated)
    for step in sheet.steps:
        if step.step in treats or math.isnan(step.waste_cost):
            continue
        mine = lost & np.array([flow.source == step.step for flow in flows], dtype=bool)
        total = mass[mine].sum()
        if mine.any() and total > 0:
            fee[mine] += step.waste_cost * mass[mine] / total
            known |= mine
        else:
            left += step.waste_cost
    return fee, known, left


def _treatments_paid(
    sheet: FlowSheet, flows: Sequence[Flow], treats: set[str],
    prices: Mapping[str, tuple[float, str]],
) -> set[str]:
    """Return the treatment steps of which any cost is stated."""
    own = {step.step for step in sheet.steps if step.step in treats and not (
        math.isnan(step.system_cost) and math.isnan(step.waste_cost))}  # fmt: skip
    bought = {flow.target for flow in flows if flow.source == OUTSIDE
              and not math.isnan(_paid(flow, prices))}  # fmt: skip
    sent = {flow.source for flow in flows if not math.isnan(flow.cost)}
    return own | ((bought | sent) & treats)


def product_cost(found: Costed) -> float:
    """Return what products, by-products and stocks carry out of the plant [currency]."""
    made = np.array([flow.kind in (*KEPT, "stock") and flow.target == OUTSIDE
                     for flow in found.flows], dtype=bool)  # fmt: skip
    return float(sum(found.carried(part)[made].sum() for part in range(3)))
