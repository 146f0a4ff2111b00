"""Laws of known months: the table of months × meters says what days and fractions say."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc import known_months as km
from sxsh_audit.calc.intensity import period_consumption
from sxsh_audit.calc.joint_months import joint_sums

EPOCH = dt.date(1970, 1, 1)
YEAR = (dt.date(2013, 1, 1) - EPOCH).days

Bill = tuple[int, int, float]

# Whole numbers of đồng or kWh up to đồng scale, and figures with decimals.
AMOUNT = st.one_of(st.integers(0, 10**13).map(float), st.floats(0, 1e13))


@st.composite
def meters(draw: st.DrawFn) -> list[list[Bill]]:
    """Bills of some meters around two periods, without overlaps, some days without a bill."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        bills, day = [], YEAR - draw(st.integers(0, 40))
        for _ in range(draw(st.integers(0, 9))):
            kind = draw(st.sampled_from(["month", "days", "gap"]))
            first = EPOCH + dt.timedelta(day)
            month_end = (first.replace(day=28) + dt.timedelta(4)).replace(day=1) - EPOCH
            length = month_end.days - day if kind == "month" else draw(st.integers(1, 70))
            if kind != "gap":
                bills.append((day, day + length - 1, draw(AMOUNT)))
            day += length
        found.append(bills)
    return found


@st.composite
def periods(draw: st.DrawFn) -> list[tuple[int, int] | None]:
    """Two periods, one after the other, over each other, or one without dates."""
    found: list[tuple[int, int] | None] = []
    for _ in range(2):
        start = YEAR + draw(st.integers(-20, 120))
        days = start, start + draw(st.integers(0, 150))
        found.append(draw(st.sampled_from([days, days, days, None])))
    return found


def rows(found: list[list[Bill]]) -> tuple[list[int], list[int], list[float], list[int]]:
    long = [(*bill, cell) for cell, bills in enumerate(found) for bill in bills]
    return tuple(list(column) for column in zip(*long, strict=True)) or ([], [], [], [])  # type: ignore[return-value]


def table(found: list[list[Bill]], slots: km.Slots) -> km.Table:
    start, end, amount, cell = rows(found)
    return km.slot_totals(start, end, amount, cell, len(found), slots)


def by_days(bills: list[Bill], first: int, last: int) -> Fraction | None:
    """Amount of the days from first to last, each of them in one bill; None where one is not."""
    total = Fraction(0)
    for day in range(first, last + 1):
        mine = [Fraction(a) / (e - s + 1) for s, e, a in bills if s <= day <= e]
        if len(mine) != 1:
            return None
        total += mine[0]
    return total


@given(found=meters(), days=periods())
def test_a_month_is_the_sum_of_its_days_and_known_where_all_of_them_are(
    found: list[list[Bill]], days: list[tuple[int, int] | None]
) -> None:
    slots = km.month_slots(days)
    got = table(found, slots)
    assert got.known.shape == (slots.month.size, len(found))
    for slot, (first, last) in enumerate(zip(slots.first, slots.last, strict=True)):
        for cell, bills in enumerate(found):
            wanted = by_days(bills, int(first), int(last))
            assert got.known[slot, cell] == (wanted is not None)
            if wanted is not None:
                assert got.value[slot, cell] == pytest.approx(float(wanted), rel=1e-13)
                if (int(first), int(last)) in [bill[:2] for bill in bills]:  # to the last bit
                    assert got.value[slot, cell] == float(wanted)


@given(found=meters(), days=periods(), order=st.randoms(use_true_random=False),
       block=st.integers(1, 9))
