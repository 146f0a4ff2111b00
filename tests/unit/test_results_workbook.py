"""The workbook of results: numbers are numbers, formulas give our figures, names stay text."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from spreadsheet import convert
from study_folders import write_study

import sxsh_audit as sx
from sxsh_audit.language.text import visible
from sxsh_audit.reports.results_workbook import to_xlsx

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = ["sao-xanh", "giay-bao-goi", "thuy-san", "tinh-bot-san"]
SHEETS = ("Savings by formula", "Options by formula")
HOSTILE = ['=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "{=1+1}",
           "<script>alert(1)</script>", "{{ 7*7 }}", "\u202egnp.exe", "x" * 300,
           "http://x.y/z"]  # fmt: skip


# Savings and costs beside each other, a benefit of an extra cost alone, one that does not pay.
OPTIONS = """option;name;cost;other_benefit;annual_extra_cost
A;A;100;;
B;B;100;5;9
C;C;;5;
D;D;0;5;
E;E;100;50;10
F;F;100;9;9
"""


@cache
def assessed(name: str) -> sx.Assessment:
    return sx.assess(sx.read_study(EXAMPLES / name))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the workbook of each example, in English."""
    folder = tmp_path_factory.mktemp("books")
    for name in NAMES:
        to_xlsx(assessed(name), folder / f"{name}.xlsx", "en")
    return {name: folder / f"{name}.xlsx" for name in NAMES}


