"""What a person should know about the records of options as investments, on the very cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.investment.cells import ROUNDING
from sxsh_audit.assessment.investment.sifting import CRITERIA
from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.assessment.investment.ventures import DONE, OPTION
from sxsh_audit.assessment.prices import KEYS
from sxsh_audit.assessment.target import Target
from sxsh_audit.findings import Finding, Severity
from sxsh_audit.tables.folding import tidy_findings
from sxsh_audit.tables.study import Study

__all__ = ["doubts"]


def doubts(
    study: Study, live: pd.DataFrame, savings: pd.DataFrame, annual: pd.DataFrame | None,
    terms: Terms, target: Target,
) -> list[Finding]:  # fmt: skip
    """Return what is told of the options: each on its cell, many alike folded.

    Parameters
    ----------
    study : Study
        Its places say where each figure was typed.
    live, savings : DataFrame
        Options that are not dropped, from
        :func:`~sxsh_audit.assessment.investment.ventures.venture_table`, and what they save.
    annual : DataFrame or None
        Use of a year of each plant and resource.
    terms : Terms
        What was asked: a missing lifetime is told where there is a rate.
    target : Target
        Whose programme caps support.
    """
    found = [*_without_lifetime(study, live, terms), *_without_scores(study, live, terms),
             *_over_support(study, live, target)]  # fmt: skip
    if annual is not None and len(study.tables.end_uses):
        found += [*_over_whole(study, annual), *_over_end_use(study, live, savings, annual)]
    return tidy_findings(found, fold=study.folded)


def _at(
    study: Study, code: str, table: str, row: int, fields: tuple[str, ...],
    severity: Severity = "warning", **numbers: Any,
) -> Finding:  # fmt: skip
    """Make a finding on a cell."""
    place = study.places.place(table, row, *fields)
    return Finding(code, severity, place, study.places.typed(table, row, fields[0]), numbers)


def _without_lifetime(study: Study, live: pd.DataFrame, terms: Terms) -> Iterator[Finding]:
    if terms.rate is None:
        return
    silent = live[live["life_years"].isna() & (live["status"] != DONE)]
    for option, row in zip(silent["option"], silent["row"], strict=True):
        yield _at(study, "invest.no_lifetime", "options", int(row), ("lifetime", "option"),
                  option=str(option))  # fmt: skip


def _without_scores(study: Study, live: pd.DataFrame, terms: Terms) -> Iterator[Finding]:
    if not terms.screening:
        return
    weighted = [f"score_{name}" for name in CRITERIA if terms.screening.get(name, 0.0) > 0]
    for record in records_of(live):
        missing = [name for name in weighted if np.isnan(record[name])]
        if missing:
            yield _at(study, "invest.no_scores", "options", int(record["row"]),
                      (missing[0], "option"), option=str(record["option"]))  # fmt: skip


def _over_support(study: Study, live: pd.DataFrame, target: Target) -> Iterator[Finding]:
    """Tell of plants whose support is more than the programme may pay to one establishment."""
    currency = study.settings.currency
    supports = target.programme.supports if target.programme else ()
    for _, rows in live[live["subsidy"] > 0].groupby("facility", sort=True):
        total = float(rows["subsidy"].sum())
        for cap in supports:
            if cap.currency == currency and total > cap.most:
                yield _at(study, "invest.support_over_cap", "options", int(rows["row"].iloc[0]),
                          ("subsidy",), "note", support=total, most=cap.most, law=cap.legal_ref,
                          currency=currency)  # fmt: skip


def _over_whole(study: Study, annual: pd.DataFrame) -> Iterator[Finding]:
    """Tell of resources whose end uses together are more than is used."""
    table = study.tables.end_uses.merge(annual[[*KEYS, "annual_use"]], on=KEYS)
    table["part"] = table["share"].fillna(table["quantity"] / table["annual_use"])
    for (_, resource), rows in table.groupby(KEYS, sort=True):
        total = float(rows["part"].sum())
        if total > 1 + ROUNDING:
            last = max(records_of(rows), key=lambda record: record["row"])
            field = "quantity" if np.isnan(last["share"]) else "share"
            yield _at(study, "invest.end_uses_over_use", "end_uses", int(last["row"]), (field,),
                      resource=str(resource), sum=total)  # fmt: skip


def _over_end_use(
    study: Study, live: pd.DataFrame, savings: pd.DataFrame, annual: pd.DataFrame
) -> Iterator[Finding]:
    """Tell of options that save more than their end use holds."""
    keys = [*OPTION, "resource", "end_use"]
    located = savings[(savings["end_use"] != "") & ~savings["demand"]]
    yearly = located.groupby(keys, as_index=False).agg(yearly=("quantity", "sum"))
    first = study.tables.option_savings.groupby(keys, as_index=False).agg(row=("row", "min"))
    table = yearly.merge(first, on=keys)
    table = table.merge(annual[[*KEYS, "annual_use", "unit"]], on=KEYS)
    listed = study.tables.end_uses[[*KEYS, "end_use", "share", "quantity"]]
    table = table.merge(listed, on=[*KEYS, "end_use"])
    table["held"] = (table["share"] * table["annual_use"]).fillna(table["quantity"])
    table = table.merge(live[[*OPTION, "saving_change", "life_years"]], on=OPTION)
    # A saving that grows from year to year may outgrow its end use.
    years = np.maximum(np.ceil(table["life_years"].fillna(1.0)) - 1.0, 0.0)
    growth = np.maximum(table["saving_change"].fillna(0.0), 0.0)
    table["yearly"] *= (1.0 + growth) ** years
    for record in records_of(table[table["yearly"] > table["held"] * (1 + ROUNDING)]):
        yield _at(study, "invest.more_than_end_use", "option_savings", int(record["row"]),
                  ("quantity",), option=record["option"], end_use=record["end_use"],
                  resource=record["resource"], saved=float(record["yearly"]),
                  held=float(record["held"]), unit=record["unit"])  # fmt: skip
