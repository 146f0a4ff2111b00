"""Flows as they are drawn: which way each runs, what it looks like and what is written at it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from sxsh_audit.charts.flow_layers import back_edges
from sxsh_audit.charts.lettering import tidy
from sxsh_audit.charts.paper import OKABE_ITO
from sxsh_audit.charts.plane import number_text
from sxsh_audit.display.flow_records import LOSSES, FlowBand
from sxsh_audit.display.wording import money_scale, money_text
from sxsh_audit.language.formatting import Language, round_figure

__all__ = ["LOOKS", "MONEY", "Strand", "amount_text", "common_unit", "look_of", "strands_of"]

MONEY = frozenset({"VND", "USD", "EUR", "JPY", "CNY", "KRW", "GBP", "CHF", "AUD", "SGD", "THB"})
"""Units that are money, and are written at a scale that can be read aloud."""

LOOKS: dict[str, tuple[str, str]] = {
    "input": ("#bfe3f8", ""),
    "internal": ("#b5b5b5", ""),
    "product": (OKABE_ITO[3], ""),
    "by_product": ("#8fd3bd", ".."),
    "recycle": (OKABE_ITO[4], "\\\\"),
    "stock": (OKABE_ITO[7], "||"),
    "lost": (OKABE_ITO[6], "//"),
    "unsorted": ("#ffffff", ".."),
}
"""Fill and hatch by look, in the order in which they are named over the picture."""

_RETURNS = ("recycle", "rework")


@dataclass(slots=True)
class Strand:
    """One flow as it is drawn.

    Parameters
    ----------
    band : FlowBand
        The record.
    start, end : int
        Steps it is drawn from and to; −1 for outside. A negative amount is drawn the other way.
    look : str
        Key of :data:`LOOKS`.
    size : float
        Amount without its sign [unit]; nan where it is not known.
    text : str
        Its figure with the unit.
    short : str
        Its figure alone, at the scale of all the flows.
    back : bool
        Whether it is drawn backwards, over or under the steps.
    thick : float
        Thickness [pt].
    hair : bool
        Whether that is more than its amount would have.
    path : list of int
        Slots that it goes through, its steps among them.
    number : int
        Number that stands for it on the picture; 0 for none.
    """

    band: FlowBand
    start: int
    end: int
    look: str
    size: float
    text: str
    short: str = ""
    back: bool = False
    thick: float = 0.0
    hair: bool = False
    path: list[int] = field(default_factory=list)
    number: int = 0

    @property
    def known(self) -> bool:
        """Whether its amount is known."""
        return math.isfinite(self.size)

    @property
    def name(self) -> str:
        """Its name on one line."""
        return tidy(self.band.name)


def amount_text(amount: float, unit: str, language: Language) -> str:
    """Return a figure with its unit; what is not known is a question mark.

    Examples
    --------
    >>> amount_text(12.3456, "t", "vi"), amount_text(2.5e9, "VND", "en")
    ('12,35 t', '2.5 billion VND')
    """
    if not math.isfinite(amount):
        return "?"
    if unit in MONEY and abs(amount) < 1e15:
        return money_text(amount, language, unit)
    return tidy(f"{number_text(round_figure(amount, 4), language)} {unit}")


def common_unit(bands: Sequence[FlowBand], language: Language) -> tuple[float, str]:
    """Return what amounts are divided by where the unit is told once for all, and that unit."""
    unit = bands[0].unit if bands else ""
    if unit not in MONEY:
        return 1.0, tidy(unit)
    known = [abs(band.amount) for band in bands if math.isfinite(band.amount)]
    return money_scale(max(known, default=0.0), language, unit)


def look_of(band: FlowBand) -> str:
    """Return the key of :data:`LOOKS` of a flow."""
    if band.lost or band.kind in LOSSES:
        return "lost"
    if band.kind in _RETURNS:
        return "recycle"
    if band.kind in LOOKS:
        return band.kind
    if not band.source:
        return "input"
    return "internal" if band.target else "unsorted"


def strands_of(
    bands: Sequence[FlowBand], language: Language
) -> tuple[list[Strand], list[str]]:
    """Return the flows as they are drawn, and the names of their steps.

    Parameters
    ----------
    bands : sequence of FlowBand
        Flows of one unit; their order does not matter.
    language : {"vi", "en"}
        Language of the figures.
    """
    ordered = sorted(bands, key=lambda b: (b.source, b.target, b.name, b.kind, str(b.amount)))
    steps = sorted({step for band in bands for step in (band.source, band.target) if step})
    place = {"": -1} | {step: k for k, step in enumerate(steps)}
    divisor, _ = common_unit(bands, language)
    strands = []
    for band in ordered:
        ends = place[band.source], place[band.target]
        start, end = reversed(ends) if band.amount < 0 else ends
        size = abs(band.amount) if math.isfinite(band.amount) else math.nan
        short = number_text(round_figure(band.amount / divisor, 3), language)
        strands.append(Strand(band, start, end, look_of(band), size,
                              amount_text(band.amount, band.unit, language),
                              short if math.isfinite(size) else "?"))
    inner = [strand for strand in strands if strand.start >= 0 and strand.end >= 0]
    back = back_edges(
        [(strand.start, strand.end) for strand in inner],
        [strand.size if strand.known else 0.0 for strand in inner],
        [strand.band.kind in _RETURNS for strand in inner],
    )
    for k in back:
        inner[k].back = True
    return strands, steps
