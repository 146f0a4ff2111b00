"""How wide the columns of a printed table are: by what stands in them, within the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sxsh_audit.display.table import Table

__all__ = ["Fit", "fit_columns", "text_width"]

_NARROW = frozenset("iljtfrI.,:;'|!()[]-–·ıìíỉĩị ")
_WIDE = frozenset("mwMW%@—…₫")
_PADDING = 10.0  # [pt] of a cell, both sides together, and of what the estimate may be short

SIZES = (11.0, 10.0, 9.0, 8.0)
"""Letters of a table [pt]: the largest with which it fits."""

_BOLD = 1.1  # how much wider bold letters are

_LONGEST_NUMBER = 16.0
"""A number with its unit that is never broken [em]; longer ones are text."""

_LONGEST = 34.0
"""Width that a column of text may ask for [em]; longer text is broken over lines."""


class Fit(NamedTuple):
    """Widths as shares of the room, and the letters with which no word is broken.

    ``crowding`` is how many times wider the table would be if no text were broken into lines.
    """

    shares: tuple[float, ...]
    size: float
    fits: bool
    crowding: float = 1.0


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
    [0.36, 0.64]
    """
    least, wanted = [], []  # [em]
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        whole = max((text_width(line) for cell in cells for line in cell.split("\n")),
                    default=0.0)  # fmt: skip
        heading = _BOLD * _words((column.heading,))
        one_line = column.kind == "number" and whole <= _LONGEST_NUMBER
        need = max(whole if one_line else _words(cells), heading)
        full = max(whole, min(_BOLD * text_width(column.heading), 10.0))
        least.append(need)
        wanted.append(max(min(full, _LONGEST), need))
    room_of_text = room - _PADDING * len(least)
    # Letters of 10 points on one line read better than those of 11 on two.
    whole_cells = [size for size in sizes if size >= 10 and sum(wanted) * size <= room_of_text]
    for size in whole_cells or sizes:
        if sum(least) * size <= room_of_text:
            return Fit(_shared([one * size + _PADDING for one in least],
                               [one * size + _PADDING for one in wanted], room), size, True,
                       sum(wanted) * size / room_of_text)
    # A word of hundreds of letters is broken; what it took goes to the columns beside it.
    size = sizes[-1]
    fair = room / max(len(least), 1)
    capped = [min(one * size + _PADDING, 1.5 * fair) for one in least]
    asked = [min(one * size + _PADDING, 1.5 * fair) for one in wanted]
    return Fit(_shared(capped, asked, room), size, False)


def _shared(least: Sequence[float], wanted: Sequence[float], room: float) -> tuple[float, ...]:
    """Share the room: first what each column needs, then what it wants, then by its size."""
    asked = sum(wanted)
    if asked <= room + 1e-6 or not asked:
        return tuple(one / (asked or 1.0) for one in wanted)
    more = [want - need for need, want in zip(least, wanted, strict=True)]
    spare = max(room - sum(least), 0.0)
    taken = [need + (spare * one / sum(more) if sum(more) else 0.0)
             for need, one in zip(least, more, strict=True)]  # fmt: skip
    return tuple(one / sum(taken) for one in taken)
