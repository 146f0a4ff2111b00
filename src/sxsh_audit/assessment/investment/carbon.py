"""Avoided emissions of every option and what a tonne of them costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sxsh_audit.assessment.emission_factors import EmissionFactor
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import OPTION
from sxsh_audit.calc.abatement import abatement_cost, avoided_emissions, pareto_order
from sxsh_audit.findings import Finding, Place

__all__ = ["ABATEMENT", "abatement_table"]

ABATEMENT = (
    "facility", "option", "name", "tonnes", "without_factor", "cost_per_tonne", "abatement_class",
    "front", "lifetime",
)  # fmt: skip


def abatement_table(
    ventures: pd.DataFrame,
    savings: pd.DataFrame,
    categories: Mapping[str, str],
    factors: Mapping[str, EmissionFactor],
    terms: Terms,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Work out avoided tCO₂ a year and the abatement cost of each option.

    Parameters
    ----------
    ventures, savings : DataFrame
        Options, and what they save.
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
        option saves has no factor; cost per tonne [currency/tCO₂], tonnes not discounted.
    list of Finding
        Energies without a factor.

    Notes
    -----
    Emissions of energy only: water and materials have no factor here and count as none.
    """
    if not factors or not len(ventures):
        return pd.DataFrame(columns=list(ABATEMENT)), []
    live = ventures[ventures["status"] != "dropped"].reset_index(drop=True)
    rows = savings[~savings["demand"] & savings["resource"].ne("")].copy()
    rows["energy"] = rows["resource"].map(dict(categories)).isin(ENERGY)
    each = np.array([factors[name].value if name in factors else np.nan
                     for name in rows["resource"]], dtype=float)  # fmt: skip
    avoided = np.asarray(avoided_emissions(rows["quantity"].to_numpy(float), each), float)
    rows["tonnes"] = np.where(rows["energy"] | ~np.isnan(each), avoided, 0.0)
    total = rows.groupby(OPTION, as_index=False)["tonnes"].agg(lambda t: t.sum(skipna=False))
    lacking = rows[rows["energy"] & np.isnan(each)]
    missing = lacking.groupby(OPTION)["resource"].agg(lambda names: sorted(set(names)))
    table = live.merge(total, on=OPTION, how="left").merge(
        missing.rename("without_factor").reset_index(), on=OPTION, how="left")  # fmt: skip
    table["without_factor"] = [names if isinstance(names, list) else []
                               for names in table["without_factor"]]  # fmt: skip
    tonnes = table["tonnes"].to_numpy(float)
    table["lifetime"] = table["life_years"]
    table["cost_per_tonne"], table["abatement_class"] = np.nan, "unknown"
    table["front"] = np.nan
    if terms.rate is not None and len(table):
        years = table["life_years"].to_numpy(float)
        found = abatement_cost(
            terms.rate, table["outlay"].to_numpy(float), table["annual_saving"].to_numpy(float),
            tonnes, np.where(np.isnan(years), 1.0, years), discount_tonnes=False,
        )  # fmt: skip
        unknown = np.isnan(years)
        table["cost_per_tonne"] = np.where(unknown, np.nan, np.asarray(found[0], float))
        words = np.array([str(word) for word in found[1]], dtype=object)
        table["abatement_class"] = np.where(unknown, "unknown", words)
        table["front"] = _fronts(table, terms.rate)
    names = sorted(set(lacking["resource"]))
    findings = [Finding("invest.no_emission_factor", "warning", Place(), "",
                        {"resources": names})] if names else []  # fmt: skip
    return table[list(ABATEMENT)], findings


def _fronts(table: pd.DataFrame, rate: float) -> np.ndarray:
    return np.full(len(table), np.nan)
