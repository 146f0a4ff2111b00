"""What the sheets of a workbook share: their list, the texts of cells, which formats are dates.

Each part is read in one pass and refused where it is larger than a person's workbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sxsh_audit.tables.archives import Package, Unreadable, local_name

__all__ = ["MOST_CELLS", "Book", "listed_sheets", "read_strings", "read_styles", "unescaped"]

MOST_CELLS = 2_000_000
"""Cells of a workbook, coloured empty ones too: 100,000 rows of 12 columns with room."""

MOST_STYLES = 100_000
"""Excel itself keeps at most 65,490 cell formats."""

MOST_SHEETS = 500

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class Book:
    """What the sheets of a workbook share, and how much was read of it."""

    package: Package
    strings: list[str] = field(default_factory=list)
    dates: dict[int, bool] = field(default_factory=dict)
    epoch_1904: bool = False
    cells: int = 0
    rows: int = 0
    merged: int = 0


def listed_sheets(book: Book, root: str) -> list[tuple[str, bool, str]]:
    """Title, whether it is hidden, and id of each sheet that the workbook lists."""
    found: list[tuple[str, bool, str]] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = local_name(tag)
        if name == "sheets":
            inside = True
        elif name == "workbookPr":
            book.epoch_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
        elif name == "sheet" and inside:
            key = next((value for name, value in attributes.items()
                        if local_name(name) == "id"), "")  # fmt: skip
            hidden = attributes.get("state", "visible") != "visible"
            found.append((unescaped(attributes.get("name", "")), hidden, key))
            if len(found) > MOST_SHEETS:
                raise Unreadable("file.too_many", what="limit_sheets", limit=MOST_SHEETS)

    def end(tag: str) -> None:
        nonlocal inside
        if local_name(tag) == "sheets":
            inside = False

    book.package.parse(root, start, end)
    return found


def read_strings(book: Book, part: str) -> None:
    """Read the texts that cells share; hints for pronunciation are no part of them."""
    parts: list[str] = []
    taken, hints = False, 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal taken, hints
        name = local_name(tag)
        if name == "si":
            parts.clear()
        elif name == "rPh":
            hints += 1
        elif name == "t":
            taken = not hints

    def end(tag: str) -> None:
        nonlocal taken, hints
        name = local_name(tag)
        if name == "t":
            taken = False
        elif name == "rPh":
            hints -= 1
        elif name == "si":
            book.strings.append(unescaped("".join(parts)))
            if len(book.strings) > MOST_CELLS:
                raise Unreadable("file.too_many", what="limit_cells", limit=MOST_CELLS)

    def text(data: str) -> None:
        if taken:
            parts.append(data)

    book.package.parse(part, start, end, text)


def read_styles(book: Book, part: str) -> None:
    """Read which cell formats show a number as a date, and which of them as a span of time."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    codes: dict[str, str] = {}
    formats: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = local_name(tag)
        if name == "cellXfs":
            inside = True
        elif name == "numFmt":
            codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
        elif name == "xf" and inside:
            formats.append(attributes.get("numFmtId", "0"))
        if len(formats) + len(codes) > MOST_STYLES:
            raise Unreadable("file.too_many", what="limit_styles", limit=MOST_STYLES)

    def end(tag: str) -> None:
        nonlocal inside
        if local_name(tag) == "cellXfs":
            inside = False

    book.package.parse(part, start, end)
    spans: dict[str, bool | None] = {}
    for number in set(formats):
        code = codes.get(number) or (BUILTIN_FORMATS.get(int(number)) if number.isdigit() else "")
        if code and len(code) <= 255 and is_date_format(code):  # Excel's own limit
            spans[number] = is_timedelta_format(code)
    book.dates = {position: span for position, number in enumerate(formats)
                  if (span := spans.get(number)) is not None}  # fmt: skip


def unescaped(text: str) -> str:
    """Return a text with what Excel writes as ``_x000D_`` put back."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
