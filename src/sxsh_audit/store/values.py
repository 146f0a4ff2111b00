"""Cells of a register as the database keeps them, and back."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sxsh_audit.language.formatting import Language
from sxsh_audit.store.database import refuse
from sxsh_audit.tables.register import key_text as cell_text

__all__ = ["cells_of", "frame_of", "key_text", "record_cells", "whole_text"]

LARGEST = 2**63 - 1
LONGEST_KEY = 500
"""Letters of a key; PostgreSQL indexes no more than some 2700 bytes."""


def key_text(parts: Sequence[Any], name: str, language: Language) -> str:
    """Return the key of a record as one text.

    Parameters
    ----------
    parts : sequence
        Values of its key columns; None and nan are what is not known.
    name : str
        Kind of the record, for a refusal.
    language : {"vi", "en"}
        Language of a refusal.

    Examples
    --------
    >>> key_text(["A"], "events", "en"), key_text(["1.1", 2015.0, ""], "tasks", "en")
    ('A', '["1.1","2015",""]')
    """
    plain = [cell_text(part) for part in parts]
    if not any(part for part in plain):
        refuse("store.no_key", language, kind=name)
    text = plain[0] if len(plain) == 1 else json.dumps(
        plain, ensure_ascii=False, separators=(",", ":"))  # fmt: skip
    if len(text) > LONGEST_KEY:
        refuse("store.key_long", language, kind=name, key=text[:60], most=LONGEST_KEY)
    return text


def cells_of(
    name: str, columns: Mapping[str, str], frame: pd.DataFrame, language: Language
) -> list[tuple[Any, ...]]:
    """Return the rows of a table as the database keeps them.

    Parameters
    ----------
    name : str
        Kind of the records.
    columns : mapping of str to str
        What each column holds.
    frame : DataFrame
        Checked cells.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    list of tuple
        Not known is None for a number, an amount or a day, and "" for a text.

    Raises
    ------
    StoreError
        If an amount of đồng is no whole number, or a text cannot be kept.
    """
    cells = {column: frame[column].tolist() for column in columns}
    return _rows(name, columns, cells, len(frame), language)


def record_cells(
    name: str, columns: Mapping[str, str], records: Sequence[Mapping[str, Any]],
    language: Language,
) -> list[tuple[Any, ...]]:
    """Return records as :func:`cells_of` returns the rows of a table; what is not there is None."""
    cells = {column: [record.get(column) for record in records] for column in columns}
    return _rows(name, columns, cells, len(records), language)


def _rows(
    name: str, columns: Mapping[str, str], table: Mapping[str, list[Any]], count: int,
    language: Language,
) -> list[tuple[Any, ...]]:
    out = []
    for column, kind in columns.items():
        cells = table[column]
        try:
            out.append([_cell(kind, cell) for cell in cells])
        except _Unfit as unfit:
            refuse(unfit.code, language, kind=name, column=column, value=unfit.value)
    return list(zip(*out, strict=True)) if count else []


class _Unfit(Exception):
    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code, self.value = code, value


def whole_text(text: str) -> bool:
    """Whether every database can keep a text: no zero letter, no half of a pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _cell(kind: str, cell: Any) -> Any:
    if kind in ("number", "money"):
        if cell is None or math.isnan(cell):
            return None
        if kind == "number":
            return float(cell)
        if not float(cell).is_integer() or abs(cell) > LARGEST:
            raise _Unfit("store.part_of_dong", str(cell))
        return int(cell)
    if kind == "day":
        return cell if isinstance(cell, dt.date) else None
    text = "" if cell is None else str(cell)
    if not whole_text(text):
        raise _Unfit("store.text", ascii(text)[:60])
    if kind == "yesno" and text not in ("", "yes", "no"):
        raise _Unfit("store.yes_no", text)
    return text


def frame_of(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return rows of the database as a table with these columns."""
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pd.DataFrame({
        column: pd.Series(found, dtype=float if kind in ("number", "money") else object)
        for (column, kind), found in zip(columns.items(), cells, strict=True)
    })  # fmt: skip
