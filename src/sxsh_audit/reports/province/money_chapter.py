"""Money planned and spent, support of plants against its cap, money per energy saved."""

from __future__ import annotations

from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.opening import Opening
from sxsh_audit.reports.province.year_telling import Row

__all__ = ["MoneyChapter"]

SOURCES = {
    "central": "yearly.source_central", "local": "yearly.source_local",
    "aid": "yearly.source_aid", "establishment": "yearly.source_establishment",
}  # fmt: skip
CAPS = {"within": "yearly.cap_within", "over": "yearly.cap_over"}


class MoneyChapter(Opening):
    """Chapter of the money."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        found: list[Block] = [self.heading(1, "yearly.money", key="money")]
        if not self.progress.money.rows:
            return [*found, *self.missing("yearly.no_money")]
        over = [row for row in self.progress.supports.rows if row["status"] == "over"]
        supports = tables([self.supports()], wide=True)
        if over:
            supports += self.lead(self.says("yearly.supports_over", count=len(over)))
        return [
            *found, *self.body(self.money_spent()),
            *tables([self.by_source("year"), self.by_source("programme"), self.by_task()]),
            *([self.heading(2, "yearly.supports", key="supports"), *supports] if supports else []),
            *tables([self.unit_costs()]),
        ]  # fmt: skip

    def source(self, row: Row) -> str:
        """Name a source of money."""
        code = SOURCES.get(row["source"] or "")
        return self.says(code) if code else self.says("yearly.source_unknown")

    def _columns(self, first: str) -> list[tuple[str, str]]:
        return [(first, "text"), (self.says("yearly.col_planned"), "number"),
                (self.says("yearly.col_spent"), "number"),
                (self.says("yearly.col_spent_share"), "number")]  # fmt: skip

    def _summed(self, name: str, rows: list[Row]) -> list[str]:
        """Return the sum of rows; items without a figure make it a part, and are counted."""
        planned = [row["planned"] for row in rows if row["planned"] is not None]
        spent = [row["spent"] for row in rows if row["spent"] is not None]
        whole = sum(planned) if planned else None
        share = sum(spent) / whole if spent and whole else None
        return [name, self.money(whole), self.money(sum(spent) if spent else None),
                self.percent(share)]  # fmt: skip

    def _unknown(self, rows: list[Row]) -> list[str]:
        missing = sum((row["planned_unknown"] or 0) + (row["spent_unknown"] or 0) for row in rows)
        return [self.says("yearly.money_missing", count=missing)] if missing else []

    def by_source(self, scope: str) -> Table:
        """Return planned and spent by source, with their sum."""
        rows = [row for row in self.progress.money.rows if row["scope"] == scope]
        names = list(dict.fromkeys(self.source(row) for row in rows))
        told = [self._summed(name, [row for row in rows if self.source(row) == name])
                for name in names]  # fmt: skip
        if told:
            told.append(self._summed(self.says("yearly.sum"), rows))
        code = "yearly.money_year_title" if scope == "year" else "yearly.money_all_title"
        return self.table(self.says(code, year=self.year),
                          self._columns(self.says("yearly.col_source")), told,
                          self._unknown(rows))  # fmt: skip

    def by_task(self) -> Table:
        """Return planned and spent of the year by task."""
        rows = [row for row in self.progress.money.rows if row["scope"] == "year"]
        names = list(dict.fromkeys(str(row["task"] or "") for row in rows))
        told = [self._summed(name or self.says("yearly.no_task"),
                             [row for row in rows if str(row["task"] or "") == name])
                for name in sorted(names, key=lambda name: (not name, name))]  # fmt: skip
        return self.table(self.says("yearly.money_task_title", year=self.year),
                          self._columns(self.says("yearly.col_task")), told)  # fmt: skip

    def supports(self) -> Table:
        """Return what plants were paid, against the cap."""
        columns = (
            (self.says("yearly.col_plant"), "text"), (self.says("yearly.col_paid"), "number"),
            (self.says("yearly.col_whole_cost"), "number"),
            (self.says("yearly.col_share"), "number"),
            (self.says("yearly.col_allowed"), "number"), (self.says("yearly.col_cap"), "text"),
        )  # fmt: skip
        rows = self.progress.supports.rows
        refs = dict.fromkeys(str(row["legal_ref"]) for row in rows if row["legal_ref"])
        return self.table(self.says("yearly.supports_title"), columns, (
            (self.plant(str(row["establishment"])), self.money(row["paid"], row["currency"]),
             self.money(row["whole_cost"], row["currency"]), self.percent(row["share"]),
             self.money(row["allowed"], row["currency"]),
             self.says(CAPS[row["status"]]) if row["status"] in CAPS
             else self.says("yearly.cap_unknown")) for row in rows),
            [self.says("yearly.cap_by", legal_ref=ref) for ref in refs])  # fmt: skip

    def unit_costs(self) -> Table:
        """Return money per energy saved."""
        columns = (
            (self.says("yearly.col_paid_by"), "text"), (self.says("yearly.col_spent"), "number"),
            (self.says("yearly.col_energy"), "number"), (self.says("yearly.col_cost"), "number"),
        )  # fmt: skip
        rows = [row for row in self.progress.unit_costs.rows if row["cost"] is not None]
        return self.table(self.says("yearly.unit_cost_title"), columns, (
            (self.says("yearly.paid_state") if row["paid_by"] == "state"
             else self.says("yearly.paid_all"), self.money(row["spent"], row["currency"]),
             self.quantity(row["saved"], row["unit"]),
             self.says("yearly.per_unit", amount=self.money(row["cost"], row["currency"]),
                       unit=unit_text(str(row["unit"]), self.language))) for row in rows),
            [self.says("yearly.unit_cost_note")])  # fmt: skip
