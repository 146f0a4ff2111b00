"""The best sets of options and the frontier, as a manager reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import saving_text, sig
from sxsh_audit.language.formatting import MISSING
from sxsh_audit.language.messages import sentence

__all__ = ["Sets"]


class Sets(View):
    """What to do with a budget, and what the target costs."""

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
