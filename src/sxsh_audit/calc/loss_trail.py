"""From every đồng that goes in to the loss or the product in which it ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.centre_costs import centre_costs
from sxsh_audit.calc.domain import Floats, floats, refuse, times
from sxsh_audit.calc.flow_ends import OUTSIDE, Places, flow_ends
from sxsh_audit.calc.loss_costs import LOSS_CATEGORIES, lost_parts, treatment_marks
from sxsh_audit.calc.waste_costs import waste_costs
from sxsh_audit.language.formatting import Language

__all__ = ["LossTrail", "loss_trail"]

_WASTE = LOSS_CATEGORIES.index("waste_management")


class LossTrail(NamedTuple):
    """Origins of cost against the losses and the product."""

    flow: Places
    """Positions of the loss flows, which are the columns, shape (losses,)."""
    amount: Floats
    """What of each origin ends in each loss, shape (origins, losses). [currency]"""
    product: Floats
    """What of each origin leaves in products, by-products and stocks, shape (origins,).
    [currency]"""
    stuck: Floats
    """What of each origin never leaves, shape (origins,). [currency]"""


def loss_trail(
    source: ArrayLike,
    target: ArrayLike,
    share: ArrayLike,
    lost: ArrayLike,
    origin_step: ArrayLike,
    origin_category: ArrayLike,
    origin_cost: ArrayLike,
    steps: int,
    *,
    treatment: ArrayLike | None = None,
    waste_key: ArrayLike | None = None,
    language: Language = "vi",
) -> LossTrail:
    """Follow each origin of cost to the losses of a plant and to its product.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    share : array, shape (m,) or (3, m)
        Share of what its centre holds that leaves with each flow, for material, energy and
        system cost. [1]
    lost : array of bool, shape (m,)
        Flows that are losses when they leave to the outside world.
    origin_step : array of int, shape (origins,)
        Step at which each origin enters: the target of a purchase, the centre of a system cost,
        the treatment step of a treatment cost or of the fee of what it sends out.
    origin_category : array of int, shape (origins,)
        Position in :data:`~sxsh_audit.calc.loss_costs.LOSS_CATEGORIES`. What enters at a treatment
        step is waste management whatever its category.
    origin_cost : array, shape (origins,)
        Its cost; ``nan`` is not known. [currency]
    steps : int
        Count of steps.
    treatment : array of bool, shape (steps,), optional
        Steps that treat waste; none when left out.
    waste_key : array, shape (m,), optional
        Key by which a treatment step is shared among what enters it; needed with `treatment`.
        [one unit for what enters one treatment step]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    LossTrail
        The rows with ``product`` and ``stuck`` add up to the costs of the origins; the columns
        to the losses of :func:`~sxsh_audit.calc.loss_costs.loss_split`, but for the fees of the
        loss flows themselves.

    Raises
    ------
    RangeError
        If an end or an origin is no step, or a share, a key or a category is wrong.

    Examples
    --------
    Material of 1,000 and energy of 50 at one centre that loses 30 %:

    >>> found = loss_trail([0, 0], [-1, -1], [0.7, 0.3], [False, True], [0, 0], [0, 1],
    ...                    [1000.0, 50.0], 1)
    >>> found.amount, found.product
    (array([[300.],
           [ 15.]]), array([700.,  35.]))
    """
    start, end = flow_ends(source, target, steps, language=language)
    place = np.asarray(origin_step).reshape(-1)
    refuse("mfca.no_such_step", (place < 0) | (place >= steps), place, language, last=steps - 1)
    kind = np.asarray(origin_category).reshape(-1)
    if not ((kind >= 0) & (kind <= _WASTE)).all():
        raise ValueError(f"categories are 0 to {_WASTE}: {', '.join(LOSS_CATEGORIES)}")
    cost, marked = floats(origin_cost).reshape(-1), np.asarray(lost, np.bool_).reshape(-1)
    treats = treatment_marks(treatment, waste_key, steps)
    kind = np.where(treats[place], _WASTE, kind)
    shares = np.broadcast_to(floats(share), (3, start.size))
    front, part = lost_parts(start, end, shares, marked, treats, steps)
    flow = np.flatnonzero(front)
    kept = (start != OUTSIDE) & (end == OUTSIDE) & ~marked
    amount = np.zeros((place.size, flow.size))
    product, stuck = np.zeros(place.size), np.zeros(place.size)
    for category in np.unique(kind):
        rows = np.flatnonzero(kind == category)
        steps_in, which = np.unique(place[rows], return_inverse=True)
        which = which.reshape(-1)
        unit = np.zeros((steps_in.size, steps))
        unit[np.arange(steps_in.size), steps_in] = 1.0
        if category == _WASTE:
            key = np.zeros(start.size) if waste_key is None else waste_key
            waste = waste_costs(start, end, key, treats, unit, 0.0, steps, language=language)
            ends, rest = waste.cost[:, flow], waste.unattributed.sum(axis=-1)
        else:
            found = centre_costs(start, end, shares[category], unit, steps, language=language)
            ends = times(found.carried[:, flow], part[category, flow])
            rest = found.kept.sum(axis=-1)
            product[rows] = times(found.carried[:, kept].sum(axis=-1)[which], cost[rows])
        amount[rows] = times(ends[which], cost[rows, None])
        stuck[rows] = times(rest[which], cost[rows])
    return LossTrail(flow, amount, product, stuck)
