"""Specific consumption before and after, each resource on the scale baseline = 100."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, tidy, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Margins
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet
from sxsh_audit.charts.sources import records_of, shown, titles_of
from sxsh_audit.display.records import IntensityPair
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import Language, check_language, format_number
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["specific_consumption"]

BAR = 25.0  # [pt]
ROW = 70.0  # [pt]
_BEFORE = ("#d9d9d9", "")
_AFTER = (OKABE_ITO[5], "")
_RISEN = (OKABE_ITO[6], "xx")  # as the savings chart marks what got worse


def _amount(value: float, pair: IntensityPair, language: Language) -> str:
    if not math.isfinite(value):
        return sentence("chart.no_data", language)
    return tidy(f"{sig(value, language, pair.digits)} {pair.unit}")


def _indices(pair: IntensityPair) -> tuple[float, float]:
    """Return both bars on the scale baseline = 100; nan where there is no baseline to scale by."""
    if not (math.isfinite(pair.baseline) and pair.baseline > 0):
        return math.nan, math.nan
    after = 100.0 * pair.reporting / pair.baseline
    return 100.0, after if math.isfinite(after) else math.nan


def specific_consumption(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 20,
) -> Axes:
    """Draw the specific consumption of each resource before and after.

    Parameters
    ----------
    source : Assessment or sequence of IntensityPair
        What to draw: anything with a method ``intensity_pairs(language)``, or the records.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many resources are drawn at most; the chart says how many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the specific consumption with the baseline as 100; y is in points.

    Notes
    -----
    Units differ, so that bars share a scale only as an index; the figures themselves stand
    beside the bars. Without a baseline there is no index: the figures stand alone.

    Examples
    --------
    >>> from sxsh_audit.display.records import IntensityPair
    >>> ax = specific_consumption([IntensityPair("Điện", 1200.0, 1100.0, "kWh/t")])
    >>> [round(bar.get_width(), 1) for bar in ax.patches]
    [100.0, 91.7]
    """
    language = check_language(language)
    records: list[IntensityPair] = records_of(source, "intensity_pairs", language)
    pairs, notes = shown(records, first, language, "chart.more_resources")
    rows = []
    for pair in pairs:
        label = wrap(pair.label, LABEL_ROOM, NORMAL)
        rows.append(Row(label, height=max(ROW, lines_in(label) * NORMAL * LINE + 12)))
    texts = [
        (sentence("chart.before", language, amount=_amount(pair.baseline, pair, language)),
         sentence("chart.after", language, amount=_amount(pair.reporting, pair, language)))
        for pair in pairs
    ]
    column = max((width(both[k], NORMAL, bold=k == 1) for both in texts for k in (0, 1)),
                 default=0.0)
    margins = Margins(left=label_room(rows), right=GAP + column + EDGE, notes=notes)
    titles = titles_of(source, "chart.consumption_title", language, (title, subtitle))
    sheet = open_sheet(ax, rows, margins, titles, sentence("chart.consumption_axis", language))
    longest = 100.0
    for pair, row, both in zip(pairs, rows, texts, strict=True):
        indices = _indices(pair)
        for place, (index, text) in enumerate(zip(indices, both, strict=True)):
            y = row.y + (BAR / 2 + 1) * (1 - 2 * place)
            if math.isfinite(index):
                look = _BEFORE if place == 0 else _RISEN if index > 100 else _AFTER
                sheet.bar(y, index, BAR, look, pair.label)
                longest = max(longest, index)
            sheet.write(text, (1.0, y), shift=(GAP, 0), frame=("axes", "data"), bold=place == 1)
    ax = sheet.ax
    ax.set_xlim(0, 1.03 * longest)
    _index_ticks(ax, language)
    sheet.rule(0.0)
    if pairs:
        sheet.rule(100.0, dashed=True)
    else:
        sheet.say(sentence("chart.nothing", language))
    return ax


def _index_ticks(ax: Axes, language: Language) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: format_number(round(x, 9), language, digits=6))
    )
