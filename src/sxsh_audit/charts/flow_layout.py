"""Where the steps and flows of a flow sheet stand on a page, in points from its upper left.

Columns of steps and columns of labels take turns. Every flow has a slot of its own in each column
that it passes, so that nothing that is written can stand on anything else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from sxsh_audit.charts.flow_layers import layers_of, order_columns
from sxsh_audit.charts.flow_places import NUMBER, TURN, number_flows, put_lanes, settle
from sxsh_audit.charts.flow_slots import Lane, Layout, Slot, letter
from sxsh_audit.charts.flow_strands import Strand
from sxsh_audit.charts.lettering import LINE, SMALL, lines_in, width, wrap

__all__ = ["HAIR", "TIP", "lay_out"]

HAIR = 1.6  # [pt] that the thinnest flow has
UNKNOWN = 4.0  # [pt] that a flow of unknown amount takes
FULLEST = 190.0  # [pt] of flow in the column that carries most
LANES = 110.0  # [pt] of flow that runs backwards, at most
TIP = 9.0  # [pt] of an arrow
LETTER = 24.0  # [pt] for a letter in a step
LEAST_LABEL = 92.0  # [pt] for a label that is wrapped
MOST_LABEL = 170.0
STEP_ROOM = (58.0, 112.0)  # [pt] for the name of a step
STEP_LINES, LABEL_LINES = 5, 4
PULL = 0.6  # rows that a loss is drawn below its step, and an input above it


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
    _put_columns(layout, strands, steps, last, wide)
    _write(layout, strands, steps)
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
    for column in columns:
        column.sort(key=lambda place: (slots[place].kind == "out", slots[place].kind != "in"))
    links = [pair for s in strands if not s.back
             for pair in pairwise(s.path)]
    pull = [{"in": -PULL, "out": PULL}.get(slot.kind, 0.0) for slot in slots]
    for strand in strands:
        if strand.look == "product" and strand.end < 0:
            pull[strand.path[-1]] = 0.0
    return order_columns(columns, links, pull)


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


def _put_columns(
    layout: Layout, strands: Sequence[Strand], steps: Sequence[str], last: int, wide: float
) -> None:
    """Choose how steps and flows are named, and set where the columns stand."""
    turns = [[0.0, 0.0] for _ in range(last + 1)]  # room for ways back beside each column
    for lane in layout.lanes:
        strand = strands[lane.strand]
        turns[layout.slots[strand.end].column][0] += strand.thick + TURN
        turns[layout.slots[strand.start].column][1] += strand.thick + TURN
    count = last // 2
    left = wide - sum(sum(turn) for turn in turns)
    longest = max(width(word, SMALL, bold=True) for step in steps for word in step.split() or [""])
    step = min(max(longest + 12, STEP_ROOM[0]), STEP_ROOM[1])
    curve = 26.0
    label = (left - count * step - 2 * count * curve) / (count + 1)
    if label < LEAST_LABEL:
        layout.numbered, label, curve = True, NUMBER, 15.0
        if count * (step + 2 * curve) + (count + 1) * label > left:
            layout.coded, step, curve = True, LETTER, 10.0
            left = max(left, count * (step + 2 * curve) + (count + 1) * label)
    label = label if layout.numbered else min(label, MOST_LABEL)
    if not layout.coded:
        spare = left - (count + 1) * label - 2 * count * curve
        step = min(spare / count, STEP_ROOM[1])
    curve = (left - count * step - (count + 1) * label) / (2 * count)
    at = 0.0
    for column in range(last + 1):
        room = step if column % 2 else label
        at += turns[column][0]
        layout.x.append((at, at + room))
        at += room + turns[column][1] + curve
    layout.wide = at - curve


def _write(layout: Layout, strands: Sequence[Strand], steps: Sequence[str]) -> None:
    """Wrap the labels and set the heights of the slots."""
    for place, slot in enumerate(layout.slots):
        left, right = layout.x[slot.column]
        if slot.kind == "step":
            name = letter(place) if layout.coded else steps[place]
            slot.label = wrap(name, right - left - 8, SMALL, bold=True, most=STEP_LINES)
            slot.height = lines_in(slot.label) * SMALL * LINE + 8
            continue
        strand = strands[slot.left[0]]
        slot.height = strand.thick
        if slot.kind == "pass" or layout.numbered:
            if slot.kind != "pass":
                slot.height = max(slot.height, NUMBER)
            continue
        room = right - left - (TIP + 8 if slot.kind != "label" else 0)
        slot.label = _label(strand, room)
        tall = lines_in(slot.label) * SMALL * LINE
        if slot.kind == "label" and strand.thick < tall + 4:
            slot.height, slot.shift = tall + strand.thick + 2, tall / 2 + 1
        else:
            slot.height = max(slot.height, tall)


def _label(strand: Strand, room: float) -> str:
    name = wrap(strand.name, room, SMALL, most=LABEL_LINES - 1)
    figure = wrap(strand.text, room, SMALL, most=2)
    return f"{name}\n{figure}" if name else figure
