"""Numbers as people type them in Vietnam: one reading, or a refusal that says why.

Vietnamese writes 1.234,5 and English 1,234.5, both are met in the same workbook, and
``1.234`` is a thousand times more in one than in the other. So a text is read only where one
reading exists; the words that may stand beside a number are in ``data/number_words.csv``.
"""

from __future__ import annotations

import math
import numbers as abstract
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sxsh_audit.data import load_rows
from sxsh_audit.errors import NumberError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import fold, tidy, underline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

__all__ = ["Locale", "NumberColumn", "parse_number", "parse_numbers", "scale_words",
           "split_number"]

Locale = Literal["auto", "vi", "en"]
LOCALES: tuple[Locale, ...] = ("auto", "vi", "en")

LONGEST = 500
"""Letters of a text that may be a number with the words beside it; floats end at 309 digits."""

_MINUS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<body>[0-9]+(?:[., ][0-9]+)*|[.,][0-9]+)"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,5})(?![0-9]))? ?(?P<tail>.*)"
)
_BRACKETS = re.compile(r"\( ?(?P<inner>[0-9.,][^()]*)\) ?(?P<tail>.*)")
_POWER = re.compile(r"(?:[×x*·] ?)10(?![0-9])|\^|\*\*|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]")
_SECOND = re.compile(r"[;|&,/]? ?[+-]?[0-9]")
_ONE_SEPARATOR = re.compile(r"[0-9]*[.,]?[0-9]*")


def _grammar(group: str, decimal: str) -> re.Pattern[str]:
    # A group never starts with 0, and one number uses one kind of group separator.
    return re.compile(
        rf"(?P<whole>[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?: [0-9]{{3}})+"
        rf"|[0-9]*)(?:{decimal}(?P<part>[0-9]+))?"
    )


_GRAMMAR = {"vi": _grammar(r"\.", ","), "en": _grammar(",", r"\.")}
_NOT_DIGITS = str.maketrans("", "", "., ")


class NumberColumn(NamedTuple):
    """A column of numbers and what could not be read in it.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
        nan where the cell is empty or at fault.
    faults : tuple of (int, NumberError)
        Position (from 0) and refusal of each cell that is no number, in order.
    """

    values: np.ndarray[Any, np.dtype[np.float64]]
    faults: tuple[tuple[int, NumberError], ...]


@cache
def _words(kind: str) -> dict[str, int]:
    """Return the words of one kind, longest first, each with its power of ten."""
    found = {fold(row["word"]): int(row["power"] or 0)
             for row in load_rows("number_words.csv") if row["kind"] == kind}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def _units_like_scales() -> tuple[str, ...]:
    return tuple(r["word"] for r in load_rows("number_words.csv") if r["kind"] == "unit")


def scale_words() -> dict[str, int]:
    """Return the scale words, case folded, with their power of ten (``triệu`` → 6)."""
    return dict(_words("scale"))


def _refuse(code: str, text: str, language: Language, **numbers: Any) -> NumberError:
    numbers = {"text": text, **numbers}
    return NumberError(refusal_sentence(f"number.{code}", numbers, language),
                       code=f"number.{code}", **numbers)


def _check_locale(locale: str) -> None:
    if locale not in LOCALES:
        raise ValueError(f"locale {locale!r}: choose one of {', '.join(LOCALES)}")


def _normal(text: str) -> str:
    if text.isascii():  # most cells: nothing to compose or to translate
        return " ".join(text.split())
    return tidy(text).translate(_MINUS)


def _starts(text: str, word: str) -> bool:
    """Whether `text` starts with `word` as a word of its own (a sign may touch what follows)."""
    rest = text[len(word):]
    return text.startswith(word) and (not rest or not word[-1].isalpha() or not rest[0].isalpha())


def _take_scale(tail: str) -> tuple[int, str]:
    """Split the scale words or the percent sign off the start of `tail`."""
    power = last = 0
    folded = fold(tail)
    if len(folded) != len(tail):  # a letter that folds to two: no scale word has one
        return 0, tail
    if any(_starts(tail, unit) for unit in _units_like_scales()):
        return 0, tail
    for word, percent in _words("percent").items():
        if _starts(folded, word):
            return percent, tail[len(word):].lstrip()
    for _ in range(2):  # nghìn tỷ
        for word, step in _words("scale").items():
            if step >= last and _starts(folded, word):
                power, last = power + step, step
                tail, folded = tail[len(word):].lstrip(), folded[len(word):].lstrip()
                break
    return power, tail


