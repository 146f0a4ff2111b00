"""The first page: the programme against its targets, and the newest cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.site.cases import Case, case_cards
from sxsh_audit.reports.site.rendering import Page

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme

__all__ = ["Overview", "overview_page"]

SOME_CASES = 6
"""Cases on the first page; the others are one click away."""


@dataclass(frozen=True, eq=False)
class Overview:
    """What the first page shows.

    Parameters
    ----------
    programme : Programme
        The programme.
    year : int
        Year of the programme.
    """

    programme: Programme
    year: int


def overview_page(shown: Overview, cases: Sequence[Case], language: Language) -> Page:
    """Return the first page."""
    programme = shown.programme
    title = programme.title_vi if language == "vi" else programme.title_en
    newest = sorted(cases, key=lambda case: str((case.part.settings["periods"].get("reporting")
                                                 or {}).get("end") or ""), reverse=True)  # fmt: skip
    context: dict[str, Any] = {
        "lead": sentence("site.lead", language, title=title, law=programme.legal_ref),
        "cutoff": sentence("site.year", language, year=shown.year),
        "targets": [], "indicator_tables": [], "saving_tables": [], "saving_lines": [],
        "group_tables": [], "disclosure": "",
        "newest": case_cards(newest[:SOME_CASES], language),
        "all_cases": sentence("site.all_cases", language, count=len(cases)),
    }  # fmt: skip
    return Page("index.html", "overview.html", sentence("site.site", language),
                kind=sentence("site.kind_page", language), told=context["lead"],
                context=context)  # fmt: skip
