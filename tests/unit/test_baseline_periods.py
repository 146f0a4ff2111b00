"""The two periods of a comparison: copied, read-only, never exchanged."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.periods import BaselinePeriod, Period, ReportingPeriod

BOTH = (BaselinePeriod, ReportingPeriod)


@pytest.mark.parametrize("kind", BOTH)
def test_a_period_holds_what_was_given(kind: Any) -> None:
    period = kind([1.0, math.nan], [2.0, 3.0], {"days": [4.0, 5.0]}, [1.0, 2.0], "coal", "t", "t")
    assert len(period) == 2
    assert period.columns(("days", "output")).tolist() == [[4.0, 2.0], [5.0, 3.0]]
    assert period.columns(()).shape == (2, 0)
    assert (period.resource, period.unit) == ("coal", "t")


@pytest.mark.parametrize("kind", BOTH)
def test_it_cannot_be_changed_nor_changes_with_its_source(kind: Any) -> None:
    use, days = np.array([1.0, 2.0]), np.array([4.0, 5.0])
    period = kind(use, [1.0, 1.0], {"days": days})
    use[0] = days[0] = 99.0
    assert period.use.tolist() == [1.0, 2.0]
    assert period.drivers["days"].tolist() == [4.0, 5.0]
    for column in (period.use, period.output, period.length, period.drivers["days"]):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 7.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        period.use = use
    with pytest.raises(TypeError):
        period.drivers["more"] = days


def test_one_length_is_that_of_every_row() -> None:
    assert BaselinePeriod([1.0, 2.0], [1.0, 1.0]).length.tolist() == [1.0, 1.0]  # type: ignore


def test_a_period_must_say_which_it_is() -> None:
    with pytest.raises(TypeError, match="BaselinePeriod or ReportingPeriod"):
        Period([1.0], [1.0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"use": [-1.0], "output": [1.0]},
        {"use": [1.0], "output": [-1.0]},
        {"use": [1.0], "output": [1.0], "length": [0.0]},
        {"use": [1.0], "output": [1.0], "length": [-1.0]},
        {"use": [1.0], "output": [1.0], "length": [math.nan]},
    ],
)
@pytest.mark.parametrize("kind", BOTH)
def test_what_cannot_be_is_refused(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(RangeError):
        kind(**given)


def test_a_driver_below_zero_is_a_driver() -> None:
    assert BaselinePeriod([1.0], [1.0], {"t": [-12.0]}).drivers["t"] == -12.0


@pytest.mark.parametrize("kind", BOTH)
def test_rows_of_unlike_number_are_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match="output has 1 intervals, use has 2"):
        kind([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="days has 3 intervals"):
        kind([1.0, 2.0], [1.0, 2.0], {"days": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match="broadcast"):
        kind([1.0, 2.0], [1.0, 2.0], length=[1.0, 1.0, 1.0])


def test_output_is_no_name_for_another_driver() -> None:
    with pytest.raises(ValueError, match="call the driver something else"):
        BaselinePeriod([1.0], [1.0], {"output": [1.0]})


def test_text_among_the_numbers_is_refused() -> None:
    with pytest.raises(TypeError):
        BaselinePeriod(["12 kWh"], [1.0])  # type: ignore[list-item]


def test_a_driver_that_there_is_not() -> None:
    with pytest.raises(KeyError, match="no driver heat, rain; there are: output, days"):
        BaselinePeriod([1.0], [1.0], {"days": [1.0]}).columns(("heat", "days", "rain"))
