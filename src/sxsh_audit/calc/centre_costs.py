"""What passes through each quantity centre and leaves with each flow, recycles solved."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.allocation import ROUNDING
from sxsh_audit.calc.domain import Floats, floats, refuse, times
from sxsh_audit.calc.flow_ends import OUTSIDE, Places, flow_ends, step_sums
from sxsh_audit.language.formatting import Language

__all__ = ["CentreCosts", "centre_costs"]

#: Up to so many steps, dense systems of many plants are solved at once.
_DENSE = 40

Mask = NDArray[np.bool_]


class CentreCosts(NamedTuple):
    """Costs of each centre and flow; the leading axes are those of the costs."""

    cost: Floats
    """What passes through each centre: its own cost and what flows bring, shape (…, steps);
    ``nan`` downstream of what is not known. [currency]"""
    carried: Floats
    """What each flow carries, shape (…, m); 0 for a flow from outside. [currency]"""
    leaving: Any
    """What leaves to the outside world, shape (…). [currency]"""
    kept: Floats
    """What arrives at a trapped centre and stays, shape (…, steps); 0 elsewhere. [currency]"""
    trapped: Mask
    """Centres that costs reach and that have no way out, shape (…, steps): a centre without an
    outflow, or the centres of a loop without an exit."""
    difference: Floats
    """Own cost + brought − taken away − kept at each centre, shape (…, steps): rounding, or
    ``nan`` where something is not known. [currency]"""


def _spread(reached: Mask, start: Places, end: Places, edges: Mask) -> Mask:
    """Return what is reached from the marked steps (…, steps + 1) along the edges (…, m)."""
    order = np.argsort(end, kind="stable")
    start, end, edges = start[order], end[order], edges[..., order]
    first = np.flatnonzero(np.diff(end, prepend=-2))
    places = end[first]
    while True:
        arrived = np.logical_or.reduceat(reached[..., start] & edges, first, axis=-1)
        new = reached[..., places] | arrived
        if (new == reached[..., places]).all():
            return reached
        reached[..., places] = new


def _ways_out(start: Places, end: Places, edges: Mask, steps: int) -> Mask:
    """Return the steps from which the outside is reached, shape (rows, steps)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    found = np.zeros((len(edges), steps + 1), np.bool_)
    found[:, OUTSIDE] = True
    if len(edges) == 1:  # a long chain would take as many rounds as it has steps
        used = np.flatnonzero(edges[0])
        back = np.where(end[used] == OUTSIDE, steps, end[used])
        graph = csr_array((np.ones(used.size), (back, start[used])), (steps + 1, steps + 1))
        found[0, breadth_first_order(graph, steps, return_predecessors=False)] = True
    elif start.size:
        found = _spread(found, end, start, edges)
    return found[:, :steps]


