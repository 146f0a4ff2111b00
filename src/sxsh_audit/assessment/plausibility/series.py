"""Figures that do not fit the bills beside them: powers of ten, swaps, repeats, gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.plausibility.told import SERIES, Told, rates, series_codes
from sxsh_audit.calc.plausibility import (
    FEWEST,
    magnitude_slips,
    series_fit,
    significant_digits,
    spans_gap,
    swapped_pairs,
)
from sxsh_audit.tables.columns import NO_DAY

__all__ = ["bill_findings", "output_findings"]

Array = np.ndarray[Any, Any]

REPEATED_DIGITS = 5
"""Significant digits that quantity and cost of two bills must share before a repeat is no chance:
among figures within a factor of two, five digits agree once in some 50,000 pairs."""

REPEATED_MONTHS = 2
"""Months that must stand in both years before the year is called repeated."""

STANDSTILL = 2.5
"""Decades below the usual down to which a month may be one of standstill: office and pumps use a
hundredth of what production does, hardly a thousandth."""

TOGETHER = 0.5
"""Decades within which use and output moved alike: a stopped month, not a slip (a factor 3)."""


def bill_findings(told: Told) -> None:
    """Tell of bills that do not fit their neighbours."""
    table = told.study.tables.bills
    if not len(table):
        return
    _swapped_cost(told, table)
    _bill_magnitudes(told, table)
    _repeated_bills(told, table)
    _repeated_years(told, "consumption", table, "purchases")
    _after_gaps(told, table)


def output_findings(told: Told) -> None:
    """Tell of output that does not fit the months beside it."""
    table = told.study.tables.production
    if not len(table):
        return
    rate, days = rates(table, "quantity")
    slips = magnitude_slips(rate, *told.codes("production"))
    for i in np.flatnonzero(slips.power).tolist():
        if not _moved_alike(told, "production", i, slips_deviation(slips, table, "quantity", i)):
            row = table.iloc[i]
            told.at("plausible.magnitude_output", "production", int(row["row"]), ("quantity",),
                    key=(str(row["facility"]), str(row["product"])),
                    product=str(row["product"]) or "–",
                    **_reading(row, "quantity", slips.power[i],
                               slips.typical[i] * days[i]))  # fmt: skip
    _repeated_years(told, "production", table, "quantity")


def _reading(row: Any, column: str, power: int, usual: float) -> dict[str, Any]:
    """Figure, what is usual and the suggested reading, in the unit that was typed."""
    factor = float(row["shown_factor"])
    value = float(row[column]) / factor
    return {"figure": _short(value), "unit": str(row["shown_unit"]),
            "usual": _short(usual / factor, 3), "times": 10.0 ** abs(int(power)),
            "suggested": _short(value / 10.0 ** int(power))}  # fmt: skip


def _short(value: float, digits: int = 10) -> float:
    """Figure without the noise of floats: 10 digits, or 3 for what is only about so much."""
    return float(f"{value:.{digits}g}")


def slips_deviation(slips: Any, table: Any, column: str, i: int) -> float:
    """Decades by which a row lies off its series."""
    row = table.iloc[i]
    rate = float(row[column]) / float(row["end"] - row["start"] + 1)
    return float(np.log10(rate / slips.typical[i]))


# -- powers of ten -----------------------------------------------------------------------------


def _bill_magnitudes(told: Told, table: pd.DataFrame) -> None:
    """Tell of quantities and costs a power of ten off; the price says which of the two it is."""
    rate, days = rates(table, "purchases")
    codes, count = told.codes("consumption")
    slips = magnitude_slips(rate, codes, count)
    usual = series_fit(rate, codes, count)
    cost_rate, _ = rates(table, "cost")
    cost_fit = series_fit(cost_rate, codes, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = table["cost"].to_numpy(float) / table["purchases"].to_numpy(float)
    priced = magnitude_slips(np.where(price > 0, price, np.nan), codes, count)
    for i in np.flatnonzero((slips.power != 0) | (priced.power != 0)).tolist():
        row = table.iloc[i]
        number = int(row["row"])
        if told.has("consumption", number):
            continue
        key = (str(row["facility"]), str(row["resource"]))
        power, by_price = int(slips.power[i]), int(priced.power[i])
        if by_price:
            quantity_off = abs(usual.deviation[i] + by_price)
            cost_off = abs(cost_fit.deviation[i] - by_price)
            at_cost = cost_off < quantity_off
            power = by_price if at_cost else -by_price
            # Both columns moved against each other: neither is explained by one slip.
            if min(quantity_off, cost_off) > TOGETHER:
                at_cost, power = True, by_price
            if at_cost:
                _tell_cost(told, row, power, priced.typical[i])
                continue
        elif not np.isnan(price[i]) or _moved_alike(told, "consumption", i, usual.deviation[i]):
            # The cost moved with the quantity (the price is usual), or the output did.
            continue
        told.at("plausible.magnitude", "consumption", number, ("quantity",), key=key,
                resource=key[1],
                **_reading(row, "purchases", power, usual.typical[i] * days[i]))  # fmt: skip


def _tell_cost(told: Told, row: Any, power: int, price: float) -> None:
    cost = float(row["cost"])
    told.at("plausible.cost_magnitude", "consumption", int(row["row"]), ("cost",),
            resource=str(row["resource"]), cost=_short(cost), currency=told.study.settings.currency,
            price=_short(cost / float(row["purchases"]), 3), unit=str(row["unit"]),
            usual=_short(price, 3), times=10.0 ** abs(power),
            suggested=_short(cost / 10.0**power))  # fmt: skip


def _moved_alike(told: Told, name: str, i: int, deviation: float) -> bool:
    """Whether the other side of the plant moved as the row did: a stopped or a busy month."""
    tables = told.study.tables
    if name == "consumption":
        table, other, column = tables.bills, tables.production, "quantity"
        keys = SERIES["production"]
    else:
        table, other, column = tables.production, tables.bills, "purchases"
        keys = SERIES["consumption"]
    row = table.iloc[i]
    mine = other[(other["facility"] == row["facility"]) & (other["start"] != NO_DAY)]
    codes, count = series_codes(mine, keys)
    rate, days = rates(mine, column)
    fit = series_fit(rate, codes, count)
    inside = ((mine["start"] <= row["end"]) & (mine["end"] >= row["start"])).to_numpy()
    # A figure of a whole year does not say what one month did.
    inside = inside & (days <= 2.0 * (row["end"] - row["start"] + 1))
    if not (inside & (fit.known >= FEWEST)).any():
        # Nobody can say whether the plant stood still; a thousandth is no stopped month either way.
        return -STANDSTILL < deviation < 0
    stopped = deviation < 0 and bool((inside & (rate == 0)).any())
    near = np.abs(fit.deviation - deviation) <= TOGETHER
    return stopped or bool((inside & near & (fit.known >= FEWEST)).any())


# -- swapped columns ---------------------------------------------------------------------------


def _swapped_cost(told: Told, table: pd.DataFrame) -> None:
    """Tell of quantity and cost in each other's column, in single rows."""
    codes, count = told.codes("consumption")
    rate, days = rates(table, "purchases")
    cost, _ = rates(table, "cost")
    quantity = rate / table["shown_factor"].to_numpy(float)
    money = cost / table["cost_factor"].to_numpy(float)
    for i in np.flatnonzero(swapped_pairs(quantity, money, codes, count)):
        row = table.iloc[i]
        told.at("plausible.swapped_cost", "consumption", int(row["row"]), ("quantity",),
                key=(str(row["facility"]), str(row["resource"])), resource=str(row["resource"]),
                figure=_short(quantity[i] * days[i]), other=_short(money[i] * days[i]),
                unit=str(row["shown_unit"]))  # fmt: skip


