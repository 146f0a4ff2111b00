"""Which flows the balances can check, work out, or say nothing about.

Decided by the drawing alone. The steps and the outside world are the nodes of a graph. Flows that
are not measured join the steps at their ends into one balance; what is measured between two such
balances is redundant. An unmeasured flow can be worked out just where no ring of unmeasured flows
runs through it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.flow_network import Ends, ends
from sxsh_audit.language.formatting import Language

__all__ = ["FlowKind", "Reduction", "flow_kinds", "reduce_network"]

Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]


class FlowKind(StrEnum):
    """What the balances know of a flow; the position is the code."""

    REDUNDANT = "redundant"
    NONREDUNDANT = "nonredundant"
    OBSERVABLE = "observable"
    UNOBSERVABLE = "unobservable"
    EXACT = "exact"


_REDUNDANT, _NONREDUNDANT, _OBSERVABLE, _UNOBSERVABLE, _EXACT = np.arange(5, dtype=np.int8)


class Reduction(NamedTuple):
    """The balances without their unmeasured flows; q redundant flows, r independent balances."""

    codes: NDArray[np.int8]
    """Code of the :class:`FlowKind` of each flow, shape (m,)."""
    balances: Any
    """Signed incidence B of the redundant flows with the independent balances, (r, q)."""
    steps_of: Any
    """Which steps each independent balance joins, sparse (r, n)."""
    pairs: Indices
    """The two balances that each redundant flow joins, the lower first, (q, 2)."""
    observable: Indices
    """Places of the unmeasured flows that can be worked out, (b,)."""
    solving: Any
    """Square sparse K with K x = −P A x_known for the observable flows, (b, b)."""
    parts: Any
    """P: which steps each row of K joins, sparse (b, n)."""
    lone: tuple[Indices, ...]
    """Sets of steps that only exact flows enter or leave: nothing can be adjusted there."""


def _joined(nodes: int, begin: Indices, end: Indices) -> Indices:
    """Return the part of the graph that each node lies in, numbered by their first nodes."""
    over = list(range(nodes))
    for one, other in zip(begin.tolist(), end.tolist(), strict=True):
        while over[one] != one:
            over[one] = one = over[over[one]]
        while over[other] != other:
            over[other] = other = over[over[other]]
        if one != other:
            over[max(one, other)] = min(one, other)
    part = np.array(over)
    while (part != part[part]).any():
        part = part[part]
    found: Indices = np.unique(part, return_inverse=True)[1].astype(np.intp)
    return found


def _bridges(nodes: int, begin: Indices, end: Indices) -> Mask:
    """Return which edges no ring runs through (Tarjan's lowest points, without recursion)."""
    found = np.zeros(begin.size, dtype=bool)
    near: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for edge, (one, other) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
        if one != other:
            near[one].append((other, edge))
            near[other].append((one, edge))
    seen, low = [-1] * nodes, [0] * nodes
    clock = 0
    for root in set(begin.tolist()):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock += 1
        path = [(root, -1, iter(near[root]))]
        while path:
            node, came, rest = path[-1]
            for other, edge in rest:
                if seen[other] < 0:
                    seen[other] = low[other] = clock
                    clock += 1
                    path.append((other, edge, iter(near[other])))
                    break
                if edge != came:
                    low[node] = min(low[node], seen[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                    found[came] = low[node] > seen[above]
    return found


def _rows(labels: Indices, ground: int, begin: Indices, end: Indices) -> Indices:
    """Give a number to every balance that is independent; −1 to the others.

    `labels` is the balance of each node, `begin` and `end` the balances that the flows join. In
    every part of that graph the balances add up to 0 or to what the outside gives, so one of them,
    that of the outside where it is there, says nothing new.
    """
    count = int(labels.max()) + 1
    part = _joined(count, begin, end)
    first = np.full(count, -1)
    first[part[::-1]] = np.arange(count)[::-1]
    first[part[ground]] = ground
    own = first[part] != np.arange(count)
    rows = np.full(count, -1)
    rows[own] = np.arange(int(own.sum()))
    return rows


def _signed(rows: Indices, begin: Indices, end: Indices) -> Any:
    """Return the incidence of flows between balances with the independent ones."""
    from scipy.sparse import coo_array, csc_array

    column = np.arange(begin.size)
    at = np.concatenate((rows[end], rows[begin]))
    sign = np.repeat((1.0, -1.0), begin.size)
    flow = np.concatenate((column, column))
    kept = at >= 0
    shape = (int(rows.max(initial=-1)) + 1, begin.size)
    return csc_array(coo_array((sign[kept], (at[kept], flow[kept])), shape=shape))


def _gathering(rows: Indices, labels: Indices) -> Any:
    """Return which steps each independent balance joins; `labels` ends with the outside."""
    from scipy.sparse import csr_array

    at = rows[labels[:-1]]
    kept = np.flatnonzero(at >= 0)
    shape = (int(rows.max(initial=-1)) + 1, at.size)
    return csr_array((np.ones(kept.size), (at[kept], kept)), shape=shape)


def reduce_network(network: Ends, measured: Mask, exact: Mask, balanced: Mask) -> Reduction:
    """Take the unmeasured flows out of the balances.

    Parameters
    ----------
    network : Ends
        Where the flows begin and end.
    measured : array of bool, shape (m,)
        Whether an amount was measured with an error.
    exact : array of bool, shape (m,)
        Whether an amount is known exactly.
    balanced : array of bool, shape (n,)
        Whether a step must balance; the others belong to the outside world.

    Returns
    -------
    Reduction
        The kinds of the flows, the balances of the redundant ones, and how the observable ones
        follow from them.

    Examples
    --------
    >>> sheet = ends([-1, 0, 0], [0, -1, -1], 1)
    >>> some = np.array([True, True, False])
    >>> reduce_network(sheet, some, np.zeros(3, bool), np.ones(1, bool)).codes.tolist()
    [1, 1, 2]
    """
    steps = network.steps
    node = np.append(np.where(balanced, np.arange(steps), steps), steps)
    begin, end = node[network.source], node[network.target]  # −1 finds the last: the outside
    unmeasured = ~(measured | exact)
    lost = np.flatnonzero(unmeasured)
    balance = _joined(steps + 1, begin[lost], end[lost])[node]
    one, other = balance[begin], balance[end]
    crosses = one != other
    used = np.flatnonzero(measured & crosses)
    rows = _rows(balance, int(balance[steps]), one[used], other[used])

    bridge = _bridges(steps + 1, begin[lost], end[lost])
    ring, observable = lost[~bridge], lost[bridge]
    cluster = _joined(steps + 1, begin[ring], end[ring])[node]
    parts = _rows(
        cluster, int(cluster[steps]), cluster[begin[observable]], cluster[end[observable]]
    )
    codes = np.where(measured, _NONREDUNDANT, np.where(exact, _EXACT, _UNOBSERVABLE))
    codes[used], codes[observable] = _REDUNDANT, _OBSERVABLE

    linked = _joined(int(balance.max()) + 1, one[used], other[used])[balance]
    touched = np.zeros(linked.max() + 1, dtype=bool)
    fixed = np.flatnonzero(exact)
    touched[linked[begin[fixed]]] = touched[linked[end[fixed]]] = True
    touched[linked[steps]] = False
    lone = tuple(np.flatnonzero(linked[:-1] == each) for each in np.flatnonzero(touched))
    pairs = np.sort(np.stack((one[used], other[used]), axis=-1), axis=-1)
    return Reduction(
        codes.astype(np.int8), _signed(rows, one[used], other[used]), _gathering(rows, balance),
        pairs, observable,
        _signed(parts, cluster[begin[observable]], cluster[end[observable]]),
        _gathering(parts, cluster), lone,
    )  # fmt: skip


def flow_kinds(
    source: ArrayLike,
    target: ArrayLike,
    measured: ArrayLike,
    steps: int,
    exact: ArrayLike = False,
    *,
    language: Language = "vi",
) -> Any:
    """Say of each flow what the balances can do for it, from the drawing alone.

    Parameters
    ----------
    source, target : array of int, shape (m,)
        Ends of each flow; −1 is the outside world.
    measured : array of bool, shape (m,)
        Whether the flow is measured.
    steps : int
        Count of steps n, all of which balance.
    exact : bool or array of bool, shape (m,)
        Whether the amount is known exactly, such as a flow that is off.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Coded
        :class:`FlowKind` of each flow: ``redundant`` (measured, and the others could do without),
        ``nonredundant`` (measured, and nothing checks it), ``observable`` (not measured, and
        follows from the others), ``unobservable`` (nothing tells), ``exact``.

    Raises
    ------
    RangeError
        If an end is no step, or a flow begins where it ends.

    Notes
    -----
    A flow can be lost without loss of its value just where it is a bridge of the graph of the
    unmeasured flows, the outside world being a node like the others. Nothing is solved, so no
    rounding decides.

    References
    ----------
    .. [1] Václavek, "Studies on system engineering III: optimal choice of the balance measurements
       in complicated chemical systems", Chemical Engineering Science 24 (1969) 947–955.
    .. [2] Kretsovalis & Mah, "Observability and redundancy classification in multicomponent
       process networks", AIChE Journal 33 (1987) 70–82.

    Examples
    --------
    Where to put one more meter: losses of two kinds leave the second step, neither measured.

    >>> flow_kinds([-1, 0, 1, 1], [0, 1, -1, -1], [True, True, False, False], 2).tolist()
    ['redundant', 'redundant', 'unobservable', 'unobservable']
    """
    network = ends(source, target, steps, language=language)
    known = np.broadcast_to(np.asarray(exact, dtype=bool), network.source.shape)
    seen = np.broadcast_to(np.asarray(measured, dtype=bool), network.source.shape) & ~known
    found = reduce_network(network, seen, known, np.ones(steps, dtype=bool))
    return Coded(found.codes, FlowKind)
