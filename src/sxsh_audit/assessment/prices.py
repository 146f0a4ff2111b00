"""One constant baseline price per plant and resource, and where it came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sxsh_audit.assessment.cells import Cells, cells_of, match, plain_text, sorted_rows
from sxsh_audit.assessment.months import inside_blocks
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import Study

__all__ = ["baseline_prices", "special_prices"]

KEYS = ["facility", "resource"]


def baseline_prices(
    study: Study, wholes: Cells | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the price of each resource in the baseline period, without deductible VAT.

    Parameters
    ----------
    study : Study
        Checked records.
    wholes : Cells, optional
        Plant and resource of each row of consumption, where somebody has counted them already.

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
    both. Where only the three tariff periods have prices, theirs are weighted with what the
    baseline bills name of each. Prices of the reporting period are never used: a tariff that
    rises is no saving.
    """
    whole = (study.tables.prices["tariff_period"] == "") & (study.tables.prices["kind"] != "demand")
    table = study.tables.prices[whole]
    findings = [
        Finding("assess.vat_not_stated", "note", _place(key), "", {"resource": key[1]})
        for key in sorted(_silent_about_vat(study.tables.prices))
    ]
    average, found = _one_price(study, table[table["kind"] == "average"])
    findings += found
    marginal, found = _one_price(study, table[table["kind"] == "marginal"])
    findings += found
    stated = average.assign(price_source="stated")
    marginal = marginal.rename(columns={"price": "marginal"})
    billed = _from_bills(study, wholes)
    # Where several prices are stated none is used, not even that of the bills.
    named = table.loc[table["kind"] == "average", KEYS].drop_duplicates()
    unstated = billed[match(billed, named, KEYS) < 0]
    if len(unstated):
        names = sorted(unstated["resource"].unique())
        findings.append(Finding("assess.vat_of_bills", "note", numbers={"resources": names}))
    tariffs, _ = special_prices(study)
    weighted = _of_tariffs(study, tariffs, pd.concat([stated[KEYS], unstated[KEYS]]))
    prices = pd.concat([stated, unstated, weighted], ignore_index=True)
    return _with_marginal(prices, marginal), findings


def _with_marginal(prices: pd.DataFrame, marginal: pd.DataFrame) -> pd.DataFrame:
    """Put the marginal prices beside the average ones, sorted by plant and resource."""
    alone = marginal[match(marginal, prices, KEYS) < 0] if len(marginal) else marginal
    if len(alone):
        prices = pd.concat([prices, alone[KEYS]], ignore_index=True)
    prices = prices.take(sorted_rows(prices, KEYS)).reset_index(drop=True)
    row = match(prices, marginal, KEYS)
    worth = np.append(marginal["marginal"].to_numpy(float), np.nan)[row]
    prices["marginal"] = np.where(np.isnan(worth), prices["price"].to_numpy(float), worth)
    return prices


def _silent_about_vat(table: pd.DataFrame) -> set[tuple[str, str]]:
    silent = (table["vat"] == "").to_numpy()
    if not silent.any():
        return set()
    return set(table.loc[silent, KEYS].itertuples(index=False, name=None))


