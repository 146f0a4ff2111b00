"""The records of a register in the database: new versions of what differs, one state read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import Writing
from sxsh_audit.store.database import refuse
from sxsh_audit.store.layout import RECORDS, TYPED, columns_of, table
from sxsh_audit.store.values import cells_of, frame_of, key_text
from sxsh_audit.tables.register import REGISTER_COLUMNS, RESULT_TABLES, Register

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

__all__ = [
    "AS_READ", "Version", "live_versions", "put_records", "put_register_rows", "read_register_rows",
]  # fmt: skip

AS_READ = "change"
"""Setting of a register from the database: the change up to which it was read."""

OF_PROGRAMME = ("programme", "province")
"""Settings that are kept with versions; the others are of the file that a register came from."""

MOST_KEYS = 500
"""Keys that one question names; beyond four times as many the whole table is asked for."""


class Version(NamedTuple):
    """The latest version of a record."""

    version: int
    withdrawn: bool
    change: int
    cells: tuple[Any, ...]


def latest(name: str, until: int, keys: Sequence[str] | None = None) -> Select[Any]:
    """Return the question for the latest version of each record up to a change."""
    from sqlalchemy import func, select

    rows = table(name)
    newest = select(rows.c.key, func.max(rows.c.version).label("newest")).where(
        rows.c.change <= until)  # fmt: skip
    if keys is not None:
        newest = newest.where(rows.c.key.in_(keys))
    found = newest.group_by(rows.c.key).subquery()
    wanted = [rows.c[column] for column in columns_of(name)]
    return select(rows.c.key, rows.c.version, rows.c.withdrawn, rows.c.change, *wanted).join(
        found, (rows.c.key == found.c.key) & (rows.c.version == found.c.newest))  # fmt: skip


def live_versions(
    connection: Connection, name: str, until: int, keys: Sequence[str] | None = None
) -> dict[str, Version]:
    """Return the latest version of each record, withdrawn ones too.

    Parameters
    ----------
    connection : Connection
        Of one transaction.
    name : str
        Kind of the records.
    until : int
        The last change that counts.
    keys : sequence of str, optional
        Only these.
    """
    if keys is None or len(keys) > 4 * MOST_KEYS:
        questions = [latest(name, until)]
    else:
        questions = [latest(name, until, keys[start : start + MOST_KEYS])
                     for start in range(0, len(keys), MOST_KEYS)]  # fmt: skip
    return {
        row[0]: Version(row[1], bool(row[2]), row[3], tuple(row[4:]))
        for question in questions for row in connection.execute(question)
    }  # fmt: skip


def put_register_rows(writing: Writing, register: Register) -> None:
    """Gather a new version of every record of a register that differs from what is kept."""
    base = register.settings.get(AS_READ)
    since = int(base) if base and base.isdigit() else None
    for name in TYPED:
        put_records(writing, name, register.tables[name], since)
    stated = {key: value for key, value in register.settings.items()
              if key in OF_PROGRAMME and value}
    named = pd.DataFrame({"name": list(stated), "value": list(stated.values())}, dtype=object)
    put_records(writing, "settings", named, since)
    for name in RESULT_TABLES:
        _refuse_new_results(writing, name, register.tables[name])
    writing.findings += register.findings
    source = {key: value for key, value in register.settings.items()
              if key not in (*OF_PROGRAMME, AS_READ) and value}
    if source:
        # So that every record can be followed to the file that it came with.
        writing.findings.append(Finding("store.source", "note", value=source.get("file", ""),
                                        numbers={"source": [f"{key} = {value}" for key, value
                                                            in source.items()]}))  # fmt: skip


def put_records(
    writing: Writing, name: str, frame: pd.DataFrame, since: int | None = None
) -> None:
    """Gather a new version of each row that differs from the latest version of its record.

    Parameters
    ----------
    writing : Writing
        The change.
    name : str
        Kind of the records.
    frame : DataFrame
        Their rows.
    since : int, optional
        Change up to which whoever typed the rows had seen the records. What others changed
        since stays theirs where these rows leave it as it was, and is a conflict where both
        changed it.
    """
    if not len(frame):
        return
    language, columns = writing.language, columns_of(name)
    rows = _keyed(name, columns, frame, language)
    kept = live_versions(writing.connection, name, writing.number, list(rows))
    differing = {
        key: cells for key, cells in rows.items()
        if key not in kept or kept[key].withdrawn or kept[key].cells != cells
    }  # fmt: skip
    if since is not None and differing:
        differing = _merged(writing, name, differing, kept, since)
    writing.add(name, [
        {"key": key, "version": kept[key].version + 1 if key in kept else 1, "withdrawn": False,
         **dict(zip(columns, cells, strict=True))}
        for key, cells in differing.items()
    ])  # fmt: skip


def _keyed(
    name: str, columns: Mapping[str, str], frame: pd.DataFrame, language: Language
) -> dict[str, tuple[Any, ...]]:
    """Return the rows by key; two different rows of one key are refused."""
    positions = [list(columns).index(column) for column in RECORDS[name]]
    rows: dict[str, tuple[Any, ...]] = {}
    for cells in cells_of(name, columns, frame, language):
        key = key_text([cells[i] for i in positions], name, language)
        if rows.setdefault(key, cells) != cells:
            refuse("store.twice", language, kind=name, key=key)
    return rows


def _merged(
    writing: Writing,
    name: str,
    differing: Mapping[str, tuple[Any, ...]],
    kept: Mapping[str, Version],
    since: int,
) -> dict[str, tuple[Any, ...]]:
    """Return the rows that were changed by whoever typed them, not by others since."""
    newer = [key for key in differing if key in kept and kept[key].change > since]
    seen = live_versions(writing.connection, name, since, newer) if newer else {}
    untouched = {key for key in newer if key in seen and not seen[key].withdrawn
                 and seen[key].cells == differing[key]}  # fmt: skip
    both = [key for key in newer if key not in untouched]
    if both:
        refuse("store.conflict", writing.language, kind=name, keys=both[:5], count=len(both),
               since=since)  # fmt: skip
    return {key: cells for key, cells in differing.items() if key not in untouched}


def _refuse_new_results(writing: Writing, name: str, frame: pd.DataFrame) -> None:
    """Refuse results that no assessment of the database has: they are never typed."""
    if not len(frame):
        return
    columns = columns_of(name)
    known = set(result_rows(writing.connection, name, writing.number))
    for cells in cells_of(name, columns, frame, writing.language):
        if cells not in known:
            study = str(cells[list(columns).index("study")])
            refuse("store.results", writing.language, kind=name, study=study)


def result_rows(connection: Connection, name: str, until: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table of results, those of the live version of each study."""
    from sqlalchemy import func, select

    rows, studies = table(name), table("studies")
    newest = (
        select(studies.c.study, func.max(studies.c.version).label("newest"))
        .where(studies.c.change <= until).group_by(studies.c.study).subquery()
    )  # fmt: skip
    question = (
        select(*(rows.c[column] for column in columns_of(name)))
        .join(studies, (studies.c.study == rows.c.study)
              & (studies.c.version == rows.c.study_version))
        .join(newest, (newest.c.study == studies.c.study)
              & (newest.c.newest == studies.c.version))
        .where(studies.c.withdrawn.is_(False))
        .order_by(rows.c.study, rows.c.place)
    )  # fmt: skip
    for row in connection.execute(question):
        yield tuple(row)


def read_register_rows(connection: Connection, until: int) -> Register:
    """Return the register as it was after a change."""
    frames: dict[str, Any] = {}
    for name in TYPED:
        kept = live_versions(connection, name, until)
        frames[name] = frame_of(columns_of(name), _live(kept))
    for name in RESULT_TABLES:
        # The order of a text differs between engines and their languages; this one does not.
        where = list(REGISTER_COLUMNS[name]).index("study")
        rows = sorted(result_rows(connection, name, until), key=lambda row: row[where])
        frames[name] = frame_of(columns_of(name), rows)
    stated = _live(live_versions(connection, "settings", until))
    return Register.from_frames(settings={**dict(stated), AS_READ: str(until)}, **frames)


def _live(kept: Mapping[str, Version]) -> Iterable[tuple[Any, ...]]:
    return [kept[key].cells for key in sorted(kept) if not kept[key].withdrawn]
