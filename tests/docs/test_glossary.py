"""Every name that the glossary gives is a name in the code or in its data."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"`([A-Za-z_]+)`")


def glossary_names() -> list[str]:
    rows = [
        line.split("|")
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    return sorted({name for row in rows for name in NAME.findall(row[3])})


def test_glossary_names_are_names_of_the_code() -> None:
    package = ROOT / "src" / "sxsh_audit"
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*"))
        if path.suffix in {".py", ".toml", ".csv"}
    )
    words = set(re.findall(r"[A-Za-z_]+", text))
    names = glossary_names()
    assert len(names) > 30
    assert [name for name in names if name not in words] == []
