"""The plan of the options: who does what by when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.tables.columns import NO_DAY

__all__ = ["PLAN", "plan_table"]

PLAN = (
    "facility", "option", "name", "status", "owner", "due", "in_service", "cost", "actual_cost",
    "cost_overrun", "evidence",
)  # fmt: skip


def plan_table(ventures: pd.DataFrame) -> pd.DataFrame:
    """Return the plan of every option, where any of them has one.

    Returns
    -------
    DataFrame
        Columns :data:`PLAN`; ``cost_overrun`` is actual ÷ planned cost − 1 [1].
    """
    told = ventures["status"].ne("") | ventures["owner"].ne("") | ventures["due"].ne(NO_DAY)
    told |= ventures["in_service"].ne(NO_DAY) | ventures["actual_cost"].notna()
    if not told.any():
        return pd.DataFrame(columns=list(PLAN))
    planned = ventures["planned_cost"]
    with np.errstate(divide="ignore", invalid="ignore"):
        overrun = (ventures["actual_cost"] / planned.where(planned > 0)) - 1.0
    table = ventures.assign(
        cost=planned, cost_overrun=overrun, due=_days(ventures["due"]),
        in_service=_days(ventures["in_service"]),
    )  # fmt: skip
    return table.sort_values(["facility", "row"], kind="stable")[list(PLAN)]


def _days(days: pd.Series) -> pd.Series:
    texts = [None if day == NO_DAY else str(np.datetime64(int(day), "D")) for day in days]
    return pd.Series(texts, index=days.index, dtype=object)
