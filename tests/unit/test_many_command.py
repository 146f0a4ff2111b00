"""The command ``assess-many``: from Parquet to a table and a JSON document."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from made_up_plants import records

from sxsh_audit.cli.main import main
from sxsh_audit.scale.dataset import write_dataset
from sxsh_audit.scale.result import ManyAssessments, open_results


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
                 "Energy, by the", "Group Purchased", "Electricity"):  # fmt: skip
        assert text in told
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
