"""``sxsh-audit register``: exit codes, JSON, and that the public functions stand behind it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from sxsh_audit.cli.main import main
from sxsh_audit.tables.register_reading import read_register

SETTINGS = {"vi": "Thông tin chung", "en": "Settings"}


def run(*words: str | Path) -> int:
    return main(["register", *map(str, words), "--language", "en"])


def test_from_the_form_to_the_merged_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, report, out = (tmp_path / f"{name}.xlsx" for name in ("whole", "report", "out"))
    assert run("template", whole, "--programme", "vn-qb-2384") == 0
    assert run("template", report, "--programme", "vn-qb-2384", "--agency", "Lệ Thủy",
               "--year", "2014") == 0  # fmt: skip
    book = openpyxl.load_workbook(report)
    sheet = book["Establishments"]
    sheet["B6"], sheet["C6"] = "QB07", "Brick works"
    book["Settings"]["B9"] = "2014-11-27"  # received
    book.save(report)
    capsys.readouterr()
    assert run("merge", whole, report, "--out", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "register_merge"
    assert told["records"]["establishments"] == 1
    assert len(told["missing"]) == 16
    assert told["late"] == [{"agency": "UBND huyện Lệ Thủy", "year": 2014, "due": "2014-11-24",
                             "received": "2014-11-27", "days": 3}]  # fmt: skip
    assert read_register(out).establishments["name"].tolist() == ["Brick works"]
    assert run("merge", whole, report) == 0
    assert "Reports that came late" in capsys.readouterr().out
    assert run("merge", whole, report, "--out", out) == 2  # it is there already


def test_check_tells_the_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    path = folder / "establishments.csv"
    path.write_text("Name;Tax code\nA;0100109107\n", encoding="utf-8")
    assert run("check", folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [item["code"] for item in told["findings"]] == ["register.tax_check"]
    assert run("check", folder) == 0
    assert "Establishments" in capsys.readouterr().out
    path.write_text("Name;Tax code\nA;123\n", encoding="utf-8")
    assert run("check", folder) == 1
    assert "123" in capsys.readouterr().err


def test_a_year_has_four_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("template", tmp_path / "a.xlsx", "--year", "14") == 2
    assert "14" in capsys.readouterr().err
