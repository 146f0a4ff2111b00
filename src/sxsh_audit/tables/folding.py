"""Findings as a person wants to read them: each cause once, in the order of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sxsh_audit.findings import Finding
from sxsh_audit.tables.raw import RawTable

__all__ = ["MOST_ALIKE", "fold_alike", "tidy_findings"]

MOST_ALIKE = 20
"""The same fault on more rows of one column than this is told once, with a count."""

FIRST_ROWS = 5


def tidy_findings(
    findings: Sequence[Finding],
    raw: Mapping[str, RawTable] | None = None,
    *,
    fold: bool = True,
) -> list[Finding]:
    """Return findings without repeats, long runs folded, by file, sheet and row.

    Parameters
    ----------
    findings : sequence of Finding
        As they were found.
    raw : mapping of str to RawTable, optional
        Tables in the order in which their sheets stand in the workbook.
    fold : bool
        Whether one finding may stand for many alike.

    Returns
    -------
    list of Finding
        Where one rule is broken on more than 20 rows of a column, the first of these findings
        stands for all: its numbers have ``alike`` (how many further rows) and ``alike_rows``
        (the first of them).
    """
    unique: dict[tuple[object, ...], Finding] = {}
    for item in findings:
        said = repr(sorted(item.numbers.items()))
        unique.setdefault((item.code, item.place, item.value, said), item)
    kept = fold_alike([*unique.values()]) if fold else [*unique.values()]
    sheets: dict[tuple[str, str], int] = {}
    for table in (raw or {}).values():
        for place in (table.place(), *table.told_as.values()):
            sheets.setdefault((place.file, place.sheet), len(sheets))

    def order(item: Finding) -> tuple[object, ...]:
        place = item.place
        where = sheets.get((place.file, place.sheet), -1)
        return (place.file, where, place.sheet, place.row)

    return sorted(kept, key=order)


def fold_alike(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in their order, one for all where a rule is broken on many rows."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for position, item in enumerate(findings):
        place = item.place
        column = (item.code, item.severity, place.file, place.sheet, place.column, bool(place.row))
        groups.setdefault(column, []).append(position)
    kept: list[Finding | None] = list(findings)
    for group in groups.values():
        if len(group) <= MOST_ALIKE or not findings[group[0]].place.row:
            continue
        group = sorted(group, key=lambda position: findings[position].place.row)
        first = findings[group[0]]
        rows = [findings[position].place.row for position in group[1:]]
        numbers = {**first.numbers, "alike": len(rows), "alike_rows": rows[:FIRST_ROWS]}
        for position in group:
            kept[position] = None
        kept[group[0]] = replace(first, numbers=numbers)
    return [item for item in kept if item is not None]
