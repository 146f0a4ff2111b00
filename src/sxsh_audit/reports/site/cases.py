"""Cases that may be published: plants that agreed, in studies that were chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import edges, number
from sxsh_audit.assessment.views import (
    groups_table,
    options_table,
    said_status,
    savings_table,
    summary_table,
)
from sxsh_audit.display.wording import saving_text
from sxsh_audit.language.formatting import Language, format_date
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import strip_marks
from sxsh_audit.reports.chart_plan import CHARTS, PlannedChart, chart_plan, plant_parts, plants_of
from sxsh_audit.reports.document import Figure
from sxsh_audit.reports.site.drawing import chart
from sxsh_audit.reports.site.rendering import Html, Page, folded
from sxsh_audit.reports.site.sheets import sheet
from sxsh_audit.tables.sectors import Sector, sector_by_name

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.tables.register import Register

__all__ = ["CASE_CHARTS", "Case", "case_cards", "case_page", "published_cases"]

CASE_CHARTS = ("savings", "specific_consumption", "payback_ladder", "sankey")
"""Charts of a case page: what was saved, from what to what, by what, and where it flows."""

LONGEST_NAME = 48
"""Letters of a plant's name in the name of its page."""


@dataclass(frozen=True, eq=False)
class Case:
    """A plant whose study may be published.

    Parameters
    ----------
    page : str
        Name of its page.
    establishment : mapping
        Its row of the register.
    part : Assessment
        Its part of the assessment.
    sector : Sector or None
        Sector of the library that the register names.
    """

    page: str
    establishment: Mapping[str, Any]
    part: Assessment
    sector: Sector | None

    @property
    def code(self) -> str:
        """Establishment of the register."""
        return str(self.establishment["establishment"])

    @property
    def title(self) -> str:
        """Name of the plant."""
        return str(self.establishment["name"] or self.code)

    @property
    def place(self) -> str:
        """District, or commune where there is none."""
        return str(self.establishment["district"] or self.establishment["commune"])

    @property
    def period(self) -> Mapping[str, str]:
        """Reporting period: ``start`` and ``end``, empty where there is none."""
        return self.part.settings["periods"].get("reporting") or {}

    @property
    def end(self) -> str:
        """Last day of the reporting period, empty where there is none."""
        return str(self.period.get("end") or "")

    @property
    def verdict(self) -> Mapping[str, Any]:
        """Overall result, empty where there is none."""
        return next(iter(self.part.verdict.rows), {})

    @property
    def status(self) -> str:
        """Status of the overall result, empty where nothing was checked."""
        return str(self.verdict.get("status") or "")

    def sector_name(self, language: Language) -> str:
        """Name of the sector, else what the register calls it."""
        return self.sector.label(language) if self.sector else str(self.establishment["sector"])

    def saving_text(self, language: Language) -> str:
        """Overall saving as it is printed; a dash where it is not known."""
        row = self.verdict
        return saving_text(number(row.get("saving")), edges(row) if row else (0.0,), language)

    def status_text(self, language: Language) -> str:
        """Status as it is printed."""
        return said_status(self.part, self.verdict, language) if self.verdict else ""


def published_cases(
    register: Register, assessments: Iterable[Assessment],
    establishments: Mapping[str, str] | None = None,
    consents: Mapping[tuple[str, str], str] | None = None, *, only_agreed: bool = False,
) -> tuple[Case, ...]:
    """Return the cases that may be published, by name.

    Parameters
    ----------
    register : Register
        Its column ``publish`` says which establishments agreed in general.
    assessments : iterable of Assessment
        Studies chosen for publication; of each establishment its latest one is shown.
    establishments : mapping of str to str, optional
        Establishment of the register by plant of a study; by default they have the same code.
    consents : mapping, optional
        What was said of single studies, by establishment and study: a yes there is needed, or
        one in general; a no anywhere counts.
    only_agreed : bool
        Whether a study is shown only where its plant said yes to it.

    Returns
    -------
    tuple of Case
        Only plants that are in the register and agreed. Silence is no consent.
    """
    rows = {row["establishment"]: row
            for row in register.tables["establishments"].to_dict("records")}  # fmt: skip
    latest: dict[str, tuple[str, Assessment]] = {}
    for result in assessments:
        end = str((result.settings["periods"].get("reporting") or {}).get("end") or "")
        study = str(result.study["study"])
        for plant, part in zip(plants_of(result), _parts(result), strict=True):
            code = (establishments or {}).get(plant, plant)
            if code not in rows or rows[code]["publish"] == "no":
                continue  # also where somebody wrote down a yes to the study: it has to be asked
            said = (consents or {}).get((code, study), "")
            if not said and not only_agreed:
                said = rows[code]["publish"]
            if said == "yes" and (code not in latest or end >= latest[code][0]):
                latest[code] = (end, part)
    used: set[str] = set()
    found: list[Case] = []
    for code in sorted(latest, key=lambda one: (folded(str(rows[one]["name"])), one)):
        page = _page_name(str(rows[code]["name"] or code), len(found) + 1, used)
        row = {str(key): value for key, value in rows[code].items()}
        found.append(Case(page, row, latest[code][1], sector_by_name(row["sector"])))
    return tuple(found)


