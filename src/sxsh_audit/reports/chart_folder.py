"""Every chart of an assessment as files for print and for slides, each with its data."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.reports.csv_files import csv_text

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["write_charts"]

PRINT_DPI = 300
"""A chart is 12 inches wide: 3,600 pixels, sharp on A4 also at full width."""
SLIDE_DPI = 160
"""1,920 pixels: the width of a projector."""
ENDINGS = (".svg", ".pdf", "-print.png", "-slide.png", ".csv")


def write_charts(
    assessment: Assessment, folder: str | os.PathLike[str], *, language: Language = "vi",
    overwrite: bool = False, progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write every chart of an assessment into a folder: all of them, or nothing.

    Parameters
    ----------
    assessment : Assessment
        What to draw; of several plants each has charts of its own, up to twelve plants.
    folder : path
        Where to; made where it does not exist.
    language : {"vi", "en"}
        Language of the charts, and of the numbers in their data.
    overwrite : bool
        Whether files of the same names may be replaced.
    progress : callable, optional
        Called with the charts that are written and those there are.

    Returns
    -------
    list of Path
        Of each chart: SVG and PDF, PNG for print (300 dots per inch) and for a slide (1,920
        pixels wide), and a CSV of the records that it shows.

    Raises
    ------
    OutputError
        If a file is there already and `overwrite` is false, or the folder cannot be written to;
        what was there before is then as it was.
    TypeError
        If it is given anything but an assessment.

    Examples
    --------
    >>> import tempfile
    >>> import sxsh_audit as sx
    >>> study = sx.Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                              electricity=("1200000 kWh", "1100000 kWh"))
    >>> written = write_charts(sx.assess(study), tempfile.mkdtemp())
    >>> sorted({path.name for path in written if path.stem.startswith("savings")})
    ['savings-print.png', 'savings-slide.png', 'savings.csv', 'savings.pdf', 'savings.svg']
    """
    from sxsh_audit import charts
    from sxsh_audit.assessment.results import Assessment as Result
    from sxsh_audit.reports.chart_plan import chart_plan

    language = check_language(language)
    if not isinstance(assessment, Result):
        raise TypeError(f"give an Assessment, not {type(assessment).__name__}")
    plan, folder = list(chart_plan(assessment)), Path(folder)
    names = [f"{chart.name}{ending}" for chart in plan for ending in ENDINGS]
    if not overwrite:  # before they are drawn, which takes seconds
        refuse_existing([folder / name for name in names], language)
    with replacing_all(folder, overwrite=overwrite, language=language) as draft:
        for done, chart in enumerate(plan, start=1):
            axes = chart.draw(language)
            for ending in (".svg", ".pdf"):
                charts.save(axes, draft / f"{chart.name}{ending}")
            charts.save(axes, draft / f"{chart.name}-print.png", dpi=PRINT_DPI)
            charts.save(axes, draft / f"{chart.name}-slide.png", dpi=SLIDE_DPI)
            text = _data(chart.records(language), language)
            (draft / f"{chart.name}.csv").write_text("\ufeff" + text, encoding="utf-8",
                                                     newline="")  # fmt: skip
            if progress is not None:
                progress(done, len(plan))
    return [folder / name for name in names]


def _data(records: Sequence[Any], language: Language) -> str:
    """Return the records of a chart as CSV, one row each."""
    import pandas as pd

    rows = [asdict(one) if is_dataclass(one) and not isinstance(one, type)
            else dict(one._asdict()) for one in records]  # fmt: skip
    return csv_text(pd.DataFrame(rows), language)
