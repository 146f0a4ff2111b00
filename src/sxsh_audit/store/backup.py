"""A backup is one SQLite file with every row, whatever engine it was made from or goes back to."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import BATCH
from sxsh_audit.store.checking import check_rows
from sxsh_audit.store.database import Database, refuse
from sxsh_audit.store.layout import layout
from sxsh_audit.store.migrating import migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["restore_backup", "write_backup"]


def write_backup(
    source: Database, path: str | os.PathLike[str], overwrite: bool, language: Language
) -> Path:
    """Write every row, as of one moment, to a file, and check the file before it takes its place.

    Raises
    ------
    OutputError
        If the file cannot be written.
    StoreError
        If the database or the copy of it is not whole; no file is written then.
    """
    with replacing(path, overwrite=overwrite, language=language) as draft:
        target = Database(str(draft), timeout=source.timeout, create=True, language=language)
        try:
            migrate(target, create=True)
            with source.reading() as connection:
                _copy(connection, target)
            _refuse_faults(target, str(path), language)
        finally:
            target.close()
        try:
            with closing(sqlite3.connect(draft)) as raw:
                # One file without a log beside it, that a read-only disk can hold.
                raw.execute("PRAGMA journal_mode = DELETE").close()
        except sqlite3.Error as error:
            refuse("store.failed", language, error, name=str(path), reason=str(error))
    return Path(path)


def restore_backup(
    path: str | os.PathLike[str], url: str, timeout: float, language: Language
) -> None:
    """Bring a backup back into an empty database, in one transaction.

    Raises
    ------
    StoreError
        If there is no such file, if it is not whole, or if the database holds changes already.
    """
    if not Path(path).is_file():
        refuse("store.missing", language, name=os.fspath(path))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "backup.db"  # the backup itself is never written to
        shutil.copyfile(path, copy)
        source = Database(str(copy), timeout=timeout, create=False, language=language)
        try:
            migrate(source)
            _refuse_faults(source, os.fspath(path), language)
            target = Database(url, timeout=timeout, create=True, language=language)
            try:
                migrate(target, create=True, upgrade=False)
                with source.reading() as connection:
                    _copy(connection, target)
            finally:
                target.close()
        finally:
            source.close()


def _copy(source: Connection, target: Database) -> None:
    """Copy every row of every table into an empty database; all of them or none."""
    from sqlalchemy import func, select

    meta = layout()

    def run(connection: Connection, _: str) -> None:
        changes = meta.tables["changes"]
        if connection.execute(select(func.count()).select_from(changes)).scalar_one():
            refuse("store.not_empty", target.language, name=target.name)
        for rows in meta.sorted_tables:
            question = select(rows).execution_options(yield_per=BATCH)
            for part in source.execute(question).partitions():
                connection.execute(rows.insert(), [dict(row._mapping) for row in part])

    target.write(run)


def _refuse_faults(database: Database, name: str, language: Language) -> None:
    with database.reading() as connection:
        found = check_rows(connection, database.sqlite)
    if found:
        refuse("store.not_whole", language, name=name, count=len(found))
