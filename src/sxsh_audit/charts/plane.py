"""The plane a chart with two scales is drawn on: money up, years or rates or amounts across."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sxsh_audit.charts.lettering import (
    INK,
    LINE,
    NORMAL,
    QUIET,
    SMALL,
    lines_in,
    style,
    width,
    wrap,
)
from sxsh_audit.charts.paper import EDGE, GAP, Margins, Sheet, dress, take_place
from sxsh_audit.charts.sources import Titles
from sxsh_audit.display.wording import money_scale
from sxsh_audit.language.formatting import Language, format_number
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "SAMPLE",
    "TALL",
    "Key",
    "Scale",
    "key_of",
    "limits",
    "money_of",
    "number_text",
    "open_plane",
    "percent_text",
    "put_keys",
    "round_figures",
    "rule_zero",
    "scale_of",
    "spread",
    "trace",
    "unit_title",
]

TALL = 320.0  # [pt] of axes: with titles and margins a page of 16 to 9
LEAD = 32.0  # [pt] from the axes to the names at the right
SAMPLE = 38.0  # [pt] of a line, for a sample of its dashes
NEAR = 60.0  # [pt] that a name may stand above or below its line and still be led to
KEY_LINES = 2
TITLE_UNIT = 200.0  # [pt] for a unit in the title of an axis
_LONGEST = 12  # letters of a figure beside an axis


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: its ends, its ticks and what is written beside them.

    Parameters
    ----------
    low, high : float
        Ends of the axis [its unit].
    ticks : list of float
        Where ticks are [its unit].
    labels : list of str
        Texts of the ticks.
    title : str
        What the axis shows, with its unit.
    """

    low: float
    high: float
    ticks: list[float]
    labels: list[str]
    title: str

    def share(self, value: float) -> float:
        """Return where a value stands along the axis: its share of the way from end to end."""
        return (value - self.low) / (self.high - self.low)


def limits(values: Iterable[float], *, white: float = 0.05) -> tuple[float, float]:
    """Return ends with zero and every finite value inside, and `white` [1] beyond those."""
    known = [0.0, *(value for value in values if math.isfinite(value))]
    low, high = min(known), max(known)
    if high - low <= 0:
        return 0.0, 1.0
    beyond = white * (high - low)
    return low - (beyond if low < 0 else 0.0), high + (beyond if high > 0 else 0.0)


def number_text(value: float, language: Language) -> str:
    """Return the text of a tick; a figure too long for its place is written as a power."""
    text = format_number(float(f"{value:.9g}"), language, digits=6)
    if len(text) > _LONGEST:
        mantissa, _, power = f"{value:.3g}".partition("e")
        text = format_number(float(mantissa), language)
        text = f"{text}e{int(power)}" if power else text
    return text


def percent_text(value: float, language: Language) -> str:
    """Return the text of a tick that is a fraction."""
    return number_text(100 * value, language) + (" %" if language == "vi" else "%")


