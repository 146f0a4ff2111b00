"""What an assessment returns: frozen tables, the verdict, and the whole of them.

Results hold keys, numbers and units, no sentences; a language is chosen when they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.charted import Charted
from sxsh_audit.assessment.result_tables import (
    FindingTable,
    ResultTable,
    Shown,
    VerdictTable,
    json_plain,
)
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import shown

if TYPE_CHECKING:

    from sxsh_audit.assessment.explain import Explanation
__all__ = ["LATER_TABLES", "SCHEMA_VERSION", "TABLES", "Assessment"]

SCHEMA_VERSION = "1"
SHEET = ("facility", "phase", "batch")
"""What tells one flow sheet from another."""


TABLES: dict[str, tuple[type[ResultTable], tuple[str, ...]]] = {
    "savings": (ResultTable, ("facility", "resource")),
    "groups": (ResultTable, ("facility", "group")),
    "verdict": (VerdictTable, ("facility",)),
    "options": (ResultTable, ("facility", "option")),
    "option_savings": (ResultTable, ("facility", "option", "resource")),
    "option_totals": (ResultTable, ("facility",)),
    "economics": (ResultTable, ("facility", "option")),
    "portfolio": (ResultTable, ("facility", "question")),
    "portfolio_savings": (ResultTable, ("facility", "question", "resource")),
    "frontier": (ResultTable, ("facility", "saving")),
    "risk": (ResultTable, ("facility", "option")),
    "tornado": (ResultTable, ("facility", "option", "input")),
    "abatement": (ResultTable, ("facility", "option")),
    "screening": (ResultTable, ("facility", "option")),
    "plan": (ResultTable, ("facility", "option")),
    "claimed": (ResultTable, ("facility", "resource")),
    "baselines": (ResultTable, ("facility", "resource", "kind")),
    "adjusted": (ResultTable, ("facility", "resource")),
    "adjusted_overall": (ResultTable, ("facility",)),
    "uncertainty": (ResultTable, ("facility", "resource", "source")),
    "change_split": (ResultTable, ("facility", "resource")),
    "reconciliation": (ResultTable, ("facility", "resource", "end_use")),
    "expected": (ResultTable, ("facility", "resource", "start")),
    "flows": (ResultTable, (*SHEET, "layer", "flow")),
    "balances": (ResultTable, (*SHEET, "layer", "step")),
    "balance_tests": (ResultTable, (*SHEET, "layer")),
    "loss_costs": (ResultTable, (*SHEET, "flow")),
    "loss_totals": (ResultTable, SHEET),
    "cost_centres": (ResultTable, (*SHEET, "step", "category")),
    "cost_trail": (ResultTable, (*SHEET, "origin", "flow")),
    "true_costs": (ResultTable, (*SHEET, "resource")),
    "flow_claims": (ResultTable, ("facility", "flow")),
    "flows_after": (ResultTable, (*SHEET, "layer", "flow")),
    "emissions": (ResultTable, ("facility", "group", "substance")),
    "limits": (ResultTable, (*SHEET, "flow", "component")),
    "indicators": (ResultTable, ("facility", "indicator")),
    "shifts": (ResultTable, ("facility", "falls", "rises")),
    "needs": (ResultTable, ("facility", "need", "flow")),
}

LATER_TABLES = tuple(TABLES)[6:]
"""Tables that documents written by earlier versions lack."""


_none = {name: partial(TABLES[name][0], name, TABLES[name][1], ()) for name in LATER_TABLES}
"""What makes each of them without a record."""


@dataclass(frozen=True, eq=False)
class Assessment(Charted):
    """The result of :func:`sxsh_audit.assess`.

    Parameters
    ----------
    study : mapping
        Name, title and dates of the study, and the SHA-256 of its files.
    settings : mapping
        Everything that decides the numbers: programme, phase, ends of the band, overall rule,
        factor set, currency, periods.
    savings : ResultTable
        One record per plant and resource.
    groups : ResultTable
        One record per plant and group that the programme names.
    verdict : VerdictTable
        The overall result of each plant.
    options : ResultTable
        One record per option, best first.
    option_savings : ResultTable
        One record per option and resource.
    option_totals : ResultTable
        Σ cost ÷ Σ saving per plant, without interactions.
    findings : FindingTable
        Warnings and notes.
    economics : ResultTable
        Net present value and its kin of each option, best first; empty without a rate.
    portfolio, portfolio_savings : ResultTable
        The best set under the budget and the cheapest to reach the target, one record per plant
        and question; what it saves of each resource, interactions considered.
    frontier : ResultTable
        Least cost of each saving that the options of a plant reach.
    risk, tornado : ResultTable
        How sure payback, net present value and order are; what moves them. Empty without a seed.
    abatement : ResultTable
        Avoided tCO₂ a year and their cost, by option; empty without emission factors.
    screening : ResultTable
        Implement, study or reject, by the user's weights.
    plan, claimed : ResultTable
        Who does what by when; what implemented options claim in the reporting period.
    baselines : ResultTable
        Adjusted baselines that were looked at, with why each applies or not.
    adjusted, adjusted_overall : ResultTable
        Savings against adjusted baselines beside the plain ratios, with intervals and the
        probability of reaching the target; all resources together.
    uncertainty : ResultTable
        What makes each saving unsure, largest first.
    change_split : ResultTable
        Change of each use by volume, mix and efficiency.
    reconciliation : ResultTable
        Claims of implemented options against the meter.
    expected : ResultTable
        Use and expected use, interval by interval.
    flows, balances, balance_tests : ResultTable
        Each flow of the flow sheets as measured and as reconciled, with what it carries
        [currency]; balance of each step; whether the measurements agree.
    loss_costs, loss_totals, cost_centres, cost_trail, true_costs : ResultTable
        Waste streams, dearest first; all costs of a sheet; product and loss of each step; where
        each cost entered and left; what a unit of water really costs. [currency]
    flow_claims, flows_after : ResultTable
        Options against the losses that they cut; flows before and after all of them.
    emissions, limits, indicators, shifts : ResultTable
        Waste and emissions of both periods, per product; concentrations against their limits;
        the six RECP enterprise indicators; what rises while something else falls.
    needs : ResultTable
        Technology level, safety, treatment, recycling and relocation needs, as recorded.
    """

    study: Mapping[str, Any]
    settings: Mapping[str, Any]
    savings: ResultTable
    groups: ResultTable
    verdict: VerdictTable
    options: ResultTable
    option_savings: ResultTable
    option_totals: ResultTable
    findings: FindingTable
    version: str
    schema_version: str = field(default=SCHEMA_VERSION)
    economics: ResultTable = field(default_factory=_none["economics"])
    portfolio: ResultTable = field(default_factory=_none["portfolio"])
    portfolio_savings: ResultTable = field(default_factory=_none["portfolio_savings"])
    frontier: ResultTable = field(default_factory=_none["frontier"])
    risk: ResultTable = field(default_factory=_none["risk"])
    tornado: ResultTable = field(default_factory=_none["tornado"])
    abatement: ResultTable = field(default_factory=_none["abatement"])
    screening: ResultTable = field(default_factory=_none["screening"])
    plan: ResultTable = field(default_factory=_none["plan"])
    claimed: ResultTable = field(default_factory=_none["claimed"])
    baselines: ResultTable = field(default_factory=_none["baselines"])
    adjusted: ResultTable = field(default_factory=_none["adjusted"])
    adjusted_overall: ResultTable = field(default_factory=_none["adjusted_overall"])
    uncertainty: ResultTable = field(default_factory=_none["uncertainty"])
    change_split: ResultTable = field(default_factory=_none["change_split"])
    reconciliation: ResultTable = field(default_factory=_none["reconciliation"])
    expected: ResultTable = field(default_factory=_none["expected"])
    flows: ResultTable = field(default_factory=_none["flows"])
    balances: ResultTable = field(default_factory=_none["balances"])
    balance_tests: ResultTable = field(default_factory=_none["balance_tests"])
    loss_costs: ResultTable = field(default_factory=_none["loss_costs"])
    loss_totals: ResultTable = field(default_factory=_none["loss_totals"])
    cost_centres: ResultTable = field(default_factory=_none["cost_centres"])
    cost_trail: ResultTable = field(default_factory=_none["cost_trail"])
    true_costs: ResultTable = field(default_factory=_none["true_costs"])
    flow_claims: ResultTable = field(default_factory=_none["flow_claims"])
    flows_after: ResultTable = field(default_factory=_none["flows_after"])
    emissions: ResultTable = field(default_factory=_none["emissions"])
    limits: ResultTable = field(default_factory=_none["limits"])
    indicators: ResultTable = field(default_factory=_none["indicators"])
    shifts: ResultTable = field(default_factory=_none["shifts"])
    needs: ResultTable = field(default_factory=_none["needs"])

    # -- plain data -----------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as JSON types; nothing in it depends on a language.

        Infinity (an option that never pays back) is written as None beside its class.
        """
        tables = {name: [json_plain(row) for row in getattr(self, name).rows] for name in TABLES}
        return {
            "schema_version": self.schema_version,
            "kind": "assessment",
            "version": self.version,
            "study": json_plain(self.study),
            "settings": json_plain(self.settings),
            **tables,
            "findings": [item.to_dict() for item in self.findings],
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Assessment:
        """Build an assessment from :meth:`to_dict`.

        Raises
        ------
        ValueError
            If the record is of another schema version.
        """
        if not isinstance(record, Mapping):
            raise TypeError(f"give the mapping of to_dict(), not {type(record).__name__}")
        found = record.get("schema_version")
        if found != SCHEMA_VERSION:
            raise ValueError(
                f"this is schema version {found!r}; this library reads {SCHEMA_VERSION!r}"
            )
        basic = [name for name in TABLES if name not in LATER_TABLES]
        needed = ("study", "settings", *basic, "findings", "version")
        missing = [name for name in needed if name not in record]
        if missing:
            raise ValueError(f"this is no whole assessment: without {', '.join(missing)}")
        tables: dict[str, Any] = {}
        for name, (kind, keys) in TABLES.items():
            rows = tuple(_restored(row) for row in record.get(name, ()))
            tables[name] = kind(name, keys, rows)
        return cls(
            study=dict(record["study"]),
            settings=dict(record["settings"]),
            findings=FindingTable(tuple(Finding.from_dict(item) for item in record["findings"])),
            version=record["version"],
            schema_version=found,
            **tables,
        )

    # -- what a person sees ---------------------------------------------------------------------

    def label(self, resource: str, language: Language = "vi") -> str:
        """Name of a resource as the study or the library calls it."""
        from sxsh_audit.tables.schema import known_resources

        own = self.settings["labels"].get(resource)
        fact = known_resources().get(resource)
        return own or (fact.label(language) if fact else resource)

    def explain(self, number: str, language: Language = "vi") -> Explanation:
        """Explain a number: its inputs, factors, formula with the numbers in it, and source.

        Parameters
        ----------
        number : str
            ``<resource>.saving``, ``<resource>.specific_consumption``,
            ``<resource>.absolute_saving``, ``<resource>.adjusted_saving``, ``<resource>.price``,
            ``overall.saving``,
            ``option.<id>.payback``, ``option.<id>.npv``, ``loss.<sheet>:<flow>.cost`` with the
            period or batch of the flow sheet (``loss.<flow>.cost`` where it has neither); with
            several plants ``<plant>:`` before it.
        language : {"vi", "en"}
            Language of the text.

        Returns
        -------
        Explanation
            Prints as text, shows as a table in a notebook.

        Raises
        ------
        KeyError
            If there is no such number; it lists those that there are.
        """
        from sxsh_audit.assessment.explain import explain

        return explain(self, number, language)

    def to_html(self, language: Language = "vi") -> str:
        """Return the assessment as a fragment of HTML, fit for a client."""
        from sxsh_audit.assessment.views import tables_of
        from sxsh_audit.display.html import to_html

        return "\n".join(to_html(table) for table in tables_of(self, language))

    def to_text(self, language: Language = "vi", width: int = 100) -> str:
        """Return the tables of the assessment as plain text, `width` letters wide."""
        from sxsh_audit.assessment.views import tables_of
        from sxsh_audit.display.terminal import to_text

        return "".join(to_text(table, width) for table in tables_of(self, language))

    def show(self, language: Language = "vi") -> Shown:
        """Return the assessment in `language`: print it, or make it the last line of a cell.

        Parameters
        ----------
        language : {"vi", "en"}
            Language of the tables; ``print(result)`` and ``result`` alone are Vietnamese.

        Returns
        -------
        Shown
            Prints as text, shows as tables in a notebook.
        """
        return Shown(self.to_text(language), self.to_html(language))

    def _repr_html_(self) -> str:
        return self.to_html()

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        statuses = ", ".join(
            shown(f"{row['resource']} {row['status'] or '–'}") for row in self.savings.rows[:6]
        )
        more = " …" if len(self.savings) > 6 else ""
        return f"Assessment({self.study['study']!r}: {statuses}{more})"


def _restored(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it was before JSON: what never pays back has years = inf."""
    out = dict(row)
    for kind, years in (("payback_class", "years"), ("discounted_class", "discounted_years")):
        if out.get(kind) == "never":
            out[years] = math.inf
    return out
