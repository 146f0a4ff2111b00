"""One plant and its options, as the questions about the best set are asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.investment.cells import Cells, cells_of
from sxsh_audit.assessment.investment.ventures import DONE
from sxsh_audit.assessment.target import Target as Goal

__all__ = ["Plant", "plant_of"]


@dataclass(frozen=True, slots=True)
class Plant:
    """What the questions about one plant are asked of.

    Parameters
    ----------
    facility : str
        The plant.
    rows : DataFrame
        Its options that are not dropped and not in the baseline, length n.
    cells : Cells
        Its end uses, length k.
    cost : array, shape (n,)
        What the plant still has to pay for each; 0 for what is done. [currency]
    done : array of bool, shape (n,)
        Whether each is implemented.
    money : array, shape (n,)
        Yearly saving that stands in no cell, less the extra cost. [currency/year]
    money_of_cells : array, shape (k,)
        Worth of each whole cell a year. [currency/year]
    weights : array, shape (k,), or None
        Share of each cell in the overall result; None where it is not known. [1]
    each : list of array, or None
        By the rule that each counted resource reaches the target: share of the cells in the use
        of each. [1]
    rules : mapping
        Exclusive groups, prerequisites and must-haves by id.
    missing : tuple of str
        Options that need one that is dropped: they are in no set.
    """

    facility: str
    rows: pd.DataFrame
    cells: Cells
    cost: np.ndarray
    done: np.ndarray
    money: np.ndarray
    money_of_cells: np.ndarray
    weights: np.ndarray | None
    each: list[np.ndarray] | None
    rules: dict[str, Any]
    missing: tuple[str, ...]

    def ids(self, chosen: np.ndarray) -> list[str]:
        """Ids of a set without what is already done."""
        return [name for name, taken, done in
                zip(self.cells.options, chosen, self.done, strict=True)
                if taken and not done]  # fmt: skip

    def annual_saving(self, chosen: np.ndarray) -> float:
        """Money a year of what is still to be done of a set, interactions considered."""
        def in_cells(some: np.ndarray) -> float:
            left = np.prod(np.where(some[:, None], 1.0 - self.cells.fractions, 1.0), axis=0)
            return float(self.money_of_cells @ (1.0 - left))

        apart = float(self.money[chosen & ~self.done].sum())
        return in_cells(chosen) - in_cells(self.done) + apart

    def saving(self, chosen: np.ndarray) -> float:
        """Work out the saving of a set by the overall rule: weighted, or the least resource."""
        left = np.prod(np.where(chosen[:, None], 1.0 - self.cells.fractions, 1.0), axis=0)
        if self.each is not None:
            return min((float(row @ (1.0 - left)) for row in self.each), default=np.nan)
        return np.nan if self.weights is None else float(self.weights @ (1.0 - left))


def plant_of(
    facility: str, rows: pd.DataFrame, savings: pd.DataFrame, measured: pd.DataFrame,
    annual: pd.DataFrame | None, end_uses: pd.DataFrame, goal: Goal,
) -> Plant:  # fmt: skip
    """Put together what the questions about one plant are asked of.

    Parameters
    ----------
    facility : str
        The plant.
    rows : DataFrame
        Its options that are not dropped.
    savings, measured : DataFrame
        What options save; savings table of the assessment, with prices, energy and what counts.
    annual : DataFrame or None
        Use of a year of each plant and resource.
    end_uses : DataFrame
        Checked table of end uses.
    goal : Target
        The rule by which resources count together.
    """
    settled = set(rows.loc[rows["in_baseline"], "option"])
    built = rows["in_baseline"] | (rows["status"] == DONE)
    occupied = set(rows.loc[built, "exclusive_group"]) - {""}
    rows, missing = _that_can_be(rows[~rows["in_baseline"]], settled, occupied)
    names = [str(name) for name in rows["option"]]
    cells = cells_of(facility, names, savings, annual, end_uses)
    done = (rows["status"] == DONE).to_numpy()
    cost = np.where(done, 0.0, rows["outlay"].to_numpy(float))
    mine = measured[measured["facility"] == facility].set_index("resource")
    priced = _prices(mine, facility, savings)
    inside = np.array([
        priced.get(resource, np.nan) for resource in cells.resources], dtype=float)  # fmt: skip
    worth = np.nan_to_num(inside, nan=0.0) * cells.use
    net = rows["annual_saving"].to_numpy(float)
    money = net - cells.fractions @ worth
    # What is worth nothing inside a cell, or stands in none, is worth what it is by itself.
    money = np.where(np.abs(money) <= 1e-9 * np.abs(net), 0.0, money)
    return Plant(facility, rows, cells, cost, done, money, worth, _weights(cells, mine, goal),
                  _each(cells, mine) if goal.rule == "each" else None,
                  _rules(rows, names), missing)  # fmt: skip


def _that_can_be(
    rows: pd.DataFrame, settled: set[str], occupied: set[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the options that can be in a set at all, and the ids of the others.

    One whose exclusive group is taken by what stands in the plant cannot, nor one that needs an
    option which is dropped or cannot be. What is done is there whatever the plan says of it.
    """
    kept = rows[~rows["exclusive_group"].isin(occupied) | (rows["status"] == DONE)]
    while True:
        names = set(kept["option"]) | settled
        whole = [
            not set(split_ids(needs)) - names or status == DONE
            for needs, status in zip(kept["requires"], kept["status"], strict=True)
        ]  # fmt: skip
        if all(whole):
            gone = sorted(set(rows["option"].astype(str)) - set(kept["option"].astype(str)))
            return kept, tuple(gone)
        kept = kept[whole]


