"""Hostile and odd files: one clear error or a correct reading, in little memory.

Each file is checked in a process of its own, whose peak memory is asserted. The seconds are
published in docs/explanation/hostile-files.md; here a time limit only ends what hangs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hostile_makers import (
    CSV_FILES,
    MEGABYTE,
    SHEETS,
    WORKBOOKS,
    coloured_empty_cells,
    filled_far_down,
    filled_far_right,
    long_cell,
    other_workbook,
    parts,
    row,
    sheet,
    text_cell,
    write,
    wrong_dimension,
)
from study_folders import codes, found, write_study

from sxsh_audit import read_study
from sxsh_audit.language.messages import describe
from sxsh_audit.tables import sheets
from sxsh_audit.tables.sheets import read_sheets

MOST_MEMORY = 500 * 1000  # [kB]
HANGS = 120  # [s]

Maker = Callable[[Path], Path]


def measured(path: Path) -> dict[str, Any]:
    """Check a study in a process of its own."""
    script = Path(__file__).with_name("measured.py")
    done = subprocess.run([sys.executable, str(script), str(path)], capture_output=True,
                          text=True, timeout=HANGS, check=False, encoding="utf-8")  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def check(path: Path, code: str | None) -> None:
    told = measured(path)
    assert told["errors"] == ([code] if code else [])
    if sys.platform == "linux":
        assert 0 < told["peak"] < MOST_MEMORY


@pytest.mark.parametrize("make", WORKBOOKS, ids=lambda make: make.__name__)
def test_a_hostile_workbook_is_one_error_in_little_memory(tmp_path: Path, make: Maker) -> None:
    check(make(tmp_path / "a.xlsx"), WORKBOOKS[make])


@pytest.mark.parametrize("make", CSV_FILES, ids=lambda make: make.__name__)
def test_a_hostile_csv_file_is_one_error_in_little_memory(tmp_path: Path, make: Maker) -> None:
    folder = write_study(tmp_path)
    make(folder / "tieu_thu.csv")
    check(folder, CSV_FILES[make])


def test_settings_of_a_gigabyte_are_one_error(tmp_path: Path) -> None:
    folder = write_study(tmp_path)
    with (folder / "study.toml").open("r+b") as stream:
        stream.truncate(1024 * MEGABYTE)
    told = measured(folder)
    assert "file.too_large_text" in told["errors"]
    assert told["peak"] < MOST_MEMORY


def use(path: Path) -> list[float]:
    return [float(value) for value in read_study(path).consumption["use"]]


@pytest.mark.parametrize("make", [coloured_empty_cells, wrong_dimension, other_workbook])
def test_an_odd_workbook_is_read_as_it_is(tmp_path: Path, make: Maker) -> None:
    assert use(make(tmp_path / "a.xlsx")) == [1200.0, 1100.0]


def test_the_cell_at_fault_is_named(tmp_path: Path) -> None:
    (item,) = found(filled_far_right(tmp_path / "a.xlsx"))
    assert (item.place.sheet, item.place.cell) == ("Tiêu thụ", "XFD4")
    assert "IV" in describe(item, "vi")  # the last column that is read
    (item,) = found(filled_far_down(tmp_path / "b.xlsx"))
    assert (item.code, item.place.cell) == ("table.negative", "C1048576")
    (item,) = found(long_cell(tmp_path / "c.xlsx"))
    assert (item.place.sheet, item.place.cell, item.numbers["count"]) == ("Tiêu thụ", "A2", 100_000)


def test_a_value_from_another_workbook_is_a_warning_at_its_cell(tmp_path: Path) -> None:
    seen = [item for item in found(other_workbook(tmp_path / "a.xlsx"))
            if item.code == "file.outside"]  # fmt: skip
    assert [(item.severity, item.place.cell, item.value) for item in seen] == [
        ("warning", "C3", "=[1]Sheet1!A1*2")]


@pytest.mark.parametrize(
    ("formula", "outside"),
    [
        ("[1]Sheet1!A1", True), ("'[2]Bảng giá'!B2*3", True), ("SUM('[1]O''Brien'!A1:A9)", True),
        ("[1]!Tong", True), ("C2*2", False), ("Table1[[#This Row],[1]]", False),
        ('"[1]Sheet1!A1"', False), ("'Bảng 1'!A1", False), ("Table1[2]+Sheet2!A1", False),
    ],
)
def test_which_formulas_reach_outside(tmp_path: Path, formula: str, outside: bool) -> None:
    cell = f'<row r="1"><c r="A1"><f>{formula.replace(chr(34), "&quot;")}</f><v>1</v></c></row>'
    read = list(read_sheets(write(tmp_path / "a.xlsx", parts(sheet(cell)))))[2]
    assert bool(read.outside) is outside
    assert read.values == [(1,)]


def test_a_part_that_a_link_names_may_stand_anywhere_but_not_outside(tmp_path: Path) -> None:
    contents = parts()
    links = contents["xl/_rels/workbook.xml.rels"]
    contents["xl/_rels/workbook.xml.rels"] = links.replace(
        '"worksheets/sheet3.xml"', '"/XL/./worksheets/../worksheets/sheet3.xml"')
    assert use(write(tmp_path / "a.xlsx", contents)) == [1200.0, 1100.0]
    contents["xl/_rels/workbook.xml.rels"] = links.replace(
        '"worksheets/sheet3.xml"', '"../../../../etc/passwd"')
    assert codes(write(tmp_path / "b.xlsx", contents)) == ["file.damaged"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links")
def test_a_link_to_a_device_is_no_study(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.symlink_to("/dev/zero")
    assert codes(path) == ["file.not_a_study"]


def test_cells_read_as_openpyxl_reads_them(tmp_path: Path) -> None:
    """An independent reader agrees on every kind of cell that it writes itself."""
    import datetime as dt

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Tiêu thụ"
    page.append(["Điện", 1, 2.5, -1e-7, True, False, None, dt.datetime(2014, 3, 1, 13, 30)])
    page.append([dt.date(2014, 12, 31), dt.time(7, 45), dt.timedelta(hours=30), " a\nb ", "1.234"])
    page.append([])
    page.append([None, None, "#REF!", 12345678901234567890, 0.1 + 0.2, "&<>\"'", "đ" * 32767])
    page["C6"] = 41_000
    page["C6"].number_format = '[$-42A]dd" tháng "mm'
    page["D6"] = 41_000
    page["D6"].number_format = '#,##0" ngày"'
    page.merge_cells("A1:A2")
    path = tmp_path / "a.xlsx"
    book.save(path)
    read = next(iter(read_sheets(path)))
    known = openpyxl.load_workbook(path, data_only=True, read_only=True).worksheets[0]
    expected = [list(line) for line in known.iter_rows(values_only=True)]
    shown = [list(line) + [None] * (len(other) - len(line))
             for line, other in zip(read.values, expected, strict=True)]  # fmt: skip
    assert shown == expected
    assert read.merged == {0: [(1, 2)]}


def test_a_pack_of_coloured_cells_moves_no_other_cell(tmp_path: Path) -> None:
    """Cells that are skipped as bytes must not move those behind them that name no column."""
    cells = ('<c r="A1" s="1"/><c r="B1" s="1"/><c><v>3</v></c><c r="D1" s="1"/>'
             '<c r="E1"><v>5</v></c>')  # fmt: skip
    text = '<c r="A1" s="1"/><c r="B1" s="2"/>'
    rows = (f'<row r="1">{cells}</row><row r="2"><c t="inlineStr"><is><t><![CDATA[{text}]]></t>'
            "</is></c></row>")  # fmt: skip
    read = list(read_sheets(write(tmp_path / "a.xlsx", parts(sheet(rows)))))[2]
    assert read.values == [(None, None, 3, None, 5), (text,)]


def test_a_limit_holds_over_all_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 20)  # the three sheets have 6 + 6 + 12 cells
    assert codes(write(tmp_path / "a.xlsx", parts())) == ["file.too_many"]
    monkeypatch.setattr(sheets, "MOST_CELLS", 24)
    assert codes(write(tmp_path / "a.xlsx", parts())) == []


def test_texts_of_excel_that_stand_for_letters(tmp_path: Path) -> None:
    rows = row(1, "x") + f'<row r="2">{text_cell("A2", "a_x000D_b_x005F_x0041_")}</row>'
    read = list(read_sheets(write(tmp_path / "a.xlsx", parts(sheet(rows)))))[2]
    assert read.values[1] == ("a\rb_x0041_",)
    assert read.title == SHEETS[2]
