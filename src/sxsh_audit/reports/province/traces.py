"""Where the figures come from: what the data lack, definitions, evidence, studies."""

from __future__ import annotations

from sxsh_audit.assessment.province.standing import indicator_facts
from sxsh_audit.display.table import Table
from sxsh_audit.display.wording import status_text
from sxsh_audit.language.messages import describe
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import bullets, tables
from sxsh_audit.reports.document import Block, Bullets
from sxsh_audit.reports.province.fingerprints import shortened, study_hashes
from sxsh_audit.reports.province.opening import Opening

__all__ = ["Caveats", "Traces"]

FINDINGS_TOLD = 20
"""Findings that the report tells; the annex has all."""
ROWS_PRINTED = 60
"""Records that an appendix prints; the annex has all."""
BASES_OF_YES = {
    "stated": "yearly.basis_stated", "from_event": "yearly.basis_event",
    "from_study": "yearly.basis_study", "from_option": "yearly.basis_option",
    "implied": "yearly.basis_implied",
}  # fmt: skip


class Caveats(Opening):
    """Chapter of what has to be known before a figure is used."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        told = self.findings()
        notes = [str(note) for note in self.settings[f"notes_{self.language}"] or ()]
        more = len(told) - FINDINGS_TOLD
        return [
            self.heading(1, "yearly.caveats", key="caveats"),
            *self.body(self.says("yearly.volunteers")),
            *bullets(told[:FINDINGS_TOLD]),
            *(self.note(self.says("yearly.more_findings", count=more)) if more > 0 else []),
            *([self.heading(2, "yearly.reading", key="reading"), *bullets(notes)]
              if notes else []),
        ]  # fmt: skip

    def findings(self) -> list[str]:
        """Return what was found in the register and in the counting, warnings first."""
        items = [*self.progress.findings, *self.register.findings]
        told = (self.upper(describe(item, self.language))
                for item in sorted(items, key=lambda item: item.severity != "warning"))
        return list(dict.fromkeys(told))


class Traces(Opening):
    """Appendices."""

    def blocks(self) -> list[Block]:
        """Return the appendices."""
        rows = len(self.progress.evidence.rows)
        return [
            self.heading(1, "yearly.definitions", key="definitions", appendix=True),
            *self.note(self.says("yearly.definitions_note")),
            *self.definitions(),
            self.heading(1, "yearly.evidence", key="evidence", appendix=True),
            *self.body(self.says("yearly.evidence_note", count=rows)),
            *tables([self.bases(), self.evidence()], wide=True),
            *self.cut(rows),
            self.heading(1, "yearly.studies", key="studies", appendix=True),
            *(tables([self.studies()], wide=True) or self.missing("yearly.no_studies")),
            *self.cut(len(self.progress.studies.rows)),
        ]  # fmt: skip

    def cut(self, rows: int) -> list[Block]:
        """Say that a long list is printed in part."""
        if rows <= ROWS_PRINTED:
            return []
        return self.note(self.says("yearly.cut", count=rows, shown=ROWS_PRINTED))

    def definitions(self) -> list[Block]:
        """Say what counts as what, and what proves it."""
        items = tuple(
            self.says("yearly.definition", name=self.upper(str(facts[self.language])),
                      definition=facts[f"definition_{self.language}"],
                      proof=facts[f"evidence_{self.language}"])
            for facts in indicator_facts().values()
        )  # fmt: skip
        return [Bullets(items)]

    def bases(self) -> Table:
        """Return from what the yes of each indicator are known."""
        columns = [(self.says("yearly.col_indicator"), "text"),
                   (self.says("yearly.col_yes"), "number"),
                   *((self.says(code), "number") for code in BASES_OF_YES.values())]  # fmt: skip
        return self.table(self.says("yearly.bases_title"), columns, (
            (self.upper(self.indicator(row)), self.count(row["yes"]),
             *(self.count(row[name]) for name in BASES_OF_YES))
            for row in self.progress.counts.rows))  # fmt: skip

    def evidence(self) -> Table:
        """Return the record behind each known answer, newest first."""
        columns = (
            (self.says("yearly.col_plant"), "text"), (self.says("yearly.col_indicator"), "text"),
            (self.says("yearly.col_value"), "text"), (self.says("yearly.col_date"), "number"),
            (self.says("yearly.col_record"), "text"), (self.says("yearly.col_agency"), "text"),
        )  # fmt: skip
        rows = sorted(self.progress.evidence.rows, key=lambda row: str(row["date"] or ""),
                      reverse=True)[:ROWS_PRINTED]  # fmt: skip
        return self.table(self.says("yearly.evidence_title"), columns, (
            (self.plant(str(row["establishment"])), self.upper(self.indicator(row)),
             self.says("yearly.yes") if row["value"] == "yes" else self.says("yearly.no"),
             self.day(row["date"]), self.record(row["basis"], row["record"]),
             str(row["reported_by"] or "")) for row in rows))  # fmt: skip

    def record(self, basis: str, record: str) -> str:
        """Say on what an answer rests."""
        if basis == "implied":
            return self.says("yearly.implied_by", indicator=self.indicator({"indicator": record}))
        code = BASES_OF_YES.get(basis if basis == "stated" else f"from_{basis}")
        told = self.says(code) if code else basis
        return self.says("yearly.record", basis=told, record=visible(record)) if record else told

    def studies(self) -> Table:
        """Return the studies with their fingerprints."""
        hashes = study_hashes(self.register)
        columns = (
            (self.says("yearly.col_plant"), "text"), (self.says("yearly.col_study"), "text"),
            (self.says("yearly.col_period"), "text"), (self.says("yearly.col_saving"), "number"),
            (self.says("yearly.col_status"), "text"), (self.says("yearly.col_version"), "text"),
            (self.says("yearly.col_hash"), "text"),
        )  # fmt: skip
        return self.table(self.says("yearly.studies_title"), columns, (
            (self.plant(str(row["establishment"])), str(row["study"]),
             f"{self.day(row['start'])} – {self.day(row['end'])}", self.percent(row["saving"]),
             status_text(str(row["status"]), self.language) if row["status"] else "",
             str(row["version"] or ""), shortened(hashes, (row["establishment"], row["study"])))
            for row in self.progress.studies.rows[:ROWS_PRINTED]))  # fmt: skip
