"""How sure the order of the options is, from the ranges that the study states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import DONE, cash_flows
from sxsh_audit.calc.finance import annuity_factor, npv
from sxsh_audit.calc.option_risk import OptionRisk, simulate_options
from sxsh_audit.calc.ranges import Range, fixed, join_ranges, triangular, uniform
from sxsh_audit.findings import Finding, Place

__all__ = ["RISK", "TORNADO", "risk_tables"]

RISK = (
    "facility", "option", "name", "rank", "npv_low", "npv_middle", "npv_high", "npv_positive",
    "payback_low", "payback_middle", "payback_high", "payback_within", "limit", "in_first",
    "first", "mean_rank", "rank_shares", "draws", "seed",
)  # fmt: skip
TORNADO = (
    "facility", "option", "input", "resource", "npv", "npv_low", "npv_high", "input_low",
    "input_high", "first_order", "total_order",
)  # fmt: skip

DRAWS = 4096
FIRST = 3
"""How many options «among the first» means; the plan of a season has room for three."""
RANKS_KEPT = 15


def risk_tables(
    ventures: pd.DataFrame,
    savings: pd.DataFrame,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Draw costs, savings and prices from their ranges, plant by plant.

    Parameters
    ----------
    ventures, savings : DataFrame
        Options, and what they save.
    terms : Terms
        Seed, rate and range of prices; without seed or rate nothing is drawn.
    progress : callable, optional
        Called with the plants that are done and those there are.

    Returns
    -------
    risk, tornado : DataFrame
        Columns :data:`RISK` and :data:`TORNADO`.
    list of Finding
        Plants where nothing has a range, so that there is nothing to draw.

    Notes
    -----
    A cost with both ends is triangular about the stated cost, or uniform where only the ends are
    stated; a saving likewise; prices are uniform within ± the stated range, one draw of each for
    all options of the plant. What has no range does not vary.
    """
    empty = pd.DataFrame(columns=list(RISK)), pd.DataFrame(columns=list(TORNADO))
    if terms.seed is None:
        return (*empty, [])
    findings: list[Finding] = []
    if terms.rate is None:
        return (*empty, [Finding("invest.risk_needs_rate", "warning", Place(), "", {})])
    risk: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    open_options = ventures[~ventures["status"].isin(("dropped", DONE))]
    groups = list(open_options.groupby("facility", sort=True))
    for count, (facility, rows) in enumerate(groups):
        if progress is not None:
            progress(count, len(groups))
        drawn = _plant(str(facility), rows, savings, terms)
        if drawn is None:
            findings.append(
                Finding("invest.no_ranges", "note", Place(facility=str(facility)), "", {})
            )
            continue
        risk += drawn[0]
        bars += drawn[1]
    return (pd.DataFrame(risk, columns=list(RISK)), pd.DataFrame(bars, columns=list(TORNADO)),
            findings)  # fmt: skip


