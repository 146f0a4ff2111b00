"""``programme progress`` and ``programme survey``: exit codes, JSON, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
from sxsh_audit.cli.main import main
from sxsh_audit.data import load_toml
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.forms.survey import write_survey_form


@pytest.fixture
def register(tmp_path: Path) -> str:
    """Write a register of three plants, one of them reached."""
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "establishments.csv").write_text(
        "establishment;name\nA;Bia A\nB;Giấy B\nC;Gạch C\n", encoding="utf-8")
    (folder / "statuses.csv").write_text(
        "establishment;indicator;value;date;reported_by\nA;reached;yes;2014-05-06;SCT\n",
        encoding="utf-8")
    return str(folder)


ARGUMENTS = ("--programme", "vn-qb-2384", "--year", "2014")


def test_progress_as_json(register: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["programme", "progress", register, *ARGUMENTS, "--json"]) == 0
    found = ProgrammeProgress.from_dict(json.loads(capsys.readouterr().out))
    row = found.counts["reached"]
    assert (row.yes, row.unknown, found.settings["cutoff"]) == (1, 2, "2014-12-31")


@pytest.mark.parametrize(("language", "words"), [("vi", "được phổ biến"), ("en", "reached")])
def test_progress_prints_tables(
    register: str, language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["programme", "progress", register, *ARGUMENTS, "--language", language]
    assert main([*arguments, "--cutoff", "2014-10-31"]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert {"vi": "31/10/2014", "en": "31 Oct 2014"}[language] in out


@pytest.mark.parametrize(
    "wrong",
    [("--programme", "vn-xx", "--year", "2014"), ("--programme", "vn-qb-2384", "--year", "14"),
     ("--programme", "vn-qb-2384", "--year", "2014", "--cutoff", "2013-10-31")],
)  # fmt: skip
def test_wrong_use(register: str, wrong: tuple[str, ...],
                   capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main(["programme", "progress", register, *wrong, "--language", "en"]) == 2
    assert capsys.readouterr().err


def test_survey_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "phieu.xlsx"
    assert main(["programme", "survey", str(file), "--language", "vi", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(file)
    assert main(["programme", "survey", str(file), "--language", "vi"]) == 2
    cells = [cell for row in openpyxl.load_workbook(file).active.values for cell in row]
    for fact in load_toml("evidence.toml")["indicator"]:
        assert fact["vi"] in cells
        assert fact["question_vi"] in cells


def test_survey_form_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_survey_form(tmp_path / name, "en") for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == other.read_bytes()
    with pytest.raises(OutputError):
        write_survey_form(one, "en")
    with pytest.raises(Refusal, match="xlsx"):
        write_survey_form(tmp_path / "a.pdf", "en")
