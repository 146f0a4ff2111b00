"""Settings of adjusted baselines: the model, the conditions, how sure, what was saved before."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sxsh_audit.errors import NumberError, UnitError
from sxsh_audit.language.numbers import Locale, parse_number, split_number
from sxsh_audit.language.text import nearest, tidy
from sxsh_audit.tables.fractions import is_percentage
from sxsh_audit.tables.schema import choice_keys, choice_words, plain_word, resource_words
from sxsh_audit.tables.settings_economy import read_number, shown_whole, too_long
from sxsh_audit.units import parse_quantity

__all__ = ["BASELINE", "BaseLoad", "StandardConditions", "StatedAmount", "read_baseline"]

Report = Callable[..., None]
BASELINE = ("confidence", "baseline_model", "adjust_to", "base_load", "standard_conditions",
            "earlier_saving", "operating_months")  # fmt: skip
_MONTH = r"(?:tháng |thang |month |t)?([0-9]{1,2})"
_MONTH_SPAN = re.compile(rf"{_MONTH}(?: ?(?:-|–|đến|den|tới|to) ?{_MONTH})?")
LEAST_CONFIDENCE = 0.5
"""A statement that is as likely wrong as right tells nothing."""

DAYS_A_MONTH = 365.25 / 12
HOURS_A_MONTH = 24 * DAYS_A_MONTH
A_MONTH = {"/month": 1.0, "/year": 1 / 12, "/day": DAYS_A_MONTH, "/h": HOURS_A_MONTH}
POWER, ENERGY = "kW", "kWh"
"""Power is energy per hour: 1,500 kWh/day is read as 62.5 kW."""


class BaseLoad(NamedTuple):
    """Use of a resource that goes on without any output.

    Attributes
    ----------
    share : float
        Part of the use of the baseline period [1]; nan where an amount is given.
    amount : float
        Amount a month [unit]; nan where a share is given.
    unit : str
        Canonical unit of `amount`; empty where a share is given.
    """

    share: float
    amount: float
    unit: str


class StatedAmount(NamedTuple):
    """A figure with its unit.

    Attributes
    ----------
    value : float
        The figure [unit].
    unit : str
        Canonical unit of an output, the unit of a driver as typed; empty where none is typed.
    """

    value: float
    unit: str


class StandardConditions(NamedTuple):
    """Conditions to which both periods are taken.

    Attributes
    ----------
    output : mapping of str to StatedAmount
        Output a month by product; under the empty name that of the plant.
    drivers : mapping of str to StatedAmount
        Value a month of each driver.
    """

    output: Mapping[str, StatedAmount]
    drivers: Mapping[str, StatedAmount]

    def of_driver(self, driver: str) -> StatedAmount | None:
        """Return the value of a driver, however its name is spelt; None where it has none."""
        word = plain_word(driver)
        return next((stated for name, stated in self.drivers.items()
                     if plain_word(name) == word), None)  # fmt: skip


def read_baseline(key: str, value: Any, locale: Locale, report: Report) -> Any:
    """Read one of the settings `BASELINE`.

    Parameters
    ----------
    key : str
        Canonical name.
    value : object
        What was typed: text as people write it, a number, or a table.
    locale : {"auto", "vi", "en"}
        How numbers are written.
    report : callable
        Called with a code, the key, the value and numbers for each fault.

    Returns
    -------
    float, str, dict, StandardConditions or None
        None where it cannot be read: part of a table is not used.
    """
    if key == "confidence":
        return _confidence(key, value, locale, report)
    if key == "adjust_to":
        return _word(key, value, report)
    if key == "operating_months":
        return _months(key, value, report)
    if key == "standard_conditions":
        return _conditions(key, value, locale, report)
    if key == "baseline_model" and not isinstance(value, Mapping):
        return _word(key, value, report)
    readers: dict[str, Callable[[str, Any], Any]] = {
        "baseline_model": lambda where, inner: _word(where, inner, report, "baseline_model"),
        "base_load": lambda where, inner: _base_load(where, inner, locale, report),
        "earlier_saving": lambda where, inner: _fraction(where, inner, locale, report, least=-1.0),
    }
    return _by_resource(key, value, readers[key], report)


def _plain(key: str, value: Any, report: Report) -> bool:
    """Whether a value is one text or number; else it is told."""
    if too_long(value):
        report("number.out_of_range", key, value, text=shown_whole(value))
    elif isinstance(value, (Mapping, list, tuple, bool)) or value is None:
        report("settings.not_text", key, value)
    else:
        return True
    return False


def _word(key: str, value: Any, report: Report, listed: str = "") -> str | None:
    if not _plain(key, value, report):
        return None
    listed = listed or key
    text = " ".join(str(value).split())
    word = choice_words(listed).get(plain_word(text))
    if word is None:
        known = choice_keys(listed)
        close = nearest(plain_word(text), tuple(choice_words(listed)), 3)
        near = dict.fromkeys(choice_words(listed)[one] for one in close)
        choices = [*near, *(one for one in known if one not in near)]
        report("settings.word", key, value, choices=[f"{listed}.{one}" for one in choices])
    return word


def _fraction(
    key: str, value: Any, locale: Locale, report: Report, *, least: float, most: float = 1.0,
) -> float | None:
    """Read «10 %» and 0.1 between two ends that are not reached; a bare 10 is asked about."""
    if not _plain(key, value, report):
        return None
    number = read_number(key, value, locale, report, "settings.not_fraction")
    if number is None:
        return None
    if not (isinstance(value, str) and is_percentage(value)) and abs(number) >= 1:
        report("settings.bare_percentage", key, value, number=number)
    elif not least < number < most:
        report("settings.between", key, value, least=least, most=most)
    else:
        return number
    return None


def _confidence(key: str, value: Any, locale: Locale, report: Report) -> float | None:
    return _fraction(key, value, locale, report, least=LEAST_CONFIDENCE)


def _months(key: str, value: Any, report: Report) -> tuple[int, ...] | None:
    """Read calendar months: «11-4», «tháng 11 đến tháng 4», «11, 12, 1» or a list of numbers."""
    if isinstance(value, (Mapping, bool)) or too_long(value):
        report("settings.operating_months", key, value)
        return None
    listed = value if isinstance(value, (list, tuple)) else re.split(r"[,;]", str(value))
    months: list[int] = []
    for entry in listed:
        found = _MONTH_SPAN.fullmatch(plain_word(str(entry)))
        first, last = (found[1], found[2] or found[1]) if found else ("0", "0")
        if not (1 <= int(first) <= 12 and 1 <= int(last) <= 12):
            report("settings.operating_months", key, value)
            return None
        months += [(int(first) - 1 + step) % 12 + 1
                   for step in range((int(last) - int(first)) % 12 + 1)]  # fmt: skip
    if len(set(months)) != len(months):
        report("settings.operating_months", key, value)
        return None
    return tuple(months)


def _by_resource(
    key: str, value: Any, read: Callable[[str, Any], Any], report: Report
) -> dict[str, Any] | None:
    """Read a table of resources; a name that the library does not know stands as typed.

    Whether the study uses such a resource is told when its tables are read.
    """
    if not isinstance(value, Mapping):
        report("settings.not_by_resource", key, value)
        return None
    kept: dict[str, Any] = {}
    whole = True
    for typed, inner in value.items():
        name = resource_words().get(plain_word(str(typed)), str(typed).strip())
        if name in kept:
            report("settings.twice", f"{key}.{typed}", inner)
            whole = False
            continue
        kept[name] = read(f"{key}.{typed}", inner)
        whole = whole and kept[name] is not None
    return kept if whole and kept else None


def _base_load(key: str, value: Any, locale: Locale, report: Report) -> BaseLoad | None:
    """Read «30 %», 0.3, or an amount of a month, a year or a day such as «5.000 kWh/tháng»."""
    if not _plain(key, value, report):
        return None
    if isinstance(value, str) and not is_percentage(value) and not _is_number(value, locale):
        try:
            read = parse_quantity(value, locale)
        except (NumberError, UnitError) as error:
            if error.code in ("number.two_readings", "number.out_of_range"):
                report(error.code, key, value, **{**error.numbers, "text": value[:80]})
            else:
                report("settings.base_load", key, value)
            return None
        amount, unit = read.value * float(read.unit.factor), read.unit.canonical
        unit = f"{ENERGY}/h" if unit == POWER else unit
        for ending, times in A_MONTH.items():
            if unit.endswith(ending) and amount >= 0 and math.isfinite(amount):
                return BaseLoad(math.nan, amount * times, unit.removesuffix(ending))
        report("settings.base_load", key, value)
        return None
    number = read_number(key, value, locale, report, "settings.base_load")
    if number is None:
        return None
    if not (isinstance(value, str) and is_percentage(value)) and abs(number) >= 1:
        report("settings.base_load", key, value)
    elif not 0 <= number <= 1:
        report("settings.between", key, value, least=0.0, most=1.0)
    else:
        return BaseLoad(number, math.nan, "")
    return None


def _is_number(text: str, locale: Locale) -> bool:
    """Whether a text is a number, or one that must be refused by its own sentence."""
    try:
        parse_number(text, locale)
    except NumberError as error:
        return error.code in ("number.two_readings", "number.out_of_range")
    return True


def _conditions(
    key: str, value: Any, locale: Locale, report: Report
) -> StandardConditions | None:
    """Read the output of a month (of the plant, or by product) and the value of each driver."""
    if not isinstance(value, Mapping):
        report("settings.not_table", key, value)
        return None
    output: dict[str, StatedAmount | None] = {}
    drivers: dict[str, StatedAmount | None] = {}
    whole, seen = True, set()
    for typed, inner in value.items():
        name, where = tidy(str(typed)), f"{key}.{typed}"
        word = choice_words("standard_condition").get(plain_word(name), plain_word(name))
        if word in seen:
            report("settings.twice", where, inner)
            whole = False
        elif word != "output":
            drivers[name] = _amount(where, inner, locale, report)
        elif isinstance(inner, Mapping):
            output |= {tidy(str(product)):
                       _output(f"{where}.{product}", one, locale, report)
                       for product, one in inner.items()}  # fmt: skip
        else:
            output[""] = _output(where, inner, locale, report)
        seen.add(word)
    known = {name: one for name, one in output.items() if one is not None}
    of_drivers = {name: one for name, one in drivers.items() if one is not None}
    whole = whole and len(known) == len(output) and len(of_drivers) == len(drivers)
    if not whole:
        return None
    if not known and not of_drivers:
        report("settings.no_conditions", key, value)
        return None
    return StandardConditions(known, of_drivers)


def _output(key: str, value: Any, locale: Locale, report: Report) -> StatedAmount | None:
    """Read an output of a month with its unit: «100 tấn», or «100 tấn/tháng»."""
    if not _plain(key, value, report):
        return None
    try:
        read = parse_quantity(str(value), locale)
    except (NumberError, UnitError) as error:
        if error.code in ("number.two_readings", "number.out_of_range"):
            report(error.code, key, value, **{**error.numbers, "text": str(value)[:80]})
        else:
            report("settings.output_a_month", key, value)
        return None
    amount, unit = read.value * float(read.unit.factor), read.unit.canonical
    if "/" in unit.removesuffix("/month") or not math.isfinite(amount) or not amount > 0:
        report("settings.output_a_month", key, value)
        return None
    return StatedAmount(amount, unit.removesuffix("/month"))


def _amount(key: str, value: Any, locale: Locale, report: Report) -> StatedAmount | None:
    """Read the value of a driver; its unit is any text: «26» and «26 ngày»."""
    if not _plain(key, value, report):
        return None
    unit = ""
    if isinstance(value, str) and not _is_number(value, locale):
        try:
            number, unit = split_number(value, locale)
        except NumberError:
            report("settings.not_number", key, value)
            return None
    else:
        read = read_number(key, value, locale, report)
        if read is None:
            return None
        number = read
    if not number >= 0 or not math.isfinite(number):
        report("settings.negative", key, value)
        return None
    return StatedAmount(number, unit)
