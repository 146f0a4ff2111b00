"""From checked tables to use, output and specific consumption by plant, resource and period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.calc.calendar import days_in_month, month_totals, overlap_days
from sxsh_audit.calc.intensity import period_consumption
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import PHASES, Study, phase_days

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["intensity_table"]

TOTAL = -(10**6)
"""Stands for the month of a figure that covers a whole period."""

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
        total was given), ``measured`` (every figure measured or billed) and ``purchases_only``
        (no stocks given).
    list of Finding
        Months left out, seasons that differ, output of zero.

    Notes
    -----
    Σ use ÷ Σ output over the months in which both are known. A total of a period is compared
    with the other side only where that side covers the whole period.
    """
    tables = study.tables
    output, output_unit = _output(study)
    use = _by_month(study, tables.consumption, ["facility", "resource"], "meter", "use")
    joint, findings = _join(study, use, output)
    keys = tables.consumption[["facility", "resource"]].drop_duplicates(ignore_index=True)
    frame = _both_phases(joint, keys)
    units = _resource_units(tables.consumption)
    frame = frame.merge(units, on=["facility", "resource"], how="left")
    frame = frame.merge(output_unit, on="facility", how="left")
    frame = frame.merge(_quality(tables.consumption, tables.production),
                        on=["facility", "resource"])  # fmt: skip
    findings += _season_findings(study, frame)
    findings += _month_findings(study, frame)
    frame = frame.drop(columns=[f"season_{phase}" for phase in PHASES])
    return frame.sort_values(["facility", "resource"], ignore_index=True), findings


# -- months ------------------------------------------------------------------------------------


def _by_month(
    study: Study, table: pd.DataFrame, keys: Sequence[str], part: str, value: str
) -> pd.DataFrame:
    """Sum of `value` by keys, phase and month, known only where every part is known.

    A part is a meter of a resource, or a product of a plant: where one of them is silent, the
    month is not known.
    """
    columns = [*keys, part]
    cells = table[columns].drop_duplicates(ignore_index=True)
    codes = table.merge(cells.assign(cell=cells.index), on=columns, how="left")["cell"].to_numpy()
    found = [_totals_of_phase(table, codes, value)]
    found += [_months_of_phase(study, table, codes, value, phase) for phase in PHASES]
    long = pd.concat(found, ignore_index=True)
    long = long.join(cells, on="cell")
    parts = cells.groupby(list(keys), sort=False).size().rename("parts")
    grouped = long.groupby([*keys, "phase", "month"], sort=False, observed=True)
    months = grouped.agg(value=("value", "sum"), seen=("cell", "nunique")).reset_index()
    months = months.join(parts, on=list(keys))
    return months[months["seen"] == months["parts"]].drop(columns=["seen", "parts"])


def _totals_of_phase(table: pd.DataFrame, codes: np.ndarray[Any, Any], value: str) -> pd.DataFrame:
    """Rows that name their phase and no dates: totals of the whole phase."""
    rows = (table["phase"] != "").to_numpy() & table[value].notna().to_numpy()
    return pd.DataFrame({
        "cell": codes[rows], "phase": table["phase"].to_numpy()[rows], "month": TOTAL,
        "value": table[value].to_numpy()[rows],
    })  # fmt: skip


def _months_of_phase(
    study: Study, table: pd.DataFrame, codes: np.ndarray[Any, Any], value: str, phase: str
) -> pd.DataFrame:
    """Known months of one phase; a bill that straddles its ends is cut by days."""
    days = phase_days(study.settings, phase)
    if days is None:
        return pd.DataFrame({"cell": [], "phase": [], "month": [], "value": []}).astype(
            {"cell": np.int64, "month": np.int64, "value": float, "phase": object})  # fmt: skip
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    amount = table[value].to_numpy()
    undated = (table["phase"] != "").to_numpy() | (end < days[0]) | (start > days[1])
    rows = ~undated & ~np.isnan(amount)
    start, end, amount = start[rows], end[rows], amount[rows]
    inside = overlap_days(start, end, *days)
    share = amount * (inside / (end - start + 1))
    found = month_totals(np.maximum(start, days[0]), np.minimum(end, days[1]), share, codes[rows])
    known = found.days == _month_days(found.month, days)
    return pd.DataFrame({
        "cell": found.key[known], "phase": phase, "month": found.month[known],
        "value": found.partial[known],
    })  # fmt: skip


def _month_days(month: np.ndarray[Any, Any], days: tuple[int, int]) -> np.ndarray[Any, Any]:
    """Days of each month that lie in the phase."""
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return overlap_days(first, first + days_in_month(month) - 1, *days)


def phase_months(study: Study, phase: str) -> list[int]:
    """Months (since January 1970) of a phase; none where it has no dates."""
    period = getattr(study.settings, phase)
    if period is None:
        return []
    first = (period.start.year - 1970) * 12 + period.start.month - 1
    last = (period.end.year - 1970) * 12 + period.end.month - 1
    return list(range(first, last + 1))


# -- output ------------------------------------------------------------------------------------


