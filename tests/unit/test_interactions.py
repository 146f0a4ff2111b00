"""Interactions by end use: the example of the method, hand calculations, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.choices import check_choice
from sxsh_audit.calc.contributions import marginal_savings, ordered_savings
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.interactions import combine_savings, end_use_fractions, log_remainders

NAN = math.nan
WHOLE = np.empty((2, 0))  # two options and no known end use


def test_boiler_and_lighting_save_ten_percent_not_nineteen() -> None:
    found = combine_savings([0.6, 0.4], [[0.1, 0.0], [0.0, 0.1]])
    assert found.saving == pytest.approx(0.10, abs=1e-15)
    assert found.added == pytest.approx(0.10, abs=1e-15)


def test_two_on_one_end_use_save_less_than_their_sum() -> None:
    # boiler 60 % of the use: 1 − 0.9 × 0.8 = 28 % of it, 16.8 % of the whole; the sum is 18 %
    found = combine_savings([0.6, 0.4], [[0.1, 0.0], [0.2, 0.0]])
    assert found.saving == pytest.approx(0.168, abs=1e-15)
    assert found.added == pytest.approx(0.18, abs=1e-15)


def test_more_use_is_carried_through() -> None:
    # 1 − 1.1 × 0.8 = 12 %; alone the first loses 10 %
    found = combine_savings([1.0], [[-0.1], [0.2]])
    assert found.saving == pytest.approx(0.12, abs=1e-15)
    assert combine_savings([1.0], [[-0.1]]).saving == pytest.approx(-0.1, abs=1e-15)


def test_a_removed_end_use_is_removed_once() -> None:
    found = combine_savings([0.3, 0.7], [[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]])
    assert found.saving == pytest.approx(0.3 + 0.35, abs=1e-15)
    assert marginal_savings([0.3, 0.7], [[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]]).tolist() == [
        0.0, 0.0, pytest.approx(0.35),
    ]  # fmt: skip
    each = ordered_savings([0.3, 0.7], [[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]], [2, 0, 1])
    assert each.tolist() == pytest.approx([0.15, 0.0, 0.5])


def test_tiny_savings_keep_their_digits() -> None:
    assert combine_savings([1.0], [[1e-15], [1e-15]]).saving == pytest.approx(2e-15, rel=1e-12)


@pytest.mark.parametrize(
    ("unknown", "low", "high"),
    [
        ([0.3, 0.2], 0.3, 0.5),  # the very same end use; two end uses
        ([0.7, 0.6], 0.7, 1.0),  # never more than all
        ([0.3, -0.2], 0.1, 0.3),  # the load is added; or what would have been added is saved
        ([-0.3, -0.2], -0.5, -0.5),  # two loads
        ([0.3, NAN], NAN, NAN),
    ],
)
def test_bounds_where_no_end_use_is_known(
    unknown: list[float], low: float, high: float
) -> None:
    found = combine_savings([], WHOLE, unknown=unknown)
    assert math.isnan(found.saving)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    ("unknown", "low", "high"),
    [
        # Half of the use is an end use of which 40 % is saved: 0.2. There 0.6 of it is left.
        (0.2, 0.2 + 0.2 * 0.6, 0.2 + 0.2),
        (0.7, 0.2 + 0.5 * 0.6 + 0.2, 0.2 + 0.5 + 0.2 * 0.6),
        (-0.1, 0.2 - 0.1, 0.2 - 0.1 * 0.6),
        (1.0, 1.0, 1.0),
        (0.0, 0.2, 0.2),
    ],
)
def test_bounds_beside_a_known_end_use(unknown: float, low: float, high: float) -> None:
    found = combine_savings([0.5], [[0.4], [0.0]], unknown=[0.0, unknown])
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-15)


def test_an_end_use_that_grew_can_save_more() -> None:
    # The end use holds 1.5 times its 40 %: an unknown 20 % may be 30 % there.
    found = combine_savings([0.4], [[-0.5], [0.0]], unknown=[0.0, 0.2])
    assert (found.low, found.high) == pytest.approx((-0.2 + 0.2, -0.2 + 0.3), abs=1e-15)


def test_what_is_not_chosen_need_not_be_known() -> None:
    found = combine_savings([0.6, NAN], [[0.1, 0.0], [NAN, NAN]], [1.0, 0.0], unknown=[0.0, NAN])
    assert found.saving == found.low == found.high == pytest.approx(0.06)
    assert math.isnan(combine_savings([0.6, 0.4], [[0.1, 0.0], [NAN, 0.0]]).saving)
    assert math.isnan(combine_savings([0.6, NAN], [[0.1, 0.1]]).saving)


def test_half_a_phase_leaves_the_square_root() -> None:
    # Two halves of one option are the whole of it: 1 − 0.36^½ = 0.4
    assert combine_savings([1.0], [[0.64]], [0.5]).saving == pytest.approx(0.4, abs=1e-15)
    halves = combine_savings([1.0], [[0.64], [0.64]], [0.5, 0.5])
    assert halves.saving == pytest.approx(0.64, abs=1e-15)


def test_resources_and_scenarios_broadcast() -> None:
    shares = np.array([[0.6, 0.4], [1.0, 0.0]])
    fractions = np.broadcast_to([[0.1, 0.0], [0.2, 0.5]], (3, 2, 2, 2))
    found = combine_savings(shares, fractions, unknown=[0.0, 0.1])
    assert found.low.shape == (3, 2)
    alone = combine_savings(shares[1], fractions[0, 0], unknown=[0.0, 0.1])
    np.testing.assert_allclose(found.low[:, 1], alone.low)
    amounts = ordered_savings(shares, fractions, [0, 1], use=[1000.0, 10.0])
    np.testing.assert_allclose(amounts[0], [[60.0, 308.0], [1.0, 1.8]])


def test_amounts_in_an_order_and_what_is_not_carried_out() -> None:
    found = ordered_savings([1.0], [[0.5], [0.5], [0.5]], [2, 0], use=100.0)
    assert found.tolist() == [25.0, 0.0, 50.0]
    with pytest.raises(ValueError, match="each position once"):
        ordered_savings([1.0], [[0.5], [0.5]], [0, 0])


def test_amounts_become_fractions_of_their_end_use() -> None:
    found = end_use_fractions(200.0, [0.25, 0.75], [[10.0, 0.0], [50.0, -15.0]])
    assert found.fractions.tolist() == [[0.2, 0.0], [1.0, -0.1]]


def test_an_option_that_saves_more_than_the_end_use_holds() -> None:
    with pytest.raises(RangeError, match="51") as refused:
        end_use_fractions(200.0, [0.25], [[10.0], [51.0]])
    assert refused.value.numbers["positions"] == (1,)
    found = end_use_fractions(200.0, [0.25, 0.0], [[51.0, 0.0], [5.0, -1.0]], refuse_excess=False)
    assert found.exceeds.tolist() == [[True, False], [False, True]]
    np.testing.assert_equal(found.fractions, [[NAN, 0.0], [0.1, NAN]])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: combine_savings([1.0], [[1.1]]), "interactions.fraction"),
        (lambda: combine_savings([1.0], [[-math.inf]]), "interactions.fraction"),
        (lambda: combine_savings([], WHOLE, unknown=[0.1, 8.0]), "interactions.fraction"),
        (lambda: combine_savings([0.7, 0.4], [[0.1, 0.1]]), "interactions.shares_above_one"),
        (lambda: combine_savings([-0.1], [[0.1]]), "interactions.share"),
        (lambda: combine_savings([1.0], [[0.1]], [1.5]), "interactions.chosen"),
        (lambda: combine_savings([1.0], [[0.1]], [NAN]), "interactions.chosen"),
        (lambda: end_use_fractions(-1.0, [1.0], [[0.0]]), "interactions.use"),
        (lambda: end_use_fractions(1.0, [1.0], [[2.0]]), "interactions.exceeds"),
        (lambda: check_choice([1, 0], ["A", "A"]), "calc.duplicate_option"),
        (lambda: check_choice([1, 0], ["A", "B"], required=["C"]), "portfolio.unknown_option"),
    ],
)
def test_what_is_refused(call: object, code: str) -> None:
    with pytest.raises(RangeError) as refused:
        call()  # type: ignore[operator]
    assert refused.value.code == code


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="fractions"):
        combine_savings([1.0], [0.1])
    assert log_remainders([[1.0]], [0.0]).tolist() == [[0.0]]


def test_rules_of_a_choice_are_named() -> None:
    rules = {
        "exclusive": [("A", "B", "C")], "prerequisites": [("D", "A")], "required": ["B"],
    }  # fmt: skip

    def broken(*chosen: float) -> list[tuple[str, tuple[str, ...]]]:
        return [(str(each.kind), each.about) for each in check_choice(chosen, "ABCD", **rules)]

    assert broken(0, 1, 0, 0) == []
    assert broken(1, 1, 0, 1) == [("exclusive", ("A", "B", "C"))]
    assert broken(0, 1, 0, 1) == [("prerequisite", ("D", "A"))]
    assert broken(1, 0, 0, 0) == [("required", ("B",))]
    # Phased: the second may be no further than what it needs.
    assert check_choice([0.5, 0.5], "AD", prerequisites=[("D", "A")]) == ()
    assert check_choice([0.5, 0.6], "AD", prerequisites=[("D", "A")]) != ()
    assert check_choice([0.5, 0.5], "AB", exclusive=["AB"]) == ()
