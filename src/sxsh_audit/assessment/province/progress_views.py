"""The progress of a programme as neutral tables, in the reader's language."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.standing import indicator_facts
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, money_text, saving_text, sig, status_text
from sxsh_audit.language.formatting import Language, format_date, format_fixed, format_percent
from sxsh_audit.language.messages import finding_sentences, sentence
from sxsh_audit.tables.schema import known_resources

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress

__all__ = [
    "counted", "counts_table", "day_text", "findings_table", "heading", "indicator_name",
    "indicators_table", "overall_table", "progress_views", "resource_name", "savings_table",
    "share_text",
]  # fmt: skip

Rows = Sequence[tuple[str, ...]]


def say(code: str, language: Language, **numbers: Any) -> str:
    """Return a sentence of the topic ``progress_table``."""
    return sentence(f"progress_table.{code}", language, **numbers)


def counted(value: int | None, language: Language) -> str:
    """Write a count; what is not known is a dash."""
    return format_fixed(math.nan if value is None else value, 0, language)


def share_text(value: float | None, language: Language) -> str:
    """Write a share with one decimal; what is not known is a dash."""
    return format_percent(number(value), language, decimals=1)


def day_text(day: str | None, language: Language) -> str:
    """Write an ISO day; what is not known is empty."""
    return format_date(dt.date.fromisoformat(day), language) if day else ""


def indicator_name(indicator: str, language: Language) -> str:
    """Return the name of an indicator; one that no register counts stands by its key."""
    fact = indicator_facts().get(indicator)
    if fact is None:
        known = indicator == "departments_with_staff"
        return say("departments_with_staff", language) if known else indicator
    return str(fact[language])


def resource_name(resource: str, language: Language) -> str:
    """Return the name of a shipped resource; a plant's own resource stands by its key."""
    fact = known_resources().get(resource)
    return fact.label(language) if fact else resource


def heading(key: str, language: Language, kind: str = "number") -> Column:
    """Return a column with its heading; figures stand right, text left."""
    if kind == "number":
        return Column(key, say(key, language), "right", "number")
    return Column(key, say(key, language))


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
    if len(found.findings):
        tables.append(findings_table(found, language))
    return tables


def _title(found: ProgrammeProgress, code: str, language: Language) -> str:
    day = day_text(found.settings["cutoff"], language)
    return say(code, language, name=found.settings[f"title_{language}"], day=day)


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
        text = say("in_force", language, phase=row["phase"]) if row["in_force"] else row["phase"]
        one_sided = row["high"] is None
        rows.append((
            text, indicator_name(row["indicator"], language),
            say(f"base_{row['denominator']}", language),
            band_text(row["low"], row["high"], language), counted(row["yes"], language),
            counted(row["base"], language), _against(row, "share", language),
            _range(row, language), status_text(row["status"], language, one_sided=one_sided),
        ))  # fmt: skip
    notes = [say("unknown_apart", language), say("definitions", language)]
    return Table(_title(found, "indicators", language), columns, tuple(rows), tuple(notes))


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
    return Table(_title(found, "counts", language), columns, rows)


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
    return Table(_title(found, "savings", language), columns, tuple(rows),
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
    return Table(_title(found, "overall", language), columns, rows)


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
