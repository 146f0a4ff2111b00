"""From the tables of an earlier version of the library to those of this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.store.database import Database, refuse

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["LATEST", "migrate", "revision_of"]

LATEST = "3"
"""Revision of the tables that this version of the library reads and writes."""

_LOCK = 2384
"""Number under which PostgreSQL lets one migration run at a time."""


def migrate(
    database: Database, *, create: bool = False, upgrade: bool = True, to: str = LATEST
) -> tuple[str, str]:
    """Bring the tables to the latest revision, in one transaction.

    Parameters
    ----------
    database : Database
        An open database.
    create : bool
        Whether tables may be made where there are none.
    upgrade : bool
        Whether tables of an earlier revision may be changed; else they are refused.
    to : str
        Revision that is wanted.

    Returns
    -------
    tuple of str
        Revision before (empty where there were no tables) and after.

    Raises
    ------
    StoreError
        If the database is of a later version of the library, of another program, or not to be
        changed. Whatever happens, it is as it was.
    """
    with database.reading() as connection:
        before = revision_of(connection, database)
    if before == to:
        return before, before
    if not before and not create:
        refuse("store.empty", database.language, name=database.name)
    if before and not upgrade:
        refuse("store.older", database.language, name=database.name, found=before, known=LATEST)
    database.use_log()
    with database.telling(), database.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if not database.sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            before = revision_of(connection, database)  # another process may have been faster
            _run(connection, before, to)
    return before, to


def revision_of(connection: Connection, database: Database) -> str:
    """Return the revision of the tables; empty where there are none.

    Raises
    ------
    StoreError
        If the revision is none that this version knows, or the tables are of another program.
    """
    from sqlalchemy import inspect, text

    names = set(inspect(connection).get_table_names())
    if not names:
        return ""
    if not {"alembic_version", "changes"} <= names:
        refuse("store.foreign", database.language, name=database.name, names=sorted(names)[:5])
    rows = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    known = [str(item.revision) for item in _scripts().walk_revisions()]
    if len(rows) != 1 or rows[0] not in known:
        refuse("store.newer", database.language, name=database.name,
               found=", ".join(map(str, rows)) or "–", known=LATEST)  # fmt: skip
    return str(rows[0])


@cache
def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _run(connection: Connection, before: str, to: str) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    context = MigrationContext.configure(connection, opts={"transactional_ddl": True})
    steps = list(_scripts().iterate_revisions(to, before or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(_scripts(), step.revision)
