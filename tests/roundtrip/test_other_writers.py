"""Templates that came back from LibreOffice and from Google Sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google_sheets import Formula, write
from spreadsheet import columns_of, convert, fill, first_record, load

import sxsh_audit as sx

DATA = Path(__file__).parent / "data"

# 1200 → 1100 kWh/t and 0.5 → 0.531 t of coal: by hand, (b − c)/b
WANTED = {"electricity": (1200.0, 1100.0, 1 / 12), "coal": (0.5, 0.531, -0.062)}


def filled(folder: Path) -> Any:
    """Return a template of totals, filled in by hand."""
    path = sx.write_template(folder / "a.xlsx", months="totals", resources=["điện", "than"],
                             baseline=2023, reporting=2024)  # fmt: skip
    book = load(path)
    fill(book["Sản lượng"], [{"quantity": 1000, "unit": "tấn"}, {"quantity": 1050, "unit": "tấn"}])
    fill(book["Tiêu thụ"], [{"quantity": 1_200_000}, {"quantity": 1_155_000}, {"quantity": 500},
                            {"quantity": 557.55}])  # fmt: skip
    book.save(path)
    return book


def rows_of(book: Any) -> dict[str, list[list[Any]]]:
    """Return the cells of the sheets that Google Sheets would show."""
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in book.worksheets if sheet.title not in ("_calc", "Xem trước")}  # fmt: skip


def figures(path: Path) -> dict[str, tuple[float, ...]]:
    result = sx.assess(sx.read_study(path))
    return {row["resource"]: (row["baseline"], row["reporting"], row["saving"])
            for row in result.savings.rows}  # fmt: skip


def agree(found: dict[str, tuple[float, ...]]) -> None:
    assert set(found) == set(WANTED)
    for key, wanted in WANTED.items():
        assert found[key] == pytest.approx(wanted, rel=1e-12)


def test_a_template_from_google_sheets(tmp_path: Path) -> None:
    agree(figures(write(tmp_path / "g.xlsx", rows_of(filled(tmp_path)))))


def test_a_formula_of_google_counts_with_its_stored_value_and_is_told(tmp_path: Path) -> None:
    book = filled(tmp_path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    row = first_record(sheet, head)
    rows = rows_of(book)
    rows["Tiêu thụ"][row - 1][columns["quantity"] - 1] = Formula("=QUERY(A:A)", 1_200_000.0)
    path = write(tmp_path / "g.xlsx", rows)
    agree(figures(path))
    told = sx.check_study(path).query("code == 'file.formula'")
    assert told["sheet"].tolist() == ["Tiêu thụ"]
    assert told["cell"].tolist() == [sheet.cell(row, columns["quantity"]).coordinate]


def test_a_box_ticked_in_google_sheets_is_no_number(tmp_path: Path) -> None:
    book = filled(tmp_path)
    rows = rows_of(book)
    sheet = book["Sản lượng"]
    head, columns = columns_of(sheet)
    row = first_record(sheet, head)
    rows["Sản lượng"][row - 1][columns["quantity"] - 1] = True
    found = sx.check_study(write(tmp_path / "g.xlsx", rows)).query("severity == 'error'")
    assert found["code"].tolist() == ["number.boolean"]
    assert found["cell"].tolist() == [sheet.cell(row, columns["quantity"]).coordinate]


def test_a_template_that_libreoffice_saved(tmp_path: Path) -> None:
    """The file was made by this test's own steps, saved by LibreOffice 7.4 as .xlsx."""
    agree(figures(DATA / "template-libreoffice.xlsx"))


@pytest.mark.outside("soffice")
def test_a_template_through_libreoffice_and_its_own_format(tmp_path: Path) -> None:
    filled(tmp_path)
    (own,) = convert([tmp_path / "a.xlsx"], tmp_path, "ods")
    (back,) = convert([own], tmp_path)
    agree(figures(back))
    # It keeps the lists, the hidden sheets and the locks.
    book = load(back)
    assert book["_sxsh"].sheet_state == "hidden"
    assert book["Tiêu thụ"].protection.sheet
    assert any(rule.type == "list" for rule in book["Tiêu thụ"].data_validations.dataValidation)
