"""Sums and specific consumption by cells, against loops and against one another."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.calc import cells
from sxsh_audit.calc.cells import cell_consumption, cell_sum
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.intensity import specific_consumption
from sxsh_audit.calc.rollup import group_sum

SHAPE = (7, 3, 2)


def rows(size: int, money: float = 1.0) -> tuple[list[np.ndarray], np.ndarray]:
    """Codes of several types, one of them not contiguous and one read-only, and amounts."""
    random = np.random.default_rng(7)
    codes = [random.integers(0, n, size) for n in SHAPE]
    typed = [codes[0].astype(np.int16), np.repeat(codes[1].astype(np.int8), 2)[::2],
             codes[2].astype(np.uint64)]  # fmt: skip
    values = np.repeat(random.lognormal(3, 2, size) * money, 2)[::2]
    for each in (*typed, values):
        each.setflags(write=False)
    return typed, values


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 129])
@pytest.mark.parametrize("money", [1.0, 1e13])
def test_sums_are_those_of_a_loop(
    monkeypatch: pytest.MonkeyPatch, size: int, money: float
) -> None:
    monkeypatch.setattr(cells, "_BLOCK", 64)
    codes, values = rows(size, money)
    exact = dict.fromkeys(np.ndindex(SHAPE), Fraction(0))
    for i in range(size):
        exact[int(codes[0][i]), int(codes[1][i]), int(codes[2][i])] += Fraction(float(values[i]))
    found, known = cell_sum(codes, values, SHAPE), cell_sum(codes, values, SHAPE, empty=math.nan)
    for cell, total in exact.items():
        assert found[cell] == pytest.approx(float(total), rel=1e-14)
        assert known[cell] == found[cell] or (not total and math.isnan(known[cell]))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 129, 1000])
def test_sums_are_those_of_group_sum_to_the_last_bit(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(cells, "_BLOCK", 64)
    codes, values = rows(size)
    flat = np.ravel_multi_index([each.astype(int) for each in codes], SHAPE)
    expected = group_sum(flat, values, math.prod(SHAPE))
    np.testing.assert_array_equal(cell_sum(codes, values, SHAPE).reshape(-1), expected)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 129])
def test_consumption_is_that_of_a_merge(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(cells, "_BLOCK", 64)
    codes, use = rows(size, 1e10)
    table = pd.DataFrame({"f": [0, 0, 1, 3, 3, 6], "r": [0, 1, 1, 2, 2, 0],
                          "p": [0, 1, 0, 1, 1, 0],
                          "made": [1e3, 0.0, math.nan, 4.0, 5.0, 7.0]})  # fmt: skip
    made = cell_sum([table["f"], table["r"], table["p"]], table["made"], SHAPE, empty=math.nan)
    found = cell_consumption(codes, use, made)
    whole = table.groupby(["f", "r", "p"], as_index=False).agg(
        made=("made", lambda each: each.sum(skipna=False)))  # fmt: skip
    left = pd.DataFrame({"f": codes[0].astype(int), "r": codes[1].astype(int),
                         "p": codes[2].astype(int), "use": use})  # fmt: skip
    both = left.merge(whole, on=["f", "r", "p"], how="left")
    np.testing.assert_array_equal(found, specific_consumption(both["use"], both["made"]))


def test_what_is_missing_stays_so() -> None:
    found = cell_sum([[0, 0, 1]], [1.0, math.nan, 2.0], (3,))
    np.testing.assert_array_equal(found, [math.nan, 2.0, 0.0])
    made = np.array([10.0, 0.0, math.nan])
    found = cell_consumption([[0, 0, 1, 2]], [5.0, math.nan, 5.0, 5.0], made)
    np.testing.assert_array_equal(found, [0.5, math.nan, math.nan, math.nan])


def test_refused() -> None:
    for wrong in ([0, 2], [-1, 0]):
        with pytest.raises(RangeError) as refused:
            cell_sum([[0, 0], wrong], [1.0, 1.0], (1, 2))
        assert refused.value.code == "calc.group_range"
    for use, made in (([1.0, -1.0], [1.0]), ([1.0, 1.0], [-1.0])):
        with pytest.raises(RangeError) as refused:
            cell_consumption([[0, 0]], use, made)
        assert refused.value.code == "calc.negative"
    with pytest.raises(ValueError, match="1 columns of codes for cells"):
        cell_sum([[0]], [1.0], (1, 1))
    with pytest.raises(ValueError, match="2 codes for 1 values"):
        cell_sum([[0, 0]], [1.0], (1,))
    with pytest.raises(TypeError, match="whole numbers"):
        cell_sum([[0.0]], [1.0], (1,))
