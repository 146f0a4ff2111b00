"""Drivers, adjustments, readings and errors that are typed into the template are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from spreadsheet import columns_of, convert, fill, fill_laid_out, first_record, load

import sxsh_audit as sx

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/template-filled"
MONTHS = [f"{month:02d}/{year}" for year in (2023, 2024) for month in range(1, 13)]
WORDS = {
    "vi": {"production": "Sản lượng", "consumption": "Tiêu thụ", "drivers": "Yếu tố ảnh hưởng",
           "adjustments": "Điều chỉnh", "electricity": "Điện", "t": "tấn", "actual": "thực đọc",
           "estimated": "tạm tính", "days": "ngày", "error": ("Sai số", "Ý nghĩa sai số",
                                                              "Loại sai số"),
           "limit": "giới hạn", "common": "chung hai kỳ", "nền": "nền", "báo cáo": "báo cáo"},
    "en": {"production": "Production", "consumption": "Consumption", "drivers": "Drivers",
           "adjustments": "Adjustments", "electricity": "Electricity", "t": "t",
           "actual": "actual", "estimated": "estimated", "days": "days",
           "error": ("Error", "Error meaning", "Error kind"), "limit": "limit",
           "common": "common", "nền": "baseline", "báo cáo": "reporting"},
}  # fmt: skip


def filled(path: Path, language: str) -> Path:
    """Fill in a monthly template with one resource, and three columns of a person's own."""
    w: dict[str, Any] = WORDS[language]
    sx.write_template(path, language=language, resources=["electricity"], baseline=2023,  # type: ignore[arg-type]
                      reporting=2024)  # fmt: skip
    book = load(path)
    fill_laid_out(book[w["production"]],
                  {("", month): {"quantity": 100, "unit": w["t"]} for month in MONTHS})
    use = {(w["electricity"], month): {"quantity": 1000, "reading": w["actual"]}
           for month in MONTHS}  # fmt: skip
    use[w["electricity"], "02/2023"]["reading"] = w["estimated"]
    sheet = book[w["consumption"]]
    fill_laid_out(sheet, use)
    head, places = columns_of(sheet)
    new = max(places.values()) + 1
    for offset, heading in enumerate(w["error"]):
        sheet.cell(head, new + offset, heading)
    for offset, cell in enumerate((0.02, w["limit"], w["common"])):
        sheet.cell(first_record(sheet, head), new + offset, cell)
    fill(book[w["drivers"]], [
        {"driver": "Operating days", "period": month, "quantity": 20 + i % 12, "unit": w["days"]}
        for i, month in enumerate(MONTHS)
    ])  # fmt: skip
    fill(book[w["adjustments"]], [
        {"resource": w["electricity"], "period": "03/2024 - 04/2024", "quantity": -1.5,
         "unit": "MWh", "reason": "storm", "evidence": "log 7", "who": "Lan"},
    ])  # fmt: skip
    book.save(path)
    return path


def read(path: Path) -> list[Any]:
    study = sx.read_study(path, language="en")
    use = study.consumption
    given = use[use["error"].notna()]
    return [
        study.drivers[["driver", "quantity", "unit"]].to_numpy().tolist(),
        study.adjustments[["resource", "phase", "quantity", "unit", "reason", "evidence",
                           "who"]].to_numpy().tolist(),
        use["reading"].tolist(),
        given[["error", "error_meaning", "error_kind"]].to_numpy().tolist(),
        [item.code for item in study.findings if item.code.startswith(("table.", "study."))],
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_typed_is_read(tmp_path: Path, language: str) -> None:
    days, log, reading, errors, told = read(filled(tmp_path / "a.xlsx", language))
    unit = WORDS[language]["days"]
    assert days == [["Operating days", 20.0 + i % 12, unit] for i in range(24)]
    assert log == [["electricity", "reporting", -1500.0, "kWh", "storm", "log 7", "Lan"]]
    assert reading == ["actual", "estimated", *["actual"] * 22]
    assert errors == [[0.02, "limit", "common"]]
    assert told == []


@pytest.mark.outside("soffice")
def test_the_same_is_read_from_libreoffice(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", "vi")
    (saved,) = convert([path], tmp_path)
    assert read(saved) == read(path)


@pytest.mark.parametrize("name", ["vi/mill", "en/mill"])
def test_a_template_from_before_these_sheets_reads_without_a_word_about_them(name: str) -> None:
    study = sx.read_study(EXAMPLES / f"{name}.xlsx")
    assert [item.code for item in study.findings if item.severity != "note"] == []
    assert len(study.drivers) == len(study.adjustments) == 0
    assert set(study.consumption["reading"]) == {""}
    assert study.consumption["error"].isna().all()
