"""From the checked tables of a study to its flow sheets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
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


Row = Mapping[Any, Any]


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
    steps, contents = (_by_plant(frame) for frame in
                       (study.tables.steps, study.tables.components))  # fmt: skip
    sheets = []
    for identity, rows in _groups(table, phases):
        days = _period_days(study, identity, rows)
        parts: dict[str, list[Row]] = {}
        for row in rows:
            parts.setdefault(str(row["flow"]), []).append(row)
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
            _steps(steps.get(identity.facility, ()), identity, flows), flows,
            _contents(contents.get(identity.facility, ()), identity, flows),
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


def _by_plant(table: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the records of a table by plant: a frame for each would cost more than its rows."""
    found: dict[str, list[Row]] = {}
    for row in records_of(table):
        found.setdefault(str(row["facility"]), []).append(row)
    return found


def _groups(
    table: pd.DataFrame, phases: np.ndarray[Any, Any]
) -> Iterator[tuple[_Identity, list[Row]]]:
    """Yield the rows of each sheet: plants in order, baseline before reporting, batches last."""
    order = {"": 0, "baseline": 1, "reporting": 2}
    found: dict[_Identity, list[Row]] = {}
    for row, phase in zip(records_of(table), phases, strict=True):
        if pd.notna(phase):
            identity = _Identity(str(row["facility"]), str(phase), str(row["batch"]))
            found.setdefault(identity, []).append(row)
    for identity in sorted(found, key=lambda one: (one.facility, one.batch, order[one.phase])):
        yield identity, found[identity]


def _spans(rows: Iterable[Row]) -> list[tuple[int, int]]:
    """Return first and last day of the rows that have days."""
    return [(int(row["start"]), int(row["end"])) for row in rows if row["start"] != NO_DAY]


def _period_days(study: Study, identity: _Identity, rows: Sequence[Row]) -> int:
    if identity.batch:
        return 0
    spans = set(_spans(rows))
    if spans:
        # Flows by the month beside flows by the year cover the same days, and not twice as many.
        return len(np.unique(np.concatenate([np.arange(a, b + 1) for a, b in spans])))
    span = phase_days(study.settings, identity.phase) if identity.phase else None
    return 0 if span is None else span[1] - span[0] + 1


def _short(parts: Mapping[str, Sequence[Row]]) -> set[str]:
    """Return the flows that lack days on which others are known."""
    every_one = {name: _spans(rows) for name, rows in parts.items()}
    spans = {name: each for name, each in every_one.items() if each}
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


def _column(rows: Sequence[Row], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([row[name] for row in rows], dtype=float)


def _flow(rows: Sequence[Row], categories: dict[str, str], *, known: bool) -> Flow:
    """Return one flow: the sum of its rows, with what the first of them says of each column.

    It is not known where it lacks days of the period.
    """
    rows = sorted(rows, key=lambda row: (row["start"], row["row"]))
    found: dict[str, Any] = {
        name: str(next((row[name] for row in rows if row[name] not in ("", None)), ""))
        for name in _FLOW_TEXTS}  # fmt: skip
    amounts = _column(rows, "quantity")
    amount = float(amounts.sum()) if known else math.nan
    sizes = [relative_sd(row["error"], row["error_meaning"], row["quality"]) for row in rows]
    # One scale weighs all months of a flow: its error does not average out.
    sd = float(np.sum(np.abs(amounts) * sizes))
    days = sum(end - start + 1 for start, end in _spans(rows))
    # The unit that is shown and its factor are of one row.
    shown = next((row for row in rows if row["shown_unit"]), rows[0])
    found |= {name: float(_column(rows, column).sum()) for name, column in (
        ("low", "quantity_low"), ("high", "quantity_high"), ("cost", "cost"))}  # fmt: skip
    shares = (float(row["cost_share"]) for row in rows)
    return Flow(
        **found, category=categories.get(found["resource"], ""), amount=amount, sd=sd,
        density=_density(rows, amount, found["unit"]),
        cost_share=next((one for one in shares if not math.isnan(one)), math.nan),
        days=days, shown_factor=float(shown["shown_factor"]),
        row=min(int(row["row"]) for row in rows),
    )  # fmt: skip


def _density(rows: Sequence[Row], amount: float, unit: str) -> float:
    """Return the density of all rows together [t/m³]: all their mass in all their volume.

    A row that states none has that of the others, as with every text of a flow.
    """
    stated = _column(rows, "density")
    known = stated[~np.isnan(stated)]
    if not len(known) or (known == known[0]).all() or not amount > 0:
        return float(known[0]) if len(known) else math.nan
    parts = _column(rows, "quantity")
    told = ~np.isnan(stated) & (parts > 0)
    if not told.any():
        return float(known[0])
    parts, stated = parts[told], stated[told]
    if unit == "t":
        return float(parts.sum() / (parts / stated).sum())
    return float((parts * stated).sum() / parts.sum())


def _steps(
    mine: Iterable[Row], identity: _Identity, flows: tuple[Flow, ...]
) -> tuple[FlowStep, ...]:
    """Return the listed steps of the plant, then those that flows alone name."""
    named: dict[str, list[Row]] = {}
    for row in mine:
        named.setdefault(str(row["step"]), []).append(row)
    found: dict[str, FlowStep] = {}
    for key, rows in named.items():
        # A row for this very period or batch goes before one for all of them.
        own = [row for row in rows if _is_of(row, identity.phase, identity.batch)]
        costs = own or [row for row in rows if _is_of(row, "", "")]
        system, waste = (float(costs[0][name]) if costs else math.nan
                         for name in ("system_cost", "waste_cost"))  # fmt: skip
        row = rows[0]
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


def _is_of(row: Row, phase: str, batch: str) -> bool:
    return bool(row["phase"] == phase and row["batch"] == batch)


def _contents(
    mine: Iterable[Row], identity: _Identity, flows: tuple[Flow, ...]
) -> tuple[Content, ...]:
    names = {flow.flow for flow in flows}
    rows = [row for row in mine if row["flow"] in names]
    chosen: dict[tuple[str, str], Row] = {}
    for phase, batch in ((identity.phase, identity.batch), ("", "")):
        for row in rows:
            if _is_of(row, phase, batch):
                chosen.setdefault((str(row["flow"]), str(row["component"])), row)
    found = []
    for row in sorted(chosen.values(), key=lambda row: row["row"]):
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
           for row in records_of(named)}  # fmt: skip
    for row in records_of(table):
        key = (str(row["facility"]), str(row["resource"]))
        if not math.isnan(row["price"]):
            unit = known.get(key) or per.get(key, "")
            found.setdefault(key[0], []).append((key[1], float(row["price"]), unit))
    return {plant: tuple(rows) for plant, rows in found.items()}
