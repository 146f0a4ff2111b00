"""Parts of the picture of a flow sheet: slots of steps and flows, and ways back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from sxsh_audit.charts.flow_strands import Strand

__all__ = ["Lane", "Layout", "Slot", "letter"]


@dataclass(slots=True)
class Slot:
    """Room of a step or of a flow in one column.

    Parameters
    ----------
    column : int
        Column, from 0; those of steps are odd.
    kind : str
        ``step``, ``pass`` (only passes), ``label``, ``in`` (comes from outside), ``out``.
    height : float
        Height [pt].
    label : str
        What is written, already wrapped.
    y : float
        Middle [pt from the top].
    shift : float
        From the middle of the slot to that of its flow [pt].
    left, right : list of int
        Strands that enter at the left and leave at the right, from top to bottom.
    """

    column: int
    kind: str
    height: float
    label: str = ""
    y: float = 0.0
    shift: float = 0.0
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Lane:
    """The way back of a strand.

    Parameters
    ----------
    strand : int
        Which one.
    under : bool
        Whether it runs under the steps, else over them.
    label : str
        What is written at it, already wrapped.
    y : float
        Middle of the way back [pt from the top].
    down, up : float
        Middles of the ways from the source and to the target [pt from the left].
    """

    strand: int
    under: bool
    label: str = ""
    y: float = 0.0
    down: float = 0.0
    up: float = 0.0


@dataclass(slots=True)
class Layout:
    """The picture.

    Parameters
    ----------
    slots : list of Slot
        The first ones are the steps, in their order.
    lanes : list of Lane
        Ways back, the innermost first.
    x : list of tuple of float
        Left and right end of each column [pt from the left].
    wide, tall : float
        Size of the picture [pt].
    numbered, figured, coded : bool
        Whether numbers stand for the flows, with figures under them, and letters for the steps.
    letters : dict of int to str
        Letter of each step.
    """

    slots: list[Slot]
    lanes: list[Lane]
    x: list[tuple[float, float]] = field(default_factory=list)
    wide: float = 0.0
    tall: float = 0.0
    numbered: bool = False
    figured: bool = False
    coded: bool = False
    letters: dict[int, str] = field(default_factory=dict)

    def port(self, strands: Sequence[Strand], slot: int, strand: int, *, right: bool) -> float:
        """Return the height at which a strand leaves (`right`) or enters a slot [pt]."""
        here = self.slots[slot]
        if here.kind != "step":
            return here.y + here.shift
        side = here.right if right else here.left
        y = here.y - math.fsum(strands[k].thick for k in side) / 2
        for k in side:
            if k == strand:
                return y + strands[k].thick / 2
            y += strands[k].thick
        return here.y


def letter(step: int) -> str:
    """Return what stands for a step: A … Z, then AA and so on."""
    text = chr(ord("A") + step % 26)
    return text if step < 26 else letter(step // 26 - 1) + text
