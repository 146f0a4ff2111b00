"""Screening, the plan of the options, and what the implemented ones claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sxsh_audit.assessment.investment.sifting import CHANGE, CRITERIA, screened
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import MISSING, format_date, format_number

__all__ = ["Plans"]


class Plans(View):
    """From what to do with an option to what it claims."""

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
        return [self.table(say("screening"), columns, cells, notes, self.plants(rows))]

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
        return [self.table(say("plan"), columns, cells, (), self.plants(rows))]

    def _actual(self, row: Mapping[str, Any]) -> str:
        text = self.money(row["actual_cost"])
        if row["actual_cost"] is None or row["cost_overrun"] is None:
            return text
        sign = "+" if row["cost_overrun"] > 0 else ""
        return f"{text} ({sign}{self.percent(row['cost_overrun'])})"

    def _day(self, day: str | None) -> str:
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
        return [self.table(say("claimed"), columns, cells, notes, self.plants(rows))]
