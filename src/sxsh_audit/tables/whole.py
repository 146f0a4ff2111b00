"""Faults that only the tables together show: periods without records, unequal bases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.periods import Period
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.days import EPOCH, NO_DAY
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import choice_keys
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.whole_baseline import baseline_settings

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import CheckedTables

__all__ = ["PHASES", "days_of", "lies_in", "whole_study"]

PHASES = ("baseline", "reporting")
MOST_COMPARED = 100
"""Plants without consumption among which another name of a plant is looked for."""
UNREAD_SETTINGS = frozenset({"file.toml", "file.toml_encoding"})


def whole_study(
    raw: Mapping[str, RawTable],
    tables: CheckedTables,
    settings: StudySettings,
    found: Sequence[Finding],
) -> list[Finding]:
    """Return the faults of the tables together, without the consequences of those in `found`.

    Parameters
    ----------
    raw : mapping of str to RawTable
        Tables as typed, for the places.
    tables : CheckedTables
        Tables as read.
    settings : StudySettings
        Periods and the rule for several products.
    found : sequence of Finding
        What is known already.
    """
    errors = [item for item in found if item.severity == "error"]
    if not any(map(len, (tables.consumption, tables.options, tables.flows))):
        # With faults already told, an empty study is their consequence and not another fault.
        return [] if errors else [Finding("study.empty", "error")]
    findings: list[Finding] = []
    unread = any(item.code.startswith("file.") for item in errors)
    if len(tables.consumption):
        if not len(tables.production):
            if not unread and not _at_fault(raw, "production", errors):
                findings.append(Finding("study.no_production", "error"))
        else:
            if not unread and not errors:
                findings += _without_output(raw, tables)
            findings += _bases(raw, tables, settings)
            findings += _several_products(raw, tables, settings)
        findings += _phases(raw, tables, settings, errors)
        if not errors:  # a name that could not be read may be the one that a setting means
            findings += baseline_settings(tables, settings)
    return findings + _mixed(raw, tables, settings)


def days_of(period: Period | None) -> tuple[int, int] | None:
    """First and last day of a period as days since 1970-01-01."""
    if period is None:
        return None
    return (period.start - EPOCH).days, (period.end - EPOCH).days


def _at_fault(raw: Mapping[str, RawTable], name: str, errors: Sequence[Finding]) -> bool:
    """Whether the table has an error that may be the cause of what it lacks."""
    if name not in raw:
        return False
    where = (raw[name].file, raw[name].sheet)
    return any((item.place.file, item.place.sheet) == where for item in errors)


def _without_output(raw: Mapping[str, RawTable], tables: CheckedTables) -> list[Finding]:
    """Tell of plants that use something and make nothing: production may name them otherwise."""
    used = tables.consumption.drop_duplicates("facility")
    made = set(tables.production["facility"])
    idle = tuple(sorted(made - set(used["facility"])))
    findings = []
    for plant, row in zip(used["facility"], used["row"], strict=True):
        if plant in made:
            continue
        # Where all names differ there is nothing to suggest, and much to compare.
        near = list(nearest(plant, idle)) if len(idle) <= MOST_COMPARED else []
        code = "study.plant_named_otherwise" if near else "study.plant_without_output"
        place = replace(raw["consumption"].row_place(int(row)), facility=plant)
        findings.append(Finding(code, "warning", place, "", {"plant": plant, "near": near}))
    return findings


def _several_products(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    """Unlike products are added only by a rule that the study names."""
    table, rule = tables.production, settings.output
    named = table[table["product"] != ""]
    counts = named.groupby("facility")["product"].nunique()
    several = named[named["facility"].isin(counts.index[counts > 1])]
    names = sorted(set(several["product"]))
    place = raw["production"].place()
    if not len(several):
        made = sorted(set(named["product"]))
        if rule and rule not in ("equivalence", "mass", *made):
            numbers = {"rule": rule, "products": made or ["–"]}
            return [Finding("study.unknown_output", "error", Place(), "", numbers)]
        return []
    if not rule:
        return [Finding("study.several_products", "error", place, "", {"products": names})]
    if rule == "mass":
        unlike = sorted(set(several["unit"]) - {"t", ""})
        if unlike:
            return [Finding("study.not_mass", "error", place, "", {"units": unlike})]
    elif rule == "equivalence":
        known = tables.products[tables.products["equivalence"].notna()]
        pairs = set(zip(known["facility"], known["product"], strict=True))
        made_by = set(zip(several["facility"], several["product"], strict=True))
        missing = sorted({product for _, product in made_by - pairs})
        if missing:
            numbers = {"products": missing}
            return [Finding("study.no_equivalence", "error", place, "", numbers)]
    else:
        # Each plant must make the product that stands for it.
        findings = []
        for plant, rows in several.groupby("facility")["product"]:
            own = sorted(set(rows))
            if rule not in own:
                numbers = {"rule": rule, "products": own}
                plant_place = Place(facility=str(plant) if len(counts) > 1 else "")
                findings.append(Finding("study.unknown_output", "error", plant_place, "", numbers))
        return findings
    return []


def _row_phases(table: pd.DataFrame, settings: StudySettings) -> np.ndarray[Any, Any]:
    """Phase in which each row lies wholly or in part; empty for none."""
    out = table["phase"].to_numpy(dtype=object).copy()
    for phase in PHASES:
        out[lies_in(table, settings, phase)] = phase
    return out


def lies_in(
    table: pd.DataFrame, settings: StudySettings, phase: str
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a row is a total of the phase or has days in it; a long bill lies in both."""
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    inside = (table["phase"] == phase).to_numpy(dtype=bool)
    days = days_of(getattr(settings, phase))
    if days is not None:
        inside = inside | ((start != NO_DAY) & (start <= days[1]) & (end >= days[0]))
    return np.asarray(inside, dtype=bool)


