"""From checked tables to use, output and specific consumption by plant, resource and period."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sxsh_audit.assessment.cells import (
    Cells,
    cells_of,
    coded,
    match,
    plain_text,
    refined,
    sorted_rows,
)
from sxsh_audit.assessment.coverage import coverage_findings
from sxsh_audit.assessment.months import inside_blocks, known_months, phase_months
from sxsh_audit.calc.joint_months import JointSums, joint_sums
from sxsh_audit.findings import Finding
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["intensity_table", "output_rows"]

MEASURED = ("measured", "billed")
KEYS = ["facility", "resource"]
RANKS = ("", "nameplate", "estimated", "billed", "measured")
"""Qualities of a figure, the worst first."""

Whole = NDArray[np.int64]


def intensity_table(
    study: Study, wholes: Cells | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one row per plant and resource with both periods beside each other.

    Parameters
    ----------
    study : Study
        Checked records.
    wholes : Cells, optional
        Plant and resource of each row of consumption, where somebody has counted them already.

    Returns
    -------
    DataFrame
        Columns ``facility, resource, unit, output_unit`` and for each phase
        ``use_<phase>`` [unit], ``output_<phase>`` [output_unit], ``<phase>``
        [unit/output_unit], ``months_<phase>`` known of ``of_months_<phase>`` (0 of 0 where a
        total was given), ``season_baseline`` (bit m of the calendar months known, January
        first), ``measured`` (every figure measured or billed) and ``purchases_only``
        (no stocks given).
    list of Finding
        Months left out, seasons that differ, output of zero.

    Notes
    -----
    Σ use ÷ Σ output over the months in which both are known. A total of a period is compared
    with the other side only where that side covers the whole period.
    """
    used = study.tables.consumption
    wholes = cells_of(used, KEYS) if wholes is None else wholes
    made, output_unit = output_rows(study)
    output = known_months(study, made, ["facility"], "product", "quantity")
    use = known_months(study, used, KEYS, "meter", "use", wholes)
    plant = match(use.keys, output.keys, ["facility"])
    sums = []
    columns: dict[str, object] = {name: plain_text(use.keys[name]) for name in KEYS}
    for place, phase in enumerate(PHASES):
        found = joint_sums(use.by_month, use.by_phase, output.by_month, output.by_phase, plant,
                           use.slots, place)  # fmt: skip
        sums.append(found)
        columns |= {
            f"use_{phase}": found.use, f"output_{phase}": found.output, phase: found.value,
            f"months_{phase}": found.months, f"season_{phase}": found.season,
        }  # fmt: skip
    columns |= {"unit": _first_unit(used, wholes), "output_unit": _by_plant(output_unit, use.keys)}
    columns |= _quality(study, wholes, use.keys)
    for phase, found in zip(PHASES, sums, strict=True):
        count = len(phase_months(study, phase))
        columns[f"of_months_{phase}"] = np.where(found.months > 0, count, 0)
    frame = pd.DataFrame(columns)
    findings = coverage_findings(study, frame, _idle(sums), use, output, plant)
    order = sorted_rows(use.keys, KEYS)
    frame = frame.drop(columns="season_reporting")
    if (order[1:] < order[:-1]).any():
        frame = frame.take(order).reset_index(drop=True)
    return frame, findings


def _idle(sums: list[JointSums]) -> tuple[Whole, Whole]:
    """Whole and month of every use without output, in both phases."""
    whole, month = zip(*(found.idle for found in sums), strict=True)
    return np.concatenate(whole), np.concatenate(month)


# -- output ------------------------------------------------------------------------------------


