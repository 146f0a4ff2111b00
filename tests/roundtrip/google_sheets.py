"""A workbook as Google Sheets exports it, written part by part.

No export can be fetched where the tests run, so its habits are written here as they are known
from its files: no sizes of sheets, a thousand rows of empty styled cells, a drawing for every
sheet, texts in shared strings, true and false as booleans, a formula that only Google has as
``__xludf.DUMMYFUNCTION`` around its stored value, dates as numbers with a style, and no
properties of the document.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sxsh_audit.tables.raw import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLAIN, DATE = 1, 2
EMPTY_ROWS = 1000


class Formula(str):
    """A formula of Google's own, with the value that the export stores beside it."""

    value: Any

    def __new__(cls, formula: str, value: Any) -> Formula:
        """Keep the value beside the text."""
        made = super().__new__(cls, formula)
        made.value = value
        return made


def _cell(place: str, value: Any, strings: dict[str, int]) -> str:
    if isinstance(value, Formula):
        inner = value.value
        kind = ' t="str"' if isinstance(inner, str) else ""
        text = f'IFERROR(__xludf.DUMMYFUNCTION("""COMPUTED_VALUE"""),{inner})'
        return f'<c r="{place}" s="{PLAIN}"{kind}><f>{escape(text)}</f><v>{inner}</v></c>'
    if value is None:
        return f'<c r="{place}" s="{PLAIN}"/>'
    if isinstance(value, bool):
        return f'<c r="{place}" s="{PLAIN}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, dt.date):
        days = (value - dt.date(1899, 12, 30)).days
        return f'<c r="{place}" s="{DATE}"><v>{days}.0</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}" s="{PLAIN}"><v>{float(value)}</v></c>'
    number = strings.setdefault(str(value), len(strings))
    return f'<c r="{place}" s="{PLAIN}" t="s"><v>{number}</v></c>'


def _sheet(rows: Sequence[Sequence[Any]], strings: dict[str, int]) -> str:
    width = max(map(len, rows), default=1)
    lines = []
    for number in range(1, EMPTY_ROWS + 1):
        row = list(rows[number - 1]) if number <= len(rows) else []
        row += [None] * (width - len(row))
        cells = "".join(_cell(f"{column_letters(j)}{number}", value, strings)
                        for j, value in enumerate(row))  # fmt: skip
        lines.append(f'<row r="{number}" ht="15.75" customHeight="1">{cells}</row>')
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{DOCUMENT}" '
        'xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>'
        f'<sheetData>{"".join(lines)}</sheetData><drawing r:id="rId1"/></worksheet>'
    )


def write(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write a workbook of such sheets.

    Parameters
    ----------
    path : Path
        File to write.
    sheets : mapping of str to rows
        Cells by row and sheet.
    """
    strings: dict[str, int] = {}
    parts = {f"xl/worksheets/sheet{i}.xml": _sheet(rows, strings)
             for i, rows in enumerate(sheets.values(), start=1)}  # fmt: skip
    numbers = range(1, len(sheets) + 1)
    drawing = ('<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
               'spreadsheetDrawing"/>')  # fmt: skip
    for i in numbers:
        parts[f"xl/drawings/drawing{i}.xml"] = HEAD + drawing
        parts[f"xl/worksheets/_rels/sheet{i}.xml.rels"] = _relations(
            [("rId1", "drawing", f"../drawings/drawing{i}.xml")])  # fmt: skip
    listed = "".join(
        f'<sheet state="visible" name={quoteattr(name)} sheetId="{i}" r:id="rId{i + 3}"/>'
        for i, name in enumerate(sheets, start=1)
    )
    parts["xl/workbook.xml"] = (f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><workbookPr/>'
                                f"<sheets>{listed}</sheets><definedNames/></workbook>")  # fmt: skip
    parts["xl/_rels/workbook.xml.rels"] = _relations(
        [("rId1", "theme", "theme/theme1.xml"), ("rId2", "styles", "styles.xml"),
         ("rId3", "sharedStrings", "sharedStrings.xml"),
         *((f"rId{i + 3}", "worksheet", f"worksheets/sheet{i}.xml") for i in numbers)])
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    parts["xl/sharedStrings.xml"] = (f'{HEAD}<sst xmlns="{MAIN}" count="{len(strings)}" '
                                     f'uniqueCount="{len(strings)}">{items}</sst>')  # fmt: skip
    parts["xl/styles.xml"] = (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
        'formatCode="d/m/yyyy"/></numFmts><fonts count="1"><font><sz val="10"/>'
        '<name val="Arial"/></font></fonts><fills count="2"><fill><patternFill '
        'patternType="none"/></fill><fill><patternFill patternType="lightGray"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/>'
        '</cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/><xf numFmtId="0" xfId="0" '
        'applyFont="1"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
    parts["_rels/.rels"] = _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    kind = "application/vnd.openxmlformats-officedocument"
    types = {"/xl/workbook.xml": f"{kind}.spreadsheetml.sheet.main+xml",
             "/xl/styles.xml": f"{kind}.spreadsheetml.styles+xml",
             "/xl/sharedStrings.xml": f"{kind}.spreadsheetml.sharedStrings+xml"}  # fmt: skip
    types |= {f"/xl/worksheets/sheet{i}.xml": f"{kind}.spreadsheetml.worksheet+xml"
              for i in numbers}  # fmt: skip
    types |= {f"/xl/drawings/drawing{i}.xml": f"{kind}.drawing+xml" for i in numbers}
    overrides = "".join(f'<Override ContentType="{value}" PartName="{name}"/>'
                        for name, value in types.items())  # fmt: skip
    parts["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default ContentType="application/xml" '
        'Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml" Extension="rels"/>{overrides}</Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def _relations(entries: Sequence[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{id_}" Type="{DOCUMENT}/{kind}" Target="{target}"/>'
                    for id_, kind, target in entries)  # fmt: skip
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'
