"""Tables for a printed page: how wide each column is, and how small the letters must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sxsh_audit.display.table import Table
from sxsh_audit.language.text import composed, visible
from sxsh_audit.reports.pdf_text import BOLD, breakable, wide

__all__ = ["sheet"]

_UPRIGHT, _TURNED = 459.0, 740.0
"""Width of the text on an A4 page, upright and turned [pt]."""

_SIZES = (11.0, 10.0, 9.0, 8.0, 7.0)
"""Sizes of letters that are tried [pt]."""

_LONGEST = 13.0
"""Width of a word up to which a column is made so wide that it is not broken [font sizes]."""

_WORD = re.compile(r"[^\s-]+-?|-")
"""What stays on one line: a line may end after a hyphen."""


def sheet(table: Table, caption: str, *, turned: bool) -> dict[str, Any]:
    """Return a table as the data of ``page.typ``.

    Parameters
    ----------
    table : Table
        The table.
    caption : str
        Its caption with its number.
    turned : bool
        Whether it stands on a page that is turned.

    Returns
    -------
    dict
        With ``shares``, the widths of the columns as parts of the page, and ``size``, the
        largest size of letters [pt] at which no word is broken.
    """
    room = _TURNED if turned else _UPRIGHT
    cells = [[column.heading, *(row[place] for row in table.rows)]
             for place, column in enumerate(table.columns)]
    whole = [column.kind == "number" for column in table.columns]
    for size in _SIZES:
        inset = 5.5 if size >= 9 else 3.0
        least = [_least(column, keep, size, inset)
                 for column, keep in zip(cells, whole, strict=True)]
        if sum(least) <= room:
            break
    usual = [max(_line(cell, size, inset) for cell in column) for column in cells]
    widths = _shared(least, usual, room)
    ems = [(width - 2 * inset) / size for width in widths]
    return {
        "kind": "table",
        "caption": breakable(caption),
        "heads": [breakable(column.heading, width / BOLD)
                  for column, width in zip(table.columns, ems, strict=True)],
        "rows": [[breakable(cell, width) for cell, width in zip(row, ems, strict=True)]
                 for row in table.rows],
        "notes": [breakable(note) for note in table.notes],
        "align": [column.align for column in table.columns],
        "shares": [round(width / room, 4) for width in widths],
        "size": size,
        "inset": inset,
    }  # fmt: skip


def _line(text: str, size: float, inset: float) -> float:
    """Return the width of a cell with `text` on one line [pt]."""
    lines = visible(composed(text), lines=True).split("\n")
    return max(wide(line) for line in lines) * size + 2 * inset


def _least(column: Sequence[str], keep: bool, size: float, inset: float) -> float:
    """Return the width at which no word of a column is broken, and no figure if they are kept."""
    head, *rest = column
    words = [wide(word) * BOLD for word in _WORD.findall(head)]
    for cell in rest:
        words += [wide(word) for word in ([cell] if keep else _WORD.findall(cell))]
    # A little more than the widest word, for what rounding takes away.
    return min(max(words, default=1.0), _LONGEST) * size + 2 * inset + 0.5


def _shared(least: Sequence[float], usual: Sequence[float], room: float) -> list[float]:
    """Return widths that fill `room`: what each column needs, and the rest where texts are long."""
    needed = sum(least)
    if needed >= room:
        return [width * room / needed for width in least]
    wanted = [max(many - few, 0.0) for many, few in zip(usual, least, strict=True)]
    asked = sum(wanted)
    left = room - needed
    if asked <= left:  # all texts on one line: what is left is shared evenly
        each = (left - asked) / len(least)
        return [few + more + each for few, more in zip(least, wanted, strict=True)]
    # The square root keeps one endless text from taking all from the others.
    roots = [more**0.5 for more in wanted]
    return [few + left * root / sum(roots) for few, root in zip(least, roots, strict=True)]
