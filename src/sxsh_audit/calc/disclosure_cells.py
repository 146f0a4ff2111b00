"""The cells of a fixed set of published tables, as sums over the same records."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CellSet", "Relation", "cell_set", "relations_of"]

Flags = NDArray[np.bool_]
Labels = tuple[Hashable | None, ...]


class Relation(NamedTuple):
    """A sum that every reader can check: one cell is made of others."""

    whole: int
    """Place of the sum among the cells."""
    parts: NDArray[np.intp]
    """Places of what it is made of; two or more."""


class CellSet(NamedTuple):
    """Cells of all tables; a cell that stands in several of them is there once."""

    places: Mapping[str, Mapping[Labels, int]]
    """Place of each cell by table and labels; a label of None is the sum over a column."""
    atom_of: NDArray[np.intp]
    """Atom of each record: records that no table tells apart share one."""
    members: Flags
    """Which atoms a cell is made of; shape (cells, atoms)."""
    levels: tuple[NDArray[np.intp], ...]
    """Cells of each level of detail of a table: they share nothing."""


def _codes(labels: Sequence[Hashable | None]) -> tuple[NDArray[np.intp], list[Hashable]]:
    """Return the number of each label, in an order that the records have no part in."""
    known = sorted({label for label in labels if label is not None},
                   key=lambda label: (str(type(label).__name__), str(label)))  # fmt: skip
    number: dict[Any, int] = {label: place for place, label in enumerate(known)}
    return np.array([number.get(label, -1) for label in labels], np.intp), known


def cell_set(tables: Mapping[str, Mapping[str, Sequence[Hashable | None]]], size: int) -> CellSet:
    """Return the cells of tables with all their margins.

    Parameters
    ----------
    tables : mapping of str to mapping of str to sequence
        Per table the label of each record by column; a record without one of its labels (None)
        is not in the table.
    size : int
        Number of records. [-]

    Returns
    -------
    CellSet
        Cells, what they are made of, and the levels of detail.

    Examples
    --------
    >>> found = cell_set({"sector": {"sector": ["a", "a", "b"]}}, 3)
    >>> found.places["sector"], found.members.astype(int).tolist()
    ({('a',): 0, ('b',): 1, (None,): 2}, [[1, 0], [0, 1], [1, 1]])
    """
    coded = {}
    for name, columns in tables.items():
        if not columns:
            raise ValueError(f"table {name!r} has no columns")
        wrong = [column for column, labels in columns.items() if len(labels) != size]
        if wrong:
            raise ValueError(f"{wrong} of {name!r}: one label for each of {size} records")
        coded[name] = [_codes(labels) for labels in columns.values()]
    every = [np.where(_inside(parts), codes, -1) for parts in coded.values() for codes, _ in parts]
    atoms, atom_of = np.unique(np.column_stack(every), axis=0, return_inverse=True)
    atom_of = atom_of.reshape(-1)
    places: dict[str, dict[Labels, int]] = {}
    rows: list[Flags] = []
    known: dict[bytes, int] = {}
    levels = []
    column = 0
    for name, parts in coded.items():
        own = atoms[:, column : column + len(parts)]
        column += len(parts)
        places[name] = {}
        present = (own >= 0).all(axis=1)
        for depth in range(len(parts), -1, -1):
            for kept in combinations(range(len(parts)), depth):
                level = []
                for combination in np.unique(own[present][:, list(kept)], axis=0):
                    member = present & (own[:, list(kept)] == combination).all(axis=1)
                    labels: list[Hashable | None] = [None] * len(parts)
                    for at, code in zip(kept, combination, strict=True):
                        labels[at] = parts[at][1][code]
                    cell = known.setdefault(member.tobytes(), len(rows))
                    if cell == len(rows):
                        rows.append(member)
                    places[name][tuple(labels)] = cell
                    level.append(cell)
                levels.append(np.array(sorted(set(level)), np.intp))
    members = np.array(rows, bool) if rows else np.zeros((0, len(atoms)), bool)
    return CellSet(places, atom_of, members, tuple(levels))


def _inside(parts: Sequence[tuple[NDArray[np.intp], list[Hashable]]]) -> Flags:
    inside: Flags = np.logical_and.reduce([codes >= 0 for codes, _ in parts])
    return inside


def relations_of(cells: CellSet) -> list[Relation]:
    """Return every cell that is made of whole cells of one level, of any table.

    Parameters
    ----------
    cells : CellSet
        The cells of all tables.

    Returns
    -------
    list of Relation
        Margins of a table, and cells of one table that are sums of cells of another one
        (districts of a region).

    Examples
    --------
    >>> found = cell_set({"sector": {"sector": ["a", "a", "b"]}}, 3)
    >>> [(one.whole, one.parts.tolist()) for one in relations_of(found)]
    [(2, [0, 1])]
    """
    found: dict[tuple[int, ...], Relation] = {}
    member = cells.members.astype(np.intp)
    sizes = member.sum(axis=1)
    for level in cells.levels:
        shared = member @ member[level].T
        within = (shared == sizes[level]) & (sizes[level] > 0)
        covered = np.where(within, shared, 0).sum(axis=1)
        for whole in np.flatnonzero(covered == sizes):
            parts = level[within[whole]]
            if len(parts) > 1:
                key = (int(whole), *map(int, parts))
                found.setdefault(key, Relation(int(whole), parts))
    return list(found.values())
