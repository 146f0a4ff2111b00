"""Rows from top to bottom, each with its name at the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sxsh_audit.charts.lettering import FONT, INK, NORMAL, QUIET, SMALL, style, width
from sxsh_audit.charts.paper import EDGE, GAP, GRID, LEAST, Margins, Sheet, dress, take_place
from sxsh_audit.charts.sources import Titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LABEL_ROOM", "Row", "label_room", "open_sheet", "put_ticks"]

LABEL_ROOM = 235.0  # [pt] for the names at the left
APART = 8.0  # [pt] above a row that is set apart


@dataclass(slots=True)
class Row:
    """One row: its name, its height and, once laid out, where it is.

    Parameters
    ----------
    label : str
        Name, already wrapped.
    bold : bool
        Whether the name is bold.
    height : float
        Height [pt].
    apart : bool
        Whether the row is set apart from the ones above it.
    y : float
        Middle of the row [pt above the axis].
    """

    label: str
    bold: bool = False
    height: float = 0.0
    apart: bool = False
    y: float = 0.0


def label_room(rows: Sequence[Row]) -> float:
    """Return the width of the names at the left with the white around them [pt]."""
    widest = max((width(row.label, NORMAL, bold=row.bold) for row in rows), default=0.0)
    return EDGE + widest + GAP + 2


def _lay_out(rows: Sequence[Row]) -> float:
    """Place the rows from top to bottom; return the height of the axes [pt]."""
    total = sum(row.height + (APART if row.apart else 0.0) for row in rows)
    top = total
    for row in rows:
        top -= APART if row.apart else 0.0
        row.y = top - row.height / 2
        top -= row.height
    return total


def open_sheet(
    ax: Axes | None,
    rows: Sequence[Row],
    margins: Margins,
    titles: Titles,
    axis: str,
) -> Sheet:
    """Return a sheet with its names, titles and notes.

    Parameters
    ----------
    ax : Axes or None
        Where to draw: the whole chart, names and words included, is scaled into its place.
        None for a new Figure that is as high as the rows need.
    rows : sequence of Row
        Rows from top to bottom; their ``y`` is set.
    margins : Margins
        Room around the axes.
    titles : Titles
        Texts above the chart.
    axis : str
        Text under the axis.

    Returns
    -------
    Sheet
    """
    inside = max(_lay_out(rows), LEAST)
    sheet, heads = take_place(ax, inside, margins, titles)
    dress(sheet, grid="x", sides=("bottom",))
    _place_names(sheet, rows, inside)
    start = (EDGE - margins.left) / sheet.span
    _rule_rows(sheet, rows, (start, 1 + max(margins.right - EDGE, 0.0) / sheet.span))
    heads.put(sheet, start, axis)
    return sheet


def put_ticks(sheet: Sheet, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Put ticks with these texts on the axis under the rows."""
    sheet.ax.set_xticks(ticks, labels)
    for label in sheet.ax.get_xticklabels():
        label.set(**style(SMALL * sheet.scale))


def _place_names(sheet: Sheet, rows: Sequence[Row], inside: float) -> None:
    ax, scale = sheet.ax, sheet.scale
    ax.set_ylim(0, inside)
    ax.set_yticks([row.y for row in rows], [row.label for row in rows])
    ax.tick_params(axis="y", length=0, pad=GAP * scale, left=True, labelleft=True, right=False,
                   labelright=False)
    ax.tick_params(axis="x", direction="out", length=4 * scale, width=0.8 * scale, color=QUIET,
                   pad=3 * scale, bottom=True, top=False, labelbottom=True, labeltop=False,
                   labelsize=SMALL * scale, labelcolor=INK, labelfontfamily=FONT)
    for row, label in zip(rows, ax.get_yticklabels(), strict=True):
        label.set(**style(NORMAL * scale, bold=row.bold), ha="right", va="center",
                  multialignment="right")


def _rule_rows(sheet: Sheet, rows: Sequence[Row], reach: tuple[float, float]) -> None:
    """Rule faint lines between the rows, from names to words, and a dark one before a total."""
    from matplotlib.lines import Line2D
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(sheet.ax.transAxes, sheet.ax.transData)
    for row in rows[1:]:
        y = row.y + row.height / 2 + (APART / 2 if row.apart else 0.0)
        # a Line2D of its own: axhline would change the limits of the axes
        line = Line2D(reach, (y, y), color=INK if row.apart else GRID, linestyle="-", marker="",
                      linewidth=(1.4 if row.apart else 0.8) * sheet.scale, transform=across,
                      clip_on=False, zorder=0.5)
        sheet.ax.add_line(line)
