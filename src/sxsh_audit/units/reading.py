"""Units and quantities as people type them.

A unit is a product of factors with at most one division: ``m3 nước/tấn sản phẩm``. A factor is
an optional power of ten (``1.000``, ``10^3``, ``nghìn``, ``tr.``), a spelling from
``data/spellings.csv`` and free words that name the product; the words are kept, not read.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from sxsh_audit.errors import NumberError, UnitError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.numbers import Locale, parse_number, scale_words, split_number
from sxsh_audit.language.text import fold, nearest, tidy, underline
from sxsh_audit.units.algebra import Part, Unit, compose
from sxsh_audit.units.definitions import Meaning, spellings

__all__ = ["Quantity", "parse_quantity", "parse_unit"]


class Quantity(NamedTuple):
    """A number with its unit.

    Attributes
    ----------
    value : float
        The number, scale words multiplied out [unit].
    unit : Unit
        The unit.
    """

    value: float
    unit: Unit


LONGEST = 200
"""Letters of a text that may be a unit with the words beside it."""


class _Fault(Exception):
    """A factor that was not understood; `code` says why and `word` where."""

    def __init__(self, code: str, word: str, **numbers: Any) -> None:
        super().__init__(code, word)
        self.code, self.word, self.numbers = code, word, numbers


_POWER_OF_TEN = re.compile(
    r"10 ?(?:\^|\*\*) ?(?P<caret>[0-9]{1,2})|10(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<plain>1(?:[., ]000)+|1[0]+)(?![0-9.,])"
)
_PER = re.compile(r" (?:per|trên|mỗi) ")
_TIMES = re.compile(r" ?[·⋅*×] ?")
_LOOSE_TIMES = re.compile(r" ?[·⋅*×.-] ?")
_INNER = re.compile(r"[(\[]([^()\[\]]*/[^()\[\]]*/[^()\[\]]*)[)\]]$")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def _unwrap(text: str) -> str:
    """Strip brackets that enclose the whole of `text`."""
    while len(text) > 1 and _PAIRS.get(text[0]) == text[-1]:
        open_, close = text[0], text[-1]
        depths = itertools.accumulate((c == open_) - (c == close) for c in text[:-1])
        if min(depths) < 1:  # (a)/(b): the first bracket closes before the end
            break
        text = text[1:-1].strip()
    return text


def _lookup(spelling: str) -> Meaning | None:
    """Return the meaning of `spelling`, None if unknown."""
    table = spellings()
    if (found := table.exact.get(spelling)) is not None:
        return found
    meanings = table.folded.get(fold(spelling), ())
    if len(meanings) > 1:
        names = [f"10^{power} {symbol}" if power else symbol for symbol, power in meanings]
        raise _Fault("two_meanings", spelling, meanings=names)
    return meanings[0] if meanings else None


def _power_of_ten(text: str) -> tuple[int, str] | None:
    """Split a written power of ten or a scale word off the start of `text`."""
    if match := _POWER_OF_TEN.match(text):
        raised = match["caret"] or match["raised"]
        power = int(unicodedata.normalize("NFKC", raised)) if raised else match[0].count("0")
        return power, text[match.end():].lstrip(" .")
    folded = fold(text)
    for word, power in scale_words().items():
        rest = folded[len(word):]
        if folded.startswith(word) and rest and not (word[-1].isalpha() and rest[0].isalpha()):
            return power, text[len(word):].lstrip(" .")
    return None


def _check_words(words: str) -> None:
    """Refuse free words that may be meant as a unit, a scale or a number."""
    table, scales = spellings(), scale_words()
    pieces = re.split("[ .·*-]+", words)
    for piece in pieces:
        folded = fold(piece)
        if re.search(r"[0-9,;^]", piece):
            raise _Fault("digits_in_words", piece)
        known = folded in table.folded and not (len(pieces) > 1 and folded in table.nouns)
        if known or folded in scales:
            raise _Fault("unit_in_words", piece)


def _spelled(text: str) -> tuple[Meaning, str] | None:
    """Find the longest known spelling at the start of `text`, and the free words after it."""
    if (meaning := _lookup(text)) is not None:
        return meaning, ""
    for cut in sorted({m.start() for m in re.finditer(r"[ (\[]", text)}, reverse=True):
        head, words = text[:cut].rstrip(), text[cut:].strip()
        if head and (meaning := _lookup(head)) is not None:
            words = _unwrap(words)
            if re.search(r"[()\[\]]", words):
                raise _Fault("unknown", words)
            _check_words(words)
            return meaning, words
    return None


def _factor(text: str, exponent: int) -> tuple[Part, str]:
    """Read one factor: power of ten, spelling, free words."""
    fault: _Fault | None = None
    try:
        if (found := _spelled(text)) is not None:
            return Part(found[0].symbol, exponent, found[0].power), found[1]
    except _Fault as met:
        fault = met
    power, last, rest = 0, 0, text
    for _ in range(2):  # nghìn tỷ đồng
        scaled = _power_of_ten(rest)
        if scaled is None or scaled[0] < last or not scaled[1]:
            break
        last, rest = scaled
        power += last
        if (found := _spelled(rest)) is not None:
            return Part(found[0].symbol, exponent, found[0].power + power), found[1]
    if rest == text and fault is not None:
        raise fault
    raise _Fault("unknown", rest)


def _side(text: str, exponent: int) -> list[tuple[Part, str]]:
    """Read a product of factors on one side of the division."""
    text = _unwrap(text)
    try:
        return [_factor(text, exponent)]
    except _Fault as fault:
        for sign in (_TIMES, _LOOSE_TIMES):
            pieces = sign.split(text)
            if len(pieces) < 2 or not all(pieces):
                continue
            try:
                return [_factor(piece, exponent) for piece in pieces]
            except _Fault as met:
                if sign is _TIMES:
                    raise met from None
        raise fault from None


@lru_cache(maxsize=4096)
def _parse(shown: str, text: str) -> Unit:
    sides = _PER.sub("/", _unwrap(shown)).split("/")
    if len(sides) > 2:
        if match := _INNER.search(shown):  # a heading with its unit in brackets
            sides = match[1].split("/")
        raise _Fault(
            "two_divisions", "", first="/".join(sides[:-1]), last=sides[-1], start=sides[0],
            end="/".join(sides[1:]), product="·".join(sides[1:]),
        )
    if not all(side.strip() for side in sides):
        raise _Fault("half" if len(sides) == 2 else "empty", "")
    read = _side(sides[0].strip(), 1)
    if len(sides) == 2:
        read += _side(sides[1].strip(), -1)
    return compose([part for part, _ in read], tuple(words for _, words in read if words), text)


def _refuse(code: str, text: str, language: Language, **numbers: Any) -> UnitError:
    numbers = {"text": text, **numbers}
    return UnitError(refusal_sentence(f"unit.{code}", numbers, language),
                     code=f"unit.{code}", **numbers)


def _suggest(word: str) -> tuple[str, ...]:
    """Return the nearest spellings, one for each unit; ``kW h`` is nearest to ``kWh``."""
    known = spellings().exact
    joined = fold(word.replace(" ", ""))
    close = [spelling for spelling in known if fold(spelling) == joined]
    first: dict[Meaning, str] = {}
    first_word = word.split(" ")[0]
    for spelling in (*close, *nearest(first_word, known, 12), *nearest(word, known, 12)):
        first.setdefault(known[spelling], spelling)
    return tuple(first.values())[:3]


def parse_unit(text: str, *, language: Language = "vi", suggest: bool = True) -> Unit:
    """Read a unit as a person typed it.

    Parameters
    ----------
    text : str
        Such as ``kWh/tấn xi măng``, ``1000 viên``, ``tr.m3``, ``(đ/tấn)``; any Unicode form,
        and any case where the case does not decide the meaning.
    language : {"vi", "en"}
        Language of a refusal.
    suggest : bool
        Whether a refusal names the nearest spellings; to find them takes milliseconds.

    Returns
    -------
    Unit

    Raises
    ------
    UnitError
        With a ``code``: ``unit.unknown`` (what was not understood is underlined, and the
        nearest known spellings are named), ``unit.not_a_unit`` (nothing is near),
        ``unit.two_meanings`` (``mw``), ``unit.two_divisions`` (``m3/tấn/năm``),
        ``unit.unit_in_words`` (``kW h``), ``unit.digits_in_words``, ``unit.half``,
        ``unit.empty``.

    Notes
    -----
    ``ton``, ``tấn``, ``tonne``, ``T`` are the metric tonne; ``short ton`` and ``long ton`` must
    be spelled out. Calories and Btu are those of the international table. A month, a shift and
    a tonne of oil equivalent are dimensions of their own.

    Examples
    --------
    >>> parse_unit("kwh/tấn xi măng").qualifiers
    ('xi măng',)
    >>> parse_unit("triệu đồng").factor
    Fraction(1000000, 1)
    >>> parse_unit("kWj/tấn", language="en")
    Traceback (most recent call last):
        ...
    sxsh_audit.errors.UnitError: `kWj/tấn`: this part of the unit was not understood:
      kWj/tấn
      ^^^
    Nearest known spellings: kJ, kW, kWh.
    """
    if not isinstance(text, str):
        raise _refuse("empty", str(text), language)
    shown = tidy(text)
    if not shown:
        raise _refuse("empty", text, language)
    if len(shown) > LONGEST:
        raise _refuse("not_a_unit", text, language, place=underline(shown, 0, len(shown)), near=())
    try:
        return _parse(shown, text)
    except _Fault as fault:
        if fault.code in {"two_divisions", "half", "empty"}:
            raise _refuse(fault.code, text, language, **fault.numbers) from None
        start = max(shown.find(fault.word), 0)
        place = underline(shown, start, start + len(fault.word))
        word = shown if fault.code == "unit_in_words" else fault.word
        near = _suggest(word) if suggest else ("–",)
        code = "not_a_unit" if fault.code == "unknown" and not near else fault.code
        raise _refuse(code, text, language, place=place, near=near, **fault.numbers) from None


def _join(value: float, rest: str, text: str, language: Language, suggest: bool) -> Quantity:
    for separator in re.finditer(r"[,;]| (?:or|and|hoặc|và|hay) |=", rest[:LONGEST]):
        if re.search("[0-9]", rest[separator.end():]):
            raise _refuse("two_quantities", text, language)
    return Quantity(value, parse_unit(rest, language=language, suggest=suggest))


def parse_quantity(
    text: str, locale: Locale = "auto", *, language: Language = "vi", suggest: bool = True
) -> Quantity:
    """Read a number and its unit.

    Parameters
    ----------
    text : str
        Such as ``12,5 kWh``, ``32 triệu đồng`` or ``VND 32 millions``.
    locale : {"auto", "vi", "en"}
        How the number is written, see :func:`sxsh_audit.parse_number`.
    language : {"vi", "en"}
        Language of a refusal.
    suggest : bool
        As in :func:`sxsh_audit.parse_unit`.

    Returns
    -------
    Quantity
        ``value`` with the scale words multiplied out, and ``unit``.

    Raises
    ------
    NumberError
        If the number has no or two readings, or is a range or a bound.
    UnitError
        If the unit is missing or unknown, or there are two quantities.

    Examples
    --------
    >>> quantity = parse_quantity("268,4 TWh")
    >>> quantity.value, quantity.unit.symbol
    (268.4, 'TWh')
    >>> parse_quantity("VND 32 millions").value
    32000000.0
    """
    shown = tidy(text)
    try:
        value, rest = split_number(shown, locale, language=language)
    except NumberError as fault:
        if fault.code != "number.not_a_number":
            raise
        # unit first: "VND 32 millions", "IDR 55.40683 million"
        match = re.fullmatch(r"(?P<unit>[^0-9+-]+?) ?(?P<number>[+-]?[0-9].*)", shown)
        if match is None:
            raise
        unit = parse_unit(match["unit"], language=language, suggest=suggest)
        return Quantity(parse_number(match["number"], locale, language=language), unit)
    if not rest:
        percents = (word for word, meaning in spellings().exact.items() if meaning.symbol == "%")
        if fold(shown).endswith(tuple(percents)):  # read as a fraction already
            return Quantity(value, parse_unit("1", language=language))
        raise _refuse("missing", text, language)
    if math.isnan(value):
        raise _refuse("missing", text, language)
    return _join(value, rest, text, language, suggest)
