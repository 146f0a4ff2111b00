"""The store: what is done with the database of a programme."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.results import Assessment
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.store.backup import restore_backup, write_backup
from sxsh_audit.store.changes import Change, Writing, state_at, who_writes
from sxsh_audit.store.checking import check_rows
from sxsh_audit.store.database import Database, refuse
from sxsh_audit.store.history import all_changes, all_consents, kept_studies, record_history
from sxsh_audit.store.migrating import migrate
from sxsh_audit.store.register_rows import put_register_rows, read_register_rows
from sxsh_audit.store.single_records import put_consent, put_withdrawal
from sxsh_audit.store.study_rows import (
    prepare_study,
    put_study_rows,
    read_assessment,
    read_inputs,
    study_version,
)
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection, Row

__all__ = ["Store"]

AsOf = int | dt.date | None


class Store:
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

    # -- writing ------------------------------------------------------------------------------

    def put_register(
        self, register: Register, *, who: str = "", why: str = "", when: dt.datetime | None = None
    ) -> Change:
        """Keep the records of a register; only what differs becomes a new version.

        Parameters
        ----------
        register : Register
            Checked records. One that came from :meth:`register` knows what it was read from:
            what others changed since then is left as it is, or refused where both changed it.
        who : str
            Who writes; by default whoever the store was opened by.
        why : str
            Reason; without one nothing that is kept already can be corrected.
        when : datetime, optional
            Moment with its time zone, not before the last change; by default now.

        Returns
        -------
        Change
            Its number is 0 where nothing differed.

        Raises
        ------
        StoreError
            If a record cannot be kept; nothing of the register is then.

        Notes
        -----
        A record that is not in the register stays as it is: :meth:`withdraw` takes it out.
        """
        return self._write("register", who, why, when,
                           lambda writing: put_register_rows(writing, register))  # fmt: skip

    def put_study(
        self,
        study: Study,
        assessment: Assessment,
        *,
        establishments: Mapping[str, str] | None = None,
        name: str = "",
        who: str = "",
        why: str = "",
        when: dt.datetime | None = None,
    ) -> Change:
        """Keep a study: its checked inputs, what was found, the factors, the hashes of its files.

        Parameters
        ----------
        study : Study
            Checked inputs.
        assessment : Assessment
            What :func:`sxsh_audit.assess` found in them.
        establishments : mapping of str to str, optional
            Establishment of the register by plant of the study; by default the same code.
        name : str
            Name under which it is kept; by default its own.
        who, why, when
            As in :meth:`put_register`.

        Returns
        -------
        Change
            With a warning for plants that are not in the register.

        Raises
        ------
        StoreError
            If the assessment is of another study, or the name is taken by other plants.
        """
        prepared = prepare_study(study, assessment, establishments, name, self.language)
        return self._write("study", who, why, when,
                           lambda writing: put_study_rows(writing, prepared))  # fmt: skip

    def put_studies(
        self,
        studies: Iterable[tuple[Study, Assessment]],
        *,
        establishments: Mapping[str, str] | None = None,
        who: str = "",
        why: str = "",
        when: dt.datetime | None = None,
    ) -> Change:
        """Keep many studies in one change: all of them, or none.

        Parameters
        ----------
        studies : iterable of (Study, Assessment)
            Taken one by one; other writers wait meanwhile.
        establishments : mapping of str to str, optional
            Establishment by plant, for the plants of all of them.
        who, why, when
            As in :meth:`put_register`.

        Returns
        -------
        Change
        """
        named = establishments or {}

        def put(writing: Writing) -> None:
            for study, assessment in studies:
                own = {str(row["facility"]) for row in assessment.savings.rows}
                codes = {plant: code for plant, code in named.items() if plant in own}
                put_study_rows(writing, prepare_study(study, assessment, codes, "",
                                                      self.language))  # fmt: skip

        return self._write("study", who, why, when, put)

    def withdraw(
        self, kind: str, key: str | Sequence[Any], *, why: str, who: str = "",
        when: dt.datetime | None = None,
    ) -> Change:
        """Take a record out; its versions stay in the history.

        Parameters
        ----------
        kind : str
            A table of the register, ``settings``, ``consents`` or ``studies``.
        key : str or sequence
            What tells the record from others: the values of its key columns.
        why : str
            Reason.
        who, when
            As in :meth:`put_register`.

        Raises
        ------
        StoreError
            If there is no such record.
        """
        return self._write("withdrawal", who, why, when,
                           lambda writing: put_withdrawal(writing, kind, key))  # fmt: skip

    def consent(
        self,
        establishment: str,
        publish: bool | None,
        *,
        study: str = "",
        evidence: str = "",
        who: str = "",
        why: str = "",
        when: dt.datetime | None = None,
    ) -> Change:
        """Keep what an establishment said about publication.

        Parameters
        ----------
        establishment : str
            Its code in the register.
        publish : bool or None
            Yes, no, or None where it took back what it had said.
        study : str
            The study that is meant; empty for the establishment as such.
        evidence : str
            Paper that proves it.
        who, why, when
            As in :meth:`put_register`; `why` is `evidence` where it is not given.
        """
        word = {True: "yes", False: "no", None: ""}[publish]
        return self._write("consent", who, why or evidence, when, lambda writing: put_consent(
            writing, establishment, study, word, evidence))  # fmt: skip

    def _write(
        self, kind: str, who: str, why: str, when: dt.datetime | None,
        work: Callable[[Writing], None],
    ) -> Change:
        name = who_writes(who or self.who, self.language)

        def run(connection: Connection, token: str) -> Change:
            writing = Writing(connection, token, kind, name, why, when, self.language)
            work(writing)
            return writing.finish()

        return self.database.write(run)

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
