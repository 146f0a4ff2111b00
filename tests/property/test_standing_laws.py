"""Laws of quantiles, standings and ranks under what is not known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.standing import QUANTILE_METHOD, peer_quantiles, score_ranges, standing

figures = st.lists(st.integers(1, 40).map(float), min_size=1, max_size=30)
unsure = st.lists(st.integers(0, 5).map(float) | st.just(float("nan")), min_size=1, max_size=8)


@given(figures, st.integers(0, 100).map(lambda each: each / 100))
def test_quantiles_are_numpys_where_the_group_reaches_them(values: list[float], p: float) -> None:
    """An independent implementation: numpy's median_unbiased, which clips at both ends."""
    found = peer_quantiles(values, [p])[0]
    place = (len(values) + 1 / 3) * p + 1 / 3
    if 1 <= place <= len(values):
        assert found == pytest.approx(np.quantile(values, p, method=QUANTILE_METHOD))
    elif not (abs(place - 1) < 1e-9 or abs(place - len(values)) < 1e-9):
        assert np.isnan(found)


@given(figures)
def test_standing_mirrors_and_keeps_to_no_unit(values: list[float]) -> None:
    found = standing(values)
    assert found == pytest.approx(1 - standing(values, falling=True))
    assert (standing(np.array(values) / 3.6e6) == found).all()
    assert float(found.mean()) == pytest.approx(0.5)


@given(unsure, st.randoms(use_true_random=False))
def test_standing_follows_the_candidate(values: list[float], chance: object) -> None:
    order = list(range(len(values)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    mixed = standing([values[place] for place in order])
    assert np.array_equal(mixed, standing(values)[order], equal_nan=True)


@given(st.lists(st.lists(st.sampled_from([0.0, 0.3, 0.5, 1.0, float("nan")]), min_size=2,
                         max_size=2), min_size=1, max_size=4))  # fmt: skip
def test_no_value_of_the_unknown_leaves_the_bounds(rows: list[list[float]]) -> None:
    """Every filling with worst, middle and best is tried; the bounds are reached and never left."""
    table, weights = np.array(rows), np.array([2.0, 1.0])
    found = score_ranges(table, weights)
    holes = np.argwhere(np.isnan(table))
    ranks = []
    for filling in product((0.0, 0.5, 1.0), repeat=len(holes)):
        filled = table.copy()
        filled[tuple(holes.T)] = filling
        scores = np.rint(filled @ weights / 3 * 1e9)
        ranks.append([1 + int((scores > each).sum()) for each in scores])
    assert (np.min(ranks, axis=0) == found.best).all()
    assert (np.max(ranks, axis=0) == found.worst).all()


def test_score_outside_the_scale_is_refused() -> None:
    with pytest.raises(RangeError) as caught:
        score_ranges([[70.0]], [1])
    assert caught.value.code == "standing.score"
    with pytest.raises(RangeError) as caught:
        peer_quantiles([1.0], [25.0])
    assert caught.value.code == "standing.quantile"
