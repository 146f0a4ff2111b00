"""The tasks of a programme with what was done of them, and the events held."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.province.standing import rows_of
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.data import load_toml, names_in

if TYPE_CHECKING:
    from sxsh_audit.tables.register import Register

__all__ = ["PERIODS", "event_rows", "known_sum", "task_facts", "task_rows", "up_to"]

Row = dict[str, Any]
PERIODS = ("year", "programme")
"""Scopes of money and events: in the year of the report, and since the programme began."""

OPEN = ("not_started", "in_progress", "")


def task_facts(programme: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the tasks of a programme's annex by their number; none where none were read.

    Parameters
    ----------
    programme : str
        Id of the programme.

    Returns
    -------
    mapping
        Entries of ``data/tasks/<programme>.toml``, each with its ``group`` and ``group_en``.

    Examples
    --------
    >>> list(task_facts("vn-qb-2384"))[:3], task_facts("vn-qb-2384")["2.1"]["end"].isoformat()
    (['1.1', '1.2', '1.3'], '2014-06-30')
    """
    if programme not in names_in("tasks", ".toml"):
        return {}
    record = load_toml(f"tasks/{programme}.toml")
    groups = record["groups"]
    return {
        entry["id"]: {**entry, "group": groups[entry["id"][0]]["vi"],
                      "group_en": groups[entry["id"][0]]["en"]}
        for entry in record["task"]
    }  # fmt: skip


def up_to(table: pd.DataFrame, cutoff: dt.date, first: dt.date | None = None) -> pd.DataFrame:
    """Return the records of a table from a first to a last day.

    Parameters
    ----------
    table : DataFrame
        With the column ``date``, and perhaps ``year``, which places a record without a day.
    cutoff : date
        Last day that counts.
    first : date, optional
        First day that counts.

    Returns
    -------
    DataFrame
    """
    years = table["year"] if "year" in table.columns else [math.nan] * len(table)
    wanted = [_between(day, year, cutoff, first) for day, year in
              zip(table["date"], years, strict=True)]  # fmt: skip
    return table[np.array(wanted, dtype=bool)]


def _between(day: dt.date | None, year: float, cutoff: dt.date, first: dt.date | None) -> bool:
    if day is None:
        # Only its year is known: it lies in a period of that year, and in no later one.
        low = -math.inf if first is None else first.year
        return low <= year <= cutoff.year or (math.isnan(year) and first is None)
    return (first is None or first <= day) and day <= cutoff


def task_rows(register: Register, programme: str, year: int, cutoff: dt.date) -> list[Row]:
    """Put what was reported of each task beside the annex.

    Parameters
    ----------
    register : Register
        The records of a programme.
    programme : str
        Id of the programme.
    year : int
        Calendar year of the report.
    cutoff : date
        Last day that counts.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.tasks``: the annex in its order, then what the register has
        beside it. The latest report on a task up to the cut-off stands for it, of several of a
        day that of the most progress; a report of an earlier year stays when none came later.
    """
    facts = task_facts(programme)
    reported = up_to(register.tables["tasks"], cutoff)
    reported = reported[~(reported["year"] > year)].copy()
    reported["by"] = [
        (0 if math.isnan(when) else when, day or dt.date.min,
         -1.0 if math.isnan(share) else share, agency)
        for when, day, share, agency in zip(
            reported["year"], reported["date"], reported["progress"], reported["reported_by"],
            strict=True)
    ]  # fmt: skip
    reported = reported.sort_values("by")
    latest = {row.task: row for row in rows_of(reported.drop(columns="by"))}
    start = dt.date(year, 1, 1)
    budget = register.tables["budget"]
    of_year = budget[budget["year"] == year]
    spent = of_year[np.array([day is None or day <= cutoff for day in of_year["date"]], dtype=bool)]
    events = up_to(register.tables["events"], cutoff, start)
    rows = []
    for task in (*facts, *sorted(set(latest) - set(facts) - {""})):
        fact, report = facts.get(task, {}), latest.get(task)
        held = events[events["task"] == task]
        rows.append({
            "task": task,
            **{key: fact.get(key, "") for key in ("group", "action")},
            **{key: "\n".join(fact.get(key, ())) for key in ("content", "expected")},
            **{key: fact.get(key, "") for key in ("lead", "partners", "group_en", "action_en",
                                                  "expected_en")},
            **{key: fact[key].isoformat() if fact else None for key in ("start", "end")},
            "status": report.status if report else "",
            "progress": plain(report.progress) if report else None,
            "result": report.result if report else "",
            "next_year": report.next_year if report else "",
            "date": report.date.isoformat() if report and report.date else None,
            "reported_by": report.reported_by if report else "",
            "reports": int(((reported["task"] == task) & (reported["year"] == year)).sum()),
            "overdue": bool(fact and fact["end"] < cutoff
                            and (report.status if report else "") in OPEN),
            "planned": known_sum(of_year.loc[of_year["task"] == task, "planned"]),
            "spent": known_sum(spent.loc[spent["task"] == task, "spent"]),
            "events": len(held), "people": known_sum(held["people"]),
            "target": fact.get("target"),
            "done": _supported(register, task, cutoff) if "target" in fact else None,
            "source": programme if fact else "",
        })  # fmt: skip
    return rows


def _supported(register: Register, task: str, cutoff: dt.date) -> int:
    """Count the establishments for which money of a task was spent."""
    paid = up_to(register.tables["budget"], cutoff)
    paid = paid[(paid["task"] == task) & (paid["establishment"] != "") & (paid["spent"] > 0)]
    return int(paid["establishment"].nunique())


def known_sum(values: pd.Series) -> float | None:
    """Return the sum of the figures that are known; None where none is.

    Parameters
    ----------
    values : Series of float
        Figures of one unit.

    Returns
    -------
    float or None
        Correctly rounded: it does not depend on the order of the rows.
    """
    known = values[values.notna()]
    return math.fsum(known) if len(known) else None


def event_rows(register: Register, year: int, cutoff: dt.date) -> list[Row]:
    """Count events, and who took part, in the year and since the programme began.

    Parameters
    ----------
    register : Register
        The records of a programme.
    year : int
        Calendar year of the report.
    cutoff : date
        Last day that counts.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.events``. People are those the event states, else the sum of
        its participants; establishments and agencies are counted once however often they came.
    """
    taken = register.tables["participants"]
    came = taken.groupby("event")["people"].agg(known_sum) if len(taken) else pd.Series(dtype=float)
    rows: list[Row] = []
    for scope, first in zip(PERIODS, (dt.date(year, 1, 1), None), strict=True):
        events = up_to(register.tables["events"], cutoff, first)
        people = events["people"].where(
            events["people"].notna(), events["event"].map(came).astype(float)
        )
        events = events.assign(people=people)
        kinds = [("", events), *events.groupby("kind")]
        for kind, held in kinds:
            there = taken[taken["event"].isin(held["event"])]
            plants = set(there["establishment"]) - {""}
            rows.append({
                "scope": scope, "kind": str(kind), "events": len(held),
                "establishments": len(plants), "agencies": len(set(there["agency"]) - {""}),
                "people": known_sum(held["people"]), "officers": known_sum(held["officers"]),
                "people_unknown": int(held["people"].isna().sum()),
            })  # fmt: skip
    return rows
