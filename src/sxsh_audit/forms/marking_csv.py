"""A folder of CSV files as one marked workbook: a sheet for each file, every cell as typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding, Severity
from sxsh_audit.forms.marking_cells import LAST_COLUMN, LAST_ROW, Cell, cell_of
from sxsh_audit.forms.marking_comments import AUTHOR, CellMark, box_size
from sxsh_audit.forms.marking_places import cell_mark, joined
from sxsh_audit.forms.marking_styles import FILLS
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.as_typed import TypedFile

__all__ = ["mark_folder"]

LONGEST_CELL = 32_767
"""Letters that a cell of a workbook can hold."""
WIDEST = 44
A4 = 9
"""Number of the paper in the standard's list."""
_PATTERNS = {"solid": 1, "lightUp": 14}
"""Numbers that the writer of workbooks has for the patterns of our fills."""


def mark_folder(
    files: Sequence[TypedFile],
    draft: Path,
    findings: Sequence[Finding],
    language: Language,
) -> None:
    """Write a workbook of the files of a folder in which the cells of `findings` are marked.

    Parameters
    ----------
    files : sequence of TypedFile
        The files, in the order of their sheets.
    draft : Path
        The file that is written.
    findings : sequence of Finding
        What was found in them.
    language : {"vi", "en"}
        Language of the comments.
    """
    import xlsxwriter
    import xlsxwriter.exceptions

    by_name = {file.name: file for file in files}
    found: dict[str, dict[Cell, list[Finding]]] = {file.name: {} for file in files}
    study: list[Finding] = []
    for item in findings:
        file = by_name.get(item.place.file)
        if file is None:
            study.append(item)
        else:
            found[file.name].setdefault(_cell(item, file), []).append(item)
    # One row after another goes to the disk, so that a long file needs little memory.
    book = xlsxwriter.Workbook(draft, {"constant_memory": True})
    book.set_properties({"created": _latest(files)})
    formats = {severity: book.add_format(_look(severity)) for severity in FILLS}
    plain = book.add_format({"num_format": "@"})
    heading = book.add_format({"num_format": "@", "bold": True})
    names = _sheet_names([file.name for file in files])
    for position, file in enumerate(files):
        marks = {cell: cell_mark(told, language, row=cell[0])
                 for cell, told in found[file.name].items()}  # fmt: skip
        if position == 0 and study:
            marks[1, 1] = joined(marks.get((1, 1)), cell_mark(study, language))
        sheet = book.add_worksheet(names[position])
        sheet.set_comments_author(AUTHOR)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        _set_widths(sheet, file.rows, plain)
        looks = {0: plain} if file.name.endswith(".toml") else {0: plain, file.head_row: heading}
        _write(sheet, file.rows, marks, looks, formats)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] from error  # what the disk said, to be told as of any other file


def _cell(item: Finding, file: TypedFile) -> Cell:
    """Return the cell of a finding in a file, as Excel would show the file."""
    place = item.place
    named = cell_of(place.cell)
    if named is not None:
        return named
    row = place.row or file.head_row
    headings = [" ".join(text.split()) for text in _row(file.rows, file.head_row)]
    if place.column and place.column in headings:
        return row, headings.index(place.column) + 1
    filled = (i for i, text in enumerate(_row(file.rows, row), start=1) if text.strip())
    return min(row, LAST_ROW), next(filled, 1)


def _row(rows: Sequence[Sequence[str]], number: int) -> Sequence[str]:
    return rows[number - 1] if 1 <= number <= len(rows) else ()


def _look(severity: Severity) -> dict[str, Any]:
    pattern, line, ground = FILLS[severity]
    return {"num_format": "@", "pattern": _PATTERNS[pattern], "fg_color": f"#{line}",
            "bg_color": f"#{ground}"}  # fmt: skip


def _latest(files: Sequence[TypedFile]) -> dt.datetime:
    """Return when the newest file was saved: the same input gives the same bytes."""
    seconds = max((int(file.modified) for file in files), default=0)
    return dt.datetime.fromtimestamp(max(seconds, 0), dt.UTC).replace(tzinfo=None)


def _sheet_names(names: Sequence[str]) -> list[str]:
    r"""Return a name for each sheet that Excel accepts: 31 letters, none of ``[]:*?/\``, unique.

    Examples
    --------
    >>> _sheet_names(["tieu_thu.csv", "study.toml", "A[1].csv", "'a_1_.csv"])
    ['tieu_thu', 'study.toml', 'A_1_', 'a_1_ (2)']
    """
    made: list[str] = []
    used = {"history"}  # Excel keeps this name for itself
    for name in names:
        stem = re.sub(r"\.(csv|tsv)$", "", name, flags=re.IGNORECASE)
        stem = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", stem).strip("'")[:31].strip("'") or "_"
        unique, number = stem, 1
        while unique.casefold() in used:
            number += 1
            unique = f"{stem[:26]} ({number})"
        used.add(unique.casefold())
        made.append(unique)
    return made


def _write(
    sheet: Any,
    rows: Sequence[Sequence[str]],
    marks: Mapping[Cell, CellMark],
    plain: Mapping[int, Any],
    formats: Mapping[Severity, Any],
) -> None:
    by_row: dict[int, list[int]] = {}
    for row, column in marks:
        by_row.setdefault(row, []).append(column)
    for number in range(1, max([len(rows), *by_row]) + 1):
        texts, usual = _row(rows, number), plain.get(number, plain[0])
        width = max([len(texts), *by_row.get(number, ())])
        for column in range(1, min(width, LAST_COLUMN) + 1):
            text = texts[column - 1] if column <= len(texts) else ""
            mark = marks.get((number, column))
            look = usual if mark is None else formats[mark.severity]
            text = text.replace("\r\n", "\n").replace("\r", "\n")  # as a cell holds its lines
            if len(text) > LONGEST_CELL:
                text = text[: LONGEST_CELL - 1] + "…"
            if text:
                sheet.write_string(number - 1, column - 1, text, look)
            elif mark is not None:
                sheet.write_blank(number - 1, column - 1, None, look)
            if mark is not None:
                wide, high = box_size(mark.text)
                sheet.write_comment(number - 1, column - 1, mark.text,
                                    {"width": wide, "height": high, "font_size": 9})  # fmt: skip


def _set_widths(sheet: Any, rows: Sequence[Sequence[str]], plain: Any) -> None:
    widths: dict[int, int] = {}
    for row in rows[:200]:
        for i, text in enumerate(row[:LAST_COLUMN]):
            widths[i] = max(widths.get(i, 8), min(len(text) + 2, WIDEST))
    for i, width in widths.items():
        sheet.set_column(i, i, width, plain)