def test_neither_other_meters_nor_the_edges_of_blocks_move_a_bit(
    found: list[list[Bill]], days: list[tuple[int, int] | None], order: object, block: int
) -> None:
    slots = km.month_slots(days)
    together = table(found, slots)
    alone = [table([bills], slots) for bills in found]
    for side in ("value", "known"):
        parts = np.concatenate([getattr(one, side) for one in alone], axis=1)
        assert np.array_equal(getattr(together, side), parts)
    # Rows of the meters in turn, as they come; within a meter they keep their order.
    waiting = [[(*bill, cell) for bill in bills] for cell, bills in enumerate(found)]
    mixed = []
    while any(waiting):
        mixed.append(order.choice([queue for queue in waiting if queue]).pop(0))  # type: ignore[attr-defined]
    columns = list(zip(*mixed, strict=True)) or [(), (), (), ()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(km, "BLOCK", block)
        again = km.slot_totals(*columns, len(found), slots)  # type: ignore[arg-type]
    assert np.array_equal(again.known, together.known)
    assert np.array_equal(again.value, together.value)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_every_row_about_the_edge_of_a_block_is_counted_once(more: int) -> None:
    count = km.BLOCK + more
    slots = km.month_slots([(0, 30)])
    amount = np.arange(1.0, count + 1) * 1e9
    got = km.slot_totals(np.zeros(count), np.full(count, 30), amount, np.arange(count), count,
                         slots)  # fmt: skip
    assert got.known.all()
    assert np.array_equal(got.value[0], amount)


@given(amounts=st.lists(st.lists(AMOUNT, min_size=3, max_size=3), min_size=1, max_size=6),
       known=st.lists(st.booleans(), min_size=18, max_size=18),
       whole=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_a_whole_is_the_sum_of_its_parts_and_known_where_all_of_them_are(
    amounts: list[list[float]], known: list[bool], whole: list[int]
) -> None:
    codes = np.unique(whole[: len(amounts)], return_inverse=True)[1]
    value = np.array(amounts).T
    flags = np.array(known[: value.size]).reshape(value.shape)
    wholes = int(codes.max()) + 1
    got = km.all_parts(km.Table(value, flags), codes, wholes)
    for one in range(wholes):
        mine = codes == one
        assert np.array_equal(got.known[:, one], flags[:, mine].all(axis=1))
        exact = [float(sum(map(Fraction, row))) for row in value[:, mine].tolist()]
        assert got.value[:, one].tolist() == pytest.approx(exact, rel=1e-15, abs=1e-300)


@given(used=meters(), made=meters(), days=periods(), data=st.data())
def test_use_beside_output_is_what_the_long_form_gives(
    used: list[list[Bill]], made: list[list[Bill]], days: list[tuple[int, int] | None],
    data: st.DataObject,
) -> None:
    slots = km.month_slots(days)
    use, output = table(used, slots), table(made, slots)
    plant = [data.draw(st.integers(-1, len(made) - 1)) for _ in used]
    none = [km.Table(np.zeros((2, len(side))), np.zeros((2, len(side)), bool))
            for side in (used, made)]  # fmt: skip
    for period in range(2):
        got = joint_sums(use, none[0], output, none[1], plant, slots, period)
        for cell, home in enumerate(plant):
            both = [
                (use.value[slot, cell], output.value[slot, home], slots.month[slot])
                for slot in np.flatnonzero(slots.period == period)
                if home >= 0 and use.known[slot, cell] and output.known[slot, home]
            ]
            wanted = period_consumption([row[0] for row in both], [row[1] for row in both])
            assert got.months[cell] == len(both)
            assert got.season[cell] == sum({1 << int(row[2]) % 12 for row in both})
            idle = [int(row[2]) for row in both if row[0] > 0 and row[1] == 0]
            assert got.idle[1][got.idle[0] == cell].tolist() == idle
            for name in ("use", "output", "value"):
                left, right = getattr(got, name)[cell], getattr(wanted, name)
                assert left == right or (np.isnan(left) and np.isnan(right))


@given(found=meters(), days=periods())
def test_a_period_is_the_sum_of_its_months_and_known_where_all_of_them_are(
    found: list[list[Bill]], days: list[tuple[int, int] | None]
) -> None:
    slots = km.month_slots(days)
    got = table(found, slots)
    for period in range(2):
        total, known = km.sum_of_slots(got, slots, period)
        mine = np.flatnonzero(slots.period == period)
        for cell in range(len(found)):
            assert known[cell] == (mine.size > 0 and got.known[mine, cell].all())
            if known[cell]:
                exact = float(sum(Fraction(one) for one in got.value[mine, cell].tolist()))
                assert total[cell] == pytest.approx(exact, rel=1e-15, abs=1e-300)
