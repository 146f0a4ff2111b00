"""Laws of the readers: what we write is read back; nothing is read in two ways."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_units import finite, locale, minus, space

from sxsh_audit.errors import NumberError, PeriodError
from sxsh_audit.language.formatting import format_number, format_percent
from sxsh_audit.language.numbers import parse_number, parse_numbers
from sxsh_audit.language.periods import Period, parse_period

day = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
typed = st.text(alphabet="0123456789.,-+−– %()eE~>×^ntrđiệuỷ/\u00a0", max_size=14)


def reading(text: object, how: Any) -> float | str:
    try:
        return parse_number(text, how)
    except NumberError as refusal:
        return refusal.code


@given(finite, locale, st.booleans())
@example(1234.0, "vi", True)
@example(-0.0, "en", True)
@example(5e-324, "vi", False)
@example(1.7976931348623157e308, "en", True)
def test_what_we_write_is_read_back_as_the_same_number(x: float, how: Any, group: bool) -> None:
    assert parse_number(format_number(x, how, group=group), how) == x


@given(finite, locale, minus, space)
def test_minus_signs_and_spaces_do_not_change_the_number(
    x: float, how: Any, sign: str, gap: str
) -> None:
    text = format_number(x, how).replace("−", sign)
    assert parse_number(text, how) == x
    mark = "." if how == "vi" else ","
    assert parse_number(f"{gap}{text.replace(mark, gap)}{gap}", how) == x


@given(finite, locale)
def test_brackets_are_a_minus_sign(x: float, how: Any) -> None:
    assert parse_number(f"({format_number(abs(x), how)})", how) == -abs(x)


@given(finite, locale)
def test_python_text_with_exponent_is_read_in_both_locales(x: float, how: Any) -> None:
    assert parse_number(f"{x:.16e}", how) == x
    assert parse_number(f"{x:.16e}".replace(".", ","), how) == x


@given(st.integers(-(10**9), 10**9), locale)
def test_a_percentage_is_a_fraction(tenths: int, how: Any) -> None:
    text = format_percent(tenths / 1000, how)
    assert parse_number(text, how) == tenths / 1000


@given(typed)
def test_auto_never_contradicts_a_declared_locale(text: str) -> None:
    auto, vi, en = (reading(text, how) for how in ("auto", "vi", "en"))
    if isinstance(auto, float) and not math.isnan(auto):
        assert auto in (vi, en)
        assert all(isinstance(other, str) or other == auto for other in (vi, en))
    if isinstance(vi, float) and isinstance(en, float) and not math.isnan(vi) and vi != en:
        assert auto == "number.two_readings"


@given(typed)
def test_every_text_is_a_number_nothing_or_a_refusal(text: str) -> None:
    for how in ("auto", "vi", "en"):
        found = reading(text, how)
        assert isinstance(found, (float, str))
        assert isinstance(found, str) or not math.isinf(found)


@given(st.lists(st.one_of(typed, st.none(), finite), max_size=20), locale)
def test_a_column_is_its_cells(cells: list[Any], how: Any) -> None:
    column = parse_numbers(cells, how)
    expected = [reading(cell, how) for cell in cells]
    faults = {row: fault.code for row, fault in column.faults}
    assert faults == {row: found for row, found in enumerate(expected) if isinstance(found, str)}
    np.testing.assert_array_equal(
        column.values, [math.nan if isinstance(found, str) else found for found in expected]
    )


@given(day, day, locale)
def test_the_label_of_a_period_is_read_back(first: dt.date, last: dt.date, how: Any) -> None:
    period = Period(min(first, last), max(first, last))
    assert parse_period(period.label(how), how) == period


@given(st.integers(1900, 2199), st.integers(1, 12), st.integers(0, 40), locale)
def test_the_label_of_whole_months_is_read_back(
    year: int, month: int, more: int, how: Any
) -> None:
    first = dt.date(year, month, 1)
    after = year * 12 + month + more
    if after // 12 >= 2200:
        return
    last = dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)
    period = Period(first, last)
    assert parse_period(period.label(how), how) == period


@given(day)
def test_every_form_of_a_day_is_that_day(when: dt.date) -> None:
    forms = [
        when, dt.datetime.combine(when, dt.time(7)), when.isoformat(), f"{when} 00:00:00",
        f"{when:%d/%m/%Y}", f"{when.day}-{when.month}-{when.year}", f"{when:%d.%m.%Y}",
        f"ngày {when.day} tháng {when.month} năm {when.year}",
    ]
    serial = (when - dt.date(1899, 12, 30)).days
    if 20_000 <= serial < 80_000:
        forms += [serial, float(serial) + 0.5, str(serial)]
    for form in forms:
        assert parse_period(form, "vi") == Period(when, when)


@given(st.text(alphabet="0123456789/-. TtQqIVtháng quýnămđầucuối", max_size=16))
def test_every_text_is_a_period_or_a_refusal(text: str) -> None:
    for how in ("auto", "vi", "en"):
        try:
            found = parse_period(text, how)  # type: ignore[arg-type]
        except PeriodError:
            continue
        assert found.start <= found.end
