"""Avoided emissions of every option and what a tonne of them costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sxsh_audit.assessment.emission_factors import EmissionFactor
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import OPTION, cash_flows
from sxsh_audit.calc.abatement import avoided_emissions, cost_curve_order
from sxsh_audit.calc.finance import annuity_factor, npv
from sxsh_audit.findings import Finding, Place

__all__ = ["ABATEMENT", "abatement_table"]

ABATEMENT = (
    "facility", "option", "name", "tonnes", "lifetime_tonnes", "without_factor", "net_cost",
    "cost_per_tonne", "abatement_class", "front",
)  # fmt: skip


def abatement_table(
    live: pd.DataFrame,
    savings: pd.DataFrame,
    categories: Mapping[str, str],
    factors: Mapping[str, EmissionFactor],
    terms: Terms,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Work out avoided tCO₂ a year and the abatement cost of each option.

    Parameters
    ----------
    live, savings : DataFrame
        Options that are not dropped, and what they save.
    categories : mapping
        Category of each resource.
    factors : mapping
        Emission factors of the resources that have one. [tCO₂/unit]
    terms : Terms
        The rate of the abatement cost.

    Returns
    -------
    DataFrame
        Columns :data:`ABATEMENT`: tonnes a year [tCO₂/year], unknown where an energy that the
        option saves has no factor; cost per tonne [currency/tCO₂]: −NPV ÷ the tonnes of the
        lifetime, not discounted; front of those that pay by themselves, 1 best.
    list of Finding
        Energies without a factor.

    Notes
    -----
    Emissions of energy only: water and materials have no factor here and count as none.
    """
    if (terms.grid_year is None and not terms.emission_factors) or not len(live):
        return pd.DataFrame(columns=list(ABATEMENT)), []
    rows = savings[~savings["demand"] & savings["resource"].ne("")].copy()
    rows["energy"] = rows["resource"].map(dict(categories)).isin(ENERGY)
    each = np.array([factors[name].value if name in factors else np.nan
                     for name in rows["resource"]], dtype=float)  # fmt: skip
    quantity = rows["quantity"].to_numpy(float)
    avoided = np.asarray(avoided_emissions(quantity[:, None], each[:, None]), float)
    rows["tonnes"] = np.where(rows["energy"] | ~np.isnan(each), avoided, 0.0)
    groups = rows.groupby(OPTION)["tonnes"]
    total = groups.sum().where(groups.count() == groups.size()).reset_index()
    lacking = rows[rows["energy"] & np.isnan(each)]
    missing = lacking.groupby(OPTION)["resource"].agg(lambda names: sorted(set(names)))
    # Who saves no energy at all, but power or money, avoids none.
    silent = live[OPTION].merge(total[OPTION], on=OPTION, how="left", indicator=True)
    none = silent.loc[silent["_merge"] == "left_only", OPTION].assign(tonnes=0.0)
    total = pd.DataFrame({name: [*total[name], *none[name]] for name in total.columns})
    table = live.merge(total, on=OPTION, how="left").merge(
        missing.rename("without_factor").reset_index(), on=OPTION, how="left")  # fmt: skip
    table["without_factor"] = [names if isinstance(names, list) else []
                               for names in table["without_factor"]]  # fmt: skip
    tonnes = table["tonnes"].to_numpy(float)
    table["abatement_class"] = "unknown"
    for name in ("cost_per_tonne", "front", "lifetime_tonnes", "net_cost"):
        table[name] = np.nan
    if terms.rate is not None and len(table):
        years = table["life_years"].to_numpy(float)
        net = -np.asarray(npv(terms.rate, cash_flows(table)), float)
        # The tonnes of a lifetime fade and grow as the saving does.
        change = table["saving_change"].fillna(0.0).to_numpy(float)
        known = ~np.isnan(years)
        whole = np.full(tonnes.shape, np.nan)
        whole[known] = tonnes[known] * np.asarray(
            annuity_factor(0.0, years[known], change[known]), float)  # fmt: skip
        table["lifetime_tonnes"] = whole
        with np.errstate(divide="ignore", invalid="ignore"):
            # What pays by itself has no cost per tonne: between two of them it says nothing.
            table["cost_per_tonne"] = np.where((whole > 0) & (net > 0), net / whole, np.nan)
        table["net_cost"] = net
        for _, rows in table.groupby("facility", sort=False):
            at = rows.index.to_numpy()
            ordered = cost_curve_order(net[at], whole[at], table["option"].to_numpy()[at])
            table.loc[at, "abatement_class"] = [str(word) for word in ordered.abatement_class]
            table.loc[at, "front"] = np.where(ordered.front > 0, ordered.front, np.nan)
    names = sorted(set(lacking["resource"]))
    findings = [Finding("invest.no_emission_factor", "warning", Place(), "",
                        {"resources": names})] if names else []  # fmt: skip
    return table[list(ABATEMENT)], findings
