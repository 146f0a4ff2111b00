"""The register of a programme: establishments, what is known of them, and what was done.

A :class:`Register` is plain checked data. It comes from a workbook
(:func:`sxsh_audit.read_register`), from the database (:meth:`sxsh_audit.Store.register`) or from
frames; whoever counts, reports or publishes reads it and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sxsh_audit.findings import Finding, Place

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEYS", "REGISTER_COLUMNS", "RESULT_TABLES", "Register", "key_text"]

REGISTER_COLUMNS: Mapping[str, Mapping[str, str]] = {
    # text: "" is not known; number: nan; day: None or datetime.date; yesno: "yes", "no" or "".
    "establishments": {
        "establishment": "text", "name": "text", "tax_code": "text", "ownership": "text",
        "sector": "text", "vsic": "text", "vsic_version": "text", "product": "text",
        "address": "text", "district": "text", "commune": "text", "zone_kind": "text",
        "zone": "text", "pollution": "yesno", "employees": "number", "revenue": "number",
        "capital": "number", "size_class": "text", "output": "number", "output_unit": "text",
        "energy_toe": "number", "opened": "day", "closed": "day", "as_of": "day",
        "publish": "yesno", "note": "text",
    },
    "statuses": {
        "establishment": "text", "indicator": "text", "value": "yesno", "date": "day",
        "evidence": "text", "reported_by": "text", "note": "text",
    },
    "events": {
        "event": "text", "kind": "text", "title": "text", "date": "day", "place": "text",
        "task": "text", "people": "number", "officers": "number", "reported_by": "text",
        "note": "text",
    },
    "participants": {
        "event": "text", "establishment": "text", "agency": "text", "people": "number",
        "reported_by": "text", "note": "text",
    },
    "tasks": {
        "task": "text", "year": "number", "status": "text", "progress": "number",
        "result": "text", "next_year": "text", "date": "day", "reported_by": "text",
        "note": "text",
    },
    "budget": {
        "item": "text", "year": "number", "task": "text", "source": "text",
        "establishment": "text", "purpose": "text", "planned": "number", "spent": "number",
        "whole_cost": "number", "date": "day", "reported_by": "text", "note": "text",
    },
    "reports": {
        "agency": "text", "year": "number", "received": "day", "file": "text",
        "file_hash": "text", "note": "text",
    },
    # what assessments found, one row per establishment, study and resource …
    "results": {
        "establishment": "text", "study": "text", "resource": "text", "category": "text",
        "counted": "yesno", "product": "text", "basis": "text", "unit": "text",
        "output_unit": "text", "baseline": "number", "reporting": "number",
        "output_reporting": "number", "adjusted_baseline": "number",
        "absolute_saving": "number", "saving": "number", "status": "text",
        "low": "number", "high": "number", "price": "number", "money_saving": "number",
        "money_baseline": "number", "energy_saving": "number", "energy_unit": "text",
        "quality": "text", "months": "number", "start": "day", "end": "day",
        "programme": "text", "phase": "text", "factor_set": "text", "currency": "text",
        "version": "text",
    },
    # … the overall result of each plant of a study …
    "verdicts": {
        "establishment": "text", "study": "text", "saving": "number", "status": "text",
        "reached_low": "yesno", "rule": "text", "low": "number", "high": "number",
        "known_share": "number", "start": "day", "end": "day", "report_date": "day",
        "programme": "text", "phase": "text", "version": "text",
    },
    # … and its options.
    "options": {
        "establishment": "text", "study": "text", "option": "text", "name": "text",
        "category": "text", "cp_category": "text", "resource": "text", "status": "text",
        "date": "day", "cost": "number", "cost_class": "text", "annual_saving": "number",
        "years": "number", "payback_class": "text", "currency": "text", "evidence": "text",
    },
}
"""Columns of each table with what their cells hold."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "establishments": ("establishment",),
    "statuses": ("establishment", "indicator", "date", "reported_by"),
    "events": ("event",),
    "participants": ("event", "establishment", "agency"),
    "tasks": ("task", "year", "reported_by"),
    "budget": ("item",),
    "reports": ("agency", "year"),
    "results": ("establishment", "study", "resource"),
    "verdicts": ("establishment", "study"),
    "options": ("establishment", "study", "option"),
}
"""What tells one record of a table from another."""

