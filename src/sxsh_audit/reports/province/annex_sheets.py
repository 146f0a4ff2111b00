"""What all sheets of the annex of a yearly report have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sxsh_audit.reports.province.targets import Targets
from sxsh_audit.reports.province.year_telling import Row
from sxsh_audit.reports.sheet_writing import SheetColumn, Sheets
from sxsh_audit.tables.register import KEYS

__all__ = ["VERDICTS", "AnnexSheets"]

VERDICTS = {"yes": "yearly.yes", "no": "yearly.no"}
"""Sentence of a known answer."""


class AnnexSheets(Sheets):
    """Sheets of one annex, over one year of a programme."""

    def __init__(self, book: Any, view: Targets) -> None:
        super().__init__(book)
        self.view, self.progress, self.register = view, view.progress, view.register
        self.bold = {name: book.add_format({"bold": True, "num_format": form, "top": 1})
                     for name, form in (("money", "#,##0"), ("percent", "0.0%"), ("text", "@"))}

    def _of(self, kind: type[Any]) -> Any:
        """Return another chapter over the same year, for its words."""
        view = self.view
        return kind(view.progress, view.register, view.language, view.expected)

    def told(self, heading: str, key: str = "", formula: str = "",
             kind: str = "text") -> SheetColumn:  # fmt: skip
        """Return a column."""
        return SheetColumn(key, heading, formula, kind)

    def sheet(self, code: str, columns: Sequence[SheetColumn], texts: Sequence[Sequence[Any]],
              rows: Sequence[Row]) -> Any:  # fmt: skip
        """Write a sheet of rows; an empty one is left out."""
        return self.computed(self.view.says(code), columns, texts, rows) if rows else None

    def _records(self, table: str) -> list[dict[str, Any]]:
        """Return the records of a table of the register by key; what is not known is None."""
        frame = self.register.tables[table].sort_values(list(KEYS[table]))
        whole = frame.astype(object).where(frame.notna(), None)
        return [{str(name): value for name, value in row.items()}
                for row in whole.to_dict("records")]  # fmt: skip

    def _plain(self, code: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        found = list(rows)
        self.sheet(code, [self.told(heading) for heading in headings], found,
                   [{}] * len(found))  # fmt: skip
