"""The two periods beside each other: a power of ten, a saving too good, capacity exceeded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.plausibility.money import tariff_range
from sxsh_audit.assessment.plausibility.told import Told, row_phases
from sxsh_audit.calc.plausibility import FIT, power_of_ten, significant_digits
from sxsh_audit.data import load_toml
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.columns import NO_DAY

__all__ = ["capacity_findings", "period_findings"]

PERIOD_FIT = 0.35
"""Decades by which the change between two periods may miss a power of ten (a factor 2.2)."""

REPEATED_DIGITS = 5
"""Significant digits that two totals must share before one is called a copy of the other."""

CAPACITY_MARGIN = 1.2
"""Output above the design capacity that is still called usual: plants run overtime and lines are
improved, so that a tenth above the plate is common and no slip."""

IDLE = 0.01
"""Share of the design capacity below which a year of output is likely in another unit."""

TYPICAL_LOAD = 0.7
"""Share of the capacity at which a plant usually runs, from which a power of ten is counted
(shrimp plants in Viet Nam ran at 40–60 % in 2020–21)."""

WHOLE_YEAR = 330
"""Days from which output is put on a year; a season of six months must not be doubled."""


def period_findings(told: Told, savings: pd.DataFrame) -> None:
    """Compare the two periods of each resource and product.

    Parameters
    ----------
    told : Told
        The study and what was found in its series.
    savings : DataFrame
        Both periods beside each other, one row per plant and resource.
    """
    used = _changes(told, told.study.tables.bills, ["facility", "resource", "meter"],
                    "purchases")  # fmt: skip
    made = _changes(told, told.study.tables.production, ["facility", "product"], "quantity")
    output = _of_plants(made)
    use = _of_plants(used)
    _magnitude(told, "production", made, use)
    _magnitude(told, "consumption", used, output)
    _repeated(told, "consumption", used)
    _repeated(told, "production", made)
    _beyond_reported(told, savings)


def _changes(told: Told, table: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    """Amount a day of each series in both periods, with the first row and the count of rows."""
    cost = table.get("cost", np.nan)
    frame = table.assign(in_phase=row_phases(told.study, table), amount=table[column], cost=cost)
    frame = frame[(frame["in_phase"] != "") & (frame["amount"] > 0)]
    dated = frame["start"] != NO_DAY
    frame = frame.assign(days=np.where(dated, frame["end"] - frame["start"].where(dated, 0) + 1,
                                       np.nan))  # fmt: skip
    groups = frame.groupby([*keys, "in_phase"])
    sums = groups[["amount", "cost", "days"]].sum().reset_index().rename(columns={"cost": "paid"})
    code, count = groups.ngroup().to_numpy(), len(sums)
    row = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(row, code, frame["row"].to_numpy())
    first = np.unique(code, return_index=True)[1]
    sums = sums.assign(
        dated=np.bincount(code[frame["days"].notna().to_numpy()], minlength=count), row=row,
        rows=np.bincount(code, minlength=count), shown_unit=frame["shown_unit"].to_numpy()[first],
        shown_factor=frame["shown_factor"].to_numpy()[first],
    )  # fmt: skip
    sums["level"] = np.where(sums["dated"] == sums["rows"], sums["amount"] / sums["days"],
                             sums["amount"])  # fmt: skip
    before, after = (sums[sums["in_phase"] == phase] for phase in ("baseline", "reporting"))
    both = before.merge(after, on=keys, suffixes=("_before", ""))
    alike = (both["dated"] == both["rows"]) == (both["dated_before"] == both["rows_before"])
    both = both[alike]
    return both.assign(change=np.log10(both["level"] / both["level_before"]))


def _of_plants(changes: pd.DataFrame) -> dict[str, list[float]]:
    """Return the changes of a side by plant [decades]."""
    return {str(plant): group.tolist() for plant, group in changes.groupby("facility")["change"]}


def _magnitude(
    told: Told, name: str, changes: pd.DataFrame, others: dict[str, list[float]]
) -> None:
    """Tell of a period a power of ten off the other, where the plant's other side is not."""
    key = "resource" if name == "consumption" else "product"
    sizes = power_of_ten(10.0 ** changes["change"].clip(-9, 9).to_numpy(float), fit=PERIOD_FIT)
    for i in np.flatnonzero(sizes):
        row = changes.iloc[i]
        plant, part = str(row["facility"]), str(row[key])
        other = others.get(plant, [])
        if told.has_series(name, plant, part) or not other:
            continue
        # Output (or use) that moved as far itself explains the change.
        if min(abs(row["change"] - change) for change in other) < 0.5:
            continue
        if name == "production" and abs(int(sizes[i])) < 2 and len(changes[
                changes["facility"] == row["facility"]]) > 1:  # fmt: skip
            continue  # one product of several may well become ten times as much
        _tell_period(told, name, row, int(sizes[i]), (plant, part))


def _tell_period(told: Told, name: str, row: Any, power: int, key: tuple[str, str]) -> None:
    # The reporting period is doubted, unless the price of electricity says it is the baseline.
    mine, other = ("_before", "") if _baseline_off(told, row, key[1]) else ("", "_before")
    power = -power if mine else power
    factor, unit = float(row[f"shown_factor{mine}"]), str(row[f"shown_unit{mine}"])
    unit_other = str(row[f"shown_unit{other}"])
    code = "plausible.period_magnitude" if name == "consumption" else "plausible.period_output"
    # Typed in another unit than the other period, the unit is what slipped: told in that one.
    shown = factor if unit == unit_other else float(row[f"shown_factor{other}"])
    suggested = float(row[f"amount{mine}"]) / 10.0**power / shown
    told.at(code, name, int(row[f"row{mine}"]), ("quantity",), key=key, subject=key[1] or "–",
            phase="baseline" if mine else "reporting",
            figure=_short(float(row[f"amount{mine}"]) / factor), unit=unit,
            other=_short(float(row[f"amount{other}"]) / float(row[f"shown_factor{other}"])),
            other_unit=unit_other, first=int(row[f"row{other}"]),
            times=_short(10.0 ** abs(row["change"]), 3), suggested=_short(suggested),
            suggested_unit=unit_other)  # fmt: skip
    told.periods.add(key)


