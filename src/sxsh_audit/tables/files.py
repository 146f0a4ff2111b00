"""From files to raw tables: CSV in a folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.text import strip_marks
from sxsh_audit.tables.contents import content_of
from sxsh_audit.tables.encodings import decode, tried
from sxsh_audit.tables.headings import count_headings, split_heading
from sxsh_audit.tables.layout import lay_out
from sxsh_audit.tables.raw import RawTable, column_letters
from sxsh_audit.tables.schema import (
    TABLES,
    TableSpec,
    choice_words,
    plain_word,
    resource_words,
    table_by_name,
)
from sxsh_audit.tables.sheets import LAST_COLUMN, LONGEST_CELL, MOST_CELLS

__all__ = ["FileTables", "read_csv_folder"]

DELIMITERS = ";\t,|"
HEAD_LINES = 80
"""Lines from the top of a file that decide on its encoding and delimiter."""

LARGEST_CSV = 32 * 1024 * 1024
"""Bytes of a CSV file: 100,000 rows of 12 columns are 10 MB."""

LARGEST_SETTINGS = 128 * 1024
"""Bytes of a file of settings or spellings: some thousand lines."""

NO_TABLE = ("content_pdf", "content_picture", "content_rtf", "content_archive", "content_html",
            "content_other")  # fmt: skip


@dataclass
class FileTables:
    """Raw tables by canonical name, settings of a workbook, and what was found on the way.

    Parameters
    ----------
    tables : dict of str to RawTable
        By canonical name.
    settings : dict
        Keys and values of a workbook's settings sheet.
    setting_places : dict of str to Place
        Where each of them stands.
    findings : list of Finding
        What was found.
    """

    tables: dict[str, RawTable] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    setting_places: dict[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, spec: TableSpec, table: RawTable) -> None:
        """Keep `table`, or report that the same table was given twice."""
        if spec.name in self.tables:
            first = self.tables[spec.name]
            self.report("file.twice", table.place(), table=spec.name,
                        first=first.sheet or first.file)  # fmt: skip
            return
        self.tables[spec.name] = table

    def report(
        self, code: str, place: Place, severity: Any = "error", value: str = "", **numbers: Any
    ) -> None:
        """Keep a finding."""
        self.findings.append(Finding(code, severity, place, value, numbers))


def _rows(text: str, delimiter: str, *, strict: bool = True) -> list[list[str]]:
    """Rows of a CSV text, numbered as a spreadsheet shows them: a quoted cell may span lines."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    limit = csv.field_size_limit(len(text) + 1)  # a long cell is told of, with its length
    if text.count(delimiter) + text.count("\n") > 3 * MOST_CELLS:
        raise _Broken("file.too_many", 0, what="limit_cells", limit=MOST_CELLS)
    cells = 0
    try:
        for row in reader:
            if len(row) > LAST_COLUMN:
                row = _without_empty_end(row)
            rows.append(row)
            cells += len(row)
            if strict:
                _check_row(row, len(rows), cells)
    except csv.Error as error:
        raise _Broken("file.quotes", len(rows) + 1) from error
    finally:
        csv.field_size_limit(limit)
    return rows


def _without_empty_end(row: list[str]) -> list[str]:
    return row[: next((j for j in range(len(row), 0, -1) if row[j - 1].strip()), 0)]


def _check_row(row: list[str], number: int, cells: int) -> None:
    """Refuse what no person typed: a cell far to the right, a cell without end, too many."""
    if len(row) > LAST_COLUMN:
        raise _Broken("file.too_far", number, limit=column_letters(LAST_COLUMN - 1))
    if cells > MOST_CELLS:
        raise _Broken("file.too_many", 0, what="limit_cells", limit=MOST_CELLS)
    if len("".join(row)) > LONGEST_CELL and (longest := max(map(len, row))) > LONGEST_CELL:
        raise _Broken("file.long_cell", number, count=longest, limit=LONGEST_CELL)


class _Broken(Exception):
    """What is wrong with a file, and in which row: quotation marks that do not match."""

    def __init__(self, code: str, row: int, **numbers: Any) -> None:
        super().__init__(code)
        self.code, self.row, self.numbers = code, row, numbers


def _head(text: str) -> str:
    return "\n".join(text[:50_000].splitlines()[:HEAD_LINES])


def _delimiter(text: str, spec: TableSpec, columns: Mapping[str, str]) -> str:
    """Return the delimiter with which a row near the top names most fields, else splits most."""

    def score(mark: str) -> tuple[int, int]:
        rows = _rows(_head(text), mark, strict=False)
        return (max((count_headings(row, spec, columns) for row in rows), default=0),
                max((len(row) for row in rows), default=0))  # fmt: skip

    return max(DELIMITERS, key=score)


def csv_rows(text: str, spec: TableSpec, columns: Mapping[str, str]) -> list[list[str]]:
    """Return the rows of a CSV file.

    Parameters
    ----------
    text : str
        The whole file, decoded.
    spec : TableSpec
        What the table is.
    columns : mapping of str to str
        The user's own headings.
    """
    first, _, _ = text.partition("\n")
    first = first.strip("\r\n ")
    # Excel itself writes this first line in some countries.
    if first.lower().startswith("sep=") and len(first) == 5:
        return [[], *_rows(text.partition("\n")[2], first[4])]
    return _rows(text, _delimiter(text, spec, columns))


