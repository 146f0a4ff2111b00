"""Appendices: data, factors and sources, what to know, method, the main figures explained."""

from __future__ import annotations

from collections.abc import Iterator

from sxsh_audit.assessment.shown import format_plain
from sxsh_audit.assessment.views import findings_table
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import quality_text
from sxsh_audit.language.formatting import MISSING, format_number
from sxsh_audit.reports.chapters.saying import bullets, tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block, Heading

__all__ = ["Appendices"]

PAYBACKS = 5
"""Options whose payback is explained; the others can be asked for."""
RESOURCES = 8
LOSSES = 1
VALUES = 3
"""Options whose net present value is explained."""


class Appendices(Telling):
    """Appendices A to E."""

    def blocks(self) -> list[Block]:
        """Return the appendices."""
        return [
            self._chapter("report_appendix.data"), *self.data(),
            self._chapter("report_appendix.factors"), *self.factors(),
            self._chapter("report_appendix.findings"), *self.findings(),
            self._chapter("report_appendix.method"), *bullets(self.method()),
            self._chapter("report_appendix.explained"), *self.explained(),
        ]  # fmt: skip

    def _chapter(self, code: str) -> Heading:
        return self.heading(1, code, key=f"appendix-{code.rpartition('.')[2]}", appendix=True)

    # -- data -----------------------------------------------------------------------------------

    def data(self) -> list[Block]:
        """Lay out what the savings were worked out from, and the files it came in."""
        rows = list(self.result.savings.rows)
        if not rows:
            return [*self.missing("report_appendix.data_missing"), *tables([self._files()])]
        says = self.says
        heads = ("resource", "use_before", "output_before", "use_after", "output_after", "months",
                 "quality")  # fmt: skip
        words = (says("report_appendix.resource"), says("report_appendix.use_before"),
                 says("report_appendix.output_before"), says("report_appendix.use_after"),
                 says("report_appendix.output_after"), says("report_appendix.months"),
                 says("report_appendix.quality"))  # fmt: skip
        figures = {"use_before", "output_before", "use_after", "output_after"}
        columns = [(word, "r" if name in figures else "l")
                   for name, word in zip(heads, words, strict=True)]  # fmt: skip
        cells = [
            (self.result.label(row["resource"], self.language),
             self.amount(row, row["use_baseline"]),
             self.output(row["facility"], row["output_baseline"], row["output_unit"]),
             self.amount(row, row["use_reporting"]),
             self.output(row["facility"], row["output_reporting"], row["output_unit"]),
             self._months(row), quality_text(row["quality"] or "", self.language) or MISSING)
            for row in rows
        ]  # fmt: skip
        table = self.table(says("report_appendix.data_table"), columns, cells, (),
                           self.plants(rows))  # fmt: skip
        stocked = ("fuel", "raw_material", "other_material")
        bought = [self.resource(row) for row in rows
                  if row["purchases_only"] and row["category"] in stocked]  # fmt: skip
        found = [*self.body(says("report_appendix.data_lead")), *tables([table], wide=True)]
        if bought:
            found += self.note(says("report_appendix.purchases", names=self.listed(bought)))
        return [*found, *tables([self._files()])]

    def _months(self, row: Row) -> str:
        if not row["of_months_baseline"] or not row["of_months_reporting"]:
            return MISSING
        return self.says("report_appendix.months_of", known0=row["months_baseline"],
                        all0=row["of_months_baseline"], known1=row["months_reporting"],
                        all1=row["of_months_reporting"])  # fmt: skip

    def _files(self) -> Table:
        columns = [(self.says("report_appendix.file"), "l"),
                   (self.says("report_appendix.digest"), "l")]  # fmt: skip
        cells = [(name, str(digest)) for name, digest in self.result.study["files"].items()]
        return self.table(self.says("report_appendix.files"), columns, cells)

    # -- factors --------------------------------------------------------------------------------

    def factors(self) -> list[Block]:
        """Lay out every factor and price with its source."""
        says = self.says
        cells = [*self._energy(), *self._emissions()]
        columns = [(says("report_appendix.factor_of"), "l"), (says("report_appendix.value"), "r"),
                   (says("report_appendix.source"), "l")]  # fmt: skip
        found: list[Block] = []
        if cells:
            found += tables([self.table(says("report_appendix.factors_table"), columns, cells)])
        else:
            found += self.missing("report_appendix.factors_missing")
        found += tables([self._prices()])
        settings = self.result.settings
        if settings["programme"]:
            found += self.note(says("report_appendix.programme_source", law=settings["legal_ref"],
                                   source=settings["programme_source"]))  # fmt: skip
        return found

    def _energy(self) -> Iterator[tuple[str, str, str]]:
        named = self.says("report_appendix.factor_set", name=self.result.settings["factor_set"])
        seen = set()
        for row in self.result.savings.rows:
            if row["energy_factor"] is None or row["resource"] in seen:
                continue
            seen.add(row["resource"])
            unit = unit_text(f"{row['energy_unit']}/{row['unit']}", self.language)
            value = format_plain(row["energy_factor"], self.language)
            name = self.says("report_appendix.energy_of", resource=self.resource(row))
            yield name, f"{value} {unit}", named

    def _emissions(self) -> Iterator[tuple[str, str, str]]:
        seen: set[str] = set()
        for row in self.result.emissions.rows:
            if row["factor"] is None or row["substance"] in seen:
                continue
            seen.add(row["substance"])
            name = self.lower(self.result.label(row["substance"], self.language))
            year = MISSING if row["factor_year"] is None else str(row["factor_year"])
            yield (self.says("report_appendix.emission_of", resource=name),
                   f"{format_number(row['factor'], self.language, digits=6)} "
                   f"{unit_text(row['factor_unit'], self.language)}",
                   self.says("report_appendix.year", year=year,
                            source=row["factor_source"]))  # fmt: skip
        for key, factor in self.result.settings["emission_factors"].items():
            if key in seen:
                continue
            yield (self.says("report_appendix.emission_of",
                            resource=self.lower(self.result.label(key, self.language))),
                   f"{format_number(factor['value'], self.language, digits=6)} "
                   f"{unit_text(factor['unit'], self.language)}",
                   self.says("report_appendix.year", year=str(factor["year"]),
                            source=factor["source"]))  # fmt: skip

    def _prices(self) -> Table:
        from sxsh_audit.reports.chapters.introduction import Introduction

        says = self.says
        sources = {"stated": says("report_appendix.price_stated"),
                   "bills": says("report_appendix.price_bills")}  # fmt: skip
        rows = [row for row in self.result.savings.rows if row["price"] is not None]
        price_of = Introduction(self.result, self.language).price
        columns = [(says("report_appendix.resource"), "l"), (says("report_appendix.price"), "r"),
                   (says("report_appendix.source"), "l")]  # fmt: skip
        cells = [(self.result.label(row["resource"], self.language), price_of(row),
                  sources.get(str(row["price_source"]), MISSING)) for row in rows]  # fmt: skip
        return self.table(says("report_appendix.prices_table"), columns, cells, (),
                          self.plants(rows))  # fmt: skip

    # -- findings -------------------------------------------------------------------------------

    def findings(self) -> list[Block]:
        """Lay out warnings and notes, then the adjustments."""
        items = list(self.result.findings)
        found: list[Block] = []
        if items:
            warnings = sum(item.severity == "warning" for item in items)
            notes = len(items) - warnings
            told = [self.says("report_appendix.warnings", count=warnings)] if warnings else []
            told += [self.says("report_appendix.notes", count=notes)] if notes else []
            found += self.body(self.says("report_appendix.findings_lead",
                                        found=self.listed(told)))  # fmt: skip
            found += tables([findings_table(self.result, self.language)], wide=True)
        else:
            found += self.missing("report_appendix.findings_missing")
        adjusted = self.recorded("adjustments")
        found.append(self.heading(2, "report_appendix.adjustments", key="adjustments"))
        if not adjusted:
            return [*found, *self.missing("report_appendix.adjustments_missing")]
        found += self.body(self.says("report_appendix.adjustments_lead"))
        return [*found, *tables([self.adjustments(adjusted)], wide=True)]

    def adjustments(self, rows: list[Row]) -> Table:
        """Lay out what is no part of normal production, with its proof."""
        says = self.says
        columns = [(says("report_appendix.resource"), "l"), (says("report_appendix.when"), "l"),
                   (says("report_appendix.amount"), "r"), (says("report_appendix.reason"), "l"),
                   (says("report_appendix.evidence"), "l"),
                   (says("report_appendix.who"), "l")]  # fmt: skip
        cells = []
        for row in rows:
            days = [self.day(row.get(name)) for name in ("start", "end")]
            cells.append((
                self.result.label(str(row["resource"]), self.language),
                " – ".join(day for day in days if day) or MISSING,
                self.amount({"unit": "", **row}, row.get("quantity")),
                *(str(row.get(name) or MISSING) for name in ("reason", "evidence", "who")),
            ))  # fmt: skip
        plants = [str(row.get("facility", "")) for row in rows]
        return self.table(says("report_appendix.adjustments_table"), columns, cells, (), plants)

    # -- method ---------------------------------------------------------------------------------

    def method(self) -> Iterator[str]:
        """Say the rules that this report used, and no others."""
        result, says = self.result, self.says
        if result.savings.rows:
            yield says("report_appendix.method_specific")
            yield says("report_appendix.method_saving")
        rules = {row["rule"] for row in result.verdict.rows}
        if "cost_weighted" in rules:
            yield says("report_appendix.method_cost_weighted")
        if "each" in rules:
            yield says("report_appendix.method_each")
        if "energy_total" in rules:
            yield says("report_appendix.method_energy_total")
        if self.band:
            yield says("report_appendix.method_band")
        if any(row["sd"] is not None for row in result.adjusted.rows):
            yield says("report_appendix.method_uncertainty")
        if any(row["kind"] != "ratio" for row in result.adjusted.rows):
            yield says("report_appendix.method_baseline")
        if result.options.rows:
            yield says("report_appendix.method_payback")
        if result.economics.rows:
            yield says("report_appendix.method_npv")
        if result.balance_tests.rows:
            yield says("report_appendix.method_balance")
        if result.loss_totals.rows:
            yield says("report_appendix.method_losses")

    # -- explained ------------------------------------------------------------------------------

    def explained(self) -> list[Block]:
        """Tell the headline figures from their inputs."""
        numbers = list(self.headlines())
        if not numbers:
            return self.missing("report_appendix.explained_missing")
        found = self.body(self.says("report_appendix.explained_lead"))
        sources: dict[str, None] = {}
        for place, number in enumerate(numbers, 1):
            told = self.result.explain(number, self.language)
            found.append(Heading(2, told.title, f"explained-{place}"))
            for heading, entries in zip(told.headings[:2], (told.inputs, told.steps),
                                        strict=True):  # fmt: skip
                if entries:
                    found += [*self.body(f"{heading}:"), *bullets(entries)]
            sources |= dict.fromkeys(text for text in told.sources if "SHA-256" not in text)
        found.append(self.heading(2, "report_appendix.sources", key="explained-sources"))
        return [*found, *bullets(sources), *self.note(self.says("report_appendix.more_numbers"))]

    def headlines(self) -> Iterator[str]:
        """Name the figures that are explained; of several plants those of none."""
        result = self.result
        if self.several:
            return
        if any(row["saving"] is not None for row in result.verdict.rows):
            yield "overall.saving"
        fitted = {row["resource"] for row in result.adjusted.rows
                  if row["kind"] != "ratio" and row["saving"] is not None}  # fmt: skip
        for row in self.counted[:RESOURCES]:
            yield f"{row['resource']}.saving"
            if row["absolute_saving"] is not None:
                yield f"{row['resource']}.absolute_saving"
            if row["resource"] in fitted:
                yield f"{row['resource']}.adjusted_saving"
        ranked = [row for row in result.options.rows if row["rank"] is not None]
        for row in ranked[:PAYBACKS]:
            yield f"option.{row['option']}.payback"
        for row in result.economics.rows[:VALUES]:
            if row["npv"] is not None:
                yield f"option.{row['option']}.npv"
        yield from self._dearest()

    def _dearest(self) -> Iterator[str]:
        from sxsh_audit.assessment.flows.explained import sheet_name

        for row in self.latest("loss_costs")[:LOSSES]:
            if row["total"]:
                yield f"loss.{sheet_name(row)}{row['flow']}.cost"
