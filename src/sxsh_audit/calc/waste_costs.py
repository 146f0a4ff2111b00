"""What it costs to be rid of each waste stream: treatment and fees, handed back to its origin."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.allocation import allocation_shares
from sxsh_audit.calc.centre_costs import centre_costs
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.flow_ends import OUTSIDE, Places, flow_ends, step_sums
from sxsh_audit.language.formatting import Language

__all__ = ["WasteCosts", "WasteNetwork", "waste_costs", "waste_network"]


class WasteNetwork(NamedTuple):
    """Treatment seen backwards: a cost goes from a treatment step to what it treats."""

    flow: Places
    """Positions of the flows that enter treatment from inside, shape (w,)."""
    source: Places
    """Step from which each takes treatment cost: the treatment that it enters, shape (w,)."""
    target: Places
    """Step that it hands the cost on to: the treatment that it leaves, −1 where it is a waste
    stream of the process and keeps the cost, shape (w,)."""
    share: Floats
    """Share of the cost of its treatment that each takes, shape (…, w). [1]"""


class WasteCosts(NamedTuple):
    """Cost of waste management by flow; floats, or arrays with the leading axes of the costs."""

    cost: Floats
    """Treatment cost handed back and fee of each flow, shape (…, m): of a waste stream as it
    leaves the process; 0 between treatment steps, and of what treatment sends out. [currency]"""
    unattributed: Floats
    """Cost of treatment steps that no waste stream enters, shape (…, steps). [currency]"""
    treated: Floats
    """What passes through each treatment step, shape (…, steps): its own cost, the fees of what
    it sends out, and what the treatment after it hands back. [currency]"""
    total: Any
    """Σ cost + Σ unattributed = Σ treatment cost + Σ fee, shape (…). [currency]"""


def waste_network(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    treatment: ArrayLike,
    steps: int,
    *,
    language: Language = "vi",
) -> WasteNetwork:
    """Turn the flows around treatment backwards, for costs that follow what is treated.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    amount : array, shape (…, m)
        Key by which a treatment step is shared among what enters it from inside: volume, load
        of a pollutant, mass; ``nan`` is not known. [one unit for what enters one treatment step]
    treatment : array of bool, shape (steps,)
        Steps that treat waste.
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    WasteNetwork
        Flows for :func:`~sxsh_audit.calc.centre_costs.centre_costs` or
        :func:`~sxsh_audit.calc.cost_trail.cost_trail`.

    Raises
    ------
    RangeError
        If an end is no step or a key is negative.

    Notes
    -----
    What enters treatment from outside (lime, air, rain) is no waste stream: what was paid for it
    is a cost of the treatment step.

    Examples
    --------
    >>> waste_network([0, 1, 2], [2, 2, -1], [30.0, 10.0, 40.0], [False, False, True], 3)
    WasteNetwork(flow=array([0, 1]), source=array([2, 2]), target=array([-1, -1]),
                 share=array([0.75, 0.25]))
    """
    start, end = flow_ends(source, target, steps, language=language)
    treats = np.append(np.asarray(treatment, np.bool_).reshape(-1), False)  # −1: the outside
    if treats.size != steps + 1:
        raise ValueError(f"{steps} steps with {treats.size - 1} marks of treatment")
    key = floats(amount)
    if key.shape[-1:] != start.shape:
        raise ValueError(f"{start.size} flows with keys of shape {key.shape}")
    flow = np.flatnonzero(treats[end] & (start != OUTSIDE))
    back, onward = end[flow], np.where(treats[start[flow]], start[flow], OUTSIDE)
    share = allocation_shares(back, key[..., flow], steps, language=language)
    return WasteNetwork(flow, back, onward, share)


def waste_costs(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    treatment: ArrayLike,
    treatment_cost: ArrayLike,
    fee: ArrayLike,
    steps: int,
    *,
    language: Language = "vi",
) -> WasteCosts:
    r"""Attribute the cost of treatment, and fees, to the waste streams that caused them.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    amount : array, shape (…, m)
        Key by which a treatment step is shared among what enters it from inside: volume, load
        of a pollutant, mass; ``nan`` is not known. [one unit for what enters one treatment step]
    treatment : array of bool, shape (steps,)
        Steps that treat waste.
    treatment_cost : array, shape (…, steps)
        Cost of each treatment step, its chemicals and energy included; what is given for a step
        that treats nothing has no stream to go to and stays ``unattributed``. Below 0 where
        treatment earns money. [currency]
    fee : float or array, shape (…, m)
        Charge, transport or disposal paid for each flow. [currency]
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    WasteCosts
        Cost by flow, and what no stream bears.

    Raises
    ------
    RangeError
        If an end is no step, or a key is negative.

    Notes
    -----
    A treatment step j costs what it takes itself, the fees of what it sends out and what the
    treatment after it hands back; the flows that enter it from inside share that by the key q:

    .. math:: D_j = T_j + \sum_{k\,:\,j \to} f_k + \sum_{k\,:\,j \to l} w_k D_l, \qquad
       w_k = \frac{q_k}{\sum_{i \to l} q_i}

    Chains and loops (filtrate that goes back to the inlet) are solved together. All of it goes
    to the waste streams and none to the product. A fee of a flow that no treatment sends out
    stays with that flow; it may be below 0, where waste is sold.

    References
    ----------
    .. [1] ISO 14051:2011, Environmental management – Material flow cost accounting – General
       framework: waste management costs are attributed to material loss.

    Examples
    --------
    Two waste waters share a treatment step of 900 and the discharge fee of 100:

    >>> found = waste_costs([0, 1, 2], [2, 2, -1], [30.0, 10.0, 40.0], [False, False, True],
    ...                     [0.0, 0.0, 900.0], [0.0, 0.0, 100.0], 3)
    >>> found.cost, found.total
    (array([750., 250.,   0.]), 1000.0)
    """
    network = waste_network(source, target, amount, treatment, steps, language=language)
    start, _ = flow_ends(source, target, steps, language=language)
    own, paid = floats(treatment_cost), floats(fee)
    treats = np.append(np.asarray(treatment, np.bool_).reshape(-1), False)
    paid = np.broadcast_to(paid, np.broadcast_shapes(paid.shape, start.shape))
    sent = treats[start]  # the outside, −1, is the last mark
    entering = own + step_sums(start, np.where(sent, paid, 0.0), steps)
    found = centre_costs(*network[1:], entering, steps, language=language)
    fees = np.where(sent, 0.0, paid)
    lead = np.broadcast_shapes(fees.shape[:-1], found.cost.shape[:-1])
    cost = np.broadcast_to(fees, (*lead, start.size)).copy()
    cost[..., network.flow] += np.where(network.target == OUTSIDE, found.carried, 0.0)
    total = cost.sum(axis=-1) + found.kept.sum(axis=-1)
    treated = np.where(treats[:steps], found.cost, 0.0)
    return WasteCosts(cost, found.kept, treated, total if lead else float(total))
