"""All pages of the site in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import visible
from sxsh_audit.reports.site.cases import Case, case_cards, case_page
from sxsh_audit.reports.site.drawing import strips
from sxsh_audit.reports.site.options import (
    BANDS,
    CodedResults,
    case_options,
    coded_table,
    iac_strips,
    iac_table,
    status_name,
)
from sxsh_audit.reports.site.overview import Overview, overview_page
from sxsh_audit.reports.site.rendering import POLICY, Page, folded, render, script_of
from sxsh_audit.reports.site.sectors import sector_page, sectors_page
from sxsh_audit.reports.site.sheets import sheet
from sxsh_audit.reports.site.words import words
from sxsh_audit.tables.sectors import sectors

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme

__all__ = ["Gathered", "pages", "rendered", "start_page"]

MENU = ("index.html", "cases.html", "options.html", "sectors.html", "downloads.html",
        "search.html", "about.html")  # fmt: skip
TONGUES = {"vi": "site.tongue_vi", "en": "site.tongue_en"}


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the site shows, in no language yet.

    Parameters
    ----------
    programme : Programme
        The programme.
    overview : Overview
        Its progress, and what of it may be published.
    cases : tuple of Case
        Cases that may be published.
    coded : CodedResults or None
        Results of others by full codes.
    languages : tuple of str
        Languages of the site.
    minimum : int
        Least number of establishments behind a published figure. [-]
    version : str
        Version of the library.
    """

    programme: Programme
    overview: Overview
    cases: tuple[Case, ...]
    coded: CodedResults | None
    languages: tuple[Language, ...]
    minimum: int
    version: str


def pages(
    shown: Gathered, files: Mapping[Language, Sequence[Mapping[str, Any]]], language: Language
) -> Iterator[Page]:
    """Yield every page of the site in `language`; the search page last.

    Parameters
    ----------
    shown : Gathered
        What the site shows.
    files : mapping of str to sequence of mapping
        What can be downloaded, by language.
    language : {"vi", "en"}
        Language of the pages.
    """
    yield overview_page(shown.overview, shown.cases, language)
    yield _cases_page(shown, language)
    yield _options_page(shown, language)
    yield sectors_page(shown.cases, language)
    disclosure = sentence("site.disclosure", language, minimum=shown.minimum)
    yield Page("downloads.html", "downloads.html", sentence("site.downloads", language),
               kind=sentence("site.kind_page", language),
               told=sentence("site.downloads_lead", language),
               context={"files": files[language], "disclosure": disclosure})  # fmt: skip
    yield _about_page(shown, language)
    for sector in sectors().values():
        yield sector_page(sector, shown.cases, language)
    for case in shown.cases:
        yield case_page(case, language)
    yield Page("search.html", "search.html", sentence("site.search", language))


def rendered(shown: Gathered, made: Sequence[Page], language: Language) -> Iterator[
    tuple[str, str]
]:
    """Yield name and text of each file of a language: its pages and what the search knows."""
    shared = {
        "language": language, "policy": POLICY,
        "w": {**words(language), "site": sentence("site.site", language)},
        "menu": [{"name": page.name, "title": page.title if page.name != "index.html"
                  else sentence("site.overview", language)}
                 for name in MENU for page in made if page.name == name],
        "others": [{"language": other, "name": sentence(TONGUES[other], other)}
                   for other in shown.languages if other != language],
        "foot": sentence("site.foot", language, law=shown.programme.legal_ref,
                         version=shown.version),
    }  # fmt: skip
    for page in made:
        yield page.name, render(page.template, {**shared, "page": page, **page.context})
    known = [
        {"url": page.name, "title": visible(page.title), "kind": page.kind,
         "told": visible(page.told),
         "title_words": folded(page.title), "words": folded(page.told, page.words)}
        for page in made if page.kind
    ]  # fmt: skip
    yield "search.js", script_of("sxshPages", known)


def start_page(languages: Sequence[Language]) -> str:
    """Return the page at the root, where a language is chosen."""
    doors = [{"language": one, "name": sentence(TONGUES[one], one),
              "title": sentence("site.site", one)} for one in languages]  # fmt: skip
    return render("start.html", {"policy": POLICY, "doors": doors, "first": doors[0]})


