"""The inventory of waste and emissions: every figure is worked out by hand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from flow_plants import table

import sxsh_audit as sx

PHASES = ("baseline", "reporting")
COLUMNS = "flow source target kind quantity unit phase"


def flows(*rows: Sequence[Any], **more: Any) -> pd.DataFrame:
    """Rows of (flow, source, target, kind, baseline, reporting, unit)."""
    frames = [table(*((*row[:4], row[place], row[6]) for row in rows),
                    columns=COLUMNS.removesuffix(" phase"), phase=phase)
              for place, phase in ((4, "baseline"), (5, "reporting"))]  # fmt: skip
    return pd.concat(frames, ignore_index=True).assign(**more)


def output(before: float, after: float) -> pd.DataFrame:
    return pd.DataFrame({"product": "x", "phase": PHASES, "quantity": [before, after],
                         "unit": "t"})  # fmt: skip


def use(**amounts: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame([{"resource": name, "phase": phase, "quantity": value, "unit": unit}
                         for name, (unit, *values) in amounts.items()
                         for phase, value in zip(PHASES, values, strict=True)])  # fmt: skip


def inventory(**tables: Any) -> sx.Assessment:
    return sx.assess(sx.Study(language="en", **tables))


def row(found: sx.Assessment, group: str, substance: str = "") -> Any:
    return next(one for one in found.emissions
                if (one.group, one.substance) == (group, substance))  # fmt: skip


WASTE_WATER = flows(("I", "", "Dye", "input", 1000.0, 1000.0, "m3"),
                    ("W", "Dye", "", "waste_water", 900.0, 950.0, "m3"))  # fmt: skip
COD = pd.concat([table(("W", "COD", "350 mg/l", "baseline"), ("W", "COD", "200 mg/l", "reporting"),
                       columns="flow component quantity phase")])  # fmt: skip


def test_the_load_of_a_component_in_both_periods_and_per_product() -> None:
    found = inventory(flows=WASTE_WATER, components=COD, production=output(100.0, 125.0))
    load = row(found, "load", "COD")
    # 900 m³ · 350 g/m³ = 0.315 t, 950 · 200 = 0.19 t; per tonne 0.00315 and 0.00152.
    assert (load.baseline, load.reporting) == pytest.approx((0.315, 0.19))
    assert (load.per_output_baseline, load.per_output_reporting) == pytest.approx(
        (0.00315, 0.00152))  # fmt: skip
    assert load.change == pytest.approx(0.00152 / 0.00315 - 1)
    assert (load.unit, load.output_unit) == ("t", "t")
    water = row(found, "waste_water")
    assert (water.baseline, water.reporting, water.unit) == (900.0, 950.0, "m3")
    assert water.change == pytest.approx((950 / 125) / (900 / 100) - 1)


def test_a_sum_of_which_a_part_is_not_known_is_not_known() -> None:
    found = inventory(flows=flows(("I", "", "S", "input", 9.0, 9.0, "t"),
                                  ("P", "S", "", "product", None, None, "t"),
                                  ("A", "S", "", "solid_waste", 3.0, 2.0, "t"),
                                  ("B", "S", "", "solid_waste", 4.0, None, "t")))  # fmt: skip
    total = row(found, "solid_waste")
    assert (total.baseline, total.reporting, total.change) == (7.0, None, None)
    assert (row(found, "solid_waste", "A").reporting, row(found, "solid_waste", "B").reporting) == (
        2.0, None)  # fmt: skip


def test_waste_of_another_unit_is_weighed_where_its_density_is_known() -> None:
    made = flows(("I", "", "S", "input", 9.0, 9.0, "t"),
                 ("A", "S", "", "solid_waste", 3.0, 2.0, "m3"))  # fmt: skip
    made["density"] = [None, "0.5 t/m3"] * 2
    found = inventory(flows=made)
    assert (row(found, "solid_waste").unit, row(found, "solid_waste").baseline) == ("t", 1.5)


def test_batches_are_of_no_period() -> None:
    found = inventory(flows=table(("I", "", "S", "input", 9.0, "M1"),
                                  ("A", "S", "", "solid_waste", 3.0, "M1"),
                                  columns="flow source target kind quantity batch", unit="t"))
    assert len(found.emissions) == 0


def test_one_factor_of_the_grid_for_both_periods() -> None:
    found = inventory(production=output(100.0, 100.0), grid_year=2018,
                      consumption=use(electricity=("kWh", 5000.0, 4000.0)))  # fmt: skip
    gas = row(found, "greenhouse_gas", "electricity")
    # data/emissions.csv, 2018: 0.9130 tCO2/MWh.
    assert (gas.baseline, gas.reporting) == pytest.approx((4.565, 3.652))
    assert (gas.factor, gas.factor_year, gas.factor_unit) == (0.000913, 2018, "tCO2/kWh")
    assert gas.factor_source
    assert gas.change == pytest.approx(-0.2)


def test_no_factor_is_assumed_and_one_that_is_asked_for_is_cited() -> None:
    tables = {"production": output(100.0, 100.0),
              "consumption": use(diesel=("t", 10.0, 9.0), coal=("t", 5.0, 5.0))}  # fmt: skip
    assert len(inventory(**tables).emissions) == 0
    found = inventory(**tables, fuel_factors="ipcc-2006")
    # IPCC 2006, vol. 2, ch. 2: 74 100 kg/TJ and 43.0 TJ/Gg: 3.1863 t/t.
    gas = row(found, "greenhouse_gas", "diesel")
    assert (gas.baseline, gas.reporting) == pytest.approx((31.863, 28.6767))
    # Which coal it is nobody said: the sum is only that of what is known, and it is told.
    told = [item for item in found.findings if item.code == "emission.no_fuel_factor"]
    assert [(item.numbers["resource"], item.numbers["why"]) for item in told] == [
        ("coal", "fuel_fuel")]  # fmt: skip
    lacking = next(one for one in found.indicators if one.indicator == "carbon_intensity")
    assert (lacking.baseline, lacking.reporting, lacking.lacking) == (None, None, ["coal"])


def test_a_refrigerant_is_weighed_by_the_report_that_is_named() -> None:
    made = flows(("I", "", "S", "input", 1.0, 1.0, "t"), ("G", "S", "", "emission_air", 0.02, 0.01,
                 "t"), substance="HFC-134a")
    assert not any(one.group == "refrigerant" for one in inventory(flows=made).emissions)
    # data/gwp.csv: 1 430 in AR4, 1 300 in AR5.
    for report, potential in (("AR4", 1430.0), ("AR5", 1300.0)):
        gas = row(inventory(flows=made, gwp=report), "refrigerant", "G")
        assert (gas.baseline, gas.reporting) == pytest.approx((0.02 * potential, 0.01 * potential))
        assert gas.unit == "tCO2e"
        assert gas.factor_source.startswith(report)


def test_carbon_with_refrigerants_in_it_is_told_as_equivalent() -> None:
    made = flows(("I", "", "S", "input", 1.0, 1.0, "t"), ("G", "S", "", "emission_air", 0.02, 0.01,
                 "t"), substance="HFC-134a")
    found = inventory(flows=made, gwp="AR5", grid_year=2018, production=output(100.0, 100.0),
                      consumption=use(electricity=("kWh", 5000.0, 5000.0)))  # fmt: skip
    carbon = next(one for one in found.indicators if one.indicator == "carbon_intensity")
    assert (carbon.baseline, carbon.reporting) == pytest.approx(
        ((4.565 + 26.0) / 100, (4.565 + 13.0) / 100))  # fmt: skip
    assert carbon.unit == "tCO2e/t"
    assert carbon.better


def test_toxic_inputs_and_hazardous_contents_are_listed() -> None:
    made = flows(("C", "", "S", "input", 2.0, 1.0, "t"), ("D", "", "S", "input", 7.0, 7.0, "t"),
                 ("A", "S", "", "solid_waste", 3.0, 2.0, "t"))  # fmt: skip
    made["hazard"] = ["toxic", "", ""] * 2
    parts = table(("A", "chromium", 0.01, "toxic"), ("A", "sand", 0.5, ""),
                  columns="flow component quantity hazard")
    found = inventory(flows=made, components=parts)
    toxic = [(one.substance, one.baseline) for one in found.emissions if one.group == "toxic_input"]
    assert toxic == [("C", 2.0)]
    loads = [(one.substance, one.baseline) for one in found.emissions if one.group == "load"]
    assert loads == [("chromium", pytest.approx(0.03))]


def test_a_limit_is_passed_only_beyond_the_error() -> None:
    parts = table(("W", "a", "90 mg/l", "100 mg/l"), ("W", "b", "99 mg/l", "100 mg/l"),
                  ("W", "c", "120 mg/l", "100 mg/l"), ("W", "d", None, "100 mg/l"),
                  ("W", "e", "120 mg/l", None), columns="flow component quantity limit",
                  error="5 %", error_meaning="95 %", phase="reporting", limit_source="permit")
    found = inventory(flows=WASTE_WATER, components=parts)
    assert {one.component: one.status for one in found.limits} == {
        "a": "within", "b": "cannot_tell", "c": "over", "d": "unknown"}  # fmt: skip
    over = [item for item in found.findings if item.code == "emission.over_limit_period"]
    assert [(item.numbers["component"], item.numbers["value"], item.numbers["limit"],
             item.numbers["unit"]) for item in over] == [
        ("c", pytest.approx(120.0), pytest.approx(100.0), "mg/L")]  # fmt: skip
    assert found.limits["c"].limit_source == "permit"


def test_enterprise_indicators_and_what_they_lack() -> None:
    made = flows(("I", "", "S", "input", 9.0, 9.0, "t"),
                 ("A", "S", "", "solid_waste", 4.0, 3.0, "t"),
                 ("H", "S", "", "hazardous_waste", 1.0, 0.0, "t"))  # fmt: skip
    resources = table(("ore", "raw_material", "t"), columns="resource category unit")
    found = inventory(
        flows=made, production=output(100.0, 120.0), resources=resources,
        consumption=use(electricity=("kWh", 5000.0, 5400.0), ore=("t", 125.0, 144.0),
                        water=("m3", 400.0, 600.0)))  # fmt: skip
    told = {one.indicator: one for one in found.indicators}
    # 100/5000 → 120/5400; 100/125 → 120/144; 100/400 → 120/600; 5/100 → 3/120.
    expected = {"energy_productivity": (0.02, 120 / 5400, True),
                "material_productivity": (0.8, 120 / 144, True),
                "water_productivity": (0.25, 0.2, False),
                "waste_intensity": (0.05, 0.025, True)}  # fmt: skip
    for name, (before, after, better) in expected.items():
        one = told[name]
        assert (one.baseline, one.reporting) == pytest.approx((before, after)), name
        assert one.better is better
        assert one.change == pytest.approx(after / before - 1)
    assert told["energy_productivity"].unit == "t/kWh"
    assert told["waste_intensity"].unit == "t/t"
    assert told["carbon_intensity"].lacking == ["electricity"]
    assert "waste_water_intensity" not in told


def test_what_rises_while_something_else_falls_is_told() -> None:
    found = inventory(
        flows=WASTE_WATER, components=table(
            ("W", "COD", "200 mg/l", "baseline"), ("W", "COD", "300 mg/l", "reporting"),
            columns="flow component quantity phase"),
        production=output(100.0, 100.0), consumption=use(water=("m3", 1000.0, 800.0)))  # fmt: skip
    pairs = {(one.falls, one.rises): (one.falls_change, one.rises_change) for one in found.shifts}
    # Water −20 %; COD (950 · 300)/(900 · 200) − 1; waste water 950/900 − 1.
    assert pairs["water", "COD"] == pytest.approx((-0.2, 950 * 300 / (900 * 200) - 1))
    assert pairs["water", "waste_water"] == pytest.approx((-0.2, 950 / 900 - 1))
    assert len(pairs) == 2


def test_needs_are_told_as_recorded() -> None:
    plant = table(("p1", "old boilers", "cyclone"),
                  columns="facility technology_level treatment_need")
    made = flows(("I", "", "S", "input", 9.0, 9.0, "t"),
                 ("A", "S", "", "solid_waste", 4.0, 3.0, "t"))  # fmt: skip
    made["treatment"] = ["", "landfill"] * 2
    found = inventory(facility=plant, flows=made.assign(facility="p1"))
    assert [(one.need, one.flow, one.text) for one in found.needs] == [
        ("technology_level", "", "old boilers"), ("treatment_need", "", "cyclone"),
        ("treatment", "A", "landfill")]  # fmt: skip


def test_output_is_that_of_the_flow_sheet_where_no_production_is_listed() -> None:
    found = inventory(flows=flows(("I", "", "S", "input", 9.0, 9.0, "t"),
                                  ("P", "S", "", "product", 6.0, 7.5, "t"),
                                  ("A", "S", "", "solid_waste", 3.0, 1.5, "t")))  # fmt: skip
    waste = row(found, "solid_waste")
    assert (waste.per_output_baseline, waste.per_output_reporting) == (0.5, 0.2)


def test_the_inventory_stands_for_itself() -> None:
    study = sx.Study(flows=WASTE_WATER, components=COD, language="en")
    found = sx.emission_inventory(study, language="en")
    assert found.emissions.rows == sx.assess(study).emissions.rows
    with pytest.raises(TypeError, match="give a Study"):
        sx.emission_inventory("study")  # type: ignore[arg-type]
