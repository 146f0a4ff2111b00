"""One plant, meter or product is one key, however its letters and spaces were typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.assessment.assess import assess
from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.scale.dataset import open_dataset, write_dataset
from sxsh_audit.scale.running import assess_many
from sxsh_audit.tables.study import Study

SETTINGS = {"baseline": "2013", "reporting": "2014"}
YEARS = ["2013", "2014"]


def apart(text: str) -> str:
    """Write letters and marks one by one, as some Vietnamese keyboards do."""
    found = unicodedata.normalize("NFD", text)
    assert found != text
    return found


def used(plant: str, resource: str = "Điện", meter: str = "") -> pd.DataFrame:
    return pd.DataFrame({"facility": plant, "resource": resource, "period": YEARS,
                         "meter": meter, "quantity": [1000.0, 900.0], "unit": "kWh"})  # fmt: skip


def made(plant: str, product: str = "") -> pd.DataFrame:
    return pd.DataFrame({"facility": plant, "product": product, "period": YEARS,
                         "quantity": [10.0, 10.0], "unit": "t"})  # fmt: skip


ETH = "\u00d0"
"""A letter of Icelandic that looks like Đ; old Vietnamese fonts and converters wrote it."""


def spelled(name: str) -> list[str]:
    return [name, apart(name), f"  {name} ", name.replace(" ", "\u00a0"), name.replace(" ", "  "),
            name.replace("Đ", ETH)]  # fmt: skip


@pytest.mark.parametrize("name", spelled("Gạch Đồng Hới"))
def test_a_plant_is_one_in_every_spelling(name: str) -> None:
    other = "Sợi"
    study = Study(consumption=pd.concat([used("Gạch Đồng Hới"), used(other)]),
                  production=pd.concat([made(name), made(other)]), **SETTINGS)  # fmt: skip
    found = assess(study).savings.to_frame()
    assert found["facility"].tolist() == ["Gạch Đồng Hới", other]
    assert found["saving"].round(9).tolist() == [0.1, 0.1]  # (100 − 90) / 100 by hand


@pytest.mark.parametrize(("name", "code"), [
    ("gạch huế", "study.plant_named_otherwise"), ("Gach Hue", "study.plant_named_otherwise"),
    ("Xi măng", "study.plant_without_output"),
])  # fmt: skip
def test_a_plant_that_production_does_not_name_is_told(name: str, code: str) -> None:
    """Nobody guesses that they are one; the plant is left without figures, and it is said why."""
    study = Study(consumption=pd.concat([used("Gạch Huế"), used("Sợi")]),
                  production=pd.concat([made(name), made("Sợi")]), **SETTINGS)  # fmt: skip
    told = [item for item in study.findings if item.code.startswith("study.plant_")]
    assert [(item.code, item.place.facility, item.place.row) for item in told] == [
        (code, "Gạch Huế", 2)]  # fmt: skip
    assert told[0].numbers["near"] == ([name] if code.endswith("otherwise") else [])
    assert assess(study).savings[0].saving is None


def test_a_plant_with_both_tables_is_told_nothing_of() -> None:
    study = Study(consumption=pd.concat([used("A"), used("B")]),
                  production=pd.concat([made("B"), made("A"), made("C")]), **SETTINGS)  # fmt: skip
    assert [item.code for item in study.findings] == []


@pytest.mark.parametrize("name", spelled("Vải mộc"))
def test_a_product_is_one_in_every_spelling(name: str) -> None:
    """A drop of output stays one product with two years and not two with one each."""
    rows = made("A", "Vải mộc")
    rows.loc[1, "product"] = name
    study = Study(consumption=used("A"), production=rows, **SETTINGS)
    assert set(study.production["product"]) == {"Vải mộc"}
    assert round(assess(study).savings[0].saving, 9) == 0.1


def test_headings_and_words_are_known_with_the_letter_of_old_fonts() -> None:
    rows = pd.DataFrame({"Tài nguyên": f"{ETH}iện", "Kỳ": YEARS, "Số lượng": [1000.0, 900.0],
                         f"{ETH}ơn vị": "kWh"})  # fmt: skip
    study = Study(consumption=rows, production=made("A"), **SETTINGS)
    assert set(study.consumption["resource"]) == {"electricity"}
    assert round(assess(study).savings[0].saving, 9) == 0.1


def test_meters_and_resources_of_ones_own_are_one_in_every_spelling() -> None:
    rows = pd.concat([used("A", "Củi ép", "Lò số một"), used("A", apart("Củi ép"), "Lò số hai")])
    rows.iloc[1, rows.columns.get_loc("meter")] = apart("Lò số một")
    study = Study(
        consumption=rows, production=made("A"),
        resources=pd.DataFrame({"resource": [apart("Củi ép")], "category": ["fuel"]}), **SETTINGS,
    )  # fmt: skip
    assert set(study.consumption["resource"]) == {"Củi ép"}
    assert set(study.consumption["meter"]) == {"Lò số một", "Lò số hai"}


def test_options_are_one_in_every_spelling() -> None:
    study = Study(
        options=pd.DataFrame({"option": ["Bảo ôn"], "name": "Bảo ôn lò", "cost": [1e6]}),
        option_savings=pd.DataFrame({"option": [apart("Bảo ôn")], "annual_saving": [2e6]}),
        **SETTINGS,
    )  # fmt: skip
    assert round(assess(study).options[0].years, 9) == 0.5


# -- many plants ----------------------------------------------------------------------------------

NAMES = ("Gạch Huế", "Sợi", "Thép 1", "Xi măng")


def frames(of_used: list[str], of_made: list[str]) -> dict[str, Any]:
    return {"consumption": pd.concat([used(name) for name in of_used], ignore_index=True),
            "production": pd.concat([made(name) for name in of_made], ignore_index=True),
            "settings": SETTINGS}  # fmt: skip


def put(frame: pd.DataFrame, path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.from_df(frame).write_parquet(str(path))


def dataset_of(given: dict[str, Any], place: Path, pieces: int = 4) -> Path:
    """Write records as they are, cut into files by the order in which they stand."""
    for name in ("consumption", "production"):
        for number, rows in enumerate(np.array_split(np.arange(len(given[name])), pieces)):
            put(given[name].iloc[rows], place / name / f"{number}.parquet")
    (place / "study.toml").write_text('baseline = "2013"\nreporting = "2014"\n', encoding="utf-8")
    return place


WRITTEN = ["Gạch\u00a0Huế", apart("Sợi"), "Thép 1 ", "Xi măng"]


@pytest.mark.parametrize("kind", [object, "category"])
def test_together_a_plant_is_one_in_every_spelling(kind: Any) -> None:
    plan = Plan(SETTINGS)
    tidy, typed = frames([*NAMES], [*NAMES]), frames(WRITTEN, [*NAMES[::-1]])
    expected = plan.assess(tidy["consumption"], tidy["production"])
    rows = typed["consumption"].astype({"facility": kind})
    found = plan.assess(rows, typed["production"])
    pd.testing.assert_frame_equal(found, expected)
    assert plan.ways(rows, typed["production"]) == {"together": 4, "alone": 0}


def test_rows_of_a_plant_in_the_small_tables_are_found_in_every_spelling() -> None:
    prices = pd.DataFrame({"facility": [apart("Gạch Huế"), " Sợi"], "resource": "electricity",
                           "price": [2000.0, 3000.0], "unit": "VND/kWh"})  # fmt: skip
    given = frames([*NAMES], [*NAMES])
    found = Plan(SETTINGS, tables={"prices": prices}).assess(
        given["consumption"], given["production"])  # fmt: skip
    assert dict(zip(found["facility"], found["price"].fillna(0.0), strict=True)) == {
        "Gạch Huế": 2000.0, "Sợi": 3000.0, "Thép 1": 0.0, "Xi măng": 0.0}  # fmt: skip


def test_a_dataset_joins_the_spellings_of_a_plant(tmp_path: Path) -> None:
    expected = assess_many(dataset_of(frames([*NAMES], [*NAMES]), tmp_path / "tidy"),
                           tmp_path / "r", workers=1).savings()  # fmt: skip
    assert expected["saving"].round(9).tolist() == [0.1] * 4
    place = dataset_of(frames(WRITTEN, [*NAMES]), tmp_path / "typed")
    prices = pd.DataFrame({"facility": [apart("Gạch Huế")], "resource": ["electricity"],
                           "price": [2000.0], "unit": ["VND/kWh"]})  # fmt: skip
    put(prices, place / "prices.parquet")
    dataset = open_dataset(place)
    assert dataset.plants == 4
    for one, results in ((dataset, "a"), (write_dataset(place, tmp_path / "cut",
                                                        plants_per_part=2), "b")):  # fmt: skip
        found = assess_many(one, tmp_path / results, workers=1)
        assert found.counts["assessed"] == 4
        rows = found.savings()
        same = [name for name in expected if name not in ("price", "price_source",
                                                          "money_saving", "findings")]  # fmt: skip
        pd.testing.assert_frame_equal(rows[same], expected[same])
        assert rows["price"].tolist()[0] == 2000.0
        study = one.study(apart("Gạch  Huế "))
        assert (len(study.consumption), len(study.production)) == (2, 2)
        assert study.prices["price"].tolist() == [2000.0]
    assert sorted(dataset.written) == sorted(set(WRITTEN) - set(NAMES))
    assert open_dataset(tmp_path / "cut").written == {}


def test_a_number_of_a_plant_is_the_same_as_a_whole_number(tmp_path: Path) -> None:
    """A column with a gap turns codes into 4600.0; the other table has 4600."""
    given = frames(["x"] * 4, ["x"] * 4)
    codes = np.repeat([4600, 4601, 9, 10], 2)
    given["consumption"]["facility"] = codes.astype(float)
    given["production"]["facility"] = codes
    found = assess_many(dataset_of(given, tmp_path / "plants"), tmp_path / "r", workers=1)
    assert found.savings()["facility"].tolist() == ["10", "4600", "4601", "9"]
    assert found.savings()["saving"].round(9).tolist() == [0.1] * 4
    together = Plan(SETTINGS).assess(given["consumption"], given["production"])
    assert together["facility"].tolist() == ["10", "4600", "4601", "9"]


def test_a_name_of_nothing_but_spaces_is_no_plant(tmp_path: Path) -> None:
    given = frames(["A", "\u00a0\u2003", "B"], ["A", "B"])
    with pytest.raises(ValueError, match="no plant") as caught:
        open_dataset(dataset_of(given, tmp_path / "plants", pieces=1), language="en")
    assert [item.code for item in caught.value.findings] == ["dataset.blank_plant"]  # type: ignore[attr-defined]
    assert caught.value.findings[0].numbers == {"count": 2, "rows": 6}  # type: ignore[attr-defined]