def _output(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Output by plant, phase and month, and its unit; several products by the stated rule."""
    table, rule = study.tables.production, study.settings.output
    several = table.groupby("facility")["product"].transform("nunique") > 1
    if rule == "equivalence":
        products = study.tables.products
        known = products.set_index(["facility", "product"])["equivalence"]
        weights = known.reindex(pd.MultiIndex.from_frame(table[["facility", "product"]]))
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
    months = _by_month(study, table, ["facility"], "product", "quantity")
    return months, unit.rename(columns={"unit": "output_unit"})


# -- use beside output -------------------------------------------------------------------------


def _join(
    study: Study, use: pd.DataFrame, output: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Use and output of the months (or totals) in which both are known."""
    use = _with_totals(study, use, ["facility", "resource"])
    output = _with_totals(study, output, ["facility"])
    joint = use.merge(output, on=["facility", "phase", "month"], suffixes=("_use", "_output"))
    # Where both sides have months, the total made from them says the same with less detail.
    keys = ["facility", "resource", "phase"]
    monthly = joint[joint["month"] != TOTAL].groupby(keys).size().rename("monthly")
    joint = joint.join(monthly, on=keys)
    joint = joint[(joint["month"] != TOTAL) | joint["monthly"].isna()].drop(columns="monthly")
    joint = joint.rename(columns={"value_use": "use", "value_output": "output"})
    idle = joint[(joint["output"] == 0) & (joint["use"] > 0)]
    findings = [
        Finding("assess.idle_month", "warning", _place(row), "",
                {"resource": row["resource"], "month": _month_text(row["month"])})
        for row in _records(idle)
    ]  # fmt: skip
    return joint, findings


def _with_totals(study: Study, months: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add the total of every phase whose months are all known."""
    dated = months[months["month"] != TOTAL]
    count = {phase: len(phase_months(study, phase)) for phase in PHASES}
    sums = dated.groupby([*keys, "phase"], sort=False, observed=True).agg(
        value=("value", "sum"), seen=("month", "nunique")).reset_index()  # fmt: skip
    whole = sums[sums["seen"] == sums["phase"].map(count)].drop(columns="seen")
    given = months[months["month"] == TOTAL][[*keys, "phase"]].assign(given=True)
    whole = whole.merge(given, on=[*keys, "phase"], how="left")
    whole = whole[whole["given"].isna()].drop(columns="given").assign(month=TOTAL)
    return pd.concat([months, whole], ignore_index=True)


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


def _quality(consumption: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
    """Whether every figure behind a row was measured or billed, and the worst quality."""
    order = {"": 0, "nameplate": 1, "estimated": 2, "billed": 3, "measured": 4}
    names = {rank: name for name, rank in order.items()}
    made = production.assign(rank=production["quality"].map(order)).groupby("facility")["rank"]
    rows = consumption.assign(rank=consumption["quality"].map(order))
    frame = rows.groupby(["facility", "resource"], as_index=False).agg(
        rank=("rank", "min"), stocked=("stocked", "all"))  # fmt: skip
    output = frame["facility"].map(made.min()).fillna(0)
    quality = frame["rank"].clip(upper=output).astype(int).map(names)
    return frame[["facility", "resource"]].assign(
        quality=quality, measured=quality.isin(MEASURED), purchases_only=~frame["stocked"]
    )


# -- findings ----------------------------------------------------------------------------------


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    return iter(frame.to_dict("records"))  # type: ignore[arg-type]


def _place(row: dict[str, Any]) -> Place:
    return Place(facility=str(row["facility"]), resource=str(row["resource"]))


def _month_text(month: int) -> str:
    return "" if month == TOTAL else f"{month % 12 + 1:02d}/{1970 + month // 12}"


def _season_findings(study: Study, frame: pd.DataFrame) -> list[Finding]:
    """Both periods must cover the same calendar months, or the season is taken for a saving."""
    monthly = (frame["months_baseline"] > 0) & (frame["months_reporting"] > 0)
    unlike = frame[monthly & (frame["season_baseline"] != frame["season_reporting"])]
    findings = [
        Finding("assess.seasons", "warning", _place(row), "",
                {"resource": row["resource"],
                 "baseline": _calendar_months(row["season_baseline"]),
                 "reporting": _calendar_months(row["season_reporting"])})
        for row in _records(unlike)
    ]  # fmt: skip
    spans = {phase: {month % 12 for month in phase_months(study, phase)} for phase in PHASES}
    if not len(unlike) and all(spans.values()) and spans["baseline"] != spans["reporting"]:
        numbers = {phase: sorted(month + 1 for month in spans[phase]) for phase in PHASES}
        findings.append(Finding("assess.season_of_periods", "warning", numbers=numbers))
    return findings


def _calendar_months(bits: int) -> list[int]:
    return [month + 1 for month in range(12) if bits >> month & 1]


def _month_findings(study: Study, frame: pd.DataFrame) -> list[Finding]:
    """Say how many months a figure rests on where some are missing."""
    findings = []
    for phase in PHASES:
        count = len(phase_months(study, phase))
        frame[f"of_months_{phase}"] = np.where(frame[f"months_{phase}"] > 0, count, 0)
        short = frame[(frame[f"months_{phase}"] > 0) & (frame[f"months_{phase}"] < count)]
        findings += [
            Finding("assess.months_missing", "warning", _place(row), "",
                    {"resource": row["resource"], "phase": phase,
                     "known": int(row[f"months_{phase}"]), "months": count})
            for row in _records(short)
        ]  # fmt: skip
    return findings
