"""Screening by weighted sum: hand calculations, refusals."""

from __future__ import annotations

import math

import pytest

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.screening import Screening, screen_options

SCORES = [[8.0, 6.0, 9.0], [5.0, 9.0, 4.0], [2.0, 3.0, 5.0]]
NAN = math.nan


def screened(scores: object = SCORES, weights: object = (30, 40, 30), **more: object) -> Screening:
    given: dict[str, object] = {"implement": 7.0, "study": 5.0} | more
    return screen_options(scores, weights, **given)  # type: ignore[arg-type]


def test_weighted_sum_by_hand() -> None:
    # 0.3 × 8 + 0.4 × 6 + 0.3 × 9 = 7.5; 1.5 + 3.6 + 1.2 = 6.3; 0.6 + 1.2 + 1.5 = 3.3
    found = screened()
    assert found.score.tolist() == pytest.approx([7.5, 6.3, 3.3])
    assert found.decision.tolist() == ["implement", "study", "reject"]
    assert found.rank.tolist() == [1, 2, 3]
    assert found.best_rank is found.worst_rank is None


def test_only_the_proportions_of_the_weights_count() -> None:
    assert screened(weights=[3, 4, 3]).score.tolist() == pytest.approx([7.5, 6.3, 3.3])


def test_a_score_on_the_threshold_reaches_it() -> None:
    found = screened([[0.1], [0.3]], [0.3], implement=0.1 + 0.2, study=0.1)
    assert found.decision.tolist() == ["study", "implement"]


def test_an_unknown_score_leaves_the_decision_unknown() -> None:
    table = [[NAN, 9.0], [5.0, 5.0]]
    found = screened(table, [1, 1])
    assert found.decision.tolist() == ["unknown", "study"]
    assert found.rank.tolist() == [2, 1]
    assert screened(table, [0, 1]).decision.tolist() == ["implement", "study"]


def test_equal_scores_share_a_rank() -> None:
    assert screened([[5.0], [7.0], [5.0], [3.0]], [1]).rank.tolist() == [2, 1, 2, 4]


def test_the_weight_at_which_the_first_place_changes() -> None:
    # Economy at t: A 6 t + 8.5 (1 − t), B 9 t + 4.5 (1 − t): equal at 7 t = 4.
    effect = screened(option_ids=["A", "B", "C"]).effects[1]
    assert (effect.criterion, effect.weight) == ("economic", pytest.approx(0.4))
    assert effect.first_changes.tolist() == pytest.approx([4 / 7])
    assert effect.first == (("A",), ("B",))


def test_the_weights_at_which_a_decision_changes() -> None:
    # A: 8.5 − 2.5 t = 7 at 0.6. B: 4.5 + 4.5 t = 5 at 1/9, = 7 at 5/9. C: 3.5 − 0.5 t: never.
    effect = screened(option_ids=["A", "B", "C"]).effects[1]
    assert effect.decision_changes.tolist() == pytest.approx([1 / 9, 5 / 9, 0.6])
    assert effect.changing == ("B", "B", "A")


def test_the_range_of_ranks_while_a_weight_changes() -> None:
    found = screened(change=0.2)  # economy from 0.2 to 0.6: A and B change places at 4/7
    assert found.best_rank is not None
    assert found.worst_rank is not None
    assert found.best_rank[:, 1].tolist() == [1, 1, 3]
    assert found.worst_rank[:, 1].tolist() == [2, 2, 3]
    narrow = screened(change=0.1)
    assert narrow.worst_rank is not None
    assert narrow.worst_rank[:, 1].tolist() == [1, 2, 3]


def test_a_lone_weight_has_no_proportions_beside_it() -> None:
    found = screened(weights=[0, 1, 0], change=0.2)
    assert found.effects[1].first == ()
    assert found.effects[1].first_changes.size == 0
    assert found.effects[0].first  # technical from 0 upwards, against economic alone


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"weights": [1, -1, 1]}, "screening.weight"),
        ({"weights": [1, NAN, 1]}, "screening.weight"),
        ({"weights": [0, 0, 0]}, "screening.no_weight"),
        ({"scores": [[1.0, 2.0, math.inf]]}, "screening.score"),
        ({"study": 8.0}, "screening.thresholds"),
        ({"implement": NAN}, "screening.thresholds"),
        ({"option_ids": ["A", "A", "B"]}, "calc.duplicate_option"),
    ],
)
def test_what_is_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(RangeError) as refused:
        screened(**given)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"weights": [1, 2]}, "weights"), ({"change": 0.0}, "change"), ({"criteria": ["a"]}, "names")],
)
def test_wrong_calls(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        screened(**wrong)
