"""From the checked tables of a study to its flow sheets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.figure_errors import figure_errors
from sxsh_audit.assessment.flows.flow_sheet import Content, Flow, FlowSheet, FlowStep
from sxsh_audit.assessment.prices import baseline_prices
from sxsh_audit.calc.uncertainty import standard_uncertainty
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["flow_sheets", "relative_sd"]

_FLOW_TEXTS = ("flow", "name", "source", "target", "resource", "substance", "kind", "unit",
               "follows", "hazard", "waste_code", "treatment", "cause", "quality",
               "shown_unit")  # fmt: skip


class _Identity(NamedTuple):
    """What tells one flow sheet of a study from another."""

    facility: str
    phase: str
    batch: str


def flow_sheets(study: Study) -> tuple[tuple[FlowSheet, ...], list[Finding]]:
    """Return the flow sheets of a study, by plant, period and batch.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    tuple of FlowSheet
    list of Finding
        Rows outside the periods, flows that do not cover the same days, flows without an error.

    Notes
    -----
    Rows of one flow are added up over the days of a period. A row without an amount, or days
    without a row on which other flows are known, leave the sum unknown: a month that was not
    measured is not a month without a flow.
    """
    table = study.tables.flows
    if not len(table):
        return (), []
    findings: list[Finding] = []
    phases = _phases(study, table, findings)
    categories = _categories(study)
    prices = _prices(study)
    sheets = []
    for identity, rows in _groups(table, phases):
        days = _period_days(study, identity, rows)
        parts = {str(name): group for name, group in rows.groupby("flow", sort=False)}
        short = _short(parts)
        flows = tuple(_flow(group, categories, known=name not in short)
                      for name, group in parts.items())  # fmt: skip
        if short:
            labels = [flow.label for flow in flows if flow.flow in short]
            findings.append(Finding("flow.uneven_periods", "warning",
                                    Place(facility=identity.facility), "",
                                    {"flows": labels[:8]}))  # fmt: skip
        sheets.append(FlowSheet(
            identity.facility, identity.phase, identity.batch,
            _steps(study, identity, flows), flows, _contents(study, identity, flows),
            study.settings.currency, days, prices.get(identity.facility, ()),
        ))  # fmt: skip
    return tuple(sheets), findings


# -- which rows --------------------------------------------------------------------------------


def _phases(study: Study, table: pd.DataFrame, findings: list[Finding]) -> np.ndarray[Any, Any]:
    """Phase of each row; None for a row that is of no flow sheet."""
    out = table["phase"].to_numpy(dtype=object).copy()
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    dated = (start != NO_DAY) & (table["batch"] == "").to_numpy()
    spans = {phase: phase_days(study.settings, phase) for phase in PHASES}
    if all(span is None for span in spans.values()):
        return out
    inside = np.zeros(len(table), dtype=bool)
    for phase, span in spans.items():
        if span is not None:
            mine = dated & (start >= span[0]) & (end <= span[1])
            out[mine], inside = phase, inside | mine
    left = dated & ~inside
    if left.any():
        rows = table.loc[left, "row"].tolist()
        findings.append(Finding("flow.outside_periods", "warning", Place(), "",
                                {"count": int(left.sum()), "rows": rows[:10]}))  # fmt: skip
        out[left] = None
    return out


def _groups(
    table: pd.DataFrame, phases: np.ndarray[Any, Any]
) -> Iterator[tuple[_Identity, pd.DataFrame]]:
    """Yield the rows of each sheet: plants in order, baseline before reporting, batches last."""
    frame = table.assign(phase=phases)
    frame = frame[pd.notna(frame["phase"])]
    order = {"": 0, "baseline": 1, "reporting": 2}
    found = {
        _Identity(str(facility), str(phase), str(batch)): rows
        for (facility, phase, batch), rows in frame.groupby(["facility", "phase", "batch"],
                                                            sort=False)
    }  # fmt: skip
    for identity in sorted(found, key=lambda one: (one.facility, one.batch, order[one.phase])):
        yield identity, found[identity]


def _period_days(study: Study, identity: _Identity, rows: pd.DataFrame) -> int:
    if identity.batch:
        return 0
    dated = rows[rows["start"] != NO_DAY]
    if len(dated):
        # Flows by the month beside flows by the year cover the same days, and not twice as many.
        spans = dated[["start", "end"]].drop_duplicates().to_numpy(np.int64)
        return len(np.unique(np.concatenate([np.arange(a, b + 1) for a, b in spans])))
    span = phase_days(study.settings, identity.phase) if identity.phase else None
    return 0 if span is None else span[1] - span[0] + 1


def _short(parts: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the flows that lack days on which others are known."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for name, rows in parts.items():
        dated = rows[rows["start"] != NO_DAY]
        if len(dated):
            spans[name] = [(int(start), int(end)) for start, end in zip(
                dated["start"], dated["end"], strict=True)]
    if len(spans) < 2:
        return set()
    first = min(start for each in spans.values() for start, _ in each)
    last = max(end for each in spans.values() for _, end in each)
    covered = {}
    for name, each in spans.items():
        days = np.zeros(last - first + 1, dtype=bool)
        for start, end in each:
            days[start - first : end - first + 1] = True
        covered[name] = days
    every = np.any(list(covered.values()), axis=0)
    return {name for name, days in covered.items() if not np.array_equal(days, every)}


# -- records ------------------------------------------------------------------------------------


def relative_sd(size: float, meaning: str, quality: str) -> float:
    """Return the standard uncertainty of a figure [1]: as stated, else by its quality."""
    if not math.isnan(size):
        return float(standard_uncertainty(size, meaning or "limit"))
    known = figure_errors().get(quality)
    return math.nan if known is None else float(standard_uncertainty(known.size, known.meaning))


def _flow(rows: pd.DataFrame, categories: dict[str, str], *, known: bool) -> Flow:
    """Return one flow: the sum of its rows, with what the first of them says of each column.

    It is not known where it lacks days of the period.
    """
    rows = rows.sort_values(["start", "row"], kind="stable")
    first = {name: next((value for value in rows[name] if value not in ("", None)), "")
             for name in _FLOW_TEXTS}  # fmt: skip
    amount = float(rows["quantity"].sum(skipna=False)) if known else math.nan
    sizes = [relative_sd(size, meaning, quality) for size, meaning, quality in zip(
        rows["error"], rows["error_meaning"], rows["quality"], strict=True)]
    # One scale weighs all months of a flow: its error does not average out.
    sd = float(np.sum(np.abs(rows["quantity"].to_numpy(float)) * sizes))
    dated = rows["start"] != NO_DAY
    days = int((rows["end"] - rows["start"] + 1)[dated].sum()) if dated.any() else 0
    found: dict[str, Any] = {name: str(first[name]) for name in _FLOW_TEXTS}
    # The unit that is shown and its factor are of one row.
    shown = next((i for i, name in enumerate(rows["shown_unit"]) if name), 0)
    found |= {name: float(rows[column].sum(skipna=False)) for name, column in (
        ("low", "quantity_low"), ("high", "quantity_high"), ("cost", "cost"))}  # fmt: skip
    return Flow(
        **found, category=categories.get(found["resource"], ""), amount=amount, sd=sd,
        density=_density(rows, amount, found["unit"]),
        cost_share=next((float(one) for one in rows["cost_share"] if not math.isnan(one)),
                        math.nan),
        days=days, shown_factor=float(rows["shown_factor"].iloc[shown]),
        row=int(rows["row"].min()),
    )  # fmt: skip


def _density(rows: pd.DataFrame, amount: float, unit: str) -> float:
    """Return the density of all rows together [t/m³]: all their mass in all their volume.

    A row that states none has that of the others, as with every text of a flow.
    """
    stated = rows["density"].to_numpy(float)
    known = stated[~np.isnan(stated)]
    if not len(known) or (known == known[0]).all() or not amount > 0:
        return float(known[0]) if len(known) else math.nan
    parts = rows["quantity"].to_numpy(float)
    told = ~np.isnan(stated) & (parts > 0)
    if not told.any():
        return float(known[0])
    parts, stated = parts[told], stated[told]
    if unit == "t":
        return float(parts.sum() / (parts / stated).sum())
    return float((parts * stated).sum() / parts.sum())


def _steps(study: Study, identity: _Identity, flows: tuple[Flow, ...]) -> tuple[FlowStep, ...]:
    """Return the listed steps of the plant, then those that flows alone name."""
    table = study.tables.steps
    mine = table[table["facility"] == identity.facility]
    # A row for this very period or batch goes before one for all of them.
    own = mine[(mine["phase"] == identity.phase) & (mine["batch"] == identity.batch)]
    general = mine[(mine["phase"] == "") & (mine["batch"] == "")]
    found: dict[str, FlowStep] = {}
    for key in dict.fromkeys(mine["step"]):
        named = mine[mine["step"] == key]
        costs = own[own["step"] == key]
        costs = costs if len(costs) else general[general["step"] == key]
        system, waste = (
            float(costs[name].iloc[0]) if len(costs) else math.nan
            for name in ("system_cost", "waste_cost")
        )
        row = named.iloc[0]
        found[key] = FlowStep(key, str(row["name"]), str(row["parent"]), str(row["kind"]) or
                              "process", system, waste, str(row["key"]) or "mass")  # fmt: skip
    for flow in flows:
        for key in (flow.source, flow.target):
            if key:
                found.setdefault(key, FlowStep(key))
    used = {key for flow in flows for key in (flow.source, flow.target)}
    parents = {step.parent for step in found.values()}
    return tuple(step for key, step in found.items()
                 if key in used or key in parents
                 or not (math.isnan(step.system_cost) and math.isnan(step.waste_cost)))  # fmt: skip


def _contents(study: Study, identity: _Identity, flows: tuple[Flow, ...]) -> tuple[Content, ...]:
    table = study.tables.components
    mine = table[(table["facility"] == identity.facility)
                 & table["flow"].isin([flow.flow for flow in flows])]  # fmt: skip
    own = (mine["phase"] == identity.phase) & (mine["batch"] == identity.batch)
    general = (mine["phase"] == "") & (mine["batch"] == "")
    rows = pd.concat([mine[own], mine[general & ~own]]).drop_duplicates(["flow", "component"])
    found = []
    for row in rows.sort_values("row", kind="stable").to_dict("records"):
        size = relative_sd(row["error"], str(row["error_meaning"]), str(row["quality"]))
        found.append(Content(
            str(row["flow"]), str(row["component"]), float(row["quantity"]), str(row["unit"]),
            abs(float(row["quantity"])) * size, float(row["limit"]), str(row["limit_source"]),
            str(row["hazard"]), str(row["shown_unit"]), float(row["shown_factor"]),
            int(row["row"]),
        ))  # fmt: skip
    return tuple(found)


def _categories(study: Study) -> dict[str, str]:
    own = study.tables.resources
    shipped = {key: fact.category for key, fact in known_resources().items()}
    return {**shipped, **dict(zip(own["resource"], own["category"], strict=True))}


def _prices(study: Study) -> dict[str, tuple[tuple[str, float, str], ...]]:
    """Return the baseline price of each resource of each plant, with the unit it is for."""
    table, _ = baseline_prices(study)
    units = study.tables.consumption[["facility", "resource", "unit"]].drop_duplicates(
        ["facility", "resource"])  # fmt: skip
    named = study.tables.prices
    found: dict[str, list[tuple[str, float, str]]] = {}
    known = dict(zip(zip(units["facility"], units["resource"], strict=True), units["unit"],
                     strict=True))  # fmt: skip
    per = {(str(row["facility"]), str(row["resource"])): str(row.get("unit", ""))
           for row in named.to_dict("records")}  # fmt: skip
    for row in table.to_dict("records"):
        key = (str(row["facility"]), str(row["resource"]))
        if not math.isnan(row["price"]):
            unit = known.get(key) or per.get(key, "")
            found.setdefault(key[0], []).append((key[1], float(row["price"]), unit))
    return {plant: tuple(rows) for plant, rows in found.items()}
