"""Parquet files read and written with duckdb: frames of codes, ranges of plants, footers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sxsh_audit.errors import StudyError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.scale.table_files import folder_columns
from sxsh_audit.tables.raw import key_text

if TYPE_CHECKING:
    import duckdb

__all__ = ["AS_PARQUET", "FILE", "NAME", "ROW", "Span", "columns_of", "connected", "file_list",
           "footer", "plant_names", "quoted", "read_frame", "records_in", "reserved_columns",
           "span_by_keys", "span_of", "text_literal", "write_frame"]  # fmt: skip

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER",
           "FLOAT", "DOUBLE")  # fmt: skip
DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
KEY = "facility"
NAME = (f"CASE WHEN typeof({KEY}) IN ('FLOAT', 'DOUBLE') "
        f"THEN regexp_replace(CAST({KEY} AS VARCHAR), '[.]0$', '') "
        f"ELSE CAST({KEY} AS VARCHAR) END")  # fmt: skip
"""Plant of a record as it is written there, in the words of SQL: 1.0 is «1»."""
ROWS_OF_GROUP = 122_880
"""Rows of a row group: a few plants are found without reading the whole file."""
FILE, ROW = "the file", "file_row_number"
"""Columns that say where a record stands; duckdb names the second one, so that no other may be."""
AS_PARQUET = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_GROUP})"


class Span(NamedTuple):
    """First and last plant of a file, its rows, and how many of them name no plant."""

    first: str
    last: str
    rows: int
    blank: int


@contextmanager
def connected(
    *, threads: int = 1, memory: str = "", spill: Path | None = None, language: Language = "vi"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection of its own, that uses so many cores and so much memory.

    Parameters
    ----------
    threads : int
        Cores.
    memory : str
        The most memory, such as ``"1GB"``; empty for what duckdb takes.
    spill : Path, optional
        Folder for what does not fit into the memory.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    StudyError
        If duckdb is not installed.
    """
    if find_spec("duckdb") is None:
        text = refusal_sentence("dataset.no_duckdb", {}, language)
        raise StudyError(text, code="dataset.no_duckdb")
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {int(threads)}")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = true")
        if memory:
            connection.execute(f"SET memory_limit = {text_literal(memory)}")
        if spill is not None:
            connection.execute(f"SET temp_directory = {text_literal(str(spill))}")
        yield connection


def text_literal(text: str) -> str:
    """Write a text as SQL does.

    Examples
    --------
    >>> text_literal("l'Oréal")
    "'l''Oréal'"
    """
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Write the name of a column as SQL does.

    Examples
    --------
    >>> quoted('the "size" of it')
    '"the ""size"" of it"'
    """
    return '"' + name.replace('"', '""') + '"'


def file_list(files: Sequence[Path]) -> str:
    """Return the files as the list that ``read_parquet`` takes; no letter is a wild card.

    Examples
    --------
    >>> file_list([Path("a[1]/p*.parquet")])
    "['a[[]1]/p[*].parquet']"
    """
    marks = str.maketrans({"[": "[[]", "*": "[*]", "?": "[?]"})
    return "[" + ", ".join(text_literal(str(path).translate(marks)) for path in files) + "]"


def columns_of(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> dict[str, str]:
    """Return the type of each column of the files together, by its name."""
    return _described(connection, f"SELECT * FROM {records_in(connection, files)}")


def reserved_columns(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path]
) -> list[str]:
    """Return the columns in the files without which their records can be read, but not sorted."""
    own = _described(connection, f"SELECT * FROM {_scanned(files)}")
    return [name for name in own if name.lower() in (FILE, ROW)]  # duckdb tells no case apart


def _described(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    found = connection.execute(f"DESCRIBE {query}").fetchall()
    return {str(row[0]): str(row[1]) for row in found}


def span_of(connection: duckdb.DuckDBPyConnection, path: Path) -> Span:
    """Return which plants a file holds, from its footer where that says it to the letter."""
    found = connection.execute(
        "SELECT row_group_num_rows, type, stats_min_value, stats_max_value, stats_null_count, "
        "min_is_exact, max_is_exact "
        f"FROM parquet_metadata({file_list([path])}) WHERE path_in_schema = '{KEY}'"
    ).fetchall()
    if found and all(row[1] == "BYTE_ARRAY" and None not in row[2:] and row[5] and row[6]
                     for row in found):  # fmt: skip
        first, last = min(str(row[2]) for row in found), max(str(row[3]) for row in found)
        if first.strip():
            return Span(first, last, sum(int(row[0]) for row in found),
                        sum(int(row[4]) for row in found))  # fmt: skip
    named = f"{NAME} IS NOT NULL AND trim({NAME}) <> ''"
    first, last, rows, plants = connection.execute(  # type: ignore[misc]
        f"SELECT min({NAME}) FILTER ({named}), max({NAME}) FILTER ({named}), count(*), "
        f"count(*) FILTER ({named}) FROM {records_in(connection, [path])}"
    ).fetchone()
    return Span(first or "", last or "", int(rows), int(rows) - int(plants))


def plant_names(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Sequence[Path]]
) -> dict[str, str]:
    """Return the plants that the tables name: the key of each, by its name as it is written."""
    each = [f"SELECT DISTINCT {NAME} AS {KEY} FROM {records_in(connection, files)}"
            for files in tables if files]  # fmt: skip
    if not each:
        return {}
    both = " UNION ".join(each)
    found = connection.execute(f"SELECT {KEY} FROM ({both}) WHERE {KEY} IS NOT NULL").fetchall()
    return {str(name): key_text(str(name)) for (name,) in found}


def span_by_keys(
    connection: duckdb.DuckDBPyConnection, path: Path, span: Span, keys: Mapping[str, str]
) -> Span:
    """Return which plants a file holds by their keys, where some are written otherwise.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection.
    path : Path
        The file.
    span : Span
        What :func:`span_of` found.
    keys : mapping of str to str
        Key of each plant by its name as it is written; empty where that is none.
    """
    counts = connection.execute(
        f"SELECT {NAME} AS name, count(*) FROM {records_in(connection, [path])} GROUP BY name"
    ).fetchall()
    found = [(keys.get(str(name), "") if name is not None else "", int(rows))
             for name, rows in counts]  # fmt: skip
    named = [key for key, _ in found if key]
    blank = sum(rows for key, rows in found if not key)
    return Span(min(named, default=""), max(named, default=""), span.rows, blank)


def read_frame(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], names: Sequence[str] = ()
) -> pd.DataFrame:
    """Read Parquet files, one after the other, into codes and numbers.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection.
    files : sequence of Path
        Files of one table; a column that one of them lacks is empty there.
    names : sequence of str
        Names of a plant as it is written: read its rows only. Empty for all rows.

    Returns
    -------
    DataFrame
        Rows in the order of the files; texts as Categorical with sorted categories, numbers and
        days in their own types.
    """
    listed = ", ".join(map(text_literal, names))
    where = f" WHERE {NAME} IN ({listed})" if names else ""
    source = f"{records_in(connection, files)}{where}"
    wanted = []
    texts = []
    for i, (name, kind) in enumerate(columns_of(connection, files).items()):
        column = quoted(name)
        if name != KEY and (kind in NUMBERS or kind in DAYS):
            wanted.append(column)
        elif name != KEY and (kind.startswith("DECIMAL") or kind in ("HUGEINT", "UBIGINT")):
            wanted.append(f"CAST({column} AS DOUBLE) AS {column}")
        else:
            text = NAME if name == KEY else f"CAST({column} AS VARCHAR)"
            connection.execute(
                f"CREATE OR REPLACE TYPE t{i} AS ENUM (SELECT DISTINCT {text} AS t "
                f"FROM {source} {'AND' if where else 'WHERE'} {column} IS NOT NULL ORDER BY t)"
                if _any(connection, source, where, column)
                else f"CREATE OR REPLACE TYPE t{i} AS ENUM ('')"
            )
            wanted.append(f"CAST({text} AS t{i}) AS {column}")
            texts.append(name)
    frame = connection.execute(f"SELECT {', '.join(wanted)} FROM {source}").df()
    for name in texts:
        frame[name] = frame[name].cat.as_unordered()
    return frame


def _any(connection: duckdb.DuckDBPyConnection, source: str, where: str, column: str) -> bool:
    """Whether a column holds anything: there is no enumeration of nothing."""
    joined = "AND" if where else "WHERE"
    found = connection.execute(f"SELECT 1 FROM {source} {joined} {column} IS NOT NULL LIMIT 1")
    return found.fetchone() is not None


def write_frame(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as a Parquet file."""
    connection.register("written", frame)
    try:
        connection.execute(
            f"COPY written TO {text_literal(str(path))} {AS_PARQUET}")  # fmt: skip
    finally:
        connection.unregister("written")


