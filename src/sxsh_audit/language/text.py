"""Text as people type it: one form for comparing, close spellings, underlining a mistake.

And as it is shown: short, and with no letter that moves or hides the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

__all__ = ["composed", "fold", "nearest", "shorten", "shown",
           "strip_marks", "tidy", "underline", "visible", "writable"]

LONGEST_SHOWN = 80
"""Letters of a typed value that a message shows."""

LONGEST_WORD = 100
"""Letters of a word for which a close spelling is looked for."""

_MOST_MARKS = 30
"""Marks on one letter, as Unicode's stream-safe form has it; no language needs more than four."""

# Control letters, those that turn the direction of writing, and those that take no room: they
# make a text look like another one, or steer the terminal. Halves of letters cannot be written,
# and no Word or PDF file may hold U+FFFE.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_HIGH = re.compile(f"[^\x00-\u02ff]{{{_MOST_MARKS + 1},}}")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NO_MARK = str.maketrans("đĐ", "dD")  # đ is a letter of its own: it has no decomposition
# Letters of Icelandic that old Vietnamese fonts wrote for đ; and what takes no room at all, which
# comes along from web pages and is no part of a word.
_ALIKE = str.maketrans("ðÐ", "đĐ", "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@cache
def _many_marks() -> re.Pattern[str]:
    """Return the pattern of more marks in a row than a letter may have."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000)
                    if unicodedata.combining(chr(code)))  # fmt: skip
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1},}}")


def _in_pieces(text: str) -> Iterator[str]:
    start = 0
    for high in _HIGH.finditer(text):  # found fast; most texts have none
        for run in _many_marks().finditer(text, *high.span()):
            for cut in range(run.start() + _MOST_MARKS, run.end(), _MOST_MARKS):
                yield text[start:cut]
                start = cut
    yield text[start:]


def composed(text: str, form: Literal["NFC", "NFD"] = "NFC") -> str:
    """Return `text` in a Unicode form, in a time that grows with its length.

    Unicode sorts the marks of a letter, which takes a minute for a hundred thousand of them; they
    are sorted thirty at a time.

    Examples
    --------
    >>> composed("ta\u0302\u0301n") == "tấn"
    True
    """
    if text.isascii():
        return text
    if len(text) <= _MOST_MARKS:
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _in_pieces(text))


def visible(text: str, *, lines: bool = False) -> str:
    r"""Return `text` with every letter that cannot be seen written as an escape.

    Parameters
    ----------
    text : str
        Any text.
    lines : bool
        Whether its line ends stay.

    Examples
    --------
    >>> visible("\x1b[31mĐiện\u202e\n"), visible("a\nb", lines=True)
    ('\\x1b[31mĐiện\\u202e\\n', 'a\nb')
    """
    def escape(match: re.Match[str]) -> str:
        letter = match[0]
        if lines and letter == "\n":
            return letter
        code = ord(letter)
        wide = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        return _NAMED.get(letter) or (f"\\x{code:02x}" if code < 0x100 else wide)

    return _UNSEEN.sub(escape, text)


def writable(text: str) -> str:
    r"""Return `text` with halves of letters, which nothing can write down, as escapes.

    Names of files that are no UTF-8 hold such.

    Examples
    --------
    >>> writable("nh\udce0 máy")
    'nh\\udce0 máy'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """Return a typed value as a message shows it: visible, and no longer than `most` letters.

    Examples
    --------
    >>> shown("kWh"), shown("1234567890", 5)
    ('kWh', '1234…')
    """
    return shorten(visible(text[: most + 1]), most)  # an escape is longer than its letter


def shorten(text: str, most: int = LONGEST_SHOWN) -> str:
    """Return `text` with what is beyond `most` letters as an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def tidy(text: str) -> str:
    r"""Return `text` in Unicode form NFC with every run of white space as one space.

    No-break, thin and figure spaces count as white space, letters without width as nothing, and
    the Icelandic letter that looks like Đ as one; the case is kept.

    Examples
    --------
    >>> tidy(" kWh /\u00a0ta\u0302\u0301n ")
    'kWh / tấn'
    """
    return " ".join(composed(text).translate(_ALIKE).split())


def fold(text: str) -> str:
    """Return the form in which two texts are compared: NFC, case folded, spaces collapsed.

    Parameters
    ----------
    text : str
        Text as typed.

    Returns
    -------
    str

    Examples
    --------
    >>> fold("  KWH /  Tấn ")
    'kwh / tấn'
    """
    return composed(tidy(text).casefold())


def strip_marks(text: str) -> str:
    """Return `text` without diacritics, as Vietnamese is typed on a plain keyboard.

    Parameters
    ----------
    text : str
        Text as typed.

    Returns
    -------
    str

    Examples
    --------
    >>> strip_marks("Đơn vị: tấn")
    'Don vi: tan'
    """
    apart = composed(text.translate(_ALIKE).translate(_NO_MARK), "NFD")
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return composed(plain)


def nearest(word: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` of `known` that look most like `word`, best first.

    Case and diacritics do not count, so ``tan`` is found to be nearest to ``tấn``.

    Parameters
    ----------
    word : str
        What was typed.
    known : iterable of str
        What could have been meant.
    n : int
        The most to return.

    Returns
    -------
    tuple of str
        Empty when nothing is close.

    Examples
    --------
    >>> nearest("kWj", ["kWh", "kW", "tấn"])
    ('kW', 'kWh')
    """
    return _nearest(word, tuple(known), n) if len(word) <= LONGEST_WORD else ()


@lru_cache(maxsize=512)  # the same slip stands in many rows, and in the records of many plants
def _nearest(word: str, known: tuple[str, ...], n: int) -> tuple[str, ...]:
    from difflib import SequenceMatcher

    target = strip_marks(fold(word))
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(target)
    scored: list[tuple[float, int, str]] = []
    for place, candidate in enumerate(known):
        matcher.set_seq1(strip_marks(fold(candidate)))
        if matcher.real_quick_ratio() >= 0.6 and (score := matcher.ratio()) >= 0.6:
            scored.append((-score, place, candidate))
    return tuple(candidate for _, _, candidate in sorted(scored)[:n])


def underline(text: str, start: int, end: int) -> str:
    """Return `text` with the characters ``start:end`` underlined on a second line.

    Of a long text the part around them is shown.

    Examples
    --------
    >>> print(underline("kWj/tấn", 0, 3))
      kWj/tấn
      ^^^
    """
    before, fault, after = visible(text[:start]), visible(text[start:end]), visible(text[end:])
    if len(before) + len(fault) + len(after) > LONGEST_SHOWN:  # the fault is what must be seen
        before = before if len(before) <= 20 else f"…{before[-19:]}"
        fault = shown(fault, LONGEST_SHOWN - 40)
        after = shown(after, 20)
    line = f"  {before}{fault}{after}"
    return f"{line}\n  {' ' * len(before)}{'^' * max(len(fault), 1)}"
