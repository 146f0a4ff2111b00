"""What a store writes: each call one transaction, one change, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.results import Assessment
from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import Change, Writing, who_writes
from sxsh_audit.store.database import Database
from sxsh_audit.store.register_rows import put_register_rows
from sxsh_audit.store.single_records import put_consent, put_withdrawal
from sxsh_audit.store.study_rows import prepare_study, put_study_rows
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Keeping"]


class Keeping:
    """The part of a :class:`sxsh_audit.Store` that writes."""

    database: Database
    language: Language
    who: str

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
            With a warning for plants that are not in the register.

        Raises
        ------
        StoreError
            As :meth:`put_study`; none of the studies is kept then.
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

        Returns
        -------
        Change

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

        Returns
        -------
        Change
            Its number is 0 where the same was kept already.
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
