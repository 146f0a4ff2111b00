"""Factors of fuels and gases: printed values, only by name, nothing made up."""

from __future__ import annotations

import math

import pytest

from sxsh_audit.assessment.fuel_factors import FUEL_FACTOR_SETS, fuel_factors, fuels_known
from sxsh_audit.assessment.warming_potentials import REPORTS, warming_potential
from sxsh_audit.data import load_rows
from sxsh_audit.errors import ConversionError

# What else was read of the IPCC guidelines of 2006: effective factors in kg CO2/MWh, net basis
# (https://cbmjournal.biomedcentral.com/articles/10.1186/s13021-016-0046-9/tables/1)
PER_MWH = {"lignite": 364, "residual_fuel_oil": 279, "natural_gas": 202, "wood": 403}
# Blends by AR5 as printed in https://github.com/ZNIT-Tech/documentation/blob/main/GWP.md
BLENDS_AR5 = {
    "R-404A": 3942.8, "R-407A": 1923.4, "R-407C": 1624.21, "R-407F": 1674.1, "R-410A": 1923.5,
    "R-507A": 3985.0,
}  # fmt: skip
# AR5 of the same page, and AR4 and AR5 of djaodjin/djaopsp (static/js/ef-refrigerants.js)
AR5 = {"R-32": 677, "R-125": 3170, "R-143a": 4800, "R-22": 1760, "R-23": 12400, "R-227ea": 3350}
AR4 = {"methane": 25, "N2O": 298, "R-32": 675, "R-152a": 124}


@pytest.mark.parametrize(("fuel", "printed"), PER_MWH.items())
def test_a_factor_per_heat_is_that_of_another_copy(fuel: str, printed: int) -> None:
    found = fuel_factors({"x": "MWh"}, fuels={"x": fuel})["x"]
    assert round((found.value + found.biogenic) * 1000) == printed
    assert found.heating_value_source == ""


def test_a_tonne_by_the_heating_value_of_the_same_set() -> None:
    # 74,100 kg/TJ × 43.0 GJ/t = 3,186.3 kg/t
    found = fuel_factors({"diesel": "t"})["diesel"]
    assert found.value == 3.1863
    assert (found.unit, found.fuel, found.year, found.missing) == ("tCO2/t", "diesel_oil", 2006, "")
    assert found.source.startswith("https://")
    assert found.heating_value_source.startswith("https://")
    assert fuel_factors({"diesel": "kg"})["diesel"].value == pytest.approx(0.0031863, rel=1e-15)


def test_a_volume_by_the_heating_values_that_are_named() -> None:
    # Circular 20/2016: 36.845 MJ/L; 36.845 GJ/m³ × 74.1 kg/GJ
    found = fuel_factors({"diesel": "m3", "husk": "t", "jet_fuel": "t"},
                         heating_values="vn-tt20-2016")  # fmt: skip
    assert found["diesel"].value == pytest.approx(36.845 * 74.1 / 1000, rel=1e-15)
    assert "20/2016" in found["diesel"].heating_value_source
    assert found["husk"].missing == "withheld"
    assert found["jet_fuel"].missing == "heating_value"
    assert math.isnan(found["husk"].value)


def test_without_a_heating_value_nothing_is_made_up() -> None:
    found = fuel_factors({"diesel": "m3", "coke": "t", "coal": "t", "coal_cam_3_4": "t"})
    assert [one.missing for one in found.values()] == ["heating_value"] * 2 + ["fuel"] * 2
    assert all(math.isnan(one.value) and math.isnan(one.biogenic) for one in found.values())


def test_biomass_is_told_apart_and_counts_in_no_total() -> None:
    found = fuel_factors({"wood": "t"})["wood"]
    assert found.value == 0.0
    assert found.biogenic == pytest.approx(1.7472, rel=1e-15)


def test_the_users_word_wins() -> None:
    found = fuel_factors({"coal": "t", "diesel": "t"}, fuels={"coal": "lignite", "diesel": "lpg"})
    assert found["coal"].value == pytest.approx(11.9 * 0.101, rel=1e-15)
    assert found["diesel"].fuel == "lpg"


@pytest.mark.parametrize(
    ("factors", "fuels", "code"),
    [("ipcc", None, "fuel.no_such_set"),
     ("ipcc-2006", {"coal": "antracite"}, "fuel.no_such_fuel")],
)  # fmt: skip
def test_what_is_not_in_the_set_is_refused(factors: str, fuels: dict | None, code: str) -> None:
    with pytest.raises(ConversionError) as caught:
        fuel_factors({"coal": "t"}, factors, fuels=fuels, language="en")
    assert caught.value.code == code


def test_a_misspelt_fuel_is_shown_what_is_near() -> None:
    with pytest.raises(ConversionError, match="anthracite"):
        fuel_factors({}, fuels={"coal": "antracite"}, language="en")


def test_fuels_are_named_once_and_resources_are_known() -> None:
    known = {row["resource"] for row in load_rows("resources.csv")}
    rows = load_rows("fuel_emissions.csv")
    keys = [key for row in rows for key in row["resource"].split("|") if key]
    assert len(set(fuels_known())) == len(rows)
    assert len(set(keys)) == len(keys)
    assert set(keys) <= known
    assert all(bool(row["ncv"]) == bool(row["ncv_source"]) for row in rows)
    assert FUEL_FACTOR_SETS == ("ipcc-2006",)


@pytest.mark.parametrize(("blend", "printed"), BLENDS_AR5.items())
def test_a_blend_is_the_mean_of_its_gases(blend: str, printed: float) -> None:
    assert warming_potential(blend, "AR5").value == printed


@pytest.mark.parametrize(("report", "printed"), [("AR5", AR5), ("AR4", AR4)])
def test_potentials_are_those_of_another_copy(report: str, printed: dict[str, float]) -> None:
    assert {gas: warming_potential(gas, report).value for gas in printed} == printed


@pytest.mark.parametrize(
    "text", ["R-22", "R22", "r 22", "HCFC-22", "gas R22", "Gas lạnh R-22", "môi chất lạnh R22"]
)
def test_a_gas_is_known_by_the_names_that_people_write(text: str) -> None:
    found = warming_potential(text, "AR6")
    assert (found.gas, found.value, found.year) == ("HCFC-22", 1960.0, 2021)


def test_a_gas_that_is_not_in_the_list_is_not_known() -> None:
    found = warming_potential("R-1234yf", "AR5")
    assert math.isnan(found.value)
    assert found.gas == found.source == ""


def test_a_report_must_be_named_rightly() -> None:
    with pytest.raises(ConversionError) as caught:
        warming_potential("R-22", "AR3", language="en")
    assert caught.value.code == "fuel.no_such_report"
    assert list(REPORTS) == ["AR4", "AR5", "AR6"]


def test_every_blend_is_whole_and_made_of_gases_of_the_list() -> None:
    rows = load_rows("refrigerant_blends.csv")
    gases = {row["gas"] for row in load_rows("gwp.csv")}
    assert {row["gas"] for row in rows} <= gases
    for blend in {row["blend"] for row in rows}:
        whole = sum(float(row["fraction"]) for row in rows if row["blend"] == blend)
        assert whole == pytest.approx(1.0, rel=1e-12)
