"""A table as it was typed: nothing read, nothing lost, every row where Excel shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Place

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RawTable"]


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
    """

    file: str
    sheet: str
    headings: Sequence[str]
    columns: Sequence[np.ndarray[Any, Any]]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    cells_named: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, position: int | None = None, column: int | None = None) -> Place:
        """Return the place of a cell, a row (no column) or the table (neither)."""
        row = 0 if position is None else int(self.rows[position])
        heading = "" if column is None else str(self.headings[column]).strip()
        cell = ""
        if self.cells_named and row and column is not None:
            cell = f"{column_letters(column)}{row}"
        return Place(self.file, self.sheet, row, heading, cell)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, name: str) -> RawTable:
        """Wrap a DataFrame; rows are counted as if its heading were row 1 of a sheet."""
        columns = [_cells(frame.iloc[:, i]) for i in range(frame.shape[1])]
        rows = np.arange(2, len(frame) + 2, dtype=np.int64)
        return cls("", name, [str(heading) for heading in frame.columns], columns, rows)

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Sequence[Any]],
        *,
        file: str,
        sheet: str = "",
        first_row: int = 1,
        cells_named: bool = False,
        notes: Mapping[str, Any] | None = None,
    ) -> RawTable:
        """Build a table from rows of cells; the first row that is not empty is the heading.

        Rows without any content are left out; the numbers of the others stay as Excel shows them.
        """
        head = next((i for i, row in enumerate(rows) if any(map(_filled, row))), None)
        if head is None:
            return cls(file, sheet, [], [], np.empty(0, np.int64), cells_named, notes or {})
        headings = ["" if cell is None else str(cell) for cell in rows[head]]
        kept = [i for i in range(head + 1, len(rows)) if any(map(_filled, rows[i]))]
        width = max([len(headings), *(len(rows[i]) for i in kept)])
        while width > len(headings) and not any(_filled(_at(rows[i], width - 1)) for i in kept):
            width -= 1
        headings += [""] * (width - len(headings))
        columns = []
        for j in range(width):
            cells = np.empty(len(kept), dtype=object)
            cells[:] = [_at(rows[i], j) for i in kept]
            columns.append(cells)
        numbers = np.array([first_row + i for i in kept], dtype=np.int64)
        return cls(file, sheet, headings, columns, numbers, cells_named, notes or {})


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _at(row: Sequence[Any], index: int) -> Any:
    return row[index] if index < len(row) else None


def _cells(series: pd.Series) -> np.ndarray[Any, Any]:
    """Cells of a Series: numbers and dates in their own type, everything else as objects."""
    if series.dtype.kind in "fiuM":
        return series.to_numpy()
    return series.astype(object).to_numpy()
