"""Claimed against measured: hand cases, edges and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.claims import ClaimAgreement, reconcile_claims
from sxsh_audit.calc.domain import RangeError

NAN = math.nan
Z90 = 1.6448536269514722
"""95 % point of the normal distribution (tables)."""


def test_one_meter_by_hand() -> None:
    """Claimed 100 ± 10, measured 80 ± 20 MWh (one standard deviation each).

    Residual −20, its sd √(10² + 20²) = 22.3607, 90 %: −20 ± 36.780 = −56.780 … 16.780. Rate 0.8.
    """
    found = reconcile_claims(100.0, 80.0, 10.0, 20.0)
    assert (found.residual, found.realisation_rate) == (-20.0, 0.8)
    assert found.residual_low == pytest.approx(-56.780, abs=5e-4)
    assert found.residual_high == pytest.approx(16.780, abs=5e-4)
    assert found.agreement is ClaimAgreement.AGREES
    assert (found.total_low, found.total_high) == (found.residual_low, found.residual_high)


def test_rate_of_rows_is_of_the_sums_and_not_a_mean_of_rates() -> None:
    found = reconcile_claims([1000.0, 10.0], [900.0, 20.0], 0.0, 1.0)
    assert found.realisation_rate == pytest.approx(920 / 1010, rel=1e-15)
    assert found.agreement.tolist() == ["short", "beyond"]


def test_interval_of_the_rate_by_hand() -> None:
    """Σ m = 80 ± 20, Σ c = 100 ± 10, z = 1.644854: Fieller.

    z² = 2.705543; (100² − 270.5543) R² − 2·8000 R + (80² − 1082.2174) = 0
    9729.4457 R² − 16000 R + 5317.7826 = 0
    R = (8000 ± √(64,000,000 − 51,739,076)) / 9729.4457 = (8000 ± 3501.5602) / 9729.4457
    """
    found = reconcile_claims(100.0, 80.0, 10.0, 20.0)
    assert found.rate_low == pytest.approx((8000 - 3501.5602) / 9729.4457, rel=1e-6)
    assert found.rate_high == pytest.approx((8000 + 3501.5602) / 9729.4457, rel=1e-6)


def test_claims_that_are_not_told_from_nothing_leave_the_rate_without_ends() -> None:
    found = reconcile_claims(10.0, 8.0, 10.0, 1.0)
    assert (found.rate_low, found.rate_high) == (-math.inf, math.inf)
    assert found.realisation_rate == 0.8


def test_a_common_error_of_the_measured_rows_adds_linearly() -> None:
    """Two rows of sd 3 and 4: apart √(9 + 16) = 5, with one common error 3 + 4 = 7."""
    apart = reconcile_claims([0.0, 0.0], [0.0, 0.0], 0.0, [3.0, 4.0])
    common = reconcile_claims([0.0, 0.0], [0.0, 0.0], 0.0, [3.0, 4.0], correlation=1.0)
    assert apart.total_high == pytest.approx(5 * Z90, rel=1e-12)
    assert common.total_high == pytest.approx(7 * Z90, rel=1e-12)


def test_few_points_widen_the_interval_as_students_tables_say() -> None:
    found = reconcile_claims(0.0, 0.0, 0.0, 1.0, dof=10)
    assert found.residual_high == pytest.approx(1.8125, abs=5e-5)  # t, 10, 95 %
    assert reconcile_claims(0.0, 0.0, 0.0, 1.0, 0.95).residual_high == pytest.approx(1.96, abs=4e-5)


def test_missing_is_not_nothing() -> None:
    found = reconcile_claims([100.0, 50.0], [80.0, NAN], 5.0, 5.0)
    assert math.isnan(found.realisation_rate)
    assert math.isnan(found.total_residual)
    assert found.agreement.tolist() == ["short", "unknown"]
    assert found.total_agreement == "unknown"


def test_an_unknown_error_leaves_the_residual_and_no_interval() -> None:
    found = reconcile_claims(100.0, 80.0, NAN, 5.0)
    assert (found.residual, found.realisation_rate) == (-20.0, 0.8)
    assert math.isnan(found.residual_low)
    assert math.isnan(found.rate_high)
    assert found.agreement == "unknown"


@pytest.mark.parametrize("claimed", [0.0, -5.0])
def test_no_rate_of_a_claim_that_is_nothing_or_a_loss(claimed: float) -> None:
    found = reconcile_claims(claimed, 8.0, 1.0, 1.0)
    assert math.isnan(found.realisation_rate)
    assert math.isnan(found.rate_low)
    assert found.agreement == "beyond"


def test_what_got_worse_has_a_rate_below_0() -> None:
    found = reconcile_claims(100.0, -30.0, 0.0, 5.0)
    assert found.realisation_rate == -0.3
    assert found.agreement == "short"


def test_an_end_of_the_interval_at_0_agrees() -> None:
    assert reconcile_claims(5.0, 5.0, 0.0, 0.0).agreement == "agrees"


def test_many_plants_at_once() -> None:
    found = reconcile_claims(np.ones((3, 4)), np.full((3, 4), 2.0), 0.5, 0.5, dof=[5, 50, np.inf])
    assert found.realisation_rate.tolist() == [2.0, 2.0, 2.0]
    assert found.residual.shape == (3, 4)
    assert found.total_low[0] < found.total_low[1] < found.total_low[2]
    assert found.total_agreement.shape == (3,)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_negative_deviations_and_no_freedom_are_refused(language: str) -> None:
    with pytest.raises(RangeError) as refused:
        reconcile_claims([1.0, 1.0], 1.0, [1.0, -1.0], 1.0, language=language)
    assert refused.value.numbers["positions"] == (1,)
    with pytest.raises(RangeError):
        reconcile_claims(1.0, 1.0, 1.0, 1.0, dof=0, language=language)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 90.0, NAN])
def test_confidence_is_a_fraction(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        reconcile_claims(1.0, 1.0, 1.0, 1.0, confidence)


def test_correlation_lies_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="correlation"):
        reconcile_claims(1.0, 1.0, 1.0, 1.0, correlation=1.5)
