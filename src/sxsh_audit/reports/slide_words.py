"""What the slides of one assessment have in common: its words and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import number, plant_name
from sxsh_audit.display.wording import money_text, payback_text
from sxsh_audit.language.formatting import MISSING, Language, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["BEFORE", "GREEN", "GREY", "NOW", "ORANGE", "RED", "Teller"]

# Of Okabe and Ito: told apart by people with any kind of colour blindness.
BEFORE, NOW = "8C8C8C", "0072B2"
GREEN, ORANGE, RED, GREY = "009E73", "E69F00", "D55E00", "BFBFBF"

LONGEST_NAME = 60
"""Letters of a name on a slide; the whole name is in the report."""


class Teller:
    """One assessment in one language."""

    def __init__(self, result: Assessment, language: Language) -> None:
        self.result = result
        self.language = language
        self.several = len(result.verdict) > 1
        self.names = {
            (row["facility"], row["option"]): row["name"] for row in result.options.rows
        }  # fmt: skip

    def tell(self, code: str, **numbers: Any) -> str:
        """Return the sentence `code`."""
        return sentence(code, self.language, **numbers)

    def money(self, value: Any) -> str:
        """Write an amount in the currency of the study."""
        return money_text(number(value), self.language, self.result.settings["currency"])

    def percent(self, value: Any) -> str:
        """Write a fraction as a percentage; a dash where it is not known."""
        known = number(value)
        return MISSING if math.isnan(known) else format_percent(known, self.language)

    def paid(self, row: Mapping[str, Any]) -> str:
        """Write the payback of a record."""
        return payback_text(number(row["years"]), row["payback_class"], self.language)

    def resource(self, row: Mapping[str, Any]) -> str:
        """Name of the resource of a record, with its plant where there are several."""
        label = shown(self.result.label(row["resource"], self.language), LONGEST_NAME)
        return f"{self.plant(row['facility'])}: {label}" if self.several else label

    def plant(self, facility: str) -> str:
        """Name of a plant."""
        return shown(plant_name(self.result, facility), LONGEST_NAME)

    def option(self, row: Mapping[str, Any]) -> str:
        """Write the id of an option with its name."""
        name = row.get("name") or self.names.get((row["facility"], row["option"])) or ""
        key = str(row["option"])
        text = shown(f"{key} · {name}" if name and name != key else key, LONGEST_NAME)
        return f"{self.plant(row['facility'])}: {text}" if self.several else text

    def study_name(self) -> str:
        """Title of the study, or its key."""
        study = self.result.study
        return shown(str(study["title"] or study["study"]), 120)

    def more(self, rows: Sequence[object], most: int) -> tuple[str, ...]:
        """Say how many rows are not on the slide, if any."""
        left = len(rows) - most
        return (self.tell("slides.more", count=left),) if left > 0 else ()
