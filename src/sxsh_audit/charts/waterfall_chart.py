"""From the use of the baseline period to that of the reporting period, effect by effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.charts.lettering import LINE, NORMAL, SMALL, lines_in, tidy, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, PAGE_WIDTH, Sheet, without_scale
from sxsh_audit.charts.plane import (
    TALL,
    Scale,
    limits,
    number_text,
    open_plane,
    rule_zero,
    scale_of,
    unit_title,
)
from sxsh_audit.charts.sources import names_of, records_of, titles_of
from sxsh_audit.display.records import ChangeStep
from sxsh_audit.language.formatting import Language, check_language, format_percent, round_figure
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["waterfall"]

WIDE = 0.62  # of a bar [columns]
AXIS_ROOM = 130.0  # [pt] for the figures at the left
NAME_LINES = 2
_ORDER = ("baseline", "volume", "mix", "efficiency", "", "reporting")
_NAMES = {
    "baseline": "chart.step_baseline",
    "volume": "chart.step_volume",
    "mix": "chart.step_mix",
    "efficiency": "chart.step_efficiency",
    "reporting": "chart.step_reporting",
}
_WHOLE = ("baseline", "reporting")
_LOOKS = {"whole": ("#c8c8c8", ""), "up": (OKABE_ITO[1], "//"), "down": (OKABE_ITO[2], "")}


class _Bar(NamedTuple):
    """One column: from where to where, and what it is."""

    start: float
    end: float
    look: str


def waterfall(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    resource: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> Axes:
    """Draw the way from the use of the baseline period to that of the reporting period.

    Parameters
    ----------
    source : Assessment or sequence of ChangeStep
        What to draw: anything with a method ``change_steps(language)`` (with `resource`:
        ``change_steps(language, resource)``), or the records. The order of the records does not
        matter: baseline, volume, mix, efficiency, further effects as given, reporting.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bars. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    resource : str, optional
        Resource that an assessment is asked for, in place of the one it would choose. Plain
        records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.

    Returns
    -------
    matplotlib.axes.Axes
        x counts the columns from 0, y is the use in the unit of the records; it begins at 0.

    Notes
    -----
    Each effect begins where the one before it ended; an effect that raises the use is hatched.
    An effect that is not known has no bar, is named under the chart, and breaks the chain.

    Examples
    --------
    >>> from sxsh_audit.display.records import ChangeStep
    >>> ax = waterfall([ChangeStep("baseline", 50.0), ChangeStep("volume", 32.0),
    ...                 ChangeStep("efficiency", -12.0), ChangeStep("reporting", 70.0)])
    >>> [(bar.get_y(), bar.get_height()) for bar in ax.patches]
    [(0.0, 50.0), (50.0, 32.0), (82.0, -12.0), (0.0, 70.0)]
    """
    language = check_language(language)
    records: list[ChangeStep] = records_of(source, "change_steps", language, resource)
    titles = titles_of(source, "chart.waterfall_title", language, (title, subtitle),
                       of="change_steps", option=resource)
    steps = sorted(records, key=lambda step: (_place(step), step.label if not _place(step) else ""))
    names = [_name(step, language) for step in steps]
    unknown = [name for name, step in zip(names, steps, strict=True)
               if not math.isfinite(step.amount)]
    notes = []
    if any(step.kind not in _WHOLE for step in steps):
        notes.append(sentence("chart.waterfall_looks", language))
    if unknown:
        notes.append(sentence("chart.steps_unknown", language, names=names_of(unknown, language)))
    if len(unknown) == len(steps):
        return without_scale(ax, titles, sentence("chart.nothing", language), notes[1:])

    bars = _bars(steps)
    room = (PAGE_WIDTH * 72 - AXIS_ROOM - EDGE) / len(steps)
    labels = [wrap(name, room - GAP, SMALL, most=NAME_LINES) for name in names]
    x = Scale(-0.5, len(steps) - 0.5, [float(k) for k in range(len(steps))], labels, "")
    ends = limits([value for bar in bars if bar for value in (bar.start, bar.end)], white=0.0)
    texts = [_text(step, steps[0], language, room) for step in steps]
    # room for the figures over the highest bar, and under the lowest
    lines = max((lines_in(text) for text in texts), default=0)
    white = (lines * NORMAL * LINE + 10) / TALL * (ends[1] - ends[0])
    ends = (ends[0] - (white if ends[0] < 0 else 0.0), ends[1] + white)
    axis = unit_title("chart.waterfall_axis", "chart.waterfall_axis_plain", steps[0].unit, language)
    y = scale_of(ends, title=axis, language=language)
    sheet = open_plane(ax, x, y, titles, right=EDGE, notes=notes)
    sheet.ax.grid(False, axis="x")
    for place, (bar, text, name) in enumerate(zip(bars, texts, names, strict=True)):
        if bar is not None:
            _draw(sheet, place, bar, text, name)
    _join(sheet, bars)
    rule_zero(sheet)
    return sheet.ax


def _place(step: ChangeStep) -> int:
    return _ORDER.index(step.kind if step.kind in _ORDER else "")


def _name(step: ChangeStep, language: Language) -> str:
    if step.label or step.kind not in _NAMES:
        return tidy(step.label or step.kind)
    return sentence(_NAMES[step.kind], language)


def _bars(steps: Sequence[ChangeStep]) -> list[_Bar | None]:
    """Return where the bars stand; None for one that is not known."""
    bars: list[_Bar | None] = []
    level = 0.0
    for step in steps:
        if step.kind in _WHOLE:
            bar = _Bar(0.0, step.amount, "whole")
        else:
            bar = _Bar(level, level + step.amount, "up" if step.amount > 0 else "down")
        level = bar.end
        known = math.isfinite(bar.start) and math.isfinite(bar.end)
        bars.append(bar if known else None)
    return bars


def _text(step: ChangeStep, first: ChangeStep, language: Language, room: float) -> str:
    """Return the figure of a bar and, of an effect, its share of the baseline's use."""
    if not math.isfinite(step.amount):
        return ""
    text = number_text(round_figure(step.amount, 4), language)
    whole = step.kind in _WHOLE
    plus = "+" if step.amount > 0 and not whole else ""
    parts = [wrap(plus + text, room - GAP, NORMAL, most=1)]
    base = first.amount if first.kind == "baseline" else math.nan
    if base > 0 and (not whole or step is not first):
        change = (step.amount - base if whole else step.amount) / base
        sign = "+" if change > 0 else ""
        parts.append(wrap(f"({sign}{format_percent(change, language)})", room - GAP, NORMAL,
                          most=1))
    return "\n".join(parts)


def _draw(sheet: Sheet, place: int, bar: _Bar, text: str, name: str) -> None:
    sheet.box((place - WIDE / 2, bar.start), (WIDE, bar.end - bar.start), _LOOKS[bar.look], name,
              thick=1.2)
    top = max(bar.start, bar.end)
    if top <= 0:
        sheet.write(text, (place, min(bar.start, bar.end)), shift=(0, -5), ha="center", va="top",
                    bold=bar.look == "whole")
    else:
        sheet.write(text, (place, top), shift=(0, 5), ha="center", va="bottom",
                    bold=bar.look == "whole")


def _join(sheet: Sheet, bars: Sequence[_Bar | None]) -> None:
    """Join the end of each bar with the beginning of the next."""
    for place, (one, other) in enumerate(pairwise(bars)):
        if one is not None and other is not None:
            sheet.line((place + WIDE / 2, place + 1 - WIDE / 2), (one.end, one.end), "#444444",
                       1.2, dashes=(3, 2), zorder=1.8, label="join")
