"""Settings of the economy of options: rates, money, years, how far to reach."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from operator import index
from typing import Any

from sxsh_audit.errors import NumberError, Refusal, UnitError
from sxsh_audit.language.numbers import Locale, parse_number, split_number
from sxsh_audit.language.text import nearest, shorten
from sxsh_audit.tables.fractions import is_percentage
from sxsh_audit.tables.schema import choice_keys, choice_words, plain_word
from sxsh_audit.units import Unit, parse_quantity, parse_unit

__all__ = ["ECONOMY", "currency_of", "read_economy", "read_number", "shown_whole", "too_long"]

Report = Callable[..., None]
ECONOMY = ("discount_rate", "inflation", "price_range", "horizon", "budget", "reach", "seed",
           "payback_limit", "grid_year", "screening")  # fmt: skip
LONGEST_HORIZON = 100
GRID_YEARS = (1990, 2100)
LARGEST_SEED = 2**63 - 1
"""Largest seed: what the JSON readers and generators of other languages still hold exactly."""

LONGEST_REAL = 1024
"""Bits of the whole numbers that a float can hold, about 309 digits."""

_OWN_SENTENCE = frozenset({"number.two_readings", "number.out_of_range"})
_OTHER_STYLE: dict[str, tuple[str, Locale]] = {"number.not_vi": ("settings.not_vi", "en"),
                                               "number.not_en": ("settings.not_en", "vi")}
_DIGITS = re.compile(r"[0-9]+(?:[., ][0-9]+)*|[.,][0-9]+")
WEIGHTS = ("technical", "economic", "environmental")
THRESHOLDS = ("implement", "study")


def read_economy(
    key: str, value: Any, locale: Locale, currency: str, report: Report
) -> float | int | str | dict[str, float] | None:
    """Read one of the settings `ECONOMY`.

    Parameters
    ----------
    key : str
        Canonical name.
    value : object
        What was typed: text as people write it, or a number.
    locale : {"auto", "vi", "en"}
        How numbers are written.
    currency : str
        Money in which a bare budget is meant.
    report : callable
        Called with a code, the key, the value and numbers for each fault.

    Returns
    -------
    float, int, str, dict or None
        None where it cannot be read.
    """
    if key == "screening":
        return _screening(key, value, locale, report)
    if isinstance(value, (Mapping, list, tuple, bool)) or value is None:
        report("settings.not_text", key, value)
        return None
    if key == "reach":
        word = choice_words("reach").get(plain_word(str(value)))
        return word or _fraction(key, value, locale, report, "settings.reach")
    if key in ("discount_rate", "inflation", "price_range"):
        return _fraction(key, value, locale, report)
    if key == "budget":
        return _money(key, value, locale, currency, report)
    if key == "payback_limit":
        years = _years(key, value, locale, report)
        if years is not None and not years > 0:
            report("settings.not_positive", key, value)
            return None
        return years
    if key == "horizon":
        return _whole(key, _years(key, value, locale, report), value, 1, LONGEST_HORIZON, report)
    if key == "seed":
        return _whole(key, _exact(key, value, locale, report), value, 0, LARGEST_SEED, report)
    return _whole(key, read_number(key, value, locale, report), value, *GRID_YEARS, report)


def too_long(value: Any) -> bool:
    """Whether a whole number is longer than a float holds; texts have their own refusal."""
    return isinstance(value, int) and value.bit_length() > LONGEST_REAL


def shown_whole(value: int) -> str:
    """Write the first digits of a long whole number."""
    try:
        return shorten(str(value))
    except ValueError:  # Python writes no more than 4300 decimal digits
        return shorten(hex(value))


def _unread(key: str, value: Any, error: Refusal, code: str, report: Report) -> None:
    """Report why a number was not read, by its own sentence where it has one."""
    if error.code in _OTHER_STYLE:
        named, other = _OTHER_STYLE[error.code]
        try:
            split_number(str(value), other)
        except NumberError:
            pass  # neither style: to write it in the other one would mend nothing
        else:
            meant = str(error.numbers["meant"])
            report(named, key, value, meant=_DIGITS.sub(meant, str(value).strip(), count=1))
            return
    if error.code in _OWN_SENTENCE:
        report(error.code, key, value, **{**error.numbers, "text": shorten(str(value))})
    else:
        report(code, key, value)


def read_number(
    key: str, value: Any, locale: Locale, report: Report, code: str = "settings.not_number"
) -> float | None:
    """Read a number that is finite; else it is told as `code`, or by its own sentence."""
    try:
        number = float(value) if isinstance(value, (int, float)) else parse_number(
            str(value), locale)  # fmt: skip
    except NumberError as error:
        _unread(key, value, error, code, report)
        return None
    if not math.isfinite(number):
        report(code, key, value)
        return None
    return number


def _exact(key: str, value: Any, locale: Locale, report: Report) -> int | float | None:
    """Read a number, every digit of a whole one: a float rounds those above 2**53."""
    if hasattr(value, "__index__"):
        return index(value)
    number = read_number(key, value, locale, report)
    if number is None or not isinstance(value, str):
        return number
    digits = re.sub(r"[., ]", "", value.strip())
    if digits.isascii() and digits.isdigit() and float(digits) == number:
        return int(digits)  # the separators of a number that is whole only group its digits
    return number


def _fraction(
    key: str, value: Any, locale: Locale, report: Report, code: str = "settings.not_fraction"
) -> float | None:
    """Read «10 %» and 0.1; a bare 10 is asked about."""
    number = read_number(key, value, locale, report, code)
    if number is None:
        return None
    if not (isinstance(value, str) and is_percentage(value)) and abs(number) >= 1:
        report("settings.bare_percentage", key, value, number=number)
        return None
    least_allowed = key == "inflation"
    if (number <= -1 if least_allowed else number < 0) or (key in ("price_range", "reach")
                                                           and number >= 1):  # fmt: skip
        report("settings.fraction_range", key, value, least=-1.0 if least_allowed else 0.0)
        return None
    return number


def _whole(
    key: str, number: float | None, value: Any, least: int, most: int, report: Report
) -> int | None:
    if number is None:
        return None
    if number % 1 or number < least or number > most:
        report("settings.whole_between", key, value, least=least, most=most)
        return None
    return int(number)


def _with_unit(
    key: str, value: Any, locale: Locale, code: str, report: Report
) -> tuple[float, Unit | None] | None:
    """Read a number with or without its unit."""
    if isinstance(value, (int, float)):
        number = read_number(key, value, locale, report, code)
        return None if number is None else (number, None)
    try:
        number = parse_number(str(value), locale)
        if not math.isnan(number):
            return number, None
    except NumberError as error:
        if error.code in _OWN_SENTENCE:
            _unread(key, value, error, code, report)
            return None
    try:
        read = parse_quantity(str(value), locale)
    except (NumberError, UnitError) as error:
        _unread(key, value, error, code, report)
        return None
    return read.value, read.unit


def _years(key: str, value: Any, locale: Locale, report: Report) -> float | None:
    read = _with_unit(key, value, locale, "settings.not_years", report)
    if read is None:
        return None
    number, unit = read
    if unit is None:
        return number
    years = {"year": 1.0, "month": 1 / 12}.get(unit.canonical)
    if years is None:
        report("settings.not_years", key, value)
        return None
    return number * float(unit.factor) * years


def _money(
    key: str, value: Any, locale: Locale, currency: str, report: Report
) -> float | None:
    read = _with_unit(key, value, locale, "settings.not_money", report)
    if read is None:
        return None
    number, unit = read
    if unit is not None:
        if currency and unit.canonical != currency:
            report("settings.other_currency", key, value, currency=currency)
            return None
        number *= float(unit.factor)
    if math.isinf(number):
        report("number.out_of_range", key, value, text=shorten(str(value)))
        return None
    if number < 0:
        report("settings.negative", key, value)
        return None
    return number


def _screening(
    key: str, value: Any, locale: Locale, report: Report
) -> dict[str, float] | None:
    """Read the weights of the scores and the two thresholds."""
    if not isinstance(value, Mapping):
        report("settings.not_table", key, value)
        return None
    known, kept, whole = choice_keys("screening_key"), {}, True
    for typed, inner in value.items():
        name = choice_words("screening_key").get(plain_word(str(typed)), "")
        if not name:
            near = list(nearest(str(typed), known, 3)) or list(known)
            report("settings.unknown_key", f"{key}.{typed}", inner, near=near)
            whole = False
        elif name in kept:
            report("settings.twice", f"{key}.{typed}", inner)
            whole = False
        else:
            number = None
            if too_long(inner):
                report("number.out_of_range", f"{key}.{typed}", inner, text=shown_whole(inner))
            elif isinstance(inner, (Mapping, list, tuple, bool)) or inner is None:
                report("settings.not_number", f"{key}.{typed}", inner)
            else:
                number = read_number(f"{key}.{typed}", inner, locale, report)
            if number is not None and name in WEIGHTS and number < 0:
                report("settings.negative", f"{key}.{typed}", inner)
                number = None
            whole = whole and number is not None
            kept[name] = math.nan if number is None else number
    if not whole:
        return None
    if not any(kept.get(name, 0) > 0 for name in WEIGHTS) or not all(
            name in kept for name in THRESHOLDS):  # fmt: skip
        report("settings.screening", key, value)
        return None
    if kept["implement"] < kept["study"]:
        report("settings.screening_order", key, "", implement=kept["implement"],
               study=kept["study"])  # fmt: skip
        return None
    return kept


def currency_of(typed: Any) -> str:
    """Canonical unit of the currency that was typed; empty where it is none."""
    try:
        unit = parse_unit(str(typed))
    except UnitError:
        return ""
    return unit.canonical if unit.dimension.startswith("money") else ""
