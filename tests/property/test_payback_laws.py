"""Laws of payback, ranking and buckets."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_calc import money, options, positive

from sxsh_audit.calc.ranking import (
    PaybackClass,
    annualise,
    payback_buckets,
    payback_codes,
    portfolio_payback,
    rank_options,
    simple_payback,
)

ORDER = list(PaybackClass)


@given(money, money)
def test_exactly_one_class_holds(cost: float, saved: float) -> None:
    unknown = math.isnan(cost) or math.isnan(saved)
    holds = {
        "immediate": not unknown and cost <= 0 and saved > 0,
        "years": not unknown and cost > 0 and saved > 0,
        "never": not unknown and cost >= 0 and saved == 0,
        "worse": not unknown and (saved < 0 or (saved == 0 and cost < 0)),
        "unknown": unknown,
    }
    found = simple_payback(cost, saved)
    assert [name for name, true in holds.items() if true] == [found.payback_class]
    value = {"immediate": 0.0, "never": math.inf}.get(found.payback_class, math.nan)
    if found.payback_class == "years":
        value = cost / saved
    np.testing.assert_equal(found.years, value)


@given(options())
def test_arrays_give_what_each_scalar_gives(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    costs, savings, _ = table
    found = simple_payback(costs, savings)
    each = [simple_payback(cost, saved) for cost, saved in zip(costs, savings, strict=True)]
    np.testing.assert_array_equal(found.years, [one.years for one in each])
    assert list(found.payback_class) == [one.payback_class for one in each]


@given(positive, positive)
def test_payback_times_saving_is_the_cost(cost: float, saved: float) -> None:
    years = simple_payback(cost, saved).years
    assert abs(years * saved - cost) <= 4e-16 * cost


@given(options(), st.floats(1e-3, 1e6))
def test_class_does_not_depend_on_the_currency(
    table: tuple[np.ndarray, np.ndarray, list[str]], rate: float
) -> None:
    costs, savings, _ = table
    _, codes = payback_codes(costs, savings)
    _, other = payback_codes(costs * rate, savings * rate)
    np.testing.assert_array_equal(codes, other)


@given(options(), st.data())
def test_rank_does_not_depend_on_the_order_of_rows(
    table: tuple[np.ndarray, np.ndarray, list[str]], data: st.DataObject
) -> None:
    costs, savings, ids = table
    order = np.array(data.draw(st.permutations(range(len(ids)))))
    first = rank_options(costs, savings, ids)
    second = rank_options(costs[order], savings[order], [ids[i] for i in order])
    assert [ids[i] for i in first.order] == [ids[order[i]] for i in second.order]
    np.testing.assert_array_equal(first.rank[order], second.rank)


@given(options())
def test_every_option_has_a_rank_and_a_place(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    costs, savings, ids = table
    found = rank_options(costs, savings, ids)
    assert sorted(found.order.tolist()) == list(range(len(ids)))
    assert found.rank.min() == 1
    assert found.rank.max() <= len(ids)


@given(options())
def test_order_follows_class_then_years_then_id(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    costs, savings, ids = table
    found = rank_options(costs, savings, ids)
    for better, next_ in zip(found.order, found.order[1:], strict=False):
        class_a, class_b = (ORDER.index(found.payback_class[i]) for i in (better, next_))
        assert class_a <= class_b
        if class_a == class_b and found.rank[better] == found.rank[next_]:
            assert ids[better] < ids[next_]
        if class_a == class_b == 1:
            a, b = found.years[better], found.years[next_]
            # Within the twelve digits at which paybacks are compared.
            assert a <= b * (1 + 1e-11)


@given(positive, positive, st.integers(2, 1000))
def test_one_payback_worked_out_in_two_ways_is_a_tie(
    cost: float, saved: float, parts: int
) -> None:
    years = simple_payback(cost, saved).years
    # Leave out paybacks whose 13th digit sits on the rounding boundary of the 12th.
    digits = f"{years:.16e}"[13:16]
    assume(not 499 <= int(digits) <= 500)
    found = rank_options([cost, cost / parts], [saved, saved / parts])
    assert found.rank.tolist() == [1, 1]


@given(options())
def test_buckets_partition_the_options(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    costs, savings, ids = table
    found = payback_buckets(costs, savings)
    assert found.counts.sum() == len(ids)
    np.testing.assert_array_equal(
        np.bincount(found.code, minlength=len(found.names)), found.counts
    )
    years, codes = payback_codes(costs, savings)
    ends = {"<1": (0, 1), "1-2": (1, 2), "2-3": (2, 3), ">=3": (3, math.inf)}
    for bucket, year, code in zip(found.code, years, codes, strict=True):
        name = found.names[bucket]
        if name in ends:
            low, high = ends[name]
            assert low <= year < high
        else:
            assert name == ORDER[code]


@given(options(), st.data())
def test_portfolio_does_not_depend_on_the_order_of_rows(
    table: tuple[np.ndarray, np.ndarray, list[str]], data: st.DataObject
) -> None:
    costs, savings, _ = table
    order = data.draw(st.permutations(range(costs.size)))
    first, second = portfolio_payback(costs, savings), portfolio_payback(
        costs[order], savings[order]
    )
    np.testing.assert_equal(first[:5], second[:5])
    assert first.counted + len(first.left_out) == costs.size


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=8))
def test_portfolio_payback_lies_between_the_shortest_and_the_longest(
    pairs: list[tuple[float, float]],
) -> None:
    costs, savings = np.array(pairs).T
    years = simple_payback(costs, savings).years
    total = portfolio_payback(costs, savings).years
    assert years.min() * (1 - 1e-15) <= total <= years.max() * (1 + 1e-15)


@given(positive, st.integers(1, 12))
def test_annualised_benefit_covers_its_months_again(benefit: float, months: int) -> None:
    assert abs(annualise(benefit, months) * months / 12 - benefit) <= 4e-16 * benefit
