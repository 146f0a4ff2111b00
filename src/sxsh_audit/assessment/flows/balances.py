"""Balances of a flow sheet: what enters each step, what leaves it, what is unaccounted for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sxsh_audit.assessment.flows.flow_sheet import FlowSheet
from sxsh_audit.assessment.flows.layers import Layer, component_layers, layers_of
from sxsh_audit.assessment.result_tables import ResultTable, plain
from sxsh_audit.calc.balance import closures, plant_closure

__all__ = ["BALANCES", "BALANCE_KEYS", "balance", "balance_rows", "balanced_steps", "sheets_given"]

SHEET = ("facility", "phase", "batch")
BALANCE_KEYS = (*SHEET, "layer", "step")
BALANCES = (
    *BALANCE_KEYS, "component", "name", "unit", "inflow", "outflow", "unaccounted", "tolerance",
    "share", "status", "not_known",
)  # fmt: skip


def balance(sheet: FlowSheet | Iterable[FlowSheet]) -> ResultTable:
    """Balance every step of a flow sheet, in every layer and component.

    Parameters
    ----------
    sheet : FlowSheet or iterable of FlowSheet
        What to balance.

    Returns
    -------
    ResultTable
        One record per layer and step, and one for the whole plant (``step`` empty): ``inflow``
        and ``outflow`` [unit], ``unaccounted`` = inflow − outflow [unit], ``tolerance`` [unit],
        ``share`` of the inflow [1], ``status`` (``closed``, ``open``, ``unknown`` where a flow is
        not known, or the error of one with a difference beyond what the others allow,
        ``one_sided`` where nothing enters or nothing leaves in the layer), and ``not_known``,
        the flows without an amount.

    Raises
    ------
    TypeError
        If it is given anything but flow sheets.

    Notes
    -----
    Layers are mass [t] (volumes with a stated density among it), volume [m³], energy [kWh], other
    units, and each component [t]. A stock change leaves its step for the outside world. The
    tolerance is 1.96 √(Σ u²) of the flows at the step, where all of their errors are known, and
    never below rounding, which scales with the largest flow.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet = FlowSheet.from_tables(pd.DataFrame({
    ...     "Từ": ["", "Đúc", "Đúc"], "Đến": ["Đúc", "", ""],
    ...     "Dòng": ["gang", "vật đúc", "xỉ"], "Loại dòng": ["đầu vào", "sản phẩm", "tổn thất"],
    ...     "Lượng": ["100 tấn", "83 tấn", "15 tấn"], "Sai số": ["2 %", "2 %", "10 %"],
    ...     "Ý nghĩa sai số": "95 %"}))
    >>> found = balance(sheet)[0]
    >>> found.step, found.unaccounted, round(found.tolerance, 2), found.status
    ('Đúc', 2.0, 3.0, 'closed')
    """
    rows = [row for one in sheets_given(sheet) for row in balance_rows(one)]
    return ResultTable("balances", BALANCE_KEYS, tuple(rows))


def sheets_given(sheet: FlowSheet | Iterable[FlowSheet]) -> tuple[FlowSheet, ...]:
    """Return the flow sheets that were given, one or several."""
    if isinstance(sheet, FlowSheet):
        return (sheet,)
    found = tuple(sheet)
    for one in found:
        if not isinstance(one, FlowSheet):
            raise TypeError(f"give a FlowSheet or several, not {type(one).__name__}")
    return found


def balance_rows(sheet: FlowSheet) -> list[dict[str, Any]]:
    """Return the records of one flow sheet."""
    rows: list[dict[str, Any]] = []
    for layer in (*layers_of(sheet), *component_layers(sheet)):
        rows += _layer_rows(sheet, layer)
    return rows


def balanced_steps(sheet: FlowSheet, layer: Layer) -> list[int]:
    """Return the steps that something of the layer enters and something leaves.

    Of a component only flows count in which it is stated: what is listed nowhere is no flow of it.
    """
    listed = [flow for flow, amount in zip(layer.flows, layer.amount, strict=True)
              if not layer.component or not np.isnan(amount)]  # fmt: skip
    source, target = sheet.positions(listed)
    return sorted(({*source} & {*target}) - {-1})


def _layer_rows(sheet: FlowSheet, layer: Layer) -> list[dict[str, Any]]:
    source, target = (np.array(ends, dtype=int) for ends in sheet.positions(layer.flows))
    count = len(sheet.steps)
    found = closures(source, target, layer.amount, count, layer.sd)
    whole = plant_closure(source, target, layer.amount, count, layer.sd)
    both = balanced_steps(sheet, layer)
    used = {int(end) for end in (*source, *target) if end >= 0}
    rows = []
    for place in sorted(used):
        step = sheet.steps[place]
        # Treatment makes and destroys components: there is no balance of them.
        if layer.component and (place not in both or step.kind == "treatment"):
            continue
        rows.append(_row(sheet, layer, found, place, step.step, step.label,
                         (source == place) | (target == place)))  # fmt: skip
    # … so that of a plant in which it enters treatment is none either.
    treated = layer.component and any(
        sheet.steps[end].kind == "treatment" for end, amount in zip(target, layer.amount,
                                                                    strict=True)
        if end >= 0 and amount != 0)  # fmt: skip
    if len(used) > 1 and both and not treated and (
            not layer.component or _crosses(layer, source, target)):  # fmt: skip
        rows.append(_row(sheet, layer, whole, 0, "", "", (source < 0) | (target < 0)))
    return rows


def _crosses(layer: Layer, source: Any, target: Any) -> bool:
    """Whether something known of the component enters the plant and something leaves it."""
    known = ~np.isnan(layer.amount)
    return bool((known & (source < 0)).any() and (known & (target < 0)).any())


def _row(
    sheet: FlowSheet, layer: Layer, found: Any, place: int, step: str, name: str, mine: Any
) -> dict[str, Any]:
    unknown = [flow.label for flow, here, amount in zip(
        layer.flows, mine, layer.amount, strict=True) if here and np.isnan(amount)]
    figures = {
        column: plain(np.atleast_1d(getattr(found, column))[place].item())
        for column in ("inflow", "outflow", "unaccounted", "tolerance", "share")
    }
    return {
        "facility": sheet.facility, "phase": sheet.phase, "batch": sheet.batch,
        "layer": layer.name, "step": step, "component": layer.component, "name": name,
        "unit": layer.unit, **figures, "status": str(np.atleast_1d(found.status)[place]),
        "not_known": unknown,
    }  # fmt: skip
