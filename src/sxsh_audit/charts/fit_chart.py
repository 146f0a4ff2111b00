"""Use against output: the points, the baseline with its interval, the plain ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.legend import (
    Entry,
    entry,
    legend_height,
    legend_room,
    put_legend,
    shade,
)
from sxsh_audit.charts.lettering import LINE, NORMAL, wrap
from sxsh_audit.charts.paper import OKABE_ITO, Sheet, without_scale
from sxsh_audit.charts.plane import (
    Scale,
    limits,
    number_text,
    open_plane,
    scale_of,
    trace,
    unit_title,
)
from sxsh_audit.charts.sources import records_of, titles_of
from sxsh_audit.charts.timeline import period_entries, put_period_points
from sxsh_audit.display.records import FitCurve, FitPoint
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fit"]

_BAND = ("#dcdcdc", "")
_RATIO, _RATIO_DASHES = OKABE_ITO[6], (6.0, 3.0)
HEAD_ROOM = 340.0  # [pt] for the words over the change point


def _curve_of(source: object, language: Language, resource: str | None) -> FitCurve | None:
    ask = getattr(source, "fit_curve", None)
    if not callable(ask):
        return None
    found: FitCurve | None
    if resource is not None and "resource" in signature(ask).parameters:
        found = ask(language, resource)
    else:
        found = ask(language)
    return found


def fit(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    resource: str | None = None,
    curve: FitCurve | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw use against output, the baseline with its interval, and the plain ratio.

    Parameters
    ----------
    source : Assessment or sequence of FitPoint
        What to draw: anything with a method ``fit_points(language)`` (with `resource`:
        ``fit_points(language, resource)``), or the records. The order of the records does not
        matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the points. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    resource : str, optional
        Resource that an assessment is asked for, in place of the one it would choose. Plain
        records are drawn as they are.
    curve : FitCurve, optional
        The baseline; by default what the method ``fit_curve`` of `source` returns, if it has one.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.

    Returns
    -------
    matplotlib.axes.Axes
        x is the output, y the use, in the units of the records; both begin at 0, where the plain
        ratio does.

    Notes
    -----
    Hollow circles are the baseline period and filled squares the reporting period. Points
    without a use or an output are counted under the chart.

    Examples
    --------
    >>> from sxsh_audit.display.records import FitCurve, FitPoint
    >>> points = [FitPoint(80.0, 130.0), FitPoint(120.0, 170.0),
    ...           FitPoint(100.0, 138.0, "reporting")]
    >>> ax = fit(points, curve=FitCurve((80.0, 120.0), (130.0, 170.0), ratio=1.5))
    >>> float(ax.get_xlim()[0]), float(ax.get_ylim()[0])
    (0.0, 0.0)
    """
    language = check_language(language)
    records: list[FitPoint] = records_of(source, "fit_points", language, resource)
    curve = _curve_of(source, language, resource) if curve is None else curve
    titles = titles_of(source, "chart.fit_title", language, (title, subtitle), of="fit_points",
                       option=resource)
    points = [p for p in records if math.isfinite(p.output) and math.isfinite(p.use)]
    notes = []
    if len(points) < len(records):
        notes.append(sentence("chart.points_unknown", language, count=len(records) - len(points)))
    if not points:
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    line = _line(curve)
    x, y = _scales(points, line, language)
    entries = _entries(points, curve, language)
    bends = curve is not None and x.low < curve.change_point < x.high
    sheet = open_plane(ax, x, y, titles, right=legend_room(entries), notes=notes,
                       head=NORMAL * LINE if bends else 0.0, inside=legend_height(entries))
    if curve is not None:
        _draw_curve(sheet, curve, line)
        if bends:
            at = f"{number_text(curve.change_point, language)} {points[0].output_unit}"
            told = f"{sentence('chart.fit_change_point', language)}: {at}"
            sheet.rule(curve.change_point, dashed=True)
            sheet.head_near(wrap(told, HEAD_ROOM, NORMAL, bold=True, most=1), NORMAL * LINE,
                            curve.change_point)
    put_period_points(sheet, [(p.output, p.use, p.period) for p in points])
    put_legend(sheet, entries)
    return sheet.ax


def _line(curve: FitCurve | None) -> list[tuple[float, float]]:
    if curve is None:
        return []
    pairs = zip(curve.outputs, curve.expected, strict=True)
    return sorted(pair for pair in pairs if all(math.isfinite(value) for value in pair))


def _scales(
    points: Sequence[FitPoint], line: list[tuple[float, float]], language: Language
) -> tuple[Scale, Scale]:
    outputs = [*(p.output for p in points), *(pair[0] for pair in line)]
    uses = [*(p.use for p in points), *(pair[1] for pair in line)]
    across = unit_title("chart.fit_axis", "chart.fit_axis_plain", points[0].output_unit, language)
    up = unit_title("chart.fit_use", "chart.fit_use_plain", points[0].use_unit, language)
    x = scale_of(limits(outputs), language=language, most=6, title=across)
    return x, scale_of(limits(uses, white=0.08), language=language, title=up)


def _entries(
    points: Sequence[FitPoint], curve: FitCurve | None, language: Language
) -> list[Entry]:
    found = period_entries({p.period for p in points}, language)
    if curve is None:
        return found
    if len(curve.outputs):
        found.append(entry(curve.name or sentence("chart.fit_line", language), curve.told,
                           thick=2.8))
    if _has_band(curve):
        found.append(entry(sentence("chart.fit_band", language, confidence=curve.confidence),
                           area=_BAND))
    if math.isfinite(curve.ratio):
        found.append(entry(sentence("chart.fit_ratio", language), color=_RATIO, thick=2.4,
                           dashes=_RATIO_DASHES))
    return found


def _has_band(curve: FitCurve) -> bool:
    return any(math.isfinite(a) and math.isfinite(b)
               for a, b in zip(curve.low, curve.high, strict=True))


def _draw_curve(sheet: Sheet, curve: FitCurve, line: list[tuple[float, float]]) -> None:
    if _has_band(curve):
        order = sorted(range(len(curve.outputs)), key=lambda k: curve.outputs[k])
        x, low, high = ([column[k] for k in order]
                        for column in (curve.outputs, curve.low, curve.high))
        shade(sheet, x, low, high, _BAND, "band")
        for edge in (low, high):
            _clipped(sheet, x, edge)
    if line:
        outputs, uses = zip(*line, strict=True)
        trace(sheet, outputs, uses, "black", 2.8, label="line")
    if math.isfinite(curve.ratio):
        right, top = sheet.ax.get_xlim()[1], sheet.ax.get_ylim()[1]
        end = min(right, top / curve.ratio) if curve.ratio > 0 else right
        trace(sheet, (0.0, end), (0.0, max(curve.ratio, 0.0) * end), _RATIO, 2.4,
              dashes=_RATIO_DASHES, zorder=2.6, label="ratio")


def _clipped(sheet: Sheet, x: Sequence[float], y: Sequence[float]) -> None:
    """Draw an edge of the interval, which may leave the axes."""
    sheet.line(x, y, "#777777", 1.0, zorder=1.5, label="edge")
