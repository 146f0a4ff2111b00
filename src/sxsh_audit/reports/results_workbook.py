"""The results as a workbook: numbers as numbers, and formulas where an auditor recomputes them."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit import __version__
from sxsh_audit.assessment.results import TABLES
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["to_xlsx"]

MADE = dt.datetime(2000, 1, 1)
"""Time of making that the file tells: the same for the same results."""
LONGEST_CELL = 32_000
"""Letters of a cell; Excel takes 32,767."""
ALREADY = ("savings", "options")
"""Tables that have a sheet of their own with formulas."""
Row = Mapping[str, Any]


class _Column(NamedTuple):
    """A column of a sheet with formulas."""

    key: str
    """Figure of the record; empty for a text."""
    heading: str
    formula: str
    """Formula with ``{r}`` for the row and ``{name}`` for the letter of a column; or empty."""
    format: str


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
    import xlsxwriter

    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "nan_inf_to_errors": False}  # fmt: skip
    with xlsxwriter.Workbook(made, options) as book:
        title = assessment.study["title"] or assessment.study["study"]
        book.set_properties({"title": visible(title)[:250], "created": MADE,
                             "comments": f"sxsh_audit {__version__}"})  # fmt: skip
        sheets = _Sheets(book, assessment, language)
        sheets.summary()
        sheets.savings()
        sheets.options()
        for name in TABLES:
            if name not in ALREADY:
                sheets.plain(name, [dict(row) for row in getattr(assessment, name).rows])
        sheets.findings()
    path.write_bytes(made.getvalue())


class _Sheets:
    """The sheets of one workbook in one language."""

    def __init__(self, book: Any, result: Assessment, language: Language) -> None:
        self.book, self.result, self.language = book, result, language
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top",
                                     "bg_color": "#D9E8F5", "border": 1})  # fmt: skip
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format({"valign": "top"})
        self.formats = {
            "figure": book.add_format({"num_format": "#,##0.######", "valign": "top"}),
            "percent": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "money": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "years": book.add_format({"num_format": "0.0", "valign": "top"}),
            "text": self.text,
        }

    def told(self, code: str, **numbers: Any) -> str:
        """Return a sentence of the topic ``workbook``."""
        return sentence(f"workbook.{code}", self.language, **numbers)

    def add(self, name: str) -> Any:
        """Add a sheet of this name that prints on A4, one page wide."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    # -- what was found -------------------------------------------------------------------------

    def summary(self) -> None:
        """Write the first sheet: the result as a person reads it, and where it comes from."""
        from sxsh_audit.assessment.views import tables_of

        sheet = self.add(self.told("summary"))
        first = tables_of(self.result, self.language)[0]
        sheet.write_string(0, 0, _cell(first.title), self.title)
        wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        row = 2
        for label, value in first.rows:
            sheet.write_string(row, 0, _cell(label), self.text)
            sheet.write_string(row, 1, _cell(value), wrapped)
            row += 1
        row += 1
        about = [(self.told("version"), __version__),
                 (self.told("factor_set"), self.result.settings["factor_set"] or "–"),
                 *((name, f"SHA-256 {digest}")
                   for name, digest in self.result.study["files"].items())]  # fmt: skip
        for label, value in about:
            sheet.write_string(row, 0, _cell(label), self.text)
            sheet.write_string(row, 1, _cell(value), self.text)
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
            _Column("", self.told("facility"), "", "text"),
            _Column("", self.told("resource"), "", "text"),
            _Column("", self.told("unit"), "", "text"),
            _Column("", self.told("output_unit"), "", "text"),
            _Column("use_baseline", self.told("use_baseline"), "", "figure"),
            _Column("output_baseline", self.told("output_baseline"), "", "figure"),
            _Column("baseline", self.told("specific_baseline"), "E{r}/F{r}", "figure"),
            _Column("use_reporting", self.told("use_reporting"), "", "figure"),
            _Column("output_reporting", self.told("output_reporting"), "", "figure"),
            _Column("reporting", self.told("specific_reporting"), "H{r}/I{r}", "figure"),
            _Column("saving", self.told("saving"), "(G{r}-J{r})/G{r}", "percent"),
            _Column("absolute_saving", self.told("absolute"), "(G{r}-J{r})*I{r}", "figure"),
            _Column("price", self.told("price"), "", "money"),
            _Column("money_saving", self.told("money"), "L{r}*M{r}", "money"),
        )  # fmt: skip
        texts = [(row["facility"], result.label(row["resource"], self.language),
                  unit_text(row["unit"], self.language),
                  unit_text(row["output_unit"], self.language)) for row in rows]  # fmt: skip
        self._computed(self.told("savings"), columns, texts, rows)

    def options(self) -> None:
        """Write cost, saving and payback of each option, the payback as a formula."""
        rows = self.result.options.rows
        if not rows:
            return
        columns = (
            _Column("", self.told("facility"), "", "text"),
            _Column("", self.told("option"), "", "text"),
            _Column("", self.told("option_name"), "", "text"),
            _Column("", self.told("status"), "", "text"),
            _Column("cost", self.told("cost"), "", "money"),
            _Column("resource_saving", self.told("resource_saving"), "", "money"),
            _Column("other_benefit", self.told("other_benefit"), "", "money"),
            _Column("annual_extra_cost", self.told("annual_extra_cost"), "", "money"),
            _Column("annual_saving", self.told("annual_saving"),
                    "N(F{r})+N(G{r})-N(H{r})", "money"),
            _Column("years", self.told("payback"), 'IF(AND(ISNUMBER(E{r}),I{r}>0),E{r}/I{r},"")',
                    "years"),
        )  # fmt: skip
        texts = [(row["facility"], row["option"], row["name"], row["status"]) for row in rows]
        self._computed(self.told("options"), columns, texts, rows)

    def _computed(
        self, name: str, columns: Sequence[_Column], texts: Sequence[Sequence[Any]],
        rows: Sequence[Row],
    ) -> None:
        """Write a sheet whose formulas stand where the inputs of a row are known."""
        sheet = self.add(name)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, self.head)
        for at, (words, row) in enumerate(zip(texts, rows, strict=True), start=1):
            for place, column in enumerate(columns):
                look = self.formats[column.format]
                if not column.key:
                    sheet.write_string(at, place, _cell(words[place]), look)
                    continue
                value = row[column.key]
                if value is None or value in (float("inf"), float("-inf")):
                    continue  # what is not known, or never pays back, has no number
                if column.formula:
                    sheet.write_formula(at, place, "=" + column.formula.format(r=at + 1), look,
                                        float(value))  # fmt: skip
                else:
                    sheet.write_number(at, place, float(value), look)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, 16)

    # -- tables as they are ---------------------------------------------------------------------

    def plain(self, name: str, rows: Sequence[Row]) -> None:
        """Write a table with the names of its columns; an empty one has no sheet."""
        if not rows:
            return
        sheet = self.add(name)
        columns = list(rows[0])
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, self.head)
        for at, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self._write(sheet, at, place, row.get(column))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, 15)

    def _write(self, sheet: Any, at: int, place: int, value: Any) -> None:
        if value is None or value in (float("inf"), float("-inf")):
            return
        if isinstance(value, bool):
            sheet.write_boolean(at, place, value, self.text)
        elif isinstance(value, (int, float)):
            sheet.write_number(at, place, value, self.formats["figure"])
        else:
            if isinstance(value, (list, tuple, dict)):
                value = (" | ".join(map(str, value))
                         if all(isinstance(one, str) for one in value)
                         else json.dumps(value, ensure_ascii=False))  # fmt: skip
            sheet.write_string(at, place, _cell(value), self.text)

    def findings(self) -> None:
        """Write the findings with their sentences."""
        frame = self.result.findings.to_frame(self.language)
        whole = frame.astype(object).where(frame.notna(), None)
        rows = [{str(name): value for name, value in row.items()}
                for row in whole.to_dict("records")]  # fmt: skip
        self.plain(self.told("findings"), rows)


def _cell(value: Any) -> str:
    """Return a text that no cell runs or hides: Excel takes strings as strings here."""
    return visible(str(value or ""), lines=True)[:LONGEST_CELL]
