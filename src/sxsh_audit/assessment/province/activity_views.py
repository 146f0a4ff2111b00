"""Groups, years, tasks, money, events and estimates of a progress as neutral tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.progress_wording import (
    chosen,
    counted,
    day_text,
    heading,
    indicator_name,
    resource_name,
    say,
    sector_name,
    share_text,
    titled,
)
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.wording import money_text, sig
from sxsh_audit.language.formatting import Language, format_percent

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress

__all__ = [
    "estimates_table", "events_table", "full_year_table", "groups_table", "money_table",
    "supports_table", "tasks_table", "unit_costs_table", "years_table",
]  # fmt: skip

MAIN = ("reached", "aware", "applying")
"""Indicators that are shown group by group; ``groups`` has them all."""


def groups_table(found: ProgrammeProgress, grouping: str, language: Language = "vi") -> Table:
    """Lay out the establishments of each group, and how many of them are a yes.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    grouping : str
        What they are grouped by.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    rows: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in found.groups.rows:
        if row["grouping"] == grouping:
            rows.setdefault(row["group"], {})[row["indicator"]] = row
    columns = (
        Column("group", say(f"by_{grouping}", language)), heading("total", language),
        *(Column(name, indicator_name(name, language), "right", "number") for name in MAIN),
    )  # fmt: skip
    body = tuple(
        (
            _group_name(found, grouping, group, language),
            counted(next(iter(of.values()))["total"], language),
            *(f"{counted(of[name]['yes'], language)} ({share_text(of[name]['share'], language)})"
              for name in MAIN),
        )
        for group, of in rows.items()
    )  # fmt: skip
    return Table(titled(found, "groups", language), columns, body,
                 (say("groups_note", language),))  # fmt: skip


def _group_name(found: ProgrammeProgress, grouping: str, group: str, language: Language) -> str:
    if not group:
        return say("not_known", language)
    if grouping == "vsic":
        version, _, division = group.partition(":")
        return say("vsic_division", language, division=division, version=version or "?")
    if grouping == "sector":
        return sector_name(group, language)
    lists = {"zone_kind": "zone_kind", "pollution": "yes_no", "size_class": "size_class",
             "ownership": "ownership"}  # fmt: skip
    return chosen(lists[grouping], group, language) if grouping in lists else group


def years_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the yes of each indicator at the end of each year.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    rows: dict[str, dict[int, str]] = {}
    for row in found.years.rows:
        text = f"{counted(row['yes'], language)} ({share_text(row['share'], language)})"
        rows.setdefault(row["indicator"], {})[row["year"]] = text
    years = sorted({row["year"] for row in found.years.rows})
    columns = (heading("indicator", language, "text"),
               *(Column(str(year), str(year), "right", "number") for year in years))  # fmt: skip
    body = tuple((indicator_name(name, language), *(of[year] for year in years))
                 for name, of in rows.items())  # fmt: skip
    return Table(titled(found, "years", language), columns, body)


def tasks_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the tasks of the annex with what was done.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    columns = (
        heading("task", language, "text"), heading("action", language, "text"),
        heading("end", language, "text"), Column("status", say("state", language)),
        heading("progress", language), heading("result", language, "text"),
        heading("planned", language), heading("spent", language),
    )  # fmt: skip
    rows = []
    for row in found.tasks.rows:
        status = chosen("task_status", row["status"], language) or say("not_reported", language)
        result = row["result"]
        if row["target"]:
            result = "\n".join(filter(None, (result, say(
                "done_of", language, done=row["done"], target=row["target"]))))  # fmt: skip
        rows.append((
            row["task"], row["action"] if language == "vi" else row["action_en"] or row["action"],
            day_text(row["end"], language),
            say("overdue", language, status=status) if row["overdue"] else status,
            _share(row["progress"], language), result, _money(row["planned"], language),
            _money(row["spent"], language),
        ))  # fmt: skip
    return Table(titled(found, "tasks", language), columns, tuple(rows))


def money_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out planned and spent money by source, of the year and since the programme began.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    sums: dict[tuple[str, str], dict[str, list[float]]] = {}
    for row in found.money.rows:
        key = (row["scope"], row["source"])
        of = sums.setdefault(key, {"planned": [], "spent": []})
        for name in ("planned", "spent"):
            if row[name] is not None:
                of[name].append(row[name])
    rows = []
    for (scope, source), of in sums.items():
        planned, spent = (math.fsum(values) if values else None for values in of.values())
        share = spent / planned if planned and spent is not None else None
        rows.append((
            say(f"period_{scope}", language),
            chosen("budget_source", source, language) or say("not_known", language),
            _money(planned, language), _money(spent, language), _share(share, language),
        ))  # fmt: skip
    columns = (heading("period", language, "text"), heading("source", language, "text"),
               heading("plan", language), heading("spent", language),
               heading("spent_share", language))  # fmt: skip
    return Table(titled(found, "money", language), columns, tuple(rows))


