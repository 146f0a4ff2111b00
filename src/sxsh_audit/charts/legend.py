"""Names of what is drawn, at the right of a plane, each with a sample; and shaded areas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, width, wrap
from sxsh_audit.charts.paper import EDGE, Sheet
from sxsh_audit.charts.plane import SAMPLE, TALL, trace

__all__ = ["Entry", "entry", "legend_height", "legend_room", "put_legend", "shade"]

KEY_ROOM = 200.0  # [pt]
KEY_LINES = 4
APART = 10.0  # [pt] between two entries
INDENT = 18.0  # [pt] from the axes to the samples


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with the sample of what it names.

    Parameters
    ----------
    text : str
        What it says, already wrapped.
    color : str
        Colour of the line or of the markers.
    thick : float
        Thickness of the line [pt]; 0 for none.
    dashes : tuple of float
        Dashes of the line.
    marker, fill : str
        Marker and its fill; empty for none.
    area : tuple of str, optional
        Fill and hatch of an area.
    """

    text: str
    color: str = "black"
    thick: float = 0.0
    dashes: tuple[float, ...] = ()
    marker: str = ""
    fill: str = "white"
    area: tuple[str, str] | None = None

    @property
    def height(self) -> float:
        """Height of the text with the white under it [pt]."""
        return lines_in(self.text) * NORMAL * LINE + APART


def entry(
    text: str, under: str = "", *, color: str = "black", thick: float = 0.0,
    dashes: tuple[float, ...] = (), marker: str = "", fill: str = "white",
    area: tuple[str, str] | None = None,
) -> Entry:
    """Return an entry whose text, and the words under it, are wrapped to the room there is."""
    parts = (wrap(part, KEY_ROOM, NORMAL, most=KEY_LINES) for part in (text, under))
    return Entry("\n".join(part for part in parts if part), color, thick, dashes, marker, fill,
                 area)


def legend_room(entries: Sequence[Entry]) -> float:
    """Return the room that entries take at the right of the axes [pt]."""
    widest = max((width(one.text, NORMAL) for one in entries), default=0.0)
    return INDENT + SAMPLE + 10 + widest + EDGE


def legend_height(entries: Sequence[Entry]) -> float:
    """Return the height that axes beside these entries need [pt]."""
    return max(TALL, sum(one.height for one in entries))


def put_legend(sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Write the entries from the top down at the right of the axes."""
    left = 1 + INDENT / sheet.span
    right = 1 + (INDENT + SAMPLE) / sheet.span
    used = 0.0
    for one in entries:
        tall = one.height - APART
        at = 1 - (used + tall / 2) / sheet.tall
        if one.area is not None:
            _swatch(sheet, (left, at), one.area)
        if one.thick:
            trace(sheet, (left, right), (at, at), one.color, one.thick, dashes=one.dashes,
                  frame="axes", label="sample")
        if one.marker:
            trace(sheet, [(left + right) / 2], [at], one.color, 0.0, frame="axes",
                  marker=one.marker, fill=one.fill, label="sample")
        sheet.write(one.text, (1.0, at), shift=(INDENT + SAMPLE + 10, 0), frame=("axes", "axes"))
        used += one.height


def _swatch(sheet: Sheet, at: tuple[float, float], look: tuple[str, str]) -> None:
    from matplotlib.patches import Polygon

    x, y = at
    wide, half = SAMPLE / sheet.span, 8 / sheet.tall
    corners = [(x, y - half), (x + wide, y - half), (x + wide, y + half), (x, y + half)]
    sheet.ax.add_artist(Polygon(corners, closed=True, facecolor=look[0], hatch=look[1] or None,
                                edgecolor="#333333", linewidth=0.8 * sheet.scale, clip_on=False,
                                transform=sheet.ax.transAxes, zorder=2.0, label="sample"))


def shade(
    sheet: Sheet, x: Sequence[float], low: Sequence[float], high: Sequence[float],
    look: tuple[str, str], label: str, *, zorder: float = 1.0,
) -> None:
    """Shade between two lines, run by run where both are known; `look` is fill and hatch."""
    from matplotlib.patches import Polygon

    for start, stop in _runs(low, high):
        if stop - start < 2:
            continue
        there = list(zip(x[start:stop], high[start:stop], strict=True))
        back = list(zip(x[start:stop], low[start:stop], strict=True))[::-1]
        # no closing line: a hatch takes its colour from the edge, whose thickness is 0
        sheet.ax.add_artist(Polygon(there + back, closed=True, facecolor=look[0],
                                    hatch=look[1] or None, edgecolor="#333333", linewidth=0.0,
                                    zorder=zorder, label=label))


def _runs(low: Sequence[float], high: Sequence[float]) -> Iterator[tuple[int, int]]:
    known = [math.isfinite(a) and math.isfinite(b) for a, b in zip(low, high, strict=True)]
    start = 0
    for place, good in enumerate([*known, False]):
        if not good:
            if place > start:
                yield start, place
            start = place + 1
