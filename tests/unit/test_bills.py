"""Bills: estimates set right, output by bill, a year from a season, months from readings."""

from __future__ import annotations

import numpy as np
import pytest

from sxsh_audit.calc.bills import (
    annualise,
    calendarise,
    merge_estimated,
    reading_intervals,
    sum_to_intervals,
)
from sxsh_audit.calc.calendar import days_in_month
from sxsh_audit.calc.domain import RangeError

ENDS = np.cumsum(days_in_month(np.arange(12))) - 1
STARTS = ENDS - days_in_month(np.arange(12)) + 1


def test_each_run_of_estimates_is_merged_with_its_actual_reading() -> None:
    guessed = [False, True, True, False, False, True, False]
    found = merge_estimated(STARTS[:7], ENDS[:7], [10, 20, 20, -5, 30, 40, 41], guessed)
    assert found.amount.tolist() == [10, 35, 30, 81]
    assert found.start_day.tolist() == [STARTS[i] for i in (0, 1, 4, 5)]
    assert found.end_day.tolist() == [ENDS[i] for i in (0, 3, 4, 6)]
    assert found.bills.tolist() == [1, 3, 1, 2]
    assert found.merged.tolist() == [0, 1, 1, 1, 2, 3, 3]
    assert not found.estimated.any()


def test_estimates_that_nothing_sets_right_stay_and_say_so() -> None:
    found = merge_estimated(STARTS[:4], ENDS[:4], [1, 2, 3, 4], [False, False, True, True])
    assert found.amount.tolist() == [1, 2, 3, 4]
    assert found.estimated.tolist() == [False, False, True, True]


def test_a_missing_bill_ends_a_run() -> None:
    rows = [0, 1, 3, 4]
    found = merge_estimated(STARTS[rows], ENDS[rows], [1, 2, 3, 4], [False, True, False, False])
    assert found.amount.tolist() == [1, 2, 3, 4]
    assert found.estimated.tolist() == [False, True, False, False]


def test_meters_and_the_order_of_rows_do_not_mix() -> None:
    start, end = [31, 0, 0, 31], [58, 30, 30, 58]
    found = merge_estimated(start, end, [4.0, 1.0, 10.0, 40.0], [0, 1, 1, 0], [2, 2, 1, 1])
    assert found.key.tolist() == [1, 2]
    assert found.amount.tolist() == [50.0, 5.0]
    assert found.merged.tolist() == [1, 1, 0, 0]
    last_of_one_first_of_two = merge_estimated([0, 31], [30, 58], [1.0, 2.0], [1, 0], [1, 2])
    assert last_of_one_first_of_two.amount.tolist() == [1.0, 2.0]


def test_what_is_not_known_stays_so_in_its_run() -> None:
    found = merge_estimated(STARTS[:3], ENDS[:3], [np.nan, 2, 3], [True, False, False])
    assert np.isnan(found.amount[0])
    assert found.amount[1] == 3


def test_no_bills() -> None:
    found = merge_estimated([], [], [], [])
    assert found.amount.size == found.merged.size == 0
    assert sum_to_intervals([], [], [], [0], [9]).tolist() == pytest.approx([np.nan], nan_ok=True)
    assert sum_to_intervals([0], [9], [1.0], [], []).size == 0


def test_a_bill_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(RangeError) as caught:
        merge_estimated([0, 9], [5, 8], [1.0, 1.0], [0, 0])
    assert caught.value.numbers["positions"] == (1,)
    with pytest.raises(RangeError):
        sum_to_intervals([0], [9], [1.0], [5], [4])


