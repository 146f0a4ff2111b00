"""The sheets of a workbook as they are stored: values, formulas and merged cells, in one pass.

What a sheet says of its own size is not believed, cells that are only coloured cost nothing,
and whatever is larger than a person's workbook is refused with its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sxsh_audit.tables.archives import Package, Unreadable, local_name
from sxsh_audit.tables.book_parts import (
    MOST_CELLS,
    Book,
    listed_sheets,
    read_strings,
    read_styles,
    unescaped,
)
from sxsh_audit.tables.raw import column_letters

__all__ = ["LAST_COLUMN", "LONGEST_CELL", "MOST_CELLS", "Sheet", "read_sheets"]

MOST_ROWS = 2_000_000
"""Rows of all sheets down to the last filled one; a sheet of Excel has 1,048,576."""

LAST_COLUMN = 256
"""A table of a study has some 20 columns; what stands further right is a slip."""

LONGEST_CELL = 32_767
"""Letters that a cell of Excel can hold; a longer one was not typed."""

MOST_MERGED = 100_000
"""Blocks of merged cells: one for each row of the largest table."""

ROWS_OF_EXCEL, COLUMNS_OF_EXCEL = 1_048_576, 16_384
FORMULA_KEPT = 200
"""Letters of a formula that are kept to be shown."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_BLOCK = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_COLOURED = re.compile(
    rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}" s="[0-9]{1,5}" ?/>)+(?=<c r="|</row>)'
)
_OUTSIDE = re.compile(r"(?<![\w.\])])\[[0-9]+\][^\[\]!\"]{0,300}!")


