"""Datasets as engines leave them: folders below, whose names hold columns, and what lies beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest

from sxsh_audit.errors import StudyError
from sxsh_audit.scale.dataset import open_dataset, write_dataset
from sxsh_audit.scale.result import open_results
from sxsh_audit.scale.running import assess_many
from sxsh_audit.scale.table_files import folder_columns

duckdb = pytest.importorskip("duckdb")

PLANTS = ("Dệt / Huế", "Gạch 50%", "Xi măng")
MONTHS = [f"{year}-{month:02d}" for year in (2013, 2014) for month in range(1, 13)]
USED = pd.DataFrame(
    [(plant, resource, month, 100.0 + i - 8.0 * (month > "2014"), unit)
     for i, plant in enumerate(PLANTS)
     for resource, unit in (("electricity", "kWh"), ("water", "m3"))
     for month in MONTHS],
    columns=["facility", "resource", "period", "quantity", "unit"],
)  # fmt: skip
MADE = pd.DataFrame(
    [(plant, month, 10.0, "t") for plant in PLANTS for month in MONTHS],
    columns=["facility", "period", "quantity", "unit"],
)
SETTINGS = 'baseline = "2013"\nreporting = "2014"\n'


def put(frame: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.from_df(frame).write_parquet(str(path))


def divide(frame: pd.DataFrame, folder: Path, *names: str) -> None:
    """Write a file for each value of some columns, which are then in its path and not in it."""
    for number, (values, rows) in enumerate(frame.groupby(list(names), sort=False)):
        parts = [f"{name}={quote(value, safe='')}" for name, value in
                 zip(names, values, strict=True)]  # fmt: skip
        put(rows.drop(columns=list(names)), folder.joinpath(*parts) / f"part-{number}.parquet")


def folder_of(place: Path, used: pd.DataFrame = USED, made: pd.DataFrame = MADE) -> Path:
    put(used, place / "consumption/part-0.parquet")
    put(made, place / "production/part-0.parquet")
    (place / "study.toml").write_text(SETTINGS, encoding="utf-8")
    return place


def savings(dataset: Any, results: Path) -> pd.DataFrame:
    return assess_many(dataset, results, workers=1).savings()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return the savings of the records that nothing divides."""
    place = tmp_path_factory.mktemp("whole")
    found = savings(folder_of(place / "plants"), place / "results")
    # 100 kWh a month for 10 t, then 92: by hand 8 % of the first plant
    assert found["saving"].round(6).tolist()[:2] == [0.08, 0.08]
    return found


@pytest.mark.parametrize("names", [["resource"], ["facility"], ["facility", "resource"],
                                   ["resource", "unit"], ["period"]])  # fmt: skip
def test_columns_in_the_names_of_folders_are_read(
    tmp_path: Path, expected: pd.DataFrame, names: list[str]
) -> None:
    place = folder_of(tmp_path / "plants")
    (place / "consumption/part-0.parquet").unlink()
    divide(USED, place / "consumption", *names)
    pd.testing.assert_frame_equal(savings(place, tmp_path / "a"), expected)
    cut = write_dataset(place, tmp_path / "cut", plants_per_part=1)
    assert len(cut.parts) == 3
    assert [path.name for path in (tmp_path / "cut/consumption").iterdir() if path.is_dir()] == []
    pd.testing.assert_frame_equal(savings(cut, tmp_path / "b"), expected)


def test_folders_that_only_divide_are_no_columns(tmp_path: Path, expected: pd.DataFrame) -> None:
    """``year=`` would mean a period as a heading, but the records have their own."""
    place = folder_of(tmp_path / "plants")
    (place / "consumption/part-0.parquet").unlink()
    for year in ("2013", "2014"):
        rows = USED[USED["period"].str.startswith(year)]
        put(rows, place / f"consumption/year={year}/part.parquet")
    (place / "production/north").mkdir()
    (place / "production/part-0.parquet").rename(place / "production/north/part-0.parquet")
    pd.testing.assert_frame_equal(savings(place, tmp_path / "results"), expected)


def test_folders_above_a_dataset_are_no_columns_of_it(
    tmp_path: Path, expected: pd.DataFrame
) -> None:
    """Left alone, duckdb reads «unit=kg» above the files over the units that are in them."""
    above = tmp_path / "unit=kg" / "saving=1" / "resource=coal"
    place = folder_of(above / "plants [1]")
    found = assess_many(place, above / "results *", workers=1)
    pd.testing.assert_frame_equal(found.savings(), expected)
    pd.testing.assert_frame_equal(open_results(above / "results *").savings(), expected)
    cut = write_dataset(place, above / "cut", plants_per_part=2)
    pd.testing.assert_frame_equal(savings(cut, above / "r"), expected)


def test_a_column_of_the_file_goes_before_that_of_its_folder(
    tmp_path: Path, expected: pd.DataFrame
) -> None:
    place = folder_of(tmp_path / "plants")
    (place / "consumption/unit=kg").mkdir()
    (place / "consumption/part-0.parquet").rename(place / "consumption/unit=kg/part-0.parquet")
    pd.testing.assert_frame_equal(savings(place, tmp_path / "results"), expected)


