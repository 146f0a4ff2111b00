"""What the chapters of a report have in common: words of names, figures and periods."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.views import FlowViews
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import edges, number, shown_unit
from sxsh_audit.data import load_toml
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, currency_name, saving_text, sig
from sxsh_audit.language.formatting import MISSING, format_date, format_number, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown
from sxsh_audit.reports.document import (
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    Paragraph,
    TableBlock,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

__all__ = ["Row", "Telling", "bullets", "facts", "tables"]

Row = Mapping[str, Any]
NAMES_TOLD = 6
"""Names that a sentence lists; the tables have them all."""


UPRIGHT = 105
"""Letters that a row of a table has on an upright page."""
BROKEN = 22
"""Letters after which a cell of words may be broken."""


def tables(made: Iterable[Table], *, wide: bool = False) -> list[Block]:
    """Return tables as blocks; one without a row is left out, notes begin as sentences do.

    A page is turned for a table that may be `wide` only where an upright one has no room for it.
    """
    return [
        TableBlock(replace(table, notes=tuple(note[:1].upper() + note[1:]
                                              for note in table.notes)),
                   wide and _breadth(table) > UPRIGHT)
        for table in made if table.rows
    ]  # fmt: skip


def _breadth(table: Table) -> int:
    """Return the letters that a row needs: figures whole, words broken where they may be."""
    total = 0
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((len(part) for text in (*cells, column.heading) for part in text.split()),
                   default=0)  # fmt: skip
        whole = longest if column.kind == "number" else min(longest, BROKEN)
        total += max(whole, word) + 2
    return total


def bullets(items: Iterable[str], *, ordered: bool = False) -> list[Block]:
    """Return a list as a block, none of an empty one."""
    told = tuple(item for item in items if item)
    return [Bullets(told, ordered)] if told else []


def facts(rows: Iterable[tuple[str, str]]) -> list[Block]:
    """Return labels with their values, none where there are none."""
    told = tuple((label, value) for label, value in rows if value)
    return [Facts(told)] if told else []


class Telling(View):
    """An assessment in one language, in sentences."""

    # -- blocks ---------------------------------------------------------------------------------

    def says(self, code: str, **numbers: Any) -> str:
        """Return a sentence by its whole code."""
        return sentence(code, self.language, **numbers)

    def heading(self, level: int, code: str, *, key: str = "", appendix: bool = False,
                counted: bool = True, **numbers: Any) -> Heading:  # fmt: skip
        """Return a heading with the words of `code`."""
        key = key or code.partition(".")[2].replace("_", "-")
        return Heading(level, self.says(code, **numbers), key, appendix, counted)

    def body(self, *texts: str) -> list[Block]:
        """Return sentences as one paragraph; none of nothing."""
        told = " ".join(text for text in texts if text)
        return [Paragraph(told)] if told else []

    def lead(self, *texts: str) -> list[Block]:
        """Return what matters most in a chapter."""
        told = " ".join(text for text in texts if text)
        return [Paragraph(told, "lead")] if told else []

    def note(self, *texts: str) -> list[Block]:
        """Return small print."""
        told = " ".join(text for text in texts if text)
        return [Paragraph(told, "note")] if told else []

    def missing(self, code: str, **numbers: Any) -> list[Block]:
        """Name what the study does not hold."""
        return [Paragraph(self.says(code, **numbers), "missing")]

    def figure(self, key: str, caption: str, draw: Callable[[], Axes], alt: str) -> list[Block]:
        """Return a chart."""
        return [Figure(key, caption, draw, alt)]

    # -- words ----------------------------------------------------------------------------------

    def listed(self, items: Iterable[str], most: int = NAMES_TOLD) -> str:
        """Join names as a sentence lists them: the last after «và»; how many more, if many."""
        told = list(dict.fromkeys(item for item in items if item))
        if len(told) > most:
            return self.says("report.and_more", names=self._joined(told[: most - 1], told),
                            count=len(told) - most + 1)  # fmt: skip
        if len(told) < 2:
            return "".join(told)
        return self.says("report.and", names=self._joined(told[:-1], told), last=told[-1])

    @staticmethod
    def _joined(items: Sequence[str], whole: Sequence[str]) -> str:
        """Join by commas, by semicolons where a name of the list has a comma of its own."""
        plain = not any(", " in item for item in whole)
        return (", " if plain else "; ").join(items)

    def resource(self, row: Row) -> str:
        """Name of a resource inside a sentence; a name with a capital of its own keeps it."""
        return self.lower(shown(self.result.label(row["resource"], self.language)))

    @staticmethod
    def lower(text: str) -> str:
        """Write the first letter small, unless the text has other capitals (LPG, Hòn Gai)."""
        rest = text[1:]
        return text[:1].lower() + rest if rest == rest.lower() else text

    @staticmethod
    def upper(text: str) -> str:
        """Write the first letter of a sentence large."""
        return text[:1].upper() + text[1:]

    def quoted(self, name: str) -> str:
        """Write a name that the plant gave in quotation marks."""
        return self.says("report.quoted", name=shown(str(name)))

    def called(self, row: Row) -> str:
        """Name an option inside a sentence: its name in quotation marks and its id."""
        option = shown(str(row["option"]))
        name = row.get("name") or self.names.get((row["facility"], row["option"]))
        if not name or name == row["option"]:
            return self.quoted(option)
        return self.says("report.option", name=self.quoted(name), option=option)

    def called_all(self, rows: Iterable[Row]) -> str:
        """List options inside a sentence."""
        return self.listed(self.called(row) for row in rows)

    def step(self, row: Row) -> str:
        """Name the step of a record inside a sentence."""
        if not row["step"]:
            return self.says("report.whole_plant")
        return self.says("report.step", name=self.quoted(row.get("step_name") or row["step"]))

    def steps_of(self, rows: Iterable[Row]) -> str:
        """List the steps of several records inside a sentence."""
        return self.listed(self.quoted(row["step"]) if row["step"]
                           else self.says("report.whole_plant") for row in rows)  # fmt: skip

    def choice(self, words: str, key: str) -> str:
        """Return the first word of a choice in the language: «quản lý nội vi»."""
        known = load_toml("choices.toml")[words].get(key)
        if not known:
            return key
        return str(known[0] if self.language == "vi" else key.replace("_", " "))

    # -- figures --------------------------------------------------------------------------------

    def saved(self, row: Row, name: str = "saving") -> str:
        """Write a saving with the decimals that its status needs."""
        settings = self.result.settings
        band = {"low": settings["low"], "high": settings["high"], **row}
        if "status" not in row or row.get("low") is None:
            band |= {"low": settings["low"], "high": settings["high"]}
        return saving_text(number(row[name]), edges(band), self.language)

    def absolute(self, value: Any) -> str:
        """Write a change without its sign."""
        known = number(value)
        return MISSING if math.isnan(known) else format_percent(abs(known), self.language)

    def amount(self, row: Row, value: Any) -> str:
        """Write an amount of a resource in the unit of the study."""
        if value is None:
            return MISSING
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        text = sig(number(value) / factor, self.language)
        return f"{text} {unit_text(unit, self.language)}".strip()

    def output(self, facility: str, value: Any, unit: str | None) -> str:
        """Write an output in the unit of the study."""
        if value is None:
            return MISSING
        usual = self.result.settings["display_outputs"].get(facility)
        named, factor = (usual["unit"], usual["factor"]) if usual else (unit or "", 1.0)
        text = sig(number(value) / factor, self.language)
        return f"{text} {unit_text(named, self.language)}".strip()

    def unit_price(self, value: Any) -> str:
        """Write the price of a unit: every đồng of it up to a million."""
        known = number(value)
        if math.isnan(known) or abs(known) >= 1e6:
            return self.money(known)
        currency = currency_name(self.result.settings["currency"], self.language)
        amount = format_number(known, self.language, digits=6)
        return sentence("display.money", self.language, amount=amount, currency=currency)

    def quantity(self, value: Any, unit: str) -> str:
        """Write an amount in its own unit."""
        if value is None:
            return MISSING
        return f"{sig(number(value), self.language)} {unit_text(unit, self.language)}".strip()

    @property
    def band(self) -> str:
        """Ends of the target; empty where there is none."""
        settings = self.result.settings
        return band_text(settings["low"], settings["high"], self.language)

    def day(self, day: str | None) -> str:
        """Write a day."""
        return "" if not day else format_date(dt.date.fromisoformat(day), self.language)

    def period(self, phase: str) -> str:
        """Write the days of a period; empty where the study does not date it."""
        period = self.result.settings["periods"].get(phase)
        if not period:
            return ""
        return f"{self.day(period['start'])} – {self.day(period['end'])}"

    @property
    def title(self) -> str:
        """Name of the study."""
        return str(self.result.study["title"] or self.result.study["study"])

    # -- records --------------------------------------------------------------------------------

    def recorded(self, name: str) -> list[Row]:
        """Return what the study records of plants, products or adjustments."""
        return list(self.result.study.get("recorded", {}).get(name, ()))

    @property
    def counted(self) -> list[Row]:
        """Savings that are known, those of counted resources first."""
        known = [row for row in self.result.savings.rows if row["saving"] is not None]
        return sorted(known, key=lambda row: not row["counted"])

    def cost(self, row: Row) -> float:
        """Return the cost of the baseline use of a resource; nan without a price."""
        return number(row["use_baseline"]) * number(row["price"])

    def live(self) -> list[Row]:
        """Return the options that are neither dropped nor done."""
        return [row for row in self.result.options.rows
                if row["status"] not in ("dropped", "implemented")]  # fmt: skip

    def done(self) -> list[Row]:
        """Return the plan of the options that are implemented."""
        return [row for row in self.result.plan.rows if row["status"] == "implemented"]

    def flow_view(self) -> FlowViews:
        """Return the views of the flow sheets."""
        return FlowViews(self.result, self.language)

    def latest(self, name: str) -> list[Row]:
        """Return the records of a table of flow sheets that are of the latest sheet."""
        view = self.flow_view()
        sheets = view.sheets()
        return list(view.rows(name, sheets[0])) if sheets else []

    def doubted(self, option: str) -> bool:
        """Whether a warning speaks of an option."""
        return any(item.severity == "warning" and item.numbers.get("option") == option
                   for item in self.result.findings)  # fmt: skip
