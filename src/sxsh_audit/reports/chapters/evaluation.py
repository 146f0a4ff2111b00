"""Chapter 2 of the ministry's outline: focus, flow chart, balances, losses, emissions."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sxsh_audit.assessment.flows.drawn import stream_name
from sxsh_audit.assessment.flows.emission_views import EmissionViews
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.saying import bullets, tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

if TYPE_CHECKING:
    from sxsh_audit.display.flow_records import FlowBand

__all__ = ["Evaluation"]

LOSSES_TOLD = 3
"""Losses that are told in sentences."""


class Evaluation(Telling):
    """Chapter 2."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        return [
            self.heading(1, "report_flows.evaluation"),
            self.heading(2, "report_flows.focus"), *self.focus(),
            self.heading(2, "report_flows.chart"), *self.chart(),
            self.heading(2, "report_flows.balances"), *self.balances(),
            self.heading(2, "report_flows.losses"), *self.losses(),
            self.heading(2, "report_flows.emissions"), *self.emissions(),
        ]

    # -- focus ----------------------------------------------------------------------------------

    def focus(self) -> list[Block]:
        """Say where the money goes: the dearest resource, the dearest step."""
        if self.several:
            return self.missing("report_flows.focus_several")
        told = []
        costs = [(row, self.cost(row)) for row in self.result.savings.rows
                 if not math.isnan(self.cost(row))]  # fmt: skip
        total = sum(cost for _, cost in costs)
        if costs and total > 0:
            top, most = max(costs, key=lambda one: one[1])
            told.append(self.says(
                "report_flows.focus_resource", resource=self.resource(top),
                share=format_percent(most / total, self.language, decimals=0)))  # fmt: skip
        by_step: dict[str, float] = {}
        rows = {row["step"]: row for row in self.latest("loss_costs")}
        for row in self.latest("loss_costs"):
            by_step[row["step"]] = by_step.get(row["step"], 0.0) + float(row["total"] or 0.0)
        lost = sum(by_step.values())
        if lost > 0:
            step = max(by_step, key=lambda name: by_step[name])
            told.append(self.says(
                "report_flows.focus_step", step=self.step(rows[step]),
                money=self.money(by_step[step]),
                share=format_percent(by_step[step] / lost, self.language, decimals=0)))  # fmt: skip
        if not told:
            return self.missing("report_flows.focus_missing")
        return self.body(*told, self.says("report_flows.focus_rule"))

    # -- flows ----------------------------------------------------------------------------------

    def chart(self) -> list[Block]:
        """Draw the latest flow sheet."""
        sheet = self.latest("flows")
        bands = [] if not sheet else self.result.flow_bands(self.language)
        known = [band for band in bands if not math.isnan(band.amount)]
        if not known:
            return self.missing("report_flows.chart_missing")
        from sxsh_audit.charts import sankey

        largest = sorted((band for band in known if not band.source), key=lambda one: -one.amount)
        lost = sorted((band for band in known if band.lost), key=lambda one: -one.amount)
        parts = [self.says("report_flows.band", name=self.lower(shown(band.name)),
                          amount=self._printed(band)) for band in largest[:3]]
        away = [self.says("report_flows.band", name=self.lower(shown(band.name)),
                         amount=self._printed(band)) for band in lost[:3]]
        told = []
        if parts:
            told.append(self.says("report_flows.chart_in", names=self.listed(parts)))
        if away:
            told.append(self.says("report_flows.chart_lost", names=self.listed(away)))
        alt = self.says("report_flows.chart_alt")
        subject = self.result.chart_subject("flow_bands", self.language)
        return [
            *self.body(*told),
            *self.figure("sankey", self.says("report_flows.chart_caption", subject=subject),
                         partial(sankey, self.result, language=self.language),
                         " ".join([alt, *told])),
        ]  # fmt: skip

    def _printed(self, band: FlowBand) -> str:
        """Write the amount of a band, whose unit is printed already."""
        return f"{sig(band.amount, self.language)} {band.unit}".strip()

    def balances(self) -> list[Block]:
        """Say which steps close, and lay out the balances."""
        view = self.flow_view()
        sheets = view.sheets()
        rows = [row for row in self.latest("balances") if not row["component"]
                and row["status"] in ("closed", "open", "unknown", "no_error")]  # fmt: skip
        if not rows:
            return self.missing("report_flows.balances_missing")
        told = []
        closed = [row for row in rows if row["status"] == "closed"]
        opened = [row for row in rows if row["status"] == "open"]
        unknown = [row for row in rows if row["status"] == "unknown" and row["step"]]
        if closed:
            told.append(self.says("report_flows.closed", names=self.steps_of(closed)))
        if opened:
            told.append(self.says("report_flows.open", names=self.steps_of(opened)))
        if unknown:
            flows = [self.lower(shown(name)) for row in unknown for name in row["not_known"]]
            told.append(self.says("report_flows.not_known", names=self.steps_of(unknown),
                                 flows=self.listed(flows)))  # fmt: skip
        suspect = dict.fromkeys(row["name"] for row in self.latest("flows") if row["eliminated"])
        if suspect:
            told.append(self.says("report_flows.suspect", names=self.listed(
                self.quoted(name) for name in suspect)))  # fmt: skip
        return [*self.body(*told), *tables(view.balances(sheets[0])),
                *tables(view.reconciled(sheets[0]))]  # fmt: skip

    # -- losses ---------------------------------------------------------------------------------

    def losses(self) -> list[Block]:
        """Tell the dearest losses with their causes, and lay all out."""
        rows = [row for row in self.latest("loss_costs") if row["total"]]
        if not rows:
            return self.missing("report_flows.losses_missing")
        from sxsh_audit.charts import loss_pareto

        view = self.flow_view()
        totals = self.latest("loss_totals")
        told = []
        for whole in totals[:1]:
            told.append(self.says("report_flows.losses_lead", cost_in=self.money(whole["cost_in"]),
                                 losses=self.money(whole["losses"]),
                                 waste=self.money(whole["waste_management"])))  # fmt: skip
        items = [self._loss(row) for row in rows[:LOSSES_TOLD]]
        uncaused = [row for row in rows[:LOSSES_TOLD] if not row["cause"]]
        found: list[Block] = [*self.body(*told, self.says("report_flows.top")),
                              *bullets(items, ordered=True)]  # fmt: skip
        for row in self.latest("true_costs"):
            if row["per_unit"] is not None and row["price"]:
                found += self.body(self.says(
                    "report_flows.water", per_unit=self.unit_price(round(row["per_unit"])),
                    price=self.unit_price(round(row["price"], 6))))  # fmt: skip
        found += tables(view.costs(view.sheets()[0]), wide=True)
        found += self.figure("loss-pareto", self.says("report_flows.pareto"),
                             partial(loss_pareto, self.result, language=self.language),
                             " ".join(items))  # fmt: skip
        if uncaused:
            found += self.missing("report_flows.no_cause", names=self.listed(
                self.quoted(stream_name(row, self.language)) for row in uncaused))  # fmt: skip
        return found

    def _loss(self, row: Row) -> str:
        causes = {
            "input_material": self.says("losses.cause_input_material"),
            "technology": self.says("losses.cause_technology"),
            "operation": self.says("losses.cause_operation"),
            "product": self.says("losses.cause_product"),
            "waste_handling": self.says("losses.cause_waste_handling"),
        }  # fmt: skip
        cause = causes.get(str(row["cause"]), "")
        name = self.quoted(stream_name(row, self.language))
        figures = {"name": name, "step": self.step(row), "money": self.money(row["total"]),
                   "share": format_percent(row["share"], self.language, decimals=0),
                   "amount": self.quantity(row["amount"], row["unit"])}  # fmt: skip
        if cause:
            return self.says("report_flows.loss_cause", cause=cause, **figures)
        return self.says("report_flows.loss", **figures)

    # -- emissions ------------------------------------------------------------------------------

    def emissions(self) -> list[Block]:
        """Say what fell and what rose per product, and which limit was passed."""
        view = EmissionViews(self.result, self.language)
        rows = [row for row in self.result.emissions.rows if row["change"] is not None]
        if self.several or not (rows or self.result.needs.rows or self.result.limits.rows):
            return self.missing("report_flows.emissions_missing")
        inventory = view.inventory()
        single = [row for row in rows if row["substance"]]
        fell = sum(row["change"] < -0.0005 for row in single)
        rose = sum(row["change"] > 0.0005 for row in single)
        told = []
        if fell or rose:
            told.append(self.says("report_flows.emission_count", fell=fell, rose=rose,
                                 count=fell + rose))  # fmt: skip
        told += self._limits()
        found = [*self.body(*told), *tables(inventory, wide=True), *tables(view.limits())]
        found += tables(view.indicators())
        if not self.result.limits.rows:
            found += self.missing("report_flows.limits_missing")
        return [*found, *tables(view.needs())]

    def _limits(self) -> list[str]:
        codes = {"over": "report_flows.limit_exceeded",
                 "cannot_tell": "report_flows.limit_cannot_tell",
                 "within": "report_flows.limit_within"}  # fmt: skip
        latest = "reporting" if any(row["phase"] == "reporting"
                                    for row in self.result.limits.rows) else ""  # fmt: skip
        told = []
        for status, code in codes.items():
            names = [self.says("report_flows.limit_of", component=shown(str(row["component"])),
                              flow=self.quoted(row["name"]))
                     for row in self.result.limits.rows
                     if row["status"] == status and latest in ("", row["phase"])]  # fmt: skip
            if names:
                told.append(self.says(code, names=self.listed(names)))
        return told
