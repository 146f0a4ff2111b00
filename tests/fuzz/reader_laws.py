"""What must hold of the readers for any text and any file; shared by all that search for faults.

Never an exception but a refusal, never a silent guess, and what is read prints back to the same.
"""

from __future__ import annotations

import contextlib
import math
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sxsh_audit import parse_number, parse_period, parse_quantity, parse_unit
from sxsh_audit.errors import NumberError, PeriodError, Refusal, UnitError
from sxsh_audit.language.formatting import format_number
from sxsh_audit.language.messages import describe, refusal_sentence
from sxsh_audit.tables.reading import study_findings

UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_TOLD = 1500
"""Letters of a message: rule, value, fix and a line of marks."""

LANGUAGES = ("vi", "en")


def _told_well(error: Refusal) -> None:
    for language in LANGUAGES:
        told = refusal_sentence(error.code, error.numbers, language)  # type: ignore[arg-type]
        assert len(told) <= LONGEST_TOLD, told
        assert not UNSEEN.search(told), told


def number_law(text: str) -> None:
    """A number has one reading in a locale; under ``auto`` only where both locales agree."""
    read: dict[str, float] = {}
    for locale in ("auto", "vi", "en"):
        try:
            read[locale] = parse_number(text, locale)  # type: ignore[arg-type]
        except NumberError as error:
            _told_well(error)
    for value in read.values():
        assert not math.isinf(value)
        if not math.isnan(value):
            for language in LANGUAGES:
                printed = format_number(value, language)  # type: ignore[arg-type]
                assert parse_number(printed, language) == value  # type: ignore[arg-type]
    known = {repr(read[locale]) for locale in ("vi", "en") if locale in read}
    if "auto" in read:
        assert {repr(read["auto"])} == known, "a guess between two readings"
    else:
        assert len(known) != 1 or len(read) < 2, "one reading in both locales is refused"


def period_law(text: str) -> None:
    """A period prints back; under ``auto`` it is not another one than in Vietnamese."""
    read = {}
    for locale in ("auto", "vi"):
        try:
            period = read[locale] = parse_period(text, locale)  # type: ignore[arg-type]
        except PeriodError as error:
            _told_well(error)
            continue
        for language in LANGUAGES:
            assert parse_period(period.label(language), "vi") == period  # type: ignore[arg-type]
    assert len(set(read.values())) <= 1


def unit_law(text: str) -> None:
    """The symbol of a unit is read as the same unit."""
    try:
        unit = parse_unit(text)
    except UnitError as error:
        _told_well(error)
        return
    again = parse_unit(unit.symbol)
    assert (again.canonical, again.factor, again.dimension) == (
        unit.canonical, unit.factor, unit.dimension)


def quantity_law(text: str) -> None:
    """A quantity is a finite number with a unit, and under ``auto`` the same in a locale."""
    read = {}
    for locale in ("auto", "vi", "en"):
        try:
            value, unit = parse_quantity(text, locale)  # type: ignore[arg-type]
        except Refusal as error:
            _told_well(error)
            continue
        assert math.isfinite(value)
        read[locale] = (value, unit.canonical, unit.factor)
    if "auto" in read:
        assert all(one == read["auto"] for one in read.values())


def study_law(path: Path) -> None:
    """Whatever is in the files, it is checked, and each finding can be told in both languages."""
    for item in study_findings(path, "vi"):
        for language in LANGUAGES:
            told = describe(item, language)  # type: ignore[arg-type]
            assert len(told) <= 3 * LONGEST_TOLD, told
            assert not UNSEEN.search(told), told


def folder_law(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a study and check it."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    study_law(folder)


def workbook_law(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write the parts of a workbook and check it."""
    with zipfile.ZipFile(path, "w") as archive, contextlib.suppress(ValueError):
        for name, data in parts.items():
            archive.writestr(name, data)
    study_law(path)


TEXT_LAWS = {"number": number_law, "period": period_law, "unit": unit_law,
             "quantity": quantity_law}  # fmt: skip
