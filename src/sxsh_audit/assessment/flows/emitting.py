"""The public face of the inventory of waste and emissions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.emission_factors import EmissionFactor
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.flows.flow_sheet import OUTSIDE, FlowSheet
from sxsh_audit.assessment.flows.indicators import (
    INDICATORS,
    SHIFTS,
    indicator_rows,
    shift_rows,
)
from sxsh_audit.assessment.flows.inventory import (
    EMISSIONS,
    LIMITS,
    emission_rows,
    limits_of,
    outputs,
)
from sxsh_audit.assessment.flows.tables import Flowing
from sxsh_audit.assessment.fuel_factors import fuel_factors
from sxsh_audit.assessment.result_tables import ResultTable, Shown
from sxsh_audit.assessment.warming_potentials import warming_potential
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.study import Study

__all__ = ["NEEDS", "EmissionInventory", "emission_inventory", "inventory_tables"]

NEEDS = ("facility", "need", "flow", "name", "text")
RECORDED = ("technology_level", "safety_health", "treatment_need", "recycling_need",
            "relocation_need")  # fmt: skip
"""What the annex of Decision 2384 (4.2) asks to be recorded of a plant."""


@dataclass(frozen=True, slots=True, repr=False)
class EmissionInventory:
    """Waste and emissions of a study.

    Parameters
    ----------
    emissions : ResultTable
        One record per plant, ``group`` and ``substance`` (empty: the sum of the group):
        ``baseline`` and ``reporting`` amount [unit], both per unit of output, ``change`` per
        output [1], and the factor with its source where one was used.
    limits : ResultTable
        Contents with a limit: ``within``, ``over`` or ``cannot_tell`` by their error.
    indicators : ResultTable
        The six RECP enterprise indicators, and what is lacking of those that are not known.
    shifts : ResultTable
        Pairs of which one falls per output while the other rises.
    needs : ResultTable
        Technology level, safety, treatment, recycling and relocation needs, as recorded.
    findings : tuple of Finding
        Limits passed, fuels without a factor.
    """

    emissions: ResultTable
    limits: ResultTable
    indicators: ResultTable
    shifts: ResultTable
    needs: ResultTable
    findings: tuple[Finding, ...]

    def show(self, language: Language = "vi") -> Shown:
        """Return it in `language`: print it, or make it the last line of a cell."""
        from sxsh_audit.assessment.flows.showing import inventory_shown

        return inventory_shown(self, language)

    def _repr_html_(self) -> str:
        return self.show().html

    def __str__(self) -> str:
        return self.show().text

    def __repr__(self) -> str:
        return f"EmissionInventory({len(self.emissions)} emissions, {len(self.limits)} limits)"


def emission_inventory(study: Study, *, language: Language = "vi") -> EmissionInventory:
    """Take the inventory of waste and emissions of a study (kiểm kê phát thải độc hại).

    Parameters
    ----------
    study : Study
        Checked records with flows, or with the use of fuels and electricity. Its settings name
        the factors: ``grid_year``, ``emission_factors``, ``fuel_factors``, ``fuels``,
        ``heating_values``, ``gwp``. None is assumed.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    EmissionInventory

    Raises
    ------
    ConversionError
        If a setting names a factor that does not exist.

    Notes
    -----
    The load of a component is flow × content [t]. Greenhouse gases are use × factor, with one
    factor for both periods: a cleaner grid is no saving of the plant. CO₂ of biomass is in no
    total. A sum of which a part is not known is not known. Enterprise indicators are output ÷ use
    of energy, materials and water, and greenhouse gases, waste and waste water ÷ output.

    References
    ----------
    .. [1] Decision 2384/QĐ-UBND of Quảng Bình province (2013), annex, 4.2.
    .. [2] UNIDO and UNEP, *Enterprise-Level Indicators for Resource Productivity and Pollution
       Intensity* (2010).

    Examples
    --------
    >>> import pandas as pd
    >>> study = Study(flows=pd.DataFrame({
    ...     "Từ": ["", "Nhuộm"], "Đến": ["Nhuộm", ""], "Mã dòng": ["N1", "N2"],
    ...     "Loại dòng": ["đầu vào", "nước thải"], "Lượng": ["1.000 m³", "900 m³"]}),
    ...     components=pd.DataFrame({"Mã dòng": ["N2"], "Thành phần": ["COD"],
    ...     "Hàm lượng": ["350 mg/l"], "Giới hạn": ["150 mg/l"]}), locale="vi")
    >>> found = emission_inventory(study)
    >>> [(row.group, row.substance, row.reporting) for row in found.emissions]
    [('waste_water', '', 900.0), ('waste_water', 'N2', 900.0), ('load', 'COD', 0.315)]
    >>> found.limits[0].status
    'over'
    """
    from sxsh_audit.assessment.assess import assess

    if not isinstance(study, Study):
        raise TypeError(f"give a Study, not {type(study).__name__}")
    result = assess(study, language=language)
    told = tuple(item for item in result.findings if item.code.startswith("emission."))
    return EmissionInventory(result.emissions, result.limits, result.indicators, result.shifts,
                             result.needs, told)  # fmt: skip


def inventory_tables(
    study: Study, flows: Flowing, savings: pd.DataFrame,
    grid: Mapping[str, EmissionFactor], language: Language,
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Take the inventory.

    Parameters
    ----------
    study : Study
        Its settings name the factors.
    flows : Flowing
        Reconciled flow sheets.
    savings : DataFrame
        Use of each resource in both periods.
    grid : mapping of str to EmissionFactor
        Factors of the grid and of the user's file, by resource.
    language : {"vi", "en"}
        Language of a refusal.
    """
    sheets = [(one.sheet if one.holds else one.measured).told() for one in flows.found]
    factors, findings = _factors(study, savings, grid, language)
    made = outputs(study, sheets) if sheets or factors else {}  # nothing else is per product
    rows = emission_rows(sheets, savings, factors, made, _potentials(study, language))
    limits = limits_of(flows.found)
    for row in limits:
        if row["status"] == "over":
            place = study.places.place("components", row.pop("row"), "quantity")
            numbers = {"flow": row["name"], "component": row["component"],
                       "value": row["value"] / row["shown_factor"],
                       "limit": row["limit"] / row["shown_factor"],
                       "unit": row["shown_unit"]}  # fmt: skip
            code = "emission.over_limit"
            if row["batch"]:
                code, numbers["batch"] = "emission.over_limit_batch", row["batch"]
            elif row["phase"]:
                code, numbers["when"] = "emission.over_limit_period", row["phase"]
            findings.append(Finding(
                code, "warning", replace(place, facility=row["facility"]), "", numbers))
    findings += [item for sheet in sheets for item in _partly_analysed(sheet)]
    frames = {
        "emissions": pd.DataFrame(rows, columns=list(EMISSIONS), dtype=object),
        "limits": pd.DataFrame(limits, columns=list(LIMITS), dtype=object),
        "indicators": pd.DataFrame(indicator_rows(savings, rows, factors),
                                   columns=list(INDICATORS), dtype=object),
        "shifts": pd.DataFrame(shift_rows(savings, rows), columns=list(SHIFTS), dtype=object),
        "needs": pd.DataFrame(_needs(study, flows), columns=list(NEEDS), dtype=object),
    }  # fmt: skip
    return frames, findings


