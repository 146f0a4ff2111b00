"""Laws of screening against a fine grid of weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.screening import screen_options


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 4))
    points = st.lists(st.integers(0, 10).map(float), min_size=rows * columns,
                      max_size=rows * columns)  # fmt: skip
    weights = st.lists(st.integers(1, 5).map(float), min_size=columns, max_size=columns)
    return np.array(draw(points)).reshape(rows, columns), np.array(draw(weights))


def at(table: np.ndarray, weights: np.ndarray, place: int, weight: float) -> np.ndarray:
    """Score with one weight at `weight`, the others in proportion: as one would try it out."""
    tried = weights / weights.sum()
    rest = 1 - tried[place]
    tried = tried * (1 - weight) / rest
    tried[place] = weight
    return table @ tried


@given(tables())
def test_between_two_changes_nothing_changes(case: tuple[np.ndarray, np.ndarray]) -> None:
    table, weights = case
    for place, effect in enumerate(screen_options(*case, implement=6, study=3.5).effects):
        ends = np.array([0.0, *effect.first_changes, 1.0])
        assert len(effect.first) == len(ends) - 1
        for low, high, first in zip(ends[:-1], ends[1:], effect.first, strict=True):
            for part in (0.01, 0.5, 0.99):
                score = at(table, weights, place, low + part * (high - low))
                best = np.flatnonzero(score > score.max() - 1e-9)
                assert set(first) <= set(best.tolist())
        for one, two in pairwise(effect.first):
            assert set(one) != set(two)
        changes = list(zip(effect.decision_changes, effect.changing, strict=True))
        for option in range(len(table)):
            own = np.array([0.0, *(t for t, name in changes if name == option), 1.0])
            middles = (own[:-1] + own[1:]) / 2
            seen = [np.searchsorted([3.5, 6.0], at(table, weights, place, t)[option], "right")
                    for t in middles]  # fmt: skip
            assert all(one != two for one, two in pairwise(seen))


@given(tables(), st.floats(0.01, 1))
def test_ranks_tried_out_are_in_the_range(
    case: tuple[np.ndarray, np.ndarray], change: float
) -> None:
    table, weights = case
    found = screen_options(table, weights, implement=6, study=3.5, change=change)
    assert found.best_rank is not None
    assert found.worst_rank is not None
    part = weights / weights.sum()
    for place in range(weights.size):
        low, high = max(part[place] - change, 0.0), min(part[place] + change, 1.0)
        seen = []
        for tried in np.linspace(low, high, 41):
            score = at(table, weights, place, tried)
            seen.append(1 + (score[None, :] > score[:, None] + 1e-9).sum(axis=1))
        assert (found.best_rank[:, place] <= np.min(seen, axis=0)).all()
        assert (found.worst_rank[:, place] >= np.max(seen, axis=0)).all()


@given(tables(), st.data())
def test_the_order_of_the_rows_decides_nothing(
    case: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    table, weights = case
    order = np.array(data.draw(st.permutations(range(len(table)))))
    one = screen_options(table, weights, implement=6, study=3.5, change=0.1)
    other = screen_options(table[order], weights, implement=6, study=3.5, change=0.1)
    for name in ("decision", "score", "rank", "best_rank", "worst_rank"):
        np.testing.assert_array_equal(
            np.asarray(getattr(one, name))[order], np.asarray(getattr(other, name))
        )


@given(tables(), st.data())
def test_a_better_score_never_worsens_rank_or_decision(
    case: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    table, weights = case
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, weights.size - 1))
    better = table.copy()
    better[row, column] += data.draw(st.integers(1, 5))
    before, after = (screen_options(each, weights, implement=6, study=3.5)
                     for each in (table, better))  # fmt: skip
    assert after.rank[row] <= before.rank[row]
    assert after.decision.codes[row] <= before.decision.codes[row]
