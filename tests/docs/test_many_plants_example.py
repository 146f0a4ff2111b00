"""The example of many plants: what it ships is what its script makes, from the source's figures."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sxsh_audit.scale.dataset import open_dataset

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "many-plants"


@pytest.fixture(scope="module")
def build() -> Any:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("many_plants_build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_shipped_is_what_the_script_makes(build: Any) -> None:
    dataset = open_dataset(FOLDER / "plants")
    read = [dataset.read(part) for part in dataset.parts]
    for kept, made in zip(zip(*read, strict=True), build.records(), strict=True):
        texts = [name for name, kind in made.dtypes.items() if kind == "str"]
        found = pd.concat(kept, ignore_index=True).astype(dict.fromkeys(texts, "str"))
        made = made.sort_values("facility", kind="stable", ignore_index=True)
        pd.testing.assert_frame_equal(found, made, check_dtype=False)
    assert {name: dataset.settings[name] for name in build.SETTINGS} == build.SETTINGS


def test_the_first_year_is_near_that_of_the_source(build: Any) -> None:
    """The months are drawn about a twelfth of the year: together they are the year, nearly."""
    with build.SOURCE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    source = sum(float(row["kwh"] or 0) for row in rows[: build.PLANTS])
    consumption, _ = build.records()
    power = consumption[consumption["resource"] == "electricity"]
    first = power["period"].str.startswith("2016")
    assert power.loc[first, "quantity"].abs().sum() == pytest.approx(source, rel=0.02)
