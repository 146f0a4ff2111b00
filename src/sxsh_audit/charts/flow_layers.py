"""Layers of a flow sheet: which step stands behind which, and in what order from top to bottom."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

__all__ = ["back_edges", "crossings", "layers_of", "order_columns"]

SWEEPS = 8
Edge = tuple[int, int]


def back_edges(edges: Sequence[Edge], weights: Sequence[float], first: Sequence[bool]) -> set[int]:
    """Return which edges to draw backwards, so that the others have no cycle.

    Parameters
    ----------
    edges : sequence of tuple of int
        From which step to which.
    weights : sequence of float
        How much each carries; of a cycle the lighter edges are drawn backwards.
    first : sequence of bool
        Edges that are drawn backwards before any other where they lie on a cycle (recycles).

    Returns
    -------
    set of int
        Places in `edges`; a step that feeds itself is among them.

    Examples
    --------
    >>> back_edges([(0, 1), (1, 2), (2, 0)], [5.0, 5.0, 1.0], [False, False, False])
    {2}
    """
    back = {k for k, (a, b) in enumerate(edges) if a == b}
    back |= {k for k, inside in enumerate(_on_cycles(edges, back)) if inside and first[k]}
    order = _greedy_order(edges, weights, back)
    back |= {k for k, (a, b) in enumerate(edges) if order.get(a, 0) > order.get(b, 0)}
    return back


def _on_cycles(edges: Sequence[Edge], without: set[int]) -> list[bool]:
    """Return which edges lie on a cycle: their end reaches their start."""
    after: dict[int, list[int]] = {}
    for k, (a, b) in enumerate(edges):
        if k not in without:
            after.setdefault(a, []).append(b)
    reached: dict[int, set[int]] = {}
    for start in {b for _, b in edges}:
        seen, todo = {start}, [start]
        while todo:
            for step in after.get(todo.pop(), ()):
                if step not in seen:
                    seen.add(step)
                    todo.append(step)
        reached[start] = seen
    return [k not in without and a in reached[b] for k, (a, b) in enumerate(edges)]


def _greedy_order(
    edges: Sequence[Edge], weights: Sequence[float], without: set[int]
) -> dict[int, int]:
    """Return an order of the steps in which little runs backwards (Eades, Lin & Smyth 1993)."""
    kept = [(a, b, weights[k]) for k, (a, b) in enumerate(edges) if k not in without]
    left = {step for a, b, _ in kept for step in (a, b)}
    head: list[int] = []
    tail: list[int] = []
    while left:
        inside = [(a, b, w) for a, b, w in kept if a in left and b in left]
        fed, feeding = {b for _, b, _ in inside}, {a for a, _, _ in inside}
        if ends := sorted(left - feeding):
            tail = [*ends, *tail]
            left -= set(ends)
        elif starts := sorted(left - fed):
            head += starts
            left -= set(starts)
        else:
            gain = dict.fromkeys(left, 0.0)
            for a, b, w in inside:
                gain[a] += w
                gain[b] -= w
            best = min(left, key=lambda step: (-gain[step], step))
            head.append(best)
            left.remove(best)
    return {step: place for place, step in enumerate([*head, *tail])}


def layers_of(count: int, edges: Sequence[Edge]) -> list[int]:
    """Return the layer of each step: the longest way to it, from 0.

    Parameters
    ----------
    count : int
        Number of steps.
    edges : sequence of tuple of int
        From which step to which, without cycles.

    Returns
    -------
    list of int
        A step that nothing feeds stands right before the first that it feeds.

    Examples
    --------
    >>> layers_of(4, [(0, 1), (1, 2), (3, 2)])
    [0, 1, 2, 1]
    """
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for a, b in edges:
        after[a].append(b)
        waits[b] += 1
    fed = [wait > 0 for wait in waits]
    layers = [0] * count
    todo = [step for step in range(count) if not waits[step]]
    for step in todo:
        for other in after[step]:
            layers[other] = max(layers[other], layers[step] + 1)
            waits[other] -= 1
            if not waits[other]:
                todo.append(other)
    for step in range(count):
        if not fed[step] and after[step]:
            layers[step] = min(layers[other] for other in after[step]) - 1
    return layers


def crossings(
    left: Sequence[int], right: Sequence[int], links: Sequence[Edge]
) -> int:
    """Return how many pairs of links between two columns cross."""
    row = {slot: place for place, slot in enumerate(left)}
    other = {slot: place for place, slot in enumerate(right)}
    ends = [b for _, b in sorted((row[a], other[b]) for a, b in links)]
    count, seen = 0, list[int]()
    for end in ends:
        count += len(seen) - bisect_right(seen, end)
        insort(seen, end)
    return count


def order_columns(
    columns: Sequence[Sequence[int]], links: Sequence[Edge], pull: Sequence[float]
) -> list[list[int]]:
    """Return the columns with their slots ordered so that few links cross.

    Parameters
    ----------
    columns : sequence of sequence of int
        Slots of each column, from top to bottom, to begin with.
    links : sequence of tuple of int
        From a slot to one of the next column.
    pull : sequence of float
        By slot: how far it is pulled down from where its links would have it [rows].

    Returns
    -------
    list of list of int
        The best order that the sweeps have met (Sugiyama, Tagawa & Toda 1981).

    Examples
    --------
    >>> order_columns([[0, 1], [2, 3]], [(0, 3), (1, 2)], [0.0] * 4)
    [[0, 1], [3, 2]]
    """
    place = {slot: k for k, column in enumerate(columns) for slot in column}
    between: list[list[Edge]] = [[] for _ in columns]
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for a, b in links:
        between[place[a]].append((a, b))
        before.setdefault(b, []).append(a)
        after.setdefault(a, []).append(b)
    now = [list(column) for column in columns]
    best, least = [list(column) for column in now], _total(now, between)
    for sweep in range(SWEEPS):
        neighbours = after if sweep % 2 else before
        for k in range(len(now)) if sweep % 2 == 0 else range(len(now) - 1, -1, -1):
            now[k] = _sorted(now, k, neighbours, pull)
        count = _total(now, between)
        if count < least or sweep < 2:  # the order at the start knows nothing of the pulls
            best, least = [list(column) for column in now], count
    return best


def _total(columns: Sequence[Sequence[int]], between: Sequence[Sequence[Edge]]) -> int:
    return sum(crossings(columns[k], columns[k + 1], links)
               for k, links in enumerate(between) if links)


def _sorted(
    columns: Sequence[Sequence[int]], k: int, neighbours: dict[int, list[int]],
    pull: Sequence[float],
) -> list[int]:
    """Return one column by the mean place of the neighbours; who has none keeps its own."""
    height: dict[int, float] = {}
    for near in (k - 1, k, k + 1):
        if 0 <= near < len(columns):
            size = len(columns[near]) or 1
            height |= {slot: (row + 0.5) / size for row, slot in enumerate(columns[near])}
    size = len(columns[k]) or 1

    def want(slot: int) -> float:
        near = neighbours.get(slot)
        if not near:
            return height[slot]
        return sum(height[other] for other in near) / len(near) + pull[slot] / size

    return sorted(columns[k], key=want)
