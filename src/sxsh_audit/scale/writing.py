"""Records of any source cut into parts: sorted by plant with duckdb in bounded memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.scale.checking import checked_folder
from sxsh_audit.scale.parquet import (
    AS_PARQUET,
    FILE,
    KEY,
    NAME,
    ROW,
    columns_of,
    connected,
    plant_names,
    quoted,
    records_in,
    reserved_columns,
    text_literal,
    write_frame,
)
from sxsh_audit.scale.settings_file import write_settings
from sxsh_audit.scale.study_records import study_records
from sxsh_audit.scale.table_files import BIG
from sxsh_audit.tables.schema import TABLES
from sxsh_audit.tables.settings import read_settings
from sxsh_audit.tables.study import Study, refuse

if TYPE_CHECKING:
    import duckdb

__all__ = ["MARK", "cut_dataset"]

MARK = "dataset.json"
"""File that lists the files of a dataset that this module wrote."""

SORTING_MEMORY = "1GB"
SETTINGS = "settings"
PLANT_KEYS = "plant_keys"
SMALL = tuple(name for name in TABLES if name not in BIG)

Source = Study | Mapping[str, Any] | Iterable[Mapping[str, Any]] | str | os.PathLike[str]


def cut_dataset(
    source: Source,
    folder: Path,
    plants_per_part: int,
    overwrite: bool,
    progress: Callable[[int, int], None] | None,
    language: Language,
) -> None:
    """Write a source as a dataset; see :func:`sxsh_audit.scale.dataset.write_dataset`."""
    if plants_per_part < 1:
        raise ValueError(f"plants_per_part must be at least 1, not {plants_per_part}")
    with replacing_folder(folder, MARK, overwrite=overwrite, language=language) as draft:
        work = draft / "work"
        work.mkdir()
        with connected(memory=SORTING_MEMORY, spill=work / "spill",
                       language=language) as connection:  # fmt: skip
            big = _gathered(connection, source, draft, work, language)
            refuse([Finding("dataset.reserved_column", "error", Place(sheet=table, column=column))
                    for table, files in big.items()
                    for column in reserved_columns(connection, files)],
                   language, code="dataset.refused")  # fmt: skip
            _register_keys(connection, big)
            _cut(connection, big, draft, work, plants_per_part, progress)
        shutil.rmtree(work)


def _gathered(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    draft: Path,
    work: Path,
    language: Language,
) -> dict[str, list[Path]]:
    """Write settings and small tables, and return the files that hold the big ones, in order."""
    if isinstance(source, (str, os.PathLike)):
        folder = Path(source)
        found = checked_folder(connection, folder, language, whole=False)
        write_settings(found.settings, draft)
        for name, table in found.tables.items():
            write_frame(connection, table, draft / f"{name}.parquet")
        return {table: [folder / name for part in found.parts for name in getattr(part, table)]
                for table in BIG}  # fmt: skip
    if isinstance(source, Study):
        pieces: Iterable[Mapping[str, Any]] = [study_records(source)]
    else:
        pieces = [source] if isinstance(source, Mapping) else source
    big: dict[str, list[Path]] = {table: [] for table in BIG}
    settings: dict[str, Any] = {}
    small: dict[str, list[pd.DataFrame]] = {}
    for number, piece in enumerate(pieces):
        settings |= piece.get(SETTINGS, {})
        for name, table in piece.items():
            if name in BIG:
                _refuse_without_plants(name, table, language)
                path = work / f"{name}-{number:06d}.parquet"
                write_frame(connection, table, path)
                big[name].append(path)
            elif name in SMALL:
                small.setdefault(name, []).append(table)
            elif name != SETTINGS:
                raise TypeError(f"{name}: give {', '.join((*BIG, *SMALL, SETTINGS))}")
    refuse([*read_settings(settings, file="")[1],
            *(Finding("dataset.no_files", "error", Place(file=f"{name}/"), "", {"table": name})
              for name in BIG if not big[name])], language, code="dataset.refused")  # fmt: skip
    write_settings(settings, draft)
    for name, tables in small.items():
        table = pd.concat(tables, ignore_index=True)
        write_frame(connection, table, draft / f"{name}.parquet")
    return big


def _refuse_without_plants(name: str, table: pd.DataFrame, language: Language) -> None:
    place = Place(sheet=name)
    if KEY not in table.columns:
        listed = [str(column) for column in table.columns[:12]] or ["–"]
        refuse([Finding("dataset.no_plants", "error", place, "", {"columns": listed})], language,
               code="dataset.refused")  # fmt: skip
    keys = table[KEY]
    blank = int((keys.isna() | (keys.astype(str).str.strip() == "")).sum())
    if blank:
        numbers = {"count": blank, "rows": len(table)}
        refuse([Finding("dataset.blank_plant", "error", place, "", numbers)], language,
               code="dataset.refused")  # fmt: skip


def _register_keys(connection: duckdb.DuckDBPyConnection, big: Mapping[str, list[Path]]) -> None:
    """Let the query know the key of each plant that is written otherwise."""
    keys = plant_names(connection, [*big.values()])
    pairs = [(name, key) for name, key in keys.items() if name != key]
    connection.register(PLANT_KEYS, pd.DataFrame(pairs, columns=["name", "key"], dtype=object))


def _cut(
    connection: duckdb.DuckDBPyConnection,
    big: Mapping[str, list[Path]],
    draft: Path,
    work: Path,
    plants_per_part: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Sort the big tables by plant, records of a plant in their order, and cut between plants."""
    ordered = {}
    for table, files in big.items():
        ordered[table] = work / f"{table}-sorted.parquet"
        columns = ", ".join(f"records.{quoted(name)}" for name in columns_of(connection, files)
                            if name != KEY)  # fmt: skip
        # Files are numbered, since their names need not sort as they were given.
        listed = ", ".join(f"({text_literal(str(path))}, {i})" for i, path in enumerate(files))
        connection.execute(
            f"COPY (SELECT coalesce({PLANT_KEYS}.key, {NAME}) AS {KEY}, {columns} "
            f"FROM {records_in(connection, files, placed=True)} AS records "
            f'JOIN (VALUES {listed}) AS files(path, place) ON files.path = records."{FILE}" '
            f"LEFT JOIN {PLANT_KEYS} ON {PLANT_KEYS}.name = {NAME} "
            f"ORDER BY {KEY}, files.place, records.{ROW}) "
            f"TO {text_literal(str(ordered[table]))} {AS_PARQUET}"
        )
        (draft / table).mkdir()
    both = " UNION ".join(f"SELECT {KEY} FROM {records_in(connection, [path])}"
                          for path in ordered.values())  # fmt: skip
    ends = connection.execute(
        f"SELECT min({KEY}), max({KEY}) FROM (SELECT {KEY}, "
        f"(row_number() OVER (ORDER BY {KEY}) - 1) // {plants_per_part} AS part FROM ({both})) "
        "GROUP BY part ORDER BY part"
    ).fetchall()
    for number, (first, last) in enumerate(ends):
        for table, path in ordered.items():
            wanted = (f"FROM {records_in(connection, [path])} WHERE {KEY} "
                      f"BETWEEN {text_literal(first)} AND {text_literal(last)}")  # fmt: skip
            found = connection.execute(f"SELECT 1 {wanted} LIMIT 1").fetchone()
            if found is None:
                continue
            target = draft / table / f"part-{number:06d}.parquet"
            place = text_literal(str(target))
            connection.execute(f"COPY (SELECT * {wanted}) TO {place} {AS_PARQUET}")
        if progress is not None:
            progress(number + 1, len(ends))
