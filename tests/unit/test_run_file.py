"""run.py: what it installs, at which versions, and where."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

import run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project folder with blanks and Vietnamese letters in its path."""
    folder = tmp_path / "Nguyễn Văn A" / "dự án"
    folder.mkdir(parents=True)
    monkeypatch.setattr(run, "ROOT", folder)
    return folder


def make_ready(folder: Path, **changes: object) -> None:
    run.python_in(folder).parent.mkdir(parents=True)
    run.python_in(folder).touch()
    (folder / run.BEGUN).touch()
    (folder / run.READY).write_text(json.dumps(changes), encoding="utf-8")


def test_extras_are_added_to_the_dependencies() -> None:
    plain, testing = set(run.requirements(())), set(run.requirements(("test",)))
    assert plain < testing
    assert {Requirement(text).name for text in testing - plain} >= {"pytest", "hypothesis"}


@pytest.mark.parametrize("python", ["3.11.2", "3.13.0"])
def test_each_requirement_has_one_locked_version_that_fits_it(python: str) -> None:
    pins: dict[str, list[str]] = {}
    for line in run.locked_versions().splitlines():
        pin, _, marker = line.partition(" ; ")
        environment = {"python_version": python[:4], "python_full_version": python}
        if not marker or Marker(marker).evaluate(environment):
            name, _, version = pin.partition("==")
            pins.setdefault(name, []).append(version)
    for text in run.requirements(("test", "docs", "dev")):
        requirement = Requirement(text)
        (version,) = pins[re.sub(r"[-_.]+", "-", requirement.name).lower()]
        assert requirement.specifier.contains(version)


def test_every_task_asks_for_extras_that_exist() -> None:
    for extras, _ in run.TASKS.values():
        assert run.requirements(extras)


def test_an_environment_of_somebody_else_is_left_alone(project: Path) -> None:
    assert run.own_folder() == project / ".venv"
    (project / ".venv").mkdir()
    assert run.own_folder() == project / ".venv-run"
    (project / ".venv" / run.BEGUN).touch()
    assert run.own_folder() == project / ".venv"


@pytest.mark.parametrize("left", ["nothing", "half a marker", "no python"])
def test_an_interrupted_set_up_is_not_ready(project: Path, left: str) -> None:
    folder = project / ".venv"
    make_ready(folder, python=sys.version)
    assert run.read_ready(folder) == {"python": sys.version}
    if left == "nothing":
        (folder / run.READY).unlink()
    elif left == "half a marker":
        (folder / run.READY).write_text('{"pyth', encoding="utf-8")
    else:
        run.python_in(folder).unlink()
    assert run.read_ready(folder) == {}


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13)])
def test_an_old_python_is_told_what_is_needed(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert run.main() == 2
    printed = capsys.readouterr().err
    assert "Python 3.11 or newer is needed" in printed
    assert "Cần Python 3.11 trở lên" in printed


def test_a_failed_set_up_is_a_message_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def fail(extras: object) -> None:
        raise run.SetupError("no network")

    monkeypatch.setattr(run, "prepare", fail)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    assert run.main() == 3
    assert capsys.readouterr().err == "no network\n"


@pytest.mark.parametrize(("tongue", "word"), [("vi_VN.UTF-8", "ví dụ"), ("C.UTF-8", "example")])
def test_help_names_every_task_in_the_language_of_the_machine(tongue: str, word: str) -> None:
    others = ("SXSH_LANGUAGE", "LC_MESSAGES", "LANG")
    environment = {key: value for key, value in os.environ.items() if key not in others}
    done = subprocess.run(
        [sys.executable, str(run.ROOT / "run.py"), "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment | {"LC_ALL": tongue},
    )
    assert word in done.stdout
    for task in run.TASKS:
        assert task in done.stdout
