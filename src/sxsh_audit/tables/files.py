"""From files to raw tables: CSV in a folder, sheets in a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.encodings import decode, tried, words_with_marks
from sxsh_audit.tables.raw import RawTable, column_letters
from sxsh_audit.tables.schema import TableSpec, choice_words, plain_word, table_by_name

__all__ = ["FileTables", "read_csv_folder", "read_workbook"]

# A workbook is a zip archive; a few kilobytes can unpack to gigabytes. Largest real audits
# seen are below 20 MB unpacked.
LARGEST_UNPACKED = 300 * 1024 * 1024


@dataclass
class FileTables:
    """Raw tables by canonical name, settings rows of a workbook, and what was found on the way."""

    tables: dict[str, RawTable] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, spec: TableSpec, table: RawTable) -> None:
        """Keep `table`, or report that the same table was given twice."""
        if spec.name in self.tables:
            first = self.tables[spec.name]
            numbers = {"table": spec.vi, "first": first.sheet or first.file}
            self.findings.append(Finding("file.twice", "error", table.place(), "", numbers))
            return
        self.tables[spec.name] = table


# -- CSV ---------------------------------------------------------------------------------------


def _delimiter(line: str) -> str:
    """The delimiter of a heading line: the one that splits it most, outside quotes."""
    best = max(";\t,|", key=lambda mark: len(next(csv.reader([line], delimiter=mark))))
    return best if len(next(csv.reader([line], delimiter=best))) > 1 else ";"


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip(" ;,\t|\"")), "")


def _heading_cells(text: str) -> list[str]:
    line = _first_line(text)
    return next(csv.reader([line], delimiter=_delimiter(line)), []) if line else []


def _csv_rows(text: str) -> list[list[str]]:
    lines = text.split("\n", 1)
    # Excel itself writes this first line in some countries.
    first = 1 if lines[0].strip().lower().startswith("sep=") else 0
    delimiter = lines[0].strip()[4:5] if first else _delimiter(_first_line(text))
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ";")
    for row in reader:
        # A quoted cell may span lines: keep the numbering of rows as a spreadsheet shows it.
        rows.append(row)
    if first:
        rows[0] = []
    return rows


def read_csv_folder(folder: Path, mapping: dict[str, str]) -> FileTables:
    """Read every CSV file of `folder` that is a table of a study.

    Parameters
    ----------
    folder : Path
        The study.
    mapping : dict
        Canonical table name → file name, from ``study.toml``.
    """
    found = FileTables()
    from_mapping = {name.casefold(): table for table, name in mapping.items()}
    listed = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".tsv"))
    missing = set(from_mapping) - {path.name.casefold() for path in listed}
    for name in sorted(missing):
        found.findings.append(Finding("file.missing", "error", Place(file=name)))
    for path in listed:
        spec = table_by_name(from_mapping.get(path.name.casefold(), path.stem))
        if spec is None:
            place = Place(file=path.name)
            found.findings.append(Finding("file.unknown_table", "warning", place, path.stem))
            continue
        known = spec  # bound for the closure below

        def count_known(text: str, spec: TableSpec = known) -> int:
            cells = words_with_marks(_heading_cells(text))
            return sum(spec.field_by_heading(_bare(cell)) is not None for cell in cells)

        decoded = decode(path.read_bytes(), count_known)
        if decoded is None:
            numbers = {"tried": list(tried())}
            found.findings.append(
                Finding("file.encoding", "error", Place(file=path.name), "", numbers)
            )
            continue
        text, encoding = decoded
        if encoding not in ("UTF-8", "UTF-16"):
            numbers = {"encoding": encoding}
            found.findings.append(
                Finding("file.old_encoding", "note", Place(file=path.name), "", numbers)
            )
        try:
            rows = _csv_rows(text)
        except csv.Error as error:
            found.findings.append(
                Finding("file.csv", "error", Place(file=path.name), "", {"reason": str(error)})
            )
            continue
        found.add(spec, RawTable.from_rows(rows, file=path.name))
    return found


def _bare(heading: str) -> str:
    """A heading without its unit in brackets."""
    return heading.split("(", 1)[0].split("[", 1)[0]


# -- Excel -------------------------------------------------------------------------------------


def _unpacked_size(path: Path) -> int | None:
    """Bytes that the workbook unpacks to; None where it is no zip archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return None


