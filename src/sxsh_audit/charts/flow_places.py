"""Heights of the parts of a flow sheet: slots near what they are linked with, ways back outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sxsh_audit.charts.flow_slots import Layout
from sxsh_audit.charts.flow_strands import Strand
from sxsh_audit.charts.lettering import LINE, SMALL, lines_in, wrap
from sxsh_audit.charts.plane import spread

__all__ = ["NUMBER", "TURN", "number_flows", "put_lanes", "settle"]

NUMBER = 19.0  # [pt] for a number on a flow
TURN = 6.0  # [pt] between two flows that turn back
LEAST_WORDS = 92.0  # [pt] for what is written at a way back
APART = {True: 14.0, False: 4.0}  # [pt] between two slots, of steps and of labels
SETTLE = 8  # sweeps
LOWEST = 200.0  # [pt]


def settle(layout: Layout, strands: Sequence[Strand], columns: Sequence[Sequence[int]]) -> None:
    """Set the heights at which the slots stand: near those they are linked with."""
    slots = layout.slots
    for place, slot in enumerate(slots):
        if slot.kind == "step":
            slot.left = [k for k, s in enumerate(strands) if s.end == place]
            slot.right = [k for k, s in enumerate(strands) if s.start == place]
            sides = (math.fsum(strands[k].thick for k in side) for side in (slot.left, slot.right))
            slot.height = max(slot.height, *sides)
    sizes = [[slots[p].height + APART[c % 2 == 1] for p in column]
             for c, column in enumerate(columns)]
    layout.tall = max(LOWEST, *(sum(size) for size in sizes))
    for column, size in zip(columns, sizes, strict=True):
        at = (layout.tall - sum(size)) / 2
        for place, tall in zip(column, size, strict=True):
            slots[place].y = at + tall / 2
            at += tall
    _sort_ports(layout, strands)
    for sweep in range(SETTLE):
        back = sweep % 2 == 1
        order = range(len(columns) - 1, -1, -1) if back else range(len(columns))
        for c in order:
            wanted = [_wanted(layout, strands, place, back=back) for place in columns[c]]
            # no slot may want to stand over the one before it: the order is kept
            for row in range(1, len(wanted)):
                wanted[row] = max(wanted[row], wanted[row - 1])
            for place, y in zip(columns[c], spread(wanted, sizes[c], 0.0, layout.tall),
                                strict=True):
                slots[place].y = y
        _sort_ports(layout, strands)
    top = min(slot.y - slot.height / 2 for slot in slots)
    for slot in slots:
        slot.y -= top
    layout.tall = max(slot.y + slot.height / 2 for slot in slots)


def _wanted(layout: Layout, strands: Sequence[Strand], place: int, *, back: bool) -> float:
    """Return where a slot would make its flows straight, by their thickness."""
    slot = layout.slots[place]
    total = weight = 0.0
    for k in slot.right if back else slot.left:
        strand = strands[k]
        if strand.back:
            continue
        at = strand.path.index(place) + (1 if back else -1)
        if not 0 <= at < len(strand.path):
            continue
        there = layout.port(strands, strand.path[at], k, right=not back)
        here = layout.port(strands, place, k, right=back) - slot.y
        total += strand.thick * (there - here)
        weight += strand.thick
    return total / weight if weight else slot.y


def _sort_ports(layout: Layout, strands: Sequence[Strand]) -> None:
    """Sort the flows at each side of a step by where they come from and go to."""
    lanes = {lane.strand: (lane, depth) for depth, lane in enumerate(layout.lanes)}

    def height(k: int, place: int, *, right: bool) -> float:
        if k in lanes:
            lane, depth = lanes[k]
            # of two that turn down the outer one leaves above the other
            return (1e6 if lane.under else -1e6) + (-depth if lane.under else depth)
        path = strands[k].path
        other = layout.slots[path[path.index(place) + (1 if right else -1)]]
        return other.y + other.shift

    for place, slot in enumerate(layout.slots):
        if slot.kind == "step":
            slot.left.sort(key=lambda k: height(k, place, right=False))
            slot.right.sort(key=lambda k: height(k, place, right=True))


def put_lanes(layout: Layout, strands: Sequence[Strand]) -> None:
    """Set where the ways back run: the longer the farther from the steps."""
    used: dict[tuple[int, bool], float] = {}
    ends = {True: layout.tall, False: 0.0}
    for lane in layout.lanes:
        strand = strands[lane.strand]
        for column, right in ((layout.slots[strand.start].column, True),
                              (layout.slots[strand.end].column, False)):
            at = used.get((column, right), TURN) + strand.thick / 2
            used[column, right] = at + strand.thick / 2 + TURN
            if right:
                lane.down = layout.x[column][1] + at
            else:
                lane.up = layout.x[column][0] - at
        tall = NUMBER
        if not layout.numbered:
            name = f"{strand.name}: {strand.text}" if strand.name else strand.text
            lane.label = wrap(name, max(lane.down - lane.up, LEAST_WORDS), SMALL, most=2)
            tall = lines_in(lane.label) * SMALL * LINE
        sign = 1.0 if lane.under else -1.0
        lane.y = ends[lane.under] + sign * (12 + strand.thick / 2)
        ends[lane.under] = lane.y + sign * (strand.thick / 2 + tall + 2)
        if layout.numbered:
            ends[lane.under] = lane.y + sign * max(strand.thick, NUMBER) / 2
    over = -ends[False]
    for slot in layout.slots:
        slot.y += over
    for lane in layout.lanes:
        lane.y += over
    layout.tall = ends[True] + over


def number_flows(
    layout: Layout, strands: Sequence[Strand], columns: Sequence[Sequence[int]]
) -> None:
    """Give numbers to the flows from left to right, and from top to bottom."""
    number = 0
    for column in columns:
        for slot in (layout.slots[place] for place in column):
            if slot.kind not in ("step", "pass"):
                number += 1
                strands[slot.left[0]].number = number
    for lane in layout.lanes:
        number += 1
        strands[lane.strand].number = number
