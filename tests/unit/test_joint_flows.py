"""Flows of options together, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sxsh_audit.calc.joint_flows import joint_flows, present_cells, working_parts


def test_parts_of_a_life_that_is_built_fades_and_ends_within_a_year() -> None:
    found = working_parts([2.5, np.nan], [-0.1, 0.0], [1.0, 0.0], 5)
    # built in year 1; 1, 0.9, and half of 0.81 in the year it wears out
    assert found[0] == pytest.approx([0.0, 1.0, 0.9, 0.405, 0.0])
    assert found[1].tolist() == [0.0] * 5


def test_when_one_has_worn_out_another_saves_more() -> None:
    flows = [[-100.0, 300.0, 300.0], [-50.0, 300.0, 0.0]]
    parts = [[1.0, 1.0], [1.0, 0.0]]
    found = joint_flows(flows, [[0.5], [0.5]], [600.0], parts, [True, True], [False, False])
    # together 600 · (1 − 0.5²) = 450 in the first year, the longer one alone in the second
    assert found == pytest.approx([-150.0, 450.0, 300.0])


def test_what_is_done_costs_nothing_and_takes_its_part() -> None:
    flows = [[-1e9, 300.0], [-100.0, 300.0]]
    found = joint_flows(flows, [[0.5], [0.5]], [600.0], [[1.0], [1.0]], [True, True],
                        [True, False])  # fmt: skip
    # of the 300 that are left the new one saves half
    assert found == pytest.approx([-100.0, 150.0])


def test_a_saving_that_grows_beyond_its_cell_saves_the_cell() -> None:
    parts = working_parts([3.0], [1.0], [0.0], 3)  # 1, 2, 4
    flows = [[-10.0, 40.0 + 5.0, 80.0 + 5.0, 160.0 + 5.0]]
    found = joint_flows(flows, [[0.4]], [100.0], parts, [True], [False])
    # 40, 80, and no more than the 100 there are; 5 a year stand beside the cell
    assert found == pytest.approx([-10.0, 45.0, 85.0, 105.0])


def test_years_alike_are_one_span() -> None:
    found = present_cells(0.1, [[0.5], [0.2]], [600.0], [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    assert found.fractions.shape == (2, 2)
    first, second = 1 / 1.1 + 1 / 1.21, 1 / 1.331
    assert sorted(found.worth) == pytest.approx(sorted([600 * first, 600 * second]))
    assert found.alone == pytest.approx([300 * (first + second), 120 * first])
