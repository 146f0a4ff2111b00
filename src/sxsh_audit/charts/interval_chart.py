"""Savings of resources with their intervals against the target, and how sure that makes us."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Margins, Sheet, end_of, without_scale
from sxsh_audit.charts.plane import trace
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet
from sxsh_audit.charts.sources import records_of, shown, titles_of
from sxsh_audit.charts.target_band import name_band, percent_ticks, shade_band
from sxsh_audit.display.records import TargetInterval
from sxsh_audit.display.wording import band_text, saving_text
from sxsh_audit.language.formatting import Language, check_language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["target_interval"]

ROW = 54.0  # [pt]
BAR = 9.0  # [pt]
STEP = 13.0  # [pt] from the middle of a row to each of its two bars
UNDER = 1.5  # where the ends of the target are drawn: under the bars, whose ends they may meet
WORD_ROOM = 165.0  # [pt] for the words at the right
_THRESHOLDS = (0.1, 2 / 3, 0.9)  # of the decision words: the printed chance stays on its side
_DECISIONS = {
    "shown": "chart.decision_shown",
    "likely": "chart.decision_likely",
    "cannot_tell": "chart.decision_cannot_tell",
    "shown_not": "chart.decision_shown_not",
}
_LOOKS = {"ratio": ("o", OKABE_ITO[6]), "adjusted": ("s", OKABE_ITO[5])}
_BAR_FILL = {"ratio": "white", "adjusted": "#8fb8d8"}
BEYOND = 2.0  # how far the axis may reach beyond zero and the target, in their widths
_Band = tuple[float | None, float | None]


def target_interval(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 12,
) -> Axes:
    """Draw the savings of resources with their intervals against the shaded target.

    Parameters
    ----------
    source : Assessment or sequence of TargetInterval
        What to draw: anything with a method ``target_intervals(language)``, or the records.
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
        x is the saving [1]; y is in points.

    Notes
    -----
    Each row has the plain ratio above (a circle) and the adjusted saving below (a square), both
    with their intervals; the filled one decides. At the right stand both figures, the probability
    that the deciding one reaches the low end of the target, and the word that follows from it.
    What lies beyond the axis has an arrow at its end, and a note says so.

    Examples
    --------
    >>> from sxsh_audit.display.records import TargetInterval
    >>> ax = target_interval([TargetInterval("Điện", 0.061, 0.052, 0.037, 0.085, 0.03, 0.074,
    ...                                      0.77, "likely", 0.05, 0.08)])
    >>> low, high = ax.get_xlim()
    >>> bool(low <= 0 and high >= 0.085)
    True
    """
    language = check_language(language)
    records: list[TargetInterval] = records_of(source, "target_intervals", language)
    lines, more = shown(records, first, language, "chart.more_resources")
    titles = titles_of(source, "chart.interval_title", language, (title, subtitle))
    if not lines:
        return without_scale(ax, titles, sentence("chart.nothing", language))

    bands = [(end_of(line.low), end_of(line.high)) for line in lines]
    known = {band for band in bands if band != (None, None)}
    common = next(iter(known)) if len(known) == 1 else None
    each = len(known) > 1
    figures = [_figures(line, band, language) for line, band in zip(lines, bands, strict=True)]
    words = [_words(line, band, language, each=each)
             for line, band in zip(lines, bands, strict=True)]
    rows = [_row(line, text, language) for line, text in zip(lines, words, strict=True)]
    column = max(width(text, NORMAL, bold=True) for pair in figures for text in pair)
    wide = max((width(text, NORMAL) for text in words), default=0.0)
    target = sentence("chart.target", language, band=band_text(*common, language)) if common else (
        sentence("chart.target_each", language) if each else "")
    margins = Margins(
        left=label_room(rows), right=GAP + column + 2 * GAP + wide + EDGE,
        head=NORMAL * LINE + 6 if target else 0.0,
        notes=[sentence("chart.interval_marks", language), *more],
    )
    limits = _limits(lines, bands)
    if any(any(_beyond(line, kind, limits)) for line in lines for kind in _LOOKS):
        margins.notes.insert(1, sentence("chart.interval_beyond", language))
    axis = sentence("chart.interval_axis", language, confidence=lines[0].confidence)
    sheet = open_sheet(ax, rows, margins, titles, axis)
    sheet.ax.set_xlim(*limits)
    percent_ticks(sheet.ax, language)
    if common:
        shade_band(sheet, common, sheet.ax.get_ylim(), edges=UNDER)
    if target:
        name_band(sheet, target, common, margins.head)
    for line, band, row, pair, text in zip(lines, bands, rows, figures, words, strict=True):
        if each:
            shade_band(sheet, band, (row.y - row.height / 2 + 2, row.y + row.height / 2 - 2),
                       edges=UNDER)
        for kind, figure, y in zip(("ratio", "adjusted"), pair, _heights(pair, row), strict=True):
            _draw(sheet, line, kind, y)
            sheet.write(figure, (1.0, y), shift=(GAP + column, 0), frame=("axes", "data"),
                        ha="right", bold=kind == line.decides)
        sheet.write(text, (1.0, row.y), shift=(3 * GAP + column, 0), frame=("axes", "data"))
    sheet.rule(0.0)
    return sheet.ax


def _heights(pair: tuple[str, str], row: Row) -> tuple[float, float]:
    """Return where the two bars of a row are [pt]; a single one stands in the middle."""
    if not all(pair):
        return row.y, row.y
    return row.y + STEP, row.y - STEP


def _value(line: TargetInterval, kind: str) -> tuple[float, float, float]:
    if kind == "ratio":
        return line.ratio_saving, line.ratio_low, line.ratio_high
    return line.adjusted_saving, line.adjusted_low, line.adjusted_high


def _figures(line: TargetInterval, band: _Band, language: Language) -> tuple[str, str]:
    """Return the figures of the ratio and of the adjusted saving; empty for one there is not."""
    texts = []
    for kind in ("ratio", "adjusted"):
        saving = _value(line, kind)[0]
        text = ""
        if math.isfinite(saving) or (kind == "ratio" and not math.isfinite(line.adjusted_saving)):
            text = sentence("chart.interval_figures", language,
                            name=sentence(f"chart.interval_{kind}", language),
                            saving=saving_text(saving, (0.0, *band), language))
        texts.append(text)
    return texts[0], texts[1]


def _words(line: TargetInterval, band: _Band, language: Language, *, each: bool) -> str:
    """Return the chance of reaching the low end, the decision and, of its own, the target."""
    parts = []
    if not line.counted:
        parts.append(sentence("chart.not_counted", language))
    if each and band != (None, None):
        parts.append(sentence("chart.target", language, band=band_text(*band, language)))
    if math.isfinite(line.reach) and band[0] is not None:
        parts.append(_chance(line.reach, band[0], language))
    if line.decision:
        parts.append(sentence(_DECISIONS[line.decision], language))
    return "\n".join(wrap(part, WORD_ROOM, NORMAL) for part in parts)


def _chance(reach: float, low: float, language: Language) -> str:
    code, written = "chart.reach", format_percent(reach, language, decimals=0)
    if reach < 0.01:
        code, written = "chart.reach_least", format_percent(0.01, language, decimals=0)
    elif reach > 0.99:
        code, written = "chart.reach_most", format_percent(0.99, language, decimals=0)
    elif any(abs(reach - threshold) < 0.01 for threshold in _THRESHOLDS):
        written = saving_text(reach, _THRESHOLDS, language)
    # the end alone, as the target writes it: ≥ stands in the sentence already
    end = band_text(low, low, language).split("–")[-1]
    return sentence(code, language, low=end, probability=written)


def _row(line: TargetInterval, words: str, language: Language) -> Row:
    label = wrap(line.label, LABEL_ROOM, NORMAL)
    lines = max(lines_in(label), lines_in(words), 2)
    return Row(label, height=max(ROW, lines * NORMAL * LINE + 10))


def _limits(lines: Sequence[TargetInterval], bands: Sequence[_Band]) -> tuple[float, float]:
    """Return the ends of the axis [1]: zero and the target are inside, and what is near them.

    One saving of 40 % or one interval of ± 90 points would leave nothing to see of a target of
    5–8 %.
    """
    targets = [end for band in bands for end in band if end is not None]
    savings = [value for line in lines for value in (line.ratio_saving, line.adjusted_saving)
               if math.isfinite(value)]
    reach = [end for line in lines for kind in _LOOKS for end in _value(line, kind)
             if math.isfinite(end)]
    low, high = min([0.0, *targets]), max([0.0, *targets])
    if any(band[0] is not None and band[1] is None for band in bands):
        high *= 1.3  # so that an open target is seen as an area
    # without a target nothing but the savings says what is near
    size = (high - low) or (max([0.0, *savings]) - min([0.0, *savings])) or 0.1
    left = max(min([low, *reach]), low - BEYOND * size)
    right = min(max([high, *reach]), high + BEYOND * size)
    if left == right:
        right = left + 0.1
    white = 0.04 * (right - left)
    return left - (white if left < 0 else 0.0), right + white


def _beyond(line: TargetInterval, kind: str, limits: tuple[float, float]) -> tuple[bool, bool]:
    """Return whether the interval, or the saving, goes on to the left and to the right."""
    known = [value for value in _value(line, kind) if not math.isnan(value)]
    if not math.isfinite(_value(line, kind)[0]):
        return False, False
    return min(known) < limits[0], max(known) > limits[1]


def _draw(sheet: Sheet, line: TargetInterval, kind: str, y: float) -> None:
    """Draw the interval as a bar and the saving as a marker on it."""
    saving, low, high = _value(line, kind)
    if not math.isfinite(saving):
        return
    left, right = sheet.ax.get_xlim()
    start, stop = max(low, left), min(high, right)
    if start < stop:  # not where an end is nan, nor where all of it lies beyond
        sheet.bar(y, stop - start, BAR, (_BAR_FILL[kind], ""), kind, start=start,
                  dashed=not line.counted)
    for beyond, at, arrow in zip(_beyond(line, kind, (left, right)), (left, right), "<>",
                                 strict=True):
        if beyond:
            trace(sheet, [at], [y], "black", 0.0, marker=arrow, fill="black", size=10.0,
                  zorder=3.2, label="beyond")
    if not left <= saving <= right:
        return
    marker, fill = _LOOKS[kind]
    trace(sheet, [saving], [y], "black", 0.0, marker=marker, size=12.0, zorder=4.0, label=kind,
          fill=fill if kind == line.decides else "white")
