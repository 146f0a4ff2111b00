"""One change: who, when, why, and all the versions that it brings, or none of them."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sxsh_audit import __version__
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.store.database import refuse
from sxsh_audit.store.layout import RECORDS, layout, table
from sxsh_audit.store.values import whole_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Change", "Writing", "moment", "moment_text", "state_at", "who_writes"]

VERSIONED = (*RECORDS, "studies")
COPIED = ("study_files", "factors")
"""Tables whose rows are copied out of the assessments, to be looked for; not counted."""
BATCH = 1000
"""Rows that go to the database at once."""
VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Official time of Viet Nam: a day as such ends at its midnight."""


@dataclass(frozen=True)
class Change:
    """What one call has written.

    Parameters
    ----------
    number : int
        Its number, counted from 1 in the order of the commits; 0 where nothing differed from
        what is kept, so that nothing was written.
    at : datetime
        When, in UTC.
    who, why : str
        Who made it and for what reason.
    kind : str
        What was called: ``register``, ``study``, ``withdrawal``, ``consent``.
    records : mapping of str to int
        New versions by kind of record.
    findings : tuple of Finding
        What should be known of it.
    """

    number: int
    at: dt.datetime
    who: str
    why: str
    kind: str
    records: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        return self.number > 0


def who_writes(who: str, language: Language) -> str:
    """Return who is named, else who is logged in."""
    try:
        name = " ".join((who or getpass.getuser()).split())
    except (OSError, KeyError) as error:  # no such user, in a container
        refuse("store.who", language, error)
    if not name or not whole_text(name):
        refuse("store.who", language)
    return name


def moment_text(moment: dt.datetime) -> str:
    """Return a moment in UTC as the database keeps it: texts in the order of time.

    Examples
    --------
    >>> moment_text(dt.datetime(2015, 11, 24, 8, 0, tzinfo=VIETNAM))
    '2015-11-24T01:00:00.000000Z'
    """
    utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='microseconds')}Z"


def moment(text: str) -> dt.datetime:
    """Return the moment that :func:`moment_text` wrote."""
    return dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)


def state_at(
    connection: Connection, as_of: int | dt.date | None, language: Language
) -> int:
    """Return the number of the last change that counts.

    Parameters
    ----------
    connection : Connection
        Of one transaction.
    as_of : int, date or datetime, optional
        A change; a moment with its time zone; or a day, to its end in Viet Nam. By default now.
    language : {"vi", "en"}
        Language of a refusal.
    """
    from sqlalchemy import func, select

    changes = table("changes")
    last = select(func.coalesce(func.max(changes.c.number), 0))
    if as_of is None:
        return int(connection.execute(last).scalar_one())
    if isinstance(as_of, int):
        known = int(connection.execute(last).scalar_one())
        if not 0 <= as_of <= known:
            refuse("store.no_change", language, number=as_of, last=known)
        return as_of
    if not isinstance(as_of, dt.datetime):
        until = dt.datetime.combine(as_of, dt.time.max, VIETNAM)
    elif as_of.tzinfo is None:
        refuse("store.time_zone", language, value=as_of.isoformat())
    else:
        until = as_of
    text = moment_text(until)
    return int(connection.execute(last.where(changes.c.at <= text)).scalar_one())


class Writing:
    """The rows of one change, gathered and then written together.

    Parameters
    ----------
    connection : Connection
        Of the transaction of the one writer.
    token : str
        By which the change is found again where the connection is lost.
    kind, who, why : str
        As in :class:`Change`.
    when : datetime, optional
        By default now; never before the change that came last.
    language : {"vi", "en"}
        Language of a refusal.
    """

    def __init__(
        self,
        connection: Connection,
        token: str,
        kind: str,
        who: str,
        why: str,
        when: dt.datetime | None,
        language: Language,
    ) -> None:
        self.connection, self.language = connection, language
        self.token, self.kind, self.who, self.why = token, kind, who, why.strip()
        if not whole_text(self.why):
            refuse("store.text", language, kind="changes", column="why",
                   value=ascii(why)[:60])  # fmt: skip
        self.number = state_at(connection, None, language) + 1
        self.at = self._time(when)
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.counts: dict[str, int] = {}
        self.total = 0
        self.findings: list[Finding] = []

    def _time(self, when: dt.datetime | None) -> dt.datetime:
        from sqlalchemy import select

        changes = table("changes")
        text = self.connection.execute(
            select(changes.c.at).where(changes.c.number == self.number - 1)).scalar()
        last = None if text is None else moment(text)
        if when is None:
            now = dt.datetime.now(dt.UTC)
            return now if last is None else max(now, last)  # a clock may have been put back
        if when.tzinfo is None:
            refuse("store.time_zone", self.language, value=when.isoformat())
        if last is not None and when < last:
            refuse("store.back_in_time", self.language, value=moment_text(when),
                   last=moment_text(last))  # fmt: skip
        return when.astimezone(dt.UTC)

    def add(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Gather rows of a table; a correction must say why it is made."""
        if name in VERSIONED:
            if not self.why and any(row["version"] > 1 for row in rows):
                refuse("store.why", self.language)
            rows = [{**row, "change": self.number} for row in rows]
            self.counts[name] = self.counts.get(name, 0) + len(rows)
        if name not in COPIED:
            self.total += len(rows)
        held = self.waiting.setdefault(name, [])
        held += rows
        if len(held) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        # A table comes after those that its rows name, whichever was full first.
        for name in (one.name for one in layout().sorted_tables if one.name in self.waiting):
            rows = self.waiting[name]
            for start in range(0, len(rows), BATCH):
                self.connection.execute(table(name).insert(), rows[start : start + BATCH])
        self.waiting.clear()

    def finish(self) -> Change:
        """Write what is still held, and the change itself; the transaction is the caller's."""
        counts = {name: count for name, count in self.counts.items() if count}
        done = Change(self.number if counts else 0, self.at, self.who, self.why, self.kind,
                      counts, tuple(self.findings))  # fmt: skip
        if not counts:
            return done
        self._flush()
        told = json.dumps([item.to_dict() for item in self.findings], ensure_ascii=False)
        self.connection.execute(table("changes").insert(), [{
            "number": self.number, "token": self.token, "at": moment_text(self.at),
            "who": self.who, "why": self.why, "kind": self.kind, "records": self.total,
            "findings": told, "library": __version__,
        }])  # fmt: skip
        return done
