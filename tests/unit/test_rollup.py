"""Group sums, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.rollup import group_known, group_sum


def test_sums_by_group() -> None:
    found = group_sum(np.array([0, 2, 0, 1], np.int32), [1.0, 5.0, 2.0, -1.0], 4)
    assert found.tolist() == [3.0, -1.0, 5.0, 0.0]


def test_missing_makes_its_group_unknown() -> None:
    np.testing.assert_array_equal(group_sum([0, 0, 1], [1.0, math.nan, 2.0], 2), [math.nan, 2.0])


def test_exact_sums_are_correctly_rounded() -> None:
    values = [1e16, 1.0, -1e16, 1.0]
    assert group_sum([0] * 4, values, 1, exact=True).tolist() == [2.0]
    assert group_sum([0] * 4, values, 1).tolist() == [1.0]


def test_known_part() -> None:
    found = group_known([0, 0, 1], [1.0, math.nan, math.nan], 3)
    np.testing.assert_array_equal(found.total, [1.0, math.nan, math.nan])
    assert found.known.tolist() == [1, 0, 0]
    assert found.rows.tolist() == [2, 1, 0]


def test_no_rows() -> None:
    for exact in (False, True):
        found = group_sum(np.empty(0, int), [], 2, exact=exact)
        assert found.tolist() == [0.0, 0.0]
        assert found.dtype == np.float64


@pytest.mark.parametrize("codes", [[0, 2], [-1, 0]])
def test_code_out_of_range_is_refused(codes: list[int]) -> None:
    with pytest.raises(RangeError) as refused:
        group_sum(codes, [1.0, 1.0], 2)
    assert refused.value.code == "calc.group_range"


def test_wrong_shapes_and_types_are_refused() -> None:
    with pytest.raises(ValueError, match="2 group codes for 3 values"):
        group_sum([0, 1], [1.0, 2.0, 3.0], 2)
    with pytest.raises(TypeError, match="whole numbers"):
        group_sum([0.5], [1.0], 2)
