"""Published conversion factors: ours within the rounding of the printed digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from unit_tables import rows

from sxsh_audit.errors import ConversionError
from sxsh_audit.language.numbers import parse_number
from sxsh_audit.units import convert, factor_set, parse_unit

FACTORS = rows("unit_factors.csv")


def half_of_last_digit(printed: str) -> float:
    """Return the most by which a rounded figure can be off."""
    text = printed.removesuffix(".0")
    return float(Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))) / 2


def ours(row: dict[str, str]) -> float:
    return float(
        convert(float(row["value"]), row["from"], row["to"], row["factor_set"] or None)
    )


@pytest.mark.parametrize(
    "row", [row for row in FACTORS if row["check"] == "ok"], ids=lambda r: f"{r['from']}-{r['to']}"
)
def test_published_factor_is_ours_rounded(row: dict[str, str]) -> None:
    exact = 1 + 1e-15  # a figure printed in full is met to the last bit
    assert abs(ours(row) - float(row["published"])) <= half_of_last_digit(row["published"]) * exact


def test_hectolitre_of_the_beer_norm() -> None:
    # Thông tư 19/2016: 1 hl = 100 l
    assert convert(1, "hl", "l") == 100


@pytest.mark.parametrize(
    ("start", "end", "published", "real"),
    [
        # The web page prints 2.388×10^5 for 2.388×10⁻⁵: ten powers of ten apart.
        ("TJ", "Mtoe", 238800.0, 1 / 41868),
        # 1 Btu = 1055.06 J in the stored models of the US demonstration account.
        ("kWh", "MMBtu", 0.003412128220196008, 3.6e6 / 1055.05585262e6),
        # Exeter prints 2544.2; 550 ft·lbf/s over 1055.05585262 J is 2544.43.
        ("hp", "Btu/h", 2544.2, 745.69987158227022 * 3600 / 1055.05585262),
    ],
)
def test_documented_disagreement(start: str, end: str, published: float, real: float) -> None:
    row = next(row for row in FACTORS if (row["from"], row["to"]) == (start, end))
    assert row["check"] != "ok"
    assert float(row["published"]) == published
    assert abs(ours(row) - published) > half_of_last_digit(row["published"])
    assert ours(row) == pytest.approx(real, rel=1e-12)


@pytest.mark.parametrize(
    "row", rows("toe_vietnam.csv"), ids=lambda row: f"{row['resource']} {row['unit_as_printed']}"
)
def test_vietnamese_toe_table(row: dict[str, str]) -> None:
    unit, resource = row["unit_as_printed"], row["resource"]
    if resource == "coke":  # printed 0,70 - 0,75
        with pytest.raises(ConversionError) as refused:
            convert(1, unit, "TOE", "vn-3505", resource=resource)
        assert refused.value.code == "convert.withheld_range"
        chosen = factor_set("vn-3505").choose("coke", "0.72", source="supplier's certificate")
        assert convert(1, unit, "TOE", chosen, resource=resource) == 0.72
        return
    expected = parse_number(row["toe_as_printed"], "vi")
    assert convert(1, unit, "TOE", "vn-3505", resource=resource) == expected


def test_every_row_of_the_toe_table_is_shipped_and_no_other() -> None:
    printed = {(row["resource"], parse_unit(row["unit_as_printed"]).symbol)
               for row in rows("toe_vietnam.csv")}
    shipped = {(row.resource, row.from_unit.symbol) for row in factor_set("vn-3505").factors}
    assert printed == shipped


# Thông tư 20/2016/TT-BCT, annex (lawnet.vn): MJ for one unit.
STEEL = [
    ("electricity", "kWh", 3.6), ("coke", "kg", 31.402), ("coal_cam_1_2", "kg", 29.309),
    ("coal_cam_3_4", "kg", 25.122), ("coal_cam_5_6", "kg", 20.935), ("lpg", "kg", 45.638),
    ("natural_gas", "Nm3", 37.683), ("diesel", "kg", 42.707), ("diesel", "l", 36.845),
    ("fuel_oil", "kg", 41.451), ("fuel_oil", "l", 39.358),
]


@pytest.mark.parametrize(("resource", "unit", "megajoules"), STEEL)
def test_steel_circular(resource: str, unit: str, megajoules: float) -> None:
    found = convert(1, unit, "MJ", "vn-tt20-2016", resource=resource)
    assert found == pytest.approx(megajoules, rel=1e-15)


@pytest.mark.parametrize(
    ("resource", "unit", "code"),
    [
        ("wood", "kg", "thousand_times_low"), ("husk", "kg", "thousand_times_low"),
        ("biomass", "kg", "thousand_times_low"), ("coke_oven_gas", "Nm3", "printed_per_volume"),
        ("blast_furnace_gas", "Nm3", "printed_per_volume"),
        ("converter_gas", "Nm3", "printed_per_volume"),
    ],
)
def test_rows_known_to_be_wrong_are_withheld(resource: str, unit: str, code: str) -> None:
    with pytest.raises(ConversionError) as refused:
        convert(1, unit, "MJ", "vn-tt20-2016", resource=resource)
    assert refused.value.code == f"convert.withheld_{code}"


@pytest.mark.parametrize(
    ("resource", "unit"),
    [("coal_cam_1_2", "kg"), ("coal_cam_3_4", "kg"), ("coal_cam_5_6", "kg"), ("lpg", "kg"),
     ("diesel", "kg"), ("diesel", "l"), ("fuel_oil", "kg"), ("fuel_oil", "l")],
)
def test_the_two_official_tables_agree_on_fuels(resource: str, unit: str) -> None:
    # every fossil value of the steel circular is the TOE factor × 41.87 MJ/kg
    toe = convert(1, unit, "TOE", "vn-3505", resource=resource)
    megajoules = convert(1, unit, "MJ", "vn-tt20-2016", resource=resource)
    assert megajoules == pytest.approx(toe * 41870, rel=2.5e-5)


def test_they_do_not_agree_on_electricity() -> None:
    # 0.0001543 TOE at 41.868 GJ is 6.4602324 MJ, against 3.6 MJ: a ratio of 1.79
    toe = convert(1, "kWh", "TOE", "vn-3505")
    physical = convert(1, "kWh", "TOE", "physical")
    assert toe / physical == pytest.approx(6.4602324 / 3.6, rel=1e-12)


def test_designated_user_threshold() -> None:
    # 1 000 TOE of electricity alone; the press rounds 6 480 881 kWh to six million
    assert convert(1000, "TOE", "kWh", "vn-3505") == pytest.approx(6480881.399870382, rel=1e-14)


@pytest.mark.parametrize(
    ("resource", "density"),
    [("diesel", 0.8627450980392157), ("fuel_oil", 0.9494949494949495),
     ("petrol", 0.7904761904761904)],
)
def test_densities_implied_by_the_toe_table(resource: str, density: float) -> None:
    by_litre = convert(1, "l", "TOE", "vn-3505", resource=resource)
    by_kilogram = convert(1, "kg", "TOE", "vn-3505", resource=resource)
    assert by_litre / by_kilogram == pytest.approx(density, rel=1e-12)


def test_published_worked_examples_of_heating_values() -> None:
    # studylib energy-statistics cheat sheet: 100 kt of anthracite at 25,000 MJ/t are 2,500 TJ;
    # 1,000 TJ at 40,000 kJ/m3 are 25 million m3
    assert convert(100, "kt", "t") * convert(25_000, "MJ/t", "TJ/t") == pytest.approx(2500)
    volume = convert(1000, "TJ", "kJ") / 40_000
    assert convert(volume, "m3", "triệu m3") == pytest.approx(25)
