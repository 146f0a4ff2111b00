"""Chapter 3: what was saved, whether the target was met, how sure that is, and why."""

from __future__ import annotations

import math
from functools import partial

from sxsh_audit.assessment.baselines.views import BaselineViews
from sxsh_audit.assessment.shown import number, pair_digits, shown_intensity
from sxsh_audit.assessment.views import groups_table, plants_table, savings_table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import saving_text, sig, status_text
from sxsh_audit.reports.chapters.saying import bullets, facts, tables
from sxsh_audit.reports.chapters.summary import Summary
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

__all__ = ["Savings"]

MOST_TOLD = 12
"""Resources that are told in sentences; the table has them all."""


class Savings(Telling):
    """Chapter 3."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        return [
            self.heading(1, "report_savings.savings"),
            *self.note(self.says("report_savings.step")),
            self.heading(2, "report_savings.by_resource"), *self.by_resource(),
            self.heading(2, "report_savings.target"), *self.target(),
            self.heading(2, "report_savings.sure"), *self.sure(),
            self.heading(2, "report_savings.why"), *self.why(),
        ]

    # -- by resource ----------------------------------------------------------------------------

    def by_resource(self) -> list[Block]:
        """Tell specific consumption, saving and worth of each resource."""
        if not self.counted:
            return self.missing("report_savings.missing")
        from sxsh_audit.charts import savings

        items = [] if self.several else [self._resource(row) for row in self.counted[:MOST_TOLD]]
        found = bullets(items)
        found += tables([savings_table(self.result, self.language, self.several)], wide=True)
        alt = " ".join(items) or self.says("report_savings.figure_alt", count=len(self.counted))
        return [*found, *self.figure("savings", self.says("report_savings.figure"),
                                     partial(savings, self.result, language=self.language), alt)]

    def _resource(self, row: Row) -> str:
        unit, factor = shown_intensity(self.result, row)
        digits = pair_digits(row, factor)
        before, after = (sig(number(row[name]) / factor, self.language, digits)
                         for name in ("baseline", "reporting"))  # fmt: skip
        figures = {
            "resource": self.upper(self.resource(row)), "before": before, "after": after,
            "unit": unit_text(unit, self.language), "saving": self.saved(row).lstrip("−"),
        }  # fmt: skip
        if row["saving"] == 0:
            return self.says("report_savings.same", **figures)
        amount = self.amount(row, abs(number(row["absolute_saving"])))
        code = "report_savings.less" if row["saving"] > 0 else "report_savings.more"
        told = self.says(code, amount=amount, **figures)
        if row["money_saving"] is not None:
            told += " " + self.says("report_savings.worth", money=self.money(
                abs(row["money_saving"])))  # fmt: skip
        return told

    # -- target ---------------------------------------------------------------------------------

    def target(self) -> list[Block]:
        """Tell the target, the overall result and what other rules would say."""
        settings = self.result.settings
        if not settings["programme"]:
            return self.missing("report_savings.no_programme")
        rows = [
            (self.says("result.programme"), settings["programme_title"][self.language]),
            (self.says("report_savings.law"), settings["legal_ref"]),
            (self.says("report_savings.phase"), settings["phase_title"][self.language]
             if settings["phase"] else ""),
            (self.says("report_savings.band"), self.band),
            (self.says("report_savings.resources_counted"), self._counted()),
        ]  # fmt: skip
        found = facts(rows)
        if not settings["phase"]:
            return [*found, *self.missing("report_summary.no_phase", law=settings["legal_ref"])]
        if self.several:
            found += self.body(*Summary(self.result, self.language).found())
            return [*found, *tables([plants_table(self.result, self.language)])]
        row = self.result.verdict.rows[0] if self.result.verdict.rows else None
        if row is not None and row["saving"] is not None:
            found += self.body(*self._overall(row))
        found += tables([groups_table(self.result, self.language, self.several)])
        uncounted = [each for each in self.counted if not each["counted"]]
        if uncounted:
            found += self.body(self.says("report_savings.uncounted", names=self.listed(
                self.resource(each) for each in uncounted)))  # fmt: skip
        return [*found, *self.note(self.says("report_savings.reading"))]

    def _counted(self) -> str:
        groups = {
            "purchased_energy": self.says("result.group_purchased_energy"),
            "fuel": self.says("result.group_fuel"),
            "raw_material": self.says("result.group_raw_material"),
            "other_material": self.says("result.group_other_material"),
            "water": self.says("result.group_water"),
        }  # fmt: skip
        return self.listed(self.lower(groups[name]) if name in groups else name
                           for name in self.result.settings["counted_categories"])  # fmt: skip

    def _overall(self, row: Row) -> list[str]:
        counted = [each for each in self.counted if each["counted"]]
        if len(counted) == 1:
            told = [self.says("report_savings.overall_one", saving=self.saved(row),
                              resource=self.resource(counted[0]))]  # fmt: skip
            return told + Summary(self.result, self.language).against_target(row)
        told = [self.says("report_savings.overall", saving=self.saved(row),
                         rule=self._rule(str(row["rule"])))]  # fmt: skip
        told += Summary(self.result, self.language).against_target(row)
        others = []
        for rule in ("cost_weighted", "each", "energy_total"):
            saving = row[f"{rule}_saving"]
            if rule == row["rule"] or saving is None:
                continue
            status = status_text(row[f"{rule}_status"] or "", self.language,
                                 one_sided=row["high"] is None)  # fmt: skip
            figure = saving_text(number(saving), (0.0, row["low"], row["high"]), self.language)
            others.append(self.says("report_savings.other_rule", rule=self._rule(rule),
                                   saving=figure, status=status))  # fmt: skip
        if others:
            told.append(self.says("report_savings.other_rules", rules="; ".join(others)))
        if row["depends_on_rule"] is False and others:
            told.append(self.says("report_savings.independent"))
        if row["known_share"] is not None and row["known_share"] < 0.9995:
            told.append(self.says("report_savings.known_share", share=float(
                round(row["known_share"], 3))))  # fmt: skip
        return told

    def _rule(self, rule: str) -> str:
        rules = {
            "cost_weighted": self.says("report_savings.rule_cost_weighted"),
            "each": self.says("report_savings.rule_each"),
            "energy_total": self.says("report_savings.rule_energy_total",
                                     name=self.result.settings["factor_set"] or "–"),
        }  # fmt: skip
        return rules.get(rule, rule)

    # -- how sure -------------------------------------------------------------------------------

    def sure(self) -> list[Block]:
        """Tell intervals, chances, and by which baseline."""
        made = BaselineViews(self.result, self.language).adjusted()
        if not made:
            return self.missing("report_savings.sure_missing")
        from sxsh_audit.charts import target_interval

        told = [] if self.several else Summary(self.result, self.language).sure()
        verdict = self.result.verdict.rows[0] if self.result.verdict.rows else None
        if told and verdict is not None and verdict["saving"] is not None:
            told.insert(0, self.says("report_savings.overall_again", saving=self.saved(verdict)))
        found = [*self.body(*told), *tables(made)]
        alt = " ".join(self._interval(row) for row in self.result.adjusted.rows[:MOST_TOLD]
                       if row["low"] is not None)  # fmt: skip
        found += self.figure("target-interval", self.says("report_savings.interval_figure"),
                             partial(target_interval, self.result, language=self.language), alt)
        return [*found, *self._expected()]

    def _interval(self, row: Row) -> str:
        low, high = (saving_text(number(row[name]), (0.0,), self.language)
                     for name in ("low", "high"))  # fmt: skip
        return self.says("report_savings.interval_alt", resource=self.upper(self.resource(row)),
                        low=low, high=high)  # fmt: skip

    def _expected(self) -> list[Block]:
        """Draw what the best baseline expects, where one was fitted."""
        fitted = [row for row in self.result.adjusted.rows
                  if row["kind"] not in ("ratio",) and row["n_reporting"]]  # fmt: skip
        if not fitted or self.several:
            return []
        from sxsh_audit.charts import expected

        found: list[Block] = []
        for row in fitted[:3]:
            key = str(row["resource"])
            used, would = (self.amount(row, row[name]) for name in ("used", "expected"))
            alt = self.says("report_savings.expected_alt", resource=self.upper(self.resource(row)),
                           used=used, expected=would)  # fmt: skip
            found += self.figure(
                f"expected-{len(found) + 1}",
                self.says("report_savings.expected_figure", resource=self.resource(row)),
                partial(expected, self.result, language=self.language, resource=key), alt)
        return found

    # -- why ------------------------------------------------------------------------------------

    def why(self) -> list[Block]:
        """Split the change of each use by volume, mix and efficiency."""
        made = BaselineViews(self.result, self.language).changes()
        if not made:
            return self.missing("report_savings.why_missing")
        told = []
        rows = [row for row in self.result.change_split.rows if row["efficiency"] is not None]
        for row in [] if self.several else rows[:MOST_TOLD]:
            told.append(self._split(row))
        return [*bullets(told), *tables(made)]

    def _split(self, row: Row) -> str:
        change = number(row["use_reporting"]) - number(row["use_baseline"])
        volume, efficiency = number(row["volume"]), number(row["efficiency"])
        figures = {
            "resource": self.upper(self.resource(row)), "change": self.amount(row, abs(change)),
            "volume": self.amount(row, abs(volume)),
            "efficiency": self.amount(row, abs(efficiency)),
        }  # fmt: skip
        if math.isnan(change):
            return ""
        codes = {
            (True, True): "report_savings.split_less_less",
            (True, False): "report_savings.split_less_more",
            (False, True): "report_savings.split_more_less",
            (False, False): "report_savings.split_more_more",
        }
        return self.says(codes[volume < 0, efficiency < 0], **figures)
