"""Flow sheets, reconciliations, costs and inventories for themselves, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.result_tables import ResultTable, Shown
from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language, check_language

if TYPE_CHECKING:
    from sxsh_audit.assessment.flows.emitting import EmissionInventory
    from sxsh_audit.assessment.flows.losses import LossCosts
    from sxsh_audit.assessment.flows.reconciling import Reconciled

__all__ = ["costs_shown", "inventory_shown", "reconciled_shown"]

SHEET = ("facility", "phase", "batch")


class _Part(SimpleNamespace):
    """What the tables of an assessment ask of it, for one of its parts."""

    def label(self, resource: str, language: Language) -> str:
        """Return the name of a resource of the library; another is called by its key."""
        from sxsh_audit.tables.schema import known_resources

        fact = known_resources().get(resource)
        return fact.label(language) if fact else resource


def _part(currency: str, **tables: Any) -> _Part:
    empty = ResultTable("", ("facility",), ())
    names = ("flows", "balances", "balance_tests", "loss_costs", "loss_totals", "true_costs",
             "emissions", "limits", "indicators", "shifts", "needs", "options")  # fmt: skip
    return _Part(settings={"terms": {}, "currency": currency}, study={"facilities": {}},
                 verdict=(), **{**dict.fromkeys(names, empty), **tables})  # fmt: skip


def _shown(tables: Sequence[Table]) -> Shown:
    from sxsh_audit.display.html import to_html
    from sxsh_audit.display.terminal import to_text

    return Shown("".join(to_text(table, 100) for table in tables),
                 "\n".join(to_html(table) for table in tables))  # fmt: skip


def reconciled_shown(found: Reconciled, language: Language) -> Shown:
    """Show balances as measured, and what reconciliation made of them."""
    from sxsh_audit.assessment.flows.balances import balance
    from sxsh_audit.assessment.flows.views import FlowViews

    part = _part(found.sheet.currency, flows=found.flows, balance_tests=found.tests,
                 balances=balance(found.measured))  # fmt: skip
    view = FlowViews(part, check_language(language))  # type: ignore[arg-type]
    sheet = _key(found.sheet)
    return _shown([*view.balances(sheet), *view.reconciled(sheet)])


def costs_shown(found: LossCosts, language: Language) -> Shown:
    """Show the waste streams, dearest first."""
    from sxsh_audit.assessment.flows.balances import balance
    from sxsh_audit.assessment.flows.views import FlowViews

    part = _part(found.sheet.currency, loss_costs=found.streams, loss_totals=found.totals,
                 true_costs=found.true_costs, balances=balance(found.sheet))  # fmt: skip
    view = FlowViews(part, check_language(language))  # type: ignore[arg-type]
    return _shown(view.costs(_key(found.sheet)))


def inventory_shown(found: EmissionInventory, language: Language) -> Shown:
    """Show the inventory, the limits, the indicators and the needs."""
    from sxsh_audit.assessment.flows.emission_views import emission_views

    part = _part("VND", emissions=found.emissions, limits=found.limits,
                 indicators=found.indicators, shifts=found.shifts, needs=found.needs)  # fmt: skip
    return _shown(emission_views(part, check_language(language)))  # type: ignore[arg-type]


def _key(sheet: Any) -> tuple[str, ...]:
    return tuple(getattr(sheet, name) for name in SHEET)
