"""Billing intervals, by hand."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from sxsh_audit.calc.calendar import (
    days_in_month,
    month_of_day,
    month_totals,
    overlap_days,
    overlapping,
    spread,
)
from sxsh_audit.calc.domain import RangeError


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def month(year: int, number: int) -> int:
    return (year - 1970) * 12 + number - 1


def test_bill_over_two_months() -> None:
    # 17 March to 15 April 2014: 15 + 15 days of 30.
    found = spread([day("2014-03-17")], [day("2014-04-15")], [300.0])
    assert found.month.tolist() == [month(2014, 3), month(2014, 4)]
    assert found.days.tolist() == [15, 15]
    assert found.amount.tolist() == [150.0, 150.0]
    assert found.row.tolist() == [0, 0]


def test_bill_over_a_leap_february() -> None:
    found = spread([day("2016-01-31")], [day("2016-03-01")], [31.0])
    assert found.days.tolist() == [1, 29, 1]
    assert found.amount.tolist() == [1.0, 29.0, 1.0]


def test_bill_inside_a_month_keeps_its_amount() -> None:
    found = spread([day("2014-03-03")], [day("2014-03-09")], [0.1])
    assert found.amount.tolist() == [0.1]


def test_missing_amount_stays_missing_in_each_part() -> None:
    found = spread([0, 40], [40, 50], [math.nan, 1.0])
    assert np.isnan(found.amount).tolist() == [True, True, False]


def test_no_bills() -> None:
    assert spread([], [], []).amount.size == 0
    assert month_totals([], [], []).month.size == 0


def test_before_1970() -> None:
    assert month_of_day(-1) == -1
    assert days_in_month(-1) == 31
    found = spread([-31], [30], [62.0])
    assert found.month.tolist() == [-1, 0]
    assert found.amount.tolist() == [31.0, 31.0]


def test_reversed_interval_is_refused_with_its_position() -> None:
    with pytest.raises(RangeError) as refused:
        spread([0, 10], [5, 9], [1.0, 1.0])
    assert refused.value.code == "calc.interval_reversed"
    assert refused.value.numbers["positions"] == (1,)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [((0, 9), (5, 20), 5), ((0, 9), (10, 20), 0), ((0, 9), (2, 3), 2), ((4, 4), (4, 4), 1)],
)
def test_overlap_days(first: tuple[int, int], second: tuple[int, int], expected: int) -> None:
    assert overlap_days(*first, *second) == expected
    assert overlap_days(*second, *first) == expected


def test_a_gap_leaves_its_month_unknown() -> None:
    found = month_totals(
        [day("2014-01-01"), day("2014-02-02")], [day("2014-01-31"), day("2014-02-28")], [31.0, 27.0]
    )
    assert found.known.tolist() == [True, False]
    np.testing.assert_array_equal(found.amount, [31.0, math.nan])
    assert found.partial.tolist() == [31.0, 27.0]
    assert found.days.tolist() == [31, 27]


def test_an_overlap_is_returned_and_not_added() -> None:
    # February is billed to the 28th, and again from the 28th.
    found = month_totals(
        [day("2014-02-01"), day("2014-02-28")], [day("2014-02-28"), day("2014-03-31")], [28.0, 32.0]
    )
    assert found.known.tolist() == [False, True]
    assert found.overlaps.earlier.tolist() == [0]
    assert found.overlaps.later.tolist() == [1]
    assert found.overlaps.first_day.tolist() == found.overlaps.last_day.tolist()
    assert found.overlaps.first_day[0] == day("2014-02-28")


def test_an_overlap_does_not_make_up_for_a_gap() -> None:
    # 1–20 and 20–30 January: 31 days in sum, the 20th twice and the 31st never.
    found = month_totals(
        [day("2014-01-01"), day("2014-01-20")], [day("2014-01-20"), day("2014-01-30")], [20.0, 11.0]
    )
    assert found.days.tolist() == [31]
    assert found.known.tolist() == [False]


def test_an_overlap_with_an_earlier_long_bill_is_found() -> None:
    # The year's bill, a month inside it, and another month inside it.
    found = overlapping([0, 31, 100], [364, 58, 120])
    assert found.earlier.tolist() == [0, 0]
    assert found.later.tolist() == [1, 2]


def test_meters_are_kept_apart() -> None:
    found = month_totals([0, 0], [30, 30], [1.0, 2.0], key=[7, 3])
    assert found.key.tolist() == [3, 7]
    assert found.amount.tolist() == [2.0, 1.0]
    assert found.overlaps.later.size == 0
