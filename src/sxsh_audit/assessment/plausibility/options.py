"""Options that save more than there is, and money typed in another unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.plausibility.money import TINY
from sxsh_audit.assessment.plausibility.told import Told
from sxsh_audit.calc.ranking import annualise
from sxsh_audit.findings import Severity

__all__ = ["SHORTEST", "option_findings"]

OPTION = ["facility", "option"]
KEYS = ["facility", "resource"]
MONEY_POWERS = (3, 6)
"""Steps between đồng, nghìn đồng and triệu đồng."""

SHORTEST, LONGEST = 0.001, 60.0
"""Paybacks [year] outside of which cost and saving likely have different units: of 8,000 published
recommendations one in a thousand pays back in less than nine hours, two in a thousand later than in
62 years."""

ASKED = 25.0
"""Payback [year] from which it is asked whether the saving is one of some months only; six in a
thousand of the same recommendations take longer. (Trí Tuệ: 202 million for 6.6 million «after 06
months», 30.6 years if that is read as a year.)"""


def option_findings(told: Told, savings: pd.DataFrame, prices: pd.DataFrame) -> None:
    """Compare what options save and cost with what the plant uses and pays.

    Parameters
    ----------
    told : Told
        The study.
    savings : DataFrame
        Use of a year, one row per plant and resource: ``annual_use`` [unit].
    prices : DataFrame
        Price of each resource, ``price`` and ``marginal`` [currency/unit].
    """
    table = _with_use(told, savings, prices)
    if len(table):
        _over_use(told, table)
        _money_units(told, table)
        _over_cost(told, table)
        _over_plant_cost(told, table, savings, prices)
    _tiny(told)
    _paybacks(told, table)


def _with_use(told: Told, savings: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return savings of the options with the months they cover, the use of a year and the price."""
    tables = told.study.tables
    months = tables.options[[*OPTION, "months_covered", "status", "row"]]
    table = tables.option_savings.merge(months, on=OPTION, how="left", suffixes=("", "_option"))
    stated = table["months_covered"].fillna(table["months_covered_option"])
    table = table.assign(months=stated.fillna(12.0), partial=stated.notna() & (stated != 12),
                         unsaid=stated.isna())  # fmt: skip
    table = table[(table["status"] != "dropped") & ~table["demand"]]
    used = savings if len(savings) else pd.DataFrame(columns=[*KEYS, "annual_use"])
    table = table.merge(used[[*KEYS, "annual_use"]], on=KEYS, how="left")
    table = table.merge(prices[[*KEYS, "price", "marginal"]], on=KEYS, how="left")
    amount = np.asarray(annualise(table["quantity"].astype(float), table["months"]), dtype=float)
    money = np.asarray(annualise(table["money"].astype(float), table["months"]), dtype=float)
    return table.assign(yearly=amount, yearly_money=money).astype(
        {"annual_use": float, "price": float, "marginal": float})  # fmt: skip


def _over_use(told: Told, table: pd.DataFrame) -> None:
    """Tell of one option that saves more than is used of its resource."""
    over = table[table["yearly"] > table["annual_use"] * (1 + 1e-9)]
    for row in records_of(over):
        numbers = {
            "option": row["option"], "resource": row["resource"], "unit": row["shown_unit"],
            "saved": _short(row["yearly"] / row["shown_factor"], 6),
            "used": _short(row["annual_use"] / row["shown_factor"], 6),
        }  # fmt: skip
        if row["partial"] and row["quantity"] <= row["annual_use"]:
            # As typed it fits: the figure was one of a whole year already.
            told.at("plausible.months_covered", "option_savings", int(row["row"]),
                    ("months_covered", "quantity"), months=_short(row["months"]),
                    typed=_short(row["quantity"] / row["shown_factor"], 6), **numbers)  # fmt: skip
            continue
        told.at("plausible.option_over_use", "option_savings", int(row["row"]), ("quantity",),
                **numbers)  # fmt: skip


def _money_units(told: Told, table: pd.DataFrame) -> None:
    """Tell of money a thousand or a million times off what the quantity is worth."""
    worth = (table["yearly"] * table["marginal"]).to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = table["yearly_money"].to_numpy(float) / worth
        decades = np.log10(np.where(ratio > 0, ratio, np.nan))
    near = np.rint(np.nan_to_num(decades))
    wrong = np.isin(np.abs(near), MONEY_POWERS) & (np.abs(decades - near) <= 0.5)
    for i in np.flatnonzero(wrong):
        row = table.iloc[i]
        if told.has("option_savings", int(row["row"])):
            continue
        told.at("plausible.option_money_unit", "option_savings", int(row["row"]), ("money",),
                option=str(row["option"]), resource=str(row["resource"]),
                money=_short(row["money"]), worth=_short(worth[i], 6),
                currency=told.study.settings.currency,
                suggested=_short(row["money"] / 10.0 ** near[i]))  # fmt: skip


