"""Options by their discounted flows, by chance, and by the emissions they avoid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import MISSING, format_number

__all__ = ["Economics"]


class Economics(View):
    """Net present value and its kin, how sure they are, and carbon."""

    def economics(self) -> list[Table]:
        """Net present value and its kin, best first."""
        rows = self.result.economics.rows
        if not rows:
            return []
        say = self.say
        columns = [("#", "r"), (say("option"), "l"), (say("lifetime"), "r"), (say("npv"), "r"),
                   (say("irr"), "r"), (say("discounted_payback"), "r"),
                   (say("levelised"), "r")]  # fmt: skip
        cells = [
            (MISSING if row["rank"] is None else f"{row['rank']:.0f}", self.option(row),
             self._life(row), self.money(row["npv"]), self._irr(row),
             self._discounted(row), self._levelised(row))
            for row in rows
        ]  # fmt: skip
        notes = [self._terms()]
        if any(row["horizon_stands_in"] for row in rows):
            notes.append(say("stands_in", horizon=self.terms["horizon"]))
        return [self.table(say("economics"), columns, cells, notes, self.plants(rows))]

    def _life(self, row: Mapping[str, Any]) -> str:
        if row["lifetime"] is None:
            return MISSING
        text = self.say("years", years=format_number(row["lifetime"], self.language, digits=4))
        return f"{text}*" if row["horizon_stands_in"] else text

    def _discounted(self, row: Mapping[str, Any]) -> str:
        if row["discounted_class"] == "unknown":
            return MISSING
        return self.paid(row["discounted_years"], row["discounted_class"])

    def _irr(self, row: Mapping[str, Any]) -> str:
        if row["irr"] is not None:
            return self.percent(row["irr"])
        if row["irr_status"] == "multiple":
            return self.say("several_roots", count=len(row["irr_roots"]))
        return self.say("no_rate_of_return") if row["irr_status"] == "none" else MISSING

    def _levelised(self, row: Mapping[str, Any]) -> str:
        if row["levelised_cost"] is None:
            return MISSING
        canonical = self._unit_of(row)
        unit, factor = shown_unit(self.result, row["levelised_resource"], canonical)
        amount = self.money(row["levelised_cost"] * factor)
        return f"{amount}/{unit_text(unit, self.language)}"

    def _unit_of(self, row: Mapping[str, Any]) -> str:
        for item in self.result.option_savings.rows:
            if (item["facility"], item["option"]) == (row["facility"], row["option"]) and (
                item["resource"] == row["levelised_resource"] and not item["demand"]
            ):
                return str(item["unit"])
        return ""

    def _terms(self) -> str:
        terms = self.terms
        if terms["inflation"] is None:
            return self.say("terms_real", rate=float(terms["rate"]))
        return self.say("terms_nominal", rate=float(terms["discount_rate"]),
                        inflation=float(terms["inflation"]),
                        real=float(terms["rate"]))  # fmt: skip

    def risk(self) -> list[Table]:
        """How sure the order is."""
        rows = self.result.risk.rows
        if not rows:
            return []
        say, first = self.say, rows[0]
        limited = first["limit"] is not None
        columns = [(say("order"), "r"), (say("option"), "l"), (say("npv_positive"), "r"),
                   (say("npv_range"), "r"), (say("payback_range"), "r"),
                   *([(say("payback_within", limit=float(first["limit"])), "r")]
                     if limited else []),
                   (say("in_first", first=first["first"]), "r")]  # fmt: skip
        cells = [
            (MISSING if row["rank"] is None else f"{row['rank']:.0f}", str(row["option"]),
             self.percent(row["npv_positive"]),
             MISSING if row["npv_low"] is None else
             f"{self.money(row['npv_low'])} … {self.money(row['npv_high'])}",
             self._spread(row),
             *([self.percent(row["payback_within"])] if limited else []),
             self.percent(row["in_first"]))
            for row in rows
        ]  # fmt: skip
        note = say("risk_note", draws=first["draws"], seed=first["seed"])
        return [self.table(say("risk"), columns, cells, [note], self.plants(rows))]

    def _spread(self, row: Mapping[str, Any]) -> str:
        if row["npv_low"] is None:  # not known, so that nothing was drawn
            return MISSING
        return f"{self._span(row['payback_low'])} … {self._span(row['payback_high'])}"

    def _span(self, years: Any) -> str:
        if years is None:
            return self.say("never")
        kind = "immediate" if years == 0 else "years"
        return self.paid(years, kind)

    def abatement(self) -> list[Table]:
        """Avoided emissions and what they cost."""
        rows = self.result.abatement.rows
        if not rows:
            return []
        say = self.say
        columns = [(say("option"), "l"), (say("tonnes"), "r"), (say("lifetime_tonnes"), "r"),
                   (say("npv"), "r"), (say("cost_per_tonne"), "r"),
                   (say("front"), "r")]  # fmt: skip
        cells = [
            (self.option(row),
             *(sig(number(row[name]), self.language, 3) for name in ("tonnes", "lifetime_tonnes")),
             self.money(-number(row["net_cost"])), self._per_tonne(row),
             MISSING if row["front"] is None else f"{row['front']:.0f}")
            for row in rows
        ]  # fmt: skip
        notes = [say("abatement_note")]
        for resource, factor in self.result.settings["emission_factors"].items():
            notes.append(say(
                "factor_note", resource=self.result.label(resource, self.language),
                value=sig(factor["value"], self.language),
                unit=unit_text(factor["unit"], self.language),
                year=str(factor["year"]),
                method=say(f"method_{factor['method']}"), source=factor["source"]))  # fmt: skip
        return [self.table(say("abatement"), columns, cells, notes, self.plants(rows))]

    def _per_tonne(self, row: Mapping[str, Any]) -> str:
        kind = row["abatement_class"]
        if kind == "costs":
            return self.money(row["cost_per_tonne"])
        return self.say(f"abatement_{kind}")
