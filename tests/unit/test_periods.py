"""The period reader: every form that people type, by its days or by the reason."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.errors import PeriodError
from sxsh_audit.language.periods import Period, parse_period


def days(first: str, last: str | None = None) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))


MARCH = days("2014-03-01", "2014-03-31")
LAST_OF_MARCH = days("2014-03-31")
YEAR = days("2014-01-01", "2014-12-31")
HALF = days("2014-01-01", "2014-06-30")


def code_of(text: object, locale: Any = "auto") -> str:
    with pytest.raises(PeriodError) as refused:
        parse_period(text, locale)
    return refused.value.code


@pytest.mark.parametrize("locale", ["auto", "vi", "en"])
@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("03/2014", MARCH), ("3-2014", MARCH), ("3.2014", MARCH), ("2014-03", MARCH),
        ("T3/2014", MARCH), ("Tháng 3/2014", MARCH), ("tháng 3 năm 2014", MARCH),
        ("thang 3/2014", MARCH), ("Tháng 03 - 2014", MARCH), ("Mar 2014", MARCH),
        ("March 2014", MARCH), ("Mar-2014", MARCH), ("tháng Ba năm 2014", MARCH),
        ("Quý I/2014", days("2014-01-01", "2014-03-31")),
        ("quý 4 năm 2014", days("2014-10-01", "2014-12-31")),
        ("Q2/2014", days("2014-04-01", "2014-06-30")),
        ("2014Q3", days("2014-07-01", "2014-09-30")),
        ("Quý IV 2014", days("2014-10-01", "2014-12-31")),
        ("2014", YEAR), ("năm 2014", YEAR), ("cả năm 2014", YEAR),
        ("6 tháng đầu năm 2014", HALF), ("H1 2014", HALF), ("first 6 months of 2014", HALF),
        ("6 tháng cuối năm 2014", days("2014-07-01", "2014-12-31")),
        ("9 tháng đầu năm 2014", days("2014-01-01", "2014-09-30")),
        ("31/03/2014", LAST_OF_MARCH), ("31-03-2014", LAST_OF_MARCH),
        ("31.3.2014", LAST_OF_MARCH), ("ngày 31 tháng 3 năm 2014", LAST_OF_MARCH),
        ("2014-03-31", LAST_OF_MARCH), ("2014/03/31", LAST_OF_MARCH),
        ("2014-03-31 00:00:00", LAST_OF_MARCH), ("2014-03-31T07:30", LAST_OF_MARCH),
        ("31 Mar 2014", LAST_OF_MARCH), ("March 31, 2014", LAST_OF_MARCH),
        ("05/05/2014", days("2014-05-05")),
        ("41729", LAST_OF_MARCH), ("41729.0", LAST_OF_MARCH),
        ("01/2014-12/2014", YEAR), ("01/01/2014 – 31/12/2014", YEAR),
        ("từ 01/2014 đến 06/2014", HALF), ("từ tháng 1 đến tháng 6 năm 2014", HALF),
        ("T1-T6/2014", HALF), ("Jan-Jun 2014", HALF), ("quý I – quý II/2014", HALF),
        ("2014-01-01 - 2014-06-30", HALF), ("2014-2015", days("2014-01-01", "2015-12-31")),
        ("01/03 - 31/12/2014", days("2014-03-01", "2014-12-31")),
        ("29/02/2012", days("2012-02-29")),
    ],
)
def test_one_reading(text: str, period: Period, locale: Any) -> None:
    assert parse_period(text, locale) == period


@pytest.mark.parametrize(
    ("value", "period"),
    [
        (dt.date(2014, 3, 31), LAST_OF_MARCH), (dt.datetime(2014, 3, 31, 7, 30), LAST_OF_MARCH),
        (pd.Timestamp("2014-03-31"), LAST_OF_MARCH), (np.datetime64("2014-03-31"), LAST_OF_MARCH),
        (np.datetime64("2014-03"), MARCH), (pd.Period("2014-03"), MARCH), (MARCH, MARCH),
        (41729, LAST_OF_MARCH), (41729.75, LAST_OF_MARCH), (np.int64(2014), YEAR), (2014.0, YEAR),
    ],
)
def test_objects_of_other_programs(value: object, period: Period) -> None:
    assert parse_period(value) == period


@pytest.mark.parametrize("locale", ["auto", "en"])
def test_day_and_month_are_not_guessed(locale: Any) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_period("05/03/2014", locale)
    assert refused.value.code == "period.two_readings"
    assert refused.value.numbers["day_first"] == "2014-03-05"
    assert refused.value.numbers["month_first"] == "2014-05-03"
    assert parse_period("05/03/2014", "vi") == days("2014-03-05")
    # the other end of a range may leave one reading
    assert parse_period("05/03/2014 - 20/03/2014", locale) == days("2014-03-05", "2014-03-20")


def test_month_first_where_nothing_else_is_possible() -> None:
    assert parse_period("03/31/2014") == LAST_OF_MARCH
    assert code_of("03/31/2014", "vi") == "period.impossible"


@pytest.mark.parametrize("locale", ["auto", "vi", "en"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/2014", "impossible"), ("29/02/2014", "impossible"), ("2014-02-30", "impossible"),
        ("13/2014", "no_such_month"), ("14 tháng đầu năm 2014", "no_such_month"),
        ("tháng 3", "no_year"), ("T3", "no_year"), ("Quý I", "no_year"), ("May", "no_year"),
        ("6 tháng cuối năm", "no_year"),
        ("03/14", "two_digit_year"), ("31/03/14", "two_digit_year"), ("Mar-14", "two_digit_year"),
        ("T3/14", "two_digit_year"),
        ("12/2014-01/2014", "reversed"), ("31/12/2014 - 01/01/2014", "reversed"),
        ("abc", "not_a_period"), ("Quý V/2014", "not_a_period"), ("01-06/2014", "not_a_period"),
        ("9 tháng 2014", "not_a_period"), ("15", "not_a_period"), ("19999", "not_a_period"),
        ("", "missing"), (" – ", "missing"), ("NaT", "missing"),
    ],
)
def test_refused_with_its_own_reason(text: str, code: str, locale: Any) -> None:
    assert code_of(text, locale) == f"period.{code}"


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "missing"), (math.nan, "missing"), (pd.NaT, "missing"), (pd.NA, "missing"),
     (True, "not_a_period"), (12, "not_a_period"), (math.inf, "not_a_period"),
     ([2014], "not_a_period")],
)
def test_other_objects_are_refused(value: object, code: str) -> None:
    assert code_of(value) == f"period.{code}"


def test_period_counts_both_ends_and_keeps_order() -> None:
    assert MARCH.days == 31
    assert LAST_OF_MARCH.days == 1
    assert sorted([YEAR, MARCH, HALF]) == [HALF, YEAR, MARCH]
    with pytest.raises(ValueError, match="before its start"):
        Period(dt.date(2014, 2, 1), dt.date(2014, 1, 1))


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        (MARCH, "tháng 3/2014", "Mar 2014"), (YEAR, "năm 2014", "2014"),
        (days("2014-04-01", "2014-06-30"), "quý II/2014", "Q2 2014"),
        (HALF, "tháng 1/2014 – tháng 6/2014", "Jan 2014 – Jun 2014"),
        (LAST_OF_MARCH, "31/03/2014", "31 Mar 2014"),
        (days("2014-03-05", "2014-04-04"), "05/03/2014 – 04/04/2014", "5 Mar 2014 – 4 Apr 2014"),
    ],
)
def test_labels(period: Period, vi: str, en: str) -> None:
    assert (period.label("vi"), period.label("en")) == (vi, en)
