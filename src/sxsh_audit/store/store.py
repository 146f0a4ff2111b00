"""The store: what is done with the database of a programme."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.results import Assessment
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.store.backup import restore_backup, write_backup
from sxsh_audit.store.changes import state_at
from sxsh_audit.store.checking import check_rows
from sxsh_audit.store.database import Database, refuse
from sxsh_audit.store.history import all_changes, all_consents, kept_studies, record_history
from sxsh_audit.store.keeping import Keeping
from sxsh_audit.store.migrating import migrate
from sxsh_audit.store.register_rows import read_register_rows
from sxsh_audit.store.study_rows import read_assessment, read_inputs, study_version
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection, Row

__all__ = ["Store"]

AsOf = int | dt.date | None


class Store(Keeping):
    """The database of a programme: every version of every record.

    Nothing is overwritten. A correction is a new version that says who made it, when and why;
    what was known at any time can be read again. Each call that writes is one transaction.

    Parameters
    ----------
    url : str
        ``sqlite:///sxsh.db`` for a file, or ``postgresql://user@host/name``.
    who : str
        Who writes; by default the login name.
    create : bool
        Whether the tables may be made where there are none, and a SQLite file with them.
    language : {"vi", "en"}
        Language of the refusals.
    timeout : float
        How long a writer waits for another one. [s]

    Raises
    ------
    StoreError
        If the database cannot be opened, is of a later version of the library, or is of an
        earlier one (``store migrate`` takes it over).

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Store(f"sqlite:///{folder.name}/sxsh.db", who="Lan") as store:
    ...     plants = Register.from_frames(establishments=pd.DataFrame(
    ...         {"establishment": ["A"], "name": ["Xưởng A"]}))
    ...     first = store.put_register(plants)
    ...     again = store.put_register(plants)
    ...     store.register(), first.number, again.number
    (Register(1 establishments), 1, 0)
    >>> folder.cleanup()
    """

    def __init__(
        self,
        url: str = "sqlite:///sxsh.db",
        *,
        who: str = "",
        create: bool = True,
        language: Language = "vi",
        timeout: float = 30.0,
    ) -> None:
        self.language: Language = check_language(language)
        self.who = who
        self.database = Database(url, timeout=timeout, create=create, language=self.language)
        try:
            migrate(self.database, create=create, upgrade=False)
        except BaseException:
            self.database.close()
            raise

    # -- reading ------------------------------------------------------------------------------

    def register(self, as_of: AsOf = None) -> Register:
        """Return the register, with what the studies found.

        Parameters
        ----------
        as_of : int, date or datetime, optional
            As it was known after this change, at this moment (with its time zone), or at the end
            of this day in Viet Nam; by default as it is known now.

        Returns
        -------
        Register
            Its setting ``change`` is the number of the last change in it.
        """
        with self.database.reading() as connection:
            until = state_at(connection, as_of, self.language)
            return read_register_rows(connection, until)

    def assessment(self, study: str, version: int | None = None) -> Assessment:
        """Return what was found in a study.

        Parameters
        ----------
        study : str
            Name under which it is kept.
        version : int, optional
            One of its versions; by default the latest.

        Raises
        ------
        StoreError
            If there is no such study or it was withdrawn, or its data are not as written.
        """
        with self.database.reading() as connection:
            return read_assessment(self._study(connection, study, version), self.language)

    def inputs(self, study: str, version: int | None = None) -> Study:
        """Return the checked inputs of a study, as they were checked.

        Parameters
        ----------
        study : str
            Name under which it is kept.
        version : int, optional
            One of its versions; by default the latest.

        Raises
        ------
        StoreError
            As :meth:`assessment`.
        """
        with self.database.reading() as connection:
            return read_inputs(self._study(connection, study, version), self.language)

    def _study(self, connection: Connection, study: str, version: int | None) -> Row[Any]:
        until = state_at(connection, None, self.language)
        row = study_version(connection, study, until, version)
        if row is None:
            refuse("store.no_study", self.language, study=study, version=version or "–")
        if row.withdrawn and version is None:
            refuse("store.withdrawn_study", self.language, study=study)
        return row

    def studies(self, as_of: AsOf = None) -> pd.DataFrame:
        """Return the studies that are kept: name, version, plants, hashes, who and when.

        Parameters
        ----------
        as_of : int, date or datetime, optional
            As in :meth:`register`.
        """
        with self.database.reading() as connection:
            return kept_studies(connection, state_at(connection, as_of, self.language))

    def history(self, kind: str = "", key: str | Sequence[Any] = "") -> pd.DataFrame:
        """Return every version of a record, or every change.

        Parameters
        ----------
        kind : str
            Kind of record: a table of the register, ``settings``, ``consents`` or ``studies``.
            Without one every change is told.
        key : str or sequence
            What tells the record from others: the values of its key columns.

        Returns
        -------
        DataFrame
            Version, change, moment in UTC, who, why, whether withdrawn, then the record itself;
            or number, moment, who, why, kind and count of records of each change.
        """
        with self.database.reading() as connection:
            if not kind:
                return all_changes(connection)
            return record_history(connection, kind, key, self.language)

    def consents(self, as_of: AsOf = None) -> pd.DataFrame:
        """Return what establishments said about publication, in general and of single studies.

        Parameters
        ----------
        as_of : int, date or datetime, optional
            As in :meth:`register`.
        """
        with self.database.reading() as connection:
            return all_consents(connection, state_at(connection, as_of, self.language))

    # -- care ---------------------------------------------------------------------------------

    def check(self) -> tuple[Finding, ...]:
        """Return what is wrong with the database; nothing where it is whole.

        Notes
        -----
        It looks at the file (SQLite), that the changes follow each other without a gap and have
        all their rows, that no version is missing, and that inputs and findings of every study
        have the SHA-256 with which they were written.
        """
        with self.database.reading() as connection:
            return tuple(check_rows(connection, self.database.sqlite))

    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write everything, as of one moment, to one file, while others go on writing.

        Parameters
        ----------
        path : path
            A SQLite file, of either engine; it is checked before it takes its place.
        overwrite : bool
            Whether a file that is there may be replaced.

        Raises
        ------
        OutputError
            If the file cannot be written, or is there already.
        StoreError
            If the database is not whole.
        """
        return write_backup(self.database, path, overwrite, self.language)

    @classmethod
    def restore(
        cls, path: str | os.PathLike[str], url: str, *, who: str = "", language: Language = "vi",
        timeout: float = 30.0,
    ) -> Store:
        """Bring a backup back into an empty database of either engine, and open it.

        Parameters
        ----------
        path : path
            What :meth:`backup` wrote, also with an earlier version of the library.
        url : str
            Where to; a database that holds changes already is refused.
        who, language, timeout
            As of the store.
        """
        restore_backup(path, url, timeout, check_language(language))
        return cls(url, who=who, create=False, language=language, timeout=timeout)

    @staticmethod
    def migrate(url: str, *, language: Language = "vi", timeout: float = 30.0) -> tuple[str, str]:
        """Take a database of an earlier version of the library over, in one transaction.

        Parameters
        ----------
        url : str
            The database; make a backup first.
        language : {"vi", "en"}
            Language of a refusal.
        timeout : float
            How long to wait for a writer. [s]

        Returns
        -------
        tuple of str
            Revision of the tables before and after.
        """
        database = Database(url, timeout=timeout, create=False, language=check_language(language))
        try:
            return migrate(database)
        finally:
            database.close()

    # -- the end ------------------------------------------------------------------------------

    def close(self) -> None:
        """Close every connection; what was written is kept already."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self.database.url!r})"
