"""The page of measurements: complete, equal to what was stored, every miss with its reason."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module", name="page")
def page_module() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("_page")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(name="rows")
def rows_module(page: ModuleType) -> ModuleType:
    return sys.modules["_rows"]


def test_the_page_is_what_was_stored(page: ModuleType) -> None:
    data, goals, reasons = page.read_data(), page.read_goals(), page.read_reasons()
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.measured_part(data, goals, reasons) in text
    assert text.count(page.BEGIN) == text.count(page.END) == 1


def test_the_picture_is_of_what_was_stored(page: ModuleType) -> None:
    from_figures = (
        f"figures {importlib.import_module('_picture').fingerprint(page.read_data()['growth'])}"
    )
    assert from_figures in page.PICTURE.read_text(encoding="utf-8")


def test_every_miss_has_a_reason_and_nothing_else_has(page: ModuleType) -> None:
    assert page.faults(page.read_data(), page.read_goals(), page.read_reasons()) == []


def test_what_is_stored_names_no_machine(page: ModuleType) -> None:
    text = page.DATA.read_text(encoding="utf-8")
    assert "/home" not in text
    assert "/work" not in text
    assert set(page.read_data()["machine"]) >= {"cores", "numpy", "processor", "python", "system"}


def test_every_goal_has_a_script_and_an_id_of_its_own(rows: ModuleType) -> None:
    goals = rows.all_goals(rows.read_goals())
    names = [goal["id"] for goal in goals]
    assert len(set(names)) == len(names)
    judges = ("at_most", "at_least", "over_ms", "within_s", "mib", "equal", "limit")
    assert all(sum(key in goal for key in judges) <= 1 for goal in goals)


# Ours 30 ms, the peer 10 ms: by hand, three times as long, a third as fast, 20 ms beyond it.
RECORD = {
    "work": "w",
    "peer": "p",
    "ours_ms": 30.0,
    "peer_ms": 10.0,
    "gap": 0.02,
    "reached": False,
    "peak_mib": 12.0,
}


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        ({"at_most": 3.0}, 3.0, True),
        ({"at_most": 2.9}, 3.0, False),
        ({"at_least": 0.5}, 1 / 3, False),
        ({"over_ms": 20.0}, 20.0, True),
        ({"within_s": 0.5, "gap": 0.02}, 0.03, True),
        ({"within_s": 0.5, "gap": 0.01}, float("inf"), False),
        ({"mib": 11}, 12.0, False),
        ({"equal": True}, 0.0, False),
        ({}, 1 / 3, None),
        ({"limit": True}, 3.0, None),
    ],
)
def test_a_record_is_judged_by_the_goal(
    rows: ModuleType, goal: dict[str, Any], value: float, reached: bool | None
) -> None:
    found = rows.judged(RECORD, goal)["value"]
    assert found == pytest.approx(value)
    assert rows.reached(goal, found) is reached


def test_of_some_runs_the_median_of_the_worst_counts(rows: ModuleType) -> None:
    goal = {"id": "g", "work": "chart *", "against": "p", "at_most": 2.0}
    runs = [
        [RECORD | {"work": f"chart {n}", "ours_ms": ms} for n, ms in enumerate(times)]
        for times in ((10.0, 15.0), (11.0, 30.0), (19.0, 12.0))
    ]
    found = rows.measured(goal, runs)  # worst of each: 1.5, 3.0, 1.9
    assert (found["value"], found["low"], found["high"]) == pytest.approx((1.9, 1.0, 3.0))
    assert found["ours"] == 19.0
    assert rows.measured(goal | {"work": "other"}, runs) is None


def test_a_record_that_names_its_goal_is_found_by_it(rows: ModuleType) -> None:
    goal = {"id": "g", "work": "w", "against": "p"}
    assert rows.answers(RECORD, goal)
    assert rows.answers({"row": "g"}, goal)
    assert not rows.answers(RECORD | {"row": "h"}, goal)


def test_slope_is_that_of_a_power(rows: ModuleType) -> None:
    sizes = [10.0**k for k in range(3, 8)]
    assert rows.slope(sizes, [3e-6 * n for n in sizes]) == pytest.approx(1.0)
    assert rows.slope(sizes, [n**1.5 for n in sizes]) == pytest.approx(1.5)
    # what every call costs is most of the time at first, and does not count
    assert rows.slope(sizes, [5.0, 5.0, *sizes[2:]]) == pytest.approx(1.0)


def test_missing_and_needless_reasons_are_told(page: ModuleType) -> None:
    goals = {
        "group": [{"row": [{"goals": [{"id": "a", "at_most": 2.0}, {"id": "b", "at_most": 2.0}]}]}],
        "growth": {"kernels": []},
    }
    data = {"rows": {"a": {"value": 3.0}, "b": {"value": 1.0}}, "growth": {}}
    assert page.faults(data, goals, {"a": "Memory."}) == []
    told = page.faults(data, goals, {"b": "Memory.", "c": "?"})
    assert [line.split(":")[0] for line in told] == ["a", "c", "b"]
