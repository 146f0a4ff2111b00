"""Numbers, percentages, money and dates agree with Babel (Unicode CLDR) in both languages.

Where we write otherwise on purpose, the tests say so (`ours`), and so does the page *Numbers,
money and dates* of the documentation:

* the space before % in Vietnamese: CLDR and decisions write 5%, the SI Brochure (9th edition,
  5.4.7: "a space separates the number and the symbol %") and this library write 5 %;
* the minus sign is U+2212, a hyphen in CLDR; there is none before a zero;
* a half is rounded up, away from zero; Babel rounds a half to even unless told otherwise;
* dates: 31/12/2014 as Vietnamese documents write them, 31 Dec 2014 in English (CLDR abbreviates
  the year in Vietnamese, and Americans put the month first);
* money goes up to tỷ (billion); CLDR goes on with nghìn tỷ (trillion). Money of other countries
  is written out below a million.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from babel import dates, numbers
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_units import finite

from sxsh_audit import parse_number, parse_period, parse_quantity
from sxsh_audit.display.wording import band_text, money_text, saving_text
from sxsh_audit.language.formatting import (
    Language,
    format_date,
    format_fixed,
    format_number,
    format_percent,
)

language = st.sampled_from(["vi", "en"])
fraction = st.floats(-20, 1, allow_nan=False).filter(lambda x: not 0 < abs(x) < 1e-12)
day = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
decimals = st.integers(0, 6)
# As a person rounds, with room for the 309 digits of the largest float and 400 decimals.
AS_TAUGHT = Context(prec=800, rounding=ROUND_HALF_UP)


def babel_number(x: float, language: str, pattern: str, *, exact: bool = False) -> str:
    """Write with Babel, halves up."""
    with localcontext(AS_TAUGHT):
        return numbers.format_decimal(
            Decimal(repr(x)), format=pattern, locale=language, decimal_quantization=not exact
        )


def babel_percent(x: float, language: str, count: int) -> str:
    pattern = "#,##0" + ("." + "0" * count if count else "") + "%"
    with localcontext(AS_TAUGHT):
        return numbers.format_percent(Decimal(repr(x)), format=pattern, locale=language)


def ours(text: str, language: str) -> str:
    """Return what we write where Babel writes `text`: minus, minus zero, space before %."""
    if text.startswith("-"):
        text = ("−" if any(digit in text for digit in "123456789") else "") + text[1:]
    return text.replace("%", " %") if language == "vi" else text


@given(finite, language)
@example(1234567.125, "vi")
@example(1e15 + 0.5, "en")
@example(1.7976931348623157e308, "vi")
@example(5e-324, "en")
@example(-0.0, "vi")
def test_a_number_with_every_digit(x: float, language: Language) -> None:
    # Babel has no pattern for "as many decimals as it takes": 400 places hold every float.
    theirs = babel_number(x, language, "#,##0." + "#" * 400, exact=True)
    assert format_number(x, language) == ours(theirs, language)


@given(finite, language, decimals)
@example(2.5, "vi", 0)
@example(0.125, "en", 2)
@example(-0.004, "vi", 2)
@example(999999.995, "en", 2)
@example(1e28, "vi", 2)
@example(1.7976931348623157e308, "en", 6)
def test_a_number_with_fixed_decimals(x: float, language: Language, count: int) -> None:
    pattern = "#,##0" + ("." + "0" * count if count else "")
    assert format_fixed(x, count, language) == ours(babel_number(x, language, pattern), language)


@given(fraction, language, decimals)
@example(1 / 12, "vi", 1)
@example(0.0125, "en", 1)
@example(-0.0002, "vi", 2)
@example(-12.5, "vi", 1)
def test_a_percentage(x: float, language: Language, count: int) -> None:
    theirs = babel_percent(float(Decimal(repr(x)) * 100) / 100, language, count)
    assert format_percent(x, language, decimals=count) == ours(theirs, language)


@given(st.floats(1e15, 1.7e308), language, st.integers(1, 12))
@example(1e300, "vi", 4)
def test_whole_digits_are_never_rounded_away(x: float, language: Language, digits: int) -> None:
    assert format_number(x, language, digits=digits) == babel_number(x, language, "#,##0")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_babel_rounds_a_half_to_even_and_we_round_it_up(language: Language) -> None:
    halves = {0.5: "1", 1.5: "2", 2.5: "3", 1234.5: "1.235" if language == "vi" else "1,235"}
    assert {x: format_fixed(x, 0, language) for x in halves} == halves
    assert numbers.format_decimal(Decimal("2.5"), format="0", locale=language) == "2"


@pytest.mark.parametrize(
    ("language", "babel", "printed"), [("vi", "8,3%", "8,3 %"), ("en", "8.3%", "8.3%")]
)
def test_the_space_before_the_percent_sign(language: Language, babel: str, printed: str) -> None:
    assert babel_percent(0.083, language, 1) == babel
    assert saving_text(0.083, (), language) == printed
    assert band_text(0.05, 0.083, language).endswith(printed)


@given(st.integers(1, 999), st.integers(3, 9), language, st.sampled_from([1, -1]))
@example(13, 8, "vi", 1)
@example(999, 8, "en", 1)
def test_money_of_three_digits_in_thousands_millions_and_billions(
    digits: int, power: int, language: Language, sign: int
) -> None:
    amount = float(sign * digits * 10**power)
    theirs = numbers.format_compact_decimal(
        Decimal(amount), format_type="long", locale=language, fraction_digits=2
    )
    currency = "đồng" if language == "vi" else "VND"
    assert money_text(amount, language) == f"{ours(theirs, language)} {currency}"


def test_money_above_a_thousand_billions_stays_in_billions() -> None:
    largest = 1.3e12
    babel = numbers.format_compact_decimal(largest, format_type="long", locale="vi",
                                           fraction_digits=1)  # fmt: skip
    assert (money_text(largest), babel) == ("1.300 tỷ đồng", "1,3 nghìn tỷ")


@given(st.integers(-(10**5), 10**5), language)
def test_whole_money_of_another_currency(amount: int, language: Language) -> None:
    theirs = ours(numbers.format_decimal(amount, locale=language), language)
    assert money_text(float(amount), language, "USD", digits=12) == f"{theirs} USD"


@given(day)
def test_dates(day: dt.date) -> None:
    assert format_date(day, "vi") == dates.format_date(day, "dd/MM/yyyy", locale="vi")
    assert format_date(day, "en") == dates.format_date(day, "d MMM y", locale="en")


Write = Callable[[Decimal, str], str]
WRITTEN: dict[str, Write] = {
    "decimal": lambda x, locale: numbers.format_decimal(x, locale=locale,
                                                        decimal_quantization=False),
    "no groups": lambda x, locale: numbers.format_decimal(x, locale=locale, format="0.###",
                                                          decimal_quantization=False),
    "scientific": lambda x, locale: numbers.format_scientific(x, locale=locale,
                                                              decimal_quantization=False),
    "percent": lambda x, locale: numbers.format_percent(x, locale=locale,
                                                        decimal_quantization=False),
}  # fmt: skip


@pytest.mark.parametrize("way", WRITTEN)
@given(x=st.decimals(-(10**12), 10**12, places=4), language=language)
def test_what_babel_writes_is_read_back(way: str, x: Decimal, language: Language) -> None:
    assert parse_number(WRITTEN[way](x, language), language) == float(x)


@given(st.integers(1, 999), st.integers(3, 9), language)
def test_babels_thousands_millions_and_billions_are_read_back(
    digits: int, power: int, language: Language
) -> None:
    amount = digits * 10**power
    text = numbers.format_compact_decimal(
        amount, format_type="long", locale=language, fraction_digits=2
    )
    assert parse_number(text, language) == amount


def test_a_thousand_billions_are_read_as_vietnamese_says_them() -> None:
    text = numbers.format_compact_decimal(1.3e12, format_type="long", locale="vi",
                                          fraction_digits=1)  # fmt: skip
    assert (text, parse_number(text, "vi")) == ("1,3 nghìn tỷ", 1.3e12)


@given(st.integers(0, 10**12))
def test_babels_dong_is_read_back(amount: int) -> None:
    text = numbers.format_currency(amount, "VND", locale="vi")
    read = parse_quantity(text, "vi")
    assert (float(read.value), read.unit.symbol) == (amount, "VND")


@pytest.mark.parametrize("style", ["medium", "long"])
@given(day=day, locale=st.sampled_from(["vi", "en_US", "en_GB"]))
def test_babels_dates_are_read_back(style: str, day: dt.date, locale: str) -> None:
    period = parse_period(dates.format_date(day, style, locale=locale),
                          "vi" if locale == "vi" else "en")  # fmt: skip
    assert (period.start, period.end) == (day, day)


@given(day, st.sampled_from(["yM", "yMMM", "yMMMM", "yQQQ"]), st.sampled_from(["vi", "en"]))
def test_babels_months_and_quarters_are_read_back(
    day: dt.date, skeleton: str, language: Language
) -> None:
    period = parse_period(dates.format_skeleton(skeleton, day, locale=language), language)
    months = 3 if skeleton == "yQQQ" else 1
    first = day.replace(month=day.month - (day.month - 1) % months, day=1)
    assert period.start == first
    assert (period.end + dt.timedelta(days=1)).day == 1
    assert 27 * months < period.days <= 31 * months
