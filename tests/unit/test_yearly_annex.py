"""The annex holds numbers, and formulas that give the figures of the report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from spreadsheet import convert
from test_results_workbook import cells, opened
from year_register import year_register

from sxsh_audit.reports.province.yearly import programme_report

CUTOFF = dt.date(2018, 11, 15)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the annex in both languages."""
    folder = tmp_path_factory.mktemp("annex")
    return {language: programme_report(year_register(), "vn-qb-2384", 2018,
                                       folder / f"{language}.xlsx", cutoff=CUTOFF,
                                       language=language)
            for language in ("vi", "en")}  # fmt: skip


def column(sheet: Any, heading: str) -> list[Any]:
    """Return the cells below a heading."""
    headings = [cell.value for cell in sheet[1]]
    return [row[headings.index(heading)] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_answers_of_the_establishments_count_to_the_report(books: dict[str, Path]) -> None:
    """By hand: 9 yes, 1 no, 2 unknown; counted here from the sheet of establishments."""
    book = opened(books["en"], values=True)
    answers = column(book["Establishments"], "Reached")
    assert [answers.count(word) for word in ("yes", "no", "Not known")] == [9, 1, 2]
    counts = book["Number of establishments"]
    assert [column(counts, name)[0] for name in ("Yes", "No", "Not known", "Total", "Share")] == [
        9, 1, 2, 12, 0.75]  # fmt: skip


def test_counts_shares_and_sums_are_formulas(books: dict[str, Path]) -> None:
    book = opened(books["vi"])
    counts = book["Số lượng cơ sở"]
    assert counts["B2"].value == "=COUNTIF('Cơ sở'!$K$2:$K$13,\"có\")"
    assert counts["F2"].value == "=B2/E2"
    money = book["Kinh phí thực hiện"]
    assert [money[f"{letter}5"].value for letter in "EFG"] == ["=SUM(E2:E4)", "=SUM(F2:F4)",
                                                              "=F5/E5"]  # fmt: skip
    saved = opened(books["vi"], values=True)["Kết quả từng cơ sở"]
    assert column(saved, "Lượng tiết kiệm") == [10_000, -6_000]


def test_no_number_is_a_text(books: dict[str, Path]) -> None:
    plants = opened(books["en"], values=True)
    for cell in cells(plants):
        if cell.data_type == "s" and cell.column_letter != "A":
            assert not cell.value.replace(".", "", 1).isdigit() or cell.parent.title in (
                "Tasks", "Money", "Assessments"), cell.coordinate  # fmt: skip


def test_every_answer_is_traced_to_a_record(books: dict[str, Path]) -> None:
    book = opened(books["en"], values=True)
    evidence = book["Evidence"]
    traced = {(code, indicator): answer for code, indicator, answer in zip(
        column(evidence, "Code"), column(evidence, "Indicator"), column(evidence, "Answer"),
        strict=True)}  # fmt: skip
    plants = book["Establishments"]
    names = [cell.value for cell in plants[1]][-7:]
    for row in plants.iter_rows(min_row=2, values_only=True):
        for name, answer in zip(names, row[-7:], strict=True):
            assert traced.get((row[0], name), "Not known") == answer
    assert {len(digest) for digest in column(book["Assessments"], "SHA-256")} == {64}


@pytest.mark.outside("soffice")
def test_libreoffice_works_out_what_we_stored(books: dict[str, Path], tmp_path: Path) -> None:
    for language, path in zip(books, convert(list(books.values()), tmp_path), strict=True):
        ours, theirs = opened(books[language], values=True), opened(path, values=True)
        formulas = [cell for cell in cells(opened(books[language])) if cell.data_type == "f"]
        assert len(formulas) > 100
        for cell in formulas:
            sheet, place = cell.parent.title, cell.coordinate
            assert theirs[sheet][place].value == pytest.approx(
                ours[sheet][place].value, rel=1e-9), f"{language} {sheet}!{place}"  # fmt: skip
