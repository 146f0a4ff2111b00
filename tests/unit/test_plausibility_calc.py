"""Arithmetic of plausibility by value; each expected figure is worked out in the test."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.plausibility import (
    chain_breaks,
    group_medians,
    magnitude_slips,
    power_of_ten,
    series_fit,
    significant_digits,
    spans_gap,
    swapped_in_chain,
    swapped_pairs,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("ratio", "power"),
    [
        (1.0, 0), (1000.0, 3), (0.001, -3), (1e6, 6), (10.0, 1), (0.01, -2),
        (2500.0, 3),  # 10^3.398: within 0.4 decades
        (2600.0, 0),  # 10^3.415
        (1e4, 0), (1e5, 0),  # no two units in use are so far apart
        (0.0, 0), (-1000.0, 0), (NAN, 0), (math.inf, 0),
    ],
)  # fmt: skip
def test_power_of_ten(ratio: float, power: int) -> None:
    assert power_of_ten(ratio) == power


def test_medians_of_groups_leave_out_what_is_not_known() -> None:
    medians, counts = group_medians([4.0, NAN, 2.0, 3.0, 10.0], [0, 0, 0, 2, 2], 3)
    np.testing.assert_array_equal(medians, [3.0, NAN, 6.5])
    assert counts.tolist() == [2, 0, 2]


def test_no_rows_and_no_groups() -> None:
    assert group_medians([], [], 0)[0].shape == (0,)
    assert magnitude_slips([], [], 0).power.shape == (0,)
    assert chain_breaks([], [], []).shape == swapped_in_chain([], [], []).shape == (0,)


def test_series_fit_is_median_and_robust_deviation_of_the_logarithms() -> None:
    found = series_fit([1.0, 10.0, 100.0, 1000.0, 0.0], [0] * 5, 1)
    # logs 0, 1, 2, 3 (zero is left out): median 1.5, deviations 1.5, .5, .5, 1.5, their median 1
    np.testing.assert_allclose(found.deviation[:4], [-1.5, -0.5, 0.5, 1.5], atol=1e-12)
    assert found.typical[0] == pytest.approx(10**1.5)
    assert found.spread[0] == pytest.approx(1.4826)
    assert found.known[0] == 4
    assert math.isnan(found.deviation[4])


def test_two_figures_have_no_usual_one() -> None:
    assert magnitude_slips([1.0, 1000.0], [0, 0], 1).power.tolist() == [0, 0]


def test_three_figures_have() -> None:
    assert magnitude_slips([1.0, 1.1, 1000.0], [0, 0, 0], 1).power.tolist() == [0, 0, 3]


def test_a_series_that_swings_by_ten_has_no_slip_of_ten() -> None:
    season = [1.0, 1.1, 0.9, 10.0, 11.0, 9.0]
    assert not magnitude_slips(season, [0] * 6, 1).power.any()


def test_a_figure_thirty_times_off_is_no_power_of_ten() -> None:
    # 10^1.5 lies half way between ten and a hundred
    assert magnitude_slips([1.0, 1.1, 0.9, 31.6], [0] * 4, 1).power.tolist() == [0, 0, 0, 0]


def test_swapped_pairs_need_columns_that_differ() -> None:
    # price 1: quantity and cost are alike and an exchange shows nowhere
    assert not swapped_pairs([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0] * 3, 1).any()
    quantity, cost = [100.0, 150_000.0, 110.0], [140_000.0, 105.0, 160_000.0]
    assert swapped_pairs(quantity, cost, [0] * 3, 1).tolist() == [False, True, False]


def test_a_slip_in_one_column_is_no_swap() -> None:
    assert not swapped_pairs([100.0, 150_000.0, 110.0], [1.4e5, 1.5e5, 1.6e5], [0] * 3, 1).any()


@pytest.mark.parametrize(
    ("value", "digits"),
    [(0.0, 0), (NAN, 0), (1000.0, 1), (1657.0, 4), (1.657, 4), (312_400.0, 4), (-0.25, 2),
     (0.1 + 0.2, 1), (123_456_789.0, 9)],
)  # fmt: skip
def test_significant_digits(value: float, digits: int) -> None:
    assert significant_digits(value) == digits


def test_a_bill_that_spans_a_gap() -> None:
    # usual 10 a day; 31 days after a gap of 30: 610 = 61 · 10
    assert spans_gap([610.0], [31], [30], [10.0]).tolist() == [True]
    assert spans_gap([610.0], [31], [5], [10.0]).tolist() == [False]  # a late reading, no month
    assert spans_gap([310.0], [31], [30], [10.0]).tolist() == [False]  # the gap stays a gap
    assert spans_gap([6100.0], [31], [30], [10.0]).tolist() == [False]  # ten times: not the gap


def test_a_chain_breaks_beyond_half_a_percent() -> None:
    opening, closing = [10.0, 20.1, 30.0], [20.0, 30.2, 5.0]
    # |20.1 − 20| = 0.1 = 0.5 % of 20.1 within rounding; |30 − 30.2| = 0.2 > 0.5 % of 30.2 = 0.151
    assert chain_breaks(opening, closing, [False, True, True]).tolist() == [False, False, True]
    assert not chain_breaks(opening, closing, [False, False, False]).any()


def test_a_swap_must_mend_both_links() -> None:
    linked = [False, True, True]
    assert swapped_in_chain([10.0, 30.0, 30.0], [20.0, 20.0, 40.0], linked).tolist() == [
        False, True, False]  # fmt: skip
    # exchanged it fits the period before, not the one after
    assert not swapped_in_chain([10.0, 33.0, 30.0], [20.0, 20.0, 40.0], linked).any()
