"""Net present value against the discount rate, one line per option, the IRR marked."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, tidy, width
from sxsh_audit.charts.paper import EDGE, OKABE_ITO, Sheet, without_scale
from sxsh_audit.charts.plane import (
    SAMPLE,
    TALL,
    Key,
    Scale,
    key_of,
    limits,
    money_of,
    open_plane,
    put_keys,
    rule_zero,
    scale_of,
    trace,
)
from sxsh_audit.charts.sources import name_of, names_of, records_of, shown, titles_of, why_nothing
from sxsh_audit.display.records import NpvCurve
from sxsh_audit.display.wording import saving_text
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["npv_profile"]

KEY_ROOM = 240.0  # [pt] for the names at the right
LEAD = SAMPLE + 26.0  # [pt] from the axes to the names
MARKS = 6  # markers along a line
# dashes and markers in turns of 4 and 7: 28 lines differ without colour, and 6 colours besides
_COLORS = tuple(OKABE_ITO[k] for k in (5, 6, 3, 7, 1, 2))
_DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 2.5), (1.5, 1.5), (8.0, 2.0, 1.5, 2.0))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def _rate_of(source: object) -> float | None:
    """Return the real rate of the study that is drawn, where it has one."""
    ask = getattr(source, "chart_rate", None)
    rate = float(ask()) if callable(ask) else math.nan
    return rate if math.isfinite(rate) else None


def _value_at(curve: NpvCurve, rate: float) -> float:
    """Return the value at a rate, straight between the rates that are known."""
    pairs = _points(curve)
    rates = [pair[0] for pair in pairs]
    at = bisect_left(rates, rate)
    if at < len(pairs) and pairs[at][0] == rate:
        return pairs[at][1]
    if not 0 < at < len(pairs):
        return math.nan
    (left, low), (right, high) = pairs[at - 1], pairs[at]
    return low + (high - low) * (rate - left) / (right - left)


def _points(curve: NpvCurve) -> list[tuple[float, float]]:
    return sorted(
        (float(rate), float(value)) for rate, value in zip(curve.rates, curve.values, strict=True)
        if math.isfinite(rate) and math.isfinite(value)
    )


def _rank(curve: NpvCurve, rate: float | None) -> tuple[float, str, str]:
    points = _points(curve)
    value = points[0][1] if points else -math.inf
    if rate is not None:
        at = _value_at(curve, rate)
        value = at if math.isfinite(at) else -math.inf
    return -value, curve.id, curve.name


def npv_profile(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    rate: float | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw the net present value of options against the discount rate.

    Parameters
    ----------
    source : Assessment or sequence of NpvCurve
        What to draw: anything with a method ``npv_curves(language)``, or the records. The order
        of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the lines. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    rate : float, optional
        Discount rate that is ruled and that the options are ranked at [1/year]; by default the
        one of the study (a method ``chart_rate()`` of `source`; nan where it has none), else they
        are ranked at the lowest rate and none is ruled.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many options are drawn at most, those of the highest value first; the chart says how
        many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the discount rate [1/year], y the net present value [currency].

    Notes
    -----
    The names stand in the order in which the lines end, each with a sample of its line, and a
    leader where it stands near that end; lines differ by dashes and markers as well as by colour.
    A circle on the zero line is the internal rate of return, where there is exactly one and it
    lies on the chart, as a note says. The rate of a study is real, and so the axis is called.
    Options whose values are not known are named under the chart.

    Examples
    --------
    >>> from sxsh_audit.display.records import NpvCurve
    >>> ax = npv_profile([NpvCurve("GP1", "Bảo ôn", (0.0, 0.1, 0.2), (30e6, 5e6, -12e6), 0.127)])
    >>> [round(float(rate), 3) for rate in ax.get_xlim()]
    [0.0, 0.2]
    """
    language = check_language(language)
    records: list[NpvCurve] = records_of(source, "npv_curves", language)
    rate = _rate_of(source) if rate is None else rate
    ranked = sorted(records, key=lambda curve: _rank(curve, rate))
    known = [curve for curve in ranked if _points(curve)]
    curves, notes = shown(known, first, language, "chart.more_options")
    unknown = [name_of(curve.id, curve.name) for curve in ranked if not _points(curve)]
    if unknown:
        notes.append(sentence("chart.not_drawn", language, names=names_of(unknown, language)))
    titles = titles_of(source, "chart.npv_title", language, (title, subtitle))
    if not curves:
        return without_scale(ax, titles, why_nothing(records, language), notes)

    lines = [_points(curve) for curve in curves]
    axis = "chart.npv_axis_real" if _rate_of(source) is not None else "chart.npv_axis"
    x, y = _scales(lines, curves[0].currency, sentence(axis, language), language)
    keys = [_key(curve, line, y, language) for curve, line in zip(curves, lines, strict=True)]
    for place, key in enumerate(keys):
        key.color, key.marker = _COLORS[place % len(_COLORS)], _MARKERS[place % len(_MARKERS)]
        key.dashes = _DASHES[place % len(_DASHES)]
    if any(_crosses(curve, line) for curve, line in zip(curves, lines, strict=True)):
        notes.append(sentence("chart.npv_circle", language))
    wide = max(width(key.text, NORMAL) for key in keys)
    ruled = rate is not None and x.low <= rate <= x.high
    sheet = open_plane(
        ax, x, y, titles, right=LEAD + wide + EDGE, notes=notes,
        head=NORMAL * LINE if ruled else 0.0,
        inside=max(TALL, sum(key.height for key in keys)),
    )
    rule_zero(sheet)
    if ruled and rate is not None:
        sheet.rule(rate, dashed=True)
        told = sentence("chart.npv_at", language, rate=rate)
        sheet.head_near(told, NORMAL * LINE, rate)
    for place, (curve, line) in enumerate(zip(curves, lines, strict=True)):
        _draw(sheet, curve, line, place)
    put_keys(sheet, keys, LEAD)
    return sheet.ax


