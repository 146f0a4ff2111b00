"""Chapter 4: opportunities and options, in the tables of the ministry's case pages."""

from __future__ import annotations

from collections import Counter

from sxsh_audit.assessment.shown import cost_text
from sxsh_audit.display.table import Table
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import MISSING
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block
from sxsh_audit.tables.option_categories import NOT_CLEANER, cp_category
from sxsh_audit.tables.schema import choice_keys

__all__ = ["Options"]

SHORT = {"good_housekeeping": " (GH)", "onsite_reuse": " (OR)"}
"""Short forms that case pages write beside the name; no page writes those of the others."""


class Options(Telling):
    """Chapter 4."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        rows = self.proposed()
        if not rows:
            return [self.heading(1, "report_options.options"),
                    *self.missing("report_options.missing")]  # fmt: skip
        return [
            self.heading(1, "report_options.options"),
            *self.note(self.says("report_options.step")),
            *self.lead(*self.techniques(rows)),
            self.heading(2, "report_options.list"), *tables([self.list_table(rows)]),
            self.heading(2, "report_options.benefits"), *self._benefits(rows),
            self.heading(2, "report_options.against_losses"), *self._losses(),
        ]  # fmt: skip

    def proposed(self) -> list[Row]:
        """Return the options that are not dropped, in the order of the study."""
        dropped = {(row["facility"], row["option"]) for row in self.result.options.rows
                   if row["status"] == "dropped"}  # fmt: skip
        ranked = {(row["facility"], row["option"]): row for row in self.result.options.rows}
        order = [(row["facility"], row["option"]) for row in self.result.plan.rows]
        keys = dict.fromkeys([*(key for key in order if key in ranked), *ranked])
        return [ranked[key] for key in keys if key not in dropped]

    # -- techniques -----------------------------------------------------------------------------

    def technique(self, row: Row) -> str:
        """Name the cleaner-production technique of an option with its short form."""
        typed = str(row["category"] or "")
        key = cp_category(typed) if typed else ""
        if key in choice_keys("cp_category"):
            return self.choice("cp_category", key) + SHORT.get(key, "")
        return shown(typed) or MISSING

    def techniques(self, rows: list[Row]) -> list[str]:
        """Count the options by technique, and name those that are no cleaner production."""
        kinds = Counter(self.technique(row) for row in rows)
        unknown = kinds.pop(MISSING, 0)
        told = [self.says("report_options.count", count=len(rows))]
        if kinds:
            told.append(self.says("report_options.by_technique", parts=self.listed(
                self.says("report_options.of_technique", count=number, technique=kind)
                for kind, number in kinds.items())))  # fmt: skip
        if unknown:
            told.append(self.says("report_options.unsorted", count=unknown))
        others = [row for row in rows if cp_category(str(row["category"] or "")) in NOT_CLEANER]
        if others:
            told.append(self.says("report_options.not_cleaner", names=self.listed(
                self.called(row) for row in others)))  # fmt: skip
        return told

    # -- tables ---------------------------------------------------------------------------------

    def list_table(self, rows: list[Row]) -> Table:
        """Return No. | CP option | Investment | Performance | CP technique."""
        says = self.says
        columns = [(says("report_options.number"), "r"), (says("report_options.option"), "l"),
                   (says("report_options.investment"), "r"),
                   (says("report_options.performance"), "l"),
                   (says("report_options.technique"), "l")]  # fmt: skip
        currency = self.result.settings["currency"]
        cells = [
            (str(place), self.option(row), cost_text(row, self.language, currency),
             self.performance(row), self.technique(row))
            for place, row in enumerate(rows, 1)
        ]  # fmt: skip
        notes = [self.says("result.annualised")] if any(row["annualised"] for row in rows) else []
        return self.table(says("report_options.list_table"), columns, cells, notes,
                          self.plants(rows))  # fmt: skip

    def performance(self, row: Row) -> str:
        """Say what an option saves a year."""
        parts = [text for _, text in self.saved_amounts(row)]
        money = self.yearly_money(row)
        return "\n".join([*parts, *([money] if money else [])]) or MISSING

    def saved_amounts(self, row: Row) -> list[tuple[str, str]]:
        """Return what an option saves of each resource a year."""
        found = []
        for item in self.result.option_savings.rows:
            mine = (item["facility"], item["option"]) == (row["facility"], row["option"])
            if mine and item["quantity"] is not None and item["resource"]:
                found.append((item["resource"], self.says(
                    "report_options.saves", amount=self.amount(item, item["quantity"]),
                    resource=self.resource(item))))  # fmt: skip
        return found

    def yearly_money(self, row: Row) -> str:
        """Say the money of a year."""
        if row["annual_saving"] is None:
            return ""
        star = "*" if row["annualised"] else ""
        return self.says("report_options.a_year", money=self.money(row["annual_saving"])) + star

    def _benefits(self, rows: list[Row]) -> list[Block]:
        return [*tables([self.benefit_table(rows)]),
                *self.missing("report_options.technical_missing")]  # fmt: skip

    def benefit_table(self, rows: list[Row]) -> Table:
        """Return technical | economic | environmental benefit, one option in a row."""
        says = self.says
        columns = [(says("report_options.option"), "l"), (says("report_options.technical"), "l"),
                   (says("report_options.economic"), "l"),
                   (says("report_options.environmental"), "l")]  # fmt: skip
        cells = [
            (self.option(row),
             "\n".join(text for _, text in self.saved_amounts(row)) or MISSING,
             self.economic(row), self.environmental(row))
            for row in rows
        ]  # fmt: skip
        return self.table(says("report_options.benefit_table"), columns, cells, (),
                          self.plants(rows))  # fmt: skip

    def economic(self, row: Row) -> str:
        """Say money and payback of an option."""
        money = self.yearly_money(row)
        paid = self.paid(row["years"], row["payback_class"])
        told = [money] if money else []
        if row["payback_class"] != "unknown":
            told.append(self.says("report_options.payback", payback=paid))
        return "\n".join(told) or MISSING

    def environmental(self, row: Row) -> str:
        """Say which waste stream an option cuts, and the carbon dioxide that it avoids."""
        told = []
        for claim in self.result.flow_claims.rows:
            if claim["facility"] == row["facility"] and row["option"] in claim["options"]:
                told.append(self.says("report_options.cuts", name=self.quoted(claim["name"])))
        for item in self.result.abatement.rows:
            mine = (item["facility"], item["option"]) == (row["facility"], row["option"])
            if mine and item["tonnes"]:
                told.append(self.says("report_options.avoids",
                                     tonnes=sig(item["tonnes"], self.language, 3)))  # fmt: skip
        return "\n".join(told) or MISSING

    def _losses(self) -> list[Block]:
        made = self.flow_view().claims()
        if not made:
            return self.missing("report_options.losses_missing")
        aimed = {row["flow"] for row in self.result.flow_claims.rows}
        left = [row for row in self.latest("loss_costs") if row["total"]
                and row["flow"] not in aimed][:3]  # fmt: skip
        told = []
        if left:
            told.append(self.says("report_options.losses_left", names=self.listed(
                self.quoted(row["name"] or row["flow"]) for row in left)))  # fmt: skip
        return [*self.body(*told), *tables(made)]
