"""The tornado: what the net present value does when each input changes alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, width, wrap
from sxsh_audit.charts.paper import GAP, OKABE_ITO, PAGE_WIDTH, Margins, Sheet, without_scale
from sxsh_audit.charts.plane import money_of
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet, put_ticks
from sxsh_audit.charts.sources import records_of, shown, titles_of, why_nothing
from sxsh_audit.display.records import TornadoBar
from sxsh_audit.display.wording import money_text
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tornado"]

BAR = 26.0  # [pt]
ROW = 42.0  # [pt]
END_ROOM = 150.0  # [pt] for the words at an end
END_LINES = 2
NAME_LINES = 3
LIT = 0.3  # the least share of the axes that the bars keep, however long the words
_LOW = (OKABE_ITO[2], "")
_HIGH = (OKABE_ITO[1], "//")


class _End(NamedTuple):
    """Words at one side of a bar."""

    at: float
    text: str
    right: bool


def _swing(bar: TornadoBar) -> float:
    known = [end for end in (bar.low, bar.high, bar.base) if math.isfinite(end)]
    return max(known) - min(known) if len(known) > 1 else -1.0


def _ends(bar: TornadoBar, base: float, language: Language) -> list[_End]:
    """Return what stands at the left and at the right of a bar.

    Where both ends lie on one side of the base, both words stand beyond the farther one, in the
    order of the ends.
    """
    pairs = []
    for value, text in ((bar.low, bar.low_text), (bar.high, bar.high_text)):
        text = text or money_text(value, language, bar.unit)
        if not math.isfinite(value):
            text = sentence("chart.tornado_unknown", language, end=text)
        text = wrap(text, END_ROOM, NORMAL, most=END_LINES)
        pairs.append((value if math.isfinite(value) else base, text))
    (left, left_text), (right, right_text) = sorted(pairs, key=lambda pair: pair[0])
    if left > base:
        return [_End(right, f"{left_text} · {right_text}", True)]
    if right < base:
        return [_End(left, f"{left_text} · {right_text}", False)]
    return [_End(left, left_text, False), _End(right, right_text, True)]


def tornado(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    option: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw what the net present value does when each input goes from end to end, widest first.

    Parameters
    ----------
    source : Assessment or sequence of TornadoBar
        What to draw: anything with a method ``tornado_bars(language)`` (with
        `option`: ``tornado_bars(language, option)``), or the records. The
        order of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    option : str, optional
        Id of the option that an assessment is asked for, in place of the one it would choose.
        Plain records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many inputs are drawn at most; the chart says how many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the net present value [currency]; y is in points.

    Notes
    -----
    The ruled line is the net present value with every input at its median, which need not be the
    one of the figures as given. Each end carries the value of the input that makes it. The half
    of the low value is plain and that of the high value hatched, as a note says. Where both
    values move the result to the same side, the halves lie on each other, the shorter in front.
    An end that is not known has words and no half.

    Examples
    --------
    >>> from sxsh_audit.display.records import TornadoBar
    >>> ax = tornado([TornadoBar("Giá điện", 80e6, 240e6, 160e6, "VND", "1.500", "2.300")])
    >>> [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    [(160000000.0, -80000000.0), (160000000.0, 80000000.0)]
    """
    language = check_language(language)
    records: list[TornadoBar] = records_of(source, "tornado_bars", language, option)
    ranked = sorted(records, key=lambda bar: (-_swing(bar), bar.label))
    bars, more = shown(ranked, first, language, "chart.more_inputs")
    titles = titles_of(source, "chart.tornado_title", language, (title, subtitle),
                       of="tornado_bars", option=option)
    bases = [bar.base for bar in records if math.isfinite(bar.base)]
    if not bases:
        return without_scale(ax, titles, why_nothing(records, language))

    base, unit = bases[0], bars[0].unit
    ends = [_ends(bar, base, language) for bar in bars]
    rows = []
    for bar, words in zip(bars, ends, strict=True):
        label = wrap(bar.label, LABEL_ROOM, NORMAL, most=NAME_LINES)
        lines = max(lines_in(label), *(lines_in(end.text) for end in words))
        rows.append(Row(label, height=max(ROW, lines * NORMAL * LINE + 10)))
    margins = Margins(left=label_room(rows), head=NORMAL * LINE + 6,
                      notes=[sentence("chart.tornado_looks", language), *more])
    limits = _limits(ends, base, PAGE_WIDTH * 72 - margins.left - margins.right)
    reach = [base, *(end.at for words in ends for end in words)]
    scale = money_of((min(reach), max(reach)), "chart.tornado_axis", language, unit, most=5)
    sheet = open_sheet(ax, rows, margins, titles, scale.title)
    sheet.ax.set_xlim(*limits)
    put_ticks(sheet, scale.ticks, scale.labels)
    for bar, row, words in zip(bars, rows, ends, strict=True):
        _draw(sheet, bar, row, base)
        for end in words:
            sheet.write(end.text, (end.at, row.y), shift=(GAP if end.right else -GAP, 0),
                        ha="left" if end.right else "right")
    left, right = sheet.ax.get_xlim()
    if left < 0 < right and base != 0:
        sheet.rule(0.0, dashed=True)
    sheet.rule(base)
    told = sentence("chart.tornado_base", language, amount=money_text(base, language, unit))
    sheet.head_near(told, margins.head, base)
    return sheet.ax


def _limits(ends: list[list[_End]], base: float, span: float) -> tuple[float, float]:
    """Return the ends of the axis [currency]: every bar is inside, and the words beside it."""
    reach = [base, *(end.at for words in ends for end in words)]
    low, high = min(reach), max(reach)
    if low == high:
        low, high = low - max(abs(low), 1.0) / 2, high + max(abs(high), 1.0) / 2
    inner, left, right = high - low, low, high
    for _ in range(30):
        for words in ends:
            for end in words:
                # words never take all of the axes, or no limit would be far enough
                room = min(width(end.text, NORMAL) + 2 * GAP, (1 - LIT) / 2 * span)
                needed = room / span * (right - left)
                if end.right:
                    right = max(right, end.at + needed)
                else:
                    left = min(left, end.at - needed)
    beyond = 0.01 * inner
    return left - beyond, right + beyond


def _draw(sheet: Sheet, bar: TornadoBar, row: Row, base: float) -> None:
    halves = [(bar.low, _LOW), (bar.high, _HIGH)]
    halves.sort(key=lambda half: -abs(half[0] - base))  # of two on one side the shorter in front
    for value, look in halves:
        if math.isfinite(value):
            sheet.bar(row.y, value - base, BAR, look, bar.label, start=base)
