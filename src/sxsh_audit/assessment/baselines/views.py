"""How sure the savings are, as tables that a consultant who is no statistician can read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.baselines.wording import (
    chance_text,
    detectable_text,
    method_text,
    points_text,
    sources_text,
    visible_text,
)
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import edges, number, shown_unit
from sxsh_audit.calc.target_probability import SHOWN_FROM, highest_within
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import saving_text, sig
from sxsh_audit.language.formatting import MISSING, Language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["BaselineViews", "baseline_views"]


def baseline_views(result: Assessment, language: Language) -> list[Table]:
    """Return the tables of adjusted savings, claims and changes that there is anything to say in.

    Parameters
    ----------
    result : Assessment
        What was found.
    language : {"vi", "en"}
        Language.
    """
    view = BaselineViews(result, language)
    return [*view.adjusted(), *view.changes(), *view.claims()]


class BaselineViews(View):
    """Adjusted savings in one language."""

    def told(self, code: str, **numbers: Any) -> str:
        """Return a sentence of the topic ``adjusted``."""
        return sentence(f"adjusted.{code}", self.language, **numbers)

    def _label(self, row: Mapping[str, Any]) -> str:
        return self.result.label(row["resource"], self.language)

    def _place(self, row: Mapping[str, Any]) -> str:
        """Name of a resource, and of its end use where one is meant."""
        label = self._label(row)
        return f"{label}: {row['end_use']}" if row["end_use"] else label

    def adjusted(self) -> list[Table]:
        """Lay out savings of either method, interval, chance of the target, what is visible."""
        rows = [row for row in self.result.adjusted.rows if row["saving"] is not None]
        if not any(row["sd"] is not None for row in rows):
            return []
        told = self.told
        fitted = any(row["kind"] != "ratio" or row["judged_saving"] != row["ratio_saving"]
                     for row in rows)  # fmt: skip
        low = self.result.settings["low"]
        columns = [(told("resource"), "l"), (told("by_ratio"), "r")]
        if fitted:
            columns.append((told("by_model"), "r"))
        if low is not None:
            columns.append((told("reach", low=float(low)), "l"))
        columns.append((told("detectable"), "r"))
        cells = []
        for row in rows:
            line = [self._label(row), self._interval(row, "ratio_")]
            if fitted:
                model = row["kind"] != "ratio" or row["judged_saving"] != row["ratio_saving"]
                line.append(self._interval(row, "") if model else told("same"))
            if low is not None:
                line.append(chance_text(row, self.language))
            line.append(detectable_text(row, self.language))
            cells.append(tuple(line))
        title = told("title", confidence=float(self.result.settings["judging"]["confidence"]))
        return [self.table(title, columns, cells, self._notes(rows), self.plants(rows))]

    def _interval(self, row: Mapping[str, Any], which: str) -> str:
        saving = row["ratio_saving" if which else "judged_saving"]
        text = saving_text(number(saving), edges(self._band(row)), self.language)
        low, high = row[f"{which}low"], row[f"{which}high"]
        if low is None or high is None:
            return text
        return f"{text} ± {points_text((high - low) / 2, self.language)}"

    def _band(self, row: Mapping[str, Any]) -> dict[str, Any]:
        settings = self.result.settings
        return {**row, "low": settings["low"], "high": settings["high"]}

    def _notes(self, rows: list[Any]) -> list[str]:
        notes = [self.told("points")]
        if self.result.settings["low"] is not None and any(
            row["judged_saving"] != row["ratio_saving"] for row in rows):  # fmt: skip
            notes.append(self.told("decides"))
        if self.several:
            return notes
        for tell in (method_text, sources_text, visible_text):
            alike: dict[str, list[str]] = {}
            for row in rows:
                alike.setdefault(tell(self.result, row, self.language), []).append(
                    self._label(row))  # fmt: skip
            notes += [f"{'; '.join(names)}: {text}" for text, names in alike.items() if text]
        scattered = {(each["facility"], each["resource"]) for each in self.result.uncertainty.rows
                     if each["source"].endswith("_scatter")}  # fmt: skip
        figures = [self._label(row) for row in rows if row["sd"] is not None
                   and (row["facility"], row["resource"]) not in scattered]  # fmt: skip
        if figures:
            notes.append(self.told("figures_only", names="; ".join(figures)))
        if self._never_within(rows):
            notes.append(self.told("never_within"))
        for row in self.result.adjusted_overall.rows:
            if row["low"] is None:
                continue
            notes.append(self.told(
                "overall", saving=format_percent(row["saving"], self.language),
                points=points_text((row["high"] - row["low"]) / 2, self.language),
                chance=chance_text(row, self.language),
            ))  # fmt: skip
        return notes

    def _never_within(self, rows: list[Any]) -> bool:
        """Whether no saving of this uncertainty could be shown to lie within the band."""
        low, high = self.result.settings["low"], self.result.settings["high"]
        if low is None or high is None:
            return False
        known = [row for row in rows if row["sd"] is not None]
        best = [float(highest_within(row["sd"], low, high, row["dof"] or math.inf))
                for row in known]  # fmt: skip
        return bool(best) and max(best) < SHOWN_FROM

    def changes(self) -> list[Table]:
        """Lay out volume, mix and efficiency."""
        rows = [row for row in self.result.change_split.rows if row["efficiency"] is not None]
        if not rows:
            return []
        told = self.told
        names = ("use_before", "volume", "mix", "efficiency", "use_after")
        columns = [(told("resource"), "l"), *((told(name), "r") for name in names)]
        cells = [
            (self._label(row), *(self._amount(row, name, signed=name in EFFECTS) for name in (
                "use_baseline", "volume", "mix", "efficiency", "use_reporting")))
            for row in rows
        ]  # fmt: skip
        methods = dict.fromkeys(row["method"] for row in rows)
        notes = [told("changes_note"), *(told(f"changes_{method}") for method in methods)]
        return [self.table(told("changes"), columns, cells, notes, self.plants(rows))]

    def _amount(self, row: Mapping[str, Any], name: str, *, signed: bool = False) -> str:
        value = number(row[name])
        if math.isnan(value):
            return MISSING
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        sign = "+" if signed and value > 0 else ""
        return f"{sign}{sig(value / factor, self.language)} {unit_text(unit, self.language)}"

    def claims(self) -> list[Table]:
        """Lay out what implemented options claim, beside the meter."""
        rows = self.result.reconciliation.rows
        if not rows:
            return []
        told = self.told
        names = ("claimed", "measured", "rate", "residual")
        columns = [(told("resource"), "l"), *((told(name), "r") for name in names),
                   (told("agreement"), "l")]  # fmt: skip
        cells = []
        for row in rows:
            residual = self._amount(row, "residual", signed=True)
            if row["residual_low"] is not None:
                half = {**row, "half": (row["residual_high"] - row["residual_low"]) / 2}
                residual += f" ± {self._amount(half, 'half')}"
            rate = row["realisation_rate"]
            cells.append((
                self._place(row), self._amount(row, "claimed"), self._amount(row, "measured"),
                MISSING if rate is None else format_percent(rate, self.language),
                residual, told(f"agreement_{row['agreement']}"),
            ))  # fmt: skip
        notes = [told("claims_note")]
        return [self.table(told("claims"), columns, cells, notes, self.plants(rows))]


EFFECTS = ("volume", "mix", "efficiency")
