"""Slides of flows, losses and emissions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.drawn import stream_name
from sxsh_audit.assessment.flows.emission_views import emission_views
from sxsh_audit.assessment.flows.views import FlowViews, sheet_text
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Table
from sxsh_audit.display.wording import money_scale, sig
from sxsh_audit.language.text import shown
from sxsh_audit.reports.deck import BarChart, Body, Series, Slide
from sxsh_audit.reports.document import Figure, Paragraph, TableBlock
from sxsh_audit.reports.slide_words import LONGEST_NAME, Teller

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sxsh_audit.display.flow_records import FlowBand

__all__ = ["Flows"]

MOST = 6
LEAST_FLOW = 0.03
"""Share of the largest flow below which a flow is left to the report."""

SHEET = ("facility", "phase", "batch")
PARTS = ("material", "energy", "system", "waste_management")
COLORS = ("0072B2", "E69F00", "56B4E9", "CC79A7")


class Flows(Teller):
    """Where what enters the plant goes."""

    def _sheet(self) -> tuple[str, ...] | None:
        sheets = FlowViews(self.result, self.language).sheets()
        return sheets[0] if sheets else None

    def _of(self, name: str, sheet: tuple[str, ...]) -> list[Mapping[str, Any]]:
        return FlowViews(self.result, self.language).rows(name, sheet)

    def flows(self) -> list[Slide]:
        """Show the flows of the latest sheet."""
        sheet = self._sheet()
        if sheet is None:
            return []
        when = sheet_text(dict(zip(SHEET, sheet, strict=True)), self.language)
        totals = self._of("loss_totals", sheet)
        if totals and totals[0]["losses"] and totals[0]["cost_in"]:
            title = self.tell("slides.flows_money", losses=self.money(totals[0]["losses"]),
                              cost_in=self.money(totals[0]["cost_in"]))  # fmt: skip
        else:
            title = self.tell("slides.flows")
        named = {row["name"]: None for row in self._of("balances", sheet) if row["name"]}
        steps = [shown(str(name), LONGEST_NAME) for name in named]
        alt = self.tell("slides.flows_alt", steps=steps, when=when)
        bands = self._bands()
        figure = Figure("sankey", self.tell("slides.flows"), self._sankey(bands), alt)
        notes = [self.tell("slides.flows_say")]
        numbers = self._numbers(bands)
        if numbers:
            notes.append(self.tell("slides.flows_key", names=[f"{mark} = {text}" for mark, text
                                                              in numbers]))  # fmt: skip
        doubts = sum(len(row["suspects"]) for row in self._of("balance_tests", sheet)
                     if row["status"] == "suspect")  # fmt: skip
        if doubts:
            notes.append(self.tell("slides.flows_doubt", count=doubts))
        small = self._largest_losses(bands, {text: mark for mark, text in numbers})
        return [Slide("flows", title, (figure, Paragraph(small, "note")) if small else (figure,),
                      tuple(notes))]  # fmt: skip

    def _bands(self) -> list[FlowBand]:
        """Return the flows that can be seen from the back row, and every product."""
        bands = list(self.result.flow_bands(self.language))
        known = [abs(band.amount) for band in bands if not math.isnan(band.amount)]
        least = max(known, default=0.0) * LEAST_FLOW
        return [band for band in bands if band.kind == "product" or abs(band.amount) >= least]

    def _numbers(self, bands: Sequence[FlowBand]) -> list[tuple[str, str]]:
        from sxsh_audit.charts.sankey_chart import flow_numbers

        return flow_numbers(bands, language=self.language)

    def _largest_losses(self, bands: Sequence[FlowBand], marks: Mapping[str, str]) -> str:
        lost = sorted((band for band in bands if band.lost), key=lambda band: -abs(band.amount))
        told = []
        for band in lost[:2]:
            text = f"{band.name}: {sig(band.amount, self.language)} {band.unit}"
            mark = next((mark for words, mark in marks.items()
                         if words.startswith(f"{band.name}:")), "")  # fmt: skip
            told.append(f"[{mark}] {text}" if mark else text)
        return self.tell("slides.flows_largest", names="; ".join(told)) if told else ""

    def _sankey(self, bands: Sequence[FlowBand]) -> Callable[[], Axes]:
        def draw() -> Axes:
            from sxsh_audit.charts.sankey_chart import sankey

            return sankey(bands, language=self.language, title="", subtitle="", key=False)

        return draw

    def losses(self) -> list[Slide]:
        """Show the dearest losses."""
        sheet = self._sheet()
        every = self._of("loss_costs", sheet) if sheet else []
        rows = [row for row in every if row["total"]]
        if not rows:
            return []
        size, unit = money_scale(number(rows[0]["total"]), self.language,
                                 self.result.settings["currency"])  # fmt: skip
        names = [shown(stream_name(row, self.language), LONGEST_NAME) for row in rows[:MOST]]
        sums = [self.money(row["total"]) for row in rows[:MOST]]
        words = ("slides.part_material", "slides.part_energy", "slides.part_system",
                 "slides.part_waste_management")  # fmt: skip
        series = []
        for part, code, color in zip(PARTS, words, COLORS, strict=True):
            values = tuple(_known(number(row[part]) / size) for row in rows[:MOST])
            series.append(Series(self.tell(code), values, (), (color,)))
        alt = "; ".join(f"{name}: {money}" for name, money in zip(names, sums, strict=True))
        title = self.tell("slides.losses", name=names[0], money=sums[0],
                          share=self.percent(rows[0]["share"]))  # fmt: skip
        small = [self.tell("slides.losses_small", unit=unit), *self.more(rows, MOST)]
        chart = BarChart("stacked", tuple(f"{name}: {money}" for name, money in
                                          zip(names, sums, strict=True)), tuple(series), alt)
        notes = [self.tell("slides.losses_say")]
        for row in self._of("true_costs", sheet) if sheet else []:
            if row["per_unit"] is not None and row["price"]:
                notes.append(self.tell("slides.losses_water", money=self.money(row["per_unit"]),
                                       price=self.money(row["price"])))  # fmt: skip
        return [Slide("losses", title, (chart, Paragraph(" ".join(small), "note")), tuple(notes))]

    def emissions(self) -> list[Slide]:
        """Show the enterprise indicators."""
        if self.several:
            return []
        known = [row for row in self.result.indicators.rows if row["better"] is not None]
        title = self.tell("inventory.indicators")  # the table of that name, as the report has it
        found = [table for table in emission_views(self.result, self.language)
                 if table.title == title]  # fmt: skip
        if len(known) < 2 or not found:
            return []
        better = sum(bool(row["better"]) for row in known)
        table = found[0]
        kept = tuple(cells for cells, row in zip(table.rows, self.result.indicators.rows,
                                                 strict=True) if row["better"] is not None)
        title = self.tell("slides.emissions", count=better, every=len(known))
        block = TableBlock(Table("", table.columns, kept))
        body: list[Body] = [block]
        above = [row for row in self.result.limits.rows if row["status"] == "over"]
        if above:
            names = list(dict.fromkeys(
                f"{shown(str(row['name']), LONGEST_NAME)}, {shown(str(row['component']))}"
                for row in above))  # fmt: skip
            body.append(Paragraph(self.tell("slides.emissions_limit", names=names), "note"))
        notes = [self.tell("slides.emissions_say")]
        lacking = len(self.result.indicators) - len(known)
        if lacking:
            notes.append(self.tell("slides.emissions_lacking", count=lacking))
        return [Slide("emissions", title, tuple(body), tuple(notes))]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
