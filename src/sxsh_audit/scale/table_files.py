"""Files of a big table: in its folder or in folders below, whose names may hold columns."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

from sxsh_audit.tables.schema import table_spec

__all__ = ["BIG", "LAKE_LOG", "folder_columns", "is_parquet", "table_files"]

BIG = ("consumption", "production")
"""Tables that are folders of Parquet."""

PARQUET = ".parquet"
LAKE_LOG = "_delta_log"
"""Folder of a Delta table: it says which of the files beside it still count."""

NOTHING = "__HIVE_DEFAULT_PARTITION__"


def is_parquet(path: Path) -> bool:
    """Whether a file counts as Parquet: hidden ones, as macOS leaves beside others, do not."""
    return path.suffix.lower() == PARQUET and not path.name.startswith(".")


def table_files(folder: Path) -> list[Path]:
    """Return the Parquet files of a table in their order, those of folders below too.

    Parameters
    ----------
    folder : Path
        Folder of the table.

    Returns
    -------
    list of Path
        Without what lies in hidden folders, or in those that engines keep for themselves
        (``_temporary``).
    """
    found = []
    for path in folder.rglob("*"):
        above = path.relative_to(folder).parts[:-1]
        if is_parquet(path) and path.is_file() and not any(name[0] in "._" for name in above):
            found.append(path)
    return sorted(found)


def folder_columns(path: Path) -> dict[str, str | None]:
    """Return the columns of its table that the folders directly above a file state.

    Parameters
    ----------
    path : Path
        File of a table.

    Returns
    -------
    dict of str to (str or None)
        Value by the name of its column; a value that the engine left out is None. Other names,
        such as ``year=2014`` beside records with their periods, only divide the files. What
        stands above the folder of the table is no column: it may be any folder of the machine.

    Examples
    --------
    >>> path = Path("unit=kg/plants/consumption/year=2014/resource=n%C6%B0%E1%BB%9Bc/1.parquet")
    >>> folder_columns(path)
    {'resource': 'nước'}
    >>> folder_columns(Path("consumption/unit=kg/plants/prices.parquet"))
    {}
    """
    folders = path.parts[:-1]
    table = next((name for name in reversed(folders) if name in BIG), None)
    if table is None:
        return {}
    known = table_spec(table).fields
    pairs = [name.partition("=") for name in takewhile(lambda name: "=" in name, reversed(folders))]
    return {name: None if value == NOTHING else unquote(value)
            for name, _, value in reversed(pairs) if name in known}  # fmt: skip
