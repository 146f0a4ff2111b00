"""Settings of the economy of options: nothing is assumed, nothing ambiguous is read."""

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
from sxsh_audit.tables.settings_economy import ECONOMY

WEIGHTS = {"technical": 0.3, "economic": 0.5, "environmental": 0.2, "implement": 7, "study": 5}


def test_nothing_is_assumed() -> None:
    settings, findings = read_settings({})
    assert findings == []
    assert {name: getattr(settings, name) for name in ECONOMY} == {
        "discount_rate": None, "inflation": None, "price_range": None, "horizon": None,
        "budget": None, "reach": "", "seed": None, "payback_limit": None, "grid_year": None,
        "screening": {},
    }  # fmt: skip
    assert settings.emission_factors == ""


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("discount_rate", "10 %", 0.1),
        ("discount_rate", 0.1, 0.1),
        ("discount_rate", "0,125", 0.125),
        ("discount_rate", "120 %", 1.2),
        ("discount_rate", 0, 0.0),
        ("tỷ suất chiết khấu", "10 %", 0.1),
        ("ty_suat_chiet_khau", "10 %", 0.1),
        ("inflation", "-1 %", -0.01),
        ("lạm phát", "4 %", 0.04),
        ("price_range", "20 %", 0.2),
        ("horizon", 15, 15),
        ("horizon", 15.0, 15),  # a cell of a workbook
        ("thời gian tính toán", "15 năm", 15),
        ("budget", 500_000_000, 5e8),
        ("budget", "500 triệu đồng", 5e8),
        ("ngân sách", "500 triệu", 5e8),
        ("budget", "0,5 tỷ đồng", 5e8),
        ("budget", "500.000.000", 5e8),
        ("reach", "low", "low"),
        ("mức cần đạt", "cận trên", "high"),
        ("reach", "8 %", 0.08),
        ("reach", 0.08, 0.08),
        ("seed", 0, 0),
        ("seed", "42", 42),
        ("seed", "1.000", 1000),
        ("seed", "5,0", 5),
        ("seed", 2**53 + 1, 9007199254740993),  # a float would make it …992
        ("seed", "9007199254740993", 9007199254740993),
        ("seed", "9.007.199.254.740.993", 9007199254740993),
        ("seed", np.int64(2**53 + 1), 9007199254740993),
        ("seed", 2**63 - 1, 2**63 - 1),
        ("payback_limit", 3, 3.0),
        ("payback_limit", "18 tháng", 1.5),
        ("payback_limit", "2,5 năm", 2.5),
        ("grid_year", 2023, 2023),
        ("emission_factors", "he_so.csv", "he_so.csv"),
    ],
)
def test_what_is_read(key: str, value: Any, expected: Any) -> None:
    settings, findings = read_settings({"locale": "vi", key: value})
    assert findings == []
    changed = {name: getattr(settings, name) for name in (*ECONOMY, "emission_factors")
               if getattr(settings, name) not in (None, "", {})}  # fmt: skip
    (read,) = changed.values()
    assert (type(read), read) == (type(expected), expected)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("discount_rate", 10, "settings.bare_percentage"),
        ("discount_rate", "10", "settings.bare_percentage"),
        ("discount_rate", 1, "settings.bare_percentage"),
        ("discount_rate", "-5 %", "settings.fraction_range"),
        ("discount_rate", "cao", "settings.not_fraction"),
        ("discount_rate", True, "settings.not_text"),
        ("discount_rate", float("nan"), "settings.not_fraction"),
        ("inflation", "-100 %", "settings.fraction_range"),
        ("price_range", "100 %", "settings.fraction_range"),
        ("horizon", 0, "settings.whole_between"),
        ("horizon", 101, "settings.whole_between"),
        ("horizon", 7.5, "settings.whole_between"),
        ("horizon", "mười", "settings.not_years"),
        ("horizon", "5 tấn", "settings.not_years"),
        ("budget", -1, "settings.negative"),
        ("budget", "500 USD", "settings.other_currency"),
        ("budget", "nhiều", "settings.not_money"),
        ("budget", [1], "settings.not_text"),
        ("reach", "vừa", "settings.reach"),
        ("reach", 8, "settings.bare_percentage"),
        ("reach", "100 %", "settings.fraction_range"),
        ("seed", -1, "settings.whole_between"),
        ("seed", 1.5, "settings.whole_between"),
        ("seed", "x", "settings.not_number"),
        ("seed", 2**63, "settings.whole_between"),
        ("seed", "9223372036854775808", "settings.whole_between"),
        ("seed", 10**400, "settings.whole_between"),
        ("seed", "1" + "0" * 400, "number.out_of_range"),
        ("budget", 10**400, "number.out_of_range"),
        ("budget", "1" + "0" * 400, "number.out_of_range"),
        ("budget", "1e308 trđ", "number.out_of_range"),  # 10³⁰⁸ × 10⁶
        ("discount_rate", 10**400, "number.out_of_range"),
        ("horizon", 10**400, "number.out_of_range"),
        ("reach", 10**400, "number.out_of_range"),
        ("title", 10**400, "number.out_of_range"),
        ("screening", {**WEIGHTS, "economic": 10**400}, "number.out_of_range"),
        ("payback_limit", 0, "settings.not_positive"),
        ("grid_year", 23, "settings.whole_between"),
        ("emission_factors", ["a"], "settings.not_text"),
        ("screening", 5, "settings.not_table"),
        ("screening", {"technical": 1}, "settings.screening"),
        ("screening", {"implement": 7, "study": 5}, "settings.screening"),
        ("screening", {**WEIGHTS, "social": 1}, "settings.unknown_key"),
        ("screening", {**WEIGHTS, "kinh tế": 1}, "settings.twice"),
        ("screening", {**WEIGHTS, "economic": -1}, "settings.negative"),
        ("screening", {**WEIGHTS, "economic": "cao"}, "settings.not_number"),
        ("screening", {**WEIGHTS, "study": 9}, "settings.screening_order"),
    ],
)
def test_what_is_refused(key: str, value: Any, code: str) -> None:
    settings, findings = read_settings({"locale": "vi", key: value})
    assert [item.code for item in findings] == [code]
    assert getattr(settings, key) in (None, "", {})
    languages: tuple[Language, ...] = ("vi", "en")
    for language in languages:
        assert all("{" not in text for text in finding_sentences(findings[0], language))


