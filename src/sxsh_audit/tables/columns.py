"""From the cells of a raw table to arrays of values, with every fault on its cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sxsh_audit.errors import NumberError, Refusal, UnitError
from sxsh_audit.findings import Finding, Severity
from sxsh_audit.language.numbers import parse_numbers, split_number
from sxsh_audit.tables.amounts import Amounts, Codes, Floats, Reading, Texts, unit_code
from sxsh_audit.tables.days import EPOCH, NO_DAY, read_days
from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.layout import records_only
from sxsh_audit.tables.raw import RawTable, Uncomputed, cell_text, key_text
from sxsh_audit.tables.schema import Field, TableSpec, choice_keys, choice_words, plain_word
from sxsh_audit.units import Unit, parse_quantity

__all__ = ["EPOCH", "NO_DAY", "Amounts", "ColumnReader", "Reading", "Texts"]

MISLAID = frozenset({"table.too_many_cells", "table.across"})
"""Faults with which no row of a table can be read: its cells are not where the headings say."""


MOST_LOOKED_FOR = 50
"""Unknown words of a table for which close ones are looked for, some milliseconds each: more of
the same fault are told as one."""


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
    absent : bool
        The study has no such table: a missing column is no fault.
    """

    def __init__(
        self, spec: TableSpec, raw: RawTable, reading: Reading, *, absent: bool = False
    ) -> None:
        self.spec = spec
        self.reading = reading
        self.findings: list[Finding] = []
        self._told: set[tuple[str, int, str]] = set()
        self._faulty: set[tuple[str, int]] = set()
        self._looked_for = 0
        self.index: dict[str, int] = {}
        self.heading_unit: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.raw = raw
        if absent or not any(str(heading).strip() for heading in raw.headings):
            return
        headings = match_headings(spec, raw, reading.columns.get(spec.name, {}))
        self.index, self.heading_unit = headings.index, headings.units
        self.constants = headings.constants
        self.findings += headings.findings
        if any(item.code in MISLAID for item in headings.findings):
            self.raw = raw.take(np.empty(0, np.int64))
            return
        self.raw, left_out = records_only(spec, raw, headings)
        self.findings += left_out
        if raw.cells_named:
            self._blank_uncomputed()

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
        """Keep a finding at a cell, a row, or the table; the same one is kept once."""
        column = self.index.get(name) if name else None
        if position is not None:
            key = (code, position, str(column))
            if key in self._told:
                return
            self._told.add(key)
            if name and severity == "error":
                self._faulty.add((name, position))
        place = self.raw.place(position, column)
        self.findings.append(Finding(code, severity, place, cell_text(value), numbers))

    def report_refusal(self, position: int, name: str, error: Refusal) -> None:
        """Keep a refusal of a cell as a finding."""
        value = self.raw.columns[self.index[name]][position]
        self.report(error.code, "error", position, name, value, **error.numbers)

    def looks(self) -> bool:
        """Whether close words are still looked for; each question counts."""
        self._looked_for += 1
        return self._looked_for <= MOST_LOOKED_FOR

    def faulty(self, position: int, *names: str) -> bool:
        """Whether one of the cells has a fault already, so that no second one is told of it."""
        return any((name, position) in self._faulty for name in names)

    def has(self, name: str) -> bool:
        """Whether the table has the column `name`."""
        return name in self.index

    def cells(self, name: str) -> np.ndarray[Any, Any] | None:
        """Cells of a column as typed, or None where the table does not have it."""
        position = self.index.get(name)
        return None if position is None else self.raw.columns[position]

    def replace_cells(self, name: str, cells: np.ndarray[Any, Any]) -> None:
        """Read `cells` in place of what the column `name` holds."""
        columns = list(self.raw.columns)
        columns[self.index[name]] = cells
        self.raw = replace(self.raw, columns=columns)

    def _blank_uncomputed(self) -> None:
        for name, position in self.index.items():
            cells = self.raw.columns[position]
            empty = [i for i, cell in enumerate(cells) if isinstance(cell, Uncomputed)]
            if empty:
                for i in empty:
                    self.report("file.formula_empty", "error", i, name, cells[i])
                blank = cells.copy()
                blank[empty] = None
                self.replace_cells(name, blank)

    # -- cells ----------------------------------------------------------------------------------

    def texts(self, name: str, default: str = "") -> Texts:
        """Cells as stripped text, shape (rows,)."""
        out = np.full(len(self), self.constants.get(name, default), dtype=object)
        cells = self.cells(name)
        if cells is None:
            return out
        read: dict[str, str] = {}
        for i, cell in enumerate(cells):
            # 1 and 1.0 and True share a hash: only texts are worth remembering
            if isinstance(cell, str):
                text = read.get(cell)
                if text is None:
                    text = read[cell] = key_text(cell)
            else:
                text = cell_text(cell)
            if text:
                out[i] = text
        if self.spec.fields[name].required:
            for row in np.flatnonzero(out == "").tolist():
                if not self.faulty(row, name):
                    self.report("table.empty", "error", row, name)
        return out

    def numbers(self, name: str) -> Floats:
        """Cells as numbers, shape (rows,); faults become findings and nan."""
        cells = self.cells(name)
        if cells is None:
            return np.full(len(self), np.nan)
        values, faults = parse_numbers(cells, self.reading.locale)  # type: ignore[arg-type]
        for position, error in faults:
            self.report_refusal(position, name, error)
        self._check_range(name, values)
        return np.array(values, dtype=np.float64) + 0.0  # no negative zero

    def _check_range(self, name: str, values: Floats) -> None:
        spec: Field = self.spec.fields[name]
        cells = self.cells(name)
        assert cells is not None
        if spec.negative == "error":
            for i in np.flatnonzero(values < 0):
                self.report("table.negative", "error", int(i), name, cells[i])
        if spec.positive:
            for i in np.flatnonzero(values <= 0):
                self.report("table.not_positive", "error", int(i), name, cells[i])

    def choices(self, name: str, default: str = "") -> Texts:
        """Cells as the keys of a word list, shape (rows,)."""
        out = np.full(len(self), default, dtype=object)
        if not self.has(name):
            return out
        listed = self.spec.fields[name].choices or name
        texts, words = self.texts(name), choice_words(listed)
        read = {text: words.get(plain_word(text)) for text in set(texts) if text}
        for i in np.flatnonzero(texts != ""):
            key = read[texts[i]]
            if key is None:
                choices = [f"{listed}.{key}" for key in choice_keys(listed)]
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

        The unit of a row is the one typed in the cell, in the unit column or in the heading's
        brackets (those that are typed must agree), else `fallback`.

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
        cells = self.cells(name)
        if cells is None:
            return Amounts(np.full(count, np.nan), np.full(count, -1), ())
        values, faults = parse_numbers(cells, self.reading.locale)  # type: ignore[arg-type]
        values = np.array(values, dtype=np.float64) + 0.0
        known: list[Unit] = []
        own = np.full(count, -1, dtype=np.int64)
        for position, error in faults:
            quantity = self._quantity(position, name, error)
            if quantity is not None:
                np.put(values, position, quantity[0])
                np.put(own, position, unit_code(quantity[1], known))
        present = ~np.isnan(values)
        column = self.texts(unit_name) if unit_name else np.full(count, "", dtype=object)
        has_column = unit_name is not None and self.has(unit_name)
        where = unit_name if has_column and unit_name else name
        typed = self._unit_codes(column, present, where, known)
        heading = self._heading_code(name, known) if present.any() else -1
        self._conflicts(name, where, own, typed, heading, known, present)
        codes = np.where(own >= 0, own, typed)
        codes = np.where((codes < 0) & (column == ""), heading, codes)
        if fallback is not None:
            rest = present & (codes < 0) & (column == "") & (heading == -1)
            codes = np.where(rest, self._unit_codes(fallback, rest, name, known), codes)
            column = np.where(rest, fallback, column)
        if needs_unit and heading != -2:
            for i in np.flatnonzero(present & (codes < 0) & (column == "")):
                self.report("table.no_unit", "error", int(i), name, cells[i])
        self._check_range(name, values)
        found = Amounts(values, np.maximum(codes, -1), known)
        for i in np.flatnonzero(np.isinf(found.canonical())):
            self.report("number.out_of_range", "error", int(i), name, cells[i],
                        text=cell_text(cells[i]))  # fmt: skip
        return found

    def _quantity(self, position: int, name: str, error: NumberError) -> tuple[float, Unit] | None:
        """Read a cell that holds a number with its unit; else its faults are kept."""
        cell = self.raw.columns[self.index[name]][position]
        if isinstance(cell, str) and error.code in ("number.trailing_text", "number.not_a_number"):
            try:
                if self.reading.spellings:
                    value, rest = split_number(cell, self.reading.locale)  # type: ignore[arg-type]
                    return value, self.reading.unit(rest, suggest=False)
            except Refusal:
                pass
            try:
                read = parse_quantity(cell, self.reading.locale,  # type: ignore[arg-type]
                                      suggest=self.looks())  # fmt: skip
                return read.value, read.unit
            except NumberError as second:
                error = second
            except UnitError as second:
                if error.code == "number.trailing_text":
                    self.report_refusal(position, name, second)
                    return None
        self.report_refusal(position, name, error)
        return None

    def _heading_code(self, name: str, known: list[Unit]) -> int:
        """Code of the heading's unit; −1 without one, −2 where it cannot be read."""
        text = self.heading_unit.get(name, "")
        if not text:
            return -1
        try:
            return unit_code(self.reading.unit(text), known)
        except UnitError as error:
            place = self.raw.place(None, self.index[name])
            numbers = {"near": list(error.numbers.get("near", ())) or ["–"]}
            self.findings.append(Finding("table.heading_unit", "error", place, text, numbers))
            return -2

    def _unit_codes(
        self, texts: Texts, wanted: np.ndarray[Any, Any], where: str, known: list[Unit]
    ) -> Codes:
        """Code of the unit of each row; each different text is read once."""
        import pandas as pd

        looks = True
        index, uniques = pd.factorize(texts)
        table = np.full(len(uniques) + 1, -1, dtype=np.int64)
        for j, text in enumerate(uniques):
            if not text:
                continue
            try:
                table[j] = unit_code(self.reading.unit(str(text), suggest=looks), known)
            except UnitError as error:
                looks = self.looks()
                for i in np.flatnonzero((index == j) & wanted):
                    self.report(error.code, "error", int(i), where, text, **error.numbers)
        return np.asarray(np.where(wanted, table[index], -1))

    def _conflicts(
        self,
        name: str,
        where: str,
        own: Codes,
        typed: Codes,
        heading: int,
        known: list[Unit],
        present: np.ndarray[Any, Any],
    ) -> None:
        """«5 MWh» in a column of kWh has two readings, a thousand times apart."""
        size: Any = np.array([float(unit.factor) for unit in known] + [np.nan])
        kind: Any = np.array([unit.canonical for unit in known] + [""], dtype=object)
        pairs = [(own, typed, where)]
        if heading >= 0:
            column = np.full(len(own), heading, dtype=np.int64)
            pairs += [(own, column, name), (typed, column, where)]
        for first, second, column_name in pairs:
            both = (first >= 0) & (second >= 0) & present
            differ = both & ((size[first] != size[second]) | (kind[first] != kind[second]))
            for i in np.flatnonzero(differ):
                self.report("table.unit_conflict", "error", int(i), column_name,
                            known[first[i]].text, first=known[first[i]].text,
                            second=known[second[i]].text)  # fmt: skip

    # -- periods --------------------------------------------------------------------------------

    def days(self) -> tuple[Codes, Codes]:
        """First and last day of each row as days since 1970-01-01, shape (rows,) each.

        Rows without a period have the smallest integer. The period comes from the column
        ``period``, or from ``start`` and ``end``.
        """
        return read_days(self)
