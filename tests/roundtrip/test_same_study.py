"""One study as CSV folder, workbook and DataFrames gives one assessment, also after JSON."""

from __future__ import annotations

import csv
import json
import pickle
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.assessment.results import Assessment

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAO_XANH = EXAMPLES / "sao-xanh"
NAMES = ("sao-xanh", "roasting")
TABLES = {
    "san_luong": "production", "tieu_thu": "consumption", "giai_phap": "options",
    "loi_ich_giai_phap": "option_savings",
}  # fmt: skip


def cells(file: Path) -> list[list[str]]:
    """Return the rows of a CSV file of the example as they are typed."""
    text = file.read_text(encoding="utf-8-sig")
    rows = csv.reader(text.splitlines(), delimiter=max(";,", key=text.splitlines()[0].count))
    return [row for row in rows if row]


def settings() -> dict[str, Any]:
    return tomllib.loads((SAO_XANH / "study.toml").read_text(encoding="utf-8"))


def told(result: Assessment) -> dict[str, Any]:
    """Return an assessment without what names its files."""
    record = result.to_dict()
    record["study"].pop("files")
    for item in record["findings"]:
        item["place"].update(file="", sheet="", row=0, column="", cell="")
    return record


def assessed(name: str) -> Assessment:
    return sx.assess(sx.read_study(EXAMPLES / name))


def test_a_workbook_is_the_same_study(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "settings"
    for key, value in settings().items():
        sheet.append([key, value])
    for name in TABLES:
        page = book.create_sheet(name)
        for row in cells(SAO_XANH / f"{name}.csv"):
            page.append(row)
    path = tmp_path / "sao-xanh.xlsx"
    book.save(path)
    assert told(sx.assess(sx.read_study(path))) == told(assessed("sao-xanh"))


def test_frames_are_the_same_study() -> None:
    frames = {}
    for name, table in TABLES.items():
        heading, *rows = cells(SAO_XANH / f"{name}.csv")
        frames[table] = pd.DataFrame(rows, columns=heading)
    study = sx.Study(**frames, **settings())
    assert told(sx.assess(study)) == told(assessed("sao-xanh"))


@pytest.mark.parametrize("name", NAMES)
def test_json_there_and_back(name: str) -> None:
    written = json.dumps(assessed(name).to_dict(), allow_nan=False)
    assert Assessment.from_dict(json.loads(written)).to_dict() == json.loads(written)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_there_and_back(name: str, protocol: int) -> None:
    result = assessed(name)
    again = pickle.loads(pickle.dumps(result, protocol))
    assert again.to_dict() == result.to_dict()
    assert [row.years for row in again.options] == pytest.approx(
        [row.years for row in result.options], nan_ok=True)
    assert str(again) == str(result)
