"""Emission factors: printed values, one year at a time, nothing made up."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sxsh_audit.assessment.emission_factors import emission_factors, grid_years
from sxsh_audit.data import load_rows
from sxsh_audit.errors import ConversionError, DataError
from sxsh_audit.units import convert, parse_unit

# vietnamplus.vn post1032011 prints the series 2014 … 2023 [tCO2/MWh]
PRINTED = {
    2014: 0.6612, 2015: 0.8154, 2016: 0.9185, 2017: 0.8649, 2018: 0.9130, 2019: 0.8458,
    2020: 0.8041, 2021: 0.7221, 2022: 0.6766, 2023: 0.6592,
}  # fmt: skip

OWN = """
id = "own"
source = "supplier's analysis"
year = 2024
[title]
vi = "Hệ số của tôi"
[[factor]]
resource = "coal"
from = "t"
to = "tCO2"
value = "2.0"
[[factor]]
resource = "diesel"
from = "L"
to = "kgCO2"
value = "2.7"
[[factor]]
resource = "lpg"
from = "kg"
to = "kgCO2e"
value = "3"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize(("year", "printed"), PRINTED.items())
def test_printed_grid_factor(year: int, printed: float) -> None:
    found = emission_factors({"electricity": "MWh"}, grid_year=year)["electricity"]
    assert found.value == printed
    assert found[1:4] == ("tCO2/MWh", year, "combined_margin")
    assert found.source


def test_factor_is_for_the_unit_asked_for() -> None:
    for unit, value in (("kWh", 0.0006766), ("GWh", 676.6)):
        found = emission_factors({"electricity": unit}, grid_year=2022)["electricity"]
        assert (found.value, found.unit) == (value, f"tCO2/{unit}")


def test_years_are_those_that_were_read() -> None:
    assert grid_years() == tuple(PRINTED)
    assert grid_years(estimates=True) == (*PRINTED, 2024, 2025)


@pytest.mark.parametrize(("year", "printed"), [(2024, 0.6811), (2025, 0.6235)])
def test_estimates_of_researchers_are_used_only_when_asked_for(year: int, printed: float) -> None:
    with pytest.raises(ConversionError) as refused:
        emission_factors({"electricity": "kWh"}, grid_year=year)
    assert refused.value.code == "emission.estimate"
    found = emission_factors({"electricity": "MWh"}, grid_year=year, estimates=True)
    assert found["electricity"][:4] == (printed, "tCO2e/MWh", year, "inventory")


def test_another_year_is_refused_with_the_years_there_are() -> None:
    with pytest.raises(ConversionError, match=r"2013.*2014, 2015") as refused:
        emission_factors({"electricity": "kWh"}, grid_year=2013, language="en")
    assert refused.value.code == "emission.no_such_year"


def test_methods_do_not_mix_in_one_gas() -> None:
    # No trend across methods: the two series differ in what they count.
    units = {(row["method"], row["unit"]) for row in load_rows("emissions.csv")}
    assert units == {("combined_margin", "tCO2/MWh"), ("inventory", "tCO2e/MWh")}
    with pytest.raises(ConversionError):
        convert(1.0, "tCO2e", "tCO2")


def test_no_fuel_has_a_factor_that_nobody_gave() -> None:
    found = emission_factors({"coal": "t", "diesel": "m3", "water": "m3"}, grid_year=2022)
    assert all(math.isnan(one.value) and not one.method for one in found.values())
    without_year = emission_factors({"electricity": "kWh"}, grid_year=None)
    assert math.isnan(without_year["electricity"].value)


def test_factors_of_the_users_file(own: Path) -> None:
    found = emission_factors(
        {"coal": "t", "diesel": "m3", "lpg": "t", "fuel_oil": "m3", "electricity": "kWh"},
        grid_year=2022, file=own)  # fmt: skip
    assert found["coal"] == (2.0, "tCO2/t", 2024, "own", "supplier's analysis", "U")
    assert found["diesel"][:2] == (2.7, "tCO2/m3")  # 2.7 kg/L is 2.7 t/m³
    assert found["lpg"][:2] == (3.0, "tCO2e/t")
    assert math.isnan(found["fuel_oil"].value)
    assert found["electricity"].method == "combined_margin"


def test_a_unit_that_the_file_does_not_lead_to_is_not_known(own: Path) -> None:
    # Litres of coal: the file has tonnes, and no density is made up.
    assert math.isnan(emission_factors({"coal": "m3"}, grid_year=None, file=own)["coal"].value)


def test_electricity_of_the_users_file_replaces_the_grid(own: Path) -> None:
    text = OWN + '[[factor]]\nresource = "electricity"\nfrom = "MWh"\nto = "tCO2"\nvalue = "0.5"\n'
    own.write_text(text, encoding="utf-8")
    found = emission_factors({"electricity": "kWh"}, grid_year=2022, file=own)["electricity"]
    assert found[:4] == (0.0005, "tCO2/kWh", 2024, "own")


def test_a_file_without_co2_or_with_faults_is_refused(own: Path) -> None:
    with pytest.raises(ConversionError) as refused:
        emission_factors({"coal": "t"}, grid_year=None, file="vn-3505")
    assert refused.value.code == "emission.no_co2"
    own.write_text(OWN.replace('"2.0"', '"-2.0"'), encoding="utf-8")
    with pytest.raises(DataError):
        emission_factors({"coal": "t"}, grid_year=None, file=own)


def test_a_withheld_factor_says_so(own: Path) -> None:
    own.write_text(OWN.replace('value = "2.0"', 'low = "1.9"\nhigh = "2.1"'), encoding="utf-8")
    with pytest.raises(ConversionError) as refused:
        emission_factors({"coal": "t"}, grid_year=None, file=own)
    assert refused.value.code == "convert.withheld_range"


@pytest.mark.parametrize("text", ["tCO2", "t CO2", "tấn CO2", "tấn CO₂", "tCO₂", "kgCO2", "tCO2tđ"])
def test_a_mass_of_co2_is_no_mass_of_product(text: str) -> None:
    assert parse_unit(text).dimension in ("co2", "co2e")
    with pytest.raises(ConversionError):
        convert(1.0, text, "t")
