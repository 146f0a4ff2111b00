"""``check --mark``: exit code as of ``check``, the copy named, nothing written without need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from marked_books import office_workbook

from sxsh_audit.assessment import checking
from sxsh_audit.cli.main import main
from sxsh_audit.data import open_fact

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCHEMA: dict[str, Any] = json.loads(
    open_fact("schema/assessment-1.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_workbook(tmp_path / "so lieu.xlsx")


@pytest.mark.parametrize(("language", "name", "line"), [
    ("vi", "so lieu-danh-dau.xlsx", "Bản đã đánh dấu: "),
    ("en", "so lieu-marked.xlsx", "Marked copy: "),
])  # fmt: skip
def test_the_copy_is_named_and_the_exit_code_is_that_of_check(
    office: Path, capsys: pytest.CaptureFixture[str], language: str, name: str, line: str
) -> None:
    plain = main(["check", str(office), "--language", language])
    told = capsys.readouterr().out
    assert main(["check", str(office), "--mark", "--language", language]) == plain == 1
    out = capsys.readouterr().out
    assert out == f"{told}{line}{office.with_name(name)}\n"
    assert office.with_name(name).is_file()


def test_a_study_without_errors_is_marked_with_what_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "a.xlsx"
    assert main(["check", str(EXAMPLES / "sao-xanh"), "--mark", str(copy)]) == 0
    assert str(copy) in capsys.readouterr().out
    assert openpyxl.load_workbook(copy)["study.toml"]["A1"].comment is not None


def test_the_path_may_stand_behind_mark(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--mark", str(office), "--language", "en"]) == 1
    assert "so lieu-marked.xlsx" in capsys.readouterr().out


def test_json_names_the_copy(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = office.with_name("b.xlsx")
    assert main(["check", str(office), "--mark", str(target), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["marked"] == str(target)
    assert main(["check", str(office), "--json"]) == 1
    assert "marked" not in json.loads(capsys.readouterr().out)


def test_a_copy_that_is_there_is_refused_before_anything_is_read(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = office.with_name("b.xlsx")
    target.write_text("mine", encoding="utf-8")
    words = ["check", str(office), "--mark", str(target), "--language", "en"]
    with monkeypatch.context() as patch:
        patch.setattr(checking, "all_findings", lambda *_, **__: pytest.fail("was read"))
        assert main(words) == 2
    assert "there already: b.xlsx" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"
    assert main([*words, "--overwrite"]) == 1
    assert openpyxl.load_workbook(target).sheetnames


def test_a_workbook_that_cannot_be_opened_is_told_and_not_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"<html></html>")
    assert main(["check", str(source), "--mark", "--language", "en"]) == 1
    assert "No marked copy was written" in capsys.readouterr().out
    assert main(["check", str(source), "--mark", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["marked"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_original_is_refused_as_its_own_copy(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.read_bytes()
    words = ["check", str(office), "--mark", str(office), "--overwrite", "--language", "en"]
    assert main(words) == 2
    assert "is the original itself" in capsys.readouterr().err
    assert office.read_bytes() == before


def test_a_long_run_is_folded_on_the_screen_and_marked_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "xuong"
    shutil.copytree(EXAMPLES / "sao-xanh", study)
    lines = "".join(f"Vật đúc;T{i % 12 + 1}/{2000 + i // 12};-5;tấn\n" for i in range(30))
    (study / "san_luong.csv").write_text(
        "Sản phẩm;Kỳ;Sản lượng;Đơn vị\n" + lines, encoding="utf-8")
    main(["check", str(study), "--language", "en", "--json"])
    plain = json.loads(capsys.readouterr().out)
    main(["check", str(study), "--mark", "--language", "en", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["findings"] == plain["findings"]
    sheet = openpyxl.load_workbook(document["marked"])["san_luong"]
    assert all(sheet.cell(row, 3).comment is not None for row in range(2, 32))
