"""Where the savings of a plant's options meet: its resources and their end uses.

A cell is one end use of one resource. Savings in one cell multiply, savings in different cells
add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.calc.interactions import CombinedSavings, combine_savings

__all__ = ["ROUNDING", "Cells", "cells_of"]

ROUNDING = 1e-9
"""What a sum of shares may be above 1."""
REST = ""
"""The part of a resource's use that no stated end use holds; all of it where none is stated."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The end uses of one plant and what each of its options takes off them.

    Parameters
    ----------
    options : tuple of str, length n
        Ids of the options.
    resources, end_uses : tuple of str, length k
        What each cell is; the last of a resource, without a name, is the rest of its use.
    units : tuple of str, length k
        Unit of the resource of each cell.
    use : array, shape (k,)
        Use of a year. [unit/year]
    share : array, shape (k,)
        Part of the resource's use. [1]
    known : array, shape (n, k)
        Part of the cell's use that each option saves where its end use is stated; below 0 where
        it uses more. [1]
    unknown : array, shape (n, k)
        Part of the whole resource that each option saves without a stated end use, the same in
        every cell of the resource. [1]
    load : array of bool, shape (k,)
        Cells that are no part of the present use: what an option uses more, nobody knows where,
        is a new load of its own.
    """

    options: tuple[str, ...]
    resources: tuple[str, ...]
    end_uses: tuple[str, ...]
    units: tuple[str, ...]
    use: np.ndarray
    share: np.ndarray
    known: np.ndarray
    unknown: np.ndarray
    load: np.ndarray

    @property
    def fractions(self) -> np.ndarray:
        """Fractions saved in each cell, what has no end use taken evenly off all of them."""
        together: np.ndarray = 1.0 - (1.0 - self.known) * (1.0 - self.unknown)
        return together

    def of(self, resource: str) -> np.ndarray:
        """Positions of the cells of a resource."""
        return np.flatnonzero([name == resource for name in self.resources])

    def use_of(self, resource: str) -> float:
        """Return the use of a resource in a year [unit/year]."""
        cells = self.of(resource)
        return float(self.use[cells][~self.load[cells]].sum())

    def combined(self, resource: str, chosen: np.ndarray) -> CombinedSavings:
        """Fraction of a resource that a set of options saves.

        Parameters
        ----------
        resource : str
            Resource.
        chosen : array of bool, shape (n,)
            The set.

        Returns
        -------
        CombinedSavings
            ``saving`` with what has no end use taken evenly off all of them; ``low`` and
            ``high`` whatever the end uses are; ``added`` the plain sum. [1]
        """
        everywhere = self.of(resource)
        cells, loads = everywhere[~self.load[everywhere]], everywhere[self.load[everywhere]]
        weights = chosen.astype(float)
        bounds = combine_savings(self.share[cells], self.known[:, cells], weights,
                                 unknown=self.unknown[:, cells[0]])  # fmt: skip
        evenly = combine_savings(self.share[cells], self.fractions[:, cells], weights)
        more = float((weights @ self.known[:, loads]) @ self.share[loads])
        saving, *others = evenly.saving, bounds.low, bounds.high, bounds.added
        return CombinedSavings(*(np.float64(each + more) for each in (saving, *others)))


def cells_of(
    facility: str,
    names: Sequence[str],
    savings: pd.DataFrame,
    annual: pd.DataFrame | None,
    end_uses: pd.DataFrame,
) -> Cells:
    """Lay out the cells of one plant.

    Parameters
    ----------
    facility : str
        The plant.
    names : sequence of str
        Its options.
    savings : DataFrame
        Savings a year of every option.
    annual : DataFrame or None
        ``annual_use`` of each plant and resource. [unit/year]
    end_uses : DataFrame
        Checked table of end uses.

    Returns
    -------
    Cells
    """
    rows = savings[(savings["facility"] == facility) & savings["option"].isin(names)]
    used = {} if annual is None else {
        str(row["resource"]): (float(row["annual_use"]), str(row["unit"]))
        for row in records_of(annual[annual["facility"] == facility])
        if row["annual_use"] > 0
    }  # fmt: skip
    listed = end_uses[end_uses["facility"] == facility]
    kept: list[tuple[str, str, float]] = []  # resource, end use, share
    for resource in sorted(set(rows["resource"]) & set(used)):
        mine = listed[listed["resource"] == resource]
        shares = mine["share"].fillna(mine["quantity"] / used[resource][0])
        if shares.sum() > 1.0 + ROUNDING:  # as a finding tells: where it goes is not known
            mine, shares = mine[:0], shares[:0]
        kept += zip([resource] * len(mine), mine["end_use"], shares, strict=True)
        kept.append((resource, REST, max(0.0, 1.0 - float(shares.sum()))))
    named = {(resource, end) for resource, end, share in kept if end != REST and share > 0}
    pairs = zip(rows["resource"], rows["end_use"], strict=True)
    located = np.array([pair in named for pair in pairs], dtype=bool)
    more = rows[(rows["quantity"] < 0) & ~located & ~rows["demand"]
                & rows["resource"].isin(set(used))]  # fmt: skip
    real = len(kept)
    loads = more[["option", "resource", "quantity"]].groupby(["option", "resource"]).sum()
    for row in records_of(loads.reset_index()):
        resource = str(row["resource"])
        kept.append((resource, f"+{row['option']}", -row["quantity"] / used[resource][0]))
    places = {(resource, end): k for k, (resource, end, _) in enumerate(kept)}
    position = {name: i for i, name in enumerate(names)}
    share = np.array([entry[2] for entry in kept], dtype=float)
    use = share * np.array([used[entry[0]][0] for entry in kept], dtype=float)
    known, unknown = np.zeros((len(names), len(kept))), np.zeros((len(names), len(kept)))
    for row in records_of(rows):
        i, resource, quantity = position[str(row["option"])], str(row["resource"]), row["quantity"]
        # Demand, money alone and a resource without records stand in no cell.
        if row["demand"] or resource not in used or np.isnan(quantity):
            continue
        k = places.get((resource, row["end_use"])) if row["end_use"] else None
        if quantity < 0 and (resource, row["end_use"]) not in named:
            k = places[resource, f"+{row['option']}"]
        if k is not None and use[k] > 0:
            known[i, k] += quantity / use[k]
        else:
            cells = [k for k, entry in enumerate(kept[:real]) if entry[0] == resource]
            unknown[i, cells] += quantity / used[resource][0]
    return Cells(
        tuple(names), tuple(entry[0] for entry in kept), tuple(entry[1] for entry in kept),
        tuple(used[entry[0]][1] for entry in kept), use, share,
        np.minimum(known, 1.0), np.minimum(unknown, 1.0), np.arange(len(kept)) >= real,
    )  # fmt: skip
