"""What is told of each of many plants, as it would be told of the plant alone.

Most findings name their plant. Some are of a whole study, such as that the bills say nothing of
VAT: of many plants each gets its own, with its own numbers, where it would stand alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.energy import energy_factors
from sxsh_audit.assessment.months import phase_months
from sxsh_audit.assessment.saving_tables import SavingTables
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["NotShared", "told_of_each", "told_text"]

BEFORE_SEASONS = ("assess.idle_months", "assess.silent_meter", "assess.silent_product",
                  "assess.seasons")  # fmt: skip
"""What is told of a plant before the seasons of its periods."""

Told = dict[str, list[Finding]]


class NotShared(KeyError):
    """A finding is of the whole study, and it is not known of which plants it holds."""


def told_text(findings: Iterable[Finding]) -> str:
    """Return findings as JSON; empty without any."""
    records = [item.to_dict() for item in findings]
    return json.dumps(records, ensure_ascii=False, sort_keys=True) if records else ""


def told_of_each(
    found: SavingTables,
    study: Study,
    factor_set: str,
    language: Language,
    before: Mapping[str, Sequence[Finding]],
) -> dict[str, str]:
    """Return the findings of each plant as JSON, for the plants that have any.

    Parameters
    ----------
    found : SavingTables
        What was worked out for a study of many plants.
    study : Study
        The study.
    factor_set : str
        Factor set of the energy totals.
    language : {"vi", "en"}
        Language of a refusal.
    before : mapping of str to sequence of Finding
        What was found in the records of a plant.
    """
    told: Told = {}
    known: set[str] = set()
    for item in found.findings:
        if item.severity == "error":
            continue
        if item.place.facility:
            told.setdefault(item.place.facility, []).append(item)
        elif item.code not in known:  # those of one code stand together
            known.add(item.code)
            _share(item.code, told, found, study, factor_set, language)
    _seasons(told, found, study)
    texts: dict[tuple[int, ...], str] = {}
    out = {}
    for plant in [*told, *(plant for plant in before if plant not in told)]:
        items = [*before.get(plant, ()), *told.get(plant, ())]
        key = tuple(map(id, items))  # the same finding of many plants is one object
        if key not in texts:
            texts[key] = told_text(items)
        out[plant] = texts[key]
    return out


def _share(
    code: str, told: Told, found: SavingTables, study: Study, factor_set: str, language: Language
) -> None:
    """Give what is told of a whole study to the plants of whom it holds."""
    if code == "assess.season_of_periods":
        return  # that one plant has unlike seasons of its own says nothing of the others
    if code == "assess.vat_of_bills":
        shares = _of_bills(found)
    elif code == "assess.no_energy_factor":
        shares = _without_factor(found, study, factor_set, language)
    else:
        raise NotShared(code)
    for plant, item in shares:
        told.setdefault(plant, []).append(item)


def _of_bills(found: SavingTables) -> Iterator[tuple[str, Finding]]:
    """Each plant with its resources whose price comes from bills."""
    savings = found.savings
    rows = savings[(savings["price_source"] == "bills").to_numpy()]
    resources, names = pd.factorize(rows["resource"].astype(object), sort=True)
    plants, keys = pd.factorize(rows["facility"].astype(object))
    used = np.zeros((len(keys), len(names)), dtype=bool)
    used[plants, resources] = True
    sets, of = np.unique(np.packbits(used, axis=1), axis=0, return_inverse=True)
    each = [Finding("assess.vat_of_bills", "note", numbers={"resources": list(names[mask])})
            for mask in np.unpackbits(sets, axis=1, count=len(names)).astype(bool)]  # fmt: skip
    for plant, number in zip(keys, of.ravel(), strict=True):
        yield plant, each[number]


def _without_factor(
    found: SavingTables, study: Study, factor_set: str, language: Language
) -> Iterator[tuple[str, Finding]]:
    """Each plant with the resources, in its unit, that the factor set does not cover."""
    named = {item.place.resource for item in found.findings
             if item.code == "assess.no_energy_factor"}  # fmt: skip
    savings = found.savings
    rows = savings.loc[savings["resource"].isin(list(named)), ["facility", "resource", "unit"]]
    rows = rows[rows["unit"].notna()].astype(object)
    pairs = rows[["resource", "unit"]].drop_duplicates()
    shares: list[tuple[str, str, Finding]] = []
    for resource, unit in pairs.itertuples(index=False, name=None):
        one = pd.DataFrame({"facility": [""], "resource": [resource], "unit": [unit]})
        plants = rows.loc[(rows["resource"] == resource) & (rows["unit"] == unit), "facility"]
        for item in energy_factors(study, one, factor_set, language)[2]:
            shares += [(plant, resource, item) for plant in plants]
    shares.sort(key=lambda share: share[:2])
    return ((plant, item) for plant, _, item in shares)


def _seasons(told: Told, found: SavingTables, study: Study) -> None:
    """Tell of periods of unlike calendar months, where a plant's own months do not say more."""
    spans: dict[str, set[Any]] = {
        phase: {month % 12 for month in phase_months(study, phase)} for phase in PHASES
    }
    if not all(spans.values()) or spans["baseline"] == spans["reporting"]:
        return
    numbers = {phase: sorted(month + 1 for month in spans[phase]) for phase in PHASES}
    item = Finding("assess.season_of_periods", "warning", numbers=numbers)
    for plant in found.savings["facility"].astype(object).unique():
        items = told.setdefault(plant, [])
        if not any(one.code == "assess.seasons" for one in items):
            items.insert(_end_of(items, BEFORE_SEASONS), item)


def _end_of(items: Sequence[Finding], codes: Sequence[str]) -> int:
    """Return how many of the first findings have one of the codes."""
    return next((i for i, item in enumerate(items) if item.code not in codes), len(items))
