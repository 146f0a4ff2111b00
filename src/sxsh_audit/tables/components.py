"""Components of flows: dry matter, COD, salt, a toxic substance, with limits if there are any."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sxsh_audit.tables.amounts import Amounts, Floats, Texts, unit_code
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.figure_errors import error_columns
from sxsh_audit.tables.flow_amounts import DENSITY, too_dense
from sxsh_audit.tables.flow_steps import batches_alone, near_words, of_plant
from sxsh_audit.tables.fractions import is_percentage
from sxsh_audit.tables.keys import (
    frame_of,
    group_codes,
    named_keys,
    report_repeats,
    spelt_alike,
)
from sxsh_audit.tables.schema import plain_word
from sxsh_audit.units import parse_unit

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["component_names", "components_table", "named_batches", "named_flows"]

FRACTION = "1"
GAS = "t/Nm3"
ALSO_FRACTION = "t/t"
CONTENTS = (FRACTION, DENSITY, GAS)
"""Canonical units of a content: of mass in mass, in a volume, in a volume of gas at 0 °C."""

ROUNDING = 1e-9
"""What a sum of fractions may be above 1."""


def component_names(check: TableCheck) -> dict[tuple[str, str], str]:
    """Return the components as they were spelt first, by plant and folded name."""
    reader = check.readers["components"]
    found: dict[tuple[str, str], str] = {}
    for plant, name in zip(check.facilities(reader), reader.texts("component"), strict=True):
        if name:
            found.setdefault((plant, plain_word(name)), name)
    return found


def components_table(check: TableCheck, flows: pd.DataFrame) -> pd.DataFrame:
    """Check the components: a fraction of the mass, or a concentration.

    Parameters
    ----------
    check : TableCheck
        The study.
    flows : DataFrame
        Checked table of flows.

    Returns
    -------
    DataFrame
        Columns facility, flow, component (spelt as it was first), phase, batch (both empty: in
        every row of the flow), quantity, unit (``1`` for t/t, ``t/m3``, of a gas ``t/Nm3``),
        limit (same unit), limit_source, quality, error, error_meaning, hazard, note, shown_unit,
        shown_factor and row.
    """
    reader = check.readers["components"]
    facilities = check.facilities(reader)
    keys = named_flows(reader, facilities, flows)
    components = spelt_alike(facilities, reader.texts("component"))
    phase, batch = reader.choices("phase"), spelt_alike(facilities, reader.texts("batch"))
    batches_alone(reader, batch, phase != "")
    batch = named_batches(reader, facilities, batch, flows)
    report_repeats(reader, [facilities, keys, phase, batch, components], "component")
    amounts = _contents(reader, "quantity", None)
    limit = _contents(reader, "limit", amounts)
    values, units = amounts.canonical(), amounts.names()
    for i in np.flatnonzero((units != "") & (limit.names() != "") & (limit.names() != units)):
        reader.report("flow_tables.limit_unit", "error", int(i), "limit",
                      limit.units[limit.codes[i]].text, expected=units[i])  # fmt: skip
    _of_flow(reader, facilities, keys, units, flows)
    _sums(reader, [facilities, keys, phase, batch], values, units)
    shown, factor = amounts.shown()
    return frame_of(
        reader, facility=facilities, flow=keys, component=components, phase=phase, batch=batch,
        quantity=values, unit=np.where(units == "", limit.names(), units).astype(object),
        limit=limit.canonical(), limit_source=reader.texts("limit_source"),
        quality=reader.choices("quality", check.settings.quality),
        **error_columns(reader, kinds=False), hazard=reader.choices("hazard"),
        note=reader.texts("note"), shown_unit=shown, shown_factor=factor,
    )  # fmt: skip


def named_flows(reader: ColumnReader, facilities: Texts, flows: pd.DataFrame) -> Texts:
    """Flow of each row, called by its id or its name; one that is not there is a fault."""
    typed = reader.texts("flow")
    if not (typed != "").any():
        return typed
    words = named_keys(flows["facility"], flows["flow"], flows["name"])
    listed: dict[str, dict[str, None]] = {}
    for plant, flow in zip(flows["facility"], flows["flow"], strict=True):
        if flow:
            listed.setdefault(plant, {})[flow] = None
    for i in np.flatnonzero(typed != "").tolist():
        found = words.get((facilities[i], plain_word(typed[i])))
        if found is None:
            mine = listed.get(facilities[i], {})
            near = near_words(reader, typed[i], partial(list[str], mine))
            reader.report("flow_tables.unknown_flow", "error", i, "flow", typed[i], near=near)
        typed[i] = found or ""
    return typed


def named_batches(
    reader: ColumnReader, facilities: Texts, typed: Texts, flows: pd.DataFrame
) -> Texts:
    """Return batches as the table of flows spells them; one that is not there is a fault."""
    batch = typed.copy()
    if not len(flows):
        return batch
    pairs = zip(flows["facility"], flows["batch"], strict=True)
    known = {(plant, plain_word(one)): one for plant, one in pairs if one}
    for i in np.flatnonzero(batch != "").tolist():
        plant = facilities[i]
        found = known.get((plant, plain_word(batch[i])))
        if found is None:
            near = near_words(reader, batch[i], partial(of_plant, known, plant))
            reader.report("flow_tables.unknown_batch", "error", i, "batch", batch[i], near=near)
        else:
            batch[i] = found
    return batch


# -- figures ------------------------------------------------------------------------------------


def _contents(reader: ColumnReader, name: str, like: Amounts | None) -> Amounts:
    """Read a column of contents: «12 %», 0.12, «350 mg/L», «1,2 g/kg».

    A bare number takes the unit of its row in `like`; without any it is a fraction, 0 to 1.
    """
    cells, count = reader.cells(name), len(reader)
    if cells is None:
        return Amounts(np.full(count, np.nan), np.full(count, -1), ())
    signed = np.array([isinstance(cell, str) and is_percentage(cell) for cell in cells], dtype=bool)
    column = reader.texts("unit")
    as_object = np.array([*cells, None], dtype=object)[:-1]
    if signed.any():
        for wanted in (signed, ~signed):
            part = as_object.copy()
            part[~wanted] = None
            reader.replace_cells(name, part)
            if wanted is signed:
                fractions = reader.numbers(name)
    read = reader.amounts(name, "unit", None if like is None else like.typed(), needs_unit=False)
    reader.replace_cells(name, cells)
    units = [replace(unit, canonical=FRACTION) if unit.canonical == ALSO_FRACTION else unit
             for unit in read.units]  # fmt: skip
    values, codes = read.values.copy(), read.codes.copy()
    one, hundredth = unit_code(parse_unit(FRACTION), units), unit_code(parse_unit("%"), units)
    if signed.any():
        values[signed], codes[signed] = fractions[signed] * 100, hundredth
        for i in np.flatnonzero(signed & ~np.isin(column.astype(str), ["", "%"])).tolist():
            reader.report("table.unit_conflict", "error", i, "unit", column[i], first="%",
                          second=column[i])  # fmt: skip
    bare = ~np.isnan(values) & (codes < 0) & (column == "")
    codes[bare] = one
    found = Amounts(values, codes, units)
    _checked(reader, name, found, bare, signed)
    return found


def _checked(
    reader: ColumnReader, name: str, amounts: Amounts,
    bare: np.ndarray[tuple[int], np.dtype[np.bool_]],
    signed: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> None:  # fmt: skip
    """Report what is no content, and one that has two readings."""
    values, units, cells = amounts.canonical(), amounts.names(), reader.cells(name)
    assert cells is not None
    given = ~np.isnan(values)
    if reader.heading_unit.get(name, "") == "%":
        # A spreadsheet keeps 60 % as 0.6: a figure up to 1 below «%» may be either.
        asked = given & ~signed & (units == FRACTION) & (values > 0) & (amounts.values <= 1)
        for i in np.flatnonzero(asked & (reader.texts("unit") == "")).tolist():
            reader.report("table.percent_or_fraction", "error", i, name, cells[i],
                          number=float(f"{amounts.values[i]:.12g}"),
                          fraction=float(f"{amounts.values[i]:.12g}") / 100)  # fmt: skip
    for i in np.flatnonzero(given & bare & (values > 1)).tolist():
        reader.report("flow_tables.no_content_unit", "error", i, name, cells[i])
    for i in np.flatnonzero(given & (units != "") & ~np.isin(units.astype(str), CONTENTS)).tolist():
        reader.report("flow_tables.content_unit", "error", i, name, cells[i])
    for i in np.flatnonzero(given & ~bare & (units == FRACTION) & (values > 1)).tolist():
        reader.report("table.above_whole", "error", i, name, cells[i])
    too_dense(reader, name, np.where(units == FRACTION, np.nan, values))


def _of_flow(
    reader: ColumnReader, facilities: Texts, keys: Texts, units: Texts, flows: pd.DataFrame
) -> None:
    """Say of which components no amount follows: kg/m³ of a flow in tonnes without a density."""
    known: dict[tuple[str, str], tuple[str, bool]] = {}
    for plant, flow, unit, density in zip(flows["facility"], flows["flow"], flows["unit"],
                                          flows["density"], strict=True):  # fmt: skip
        dense = known.get((plant, flow), ("", False))[1] or density > 0
        known[plant, flow] = (unit, dense)
    needed = {FRACTION: "t", DENSITY: "m3", GAS: "Nm3"}
    for i in np.flatnonzero((keys != "") & np.isin(units.astype(str), CONTENTS)).tolist():
        if reader.faulty(i, "quantity"):
            continue
        unit, dense = known[facilities[i], keys[i]]
        wanted = needed[units[i]]
        if unit and unit != wanted and not (dense and {unit, wanted} == {"t", "m3"}):
            reader.report("flow_tables.content_of", "warning", i, "quantity",
                          unit=unit, needed=wanted)  # fmt: skip


def _sums(reader: ColumnReader, keys: list[Texts], values: Floats, units: Texts) -> None:
    """Say where fractions add up to more than the whole; solids and COD may overlap."""
    if not len(reader):
        return
    codes = group_codes(keys)
    sums: dict[int, float] = {}
    last: dict[int, int] = {}
    for i in np.flatnonzero((units == FRACTION) & ~np.isnan(values) & (keys[1] != "")).tolist():
        if reader.faulty(i, "quantity"):
            continue
        sums[codes[i]] = sums.get(codes[i], 0.0) + float(values[i])
        last[codes[i]] = i
    for code, total in sums.items():
        if total > 1 + ROUNDING:
            reader.report("flow_tables.fractions_over_whole", "warning", last[code], "quantity",
                          key=keys[1][last[code]], sum=total)  # fmt: skip
