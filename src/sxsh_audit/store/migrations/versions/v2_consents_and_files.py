"""Consents to publication, and the files of a study in a table of their own.

The hashes of the files stand in the assessments that are kept; they are copied from there, so
that a file can be looked for by its hash.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Make the two tables and fill that of the files."""
    import sqlalchemy as sa
    from alembic import op

    number = sa.ForeignKey("changes.number", deferrable=True, initially="DEFERRED")
    op.create_table(
        "consents",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("change", sa.Integer, number, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("establishment", sa.Text, nullable=False),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("publish", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_index("ix_consents_change", "consents", ["change"])
    files = op.create_table(
        "study_files",
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["study", "version"], ["studies.study", "studies.version"]),
    )  # fmt: skip
    op.create_index("ix_study_files_sha256", "study_files", ["sha256"])
    for study, version, record in kept_assessments(op.get_bind()):
        rows = [{"study": study, "version": version, "file": file, "sha256": digest}
                for file, digest in record["study"].get("files", {}).items()]  # fmt: skip
        if rows:
            op.get_bind().execute(files.insert(), rows)


def kept_assessments(connection: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield study, version and assessment of every study, withdrawn ones too."""
    import sqlalchemy as sa

    rows = sa.table("studies", sa.column("study"), sa.column("version"), sa.column("assessment"))
    keys = connection.execute(sa.select(rows.c.study, rows.c.version)).all()
    for study, version in keys:  # one at a time: all of them may not fit into memory
        data = connection.execute(
            sa.select(rows.c.assessment)
            .where(rows.c.study == study, rows.c.version == version)).scalar_one()
        if data:
            yield study, version, json.loads(gzip.decompress(data).decode("utf-8",
                                                                          "surrogatepass"))
