"""The best set of options of each plant: under a budget, and to reach the target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.investment.economics import ending_trimmed
from sxsh_audit.assessment.investment.plants import Plant, plant_of
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import cash_flows
from sxsh_audit.assessment.target import Target as Goal
from sxsh_audit.calc.choices import check_choice
from sxsh_audit.calc.finance import npv
from sxsh_audit.calc.joint_flows import PresentCells, joint_flows, present_cells, working_parts
from sxsh_audit.calc.payback import simple_payback
from sxsh_audit.calc.portfolio import (
    Constraint,
    Selection,
    Target,
    cost_frontier,
    select_options,
)
from sxsh_audit.findings import Finding, Place

__all__ = ["FRONTIER", "PORTFOLIO", "PORTFOLIO_SAVINGS", "best_sets"]

PORTFOLIO = (
    "facility", "question", "by", "status", "budget", "reach", "rule", "saving", "cost",
    "annual_saving", "npv", "years", "payback_class", "chosen", "implemented", "left_out",
    "gap", "conflict", "most", "flows",
)  # fmt: skip
PORTFOLIO_SAVINGS = (
    "facility", "question", "resource", "unit", "annual_use", "added", "saving", "low", "high",
    "quantity", "counted",
)  # fmt: skip
FRONTIER = ("facility", "saving", "cost", "chosen", "proven", "ends")

POINTS = 12
"""Points of a frontier; a manager reads no more."""
MOST_FRONTIERS = 12
"""Plants of which frontiers are worked out: more of them are no chart any more."""
PROVEN = 1e-4
"""Gap up to which a set counts as proven best [1]."""


def best_sets(
    live: pd.DataFrame,
    savings: pd.DataFrame,
    measured: pd.DataFrame,
    annual: pd.DataFrame | None,
    end_uses: pd.DataFrame,
    carbon: dict[str, float],
    terms: Terms,
    goal: Goal,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Choose options for every plant.

    Parameters
    ----------
    live, savings : DataFrame
        Options that are not dropped, and what they save.
    measured : DataFrame
        Savings table of the assessment: which resources count, their prices and energy.
    annual : DataFrame or None
        Use of a year of each plant and resource.
    end_uses : DataFrame
        Checked table of end uses.
    carbon : dict of str to float
        Emission factor of each resource that has one. [tCO₂/unit]
    terms : Terms
        Budget, saving to reach, and what the best set has most of.
    goal : Target
        The rule by which resources count together.
    progress : callable, optional
        Called with the plants that are done and those there are.

    Returns
    -------
    portfolio, savings, frontier : DataFrame
        One row per plant and question; per plant, question and resource; per point.
    list of Finding
        What could not be asked of which plant, and why.

    Notes
    -----
    Options already implemented are in every set and cost nothing more: what they save counts
    towards the target. Savings without a stated end use are taken evenly off the whole of their
    resource; the bounds whatever their end use stand in the table of savings.
    """
    answers: list[dict[str, Any]] = []
    resources: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    findings: list[Finding] = []
    if terms.budget is None and terms.reach is None:
        return _frames(answers, resources, points, findings)
    plants = list(live.groupby("facility", sort=True))
    for count, (facility, rows) in enumerate(plants):
        if progress is not None:
            progress(count, len(plants))
        if rows["in_baseline"].all():
            continue
        plant = plant_of(str(facility), rows, savings, measured, annual, end_uses, goal)
        questions: list[tuple[str, Selection | None]] = []
        if terms.budget is not None:
            questions.append(("budget", _under_budget(plant, terms, measured, carbon, findings)))
        if terms.reach is not None:
            questions.append(("reach", _to_reach(plant, terms, goal, measured, findings)))
            if len(plants) <= MOST_FRONTIERS:
                points += _frontier(plant, goal, terms)
        for question, found in questions:
            if found is None:
                continue
            answers.append(_answer(plant, question, found, terms, goal))
            resources += _per_resource(plant, question, found, annual, measured)
    return _frames(answers, resources, points, findings)


def _frames(
    answers: Any, resources: Any, points: Any, findings: list[Finding]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, list[Finding]]:
    return (
        pd.DataFrame(answers, columns=list(PORTFOLIO)),
        pd.DataFrame(resources, columns=list(PORTFOLIO_SAVINGS)),
        pd.DataFrame(points, columns=list(FRONTIER)), findings,
    )  # fmt: skip


