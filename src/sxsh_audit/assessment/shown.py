"""Units and figures of a result as a reader sees them: in the study's own units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.calc.bands import EDGE_TOLERANCE
from sxsh_audit.display.wording import money_text
from sxsh_audit.language.formatting import Language, format_number, round_figure
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = [
    "cost_text",
    "edges",
    "format_plain",
    "number",
    "pair_digits",
    "plant_name",
    "say",
    "shown_intensity",
    "shown_unit",
]

FIGURES = 4
"""Significant digits of a specific consumption, unless more are needed."""


def number(value: Any) -> float:
    """Return a figure of a record; what is not known is nan."""
    return math.nan if value is None else float(value)


def plant_name(result: Assessment, facility: str) -> str:
    """Key of a plant with its name, where the study gives one."""
    name = result.study["facilities"].get(facility, "")
    return f"{facility} · {name}" if name and name != facility else facility


def say(code: str, language: Language, **numbers: Any) -> str:
    """Return a sentence of the topic ``result``."""
    return sentence(f"result.{code}", language, **numbers)


def shown_unit(result: Assessment, resource: str, unit: str | None) -> tuple[str, float]:
    """Return the unit in which the study wrote a resource, and canonical units per one."""
    usual = result.settings["display_units"].get(resource)
    return (usual["unit"], usual["factor"]) if unit and usual else (unit or "", 1.0)


def shown_intensity(result: Assessment, row: Mapping[str, Any]) -> tuple[str, float]:
    """Return the unit of a specific consumption as shown, and canonical units per one."""
    unit, factor = shown_unit(result, row["resource"], row["unit"])
    usual = result.settings["display_outputs"].get(row["facility"])
    if not row["output_unit"]:
        return unit, factor
    output, per = (usual["unit"], usual["factor"]) if usual else (row["output_unit"], 1.0)
    return f"{unit}/{output}", factor / per


def pair_digits(row: Mapping[str, Any], factor: float) -> int:
    """Digits at which the two printed figures tell the same story as the saving beside them."""
    before, after = number(row["baseline"]) / factor, number(row["reporting"]) / factor
    saving = number(row["saving"])
    if math.isnan(saving):
        return FIGURES
    for digits in range(FIGURES, 13):
        b, c = (round_figure(value, digits) for value in (before, after))
        if b and _sides((b - c) / b, row) == _sides(saving, row):
            return digits
    return 13


def _sides(saving: float, row: Mapping[str, Any]) -> tuple[int, ...]:
    """On which side of each end of the target a saving lies; 0 on the end itself."""
    ends = [end for end in edges(row) if end is not None]
    return tuple((saving > end + EDGE_TOLERANCE) - (saving < end - EDGE_TOLERANCE) for end in ends)


def edges(row: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return the ends of the target that a printed saving must not cross."""
    return (0.0, row["low"], row["high"])


def cost_text(row: Mapping[str, Any], language: Language, currency: str) -> str:
    """Cost of an option as amount, range or class."""
    if row["cost"] is not None:
        return money_text(row["cost"], language, currency)
    if row["cost_high"] is not None:
        low = money_text(number(row["cost_low"]), language, currency)
        return f"{low} – {money_text(row['cost_high'], language, currency)}"
    if row["cost_class"]:
        return say(f"cost_{row['cost_class']}", language)
    return money_text(math.nan, language, currency)


def format_plain(value: Any, language: Language) -> str:
    """Write a figure with every digit it needs, up to twelve."""
    return format_number(number(value), language, digits=12)
