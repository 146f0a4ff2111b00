"""One constant baseline price per plant and resource, and where it came from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import Study, phase_days

__all__ = ["baseline_prices"]

KEYS = ["facility", "resource"]


def baseline_prices(study: Study) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the price of each resource in the baseline period, without deductible VAT.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    DataFrame
        Columns ``facility, resource, price`` [currency/unit of the resource], ``marginal``
        (the price that a saving is worth; the average where no marginal price is stated),
        ``price_source`` (``stated`` or ``bills``).
    list of Finding
        Prices whose VAT is not stated, or that stand twice.

    Notes
    -----
    A stated price wins. Otherwise it is Σ cost ÷ Σ purchases of the baseline bills that name
    both. Prices of the reporting period are never used: a tariff that rises is no saving.
    """
    table = study.tables.prices
    findings = [
        Finding("assess.vat_not_stated", "note", _place(key), "", {"resource": key[1]})
        for key in sorted(set(table.loc[table["vat"] == "", KEYS].itertuples(False, None)))
    ]
    average, found = _one_price(study, table[table["kind"] == "average"])
    findings += found
    marginal, found = _one_price(study, table[table["kind"] == "marginal"])
    findings += found
    stated = average.assign(price_source="stated")
    marginal = marginal.rename(columns={"price": "marginal"})
    billed = _from_bills(study)
    # Where several prices are stated none is used, not even that of the bills.
    named = table.loc[table["kind"] == "average", KEYS].drop_duplicates()
    unstated = billed.merge(named, on=KEYS, how="left", indicator=True)
    unstated = unstated[unstated["_merge"] == "left_only"].drop(columns="_merge")
    if len(unstated):
        names = sorted(set(unstated["resource"]))
        findings.append(Finding("assess.vat_of_bills", "note", numbers={"resources": names}))
    prices = pd.concat([stated, unstated], ignore_index=True)
    prices = prices.merge(marginal, on=KEYS, how="outer")
    prices["marginal"] = prices["marginal"].fillna(prices["price"])
    return prices, findings


def _place(key: tuple[str, str]) -> Place:
    return Place(facility=str(key[0]), resource=str(key[1]))


def _one_price(study: Study, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """One price for each resource: that of the baseline year where years are stated.

    Where several are left it is not guessed which one is meant, and the order of the rows
    decides nothing: the price is unknown and a finding says so.
    """
    baseline = study.settings.baseline
    findings: list[Finding] = []
    kept: list[tuple[str, str, float]] = []
    for (facility, resource), rows in table.groupby(KEYS, sort=True):
        key = str(facility), str(resource)
        years = rows["price_year"].to_numpy(float)
        if baseline is not None and not np.isnan(years).all():
            fitting = (years >= baseline.start.year) & (years <= baseline.end.year)
            if fitting.any():
                rows = rows[fitting]
            elif not np.isnan(years).any():
                numbers = {"resource": key[1], "years": sorted({int(y) for y in years}),
                           "baseline": baseline.end.year}  # fmt: skip
                findings.append(
                    Finding("assess.price_year", "warning", _place(key), "", numbers)
                )
        prices = sorted(set(rows["price"]))
        if len(prices) > 1:
            numbers = {"resource": key[1], "prices": prices}
            findings.append(Finding("assess.price_twice", "warning", _place(key), "", numbers))
            continue
        kept.append((key[0], key[1], prices[0]))
    return pd.DataFrame(kept, columns=[*KEYS, "price"]).astype({"price": float}), findings


def _from_bills(study: Study) -> pd.DataFrame:
    table = study.tables.consumption
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    inside = (table["phase"] == "baseline").to_numpy()
    days = phase_days(study.settings, "baseline")
    if days is not None:
        inside = inside | ((start != NO_DAY) & (start <= days[1]) & (end >= days[0]))
    rows = table[inside & table["cost"].notna() & table["purchases"].notna()]
    sums = rows.groupby(KEYS, as_index=False)[["cost", "purchases"]].sum()
    price = sums["cost"] / sums["purchases"].replace(0.0, np.nan)
    billed = sums[KEYS].assign(price=price, price_source="bills")
    return billed[billed["price"].notna()]
