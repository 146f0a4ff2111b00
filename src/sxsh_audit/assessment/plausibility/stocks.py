"""Stocks that do not follow each other, and stocks in the wrong column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.plausibility.told import Told, series_codes
from sxsh_audit.calc.plausibility import chain_breaks, swapped_in_chain
from sxsh_audit.tables.columns import NO_DAY

__all__ = ["stock_findings"]

Array = np.ndarray[Any, Any]

WHOLE_COLUMN = 2
"""Links that must fit the other way round, and none as they stand, before both columns are
called exchanged: one alone may be a single swapped row."""


def stock_findings(told: Told) -> None:
    """Tell of stocks that break the chain from one period to the next."""
    table = told.study.tables.consumption
    table = table[table["stocked"] & (table["start"] != NO_DAY)]
    if not len(table):
        return
    codes, count = series_codes(table, ["facility", "resource", "meter"])
    order = np.lexsort((table["start"].to_numpy(), codes))
    table, codes = table.iloc[order], codes[order]
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    linked = np.zeros(len(table), dtype=bool)
    linked[1:] = (codes[1:] == codes[:-1]) & (start[1:] == end[:-1] + 1)
    opening, closing = table["opening"].to_numpy(float), table["closing"].to_numpy(float)
    breaks = chain_breaks(opening, closing, linked)
    if not breaks.any():
        return
    turned = chain_breaks(closing, opening, linked)
    whole = _exchanged(codes, count, linked, breaks, turned)
    for code in np.flatnonzero(whole):
        _tell_exchanged(told, table.iloc[int(np.flatnonzero(codes == code)[0])],
                        int(np.sum(linked & (codes == code))))  # fmt: skip
    rest = ~whole[codes]
    swapped = swapped_in_chain(opening, closing, linked) & rest
    explained = swapped.copy()
    explained[1:] |= swapped[:-1]
    for i in np.flatnonzero(swapped):
        row = table.iloc[i]
        told.at("plausible.swapped_stocks", "consumption", int(row["row"]), ("opening_stock",),
                resource=str(row["resource"]), **_stocks(row))  # fmt: skip
    for i in np.flatnonzero(breaks & rest & ~explained):
        _tell_break(told, table.iloc[i - 1], table.iloc[i])


def _exchanged(
    codes: Array, count: int, linked: Array, breaks: Array, turned: Array
) -> Array:
    """Series in which every link fits with the two columns exchanged, and none as they stand."""
    links = np.bincount(codes, linked, count)
    broken = np.bincount(codes, breaks, count)
    other = np.bincount(codes, turned, count)
    return np.asarray((links >= WHOLE_COLUMN) & (broken == links) & (other == 0))


def _stocks(row: Any) -> dict[str, Any]:
    factor = float(row["shown_factor"])
    return {"opening": float(f"{row['opening'] / factor:.10g}"),
            "closing": float(f"{row['closing'] / factor:.10g}"),
            "unit": str(row["shown_unit"])}  # fmt: skip


def _tell_exchanged(told: Told, row: Any, links: int) -> None:
    told.at("plausible.swapped_stock_columns", "consumption", int(row["row"]), ("opening_stock",),
            resource=str(row["resource"]), links=links)  # fmt: skip


def _tell_break(told: Told, before: Any, row: pd.Series[Any]) -> None:
    """Tell of a broken link: a stock in the column of the quantity, or a plain break."""
    number, factor = int(row["row"]), float(row["shown_factor"])
    numbers: dict[str, Any] = {
        "resource": str(row["resource"]), "unit": str(row["shown_unit"]),
        "closing": float(f"{before['closing'] / factor:.10g}"),
        "opening": float(f"{row['opening'] / factor:.10g}"), "before": int(before["row"]),
    }  # fmt: skip
    if _same(row["purchases"], before["closing"]):
        told.at("plausible.swapped_stock_quantity", "consumption", number, ("opening_stock",),
                bought=float(f"{row['purchases'] / factor:.10g}"), **numbers)  # fmt: skip
    elif _same(before["purchases"], row["opening"]):
        told.at("plausible.swapped_quantity_stock", "consumption", int(before["row"]),
                ("closing_stock",), bought=float(f"{before['purchases'] / factor:.10g}"),
                next=number, **numbers)  # fmt: skip
    else:
        told.at("plausible.stock_break", "consumption", number, ("opening_stock",), **numbers)


def _same(one: float, two: float) -> bool:
    return bool(one > 0 and abs(one - two) <= 0.005 * max(abs(one), abs(two)))
