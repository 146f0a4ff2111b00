"""Datasets on disk: what was written is read, whole plants in each part, all faults at once."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sxsh_audit.errors import StudyError
from sxsh_audit.scale.dataset import Dataset, open_dataset, write_dataset

duckdb = pytest.importorskip("duckdb")

MONTHS = [f"{year}-{month:02d}" for year in (2013, 2014) for month in range(1, 13)]
SETTINGS = {"baseline": "2013", "reporting": "2014", "locale": "vi"}


def records(plants: list[str], **more: Any) -> dict[str, Any]:
    """Return two resources and the output of some plants, month by month."""
    used = [
        (plant, resource, month, 100.0 + i + j, unit)
        for i, plant in enumerate(plants)
        for resource, unit in (("electricity", "kWh"), ("coal", "kg"))
        for j, month in enumerate(MONTHS)
    ]
    made = [(plant, month, 10.0 + j, "t") for plant in plants for j, month in enumerate(MONTHS)]
    return {
        "consumption": pd.DataFrame(
            used, columns=["facility", "resource", "period", "quantity", "unit"]
        ),
        "production": pd.DataFrame(made, columns=["facility", "period", "quantity", "unit"]),
        "settings": SETTINGS,
        **more,
    }


@pytest.fixture
def written(tmp_path: Path) -> Dataset:
    """Return a dataset of five plants in parts of two."""
    return write_dataset(records(list("ABCDE")), tmp_path / "plants", plants_per_part=2)


def put(frame: pd.DataFrame, path: Path) -> None:
    """Write Parquet without our writer, nor pyarrow, which the package does not need."""
    duckdb.from_df(frame).write_parquet(str(path))


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    texts = {name: frame[name].astype(object) for name in frame if frame[name].dtype == "category"}
    return frame.assign(**texts)


def test_parts_hold_whole_plants_in_order(written: Dataset) -> None:
    assert written.plants == 5
    assert [(part.number, part.first, part.last) for part in written.parts] == [
        (0, "A", "B"), (1, "C", "D"), (2, "E", "E"),
    ]  # fmt: skip
    assert [part.rows for part in written.parts] == [144, 144, 72]


def test_what_was_written_is_read_to_the_last_bit(written: Dataset) -> None:
    given = records(list("ABCDE"))
    frames = [written.read(part) for part in written.parts]
    for position, name in enumerate(("consumption", "production")):
        found = pd.concat([as_text(pair[position]) for pair in frames], ignore_index=True)
        pd.testing.assert_frame_equal(found, given[name], check_dtype=False)


def test_texts_come_as_sorted_categories(written: Dataset) -> None:
    used, _ = written.read(written.parts[0])
    for name in ("facility", "resource", "period", "unit"):
        assert isinstance(used[name].dtype, pd.CategoricalDtype)
        assert list(used[name].cat.categories) == sorted(used[name].cat.categories)
        assert not used[name].cat.ordered
    assert used["quantity"].dtype == "float64"


def test_a_dataset_crosses_to_another_process(written: Dataset) -> None:
    again = pickle.loads(pickle.dumps(written))
    assert again.parts == written.parts
    pd.testing.assert_frame_equal(again.read(again.parts[1])[0], written.read(written.parts[1])[0])


def test_records_in_any_order_are_cut_into_the_same_parts(tmp_path: Path) -> None:
    """Months of all plants one after the other: no file holds a whole plant."""
    given = records([f"P{i:02d}" for i in range(7)])
    by_month = [
        {
            "consumption": given["consumption"][given["consumption"]["period"] == month],
            "production": given["production"][given["production"]["period"] == month],
            "settings": SETTINGS,
        }
        for month in MONTHS
    ]
    seen: list[tuple[int, int]] = []
    found = write_dataset(iter(by_month), tmp_path / "a", plants_per_part=3,
                          progress=lambda done, of: seen.append((done, of)))  # fmt: skip
    assert [(part.first, part.last) for part in found.parts] == [
        ("P00", "P02"), ("P03", "P05"), ("P06", "P06"),
    ]  # fmt: skip
    assert seen == [(1, 3), (2, 3), (3, 3)]
    used, _ = found.read(found.parts[2])
    # Within the plant the records keep the order of the source: by month, then by resource.
    assert list(used["period"].astype(str)) == [month for month in MONTHS for _ in range(2)]
    assert list(used["resource"].astype(str))[:2] == ["electricity", "coal"]


def test_a_folder_that_is_not_cut_between_plants_is_cut(tmp_path: Path) -> None:
    given = records(list("ABCDEF"))
    folder = tmp_path / "untidy [1]"
    for name in ("consumption", "production"):
        (folder / name).mkdir(parents=True)
        for number in range(3):
            put(given[name].iloc[number::3], folder / name / f"{number}.parquet")
    (folder / "study.toml").write_text('baseline = "2013"\nreporting = "2014"\n')
    untidy = open_dataset(folder)
    assert [(part.first, part.last, part.rows) for part in untidy.parts] == [("A", "F", 432)]
    tidy = write_dataset(folder, tmp_path / "tidy", plants_per_part=2)
    assert [(part.first, part.last, part.rows) for part in tidy.parts] == [
        ("A", "B", 144), ("C", "D", 144), ("E", "F", 144),
    ]  # fmt: skip
    assert tidy.plants == 6


def test_the_study_of_one_plant(written: Dataset) -> None:
    study = written.study("C")
    assert set(study.consumption["facility"]) == {"C"}
    assert len(study.consumption) == 48
    assert study.settings.baseline is not None
    with pytest.raises(StudyError) as caught:
        written.study("Z")
    assert caught.value.code == "dataset.unknown_plant"


def test_a_study_becomes_a_dataset_and_the_same_study_again(
    tmp_path: Path, written: Dataset
) -> None:
    study = written.study("B")
    again = write_dataset(study, tmp_path / "one").study("B")
    shown = ["shown_unit", "shown_factor"]  # amounts are written in canonical units
    for name in ("consumption", "production"):
        frames = [getattr(one, name).drop(columns=shown) for one in (again, study)]
        pd.testing.assert_frame_equal(*frames)


def test_the_fingerprint_tells_changed_records_and_settings(tmp_path: Path) -> None:
    plants = records(list("AB"))
    first = write_dataset(plants, tmp_path / "a")
    same = write_dataset(plants, tmp_path / "b")
    assert first.fingerprint() == open_dataset(tmp_path / "a").fingerprint()
    assert first.fingerprint() != same.fingerprint()  # the name of the study is that of its folder
    changed = records(list("AB"), settings={**SETTINGS, "reporting": "2015"})
    write_dataset(changed, tmp_path / "a", overwrite=True)
    assert first.fingerprint() != open_dataset(tmp_path / "a").fingerprint()


def test_small_tables_stand_beside_as_csv_or_parquet(tmp_path: Path) -> None:
    folder = tmp_path / "plants"
    prices = pd.DataFrame({"resource": ["electricity"], "price": [1500.0], "unit": ["VND/kWh"]})
    write_dataset(records(list("AB"), prices=prices), folder)
    (folder / "co_so.csv").write_text("Mã cơ sở;Tên cơ sở\nA;Nhà máy A\n", encoding="utf-8")
    found = open_dataset(folder)
    assert set(found.tables) == {"facility", "prices"}
    assert found.study("A").facility["name"].tolist() == ["Nhà máy A"]
    assert len(found.study("B").facility) == 0
    assert found.study("B").prices["price"].tolist() == [1500.0]


def test_all_faults_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "plants"
    (folder / "consumption").mkdir(parents=True)
    (folder / "consumption" / "broken.parquet").write_bytes(b"PAR1 this is not Parquet")
    nameless = pd.DataFrame({"resource": ["electricity"], "period": ["2013"], "quantity": [1.0]})
    put(nameless, folder / "consumption" / "nameless.parquet")
    put(nameless.assign(facility=[""]), folder / "consumption" / "blank.parquet")
    (folder / "study.toml").write_text('baseline = "2013"\nreporting = "2014"\nlocale = "xx"\n')
    (folder / "tieu_thu.csv").write_text("facility;resource;quantity\nA;coal;1\n")
    with pytest.raises(StudyError) as caught:
        open_dataset(folder)
    assert sorted(item.code for item in caught.value.findings if item.severity == "error") == [
        "dataset.blank_plant", "dataset.no_files", "dataset.no_plants", "dataset.not_parquet",
        "dataset.two_places", "settings.choice",
    ]  # fmt: skip
    assert caught.value.code == "dataset.refused"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        open_dataset(tmp_path / "nothing", language="en")
    assert [item.code for item in caught.value.findings] == ["dataset.no_folder"]


def test_an_old_dataset_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    write_dataset(records(list("AB")), tmp_path / "a")
    with pytest.raises(ValueError, match="overwrite"):
        write_dataset(records(list("CD")), tmp_path / "a", language="en")
    assert open_dataset(tmp_path / "a").parts[0].first == "A"
    assert write_dataset(records(list("CD")), tmp_path / "a", overwrite=True).parts[0].first == "C"


def test_a_part_that_no_memory_holds_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(records(list("AB")), tmp_path / "a")
    monkeypatch.setattr("sxsh_audit.scale.checking.MOST_ROWS", 100)
    with pytest.raises(StudyError, match="write_dataset"):
        open_dataset(tmp_path / "a", language="en")


def test_plants_in_numbers_and_days_as_dates(tmp_path: Path) -> None:
    used = pd.DataFrame({"facility": [10, 9], "resource": "coal",
                         "start": pd.to_datetime(["2013-01-01", "2014-01-01"]),
                         "end": pd.to_datetime(["2013-12-31", "2014-12-31"]),
                         "quantity": [5, 6], "unit": "t"})  # fmt: skip
    found = write_dataset({"consumption": used, "production": used.drop(columns="resource"),
                           "settings": SETTINGS}, tmp_path / "a", plants_per_part=1)  # fmt: skip
    assert [part.first for part in found.parts] == ["10", "9"]
    assert found.read(found.parts[1])[0]["start"].dtype.kind == "M"