def output_rows(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of production in the unit of the output, by the rule for several products.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    DataFrame
        Rows of production, `quantity` weighted with the equivalence of the product.
    DataFrame
        Columns ``facility, output_unit``.
    """
    table, rule = study.tables.production, study.settings.output
    units = table
    if rule == "equivalence":
        made = cells_of(table, ["facility", "product"])
        products = study.tables.products
        kinds = table[["facility", "product"]].take(made.first)
        row = match(kinds, products, ["facility", "product"])
        listed = np.append(products["equivalence"].to_numpy(float), np.nan)[row]
        weights = np.where(np.isnan(listed), 1.0, listed)
        table = table.assign(quantity=table["quantity"] * weights[made.code])
        reference = (listed == 1)[made.code]
        units = table[reference] if reference.any() else table
    elif rule and rule != "mass":
        plants = cells_of(table, ["facility"])
        made = refined(plants, table["product"])
        several = np.bincount(plants.code[made.first], minlength=len(plants)) > 1
        table = table[~several[plants.code] | (table["product"] == rule).to_numpy()]
        units = table
    named = units[(units["unit"] != "").to_numpy()]
    first = cells_of(named, ["facility"]).first
    unit = named[["facility", "unit"]].take(first)
    unit = unit.assign(unit=plain_text(unit["unit"]))
    return table, unit.rename(columns={"unit": "output_unit"})


# -- beside the figures ------------------------------------------------------------------------


def _first_unit(used: pd.DataFrame, wholes: Cells) -> pd.Series:
    """Return the first unit that a row names, of each plant and resource."""
    codes, texts = coded(used["unit"])
    first = wholes.first
    blank = texts.get_indexer(pd.Index([""]))[0]
    if blank >= 0 and (codes == blank).any():
        rows = np.flatnonzero(codes != blank)
        first = np.full(len(wholes), -1)
        first[wholes.code[rows[::-1]]] = rows[::-1]
    found = pd.Series(texts).take(np.where(first < 0, 0, codes[first]))
    return found.reset_index(drop=True).where(first >= 0)


def _by_plant(units: pd.DataFrame, keys: pd.DataFrame) -> pd.Series:
    row = match(keys, units, ["facility"])
    found: pd.Series = units["output_unit"].reset_index(drop=True).reindex(row)
    return found.reset_index(drop=True)


def _quality(study: Study, wholes: Cells, keys: pd.DataFrame) -> dict[str, object]:
    """Worst quality of the figures in the two phases, of use and of output."""
    made = study.tables.production
    plants = cells_of(made, ["facility"])
    of_use = _kinds(study, study.tables.consumption, wholes)
    of_output = _kinds(study, made, plants).any(axis=2)
    best = len(RANKS) - 1
    there: NDArray[np.bool_] = np.logical_or.reduce(of_use, axis=2)
    any_rank = np.logical_or.reduce(there, axis=1)
    rank = np.where(any_rank, there.argmax(axis=1), best)  # the worst that occurs
    row = match(keys, made[["facility"]].take(plants.first), ["facility"])
    output = np.append(of_output.argmax(axis=1), 0)[row]
    both = np.minimum(rank, output)
    names = pd.Series(RANKS, dtype="str")
    return {
        "quality": names.take(both).reset_index(drop=True),
        "output_quality": names.take(output).reset_index(drop=True),
        "measured": np.isin(both, [RANKS.index(name) for name in MEASURED]),
        "purchases_only": of_use[:, :, 0].any(axis=1),
    }


def _kinds(study: Study, table: pd.DataFrame, cells: Cells) -> NDArray[np.bool_]:
    """Tell which qualities occur in the phases, without and with stocks; (cells, ranks, 2)."""
    codes, texts = coded(table["quality"])
    places = [RANKS.index(text) if text in RANKS else len(RANKS) - 1 for text in texts]
    ranks = 2 * np.array([*places, len(RANKS) - 1])
    stocked = table["stocked"].to_numpy(bool) if "stocked" in table else np.zeros(len(table), bool)
    width = 2 * len(RANKS) + 1  # the last for what lies outside
    seen = np.zeros(len(cells) * width, bool)
    for part, inside in inside_blocks(study, table):
        kind = np.where(inside, ranks[codes[part]] + stocked[part], width - 1)
        seen[cells.code[part] * width + kind] = True
    return seen.reshape(len(cells), width)[:, :-1].reshape(len(cells), len(RANKS), 2)
