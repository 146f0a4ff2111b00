"""What each waste stream costs, the dearest first, and how much of all the loss they make up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.charts.lettering import LINE, NORMAL, SMALL, lines_in, tidy, width, wrap
from sxsh_audit.charts.looks import lay_looks, put_looks
from sxsh_audit.charts.paper import (
    EDGE,
    GAP,
    OKABE_ITO,
    PAGE_WIDTH,
    Margins,
    Sheet,
    without_scale,
)
from sxsh_audit.charts.plane import Scale, limits, money_of, percent_text, trace
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet, put_ticks
from sxsh_audit.charts.sources import check_first, names_of, records_of, titles_of
from sxsh_audit.display.flow_records import LossStream
from sxsh_audit.display.wording import money_text
from sxsh_audit.language.formatting import Language, check_language, format_fixed
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["loss_pareto"]

BAR = 24.0  # [pt]
ROW = 40.0  # [pt]
MOST = 0.8  # the share that is ruled [1]
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_PARTS = {
    "material": (OKABE_ITO[5], ""),
    "energy": (OKABE_ITO[1], "//"),
    "system": ("#d0d0d0", ""),
    "waste_management": (OKABE_ITO[6], "xx"),
}


class _Bar(NamedTuple):
    """One row: the known parts of the cost, and whether there are others."""

    name: str
    parts: tuple[float, ...]
    whole: bool

    @property
    def total(self) -> float:
        """Sum of the known parts [unit]; nan where no part is known."""
        known = [part for part in self.parts if math.isfinite(part)]
        return math.fsum(known) if known else math.nan


def loss_pareto(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    of: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 12,
) -> Axes:
    """Draw the cost of the waste streams, the dearest first, with the share that they add up to.

    Parameters
    ----------
    source : Assessment or sequence of LossStream
        What to draw: anything with a method ``loss_streams(language)`` (with `of`:
        ``loss_streams(language, of)``), or the records. Their order does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    of : str, optional
        Flow sheet that an assessment is asked for, in place of the one it would choose. Plain
        records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many streams are drawn at most; the cheaper ones are one row together.

    Returns
    -------
    matplotlib.axes.Axes
        x is the cost [unit]; y is in points.

    Notes
    -----
    The line and the upper scale give the share of all known cost that the streams down to that
    row make up; a dashed rule stands at 80 %. A part that is not known is not counted as 0: the
    row says «+ ?», and streams of which nothing is known are named under the chart.

    Examples
    --------
    >>> ax = loss_pareto([LossStream("nước thải", "nhuộm", 60e6, 20e6, 5e6, 5e6),
    ...                   LossStream("vải vụn", "cắt", 8e6, 1e6, 1e6, 0.0)])
    >>> [bar.get_width() for bar in ax.patches][:4]
    [60000000.0, 20000000.0, 5000000.0, 5000000.0]
    """
    language = check_language(language)
    check_first(first, language)
    records: list[LossStream] = records_of(source, "loss_streams", language, of)
    titles = titles_of(source, "chart.loss_pareto_title", language, (title, subtitle),
                       of="loss_streams", option=of)
    every = sorted(map(_bar, records), key=lambda bar: (
        not math.isfinite(bar.total), -bar.total if math.isfinite(bar.total) else 0.0, bar.name))
    bars = [bar for bar in every if math.isfinite(bar.total)]
    notes = _notes(bars, every[len(bars):], language)
    if not bars:
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    bars = _folded(bars, first, language)
    unit = records[0].unit
    shares = _shares(bars)
    rows = [_row(bar) for bar in bars]
    figures = [_figure(bar, unit, language) for bar in bars]
    room = max(width(text, NORMAL, bold=True) for text in figures)
    looks = lay_looks([(look, sentence(f"chart.loss_{part}", language))
                       for k, (part, look) in enumerate(_PARTS.items())
                       if any(bar.parts[k] for bar in bars if math.isfinite(bar.parts[k]))],
                      PAGE_WIDTH * 72 - 2 * EDGE)
    upper = 2 * SMALL * LINE + 12 if shares else 0.0
    margins = Margins(left=label_room(rows), right=2 * GAP + room + EDGE, notes=notes,
                      head=looks.height + upper)
    x = _scale(bars, unit, language)
    sheet = open_sheet(ax, rows, margins, titles, x.title)
    sheet.ax.set_xlim(x.low, x.high)
    put_ticks(sheet, x.ticks, x.labels)
    for bar, row, text in zip(bars, rows, figures, strict=True):
        _draw(sheet, bar, row)
        sheet.write(text, (1.0, row.y), shift=(2 * GAP + room, 0), frame=("axes", "data"),
                    ha="right", bold=True)
    if x.low < 0:
        sheet.rule(0.0)
    if shares:
        _put_shares(sheet, shares, rows, x, language)
    put_looks(sheet, looks, start=EDGE - margins.left, over=upper)
    return sheet.ax


def _bar(stream: LossStream) -> _Bar:
    parts = (stream.material, stream.energy, stream.system, stream.waste_management)
    name = tidy(f"{stream.name} ({stream.step})" if stream.step else stream.name)
    return _Bar(name, parts, all(map(math.isfinite, parts)))


def _notes(bars: Sequence[_Bar], unknown: Sequence[_Bar], language: Language) -> list[str]:
    notes = []
    partly = [bar.name for bar in bars if not bar.whole]
    if partly:
        notes.append(sentence("chart.loss_partly", language, names=names_of(partly, language)))
    if unknown:
        names = names_of([bar.name for bar in unknown], language)
        notes.append(sentence("chart.not_drawn", language, names=names))
    return notes


def _folded(bars: list[_Bar], first: int, language: Language) -> list[_Bar]:
    """Return the first bars, and all the others as one."""
    rest = bars[first:]
    if not rest:
        return bars
    parts = tuple(_known_sum(bar.parts[k] for bar in rest) for k in range(len(_PARTS)))
    name = sentence("chart.loss_others", language, count=len(rest))
    return [*bars[:first], _Bar(name, parts, all(bar.whole for bar in rest))]


def _known_sum(values: Iterable[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return math.fsum(known) if known else math.nan


def _shares(bars: Sequence[_Bar]) -> list[float]:
    """Return the share of all the cost down to each row [1]; none where a stream earns money."""
    totals = [bar.total for bar in bars]
    whole = math.fsum(totals)
    if min(totals) < 0 or not whole > 0 or not math.isfinite(whole):
        return []
    return [min(part / whole, 1.0) for part in accumulate(totals)]


def _row(bar: _Bar) -> Row:
    label = wrap(bar.name, LABEL_ROOM, NORMAL, most=3)
    return Row(label, height=max(ROW, lines_in(label) * NORMAL * LINE + 10))


def _figure(bar: _Bar, unit: str, language: Language) -> str:
    text = money_text(bar.total, language, unit)
    return wrap(text if bar.whole else f"{text} + ?", LABEL_ROOM, NORMAL, bold=True, most=1)


def _scale(bars: Sequence[_Bar], unit: str, language: Language) -> Scale:
    ends = []
    for bar in bars:
        known = [part for part in bar.parts if math.isfinite(part)]
        ends += [math.fsum(p for p in known if p > 0), math.fsum(p for p in known if p < 0)]
    return money_of(limits(ends, white=0.02), "chart.loss_axis", language, unit, most=5)


def _draw(sheet: Sheet, bar: _Bar, row: Row) -> None:
    """Draw the parts one after the other; those below 0 to the left of it."""
    reach = {True: 0.0, False: 0.0}
    for part, look in zip(bar.parts, _PARTS.values(), strict=True):
        if math.isfinite(part) and part:
            # a thin edge, or nothing else would be seen of a small part
            sheet.box((reach[part > 0], row.y - BAR / 2), (part, BAR), look, bar.name, thick=0.5)
            reach[part > 0] += part


def _put_shares(
    sheet: Sheet, shares: Sequence[float], rows: Sequence[Row], x: Scale, language: Language
) -> None:
    """Draw the line of the shares with its scale above the rows."""
    def at(share: float) -> float:
        return x.low + share * (x.high - x.low)

    trace(sheet, [at(MOST)] * 2, sheet.ax.get_ylim(), "#444444", 1.4, dashes=(5, 3), zorder=2.6,
          label="most")
    trace(sheet, [at(share) for share in shares], [row.y for row in rows], "black", 2.0,
          marker="o", size=8.0, zorder=3.0, label="shares")
    for tick in TICKS:
        sheet.write(percent_text(tick, language), (tick, 1.0), shift=(0, SMALL * LINE / 2 + 3),
                    frame=("axes", "axes"), ha="center", size=SMALL, bold=tick == MOST)
    count = next(k for k, share in enumerate(shares, 1) if share >= MOST - 1e-12)
    told = sentence("chart.loss_most", language, count=count,
                    share=format_fixed(100 * shares[count - 1], 0, language))
    sheet.write(told, (1.0, 1.0), shift=(0, 1.5 * SMALL * LINE + 5), frame=("axes", "axes"),
                ha="right", size=SMALL)
