"""From the cells of a raw table to arrays of values, with every fault on its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sxsh_audit.errors import NumberError, PeriodError, Refusal, UnitError
from sxsh_audit.findings import Finding, Severity
from sxsh_audit.language.numbers import parse_numbers
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.language.text import fold, nearest
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import Field, TableSpec, choice_words, plain_word
from sxsh_audit.units import Unit, parse_quantity, parse_unit

__all__ = ["Amounts", "ColumnReader", "Reading"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]
EPOCH = dt.date(1970, 1, 1)
NO_DAY = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a study are to be read."""

    locale: str = "auto"
    currency: str = "VND"
    quality: str = ""
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    def unit(self, text: str) -> Unit:
        """Read a unit, the study's own spellings first."""
        return parse_unit(self.spellings.get(fold(text), text))


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts: numbers as typed, and for each row the place of its unit.

    Parameters
    ----------
    values : array of float, shape (rows,)
        Numbers as typed, in the row's own unit; nan where there is none.
    codes : array of int, shape (rows,)
        Index into `units`; −1 where the row has no unit that can be read.
    units : sequence of Unit
        The distinct units of the column.
    """

    values: Floats
    codes: np.ndarray[Any, np.dtype[np.int64]]
    units: Sequence[Unit]

    def canonical(self) -> Floats:
        """Values in the canonical unit of each row's dimension [its canonical unit]."""
        factors = np.array([float(unit.factor) for unit in self.units] + [np.nan])
        return self.values * factors[self.codes]


