"""How wide the columns of a printed table are: by what stands in them, within the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sxsh_audit.display.table import Table

__all__ = ["Fit", "fit_columns", "text_width"]

_NARROW = frozenset("iljtfrI.,:;'|!()[]-–·ıìíỉĩị ")
_WIDE = frozenset("mwMW%@—…₫")
_PADDING = 0.75  # [em] of a cell, both sides together

SIZES = (11.0, 10.0, 9.0, 8.0)
"""Letters of a table [pt]: the largest with which it fits."""

_LONGEST = 34.0
"""Width that a column of text may ask for [em]; longer text is broken over lines."""


class Fit(NamedTuple):
    """Widths as shares of the room, and the letters with which no word is broken."""

    shares: tuple[float, ...]
    size: float
    fits: bool


def text_width(text: str) -> float:
    """Return about how wide a text is in a serif face [em].

    Examples
    --------
    >>> round(text_width("1.234"), 2)
    2.28
    """
    width = 0.0
    for letter in text:
        if letter in _NARROW:
            width += 0.3
        elif letter in _WIDE:
            width += 0.83
        elif letter.isupper():
            width += 0.7
        elif letter.isascii():
            width += 0.495
        else:
            width += 0.5 if letter.isalpha() and ord(letter) < 0x2000 else 1.0
    return width


def _words(cells: Sequence[str]) -> float:
    return max((text_width(word) for cell in cells for word in cell.split()), default=0.0)


def fit_columns(table: Table, room: float, sizes: Sequence[float] = SIZES) -> Fit:
    """Return how the room is shared among the columns.

    Parameters
    ----------
    table : Table
        What is to be printed.
    room : float
        Width of the page between its margins [pt].
    sizes : sequence of float
        Letters to be tried, largest first [pt].

    Returns
    -------
    Fit
        Every column has room for its longest word, a column of numbers for its longest number;
        what is left goes to those that hold more. Where that is not possible even with the
        smallest letters, ``fits`` is false and words will be broken.

    Examples
    --------
    >>> from sxsh_audit.display.table import Column
    >>> table = Table("", (Column("a", "Tài nguyên"), Column("b", "Điện năng tiết kiệm trong năm")))
    >>> [round(share, 2) for share in fit_columns(table, 400).shares]
    [0.37, 0.63]
    """
    least, wanted = [], []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        whole = max((text_width(line) for cell in cells for line in cell.split("\n")),
                    default=0.0)  # fmt: skip
        heading = 1.08 * _words((column.heading,))  # bold letters are wider
        need = max(whole if column.kind == "number" else _words(cells), heading) + _PADDING
        full = max(whole, min(1.08 * text_width(column.heading), 10.0)) + _PADDING
        least.append(need)
        wanted.append(max(min(full, _LONGEST), need))
    for size in sizes:
        if sum(least) * size <= room:
            return Fit(_shared(least, wanted, room / size), size, True)
    # A word of hundreds of letters is broken; what it took goes to the columns beside it.
    size = sizes[-1]
    fair = room / size / max(len(least), 1)
    capped = [min(one, 1.5 * fair) for one in least]
    return Fit(_shared(capped, capped, room / size), size, False)


def _shared(least: Sequence[float], wanted: Sequence[float], room: float) -> tuple[float, ...]:
    more = [want - need for need, want in zip(least, wanted, strict=True)]
    spare = room - sum(least)
    if spare <= 0 or not sum(more):
        total = sum(least) or 1.0
        return tuple(one / total for one in least)
    taken = [need + spare * one / sum(more) for need, one in zip(least, more, strict=True)]
    return tuple(one / room for one in taken)
