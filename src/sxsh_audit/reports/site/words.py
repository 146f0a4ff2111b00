"""The fixed words of the site's pages, by the name that the templates use."""

from __future__ import annotations

from collections.abc import Mapping

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

__all__ = ["WORDS", "counter", "words"]

WORDS: Mapping[str, str] = {
    "skip": "site.skip", "tongues": "site.tongues", "nav": "site.nav", "targets": "site.targets",
    "savings": "site.savings", "groups": "site.groups", "some_cases": "site.some_cases",
    "cases_note": "site.cases_note", "cases_list": "site.cases_list",
    "case_results": "site.case_results", "charts": "site.charts",
    "figures_in_words": "site.figures_in_words", "case_options": "site.case_options",
    "origin": "site.origin", "case_note": "site.case_note", "options_here": "site.options_here",
    "options_note": "site.options_note", "options_codes": "site.options_codes",
    "options_others": "site.options_others", "iac_read": "site.iac_read",
    "sectors_lead": "site.sectors_lead", "sector_measure": "site.sector_measure",
    "sector_norms": "site.sector_norms", "norms_note": "site.norms_note",
    "sources": "site.sources", "no_norms": "site.no_norms", "sector_cases": "site.sector_cases",
    "no_cases": "site.no_cases", "sector_options": "site.sector_options",
    "downloads_lead": "site.downloads_lead", "withheld_title": "site.withheld_title",
    "search_without": "site.search_without", "search_words": "site.search_words",
    "search_none": "site.search_none", "filter": "site.filter",
    "filter_words": "site.filter_words", "all": "site.all", "reset": "site.reset",
    "count_none": "site.count_none", "from_case": "site.from_case",
    "programme_notes": "site.programme_notes",
}  # fmt: skip
"""Codes of the words that need no number."""


def words(language: Language) -> dict[str, str]:
    """Return the words of the templates in `language`.

    Those that the script fills in keep their placeholders: ``{shown}``, ``{all}``, ``{found}``.

    Examples
    --------
    >>> words("en")["reset"], words("en")["count_shown"]
    ('Clear', '{shown} of {all} shown')
    """
    found = {name: sentence(code, language) for name, code in WORDS.items()}
    found["count_shown"] = sentence("site.count_shown", language, shown="{shown}", all="{all}")
    found["search_found"] = sentence("site.search_found", language, found="{found}")
    found["search_more"] = sentence("site.search_more", language, found="{found}",
                                    shown="{shown}")  # fmt: skip
    return found


def counter(count: float, language: Language) -> str:
    """Write a count, or that it is withheld: nan.

    Examples
    --------
    >>> counter(1234, "vi"), counter(float("nan"), "en")
    ('1.234', 'withheld')
    """
    from sxsh_audit.language.formatting import format_number

    return sentence("site.withheld", language) if count != count else format_number(count, language)