# -- repeats and gaps --------------------------------------------------------------------------


def _in_time(table: pd.DataFrame, codes: Array) -> tuple[Array, Array]:
    """Positions of the dated rows by series and time, and whether each follows one of its own."""
    start = table["start"].to_numpy()
    order = np.flatnonzero(start != NO_DAY)
    order = order[np.lexsort((start[order], codes[order]))]
    same = np.zeros(len(order), dtype=bool)
    same[1:] = codes[order][1:] == codes[order][:-1]
    return order, same


def _repeated_bills(told: Told, table: pd.DataFrame) -> None:
    """Tell of a bill entered for two periods that follow each other; a run is told once."""
    order, same = _in_time(table, told.codes("consumption")[0])
    amount, cost = table["purchases"].to_numpy(float)[order], table["cost"].to_numpy(float)[order]
    equal = same.copy()
    equal[1:] &= (amount[1:] == amount[:-1]) & (amount[1:] > 0)
    alike = np.zeros(len(order), dtype=bool)
    alike[1:] = cost[1:] == cost[:-1]
    both = ~np.isnan(cost)
    both[1:] &= ~np.isnan(cost[:-1])
    for j in np.flatnonzero(equal & (alike | ~both)):
        row = table.iloc[order[j]]
        digits = int(significant_digits(amount[j] / float(row["shown_factor"])))
        if alike[j]:
            digits += int(significant_digits(cost[j] / float(row["cost_factor"])))
        number, first = int(row["row"]), int(table["row"].iloc[order[j - 1]])
        if digits < REPEATED_DIGITS or (equal[j - 1] and told.has("consumption", first)):
            told.rows.add(("consumption", number))  # a run goes on: it is told at its second bill
            continue
        told.at("plausible.repeated_bill", "consumption", number, ("quantity",),
                resource=str(row["resource"]), first=first,
                figure=_short(amount[j] / float(row["shown_factor"])),
                unit=str(row["shown_unit"]))  # fmt: skip


