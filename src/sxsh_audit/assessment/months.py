"""Known months and totals of what was used and what was made.

A part is a meter of a resource, or a product of a plant. A month (or the total of a period) of
the whole is known where every part of it is known: a silent meter is not a meter at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.calc.calendar import days_in_month, month_totals, overlap_days
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["TOTAL", "Known", "in_periods", "known_months", "month_text", "phase_months"]

TOTAL = -(10**6)
"""Stands for the month of a figure that covers a whole period."""


class Known(NamedTuple):
    """What is known of one kind of figure."""

    months: pd.DataFrame
    """Keys, ``phase``, ``month`` (since January 1970, or TOTAL) and ``value``."""
    silent: pd.DataFrame
    """Keys, part and phase of every part without a known figure in a phase, where others have."""


def known_months(
    study: Study, table: pd.DataFrame, keys: Sequence[str], part: str, value: str
) -> Known:
    """Return the months and totals of `value` that are known for every part.

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    table : DataFrame
        Checked rows with ``phase``, ``start``, ``end``, the keys, the part and the value.
    keys : sequence of str
        Columns of the whole: plant and resource, or plant.
    part : str
        Column of the parts.
    value : str
        Column to add up [canonical unit].

    Returns
    -------
    Known
        A total stands beside the months where a whole phase is known, given or added up.
    """
    columns = [*keys, part]
    cells = table[columns].drop_duplicates(ignore_index=True)
    codes = table.merge(cells.assign(cell=cells.index), on=columns, how="left")["cell"].to_numpy()
    rows = [_totals(table, codes, value)]
    rows += [_months(study, table, codes, value, phase) for phase in PHASES]
    long = _with_sums(study, pd.concat(rows, ignore_index=True)).join(cells, on="cell")
    parts = cells.groupby(list(keys), sort=False).size().rename("parts")
    whole = [*keys, "phase", "month"]
    grouped = long.groupby(whole, sort=False, observed=True)
    months = grouped.agg(value=("value", "sum"), seen=("cell", "nunique")).reset_index()
    months = months.join(parts, on=list(keys))
    known = months[months["seen"] == months["parts"]].drop(columns=["seen", "parts"])
    return Known(known, _silent(cells.join(parts, on=list(keys)), long))


def _silent(cells: pd.DataFrame, long: pd.DataFrame) -> pd.DataFrame:
    """Parts that say nothing in a phase."""
    several = cells[cells["parts"] > 1].drop(columns="parts")
    said = set(zip(long["cell"], long["phase"], strict=True))
    frames = [
        several[[(cell, phase) not in said for cell in several.index]].assign(phase=phase)
        for phase in PHASES
    ]
    return pd.concat(frames, ignore_index=True)


def _totals(table: pd.DataFrame, codes: np.ndarray[Any, Any], value: str) -> pd.DataFrame:
    """Rows that name their phase and no dates: totals of the whole phase."""
    rows = (table["phase"] != "").to_numpy() & table[value].notna().to_numpy()
    return pd.DataFrame({
        "cell": codes[rows], "phase": table["phase"].to_numpy()[rows], "month": TOTAL,
        "value": table[value].to_numpy()[rows],
    })  # fmt: skip


def _months(
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
    # Multiplied first: a bill that lies wholly inside keeps its amount to the last bit.
    share = amount * inside / (end - start + 1)
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


def _with_sums(study: Study, long: pd.DataFrame) -> pd.DataFrame:
    """Add the total of every part and phase whose months are all known."""
    dated = long[long["month"] != TOTAL]
    count = {phase: len(phase_months(study, phase)) for phase in PHASES}
    sums = dated.groupby(["cell", "phase"], sort=False, observed=True).agg(
        value=("value", "sum"), seen=("month", "nunique")).reset_index()  # fmt: skip
    whole = sums[sums["seen"] == sums["phase"].map(count)].drop(columns="seen")
    return pd.concat([long, whole.assign(month=TOTAL)], ignore_index=True)


def phase_months(study: Study, phase: str) -> list[int]:
    """Months (since January 1970) of a phase; none where it has no dates."""
    period = getattr(study.settings, phase)
    if period is None:
        return []
    first = (period.start.year - 1970) * 12 + period.start.month - 1
    last = (period.end.year - 1970) * 12 + period.end.month - 1
    return list(range(first, last + 1))


def in_periods(study: Study, table: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Whether each row lies in one of the two phases, at least in part."""
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    inside: np.ndarray[Any, Any] = (table["phase"] != "").to_numpy().copy()
    for phase in PHASES:
        days = phase_days(study.settings, phase)
        if days is not None:
            inside |= (start <= days[1]) & (end >= days[0])
    return inside


def month_text(month: int) -> str:
    """Write a month as every reader of either language does: ``03/2014``."""
    return "" if month == TOTAL else f"{month % 12 + 1:02d}/{1970 + month // 12}"
