"""From raw tables to checked ones, or to all their faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Finding
from sxsh_audit.language.text import fold, nearest
from sxsh_audit.tables.columns import NO_DAY, Amounts, ColumnReader, Reading, Texts
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import (
    TABLES,
    known_resources,
    plain_word,
    resource_words,
    table_spec,
)
from sxsh_audit.tables.settings import StudySettings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckedTables", "check_tables"]


@dataclass(frozen=True, slots=True)
class CheckedTables:
    """The tables of a study after checking: canonical units, plain floats, one row a record.

    Every frame has the column ``row`` (as Excel shows it). Amounts are in the canonical unit of
    their dimension, named in the column ``unit``; days count from 1970-01-01.
    """

    facility: pd.DataFrame
    products: pd.DataFrame
    production: pd.DataFrame
    resources: pd.DataFrame
    consumption: pd.DataFrame
    prices: pd.DataFrame
    options: pd.DataFrame
    option_savings: pd.DataFrame


def check_tables(
    raw: Mapping[str, RawTable], settings: StudySettings
) -> tuple[CheckedTables, list[Finding]]:
    """Check every table of a study in one pass.

    Parameters
    ----------
    raw : mapping of str to RawTable
        Tables by canonical name; a missing one is empty.
    settings : StudySettings
        How the cells are to be read.

    Returns
    -------
    CheckedTables, list of Finding
        What could be read, and everything that was found. With an error among the findings the
        tables must not be used.
    """
    return _Checker(raw, settings).run()


class _Checker:
    """State of one pass: readers by table, and the keys that the tables share."""

    def __init__(self, raw: Mapping[str, RawTable], settings: StudySettings) -> None:
        self.settings = settings
        spellings = {fold(text): unit for text, unit in settings.spellings.items()}
        reading = Reading(settings.locale, settings.currency, settings.quality,
                          settings.columns, spellings)  # fmt: skip
        empty = RawTable("", "", [], [], np.empty(0, np.int64))
        self.readers: dict[str, ColumnReader] = {}
        for name in TABLES:
            if name in raw:
                self.readers[name] = ColumnReader(table_spec(name), raw[name], reading)
            else:
                self.readers[name] = _Absent(table_spec(name), empty, reading)
        self.facility = settings.facility or settings.study or "plant"
        self.own_words: dict[str, str] = {}
        self.units: dict[tuple[str, str], str] = {}

    def run(self) -> tuple[CheckedTables, list[Finding]]:
        facility = self._facility()
        resources = self._resources()
        products = self._products()
        production = self._production(products)
        consumption = self._consumption(resources)
        prices = self._prices(resources)
        options = self._options()
        option_savings = self._option_savings(options, resources)
        tables = CheckedTables(facility, products, production, resources, consumption,
                               prices, options, option_savings)  # fmt: skip
        findings = [item for name in TABLES for item in self.readers[name].findings]
        return tables, findings

    # -- keys -----------------------------------------------------------------------------------

    def _facilities(self, reader: ColumnReader) -> Texts:
        return reader.texts("facility", self.facility)

    def _resource_keys(self, reader: ColumnReader) -> Texts:
        """Resource keys of a column; a name that is not known is a fault on its cell."""
        texts = reader.texts("resource")
        out = np.full(len(texts), "", dtype=object)
        found: dict[str, str] = {}
        for i in np.flatnonzero(texts != ""):
            text = texts[i]
            if text not in found:
                word = plain_word(text)
                found[text] = self.own_words.get(word) or resource_words().get(word, "")
            out[i] = found[text]
            if not found[text]:
                words = (*self.own_words, *resource_words())
                near = nearest(plain_word(text), words, 3)
                reader.report("table.unknown_resource", "error", int(i), "resource", text,
                              near=list(near))  # fmt: skip
        return out

    # -- small tables ---------------------------------------------------------------------------

    def _facility(self) -> pd.DataFrame:
        reader = self.readers["facility"]
        fields = ("name", "sector", "vsic", "address", "province", "note")
        columns: dict[str, Any] = {name: reader.texts(name) for name in fields}
        columns["employees"] = reader.numbers("employees")
        keys = reader.texts("facility")
        if len(reader) == 1 and keys[0]:
            # One plant with a key: the other tables need not repeat it.
            self.facility = keys[0]
        keys = np.where(keys == "", self.facility, keys)
        _report_repeats(reader, [keys], "facility")
        return _frame(reader, facility=keys, **columns)

    def _products(self) -> pd.DataFrame:
        reader = self.readers["products"]
        facilities, keys = self._facilities(reader), reader.texts("product")
        _report_repeats(reader, [facilities, keys], "product")
        return _frame(
            reader,
            facility=facilities,
            product=keys,
            name=reader.texts("name"),
            unit=reader.texts("unit"),
            basis=reader.texts("basis"),
            output_basis=reader.choices("output_basis"),
            equivalence=reader.numbers("equivalence"),
        )

    def _resources(self) -> pd.DataFrame:
        reader = self.readers["resources"]
        shipped = known_resources()
        typed, names = reader.texts("resource"), reader.texts("name")
        keys, words = np.copy(typed), resource_words()
        categories, factors = reader.choices("category"), reader.texts("factor")
        for i, text in enumerate(typed):
            keys[i] = words.get(plain_word(text), text)
            for word in (plain_word(text), plain_word(names[i])):
                if word:
                    self.own_words[word] = keys[i]
            fact = shipped.get(keys[i])
            if not categories[i] and fact is not None:
                categories[i] = fact.category
            if not categories[i] and text:
                reader.report("table.no_category", "error", i, "category", text)
            factor = words.get(plain_word(factors[i]), "") if factors[i] else ""
            if factors[i] and not factor:
                near = list(nearest(plain_word(factors[i]), tuple(words), 3))
                reader.report("table.unknown_factor", "error", i, "factor", factors[i], near=near)
            factors[i] = factor or (keys[i] if fact is not None else "")
        facilities = self._facilities(reader)
        _report_repeats(reader, [facilities, keys], "resource")
        return _frame(reader, facility=facilities, resource=keys, name=names,
                      category=categories, factor=factors, unit=reader.texts("unit"))  # fmt: skip

    # -- amounts with periods -------------------------------------------------------------------

    def _production(self, products: pd.DataFrame) -> pd.DataFrame:
        reader = self.readers["production"]
        facilities = self._facilities(reader)
        named = reader.texts("product")
        only = products["product"].iloc[0] if len(products) == 1 else ""
        keys = np.where(named == "", only, named)
        if len(products):
            self._check_products(reader, keys, products)
        fallback = _lookup(products, "product", keys, "unit")
        amounts = reader.amounts("quantity", "unit", fallback)
        quantity = amounts.canonical()
        units = self._one_dimension(reader, amounts, facilities, keys, "product")
        start, end, phase = self._periods(reader)
        self._missing(reader, quantity)
        basis = np.where(reader.texts("basis") == "", _lookup(products, "product", keys, "basis"),
                         reader.texts("basis"))  # fmt: skip
        output_basis = reader.choices("output_basis")
        output_basis = np.where(
            output_basis == "", _lookup(products, "product", keys, "output_basis"), output_basis
        )
        _report_overlaps(reader, [facilities, keys, phase], start, end)
        return _frame(reader, facility=facilities, product=keys, phase=phase, start=start, end=end,
                      quantity=quantity, unit=units, basis=basis, output_basis=output_basis,
                      quality=reader.choices("quality", self.settings.quality))  # fmt: skip

    def _check_products(self, reader: ColumnReader, keys: Texts, products: pd.DataFrame) -> None:
        known = set(products["product"])
        for i in np.flatnonzero(~np.isin(keys.astype(str), list(map(str, known)))):
            near = list(nearest(keys[i], tuple(known), 3)) or sorted(known)
            reader.report("table.unknown_product", "error", int(i), "product", keys[i], near=near)

    def _consumption(self, resources: pd.DataFrame) -> pd.DataFrame:
        reader = self.readers["consumption"]
        facilities, keys = self._facilities(reader), self._resource_keys(reader)
        fallback = _lookup(resources, "resource", keys, "unit")
        amounts = reader.amounts("quantity", "unit", fallback)
        units = self._one_dimension(reader, amounts, facilities, keys, "resource")
        purchases = amounts.canonical()
        factor = np.array([float(unit.factor) for unit in amounts.units] + [np.nan])[amounts.codes]
        opening = reader.numbers("opening_stock") * factor
        closing = reader.numbers("closing_stock") * factor
        lone = np.isnan(opening) != np.isnan(closing)
        for i in np.flatnonzero(lone):
            name = "opening_stock" if np.isnan(opening[i]) else "closing_stock"
            reader.report("table.lone_stock", "error", int(i), name)
        stocked = ~np.isnan(opening) & ~np.isnan(closing)
        use = np.where(stocked, opening + purchases - closing, purchases)
        for i in np.flatnonzero(use < 0):
            if purchases[i] >= 0:
                reader.report("table.negative_use", "error", int(i), "closing_stock",
                              reader.raw.columns[reader.index["closing_stock"]][i], use=use[i],
                              unit=units[i])  # fmt: skip
        start, end, phase = self._periods(reader)
        self._missing(reader, purchases)
        meters = reader.texts("meter")
        _report_overlaps(reader, [facilities, keys, meters, phase], start, end)
        typed = np.array([unit.symbol for unit in amounts.units] + [""], dtype=object)
        return _frame(reader, facility=facilities, resource=keys, meter=meters, phase=phase,
                      start=start, end=end, purchases=purchases, use=use, stocked=stocked,
                      unit=units, typed_unit=typed[amounts.codes], cost=self._money(reader, "cost", None),
                      quality=reader.choices("quality", self.settings.quality))  # fmt: skip

    def _periods(self, reader: ColumnReader) -> tuple[Any, Any, Texts]:
        start, end = reader.days()
        phase = reader.choices("phase")
        dated = start != NO_DAY
        typed_period = np.zeros(len(reader), dtype=bool)
        for name in ("period", "start", "end"):
            typed_period |= reader.texts(name) != ""
        for i in np.flatnonzero(~dated & (phase == "") & ~typed_period):
            if not (reader.has("phase") and reader.texts("phase")[i]):
                reader.report("table.no_period", "error", int(i))
        # A row with its own dates belongs to the phase that they fall in.
        return start, end, np.where(dated, "", phase)

    def _missing(self, reader: ColumnReader, values: np.ndarray[Any, Any]) -> None:
        """A figure that is not there is left out and named; it is never zero."""
        if not reader.has("quantity"):
            return
        faulty = {f.place.row for f in reader.findings if f.severity == "error"}
        cells = reader.raw.columns[reader.index["quantity"]]
        for i in np.flatnonzero(np.isnan(values)):
            if int(reader.raw.rows[i]) not in faulty:
                reader.report("table.missing_figure", "warning", int(i), "quantity", cells[i])

    def _one_dimension(
        self, reader: ColumnReader, amounts: Amounts, facilities: Texts, keys: Texts, kind: str
    ) -> Texts:
        """Canonical unit of each row; a second dimension for the same key is a fault."""
        canonical = np.array([unit.canonical for unit in amounts.units] + [""], dtype=object)
        units: Texts = canonical[amounts.codes]
        for i, (facility, key, unit) in enumerate(zip(facilities, keys, units, strict=True)):
            if not unit or not (key or kind == "product"):
                continue
            first = self.units.setdefault((f"{kind}:{facility}", key), unit)
            if first != unit:
                name = "unit" if reader.has("unit") else "quantity"
                reader.report("table.two_dimensions", "error", i, name,
                              amounts.units[amounts.codes[i]].text, key=key,
                              first=first, second=unit)  # fmt: skip
        return units

    # -- money ----------------------------------------------------------------------------------

    def _money(self, reader: ColumnReader, name: str, unit_name: str | None) -> Any:
        """Amounts of money in the study's currency."""
        currency = np.full(len(reader), self.settings.currency, dtype=object)
        amounts = reader.amounts(name, unit_name, currency)
        for i in np.flatnonzero((amounts.codes >= 0) & ~np.isnan(amounts.values)):
            unit = amounts.units[amounts.codes[i]]
            if unit.canonical != self.settings.currency:
                reader.report("table.currency", "error", int(i), name, unit.text,
                              currency=self.settings.currency)  # fmt: skip
        return amounts.canonical()

    def _prices(self, resources: pd.DataFrame) -> pd.DataFrame:
        reader = self.readers["prices"]
        facilities, keys = self._facilities(reader), self._resource_keys(reader)
        amounts = reader.amounts("price", "unit")
        price, currency = amounts.canonical(), self.settings.currency
        units = np.full(len(reader), "", dtype=object)
        for i in np.flatnonzero((amounts.codes >= 0) & (keys != "")):
            unit = amounts.units[amounts.codes[i]]
            expected = self.units.get((f"resource:{facilities[i]}", keys[i]))
            numerator, _, denominator = unit.canonical.partition("/")
            if denominator and numerator == currency:
                units[i] = denominator
            elif expected and unit.canonical == expected:
                # «1.500, kWh» in a price table is money per kWh.
                price[i] = amounts.values[i] / float(unit.factor)
                units[i] = expected
            if expected and units[i] != expected:
                reader.report("table.price_unit", "error", int(i), "unit", unit.text,
                              key=keys[i], expected=f"{currency}/{expected}")  # fmt: skip
        vat, rate = reader.choices("vat"), reader.numbers("vat_rate")
        for i in np.flatnonzero((vat == "included") & np.isnan(rate)):
            reader.report("table.no_vat_rate", "error", int(i), "vat_rate")
        net = np.where(vat == "included", price / (1 + rate), price)
        return _frame(reader, facility=facilities, resource=keys, price=net, typed_price=price,
                      unit=units, kind=reader.choices("kind", "average"), vat=vat, vat_rate=rate,
                      price_year=reader.numbers("price_year"))  # fmt: skip

    def _options(self) -> pd.DataFrame:
        reader = self.readers["options"]
        facilities, keys = self._facilities(reader), reader.texts("option")
        _report_repeats(reader, [facilities, keys], "option")
        money = {
            name: self._money(reader, name, "unit")
            for name in ("cost_low", "cost_high", "annual_extra_cost", "other_benefit")
        }
        cost_class = reader.choices("cost_class")
        cost = self._cost(reader, cost_class)
        low, high = money["cost_low"], money["cost_high"]
        for i in np.flatnonzero(high < low):
            reader.report("table.cost_range", "error", int(i), "cost_high", low=low[i],
                          high=high[i])  # fmt: skip
        return _frame(reader, facility=facilities, option=keys, name=reader.texts("name"),
                      category=reader.texts("category"), cost=cost, cost_class=cost_class,
                      months_covered=self._months(reader), status=reader.choices("status"),
                      **money)  # fmt: skip

    def _cost(self, reader: ColumnReader, cost_class: Texts) -> Any:
        """Cost of each option; words such as «Low cost» in the cost column are a class."""
        if not reader.has("cost"):
            return self._money(reader, "cost", "unit")
        from sxsh_audit.tables.schema import choice_words

        words = choice_words("cost_class")
        index = reader.index["cost"]
        cells = np.array(reader.raw.columns[index], dtype=object)
        for i, cell in enumerate(cells):
            key = words.get(plain_word(cell)) if isinstance(cell, str) else None
            if key is not None:
                cost_class[i] = cost_class[i] or key
                cells[i] = None
        columns = list(reader.raw.columns)
        columns[index] = cells
        reader.raw = replace(reader.raw, columns=columns)
        return self._money(reader, "cost", "unit")

    def _months(self, reader: ColumnReader) -> Any:
        months = reader.numbers("months_covered")
        for i in np.flatnonzero((months <= 0) | (months > 12)):
            reader.report("table.months", "error", int(i), "months_covered", months[i])
        return months

    def _option_savings(self, options: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
        reader = self.readers["option_savings"]
        facilities, options_named = self._facilities(reader), reader.texts("option")
        keys = self._resource_keys(reader)
        known = set(zip(options["facility"], options["option"], strict=True))
        for i, pair in enumerate(zip(facilities, options_named, strict=True)):
            if pair[1] and pair not in known:
                near = list(nearest(pair[1], tuple(str(key) for _, key in known), 3))
                reader.report("table.unknown_option", "error", i, "option", pair[1], near=near)
        fallback = _lookup(resources, "resource", keys, "unit")
        amounts = reader.amounts("quantity", "unit", fallback)
        quantity = amounts.canonical()
        canonical = np.array([unit.canonical for unit in amounts.units] + [""], dtype=object)
        units: Texts = canonical[amounts.codes]
        for i in np.flatnonzero(~np.isnan(quantity)):
            expected = self.units.get((f"resource:{facilities[i]}", keys[i]))
            if not keys[i]:
                reader.report("table.saving_without_resource", "error", int(i), "resource")
            elif expected and units[i] and units[i] != expected:
                reader.report("table.two_dimensions", "error", int(i), "unit",
                              amounts.units[amounts.codes[i]].text, key=keys[i],
                              first=expected, second=units[i])  # fmt: skip
        money = self._money(reader, "money", "money_unit")
        for i in np.flatnonzero(np.isnan(quantity) & np.isnan(money)):
            reader.report("table.missing_saving", "warning", int(i), "option", options_named[i])
        return _frame(reader, facility=facilities, option=options_named, resource=keys,
                      quantity=quantity, unit=units, money=money,
                      months_covered=self._months(reader))  # fmt: skip


class _Absent(ColumnReader):
    """A table that the study does not have: no rows, and no missing column."""

    def _match_headings(self) -> None:
        return


def _frame(reader: ColumnReader, **columns: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({**columns, "row": reader.raw.rows})


def _lookup(table: pd.DataFrame, key: str, wanted: Texts, column: str) -> Texts:
    """Value of `column` for each wanted key; empty where the table does not have it."""
    known = dict(zip(table[key], table[column], strict=True))
    return np.array([known.get(item, "") for item in wanted] or [], dtype=object)


def _groups(keys: list[Texts]) -> np.ndarray[Any, Any]:
    """One code per distinct combination of keys."""
    import pandas as pd

    codes = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        index, uniques = pd.factorize(key)
        codes = codes * (len(uniques) + 1) + index
    return codes


def _report_repeats(reader: ColumnReader, keys: list[Texts], name: str) -> None:
    if len(reader) < 2:
        return
    codes = _groups(keys)
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(codes[order][1:] == codes[order][:-1]) + 1
    for j in again:
        i, first = int(order[j]), int(order[j - 1])
        if keys[-1][i]:
            reader.report("table.repeated", "error", i, name, keys[-1][i],
                          first=int(reader.raw.rows[first]))  # fmt: skip


def _report_overlaps(
    reader: ColumnReader,
    keys: list[Texts],
    start: np.ndarray[Any, Any],
    end: np.ndarray[Any, Any],
) -> None:
    """Two rows of one key whose days overlap would count the same use twice."""
    if len(reader) < 2:
        return
    codes = _groups(keys)
    order = np.lexsort((start, codes))
    same = codes[order][1:] == codes[order][:-1]
    undated = start[order] == NO_DAY
    both_undated = undated[1:] & undated[:-1] & (keys[-1][order][1:] != "")
    clash = same & np.where(undated[1:] | undated[:-1], both_undated,
                            start[order][1:] <= end[order][:-1])  # fmt: skip
    where: Callable[[int], int] = lambda j: int(reader.raw.rows[order[j]])  # noqa: E731
    for j in np.flatnonzero(clash):
        reader.report("table.overlap", "error", int(order[j + 1]), _period_column(reader),
                      first=where(int(j)))  # fmt: skip


def _period_column(reader: ColumnReader) -> str | None:
    return next((name for name in ("period", "start", "phase") if reader.has(name)), None)
