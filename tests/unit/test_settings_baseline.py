"""Settings of adjusted baselines: words, fractions, amounts; and what the tables say to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_folders import OUTPUT, SETTINGS, USE, codes, found, write_book, write_study

from sxsh_audit import read_study
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import describe, finding_sentences
from sxsh_audit.tables.settings import read_settings
from sxsh_audit.tables.settings_baseline import BASELINE, StatedAmount

LANGUAGES: tuple[Language, ...] = ("vi", "en")
DRIVERS = "Yếu tố;Kỳ;Giá trị;Đơn vị\nSố ngày vận hành;01/2013;26;ngày\n"


def test_nothing_is_assumed() -> None:
    settings, findings = read_settings({})
    assert findings == []
    assert {name: getattr(settings, name) for name in BASELINE} == {
        "confidence": None, "baseline_model": "", "adjust_to": "", "base_load": {},
        "standard_conditions": None, "earlier_saving": {}, "operating_months": (),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("confidence", "90 %", 0.9),
        ("confidence", 0.95, 0.95),
        ("độ tin cậy", "95 %", 0.95),
        ("do_tin_cay", "0,8", 0.8),
        ("baseline_model", "regression", "regression"),
        ("mô hình đường cơ sở", "Hồi quy", "regression"),
        ("baseline_model", "base load ratio", "base_load_ratio"),
        ("baseline_model", {"điện": "tự chọn", "coal": "ratio"},
         {"electricity": "auto", "coal": "ratio"}),
        ("baseline_model", {"nguyên liệu A": "điểm gãy"}, {"nguyên liệu A": "change_point"}),
        ("adjust_to", "kỳ báo cáo", "forecast"),
        ("quy về điều kiện", "kỳ nền", "backcast"),
        ("earlier_saving", {"Điện": "4 %", "water": -0.02}, {"electricity": 0.04, "water": -0.02}),
        ("operating_months", "11-4", (11, 12, 1, 2, 3, 4)),
        ("các tháng hoạt động", "tháng 11 đến tháng 1; 3", (11, 12, 1, 3)),
        ("operating_months", [1, "2", 3], (1, 2, 3)),
        ("mùa vụ", "5", (5,)),
        ("tiết kiệm trước đó", {"điện": 0}, {"electricity": 0.0}),
    ],
)  # fmt: skip
def test_what_is_read(key: str, value: Any, expected: Any) -> None:
    settings, findings = read_settings({"locale": "vi", key: value})
    assert findings == []
    (read,) = [getattr(settings, name) for name in BASELINE
               if getattr(settings, name) not in (None, "", {}, ())]  # fmt: skip
    assert read == expected


@pytest.mark.parametrize(
    ("value", "share", "amount", "unit"),
    [
        ("30 %", 0.3, np.nan, ""),
        (0.3, 0.3, np.nan, ""),
        ("0,3", 0.3, np.nan, ""),
        (0, 0.0, np.nan, ""),
        ("100 %", 1.0, np.nan, ""),
        ("5.000 kWh/tháng", np.nan, 5000.0, "kWh"),
        ("6 MWh/năm", np.nan, 500.0, "kWh"),  # ÷ 12
        ("1.500 kWh/ngày", np.nan, 1500 * 365.25 / 12, "kWh"),
        ("2 kW", np.nan, 2 * 24 * 365.25 / 12, "kWh"),
        ("10 m3/ngày", np.nan, 10 * 365.25 / 12, "m3"),
    ],
)
def test_a_base_load(value: Any, share: float, amount: float, unit: str) -> None:
    settings, findings = read_settings({"locale": "vi", "tải nền": {"điện": value}})
    assert findings == []
    load = settings.base_load["electricity"]
    np.testing.assert_allclose([load.share, load.amount], [share, amount], rtol=1e-12)
    assert load.unit == unit


def test_standard_conditions() -> None:
    typed = {"sản lượng": "100 tấn/tháng", "Số ngày vận hành": 26, "Độ ngày": "40,5 °C·ngày"}
    settings, findings = read_settings({"locale": "vi", "adjust_to": "điều kiện chuẩn",
                                        "điều kiện chuẩn": typed})  # fmt: skip
    assert findings == []
    conditions = settings.standard_conditions
    assert conditions is not None
    assert settings.adjust_to == "standard"
    assert conditions.output == {"": StatedAmount(100.0, "t")}
    assert conditions.of_driver("số ngày VẬN HÀNH") == StatedAmount(26.0, "")
    assert conditions.of_driver("Độ ngày") == StatedAmount(40.5, "°C·ngày")
    assert conditions.of_driver("khác") is None
    settings, findings = read_settings({"locale": "en", "standard_conditions": {
        "output": {"Paper": "1.5 thousand t", "Board": "200 kg/month"}}})  # fmt: skip
    assert findings == []
    assert settings.standard_conditions is not None
    assert settings.standard_conditions.output == {"Paper": StatedAmount(1500.0, "t"),
                                                   "Board": StatedAmount(0.2, "t")}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("confidence", 90, "settings.bare_percentage"),
        ("confidence", "90", "settings.bare_percentage"),
        ("confidence", 1, "settings.bare_percentage"),
        ("confidence", "50 %", "settings.between"),
        ("confidence", "100 %", "settings.between"),
        ("confidence", 0.5, "settings.between"),
        ("confidence", "-90 %", "settings.between"),
        ("confidence", "cao", "settings.not_fraction"),
        ("confidence", True, "settings.not_text"),
        ("confidence", [0.9], "settings.not_text"),
        ("confidence", float("nan"), "settings.not_fraction"),
        ("confidence", 10**400, "number.out_of_range"),
        ("baseline_model", "regresion", "settings.word"),
        ("baseline_model", "", "settings.word"),
        ("baseline_model", ["ratio"], "settings.not_text"),
        ("baseline_model", {"điện": "tốt nhất"}, "settings.word"),
        ("baseline_model", {"điện": {"a": 1}}, "settings.not_text"),
        ("baseline_model", {"điện": "ratio", "electricity": "auto"}, "settings.twice"),
        ("adjust_to", "trước", "settings.word"),
        ("operating_months", "13", "settings.operating_months"),
        ("operating_months", "11-4, 12", "settings.operating_months"),
        ("operating_months", "mùa khô", "settings.operating_months"),
        ("operating_months", {"a": 1}, "settings.operating_months"),
        ("adjust_to", {"điện": "forecast"}, "settings.not_text"),
        ("adjust_to", "standard", "settings.no_standard"),
        ("base_load", "30 %", "settings.not_by_resource"),
        ("base_load", {"điện": "120 %"}, "settings.between"),
        ("base_load", {"điện": "-1 %"}, "settings.between"),
        ("base_load", {"điện": 30}, "settings.base_load"),
        ("base_load", {"điện": "5.000 kWh"}, "settings.base_load"),  # of which time?
        ("base_load", {"điện": "-5 kWh/tháng"}, "settings.base_load"),
        ("base_load", {"điện": "5 xyz/tháng"}, "settings.base_load"),
        ("base_load", {"điện": "ít"}, "settings.base_load"),
        ("base_load", {"điện": 10**400}, "number.out_of_range"),
        ("earlier_saving", "4 %", "settings.not_by_resource"),
        ("earlier_saving", {"điện": 4}, "settings.bare_percentage"),
        ("earlier_saving", {"điện": "-100 %"}, "settings.between"),
        ("earlier_saving", {"điện": "100 %"}, "settings.between"),
        ("earlier_saving", {"điện": None}, "settings.not_text"),
        ("standard_conditions", 5, "settings.not_table"),
        ("standard_conditions", {}, "settings.no_conditions"),
        ("standard_conditions", {"output": 100}, "settings.output_a_month"),
        ("standard_conditions", {"output": "100 tấn/năm"}, "settings.output_a_month"),
        ("standard_conditions", {"output": "0 tấn"}, "settings.output_a_month"),
        ("standard_conditions", {"output": {"A": "nhiều"}}, "settings.output_a_month"),
        ("standard_conditions", {"output": "1 tấn", "sản lượng": "1 tấn"}, "settings.twice"),
        ("standard_conditions", {"Số ngày": 1, "số  ngày": 2}, "settings.twice"),
        ("standard_conditions", {"Số ngày": "nhiều"}, "settings.not_number"),
        ("standard_conditions", {"Số ngày": -1}, "settings.negative"),
        ("standard_conditions", {"Số ngày": "-1 ngày"}, "settings.negative"),
        ("standard_conditions", {"Số ngày": [1]}, "settings.not_text"),
        ("standard_conditions", {"Số ngày": 10**400}, "number.out_of_range"),
    ],
)
def test_what_is_refused(key: str, value: Any, code: str) -> None:
    settings, findings = read_settings({"locale": "vi", key: value})
    assert [item.code for item in findings] == [code]
    if key != "adjust_to" or code != "settings.no_standard":
        assert getattr(settings, key) in (None, "", {}, ())
    for language in LANGUAGES:
        assert all("{" not in text for text in finding_sentences(findings[0], language))


def test_a_wrong_word_names_the_close_ones_first() -> None:
    (item,) = read_settings({"baseline_model": "regresion"})[1]
    assert item.numbers["choices"][0] == "baseline_model.regression"
    assert len(item.numbers["choices"]) == 5
    assert "hồi quy (regression)" in describe(item, "vi")
    (item,) = read_settings({"baseline_model": {"điện": "hoi qui"}})[1]
    assert item.value == "baseline_model.điện = hoi qui"
    (item,) = read_settings({"baseline_modell": "ratio"})[1]
    assert item.numbers["near"][0] == "baseline_model"


def test_part_of_a_table_is_not_used() -> None:
    typed = {"điện": "4 %", "nước": "cao"}
    assert read_settings({"earlier_saving": typed})[0].earlier_saving == {}


def test_a_number_with_two_readings_is_refused() -> None:
    for key, value in (("base_load", {"điện": "1.500 kWh/tháng"}),
                       ("standard_conditions", {"output": "1.500 tấn"})):  # fmt: skip
        (item,) = read_settings({key: value})[1]
        assert item.code == "number.two_readings"
        assert "{" not in describe(item, "vi")


# -- beside the tables -------------------------------------------------------------------------


def test_settings_of_a_folder_and_of_a_workbook(tmp_path: Path) -> None:
    text = SETTINGS + 'confidence = "90 %"\nadjust_to = "standard"\n[baseline_model]\n' + (
        '"điện" = "hồi quy"\n[base_load]\nelectricity = "30 %"\n[earlier_saving]\n'
        'dien = "4 %"\n[standard_conditions]\noutput = "100 tấn"\n"số ngày vận hành" = "26 ngày"\n')
    path = write_study(tmp_path / "a", text, yeu_to_anh_huong=DRIVERS)
    assert codes(path) == []
    settings = read_study(path).settings
    rows = [["Kỳ nền", "2013"], ["Kỳ báo cáo", "2014"], ["Kiểu số", "vi"], ["Độ tin cậy", 0.9],
            ["Quy về điều kiện", "điều kiện chuẩn"], ["baseline_model.Điện", "hồi quy"],
            ["tải nền.điện", 0.3], ["earlier_saving.điện", 0.04],
            ["standard_conditions.output.Vật đúc", "100 tấn"],
            ["standard_conditions.số ngày vận hành", 26]]  # fmt: skip
    sheets: dict[str, Any] = {name: [line.split(";") for line in table.splitlines()]
                              for name, table in (("Sản lượng", OUTPUT), ("Tiêu thụ", USE),
                                                  ("Yếu tố ảnh hưởng", DRIVERS))}  # fmt: skip
    book = write_book(tmp_path / "b.xlsx", {"Thông tin chung": rows, **sheets})
    assert codes(book) == []
    other = read_study(book).settings
    for name in ("confidence", "baseline_model", "adjust_to", "earlier_saving"):
        assert getattr(settings, name) == getattr(other, name), name
    assert settings.base_load["electricity"][0] == other.base_load["electricity"][0] == 0.3
    assert other.standard_conditions is not None
    assert other.standard_conditions.output == {"Vật đúc": StatedAmount(100.0, "t")}


@pytest.mark.parametrize(
    ("text", "code", "value", "near"),
    [
        ('[earlier_saving]\nwater = "4 %"\n', "study.unused_resource", "earlier_saving.water",
         "electricity"),
        ('[baseline_model]\n"Điênn" = "ratio"\n', "study.unused_resource", "baseline_model.Điênn",
         "electricity"),
        ('[base_load]\n"điện" = "5 tấn/tháng"\n', "study.base_load_unit", "base_load.electricity",
         ""),
        ('[standard_conditions]\noutput = "5 m3"\n', "study.condition_unit",
         "standard_conditions.output", ""),
        ('[standard_conditions.output]\n"Giấy" = "5 tấn"\n', "study.unknown_condition",
         "standard_conditions.output.Giấy", "Vật đúc"),
        ('[standard_conditions]\n"Số ngày vận hànhh" = 5\n', "study.unknown_condition",
         "standard_conditions.Số ngày vận hànhh", "Số ngày vận hành"),
        ('[standard_conditions]\n"Số ngày vận hành" = "5 giờ"\n', "study.condition_unit",
         "standard_conditions.Số ngày vận hành", ""),
    ],
)
def test_settings_that_name_what_the_tables_do_not_have(
    tmp_path: Path, text: str, code: str, value: str, near: str
) -> None:
    (item,) = found(write_study(tmp_path, SETTINGS + text, yeu_to_anh_huong=DRIVERS))
    assert (item.code, item.value) == (code, value)
    if near:
        assert item.numbers["near"][0] == near
    for language in LANGUAGES:
        assert "{" not in describe(item, language)


def test_a_resource_of_the_plant_itself(tmp_path: Path) -> None:
    own = "Tài nguyên;Nhóm\nBột giấy;nguyên liệu\n"
    use = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nBột giấy;2013;10;tấn\nBột giấy;2014;10;tấn\n"
    text = SETTINGS + '[base_load]\n"Bột giấy" = "1 tấn/tháng"\n'
    path = write_study(tmp_path, text, tai_nguyen=own, tieu_thu=use)
    assert codes(path) == []
    assert read_study(path).settings.base_load["Bột giấy"].unit == "t"
