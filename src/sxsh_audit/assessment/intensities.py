"""From checked tables to use, output and specific consumption by plant, resource and period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.coverage import coverage_findings
from sxsh_audit.assessment.months import (
    TOTAL,
    in_periods,
    known_months,
    phase_months,
)
from sxsh_audit.calc.intensity import period_consumption
from sxsh_audit.findings import Finding
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["intensity_table", "output_rows"]

MEASURED = ("measured", "billed")


def intensity_table(study: Study) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one row per plant and resource with both periods beside each other.

    Parameters
    ----------
    study : Study
        Checked records.

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
    tables = study.tables
    made, output_unit = output_rows(study)
    output = known_months(study, made, ["facility"], "product", "quantity")
    use = known_months(study, tables.consumption, ["facility", "resource"], "meter", "use")
    joint = _join(use.months, output.months)
    keys = tables.consumption[["facility", "resource"]].drop_duplicates(ignore_index=True)
    frame = _both_phases(joint, keys)
    units = _resource_units(tables.consumption)
    frame = frame.merge(units, on=["facility", "resource"], how="left")
    frame = frame.merge(output_unit, on="facility", how="left")
    frame = frame.merge(_quality(study), on=["facility", "resource"])
    for phase in PHASES:
        count = len(phase_months(study, phase))
        frame[f"of_months_{phase}"] = np.where(frame[f"months_{phase}"] > 0, count, 0)
    findings = coverage_findings(study, frame, joint, use, output)
    frame = frame.drop(columns="season_reporting")
    return frame.sort_values(["facility", "resource"], ignore_index=True), findings


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
    several = table.groupby("facility")["product"].transform("nunique") > 1
    if rule == "equivalence":
        products = study.tables.products
        listed = products.set_index(["facility", "product"])["equivalence"]
        weights = listed.reindex(pd.MultiIndex.from_frame(table[["facility", "product"]]))
        table = table.assign(quantity=table["quantity"] * weights.fillna(1.0).to_numpy())
        reference = products.loc[products["equivalence"] == 1, ["facility", "product"]]
        units = table.merge(reference, on=["facility", "product"])
        units = units if len(units) else table
    elif rule and rule != "mass":
        table = table[~several | (table["product"] == rule)]
        units = table
    else:
        units = table
    unit = units.loc[units["unit"] != "", ["facility", "unit"]].drop_duplicates("facility")
    return table, unit.rename(columns={"unit": "output_unit"})


# -- use beside output -------------------------------------------------------------------------


def _join(use: pd.DataFrame, output: pd.DataFrame) -> pd.DataFrame:
    """Use and output of the months (or totals) in which both are known."""
    joint = use.merge(output, on=["facility", "phase", "month"], suffixes=("_use", "_output"))
    # Where both sides have months, the total made from them says the same with less detail.
    keys = ["facility", "resource", "phase"]
    monthly = joint[joint["month"] != TOTAL].groupby(keys).size().rename("monthly")
    joint = joint.join(monthly, on=keys)
    joint = joint[(joint["month"] != TOTAL) | joint["monthly"].isna()].drop(columns="monthly")
    return joint.rename(columns={"value_use": "use", "value_output": "output"})


def _both_phases(joint: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """One row per plant and resource; a phase without any joint month has nan."""
    frame = keys
    for phase in PHASES:
        rows = joint[joint["phase"] == phase]
        index = rows.merge(keys.assign(cell=keys.index), on=["facility", "resource"])
        cell = index["cell"].to_numpy()
        found = period_consumption(rows["use"], rows["output"], cell, len(keys))
        empty = np.bincount(cell, minlength=len(keys)) == 0
        monthly = (rows["month"] != TOTAL).to_numpy()
        months = np.bincount(cell[monthly], minlength=len(keys))
        season = np.zeros(len(keys), dtype=np.int64)
        bits = 1 << (rows["month"].to_numpy()[monthly] % 12)
        np.bitwise_or.at(season, cell[monthly], bits)
        frame = frame.assign(**{
            f"use_{phase}": np.where(empty, np.nan, found.use),
            f"output_{phase}": np.where(empty, np.nan, found.output),
            phase: found.value, f"months_{phase}": months, f"season_{phase}": season,
        })  # fmt: skip
    return frame


def _resource_units(consumption: pd.DataFrame) -> pd.DataFrame:
    known = consumption.loc[consumption["unit"] != "", ["facility", "resource", "unit"]]
    return known.drop_duplicates(["facility", "resource"])


def _quality(study: Study) -> pd.DataFrame:
    """Worst quality of the figures in the two phases, of use and of output."""
    order = {"": 0, "nameplate": 1, "estimated": 2, "billed": 3, "measured": 4}
    names = {rank: name for name, rank in order.items()}
    made, used = study.tables.production, study.tables.consumption
    outside = ~in_periods(study, used)
    rows = used.assign(rank=used["quality"].map(order).mask(outside, 4),
                       stocked=used["stocked"] | outside)  # fmt: skip
    frame = rows.groupby(["facility", "resource"], as_index=False).agg(
        rank=("rank", "min"), stocked=("stocked", "all"))  # fmt: skip
    made = made[in_periods(study, made)]
    worst = made.assign(rank=made["quality"].map(order)).groupby("facility")["rank"].min()
    output = frame["facility"].map(worst).fillna(0)
    quality = frame["rank"].clip(upper=output).astype(int).map(names)
    return frame[["facility", "resource"]].assign(
        quality=quality,
        output_quality=output.astype(int).map(names),
        measured=quality.isin(MEASURED),
        purchases_only=~frame["stocked"],
    )
