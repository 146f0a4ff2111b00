"""What has been told already, so that one slip is told once, on the cell where it was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sxsh_audit.findings import Finding, Severity
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["SERIES", "Told", "rates", "row_phases", "series_codes"]

Array = np.ndarray[Any, Any]

SERIES = {
    "consumption": ["facility", "resource", "meter"], "production": ["facility", "product"],
}  # fmt: skip
"""What figures of one series have in common."""


@dataclass(slots=True)
class Told:
    """Findings of a study, with the rows and the series that they speak of."""

    study: Study
    findings: list[Finding] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)
    series: set[tuple[str, str, str]] = field(default_factory=set)
    periods: set[tuple[str, str]] = field(default_factory=set)
    """Plants and resources of which a whole period is told."""
    _codes: dict[str, tuple[Array, int]] = field(default_factory=dict)

    def codes(self, name: str) -> tuple[Array, int]:
        """Code of the series of each row of a table (meter or product), and how many there are."""
        if name not in self._codes:
            # Bills as typed: each tariff period is a series of its own, on its own row.
            table = getattr(self.study.tables, "bills" if name == "consumption" else name)
            self._codes[name] = series_codes(table, SERIES[name])
        return self._codes[name]

    def at(
        self, code: str, table: str, row: int, fields: tuple[str, ...], *,
        severity: Severity = "warning", key: tuple[str, str] | None = None, **numbers: Any,
    ) -> None:
        """Keep a finding on the cell of a row; the row is known as told from here on."""
        places = self.study.places
        place = places.place(table, row, *fields)
        value = places.typed(table, row, fields[0]) if fields else ""
        self.findings.append(Finding(code, severity, place, value, numbers))
        self.rows.add((table, row))
        if key is not None:
            self.series.add((table, *key))

    def has(self, table: str, row: int) -> bool:
        """Whether a finding speaks of the row."""
        return (table, row) in self.rows

    def has_series(self, table: str, facility: str, name: str = "") -> bool:
        """Whether a finding speaks of a figure of the resource, or of the plant's output."""
        return any(kind == table and plant == facility and (not name or key == name)
                   for kind, plant, key in self.series)  # fmt: skip


def series_codes(table: Any, keys: list[str]) -> tuple[Array, int]:
    """Code of the series of each row, and how many there are."""
    grouped = table.groupby(keys, sort=True)
    return grouped.ngroup().to_numpy(), int(grouped.ngroups)


def rates(table: Any, column: str) -> tuple[Array, Array]:
    """Amount a day of each dated row (nan without dates), and its days."""
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    dated = start != NO_DAY
    days = np.where(dated, end - np.where(dated, start, end) + 1, 1).astype(float)
    return np.where(dated, table[column].to_numpy(float) / days, np.nan), days


def row_phases(study: Study, table: Any) -> Array:
    """Phase of each row: as stated, or the one in which its first day falls; else empty."""
    phases = table["phase"].to_numpy(object).copy()
    start = table["start"].to_numpy()
    for phase in PHASES:
        days = phase_days(study.settings, phase)
        if days is not None:
            phases[(start != NO_DAY) & (start >= days[0]) & (start <= days[1])] = phase
    return np.asarray(phases)
