"""Text as people type it: one form for comparing, close spellings, underlining a mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

__all__ = ["fold", "nearest", "strip_marks", "tidy", "underline"]

_NO_MARK = str.maketrans("đĐ", "dD")  # đ is a letter of its own: it has no decomposition


def tidy(text: str) -> str:
    r"""Return `text` in Unicode form NFC with every run of white space as one space.

    No-break, thin and figure spaces count as white space; the case is kept.

    Examples
    --------
    >>> tidy(" kWh /\u00a0ta\u0302\u0301n ")
    'kWh / tấn'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


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
    return unicodedata.normalize("NFC", tidy(text).casefold())


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
    apart = unicodedata.normalize("NFD", text.translate(_NO_MARK))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", plain)


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

    Examples
    --------
    >>> print(underline("kWj/tấn", 0, 3))
      kWj/tấn
      ^^^
    """
    return f"  {text}\n  {' ' * start}{'^' * max(end - start, 1)}"