def _partly_analysed(sheet: FlowSheet) -> Iterator[Finding]:
    """Tell of components that some waste waters have a figure of and others none.

    Their load is that of the waters that were analysed, and may be more.
    """
    outlets = [flow for flow in sheet.flows if flow.kind == "waste_water"
               and flow.target == OUTSIDE and flow.amount != 0]  # fmt: skip
    stated = {(one.flow, one.component) for one in sheet.contents}
    for component in sheet.components:
        without = [flow.label for flow in outlets if (flow.flow, component) not in stated]
        if without and len(without) < len(outlets):
            yield Finding("emission.load_part", "warning", Place(facility=sheet.facility), "",
                          {"component": component, "flows": without[:8]})  # fmt: skip


def _factors(
    study: Study, savings: pd.DataFrame, grid: Mapping[str, EmissionFactor], language: Language
) -> tuple[dict[str, EmissionFactor], list[Finding]]:
    """Return the CO₂ factor of each resource: of the user, the grid, else of the named set."""
    settings = study.settings
    found = {name: factor for name, factor in grid.items() if not math.isnan(factor.value)}
    burnt = savings[savings["category"].isin(ENERGY) & ~savings["resource"].isin(set(found))]
    units = dict(zip(burnt["resource"], burnt["unit"], strict=True))
    if not settings.fuel_factors:
        return found, []
    named = fuel_factors(units, settings.fuel_factors, fuels=settings.fuels,
                         heating_values=settings.heating_values or None,
                         language=language)  # fmt: skip
    findings = []
    for resource, factor in named.items():
        if math.isnan(factor.value):
            findings.append(Finding("emission.no_fuel_factor", "note", Place(resource=resource),
                                    "", {"resource": resource, "set": settings.fuel_factors,
                                         "why": f"fuel_{factor.missing}"}))  # fmt: skip
        else:
            found[resource] = EmissionFactor(factor.value, factor.unit, factor.year,
                                             settings.fuel_factors, factor.source,
                                             factor.confidence)  # fmt: skip
    return found, findings


def _potentials(study: Study, language: Language) -> Callable[[str], tuple[float, str]]:
    report = study.settings.gwp

    def potential(substance: str) -> tuple[float, str]:
        if not report or not substance:
            return math.nan, ""
        found = warming_potential(substance, report, language=language)
        return found.value, f"{found.report}: {found.source}"

    return potential


def _needs(study: Study, flows: Flowing) -> list[dict[str, Any]]:
    """Return what is recorded of plants and of the treatment of their waste."""
    rows: list[dict[str, Any]] = []
    for row in records_of(study.tables.facility):
        rows += [{"facility": str(row["facility"]), "need": need, "flow": "", "name": "",
                  "text": str(row[need])} for need in RECORDED if row.get(need)]  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for one in flows.found:
        for flow in one.measured.flows:
            key = (one.measured.facility, flow.flow)
            if flow.treatment and key not in seen:
                seen.add(key)
                rows.append({"facility": key[0], "need": "treatment", "flow": flow.flow,
                             "name": flow.label, "text": flow.treatment})  # fmt: skip
    return rows
