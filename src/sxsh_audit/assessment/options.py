"""Options of a study: money saved, simple payback, order and totals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sxsh_audit.assessment.flows.claimed import YearlyFlow, cap_savings
from sxsh_audit.assessment.prices import KEYS, special_prices
from sxsh_audit.calc.plausibility import power_of_ten
from sxsh_audit.calc.ranking import annualise, portfolio_payback, rank_options, simple_payback
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import Study

__all__ = ["option_table", "option_totals"]

OPTION = ["facility", "option"]


def option_table(
    study: Study, prices: pd.DataFrame, intensities: pd.DataFrame | None,
    flows: Mapping[tuple[str, str], YearlyFlow] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Rank the options of every plant by simple payback.

    Parameters
    ----------
    study : Study
        Checked records.
    prices : DataFrame
        From :func:`~sxsh_audit.assessment.prices.baseline_prices`.
    intensities : DataFrame or None
        From :func:`~sxsh_audit.assessment.intensities.intensity_table`; the use that savings
        are compared with.
    flows : mapping, optional
        What each flow is in a year, by plant and id: no option cuts more of it than there is.

    Returns
    -------
    options : DataFrame
        One row per option, best first.
    savings : DataFrame
        One row per option and resource: quantity per year [unit/year] and money
        [currency/year].
    findings : list of Finding
        Options that save more than is used, savings without a price.

    Notes
    -----
    An option has one cost and a vector of savings. A saving in a quantity is worth its marginal
    price where one is stated, else the average; one in a tariff period is worth the price of that
    period where it is stated, and kilowatts of demand are worth the demand charge. A saving in
    money stands as typed. Amounts over
    some months are multiplied by 12 ÷ months, and marked. An option whose cost is a range is
    ranked by the higher end, one whose saving is by the lower; an implemented one by its actual
    cost.
    """
    savings, findings = _priced(study, prices, flows or {})
    options = study.tables.options.copy()
    known = savings.groupby(OPTION)["value"].agg(
        money="sum", rows="size", priced="count"
    ).reset_index()  # fmt: skip
    options = options.merge(known, on=OPTION, how="left")
    complete = options["rows"].notna() & (options["rows"] == options["priced"])
    months = options["months_covered"].fillna(12.0)
    benefit = pd.Series(np.asarray(annualise(options["other_benefit"], months)))
    extra = options["annual_extra_cost"]
    resource_money = options["money"].where(complete)
    only_benefit = options["rows"].isna() & benefit.notna()
    base = resource_money.mask(only_benefit, 0.0)
    options["resource_saving"] = resource_money
    options["other_benefit"] = benefit
    options["annual_saving"] = base + benefit.fillna(0.0) - extra.fillna(0.0)
    scaled = savings.loc[savings["annualised"], OPTION].drop_duplicates().assign(scaled=1.0)
    options = options.merge(scaled, on=OPTION, how="left")
    own = options["months_covered"].notna() & (options["months_covered"] != 12)
    options["annualised"] = options["scaled"].notna() | own
    # What is done has cost what it has cost.
    paid = options["actual_cost"].where(options["status"] == "implemented")
    options["cost"] = paid.fillna(options["cost"])
    low = options["cost"].fillna(options["cost_low"])
    judged = options["cost"].fillna(options["cost_high"])
    options["cost_judged"] = judged
    shortest = np.asarray(simple_payback(low, options["annual_saving"]).years, dtype=float)
    options["years_low"] = np.where(np.isinf(shortest), np.nan, shortest)
    # Ids are a plant's own: with the plant before them they are one name each.
    ids = (options["facility"].astype(str) + "\0" + options["option"].astype(str)).to_numpy(object)
    found = rank_options(judged.to_numpy(), options["annual_saving"].to_numpy(), ids)
    options["years"] = found.years
    options["payback_class"] = [str(item) for item in found.payback_class]
    live = options["status"] != "dropped"
    options["rank"] = pd.Series(found.rank, dtype=float).where(live)
    options = options.iloc[found.order].reset_index(drop=True)
    options["rank"] = options.groupby("facility")["rank"].rank("min")
    options["dropped"] = options["rank"].isna()
    order = options.sort_values(["facility", "dropped"], kind="stable").index
    kept = options.loc[live_rows(options), OPTION]
    findings += _more_than_used(savings.merge(kept, on=OPTION), intensities)
    columns = [
        "facility", "option", "name", "category", "cp_category", "cause", "status", "rank",
        "cost", "cost_low", "cost_high", "cost_class", "resource_saving", "other_benefit",
        "annual_extra_cost", "annual_saving", "annualised", "years", "years_low",
        "payback_class", "exclusive_group",
    ]  # fmt: skip
    return options.loc[order, columns].reset_index(drop=True), savings, findings


