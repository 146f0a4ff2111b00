"""How sure the order of the options is, from the ranges that the study states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import DONE, cash_flows
from sxsh_audit.calc.finance import npv
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
    "facility", "option", "input", "resource", "unit", "npv", "npv_low", "npv_high", "input_low",
    "input_high", "first_order", "total_order",
)  # fmt: skip

DRAWS = 4096
FIRST = 3
"""How many options «among the first» means; the plan of a season has room for three."""
RANKS_KEPT = 15


def risk_tables(
    live: pd.DataFrame,
    savings: pd.DataFrame,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Draw costs, savings and prices from their ranges, plant by plant.

    Parameters
    ----------
    live, savings : DataFrame
        Options that are not dropped, and what they save.
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
    stated; a saving likewise (an option of which one saving has only its ends is drawn uniform
    throughout). Prices are uniform within ± the stated range: one draw for all prices of a
    resource and for all options of the plant. What has no range does not vary.
    """
    empty = pd.DataFrame(columns=list(RISK)), pd.DataFrame(columns=list(TORNADO))
    if terms.seed is None:
        return (*empty, [])
    findings: list[Finding] = []
    if terms.rate is None:
        return (*empty, [Finding("invest.risk_needs_rate", "warning", Place(), "", {})])
    risk: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    groups = list(live[live["status"] != DONE].groupby("facility", sort=True))
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


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What the options of one plant save, by resource, as the draws take it.

    A saving is drawn in money at the stated prices, and multiplied by one draw of the price of
    its resource over the stated one: a dear year is dear in the peak and off it.
    """

    resources: list[str]
    money: Range
    """Saving at stated prices, (options, resources). [currency/year]"""
    stated: np.ndarray
    """Sum of it as stated, (options,). [currency/year]"""
    price: np.ndarray
    """Price where all savings of an option in a resource have one, else nan. [currency/unit]"""
    unit: np.ndarray
    """Unit of that price, (options, resources)."""


def _plant(
    facility: str, rows: pd.DataFrame, savings: pd.DataFrame, terms: Terms
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """Draw the options of one plant; None where nothing of it has a range."""
    ids = [str(name) for name in rows["option"]]
    mine = savings[(savings["facility"] == facility) & savings["option"].isin(ids)]
    cost, inputs = _costs(rows), _savings(ids, mine)
    part = terms.price_range or 0.0
    prices = uniform(np.full(len(inputs.resources), 1.0 - part),
                     np.full(len(inputs.resources), 1.0 + part))  # fmt: skip
    if not (cost.varies or inputs.money.varies or prices.varies):
        return None
    rate, growth = float(terms.rate or 0.0), rows["saving_change"].fillna(0.0).to_numpy(float)
    extra = rows["extra"].to_numpy(float)
    years = rows["life_years"].to_numpy(float)
    building = rows["construction_years"].fillna(0.0).to_numpy(float)
    # What the stated saving holds beside the priced quantities: money typed, other benefits.
    benefit = rows["annual_saving"].to_numpy(float) + extra - inputs.stated
    stated = np.asarray(npv(rate, cash_flows(rows)), float)
    common: dict[str, Any] = {
        "rate": rate, "extra_cost": extra, "growth": growth, "construction_years": building,
        "seed": int(terms.seed or 0),
    }  # fmt: skip
    # Subsidy, salvage, replacements, and an extra cost that does not grow: certain, so that they
    # are worked out once, at the stated figures.
    plain = simulate_options(
        rows["judged_cost"].to_numpy(float), inputs.stated[:, None], [1.0], years,
        other_benefit=benefit, draws=1, index_draws=0, rank_by=None, **common,
    )  # fmt: skip
    drawn = simulate_options(
        cost, inputs.money, prices, years, other_benefit=benefit, draws=DRAWS, top=FIRST,
        further=stated - plain.median_npv, payback_limit=terms.payback_limit,
        most_ranks=RANKS_KEPT, **common,
    )  # fmt: skip
    rank = pd.Series(stated).rank(ascending=False, method="min")
    names = [str(name) for name in rows["name"]]
    risk = [
        {"facility": facility, "option": ids[i], "name": names[i],
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
    return risk, _bars(facility, ids, drawn, inputs, [_ends(cost), _ends(inputs.money),
                                                      _ends(prices)])  # fmt: skip


def _three(name: str, values: np.ndarray) -> dict[str, float]:
    ends = ("low", "middle", "high")
    return {f"{name}_{end}": float(value) for end, value in zip(ends, values, strict=True)}


def _costs(rows: pd.DataFrame) -> Range:
    """Cost of each option as far as it is stated; what is done has cost what it has cost."""
    return join_ranges([
        _spread(cost, low, high)
        for cost, low, high in zip(rows["cost"], rows["cost_low"], rows["cost_high"], strict=True)
    ])  # fmt: skip


def _spread(middle: float, low: float, high: float) -> Range:
    """Range of a figure: what has no end ends at itself."""
    if np.isnan(middle):
        return fixed(np.nan) if np.isnan(low) or np.isnan(high) else uniform(low, high)
    ends = (middle if np.isnan(low) else low), (middle if np.isnan(high) else high)
    return fixed(middle) if ends[0] == ends[1] else triangular(ends[0], middle, ends[1])


def _savings(ids: list[str], mine: pd.DataFrame) -> _Inputs:
    """Add up the savings of each option by resource.

    Only what is priced by quantity is drawn: a saving in money stands as typed.
    """
    worth = mine["quantity"] * mine["price"]
    priced = mine[mine["quantity"].notna() & mine["price"].notna()
                  & np.isclose(mine["value"], worth, rtol=1e-9)]  # fmt: skip
    resources = sorted(set(priced["resource"])) or [""]
    row_of = {name: i for i, name in enumerate(ids)}
    shape = (len(ids), len(resources))
    middle, low, high = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    price, unit = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    even, seen = np.zeros(len(ids), bool), set[tuple[int, int]]()
    for row in records_of(priced):
        at = row_of[str(row["option"])], resources.index(row["resource"])
        quantity, least, most = row["quantity"], row["quantity_low"], row["quantity_high"]
        alone = at not in seen
        seen.add(at)
        price[at] = row["price"] if alone or price[at] == row["price"] else np.nan
        unit[at] = row["unit"] if alone or unit[at] == row["unit"] else ""
        middle[at] += quantity * row["price"]
        # Independent savings of one option in one resource: their deviations in quadrature.
        low[at] += 0.0 if np.isnan(least) else ((quantity - least) * row["price"]) ** 2
        high[at] += 0.0 if np.isnan(most) else ((most - quantity) * row["price"]) ** 2
        even[at[0]] |= row["ends_alone"]
    low, high = middle - np.sqrt(low), middle + np.sqrt(high)
    ranges = [
        uniform(low[i], high[i]) if even[i] else triangular(low[i], middle[i], high[i])
        for i in range(len(ids))
    ]  # fmt: skip
    return _Inputs(resources, join_ranges(ranges), middle.sum(axis=1), price, unit)


def _ends(one: Range) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(one.quantile(0.05)), np.asarray(one.quantile(0.95))


def _bars(
    facility: str, ids: list[str], drawn: OptionRisk, inputs: _Inputs,
    ends: list[tuple[np.ndarray, np.ndarray]],
) -> list[dict[str, Any]]:  # fmt: skip
    """One record per option and input that moves its net present value."""
    cost, money, factor = ends
    bars = []
    for i, option in enumerate(ids):
        for k, name in enumerate(drawn.inputs):
            low, high = drawn.tornado[i, k]
            if np.isnan(low) or low == high:
                continue
            kind, _, place = name.partition(" ")
            at = int(place) if place else 0
            price, unit = inputs.price[i, at], str(inputs.unit[i, at])
            known = bool(unit) and not np.isnan(price)
            if kind == "cost":
                between, unit = (cost[0][i], cost[1][i]), ""
            elif kind == "quantity":
                scale = price if known else 1.0
                between = (money[0][i, at] / scale, money[1][i, at] / scale)
            else:
                scale = price if known else 1.0
                between = (factor[0][at] * scale, factor[1][at] * scale)
            bars.append({
                "facility": facility, "option": option, "input": kind,
                "resource": inputs.resources[at] if place else "",
                "unit": unit if known else "",
                "npv": float(drawn.median_npv[i]), "npv_low": float(low), "npv_high": float(high),
                "input_low": float(between[0]), "input_high": float(between[1]),
                "first_order": float(drawn.sobol_first[i, k]),
                "total_order": float(drawn.sobol_total[i, k]),
            })  # fmt: skip
    return bars
