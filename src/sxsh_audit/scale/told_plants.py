"""What was found in the records of many plants, as tables: what is common, and who is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.display.table import Column, Table
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language, format_fixed
from sxsh_audit.language.messages import describe, sentence
from sxsh_audit.language.text import shown

__all__ = ["PLANTS_NAMED", "Told", "commonest", "told_views"]

FINDINGS_SHOWN = 5
PLANTS_NAMED = 10

Told = Sequence[tuple[str, Sequence[Finding]]]
"""Plants with findings of theirs."""


def commonest(plants: Mapping[str, int]) -> list[str]:
    """Return the codes of the findings that most plants have, the commonest first.

    Parameters
    ----------
    plants : mapping of str to int
        Plants by code. [count]
    """
    return sorted(plants, key=lambda code: (-plants[code], code))[:FINDINGS_SHOWN]


def told_views(
    counts: Mapping[str, int], refused_plants: int, examples: Told, refused: Told,
    language: Language,
) -> list[Table]:
    """Return the findings of most plants, and the plants that were refused.

    Parameters
    ----------
    counts : mapping of str to int
        Plants by code of finding. [count]
    refused_plants : int
        How many plants were refused. [count]
    examples : sequence of (str, sequence of Finding)
        For each of the commonest codes a plant with its finding.
    refused : sequence of (str, sequence of Finding)
        The first plants that were refused, with all their faults.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    list of Table
    """
    tables = []
    if examples:
        rows = tuple((format_fixed(counts[item.code], 0, language), describe(item, language),
                      shown(plant)) for plant, (item, *_) in examples)  # fmt: skip
        columns = (_column("head_plants_in", language, number=True),
                   _column("head_found", language),
                   _column("head_example", language))  # fmt: skip
        more = len(counts) - len(rows)
        notes = (_say("more_findings", language, count=more),) if more else ()
        tables.append(Table(_say("title_findings", language), columns, rows, notes))
    if refused:
        rows = tuple((shown(plant), format_fixed(len(_errors(items)), 0, language),
                      describe(_errors(items)[0], language)) for plant, items in refused)
        columns = (_column("head_plant", language),
                   _column("head_faults", language, number=True),
                   _column("head_first_fault", language))  # fmt: skip
        more = refused_plants - len(rows)
        notes = (_say("more_refused", language, count=more),) if more else ()
        tables.append(Table(_say("title_refused", language), columns, rows, notes))
    return tables


def _errors(items: Sequence[Finding]) -> Sequence[Finding]:
    return [item for item in items if item.severity == "error"] or items


def _say(code: str, language: Language, **numbers: Any) -> str:
    return sentence(f"many.{code}", language, **numbers)


def _column(code: str, language: Language, *, number: bool = False) -> Column:
    heading = _say(code, language)
    return Column(code, heading, "right", "number") if number else Column(code, heading)
