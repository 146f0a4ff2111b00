"""The tables of cleaner-production options: what they cost and what they save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sxsh_audit.errors import UnitError
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.amounts import Codes, Floats
from sxsh_audit.tables.columns import Amounts, ColumnReader, Texts
from sxsh_audit.tables.components import named_flows
from sxsh_audit.tables.end_uses import named_end_uses
from sxsh_audit.tables.investments import investment_columns, option_names, subsidies
from sxsh_audit.tables.keys import frame_of, look_up, report_repeats
from sxsh_audit.tables.option_categories import cp_category
from sxsh_audit.tables.schema import choice_keys, choice_words, known_resources, plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["option_savings_table", "options_table"]

POWER, ENERGY = "kW", "kWh"
ROUNDING = 1e-12
"""What two figures may differ by: 1.1 GWh and 1,100,000 kWh are one."""
ENDS = ("quantity_low", "quantity_high")
FIGURES = ("cost", "cost_low", "cost_high", "annual_extra_cost", "other_benefit")


def options_table(check: TableCheck) -> pd.DataFrame:
    """Check the options: cost as an amount, a range or a class."""
    reader = check.readers["options"]
    facilities, keys = check.facilities(reader), reader.texts("option")
    report_repeats(reader, [facilities, keys], "option")
    cost_class = reader.choices("cost_class")
    _classes_in_cost(reader, cost_class)
    money = {name: check.money(reader, name, "unit") for name in FIGURES}
    low, high = money["cost_low"], money["cost_high"]
    for i in np.flatnonzero(high < low):
        reader.report("table.cost_range", "error", int(i), "cost_high",
                      reader.raw.columns[reader.index["cost_high"]][i], low=float(low[i]),
                      high=float(high[i]))  # fmt: skip
    _cost_outside(reader, money)
    names, status = reader.texts("name"), reader.choices("status")
    further = investment_columns(check, facilities, keys, names, status)
    subsidies(reader, status, {**money, **further})
    category = reader.texts("category")
    return frame_of(reader, facility=facilities, option=keys, name=names, category=category,
                    cp_category=_techniques(category), cause=reader.choices("cause"),
                    cost=money.pop("cost"),
                    cost_class=cost_class, months_covered=check.months(reader),
                    status=status, **money, **further)  # fmt: skip


def _techniques(categories: Texts) -> Texts:
    """Technique of cleaner production that each category names; empty for one of its own."""
    known = set(choice_keys("cp_category"))
    found = {text: key for text in set(categories) if (key := cp_category(text)) in known}
    return np.array([*(found.get(text, "") for text in categories), None], dtype=object)[:-1]


def _cost_outside(reader: ColumnReader, money: dict[str, Any]) -> None:
    """Report a cost outside of its own range, of which only one end may be given."""
    cost, low, high = (money[name] for name in ("cost", "cost_low", "cost_high"))
    slack = ROUNDING * np.abs(cost)
    below, above = cost < low - slack, cost > high + slack
    for i in np.flatnonzero((below | above) & ~(high < low)):
        name = "cost_low" if below[i] else "cost_high"
        reader.report("table.cost_outside", "error", int(i), name,
                      reader.raw.columns[reader.index[name]][i])  # fmt: skip


def _classes_in_cost(reader: ColumnReader, cost_class: Texts) -> None:
    """Words such as «Low cost» in the cost column are a class, and the amount is unknown."""
    typed = reader.cells("cost")
    if typed is None:
        return
    words = choice_words("cost_class")
    cells = np.array(typed, dtype=object)
    for i, cell in enumerate(cells):
        key = words.get(plain_word(cell)) if isinstance(cell, str) else None
        if key is not None:
            if cost_class[i] not in ("", key):
                reader.report("table.cost_class", "error", i, "cost", cell,
                              first=cell, second=cost_class[i])  # fmt: skip
            cost_class[i] = cost_class[i] or key
            cells[i] = None
    reader.replace_cells("cost", cells)


def option_savings_table(
    check: TableCheck, options: pd.DataFrame, resources: pd.DataFrame, end_uses: pd.DataFrame,
    flows: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Check what the options save, in amounts of a resource or in money."""
    reader = check.readers["option_savings"]
    facilities = check.facilities(reader)
    named = _options(reader, facilities, reader.texts("option"), options)
    flow, keys = named_flows(reader, facilities, flows), check.resource_keys(reader)
    keys = _resources_of(reader, facilities, keys, flow, flows)
    flow_units = look_up(flows, "flow", facilities, flow, "unit")
    fallback = look_up(resources, "resource", facilities, keys, "unit")
    fallback = np.where(fallback == "", flow_units, fallback).astype(object)
    middle = reader.amounts("quantity", "unit", fallback)
    quantity = middle.canonical()
    ends, amounts, given, ends_typed = _ranges(reader, middle, fallback)
    units = amounts.names()
    demand = np.zeros(len(reader), dtype=bool)
    for i in np.flatnonzero(given != ""):
        where = "unit" if reader.has("unit") else given[i]
        expected = check.units.get(("resource", facilities[i], keys[i]))
        if (flow_units[i] and units[i] and units[i] != flow_units[i]
                and (units[i], flow_units[i]) != (POWER, ENERGY)):
            reader.report("flow_tables.saving_unit", "error", int(i), where,
                          amounts.units[amounts.codes[i]].text, key=flow[i],
                          first=flow_units[i], second=units[i])  # fmt: skip
        elif not keys[i]:
            if not flow[i] and not reader.faulty(int(i), "resource", "flow"):
                reader.report("table.saving_without_resource", "error", int(i),
                              "resource" if reader.has("resource") else given[i])  # fmt: skip
        elif units[i] == POWER and _by_energy(check, keys[i], expected or fallback[i]):
            demand[i] = True
        elif expected and units[i] and units[i] != expected:
            reader.report("table.two_dimensions", "error", int(i), where,
                          amounts.units[amounts.codes[i]].text, key=keys[i],
                          first=expected, second=units[i])  # fmt: skip
    money: Any = check.money(reader, "money", "money_unit")
    shown, factor = amounts.shown()
    for i in np.flatnonzero(np.isnan(middle.values) & (ends_typed < len(ENDS)) & np.isnan(money)):
        if reader.faulty(int(i), "quantity", *ENDS, "unit", "money", "money_unit"):
            continue
        if given[i]:
            reader.report("table.lone_end", "warning", int(i), given[i],
                          reader.raw.columns[reader.index[given[i]]][i])  # fmt: skip
        else:
            reader.report("table.missing_saving", "warning", int(i), "option", named[i])
    return frame_of(reader, facility=facilities, option=named, resource=keys,
                    quantity=quantity, unit=units, shown_unit=shown, shown_factor=factor,
                    money=money,
                    months_covered=check.months(reader),
                    end_use=named_end_uses(reader, facilities, keys, end_uses), flow=flow,
                    tariff_period=reader.choices("tariff_period"), demand=demand,
                    **ends)  # fmt: skip


