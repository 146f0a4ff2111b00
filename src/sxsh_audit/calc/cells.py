"""Tables with a cell for every combination: facility × resource × phase, facility × month.

Keys are codes, whole numbers from 0, as categorical columns have them. A sum then needs no
grouping and a join no search: what belongs to a row stands at the place its codes say. Both work
in blocks that stay in the cache, and nothing as long as the rows is made but the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = ["cell_consumption", "cell_sum"]

#: Rows of a block: 512 KiB for each array.
_BLOCK = 1 << 16

Codes = list[NDArray[np.integer[Any]]]


def _columns(
    codes: Sequence[ArrayLike], values: ArrayLike, shape: Sequence[int]
) -> tuple[Codes, Floats]:
    columns = [np.asarray(each).reshape(-1) for each in codes]
    figures = floats(values).reshape(-1)
    if len(columns) != len(shape):
        raise ValueError(f"{len(columns)} columns of codes for cells of shape {tuple(shape)}")
    for column in columns:
        if column.size != figures.size:
            raise ValueError(f"{column.size} codes for {figures.size} values")
        if column.size and not np.issubdtype(column.dtype, np.integer):
            raise TypeError("codes must be whole numbers")
    return columns, figures


def _cells(
    codes: Codes, shape: Sequence[int], size: int, language: Language
) -> Iterator[tuple[slice, Any]]:
    """Yield blocks of rows with the place of each row's cell, to be used at once."""
    room = np.zeros(min(_BLOCK, size), np.intp)
    for start in range(0, size, _BLOCK):
        part = slice(start, min(start + _BLOCK, size))
        cell = room[: part.stop - start]
        for dimension, (column, n) in enumerate(zip(codes, shape, strict=True)):
            piece = column[part]
            # Read without a sign, a code below 0 is above all others.
            if piece.view(f"u{piece.itemsize}").max() >= n:
                refuse("calc.group_range", (column < 0) | (column >= n), column, language, n=int(n))
            if not dimension:
                np.copyto(cell, piece, casting="unsafe")
                continue
            cell *= n
            np.add(cell, piece, out=cell, casting="unsafe")
        yield part, cell


def cell_sum(
    codes: Sequence[ArrayLike],
    values: ArrayLike,
    shape: Sequence[int],
    *,
    empty: float = 0.0,
    language: Language = "vi",
) -> Floats:
    """Sum `values` per cell; a missing value makes the sum of its cell unknown.

    Parameters
    ----------
    codes : sequence of array of int, each of shape (rows,)
        For each dimension of the table the place of each row along it, from 0.
    values : array of float, shape (rows,)
        What is summed. [any one unit]
    shape : sequence of int
        Shape of the table.
    empty : float
        Value of a cell without rows; ``nan`` if no row means that nothing is known.
        [unit of `values`]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array of float, of shape `shape`
        [unit of `values`]

    Raises
    ------
    RangeError
        If a code is outside its dimension.

    Notes
    -----
    Rows are added in their order, as :func:`~sxsh_audit.calc.rollup.group_sum` does: the two
    agree to the last bit.

    Examples
    --------
    >>> cell_sum([[0, 1, 0], [0, 2, 0]], [1.0, 5.0, 2.0], (2, 3))
    array([[3., 0., 0.],
           [0., 0., 5.]])
    """
    columns, figures = _columns(codes, values, shape)
    total = np.zeros(prod(shape))
    seen = np.zeros(total.size, bool) if empty != 0 else None
    for part, cell in _cells(columns, shape, figures.size, language):
        np.add.at(total, cell, figures[part])
        if seen is not None:
            seen[cell] = True
    if seen is not None:
        total[~seen] = empty
    return total.reshape(tuple(shape))


def cell_consumption(
    codes: Sequence[ArrayLike],
    use: ArrayLike,
    output: ArrayLike,
    *,
    language: Language = "vi",
) -> Floats:
    """Divide the use of each row by the output of the row's cell (suất tiêu hao).

    Parameters
    ----------
    codes : sequence of array of int, each of shape (rows,)
        For each dimension of `output` the place of each row along it, from 0.
    use : array, shape (rows,)
        Use of a resource. [canonical unit]
    output : array
        Good product made: a table of a facility's months, say, as :func:`cell_sum` lays it out
        with ``empty=nan``. [canonical unit]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (rows,)
        As :func:`sxsh_audit.specific_consumption` has it: ``nan`` where the
        output is 0 or anything is missing. [canonical unit of use/of output]

    Raises
    ------
    RangeError
        If a use or an output is negative, or a code outside its dimension.

    Examples
    --------
    >>> made = cell_sum([[0, 0, 1], [0, 1, 0]], [10.0, 20.0, 5.0], (2, 2), empty=np.nan)
    >>> cell_consumption([[1, 0, 1], [0, 1, 1]], [50.0, 50.0, 50.0], made)
    array([10. ,  2.5,  nan])
    """
    made = floats(output)
    columns, figures = _columns(codes, use, made.shape)
    refuse_negative(made, "output", language)
    table = np.where(made == 0, np.nan, made).reshape(-1)
    found = np.empty(figures.size)
    for part, cell in _cells(columns, made.shape, figures.size, language):
        used, into = figures[part], found[part]
        if used.min() < 0:
            refuse_negative(figures, "use", language)
        table.take(cell, out=into, mode="clip")  # "raise" would copy first; checked already
        with np.errstate(over="ignore", under="ignore"):
            np.divide(used, into, out=into)
    return found
