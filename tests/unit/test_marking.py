"""The marked copy: what is told where, and that nothing else of the file changes."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from marked_books import office_workbook, parts, rewritten
from package_checks import check_only_marks_changed, check_package

import sxsh_audit as sx
from sxsh_audit.assessment.checking import all_findings
from sxsh_audit.errors import OutputError, StudyError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.forms.marking_styles import FILLS, TONES, StyleBook
from sxsh_audit.forms.marking_xml import NotXml, XmlPart, tree

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
SHEET = "xl/worksheets/sheet3.xml"  # «Tiêu thụ», whose rows follow each other from row 1


def negative(file: str, sheet: str, cell: str, severity: Any = "error") -> Finding:
    row = int(re.sub(r"\D", "", cell))
    return Finding("table.negative", severity, Place(file, sheet, row, "x", cell), "-5")


def marks_of(path: Path) -> dict[str, tuple[str, str]]:
    """Return colour and comment by sheet and cell, as openpyxl reads them; hers alone is none."""
    book = openpyxl.load_workbook(path)
    return {
        f"{sheet.title}!{cell.coordinate}": (str(cell.fill.fgColor.rgb)[2:], cell.comment.text)
        for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.comment and cell.comment.text != "Chị Hoa: hỏi lại kế toán"
    }  # fmt: skip


def look_of(path: Path) -> dict[str, Any]:
    """Return all of a workbook but its fills and comments, as openpyxl reads it."""
    book = openpyxl.load_workbook(path)
    told: dict[str, Any] = {"names": sorted(book.defined_names)}
    for sheet in book:
        told[sheet.title] = {
            "cells": {
                cell.coordinate: (cell.value, cell.number_format, *map(repr, (
                    cell.font, cell.border, cell.alignment, cell.protection)))
                for row in sheet.iter_rows() for cell in row if cell.value is not None
            },
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "lists": [(str(item.sqref), item.formula1, item.type)
                      for item in sheet.data_validations.dataValidation],
            "widths": {key: (item.width, item.hidden)
                       for key, item in sheet.column_dimensions.items()},
            "heights": {key: item.height for key, item in sheet.row_dimensions.items()
                        if item.height},
            "panes": sheet.freeze_panes, "filter": sheet.auto_filter.ref,
            "state": sheet.sheet_state, "rows on each page": sheet.print_title_rows,
            "protection": (sheet.protection.sheet, sheet.protection.password),
            "conditions": [str(item.sqref) for item in sheet.conditional_formatting],
        }  # fmt: skip
    return told


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office_workbook(tmp_path_factory.mktemp("office") / "so lieu.xlsx")


@pytest.fixture(scope="module")
def marked(office: Path) -> Path:
    return sx.mark_findings(office)


def test_the_copy_stands_beside_the_original_and_nothing_else_changes(
    office: Path, marked: Path
) -> None:
    assert marked == office.with_name("so lieu-danh-dau.xlsx")
    check_package(marked)
    check_only_marks_changed(office, marked)
    assert look_of(marked) == look_of(office)


def test_each_fault_is_marked_where_it_was_typed(marked: Path) -> None:
    told = marks_of(marked)
    assert told["Sản lượng!C7"][0] == FILLS["error"][1]
    assert told["Sản lượng!C7"][1].startswith("Lỗi: Số phải ≥ 0.\nCách sửa: kiểm tra lại")
    assert told["Tiêu thụ!D6"][1].startswith("Lỗi: `O00500`: không hiểu phần này của đơn vị")
    assert "^" not in told["Tiêu thụ!D6"][1]  # the letters of a comment differ in width
    assert re.match("Cảnh báo: .* là công thức", told["Sản lượng!C10"][1])


def test_a_row_is_marked_at_its_first_filled_cell_and_a_sheet_at_its_headings(
    marked: Path,
) -> None:
    told = marks_of(marked)
    assert re.match("Ghi chú: .*tổng", told["Sản lượng!A10"][1])
    assert re.match("Cảnh báo: .*ẩn", told["Giá!A1"][1])
    assert re.match("Ghi chú: .*phía trên tiêu đề", told["Sản lượng!A1"][1])


def test_a_comment_that_is_there_keeps_its_text_and_ours_stands_below(marked: Path) -> None:
    text = marks_of(marked)["Tiêu thụ!A9"][1]
    hers, ours = text.split("\n\n── sxsh-audit ──\n")
    assert hers == "Chị Hoa: hỏi lại kế toán"
    assert ours.startswith("Lỗi: Không biết tài nguyên này")


def test_marks_on_a_hidden_sheet_are_told_where_they_can_be_seen(marked: Path) -> None:
    told = marks_of(marked)
    hidden = [cell for cell in told if cell.startswith("Giá!")]
    assert f"Trang tính ẩn «Giá» có {len(hidden)} ô được đánh dấu" in told["Thông tin chung!A1"][1]


def test_white_letters_get_a_dark_ground(office: Path, tmp_path: Path) -> None:
    # The headings are white on blue; white letters on a pale ground could not be read.
    found = [negative(office.name, "Tiêu thụ", "A1"), negative(office.name, "Tiêu thụ", "A2")]
    book = openpyxl.load_workbook(sx.mark_findings(office, tmp_path / "a.xlsx", findings=found))
    sheet = book["Tiêu thụ"]
    assert sheet["A1"].font.color.rgb == "FFFFFFFF"
    assert contrast("FFFFFF", sheet["A1"].fill.fgColor.rgb[2:]) > 4.5  # WCAG 2.1, 1.4.3
    assert contrast("000000", sheet["A2"].fill.fgColor.rgb[2:]) > 4.5


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by the formula of WCAG 2.1."""

    def luminance(color: str) -> float:
        shares = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted([luminance(first), luminance(second)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_fill_can_be_read_and_told_apart_in_grey() -> None:
    greys = set()
    for pattern, line, ground in FILLS.values():
        assert contrast("000000", line) > 4.5
        assert contrast("000000", ground) > 4.5
        red, green, blue = (int(ground[i : i + 2], 16) for i in (0, 2, 4))
        greys.add((pattern, round((0.299 * red + 0.587 * green + 0.114 * blue) / 20)))
    assert len(greys) == 3


def test_several_findings_of_a_cell_are_one_comment_in_the_gravest_colour(
    office: Path, tmp_path: Path
) -> None:
    found = [Finding("table.months", severity, Place(office.name, "Sản lượng", 5, "", "C5"), "13")
             for severity in ("note", "warning")]  # fmt: skip
    found.append(negative(office.name, "Sản lượng", "C5"))
    told = marks_of(sx.mark_findings(office, tmp_path / "a.xlsx", findings=found, language="en"))
    color, text = told["Sản lượng!C5"]
    assert color == FILLS["error"][1]
    words = [line.split(":")[0] for line in text.split("\n") if not line.startswith("To ")]
    assert [word for word in words if word in ("Error", "Warning", "Note")] == [
        "Error", "Warning", "Note"]  # fmt: skip


def test_a_cell_inside_a_merged_block_is_marked_where_the_block_shows(
    office: Path, tmp_path: Path
) -> None:
    found = [negative(office.name, "Sản lượng", "C1")]
    assert list(marks_of(sx.mark_findings(office, tmp_path / "a.xlsx", findings=found))) == [
        "Sản lượng!A1"]  # fmt: skip


@pytest.mark.parametrize("cell", ["C2", "B3", "F7", "A400", "XFD1048576"])
def test_a_cell_that_is_not_stored_is_added_in_its_place(
    office: Path, tmp_path: Path, cell: str
) -> None:
    found = [negative(office.name, "Sản lượng", cell), negative(office.name, "Sản lượng", "A1")]
    copy = sx.mark_findings(office, tmp_path / "a.xlsx", findings=found)
    check_package(copy)
    check_only_marks_changed(office, copy)
    sheet = parts(copy)["xl/worksheets/sheet2.xml"].decode()
    assert f'r="{cell}" s="' in sheet or f'r="{cell}"' in sheet


def test_an_absent_cell_keeps_the_format_of_its_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Sản lượng"
    book.active["A1"] = "Kỳ"
    book.active.column_dimensions["C"].number_format = "0.00%"
    book.save(tmp_path / "a.xlsx")
    text = parts(tmp_path / "a.xlsx")["xl/worksheets/sheet1.xml"].decode()
    assert 'style="' in text
    copy = sx.mark_findings(tmp_path / "a.xlsx", tmp_path / "b.xlsx",
                            findings=[negative("a.xlsx", "Sản lượng", "C4")])  # fmt: skip
    assert openpyxl.load_workbook(copy)["Sản lượng"]["C4"].number_format == "0.00%"


def test_a_study_as_a_whole_is_told_at_the_settings(office: Path, tmp_path: Path) -> None:
    found = [
        Finding("study.no_periods", "error", Place(), "", {"years": [2013], "first": 1, "last": 2}),
        Finding("table.negative", "error", Place("he_so.csv", "", 4, "Giá trị"), "-5"),
        Finding("table.negative", "warning", Place(facility="Xưởng 2", resource="water"), "-1"),
    ]
    told = marks_of(sx.mark_findings(office, tmp_path / "a.xlsx", findings=found))
    assert list(told) == ["Thông tin chung!A1"]
    text = told["Thông tin chung!A1"][1]
    assert "Lỗi: he_so.csv, dòng 4, cột «Giá trị», `-5`: " in text
    assert "Cảnh báo: Xưởng 2, Nước, `-1`: " in text


def test_a_long_text_is_shortened_and_many_are_counted(office: Path, tmp_path: Path) -> None:
    place = Place(office.name, "Sản lượng", 5, "", "C5")
    found = [Finding("table.currency", "error", place, "x" * 5_000 + str(i),
                     {"currency": "VND" * 900}) for i in range(30)]  # fmt: skip
    found += [Finding("table.missing_column", "error", place, "",
                      {"field": f"cột {i}", "table": "production"}) for i in range(12)]  # fmt: skip
    told = marks_of(sx.mark_findings(office, tmp_path / "a.xlsx", findings=found))
    text = told["Sản lượng!C5"][1]
    assert len(text) < 8_000
    assert "…" in text
    assert "phát hiện nữa ở ô này" in text


def test_every_row_of_a_fault_is_marked_not_only_the_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    made = book.active
    made.title = "Sản lượng"
    made.append(["Kỳ", "Sản lượng (tấn)"])
    for year in range(1980, 2014):
        made.append([str(year), -year])
    book.save(tmp_path / "a.xlsx")
    told = marks_of(sx.mark_findings(tmp_path / "a.xlsx"))
    assert {f"Sản lượng!B{row}" for row in range(2, 36)} <= told.keys()
    # The list of the command stays short all the same.
    folded = [item for item in all_findings(tmp_path / "a.xlsx") if item.code == "table.negative"]
    assert [item.numbers["alike"] for item in folded] == [33]


def test_figures_that_are_not_plausible_are_marked_each_in_its_cell(tmp_path: Path) -> None:
    # Electricity of 24 months in kWh, of which one was typed in Wh: three noughts too many.
    book = openpyxl.Workbook()
    made, used = book.active, book.create_sheet("Tiêu thụ")
    made.title = "Sản lượng"
    made.append(["Kỳ", "Sản lượng (tấn)"])
    used.append(["Tài nguyên", "Kỳ", "Lượng mua (kWh)"])
    for i in range(24):
        month = f"T{i % 12 + 1}/{2013 + i // 12}"
        made.append([month, 1000 + 7 * (i % 5)])
        used.append(["Điện", month, (100_000 + 650 * (i % 7)) * (1000 if i == 9 else 1)])
    own = book.create_sheet("Thông tin chung")
    for pair in (("kỳ nền", "2013"), ("kỳ báo cáo", "2014"), ("kiểu số", "vi")):
        own.append(pair)
    book.save(tmp_path / "a.xlsx")
    told = marks_of(sx.mark_findings(tmp_path / "a.xlsx"))
    expected = {
        f"{item.place.sheet}!{item.place.cell}"
        for item in all_findings(tmp_path / "a.xlsx") if item.place.cell
    }  # fmt: skip
    assert "Tiêu thụ!C11" in expected
    assert expected <= told.keys()


# -- what other programs store ------------------------------------------------------------------


def prefixed(data: bytes) -> bytes:
    """Give every element of the main namespace a prefix, as some programs write them."""
    text = data.decode()
    text = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1x:\2", text)
    return text.replace(' xmlns="', ' xmlns:x="').encode()


def utf16(data: bytes) -> bytes:
    text = data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return text.encode("utf-16")


def unnumbered(data: bytes) -> bytes:
    """Leave out the numbers of rows and cells, which the standard allows where none is missing."""
    return re.sub(rb'<(row|c) r="\w+"', rb"<\1", data)


def quoted(data: bytes) -> bytes:
    """Write attributes in single quotes, spread over lines, with a remark and a CDATA section."""
    data = re.sub(rb'<c r="(\w+)"( s="\d+")?', rb"<c\n r = '\1'\2", data)
    return data.replace(b"<sheetData>", b"<!-- <sheetData><row r='1'> --><sheetData>")


QUIRKS: dict[str, Callable[[bytes], bytes]] = {
    "prefixes": prefixed, "UTF-16": utf16, "no numbers": unnumbered, "quotes": quoted,
}  # fmt: skip


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_sheet_is_marked_however_a_program_wrote_it(
    office: Path, tmp_path: Path, quirk: str
) -> None:
    source = rewritten(office, tmp_path / "so lieu.xlsx", {SHEET: QUIRKS[quirk]})
    found = [negative(source.name, "Tiêu thụ", cell) for cell in ("B3", "D6", "G9", "A30")]
    copy = sx.mark_findings(source, findings=found)
    check_package(copy)
    check_only_marks_changed(source, copy)
    assert {"Tiêu thụ!B3", "Tiêu thụ!D6", "Tiêu thụ!G9", "Tiêu thụ!A30"} == marks_of(copy).keys()
    assert look_of(copy) == look_of(source)


def test_styles_and_comments_with_prefixes(office: Path, tmp_path: Path) -> None:
    names = ("xl/styles.xml", "xl/comments1.xml")
    source = rewritten(office, tmp_path / "so lieu.xlsx", dict.fromkeys(names, prefixed))
    copy = sx.mark_findings(source)
    check_package(copy)
    check_only_marks_changed(source, copy)
    assert marks_of(copy) == marks_of(sx.mark_findings(office, tmp_path / "b.xlsx"))


def test_a_comment_of_one_plain_text_is_kept(office: Path, tmp_path: Path) -> None:
    def plain(data: bytes) -> bytes:
        text = re.sub(r"<text>.*?</text>", "<text><t>A &amp; B</t></text>", data.decode())
        return text.encode()

    source = rewritten(office, tmp_path / "so lieu.xlsx", {"xl/comments1.xml": plain})
    copy = sx.mark_findings(source)
    check_package(copy)
    assert marks_of(copy)["Tiêu thụ!A9"][1].startswith("A & B\n\n── sxsh-audit ──\nLỗi: ")


def test_a_drawing_that_is_no_valid_xml_is_added_to(office: Path, tmp_path: Path) -> None:
    # Old Excel writes the caption of a button as HTML with an open <br>.
    def old(data: bytes) -> bytes:
        return data.replace("Tính lại".encode(), "Tính<br>lại".encode())

    source = rewritten(office, tmp_path / "so lieu.xlsx", {"xl/drawings/vmlDrawing1.vml": old})
    copy = sx.mark_findings(source)
    check_package(copy)
    assert "Tính<br>lại".encode() in parts(copy)["xl/drawings/vmlDrawing1.vml"]


def test_a_workbook_without_styles_gets_some(office: Path, tmp_path: Path) -> None:
    def without(data: bytes) -> bytes:
        return re.sub(rb'<(Override|Relationship) [^>]*styles[^>]*/>', b"", data)

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, data in parts(office).items():
            if name != "xl/styles.xml":
                sheet = name.startswith("xl/worksheets/sheet")
                data = re.sub(rb' s="\d+"', b"", data) if sheet else data
                archive.writestr(name, without(data) if name.endswith(("rels", "s].xml")) else data)
    copy = sx.mark_findings(tmp_path / "a.xlsx",
                            findings=[negative("a.xlsx", "Sản lượng", "C7")])  # fmt: skip
    check_package(copy)
    assert marks_of(copy)["Sản lượng!C7"][0] == FILLS["error"][1]


@pytest.mark.parametrize("text", [
    '<styleSheet xmlns="urn:x"/>',
    '<styleSheet xmlns="urn:x"><fills count="0"/><cellXfs/><dxfs count="0"/></styleSheet>',
    '<a:styleSheet xmlns:a="urn:x"><a:numFmts/><a:cellXfs><a:xf fontId="7"/></a:cellXfs>'
    "</a:styleSheet>",
])  # fmt: skip
def test_a_poor_style_sheet_is_completed_in_the_order_of_the_standard(text: str) -> None:
    book = StyleBook(XmlPart(text.encode()))
    assert book.marked(0, "error") == book.marked(5, "error")  # 5 is not there: the usual look
    root = tree(book.finish().data)
    order = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles",
             "dxfs"]  # fmt: skip
    names = [node.name for node in root.children]
    assert names == [name for name in order if name in names]
    formats, fills = root.first("cellXfs"), root.first("fills")
    assert formats is not None
    assert fills is not None
    assert formats.children[-1].attributes["fillId"] == str(len(fills.children) - 1)


@pytest.mark.parametrize(("color", "light"), [
    ('rgb="FFFFFFFF"', True), ('rgb="FFFF00"', True), ('rgb="FF000000"', False),
    ('rgb="FFFF0000"', False), ('theme="0"', True), ('theme="0" tint="-0.5"', False),
    ('theme="1"', False), ('theme="4" tint="0.8"', True), ('indexed="9"', True),
    ('indexed="64"', False), ('auto="1"', False), ('rgb="wrong" tint="wrong"', False),
])  # fmt: skip
def test_letters_are_light_or_dark_however_their_colour_is_told(color: str, light: bool) -> None:
    text = (f'<styleSheet xmlns="urn:x"><fonts><font/><font><color {color}/></font></fonts>'
            '<cellXfs><xf fontId="1"/></cellXfs></styleSheet>')  # fmt: skip
    book = StyleBook(XmlPart(text.encode()))
    book.marked(0, "error")
    assert TONES[light]["error"][1].encode() in book.finish().data


def google(target: Path) -> Path:
    """Write a workbook with the habits of Google Sheets: no spans, a drawing for each sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    texts = ["Kỳ", "Sản lượng (tấn)", "2013", "2014"]
    files = {
        "[Content_Types].xml":
            f'<Types xmlns="{package}/content-types"><Default ContentType="application/xml" '
            'Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml" Extension="rels"/>' + "".join(
                f'<Override ContentType="{kind}.{name}+xml" PartName="/xl/{part}"/>'
                for name, part in (
                    ("drawing", "drawings/drawing1.xml"),
                    ("spreadsheetml.styles", "styles.xml"),
                    ("spreadsheetml.worksheet", "worksheets/sheet1.xml"),
                    ("spreadsheetml.sharedStrings", "sharedStrings.xml"),
                    ("spreadsheetml.sheet.main", "workbook.xml"))) + "</Types>",
        "_rels/.rels":
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{link}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml":
            f'<workbook xmlns="{main}" xmlns:r="{link}"><workbookPr/><sheets><sheet '
            'state="visible" name="Sản lượng" sheetId="1" r:id="rId4"/></sheets><definedNames/>'
            "<calcPr/></workbook>",
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId2" Type="{link}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId3" Type="{link}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId4" Type="{link}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        "xl/styles.xml":
            f'<styleSheet xmlns="{main}"><fonts count="2"><font><sz val="10.0"/><color '
            'rgb="FF000000"/><name val="Arial"/><scheme val="minor"/></font><font><color '
            'theme="1"/><name val="Arial"/><scheme val="minor"/></font></fonts><fills count="2">'
            '<fill><patternFill patternType="none"/></fill><fill><patternFill '
            'patternType="lightGray"/></fill></fills><borders count="1"><border/></borders>'
            '<cellStyleXfs count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" '
            'applyAlignment="1" applyFont="1"/></cellStyleXfs><cellXfs count="2"><xf borderId="0" '
            'fillId="0" fontId="0" numFmtId="0" xfId="0" applyAlignment="1" applyFont="1">'
            '<alignment readingOrder="0" shrinkToFit="0" vertical="bottom" wrapText="0"/></xf>'
            '<xf borderId="0" fillId="0" fontId="1" numFmtId="0" xfId="0" applyAlignment="1" '
            'applyFont="1"><alignment readingOrder="0"/></xf></cellXfs><cellStyles count="1">'
            '<cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="0"/>'
            "</styleSheet>",
        "xl/sharedStrings.xml":
            f'<sst xmlns="{main}" count="4" uniqueCount="4">'
            + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>",
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{main}" xmlns:r="{link}"><sheetPr><outlinePr summaryBelow="0" '
            'summaryRight="0"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
            '<sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>'
            '<sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1'
            '</v></c></row><row r="2"><c r="A2" s="1" t="s"><v>2</v></c><c r="B2" s="1"><v>-5.0'
            '</v></c></row><row r="3"><c r="A3" s="1" t="s"><v>3</v></c></row></sheetData>'
            '<drawing r:id="rId1"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels":
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{link}/drawing" Target="../drawings/drawing1.xml"/></Relationships>',
        "xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="{drawing}"/>',
    }  # fmt: skip
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            archive.writestr(name, head + text)
    return target


def test_a_workbook_with_the_habits_of_google_sheets(tmp_path: Path) -> None:
    source = google(tmp_path / "a.xlsx")
    copy = sx.mark_findings(source)
    check_package(copy)
    check_only_marks_changed(source, copy)
    told = marks_of(copy)
    assert told["Sản lượng!B2"][1].startswith("Lỗi: Số phải ≥ 0.")
    assert "Sản lượng!B3" in told  # a figure that is missing: its cell is not stored
    assert look_of(copy) == look_of(source)


def test_rich_cells_keep_their_attributes(office: Path, tmp_path: Path) -> None:
    def rich(data: bytes) -> bytes:
        return data.replace(b'<c r="B3"', b'<c cm="1" vm="2" r="B3"').replace(
            b'<row r="4"', b'<row r="4" customFormat="1" s="2" ht="30" customHeight="1"')

    source = rewritten(office, tmp_path / "so lieu.xlsx", {SHEET: rich})
    found = [negative(source.name, "Tiêu thụ", cell) for cell in ("B3", "H4")]
    copy = sx.mark_findings(source, findings=found)
    check_only_marks_changed(source, copy)
    sheet = parts(copy)[SHEET].decode()
    assert re.search(r'<c cm="1" vm="2" r="B3"[^>]* s="\d+"', sheet)
    book = openpyxl.load_workbook(copy)["Tiêu thụ"]
    assert book["H4"].font.bold  # an absent cell has the look of its row


def threaded(source: Path, target: Path) -> Path:
    """Write a workbook in which the comment of A9 is a thread, as Excel 365 stores it."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    link = "http://schemas.microsoft.com/office/2017/10/relationships"
    thread = (f'<ThreadedComments xmlns="{space}"><threadedComment ref="A9" '
              'dT="2024-05-01T08:00:00.00" personId="{A0000000-0000-4000-8000-000000000001}" '
              'id="{A0000000-0000-4000-8000-000000000002}"><text>Hỏi lại</text>'
              "</threadedComment></ThreadedComments>")  # fmt: skip
    person = (f'<personList xmlns="{space}"><person displayName="Hoa" '
              'id="{A0000000-0000-4000-8000-000000000001}" userId="h" providerId="None"/>'
              "</personList>")  # fmt: skip
    types = "".join(
        f'<Override PartName="/xl/{name}" ContentType="application/vnd.ms-excel.{kind}+xml"/>'
        for name, kind in (("threadedComments/threadedComment1.xml", "threadedcomments"),
                           ("persons/person.xml", "person")))  # fmt: skip

    def linked(kind: str, to: str) -> Callable[[bytes], bytes]:
        more = f'<Relationship Id="rId90" Type="{link}/{kind}" Target="{to}"/></Relationships>'
        return lambda data: data.replace(b"</Relationships>", more.encode())

    rewritten(source, target, {
        "[Content_Types].xml": lambda data: data.replace(b"</Types>", f"{types}</Types>".encode()),
        "xl/_rels/workbook.xml.rels": linked("person", "persons/person.xml"),
        "xl/worksheets/_rels/sheet3.xml.rels": linked(
            "threadedComment", "../threadedComments/threadedComment1.xml"),
    })  # fmt: skip
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/threadedComments/threadedComment1.xml", thread)
        archive.writestr("xl/persons/person.xml", person)
    return target


def test_a_thread_of_new_excel_gets_a_reply(office: Path, tmp_path: Path) -> None:
    source = threaded(office, tmp_path / "so lieu.xlsx")
    copy = sx.mark_findings(source)
    check_package(copy)
    check_only_marks_changed(source, copy)
    first, reply = tree(parts(copy)["xl/threadedComments/threadedComment1.xml"]).children
    assert reply.attributes["parentId"] == first.attributes["id"]
    assert reply.attributes["ref"] == "A9"
    assert "Không biết tài nguyên này".encode() in reply.raw
    people = tree(parts(copy)["xl/persons/person.xml"]).children
    assert {person.attributes["id"] for person in people} == {
        first.attributes["personId"], reply.attributes["personId"]}  # fmt: skip
    again = sx.mark_findings(copy)  # a copy of the copy does not answer twice
    assert len(tree(parts(again)["xl/threadedComments/threadedComment1.xml"]).children) == 2


def test_a_workbook_of_the_strict_form(office: Path, tmp_path: Path) -> None:
    def strict(data: bytes) -> bytes:
        for old, new in (
            (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
             b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
            (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
             b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
        ):  # fmt: skip
            data = data.replace(old, new)
        return data

    names = [name for name in parts(office) if name.endswith((".xml", ".rels"))]
    source = rewritten(office, tmp_path / "so lieu.xlsx", dict.fromkeys(names, strict))
    copy = sx.mark_findings(source, findings=[negative(source.name, "Sản lượng", "C7")])
    check_package(copy)
    check_only_marks_changed(source, copy)
    new = parts(copy)["xl/comments2.xml"]
    assert b"http://purl.oclc.org/ooxml/spreadsheetml/main" in new


def test_a_copy_of_a_copy_tells_each_thing_once(marked: Path, tmp_path: Path) -> None:
    again = sx.mark_findings(marked, tmp_path / "again.xlsx")
    check_package(again)
    check_only_marks_changed(marked, again)
    assert marks_of(again) == marks_of(marked)


def test_the_same_input_gives_the_same_bytes(office: Path, marked: Path, tmp_path: Path) -> None:
    again = sx.mark_findings(office, tmp_path / "again.xlsx")
    assert again.read_bytes() == marked.read_bytes()


def test_rows_out_of_order_are_refused_and_nothing_is_written(
    office: Path, tmp_path: Path
) -> None:
    def swapped(data: bytes) -> bytes:
        return re.sub(rb'(<row r="3".*?</row>)(<row r="4".*?</row>)', rb"\2\1", data)

    source = rewritten(office, tmp_path / "so lieu.xlsx", {SHEET: swapped})
    with pytest.raises(StudyError, match="không đúng chuẩn") as caught:
        sx.mark_findings(source, findings=[negative(source.name, "Tiêu thụ", "A3")])
    assert caught.value.code == "mark.structure"
    assert [path.name for path in tmp_path.iterdir()] == ["so lieu.xlsx"]


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    with pytest.raises(NotXml):
        tree(bomb)


# -- refusals -----------------------------------------------------------------------------------


def test_the_original_is_never_touched(office: Path, tmp_path: Path) -> None:
    source = Path(shutil.copy(office, tmp_path / "a.xlsx"))
    before = source.read_bytes()
    for target in (source, tmp_path / "." / "a.xlsx"):
        with pytest.raises(OutputError, match="tệp gốc") as caught:
            sx.mark_findings(source, target, overwrite=True)
        assert caught.value.code == "mark.same_file"
    link = tmp_path / "link.xlsx"
    link.symlink_to(source)
    with pytest.raises(OutputError, match="tệp gốc"):
        sx.mark_findings(source, link, overwrite=True)
    assert source.read_bytes() == before


def test_a_file_that_is_there_is_replaced_only_on_demand(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="đã có sẵn tệp"):
        sx.mark_findings(office, target)
    assert target.read_text(encoding="utf-8") == "mine"
    sx.mark_findings(office, target, overwrite=True)
    check_package(target)


def test_a_copy_with_macros_keeps_their_ending(office: Path, tmp_path: Path) -> None:
    source = Path(shutil.copy(office, tmp_path / "a.xlsm"))
    with pytest.raises(OutputError, match=r"\.xlsm"):
        sx.mark_findings(source, tmp_path / "b.xlsx")
    assert sx.mark_findings(source, language="en").name == "a-marked.xlsm"


@pytest.mark.parametrize(("content", "code"), [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
     "file.password"),
    (b"<html>not a workbook</html>", None),
    (b"", None),
])  # fmt: skip
def test_a_workbook_that_cannot_be_opened_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, code: str | None
) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(content)
    for findings in (None, [negative("a.xlsx", "Sản lượng", "C7")]):
        with pytest.raises(StudyError) as caught:
            sx.mark_findings(source, findings=findings)
        assert caught.value.code.startswith("file.")
        assert code in (None, caught.value.code)
        assert str(caught.value).startswith("a.xlsx: ")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    for target in (None, tmp_path / "b.xlsx"):
        with pytest.raises(StudyError, match=r"a\.pdf") as caught:
            sx.mark_findings(tmp_path / "a.pdf", target)
        assert caught.value.code == "file.not_a_study"
    with pytest.raises(FileNotFoundError):
        sx.mark_findings(tmp_path / "b.xlsx")


# -- folders of CSV files -----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "xuong"
    place.mkdir()
    (place / "study.toml").write_text(
        'locale = "vi"\nbaseline = "2013"\nreporting = "2014"\nlocal = "x"\n', encoding="utf-8")
    (place / "san_luong.csv").write_text(
        "Công ty Sao Xanh\n\nKỳ;Mã SP;Sản lượng (tấn)\n2013;007;1000\n2014;=1+1;-5\n",
        encoding="utf-8")  # fmt: skip
    (place / "tieu_thu.csv").write_bytes(
        "sep=;\r\nTài nguyên;Kỳ;Lượng mua\r\n\"Điện\r\nlưới\";2013;9 kWh\r\nĐiện;2014;8 kWh\r\n"
        .encode("utf-16"))  # fmt: skip
    return place


def test_csv_files_become_sheets_with_every_cell_as_typed(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    copy = sx.mark_findings(folder)
    assert copy == folder.parent / "xuong-danh-dau.xlsx"
    check_package(copy)
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames == ["study.toml", "san_luong", "tieu_thu"]
    made, used = book["san_luong"], book["tieu_thu"]
    assert [cell.value for cell in made[4]] == ["2013", "007", "1000"]
    assert made["B5"].value == "=1+1"
    assert made["B5"].data_type == "s"  # a text and no formula
    # Rows as Excel shows the file: «sep=» is a row, a cell of two lines is one row.
    assert [cell.value for cell in used[3]] == ["Điện\nlưới", "2013", "9 kWh"]
    told = marks_of(copy)
    assert told["san_luong!C5"][1].startswith("Lỗi: Số phải ≥ 0.")
    assert told["study.toml!A4"][1].startswith("Lỗi: ")
    assert told["tieu_thu!A3"][0] == FILLS["error"][1]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_csv_file_that_cannot_be_read_has_a_sheet_that_says_so(folder: Path) -> None:
    (folder / "tieu_thu.csv").write_bytes(b"T\xc3\xa0i nguy\xeann;K\xff\xfe;\x81\x8d\n" * 3)
    (folder / "gia.csv").write_text('Tài nguyên;Đơn giá\n"Điện;1500\n', encoding="utf-8")
    (folder / "danh_sach_khach_hang_va_dia_chi_rat_dai.csv").write_text("a,b\n1,2\n", "utf-8")
    copy = sx.mark_findings(folder, language="en")
    check_package(copy)
    book = openpyxl.load_workbook(copy)
    told = marks_of(copy)
    assert told["tieu_thu!A1"][1].startswith("Error: ")
    assert book["gia"]["A2"].value == '"Điện;1500'  # line by line, where quotes do not match
    assert told["gia!A2"][1].startswith("Error: The quotation marks")
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert told["danh_sach_khach_hang_va_dia_chi!A1"][1].startswith("Warning: ")


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(OutputError, match="không có tệp nào"):
        sx.mark_findings(tmp_path / "empty")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


# -- LibreOffice --------------------------------------------------------------------------------


def through_libreoffice(source: Path, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save what it understood."""
    folder.mkdir()
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return folder / source.name


@pytest.mark.outside("soffice")
def test_libreoffice_sees_the_same_workbook_and_our_comments(
    office: Path, marked: Path, tmp_path: Path
) -> None:
    before = through_libreoffice(office, tmp_path / "before")
    after = through_libreoffice(marked, tmp_path / "after")
    assert look_of(after) == look_of(before)
    seen = {cell: text.splitlines()[0] for cell, (_, text) in marks_of(after).items()}
    assert seen == {cell: text.splitlines()[0] for cell, (_, text) in marks_of(marked).items()}


LIBREOFFICE = Path(__file__).resolve().parents[1] / "roundtrip" / "data" / "libreoffice.xlsx"


def test_a_workbook_of_libreoffice_is_marked(tmp_path: Path) -> None:
    copy = sx.mark_findings(LIBREOFFICE, tmp_path / "a.xlsx")
    check_package(copy)
    check_only_marks_changed(LIBREOFFICE, copy)
    told = marks_of(copy)
    assert told["Sản lượng!C7"][0] == FILLS["error"][1]
    assert told["Tiêu thụ!A9"][1].startswith("Chị Hoa: hỏi lại kế toán")
    assert look_of(copy) == look_of(LIBREOFFICE)
