"""The tables of cleaner-production options: what they cost and what they save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.errors import UnitError
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.columns import Amounts, ColumnReader, Texts
from sxsh_audit.tables.end_uses import named_end_uses
from sxsh_audit.tables.investments import investment_columns, option_names
from sxsh_audit.tables.keys import frame_of, look_up, report_repeats
from sxsh_audit.tables.schema import choice_words, known_resources, plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["option_savings_table", "options_table"]

POWER, ENERGY = "kW", "kWh"
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
    names, status = reader.texts("name"), reader.choices("status")
    further = investment_columns(check, facilities, keys, names, status)
    return frame_of(reader, facility=facilities, option=keys, name=names,
                    category=reader.texts("category"), cost=money.pop("cost"),
                    cost_class=cost_class, months_covered=check.months(reader),
                    status=status, **money, **further)  # fmt: skip


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
    check: TableCheck, options: pd.DataFrame, resources: pd.DataFrame, end_uses: pd.DataFrame
) -> pd.DataFrame:
    """Check what the options save, in amounts of a resource or in money."""
    reader = check.readers["option_savings"]
    facilities = check.facilities(reader)
    named = _options(reader, facilities, reader.texts("option"), options)
    keys = check.resource_keys(reader)
    fallback = look_up(resources, "resource", facilities, keys, "unit")
    amounts = reader.amounts("quantity", "unit", fallback)
    quantity, units = amounts.canonical(), amounts.names()
    where = "unit" if reader.has("unit") else "quantity"
    demand = np.zeros(len(reader), dtype=bool)
    for i in np.flatnonzero(~np.isnan(quantity)):
        expected = check.units.get(("resource", facilities[i], keys[i]))
        if not keys[i]:
            if not reader.faulty(int(i), "resource"):
                reader.report("table.saving_without_resource", "error", int(i),
                              "resource" if reader.has("resource") else "quantity")  # fmt: skip
        elif units[i] == POWER and _by_energy(check, keys[i], expected or fallback[i]):
            demand[i] = True
        elif expected and units[i] and units[i] != expected:
            reader.report("table.two_dimensions", "error", int(i), where,
                          amounts.units[amounts.codes[i]].text, key=keys[i],
                          first=expected, second=units[i])  # fmt: skip
    money: Any = check.money(reader, "money", "money_unit")
    shown, factor = amounts.shown()
    for i in np.flatnonzero(np.isnan(amounts.values) & np.isnan(money)):
        if not reader.faulty(int(i), "quantity", "money", "money_unit"):
            reader.report("table.missing_saving", "warning", int(i), "option", named[i])
    return frame_of(reader, facility=facilities, option=named, resource=keys,
                    quantity=quantity, unit=units, shown_unit=shown, shown_factor=factor,
                    money=money,
                    months_covered=check.months(reader),
                    end_use=named_end_uses(reader, facilities, keys, end_uses),
                    tariff_period=reader.choices("tariff_period"), demand=demand,
                    **_range(reader, amounts))  # fmt: skip


def _by_energy(check: TableCheck, key: str, unit: str) -> bool:
    """Whether a resource is metered in energy, so that kW saved are a demand and no use."""
    fact = known_resources().get(key)
    unit = unit or (fact.display_unit if fact else "")
    try:
        return bool(unit) and check.reading.unit(unit, suggest=False).canonical == ENERGY
    except UnitError:  # the table of resources tells it
        return False


def _range(reader: ColumnReader, amounts: Amounts) -> dict[str, Any]:
    """Lowest and highest quantity saved, in the canonical unit of the row."""
    middle, units = amounts.canonical(), amounts.names()
    ends = {}
    for name in ("quantity_low", "quantity_high"):
        end = reader.amounts(name, "unit", amounts.typed())
        differ = (end.codes >= 0) & (units != "") & (end.names() != units)
        for i in np.flatnonzero(differ & ~np.isnan(end.values)):
            reader.report("table.range_unit", "error", int(i), name,
                          end.units[end.codes[i]].text, expected=units[i])  # fmt: skip
        ends[name] = np.where(differ, np.nan, end.canonical())
    low, high = ends["quantity_low"], ends["quantity_high"]
    slack = 1e-12 * np.abs(middle)  # 1.1 GWh and 1,100,000 kWh
    below, above = low > middle + slack, (middle > high + slack) | (low > high)
    for i in np.flatnonzero(below | above):
        name = "quantity_low" if below[i] else "quantity_high"
        reader.report("table.quantity_range", "error", int(i), name,
                      reader.raw.columns[reader.index[name]][i])  # fmt: skip
    return ends


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
