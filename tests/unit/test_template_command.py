"""The command `template`: what it writes, says and refuses."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sxsh_audit.cli.main import main


def test_it_writes_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    assert main(["template", str(path), "--months", "totals", "--language", "vi"]) == 0
    assert capsys.readouterr().out == f"Đã lập {path}.\n"
    assert openpyxl.load_workbook(path, read_only=True).sheetnames[0] == "Hướng dẫn"


def test_an_old_file_is_left_and_the_exit_code_says_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("mine")
    assert main(["template", str(path), "--language", "en"]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main(["template", str(path), "--overwrite", "--months", "totals"]) == 0


def test_resources_are_parted_by_commas_that_are_not_in_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    words = ["template", str(path), "--months", "totals", "--language", "vi"]
    assert main([*words, "--resources", "điện, Than cám loại 5, 6,nước;trấu"]) == 0
    sheet = openpyxl.load_workbook(path)["Tiêu thụ"]
    listed = [sheet.cell(row, 2).value for row in range(7, 15)]
    assert listed == ["Điện", "Điện", "Than cám loại 5, 6", "Than cám loại 5, 6", "Nước", "Nước",
                      "Trấu", "Trấu"]  # fmt: skip


def test_a_sector_that_is_not_known_names_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", str(tmp_path / "a.xlsx"), "--sector", "giấi", "--language", "vi"]) == 2
    assert "giấy" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
