"""Months from which a saving of a wanted size would be shown."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.detectable import minimum_detectable_saving, rows_needed
from sxsh_audit.calc.domain import RangeError

VARIANCE = st.floats(1e-8, 1e-2)


def test_by_hand() -> None:
    # z(0.9) + z(0.8) = 1.2816 + 0.8416 = 2.1232; (0.05 / 2.1232)² = 5.546e-4. The months may leave
    # 5.546e-4 − 1e-4 = 4.546e-4 of the 9e-4 that twelve of them leave: 12 × 9 / 4.546 = 23.8.
    assert rows_needed(9e-4, 1e-4, 12, 0.05) == 24.0


def test_errors_that_hide_the_saving_by_themselves_leave_no_number_of_months() -> None:
    assert rows_needed(9e-4, 5.6e-4, 12, 0.05) == math.inf


def test_without_scatter_there_is_no_number_to_tell() -> None:
    assert math.isnan(rows_needed(0.0, 1e-4, 12, 0.05))
    assert math.isnan(rows_needed(9e-4, 1e-4, 12, math.nan))


def test_a_variance_below_0_is_refused() -> None:
    with pytest.raises(RangeError):
        rows_needed(-1e-4, 0.0, 12, 0.05)


@given(VARIANCE, VARIANCE, st.integers(6, 60), st.floats(0.01, 0.3))
def test_so_many_months_show_the_saving_and_one_less_does_not(
    scatter: float, error: float, n: int, wanted: float
) -> None:
    months = rows_needed(scatter, error, n, wanted)
    if math.isinf(months):
        assert minimum_detectable_saving(math.sqrt(error)) >= wanted * (1 - 1e-9)
        return
    enough = minimum_detectable_saving(math.sqrt(scatter * n / months + error))
    assert enough <= wanted * (1 + 1e-9)
    if months > 1:
        fewer = minimum_detectable_saving(math.sqrt(scatter * n / (months - 1) + error))
        assert fewer > wanted * (1 - 1e-9)


@given(VARIANCE, VARIANCE, st.floats(0.01, 0.3), st.floats(1.0, 3.0))
def test_a_larger_saving_never_takes_more_months(
    scatter: float, error: float, wanted: float, times: float
) -> None:
    assert rows_needed(scatter, error, 12, wanted * times) <= rows_needed(
        scatter, error, 12, wanted)  # fmt: skip
