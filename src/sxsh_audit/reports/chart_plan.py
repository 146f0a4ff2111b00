"""Charts that are worth drawing, plant by plant, and the names of their files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sxsh_audit import charts
from sxsh_audit.assessment.results import TABLES
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import strip_marks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sxsh_audit.assessment.results import Assessment

__all__ = ["CHARTS", "PLANTS_DRAWN", "PlannedChart", "chart_plan", "plant_parts", "plants_of"]

CHARTS = {
    "savings": ("chart.savings_title", "savings_bars"),
    "specific_consumption": ("chart.consumption_title", "intensity_pairs"),
    "payback_ladder": ("chart.payback_title", "payback_steps"),
    "npv_profile": ("chart.npv_title", "npv_curves"),
    "cash_flow": ("chart.cash_title", "cash_bars"),
    "cost_curve": ("chart.cost_title", "cost_steps"),
    "frontier": ("chart.frontier_title", "frontier_points"),
    "tornado": ("chart.tornado_title", "tornado_bars"),
    "rank_stability": ("chart.rank_title", "rank_spreads"),
    "target_interval": ("chart.interval_title", "target_intervals"),
    "fit": ("chart.fit_title", "fit_points"),
    "expected": ("chart.expected_title", "expected_points"),
    "residuals": ("chart.residuals_title", "residual_points"),
    "cusum": ("chart.cusum_title", "cusum_points"),
    "waterfall": ("chart.waterfall_title", "change_steps"),
    "sankey": ("chart.sankey_title", "flow_bands"),
    "loss_waterfall": ("chart.loss_waterfall_title", "loss_steps"),
    "loss_pareto": ("chart.loss_pareto_title", "loss_streams"),
}
"""Title of each chart, and what the assessment gives it to draw."""
FEWEST = {"fit": 6, "expected": 6, "residuals": 6, "cusum": 3}
"""Intervals below which a chart over time, or of use on output, says nothing."""
PLANTS_DRAWN = 12
"""A chart is of one plant; a hundred thousand of them are a table."""

LONGEST_ENDING = 60
"""Letters of a plant's name in a file name; file systems take 255 bytes for the whole."""


@dataclass(frozen=True, slots=True)
class PlannedChart:
    """A chart to be drawn.

    Parameters
    ----------
    name : str
        Name of its files, without an ending.
    kind : str
        Name of the function of :mod:`sxsh_audit.charts`.
    part : Assessment
        Part of the result that it shows: that of one plant.
    """

    name: str
    kind: str
    part: Assessment

    def draw(self, language: Language) -> Axes:
        """Draw it."""
        function: Callable[..., Axes] = getattr(charts, self.kind)
        return function(self.part, language=language)

    def records(self, language: Language) -> Sequence[Any]:
        """Return the records that it shows."""
        found: Sequence[Any] = getattr(self.part, CHARTS[self.kind][1])(language)
        return found

    def title(self, language: Language) -> str:
        """Say what it shows, for people who do not see it."""
        shown = sentence(CHARTS[self.kind][0], language)
        subtitle = self.part.chart_subtitle(language)
        return f"{shown}: {subtitle}" if subtitle else shown


def chart_plan(
    result: Assessment, kinds: Sequence[str] | None = None
) -> Iterator[PlannedChart]:
    """Yield the charts that are worth drawing; none of more plants than :data:`PLANTS_DRAWN`."""
    if len(plants_of(result)) > PLANTS_DRAWN:
        return
    for ending, part in plant_parts(result):
        for kind in CHARTS if kinds is None else kinds:
            records = getattr(part, CHARTS[kind][1])()
            if _worth_drawing(kind, records):
                yield PlannedChart(f"{kind}{ending}", kind, part)


def _worth_drawing(kind: str, records: Sequence[Any]) -> bool:
    """Whether there is enough in the records of a chart to be looked at."""
    if kind == "target_interval":
        return any(not math.isnan(record.ratio_low) for record in records)
    if kind == "cost_curve":
        return any(record.width > 0 for record in records)
    return len(records) >= FEWEST.get(kind, 1)


def plants_of(result: Assessment) -> list[str]:
    """Return the plants of an assessment, also those that have nothing but a flow sheet."""
    rows = (*result.verdict.rows, *result.options.rows, *result.flows.rows)
    return list(dict.fromkeys(str(row["facility"]) for row in rows))


def plant_parts(result: Assessment) -> Iterator[tuple[str, Assessment]]:
    """Yield what names the files of each plant, and its part of the result.

    Of a plant's name only plain letters and digits go into a file name, behind the kind of chart:
    no name can lead to another folder, be one that Windows keeps for itself or be too long.
    """
    plants = plants_of(result)
    if len(plants) <= 1:
        yield "", result
        return
    used: set[str] = set()
    for number, plant in enumerate(plants, start=1):
        ending = re.sub(r"[^a-z0-9]+", "-", strip_marks(plant).casefold()).strip("-")
        ending = f"-{ending[:LONGEST_ENDING].strip('-') or number}"
        while ending in used:  # names that differ by their marks only, or late
            ending = f"{ending}-{number}"
        used.add(ending)
        study = {**result.study, "title": result.study["facilities"].get(plant) or plant}
        parts: dict[str, Any] = {}
        for name in TABLES:
            table = getattr(result, name)
            rows = tuple(row for row in table.rows if row["facility"] == plant)
            parts[name] = replace(table, rows=rows)
        yield ending, replace(result, study=study, **parts)
