"""Chapter 1 of the ministry's outline: the plant, its team, steps, production, inputs, norms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from sxsh_audit.assessment.shown import number, pair_digits, shown_intensity, shown_unit
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import quality_text, sig
from sxsh_audit.language.formatting import MISSING, format_number, format_percent
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.saying import bullets, facts, tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block

__all__ = ["Introduction"]

PLANT_FIELDS = ("address", "province", "sector", "vsic", "employees")
FACTS_TOLD = 20
"""Plants whose particulars are told one by one."""


class Introduction(Telling):
    """Chapter 1."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        return [
            self.heading(1, "report_intro.introduction"),
            *self.note(self.says("report_intro.outline")),
            self.heading(2, "report_intro.plant"), *self.particulars(),
            self.heading(2, "report_intro.team"), *self.team(),
            self.heading(2, "report_intro.steps"), *self.steps(),
            self.heading(2, "report_intro.production"), *self.production(),
            self.heading(2, "report_intro.inputs"), *self.inputs(),
            self.heading(2, "report_intro.norms"), *self.norms(),
        ]

    # -- the plant ------------------------------------------------------------------------------

    def particulars(self) -> list[Block]:
        """Tell what is known of the plant, and name what is not."""
        plants = self.recorded("plants")[:FACTS_TOLD]
        found: list[Block] = []
        labels = self._labels()
        for plant in plants or [{}]:
            rows = [(self.says("report_intro.name"), shown(str(plant.get("name") or self.title)))]
            for field in PLANT_FIELDS:
                value = plant.get(field)
                if value is None:
                    continue
                if field == "employees":
                    rows.append((labels[field], format_number(number(value), self.language)))
                else:
                    rows.append((labels[field], str(value)))
            rows.append((self.says("report_intro.products"), self._products(plant)))
            if plant.get("note"):
                rows.append((self.says("report_intro.note"), str(plant["note"])))
            found += facts(rows)
        lacking = self.lacking()
        return [*found, *self.missing("report_intro.plant_missing",
                                      names=self.listed(lacking, len(lacking)))]  # fmt: skip

    def _labels(self) -> dict[str, str]:
        return {
            "address": self.says("report_intro.address"),
            "province": self.says("report_intro.province"),
            "sector": self.says("report_intro.sector"), "vsic": self.says("report_intro.vsic"),
            "employees": self.says("report_intro.employees"),
        }  # fmt: skip

    def lacking(self) -> list[str]:
        """Name the particulars of the outline that the records of some plant do not hold."""
        plants = self.recorded("plants")[:FACTS_TOLD] or [{}]
        labels = self._labels()
        lacking = [self.lower(labels[field]) for field in PLANT_FIELDS
                   if field != "vsic" and any(plant.get(field) is None for plant in plants)]
        return [*lacking, self.says("report_intro.history"), self.says("report_intro.extension"),
                self.says("report_intro.environment"),
                self.says("report_intro.policy")]  # fmt: skip

    def _products(self, plant: Row) -> str:
        facility = plant.get("facility")
        return self.listed(
            shown(str(row.get("name") or row["product"])) for row in self.recorded("products")
            if facility in (None, row.get("facility"))
        )  # fmt: skip

    def team(self) -> list[Block]:
        """List the team, and name those who answer for an option."""
        owners = dict.fromkeys(shown(row["owner"]) for row in self.result.plan.rows if row["owner"])
        told: list[Block] = []
        if owners:
            told = self.body(self.says("report_intro.owners", names=self.listed(owners)))
        members = self.recorded("team")
        if not members:
            return [*told, *self.missing("report_intro.team_missing")]
        columns = [(self.says("report_intro.member"), "l"),
                   (self.says("report_intro.position"), "l"),
                   (self.says("report_intro.duty"), "l")]  # fmt: skip
        cells = [tuple(str(row.get(name) or MISSING) for name in ("name", "position", "duty"))
                 for row in members]  # fmt: skip
        table = self.table(self.says("report_intro.team_table"), columns, cells)
        return [*tables([table]), *told]

    def steps(self) -> list[Block]:
        """Tell step by step what enters and what leaves as waste."""
        sheet = self.latest("flows")
        if not sheet:
            named = [shown(str(row.get("name") or row["step"])) for row in self.recorded("steps")]
            return [*bullets(named, ordered=True), *self.missing(
                "report_intro.flows_missing" if named else "report_intro.steps_missing")]
        names = list(dict.fromkeys(row["step"] for row in self.latest("balances") if row["step"]))
        items = [self._step(step, sheet) for step in names]
        return [*self.body(self.says("report_intro.steps_lead", count=len(names))),
                *bullets(items, ordered=True)]  # fmt: skip

    def _step(self, step: str, sheet: list[Row]) -> str:
        flows = [row for row in sheet if not str(row["layer"]).startswith(("component:", "fuel:"))]
        into = [row["name"] for row in flows if row["target"] == step]
        out = [row for row in flows if row["source"] == step and not row["target"]]
        made = [row["name"] for row in out if row["kind"] in ("product", "by_product")]
        lost = [row["name"] for row in out if row["kind"] not in ("product", "by_product")]
        onward = [row["name"] for row in flows if row["source"] == step and row["target"]]
        name = next((row["source_name"] for row in flows if row["source"] == step), step)
        parts = []
        if into:
            parts.append(self.says("report_intro.step_in", names=self._flows(into)))
        if onward:
            parts.append(self.says("report_intro.step_on", names=self._flows(onward)))
        if made:
            parts.append(self.says("report_intro.step_made", names=self._flows(made)))
        if lost:
            parts.append(self.says("report_intro.step_out", names=self._flows(lost)))
        return self.says("report_intro.step", name=shown(name or step), parts="; ".join(parts))

    def _flows(self, names: list[str]) -> str:
        """List flows; a name with signs of its own in quotation marks."""
        return self.listed(self.quoted(name) if set(name) & set(",;:") else self.lower(shown(name))
                           for name in names)  # fmt: skip

    # -- production and inputs ------------------------------------------------------------------

    def production(self) -> list[Block]:
        """Tell the output of both periods."""
        found = self.body(*self._outputs())
        products = self.recorded("products")
        if products and any(len(row) > 2 for row in products):
            found += tables([self._product_table(products)])
        return found or self.missing("report_intro.production_missing")

    def _outputs(self) -> Iterator[str]:
        seen: set[str] = set()
        for row in self.result.savings.rows:
            plant = row["facility"]
            if plant in seen or row["output_baseline"] is None or row["output_reporting"] is None:
                continue
            seen.add(plant)
            if len(seen) > FACTS_TOLD:
                return
            before, after = number(row["output_baseline"]), number(row["output_reporting"])
            figures = {"before": self.output(plant, before, row["output_unit"]),
                       "after": self.output(plant, after, row["output_unit"])}  # fmt: skip
            if self.several:
                yield f"{shown(self.plant(plant))}:"
            if not before:
                continue
            change = after / before - 1
            if abs(change) < 0.0005:
                yield self.says("report_intro.output_same", **figures)
            else:
                code = "report_intro.output_less" if change < 0 else "report_intro.output_more"
                yield self.says(code, change=self.absolute(change), **figures)
            if row["output_quality"]:
                quality = quality_text(row["output_quality"], self.language)
                yield self.says("report_intro.output_quality", quality=quality)

    def _product_table(self, products: list[Row]) -> Table:
        columns = [(self.says("report_intro.product"), "l"), (self.says("report_intro.basis"), "l"),
                   (self.says("report_intro.equivalence"), "r"),
                   (self.says("report_intro.capacity"), "r")]  # fmt: skip
        cells = []
        for row in products:
            capacity = row.get("capacity")
            told = self.quantity(capacity, str(row.get("unit", "")))
            factor = row.get("equivalence")
            cells.append((
                str(row.get("name") or row["product"]), str(row.get("basis") or MISSING),
                MISSING if factor is None else format_number(number(factor), self.language), told,
            ))  # fmt: skip
        plants = [str(row.get("facility", "")) for row in products]
        return self.table(self.says("report_intro.products_table"), columns, cells, (), plants)

    def inputs(self) -> list[Block]:
        """Tell what is used, and where the money goes."""
        rows = list(self.result.savings.rows)
        if not rows:
            return self.missing("report_intro.inputs_missing")
        costs = [(row, self.cost(row)) for row in rows if not math.isnan(self.cost(row))]
        told: list[Block] = []
        if costs and not self.several:
            total = sum(cost for _, cost in costs)
            top, most = max(costs, key=lambda one: one[1])
            if total > 0:
                told = self.body(self.says(
                    "report_intro.dearest", total=self.money(total), resource=self.resource(top),
                    share=format_percent(most / total, self.language, decimals=0)))  # fmt: skip
        unpriced = [row for row in rows if row["price"] is None]
        found = [*told, *tables([self._inputs(rows)])]
        if unpriced:
            found += self.missing("report_intro.unpriced", names=self.listed(
                self.resource(row) for row in unpriced))  # fmt: skip
        return found

    def _inputs(self, rows: list[Row]) -> Table:
        says = self.says
        columns = [(says("report_intro.resource"), "l"), (says("report_intro.group"), "l"),
                   (says("report_intro.baseline"), "r"), (says("report_intro.reporting"), "r"),
                   (says("report_intro.price"), "r"),
                   (says("report_intro.quality"), "l")]  # fmt: skip
        cells = [
            (self.result.label(row["resource"], self.language), self._group(row["category"]),
             self.amount(row, row["use_baseline"]), self.amount(row, row["use_reporting"]),
             self.price(row), quality_text(row["quality"] or "", self.language) or MISSING)
            for row in rows
        ]  # fmt: skip
        return self.table(says("report_intro.inputs_table"), columns, cells, (), self.plants(rows))

    def _group(self, category: str | None) -> str:
        groups = {
            "purchased_energy": self.says("result.group_purchased_energy"),
            "fuel": self.says("result.group_fuel"),
            "raw_material": self.says("result.group_raw_material"),
            "other_material": self.says("result.group_other_material"),
            "water": self.says("result.group_water"),
        }  # fmt: skip
        return groups.get(str(category), MISSING)

    def price(self, row: Row) -> str:
        """Write the baseline price of a resource in the unit of the study."""
        if row["price"] is None:
            return MISSING
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        return f"{self.unit_price(row['price'] * factor)}/{unit_text(unit, self.language)}"

    # -- norms ----------------------------------------------------------------------------------

    def norms(self) -> list[Block]:
        """Tell specific consumption of both periods: the plant's own norm."""
        rows = [row for row in self.result.savings.rows if row["baseline"] is not None]
        if not rows:
            return self.missing("report_intro.norms_missing")
        from sxsh_audit.charts import specific_consumption

        alt = "; ".join(
            self.says("report_intro.norm_alt", resource=self.resource(row), **self.pair(row))
            for row in rows[:FACTS_TOLD]
        )  # fmt: skip
        found: list[Block] = [*self.body(self.says("report_intro.norms_lead")),
                              *tables([self._norms(rows)])]  # fmt: skip
        found += self.figure("specific-consumption", self.says("report_intro.norms_figure"),
                             partial(specific_consumption, self.result, language=self.language),
                             self.upper(alt) + ".")  # fmt: skip
        return found

    def pair(self, row: Row) -> dict[str, str]:
        """Write specific consumption of both periods at the digits that tell the saving."""
        unit, factor = shown_intensity(self.result, row)
        digits = pair_digits(row, factor)
        before, after = (sig(number(row[name]) / factor, self.language, digits)
                         for name in ("baseline", "reporting"))  # fmt: skip
        return {"before": before, "after": after, "unit": unit_text(unit, self.language)}

    def _norms(self, rows: list[Row]) -> Table:
        says = self.says
        columns = [(says("report_intro.resource"), "l"), (says("report_intro.unit"), "l"),
                   (says("report_intro.baseline"), "r"),
                   (says("report_intro.reporting"), "r")]  # fmt: skip
        cells = []
        for row in rows:
            pair = self.pair(row)
            cells.append((self.result.label(row["resource"], self.language), pair["unit"],
                          pair["before"], pair["after"]))  # fmt: skip
        return self.table(says("report_intro.norms_table"), columns, cells, (), self.plants(rows))
