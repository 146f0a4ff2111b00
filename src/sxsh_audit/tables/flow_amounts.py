"""Amounts of flows: one unit for all figures of a row, stocks, bounds, densities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sxsh_audit.errors import UnitError
from sxsh_audit.tables.amounts import Amounts, Floats, Texts, unit_code
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.keys import group_codes
from sxsh_audit.units import Unit

if TYPE_CHECKING:
    from sxsh_audit.tables.checking import TableCheck

__all__ = ["DENSITY", "FlowAmounts", "densities", "flow_amounts", "too_dense"]

FIGURES = ("quantity", "opening_stock", "closing_stock", "quantity_low", "quantity_high")
ROUNDING = 1e-9
"""What closing less opening stock may differ by from the change that is typed beside them."""

DENSITY = "t/m3"
DENSEST = 25.0
"""No substance has so many tonnes in a cubic metre: 1000 is in kg/m³."""

NO_AMOUNT = frozenset({
    "time", "power", "apparent_power", "reactive_power", "dimensionless", "month", "year", "shift",
    "person",
})  # fmt: skip
"""Dimensions of which nothing flows in a period; money and rates are none either."""


class FlowAmounts(NamedTuple):
    """Figures of the flows in the canonical unit of each row.

    Attributes
    ----------
    quantity, opening_stock, closing_stock, quantity_low, quantity_high : array of float
        Figures, shape (rows,); nan where there is none.
    unit, shown_unit : array of str
        Canonical unit, and the one in which the row is shown; empty where no unit is known.
    shown_factor : array of float
        Canonical units per one that is shown.
    """

    quantity: Floats
    opening_stock: Floats
    closing_stock: Floats
    quantity_low: Floats
    quantity_high: Floats
    unit: Texts
    shown_unit: Texts
    shown_factor: Floats


def flow_amounts(
    check: TableCheck, reader: ColumnReader, facilities: Texts, keys: Texts, kinds: Texts,
    fallback: Texts,
) -> FlowAmounts:  # fmt: skip
    """Read the figures of the flows.

    Parameters
    ----------
    check : TableCheck
        The study.
    reader : ColumnReader
        Table of flows; faults are reported to it.
    facilities, keys, kinds : arrays of str, shape (rows,)
        Whose flow each row is, and of what kind.
    fallback : array of str, shape (rows,)
        Unit of the resource, for rows that name none.
    """
    units, known = _row_units(check, reader, fallback)
    typed = Amounts(np.full(len(reader), np.nan), units, known)
    texts, canonical = typed.typed(), typed.names()
    figures: dict[str, Floats] = {}
    for name in FIGURES:
        read = reader.amounts(name, "unit", texts)
        present = ~np.isnan(read.values)
        differ = present & (read.codes >= 0) & (canonical != "") & (read.names() != canonical)
        for i in np.flatnonzero(differ).tolist():
            if not reader.faulty(i, name, "unit"):
                reader.report("flow_tables.figure_unit", "error", i, name,
                              read.units[read.codes[i]].text, expected=canonical[i])  # fmt: skip
        figures[name] = np.asarray(np.where(differ, np.nan, read.canonical()))
    where = "unit" if reader.has("unit") else "quantity"
    for i in np.flatnonzero(units >= 0).tolist():
        dimension = known[units[i]].dimension
        if set("/·") & set(dimension) or dimension in NO_AMOUNT or dimension[:5] == "money":
            reader.report("flow_tables.no_amount", "error", i, where, known[units[i]].text)
    units = _one_unit(reader, facilities, keys, units, known, where)
    typed = Amounts(typed.values, units, known)
    quantity = _with_stocks(reader, kinds, figures, canonical)
    _bounds(reader, kinds, quantity, figures)
    for i in np.flatnonzero((units < 0) & (keys != "")).tolist():
        if not reader.faulty(i, *FIGURES, "unit"):
            reader.report("flow_tables.no_unit", "warning", i, where)
    shown, factor = typed.shown()
    return FlowAmounts(quantity, figures["opening_stock"], figures["closing_stock"],
                       figures["quantity_low"], figures["quantity_high"],
                       typed.names(), shown, factor)  # fmt: skip


def _row_units(
    check: TableCheck, reader: ColumnReader, fallback: Texts
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[Unit]]:
    """Return the unit of each row: of a figure, of the column, the heading, or the resource.

    What is not measured has a unit as well: it says in which balance the flow stands.
    """
    texts = np.full(len(reader), "", dtype=object)
    figure = np.zeros(len(reader), dtype=bool)
    for name in FIGURES:
        if reader.has(name):
            read = reader.amounts(name, "unit", needs_unit=False)
            figure |= ~np.isnan(read.values)
            texts = np.where(texts == "", read.typed(), texts)
    column = reader.texts("unit")
    usual = np.where(column == "", reader.heading_unit.get("quantity", ""), column)
    texts = np.where(texts == "", np.where(usual == "", fallback, usual), texts).astype(object)
    known: list[Unit] = []
    codes: dict[str, int] = {"": -1}
    out = np.full(len(reader), -1, dtype=np.int64)
    for i, text in enumerate(texts.tolist()):
        if text not in codes:
            try:
                codes[text] = unit_code(check.reading.unit(text, suggest=False), known)
            except UnitError as error:
                codes[text] = -1
                if column[i] == text and not figure[i]:  # else it is told with the figure
                    reader.report(error.code, "error", i, "unit", text, **error.numbers)
        out[i] = codes[text]
    return out, known


def _one_unit(
    reader: ColumnReader, facilities: Texts, keys: Texts,
    units: np.ndarray[tuple[int], np.dtype[np.int64]], known: list[Unit], where: str,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:  # fmt: skip
    """Units of the rows; a row without any has that of its flow, a second kind is a fault."""
    if not len(reader):
        return units
    groups, out = group_codes([facilities, keys]), units.copy()
    first: dict[int, int] = {}
    for i in np.flatnonzero((units >= 0) & (keys != "")).tolist():
        j = first.setdefault(int(groups[i]), i)
        one, other = known[units[j]], known[units[i]]
        if one.canonical != other.canonical and not reader.faulty(i, where):
            reader.report("flow_tables.two_dimensions", "error", i, where, other.text,
                          key=keys[i], first=one.canonical, second=other.canonical)  # fmt: skip
    for i in np.flatnonzero((units < 0) & (keys != "")).tolist():
        out[i] = units[first[int(groups[i])]] if int(groups[i]) in first else -1
    return out


def _with_stocks(
    reader: ColumnReader, kinds: Texts, figures: dict[str, Floats], units: Texts
) -> Floats:
    """Quantities; of a change of stock, closing less opening where both are given."""
    quantity, opening, closing = (figures[name] for name in FIGURES[:3])
    stock = kinds == "stock"
    for name in ("opening_stock", "closing_stock"):
        for i in np.flatnonzero(~stock & ~np.isnan(figures[name])).tolist():
            if not reader.faulty(i, "kind", name):
                reader.report("flow_tables.stock_kind", "error", i, name,
                              reader.raw.columns[reader.index[name]][i])  # fmt: skip
    for i in np.flatnonzero(stock & (np.isnan(opening) != np.isnan(closing))).tolist():
        if not reader.faulty(i, "opening_stock", "closing_stock", "unit"):
            name = "opening_stock" if np.isnan(opening[i]) else "closing_stock"
            reader.report("table.lone_stock", "error", i, name)
    change = np.where(stock, closing - opening, np.nan)
    slack = ROUNDING * np.maximum(np.abs(opening), np.abs(closing))
    for i in np.flatnonzero(np.abs(quantity - change) > slack).tolist():
        reader.report("flow_tables.stock_change", "error", i, "quantity",
                      reader.raw.columns[reader.index["quantity"]][i],
                      change=float(change[i]), unit=units[i])  # fmt: skip
    return np.asarray(np.where(np.isnan(change), quantity, change))


def _bounds(
    reader: ColumnReader, kinds: Texts, quantity: Floats, figures: dict[str, Floats]
) -> None:
    """Report a flow below 0, which would go the other way, and bounds in the wrong order."""
    low, high = figures["quantity_low"], figures["quantity_high"]
    for name, values in (("quantity", quantity), ("quantity_low", low), ("quantity_high", high)):
        for i in np.flatnonzero((values < 0) & (kinds != "stock")).tolist():
            if reader.has(name) and not reader.faulty(i, name, "kind"):
                reader.report("flow_tables.negative", "error", i, name,
                              reader.raw.columns[reader.index[name]][i])  # fmt: skip
    for i in np.flatnonzero(low > high).tolist():
        reader.report("flow_tables.bounds", "error", i, "quantity_high",
                      reader.raw.columns[reader.index["quantity_high"]][i])  # fmt: skip


def densities(reader: ColumnReader, units: Texts) -> Floats:
    """Read the density of each flow [t/m³]; a number without a unit is in t/m³.

    Parameters
    ----------
    reader : ColumnReader
        Table of flows; faults are reported to it.
    units : array of str, shape (rows,)
        Canonical unit of each flow.
    """
    read = reader.amounts("density", None, np.full(len(reader), DENSITY, dtype=object))
    values, cells = read.canonical(), reader.cells("density")
    if cells is None:
        return values
    wrong = ~np.isnan(values) & (read.names() != DENSITY)
    for i in np.flatnonzero(wrong).tolist():
        if not reader.faulty(i, "density"):
            reader.report("flow_tables.density_unit", "error", i, "density", cells[i])
    values = np.where(wrong, np.nan, values)
    too_dense(reader, "density", values)
    other = ~np.isnan(values) & ~np.isin(units.astype(str), ["t", "m3", ""])
    for i in np.flatnonzero(other).tolist():
        reader.report("flow_tables.density_of", "error", i, "density", cells[i],
                      unit=units[i])  # fmt: skip
    return np.asarray(values)


def too_dense(reader: ColumnReader, name: str, values: Floats) -> None:
    """Report more tonnes in a cubic metre than any substance has."""
    cells = reader.cells(name)
    for i in np.flatnonzero(values > DENSEST).tolist():
        assert cells is not None
        reader.report("flow_tables.too_dense", "error", i, name, cells[i], most=DENSEST)
