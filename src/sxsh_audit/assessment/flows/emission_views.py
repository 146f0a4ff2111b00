"""What a person reads of the inventory of waste and emissions, as neutral tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.inventory import SO2
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import Language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["EmissionViews", "emission_views"]

Row = Mapping[str, Any]
FIGURES = 4
RESOURCES = ("greenhouse_gas",)
"""Groups whose substances are resources."""


def emission_views(result: Assessment, language: Language) -> list[Table]:
    """Return the inventory, limits, indicators, shifts and needs that there is anything to say of.

    Parameters
    ----------
    result : Assessment
        What was found. Of several plants the tables are in ``result`` alone.
    language : {"vi", "en"}
        Language.
    """
    view = EmissionViews(result, language)
    if len({row["facility"] for row in result.emissions.rows}) > 1:
        return []
    return [*view.inventory(), *view.limits(), *view.indicators(), *view.needs()]


class EmissionViews(View):
    """Waste and emissions in one language."""

    def put(self, code: str, **numbers: Any) -> str:
        """Return a sentence of the topic ``inventory``."""
        return sentence(f"inventory.{code}", self.language, **numbers)

    def figure(self, value: Any, unit: str) -> str:
        """Write an amount with its unit; a dash where it is not known."""
        if value is None:
            return "–"
        return f"{sig(float(value), self.language, FIGURES)} {unit_text(unit, self.language)}"

    def change(self, value: Any) -> str:
        """Write a relative change with its sign."""
        if value is None:
            return "–"
        text = format_percent(float(value), self.language)
        return f"+{text}" if value > 0 else text

    def _name(self, row: Row) -> str:
        """Name of a row: of the group, or of the substance within it."""
        group = self.put(f"group_{row['group']}")
        if not row["substance"]:
            return group
        name = row["name"] or row["substance"]
        if row["substance"] == SO2:
            name = self.put("so2_of_fuel")
        if row["group"] in RESOURCES:
            name = self.result.label(row["substance"], self.language)
        code = f" ({row['waste_code']})" if row["waste_code"] else ""
        return f"{group}: {name}{code}"

    def inventory(self) -> list[Table]:
        """Lay out waste and emissions of both periods, and per product."""
        rows = self.result.emissions.rows
        singles: dict[tuple[str, str], int] = {}
        for row in rows:
            if row["substance"]:
                key = (row["group"], row["unit"])
                singles[key] = singles.get(key, 0) + 1
        # A sum of one is told once, by its name.
        kept = [row for row in rows
                if row["substance"] or singles.get((row["group"], row["unit"]), 0) != 1]
        if not kept:
            return []
        columns = [(self.put("what"), "l"), (self.put("before"), "r"), (self.put("then"), "r"),
                   (self.put("per_before"), "r"), (self.put("per_then"), "r"),
                   (self.put("change"), "r")]  # fmt: skip
        cells = []
        for row in kept:
            per = f"{row['unit']}/{row['output_unit']}" if row["output_unit"] else row["unit"]
            cells.append((
                self._name(row), self.figure(row["baseline"], row["unit"]),
                self.figure(row["reporting"], row["unit"]),
                self.figure(row["per_output_baseline"], per),
                self.figure(row["per_output_reporting"], per), self.change(row["change"]),
            ))  # fmt: skip
        notes = [self.put("per_output")]
        gases = [row for row in rows if row["factor_source"]]
        for row in gases:
            notes.append(self.put(
                "factor", name=self._name(row), factor=self.figure(row["factor"],
                                                                   row["factor_unit"]),
                year=row["factor_year"] or "–", source=row["factor_source"]))  # fmt: skip
        notes += self._shifts()
        return [self.table(self.put("title"), columns, cells, notes)]

    def _shifts(self) -> list[str]:
        """Say what rises while something else falls."""
        risen: dict[tuple[str, str], tuple[float, list[str]]] = {}
        for row in self.result.shifts.rows:
            key = (row["rises_group"], row["rises"])
            _, falls = risen.setdefault(key, (row["rises_change"], []))
            falls.append(self._thing(row["falls_group"], row["falls"]))
        return [self.put("shift", rises=self._thing(*key), change=self.change(change),
                         falls=falls[:6]) for key, (change, falls) in risen.items()]

    def _thing(self, group: str, key: str) -> str:
        if group == "resource":
            return self.result.label(key, self.language)
        name = self.put(f"group_{group}")
        return name if key == group else f"{name}: {key}"

    def limits(self) -> list[Table]:
        """Lay out contents against the limits that the user gave."""
        rows = self.result.limits.rows
        if not rows:
            return []
        columns = [(self.put("flow"), "l"), (self.put("component"), "l"), (self.put("period"), "l"),
                   (self.put("value"), "r"), (self.put("limit"), "r"),
                   (self.put("check"), "l"), (self.put("basis"), "l")]  # fmt: skip
        cells = [(
            str(row["name"]), str(row["component"]), self._when(row), self._content(row, "value"),
            self._content(row, "limit"), self.put(f"limit_{row['status']}"),
            str(row["limit_source"]) or "–",
        ) for row in rows]  # fmt: skip
        doubt = any(row["status"] == "cannot_tell" for row in rows)
        notes = [self.put("cannot_tell")] if doubt else []
        return [self.table(self.put("limits"), columns, cells, notes)]

    def _when(self, row: Row) -> str:
        if row["batch"]:
            return sentence("flow.batch", self.language, batch=row["batch"])
        return sentence(f"words.{row['phase']}", self.language) if row["phase"] else "–"

    def _content(self, row: Row, name: str) -> str:
        if row[name] is None:
            return "–"
        unit = row["shown_unit"] or row["unit"]
        value = float(row[name]) / float(row["shown_factor"] or 1.0)
        text = f"{sig(value, self.language)} {unit_text(unit, self.language)}".strip()
        if name == "value" and row["sd"]:
            spread = 1.96 * float(row["sd"]) / float(row["shown_factor"] or 1.0)
            text += f" ± {sig(spread, self.language, 2)}"
        return text

    def indicators(self) -> list[Table]:
        """Lay out the enterprise indicators."""
        rows = self.result.indicators.rows
        if not any(row["baseline"] is not None or row["reporting"] is not None for row in rows):
            return []
        columns = [(self.put("indicator"), "l"), (self.put("before"), "r"),
                   (self.put("then"), "r"), (self.put("change"), "r"),
                   (self.put("better"), "l")]  # fmt: skip
        cells = []
        notes = []
        for row in rows:
            name = self.put(f"indicator_{row['indicator']}")
            better = "–" if row["better"] is None else self.put(
                "yes" if row["better"] else "no")
            cells.append((name, self.figure(row["baseline"], row["unit"]),
                          self.figure(row["reporting"], row["unit"]), self.change(row["change"]),
                          better))  # fmt: skip
            if row["lacking"]:
                labels = [self.result.label(key, self.language) for key in row["lacking"]]
                notes.append(self.put("lacking", name=name, resources=labels))
        return [self.table(self.put("indicators"), columns, cells, notes)]

    def needs(self) -> list[Table]:
        """Lay out what is recorded of technology, safety, treatment and relocation."""
        rows = self.result.needs.rows
        if not rows:
            return []
        columns = [(self.put("need"), "l"), (self.put("recorded"), "l")]
        cells = [(self.put(f"need_{row['need']}") + (f": {row['name']}" if row["name"] else ""),
                  str(row["text"])) for row in rows]  # fmt: skip
        return [self.table(self.put("needs"), columns, cells, facilities=self.plants(rows))]
