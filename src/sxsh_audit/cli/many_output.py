"""Files of the result of many plants, for spreadsheets: all rows, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.files.replacing import refuse_existing, refuse_output, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.reports.csv_files import csv_text

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.scale.result import ManyAssessments

__all__ = ["check_place", "write_tables"]

DOCUMENT, TOGETHER = "many.json", "rollup.csv"
OF_PLANTS = ("verdicts", "groups", "savings", "findings")
NAMES = (DOCUMENT, TOGETHER, *(f"{name}.csv" for name in OF_PLANTS))
TOLD_APART = ["refused", "findings"]
"""Columns of the savings that the table of findings has."""


def check_place(
    folder: Path, taken: tuple[Path, ...], overwrite: bool, language: Language
) -> None:
    """Refuse, before anything is worked out, a folder that cannot take the tables.

    Parameters
    ----------
    folder : Path
        Where the tables are wanted.
    taken : tuple of Path
        Folders of other things: the dataset, the results that a run goes on with.
    overwrite : bool
        Whether files of the same names may be replaced.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    OutputError
        If the folder is one of `taken` or inside it, or holds such files and `overwrite` is
        false.
    """
    place = Path(os.path.realpath(folder))
    if any(place.is_relative_to(os.path.realpath(other)) for other in taken):
        refuse_output("many.out_taken", folder, language, path=str(folder))
    if not overwrite:
        refuse_existing([folder / name for name in NAMES], language)


def write_tables(
    found: ManyAssessments, folder: Path, language: Language, *, overwrite: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> list[Path]:
    """Write what came of many plants as CSV and JSON, part by part.

    Parameters
    ----------
    found : ManyAssessments
        What to write.
    folder : Path
        Made where it does not exist.
    language : {"vi", "en"}
        Language of the findings; its spreadsheets open the tables.
    overwrite : bool
        Whether files of the same names may be replaced.
    progress : callable, optional
        Called with the plants whose tables are written and all plants.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        If a file is there already and `overwrite` is false, or the folder cannot be written to;
        what was there before is then as it was.
    """
    plants = found.counts["plants"] * len(OF_PLANTS)
    parts = max(found.parts, 1)
    with replacing_all(folder, overwrite=overwrite, language=language) as draft:
        text = json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False, indent=2)
        (draft / DOCUMENT).write_text(f"{text}\n", encoding="utf-8")
        _append(draft / TOGETHER, found.to_frame(), language)
        done = 0
        for table in OF_PLANTS:
            for frame in found.in_parts(table, language):
                rows = frame.drop(columns=TOLD_APART) if table == "savings" else frame
                _append(draft / f"{table}.csv", rows, language)
                done += 1
                if progress is not None:
                    progress(done * plants // (parts * len(OF_PLANTS)), plants)
    return [folder / name for name in NAMES]


def _append(path: Path, frame: pd.DataFrame, language: Language) -> None:
    begun = path.exists()
    text = csv_text(frame, language, head=not begun)
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write(text if begun else f"\ufeff{text}")
