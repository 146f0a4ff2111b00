"""Numbers, percentages and dates as text in Vietnamese or English.

Vietnamese writes 1.234,5 and English 1,234.5. What :func:`format_number` writes,
:func:`sxsh_audit.parse_number` reads back as the same number in the same locale.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

__all__ = ["LANGUAGES", "Language", "check_language", "format_date", "format_fixed",
           "format_number", "format_percent", "round_figure"]

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

_GROUP = {"vi": ".", "en": ","}
_DECIMAL = {"vi": ",", "en": "."}
MISSING = "–"
INFINITE = "∞"
MINUS = "−"  # U+2212: a hyphen is too short to be seen from the back row
# Half up, as a person rounds. Decimal's own 28 digits are too few for 1e28 with its decimals.
_AS_TAUGHT = Context(prec=800, rounding=ROUND_HALF_UP)


def check_language(language: str) -> Language:
    """Return `language` if it is one that we speak."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: choose one of {', '.join(LANGUAGES)}")
    return language


def _localise(plain: str, language: Language, group: bool) -> str:
    """Turn the plain decimal text ``-1234.5`` into the written form of `language`."""
    sign = MINUS if plain.startswith("-") else ""
    whole, _, part = plain.lstrip("-").partition(".")
    if group:
        whole = f"{int(whole):,}".replace(",", _GROUP[language])
    return sign + whole + (_DECIMAL[language] + part if part else "")


def _special(value: float) -> str | None:
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return INFINITE if value > 0 else MINUS + INFINITE
    return None


def _rounded(value: float, digits: int) -> Decimal:
    exact = Decimal(repr(value))
    if not exact:
        return exact
    keep = min(exact.adjusted() - digits + 1, 0)
    return exact.quantize(Decimal(1).scaleb(keep), context=_AS_TAUGHT)


def round_figure(value: float, digits: int) -> float:
    """Round as :func:`format_number` writes: half up, whole digits never rounded away.

    Examples
    --------
    >>> round_figure(1140.4, 4), round_figure(0.0012345, 3)
    (1140.0, 0.00123)
    """
    return float(_rounded(float(value), digits)) if math.isfinite(value) else float(value)


def format_number(
    value: float, language: Language = "vi", *, digits: int | None = None, group: bool = True
) -> str:
    """Write a number, by default with every digit that it needs.

    Parameters
    ----------
    value : float
        The number. nan is written as a dash, infinity as ∞.
    language : {"vi", "en"}
        Vietnamese (1.234,5) or English (1,234.5).
    digits : int, optional
        Significant digits to round to (half up); trailing zeros are not written. Whole digits
        are never rounded away: 1,234 kWh stays so with ``digits=3``.
    group : bool
        Whether thousands are grouped.

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(1234.5, "vi")
    '1.234,5'
    >>> format_number(0.00015430, "en", digits=3)
    '0.000154'
    """
    language = check_language(language)
    value = float(value)
    special = _special(value)
    if special is not None:
        return special
    exact = Decimal(repr(value)) if digits is None else _rounded(value, digits)
    plain = format(exact, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if plain in ("-0", ""):
        plain = "0"
    return _localise(plain, language, group)


def format_fixed(
    value: float, decimals: int, language: Language = "vi", *, group: bool = True
) -> str:
    """Write a number with a fixed count of decimals (half up, as a person rounds).

    Examples
    --------
    >>> format_fixed(8.3333, 2, "vi")
    '8,33'
    """
    language = check_language(language)
    value = float(value)
    special = _special(value)
    if special is not None:
        return special
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), context=_AS_TAUGHT)
    if not rounded:
        rounded = abs(rounded)  # no "−0,0"
    return _localise(format(rounded, "f"), language, group)


def format_percent(fraction: float, language: Language = "vi", *, decimals: int = 1) -> str:
    """Write a fraction as a percentage (``0.0833`` → ``8,3 %`` or ``8.3%``).

    Examples
    --------
    >>> format_percent(1 / 12, "vi"), format_percent(1 / 12, "en")
    ('8,3 %', '8.3%')
    """
    language = check_language(language)
    fraction = float(fraction)
    special = _special(fraction)
    if special is not None:
        return special
    scaled = float(Decimal(repr(fraction)) * 100)
    text = format_fixed(scaled, decimals, language)
    return text + (" %" if language == "vi" else "%")


def format_date(day: dt.date, language: Language = "vi") -> str:
    """Write a date: ``31/12/2014`` in Vietnamese, ``31 Dec 2014`` in English.

    Examples
    --------
    >>> format_date(dt.date(2014, 12, 31), "en")
    '31 Dec 2014'
    """
    language = check_language(language)
    if language == "vi":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]} {day.year}"
