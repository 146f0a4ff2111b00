"""Slides of the options: money, payback, quick wins, the best set, the plan."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.assessment.shown import cost_text, number
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.wording import money_scale
from sxsh_audit.language.formatting import MISSING, format_date, format_number
from sxsh_audit.language.text import shown
from sxsh_audit.reports.deck import BarChart, Body, Headlines, Series, Slide
from sxsh_audit.reports.document import Bullets, Paragraph, TableBlock
from sxsh_audit.reports.slide_words import BEFORE, GREEN, GREY, NOW, ORANGE, RED, Teller

__all__ = ["Options"]

MOST = 6
SCALED = 100.0
"""The largest bar has three or four digits, so that a hundredth of it is still a figure."""

QUICK = 1.0
"""A payback [year] up to which an option is a quick win."""

_STATUS = {
    "": "invest.status_", "proposed": "invest.status_proposed",
    "approved": "invest.status_approved", "in_progress": "invest.status_in_progress",
    "implemented": "invest.status_implemented", "dropped": "invest.status_dropped",
}  # fmt: skip
_BY = {
    "npv": "invest.by_npv", "money": "invest.by_money", "energy": "invest.by_energy",
    "carbon": "invest.by_carbon", "cost": "invest.by_cost",
}  # fmt: skip
Row = Mapping[str, Any]


class Options(Teller):
    """What can be done, for how much, and who does it."""

    def rows(self) -> list[Row]:
        """Return the options that are not dropped, best first."""
        return [row for row in self.result.options.rows if row["status"] != "dropped"]

    def quick(self) -> list[Row]:
        """Return the options that pay back within a year and are still to be done."""
        return [row for row in self.rows() if row["status"] != "implemented"
                and (row["payback_class"] == "immediate"
                     or (row["payback_class"] == "years" and number(row["years"]) <= QUICK))]

    def money_slide(self) -> list[Slide]:
        """Show cost and yearly saving of the options."""
        rows = [row for row in self.rows() if row["annual_saving"] is not None]
        rows.sort(key=lambda row: -number(row["annual_saving"]))
        if not rows:
            return []
        currency = self.result.settings["currency"]
        kept = rows[:MOST]
        largest = max((abs(number(row[name])) for row in kept for name in ("cost", "annual_saving")
                       if row[name] is not None), default=0.0)  # fmt: skip
        size, unit = money_scale(largest / SCALED, self.language, currency)

        def scaled(name: str) -> tuple[str, ...]:
            return tuple(MISSING if row[name] is None else format_number(
                number(row[name]) / size, self.language, digits=3) for row in kept)

        series = (
            Series(self.tell("slides.cost"), tuple(_known(number(row["cost"]) / size) or 0.0
                                                   for row in kept), scaled("cost"), (BEFORE,)),
            Series(self.tell("slides.annual_saving"),
                   tuple(number(row["annual_saving"]) / size for row in kept),
                   scaled("annual_saving"), (NOW,)),
        )  # fmt: skip
        names = tuple(self.option(row) for row in kept)
        alt = "; ".join(self.tell("slides.options_alt", name=name, cost=cost, saving=saving)
                        for name, cost, saving in
                        zip(names, series[0].labels, series[1].labels, strict=True))  # fmt: skip
        totals = self.result.option_totals.rows
        if len(totals) == 1 and totals[0]["counted"] and number(totals[0]["annual_saving"]) > 0:
            total = totals[0]
            title = self.tell("slides.options", count=int(total["counted"]),
                              cost=self.money(total["cost"]),
                              saving=self.money(total["annual_saving"]))  # fmt: skip
        else:
            title = self.tell("slides.options_first", name=names[0],
                              saving=self.money(rows[0]["annual_saving"]))  # fmt: skip
        small = [self.tell("slides.options_small", unit=unit), *self.more(rows, MOST)]
        return [Slide("options", title, (BarChart("rows", names, series, alt),
                                         Paragraph(" ".join(small), "note")),
                      (self.tell("slides.options_say"), self.tell("slides.options_ask")))]

    def payback(self) -> list[Slide]:
        """Show the payback ladder."""
        rows = self.rows()
        if not rows:
            return []
        kept = rows[:MOST]
        fast = [row for row in rows if row["payback_class"] == "immediate"
                or (row["payback_class"] == "years" and number(row["years"]) <= QUICK)]  # fmt: skip
        if fast:
            title = self.tell("slides.payback_fast", count=len(fast), every=len(rows))
        else:
            title = self.tell("slides.payback_first", name=self.option(rows[0]),
                              payback=self.paid(rows[0]))  # fmt: skip
        values, colors = [], []
        for row in kept:
            years = number(row["years"])
            values.append(years if math.isfinite(years) else 0.0)
            colors.append(_payback_color(row))
        labels = tuple(self._paid_short(row) for row in kept)
        names = tuple(self.option(row) for row in kept)
        alt = "; ".join(f"{name}: {label}" for name, label in zip(names, labels, strict=True))
        series = Series(self.tell("slides.payback_years"), tuple(values), labels, tuple(colors))
        small = [self.tell("slides.payback_small"), *self.more(rows, MOST)]
        notes = [self.tell("slides.payback_say")]
        lacking = [self.option(row) for row in rows if row["payback_class"] == "unknown"]
        if lacking:
            notes.append(self.tell("slides.payback_lacking", names=lacking[:5]))
        return [Slide("payback", title, (BarChart("rows", names, (series,), alt),
                                         Paragraph(" ".join(small), "note")), tuple(notes))]

    def _paid_short(self, row: Row) -> str:
        """Write a payback in as few words as a label has room for."""
        short = {"unknown": "slides.lacks_figures", "worse": "display.payback_never"}
        code = short.get(row["payback_class"])
        return self.tell(code) if code else self.paid(row)

    def quick_wins(self) -> list[Slide]:
        """List what can be done at once."""
        rows = self.quick()
        if not rows:
            return []
        currency = self.result.settings["currency"]
        items = tuple(
            self.tell("slides.quick_one", name=self.option(row),
                      cost=cost_text(row, self.language, currency),
                      saving=self.money(row["annual_saving"]), payback=self.paid(row))
            for row in rows[:4]
        )  # fmt: skip
        body: list[Body] = [Bullets(items)]
        if more := self.more(rows, 4):
            body.append(Paragraph(more[0], "note"))
        return [Slide("quick", self.tell("slides.quick", count=len(rows)), tuple(body),
                      (self.tell("slides.quick_say"),))]  # fmt: skip

    def best(self) -> list[Slide]:
        """Show the best set under the budget, or the cheapest that reaches the target."""
        slides = []
        for row in self.result.portfolio.rows[:2]:
            if self.several:
                break
            slides += [self._best(row)]
        return slides

    def _best(self, row: Row) -> Slide:
        key = f"best-{row['question']}"
        asked = (self.tell("slides.asked_budget", budget=self.money(row["budget"]))
                 if row["question"] == "budget"
                 else self.tell("slides.asked_reach", reach=float(row["reach"])))  # fmt: skip
        say = (self.tell("slides.best_say"), self.tell("slides.best_together"))
        if row["status"] == "infeasible":
            most = () if row["most"] is None else (
                Headlines(((self.percent(row["most"]), self.tell("slides.most_reached")),)),)
            return Slide(key, self.tell("slides.best_infeasible", asked=asked), most, say)
        if row["status"] == "undecided":
            return Slide(key, self.tell("slides.best_undecided", asked=asked), (), say)
        if not row["chosen"]:
            return Slide(key, self.tell("slides.best_nothing", asked=asked), (), say)
        names = tuple(self.option({"facility": row["facility"], "option": name, "name": ""})
                      for name in row["chosen"])  # fmt: skip
        figures = [(self.money(row["cost"]), self.tell("slides.set_cost")),
                   (self.money(row["annual_saving"]), self.tell("slides.set_saving")),
                   (self.paid(row), self.tell("slides.set_payback"))]  # fmt: skip
        if row["saving"] is not None:
            figures.append((self.percent(row["saving"]), self.tell("slides.set_reaches")))
        title = self.tell("slides.best", asked=asked, count=len(names),
                          by=self.tell(_BY[row["by"]]))  # fmt: skip
        return Slide(key, title, (Headlines(tuple(figures)), Bullets(names[:MOST])), say)

    def frontier(self) -> list[Slide]:
        """Show what each saving costs at least."""
        rows = [row for row in self.result.frontier.rows
                if row["cost"] is not None and row["saving"] is not None]  # fmt: skip
        if len(rows) < 3 or self.several:
            return []
        kept = _spread(rows, 8)
        size, unit = money_scale(max(number(row["cost"]) for row in kept) / SCALED, self.language,
                                 self.result.settings["currency"])  # fmt: skip
        names = tuple(self.percent(row["saving"]) for row in kept)
        labels = tuple(format_number(number(row["cost"]) / size, self.language, digits=3)
                       for row in kept)  # fmt: skip
        values = tuple(number(row["cost"]) / size for row in kept)
        series = Series(self.tell("slides.least_cost", unit=unit), values, labels, (NOW,))
        alt = "; ".join(f"{name}: {label}" for name, label in zip(names, labels, strict=True))
        last = kept[-1]
        title = self.tell("slides.frontier", most=self.percent(last["saving"]),
                          cost=self.money(last["cost"]))  # fmt: skip
        return [Slide("frontier", title,
                      (BarChart("columns", names, (series,), alt),
                       Paragraph(self.tell("slides.frontier_small", unit=unit), "note")),
                      (self.tell("slides.frontier_say"),))]  # fmt: skip

    def plan(self) -> list[Slide]:
        """Show who does what by when."""
        rows = [row for row in self.result.plan.rows if row["status"] != "dropped"]
        if not rows:
            return []
        open_rows = [row for row in rows if row["status"] != "implemented"]
        nobody = [row for row in open_rows if not row["owner"] or not row["due"]]
        if nobody:
            title = self.tell("slides.plan_nobody", count=len(nobody))
        elif open_rows:
            title = self.tell("slides.plan_set", count=len(open_rows))
        else:
            title = self.tell("slides.plan_done", count=len(rows))
        columns = tuple(Column(key, self.tell(code)) for key, code in (
            ("option", "invest.option"), ("status", "invest.status"), ("owner", "invest.owner"),
            ("due", "invest.due")))  # fmt: skip
        ordered = sorted(rows, key=lambda row: (row["status"] == "implemented", row["due"] or "9"))
        cells = tuple(
            (self.option(row), self.tell(_STATUS[row["status"] or ""]),
             shown(row["owner"], 40) if row["owner"] else MISSING, self._day(row["due"]))
            for row in ordered[:6]
        )  # fmt: skip
        body: list[Body] = [TableBlock(Table("", columns, cells))]
        if more := self.more(rows, 6):
            body.append(Paragraph(more[0], "note"))
        return [Slide("plan", title, tuple(body),
                      (self.tell("slides.plan_say"), self.tell("slides.plan_ask")))]  # fmt: skip

    def _day(self, day: str | None) -> str:
        return MISSING if not day else format_date(dt.date.fromisoformat(day), self.language)


def _payback_color(row: Row) -> str:
    if row["payback_class"] == "unknown":
        return GREY
    if row["payback_class"] in ("never", "worse"):
        return RED
    return GREEN if number(row["years"]) <= QUICK else ORANGE


def _spread(rows: Sequence[Row], most: int) -> list[Row]:
    """Return `most` of the rows, the first and the last among them."""
    if len(rows) <= most:
        return list(rows)
    step = (len(rows) - 1) / (most - 1)
    return [rows[round(place * step)] for place in range(most)]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
