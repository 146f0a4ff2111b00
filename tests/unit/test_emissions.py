"""Loads, limits, combustion, leaks and indicators: hand calculations and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.emissions import (
    RECP_INDICATORS,
    SULPHUR_DIOXIDE_PER_SULPHUR,
    co2_equivalent,
    combustion_emission,
    emission_intensity,
    limit_status,
    load_sd,
    pollutant_load,
    pollution_intensity,
    recp_indicators,
    refrigerant_leak,
    relative_change,
    resource_productivity,
    shifts,
    sulphur_dioxide,
)

nan = np.nan


def test_no_water_carries_no_load_even_if_nothing_was_analysed() -> None:
    found = pollutant_load([0.0, 10.0, nan, 10.0], [nan, nan, 2e-6, 0.0])
    np.testing.assert_array_equal(found, [0.0, nan, nan, 0.0])


def test_the_error_of_a_load_without_an_error_of_the_volume() -> None:
    assert load_sd(100.0, 0.01, 0.0, 0.001) == pytest.approx(0.1, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "limit", "sd", "status"),
    [
        (75.0, 75.0, None, "within"),
        (75.0 * (1 + 1e-13), 75.0, None, "within"),
        (75.0001, 75.0, None, "over"),
        (74.0, 75.0, 0.0, "within"),
        (74.0, 75.0, nan, "within"),
        (74.0, 75.0, 5.0, "cannot_tell"),
        (nan, 75.0, 5.0, "unknown"),
        (74.0, nan, None, "unknown"),
        # Φ(1.2816) = 0.9000 and Φ(1.2815) = 0.89999: a tabled quantile
        (0.0, 1.2816, 1.0, "within"),
        (0.0, 1.2815, 1.0, "cannot_tell"),
        (0.0, -1.2816, 1.0, "over"),
    ],
)
def test_a_value_against_its_limit(value: float, limit: float, sd: Any, status: str) -> None:
    assert limit_status(value, limit, sd) == status


def test_a_range_such_as_that_of_ph() -> None:
    found = limit_status([5.9, 6.0, 7.0, 9.0, 9.1], 9.0, lowest=6.0)
    assert found.tolist() == ["over", "within", "within", "within", "over"]
    # a range too narrow for the error is neither kept nor broken
    assert limit_status(7.0, 7.1, 1.0, lowest=6.9) == "over"
    assert limit_status(7.0, 8.0, 1.0, lowest=6.0) == "cannot_tell"
    assert limit_status(3.0, 9.0, lowest=nan) == "within"


def test_sulphur_dioxide_is_twice_the_sulphur_less_what_stays() -> None:
    assert pytest.approx(64.0648 / 32.066, rel=1e-15) == SULPHUR_DIOXIDE_PER_SULPHUR
    assert sulphur_dioxide(100.0, 0.01) == pytest.approx(2.0, rel=2e-3)
    assert sulphur_dioxide(100.0, 0.01, retained=1.0) == 0.0
    assert np.isnan(sulphur_dioxide(100.0, 0.01, retained=nan))


def test_a_leak_below_zero_is_shown() -> None:
    # 40 + 0 - 50 - 0 = -10 kg: more in store than can be
    assert refrigerant_leak(0.04, 0.0, 0.05) == pytest.approx(-0.01)
    assert co2_equivalent(-0.01, 1430.0) == pytest.approx(-14.3)
    assert refrigerant_leak(0.04, 0.02, 0.0, 0.0, 0.05) == pytest.approx(0.01)
    assert np.isnan(co2_equivalent(1.0, nan))


def test_a_missing_factor_is_not_zero() -> None:
    assert np.isnan(combustion_emission(5.0, nan))


def test_indicators_of_nothing_are_not_known() -> None:
    assert np.isnan(emission_intensity(3.0, 0.0))
    assert np.isnan(pollution_intensity(nan, 3.0))
    assert np.isnan(resource_productivity(3.0, 0.0))
    np.testing.assert_array_equal(relative_change([0.0, nan, -10.0], [1.0, 1.0, -5.0]),
                                  [nan, nan, 0.5])  # fmt: skip


def test_indicators_by_hand_against_any_base() -> None:
    # 200 t from 1000, then 300 t from 1200 of everything: 0.2 and 0.25, 5 and 4
    made, same = [200.0, 300.0], [1000.0, 1200.0]
    found = recp_indicators(made, same, same, same, same, same, same)
    np.testing.assert_allclose(found.value, [[0.2, 0.25]] * 3 + [[5.0, 4.0]] * 3)
    np.testing.assert_allclose(found.change, [[0.0, 0.25]] * 3 + [[0.0, -0.2]] * 3)
    assert found.better.tolist() == [[False, True]] * 6
    last = recp_indicators(made, same, same, same, same, same, same, base=1)
    np.testing.assert_allclose(last.change, [[-0.2, 0.0]] * 3 + [[0.25, 0.0]] * 3)
    assert not last.better.any()
    assert len(RECP_INDICATORS) == found.value.shape[-2]


def test_plants_are_leading_axes() -> None:
    made = np.array([[100.0, 110.0], [50.0, nan]])
    found = recp_indicators(made, *[made * 2] * 6)
    assert found.value.shape == (2, 6, 2)
    assert np.isnan(found.change[1, :, 1]).all()


def test_shifts_of_every_pair_and_those_that_are_not_known() -> None:
    found = shifts([-0.2, nan, 0.1], [0.05, -0.05, nan])
    assert found.shifted.tolist() == [[True, False, False], [False] * 3, [False] * 3]
    assert found.unknown.tolist() == [[False, False, True], [True] * 3, [False, False, True]]
    assert not shifts([-0.2], [0.05], least=0.05).shifted.any()


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: pollutant_load(-1.0, 1.0), "emissions.negative"),
        (lambda: pollutant_load(1.0, -1.0), "emissions.negative"),
        (lambda: load_sd(1.0, 1.0, -1.0, 1.0), "emissions.negative"),
        (lambda: limit_status(1.0, 1.0, -1.0), "emissions.negative"),
        (lambda: combustion_emission(-1.0, 1.0), "emissions.negative"),
        (lambda: sulphur_dioxide(1.0, 1.2), "emissions.fraction"),
        (lambda: sulphur_dioxide(1.0, 0.1, retained=-0.1), "emissions.fraction"),
        (lambda: refrigerant_leak(1.0, -1.0, 0.0), "emissions.negative"),
        (lambda: emission_intensity(1.0, -1.0), "emissions.negative"),
    ],
)
def test_what_cannot_be_meant_is_refused(work: Any, code: str) -> None:
    with pytest.raises(RangeError) as caught:
        work()
    assert caught.value.code == code


def test_a_wrong_call_is_an_error() -> None:
    with pytest.raises(ValueError, match="confidence"):
        limit_status(1.0, 1.0, confidence=0.4)
    with pytest.raises(ValueError, match="least"):
        shifts([0.1], [0.1], least=-1.0)