def test_output_of_a_bill_by_hand() -> None:
    """17 January to 14 February: 15 of 31 days and 14 of 28."""
    found = sum_to_intervals(STARTS, ENDS, np.full(12, 100.0), [16], [44])
    assert found == pytest.approx([100 * 15 / 31 + 100 * 14 / 28])


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        ([0, 32], [30, 58], [1.0, 1.0]),  # a day missing
        ([0, 30], [30, 58], [1.0, 1.0]),  # a day twice
        ([0, 20, 41], [30, 39, 58], [1.0, 1.0, 1.0]),  # twice and missing make up
        ([0, 31], [30, 58], [1.0, np.nan]),
    ],
)
def test_days_not_covered_once_by_what_is_known_are_not_known(
    start: list[int], end: list[int], amount: list[float]
) -> None:
    found = sum_to_intervals(start, end, amount, [0, 0], [58, 9])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(10 / 31)


def test_a_long_interval_that_holds_others_is_seen_from_all_of_them() -> None:
    found = sum_to_intervals([0, 3, 20], [30, 4, 21], [31.0, 1.0, 1.0], [0, 3, 10, 20],
                             [2, 4, 12, 25])  # fmt: skip
    assert found == pytest.approx([3.0, np.nan, 3.0, np.nan], nan_ok=True)


def test_output_is_that_of_the_bill_s_own_key() -> None:
    found = sum_to_intervals([0, 0], [30, 30], [31.0, 62.0], [0, 0, 0], [9, 9, 9], [7, 10**15],
                             [10**15, 7, 8])  # fmt: skip
    assert found == pytest.approx([20.0, 10.0, np.nan], nan_ok=True)


def test_season_by_share_and_by_months_worked() -> None:
    known = np.arange(12) < 3
    assert annualise(30.0, known, np.ones(12)) == 120.0
    assert annualise(30.0, known, [3, 2, 1] + [0.5] * 9) == pytest.approx(30 / 6 * 10.5)
    assert annualise([30.0, np.nan], known, np.ones(12)) == pytest.approx([120.0, np.nan],
                                                                         nan_ok=True)  # fmt: skip
    assert np.isnan(annualise(30.0, known, np.arange(12) > 5))
    assert np.isnan(annualise(30.0, np.zeros(12, bool), np.ones(12)))


def test_season_below_zero_or_of_other_than_twelve_months_is_refused() -> None:
    with pytest.raises(RangeError, match="seasonal share"):
        annualise(1.0, np.ones(12, bool), [-1.0] + [1.0] * 11, language="en")
    with pytest.raises(ValueError, match="twelve"):
        annualise(1.0, np.ones(11, bool), np.ones(12))


def test_readings_in_any_order_and_of_many_meters() -> None:
    start, end, row = reading_intervals([58, 30, 40, -1, 10], [1, 1, 2, 1, 2])
    assert start.tolist() == [0, 31, 11]
    assert end.tolist() == [30, 58, 40]
    assert row.tolist() == [1, 0, 2]


def test_two_readings_on_one_day_are_refused() -> None:
    with pytest.raises(RangeError) as caught:
        reading_intervals([30, 5, 30], language="en")
    assert caught.value.numbers["positions"] == (2,)
    assert "two readings" in str(caught.value)
    reading_intervals([30, 30], [1, 2])


def test_an_estimate_in_the_middle_does_not_decide_a_month() -> None:
    """January read high and February set right: by days, 59 over 59."""
    found = calendarise([-1, 30, 58], [0.0, 50.0, 9.0], 0, [False, True, False])
    assert found.amount == pytest.approx([31.0, 28.0])


def test_use_up_to_and_since_an_estimate_that_stays_is_not_known() -> None:
    last = calendarise([-1, 30, 58], [0.0, 31.0, 28.0], 0, [False, False, True])
    assert last.amount == pytest.approx([31.0, np.nan], nan_ok=True)
    first = calendarise([-1, 30, 58, -1, 30], [0.0, 31.0, 28.0, 0.0, 5.0], [1, 1, 1, 2, 2],
                        [True, False, False, False, False])  # fmt: skip
    assert first.amount == pytest.approx([np.nan, 28.0, 5.0], nan_ok=True)