def _resources_of(
    reader: ColumnReader, facilities: Texts, keys: Texts, flow: Texts, flows: pd.DataFrame
) -> Texts:
    """Resource of each saving: as named, else that of the flow; the two must agree."""
    if not (flow != "").any():
        return keys
    carried = look_up(flows, "flow", facilities, flow, "resource")
    carried = np.where(flow == "", "", carried)
    typed = reader.texts("resource")
    for i in np.flatnonzero((keys != "") & (carried != "") & (keys != carried)).tolist():
        reader.report("flow_tables.saving_resource", "error", i, "resource", typed[i],
                      key=flow[i], first=carried[i])  # fmt: skip
    return np.asarray(np.where((keys == "") & (typed == ""), carried, keys), dtype=object)


def _by_energy(check: TableCheck, key: str, unit: str) -> bool:
    """Whether a resource is metered in energy, so that kW saved are a demand and no use."""
    fact = known_resources().get(key)
    unit = unit or (fact.display_unit if fact else "")
    try:
        return bool(unit) and check.reading.unit(unit, suggest=False).canonical == ENERGY
    except UnitError:  # the table of resources tells it
        return False


class _Ranges(NamedTuple):
    """Quantities saved with their ranges.

    Attributes
    ----------
    ends : dict of str to array
        Lowest and highest quantity, in the canonical unit of the row.
    amounts : Amounts
        Quantity with the unit of the row: a range that names none has that of its ends.
    given : array of str
        Column of the first of the three figures; empty where there is none.
    ends_typed : array of int
        How many of the two ends are typed.
    """

    ends: dict[str, Floats]
    amounts: Amounts
    given: Texts
    ends_typed: Codes


def _ranges(reader: ColumnReader, amounts: Amounts, fallback: Texts) -> _Ranges:
    middle, units = amounts.canonical(), amounts.names()
    known, codes = list(amounts.units), amounts.codes.copy()
    given = np.where(np.isnan(middle), "", "quantity").astype(object)
    ends, ends_typed = {}, np.zeros(len(reader), dtype=np.int64)
    typed = amounts.typed()
    if np.isnan(amounts.values).any():
        for name in ENDS:  # «4 – 6 MWh» in two cells is one unit
            own = reader.amounts(name, "unit", needs_unit=False).typed()
            typed = np.where(typed == "", own, typed)
    usual = reader.heading_unit.get("quantity") or fallback
    typed = np.where(typed == "", usual, typed)
    for name in ENDS:
        end = reader.amounts(name, "unit", typed)
        present = ~np.isnan(end.values)
        ends_typed += present
        differ = (end.codes >= 0) & (units != "") & (end.names() != units)
        for i in np.flatnonzero(differ & present):
            reader.report("table.range_unit", "error", int(i), name,
                          end.units[end.codes[i]].text, expected=units[i])  # fmt: skip
        ends[name] = np.where(differ, np.nan, end.canonical())
        first = ~np.isnan(ends[name]) & (given == "")
        given[first], codes[first] = name, end.codes[first] + len(known)
        known += end.units
        units = Amounts(middle, codes, known).names()
    low, high = (ends[name] for name in ENDS)
    slack = ROUNDING * np.abs(middle)
    below, above = low > middle + slack, (middle > high + slack) | (low > high)
    for i in np.flatnonzero(below | above):
        name = "quantity_low" if below[i] else "quantity_high"
        reader.report("table.quantity_range", "error", int(i), name,
                      reader.raw.columns[reader.index[name]][i])  # fmt: skip
    return _Ranges(ends, Amounts(amounts.values, codes, known), given, ends_typed)


def _options(
    reader: ColumnReader, facilities: Texts, typed: Texts, options: pd.DataFrame
) -> Texts:
    """Option ids of the rows; an option may also be called by its name."""
    known = set(zip(options["facility"], options["option"], strict=True))
    names = option_names(options["facility"], options["option"], options["name"])
    out = typed.copy()
    for i, pair in enumerate(zip(facilities, typed, strict=True)):
        if not pair[1] or pair in known:
            continue
        found = names.get((pair[0], plain_word(pair[1])))
        if found:
            out[i] = found
            continue
        near = ["–"]
        if reader.looks():
            listed = sorted(option for plant, option in known if plant == pair[0])
            near = list(nearest(pair[1], listed, 3)) or listed[:5] or ["–"]
        reader.report("table.unknown_option", "error", i, "option", pair[1], near=near)
    return out
