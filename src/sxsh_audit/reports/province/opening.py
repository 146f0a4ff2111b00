"""What stands first in a yearly report: to whom, on what, and the main results on one page."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sxsh_audit.assessment.province.progress_views import indicator_name
from sxsh_audit.display.wording import band_text
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import bullets
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.year_telling import Row, YearTelling

__all__ = ["Opening"]

BASES = {
    "all_establishments": "yearly.base_all",
    "capable_establishments": "yearly.base_capable",
    "small_and_medium_enterprises": "yearly.base_small_medium",
    "medium_and_large_enterprises": "yearly.base_medium_large",
    "departments_of_industry_and_trade": "yearly.base_departments",
}
"""Sentence of each denominator that a decision names."""


TASKS_BY = {
    "done": "yearly.tasks_finished", "in_progress": "yearly.tasks_going",
    "not_started": "yearly.tasks_waiting", "stopped": "yearly.tasks_stopped",
    "": "yearly.tasks_silent",
}  # fmt: skip
"""Sentence of the count of tasks by status."""


class Opening(YearTelling):
    """First page of the report."""

    def blocks(self) -> list[Block]:
        """Return addressee, legal basis, cut-off and the main results."""
        settings = self.settings
        return [
            *self.body(self.says("yearly.to", authority=visible(str(settings["authority"])))),
            *self.body(self.says(
                "yearly.basis", legal_ref=visible(str(settings["legal_ref"])),
                authority=visible(str(settings["authority"])), agency=self.agency,
                title=self.title, year=self.year)),
            *self.lead(self.cutoff()),
            self.heading(1, "yearly.main", key="main"),
            *bullets(self.main()),
        ]  # fmt: skip

    def cutoff(self) -> str:
        """Say up to which day figures count, and how an estimate is marked."""
        code = "yearly.cutoff_partial" if self.partial else "yearly.cutoff_whole"
        return self.says(code, day=self.day(self.settings["cutoff"]), year=self.year)

    def main(self) -> list[str]:
        """Return the results that a reader of one page has to know."""
        return [
            self.frame(), *(self.against(row) for row in self.in_force()),
            *self.saved(), self.tasks_done(), self.money_spent(), *self.estimated(),
        ]  # fmt: skip

    def in_force(self) -> list[Row]:
        """Return the targets of the phase in force that the register can answer."""
        return [row for row in self.progress.indicators.rows
                if row["in_force"] and row["base"] is not None]  # fmt: skip

    def frame(self) -> str:
        """Say how many establishments the list has, and of which day it is."""
        count = self.settings["establishments"]
        dates = [day for day in self.settings["list_dates"] or () if day]
        if not dates:
            return self.says("yearly.frame_undated", count=count)
        first, last = self.day(dates[0]), self.day(dates[-1])
        if first == last:
            return self.says("yearly.frame", count=count, day=first)
        return self.says("yearly.frame_span", count=count, first=first, last=last)

    def indicator(self, row: Row) -> str:
        """Name an indicator."""
        return indicator_name(row["indicator"], self.language)

    def base(self, row: Row) -> str:
        """Name the establishments that an indicator is a share of."""
        code = BASES.get(row["denominator"])
        return self.says(code) if code else self.says("yearly.base_not_stated")

    def target(self, row: Row) -> str:
        """Write the target of an indicator."""
        if row["high"] is None:
            return self.says("yearly.at_least", share=row["low"])
        return band_text(row["low"], row["high"], self.language)

    def verdict(self, row: Row) -> str:
        """Say whether a target is reached, and whether the unknown could change that."""
        now, worst, best = (self._met(row[name]) for name in
                            ("status", "status_lowest", "status_highest"))
        if now is None:
            return self.says("yearly.not_known")
        if worst is not None and best is not None and worst != best:
            return self.says("yearly.reached_unsure" if now else "yearly.short_unsure")
        return self.says("yearly.reached") if now else self.says("yearly.short")

    @staticmethod
    def _met(status: Any) -> bool | None:
        if status in (None, "unknown"):
            return None
        return str(status) != "below"

    @staticmethod
    def unknown(row: Row) -> int:
        """Count those of whom the answer, or whether they belong to the base, is not known."""
        return int((row["unknown"] or 0) + (row["base_unknown"] or 0))

    def against(self, row: Row) -> str:
        """Say how far one indicator is from its target."""
        if not row["base"]:
            return self.says("yearly.no_base", indicator=self.upper(self.indicator(row)),
                            base=self.base(row), count=self.unknown(row))  # fmt: skip
        numbers = {
            "indicator": self.upper(self.indicator(row)), "yes": row["yes"],
            "count": row["base"], "base": self.base(row), "share": self.percent(row["share"]),
            "target": self.target(row), "verdict": self.verdict(row),
        }  # fmt: skip
        told = self.says("yearly.against", **numbers)
        unknown = self.unknown(row)
        if not unknown:
            return told
        return f"{told} " + self.says(
            "yearly.unknown_allow", count=unknown, lowest=self.percent(row["lowest"]),
            highest=self.percent(row["highest"]))  # fmt: skip

    def saved(self) -> list[str]:
        """Say how many plants reach the band, and what was saved."""
        told = []
        plants = next((row for row in self.progress.overall.rows
                       if row["scope"] == "latest" and not row["phase"]), None)  # fmt: skip
        if plants is None or not plants["plants"]:
            return [self.says("yearly.no_studies")]
        low = self.settings["low"]
        numbers = {"count": plants["plants"], "reached": plants["reached_low"],
                   "not_reached": plants["not_reached"], "unknown": plants["unknown"]}  # fmt: skip
        if low is None:
            told.append(self.says("yearly.plants_without_band", **numbers))
        else:
            told.append(self.says("yearly.plants_in_band", low=self.percent(low), **numbers))
        for row in self.progress.totals.rows:
            if row["scope"] != "latest" or row["saved"] is None or not row["counted_only"]:
                continue
            if row["kind"] == "money":
                told.append(self.says("yearly.saved_money", share=self.percent(row["saving"]),
                                      amount=self.money(row["saved"], row["unit"])))  # fmt: skip
            else:
                told.append(self.says(
                    "yearly.saved_energy", amount=self.quantity(row["saved"], row["unit"]),
                    share=self.percent(row["saving"]), factor_set=str(row["factor_set"])))
        return told

    def tasks_done(self) -> str:
        """Count the tasks by status."""
        rows = self.progress.tasks.rows
        if not rows:
            return ""
        by = Counter(row["status"] if row["status"] in TASKS_BY else "" for row in rows)
        parts = [self.says(code, count=by[word]) for word, code in TASKS_BY.items() if by[word]]
        overdue = sum(bool(row["overdue"]) for row in rows)
        parts += [self.says("yearly.tasks_overdue", count=overdue)] if overdue else []
        return self.says("yearly.tasks_done", count=len(rows), names=", ".join(parts))

    def money_spent(self) -> str:
        """Say what was spent of what was planned in the year."""
        rows = [row for row in self.progress.money.rows if row["scope"] == "year"]
        if not rows:
            return self.says("yearly.no_money")
        spent = [row["spent"] for row in rows if row["spent"] is not None]
        planned = [row["planned"] for row in rows if row["planned"] is not None]
        if not spent or not planned or not sum(planned):
            return self.says("yearly.money_unsure")
        return self.says("yearly.money_spent", spent=self.money(sum(spent)),
                        planned=self.money(sum(planned)),
                        share=self.percent(sum(spent) / sum(planned)))  # fmt: skip

    def estimated(self) -> list[str]:
        """Say the estimates of the full year, each marked as one."""
        found = []
        for row in self.progress.full_year.rows:
            if row["is_estimate"] and row["figure"] in ("new_applying", "spent"):
                value = (self.money(row["whole_year"]) if row["figure"] == "spent"
                         else self.count(row["whole_year"]))  # fmt: skip
                code = "yearly.est_spent" if row["figure"] == "spent" else "yearly.est_applying"
                if row["whole_year"] is not None:
                    found.append(self.says(code, year=self.year, amount=value))
        return found
