"""The payback ladder: options from the quickest payback down."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import (
    INK,
    LINE,
    NORMAL,
    QUIET,
    SMALL,
    lines_in,
    tidy,
    width,
    wrap,
)
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Margins, Sheet, without_scale
from sxsh_audit.charts.plane import round_figures
from sxsh_audit.charts.rows import Row, label_room, open_sheet, put_ticks
from sxsh_audit.charts.sources import name_of, records_of, shown, titles_of
from sxsh_audit.display.records import PaybackStep
from sxsh_audit.display.wording import money_text, payback_range_text, payback_text
from sxsh_audit.language.formatting import Language, check_language, format_number
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["payback_ladder"]

NAME_ROOM = 255.0  # [pt]
WORDS_ROOM = 225.0  # [pt] for a payback in words
COST_ROOM = 140.0  # [pt] for an amount of money
NAME_LINES = 4
BAR = 24.0  # [pt]
ROW = 40.0  # [pt]
WHISKER = 14.0  # [pt] height of the strokes at its ends
_ORDER = ("immediate", "years", "never", "worse", "unknown")
_BAR_LOOK = (OKABE_ITO[2], "")
_DROPPED = "#bdbdbd"
# marker, fill: shapes that a photocopy keeps
_MARK = {
    "immediate": ("D", OKABE_ITO[3]),
    "never": ("X", OKABE_ITO[1]),
    "worse": ("v", OKABE_ITO[6]),
    "unknown": ("o", "white"),
}
_OFF_SCALE = (">", "black")


def _rank(step: PaybackStep) -> tuple[bool, int, float, str]:
    name = str(step.payback_class)
    # 12 significant digits: a last-bit difference is a tie, listed by id
    years = float(f"{step.years:.11e}") if name == "years" and math.isfinite(step.years) else 0.0
    return step.dropped, _ORDER.index(name), years, step.id


def _has_bar(step: PaybackStep) -> bool:
    return str(step.payback_class) == "years" and math.isfinite(step.years)


def _has_interval(step: PaybackStep) -> bool:
    return step.low <= step.high and step.low < math.inf  # false where an end is nan


def _reach(step: PaybackStep) -> list[float]:
    """Return the finite figures of an option that the scale should show [year]."""
    reach = [step.years] if _has_bar(step) else []
    if _has_interval(step):
        reach += [end for end in (step.low, step.high) if 0 < end < math.inf]
    return reach


def _scale_end(years: list[float]) -> float:
    """Return where the scale ends [year]: one option of 90 years must not flatten the others."""
    if not years:
        return 1.0
    usual = 1.5 * max(10.0, 5.0 * median(years))
    if max(years) <= usual:
        return max(years)
    return 1.25 * max((year for year in years if year <= usual), default=usual)


def _name(step: PaybackStep) -> str:
    return wrap(name_of(step.id, step.name), NAME_ROOM, NORMAL, bold=step.total, most=NAME_LINES)


def _money(step: PaybackStep, language: Language) -> tuple[str, str]:
    def text(value: float) -> str:
        if math.isnan(value):
            return sentence("chart.unknown_money", language)
        return money_text(value, language, step.currency)

    cost = tidy(step.cost_text) or text(step.cost)
    return (wrap(cost, COST_ROOM, NORMAL, bold=step.total, most=NAME_LINES),
            wrap(text(step.annual_saving), COST_ROOM, NORMAL, bold=step.total, most=NAME_LINES))


def payback_ladder(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw the options from the quickest payback down, with cost and yearly saving.

    Parameters
    ----------
    source : Assessment or sequence of PaybackStep
        What to draw: anything with a method ``payback_steps(language)``, or the records. The
        order of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many options are drawn at most; the chart says how many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the simple payback [year]; y is in points.

    Notes
    -----
    Options that pay back at once, never, or not at all have a mark and words, no bar. A payback
    far beyond the others runs off the scale: its bar ends in an arrow and its figure says so.
    An interval (``PaybackStep.low``, ``high``) is a thin line with its ends in brackets; it
    ends in an arrow where it leaves the scale.
    An option that was dropped (``PaybackStep.dropped``) comes after the others, in grey and with
    that word.
    A total (``PaybackStep.total``) is set apart, and the title says that it does not consider
    how options interact.

    Examples
    --------
    >>> from sxsh_audit.display.records import PaybackStep
    >>> ax = payback_ladder([PaybackStep("GP1", "Bảo ôn lò", 1.5, "years", 30e6, 20e6)])
    >>> ax.patches[0].get_width()
    1.5
    """
    language = check_language(language)
    records: list[PaybackStep] = records_of(source, "payback_steps", language)
    ranked = sorted((step for step in records if not step.total), key=_rank)
    steps, notes = shown(ranked, first, language, "chart.more_options")
    totals = [step for step in records if step.total]
    steps += totals
    usual = "chart.payback_title_total" if totals else "chart.payback_title"
    titles = titles_of(source, usual, language, (title, subtitle))
    if not steps:
        return without_scale(ax, titles, sentence("chart.no_options", language))

    money = [_money(step, language) for step in steps]
    rows = []
    end = _scale_end([year for step in steps for year in _reach(step)])
    texts_at = [_text_at(step, end, language) for step in steps]
    for place, (step, texts) in enumerate(zip(steps, money, strict=True)):
        label = _name(step)
        lines = max(lines_in(label), *map(lines_in, (*texts, texts_at[place][1])), 1)
        rows.append(Row(label, bold=step.total, height=max(ROW, lines * NORMAL * LINE + 12),
                        apart=bool(place) and step.total and not steps[place - 1].total))
    heads = (sentence("chart.cost", language), sentence("chart.annual_saving", language))
    columns = [
        max([width(heads[k], NORMAL, bold=True),
             *(width(texts[k], NORMAL, bold=step.total)
               for step, texts in zip(steps, money, strict=True))])
        for k in (0, 1)
    ]
    ends = (GAP + columns[0], GAP + columns[0] + 2.2 * GAP + columns[1])
    intervals = {tidy(step.interval) or sentence("chart.whisker_usual", language)
                 for step in steps if _has_interval(step)}
    if intervals:
        told = "; ".join(sorted(intervals))
        notes.insert(0, sentence("chart.whisker", language, interval=told))
    margins = Margins(left=label_room(rows), right=ends[1] + EDGE, head=NORMAL * LINE + 6,
                      notes=notes)
    sheet = open_sheet(ax, rows, margins, titles, sentence("chart.payback_axis", language))
    _set_scale(sheet, texts_at, end, language)
    for head, edge in zip(heads, ends, strict=True):
        sheet.head(head, margins.head, 1.0, edge)
    for step, row, (at, text), texts in zip(steps, rows, texts_at, money, strict=True):
        _draw(sheet, step, row, at, text, end)
        for cell, edge in zip(texts, ends, strict=True):
            sheet.write(cell, (1.0, row.y), shift=(edge, 0), frame=("axes", "data"), ha="right",
                        bold=step.total, color=_ink(step))
    for step, name in zip(steps, sheet.ax.get_yticklabels(), strict=True):
        name.set_color(_ink(step))
    sheet.rule(0.0)
    return sheet.ax


