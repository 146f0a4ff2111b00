"""Cells by row and column: their addresses, and walking over rows that may not state them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sxsh_audit.forms.marking_xml import number
from sxsh_audit.tables.raw import column_letters

__all__ = ["LAST_COLUMN", "LAST_ROW", "Cell", "Walk", "address", "cell_of", "is_true"]

Cell = tuple[int, int]
"""Row and column, both from 1."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


def cell_of(text: str) -> Cell | None:
    """Row and column of an address.

    Examples
    --------
    >>> cell_of("C5"), cell_of("$AB$12"), cell_of("baseline"), cell_of("A0")
    ((5, 3), (12, 28), None, None)
    """
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", text)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if 1 <= row <= LAST_ROW and column <= LAST_COLUMN else None


def address(cell: Cell) -> str:
    """Return the address of a cell.

    Examples
    --------
    >>> address((5, 3))
    'C5'
    """
    return f"{column_letters(cell[1] - 1)}{cell[0]}"


def is_true(text: str | None) -> bool:
    """Whether an attribute says yes."""
    return text in ("1", "true", "on")


class Walk:
    """Rows and cells in order, whether or not they carry their numbers."""

    def __init__(self) -> None:
        self.row = self.column = 0

    def to_row(self, attributes: Mapping[str, str]) -> None:
        """Go to the row that has these attributes."""
        self.row = int(number(attributes.get("r"), self.row + 1))
        self.column = 0

    def to_cell(self, attributes: Mapping[str, str]) -> None:
        """Go to the cell that has these attributes."""
        cell = cell_of(attributes.get("r", ""))
        self.column = cell[1] if cell else self.column + 1
