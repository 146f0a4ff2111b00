"""What a fault of the driver means to the person who runs the command."""

from __future__ import annotations

import sqlite3
from typing import Any

__all__ = ["code_of"]

_SQLITE = {
    "SQLITE_BUSY": "locked", "SQLITE_LOCKED": "locked", "SQLITE_FULL": "full",
    "SQLITE_IOERR": "full", "SQLITE_READONLY": "read_only", "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "read_only", "SQLITE_CORRUPT": "damaged", "SQLITE_NOTADB": "other",
}  # fmt: skip
"""Primary result codes; the extended ones begin with them."""

_STATES = {
    "55P03": "locked", "40P01": "locked", "53100": "full", "25006": "read_only",
    "42501": "read_only", "28000": "refused", "28P01": "refused", "3D000": "no_database",
    "XX001": "damaged", "XX002": "damaged",
}  # fmt: skip
"""SQLSTATE of PostgreSQL; https://www.postgresql.org/docs/15/errcodes-appendix.html."""

_LOST = ("08", "57P")
"""Beginnings of SQLSTATE: connection exceptions; ended by the administrator, or shut down."""

_WORDS = {
    "authentication failed": "refused", "no password": "refused", "pg_hba.conf": "refused",
    "does not exist": "no_database",
}  # fmt: skip

APPEND_ONLY = "append-only"
"""What the triggers say that guard what was written."""


def code_of(error: BaseException, sqlite: bool) -> str:
    """Return the kind of a fault; empty where it is none of those that have words.

    Parameters
    ----------
    error : exception
        Of SQLAlchemy, with that of the driver in it.
    sqlite : bool
        Whether the driver is that of SQLite.
    """
    driver: Any = getattr(error, "orig", None)
    if APPEND_ONLY in str(driver):
        return "changed"
    if sqlite:
        return _of_sqlite(driver)
    state = str(getattr(driver, "sqlstate", None) or "")
    if state in _STATES:
        return _STATES[state]
    if state.startswith(_LOST) or getattr(error, "connection_invalidated", False):
        return "lost"
    if not state and type(driver).__name__ == "OperationalError":
        # The driver gives no state where no connection came about; the server's words are left.
        words = str(driver)
        return next((kind for word, kind in _WORDS.items() if word in words), "lost")
    return ""


def _of_sqlite(driver: Any) -> str:
    if not isinstance(driver, sqlite3.Error):
        return ""
    name = getattr(driver, "sqlite_errorname", None) or ""
    return next((kind for start, kind in _SQLITE.items() if name.startswith(start)), "")
