"""Where the steps and flows of a flow sheet stand on a page, in points from its upper left.

Columns of steps and columns of labels take turns. Every flow has a slot of its own in each column
that it passes, so that nothing that is written can stand on anything else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from sxsh_audit.charts.flow_columns import put_columns
from sxsh_audit.charts.flow_layers import layers_of, order_columns
from sxsh_audit.charts.flow_places import number_flows, put_lanes, settle
from sxsh_audit.charts.flow_slots import Lane, Layout, Slot, letter
from sxsh_audit.charts.flow_strands import Strand

__all__ = ["HAIR", "lay_out"]

HAIR = 1.6  # [pt] that the thinnest flow has
UNKNOWN = 4.0  # [pt] that a flow of unknown amount takes
FULLEST = 190.0  # [pt] of flow in the column that carries most
LANES = 110.0  # [pt] of flow that runs backwards, at most
PULL = 0.6  # rows by which a loss is drawn below its step, and an input above it


def lay_out(strands: Sequence[Strand], steps: Sequence[str], wide: float) -> Layout:
    """Place everything.

    Parameters
    ----------
    strands : sequence of Strand
        Flows; their thickness, path and number are set.
    steps : sequence of str
        Names of the steps.
    wide : float
        Width of the picture [pt]; it grows where that is not enough.
    """
    forward = [(s.start, s.end) for s in strands if _inner(s) and not s.back]
    layers = layers_of(len(steps), forward)
    layout = Layout([Slot(2 * layer + 1, "step", 0.0) for layer in layers], [])
    last = 2 * max(layers) + 2
    for k in range(len(strands)):
        _thread(layout, strands, k, last)
    columns = _ordered(layout, strands, last + 1)
    _weigh(layout, strands, columns)
    _choose_sides(layout, strands, columns)
    _letter(layout, columns)
    put_columns(layout, strands, steps, wide)
    settle(layout, strands, columns)
    put_lanes(layout, strands)
    if layout.numbered:
        number_flows(layout, strands, columns)
    return layout


def _inner(strand: Strand) -> bool:
    return strand.start >= 0 and strand.end >= 0


def _thread(layout: Layout, strands: Sequence[Strand], k: int, last: int) -> None:
    """Give a strand its slots from column to column."""
    strand, slots = strands[k], layout.slots

    def add(column: int, kind: str) -> int:
        slots.append(Slot(column, kind, 0.0, left=[k], right=[k]))
        return len(slots) - 1

    if strand.back:
        layout.lanes.append(Lane(k, under=True))
        strand.path = [strand.start, strand.end]
        return
    if strand.start < 0:
        strand.path = [add(slots[strand.end].column - 1, "in"), strand.end]
        return
    begin = slots[strand.start].column + 1
    if strand.end < 0:
        # what is sold goes to the right; what is lost leaves where it arises
        end = last if strand.look == "product" else begin
        strand.path = [strand.start, *(add(c, "pass") for c in range(begin, end)), add(end, "out")]
        return
    end = slots[strand.end].column
    ways = [add(c, "pass" if c > begin else "label") for c in range(begin, end)]
    strand.path = [strand.start, *ways, strand.end]


def _ordered(layout: Layout, strands: Sequence[Strand], count: int) -> list[list[int]]:
    slots = layout.slots
    columns: list[list[int]] = [[] for _ in range(count)]
    for place, slot in enumerate(slots):
        columns[slot.column].append(place)
    def first(place: int) -> tuple[bool, bool, float]:
        slot = slots[place]
        out = slot.kind == "out"
        return out, slot.kind != "in", -_size(strands[slot.left[0]]) if out else 0.0

    for column in columns:
        column.sort(key=first)
    links = [pair for s in strands if not s.back for pair in pairwise(s.path)]
    pull = [0.0] * len(slots)
    for strand in strands:
        if strand.start < 0:
            pull[strand.path[0]] = -PULL
        elif strand.end < 0:
            pull[strand.path[-1]] = {"product": 0.0, "lost": PULL}.get(strand.look, PULL / 2)
    return order_columns(columns, links, pull)


def _letter(layout: Layout, columns: Sequence[Sequence[int]]) -> None:
    """Give letters to the steps, from left to right and from top to bottom."""
    ordered = [place for column in columns for place in column
               if layout.slots[place].kind == "step"]
    layout.letters = {place: letter(k) for k, place in enumerate(ordered)}


def _weigh(layout: Layout, strands: Sequence[Strand], columns: Sequence[Sequence[int]]) -> None:
    """Set the thickness of every strand: one scale, by the column that carries most."""
    slots = layout.slots
    loads = [0.0] * len(columns)
    for column, places in enumerate(columns):
        for place in places:
            if slots[place].kind != "step":
                loads[column] += _size(strands[slots[place].left[0]])
    for strand in strands:
        for side in (strand.start, strand.end):
            if side >= 0:
                loads[slots[side].column] += _size(strand) / 2
    back = math.fsum(_size(strands[lane.strand]) for lane in layout.lanes)
    scale = min((room / load for room, load in ((FULLEST, max(loads)), (LANES, back)) if load),
                default=0.0)
    for strand in strands:
        strand.thick = max(_size(strand) * scale, HAIR) if strand.known else UNKNOWN
        strand.hair = 0 < _size(strand) * scale < HAIR


def _size(strand: Strand) -> float:
    return strand.size if strand.known else 0.0


def _choose_sides(layout: Layout, strands: Sequence[Strand],
                  columns: Sequence[Sequence[int]]) -> None:
    """Run each way back under the steps, or over them where both its ends stand high."""
    share = {place: (row + 0.5) / len(column)
             for column in columns for row, place in enumerate(column)}
    for lane in layout.lanes:
        strand = strands[lane.strand]
        lane.under = share[strand.start] + share[strand.end] >= 0.8

    def span(lane: Lane) -> tuple[int, int]:
        strand = strands[lane.strand]
        start, end = layout.slots[strand.start].column, layout.slots[strand.end].column
        return start - end, -end

    layout.lanes.sort(key=span)
