"""From an Excel workbook to raw tables: one sheet per table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.archives import Unreadable
from sxsh_audit.tables.files import FileTables
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.layout import lay_out
from sxsh_audit.tables.raw import RawTable, Uncomputed, cell_text, column_letters, filled
from sxsh_audit.tables.schema import (
    TABLES,
    TableSpec,
    choice_words,
    plain_word,
    table_by_name,
)
from sxsh_audit.tables.sheets import Sheet, read_sheets
from sxsh_audit.tables.stamp import keyed_headings, template_version

__all__ = ["read_workbook"]


def read_workbook(path: Path, tables: tuple[str, ...] = TABLES) -> FileTables:
    """Read every sheet of an Excel workbook that is one of `tables`.

    Parameters
    ----------
    path : Path
        The workbook. Its settings sheet, if it has one, may name the user's own headings.
    tables : tuple of str
        Canonical names of the tables that are looked for: those of a study or of a register.

    Returns
    -------
    FileTables
        With a workbook that cannot be opened: no tables and one finding.
    """
    found = FileTables()
    sheets = _sheets(path, found)
    if sheets is None:
        return found
    listed: list[tuple[Sheet, TableSpec]] = []
    for sheet in sheets:
        kind = choice_words("sheet").get(plain_word(sheet.title))
        if kind == "settings":
            _settings(sheet, path.name, found)
        if kind == "template":
            found.findings += template_version(sheet.values, Place(path.name, sheet.title))
        if kind is not None:
            continue
        spec = table_by_name(sheet.title, tables)
        if spec is not None:
            listed.append((sheet, spec))
        elif any(any(map(filled, row)) for row in sheet.values):
            place = Place(file=path.name, sheet=sheet.title)
            found.report("file.unknown_table", place, "warning", sheet.title)
    own = found.settings.get("columns", {})
    named = {known.name: columns for name, columns in own.items()
             if (known := table_by_name(name, tables)) and isinstance(columns, Mapping)
             } if isinstance(own, Mapping) else {}  # fmt: skip
    for sheet, spec in listed:
        _add(path.name, sheet, spec, named.get(spec.name, {}), found)
    return found


def _sheets(path: Path, found: FileTables) -> list[Sheet] | None:
    """Sheets of a workbook; None, and one finding, where it cannot be read."""
    try:
        return list(read_sheets(path))
    except Unreadable as error:
        place = Place(file=path.name, sheet=error.sheet, cell=error.cell)
        found.report(error.code, place, **error.numbers)
    except OSError as error:
        found.report("file.unreadable", Place(file=path.name),
                     reason=str(error.strerror or error))  # fmt: skip
    except Exception as error:  # a damaged archive or XML raises many kinds
        found.report("file.damaged", Place(file=path.name), reason=_reason(error))
    return None


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:120]}" if text else type(error).__name__


def _add(
    file: str, sheet: Sheet, spec: TableSpec, columns: Mapping[str, str], found: FileTables
) -> None:
    place = Place(file=file, sheet=sheet.title)
    if sheet.hidden:
        found.report("file.hidden_sheet", place, "warning")
    rows, keyed = keyed_headings(sheet.values, spec)
    columns = {**(keyed or {}), **columns}
    raw, findings = lay_out(rows, spec, columns, file=file, sheet=sheet.title,
                            cells_named=True, merged=sheet.merged)  # fmt: skip
    raw = replace(raw, keyed=keyed or {}, from_template=keyed is not None)
    if keyed is not None:  # our own title above the headings is no news
        findings = [item for item in findings if item.code != "table.titles"]
    found.findings += findings
    if sheet.formulas:
        raw = _with_formulas(sheet, spec, raw, columns, found.findings)
    found.add(spec, raw)


def _with_formulas(
    sheet: Sheet,
    spec: TableSpec,
    raw: RawTable,
    columns: Mapping[str, str],
    findings: list[Finding],
) -> RawTable:
    """Say where a formula's stored value may be stale or is absent; never use it silently."""
    for position in sorted(set(match_headings(spec, raw, columns).index.values())):
        stored: list[int] = []
        outside: list[int] = []
        for i, row in enumerate(raw.rows.tolist()):
            typed = sheet.formulas.get((row - 1, position))
            if typed is None:
                continue
            if not filled(raw.columns[position][i]):
                raw.columns[position][i] = Uncomputed(typed)
                continue
            stored.append(i)
            if (row - 1, position) in sheet.outside:
                outside.append(i)
        if stored:
            place = raw.place(stored[0], position)
            findings.append(Finding("file.formula", "warning", place, "", {"count": len(stored)}))
        if outside:
            place, numbers = raw.place(outside[0], position), {"count": len(outside)}
            text = sheet.formulas[int(raw.rows[outside[0]]) - 1, position]
            findings.append(Finding("file.outside", "warning", place, text, numbers))
    return raw


def _settings(sheet: Sheet, file: str, found: FileTables) -> None:
    """Keys and values of the settings sheet; ``baseline.start`` becomes a nested key.

    Under a heading row («Mục», «Giá trị», «Giải thích») the value stands in its column only.
    """
    head, only = _setting_columns(sheet.values)
    for number, row in enumerate(sheet.values, start=1):
        key = cell_text(row[0]) if row else ""
        columns = range(1, len(row)) if only is None else [j for j in (only,) if j < len(row)]
        column = next((j for j in columns if filled(row[j])), None)
        if number <= head or not key or column is None:
            continue
        key = key.removesuffix("*").strip()
        place = Place(file, sheet.title, number, key, f"{column_letters(column)}{number}")
        target = found.settings
        # A heading may hold a dot itself: columns.consumption.No. = "note".
        deep = key.startswith("columns.")
        *parents, last = key.split(".", 2 if deep else -1)
        for parent in parents:
            inner = target.setdefault(parent.strip(), {})
            if not isinstance(inner, dict):
                break
            target = inner
        else:
            if last.strip() in target:
                found.report("settings.twice", place, key=key)
                continue
            target[last.strip()] = row[column]
            found.setting_places[key] = place
            found.setting_places.setdefault(key.split(".")[0].strip(), place)


def _setting_columns(rows: Sequence[Sequence[Any]]) -> tuple[int, int | None]:
    """Row of the headings on a settings sheet and position of the values; 0, None without."""
    words = choice_words("setting_column")
    for number, row in enumerate(rows, start=1):
        named = [words.get(plain_word(cell_text(cell)), "") for cell in row]
        if named[:1] == ["key"] and "value" in named:
            return number, named.index("value")
    return 0, None
