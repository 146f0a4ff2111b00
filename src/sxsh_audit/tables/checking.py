"""From raw tables to checked ones, or to all their faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Finding
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.adjustments import adjustments_table
from sxsh_audit.tables.columns import Amounts, ColumnReader, Reading, Texts
from sxsh_audit.tables.components import component_names, components_table, named_batches
from sxsh_audit.tables.drivers import drivers_table
from sxsh_audit.tables.end_uses import end_uses_table
from sxsh_audit.tables.flow_steps import steps_table
from sxsh_audit.tables.flows import flows_table
from sxsh_audit.tables.keys import frame_of, report_repeats
from sxsh_audit.tables.measures import option_savings_table, options_table
from sxsh_audit.tables.places import Places, TablePlaces
from sxsh_audit.tables.raw import RawTable, key_text
from sxsh_audit.tables.records import consumption_table, prices_table, production_table
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

__all__ = ["CheckedTables", "TableCheck", "check_tables"]

INVENTORY = ("technology_level", "safety_health", "treatment_need", "recycling_need",
             "relocation_need")  # fmt: skip
"""What an inventory of a plant records in words (Decision 2384/QĐ-UBND, annex 4.2)."""


@dataclass(frozen=True, slots=True)
class CheckedTables:
    """The tables of a study after checking: canonical units, plain floats, one row a record.

    Every frame has the column ``row`` (as Excel shows it). Amounts are in the canonical unit of
    their dimension, named in the column ``unit``; days count from 1970-01-01.
    """

    facility: pd.DataFrame
    team: pd.DataFrame
    products: pd.DataFrame
    production: pd.DataFrame
    resources: pd.DataFrame
    consumption: pd.DataFrame
    prices: pd.DataFrame
    options: pd.DataFrame
    option_savings: pd.DataFrame
    end_uses: pd.DataFrame
    drivers: pd.DataFrame
    adjustments: pd.DataFrame
    steps: pd.DataFrame
    flows: pd.DataFrame
    components: pd.DataFrame
    bills: pd.DataFrame
    """`consumption` row by row as it was typed: each tariff period of a bill for itself."""


def check_tables(
    raw: Mapping[str, RawTable], settings: StudySettings
) -> tuple[CheckedTables, list[Finding], Places]:
    """Check every table of a study in one pass.

    Parameters
    ----------
    raw : mapping of str to RawTable
        Tables by canonical name; a missing one is empty.
    settings : StudySettings
        How the cells are to be read.

    Returns
    -------
    CheckedTables, list of Finding, Places
        What could be read, everything that was found, and where the figures stand. With an error
        among the findings the tables must not be used.
    """
    check = TableCheck(raw, settings)
    facility = check.facility_table()
    products, resources = check.products_table(), check.resources_table()
    production = production_table(check, products)
    consumption, bills = consumption_table(check, resources)
    drivers, adjustments = drivers_table(check), adjustments_table(check, resources)
    prices = prices_table(check)
    end_uses = end_uses_table(check, resources)
    named = component_names(check)
    steps = steps_table(check, named)
    flows = flows_table(check, steps, resources, named)
    steps["batch"] = named_batches(check.readers["steps"], steps["facility"].to_numpy(),
                                   steps["batch"].to_numpy(), flows)  # fmt: skip
    components = components_table(check, flows)
    options = options_table(check)
    savings = option_savings_table(check, options, resources, end_uses, flows)
    tables = CheckedTables(
        facility, check.team_table(), check.at_every_plant("products", products), production,
        check.at_every_plant("resources", resources), consumption,
        check.at_every_plant("prices", prices), options, savings, end_uses,
        drivers, adjustments, steps, flows, components, bills,
    )  # fmt: skip
    places = Places({name: TablePlaces.of(check.readers[name]) for name in TABLES if name in raw})
    return tables, [item for name in TABLES for item in check.readers[name].findings], places


class TableCheck:
    """State of one pass: readers by table, and the keys that the tables share.

    Parameters
    ----------
    raw : mapping of str to RawTable
        Tables by canonical name.
    settings : StudySettings
        How the cells are to be read.
    """

    def __init__(self, raw: Mapping[str, RawTable], settings: StudySettings) -> None:
        self.settings = settings
        self.reading = Reading(settings.locale, settings.currency, settings.quality,
                               settings.columns, settings.spellings)  # fmt: skip
        self.readers: dict[str, ColumnReader] = {}
        for name in TABLES:
            given = name in raw
            table = raw[name] if given else RawTable.empty()
            self.readers[name] = ColumnReader(table_spec(name), table, self.reading,
                                              absent=not given)  # fmt: skip
        self.own_words: dict[str, str] = {}
        self.units: dict[tuple[str, str, str], str] = {}
        self.plant_words: dict[str, str] = {}
        self.plants: list[str] = []
        self.facility = ""
        self._find_plants()

    # -- plants ---------------------------------------------------------------------------------

    def _find_plants(self) -> None:
        """Keys of the plants that the tables name, and the one that blank cells mean."""
        reader = self.readers["facility"]
        keys, names = reader.texts("facility"), reader.texts("name")
        for key, name in zip(keys, names, strict=True):
            key = key or (name if len(reader) > 1 else "")
            for word in filter(None, (key, name)):
                self.plant_words.setdefault(plain_word(word), key)
        seen: dict[str, None] = {}
        for name in TABLES:
            cells = self.readers[name].cells("facility")
            if cells is not None:
                for word in dict.fromkeys(map(key_text, cells)):
                    if word:
                        seen.setdefault(self.plant_words.get(plain_word(word)) or word)
        self.plants = list(seen)
        known = self.settings.facility or self.settings.study or "plant"
        several = len(seen) > 1 and not self.settings.facility
        self.facility = self.settings.facility or (next(iter(seen)) if len(seen) == 1 else known)
        if several:
            self.facility = ""

    def facilities(self, reader: ColumnReader) -> Texts:
        """Plant of each row, shape (rows,)."""
        typed = reader.texts("facility")
        out = np.full(len(typed), self.facility, dtype=object)
        known = {key for key in self.plant_words.values() if key}
        some = sorted(known)[:5]
        for i in np.flatnonzero(typed != ""):
            out[i] = self.plant_words.get(plain_word(typed[i])) or typed[i]
            if len(known) > 1 and out[i] not in known:
                close = nearest(typed[i], tuple(known), 3) if reader.looks() else ()
                near = list(close) or some
                reader.report("table.unknown_facility", "error", int(i), "facility", typed[i],
                              near=near)  # fmt: skip
        shared = reader.spec.name in ("products", "resources", "prices") and not reader.has(
            "facility")  # fmt: skip
        if not self.facility and not shared and len(reader):
            if not reader.has("facility"):
                reader.report("table.which_facility", plants=self.plants[:5])
            else:
                for i in np.flatnonzero(out == ""):
                    reader.report("table.which_facility", "error", int(i), "facility",
                                  plants=self.plants[:5])  # fmt: skip
        return out

    def at_every_plant(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """Give a table that names no plant to every plant of the study."""
        reader = self.readers[name]
        if self.facility or reader.has("facility") or not len(table):
            return table
        import pandas as pd

        parts = [table.assign(facility=plant) for plant in self.plants]
        return pd.concat(parts, ignore_index=True)

    # -- resources ------------------------------------------------------------------------------

    def resource_keys(self, reader: ColumnReader) -> Texts:
        """Resource keys of a column; a name that is not known is a fault on its cell."""
        texts = reader.texts("resource")
        out = np.full(len(texts), "", dtype=object)
        known = resource_words()
        found = {
            text: self.own_words.get(plain_word(text)) or known.get(plain_word(text), "")
            for text in dict.fromkeys(texts) if text
        }  # fmt: skip
        near = {text: self._near_resources(text, reader.looks())
                for text, key in found.items() if not key}  # fmt: skip
        for i in np.flatnonzero(texts != ""):
            out[i] = found[texts[i]]
            if not out[i]:
                reader.report("table.unknown_resource", "error", int(i), "resource", texts[i],
                              near=near[texts[i]])  # fmt: skip
        return out

    def _near_resources(self, text: str, looks: bool = True) -> list[str]:
        if not looks:
            return ["–"]
        words = {**resource_words(), **self.own_words}
        facts = known_resources()
        # «nước giếng» holds the whole of «nước»; the longest such name comes first.
        held = sorted((word for word in words if f" {word} " in f" {plain_word(text)} "),
                      key=len, reverse=True)  # fmt: skip
        keys = dict.fromkeys(words[word] for word in (*held, *nearest(plain_word(text), words, 5)))
        plain = [key for key, fact in facts.items() if "," not in fact.label_vi]
        return list(keys)[:3] or plain[:8]

    # -- units ----------------------------------------------------------------------------------

    def one_dimension(
        self, reader: ColumnReader, amounts: Amounts, facilities: Texts, keys: Texts, kind: str
    ) -> Texts:
        """Canonical unit of each row; a second dimension for the same key is a fault."""
        units = amounts.names()
        where = "unit" if reader.has("unit") else "quantity"
        for i, triple in enumerate(zip(facilities, keys, units, strict=True)):
            facility, key, unit = triple
            if not unit or not (key or kind == "product"):
                continue
            first = self.units.setdefault((kind, facility, key), unit)
            if first != unit:
                code = "table.two_dimensions" if kind == "resource" else "table.product_dimensions"
                reader.report(code, "error", i, where,
                              amounts.units[amounts.codes[i]].text, key=key or "–",
                              first=first, second=unit)  # fmt: skip
        return units

    def money(self, reader: ColumnReader, name: str, unit_name: str | None) -> Any:
        """Amounts of money in the study's currency, shape (rows,)."""
        return self.money_amounts(reader, name, unit_name).canonical()

    def money_amounts(self, reader: ColumnReader, name: str, unit_name: str | None) -> Amounts:
        """Amounts of money with the unit that was typed."""
        currency = np.full(len(reader), self.settings.currency, dtype=object)
        amounts = reader.amounts(name, unit_name, currency)
        wrong = (amounts.names() != self.settings.currency) & (amounts.codes >= 0)
        where = unit_name if unit_name and reader.has(unit_name) else name
        for i in np.flatnonzero(wrong & ~np.isnan(amounts.values)):
            if reader.faulty(int(i), where):
                continue
            reader.report("table.currency", "error", int(i), where,
                          amounts.units[amounts.codes[i]].text,
                          currency=self.settings.currency)  # fmt: skip
        return amounts

    def months(self, reader: ColumnReader) -> Any:
        """Months that an annual figure covers, shape (rows,)."""
        months = reader.numbers("months_covered")
        for i in np.flatnonzero((months <= 0) | (months > 12)):
            reader.report("table.months", "error", int(i), "months_covered", months[i])
        return months

    # -- small tables ---------------------------------------------------------------------------

    def facility_table(self) -> pd.DataFrame:
        """Check the table of plants."""
        reader = self.readers["facility"]
        fields = ("name", "sector", "vsic", "address", "province", "note", *INVENTORY)
        columns: dict[str, Any] = {name: reader.texts(name) for name in fields}
        columns["employees"] = reader.numbers("employees")
        keys = reader.texts("facility")
        blank = columns["name"] if len(reader) > 1 else self.facility
        keys = np.where(keys == "", blank, keys)
        report_repeats(reader, [keys], "facility")
        return frame_of(reader, facility=keys, **columns)

    def team_table(self) -> pd.DataFrame:
        """Check the table of who makes the assessment."""
        reader = self.readers["team"]
        facilities, names = self.facilities(reader), reader.texts("name")
        return frame_of(reader, facility=facilities, name=names,
                        position=reader.texts("position"), duty=reader.texts("duty"))  # fmt: skip

    def products_table(self) -> pd.DataFrame:
        """Check the table of products."""
        reader = self.readers["products"]
        facilities, keys = self.facilities(reader), reader.texts("product")
        report_repeats(reader, [facilities, keys], "product")
        return frame_of(
            reader,
            facility=facilities,
            product=keys,
            name=reader.texts("name"),
            unit=reader.texts("unit"),
            basis=reader.texts("basis"),
            output_basis=reader.choices("output_basis"),
            equivalence=reader.numbers("equivalence"),
            capacity=self._capacities(reader),
        )

    def _capacities(self, reader: ColumnReader) -> Any:
        """Design capacity a year in the canonical unit of the product, shape (rows,)."""
        capacities = reader.amounts("capacity", None, reader.texts("unit"))
        return capacities.canonical()

    def resources_table(self) -> pd.DataFrame:
        """Check the table of resources; the names in it are known from here on."""
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
            if not categories[i] and text and not reader.faulty(i, "category"):
                reader.report("table.no_category", "error", i, "category", text)
            factor = words.get(plain_word(factors[i]), "") if factors[i] else ""
            if factors[i] and not factor:
                reader.report("table.unknown_factor", "error", i, "factor", factors[i],
                              near=self._near_resources(factors[i]))  # fmt: skip
            factors[i] = factor or (keys[i] if fact is not None else "")
        facilities = self.facilities(reader)
        report_repeats(reader, [facilities, keys], "resource")
        return frame_of(reader, facility=facilities, resource=keys, name=names,
                        category=categories, factor=factors,
                        unit=reader.texts("unit"))  # fmt: skip
