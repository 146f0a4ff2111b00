"""Columns of a flow sheet: how its steps and flows are named, and where the columns stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sxsh_audit.charts.flow_places import NUMBER, TURN
from sxsh_audit.charts.flow_slots import Layout, Slot
from sxsh_audit.charts.flow_strands import Strand
from sxsh_audit.charts.lettering import LINE, SMALL, lines_in, tidy, width, wrap

__all__ = ["BESIDE", "RUN", "STUB", "TIP", "put_columns"]

STUB = 16.0  # [pt] of a flow beside what is written at its start
RUN = 8.0  # [pt] of a flow before the arrow at its end
TIP = 9.0  # [pt] of an arrow
BESIDE = 5.0  # [pt] between a flow and what is written beside it
LETTER = 22.0  # [pt] for a letter in a step
LABEL_ROOM = (84.0, 170.0)  # [pt] for the name and the figure of a flow
STEP_ROOM = (58.0, 150.0)  # [pt] for the name of a step
AMPLE = 112.0  # [pt] for it where there is room to spare
STEP_LINES, NAME_LINES = 5, 3
OVERHANG = 8.0  # [pt] that a figure may reach into the bends beside it
CURVE = 16.0  # [pt] beside a step for its flows to bend, where names are written out
NARROW = 9.0  # [pt] the same where numbers stand for the flows


class _Naming(NamedTuple):
    """One way to name steps and flows.

    Parameters
    ----------
    step, label, curve : float
        Width of a step, least width of a label, and of the bends beside a step [pt].
    numbered, figured, coded : bool
        As in ``Layout``.
    """

    step: float
    label: float
    curve: float
    numbered: bool
    figured: bool
    coded: bool


def put_columns(
    layout: Layout, strands: Sequence[Strand], steps: Sequence[str], wide: float
) -> None:
    """Choose how steps and flows are named, set where the columns stand and wrap what is written.

    Parameters
    ----------
    layout : Layout
        Its ways back are known; its columns, labels and heights of slots are set.
    strands : sequence of Strand
        Flows, with their thickness.
    steps : sequence of str
        Names of the steps.
    wide : float
        Width that there is [pt]; more is taken where nothing fits.
    """
    count = (max(slot.column for slot in layout.slots if slot.kind == "step") + 1) // 2
    turns = [[0.0, 0.0] for _ in range(2 * count + 1)]  # room for ways back beside each column
    for lane in layout.lanes:
        strand = strands[lane.strand]
        turns[layout.slots[strand.end].column][0] += strand.thick + TURN
        turns[layout.slots[strand.start].column][1] += strand.thick + TURN
    left = wide - sum(sum(turn) for turn in turns)
    labels = {slot.column for slot in layout.slots if slot.column % 2 == 0}
    for naming in _namings(strands, steps):
        least = count * (naming.step + 2 * naming.curve) + len(labels) * naming.label
        if least > left and not (naming.coded and not naming.figured):
            continue
        step, label, curve = _shared(naming, count, len(labels), max(left - least, 0.0))
        layout.numbered, layout.figured, layout.coded = naming[3:]
        layout.x = []
        at = 0.0
        for column, (before, after) in enumerate(turns):
            room = step if column % 2 else label if column in labels else 0.0
            layout.x.append((at + before, at + before + room))
            at += before + room + after + curve
        layout.wide = at - curve
        if _write(layout, strands, steps):
            break


def _namings(strands: Sequence[Strand], steps: Sequence[str]) -> Iterator[_Naming]:
    """Return the ways to name steps and flows, the most telling first."""
    # the narrowest in which every name is whole
    rooms = [STEP_ROOM[0] + k * (STEP_ROOM[1] - STEP_ROOM[0]) / 9 for k in range(10)]
    step = next((room for room in rooms if all(_step_name(name, room)[1] for name in steps)),
                STEP_ROOM[1])
    figure = max(NUMBER, max(width(strand.short, SMALL) for strand in strands) - OVERHANG)
    yield _Naming(step, LABEL_ROOM[0], CURVE, numbered=False, figured=False, coded=False)
    yield _Naming(step, figure, NARROW, numbered=True, figured=True, coded=False)
    yield _Naming(step, NUMBER, NARROW, numbered=True, figured=False, coded=False)
    yield _Naming(LETTER, figure, NARROW, numbered=True, figured=True, coded=True)
    yield _Naming(LETTER, NUMBER, NARROW, numbered=True, figured=False, coded=True)


def _shared(
    naming: _Naming, count: int, labels: int, spare: float
) -> tuple[float, float, float]:
    """Return the widths of steps, labels and bends when what is to spare is shared out."""
    step, label, curve = naming[:3]
    if not naming.numbered:
        more = min(spare / max(labels, 1), LABEL_ROOM[1] - label)
        label += more
        spare -= labels * more
    if not naming.coded:
        more = min(spare / 3 / count, max(AMPLE - step, 0.0))
        step += more
        spare -= count * more
    return step, label, curve + spare / (2 * count)


def _write(layout: Layout, strands: Sequence[Strand], steps: Sequence[str]) -> bool:
    """Wrap the labels and set the heights of the slots; return whether no name is cut short."""
    whole = True
    for place, slot in enumerate(layout.slots):
        left, right = layout.x[slot.column]
        if slot.kind == "step":
            name = layout.letters[place] if layout.coded else steps[place]
            slot.label, complete = _step_name(name, right - left)
            whole = whole and complete
            slot.height = lines_in(slot.label) * SMALL * LINE + 8
            continue
        strand = strands[slot.left[0]]
        slot.label, slot.shift, slot.height = "", 0.0, strand.thick
        if slot.kind == "pass":
            continue
        if layout.numbered:
            _number(slot, strand, figured=layout.figured)
            continue
        room = right - left - {"in": STUB + BESIDE, "out": RUN + TIP + BESIDE}.get(slot.kind, 0.0)
        name, complete = _wrapped(strand.name, room, NAME_LINES)
        figure, also = _wrapped(strand.text, room, 2)
        whole = whole and complete and also
        slot.label = f"{name}\n{figure}" if name else figure
        tall = lines_in(slot.label) * SMALL * LINE
        if slot.kind == "label" and strand.thick < tall + 4:
            slot.height, slot.shift = tall + strand.thick + 2, tall / 2 + 1
        else:
            slot.height = max(slot.height, tall)
    return whole


def _step_name(name: str, room: float) -> tuple[str, bool]:
    return _wrapped(name, room - 8, STEP_LINES, bold=True)


def _wrapped(text: str, room: float, most: int, *, bold: bool = False) -> tuple[str, bool]:
    """Return a text in lines, and whether all of it is there with every word in one piece."""
    lines = wrap(text, room, SMALL, bold=bold, most=most)
    return lines, " ".join(lines.split("\n")) == tidy(text)


def _number(slot: Slot, strand: Strand, *, figured: bool) -> None:
    """Set the room for a number on a flow, with a figure under it."""
    tall = NUMBER + SMALL * LINE if figured else NUMBER
    slot.label = strand.short if figured else ""
    if strand.thick >= tall:
        return
    top = max(strand.thick, NUMBER) / 2
    slot.height = top + max(strand.thick / 2, tall - NUMBER / 2)
    slot.shift = top - slot.height / 2
