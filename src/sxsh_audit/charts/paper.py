"""The sheet a chart is drawn on: its place, margins in points, titles and notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sxsh_audit.charts.lettering import (
    INK,
    LARGE,
    LINE,
    NORMAL,
    QUIET,
    SMALL,
    lines_in,
    style,
    width,
    wrap,
)
from sxsh_audit.charts.sources import Titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "EDGE",
    "GAP",
    "GRID",
    "LEAST",
    "OKABE_ITO",
    "PAGE_WIDTH",
    "Heads",
    "Margins",
    "Sheet",
    "dress",
    "end_of",
    "take_place",
    "without_scale",
]

# Okabe & Ito (2008): told apart by people with any kind of colour blindness.
OKABE_ITO = (
    "#000000", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
)
GRID = "#d9d9d9"
PAGE_WIDTH = 12.0  # [in]: 1920 pixels at the 160 dpi that charts are saved with
EDGE = 14.0  # [pt] of white around everything
GAP = 8.0  # [pt] between a bar and its text
LEAST = 60.0  # [pt] of height, however few the rows


@dataclass(slots=True)
class Margins:
    """Room around the axes.

    Parameters
    ----------
    left, right : float
        Room for the names and for the columns at the right [pt].
    head : float
        Room between the axes and the titles, for headings [pt].
    notes : list of str
        Sentences under the chart.
    foot : float
        Room between the axes and the notes, for ticks and the text under the axis [pt].
    """

    left: float
    right: float = EDGE
    head: float = 0.0
    notes: list[str] = field(default_factory=list)
    foot: float = 2 * SMALL * LINE + 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """Axes that are ready to be drawn on.

    Parameters
    ----------
    ax : Axes
        The Axes; y of a chart of rows is in points.
    span : float
        Width of the axes [pt before scaling].
    scale : float
        What every size in points is multiplied by to fit the place that was given; 1 on a
        Figure of our own.
    tall : float
        Height of the axes [pt before scaling].
    """

    ax: Axes
    span: float
    scale: float
    tall: float

    def write(
        self,
        text: str,
        at: tuple[float, float],
        *,
        shift: tuple[float, float] = (0.0, 0.0),
        frame: tuple[str, str] = ("data", "data"),
        ha: str = "left",
        va: str = "center",
        size: float = NORMAL,
        bold: bool = False,
        color: str = INK,
    ) -> None:
        """Write `text` at a place of the axes, shifted by points."""
        from matplotlib.transforms import blended_transform_factory

        places = {"data": self.ax.transData, "axes": self.ax.transAxes}
        across, up = (places[name] for name in frame)
        self.ax.annotate(
            text,
            at,
            (shift[0] * self.scale, shift[1] * self.scale),
            xycoords=across if across is up else blended_transform_factory(across, up),
            textcoords="offset points",
            ha=ha,
            va=va,
            multialignment=ha,
            annotation_clip=False,
            zorder=4,
            **style(size * self.scale, bold=bold, color=color),
        )

    def head(self, text: str, room: float, x: float, shift: float = 0.0, *,
             frame: str = "axes", ha: str = "right") -> None:
        """Write a heading into the `room` [pt] above the axes."""
        self.write(text, (x, 1.0), shift=(shift, room / 2), frame=(frame, "axes"), ha=ha,
                   bold=True)

    def head_near(self, text: str, room: float, x: float) -> None:
        """Write a heading above `x`, or as near to it as the axes allow."""
        left, right = self.ax.get_xlim()
        half = width(text, NORMAL, bold=True) / 2 / self.span * (right - left)
        self.head(text, room, max(min(x, right - half), left + half), frame="data", ha="center")

    def say(self, text: str) -> None:
        """Write `text` into the middle of the axes."""
        self.write(text, (0.5, 0.5), frame=("axes", "axes"), ha="center")

    def rule(self, x: float, *, dashed: bool = False) -> None:
        """Rule a line from the bottom to the top at `x`."""
        self.line((x, x), self.ax.get_ylim(), "black", 1.4 if dashed else 1.8,
                  dashes=(5, 3) if dashed else None, zorder=3.5)

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        color: str,
        thick: float,
        *,
        dashes: tuple[float, float] | None = None,
        zorder: float = 3.0,
        label: str = "",
    ) -> None:
        """Draw a line that leaves the limits of the axes alone; nan breaks it."""
        from matplotlib.lines import Line2D

        self.ax.add_artist(Line2D(x, y, color=color, linewidth=thick * self.scale, marker="",
                                  linestyle=(0, dashes) if dashes else "-",
                                  solid_capstyle="butt", zorder=zorder,
                                  label=label or "_line"))

    def box(
        self,
        corner: tuple[float, float],
        size: tuple[float, float],
        look: tuple[str, str],
        label: str,
        *,
        thick: float = 1.2,
        dashed: bool = False,
        clipped: bool = True,
    ) -> None:
        """Draw a box from a corner, `size` across and up; `look` is its fill and its hatch."""
        from matplotlib.patches import Rectangle

        fill, hatch = look
        # barh and add_patch look after the limits, which costs many times as much
        self.ax.add_artist(Rectangle(corner, *size, facecolor=fill, hatch=hatch or None,
                                     edgecolor="black", zorder=2, linewidth=thick * self.scale,
                                     label=label, linestyle="--" if dashed else "-",
                                     clip_on=clipped))

    def bar(self, y: float, length: float, height: float, look: tuple[str, str], label: str,
            *, start: float = 0.0, dashed: bool = False) -> None:
        """Draw a bar around `y` from `start` on."""
        self.box((start, y - height / 2), (length, height), look, label, dashed=dashed)


def end_of(value: float | None) -> float | None:
    """Return an end of a target; None where it has no such end, which records may write as nan."""
    return None if value is None or math.isnan(value) else float(value)


def dress(sheet: Sheet, *, grid: Literal["x", "both"], sides: Sequence[str]) -> None:
    """Set the ground, the grid and the lines around it, which rcParams could have set otherwise."""
    ax, scale = sheet.ax, sheet.scale
    ax.set_facecolor("white")
    ax.set_axisbelow(True)
    ax.grid(False)
    ax.grid(True, axis=grid, color=GRID, linewidth=0.8 * scale, linestyle="-", alpha=1.0)
    ax.minorticks_off()
    for side, spine in ax.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(QUIET)
        spine.set_linewidth(0.8 * scale)


def take_place(
    ax: Axes | None, inside: float, margins: Margins, titles: Titles, *,
    page: float = PAGE_WIDTH * 72,
) -> tuple[Sheet, Heads]:
    """Return Axes with the margins around them, and the titles to be put there.

    Parameters
    ----------
    ax : Axes or None
        Where to draw: everything is scaled into its place. None for a new Figure.
    inside : float
        Height that the axes need [pt].
    margins : Margins
        Room around the axes.
    titles : Titles
        Texts above the chart.
    page : float
        Width of the page [pt].
    """
    scale = 1.0
    heads = Heads(titles, margins, page)
    if ax is None:
        box = (margins.left, heads.under, page - margins.left - margins.right, inside)
        ax = _own_axes(page, inside + heads.under + heads.above, box)
    else:
        left, bottom, wide, high = _slot_of(ax)
        scale = min(1.0, wide / page, high / (inside + heads.under + heads.above))
        page = wide / scale
        heads = Heads(titles, margins, page)
        box = (margins.left, heads.under, page - margins.left - margins.right,
               high / scale - heads.under - heads.above)
        _move_to(ax, (left + box[0] * scale, bottom + box[1] * scale, box[2] * scale,
                      box[3] * scale))
    return Sheet(ax, box[2], scale, box[3]), heads


def without_scale(
    ax: Axes | None, titles: Titles, said: str, notes: Sequence[str] = ()
) -> Axes:
    """Draw the titles and one sentence: a scale with nothing on it says nothing."""
    sheet, heads = take_place(ax, LEAST, Margins(left=EDGE, notes=list(notes)), titles)
    heads.put(sheet, 0.0, "")
    sheet.ax.set_xticks([])
    sheet.ax.set_yticks([])
    sheet.ax.set_axis_off()
    sheet.say(said)
    return sheet.ax


class Heads:
    """Titles and notes, wrapped to the page, and the room that they take [pt]."""

    def __init__(self, titles: Titles, margins: Margins, page: float) -> None:
        room = page - 2 * EDGE
        self.title = wrap(titles.title, room, LARGE, bold=True)
        self.subtitle = wrap(titles.subtitle, room, NORMAL)
        self.notes = [wrap(note, room, SMALL) for note in margins.notes]
        self.head, self.foot = margins.head, margins.foot
        self.over = 10 + margins.head
        if self.subtitle:
            self.over += 6 + lines_in(self.subtitle) * NORMAL * LINE
        self.above = self.over + lines_in(self.title) * LARGE * LINE + EDGE
        self.under = self.foot + EDGE
        self.under += sum(lines_in(note) * SMALL * LINE + 4 for note in self.notes)

    def put(self, sheet: Sheet, start: float, axis: str) -> None:
        """Write titles and notes from `start` [axes] on."""
        from matplotlib.transforms import ScaledTranslation

        scale, ends = sheet.scale, ("axes", "axes")
        # places that are known spare matplotlib measuring every tick label to find them
        sheet.ax.set_title(self.title, loc="left", x=start, y=1.0, pad=self.over * scale,
                           **style(LARGE * scale, bold=True))
        sheet.ax.set_xlabel(axis, **style(SMALL * scale, color=QUIET), ha="center", va="top")
        below = ScaledTranslation(0, -(SMALL * LINE + 8) * scale / 72,
                                  sheet.ax.figure.dpi_scale_trans)
        sheet.ax.xaxis.set_label_coords(0.5, 0.0, sheet.ax.transAxes + below)
        sheet.ax.yaxis.set_label_coords(0.0, 0.5)
        if self.subtitle:
            sheet.write(self.subtitle, (start, 1.0), shift=(0, 8 + self.head), frame=ends,
                        va="bottom", color=QUIET)
        depth = self.foot + 6
        for note in self.notes:
            sheet.write(note, (start, 0.0), shift=(0, -depth), frame=ends, va="top", size=SMALL)
            depth += lines_in(note) * SMALL * LINE + 4


def _own_axes(page: float, height: float, box: tuple[float, float, float, float]) -> Axes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from sxsh_audit.charts.notebook import ShownAxes

    figure = Figure(figsize=(page / 72, height / 72), dpi=100, facecolor="white",
                    edgecolor="white")
    figure.set_layout_engine("none")  # the margins are known; rcParams might ask for another
    FigureCanvasAgg(figure)
    left, bottom, wide, high = box
    place = (left / page, bottom / height, wide / page, high / height)
    return figure.add_axes(place, axes_class=ShownAxes)


def _slot_of(ax: Axes) -> tuple[float, float, float, float]:
    """Return the place of the caller's axes: left, bottom, width, height [pt]."""
    page, place = ax.figure.bbox, ax.get_position()
    to_points = 72 / ax.figure.dpi
    wide, high = page.width * to_points, page.height * to_points
    return place.x0 * wide, place.y0 * high, place.width * wide, place.height * high


def _move_to(ax: Axes, box: tuple[float, float, float, float]) -> None:
    """Move the axes to left, bottom, width, height [pt]."""
    page, to_points = ax.figure.bbox, 72 / ax.figure.dpi
    wide, high = page.width * to_points, page.height * to_points
    ax.set_position((box[0] / wide, box[1] / high, box[2] / wide, box[3] / high))