def _repeated_years(told: Told, name: str, table: pd.DataFrame, column: str) -> None:
    """Tell of figures of one year that stand again in the next: told once for each series."""
    codes, _ = told.codes(name)
    order, same = _in_time(table, codes)
    shown = table[column].to_numpy(float) / table["shown_factor"].to_numpy(float)
    seen = pd.DataFrame({
        "code": codes[order], "start": table["start"].to_numpy()[order], "value": shown[order],
        "row": table["row"].to_numpy()[order],
    })  # fmt: skip
    # A figure that stands in neighbouring months as well says nothing about the year.
    flat = np.zeros(len(order), dtype=bool)
    flat[1:] = same[1:] & (shown[order][1:] == shown[order][:-1])
    flat[:-1] |= flat[1:].copy()
    seen = seen[~flat & (seen["value"].to_numpy() > 0)]
    pairs = seen.merge(seen, on=["code", "value"], suffixes=("", "_before"))
    lag = pairs["start"] - pairs["start_before"]
    pairs = pairs[(lag >= 362) & (lag <= 368)]
    for code, found in pairs.groupby("code", sort=True):
        digits = int(np.sum(significant_digits(found["value"].to_numpy())))
        if len(found) < REPEATED_MONTHS or digits < REPEATED_DIGITS:
            continue
        row = table.iloc[int(np.flatnonzero(codes == code)[0])]
        first = found.iloc[0]
        told.at("plausible.repeated_year", name, int(first["row"]), ("quantity",),
                subject=str(row[SERIES[name][1]]) or "–", count=len(found),
                rows=[int(number) for number in found["row"][:5]],
                before=[int(number) for number in found["row_before"][:5]])  # fmt: skip


def _after_gaps(told: Told, table: pd.DataFrame) -> None:
    """Tell of a bill after a gap that holds the use of the gap: its first day is likely wrong."""
    codes, count = told.codes("consumption")
    order, same = _in_time(table, codes)
    rate, days = rates(table, "purchases")
    usual = series_fit(rate, codes, count)
    start, end = table["start"].to_numpy()[order], table["end"].to_numpy()[order]
    gap = np.zeros(len(order))
    gap[1:] = np.where(same[1:], start[1:] - end[:-1] - 1, 0)
    found = spans_gap(table["purchases"].to_numpy(float)[order], days[order], gap,
                      usual.typical[order]) & (usual.known[order] > FEWEST)  # fmt: skip
    for j in np.flatnonzero(found):
        row = table.iloc[order[j]]
        if told.has("consumption", int(row["row"])):
            continue
        told.at("plausible.bill_spans_gap", "consumption", int(row["row"]),
                ("quantity", "start", "period"), resource=str(row["resource"]),
                days=int(gap[j]), times=_short(rate[order[j]] / usual.typical[order[j]], 2),
                first_day=_iso(int(end[j - 1]) + 1), start=_iso(int(start[j])))  # fmt: skip


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))