RESULT_TABLES = ("results", "verdicts", "options")
"""Tables that come from assessments and are never typed."""


@dataclass(frozen=True, eq=False)
class Register:
    """The records of a programme, checked.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name, with the columns of ``REGISTER_COLUMNS``; every table is there, perhaps empty.
    findings : tuple of Finding
        Warnings and notes of the reading.
    settings : mapping of str to str
        What was stated beside the tables: ``programme``, ``province``, ``agency``, ``year``.
    places : mapping of tuple to Place
        Where each record was typed, by table and the texts of its key (:func:`key_text`).

    Examples
    --------
    >>> import pandas as pd
    >>> register = Register.from_frames(
    ...     establishments=pd.DataFrame({"establishment": ["A"], "name": ["Xưởng A"]}))
    >>> register.establishments["district"].tolist(), len(register.events)
    ([''], 0)
    """

    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)

    @classmethod
    def from_frames(
        cls,
        *,
        findings: tuple[Finding, ...] = (),
        settings: Mapping[str, str] | None = None,
        places: Mapping[tuple[str, ...], Place] | None = None,
        **frames: pd.DataFrame,
    ) -> Register:
        """Build a register from frames whose cells are checked already.

        Parameters
        ----------
        findings : tuple of Finding
            What was found in them.
        settings : mapping of str to str, optional
            What was stated beside them.
        places : mapping of tuple to Place, optional
            Where each record was typed.
        **frames : DataFrame
            Tables by name; a missing column is filled with what is not known.

        Returns
        -------
        Register

        Raises
        ------
        TypeError
            If a table or a column is none of the register.
        """
        unknown = set(frames) - set(REGISTER_COLUMNS)
        if unknown:
            raise TypeError(f"no table of a register: {', '.join(sorted(unknown))}")
        tables = {name: _whole(name, frames.get(name)) for name in REGISTER_COLUMNS}
        return cls(tables, findings, dict(settings or {}), dict(places or {}))

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in REGISTER_COLUMNS:
            raise AttributeError(name)
        return self.tables[name].copy()

    def with_tables(self, **frames: pd.DataFrame) -> Register:
        """Return the register with other tables in place of some of its own."""
        return replace(self, tables={**self.tables,
                                     **{name: _whole(name, frame)
                                        for name, frame in frames.items()}})  # fmt: skip

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.tables[name])} {name}" for name in REGISTER_COLUMNS
                           if len(self.tables[name]))  # fmt: skip
        return f"Register({counts})"


def _whole(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table with all its columns in their order and kinds."""
    import pandas as pd

    columns = REGISTER_COLUMNS[name]
    found = pd.DataFrame() if frame is None else frame
    unknown = [str(column) for column in found.columns if column not in columns]
    if unknown:
        raise TypeError(f"no columns of {name}: {', '.join(unknown)}")
    whole = {}
    for column, kind in columns.items():
        if column not in found.columns:
            filler = float("nan") if kind == "number" else None if kind == "day" else ""
            whole[column] = pd.Series([filler] * len(found), index=found.index,
                                      dtype=float if kind == "number" else object)  # fmt: skip
        elif kind == "number":
            whole[column] = found[column].astype(float)
        elif kind == "day":
            whole[column] = pd.Series([_day(cell) for cell in found[column]],
                                      index=found.index, dtype=object)  # fmt: skip
        else:
            cells = found[column].astype(object)
            whole[column] = cells.where(cells.notna(), "").astype(object)
    return pd.DataFrame(whole, columns=list(columns)).reset_index(drop=True)


def key_text(cell: object) -> str:
    """Return the text of a cell of a key: a day as ``2014-11-20``, a year without decimals.

    Parameters
    ----------
    cell : object
        Text, number, day, or what is not known.

    Examples
    --------
    >>> key_text(2014.0), key_text(dt.date(2014, 11, 20)), key_text(None)
    ('2014', '2014-11-20', '')
    """
    if cell is None or cell != cell:
        return ""
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell)


def _day(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return None if cell != cell else cell.date()  # NaT is a datetime that is not itself
    return cell if isinstance(cell, dt.date) else None
