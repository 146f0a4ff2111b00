"""Tables in Word: columns that fit, headings on every page, facts, places to sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sxsh_audit.display.table import Column, Table
from sxsh_audit.reports.column_widths import fit_columns, text_width
from sxsh_audit.reports.word_styles import style_id
from sxsh_audit.reports.word_xml import made, plain, tag

__all__ = ["facts_table", "head_table", "printed_table", "signature_table"]

_MOST_SIGNATURES = 3
_POINT = 20  # Word measures tables in twentieths of a point
_JUSTIFIED = {"left": "left", "right": "right", "center": "center"}


def _empty_table(document: Any, style: str, widths: Sequence[int], title: str = "") -> Any:
    """Return a table without rows; its widths are fixed, so that every program shows the same."""
    properties = made(
        "w:tblPr", made("w:tblStyle", val=style_id(document, style)),
        made("w:tblW", w=sum(widths), type="dxa"), made("w:jc", val="left"),
        made("w:tblLayout", type="fixed"),
        made("w:tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0,
             noHBand=0, noVBand=1),
    )  # fmt: skip
    if title:  # read aloud by a screen reader
        properties.append(made("w:tblCaption", val=title[:250]))
    grid = made("w:tblGrid", *(made("w:gridCol", w=width) for width in widths))
    return made("w:tbl", properties, grid)


def _cell(document: Any, width: int, text: str, style: str, align: str = "",
          size: float = 0) -> Any:
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    element = made("w:p")
    paragraph = Paragraph(element, document)
    element.get_or_add_pPr().style = style_id(document, style)
    if align:
        element.get_or_add_pPr().append(made("w:jc", val=align))
    run = paragraph.add_run(plain(text))
    if size:
        run.font.size = Pt(size)
    return made("w:tc", made("w:tcPr", made("w:tcW", w=width, type="dxa")), element)


def _row(cells: Sequence[Any], *, heading: bool = False) -> Any:
    properties = made("w:trPr", made("w:cantSplit"))
    if heading:
        properties.append(made("w:tblHeader"))
    return made("w:tr", properties, *cells)


def _unbroken(text: str, column: Column) -> str:
    """Keep a number and its unit on one line."""
    return text.replace(" ", "\u00a0") if column.kind == "number" else text


def printed_table(document: Any, table: Table, room: int) -> Any:
    """Return a table of the document model [room in 1/20 pt]."""
    fit = fit_columns(table, room / _POINT)
    widths = _whole(fit.shares, room)
    size = 0 if fit.size == 11 else fit.size
    element = _empty_table(document, "SXSH Table", widths, plain(table.title))
    headings = [_cell(document, width, column.heading, "SXSH Table Heading", size=size)
                for width, column in zip(widths, table.columns, strict=True)]  # fmt: skip
    element.append(_row(headings, heading=True))
    for row in table.rows:
        element.append(_row([
            _cell(document, width, _unbroken(text, column) if fit.fits else text,
                  "SXSH Table Text", _JUSTIFIED[column.align], size)
            for width, column, text in zip(widths, table.columns, row, strict=True)
        ]))  # fmt: skip
    return element


def facts_table(document: Any, rows: Sequence[tuple[str, str]], room: int) -> Any:
    """Return labels with their values side by side [room in 1/20 pt]."""
    widest = max((text_width(label) for label, _ in rows), default=0.0) + 1.2
    left = round(min(max(widest * 13 * _POINT, 0.25 * room), 0.45 * room))
    widths = (left, room - left)
    element = _empty_table(document, "SXSH Facts Table", widths)
    for label, value in rows:
        element.append(_row([_cell(document, left, label, "SXSH Facts Label"),
                             _cell(document, room - left, value, "SXSH Facts")]))  # fmt: skip
    return element


def signature_table(document: Any, roles: Sequence[str], hint: str, room: int) -> Any:
    """Return places to sign side by side, three in a row at most [room in 1/20 pt]."""
    from docx.shared import Pt

    count = min(len(roles), _MOST_SIGNATURES) or 1
    widths = _whole([1 / count] * count, room)
    element = _empty_table(document, "SXSH Plain Table", widths)
    for start in range(0, len(roles), count):
        cells = []
        for width, role in zip(widths, [*roles[start : start + count], *[""] * count],
                               strict=False):  # fmt: skip
            cell = _cell(document, width, role, "SXSH Signature")
            top = cell.find(tag("w:p"))
            for run in top.findall(tag("w:r")):
                run.get_or_add_rPr().append(made("w:b"))
            if role:
                _sign_here(document, cell, hint, Pt)
            cells.append(cell)
        element.append(_row(cells))
    return element


def head_table(
    document: Any, left: Sequence[str], right: Sequence[str], room: int
) -> Any:
    """Return whose document it is beside the national name and motto [room in 1/20 pt]."""
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    widths = _whole((0.38, 0.62), room)
    element = _empty_table(document, "SXSH Plain Table", widths)
    cells = []
    for width, lines, bold in zip(widths, (left, right), (False, True), strict=True):
        cell = _cell(document, width, "", "SXSH Signature")
        cell.remove(cell.find(tag("w:p")))
        for place, line in enumerate(lines):
            words = made("w:p")
            paragraph = Paragraph(words, document)
            words.get_or_add_pPr().style = style_id(document, "SXSH Signature")
            run = paragraph.add_run(plain(line))
            run.bold = bold
            run.font.size = Pt(12 if bold and not place else 13)
            if bold and place:  # the motto stands on a line of its own length
                run.font.underline = True
            cell.append(words)
        cells.append(cell)
    element.append(_row(cells))
    return element


def _sign_here(document: Any, cell: Any, hint: str, points: Any) -> None:
    """Add how to sign, room for it, and a line for the name."""
    from docx.text.paragraph import Paragraph

    for text, before in ((hint, 0), ("…" * 14, 68)):
        element = made("w:p")
        paragraph = Paragraph(element, document)
        element.get_or_add_pPr().style = style_id(document, "SXSH Signature")
        if before:
            paragraph.paragraph_format.space_before = points(before)
            paragraph.paragraph_format.keep_with_next = False
        paragraph.add_run(plain(text)).italic = not before
        cell.append(element)


def _whole(shares: Sequence[float], room: int) -> list[int]:
    """Return whole widths that add up to the room."""
    widths = [round(share * room) for share in shares]
    widths[-1] += room - sum(widths)
    return widths