def _mantissas(body: str, exponent: str | None, locale: Locale) -> dict[str, str]:
    """Return the readings of `body` as plain decimal text, by locale."""
    if exponent is not None:  # nobody groups digits before an exponent
        return {"any": body.replace(",", ".")} if _ONE_SEPARATOR.fullmatch(body) else {}
    found = {}
    for name in ("vi", "en") if locale == "auto" else (locale,):
        if match := _GRAMMAR[name].fullmatch(body):
            whole = match["whole"].translate(_NOT_DIGITS)
            found[name] = f"{whole or 0}.{match['part']}" if match["part"] else whole
    return found


def split_number(
    text: str, locale: Locale = "auto", *, language: Language = "vi"
) -> tuple[float, str]:
    """Read the number at the start of `text`, with its scale words.

    Parameters
    ----------
    text : str
        Text that starts with a number, such as ``32 triệu đồng``.
    locale : {"auto", "vi", "en"}
        How the number is written, see :func:`parse_number`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    value : float
        The number.
    rest : str
        What follows it, tidied; the caller decides whether it may be there.

    Raises
    ------
    NumberError
        If there is no number, more than one reading of it, or it is a range or a bound.

    Examples
    --------
    >>> split_number("32 triệu đồng", "vi")
    (32000000.0, 'đồng')
    """
    if len(text) > LONGEST:
        raise _refuse("not_a_number", text, language)
    shown = _normal(text)
    if match := _BRACKETS.fullmatch(shown):
        shown = f"-{match['inner'].strip()} {match['tail']}".rstrip()
    match = _NUMBER.fullmatch(shown)
    if match is None:
        raise _no_number(text, shown, language)
    body, exponent, tail = match["body"], match["exponent"], match["tail"]
    power, rest = _take_scale(tail) if tail else (0, "")
    if tail:
        _check_rest(text, shown, tail, rest, language)
    power += int(exponent or 0)
    readings = _mantissas(body, exponent, locale)
    values = {name: float(f"{match['sign']}{digits}e{power}") for name, digits in readings.items()}
    if len(set(values.values())) > 1:
        plain = {f"as_{name}": int(value) if value.is_integer() else value
                 for name, value in values.items()}
        raise _refuse("two_readings", text, language, **plain)
    if not values:
        if " " in body and all(_mantissas(piece, None, locale) for piece in body.split()):
            raise _refuse("two_numbers", text, language, place=underline(
                shown, shown.find(" ", match.start("body")) + 1, match.end("body")))
        other = {} if exponent else _mantissas(body, None, "auto")  # in the other style
        for digits in other.values():
            meant = digits.replace(".", "," if locale == "vi" else ".")
            raise _refuse(f"not_{locale}", text, language, meant=meant)
        code = "no_reading" if locale == "auto" or exponent else f"not_{locale}"
        raise _refuse(code, text, language, meant="12,5" if locale == "vi" else "12.5")
    value = next(iter(values.values()))
    digits = next(iter(readings.values()))
    if math.isinf(value) or (value == 0 and digits.strip("0.")):
        raise _refuse("out_of_range", text, language)
    return value, rest


def _check_rest(text: str, shown: str, tail: str, rest: str, language: Language) -> None:
    """Raise where what follows the first number makes it something else than one number."""
    folded = fold(rest)
    for word in _words("to"):
        if _starts(folded, word) and _NUMBER.match(folded[len(word):].lstrip()):
            raise _refuse("range", text, language)
    if _POWER.match(rest):
        raise _refuse("power", text, language)
    if rest.startswith("±"):
        raise _refuse("about", text, language)
    for kind in ("lower", "upper"):
        if folded in _words(f"{kind}_after"):
            raise _refuse(kind, text, language)
    if tail[:1] in {".", ","}:
        place = len(shown) - len(tail)
        raise _refuse("trailing_separator", text, language,
                      place=underline(shown, place, place + 1))


def _no_number(text: str, shown: str, language: Language) -> NumberError:
    """Tell why `shown`, which does not start with a number, is none."""
    folded = fold(shown)
    if folded in _words("question"):
        return _refuse("none_word", text, language)
    if any(folded.startswith(word) for word in _words("excel")):
        return _refuse("excel_error", text, language)
    if _POWER.match(shown):
        return _refuse("power", text, language)
    for kind in ("from", "about", "lower", "upper"):
        for word in _words(kind):
            if _starts(folded, word) and re.search("[0-9]", rest := folded[len(word):].lstrip()):
                if kind != "from":
                    return _refuse(kind, text, language)
                inner = _NUMBER.match(rest)
                after = _take_scale(inner["tail"])[1] if inner else ""
                ends = any(_starts(after, to) for to in _words("to"))
                return _refuse("range" if ends else "lower", text, language)
    return _refuse("not_a_number", text, language)