def test_the_question_of_a_bare_rate_says_how_to_write_it() -> None:
    (item,) = read_settings({"discount_rate": 10})[1]
    assert 'discount_rate = "10 %"' in describe(item, "vi")
    assert 'discount_rate = "10%"' in describe(item, "en")
    assert read_settings({"discount_rate": "10%"})[0].discount_rate == 0.1


def test_a_number_with_two_readings_is_refused() -> None:
    (item,) = read_settings({"budget": "1.500"})[1]
    assert item.code == "number.two_readings"


def test_a_budget_is_in_the_currency_of_the_study() -> None:
    settings, findings = read_settings({"budget": "5 USD", "currency": "USD"})
    assert (settings.budget, findings) == (5.0, [])
    # A currency that is none is one fault and not two.
    _, findings = read_settings({"budget": "5 USD", "currency": "tấn"})
    assert [item.code for item in findings] == ["settings.currency"]


def test_a_whole_number_that_python_does_not_write_in_digits() -> None:
    """More than 4300 digits: pytest cannot write them either, so no parameters here."""
    for key, code in (("seed", "settings.whole_between"), ("budget", "number.out_of_range"),
                      ("title", "number.out_of_range")):  # fmt: skip
        (item,) = read_settings({key: -(10**5000)})[1]
        assert item.code == code
        assert len(describe(item, "vi")) < 500


@pytest.mark.parametrize(
    ("currency", "budget", "read"),
    [
        ("USD", "500 triệu đồng", None),
        ("USD", "500 triệu", 5e8),  # no word of a currency: that of the study
        ("USD", "0.5 million USD", 5e5),
        ("EUR", "500 USD", None),
        ("VND", "500 EUR", None),
    ],
)
def test_foreign_money_is_never_a_budget(
    currency: str, budget: str, read: float | None
) -> None:
    settings, findings = read_settings({"currency": currency, "budget": budget, "locale": "en"})
    assert settings.budget == read
    assert [item.code for item in findings] == ([] if read else ["settings.other_currency"])
    assert all(currency in describe(item, "vi") for item in findings)


