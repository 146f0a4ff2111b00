"""Laws of bills: nothing is lost or made in merging, summing and laying out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.bills import annualise, calendarise, merge_estimated, sum_to_intervals

Bills = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def bills(draw: st.DrawFn) -> Bills:
    """Bills of a few meters, without overlaps, in any order: start, end, amount, guessed, key."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parts = []
    for key in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 14))
        length = random.integers(1, 62, size)
        gap = random.integers(1, 20, size) * (random.random(size) < draw(st.floats(0.0, 0.4)))
        end = 16_000 + np.cumsum(length + gap)
        parts.append(np.stack([end - length + 1, end, np.full(size, key)]))
    start, end, key = np.concatenate(parts, axis=1)
    order = random.permutation(start.size)
    amount = random.integers(-50, 1000, start.size).astype(float)
    guessed = random.random(start.size) < draw(st.floats(0.0, 0.9))
    return start[order], end[order], amount, guessed, key[order]


@settings(max_examples=50)
@given(bills())
def test_merged_bills_keep_amounts_and_days(given_bills: Bills) -> None:
    start, end, amount, _, key = given_bills
    found = merge_estimated(*given_bills)
    for each in np.unique(key):
        own, theirs = key == each, found.key == each
        assert found.amount[theirs].sum() == amount[own].sum()  # whole numbers: exact
        days = (end - start + 1)[own].sum()
        assert (found.end_day - found.start_day + 1)[theirs].sum() == days
    assert found.bills.sum() == start.size
    np.testing.assert_array_equal(found.key[found.merged], key)
    assert (found.start_day[found.merged] <= start).all()
    assert (found.end_day[found.merged] >= end).all()


@settings(max_examples=50)
@given(bills())
def test_merging_leaves_no_estimate_before_a_bill_that_follows_at_once(given_bills: Bills) -> None:
    found = merge_estimated(*given_bills)
    follows = (found.key[1:] == found.key[:-1]) & (found.start_day[1:] == found.end_day[:-1] + 1)
    actual_next = follows & ~found.estimated[1:]
    assert not (found.estimated[:-1] & actual_next).any()
    again = merge_estimated(*found[:3], found.estimated, found.key)
    np.testing.assert_array_equal(again.amount, found.amount)


@settings(max_examples=50)
@given(bills(), st.randoms(use_true_random=False))
def test_the_order_of_bills_does_not_matter(given_bills: Bills, random: object) -> None:
    order = list(range(given_bills[0].size))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = merge_estimated(*given_bills)
    other = merge_estimated(*(each[order] for each in given_bills))
    for field in ("start_day", "end_day", "amount", "key", "estimated", "bills"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    np.testing.assert_array_equal(one.merged[order], other.merged)


@settings(max_examples=50)
@given(st.data())
def test_sums_to_intervals_that_cut_the_days_anew_conserve_the_total(data: st.DataObject) -> None:
    days = data.draw(st.integers(2, 800))
    cut = st.lists(st.integers(1, days - 1), max_size=12, unique=True).map(sorted)
    amounts = st.floats(-1e9, 1e9)

    def intervals(cuts: list[int]) -> tuple[np.ndarray, np.ndarray]:
        return np.array([0, *cuts]), np.array([*cuts, days]) - 1

    (start, end), (to_start, to_end) = intervals(data.draw(cut)), intervals(data.draw(cut))
    amount = np.array(data.draw(st.lists(amounts, min_size=start.size, max_size=start.size)))
    found = sum_to_intervals(start, end, amount, to_start, to_end)
    scale = np.abs(amount).sum()
    assert abs(found.sum() - amount.sum()) <= 1e-13 * scale * found.size
    # To its own intervals every amount goes back to the last bit.
    np.testing.assert_array_equal(sum_to_intervals(start, end, amount, start, end), amount)
    # Cut finer first, it comes to the same.
    both = np.union1d(start, to_start)
    fine = both, np.append(both[1:], days) - 1
    twice = sum_to_intervals(*fine, sum_to_intervals(start, end, amount, *fine), to_start, to_end)
    np.testing.assert_allclose(twice, found, rtol=1e-9, atol=1e-9 * scale)


@settings(max_examples=50)
@given(bills(), bills())
def test_sums_agree_with_days_counted_one_by_one(made: Bills, billed: Bills) -> None:
    start, end, amount, _, key = made
    to_start, to_end, _, _, to_key = billed
    found = sum_to_intervals(start, end, amount, to_start, to_end, key, to_key)
    for bill in range(to_start.size):
        expected = 0.0
        for day in range(to_start[bill], to_end[bill] + 1):
            (rows,) = np.nonzero((start <= day) & (end >= day) & (key == to_key[bill]))
            once = amount[rows[0]] / (end - start + 1)[rows[0]] if rows.size == 1 else np.nan
            expected += once
        np.testing.assert_allclose(found[bill], expected, rtol=1e-9, atol=1e-9)


@given(st.lists(st.floats(0.0, 1e6), min_size=12, max_size=12), st.floats(0.0, 1e9))
def test_a_year_that_is_known_is_itself_and_its_season_has_no_unit(
    season: list[float], amount: float
) -> None:
    whole = annualise(amount, np.ones(12, bool), season)
    if sum(season) > 0:
        assert whole == amount
    half = np.arange(12) < 6
    one, other = annualise(amount, half, season), annualise(amount, half, np.array(season) * 8.0)
    np.testing.assert_array_equal(one, other)


@settings(max_examples=50)
@given(st.lists(st.integers(16_000, 16_800), min_size=2, max_size=20, unique=True), st.data())
def test_months_hold_what_was_read_after_the_first_reading(
    days: list[int], data: st.DataObject
) -> None:
    amounts = data.draw(
        st.lists(st.integers(0, 10**6), min_size=len(days), max_size=len(days))
    )  # fmt: skip
    months = calendarise(days, amounts)
    first = days.index(min(days))
    total = sum(amounts) - amounts[first]
    assert abs(months.partial.sum() - total) <= 1e-9 * max(total, 1)
    assert months.days.sum() == max(days) - min(days)
