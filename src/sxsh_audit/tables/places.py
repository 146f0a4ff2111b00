"""Where each figure of a checked table was typed, and what was typed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Place
from sxsh_audit.tables.raw import RawTable, cell_text

if TYPE_CHECKING:
    from sxsh_audit.tables.columns import ColumnReader

__all__ = ["Places", "TablePlaces"]

FIGURES = frozenset({"number", "money", "years", "percent"})


@dataclass(frozen=True, slots=True)
class TablePlaces:
    """Places of one table.

    Parameters
    ----------
    raw : RawTable
        The records as typed; of the cells only those of figures are kept.
    index : mapping of str to int
        Position of the column of each field.
    """

    raw: RawTable
    index: Mapping[str, int]

    @classmethod
    def of(cls, reader: ColumnReader) -> TablePlaces:
        """Keep what the places of a table that was read need."""
        raw, fields = reader.raw, reader.spec.fields
        kept = {column for name, column in reader.index.items() if fields[name].kind in FIGURES}
        nothing: Any = np.empty(0, dtype=object)
        cells = [raw.columns[j] if j in kept else nothing for j in range(len(raw.columns))]
        return cls(replace(raw, columns=cells), dict(reader.index))

    def position(self, row: int) -> int | None:
        """Position of a row by its number as Excel shows it."""
        i = int(np.searchsorted(self.raw.rows, row))
        return i if i < len(self.raw.rows) and self.raw.rows[i] == row else None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the figures of a study were typed.

    A checked table names the ``row`` of each record; with the field this is the very cell.
    """

    tables: Mapping[str, TablePlaces] = field(default_factory=dict)

    def place(self, table: str, row: int, *fields: str) -> Place:
        """Return the cell of the first of `fields` that the table has; else the row.

        Parameters
        ----------
        table : str
            Canonical name of the table.
        row : int
            Row as Excel shows it.
        *fields : str
            Names of columns, the wanted one first.
        """
        known = self.tables.get(table)
        position = None if known is None else known.position(row)
        if known is None or position is None:
            return Place(sheet=table, row=row)
        column = next((known.index[name] for name in fields if name in known.index), None)
        return known.raw.place(position, column)

    def typed(self, table: str, row: int, name: str) -> str:
        """Return what stands in a cell of figures; empty where that is not known."""
        known = self.tables.get(table)
        position = None if known is None else known.position(row)
        if known is None or position is None or name not in known.index:
            return ""
        cells = known.raw.columns[known.index[name]]
        return cell_text(cells[position]) if len(cells) else ""
