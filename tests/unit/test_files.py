"""Files as people lay them out, and files that are something else than their name says."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from study_folders import OUTPUT, USE, codes, found, write_book, write_study

from sxsh_audit import check_study, read_study
from sxsh_audit.errors import StudyError
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.layout import is_total

BOOK = {
    "Tiêu thụ": [
        ["Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị"],
        ["Điện", 2013, 1200, "kWh"],
        ["Điện", 2014, 1100, "kWh"],
    ],
    "Sản lượng": [["Kỳ", "Sản lượng (tấn)"], [2013, 1], [2014, 1]],
    "settings": [["baseline", 2013], ["kỳ báo cáo", 2014], ["locale", "vi"]],
}


def use(path: Path) -> list[float]:
    return [float(value) for value in read_study(path).consumption["use"]]


# -- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        USE.replace("\n", "\r\n"),
        "sep=;\r\n" + USE,
        USE.replace(";", "\t"),
        "sep=\t\n" + USE.replace(";", "\t"),
        USE.replace(";", "|"),
        "\n".join(line + ";;;" for line in USE.splitlines()) + "\n;;;;;;\n;;\n",
        USE.replace("Điện;2014", '"Điện\n";2014'),
        USE.replace("Điện", '"Điện"'),
    ],
)
def test_csv_as_excel_writes_it(tmp_path: Path, text: str) -> None:
    path = write_study(tmp_path, tieu_thu=text)
    assert found(path) == []
    assert use(path) == [1_200_000.0, 1_210_000.0]


def test_titles_above_the_headings_keep_the_row_numbers(tmp_path: Path) -> None:
    text = "CÔNG TY CỔ PHẦN SAO XANH;;;\nĐơn vị: Công ty Sao Xanh;;;\n\n" + USE
    path = write_study(tmp_path, tieu_thu=text.replace("1.210.000", "-5"))
    note, fault = found(path)
    assert (note.code, note.place.row, note.numbers) == ("table.titles", 1, {"count": 2, "row": 4})
    assert (fault.code, fault.place.row) == ("table.negative", 6)  # headings in row 4


def test_a_unit_above_the_headings_is_asked_about(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu="Đơn vị tính: 1000 kWh;;;\n" + USE)
    assert codes(path) == ["table.title_unit"]


def test_repeated_headings_totals_and_signatures_are_no_records(tmp_path: Path) -> None:
    text = (
        USE + "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nNước;2013;5;m3\nNước;2014;4;m3\n"
        "Tổng cộng;;2.410.009;\nNgười lập biểu;;;\n"
    )
    path = write_study(tmp_path, tieu_thu=text)
    seen = [(item.code, item.place.row) for item in found(path)]
    assert seen == [("table.heading_again", 4), ("table.total_row", 7), ("table.remark", 8)]
    assert use(path) == [1_200_000.0, 1_210_000.0, 5.0, 4.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổng cộng", True),
        ("CỘNG:", True),
        ("tong cong", True),
        ("Cộng quý I/2014", True),
        ("Tổng năm 2013", True),
        ("Total", True),
        ("Tổng thể", False),
        ("Cộng Hòa", False),
        ("Than tổ ong", False),
        ("Điện", False),
    ],
)
def test_words_of_a_sum(text: str, expected: bool) -> None:
    assert is_total(text) is expected


def test_a_decimal_comma_between_commas_moves_cells(tmp_path: Path) -> None:
    text = USE.replace(".", "").replace("1200000", "1200000,5").replace(";", ",")
    path = write_study(tmp_path, tieu_thu=text)
    assert codes(path) == ["table.too_many_cells"]


def test_an_open_quotation_mark_is_placed(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu=USE.replace("Điện;2014", '"Điện;2014'))
    (item,) = found(path)
    assert (item.code, item.place.row) == ("file.quotes", 3)


def test_months_side_by_side_are_one_fault(tmp_path: Path) -> None:
    wide = "Tài nguyên;Đơn vị;T1/2013;T2/2013;T3/2013\nĐiện;kWh;1;2;3\n"
    assert codes(write_study(tmp_path / "a", tieu_thu=wide)) == ["table.across"]
    wide = "Kỳ;Điện (kWh);Than (tấn)\n2013;1;2\n"
    assert codes(write_study(tmp_path / "b", tieu_thu=wide)) == ["table.across"]


def test_an_unknown_file_is_named_and_left(tmp_path: Path) -> None:
    path = write_study(tmp_path, ghi_chep="a;b\n1;2\n")
    assert codes(path, "warning") == ["file.unknown_table"]
    assert codes(path) == []


def test_the_same_table_twice(tmp_path: Path) -> None:
    assert codes(write_study(tmp_path, consumption=USE)) == ["file.twice"]


def test_own_file_and_heading_names(tmp_path: Path) -> None:
    settings = (
        'locale = "vi"\nbaseline = "2013"\nreporting = "2014"\n'
        '[files]\nconsumption = "so_dien.csv"\n[columns.consumption]\n"Chỉ số" = "quantity"\n'
    )
    path = write_study(
        tmp_path, settings, tieu_thu=None, so_dien=USE.replace("Lượng mua", "Chỉ số")
    )
    assert found(path) == []
    assert use(path) == [1_200_000.0, 1_210_000.0]


def test_folders_without_records(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert codes(empty) == ["study.empty"]
    assert codes(write_study(tmp_path / "a", san_luong=None, tieu_thu=None)) == ["study.empty"]
    book = write_book(tmp_path / "empty" / "so lieu.xlsx", BOOK)
    assert codes(empty) == ["file.workbook_inside"]
    assert codes(book) == []


# -- Excel -------------------------------------------------------------------------------------


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", BOOK)
    assert found(path) == []
    assert use(path) == [1200.0, 1100.0]


def _content(kind: str, good: bytes) -> bytes:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    return {
        "old": old,
        "locked": old + "EncryptedPackage".encode("utf-16-le"),
        "html": b"<html><table><tr><td>1</td></tr></table></html>",
        "empty": b"",
        "cut": good[: len(good) // 2],
        "broken": good[: len(good) // 3] + bytes(200) + good[len(good) // 3 + 200 :],
    }[kind]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("old", "file.old_excel"),
        ("locked", "file.password"),
        ("html", "file.not_excel"),
        ("empty", "file.not_excel"),
        ("cut", "file.not_excel"),
        ("broken", "file.damaged"),
    ],
)
def test_a_workbook_that_is_none(tmp_path: Path, kind: str, code: str) -> None:
    good = write_book(tmp_path / "good.xlsx", BOOK).read_bytes()
    path = tmp_path / "a.xlsx"
    path.write_bytes(_content(kind, good))
    assert codes(path) == [code]
    with pytest.raises(StudyError):
        read_study(path)


def test_an_archive_that_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sxsh_audit.tables.archives.LARGEST_UNPACKED", 1_000_000)
    path = write_book(tmp_path / "a.xlsx", BOOK)
    assert codes(path) == []
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] += b" " * 1_000_001
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert path.stat().st_size < 20_000
    assert codes(path) == ["file.too_large"]


def test_a_workbook_named_csv(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    shutil.copy(write_book(tmp_path / "a.xlsx", BOOK), path / "tieu_thu.csv")
    assert "file.excel_named_csv" in codes(path)


def test_cells_of_a_workbook_as_people_fill_them(tmp_path: Path) -> None:
    rows = [
        ["Kỳ", "Sản lượng (tấn)"],
        [dt.datetime(2013, 2, 1), "1.234"],
        [dt.datetime(2014, 3, 1), True],
        ["tháng 4/2014", "#REF!"],
        [41760, "12,5"],
    ]
    path = write_book(tmp_path / "a.xlsx", BOOK | {"Sản lượng": rows})
    errors = {item.place.cell: item.code for item in found(path) if item.severity == "error"}
    assert errors == {"B3": "number.boolean", "B4": "number.excel_error"}


def test_merged_cells_give_every_row_its_text_and_never_its_figure(tmp_path: Path) -> None:
    rows = [
        ["Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị"],
        ["Điện", 2013, 5, "kWh"],
        [None, 2014, 7, "kWh"],
    ]
    path = write_book(
        tmp_path / "a.xlsx",
        BOOK | {"Tiêu thụ": rows},
        lambda book: book["Tiêu thụ"].merge_cells("A2:A3"),
    )
    assert read_study(path).consumption["resource"].tolist() == ["electricity", "electricity"]
    path = write_book(
        tmp_path / "b.xlsx",
        BOOK | {"Tiêu thụ": rows},
        lambda book: (book["Tiêu thụ"].merge_cells("A2:A3"), book["Tiêu thụ"].merge_cells("C2:C3")),
    )
    assert codes(path) == ["table.merged_figure"]


def test_formulas_without_a_stored_result(tmp_path: Path) -> None:
    rows = [
        ["Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị"],
        ["Điện", 2013, "=2*3", "kWh"],
        ["Điện", 2014, 7, "kWh"],
        ["Tổng cộng", None, "=SUM(C2:C3)", None],
    ]
    path = write_book(tmp_path / "a.xlsx", BOOK | {"Tiêu thụ": rows})
    (item,) = [item for item in found(path) if item.severity == "error"]
    assert (item.code, item.place.cell, item.value) == ("file.formula_empty", "C2", "=2*3")


def test_formulas_with_a_stored_result_are_said_once(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx",
        BOOK
        | {
            "Tiêu thụ": [
                BOOK["Tiêu thụ"][0],
                ["Điện", 2013, "=1200", "kWh"],
                ["Điện", 2014, "=1100", "kWh"],
            ]
        },
    )
    stored = tmp_path / "b.xlsx"  # put the results in, as Excel does when it saves
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stored, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            for result in (b"1200", b"1100"):
                empty = b"<f>" + result + b"</f><v></v>"
                short = b"<f>" + result + b"</f><v />"
                full = b"<f>" + result + b"</f><v>" + result + b"</v>"
                data = data.replace(empty, full).replace(short, full)
            new.writestr(entry, data)
    (item,) = found(stored)
    assert (item.code, item.severity, item.numbers["count"]) == ("file.formula", "warning", 2)
    assert use(stored) == [1200.0, 1100.0]


def test_hidden_and_unknown_sheets_are_said(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["Sản lượng"].sheet_state = "hidden"

    path = write_book(tmp_path / "a.xlsx", BOOK | {"Sheet3": [[1]], "Trống": []}, hide)
    assert codes(path, "warning") == ["file.unknown_table", "file.hidden_sheet"]
    assert use(path) == [1200.0, 1100.0]


def test_a_path_that_is_no_study(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(OUTPUT, encoding="utf-8")
    assert check_study(path)["code"].tolist() == ["file.not_a_study"]
    with pytest.raises(FileNotFoundError):
        read_study(tmp_path / "nothing")


def test_headings_with_dots_in_the_settings_sheet(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", {
        "Thông tin chung": [
            ["locale", "vi"], ["baseline", "2013"], ["reporting", "2014"],
            ["columns.Tiêu thụ.Chỉ số t.thụ", "Lượng mua"],
        ],
        "Sản lượng": [["Kỳ", "Sản lượng (tấn)"], [2013, 5], [2014, 5]],
        "Tiêu thụ": [["Tài nguyên", "Kỳ", "Chỉ số t.thụ", "Đơn vị"],
                     ["Điện", 2013, 5, "kWh"], ["Điện", 2014, 5, "kWh"]],
    })  # fmt: skip
    assert found(book) == []


def test_a_cell_is_told_by_its_address_and_column(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", {
        "Thông tin chung": [["locale", "vi"], ["baseline", "2013"], ["reporting", "2014"]],
        "Sản lượng": [["Kỳ", "Sản lượng (tấn)"], [2013, -5], [2014, 5]],
        "Tiêu thụ": [["Tài nguyên", "Kỳ", "Lượng mua (kWh)"], ["Điện", 2013, 5], ["Điện", 2014, 5]],
    })  # fmt: skip
    line = describe(found(book)[0], "vi")
    assert line.startswith("a.xlsx, Sản lượng, B2, cột «Sản lượng (tấn)»: `-5`")


def test_excel_turns_some_months_into_dates(tmp_path: Path) -> None:
    months = [dt.datetime(2013, 1, 1), "02/2013", dt.datetime(2014, 1, 1), "02/2014"]
    book = write_book(tmp_path / "a.xlsx", {
        "Thông tin chung": [["locale", "vi"], ["baseline", "2013"], ["reporting", "2014"]],
        "Sản lượng": [["Tháng", "Sản lượng (tấn)"], *([month, 5] for month in months)],
        "Tiêu thụ": [["Tài nguyên", "Tháng", "Lượng mua (kWh)"],
                     *(["Điện", month, 5] for month in months)],
    })  # fmt: skip
    assert [item.code for item in found(book)] == ["table.whole_months"] * 2
    table = read_study(book).production
    assert (table["end"] - table["start"] + 1).tolist() == [31, 28, 31, 28]
