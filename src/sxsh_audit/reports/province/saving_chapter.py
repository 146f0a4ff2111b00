"""What the assessed establishments saved, per unit of product."""

from __future__ import annotations

from sxsh_audit.assessment.province.progress_views import resource_name
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, saving_text, sig, status_text
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.opening import Opening
from sxsh_audit.reports.province.year_telling import Row, known

__all__ = ["SavingChapter"]

SCOPES = {
    "year": "yearly.scope_year", "latest": "yearly.scope_latest",
    "first_year": "yearly.scope_first", "cumulative": "yearly.scope_cumulative",
}  # fmt: skip
"""Sentence of each choice of studies."""


class SavingChapter(Opening):
    """Chapter of the savings."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        found: list[Block] = [self.heading(1, "yearly.savings", key="savings")]
        if not self.progress.studies.rows:
            return [*found, *self.missing("yearly.no_studies")]
        low, high = self.settings["low"], self.settings["high"]
        band = band_text(low, high, self.language) if low is not None else ""
        return [
            *found, *self.body(*self.saved()),
            *self.note(self.says("yearly.savings_note"),
                       self.says("yearly.savings_band", band=band) if band else ""),
            *tables([self.plants(), self.together()]),
            *tables((self.resources(scope) for scope in ("year", "latest")), wide=True),
        ]  # fmt: skip

    def plants(self) -> Table:
        """Return how many plants reach the band."""
        columns = (
            (self.says("yearly.col_scope"), "text"), (self.says("yearly.col_plants"), "number"),
            (self.says("yearly.col_worse"), "number"), (self.says("yearly.col_below"), "number"),
            (self.says("yearly.col_within"), "number"), (self.says("yearly.col_above"), "number"),
            (self.says("yearly.col_unknown"), "number"),
            (self.says("yearly.col_share_low"), "number"),
        )  # fmt: skip
        return self.table(self.says("yearly.plants_title"), columns, (
            (self.scope(row), *(self.count(row[name]) for name in
                                ("plants", "worse", "below", "within", "above", "unknown")),
             self.percent(row["share"]))
            for row in self.progress.overall.rows if not row["phase"]))  # fmt: skip

    def scope(self, row: Row) -> str:
        """Name the studies that a row counts."""
        code = SCOPES.get(row["scope"])
        return self.says(code, year=self.year) if code else str(row["scope"])

    def together(self) -> Table:
        """Return the savings over all resources, as money and as energy."""
        columns = (
            (self.says("yearly.col_scope"), "text"), (self.says("yearly.col_measure"), "text"),
            (self.says("yearly.col_plants"), "number"), (self.says("yearly.col_saved"), "number"),
            (self.says("yearly.col_adjusted"), "number"),
            (self.says("yearly.col_saving"), "number"),
            (self.says("yearly.col_without"), "number"),
        )  # fmt: skip

        def amount(row: Row, name: str) -> str:
            return (self.money(row[name], row["unit"]) if row["kind"] == "money"
                    else self.quantity(row[name], row["unit"]))  # fmt: skip

        return self.table(self.says("yearly.totals_title"), columns, (
            (self.scope(row), self.measure(row), self.count(row["plants"]), amount(row, "saved"),
             amount(row, "adjusted_baseline"), self.percent(row["saving"]),
             self.count(row["rows_unknown"]))
            for row in self.progress.totals.rows if row["counted_only"]))  # fmt: skip

    def measure(self, row: Row) -> str:
        """Say in what savings of several resources are added."""
        if row["kind"] == "money":
            return self.says("yearly.measure_money")
        return self.says("yearly.measure_energy", factor_set=str(row["factor_set"]))

    def resources(self, scope: str) -> Table:
        """Return the savings of each resource."""
        columns = (
            (self.says("yearly.col_resource"), "text"), (self.says("yearly.col_unit"), "text"),
            (self.says("yearly.col_plants"), "number"), (self.says("yearly.col_saved"), "number"),
            (self.says("yearly.col_adjusted"), "number"),
            (self.says("yearly.col_saving"), "number"),
            (self.says("yearly.col_worse"), "number"), (self.says("yearly.col_status"), "text"),
        )  # fmt: skip
        low, high = self.settings["low"], self.settings["high"]
        return self.table(
            self.says("yearly.resources_title", scope=self.lower(self.scope({"scope": scope}))),
            columns, (
                (self.resource(row), unit_text(str(row["unit"] or ""), self.language),
                 self.count(row["plants"]), sig(known(row["saved"]), self.language),
                 sig(known(row["adjusted_baseline"]), self.language),
                 saving_text(known(row["saving"]), (low, high), self.language),
                 self.count(row["plants_worse"]),
                 status_text(str(row["status"]), self.language) if row["status"] else "")
                for row in self.progress.savings.rows if row["scope"] == scope))  # fmt: skip

    def resource(self, row: Row) -> str:
        """Name a resource; one that is not counted says so."""
        name = visible(resource_name(str(row["resource"]), self.language))
        return name if row["counted"] else self.says("yearly.uncounted", name=name)
