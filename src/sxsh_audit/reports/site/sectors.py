"""Guidance by sector: what to measure, the norms and figures to compare with, cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sxsh_audit.data import load_rows
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language, format_date, format_number
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.site.cases import Case, case_cards
from sxsh_audit.reports.site.options import case_options
from sxsh_audit.reports.site.rendering import Page, folded
from sxsh_audit.reports.site.sheets import sheet
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.sectors import Sector, sectors

__all__ = ["sector_page", "sectors_page"]

Row = dict[str, str]


def sectors_page(cases: Sequence[Case], language: Language) -> Page:
    """Return the page that lists the sectors."""
    shown = []
    for sector in sectors().values():
        count = len(_of(cases, sector))
        norms = len(_norms(sector))
        told = sentence("site.sector_told", language, cases=count, norms=norms)
        shown.append({"page": _page_name(sector), "title": _upper(sector.label(language)),
                      "told": told})  # fmt: skip
    return Page("sectors.html", "sectors.html", sentence("site.sectors", language),
                kind=sentence("site.kind_page", language),
                told=sentence("site.sectors_lead", language), context={"shown": shown})  # fmt: skip


def sector_page(sector: Sector, cases: Sequence[Case], language: Language) -> Page:
    """Return the page of a sector.

    Parameters
    ----------
    sector : Sector
        The sector.
    cases : sequence of Case
        All published cases.
    language : {"vi", "en"}
        Language of the page.
    """
    own, norms = _of(cases, sector), _norms(sector)
    facts = known_resources()
    resources = [facts[key].label(language) for key in sector.resources]
    title = _upper(sector.label(language))
    lead = sentence("site.sector_lead", language, sector=sector.label(language))
    context = {
        "lead": lead, "resources": resources,
        "measure": sentence("site.measure", language, unit=sector.unit_in(language)),
        "source": sentence("site.read_in", language, source=sector.source),
        "norm_tables": [sheet(_norm_table(norms, language), "norm-table")] if norms else [],
        "sources": _sources(norms), "shown": case_cards(own, language),
        "offered": case_options(own, language),
    }  # fmt: skip
    more = (*sector.words, *(row[f"product_{language}"] for row in norms), *resources)
    return Page(_page_name(sector), "sector.html", title, "sectors.html",
                sentence("site.kind_sector", language), ", ".join(resources), folded(*more),
                context)  # fmt: skip


def _page_name(sector: Sector) -> str:
    return f"sector-{sector.id}.html"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of(cases: Iterable[Case], sector: Sector) -> list[Case]:
    return [case for case in cases if case.sector is not None and case.sector.id == sector.id]


def _norms(sector: Sector) -> list[Row]:
    return [row for row in load_rows("norms.csv") if row["sector"] == sector.id]


def _norm_table(norms: Sequence[Row], language: Language) -> Table:
    columns = (
        Column("product", sentence("site.norm_product", language)),
        Column("figure", sentence("site.norm_figure", language), "right", "number"),
        Column("resource", sentence("site.norm_of", language)),
        Column("kind", sentence("site.norm_kind", language)),
        Column("valid", sentence("site.norm_valid", language)),
        Column("basis", sentence("site.norm_basis", language)),
    )
    rows = []
    for number, row in enumerate(norms, start=1):
        ends = [row["low"], row["high"]]
        if row["low"] == row["high"]:
            ends = ends[:1]
        figure = "–".join(format_number(float(end), language) for end in ends if end)
        if not row["low"]:
            figure = f"≤ {figure}"
        basis = row[f"basis_{language}"]
        if row["compare"] == "no":
            basis = "; ".join(filter(None, [basis, sentence("site.norm_told_only", language)]))
        rows.append((
            row[f"product_{language}"], f"{figure} {unit_text(row['unit'], language)}",
            sentence(_NORM_OF[row["resource"]], language),
            f"{row['legal_ref'] or sentence('site.norm_benchmark', language)} [{number}]",
            _valid(row, language), basis,
        ))  # fmt: skip
    return Table(sentence("site.norm_table", language), columns, tuple(rows))


_NORM_OF = {"energy": "site.norm_energy", "fuel": "site.norm_fuel",
            "electricity": "site.norm_electricity", "water": "site.norm_water"}  # fmt: skip


def _valid(row: Row, language: Language) -> str:
    """Say from when to when a norm is in force; of a figure, its year."""
    start, end = (format_date(dt.date.fromisoformat(row[name]), language) if row[name] else ""
                  for name in ("valid_from", "valid_to"))  # fmt: skip
    if start and end:
        return f"{start} – {end}"
    if end:
        return sentence("site.until", language, day=end)
    return row["year"]


def _sources(norms: Sequence[Row]) -> list[dict[str, Any]]:
    """Return where each norm was read, by its number, with how sure the reading is."""
    found: dict[str, list[str]] = {}
    for number, row in enumerate(norms, start=1):
        found.setdefault(f"{row['source']} ({row['confidence']})", []).append(f"[{number}]")
    made = []
    for source, numbers in found.items():
        link = source.split()[0]
        whole = source.count(" ") == 1 and link.startswith(("http://", "https://"))
        made.append({"url": link if whole else "", "text": f"{' '.join(numbers)} {source}"})
    return made
