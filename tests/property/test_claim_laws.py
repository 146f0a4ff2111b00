"""Laws of claimed against measured."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.claims import reconcile_claims

saving = st.floats(-1e6, 1e6)
sd = st.floats(1e-3, 1e6)


@st.composite
def rows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    size = draw(st.integers(1, 6))
    kinds = (saving, saving, sd, sd)
    return tuple(np.array(draw(st.lists(k, min_size=size, max_size=size))) for k in kinds)


@given(rows(), st.floats(1e-3, 1e3))
@settings(max_examples=25)
def test_units_do_not_matter(table: tuple[np.ndarray, ...], factor: float) -> None:
    found = reconcile_claims(*table)
    other = reconcile_claims(*(column * factor for column in table))
    room = 1e-9 * sum(float(np.abs(column).sum()) for column in table)
    for name in ("residual", "residual_low", "total_low", "total_high"):
        np.testing.assert_allclose(getattr(other, name) / factor, getattr(found, name), rtol=0,
                                   atol=room)  # fmt: skip
    np.testing.assert_allclose(other.realisation_rate, found.realisation_rate, rtol=1e-9)


@given(rows(), st.integers(0, 5), st.floats(1, 10))
@settings(max_examples=25)
def test_a_wider_error_never_narrows_an_interval(
    table: tuple[np.ndarray, ...], place: int, wider: float
) -> None:
    claimed, measured, claimed_sd, measured_sd = table
    more = measured_sd.copy()
    more[place % more.size] *= wider
    for correlation in (0.0, 0.4, 1.0):
        found = reconcile_claims(*table, correlation=correlation)
        other = reconcile_claims(claimed, measured, claimed_sd, more, correlation=correlation)
        assert np.all(other.residual_high >= found.residual_high)
        assert other.total_high - other.total_low >= (found.total_high - found.total_low) * (
            1 - 1e-12
        )


@given(rows(), st.floats(0.5, 0.99), st.floats(0.5, 0.99))
@settings(max_examples=25)
def test_more_confidence_never_narrows(
    table: tuple[np.ndarray, ...], one: float, two: float
) -> None:
    low, high = sorted((one, two))
    less, more = reconcile_claims(*table, low), reconcile_claims(*table, high)
    assert np.all(more.residual_low <= less.residual_low)
    assert more.total_high >= less.total_high


@given(rows(), st.data())
def test_the_rate_can_be_1_just_where_the_residual_can_be_0(
    table: tuple[np.ndarray, ...], data: st.DataObject
) -> None:
    """Of claims that are told from nothing."""
    _, measured, _, measured_sd = table
    column = st.lists(st.floats(1, 1e6), min_size=measured.size, max_size=measured.size)
    claimed = np.array(data.draw(column))
    unsure = data.draw(st.floats(0, 0.3))
    found = reconcile_claims(claimed, measured, unsure * claimed, measured_sd)
    assert found.rate_low <= found.realisation_rate <= found.rate_high
    room = 1e-9 * (found.total_high - found.total_low)
    if min(abs(found.total_low), abs(found.total_high)) > room:
        assert (found.rate_low <= 1 <= found.rate_high) == (found.total_agreement == "agrees")


@given(rows())
@settings(max_examples=25)
def test_exchanging_claim_and_measurement_turns_the_residual(
    table: tuple[np.ndarray, ...],
) -> None:
    claimed, measured, claimed_sd, measured_sd = table
    found = reconcile_claims(*table)
    other = reconcile_claims(measured, claimed, measured_sd, claimed_sd)
    np.testing.assert_array_equal(other.residual, -found.residual)
    np.testing.assert_array_equal(other.residual_low, -found.residual_high)


@given(rows())
@settings(max_examples=25)
def test_two_rows_behind_one_meter_with_one_error_are_one_row(
    table: tuple[np.ndarray, ...],
) -> None:
    """Perfectly common errors: the rows together are a single row of the sums."""
    claimed, measured, _, measured_sd = table
    found = reconcile_claims(claimed, measured, 0.0, measured_sd, correlation=1.0)
    one = reconcile_claims(claimed.sum(), measured.sum(), 0.0, measured_sd.sum())
    room = 1e-9 * float(np.abs(claimed).sum() + np.abs(measured).sum() + measured_sd.sum())
    ends = [one.residual_low, one.residual_high]
    np.testing.assert_allclose([found.total_low, found.total_high], ends, rtol=0, atol=room)
