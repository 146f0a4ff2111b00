"""What must be known of a worksheet before its cells are marked: sizes, blocks, what is filled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sxsh_audit.forms.marking_cells import Cell, Walk, cell_of, is_true
from sxsh_audit.forms.marking_xml import number, parse, parser

__all__ = ["Column", "Survey", "survey"]


@dataclass(frozen=True, slots=True)
class Column:
    """Width in characters, whether it is shown, and style of a run of columns."""

    first: int
    last: int
    width: float | None
    hidden: bool
    style: int


@dataclass(slots=True)
class Survey:
    """What must be known of a sheet before its cells are marked.

    Parameters
    ----------
    first_filled : dict of int to int
        By row, the first column with content, for the rows that were asked for.
    first_row : int
        The first row with content; 0 for an empty sheet.
    merged : list of tuple
        First cell and last cell of each block of merged cells.
    columns : list of Column
        Widths and styles of columns.
    heights : dict of int to float
        Height in points of the rows that state one; 0 for a hidden row.
    default_height, default_width : float
        Of all other rows in points, of all other columns in characters.
    link : str
        Id of the link to the drawing of comments, if there is one.
    """

    first_filled: dict[int, int] = field(default_factory=dict)
    first_row: int = 0
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    default_height: float = 15.0
    default_width: float = 8.43
    link: str = ""
    _stated: list[int] = field(default_factory=list, repr=False)
    _more: list[int] = field(default_factory=lambda: [0], repr=False)

    def shown(self, cell: Cell) -> Cell:
        """Return the cell that shows `cell`: of merged ones the first."""
        for first, last in self.merged:
            if first[0] <= cell[0] <= last[0] and first[1] <= cell[1] <= last[1]:
                return first
        return cell

    def last_column(self, cell: Cell) -> int:
        """Return the last column that a cell covers: of merged ones that of the block."""
        return next((last[1] for first, last in self.merged if first == cell), cell[1])

    def column_style(self, column: int) -> int:
        """Return the style that an absent cell of a column has."""
        return next((item.style for item in self.columns
                     if item.first <= column <= item.last), 0)  # fmt: skip

    def column_pixels(self, column: int) -> int:
        """Return the width of a column on the screen."""
        item = next((item for item in self.columns if item.first <= column <= item.last), None)
        width = self.default_width
        if item is not None:
            if item.hidden:
                return 0
            width = width if item.width is None else item.width
        return int(width * 7 + 5) if width > 0 else 0

    def row_pixels(self, row: int) -> int:
        """Return the height of a row on the screen."""
        return int(self.heights.get(row, self.default_height) * 4 / 3 + 0.5)

    def pixels_above(self, row: int) -> int:
        """Return the height of all rows above a row."""
        if len(self._stated) != len(self.heights):
            usual, total = self.row_pixels(0), 0
            self._stated = sorted(self.heights)
            self._more = [0]
            for stated in self._stated:
                total += self.row_pixels(stated) - usual
                self._more.append(total)
        return (row - 1) * self.row_pixels(0) + self._more[bisect_left(self._stated, row)]


def survey(data: bytes, rows: Collection[int] = ()) -> Survey:
    """Read what must be known of a sheet.

    Parameters
    ----------
    data : bytes
        The part as UTF-8.
    rows : collection of int
        Rows of which the first cell with content is wanted.
    """
    found, walk, wanted = Survey(), Walk(), frozenset(rows)
    reader = parser()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        local = name.rpartition(" ")[2]
        if depth == 3 and local == "row":
            walk.to_row(attributes)
            if is_true(attributes.get("hidden")):
                found.heights[walk.row] = 0.0
            elif "ht" in attributes:
                found.heights[walk.row] = number(attributes["ht"], found.default_height)
        elif depth == 4 and local == "c":
            if walk.row in wanted:
                walk.to_cell(attributes)
        elif depth == 5 and local in ("v", "f", "is"):
            found.first_row = found.first_row or walk.row
            if walk.row in wanted:
                found.first_filled.setdefault(walk.row, walk.column)
        elif depth == 3 and local == "mergeCell":
            ends = [cell_of(text) for text in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                found.merged.append((ends[0], ends[1]))
        elif depth == 3 and local == "col":
            found.columns.append(_column(attributes))
        elif depth == 2 and local == "sheetFormatPr":
            found.default_height = number(attributes.get("defaultRowHeight"), 15.0)
            base = number(attributes.get("baseColWidth"), 8.0) + 0.43
            found.default_width = number(attributes.get("defaultColWidth"), base)
        elif depth == 2 and local == "legacyDrawing":
            found.link = next((value for key, value in attributes.items()
                               if key.endswith(" id")), "")  # fmt: skip

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    reader.StartElementHandler, reader.EndElementHandler = start, end
    parse(reader, data)
    return found


def _column(attributes: Mapping[str, str]) -> Column:
    first = int(number(attributes.get("min"), 1))
    width = attributes.get("width")
    return Column(
        first, int(number(attributes.get("max"), first)),
        number(width, 8.43) if width else None, is_true(attributes.get("hidden")),
        int(number(attributes.get("style"), 0)),
    )  # fmt: skip
