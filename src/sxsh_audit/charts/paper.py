"""The sheet a chart of rows is drawn on: margins in points, rows from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sxsh_audit.charts.lettering import (
    FONT,
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
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "OKABE_ITO",
    "PAGE_WIDTH",
    "Heads",
    "Margins",
    "Row",
    "Sheet",
    "label_room",
    "open_sheet",
    "records_of",
    "shown",
    "subtitle_of",
    "take_place",
    "titled",
    "without_scale",
]

# Okabe & Ito (2008): told apart by people with any kind of colour blindness.
OKABE_ITO = (
    "#000000", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
)
GRID = "#d9d9d9"
PAGE_WIDTH = 12.0  # [in]: 1920 pixels at the 160 dpi that charts are saved with
LABEL_ROOM = 235.0  # [pt] for the names at the left
EDGE = 14.0  # [pt] of white around everything
GAP = 8.0  # [pt] between a bar and its text
LEAST = 60.0  # [pt] of height, however few the rows
APART = 8.0  # [pt] above a row that is set apart

_Record = TypeVar("_Record")


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
    """

    left: float
    right: float = EDGE
    head: float = 0.0
    notes: list[str] = field(default_factory=list)


def records_of(
    source: object, method: str, language: Language, option: str | None = None
) -> list[Any]:
    """Return the records of an assessment (it has `method`), or of a plain sequence.

    An assessment is asked for those of one option where `option` is given.
    """
    ask: Callable[..., Iterable[Any]] | None = getattr(source, method, None)
    if ask is None:
        return list(cast("Iterable[Any]", source))
    return list(ask(language) if option is None else ask(language, option))


def subtitle_of(source: object, language: Language) -> str:
    """Return the line under the title that an assessment gives itself, or nothing."""
    ask = getattr(source, "chart_subtitle", None)
    return str(ask(language)) if callable(ask) else ""


def titled(
    source: object, usual: str, of: str, language: Language, option: str | None = None
) -> str:
    """Return the usual title, with what an assessment says that the chart is of.

    Parameters
    ----------
    source : object
        What is drawn; an assessment has a method ``chart_subject``.
    usual : str
        The title without it.
    of : str
        The records that the chart draws, such as ``tornado_bars``.
    language : {"vi", "en"}
        Language.
    option : str, optional
        Id of the option that was asked for; it stands in the title itself where the assessment
        only speaks of the option that it would choose.
    """
    ask = getattr(source, "chart_subject", None)
    if option is None:
        subject = str(ask(of, language)) if callable(ask) else ""
    elif callable(ask) and "option" in signature(ask).parameters:
        subject = str(ask(of, language, option))
    else:
        subject = option
    return f"{usual}: {subject}" if subject else usual


