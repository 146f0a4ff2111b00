"""Files of an assessment: JSON, page, tables, charts; whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit import charts
from sxsh_audit.cli.page import Drawing, page
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import strip_marks

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.assessment.results import Assessment

__all__ = ["PLANTS_DRAWN", "chart_note", "write_results"]

TABLES = ("savings", "groups", "verdict", "options", "option_savings", "option_totals")
CHARTS = {
    "savings": "chart.savings_title",
    "specific_consumption": "chart.consumption_title",
    "payback_ladder": "chart.payback_title",
}
PLANTS_DRAWN = 12
"""A chart is of one plant; a hundred thousand of them are a table."""


def write_results(result: Assessment, folder: Path, language: Language) -> list[Path]:
    """Write everything that an assessment holds into `folder`.

    Parameters
    ----------
    result : Assessment
        What to write.
    folder : Path
        Made where it does not exist; files of the same names are replaced.
    language : {"vi", "en"}
        Language of the page, the charts and the findings; the JSON does not depend on it.

    Returns
    -------
    list of Path
        The files, in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_text(folder / "assessment.json", _document(result), language)]
    frames = {name: getattr(result, name).to_frame() for name in TABLES}
    frames["findings"] = result.findings.to_frame(language)
    for name, frame in frames.items():
        if len(frame):
            text = "\ufeff" + csv_text(frame, language)
            written.append(_text(folder / f"{name}.csv", text, language))
    files, drawings = _charts(result, folder, language)
    web = _text(folder / "assessment.html", page(result, language, drawings), language)
    return [written[0], web, *written[1:], *files]


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
    apostrophe before it.
    """
    separator, decimal = (";", ",") if language == "vi" else (",", ".")
    safe = frame.apply(lambda column: column.map(_harmless) if _holds_text(column) else column)
    text: str = safe.to_csv(
        index=False, sep=separator, decimal=decimal, lineterminator="\r\n", float_format="%.15g"
    )
    return text


def _holds_text(column: pd.Series[Any]) -> bool:
    return column.dtype.kind not in "biufc"


def _harmless(cell: Any) -> Any:
    risky = isinstance(cell, str) and re.match(r"[=+@\t\r]|-(?![\d.,\s]*$)", cell)
    return f"'{cell}" if risky else cell


def chart_note(result: Assessment, language: Language) -> str:
    """Return what a person should know about the charts of several plants; else nothing."""
    plants = len(result.verdict)
    if plants <= 1:
        return ""
    if plants > PLANTS_DRAWN:
        return sentence("cli.charts_too_many", language, plants=plants, most=PLANTS_DRAWN)
    return sentence("cli.charts_per_plant", language)


def _charts(
    result: Assessment, folder: Path, language: Language
) -> tuple[list[Path], list[Drawing]]:
    files: list[Path] = []
    drawings: list[Drawing] = []
    if len(result.verdict) > PLANTS_DRAWN:
        return files, drawings
    several = len(result.verdict) > 1
    for ending, one in _plants(result):
        for name, heading in CHARTS.items():
            rows = one.options if name == "payback_ladder" else one.savings
            if not len(rows):
                continue
            draw: Callable[..., Any] = getattr(charts, name)
            chart = draw(one, language=language)
            png, svg = (folder / f"{name}{ending}.{kind}" for kind in ("png", "svg"))
            files += [charts.save(chart, png), charts.save(chart, svg)]
            if not several or name == "savings":
                title = f"{sentence(heading, language)}: {one.chart_subtitle(language)}"
                drawings.append(Drawing(f"{name}{ending}".replace("_", "-"), title,
                                        svg.read_text(encoding="utf-8")))  # fmt: skip
    return files, drawings


def _plants(result: Assessment) -> Iterator[tuple[str, Assessment]]:
    """Yield what names the files of each plant, and its part of the result."""
    plants = [row["facility"] for row in result.verdict.rows]
    if len(plants) <= 1:
        yield "", result
        return
    used: set[str] = set()
    for number, plant in enumerate(plants, start=1):
        ending = re.sub(r"[^a-z0-9]+", "-", strip_marks(str(plant)).casefold()).strip("-")
        ending = f"-{ending or number}"
        if ending in used:  # two names that differ by their marks only
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
    return json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _text(path: Path, text: str, language: Language) -> Path:
    with replacing(path, language=language) as draft:
        draft.write_text(text, encoding="utf-8", newline="")
    return path
