"""What each loss costs: material, energy, system and waste management, and what the product."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.centre_costs import CentreCosts, centre_costs
from sxsh_audit.calc.domain import Floats, floats, times
from sxsh_audit.calc.flow_ends import OUTSIDE, Places, flow_ends, step_sums
from sxsh_audit.calc.ranking import twelve_digits
from sxsh_audit.calc.waste_costs import WasteCosts, waste_costs
from sxsh_audit.language.formatting import Language

__all__ = ["LOSS_CATEGORIES", "HotSpots", "LossSplit", "hot_spots", "loss_split"]

#: Rows of the cost of a loss.
LOSS_CATEGORIES = ("material", "energy", "system", "waste_management")
"""Parts of the cost of a loss."""


class HotSpots(NamedTuple):
    """Losses in the order of their cost."""

    order: NDArray[np.intp]
    """Positions, dearest first, those not known last, shape (losses,)."""
    rank: NDArray[np.int64]
    """Rank of each loss as given, 1 the dearest; equal costs share a rank, 0 is not known."""
    share: Floats
    """Share of each loss, as given, in the losses that are known. [1]"""
    cumulative: Floats
    """Sum of the shares in the order of `order`; ``nan`` at those not known. [1]"""


class LossSplit(NamedTuple):
    """Costs of losses and products; the leading axes are those of the costs."""

    flow: Places
    """Positions of the loss flows, shape (losses,)."""
    cost: Floats
    """Cost of each loss by :data:`LOSS_CATEGORIES`, shape (…, 4, losses). [currency]"""
    total: Floats
    """Cost of each loss, shape (…, losses). [currency]"""
    step_loss: Floats
    """Losses of each centre by category, shape (…, 4, steps). [currency]"""
    step_kept: Floats
    """What each centre hands on in products, shape (…, 3, steps); of treatment 0. [currency]"""
    lost: Floats
    """All losses by category, shape (…, 4). [currency]"""
    product: Floats
    """What leaves in products, by-products and stocks, by category, shape (…, 3). [currency]"""
    stuck: Floats
    """What never leaves, by category, shape (…, 4): trapped centres, treatment of nothing.
    [currency]"""
    loss_share: Any
    """Losses ÷ all costs, shape (…). [1]"""
    centres: CentreCosts
    """Costs of centres and flows behind it, by category."""
    waste: WasteCosts
    """Costs of waste management behind it."""


def loss_split(
    source: ArrayLike,
    target: ArrayLike,
    share: ArrayLike,
    own_cost: ArrayLike,
    lost: ArrayLike,
    steps: int,
    *,
    treatment: ArrayLike | None = None,
    treatment_cost: ArrayLike = 0.0,
    fee: ArrayLike = 0.0,
    waste_key: ArrayLike | None = None,
    language: Language = "vi",
) -> LossSplit:
    r"""Split all costs between product and loss, and give each loss its cost.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    share : array, shape (m,) or (…, 3, m)
        Share of what its centre holds that leaves with each flow, for material, energy and
        system cost. [1]
    own_cost : array, shape (…, 3, steps)
        Material, energy and system cost that enters at each centre. That of a treatment step is
        waste management and goes wholly to the losses. [currency]
    lost : array of bool, shape (m,)
        Flows that are losses when they leave to the outside world.
    steps : int
        Count of steps.
    treatment : array of bool, shape (steps,), optional
        Steps that treat waste; none when left out.
    treatment_cost : float or array, shape (…, steps)
        Further cost of each treatment step. [currency]
    fee : float or array, shape (…, m)
        Charge, transport or disposal paid for each flow. [currency]
    waste_key : array, shape (…, m), optional
        Key by which a treatment step is shared among what enters it; needed with `treatment`.
        [one unit for what enters one treatment step]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    LossSplit
        The losses in the order of the flows; :func:`hot_spots` ranks them.

    Raises
    ------
    RangeError
        If ends, shares or keys are wrong.
    ValueError
        If a plant with treatment has no `waste_key`.

    Notes
    -----
    A loss is counted once, where it leaves the process: at the flow to the outside world, or
    into treatment. Of what goes into treatment only the part counts that leaves it as a loss; what
    comes back to the process (treated water, recovered fibre) or leaves as a by-product stays
    with the product. With x the part of what a treatment step holds that ends as a loss,

    .. math:: x_j = \sum_{k\,:\,j \to out,\ lost} a_k + \sum_{k\,:\,j \to l} a_k x_l

    so that Σ own cost + Σ treatment cost + Σ fee = Σ `lost` + Σ `product` + Σ `stuck`. A fee of a
    flow that is no loss is waste management all the same and counts in `lost`.

    References
    ----------
    .. [1] ISO 14051:2011, Environmental management – Material flow cost accounting – General
       framework.

    Examples
    --------
    100 kg in, 70 kg of product, 30 kg of loss:

    >>> found = loss_split([-1, 0, 0], [0, -1, -1], [0, 0.7, 0.3], [[1000.0], [50.0], [800.0]],
    ...                    [False, False, True], 1, fee=[0.0, 0.0, 80.0])
    >>> found.cost[:, 0], found.product
    (array([300.,  15., 240.,  80.]), array([700.,  35., 560.]))
    """
    start, end = flow_ends(source, target, steps, language=language)
    own, marked = floats(own_cost), np.asarray(lost, np.bool_).reshape(-1)
    if own.shape[-2:] != (3, steps) or marked.size != start.size:
        raise ValueError(
            f"costs of shape {own.shape} for material, energy and system of {steps} steps, "
            f"{marked.size} marks of loss for {start.size} flows"
        )
    treats = treatment_marks(treatment, waste_key, steps)
    handled = np.where(treats, own, 0.0).sum(axis=-2) + floats(treatment_cost)
    waste = waste_costs(start, end, np.zeros(start.size) if waste_key is None else waste_key,
                        treats, handled, fee, steps, language=language)  # fmt: skip
    parts = floats(share)
    centres = centre_costs(start, end, parts, np.where(treats, 0.0, own), steps, language=language)
    front, part = lost_parts(start, end, parts, marked, treats, steps)
    carried = np.where(front, times(centres.carried, part), 0.0)
    lead = np.broadcast_shapes(own.shape[:-2], carried.shape[:-2], waste.cost.shape[:-1])
    each = np.concatenate(
        [np.broadcast_to(carried, (*lead, 3, start.size)),
         np.broadcast_to(waste.cost[..., None, :], (*lead, 1, start.size))], axis=-2,
    )  # fmt: skip
    flow = np.flatnonzero(front | (waste.cost != 0).any(axis=tuple(range(waste.cost.ndim - 1))))
    out = np.where((end == OUTSIDE) & (start != OUTSIDE), centres.carried, 0.0)
    lost_by = each.sum(axis=-1)
    # products by what carries them, not as the rest, so that the sum remains a check
    product = np.where(marked, 0.0, out).sum(axis=-1)
    stuck = np.concatenate(
        [np.broadcast_to(centres.kept.sum(axis=-1), (*lead, 3)),
         np.broadcast_to(waste.unattributed.sum(axis=-1)[..., None], (*lead, 1))], axis=-1,
    )  # fmt: skip
    step_loss = step_sums(start, each, steps)
    kept = np.where(treats, 0.0, centres.cost - step_loss[..., :3, :])
    everything = lost_by.sum(axis=-1) + product.sum(axis=-1) + stuck.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss_share = lost_by.sum(axis=-1) / np.where(everything == 0, np.nan, everything)
    return LossSplit(
        flow, each[..., flow], each[..., flow].sum(axis=-2), step_loss, kept, lost_by, product,
        stuck, loss_share if lead else float(loss_share), centres, waste,
    )  # fmt: skip


def treatment_marks(
    treatment: ArrayLike | None, waste_key: ArrayLike | None, steps: int
) -> NDArray[np.bool_]:
    """Return which steps treat waste; a plant that has any needs a key."""
    if treatment is None:
        return np.zeros(steps, np.bool_)
    treats = np.asarray(treatment, np.bool_).reshape(-1)
    if treats.size != steps:
        raise ValueError(f"{steps} steps with {treats.size} marks of treatment")
    if waste_key is None and treats.any():
        raise ValueError("treatment needs waste_key, by which its cost is shared")
    return treats


def lost_parts(
    start: Places, end: Places, share: Floats, lost: NDArray[np.bool_], treats: NDArray[np.bool_],
    steps: int,
) -> tuple[NDArray[np.bool_], Floats]:  # fmt: skip
    """Return the flows at which losses are counted, and what part of each is lost for good."""
    treat = np.append(treats, False)  # −1: the outside
    front = (start != OUTSIDE) & ~treat[start] & ((lost & (end == OUTSIDE)) | treat[end])
    ending = np.zeros((*share.shape[:-1], steps + 1))
    inside = treat[start]
    away = np.where(treat[end], end, OUTSIDE)[inside]
    ends = lost[inside] & (end[inside] == OUTSIDE)
    for step in np.flatnonzero(treats):
        # what is put into this step, and what of it leaves treatment as a loss
        unit = np.zeros((*share.shape[:-1], steps))
        unit[..., step] = 1.0
        gone = centre_costs(start[inside], away, share[..., inside], unit, steps).carried
        ending[..., step] = gone[..., ends].sum(axis=-1)
    return front, np.where(treat[end], ending[..., end], np.where(end == OUTSIDE, 1.0, 0.0))


def hot_spots(total: ArrayLike, ids: ArrayLike | None = None) -> HotSpots:
    """Rank losses by their cost, with the shares that a Pareto chart shows.

    Parameters
    ----------
    total : array, shape (losses,)
        Cost of each loss; ``nan`` is not known. [currency]
    ids : array of str or int, shape (losses,), optional
        Names by which ties are listed; by default the positions.

    Returns
    -------
    HotSpots
        Every loss has a place; those that are not known stand last.

    Notes
    -----
    Costs are compared at 12 significant digits and share a rank when equal (1, 2, 2, 4). Ties
    are listed by `ids`, so that the order of the rows does not matter. Shares are of what is
    known and, where waste earns money (a negative cost), may pass 1 on the way.

    Examples
    --------
    >>> found = hot_spots([100.0, float("nan"), 300.0])
    >>> found.order, found.rank, found.cumulative
    (array([2, 0, 1]), array([2, 0, 1]), array([0.75, 1.  ,  nan]))
    """
    cost = floats(total).reshape(-1)
    names = np.arange(cost.size) if ids is None else np.asarray(ids).reshape(-1)
    _, place = np.unique(names, return_inverse=True)
    key = np.copysign(twelve_digits(np.abs(cost)), -cost)
    known = ~np.isnan(cost)
    order = np.lexsort((place.reshape(-1), key))  # nan sorts last
    rank = np.zeros(cost.size, np.int64)
    rank[known] = np.searchsorted(np.sort(key[known]), key[known]) + 1
    whole = cost[known].sum()
    share = cost / (whole if whole != 0 else np.nan)
    cumulative = np.cumsum(share[order])
    return HotSpots(order, rank, share, cumulative)
