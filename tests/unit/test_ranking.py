"""Payback, rank, totals and buckets, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.ranking import (
    PaybackClass,
    annualise,
    payback_buckets,
    payback_codes,
    portfolio_payback,
    rank_options,
    simple_payback,
)

NAN, INF = math.nan, math.inf
TABLE = [
    (0.0, 10.0, "immediate", 0.0),
    (-5.0, 10.0, "immediate", 0.0),
    (-0.0, 10.0, "immediate", 0.0),
    (30.0, 10.0, "years", 3.0),
    (30.0, 0.0, "never", INF),
    (30.0, -0.0, "never", INF),
    (0.0, 0.0, "never", INF),
    (30.0, -10.0, "worse", NAN),
    (0.0, -10.0, "worse", NAN),
    (-30.0, -10.0, "worse", NAN),
    (-30.0, 0.0, "worse", NAN),
    (NAN, 10.0, "unknown", NAN),
    (30.0, NAN, "unknown", NAN),
    (NAN, NAN, "unknown", NAN),
    (NAN, 0.0, "unknown", NAN),
    (NAN, -1.0, "unknown", NAN),
    (INF, 10.0, "years", INF),
    (INF, INF, "unknown", NAN),
]


@pytest.mark.parametrize(("cost", "saved", "name", "years"), TABLE)
def test_class_table(cost: float, saved: float, name: str, years: float) -> None:
    found = simple_payback(cost, saved)
    assert found.payback_class == name
    assert isinstance(found.payback_class, PaybackClass)
    assert isinstance(found.years, float)
    np.testing.assert_equal(found.years, years)
    assert math.copysign(1, found.years) == 1 or math.isnan(found.years)


def test_class_table_as_arrays_of_any_length() -> None:
    # Longer than a block, so that every path of the kernel meets every row of the table.
    times = 5000
    cost, saved, names, years = (list(column) * times for column in zip(*TABLE, strict=True))
    found = simple_payback(cost, saved)
    np.testing.assert_array_equal(found.years, years)
    np.testing.assert_array_equal(np.asarray(found.payback_class), names)
    assert not np.signbit(found.years[found.payback_class == "immediate"]).any()


def test_broadcasts_and_keeps_empty() -> None:
    found = simple_payback([[100.0], [0.0]], [50.0, -1.0])
    np.testing.assert_array_equal(found.years, [[2.0, NAN], [0.0, NAN]])
    assert found.payback_class.tolist() == [["years", "worse"], ["immediate", "worse"]]
    years, codes = payback_codes([], [])
    assert years.shape == codes.shape == (0,)


def test_strided_columns() -> None:
    table = np.arange(1.0, 13.0).reshape(6, 2)
    np.testing.assert_array_equal(
        simple_payback(table[:, 0], table[::-1, 1]).years, table[:, 0] / table[::-1, 1]
    )


def test_rank_shows_every_option_ties_together() -> None:
    cost = [300.0, 100.0, 0.0, NAN, 50.0, 10.0, 200.0]
    saved = [100.0, 100.0, 5.0, 9.0, 0.0, -1.0, 200.0]
    found = rank_options(cost, saved, ["G", "F", "E", "D", "C", "B", "A"])
    # E immediate; A and F one year each, by id; G three years; C never; B worse; D unknown.
    assert [["G", "F", "E", "D", "C", "B", "A"][i] for i in found.order] == list("EAFGCBD")
    assert found.rank.tolist() == [4, 2, 1, 7, 5, 6, 2]
    np.testing.assert_array_equal(found.years, [3.0, 1.0, 0.0, NAN, INF, NAN, 1.0])


def test_ties_at_twelve_digits() -> None:
    # 0.1·3 is 0.30000000000000004; 0.3 years and 0.300000000001 years differ in digit 12.
    found = rank_options([0.1 * 3, 0.3, 0.300000000001], [1.0, 1.0, 1.0])
    assert found.rank.tolist() == [1, 1, 3]


def test_savings_are_a_vector_the_cost_is_one() -> None:
    found = rank_options([600.0, 600.0], [[100.0, 200.0], [300.0, NAN]])
    np.testing.assert_array_equal(found.years, [2.0, NAN])
    with pytest.raises(ValueError, match="one cost per option"):
        rank_options([[1.0]], [[1.0]])
    with pytest.raises(ValueError, match="one cost per option"):
        rank_options([1.0, 2.0], [1.0, 2.0, 3.0])


def test_one_id_for_two_options_is_refused() -> None:
    with pytest.raises(RangeError, match="«A»") as refused:
        rank_options([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], ["A", "B", "A"])
    assert refused.value.code == "calc.duplicate_option"
    with pytest.raises(ValueError, match="2 option ids for 3 options"):
        rank_options([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], ["A", "B"])


def test_no_options_have_an_empty_ranking() -> None:
    found = rank_options([], [])
    assert found.order.size == found.rank.size == 0


def test_portfolio_divides_the_sums_and_names_what_is_left_out() -> None:
    found = portfolio_payback([100.0, 300.0, NAN, 0.0], [100.0, 100.0, 7.0, 200.0], list("ABCD"))
    assert (found.cost, found.annual_saving, found.years) == (400.0, 400.0, 1.0)
    assert (found.payback_class, found.counted, found.left_out) == ("years", 3, ("C",))


def test_portfolio_follows_the_class_table() -> None:
    assert portfolio_payback([10.0, 10.0], [5.0, -5.0]).payback_class == "never"
    assert portfolio_payback([10.0], [-5.0]).payback_class == "worse"
    empty = portfolio_payback([NAN], [1.0])
    assert (empty.payback_class, empty.counted, empty.left_out) == ("unknown", 0, (0,))


def test_buckets_are_half_open() -> None:
    cost = [0.5, 1.0, 1.999, 2.0, 3.0, 0.0, 1.0, 1.0, NAN]
    saved = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, -1.0, 1.0]
    found = payback_buckets(cost, saved)
    assert [found.names[code] for code in found.code] == [
        "<1", "1-2", "1-2", "2-3", ">=3", "immediate", "never", "worse", "unknown",
    ]  # fmt: skip
    assert found.counts.tolist() == [1, 1, 2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("edges", [(), (2.0, 1.0), (0.0, 1.0), (1.0, 1.0)])
def test_bucket_edges_must_rise(edges: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="must be above 0 and rise"):
        payback_buckets([1.0], [1.0], edges)


def test_half_a_year_is_doubled() -> None:
    assert annualise(90e6, 6) == 180e6
    np.testing.assert_array_equal(annualise([12.0, NAN], [12, 3]), [12.0, NAN])
    assert math.isnan(annualise(5.0, NAN))


@pytest.mark.parametrize("months", [0, -6, 13])
def test_months_covered_must_lie_in_a_year(months: float) -> None:
    with pytest.raises(RangeError) as refused:
        annualise(1.0, [6, months])
    assert refused.value.code == "calc.months_covered"
    assert refused.value.numbers["positions"] == (1,)
