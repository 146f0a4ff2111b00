"""Benchmark of plants: groups, quantiles and who is left out, worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.assessment.province.benchmark import Benchmark, benchmark
from sxsh_audit.assessment.province.norm_gaps import norm_gaps
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.errors import Refusal
from sxsh_audit.tables.register import Register


def result(establishment: str, reporting: float, **more: Any) -> dict[str, Any]:
    return {
        "establishment": establishment, "study": f"study {establishment}",
        "resource": "electricity", "category": "purchased_energy", "product": "gạch",
        "basis": "khô", "unit": "kWh", "output_unit": "t", "reporting": reporting,
        "output_reporting": 100.0, "months": 12.0, "end": dt.date(2014, 12, 31), **more,
    }  # fmt: skip


def register(rows: list[dict[str, Any]], **listed: Any) -> Register:
    names = sorted({row["establishment"] for row in rows})
    plants = pd.DataFrame({"establishment": names, **listed})
    return Register.from_frames(establishments=plants, results=pd.DataFrame(rows))


FIVE = [result(name, value) for name, value in zip("ABCDE", [10, 20, 30, 40, 50], strict=True)]


def test_quantiles_of_five_by_hand() -> None:
    # type 8 with n = 5: h = 16/3 · p + 1/3 — p = 1/4: 5/3, so 10 + 2/3 · 10; p = 3/4: 13/3
    found = benchmark(register(FIVE), resource="electricity")
    group = found.groups[0]
    assert (group.q25, group.q50, group.q75) == pytest.approx((50 / 3, 30, 130 / 3))
    assert group.q10 is None  # h = 0.87: five plants do not reach so far
    assert group.q90 is None
    assert [row.rank for row in found.plants] == [1, 2, 3, 4, 5]
    assert [row.above for row in found.plants] == [1, 0.75, 0.5, 0.25, 0]


def test_another_basis_is_never_compared() -> None:
    rows = [*FIVE, result("F", 5, basis="ướt"), result("G", 5, product="ngói"),
            result("H", 5, output_unit="piece")]  # fmt: skip
    found = benchmark(register(rows), resource="electricity")
    assert sorted(row.plants for row in found.groups) == [1, 1, 1, 5]
    assert found.plants["F"].above is None


def test_product_is_compared_as_a_reader_sees_it() -> None:
    rows = [result("A", 10, product="Gạch  nung"), result("B", 20, product="gạch nung")]
    assert len(benchmark(register(rows), resource="electricity").groups) == 1


def test_too_few_have_no_quantiles_but_a_place() -> None:
    found = benchmark(register(FIVE[:4]), resource="electricity")
    assert found.groups[0].q50 is None
    assert found.groups[0].enough is False
    assert found.plants["A"].rank == 1


def test_latest_study_counts_and_the_baseline_stands_in() -> None:
    rows = [
        result("A", 30, study="old", end=dt.date(2013, 12, 31)), result("A", 10, study="new"),
        result("B", np.nan, baseline=44.0),
    ]  # fmt: skip
    found = benchmark(register(rows), resource="electricity")
    assert (found.plants["A"].value, found.plants["A"].study) == (10, "new")
    assert (found.plants["B"].value, found.plants["B"].source) == (44, "baseline")


def test_nobody_is_left_out_silently() -> None:
    rows = [result("A", 10, product=""), result("B", np.nan), result("C", 0.0),
            result("D", 5, output_unit=""), result("E", 5)]  # fmt: skip
    found = benchmark(register(rows), resource="electricity")
    assert {row.establishment: row.reason for row in found.left_out} == {
        "A": "no_product", "B": "no_figure", "C": "nothing_used", "D": "no_output_unit",
    }  # fmt: skip
    assert len(found.plants) + len(found.left_out) == 5


def test_classes_of_scale() -> None:
    rows = [result(name, 10, output_reporting=size, months=6.0)
            for name, size in (("A", 400.0), ("B", 500.0), ("C", 501.0))]  # fmt: skip
    rows.append(result("D", 10, months=np.nan))
    found = benchmark(register(rows), resource="electricity", scale=[1000])
    # six months of 400 are 800 a year; 1000 itself belongs to the upper class
    assert [row.group for row in found.plants] == ["1", "2", "2"]
    assert [(row.scale_low, row.scale_high) for row in found.groups] == [(0, 1000), (1000, None)]
    assert found.left_out["D"].reason == "no_scale"


def test_columns_of_the_list_split_groups() -> None:
    listed = register(FIVE, size_class=["small", "small", "large", "large", ""])
    found = benchmark(listed, resource="electricity",
                      by=("product", "basis", "output_unit", "size_class"))  # fmt: skip
    assert sorted(row.plants for row in found.groups) == [1, 2, 2]


def test_a_wrong_unit_is_told() -> None:
    rows = [*FIVE, result("X", 30_000)]  # kWh where MWh was meant
    found = benchmark(register(rows), resource="electricity")
    far = [item for item in found.findings if item.code == "benchmark.far"]
    assert [item.place.facility for item in far] == ["X"]


def test_energy_of_the_list_in_any_unit_of_output() -> None:
    plants = pd.DataFrame({
        "establishment": ["A", "B", "C", "D"], "product": "gạch", "energy_toe": [10.0, 20, 5, 5],
        "output": [1000.0, 2e6, 7, np.nan], "output_unit": ["tấn", "kg", "đôi giày", "t"],
    })  # fmt: skip
    found = benchmark(Register.from_frames(establishments=plants), resource="energy")
    assert found.plants["A"].value == pytest.approx(0.01)
    assert found.plants["A"].group == found.plants["B"].group  # both 0.01 TOE/t
    assert found.plants["C"].group != found.plants["A"].group
    assert found.left_out["D"].reason == "no_output"


@pytest.mark.parametrize(("asked", "code"), [
    ({"by": ("product", "output_unit")}, "benchmark.not_comparable"),
    ({"by": ("product", "basis", "output_unit", "colour")}, "benchmark.no_column"),
    ({"minimum": 0}, "benchmark.minimum"),
    ({"scale": [5, 1]}, "benchmark.scale"),
    ({"resource": "electricty"}, "benchmark.no_resource"),
])  # fmt: skip
def test_refusals(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        benchmark(register(FIVE), **{"resource": "electricity", **asked})
    assert caught.value.code == code
    assert str(caught.value)


def test_refusal_names_what_there_is() -> None:
    with pytest.raises(Refusal) as caught:
        benchmark(register([result("A", 5)]), resource="energy")
    assert caught.value.numbers["known"] == ("electricity",)
    with pytest.raises(Refusal) as caught:
        benchmark(Register.from_frames(), resource="energy")
    assert caught.value.numbers["known"] == ("–",)


def test_a_percentage_is_no_quantile() -> None:
    with pytest.raises(RangeError):
        benchmark(register(FIVE), resource="electricity", quantiles=[25])


def test_it_reads_back_and_shows_in_both_languages() -> None:
    rows = [*FIVE, result("Z", 10, product="")]
    found = benchmark(register(rows), resource="electricity", scale=[50])
    again = Benchmark.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.to_dict() == found.to_dict()
    assert again.to_text("vi") == found.to_text("vi")
    assert "chưa biết sản phẩm" in found.to_text("vi")
    assert "50%" in found.to_text("en")
    assert "<table" in found.to_html("en")
    assert list(found.to_frame()["q50"]) == [30.0] * 5
    with pytest.raises(ValueError, match="benchmark"):
        Benchmark.from_dict({**found.to_dict(), "kind": "assessment"})


def test_norm_of_beer_by_its_scale_and_time() -> None:
    """Circular 19/2016: 306 MJ/hl below 20 million litres a year, from 2016 to 2020."""
    beer = {"product": "bia", "basis": "", "output_unit": "m3", "output_reporting": 5e3,
            "end": dt.date(2018, 12, 31)}  # fmt: skip
    rows = [result("A", 500, **beer)]
    # 500 kWh/m³ = 50 kWh/hL = 180 MJ/hL, electricity at 3.6 MJ/kWh as the circular has it
    gap = norm_gaps(register(rows, sector="bia"), "energy")["A"]
    assert (gap.norm, gap.limit, gap.unit) == ("beer-small-2020", 306, "MJ/hL")
    assert gap.figure == pytest.approx(180)


def test_energy_that_is_not_wholly_known_has_no_norm() -> None:
    beer = {"product": "bia", "basis": "", "output_unit": "m3", "output_reporting": 5e3}
    coal = {**beer, "resource": "coal", "category": "fuel", "unit": "t", "study": "study A"}
    rows = [result("A", 500, **beer), result("A", np.nan, **coal)]
    assert norm_gaps(register(rows, sector="bia"), "energy") == {}
