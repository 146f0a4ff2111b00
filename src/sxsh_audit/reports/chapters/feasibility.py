"""Chapter 5: which options are feasible, what they bring, and which together are best."""

from __future__ import annotations

from functools import partial

from sxsh_audit.assessment.investment.views_economics import Economics
from sxsh_audit.assessment.investment.views_plan import Plans
from sxsh_audit.assessment.investment.views_sets import Sets
from sxsh_audit.assessment.views import options_table
from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

__all__ = ["Feasibility"]


class Feasibility(Telling):
    """Chapter 5."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        if not self.result.options.rows:
            return [self.heading(1, "report_choice.choice"),
                    *self.missing("report_options.missing")]  # fmt: skip
        return [
            self.heading(1, "report_choice.choice"), *self.note(self.says("report_choice.step")),
            self.heading(2, "report_choice.payback"), *self.payback(),
            self.heading(2, "report_choice.economics"), *self.economics(),
            self.heading(2, "report_choice.screening"), *self.screening(),
            self.heading(2, "report_choice.best"), *self.best(),
            self.heading(2, "report_choice.carbon"), *self.carbon(),
        ]  # fmt: skip

    # -- payback --------------------------------------------------------------------------------

    def payback(self) -> list[Block]:
        """Tell the order by simple payback."""
        from sxsh_audit.charts import payback_ladder

        rows = [row for row in self.result.options.rows if row["status"] != "dropped"]
        told: list[str] = []
        if not self.several:
            told = self._order(rows)
        made = options_table(self.result, self.language, self.several)
        table = Table(self.says("report_choice.payback_table"), made.columns, made.rows,
                      self._notes(rows))  # fmt: skip
        alt = " ".join(told) or self.says("report_choice.payback_table")
        return [*self.body(*told), *tables([table]),
                *self.figure("payback-ladder", self.says("report_choice.payback_figure"),
                             partial(payback_ladder, self.result, language=self.language), alt)]

    def _order(self, rows: list[Row]) -> list[str]:
        known = [row for row in rows if row["payback_class"] in ("immediate", "years")]
        never = [row for row in rows if row["payback_class"] in ("never", "worse")]
        unknown = [row for row in rows if row["payback_class"] == "unknown"]
        quick = [row for row in known if (row["years"] or 0.0) <= 1]
        told = []
        if known:
            told.append(self.says("report_choice.quick", quick=len(quick), count=len(known)))
        if never:
            told.append(self.says("report_choice.never", names=self.called_all(never)))
        if unknown:
            told.append(self.says("report_choice.unknown", names=self.called_all(unknown)))
        doubted = [row for row in rows if self.doubted(row["option"])]
        if doubted:
            told.append(self.says("report_choice.doubted", names=self.called_all(doubted)))
        return told

    def _notes(self, rows: list[Row]) -> tuple[str, ...]:
        notes = []
        if any(row["annualised"] for row in rows):
            notes.append(self.says("result.annualised"))
        groups = [row["exclusive_group"] for row in rows if row["exclusive_group"]]
        if len(set(groups)) < len(groups):
            notes.append(self.says("report_choice.exclusive"))
        notes.append(self.says("report_choice.simple"))
        return tuple(notes)

    # -- economics ------------------------------------------------------------------------------

    def economics(self) -> list[Block]:
        """Tell net present values, and how sure their order is."""
        view = Economics(self.result, self.language)
        made = view.economics()
        if not made:
            return self.missing("report_choice.economics_missing")
        rows = self.result.economics.rows
        told = []
        known = [row for row in rows if row["npv"] is not None]
        good = [row for row in known if row["npv"] > 0]
        if known and not self.several:
            told.append(self.says("report_choice.npv_positive", good=len(good), count=len(known)))
            best = max(known, key=lambda row: row["npv"])
            if best["npv"] > 0:
                told.append(self.says("report_choice.npv_best", option=self.called(best),
                                     npv=self.money(best["npv"])))  # fmt: skip
            bad = [row for row in known if row["npv"] < 0]
            if bad:
                told.append(self.says("report_choice.npv_bad", names=self.called_all(bad)))
        found = [*self.body(*told), *tables(made, wide=True)]
        risk = view.risk()
        if risk:
            first = [row for row in self.result.risk.rows if row["npv_positive"] is not None]
            sure = [row for row in first if row["npv_positive"] >= 0.95]
            if first and not self.several:
                found += self.body(self.says("report_choice.risk", sure=len(sure),
                                            count=len(first)))  # fmt: skip
            found += tables(risk)
        elif self.terms["seed"] is None:
            found += self.missing("report_choice.risk_missing")
        return found

    # -- screening ------------------------------------------------------------------------------

    def screening(self) -> list[Block]:
        """Tell which options to implement now, to study, to reject."""
        made = Plans(self.result, self.language).screening()
        if not made:
            return self.missing("report_choice.screening_missing")
        told = []
        codes = {"implement": "report_choice.implement", "study": "report_choice.study",
                 "reject": "report_choice.reject",
                 "unknown": "report_choice.undecided"}  # fmt: skip
        for decision, code in codes.items():
            rows = [row for row in self.result.screening.rows if row["decision"] == decision]
            if rows and not self.several:
                told.append(self.says(code, count=len(rows), names=self.listed(
                    (shown(str(row["option"])) for row in rows), 12)))  # fmt: skip
        return [*self.body(*told), *tables(made, wide=True)]

    # -- the best set ---------------------------------------------------------------------------

    def best(self) -> list[Block]:
        """Tell the best set, and what each saving costs at the least."""
        view = Sets(self.result, self.language)
        made = view.sets()
        if not made:
            return self.missing("report_choice.best_missing")
        told = [] if self.several else [
            self._set(row) for row in self.result.portfolio.rows]  # fmt: skip
        found = [*self.body(*told), *tables(made)]
        frontier = view.frontier()
        if frontier:
            from sxsh_audit.charts import frontier as draw

            found += tables(frontier)
            points = [row for row in self.result.frontier.rows if row["cost"] is not None]
            alt = self.says("report_choice.frontier_alt", saving=format_percent(
                points[-1]["saving"], self.language), cost=self.money(points[-1]["cost"])
            ) if points else self.says("report_choice.frontier_figure")  # fmt: skip
            found += self.figure("frontier", self.says("report_choice.frontier_figure"),
                                 partial(draw, self.result, language=self.language), alt)
        return found

    def _set(self, row: Row) -> str:
        names = self.listed((shown(str(option)) for option in row["chosen"]), 12)
        if row["status"] in ("infeasible", "undecided"):
            code = ("report_choice.set_infeasible" if row["status"] == "infeasible"
                    else "report_choice.set_undecided")  # fmt: skip
            return self.says(code, limit=self._limit(row))
        if not row["chosen"]:
            return self.says("report_choice.set_nothing", limit=self._limit(row))
        figures = {"names": names, "cost": self.money(row["cost"]), "limit": self._limit(row),
                   "saving": self.money(row["annual_saving"])}  # fmt: skip
        told = self.says("report_choice.set", **figures)
        if row["saving"] is not None:
            told += " " + self.says("report_choice.set_saves",
                                   saving=format_percent(row["saving"], self.language))  # fmt: skip
        return told

    def _limit(self, row: Row) -> str:
        if row["question"] == "budget":
            return self.says("report_choice.with_budget", money=self.money(row["budget"]))
        return self.says("report_choice.to_reach", reach=float(row["reach"]))

    def carbon(self) -> list[Block]:
        """Tell avoided emissions."""
        made = Economics(self.result, self.language).abatement()
        if not made or not any(row["tonnes"] for row in self.result.abatement.rows):
            return self.missing("report_choice.carbon_missing")
        return tables(made, wide=True)
