"""Columns that no study reads: left out for many plants at once, and told of each of them.

Records of a country come with columns of their own, such as a district or a day of loading. A
study tells of each that it is not read; that depends on the headings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.raw import RawTable, cell_text
from sxsh_audit.tables.schema import table_spec
from sxsh_audit.tables.settings import StudySettings

__all__ = ["Read", "read_columns", "told_with_headings"]

ORDER = ("facility", "products", "production", "resources", "consumption", "prices")
"""Tables in the order in which a study tells of them."""


class Read(NamedTuple):
    """Tables without the columns that are not read, and what is told of those, by table."""

    tables: dict[str, pd.DataFrame]
    told: dict[str, tuple[Finding, ...]]


def read_columns(tables: Mapping[str, pd.DataFrame], settings: StudySettings) -> Read:
    """Leave out the columns that have no meaning, where nothing else is to be told of headings.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables by name.
    settings : StudySettings
        The user's own headings.
    """
    found = Read({}, {})
    for name, table in tables.items():
        found.tables[name] = table
        if name in ORDER and all(level is None for level in table.index.names):
            found.tables[name], told = _known(name, table, settings)
            if told:
                found.told[name] = told
    return found


def _known(
    name: str, table: pd.DataFrame, settings: StudySettings
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    headings = [cell_text(heading) if isinstance(heading, str) else "" for heading in table.columns]
    if not all(headings):
        return table, ()
    nothing = [np.empty(0, dtype=object) for _ in headings]
    raw = RawTable("", name, headings, nothing, np.empty(0, np.int64))
    found = match_headings(table_spec(name), raw, settings.columns.get(name, {}))
    told = dict.fromkeys(item.place.column for item in found.findings)
    if not told or any(item.code != "table.unknown_column" for item in found.findings):
        return table, ()
    kept = [position for position, heading in enumerate(headings)
            if " ".join(heading.split()) not in told]  # fmt: skip
    once = {item.place.column: item for item in reversed(found.findings)}
    return table.iloc[:, kept], tuple(once[heading] for heading in told)


def told_with_headings(
    told: Mapping[str, Sequence[Finding]],
    headings: Mapping[str, Sequence[Finding]],
    plants: Iterable[str],
    has_rows: Callable[[str, str], bool],
) -> dict[str, list[Finding]]:
    """Put what is told of headings before what is told of the rows of their table.

    Parameters
    ----------
    told : mapping of str to sequence of Finding
        What is told of the rows of each plant, table by table.
    headings : mapping of str to sequence of Finding
        What is told of the headings of each table.
    plants : iterable of str
        Plants.
    has_rows : callable
        Whether a plant, the first argument, has rows in a table, the second one.
    """
    if not headings:
        return {plant: list(items) for plant, items in told.items()}
    out: dict[str, list[Finding]] = {}
    for plant in plants:
        items = told.get(plant, ())
        of: list[Finding] = []
        for name in ORDER:
            if name in headings and has_rows(plant, name):
                of += headings[name]
            of += [item for item in items if item.place.sheet == name]
        if of:
            out[plant] = of
    return out
