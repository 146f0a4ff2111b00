"""Electricity by tariff period: normal, peak and off-peak rows of one bill are one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.tables.columns import ColumnReader, Texts
from sxsh_audit.tables.days import NO_DAY
from sxsh_audit.tables.schema import choice_keys

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["join_tariffs"]

SAME_BILL = ["facility", "resource", "meter", "phase", "start", "end"]
SUMS = ["purchases", "use", "cost", "opening", "closing"]


def join_tariffs(reader: ColumnReader, table: pd.DataFrame, tariffs: Texts) -> pd.DataFrame:
    """Add up the rows of the tariff periods of one bill.

    Parameters
    ----------
    reader : ColumnReader
        The table of consumption; faults are reported to it.
    table : DataFrame
        Checked rows.
    tariffs : array of str, shape (rows,)
        Tariff period of each row; empty where it names none.

    Returns
    -------
    DataFrame
        One row per bill, at the place of its first row. A figure is known where all of its rows
        have it: the normal hours alone are not the bill. The quality is that of the worst row.
    """
    split = tariffs != ""
    if not split.any():
        return table
    _report_totals(reader, table, split)
    rank = {name: position for position, name in enumerate(["", *choice_keys("quality")[::-1]])}
    table = table.assign(rank=table["quality"].map(rank))
    groups = table[split].groupby(SAME_BILL, sort=False)
    joined = groups.first().reset_index()
    joined["row"] = groups["row"].first().to_numpy()
    for name in SUMS:
        joined[name] = groups[name].agg(_sum).to_numpy(float)
    joined["stocked"] = groups["stocked"].all().to_numpy()
    short = _report_missing(reader, table.assign(tariff=tariffs)[split])
    joined.loc[joined["row"].isin(short), SUMS] = np.nan
    worst = groups["rank"].min().to_numpy()
    names = {position: name for name, position in rank.items()}
    joined["quality"] = [names[int(position)] for position in worst]
    joined["reading"] = groups["reading"].agg(_reading).to_numpy()
    joined["error"] = groups["error"].agg(_largest).to_numpy(float)
    _report_errors(reader, table[split])
    import pandas as pd

    whole: pd.DataFrame = pd.concat([table[~split], joined[table.columns]], ignore_index=True)
    return whole.drop(columns="rank").sort_values("row", ignore_index=True)


def _report_missing(reader: ColumnReader, rows: pd.DataFrame) -> list[int]:
    """Report bills without a tariff period that their meter has elsewhere; return their rows."""
    meter = ["facility", "resource", "meter"]
    names = rows.groupby(meter)["tariff"].agg(lambda texts: sorted(set(texts)))
    short = []
    for key, bill in rows.groupby(SAME_BILL, sort=False):
        present, wanted = sorted(set(bill["tariff"])), names[key[:3]]  # type: ignore[index]
        if present != wanted:
            row, position = int(bill["row"].iloc[0]), int(bill.index[0])
            short.append(row)
            reader.report("table.tariff_missing", "warning", position, "tariff_period",
                          present=[f"tariff_period.{name}" for name in present],
                          wanted=[f"tariff_period.{name}" for name in wanted])  # fmt: skip
    return short


def _report_errors(reader: ColumnReader, rows: pd.DataFrame) -> None:
    """Report bills whose rows state errors that do not go together."""
    counts = rows.groupby(SAME_BILL, sort=False)[["error_meaning", "error_kind"]].transform(
        "nunique")  # fmt: skip
    first = rows[(counts > 1).any(axis=1)].drop_duplicates(SAME_BILL)
    for position in first.index.tolist():
        reader.report("table.error_differs", "error", position, "error")


def _sum(figures: pd.Series) -> float:
    return float(figures.sum(skipna=False))


def _largest(errors: pd.Series) -> float:
    """One meter counts all tariff periods, so that their errors do not cancel."""
    return float(errors.max(skipna=False))


def _reading(words: pd.Series) -> str:
    """Estimated where a part is; actual where all parts are."""
    kinds = set(words)
    return "estimated" if "estimated" in kinds else kinds.pop() if len(kinds) == 1 else ""


def _report_totals(
    reader: ColumnReader, table: pd.DataFrame, split: np.ndarray[Any, Any]
) -> None:
    """Report a total that stands beside its own tariff periods."""
    key = ["facility", "resource", "meter", "phase"]
    parts = table[split].drop_duplicates([*key, "start", "end"])
    rest = table[~split].reset_index(names="position")
    both = rest.merge(parts[[*key, "start", "end", "row"]], on=key, suffixes=("", "_part"))
    undated = both["start"] == NO_DAY
    same = undated & (both["start_part"] == NO_DAY)
    same |= ~undated & (both["start_part"] <= both["end"]) & (both["end_part"] >= both["start"])
    told = both[same].drop_duplicates("position")
    for position, row in zip(told["position"].tolist(), told["row_part"].tolist(), strict=True):
        reader.report("table.tariff_and_total", "error", position, "quantity", first=row)
