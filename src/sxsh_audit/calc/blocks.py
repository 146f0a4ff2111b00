"""Work through long arrays in pieces that stay in the processor's caches.

What a formula needs beside its inputs and its result is then a few pieces, however many rows
there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = [
    "NUMBERS",
    "ONE_THREAD",
    "cells_in_blocks",
    "piece_of",
    "rows_in_a_block",
    "rows_in_blocks",
]

#: Cells per piece of a formula on single numbers (96 KiB: below what is fetched from the system).
CELLS = 3 << 12

#: Multiplications up to which a matrix product stays on one thread (OpenBLAS shares above it).
ONE_THREAD = 1 << 17

#: Numbers per piece of a table of rows (512 KiB).
NUMBERS = 1 << 16


def piece_of(column: NDArray[Any], shape: tuple[int, ...]) -> Callable[[slice], NDArray[Any]]:
    """Return a reader of slices of `column` as broadcast to `shape` and flattened.

    Parameters
    ----------
    column : array of object
        What is read.
    shape : tuple of int
        To what it broadcasts.

    Returns
    -------
    callable
        Takes a slice of the flattened shape; returns a 1-d array, or a 0-d one for a column of
        one number.
    """
    if column.size == 1:
        one = column.reshape(())
        return lambda _: one
    if column.shape == shape and column.flags.c_contiguous:
        flat = column.reshape(-1)
        return lambda part: flat[part]
    spread = np.broadcast_to(column, shape).flat
    return lambda part: spread[part]


def cells_in_blocks(
    kernel: Callable[..., Sequence[Any]], columns: Sequence[NDArray[Any]], kinds: Sequence[Any]
) -> tuple[NDArray[Any], ...]:
    """Apply `kernel` to broadcast columns piece by piece.

    Parameters
    ----------
    kernel : callable
        Takes one 1-d array (or a 0-d one, for a column of one number) per column, returns one
        per result.
    columns : sequence of array of object
        Inputs; they broadcast against each other.
    kinds : sequence of dtype
        Types of the results.

    Returns
    -------
    tuple of array
        Results of the broadcast shape.
    """
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    found = tuple(np.empty(shape, kind) for kind in kinds)
    flat = [each.reshape(-1) for each in found]
    pieces = [piece_of(column, shape) for column in columns]
    size = flat[0].size
    for start in range(0, size, CELLS):
        part = slice(start, min(start + CELLS, size))
        for out, values in zip(flat, kernel(*(piece(part) for piece in pieces)), strict=True):
            out[part] = values
    return found


def rows_in_a_block(years: int) -> int:
    """Return how many rows :func:`rows_in_blocks` yields at most by itself.

    Parameters
    ----------
    years : int
        Numbers in a row.
    """
    return max(NUMBERS // max(years, 1), 1)


def rows_in_blocks(
    shape: tuple[int, ...], table: Floats, columns: Sequence[Floats], step: int | None = None
) -> Iterator[tuple[slice, Floats, list[Floats]]]:
    """Yield pieces of a table of rows with the columns that belong to them.

    Parameters
    ----------
    shape : tuple of int
        Broadcast shape of the rows.
    table : array, shape (…, years)
        Rows; the leading dimensions broadcast to `shape`. [any unit]
    columns : sequence of array of object
        One number per row each, broadcast to `shape`.
    step : int, optional
        Rows of a piece; as :func:`rows_in_a_block` has it if not given. [count]

    Yields
    ------
    part : slice
        Positions in the flattened `shape`.
    rows : array, shape (piece, years)
        The rows; a view where possible, never to be written to.
    columns : list of array
        The numbers of these rows; 0-d for a column of one number.
    """
    years = table.shape[-1]
    size = int(np.prod(shape, dtype=np.int64))
    step = rows_in_a_block(years) if step is None else step
    plain = table.reshape(size, years) if table.shape[:-1] == shape else None
    spread = np.broadcast_to(table, (*shape, years))
    pieces = [piece_of(column, shape) for column in columns]
    for start in range(0, size, step):
        part = slice(start, min(start + step, size))
        if plain is not None:
            rows = plain[part]
        else:
            rows = spread[np.unravel_index(np.arange(part.start, part.stop), shape)]
        yield part, rows, [piece(part) for piece in pieces]
