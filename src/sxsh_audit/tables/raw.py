"""A table as it was typed: nothing read, nothing lost, every row where Excel shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Place
from sxsh_audit.language.text import tidy

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RawTable", "Uncomputed", "cell_text", "column_letters", "filled", "key_text"]

Cells = np.ndarray[Any, Any]
NOTHING = frozenset({"nan", "<NA>", "NaT", "None"})


def column_letters(index: int) -> str:
    """Excel letters of the column `index` (0 is A).

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(cell: Any) -> str:
    """Return a cell as text: 1.0 of a spreadsheet is the key «1».

    Examples
    --------
    >>> cell_text(1.0), cell_text(" Điện "), cell_text(float("nan"))
    ('1', 'Điện', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        if np.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(float(cell))
    text = str(cell).strip()
    return "" if text in NOTHING else text


def key_text(cell: Any) -> str:
    r"""Return a cell as a key: in one Unicode form, with one space between words.

    Some keyboards write «ế» as three letters, which looks the same.

    Examples
    --------
    >>> key_text(2.0), key_text("Gạch\u00a0 Huê\u0301 ")
    ('2', 'Gạch Huế')
    """
    return tidy(cell_text(cell))


def filled(cell: Any) -> bool:
    """Whether a cell holds anything."""
    return cell_text(cell) != ""


class Uncomputed(str):
    """A formula whose result the file does not store; it is read as no value at all."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it was typed.

    Parameters
    ----------
    file, sheet : str
        Where it came from; empty where it did not come from a file.
    headings : sequence of str
        As typed; an empty one is kept so that positions stay true.
    columns : sequence of arrays
        One array of cells per heading: texts, or whatever type the file stored.
    rows : array of int
        Row number as Excel shows it, one per row.
    cells_named : bool
        Whether a place is told as an Excel address.
    head_row : int
        Row of the headings as Excel shows it.
    merged : mapping of int to sequence of (int, int)
        By column position, the first and last row of each block of merged cells.
    told_as : mapping of int to Place
        By row, the place that is told, where the user never saw this table.
    keyed : mapping of str to str
        Field by heading, where a hidden row of the template says what an unknown heading means.
    from_template : bool
        Whether there is such a row.
    """

    file: str
    sheet: str
    headings: Sequence[str]
    columns: Sequence[Cells]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    cells_named: bool = False
    head_row: int = 1
    merged: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    told_as: Mapping[int, Place] = field(default_factory=dict)
    keyed: Mapping[str, str] = field(default_factory=dict)
    from_template: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, position: int | None = None, column: int | None = None) -> Place:
        """Return the place of a cell, a row (no column), a heading (no position) or the table."""
        row = 0 if position is None else int(self.rows[position])
        if row in self.told_as:
            return self.told_as[row]
        heading = "" if column is None else " ".join(str(self.headings[column]).split())
        cell = ""
        if self.cells_named and column is not None:
            cell = f"{column_letters(column)}{row or self.head_row}"
        return Place(self.file, self.sheet, row, heading, cell)

    def row_place(self, row: int) -> Place:
        """Return the place of a row by its number as Excel shows it."""
        return self.told_as.get(row) or Place(self.file, self.sheet, row)

    def take(self, kept: np.ndarray[Any, Any]) -> RawTable:
        """Return the table with the rows `kept` (positions or a mask) only."""
        return replace(self, columns=[cells[kept] for cells in self.columns],
                       rows=self.rows[kept])  # fmt: skip

    @classmethod
    def empty(cls, file: str = "", sheet: str = "") -> RawTable:
        """Return a table without headings and rows."""
        return cls(file, sheet, [], [], np.empty(0, np.int64))

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, name: str) -> RawTable:
        """Wrap a DataFrame; rows are counted as if its headings were row 1 of a sheet.

        Named levels of its index (``groupby`` makes such) are columns like the others. The
        caller's frame is never changed.
        """
        named = [level for level in frame.index.names if level is not None]
        headings = [*map(_heading, named), *map(_heading, frame.columns)]
        columns = [_cells(frame.index.get_level_values(i).to_series())
                   for i, level in enumerate(frame.index.names) if level is not None]
        columns += [_cells(frame.iloc[:, i]) for i in range(frame.shape[1])]
        rows = np.arange(2, len(frame) + 2, dtype=np.int64)
        # A row without any content is no record, as in a file.
        empty = np.ones(len(frame), dtype=bool)
        for cells in columns:
            if not empty.any():
                break
            empty &= np.array([not filled(cell) for cell in cells], dtype=bool)
        table = cls("", name, headings, columns, rows)
        return table.take(~empty) if empty.any() else table

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Sequence[Any]],
        *,
        file: str,
        sheet: str = "",
        head: int = 0,
        cells_named: bool = False,
        merged: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    ) -> RawTable:
        """Build a table from rows of cells; row `head` (from 0) holds the headings.

        Rows without any content are left out; the numbers of the others stay as Excel shows them.
        """
        if head >= len(rows):
            return cls.empty(file, sheet)
        headings = [cell_text(cell) for cell in rows[head]]
        while headings and not headings[-1]:
            headings.pop()
        kept = [i for i in range(head + 1, len(rows)) if any(map(filled, rows[i]))]
        width = len(headings)
        for i in kept:
            row = rows[i]
            if len(row) > width:
                width = max(width, next(
                    (j + 1 for j in range(len(row) - 1, width - 1, -1) if filled(row[j])), 0))
        headings += [""] * (width - len(headings))
        columns = []
        for j in range(width):
            cells = np.empty(len(kept), dtype=object)
            cells[:] = [rows[i][j] if j < len(rows[i]) else None for i in kept]
            columns.append(cells)
        numbers = np.array([i + 1 for i in kept], dtype=np.int64)
        return cls(file, sheet, headings, columns, numbers, cells_named, head + 1, merged or {})


def _heading(label: Any) -> str:
    """Return a column label as text; the levels of a MultiIndex are joined."""
    if isinstance(label, tuple):
        return " ".join(filter(None, map(cell_text, label)))
    return cell_text(label)


def _cells(series: pd.Series) -> Cells:
    """Cells of a Series: numbers and dates in their own type, everything else as objects."""
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "fiuM":
        return series.to_numpy()
    cells = series.astype(object).to_numpy()
    return np.array(cells, dtype=object)  # the caller's own array must not be shared
