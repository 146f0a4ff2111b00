"""Laws of the marked copy, on workbooks and findings that nobody chose."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_books import office_workbook, parts, rewritten
from package_checks import check_only_marks_changed, check_package

import sxsh_audit as sx
from sxsh_audit.findings import Finding, Place

SHEETS = ("Sản lượng", "Tiêu thụ", "A & B <x>", "ẩn")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
values = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.booleans(),
                   texts, st.sampled_from(["=A1+1", "=SUM(A1:A3)", "007", " x "]))  # fmt: skip
cells = st.tuples(st.integers(0, 30), st.integers(0, 12))
marked_cells = st.tuples(st.sampled_from([*range(1, 35), 1_048_576]),
                         st.sampled_from([*range(1, 16), 16_384]))  # fmt: skip


@st.composite
def workbooks(draw: st.DrawFn) -> dict[str, Any]:
    """Contents of a workbook: cells, comments, merged blocks, protection, by sheet."""
    return {
        name: {
            "cells": draw(st.dictionaries(cells, st.tuples(values, st.integers(0, 3)),
                                          max_size=12)),
            "comments": draw(st.dictionaries(cells, texts.filter(str.strip), max_size=3)),
            "merged": draw(st.none() | st.tuples(cells, st.integers(1, 3), st.integers(1, 3))),
            "protected": draw(st.booleans()),
        }
        for name in draw(st.lists(st.sampled_from(SHEETS), min_size=1, unique=True))
    }  # fmt: skip


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Findings at cells, rows, sheets and nowhere, with any text a person may have typed."""
    found = []
    for _ in range(draw(st.integers(1, 12))):
        row, column = draw(marked_cells)
        kind = draw(st.sampled_from(["cell", "row", "sheet", "study"]))
        place = Place(
            "a.xlsx", "" if kind == "study" else draw(st.sampled_from(SHEETS)),
            row if kind in ("cell", "row") else 0, draw(texts),
            openpyxl.utils.get_column_letter(column) + str(row) if kind == "cell" else "",
        )  # fmt: skip
        severity: Any = draw(st.sampled_from(["error", "warning", "note"]))
        found.append(Finding("table.currency", severity, place, draw(texts),
                             {"currency": draw(texts)}))  # fmt: skip
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    book = xlsxwriter.Workbook(path)
    looks = [None, book.add_format({"bold": True, "font_color": "white", "bg_color": "navy"}),
             book.add_format({"num_format": "#,##0.00", "border": 1}),
             book.add_format({"num_format": "@", "locked": False})]  # fmt: skip
    for name, told in content.items():
        sheet = book.add_worksheet(name)
        for (row, column), (value, look) in told["cells"].items():
            sheet.write(row, column, value, looks[look])
        for (row, column), text in told["comments"].items():
            sheet.write_comment(row, column, text)
        if told["merged"]:
            (row, column), high, wide = told["merged"]
            sheet.merge_range(row + 40, column, row + 40 + high, column + wide, "x")
        if told["protected"]:
            sheet.protect()
        if name == "ẩn" and len(content) > 1:
            book.worksheets()[0].activate()
            if sheet is not book.worksheets()[0]:
                sheet.hide()
    book.close()


def stored(path: Path) -> dict[str, Any]:
    """Return what openpyxl reads, fills and comments apart.

    Over the stored cells only: with a mark in the last cell, all of them are 17,000 million.
    """
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: (
            sheet.sheet_state, sheet.protection.sheet, sorted(map(str, sheet.merged_cells.ranges)),
            {cell.coordinate: (cell.value, cell.number_format, cell.font.b, cell.border.left.style,
                               cell.protection.locked)
             for cell in sheet._cells.values() if cell.value is not None},
        )
        for sheet in book
    }  # fmt: skip


@settings(max_examples=60)
@given(workbooks(), findings(), st.sampled_from(["vi", "en"]))
def test_marking_changes_styles_and_comments_only(
    content: dict[str, Any], found: list[Finding], language: Any
) -> None:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "a.xlsx"
        write(source, content)
        copy = sx.mark_findings(source, findings=found, language=language)
        check_package(copy)
        check_only_marks_changed(source, copy)
        assert stored(copy) == stored(source)
        commented = sum(data.count(b"<comment ") for part, data in parts(copy).items()
                        if part.startswith("xl/comments"))  # fmt: skip
        assert commented  # a finding is told somewhere
        # A copy of a copy is a copy, too, and tells nothing twice.
        again = sx.mark_findings(copy, findings=found, language=language)
        check_package(again)
        check_only_marks_changed(copy, again)
        assert stored(again) == stored(source)


