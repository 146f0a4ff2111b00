"""Demand charges: money for each kW that a plant may draw or has drawn, a month or a year."""

from __future__ import annotations

import re

import numpy as np

from sxsh_audit.errors import UnitError
from sxsh_audit.tables.amounts import Amounts, Floats, Texts
from sxsh_audit.tables.columns import ColumnReader

__all__ = ["demand_kinds", "demand_prices", "one_division"]

MONTHS = 12.0
POWER = "kW"
TIMES = {f"{POWER}·month": MONTHS, f"{POWER}·year": 1.0}
"""Denominators of a demand charge, with how often each is paid in a year."""

_TWO_DIVISIONS = re.compile(r"^(.*/[^/]+)/([^/]+)$")


def one_division(reader: ColumnReader) -> None:
    """Read «đồng/kW/tháng» as «đồng/kW·tháng».

    Two divisions in a row have two readings in general; money for a kW and a month has one.
    """

    def mended(text: str) -> str:
        found = _TWO_DIVISIONS.match(text)
        if found is None:
            return text
        joined = f"{found[1]}·{found[2]}"
        # The figure of «286.153 đồng/kW/tháng» ends where the letters begin.
        bare = re.sub(r"^[\W\d_]*", "", joined)
        try:
            unit = reader.reading.unit(bare, suggest=False)
        except UnitError:
            return text
        return joined if unit.canonical.partition("/")[2] in TIMES else text

    for name in ("price", "unit"):
        cells = reader.cells(name)
        if cells is None or cells.dtype.kind != "O":
            continue
        known = {cell: mended(cell) for cell in set(filter(_is_text, cells.tolist()))}
        if any(cell != text for cell, text in known.items()):
            kept = cells.copy()
            kept[:] = [known[cell] if _is_text(cell) else cell for cell in cells.tolist()]
            reader.replace_cells(name, kept)
    if "price" in reader.heading_unit:
        reader.heading_unit["price"] = mended(reader.heading_unit["price"])


def _is_text(cell: object) -> bool:
    return isinstance(cell, str)


def demand_kinds(reader: ColumnReader, amounts: Amounts) -> Texts:
    """Kind of each price; money for a kW and a month is a demand charge where none is stated."""
    kind = reader.choices("kind", "")
    paid = np.array([unit.canonical.partition("/")[2] in TIMES for unit in amounts.units] + [False])
    kind = np.where((kind == "") & paid[amounts.codes], "demand", kind)
    return np.asarray(np.where(kind == "", "average", kind))


def demand_prices(
    reader: ColumnReader,
    amounts: Amounts,
    currency: str,
    demand: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    price: Floats,
    units: Texts,
) -> None:
    """Turn the demand charges among `price` into money for a kW and year, and name the unit.

    One that does not say whether it is for a month or a year is a fault.
    """
    where = "unit" if reader.has("unit") else "price"
    for i in np.flatnonzero(demand & (amounts.codes >= 0) & ~np.isnan(amounts.values)):
        unit = amounts.units[amounts.codes[i]]
        numerator, _, denominator = unit.canonical.partition("/")
        if numerator == currency and denominator in TIMES:
            price[i] *= TIMES[denominator]
            units[i] = POWER
        else:
            reader.report("table.demand_price", "error", int(i), where, unit.text,
                          currency=currency)  # fmt: skip
