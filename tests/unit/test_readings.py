"""Estimated and actual readings, and stated errors of figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from study_folders import codes, found, write_study

from sxsh_audit import read_study
from sxsh_audit.language.messages import describe

HEAD = "Tài nguyên;Từ ngày;Đến ngày;Lượng mua (kWh);Cách đọc số"
USE = "Tài nguyên;Kỳ;Lượng mua;Đơn vị"
OF_ERRORS = USE + ";Sai số;Ý nghĩa sai số;Loại sai số"
OTHER = "Điện;2014;1.000;kWh"


def bills(folder: Path, *rows: str, headings: str = HEAD, **files: str) -> Path:
    return write_study(folder, tieu_thu="\n".join([headings, *rows]) + "\n", **files)


def said(path: Path) -> list[tuple[str, str, int, str]]:
    """Code, severity, row and column of each finding; every one can be told."""
    for item in found(path):
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]
    return [(item.code, item.severity, item.place.row, item.place.column) for item in found(path)]


# -- estimated bills and true-ups --------------------------------------------------------------

YEAR = "Điện;01/01/2014;31/12/2014;900;"


def test_an_actual_reading_takes_the_place_of_the_estimates_that_it_covers(tmp_path: Path) -> None:
    path = bills(tmp_path, "Điện;01/01/2013;31/01/2013;100;tạm tính",
                 "Điện;01/02/2013;28/02/2013;100;tạm tính",
                 "Điện;01/01/2013;31/03/2013;345;thực đọc", YEAR)  # fmt: skip
    assert said(path) == [("table.true_up", "note", 2, "Từ ngày"),
                          ("table.true_up", "note", 3, "Từ ngày")]  # fmt: skip
    assert "dòng 4" in describe(found(path)[0], "vi")
    frame = read_study(path).consumption
    assert frame[["row", "use", "reading"]].to_numpy().tolist() == [
        [4, 345.0, "actual"], [5, 900.0, ""]]  # fmt: skip
    assert frame.index.tolist() == [0, 1]
    assert read_study(path).bills["use"].tolist() == [345.0, 900.0]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_bill_that_is_read_again_for_the_same_days(tmp_path: Path, order: tuple[int]) -> None:
    rows = ["Điện;01/01/2013;31/01/2013;100;tạm tính", "Điện;01/01/2013;31/01/2013;90;thực đọc"]
    path = bills(tmp_path, *(rows[i] for i in order), YEAR)
    assert read_study(path).consumption["use"].tolist() == [90.0, 900.0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("31/01/2013;100;tạm tính", "Điện;15/01/2013;31/03/2013;345;thực đọc"),  # in part
        ("31/01/2013;100;tạm tính", "Điện;01/01/2013;30/01/2013;345;thực đọc"),
        ("31/01/2013;100;tạm tính", "Điện;01/01/2013;31/03/2013;345;tạm tính"),
        ("31/01/2013;100;thực đọc", "Điện;01/01/2013;31/03/2013;345;thực đọc"),
        ("31/01/2013;100;thực đọc", "Điện;01/01/2013;31/03/2013;345;tạm tính"),
        ("31/01/2013;100;", "Điện;01/01/2013;31/03/2013;345;thực đọc"),  # not said: not guessed
        ("31/01/2013;100;tạm tính", "Điện;01/01/2013;31/03/2013;345;"),
    ],
)
def test_any_other_overlap_is_refused(tmp_path: Path, first: str, second: str) -> None:
    path = bills(tmp_path, f"Điện;01/01/2013;{first}", second, YEAR)
    assert codes(path) == ["table.overlap"]


def test_an_actual_reading_without_a_figure_makes_nothing_good(tmp_path: Path) -> None:
    path = bills(tmp_path, "Điện;01/01/2013;31/01/2013;100;tạm tính",
                 "Điện;01/01/2013;31/03/2013;;thực đọc", YEAR)  # fmt: skip
    assert codes(path) == ["table.overlap"]


def test_another_meter_or_resource_makes_nothing_good(tmp_path: Path) -> None:
    head = HEAD + ";Công tơ"
    path = bills(tmp_path, "Điện;01/01/2013;31/01/2013;100;tạm tính;A",
                 "Điện;01/01/2013;31/03/2013;345;thực đọc;B", YEAR + ";A", headings=head)
    assert codes(path) == []
    assert len(read_study(path).consumption) == 3


def test_the_day_of_the_reading_belongs_to_the_bill_before(tmp_path: Path) -> None:
    path = bills(tmp_path, "Điện;10/12/2012;10/01/2013;80;thực đọc",
                 "Điện;10/01/2013;10/02/2013;100;tạm tính",
                 "Điện;10/02/2013;10/03/2013;100;tạm tính",
                 "Điện;11/01/2013;10/03/2013;215;thực đọc", YEAR)  # fmt: skip
    assert codes(path) == []
    assert read_study(path).consumption["use"].tolist() == [80.0, 215.0, 900.0]


def test_an_estimate_stays_where_no_reading_follows_and_silence_is_told(tmp_path: Path) -> None:
    path = bills(tmp_path, "Điện;01/01/2013;31/01/2013;100;tạm tính",
                 "Điện;01/02/2013;28/02/2013;;tạm tính",
                 "Điện;01/02/2013;31/03/2013;120;thực đọc", YEAR)  # fmt: skip
    # The missing estimate needs no figure: it is replaced.
    assert [item[0] for item in said(path)] == ["table.true_up"]
    assert read_study(path).consumption["reading"].tolist() == ["estimated", "actual", ""]


def test_english_words_and_an_unknown_word(tmp_path: Path) -> None:
    head = "Resource;Start;End;Quantity (kWh);Reading"
    path = bills(tmp_path, "Electricity;01/01/2013;31/01/2013;100;Estimated",
                 "Electricity;01/02/2013;28/02/2013;100;actual reading",
                 "Electricity;01/01/2014;31/12/2014;100;guessed", headings=head)  # fmt: skip
    assert said(path) == [("table.choice", "error", 4, "Reading")]


def test_tariff_periods_of_an_estimated_bill(tmp_path: Path) -> None:
    head = "Tài nguyên;Kỳ;Lượng mua (kWh);Khung giờ;Cách đọc số;Sai số;Ý nghĩa sai số;Loại sai số"
    rows = [f"Điện;{year};{use};{name};{how};{size};giới hạn;chung hai kỳ" for year in (2013, 2014)
            for use, name, how, size in ((5, "cao điểm", "thực đọc", "1 %"),
                                         (7, "thấp điểm", "tạm tính", "2 %"))]  # fmt: skip
    study = read_study(bills(tmp_path, *rows, headings=head))
    frame = study.consumption
    assert frame["reading"].tolist() == ["estimated"] * 2
    assert frame["error"].tolist() == [0.02] * 2
    assert frame["error_meaning"].tolist() == ["limit"] * 2
    assert study.bills["error"].tolist() == [0.01, 0.02] * 2
    rows[1] = rows[1].replace("giới hạn", "95 %")
    assert said(bills(tmp_path, *rows, headings=head)) == [
        ("table.error_differs", "error", 2, "Sai số")]  # fmt: skip


def test_estimates_by_tariff_period_are_made_good_each_by_its_own(tmp_path: Path) -> None:
    head = HEAD + ";Khung giờ"
    rows = ["Điện;01/01/2013;31/01/2013;5;tạm tính;cao điểm",
            "Điện;01/01/2013;31/01/2013;7;tạm tính;thấp điểm",
            "Điện;01/01/2013;28/02/2013;11;thực đọc;cao điểm",
            "Điện;01/01/2013;28/02/2013;13;thực đọc;thấp điểm",
            "Điện;01/01/2014;31/12/2014;90;;cao điểm", "Điện;01/01/2014;31/12/2014;9;;thấp điểm"]
    path = bills(tmp_path, *rows, headings=head)
    assert codes(path) == []
    study = read_study(path)
    assert study.consumption["use"].tolist() == [24.0, 99.0]
    assert study.consumption["row"].tolist() == [4, 6]
    assert study.bills["meter"].tolist() == ["peak", "off_peak"] * 2


# -- errors ------------------------------------------------------------------------------------


def test_errors_of_use_and_of_output(tmp_path: Path) -> None:
    made = "Kỳ;Sản lượng;Đơn vị;Error;Error meaning;Error kind\n2013;1.000;tấn;0,01;sigma;random\n"
    made += "2014;1.100;tấn;;;\n"
    path = bills(tmp_path, "Điện;2013;1.000;kWh;2 %;giới hạn;chung hai kỳ",
                 "Điện;2014;1.000;kWh;0,5 %;95 %;hệ thống trong kỳ", headings=OF_ERRORS,
                 san_luong=made)  # fmt: skip
    assert said(path) == []
    study = read_study(path)
    assert study.consumption["error"].tolist() == [0.02, 0.005]
    assert study.consumption["error_meaning"].tolist() == ["limit", "confidence_95"]
    assert study.consumption["error_kind"].tolist() == ["common", "period"]
    assert study.production["error"][0] == 0.01
    assert np.isnan(study.production["error"][1])  # unknown, and not 0
    assert study.production["error_meaning"].tolist() == ["sigma", ""]


def test_a_heading_with_a_percent_sign(tmp_path: Path) -> None:
    head = OF_ERRORS.replace("Sai số;", "Sai số (%);", 1)
    path = bills(tmp_path, "Điện;2013;1;kWh;2;giới hạn;ngẫu nhiên",
                 "Điện;2014;1;kWh;1,5 %;σ;ngẫu nhiên", headings=head)  # fmt: skip
    assert read_study(path).consumption["error"].tolist() == [0.02, 0.015]
    path = bills(tmp_path, "Điện;2013;1;kWh;0,5;giới hạn;ngẫu nhiên", OTHER + ";;;", headings=head)
    assert codes(path) == ["table.percent_or_fraction"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("2 %;;ngẫu nhiên", [("table.error_meaning", "error", 2, "Ý nghĩa sai số")]),
        ("2 %;giới hạn;", [("table.error_kind", "error", 2, "Loại sai số")]),
        ("2 %;;", [("table.error_meaning", "error", 2, "Ý nghĩa sai số"),
                   ("table.error_kind", "error", 2, "Loại sai số")]),
        ("0;;ngẫu nhiên", [("table.error_meaning", "error", 2, "Ý nghĩa sai số")]),
        ("2;giới hạn;ngẫu nhiên", [("table.bare_percentage", "error", 2, "Sai số")]),
        ("-2 %;giới hạn;ngẫu nhiên", [("table.negative", "error", 2, "Sai số")]),
        ("100 %;giới hạn;ngẫu nhiên", [("table.error_range", "error", 2, "Sai số")]),
        ("150 %;giới hạn;ngẫu nhiên", [("table.above_whole", "error", 2, "Sai số")]),
        ("to;giới hạn;ngẫu nhiên", [("number.not_a_number", "error", 2, "Sai số")]),
        ("2 %;k=2;ngẫu nhiên", [("table.choice", "error", 2, "Ý nghĩa sai số")]),
        ("2 %;giới hạn;hệ thống", [("table.choice", "error", 2, "Loại sai số")]),
        (";giới hạn;", [("table.error_size", "warning", 2, "Ý nghĩa sai số")]),
        ("1e999 %;giới hạn;chung hai kỳ", [("number.out_of_range", "error", 2, "Sai số")]),
    ],
)  # fmt: skip
def test_faults_of_an_error(
    tmp_path: Path, cells: str, expected: list[tuple[str, str, int, str]]
) -> None:
    path = bills(tmp_path, f"Điện;2013;1.000;kWh;{cells}", OTHER + ";;;", headings=OF_ERRORS)
    assert said(path) == expected


def test_an_error_without_the_columns_of_its_meaning_and_kind_is_asked_about(
    tmp_path: Path,
) -> None:
    path = bills(tmp_path, "Điện;2013;1.000;kWh;2 %", OTHER + ";", headings=USE + ";Sai số")
    assert said(path) == [("table.error_meaning", "error", 2, "Sai số"),
                          ("table.error_kind", "error", 2, "Sai số")]  # fmt: skip
    told = describe(found(path)[0], "vi")
    assert all(word in told for word in ("giới hạn", "95 %", "độ lệch chuẩn"))
    told = describe(found(path)[1], "vi")
    assert all(word in told for word in ("ngẫu nhiên", "hệ thống trong kỳ", "chung hai kỳ"))


def test_the_words_of_the_question_are_words_of_the_columns(tmp_path: Path) -> None:
    words = [(meaning, kind) for meaning in ("giới hạn", "95 %", "độ lệch chuẩn", "0.95")
             for kind in ("ngẫu nhiên", "hệ thống trong kỳ", "chung hai kỳ")]  # fmt: skip
    rows = [f"Điện;{i + 1}/2013;1;kWh;2 %;{meaning};{kind}"
            for i, (meaning, kind) in enumerate(words)]  # fmt: skip
    path = bills(tmp_path, *rows, OTHER + ";;;", headings=OF_ERRORS)
    assert codes(path) == []
