"""Commands programme benchmark and programme candidates: exit codes, text, one JSON document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sxsh_audit.cli.main import main

WEIGHTS = [word for name, weight in (("saving", "50"), ("size", "30"), ("pollution", "20"),
                                     ("data", "0"), ("cost", "0"))
           for word in ("--weight", f"{name}={weight}")]  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> str:
    rows = ["establishment,name,sector,product,output,output_unit,energy_toe,pollution"]
    rows += [f"{code},Plant {code},brick,brick,1000,t,{energy},{yes}" for code, energy, yes in
             zip("ABCDE", (100, 120, 140, 160, 300), ("no", "no", "", "no", "yes"), strict=True)]
    (tmp_path / "establishments.csv").write_text("\n".join(rows), encoding="utf-8")
    return str(tmp_path)


def test_benchmark(register: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["programme", "benchmark", register, "--resource", "energy", "--language", "en"]
    assert main(words) == 0
    assert "Specific consumption compared" in capsys.readouterr().out
    assert main([*words, "--json", "--by", "sector"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == "benchmark"
    assert document["settings"]["by"] == ["product", "basis", "output_unit", "sector"]
    assert document["groups"][0]["plants"] == 5
    assert main([*words, "--scale", "5; 1"]) == 2
    assert "rise" in capsys.readouterr().err


def test_candidates(register: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["programme", "candidates", register, "--language", "vi"]
    assert main([*words, *WEIGHTS, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["establishment"] for row in document["ranking"]] == list("EDCBA")
    assert main([*words, *WEIGHTS]) == 0
    assert "Thứ tự ưu tiên" in capsys.readouterr().out
    assert main([*words, *WEIGHTS, "--explain", "E"]) == 0
    assert "Vì sao có điểm này" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [
    [], WEIGHTS[:4], [*WEIGHTS, "--weight", "luck=1"], ["--weight", "saving"],
    [*WEIGHTS, "--explain", "Q"], [*WEIGHTS, "--kind", "best"], [*WEIGHTS, "--quantile", "25"],
])  # fmt: skip
def test_wrong_use_is_told(
    register: str, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["programme", "candidates", register, *wrong, "--language", "en"]) == 2
    assert capsys.readouterr().err
