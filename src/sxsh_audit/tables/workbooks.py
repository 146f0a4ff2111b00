"""From an Excel workbook to raw tables: one sheet per table."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.files import FileTables
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.layout import lay_out
from sxsh_audit.tables.raw import RawTable, Uncomputed, cell_text, column_letters, filled
from sxsh_audit.tables.schema import TableSpec, choice_words, plain_word, table_by_name
from sxsh_audit.tables.stamp import keyed_headings, template_version

__all__ = ["read_workbook"]

# A workbook is a zip archive; a few kilobytes can unpack to gigabytes. Largest real audits
# seen are below 20 MB unpacked.
LARGEST_UNPACKED = 300 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an .xls file, and of a workbook with a password."""


@dataclass
class _Sheet:
    """A sheet as it is stored: shown values, typed formulas, blocks of merged cells."""

    title: str
    hidden: bool
    values: list[Sequence[Any]]
    formulas: list[Sequence[Any]]
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


def read_workbook(path: Path) -> FileTables:
    """Read every sheet of an Excel workbook that is a table of a study.

    Parameters
    ----------
    path : Path
        The workbook. Its settings sheet, if it has one, may name the user's own headings.

    Returns
    -------
    FileTables
        With a workbook that cannot be opened: no tables and one finding.
    """
    found = FileTables()
    if not _can_be_opened(path, found):
        return found
    try:
        sheets = list(_sheets(path))
    except Exception as error:  # openpyxl raises many kinds on a damaged file
        found.report("file.damaged", Place(file=path.name), reason=_reason(error))
        return found
    tables: list[tuple[_Sheet, TableSpec]] = []
    for sheet in sheets:
        kind = choice_words("sheet").get(plain_word(sheet.title))
        if kind == "settings":
            _settings(sheet, path.name, found)
        if kind == "template":
            found.findings += template_version(sheet.values, Place(path.name, sheet.title))
        if kind is not None:
            continue
        spec = table_by_name(sheet.title)
        if spec is not None:
            tables.append((sheet, spec))
        elif any(any(map(filled, row)) for row in sheet.values):
            place = Place(file=path.name, sheet=sheet.title)
            found.report("file.unknown_table", place, "warning", sheet.title)
    own = found.settings.get("columns", {})
    named = {known.name: columns for name, columns in own.items()
             if (known := table_by_name(name)) and isinstance(columns, Mapping)
             } if isinstance(own, Mapping) else {}  # fmt: skip
    for sheet, spec in tables:
        _add(path.name, sheet, spec, named.get(spec.name, {}), found)
    return found


def _can_be_opened(path: Path, found: FileTables) -> bool:
    place = Place(file=path.name)
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
        if start == OLD_OFFICE:
            # A workbook with a password is an old container around an encrypted stream.
            locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
            found.report("file.password" if locked else "file.old_excel", place)
            return False
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        found.report("file.not_excel", place)
        return False
    if size > LARGEST_UNPACKED:
        numbers = {"size": size / 2**20, "limit": LARGEST_UNPACKED / 2**20}
        found.findings.append(Finding("file.too_large", "error", place, "", numbers))
        return False
    return True


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:120]}" if text else type(error).__name__


