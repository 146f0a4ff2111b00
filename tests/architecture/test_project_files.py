"""Nothing in the project belongs to one machine, and nothing is left half done."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sources import MODULES, ROOT, label

NOT_OURS = {
    ".git", ".venv", ".venv-run", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    "__pycache__", "_build", "build", "dist", "results", "node_modules",
}  # fmt: skip
TEXT = {
    ".py", ".md", ".toml", ".csv", ".txt", ".json", ".yml", ".yaml", ".cfg", ".ipynb", ".lock",
    ".svg", ".html", ".css", "",
}  # fmt: skip
# Folders that exist on a developer's machine only. Joined here so as not to find themselves.
MACHINE_PATH = re.compile(
    r"(?<![\w./-])(?:/(?:"
    + "|".join(["tmp", "work", "root", "farm", "home"])
    + r")/|[A-Z]:\\Users)"
)
LEFT_OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|NotImpl" + r"ementedError)\b")


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from project_files(path)
        elif path.suffix in TEXT:
            yield path


def test_no_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:80]}"
        for path in project_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_the_lock_file_names_the_public_index_only() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = {urlsplit(address).hostname for address in re.findall(r'"(https?://[^"]+)"', text)}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_the_lock_file_is_up_to_date() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    ours = next(package for package in lock["package"] if package["name"] == project["name"])
    wanted = set(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted |= set(extra)
    locked = {
        entry["name"] + (f"[{','.join(entry['extras'])}]" if "extras" in entry else "")
        + entry["specifier"]
        for entry in ours["metadata"]["requires-dist"]
    }  # fmt: skip
    assert locked == {requirement.replace(" ", "") for requirement in wanted}


def test_run_file_speaks_to_old_pythons() -> None:
    import ast

    source = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_nothing_is_left_open(path: Path) -> None:
    assert not LEFT_OPEN.search(path.read_text(encoding="utf-8"))
