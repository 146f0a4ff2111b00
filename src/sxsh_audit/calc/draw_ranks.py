"""Ranks of options, draw by draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.payback import IMMEDIATE, UNKNOWN, WORSE, YEARS

__all__ = ["draw_ranks", "payback_keys"]

#: Last binary digits that are left out when draws are compared: 40 of 52 are twelve decimal ones.
_LEFT_OUT = 12


def payback_keys(years: Floats, codes: NDArray[np.int8]) -> Floats:
    """Return keys that sort as the classes do: by years, then never, worse and unknown.

    Parameters
    ----------
    years : array
        Payback. [year]
    codes : array of int8
        Position in :class:`~sxsh_audit.calc.payback.PaybackClass`.

    Examples
    --------
    >>> payback_keys(np.array([3.0, 0.0]), np.array([1, 0], np.int8))
    array([3., 0.])
    """
    most = np.finfo(np.float64).max
    keys = np.where(codes == YEARS, np.minimum(years, most / 8), most / 4)
    keys[codes == IMMEDIATE] = 0.0
    keys[codes == WORSE] = most / 2
    keys[codes == UNKNOWN] = np.inf
    return keys


def draw_ranks(keys: Floats) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Rank by rising key in each row, ties sharing one.

    Parameters
    ----------
    keys : array, shape (draws, options)
        What the options are put in order by, ``nan`` last; its last digits are lost.
        [any unit]

    Returns
    -------
    rank, option : array, shape (draws × options,)
        The ranks of one row after another, best first, and the option that holds each.

    Examples
    --------
    >>> draw_ranks(np.array([[7.0, 5.0, 7.0]]))
    (array([1, 2, 2]), array([1, 0, 2]))
    """
    np.copyto(keys, np.inf, where=np.isnan(keys))
    digits = keys.view(np.int64)
    digits += 1 << (_LEFT_OUT - 1)
    digits &= -(1 << _LEFT_OUT)
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    rank = np.empty(keys.shape, np.int64)
    rank[:, 0] = 1
    position = np.arange(2, keys.shape[1] + 1)
    rank[:, 1:] = (ordered[:, 1:] != ordered[:, :-1]) * position
    np.maximum.accumulate(rank, axis=1, out=rank)
    return rank.reshape(-1), order.reshape(-1)
