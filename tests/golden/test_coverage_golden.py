"""The published coverage: complete, of the scenarios written down, and what the methods do now."""

from __future__ import annotations

import csv
import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "coverage_bench", ROOT / "benchmarks" / "coverage.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stored(bench: ModuleType) -> list[dict[str, str]]:
    with bench.CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def smoke(bench: ModuleType) -> list[dict[str, Any]]:
    return list(bench.rows(bench.SMOKE_DRAWS))


def test_every_scenario_with_every_method_it_allows_is_published_once(
    bench: ModuleType, stored: list[dict[str, str]], smoke: list[dict[str, Any]]
) -> None:
    wanted = [(name, method) for name, scenario in bench.SCENARIOS.items()
              for method in bench.applicable(scenario)]  # fmt: skip
    assert [(row["scenario"], row["method"]) for row in stored] == wanted
    assert [(row["scenario"], row["method"]) for row in smoke] == wanted
    assert {int(row["draws"]) for row in stored} == {bench.DRAWS}


def test_figures_are_in_their_ranges(stored: list[dict[str, str]]) -> None:
    for row in stored:
        for part in ("coverage", "false_shown", "unbounded"):
            assert 0 <= float(row[part]) <= 1
        assert float(row["half_width_points"]) > 0
        assert math.isfinite(float(row["bias_points"]))


def test_a_method_under_85_percent_is_called_approximate(
    bench: ModuleType, stored: list[dict[str, str]]
) -> None:
    assert bench.LEAST == 0.85
    for row in stored:
        assert (row["label"] == "approximate") == (float(row["coverage"]) < bench.LEAST)


def test_defaults_cover_where_they_are_meant_to(
    bench: ModuleType, stored: list[dict[str, str]]
) -> None:
    meant = [row for row in stored if row["method"] in bench.DEFAULTS.values()
             and row["meant_for"] == "yes"]  # fmt: skip
    assert {row["method"] for row in meant} == set(bench.DEFAULTS.values())
    assert [row for row in meant if float(row["coverage"]) < bench.LEAST] == []


def test_there_are_scenarios_that_break_the_methods(
    bench: ModuleType, stored: list[dict[str, str]]
) -> None:
    """A simulation in which everything works would prove nothing."""
    broken = {row["scenario"] for row in stored
              if row["method"] == "ar1_stated" and row["label"] == "approximate"}  # fmt: skip
    assert {"mix_unseen", "drift", "output_badly_measured"} <= broken
    assert all(not bench.SCENARIOS[name].meant_for for name in broken)


def test_what_is_published_is_what_the_methods_do_now(
    stored: list[dict[str, str]], smoke: list[dict[str, Any]]
) -> None:
    """100 draws know a coverage p to √(p (1 − p) / 100): five of these are allowed, and never less
    than two draws. Both runs are seeded: it fails only where something has changed."""
    far = []
    for now, then in zip(smoke, stored, strict=True):
        p, draws = float(then["coverage"]), now["draws"]
        bound = max(5 * math.sqrt(p * (1 - p) / draws), 2 / draws)
        if abs(now["coverage"] - p) > bound:
            far.append((now, then))
    assert far == []


def test_cheap_rows_come_out_as_published(bench: ModuleType, stored: list[dict[str, str]]) -> None:
    for number, (name, scenario) in enumerate(bench.SCENARIOS.items()):
        if min(scenario.months) > 2:
            continue
        data = bench.simulate(scenario, bench.DRAWS, np.random.default_rng([2384, number]))
        found = bench.by_stated(data)
        covered = ((found.low <= scenario.saving) & (scenario.saving <= found.high)).mean()
        row = next(row for row in stored if row["scenario"] == name)
        assert covered == pytest.approx(float(row["coverage"]), abs=2 / bench.DRAWS)


def test_the_page_shows_what_is_stored(bench: ModuleType, stored: list[dict[str, str]]) -> None:
    page = bench.PAGE.read_text(encoding="utf-8")
    assert bench.as_table(stored) in page
    for name in bench.METHODS:
        assert f"`{name}`" in page
    for method in bench.DEFAULTS.values():
        assert f"| `{method}` |" in page
    assert f"{bench.DRAWS:,}" in page