def read_workbook(path: Path) -> FileTables:
    """Read every sheet of an Excel workbook that is a table of a study."""
    found = FileTables()
    size = _unpacked_size(path)
    if size is None:
        found.findings.append(Finding("file.not_excel", "error", Place(file=path.name)))
        return found
    if size > LARGEST_UNPACKED:
        numbers = {"size": size / 2**20, "limit": LARGEST_UNPACKED / 2**20}
        found.findings.append(
            Finding("file.too_large", "error", Place(file=path.name), "", numbers)
        )
        return found
    try:
        sheets = list(_sheets(path))
    except Exception as error:  # openpyxl raises many kinds on a damaged file
        reason = {"reason": f"{type(error).__name__}: {error}"}
        found.findings.append(
            Finding("file.damaged", "error", Place(file=path.name), "", reason)
        )
        return found
    for title, values, formulas in sheets:
        if _is_settings(title):
            found.settings |= _settings(values)
            continue
        spec = table_by_name(title)
        if spec is None:
            if any(any(cell is not None for cell in row) for row in values):
                place = Place(file=path.name, sheet=title)
                found.findings.append(Finding("file.unknown_table", "warning", place, title))
            continue
        found.findings.extend(_formula_findings(path.name, title, values, formulas))
        found.add(spec, RawTable.from_rows(values, file=path.name, sheet=title, cells_named=True))
    return found


def _sheets(path: Path) -> Iterator[tuple[str, list[Sequence[Any]], list[Sequence[Any]]]]:
    """Sheets with their values and, cell by cell, what was typed (a formula as text)."""
    import openpyxl

    shown = openpyxl.load_workbook(path, read_only=True, data_only=True)
    typed = openpyxl.load_workbook(path, read_only=True, data_only=False)
    try:
        for sheet in shown.worksheets:
            values = [tuple(row) for row in sheet.iter_rows(values_only=True)]
            formulas = [tuple(row) for row in typed[sheet.title].iter_rows(values_only=True)]
            yield sheet.title, values, formulas
    finally:
        shown.close()
        typed.close()


def _formula_findings(
    file: str, sheet: str, values: list[Sequence[Any]], formulas: list[Sequence[Any]]
) -> list[Finding]:
    """A formula's stored value may be stale or absent: say where, never use it silently."""
    findings: list[Finding] = []
    by_column: dict[int, list[int]] = {}
    for row, (shown, typed) in enumerate(zip(values, formulas, strict=False), start=1):
        for column, cell in enumerate(typed):
            if not (isinstance(cell, str) and cell.startswith("=")):
                continue
            if column >= len(shown) or shown[column] is None:
                place = Place(file, sheet, row, "", f"{column_letters(column)}{row}")
                findings.append(Finding("file.formula_empty", "error", place, cell))
            else:
                by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        place = Place(file, sheet, 0, "", f"{column_letters(column)}{rows[0]}")
        findings.append(Finding("file.formula", "warning", place, "", {"count": len(rows)}))
    return findings


def _is_settings(title: str) -> bool:
    return plain_word(title) in choice_words("sheet")


def _settings(rows: list[Sequence[Any]]) -> dict[str, Any]:
    """Keys and values of the settings sheet; ``baseline.start`` becomes a nested key."""
    settings: dict[str, Any] = {}
    for row in rows:
        key = "" if not row or row[0] is None else str(row[0]).strip()
        value = row[1] if len(row) > 1 else None
        if not key or value is None or str(value).strip() == "":
            continue
        target = settings
        *parents, last = key.split(".")
        for parent in parents:
            inner = target.setdefault(parent, {})
            if not isinstance(inner, dict):
                break
            target = inner
        else:
            target[last] = value
    return settings
