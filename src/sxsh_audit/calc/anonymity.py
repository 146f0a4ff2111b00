"""How far records must be made coarser so that each is one of at least k alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["coarsening_levels"]


def coarsening_levels(
    views: Sequence[Sequence[Hashable]], minimum: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    r"""Return the finest view of each record under which it is one of `minimum` alike.

    Parameters
    ----------
    views : sequence of sequences
        What an outsider may know of each record, finest first; every view tells of the same
        records in the same order. [1]
    minimum : int
        Least number of records that look alike. [1]

    Returns
    -------
    levels : ndarray of int, shape (records,)
        Position of the view; ``len(views)`` for a record that must be left out.
    alike : ndarray of int, shape (records,)
        Number of records of the same view that look like it, itself among them; 0 where it is
        left out. [1]

    Raises
    ------
    ValueError
        If `minimum` is below 1, there is no view, or the views differ in length.

    Notes
    -----
    Local recoding from fine to coarse: of the records still held back, those whose class under
    a view has at least `minimum` members go out under that view, the others are tried under the
    next. A class of the published table is a pair of view and values, so each has
    :math:`\ge k` members, which is k-anonymity over the attributes of the views. The result
    does not depend on the order of the records.

    References
    ----------
    L. Sweeney, "k-anonymity: a model for protecting privacy", International Journal on
    Uncertainty, Fuzziness and Knowledge-based Systems 10 (5), 2002, 557–570.

    Examples
    --------
    >>> fine = [("17", "small"), ("17", "small"), ("17", "large"), ("10", "small")]
    >>> levels, alike = coarsening_levels([fine, [one[:1] for one in fine], [()] * 4], 2)
    >>> levels.tolist(), alike.tolist()
    ([0, 0, 2, 2], [2, 2, 2, 2])
    """
    if minimum < 1:
        raise ValueError(f"minimum is a count of 1 or more, not {minimum}")
    if not views:
        raise ValueError("give at least one view of the records")
    count = len(views[0])
    if any(len(view) != count for view in views):
        raise ValueError("every view must tell of the same records")
    levels = np.full(count, len(views), dtype=np.int64)
    alike = np.zeros(count, dtype=np.int64)
    held = list(range(count))
    for level, view in enumerate(views):
        classes: dict[Hashable, list[int]] = {}
        for record in held:
            classes.setdefault(view[record], []).append(record)
        held = []
        for members in classes.values():
            if len(members) < minimum:
                held += members
                continue
            levels[members] = level
            alike[members] = len(members)
    return levels, alike