def _prices(mine: pd.DataFrame, facility: str, savings: pd.DataFrame) -> dict[str, float]:
    """Price of each resource inside its end uses: of its savings, else of its baseline.

    What a saving is worth beside this price (in a tariff period, as typed) stands apart and adds
    up. Where options of one resource imply different prices, and it has none itself, none is
    taken: each saving is then worth what it is by itself, wherever the others are.
    """
    rows = savings[(savings["facility"] == facility) & ~savings["demand"]]
    rows = rows[(rows["tariff_period"] == "") & rows["quantity"].notna()]
    worth = rows["price"].fillna(rows["value"] / rows["quantity"].replace(0.0, np.nan))
    found = {str(name): float(price) for name, price in mine["price"].items() if price > 0}
    for resource, prices in worth.groupby(rows["resource"]):
        known = prices.to_numpy(float)
        known = known[~np.isnan(known)]
        if known.size and known[0] > 0 and np.ptp(known) <= 1e-9 * np.abs(known).max():
            found[str(resource)] = float(known[0])
    return found


def _weights(cells: Cells, mine: pd.DataFrame, goal: Goal) -> np.ndarray | None:
    """Share of each cell in Σ w · use of the counted resources of the plant."""
    column = "energy_factor" if goal.rule == "energy_total" else "price"
    counted = mine[mine["counted"].astype(bool)] if len(mine) else mine
    if goal.rule == "energy_total" and len(mine):
        counted = mine[mine["energy_factor"].notna()]
    if len(counted) == 1:
        weight = pd.Series(1.0, index=counted.index)
    else:
        weight = counted[column] if len(counted) else pd.Series(dtype=float)
    total = (weight * counted["use_baseline"]).sum(skipna=False) if len(counted) else np.nan
    if np.isnan(total) or total <= 0:
        return None
    share = (weight * counted["use_baseline"] / total).to_dict()
    parts: np.ndarray = np.array([float(share.get(name, 0.0)) for name in cells.resources])
    return np.asarray(parts * cells.share)


def _each(cells: Cells, mine: pd.DataFrame) -> list[np.ndarray]:
    """Shares of the cells in the use of each counted resource."""
    names = [str(name) for name in mine.index[mine["counted"].astype(bool)]] if len(mine) else []
    return [np.where([cell == name for cell in cells.resources], cells.share, 0.0)
            for name in names]  # fmt: skip


def _rules(rows: pd.DataFrame, names: list[str]) -> dict[str, Any]:
    """Exclusive groups, prerequisites and must-haves by id."""
    groups: dict[str, list[str]] = {}
    needs: list[tuple[str, str]] = []
    required: list[str] = []
    for row in records_of(rows):
        name, group = str(row["option"]), str(row["exclusive_group"])
        if row["status"] == DONE:  # done is done: no rule asks for it any more
            required.append(name)
            continue
        if group:
            groups.setdefault(group, []).append(name)
        needs += [(name, needed) for needed in split_ids(row["requires"]) if needed in names]
        if row["must_have"]:
            required.append(name)
    return {"exclusive": [tuple(group) for group in groups.values() if len(group) > 1],
            "prerequisites": needs, "required": required}  # fmt: skip


def split_ids(text: object) -> list[str]:
    """Ids that a cell of prerequisites names."""
    return [part.strip() for part in str(text or "").split(";") if part.strip()]


