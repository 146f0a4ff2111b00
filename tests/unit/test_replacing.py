"""Files are written whole or not at all, and an old one is never lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sxsh_audit.errors import OutputError
from sxsh_audit.files.replacing import replacing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "số liệu.csv"
    path.write_text("old")
    with replacing(path) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["số liệu.csv"]


@pytest.mark.parametrize("fault", [ValueError("x"), KeyboardInterrupt()])
def test_whatever_stops_the_writing_the_old_file_stays(
    tmp_path: Path, fault: BaseException
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def write() -> None:
        with replacing(path) as draft:
            draft.write_text("half")
            raise fault

    with pytest.raises(type(fault)):
        write()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("old")
    with pytest.raises(OutputError) as refused, replacing(path, overwrite=False):
        pytest.fail("the block must not run")
    assert refused.value.code == "output.exists"
    assert "--overwrite" in str(refused.value)
    assert path.read_text() == "old"


def write_with_a_fault(path: Path, fault: OSError) -> None:
    with replacing(path, language="en") as draft:
        draft.write_text("half")
        raise fault


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def write() -> None:
        with replacing(path, overwrite=False):
            path.write_text("of somebody else")

    with pytest.raises(OutputError):
        write()
    assert path.read_text() == "of somebody else"
    assert names(tmp_path) == ["a.xlsx"]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused, replacing(tmp_path / "none" / "a.csv"):
        pytest.fail("the block must not run")
    assert refused.value.code == "output.no_folder"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused, replacing(tmp_path):
        pytest.fail("the block must not run")
    assert refused.value.code == "output.is_folder"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "output.disk_full"), (errno.EROFS, "output.not_writable"),
     (errno.EACCES, "output.not_writable"), (errno.ENAMETOOLONG, "output.failed")],
)  # fmt: skip
def test_what_the_disk_refuses_is_told_in_words(tmp_path: Path, number: int, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(OutputError) as refused:
        write_with_a_fault(path, OSError(number, os.strerror(number)))
    assert refused.value.code == code
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_a_file_that_another_program_holds_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel on Windows holds its file: there `os.replace` raises PermissionError."""
    path = tmp_path / "a.xlsx"
    path.write_text("old")

    def held(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(source), 5, str(target))

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(OutputError) as refused, replacing(path, language="en") as draft:
        draft.write_text("new")
    assert refused.value.code == "output.open_elsewhere"
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.xlsx"]


def test_an_error_about_another_file_is_not_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.csv"):
        (tmp_path / "other.csv").read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_new_file_has_the_rights_of_any_other(tmp_path: Path) -> None:
    other, mine = tmp_path / "other", tmp_path / "mine"
    other.write_text("")
    with replacing(mine) as draft:
        draft.write_text("")
    assert mine.stat().st_mode == other.stat().st_mode


def test_through_a_link_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as draft:
        draft.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"
