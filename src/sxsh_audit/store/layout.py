"""The tables of the database, as the latest revision of ``migrations`` leaves them.

Nothing in them is ever changed or deleted: a correction is a row with the next version, and each
row names the change it came with.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sxsh_audit.tables.register import KEYS, REGISTER_COLUMNS, RESULT_TABLES

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

__all__ = ["MONEY", "RECORDS", "TYPED", "columns_of", "layout", "table"]

MONEY = frozenset({
    ("establishments", "revenue"), ("establishments", "capital"), ("budget", "planned"),
    ("budget", "spent"), ("budget", "whole_cost"),
})  # fmt: skip
"""Amounts of money that are stated: whole đồng. What is computed from prices is not."""

TYPED = tuple(name for name in REGISTER_COLUMNS if name not in RESULT_TABLES)
"""Tables of a register that people type, each record with versions of its own."""

CONSENTS = {"establishment": "text", "study": "text", "publish": "yesno", "evidence": "text"}

RECORDS: Mapping[str, tuple[str, ...]] = {
    **{name: KEYS[name] for name in TYPED},
    "settings": ("name",),
    "consents": ("establishment", "study"),
}
"""What tells one record of a kind from another; studies go by their name alone."""


def columns_of(name: str) -> Mapping[str, str]:
    """Return the columns of a kind of record and what they hold, money apart."""
    if name == "settings":
        return {"name": "text", "value": "text"}
    if name == "consents":
        return CONSENTS
    return {column: "money" if (name, column) in MONEY else kind
            for column, kind in REGISTER_COLUMNS[name].items()}  # fmt: skip


@cache
def layout() -> MetaData:
    """Return the description of all tables."""
    import sqlalchemy as sa

    kinds: dict[str, Any] = {
        "text": sa.Text, "number": sa.Double, "money": sa.BigInteger, "day": sa.Date,
        "yesno": sa.Text,
    }  # fmt: skip
    meta = sa.MetaData()
    sa.Table(
        "changes", meta,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("at", sa.Text, nullable=False, index=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("library", sa.Text, nullable=False),
    )  # fmt: skip

    def typed(columns: Mapping[str, str]) -> list[Any]:
        return [sa.Column(column, kinds[kind], nullable=kind not in ("text", "yesno"))
                for column, kind in columns.items()]  # fmt: skip

    def change() -> Any:
        # Deferred: the change is written last, when it is known how many rows it has.
        number = sa.ForeignKey("changes.number", deferrable=True, initially="DEFERRED")
        return sa.Column("change", sa.Integer, number, nullable=False, index=True)

    for name in RECORDS:
        sa.Table(
            name, meta,
            sa.Column("key", sa.Text, primary_key=True),
            sa.Column("version", sa.Integer, primary_key=True),
            change(),
            sa.Column("withdrawn", sa.Boolean, nullable=False),
            *typed(columns_of(name)),
        )  # fmt: skip
    sa.Table(
        "studies", meta,
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
    sa.Table(
        "study_files", meta,
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False, index=True),
        sa.ForeignKeyConstraint(["study", "version"], ["studies.study", "studies.version"]),
    )  # fmt: skip
    sa.Table(
        "factors", meta,
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("factor", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["study", "version"], ["studies.study", "studies.version"]),
    )  # fmt: skip
    for name in RESULT_TABLES:
        sa.Table(
            name, meta,
            sa.Column("study", sa.Text, primary_key=True),
            sa.Column("study_version", sa.Integer, primary_key=True),
            sa.Column("place", sa.Integer, primary_key=True),
            *typed({column: kind for column, kind in columns_of(name).items()
                    if column != "study"}),
            sa.ForeignKeyConstraint(["study", "study_version"],
                                    ["studies.study", "studies.version"]),
            sa.Index(f"ix_{name}_establishment", "establishment"),
        )  # fmt: skip
    return meta


def table(name: str) -> Table:
    """Return the description of one table."""
    return layout().tables[name]
