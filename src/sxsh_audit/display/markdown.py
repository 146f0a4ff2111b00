"""A table as Markdown (the pipe tables of GitHub and MyST)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    from sxsh_audit.display.table import Table

__all__ = ["to_markdown"]

_RULE = {"left": "---", "right": "---:", "center": ":---:"}
_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")


def _text(text: str) -> str:
    """Return `text` with nothing left in it that Markdown or HTML would read as a mark."""
    plain = visible(text, lines=True).replace("&", "&amp;").replace("<", "&lt;")
    return _SPECIAL.sub(r"\\\1", plain).replace("\n", "<br>")


def to_markdown(table: Table) -> str:
    r"""Write `table` as Markdown.

    Parameters
    ----------
    table : Table
        The table.

    Returns
    -------
    str
        Title in bold, the pipe table, and the notes, with blank lines between them.

    Examples
    --------
    >>> from sxsh_audit.display.table import Column, Table
    >>> print(to_markdown(Table("", (Column("a", "A", "right"),), (("1|2",),))))
    | A |
    | ---: |
    | 1\|2 |
    """
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    grid = [
        line([_text(column.heading) for column in table.columns]),
        line([_RULE[column.align] for column in table.columns]),
        *(line([_text(cell) for cell in row]) for row in table.rows),
    ]
    parts = [f"**{_text(table.title)}**"] if table.title else []
    parts.append("\n".join(grid))
    parts += [_text(note) for note in table.notes]
    return "\n\n".join(parts)
