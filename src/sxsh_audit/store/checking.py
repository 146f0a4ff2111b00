"""Whether a database is whole: every row of every change, and every study as it was written."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sxsh_audit.findings import Finding
from sxsh_audit.store.changes import VERSIONED
from sxsh_audit.store.layout import table
from sxsh_audit.store.study_rows import factors_of, unpacked
from sxsh_audit.tables.register import RESULT_TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["check_rows"]


def check_rows(connection: Connection, sqlite: bool) -> list[Finding]:
    """Return what is wrong with a database; nothing where it is whole.

    Parameters
    ----------
    connection : Connection
        Of one transaction.
    sqlite : bool
        Whether it is SQLite, whose file has a check of its own.
    """
    found = _file(connection) if sqlite else []
    return [*found, *_changes(connection), *_versions(connection), *_studies(connection)]


def _file(connection: Connection) -> list[Finding]:
    said = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [Finding("store.check_file", value=str(line)) for line in said if line != "ok"]
    return [*found, *(Finding("store.check_loose", value=str(row[0])) for row in loose[:5])]


def _changes(connection: Connection) -> list[Finding]:
    """Look for changes that are missing, out of order, or have lost or gained rows."""
    from sqlalchemy import func, select

    changes = table("changes")
    rows = connection.execute(select(changes.c.number, changes.c.at, changes.c.records)
                              .order_by(changes.c.number)).all()  # fmt: skip
    there: Counter[int] = Counter()
    for name in VERSIONED:
        own = table(name)
        question = select(own.c.change, func.count()).group_by(own.c.change)
        for number, count in connection.execute(question):
            there[number] += count
    studies = table("studies")
    for name in RESULT_TABLES:
        own = table(name)
        question = (
            select(studies.c.change, func.count())
            .join(own, (own.c.study == studies.c.study)
                  & (own.c.study_version == studies.c.version))
            .group_by(studies.c.change)
        )  # fmt: skip
        for number, count in connection.execute(question):
            there[number] += count
    found, last = [], ""
    for expected, (number, at, records) in enumerate(rows, start=1):
        if number != expected or at < last:
            found.append(Finding("store.check_order", numbers={"number": number}))
            break
        last = at
        if there[number] != records:
            found.append(Finding("store.check_count", numbers={
                "number": number, "records": records, "there": there[number]}))  # fmt: skip
    return found


def _versions(connection: Connection) -> list[Finding]:
    from sqlalchemy import func, select

    found = []
    for name in VERSIONED:
        rows = table(name)
        key = rows.c.study if name == "studies" else rows.c.key
        gaps = connection.execute(
            select(key).group_by(key)
            .having((func.count() != func.max(rows.c.version)) | (func.min(rows.c.version) != 1))
            .limit(5)).scalars()  # fmt: skip
        found += [Finding("store.check_versions", value=str(one), numbers={"kind": name})
                  for one in gaps]  # fmt: skip
    return found


def _studies(connection: Connection) -> list[Finding]:
    """Look for studies whose data are not as written, or whose rows are not all there."""
    from sqlalchemy import select

    studies, files, factors = table("studies"), table("study_files"), table("factors")
    found: list[Finding] = []
    copies: dict[str, dict[tuple[str, int], dict[str, str]]] = {"files": {}, "factors": {}}
    for name, rows, key, value in (("files", files, files.c.file, files.c.sha256),
                                   ("factors", factors, factors.c.factor, factors.c.value)):
        question = select(rows.c.study, rows.c.version, key, value)
        for study, version, one, two in connection.execute(question):
            copies[name].setdefault((study, version), {})[one] = two
    question = select(studies).where(studies.c.withdrawn.is_(False)).execution_options(
        yield_per=200)  # fmt: skip
    for row in connection.execute(question):
        numbers: dict[str, Any] = {"study": row.study, "version": row.version}
        try:
            unpacked(row.inputs, row.inputs_hash)
            assessment = unpacked(row.assessment, row.assessment_hash)
        except ValueError:
            found.append(Finding("store.check_study", value=row.study, numbers=numbers))
            continue
        at = (row.study, row.version)
        if (copies["files"].get(at, {}) != assessment["study"].get("files", {})
                or copies["factors"].get(at, {}) != factors_of(assessment["settings"])):
            found.append(Finding("store.check_copies", value=row.study, numbers=numbers))
    return [*found, *_results(connection)]


def _results(connection: Connection) -> list[Finding]:
    from sqlalchemy import func, select

    studies = table("studies")
    there: Counter[tuple[str, int]] = Counter()
    for name in RESULT_TABLES:
        rows = table(name)
        for study, version, count in connection.execute(
            select(rows.c.study, rows.c.study_version, func.count())
            .group_by(rows.c.study, rows.c.study_version)
        ):  # fmt: skip
            there[study, version] += count
    wanted = connection.execute(
        select(studies.c.study, studies.c.version, studies.c.records, studies.c.plants)).all()
    return [
        Finding("store.check_study", value=study, numbers={"study": study, "version": version})
        for study, version, records, plants in wanted
        if there[study, version] != records or not isinstance(json.loads(plants), dict)
    ]  # fmt: skip
