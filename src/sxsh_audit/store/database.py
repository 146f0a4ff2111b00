"""An open database: snapshots to read, one writer at a time, and its faults told in words."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from sxsh_audit.errors import StoreError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.store.faults import code_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

__all__ = ["Database", "refuse"]

T = TypeVar("T")

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
"""Engines that are tested, with the driver that each is opened by."""


def refuse(
    code: str, language: Language, cause: BaseException | None = None, **numbers: Any
) -> NoReturn:
    """Raise the refusal `code` in `language`."""
    raise StoreError(refusal_sentence(code, numbers, language), code=code, **numbers) from cause


class Database:
    """Connections to one database.

    Parameters
    ----------
    url : str
        Name of a SQLite file, ``sqlite:///file`` or ``postgresql://user@host/name``.
    timeout : float
        How long a writer waits for another one. [s]
    create : bool
        Whether a SQLite file that is not there may be made.
    language : {"vi", "en"}
        Language of the refusals.

    Notes
    -----
    SQLite runs with a write-ahead log, ``synchronous = FULL`` (what is committed survives a cut
    of the power) and explicit ``BEGIN``, so that changes of the schema are in the transaction
    too. A writer takes the lock before it reads: ``BEGIN IMMEDIATE`` there, ``LOCK TABLE
    changes`` on PostgreSQL. Numbers of changes therefore follow the order of the commits.
    """

    def __init__(
        self, url: str, *, timeout: float, create: bool, language: Language
    ) -> None:
        self.language: Language = language
        self.timeout = timeout
        parsed = _parsed(url, language)
        plain = parsed.set(drivername=parsed.get_backend_name())
        self.url = plain.render_as_string(hide_password=True)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.name = parsed.database or ""
        if self.sqlite:
            self._look_at_file(create)
        self._process = os.getpid()
        self.engine = _engine(parsed, timeout, self.sqlite)

    def _look_at_file(self, create: bool) -> None:
        path = Path(self.name)
        if path.is_dir():
            refuse("store.is_folder", self.language, name=self.name)
        if not path.exists() and not create:
            refuse("store.missing", self.language, name=self.name)
        if not path.absolute().parent.is_dir():
            refuse("store.no_folder", self.language, name=self.name,
                   folder=str(path.absolute().parent))  # fmt: skip

    def use_log(self) -> None:
        """Have SQLite write ahead to a log; the file remembers it, so only our own is asked to."""
        if not self.sqlite:
            return
        with self.telling(), self.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:  # outside any transaction
                raw.execute("PRAGMA journal_mode = WAL").close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database, whatever others write."""
        with self.telling(), self.connect() as connection:
            if not self.sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ",
                                             postgresql_readonly=True)  # fmt: skip
            with connection.begin():
                yield connection

    def write(self, work: Callable[[Connection, str], T]) -> T:
        """Run `work` in one transaction, alone among the writers; all of it is kept or nothing.

        Where the connection is lost while the transaction is being committed, nobody knows yet
        whether it was: the database is asked again for the token of the change.
        """
        from sqlalchemy.exc import DBAPIError

        token, committing = secrets.token_hex(16), False
        with self.telling():
            try:
                with self.connect() as connection:
                    connection.execution_options(writes=True)
                    with connection.begin():
                        self._lock(connection)
                        result = work(connection, token)
                        committing = True
                return result
            except DBAPIError as error:
                if not committing or code_of(error, self.sqlite) != "lost":
                    raise
                if not self._was_kept(token, error):
                    raise
                return result

    def _lock(self, connection: Connection) -> None:
        if self.sqlite:
            return  # BEGIN IMMEDIATE has it already
        wait = max(1, round(self.timeout * 1000))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait}")
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        connection.exec_driver_sql("LOCK TABLE changes IN EXCLUSIVE MODE")

    def _was_kept(self, token: str, error: BaseException) -> bool:
        from sqlalchemy import select
        from sqlalchemy.exc import DBAPIError

        from sxsh_audit.store.layout import table

        changes = table("changes")
        try:
            with self.connect() as connection, connection.begin():
                self._lock(connection)  # waits until the server is done with the lost one
                found = connection.execute(
                    select(changes.c.number).where(changes.c.token == token)).first()
        except DBAPIError:
            refuse("store.outcome_unknown", self.language, error, token=token)
        return found is not None

    def connect(self) -> Connection:
        """Return a connection; the caller closes it."""
        if self._process != os.getpid():
            # A connection that came over with a fork belongs to the other process.
            self.engine.dispose(close=False)
            self._process = os.getpid()
        return self.engine.connect()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Tell a fault of the database in the person's words."""
        from sqlalchemy.exc import DBAPIError, TimeoutError

        try:
            yield
        except (DBAPIError, TimeoutError) as error:
            fault = code_of(error, self.sqlite)
            numbers: dict[str, Any] = {"name": self.name}
            if fault == "locked":
                numbers["seconds"] = self.timeout
            if not fault:
                fault = "failed"
                reason = str(getattr(error, "orig", None) or error).strip().splitlines()
                numbers["reason"] = reason[0] if reason else type(error).__name__
            refuse(_FAULTS[fault], self.language, error, **numbers)


_FAULTS = {
    "locked": "store.locked", "full": "store.disk_full", "read_only": "store.read_only",
    "damaged": "store.damaged", "other": "store.not_database", "lost": "store.lost",
    "refused": "store.refused", "no_database": "store.no_database", "failed": "store.failed",
    "changed": "store.append_only",
}  # fmt: skip


def _parsed(url: str, language: Language) -> URL:
    try:
        from sqlalchemy.engine import URL, make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError as error:
        refuse("store.no_extra", language, error)
    if "://" not in url:  # the name of a file, in which no letter has a meaning
        return URL.create(DRIVERS["sqlite"], database=url)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        refuse("store.url", language, error, url=_without_password(url))
    engine = parsed.get_backend_name()
    if engine not in DRIVERS:
        refuse("store.engine", language, name=engine)
    if engine == "sqlite" and parsed.database in (None, "", ":memory:"):
        refuse("store.memory", language)
    if engine == "postgresql":
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            refuse("store.no_postgres", language, error)
    return parsed.set(drivername=DRIVERS[engine])


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and ":" in head else url


def _engine(url: URL, timeout: float, sqlite: bool) -> Engine:
    from sqlalchemy import create_engine, event

    if not sqlite:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(url, connect_args={"timeout": timeout})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would begin on its own, and not for DDL
        for line in ("synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {line}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
