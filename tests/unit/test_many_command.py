"""The command ``assess-many``: from Parquet to a table and a JSON document."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from made_up_plants import records

from sxsh_audit.cli.main import main
from sxsh_audit.cli.many_output import write_tables
from sxsh_audit.scale.dataset import write_dataset
from sxsh_audit.scale.result import ManyAssessments, open_results
from sxsh_audit.scale.running import assess_many


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    used, made = records(4, faulty=(2,))
    folder = tmp_path_factory.mktemp("many")
    settings = {"baseline": "2013", "reporting": "2014", "quality": "billed",
                "programme": "vn-qb-2384", "factor_set": "vn-3505"}  # fmt: skip
    write_dataset({"consumption": used.drop(columns="price"), "production": made,
                   "settings": settings}, folder / "plants")  # fmt: skip
    return folder / "plants"


def test_from_records_to_a_table(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["assess-many", str(dataset), str(tmp_path / "r"), "--workers", "1"]
    assert main([*words, "--language", "en"]) == 0
    told = capsys.readouterr().out
    for text in ("Results of the plants", "Faulty records, not assessed", "At or above the low end",
                 "Energy, by the", "Group Purchased", "Electricity",
                 "What was found in the records", "Plants that were not assessed"):  # fmt: skip
        assert text in told
    # one negative figure for each of its three resources, and the first of them
    assert re.search(r"P0002 +3 +consumption, row \d+, column «quantity»", told)
    assert main([*words, "--language", "vi"]) == 0  # nothing is done again
    assert "Các cơ sở cộng lại" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["counts"]["plants"]) == ("many_assessments", 4)
    assert document["counts"]["refused"] == 1
    found = open_results(tmp_path / "r")
    assert found.to_dict() == document
    again = ManyAssessments.from_dict(document)
    assert again.to_dict() == document
    with pytest.raises(ValueError, match="JSON"):
        again.savings()
    assert "<table>" in found._repr_html_()
    assert found.savings(["facility", "saving"], ["P0001"]).shape == (2, 2)
    assert isinstance(found.to_frame(), pd.DataFrame)


@pytest.mark.parametrize(("language", "style"), [("vi", (";", ",")), ("en", (",", "."))])
def test_tables_for_a_spreadsheet(
    language: str, style: tuple[str, str], dataset: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["assess-many", str(dataset), str(tmp_path / "r"), "--out", str(tmp_path / "tables"),
             "--language", language]  # fmt: skip
    assert main(words) == 0
    assert str(tmp_path / "tables") in capsys.readouterr().out
    found = open_results(tmp_path / "r")
    assert json.loads((tmp_path / "tables/many.json").read_text("utf-8")) == found.to_dict()
    separator, decimal = style
    for name in ("savings", "groups", "verdicts"):
        written = pd.read_csv(tmp_path / "tables" / f"{name}.csv", sep=separator, decimal=decimal,
                              keep_default_na=False, na_values={}, encoding="utf-8-sig")
        rows = getattr(found, name)().drop(columns=["refused", "findings"], errors="ignore")
        assert list(written) == list(rows)
        assert written["facility"].tolist() == rows["facility"].tolist()
        saved = pd.to_numeric(written["saving"].astype(str).str.replace(",", "."))
        pd.testing.assert_series_equal(saved, rows["saving"], rtol=1e-14)
    faults = (tmp_path / "tables/findings.csv").read_text("utf-8-sig")
    assert faults.count(f"P0002{separator}True{separator}error") == 3
    assert main(words) == 2, "tables that are there already may not be lost"
    assert main([*words, "--overwrite"]) == 0


def test_tables_are_refused_before_anything_is_worked_out(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "r"
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/groups.csv").write_text("mine")
    before = sorted(path.name for path in dataset.iterdir())
    for out, code in ((tmp_path / "tables", "output.exists"), (dataset, "many.out_taken"),
                      (results, "many.out_taken"), (results / "../r", "many.out_taken"),
                      (results / "tables", "many.out_taken")):
        words = ["assess-many", str(dataset), str(results), "--out", str(out), "--json"]
        assert main(words) == 2
        assert json.loads(capsys.readouterr().out)["code"] == code
    assert not results.exists()
    assert sorted(path.name for path in dataset.iterdir()) == before
    assert (tmp_path / "tables/groups.csv").read_text() == "mine"


def test_tables_of_plants_that_were_all_refused_have_their_headings(tmp_path: Path) -> None:
    used, made = records(2, faulty=(0, 1))
    write_dataset({"consumption": used.drop(columns="price"), "production": made,
                   "settings": {"baseline": "2013", "reporting": "2014"}}, tmp_path / "plants")
    found = assess_many(tmp_path / "plants", tmp_path / "r", workers=1)
    assert found.counts["assessed"] == 0
    write_tables(found, tmp_path / "tables", "en")
    for name, first in (("rollup", "scope"), ("savings", "facility"), ("groups", "facility"),
                        ("verdicts", "facility")):  # fmt: skip
        rows = pd.read_csv(tmp_path / "tables" / f"{name}.csv", encoding="utf-8-sig")
        assert (rows.columns[0], len(rows)) == (first, 0)
    # P0000 uses one resource and P0001 two, each with one negative figure
    assert len(pd.read_csv(tmp_path / "tables/findings.csv", encoding="utf-8-sig")) == 3


def test_tables_that_are_interrupted_are_not_there(dataset: Path, tmp_path: Path) -> None:
    found = assess_many(dataset, tmp_path / "r", workers=1)

    def stop(done: int, plants: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_tables(found, tmp_path / "tables", "vi", progress=stop)
    assert not (tmp_path / "tables").exists()


@pytest.mark.parametrize(("words", "code"), [
    (("--workers", "0"), "many.workers"), (("--programme", "nobody"), "programme.unknown"),
])  # fmt: skip
def test_wrong_words(
    words: tuple[str, ...], code: str, dataset: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["assess-many", str(dataset), str(tmp_path / "r"), *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code
    assert not (tmp_path / "r").exists()


def test_no_results(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no results"):
        open_results(tmp_path, language="en")
