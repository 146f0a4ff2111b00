"""From every đồng that goes in to where it ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.centre_costs import centre_costs
from sxsh_audit.calc.domain import Floats, floats, refuse, times
from sxsh_audit.calc.flow_ends import OUTSIDE, flow_ends
from sxsh_audit.language.formatting import Language

__all__ = ["CostTrail", "cost_trail"]


class CostTrail(NamedTuple):
    """Origins of cost against their ends."""

    amount: Floats
    """What of each origin ends in each flow, shape (origins, ends). [currency]"""
    ends: NDArray[np.intp]
    """Flows to the outside world, which are the columns, shape (ends,)."""
    kept: Floats
    """What of each origin ends in trapped centres, shape (origins,). [currency]"""


def cost_trail(
    source: ArrayLike,
    target: ArrayLike,
    share: ArrayLike,
    origin_step: ArrayLike,
    origin_cost: ArrayLike,
    steps: int,
    *,
    origin_category: ArrayLike | None = None,
    language: Language = "vi",
) -> CostTrail:
    r"""Follow each origin of cost to the flows in which it leaves.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    share : array, shape (m,) or (categories, m)
        Share of what its centre holds that leaves with each flow, of each category. [1]
    origin_step : array of int, shape (origins,)
        Step at which each origin enters: the target of a purchase, the centre of a system cost.
    origin_cost : array, shape (origins,)
        Its cost; ``nan`` is not known. [currency]
    steps : int
        Count of steps.
    origin_category : array of int, shape (origins,), optional
        Row of `share` that each origin follows; all follow the first when left out.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CostTrail
        The rows add up to the costs of the origins, the columns to what the flows carry.

    Raises
    ------
    RangeError
        If an end or an origin is no step, or shares are wrong.

    Notes
    -----
    .. math:: t_{oe} = N_o \, [(I - R)^{-1}]_{step(o),\, source(e)} \, a_e

    For the cost of treatment, give the flows of
    :func:`~sxsh_audit.calc.waste_costs.waste_network`: its ends are the waste streams.

    Examples
    --------
    Material of 240 and a system cost of 60, with a recycle that brings a quarter back:

    >>> found = cost_trail([0, 1, 1, 1], [1, 0, -1, -1], [1, 0.25, 0.6, 0.15], [0, 1],
    ...                    [240.0, 60.0], 2)
    >>> found.ends, found.amount
    (array([2, 3]), array([[192.,  48.], [ 48.,  12.]]))
    """
    start, end = flow_ends(source, target, steps, language=language)
    place = np.asarray(origin_step).reshape(-1)
    refuse("mfca.no_such_step", (place < 0) | (place >= steps), place, language, last=steps - 1)
    cost = floats(origin_cost).reshape(-1)
    shares = np.atleast_2d(floats(share))
    kind = np.zeros(place.size, np.intp) if origin_category is None else np.asarray(
        origin_category
    ).reshape(-1)  # fmt: skip
    if not place.size == cost.size == kind.size:
        raise ValueError(f"{place.size} origins with {cost.size} costs and {kind.size} categories")
    ends = np.flatnonzero((start != OUTSIDE) & (end == OUTSIDE))
    amount, kept = np.zeros((place.size, ends.size)), np.zeros(place.size)
    for category in np.unique(kind):
        rows = np.flatnonzero(kind == category)
        steps_in, which = np.unique(place[rows], return_inverse=True)
        unit = np.zeros((steps_in.size, steps))
        unit[np.arange(steps_in.size), steps_in] = 1.0
        found = centre_costs(start, end, shares[category], unit, steps, language=language)
        amount[rows] = times(found.carried[:, ends][which.reshape(-1)], cost[rows, None])
        kept[rows] = times(found.kept.sum(axis=-1)[which.reshape(-1)], cost[rows])
    return CostTrail(amount, ends, kept)
