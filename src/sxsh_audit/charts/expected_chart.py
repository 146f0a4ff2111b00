"""Actual use against what the baseline expects, the difference in boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from sxsh_audit.charts.legend import Entry, entry, legend_height, legend_room, put_legend
from sxsh_audit.charts.paper import OKABE_ITO, Sheet, without_scale
from sxsh_audit.charts.plane import limits, open_plane, scale_of, trace, unit_title
from sxsh_audit.charts.sources import records_of, titles_of
from sxsh_audit.charts.timeline import (
    HEAD,
    in_time,
    middle,
    name_intervals,
    period_edge,
    put_periods,
    time_scale,
)
from sxsh_audit.display.records import ExpectedPoint
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["expected"]

_ACTUAL, _EXPECTED = "black", OKABE_ITO[5]
_DASHES = (6.0, 2.5)
_SAVED = ("#a6d3ee", "")
_MORE = ("#f3b48a", "xx")  # crossed, as the savings chart marks what got worse
CUT = 0.5  # the axis begins at 0 unless everything lies above this share of the highest
WIDE = 0.7  # of the box between the lines [the interval]


def expected(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    resource: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw the actual use of each month against the use that the baseline expects.

    Parameters
    ----------
    source : Assessment or sequence of ExpectedPoint
        What to draw: anything with a method ``expected_points(language)`` (with `resource`:
        ``expected_points(language, resource)``), or the records. The order of the records does
        not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the lines. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    resource : str, optional
        Resource that an assessment is asked for, in place of the one it would choose. Plain
        records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.

    Returns
    -------
    matplotlib.axes.Axes
        x is the day since 1970-01-01, y the use in the unit of the records.

    Notes
    -----
    In the reporting period a box reaches from the actual to the expected use: plain where less was
    used than expected, crossed where more was. The axis of the use begins at 0 unless all
    figures are far above it, and then a note says so.

    Examples
    --------
    >>> from sxsh_audit.display.records import ExpectedPoint
    >>> ax = expected([ExpectedPoint(0, 30, 100.0, 101.0, unit="kWh"),
    ...                ExpectedPoint(31, 58, 88.0, 95.0, "reporting", "kWh")])
    >>> [float(day) for day in ax.get_xlim()]
    [0.0, 59.0]
    """
    language = check_language(language)
    records: list[ExpectedPoint] = records_of(source, "expected_points", language, resource)
    titles = titles_of(source, "chart.expected_title", language, (title, subtitle),
                       of="expected_points", option=resource)
    points = cast("list[ExpectedPoint]", in_time(records))
    values = [value for p in points for value in (p.actual, p.expected) if math.isfinite(value)]
    unknown = [p for p in points if not (math.isfinite(p.actual) and math.isfinite(p.expected))]
    notes = []
    if unknown:
        notes.append(sentence("chart.months_unknown", language,
                              months=name_intervals(unknown, language)))
    if not values:
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    ends = _ends(values)
    if ends[0] > 0:
        notes.insert(0, sentence("chart.not_from_zero", language))
    axis = unit_title("chart.expected_axis", "chart.expected_axis_plain", points[0].unit, language)
    y = scale_of(ends, title=axis, language=language)
    edge = period_edge(points)
    gaps = _gaps(points)
    entries = _entries(gaps, language)
    sheet = open_plane(ax, time_scale(points, language), y, titles, right=legend_room(entries),
                       head=HEAD if math.isfinite(edge) else 0.0, notes=notes,
                       inside=legend_height(entries))
    for point in gaps:
        wide = WIDE * (point.end + 1 - point.start)
        saved = point.expected >= point.actual
        sheet.box((middle(point) - wide / 2, point.actual), (wide, point.expected - point.actual),
                  _SAVED if saved else _MORE, "saved" if saved else "more", thick=0.8)
    put_periods(sheet, edge, language)
    _draw(sheet, points)
    put_legend(sheet, entries)
    return sheet.ax


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low <= CUT * high or low == high:
        return limits(values, white=0.08)
    return low - 0.15 * (high - low), high + 0.1 * (high - low)


def _gaps(points: Sequence[ExpectedPoint]) -> list[ExpectedPoint]:
    """Return the intervals of the reporting period of which both uses are known."""
    return [p for p in points if p.period == "reporting" and math.isfinite(p.actual - p.expected)]


def _entries(gaps: Sequence[ExpectedPoint], language: Language) -> list[Entry]:
    entries = [
        entry(sentence("chart.actual", language), color=_ACTUAL, thick=2.6, marker="o",
              fill=_ACTUAL),
        entry(sentence("chart.expected", language), color=_EXPECTED, thick=2.6, dashes=_DASHES),
    ]
    if any(p.expected >= p.actual for p in gaps):
        entries.append(entry(sentence("chart.saved_area", language), area=_SAVED))
    if any(p.expected < p.actual for p in gaps):
        entries.append(entry(sentence("chart.more_area", language), area=_MORE))
    return entries


def _draw(sheet: Sheet, points: Sequence[ExpectedPoint]) -> None:
    days = [middle(p) for p in points]
    few = len(points) <= 60
    trace(sheet, days, [p.expected for p in points], _EXPECTED, 2.6, dashes=_DASHES,
          label="expected", marker="" if len(points) > 1 else "D", fill=_EXPECTED)
    trace(sheet, days, [p.actual for p in points], _ACTUAL, 2.6, marker="o" if few else "",
          fill=_ACTUAL, size=7.0, label="actual")
