"""Laws of group sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_calc import amount

from sxsh_audit.calc.rollup import group_known, group_sum

tables = st.lists(st.tuples(st.integers(0, 5), amount), max_size=20)


@given(tables)
def test_any_grouping_sums_to_the_whole(table: list[tuple[int, float]]) -> None:
    codes = [code for code, _ in table]
    values = [value for _, value in table]
    whole = math.fsum(values)
    assert math.fsum(group_sum(codes, values, 6)) == pytest.approx(whole, rel=1e-14)


@given(tables, st.data())
def test_exact_sums_do_not_depend_on_the_order_of_rows(
    table: list[tuple[int, float]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(table))
    sums = [
        group_sum([code for code, _ in rows], [value for _, value in rows], 6, exact=True)
        for rows in (table, shuffled)
    ]
    np.testing.assert_array_equal(*sums)


@given(tables)
def test_exact_and_plain_sums_agree_to_rounding(table: list[tuple[int, float]]) -> None:
    codes = [code for code, _ in table]
    values = [value for _, value in table]
    np.testing.assert_allclose(
        group_sum(codes, values, 6), group_sum(codes, values, 6, exact=True), rtol=1e-14
    )


@given(tables, st.data())
def test_a_missing_value_makes_only_its_group_unknown(
    table: list[tuple[int, float]], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, 5))
    codes = [code for code, _ in table] + [gone]
    values = [value for _, value in table] + [math.nan]
    sums = group_sum(codes, values, 6)
    assert np.flatnonzero(np.isnan(sums)).tolist() == [gone]
    known = group_known(codes, values, 6)
    assert known.rows.sum() == known.known.sum() + 1 == len(codes)
