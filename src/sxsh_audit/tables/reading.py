"""Reading a study from a folder of CSV files or from an Excel workbook."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences, sentence
from sxsh_audit.language.text import shorten, writable
from sxsh_audit.tables.encodings import decode, tried
from sxsh_audit.tables.files import (
    LARGEST_SETTINGS,
    FileTables,
    read_csv_folder,
    read_limited,
)
from sxsh_audit.tables.schema import choice_words, plain_word
from sxsh_audit.tables.settings import FILE, StudySettings, read_settings
from sxsh_audit.tables.spellings import read_spellings
from sxsh_audit.tables.study import Study, check_all
from sxsh_audit.tables.workbooks import read_workbook

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["findings_frame", "read_study", "study_findings"]

MOST_DOTS = 200
"""Dots in a line of settings; the parser's time grows with the square of those in a key."""

SETTINGS_FILE = "study.toml"
WORKBOOKS = (".xlsx", ".xlsm")


def read_study(path: str | os.PathLike[str], *, language: Language = "vi") -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : path
        A folder with ``study.toml`` and one CSV file per table, or an Excel workbook with one
        sheet per table. Names and headings may be Vietnamese or English.
    language : {"vi", "en"}
        Language of the refusal.

    Returns
    -------
    Study
        Warnings and notes are in its ``findings``.

    Raises
    ------
    StudyError
        If anything blocks an assessment. It holds every fault of every file with file, sheet,
        row as Excel shows it, column, value, rule and fix.
    FileNotFoundError
        If there is nothing at `path`.
    """
    found, settings = _read(Path(path), language)
    refused = any(item.severity == "error" for item in found.findings)
    hashes = {} if refused else file_hashes(Path(path))  # a file that is too large is not read here
    return Study.from_raw(found.tables, settings, findings=found.findings, hashes=hashes,
                          language=language)  # fmt: skip


def read_unfolded(path: Path, language: Language) -> Study:
    """Read a study as :func:`read_study` does, with a finding for each row that has a fault."""
    found, settings = _read(path, language)
    return Study.from_raw(found.tables, settings, findings=found.findings, language=language,
                          fold=False)  # fmt: skip


def study_findings(path: Path, language: Language) -> Sequence[Finding]:
    """Return what reading finds in a study, without refusing it."""
    found, settings = _read(path, language)
    return check_all(found.tables, settings, found.findings)[1]


def findings_frame(findings: Sequence[Finding], language: Language = "vi") -> pd.DataFrame:
    """Return findings as a table in `language`."""
    import pandas as pd

    columns = ["severity", "code", "file", "sheet", "row", "column", "cell", "facility", "resource",
               "value", "rule", "fix"]  # fmt: skip
    rows = []
    for item in findings:
        rule, fix = finding_sentences(item, language)
        place = item.place
        cells = (item.severity, item.code, place.file, place.sheet, place.row, place.column,
                 place.cell, place.facility, place.resource, shorten(item.value), rule,
                 fix)  # fmt: skip
        rows.append([writable(cell) if isinstance(cell, str) else cell for cell in cells])
    return pd.DataFrame(rows, columns=columns)


def _read(path: Path, language: Language) -> tuple[FileTables, StudySettings]:
    if not path.exists():
        raise FileNotFoundError(sentence("file.no_study", language, path=str(path)))
    if path.is_dir():
        folder, file = path, SETTINGS_FILE
        record, faults, places = settings_file(path)
        settings, found_settings = read_settings(record, SETTINGS_FILE, places)
        others = {settings.programme, settings.factor_set, settings.spellings.get(FILE, "")}
        found = read_csv_folder(path, settings.files, settings.columns, others)
        if not found.tables and any(item.code == "file.workbook_inside" for item in found.findings):
            faults = [item for item in faults if item.code != "file.no_settings"]
        found.findings = [*faults, *found_settings, *found.findings]
        found.setting_places = places
    elif path.suffix.lower() in WORKBOOKS and path.is_file():
        folder, file = path.parent, path.name
        found = read_workbook(path)
        settings, found_settings = read_settings(found.settings, file, found.setting_places)
        found.findings = [*found_settings, *found.findings]
    else:
        found, settings = FileTables(), StudySettings()
        found.report("file.not_a_study", Place(file=path.name), path=path.name)
        return found, settings
    settings = _own_files(folder, file, settings, found)
    if not settings.study:
        settings = replace(settings, study=_name_of(path))
    return found, settings


def _name_of(path: Path) -> str:
    return writable(path.resolve().name if path.is_dir() else path.stem)


def shared_settings(folder: Path) -> tuple[dict[str, Any], StudySettings, list[Finding]]:
    """Return the settings of a folder as keys for :class:`Study`, as read, and what was found.

    Parameters
    ----------
    folder : Path
        Folder with ``study.toml``.

    Returns
    -------
    dict
        Keys by their canonical names; files that stand beside ``study.toml`` with their path.
    StudySettings, list of Finding
        The settings as read, and every fault.
    """
    record, faults, places = settings_file(folder)
    settings, found = read_settings(record, SETTINGS_FILE, places)
    beside = FileTables(findings=[*faults, *found], setting_places=places)
    settings = _own_files(folder, SETTINGS_FILE, settings, beside)
    if not settings.study:
        settings = replace(settings, study=_name_of(folder))
    words = choice_words("setting")
    keys = {words.get(plain_word(key), key): value for key, value in record.items()}
    keys.pop("files", None)
    keys["study"] = settings.study
    for name in ("programme", "factor_set", "emission_factors", "spellings"):
        if keys.get(name):
            keys[name] = getattr(settings, name)
    return keys, settings, beside.findings


def settings_file(
    folder: Path, name: str = SETTINGS_FILE
) -> tuple[dict[str, Any], list[Finding], dict[str, Place]]:
    """Read the file `name` of settings in a folder; a missing one is a note."""
    path = folder / name
    place = Place(file=name)
    if not path.is_file():
        return {}, [Finding("file.no_settings", "note", place)], {}
    found = FileTables()
    data = read_limited(path, LARGEST_SETTINGS, found)
    if data is None:
        return {}, found.findings, {}
    try:
        text = data.decode("utf-8-sig")
        deep = next((row for row, line in enumerate(text.splitlines(), start=1)
                     if line.count(".") > MOST_DOTS), 0)  # fmt: skip
        if deep:
            return {}, [Finding("file.toml", "error", Place(file=name, row=deep))], {}
        return tomllib.loads(text), [], _toml_places(text, name)
    except UnicodeDecodeError:
        return {}, [Finding("file.toml_encoding", "error", place)], {}
    except (ValueError, RecursionError) as error:  # also a number of more than 4300 digits
        # The parser says where in English words; the place of a finding says it in any language.
        where = re.search(r"line (\d+)", str(error))
        place = Place(file=name, row=int(where[1]) if where else 0)
        return {}, [Finding("file.toml", "error", place)], {}


def _toml_places(text: str, file: str) -> dict[str, Place]:
    """Line of each key: ``baseline``, ``files.prices``."""
    places: dict[str, Place] = {}
    section = ""
    for row, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[([^\[\]]+)\]", line)
        named = re.match(r"\s*(\"[^\"]*\"|'[^']*'|[\w.-]+)\s*=", line)
        if head:
            section = head[1].strip()
            places.setdefault(section, Place(file, "", row))
        elif named:
            key = named[1].strip("\"'")
            places.setdefault(f"{section}.{key}" if section else key,
                              Place(file, "", row))  # fmt: skip
    return places


def _own_files(
    folder: Path, file: str, settings: StudySettings, found: FileTables
) -> StudySettings:
    """Programme, factor and spelling files of the user stand beside the study that uses them."""
    changed: dict[str, Any] = {}
    for key in ("programme", "factor_set", "emission_factors"):
        name = getattr(settings, key)
        if name.lower().endswith((".toml", ".csv")) or (name and key == "emission_factors"):
            changed[key] = _beside(folder, file, key, name, found)
    name = settings.spellings.get(FILE, "")
    if name:
        path = _beside(folder, file, "spellings", name, found)
        changed["spellings"] = _spellings_file(Path(path), found) if path else {}
    return replace(settings, **changed)


def _beside(folder: Path, file: str, key: str, name: str, found: FileTables) -> str:
    path = folder / name
    if path.is_file():
        return str(path)
    place = found.setting_places.get(key) or Place(file=file)
    found.report("file.missing", place, value=name if place.column else f"{key} = {name}")
    return ""


def _spellings_file(path: Path, found: FileTables) -> dict[str, str]:
    """Read the user's spellings: a CSV file of the shape of ours, lines with # left out."""
    data = read_limited(path, LARGEST_SETTINGS, found)
    if data is None:
        return {}
    decoded = decode(data, lambda text: 0)
    if decoded is None:
        found.report("file.encoding", Place(file=path.name), tried=list(tried()))
        return {}
    lines = [(i, line) for i, line in enumerate(decoded[0].splitlines(), start=1)
             if line.strip() and not line.startswith("#")]  # fmt: skip
    head = lines[0][1] if lines else ""
    delimiter = max(",;\t", key=head.count)
    rows = list(csv.reader([line for _, line in lines], delimiter=delimiter))
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    if "unit" not in names or "spellings" not in names:
        found.report("settings.spellings_file", Place(file=path.name))
        return {}
    records = [{**dict(zip(names, row, strict=False)), "row": number}
               for (number, _), row in zip(lines[1:], rows[1:], strict=False)]  # fmt: skip
    kept, findings = read_spellings(records, path.name)
    found.findings += findings
    return kept


def file_hashes(path: Path) -> dict[str, str]:
    """SHA-256 of every file of the study, so that a result can name its input."""
    files = [path] if path.is_file() else sorted(
        entry for entry in path.iterdir()
        if entry.suffix.lower() in (".csv", ".tsv", ".toml") and entry.is_file()
    )  # fmt: skip
    hashes = {}
    for entry in files:
        with entry.open("rb") as stream:
            hashes[entry.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return hashes
