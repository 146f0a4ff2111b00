"""How far each month lies from the baseline, in standard deviations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from sxsh_audit.charts.legend import legend_height, legend_room, put_legend
from sxsh_audit.charts.lettering import QUIET
from sxsh_audit.charts.paper import without_scale
from sxsh_audit.charts.plane import limits, open_plane, rule_zero, scale_of, trace
from sxsh_audit.charts.sources import records_of, titles_of
from sxsh_audit.charts.timeline import (
    HEAD,
    in_time,
    middle,
    name_intervals,
    period_edge,
    period_entries,
    put_period_points,
    put_periods,
    time_scale,
)
from sxsh_audit.display.records import ResidualPoint
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["residuals"]

TWO = 2.0  # standard deviations, outside which 4.6 % of a normal distribution lie
LEAST = 3.0  # standard deviations that the axis shows at least


def residuals(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    resource: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw the standardised residuals of both periods in time.

    Parameters
    ----------
    source : Assessment or sequence of ResidualPoint
        What to draw: anything with a method ``residual_points(language)`` (with `resource`:
        ``residual_points(language, resource)``), or the records. The order of the records does
        not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the points. By default a new
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
        x is the day since 1970-01-01, y the residual [standard deviations].

    Notes
    -----
    A good baseline leaves its own period without a pattern and nearly all of it between the
    dashed lines. Months of the reporting period that lie below 0 took less than expected.

    Examples
    --------
    >>> from sxsh_audit.display.records import ResidualPoint
    >>> ax = residuals([ResidualPoint(0, 30, 0.4), ResidualPoint(31, 58, -1.2, "reporting")])
    >>> [float(day) for day in ax.get_xlim()]
    [0.0, 59.0]
    """
    language = check_language(language)
    records: list[ResidualPoint] = records_of(source, "residual_points", language, resource)
    titles = titles_of(source, "chart.residuals_title", language, (title, subtitle),
                       of="residual_points", option=resource)
    points = cast("list[ResidualPoint]", in_time(records))
    known = [point for point in points if math.isfinite(point.residual)]
    notes = [sentence("chart.residuals_two", language)] if known else []
    unknown = [point for point in points if not math.isfinite(point.residual)]
    if unknown:
        notes.append(sentence("chart.months_unknown", language,
                              months=name_intervals(unknown, language)))
    if not known:
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    edge = period_edge(points)
    ends = limits([-LEAST, LEAST, *(point.residual for point in known)])
    y = scale_of(ends, title=sentence("chart.residuals_axis", language), language=language)
    entries = period_entries({point.period for point in known}, language)
    sheet = open_plane(ax, time_scale(points, language), y, titles, right=legend_room(entries),
                       head=HEAD if math.isfinite(edge) else 0.0, notes=notes,
                       inside=legend_height(entries))
    for at in (-TWO, TWO):
        trace(sheet, sheet.ax.get_xlim(), (at, at), QUIET, 1.6, dashes=(5.0, 3.0), zorder=2.2,
              label="two")
    rule_zero(sheet)
    put_periods(sheet, edge, language)
    for point in known:
        sheet.line((middle(point),) * 2, (0.0, point.residual), "#666666", 1.2, zorder=2.4,
                   label="stem")
    put_period_points(sheet, [(middle(p), p.residual, p.period) for p in known])
    put_legend(sheet, entries)
    return sheet.ax
