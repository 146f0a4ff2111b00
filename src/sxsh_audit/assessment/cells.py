"""Keys of text as whole numbers: which row belongs to which plant and resource.

A hundred thousand plants are ten million rows of a few words. The words are looked at once, the
arithmetic goes by their numbers; a Categorical brings its numbers along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Cells", "cells_of", "coded", "joined", "match", "plain_text", "records_of",
           "refined", "sorted_rows"]

Whole = NDArray[np.int64]

DENSE = 4
"""Combinations per row up to which a table of all combinations is cheaper than hashing."""


class Cells(NamedTuple):
    """Distinct combinations of the cells of some columns, numbered as they first appear."""

    code: Whole
    """Combination of each row, shape (rows,)."""
    first: Whole
    """Row in which each combination first appears, rising, shape (combinations,)."""

    def __len__(self) -> int:
        return len(self.first)


def coded(column: pd.Series) -> tuple[NDArray[Any], pd.Index[Any]]:
    """Return a column of text as numbers and the texts that they stand for.

    Parameters
    ----------
    column : Series
        Text of any type; of a Categorical the texts may hold some that do not occur.

    Returns
    -------
    array of int, shape (rows,)
        Position of the text of each row; −1 where there is none.
    Index
        The texts, each once.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories
    codes, texts = pd.factorize(column)
    return codes, pd.Index(texts)


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dicts; pandas takes milliseconds to find out that there is none."""
    return table.to_dict("records") if len(table) else []  # type: ignore[return-value]


def cells_of(table: pd.DataFrame, columns: Sequence[str]) -> Cells:
    """Give the combinations of the cells of some columns numbers.

    Parameters
    ----------
    table : DataFrame
        Rows.
    columns : sequence of str
        Columns of text.

    Returns
    -------
    Cells

    Examples
    --------
    >>> table = pd.DataFrame({"facility": ["b", "a", "b"], "resource": ["x", "x", "x"]})
    >>> found = cells_of(table, ["facility", "resource"])
    >>> found.code, found.first
    (array([0, 1, 0]), array([0, 1]))
    """
    sides = [coded(table[name]) for name in columns]
    return _numbered([(codes, len(texts)) for codes, texts in sides])


def refined(cells: Cells, column: pd.Series) -> Cells:
    """Return the combinations of `cells` with the cells of one more column."""
    codes, texts = coded(column)
    if len(texts) <= 1 and (not len(codes) or codes.min() >= 0):
        return cells
    return _numbered([(cells.code, len(cells)), (codes, len(texts))])


def _numbered(sides: Sequence[tuple[NDArray[Any], int]]) -> Cells:
    """Give the combinations numbers; rows alike that follow each other are looked at once."""
    rows = len(sides[0][0])
    other = np.ones(rows, bool)
    if rows:
        np.not_equal(sides[0][0][1:], sides[0][0][:-1], out=other[1:])
        for codes, _ in sides[1:]:
            other[1:] |= codes[1:] != codes[:-1]
    begins = np.flatnonzero(other)
    if len(begins) > rows / 2:
        return _by_appearance(*_combined(sides))
    runs = _by_appearance(*_combined([(codes[begins], texts) for codes, texts in sides]))
    length = np.diff(begins, append=rows)
    return Cells(np.repeat(runs.code, length), begins[runs.first])


def _combined(sides: Sequence[tuple[NDArray[Any], int]]) -> tuple[Whole, int]:
    """Return the number of all; hashed on the way where the numbers would grow too large."""
    code, size = np.zeros(len(sides[0][0]), np.int64), 1
    for more, texts in sides:
        if size * (texts + 1) >= 1 << 62:
            cells = _by_appearance(code, size)
            code, size = cells.code, len(cells)
        missing = len(more) > 0 and int(more.min()) < 0
        width = max(texts, 1) + missing
        code, size = code * width + (more % width if missing else more), size * width
    return code, size


def _by_appearance(code: Whole, size: int) -> Cells:
    rows = len(code)
    if size > DENSE * max(rows, 1 << 12):
        code, distinct = pd.factorize(code)  # numbers in the order in which they appear
        size = len(distinct)
    first = np.full(size, rows, np.int64)
    # Of several rows of a number the last that is written stays: the first row.
    first[code[::-1]] = np.arange(rows - 1, -1, -1)
    there = np.flatnonzero(first < rows)
    first = first[there]
    if (first[1:] > first[:-1]).all():
        if len(there) == size:
            return Cells(code, first)
        order = there
    else:
        rank = np.argsort(first)
        order, first = there[rank], first[rank]
    number = np.empty(size, np.int64)
    number[order] = np.arange(len(order))
    return Cells(number[code], first)


def plain_text(column: pd.Series) -> pd.Series:
    """Return a column of text without the numbers of a Categorical."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column
    texts = column.cat.categories
    found = texts.take(column.cat.codes.to_numpy(), allow_fill=True, fill_value=np.nan)
    return pd.Series(found, index=column.index, name=column.name)


