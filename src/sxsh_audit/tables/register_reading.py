"""Reading a register from an Excel workbook or from a folder of CSV files."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.files import FileTables, read_csv_folder
from sxsh_audit.tables.folding import tidy_findings
from sxsh_audit.tables.reading import WORKBOOKS, file_hashes, settings_file
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.register_checking import RegisterCheck
from sxsh_audit.tables.register_settings import RegisterSettings, read_register_settings
from sxsh_audit.tables.schema import REGISTER_TABLES
from sxsh_audit.tables.study import refuse
from sxsh_audit.tables.workbooks import read_workbook

__all__ = ["read_register"]

SETTINGS_FILE = "register.toml"

RETOLD = {
    "file.unknown_table": "register.unknown_table",
    "table.unknown_column": "register.unknown_column",
    "table.missing_column": "register.missing_column",
}
"""Findings whose mending is told otherwise for a register than for a study."""


def read_register(
    path: str | os.PathLike[str], *, known: Register | None = None, language: Language = "vi"
) -> Register:
    r"""Read and check the register of a programme, or the yearly report of an agency.

    Parameters
    ----------
    path : path
        An Excel workbook (``.xlsx``, ``.xlsm``) with a sheet for each table, or a folder with a
        CSV file for each and perhaps ``register.toml``. Names of tables, headings and choices
        may be Vietnamese or English.
    known : Register, optional
        The register of the province: establishments and events that a report may name without
        listing them itself. Without it such names in a report with an agency are kept as typed
        and looked up when the report is merged.
    language : {"vi", "en"}
        Language of the refusal.

    Returns
    -------
    Register
        Its ``settings`` hold what the sheet «Thông tin chung» states (``programme``,
        ``province``, ``agency``, ``year``, ``received``), and ``file`` and ``file_hash``
        (SHA-256). Warnings and notes are in its ``findings``, and where each record was typed
        in its ``places``.

    Raises
    ------
    StudyError
        If there is a fault. It holds every fault of every sheet with file, sheet, row as Excel
        shows it, column, value, rule and fix.
    FileNotFoundError
        If there is nothing at `path`.

    Notes
    -----
    An establishment without a code is known by its tax code, else by its name and commune. A
    blank «Cơ quan báo cáo» is the agency of the report, a blank year its year.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "co-so.csv").write_text("Mã cơ sở;Tên cơ sở;Huyện\n"
    ...     "QB01;Xưởng mộc Minh;TX Ba Đồn\n", encoding="utf-8")
    >>> _ = (folder / "register.toml").write_text('province = "Quảng Bình"', encoding="utf-8")
    >>> read_register(folder).establishments["district"].tolist()
    ['Ba Đồn']
    """
    language = check_language(language)
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(sentence("register.no_register", language, path=str(path)))
    found, settings = _read(path)
    if not found.tables and not any(item.severity == "error" for item in found.findings):
        found.report("register.empty", Place(file=path.name))
    frames, findings, places = RegisterCheck(found.tables, settings, known).run()
    if any(item.code.startswith("file.") and item.severity == "error" for item in found.findings):
        # Establishments and events may stand in the sheet that could not be read.
        missing = ("register.unknown_establishment", "register.unknown_event")
        findings = [item for item in findings if item.code not in missing]
    told = tidy_findings([_retold(item) for item in (*found.findings, *findings)], found.tables)
    refuse(told, language, code="register.refused")
    stated = {**settings.values, "file": path.name, "file_hash": _hash(path)}
    return Register.from_frames(findings=tuple(told), settings=stated, places=places, **frames)


def _retold(item: Finding) -> Finding:
    return replace(item, code=RETOLD.get(item.code, item.code))


def _read(path: Path) -> tuple[FileTables, RegisterSettings]:
    if path.is_dir():
        record, faults, places = settings_file(path, SETTINGS_FILE)
        faults = [item for item in faults if item.code != "file.no_settings"]
        settings, said = read_register_settings(record, SETTINGS_FILE, places)
        found = read_csv_folder(path, settings.files, settings.columns, tables=REGISTER_TABLES)
        found.findings = [*faults, *said, *found.findings]
    elif path.suffix.lower() in WORKBOOKS:
        found = read_workbook(path, REGISTER_TABLES)
        settings, said = read_register_settings(found.settings, path.name, found.setting_places)
        found.findings = [*said, *found.findings]
    else:
        found, settings = FileTables(), RegisterSettings()
        found.report("file.not_a_study", Place(file=path.name), path=path.name)
    return found, settings


def _hash(path: Path) -> str:
    """SHA-256 of the workbook, or of the hashes of all files of a folder with their names."""
    hashes = file_hashes(path)
    if path.is_file():
        return hashes[path.name]
    text = "\n".join(f"{name} {value}" for name, value in sorted(hashes.items()))
    return hashlib.sha256(text.encode()).hexdigest()
