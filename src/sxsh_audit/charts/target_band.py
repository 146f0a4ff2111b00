"""The shaded target behind rows of savings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sxsh_audit.charts.paper import Sheet
from sxsh_audit.language.formatting import Language, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["name_band", "percent_ticks", "shade_band"]

BAND_COLOR, BAND_EDGE = "#d4d4d4", "#333333"


def shade_band(
    sheet: Sheet, band: tuple[float | None, float | None], y: tuple[float, float], *,
    edges: float = 3.0,
) -> None:
    """Shade the target between two heights; a target without an end reaches the chart's edge.

    `edges` is the order in which its ends are drawn: by default over the bars.
    """
    from matplotlib.patches import Rectangle

    low, high = band
    if low is None and high is None:
        return
    ax = sheet.ax
    left, right = ax.get_xlim()
    start, stop = left if low is None else low, right if high is None else high
    ax.add_patch(
        Rectangle((start, y[0]), stop - start, y[1] - y[0], facecolor=BAND_COLOR, edgecolor="none",
                  linewidth=0, zorder=0.6, label="target")
    )
    for end in (low, high):
        if end is not None:
            # white under the dashes, so that the edge is seen on a dark bar too
            for color, thick, dashes in (("white", 3.0, None), (BAND_EDGE, 1.6, (4, 2))):
                sheet.line((end, end), y, color, thick, dashes=dashes, zorder=edges)


def percent_ticks(ax: Axes, language: Language) -> None:
    """Put percentages under the rows."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sign = " %" if language == "vi" else "%"
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: format_number(round(x * 100, 9), language, digits=6) + sign)
    )


def name_band(
    sheet: Sheet, text: str, band: tuple[float | None, float | None] | None, head: float
) -> None:
    """Name the target above its middle."""
    left, right = sheet.ax.get_xlim()
    low, high = band or (None, None)
    start = left if low is None else low
    stop = right if high is None else high
    sheet.head_near(text, head, (start + stop) / 2)
