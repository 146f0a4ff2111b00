"""Days, months, quarters and years as people type them: one reading, or a refusal.

``05/03/2014`` is 5 March in Vietnam and Britain and 3 May in America, so it is read only where
the locale says which. A period is kept as its first and last day, both inclusive.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import numbers as abstract
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sxsh_audit.data import load_rows
from sxsh_audit.errors import PeriodError
from sxsh_audit.language.formatting import Language, check_language, format_date
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.numbers import LOCALES, Locale
from sxsh_audit.language.text import fold, strip_marks

__all__ = ["Period", "parse_period"]

LONGEST = 200
"""Letters of a text that may be a period; the cuts of a longer one would be tried without end."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SERIAL_START = dt.date(1899, 12, 30)  # Excel's day 0, as its own 1900 leap-year slip moved it
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEARS = range(1900, 2200)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole days.

    Parameters
    ----------
    start : datetime.date
        First day.
    end : datetime.date
        Last day; it belongs to the period.

    Examples
    --------
    >>> year = Period(dt.date(2014, 1, 1), dt.date(2014, 12, 31))
    >>> year.days, year.label("vi")
    (365, 'năm 2014')
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends on {self.end}, before its start {self.start}")

    @property
    def days(self) -> int:
        """Number of days, both ends counted [d]."""
        return (self.end - self.start).days + 1

    def label(self, language: Language = "vi") -> str:
        """Return the period as a person writes it; :func:`parse_period` reads it back.

        Parameters
        ----------
        language : {"vi", "en"}
            Language of the words.

        Returns
        -------
        str

        Examples
        --------
        >>> Period(dt.date(2014, 3, 1), dt.date(2014, 3, 31)).label("vi")
        'tháng 3/2014'
        >>> Period(dt.date(2014, 4, 1), dt.date(2014, 6, 30)).label("en")
        'Q2 2014'
        """
        language = check_language(language)
        first, last = self.start, self.end
        if first == last:
            return format_date(first, language)
        if first.day != 1 or last != _month(last.year, last.month).end:
            ends = format_date(first, language), format_date(last, language)
            return sentence("period.label_range", language, first=ends[0], last=ends[1])
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return sentence("period.label_year", language, year=first.year)
        if first.year == last.year and (first.month % 3, last.month - first.month) == (1, 2):
            number = last.month // 3
            quarter = ("I", "II", "III", "IV")[number - 1] if language == "vi" else number
            return sentence("period.label_quarter", language, quarter=quarter, year=first.year)
        months = [
            sentence("period.label_month", language, year=day.year,
                     month=day.month if language == "vi" else format_date(day, "en").split()[1])
            for day in (first, last)
        ]
        if months[0] == months[1]:
            return months[0]
        return sentence("period.label_range", language, first=months[0], last=months[1])


class _Fault(Exception):
    """A text that has the form of a period but names none."""

    def __init__(self, code: str, **numbers: Any) -> None:
        super().__init__(code)
        self.code, self.numbers = code, numbers


def _day(year: int, month: int, day: int) -> Period:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise _Fault("impossible", day=day, month=month, year=year) from None
    return Period(found, found)


def _months(year: int, first: int, last: int) -> Period:
    if not 1 <= first <= last <= 12:
        raise _Fault("no_such_month", month=last if 1 <= first <= 12 else first, year=year)
    return Period(dt.date(year, first, 1),
                  dt.date(year, last, calendar.monthrange(year, last)[1]))


def _month(year: int, month: int) -> Period:
    return _months(year, month, month)


def _quarter(year: int, quarter: str) -> Period:
    last = 3 * _QUARTERS[quarter]
    return _months(year, last - 2, last)


def _part(year: int, months: int, which: str) -> Period:
    if which in {"dau", "first"}:
        return _months(year, 1, months)
    return _months(year, 13 - months, 12)


@cache
def _names() -> dict[str, int]:
    return {row["name"]: int(row["month"]) for row in load_rows("month_names.csv")}


Build = Callable[[re.Match[str], str], Period]


