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
    average = table[table["kind"] == "average"]
    findings = [
        Finding("assess.vat_not_stated", "note", Place(facility=str(f), resource=str(r)), "",
                {"resource": r})
        for f, r in average.loc[average["vat"] == "", KEYS].itertuples(index=False)
    ]  # fmt: skip
    repeated = average[average.duplicated(KEYS, keep="first")]
    findings += [
        Finding("assess.price_twice", "warning", Place(facility=str(f), resource=str(r)), "",
                {"resource": r})
        for f, r in repeated[KEYS].itertuples(index=False)
    ]  # fmt: skip
    stated = average[[*KEYS, "price"]].drop_duplicates(KEYS).assign(price_source="stated")
    marginal = table.loc[table["kind"] == "marginal", [*KEYS, "price"]].drop_duplicates(KEYS)
    marginal = marginal.rename(columns={"price": "marginal"})
    billed = _from_bills(study)
    unstated = billed.merge(stated[KEYS], on=KEYS, how="left", indicator=True)
    unstated = unstated[unstated["_merge"] == "left_only"].drop(columns="_merge")
    prices = pd.concat([stated, unstated], ignore_index=True)
    prices = prices.merge(marginal, on=KEYS, how="outer")
    prices["marginal"] = prices["marginal"].fillna(prices["price"])
    return prices, findings


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
