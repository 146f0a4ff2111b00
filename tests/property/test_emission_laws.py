"""Laws of loads, limits and indicators."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.emissions import (
    emission_intensity,
    limit_status,
    pollutant_load,
    recp_indicators,
    refrigerant_leak,
    relative_change,
    resource_productivity,
    shifts,
)

amount = st.floats(1e-6, 1e9)
rows = st.lists(st.tuples(amount, st.floats(0, 1e-1)), min_size=1, max_size=8)
changes = st.lists(st.one_of(st.just(np.nan), st.floats(-1, 5)), min_size=1, max_size=5)


@given(rows)
def test_loads_of_parts_are_the_load_of_the_mixture(table: list[tuple[float, float]]) -> None:
    volume, concentration = np.array(table).T
    loads = np.asarray(pollutant_load(volume, concentration))
    mixed = np.average(concentration, weights=volume)
    np.testing.assert_allclose(loads.sum(), pollutant_load(volume.sum(), mixed), rtol=1e-9)


@given(amount, amount, st.floats(1e-3, 1e3), amount)
def test_a_limit_does_not_depend_on_the_unit(
    value: float, limit: float, sd: float, factor: float
) -> None:
    found = limit_status(value, limit, sd)
    other = limit_status(value * factor, limit * factor, sd * factor)
    margin = abs((limit - value) / sd)
    if abs(margin - 1.2815515655446004) > 1e-6:  # not on the edge of the decision
        assert found == other


@given(amount, amount, st.floats(1e-3, 1e9), st.floats(1, 1e3))
def test_a_larger_error_never_makes_anything_surer(
    value: float, limit: float, sd: float, wider: float
) -> None:
    if limit_status(value, limit, sd) == "cannot_tell":
        assert limit_status(value, limit, sd * wider) == "cannot_tell"


@given(amount, amount, amount, amount)
def test_what_leaked_is_what_the_stores_cannot_show(
    opening: float, purchased: float, closing: float, recovered: float
) -> None:
    leak = refrigerant_leak(opening, purchased, closing, recovered)
    total = opening + purchased
    assert abs(leak + closing + recovered - total) <= 1e-12 * (total + closing + recovered)


@given(amount, amount)
def test_productivity_is_the_inverse_of_intensity(output: float, use: float) -> None:
    product = resource_productivity(output, use) * emission_intensity(use, output)
    assert abs(product - 1) <= 1e-14


@given(*[st.floats(1, 1e3)] * 3)
def test_changes_chain(first: float, second: float, third: float) -> None:
    whole = 1 + relative_change(first, third)
    chained = (1 + relative_change(first, second)) * (1 + relative_change(second, third))
    np.testing.assert_allclose(chained, whole, rtol=1e-9)


@given(changes, changes)
def test_a_shift_has_one_that_falls_and_one_that_rises(
    used: list[float], sent: list[float]
) -> None:
    found = shifts(used, sent)
    for place, emission in np.argwhere(found.shifted):
        assert used[place] < 0 < sent[emission]
    assert not (found.shifted & found.unknown).any()
    assert found.shifted.sum() == (np.array(used) < 0).sum() * (np.array(sent) > 0).sum()


@given(st.lists(amount, min_size=2, max_size=5), amount)
def test_more_output_of_the_same_is_better_in_every_indicator(
    use: list[float], made: float
) -> None:
    output = made * np.arange(1, len(use) + 1)
    found = recp_indicators(output, *[np.full(len(use), use[0])] * 6)
    assert found.better[:, 1:].all()