def round_figures(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Return round figures from `low` to `high`, `most` steps at most.

    Matplotlib's own search for them asks rcParams, which a caller may have changed.

    Examples
    --------
    >>> round_figures(-0.6, 1.7, 7), round_figures(-0.5, 12.5, 12, whole=True)
    ([-0.5, 0.0, 0.5, 1.0, 1.5], [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0])
    """
    least = (high - low) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least)
    if whole:
        step = math.ceil(step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{place * step:.12g}") + 0.0 for place in range(first, last + 1)]


def scale_of(
    ends: tuple[float, float], *, title: str, language: Language, divisor: float = 1.0,
    percent: bool = False, most: int = 7, whole: bool = False,
) -> Scale:
    """Return the scale between two ends with round figures on it.

    Parameters
    ----------
    ends : tuple of float
        Ends of the axis.
    title : str
        What the axis shows.
    language : {"vi", "en"}
        Language of the figures.
    divisor : float
        What the figures are divided by before they are written.
    percent : bool
        Whether the figures are fractions that are written as percentages.
    most : int
        How many steps there are at most.
    whole : bool
        Whether only whole figures have a tick.
    """
    ticks = round_figures(ends[0] / divisor, ends[1] / divisor, most, whole=whole)
    write = percent_text if percent else number_text
    return Scale(*ends, [tick * divisor for tick in ticks],
                 [write(tick, language) for tick in ticks], title)


def money_of(
    ends: tuple[float, float], code: str, language: Language, currency: str, *, per: str = "",
    most: int = 7,
) -> Scale:
    """Return a scale of money, titled by the sentence `code` with its unit.

    The unit is at the scale of the largest figure (tỷ đồng, million VND), divided by `per` where
    that is given.
    """
    divisor, unit = money_scale(max(abs(ends[0]), abs(ends[1])), language, currency)
    title = sentence(code, language, unit=f"{unit}/{per}" if per else unit)
    return scale_of(ends, title=title, language=language, divisor=divisor, most=most)


def open_plane(
    ax: Axes | None, x: Scale, y: Scale, titles: Titles, *, right: float, head: float = 0.0,
    notes: Sequence[str] = (), inside: float = TALL,
) -> Sheet:
    """Return a plane with its titles, scales and notes.

    Parameters
    ----------
    ax : Axes or None
        Where to draw: the whole chart is scaled into its place. None for a new Figure.
    x, y : Scale
        The two axes. The title of `y` stands above it, where it is read without a turn of the
        head.
    titles : Titles
        Texts above the chart.
    right : float
        Room at the right of the axes [pt].
    head : float
        Room between the axes and the title of `y` [pt].
    notes : sequence of str
        Sentences under the chart.
    inside : float
        Height that the axes need [pt].
    """
    left = EDGE + max((width(text, SMALL) for text in y.labels), default=0.0) + GAP
    margins = Margins(left=left, right=right, head=head + NORMAL * LINE + 6, notes=list(notes))
    sheet, heads = take_place(ax, inside, margins, titles)
    dress(sheet, grid="both", sides=("bottom", "left"))
    _put_scales(sheet, x, y)
    start = (EDGE - left) / sheet.span
    heads.put(sheet, start, x.title)
    sheet.write(y.title, (start, 1.0), shift=(0, (head + margins.head) / 2),
                frame=("axes", "axes"), size=SMALL, color=QUIET)
    return sheet


def _put_scales(sheet: Sheet, x: Scale, y: Scale) -> None:
    ax, scale = sheet.ax, sheet.scale
    ax.set_xlim(x.low, x.high)
    ax.set_ylim(y.low, y.high)
    ax.set_xticks(x.ticks, x.labels)
    ax.set_yticks(y.ticks, y.labels)
    for axis in ("x", "y"):
        ax.tick_params(axis=axis, direction="out", length=4 * scale, width=0.8 * scale,
                       color=QUIET, pad=3 * scale, bottom=True, top=False, left=True, right=False,
                       labelbottom=True, labeltop=False, labelleft=True, labelright=False)
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set(**style(SMALL * scale))


def trace(
    sheet: Sheet, x: Sequence[float], y: Sequence[float], color: str, thick: float = 1.0, *,
    dashes: tuple[float, ...] = (), marker: str = "", size: float = 9.0, fill: str = "white",
    every: Sequence[int] | None = None, frame: str = "data", zorder: float = 3.0, label: str = "",
) -> None:
    """Draw a line through points, with or without markers, that leaves the limits alone."""
    from matplotlib.lines import Line2D

    ax = sheet.ax
    line = Line2D(x, y, color=color, linewidth=thick * sheet.scale, marker=marker,
                  linestyle=((0, dashes) if dashes else "-") if thick else "",
                  markersize=size * sheet.scale, markerfacecolor=fill, markeredgecolor=INK,
                  markeredgewidth=1.2 * sheet.scale,
                  markevery=None if every is None else list(every),
                  transform={"data": ax.transData, "axes": ax.transAxes}[frame],
                  clip_on=False, zorder=zorder, label=label or "_trace",
                  solid_capstyle="butt", solid_joinstyle="round", dash_capstyle="butt")
    ax.add_artist(line)


def unit_title(code: str, plain: str, unit: str, language: Language) -> str:
    """Return the title of an axis with its unit, or the sentence `plain` where it has none."""
    if not unit:
        return sentence(plain, language)
    return sentence(code, language, unit=wrap(unit, TITLE_UNIT, SMALL, most=1))


def rule_zero(sheet: Sheet) -> None:
    """Rule the line of no money."""
    trace(sheet, sheet.ax.get_xlim(), (0.0, 0.0), "black", 1.8, zorder=2.5)


@dataclass(slots=True)
class Key:
    """A name at the right of the axes.

    Parameters
    ----------
    text : str
        What it says, already wrapped.
    want : float
        Where it would stand best: its share of the height of the axes [1].
    color : str
        Colour of the line that leads to it; empty for none.
    marker : str
        Marker of that line.
    start : float
        Where that line starts: its share of the width of the axes [1].
    dashes : tuple of float, optional
        Dashes of a sample of the line before the name; None for no sample.
    """

    text: str
    want: float
    color: str = ""
    marker: str = ""
    start: float = 1.0
    dashes: tuple[float, ...] | None = None

    @property
    def height(self) -> float:
        """Height of the text with some white [pt]."""
        return lines_in(self.text) * NORMAL * LINE + 4


def key_of(name: str, told: str, room: float, *, want: float = 0.0) -> Key:
    """Return a name with a line under it that tells a figure."""
    text = wrap(name, room, NORMAL, most=KEY_LINES)
    under = wrap(told, room, NORMAL, most=KEY_LINES)
    return Key("\n".join(part for part in (text, under) if part), want)


def put_keys(sheet: Sheet, keys: Sequence[Key], lead: float = LEAD) -> None:
    """Write names at the right, each as near to its place as the others allow.

    Parameters
    ----------
    sheet : Sheet
        Where to write.
    keys : sequence of Key
        The names. One with a sample of its line is known by that: only near its place does a
        line lead to it as well, for many that fan out from one point tell nothing apart.
    lead : float
        From the axes to the names [pt].
    """
    places = spread([key.want * sheet.tall for key in keys], [key.height for key in keys],
                    0.0, sheet.tall)
    for key, y in zip(keys, places, strict=True):
        at = y / sheet.tall
        if key.dashes is not None:
            _put_sample(sheet, key, at, lead)
        elif key.color:
            trace(sheet, (key.start, 1 + (lead - 10) / sheet.span), (key.want, at), key.color,
                  1.2, frame="axes", zorder=2.0, marker=key.marker, fill=key.color, size=8.0,
                  every=[1])
        sheet.write(key.text, (1.0, at), shift=(lead, 0), frame=("axes", "axes"))


def _put_sample(sheet: Sheet, key: Key, at: float, lead: float) -> None:
    """Draw a sample of the line of `key` before its name, and a line to it where it is near."""
    right = 1 + (lead - 8) / sheet.span
    left = right - SAMPLE / sheet.span
    if abs(key.want - at) * sheet.tall <= NEAR:
        trace(sheet, (key.start, left), (key.want, at), key.color, 1.0, frame="axes", zorder=2.0,
              label="leader")
    trace(sheet, (left, right), (at, at), key.color, 2.4, dashes=key.dashes or (), frame="axes",
          zorder=2.0)
    # at the end, where it hides no dash
    trace(sheet, [right - 4 / sheet.span], [at], key.color, 0.0, frame="axes", marker=key.marker,
          fill=key.color, size=8.0)


def spread(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> list[float]:
    """Return places near the wanted ones where things of these sizes do not overlap.

    Parameters
    ----------
    wanted : sequence of float
        Where the middle of each should be.
    sizes : sequence of float
        Room that each takes.
    low, high : float
        Ends of the room for all; what does not fit reaches beyond `high`.

    Returns
    -------
    list of float
        Middles, in the order of `wanted`; the order along the line is kept.

    Examples
    --------
    >>> spread([5.0, 5.0, 50.0], [10.0, 10.0, 10.0], 0.0, 100.0)
    [5.0, 15.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    # groups that touch: members, sum of the wanted starts of the group, length
    groups: list[tuple[list[int], float, float]] = []
    for k in order:
        members, starts, length = [k], wanted[k] - sizes[k] / 2, sizes[k]
        while groups and _start(groups[-1], low, high) + groups[-1][2] > _start(
            (members, starts, length), low, high
        ):
            before = groups.pop()
            starts = before[1] + starts - len(members) * before[2]
            members, length = before[0] + members, before[2] + length
        groups.append((members, starts, length))
    places = [0.0] * len(wanted)
    for group in groups:
        at = _start(group, low, high)
        for k in group[0]:
            places[k] = at + sizes[k] / 2
            at += sizes[k]
    return places


def _start(group: tuple[list[int], float, float], low: float, high: float) -> float:
    members, starts, length = group
    return max(min(starts / len(members), high - length), low)
