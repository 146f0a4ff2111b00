"""Sheets of the annex on what was reached: targets, counts, groups, establishments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from sxsh_audit import __version__
from sxsh_audit.assessment.province.counting import grouped_frame
from sxsh_audit.assessment.province.standing import INDICATORS, frame_at
from sxsh_audit.data import load_toml
from sxsh_audit.reports.province.annex_sheets import VERDICTS, AnnexSheets
from sxsh_audit.reports.province.fingerprints import register_hash
from sxsh_audit.reports.province.targets import GROUPINGS
from sxsh_audit.reports.province.year_telling import Row
from sxsh_audit.reports.sheet_writing import cell_text

__all__ = ["CountSheets"]

PLANT_FIELDS = ("establishment", "name", "tax_code", *GROUPINGS)
"""What the sheet of establishments tells of each, before its answers."""
WORDS = {**VERDICTS, "unknown": "yearly.group_unknown"}
"""Words of the answers in the sheet of establishments."""


class CountSheets(AnnexSheets):
    """Sheets whose counts are formulas over the sheet of establishments."""

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
        last = int(self.progress.settings["establishments"]) + 1

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
        for plant in self._plants().to_dict("records"):
            known = (answers.get((plant["establishment"], name), "") for name in INDICATORS)
            texts.append([
                *(view.group_name(name, plant[name]) if name in GROUPINGS else plant[name]
                  for name in PLANT_FIELDS),
                *(says(WORDS[value or "unknown"]) for value in known),
            ])  # fmt: skip
        self.sheet("yearly_annex.establishments", [self.told(one) for one in headings], texts,
                   [{}] * len(texts))  # fmt: skip
