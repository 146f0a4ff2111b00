"""Plausibility on published figures: a real slip, and real prices and options left alone."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from calc_tables import number, rows

import sxsh_audit as sx
from sxsh_audit.assessment.plausibility.money import FAR_PRICE, tariff_range

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "plausibility.md"


def codes(study: sx.Study) -> list[tuple[str, int]]:
    return [(item.code, item.place.row) for item in sx.assess(study).findings
            if item.code.startswith("plausible.")]  # fmt: skip


def half_years(cement: str) -> sx.Study:
    """The page of Quảng Bình for the first half of 2018 prints «clinker 1.657 nghìn tấn», then
    «xi măng 1.657 tấn»:
    https://stc.quangbinh.gov.vn/3cms/6-thang-dau-nam-2018-chi-so-san-xuat-cong-nghiep-uoc-tang-5-7-so-voi-cung-ky.htm
    The half year before and the electricity are assumed (up 5.7 %, as the title says of industry;
    61.8 kWh/t), since the page states neither.
    """
    halves = ["6 tháng đầu năm 2017", "6 tháng đầu năm 2018"]
    return sx.Study(
        production=pd.DataFrame({
            "Sản phẩm": ["clinker", "clinker", "xi măng", "xi măng"], "Kỳ": halves * 2,
            "Sản lượng": ["1.568 nghìn tấn", "1.657 nghìn tấn", "1.568 nghìn tấn", cement]}),
        consumption=pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": halves,
                                  "Lượng mua": ["200.000.000 kWh", "210.000.000 kWh"]}),
        locale="vi", output="mass", baseline=halves[0], reporting=halves[1])  # fmt: skip


def test_the_cement_of_quang_binh_is_told_with_the_reading_that_is_meant() -> None:
    study = half_years("1.657 tấn")
    (item,) = [i for i in sx.assess(study).findings if i.code.startswith("plausible.")]
    assert item.code == "plausible.period_output"
    assert (item.place.sheet, item.place.row, item.place.column) == ("production", 5, "Sản lượng")
    assert (item.value, item.numbers["suggested"]) == ("1.657 tấn", 1_657_000.0)


def test_read_as_it_is_meant_it_is_not_told() -> None:
    assert codes(half_years("1.657 nghìn tấn")) == []


@pytest.mark.parametrize("row", [row for row in rows("case_savings.csv")
                                 if row["unit_price_computed"] and row["unit"] == "kWh"],
                         ids=lambda row: row["id"])  # fmt: skip
def test_prices_implied_by_published_cases_lie_within_the_tariffs(row: dict[str, str]) -> None:
    tariff = tariff_range(None)
    assert tariff is not None
    price = number(row["unit_price_computed"])
    assert tariff.low / FAR_PRICE <= price <= tariff.high * FAR_PRICE


@pytest.mark.parametrize("name", ["giay-bao-goi", "sao-xanh", "roasting"])
def test_the_examples_are_free_of_false_alarms(name: str) -> None:
    assert codes(sx.read_study(ROOT / "examples" / name)) == []


@pytest.mark.parametrize(("months", "code"), [(None, "plausible.months_not_stated"), (6, None)])
def test_the_half_year_of_tri_tue_is_asked_for(months: int | None, code: str | None) -> None:
    # http://scp.gov.vn/tin-tuc/t10061/tri-tue-co-ltd-: 202 million invested, 6.6 million «after 06
    # months»; 202 / 6.6 = 30.6 years read as a year, 15.3 put on a year.
    study = sx.Study(
        options=pd.DataFrame({"Mã giải pháp": ["TT"], "Chi phí đầu tư": ["202 triệu đồng"],
                              "Số tháng tính lợi ích": [months]}),
        option_savings=pd.DataFrame({"Mã giải pháp": ["TT"], "Tiền tiết kiệm": ["6,6 triệu đồng"]}),
        locale="vi")  # fmt: skip
    found = [item for item in sx.assess(study).findings if item.code.startswith("plausible.")]
    assert [item.code for item in found] == ([] if code is None else [code])
    for item in found:
        assert (item.severity, item.place.column) == ("note", "Chi phí đầu tư")
        assert round(item.numbers["years"], 1) == 30.6


# -- what was measured -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "plausibility_bench", ROOT / "benchmarks" / "plausibility.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_what_is_stored(bench: ModuleType) -> None:
    stored = json.loads(bench.STORED.read_text(encoding="utf-8"))
    assert not stored["smoke"]
    page = PAGE.read_text(encoding="utf-8")
    assert "\n".join(bench.planted_table(stored["rows"])) in page
    assert "\n".join(bench.clean_table(stored["rows"])) in page


def test_what_is_stored_is_what_the_rules_find_now(bench: ModuleType) -> None:
    stored = {(row["work"], row.get("where")): row
              for row in json.loads(bench.STORED.read_text(encoding="utf-8"))["rows"]}  # fmt: skip
    fresh = [*bench.stock_rows(False), *bench.tariff_rows(False), *bench.capacity_rows(False)]
    assert len(fresh) > 10
    for row in fresh:
        assert row == stored[row["work"], row["where"]]