def match(wanted: pd.DataFrame, among: pd.DataFrame, columns: Sequence[str]) -> Whole:
    """Return the row of `among` with the same key as each row of `wanted`; −1 where none has.

    Parameters
    ----------
    wanted, among : DataFrame
        Both have the columns; a key stands at most once in `among`.
    columns : sequence of str
        The key.

    Examples
    --------
    >>> match(pd.DataFrame({"k": ["b", "c"]}), pd.DataFrame({"k": ["a", "b"]}), ["k"])
    array([ 1, -1])
    """
    if not len(among):
        return np.full(len(wanted), -1)
    if len(wanted) == len(among) and all(
        wanted[name].array.equals(among[name].array) for name in columns
    ):
        return np.arange(len(wanted))
    sought: Whole = np.zeros(len(wanted), np.int64)
    known: Whole = np.zeros(len(among), np.int64)
    lost = np.zeros(len(wanted), bool)
    size = 1
    for name in columns:
        there, texts = coded(among[name])
        asked, words = coded(wanted[name])
        place = _places(words, texts)
        mine = np.where(asked >= 0, place[asked], -1) if len(words) else asked
        lost |= mine < 0
        if size * (len(texts) + 1) >= 1 << 62:  # pragma: no cover - 10¹⁸ combinations
            raise OverflowError("keys")
        sought, known = sought * len(texts) + np.maximum(mine, 0), known * len(texts) + there
        size *= len(texts)
    if size <= DENSE * max(len(wanted) + len(among), 1 << 12):
        row = np.full(size, -1)
        row[known] = np.arange(len(known))
        found = row[sought]
    else:
        found = pd.Index(known).get_indexer(pd.Index(sought)).astype(np.int64)
    return np.where(lost, -1, found)


def _places(words: pd.Index[Any], texts: pd.Index[Any]) -> Whole:
    """Where each of `words` stands among `texts`."""
    if words is texts:
        return np.arange(len(texts))
    return texts.get_indexer(words).astype(np.int64)


def sorted_rows(table: pd.DataFrame, columns: Sequence[str]) -> Whole:
    """Return the rows in the order of the texts of some columns, those alike as they stand.

    Examples
    --------
    >>> sorted_rows(pd.DataFrame({"k": ["b", "a", "b"]}), ["k"])
    array([1, 0, 2])
    """
    ranks = [_ranks(table[name]) for name in columns]
    if not ranks or len(table) < 2:
        return np.arange(len(table))
    found: Whole = np.lexsort(ranks[::-1]).astype(np.int64)
    return found


def _ranks(column: pd.Series) -> NDArray[Any]:
    codes, texts = coded(column)
    if texts.is_monotonic_increasing:
        return codes
    words = texts.to_numpy(object)
    rank = np.empty(len(words), np.int64)
    rank[np.argsort(words, kind="stable")] = np.arange(len(words))
    found: NDArray[Any] = rank[codes]
    return found


def joined(cell: Whole, count: int, names: pd.Series) -> NDArray[Any]:
    """Names of the rows of each cell, in the order of the rows, with commas between them.

    Parameters
    ----------
    cell : array of int, shape (rows,)
        Cell of each row, 0 … `count` − 1.
    count : int
        Count of cells.
    names : Series of str, shape (rows,)
        What is listed.

    Returns
    -------
    array of object, shape (count,)
        Text; "" for a cell without rows.

    Notes
    -----
    A list is written once, however many cells have it.

    Examples
    --------
    >>> joined(np.array([1, 0, 1]), 2, pd.Series(["x", "y", "z"])).tolist()
    ['y', 'x, z']
    """
    codes, texts = coded(names)
    words = [str(text) for text in texts]
    order = np.argsort(cell, kind="stable")
    sizes = np.bincount(cell, minlength=count)
    begins = np.cumsum(sizes) - sizes
    lists: list[str] = [""]
    state = np.zeros(count, np.int64)
    for place in range(int(sizes.max(initial=0))):
        mine = np.flatnonzero(sizes > place)
        added = codes[order[begins[mine] + place]]
        pair, distinct = pd.factorize(state[mine] * len(words) + added)
        before = len(lists)
        for one in distinct.tolist():
            text, word = lists[one // len(words)], words[one % len(words)]
            lists.append(f"{text}, {word}" if place else word)
        state[mine] = before + pair
    return np.array(lists, dtype=object)[state]
