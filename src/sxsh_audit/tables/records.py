"""The tables of a study that hold amounts by period: production, consumption, prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.language.text import nearest
from sxsh_audit.tables.columns import NO_DAY, Amounts, ColumnReader, Texts
from sxsh_audit.tables.demand import demand_kinds, demand_prices, one_division
from sxsh_audit.tables.figure_errors import error_columns
from sxsh_audit.tables.keys import frame_of, group_codes, look_up, report_overlaps
from sxsh_audit.tables.schema import choice_words, plain_word
from sxsh_audit.tables.tariffs import join_tariffs
from sxsh_audit.tables.true_ups import replaced_estimates

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = [
    "consumption_table", "prices_table", "production_table", "report_missing", "row_periods",
]  # fmt: skip

Floats = np.ndarray[Any, np.dtype[np.float64]]


def production_table(check: TableCheck, products: pd.DataFrame) -> pd.DataFrame:
    """Check what was made."""
    reader = check.readers["production"]
    facilities = check.facilities(reader)
    keys = _products(reader, products)
    fallback = look_up(products, "product", facilities, keys, "unit")
    amounts = reader.amounts("quantity", "unit", fallback)
    units = check.one_dimension(reader, amounts, facilities, keys, "product")
    start, end, phase = row_periods(reader)
    report_missing(reader, amounts.values, [facilities, keys])
    basis = reader.texts("basis")
    basis = np.where(basis == "", look_up(products, "product", facilities, keys, "basis"), basis)
    basis = np.where(basis == "", _basis_in_unit(amounts, keys), basis)
    output_basis = reader.choices("output_basis")
    listed = look_up(products, "product", facilities, keys, "output_basis")
    output_basis = np.where(output_basis == "", listed, output_basis)
    report_overlaps(reader, [facilities, keys, phase], start, end, code="table.overlap_product")
    shown, factor = amounts.shown()
    return frame_of(reader, facility=facilities, product=keys, phase=phase, start=start, end=end,
                    quantity=amounts.canonical(), unit=units, shown_unit=shown,
                    shown_factor=factor, basis=basis,
                    output_basis=output_basis,
                    quality=reader.choices("quality", check.settings.quality),
                    **error_columns(reader))  # fmt: skip


def _products(reader: ColumnReader, products: pd.DataFrame) -> Texts:
    """Product of each row: as named, the only one there is, or none at all."""
    keys = reader.texts("product")
    listed = [key for key in products["product"].unique() if key]
    named = listed or sorted(set(keys) - {""})
    if len(listed) == 1 or len(named) == 1:
        keys = np.where(keys == "", named[0], keys)
    blank = np.flatnonzero(keys == "") if named else np.empty(0, np.int64)
    for i in blank:
        reader.report("table.no_product", "error", int(i), "product", products=named[:5])
    if listed:
        some = sorted(listed)[:5]
        for i in np.flatnonzero(~np.isin(keys.astype(str), [*map(str, listed), ""])):
            close = nearest(keys[i], listed, 3) if reader.looks() else ()
            near = list(close) or some
            reader.report("table.unknown_product", "error", int(i), "product", keys[i], near=near)
    return np.asarray(keys)


def _basis_in_unit(amounts: Amounts, products: Texts) -> Texts:
    """Basis that a unit names: tonnes of clinker are no tonnes of cement.

    «tấn sản phẩm», and the name of the product itself, say no more than «tấn».
    """
    words = amounts.qualifiers()
    plain = choice_words("qualifier")
    out = np.full(len(words), "", dtype=object)
    for i in np.flatnonzero(words != ""):
        word = plain_word(words[i])
        if word not in plain and word != plain_word(products[i]):
            out[i] = word
    return out


def consumption_table(
    check: TableCheck, resources: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check what was used: purchases, and opening plus purchases less closing stock.

    Returns
    -------
    consumption, bills : DataFrame
        One row per bill; and one per row as typed, each tariff period a meter of its own.
    """
    reader = check.readers["consumption"]
    facilities, keys = check.facilities(reader), check.resource_keys(reader)
    fallback = look_up(resources, "resource", facilities, keys, "unit")
    amounts = reader.amounts("quantity", "unit", fallback)
    units = check.one_dimension(reader, amounts, facilities, keys, "resource")
    purchases = amounts.canonical()
    opening = _stock(reader, "opening_stock", amounts)
    closing = _stock(reader, "closing_stock", amounts)
    for i in np.flatnonzero(np.isnan(opening) != np.isnan(closing)):
        if not reader.faulty(int(i), "opening_stock", "closing_stock", "unit", "quantity"):
            name = "opening_stock" if np.isnan(opening[i]) else "closing_stock"
            reader.report("table.lone_stock", "error", int(i), name)
    stocked = ~np.isnan(opening) & ~np.isnan(closing)
    use = np.where(stocked, opening + purchases - closing, purchases)
    for i in np.flatnonzero(stocked & (use < 0)):
        if not reader.faulty(int(i), "opening_stock", "closing_stock", "quantity"):
            reader.report("table.negative_use", "error", int(i), "closing_stock",
                          reader.raw.columns[reader.index["closing_stock"]][i],
                          use=float(use[i]), unit=units[i])  # fmt: skip
    start, end, phase = row_periods(reader)
    meters, tariffs = reader.texts("meter"), reader.choices("tariff_period")
    products = _products_served(check, reader)
    for i in np.flatnonzero(products != ""):
        # The use of one product is a part of the whole, as that of one meter is.
        meters[i] = f"{meters[i]} {products[i]}".strip()
    of_row, reading = [facilities, keys, meters], reader.choices("reading")
    replaced = replaced_estimates(reader, [*of_row, tariffs], start, end, reading, use)
    report_missing(reader, np.where(replaced, 0.0, amounts.values), of_row)
    report_overlaps(reader, [*of_row, tariffs, phase], start, end, (keys != "") & ~replaced)
    shown, factor = amounts.shown()
    cost = check.money_amounts(reader, "cost", None)
    table = frame_of(reader, facility=facilities, resource=keys, meter=meters,
                     product=products, phase=phase,
                     start=start, end=end, purchases=purchases, use=use, stocked=stocked,
                     opening=opening, closing=closing,
                     unit=units, shown_unit=shown, shown_factor=factor,
                     cost=cost.canonical(), cost_factor=cost.shown()[1],
                     quality=reader.choices("quality", check.settings.quality), reading=reading,
                     **error_columns(reader))  # fmt: skip
    if replaced.any():
        table, tariffs = table[~replaced], tariffs[~replaced]
    joined = join_tariffs(reader, table, tariffs)
    bills = table.assign(tariff_period=tariffs).reset_index(drop=True)
    if joined is table:
        return table.reset_index(drop=True), bills
    names = (bills["meter"] + " " + bills["tariff_period"]).str.strip()
    return joined, bills.assign(meter=names)