def _baseline_off(told: Told, row: Any, resource: str) -> bool:
    """Whether the tariff fits the price of the reporting period and not that of the baseline."""
    if resource != "electricity" or told.study.settings.currency != "VND" or "paid" not in row:
        return False
    tariff = tariff_range(None)
    assert tariff is not None
    before, after = (row[f"paid{end}"] / row[f"amount{end}"] for end in ("_before", ""))
    middle = np.sqrt(tariff.low * tariff.high)
    return bool(before > 0 and after > 0
                and abs(np.log10(before / middle)) > abs(np.log10(after / middle)))


def _repeated(told: Told, name: str, changes: pd.DataFrame) -> None:
    """Tell of one total for each period, both the same to the last of several digits."""
    same = changes[(changes["amount"] == changes["amount_before"]) & (changes["rows"] == 1)
                   & (changes["rows_before"] == 1)]  # fmt: skip
    for row in same.itertuples(index=False):
        typed = float(row.amount) / float(row.shown_factor)  # type: ignore[arg-type]
        number = int(row.row)  # type: ignore[arg-type]
        if significant_digits(typed) < REPEATED_DIGITS or told.has(name, number):
            continue
        part = row.resource if name == "consumption" else row.product
        told.at("plausible.repeated_total", name, number, ("quantity",), subject=str(part) or "–",
                first=int(row.row_before), figure=_short(typed),  # type: ignore[arg-type]
                unit=str(row.shown_unit))  # fmt: skip


def _beyond_reported(told: Told, savings: pd.DataFrame) -> None:
    """Tell of a saving above what any programme that was read reported."""
    if not len(savings):
        return
    facts = load_toml("reported_savings.toml")
    limits = {entry["category"]: entry for entry in facts["highest"]}
    lowest = min(entry["saving"] for entry in facts["highest"])
    for row in savings[savings["saving"] > lowest].itertuples(index=False):
        limit = limits.get(str(row.category), limits["other"])
        plant, resource = str(row.facility), str(row.resource)
        saving = float(row.saving)
        if saving <= limit["saving"] or told.has_series("consumption", plant, resource):
            continue
        if told.has_series("production", plant):
            continue
        numbers = {"resource": resource, "saving": saving, "reported": limit["saving"],
                   "source": limit["source"]}  # fmt: skip
        place = Place(facility=plant, resource=resource)
        told.findings.append(Finding("plausible.saving", "warning", place, "", numbers))


# -- capacity ----------------------------------------------------------------------------------


def capacity_findings(told: Told) -> None:
    """Tell of output above the design capacity of a year, or almost none of it."""
    tables = told.study.tables
    listed = tables.products[tables.products["capacity"] > 0]
    if not len(listed):
        return
    frame = tables.production.assign(in_phase=row_phases(told.study, tables.production))
    frame = frame[(frame["in_phase"] != "") & frame["quantity"].notna()]
    dated = frame["start"] != NO_DAY
    frame = frame.assign(days=np.where(dated, frame["end"] - frame["start"].where(dated, 0) + 1,
                                       365))  # fmt: skip
    sums = frame.groupby(["facility", "product", "in_phase"], as_index=False).agg(
        made=("quantity", "sum"), days=("days", "sum"), row=("row", "min"), rows=("row", "size"),
        unit=("unit", "first"), shown_unit=("shown_unit", "first"),
        shown_factor=("shown_factor", "first"),
    )  # fmt: skip
    both = sums.merge(listed[["facility", "product", "capacity", "row"]],
                      on=["facility", "product"], suffixes=("", "_product"))  # fmt: skip
    for row in records_of(both):
        yearly = row["made"]
        if row["days"] >= WHOLE_YEAR:
            yearly = row["made"] * 365.25 / row["days"]
        share = yearly / row["capacity"]
        code = ""
        # Half empty is usual and twice full is not, so only downwards a wider fit is right.
        power = power_of_ten(share / TYPICAL_LOAD, fit=FIT if share > 1 else 0.5)
        if share > CAPACITY_MARGIN:
            code = "plausible.capacity_unit" if power else "plausible.capacity"
        elif row["days"] >= WHOLE_YEAR and 0 < share < IDLE:
            code = "plausible.capacity_unit" if power else "plausible.capacity_idle"
        if not code or told.has_series("production", row["facility"], row["product"]):
            continue
        factor = row["shown_factor"]
        numbers = {
            "product": row["product"] or "–", "phase": row["in_phase"],
            "made": _short(yearly / factor, 4), "capacity": _short(row["capacity"] / factor),
            "unit": row["shown_unit"], "share": float(f"{share:.3g}"),
        }  # fmt: skip
        if power:
            numbers["suggested"] = _short(row["made"] / 10.0**power / factor)
        told.at(code, "production", int(row["row"]), ("quantity",),
                key=(row["facility"], row["product"]), **numbers)  # fmt: skip


def _short(value: float, digits: int = 10) -> float:
    return float(f"{value:.{digits}g}")
