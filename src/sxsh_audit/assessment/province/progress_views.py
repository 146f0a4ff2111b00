"""The progress of a programme as neutral tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.activity_views import (
    estimates_table,
    events_table,
    full_year_table,
    groups_table,
    money_table,
    supports_table,
    tasks_table,
    unit_costs_table,
    years_table,
)
from sxsh_audit.assessment.province.counting import GROUPINGS
from sxsh_audit.assessment.province.progress_wording import (
    counted,
    day_text,
    heading,
    indicator_name,
    resource_name,
    say,
    share_text,
    titled,
)
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, money_text, saving_text, sig, status_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress

__all__ = [
    "counts_table", "findings_table", "indicator_name", "indicators_table", "may_change",
    "overall_table", "progress_views", "resource_name", "savings_table",
]  # fmt: skip


def progress_views(found: ProgrammeProgress, language: Language = "vi") -> list[Table]:
    """Return the tables that a person reads, in order.

    Parameters
    ----------
    found : ProgrammeProgress
        What is shown.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    list of Table
    """
    tables = [indicators_table(found, language), counts_table(found, language)]
    if len(found.savings):
        tables += [savings_table(found, language), overall_table(found, language)]
    tables += [groups_table(found, grouping, language) for grouping in GROUPINGS
               if len({row["group"] for row in found.groups.rows
                       if row["grouping"] == grouping}) > 1]  # fmt: skip
    tables += [years_table(found, language), full_year_table(found, language)]
    if len(found.tasks):
        tables.append(tasks_table(found, language))
    for rows, laid_out in ((found.money, money_table), (found.supports, supports_table),
                           (found.unit_costs, unit_costs_table),
                           (found.estimates, estimates_table)):  # fmt: skip
        if len(rows):
            tables.append(laid_out(found, language))
    if any(row["events"] for row in found.events.rows):
        tables.append(events_table(found, language))
    if len(found.findings):
        tables.append(findings_table(found, language))
    return tables


def indicators_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out each target with what was reached, and what the unknown allow.

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
        heading("phase", language, "text"), heading("indicator", language, "text"),
        heading("denominator", language, "text"), heading("target", language),
        heading("yes", language), heading("base", language), heading("share", language),
        heading("range", language), Column("status", say("status", language), "left", "status"),
    )  # fmt: skip
    rows = []
    for row in found.indicators.rows:
        text = row["phase"]
        if row["in_force"]:
            text = say("in_force", language, phase=text)
        elif row["as_of"] != found.settings["cutoff"]:
            text = say("phase_over", language, phase=text, day=day_text(row["as_of"], language))
        status = status_text(row["status"], language, one_sided=row["high"] is None)
        rows.append((
            text, indicator_name(row["indicator"], language),
            say(f"base_{row['denominator']}", language),
            band_text(row["low"], row["high"], language), counted(row["yes"], language),
            counted(row["base"], language), _against(row, "share", language),
            _range(row, language),
            say("unsure", language, status=status) if may_change(row) else status,
        ))  # fmt: skip
    notes = [say("unknown_apart", language), say("definitions", language)]
    return Table(titled(found, "indicators", language), columns, tuple(rows), tuple(notes))


def may_change(row: Mapping[str, Any]) -> bool:
    """Whether what is not known could turn reached into not reached, or the other way.

    Parameters
    ----------
    row : mapping
        A row of ``ProgrammeProgress.indicators``.

    Returns
    -------
    bool
    """
    ends = {row["status_lowest"], row["status_highest"]} - {"unknown"}
    return row["status"] != "unknown" and "below" in ends and len(ends) > 1


def _against(row: Mapping[str, Any], name: str, language: Language) -> str:
    return saving_text(number(row[name]), (row["low"], row["high"]), language)


def _range(row: Mapping[str, Any], language: Language) -> str:
    if row["lowest"] is None or row["lowest"] == row["highest"]:
        return ""
    return " – ".join(_against(row, name, language) for name in ("lowest", "highest"))


def counts_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out yes, no and unknown of every indicator over all establishments.

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
    figures = ("yes", "no", "unknown", "total", "new_in_year")
    shares = ("share", "highest")
    columns = (heading("indicator", language, "text"),
               *(heading(name, language) for name in figures),
               *(heading(name, language) for name in shares))  # fmt: skip
    rows = tuple(
        (
            indicator_name(row["indicator"], language),
            *(counted(row[name], language) for name in figures),
            *(share_text(row[name], language) for name in shares),
        )
        for row in found.counts.rows
    )
    return Table(titled(found, "counts", language), columns, rows)


def savings_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out what the assessed plants saved of each resource, and together.

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
        heading("scope", language, "text"), heading("resource", language, "text"),
        heading("plants", language), heading("saved", language), heading("saving", language),
        Column("status", say("status", language), "left", "status"),
        heading("money_saved", language),
    )  # fmt: skip
    edges = (0.0, found.settings["low"], found.settings["high"])
    rows = [
        (
            say(f"scope_{row['scope']}", language), resource_name(row["resource"], language),
            f"{row['plants_known']}/{row['plants']}",
            f"{sig(number(row['saved']), language)} {unit_text(row['unit'], language)}",
            saving_text(number(row["saving"]), edges, language),
            status_text(row["status"], language),
            money_text(number(row["money_saved"]), language, row["currency"] or ""),
        )
        for row in found.savings.rows
    ]  # fmt: skip
    for row in found.totals.rows:
        if not row["counted_only"]:
            continue
        money = row["kind"] == "money"
        name = say("all_money", language) if money else say(
            "all_energy", language, factor_set=row["factor_set"])  # fmt: skip
        amount = number(row["saved"])
        rows.append((
            say(f"scope_{row['scope']}", language), name, counted(row["plants"], language),
            money_text(amount, language, row["unit"]) if money
            else f"{sig(amount, language)} {row['unit']}",
            saving_text(number(row["saving"]), edges, language),
            status_text(row["status"], language),
            money_text(amount, language, row["unit"]) if money else "",
        ))  # fmt: skip
    return Table(titled(found, "savings", language), columns, tuple(rows),
                 (say("volunteers", language), say("scopes", language)))  # fmt: skip


def overall_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out how many plants reached the low end of the band.

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
    figures = ("plants", "reached_low", "not_reached", "unknown")
    columns = (heading("scope", language, "text"), heading("phase", language, "text"),
               *(heading(name, language) for name in figures),
               heading("share", language))  # fmt: skip
    rows = tuple(
        (
            say(f"scope_{row['scope']}", language),
            row["phase"] or say("all_phases", language),
            *(counted(row[name], language) for name in figures),
            share_text(row["share"], language),
        )
        for row in found.overall.rows
    )
    return Table(titled(found, "overall", language), columns, rows)


def findings_table(found: ProgrammeProgress, language: Language = "vi") -> Table:
    """Lay out warnings and notes with their remedies.

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
    columns = tuple(heading(name, language, "text") for name in ("establishment", "finding", "fix"))
    rows = [(item.place.facility, *finding_sentences(item, language)) for item in found.findings]
    return Table(say("findings", language), columns, tuple(rows))
