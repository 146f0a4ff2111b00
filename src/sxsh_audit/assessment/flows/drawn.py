"""The records that the charts of flow sheets draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.costing import UNACCOUNTED
from sxsh_audit.assessment.flows.flow_sheet import LOSSES, FlowSheet
from sxsh_audit.assessment.flows.layers import COMPONENT, component_layers, layers_of
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.flow_records import FlowBand, LossStep, LossStream
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.flows.losses import LossCosts
    from sxsh_audit.assessment.results import Assessment

__all__ = ["MONEY", "flow_bands", "flow_subject", "loss_steps", "loss_streams", "money_bands",
           "sheet_bands", "steps_of", "stream_name", "streams_of"]  # fmt: skip

MONEY = "money"
"""Layer of a Sankey chart that is drawn in money."""
_LATEST = ("reporting", "", "baseline")
Row = Mapping[str, Any]


def sheet_bands(sheet: FlowSheet, language: Language, of: str | None = None) -> list[FlowBand]:
    """Return the bands of a layer of a flow sheet, by default of the first that flows through.

    Raises
    ------
    KeyError
        If the sheet has no such layer; it lists those that it has.
    """
    layers = {layer.name: layer for layer in (*layers_of(sheet), *component_layers(sheet))}
    if of is None:
        if not layers:
            return []
        of = max(layers, key=lambda name: (not name.startswith(COMPONENT),
                                           len(layers[name].flows)))  # fmt: skip
    if of not in layers:
        raise KeyError(f"no layer {of!r}; there are: {', '.join(layers)}")
    layer = layers[of]
    labels = {step.step: step.label for step in sheet.steps}
    unit = unit_text(layer.unit, language)
    return [
        FlowBand(flow.label, labels.get(flow.source, ""), labels.get(flow.target, ""),
                 float(amount), unit, flow.kind, flow.lost)
        for flow, amount in zip(layer.flows, layer.amount, strict=True)
        if not (layer.component and math.isnan(amount))
    ]  # fmt: skip


def money_bands(costs: LossCosts, language: Language) -> list[FlowBand]:
    """Return what flows carry in money, with the system cost of each step as an input."""
    sheet = costs.sheet
    labels = {step.step: step.label for step in sheet.steps}
    names = {flow.flow: flow.label for flow in sheet.flows}
    bands = [
        FlowBand(names.get(row["flow"]) or stream_name(row, language),
                 labels.get(row["source"], ""), labels.get(row["target"], ""),
                 number(row["cost"]), sheet.currency, _drawn_kind(row["kind"]), row["lost"])
        for row in costs.flows.rows if row["cost"] is None or row["cost"] > 0
    ]  # fmt: skip
    system = sentence("flow.system_cost", language)
    treats = {step.step for step in sheet.steps if step.kind == "treatment"}
    bands += [FlowBand(system, "", step.label, step.system_cost, sheet.currency, "input", False)
              for step in sheet.steps if step.system_cost > 0 and step.step not in treats]
    return bands


def _drawn_kind(kind: str) -> str:
    return "loss" if kind == UNACCOUNTED else kind


def stream_name(row: Row, language: Language) -> str:
    """Name of a waste stream; of what is unaccounted for in words."""
    if row["kind"] == UNACCOUNTED:
        return sentence("flow.unaccounted", language)
    return str(row.get("name") or row["flow"])


def streams_of(rows: Sequence[Row], currency: str, language: Language) -> list[LossStream]:
    """Return the records of the Pareto of waste streams."""
    return [LossStream(stream_name(row, language), str(row["step"]), number(row["material"]),
                       number(row["energy"]), number(row["system"]),
                       number(row["waste_management"]), currency) for row in rows]  # fmt: skip


def steps_of(rows: Sequence[Row], totals: Row, language: Language) -> list[LossStep]:
    """Return the records of the waterfall: what went into losses, and what is left.

    Waste management is no part of the cost of the product: it comes on top of what entered.
    """
    currency = str(totals["currency"])
    entered = number(totals["cost_in"]) + number(totals["waste_management"])
    steps = [LossStep("input", "", entered, currency)]
    steps += [LossStep("loss", stream_name(row, language), number(row["total"]), currency)
              for row in rows]  # fmt: skip
    if totals["unclear"]:
        steps.append(LossStep("loss", sentence("flow.unclear", language),
                              number(totals["unclear"]), currency))  # fmt: skip
    steps.append(LossStep("product", "", number(totals["product"]), currency))
    return steps


# -- of an assessment ---------------------------------------------------------------------------


def _sheet_key(row: Row) -> tuple[str, str, str]:
    return str(row["facility"]), str(row["phase"]), str(row["batch"])


def _meant(rows: Sequence[Row], of: str | None) -> tuple[list[Row], str]:
    """Return the rows of the sheet that `of` names (else the latest), and the layer it names."""
    named, _, layer = (of or "").partition("/")
    sheets = list(dict.fromkeys(_sheet_key(row) for row in rows))
    known = {name for _, phase, batch in sheets for name in (phase, batch) if name}
    if named and named not in known:
        named, layer = "", of or ""
    order = {phase: place for place, phase in enumerate(_LATEST)}
    chosen = sorted((sheet for sheet in sheets if not named or named in sheet[1:]),
                    key=lambda sheet: (sheet[0], bool(sheet[2]), order.get(sheet[1], 9)))
    if not chosen:
        return [], layer
    return [row for row in rows if _sheet_key(row) == chosen[0]], layer


def flow_bands(result: Assessment, language: Language, of: str | None = None) -> list[FlowBand]:
    """Return the bands of one flow sheet of an assessment.

    Parameters
    ----------
    result : Assessment
        What was found.
    language : {"vi", "en"}
        Language.
    of : str, optional
        A period (``baseline``, ``reporting``) or batch, a layer (``mass``, ``money`` …), or both:
        ``reporting/money``. By default the latest and its layer with most flows.
    """
    rows, layer = _meant(result.flows.rows, of)
    if layer == MONEY:
        priced = [row for row in rows if not str(row["layer"]).startswith(COMPONENT)
                  and (row["cost"] is None or row["cost"] > 0)]  # fmt: skip
        currency = result.settings["currency"]
        return [_band(row, row["cost"], currency, language) for row in priced]
    names = [str(row["layer"]) for row in rows]
    layer = layer or max(sorted(set(names), key=names.index), key=names.count, default="")
    return [_band(row, row["amount"], unit_text(row["unit"], language), language)
            for row in rows if row["layer"] == layer]  # fmt: skip


def _band(row: Row, amount: Any, unit: str, language: Language) -> FlowBand:
    kind = _drawn_kind(str(row["kind"]))
    return FlowBand(stream_name(row, language), str(row["source_name"]), str(row["target_name"]),
                    number(amount), unit, kind, kind in LOSSES)  # fmt: skip


def flow_subject(result: Assessment, language: Language, of: str | None = None) -> str:
    """Say which flow sheet a chart is of: period or batch."""
    rows, _ = _meant(result.flows.rows, of)
    if not rows:
        return ""
    phase, batch = str(rows[0]["phase"]), str(rows[0]["batch"])
    if batch:
        return sentence("flow.batch", language, batch=batch)
    return sentence(f"words.{phase}", language) if phase else ""


def loss_streams(result: Assessment, language: Language, of: str | None = None) -> list[LossStream]:
    """Return the waste streams of one flow sheet, dearest first."""
    rows, _ = _meant(result.loss_costs.rows, of)
    return streams_of(rows, str(result.settings["currency"]), language)


def loss_steps(result: Assessment, language: Language, of: str | None = None) -> list[LossStep]:
    """Return the way from all cost to that of the product of one flow sheet."""
    rows, _ = _meant(result.loss_costs.rows, of)
    totals, _ = _meant(result.loss_totals.rows, of)
    return steps_of(rows, totals[0], language) if totals and rows else []
