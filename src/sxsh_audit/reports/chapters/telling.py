"""What the chapters of a report have in common: words of names, figures and periods."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sxsh_audit.assessment.flows.views import FlowViews
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import edges, number, shown_unit
from sxsh_audit.data import load_toml
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, currency_name, saving_text, sig
from sxsh_audit.language.formatting import MISSING, format_date, format_number, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.saying import Saying

__all__ = ["Row", "Telling"]

Row = Mapping[str, Any]


class Telling(Saying, View):
    """An assessment in one language, in sentences."""

    # -- words ----------------------------------------------------------------------------------

    def resource(self, row: Row) -> str:
        """Name of a resource inside a sentence; a name with a capital of its own keeps it."""
        return self.lower(shown(self.result.label(row["resource"], self.language)))

    def called(self, row: Row) -> str:
        """Name an option inside a sentence: its name in quotation marks and its id."""
        option = shown(str(row["option"]))
        name = row.get("name") or self.names.get((row["facility"], row["option"]))
        if not name or name == row["option"]:
            return self.quoted(option)
        return self.says("report.option", name=self.quoted(name), option=option)

    def called_all(self, rows: Iterable[Row]) -> str:
        """List options inside a sentence."""
        return self.listed(self.called(row) for row in rows)

    def step(self, row: Row) -> str:
        """Name the step of a record inside a sentence."""
        if not row["step"]:
            return self.says("report.whole_plant")
        return self.says("report.step", name=self.quoted(row.get("step_name") or row["step"]))

    def steps_of(self, rows: Iterable[Row]) -> str:
        """List the steps of several records inside a sentence."""
        return self.listed(self.quoted(row["step"]) if row["step"]
                           else self.says("report.whole_plant") for row in rows)  # fmt: skip

    def choice(self, words: str, key: str) -> str:
        """Return the first word of a choice in the language: «quản lý nội vi»."""
        known = load_toml("choices.toml")[words].get(key)
        if not known:
            return key
        return str(known[0] if self.language == "vi" else key.replace("_", " "))

    # -- figures --------------------------------------------------------------------------------

    def saved(self, row: Row, name: str = "saving") -> str:
        """Write a saving with the decimals that its status needs."""
        settings = self.result.settings
        band = {"low": settings["low"], "high": settings["high"], **row}
        if "status" not in row or row.get("low") is None:
            band |= {"low": settings["low"], "high": settings["high"]}
        return saving_text(number(row[name]), edges(band), self.language)

    def absolute(self, value: Any) -> str:
        """Write a change without its sign."""
        known = number(value)
        return MISSING if math.isnan(known) else format_percent(abs(known), self.language)

    def amount(self, row: Row, value: Any) -> str:
        """Write an amount of a resource in the unit of the study."""
        if value is None:
            return MISSING
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        text = sig(number(value) / factor, self.language)
        return f"{text} {unit_text(unit, self.language)}".strip()

    def output(self, facility: str, value: Any, unit: str | None) -> str:
        """Write an output in the unit of the study."""
        if value is None:
            return MISSING
        usual = self.result.settings["display_outputs"].get(facility)
        named, factor = (usual["unit"], usual["factor"]) if usual else (unit or "", 1.0)
        text = sig(number(value) / factor, self.language)
        return f"{text} {unit_text(named, self.language)}".strip()

    def unit_price(self, value: Any) -> str:
        """Write the price of a unit: every đồng of it up to a million."""
        known = number(value)
        if math.isnan(known) or abs(known) >= 1e6:
            return self.money(known)
        currency = currency_name(self.result.settings["currency"], self.language)
        amount = format_number(known, self.language, digits=6)
        return sentence("display.money", self.language, amount=amount, currency=currency)

    def quantity(self, value: Any, unit: str) -> str:
        """Write an amount in its own unit."""
        if value is None:
            return MISSING
        return f"{sig(number(value), self.language)} {unit_text(unit, self.language)}".strip()

    @property
    def band(self) -> str:
        """Ends of the target; empty where there is none."""
        settings = self.result.settings
        return band_text(settings["low"], settings["high"], self.language)

    def day(self, day: str | None) -> str:
        """Write a day."""
        return "" if not day else format_date(dt.date.fromisoformat(day), self.language)

    def period(self, phase: str) -> str:
        """Write the days of a period; empty where the study does not date it."""
        period = self.result.settings["periods"].get(phase)
        if not period:
            return ""
        return f"{self.day(period['start'])} – {self.day(period['end'])}"

    @property
    def title(self) -> str:
        """Name of the study."""
        return str(self.result.study["title"] or self.result.study["study"])

    # -- records --------------------------------------------------------------------------------

    def recorded(self, name: str) -> list[Row]:
        """Return what the study records of plants, products or adjustments."""
        return list(self.result.study.get("recorded", {}).get(name, ()))

    @property
    def counted(self) -> list[Row]:
        """Savings that are known, those of counted resources first."""
        known = [row for row in self.result.savings.rows if row["saving"] is not None]
        return sorted(known, key=lambda row: not row["counted"])

    def cost(self, row: Row) -> float:
        """Return the cost of the baseline use of a resource; nan without a price."""
        return number(row["use_baseline"]) * number(row["price"])

    def live(self) -> list[Row]:
        """Return the options that are neither dropped nor done."""
        return [row for row in self.result.options.rows
                if row["status"] not in ("dropped", "implemented")]  # fmt: skip

    def done(self) -> list[Row]:
        """Return the plan of the options that are implemented."""
        return [row for row in self.result.plan.rows if row["status"] == "implemented"]

    def flow_view(self) -> FlowViews:
        """Return the views of the flow sheets."""
        return FlowViews(self.result, self.language)

    def latest(self, name: str) -> list[Row]:
        """Return the records of a table of flow sheets that are of the latest sheet."""
        view = self.flow_view()
        sheets = view.sheets()
        return list(view.rows(name, sheets[0])) if sheets else []

    def doubted(self, option: str) -> bool:
        """Whether a warning speaks of an option."""
        return any(item.severity == "warning" and item.numbers.get("option") == option
                   for item in self.result.findings)  # fmt: skip