@dataclass
class Sheet:
    """A sheet as it is stored: shown values, typed formulas, blocks of merged cells.

    Parameters
    ----------
    title : str
        Name of the sheet.
    hidden : bool
        Whether a person does not see it.
    values : list of sequences
        Cells by row from row 1, without the empty ones at the end of a row.
    formulas : dict of (int, int) to str
        Formula by row and column position, both from 0.
    merged : dict of int to list of (int, int)
        By column position, first and last row of each block of merged cells.
    outside : set of (int, int)
        Cells whose formula takes its value from another workbook.
    """

    title: str
    hidden: bool
    values: list[Sequence[Any]]
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    outside: set[tuple[int, int]] = field(default_factory=set)


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a workbook in order.

    Parameters
    ----------
    path : Path
        The workbook.

    Raises
    ------
    Unreadable
        If it is no workbook or larger than the limits.
    Exception
        Of many kinds, if it is damaged.
    """
    with Package(path) as package:
        root = next((part for kind, part in package.related("").values()
                     if kind == "officeDocument"), "xl/workbook.xml")  # fmt: skip
        if root not in package or package.other_kind() in ("content_word", "content_slides"):
            raise Unreadable("file.not_excel", kind=package.other_kind())
        book = Book(package)
        package.measure([root])
        listed = listed_sheets(book, root)
        related = package.related(root)
        sheets = [(title, hidden, related[key][1]) for title, hidden, key in listed
                  if key not in related or related[key][0] == "worksheet"]  # fmt: skip
        parts = {kind: part for kind, part in related.values()
                 if kind in ("sharedStrings", "styles") and part in package}  # fmt: skip
        package.measure([*parts.values(), *(part for _, _, part in sheets)])
        if "sharedStrings" in parts:
            read_strings(book, parts["sharedStrings"])
        if "styles" in parts:
            read_styles(book, parts["styles"])
        for title, hidden, part in sheets:
            yield _SheetReader(book, Sheet(title, hidden, [])).read(part)


def _column(letters: str, known: dict[str, int]) -> int:
    """Column position from 0 of the letters; −1 where they are none."""
    position = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            return -1
        position = position * 26 + ord(letter) - 64
        if position > COLUMNS_OF_EXCEL:
            return -1
    known[letters] = position - 1
    return position - 1


class _SheetReader:
    """One pass over the XML of a sheet."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.rows: dict[int, list[Any]] = {}
        self.shared: dict[str, tuple[str, bool]] = {}
        self.blocks: dict[int, list[tuple[int, int]]] = {}

    def read(self, part: str) -> Sheet:
        self._parse(part)
        last = max(self.rows, default=0)
        self.book.rows += last
        if self.book.rows > MOST_ROWS:
            raise self._refused("too_many", what="limit_rows", limit=MOST_ROWS)
        values: list[Sequence[Any]] = [()] * last
        for row in list(self.rows):
            values[row - 1] = tuple(self.rows.pop(row))
        self.sheet.values = values
        for column, blocks in self.blocks.items():
            blocks.sort()
            for before, after in pairwise(blocks):
                if after[0] <= before[1]:
                    cell = f"{column_letters(column)}{after[0]}"
                    raise self._damaged("merged cells overlap", cell)
            self.sheet.merged[column] = blocks
        return self.sheet

    def _refused(self, name: str, cell: str = "", **numbers: Any) -> Unreadable:
        return Unreadable(f"file.{name}", sheet=self.sheet.title, cell=cell, **numbers)

    def _damaged(self, reason: str, cell: str = "") -> Unreadable:
        return self._refused("damaged", cell, reason=reason)

    def _parse(self, part: str) -> None:  # one closure: a million cells go through it
        kinds = {name: name for name in ("c", "v", "f", "t", "is", "rPh", "row", "mergeCell")}
        letters: dict[str, int] = {}
        rows, book = self.rows, self.book
        most = MOST_CELLS - book.cells
        count = row = hints = 0
        row_text = ""
        before: str | int = -1  # the cell before, for cells that do not say their column
        cells: list[Any] = []
        cell: dict[str, str] | None = None
        filled = False
        formula: dict[str, str] | None = None
        stored: list[str] | None = None  # texts of <v>, of <f>, of <is>
        typed: list[str] | None = None
        inline: list[str] | None = None
        taken: list[str] | None = None

        def place(reference: str | int) -> int:
            if isinstance(reference, int):
                return reference
            word = reference[: -len(row_text)]
            found = letters.get(word, -1)
            if found < 0:
                found = _column(word.upper(), letters)
            if found < 0 or not reference.endswith(row_text):
                raise self._damaged(f"cell {reference[:20]} in row {row}")
            return found

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row, row_text, before, cells, cell, formula, stored, typed, inline, taken
            nonlocal hints, count, filled
            name = kinds.get(tag) or (kinds.get(local_name(tag)) if ":" in tag else None)
            if name is None:
                return
            if name == "c":
                if cell is not None or not row:
                    raise self._damaged("a cell outside a row")
                count += 1
                if count > most:
                    raise self._refused("too_many", what="limit_cells", limit=MOST_CELLS)
                cell = attributes
            elif name == "row":
                number = attributes.get("r")
                row = row + 1 if number is None else int(float(number))  # some write 3.0
                if cell is not None or not 0 < row <= ROWS_OF_EXCEL or row in rows:
                    raise self._damaged(f"row {row}")
                row_text, before = str(row), -1
                cells = []
            elif name == "mergeCell":
                self._merge(attributes.get("ref", ""))
            elif cell is None:
                return
            elif name == "v":
                filled = True
                taken = stored = []
            elif name == "f":
                filled = True
                formula = attributes
                taken = typed = []
            elif name == "is":
                filled = True
                inline = []
            elif name == "rPh":
                hints += 1
            elif inline is not None and not hints:  # t
                taken = inline

        def end(tag: str) -> None:
            nonlocal cell, taken, hints, before, filled, formula, stored, typed, inline
            name = kinds.get(tag) or (kinds.get(local_name(tag)) if ":" in tag else None)
            if name is None:
                return
            if name == "c" and cell is not None:
                reference = cell.get("r")
                before = place(before) + 1 if reference is None else reference
                if filled:  # and not only coloured
                    column = place(before)
                    if formula is not None:
                        self._keep_formula(row, column, formula, typed)
                    text = stored if cell.get("t") != "inlineStr" else inline
                    if text:
                        value = self._value(cell, "".join(text), row, column)
                        if value is not None:
                            self._put(cells, row, column, value)
                    filled, formula, stored, typed, inline = False, None, None, None, None
                cell = None
            elif name == "row" and cells:
                rows[row] = cells
            elif name == "rPh":
                hints = max(hints - 1, 0)
            taken = None

        def data(text: str) -> None:
            if taken is not None:
                taken.append(text)

        literal, last = False, b""

        def shorten(chunk: bytes) -> bytes:
            # A sheet coloured to its end has a million such cells; a tag each would take seconds.
            # The next cell says its own place, so that none moves into theirs.
            nonlocal count, literal, last
            literal = literal or b"<!" in last + chunk  # a text there may look like a cell
            last = chunk[-1:]
            if literal or b"/><c " not in chunk:
                return chunk
            short = _COLOURED.sub(b"", chunk)
            count += chunk.count(b"<c ") - short.count(b"<c ")
            return short

        book.package.parse(part, start, end, data, shorten)
        book.cells += count

    def _put(self, cells: list[Any], row: int, column: int, value: Any) -> None:
        if column >= LAST_COLUMN:
            if not isinstance(value, str) or value.strip():
                raise self._refused("too_far", f"{column_letters(column)}{row}",
                                    limit=column_letters(LAST_COLUMN - 1))  # fmt: skip
            return
        missing = column - len(cells)
        if missing < 0:
            if cells[column] is not None:
                raise self._damaged("a cell stands twice", f"{column_letters(column)}{row}")
            cells[column] = value
            return
        if missing:
            cells += [None] * missing
        cells.append(value)

    def _value(self, cell: dict[str, str], text: str, row: int, column: int) -> Any:
        """Return a stored value as the type that the cell says it has."""
        if len(text) > LONGEST_CELL:
            raise self._too_long(text, row, column)
        kind = cell.get("t", "n")
        if kind == "n":
            return self._number(cell, text)
        if kind == "s":
            if not _WHOLE.fullmatch(text) or int(text) not in range(len(self.book.strings)):
                raise self._damaged("no such text", f"{column_letters(column)}{row}")
            text = self.book.strings[int(text)]
        elif kind in ("str", "inlineStr"):
            text = unescaped(text)
        elif kind == "b":
            return {"1": True, "0": False, "true": True, "false": False}.get(text.strip(), text)
        elif kind == "d":
            from openpyxl.utils.datetime import from_ISO8601

            return from_ISO8601(text)  # type: ignore[no-untyped-call]
        if len(text) > LONGEST_CELL:
            raise self._too_long(text, row, column)
        return text or None

    def _too_long(self, text: str, row: int, column: int) -> Unreadable:
        return self._refused("long_cell", f"{column_letters(column)}{row}", count=len(text),
                             limit=LONGEST_CELL)  # fmt: skip

    def _number(self, cell: dict[str, str], text: str) -> Any:
        if _WHOLE.fullmatch(text):
            value: float | int = int(text)
        elif _NUMBER.fullmatch(text.strip()):
            value = float(text)
        else:
            value = math.inf
        if math.isinf(value):
            return text.strip() or None  # the number reader says what is wrong with it
        style = cell.get("s")
        if style is None or not self.book.dates:
            return value
        span = self.book.dates.get(int(style))
        if span is None:
            return value
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if self.book.epoch_1904 else WINDOWS_EPOCH
        try:
            return from_excel(value, epoch, timedelta=span)
        except (OverflowError, ValueError):
            return "#VALUE!"  # as Excel shows it: no calendar has this day

    def _keep_formula(
        self, row: int, column: int, attributes: dict[str, str], typed: list[str] | None
    ) -> None:
        text = "".join(typed or ())
        outside = bool(text) and bool(_OUTSIDE.search(re.sub(r'"[^"]*"', "", text)))
        shown = f"={text[:FORMULA_KEPT]}" if text else "=…"
        group = attributes.get("si") if attributes.get("t") == "shared" else None
        if group is not None:
            # Only the first cell of a shared formula has its text; the others are shifted.
            if text:
                self.shared[group] = (shown, outside)
            else:
                first, outside = self.shared.get(group, ("=…", False))
                shown = first if outside else "=…"
        self.sheet.formulas[row - 1, column] = shown
        if outside:
            self.sheet.outside.add((row - 1, column))

    def _merge(self, reference: str) -> None:
        """Keep a block of merged cells that spans rows of one column."""
        self.book.merged += 1
        if self.book.merged > MOST_MERGED:
            raise self._refused("too_many", what="limit_merged", limit=MOST_MERGED)
        block = _BLOCK.fullmatch(reference)
        if block is None:
            if _REFERENCE.fullmatch(reference):  # one cell: nothing is merged
                return
            raise self._damaged(f"merged cells {reference[:20]}")
        if block[1] == block[3]:
            column, first, last = _column(block[1].upper(), {}), int(block[2]), int(block[4])
            if column < 0 or not 0 < first <= last <= ROWS_OF_EXCEL:
                raise self._damaged(f"merged cells {reference[:20]}")
            if last > first:
                self.blocks.setdefault(column, []).append((first, last))