def _under_budget(
    plant: Plant, terms: Terms, measured: pd.DataFrame, carbon: dict[str, float],
    findings: list[Finding],
) -> Selection | None:  # fmt: skip
    cells, by = plant.cells, terms.best_by
    fractions, linear = cells.fractions, np.zeros(len(plant.cost))
    if by == "npv" and terms.rate is not None:
        present, linear = _present_worth(plant, terms.rate)
        fractions, worth = present.fractions, present.worth
    elif by == "money":
        # What is done is in every set: what it saves changes no choice.
        worth, linear = plant.money_of_cells, np.where(plant.done, 0.0, plant.money)
    else:
        mine = measured[measured["facility"] == plant.facility].set_index("resource")
        factors = mine["energy_factor"].to_dict() if by == "energy" else carbon
        each = np.array([factors.get(name, np.nan) for name in cells.resources], dtype=float)
        # An energy without a factor is not known; water and materials are none.
        energy = np.array([mine["category"].get(name) in ENERGY for name in cells.resources])
        silent = (cells.fractions[:, energy & np.isnan(each)] != 0).any(axis=1)
        linear = np.where(silent & ~plant.done, np.nan, 0.0)
        if np.isnan(each).all():
            place = Place(facility=plant.facility)
            findings.append(Finding("invest.nothing_to_rank_by", "warning", place, "", {"by": by}))
            return None
        worth = np.nan_to_num(each, nan=0.0) * cells.use
    # What is done changes no choice, yet takes its part of the end use.
    return select_options(
        plant.cost, linear, fractions=fractions, worth=worth, budget=terms.budget,
        objective="value", option_ids=cells.options, **plant.rules,
    )  # fmt: skip


def _present_worth(plant: Plant, rate: float) -> tuple[PresentCells, np.ndarray]:
    """Cells of the plant at present value, and the worth of each option beside them."""
    flows = cash_flows(plant.rows)
    cells = present_cells(rate, plant.cells.fractions, plant.money_of_cells,
                          _working(plant, flows.shape[1] - 1))  # fmt: skip
    # What is done has been paid: it is in every set, and changes no choice.
    own = np.where(plant.done, 0.0, np.asarray(npv(rate, flows), float))
    return cells, own - cells.alone


def _working(plant: Plant, last: int) -> np.ndarray:
    """Part of its first saving that each option saves in the years 1 to `last`."""
    rows = plant.rows
    # What is done is built; without a stated lifetime it saves in every year looked at.
    years = rows["life_years"].where(~plant.done | rows["lifetime"].notna(), float(last))
    building = rows["construction_years"].fillna(0.0).where(~plant.done, 0.0)
    return working_parts(years.to_numpy(float), rows["saving_change"].fillna(0.0).to_numpy(float),
                         building.to_numpy(float), last)  # fmt: skip


def _targets(plant: Plant, measured: pd.DataFrame, least: float) -> list[Target]:
    if plant.each is None:
        return [] if plant.weights is None else [Target("overall", plant.weights, least)]
    mine = measured[(measured["facility"] == plant.facility) & measured["counted"].astype(bool)]
    return [Target(str(resource), weights, least)
            for resource, weights in zip(mine["resource"], plant.each, strict=True)]  # fmt: skip


def _to_reach(
    plant: Plant, terms: Terms, goal: Goal, measured: pd.DataFrame, findings: list[Finding]
) -> Selection | None:
    targets = _targets(plant, measured, float(terms.reach or 0.0))
    if not targets:
        place = Place(facility=plant.facility)
        findings.append(Finding("invest.no_weights", "warning", place, "", {"rule": goal.rule}))
        return None
    return select_options(
        plant.cost, fractions=plant.cells.fractions, targets=targets, objective="cost",
        option_ids=plant.cells.options, **plant.rules,
    )  # fmt: skip


def _frontier(plant: Plant, goal: Goal, terms: Terms) -> list[dict[str, Any]]:
    """Work out least costs over all that can be reached, and at the ends of the target."""
    if plant.weights is None or plant.each is not None or np.isnan(plant.cost).all():
        return []
    common: dict[str, Any] = {"option_ids": plant.cells.options, **plant.rules}
    found = cost_frontier(plant.cost, plant.cells.fractions, plant.weights, points=POINTS,
                          **common)  # fmt: skip
    sets = list(zip(found.chosen, found.gap <= PROVEN, strict=True))
    ends: dict[bytes, list[float]] = {}
    for end in sorted({end for end in (goal.low, goal.high, terms.reach) if end}):
        at = select_options(
            plant.cost, fractions=plant.cells.fractions, objective="cost",
            targets=[Target("overall", plant.weights, end)], **common,
        )  # fmt: skip
        if at.status == "optimal":
            chosen = np.asarray(at.chosen, bool)
            ends.setdefault(chosen.tobytes(), []).append(float(end))
            sets.append((chosen, np.True_))
    points: dict[bytes, tuple[np.ndarray, Any]] = {}
    for found_set, proven in sets:
        chosen = np.asarray(found_set, bool)
        better = _with_free_ones(plant, chosen)
        if chosen.tobytes() in ends:
            ends.setdefault(better.tobytes(), []).extend(
                end for end in ends[chosen.tobytes()] if end not in ends.get(better.tobytes(), []))
        points[better.tobytes()] = better, proven
    rows = [
        {"facility": plant.facility, "saving": plant.saving(chosen),
         "cost": float(plant.cost[chosen].sum()), "chosen": plant.ids(chosen),
         "proven": bool(proven), "ends": ends.get(key, [])}
        for key, (chosen, proven) in points.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["cost"], row["saving"]))
    # Two searches may find two sets of one cost; the one that saves less is not on the frontier.
    kept: list[dict[str, Any]] = []
    for row in rows:
        while kept and kept[-1]["cost"] >= row["cost"] and kept[-1]["saving"] <= row["saving"] and (
            not kept[-1]["ends"]
        ):
            kept.pop()
        if not kept or row["saving"] > kept[-1]["saving"] or row["ends"]:
            kept.append(row)
    return kept