def _closed(start: Places, end: Places, edges: Mask, steps: int) -> Mask:
    """Return the steps of the classes that nothing leaves, shape (rows, steps)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    found = np.zeros((len(edges), steps), np.bool_)
    patterns, which = np.unique(edges, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        used = pattern & (start != OUTSIDE)
        inside = used & (end != OUTSIDE)
        graph = csr_array((np.ones(inside.sum()), (start[inside], end[inside])), (steps, steps))
        classes, label = connected_components(graph, directed=True, connection="strong")
        leaves = used & (label[start] != np.where(end == OUTSIDE, -1, label[end]))
        is_open = np.zeros(classes, np.bool_)
        is_open[label[start[leaves]]] = True
        found[which.reshape(-1) == number] = ~is_open[label]
    return found


def _solved(share: Floats, own: Floats, start: Places, end: Places, steps: int) -> Floats:
    """Solve (I − Rᵀ) C = N of each row: shares (rows, m), own costs (rows, each, steps)."""
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import splu

    inside = np.flatnonzero((start != OUTSIDE) & (end != OUTSIDE))
    if not inside.size:
        return own
    rows = len(share)
    if steps <= _DENSE:
        matrix = np.zeros((rows, steps, steps))
        matrix[:, np.arange(steps), np.arange(steps)] = 1.0
        for flow in inside:
            matrix[:, end[flow], start[flow]] -= share[:, flow]
        return floats(np.linalg.solve(matrix, own.transpose(0, 2, 1)).transpose(0, 2, 1))
    shift = (np.arange(rows) * steps)[:, None]
    system = eye_array(rows * steps) - coo_array(
        (share[:, inside].reshape(-1),
         ((end[inside] + shift).reshape(-1), (start[inside] + shift).reshape(-1))),
        (rows * steps, rows * steps),
    )  # fmt: skip
    # columns add up to at least 0: the diagonal is a safe pivot and keeps the factors sparse
    factors = splu(system.tocsc(), diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    right = own.transpose(0, 2, 1).reshape(rows * steps, -1)
    return floats(factors.solve(right)).reshape(rows, steps, -1).transpose(0, 2, 1)


def _check(share: Floats, start: Places, steps: int, language: Language) -> None:
    refuse("mfca.share_range", (share < 0) | (share > 1 + ROUNDING), share, language)
    leaves = start != OUTSIDE
    known = step_sums(start, np.where(np.isnan(share), 0.0, share), steps)
    refuse("mfca.shares_above_one", known > 1 + ROUNDING, known, language)
    whole = np.isfinite(step_sums(start, share, steps))
    outflows = np.bincount(start[leaves], minlength=steps) > 0
    refuse("mfca.shares_below_one", outflows & whole & (known < 1 - ROUNDING), known, language)


def centre_costs(
    source: ArrayLike,
    target: ArrayLike,
    share: ArrayLike,
    own_cost: ArrayLike,
    steps: int,
    *,
    language: Language = "vi",
) -> CentreCosts:
    r"""Work out what passes through each centre and what each flow carries.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    share : array, shape (m,) or (…, m)
        Share of what its centre holds that leaves with each flow, from
        :func:`~sxsh_audit.calc.allocation.allocation_shares`; ``nan`` is not known. That of a
        flow from outside is not read. [1]
    own_cost : array, shape (…, steps)
        Cost that enters at each centre from outside: what was paid for its inputs, its energy,
        its system cost. Categories and plants are leading axes. ``nan`` is not known. [currency]
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CentreCosts
        What is not known makes unknown what lies downstream of it, and no more: a centre that
        no cost reaches carries 0 whatever its shares.

    Raises
    ------
    RangeError
        If an end is no step, a share is outside 0 to 1, or those of a centre do not add up to 1.

    Notes
    -----
    With R the shares from centre to centre and N the own costs, one linear system solves all
    recycles exactly:

    .. math:: (I - R^T) \, C = N, \qquad c_k = a_k \, C_{source(k)}

    A loop without an exit makes the system singular. What arrives there is ``kept`` and the
    centres are ``trapped``: their costs would grow for ever, so they and what they carry are
    ``nan``; the costs of a single centre without outflows are what it keeps. Always
    Σ own cost = ``leaving`` + Σ ``kept``, and at every centre cost in = cost out.

    References
    ----------
    .. [1] ISO 14051:2011, Environmental management – Material flow cost accounting – General
       framework.

    Examples
    --------
    A quarter of what leaves the second step goes back to the first; 300 enter in all:

    >>> found = centre_costs([-1, 0, 1, 1], [0, 1, 0, -1], [0, 1, 0.25, 0.75], [240, 60], 2)
    >>> found.cost, found.carried, found.leaving
    (array([340., 400.]), array([  0., 340., 100., 300.]), 300.0)
    """
    start, end = flow_ends(source, target, steps, language=language)
    part, own = floats(share), floats(own_cost)
    if part.shape[-1:] != start.shape or own.shape[-1:] != (steps,):
        raise ValueError(
            f"{start.size} flows between {steps} steps with shares of shape {part.shape} "
            f"and costs of shape {own.shape}"
        )
    part = np.where(start == OUTSIDE, 0.0, part)
    _check(part, start, steps, language)
    lead = np.broadcast_shapes(part.shape[:-1], own.shape[:-1])
    own = np.broadcast_to(own, (*lead, steps))
    if part.size == start.size:  # one network: all costs are right-hand sides of one system
        rows = part.reshape(1, -1)
        costs = own.reshape(1, -1, steps)
    else:
        part = np.broadcast_to(part, (*lead, start.size))
        rows = part.reshape(-1, start.size)
        costs = own.reshape(-1, 1, steps)
    cost, carried, kept, trapped = _costs(rows, costs, start, end, steps)
    shape = (*lead, steps)
    cost, kept, trapped = (each.reshape(shape) for each in (cost, kept, trapped))
    carried = carried.reshape(*lead, start.size)
    into = step_sums(end, carried, steps)
    out = step_sums(start, carried, steps)
    leaving = carried[..., (end == OUTSIDE)].sum(axis=-1)
    difference = own + into - out - kept
    return CentreCosts(
        cost, carried, float(leaving) if not lead else leaving, kept, trapped, difference
    )


def _costs(
    share: Floats, own: Floats, start: Places, end: Places, steps: int
) -> tuple[Floats, Floats, Floats, Mask]:
    """Return costs, carried, kept and trapped, shapes (rows, each, steps) or (rows, each, m)."""
    edges = (share != 0) & (start != OUTSIDE)  # nan is an edge: it may carry something
    rows = share
    ways_out = _ways_out(start, end, edges, steps)
    closed = np.zeros((len(share), steps), np.bool_)
    stuck = ~ways_out.all(axis=1)
    if stuck.any():
        closed[stuck] = _closed(start, end, edges[stuck], steps)
        # absorbed: what arrives in a closed class stays where it arrives
        rows = np.where(closed[:, start] & (start != OUTSIDE), 0.0, share)
    unsure = _unsure(rows, own, start, end, edges, steps)
    # unknown shares stay out of the system; what they would feed is unsure anyway
    cost = _solved(np.nan_to_num(rows), np.where(unsure, 0.0, own), start, end, steps)
    cost = np.where(unsure, np.nan, cost)
    kept = np.where(closed[:, None, :], cost, 0.0)
    carried = np.where(start == OUTSIDE, 0.0, times(cost[..., start], rows[:, None, :]))
    trapped = np.zeros(kept.shape, np.bool_)
    if stuck.any():
        arrives = np.zeros((*kept.shape[:-1], steps + 1), np.bool_)
        arrives[..., :steps] = kept != 0
        within = closed[:, start] & (start != OUTSIDE) & edges
        trapped = _spread(arrives, start, end, np.broadcast_to(
            within[:, None, :], (*kept.shape[:-1], start.size)))[..., :steps]  # fmt: skip
        endless = trapped & _has(within, start, steps)[:, None, :]
        cost = np.where(endless, np.nan, cost)
        loops = within[:, None, :] & trapped[..., start]
        carried = np.where(loops, np.nan, carried)
    return cost, carried, kept, trapped


def _has(flows: Mask, start: Places, steps: int) -> Mask:
    """Return which steps any of the marked flows (rows, m) leaves."""
    return step_sums(start, flows.astype(np.float64), steps) > 0


def _unsure(
    share: Floats, own: Floats, start: Places, end: Places, edges: Mask, steps: int
) -> Mask:
    """Return the centres whose cost is not known, shape (rows, each, steps)."""
    shape = (*own.shape[:-1], steps + 1)
    doubt = np.isnan(share) & (start != OUTSIDE)
    unsure = np.zeros(shape, np.bool_)
    unsure[..., :steps] = np.isnan(own)
    if not start.size or not (doubt.any() or unsure.any()):
        return unsure[..., :steps]
    along = np.broadcast_to((edges & (share != 0))[:, None, :], (*own.shape[:-1], start.size))
    # 0 of nothing is 0: only centres that a cost reaches hand on the doubt of their shares
    reached = np.zeros(shape, np.bool_)
    reached[..., :steps] = own != 0
    reached = _spread(reached, start, end, along)
    fed = reached[..., start] & doubt[:, None, :]
    for flow in np.flatnonzero(fed.any(axis=(0, 1))):
        unsure[..., end[flow]] |= fed[..., flow]
    unsure[..., OUTSIDE] = False
    return _spread(unsure, start, end, along)[..., :steps]