def _priced(
    study: Study, prices: pd.DataFrame, flows: Mapping[tuple[str, str], YearlyFlow]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Money per year of each row of the option savings."""
    table = study.tables.option_savings
    options = study.tables.options[[*OPTION, "months_covered"]]
    table = table.merge(options, on=OPTION, how="left", suffixes=("", "_option"))
    months = table["months_covered"].fillna(table["months_covered_option"]).fillna(12.0)
    # Of a saving with its two ends alone the lower one is counted on.
    ends_alone = (table["quantity"].isna() & table["quantity_low"].notna()
                  & table["quantity_high"].notna())  # fmt: skip
    stated = table["quantity"].where(~ends_alone, table["quantity_low"])
    quantity = np.asarray(annualise(stated, months), dtype=float)
    typed = np.asarray(annualise(table["money"], months), dtype=float)
    part, findings = cap_savings(table, quantity, flows, study.places)
    quantity, typed = quantity * part, typed * part
    table = table.merge(prices[[*KEYS, "marginal"]], on=KEYS, how="left")
    special, found = special_prices(study)
    findings += found
    if len(special):
        table = table.merge(special, on=[*KEYS, "tariff_period", "demand"], how="left")
    else:
        table["special"] = np.nan
    # A kilowatt of demand is worth the demand charge alone, never the price of a kilowatt hour.
    usual = table["marginal"].where(~table["demand"])
    price = table["special"].fillna(usual).to_numpy(float)
    worth = quantity * price
    value = np.where(np.isnan(typed), worth, typed)
    findings += [
        Finding("assess.no_price_for_saving", "warning", Place(facility=str(f)), "",
                {"option": o, "resource": r})
        for f, o, r in table.loc[
            np.isnan(value) & ~np.isnan(quantity), [*OPTION, "resource"]
        ].itertuples(index=False)
    ]  # fmt: skip
    apart = np.abs(typed - worth) > 0.2 * np.abs(worth)
    # A thousand or a million times as much is a unit of money: told as not plausible.
    with np.errstate(divide="ignore", invalid="ignore"):
        apart &= np.abs(power_of_ten(typed / worth, fit=0.5)) < 3
    findings += [
        Finding("assess.saving_money_differs", "warning", Place(facility=str(f)), "",
                {"option": o, "resource": r, "typed": t, "worth": w})
        for f, o, r, t, w in zip(
            table["facility"][apart], table["option"][apart], table["resource"][apart],
            typed[apart].tolist(), worth[apart].tolist(), strict=True)
    ]  # fmt: skip
    ends = {name: np.asarray(annualise(table[name], months), dtype=float) * part
            for name in ("quantity_low", "quantity_high")}  # fmt: skip
    frame = table[[*OPTION, "resource", "unit", "end_use", "flow", "tariff_period",
                   "demand"]].assign(
        quantity=quantity, value=value, annualised=(months != 12).to_numpy(), price=price,
        ends_alone=ends_alone.to_numpy(), **ends
    )
    return frame, findings


def live_rows(options: pd.DataFrame) -> pd.Series:
    """Whether each option is still meant; what was dropped is shown and not counted."""
    return options["status"] != "dropped"


def _more_than_used(savings: pd.DataFrame, intensities: pd.DataFrame | None) -> list[Finding]:
    """Tell of a plain sum above the use: savings cannot pass it, however they overlap."""
    if intensities is None or not len(savings):
        return []
    savings = savings[~savings["demand"]]  # kilowatts are no part of the energy used
    total = savings.groupby(KEYS, as_index=False)["quantity"].sum()
    both = total.merge(intensities[[*KEYS, "annual_use", "unit"]], on=KEYS)
    over = both[both["quantity"] > both["annual_use"]]
    # An option that saves more than the use by itself is told on its own cell.
    single = savings.merge(intensities[[*KEYS, "annual_use"]], on=KEYS)
    single = single[single["quantity"] > single["annual_use"]]
    over = over[~over.set_index(KEYS).index.isin(single.set_index(KEYS).index)]
    return [
        Finding("assess.saves_more_than_used", "warning",
                Place(facility=str(row.facility), resource=str(row.resource)), "",
                {"resource": row.resource, "saved": float(row.quantity),
                 "used": float(row.annual_use), "unit": row.unit})
        for row in over.itertuples(index=False)
    ]  # fmt: skip


def option_totals(options: pd.DataFrame) -> pd.DataFrame:
    """Σ cost ÷ Σ saving of every plant, over the options whose both figures are known.

    Returns
    -------
    DataFrame
        Columns ``facility, counted, left_out, cost, annual_saving, years, payback_class``.
        Interactions between options are not considered: the label of the total says so.
    """
    cost = options["cost"].fillna(options["cost_high"]).to_numpy(float)
    live = live_rows(options)
    rows = []
    for facility, positions in options.groupby("facility", sort=True).indices.items():
        meant = positions[live.to_numpy()[positions]]
        found = portfolio_payback(cost[meant], options["annual_saving"].to_numpy(float)[meant])
        rows.append((facility, found.counted, len(positions) - found.counted,
                     found.cost if found.counted else np.nan,
                     found.annual_saving if found.counted else np.nan,
                     found.years, str(found.payback_class)))  # fmt: skip
    columns = ["facility", "counted", "left_out", "cost", "annual_saving", "years",
               "payback_class"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
