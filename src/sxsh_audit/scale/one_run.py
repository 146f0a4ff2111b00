"""One run at a time in a folder of results."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sxsh_audit.files.replacing import refuse_output
from sxsh_audit.language.formatting import Language

__all__ = ["LOCK_FILE", "one_run"]

LOCK_FILE = ".run-lock"
"""Empty file that a run holds; whether it is held is known to the system, not written in it."""


@contextmanager
def one_run(folder: Path, language: Language) -> Iterator[None]:
    """Hold a folder while the block runs; another process is refused meanwhile.

    Parameters
    ----------
    folder : Path
        A folder that is there.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    OutputError
        If another run holds the folder.

    Notes
    -----
    SQLite locks the file by the means of the system, on Windows too, and the system lets it go
    when the process ends, however it ends. Where it cannot lock, as on some network drives, two
    runs are not kept apart; each part is still moved into place whole.
    """
    with ExitStack() as held:
        try:
            connection = sqlite3.connect(folder / LOCK_FILE, timeout=0, isolation_level=None)
            held.enter_context(closing(connection))
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:  # also of a file that somebody wrote over
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                refuse_output("many.busy", folder, language, path=str(folder))
        yield
