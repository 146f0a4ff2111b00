"""Filling a template as a person would, and letting LibreOffice work its formulas out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from sxsh_audit.tables.stamp import KEY_MARK

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""

# 0: always recalculate when a file is opened; the usual setting trusts stored values.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(paths: Sequence[Path], folder: Path, form: str = "xlsx") -> list[Path]:
    """Open workbooks in LibreOffice, work them out and save them."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    out = folder / "converted"
    out.mkdir(exist_ok=True)
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form,
         "--outdir", str(out), *map(str, paths)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return [out / f"{path.stem}.{form.partition(':')[0]}" for path in paths]


def columns_of(sheet: Any) -> tuple[int, dict[str, int]]:
    """Heading row of a sheet of the template, and the column of each field."""
    for row in sheet.iter_rows(max_row=10):
        keys = {str(cell.value).removeprefix(KEY_MARK): cell.column for cell in row
                if str(cell.value).startswith(KEY_MARK)}  # fmt: skip
        if keys:
            return row[0].row + 1, keys
    raise LookupError(sheet.title)


def first_record(sheet: Any, head: int) -> int:
    """First row below the examples."""
    row = head + 1
    while sheet.cell(row, 1).value:
        row += 1
    return row


def fill(sheet: Any, records: Sequence[Mapping[str, Any]]) -> None:
    """Type records into a sheet, over what is laid out, from its first white row on."""
    head, columns = columns_of(sheet)
    first = first_record(sheet, head)
    for offset, record in enumerate(records):
        for name, value in record.items():
            sheet.cell(first + offset, columns[name]).value = value


def fill_laid_out(sheet: Any, figures: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    """Type figures beside the resource (or nothing) and the period that are laid out."""
    head, columns = columns_of(sheet)
    for row in range(first_record(sheet, head), sheet.max_row + 1):
        time = sheet.cell(row, columns.get("period") or columns["phase"]).value
        name = sheet.cell(row, columns["resource"]).value if "resource" in columns else ""
        for field, value in figures.get((name or "", time or ""), {}).items():
            sheet.cell(row, columns[field]).value = value


def setting(book: Any, sheet: str, label: str, value: Any) -> None:
    """Type the value of a setting."""
    for row in book[sheet].iter_rows(max_col=1):
        if row[0].value == label:
            book[sheet].cell(row[0].row, 2).value = value
            return
    raise LookupError(label)


def load(path: Path, *, values: bool = False) -> Any:
    """Open a workbook with openpyxl."""
    return openpyxl.load_workbook(path, data_only=values)