def _products_served(check: TableCheck, reader: ColumnReader) -> Texts:
    """Product that a sub-meter serves, spelt as the table of production spells it."""
    products = reader.texts("product")
    if not (products != "").any():
        return products
    made = dict.fromkeys(check.readers["production"].texts("product").tolist())
    spelt = {plain_word(name): name for name in made if name}
    for i in np.flatnonzero(products != ""):
        word = plain_word(products[i])
        if word in spelt:
            products[i] = spelt[word]
            continue
        close = nearest(word, tuple(spelt), 3) if reader.looks() else ()
        near = [spelt[one] for one in close] or list(spelt.values())[:5]
        reader.report("table.unknown_product", "error", int(i), "product", products[i],
                      near=near or ["–"])  # fmt: skip
    return products


def _stock(reader: ColumnReader, name: str, amounts: Amounts) -> Floats:
    """Read a stock in the canonical unit of its row; without a unit of its own it has the row's."""
    stock = reader.amounts(name, None, amounts.typed(), needs_unit=False)
    values, units = stock.canonical(), amounts.names()
    differ = (stock.codes >= 0) & (units != "") & (stock.names() != units)
    for i in np.flatnonzero(differ & ~np.isnan(values)):
        reader.report("table.stock_unit", "error", int(i), name,
                      stock.units[stock.codes[i]].text, expected=units[i])  # fmt: skip
    return np.asarray(np.where(differ, np.nan, values))


def row_periods(reader: ColumnReader) -> tuple[Any, Any, Texts]:
    """Return first and last day and the phase of each row; a row without any is a fault."""
    start, end = reader.days()
    phase = reader.choices("phase")
    dated = start != NO_DAY
    typed = np.zeros(len(reader), dtype=bool)
    for name in ("period", "start", "end", "phase"):
        if reader.has(name):
            typed |= reader.texts(name) != ""
    missing = np.flatnonzero(~dated & (phase == "") & ~typed)
    if len(missing) == len(reader) and not any(map(reader.has, ("period", "start", "phase"))):
        if len(reader):
            reader.report("table.no_period_column")
        missing = missing[:0]
    for i in missing:
        if not reader.faulty(int(i), "period", "start", "end", "phase"):
            reader.report("table.no_period", "error", int(i), _first_of(reader, "period", "start"))
    # A row with its own dates belongs to the phase that they fall in.
    return start, end, np.asarray(np.where(dated, "", phase))


