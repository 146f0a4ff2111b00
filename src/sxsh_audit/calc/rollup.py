"""Sums of long columns into groups.

A group is a whole number from 0 to `n` − 1 (facility × resource × phase laid out as one code).
Sums are carried out in float64 in row order, so that another order of the rows may move the
last bits; ``exact=True`` gives the correctly rounded sum, the same for every order.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["KnownSum", "group_known", "group_sum"]


class KnownSum(NamedTuple):
    """Sum of what is known, with how much that is."""

    total: Floats
    known: NDArray[np.int64]
    rows: NDArray[np.int64]


def _codes(codes: ArrayLike, n: int, language: Language) -> NDArray[np.intp]:
    flat = np.asarray(codes).reshape(-1)
    if flat.size:
        if not np.issubdtype(flat.dtype, np.integer):
            raise TypeError("group codes must be whole numbers")
        if flat.min() < 0 or flat.max() >= n:
            refuse("calc.group_range", (flat < 0) | (flat >= n), flat, language, n=int(n))
    return flat.astype(np.intp, copy=False)


def group_sum(
    codes: ArrayLike,
    values: ArrayLike,
    n: int,
    *,
    exact: bool = False,
    language: Language = "vi",
) -> Floats:
    """Sum `values` per group; a missing value makes the sum of its group unknown.

    Parameters
    ----------
    codes : array of int, shape (rows,)
        Group of each row, 0 … `n` − 1.
    values : array of float, shape (rows,)
        What is summed. [any one unit]
    n : int
        Count of groups.
    exact : bool
        Correctly rounded sums that do not depend on the order of the rows (a Python loop over
        groups: for tests and small tables).
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array of float, shape (n,)
        0 for a group without rows. [unit of `values`]

    Raises
    ------
    RangeError
        If a code is outside 0 … `n` − 1.

    Examples
    --------
    >>> group_sum([0, 2, 0], [1.0, 5.0, 2.0], 3)
    array([3., 0., 5.])
    """
    index = _codes(codes, n, language)
    column = floats(values).reshape(-1)
    if column.shape != index.shape:
        raise ValueError(f"{index.size} group codes for {column.size} values")
    if not exact:
        # Without a row bincount forgets its weights and answers in whole numbers.
        return floats(np.bincount(index, weights=column, minlength=n))
    order = np.argsort(index, kind="stable")
    ends = np.cumsum(np.bincount(index, minlength=n))
    parts = np.split(column[order], ends[:-1]) if n else []
    return np.array([math.fsum(part) for part in parts], dtype=np.float64)


def group_known(
    codes: ArrayLike, values: ArrayLike, n: int, *, language: Language = "vi"
) -> KnownSum:
    """Sum the known values per group and say how many of how many rows they are.

    Parameters
    ----------
    codes : array of int, shape (rows,)
        Group of each row, 0 … `n` − 1.
    values : array of float, shape (rows,)
        What is summed; ``nan`` is missing. [any one unit]
    n : int
        Count of groups.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    KnownSum
        ``total`` [unit of `values`] (``nan`` where nothing is known), ``known`` and ``rows``
        [count], each of shape (n,).

    Raises
    ------
    RangeError
        If a code is outside 0 … `n` − 1.

    Examples
    --------
    >>> group_known([0, 0, 1], [1.0, float("nan"), float("nan")], 2)
    KnownSum(total=array([ 1., nan]), known=array([1, 0]), rows=array([2, 1]))
    """
    index = _codes(codes, n, language)
    column = floats(values).reshape(-1)
    there = ~np.isnan(column)
    rows = np.bincount(index, minlength=n)
    known = np.bincount(index, weights=there, minlength=n).astype(np.int64)
    total = np.bincount(index, weights=np.where(there, column, 0.0), minlength=n)
    return KnownSum(np.where(known > 0, total, np.nan), known, rows)
