"""The first page: what was found, what it means, what to do first, and what is in doubt."""

from __future__ import annotations

import math
from typing import Any

from sxsh_audit.assessment.baselines.wording import (
    points_text,
)
from sxsh_audit.assessment.shown import number
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.first_steps import first_steps
from sxsh_audit.reports.chapters.saying import bullets
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

__all__ = ["Summary"]


class Summary(Telling):
    """One page of sentences."""

    def blocks(self) -> list[Block]:
        """Return the summary."""
        steps = first_steps(self)
        return [
            self.heading(1, "report_summary.summary", counted=False),
            *self.lead(*self.found()),
            *self.body(*self.meaning()),
            *self._losses(),
            *self._options(),
            self.heading(2, "report_summary.do_first", counted=False),
            *(bullets(steps, ordered=True) or self.missing("report_summary.no_first")),
            self.heading(2, "report_summary.doubts", counted=False),
            *(bullets([*self.doubts(), *self.warned()])
              or self.body(self.says("report_summary.no_doubt"))),
        ]

    # -- what was found -------------------------------------------------------------------------

    def found(self) -> list[str]:
        """Say how much was saved, and what that is against the target."""
        verdicts = self.result.verdict.rows
        if not self.counted:
            return [self.says("report_summary.nothing_measured", name=self.quoted(self.title))]
        if len(verdicts) > 1:
            return self._several()
        row = verdicts[0]
        told = [self._overall(row), self._each()]
        told += self.against_target(row)
        return told

    def _overall(self, row: Row) -> str:
        name = self.quoted(self.title)
        both = self.period("baseline"), self.period("reporting")
        if all(both):
            when = self.says("report_summary.when", baseline=both[0], reporting=both[1])
        else:
            when = self.says("report_summary.when_undated")
        saving = number(row["saving"])
        if math.isnan(saving):
            return self.says("report_summary.overall_unknown", name=name, when=when)
        figures = {"name": name, "when": when, "saving": self.saved(row).lstrip("−")}
        counted = [each for each in self.counted if each["counted"]]
        if len(counted) == 1:  # one resource has no common measure: what it costs is not needed
            code = "report_summary.one_less" if saving >= 0 else "report_summary.one_more"
            return self.says(code, resource=self.resource(counted[0]), **figures)
        codes = {
            "cost_weighted": ("report_summary.cost_less", "report_summary.cost_more"),
            "energy_total": ("report_summary.energy_less", "report_summary.energy_more"),
            "each": ("report_summary.each_less", "report_summary.each_more"),
        }
        less, more = codes[str(row["rule"])]
        return self.says(less if saving >= 0 else more, **figures)

    def _each(self) -> str:
        """Say the saving of each resource; those whose use per product rose apart."""
        rows = [row for row in self.counted if row["counted"] or not self.band]
        if len(rows) < 2:
            return ""
        less = [row for row in rows if row["saving"] >= 0]
        more = [row for row in rows if row["saving"] < 0]
        parts = []
        if less:
            parts.append(self.says("report_summary.of_each", parts=self._parts(less)))
        if more:
            parts.append(self.says("report_summary.of_each_more", parts=self._parts(more)))
        return " ".join(parts)

    def _parts(self, rows: list[Row]) -> str:
        return self.listed(
            self.says("report_summary.part", resource=self.resource(row),
                     saving=self.saved(row).lstrip("−"))
            for row in rows
        )  # fmt: skip

    def against_target(self, row: Row) -> list[str]:
        """Say whether the target was met."""
        settings = self.result.settings
        if not settings["programme"]:
            return [self.says("report_summary.no_programme")]
        if not settings["phase"] or not self.band:
            return [self.says("report_summary.no_phase", law=settings["legal_ref"])]
        codes = {
            "within": "report_summary.target_within", "above": "report_summary.target_above",
            "below": "report_summary.target_below", "worse": "report_summary.target_worse",
            "unknown": "report_summary.target_unknown",
        }  # fmt: skip
        code = codes.get(str(row["status"]), "report_summary.target_unknown")
        if settings["high"] is None and row["status"] == "within":
            code = "report_summary.target_reached"
        told = [self.says(code, band=self.band, law=settings["legal_ref"])]
        if row["depends_on_rule"]:
            told.append(self.says("report_summary.depends"))
        if settings["as_if"]:
            told.append(self.says("report_summary.as_if"))
        return told

    def _several(self) -> list[str]:
        """Say how many plants met the target."""
        rows = self.result.verdict.rows
        told = [self.says("report_summary.several", name=self.quoted(self.title), count=len(rows))]
        known = [row for row in rows if row["saving"] is not None]
        reached = sum(row["status"] in ("within", "above") for row in known)
        if self.band:
            told.append(self.says("report_summary.several_reached", count=reached, rows=len(known),
                                 band=self.band))  # fmt: skip
        worse = sum(row["saving"] < 0 for row in known)
        if worse:
            told.append(self.says("report_summary.several_worse", count=worse))
        if len(known) < len(rows):
            told.append(self.says("report_summary.several_unknown", count=len(rows) - len(known)))
        return told

    # -- what it means --------------------------------------------------------------------------

    def meaning(self) -> list[str]:
        """Say how sure the result is, and what it is worth."""
        if self.several:
            return []
        return [*self._worth(), *self.sure()]

    def _worth(self) -> list[str]:
        rows = [row for row in self.counted if row["absolute_saving"] is not None]
        less = [row for row in rows if row["absolute_saving"] > 0]
        priced = [row for row in rows if row["money_saving"] is not None]
        if not less:
            return []
        amounts = self.listed(
            self.says("report_summary.amount", amount=self.amount(row, row["absolute_saving"]),
                     resource=self.resource(row)) for row in less)  # fmt: skip
        told = [self.says("report_summary.amounts", amounts=amounts)]
        if priced:
            total = sum(row["money_saving"] for row in priced)
            code = "report_summary.worth" if total >= 0 else "report_summary.worth_less"
            told.append(self.says(code, money=self.money(abs(total))))
            unpriced = [self.resource(row) for row in rows if row["money_saving"] is None]
            if unpriced:
                told.append(self.says("report_summary.unpriced", names=self.listed(unpriced)))
        return told

    def sure(self) -> list[str]:
        """Say what the records prove, and what not."""
        told = []
        for row in self.result.adjusted_overall.rows[:1]:
            if row["low"] is None:
                continue
            half = points_text((row["high"] - row["low"]) / 2, self.language)
            confidence = float(self.result.settings["judging"]["confidence"])
            fitted = any(each["kind"] != "ratio" for each in self.result.adjusted.rows)
            code = "report_summary.interval" if fitted else "report_summary.interval_ratio"
            told.append(self.says(code, confidence=confidence, half=half,
                                 saving=format_percent(row["saving"], self.language)))  # fmt: skip
            low = self.result.settings["low"]
            if low is not None and row["decision"] is not None:
                codes = {
                    "shown": "report_summary.shown", "likely": "report_summary.likely",
                    "cannot_tell": "report_summary.cannot_tell",
                    "shown_not": "report_summary.shown_not",
                }  # fmt: skip
                if verdict := codes.get(str(row["decision"])):
                    told.append(self.says(verdict, low=float(low)))
        return told

    def _losses(self) -> list[Block]:
        rows = self.latest("loss_costs")
        totals = self.latest("loss_totals")
        if not rows or not totals:
            return []
        top = rows[0]
        whole = totals[0]
        told = [self.says("report_summary.losses", losses=self.money(whole["losses"]),
                         cost_in=self.money(whole["cost_in"]))]  # fmt: skip
        if top["total"]:
            told.append(self.says("report_summary.top_loss", money=self.money(top["total"]),
                                 name=self.quoted(self.stream(top)), step=self.step(top),
                                 share=format_percent(top["share"], self.language,
                                                      decimals=0)))  # fmt: skip
        return self.body(*told)

    def stream(self, row: Row) -> str:
        """Name a waste stream."""
        from sxsh_audit.assessment.flows.drawn import stream_name

        return stream_name(row, self.language)

    def _options(self) -> list[Block]:
        rows = [row for row in self.result.options.rows if row["status"] != "dropped"]
        if not rows:
            return self.missing("report_summary.no_options")
        told = []
        if not any(total["counted"] == len(rows) and total["payback_class"] == "years"
                   for total in self.result.option_totals.rows):  # fmt: skip
            told.append(self.says("report_summary.options", count=len(rows)))
        for total in self.result.option_totals.rows[:1]:
            if self.several or total["cost"] is None or not total["counted"]:
                continue
            told.append(self._total(total))
            doubted = [row["option"] for row in rows
                       if row["rank"] is not None and self.doubted(row["option"])]  # fmt: skip
            if doubted:
                told.append(self.says("report_summary.total_doubted",
                                     options=self.listed(map(shown, doubted))))  # fmt: skip
        done = len(self.done())
        if done:
            told.append(self.says("report_summary.done", count=done))
        return self.body(*told)

    def _total(self, total: Row) -> str:
        numbers: dict[str, Any] = {
            "count": int(total["counted"]), "cost": self.money(total["cost"]),
            "saving": self.money(total["annual_saving"]),
        }  # fmt: skip
        if total["payback_class"] == "years":
            paid = self.paid(total["years"], total["payback_class"])
            rows = [row for row in self.result.options.rows if row["status"] != "dropped"]
            every = total["counted"] == len(rows)
            code = "report_summary.total_every" if every else "report_summary.total"
            return self.says(code, payback=paid, **numbers)
        if total["payback_class"] in ("never", "worse"):
            return self.says("report_summary.total_never", **numbers)
        return self.says("report_summary.total_plain", **numbers)

    # -- doubts ---------------------------------------------------------------------------------

    def doubts(self) -> list[str]:
        """Say what a reader should not believe without looking."""
        result = self.result
        told = []
        for row in result.adjusted.rows:
            if row["disagree"] and row["ratio_saving"] is not None and not self.several:
                told.append(self.says(
                    "report_summary.disagree", resource=self.upper(self.resource(row)),
                    ratio=self.saved(row, "ratio_saving"), model=self.saved(row, "judged_saving"),
                    change=self._output_change(row),
                ))  # fmt: skip
        low = result.settings["low"]
        for decision, code in (("likely", "report_summary.only_likely"),
                               ("cannot_tell", "report_summary.unsure")):  # fmt: skip
            unsure = [row for row in result.adjusted.rows if row["decision"] == decision]
            if unsure and low is not None and not self.several:
                told.append(self.says(code, low=float(low), names=self.listed(
                    self.resource(row) for row in unsure)))  # fmt: skip
        told += self._narrow()
        short = [row for row in result.reconciliation.rows if row["agreement"] == "short"]
        if short and not self.several:
            told.append(self.says("report_summary.short",
                                 names=self.listed(self.resource(row) for row in short)))
        open_steps = [row for row in self.latest("balances")
                      if row["status"] == "open" and not row["component"]]  # fmt: skip
        if open_steps:
            told.append(self.says("report_summary.open", names=self.steps_of(open_steps)))
        return told

    def warned(self) -> list[str]:
        """Say how many warnings the appendix has."""
        warnings = [item for item in self.result.findings if item.severity == "warning"]
        return [self.says("report_summary.warnings", count=len(warnings))] if warnings else []

    def _narrow(self) -> list[str]:
        """Say where the interval holds less than it seems to."""
        result = self.result
        known = [row for row in result.adjusted.rows if row["sd"] is not None]
        scattered = {(each["facility"], each["resource"]) for each in result.uncertainty.rows
                     if each["source"].endswith("_scatter")}  # fmt: skip
        bare = [row for row in known
                if (row["facility"], row["resource"]) not in scattered]  # fmt: skip
        if not bare or self.several:
            return []
        if len(bare) == len(known):
            return [self.says("report_summary.figures_only_all")]
        return [self.says("report_summary.figures_only", names=self.listed(
            self.resource(row) for row in bare))]  # fmt: skip

    def _output_change(self, row: Row) -> str:
        change = row["output_change"]
        if change is None or abs(change) < 0.05:
            return ""
        code = "report_summary.output_fell" if change < 0 else "report_summary.output_rose"
        return self.says(code, change=self.absolute(change))
