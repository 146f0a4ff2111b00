"""Files of the data behind the pages: CSV, Parquet where DuckDB is installed, JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import LANGUAGES, Language, format_number
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.csv_files import csv_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DataFile", "describe_files", "write_data"]


@dataclass(frozen=True, eq=False)
class DataFile:
    """A table that is offered for download.

    Parameters
    ----------
    key : str
        Name of its files.
    title, told : str
        Codes of the sentences that name it and tell what it is.
    columns : mapping of str to tuple of str
        Per column its JSON type and the code of the sentence that tells what it holds.
    frame : DataFrame
        Its rows.
    """

    key: str
    title: str
    told: str
    columns: Mapping[str, tuple[str, str]]
    frame: pd.DataFrame


def write_data(data: Sequence[DataFile], folder: Path) -> dict[str, list[Path]]:
    """Write tables as files.

    Parameters
    ----------
    data : sequence of DataFile
        The tables.
    folder : path
        Where to; it is there.

    Returns
    -------
    dict of str to list of Path
        Files of each table. CSV is UTF-8 with «,» and a decimal point, for programs and for
        spreadsheets alike; a cell that a spreadsheet would run gets an apostrophe before it.
        Parquet only where DuckDB is installed; its texts are as they are.
    """
    written = {}
    for one in data:
        frame = one.frame[list(one.columns)]
        csv = folder / f"{one.key}.csv"
        csv.write_text("\ufeff" + csv_text(frame, "en"), encoding="utf-8", newline="")
        schema = folder / f"{one.key}.schema.json"
        schema.write_text(json.dumps(_schema(one), ensure_ascii=False, indent=1) + "\n",
                          encoding="utf-8")  # fmt: skip
        parquet = folder / f"{one.key}.parquet"
        written[one.key] = [csv, *([parquet] if _parquet(one, frame, parquet) else []), schema]
    return written


def describe_files(
    data: Sequence[DataFile], written: Mapping[str, Sequence[Path]], language: Language
) -> list[dict[str, Any]]:
    """Return what the page of downloads shows of each table."""
    return [
        {"key": one.key, "title": sentence(one.title, language),
         "told": sentence(one.told, language, rows=len(one.frame)),
         "links": [{"name": path.name, "size": _size(path.stat().st_size, language)}
                   for path in written[one.key]]}
        for one in data
    ]  # fmt: skip


def _size(count: int, language: Language) -> str:
    return f"{format_number(max(count, 1) / 1024, language, digits=2)} KiB"


def _schema(one: DataFile) -> dict[str, Any]:
    """Return the JSON Schema of a row; what a column holds is told in both languages."""
    def text(code: str) -> str:
        return " · ".join(sentence(code, language) for language in LANGUAGES)

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": text(one.title),
        "type": "array",
        "items": {
            "type": "object", "additionalProperties": False, "required": list(one.columns),
            "properties": {
                name: {"type": [kind, "null"], "description": text(code)}
                for name, (kind, code) in one.columns.items()
            },
        },
    }  # fmt: skip


_SQL = {"string": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN"}


def _parquet(one: DataFile, frame: pd.DataFrame, path: Path) -> bool:
    """Write a table as Parquet; say whether it could be done."""
    try:
        import duckdb
    except ImportError:
        return False
    from pandas import isna

    connection = duckdb.connect(":memory:")
    try:
        columns = ", ".join(f'"{name}" {_SQL[kind]}' for name, (kind, _) in one.columns.items())
        connection.execute(f"CREATE TABLE shown ({columns})")
        rows = [[None if isna(cell) else _plain(cell, one.columns[name][0])
                 for name, cell in zip(frame.columns, row, strict=True)]
                for row in frame.itertuples(index=False, name=None)]  # fmt: skip
        if rows:
            marks = ", ".join("?" * len(one.columns))
            connection.executemany(f"INSERT INTO shown VALUES ({marks})", rows)
        name = str(path).replace("'", "''")
        connection.execute(f"COPY shown TO '{name}' (FORMAT parquet)")
    finally:
        connection.close()
    return True


def _plain(cell: Any, kind: str) -> Any:
    return int(cell) if kind == "integer" else float(cell) if kind == "number" else str(cell)
