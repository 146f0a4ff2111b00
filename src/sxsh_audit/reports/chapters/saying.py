"""Blocks and lists of names that every chapter says, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language
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

__all__ = ["Saying", "bullets", "facts", "tables"]

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


class Saying:
    """Sentences of one language as blocks."""

    language: Language

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
