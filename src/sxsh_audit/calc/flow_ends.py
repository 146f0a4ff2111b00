"""Where flows begin and end: steps 0 … n − 1, and the outside world as −1."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["OUTSIDE", "OrientedFlows", "flow_ends", "oriented_flows", "step_sums"]

#: The number of the outside world among the steps.
OUTSIDE = -1

#: Up to so many rows, each is summed by itself.
_FEW = 16

Places = NDArray[np.intp]


class OrientedFlows(NamedTuple):
    """Flows whose amounts are all at least 0, or not known."""

    source: Places
    """Step that each flow leaves, shape (m,)."""
    target: Places
    """Step that each flow enters, shape (m,)."""
    amount: Floats
    """Amounts, shape (m,). [unit of the layer]"""
    turned: NDArray[np.bool_]
    """Flows whose direction was turned, shape (m,)."""


def flow_ends(
    source: ArrayLike, target: ArrayLike, steps: int, *, language: Language = "vi"
) -> tuple[Places, Places]:
    """Check the two ends of flows.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    tuple of two arrays of int
        The ends as positions.

    Raises
    ------
    RangeError
        If an end is no step, or a flow has both ends outside.
    TypeError
        If an end is not a whole number.
    ValueError
        If there are not as many sources as targets.

    Examples
    --------
    >>> flow_ends([-1, 0], [0, -1], 1)
    (array([-1,  0]), array([ 0, -1]))
    """
    ends = []
    for given in (source, target):
        found = np.asarray(given)
        if found.size and not np.issubdtype(found.dtype, np.integer):
            raise TypeError("the ends of flows are whole numbers: steps from 0, or -1 for outside")
        found = found.reshape(-1).astype(np.intp, copy=False)
        refuse("mfca.no_such_step", (found < OUTSIDE) | (found >= steps), found, language,
               last=steps - 1)  # fmt: skip
        ends.append(found)
    if ends[0].shape != ends[1].shape:
        raise ValueError(f"{ends[0].size} sources with {ends[1].size} targets")
    outside = (ends[0] == OUTSIDE) & (ends[1] == OUTSIDE)
    refuse("mfca.both_outside", outside, ends[0], language)
    return ends[0], ends[1]


def oriented_flows(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    steps: int,
    *,
    language: Language = "vi",
) -> OrientedFlows:
    """Turn the flows whose amount is negative, such as a stock that was drawn down.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    amount : array, shape (m,)
        Amounts; ``nan`` is not known. [unit of the layer]
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    OrientedFlows
        The same flows; what a stock gave back enters the step from outside.

    Raises
    ------
    RangeError
        If an end is no step.

    Examples
    --------
    A stock that grew by 2 t, and one that fell by 3 t:

    >>> oriented_flows([0, 0], [-1, -1], [2.0, -3.0], 1)[:3]
    (array([ 0, -1]), array([-1,  0]), array([2., 3.]))
    """
    start, end = flow_ends(source, target, steps, language=language)
    size = floats(amount)
    turned = size < 0
    return OrientedFlows(
        np.where(turned, end, start), np.where(turned, start, end), np.abs(size), turned
    )


def step_sums(places: Places, values: Floats, steps: int) -> Floats:
    """Sum the values of flows at each step; what is outside is left out.

    Parameters
    ----------
    places : array of int, shape (m,)
        Step of each flow, −1 for outside.
    values : array, shape (…, m)
        What is summed. [any one unit]
    steps : int
        Count of steps.

    Returns
    -------
    array, shape (…, steps)
        The sums; 0 for a step without flows, ``nan`` where one of them is ``nan``.

    Examples
    --------
    >>> step_sums(np.array([0, -1, 0]), np.array([1.0, 5.0, 2.0]), 2)
    array([3., 0.])
    """
    from scipy.sparse import csr_array

    lead, flows = values.shape[:-1], values.shape[-1]
    if not values.size:
        return np.zeros((*lead, steps))
    rows = values.reshape(-1, flows)
    # −1 is the last place, which is dropped
    index = np.where(places == OUTSIDE, steps, places)
    if len(rows) < _FEW:
        found = floats([np.bincount(index, row, steps + 1) for row in rows])
    else:  # only stored entries are multiplied, so a nan stays at its own step
        ones = csr_array((np.ones(flows), (np.arange(flows), index)), (flows, steps + 1))
        found = floats(rows @ ones)
    return found[:, :steps].reshape(*lead, steps)
