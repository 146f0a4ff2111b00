"""The cost of losses, in public: waste streams ranked, centres, the trail of every đồng."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.assessment.flows.balances import balance_rows
from sxsh_audit.assessment.flows.costing import UNACCOUNTED, WASTE, Costed, costed, product_cost
from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, Flow, FlowSheet
from sxsh_audit.assessment.flows.joined import with_joined_losses
from sxsh_audit.assessment.flows.reconciling import Reconciled, reconcile
from sxsh_audit.assessment.result_tables import ResultTable, Shown, plain
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.display.flow_records import FlowBand, LossStep, LossStream

__all__ = ["CENTRES", "FLOW_COSTS", "LOSSES_TABLE", "LOSS_TOTALS", "TRAIL", "TRUE_COSTS",
           "LossCosts", "loss_costs"]  # fmt: skip

SHEET = ("facility", "phase", "batch")
PRODUCT = ""
"""Flow of what ends in products, by-products and stocks."""
LOSSES_TABLE = (
    *SHEET, "rank", "flow", "name", "step", "kind", "cause", "amount", "unit", "material",
    "energy", "system", "waste_management", "total", "share", "cumulative", "complete",
)  # fmt: skip
FLOW_COSTS = (*SHEET, "flow", "source", "target", "kind", "lost", "material", "energy", "system",
              "cost")  # fmt: skip
CENTRES = (*SHEET, "step", "category", "cost_in", "product", "loss", "waste_management")
TRAIL = (*SHEET, "origin", "origin_kind", "flow", "lost", "cost")
TRUE_COSTS = (
    *SHEET, "resource", "amount", "unit", "purchase", "carried", "waste_management", "total",
    "per_unit", "price", "complete",
)  # fmt: skip
LOSS_TOTALS = (
    *SHEET, "basis", "currency", "cost_in", "product", "losses", "waste_management",
    "unattributed", "unclear", "unpriced", "complete",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class LossCosts:
    """What the losses of one flow sheet cost.

    Parameters
    ----------
    sheet : FlowSheet
        The sheet with the amounts that were used.
    streams : ResultTable
        Waste streams, dearest first: ``material``, ``energy`` and ``system`` cost that went into
        them, ``waste_management``, ``total`` [currency], ``share`` of all losses and
        ``cumulative`` share [1], ``complete`` (False: at least that much, an input without a
        price has part in it).
    flows : ResultTable
        What each flow carries; of an input what was paid for it. [currency]
    centres : ResultTable
        Cost that passes through each step by category, and what of it becomes product and loss.
        [currency]
    trail : ResultTable
        Every cost where it entered, and in which flow it left. [currency]
    true_costs : ResultTable
        What a unit of water costs with what it carries and what becomes of it.
    totals : ResultTable
        One record: cost that entered, product, losses, waste management. ``unclear`` is what
        flows to the outside carry whose kind nobody stated.
    findings : tuple of Finding
        Inputs without a price, loops without an exit, steps whose key is not known.
    """

    sheet: FlowSheet
    streams: ResultTable
    flows: ResultTable
    centres: ResultTable
    trail: ResultTable
    true_costs: ResultTable
    totals: ResultTable
    findings: tuple[Finding, ...]

    def flow_bands(self, language: Language = "vi", of: str | None = None) -> Sequence[FlowBand]:
        """Return the records of the Sankey chart, in money."""
        from sxsh_audit.assessment.flows.drawn import money_bands

        return money_bands(self, language)

    def loss_streams(
        self, language: Language = "vi", of: str | None = None
    ) -> Sequence[LossStream]:
        """Return the records of the Pareto of waste streams."""
        from sxsh_audit.assessment.flows.drawn import streams_of

        return streams_of(self.streams.rows, self.sheet.currency, language)

    def loss_steps(self, language: Language = "vi", of: str | None = None) -> Sequence[LossStep]:
        """Return the records of the waterfall from all cost to that of the product."""
        from sxsh_audit.assessment.flows.drawn import steps_of

        return steps_of(self.streams.rows, self.totals.rows[0], language)

    def chart_subtitle(self, language: Language = "vi") -> str:
        """Line under the title of a chart."""
        return self.sheet.title(language)

    def show(self, language: Language = "vi") -> Shown:
        """Return it in `language`: print it, or make it the last line of a cell."""
        from sxsh_audit.assessment.flows.showing import costs_shown

        return costs_shown(self, language)

    def _repr_html_(self) -> str:
        return self.show().html

    def __str__(self) -> str:
        return self.show().text

    def __repr__(self) -> str:
        return f"LossCosts({self.sheet!r}: {len(self.streams)} losses)"


def loss_costs(
    sheet: FlowSheet | Reconciled, *, prices: Mapping[str, float] | None = None,
) -> LossCosts:
    """Work out what each loss costs, from the purchase to the drain.

    Parameters
    ----------
    sheet : FlowSheet or Reconciled
        A flow sheet is reconciled first, with the usual terms of :func:`sxsh_audit.reconcile`.
    prices : mapping of str to float, optional
        Price of resources [currency per canonical unit]; they go before those of the study. A
        cost that is stated with a flow goes before both.

    Returns
    -------
    LossCosts

    Raises
    ------
    TypeError
        If it is given anything but a flow sheet or what :func:`sxsh_audit.reconcile` returned.

    Notes
    -----
    Material flow cost accounting, ISO 14051. Material cost is split by the mass of what leaves a
    step, or by the component that the input ``follows``; energy and system cost by the key of
    the step (mass unless it names another); a share that the plant states goes first. Waste
    management is borne by losses alone, that of treatment steps by the streams that enter them.
    Recycles are solved, C = (I − Rᵀ)⁻¹ N. Where reconciliation does not hold, amounts are as
    measured, and what enters a step and leaves it in no flow is a loss of its own. Unmeasured
    losses of one step are costed together where only their sum follows from the balance.

    References
    ----------
    .. [1] ISO 14051:2011, Environmental management – Material flow cost accounting – General
       framework.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet = FlowSheet.from_tables(pd.DataFrame({
    ...     "Từ": ["", "Đúc", "Đúc"], "Đến": ["Đúc", "", ""],
    ...     "Dòng": ["gang", "vật đúc", "xỉ"], "Loại dòng": ["đầu vào", "sản phẩm", "tổn thất"],
    ...     "Lượng": ["100 tấn", "85 tấn", "15 tấn"], "Sai số": "1 %", "Ý nghĩa sai số": "95 %",
    ...     "Chi phí": ["1 tỷ đồng", None, "6 triệu đồng"]}))
    >>> found = loss_costs(sheet).streams[0]
    >>> found.name, found.material, found.waste_management, found.total
    ('xỉ', 150000000.0, 6000000.0, 156000000.0)
    """
    if not isinstance(sheet, (FlowSheet, Reconciled)):
        raise TypeError(f"give a FlowSheet or what reconcile returned, not {type(sheet).__name__}")
    reconciled = sheet if isinstance(sheet, Reconciled) else reconcile(sheet)
    used = reconciled.sheet if reconciled.holds else reconciled.measured
    if reconciled.holds:
        used = with_joined_losses(used)
    known = {resource: (price, unit) for resource, price, unit in used.prices}
    units = {flow.resource: flow.unit for flow in used.flows if flow.resource and flow.unit}
    known |= {resource: (float(price), known.get(resource, (0.0, units.get(resource, "")))[1])
              for resource, price in (prices or {}).items()}  # fmt: skip
    lost = () if reconciled.holds else _unaccounted(used)
    found = costed(used, known, lost)
    streams = _streams(found)
    return LossCosts(
        used,
        ResultTable("loss_costs", (*SHEET, "flow"), tuple(streams)),
        ResultTable("flow_costs", (*SHEET, "flow"), tuple(_flow_costs(found))),
        ResultTable("cost_centres", (*SHEET, "step", "category"), tuple(_centres(found))),
        ResultTable("cost_trail", (*SHEET, "origin", "flow"), tuple(_trail(found))),
        ResultTable("true_costs", (*SHEET, "resource"), tuple(_true_costs(found))),
        ResultTable("loss_totals", SHEET, (_totals(found, reconciled, streams),)),
        tuple(_findings(found)),
    )  # fmt: skip


def _identity(sheet: FlowSheet) -> dict[str, str]:
    return {"facility": sheet.facility, "phase": sheet.phase, "batch": sheet.batch}


def _unaccounted(sheet: FlowSheet) -> list[Flow]:
    """Return what enters each step as mass and leaves it in no flow, beyond the tolerance.

    Where the errors are not known nobody can say that it is none.
    """
    return [
        Flow(f"{UNACCOUNTED}:{row['step']}", "", row["step"], OUTSIDE, kind=UNACCOUNTED,
             amount=row["unaccounted"], unit="t")
        for row in balance_rows(sheet)
        if row["layer"] == "mass" and row["step"] and row["status"] in ("open", "unknown")
        and (row["unaccounted"] or 0.0) > 0
    ]  # fmt: skip


def _streams(found: Costed) -> list[dict[str, Any]]:
    """Return the records of the losses, dearest first; of equals the first by name."""
    material, energy, system = (found.loss(part) for part in range(3))
    rows = []
    for k in np.flatnonzero(found.lost):
        flow = found.flows[k]
        handled = math.nan if found.blind[k] else np.nan_to_num(found.waste[k])
        total = material[k] + energy[k] + system[k] + handled
        rows.append({
            **_identity(found.sheet), "rank": 0, "flow": flow.flow, "name": flow.label,
            "step": flow.source, "kind": flow.kind, "cause": flow.cause,
            "amount": plain(float(flow.amount)), "unit": flow.unit,
            "material": plain(float(material[k])), "energy": plain(float(energy[k])),
            "system": plain(float(system[k])), "waste_management": plain(float(found.waste[k])),
            "total": plain(float(total)), "share": None, "cumulative": None,
            "complete": not bool(found.short[k]),
        })  # fmt: skip
    rows.sort(key=lambda row: (row["total"] is None, -(row["total"] or 0.0), row["flow"]))
    known = [row["total"] for row in rows if row["total"] is not None]
    whole, so_far = math.fsum(known), 0.0
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
        if row["total"] is not None and whole > 0:
            so_far += row["total"]
            row["share"], row["cumulative"] = row["total"] / whole, so_far / whole
    return rows


def _flow_costs(found: Costed) -> list[dict[str, Any]]:
    """Return what each flow carries, of an input what was paid for it."""
    paid = {origin.name: origin for origin in found.origins if origin.kind != "system"}
    rows = []
    for k, flow in enumerate(found.flows):
        parts = {name: found.carried(part)[k]
                 for part, name in enumerate(("material", "energy", "system"))}  # fmt: skip
        origin = paid.get(flow.flow) if flow.source == OUTSIDE else None
        if origin is not None:
            parts |= {origin.kind: origin.cost}
        rows.append({
            **_identity(found.sheet), "flow": flow.flow, "source": flow.source,
            "target": flow.target, "kind": flow.kind, "lost": bool(found.lost[k]),
            **{name: plain(float(value)) for name, value in parts.items()},
            "cost": plain(float(sum(parts.values()))),
        })  # fmt: skip
    return rows


def _centres(found: Costed) -> list[dict[str, Any]]:
    """Return what passes through each production step, by category."""
    rows = []
    sheet = found.sheet
    for place, step in enumerate(sheet.steps):
        if step.kind == "treatment" or not any(step.step in (flow.source, flow.target)
                                               for flow in found.flows):  # fmt: skip
            continue
        mine = np.array([flow.source == step.step for flow in found.flows], dtype=bool)
        waste = found.waste[mine & found.lost]
        for part, category in enumerate(("material", "energy", "system")):
            carried = found.carried(part)
            rows.append({
                **_identity(sheet), "step": step.step, "category": category,
                "cost_in": plain(float(found.passing(part)[place])),
                "product": plain(float(carried[mine & ~found.lost].sum())),
                "loss": plain(float(carried[mine & found.lost].sum())),
                "waste_management": plain(float(np.nansum(waste))) if category == "material"
                else None,
            })  # fmt: skip
    return rows


def _trail(found: Costed) -> list[dict[str, Any]]:
    """Return where each cost entered and in which loss it ended, or in the product.

    Of what nobody priced nothing is told. The fee of a loss is its own.
    """
    rows = []
    identity = _identity(found.sheet)
    for k, origin in enumerate(found.origins):
        ends = [(flow.flow, True, float(cost))
                for flow, cost in zip(found.flows, found.trail[k], strict=True)]
        ends.append((PRODUCT, False, float(found.made[k])))
        rows += [{**identity, "origin": origin.name, "origin_kind": origin.kind, "flow": flow,
                  "lost": lost, "cost": cost}
                 for flow, lost, cost in ends if not math.isnan(cost) and cost != 0]  # fmt: skip
    for flow, fee in zip(found.flows, found.fee, strict=True):
        if fee:
            rows.append({**identity, "origin": flow.flow, "origin_kind": WASTE,
                         "flow": flow.flow, "lost": True, "cost": float(fee)})  # fmt: skip
    return rows


def _true_costs(found: Costed) -> list[dict[str, Any]]:
    """Return what a unit of water costs: its purchase, what it carries, its disposal.

    The energy and system cost that it carries is that of the waste water alone: what goes on
    into the product is cost of the product. Several waters share the drains, and nobody can tell
    which caused which part: they are one.
    """
    # Water that goes to treatment alone (to thin lime) is none that production took: it is a cost
    # of treatment, and is in the disposal already.
    treats = {step.step for step in found.sheet.steps if step.kind == "treatment"}
    taken = [flow for flow in found.flows if flow.source == OUTSIDE and flow.category == "water"
             and flow.target not in treats]  # fmt: skip
    if not taken or len({flow.unit for flow in taken}) > 1:
        return []
    names = {flow.flow for flow in taken}
    costs = [origin.cost for origin in found.origins if origin.name in names]
    amount = sum(flow.amount for flow in taken)
    drains = found.lost & np.array([flow.kind == "waste_water" for flow in found.flows], dtype=bool)
    purchase, disposal = _known_sum(costs), _known_sum(found.waste[drains])
    carried = float(sum(found.loss(part)[drains].sum() for part in (1, 2)))
    total = _known_sum([purchase, carried, disposal])
    resources = sorted({flow.resource for flow in taken})
    return [{
        **_identity(found.sheet), "resource": resources[0] if len(resources) == 1 else "",
        "amount": plain(float(amount)), "unit": taken[0].unit, "purchase": plain(purchase),
        "carried": plain(carried), "waste_management": plain(disposal), "total": plain(total),
        "per_unit": plain(total / amount if amount else math.nan),
        "price": plain(purchase / amount if amount else math.nan),
        "complete": not (math.isnan(purchase) or math.isnan(disposal)),
    }]  # fmt: skip


def _known_sum(values: Sequence[float] | Any) -> float:
    """Return the sum of what is known; nan where nothing is."""
    found = np.asarray(values, dtype=float)
    return math.nan if np.isnan(found).all() else float(np.nansum(found))


def _totals(
    found: Costed, reconciled: Reconciled, streams: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    unclear = np.array([flow.kind == "" and flow.target == OUTSIDE for flow in found.flows])
    treats = [step.kind == "treatment" for step in found.sheet.steps]
    lost = [row["total"] for row in streams]
    known = [value for value in lost if value is not None]
    return {
        **_identity(found.sheet), "basis": "reconciled" if reconciled.holds else "measured",
        "currency": found.sheet.currency,
        "cost_in": _known_sum([origin.cost for origin in found.origins
                               if not treats[origin.place]]),
        "product": plain(product_cost(found)), "losses": math.fsum(known),
        "waste_management": float(np.nansum(found.waste[found.lost])),
        "unattributed": found.unattributed,
        "unclear": plain(float(sum(found.carried(part)[unclear].sum() for part in range(3)))),
        "unpriced": [origin.name for origin in found.origins if math.isnan(origin.cost)],
        "complete": len(known) == len(lost) and not found.short[found.lost].any()
        and not found.split.centres.trapped.any(),
    }  # fmt: skip


def _findings(found: Costed) -> list[Finding]:
    place = Place(facility=found.sheet.facility)
    told = []
    labels = {flow.flow: flow.label for flow in found.flows}
    unpriced = [labels.get(origin.name, origin.name) for origin in found.origins
                if math.isnan(origin.cost)]  # fmt: skip
    if unpriced:
        told.append(Finding("flow.no_price", "warning", place, "", {"flows": unpriced[:8]}))
    kept = found.split.centres.trapped.any(axis=(0, 1))
    trapped = [found.sheet.steps[k].label for k in np.flatnonzero(kept)]
    if trapped:
        told.append(Finding("flow.no_exit", "warning", place, "", {"steps": trapped[:8]}))
    blind = [found.flows[k].label for k in np.flatnonzero(found.lost)
             if found.flows[k].kind != UNACCOUNTED  # it has no name; those beside it are told
             and (found.blind[k] or math.isnan(sum(found.loss(part)[k] for part in range(3))))]
    if blind:
        told.append(Finding("flow.key_unknown", "warning", place, "", {"flows": blind[:8]}))
    if found.unattributed > 0:
        told.append(Finding("flow.cost_without_loss", "warning", place, "",
                            {"cost": found.unattributed,
                             "currency": found.sheet.currency}))  # fmt: skip
    return told