def _first_of(reader: ColumnReader, *names: str) -> str | None:
    return next((name for name in names if reader.has(name)), None)


def report_missing(
    reader: ColumnReader,
    values: Floats,
    keys: list[Texts],
    lone: str = "table.missing_figure",
) -> None:
    """Name a figure that is not there; it is left out and never zero.

    Where none of several rows of one key has a figure, the key is named once.

    Parameters
    ----------
    reader : ColumnReader
        The table.
    values : array of float, shape (rows,)
        Figures as read.
    keys : list of arrays
        What the rows are of: the plant, the key that is told, and perhaps more.
    lone : str
        Finding for a single figure that is missing.
    """
    cells = reader.cells("quantity")
    missing = np.isnan(values)
    if cells is None or not missing.any():
        return
    codes = group_codes(keys)
    rows, known = np.bincount(codes), np.bincount(codes[~missing], minlength=codes.max() + 1)
    silent = ((known == 0) & (rows > 1))[codes]
    told: set[int] = set()
    for i in np.flatnonzero(missing):
        if reader.faulty(int(i), "quantity", "period", "start", "end", "resource", "product"):
            continue
        if not silent[i]:
            reader.report(lone, "warning", int(i), "quantity", cells[i])
        elif codes[i] not in told:
            told.add(codes[i])
            code = "table.no_figures" if keys[1][i] else "table.no_output"
            reader.report(code, "warning", int(i), "quantity", cells[i], key=str(keys[1][i]),
                          count=int(rows[codes[i]]))  # fmt: skip


def prices_table(check: TableCheck) -> pd.DataFrame:
    """Check prices: money per unit of the resource, without VAT."""
    reader = check.readers["prices"]
    facilities, keys = check.facilities(reader), check.resource_keys(reader)
    one_division(reader)
    amounts = reader.amounts("price", "unit")
    price, currency = amounts.canonical(), check.settings.currency
    units = np.full(len(reader), "", dtype=object)
    kind = demand_kinds(reader, amounts)
    demand = kind == "demand"
    demand_prices(reader, amounts, currency, demand, price, units)
    energy = ~demand & (amounts.codes >= 0) & (keys != "") & ~np.isnan(amounts.values)
    for i in np.flatnonzero(energy):
        unit = amounts.units[amounts.codes[i]]
        expected = _unit_used(check, facilities[i], keys[i])
        numerator, _, denominator = unit.canonical.partition("/")
        if denominator and numerator == currency:
            units[i] = denominator
        elif expected and unit.canonical == expected:
            # «1.500, kWh» in a price table is money per kWh.
            price[i] = amounts.values[i] / float(unit.factor)
            units[i] = expected
        if units[i] != (expected or units[i]) or not units[i]:
            where = "unit" if reader.has("unit") else "price"
            reader.report("table.price_unit", "error", int(i), where, unit.text, key=keys[i],
                          expected=f"{currency}/{expected or 'kWh'}")  # fmt: skip
    vat, rate = reader.choices("vat"), _vat_rates(reader)
    for i in np.flatnonzero((vat == "included") & np.isnan(rate)):
        if not reader.faulty(int(i), "vat_rate"):
            reader.report("table.no_vat_rate", "error", int(i),
                          "vat_rate" if reader.has("vat_rate") else "vat")  # fmt: skip
    net = np.where(vat == "included", price / (1 + rate), price)
    return frame_of(reader, facility=facilities, resource=keys, price=net, typed_price=price,
                    unit=units, kind=kind, vat=vat, vat_rate=rate,
                    price_year=reader.numbers("price_year"),
                    tariff_period=reader.choices("tariff_period"))  # fmt: skip


def _unit_used(check: TableCheck, facility: str, key: str) -> str:
    """Canonical unit in which the resource is used, at the plant or (no plant named) anywhere."""
    exact = check.units.get(("resource", facility, key), "")
    if exact or facility:
        return exact
    return next((unit for (kind, _, name), unit in check.units.items()
                 if kind == "resource" and name == key), "")  # fmt: skip


def _vat_rates(reader: ColumnReader) -> Floats:
    """VAT rates as fractions; under a heading with % a bare 10 is 10 %."""
    rate = reader.numbers("vat_rate")
    whole = rate >= 1
    if reader.heading_unit.get("vat_rate", "") == "%":
        return np.asarray(np.where(whole, rate / 100, rate))
    for i in np.flatnonzero(whole):
        reader.report("table.vat_rate", "error", int(i), "vat_rate", rate[i])
    return rate
