"""The files of a study as a spreadsheet shows them, read or not."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.encodings import decode
from sxsh_audit.tables.files import (
    LARGEST_CSV,
    FileTables,
    _Broken,
    _known_words,
    csv_rows,
    read_limited,
)
from sxsh_audit.tables.headings import find_heading_row
from sxsh_audit.tables.reading import SETTINGS_FILE, _read, settings_file
from sxsh_audit.tables.schema import TABLES, TableSpec, table_by_name, table_spec
from sxsh_audit.tables.settings import StudySettings, read_settings

__all__ = ["TypedFile", "heading_rows", "typed_files"]


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A file of a folder as a spreadsheet shows it.

    Parameters
    ----------
    name : str
        Name of the file.
    rows : list of list of str
        Cells as they were typed, from row 1; empty where the letters cannot be read.
    head_row : int
        Row of the headings.
    modified : float
        When the file was saved, in seconds since 1970.
    """

    name: str
    rows: list[list[str]]
    head_row: int
    modified: float


def heading_rows(path: Path, language: Language = "vi") -> dict[str, int]:
    """Return the row of the headings by sheet, for the sheets of a workbook that are tables."""
    found, _ = _read(path, language)
    return {table.sheet: table.head_row for table in found.tables.values()}


def typed_files(folder: Path, others: Collection[str] = ()) -> list[TypedFile]:
    """Return the files of a folder as a spreadsheet shows them: settings, then the tables.

    Parameters
    ----------
    folder : Path
        The study.
    others : collection of str
        Names of further files that are wanted, such as a programme of the user's own.
    """
    record, _, places = settings_file(folder)
    settings, _ = read_settings(record, SETTINGS_FILE, places)
    listed = {path.name: path for path in sorted(folder.iterdir())
              if path.suffix.lower() in (".csv", ".tsv") and path.is_file()}  # fmt: skip
    for name in (*settings.files.values(), *sorted(others)):
        path = folder / name
        if path.is_file() and path.suffix.lower() in (".csv", ".tsv", ".txt", ".toml"):
            listed.setdefault(path.name, path)
    paths = [folder / SETTINGS_FILE, *(path for name, path in listed.items()
                                       if name != SETTINGS_FILE)]  # fmt: skip
    return [_typed(path, settings) for path in paths if path.is_file()]


def _typed(path: Path, settings: StudySettings) -> TypedFile:
    modified = path.stat().st_mtime
    data = read_limited(path, LARGEST_CSV, FileTables())
    if data is None:  # its finding says why
        return TypedFile(path.name, [], 1, modified)
    if path.suffix.lower() == ".toml":
        text = data.decode("utf-8-sig", errors="replace")
        return TypedFile(path.name, [[line] for line in text.splitlines()], 1, modified)
    spec, columns = _table(path, settings)
    decoded = decode(data, lambda text: _known_words(spec, columns, text))
    if decoded is None:
        return TypedFile(path.name, [], 1, modified)
    text = decoded[0].replace("\x00", "")
    limit = csv.field_size_limit(max(len(text), 1))
    try:
        rows = csv_rows(text, spec, columns)
    except _Broken:  # what the finding speaks of is seen best line by line
        rows = [[line] for line in text.splitlines()]
    finally:
        csv.field_size_limit(limit)
    return TypedFile(path.name, rows, find_heading_row(rows, spec, columns) + 1, modified)


def _table(path: Path, settings: StudySettings) -> tuple[TableSpec, Mapping[str, str]]:
    """Return what the file is; one that is no table is read like the first of them."""
    named = {Path(name).name.casefold(): table for table, name in settings.files.items()}
    spec = table_by_name(named.get(path.name.casefold(), path.stem))
    spec = spec or table_spec(next(iter(TABLES)))
    return spec, settings.columns.get(spec.name, {})
