"""Reading a study from a folder of CSV files or from an Excel workbook."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences, sentence
from sxsh_audit.tables.files import FileTables, read_csv_folder, read_workbook
from sxsh_audit.tables.settings import StudySettings, read_settings
from sxsh_audit.tables.study import Study, check_all

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["check_study", "findings_frame", "read_study"]

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
    return Study.from_raw(found.tables, settings, findings=found.findings,
                          hashes=_hashes(Path(path)), language=language)  # fmt: skip


def check_study(path: str | os.PathLike[str], *, language: Language = "vi") -> pd.DataFrame:
    """Return everything that was found in a study, one row each, without refusing it.

    Parameters
    ----------
    path : path
        As in :func:`read_study`.
    language : {"vi", "en"}
        Language of the sentences.

    Returns
    -------
    DataFrame
        Columns ``severity`` (error, warning, note), ``code``, ``file``, ``sheet``, ``row``,
        ``column``, ``cell``, ``facility``, ``resource``, ``value``, ``rule``, ``fix``. Empty if nothing was found.

    Raises
    ------
    FileNotFoundError
        If there is nothing at `path`.
    """
    return findings_frame(study_findings(Path(path), language), language)


def study_findings(path: Path, language: Language) -> Sequence[Finding]:
    """Return everything that was found in a study."""
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
        rows.append((item.severity, item.code, place.file, place.sheet, place.row, place.column,
                     place.cell, place.facility, place.resource, item.value, rule, fix))  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _read(path: Path, language: Language) -> tuple[FileTables, StudySettings]:
    if path.is_dir():
        record, faults = _settings_file(path)
        settings, found_settings = read_settings(record)
        found = read_csv_folder(path, dict(settings.files))
        found.findings = [*faults, *found_settings, *found.findings]
        settings = _own_files(path, settings, found)
        return found, _named(settings, path.name)
    if not path.exists():
        raise FileNotFoundError(sentence("file.no_study", language, path=str(path)))
    if path.suffix.lower() not in WORKBOOKS:
        code = "file.not_a_study"
        text = sentence(code, language, path=path.name)
        finding = Finding(code, "error", Place(file=path.name), "", {"path": path.name})
        raise StudyError(text, findings=[finding], code=code, path=path.name)
    found = read_workbook(path)
    settings, found_settings = read_settings(found.settings, path.name)
    found.findings = [*found_settings, *found.findings]
    settings = _own_files(path.parent, settings, found)
    return found, _named(settings, path.stem)


def _named(settings: StudySettings, name: str) -> StudySettings:
    return settings if settings.study else replace(settings, study=name)


def _settings_file(folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    path = folder / SETTINGS_FILE
    if not path.exists():
        return {}, [Finding("file.no_settings", "note", Place(file=SETTINGS_FILE))]
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig")), []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = Place(file=SETTINGS_FILE)
        return {}, [Finding("file.toml", "error", place, "", {"reason": str(error)})]


def _own_files(folder: Path, settings: StudySettings, found: FileTables) -> StudySettings:
    """Programme and factor files of the user are named beside the study that uses them."""
    changed: dict[str, str] = {}
    for key in ("programme", "factor_set"):
        name = getattr(settings, key)
        if name.lower().endswith((".toml", ".csv")):
            path = folder / name
            if path.exists():
                changed[key] = str(path)
            else:
                place = Place(file=SETTINGS_FILE, column=key)
                found.findings.append(Finding("file.missing", "error", place, name))
                changed[key] = ""
    return replace(settings, **changed)


def _hashes(path: Path) -> dict[str, str]:
    """SHA-256 of every file of the study, so that a result can name its input."""
    files = [path] if path.is_file() else sorted(
        entry for entry in path.iterdir()
        if entry.suffix.lower() in (".csv", ".tsv", ".toml")
    )  # fmt: skip
    return {entry.name: hashlib.sha256(entry.read_bytes()).hexdigest() for entry in files}
