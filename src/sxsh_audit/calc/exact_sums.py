"""Sums that are cut into parts and lose nothing: every cut gives the same bits.

A sum of floats is rounded, and rounded sums of parts depend on the cut. The exact sum of floats
is a few floats that do not overlap; those of all parts together give the rounded sum of the
whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["exact_parts", "joined_parts"]


def exact_parts(values: Iterable[float]) -> tuple[float, ...]:
    r"""Return the exact sum as floats of falling size.

    Parameters
    ----------
    values : iterable of float
        Finite numbers. [any one unit]

    Returns
    -------
    tuple of float
        Numbers whose exact sum is that of `values`; empty where it is 0. [unit of `values`]

    Raises
    ------
    ValueError
        If a value is infinite or no number.
    OverflowError
        If the sum is larger than the largest float.

    Notes
    -----
    With fl(·) the correctly rounded sum (:func:`math.fsum`),

    .. math:: p_k = \mathrm{fl}\Big(\sum_i x_i - \sum_{j<k} p_j\Big)

    until it is 0. Each step takes 53 bits off what is left, so that two or three suffice for
    amounts of one kind.

    References
    ----------
    .. [1] J. R. Shewchuk, Adaptive precision floating-point arithmetic and fast robust
       geometric predicates, Discrete & Computational Geometry 18 (1997), 305–363.

    Examples
    --------
    >>> exact_parts([0.1, 0.2, 0.3])
    (0.6, 2.7755575615628914e-17)
    >>> exact_parts([1e16, 1.0, -1e16])
    (1.0,)
    """
    column = list(values)
    if not all(map(math.isfinite, column)):
        raise ValueError("an exact sum needs finite numbers")
    parts: list[float] = []
    while part := math.fsum(column):
        parts.append(part)
        column.append(-part)
    return tuple(parts)


def joined_parts(sums: Iterable[Iterable[float]]) -> tuple[float, ...]:
    """Return the exact sum of exact sums.

    Parameters
    ----------
    sums : iterable of iterable of float
        Results of :func:`exact_parts`. [any one unit]

    Returns
    -------
    tuple of float
        As :func:`exact_parts` of all the values behind them; the first is the rounded sum.
        [unit of `sums`]

    Examples
    --------
    >>> joined_parts([exact_parts([0.1, 0.2]), exact_parts([0.3])]) == exact_parts([0.1, 0.2, 0.3])
    True
    """
    return exact_parts(part for one in sums for part in one)
