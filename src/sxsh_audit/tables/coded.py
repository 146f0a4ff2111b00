"""Columns of many records as codes: each different text is read once, by the readers of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding
from sxsh_audit.tables.days import FIRST_DAY, LAST_DAY, NO_DAY, period_days
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.layout import is_record_text
from sxsh_audit.tables.raw import RawTable, cell_text, key_text
from sxsh_audit.tables.schema import choice_words, plain_word, table_spec
from sxsh_audit.tables.settings import StudySettings

__all__ = ["CodedTable", "Texts", "coded_table"]

Codes = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts.

    Parameters
    ----------
    codes : array of int, shape (rows,)
        Index into `texts`; the last one, which is empty, where a cell is empty.
    texts : sequence of str
        The different texts, without stray blanks; two may be alike. The last one is "".
    """

    codes: np.ndarray[Any, Any]
    texts: Sequence[str]

    def of(self, values: Sequence[Any], dtype: Any = None) -> np.ndarray[Any, Any]:
        """Return the value of each row, given that of each text, shape (rows,)."""
        table = np.array(values, dtype=dtype)
        return np.asarray(table[self.codes])

    def where(self, test: Callable[[str], bool]) -> Rows | None:
        """Return the rows whose text passes; None where no text does."""
        passed = [test(text) for text in self.texts]
        return self.of(passed, bool) if any(passed) else None

    def keys(self, values: Sequence[str]) -> pd.Categorical:
        """Return the text that stands for each as a Categorical with sorted categories."""
        names = sorted(set(values))
        place = {name: i for i, name in enumerate(names)}
        codes = self.of([place[value] for value in values], _narrow(len(names)))
        return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"), validate=False)


def _narrow(count: int) -> type[Any]:
    return np.int8 if count < 128 else np.int16 if count < 32_768 else np.int32


