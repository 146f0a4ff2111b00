"""Law: what nobody can see of how a text was typed changes no result.

Workbooks are written from the records of the examples with every text typed in another way: marks
apart from their letters, no-break and double spaces, letters without width, the Ð of old fonts.
Files of CSV are brought into one form where they are read; nothing does that for a workbook.
"""

from __future__ import annotations

import csv
import io
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sxsh_audit.assessment.assess import assess
from sxsh_audit.tables.reading import read_study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CHOSEN = ("det-nhuom", "thuy-san", "tinh-bot-san")

TYPED: dict[str, Callable[[str], str]] = {
    "marks apart": lambda text: unicodedata.normalize("NFD", text),
    "letters of old fonts": lambda text: text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "spaces about": lambda text: f"  {text} ",
    "two spaces": lambda text: text.replace(" ", "  "),
    "two lines": lambda text: text.replace(" ", "\n", 1),
    "no width": lambda text: f"\ufeff{text}\u200b",
    "soft hyphens": lambda text: f"{text[:1]}\u00ad{text[1:]}" if text[:2].isalpha() else text,
}


def settings_of(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield the settings as the sheet of a workbook has them: one level, lists with commas."""
    def flat(entries: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
        for key, value in entries.items():
            if isinstance(value, Mapping):
                yield from flat(value, f"{before}{key}.")
            else:
                yield before + key, ", ".join(value) if isinstance(value, list) else value

    yield from flat(tomllib.loads((folder / "study.toml").read_text(encoding="utf-8")))


def workbook(folder: Path, place: Path, typed: Callable[[str], str]) -> Path:
    """Write an example as a workbook, each text of its tables as it might be typed."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Settings"
    for key, value in settings_of(folder):
        sheet.append([key, value])
    for path in sorted(folder.glob("*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        first = text.splitlines()[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        sheet = book.create_sheet(path.stem)
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            sheet.append([typed(cell) if cell else None for cell in row])
    book.save(place)
    return place


def result(path: Path) -> dict[str, Any]:
    """Return the assessment of a workbook without what tells of its letters."""
    found = assess(read_study(path, language="en"), language="en").to_dict()
    found["study"].pop("files")  # hashes
    for item in found["findings"]:  # as typed, which is what a person looks for
        item.pop("value")
        item["place"].pop("column")
    return found


@pytest.mark.parametrize("name", CHOSEN)
def test_no_result_depends_on_what_nobody_sees(tmp_path: Path, name: str) -> None:
    place = tmp_path / "plant.xlsx"  # one name, which is that of the plant
    expected = result(workbook(EXAMPLES / name, place, lambda text: text))
    assert expected["savings"]
    for how, typed in TYPED.items():
        found = result(workbook(EXAMPLES / name, place, typed))
        for key, part in expected.items():
            assert found[key] == part, f"{how}: {key}"
