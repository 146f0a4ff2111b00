"""A result that people read as tables: as text, as HTML, in a notebook, in either language."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from sxsh_audit.assessment.result_tables import Shown
from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.display.table import Table

__all__ = ["ShownAsTables"]


class ShownAsTables:
    """What a result needs to be shown, once it says what its tables are."""

    @abstractmethod
    def tables(self, language: Language = "vi") -> list[Table]:
        """Return what a person reads, as neutral tables."""

    def to_text(self, language: Language = "vi", width: int = 100) -> str:
        """Return the tables as plain text, `width` letters wide."""
        from sxsh_audit.display.terminal import to_text

        return "".join(to_text(table, width) for table in self.tables(language))

    def to_html(self, language: Language = "vi") -> str:
        """Return the tables as a fragment of HTML."""
        from sxsh_audit.display.html import to_html

        return "\n".join(to_html(table) for table in self.tables(language))

    def show(self, language: Language = "vi") -> Shown:
        """Return the result in `language`: print it, or make it the last line of a cell."""
        return Shown(self.to_text(language), self.to_html(language))

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()
