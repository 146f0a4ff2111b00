"""Sheets of the annex on what was saved, done and spent, and where it is known from."""

from __future__ import annotations

from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.reports.province.annex_sheets import VERDICTS, AnnexSheets
from sxsh_audit.reports.province.fingerprints import study_hashes
from sxsh_audit.reports.province.incoming import Incoming
from sxsh_audit.reports.province.money_chapter import MoneyChapter
from sxsh_audit.reports.province.saving_chapter import SavingChapter
from sxsh_audit.reports.province.task_chapter import TaskChapter
from sxsh_audit.reports.province.traces import Caveats, Traces

__all__ = ["RecordSheets"]


class RecordSheets(AnnexSheets):
    """Sheets of records, with what follows from them as formulas."""

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
