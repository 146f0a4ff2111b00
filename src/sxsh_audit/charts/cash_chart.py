"""Cash flow by year: bars, the cumulative lines, and where the discounted one comes back to 0."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, QUIET, width, wrap
from sxsh_audit.charts.paper import EDGE, OKABE_ITO, Sheet, without_scale
from sxsh_audit.charts.plane import (
    LEAD,
    Key,
    Scale,
    limits,
    money_of,
    open_plane,
    put_keys,
    rule_zero,
    scale_of,
    trace,
)
from sxsh_audit.charts.sources import records_of, titles_of, why_nothing
from sxsh_audit.display.records import CashBar
from sxsh_audit.display.wording import payback_text
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["cash_flow"]

KEY_ROOM = 170.0  # [pt]
WIDE = 0.62  # of a bar [year]
_IN = (OKABE_ITO[2], "")
_OUT = (OKABE_ITO[1], "//")
_DISCOUNTED, _PLAIN = OKABE_ITO[5], QUIET


def _crossings(bars: list[CashBar]) -> tuple[float, bool]:
    """Return the first year at which the discounted sum is back at 0, and whether it falls again.

    Straight within the year, as the discounted payback is defined; infinity where it never is.
    """
    sums = [(bar.year, bar.discounted) for bar in bars if math.isfinite(bar.discounted)]
    if not sums:
        return math.nan, False
    for (year, before), (later, after) in pairwise(sums):
        if before < 0 <= after:
            first = year + (later - year) * before / (before - after)
            return first, any(value < 0 for at, value in sums if at > later)
    return 0.0 if sums[-1][1] >= 0 else math.inf, False


def cash_flow(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    option: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw the cash flow of each year, and its plain and discounted sums over the years.

    Parameters
    ----------
    source : Assessment or sequence of CashBar
        What to draw: anything with a method ``cash_bars(language)`` (with
        `option`: ``cash_bars(language, option)``), or the records. The order
        of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    option : str, optional
        Id of the option that an assessment is asked for, in place of the one it would choose.
        Plain records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.

    Returns
    -------
    matplotlib.axes.Axes
        x is the year, y money [currency].

    Notes
    -----
    The discounted payback is marked where the discounted sum first comes back to 0, straight
    within the year. Where it never does, or falls below 0 again, a sentence says so.

    Examples
    --------
    >>> from sxsh_audit.display.records import CashBar
    >>> ax = cash_flow([CashBar(0, -100e6, -100e6, -100e6), CashBar(1, 60e6, -40e6, -45e6),
    ...                 CashBar(2, 60e6, 20e6, 5e6)])
    >>> [bar.get_height() for bar in ax.patches]
    [-100000000.0, 60000000.0, 60000000.0]
    """
    language = check_language(language)
    records: list[CashBar] = records_of(source, "cash_bars", language, option)
    bars = sorted(records, key=lambda bar: bar.year)
    titles = titles_of(source, "chart.cash_title", language, (title, subtitle),
                       of="cash_bars", option=option)
    amounts = [value for bar in bars for value in (bar.flow, bar.cumulative, bar.discounted)]
    if not any(math.isfinite(value) for value in amounts):
        return without_scale(ax, titles, why_nothing(records, language))

    payback, again = _crossings(bars)
    notes = []
    if payback == math.inf:
        notes.append(sentence("chart.cash_never", language))
    if again:
        notes.append(sentence("chart.cash_again", language))
    unknown = [str(bar.year) for bar in bars if not math.isfinite(bar.flow)]
    if unknown:
        notes.append(sentence("chart.cash_unknown", language, years=", ".join(unknown)))
    marked = math.isfinite(payback) and payback > 0
    x, y = _scales(bars, amounts, language)
    keys = _keys(bars, x, y, language)
    wide = max(width(key.text, NORMAL) for key in keys) if keys else 0.0
    sheet = open_plane(ax, x, y, titles, right=LEAD + wide + EDGE, notes=notes,
                       head=NORMAL * LINE if marked else 0.0)
    _draw(sheet, bars)
    if marked:
        _mark(sheet, payback, language)
    put_keys(sheet, keys)
    return sheet.ax


def _scales(
    bars: list[CashBar], amounts: list[float], language: Language
) -> tuple[Scale, Scale]:
    ends = (bars[0].year - 0.5, bars[-1].year + 0.5)
    x = scale_of(ends, title=sentence("chart.cash_axis", language), language=language, most=12,
                 whole=True)
    return x, money_of(limits(amounts, white=0.08), "chart.cash_money", language,
                       bars[0].currency)


def _keys(bars: list[CashBar], x: Scale, y: Scale, language: Language) -> list[Key]:
    """Return the names of the two sums, at the height of their last figures."""
    keys = []
    for values, name, color in (
        ([bar.discounted for bar in bars], sentence("chart.cash_discounted", language),
         _DISCOUNTED),
        ([bar.cumulative for bar in bars], sentence("chart.cash_cumulative", language), _PLAIN),
    ):
        known = [(bar.year, value) for bar, value in zip(bars, values, strict=True)
                 if math.isfinite(value)]
        if known:
            year, value = known[-1]
            keys.append(Key(wrap(name, KEY_ROOM, NORMAL), y.share(value), color,
                            start=x.share(year)))
    return keys


def _draw(sheet: Sheet, bars: list[CashBar]) -> None:
    for bar in bars:
        if math.isfinite(bar.flow):
            sheet.box((bar.year - WIDE / 2, 0.0), (WIDE, bar.flow), _IN if bar.flow >= 0 else _OUT,
                      str(bar.year), thick=1.0)
    rule_zero(sheet)
    years = [bar.year for bar in bars]
    trace(sheet, years, [bar.cumulative for bar in bars], _PLAIN, 2.2, dashes=(5.0, 2.5),
          label="cumulative")
    trace(sheet, years, [bar.discounted for bar in bars], _DISCOUNTED, 3.0, label="discounted",
          marker="o", fill=_DISCOUNTED, size=6.0 if len(bars) <= 30 else 0.0)


def _mark(sheet: Sheet, payback: float, language: Language) -> None:
    """Mark the discounted payback on the zero line and say it above the chart."""
    text = sentence("chart.cash_payback", language,
                    payback=payback_text(payback, "years", language))
    sheet.line((payback, payback), (0.0, sheet.ax.get_ylim()[1]), "black", 1.4, dashes=(5, 3))
    trace(sheet, [payback], [0.0], "black", 0.0, marker="D", fill=OKABE_ITO[4], size=13.0,
          zorder=4.5, label="payback")
    sheet.head_near(text, NORMAL * LINE, payback)
