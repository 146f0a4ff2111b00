"""The command programme report: from a register on disk to the files of the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from year_register import year_register

from sxsh_audit.cli.main import main

ASK = ["--programme", "vn-qb-2384", "--year", "2018", "--cutoff", "2018-11-15", "--language", "en"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write the register as a folder of CSV files."""
    folder = tmp_path_factory.mktemp("register")
    register = year_register()
    for name in ("establishments", "statuses", "events", "participants", "tasks", "budget"):
        table = register.tables[name].dropna(axis=1, how="all")
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    return str(folder)


def test_three_files_are_written(source: str, tmp_path: Path,
                                 capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main(["programme", "report", source, *ASK, "--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(name).name for name in told["files"]] == [
        "yearly-report-2018.docx", "yearly-report-2018.html", "yearly-report-2018.xlsx"]
    page = (tmp_path / "yearly-report-2018.html").read_text(encoding="utf-8")
    assert "Figures are as of the end of 15 Nov 2018." in page
    assert "Reached: 9 of 12 establishments (75.0%)" in page
    again = ["programme", "report", source, *ASK, "--out", str(tmp_path), "--format", "html"]
    assert main(again) == 2
    assert main([*again, "--overwrite"]) == 0


@pytest.mark.parametrize(("words", "code"), [
    (["--year", "18"], "yearly_cli.year"), (["--cutoff", "11/2018"], "yearly_cli.day"),
    (["--cutoff", "2017-11-15"], "progress.cutoff_outside"),
    (["--format", "odt"], "documents.kind"),
    (["--format", "html", "--template", "a.docx"], "documents.template"),
    (["--programme", "vn-xx"], "programme.unknown"),
])  # fmt: skip
def test_what_cannot_be_done_is_refused(source: str, tmp_path: Path, words: list[str], code: str,
                                        capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    asked = ["programme", "report", source, *ASK, *words, "--out", str(tmp_path), "--json"]
    assert main(asked) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code
    assert list(tmp_path.iterdir()) == []