def _plant(
    facility: str, rows: pd.DataFrame, savings: pd.DataFrame, terms: Terms
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """Draw the options of one plant; None where nothing of it has a range."""
    ids = [str(name) for name in rows["option"]]
    mine = savings[(savings["facility"] == facility) & savings["option"].isin(ids)]
    cost = _costs(rows)
    quantities, prices, resources, rest = _savings(ids, mine, terms)
    if not (cost.varies or quantities.varies or prices.varies):
        return None
    rate, growth = float(terms.rate or 0.0), rows["saving_change"].fillna(0.0).to_numpy(float)
    extra = rows["extra"].to_numpy(float)
    years = rows["life_years"].to_numpy(float)
    # What the stated saving holds beside the priced quantities: money, demand, other benefits.
    benefit = rows["annual_saving"].to_numpy(float) + extra - rest
    stated = np.asarray(npv(rate, cash_flows(rows)), float)
    saving = rows["annual_saving"].to_numpy(float)
    factor = np.asarray(annuity_factor(rate, years, growth), float)
    further = stated - (saving * factor - rows["outlay"].to_numpy(float))
    drawn = simulate_options(
        cost, quantities, prices, years, rate=rate, extra_cost=extra, other_benefit=benefit,
        growth=growth, further=further, seed=int(terms.seed or 0), draws=DRAWS, top=FIRST,
        payback_limit=terms.payback_limit, most_ranks=RANKS_KEPT,
    )  # fmt: skip
    rank = pd.Series(stated).rank(ascending=False, method="min")
    frame = rows.reset_index(drop=True)
    risk = [
        {"facility": facility, "option": ids[i], "name": str(frame["name"][i]),
         "rank": float(rank[i]),
         **_three("npv", drawn.npv[i]), "npv_positive": float(drawn.p_npv[i]),
         **_three("payback", drawn.payback[i]),
         "payback_within": float(drawn.p_payback[i]) if terms.payback_limit else np.nan,
         "limit": terms.payback_limit, "in_first": float(drawn.p_top[i]), "first": FIRST,
         "mean_rank": float(drawn.mean_rank[i]),
         "rank_shares": [] if np.isnan(drawn.rank_share[i]).any()
         else [float(part) for part in drawn.rank_share[i]],
         "draws": DRAWS, "seed": terms.seed}
        for i in np.argsort(rank.fillna(np.inf).to_numpy(), kind="stable")
    ]  # fmt: skip
    ends = _input_ends(cost, quantities, prices)
    return risk, _bars(facility, ids, drawn, resources, ends)


def _three(name: str, values: np.ndarray) -> dict[str, float]:
    ends = ("low", "middle", "high")
    return {f"{name}_{end}": float(value) for end, value in zip(ends, values, strict=True)}


def _costs(rows: pd.DataFrame) -> Range:
    """Cost of each option, less its subsidy, as far as it is stated."""
    support = rows["subsidy"].fillna(0.0)
    return join_ranges([
        _spread(cost - s, low - s, high - s)
        for cost, low, high, s in zip(rows["cost"], rows["cost_low"], rows["cost_high"], support,
                                      strict=True)
    ])  # fmt: skip


def _spread(middle: float, low: float, high: float) -> Range:
    """Range of a figure: what has no end ends at itself."""
    if np.isnan(middle):
        return fixed(np.nan) if np.isnan(low) or np.isnan(high) else uniform(low, high)
    ends = (middle if np.isnan(low) else low), (middle if np.isnan(high) else high)
    return fixed(middle) if ends[0] == ends[1] else triangular(ends[0], middle, ends[1])


def _savings(
    ids: list[str], mine: pd.DataFrame, terms: Terms
) -> tuple[Range, Range, list[str], np.ndarray]:
    """Quantities and prices by resource and tariff, and what they come to as stated.

    Only what is priced by quantity is drawn: a saving in money stands as typed.
    """
    worth = mine["quantity"] * mine["price"]
    priced = mine[mine["quantity"].notna() & mine["price"].notna()
                  & np.isclose(mine["value"], worth, rtol=1e-9)]  # fmt: skip
    # A price for each that differs: of a tariff period, of demand.
    named = ["resource", "tariff_period", "demand", "price"]
    kinds = sorted(set(priced[named].itertuples(index=False, name=None)))
    position = {kind: k for k, kind in enumerate(kinds)}
    row_of = {name: i for i, name in enumerate(ids)}
    shape = (len(ids), max(len(kinds), 1))
    middle, low, high = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row in priced.to_dict("records"):
        at = row_of[str(row["option"])], position[tuple(row[name] for name in named)]
        quantity, least, most = row["quantity"], row["quantity_low"], row["quantity_high"]
        middle[at] += quantity
        low[at] += quantity if np.isnan(least) else least
        high[at] += quantity if np.isnan(most) else most
    price = np.array([kind[3] for kind in kinds] or [0.0])
    part = terms.price_range or 0.0
    return (triangular(low, middle, high), uniform(price * (1 - part), price * (1 + part)),
            [str(kind[0]) for kind in kinds], middle @ price)  # fmt: skip


def _input_ends(*inputs: Range) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.asarray(one.quantile(0.05)), np.asarray(one.quantile(0.95))) for one in inputs]


def _bars(
    facility: str, ids: list[str], drawn: OptionRisk, resources: list[str],
    ends: list[tuple[np.ndarray, np.ndarray]],
) -> list[dict[str, Any]]:  # fmt: skip
    """One record per option and input that moves its net present value."""
    cost, quantity, price = ends
    bars = []
    for i, option in enumerate(ids):
        for k, name in enumerate(drawn.inputs):
            low, high = drawn.tornado[i, k]
            if np.isnan(low) or low == high:
                continue
            kind, _, place = name.partition(" ")
            resource, between = resources[int(place)] if place else "", (np.nan, np.nan)
            if kind == "cost":
                between = float(cost[0][i]), float(cost[1][i])
            elif kind == "quantity":
                between = float(quantity[0][i, int(place)]), float(quantity[1][i, int(place)])
            elif kind == "price":
                between = float(price[0][int(place)]), float(price[1][int(place)])
            bars.append({
                "facility": facility, "option": option, "input": kind, "resource": resource,
                "npv": float(drawn.median_npv[i]), "npv_low": float(low), "npv_high": float(high),
                "input_low": between[0], "input_high": between[1],
                "first_order": float(drawn.sobol_first[i, k]),
                "total_order": float(drawn.sobol_total[i, k]),
            })  # fmt: skip
    return bars
