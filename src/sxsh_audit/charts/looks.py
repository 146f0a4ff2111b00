"""Names of fills and hatches, in rows above a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sxsh_audit.charts.lettering import LINE, SMALL, width, wrap
from sxsh_audit.charts.paper import Sheet

__all__ = ["Look", "Looks", "lay_looks", "put_looks"]

SWATCH = (26.0, 13.0)  # [pt]
BESIDE = 6.0  # [pt] between a swatch and its name
APART = 18.0  # [pt] between two names
ROW = SMALL * LINE + 4  # [pt]
UNDER = 12.0  # [pt] of white under the rows

Look = tuple[str, str]
"""Fill and hatch."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Names of looks above a chart.

    Parameters
    ----------
    places : sequence of tuple
        Fill and hatch (None for words alone), the name, where it begins [pt] and in which row.
    height : float
        Height of the rows with the white under them [pt].
    """

    places: Sequence[tuple[Look | None, str, float, int]]
    height: float


def lay_looks(entries: Sequence[tuple[Look | None, str]], room: float) -> Looks:
    """Return names in as many rows as they need.

    Parameters
    ----------
    entries : sequence of tuple
        Fill and hatch (None for words alone), and the name.
    room : float
        Width of a row [pt].
    """
    places = []
    x, row = 0.0, 0
    for look, name in entries:
        text = wrap(name, room - SWATCH[0] - BESIDE, SMALL, most=1)
        wide = (SWATCH[0] + BESIDE if look else 0.0) + width(text, SMALL)
        if x and x + wide > room:
            x, row = 0.0, row + 1
        places.append((look, text, x, row))
        x += wide + APART
    return Looks(places, (row + 1) * ROW + UNDER)


def put_looks(sheet: Sheet, looks: Looks, *, start: float = 0.0, over: float = 0.0) -> None:
    """Write the names, from `start` [pt] of the axes on, `over` [pt] above them."""
    from matplotlib.patches import Rectangle

    for look, text, at, row in looks.places:
        x, up = start + at, over + looks.height - 2 - ROW * (row + 0.5)
        if look:
            sheet.ax.add_artist(Rectangle(
                (x / sheet.span, 1 + (up - SWATCH[1] / 2) / sheet.tall),
                SWATCH[0] / sheet.span, SWATCH[1] / sheet.tall,
                transform=sheet.ax.transAxes, facecolor=look[0], hatch=look[1] or None,
                edgecolor="#444444", linewidth=0.6 * sheet.scale, clip_on=False, label="_look"))
            x += SWATCH[0] + BESIDE
        sheet.write(text, (x / sheet.span, 1.0), shift=(0, up), frame=("axes", "axes"),
                    size=SMALL)