def footer(path: Path) -> str:
    """Return the SHA-256 of a Parquet file's footer: its columns, row groups and their extremes."""
    with path.open("rb") as stream:
        stream.seek(-8, os.SEEK_END)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(-8 - length, os.SEEK_END)
        return hashlib.sha256(stream.read(length)).hexdigest()


def _scanned(files: Sequence[Path], *, placed: bool = False) -> str:
    """Return the SQL of what is in some files, and perhaps where each record stands."""
    # duckdb itself would take any «unit=kg» above the dataset for a column of it.
    places = f", filename = '{FILE}', {ROW} = true" if placed else ""
    return (f"read_parquet({file_list(files)}, union_by_name = true, "
            f"hive_partitioning = false{places})")  # fmt: skip


def records_in(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], *, placed: bool = False
) -> str:
    """Return the SQL of the records of some files, with the columns that their folders state.

    Parameters
    ----------
    connection : DuckDBPyConnection
        For the columns of the files: one that is in a file and in its path is that of the file.
    files : sequence of Path
        Files of one table.
    placed : bool
        Add :data:`FILE` and :data:`ROW`, which say where a record stands.

    Returns
    -------
    str
        What may follow ``FROM``.
    """
    stated = [folder_columns(path) for path in files]
    names = list(dict.fromkeys(name for each in stated for name in each))
    if names:
        own = _described(connection, f"SELECT * FROM {_scanned(files)}")
        taken = {name.lower() for name in own}  # duckdb tells no case apart
        names = [name for name in names if name not in taken]
    if not names:
        return _scanned(files, placed=placed)
    rows = []
    for place, (path, each) in enumerate(zip(files, stated, strict=True)):
        values = ["NULL" if (value := each.get(name)) is None else text_literal(value)
                  for name in names]  # fmt: skip
        rows.append(f"({', '.join([text_literal(str(path)), str(place), *values])})")
    heads = ", ".join(["path", "place", *map(quoted, names)])  # records may have such columns too
    kept = "records.*" if placed else f'records.* EXCLUDE ("{FILE}", {ROW})'
    added = ", ".join(f"folders.{quoted(name)}" for name in names)
    return (f"(SELECT {kept}, {added} FROM {_scanned(files, placed=True)} AS records "
            f"JOIN (VALUES {', '.join(rows)}) AS folders({heads}) "
            f'ON folders.path = records."{FILE}" '
            f"ORDER BY folders.place, records.{ROW})")  # fmt: skip
