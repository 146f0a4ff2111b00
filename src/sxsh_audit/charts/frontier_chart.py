"""The frontier: the least cost at levels of saving, against the ends of the target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.charts.lettering import LINE, NORMAL, SMALL, lines_in, tidy, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, PAGE_WIDTH, Sheet, end_of, without_scale
from sxsh_audit.charts.plane import (
    TALL,
    Scale,
    limits,
    money_of,
    number_text,
    open_plane,
    scale_of,
    trace,
)
from sxsh_audit.charts.sources import check_first, names_of, records_of, titles_of, why_nothing
from sxsh_audit.display.records import FrontierPoint
from sxsh_audit.display.wording import EDGE_TOLERANCE, band_text, money_text
from sxsh_audit.language.formatting import MINUS, Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["frontier"]

NAME_ROOM = 190.0  # [pt]
NAME_LINES = 2
MOST_NAMES = 3  # options of a set that is named in full on the plane
RIGHT = 130.0  # [pt] beside the axes, where names of the last points may reach
AWAY = 9.0  # [pt] from a point to its name
# where a name is tried, in turn: rising points leave room at the lower right and the upper left
_SIDES = (("left", "top"), ("right", "bottom"), ("left", "center"), ("left", "bottom"),
          ("right", "center"), ("center", "bottom"), ("center", "top"))
_POINT, _CHOSEN = OKABE_ITO[5], OKABE_ITO[1]


class _Box(NamedTuple):
    """A place on the axes [pt from the lower left corner]."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: _Box) -> bool:
        return (self.left < other.right and other.left < self.right
                and self.low < other.high and other.low < self.high)


def _set_text(point: FrontierPoint, language: Language) -> str:
    names = " + ".join(tidy(option) for option in point.options if option)
    return names or sentence("chart.no_options_set", language)


def _short_text(
    point: FrontierPoint, before: FrontierPoint | None, language: Language
) -> str:
    """Return a set; of a large one what it has more (+) and less (−) than the one before it."""
    if len(point.options) <= MOST_NAMES or before is None:
        return _set_text(point, language)
    more = [f"+ {tidy(option)}" for option in point.options
            if option and option not in before.options]
    less = [f"{MINUS} {tidy(option)}" for option in before.options
            if option and option not in point.options]
    return " ".join(more + less) or _set_text(point, language)


def _end_text(end: float, unit: str, language: Language) -> str:
    if unit:
        return f"{number_text(end, language)} {tidy(unit)}"
    return band_text(end, None, language).removeprefix("≥ ")


def _cheapest(points: Sequence[FrontierPoint], end: float) -> FrontierPoint | None:
    """Return the point whose record says that it is the cheapest for `end`.

    Of the other points none may be called that: a cheaper set may lie between two of them.
    """
    proven = [point for point in points if any(_same(end, other) for other in point.ends)]
    return min(proven, key=lambda point: (point.cost, -point.saving), default=None)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= EDGE_TOLERANCE * max(1.0, abs(one))


def _reached(points: Sequence[FrontierPoint], end: float) -> bool:
    # within the same tolerance as the check of the target
    return any(point.saving >= end - EDGE_TOLERANCE for point in points)


