"""Findings as a person wants to read them: each cause once, in the order of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sxsh_audit.findings import Finding
from sxsh_audit.tables.raw import RawTable

__all__ = ["MOST_ALIKE", "tidy_findings"]

MOST_ALIKE = 20
"""The same fault on more rows of one column than this is told once, with a count."""

FIRST_ROWS = 5


def tidy_findings(
    findings: Sequence[Finding], raw: Mapping[str, RawTable] | None = None
) -> list[Finding]:
    """Return findings without repeats, long runs folded, by file, sheet and row.

    Parameters
    ----------
    findings : sequence of Finding
        As they were found.
    raw : mapping of str to RawTable, optional
        Tables in the order in which their sheets stand in the workbook.

    Returns
    -------
    list of Finding
        Where one rule is broken on more than 20 rows of a column, the first of these findings
        stands for all: its numbers have ``alike`` (how many further rows) and ``alike_rows``
        (the first of them).
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    unique: dict[tuple[object, ...], Finding] = {}
    for item in findings:
        said = repr(sorted(item.numbers.items()))
        unique.setdefault((item.code, item.place, item.value, said), item)
    for item in unique.values():
        place = item.place
        column = (item.code, item.severity, place.file, place.sheet, place.column, bool(place.row))
        groups.setdefault(column, []).append(item)
    kept: list[Finding] = []
    for group in groups.values():
        if len(group) <= MOST_ALIKE or not group[0].place.row:
            kept += group
            continue
        group = sorted(group, key=lambda item: item.place.row)
        rows = [item.place.row for item in group[1:]]
        numbers = {**group[0].numbers, "alike": len(rows), "alike_rows": rows[:FIRST_ROWS]}
        kept.append(replace(group[0], numbers=numbers))
    sheets: dict[tuple[str, str], int] = {}
    for table in (raw or {}).values():
        for place in (table.place(), *table.told_as.values()):
            sheets.setdefault((place.file, place.sheet), len(sheets))

    def order(item: Finding) -> tuple[object, ...]:
        place = item.place
        where = sheets.get((place.file, place.sheet), -1)
        return (place.file, where, place.sheet, place.row)

    return sorted(kept, key=order)