def _over_cost(told: Told, table: pd.DataFrame) -> None:
    """Tell of one option that saves more money than its resource costs in a year."""
    use = table["annual_use"] * table["price"]
    for i in np.flatnonzero((table["yearly_money"] > use * 1.2).to_numpy()):
        row = table.iloc[i]
        if told.has("option_savings", int(row["row"])):
            continue
        told.at("plausible.option_over_cost", "option_savings", int(row["row"]), ("money",),
                option=str(row["option"]), resource=str(row["resource"]),
                money=_short(row["yearly_money"], 6), cost=_short(float(use.iloc[i]), 6),
                currency=told.study.settings.currency)  # fmt: skip


def _over_plant_cost(
    told: Told, table: pd.DataFrame, savings: pd.DataFrame, prices: pd.DataFrame
) -> None:
    """Tell of one option that saves more money than all resources of the plant cost in a year.

    Only where every resource has a price: what is left out of a cost is no proof.
    """
    if not len(savings):
        return
    costs = savings[[*KEYS, "annual_use"]].merge(prices[[*KEYS, "price"]], on=KEYS, how="left")
    costs = costs.assign(cost=costs["annual_use"].astype(float) * costs["price"].astype(float))
    plants = costs.groupby("facility")["cost"].agg(["sum", "size", "count"])
    whole = table["facility"].map(plants.loc[plants["size"] == plants["count"], "sum"])
    for i in np.flatnonzero((table["yearly_money"] > whole).to_numpy()):
        row = table.iloc[i]
        if not told.has("option_savings", int(row["row"])):
            told.at("plausible.option_over_plant_cost", "option_savings", int(row["row"]),
                    ("money",), option=str(row["option"]), money=_short(row["yearly_money"], 6),
                    cost=_short(float(whole.iloc[i]), 6),
                    currency=told.study.settings.currency)  # fmt: skip


def _tiny(told: Told) -> None:
    """Tell of sums below what anything costs: 60 in a column of đồng is 60 triệu đồng."""
    if told.study.settings.currency != "VND":
        return
    tables = told.study.tables
    columns = [("options", "cost"), ("options", "cost_low"), ("options", "cost_high"),
               ("options", "other_benefit"), ("option_savings", "money")]  # fmt: skip
    for name, column in columns:
        table = getattr(tables, name)
        small = table[(table[column] > 0) & (table[column] < TINY)]
        for row in records_of(small):
            number = int(row["row"])
            if not told.has(name, number):
                told.at("plausible.tiny_money", name, number, (column,), option=row["option"],
                        money=_short(row[column]), million=_short(row[column] * 1e6),
                        thousand=_short(row[column] * 1e3))  # fmt: skip


def _paybacks(told: Told, table: pd.DataFrame) -> None:
    """Tell of a payback that no published option had: cost and saving in different units."""
    options = told.study.tables.options
    options = options[(options["cost"] > 0) & (options["status"] != "dropped")]
    if not len(options) or not len(table):
        return
    worth = table["yearly_money"].fillna(table["yearly"] * table["marginal"])
    sums = table.assign(worth=worth, told=[told.has("option_savings", int(row))
                                           for row in table["row"]])  # fmt: skip
    sums = sums.groupby(OPTION, as_index=False).agg(
        saved=("worth", "sum"), rows=("row", "size"), known=("worth", "count"),
        told=("told", "any"), unsaid=("unsaid", "all"),
    )  # fmt: skip
    both = options.merge(sums[(sums["rows"] == sums["known"]) & ~sums["told"]], on=OPTION)
    both = both[both["other_benefit"].isna() & both["annual_extra_cost"].isna()
                & (both["saved"] > 0)]  # fmt: skip
    years = both["cost"] / both["saved"]
    asked = both["unsaid"] & (years > ASKED)
    for row in records_of(both[(years < SHORTEST) | (years > LONGEST) | asked]):
        number = int(row["row"])
        if told.has("options", number):
            continue
        time = row["cost"] / row["saved"]
        code = "plausible.short_payback" if time < SHORTEST else "plausible.long_payback"
        severity: Severity = "warning"
        if SHORTEST <= time <= LONGEST:
            code, severity = "plausible.months_not_stated", "note"
        told.at(code, "options", number, ("cost",), severity=severity, option=row["option"],
                cost=_short(row["cost"]), saved=_short(row["saved"], 6),
                years=_short(time, 3), currency=told.study.settings.currency)  # fmt: skip


def _short(value: Any, digits: int = 10) -> float:
    return float(f"{float(value):.{digits}g}")
