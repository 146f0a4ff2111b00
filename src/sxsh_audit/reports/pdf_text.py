"""Text for a printed page: nothing unseen in it, and no word wider than its line."""

from __future__ import annotations

import re

from sxsh_audit.language.text import composed, strip_marks, visible

__all__ = ["BOLD", "breakable", "wide"]

BOLD = 1.1
"""How much wider bold letters are."""

_BREAK = "\u200b"
"""A place where a line may end; it takes no room."""

_PERCENT = re.compile(r"(?<=\d) (?=%)")
"""The space of «8,3 %»: a line must not end there."""
_WORD = re.compile(r"\S+")

# Widths of Libertinus Serif in font sizes, rounded up; the font is inside typst and cannot be
# asked before a page is made.
_NARROW, _FIGURE, _USUAL, _CAPITAL, _WIDE = 0.33, 0.47, 0.54, 0.72, 0.9
_THIN = frozenset("fijlrtIJ.,:;'’‘`!|()[]{}/\\-– \u00a0")
_BROAD = frozenset("mwMW%‰—…@œŒ½")


def _letter(letter: str) -> float:
    if letter in _THIN:
        return _NARROW
    if letter in _BROAD:
        return _WIDE
    if letter.isdigit():
        return _FIGURE
    return _CAPITAL if letter.isupper() or ord(letter) > 0x2E80 else _USUAL


def wide(text: str) -> float:
    """Return about how wide a line of `text` is printed, rather too wide [font sizes].

    Examples
    --------
    >>> round(wide("tấn"), 2), round(wide("1.250"), 2)
    (1.41, 2.21)
    """
    return sum(_letter(letter) for letter in strip_marks(text))


def breakable(text: str, room: float = 20.0) -> str:
    r"""Return `text` for a printed page, with places to break the words that are wider than `room`.

    Parameters
    ----------
    text : str
        Any text; what cannot be seen is written as an escape.
    room : float
        Width that a word surely has [font sizes].

    Examples
    --------
    >>> breakable("Mã số abcdefgh", room=3).split("\u200b")
    ['Mã số ab', 'cd', 'ef', 'gh']
    """
    shown = _PERCENT.sub("\u00a0", visible(composed(text), lines=True))
    step = max(min(int(room / 1.5), 4), 1)

    def broken(word: re.Match[str]) -> str:
        if wide(word[0]) <= room:
            return word[0]
        return _BREAK.join(word[0][at : at + step] for at in range(0, len(word[0]), step))

    return _WORD.sub(broken, shown)
