"""Choice of plants: every score worked out by hand, nothing unknown taken for 0."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.assessment.province.candidates import Candidates, rank_candidates
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.errors import Refusal
from sxsh_audit.tables.register import Register

RAPID = {"saving": 50.0, "size": 30.0, "pollution": 20.0, "data": 0.0, "cost": 0.0}
SHOWN = {"saving": 1.0, "size": 1.0, "pollution": 0.0, "data": 1.0, "cost": 1.0, "followers": 1.0}


def plants(**changed: Any) -> pd.DataFrame:
    return pd.DataFrame({
        "establishment": list("ABCDE"), "sector": "gạch", "product": "gạch", "output": 1000.0,
        "output_unit": "t", "employees": 20.0, "energy_toe": [100.0, 120, 140, 160, 300],
        "pollution": ["no", "no", "", "no", "yes"], **changed,
    })  # fmt: skip


def register(frame: pd.DataFrame, **tables: pd.DataFrame) -> Register:
    return Register.from_frames(establishments=frame, **tables)


def ranks(found: Candidates) -> dict[str, tuple[int, int, int]]:
    return {row.establishment: (row.rank, row.best_rank, row.worst_rank) for row in found.ranking}


def test_scores_by_hand() -> None:
    found = rank_candidates(register(plants()), weights=RAPID)
    # the 25 % quantile of 0.1, 0.12 … is 0.1 + 2/3 · 0.02 = 0.11333 TOE/t
    criteria = found.criteria["E", "saving"]
    assert criteria.value == pytest.approx(1 - 0.34 / 3 / 0.3)
    assert found.criteria["A", "saving"].value == pytest.approx(1 - 0.34 / 3 / 0.1)  # < 0
    # standings 1, ¾, ½, ¼, 0 for saving and size; pollution as it is
    assert found.ranking["E"].score == pytest.approx(1.0)
    assert found.ranking["D"].score == pytest.approx(0.8 * 0.75)
    assert (found.ranking["C"].low, found.ranking["C"].high) == pytest.approx((0.4, 0.6))
    # C can reach the 0.6 of D, and equal ones share a rank
    assert ranks(found) == {"E": (1, 1, 1), "D": (2, 2, 2), "C": (3, 2, 3), "B": (4, 4, 4),
                            "A": (5, 5, 5)}  # fmt: skip
    assert found.ranking["C"].unknown == ["pollution"]


def test_score_is_the_sum_of_what_is_explained() -> None:
    found = rank_candidates(register(plants()), weights=RAPID)
    for row in found.ranking:
        parts = [each for each in found.criteria if each.establishment == row.establishment]
        low = sum(each.weight * (each.score or 0) for each in parts)
        assert low == pytest.approx(row.low)
        assert sum(each.weight for each in parts) == pytest.approx(1)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_score_can_be_told(language: Any) -> None:
    found = rank_candidates(register(plants()), weights=RAPID, programme="vn-qb-2384",
                            cutoff=dt.date(2014, 12, 31))  # fmt: skip
    text = str(found.explain("C", language))
    told = {"vi": ["chưa biết", "40,0–60,0", "phân vị 25 %", "Thứ tự 3"],
            "en": ["not known", "40.0–60.0", "25% quantile", "Rank 3"]}  # fmt: skip
    assert all(each in " ".join(text.split()) for each in told[language])
    assert found.ranking["E"].above_target is True
    assert found.ranking["A"].above_target is False


def test_weights_are_the_users_and_in_the_output() -> None:
    with pytest.raises(TypeError):
        rank_candidates(register(plants()))  # type: ignore[call-arg]
    for wrong, code in (({"saving": 1.0}, "weight_missing"),
                        ({**RAPID, "luck": 1.0}, "weight_unknown")):
        with pytest.raises(Refusal) as caught:
            rank_candidates(register(plants()), weights=wrong)
        assert caught.value.code == f"candidates.{code}"
    with pytest.raises(RangeError):
        rank_candidates(register(plants()), weights=dict.fromkeys(RAPID, 0))
    assert rank_candidates(register(plants()), weights=RAPID).settings["weights"] == RAPID


def test_only_proportions_of_the_weights_count() -> None:
    one = rank_candidates(register(plants()), weights=RAPID)
    other = rank_candidates(register(plants()), weights={k: v / 7 for k, v in RAPID.items()})
    assert ranks(one) == ranks(other)


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_unit_of_output_do_not_matter(seed: int) -> None:
    frame = plants()
    mixed = frame.sample(frac=1, random_state=seed)
    in_kg = frame.assign(output=frame["output"] * 1000, output_unit="kg")
    expected = ranks(rank_candidates(register(frame), weights=RAPID))
    assert ranks(rank_candidates(register(mixed), weights=RAPID)) == expected
    assert ranks(rank_candidates(register(in_kg), weights=RAPID)) == expected


def test_a_wrong_unit_does_not_come_first() -> None:
    frame = pd.concat([plants(), plants().tail(1).assign(establishment="X", energy_toe=300e3,
                                                          pollution="no")])  # fmt: skip
    found = rank_candidates(register(frame), weights={**RAPID, "size": 0})
    assert found.criteria["X", "saving"].told == {"code": "unknown", "reason": "far"}
    assert found.ranking["X"].low == 0
    whole = rank_candidates(register(frame), weights=RAPID)
    assert whole.criteria["X", "size"].value is None  # 300 000 TOE is as doubtful
    assert "benchmark.far" in found.findings.codes()


def test_few_peers_leave_the_saving_open() -> None:
    found = rank_candidates(register(plants().head(4)), weights=RAPID)
    assert {row.told["reason"] for row in found.criteria if row.criterion == "saving"} == {
        "few_peers"}  # fmt: skip
    assert "candidates.unknown_for" in found.findings.codes()


def test_who_is_no_candidate_is_told_why() -> None:
    frame = plants(closed=[dt.date(2013, 1, 1), None, None, None, None])
    statuses = pd.DataFrame({"establishment": ["B"], "indicator": ["assessed"], "value": ["yes"],
                             "date": [dt.date(2014, 1, 1)]})  # fmt: skip
    found = rank_candidates(register(frame, statuses=statuses), weights=RAPID)
    assert {row.establishment: row.reason for row in found.left_out} == {
        "A": "closed", "B": "assessed"}  # fmt: skip
    with pytest.raises(Refusal) as caught:
        found.explain("B")
    assert caught.value.code == "candidates.left_assessed"
    with pytest.raises(Refusal) as caught:
        found.explain("Q")
    assert caught.value.code == "candidates.unknown"
    again = rank_candidates(register(frame, statuses=statuses), weights=RAPID, again=True)
    assert "B" in ranks(again)


def demonstration() -> Register:
    frame = plants(publish=["yes", "no", "", "yes", "yes"],
                   sector=["gạch", "gạch", "gạch", "bia", ""])  # fmt: skip
    verdicts = pd.DataFrame({
        "establishment": ["A", "A", "D"], "study": ["old", "new", "d"],
        "saving": [0.2, 0.06, -0.01],
        "end": [dt.date(2013, 12, 31), dt.date(2014, 12, 31), dt.date(2014, 12, 31)],
    })  # fmt: skip
    results = pd.DataFrame({
        "establishment": ["A"], "study": ["new"], "resource": ["electricity"],
        "quality": ["measured"], "months": [12.0], "end": [dt.date(2014, 12, 31)],
        "reporting": [50.0], "output_reporting": [1000.0], "price": [1500.0], "currency": ["VND"],
    })  # fmt: skip
    options = pd.DataFrame({
        "establishment": ["A", "A", "A", "D"], "study": ["new"] * 3 + ["d"],
        "option": ["1", "2", "3", "1"], "status": ["proposed", "implemented", "approved", ""],
        "cost": [10e6, 99e6, 5e6, np.nan], "currency": "VND",
    })  # fmt: skip
    return register(frame, verdicts=verdicts, results=results, options=options)


def test_demonstration_plants() -> None:
    found = rank_candidates(demonstration(), weights=SHOWN, kind="demonstration", size="money")
    assert {row.establishment: row.reason for row in found.left_out} == {"B": "no_consent"}
    value = {(row.establishment, row.criterion): row.value for row in found.criteria}
    assert value["A", "saving"] == 0.06  # the latest study, not the best one
    assert value["D", "saving"] == -0.01  # worse is not clipped
    assert value["C", "saving"] is None
    assert value["A", "size"] == 75e6  # 50 kWh/t · 1000 t · 1500 đồng
    assert value["A", "cost"] == 15e6  # what is done costs nothing more
    assert value["D", "cost"] is None
    assert value["A", "followers"] == 1  # C; B is no candidate
    assert value["E", "followers"] is None
    assert value["A", "data"] == 1
    assert value["D", "data"] == pytest.approx(7 / 9)  # neither metered nor twelve months


def test_code_of_activity_stands_in_for_the_sector() -> None:
    frame = plants(sector="", vsic=["10", "10", "10", "10", ""],
                   vsic_version=["2007", "2007", "2018", "2007", ""])  # fmt: skip
    found = rank_candidates(register(frame), weights=SHOWN, kind="demonstration")
    values = [row.value for row in found.criteria if row.criterion == "followers"]
    assert values == [2, 2, 0, 2, None]  # a code of 2018 is another one than of 2007


def test_costs_that_the_user_states_come_first() -> None:
    found = rank_candidates(demonstration(), weights=SHOWN, kind="demonstration",
                            costs={"A": 1e6, "C": 2e6})  # fmt: skip
    assert found.criteria["A", "cost"].value == 1e6
    assert found.criteria["A", "cost"].score == 1
    assert found.criteria["C", "cost"].score == 0


@pytest.mark.parametrize(("asked", "code"), [
    ({"kind": "best"}, "kind"), ({"size": "area"}, "size"), ({"against": ["luck"]}, "against"),
])  # fmt: skip
def test_unknown_choices(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        rank_candidates(register(plants()), weights=RAPID, **asked)
    assert caught.value.code == f"candidates.{code}"


def test_water_is_not_counted_by_the_decision() -> None:
    found = rank_candidates(register(plants()), weights=RAPID, programme="vn-qb-2384",
                            resource="water")  # fmt: skip
    assert "candidates.not_counted" in found.findings.codes()
    assert found.criteria["A", "saving"].value is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_reads_back_and_shows(language: Any) -> None:
    for found in (rank_candidates(register(plants()), weights=RAPID),
                  rank_candidates(demonstration(), weights=SHOWN, kind="demonstration")):
        again = Candidates.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
        assert again.to_text(language) == found.to_text(language)
        for row in found.ranking:
            assert str(again.explain(row.establishment, language))
        assert len(found.to_frame()) == len(found.ranking)
