"""No fact without its source: every row, or every file of our own wording, says where it is from.

A file states one source for all of it in a comment line ``# source: …``; a file of facts from
several places has a ``source`` in every row. Sentences in ``messages`` are ours and need none.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sources import PACKAGE

DATA = PACKAGE / "data"
FILES = sorted(
    path
    for path in DATA.rglob("*")
    if path.is_file() and path.suffix not in {".py", ".pyc"} and "messages" not in path.parts
)
# Numbers that decide a result: one source for the whole file is not enough.
EVERY_ENTRY = ("factors", "programmes")


def label(path: Path) -> str:
    return path.relative_to(DATA).as_posix()


def states_one_source(text: str) -> bool:
    """Whether a comment line names the source of the whole file."""
    comments = [line.lstrip("#;/ ").casefold() for line in text.splitlines() if line[:1] in "#;"]
    return any(line.startswith("source:") and line[7:].strip() for line in comments)


def rows_without_source(text: str) -> list[int]:
    """Return the numbers of the rows of a CSV file that carry no source."""
    lines = [line for line in io.StringIO(text) if not line.startswith("#")]
    return [
        number
        for number, row in enumerate(csv.DictReader(lines), start=2)
        if not (row.get("source") or "").strip()
    ]


def tables(value: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each table of an array of tables with its place."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from tables(below, f"{name}.{key}")
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            if isinstance(entry, dict):
                yield f"{name}[{number}]", entry


def names_a_source(record: dict[str, Any]) -> bool:
    return any("source" in key and value for key, value in record.items())


@pytest.mark.parametrize("path", FILES, ids=label)
def test_fact_has_a_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name.endswith(".schema.json"):
        assert json.loads(text)["$schema"]  # the shape of our own documents: no fact in it
        return
    if states_one_source(text) and not set(EVERY_ENTRY).intersection(path.parts):
        return
    if path.suffix == ".csv":
        assert rows_without_source(text) == []
    elif path.suffix == ".toml":
        record = tomllib.loads(text)
        loose = [place for place, entry in tables(record, path.stem) if not names_a_source(entry)]
        assert names_a_source(record) or (loose == [] and list(tables(record, path.stem)))
    else:
        assert states_one_source(text)


@pytest.mark.parametrize("path", FILES, ids=label)
def test_fact_file_is_composed_unicode_with_unix_lines(path: Path) -> None:
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