@pytest.mark.parametrize("name", ["place", "path", "records", "t"])
def test_a_column_may_be_named_as_one_of_the_query(tmp_path: Path, name: str) -> None:
    place = folder_of(tmp_path / "plants")
    (place / "consumption/part-0.parquet").unlink()
    divide(USED.assign(**{name: "x"}), place / "consumption", "resource")
    cut = write_dataset(place, tmp_path / "cut", plants_per_part=2)
    used, _ = cut.read(cut.parts[0])
    assert set(used[name]) == {"x"}
    assert len(used) == 2 * len(USED) // len(PLANTS)


@pytest.mark.parametrize("name", ["the file", "file_row_number", "File_Row_Number"])
def test_a_column_that_duckdb_needs_is_told_where_it_is_in_the_way(
    tmp_path: Path, expected: pd.DataFrame, name: str
) -> None:
    place = folder_of(tmp_path / "plants", USED.assign(**{name: 1}))
    found = savings(place, tmp_path / "results").drop(columns="findings")
    pd.testing.assert_frame_equal(found, expected.drop(columns="findings"))
    with pytest.raises(StudyError) as caught:
        write_dataset(place, tmp_path / "cut")
    assert [(item.code, item.place.sheet, item.place.column) for item in caught.value.findings
            ] == [("dataset.reserved_column", "consumption", name)]  # fmt: skip
    assert not (tmp_path / "cut").exists()
    (place / "consumption/part-0.parquet").unlink()
    divide(USED.assign(**{name: 1}), place / "consumption", "resource")
    with pytest.raises(StudyError) as caught:
        open_dataset(place)
    told = [item for item in caught.value.findings if item.severity == "error"]
    assert [(item.code, item.place.file, item.place.column) for item in told[:2]] == [
        ("dataset.reserved_column", f"consumption/resource={resource}/part-{i}.parquet", name)
        for i, resource in enumerate(("electricity", "water"))]  # fmt: skip


def test_a_value_that_the_engine_left_out_is_missing(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "plants")
    (place / "consumption/part-0.parquet").unlink()
    nothing = place / "consumption/unit=__HIVE_DEFAULT_PARTITION__/a.parquet"
    put(USED[:24].drop(columns="unit"), nothing)
    put(USED[24:].drop(columns="unit"), place / "consumption/unit=kWh/a.parquet")
    used, _ = open_dataset(place).read(open_dataset(place).parts[0])
    missing = used["unit"].isna()
    assert missing.sum() == 24
    assert set(used["resource"][missing]) == {"electricity"}
    # The records stand in the order of the files: «_» comes before «k».
    assert missing.tolist() == [True] * 24 + [False] * 120


def test_what_engines_and_systems_leave_beside_is_not_read(
    tmp_path: Path, expected: pd.DataFrame
) -> None:
    place = folder_of(tmp_path / "plants")
    for table in ("consumption", "production"):
        inside = place / table
        (inside / "_SUCCESS").write_text("")
        for name in (".part-0.parquet.crc", "._part-0.parquet", "_metadata", "Thumbs.db"):
            (inside / name).write_bytes(b"\0\5\26\7")
        for name in ("_temporary/0", ".ipynb_checkpoints"):
            (inside / name).mkdir(parents=True)
            (inside / name / "part-0.parquet").write_bytes(b"half written")
    (place / "._prices.parquet").write_bytes(b"\0\5\26\7")
    (place / "consumption/part-0.parquet").rename(place / "consumption/PART-0.PARQUET")
    pd.testing.assert_frame_equal(savings(place, tmp_path / "results"), expected)


@pytest.mark.parametrize(("made", "codes"), [
    ("consumption/_delta_log/0.json", ["dataset.lake"]),
    ("consumption.csv", ["dataset.one_file"]),
    ("consumption/a.parq", ["dataset.other_files"]),
    ("", ["dataset.no_files"]),
])  # fmt: skip
def test_what_is_no_folder_of_parquet_is_told_as_what_it_is(
    tmp_path: Path, made: str, codes: list[str]
) -> None:
    place = folder_of(tmp_path / "plants")
    if codes != ["dataset.lake"]:
        (place / "consumption/part-0.parquet").unlink()
        (place / "consumption").rmdir()
    if made:
        (place / made).parent.mkdir(exist_ok=True)
        (place / made).write_text("facility,resource\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        open_dataset(place)
    assert [item.code for item in caught.value.findings if item.severity == "error"] == codes


@pytest.mark.parametrize(("path", "columns"), [
    ("a/consumption/resource=coal/x.parquet", {"resource": "coal"}),
    ("consumption/facility=A%2FB/resource=n%C6%B0%E1%BB%9Bc/x", {"facility": "A/B",
                                                                 "resource": "nước"}),
    ("production/product=/x", {"product": ""}),
    ("production/resource=coal/x", {}),  # no column of production
    ("consumption/unit=a=b/x", {"unit": "a=b"}),
    ("production/unit=kg/plants/consumption/x", {}),
    ("unit=kg/x", {}),
])  # fmt: skip
def test_only_folders_right_above_a_file_of_a_table_state_columns(
    path: str, columns: dict[str, str]
) -> None:
    assert folder_columns(Path(path)) == columns
