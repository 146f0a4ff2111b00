"""Laws of many plants: together or one by one, every figure and every finding is the same."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from many_plants import MESSES, NUMBERS, TEXTS, frame_of, many_plants, rows_of

from sxsh_audit.assessment.many import plan as plan_module
from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.errors import StudyError
from sxsh_audit.tables.typed import Typed, plant_names

PRICES = pd.DataFrame({"resource": ["Điện", "Nước"], "price": [1500.0, 8000.0],
                       "unit": ["đồng/kWh", "đồng/m3"], "vat": ["chưa gồm", None]})  # fmt: skip
RESOURCES = pd.DataFrame({"resource": ["Than đá xít"], "category": ["nhiên liệu"], "unit": ["kg"]})
BASE = {"baseline": "2013", "reporting": "2014", "locale": "vi"}
PLANS = (
    Plan(BASE),
    Plan({**BASE, "programme": "vn-qb-2384", "quality": "hóa đơn"}, tables={"prices": PRICES}),
    Plan(BASE, programme="vn-1419", phase="2016-2020", factor_set="vn-tt20-2016"),
    Plan({**BASE, "baseline": "2013-01 – 2013-09"}, tables={"resources": RESOURCES}),
    Plan({**BASE, "output": "mass"}, tables={"prices": PRICES.assign(facility=["", "B0"])}),
)
slow = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def one_by_one(plan: Plan, used: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Assess every plant by the door of a single study."""
    names = plant_names(used, made)
    patch = pytest.MonkeyPatch()
    patch.setattr(plan_module, "typed_study", lambda *_: Typed(None, names))
    patch.setattr(plan_module, "studies_of_plants", lambda *_: ())
    try:
        return plan.assess(used, made)
    finally:
        patch.undo()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare every column bit for bit."""
    assert list(found.columns) == list(expected.columns)
    assert found.dtypes.tolist() == expected.dtypes.tolist()
    assert len(found) == len(expected)
    for name in found:
        mine, other = found[name].to_numpy(), expected[name].to_numpy()
        if mine.dtype.kind == "f":
            assert np.array_equal(mine.view(np.int64)[~np.isnan(mine)],
                                  other.view(np.int64)[~np.isnan(mine)]), name  # fmt: skip
            assert np.array_equal(np.isnan(mine), np.isnan(other)), name
        else:
            assert mine.tolist() == other.tolist(), name


@slow
@given(many_plants(), st.sampled_from(PLANS))
def test_together_is_one_by_one(frames: tuple[pd.DataFrame, pd.DataFrame], plan: Plan) -> None:
    assert_same(plan.assess(*frames), one_by_one(plan, *frames))


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_a_plant_of_each_kind_between_tidy_ones(plan: Plan) -> None:
    """Every mess once, at the figures of a province (up to 10¹³ đồng), a tidy plant after each."""
    random = np.random.default_rng(2384)
    used: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    kinds = [kind for mess in dict.fromkeys(MESSES) for kind in (mess, "")]
    for number, kind in enumerate(kinds):
        rows = rows_of(partial(drawn, random), f"P{number:03d}", kind)
        used += rows[0]
        made += rows[1]
    frames = frame_of(used, (*TEXTS, *NUMBERS), True), frame_of(made, (*TEXTS, *NUMBERS), True)
    if plan is PLANS[1]:  # a column that no study reads is told of each plant
        frames = frames[0].assign(district="Lệ Thủy"), frames[1].assign(loaded=20261126)
    assert_same(plan.assess(*frames), one_by_one(plan, *frames))
    ways = plan.ways(*frames)
    assert ways["together"] + ways["alone"] == len(kinds)
    assert ways["together"] > len(kinds) / 2, "a plant made its neighbours lose the quick way"


def test_a_table_of_plants_leaves_the_quick_way_to_those_of_whom_it_tells_nothing() -> None:
    random = np.random.default_rng(889)
    used, made = [], []
    for number in range(7):
        rows = rows_of(partial(drawn, random), f"P{number}", "below zero" if number == 5 else "")
        used += rows[0]
        made += rows[1]
    frames = frame_of(used, (*TEXTS, *NUMBERS), True), frame_of(made, (*TEXTS, *NUMBERS), True)
    table = pd.DataFrame({
        "facility": ["P0", "P1", "P2", "P3", "P3", "P5", "of nobody"],
        "name": ["Xi măng An Bình", "P2", "Gạch Đồng Hới", "Một", "Hai", "Năm", "Không"],
        "employees": [120, "nhiều", 15, 7, 7, 30, 1],
        "sector": ["", "", "", "", "", "", ""],
    })  # fmt: skip
    plan = Plan({**BASE, "programme": "vn-qb-2384"}, tables={"facility": table})
    found = plan.assess(*frames)
    assert_same(found, one_by_one(plan, *frames))
    # By hand: «nhiều» is no number, P3 stands twice, P5 used less than nothing.
    assert sorted(found.loc[found["refused"], "facility"]) == ["P1", "P3", "P5"]
    assert plan.ways(*frames) == {"together": 4, "alone": 3}


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_record_of_no_plant_is_refused_and_not_lost(name: str | None) -> None:
    used = pd.DataFrame({"facility": ["A", name], "resource": "electricity", "period": "2013",
                         "quantity": 1.0, "unit": "kWh"})  # fmt: skip
    made = used.iloc[:1][["facility", "period", "quantity", "unit"]]
    with pytest.raises(StudyError) as refused:
        Plan(BASE).assess(used, made)
    assert [item.code for item in refused.value.findings] == ["batches.no_facility"]


def drawn(random: np.random.Generator, strategy: Any) -> Any:
    """Draw without hypothesis what `rows_of` asks for."""
    if "integers" in repr(strategy):
        return int(random.integers(0, 24))
    if "lists" in repr(strategy):
        return ["electricity", "coal", "water"]
    return float(random.lognormal(15, 6))


def test_a_plan_is_a_value() -> None:
    assert dataclasses.replace(PLANS[0]) == PLANS[0]
