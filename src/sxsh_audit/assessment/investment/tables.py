"""Everything that is asked of the options as investments, in one pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sxsh_audit.assessment.emission_factors import EmissionFactor, emission_factors
from sxsh_audit.assessment.flows.claimed import YearlyFlow, flows_as_end_uses
from sxsh_audit.assessment.investment.best_set import best_sets
from sxsh_audit.assessment.investment.carbon import abatement_table
from sxsh_audit.assessment.investment.chance import risk_tables
from sxsh_audit.assessment.investment.claims import claimed_table, end_use_claims
from sxsh_audit.assessment.investment.doubts import doubts
from sxsh_audit.assessment.investment.economics import economics_table
from sxsh_audit.assessment.investment.plan import plan_table
from sxsh_audit.assessment.investment.sifting import screening_table
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import OPTION, venture_table
from sxsh_audit.assessment.target import Target
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.study import Study

__all__ = ["Basis", "investment_tables"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the assessment has found so far.

    Parameters
    ----------
    study : Study
        Checked records.
    options, savings : DataFrame
        Options by simple payback, and what each saves.
    measured : DataFrame
        Savings per unit of product.
    annual : DataFrame or None
        Use of a year of each plant and resource.
    target : Target
        Rule and band.
    flows : mapping
        What each flow is in a year, by plant and id.
    """

    study: Study
    options: pd.DataFrame
    savings: pd.DataFrame
    measured: pd.DataFrame
    annual: pd.DataFrame | None
    target: Target
    flows: Mapping[tuple[str, str], YearlyFlow]


def investment_tables(
    basis: Basis,
    terms: Terms,
    language: Language,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, pd.DataFrame], dict[str, EmissionFactor], list[Finding]]:
    """Answer what the terms ask.

    Parameters
    ----------
    basis : Basis
        What the assessment has found so far.
    terms : Terms
        What the user stated; a question that nobody asked leaves an empty table.
    language : {"vi", "en"}
        Language of a refusal.
    progress : callable, optional
        Called while chances are drawn, with the plants done and those there are.

    Returns
    -------
    dict of str to DataFrame
        ``economics, portfolio, portfolio_savings, frontier, risk, tornado, abatement,
        screening, plan, claimed``, and ``end_use_claims`` for the reconciliation.
    dict of str to EmissionFactor
        The factors used.
    list of Finding
    """
    study = basis.study
    ventures = venture_table(study, basis.options, terms)
    live = ventures[ventures["status"] != "dropped"].reset_index(drop=True)
    savings = basis.savings.merge(live[OPTION], on=OPTION)
    findings = doubts(study, live, savings, basis.annual, terms, basis.target)
    end_uses, savings = flows_as_end_uses(study.tables.end_uses, savings, basis.flows)
    factors: dict[str, EmissionFactor] = {}
    if terms.grid_year is not None or terms.emission_factors:
        rows = savings[~savings["demand"] & savings["resource"].ne("") & savings["unit"].ne("")]
        units = dict(zip(rows["resource"], rows["unit"], strict=True))
        found_factors = emission_factors(
            dict(sorted(units.items())), grid_year=terms.grid_year,
            file=terms.emission_factors or None, language=language)  # fmt: skip
        factors = {name: one for name, one in found_factors.items() if not math.isnan(one.value)}
    categories = dict(zip(basis.measured["resource"], basis.measured["category"], strict=True))
    tonnes = {name: factor.value for name, factor in factors.items()}
    portfolio, parts, frontier, found = best_sets(
        live, savings, basis.measured, basis.annual, end_uses, tonnes, terms, basis.target,
        progress)
    findings += found
    risk, tornado, found = risk_tables(live, savings, terms, progress)
    findings += found
    abatement, found = abatement_table(live, savings, categories, factors, terms)
    findings += found
    asked = (study, live, savings, basis.annual, basis.measured, end_uses)
    frames = {
        "economics": economics_table(live, savings, terms), "portfolio": portfolio,
        "portfolio_savings": parts,
        "frontier": frontier, "risk": risk, "tornado": tornado, "abatement": abatement,
        "screening": screening_table(live, terms), "plan": plan_table(ventures),
        "claimed": claimed_table(*asked), "end_use_claims": end_use_claims(*asked),
    }  # fmt: skip
    return frames, factors, findings
