"""Savings, by hand."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.savings import (
    absolute_saving,
    check_fraction,
    cost_weighted_saving,
    energy_total_saving,
    pooled_saving,
    saving_fraction,
)


def test_hundred_to_ninety_five_is_exactly_five_percent() -> None:
    assert saving_fraction(100, 95) == 0.05
    assert isinstance(saving_fraction(100, 95), float)


def test_worse_is_negative_and_has_no_lower_limit() -> None:
    # El-Nasr gray, BOD 360 → 1275 mg/l: (360 − 1275) / 360.
    assert saving_fraction(360.0, 1275.0) == pytest.approx(-2.5416666666666665, rel=1e-15)


def test_nothing_used_before_is_not_known() -> None:
    np.testing.assert_array_equal(saving_fraction([0.0, 0.0, math.nan], [5.0, 0.0, 1.0]), math.nan)


def test_all_saved_is_one() -> None:
    assert saving_fraction(26.0, 0.0) == 1.0


@pytest.mark.parametrize(("baseline", "post"), [(-1.0, 1.0), (1.0, -1.0)])
def test_negative_specific_consumption_is_refused(baseline: float, post: float) -> None:
    with pytest.raises(RangeError) as refused:
        saving_fraction(baseline, post)
    assert refused.value.code == "calc.negative"
    assert refused.value.numbers["positions"] == (0,)


def test_broadcasts_over_plants_and_resources() -> None:
    found = saving_fraction([[100.0, 50.0], [200.0, 10.0]], [95.0, 50.0])
    np.testing.assert_array_equal(found, [[0.05, 0.0], [0.525, -4.0]])


def test_absolute_saving() -> None:
    assert absolute_saving(120.0, 111.0, 1000.0) == 9000.0
    assert absolute_saving(100.0, 110.0, 10.0) == -100.0
    with pytest.raises(RangeError):
        absolute_saving(1.0, 1.0, -1.0)


def test_pooled_saving_sums_first() -> None:
    # (1000 + 10 − 950 − 5) / 1010 = 55 / 1010
    assert pooled_saving([1000.0, 10.0], [950.0, 5.0]) == pytest.approx(55 / 1010, rel=1e-15)


def test_pooled_saving_by_group() -> None:
    found = pooled_saving(
        [100.0, 100.0, 50.0, 0.0, 10.0], [90.0, 100.0, math.nan, 3.0, 12.0], [0, 0, 1, 2, 3], 5
    )
    np.testing.assert_allclose(found, [0.05, math.nan, math.nan, -0.2, math.nan], rtol=1e-15)


def test_cost_weighted_saving() -> None:
    # Q = 10: cost before 2·100·10 + 1·50·10 = 2500, saved 2·5·10 + 1·10·10 = 200, 200/2500 = 8 %.
    found = cost_weighted_saving([2.0, 1.0], [100.0, 50.0], [95.0, 40.0], 10.0)
    assert found == (0.08, 1.0, 0.05, 0.2, 2500.0, 200.0)


def test_what_is_not_counted_does_not_move_the_overall_saving() -> None:
    found = cost_weighted_saving(
        [2.0, 1.0, 9.0], [100.0, 50.0, 7.0], [95.0, 40.0, 70.0], 10.0, counted=[True, True, False]
    )
    assert found == (0.08, 1.0, 0.05, 0.2, 2500.0, 200.0)


def test_guard_share_is_reached_at_eighty_percent() -> None:
    # Costs 80 and 20, the second not measured after: 80 % known, exactly enough.
    enough = cost_weighted_saving([1.0, 1.0], [80.0, 20.0], [76.0, math.nan], 1.0)
    assert (enough.saving, enough.known_share) == (0.05, 0.8)
    short = cost_weighted_saving([1.0, 1.0], [79.0, 21.0], [76.0, math.nan], 1.0)
    assert math.isnan(short.saving)
    assert short.known_share == 0.79


def test_an_estimate_weighs_in_the_known_share_only() -> None:
    found = cost_weighted_saving(
        [1.0, 1.0], [90.0, 10.0], [81.0, 1.0], 1.0, measured=[True, False]
    )
    assert found.known_share == 0.9
    assert found.saving == pytest.approx(0.1, rel=1e-15)


def test_an_unknown_price_leaves_the_overall_saving_unknown() -> None:
    found = cost_weighted_saving([1.0, math.nan], [90.0, 10.0], [81.0, 9.0], 1.0)
    assert math.isnan(found.known_share)
    assert math.isnan(found.saving)


def test_change_of_fuel_is_judged_whole() -> None:
    # Coal 100 → 0 at price 1, gas 0 → 30 at price 2: 100 before, 60 after, 40 % less cost.
    found = cost_weighted_saving([1.0, 2.0], [100.0, 0.0], [0.0, 30.0], 1.0)
    assert found.saving == pytest.approx(0.4, rel=1e-15)
    assert (found.lowest, found.highest) == (-math.inf, 1.0)


def test_many_plants_at_once() -> None:
    found = cost_weighted_saving(
        [2.0, 1.0, 5.0], [100.0, 50.0, 10.0], [95.0, 40.0, 11.0], [10.0, 10.0, 3.0], [0, 0, 2], 3
    )
    np.testing.assert_allclose(found.saving, [0.08, math.nan, -0.1], rtol=1e-15)
    np.testing.assert_array_equal(np.isnan(found.lowest), [False, True, False])


def test_nothing_counted_is_unknown() -> None:
    found = cost_weighted_saving([1.0], [10.0], [9.0], 1.0, counted=False)
    assert math.isnan(found.saving)
    assert math.isnan(found.lowest)


def test_energy_total_by_the_official_factors() -> None:
    # Công văn 3505/BCT-KHCN: electricity 0.0001543 TOE/kWh, diesel 1.02 TOE/t.
    # 0.0001543·(1000 → 900) + 1.02·(0.1 → 0.1): saved 0.01543 of 0.1543 + 0.102 = 0.2563 TOE.
    found = energy_total_saving([0.0001543, 1.02], [1000.0, 0.1], [900.0, 0.1], 1.0)
    assert found.saving == pytest.approx(0.01543 / 0.2563, rel=1e-14)
    assert found.saved == pytest.approx(0.01543, rel=1e-14)


def test_a_percentage_without_its_sign_is_refused_with_its_reading() -> None:
    with pytest.raises(RangeError, match=r"6,1 nghĩa là 610 %.*6,1 % = 0,061") as refused:
        check_fraction([0.05, 6.1])
    assert refused.value.numbers["positions"] == (1,)
    assert refused.value.numbers["reading"] == 0.061
    check_fraction([1.0, -3.0, math.nan])


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(RangeError) as refused:
        check_fraction(2.0)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.code, again.numbers) == (
        str(refused.value), refused.value.code, refused.value.numbers,
    )  # fmt: skip
