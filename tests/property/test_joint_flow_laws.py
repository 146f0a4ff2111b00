"""Laws of options together over years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.cashflows import option_cashflows
from sxsh_audit.calc.finance import npv
from sxsh_audit.calc.joint_flows import joint_flows, present_cells, working_parts

Plant = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    """Flows, fractions, worth and parts of up to five options in up to three cells."""
    size, cells = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    part = st.floats(-0.3, 0.9)
    fractions = np.array(draw(st.lists(st.lists(part, min_size=cells, max_size=cells),
                                       min_size=size, max_size=size)))  # fmt: skip
    worth = np.array(draw(st.lists(st.floats(0.0, 1e9), min_size=cells, max_size=cells)))
    years = draw(st.lists(st.sampled_from([1.0, 2.5, 4.0, 7.0]), min_size=size, max_size=size))
    growth = draw(st.lists(st.sampled_from([-0.2, 0.0, 0.05]), min_size=size, max_size=size))
    built = draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=size, max_size=size))
    cost = np.array(draw(st.lists(st.floats(0.0, 1e9), min_size=size, max_size=size)))
    flows = option_cashflows(cost, fractions @ worth, years, horizon=8, saving_growth=growth,
                             construction_years=built)  # fmt: skip
    return flows, fractions, worth, working_parts(years, growth, built, 8)


def scale(plant: Plant) -> float:
    return float(np.abs(plant[0]).sum() + plant[2].sum() + 1.0) * 1e-10


@given(plants())
def test_an_option_alone_has_its_own_flows(plant: Plant) -> None:
    flows, fractions, worth, parts = plant
    grown = (fractions[:, :, None] * parts[:, None, :]).max(axis=(1, 2))
    for i in np.flatnonzero(grown <= 1.0):
        alone = np.arange(len(flows)) == i
        found = joint_flows(flows, fractions, worth, parts, alone, np.zeros(len(flows), bool))
        np.testing.assert_allclose(found, flows[i], atol=scale(plant))


@given(plants(), st.data())
def test_what_is_done_first_and_last_comes_to_the_whole(plant: Plant, data: st.DataObject) -> None:
    """The flows of a set are those of a part of it, and of the rest when that part is done."""
    flows, fractions, worth, parts = plant
    size = len(flows)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    first = chosen & np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    none = np.zeros(size, bool)
    whole = joint_flows(flows, fractions, worth, parts, chosen, none)
    before = joint_flows(flows, fractions, worth, parts, first, none)
    after = joint_flows(flows, fractions, worth, parts, chosen, first)
    np.testing.assert_allclose(before + after, whole, atol=scale(plant))


@given(plants(), st.floats(-0.05, 0.5), st.data())
def test_the_objective_of_the_best_set_is_the_npv_of_its_flows(
    plant: Plant, rate: float, data: st.DataObject
) -> None:
    flows, fractions, worth, parts = plant
    size = len(flows)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    found = joint_flows(flows, fractions, worth, parts, chosen, np.zeros(size, bool))
    cells = present_cells(rate, fractions, worth, parts)
    value = np.asarray(npv(rate, flows)) - cells.alone
    left = np.prod(np.where(chosen[:, None], 1.0 - cells.fractions, 1.0), axis=0)
    objective = value[chosen].sum() + cells.worth @ (1.0 - left)
    assert objective == pytest.approx(npv(rate, found), abs=10 * scale(plant) + 1e-9, rel=1e-9)


@given(plants(), st.data())
def test_the_order_of_the_options_decides_nothing(plant: Plant, data: st.DataObject) -> None:
    flows, fractions, worth, parts = plant
    order = np.array(data.draw(st.permutations(range(len(flows)))))
    every, none = np.ones(len(flows), bool), np.zeros(len(flows), bool)
    one = joint_flows(flows, fractions, worth, parts, every, none)
    other = joint_flows(flows[order], fractions[order], worth, parts[order], every, none)
    np.testing.assert_allclose(one, other, atol=scale(plant))
