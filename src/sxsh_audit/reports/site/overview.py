"""The first page: the programme against its targets, and the newest cases."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.progress_views import may_change
from sxsh_audit.assessment.province.standing import indicator_facts
from sxsh_audit.calc.bands import Status, status
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, saving_text, sig, status_text
from sxsh_audit.language.formatting import Language, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.site.cases import Case, case_cards
from sxsh_audit.reports.site.drawing import goal_bar
from sxsh_audit.reports.site.protected import OTHERS, GroupCount, ResourceSaving, TargetCount
from sxsh_audit.reports.site.rendering import Page
from sxsh_audit.reports.site.sheets import sheet
from sxsh_audit.reports.site.words import counter
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.sectors import sectors

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme

__all__ = ["Overview", "group_name", "overview_page"]

SOME_CASES = 6
"""Cases on the first page; the others are one click away."""

BASES = {
    "all_establishments": "site.base_all", "capable_establishments": "site.base_capable",
    "small_and_medium_enterprises": "site.base_small",
    "medium_and_large_enterprises": "site.base_large",
}  # fmt: skip

GROUP_TITLES = {"sector": "site.by_sector", "district": "site.by_district",
                "zone_kind": "site.by_zone"}  # fmt: skip

ZONES = {
    "economic_zone": "site.zone_economic", "industrial_park": "site.zone_park",
    "industrial_cluster": "site.zone_cluster", "residential": "site.zone_residential",
    "outside": "site.zone_outside",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Overview:
    """What the first page shows, as it may be published.

    Parameters
    ----------
    programme : Programme
        The programme.
    settings : mapping
        Of the progress: cut-off, phase, how many establishments.
    targets : tuple of TargetCount
        Targets of every phase.
    groups : tuple of GroupCount
        Establishments by group.
    savings : tuple of ResourceSaving
        What the latest studies saved.
    """

    programme: Programme
    settings: Mapping[str, Any]
    targets: tuple[TargetCount, ...]
    groups: tuple[GroupCount, ...]
    savings: tuple[ResourceSaving, ...]
    minimum: int


def overview_page(shown: Overview, cases: Sequence[Case], language: Language) -> Page:
    """Return the first page.

    Parameters
    ----------
    shown : Overview
        What it shows.
    cases : sequence of Case
        All published cases; the newest are shown.
    language : {"vi", "en"}
        Language of the page.
    """
    programme = shown.programme
    title = programme.title_vi if language == "vi" else programme.title_en
    newest = sorted(cases, key=lambda case: case.end, reverse=True)
    day = dt.date.fromisoformat(shown.settings["cutoff"])
    code = "site.cutoff" if shown.settings["phase"] else "site.cutoff_outside"
    context: dict[str, Any] = {
        "lead": sentence("site.lead", language, title=title, law=programme.legal_ref),
        "cutoff": sentence(code, language, day=day, phase=shown.settings["phase"] or "",
                           count=shown.settings["establishments"]),
        "targets": [_card(one, language) for one in _in_force(shown)],
        "indicator_tables": [sheet(_target_table(shown, language), "target-table")]
        if shown.targets else [],
        "saving_lines": [sentence("site.about_volunteers", language)],
        "saving_tables": [sheet(_saving_table(shown, language), "saving-table")]
        if shown.savings else [],
        "group_tables": [sheet(one, f"group-{place}")
                         for place, one in enumerate(_group_tables(shown, language), start=1)],
        "disclosure": sentence("site.disclosure", language, minimum=shown.minimum),
        "newest": case_cards(newest[:SOME_CASES], language),
        "all_cases": sentence("site.all_cases", language, count=len(cases)),
    }  # fmt: skip
    return Page("index.html", "overview.html", sentence("site.site", language),
                kind=sentence("site.kind_page", language), told=context["lead"],
                context=context)  # fmt: skip


def _in_force(shown: Overview) -> list[TargetCount]:
    """Targets of the phase in force; after the last phase those of the last."""
    forced = [one for one in shown.targets if one.row["in_force"]]
    if forced or not shown.targets:
        return forced
    last = shown.programme.phases[-1].id
    return [one for one in shown.targets if one.row["phase"] == last]


def _card(one: TargetCount, language: Language) -> dict[str, Any]:
    row = one.row
    goal = band_text(row["low"], row["high"], language)
    base = sentence(BASES[row["denominator"]], language) if row["denominator"] in BASES else ""
    known = not math.isnan(one.share)
    found = status(one.share, row["low"], row["high"]) if known else Status.UNKNOWN
    share = _share(one, language)
    if not one.known:
        told = sentence("site.target_not_counted", language, goal=goal, base=base)
    elif not known:
        told = sentence("site.target_withheld", language, goal=goal, base=base)
    else:
        counts = {"yes": counter(_figure(one.yes), language),
                  "all": counter(_figure(one.base), language)}  # fmt: skip
        if one.unknown is None:
            told = sentence("site.target_told_part", language, goal=goal, base=base, **counts)
        else:
            told = sentence("site.target_told", language, goal=goal, base=base, **counts,
                            unknown=counter(one.unknown, language))  # fmt: skip
        if one.unsure:
            told += " " + sentence("site.target_unsure", language,
                                   count=counter(one.unsure, language))  # fmt: skip
        elif one.unknown:
            most = saving_text(one.highest, (row["low"], row["high"]), language)
            told += " " + sentence("site.target_if", language, highest=most)
    right = one.share if math.isnan(one.highest) else one.highest
    title = indicator_name(str(row["indicator"]), language)
    return {
        "title": f"{title[:1].upper()}{title[1:]}", "share": share, "status": str(found),
        "status_text": _status_words(one, found, language) if known else "",
        "bar": goal_bar(one.share, right, row["low"], row["high"], f"{title}: {share}. {told}")
        if known else "",
        "told": told, "wording": row["wording"],
    }  # fmt: skip


def _status_words(one: TargetCount, found: Status, language: Language) -> str:
    """Say where a share stands, and whether those of whom nothing is known may change it."""
    told = status_text(str(found), language, one_sided=one.row["high"] is None)
    if not may_change(one.row):
        return told
    return sentence("site.may_change", language, status=told)


def _share(one: TargetCount, language: Language) -> str:
    if not one.known:
        return "–"
    if one.base and one.unknown == one.base:
        return "–"  # of nobody anything is known
    if math.isnan(one.share):
        return sentence("site.withheld", language) if one.base != 0 else "–"
    return saving_text(one.share, (one.row["low"], one.row["high"]), language)


def _figure(count: int | None) -> float:
    return math.nan if count is None else float(count)


def indicator_name(indicator: str, language: Language) -> str:
    """Name of an indicator.

    Examples
    --------
    >>> indicator_name("reached", "en")
    'reached'
    """
    fact = indicator_facts().get(indicator)
    return str(fact[language]) if fact else indicator


def _target_table(shown: Overview, language: Language) -> Table:
    columns = (
        Column("phase", sentence("site.phase", language)),
        Column("indicator", sentence("site.indicator", language)),
        Column("base", sentence("site.base", language)),
        Column("goal", sentence("site.goal", language), "right", "number"),
        Column("share", sentence("site.share", language), "right", "number"),
        *(Column(key, sentence(code, language), "right", "number") for key, code in (
            ("yes", "site.yes"), ("no", "site.no"), ("unknown", "site.unknown"),
            ("all", "site.establishments"))),
    )  # fmt: skip
    rows = []
    for one in shown.targets:
        row = one.row
        counts = (one.yes, one.no, one.unknown, one.base)
        rows.append((
            _phase(row, language), indicator_name(str(row["indicator"]), language),
            sentence(BASES[row["denominator"]], language) if row["denominator"] in BASES else "",
            band_text(row["low"], row["high"], language), _share(one, language),
            *(counter(_figure(count), language) if one.known else "–" for count in counts),
        ))  # fmt: skip
    return Table(sentence("site.target_table", language), columns, tuple(rows),
                 (sentence("site.about_unknown", language),))  # fmt: skip


def _phase(row: Mapping[str, Any], language: Language) -> str:
    if row["in_force"]:
        return str(row["phase"])
    day = dt.date.fromisoformat(row["as_of"])
    return sentence("site.phase_over", language, phase=row["phase"], day=day)


def _saving_table(shown: Overview, language: Language) -> Table:
    facts = known_resources()
    columns = (
        Column("resource", sentence("site.resource", language)),
        Column("plants", sentence("site.plants", language), "right", "number"),
        Column("saved", sentence("site.saved", language), "right", "number"),
        Column("baseline", sentence("site.would_have", language), "right", "number"),
        Column("saving", sentence("site.saving", language), "right", "number"),
    )
    rows = []
    for one in shown.savings:
        unit = unit_text(one.unit, language)
        withheld = sentence("site.withheld", language)
        name = facts[one.resource].label(language) if one.resource in facts else one.resource
        few = one.saved is None and one.plants < shown.minimum
        rows.append((
            name, withheld if few else counter(one.plants, language),
            *(withheld if amount is None else f"{sig(amount, language)} {unit}"
              for amount in (one.saved, one.adjusted_baseline)),
            withheld if math.isnan(one.saving) else saving_text(
                one.saving, (0.0, shown.settings["low"], shown.settings["high"]), language),
        ))  # fmt: skip
    return Table(sentence("site.saving_table", language), columns, tuple(rows),
                 (sentence("site.about_saving", language),))  # fmt: skip


def _group_tables(shown: Overview, language: Language) -> list[Table]:
    found = []
    for grouping, code in GROUP_TITLES.items():
        rows = [one for one in shown.groups if one.grouping == grouping]
        if not rows:
            continue
        columns = (
            Column("group", sentence("site.group", language)),
            Column("total", sentence("site.establishments", language), "right", "number"),
            Column("applying", sentence("site.applying", language), "right", "number"),
            Column("share", sentence("site.share", language), "right", "number"),
        )
        cells = []
        for one in rows:
            known = bool(one.total) and one.applying is not None
            share = (one.applying or 0) / (one.total or 1)
            cells.append((
                group_name(grouping, one.group, language),
                counter(_figure(one.total), language), counter(_figure(one.applying), language),
                format_percent(share, language) if known else sentence("site.withheld", language),
            ))  # fmt: skip
        found.append(Table(sentence(code, language), columns, tuple(cells)))
    return found


def group_name(grouping: str, group: str, language: Language) -> str:
    """Name of a group: a sector or a kind of zone of the library, else as the register has it.

    Examples
    --------
    >>> group_name("sector", "paper", "vi"), group_name("zone_kind", "", "en")
    ('giấy', 'not known')
    """
    if group == OTHERS:
        return sentence("site.other_groups", language)
    if not group:
        return sentence("site.not_known", language)
    if grouping == "sector" and group in sectors():
        return sectors()[group].label(language)
    if grouping == "zone_kind" and group in ZONES:
        return sentence(ZONES[group], language)
    return group
