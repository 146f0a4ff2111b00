"""Recommendations of the US Industrial Assessment Centers: 234 dirty ones and 8,000 clean ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from calc_tables import decimals, number, rows

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.ranking import (
    payback_buckets,
    portfolio_payback,
    rank_options,
    simple_payback,
)

DIRTY = rows("iac_messy_expected.csv")
CLEAN = rows("iac_options.csv")
COST = np.array([number(row["impcost"]) for row in CLEAN])
SAVED = np.array([number(row["psaved"]) for row in CLEAN])
IDS = [row["superid"] for row in CLEAN]


def test_all_dirty_rows_are_there() -> None:
    assert len(DIRTY) == 234


@pytest.mark.parametrize("row", DIRTY, ids=lambda row: f"{row['row']}-{row['superid']}")
def test_dirty_row_has_the_class_expected_by_hand(row: dict[str, str]) -> None:
    found = simple_payback(number(row["impcost"]), number(row["psaved"]))
    if row["expected"].startswith("fault:"):
        assert found.payback_class == "unknown"  # no option: it never gets a payback
    else:
        assert found.payback_class == row["expected"]


def test_repeated_headings_are_refused_as_one_id_used_twice() -> None:
    headings = [row for row in DIRTY if row["expected"] == "fault:repeated_heading"]
    assert len(headings) == 10
    nothing = [math.nan] * len(headings)
    with pytest.raises(RangeError) as refused:
        rank_options(nothing, nothing, [row["superid"] for row in headings])
    assert refused.value.code == "calc.duplicate_option"
    assert "SUPERID" in str(refused.value)


def test_payback_equals_the_one_worked_out_apart() -> None:
    years = simple_payback(COST, SAVED).years
    for row, found in zip(CLEAN, years.tolist(), strict=True):
        printed = row["payback_years"]
        half = 0.5 * 10.0 ** -decimals(printed)
        # Half a unit of the last printed digit, plus the rounding of this comparison itself.
        assert abs(found - float(printed)) <= half + 1e-12 * found


def test_payback_times_saving_is_the_cost() -> None:
    years = simple_payback(COST, SAVED).years
    np.testing.assert_allclose(years * SAVED, COST, rtol=4e-16)


def test_rank_does_not_depend_on_the_order_of_the_rows() -> None:
    first = rank_options(COST, SAVED, IDS)
    shuffle = np.random.default_rng(20131130).permutation(len(IDS))
    second = rank_options(COST[shuffle], SAVED[shuffle], [IDS[i] for i in shuffle])
    assert [IDS[i] for i in first.order] == [IDS[shuffle[i]] for i in second.order]
    np.testing.assert_array_equal(first.rank[shuffle], second.rank)
    totals = portfolio_payback(COST[shuffle], SAVED[shuffle])
    assert portfolio_payback(COST, SAVED) == totals
    # The amounts are whole dollars, so their sums are exact whole numbers.
    assert totals.cost == sum(int(float(row["impcost"])) for row in CLEAN)


def test_every_recommendation_is_in_one_bucket() -> None:
    found = payback_buckets(COST, SAVED)
    assert found.counts.sum() == len(CLEAN)
    printed = [number(row["payback_years"]) for row in CLEAN]
    for code, years, cost in zip(found.code, printed, COST, strict=True):
        name = found.names[code]
        expected = (
            "immediate" if cost == 0
            else "<1" if years < 1
            else "1-2" if years < 2
            else "2-3" if years < 3
            else ">=3"
        )  # fmt: skip
        assert name == expected
