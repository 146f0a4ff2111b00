"""Prices far from the tariff, columns of money and quantity exchanged, đồng typed as triệu."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.plausibility.told import Told
from sxsh_audit.calc.plausibility import power_of_ten
from sxsh_audit.data import load_rows
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import PHASES

Array = np.ndarray[Any, Any]

__all__ = ["TINY", "price_findings", "tariff_range"]

FAR_PRICE = 2.0
"""Times outside the widest range of the tariff from which a price is told: VAT of 10 %, a reactive
power charge and a tariff that was not read (2025: about 15 % above that of 2023) stay within it."""

THOUSAND = 3
"""Power of ten between units of money; a price ten times off has no unit to blame."""

TINY = 10_000.0
"""VND below which a cost or a yearly saving is likely typed in another unit: less than one LED
lamp. (60 triệu đồng typed as 60 is 60 đồng.)"""


class TariffRange(NamedTuple):
    """Widest range of the tariff over voltages and hours."""

    low: float
    high: float
    years: tuple[int, ...]


def tariff_range(year: int | None) -> TariffRange | None:
    """Lowest and highest price of electricity for manufacturing in a year [VND/kWh].

    Parameters
    ----------
    year : int or None
        Year of the bill; None for one that is not known: the range of all tables that were read.

    Returns
    -------
    TariffRange or None
        From the table in force and, since those between were not read, the next one that was;
        None for a year before the first table.

    Examples
    --------
    >>> tariff_range(2024)
    TariffRange(low=1044.0, high=3314.0, years=(2023,))
    >>> tariff_range(2013).years
    (2010, 2017)
    """
    known = sorted({int(row["year"]) for row in load_rows("tariffs.csv")})
    if year is None:
        used = tuple(known)
    else:
        before = [one for one in known if one <= year][-1:]
        if not before:
            return None
        after = [one for one in known if one > year][:1]
        used = (*before, *after)
    prices = [float(row["price"]) for row in load_rows("tariffs.csv") if int(row["year"]) in used]
    return TariffRange(min(prices), max(prices), used)


def price_findings(told: Told) -> None:
    """Tell of prices that neither the tariff nor the other prices explain."""
    study = told.study
    bills = study.tables.bills
    bills = bills[bills["cost"].notna() & (bills["purchases"] > 0)]
    exchanged = _exchanged(told, bills) if len(bills) else set()
    if study.settings.currency == "VND":
        _bills_and_tariff(told, bills, exchanged)
        _prices_and_tariff(told)
    _prices_and_bills(told, bills, exchanged)


def _years(told: Told, bills: pd.DataFrame) -> Array:
    """Year of each bill: of its last day, else of its phase; nan where neither is known."""
    end = bills["end"].to_numpy()
    dated = bills["start"].to_numpy() != NO_DAY
    days = np.where(dated, end, 0).astype("datetime64[D]").astype("datetime64[Y]")
    years = np.where(dated, days.astype(np.int64) + 1970.0, np.nan)
    for phase in PHASES:
        period = getattr(told.study.settings, phase)
        if period is not None:
            years[(bills["phase"] == phase).to_numpy()] = period.end.year
    return np.asarray(years)


def _whole(year: float) -> int | None:
    return None if np.isnan(year) else int(year)


# -- quantity and cost in each other's column --------------------------------------------------


def _exchanged(told: Told, bills: pd.DataFrame) -> set[tuple[str, str]]:
    """Resources whose two columns are exchanged throughout, by a price that is known elsewhere."""
    found: set[tuple[str, str]] = set()
    keys = ["facility", "resource"]
    paid = bills[bills["cost"] > 0]
    scale = paid["cost_factor"] / paid["shown_factor"]
    price = paid["cost"] / paid["purchases"]
    # As typed the price is price / scale; with the columns exchanged it is one over that.
    frame = paid.assign(price=price, turned=scale * scale / price, year=_years(told, paid))
    groups = frame.groupby(keys, as_index=False).agg(
        price=("price", "median"), turned=("turned", "median"), count=("row", "size"),
        row=("row", "min"), year=("year", "first"), unit=("unit", "first"),
    )  # fmt: skip
    groups = groups[groups["count"] > 1]
    stated = _energy_prices(told).groupby(keys, as_index=False).agg(stated=("price", "median"))
    groups = groups.merge(stated, on=keys, how="left")
    for row in records_of(groups):
        expected = _expected(told, row)
        if expected is None:
            continue
        low, high = expected
        if low / 10 <= row["price"] <= high * 10:
            continue
        if not low / FAR_PRICE <= row["turned"] <= high * FAR_PRICE:
            continue
        key = (str(row["facility"]), str(row["resource"]))
        told.at("plausible.swapped_cost_columns", "consumption", int(row["row"]), ("quantity",),
                key=key, resource=key[1], count=int(row["count"]), price=_short(row["price"], 3),
                turned=_short(row["turned"], 6), unit=str(row["unit"]),
                currency=told.study.settings.currency)  # fmt: skip
        found.add(key)
    return found


def _energy_prices(told: Told) -> pd.DataFrame:
    """Prices of the resource itself, without charges for the power that may be drawn."""
    table = told.study.tables.prices
    return table[table["kind"] != "demand"]


def _expected(told: Told, row: Any) -> tuple[float, float] | None:
    """Price that is known apart from the bills: stated, or the tariff."""
    if row["stated"] > 0:
        return float(row["stated"]), float(row["stated"])
    if told.study.settings.currency != "VND" or row["resource"] != "electricity":
        return None
    tariff = tariff_range(_whole(row["year"]))
    return None if tariff is None else (tariff.low, tariff.high)


# -- the tariff --------------------------------------------------------------------------------


def _bills_and_tariff(told: Told, bills: pd.DataFrame, exchanged: set[tuple[str, str]]) -> None:
    power = bills[(bills["resource"] == "electricity") & (bills["cost"] > 0)]
    price = (power["cost"] / power["purchases"]).to_numpy(float)
    years = _years(told, power)
    far = np.zeros(len(power), dtype=bool)
    for year in {_whole(year) for year in np.unique(years).tolist()}:
        mine = np.isnan(years) if year is None else years == year
        far |= mine & _is_far(price, tariff_range(year))
    again: dict[tuple[str, str, float], int] = {}
    for i in np.flatnonzero(far).tolist():
        row = power.iloc[i]
        key = (str(row["facility"]), str(row["resource"]))
        if key in exchanged or key in told.periods or told.has("consumption", int(row["row"])):
            continue
        # A meter whose bills are all off in the same way is told once.
        series = (key[0], str(row["meter"]), float(np.rint(np.log10(price[i]))))
        if series in again:
            told.rows.add(("consumption", int(row["row"])))
            continue
        again[series] = i
        _tell_far(told, "consumption", int(row["row"]), ("cost",), float(price[i]),
                  _whole(years[i]))  # fmt: skip


def _prices_and_tariff(told: Told) -> None:
    table = _energy_prices(told)
    baseline = told.study.settings.baseline
    for row in records_of(table[table["resource"] == "electricity"]):
        year = row["price_year"]
        known = None if baseline is None else baseline.end.year
        if not told.has("prices", int(row["row"])) and row["price"] > 0:
            year = known if np.isnan(year) else int(year)
            if _is_far(row["price"], tariff_range(year)):
                _tell_far(told, "prices", int(row["row"]), ("price",), row["price"], year)


def _is_far(price: Any, tariff: TariffRange | None) -> Any:
    if tariff is None:
        return np.zeros(np.shape(price), dtype=bool)
    return (price < tariff.low / FAR_PRICE) | (price > tariff.high * FAR_PRICE)


def _tell_far(
    told: Told, table: str, row: int, fields: tuple[str, ...], price: float, year: int | None
) -> None:
    tariff = tariff_range(year)
    assert tariff is not None  # a price is far only from a tariff that is known
    middle = float(np.sqrt(tariff.low * tariff.high))
    power = power_of_ten(price / middle, fit=0.5)
    numbers: dict[str, Any] = {"price": _short(price, 6), "low": tariff.low, "high": tariff.high,
                               "years": list(tariff.years)}  # fmt: skip
    if abs(power) >= THOUSAND:
        told.at("plausible.price_unit", table, row, fields,
                suggested=_short(price / 10.0**power, 6), **numbers)  # fmt: skip
    else:
        told.at("plausible.price_far_from_tariff", table, row, fields, **numbers)


# -- stated prices beside the bills ------------------------------------------------------------


def _prices_and_bills(told: Told, bills: pd.DataFrame, exchanged: set[tuple[str, str]]) -> None:
    """Tell of a stated price a power of ten off what the bills come to."""
    table = _energy_prices(told)
    if not len(bills) or not len(table):
        return
    billed = bills.assign(price=bills["cost"] / bills["purchases"])
    usual = billed[billed["price"] > 0].groupby(["facility", "resource"])["price"].median()
    for row in records_of(table[table["price"] > 0]):
        key = (row["facility"], row["resource"])
        number = int(row["row"])
        if key not in usual.index or key in exchanged or told.has("prices", number):
            continue
        power = power_of_ten(row["price"] / float(usual[key]), fit=0.3)
        if power:
            told.at("plausible.price_and_bills", "prices", number, ("price",),
                    resource=row["resource"], price=_short(row["price"], 6),
                    billed=_short(float(usual[key]), 3), unit=str(row["unit"]),
                    currency=told.study.settings.currency,
                    suggested=_short(row["price"] / 10.0**power, 6))  # fmt: skip


def _short(value: float, digits: int = 10) -> float:
    return float(f"{value:.{digits}g}")
