"""Chapters 6 and 7: who does what by when; following up and keeping it going."""

from __future__ import annotations

from sxsh_audit.assessment.baselines.views import BaselineViews
from sxsh_audit.assessment.investment.views_plan import Plans
from sxsh_audit.display.table import Table
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.first_steps import measure_next
from sxsh_audit.reports.chapters.saying import bullets, tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

__all__ = ["Plan", "Upkeep"]

MOST_TOLD = 12


class Plan(Telling):
    """Chapter 6."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        heading = self.heading(1, "report_plan.plan")
        rows = self.result.plan.rows
        if not rows:
            return [heading, *self.missing("report_plan.missing")]
        told = [] if self.several else self.states(list(rows))
        found = [heading, *self.note(self.says("report_plan.step")), *self.body(*told),
                 *tables(Plans(self.result, self.language).plan(), wide=True)]  # fmt: skip
        waiting = [row for row in rows if row["status"] not in ("implemented", "dropped")]
        ownerless = [row for row in waiting if not row["owner"]]
        undue = [row for row in waiting if not row["due"]]
        if ownerless:
            found += self.missing("report_plan.no_owner", count=len(ownerless), names=self.ids(
                ownerless))  # fmt: skip
        if undue:
            found += self.missing("report_plan.no_due", count=len(undue), names=self.ids(undue))
        return found

    def ids(self, rows: list[Row]) -> str:
        """List options by their ids."""
        return self.listed((shown(str(row["option"])) for row in rows), MOST_TOLD)

    def states(self, rows: list[Row]) -> list[str]:
        """Say how far the options are."""
        codes = {
            "implemented": "report_plan.implemented", "in_progress": "report_plan.in_progress",
            "approved": "report_plan.approved", "proposed": "report_plan.proposed",
            "dropped": "report_plan.dropped", "": "report_plan.unstated",
        }  # fmt: skip
        told = []
        for state, code in codes.items():
            mine = [row for row in rows if (row["status"] or "") == state]
            if mine:
                told.append(self.says(code, count=len(mine), names=self.ids(mine)))
        return told


class Upkeep(Telling):
    """Chapter 7."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        return [
            self.heading(1, "report_plan.upkeep"), *self.note(self.says("report_plan.upkeep_step")),
            self.heading(2, "report_plan.done"), *self.done_options(),
            self.heading(2, "report_plan.follow"), *self.follow(),
            self.heading(2, "report_plan.next_data"), *self.next_data(),
        ]  # fmt: skip

    def done_options(self) -> list[Block]:
        """Tell what implemented options claim, and what the meter says of it."""
        if not self.done():
            return self.missing("report_plan.nothing_done")
        told = self.metered()
        made = Plans(self.result, self.language).claimed()
        found = [*bullets(told), *tables(BaselineViews(self.result, self.language).claims()),
                 *tables(made)]  # fmt: skip
        after = self.flow_view().after()
        if not (made or told):
            found += self.missing("report_plan.no_claims")
        return [*found, *tables(after)]

    def metered(self) -> list[str]:
        """Say resource by resource whether the meter shows what is claimed."""
        told = []
        codes = {"agrees": "report_plan.agrees", "short": "report_plan.short",
                 "beyond": "report_plan.beyond"}  # fmt: skip
        for row in [] if self.several else self.result.reconciliation.rows[:MOST_TOLD]:
            if code := codes.get(str(row["agreement"])):
                told.append(self.says(
                    code, resource=self.upper(self.resource(row)),
                    claimed=self.amount(row, row["claimed"]),
                    measured=self.amount(row, row["measured"]),
                ))  # fmt: skip
        return told

    def follow(self) -> list[Block]:
        """Lay out what to record, how often, and against what to hold it."""
        rows = [row for row in self.result.savings.rows if row["reporting"] is not None]
        if not rows:
            return self.missing("report_plan.follow_missing")
        return [*self.body(self.says("report_plan.follow_lead")),
                *tables([self._follow(list(rows))]),
                *self.body(self.says("report_plan.follow_rule"))]  # fmt: skip

    def _follow(self, rows: list[Row]) -> Table:
        from sxsh_audit.reports.chapters.introduction import Introduction

        says = self.says
        pair_of = Introduction(self.result, self.language).pair
        models = {(row["facility"], row["resource"]): row for row in self.result.adjusted.rows}
        columns = [(says("report_intro.resource"), "l"), (says("report_plan.record"), "l"),
                   (says("report_plan.level"), "r"),
                   (says("report_plan.against"), "l")]  # fmt: skip
        cells = []
        for row in rows:
            pair = pair_of(row)
            model = models.get((row["facility"], row["resource"]))
            fitted = model is not None and model["kind"] != "ratio"
            code = "report_plan.against_model" if fitted else "report_plan.against_ratio"
            cells.append((
                self.result.label(row["resource"], self.language),
                says("report_plan.monthly"), f"{pair['after']} {pair['unit']}", says(code),
            ))  # fmt: skip
        return self.table(says("report_plan.follow_table"), columns, cells, (), self.plants(rows))

    def next_data(self) -> list[Block]:
        """Say which records are still needed for a surer result."""
        first = [] if self.several else [measure_next(self)]
        items = dict.fromkeys([*first, *self.records_needed()])
        return bullets(items) or self.missing("report_plan.nothing_needed")

    def records_needed(self) -> list[str]:
        """List the records that the study lacks: months, prices, quotations, flows."""
        items: list[str] = []
        bare = [row for row in self.result.adjusted.rows
                if row["kind"] == "ratio" and row["n_baseline"] < 12]  # fmt: skip
        if bare and not self.several:
            items.append(self.says("report_plan.months", names=self.listed(
                self.resource(row) for row in bare)))  # fmt: skip
        unpriced = [row for row in self.result.savings.rows if row["price"] is None]
        if unpriced and not self.several:
            items.append(self.says("report_plan.prices", names=self.listed(
                self.resource(row) for row in unpriced)))  # fmt: skip
        unknown = [row for row in self.live() if row["payback_class"] == "unknown"]
        if unknown and not self.several:
            items.append(self.says("report_plan.quotes", names=self.listed(
                self.called(row) for row in unknown)))  # fmt: skip
        if not self.result.flows.rows:
            items.append(self.says("report_plan.flows"))
        return items
