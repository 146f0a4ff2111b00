"""From all the cost that enters a plant to the cost of its product, loss by loss."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.charts.lettering import LINE, NORMAL, lines_in, tidy, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Margins, Sheet, without_scale
from sxsh_audit.charts.plane import limits, money_of
from sxsh_audit.charts.rows import LABEL_ROOM, Row, label_room, open_sheet, put_ticks
from sxsh_audit.charts.sources import check_first, names_of, records_of, titles_of
from sxsh_audit.display.flow_records import LossStep
from sxsh_audit.display.wording import money_text
from sxsh_audit.language.formatting import Language, check_language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["loss_waterfall"]

BAR = 25.0  # [pt]
ROW = 40.0  # [pt]
CLOSED = 1e-6  # of the largest amount: what is less is rounding and not a difference [1]
_ORDER = {"input": 0, "loss": 1, "product": 2}
_NAMES = {"input": "chart.loss_input", "loss": "chart.loss_loss", "product": "chart.loss_product"}
_LOOKS = {
    "input": ("#c8c8c8", ""),
    "loss": (OKABE_ITO[6], "//"),
    "gain": (OKABE_ITO[2], ".."),
    "product": (OKABE_ITO[3], ""),
}


class _Bar(NamedTuple):
    """One row: from where to where; both nan where it is not known."""

    step: LossStep
    name: str
    start: float
    end: float


def loss_waterfall(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    of: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 10,
) -> Axes:
    """Draw the way from the cost of all that enters to the cost that the product carries.

    Parameters
    ----------
    source : Assessment or sequence of LossStep
        What to draw: anything with a method ``loss_steps(language)`` (with `of`:
        ``loss_steps(language, of)``), or the records. Their order does not matter.
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
        How many losses are drawn at most; the smaller ones are one row together.

    Returns
    -------
    matplotlib.axes.Axes
        x is the cost [unit]; y is in points.

    Notes
    -----
    Each loss begins where the one before it ended, the largest first. A loss that is not known
    has no bar and is named under the chart. Where cost in − losses − product is not 0, the
    difference is told with its sign.

    Examples
    --------
    >>> ax = loss_waterfall([LossStep("input", "", 100e6), LossStep("product", "", 90e6),
    ...                      LossStep("loss", "nước thải", 7e6), LossStep("loss", "bụi", 3e6)])
    >>> [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    [(0.0, 100000000.0), (100000000.0, -7000000.0), (93000000.0, -3000000.0), (0.0, 90000000.0)]
    """
    language = check_language(language)
    check_first(first, language)
    records: list[LossStep] = records_of(source, "loss_steps", language, of)
    titles = titles_of(source, "chart.loss_waterfall_title", language, (title, subtitle),
                       of="loss_steps", option=of)
    steps = sorted(records, key=lambda s: (_ORDER.get(s.kind, 1), not math.isfinite(s.amount),
                                           -s.amount, s.label))
    unknown = [_name(step, language) for step in steps if not math.isfinite(step.amount)]
    notes = []
    if unknown:
        notes.append(sentence("chart.steps_unknown", language, names=names_of(unknown, language)))
    if len(unknown) == len(steps):
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    unit = steps[0].unit
    bars = _bars(_folded(steps, first, language), language)
    base = next((bar.end for bar in bars if bar.step.kind == "input" and bar.end > 0), math.nan)
    if base > 0:
        notes.insert(0, sentence("chart.loss_share", language))
    notes += _difference(steps, language)
    texts = [_text(bar, base, language) for bar in bars]
    rows = [_row(bar) for bar in bars]
    for row, bar, above in zip(rows[1:], bars[1:], bars, strict=False):
        row.apart = bar.step.kind == "product" != above.step.kind
    room = max(width(text, NORMAL, bold=True) for text in texts)
    margins = Margins(left=label_room(rows), right=GAP + room + EDGE, notes=notes)
    x = money_of(limits([end for bar in bars for end in bar[2:]], white=0.02),
                 "chart.loss_axis", language, unit, most=5)
    sheet = open_sheet(ax, rows, margins, titles, x.title)
    sheet.ax.set_xlim(x.low, x.high)
    put_ticks(sheet, x.ticks, x.labels)
    for bar, row, text in zip(bars, rows, texts, strict=True):
        _draw(sheet, bar, row)
        sheet.write(text, (1.0, row.y), shift=(GAP + room, 0), frame=("axes", "data"),
                    ha="right", bold=bar.step.kind != "loss")
    _join(sheet, bars, rows)
    sheet.rule(0.0)
    return sheet.ax


def _name(step: LossStep, language: Language) -> str:
    if step.label:
        return tidy(step.label)
    return sentence(_NAMES.get(step.kind, "chart.loss_loss"), language)


def _difference(steps: Sequence[LossStep], language: Language) -> list[str]:
    """Return a note of what the losses and the product leave of the cost that enters."""
    whole = [step.amount for step in steps if step.kind == "input"]
    rest = [step.amount for step in steps if step.kind != "input"]
    if not whole or all(step.kind != "product" for step in steps):
        return []
    left = math.fsum(whole) - math.fsum(rest)
    if not math.isfinite(left) or abs(left) <= CLOSED * max(map(abs, (*whole, *rest))):
        return []
    amount = money_text(left, language, steps[0].unit)
    return [sentence("chart.loss_difference", language, amount=amount)]


def _folded(steps: Sequence[LossStep], first: int, language: Language) -> list[LossStep]:
    """Return the steps with the smaller losses in one; losses of unknown cost are left out."""
    losses = [s for s in steps if s.kind not in ("input", "product") and math.isfinite(s.amount)]
    shown = losses if len(losses) <= first else losses[:first]
    rest = losses[len(shown):]
    if rest:
        label = sentence("chart.loss_others", language, count=len(rest))
        amount = math.fsum(step.amount for step in rest)
        shown = [*shown, dataclasses.replace(rest[0], label=label, amount=amount)]
    return [*(s for s in steps if s.kind == "input"), *shown,
            *(s for s in steps if s.kind == "product")]


def _bars(steps: Sequence[LossStep], language: Language) -> list[_Bar]:
    known = {kind: [s.amount for s in steps if s.kind == kind and math.isfinite(s.amount)]
             for kind in ("input", "loss", "product")}
    losses = [s.amount for s in steps if s.kind not in ("input", "product")]
    # where the cost that enters is not known, the losses lead to that of the product
    level = math.fsum(known["input"] or [*known["product"], *losses])
    bars = []
    for step in steps:
        name = _name(step, language)
        if step.kind in ("input", "product"):
            bars.append(_Bar(step, name, 0.0, step.amount))
        else:
            bars.append(_Bar(step, name, level, level - step.amount))
            level -= step.amount
    return bars


def _text(bar: _Bar, base: float, language: Language) -> str:
    """Return the figure of a row and its share of the cost that enters."""
    if not math.isfinite(bar.end):
        return sentence("chart.unknown_money", language)
    text = wrap(money_text(bar.step.amount, language, bar.step.unit), LABEL_ROOM, NORMAL,
                bold=True, most=1)
    if bar.step.kind == "input" or not base > 0:
        return text
    return f"{text} ({format_percent(bar.step.amount / base, language)})"


def _row(bar: _Bar) -> Row:
    bold = bar.step.kind in ("input", "product")
    label = wrap(bar.name, LABEL_ROOM, NORMAL, bold=bold, most=3)
    return Row(label, bold=bold, height=max(ROW, lines_in(label) * NORMAL * LINE + 10))


def _draw(sheet: Sheet, bar: _Bar, row: Row) -> None:
    if not math.isfinite(bar.end):
        return
    look = bar.step.kind if bar.step.kind in ("input", "product") else "loss"
    if look == "loss" and bar.step.amount < 0:
        look = "gain"
    sheet.bar(row.y, bar.end - bar.start, BAR, _LOOKS[look], bar.name, start=bar.start)


def _join(sheet: Sheet, bars: Sequence[_Bar], rows: Sequence[Row]) -> None:
    """Join the end of each bar with the next one that begins there."""
    for k in range(1, len(bars)):
        end = bars[k - 1].end
        if bars[k].step.kind != "input" and math.isfinite(end):
            sheet.line((end, end), (rows[k - 1].y - BAR / 2, rows[k].y + BAR / 2), "#444444", 1.2,
                       dashes=(3, 2), zorder=1.8, label="join")
