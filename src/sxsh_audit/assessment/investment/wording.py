"""What the views of options as investments have in common: words, figures, tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import number, plant_name
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.wording import money_text, payback_text
from sxsh_audit.language.formatting import MISSING, Language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["View"]


class View:
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
        """Return a sentence of the topic ``invest``."""
        return sentence(f"invest.{code}", self.language, **numbers)

    def money(self, value: Any) -> str:
        """Write an amount in the currency of the study."""
        return money_text(number(value), self.language, self.result.settings["currency"])

    def percent(self, value: Any) -> str:
        """Write a fraction as a percentage; a dash where it is not known."""
        known = number(value)
        return MISSING if math.isnan(known) else format_percent(known, self.language)

    def paid(self, years: Any, kind: str) -> str:
        """Write a payback."""
        return payback_text(number(years), kind, self.language)

    def option(self, row: Mapping[str, Any]) -> str:
        """Write the id of an option with its name."""
        name = row.get("name") or self.names.get((row["facility"], row["option"])) or ""
        return f"{row['option']} · {name}" if name and name != row["option"] else row["option"]

    def plant(self, facility: str) -> str:
        """Write the key of a plant with its name."""
        return plant_name(self.result, facility)

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

    def plants(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the plant of each row."""
        return [row["facility"] for row in rows]
