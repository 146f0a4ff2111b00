"""Words, names and figures that the tables of a progress share."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.standing import indicator_facts
from sxsh_audit.assessment.shown import number
from sxsh_audit.data import load_toml
from sxsh_audit.display.table import Column
from sxsh_audit.language.formatting import Language, format_date, format_fixed, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.schema import known_resources

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress

__all__ = [
    "chosen", "counted", "day_text", "heading", "indicator_name", "resource_name", "say",
    "sector_name", "share_text", "titled",
]  # fmt: skip


def say(code: str, language: Language, **numbers: Any) -> str:
    """Return a sentence of the topic ``progress_table``."""
    return sentence(f"progress_table.{code}", language, **numbers)


def counted(value: float | None, language: Language) -> str:
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


def sector_name(sector: str, language: Language) -> str:
    """Return the name of a shipped sector; another one stands as it was typed."""
    known = {entry["id"]: entry[language] for entry in load_toml("sectors.toml")["sector"]}
    return str(known.get(sector, sector))


def chosen(words: str, key: str, language: Language) -> str:
    """Return the word of a list of choices of a register; an unknown key stands for itself."""
    known = load_toml("register_choices.toml").get(words, {})
    if language == "en" or key not in known:
        return key.replace("_", " ")
    return str(known[key][0])


def titled(found: ProgrammeProgress, code: str, language: Language) -> str:
    """Return the title of a table with the programme and the cut-off."""
    day = day_text(found.settings["cutoff"], language)
    return say(code, language, name=found.settings[f"title_{language}"], day=day)