def _scales(
    lines: list[list[tuple[float, float]]], currency: str, axis: str, language: Language
) -> tuple[Scale, Scale]:
    rates = [rate for line in lines for rate, _ in line]
    ends = (min(rates), max(rates))
    if ends[0] == ends[1]:
        ends = (ends[0] - 0.01, ends[1] + 0.01)
    x = scale_of(ends, title=axis, language=language, percent=True)
    return x, money_of(limits(value for line in lines for _, value in line), "chart.npv_money",
                       language, currency)


def _key(
    curve: NpvCurve, line: list[tuple[float, float]], y: Scale, language: Language
) -> Key:
    told = curve.irr_text
    if not told:
        told = sentence("chart.irr_none", language)
        if math.isfinite(curve.irr):
            told = sentence("chart.irr", language, rate=saving_text(curve.irr, (), language))
    return key_of(name_of(curve.id, curve.name), tidy(told), KEY_ROOM, want=y.share(line[-1][1]))


def _crosses(curve: NpvCurve, line: list[tuple[float, float]]) -> bool:
    """Whether there is one internal rate of return and it lies within the rates of the line."""
    return line[0][0] <= curve.irr <= line[-1][0]  # false where it is nan


def _draw(sheet: Sheet, curve: NpvCurve, line: list[tuple[float, float]], place: int) -> None:
    x, y = zip(*line, strict=True)
    color = _COLORS[place % len(_COLORS)]
    step = max(len(line) // MARKS, 1)
    # neighbours carry their markers at other places, so that none hides another
    every = range((place * 2) % step, len(line), step)
    trace(sheet, x, y, color, 2.4, dashes=_DASHES[place % len(_DASHES)],
          marker=_MARKERS[place % len(_MARKERS)], fill=color, size=8.0, every=every,
          label=curve.id or curve.name)
    if _crosses(curve, line):
        trace(sheet, [curve.irr], [0.0], color, 0.0, marker="o", size=11.0, zorder=4.0,
              label="irr")
