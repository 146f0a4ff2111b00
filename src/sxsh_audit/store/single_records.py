"""One record at a time: withdrawn, or given its consent to publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import VERSIONED, Writing
from sxsh_audit.store.database import refuse
from sxsh_audit.store.layout import columns_of
from sxsh_audit.store.register_rows import live_versions, put_records
from sxsh_audit.store.study_rows import study_version
from sxsh_audit.store.values import frame_of, key_text

__all__ = ["check_kind", "put_consent", "put_withdrawal"]


def check_kind(kind: str, language: Language) -> str:
    """Return a kind of record; another word is refused."""
    if kind not in VERSIONED:
        refuse("store.kind", language, kind=kind, known=list(VERSIONED))
    return kind


def put_withdrawal(writing: Writing, kind: str, key: str | Sequence[Any]) -> None:
    """Gather the version of a record that says that it is no longer one.

    Parameters
    ----------
    writing : Writing
        The change.
    kind : str
        Kind of the record.
    key : str or sequence
        What tells it from the others: the values of its key columns.
    """
    language = writing.language
    parts = [key] if isinstance(key, str) else list(key)
    text = key_text(parts, check_kind(kind, language), language)
    if not writing.why:
        refuse("store.why", language)
    if kind == "studies":
        row = study_version(writing.connection, text, writing.number)
        if row is None or row.withdrawn:
            refuse("store.no_record", language, kind=kind, key=text)
        writing.add(kind, [{
            "study": text, "version": row.version + 1, "withdrawn": True, "title": row.title,
            "plants": row.plants, "inputs": b"", "inputs_hash": "", "assessment": b"",
            "assessment_hash": "", "records": 0,
        }])  # fmt: skip
        return
    kept = live_versions(writing.connection, kind, writing.number, [text]).get(text)
    if kept is None or kept.withdrawn:
        refuse("store.no_record", language, kind=kind, key=text)
    writing.add(kind, [{
        "key": text, "version": kept.version + 1, "withdrawn": True,
        **dict(zip(columns_of(kind), kept.cells, strict=True)),
    }])  # fmt: skip


def put_consent(
    writing: Writing, establishment: str, study: str, publish: str, evidence: str
) -> None:
    """Gather what an establishment said about publication, in general or of one study."""
    language = writing.language
    kept = live_versions(writing.connection, "establishments", writing.number,
                         [establishment]).get(establishment)  # fmt: skip
    if kept is None or kept.withdrawn:
        refuse("store.no_record", language, kind="establishments", key=establishment)
    if study:
        row = study_version(writing.connection, study, writing.number)
        if row is None or row.withdrawn:
            refuse("store.no_record", language, kind="studies", key=study)
    else:
        columns = columns_of("establishments")
        plant = frame_of(columns, [kept.cells])
        put_records(writing, "establishments", plant.assign(publish=publish))
    said = pd.DataFrame({"establishment": [establishment], "study": [study],
                         "publish": [publish], "evidence": [evidence]})  # fmt: skip
    put_records(writing, "consents", said)
