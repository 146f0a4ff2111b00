"""Files of an assessment: JSON, page, tables, charts; whole or not at all."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit import charts
from sxsh_audit.cli.page import Drawing, page
from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import strip_marks, visible

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.assessment.results import Assessment

__all__ = ["PLANTS_DRAWN", "chart_note", "write_results"]

TABLES = (
    "savings", "groups", "verdict", "options", "option_savings", "option_totals", "economics",
    "portfolio", "portfolio_savings", "frontier", "risk", "tornado", "abatement", "screening",
    "plan", "claimed", "baselines", "adjusted", "adjusted_overall", "uncertainty",
    "change_split", "reconciliation", "expected", "flows", "balances", "balance_tests",
    "loss_costs", "loss_totals", "cost_centres", "cost_trail", "true_costs", "flow_claims",
    "flows_after", "emissions", "limits", "indicators", "shifts", "needs",
)  # fmt: skip
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


def write_results(
    result: Assessment, folder: Path, language: Language, *, overwrite: bool = False
) -> list[Path]:
    """Write everything that an assessment holds into `folder`: the whole set, or nothing.

    Parameters
    ----------
    result : Assessment
        What to write.
    folder : Path
        Made where it does not exist.
    language : {"vi", "en"}
        Language of the page, the charts and the findings; the JSON does not depend on it.
    overwrite : bool
        Whether files of the same names may be replaced.

    Returns
    -------
    list of Path
        The files, in order.

    Raises
    ------
    OutputError
        If a file is there already and `overwrite` is false (all of them are named), or if the
        folder cannot be written to. What was there before is then as it was.
    """
    frames = {name: getattr(result, name).to_frame() for name in TABLES}
    frames["findings"] = result.findings.to_frame(language)
    frames = {f"{name}.csv": frame for name, frame in frames.items() if len(frame)}
    plan = list(_chart_plan(result))
    pictures = [f"{chart.name}.{kind}" for chart in plan for kind in ("png", "svg")]
    names = ["assessment.json", "assessment.html", *frames, *pictures]
    if not overwrite:  # before the charts are drawn, which takes seconds
        refuse_existing([folder / name for name in names], language)
    with replacing_all(folder, overwrite=overwrite, language=language) as draft:
        _text(draft / names[0], _document(result))
        for name, frame in frames.items():
            _text(draft / name, "\ufeff" + csv_text(frame, language))
        drawings = _charts(plan, draft, language, several=len(result.verdict) > 1)
        _text(draft / names[1], page(result, language, drawings))
    return [folder / name for name in names]


def csv_text(frame: pd.DataFrame, language: Language) -> str:
    """Return a table as the spreadsheet of the language reads it.

    Parameters
    ----------
    frame : DataFrame
        The table.
    language : {"vi", "en"}
        A spreadsheet in a Vietnamese Windows reads «;» and a decimal comma.

    Notes
    -----
    Fifteen significant digits: as many as a spreadsheet keeps, and 12000000 stays so where the
    float is 11999999.999999996. A text that a spreadsheet would run as a formula gets an
    apostrophe before it; a letter that cannot be seen is written as an escape.
    """
    separator, decimal = (";", ",") if language == "vi" else (",", ".")
    def shown(cell: Any) -> Any:
        if isinstance(cell, dict) or _holds_records(cell):
            cell = json.dumps(cell, ensure_ascii=False) if cell else ""
        elif isinstance(cell, (list, tuple)):  # several figures or names in one cell
            figures = (f"{one:.15g}".replace(".", decimal) if isinstance(one, float) else str(one)
                       for one in cell)  # fmt: skip
            cell = " | ".join(figures)
        return _harmless(cell)

    safe = frame.apply(lambda column: column.map(shown) if _holds_text(column) else column)
    text: str = safe.to_csv(
        index=False, sep=separator, decimal=decimal, lineterminator="\r\n", float_format="%.15g"
    )
    return text


def _holds_records(cell: Any) -> bool:
    return isinstance(cell, (list, tuple)) and any(isinstance(one, (dict, list)) for one in cell)


def _holds_text(column: pd.Series[Any]) -> bool:
    return column.dtype.kind not in "biufc"


def _harmless(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    cell = visible(cell, lines=True)
    risky = re.match(r"\s*(?:[=+@＝＋＠]|[-－](?![-\d.,\s|]*$))", cell)
    return f"'{cell}" if risky else cell


def chart_note(result: Assessment, language: Language) -> str:
    """Return what a person should know about the charts of several plants; else nothing."""
    plants = len(result.verdict)
    if plants <= 1:
        return ""
    if plants > PLANTS_DRAWN:
        return sentence("cli.charts_too_many", language, plants=plants, most=PLANTS_DRAWN)
    return sentence("cli.charts_per_plant", language)


@dataclass(frozen=True, slots=True)
class _Chart:
    """A chart to be drawn: name of its files, kind, and the part of the result that it shows."""

    name: str
    kind: str
    part: Assessment


def _chart_plan(result: Assessment) -> Iterator[_Chart]:
    if len(result.verdict) > PLANTS_DRAWN:
        return
    for ending, part in _plants(result):
        for kind in CHARTS:
            records = getattr(part, CHARTS[kind][1])()
            if _worth_drawing(kind, records):
                yield _Chart(f"{kind}{ending}", kind, part)


def _worth_drawing(kind: str, records: Sequence[Any]) -> bool:
    """Whether there is enough in the records of a chart to be looked at."""
    if kind == "target_interval":
        return any(not math.isnan(record.ratio_low) for record in records)
    if kind == "cost_curve":
        return any(record.width > 0 for record in records)
    return len(records) >= FEWEST.get(kind, 1)


def _charts(
    plan: Sequence[_Chart], folder: Path, language: Language, *, several: bool
) -> list[Drawing]:
    drawings: list[Drawing] = []
    for item in plan:
        draw: Callable[..., Any] = getattr(charts, item.kind)
        chart = draw(item.part, language=language)
        png, svg = (folder / f"{item.name}.{kind}" for kind in ("png", "svg"))
        charts.save(chart, png)
        charts.save(chart, svg)
        if not several or item.kind == "savings":
            shown = sentence(CHARTS[item.kind][0], language)
            title = f"{shown}: {item.part.chart_subtitle(language)}"
            drawings.append(Drawing(item.name.replace("_", "-"), title,
                                    svg.read_text(encoding="utf-8")))  # fmt: skip
    return drawings


def _plants(result: Assessment) -> Iterator[tuple[str, Assessment]]:
    """Yield what names the files of each plant, and its part of the result.

    Of a plant's name only plain letters and digits go into a file name, behind the kind of chart:
    no name can lead to another folder, be one that Windows keeps for itself or be too long.
    """
    plants = [row["facility"] for row in result.verdict.rows]
    if len(plants) <= 1:
        yield "", result
        return
    used: set[str] = set()
    for number, plant in enumerate(plants, start=1):
        ending = re.sub(r"[^a-z0-9]+", "-", strip_marks(str(plant)).casefold()).strip("-")
        ending = f"-{ending[:LONGEST_ENDING].strip('-') or number}"
        while ending in used:  # names that differ by their marks only, or late
            ending = f"{ending}-{number}"
        used.add(ending)
        study = {**result.study, "title": result.study["facilities"].get(plant) or str(plant)}
        parts: dict[str, Any] = {}
        for name in TABLES:
            table = getattr(result, name)
            rows = tuple(row for row in table.rows if row["facility"] == plant)
            parts[name] = replace(table, rows=rows)
        yield ending, replace(result, study=study, **parts)


def _document(result: Assessment) -> str:
    text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    # Half a letter, as a broken file name has it, cannot be written as UTF-8; JSON spells it.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
