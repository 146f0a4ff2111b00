"""Net present value and its kin of every option of a study."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import OPTION, cash_flows, unit_flows
from sxsh_audit.calc.finance import (
    annuity_factor,
    discounted_payback,
    irr,
    npv,
    profitability_index,
)

__all__ = ["ECONOMICS", "economics_table", "ending_trimmed"]

ECONOMICS = (
    "facility", "option", "name", "status", "rank", "cost", "subsidy", "annual_saving", "lifetime",
    "horizon_stands_in", "construction_years", "saving_change", "salvage",
    "npv", "irr", "irr_status", "irr_roots", "discounted_years",
    "discounted_class", "profitability_index", "annual_value", "levelised_cost",
    "levelised_resource", "flows",
)  # fmt: skip


def economics_table(
    live: pd.DataFrame, savings: pd.DataFrame, terms: Terms
) -> pd.DataFrame:
    """Judge every option by its discounted flows.

    Parameters
    ----------
    live : DataFrame
        Options that are not dropped, from
        :func:`~sxsh_audit.assessment.investment.ventures.venture_table`.
    savings : DataFrame
        One row per option and resource with ``quantity`` [unit/year].
    terms : Terms
        With a rate; without one there is nothing to say.

    Returns
    -------
    DataFrame
        Columns :data:`ECONOMICS`, best net present value first; options without one stand last.

    Notes
    -----
    Flows at constant prices and before tax, from the day of investment (t = 0), each year's
    saving at its end; the definitions are those of :mod:`sxsh_audit.calc.finance`. The cost of
    the saved resource is told where an option saves one resource alone.
    """
    if terms.rate is None or not len(live):
        return pd.DataFrame(columns=list(ECONOMICS))
    rate = terms.rate
    flows = cash_flows(live)
    roots = irr(flows)
    paid = discounted_payback(rate, flows)
    worth = np.asarray(npv(rate, flows), float)
    index = np.asarray(profitability_index(rate, flows), float)
    years = live["life_years"].to_numpy(float)
    span = years + live["construction_years"].fillna(0.0).to_numpy(float)
    # Money put in, without the savings; and one unit saved in the first year of each option.
    put_in = -np.asarray(npv(rate, cash_flows(live, np.zeros(len(live)))), float)
    unit = np.asarray(npv(rate, unit_flows(live)), float)
    table = live.assign(
        lifetime=years, cost=live["judged_cost"], npv=worth,
        irr=np.asarray(roots.rate, float), irr_status=[str(word) for word in roots.status],
        irr_roots=_cells([float(root) for root in row if not np.isnan(root)]
                         for row in roots.roots),
        discounted_years=np.asarray(paid.years, float),
        discounted_class=[str(word) for word in paid.payback_class],
        profitability_index=np.where(np.isfinite(index), index, np.nan),
        annual_value=worth / np.asarray(annuity_factor(rate, span), float),
        flows=_cells(map(ending_trimmed, flows)),
    )  # fmt: skip
    single = _single_resource(savings)
    table = table.merge(single, on=OPTION, how="left")
    quantity = table["saved_quantity"].to_numpy(float) * unit
    usable = quantity > 0
    table["levelised_cost"] = np.where(usable, put_in / np.where(usable, quantity, 1.0), np.nan)
    table["levelised_resource"] = table["levelised_resource"].where(usable)
    table["rank"] = table.groupby("facility")["npv"].rank("min", ascending=False)
    table = table.sort_values(["facility", "rank"], kind="stable", na_position="last")
    return table[list(ECONOMICS)].reset_index(drop=True)


def _cells(lists: Iterable[list[float]]) -> np.ndarray:
    """Column whose cells are lists."""
    kept = list(lists)
    column = np.empty(len(kept), dtype=object)
    column[:] = kept
    return column


def ending_trimmed(flows: np.ndarray) -> list[float]:
    """Flows up to the last one that is not 0; none where one is not known."""
    if np.isnan(flows).any():
        return []
    last = np.flatnonzero(flows)
    return [float(flow) for flow in flows[: int(last[-1]) + 1 if last.size else 1]]


def _single_resource(savings: pd.DataFrame) -> pd.DataFrame:
    """Quantity a year of the options that save one resource, and nothing in money alone."""
    grouped = savings.groupby(OPTION)
    found = grouped.agg(
        saved_quantity=("quantity", lambda amounts: amounts.sum(skipna=False)),
        levelised_resource=("resource", "first"), kinds=("resource", "nunique"),
        power=("demand", "any"),
    ).reset_index()  # fmt: skip
    alone = (found["kinds"] == 1) & (found["levelised_resource"] != "") & ~found["power"]
    return found[alone].drop(columns=["kinds", "power"])