@cache
def _patterns(year: str) -> tuple[tuple[re.Pattern[str], Build], ...]:
    """Return the forms of one period, each with what makes it, for one form of the year."""
    name = "|".join(sorted(_names(), key=len, reverse=True))
    cut, gap = r" ?[/.-] ?", r"(?: nam |[ ,/.'-]+)"
    day, month = r"(?P<d>[0-9]{1,2})", r"(?P<m>[0-9]{1,2})"
    time = r"(?:[ t][0-9]{1,2}:[0-9:.]+(?:z|[+-]00:?00)?)?"
    year = rf"(?P<y>{year})"

    def number(match: re.Match[str], key: str) -> int:
        return int(match[key])

    def slashed(m: re.Match[str], order: str) -> Period:
        first, second = number(m, "d"), number(m, "m")
        return _day(number(m, "y"), *((second, first) if order == "dmy" else (first, second)))

    def ymd(m: re.Match[str], _: str) -> Period:
        return _day(number(m, "y"), number(m, "m"), number(m, "d"))

    def named_day(m: re.Match[str], _: str) -> Period:
        return _day(number(m, "y"), _names()[m["n"]], number(m, "d"))

    def ym(m: re.Match[str], _: str) -> Period:
        return _month(number(m, "y"), number(m, "m"))

    def named_month(m: re.Match[str], _: str) -> Period:
        return _month(number(m, "y"), _names()[m["n"]])

    def yq(m: re.Match[str], _: str) -> Period:
        return _quarter(number(m, "y"), m["q"])

    def part(m: re.Match[str], _: str) -> Period:
        return _part(number(m, "y"), number(m, "m"), m["w"])

    def half(m: re.Match[str], _: str) -> Period:
        return _part(number(m, "y"), 6, "first" if m["h"] == "1" else "last")

    def whole(m: re.Match[str], _: str) -> Period:
        return _months(number(m, "y"), 1, 12)

    forms: list[tuple[str, Build]] = [
        (rf"{year}[-/.]{month}[-/.]{day}{time}", ymd),
        (rf"(?:ngay )?{day} ?(?P<c>[/.-]) ?{month} ?(?P=c) ?{year}{time}", slashed),
        (rf"(?:ngay )?{day} (?:thang|thg) {month}{gap}{year}", ymd),
        (rf"{day}(?:st|nd|rd|th)?[ /-](?P<n>{name})\.?{gap}{year}", named_day),
        (rf"(?P<n>{name})\.? {day}(?:st|nd|rd|th)?,? {year}", named_day),
        (rf"(?:(?:thang|thg|t|month)\.? ?)?{month}{cut}{year}", ym),
        (rf"(?:thang|thg|t)\.? ?{month}{gap}{year}", ym),
        (rf"{year}[-/.]{month}", ym),
        (rf"(?P<n>{name})\.?{gap}{year}", named_month),
        (rf"(?:quy|q|quarter)\.? ?(?P<q>i{{1,3}}|iv|[1-4]){gap}{year}", yq),
        (rf"{year}[ /-]?q(?P<q>[1-4])", yq),
        (rf"{month} thang (?P<w>dau|cuoi)(?: cua)?(?: nam)?[ /]{year}", part),
        (rf"(?:the )?(?P<w>first|last) {month} months (?:of )?{year}", part),
        (rf"h(?P<h>[12]){gap}{year}", half),
        (rf"(?:(?:ca )?nam |year )?{year}", whole),
    ]
    return tuple((re.compile(form), build) for form, build in forms)


_YEAR = "(?:19|20|21)[0-9]{2}"


def _single(plain: str, order: str, year: str = _YEAR) -> Period | None:
    """Read one day, month, quarter, half or year; None when it has no such form."""
    for pattern, build in _patterns(year):
        if match := pattern.fullmatch(plain):
            return build(match, order)
    if re.fullmatch(r"[0-9]{5}(?:[.,]0+)?", plain) and int(plain[:5]) in _SERIALS:
        day = _SERIAL_START + dt.timedelta(days=int(plain[:5]))
        return Period(day, day)
    return None


def _ranges(plain: str, order: str) -> Iterator[Period]:
    """Yield the readings of `plain` as a first and a last period."""
    inner = re.sub(r"^(?:tu|from|between) ", "", plain)
    for cut in re.finditer(r" ?(?:-|\.\.+|…) ?| (?:den|toi|to|and|va|het|den het) ", inner):
        left, right = inner[:cut.start()], inner[cut.end():]
        last = _single(right, order)
        if last is None:
            continue
        first = _single(left, order)
        if first is None and not left.isdigit():  # the year is often written once, at the end
            first = _single(f"{left}/{last.start.year}", order)
        if first is None:
            continue
        if last.end < first.start:
            raise _Fault("reversed", first=first.start, last=last.end)
        yield Period(first.start, max(first.end, last.end))


def _readings(plain: str, locale: Locale) -> tuple[dict[str, Period], _Fault | None]:
    """Return the reading of `plain` by order of day and month, and the first fault met."""
    found: dict[str, Period] = {}
    fault: _Fault | None = None
    for order in ("dmy",) if locale == "vi" else ("dmy", "mdy"):
        try:
            period = _single(plain, order) or next(_ranges(plain, order), None)
        except _Fault as met:
            fault = fault or met
        else:
            if period is not None:
                found[order] = period
    return found, fault


