"""Sheets of a workbook of results: numbers as numbers, formulas where somebody recomputes them."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sxsh_audit import __version__
from sxsh_audit.language.text import visible

__all__ = ["Row", "SheetColumn", "Sheets", "cell_text", "new_book"]

MADE = dt.datetime(2000, 1, 1)
"""Time of making that the file tells: the same for the same results."""
LONGEST_CELL = 32_000
"""Letters of a cell; Excel takes 32,767."""
Row = Mapping[str, Any]


class SheetColumn(NamedTuple):
    """A column of a sheet with formulas."""

    key: str
    """Figure of the record; empty for a text."""
    heading: str
    formula: str
    """Formula with ``{r}`` for the row and names of the record; or empty."""
    format: str


@contextmanager
def new_book(path: Path, title: str) -> Iterator[Any]:
    """Yield a workbook that is written to a path at the end; the same content, the same bytes.

    Parameters
    ----------
    path : Path
        File to write.
    title : str
        Title in the properties of the file.
    """
    import xlsxwriter

    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "nan_inf_to_errors": False}  # fmt: skip
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": visible(title)[:250], "created": MADE,
                             "comments": f"sxsh_audit {__version__}"})  # fmt: skip
        yield book
    path.write_bytes(made.getvalue())


class Sheets:
    """The sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top",
                                     "bg_color": "#D9E8F5", "border": 1})  # fmt: skip
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {
            "figure": book.add_format({"num_format": "#,##0.######", "valign": "top"}),
            "percent": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "money": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "years": book.add_format({"num_format": "0.0", "valign": "top"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
            "text": self.text,
        }

    def add(self, name: str) -> Any:
        """Add a sheet of this name that prints on A4, one page wide."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def computed(
        self, name: str, columns: Sequence[SheetColumn], texts: Sequence[Sequence[Any]],
        rows: Sequence[Row],
    ) -> Any:
        """Write a sheet whose formulas stand where the inputs of a row are known; return it."""
        sheet = self.add(name)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, self.head)
        for at, (words, row) in enumerate(zip(texts, rows, strict=True), start=1):
            for place, column in enumerate(columns):
                look = self.formats[column.format]
                if not column.key:
                    sheet.write_string(at, place, cell_text(words[place]), look)
                    continue
                value = row[column.key]
                if value is None or value in (float("inf"), float("-inf")):
                    continue  # what is not known, or never pays back, has no number
                if column.formula:
                    sheet.write_formula(
                        at, place, "=" + column.formula.format_map({**row, "r": at + 1}), look,
                        float(value),
                    )  # fmt: skip
                else:
                    sheet.write_number(at, place, float(value), look)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, 16)
        return sheet

    def plain(self, name: str, rows: Sequence[Row]) -> None:
        """Write a table with the names of its columns; an empty one has no sheet."""
        if not rows:
            return
        sheet = self.add(name)
        columns = list(rows[0])
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, self.head)
        for at, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self.write(sheet, at, place, row.get(column))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, 15)

    def write(self, sheet: Any, at: int, place: int, value: Any) -> None:
        """Write a value as what it is; what is not known, or has no end, leaves the cell empty."""
        if value is None or value in (float("inf"), float("-inf")) or value != value:
            return
        if isinstance(value, bool):
            sheet.write_boolean(at, place, value, self.text)
        elif isinstance(value, dt.date):
            sheet.write_datetime(at, place, dt.datetime(value.year, value.month, value.day),
                                 self.formats["day"])  # fmt: skip
        elif isinstance(value, (int, float)):
            sheet.write_number(at, place, value, self.formats["figure"])
        else:
            if isinstance(value, (list, tuple, dict)):
                value = (" | ".join(map(str, value))
                         if all(isinstance(one, str) for one in value)
                         else json.dumps(value, ensure_ascii=False))  # fmt: skip
            sheet.write_string(at, place, cell_text(value), self.text)


def cell_text(value: Any) -> str:
    """Return a text that no cell runs or hides: Excel takes strings as strings here."""
    return visible(str(value or ""), lines=True)[:LONGEST_CELL]
