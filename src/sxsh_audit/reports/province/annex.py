"""The annex of a yearly report as a workbook: numbers as numbers, formulas for what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sxsh_audit import __version__
from sxsh_audit.assessment.province.counting import grouped_frame
from sxsh_audit.assessment.province.standing import INDICATORS, frame_at
from sxsh_audit.data import load_toml
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.reports.province.fingerprints import register_hash, study_hashes
from sxsh_audit.reports.province.incoming import Incoming
from sxsh_audit.reports.province.money_chapter import MoneyChapter
from sxsh_audit.reports.province.saving_chapter import SavingChapter
from sxsh_audit.reports.province.targets import GROUPINGS, Targets
from sxsh_audit.reports.province.task_chapter import TaskChapter
from sxsh_audit.reports.province.traces import Caveats, Traces
from sxsh_audit.reports.province.year_telling import Row
from sxsh_audit.reports.sheet_writing import SheetColumn, Sheets, cell_text, new_book

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.tables.register import Register

__all__ = ["to_annex"]

PLANT_FIELDS = ("establishment", "name", "tax_code", *GROUPINGS)
"""What the sheet of establishments tells of each, before its answers."""
VERDICTS = {"yes": "yearly.yes", "no": "yearly.no"}
WORDS = {**VERDICTS, "unknown": "yearly.group_unknown"}
"""Words of the answers in the sheet of establishments."""


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


class _Annex(Sheets):
    """The sheets of one annex."""

    def __init__(self, book: Any, view: Targets) -> None:
        super().__init__(book)
        self.view, self.progress, self.register = view, view.progress, view.register
        self._frame = self._plants()
        self.bold = {name: book.add_format({"bold": True, "num_format": form, "top": 1})
                     for name, form in (("money", "#,##0"), ("percent", "0.0%"), ("text", "@"))}

    def _of(self, kind: type[Any]) -> Any:
        """Return another chapter over the same year, for its words."""
        view = self.view
        return kind(view.progress, view.register, view.language, view.expected)

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

    def told(self, heading: str, key: str = "", formula: str = "",
             kind: str = "text") -> SheetColumn:  # fmt: skip
        """Return a column."""
        return SheetColumn(key, heading, formula, kind)

    def sheet(self, code: str, columns: Sequence[SheetColumn], texts: Sequence[Sequence[Any]],
              rows: Sequence[Row]) -> Any:  # fmt: skip
        """Write a sheet of rows; an empty one is left out."""
        return self.computed(self.view.says(code), columns, texts, rows) if rows else None

    # -- what was reached -----------------------------------------------------------------------

    def front(self) -> None:
        """Write what the workbook is, of which day, and where it comes from."""
        view, settings = self.view, self.progress.settings
        sheet = self.add(view.says("yearly_annex.front"))
        sheet.write_string(0, 0, view.says("yearly_annex.title", year=view.year), self.title)
        lines = [
            (view.says("yearly.about_programme"), f"{view.title} ({settings['programme']})"),
            (view.says("yearly.about_legal"), str(settings["legal_ref"])),
            (view.says("yearly.about_cutoff"), view.day(settings["cutoff"])),
            (view.says("yearly_annex.note"), view.cutoff()),
            (view.says("report.about_version"), __version__),
            (view.says("yearly.about_data"), register_hash(self.register)),
            (view.says("yearly_annex.formulas"), view.says("yearly_annex.formulas_note")),
        ]  # fmt: skip
        for at, (label, text) in enumerate(lines, start=2):
            sheet.write_string(at, 0, cell_text(label), self.text)
            sheet.write_string(at, 1, cell_text(text), self.wrapped)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)

    def targets(self) -> None:
        """Write every target of every phase with what was reached."""
        says, view = self.view.says, self.view
        rows = self.progress.indicators.rows
        columns = (
            self.told(says("yearly_annex.phase")), self.told(says("yearly.col_indicator")),
            self.told(says("yearly_annex.base")),
            self.told(says("yearly.col_yes"), "yes", "", "money"),
            self.told(says("yearly.col_no"), "no", "", "money"),
            self.told(says("yearly.col_unknown"), "unknown", "", "money"),
            self.told(says("yearly.col_total"), "base", "D{r}+E{r}+F{r}", "money"),
            self.told(says("yearly_annex.base_unknown"), "base_unknown", "", "money"),
            self.told(says("yearly.col_share"), "share", 'IF(G{r}>0,D{r}/G{r},"")', "percent"),
            self.told(says("yearly_annex.lowest"), "lowest", "", "percent"),
            self.told(says("yearly_annex.highest"), "highest", "", "percent"),
            self.told(says("yearly_annex.low"), "low", "", "percent"),
            self.told(says("yearly_annex.high"), "high", "", "percent"),
            self.told(says("yearly_annex.short"), "short_of_low", "", "money"),
            self.told(says("yearly.col_verdict")), self.told(says("yearly_annex.wording")),
        )  # fmt: skip
        texts = [[row["phase"], view.upper(view.indicator(row)), view.base(row),
                  *[""] * 11, view.verdict(row), row["wording"]] for row in rows]  # fmt: skip
        self.sheet("yearly.targets", columns, texts, rows)

    def _answer(self, letter: str, word: str, grouping: str = "") -> str:
        """Return the formula that counts a word in a column of the sheet of establishments.

        The group stands in column B; EXACT, because COUNTIFS reads ``*`` and ``?`` as more than
        letters and takes large and small ones for the same.
        """
        from xlsxwriter.utility import xl_col_to_name

        name = self.view.says("yearly_annex.establishments").replace("'", "''")
        last = len(self._frame) + 1

        def cells(column: str) -> str:
            return f"'{name}'!${column}$2:${column}${last}"

        told = self.view.says(word).replace('"', '""')
        if not grouping:
            return f'COUNTIF({cells(letter)},"{told}")'
        group = xl_col_to_name(PLANT_FIELDS.index(grouping))
        return f'SUMPRODUCT(EXACT({cells(group)},$B{{at}})*({cells(letter)}="{told}"))'

    def _letters(self) -> dict[str, str]:
        """Return the letter of the column of each indicator in the sheet of establishments."""
        from xlsxwriter.utility import xl_col_to_name

        return {name: xl_col_to_name(len(PLANT_FIELDS) + place)
                for place, name in enumerate(INDICATORS)}  # fmt: skip

    def counts(self) -> None:
        """Write the counts of all establishments as formulas over their sheet."""
        self._counted("yearly.counts", self.progress.counts.rows, ())

    def groups(self) -> None:
        """Write the counts of every group as formulas over the sheet of establishments."""
        self._counted("yearly.groups", self.progress.groups.rows, ("grouping", "group"))

    def _counted(self, code: str, found: Sequence[Row], keys: Sequence[str]) -> None:
        from xlsxwriter.utility import xl_col_to_name

        says, view, letters = self.view.says, self.view, self._letters()
        rows = []
        for at, row in enumerate(found, start=2):
            formulas = {
                f"count_{key}": self._answer(letters[row["indicator"]], word,
                                             row["grouping"] if keys else "").replace(
                                                 "{at}", str(at))
                for key, word in WORDS.items()
            }  # fmt: skip
            rows.append({**row, **formulas})
        yes, no, unknown, total = (xl_col_to_name(len(keys) + place) for place in range(1, 5))
        columns = [
            *((self.told(says("yearly_annex.grouping")), self.told(says("yearly_annex.group")))
              if keys else ()), self.told(says("yearly.col_indicator")),
            self.told(says("yearly.col_yes"), "yes", "{count_yes}", "money"),
            self.told(says("yearly.col_no"), "no", "{count_no}", "money"),
            self.told(says("yearly.col_unknown"), "unknown", "{count_unknown}", "money"),
            self.told(says("yearly.col_total"), "total", f"{yes}{{r}}+{no}{{r}}+{unknown}{{r}}",
                      "money"),
            self.told(says("yearly.col_share"), "share", f"{yes}{{r}}/{total}{{r}}", "percent"),
            self.told(says("yearly_annex.highest"), "highest",
                      f"({yes}{{r}}+{unknown}{{r}})/{total}{{r}}", "percent"),
        ]  # fmt: skip
        texts = [[*((says(GROUPINGS[row["grouping"]]),
                     view.group_name(row["grouping"], row["group"])) if keys else ()),
                  view.upper(view.indicator(row)), *[""] * 6] for row in rows]  # fmt: skip
        self.sheet(code, columns, texts, rows)

    def _plants(self) -> pd.DataFrame:
        """Return the establishments that count, with what they are grouped by."""
        day = dt.date.fromisoformat(str(self.progress.settings["cutoff"]))
        frame = frame_at(self.register, day)
        grouped = grouped_frame(frame, day)
        return frame.assign(**{name: grouped[name] for name in GROUPINGS})

    def establishments(self) -> None:
        """Write every establishment with its answers."""
        says, view = self.view.says, self.view
        answers = {(row["establishment"], row["indicator"]): row["value"]
                   for row in self.progress.evidence.rows}  # fmt: skip
        fields = load_toml("register_tables.toml")["establishments"]["fields"]
        headings = [str(fields[name][view.language]) if name in fields else says(GROUPINGS[name])
                    for name in PLANT_FIELDS]  # fmt: skip
        headings += [view.upper(view.indicator({"indicator": name})) for name in INDICATORS]
        texts = []
        for plant in self._frame.to_dict("records"):
            known = (answers.get((plant["establishment"], name), "") for name in INDICATORS)
            texts.append([
                *(view.group_name(name, plant[name]) if name in GROUPINGS else plant[name]
                  for name in PLANT_FIELDS),
                *(says(WORDS[value or "unknown"]) for value in known),
            ])  # fmt: skip
        self.sheet("yearly_annex.establishments", [self.told(one) for one in headings], texts,
                   [{}] * len(texts))  # fmt: skip

    # -- what was saved -------------------------------------------------------------------------

    def resources(self) -> None:
        """Write the savings of each resource and choice of studies."""
        says, words = self.view.says, self._of(SavingChapter)
        rows = self.progress.savings.rows
        columns = (
            self.told(says("yearly.col_scope")), self.told(says("yearly.col_resource")),
            self.told(says("yearly.col_unit")),
            self.told(says("yearly.col_plants"), "plants", "", "money"),
            self.told(says("yearly.col_saved"), "saved", "", "figure"),
            self.told(says("yearly.col_adjusted"), "adjusted_baseline", "", "figure"),
            self.told(says("yearly.col_saving"), "saving", "E{r}/F{r}", "percent"),
            self.told(says("yearly.col_worse"), "plants_worse", "", "money"),
        )  # fmt: skip
        texts = [[words.scope(row), words.resource(row),
                  unit_text(str(row["unit"] or ""), self.view.language), *[""] * 5]
                 for row in rows]  # fmt: skip
        self.sheet("yearly.savings", columns, texts, rows)

    def totals(self) -> None:
        """Write the savings over the resources, counted ones and all."""
        says, words = self.view.says, self._of(SavingChapter)
        rows = self.progress.totals.rows
        columns = (
            self.told(says("yearly.col_scope")), self.told(says("yearly.col_measure")),
            self.told(says("yearly.col_unit")), self.told(says("yearly_annex.which")),
            self.told(says("yearly.col_plants"), "plants", "", "money"),
            self.told(says("yearly.col_saved"), "saved", "", "figure"),
            self.told(says("yearly.col_adjusted"), "adjusted_baseline", "", "figure"),
            self.told(says("yearly.col_saving"), "saving", "F{r}/G{r}", "percent"),
            self.told(says("yearly.col_without"), "rows_unknown", "", "money"),
        )  # fmt: skip
        texts = [[words.scope(row), words.measure(row), row["unit"],
                  says("yearly_annex.counted") if row["counted_only"]
                  else says("yearly_annex.every"), *[""] * 5] for row in rows]  # fmt: skip
        self.sheet("yearly_annex.totals", columns, texts, rows)

    def results(self) -> None:
        """Write the results of each plant and resource, worked out by formulas."""
        says, words = self.view.says, self._of(SavingChapter)
        shown = {(row["establishment"], row["study"]) for row in self.progress.studies.rows}
        rows = [row for row in self._records("results")
                if (row["establishment"], row["study"]) in shown]  # fmt: skip
        columns = (
            self.told(says("yearly.col_plant")), self.told(says("yearly.col_study")),
            self.told(says("yearly.col_resource")), self.told(says("yearly.col_unit")),
            self.told(says("workbook.output_unit")),
            self.told(says("workbook.specific_baseline"), "baseline", "", "figure"),
            self.told(says("workbook.specific_reporting"), "reporting", "", "figure"),
            self.told(says("workbook.output_reporting"), "output_reporting", "", "figure"),
            self.told(says("yearly.col_adjusted"), "adjusted_baseline", "F{r}*H{r}", "figure"),
            self.told(says("yearly.col_saved"), "absolute_saving", "(F{r}-G{r})*H{r}", "figure"),
            self.told(says("yearly.col_saving"), "saving", "(F{r}-G{r})/F{r}", "percent"),
            self.told(says("workbook.price"), "price", "", "money"),
            self.told(says("workbook.money"), "money_saving", "J{r}*L{r}", "money"),
        )  # fmt: skip
        texts = [[self.view.plant(row["establishment"]), row["study"],
                  words.resource({**row, "counted": row["counted"] != "no"}),
                  *(unit_text(row[name], self.view.language) for name in ("unit", "output_unit")),
                  *[""] * 8] for row in rows]  # fmt: skip
        self.sheet("yearly_annex.results", columns, texts, rows)

    def _records(self, table: str) -> list[dict[str, Any]]:
        """Return the records of a table of the register; what is not known is None."""
        frame = self.register.tables[table]
        whole = frame.astype(object).where(frame.notna(), None)
        return [{str(name): value for name, value in row.items()}
                for row in whole.to_dict("records")]  # fmt: skip

    # -- what was done --------------------------------------------------------------------------

    def tasks(self) -> None:
        """Write the tasks, whole texts."""
        says, words = self.view.says, self._of(TaskChapter)
        rows = self.progress.tasks.rows
        columns = (
            self.told(says("yearly.col_task")), self.told(says("yearly.col_action")),
            self.told(says("yearly.task_expected")), self.told(says("yearly.task_lead")),
            self.told(says("yearly.task_term")), self.told(says("yearly.col_status")),
            self.told(says("yearly_annex.progress"), "progress", "", "percent"),
            self.told(says("yearly.task_result")),
            self.told(says("yearly.task_next", year=self.view.year + 1)),
            self.told(says("yearly.col_planned"), "planned", "", "money"),
            self.told(says("yearly.col_spent"), "spent", "", "money"),
        )  # fmt: skip
        texts = [[row["task"], words.own(row, "action"), words.own(row, "expected"), row["lead"],
                  words.term(row), words.status(row), "", row["result"], row["next_year"], "", ""]
                 for row in rows]  # fmt: skip
        self.sheet("yearly_annex.tasks", columns, texts, rows)

    def budget(self) -> None:
        """Write the items of money of the year with their sums as formulas."""
        says, words = self.view.says, self._of(MoneyChapter)
        rows = [{**row, "share": row["spent"] / row["planned"]
                 if row["spent"] is not None and row["planned"] else None}
                for row in self._records("budget") if row["year"] == self.view.year]  # fmt: skip
        columns = (
            self.told(says("yearly_annex.item")), self.told(says("yearly.col_task")),
            self.told(says("yearly.col_source")), self.told(says("yearly.col_plant")),
            self.told(says("yearly.col_planned"), "planned", "", "money"),
            self.told(says("yearly.col_spent"), "spent", "", "money"),
            self.told(says("yearly.col_spent_share"), "share", "F{r}/E{r}", "percent"),
        )  # fmt: skip
        texts = [[row["item"], row["task"], words.source(row),
                  self.view.plant(row["establishment"]) if row["establishment"] else "",
                  "", "", ""] for row in rows]  # fmt: skip
        sheet = self.sheet("yearly.money", columns, texts, rows)
        if sheet is None:
            return
        at = len(rows) + 1
        sheet.write_string(at, 0, says("yearly.sum"), self.bold["text"])
        sums = [sum(row[name] or 0 for row in rows) for name in ("planned", "spent")]
        for place, letter, value in ((4, "E", sums[0]), (5, "F", sums[1])):
            sheet.write_formula(at, place, f"=SUM({letter}2:{letter}{at})", self.bold["money"],
                                value)  # fmt: skip
        if sums[0]:
            sheet.write_formula(at, 6, f"=F{at + 1}/E{at + 1}", self.bold["percent"],
                                sums[1] / sums[0])  # fmt: skip

    def supports(self) -> None:
        """Write what plants were paid against the cap."""
        says = self.view.says
        rows = self.progress.supports.rows
        columns = (
            self.told(says("yearly.col_plant")), self.told(says("yearly_annex.cap_law")),
            self.told(says("yearly.col_paid"), "paid", "", "money"),
            self.told(says("yearly.col_whole_cost"), "whole_cost", "", "money"),
            self.told(says("yearly.col_share"), "share", "C{r}/D{r}", "percent"),
            self.told(says("yearly_annex.cap_share"), "cap_share", "", "percent"),
            self.told(says("yearly_annex.cap_most"), "cap_most", "", "money"),
            self.told(says("yearly.col_allowed"), "allowed", "MIN(D{r}*F{r},G{r})", "money"),
            self.told(says("yearly_annex.over"), "over", "MAX(0,C{r}-H{r})", "money"),
        )  # fmt: skip
        texts = [[self.view.plant(row["establishment"]), row["legal_ref"], *[""] * 7]
                 for row in rows]  # fmt: skip
        self.sheet("yearly.supports", columns, texts, rows)

    def full_year(self) -> None:
        """Write the year to the cut-off and the whole year, estimates marked."""
        says, view = self.view.says, self.view
        rows = self.progress.full_year.rows
        columns = (
            self.told(says("yearly.col_figure")),
            self.told(says("yearly.col_to_cutoff"), "to_cutoff", "", "figure"),
            self.told(says("yearly.col_month"), "latest_month", "", "figure"),
            self.told(says("yearly.col_whole_year", year=view.year), "whole_year", "", "figure"),
            self.told(says("yearly_annex.estimate")),
        )  # fmt: skip
        texts = [[view.figure_name(str(row["figure"])), "", "", "",
                  says("yearly_annex.estimated") if row["is_estimate"] else ""]
                 for row in rows]  # fmt: skip
        self.sheet("yearly_annex.full_year", columns, texts, rows)

    # -- where it comes from --------------------------------------------------------------------

    def reports(self) -> None:
        """Write the reports that came and those that did not."""
        words = self._of(Incoming)
        rows = words.received()
        table = words.listing(rows)
        hashes = [row["file_hash"] for row in rows] + [""] * (len(table.rows) - len(rows))
        self._plain("yearly_annex.reports", (*(column.heading for column in table.columns),
                                             self.view.says("yearly_annex.hash")),
                    [(*row, digest) for row, digest in
                     zip(table.rows, hashes, strict=True)])  # fmt: skip

    def evidence(self) -> None:
        """Write the record behind each known answer."""
        words, says = self._of(Traces), self.view.says
        self._plain("yearly_annex.evidence", [says(code) for code in (
            "yearly_annex.code", "yearly.col_plant", "yearly.col_indicator", "yearly.col_value",
            "yearly.col_date", "yearly.col_record", "yearly.col_agency")], [
            (row["establishment"], self.view.plant(row["establishment"]),
             self.view.upper(self.view.indicator(row)), says(VERDICTS[row["value"]]),
             self.view.day(row["date"]), words.record(row["basis"], row["record"]),
             row["reported_by"]) for row in self.progress.evidence.rows])  # fmt: skip

    def studies(self) -> None:
        """Write the studies with their whole fingerprints."""
        hashes, says, view = study_hashes(self.register), self.view.says, self.view
        rows = self.progress.studies.rows
        columns = (
            self.told(says("yearly_annex.code")), self.told(says("yearly.col_plant")),
            self.told(says("yearly.col_study")), self.told(says("yearly.col_period")),
            self.told(says("yearly.col_saving"), "saving", "", "percent"),
            self.told(says("yearly_annex.phase")), self.told(says("yearly.col_version")),
            self.told(says("yearly_annex.hash")),
        )  # fmt: skip
        texts = [[row["establishment"], view.plant(row["establishment"]), row["study"],
                  f"{view.day(row['start'])} – {view.day(row['end'])}", "", row["phase"],
                  row["version"], hashes.get((row["establishment"], row["study"]), "")]
                 for row in rows]  # fmt: skip
        self.sheet("yearly_annex.studies", columns, texts, rows)

    def findings(self) -> None:
        """Write everything that was found."""
        self._plain("yearly_annex.findings", [self.view.says("yearly_annex.finding")],
                    [(line,) for line in self._of(Caveats).findings()])  # fmt: skip

    def _plain(self, code: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        found = list(rows)
        self.sheet(code, [self.told(heading) for heading in headings], found,
                   [{}] * len(found))  # fmt: skip