def _read(text: str, locale: Locale, language: Language) -> float:
    if len(text) > LONGEST and not text.isspace():
        raise _refuse("not_a_number", text, language)
    shown = _normal(text)
    if not shown or (not "0" <= shown[-1] <= "9" and fold(shown) in _words("nothing")):
        return math.nan
    value, rest = split_number(text, locale, language=language)
    if not rest:
        return value
    place = underline(shown, len(shown) - len(rest), len(shown))
    code = "two_numbers" if _SECOND.match(rest) else "trailing_text"
    raise _refuse(code, text, language, place=place, rest=rest)


def parse_number(
    text: object, locale: Locale = "auto", *, language: Language = "vi"
) -> float:
    """Read one number as a person typed it.

    Parameters
    ----------
    text : str, number or None
        The cell. A number passes through; a truth value does not.
    locale : {"auto", "vi", "en"}
        ``"vi"``: dots group the thousands and a comma is the decimal mark; ``"en"``: the
        reverse; ``"auto"``: whatever has one reading. Spaces group in all three.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float
        nan for nothing (empty, a dash, ``n/a``); a fraction for a percentage; scale words
        (``nghìn``, ``triệu``, ``tr.``, ``tỷ``, ``million``) multiplied out. The decimal
        text is converted once, so that the result is the nearest float.

    Raises
    ------
    NumberError
        With a ``code``: ``number.two_readings`` (``1.234``), ``number.range``,
        ``number.lower``, ``number.upper``, ``number.about``, ``number.power``,
        ``number.excel_error``, ``number.none_word``, ``number.two_numbers``,
        ``number.trailing_text`` and others named in ``data/messages/*/number.toml``.

    Examples
    --------
    >>> parse_number("26.087,5")
    26087.5
    >>> parse_number("1.234", "vi"), parse_number("8 %"), parse_number("1,5 triệu")
    (1234.0, 0.08, 1500000.0)
    >>> parse_number("1.234", language="en")
    Traceback (most recent call last):
        ...
    sxsh_audit.errors.NumberError: `1.234` has two readings: 1234 (Vietnamese style) or 1.234 \
(English style). Say which with locale="vi" or locale="en".
    """
    _check_locale(locale)
    if isinstance(text, str):
        return _read(text, locale, language)
    if text is None or type(text).__name__ in {"NAType", "NaTType"}:  # pandas' marks of nothing
        return math.nan
    if isinstance(text, bool) or type(text).__name__ == "bool":  # numpy's bool_ has that name
        raise _refuse("boolean", str(text), language)
    if isinstance(text, (abstract.Real, Decimal)):
        try:
            value = float(text)
        except OverflowError:
            value = math.inf
        if math.isinf(value):
            raise _refuse("out_of_range", str(text), language)
        return value
    raise _refuse("type", str(text), language, kind=type(text).__name__)


def parse_numbers(
    column: ArrayLike, locale: Locale = "auto", *, language: Language = "vi"
) -> NumberColumn:
    """Read a column of numbers as people typed them, with all its faults.

    Parameters
    ----------
    column : sequence, ndarray or Series, shape (n,)
        Cells as for :func:`parse_number`. Each different text is read once; an array that
        holds numbers already is only converted to float.
    locale : {"auto", "vi", "en"}
        How the numbers are written, see :func:`parse_number`.
    language : {"vi", "en"}
        Language of the refusals.

    Returns
    -------
    NumberColumn
        ``values`` (nan where nothing or a fault stands) and ``faults`` (position, refusal).

    Examples
    --------
    >>> column = parse_numbers(["12,5", "–", "1.234", "7"], language="en")
    >>> column.values.tolist(), [(row, fault.code) for row, fault in column.faults]
    ([12.5, nan, nan, 7.0], [(2, 'number.two_readings')])
    """
    import numpy as np

    _check_locale(locale)
    dtype = getattr(column, "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind in "fiu":
        values = np.array(column, dtype=np.float64)
        wrong = np.flatnonzero(np.isinf(values)).tolist()
        faults = tuple((row, _refuse("out_of_range", str(values[row]), language)) for row in wrong)
        values[wrong] = np.nan
        return NumberColumn(values, faults)
    cells: list[object] = (
        column.tolist() if hasattr(column, "tolist") else list(column)  # type: ignore[arg-type]
    )
    values = np.empty(len(cells))
    known: dict[str, float | NumberError] = {}
    found: list[tuple[int, NumberError]] = []
    for row, cell in enumerate(cells):
        seen = known.get(cell) if isinstance(cell, str) else None
        if seen is None:
            try:
                seen = parse_number(cell, locale, language=language)
            except NumberError as fault:
                seen = fault
            if isinstance(cell, str):
                known[cell] = seen
        if isinstance(seen, NumberError):
            found.append((row, seen))
            seen = math.nan
        values[row] = seen
    return NumberColumn(values, tuple(found))