def supports_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the support of each establishment against its cap, those over it first.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    order = {"over": 0, "unknown": 1, "within": 2}
    rows = tuple(
        (
            row["establishment"], _money(row["paid"], language),
            _money(row["whole_cost"], language), _money(row["allowed"], language),
            _money(row["over"], language), say(f"cap_{row['status']}", language),
        )
        for row in sorted(found.supports.rows, key=lambda row: order[row["status"]])
    )  # fmt: skip
    columns = (
        heading("establishment", language, "text"), heading("paid", language),
        heading("whole_cost", language), heading("allowed", language), heading("over_cap", language),
        Column("status", say("status", language), "left", "status"),
    )  # fmt: skip
    return Table(titled(found, "supports", language), columns, rows)


def unit_costs_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the money per energy saved.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    columns = (heading("paid_by", language, "text"), heading("spent", language),
               heading("saved", language), heading("cost", language))  # fmt: skip
    rows = tuple(
        (
            say(f"paid_by_{row['paid_by']}", language), _money(row["spent"], language),
            f"{sig(row['saved'], language)} {row['unit']} ({row['factor_set']})",
            f"{_money(row['cost'], language)}/{row['unit']}",
        )
        for row in found.unit_costs.rows
    )
    return Table(titled(found, "unit_costs", language), columns, rows,
                 (say("unit_costs_note", language),))  # fmt: skip


def events_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the events held, and who took part.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    figures = ("events", "establishments", "agencies", "people", "officers")
    columns = (heading("period", language, "text"), heading("kind", language, "text"),
               *(heading(name, language) for name in figures))  # fmt: skip
    rows = tuple(
        (
            say(f"period_{row['scope']}", language),
            chosen("event_kind", row["kind"], language) or say("all_kinds", language),
            *(counted(row[name], language) for name in figures),
        )
        for row in found.events.rows
    )
    return Table(titled(found, "events_held", language), columns, rows)


def full_year_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out the year to the cut-off, its latest month, and the estimate of the whole year.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    columns = (heading("figure", language, "text"), heading("latest_month", language),
               heading("to_cutoff", language), heading("whole_year", language),
               heading("planned", language))  # fmt: skip
    rows = []
    for row in found.full_year.rows:
        def text(value: float | None, unit: str = row["unit"]) -> str:
            return _money(value, language) if unit == "VND" else counted(value, language)

        whole = text(row["whole_year"])
        if row["is_estimate"]:
            whole = say(f"estimate_{row['method']}", language, value=whole)
        rows.append((_figure(row["figure"], language), text(row["latest_month"]),
                     text(row["to_cutoff"]), whole,
                     _money(row["planned"], language) if row["unit"] == "VND" else ""))  # fmt: skip
    return Table(titled(found, "full_year", language), columns, tuple(rows),
                 (say("full_year_note", language),))  # fmt: skip


def _figure(figure: str, language: Language) -> str:
    head, _, rest = figure.partition("_")
    if head == "new":
        return say("new_of", language, indicator=indicator_name(rest, language))
    if head == "spent" and rest:
        return say("spent_of", language, source=chosen("budget_source", rest, language))
    return say(f"figure_{figure}", language)


def estimates_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out what a sample says of all establishments.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    Table
    """
    columns = (heading("indicator", language, "text"), heading("stratum", language, "text"),
               heading("frame", language), heading("sampled", language),
               heading("answered", language), heading("share", language),
               heading("interval", language))  # fmt: skip
    rows = []
    for row in found.estimates.rows:
        name = indicator_name(row["indicator"], language)
        if row["resource"]:
            resource, _, unit = row["resource"].partition(" ")
            name = f"{say('saving', language)}: {resource_name(resource, language)} {unit}"
        interval = [share_text(row[end], language) for end in ("low", "high")]
        rows.append((
            name, row["stratum"] or say("whole_frame", language),
            *(counted(row[key], language) for key in ("frame", "sampled", "answered")),
            share_text(row["share"], language),
            " – ".join(interval) if row["low"] is not None else "",
        ))  # fmt: skip
    confidence = next((row["confidence"] for row in found.estimates.rows), 0.95)
    note = say("estimates_note", language, confidence=confidence)
    return Table(titled(found, "estimates", language), columns, tuple(rows), (note,))


def _money(value: float | None, language: Language) -> str:
    return money_text(number(value), language)


def _share(value: float | None, language: Language) -> str:
    return format_percent(number(value), language, decimals=0)
