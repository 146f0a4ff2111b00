"""The annex of a yearly report as a workbook: numbers as numbers, formulas for what follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.language.formatting import Language
from sxsh_audit.reports.province.annex_counts import CountSheets
from sxsh_audit.reports.province.annex_records import RecordSheets
from sxsh_audit.reports.province.targets import Targets
from sxsh_audit.reports.sheet_writing import new_book

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.tables.register import Register

__all__ = ["to_annex"]


def to_annex(
    progress: ProgrammeProgress, register: Register, path: Path, language: Language, *,
    expected: Sequence[str] | None = None,
) -> None:
    """Write the annex of a yearly report.

    Parameters
    ----------
    progress : ProgrammeProgress
        What the year adds up to.
    register : Register
        The records behind it.
    path : Path
        File to write.
    language : {"vi", "en"}
        Language of headings and words; numbers are numbers.
    expected : sequence of str, optional
        Agencies that were to report.

    Notes
    -----
    Counts are formulas over the sheet of establishments, shares and sums are formulas over the
    cells beside them; the values stored with them are those of the report. The same progress
    gives the same bytes.
    """
    view = Targets(progress, register, language, expected)
    with new_book(path, view.says("yearly.title", year=view.year)) as book:
        _Annex(book, view).every()


class _Annex(CountSheets, RecordSheets):
    """The sheets of one annex."""

    def every(self) -> None:
        """Write every sheet; one without a row is left out."""
        self.front()
        self.targets()
        self.counts()
        self.groups()
        self.establishments()
        self.resources()
        self.totals()
        self.results()
        self.tasks()
        self.budget()
        self.supports()
        self.full_year()
        self.reports()
        self.evidence()
        self.studies()
        self.findings()