def _cases_page(shown: Gathered, language: Language) -> Page:
    cards = case_cards(shown.cases, language)
    statuses = {card["status"]: card["status_text"] for card in cards if card["status"]}
    places = {card["place_key"]: case.place
              for card, case in zip(cards, shown.cases, strict=True) if case.place}
    controls = [
        _control("sector", "site.sector", _sector_choices(cards, language), language),
        _control("place", "site.place", sorted(places.items()), language),
        _control("status", "site.result", sorted(statuses.items(), key=lambda one: one[1]),
                 language),
    ]  # fmt: skip
    lead = sentence("site.cases_lead", language, count=len(cards))
    return Page("cases.html", "cases.html", sentence("site.cases", language),
                kind=sentence("site.kind_page", language), told=lead,
                context={"lead": lead, "shown": cards, "controls": controls})  # fmt: skip


def _options_page(shown: Gathered, language: Language) -> Page:
    cards = case_options(shown.cases, language)
    resources = {card["resource"]: label for case in shown.cases for card in cards
                 if card["resource"] and (label := case.part.label(card["resource"], language))}
    statuses = [(key, status_name(key, language))
                for key in dict.fromkeys(card["status"] for card in cards) if key]
    bands = {card["payback_class"] for card in cards}
    controls = [
        _control("resource", "site.resource", sorted(resources.items(), key=lambda one: one[1]),
                 language),
        _control("sector", "site.sector", _sector_choices(cards, language), language),
        _control("payback", "site.payback",
                 [(key, sentence(code, language)) for key, code in BANDS.items() if key in bands],
                 language),
        _control("status", "site.status", statuses, language),
    ]  # fmt: skip
    lead = sentence("site.options_lead", language, count=len(cards), cases=len(shown.cases))
    context: dict[str, Any] = {
        "lead": lead, "shown": cards, "controls": controls, "code_tables": [], "code_lines": [],
        "iac_origin": sentence("site.iac_origin", language),
        "iac_chart": strips(iac_strips(language), sentence("site.iac_alt", language), language),
        "iac_scale": sentence("site.iac_scale", language),
        "iac_tables": [sheet(iac_table(language), "iac-table")],
    }  # fmt: skip
    if shown.coded is not None:
        coded = shown.coded
        context["code_tables"] = [sheet(coded_table(coded, language), "code-table")]
        context["code_lines"] = [sentence(
            "site.coded_origin", language, name=coded.file, sha=coded.sha256[:16],
            rows=coded.read, without=coded.without_payback)]  # fmt: skip
    return Page("options.html", "options.html", sentence("site.options", language),
                kind=sentence("site.kind_page", language), told=lead,
                words=folded(*(card["title"] for card in cards)), context=context)  # fmt: skip


def _control(
    name: str, code: str, choices: Sequence[tuple[str, str]], language: Language
) -> dict[str, Any]:
    return {"name": name, "label": sentence(code, language), "choices": choices}


def _sector_choices(cards: Sequence[Mapping[str, Any]], language: Language) -> list[
    tuple[str, str]
]:
    known = {card["sector"] for card in cards}
    return [(key, sector.label(language)) for key, sector in sectors().items() if key in known]


def _about_page(shown: Gathered, language: Language) -> Page:
    programme = shown.programme
    title = programme.title_vi if language == "vi" else programme.title_en
    parts = [
        {"key": "how", "title": sentence("site.about_how", language),
         "lines": [sentence("site.about_saving", language),
                   sentence("site.about_unknown", language),
                   sentence("site.about_volunteers", language)]},
        {"key": "consent", "title": sentence("site.about_consent", language),
         "lines": [sentence("site.consent", language),
                   sentence("site.disclosure", language, minimum=shown.minimum)]},
        {"key": "privacy", "title": sentence("site.about_privacy", language),
         "lines": [sentence("site.privacy", language)]},
    ]  # fmt: skip
    lead = sentence("site.about_lead", language, title=title, law=programme.legal_ref)
    notes = programme.notes_vi if language == "vi" else programme.notes_en
    return Page("about.html", "about.html", sentence("site.about", language),
                kind=sentence("site.kind_page", language), told=lead,
                context={"lead": lead, "parts": parts, "notes": notes})  # fmt: skip
