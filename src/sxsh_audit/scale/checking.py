"""What a folder must be to be a dataset; all its faults are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.scale.parquet import (
    KEY,
    Span,
    columns_of,
    plant_names,
    read_frame,
    reserved_columns,
    span_by_keys,
    span_of,
)
from sxsh_audit.scale.parts import MOST_ROWS, Part, parts_of
from sxsh_audit.scale.table_files import (
    BIG,
    LAKE_LOG,
    folder_columns,
    is_parquet,
    table_files,
)
from sxsh_audit.tables.files import FileTables, read_csv_folder
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.reading import shared_settings
from sxsh_audit.tables.schema import table_by_name, table_spec
from sxsh_audit.tables.settings import FILE, StudySettings
from sxsh_audit.tables.study import refuse

if TYPE_CHECKING:
    import duckdb

__all__ = ["Folder", "checked_folder", "spans_of", "unfit"]

NAMES_TOLD = 5
"""Names that a finding lists."""


class Folder(NamedTuple):
    """What is in a folder of a dataset: settings, small tables, parts."""

    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    parts: tuple[Part, ...]
    keys: Mapping[str, str]
    """Key of each plant by its name as the records write it."""


def checked_folder(
    connection: duckdb.DuckDBPyConnection, folder: Path, language: Language, *, whole: bool = True
) -> Folder:
    """Look at a folder without reading the records, and refuse it with all its faults.

    Parameters
    ----------
    connection : DuckDBPyConnection
        For the footers.
    folder : Path
        The dataset.
    language : {"vi", "en"}
        Language of a refusal.
    whole : bool
        Whether parts that are too large are a fault.

    Raises
    ------
    StudyError
        With every fault.
    """
    if not folder.is_dir():
        place = Place(file=folder.name)
        refuse([Finding("dataset.no_folder", "error", place, str(folder))], language,
               code="dataset.refused")  # fmt: skip
    settings, read, findings = shared_settings(folder)
    small, files, found = _small_tables(connection, folder, read)
    findings += found
    spans, keys, found = spans_of(connection, folder, read, files)
    findings += found
    parts = parts_of(spans)
    if whole:
        findings += [unfit(part) for part in parts if part.rows > MOST_ROWS]
    refuse(findings, language, code="dataset.refused")
    return Folder(settings, small, parts, keys)


def unfit(part: Part) -> Finding:
    """Say that a part is too large to be held."""
    names = [*part.consumption, *part.production]
    numbers = {"count": len(names), "rows": part.rows, "limit": MOST_ROWS}
    return Finding("dataset.too_large", "error", Place(file=names[0]), "", numbers)


def spans_of(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: StudySettings,
    beside: Mapping[str, str],
) -> tuple[dict[str, Span], dict[str, str], list[Finding]]:
    """Return the plants of each file of the big tables, and the faults of the files.

    With them the key of each plant by its name as it is written: those of one key are one plant,
    as in every study.

    Parameters
    ----------
    connection : DuckDBPyConnection
        For the footers.
    folder : Path
        The dataset.
    settings : StudySettings
        For columns with headings of their own.
    beside : mapping of str to str
        Files that hold a big table and lie beside its folder, by table.
    """
    spans: dict[str, Span] = {}
    sound: dict[str, list[Path]] = {table: [] for table in BIG}
    findings: list[Finding] = []
    for table in BIG:
        inside = folder / table
        files = table_files(inside)
        if (inside / LAKE_LOG).is_dir():
            findings.append(Finding("dataset.lake", "error", Place(file=f"{table}/"),
                                    LAKE_LOG))  # fmt: skip
            continue
        if table in beside:
            code = "dataset.two_places" if files else "dataset.one_file"
            findings.append(Finding(code, "error", Place(file=beside[table]), "",
                                    {"table": table, "folder": f"{table}/"}))  # fmt: skip
        elif not files:
            findings.append(_without_files(inside, table))
        for path in files:
            name = path.relative_to(folder).as_posix()
            found = _file(connection, path, name)
            if isinstance(found, Finding):
                findings.append(found)
                continue
            sound[table].append(path)
            spans[name] = found
        if sound[table]:
            findings += _headings(table, [*columns_of(connection, sound[table])], settings)
    keys = plant_names(connection, [*sound.values()])
    odd = any(written != key for written, key in keys.items())
    for name, span in spans.items():
        if odd:
            span = spans[name] = span_by_keys(connection, folder / name, span, keys)
        if span.blank:
            numbers = {"count": span.blank, "rows": span.rows}
            findings.append(Finding("dataset.blank_plant", "error", Place(file=name), "",
                                    numbers))  # fmt: skip
    return spans, keys, findings


def _without_files(inside: Path, table: str) -> Finding:
    """Say that a table has no files, and what there is in their stead."""
    place = Place(file=f"{table}/")
    there = sorted(path.name for path in inside.iterdir()) if inside.is_dir() else []
    if there:
        listed = there[:NAMES_TOLD] + ["…"] * (len(there) > NAMES_TOLD)
        return Finding("dataset.other_files", "error", place, "",
                       {"table": table, "files": listed})  # fmt: skip
    return Finding("dataset.no_files", "error", place, "", {"table": table})


def _file(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> Span | Finding:
    import duckdb

    try:
        if folder_columns(path):
            for column in reserved_columns(connection, [path]):
                return Finding("dataset.reserved_column", "error", Place(file=name, column=column))
        columns = columns_of(connection, [path])
        if KEY not in columns:
            listed = list(columns)[:12]
            return Finding("dataset.no_plants", "error", Place(file=name), "",
                           {"columns": listed or ["–"]})  # fmt: skip
        return span_of(connection, path)
    except (duckdb.Error, OSError):
        return Finding("dataset.not_parquet", "error", Place(file=name))


def _headings(table: str, columns: list[str], settings: StudySettings) -> list[Finding]:
    """Return what is wrong with the columns of a big table."""
    cells = [np.empty(0, dtype=object) for _ in columns]
    raw = RawTable(f"{table}/", "", columns, cells, np.empty(0, np.int64))
    found = match_headings(table_spec(table), raw, settings.columns.get(table, {}))
    return found.findings


def _small_tables(
    connection: duckdb.DuckDBPyConnection, folder: Path, settings: StudySettings
) -> tuple[dict[str, pd.DataFrame], dict[str, str], list[Finding]]:
    """Return the tables that are files in the folder, and the files that hold big ones.

    The column of the plant has its key.
    """
    others = {Path(name).name for name in (settings.programme, settings.factor_set,
                                           settings.emission_factors,
                                           str(settings.spellings.get(FILE, "")))}  # fmt: skip
    found = read_csv_folder(folder, settings.files, settings.columns, others)
    found.findings = [item for item in found.findings if item.code != "file.workbook_inside"]
    for path in sorted(filter(is_parquet, folder.iterdir())):
        if path.is_file():
            _add_parquet(connection, path, found)
    frames, big = {}, {}
    for name, raw in found.tables.items():
        if name in BIG:
            big[name] = raw.file
            continue
        headings = match_headings(table_spec(name), raw, settings.columns.get(name, {}))
        frame = pd.concat([pd.Series(cells) for cells in raw.columns], axis=1)
        frame.columns = list(raw.headings)
        if KEY in headings.index:
            frame.columns = [KEY if i == headings.index[KEY] else heading
                             for i, heading in enumerate(raw.headings)]  # fmt: skip
        frames[name] = frame
    return frames, big, found.findings


def _add_parquet(connection: duckdb.DuckDBPyConnection, path: Path, found: FileTables) -> None:
    import duckdb

    spec = table_by_name(path.stem)
    if spec is None:
        found.report("file.unknown_table", Place(file=path.name), "warning", path.stem)
        return
    try:
        frame = read_frame(connection, [path])
    except (duckdb.Error, OSError):
        found.report("dataset.not_parquet", Place(file=path.name))
        return
    cells = RawTable.from_frame(frame, spec.name)
    found.add(spec, RawTable(path.name, "", cells.headings, cells.columns, cells.rows))
