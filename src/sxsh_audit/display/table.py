"""A neutral, immutable table of finished text; renderers are free functions beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Align", "Column", "Kind", "Table"]

Align = Literal["left", "right", "center"]
Kind = Literal["text", "number", "status"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a :class:`Table`.

    Parameters
    ----------
    key : str
        Name for programs; it is not printed.
    heading : str
        Heading in the reader's language.
    align : {"left", "right", "center"}
        How its cells are aligned.
    kind : {"text", "number", "status"}
        Cells of a ``number`` column are never broken over two lines.
    """

    key: str
    heading: str
    align: Align = "left"
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells are text as it will be read.

    Parameters
    ----------
    title : str
        What the table shows; may be empty.
    columns : tuple of Column
        Columns from left to right.
    rows : tuple of tuple of str
        Cells, one tuple per row, each as long as `columns`.
    notes : tuple of str
        Sentences under the table.

    Raises
    ------
    ValueError
        If a row is not as long as `columns`.

    Examples
    --------
    >>> table = Table("", (Column("a", "Tài nguyên"), Column("b", "Tiết kiệm", "right")),
    ...               (("Điện", "8,3 %"),))
    >>> table.column("b")
    ('8,3 %',)
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rows of another length than the columns."""
        width = len(self.columns)
        for position, row in enumerate(self.rows):
            if len(row) != width:
                raise ValueError(f"row {position} has {len(row)} cells for {width} columns")

    def column(self, key: str) -> tuple[str, ...]:
        """Return the cells of the column `key` from top to bottom."""
        keys = [column.key for column in self.columns]
        place = keys.index(key)
        return tuple(row[place] for row in self.rows)
