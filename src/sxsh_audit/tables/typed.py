"""Records of many plants that stand in typed columns: checked by code and number, not by cell.

A plant is *plain* where no check of a study has anything to say of its records but that figures
are missing, or are of other years. The plain plants
become one study in a few passes over arrays; every other plant is left to :class:`Study`, which
tells what is wrong. Texts are read by the same readers, each different one once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.errors import UnitError
from sxsh_audit.findings import Finding
from sxsh_audit.tables.amounts import Amounts
from sxsh_audit.tables.checking import CheckedTables, check_tables
from sxsh_audit.tables.coded import CodedTable, Floats, Rows, Texts, coded_table
from sxsh_audit.tables.days import NO_DAY
from sxsh_audit.tables.places import Places
from sxsh_audit.tables.schema import plain_word, resource_words
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.study import PHASES, Study, phase_days
from sxsh_audit.tables.typed_findings import (
    many_alike,
    missing_figures,
    outside_periods,
    silent_parts,
)
from sxsh_audit.tables.typed_plants import Codes, Plants, overlapping, two_values
from sxsh_audit.tables.typed_shared import Shared, UnitsUsed, shared_prices
from sxsh_audit.units import Unit

__all__ = ["Typed", "plain_settings", "plant_names", "typed_study"]

CONSUMPTION = ("facility", "resource", "meter", "product", "tariff_period", "phase", "period",
               "start", "end", "quantity", "unit", "opening_stock", "closing_stock", "cost",
               "quality", "reading", "error", "error_meaning", "error_kind", "note")  # fmt: skip
PRODUCTION = ("facility", "product", "phase", "period", "start", "end", "quantity", "unit",
              "output_basis", "basis", "quality", "error", "error_meaning", "error_kind",
              "note")  # fmt: skip
RULES = ("", "mass")
"""Rules for several products under which a plant with one product is as without."""


class Typed(NamedTuple):
    """Plants that are plain, as one study; what is told of them; the names of the others."""

    study: Study | None
    rest: tuple[str, ...]
    told: Mapping[str, Sequence[Finding]] = MappingProxyType({})


def typed_study(
    consumption: pd.DataFrame,
    production: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    settings: StudySettings,
) -> Typed:
    """Check the records of whole plants, and put the plain ones into one study.

    Parameters
    ----------
    consumption, production : DataFrame
        Records with a column ``facility``; texts best as Categorical.
    tables : mapping of str to DataFrame
        Small tables of all plants.
    settings : StudySettings
        Settings without any fault.

    Returns
    -------
    Typed
        ``study`` is None where no plant is plain; ``rest`` are the other plants, sorted. Of
        each plant of the study :class:`Study` would have found what is in ``told``, and the
        same figures to the last bit; `row` counts the records of the frame and not those of the
        plant.
    """
    plants = Plants.of(consumption, production)
    if plants is None:
        return Typed(None, plant_names(consumption, production))
    used = coded_table(consumption, "consumption", settings, CONSUMPTION)
    made = coded_table(production, "production", settings, PRODUCTION)
    shared = Shared.of(tables, settings, plants)
    if used is None or made is None or shared is None or not plain_settings(settings, RULES):
        return Typed(None, tuple(plants.names))
    use, units = _consumption(used, plants, settings, shared)
    output = _production(made, plants, settings, shared)
    for table, of in ((used, plants.used), (made, plants.made)):
        plants.lacking[of[table.unsure]] = True
    prices = shared_prices(shared, plants, units, settings)
    plain = ~plants.lacking
    if not plain.any():
        return Typed(None, tuple(plants.names))
    frames = {
        "consumption": _taken(use, plain[plants.used]),
        "production": _taken(output, plain[plants.made]),
    }
    bills = frames["consumption"].assign(tariff_period=_constant(len(frames["consumption"])))
    nothing = check_tables({}, settings)[0]
    every = {name: getattr(nothing, name) for name in CheckedTables.__dataclass_fields__}
    every |= {**frames, "bills": bills, "resources": shared.resources, "prices": prices}
    study = Study._restored(Places(), CheckedTables(**every), (), True, {}, settings)
    rest = [name for name, here in zip(plants.names, plain, strict=True) if not here]
    # As `tidy_findings` puts them: table by table, row by row.
    told: dict[str, list[Finding]] = {}
    for table in (made, used):
        for plant, item in sorted(table.told, key=lambda pair: pair[1].place.row):
            if plain[plant]:
                told.setdefault(plants.names[plant], []).append(item)
    return Typed(study, tuple(rest), told)


def plant_names(*tables: pd.DataFrame) -> tuple[str, ...]:
    """Return the plants that the records of some tables name, sorted."""
    return tuple(
        sorted({str(key) for table in tables for key in table["facility"].dropna().unique()})
    )


def plain_settings(settings: StudySettings, rules: Collection[str]) -> bool:
    """Whether the settings name nothing that has to be looked for in the records of a plant.

    Parameters
    ----------
    settings : StudySettings
        Settings without any fault.
    rules : collection of str
        Rules for several products that name none.
    """
    named = (settings.base_load, settings.earlier_saving, settings.standard_conditions)
    models = settings.baseline_model
    return not (
        settings.facility or any(named) or not isinstance(models, str)
        or settings.output not in rules or None in (settings.baseline, settings.reporting)
    )  # fmt: skip


def _taken(frame: dict[str, Any], plain: Rows) -> pd.DataFrame:
    whole = plain.all()
    return pd.DataFrame({name: column if whole else column[plain]
                         for name, column in frame.items()}, copy=False)  # fmt: skip


def _constant(count: int) -> pd.Categorical:
    """Return a column of empty texts, of one byte a row."""
    return pd.Categorical.from_codes(np.zeros(count, dtype=np.int8), pd.Index([""], dtype="str"),
                                     validate=False)  # fmt: skip


# -- the two big tables --------------------------------------------------------------------------


def _units(table: CodedTable, shared: Shared) -> tuple[Texts, list[Unit | None]]:
    """Return the unit of each text of the column; a record without a unit is not plain."""
    found = table.texts("unit")
    units: list[Unit | None] = []
    for text in found.texts:
        try:
            units.append(shared.reading.unit(text, suggest=False) if text else None)
        except UnitError:
            units.append(None)
    unread = {text for text, unit in zip(found.texts, units, strict=True) if unit is None}
    table.doubt(found.where(unread.__contains__))
    return found, units


def _amounts(
    table: CodedTable, units: Texts, known: Sequence[Unit | None]
) -> tuple[Floats, Floats, pd.Categorical]:
    """Figures in canonical units, factor of each, and the canonical unit."""
    values = table.numbers("quantity")
    missing = np.isnan(values)
    if missing.any():  # a figure that is not there has no unit either
        units = Texts(np.where(missing, len(units.texts) - 1, units.codes), units.texts)
    factors = units.of([float(unit.factor) if unit else np.nan for unit in known])
    with np.errstate(over="ignore"):
        canonical = values * factors
    table.doubt(np.isinf(canonical))
    return canonical, factors, units.keys([unit.canonical if unit else "" for unit in known])


def _two_units(groups: Codes, unit: pd.Categorical, missing: Rows) -> Rows | None:
    """Return records of groups with two units, but for the figures that are missing."""
    if not missing.any():
        return two_values(groups, unit.codes)
    differ = two_values(groups[~missing], unit.codes[~missing])
    if differ is None:
        return None
    out = np.zeros(len(groups), dtype=bool)
    out[~missing] = differ
    return out


def _missing(table: CodedTable, of: Codes, keys: Codes, missing: Rows) -> None:
    """Tell of figures that are missing; where nothing is known of a part, the whole reader does."""
    if missing.any():
        table.doubt(silent_parts(pd.factorize(keys)[0], missing))
        table.doubt(many_alike(of, missing))
        heading = " ".join(str(table.columns["quantity"].name).split())
        table.told += missing_figures(table.name, heading, of, missing)


def _shown(units: Sequence[Unit | None]) -> list[str]:
    """Return how each unit is shown."""
    known = [unit for unit in units if unit]
    names = iter(Amounts(np.zeros(len(known)), np.arange(len(known)), known).shown()[0].tolist())
    return [next(names) if unit else "" for unit in units]


def _common(
    table: CodedTable, of: np.ndarray[Any, Any], plants: Plants, settings: StudySettings
) -> dict[str, Any]:
    """Read what both tables have; every plant needs records in both phases."""
    start, end = table.days()
    inside = np.zeros(len(table), dtype=bool)
    for phase in PHASES:
        days = phase_days(settings, phase)
        assert days is not None
        lies = (start <= days[1]) & (end >= days[0])
        inside |= lies
        seen = np.zeros(len(plants.names), dtype=bool)
        seen[of[lies]] = True
        if not seen.all():
            table.doubt(~seen[of])
            plants.lacking |= ~seen
    table.told += outside_periods(table.name, of, ~inside & (start != NO_DAY))
    quality, keys = table.choices("quality", settings.quality)
    for name in ("phase", "error", "error_meaning", "error_kind"):
        table.blank(name)
    if table.has("note"):
        table.texts("note")
    return {"facility": plants.categorical(of), "start": start, "end": end,
            "quality": quality.keys(keys)}  # fmt: skip


def _consumption(
    table: CodedTable, plants: Plants, settings: StudySettings, shared: Shared
) -> tuple[dict[str, Any], UnitsUsed]:
    """Return the columns of consumption, and the unit of each plant and resource."""
    count, of = len(table), plants.used
    common = _common(table, of, plants, settings)
    for name in ("product", "tariff_period"):
        table.blank(name)
    resource, keys = _resources(table, shared)
    category = resource.keys(keys)
    texts, units = _units(table, shared)
    purchases, factors, unit = _amounts(table, texts, units)
    missing = np.isnan(purchases)
    cell = of * len(category.categories) + category.codes
    table.doubt(_two_units(cell, unit, missing))
    meters = table.texts("meter")
    meter = meters.keys(meters.texts)
    use, opening, closing, stocked = _stocks(table, purchases, texts, units, shared)
    key = cell.astype(np.int64) * len(meter.categories) + meter.codes
    _missing(table, of, key, missing)
    reading, read = table.choices("reading")
    estimated = {text for text, word in zip(reading.texts, read, strict=True)
                 if word == "estimated"}  # fmt: skip
    table.doubt(reading.where(estimated.__contains__))
    table.doubt(overlapping(key, common["start"], common["end"]))
    money = shared.reading.unit(settings.currency, suggest=False)
    cost = table.numbers("cost", negative=True) * float(money.factor)
    table.doubt(np.isinf(cost))
    if money.canonical != settings.currency:
        table.doubt(~np.isnan(cost))
    nothing = _constant(count)
    columns = {
        "facility": common["facility"], "resource": category, "meter": meter, "product": nothing,
        "phase": nothing, "start": common["start"], "end": common["end"],
        "purchases": purchases, "use": use, "stocked": stocked, "opening": opening,
        "closing": closing, "unit": unit, "shown_unit": texts.keys(_shown(units)),
        "shown_factor": factors,
        "cost": cost, "cost_factor": np.broadcast_to(float(money.factor), count),
        "quality": common["quality"], "reading": reading.keys(read), **_no_errors(count),
        "row": np.arange(2, count + 2),
    }  # fmt: skip
    unit_of = np.full((len(plants.names), len(category.categories)), -1, dtype=np.int64)
    unit_of[of[~missing], category.codes[~missing]] = unit.codes[~missing]
    return columns, UnitsUsed(list(category.categories), list(unit.categories), unit_of)


def _resources(table: CodedTable, shared: Shared) -> tuple[Texts, list[str]]:
    known = resource_words()
    found = table.texts("resource")
    keys = [shared.own_words.get(plain_word(text)) or known.get(plain_word(text), "")
            if text else "" for text in found.texts]  # fmt: skip
    unread = {text for text, key in zip(found.texts, keys, strict=True) if not key}
    table.doubt(found.where(unread.__contains__))
    return found, keys


def _stocks(
    table: CodedTable, purchases: Floats, texts: Texts, units: Sequence[Unit | None], shared: Shared
) -> tuple[Floats, Floats, Floats, Rows]:
    """Use of each record, and its stocks in the canonical unit."""
    names = ("opening_stock", "closing_stock")
    if not any(map(table.has, names)):
        nothing = np.broadcast_to(np.nan, len(table))
        return purchases, nothing, nothing, np.zeros(len(table), dtype=bool)
    # The unit of the row is read from its symbol, as the whole reader does.
    again = [shared.reading.unit(unit.symbol, suggest=False) if unit else None for unit in units]
    factors = texts.of([float(unit.factor) if unit else np.nan for unit in again])
    opening, closing = (table.numbers(name) * factors for name in names)
    table.doubt(np.isinf(opening) | np.isinf(closing) | (np.isnan(opening) != np.isnan(closing)))
    table.doubt(np.isnan(purchases) & ~np.isnan(opening))
    moved = {text for text, unit, other in zip(texts.texts, units, again, strict=True)
             if unit and other and other.canonical != unit.canonical}  # fmt: skip
    table.doubt(texts.where(moved.__contains__))
    stocked = ~np.isnan(opening) & ~np.isnan(closing)
    use = np.where(stocked, opening + purchases - closing, purchases)
    table.doubt(use < 0)
    return use, opening, closing, stocked


def _production(
    table: CodedTable, plants: Plants, settings: StudySettings, shared: Shared
) -> dict[str, Any]:
    """Return the columns of production; a plant that makes several products is not plain."""
    count, of = len(table), plants.made
    common = _common(table, of, plants, settings)
    table.blank("basis")
    texts, units = _units(table, shared)
    named = {text for text, unit in zip(texts.texts, units, strict=True)
             if unit and unit.qualifiers}  # fmt: skip
    table.doubt(texts.where(named.__contains__))
    quantity, factors, unit = _amounts(table, texts, units)
    products = table.texts("product")
    product = products.keys(products.texts)
    bases, keys = table.choices("output_basis")
    basis = bases.keys(keys)
    for codes in (product.codes, basis.codes):
        table.doubt(two_values(of, codes))
    missing = np.isnan(quantity)
    table.doubt(_two_units(of, unit, missing))
    _missing(table, of, of, missing)
    table.doubt(overlapping(of, common["start"], common["end"]))
    nothing = _constant(count)
    return {
        "facility": common["facility"], "product": product, "phase": nothing,
        "start": common["start"], "end": common["end"], "quantity": quantity, "unit": unit,
        "shown_unit": texts.keys(_shown(units)), "shown_factor": factors,
        "basis": nothing, "output_basis": basis,
        "quality": common["quality"], **_no_errors(count), "row": np.arange(2, count + 2),
    }  # fmt: skip


def _no_errors(count: int) -> dict[str, Any]:
    return {"error": np.broadcast_to(np.nan, count), "error_meaning": _constant(count),
            "error_kind": _constant(count)}  # fmt: skip