@settings(max_examples=40)
@given(st.data())
def test_a_cell_is_found_however_the_sheet_is_written(data: st.DataObject) -> None:
    # The same sheet with and without numbers of rows and cells, with a prefix, in UTF-16.
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "a.xlsx"
        book = xlsxwriter.Workbook(source)
        sheet = book.add_worksheet("Sản lượng")
        for row in range(rows):
            sheet.write_row(row, 0, [f"{row}/{column}" for column in range(columns)])
        book.close()
        place = (data.draw(st.integers(1, rows + 2)), data.draw(st.integers(1, columns + 2)))
        address = openpyxl.utils.get_column_letter(place[1]) + str(place[0])
        def changed(text: bytes) -> bytes:
            if data.draw(st.booleans(), "unnumbered"):
                text = re.sub(rb'<(row|c) r="\w+"', rb"<\1", text)
            if data.draw(st.booleans(), "prefixed"):
                text = re.sub(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])", rb"<\1x:\2", text)
                text = text.replace(b' xmlns="', b' xmlns:x="')
            if data.draw(st.booleans(), "wide"):
                text = text.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")
            return text

        other = rewritten(source, Path(name) / "b.xlsx", {"xl/worksheets/sheet1.xml": changed})
        found = Place("b.xlsx", "Sản lượng", place[0], "x", address)
        copy = sx.mark_findings(other, findings=[Finding("table.negative", "error", found, "-5")])
        check_package(copy)
        check_only_marks_changed(other, copy)
        cell = openpyxl.load_workbook(copy)["Sản lượng"][address]
        assert cell.comment is not None
        assert cell.fill.patternType == "solid"
        inside = place[0] <= rows and place[1] <= columns
        assert cell.value == (f"{place[0] - 1}/{place[1] - 1}" if inside else None)


@st.composite
def damages(draw: st.DrawFn) -> Any:
    """A way to spoil the text of a part: bytes changed or lost, a number that is none."""
    kind = draw(st.sampled_from(["byte", "cut", "value"]))
    share, length = draw(st.floats(0, 1, exclude_max=True)), draw(st.integers(1, 60))
    value = draw(st.sampled_from([b"", b"-1", b"99999999999", b"nan", b"inf", b"x", b"A0",
                                  "²".encode(), b"ZZZZ1"]))  # fmt: skip

    def spoiled(data: bytes) -> bytes:
        at = int(share * len(data))
        if kind == "byte":
            return data[:at] + bytes([length * 4]) + data[at + 1 :]
        if kind == "cut":
            return data[:at] + data[at + length :]
        places = list(re.finditer(rb'="([^"]*)"', data))
        place = places[int(share * len(places))]
        return data[: place.start(1)] + value + data[place.end(1) :]

    return spoiled


@settings(max_examples=80)
@given(st.sampled_from([
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    "xl/worksheets/sheet3.xml", "xl/worksheets/_rels/sheet3.xml.rels", "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
]), damages())  # fmt: skip
def test_a_damaged_workbook_is_marked_or_refused(part: str, damage: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = office_workbook(folder / "whole.xlsx")
        source = rewritten(whole, folder / "a.xlsx", {part: damage})
        found = [Finding("table.negative", "error", Place("a.xlsx", "Tiêu thụ", 0, "x", cell), "-5")
                 for cell in ("B3", "A9", "H20")]  # fmt: skip
        before = source.read_bytes()
        refused = ""
        try:
            sx.mark_findings(source, folder / "b.xlsx", findings=found)
        except sx.StudyError as error:
            refused = error.code
        left = sorted(path.name for path in folder.iterdir())
        assert left == ["a.xlsx", *([] if refused else ["b.xlsx"]), "whole.xlsx"]
        assert not refused or refused.startswith(("file.", "mark."))
        assert source.read_bytes() == before
