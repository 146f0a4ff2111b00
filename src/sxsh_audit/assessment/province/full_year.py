"""The year to the cut-off, its latest month, and an estimate of the whole year, marked as such.

Reports are filed before 25 November, so that the year is not over when it is told.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.assessment.province.standing import INDICATORS, Standing
from sxsh_audit.assessment.province.tasks import known_sum, up_to

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.register import Register

__all__ = ["COUNT", "full_year_rows", "whole_year_by_days"]

COUNT = "count"
SOURCES = ("central", "local", "aid", "establishment")

Row = dict[str, Any]


def whole_year_by_days(to_cutoff: float, cutoff: dt.date) -> float:
    """Carry a figure of a part of a year on to the whole year, day by day.

    Parameters
    ----------
    to_cutoff : float
        From 1 January to the cut-off. [any one unit]
    cutoff : date
        Last day that counts.

    Returns
    -------
    float
        [unit of `to_cutoff`]

    Notes
    -----
    x · (days of the year) ÷ (days to the cut-off): a plain reading of "ước thực hiện cả năm"
    where nobody stated a better one; it knows of no season and of nothing planned.

    Examples
    --------
    >>> whole_year_by_days(146.0, dt.date(2014, 5, 26))  # day 146 of 365
    365.0
    """
    days = (dt.date(cutoff.year, 12, 31) - dt.date(cutoff.year, 1, 1)).days + 1
    return to_cutoff * days / cutoff.timetuple().tm_yday


def full_year_rows(
    register: Register,
    year: int,
    cutoff: dt.date,
    *,
    now: tuple[pd.Series, Standing],
    before: Mapping[str, set[str]],
    month_before: Mapping[str, set[str]],
    money: Sequence[Row],
    stated: Mapping[str, float],
) -> list[Row]:
    """Tell the year so far, its latest month and the whole year.

    Parameters
    ----------
    register : Register
        The records of a programme.
    year : int
        Calendar year of the report.
    cutoff : date
        Last day that counts.
    now : tuple
        Establishments of the frame and their answers at the cut-off.
    before, month_before : mapping of str to set of str
        Who was a yes at the end of the year, and of the month, before; by indicator.
    money : sequence of dict
        Rows of ``ProgrammeProgress.money``.
    stated : mapping of str to float
        Estimates of the whole year that the department made itself, by figure.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.full_year``. What is counted is rounded to whole numbers, and
        no more establishments are estimated than there are.
    """
    names, standing = now
    rows: list[Row] = []
    for indicator in INDICATORS:
        yes = set(names[standing.answers[indicator] == 1])
        rest = int(np.sum(standing.answers[indicator] != 1))
        new = len(yes - before[indicator])
        rows.append(_row(f"new_{indicator}", COUNT, new, len(yes - month_before[indicator]),
                         cutoff, stated, most=new + rest))  # fmt: skip
    first, month = dt.date(year, 1, 1), cutoff.replace(day=1)
    of_year = up_to(register.tables["events"], cutoff, first)
    of_month = up_to(register.tables["events"][_dated(register.tables["events"])], cutoff, month)
    rows.append(_row("events", COUNT, len(of_year), len(of_month), cutoff, stated))
    for figure in ("people", "officers"):
        rows.append(_row(figure, COUNT, known_sum(of_year[figure]), known_sum(of_month[figure]),
                         cutoff, stated))  # fmt: skip
    budget = register.tables["budget"]
    in_month = up_to(budget[_dated(budget)], cutoff, month)
    for source in ("", *SOURCES):
        here = [row for row in money if row["scope"] == "year" and source in ("", row["source"])]
        paid = in_month[in_month["source"] == source] if source else in_month
        if here:
            figure = f"spent_{source}" if source else "spent"
            row = _row(figure, "VND", _sum(here, "spent"), known_sum(paid["spent"]),
                       cutoff, stated)  # fmt: skip
            rows.append({**row, "planned": _sum(here, "planned")})
    return rows


def _dated(table: pd.DataFrame) -> pd.Series:
    return table["date"].notna()


def _sum(rows: Sequence[Row], name: str) -> float | None:
    known = [row[name] for row in rows if row[name] is not None]
    return math.fsum(known) if known else None


def _row(
    figure: str, unit: str, to_cutoff: float | None, latest_month: float | None,
    cutoff: dt.date, stated: Mapping[str, float], most: float = math.inf,
) -> Row:  # fmt: skip
    over = (cutoff.month, cutoff.day) == (12, 31)
    if over or (to_cutoff is None and figure not in stated):
        whole, method = to_cutoff, "actual"
    elif figure in stated:
        whole, method = stated[figure], "stated"
    else:
        assert to_cutoff is not None
        whole, method = min(whole_year_by_days(to_cutoff, cutoff), most), "by_days"
        if unit == COUNT:
            whole = math.floor(whole + 0.5)
    return {
        "figure": figure, "unit": unit, "to_cutoff": to_cutoff, "latest_month": latest_month,
        "whole_year": whole, "is_estimate": method != "actual", "method": method, "planned": None,
    }  # fmt: skip
