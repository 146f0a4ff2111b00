"""The command ``open-data``: its secret, its exit codes, its JSON."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from sxsh_audit.cli.main import main


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a register of three plants and a study of them."""
    register, study = tmp_path / "register", tmp_path / "study"
    register.mkdir()
    study.mkdir()
    (register / "register.toml").write_text('province = "Quảng Bình"', encoding="utf-8")
    (register / "establishments.csv").write_text(
        "Mã cơ sở;Tên cơ sở;Mã ngành (VSIC);Phiên bản VSIC;Số lao động;Đồng ý công bố\n"
        + "".join(f"{code};Xưởng {code};1702;2018;20;{said}\n"
                  for code, said in zip("ABC", ("có", "có", "không"), strict=True)),
        encoding="utf-8")  # fmt: skip
    (study / "study.toml").write_text('locale = "en"\nbaseline = "2016"\nreporting = "2017"\n',
                                      encoding="utf-8")  # fmt: skip
    (study / "production.csv").write_text(
        "facility,phase,quantity,unit\n"
        + "".join(f"{one},{phase},100,t\n" for one in "ABC" for phase in ("baseline", "reporting")),
        encoding="utf-8")  # fmt: skip
    (study / "consumption.csv").write_text(
        "facility,resource,phase,quantity,unit\n"
        + "".join(f"{one},electricity,{phase},{use},kWh\n" for one in "ABC"
                  for phase, use in (("baseline", 5000), ("reporting", 4500))),
        encoding="utf-8")  # fmt: skip
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["open-data", "register", "--study", "study", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


WRITTEN = ("--out", "open", "--minimum", "2", "--salt-file", "salt")


def test_the_secret_is_made_once_and_kept_from_others(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(capsys, *WRITTEN)
    assert (code, told["kind"], told["plants"], told["salt_made"]) == (0, "open_data", 2, True)
    assert told["left_out"]["no_consent"] == 1
    assert len(bytes.fromhex((place / "salt").read_text())) == 32
    if os.name == "posix":
        assert stat.S_IMODE((place / "salt").stat().st_mode) == 0o600
    first = (place / "open" / "plants.csv").read_bytes()
    code, told = run(capsys, *WRITTEN, "--overwrite")
    assert (code, told["salt_made"]) == (0, False)
    assert (place / "open" / "plants.csv").read_bytes() == first
    code, told = run(capsys, *WRITTEN, "--overwrite", "--all", "--exact")
    assert (code, told["plants"]) == (0, 3)
    assert "100.0" in (place / "open" / "study" / "production.csv").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--out", "open", "--salt-file", "open/salt"), "open_data_cli.salt_inside"),
        (("--out", "open", "--salt-file", "study/study.toml"), "open_data_cli.salt_unread"),
        (("--out", "open", "--salt-file", "salt", "--minimum", "five"), "open_data_cli.minimum"),
        (("--out", "open", "--salt-file", "salt"), "open_data.too_few"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_wrong_is_told_and_nothing_is_written(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: str,
    language: str,
) -> None:  # fmt: skip
    exit_code, told = run(capsys, *words, "--language", language)
    assert (exit_code, told["code"]) == (2, code)
    assert not (place / "open").exists()


def test_files_of_others_are_not_replaced(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "open").mkdir()
    (place / "open" / "mine.txt").write_text("mine")
    code, _ = run(capsys, *WRITTEN, "--overwrite")
    assert code == 2
    assert [path.name for path in (place / "open").iterdir()] == ["mine.txt"]


def test_people_read_what_was_left_out(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["open-data", "register", "--study", "study", *WRITTEN]
    assert main([*words, "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "2 plants, each one of at least 2 alike; 1 assessments are left out" in told
    assert "was made and kept in `salt`" in told
