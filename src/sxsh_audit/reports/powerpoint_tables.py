"""Tables on slides: few rows, large letters, columns as wide as their words need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sxsh_audit.display.table import Table
from sxsh_audit.reports.document import Facts
from sxsh_audit.reports.powerpoint_text import (
    BODY,
    LEAST,
    clean,
    cut,
    height_of,
    put_text,
    width_of,
)
from sxsh_audit.reports.powerpoint_xml import rgb

__all__ = ["put_facts", "put_table"]

PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's style without lines and fills
HEADED = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"
MOST_LINES = 2
Box = tuple[float, float, float, float]


def put_table(page: Any, table: Table, box: Box, lang: str) -> list[str]:
    """Put a table on a slide; rows that do not fit are returned as text for the notes."""
    headings = tuple(column.heading for column in table.columns)
    for size in (26.0, BODY, 22.0, LEAST):
        wide = _widths([headings, *table.rows], box[2], size)
        whole = sum(_row_height(row, wide, size) for row in (headings, *table.rows))
        if whole <= box[3] and _untorn([headings, *table.rows], wide, size):
            break
    kept: list[Sequence[str]] = [headings]
    tall = [_row_height(headings, wide, size)]
    for row in table.rows:
        high = _row_height(row, wide, size)
        if sum(tall) + high > box[3]:
            break
        kept.append(row)
        tall.append(high)
    right = [column.align == "right" for column in table.columns]
    _write(page, kept, (wide, tall), box, lang, right=right, size=size)
    return ["; ".join(cell for cell in row if cell) for row in table.rows[len(kept) - 1 :]]


def put_facts(page: Any, block: Facts, box: Box, lang: str) -> None:
    """Put labels and values on a slide."""
    for size in (28.0, BODY, LEAST):
        widest = max(width_of(name, size, bold=True) for name, _ in block.rows)
        first = min(widest + 24, box[2] * 0.35)
        wide = [first, box[2] - first]
        tall = [max(height_of([cut(value, wide[1], size, 3)], wide[1], size), size * 1.25) + 18
                for _, value in block.rows]  # fmt: skip
        if sum(tall) <= box[3]:
            break
    _write(page, block.rows, (wide, tall), box, lang, right=[False, False], size=size, facts=True)


def _untorn(rows: Sequence[Sequence[str]], wide: Sequence[float], size: float) -> bool:
    """Whether no cell needs more lines than it may have."""
    return all(cut(text, room, size, MOST_LINES) == text
               for row in rows for text, room in zip(row, wide, strict=True))  # fmt: skip


def _row_height(row: Sequence[str], wide: Sequence[float], size: float) -> float:
    lines = max(height_of([cut(text, room, size, MOST_LINES)], room, size)
                for text, room in zip(row, wide, strict=True))  # fmt: skip
    return lines + 12


def _widths(rows: Sequence[Sequence[str]], room: float, size: float) -> list[float]:
    """Return the widths of the columns: what they need, the longest giving way."""
    need = [max(width_of(text, size) * 0.95 + 24 for text in column)
            for column in zip(*rows, strict=True)]  # fmt: skip
    while sum(need) > room + 0.5:
        longest = max(need)
        others = [value for value in need if value < longest]
        count = len(need) - len(others)
        over = sum(need) - room
        least = max(others, default=room / len(need))
        step = min(longest - least, over / count) or over / count
        need = [value - step if value == longest else value for value in need]
    spare = (room - sum(need)) / len(need)
    return [value + spare for value in need]


def _write(
    page: Any, rows: Sequence[Sequence[str]], sizes: tuple[Sequence[float], Sequence[float]],
    box: Box, lang: str, *, right: Sequence[bool], size: float, facts: bool = False,
) -> None:  # fmt: skip
    from pptx.util import Pt

    wide, tall = sizes
    frame = page.shapes.add_table(len(rows), len(wide), Pt(box[0]), Pt(box[1]), Pt(box[2]),
                                  Pt(sum(tall)))  # fmt: skip
    grid = frame.table
    grid.first_row = not facts
    grid.horz_banding = not facts
    style = grid._tbl.tblPr.find(f"{{{grid._tbl.nsmap['a']}}}tableStyleId")
    style.text = PLAIN if facts else HEADED
    for place, value in enumerate(wide):
        grid.columns[place].width = Pt(value)
    for i, row in enumerate(rows):
        grid.rows[i].height = Pt(tall[i])
        for j, text in enumerate(row):
            cell = grid.cell(i, j)
            head = i == 0 and not facts
            most = 3 if facts else MOST_LINES
            put_text(cell, [cut(text, wide[j], size, most)], size, lang,
                     bold=head or (facts and j == 0), right=right[j],
                     color="FFFFFF" if head else "1A1A1A", anchor="middle")  # fmt: skip
            if head:
                cell.fill.solid()
                cell.fill.fore_color.rgb = rgb("005A8C")
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("descr", clean("; ".join(rows[0])))
