"""Months and bills along an axis of time; baseline and reporting period told apart."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from typing import Protocol

from sxsh_audit.charts.legend import Entry, entry
from sxsh_audit.charts.lettering import LINE, NORMAL, QUIET, SMALL, width
from sxsh_audit.charts.paper import EDGE, GAP, OKABE_ITO, Sheet
from sxsh_audit.charts.plane import Scale, trace
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

__all__ = [
    "HEAD",
    "Interval",
    "in_time",
    "middle",
    "name_intervals",
    "period_edge",
    "period_entries",
    "put_period_points",
    "put_periods",
    "time_scale",
]

HEAD = NORMAL * LINE + 2  # [pt] for the names of the periods
MONTHS = 9  # ticks at most
PERIODS = {"baseline": ("o", "white"), "reporting": ("s", OKABE_ITO[5])}
"""Marker and fill of the points of each period."""
MOST_POINTS = 60  # of full size
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_EPOCH = dt.date(1970, 1, 1).toordinal()


class Interval(Protocol):
    """Anything with a first and a last day, days since 1970-01-01."""

    @property
    def start(self) -> int:
        """First day [d]."""

    @property
    def end(self) -> int:
        """Last day [d]."""


def middle(point: Interval) -> float:
    """Return the middle of an interval of whole days [d]."""
    return (point.start + point.end + 1) / 2


def in_time(points: Sequence[Interval]) -> list[Interval]:
    """Return the points in the order of their days."""
    return sorted(points, key=lambda point: (point.start, point.end))


def _month(day: int) -> int:
    date = dt.date.fromordinal(day + _EPOCH)
    return 12 * date.year + date.month - 1


def _first_day(month: int) -> int:
    return dt.date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH


def _month_name(month: int, language: Language) -> str:
    return sentence("chart.month", language, month=month % 12 + 1, year=month // 12)


def time_scale(points: Sequence[Interval], language: Language) -> Scale:
    """Return the axis of time, with ticks at the middle of months.

    Parameters
    ----------
    points : sequence of Interval
        What is drawn; at least one.
    language : {"vi", "en"}
        Language of the months.
    """
    first, last = min(p.start for p in points), max(p.end for p in points)
    months = range(_month(first), _month(last) + 1)
    step = next((step for step in _STEPS if len(months) <= step * MONTHS), _STEPS[-1])
    ticks, labels = [], []
    for month in months:
        at = (_first_day(month) + _first_day(month + 1)) / 2
        if month % step == 0 and first <= at <= last + 1:
            ticks.append(at)
            labels.append(_month_name(month, language))
    if not ticks:
        ticks, labels = [(first + last + 1) / 2], [_month_name(months[0], language)]
    return Scale(float(first), float(last + 1), ticks, labels, sentence("chart.time", language))


def period_edge(points: Sequence[Interval]) -> float:
    """Return the day on which the reporting period begins [d]; nan where only one is drawn."""
    kinds = {kind: [p for p in points if getattr(p, "period", "") == kind]
             for kind in ("baseline", "reporting")}  # fmt: skip
    if not all(kinds.values()):
        return math.nan
    before = max(p.end + 1 for p in kinds["baseline"])
    return (before + min(p.start for p in kinds["reporting"])) / 2


def period_entries(kinds: Collection[str], language: Language) -> list[Entry]:
    """Return the names of the periods of which there are points."""
    return [
        entry(sentence(f"chart.{kind}_period", language), marker=PERIODS[kind][0],
              fill=PERIODS[kind][1])
        for kind in ("baseline", "reporting") if kind in kinds
    ]  # fmt: skip


def put_period_points(sheet: Sheet, points: Sequence[tuple[float, float, str]]) -> None:
    """Draw points, given as x, y and their period."""
    size = 10.0 if len(points) <= MOST_POINTS else 6.0
    for kind, (marker, fill) in PERIODS.items():
        mine = sorted((x, y) for x, y, period in points if period == kind)
        if mine:
            across, up = zip(*mine, strict=True)
            trace(sheet, across, up, "black", 0.0, marker=marker, fill=fill, size=size,
                  zorder=4.0, label=kind)


def put_periods(sheet: Sheet, edge: float, language: Language) -> None:
    """Rule the edge between the periods and name both beside it, above the axes."""
    if not math.isfinite(edge):
        return
    sheet.rule(edge, dashed=True)
    left, right = sheet.ax.get_xlim()
    at = (edge - left) / (right - left) * sheet.span
    before, after = (sentence(f"chart.{kind}_period", language)
                     for kind in ("baseline", "reporting"))  # fmt: skip
    # the first name may stand over the figures of the axis but not off the page
    end = max(at - GAP, width(before, SMALL, bold=True) + EDGE - 2 * GAP)
    for text, shift, ha in ((before, end, "right"), (after, max(at, end) + GAP, "left")):
        sheet.write(text, (0.0, 1.0), shift=(shift, HEAD / 2), frame=("axes", "axes"), ha=ha,
                    size=SMALL, bold=True, color=QUIET)


def name_intervals(points: Sequence[Interval], language: Language, most: int = 6) -> str:
    """Return the months of some points for a sentence; of many only how many more there are."""
    names = list(dict.fromkeys(_month_name(_month(p.start), language) for p in points))
    text = ", ".join(names[:most])
    if len(names) > most:
        text = sentence("chart.and_more", language, names=text, count=len(names) - most)
    return text
