"""Inventory of waste and emissions of both periods (kiểm kê phát thải độc hại)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.emission_factors import EmissionFactor
from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, Content, Flow, FlowSheet
from sxsh_audit.assessment.flows.layers import content_scale, mass_of, volume_of
from sxsh_audit.assessment.flows.reconciling import Reconciled
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.emissions import (
    combustion_emission,
    emission_intensity,
    limit_status,
    pollutant_load,
    relative_change,
    sulphur_dioxide,
)
from sxsh_audit.tables.schema import choice_words, plain_word
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["EMISSIONS", "GROUPS", "LIMITS", "emission_rows", "limits_of", "outputs"]

EMISSIONS = (
    "facility", "group", "substance", "name", "unit", "baseline", "reporting", "output_unit",
    "per_output_baseline", "per_output_reporting", "change", "factor", "factor_unit",
    "factor_year", "factor_source", "hazard", "waste_code", "treatment",
)  # fmt: skip
LIMITS = (
    "facility", "phase", "batch", "flow", "name", "component", "value", "sd", "limit", "unit",
    "shown_unit", "shown_factor", "status", "limit_source",
)  # fmt: skip
GROUPS = ("waste_water", "load", "emission_air", "air_load", "solid_waste", "hazardous_waste",
          "greenhouse_gas", "refrigerant", "toxic_input")  # fmt: skip
"""Groups of the inventory, in the order in which they are told."""
WHOLE = ""
"""Substance of a row that sums up its group."""
TOXIC = ("toxic", "hazardous")
SO2 = "so2_of_fuel"
"""Substance: sulphur dioxide worked out from the sulphur of fuels."""
_LOADS = ("load", "air_load", "toxic_input")
SUMMED = ("waste_water", "solid_waste", "hazardous_waste", "greenhouse_gas")


class _Amount(NamedTuple):
    group: str
    substance: str
    name: str
    unit: str
    value: float
    notes: Mapping[str, Any]


def outputs(study: Study, sheets: Sequence[FlowSheet]) -> dict[tuple[str, str], tuple[float, str]]:
    """Return the good output of each plant and period, and its unit.

    It is that of the table of production where the whole period is known; else what leaves the
    flow sheet as product, where that is of one unit.
    """
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for sheet in sheets:
        made = [flow for flow in sheet.flows if flow.kind == "product" and flow.target == OUTSIDE]
        units = {flow.unit for flow in made}
        if len(units) == 1 and not sheet.batch:
            found[sheet.facility, sheet.phase] = (sum(flow.amount for flow in made), units.pop())
    if len(study.tables.production):
        rows, known_units = output_rows(study)
        known = known_months(study, rows, ["facility"], "product", "quantity").months
        whole = known[known["month"] == TOTAL].merge(known_units, on="facility")
        for row in records_of(whole):
            found[str(row["facility"]), str(row["phase"])] = (
                float(row["value"]), str(row["output_unit"]))  # fmt: skip
    return found


def emission_rows(
    sheets: Sequence[FlowSheet], savings: pd.DataFrame,
    factors: Mapping[str, EmissionFactor],
    made: Mapping[tuple[str, str], tuple[float, str]],
    potential: Callable[[str], tuple[float, str]],
) -> list[dict[str, Any]]:
    """Return the inventory: each waste and emission in both periods, and per product.

    Parameters
    ----------
    sheets : sequence of FlowSheet
        Flow sheets of periods; batches are of no period and left out.
    savings : DataFrame
        Use of each resource in both periods.
    factors : mapping of str to EmissionFactor
        CO₂ of one unit of a resource.
    made : mapping
        Output by plant and period.
    potential : callable
        Global warming potential of a substance [tCO2e/t] with its source; nan where none is
        asked for or known.

    Returns
    -------
    list of dict
        Records with the columns :data:`EMISSIONS`. The sum of a group is not known where a part
        of it is not.
    """
    plants: dict[str, dict[str, list[_Amount]]] = {}
    for sheet in sheets:
        if not sheet.batch:
            # Of a study without periods the one sheet is of the period that is reported.
            phases = plants.setdefault(sheet.facility, {})
            phases.setdefault(sheet.phase or "reporting", []).extend(_of_sheet(sheet, potential))
    burnt = savings[savings["resource"].isin(list(factors))] if factors else savings[:0]
    for row in records_of(burnt):
        factor = factors[str(row["resource"])]
        for phase in PHASES:
            use = row[f"use_{phase}"]
            plants.setdefault(str(row["facility"]), {}).setdefault(phase, []).append(_Amount(
                "greenhouse_gas", str(row["resource"]), "", factor.unit.split("/")[0],
                float(combustion_emission(use, factor.value)),
                {"factor": factor.value, "factor_unit": factor.unit, "factor_year": factor.year,
                 "factor_source": factor.source}))  # fmt: skip
    rows = []
    for facility in sorted(plants):
        rows += _rows(facility, plants[facility], made)
    return rows


def _of_sheet(
    sheet: FlowSheet, potential: Callable[[str], tuple[float, str]]
) -> Iterable[_Amount]:
    """Yield what one flow sheet sends out, and what toxic goes in."""
    contents: dict[str, list[Content]] = {}
    for content in sheet.contents:
        contents.setdefault(content.flow, []).append(content)
    for flow in sheet.flows:
        inside = contents.get(flow.flow, [])
        notes = {"hazard": flow.hazard, "waste_code": flow.waste_code, "treatment": flow.treatment}
        if flow.target == OUTSIDE and flow.kind == "waste_water":
            yield _Amount("waste_water", flow.flow, flow.label, "m3",
                          flow.amount * volume_of(flow), notes)  # fmt: skip
            yield from _loads(flow, inside, "load")
        elif flow.target == OUTSIDE and flow.kind in ("solid_waste", "hazardous_waste"):
            yield _Amount(flow.kind, flow.flow, flow.label, *_own(flow), notes)
            yield from _loads(flow, [one for one in inside if one.hazard in TOXIC], "load")
        elif flow.target == OUTSIDE and flow.kind == "emission_air":
            yield _Amount("emission_air", flow.flow, flow.label, *_own(flow), notes)
            yield from _loads(flow, inside, "air_load")
            warming, source = potential(flow.substance or flow.resource)
            if not math.isnan(warming):
                yield _Amount("refrigerant", flow.flow, flow.label, "tCO2e",
                              flow.amount * mass_of(flow) * warming,
                              {"factor": warming, "factor_unit": "tCO2e/t",
                               "factor_source": source})  # fmt: skip
        elif flow.source == OUTSIDE:
            yield from _of_sulphur(flow, inside)
            if flow.hazard in TOXIC:
                yield _Amount("toxic_input", flow.flow, flow.label, *_own(flow), notes)
            yield from _loads(flow, [one for one in inside if one.hazard in TOXIC], "toxic_input")


def _of_sulphur(flow: Flow, inside: Iterable[Content]) -> Iterable[_Amount]:
    """Yield the sulphur dioxide of a fuel whose sulphur is stated; none is taken as held back."""
    for content in inside:
        if flow.category == "fuel" and plain_word(content.component) in choice_words("sulphur"):
            mass = flow.amount * mass_of(flow)
            if content.unit == "1":
                yield _Amount("air_load", SO2, "", "t",
                              float(sulphur_dioxide(mass, content.value)), {})  # fmt: skip


def _own(flow: Flow) -> tuple[str, float]:
    """Return unit and amount of a flow, in tonnes where its mass is known."""
    mass = mass_of(flow)
    return (flow.unit, flow.amount) if math.isnan(mass) else ("t", flow.amount * mass)


def _loads(flow: Flow, inside: Iterable[Content], group: str) -> Iterable[_Amount]:
    """Yield the tonnes of each component that leave with a flow."""
    for content in inside:
        scale = content_scale(flow, content.unit)
        if not content.value < 0:
            load = float(pollutant_load(flow.amount * scale, content.value))
            yield _Amount(group, content.component, content.component, "t", load,
                          {"hazard": content.hazard})  # fmt: skip


def _rows(
    facility: str, phases: Mapping[str, Sequence[_Amount]],
    made: Mapping[tuple[str, str], tuple[float, str]],
) -> list[dict[str, Any]]:
    """Return the records of one plant: both periods side by side."""
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    first: dict[tuple[str, str, str], _Amount] = {}
    for phase, amounts in phases.items():
        for one in amounts:
            keys = [(one.group, one.substance, one.unit)]
            if one.group in SUMMED:
                keys.append((one.group, WHOLE, one.unit))
            for key in keys:
                first.setdefault(key, one if key[1] else one._replace(substance="", name="",
                                                                     notes={}))  # fmt: skip
                cell = values.setdefault(key, {})
                cell[phase] = cell.get(phase, 0.0) + one.value
    out = {phase: made.get((facility, phase), (math.nan, "")) for phase in PHASES}
    if not any(unit for _, unit in out.values()) and (facility, "") in made:
        out["reporting"] = made[facility, ""]
    unit = next((unit for _, unit in out.values() if unit), "")
    rows = []
    order = {group: place for place, group in enumerate(GROUPS)}
    for key in sorted(values, key=lambda key: (order[key[0]], key[1] != WHOLE)):
        one, cell = first[key], values[key]
        if one.group in _LOADS and not any(cell.values()):
            continue  # what is in none of the flows; nan is some
        known = [cell.get(phase, math.nan) for phase in PHASES]
        per = np.asarray(emission_intensity(known, [out[phase][0] for phase in PHASES]))
        rows.append({
            **dict.fromkeys(EMISSIONS), "facility": facility, "group": one.group,
            "substance": key[1], "name": one.name, "unit": one.unit, "baseline": plain(known[0]),
            "reporting": plain(known[1]), "output_unit": unit,
            "per_output_baseline": plain(float(per[0])),
            "per_output_reporting": plain(float(per[1])),
            "change": plain(float(relative_change(per[0], per[1]))),
            **{name: value for name, value in one.notes.items() if value != ""},
        })  # fmt: skip
    return rows


def limits_of(found: Sequence[Reconciled]) -> list[dict[str, Any]]:
    """Return each content for which the user gave a limit, as it was measured."""
    rows = []
    for one in found:
        sheet = one.measured
        labels = {flow.flow: flow.label for flow in sheet.flows}
        for content in sheet.contents:
            if math.isnan(content.limit):
                continue
            status = limit_status(content.value, content.limit, content.sd)
            rows.append({
                "facility": sheet.facility, "phase": sheet.phase, "batch": sheet.batch,
                "flow": content.flow, "name": labels.get(content.flow, content.flow),
                "component": content.component, "value": plain(content.value),
                "sd": plain(content.sd), "limit": content.limit, "unit": content.unit,
                "shown_unit": content.shown_unit, "shown_factor": content.shown_factor,
                "status": str(status), "limit_source": content.limit_source, "row": content.row,
            })  # fmt: skip
    return rows
