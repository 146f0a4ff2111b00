"""Two totals per resource are checked like every other record."""

from __future__ import annotations

import pytest

from sxsh_audit import Study
from sxsh_audit.errors import StudyError


def test_totals_with_units_in_the_text_or_beside() -> None:
    study = Study.from_totals(
        "X",
        output=("1.000 tấn", "1.050,5 tấn"),
        settings={"locale": "vi"},
        electricity=(1200, 1100, "MWh"),
        water=("5 nghìn m3", "4.900 m3"),
        prices={"electricity": "1.500 đồng/kWh"},
    )
    assert study.production["quantity"].tolist() == [1000.0, 1050.5]
    assert study.consumption["use"].tolist() == [1_200_000.0, 1_100_000.0, 5000.0, 4900.0]
    assert study.prices["price"].tolist() == [1500.0]


def test_faults_of_totals_come_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        Study.from_totals(
            "X", output=("1.000 tấn", "2 tấn"), electricity=("5 kWh", "6 kwhh"), zzz=(1, 2, "t")
        )
    seen = [item.code for item in caught.value.findings]
    assert seen == ["number.two_readings", "unit.unknown"] + ["table.unknown_resource"] * 2


def test_a_plant_s_own_resource_needs_its_category() -> None:
    study = Study.from_totals(
        "X", output=(1, 1, "t"), categories={"mùn cưa": "fuel"}, **{"mùn cưa": (5, 4, "t")}
    )
    assert study.resources[["resource", "category"]].values.tolist() == [["mùn cưa", "fuel"]]
    assert study.consumption["resource"].tolist() == ["mùn cưa", "mùn cưa"]


def test_one_total_alone_is_wrong_use() -> None:
    with pytest.raises(TypeError, match="two totals"):
        Study.from_totals("X", output=(1, 1, "t"), electricity=("5 kWh",))


def test_faults_name_the_argument_and_the_period() -> None:
    with pytest.raises(StudyError) as caught:
        Study.from_totals(
            "X",
            output=("1.000 tấn", "2 tấn"),
            electricity=("5 kWh", "6 kwhh"),
            prices={"electricity": "x"},
        )
    lines = str(caught.value).splitlines()
    assert lines[1].startswith("  1. output, kỳ nền: `1.000` có hai cách đọc") or lines[
        1
    ].startswith("  1. output, kỳ nền: `1.000 tấn`")
    places = [(item.place.sheet, item.place.cell) for item in caught.value.findings]
    assert places == [
        ("output", "baseline"), ("electricity", "reporting"), ('prices["electricity"]', ""),
    ]  # fmt: skip
    assert not [line for line in lines if "dòng" in line or "cột «quantity»" in line]
