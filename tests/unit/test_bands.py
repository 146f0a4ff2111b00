"""Status of savings, by hand."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from sxsh_audit.calc.bands import (
    Status,
    decimals_needed,
    status,
    status_codes,
    status_codes_of,
    status_of,
)
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.savings import saving_fraction

CASES = [
    (-0.0001, "worse"), (0.0, "below"), (0.0496, "below"), (0.05, "within"),
    (0.065, "within"), (0.08, "within"), (0.0801, "above"), (1.0, "above"), (math.nan, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("saving", "expected"), CASES)
def test_status_in_five_to_eight_percent(saving: float, expected: str) -> None:
    assert status(saving, 0.05, 0.08) == expected
    assert isinstance(status(saving, 0.05, 0.08), Status)


@pytest.mark.parametrize(("saving", "expected"), CASES)
def test_one_sided_target(saving: float, expected: str) -> None:
    wanted = "within" if expected == "above" else expected
    for high in (None, math.inf, math.nan):
        assert status(saving, 0.05, high) == wanted


def test_edges_hold_where_the_fraction_has_cancelled() -> None:
    # (0.3 − 0.3·0.95) / 0.3 is 0.04999999999999998 in floating point.
    baseline, post = 0.3, 0.3 * 0.95
    assert saving_fraction(baseline, post) != 0.05
    assert status(saving_fraction(baseline, post), 0.05, 0.08) == "within"
    assert status_of(baseline, post, 0.05, 0.08) == "within"


def test_status_of_unknown_and_of_all_saved() -> None:
    found = status_of([0.0, math.nan, 5.0, 5.0], [0.0, 1.0, math.nan, 0.0], 0.05, 1.0)
    assert found.tolist() == ["unknown", "unknown", "unknown", "within"]
    with pytest.raises(RangeError):
        status_codes_of(1.0, -1.0, 0.05)


def test_codes_are_the_positions_of_the_words() -> None:
    assert [list(Status)[code] for code in status_codes([-1.0, 0.0, 0.05, 0.1], 0.05, 0.08)] == [
        "worse", "below", "within", "above",
    ]  # fmt: skip
    assert status_codes(0.06, 0.05, 0.08).dtype == np.int8


def test_bands_per_row_and_counted_per_row() -> None:
    found = status(
        [0.06, 0.06, 0.06, math.nan], [0.05, 0.08, 0.01, 0.05], [0.08, 0.13, np.nan, 0.08],
        counted=[True, True, True, False],
    )  # fmt: skip
    assert found.tolist() == ["within", "below", "within", "not_counted"]


@pytest.mark.parametrize(
    ("saving", "edges", "expected"),
    [
        (0.0496, (0.05, 0.08), 2),  # 4,96 %, not 5,0 %
        (-0.0004, (0.05, 0.08), 2),  # −0,04 %, not 0,0 %
        (0.05, (0.05, 0.08), 1),
        (0.0804, (0.05, 0.08), 2),  # 8,04 % above, not 8,0 %
        (0.049999, (0.05, 0.08), 4),  # 4,9999 %
        (0.062, (0.05, 0.08), 1),
        (0.0525, (0.0525,), 1),  # 5,3 % is not below 5,25 %
        (0.0524, (0.0524, None), 2),  # 5,2 % would be below 5,24 %
        (-0.0004, (), 2),
        (0.0496, (), 1),
        (math.nan, (0.05, 0.08), 1),
    ],
)
def test_decimals_needed(saving: float, edges: tuple[float | None, ...], expected: int) -> None:
    assert decimals_needed(saving, edges) == expected


def test_array_of_words() -> None:
    found = status([[0.06, 0.01], [math.nan, -1.0]], 0.05, 0.08)
    assert found.shape == (2, 2)
    assert (found.ndim, found.size, len(found)) == (2, 4, 2)
    assert found[0].tolist() == ["within", "below"]
    assert found[1, 1] is Status.WORSE
    np.testing.assert_array_equal(found == "unknown", [[False, False], [True, False]])
    np.testing.assert_array_equal(found != "unknown", [[True, True], [False, True]])
    np.testing.assert_array_equal(found == "no such word", np.zeros((2, 2), bool))
    np.testing.assert_array_equal(np.asarray(found), [["within", "below"], ["unknown", "worse"]])
    np.testing.assert_array_equal(np.asarray(found) == found, np.ones((2, 2), bool))
    assert (found == found).all()
    assert found.dtype.kind == "U"
    assert found.counts()[Status.ABOVE] == 0


def test_array_of_words_is_immutable_and_pickles() -> None:
    codes = np.array([0, 4], np.int8)
    found = Coded(codes, Status)
    with pytest.raises(ValueError, match="read-only"):
        found.codes[0] = 1
    codes[0] = 1  # the caller's own array stays his
    again = pickle.loads(pickle.dumps(found))
    assert again.tolist() == found.tolist()
    assert repr(again) == repr(found)
