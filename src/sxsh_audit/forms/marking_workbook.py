"""Marks in a copy of a workbook: its parts are copied, and only marked sheets are changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from sxsh_audit.findings import Finding
from sxsh_audit.forms.marking_cells import Cell
from sxsh_audit.forms.marking_comments import (
    MAIN,
    CellMark,
    drawing_blocks,
    empty_comments,
    empty_drawing,
    with_boxes,
    with_comments,
)
from sxsh_audit.forms.marking_package import STRICT, TRANSITIONAL, Package, SheetEntry
from sxsh_audit.forms.marking_places import SheetPlaces, cell_mark, joined, places_of
from sxsh_audit.forms.marking_sheet import with_link, with_styles
from sxsh_audit.forms.marking_styles import EMPTY, StyleBook
from sxsh_audit.forms.marking_survey import survey
from sxsh_audit.forms.marking_threads import with_replies
from sxsh_audit.forms.marking_xml import NotXml, XmlPart
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.schema import choice_words, plain_word

__all__ = ["mark_workbook"]

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def mark_workbook(
    source: Path,
    draft: Path,
    findings: Sequence[Finding],
    heads: Callable[[], Mapping[str, int]],
    language: Language,
) -> None:
    """Write a copy of a workbook in which the cells of `findings` are marked.

    Parameters
    ----------
    source, draft : Path
        The workbook, which is only read; the file that is written.
    findings : sequence of Finding
        What was found in it.
    heads : callable
        Row of the headings by sheet; asked only where a finding is of a whole sheet.
    language : {"vi", "en"}
        Language of the comments.

    Raises
    ------
    NotXml, zipfile.BadZipFile, KeyError, OSError
        If the file is no package of the standard.
    """
    with Package(source) as package:
        marks = _marks(package, source.name, findings, heads, language)
        if marks:
            _write_marks(package, marks, language)
        with draft.open("wb") as stream:
            package.save(stream)


class _SheetMarks:
    """A sheet that is to be marked, and what is told at its cells."""

    def __init__(self, package: Package, entry: SheetEntry, rows: Collection[int] = ()) -> None:
        self.entry = entry
        self.part = package.read(entry.part)
        self.known = survey(self.part.data, rows)
        self.found: dict[Cell, list[Finding]] = {}
        self.study: CellMark | None = None

    @property
    def corner(self) -> Cell:
        """The cell at which the study as a whole is told of."""
        return self.known.shown((1, 1))

    def add(self, cell: Cell, findings: Sequence[Finding]) -> None:
        self.found.setdefault(self.known.shown(cell), []).extend(findings)

    def told(self, language: Language) -> dict[Cell, CellMark]:
        cells = {cell: cell_mark(found, language, row=cell[0])
                 for cell, found in self.found.items()}  # fmt: skip
        if self.study is not None:
            cells[self.corner] = joined(cells.get(self.corner), self.study)
        return cells


def _marks(
    package: Package,
    file: str,
    findings: Sequence[Finding],
    heads: Callable[[], Mapping[str, int]],
    language: Language,
) -> list[tuple[_SheetMarks, dict[Cell, CellMark]]]:
    entries = package.sheets()
    if not entries:
        raise NotXml("sheets")
    places = places_of(findings, file, [entry.name for entry in entries])
    whole = any(there.whole for there in places.sheets.values())
    rows = heads() if whole else {}
    sheets: dict[str, _SheetMarks] = {}
    for entry in entries:
        if entry.name in places.sheets:
            there, head = places.sheets[entry.name], rows.get(entry.name, 0)
            sheets[entry.name] = _SheetMarks(package, entry, {*there.rows, head})
            _place(sheets[entry.name], there, head)
    home = _home(entries)
    hidden = {name: len(sheet.found) for name, sheet in sheets.items() if sheet.entry.hidden}
    hidden.pop(home.name, None)
    lines = [sentence("mark.hidden", language, sheet=name, count=count)
             for name, count in hidden.items()]  # fmt: skip
    if places.study or lines:
        if home.name not in sheets:
            sheets[home.name] = _SheetMarks(package, home)
        sheets[home.name].study = cell_mark(places.study, language, lines=lines)
    return [(sheet, sheet.told(language)) for sheet in sheets.values()]


def _place(sheet: _SheetMarks, there: SheetPlaces, head: int) -> None:
    known = sheet.known
    for cell, found in there.cells.items():
        sheet.add(cell, found)
    for row, found in there.rows.items():
        sheet.add((row, known.first_filled.get(row, 1)), found)
    if there.whole:
        row = head or known.first_row or 1  # a sheet that is no table has no headings
        sheet.add((row, known.first_filled.get(row, 1)), there.whole)


def _home(entries: Sequence[SheetEntry]) -> SheetEntry:
    """Return the sheet that tells of the study as a whole: its settings, else the first shown."""
    settings = [entry for entry in entries
                if choice_words("sheet").get(plain_word(entry.name)) == "settings"]
    shown = [entry for entry in (*settings, *entries) if not entry.hidden]
    return (shown or settings or list(entries))[0]


def _write_marks(
    package: Package,
    marks: Sequence[tuple[_SheetMarks, dict[Cell, CellMark]]],
    language: Language,
) -> None:
    book = StyleBook(_styles(package))
    blocks = {number for name in package.names(r".*\.vml")
              for number in drawing_blocks(package.read(name).data)}  # fmt: skip
    block = max(blocks, default=0) + 1
    for sheet, cells in marks:
        severities = {cell: mark.severity for cell, mark in cells.items()}
        sheet.part.data = with_styles(
            sheet.part.data, cells, sheet.known,
            lambda cell, style, told=severities: book.marked(style, told[cell]))  # type: ignore[misc]  # fmt: skip
        higher = _write_comments(package, sheet.entry.part, cells, language)
        new = {cell: mark for cell, mark in cells.items() if cell not in higher}
        _write_boxes(package, sheet, new, block, higher)
        block += len(new) // 1023 + 1
        package.write(sheet.entry.part, sheet.part)
    package.write(_styles_part(package), book.finish())


def _styles_part(package: Package) -> str:
    return package.related(package.workbook, "styles")


def _styles(package: Package) -> XmlPart:
    if _styles_part(package):
        return package.read(_styles_part(package))
    part = "xl/styles.xml"  # the only name under which openpyxl looks for it
    if package.has(part):
        part = package.free_name("xl/styles", ".xml")
    package.write(part, EMPTY.format(space=MAIN[package.strict]).encode())
    package.declare(part, f"{_SPREADSHEET}.styles+xml")
    package.relate(package.workbook, f"{package.link_types}/styles", part)
    return package.read(part)


def _write_comments(
    package: Package, sheet: str, cells: Mapping[Cell, CellMark], language: Language
) -> dict[Cell, int]:
    """Write the texts; return the cells that had a comment, with what their boxes need more."""
    heading = sentence("mark.heading", language)
    part = package.related(sheet, "comments")
    if not part:
        part = package.free_name("xl/comments", ".xml")
        package.write(part, empty_comments(strict=package.strict))
        package.declare(part, f"{_SPREADSHEET}.comments+xml")
        package.relate(sheet, f"{package.link_types}/comments", part)
    content = package.read(part)
    content.data, higher = with_comments(content.data, cells, heading)
    package.write(part, content)
    with_replies(package, sheet, cells, heading)
    return higher


def _write_boxes(
    package: Package,
    sheet: _SheetMarks,
    cells: Mapping[Cell, CellMark],
    block: int,
    higher: Mapping[Cell, int],
) -> None:
    name, link = sheet.entry.part, sheet.known.link
    part = next((item.part for item in package.relationships(name) if item.id == link), "")
    if link and not package.has(part):
        raise NotXml("legacyDrawing")
    if not link:
        part = package.free_name("xl/drawings/vmlDrawing", ".vml")
        package.write(part, empty_drawing())
        if not package.declare_ending("vml", _VML_TYPE):
            package.declare(part, _VML_TYPE)
        link = package.relate(name, f"{package.link_types}/vmlDrawing", part)
        spaces = (STRICT, TRANSITIONAL) if package.strict else (TRANSITIONAL, STRICT)
        sheet.part.data = with_link(sheet.part.data, link, spaces)
    content = package.read(part)
    content.data = with_boxes(content.data, cells, sheet.known, block, higher)
    package.write(part, content)
