"""What the chapters of a yearly report have in common: the progress, and words of its figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_text, sig
from sxsh_audit.language.formatting import (
    MISSING,
    Language,
    format_date,
    format_fixed,
    format_percent,
)
from sxsh_audit.language.text import shown, visible
from sxsh_audit.reports.chapters.saying import Saying

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.tables.register import Register

__all__ = ["Row", "YearTelling", "known"]

Row = Mapping[str, Any]


def known(value: Any) -> float:
    """Return a figure, nan where it is not known."""
    return math.nan if value is None else float(value)


class YearTelling(Saying):
    """A year of a programme in one language, in sentences."""

    def __init__(
        self, progress: ProgrammeProgress, register: Register, language: Language,
        expected: Sequence[str] | None = None,
    ) -> None:
        self.progress, self.register, self.language = progress, register, language
        self.expected = None if expected is None else tuple(expected)
        self.settings = progress.settings
        self.year = int(self.settings["year"])
        frame = register.tables["establishments"]
        self._names = dict(zip(frame["establishment"], frame["name"], strict=True))

    # -- words ----------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Title of the programme."""
        return str(self.settings[f"title_{self.language}"])

    @property
    def agency(self) -> str:
        """Who reports: as stated with the register, else the department of the decision."""
        stated = self.register.settings.get("agency", "")
        return visible(stated) if stated else self.says("yearly.department")

    @property
    def partial(self) -> bool:
        """Whether the year is not over at the cut-off."""
        return not self.settings["whole_year"]

    def day(self, value: Any) -> str:
        """Write a day; a dash where it is not known."""
        if not value:
            return MISSING
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        return format_date(day, self.language)

    @staticmethod
    def lines(text: Any) -> str:
        """Write a text of several lines as one: its sentences, or its parts, in their order."""
        parts = [part.strip() for part in str(text or "").splitlines() if part.strip()]
        ended = [part if part[-1] in ".;:!?" else f"{part};" for part in parts[:-1]]
        return visible(" ".join([*ended, *parts[-1:]]))

    # -- figures --------------------------------------------------------------------------------

    def count(self, value: Any) -> str:
        """Write a whole number."""
        return MISSING if value is None else format_fixed(known(value), 0, self.language)

    def percent(self, value: Any) -> str:
        """Write a fraction as a percentage."""
        return MISSING if value is None else format_percent(known(value), self.language)

    def money(self, value: Any, currency: Any = "VND") -> str:
        """Write an amount of money at a scale that can be read aloud."""
        return MISSING if value is None else money_text(known(value), self.language,
                                                        str(currency or "VND"))  # fmt: skip

    def quantity(self, value: Any, unit: Any) -> str:
        """Write an amount in its unit."""
        if value is None:
            return MISSING
        return f"{sig(known(value), self.language)} {unit_text(str(unit or ''), self.language)}"

    # -- tables ---------------------------------------------------------------------------------

    def table(
        self, title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]],
        notes: Iterable[str] = (),
    ) -> Table:
        """Return a table; a column is its heading and ``text`` or ``number``."""
        made = tuple(
            Column(f"c{place}", heading, "right", "number") if kind == "number"
            else Column(f"c{place}", heading)
            for place, (heading, kind) in enumerate(columns)
        )  # fmt: skip
        cells = tuple(tuple(shown(cell, 2_000) for cell in row) for row in rows)
        return Table(title, made, cells, tuple(note for note in notes if note))

    def plant(self, code: str) -> str:
        """Name an establishment by its name and its code."""
        name = self._names.get(code, "")
        return self.says("yearly.plant", name=name, id=code) if name else code
