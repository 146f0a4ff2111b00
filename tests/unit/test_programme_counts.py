"""Counts with unknown answers, by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sxsh_audit.calc.programme_counts import count_answers, share_of, shares_of_groups


def test_shares_by_hand() -> None:
    """Ten plants: 5 yes, 2 no, 3 unknown: 5/10 to 8/10, and 5/7 of those known."""
    answers = [1] * 5 + [0] * 2 + [-1] * 3
    counts = count_answers(answers, [0] * 10, 1)
    assert [part.tolist() for part in counts] == [[5], [2], [3]]
    known, lowest, highest = shares_of_groups(counts)
    assert (known[0], lowest[0], highest[0]) == pytest.approx((5 / 7, 0.5, 0.8), abs=1e-15)


def test_an_empty_group_has_no_share() -> None:
    shares = shares_of_groups(count_answers([1], [0], 2))
    assert all(np.isnan(share[1]) for share in shares)


def test_what_is_neither_yes_no_nor_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="1 for yes, 0 for no or -1"):
        count_answers([2], [0], 1)


def completions(answers: list[int], members: list[int]) -> list[float]:
    """Every share that some completion of the unknown gives."""
    found = []
    for said in itertools.product(*([0, 1] if a < 0 else [a] for a in answers)):
        for inside in itertools.product(*([0, 1] if m < 0 else [m] for m in members)):
            base = sum(inside)
            if base:
                found.append(sum(a * m for a, m in zip(said, inside, strict=True)) / base)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_bounds_are_those_of_all_completions(seed: int) -> None:
    """Independent method: try every completion of the unknown answers and memberships."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    answers, members = (rng.integers(-1, 2, n).tolist() for _ in range(2))
    found, every = share_of(answers, members), completions(answers, members)
    if not every:
        assert np.isnan(found.lowest)
        assert np.isnan(found.highest)
        return
    if not np.isnan(found.lowest):
        assert found.lowest == pytest.approx(min(every), abs=1e-15)
    if not np.isnan(found.highest):
        assert found.highest == pytest.approx(max(every), abs=1e-15)
