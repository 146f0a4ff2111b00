"""A worksheet part: the style of its cells is changed where they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sxsh_audit.forms.marking_cells import Cell, Walk, address, cell_of, is_true
from sxsh_audit.forms.marking_survey import Survey
from sxsh_audit.forms.marking_xml import (
    Edits,
    NotXml,
    number,
    parse,
    parser,
    tag_end,
    tree,
    with_attributes,
)

__all__ = ["with_link", "with_styles"]

_AFTER_LINK = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
               "webPublishItems", "tableParts", "extLst", "AlternateContent")  # fmt: skip
"""What the standard puts behind ``legacyDrawing``; programs wrap controls as alternatives."""


def with_styles(
    data: bytes, cells: Iterable[Cell], known: Survey, style: Callable[[Cell, int], int]
) -> bytes:
    """Return a sheet in which some cells have another style; all else is as it was.

    Parameters
    ----------
    data : bytes
        The part as UTF-8.
    cells : iterable of (int, int)
        The cells; one that is not stored is added, empty.
    known : Survey
        Of the same sheet.
    style : callable
        New style by cell and its old style.
    """
    walk = _StyleWalk(data, cells, known, style)
    reader = parser()
    walk.read(reader)
    parse(reader, data)
    if walk.columns_left:
        raise NotXml("sheetData")
    _widen(data, walk)
    return walk.edits.made(data)


class _StyleWalk(Walk):
    """State of one pass over the rows: what is still to be marked, and the edits."""

    def __init__(
        self, data: bytes, cells: Iterable[Cell], known: Survey,
        style: Callable[[Cell, int], int],
    ) -> None:  # fmt: skip
        super().__init__()
        self.data, self.known, self.style = data, known, style
        self.columns_left: dict[int, list[int]] = {}
        for row, column in sorted(set(cells)):
            self.columns_left.setdefault(row, []).append(column)
        self.rows = sorted(self.columns_left)
        self.done: set[int] = set()
        self.added: list[Cell] = []
        self.edits = Edits()
        self.prefix = ""
        self.row_style: int | None = None
        self.row_start = 0
        self.row_added: list[int] = []

    def read(self, reader: Any) -> None:
        """Let an expat reader call this walk."""
        depth = 0
        inside = False
        data_start = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, inside, data_start
            depth += 1
            if depth == 2 and name.endswith(" sheetData"):
                inside, data_start = True, reader.CurrentByteIndex
                tag = self.data[data_start : tag_end(self.data, data_start)]
                self.prefix = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0].decode()[:-9]
            elif inside and depth == 3 and name.endswith(" row"):
                self.to_row(attributes)
                self._begin_row(reader.CurrentByteIndex, attributes)
            elif inside and depth == 4 and self.row in self.columns_left and name.endswith(" c"):
                self.to_cell(attributes)
                self._cell(reader.CurrentByteIndex, attributes)

        def end(name: str) -> None:
            nonlocal depth, inside
            if inside and depth == 3 and self.row in self.columns_left:
                self._end_row(reader.CurrentByteIndex)
            elif depth == 2 and inside:
                self._end_data(data_start, reader.CurrentByteIndex)
                inside = False
            depth -= 1

        reader.StartElementHandler, reader.EndElementHandler = start, end

    def _begin_row(self, at: int, attributes: Mapping[str, str]) -> None:
        if self.row in self.done:
            raise NotXml(f"row {self.row}")  # rows out of order: no place would be right
        earlier = self.rows[: bisect_left(self.rows, self.row)]
        if earlier:
            self.edits.replace(at, at, b"".join(map(self._new_row, earlier)))
            del self.rows[: len(earlier)]
        if self.row in self.columns_left:
            self.row_start, self.row_added = at, []
            styled = is_true(attributes.get("customFormat"))
            self.row_style = int(number(attributes.get("s"), 0)) if styled else None

    def _new_row(self, row: int) -> bytes:
        columns = self.columns_left.pop(row)
        self.done.add(row)
        self.row_style = None
        cells = b"".join(self._new_cell((row, column)) for column in columns)
        return f'<{self.prefix}row r="{row}">'.encode() + cells + f"</{self.prefix}row>".encode()

    def _new_cell(self, cell: Cell) -> bytes:
        self.added.append(cell)
        old = self.known.column_style(cell[1]) if self.row_style is None else self.row_style
        return f'<{self.prefix}c r="{address(cell)}" s="{self.style(cell, old)}"/>'.encode()

    def _cell(self, at: int, attributes: Mapping[str, str]) -> None:
        if self.column in self.row_added:
            raise NotXml(f"row {self.row}")  # cells out of order
        left = self.columns_left[self.row]
        earlier = left[: bisect_left(left, self.column)]
        self._add(at, earlier)
        del left[: len(earlier)]
        if left[:1] == [self.column]:
            end = tag_end(self.data, at)
            old = int(number(attributes.get("s"), 0))
            new = str(self.style((self.row, self.column), old))
            self.edits.replace(at, end, with_attributes(self.data[at:end], {"s": new}))
            del left[0]

    def _add(self, at: int, columns: list[int]) -> None:
        if columns:
            self.row_added += columns
            cells = b"".join(self._new_cell((self.row, column)) for column in columns)
            self.edits.replace(at, at, cells)

    def _end_row(self, at: int) -> None:
        left = self.columns_left.pop(self.row)
        self.done.add(self.row)
        del self.rows[: bisect_left(self.rows, self.row + 1)]
        end = tag_end(self.data, self.row_start)
        tag = self.data[self.row_start : end]
        if tag.endswith(b"/>"):
            self.row_added += left
            cells = b"".join(self._new_cell((self.row, column)) for column in left)
            opened = re.sub(rb"\s*/>$", b">", self._spanned(tag))
            closing = f"</{self.prefix}row>".encode()
            self.edits.replace(self.row_start, end, opened + cells + closing)
            return
        self._add(at, left)
        if self._spanned(tag) != tag:
            self.edits.replace(self.row_start, end, self._spanned(tag))

    def _spanned(self, tag: bytes) -> bytes:
        """Return the tag of a row with its span of columns over the cells that were added."""
        found = re.search(rb"""\sspans\s*=\s*["'](\d+):(\d+)["']""", tag)
        if found is None or not self.row_added:
            return tag
        first, last = (min(int(found[1]), *self.row_added), max(int(found[2]), *self.row_added))
        return with_attributes(tag, {"spans": f"{first}:{last}"})

    def _end_data(self, start: int, at: int) -> None:
        rows = b"".join(map(self._new_row, self.rows))
        self.rows = []
        end = tag_end(self.data, start)
        tag = self.data[start:end]
        if not rows:
            return
        if tag.endswith(b"/>"):
            opened = re.sub(rb"\s*/>$", b">", tag)
            self.edits.replace(start, end, opened + rows + f"</{self.prefix}sheetData>".encode())
        else:
            self.edits.replace(at, at, rows)


def _widen(data: bytes, walk: _StyleWalk) -> None:
    """Let the stated size of the sheet cover the cells that were added."""
    found = re.search(rb"<[\w.-]*:?dimension\s[^>]*>", data[:20_000])
    if found is None or not walk.added:
        return
    stated = re.search(rb"""\sref\s*=\s*["']([^"']*)["']""", found[0])
    ends = [cell_of(text) for text in stated[1].decode().split(":")] if stated else []
    corners = [cell for cell in ends if cell]
    if not corners or len(corners) != len(ends):
        return
    corners += walk.added
    first = (min(row for row, _ in corners), min(column for _, column in corners))
    last = (max(row for row, _ in corners), max(column for _, column in corners))
    span = address(first) if first == last else f"{address(first)}:{address(last)}"
    tag = with_attributes(found[0], {"ref": span})
    if tag != found[0]:
        walk.edits.replace(found.start(), found.end(), tag)


def with_link(data: bytes, link: str, spaces: tuple[str, ...]) -> bytes:
    """Return a sheet with a link to the drawing of its comments, where the standard puts it.

    Parameters
    ----------
    data : bytes
        The part as UTF-8.
    link : str
        Id of the link.
    spaces : tuple of str
        Namespace of links to declare, and others that mean the same.
    """
    root = tree(data, depth=2)
    if not any(node.name == "sheetData" for node in root.children):
        raise NotXml("sheetData")
    # What is not known stands as far back as it may: before the first that must be behind us.
    before = [node for node in root.children if node.name not in _AFTER_LINK]
    prefix = root.prefix_of(spaces)
    declared = "" if prefix else f' xmlns:r="{spaces[0]}"'
    text = f'<{root.prefix}legacyDrawing{declared} {prefix or "r:"}id="{link}"/>'
    edits = Edits()
    edits.replace(before[-1].end, before[-1].end, text.encode())
    return edits.made(data)
