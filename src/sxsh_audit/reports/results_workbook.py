"""The results as a workbook: numbers as numbers, and formulas where an auditor recomputes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit import __version__
from sxsh_audit.assessment.results import TABLES
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.sheet_writing import SheetColumn, Sheets, cell_text, new_book

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["to_xlsx"]

ALREADY = ("savings", "options")
"""Tables that have a sheet of their own with formulas."""


def to_xlsx(assessment: Assessment, path: Path, language: Language) -> None:
    """Write the results of an assessment as a workbook.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    path : Path
        File to write.
    language : {"vi", "en"}
        Language of headings and sentences; numbers are numbers.

    Notes
    -----
    Specific consumption, saving, absolute saving, money and payback are formulas over the cells
    beside them; the values that are stored with them are those of the assessment. The other
    tables stand as they are, with the names of the JSON document as headings. The same results
    give the same bytes.
    """
    with new_book(path, assessment.study["title"] or assessment.study["study"]) as book:
        sheets = _Sheets(book, assessment, language)
        sheets.summary()
        sheets.savings()
        sheets.options()
        for name in TABLES:
            if name not in ALREADY:
                sheets.plain(name, [dict(row) for row in getattr(assessment, name).rows])
        sheets.findings()


class _Sheets(Sheets):
    """The sheets of one workbook in one language."""

    def __init__(self, book: Any, result: Assessment, language: Language) -> None:
        super().__init__(book)
        self.result, self.language = result, language

    def told(self, code: str, **numbers: Any) -> str:
        """Return a sentence of the topic ``workbook``."""
        return sentence(f"workbook.{code}", self.language, **numbers)

    # -- what was found -------------------------------------------------------------------------

    def summary(self) -> None:
        """Write the first sheet: the result as a person reads it, and where it comes from."""
        from sxsh_audit.assessment.views import tables_of

        sheet = self.add(self.told("summary"))
        first = tables_of(self.result, self.language)[0]
        sheet.write_string(0, 0, cell_text(first.title), self.title)
        row = 2
        for label, value in first.rows:
            sheet.write_string(row, 0, cell_text(label), self.text)
            sheet.write_string(row, 1, cell_text(value), self.wrapped)
            row += 1
        row += 1
        about = [(self.told("version"), __version__),
                 (self.told("factor_set"), self.result.settings["factor_set"] or "–"),
                 *((name, f"SHA-256 {digest}")
                   for name, digest in self.result.study["files"].items())]  # fmt: skip
        for label, value in about:
            sheet.write_string(row, 0, cell_text(label), self.text)
            sheet.write_string(row, 1, cell_text(value), self.text)
            row += 1
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)

    def savings(self) -> None:
        """Write use, output and what follows from them, as formulas."""
        result = self.result
        rows = result.savings.rows
        if not rows:
            return
        columns = (
            SheetColumn("", self.told("facility"), "", "text"),
            SheetColumn("", self.told("resource"), "", "text"),
            SheetColumn("", self.told("unit"), "", "text"),
            SheetColumn("", self.told("output_unit"), "", "text"),
            SheetColumn("use_baseline", self.told("use_baseline"), "", "figure"),
            SheetColumn("output_baseline", self.told("output_baseline"), "", "figure"),
            SheetColumn("baseline", self.told("specific_baseline"), "E{r}/F{r}", "figure"),
            SheetColumn("use_reporting", self.told("use_reporting"), "", "figure"),
            SheetColumn("output_reporting", self.told("output_reporting"), "", "figure"),
            SheetColumn("reporting", self.told("specific_reporting"), "H{r}/I{r}", "figure"),
            SheetColumn("saving", self.told("saving"), "(G{r}-J{r})/G{r}", "percent"),
            SheetColumn("absolute_saving", self.told("absolute"), "(G{r}-J{r})*I{r}", "figure"),
            SheetColumn("price", self.told("price"), "", "money"),
            SheetColumn("money_saving", self.told("money"), "L{r}*M{r}", "money"),
        )  # fmt: skip
        texts = [(row["facility"], result.label(row["resource"], self.language),
                  unit_text(row["unit"], self.language),
                  unit_text(row["output_unit"], self.language)) for row in rows]  # fmt: skip
        self.computed(self.told("savings"), columns, texts, rows)

    def options(self) -> None:
        """Write cost, saving and payback of each option, the payback as a formula."""
        rows = self.result.options.rows
        if not rows:
            return
        columns = (
            SheetColumn("", self.told("facility"), "", "text"),
            SheetColumn("", self.told("option"), "", "text"),
            SheetColumn("", self.told("option_name"), "", "text"),
            SheetColumn("", self.told("status"), "", "text"),
            SheetColumn("cost", self.told("cost"), "", "money"),
            SheetColumn("resource_saving", self.told("resource_saving"), "", "money"),
            SheetColumn("other_benefit", self.told("other_benefit"), "", "money"),
            SheetColumn("annual_extra_cost", self.told("annual_extra_cost"), "", "money"),
            SheetColumn("annual_saving", self.told("annual_saving"),
                    "N(F{r})+N(G{r})-N(H{r})", "money"),
            SheetColumn("years", self.told("payback"),
                        'IF(AND(ISNUMBER(E{r}),I{r}>0),E{r}/I{r},"")', "years"),
        )  # fmt: skip
        texts = [(row["facility"], row["option"], row["name"], row["status"]) for row in rows]
        self.computed(self.told("options"), columns, texts, rows)

    def findings(self) -> None:
        """Write the findings with their sentences."""
        frame = self.result.findings.to_frame(self.language)
        whole = frame.astype(object).where(frame.notna(), None)
        rows = [{str(name): value for name, value in row.items()}
                for row in whole.to_dict("records")]  # fmt: skip
        self.plain(self.told("findings"), rows)