def opened(path: Path, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(path, data_only=values)


def cells(book: Any) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


def worked_out(formula: str, sheet: Any) -> Any:
    """Work a formula of the two sheets out from the cells that it names, by Python."""
    def cell(match: re.Match[str]) -> str:
        value = sheet[match[0]].value
        if isinstance(value, str) and value.startswith("="):
            value = worked_out(value, sheet)
        return repr(value)

    text = re.sub(r"\b[A-Z]\d+\b", cell, formula.removeprefix("="))
    words = {
        "N": lambda value: value if isinstance(value, (int, float)) else 0,
        "ISNUMBER": lambda value: isinstance(value, (int, float)),
        "AND": lambda *all_: all(all_),
        "IF": lambda asked, yes, no: yes if asked else no,
    }
    return eval(text, {"__builtins__": {}}, words)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_results_give_the_same_bytes(tmp_path: Path, language: Any) -> None:
    for name in ("a", "b"):
        to_xlsx(assessed("thuy-san"), tmp_path / f"{name}.xlsx", language)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_formulas_worked_out_by_hand_give_the_values_that_are_stored(
    name: str, books: dict[str, Path]
) -> None:
    formulas, stored = opened(books[name]), opened(books[name], values=True)
    found = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type != "f":
                continue
            assert sheet.title in SHEETS
            found += 1
            ours = stored[sheet.title][cell.coordinate].value
            place = f"{sheet.title}!{cell.coordinate} {cell.value}"
            assert worked_out(cell.value, sheet) == pytest.approx(ours, rel=1e-9), place
    assert found >= 3


@pytest.mark.outside("soffice")
def test_libreoffice_works_out_what_we_stored(books: dict[str, Path], tmp_path: Path) -> None:
    for name, path in zip(NAMES, convert(list(books.values()), tmp_path), strict=True):
        ours, theirs = opened(books[name], values=True), opened(path, values=True)
        formulas = [cell for cell in cells(opened(books[name])) if cell.data_type == "f"]
        for cell in formulas:
            sheet, place = cell.parent.title, cell.coordinate
            assert theirs[sheet][place].value == pytest.approx(
                ours[sheet][place].value, rel=1e-9), f"{name} {sheet}!{place}"  # fmt: skip


def test_figures_of_the_assessment_are_numbers_in_their_rows(books: dict[str, Path]) -> None:
    result = assessed("thuy-san")
    sheet = opened(books["thuy-san"], values=True)["Savings by formula"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(result.savings)
    for cells_, row in zip(rows, result.savings, strict=True):
        assert cells_[4:6] == pytest.approx((row.use_baseline, row.output_baseline))
        assert cells_[10] == pytest.approx(row.saving)
    plain = opened(books["thuy-san"])["verdict"]
    assert any(isinstance(cell.value, float) for row in plain.iter_rows() for cell in row)
    # No number went in as a text.
    texts = [cell.value for cell in cells(opened(books["thuy-san"])) if cell.data_type == "s"]
    assert not [text for text in texts if re.fullmatch(r"-?\d+\.\d+(e-?\d+)?", text)]


def test_every_table_that_holds_something_has_a_sheet(books: dict[str, Path]) -> None:
    from sxsh_audit.assessment.results import TABLES

    for name in NAMES:
        sheets = opened(books[name]).sheetnames
        held = {table for table in TABLES if len(getattr(assessed(name), table))}
        assert held - {"savings", "options"} <= {*sheets}
        assert sheets[0] == "Summary"


def test_what_is_unknown_and_what_never_pays_back_is_an_empty_cell(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", options=OPTIONS)
    result = sx.assess(sx.read_study(folder))
    never = next(row for row in result.options if row.option == "F")
    assert never.years == math.inf
    to_xlsx(result, tmp_path / "a.xlsx", "en")
    book = opened(tmp_path / "a.xlsx", values=True)
    rows = {row[1]: row for row in book["Options by formula"].iter_rows(values_only=True)}
    assert rows["A"][8:] == (None, None)
    assert rows["B"][8:] == (-4, None)
    assert rows["F"][8:] == (0, None)
    assert rows["C"][4] is None
    assert rows["C"][9] is None
    assert rows["D"][4] == 0
    assert rows["D"][9] == 0
    assert rows["E"][8:] == (40, 2.5)
    formulas = opened(tmp_path / "a.xlsx")["Options by formula"]
    for row in formulas.iter_rows(min_row=2):
        for cell in row[8:]:
            if cell.value is not None:
                ours = book["Options by formula"][cell.coordinate].value
                assert worked_out(cell.value, formulas) == ours
    # Neither price nor money is known.
    saving = next(book["Savings by formula"].iter_rows(min_row=2, values_only=True))
    assert saving[12:] == (None, None)
    assert not [cell.value for cell in cells(book)
                if isinstance(cell.value, str) and re.search(r"(?i)\b(nan|inf|None)\b", cell.value)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_hostile_names_stay_text(tmp_path: Path, language: Any) -> None:
    def quoted(*words: str) -> str:
        return ";".join('"' + word.replace('"', '""') + '"' for word in words)

    name = HOSTILE[0]
    folder = write_study(
        tmp_path / "study",
        facility="\n".join([quoted("facility", "name"), quoted(name, name)]),
        san_luong="\n".join([quoted("facility", "period", "output", "unit"),
                             *(quoted(name, year, "1000", "tấn") for year in ("2013", "2014"))]),
        resources="\n".join([quoted("resource", "name", "category", "unit"),
                             *(quoted(one, one, "fuel", "kg") for one in HOSTILE)]),
        tieu_thu="\n".join([quoted("facility", "resource", "period", "quantity", "unit"),
                            *(quoted(name, one, year, use, "kg") for one in HOSTILE
                              for year, use in (("2013", "900"), ("2014", "800")))]),
        options="\n".join([quoted("facility", "option", "name", "cost", "annual_saving"),
                           *(quoted(name, one, one, "1000000", "500000") for one in HOSTILE)]),
    )  # fmt: skip
    to_xlsx(sx.assess(sx.read_study(folder)), tmp_path / "a.xlsx", language)
    book = opened(tmp_path / "a.xlsx")
    held = cells(book)
    for cell in held:
        if cell.data_type == "f":  # ours alone, over cells alone
            assert re.fullmatch(r'=[A-Z0-9()/*+,>\-"]+', cell.value)
        assert cell.hyperlink is None
        assert not re.search("[\x00-\x08\u202a-\u202e]", str(cell.value or ""))
    texts = {cell.value for cell in held if cell.data_type == "s"}
    assert {visible(one) for one in HOSTILE} <= texts
