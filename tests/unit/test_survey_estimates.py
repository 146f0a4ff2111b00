"""Estimates by design against published worked examples."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sxsh_audit.calc.survey_estimates import (
    stratified_mean,
    stratified_ratio,
    stratified_share,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("yes", "sampled", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_newcombe_prints_it(yes: int, sampled: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = wilson_interval(yes, sampled)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_whole_population_leaves_no_error() -> None:
    assert wilson_interval(3, 10, population=10) == (0.3, 0.0, 0.3, 0.3)


def test_a_large_population_does_not_matter() -> None:
    far, near = wilson_interval(81, 263), wilson_interval(81, 263, population=10**9)
    assert near == pytest.approx(far, rel=1e-6)


# Cochran, Sampling Techniques, 3rd ed., table 6.1: sizes in thousands of 49 cities of the United
# States, drawn from 196, in 1920 and 1930.
CITIES_1920 = (
    138, 93, 61, 179, 48, 37, 29, 23, 30, 2, 38, 46, 71, 25, 298, 74, 50, 76, 381, 387, 78, 60,
    507, 50, 77, 64, 40, 136, 243, 256, 94, 36, 45, 67, 120, 172, 66, 46, 121, 44, 64, 56, 40,
    116, 87, 43, 43, 161, 36,
)  # fmt: skip
CITIES_1930 = (
    143, 104, 69, 260, 75, 63, 50, 48, 111, 50, 52, 53, 79, 57, 317, 93, 58, 80, 464, 459, 106,
    57, 634, 64, 89, 77, 60, 139, 291, 288, 85, 46, 53, 67, 115, 183, 86, 65, 113, 58, 63, 142,
    64, 130, 105, 61, 50, 232, 54,
)  # fmt: skip


def test_ratio_of_the_cities_as_cochran_prints_it() -> None:
    """Sums 5 054 and 6 262, ratio 1.239, total of 1930 28 397 with standard error 604."""
    assert (sum(CITIES_1920), sum(CITIES_1930)) == (5054, 6262)
    found = stratified_ratio(CITIES_1930, CITIES_1920, [0] * 49, [196])
    assert found.value * 22_919 == pytest.approx(28_397, abs=0.5)
    # the printed error takes the mean of 1920 from the 196 cities: 22 919/196
    error = found.standard_error * (196 / 49) * 5054
    assert error == pytest.approx(604, abs=0.5)


def test_stratified_mean_as_lohr_prints_it() -> None:
    """Lohr, Sampling, example 3.2: acres of farms in four regions, 300 of 3 078 counties."""
    found = stratified_mean(
        [97_629.81, 300_504.16, 211_315.04, 662_295.51],
        [7_647_472_708, 29_618_183_543, 53_587_487_856, 396_185_950_266],
        [21, 103, 135, 41], [220, 1054, 1382, 422],
    )  # fmt: skip
    assert found.value * 3078 == pytest.approx(909_736_034, abs=5_000)
    assert found.standard_error * 3078 == pytest.approx(50_417_248, rel=1e-6)


def test_one_stratum_is_a_simple_sample() -> None:
    assert stratified_share([12], [40], [200]) == wilson_interval(12, 40, population=200)


def test_a_certainty_stratum_adds_no_error() -> None:
    """Error of the rest alone: 0.8 · √(0.24 · 10/9 · 7/8 / 10)."""
    found = stratified_share([6, 20], [10, 20], [80, 20])
    expected = 0.8 * math.sqrt(0.6 * 0.4 * 10 / 9 * (1 - 1 / 8) / 10)
    assert found.standard_error == pytest.approx(expected)
    assert stratified_share([80, 20], [80, 20], [80, 20]) == (1.0, 0.0, 1.0, 1.0)


def test_no_yes_at_all_is_not_certain() -> None:
    found = stratified_share([0, 0], [10, 10], [80, 20])
    assert found.value == 0.0
    assert found.high > 0.1


def test_every_sample_together_is_unbiased() -> None:
    """Independent method: all 15 × 3 samples of 2 of 6 and 2 of 3 have the mean of the whole."""
    first, second = [1, 0, 0, 1, 1, 0], [1, 1, 0]
    estimates, variances = [], []
    for a, b in itertools.product(
        itertools.combinations(first, 2), itertools.combinations(second, 2)
    ):
        found = stratified_share([sum(a), sum(b)], [2, 2], [6, 3])
        estimates.append(found.value)
        variances.append(found.standard_error**2)
    assert np.mean(estimates) == pytest.approx(5 / 9)
    assert np.mean(variances) == pytest.approx(np.var(estimates))


def test_what_is_no_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="yes <= sampled"):
        wilson_interval(3, 2)
    with pytest.raises(ValueError, match="sampled <= population"):
        stratified_mean([1.0], [1.0], [5], [4])


def test_an_interval_stays_within_what_is_possible() -> None:
    """5 yes and 2 no of 10: whatever the other three say, 5/10 to 8/10."""
    found = wilson_interval(5, 7, population=10)
    assert (found.low, found.high) == pytest.approx((0.5004, 0.8), abs=5e-5)
    found = stratified_share([5, 9], [7, 10], [10, 12])
    assert found.low >= 14 / 22
    assert found.high <= 1 - 3 / 22 + 1e-12
