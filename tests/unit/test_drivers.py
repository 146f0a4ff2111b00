"""Drivers of use beside output, and the log of non-routine adjustments."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study_folders import OUTPUT, SETTINGS, USE, codes, found, write_book, write_study

import sxsh_audit as sx
from sxsh_audit import read_study
from sxsh_audit.language.messages import describe

EPOCH = dt.date(1970, 1, 1)
DRIVERS = "Yếu tố;Kỳ;Giá trị;Đơn vị"
LOG = "Tài nguyên;Kỳ;Lượng điều chỉnh;Đơn vị;Lý do;Bằng chứng;Người ghi"


def drivers(folder: Path, *rows: str, headings: str = DRIVERS, **files: str) -> Path:
    return write_study(folder, yeu_to_anh_huong="\n".join([headings, *rows]) + "\n", **files)


def log(folder: Path, *rows: str, headings: str = LOG, **files: str) -> Path:
    return write_study(folder, dieu_chinh="\n".join([headings, *rows]) + "\n", **files)


def said(path: Path) -> list[tuple[str, int, str, str]]:
    """Code, row, column and value of each finding; every one can be told in both languages."""
    for item in found(path):
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]
    return [(item.code, item.place.row, item.place.column, item.value) for item in found(path)]


# -- drivers -----------------------------------------------------------------------------------


def test_drivers_are_read_with_their_months_and_units(tmp_path: Path) -> None:
    path = drivers(tmp_path, "Số ngày vận hành;01/2013;26;ngày", "số ngày vận hành;02/2013;24;",
                   "Độ ngày làm mát;01/2013;40,5;°C·ngày", "Độ ngày làm mát;02/2013;0;°C·ngày")
    frame = read_study(path).drivers
    assert frame["driver"].tolist() == ["Số ngày vận hành"] * 2 + ["Độ ngày làm mát"] * 2
    assert frame["quantity"].tolist() == [26.0, 24.0, 40.5, 0.0]
    assert frame["unit"].tolist() == ["ngày", "ngày", "°C·ngày", "°C·ngày"]
    days = [(EPOCH + dt.timedelta(days=int(day))).isoformat() for day in frame.loc[1, ["start",
                                                                                       "end"]]]
    assert days == ["2013-02-01", "2013-02-28"]
    assert frame["row"].tolist() == [2, 3, 4, 5]


def test_english_headings_a_unit_in_the_cell_and_in_the_heading(tmp_path: Path) -> None:
    text = "Driver;Start;End;Quantity (days);Note\nOperating days;01/01/2013;31/01/2013;26;a\n"
    path = write_study(tmp_path / "a", drivers=text)
    frame = read_study(path).drivers
    assert frame[["quantity", "unit"]].to_numpy().tolist() == [[26.0, "days"]]
    path = drivers(tmp_path / "b", "Số ngày;2013;300 ngày", headings="Yếu tố;Kỳ;Giá trị")
    assert read_study(path).drivers[["quantity", "unit"]].to_numpy().tolist() == [[300.0, "ngày"]]


def test_a_total_of_a_phase_and_silence(tmp_path: Path) -> None:
    path = drivers(tmp_path, "Số ngày;nền;300;ngày", "Số ngày;báo cáo;;ngày",
                   headings="Yếu tố;Giai đoạn;Giá trị;Đơn vị")  # fmt: skip
    assert said(path) == [("table.missing_driver", 3, "Giá trị", "")]
    frame = read_study(path).drivers
    assert frame["phase"].tolist() == ["baseline", "reporting"]
    assert np.isnan(frame["quantity"][1])  # unknown, and not 0


def test_a_total_beside_its_months_would_count_twice(tmp_path: Path) -> None:
    path = drivers(tmp_path, "a;2013;;300", "A;;nền;300", headings="Yếu tố;Kỳ;Giai đoạn;Giá trị")
    assert codes(path) == ["study.total_and_dates"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["a;01/2013;-1;ngày"], ("table.negative", 2, "Giá trị", "-1")),
        ([";01/2013;1;ngày"], ("table.empty", 2, "Yếu tố", "")),
        (["a;;1;ngày"], ("table.no_period", 2, "Kỳ", "")),
        (["a;01/2013;1;ngày", "A;02/2013;1;giờ"], ("table.driver_units", 3, "Đơn vị", "giờ")),
        (["a;01/2013;1 giờ;ngày"], ("table.unit_conflict", 2, "Đơn vị", "ngày")),
        (["a;01/2013;nhiều;ngày"], ("number.not_a_number", 2, "Giá trị", "nhiều")),
        (["a;2013;300;ngày", " A;05/2013;26;ngày"], ("table.overlap_driver", 3, "Kỳ", "")),
        (["a;01/2013;1e999;ngày"], ("number.out_of_range", 2, "Giá trị", "1e999")),
        (["a;hôm qua;1;ngày"], ("period.not_a_period", 2, "Kỳ", "hôm qua")),
    ],
)
def test_faults_of_drivers(
    tmp_path: Path, rows: list[str], expected: tuple[str, int, str, str]
) -> None:
    assert said(drivers(tmp_path, *rows)) == [expected]


def test_a_required_column_and_a_heading_of_a_resource(tmp_path: Path) -> None:
    path = drivers(tmp_path, "a;2013;5", headings="Yếu tố;Kỳ;Điện (kWh)")
    assert "table.missing_column" in codes(path)


def test_a_driver_of_each_plant_has_its_own_unit() -> None:
    made = pd.DataFrame({"Facility": ["X", "X", "Y", "Y"], "Period": ["2013", "2014"] * 2,
                         "Output (t)": [1.0] * 4})  # fmt: skip
    used = made.rename(columns={"Output (t)": "Use (kWh)"}).assign(Resource="Electricity")
    given = pd.DataFrame({"Facility": ["X", "Y"], "Driver": ["Hours", "hours"],
                          "Period": ["2013", "2013"], "Quantity": [1, 2],
                          "Unit": ["h", "thousand h"]})  # fmt: skip
    study = sx.Study(production=made, consumption=used, drivers=given, baseline="2013",
                     reporting="2014")  # fmt: skip
    assert study.drivers[["facility", "driver", "unit"]].to_numpy().tolist() == [
        ["X", "Hours", "h"], ["Y", "Hours", "thousand h"]]  # fmt: skip
    assert study.tables.drivers["quantity"].tolist() == [1.0, 2.0]


def test_a_study_without_drivers_has_empty_frames(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path))
    assert len(study.drivers) == len(study.adjustments) == 0
    assert {"facility", "driver", "phase", "start", "end", "quantity", "unit"} <= set(study.drivers)
    assert {"facility", "resource", "phase", "start", "end", "quantity", "unit", "reason",
            "evidence", "who"} <= set(study.adjustments)  # fmt: skip


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    sheets = {name: [line.split(";") for line in table.splitlines()] for name, table in (
        ("Sản lượng", OUTPUT), ("Tiêu thụ", USE), ("Drivers", DRIVERS), ("Điều chỉnh", LOG))}
    sheets["Thông tin chung"] = [["Kỳ nền", "2013"], ["Kỳ báo cáo", "2014"], ["Kiểu số", "vi"]]
    sheets["Drivers"].append(["Số khách", "2014", 1234.5, "người"])  # type: ignore[list-item]
    sheets["Điều chỉnh"].append(["Điện", "T3/2014", -1.5, "MWh", "mất điện", "sổ", "An"])  # type: ignore[list-item]
    study = read_study(write_book(tmp_path / "a.xlsx", sheets))
    assert study.drivers["quantity"].tolist() == [1234.5]
    assert study.adjustments["quantity"].tolist() == [-1500.0]


# -- adjustments -------------------------------------------------------------------------------


def test_an_adjustment_has_the_unit_of_its_resource(tmp_path: Path) -> None:
    path = log(tmp_path, "Điện;03/2014;1,2;MWh;nhà ăn mới;chỉ số công tơ;An",
               "Điện;01/2014 - 03/2014;-300 kWh;;mất điện;sổ trực;An",
               "Điện;03/2014;5;kWh;hàn thử;ảnh;An")  # fmt: skip
    assert said(path) == []
    frame = read_study(path).adjustments
    assert frame["quantity"].tolist() == [1200.0, -300.0, 5.0]
    assert set(frame["unit"]) == {"kWh"}
    assert frame["phase"].tolist() == ["reporting"] * 3
    assert frame.loc[0, ["reason", "evidence", "who"]].tolist() == ["nhà ăn mới", "chỉ số công tơ",
                                                                    "An"]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Điện;03/2014;1;kWh;;a;An", ("table.empty", 2, "Lý do", "")),
        ("Điện;03/2014;1;kWh;x;;An", ("table.adjustment_unproven", 2, "Bằng chứng", "")),
        ("Điện;03/2014;1;kWh;x;a;", ("table.adjustment_unproven", 2, "Người ghi", "")),
        (";03/2014;1;kWh;x;a;An", ("table.empty", 2, "Tài nguyên", "")),
        ("Điệnn;03/2014;1;kWh;x;a;An", ("table.unknown_resource", 2, "Tài nguyên", "Điệnn")),
        ("Điện;03/2014;;kWh;x;a;An", ("table.empty", 2, "Lượng điều chỉnh", "")),
        ("Điện;03/2014;1;;x;a;An", ("table.no_unit", 2, "Lượng điều chỉnh", "1")),
        ("Điện;03/2014;1;tấn;x;a;An", ("table.two_dimensions", 2, "Đơn vị", "tấn")),
        ("Điện;;1;kWh;x;a;An", ("table.no_period", 2, "Kỳ", "")),
        ("Điện;03/2012;1;kWh;x;a;An", ("table.adjustment_outside", 2, "Kỳ", "")),
        ("Điện;12/2013 - 01/2014;1;kWh;x;a;An", ("table.adjustment_both", 2, "Kỳ", "")),
    ],
)
def test_faults_of_adjustments(
    tmp_path: Path, row: str, expected: tuple[str, int, str, str]
) -> None:
    assert said(log(tmp_path, row)) == [expected]


def test_what_is_only_doubtful_does_not_stop_the_study(tmp_path: Path) -> None:
    path = log(tmp_path, "Điện;03/2012;1;kWh;x;;", "Nước;2014;1;m3;y;a;b")
    assert codes(path) == []
    assert codes(path, "warning") == ["table.adjustment_outside", "table.adjustment_unproven"]
    assert read_study(path).adjustments["phase"].tolist() == ["", "reporting"]


def test_a_phase_that_the_months_contradict(tmp_path: Path) -> None:
    head = "Resource;Phase;Period;Quantity;Unit;Reason;Evidence;Recorded by"
    path = log(tmp_path, "Điện;nền;03/2014;1;kWh;x;a;An", "Điện;sau;03/2014;1;kWh;y;a;An",
               "Điện;sau;;1;kWh;z;a;An", headings=head)  # fmt: skip
    assert said(path) == [("table.adjustment_phase", 2, "Phase", "nền"),
                          ("table.adjustment_months", 4, "Period", "")]  # fmt: skip
    assert "kỳ báo cáo" in describe(found(path)[0], "vi")
    path = log(tmp_path, "Điện;nền;1;kWh;x", headings="Tài nguyên;Giai đoạn;Lượng;Đơn vị;Lý do")
    assert codes(path) == ["table.adjustment_months"]


def test_an_entry_that_stands_twice(tmp_path: Path) -> None:
    row = "Điện;03/2014;1;kWh;nhà ăn;a;An"
    path = log(tmp_path, row, row.replace("nhà ăn", "Nhà  Ăn"), row.replace("nhà ăn", "hàn"))
    assert said(path) == [("table.adjustment_again", 3, "Lý do", "Nhà Ăn")]


def test_phases_of_a_study_of_two_totals(tmp_path: Path) -> None:
    made = "Giai đoạn;Sản lượng;Đơn vị\nnền;1.000;tấn\nbáo cáo;1.100;tấn\n"
    use = "Tài nguyên;Giai đoạn;Lượng mua;Đơn vị\nĐiện;nền;1.000;kWh\nĐiện;báo cáo;1.100;kWh\n"
    head = "Tài nguyên;Giai đoạn;Kỳ;Lượng;Đơn vị;Lý do;Bằng chứng;Người ghi"
    path = log(tmp_path, "Điện;sau;03/2014;1;kWh;x;a;An", "Điện;;03/2014;1;kWh;y;a;An",
               headings=head, san_luong=made, tieu_thu=use)  # fmt: skip
    (path / "study.toml").write_text('locale = "vi"\n', encoding="utf-8")
    assert said(path) == [("table.adjustment_outside", 3, "Kỳ", "")]
    assert read_study(path).adjustments["phase"].tolist() == ["reporting", ""]


@pytest.mark.parametrize(
    "text", ["", ";" * 300, "Yếu tố\n" + "x" * 5000, "\x00", "Yếu tố;Kỳ\n;;;;"]
)
def test_hostile_tables_are_refused_and_do_not_break(tmp_path: Path, text: str) -> None:
    for name in ("yeu_to_anh_huong", "dieu_chinh"):
        path = write_study(tmp_path / name, SETTINGS, **{name: text})
        for item in found(path):
            assert len(describe(item, "vi")) < 3000
