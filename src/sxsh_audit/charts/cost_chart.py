"""The cost curve: how much each option saves, and what each unit saved costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import LINE, NORMAL, QUIET, SMALL, tidy, width, wrap
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Sheet, without_scale
from sxsh_audit.charts.plane import (
    LEAD,
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
    spread,
    trace,
)
from sxsh_audit.charts.sources import name_of, names_of, records_of, shown, titles_of, why_nothing
from sxsh_audit.display.records import CostStep
from sxsh_audit.display.wording import currency_name, money_text, sig
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["cost_curve"]

KEY_ROOM = 310.0  # [pt] for the names at the right
ID_ROOM = 90.0  # [pt] for an id above its step
IDS_ROOM = 420.0  # [pt] for all of them
STRIP = 2 * SMALL * LINE  # [pt] for the ids and the lines that lead to them
_PAYS = (OKABE_ITO[3], "")
_COSTS = (OKABE_ITO[1], "//")


def _pays(step: CostStep) -> bool:
    return step.pays or step.cost < 0


def _drawable(step: CostStep) -> bool:
    return math.isfinite(step.cost) and math.isfinite(step.width) and step.width > 0


def _in_order(steps: list[CostStep]) -> list[CostStep]:
    """Return those that pay, front behind front, then the others by their cost.

    The fronts of the records come before our own: who made them may have known the gains, which
    are not always cost times width (tonnes may be discounted).
    """
    import numpy as np

    from sxsh_audit.calc.abatement import pareto_order

    pays = [step for step in steps if _pays(step)]
    given = any(step.front > 0 for step in pays)
    rest = sorted((step for step in steps if not _pays(step)),
                  key=lambda step: (step.cost, step.id, step.name))
    if given:  # sorted() keeps the order of the records within a front
        return sorted(pays, key=lambda step: step.front if step.front > 0 else math.inf) + rest
    gains = np.array([step.cost * step.width for step in pays])
    fronts = pareto_order(gains, np.array([step.width for step in pays]))
    ranked = sorted(
        zip(fronts.tolist(), gains.tolist(), pays, strict=True),
        key=lambda each: (each[0], each[1], -each[2].width, each[2].id, each[2].name),
    )
    return [step for _, _, step in ranked] + rest


def _per(step: CostStep) -> str:
    """Return what the money is divided by: the unit of the amount without its year."""
    unit = tidy(step.cost_unit)
    money, slash, rest = unit.partition("/")
    names = {step.currency, *(currency_name(step.currency, each) for each in LANGUAGES)}
    if slash and money.strip() in names:
        return rest
    return unit or tidy(step.width_unit).partition("/")[0]


def cost_curve(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw what each unit saved costs, option beside option: a curve of conserved or abated.

    Parameters
    ----------
    source : Assessment or sequence of CostStep
        What to draw: anything with a method ``cost_steps(language)``, or the records. The order
        of the records matters only among those that carry the same front.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the steps. By default a new
        Figure.
    language : {"vi", "en"}
        Language of every text.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many options are drawn at most; the chart says how many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the amount saved, added up [width_unit]; y the cost of each unit [currency/unit].

    Notes
    -----
    Options that cost something stand from the cheapest unit up. Among options of negative cost a
    lower cost per unit is not better, for it falls as less is saved: they stand in Pareto order
    (front behind front), and a sentence says so; they are named as paying by themselves, without
    a cost per unit. Fronts that the records carry (``CostStep.front``) are kept, with the order
    of the records within each, and a note says that they count the whole life; else they are
    worked out here, within a front from the highest gain down. Options of unknown amount or cost,
    and options that save nothing, are named under the chart in two sentences.

    References
    ----------
    Taylor, S. (2012). The ranking of negative-cost emissions reduction measures. Energy Policy
    48, 430–438.

    Examples
    --------
    >>> from sxsh_audit.display.records import CostStep
    >>> ax = cost_curve([CostStep("GP2", "Thay lò hơi", 120.0, 450e3, "tCO₂/năm"),
    ...                  CostStep("GP1", "Bảo ôn", 40.0, -900e3, "tCO₂/năm", pays=True)])
    >>> [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches]
    [(0.0, 40.0, -900000.0), (40.0, 120.0, 450000.0)]
    """
    language = check_language(language)
    records: list[CostStep] = records_of(source, "cost_steps", language)
    drawable = _in_order([step for step in records if _drawable(step)])
    steps, notes = shown(drawable, first, language, "chart.more_options")
    if any(_pays(step) for step in steps):
        notes.append(sentence("chart.pareto", language))
        if any(step.front > 0 for step in steps):
            notes.append(sentence("chart.pareto_life", language))
    out = sorted((step for step in records if not _drawable(step)),
                 key=lambda step: (step.id, step.name))
    nothing = _named([step for step in out if step.width <= 0], language)
    unknown = _named([step for step in out if not step.width <= 0], language)  # also of nan
    if unknown:
        notes.append(sentence("chart.unknown_step", language, names=unknown))
    if nothing:
        notes.append(sentence("chart.saves_nothing", language, names=nothing))
    titles = titles_of(source, "chart.cost_title", language, (title, subtitle))
    if not steps:
        return without_scale(ax, titles, why_nothing(records, language), notes)

    x, y = _scales(steps, language)
    marks = _marks(steps)
    keys = [_key(step, mark, language) for step, mark in zip(steps, marks, strict=True)]
    head = sentence("chart.cost_key", language)
    wide = max(width(head, SMALL), *(width(key.text, NORMAL) for key in keys))
    sheet = open_plane(
        ax, x, y, titles, right=LEAD + wide + EDGE, notes=notes, head=STRIP,
        inside=max(TALL, sum(key.height for key in keys)),
    )
    sheet.write(head, (1.0, 1.0), shift=(LEAD, SMALL * LINE / 2), frame=("axes", "axes"),
                size=SMALL, color=QUIET)
    _stand(keys, sheet)
    _draw(sheet, steps)
    _mark(sheet, steps, marks, x, y)
    put_keys(sheet, keys)
    return sheet.ax


