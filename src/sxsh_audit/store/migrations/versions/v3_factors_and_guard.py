"""The factors that each study used, and a guard: what was written is never changed or deleted."""

from __future__ import annotations

import json

revision = "3"
down_revision = "2"

GUARDED = (
    "changes", "establishments", "statuses", "events", "participants", "tasks", "budget",
    "reports", "settings", "consents", "studies", "study_files", "factors", "results",
    "verdicts", "options",
)  # fmt: skip


def upgrade() -> None:
    """Make the table, fill it from the assessments, then set the guard."""
    import sqlalchemy as sa
    from alembic import op

    from sxsh_audit.store.migrations.versions.v2_consents_and_files import kept_assessments

    factors = op.create_table(
        "factors",
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("factor", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["study", "version"], ["studies.study", "studies.version"]),
    )  # fmt: skip
    for study, version, record in kept_assessments(op.get_bind()):
        settings = record["settings"]
        named = {key: settings[key]
                 for key in ("factor_set", "energy_unit", "currency", "programme")
                 if settings.get(key)}  # fmt: skip
        named |= {f"factor {key}": value
                  for key, value in settings.get("emission_factors", {}).items()}  # fmt: skip
        rows = [{"study": study, "version": version, "factor": key,
                 "value": json.dumps(value, ensure_ascii=False, sort_keys=True)}
                for key, value in named.items()]  # fmt: skip
        if rows:
            op.get_bind().execute(factors.insert(), rows)
    if op.get_bind().dialect.name == "sqlite":
        for name in GUARDED:
            for what in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER guard_{name}_{what.lower()} BEFORE {what} ON {name} "
                    "BEGIN SELECT RAISE(ABORT, 'append-only'); END")  # fmt: skip
        return
    op.execute("CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$")  # fmt: skip
    for name in GUARDED:
        op.execute(f"CREATE TRIGGER guard_{name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION append_only()")  # fmt: skip