@dataclass(slots=True)
class CodedTable:
    """A table of records by field, with the rows that only the whole reader can judge.

    Parameters
    ----------
    name : str
        Canonical name of the table.
    columns : mapping of str to Series
        Cells by field.
    settings : StudySettings
        How the cells are to be read.
    unsure : array of bool, shape (rows,)
        Rows that are not plain; set by what reads the columns.
    told : list of (int, Finding)
        What is told of which plant, by its code.
    """

    name: str
    columns: Mapping[str, pd.Series]
    settings: StudySettings
    unsure: Rows
    told: list[tuple[int, Finding]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.unsure)

    def has(self, field: str) -> bool:
        """Whether there is such a column."""
        return field in self.columns

    def doubt(self, rows: Rows | None) -> None:
        """Leave rows to the whole reader."""
        if rows is not None:
            self.unsure |= rows

    def texts(self, field: str) -> Texts:
        """Return a column of texts; rows that are no text are left to the whole reader."""
        column = self.columns.get(field)
        if column is None:
            return Texts(np.zeros(len(self), dtype=np.int8), ("",))
        codes, cells = _coded(column)
        strange = [not isinstance(cell, str) for cell in cells]
        texts = ["" if odd else key_text(cell)
                 for cell, odd in zip(cells, strange, strict=True)]  # fmt: skip
        out = Texts(codes, (*texts, ""))
        if any(strange):
            self.doubt(out.of([*strange, False], bool))
        heading = plain_word(str(column.name))
        spec = table_spec(self.name).fields[field]
        told = [not odd and not is_record_text(cell, spec, heading)
                for cell, odd in zip(cells, strange, strict=True)]  # fmt: skip
        if any(told):
            self.doubt(out.of([*told, False], bool))
        return out

    def blank(self, field: str) -> None:
        """Leave rows to the whole reader in which this column holds anything."""
        column = self.columns.get(field)
        if column is None:
            return
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiuM":
            self.doubt(column.notna().to_numpy())
        else:
            self.doubt(self.texts(field).where(bool))

    def numbers(self, field: str, *, negative: bool = False) -> Floats:
        """Return a column of numbers, nan where there is none; no sign but that of a debt."""
        column = self.columns.get(field)
        if column is None:
            return np.full(len(self), np.nan)
        if not (isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu"):
            self.doubt(column.notna().to_numpy())
            return np.full(len(self), np.nan)
        values = np.asarray(column.to_numpy(), dtype=np.float64) + 0.0
        limits = values.min(initial=0.0), values.max(initial=0.0)
        if not np.isfinite(limits).all():
            limits = np.nanmin(values, initial=0.0), np.nanmax(values, initial=0.0)
        if np.isinf(limits).any():
            self.doubt(np.isinf(values))
        if limits[0] < 0 and not negative:
            self.doubt(values < 0)
        return values

    def choices(self, field: str, default: str = "") -> tuple[Texts, list[str]]:
        """Return a column of words of a list, and the key of each text."""
        found = self.texts(field)
        words = choice_words(table_spec(self.name).fields[field].choices or field)
        keys = [words.get(plain_word(text), "") if text else default for text in found.texts]
        unknown = {text for text, key in zip(found.texts, keys, strict=True) if text and not key}
        self.doubt(found.where(unknown.__contains__))
        return found, keys

    def days(self) -> tuple[Codes, Codes]:
        """Return first and last day of each record; what needs a second look is left out."""
        named = self.has("period")
        if named == (self.has("start") or self.has("end")):
            self.unsure[:] = True
            return np.full(len(self), NO_DAY), np.full(len(self), NO_DAY)
        if named:
            start, end = self._spans("period")
            self.doubt(start == end)  # a day may stand for its month
        else:
            start, end = self._spans("start")[0], self._spans("end")[1]
            self.doubt((start == NO_DAY) | (end < start))
        return start, end

    def _spans(self, field: str) -> tuple[Codes, Codes]:
        column = self.columns.get(field)
        if column is None:
            return np.full(len(self), NO_DAY), np.full(len(self), NO_DAY)
        if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
            days = column.to_numpy().astype("datetime64[D]").astype(np.int64)
            far = (days < FIRST_DAY) | (days > LAST_DAY)
            if far.any():
                days = np.where(far, NO_DAY, days)
            return days, days
        found = self.texts(field)
        cells = [period_days(text, self.settings.locale) if text else None for text in found.texts]
        spans = [cell if isinstance(cell, tuple) else (NO_DAY, NO_DAY) for cell in cells]
        return found.of([span[0] for span in spans], np.int64), found.of(
            [span[1] for span in spans], np.int64)  # fmt: skip


def _coded(column: pd.Series) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Codes of a column and its different cells; an empty cell has −1, the last of the texts."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), list(column.cat.categories)
    codes, different = pd.factorize(column, use_na_sentinel=True)
    return codes, list(different)


def coded_table(
    frame: pd.DataFrame, name: str, settings: StudySettings, known: Sequence[str]
) -> CodedTable | None:
    """Find the field of every column of a frame.

    Parameters
    ----------
    frame : DataFrame
        Records.
    name : str
        Canonical name of the table.
    settings : StudySettings
        The user's own headings.
    known : sequence of str
        Fields that the caller can read.

    Returns
    -------
    CodedTable or None
        None where a heading says something that concerns all rows: a unit, a resource, a fault.
    """
    if any(level is not None for level in frame.index.names):
        return None
    headings = [cell_text(heading) if isinstance(heading, str) else "" for heading in frame.columns]
    if not all(headings) or any(plain_word(text) in choice_words("column") for text in headings):
        return None
    nothing = [np.empty(0, dtype=object) for _ in headings]
    raw = RawTable("", name, headings, nothing, np.empty(0, np.int64))
    found = match_headings(table_spec(name), raw, settings.columns.get(name, {}))
    if found.findings or found.constants or any(found.units.values()):
        return None
    if len(set(found.index.values())) < len(headings) or set(found.index) - set(known):
        return None
    columns = {field: frame.iloc[:, position] for field, position in found.index.items()}
    return CodedTable(name, columns, settings, np.zeros(len(frame), dtype=bool))
