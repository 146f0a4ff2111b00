"""What the charts of an assessment draw, as plain records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import cost_text, number, pair_digits, say, shown_intensity
from sxsh_audit.display.records import IntensityPair, PaybackStep, SavingBar
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["chart_subtitle", "intensity_pairs", "payback_steps", "savings_bars"]


def savings_bars(result: Assessment, language: Language = "vi") -> Sequence[SavingBar]:
    """Return a bar per resource and, where it was judged, the overall result."""
    bars = [
        SavingBar(
            _label(result, row, language), number(row["saving"]), _chart_status(result, row),
            bool(row["counted"]), row["low"], row["high"],
        )
        for row in result.savings.rows
    ]  # fmt: skip
    if len(result.verdict) == 1 and result.settings["programme"]:
        row = result.verdict.rows[0]
        bars.append(SavingBar(say("overall", language), number(row["saving"]),
                              _chart_status(result, row), True, row["low"], row["high"],
                              overall=True))  # fmt: skip
    return bars


def _chart_status(result: Assessment, row: Mapping[str, Any]) -> str:
    """Status of a bar; empty where no target applies, so that nothing was checked."""
    if row["status"] == "unknown" and not result.settings["phase"]:
        return ""
    return row["status"] or ""


def intensity_pairs(result: Assessment, language: Language = "vi") -> Sequence[IntensityPair]:
    """Return specific consumption before and after, per resource."""
    pairs = []
    for row in result.savings.rows:
        unit, factor = shown_intensity(result, row)
        pairs.append(IntensityPair(
            _label(result, row, language), number(row["baseline"]) / factor,
            number(row["reporting"]) / factor, unit_text(unit, language),
            pair_digits(row, factor),
        ))  # fmt: skip
    return pairs


def payback_steps(result: Assessment, language: Language = "vi") -> Sequence[PaybackStep]:
    """Return the options, best first, and their total where there is more than one."""
    currency = result.settings["currency"]
    drawn = {(row["facility"], row["option"]): row for row in result.risk.rows}
    steps = []
    for row in result.options.rows:
        chance = drawn.get((row["facility"], row["option"]))
        ends = (math.nan, math.nan)
        if chance is not None and chance["npv_low"] is not None:
            # None is what JSON has for a payback of never.
            ends = (_years(chance["payback_low"]), _years(chance["payback_high"]))
        steps.append(PaybackStep(
            str(row["option"]), row["name"] or "", number(row["years"]), row["payback_class"],
            number(row["cost"] if row["cost"] is not None else row["cost_high"]),
            number(row["annual_saving"]), currency,
            "" if row["cost"] is not None else cost_text(row, language, currency),
            low=ends[0], high=ends[1],
            interval="" if math.isnan(ends[0]) else sentence("invest.interval", language),
            dropped=row["status"] == "dropped",
        ))  # fmt: skip
    if len(result.option_totals) == 1 and result.option_totals.rows[0]["counted"] > 1:
        total = result.option_totals.rows[0]
        steps.append(PaybackStep(
            "", say("all_options", language), number(total["years"]), total["payback_class"],
            number(total["cost"]), number(total["annual_saving"]), currency, "", True,
        ))  # fmt: skip
    return steps


def _years(years: float | None) -> float:
    return math.inf if years is None else years


def chart_subtitle(result: Assessment, language: Language = "vi") -> str:
    """Return plant, programme and phase in one line."""
    settings = result.settings
    parts = [result.study["title"] or result.study["study"]]
    if settings["phase"]:
        parts.append(f"{settings['legal_ref']}, {settings['phase']}")
    if settings["as_if"]:
        parts.append(say("for_reference", language))
    return " · ".join(part for part in parts if part)


def _label(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    label = result.label(row["resource"], language)
    return f"{row['facility']}: {label}" if len(result.verdict) > 1 else label
