"""Specific consumption, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.intensity import period_consumption, specific_consumption


def test_brewery_electricity_per_hectolitre() -> None:
    # Heineken 2006: 9.46 kWh/hl; 946 kWh for 100 hl by hand.
    assert specific_consumption(946.0, 100.0) == pytest.approx(9.46, rel=1e-15)
    assert isinstance(specific_consumption(946, 100), float)


def test_a_stopped_month_has_no_ratio() -> None:
    found = specific_consumption([50.0, 0.0, 50.0], [0.0, 0.0, 10.0])
    np.testing.assert_array_equal(found, [math.nan, math.nan, 5.0])


def test_missing_stays_missing() -> None:
    assert math.isnan(specific_consumption(math.nan, 10.0))
    assert math.isnan(specific_consumption(10.0, math.nan))
    assert math.isnan(specific_consumption(None, 10.0))  # type: ignore[arg-type]


def test_negative_output_is_refused_with_its_positions() -> None:
    with pytest.raises(RangeError, match="sản lượng phải ≥ 0") as refused:
        specific_consumption(5.0, [10.0, -120.0, 3.0, -1.0])
    assert refused.value.numbers["positions"] == (1, 3)
    assert refused.value.numbers["count"] == 2
    assert refused.value.numbers["value"] == -120.0
    assert isinstance(refused.value, ValueError)


def test_refusal_speaks_english_and_lists_the_first_ten() -> None:
    with pytest.raises(RangeError, match="the use must be ≥ 0: 12 negative") as refused:
        specific_consumption(np.full(12, -1.0), 1.0, language="en")
    assert refused.value.numbers["positions"] == tuple(range(10))


def test_broadcasts() -> None:
    found = specific_consumption([[10.0], [20.0]], [1.0, 2.0])
    np.testing.assert_array_equal(found, [[10.0, 5.0], [20.0, 10.0]])


def test_period_counts_the_use_of_a_stopped_month() -> None:
    # (100 + 90) / (10 + 0) = 19; the third month has no output figure and is left out.
    found = period_consumption([100.0, 90.0, 40.0], [10.0, 0.0, math.nan])
    assert found == (19.0, 190.0, 10.0, 2, 3)


def test_periods_by_group() -> None:
    found = period_consumption(
        [10.0, 20.0, 30.0, math.nan], [1.0, 1.0, 0.0, 5.0], groups=[0, 0, 1, 2], n_groups=4
    )
    np.testing.assert_array_equal(found.value, [15.0, math.nan, math.nan, math.nan])
    assert found.known.tolist() == [2, 1, 0, 0]
    assert found.months.tolist() == [2, 1, 1, 0]
