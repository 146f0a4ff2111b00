"""What a person reads of the options as investments, as neutral tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.assessment.investment.sifting import CHANGE, CRITERIA, screened
from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_text, payback_text, saving_text, sig
from sxsh_audit.language.formatting import (
    MISSING,
    Language,
    format_date,
    format_number,
    format_percent,
)
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["investment_tables"]


def investment_tables(result: Assessment, language: Language) -> list[Table]:
    """Return the tables of the questions that were asked; none for the others."""
    view = _View(result, language)
    parts = (view.economics, view.sets, view.frontier, view.risk, view.abatement,
             view.screening, view.plan, view.claimed)  # fmt: skip
    return [table for part in parts for table in part()]


class _View:
    """One assessment in one language."""

    def __init__(self, result: Assessment, language: Language) -> None:
        self.result = result
        self.language = language
        self.terms: Mapping[str, Any] = result.settings["terms"]
        self.several = len(result.verdict) > 1
        self.names = {
            (row["facility"], row["option"]): row["name"] for row in result.options.rows
        }  # fmt: skip

    def say(self, code: str, **numbers: Any) -> str:
        return sentence(f"invest.{code}", self.language, **numbers)

    def money(self, value: Any) -> str:
        return money_text(number(value), self.language, self.result.settings["currency"])

    def percent(self, value: Any) -> str:
        known = number(value)
        return MISSING if math.isnan(known) else format_percent(known, self.language)

    def paid(self, years: Any, kind: str) -> str:
        return payback_text(number(years), kind, self.language)

    def short(self, row: Mapping[str, Any]) -> str:
        """Id of an option whose name stands in the table of options."""
        return str(row["option"])

    def option(self, row: Mapping[str, Any]) -> str:
        name = row.get("name") or self.names.get((row["facility"], row["option"])) or ""
        return f"{row['option']} · {name}" if name and name != row["option"] else row["option"]

    def plant(self, facility: str) -> str:
        name = self.result.study["facilities"].get(facility, "")
        return f"{facility} · {name}" if name and name != facility else facility

    def table(
        self, title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]],
        notes: Sequence[str] = (), facilities: Sequence[str] = (),
    ) -> Table:  # fmt: skip
        """Lay out a table; `columns` are headings with ``l`` or ``r`` for their side."""
        made = [Column(f"c{i}", text, "right" if side == "r" else "left",
                       "number" if side == "r" else "text")
                for i, (text, side) in enumerate(columns)]  # fmt: skip
        cells = [tuple(row) for row in rows]
        if self.several and facilities:
            made.insert(0, Column("facility", sentence("result.facility", self.language)))
            cells = [(plant, *row) for plant, row in zip(facilities, cells, strict=True)]
        return Table(title, tuple(made), tuple(cells), tuple(note for note in notes if note))

    # -- each question --------------------------------------------------------------------------

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
        return [self.table(say("economics"), columns, cells, notes, self._plants(rows))]

    def _plants(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        return [row["facility"] for row in rows]

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

    def sets(self) -> list[Table]:
        """Tell the best set under the budget, and the cheapest that reaches the target."""
        tables = []
        for row in self.result.portfolio.rows:
            tables.append(self._set(row))
            parts = [part for part in self.result.portfolio_savings.rows
                     if (part["facility"], part["question"])
                     == (row["facility"], row["question"])]  # fmt: skip
            if parts and row["chosen"]:
                tables.append(self._per_resource(row, parts))
        return tables

    def _set(self, row: Mapping[str, Any]) -> Table:
        say, plant = self.say, self.plant(row["facility"])
        if row["question"] == "budget":
            title = say("budget_title", budget=self.money(row["budget"]), facility=plant)
        else:
            title = say("reach_title", reach=float(row["reach"]), facility=plant)
        lines = [(say("by"), say(f"by_{row['by']}"))]
        if row["status"] == "undecided":
            lines.append((say("proof"), say("undecided")))
        elif row["status"] == "infeasible":
            reasons = [self._conflict(row, name) for name in row["conflict"]]
            text = say("conflict", names="; ".join(reasons)) if reasons else MISSING
            if row["most"] is not None:
                text += "\n" + say("most", saving=float(row["most"]))
            lines.append((say("infeasible"), text))
        else:
            lines += self._lines(row)
        if row["left_out"]:
            lines.append((say("left_out"), self._options(row, row["left_out"])))
        return self.table(title, [("", "l"), ("", "l")], lines)

    def _lines(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        say = self.say
        nothing = "nothing_more" if row["question"] == "reach" else "nothing_to_do"
        chosen = self._options(row, row["chosen"]) if row["chosen"] else say(nothing)
        lines = [(say("to_do"), chosen), (say("set_cost"), self.money(row["cost"]))]
        if row["chosen"]:
            lines += [(say("set_saving"), self.money(row["annual_saving"])),
                      (say("set_payback"), self.paid(row["years"], row["payback_class"])),
                      ]  # fmt: skip
        if row["chosen"] and self.terms["rate"] is not None:
            lines.append((say("set_npv"), self._set_npv(row)))
        if row["saving"] is not None:
            rule = sentence(f"result.rule_{row['rule']}", self.language)
            figure = saving_text(number(row["saving"]), (0.0, row["reach"]), self.language)
            lines.append((say("set_reaches"), f"{figure} ({rule})"))
        if row["implemented"]:
            lines.append((say("implemented"), self._options(row, row["implemented"])))
        if row["status"] == "optimal":
            lines.append((say("proof"), say("proof_optimal")))
        else:
            lines.append((say("proof"), say("proof_feasible", gap=float(row["gap"] or 0.0))))
        return lines

    def _set_npv(self, row: Mapping[str, Any]) -> str:
        """Write the net present value of a set, or name the options that leave it unknown."""
        if row["npv"] is not None:
            return self.money(row["npv"])
        unknown = [other["option"] for other in self.result.economics.rows
                   if other["facility"] == row["facility"] and other["option"] in row["chosen"]
                   and not other["flows"]]  # fmt: skip
        return self.say("npv_unknown", names=", ".join(unknown)) if unknown else MISSING

    def _options(self, row: Mapping[str, Any], names: Sequence[str]) -> str:
        return "\n".join(
            self.option({"facility": row["facility"], "option": name, "name": ""})
            for name in names
        )  # fmt: skip

    def _conflict(self, row: Mapping[str, Any], name: str) -> str:
        kind, _, rest = name.partition(":")
        if kind == "target" and rest != "overall":
            rest = self.result.label(rest, self.language)
        if name == "target:overall":
            return self.say("conflict_overall")
        known = {
            "budget": self.say("conflict_budget"),
            "target": self.say("conflict_target", name=rest),
            "required": self.say("conflict_required", name=rest),
            "exclusive": self.say("conflict_exclusive", name=rest.replace(" | ", ", ")),
            "prerequisite": self.say("conflict_prerequisite", name=rest.replace(" | ", " → ")),
            "known": self.say("conflict_known", name=rest),
        }
        return known.get(kind, name)

    def _per_resource(
        self, row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
    ) -> Table:
        say = self.say
        columns = [(say("resource"), "l"), (say("added"), "r"), (say("combined"), "r"),
                   (say("bounds"), "r"), (say("saved"), "r"), (say("counted"), "l")]  # fmt: skip
        cells = []
        for part in parts:
            unit, factor = shown_unit(self.result, part["resource"], part["unit"])
            amount = sig(number(part["quantity"]) / factor, self.language)
            ends = [self.percent(part[key]) for key in ("low", "high")]
            cells.append((
                self.result.label(part["resource"], self.language), self.percent(part["added"]),
                self.percent(part["saving"]),
                ends[0] if ends[0] == ends[1] else " … ".join(ends),
                f"{amount} {unit_text(unit, self.language)}",
                say("yes") if part["counted"] else say("no"),
            ))  # fmt: skip
        title = say("per_resource", facility=self.plant(row["facility"]))
        notes = [say("together_note")]
        if row["implemented"]:
            notes.append(say("with_implemented", names=", ".join(row["implemented"])))
        return self.table(title, columns, cells, notes)

    def frontier(self) -> list[Table]:
        """Least cost of each saving."""
        tables = []
        rows = self.result.frontier.rows
        for facility in dict.fromkeys(row["facility"] for row in rows):
            mine = [row for row in rows if row["facility"] == facility]
            cells = [(self.percent(row["saving"]), self.money(row["cost"]),
                      ", ".join(row["chosen"]) or MISSING) for row in mine]  # fmt: skip
            columns = [(self.say("saving"), "r"), (self.say("least_cost"), "r"),
                       (self.say("set"), "l")]  # fmt: skip
            title = self.say("frontier", facility=self.plant(facility))
            tables.append(self.table(title, columns, cells, [self.say("frontier_note")]))
        return tables

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
            (MISSING if row["rank"] is None else f"{row['rank']:.0f}", self.short(row),
             self.percent(row["npv_positive"]),
             MISSING if row["npv_low"] is None else
             f"{self.money(row['npv_low'])} … {self.money(row['npv_high'])}",
             self._spread(row),
             *([self.percent(row["payback_within"])] if limited else []),
             self.percent(row["in_first"]))
            for row in rows
        ]  # fmt: skip
        note = say("risk_note", draws=first["draws"], seed=first["seed"])
        return [self.table(say("risk"), columns, cells, [note], self._plants(rows))]

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
        return [self.table(say("abatement"), columns, cells, notes, self._plants(rows))]

    def _per_tonne(self, row: Mapping[str, Any]) -> str:
        kind = row["abatement_class"]
        if kind == "costs":
            return self.money(row["cost_per_tonne"])
        return self.say(f"abatement_{kind}")

    def screening(self) -> list[Table]:
        """Implement, study or reject."""
        rows = self.result.screening.rows
        if not rows:
            return []
        say = self.say
        criteria = CRITERIA
        columns = [("#", "r"), (say("option"), "l"),
                   *((say(f"score_{name}"), "r") for name in criteria),
                   (say("score"), "r"), (say("decision"), "l"),
                   (say("rank_span"), "r")]  # fmt: skip
        cells = [
            (MISSING if row["rank"] is None else f"{row['rank']:.0f}", self.option(row),
             *(sig(number(row[name]), self.language) for name in criteria),
             sig(number(row["score"]), self.language), say(f"decision_{row['decision']}"),
             self._ranks(row))
            for row in rows
        ]  # fmt: skip
        stated = self.terms["screening"]
        named = (*criteria, "implement", "study")
        weights = {name: format_number(stated.get(name, 0.0), self.language, digits=4)
                   for name in named}  # fmt: skip
        notes = [say("screening_note", **weights),
                 say("rank_span_note", change=CHANGE)]  # fmt: skip
        if not self.several:
            notes += self._first_places(rows)
        return [self.table(say("screening"), columns, cells, notes, self._plants(rows))]

    def _first_places(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Say at which weights another option comes first."""
        scores = np.array([[number(row[name]) for name in CRITERIA] for row in rows])
        found = screened(scores, self.terms["screening"], [row["option"] for row in rows])
        told = []
        for effect in found.effects:
            ends = [0.0, *effect.first_changes.tolist(), 1.0]
            if len(effect.first) > 1:
                spans = [
                    self.say("first_between", low=low, high=high, names=", ".join(names))
                    for low, high, names in zip(ends, ends[1:], effect.first, strict=False)
                ]  # fmt: skip
                name = self.say(f"score_{effect.criterion}")
                told.append(self.say("first_by", criterion=name, spans="; ".join(spans)))
        return told

    def _ranks(self, row: Mapping[str, Any]) -> str:
        best, worst = row["rank_best"], row["rank_worst"]
        if best is None or worst is None:
            return MISSING
        return f"{best:.0f}" if best == worst else f"{best:.0f}–{worst:.0f}"

    def plan(self) -> list[Table]:
        """Who does what by when."""
        rows = self.result.plan.rows
        if not rows:
            return []
        say = self.say
        columns = [(say("option"), "l"), (say("status"), "l"), (say("owner"), "l"),
                   (say("due"), "l"), (say("in_service"), "l"), (say("actual_cost"), "r"),
                   (say("evidence"), "l")]  # fmt: skip
        cells = [
            (self.option(row), say(f"status_{row['status'] or ''}"), row["owner"] or MISSING,
             self._day(row["due"]), self._day(row["in_service"]), self._actual(row),
             row["evidence"] or MISSING)
            for row in rows
        ]  # fmt: skip
        return [self.table(say("plan"), columns, cells, (), self._plants(rows))]

    def _actual(self, row: Mapping[str, Any]) -> str:
        text = self.money(row["actual_cost"])
        if row["actual_cost"] is None or row["cost_overrun"] is None:
            return text
        sign = "+" if row["cost_overrun"] > 0 else ""
        return f"{text} ({sign}{self.percent(row['cost_overrun'])})"

    def _day(self, day: str | None) -> str:
        import datetime as dt

        return MISSING if day is None else format_date(dt.date.fromisoformat(day), self.language)

    def claimed(self) -> list[Table]:
        """Tell what the implemented options claim."""
        rows = self.result.claimed.rows
        if not rows:
            return []
        say = self.say
        columns = [(say("resource"), "l"), (say("implemented"), "l"),
                   (say("claimed_annual"), "r"), (say("claimed_share"), "r"),
                   (say("claimed_period"), "r")]  # fmt: skip
        cells, undated = [], []
        for row in rows:
            unit, factor = shown_unit(self.result, row["resource"], row["unit"])
            unit = unit_text(unit, self.language)
            figures = [f"{sig(number(row[key]) / factor, self.language)} {unit}"
                       if row[key] is not None else MISSING
                       for key in ("annual", "claimed")]  # fmt: skip
            cells.append((self.result.label(row["resource"], self.language),
                          ", ".join(row["options"]) or MISSING, figures[0],
                          self.percent(row["share_in_service"]), figures[1]))  # fmt: skip
            undated += row["undated"]
        notes = [say("claimed_note")]
        if undated:
            notes.append(say("undated", names=", ".join(dict.fromkeys(undated))))
        return [self.table(say("claimed"), columns, cells, notes, self._plants(rows))]