def _known_words(spec: TableSpec, columns: Mapping[str, str], text: str) -> int:
    """How many cells with Vietnamese letters near the top of `text` are known words."""
    choices = [choice_words(item.choices) for item in spec.fields.values() if item.choices]
    own = {plain_word(str(heading)) for heading in columns}
    cells = {cell for row in _rows(_head(text), _delimiter(text, spec, columns), strict=False)
             for cell in row if not cell.isascii()}  # fmt: skip
    count = 0
    for cell in cells:
        words = {plain_word(cell), plain_word(split_heading(cell)[0])}
        count += any(
            word in own or word in resource_words() or spec.field_by_heading(word) is not None
            or any(word in choice for choice in choices)
            for word in words
        )  # fmt: skip
    return count


def _marks_lost(text: str, spec: TableSpec, columns: Mapping[str, str]) -> bool:
    """Whether «M? gi?i ph?p» stands where «Mã giải pháp» was saved without its marks."""
    if "?" not in text and "\ufffd" not in text:
        return False
    own = {plain_word(str(heading)) for heading in columns}
    known = {strip_marks(word) for word in (*spec.headings(), *resource_words())}
    cells = {cell for row in _rows(_head(text), _delimiter(text, spec, columns), strict=False)
             for cell in row if re.search(r"\w[?\ufffd]|[?\ufffd]\w", cell)}  # fmt: skip
    for cell in cells:
        word = plain_word(split_heading(cell)[0])
        if word not in own and len(re.sub(r"[?\ufffd ]", "", word)) > 1:
            form = re.compile(re.sub(r"\\\?|\ufffd+", r"\\w", re.escape(strip_marks(word))))
            if any(map(form.fullmatch, known)):
                return True
    return False


def read_csv_folder(
    folder: Path,
    mapping: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    other_files: Collection[str] = (),
    tables: tuple[str, ...] = TABLES,
) -> FileTables:
    """Read every CSV file of `folder` that is one of `tables`.

    Parameters
    ----------
    folder : Path
        The study.
    mapping : mapping of str to str
        File name by canonical table name, from ``study.toml``.
    columns : mapping
        The user's own headings by table: field by heading.
    other_files : collection of str
        Names of files that are no tables: the user's own spellings, programme, factors.
    tables : tuple of str
        Canonical names of the tables that are looked for: those of a study or of a register.
    """
    found = FileTables()
    from_mapping = {str(name).casefold(): table for table, name in mapping.items()}
    listed = sorted(path for path in folder.iterdir()
                    if path.suffix.lower() in (".csv", ".tsv") and path.is_file())  # fmt: skip
    present = {path.name.casefold() for path in listed}
    for table, name in mapping.items():
        if str(name).casefold() not in present:
            path = folder / str(name)
            if path.is_file():  # in another folder, or with another ending
                listed.append(path)
                from_mapping[path.name.casefold()] = table
            else:
                found.report("file.missing", Place(file="study.toml"),
                             value=f"files.{table} = {name}")  # fmt: skip
    for path in listed:
        spec = table_by_name(from_mapping.get(path.name.casefold(), path.stem), tables)
        if spec is None:
            if path.name not in other_files:
                found.report("file.unknown_table", Place(file=path.name), "warning", path.stem)
        else:
            _read_csv(path, spec, columns.get(spec.name, {}), found)
    if not listed:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in (".xlsx", ".xlsm", ".xls") and path.name[:2] != "~$":
                found.report("file.workbook_inside", Place(file=path.name))
    return found


def read_limited(path: Path, limit: int, found: FileTables) -> bytes | None:
    """Return the bytes of a file; None, and one finding, where it cannot be read or is too large.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        The most bytes.
    found : FileTables
        Where the finding goes.
    """
    place = Place(file=path.name)
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            data = stream.read(limit + 1) if size <= limit else b""
    except OSError as error:
        found.report("file.unreadable", place, reason=str(error.strerror or error))
        return None
    if max(size, len(data)) > limit:
        found.report("file.too_large_text", place, size=size / 2**20, limit=limit / 2**20)
        return None
    return data


def _read_csv(path: Path, spec: TableSpec, columns: Mapping[str, str], found: FileTables) -> None:
    place = Place(file=path.name)
    data = read_limited(path, LARGEST_CSV, found)
    if data is None:
        return
    kind = content_of(data[:512])
    if kind in ("content_zip", "content_office"):
        found.report("file.excel_named_csv", place)
        return
    if kind in NO_TABLE:
        found.report("file.not_text", place, kind=kind)
        return
    decoded = decode(data, lambda text: _known_words(spec, columns, text))
    if decoded is None:
        lost = _marks_lost(data.decode("cp1252", errors="replace"), spec, columns)
        if lost:
            found.report("file.marks_lost", place)
        else:
            found.report("file.encoding", place, tried=list(tried()))
        return
    text, encoding = decoded
    if _marks_lost(text, spec, columns):
        found.report("file.marks_lost", place)
        return
    if encoding not in ("UTF-8", "UTF-16"):
        found.report("file.old_encoding", place, "note", encoding=encoding)
    if "\x00" in text:  # dropped, it would make one number of two
        row = text.count("\n", 0, text.index("\x00")) + 1
        found.report("file.nul", Place(file=path.name, row=row))
        return
    try:
        rows = csv_rows(text, spec, columns)
    except _Broken as error:
        found.report(error.code, Place(file=path.name, row=error.row), **error.numbers)
        return
    raw, findings = lay_out(rows, spec, columns, file=path.name)
    found.findings += findings
    found.add(spec, raw)
