"""Findings: what was seen in the data, where, and how serious it is.

A finding holds no sentence: it is a code, a place and the numbers that prove it, so that it
can be told in either language, filtered by a program and written to JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["Finding", "Place", "Severity"]

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a value was typed, or what a computed figure belongs to.

    Parameters
    ----------
    file : str
        File name as the user knows it; empty when the data did not come from a file.
    sheet : str
        Sheet or table name.
    row : int
        Row as Excel shows it (the heading is row 1); 0 where the whole table is meant.
    column : str
        Heading as the user wrote it.
    cell : str
        Excel address such as ``C5`` where it is known.
    facility, resource : str
        Plant and resource of a figure that was computed and not typed.
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    cell: str = ""
    facility: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in the data.

    Parameters
    ----------
    code : str
        Stable identifier ``topic.name``; its sentences are in ``data/messages``.
    severity : {"error", "warning", "note"}
        An error blocks the assessment, a warning rides along in the result, a note explains.
    place : Place
        Where.
    value : str
        The value as typed; empty where none is meant.
    numbers : mapping
        Values that the sentence speaks of (JSON types only).
    """

    code: str
    severity: Severity = "error"
    place: Place = field(default_factory=Place)
    value: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON types."""
        return asdict(self) | {"numbers": dict(self.numbers)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Finding:
        """Build a finding from :meth:`to_dict`."""
        return cls(
            code=record["code"],
            severity=record["severity"],
            place=Place(**record["place"]),
            value=record["value"],
            numbers=dict(record["numbers"]),
        )
