"""What the template writes into a workbook for its own reader: version, keys of the columns.

A row of keys (``sxsh:quantity``), hidden above the headings, says which column is which where
somebody has given a heading another name. A heading that is known by itself wins: it is what
the person sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.data import load_toml
from sxsh_audit.errors import UnitError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.text import shorten
from sxsh_audit.tables.headings import split_heading
from sxsh_audit.tables.raw import cell_text
from sxsh_audit.tables.schema import TableSpec, choice_words, plain_word
from sxsh_audit.units import parse_unit

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
    if typed == str(known):
        return []
    # What is no small number was not written by a version that this program knows.
    older = re.fullmatch("[0-9]{1,6}", typed) is not None and int(typed) < known
    numbers = {"version": shorten(typed) or "–", "known": known}
    if older:
        return [Finding("file.template_older", "note", place, shorten(typed), numbers)]
    return [Finding("file.template_newer", "warning", place, shorten(typed), numbers)]


def keyed_headings(
    rows: Sequence[Sequence[Any]], spec: TableSpec
) -> tuple[list[Sequence[Any]], dict[str, str] | None]:
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
        The rows with that of the keys emptied, so that row numbers stay true.
    dict of str to str, or None
        Field by heading, for headings that the table does not know; None without such a row.
    """
    kept = list(rows)
    for position, row in enumerate(rows[:LAST_KEY_ROW]):
        keys = {j: text.removeprefix(KEY_MARK) for j, cell in enumerate(row)
                if (text := cell_text(cell)).startswith(KEY_MARK)}  # fmt: skip
        if len(keys) < 2:
            continue
        kept[position] = ()
        headings = next((row for row in rows[position + 1 : LAST_KEY_ROW]
                         if sum(bool(cell_text(cell)) for cell in row) > 1), ())  # fmt: skip
        own = {
            _without_unit(heading): keys[j] for j, cell in enumerate(headings)
            if j in keys and keys[j] in spec.fields and (heading := cell_text(cell))
            and not any(map(spec.field_by_heading, (heading, split_heading(heading)[0])))
        }  # fmt: skip
        return kept, own
    return kept, None


def _without_unit(heading: str) -> str:
    """Return a heading without the unit in it, so that the unit is read as of any heading."""
    bare, unit = split_heading(heading)
    try:
        parse_unit(unit)
    except UnitError:
        return heading
    return bare


def _is_example(example: Mapping[str, Any], cells: Mapping[str, Any]) -> bool:
    """Whether the cells are those of an example, field by field, in the columns that there are."""
    names = {name for name in (*example, *cells) if name in cells and name not in DATES}
    return any(cell_text(cells[name]) for name in names) and all(
        plain_word(cell_text(example.get(name))) == plain_word(cell_text(cells[name]))
        for name in names
    )


def untouched(table: str, cells: Mapping[str, Any]) -> bool:
    """Whether a row is an example that a template laid out; one that is empty is.

    Parameters
    ----------
    table : str
        Canonical name of the table.
    cells : mapping
        Cells of the row by field.
    """
    if not any(map(cell_text, cells.values())):
        return True
    templates = {**load_toml("register_template.toml"), **load_toml("template.toml")}
    known = templates.get(table, {}).get("example", {})
    return any(_is_example(row, cells) for rows in known.values() for row in rows)


def is_example_word(text: str) -> bool:
    """Whether a cell marks its row as an example."""
    return choice_words("row").get(plain_word(text).strip(" ()-–")) == "example"