def _parts(result: Assessment) -> Iterator[Assessment]:
    return (part for _, part in plant_parts(result))


def _page_name(name: str, place: int, used: set[str]) -> str:
    """Name of a page: plain letters and digits of the plant's name, never twice the same."""
    plain = re.sub(r"[^a-z0-9]+", "-", strip_marks(name).casefold()).strip("-")
    page = plain[:LONGEST_NAME].strip("-") or str(place)
    while page in used:  # names that differ by their marks only, or late
        page = f"{page}-{place}"
    used.add(page)
    return f"case-{page}.html"


def case_cards(cases: Iterable[Case], language: Language) -> list[dict[str, Any]]:
    """Return what the lists of cases show of each."""
    found = []
    for case in cases:
        sector = case.sector_name(language)
        facts = [
            (sentence("site.sector", language), sector),
            (sentence("site.place", language), case.place),
            (sentence("site.studied", language), _period(case, language)),
        ]  # fmt: skip
        found.append({
            "page": case.page, "title": case.title, "saving": case.saving_text(language),
            "status": case.status, "status_text": case.status_text(language),
            "sector": case.sector.id if case.sector else "", "place_key": folded(case.place),
            "facts": [(label, value) for label, value in facts if value],
            "words": folded(case.title, sector, case.place, str(case.establishment["product"]),
                            str(case.establishment["commune"])),
        })  # fmt: skip
    return found


def case_page(case: Case, language: Language) -> Page:
    """Return the page of a case.

    Parameters
    ----------
    case : Case
        The plant with its study.
    language : {"vi", "en"}
        Language of the page.
    """
    result, row = case.part, case.establishment
    summary = summary_table(result, language)
    facts = [
        (sentence("site.sector", language), case.sector_name(language)),
        (sentence("site.product", language), str(row["product"])),
        (sentence("site.place", language), ", ".join(
            str(row[name]) for name in ("commune", "district") if row[name])),
        *((label, value) for label, value in summary.rows),
    ]  # fmt: skip
    tables = []
    if len(result.savings):
        tables.append(savings_table(result, language, False))
    if len(result.groups) and result.settings["programme"]:
        tables.append(groups_table(result, language, False))
    options = [options_table(result, language, False)] if len(result.options) else []
    shown = _saved(result, language)
    known = number(case.verdict.get("saving")) == number(case.verdict.get("saving"))
    code = "site.case_lead" if known else "site.case_lead_unknown"
    lead = sentence(code, language, name=case.title, saving=case.saving_text(language),
                    status=case.status_text(language) or "–")  # fmt: skip
    return Page(
        case.page, "case.html", case.title, "cases.html", sentence("site.kind_case", language),
        "; ".join(shown),
        folded(case.sector_name(language), case.place, str(row["product"]), *shown,
               *(str(one["name"]) for one in result.options.rows)),
        {"lead": lead, "facts": [(label, value) for label, value in facts if value],
         "tables": [sheet(one, f"table-{place}") for place, one in enumerate(tables, start=1)],
         "option_tables": [sheet(one, f"options-{place}")
                           for place, one in enumerate(options, start=1)],
         "figures": list(_figures(case, language)), "origin": _origin(case, language)},
    )  # fmt: skip


def _period(case: Case, language: Language) -> str:
    import datetime as dt

    days = [format_date(dt.date.fromisoformat(case.period[key]), language)
            for key in ("start", "end") if case.period.get(key)]  # fmt: skip
    return " – ".join(days)


def _figures(case: Case, language: Language) -> Iterator[dict[str, Any]]:
    """Yield the charts of a case with what they show in words."""
    for planned in chart_plan(case.part, CASE_CHARTS):
        key = planned.kind.replace("_", "-")
        caption = sentence(CHARTS[planned.kind][0], language)
        yield {"key": key, "caption": caption, "svg": _picture(planned, key, language),
               "said": _said(planned, language)}  # fmt: skip


def _picture(planned: PlannedChart, key: str, language: Language) -> Html:
    caption = sentence(CHARTS[planned.kind][0], language)
    alt = "; ".join(_said(planned, language)) or planned.title(language)
    return chart(Figure(key, caption, lambda: planned.draw(language), alt), key)


def _said(planned: PlannedChart, language: Language) -> list[str]:
    """Return the figures of a chart of savings in words; the tables have those of the others."""
    return _saved(planned.part, language) if planned.kind == "savings" else []


def _saved(result: Assessment, language: Language) -> list[str]:
    return [f"{result.label(row['resource'], language)}: "
            f"{saving_text(number(row['saving']), edges(row), language)}"
            for row in result.savings.rows]  # fmt: skip


def _origin(case: Case, language: Language) -> list[tuple[str, str]]:
    import datetime as dt

    study, settings = case.part.study, case.part.settings
    day = study.get("report_date")
    rows = [
        (sentence("site.study", language), str(study["study"])),
        (sentence("site.report_date", language),
         format_date(dt.date.fromisoformat(day), language) if day else ""),
        (sentence("site.factor_set", language), str(settings["factor_set"] or "")),
        (sentence("site.version", language), case.part.version),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value]
