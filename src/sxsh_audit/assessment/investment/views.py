"""What a person reads of the options as investments, as neutral tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sxsh_audit.assessment.investment.views_economics import Economics
from sxsh_audit.assessment.investment.views_plan import Plans
from sxsh_audit.assessment.investment.views_sets import Sets
from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["investment_tables"]


def investment_tables(result: Assessment, language: Language) -> list[Table]:
    """Return the tables of the questions that were asked; none for the others."""
    economics, sets = Economics(result, language), Sets(result, language)
    plans = Plans(result, language)
    parts = (economics.economics, sets.sets, sets.frontier, economics.risk, economics.abatement,
             plans.screening, plans.plan, plans.claimed)  # fmt: skip
    return [table for part in parts for table in part()]
