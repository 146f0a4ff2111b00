"""Every command that the README and the documents show runs and prints what they show.

A block marked ``console`` holds commands after ``$`` and, where it helps, their output; ``...``
stands for lines left out. A command without output is only run. ``python3 run.py`` outside the
tasks of developers is the command ``sxsh-audit``, so that is what is run here.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if not {"_build", "generated"}.intersection(page.parts)]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAME = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
TASKS = {"test", "lint", "types", "floors", "engines", "docs", "bench"}
# They set up machines, or are tried by hand: what they install is not there in a test.
SET_UP = re.compile(r"(uv |pip |bash \.ci/run|python3 -m venv )")
NOT_THERE = {"danh-gia.xlsx", "my-plant"}  # the reader's own files


class Command(NamedTuple):
    words: tuple[str, ...]
    output: str
    exit_code: int | None


def blocks() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        texts = BLOCK.findall(page.read_text(encoding="utf-8"))
        found += [(f"{name}:{number}", text) for number, text in enumerate(texts, start=1)]
    return found


def commands(block: str) -> Iterator[Command]:
    """Yield the commands of a block that can be run here."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        line, _, output = part.partition("\n")
        if line == "echo $?" or SET_UP.match(line):
            continue
        words = shlex.split(line, comments=True)
        asked, _, code = following.partition("\n")
        yield Command(tuple(words), output, int(code) if asked == "echo $?" else None)


def arguments(words: tuple[str, ...]) -> list[str] | None:
    """Return what `words` hand to the command; nothing for a task of developers."""
    if words[:2] == ("python3", "run.py"):
        if words[2:3] and words[2] in TASKS:
            return None
        return list(words[2:]) or ["assess", "examples/roasting"]
    assert words[0] == "sxsh-audit", words
    return list(words[1:])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of the reader of a page, with the examples in it."""

    @cache
    def folder(page: str) -> Path:
        place = tmp_path_factory.mktemp("reader")
        shutil.copytree(ROOT / "examples", place / "examples")
        return place

    return folder


def run(
    given: tuple[str, ...], folder: Path, language: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as the reader of a page does."""
    if given[:1] == ("assess",) and given[1:2] and given[1].startswith("examples/") and (
        "--out" not in given):  # fmt: skip
        return printed(given, language)
    return started(given, folder, language)


@cache
def printed(given: tuple[str, ...], language: str) -> subprocess.CompletedProcess[str]:
    """Run a command that reads an example and writes nothing: once, for all pages that show it."""
    return started(given, ROOT, language)


def started(
    given: tuple[str, ...], folder: Path, language: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "SXSH_LANGUAGE": language,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sxsh_audit", *given],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


DONE: dict[Path, int] = {}
"""Blocks that were run in the folder of a reader, down to which number."""


def catch_up(page: str, number: int, folder: Path, language: str) -> None:
    """Run the blocks above one that another worker has shown or that was not asked for.

    What they print is shown elsewhere; here only what they leave behind is needed.
    """
    above = [block for place, block in blocks() if place.rpartition(":")[0] == page]
    for block in above[DONE.get(folder, 0) : number - 1]:
        for command in commands(block):
            given = arguments(command.words)
            if given and not NOT_THERE.intersection(given):
                run(tuple(given), folder, language)
    DONE[folder] = max(number, DONE.get(folder, 0))


@pytest.mark.parametrize(("place", "block"), blocks(), ids=[place for place, _ in blocks()])
def test_console_block_is_true(
    place: str, block: str, folders: Callable[[str], Path]
) -> None:
    assert block.startswith("$ "), place
    page, _, number = place.partition(":")
    folder = folders(page)
    language = "vi" if page.endswith(".vi.md") else "en"
    catch_up(page, int(number), folder, language)
    for command in commands(block):
        given = arguments(command.words)
        if given is None or NOT_THERE.intersection(given):
            continue
        done = run(tuple(given), folder, language)
        assert done.returncode == (command.exit_code or 0), done.stderr
        if command.output.strip():
            printed = done.stdout + done.stderr
            assert doctest.OutputChecker().check_output(command.output, printed, SAME), printed


def test_the_readme_names_tasks_that_run_py_has() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    for task in TASKS:
        assert f'"{task}": (' in source
    assert 'EXAMPLE = "examples/roasting"' in source


def test_links_to_files_lead_somewhere() -> None:
    names = ("README.md", "README.vi.md", "examples/README.md", "CONTRIBUTING.md")
    pages = [ROOT / name for name in names]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), (page.name, target)
