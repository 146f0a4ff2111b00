"""Laws of open data: what they say is what was found, and who is in them cannot be told apart."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import sxsh_audit
from sxsh_audit.calc.anonymity import coarsening_levels
from sxsh_audit.reports.open_data import write_open_data
from sxsh_audit.tables.register import Register

SALT = b"a secret of the province, 32 b.."
UNITS = {"electricity": "kWh", "coal": "t", "water": "m3", "Keo AB-12": "kg"}
CATEGORIES = {"electricity": "purchased_energy", "coal": "fuel", "water": "water",
              "Keo AB-12": "other_material"}  # fmt: skip
figure = st.floats(1e-3, 1e6)
row = st.fixed_dictionaries({
    "baseline": figure, "reporting": figure, "price": figure, "output_reporting": st.just(0.0),
})  # fmt: skip
plant = st.fixed_dictionaries({
    "output": st.floats(1, 1e9),
    "division": st.sampled_from(["1702", "1010", "3290"]),
    "employees": st.sampled_from([5.0, 50.0, 500.0, float("nan")]),
    "resources": st.dictionaries(st.sampled_from(sorted(UNITS)), row, min_size=1),
})  # fmt: skip


def register_of(plants: list[dict[str, Any]]) -> Register:
    """Return a register with one study of each plant."""
    establishments = [
        {"establishment": f"QB-{i:03}", "name": f"Nhà máy số {i}", "vsic": one["division"],
         "vsic_version": "2018", "employees": one["employees"], "publish": "yes"}
        for i, one in enumerate(plants)
    ]  # fmt: skip
    results = [
        {**figures, "establishment": f"QB-{i:03}", "study": "đợt 1", "resource": resource,
         "category": CATEGORIES[resource], "unit": UNITS[resource], "output_unit": "t",
         "output_reporting": one["output"], "currency": "VND", "quality": "billed",
         "saving": (figures["baseline"] - figures["reporting"]) / figures["baseline"]}
        for i, one in enumerate(plants) for resource, figures in one["resources"].items()
    ]  # fmt: skip
    return Register.from_frames(establishments=pd.DataFrame(establishments),
                                results=pd.DataFrame(results))  # fmt: skip


@given(st.lists(plant, min_size=2, max_size=5), st.sampled_from(["scaled", "exact"]))
@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
def test_assessing_the_open_study_finds_the_savings_again(
    plants: list[dict[str, Any]], amounts: str
) -> None:
    alike = [{**one, "division": "1702", "employees": 50.0} for one in plants]
    with tempfile.TemporaryDirectory() as place:
        done = write_open_data(register_of(alike), place, salt=SALT, minimum=2,
                               amounts=amounts, parquet=False)  # fmt: skip
        again = sxsh_audit.assess(sxsh_audit.read_study(done.study), overall="cost_weighted")
    known = ("electricity", "coal", "water")
    expected = sorted(
        (resource if resource in known else "other_material_1",
         (one["baseline"] - one["reporting"]) / one["baseline"])
        for each in plants for resource, one in each["resources"].items()
    )  # fmt: skip
    found = sorted((record["resource"], record["saving"]) for record in again.savings.rows)
    assert [key for key, _ in found] == [key for key, _ in expected]
    np.testing.assert_allclose([value for _, value in found], [value for _, value in expected],
                               rtol=1e-9, atol=1e-12)  # fmt: skip
    # Σ p (b − c) / Σ p b by plant, worked out from what was put in
    overall = sorted(
        sum(one["price"] * (one["baseline"] - one["reporting"]) for one in counted)
        / sum(one["price"] * one["baseline"] for one in counted)
        for counted in (each["resources"].values() for each in plants)
    )  # fmt: skip
    told = sorted(record["cost_weighted_saving"] for record in again.verdict.rows)
    np.testing.assert_allclose(told, overall, rtol=1e-9, atol=1e-12)


@given(st.lists(plant, min_size=5, max_size=24), st.integers(2, 5), st.data())
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_every_published_plant_is_one_of_at_least_so_many_alike(
    plants: list[dict[str, Any]], minimum: int, data: st.DataObject
) -> None:
    register = register_of(plants)
    mixed = data.draw(st.permutations(range(len(plants))))
    shuffled = register.with_tables(establishments=register.establishments.iloc[list(mixed)])
    with tempfile.TemporaryDirectory() as place:
        texts = []
        for name, one in (("a", register), ("b", shuffled)):
            write_open_data(one, Path(place) / name, salt=SALT, minimum=minimum, parquet=False)
            texts.append(
                {
                    path.relative_to(Path(place) / name): path.read_bytes()
                    for path in (Path(place) / name).rglob("*")
                    if path.is_file()
                }
            )
        assert texts[0] == texts[1]  # whatever the order of the register
        table = pd.read_csv(Path(place) / "a" / "plants.csv", dtype=str, keep_default_na=False)
    told = ["section", "division", "vsic_version", "employees", "year"]
    classes = Counter(map(tuple, table[told].to_numpy().tolist()))
    for *values, alike in table[[*told, "alike"]].to_numpy().tolist():
        assert classes[tuple(values)] == int(alike) >= minimum


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40), st.integers(1, 6))
def test_no_record_is_coarser_than_it_must_be(records: list[tuple[int, int]], minimum: int) -> None:
    views = [records, [one[:1] for one in records], [()] * len(records)]
    levels, alike = coarsening_levels(views, minimum)
    whole = Counter(records)
    for record, level, count in zip(records, levels.tolist(), alike.tolist(), strict=True):
        assert (level == 0) == (whole[record] >= minimum)
        assert (count == 0) == (level == len(views))
        assert level == len(views) or count >= minimum


def test_views_must_tell_of_the_same_records() -> None:
    for views, minimum in (([], 2), ([[1], []], 2), ([[1]], 0)):
        with pytest.raises(ValueError, match=r"view|minimum"):
            coarsening_levels(views, minimum)