def _why_not(plain: str) -> str:
    """Name the reason why `plain` is no period."""
    if plain.isdigit():
        return "not_a_period"
    for code, completed, year in (
        ("no_year", f"{plain} 2000", _YEAR),
        ("no_year", f"{plain}/2000", _YEAR),
        ("two_digit_year", plain, "[0-9]{2}"),
    ):
        try:
            if _single(completed, "dmy", year) and ("/" not in plain or code != "no_year"):
                return code
        except _Fault:  # of that form, though it names no day or month that exists
            continue
    return "not_a_period"


def _refuse(code: str, text: str, language: Language, **numbers: Any) -> PeriodError:
    numbers = {"text": text, **numbers}
    return PeriodError(refusal_sentence(f"period.{code}", numbers, language),
                       code=f"period.{code}", **numbers)


def _iso(period: Period) -> str:
    if period.days == 1:
        return period.start.isoformat()
    return f"{period.start.isoformat()}/{period.end.isoformat()}"


def _from_number(value: float, language: Language) -> Period:
    if math.isnan(value):
        raise _refuse("missing", "", language)
    if value in _YEARS:
        return _months(int(value), 1, 12)
    if math.isfinite(value) and int(value) in _SERIALS:  # the fraction is the time of day
        day = _SERIAL_START + dt.timedelta(days=int(value))
        return Period(day, day)
    raise _refuse("not_a_period", f"{value:g}", language)


def parse_period(
    text: object, locale: Locale = "auto", *, language: Language = "vi"
) -> Period:
    """Read a day, month, quarter, half-year, year or a range of these.

    Parameters
    ----------
    text : str, date, datetime, number or Period
        What was typed: ``03/2014``, ``T3/2014``, ``tháng 3 năm 2014``, ``Quý I/2015``,
        ``Q1 2015``, ``6 tháng đầu năm 2018``, ``31/03/2014``, ``2014-03-31``, ``Mar 2014``,
        ``01/2014 – 12/2014``; a date object; an Excel serial day (1900 date system); a year.
    locale : {"auto", "vi", "en"}
        ``"vi"``: the day comes before the month. In the other two ``05/03/2014`` is refused,
        because British and American English differ; write 2014-03-05.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        With a ``code``: ``period.missing``, ``period.two_readings``, ``period.impossible``,
        ``period.no_such_month``, ``period.no_year``, ``period.two_digit_year``,
        ``period.reversed``, ``period.not_a_period``.

    Examples
    --------
    >>> parse_period("Quý I/2015")
    Period(start=datetime.date(2015, 1, 1), end=datetime.date(2015, 3, 31))
    >>> parse_period("05/03/2014", language="en")
    Traceback (most recent call last):
        ...
    sxsh_audit.errors.PeriodError: `05/03/2014` has two readings: 2014-03-05 (day first) or \
2014-05-03 (month first). Write it as year-month-day, or say locale="vi" if the day comes first.
    """
    if locale not in LOCALES:
        raise ValueError(f"locale {locale!r}: choose one of {', '.join(LOCALES)}")
    if isinstance(text, Period):
        return text
    if text is None or type(text).__name__ in {"NAType", "NaTType"}:
        raise _refuse("missing", "", language)
    if isinstance(text, dt.date):
        day = text.date() if isinstance(text, dt.datetime) else text
        return Period(day, day)
    if isinstance(text, bool) or not isinstance(text, (str, abstract.Real)):
        if type(text).__name__ not in {"datetime64", "Period"}:  # numpy's and pandas' write ISO
            raise _refuse("not_a_period", str(text), language)
        text = str(text)
    if isinstance(text, abstract.Real):
        try:
            return _from_number(float(text), language)
        except OverflowError:
            raise _refuse("not_a_period", str(text), language) from None
    if len(text) > LONGEST:
        raise _refuse("not_a_period", text, language)
    plain = strip_marks(fold(text)).translate(_DASHES)
    if plain in {"", "-", "nan", "nat", "n/a"}:
        raise _refuse("missing", text, language)
    found, fault = _readings(plain, locale)
    if len(set(found.values())) > 1:
        raise _refuse("two_readings", text, language,
                      day_first=_iso(found["dmy"]), month_first=_iso(found["mdy"]))
    if found:
        return next(iter(found.values()))
    if fault is not None:
        raise _refuse(fault.code, text, language, **fault.numbers)
    raise _refuse(_why_not(plain), text, language)