def _phases(
    raw: Mapping[str, RawTable],
    tables: CheckedTables,
    settings: StudySettings,
    errors: Sequence[Finding],
) -> list[Finding]:
    findings: list[Finding] = []
    dated = tables.consumption["start"].to_numpy()
    dated = dated[dated != NO_DAY]
    missing = [phase for phase in PHASES if getattr(settings, phase) is None]
    if missing and len(dated):
        if any(item.numbers.get("key", "").partition(".")[0] in missing
               or item.code in UNREAD_SETTINGS for item in errors):  # fmt: skip
            return []
        years = sorted({(EPOCH + dt.timedelta(days=int(day))).year for day in np.unique(dated)})
        numbers = {"years": years, "first": years[0], "last": years[-1]}
        return [Finding("study.no_periods", "error", Place(), "", numbers)]
    for name in ("production", "consumption"):
        table: pd.DataFrame = getattr(tables, name)
        if name not in raw or not len(table):
            continue
        phases = _row_phases(table, settings)
        outside = np.flatnonzero((phases == "") & (table["start"].to_numpy() != NO_DAY))
        where = Place(raw[name].file, raw[name].sheet)
        if len(outside):
            numbers = {"count": len(outside), "rows": len(table)}
            row = int(table["row"].iloc[outside[0]])
            place = raw[name].row_place(row)
            findings.append(Finding("study.outside_periods", "note", place, "", numbers))
        if _at_fault(raw, name, errors):
            continue
        for phase in PHASES:
            if not lies_in(table, settings, phase).any():
                numbers = {"phase": phase, "table": name}
                findings.append(Finding("study.empty_phase", "error", where, "", numbers))
    return findings


def _mixed(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    """Report a total of a phase beside dated rows of it: they would count twice."""
    findings = []
    for name, key in (("production", "product"), ("consumption", "resource"),
                      ("drivers", "driver"), ("flows", "flow")):  # fmt: skip
        table: pd.DataFrame = getattr(tables, name)
        if name not in raw or not len(table):
            continue
        dated = table["start"].to_numpy() != NO_DAY
        if dated.all() or not dated.any():
            continue
        frame = table.assign(in_phase=_row_phases(table, settings), dated=dated)
        keys = ["facility", key, *(["meter"] if name == "consumption" else []), "in_phase"]
        frame = frame[frame["in_phase"] != ""]
        totals = frame[~frame["dated"]].drop_duplicates(keys)
        both = totals.merge(frame.loc[frame["dated"], [*keys, "row"]].drop_duplicates(keys),
                            on=keys, suffixes=("", "_dated"))  # fmt: skip
        for _, item in both.iterrows():
            place = raw[name].row_place(int(item["row"]))
            numbers = {"phase": str(item["in_phase"]), "first": int(item["row_dated"])}
            findings.append(Finding("study.total_and_dates", "error", place, "", numbers))
    return findings


def _bases(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    """Good output is not gross output, and starch at 12 % moisture is not wet starch."""
    findings: list[Finding] = []
    table = tables.production
    if not any(len(set(table[column])) > 1 for column in ("output_basis", "basis")):
        return findings
    frame = table.assign(in_phase=_row_phases(table, settings))
    frame = frame[frame["in_phase"] != ""]
    for column, known in (("output_basis", choice_keys("output_basis")), ("basis", ())):
        kinds = frame.drop_duplicates(["facility", "product", "in_phase", column])
        counts = kinds.groupby(["facility", "product"])[column].nunique()
        for facility, product in counts.index[counts > 1]:
            rows = kinds[(kinds["facility"] == facility) & (kinds["product"] == product)]
            named = {
                phase: [f"{column}.{value}" if value in known else value or "–" for value in
                        sorted(set(rows.loc[rows["in_phase"] == phase, column]))] or ["–"]
                for phase in PHASES
            }  # fmt: skip
            place = raw["production"].row_place(int(rows["row"].iloc[-1]))
            numbers = {"product": str(product) or "–", **named}
            findings.append(Finding(f"study.{column}", "error", place, "", numbers))
    return findings
