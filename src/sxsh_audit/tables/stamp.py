"""What the template writes into a workbook for its own reader: version, keys of the columns.

A row of keys (``sxsh:quantity``), hidden above the headings, says which column is which where
somebody has given a heading another name. A heading that is known by itself wins: it is what
the person sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.data import load_toml
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.headings import split_heading
from sxsh_audit.tables.raw import cell_text
from sxsh_audit.tables.schema import TableSpec, choice_words, plain_word

__all__ = ["KEY_MARK", "STAMP", "is_example_word", "keyed_headings", "template_version",
           "untouched"]

KEY_MARK = "sxsh:"
STAMP = "sxsh-audit template"
"""First cell of the hidden sheet of lists; the version stands beside it."""

LAST_KEY_ROW = 60

DATES = ("period", "start", "end", "phase")
"""Fields of an example row that follow the periods of the template."""


def template_version(rows: Sequence[Sequence[Any]], place: Place) -> list[Finding]:
    """Return what is to be said of the version that a hidden sheet states."""
    stamp = rows[0] if rows else ()
    if not stamp or cell_text(stamp[0]) != STAMP or len(stamp) < 2:
        return []
    known = int(load_toml("template.toml")["version"])
    typed = cell_text(stamp[1])
    version = int(typed) if typed.isdigit() else known
    if version == known:
        return []
    code = "file.template_newer" if version > known else "file.template_older"
    severity: Any = "warning" if version > known else "note"
    return [Finding(code, severity, place, typed, {"version": version, "known": known})]


def keyed_headings(
    rows: Sequence[Sequence[Any]], spec: TableSpec
) -> tuple[list[Sequence[Any]], dict[str, str]]:
    """Take the row of keys out of a sheet.

    Parameters
    ----------
    rows : sequence of sequences
        Cells by row, from row 1 of the sheet.
    spec : TableSpec
        What the table is.

    Returns
    -------
    list of sequences
        The rows with those above the headings emptied, so that row numbers stay true.
    dict of str to str
        Field by heading, for headings that the table does not know.
    """
    kept = list(rows)
    for position, row in enumerate(rows[:LAST_KEY_ROW]):
        keys = {j: text.removeprefix(KEY_MARK) for j, cell in enumerate(row)
                if (text := cell_text(cell)).startswith(KEY_MARK)}  # fmt: skip
        if len(keys) < 2:
            continue
        kept[: position + 1] = [()] * (position + 1)  # our own title above, and the keys
        headings = next((row for row in rows[position + 1 : LAST_KEY_ROW]
                         if sum(bool(cell_text(cell)) for cell in row) > 1), ())  # fmt: skip
        own = {
            heading: keys[j] for j, cell in enumerate(headings)
            if j in keys and keys[j] in spec.fields and (heading := cell_text(cell))
            and not any(map(spec.field_by_heading, (heading, split_heading(heading)[0])))
        }  # fmt: skip
        return kept, own
    return kept, {}


def _compared(cells: Mapping[str, Any]) -> frozenset[str]:
    """Texts of an example row, wherever they stand: columns may have been moved or renamed."""
    return frozenset(
        plain_word(text) for name, cell in cells.items()
        if name not in DATES and (text := cell_text(cell))
    )  # fmt: skip


def untouched(table: str, cells: Mapping[str, Any]) -> bool:
    """Whether a row marked as an example is one that a template laid out.

    Parameters
    ----------
    table : str
        Canonical name of the table.
    cells : mapping
        Cells of the row by field.
    """
    known = load_toml("template.toml").get(table, {}).get("example", {})
    found = _compared(cells)
    # A column may have been taken out of the sheet.
    return any(found <= _compared(row) for rows in known.values() for row in rows)


def is_example_word(text: str) -> bool:
    """Whether a cell marks its row as an example."""
    return choice_words("row").get(plain_word(text).strip(" ()-–")) == "example"