def _mentions(path: Path, *marks: bytes) -> bool:
    """Whether a sheet of the workbook has one of `marks` in its XML."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if "worksheets/" in entry.filename and entry.filename.endswith(".xml"):
                data = archive.read(entry)
                if any(mark in data for mark in marks):
                    return True
    return False


def _sheets(path: Path) -> Iterator[_Sheet]:
    """Sheets with their values and, cell by cell, what was typed (a formula as text)."""
    import openpyxl

    merged = _mentions(path, b"<mergeCell ", b":mergeCell ")
    formulas = _mentions(path, b"<f>", b"<f ", b":f>", b":f ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and lists it does not keep
        shown = openpyxl.load_workbook(path, read_only=not merged, data_only=True)
        typed = openpyxl.load_workbook(path, read_only=True) if formulas else None
        try:
            for sheet in shown.worksheets:
                if choice_words("sheet").get(plain_word(sheet.title)) == "template":
                    # Guide, preview and lists hold no records; one cell of them is the version.
                    values = [tuple(row) for row in sheet.iter_rows(max_row=1, values_only=True)]
                    yield _Sheet(sheet.title, False, values, [])
                    continue
                values = _values(sheet)
                yield _Sheet(
                    sheet.title, sheet.sheet_state != "visible", values,
                    _values(typed[sheet.title]) if typed is not None else [],
                    _blocks(sheet) if merged else {},
                )  # fmt: skip
        finally:
            shown.close()
            if typed is not None:
                typed.close()


def _values(sheet: Any) -> list[Sequence[Any]]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # some programs store a size that is too small
    rows: list[Sequence[Any]] = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    while rows and not any(map(filled, rows[-1])):
        rows.pop()
    return rows


def _blocks(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    blocks: dict[int, list[tuple[int, int]]] = {}
    for area in sheet.merged_cells.ranges:
        if area.max_row > area.min_row and area.min_col == area.max_col:
            blocks.setdefault(area.min_col - 1, []).append((area.min_row, area.max_row))
    return blocks


def _add(
    file: str, sheet: _Sheet, spec: TableSpec, columns: Mapping[str, str], found: FileTables
) -> None:
    place = Place(file=file, sheet=sheet.title)
    if sheet.hidden:
        found.report("file.hidden_sheet", place, "warning")
    rows, keyed = keyed_headings(sheet.values, spec)
    columns = {**keyed, **columns}
    raw, findings = lay_out(rows, spec, columns, file=file, sheet=sheet.title,
                            cells_named=True, merged=sheet.merged)  # fmt: skip
    raw = replace(raw, keyed=keyed)
    found.findings += findings
    if sheet.formulas:
        raw = _with_formulas(sheet, spec, raw, columns, found.findings)
    found.add(spec, raw)


def _with_formulas(
    sheet: _Sheet,
    spec: TableSpec,
    raw: RawTable,
    columns: Mapping[str, str],
    findings: list[Finding],
) -> RawTable:
    """Say where a formula's stored value may be stale or is absent; never use it silently."""
    for position in sorted(set(match_headings(spec, raw, columns).index.values())):
        stored: list[int] = []
        for i, row in enumerate(raw.rows):
            typed = _at(sheet.formulas, int(row) - 1, position)
            if not _is_formula(typed):
                continue
            if filled(raw.columns[position][i]):
                stored.append(i)
            else:
                raw.columns[position][i] = Uncomputed(_formula_text(typed))
        if stored:
            place = raw.place(stored[0], position)
            findings.append(Finding("file.formula", "warning", place, "", {"count": len(stored)}))
    return raw


def _at(rows: list[Sequence[Any]], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _is_formula(cell: Any) -> bool:
    return (isinstance(cell, str) and cell.startswith("=")) or hasattr(cell, "ref")


def _formula_text(cell: Any) -> str:
    return str(cell if isinstance(cell, str) else getattr(cell, "text", None) or "=…")


def _settings(sheet: _Sheet, file: str, found: FileTables) -> None:
    """Keys and values of the settings sheet; ``baseline.start`` becomes a nested key.

    Under a heading row («Mục», «Giá trị», «Giải thích») the value stands in its column only.
    """
    head, only = _setting_columns(sheet.values)
    for number, row in enumerate(sheet.values, start=1):
        key = cell_text(row[0]) if row else ""
        columns = range(1, len(row)) if only is None else [j for j in (only,) if j < len(row)]
        column = next((j for j in columns if filled(row[j])), None)
        if number <= head or not key or column is None:
            continue
        key = key.removesuffix("*").strip()
        place = Place(file, sheet.title, number, key, f"{column_letters(column)}{number}")
        target = found.settings
        # A heading may hold a dot itself: columns.consumption.No. = "note".
        deep = key.startswith("columns.")
        *parents, last = key.split(".", 2 if deep else -1)
        for parent in parents:
            inner = target.setdefault(parent.strip(), {})
            if not isinstance(inner, dict):
                break
            target = inner
        else:
            target[last.strip()] = row[column]
            found.setting_places[key] = place
            found.setting_places.setdefault(key.split(".")[0].strip(), place)


def _setting_columns(rows: Sequence[Sequence[Any]]) -> tuple[int, int | None]:
    """Row of the headings on a settings sheet and position of the values; 0, None without."""
    words = choice_words("setting_column")
    for number, row in enumerate(rows, start=1):
        named = [words.get(plain_word(cell_text(cell)), "") for cell in row]
        if named[:1] == ["key"] and "value" in named:
            return number, named.index("value")
    return 0, None