def cell_text(cell: Any) -> str:
    """A cell as text: 1.0 of a spreadsheet is the key «1»."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if np.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    text = str(cell).strip()
    return "" if text in ("nan", "<NA>", "NaT", "None") else text


class ColumnReader:
    """Read the columns of one raw table and collect every fault.

    Parameters
    ----------
    spec : TableSpec
        What the table is.
    raw : RawTable
        What was typed.
    reading : Reading
        Locale, currency and own spellings of the study.
    """

    def __init__(self, spec: TableSpec, raw: RawTable, reading: Reading) -> None:
        self.spec = spec
        self.raw = raw
        self.reading = reading
        self.findings: list[Finding] = []
        self.index: dict[str, int] = {}
        self.heading_unit: dict[str, str] = {}
        self._match_headings()

    def __len__(self) -> int:
        return len(self.raw)

    # -- places ---------------------------------------------------------------------------------

    def report(
        self,
        code: str,
        severity: Severity = "error",
        position: int | None = None,
        name: str | None = None,
        value: Any = "",
        **numbers: Any,
    ) -> None:
        """Keep a finding at a cell, a row, or the table."""
        column = self.index.get(name) if name else None
        place = self.raw.place(position, column)
        self.findings.append(Finding(code, severity, place, cell_text(value), numbers))

    def report_refusal(self, position: int, name: str, error: Refusal) -> None:
        """Keep a refusal of a cell as a finding."""
        value = self.raw.columns[self.index[name]][position]
        self.report(error.code, "error", position, name, value, **error.numbers)

    def has(self, name: str) -> bool:
        """Whether the table has the column `name`."""
        return name in self.index

    # -- headings -------------------------------------------------------------------------------

    def _match_headings(self) -> None:
        own = {plain_word(k): v for k, v in self.reading.columns.get(self.spec.name, {}).items()}
        for position, heading in enumerate(self.raw.headings):
            if not heading.strip():
                if any(cell_text(cell) for cell in self.raw.columns[position]):
                    self.findings.append(
                        Finding("table.no_heading", "warning", self.raw.place(None, position))
                    )
                continue
            unit = ""
            found = self.spec.fields.get(own.get(plain_word(heading), ""))
            found = found or self.spec.field_by_heading(heading)
            if found is None:
                bare, unit = _split_heading(heading)
                found = self.spec.field_by_heading(bare) if unit else None
            place = self.raw.place(None, position)
            if found is None:
                near = nearest(plain_word(heading), self.spec.headings(), 3)
                numbers = {"near": list(near)}
                self.findings.append(
                    Finding("table.unknown_column", "warning", place, heading, numbers)
                )
            elif found.name in self.index:
                first = self.raw.headings[self.index[found.name]]
                numbers = {"first": str(first).strip(), "field": found.name}
                self.findings.append(Finding("table.two_columns", "error", place, heading, numbers))
            else:
                self.index[found.name] = position
                self.heading_unit[found.name] = unit
        for item in self.spec.fields.values():
            if item.required and item.name not in self.index:
                self.findings.append(
                    Finding("table.missing_column", "error", self.raw.place(), "",
                            {"field": item.name, "vi": item.vi, "en": item.en})
                )  # fmt: skip

    # -- cells ----------------------------------------------------------------------------------

    def _cells(self, name: str) -> np.ndarray[Any, Any] | None:
        position = self.index.get(name)
        return None if position is None else self.raw.columns[position]

    def texts(self, name: str, default: str = "") -> Texts:
        """Cells as stripped text, shape (rows,)."""
        out = np.full(len(self), default, dtype=object)
        cells = self._cells(name)
        if cells is None:
            return out
        read: dict[Any, str] = {}
        for i, cell in enumerate(cells):
            # 1 and 1.0 and True share a hash: only texts are worth remembering
            if isinstance(cell, str):
                text = read.get(cell)
                if text is None:
                    text = read[cell] = cell_text(cell)
            else:
                text = cell_text(cell)
            if text:
                out[i] = text
        if self.spec.fields[name].required:
            for i in np.flatnonzero(out == ""):
                self.report("table.empty", "error", int(i), name)
        return out

    def numbers(self, name: str) -> Floats:
        """Cells as numbers, shape (rows,); faults become findings and nan."""
        cells = self._cells(name)
        if cells is None:
            return np.full(len(self), np.nan)
        values, faults = parse_numbers(cells, self.reading.locale)
        for position, error in faults:
            self.report_refusal(position, name, error)
        self._check_range(name, values)
        return np.array(values, dtype=np.float64)

    def _check_range(self, name: str, values: Floats) -> None:
        spec: Field = self.spec.fields[name]
        cells = self._cells(name)
        assert cells is not None
        if spec.negative == "error":
            for i in np.flatnonzero(values < 0):
                self.report("table.negative", "error", int(i), name, cells[i])
        if spec.positive:
            for i in np.flatnonzero(values <= 0):
                self.report("table.not_positive", "error", int(i), name, cells[i])

    def choices(self, name: str, default: str = "") -> Texts:
        """Cells as the keys of a word list, shape (rows,)."""
        texts = self.texts(name)
        words = choice_words(self.spec.fields[name].choices or name)
        out = np.full(len(self), default, dtype=object)
        for i in np.flatnonzero(texts != ""):
            key = words.get(plain_word(texts[i]))
            if key is None:
                choices = list(dict.fromkeys(words.values()))
                self.report("table.choice", "error", int(i), name, texts[i], choices=choices)
            else:
                out[i] = key
        return out

    # -- amounts --------------------------------------------------------------------------------

    def amounts(
        self,
        name: str,
        unit_name: str | None,
        fallback: Texts | None = None,
        *,
        needs_unit: bool = True,
    ) -> Amounts:
        """Read a column of numbers with units.

        The unit of a row is the one typed in the cell, else in the unit column, else in the
        heading's brackets, else `fallback`.

        Parameters
        ----------
        name, unit_name : str
            Columns of the number and of its unit.
        fallback : array of str, shape (rows,), optional
            Unit of each row from elsewhere (the product, the resource, the currency).
        needs_unit : bool
            Whether a number without a unit is a fault.
        """
        count = len(self)
        texts = self.texts(unit_name) if unit_name else np.full(count, "", dtype=object)
        heading = self.heading_unit.get(name, "")
        if heading:
            texts[texts == ""] = heading
        if fallback is not None:
            texts = np.where(texts == "", fallback, texts)
        cells = self._cells(name)
        if cells is None:
            return Amounts(np.full(count, np.nan), np.full(count, -1), ())
        values, faults = parse_numbers(cells, self.reading.locale)
        values = np.array(values, dtype=np.float64)
        units: dict[str, int] = {}
        known: list[Unit] = []
        own = np.full(count, -1, dtype=np.int64)
        for position, error in faults:
            quantity = self._quantity(position, name, error)
            if quantity is not None:
                values[position] = quantity.value
                own[position] = units.setdefault(quantity.unit.symbol, len(known))
                if own[position] == len(known):
                    known.append(quantity.unit)
        codes = self._unit_codes(texts, own, values, unit_name, name, units, known, needs_unit)
        self._check_range(name, values)
        return Amounts(values, codes, known)

    def _quantity(self, position: int, name: str, error: NumberError) -> Any:
        """The amount of a cell that holds a number with its unit; else its faults are kept."""
        cell = self._cells(name)[position]  # type: ignore[index]
        if isinstance(cell, str) and error.code not in ("number.ambiguous", "number.nil"):
            try:
                return parse_quantity(cell, self.reading.locale)
            except NumberError as second:
                error = second
            except UnitError:
                pass
        self.report_refusal(position, name, error)
        return None

    def _unit_codes(
        self,
        texts: Texts,
        own: np.ndarray[Any, np.dtype[np.int64]],
        values: Floats,
        unit_name: str | None,
        name: str,
        units: dict[str, int],
        known: list[Unit],
        needs_unit: bool,
    ) -> np.ndarray[Any, np.dtype[np.int64]]:
        import pandas as pd

        index, uniques = pd.factorize(texts)
        table = np.full(len(uniques), -1, dtype=np.int64)
        where = unit_name if unit_name and self.has(unit_name) else name
        for j, text in enumerate(uniques):
            rows = np.flatnonzero((index == j) & (own < 0) & ~np.isnan(values))
            if not len(rows):
                continue
            if not text:
                if needs_unit:
                    for i in rows:
                        self.report("table.no_unit", "error", int(i), name, values[i])
                continue
            try:
                unit = self.reading.unit(str(text))
            except UnitError as error:
                for i in rows:
                    self.report(error.code, "error", int(i), where, text, **error.numbers)
                continue
            # Two spellings of one unit are one unit; different qualifiers stay apart.
            key = f"{unit.symbol} {' '.join(unit.qualifiers)}"
            table[j] = units.setdefault(key, len(known))
            if table[j] == len(known):
                known.append(unit)
        return np.where(own >= 0, own, table[index])

    # -- periods --------------------------------------------------------------------------------

    def days(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """First and last day of each row as days since 1970-01-01, shape (rows,) each.

        Rows without a period have the smallest integer. The period comes from the column
        ``period``, or from ``start`` and ``end``.
        """
        count = len(self)
        start = np.full(count, NO_DAY, dtype=np.int64)
        end = np.full(count, NO_DAY, dtype=np.int64)
        self._read_periods("period", start, end)
        first, unused = np.full((2, count), NO_DAY, dtype=np.int64)
        self._read_periods("start", first, unused)
        unused_too, last = np.full((2, count), NO_DAY, dtype=np.int64)
        self._read_periods("end", unused_too, last)
        lone = (first == NO_DAY) != (last == NO_DAY)
        for i in np.flatnonzero(lone & (start == NO_DAY)):
            name = "start" if last[i] == NO_DAY else "end"
            self.report("table.lone_date", "error", int(i), name)
        both = (start == NO_DAY) & (first != NO_DAY) & (last != NO_DAY)
        for i in np.flatnonzero(both & (last < first)):
            self.report("table.end_before_start", "error", int(i), "end",
                        start=_day(first[i]), end=_day(last[i]))  # fmt: skip
        both &= last >= first
        start[both], end[both] = first[both], last[both]
        return start, end

    def _read_periods(
        self, name: str, start: np.ndarray[Any, Any], end: np.ndarray[Any, Any]
    ) -> None:
        cells = self._cells(name)
        if cells is None:
            return
        if cells.dtype.kind == "M":
            day = cells.astype("datetime64[D]").astype(np.int64)
            start[:] = end[:] = np.where(np.isnat(cells), NO_DAY, day)
            return
        read: dict[Any, Period | PeriodError] = {}
        for i, cell in enumerate(cells):
            if not cell_text(cell):
                continue
            key = (type(cell), cell)
            if key not in read:
                try:
                    read[key] = parse_period(cell, self.reading.locale)
                except PeriodError as error:
                    read[key] = error
            found = read[key]
            if isinstance(found, PeriodError):
                self.report_refusal(i, name, found)
            else:
                start[i] = (found.start - EPOCH).days
                end[i] = (found.end - EPOCH).days


def _day(number: int) -> str:
    return (EPOCH + dt.timedelta(days=int(number))).isoformat()


def _split_heading(heading: str) -> tuple[str, str]:
    """Split ``Điện năng (kWh)`` into the heading and the unit in its last brackets."""
    text = heading.strip()
    for opening, closing in ("()", "[]"):
        if text.endswith(closing) and opening in text:
            bare, _, unit = text[:-1].rpartition(opening)
            return bare.strip(), unit.strip()
    # «Sản lượng, tấn» is as common as brackets.
    bare, comma, unit = text.rpartition(",")
    return (bare.strip(), unit.strip()) if comma else (text, "")
