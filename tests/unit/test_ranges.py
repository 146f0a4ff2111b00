"""Ranges of inputs against scipy.stats, which works out the same distributions its own way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.ranges import (
    Range,
    fixed,
    join_ranges,
    lognormal,
    lognormal_between,
    normal,
    pert,
    samples,
    triangular,
    uniform,
)

U = np.concatenate([[1e-12, 1e-6], np.linspace(0.01, 0.99, 99), [1 - 1e-6, 1 - 1e-12]])

CASES = [
    (uniform(10.0, 30.0), stats.uniform(10, 20)),
    (triangular(10.0, 12.0, 30.0), stats.triang(0.1, 10, 20)),
    (triangular(10.0, 10.0, 30.0), stats.triang(0.0, 10, 20)),
    (triangular(10.0, 30.0, 30.0), stats.triang(1.0, 10, 20)),
    # α = 1 + 4 · 2 ÷ 20, β = 1 + 4 · 18 ÷ 20
    (pert(10.0, 12.0, 30.0), stats.beta(1.4, 4.6, 10, 20)),
    (normal(10.0, 3.0), stats.norm(10, 3)),
    (lognormal(10.0, 0.5), stats.lognorm(0.5, scale=10)),
]


@pytest.mark.parametrize(("ours", "oracle"), CASES, ids=lambda one: getattr(one, "kind", ""))
def test_quantiles_are_those_of_scipy(ours: Range, oracle: object) -> None:
    # scipy's triangle subtracts near its ends: 1e-11 of the width, not ours, sets the tolerance.
    np.testing.assert_allclose(ours.quantile(U), oracle.ppf(U), rtol=1e-10)  # type: ignore[attr-defined]


def test_quantiles_of_samples_are_those_of_numpy() -> None:
    values = np.random.default_rng(5).lognormal(3, 1, 37)
    # Away from the steps k ÷ 37, where the last bit of a product decides.
    u = (np.arange(370) + 0.5) / 370
    np.testing.assert_array_equal(
        samples(values).quantile(u), np.quantile(values, u, method="inverted_cdf")
    )


def test_lognormal_told_by_its_ends_has_these_quantiles() -> None:
    found = lognormal_between([50.0, 2e12], [200.0, 9e13])
    np.testing.assert_allclose(found.quantile(0.05), [50.0, 2e12], rtol=1e-14)
    np.testing.assert_allclose(found.quantile(0.95), [200.0, 9e13], rtol=1e-14)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: uniform([1.0, 3.0], 2.0), "reversed"),
        (lambda: triangular(1.0, 0.5, 2.0), "mode"),
        (lambda: triangular(1.0, 2.5, 2.0), "mode"),
        (lambda: pert(3.0, 2.5, 2.0), "reversed"),
        (lambda: pert(1.0, 2.5, 2.0), "mode"),
        (lambda: normal(1.0, -1.0), "deviation"),
        (lambda: lognormal(1.0, -1.0), "deviation"),
        (lambda: lognormal(0.0, 1.0), "not_positive"),
        (lambda: lognormal_between(0.0, 1.0), "not_positive"),
        (lambda: lognormal_between(2.0, 1.0), "reversed"),
        (lambda: uniform(0.0, np.inf), "infinite"),
        (lambda: lognormal_between(1.0, np.inf), "infinite"),
        (lambda: samples([1.0, -np.inf]), "infinite"),
        (lambda: samples([]), "empty"),
        (lambda: uniform(0.0, 1.0).quantile(1.5), "probability"),
        (lambda: uniform(0.0, 1.0).quantile([0.1, -0.1]), "probability"),
    ],
)
def test_refused(make: object, code: str) -> None:
    with pytest.raises(RangeError) as refused:
        make()  # type: ignore[operator]
    assert refused.value.code == f"ranges.{code}"


def test_refusal_names_the_position() -> None:
    with pytest.raises(RangeError) as refused:
        triangular([1.0, 1.0, 5.0], [2.0, 2.0, 2.0], [3.0, 3.0, 3.0], language="en")
    assert refused.value.numbers["positions"] == (2,)
    assert "5" in str(refused.value)


def test_what_is_not_known_stays_so_and_leaves_its_neighbours() -> None:
    for found in (
        uniform([np.nan, 1.0], [2.0, 1.0]), triangular([0.0, 1.0], [np.nan, 1.0], 2.0),
        pert([0.0, 1.0], [np.nan, 1.0], 2.0), normal([1.0, 1.0], [np.nan, 0.0]),
        lognormal([np.nan, 1.0], [0.5, 0.0]), samples([[1.0, np.nan], [1.0, 1.0]]),
    ):  # fmt: skip
        assert np.isnan(found.quantile(0.3)).tolist() == [True, False]


def test_a_range_without_width_is_its_value_at_every_probability() -> None:
    u = np.array([[0.0], [0.3], [1.0]])
    for found in (
        uniform([7.1, 1e13], [7.1, 1e13]), triangular([7.1, 1e13], [7.1, 1e13], [7.1, 1e13]),
        pert([7.1, 1e13], [7.1, 1e13], [7.1, 1e13]), normal([7.1, 1e13], 0.0),
        lognormal([7.1, 1e13], 0.0), samples([[7.1] * 3, [1e13] * 3]), fixed([7.1, 1e13]),
    ):  # fmt: skip
        np.testing.assert_array_equal(found.quantile(u), [[7.1, 1e13]] * 3)
        assert not found.varies


def test_joined_ranges_are_the_ranges_in_their_places() -> None:
    each = [uniform(0.0, 1.0), samples([3.0, 4.0]), fixed(2.0), uniform(5.0, 6.0),
            pert(0.0, 1.0, 4.0), samples([8.0, 9.0, 10.0])]  # fmt: skip
    joined = join_ranges(each)
    assert joined.shape == (6,)
    np.testing.assert_array_equal(joined.quantile(0.7), [one.quantile(0.7) for one in each])
    u = np.random.default_rng(1).random((6, 50))
    expected = [one.quantile(row) for one, row in zip(each, u, strict=True)]
    np.testing.assert_array_equal(joined.rows(slice(0, 6)).quantile(u), expected)
    np.testing.assert_array_equal(joined.rows(slice(2, 5)).quantile(u[2:5]), expected[2:5])
    np.testing.assert_array_equal(
        joined.quantile(u.T), np.transpose(expected)
    )
    assert joined.varies
    assert not join_ranges([fixed(1.0), fixed(2.0)]).varies


def test_joined_ranges_over_resources_split_into_columns() -> None:
    joined = join_ranges([uniform([0.0, 2.0], [1.0, 4.0]), fixed([7.0, 8.0])])
    assert joined.shape == (2, 2)
    np.testing.assert_array_equal(joined.column(1).quantile(0.5), [3.0, 8.0])


@pytest.mark.parametrize(
    "ranges", [[], [fixed(1.0), fixed([1.0])], [join_ranges([fixed(1.0)])]]
)
def test_what_cannot_be_joined(ranges: list[Range]) -> None:
    with pytest.raises(ValueError, match="range"):
        join_ranges(ranges)
