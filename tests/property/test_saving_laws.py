"""Laws of savings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_calc import amount, positive, resources

from sxsh_audit.calc.intensity import period_consumption, specific_consumption
from sxsh_audit.calc.savings import (
    absolute_saving,
    cost_weighted_saving,
    pooled_saving,
    saving_fraction,
)


@given(positive, positive)
def test_swapped_periods_undo_each_other(baseline: float, post: float) -> None:
    forth = saving_fraction(baseline, post)
    back = saving_fraction(post, baseline)
    # 1 − s = c ÷ b carries the rounding of s, which is as large as s itself: hence the scale.
    scale = (1 + abs(forth)) * (1 + abs(back))
    assert abs((1 - forth) * (1 - back) - 1) <= 4e-16 * scale


@given(positive, amount, st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_saving_does_not_depend_on_the_units_of_use_and_output(
    baseline: float, post: float, use_unit: float, output_unit: float
) -> None:
    factor = use_unit / output_unit
    told = saving_fraction(baseline * factor, post * factor)
    plain = saving_fraction(baseline, post)
    assert told == pytest.approx(plain, rel=0, abs=1e-15 * (1 + post / baseline))


@given(positive, amount)
def test_saving_never_exceeds_one(baseline: float, post: float) -> None:
    assert saving_fraction(baseline, post) <= 1


@given(positive, amount, amount)
def test_less_use_is_never_a_smaller_saving(baseline: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert saving_fraction(baseline, less) >= saving_fraction(baseline, more)


@given(st.lists(st.tuples(positive, amount), min_size=1, max_size=8))
def test_arrays_give_what_each_scalar_gives(pairs: list[tuple[float, float]]) -> None:
    before, after = np.array(pairs).T
    each = [saving_fraction(b, c) for b, c in pairs]
    assert saving_fraction(before, after).tolist() == each


@given(positive, amount, positive)
def test_absolute_saving_is_the_fraction_of_the_adjusted_baseline(
    baseline: float, post: float, output: float
) -> None:
    whole = baseline * output
    saved = absolute_saving(baseline, post, output)
    share = saving_fraction(baseline, post)
    assert saved == pytest.approx(share * whole, rel=1e-14)


@given(st.lists(st.tuples(positive, amount), min_size=1, max_size=8), st.data())
def test_pooled_saving_is_the_mean_weighted_by_baseline(
    pairs: list[tuple[float, float]], data: st.DataObject
) -> None:
    before, after = np.array(pairs).T
    each = saving_fraction(before, after)
    pooled = pooled_saving(before, after)
    scale = 1 + math.fsum(after) / math.fsum(before)
    assert pooled == pytest.approx(
        math.fsum(each * before) / math.fsum(before), rel=0, abs=1e-14 * scale
    )
    assert each.min() - 1e-14 * scale <= pooled <= each.max() + 1e-14 * scale
    order = data.draw(st.permutations(range(len(pairs))))
    shuffled = pooled_saving(before[order], after[order])
    assert shuffled == pytest.approx(pooled, rel=0, abs=1e-14 * scale)


@given(st.lists(st.tuples(amount, amount), min_size=1, max_size=10))
def test_period_ratio_times_output_is_the_use(months: list[tuple[float, float]]) -> None:
    use, output = np.array(months).T
    found = period_consumption(use, output)
    assume(found.output > 0)
    assert found.value * found.output == pytest.approx(math.fsum(use), rel=1e-14)
    assert found.value == specific_consumption(found.use, found.output)


def near(one: float, other: float, rows: dict[str, Any]) -> bool:
    """Whether two overall savings of `rows` are equal to rounding."""
    ratio = float(np.max(rows["post"] / rows["baseline"]))
    return abs(one - other) <= 1e-13 * (1 + ratio)


@given(resources())
def test_weighted_saving_lies_within_its_envelope(rows: dict[str, Any]) -> None:
    found = cost_weighted_saving(**rows)
    each = saving_fraction(rows["baseline"], rows["post"])
    assert (found.lowest, found.highest) == (each.min(), each.max())
    scale = 1e-13 * (1 + abs(found.lowest))
    assert found.lowest - scale <= found.saving <= found.highest + scale


@given(resources(), st.data())
def test_weighted_saving_does_not_depend_on_the_order_of_rows(
    rows: dict[str, Any], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(rows["price"].size)))
    shuffled = {name: column[order] for name, column in rows.items()}
    found, again = cost_weighted_saving(**rows), cost_weighted_saving(**shuffled)
    assert near(found.saving, again.saving, rows)
    assert (found.lowest, found.highest) == (again.lowest, again.highest)


@given(resources(), st.data())
def test_weighted_saving_does_not_move_when_a_row_is_split(
    rows: dict[str, Any], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, rows["price"].size - 1))
    share = data.draw(st.floats(0.01, 0.99))
    split = {name: np.append(column, column[row]) for name, column in rows.items()}
    split["output"][row] *= share
    split["output"][-1] *= 1 - share
    assert near(cost_weighted_saving(**rows).saving, cost_weighted_saving(**split).saving, rows)


@given(resources(), st.floats(1e-3, 1e3))
def test_weighted_saving_does_not_depend_on_the_currency(
    rows: dict[str, Any], rate: float
) -> None:
    other = rows | {"price": rows["price"] * rate}
    assert near(cost_weighted_saving(**rows).saving, cost_weighted_saving(**other).saving, rows)


@given(resources(), st.data())
def test_many_plants_give_what_each_plant_gives(rows: dict[str, Any], data: st.DataObject) -> None:
    size = rows["price"].size
    plant = np.array(data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
    together = cost_weighted_saving(**rows, groups=plant, n_groups=4)
    for number in range(4):
        mine = {name: column[plant == number] for name, column in rows.items()}
        alone = cost_weighted_saving(**mine)
        for field in together._fields:
            np.testing.assert_equal(getattr(together, field)[number], getattr(alone, field))
