"""Use, output and drivers of every plant and resource, bill by bill or month by month.

A baseline is fitted on the intervals of the bills, with production summed to them. Where the
meters of a resource were read on different days there is no common interval, and months stand in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.calc.bills import merge_estimated, sum_to_intervals
from sxsh_audit.calc.calendar import days_in_month, overlap_days
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["KEYS", "MONTH", "MOST_SLOTS", "Packed", "Series", "series_of"]

KEYS = ["facility", "resource"]
MONTH = 365.25 / 12
"""Days of a mean month, in which base loads are told. [day]"""
MOST_SLOTS = 4
"""Drivers beside output, and products, that are looked at of one plant."""


@dataclass(frozen=True)
class Packed:
    """Intervals of one phase, padded with nan: pairs of plant and resource × intervals."""

    use: Floats
    length: Floats
    drivers: Floats
    """Shape (pairs, intervals, slots)."""
    log: Floats
    """Non-routine amount of each interval, which is in the use of the reporting period only."""
    start: np.ndarray[Any, np.dtype[np.int64]]
    end: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Series:
    """What is known by interval."""

    pairs: pd.DataFrame
    """Columns ``facility, resource``; its index is the position in the arrays."""
    rows: pd.DataFrame
    """Columns ``pair, phase, place, start, end, use, length, log`` and the slots."""
    slots: tuple[str, ...]
    """``output``, then ``product_0`` …, then ``driver_0`` …: columns of `rows`."""
    names: dict[str, dict[str, str]]
    """By plant, the name of each slot that it has."""

    def packed(self, phase: str) -> Packed:
        """Return the intervals of a phase as arrays."""
        rows = self.rows[self.rows["phase"] == phase]
        shape = (len(self.pairs), int(rows["place"].max()) + 1 if len(rows) else 0)
        at = (rows["pair"].to_numpy(), rows["place"].to_numpy())

        def filled(name: str) -> Floats:
            out = np.full(shape, np.nan)
            out[at] = rows[name]
            return out

        days = {name: np.full(shape, NO_DAY, np.int64) for name in ("start", "end")}
        for name, column in days.items():
            column[at] = rows[name]
        drivers = np.stack([filled(name) for name in self.slots], axis=-1)
        return Packed(filled("use"), filled("length"), drivers, filled("log"), days["start"],
                      days["end"])  # fmt: skip


def series_of(study: Study) -> Series:
    """Return use, output and drivers by interval.

    Parameters
    ----------
    study : Study
        Checked records; totals without dates have no intervals.

    Returns
    -------
    Series
        Of every plant and resource that the study names, also those without an interval.
    """
    table = study.tables.consumption
    pairs = table[KEYS].drop_duplicates().sort_values(KEYS, ignore_index=True)
    used = _use(study, pairs)
    made, _ = output_rows(study)
    used[OUTPUT] = _summed(used, made, "product", "quantity")
    names: dict[str, dict[str, str]] = {plant: {} for plant in pairs["facility"].unique()}
    slots = [OUTPUT]
    products = study.tables.production
    several = products.groupby("facility")["product"].transform("nunique") > 1
    for kind, rows, key in (
        ("product", products[several], "product"), ("driver", study.tables.drivers, "driver"),
    ):  # fmt: skip
        found = _slots(used, rows, key, kind, names)
        for slot, column in found.items():
            used[slot] = column
            slots.append(slot)
    return Series(pairs, used, tuple(slots), names)


def _use(study: Study, pairs: pd.DataFrame) -> pd.DataFrame:
    """Use by common interval of all meters; by month where they have none."""
    table = study.tables.consumption
    dated = table[(table["phase"] == "") & (table["start"] != NO_DAY)]
    dated = _merged(dated)
    frames = []
    for phase in PHASES:
        days = phase_days(study.settings, phase)
        if days is None:
            continue
        inside = overlap_days(dated["start"], dated["end"], *days)
        # A bill belongs to the period in which most of its days are, half and half to the later.
        twice, length = 2 * inside, dated["end"] - dated["start"] + 1
        mine = dated[(twice > length) | ((twice == length) & (phase == "reporting"))]
        frames.append(_by_interval(study, mine, phase, days))
    columns = [*KEYS, "phase", "start", "end", "use"]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    rows = rows.merge(pairs.assign(pair=pairs.index), on=KEYS)
    rows = rows.sort_values(["pair", "phase", "start"], ignore_index=True)
    rows["length"] = _lengths(rows)
    rows = rows.astype({"start": np.int64, "end": np.int64, "use": float, "length": float})
    rows["place"] = _places(rows)
    rows["log"] = _spread_log(study, rows)
    # The non-routine part is taken out of the baseline, so that it is one of usual operation.
    rows["use"] = rows["use"] - rows["log"].where(rows["phase"] == "baseline", 0.0)
    return rows


def _lengths(rows: pd.DataFrame) -> Floats:
    """Length of each interval [month]: 1 for a calendar month, where a resource has no others."""
    first = rows["start"].to_numpy(np.int64).astype("datetime64[D]")
    after = (rows["end"].to_numpy(np.int64) + 1).astype("datetime64[D]")
    months = [day.astype("datetime64[M]") for day in (first, after)]
    whole = (months[0] == first) & (months[1] == after)
    calendar = pd.Series(whole, rows.index).groupby(rows["pair"]).transform("all").to_numpy(bool)
    days = (after - first).astype(np.int64)
    return np.asarray(np.where(calendar, (months[1] - months[0]).astype(np.int64), days / MONTH))


def _places(rows: pd.DataFrame) -> pd.Series:
    """Place of each interval in its period; a month that nobody typed keeps its own empty."""
    groups = [rows["pair"], rows["phase"]]
    since = rows["start"] - rows["end"].groupby(groups).shift() - 1
    step = 1 + (since / MONTH).round().clip(lower=0)
    return step.fillna(0).groupby(groups).cumsum().astype(np.int64)


def _spread_log(study: Study, rows: pd.DataFrame) -> Floats:
    """Non-routine amounts by interval, spread by days [unit]."""
    log = study.tables.adjustments
    out = np.zeros(len(rows))
    for entry in records_of(log[log["start"] != NO_DAY]):
        start, end = int(entry["start"]), int(entry["end"])
        mine = np.logical_and.reduce(
            [(rows[name] == entry[name]).to_numpy() for name in (*KEYS, "phase")])
        shared = np.where(mine, overlap_days(rows["start"], rows["end"], start, end), 0)
        out += float(entry["quantity"]) * shared / (end - start + 1)
    return out


def _merged(dated: pd.DataFrame) -> pd.DataFrame:
    """Bills with every estimated reading merged into the actual one that trues it up."""
    estimated = (dated["reading"] == "estimated").to_numpy()
    if not estimated.any():
        return dated
    columns = [*KEYS, "meter"]
    keys = dated.groupby(columns, sort=False).ngroup().to_numpy()
    found = merge_estimated(dated["start"], dated["end"], dated["use"], estimated, keys)
    first = dated.drop_duplicates(columns)[columns].reset_index(drop=True)
    return first.iloc[found.key].reset_index(drop=True).assign(
        start=found.start_day, end=found.end_day, use=found.amount)  # fmt: skip


def _by_interval(
    study: Study, mine: pd.DataFrame, phase: str, days: tuple[int, int]
) -> pd.DataFrame:
    # Of both periods: a meter that says nothing in one of them is not 0 there.
    meters = study.tables.consumption.groupby(KEYS)["meter"].nunique().rename("meters")
    grouped = mine.groupby([*KEYS, "start", "end"])
    rows = grouped.agg(
        use=("use", lambda column: column.sum(skipna=False)), seen=("meter", "nunique"),
    ).reset_index() if _shared(mine) else mine.assign(seen=1)  # fmt: skip
    rows = rows.join(meters, on=KEYS)
    common = (rows["seen"] == rows["meters"]).groupby([rows[key] for key in KEYS]).transform("all")
    whole = rows.loc[common, [*KEYS, "start", "end", "use"]]
    apart = rows.loc[~common, KEYS].drop_duplicates()
    if len(apart):
        whole = pd.concat([whole, _by_month(study, apart, phase, days)], ignore_index=True)
    return whole.assign(phase=phase)


def _shared(mine: pd.DataFrame) -> bool:
    """Whether any resource of a plant has several rows of one interval."""
    return bool(mine.duplicated([*KEYS, "start", "end"]).any())


def _by_month(
    study: Study, apart: pd.DataFrame, phase: str, days: tuple[int, int]
) -> pd.DataFrame:
    """Calendar months of the resources whose meters were read on different days."""
    table = study.tables.consumption.merge(apart, on=KEYS)
    months = known_months(study, table, KEYS, "meter", "use").months
    months = months[(months["phase"] == phase) & (months["month"] != TOTAL)]
    month = months["month"].to_numpy(np.int64)
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return months[KEYS].assign(
        start=np.maximum(first, days[0]),
        end=np.minimum(first + days_in_month(month) - 1, days[1]),
        use=months["value"],
    )  # fmt: skip


def _summed(used: pd.DataFrame, rows: pd.DataFrame, part: str, value: str) -> Floats:
    """Amount of each interval of `used`, all parts of a plant together; nan where one is silent."""
    total = np.zeros(len(used))
    for slot in _by_part(used, rows, part, value):
        total = total + slot
    named = used["facility"].isin(rows["facility"]).to_numpy()
    return np.where(named, total, np.nan)


def _by_part(used: pd.DataFrame, rows: pd.DataFrame, part: str, value: str) -> list[Floats]:
    """Amounts of the first, second … part of each plant; 0 where a plant has fewer parts."""
    dated = rows[(rows["phase"] == "") & (rows["start"] != NO_DAY)]
    parts = rows[["facility", part]].drop_duplicates(ignore_index=True)
    parts = parts.sort_values(["facility", part], ignore_index=True)
    parts["slot"] = parts.groupby("facility").cumcount()
    keys = dated.merge(parts.assign(key=parts.index), on=["facility", part])["key"].to_numpy()
    out = []
    for slot in range(int(parts["slot"].max()) + 1 if len(parts) else 0):
        chosen = parts[parts["slot"] == slot]
        code = used["facility"].map(dict(zip(chosen["facility"], chosen.index, strict=True)))
        has = code.notna().to_numpy()
        amount = np.zeros(len(used))
        amount[has] = sum_to_intervals(
            dated["start"], dated["end"], dated[value], used["start"][has], used["end"][has],
            keys, code[has].to_numpy(np.int64),
        )  # fmt: skip
        out.append(amount)
    return out


def _slots(
    used: pd.DataFrame, rows: pd.DataFrame, key: str, kind: str, names: dict[str, dict[str, str]]
) -> dict[str, Floats]:
    """Columns of single products or drivers, of plants that have no more than a few."""
    counts = rows.groupby("facility")[key].nunique()
    few = rows[rows["facility"].isin(counts.index[counts <= MOST_SLOTS])]
    found: dict[str, Floats] = {}
    for number, column in enumerate(_by_part(used, few, key, "quantity")):
        slot = f"{kind}_{number}"
        owners = {}
        for plant, own in few.groupby("facility")[key]:
            listed = sorted(set(own))
            if number < len(listed):
                owners[plant] = listed[number]
        for plant, name in owners.items():
            names.setdefault(str(plant), {})[slot] = str(name)
        has = used["facility"].isin(list(owners)).to_numpy()
        found[slot] = np.where(has, column, np.nan)
    return found
