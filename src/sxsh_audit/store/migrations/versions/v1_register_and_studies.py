"""Register, studies and what was found in them."""

from __future__ import annotations

from typing import Any

revision = "1"
down_revision: str | None = None

RECORDS = {
    "establishments": (
        "establishment:text name:text tax_code:text ownership:text sector:text "
        "vsic:text vsic_version:text product:text address:text district:text "
        "commune:text zone_kind:text zone:text pollution:yesno employees:number "
        "revenue:money capital:money size_class:text output:number output_unit:text "
        "energy_toe:number opened:day closed:day as_of:day publish:yesno note:text"
    ),
    "statuses": (
        "establishment:text indicator:text value:yesno date:day evidence:text "
        "reported_by:text note:text"
    ),
    "events": (
        "event:text kind:text title:text date:day place:text task:text people:number "
        "officers:number reported_by:text note:text"
    ),
    "participants": (
        "event:text establishment:text agency:text people:number reported_by:text "
        "note:text"
    ),
    "tasks": (
        "task:text year:number status:text progress:number result:text next_year:text "
        "date:day reported_by:text note:text"
    ),
    "budget": (
        "item:text year:number task:text source:text establishment:text purpose:text "
        "planned:money spent:money whole_cost:money date:day reported_by:text "
        "note:text"
    ),
    "reports": (
        "agency:text year:number received:day file:text file_hash:text note:text"
    ),
    "settings": "name:text value:text",
}
"""Columns of the tables whose records have versions, as they were in this revision."""

RESULTS = {
    "results": (
        "establishment:text resource:text category:text counted:yesno product:text "
        "basis:text unit:text output_unit:text baseline:number reporting:number "
        "output_reporting:number adjusted_baseline:number absolute_saving:number "
        "saving:number status:text low:number high:number price:number "
        "money_saving:number money_baseline:number energy_saving:number "
        "energy_unit:text quality:text months:number start:day end:day programme:text "
        "phase:text factor_set:text currency:text version:text"
    ),
    "verdicts": (
        "establishment:text saving:number status:text reached_low:yesno rule:text "
        "low:number high:number known_share:number start:day end:day report_date:day "
        "programme:text phase:text version:text"
    ),
    "options": (
        "establishment:text option:text name:text category:text cp_category:text "
        "resource:text status:text date:day cost:number cost_class:text "
        "annual_saving:number years:number payback_class:text currency:text "
        "evidence:text"
    ),
}
"""Columns of the tables of results beside study, version and place."""


def upgrade() -> None:
    """Make the tables."""
    import sqlalchemy as sa
    from alembic import op

    kinds: dict[str, Any] = {"text": sa.Text, "number": sa.Double, "money": sa.BigInteger,
                             "day": sa.Date, "yesno": sa.Text}  # fmt: skip

    def typed(columns: str) -> list[Any]:
        pairs = [column.split(":") for column in columns.split()]
        return [sa.Column(name, kinds[kind], nullable=kind not in ("text", "yesno"))
                for name, kind in pairs]  # fmt: skip

    def change() -> Any:
        number = sa.ForeignKey("changes.number", deferrable=True, initially="DEFERRED")
        return sa.Column("change", sa.Integer, number, nullable=False)

    op.create_table(
        "changes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("library", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_index("ix_changes_at", "changes", ["at"])
    for name, columns in RECORDS.items():
        op.create_table(
            name,
            sa.Column("key", sa.Text, primary_key=True),
            sa.Column("version", sa.Integer, primary_key=True),
            change(),
            sa.Column("withdrawn", sa.Boolean, nullable=False),
            *typed(columns),
        )  # fmt: skip
        op.create_index(f"ix_{name}_change", name, ["change"])
    op.create_table(
        "studies",
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        change(),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("plants", sa.Text, nullable=False),
        sa.Column("inputs", sa.LargeBinary, nullable=False),
        sa.Column("inputs_hash", sa.Text, nullable=False),
        sa.Column("assessment", sa.LargeBinary, nullable=False),
        sa.Column("assessment_hash", sa.Text, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
    )  # fmt: skip
    op.create_index("ix_studies_change", "studies", ["change"])
    for name, columns in RESULTS.items():
        op.create_table(
            name,
            sa.Column("study", sa.Text, primary_key=True),
            sa.Column("study_version", sa.Integer, primary_key=True),
            sa.Column("place", sa.Integer, primary_key=True),
            *typed(columns),
            sa.ForeignKeyConstraint(["study", "study_version"],
                                    ["studies.study", "studies.version"]),
        )  # fmt: skip
        op.create_index(f"ix_{name}_establishment", name, ["establishment"])
