"""The acceptance record (biên bản nghiệm thu) of implemented options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sxsh_audit.assessment.baselines.views import BaselineViews
from sxsh_audit.assessment.investment.views_plan import Plans
from sxsh_audit.assessment.shown import cost_text
from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import MISSING, Language, check_language
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.options import Options
from sxsh_audit.reports.chapters.plan import Upkeep
from sxsh_audit.reports.chapters.report import about, harmless
from sxsh_audit.reports.chapters.saying import bullets, tables
from sxsh_audit.reports.chapters.telling import Row, Telling
from sxsh_audit.reports.document import Block, Document, Signatures

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["build_acceptance"]


def build_acceptance(assessment: Assessment, language: Language = "vi") -> Document:
    """Return the acceptance record of the options that are implemented.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    language : {"vi", "en"}
        Language of every text.

    Returns
    -------
    Document
        Parties, options with costs and evidence, what they claim against what the meter shows,
        what each lacks, and the places to decide and to sign. The record decides nothing itself.

    Examples
    --------
    >>> from sxsh_audit import Study, assess
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> build_acceptance(assess(study)).kind
    'acceptance'
    """
    view = _Acceptance(assessment, check_language(language))
    document = Document("acceptance", view.says("report_acceptance.title"), view.title,
                        view.language, tuple(view.blocks()), about(view))  # fmt: skip
    return harmless(document)


class _Acceptance(Telling):
    """The record in one language."""

    def blocks(self) -> list[Block]:
        """Return the record."""
        day = self.day(self.result.study["report_date"])
        code = "report_acceptance.when" if day else "report_acceptance.when_blank"
        numbers = {"name": self.quoted(self.title), **({"day": day} if day else {})}
        done = self.done()
        found = [
            *self.body(self.says(code, **numbers)),
            self.heading(1, "report_acceptance.parties"),
            *self.missing("report_acceptance.party_missing"),
            self.heading(1, "report_acceptance.options"),
        ]  # fmt: skip
        if not done:
            return [*found, *self.missing("report_acceptance.nothing")]
        found += [*tables([self.options(done)]), *self._total(done)]
        found += [self.heading(1, "report_acceptance.results"), *self.results(),
                  self.heading(1, "report_acceptance.conclusion"),
                  *bullets(self.papers(done)), *self._short(),
                  *self.body(self.says("report_acceptance.decide")),
                  *self.body(self.says("report_acceptance.accept")),
                  *self.body(self.says("report_acceptance.accept_if")),
                  *self.body(self.says("report_acceptance.reject")),
                  *self.body(self.says("report_acceptance.copies"))]  # fmt: skip
        return [*found, Signatures((self.says("report_acceptance.role_plant"),
                                    self.says("report_acceptance.role_consultant"),
                                    self.says("report_acceptance.role_department")))]  # fmt: skip

    def options(self, rows: list[Row]) -> Table:
        """Lay out the implemented options with what proves them."""
        says = self.says
        ranked = {(row["facility"], row["option"]): row for row in self.result.options.rows}
        currency = self.result.settings["currency"]
        columns = [(says("report_acceptance.option"), "l"),
                   (says("report_acceptance.in_service"), "l"),
                   (says("report_acceptance.planned"), "r"),
                   (says("report_acceptance.actual"), "r"),
                   (says("report_acceptance.owner"), "l"),
                   (says("report_acceptance.evidence"), "l")]  # fmt: skip
        cells = []
        for row in rows:
            whole = ranked.get((row["facility"], row["option"]))
            planned = self.money(row["cost"])
            if row["cost"] is None and whole is not None:
                planned = cost_text(whole, self.language, currency)
            cells.append((
                self.option(row), self.day(row["in_service"]) or MISSING, planned,
                self.money(row["actual_cost"]), row["owner"] or MISSING,
                row["evidence"] or MISSING,
            ))  # fmt: skip
        return self.table(says("report_acceptance.table"), columns, cells, (), self.plants(rows))

    def _total(self, rows: list[Row]) -> list[Block]:
        known = [row["actual_cost"] for row in rows if row["actual_cost"] is not None]
        if len(known) < 2:
            return []
        return self.body(self.says("report_acceptance.cost_total", cost=self.money(sum(known))))

    def results(self) -> list[Block]:
        """Tell claims and meter, and what each option claims a year."""
        made = BaselineViews(self.result, self.language).claims()
        period = self.period("reporting")
        found: list[Block] = []
        if made:
            found += self.body(
                self.says("report_acceptance.results_lead", period=period) if period
                else self.says("report_acceptance.results_lead_undated"))  # fmt: skip
            found += bullets(Upkeep(self.result, self.language).metered())
            found += tables(made)
        else:
            found += self.missing("report_acceptance.results_missing")
        done = {(row["facility"], row["option"]) for row in self.done()}
        rows = [row for row in Options(self.result, self.language).proposed()
                if (row["facility"], row["option"]) in done]  # fmt: skip
        table = Options(self.result, self.language).benefit_table(rows)
        renamed = Table(self.says("report_acceptance.benefits"), table.columns, table.rows,
                        table.notes)  # fmt: skip
        return [*found, *tables(Plans(self.result, self.language).claimed()), *tables([renamed])]

    def papers(self, rows: list[Row]) -> list[str]:
        """Say which options have all their papers, and what the others lack."""
        lacks = {
            "in_service": self.says("report_acceptance.lack_day"),
            "actual_cost": self.says("report_acceptance.lack_cost"),
            "evidence": self.says("report_acceptance.lack_evidence"),
        }  # fmt: skip
        whole, told = [], []
        for row in rows:
            lacking = [word for name, word in lacks.items() if row[name] in (None, "")]
            if lacking:
                told.append(self.says("report_acceptance.incomplete",
                                     name=self.upper(shown(str(row["option"]))),
                                     lacking=self.listed(lacking)))  # fmt: skip
            else:
                whole.append(shown(str(row["option"])))
        if whole:
            told.insert(0, self.says("report_acceptance.complete", names=self.listed(whole, 12)))
        return told

    def _short(self) -> list[Block]:
        short = [self.resource(row) for row in self.result.reconciliation.rows
                 if row["agreement"] == "short"]  # fmt: skip
        if not short:
            return []
        return self.body(self.says("report_acceptance.short", names=self.listed(short)))
