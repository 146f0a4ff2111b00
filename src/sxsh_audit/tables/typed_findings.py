"""What a study would tell of plants whose records have no fault: figures left out, other years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.folding import MOST_ALIKE
from sxsh_audit.tables.typed_plants import Codes, Rows

__all__ = [
    "FIRST_ROW", "many_alike", "missing_figures", "outside_periods", "rank_in_plant",
    "silent_parts",
]  # fmt: skip

FIRST_ROW = 2
"""Row of the first record, as if the headings were row 1 of a sheet."""

Told = Iterator[tuple[int, Finding]]


def rank_in_plant(plants: Codes) -> Codes:
    """Return how many records of its plant stand before each record, shape (rows,).

    Examples
    --------
    >>> rank_in_plant(np.array([1, 0, 1, 1])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(plants, kind="stable")
    ordered = plants[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    lengths = np.diff(np.append(begins, len(ordered)))
    out = np.empty(len(plants), dtype=np.int64)
    out[order] = np.arange(len(plants)) - np.repeat(begins, lengths)
    return out


def outside_periods(
    table: str, plants: Codes, outside: Rows, rank: Codes | None = None
) -> Told:
    """Tell of each plant how many of its records lie in neither period.

    Parameters
    ----------
    table : str
        Name of the table.
    plants : array of int, shape (rows,)
        Plant of each record.
    outside : array of bool, shape (rows,)
        Records in neither period.
    rank : array of int, shape (rows,), optional
        How many records of its plant stand before each as typed, where some were added up.
    """
    if not outside.any():
        return
    rows, left = np.bincount(plants), np.bincount(plants[outside])
    positions = np.flatnonzero(outside)
    named, first = np.unique(plants[positions], return_index=True)
    rank = (rank_in_plant(plants) if rank is None else rank)[positions[first]]
    for plant, row in zip(named.tolist(), (rank + FIRST_ROW).tolist(), strict=True):
        numbers = {"count": int(left[plant]), "rows": int(rows[plant])}
        place = Place("", table, row)
        yield plant, Finding("study.outside_periods", "note", place, "", numbers)


def silent_parts(keys: Codes, missing: Rows) -> Rows | None:
    """Return the records of a meter or product without any figure; None without such a one.

    A single record of its kind is no silence: its figure is told as any other that is missing.
    """
    if not missing.any():
        return None
    rows = np.bincount(keys)
    silent = (np.bincount(keys[missing], minlength=len(rows)) == rows) & (rows > 1)
    found = silent[keys]
    return found if found.any() else None


def missing_figures(table: str, heading: str, plants: Codes, missing: Rows) -> Told:
    """Tell of each figure that is missing.

    Parameters
    ----------
    table, heading : str
        Name of the table, and what stands above the figures.
    plants : array of int, shape (rows,)
        Plant of each record.
    missing : array of bool, shape (rows,)
        Records without a figure.
    """
    if not missing.any():
        return
    positions = np.flatnonzero(missing)
    positions = positions[np.argsort(plants[positions], kind="stable")]
    rank = rank_in_plant(plants)[positions] + FIRST_ROW
    for plant, row in zip(plants[positions].tolist(), rank.tolist(), strict=True):
        place = Place("", table, row, heading)
        yield plant, Finding("table.missing_figure", "warning", place)


def many_alike(plants: Codes, missing: Rows) -> Rows | None:
    """Return the records of plants of whom so much is missing that one finding stands for all."""
    if not missing.any():
        return None
    found = (np.bincount(plants[missing], minlength=int(plants.max()) + 1) > MOST_ALIKE)[plants]
    return found if found.any() else None