def frontier(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    band: tuple[float | None, float | None] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw the least cost at the levels of saving worked out, with the ends of the target.

    Parameters
    ----------
    source : Assessment or sequence of FrontierPoint
        What to draw: anything with a method ``frontier_points(language)``, or the records. The
        order of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the points. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    band : tuple of float or None, optional
        Ends of the target [1], in place of the ones in the records.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many points are named at most, where there is room; all are drawn, and the chart
        says how many carry no name.

    Returns
    -------
    matplotlib.axes.Axes
        x is the saving [1, or the unit of the records], y the cost [currency].

    Notes
    -----
    No line joins the points, for only some levels of saving were worked out: between two of them
    there may be a cheaper set, as a note says. A point whose record says that it is the cheapest
    for an end of the target (``FrontierPoint.ends``) is a diamond, and a sentence under the chart
    names its options; where no point reaches an end, a sentence says that. A name is written
    where it covers no line, no point and no other name.

    Examples
    --------
    >>> from sxsh_audit.display.records import FrontierPoint
    >>> ax = frontier([FrontierPoint(0.0, 0.0), FrontierPoint(35e6, 0.04, ("GP2",)),
    ...                FrontierPoint(175e6, 0.09, ("GP2", "GP3"), ends=(0.05,))],
    ...               band=(0.05, 0.08))
    >>> [note for note in (text.get_text() for text in ax.texts) if "5 %" in note][-1]
    'Rẻ nhất để đạt 5 %: GP2 + GP3 (175 triệu đồng).'
    """
    language = check_language(language)
    records: list[FrontierPoint] = records_of(source, "frontier_points", language)
    points = sorted((p for p in records if math.isfinite(p.cost) and math.isfinite(p.saving)),
                    key=lambda p: (p.saving, p.cost, tuple(p.options)))
    check_first(first, language)
    titles = titles_of(source, "chart.frontier_title", language, (title, subtitle))
    out = [_set_text(p, language) for p in records if p not in points]
    unknown = _unknown(sorted(out), language)
    if not points:
        return without_scale(ax, titles, why_nothing(records, language), unknown)

    unit = points[0].unit
    low, high = (end_of(end) for end in band or (points[0].low, points[0].high))
    ends = [end for end in (low, high) if end is not None]
    asked = list(ends)
    if band is None:  # a record may speak of another end that the study asks for
        for end in sorted(end for point in points for end in point.ends):
            asked += [] if any(_same(end, other) for other in asked) else [end]
    best = {end: _cheapest(points, end) for end in asked}
    notes = [_told(end, point, unit, language) for end, point in best.items()
             if point is not None or not _reached(points, end)]
    if len(points) > 1:
        notes.append(sentence("chart.between_points", language))
    x, y = _scales(points, ends, language)
    chosen = [point for point in best.values() if point is not None]
    target = _target_text(low, high, unit, language)
    names = _names(points, chosen, ends, (x, y), first, language)
    unnamed = len(points) - len(names)
    if not points[0].options and all(name.point is not points[0] for name in names):
        notes.append(sentence("chart.leftmost", language, set=_set_text(points[0], language)))
        unnamed -= 1
    if any(len(name.point.options) > MOST_NAMES for name in names):
        notes.append(sentence("chart.short_names", language))
    if unnamed:
        notes.append(sentence("chart.points_unnamed", language, count=unnamed))
    sheet = open_plane(ax, x, y, titles, right=RIGHT + EDGE,
                       head=NORMAL * LINE if target else 0.0, notes=[*notes, *unknown])
    for end in ends:
        sheet.rule(end, dashed=True)
    if target:
        sheet.head_near(target, NORMAL * LINE, math.fsum(ends) / len(ends))
    _draw(sheet, points, chosen)
    for name in names:
        sheet.write(name.text, (name.point.saving, name.point.cost), shift=name.shift,
                    ha=name.ha, va=name.va, bold=name.bold)
    return sheet.ax


def _unknown(names: list[str], language: Language) -> list[str]:
    told = names_of(names, language)
    return [sentence("chart.not_drawn", language, names=told)] if names else []


def _told(end: float, point: FrontierPoint | None, unit: str, language: Language) -> str:
    text = _end_text(end, unit, language)
    if point is None:
        return sentence("chart.out_of_reach", language, end=text)
    return sentence("chart.cheapest", language, end=text, set=_set_text(point, language),
                    cost=money_text(point.cost, language, point.currency))


def _target_text(
    low: float | None, high: float | None, unit: str, language: Language
) -> str:
    if low is None and high is None:
        return ""
    band = band_text(low, high, language)
    if unit:
        figures = [number_text(end, language) for end in (low, high) if end is not None]
        sign = "" if len(figures) == 2 else "≤ " if low is None else "≥ "
        band = f"{sign}{'–'.join(figures)} {tidy(unit)}"
    return sentence("chart.target", language, band=band)


def _scales(
    points: list[FrontierPoint], ends: list[float], language: Language
) -> tuple[Scale, Scale]:
    unit = tidy(points[0].unit)
    across = sentence("chart.frontier_axis", language)
    if unit:
        across = sentence("chart.frontier_axis_unit", language, unit=unit)
    x = scale_of(limits([*ends, *(point.saving for point in points)]), title=across,
                 language=language, percent=not unit)
    return x, money_of(limits((point.cost for point in points), white=0.18),
                       "chart.frontier_cost", language, points[0].currency)


class _Name(NamedTuple):
    """A name beside its point."""

    text: str
    point: FrontierPoint
    shift: tuple[float, float]
    ha: str
    va: str
    bold: bool


def _names(
    points: list[FrontierPoint], chosen: list[FrontierPoint], ends: list[float],
    scales: tuple[Scale, Scale], first: int, language: Language,
) -> list[_Name]:
    """Return the names for which there is room, those that reach the target before the others.

    The room is that of the smallest axes (a page of our own); on larger ones there is more.
    """
    x, y = scales
    left = EDGE + max((width(text, SMALL) for text in y.labels), default=0.0) + GAP
    span = PAGE_WIDTH * 72 - left - RIGHT - EDGE
    places = [(x.share(point.saving) * span, y.share(point.cost) * TALL) for point in points]
    taken = [_Box(a - 7, b - 7, a + 7, b + 7) for a, b in places]
    taken += [_Box(at - 2, 0.0, at + 2, TALL) for at in (x.share(end) * span for end in ends)]
    names: list[_Name] = []
    first_named = sorted(range(len(points)), key=lambda k: (points[k] not in chosen, k))
    for k in first_named[:first]:
        point, (a, b) = points[k], places[k]
        bold = point in chosen
        before = points[k - 1] if k else None
        text = wrap(_short_text(point, before, language), NAME_ROOM, NORMAL, bold=bold,
                    most=NAME_LINES)
        if point.note:
            text += "\n" + wrap(point.note, NAME_ROOM, NORMAL, bold=bold, most=NAME_LINES)
        wide, high = width(text, NORMAL, bold=bold), lines_in(text) * NORMAL * LINE
        for ha, va in _SIDES:
            dx = {"left": AWAY, "right": -AWAY, "center": 0.0}[ha]
            dy = {"top": -AWAY / 2, "bottom": AWAY / 2, "center": 0.0}[va]
            start = a + dx - {"left": 0.0, "right": wide, "center": wide / 2}[ha]
            foot = b + dy - {"bottom": 0.0, "top": high, "center": high / 2}[va]
            box = _Box(start, foot, start + wide, foot + high)
            inside = box.left >= 2 and box.low >= 2 and box.right <= span + RIGHT
            if inside and box.high <= TALL and not any(box.meets(other) for other in taken):
                taken.append(box)
                names.append(_Name(text, point, (dx, dy), ha, va, bold))
                break
    return names


def _draw(sheet: Sheet, points: list[FrontierPoint], chosen: list[FrontierPoint]) -> None:
    trace(sheet, [p.saving for p in points], [p.cost for p in points], _POINT, 0.0, marker="o",
          fill=_POINT, size=9.0, label="points")
    if chosen:
        trace(sheet, [p.saving for p in chosen], [p.cost for p in chosen], _CHOSEN, 0.0,
              marker="D", fill=_CHOSEN, size=13.0, zorder=4.0, label="chosen")