def _named(steps: list[CostStep], language: Language) -> str:
    return names_of([name_of(step.id, step.name) for step in steps], language)


def _scales(steps: list[CostStep], language: Language) -> tuple[Scale, Scale]:
    total = math.fsum(step.width for step in steps)
    unit = tidy(steps[0].width_unit)
    across = sentence("chart.cost_width", language, unit=unit)
    if not unit:
        across = sentence("chart.cost_width_plain", language)
    x = scale_of((0.0, total), title=across, language=language)
    return x, money_of(limits(step.cost for step in steps), "chart.cost_height", language,
                       steps[0].currency, per=_per(steps[0]))


def _key(step: CostStep, mark: str, language: Language) -> Key:
    amount = f"{sig(step.width, language, 3)} {tidy(step.width_unit)}".strip()
    if _pays(step):
        told = sentence("chart.cost_step_pays", language, amount=amount)
    else:
        cost, per = money_text(step.cost, language, step.currency), _per(step)
        told = sentence("chart.cost_step", language, cost=f"{cost}/{per}" if per else cost,
                        amount=amount)
    name = name_of(step.id, step.name)
    return key_of(f"{mark}. {name}" if mark.isdecimal() else name, told, KEY_ROOM)


def _stand(keys: list[Key], sheet: Sheet) -> None:
    """Place the names from the top down, in the order of the steps."""
    top = sheet.tall
    for key in keys:
        key.want = (top - key.height / 2) / sheet.tall
        top -= key.height


def _draw(sheet: Sheet, steps: list[CostStep]) -> None:
    at = 0.0
    for step in steps:
        sheet.box((at, 0.0), (step.width, step.cost), _PAYS if _pays(step) else _COSTS,
                  step.id or step.name, clipped=False)
        at += step.width
    rule_zero(sheet)


def _marks(steps: list[CostStep]) -> list[str]:
    """Return what stands over the steps: ids, or numbers where there is no room for ids."""
    names = [wrap(step.id or step.name, ID_ROOM, SMALL, bold=True, most=1) for step in steps]
    if sum(width(name, SMALL, bold=True) + GAP for name in names) <= IDS_ROOM:
        return names
    return [str(place) for place in range(1, len(steps) + 1)]


def _mark(
    sheet: Sheet, steps: list[CostStep], texts: list[str], x_axis: Scale, y_axis: Scale
) -> None:
    """Write ids or numbers over the steps; nothing where there is no room even for numbers."""
    sizes = [width(text, SMALL, bold=True) + GAP for text in texts]
    if sum(sizes) > sheet.span:
        return
    middles, tops, at = [], [], 0.0
    for step in steps:
        middles.append(x_axis.share(at + step.width / 2))
        tops.append(y_axis.share(max(step.cost, 0.0)))
        at += step.width
    places = spread([middle * sheet.span for middle in middles], sizes, 0.0, sheet.span)
    over = 1 + SMALL * LINE / sheet.tall
    x: list[float] = []
    y: list[float] = []
    for text, middle, top, place in zip(texts, middles, tops, places, strict=True):
        x += [middle, middle, place / sheet.span, math.nan]
        y += [top, 1.0, over, math.nan]
        sheet.write(text, (place / sheet.span, over), shift=(0, SMALL * LINE / 2),
                    frame=("axes", "axes"), ha="center", size=SMALL, bold=True)
    # all of them as one line with gaps, which is drawn in one go
    trace(sheet, x, y, QUIET, 0.8, frame="axes", zorder=1.5)