def special_prices(study: Study) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the prices that only some savings are worth: by tariff period, and of demand.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    DataFrame
        Columns ``facility, resource, tariff_period, demand, special`` (the price) [currency/unit;
        for demand currency/kW a year].
    list of Finding
        Prices that stand twice.
    """
    table = study.tables.prices
    columns = [*KEYS, "tariff_period", "demand", "price", "kind"]
    demand = (table["kind"] == "demand").to_numpy()
    mine = demand | (table["tariff_period"] != "").to_numpy()
    table = table.assign(demand=demand)[mine] if mine.any() else table.iloc[:0]
    if not len(table):
        empty = pd.DataFrame(columns=columns[:-1]).rename(columns={"price": "special"})
        return empty.astype({"special": float, "demand": bool}), []
    named = ["tariff_period", "demand", "kind"]
    parts: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for _, rows in table.groupby(named):
        found, told = _one_price(study, rows)
        findings += told
        first = rows.iloc[0]
        parts.append(found.assign(**{name: first[name] for name in named}))
    whole = pd.concat(parts)
    # What a kilowatt hour less is worth is its marginal price, where one is stated.
    whole = whole.sort_values("kind", key=lambda kinds: kinds != "marginal", kind="stable")
    whole = whole.drop_duplicates([*KEYS, "tariff_period", "demand"])
    special = whole[columns[:-1]].rename(columns={"price": "special"})
    return special.astype({"special": float, "demand": bool}), findings


def _of_tariffs(study: Study, special: pd.DataFrame, priced: pd.DataFrame) -> pd.DataFrame:
    """Weight the prices of the tariff periods where a resource has no price of its own."""
    bills = study.tables.bills
    if not len(special):
        return pd.DataFrame(columns=[*KEYS, "price", "price_source"]).astype({"price": float})
    rows = bills[_in_baseline(study, bills) & (bills["tariff_period"] != "")]
    sums = _sums(rows, [*KEYS, "tariff_period"], ["purchases"])
    both = sums.merge(special[~special["demand"]], on=[*KEYS, "tariff_period"], how="left")
    both = both.assign(worth=both["purchases"] * both["special"])
    totals = _sums(both, KEYS, ["worth", "purchases"])
    price = totals["worth"] / totals["purchases"].replace(0.0, np.nan)
    found = totals[KEYS].assign(price=price, price_source="stated")[price.notna()]
    known = set(priced[KEYS].itertuples(index=False, name=None))
    keep = [key not in known for key in found[KEYS].itertuples(index=False, name=None)]
    return found.loc[keep]


def _sums(table: pd.DataFrame, keys: list[str], names: list[str]) -> pd.DataFrame:
    """Sum by key; with a figure that is not known the sum is not."""
    groups = table.groupby(keys)[names]
    complete = groups.count().eq(groups.size(), axis=0)
    return groups.sum().where(complete).reset_index()


def _place(key: tuple[str, str]) -> Place:
    return Place(facility=str(key[0]), resource=str(key[1]))


def _one_price(study: Study, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """One price for each resource: that of the baseline year where years are stated.

    Where several are left it is not guessed which one is meant, and the order of the rows
    decides nothing: the price is unknown and a finding says so.
    """
    if not len(table):
        return pd.DataFrame(columns=[*KEYS, "price"]).astype({"price": float}), []
    cells = cells_of(table, KEYS)
    price, year = table["price"].to_numpy(float), table["price_year"].to_numpy(float)
    baseline = study.settings.baseline
    found = price[cells.first]
    kept = np.ones(len(cells), bool)
    # A price that stands alone and names no year is what it is; only the others are looked at.
    looked = np.bincount(cells.code, minlength=len(cells)) > 1
    if baseline is not None:
        looked[cells.code[~np.isnan(year)]] = True
    keys = table[KEYS].take(cells.first).reset_index(drop=True)
    findings: list[Finding] = []
    if looked.any():
        order = np.argsort(cells.code, kind="stable")
        ends = np.cumsum(np.bincount(cells.code, minlength=len(cells)))
        named = sorted(zip(*(keys[name].astype(str)[looked] for name in KEYS),
                           np.flatnonzero(looked).tolist(), strict=True))  # fmt: skip
        for facility, resource, cell in named:
            rows = order[ends[cell - 1] if cell else 0 : ends[cell]]
            key = (facility, resource)
            years = year[rows]
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
            prices = sorted(set(price[rows].tolist()))
            if len(prices) > 1:
                numbers = {"resource": key[1], "prices": prices}
                findings.append(Finding("assess.price_twice", "warning", _place(key), "", numbers))
            found[cell], kept[cell] = prices[0], len(prices) == 1
    frame = keys.assign(price=found, **{name: plain_text(keys[name]) for name in KEYS})[kept]
    return frame.take(sorted_rows(frame, KEYS)).reset_index(drop=True), findings


def _from_bills(study: Study, wholes: Cells | None) -> pd.DataFrame:
    table = study.tables.consumption
    wholes = cells_of(table, KEYS) if wholes is None else wholes
    cost, bought = table["cost"].to_numpy(), table["purchases"].to_numpy()
    # One cell more takes the rows outside the baseline and those without one of the two.
    nowhere = len(wholes)
    code = np.empty(len(table), np.int64)
    for part, inside in inside_blocks(study, table, ["baseline"]):
        inside &= ~(np.isnan(cost[part]) | np.isnan(bought[part]))
        code[part] = np.where(inside, wholes.code[part], nowhere)
    total = group_sum(code, bought, nowhere + 1)[:nowhere]
    price = group_sum(code, cost, nowhere + 1)[:nowhere] / np.where(total == 0, np.nan, total)
    found = np.flatnonzero(~np.isnan(price))
    billed = table[KEYS].take(wholes.first[found]).reset_index(drop=True)
    order = sorted_rows(billed, KEYS)
    billed = billed.assign(**{name: plain_text(billed[name]) for name in KEYS}, price=price[found])
    billed["price_source"] = pd.Series("bills", index=billed.index, dtype="str")
    return billed.take(order).reset_index(drop=True)


def _in_baseline(study: Study, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each bill touches the baseline period."""
    parts = [inside for _, inside in inside_blocks(study, table, ["baseline"])]
    return np.concatenate(parts) if parts else np.empty(0, bool)
