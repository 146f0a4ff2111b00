"""Text on charts: one font that has every Vietnamese letter, measured and wrapped in points.

Text is measured from the font file and not from a canvas, so that the layout is the same for
PNG, SVG and PDF, and no drawing is needed to make room for a label.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sxsh_audit.language.text import composed, shown

__all__ = ["LARGE", "LINE", "NORMAL", "SMALL", "lines_in", "style", "tidy", "width", "wrap"]

FONT = "DejaVu Sans"  # shipped inside matplotlib; the Serif lacks ₫ and the Mono 46 letters
LARGE, NORMAL, SMALL = 20.0, 15.0, 13.0  # [pt] on a page 12 inches wide
LINE = 1.25  # line height, in font sizes
LONGEST = 500
"""Letters of a text; a name of thousands would make a picture that no program opens."""

BOX = "\u25a1"

INK = "#1a1a1a"
QUIET = "#444444"


def tidy(text: str) -> str:
    """Return `text` on one line in composed letters (a file from macOS brings them apart).

    What cannot be seen is written as an escape, a letter that the font lacks as a box, and a text
    without end is cut.
    """
    text = shown(" ".join(composed(text).split()), LONGEST)
    if text.isascii():
        return text
    known = _letters()
    return "".join(letter if ord(letter) in known else BOX for letter in text)


@cache
def _letters() -> frozenset[int]:
    """Return the letters of the font: of others matplotlib warns, in words for programmers."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def style(size: float = NORMAL, *, bold: bool = False, color: str = INK) -> dict[str, Any]:
    """Return the properties of a text, all of them explicit so that no rcParams have a say."""
    return {
        "fontfamily": FONT,
        "fontsize": size,
        "fontweight": "bold" if bold else "normal",
        "fontstyle": "normal",
        "color": color,
        "parse_math": False,  # two dollar signs in an option's name are money, not a formula
        "usetex": False,
        "linespacing": 1.1,
    }


@lru_cache(maxsize=4096)
def _line_width(line: str, size: float, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    measured, _, _ = text_to_path.get_text_width_height_descent(line, font, False)
    return float(measured)


def width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """Return the width of the longest line of `text` [pt]."""
    return max(_line_width(line, size, bold) if line else 0.0 for line in text.split("\n"))


def lines_in(text: str) -> int:
    """Return how many lines `text` has; 0 for none."""
    return text.count("\n") + 1 if text else 0


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    """Break a word that is longer than a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def wrap(
    text: str, room: float, size: float = NORMAL, *, bold: bool = False, most: int = 0
) -> str:
    """Break `text` into lines no wider than `room`.

    Parameters
    ----------
    text : str
        The text; its own line ends count as spaces.
    room : float
        Width of a line [pt].
    size : float
        Font size [pt].
    bold : bool
        Whether the text is bold.
    most : int
        The most lines; what does not fit is replaced by an ellipsis. 0 for no limit.

    Returns
    -------
    str
    """
    lines: list[str] = []
    for word in tidy(text).split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, bold=bold) <= room:
            lines[-1] = joined
        elif width(word, size, bold=bold) <= room:
            lines.append(word)
        else:
            lines += _pieces(word, room, size, bold)
    if most and len(lines) > most:
        lines = lines[:most]
        while lines[-1] and width(lines[-1] + "…", size, bold=bold) > room:
            lines[-1] = lines[-1][:-1]
        lines[-1] = lines[-1].rstrip() + "…"
    return "\n".join(lines)
