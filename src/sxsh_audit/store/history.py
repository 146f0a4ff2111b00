"""Who changed what, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import moment
from sxsh_audit.store.layout import columns_of, table
from sxsh_audit.store.register_rows import live_versions
from sxsh_audit.store.single_records import check_kind
from sxsh_audit.store.values import frame_of, key_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["all_changes", "all_consents", "kept_studies", "record_history"]

CHANGE = ["version", "change", "at", "who", "why", "withdrawn"]


def all_changes(connection: Connection) -> pd.DataFrame:
    """Return every change: number, at, who, why, kind, records."""
    from sqlalchemy import select

    rows = table("changes")
    columns = ["number", "at", "who", "why", "kind", "records"]
    found = connection.execute(
        select(*(rows.c[name] for name in columns)).order_by(rows.c.number)).all()
    told = [(row[0], moment(row[1]), *row[2:]) for row in found]
    return pd.DataFrame(told, columns=columns)


def record_history(
    connection: Connection, kind: str, key: str | Sequence[Any], language: Language
) -> pd.DataFrame:
    """Return every version of a record, the first one first, with the change it came with."""
    from sqlalchemy import select

    rows, changes = table(check_kind(kind, language)), table("changes")
    parts = [key] if isinstance(key, str) else list(key)
    text = key_text(parts, kind, language)
    own = rows.c.study if kind == "studies" else rows.c.key
    shown = (["title", "plants", "inputs_hash", "assessment_hash"] if kind == "studies"
             else list(columns_of(kind)))  # fmt: skip
    found = connection.execute(
        select(rows.c.version, changes.c.number, changes.c.at, changes.c.who, changes.c.why,
               rows.c.withdrawn, *(rows.c[name].label(f"own_{name}") for name in shown))
        .join(changes, changes.c.number == rows.c.change)
        .where(own == text).order_by(rows.c.version)
    ).all()  # fmt: skip
    said = [(*row[:2], moment(row[2]), *row[3:5], bool(row[5])) for row in found]
    head = pd.DataFrame(said, columns=CHANGE)
    kinds = dict.fromkeys(shown, "text") if kind == "studies" else columns_of(kind)
    # A column of the record may have the name of one of ours; it stands after it.
    tail = frame_of(kinds, [row[6:] for row in found])
    tail.columns = pd.Index([f"{name}_stated" if name in CHANGE else name for name in shown])
    return pd.concat([head, tail], axis=1)


def all_consents(connection: Connection, until: int) -> pd.DataFrame:
    """Return what establishments said about publication, as it was after a change."""
    kept = live_versions(connection, "consents", until)
    return frame_of(columns_of("consents"),
                    [kept[key].cells for key in sorted(kept) if not kept[key].withdrawn])


def kept_studies(connection: Connection, until: int) -> pd.DataFrame:
    """Return the studies that were kept after a change."""
    import json

    from sqlalchemy import func, select

    rows, changes = table("studies"), table("changes")
    newest = (select(rows.c.study, func.max(rows.c.version).label("newest"))
              .where(rows.c.change <= until).group_by(rows.c.study).subquery())  # fmt: skip
    found = connection.execute(
        select(rows.c.study, rows.c.version, rows.c.title, rows.c.plants, rows.c.inputs_hash,
               rows.c.assessment_hash, changes.c.number, changes.c.at, changes.c.who)
        .join(newest, (newest.c.study == rows.c.study) & (newest.c.newest == rows.c.version))
        .join(changes, changes.c.number == rows.c.change)
        .where(rows.c.withdrawn.is_(False))
    ).all()  # fmt: skip
    columns = ["study", "version", "title", "establishments", "inputs_hash", "assessment_hash",
               "change", "at", "who"]  # fmt: skip
    told = [(*row[:3], tuple(json.loads(row[3]).values()), *row[4:7], moment(row[7]), row[8])
            for row in sorted(found, key=lambda row: row[0])]  # fmt: skip
    return pd.DataFrame(told, columns=columns)
