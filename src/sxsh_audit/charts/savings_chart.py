"""Savings per resource against the shaded target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Margins, end_of
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet
from sxsh_audit.charts.sources import records_of, shown, titles_of
from sxsh_audit.charts.target_band import name_band, percent_ticks, shade_band
from sxsh_audit.display.records import SavingBar
from sxsh_audit.display.wording import band_text, saving_text, status_text
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["savings"]

STATUS_ROOM = 200.0  # [pt] for the words at the right
BAR = 27.0  # [pt]
ROW = 44.0  # [pt]

# fill and hatch: the hatch alone tells them apart in greyscale
_LOOK: dict[str, tuple[str, str]] = {
    "worse": (OKABE_ITO[6], "xx"),
    "below": (OKABE_ITO[1], "//"),
    "within": (OKABE_ITO[3], ""),
    "above": (OKABE_ITO[2], "..."),
    "unknown": ("white", ".."),
    "not_counted": ("white", "\\\\"),
    "": (OKABE_ITO[5], ""),
}


def _look(bar: SavingBar) -> tuple[str, str]:
    if not bar.counted:
        return _LOOK["not_counted"]
    if not bar.status and bar.saving < 0:
        return _LOOK["worse"]
    return _LOOK[str(bar.status)]


def _limits(savings: Sequence[float], ends: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the axis [1]: zero, every bar and the whole target are inside."""
    reach = [0.0, *ends, *(saving for saving in savings if math.isfinite(saving))]
    low, high = min(reach), max(reach)
    if high - low <= 0:
        high = 0.1
    white = 0.04 * (high - low)
    return low - (white if low < 0 else 0.0), high + (white if high > 0 else 0.0)


def savings(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    band: tuple[float | None, float | None] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 20,
) -> Axes:
    """Draw the saving of each resource as a bar, against the shaded target.

    Parameters
    ----------
    source : Assessment or sequence of SavingBar
        What to draw: anything with a method ``savings_bars(language)``, or the records.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    band : tuple of float or None, optional
        Ends of the target [1] for all bars, in place of the ones in the records.
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
    A resource that got worse points to the left and is crossed; one that the programme does
    not count is hollow and dashed. The printed figure has the decimals that its status needs.

    Examples
    --------
    >>> from sxsh_audit.display.records import SavingBar
    >>> ax = savings([SavingBar("Điện", 0.0833, "above", True, 0.05, 0.08)])
    >>> round(ax.patches[-1].get_width(), 4)
    0.0833
    """
    language = check_language(language)
    records: list[SavingBar] = records_of(source, "savings_bars", language)
    whole = [bar for bar in records if bar.overall]
    bars, notes = shown([bar for bar in records if not bar.overall], first, language,
                        "chart.more_resources")
    bars += whole
    pairs = [(b.low, b.high) if band is None else band for b in bars]
    bands = [(end_of(low), end_of(high)) for low, high in pairs]
    known = {pair for pair in bands if pair != (None, None)}
    common = known.pop() if len(known) == 1 else None
    each = bool(known)  # several targets: each row shows its own

    labels = [saving_text(b.saving, (0.0, *pair), language)
              for b, pair in zip(bars, bands, strict=True)]
    words = [_words(b, pair, language, each=each) for b, pair in zip(bars, bands, strict=True)]
    rows = [_row(b, text, language) for b, text in zip(bars, words, strict=True)]
    for row, bar, above in zip(rows[1:], bars[1:], bars, strict=False):
        row.apart = bar.overall and not above.overall

    figures = max((width(text, NORMAL, bold=True) for text in labels), default=0.0)
    column = max((width(text, NORMAL, bold=b.overall) for text, b in zip(words, bars, strict=True)),
                 default=0.0)
    target = ""
    if common:
        target = sentence("chart.target", language, band=band_text(*common, language))
    elif each:
        target = sentence("chart.target_each", language)
    margins = Margins(
        left=label_room(rows),
        right=GAP + figures + (2 * GAP + column if column else 0.0) + EDGE,
        head=NORMAL * LINE + 6 if target else 0.0,
        notes=notes,
    )
    usual = "chart.savings_title_target" if target else "chart.savings_title"
    titles = titles_of(source, usual, language, (title, subtitle))
    sheet = open_sheet(ax, rows, margins, titles, sentence("chart.savings_axis", language))
    ends = [end for pair in bands for end in pair if end is not None]
    if any(pair[0] is not None and pair[1] is None for pair in bands):
        ends.append(max(ends) * 1.3)  # so that an open target is seen as an area
    ax = sheet.ax
    ax.set_xlim(*_limits([bar.saving for bar in bars], ends))
    percent_ticks(ax, language)

    if common:
        shade_band(sheet, common, ax.get_ylim())
    if target:
        name_band(sheet, target, common, margins.head)
    for bar, pair, row, figure, text in zip(bars, bands, rows, labels, words, strict=True):
        if each:
            shade_band(sheet, pair, (row.y - row.height / 2 + 2, row.y + row.height / 2 - 2))
        if math.isfinite(bar.saving):
            sheet.bar(row.y, bar.saving, BAR * (1.15 if bar.overall else 1.0), _look(bar),
                      bar.label, dashed=not bar.counted)
        sheet.write(figure, (1.0, row.y), shift=(GAP + figures, 0), frame=("axes", "data"),
                    ha="right", bold=True)
        sheet.write(text, (1.0, row.y), shift=(3 * GAP + figures, 0), frame=("axes", "data"),
                    bold=bar.overall)
    sheet.rule(0.0)
    if not bars:
        sheet.say(sentence("chart.nothing", language))
    return ax


def _words(
    bar: SavingBar, pair: tuple[float | None, float | None], language: Language, *, each: bool
) -> str:
    """Return the words at the right of a bar: its status and, where they differ, its target."""
    text = status_text(bar.status, language, one_sided=pair[1] is None and pair[0] is not None)
    text = wrap(text, STATUS_ROOM, NORMAL, bold=bar.overall)
    own = band_text(*pair, language) if each else ""
    return f"{text}\n{sentence('chart.target', language, band=own)}" if own else text


def _row(bar: SavingBar, words: str, language: Language) -> Row:
    label = wrap(bar.label, LABEL_ROOM, NORMAL, bold=bar.overall)
    if not bar.counted:
        label += "\n" + sentence("chart.not_counted", language)
    lines = max(lines_in(label), lines_in(words), 1)
    return Row(label, bold=bar.overall, height=max(ROW, lines * NORMAL * LINE + 10))
