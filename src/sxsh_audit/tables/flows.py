"""Flows of matter and energy between the steps of a plant and the world outside."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sxsh_audit.tables.amounts import Codes, Texts
from sxsh_audit.tables.columns import NO_DAY, ColumnReader
from sxsh_audit.tables.figure_errors import error_columns
from sxsh_audit.tables.flow_amounts import densities, flow_amounts
from sxsh_audit.tables.flow_steps import Spelt, batches_alone, near_words, spelt_component
from sxsh_audit.tables.fractions import read_fractions
from sxsh_audit.tables.keys import (
    agreeing,
    frame_of,
    group_codes,
    look_up,
    named_keys,
    report_overlaps,
    spelt_alike,
)
from sxsh_audit.tables.schema import choice_words, plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["LOSSES", "flows_table"]

LOSSES = ("defect", "waste_water", "solid_waste", "hazardous_waste", "emission_air", "heat_loss",
          "loss")  # fmt: skip
"""Kinds of flow that a plant loses; the others it keeps."""

ENDS = ("source", "target")
KEPT = ("product", "by_product", "internal", "recycle", "rework", "stock")
"""Kinds of flow that a plant keeps."""
INSIDE = ("internal", "recycle", "rework")
"""Kinds of flow that stay in the plant."""

ROUNDING = 1e-9
"""What a sum of shares may be above 1: 0.1 + 0.2 + 0.7 is not 1 to the last digit."""

TEXTS = ("waste_code", "treatment", "note")


class _Times(NamedTuple):
    start: Codes
    end: Codes
    phase: Texts
    batch: Texts


def flows_table(
    check: TableCheck, steps: pd.DataFrame, resources: pd.DataFrame, components: Spelt
) -> pd.DataFrame:
    """Check the flows: from where to where, of what, how much.

    Parameters
    ----------
    check : TableCheck
        The study.
    steps, resources : DataFrame
        Checked tables.
    components : mapping of (str, str) to str
        Components of the flows, by plant and folded name.

    Returns
    -------
    DataFrame
        Columns facility, flow, name, source and target (steps; empty is the world outside),
        resource, substance, kind (empty where it is not known whether what leaves is product or
        loss), phase, start, end (days since 1970-01-01), batch, quantity (canonical; nan where it
        is not measured), unit, density [t/m³], opening_stock, closing_stock, quantity_low,
        quantity_high, quality, error, error_meaning, cost [currency], cost_share [1], follows,
        hazard, waste_code, treatment, cause, note, shown_unit, shown_factor and row.
    """
    reader = check.readers["flows"]
    facilities, resource = check.facilities(reader), check.resource_keys(reader)
    source, target = _ends(reader, facilities, steps)
    names, substance = reader.texts("name"), reader.texts("substance")
    flows = _ids(reader, facilities, source, target, substance, names)
    groups = group_codes([facilities, flows]) if len(reader) else np.empty(0, np.int64)
    source, target = _one_way(reader, groups, source, target)
    names = agreeing(reader, groups, "name", names)
    resource = agreeing(reader, groups, "resource", resource)
    substance = agreeing(reader, groups, "substance", substance)
    kinds = _kinds(reader, groups, source, target)
    times = _times(reader, facilities, flows)
    fallback = look_up(resources, "resource", facilities, resource, "unit")
    amounts = flow_amounts(check, reader, facilities, flows, kinds, fallback)
    cost = check.money(reader, "cost", None)
    _no_cost_of(reader, cost, kinds, facilities, [source, target], steps)
    figures = amounts._asdict()
    shown = {name: figures.pop(name) for name in ("shown_unit", "shown_factor")}
    unit = figures.pop("unit")
    return frame_of(
        reader, facility=facilities, flow=flows, name=names, source=source, target=target,
        resource=resource, substance=substance, kind=kinds, phase=times.phase, start=times.start,
        end=times.end, batch=times.batch, quantity=figures.pop("quantity"), unit=unit,
        density=densities(reader, unit), **figures,
        quality=reader.choices("quality", check.settings.quality),
        **error_columns(reader, kinds=False), cost=cost,
        cost_share=_cost_shares(reader, facilities, flows, source, times),
        follows=_follows(reader, facilities, source, components),
        hazard=reader.choices("hazard"), cause=reader.choices("cause"),
        **{name: reader.texts(name) for name in TEXTS}, **shown,
    )  # fmt: skip


# -- what flows from where to where -------------------------------------------------------------


def _ends(reader: ColumnReader, facilities: Texts, steps: pd.DataFrame) -> tuple[Texts, Texts]:
    """Return the steps that each flow leaves and enters, spelt alike; empty is the outside."""
    words = named_keys(steps["facility"], steps["step"], steps["name"])
    listed: dict[str, dict[str, None]] = {}
    for plant, step in zip(steps["facility"], steps["step"], strict=True):
        if step:
            listed.setdefault(plant, {})[step] = None
    outside = choice_words("outside")
    own: dict[tuple[str, str], str] = {}
    ends = {name: reader.texts(name) for name in ENDS}
    for i in np.flatnonzero((ends["source"] != "") | (ends["target"] != "")).tolist():
        for name, texts in ends.items():
            at = (facilities[i], plain_word(texts[i]))
            if words.get(at):
                texts[i] = words[at]
            elif at[1] in outside or not texts[i]:
                texts[i] = ""
            elif at[0] in listed:
                near = near_words(reader, texts[i], partial(list[str], listed[at[0]]))
                reader.report("flow_tables.unknown_step", "error", i, name, texts[i], near=near)
            else:
                texts[i] = own.setdefault(at, texts[i])
    return ends["source"], ends["target"]


def _ids(
    reader: ColumnReader, facilities: Texts, source: Texts, target: Texts, substance: Texts,
    names: Texts,
) -> Texts:  # fmt: skip
    """Id of each flow, spelt alike; made of its ends and of what it is where none is typed."""
    flows, resource = reader.texts("flow"), reader.texts("resource")
    for i in np.flatnonzero((flows == "") & ((source != "") | (target != ""))).tolist():
        what = substance[i] or resource[i] or names[i]
        flows[i] = f"{source[i]} → {target[i]}".strip() + (f": {what}" if what else "")
    return spelt_alike(facilities, flows)


def _one_way(
    reader: ColumnReader, groups: Codes, source: Texts, target: Texts
) -> tuple[Texts, Texts]:
    """Return the ends of each flow: a further row may leave them blank, not contradict them."""
    typed = {name: reader.texts(name) for name in ENDS}
    blank = (typed["source"] == "") & (typed["target"] == "")
    first: dict[int, int] = {}
    for i in np.flatnonzero(~blank).tolist():
        j = first.setdefault(int(groups[i]), i)
        for name, ends in zip(ENDS, (source, target), strict=True):
            if ends[i] != ends[j] and not reader.faulty(i, *ENDS):
                reader.report("flow_tables.differs", "error", i,
                              name if reader.has(name) else None, typed[name][i],
                              first=int(reader.raw.rows[j]))  # fmt: skip
    source, target = source.copy(), target.copy()
    for i in np.flatnonzero(blank).tolist():
        j = first.get(int(groups[i]), i)
        source[i], target[i] = source[j], target[j]
    place = next(filter(reader.has, ("source", "target", "flow", "quantity")), None)
    for i in np.flatnonzero(source == target).tolist():
        if not reader.faulty(i, *ENDS):
            code = "flow_tables.same_step" if source[i] else "flow_tables.outside_twice"
            reader.report(code, "error", i, place, typed["source"][i])
    return source, target


def _kinds(reader: ColumnReader, groups: Codes, source: Texts, target: Texts) -> Texts:
    """Kind of each flow: as typed, else by its ends; what leaves the plant is product or loss."""
    typed = reader.texts("kind")
    kinds = agreeing(reader, groups, "kind", reader.choices("kind"))
    comes, leaves = source == "", target == ""
    inside = np.isin(kinds.astype(str), INSIDE)
    output = ~np.isin(kinds.astype(str), ["", "input", "stock", *INSIDE])
    for code, wrong in (
        ("flow_tables.kind_input", (kinds == "input") & ~comes),
        ("flow_tables.kind_stock", (kinds == "stock") & (comes | ~leaves)),
        ("flow_tables.kind_inside", inside & (comes | leaves)),
        ("flow_tables.kind_output", output & comes),
    ):
        for i in np.flatnonzero(wrong & ~(comes & leaves)).tolist():
            if not reader.faulty(i, "kind", *ENDS):
                reader.report(code, "error", i, "kind", typed[i])
    blank = kinds == ""
    kinds = np.where(blank & comes, "input", kinds)
    kinds = np.where(blank & ~comes & ~leaves, "internal", kinds).astype(object)
    for i in np.flatnonzero(blank & leaves & ~comes).tolist():
        if not reader.faulty(i, "kind", *ENDS):
            reader.report("flow_tables.no_kind", "warning", i,
                          "kind" if reader.has("kind") else None)  # fmt: skip
    return kinds


# -- when ---------------------------------------------------------------------------------------


def _times(reader: ColumnReader, facilities: Texts, flows: Texts) -> _Times:
    """Period, phase or batch of each row; rows of one flow must not tell of the same days."""
    start, end = reader.days()
    phase, batch = reader.choices("phase"), spelt_alike(facilities, reader.texts("batch"))
    dated = start != NO_DAY
    batches_alone(reader, batch, dated | (phase != ""))
    phase = np.where(dated, "", phase).astype(object)
    named = dated | (phase != "") | (batch != "")
    where = next(filter(reader.has, ("period", "start", "phase", "batch")), None)
    silent = {*facilities} - {*facilities[named]}
    told: set[str] = set()
    for i in np.flatnonzero(~named).tolist():
        if reader.faulty(i, "period", "start", "end", "phase", "batch"):
            continue
        if facilities[i] not in silent:
            reader.report("flow_tables.no_time", "error", i, where)
        elif facilities[i] not in told:
            # One flow sheet that says nowhere of when it is, such as that of a trial.
            told.add(facilities[i])
            reader.report("flow_tables.undated", "note", i)
    known = flows != ""
    if len(reader) > 1:
        codes = group_codes([facilities, flows, phase, batch])
        first: dict[int, int] = {}
        for i in np.flatnonzero(known & ~dated).tolist():
            j = first.setdefault(int(codes[i]), i)
            if j != i and not reader.faulty(i, "period", "start", "end", "phase", "batch"):
                reader.report("flow_tables.repeated", "error", i,
                              "flow" if reader.has("flow") else None, flows[i],
                              first=int(reader.raw.rows[j]))  # fmt: skip
    report_overlaps(reader, [facilities, flows, phase], start, end, known & dated,
                    code="flow_tables.overlap")  # fmt: skip
    return _Times(start, end, phase, batch)


# -- what it costs ------------------------------------------------------------------------------


def _no_cost_of(
    reader: ColumnReader, cost: Any, kinds: Texts, facilities: Texts, ends: list[Texts],
    steps: pd.DataFrame,
) -> None:
    """Say of which costs nothing is made: what stays or is made carries that of its step."""
    treats = set(zip(*(steps.loc[steps["kind"] == "treatment", name]
                       for name in ("facility", "step")), strict=True))  # fmt: skip
    cells = reader.cells("cost")
    kept = ~np.isnan(cost) & np.isin(kinds.astype(str), KEPT) & (ends[0] != "")
    for i in np.flatnonzero(kept).tolist():
        if not any((facilities[i], texts[i]) in treats for texts in ends) and cells is not None:
            reader.report("flow_tables.cost_of", "warning", i, "cost", cells[i])


def _cost_shares(
    reader: ColumnReader, facilities: Texts, flows: Texts, source: Texts, times: _Times
) -> Any:
    """Stated shares of what the step costs; one step gives no more than the whole, and no less.

    Less than the whole is right where a flow without a share takes the rest.
    """
    shares = read_fractions(reader, "cost_share", whole=True)
    given, cells = ~np.isnan(shares), reader.cells("cost_share")
    if cells is None or not given.any():
        return shares
    for i in np.flatnonzero(given & (source == "")).tolist():
        if not reader.faulty(i, *ENDS):
            reader.report("flow_tables.share_of_input", "warning", i, "cost_share", cells[i])
    codes = group_codes([facilities, source, times.phase, times.batch,
                         times.start.astype(object), times.end.astype(object)])  # fmt: skip
    sums: dict[int, float] = {}
    last: dict[int, int] = {}
    for i in np.flatnonzero(given & (source != "")).tolist():
        sums[codes[i]] = sums.get(codes[i], 0.0) + float(shares[i])
        last[codes[i]] = i
    for code, total in sums.items():
        if total > 1 + ROUNDING:
            reader.report("flow_tables.shares_over_whole", "error", last[code], "cost_share",
                          cells[last[code]], step=source[last[code]], sum=total)  # fmt: skip
    _no_rest(reader, shares, [facilities, source, times.phase, times.batch], flows, cells)
    return shares


def _no_rest(
    reader: ColumnReader, shares: Any, keys: list[Texts], flows: Texts, cells: Any
) -> None:
    """Report steps of which every flow states a share, and all of them together too little.

    A flow may state it in one month and be silent in the others.
    """
    stated: dict[int, dict[str, float]] = {}
    last: dict[int, int] = {}
    codes = group_codes(keys)
    for i in np.flatnonzero(keys[1] != "").tolist():
        mine = stated.setdefault(int(codes[i]), {})
        told = float(shares[i])
        mine[flows[i]] = np.fmax(mine.get(flows[i], np.nan), told)
        if not np.isnan(told):
            last[int(codes[i])] = i
    for code, mine in stated.items():
        total = sum(mine.values())  # nan where a flow is left to take the rest
        if total < 1 - ROUNDING and not reader.faulty(last[code], "cost_share"):
            reader.report("flow_tables.shares_under_whole", "error", last[code], "cost_share",
                          cells[last[code]], step=keys[1][last[code]], sum=total)  # fmt: skip


def _follows(
    reader: ColumnReader, facilities: Texts, source: Texts, components: Spelt
) -> Texts:
    """Component that the material cost of an input follows."""
    typed = reader.texts("follows")
    out = np.full(len(typed), "", dtype=object)
    for i in np.flatnonzero(typed != "").tolist():
        if choice_words("allocation_key").get(plain_word(typed[i])) == "mass":
            continue
        out[i] = spelt_component(reader, i, "follows", typed[i], facilities[i], components)
        if source[i] and not reader.faulty(i, "follows"):
            reader.report("flow_tables.follows_of", "warning", i, "follows", typed[i])
    return out
