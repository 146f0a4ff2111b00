"""Files of an assessment: JSON, page, tables, charts; whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit import charts
from sxsh_audit.cli.page import Drawing, page
from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.chart_plan import PLANTS_DRAWN, PlannedChart, chart_plan, plants_of
from sxsh_audit.reports.csv_files import csv_text

if TYPE_CHECKING:
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
    plan = list(chart_plan(result))
    pictures = [f"{chart.name}.{kind}" for chart in plan for kind in ("png", "svg")]
    names = ["assessment.json", "assessment.html", *frames, *pictures]
    if not overwrite:  # before the charts are drawn, which takes seconds
        refuse_existing([folder / name for name in names], language)
    with replacing_all(folder, overwrite=overwrite, language=language) as draft:
        _text(draft / names[0], _document(result))
        for name, frame in frames.items():
            _text(draft / name, "\ufeff" + csv_text(frame, language))
        drawings = _charts(plan, draft, language, several=len(plants_of(result)) > 1)
        _text(draft / names[1], page(result, language, drawings))
    return [folder / name for name in names]


def chart_note(result: Assessment, language: Language) -> str:
    """Return what a person should know about the charts of several plants; else nothing."""
    plants = len(plants_of(result))
    if plants <= 1:
        return ""
    if plants > PLANTS_DRAWN:
        return sentence("cli.charts_too_many", language, plants=plants, most=PLANTS_DRAWN)
    return sentence("cli.charts_per_plant", language)


def _charts(
    plan: Sequence[PlannedChart], folder: Path, language: Language, *, several: bool
) -> list[Drawing]:
    drawings: list[Drawing] = []
    for item in plan:
        chart = item.draw(language)
        png, svg = (folder / f"{item.name}.{kind}" for kind in ("png", "svg"))
        charts.save(chart, png)
        charts.save(chart, svg)
        if not several or item.kind == "savings":
            drawings.append(Drawing(item.name.replace("_", "-"), item.title(language),
                                    svg.read_text(encoding="utf-8")))  # fmt: skip
    return drawings


def _document(result: Assessment) -> str:
    text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    # Half a letter, as a broken file name has it, cannot be written as UTF-8; JSON spells it.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