def _ink(step: PaybackStep) -> str:
    return QUIET if step.dropped else INK


def _text_at(step: PaybackStep, end: float, language: Language) -> tuple[float, str]:
    """Return where the words of an option start [year] and what they say."""
    text = payback_text(step.years, step.payback_class, language)
    at = 0.0
    if not _has_bar(step):
        if width(text, NORMAL, bold=True) > WORDS_ROOM:
            text = text.replace(": ", ":\n")
    elif step.years > end:
        at, text = end, sentence("chart.off_scale", language, payback=text)
    else:
        at = step.years
    if step.dropped:
        text = sentence("chart.dropped", language, payback=text)
    if _has_interval(step):
        both = payback_range_text(step.low, step.high, language)
        text = f"{text}\n({both})"
        at = max(at, min(step.high, end))
    elif _has_bar(step):
        return at, text
    parts = (wrap(part, WORDS_ROOM, NORMAL, bold=True) for part in text.split("\n"))
    return at, "\n".join(parts)


def _set_scale(
    sheet: Sheet, texts: list[tuple[float, str]], end: float, language: Language
) -> None:
    span = sheet.span
    stop = end * 1.02
    for _ in range(30):
        room = [at + min(width(text, NORMAL, bold=True) + 4 * GAP, 0.7 * span) / span * stop
                for at, text in texts]
        stop = max([stop, *room])
    sheet.ax.set_xlim(0, stop)
    # words may leave the bars so little of the axis that six ticks would touch
    for most in range(6, 0, -1):
        ticks = round_figures(0.0, end, most)
        labels = [format_number(tick, language, digits=6) for tick in ticks]
        if end / most / stop * span >= max(width(label, SMALL) for label in labels) + GAP:
            break
    put_ticks(sheet, ticks, labels)


def _draw(sheet: Sheet, step: PaybackStep, row: Row, at: float, text: str, end: float) -> None:
    marks = []
    beyond = _has_interval(step) and step.high > end
    if _has_bar(step):
        # what leaves the scale ends in an arrow where the scale ends
        sheet.bar(row.y, min(step.years, end), BAR, (_DROPPED, "") if step.dropped else _BAR_LOOK,
                  step.id)
        beyond = beyond or step.years > end
    else:
        shape, color = _MARK.get(str(step.payback_class), _MARK["unknown"])
        marks.append((0.0, shape, _DROPPED if step.dropped else color))
    if beyond:
        marks.append((end, *_OFF_SCALE))
    if _has_interval(step):
        _draw_whisker(sheet, step, row.y, end)
    for place, shape, color in marks:
        _draw_mark(sheet, (place, row.y), shape, color)
    sheet.write(text, (at, row.y), shift=(3 * GAP if marks else GAP, 0), bold=True,
                color=_ink(step))


def _draw_mark(sheet: Sheet, at: tuple[float, float], shape: str, color: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    ax, scale = sheet.ax, sheet.scale
    moved = ax.transData + ScaledTranslation(
        (GAP + 3) * scale / 72, 0, ax.figure.dpi_scale_trans
    )
    ax.add_line(Line2D(at[:1], at[1:], marker=shape, markersize=13 * scale,
                       markerfacecolor=color, markeredgecolor="black",
                       markeredgewidth=1.4 * scale, linestyle="", transform=moved, zorder=4,
                       clip_on=False))


def _draw_whisker(sheet: Sheet, step: PaybackStep, y: float, end: float) -> None:
    """Draw the interval as a line with a stroke at each end that is on the scale."""
    low, high = max(step.low, 0.0), min(step.high, end)
    if low > end:
        return
    half = WHISKER / 2
    x, heights = [low, low, math.nan, low, high], [y - half, y + half, math.nan, y, y]
    if step.high <= end:
        x += [math.nan, high, high]
        heights += [math.nan, y - half, y + half]
    # white under the black, so that it is seen on a bar too
    for color, thick, zorder in (("white", 5.0, 2.9), ("black", 2.4, 3.0)):
        sheet.line(x, heights, color, thick, zorder=zorder,
                   label="interval" if color == "black" else "")