def _with_free_ones(plant: Plant, chosen: np.ndarray) -> np.ndarray:
    """Add what costs nothing and saves more, as far as the rules allow."""
    best = chosen.copy()
    rules = {name: plant.rules[name] for name in ("exclusive", "prerequisites", "required")}
    for place in np.flatnonzero(~chosen & (plant.cost <= 0)):
        tried = best.copy()
        tried[place] = True
        if plant.saving(tried) > plant.saving(best) and not check_choice(
                tried.astype(float), plant.cells.options, **rules):  # fmt: skip
            best = tried
    return best


def _answer(
    plant: Plant, question: str, found: Selection, terms: Terms, goal: Goal
) -> dict[str, Any]:
    chosen = np.asarray(found.chosen, bool)
    there = found.status in ("optimal", "feasible")
    saving = plant.saving(chosen)
    money = plant.annual_saving(chosen)
    cost = float(plant.cost[chosen].sum())
    paid = simple_payback(cost, money)
    flows = _set_flows(plant, terms, chosen) if there else np.empty(0)
    worth = np.nan
    if terms.rate is not None and flows.size:
        worth = float(npv(terms.rate, flows))
    return {
        "facility": plant.facility, "question": question,
        "by": terms.best_by if question == "budget" else "cost", "status": str(found.status),
        "budget": terms.budget if question == "budget" else None,
        "reach": terms.reach if question == "reach" else None, "rule": goal.rule,
        "saving": saving if there else np.nan, "cost": cost if there else np.nan,
        "annual_saving": money if there else np.nan, "npv": worth if there else np.nan,
        "years": paid.years if there else np.nan,
        "payback_class": str(paid.payback_class) if there else "unknown",
        "chosen": plant.ids(chosen) if there else [],
        "implemented": [n for n, d in zip(plant.cells.options, plant.done, strict=True) if d],
        "left_out": [*map(str, found.left_out), *plant.missing],
        "gap": float(found.gap), "conflict": [_told(item) for item in found.conflict],
        "most": _most(found), "flows": ending_trimmed(flows) if flows.size else [],
    }  # fmt: skip


def _told(item: Constraint) -> str:
    """Write a constraint as ``kind:what it is about``."""
    return ":".join([str(item.kind), " | ".join(map(str, item.about))]).rstrip(":")


def _most(found: Selection) -> float:
    """Highest saving that any set reaches, where the one asked for is out of reach."""
    if found.status != "infeasible" or not found.reached:
        return float("nan")
    return float(min(found.reached.values()))


def _set_flows(plant: Plant, terms: Terms, chosen: np.ndarray) -> np.ndarray:
    """Yearly flows of what is still to be done of a set; empty where one is not known."""
    if terms.rate is None:
        return np.empty(0)
    flows = cash_flows(plant.rows)
    found = joint_flows(flows, plant.cells.fractions, plant.money_of_cells,
                        _working(plant, flows.shape[1] - 1), chosen, plant.done)  # fmt: skip
    return np.empty(0) if np.isnan(found).any() else found


def _per_resource(
    plant: Plant, question: str, found: Selection, annual: pd.DataFrame | None,
    measured: pd.DataFrame,
) -> list[dict[str, Any]]:  # fmt: skip
    if found.status not in ("optimal", "feasible") or annual is None:
        return []
    chosen = np.asarray(found.chosen, bool)
    counted = dict(
        measured.loc[measured["facility"] == plant.facility, ["resource", "counted"]]
        .itertuples(index=False, name=None)
    )  # fmt: skip
    rows = []
    for resource in dict.fromkeys(plant.cells.resources):
        together = plant.cells.combined(resource, chosen)
        cells = plant.cells.of(resource)
        use = plant.cells.use_of(resource)
        rows.append({
            "facility": plant.facility, "question": question, "resource": resource,
            "unit": plant.cells.units[cells[0]], "annual_use": use,
            "added": float(together.added), "saving": float(together.saving),
            "low": float(together.low), "high": float(together.high),
            "quantity": float(together.saving) * use, "counted": bool(counted.get(resource)),
        })  # fmt: skip
    return rows

