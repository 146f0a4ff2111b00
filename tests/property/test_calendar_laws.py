"""Laws of spreading bills over months."""

from __future__ import annotations

import calendar
import datetime as dt
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies_calc import intervals

from sxsh_audit.calc.calendar import (
    days_in_month,
    month_of_day,
    month_totals,
    overlap_days,
    overlapping,
    spread,
)

EPOCH = dt.date(1970, 1, 1)
Intervals = tuple[np.ndarray, np.ndarray, np.ndarray]


@given(st.integers(-3650, 40_000))
def test_month_of_a_day_is_the_calendars(day: int) -> None:
    date = EPOCH + dt.timedelta(days=day)
    month = (date.year - 1970) * 12 + date.month - 1
    assert month_of_day(day) == month
    assert days_in_month(month) == calendar.monthrange(date.year, date.month)[1]


@given(intervals())
def test_parts_of_a_bill_add_up_to_it(bills: Intervals) -> None:
    start, end, use = bills
    parts = spread(start, end, use)
    for row, whole in enumerate(use):
        mine = parts.row == row
        assert abs(math.fsum(parts.amount[mine]) - whole) <= 1e-15 * whole * mine.sum()
        assert parts.days[mine].sum() == end[row] - start[row] + 1


@given(intervals())
def test_every_part_lies_in_its_month(bills: Intervals) -> None:
    start, end, use = bills
    parts = spread(start, end, use)
    low = parts.month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    high = low + days_in_month(parts.month) - 1
    shared = overlap_days(start[parts.row], end[parts.row], low, high)
    np.testing.assert_array_equal(parts.days, shared)
    assert (parts.days > 0).all()
    each = use[parts.row] / (end - start + 1)[parts.row] * parts.days
    np.testing.assert_allclose(parts.amount, each, rtol=1e-15)


@given(intervals(), st.data())
def test_cutting_a_bill_by_days_changes_no_month(bills: Intervals, data: st.DataObject) -> None:
    start, end, use = bills[0][:1], bills[1][:1], bills[2][:1]
    days = int(end[0] - start[0]) + 1
    cut = data.draw(st.integers(1, days))
    first = use[0] * cut / days
    if cut == days:
        return
    whole = month_totals(start, end, use)
    halves = month_totals(
        np.array([start[0], start[0] + cut]),
        np.array([start[0] + cut - 1, end[0]]),
        np.array([first, use[0] - first]),
    )
    np.testing.assert_array_equal(whole.month, halves.month)
    np.testing.assert_array_equal(whole.known, halves.known)
    np.testing.assert_allclose(whole.partial, halves.partial, rtol=0, atol=1e-13 * use[0])


@given(intervals())
def test_overlaps_are_found_exactly_when_days_are_shared(bills: Intervals) -> None:
    start, end, _ = bills
    found = overlapping(start, end)
    shared = {
        day
        for one in range(start.size)
        for other in range(one)
        for day in range(max(start[one], start[other]), min(end[one], end[other]) + 1)
    }
    told = {
        day
        for first, last in zip(found.first_day, found.last_day, strict=True)
        for day in range(first, last + 1)
    }
    assert told == shared
    for earlier, later, first, last in zip(*found, strict=True):
        assert start[earlier] <= start[later]
        assert last - first + 1 == overlap_days(
            start[earlier], end[earlier], start[later], end[later]
        )


@given(intervals())
def test_a_month_is_known_exactly_when_each_day_is_covered_once(bills: Intervals) -> None:
    start, end, use = bills
    found = month_totals(start, end, use)
    times: dict[int, int] = {}
    for first, last in zip(start, end, strict=True):
        for day in range(first, last + 1):
            times[day] = times.get(day, 0) + 1
    for month, known in zip(found.month, found.known, strict=True):
        first = int(month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))
        days = range(first, first + int(days_in_month(month)))
        assert known == all(times.get(day, 0) == 1 for day in days)
    assert (np.isnan(found.amount) == ~found.known).all()


@given(intervals(), st.data())
def test_meters_do_not_touch_each_other(bills: Intervals, data: st.DataObject) -> None:
    start, end, use = bills
    keys = st.lists(st.integers(-2, 3), min_size=start.size, max_size=start.size)
    key = np.array(data.draw(keys))
    together = month_totals(start, end, use, key)
    for meter in set(key.tolist()):
        mine = key == meter
        alone = month_totals(start[mine], end[mine], use[mine])
        for field in ("month", "amount", "known", "partial", "days"):
            np.testing.assert_array_equal(
                getattr(together, field)[together.key == meter], getattr(alone, field)
            )