def shown(
    records: Sequence[_Record], first: int, language: Language
) -> tuple[list[_Record], int]:
    """Return the first records and how many more there are."""
    if first < 1:
        numbers = {"first": first}
        sentence = refusal_sentence("chart.first", numbers, language)
        raise Refusal(sentence, code="chart.first", **numbers)
    return list(records[:first]), max(len(records) - first, 0)


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
    scale: float = 1.0
    tall: float = LEAST

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
        self.ax.annotate(
            text,
            at,
            (shift[0] * self.scale, shift[1] * self.scale),
            xycoords=blended_transform_factory(places[frame[0]], places[frame[1]]),
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

    def bar(self, y: float, length: float, height: float, look: tuple[str, str], label: str,
            *, dashed: bool = False) -> None:
        """Draw a bar from zero; `look` is its fill and its hatch."""
        from matplotlib.patches import Rectangle

        fill, hatch = look
        # a patch and not barh, which costs five times as much in looking after the limits
        self.ax.add_patch(Rectangle((0.0, y - height / 2), length, height, facecolor=fill,
                                    hatch=hatch or None, edgecolor="black", zorder=2,
                                    linewidth=1.2 * self.scale, label=label,
                                    linestyle="--" if dashed else "-"))


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
    *,
    title: str,
    subtitle: str,
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
    title, subtitle, axis : str
        Texts above the chart and under its axis.

    Returns
    -------
    Sheet
    """
    inside = max(_lay_out(rows), LEAST)
    sheet, heads = take_place(ax, inside, margins, title=title, subtitle=subtitle)
    _dress(sheet, rows, inside)
    start = (EDGE - margins.left) / sheet.span
    _rule_rows(sheet, rows, (start, 1 + max(margins.right - EDGE, 0.0) / sheet.span))
    heads.put(sheet, start, axis)
    return sheet


def take_place(
    ax: Axes | None, inside: float, margins: Margins, *, title: str, subtitle: str
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
    title, subtitle : str
        Texts above the chart.
    """
    scale, page = 1.0, PAGE_WIDTH * 72
    heads = Heads(title, subtitle, margins, page)
    if ax is None:
        box = (margins.left, heads.under, page - margins.left - margins.right, inside)
        ax = _own_axes(page, inside + heads.under + heads.above, box)
    else:
        left, bottom, wide, high = _slot_of(ax)
        scale = min(1.0, wide / page, high / (inside + heads.under + heads.above))
        page = wide / scale
        heads = Heads(title, subtitle, margins, page)
        box = (margins.left, heads.under, page - margins.left - margins.right,
               high / scale - heads.under - heads.above)
        _move_to(ax, (left + box[0] * scale, bottom + box[1] * scale, box[2] * scale,
                      box[3] * scale))
    return Sheet(ax, box[2], scale, box[3]), heads


def without_scale(
    ax: Axes | None, *, title: str, subtitle: str, said: str, notes: Sequence[str] = ()
) -> Axes:
    """Draw the titles and one sentence: a scale with nothing on it says nothing."""
    sheet = open_sheet(ax, [], Margins(left=EDGE, notes=list(notes)), title=title,
                       subtitle=subtitle, axis="")
    sheet.ax.set_axis_off()
    sheet.write(said, (0.5, 0.5), frame=("axes", "axes"), ha="center")
    return sheet.ax


class Heads:
    """Titles and notes, wrapped to the page, and the room that they take [pt]."""

    def __init__(self, title: str, subtitle: str, margins: Margins, page: float) -> None:
        room = page - 2 * EDGE
        self.title = wrap(title, room, LARGE, bold=True)
        self.subtitle = wrap(subtitle, room, NORMAL)
        self.notes = [wrap(note, room, SMALL) for note in margins.notes]
        self.head = margins.head
        self.over = 10 + margins.head
        if self.subtitle:
            self.over += 6 + lines_in(self.subtitle) * NORMAL * LINE
        self.above = self.over + lines_in(self.title) * LARGE * LINE + EDGE
        self.under = 2 * SMALL * LINE + 8 + EDGE
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
        depth = 2 * SMALL * LINE + 14
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


def _dress(sheet: Sheet, rows: Sequence[Row], inside: float) -> None:
    """Set everything that rcParams could have set otherwise."""
    ax, scale = sheet.ax, sheet.scale
    ax.set_facecolor("white")
    ax.set_axisbelow(True)
    ax.grid(False)
    ax.grid(True, axis="x", color=GRID, linewidth=0.8 * scale, linestyle="-", alpha=1.0)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(QUIET)
        spine.set_linewidth(0.8 * scale)
    ax.set_ylim(0, inside)
    ax.set_yticks([row.y for row in rows], [row.label for row in rows])
    ax.tick_params(axis="y", length=0, pad=GAP * scale, left=True, labelleft=True, right=False,
                   labelright=False)
    ax.tick_params(axis="x", direction="out", length=4 * scale, width=0.8 * scale, color=QUIET,
                   pad=3 * scale, bottom=True, top=False, labelbottom=True, labeltop=False,
                   labelsize=SMALL * scale, labelcolor=INK, labelfontfamily=FONT)
    ax.minorticks_off()
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
