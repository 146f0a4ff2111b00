"""What is typed into the workbook of a register is what is read from it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.forms.register_form import write_register, write_register_template
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register
from sxsh_audit.tables.register_reading import read_register
from sxsh_audit.tables.schema import REGISTER_TABLES, choice_keys, table_spec

REPORT = {"programme": "vn-qb-2384", "agency": "Lệ Thuỷ", "year": 2014}


def fill(path: Path, language: Any, table: str, record: dict[str, Any]) -> None:
    """Type a record into the first free row of a sheet, by its hidden keys."""
    book = openpyxl.load_workbook(path)
    sheet = book[table_spec(table).label(language)]
    keys = {str(cell.value).removeprefix("sxsh:"): cell.column for cell in sheet[3]}
    row = next(row for row in range(5, 400) if not any(cell.value for cell in sheet[row]))
    for name, value in record.items():
        sheet.cell(row, keys[name], value)
    book.save(path)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("report", [{}, REPORT])
def test_an_empty_form_is_an_empty_register(
    tmp_path: Path, language: Any, report: dict[str, Any]
) -> None:
    path = write_register_template(tmp_path / "so.xlsx", language=language, **report)
    register = read_register(path)
    assert register.findings == ()
    assert all(len(register.tables[name]) == 0 for name in REGISTER_COLUMNS)
    stated = {key: value for key, value in register.settings.items()
              if key not in ("file", "file_hash", "locale")}  # fmt: skip
    wanted = {**report, "agency": "UBND huyện Lệ Thủy", "year": "2014", "province": "Quảng Bình"}
    assert stated == (wanted if report else {})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_filled_form_is_read_as_it_was_filled(tmp_path: Path, language: Any) -> None:
    path = write_register_template(tmp_path / "so.xlsx", language=language, **REPORT)
    word = {"vi": ("đang thực hiện", "có"), "en": ("in progress", "yes")}[language]
    fill(path, language, "establishments", {
        "establishment": "QB07", "name": "Gạch Lệ Thủy", "tax_code": "0100109106",
        "district": "Lệ Thủy", "revenue": 45e9, "as_of": dt.datetime(2014, 10, 31)})  # fmt: skip
    fill(path, language, "statuses", {
        "establishment": "QB07", "indicator": "applying", "value": word[1],
        "date": dt.datetime(2014, 11, 3)})  # fmt: skip
    fill(path, language, "tasks", {"task": "1.1", "year": 2014, "status": word[0],
                                   "progress": 0.25})  # fmt: skip
    register = read_register(path)
    assert register.findings == ()
    plant = register.establishments.iloc[0]
    assert (plant["establishment"], plant["district"], plant["revenue"], plant["as_of"]) == (
        "QB07", "Lệ Thủy", 45e9, dt.date(2014, 10, 31))  # fmt: skip
    status = register.statuses.iloc[0]
    assert (status["value"], status["date"], status["reported_by"]) == (
        "yes", dt.date(2014, 11, 3), "UBND huyện Lệ Thủy")  # fmt: skip
    task = register.tasks.iloc[0]
    assert (task["status"], task["progress"]) == ("in_progress", 0.25)


def test_an_example_that_was_written_over_is_asked_about(tmp_path: Path) -> None:
    path = write_register_template(tmp_path / "so.xlsx")
    book = openpyxl.load_workbook(path)
    book["Cơ sở sản xuất"]["C5"] = "Nhà máy thật"
    book.save(path)
    with pytest.raises(Refusal) as caught:
        read_register(path)
    assert [item.code for item in caught.value.findings] == ["table.example_changed"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_form_lays_out_the_plants_of_its_district(tmp_path: Path, language: Any) -> None:
    whole = write_register_template(tmp_path / "so.xlsx", language=language,
                                    programme="vn-qb-2384")  # fmt: skip
    for code, district in (("1", "Lệ Thủy"), ("2", "Đồng Hới")):
        fill(whole, language, "establishments", {
            "establishment": code, "name": f"Cơ sở {code}", "district": district,
            "ownership": "household", "employees": 9, "revenue": 2.5e9})  # fmt: skip
    register = read_register(whole)
    path = write_register_template(tmp_path / "lt.xlsx", language=language, register=register,
                                   **REPORT)  # fmt: skip
    plants = read_register(path).establishments
    assert plants["establishment"].tolist() == ["1"]
    wanted = register.establishments.iloc[:1].drop(columns="as_of")
    assert plants.drop(columns="as_of").equals(wanted)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_register_that_was_written_is_read_as_it_was(tmp_path: Path, language: Any) -> None:
    day = dt.date(2014, 10, 31)
    register = Register.from_frames(
        settings={"programme": "vn-qb-2384", "year": "2014", "province": "Quảng Bình"},
        establishments=pd.DataFrame([
            {"establishment": "01", "name": "Bia A", "tax_code": "0100109106-001",
             "ownership": "enterprise", "vsic": "0810", "vsic_version": "2018", "as_of": day,
             "district": "Ba Đồn", "zone_kind": "outside", "pollution": "no", "employees": 0.0,
             "revenue": 1234567890.5, "opened": dt.date(2001, 2, 3), "publish": "yes"},
            {"establishment": "2", "name": "=1+1", "note": "«Tổng» 1.234,5"},
        ]),
        statuses=pd.DataFrame([{"establishment": "01", "indicator": key, "value": "no",
                                "date": day, "reported_by": "Sở Nội vụ"}
                               for key in choice_keys("indicator")]),
        events=pd.DataFrame([{"event": "Sở Nội vụ/1", "kind": "media", "date": day,
                              "people": 12.0, "task": "1.1"}]),
        participants=pd.DataFrame([{"event": "Sở Nội vụ/1", "agency": "Sở Nội vụ"}]),
        tasks=pd.DataFrame([{"task": "4.3", "year": 2014.0, "status": "done", "progress": 1.0}]),
        budget=pd.DataFrame([{"item": "1", "year": 2014.0, "source": "aid", "spent": 5e7}]),
        reports=pd.DataFrame([{"agency": "Sở Nội vụ", "year": 2014.0, "received": day}]),
    )  # fmt: skip
    path = write_register(register, tmp_path / "so.xlsx", language=language)
    again = read_register(path)
    assert again.findings == ()
    for name in REGISTER_TABLES:
        pd.testing.assert_frame_equal(again.tables[name], register.tables[name])


def test_every_choice_has_its_list(tmp_path: Path) -> None:
    path = write_register_template(tmp_path / "so.xlsx", programme="vn-qb-2384")
    book = openpyxl.load_workbook(path)
    for table in REGISTER_TABLES:
        sheet = book[table_spec(table).vi]
        keys = {str(cell.value).removeprefix("sxsh:"): cell.column_letter for cell in sheet[3]}
        rules = [(str(rule.sqref).rstrip("0123456789").partition(":")[0].rstrip("0123456789"),
                  rule.type) for rule in sheet.data_validations.dataValidation]  # fmt: skip
        assert len({column for column, _ in rules}) == len(rules)  # Excel allows one for a cell
        listed = {column for column, kind in rules if kind == "list"}
        for name, field in table_spec(table).fields.items():
            named = name == "establishment" and table != "establishments"
            if name in keys and (field.choices or field.kind == "district" or named):
                assert keys[name] in listed, f"{table}.{name}"


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    paths = [write_register_template(tmp_path / f"{i}.xlsx", **REPORT) for i in "ab"]
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert zipfile.ZipFile(io.BytesIO(first)).testzip() is None


def test_no_other_ending_and_no_file_replaced(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="xlsx"):
        write_register_template(tmp_path / "so.pdf")
    path = write_register_template(tmp_path / "so.xlsx")
    with pytest.raises(OutputError):
        write_register_template(path)
    assert write_register_template(path, overwrite=True) == path
