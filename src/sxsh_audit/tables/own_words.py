"""Headings and spellings of units that a study brings of its own, in its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sxsh_audit.errors import UnitError
from sxsh_audit.language.text import fold, nearest
from sxsh_audit.tables.schema import TableSpec
from sxsh_audit.units import parse_unit

__all__ = ["own_headings", "own_spellings"]

Report = Callable[..., None]


def own_headings(
    spec: TableSpec, table: str, named: Mapping[Any, Any], report: Report
) -> dict[str, str]:
    """Return the column that each heading of the study's own means.

    Parameters
    ----------
    spec : TableSpec
        The table.
    table : str
        Its name as typed.
    named : mapping
        Column, by its key or any heading of it, by the study's own heading.
    report : callable
        Called with a code, the key, the value and numbers for each fault.
    """
    kept = {}
    for heading, name in named.items():
        found = spec.fields.get(str(name)) or spec.field_by_heading(str(name))
        if found is None:
            near = list(nearest(str(name), tuple(spec.fields), 3)) or list(spec.fields)
            report("settings.unknown_field", f"columns.{table}.{heading}", name, near=near)
        else:
            kept[str(heading)] = found.name
    return kept


def own_spellings(typed: Mapping[str, Any], report: Report) -> dict[str, str]:
    """Return the unit that each spelling of the study's own means.

    Parameters
    ----------
    typed : mapping
        Unit by spelling.
    report : callable
        Called with a code, the key, the value and numbers for each fault.
    """
    kept = {}
    for text, unit in typed.items():
        try:
            parse_unit(str(unit))
        except UnitError as error:
            near = list(error.numbers.get("near", ())) or ["–"]
            report("settings.spelling", f"spellings.{text}", unit, near=near)
        else:
            kept[fold(text)] = str(unit)
    return kept
