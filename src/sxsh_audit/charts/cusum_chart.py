"""Cumulative saving by month with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from sxsh_audit.charts.legend import entry, legend_height, legend_room, put_legend, shade
from sxsh_audit.charts.paper import OKABE_ITO, without_scale
from sxsh_audit.charts.plane import (
    limits,
    number_text,
    open_plane,
    rule_zero,
    scale_of,
    trace,
    unit_title,
)
from sxsh_audit.charts.sources import records_of, titles_of
from sxsh_audit.charts.timeline import in_time, name_intervals, time_scale
from sxsh_audit.display.records import CusumPoint
from sxsh_audit.language.formatting import Language, check_language, round_figure
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["cusum"]

_LINE = OKABE_ITO[5]
_BAND = ("#cfe0ee", "")


def cusum(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    resource: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw what has been saved in all by the end of each month, with its interval.

    Parameters
    ----------
    source : Assessment or sequence of CusumPoint
        What to draw: anything with a method ``cusum_points(language)`` (with `resource`:
        ``cusum_points(language, resource)``), or the records. The order of the records does not
        matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the line. By default a new
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
        x is the day since 1970-01-01, y the saving in the unit of the records.

    Notes
    -----
    The line begins at 0 on the first day; a steady saving is a steady slope, and where the slope
    changes something in the plant has changed. A month that is not known breaks the line and is
    named under the chart.

    Examples
    --------
    >>> from sxsh_audit.display.records import CusumPoint
    >>> ax = cusum([CusumPoint(0, 30, 100.0, 20.0, 180.0, "kWh"),
    ...             CusumPoint(31, 58, 230.0, 90.0, 370.0, "kWh")])
    >>> low, high = ax.get_ylim()
    >>> bool(low <= 0 and high >= 370)
    True
    """
    language = check_language(language)
    records: list[CusumPoint] = records_of(source, "cusum_points", language, resource)
    titles = titles_of(source, "chart.cusum_title", language, (title, subtitle),
                       of="cusum_points", option=resource)
    points = cast("list[CusumPoint]", in_time(records))
    known = [point for point in points if math.isfinite(point.saving)]
    unknown = [point for point in points if not math.isfinite(point.saving)]
    banded = any(math.isfinite(point.low) and math.isfinite(point.high) for point in points)
    notes = [sentence("chart.cusum_zero", language)] if banded else []
    if unknown:
        notes.append(sentence("chart.months_unknown", language,
                              months=name_intervals(unknown, language)))
    if not known:
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    unit = points[0].unit
    ends = limits([value for p in known for value in (p.saving, p.low, p.high)], white=0.08)
    axis = unit_title("chart.cusum_axis", "chart.cusum_axis_plain", unit, language)
    y = scale_of(ends, title=axis, language=language)
    entries = [entry(sentence("chart.cusum_saving", language), _figure(known[-1], language),
                     color=_LINE, thick=3.0, marker="o", fill=_LINE)]
    if banded:
        entries.append(entry(
            sentence("chart.interval_named", language, confidence=points[0].confidence),
            _range(known[-1], language), area=_BAND))
    sheet = open_plane(ax, time_scale(points, language), y, titles, right=legend_room(entries),
                       notes=notes, inside=legend_height(entries))
    # everything begins with nothing saved on the first day
    days = [float(points[0].start), *(float(p.end + 1) for p in points)]
    low, high, line = ([0.0, *(getattr(p, name) for p in points)]
                       for name in ("low", "high", "saving"))
    shade(sheet, days, low, high, _BAND, "band")
    for edge in (low, high):
        sheet.line(days, edge, "#555555", 1.0, dashes=(4, 2), zorder=1.5, label="edge")
    rule_zero(sheet)
    trace(sheet, days, line, _LINE, 3.0, marker="o" if len(points) <= 60 else "", fill=_LINE,
          size=7.0, label="saving")
    put_legend(sheet, entries)
    return sheet.ax


def _written(value: float, language: Language) -> str:
    return number_text(round_figure(value, 3), language)


def _figure(point: CusumPoint, language: Language) -> str:
    return f"{_written(point.saving, language)} {point.unit}"


def _range(point: CusumPoint, language: Language) -> str:
    if not (math.isfinite(point.low) and math.isfinite(point.high)):
        return ""
    return (f"{_written(point.low, language)} … {_written(point.high, language)} {point.unit}")