@pytest.mark.parametrize(
    ("locale", "key", "value", "meant"),
    [
        ("en", "discount_rate", "99,9 %", "99.9 %"),
        ("en", "budget", "1.234,5 triệu", "1234.5 triệu"),
        ("en", "budget", "1.234,5 triệu đồng", "1234.5 triệu đồng"),
        ("en", "payback_limit", "2,5 năm", "2.5 năm"),
        ("vi", "inflation", "4.25 %", "4,25 %"),
        ("vi", "seed", "1,000,000", "1000000"),
    ],
)
def test_a_number_in_the_other_style_says_which_style_the_study_has(
    locale: str, key: str, value: str, meant: str
) -> None:
    settings, (item,) = read_settings({"locale": locale, key: value})
    assert (item.code, item.numbers["meant"]) == (f"settings.not_{locale}", meant)
    assert getattr(settings, key) is None
    languages: tuple[Language, ...] = ("vi", "en")
    for language in languages:
        rule, fix = finding_sentences(item, language)
        assert "locale" in rule
        assert meant in fix
    # What is written, is read.
    assert read_settings({"locale": locale, key: meant})[1] == []


def test_digits_that_fit_neither_style_are_no_number() -> None:
    (item,) = read_settings({"locale": "en", "discount_rate": "1,23.4,5 %"})[1]
    assert item.code == "settings.not_fraction"


def test_a_whole_number_that_python_does_not_read_is_a_fault_of_the_file(tmp_path: Path) -> None:
    assert codes(write_study(tmp_path, SETTINGS + f"seed = 1{'0' * 5000}\n")) == ["file.toml"]


def test_weights_and_thresholds_in_either_language() -> None:
    typed = {"kỹ thuật": 0.3, "Kinh tế": "50 %", "environmental": 0.2, "thực hiện": 7,
             "nghiên cứu thêm": 5}  # fmt: skip
    assert read_settings({"sàng lọc": typed})[0].screening == WEIGHTS


def test_settings_of_a_folder_and_of_a_workbook(tmp_path: Path) -> None:
    text = SETTINGS + 'discount_rate = "10 %"\n"ngân sách" = "500 triệu đồng"\nhorizon = 10\n' + (
        "[screening]\ntechnical = 1\neconomic = 2\nenvironmental = 1\nimplement = 7\nstudy = 5\n")
    settings = read_study(write_study(tmp_path / "a", text)).settings
    assert (settings.discount_rate, settings.budget, settings.horizon) == (0.1, 5e8, 10)
    assert settings.screening == {"technical": 1, "economic": 2, "environmental": 1,
                                  "implement": 7, "study": 5}  # fmt: skip
    rows = [["Kỳ nền", "2013"], ["Kỳ báo cáo", "2014"], ["Kiểu số", "vi"],
            ["Tỷ suất chiết khấu", 0.1], ["Ngân sách", "500 triệu đồng"],
            ["Thời gian tính toán", 10.0], ["screening.technical", 1], ["screening.kinh tế", 2],
            ["screening.environmental", 1], ["screening.implement", 7],
            ["screening.study", 5]]  # fmt: skip
    sheets = {name: [line.split(";") for line in table.splitlines()]
              for name, table in (("Sản lượng", OUTPUT), ("Tiêu thụ", USE))}  # fmt: skip
    path = write_book(tmp_path / "b.xlsx", {"Thông tin chung": rows, **sheets})
    assert read_study(path).settings.screening == settings.screening
    assert read_study(path).settings.budget == 5e8


def test_a_fault_stands_on_its_line(tmp_path: Path) -> None:
    path = write_study(tmp_path, SETTINGS + "[screening]\ntechnical = 1\nimplemant = 7\n")
    (item,) = found(path)
    assert (item.code, item.place.row) == ("settings.unknown_key", 6)
    assert item.numbers["near"][0] == "implement"


def test_a_file_of_emission_factors_stands_beside_the_study(tmp_path: Path) -> None:
    text = SETTINGS + 'emission_factors = "phat_thai.csv"\n'
    path = write_study(tmp_path, text)
    assert codes(path) == ["file.missing"]
    (path / "phat_thai.csv").write_text("resource,value\n", encoding="utf-8")
    settings = read_study(path).settings
    assert Path(settings.emission_factors) == path / "phat_thai.csv"
