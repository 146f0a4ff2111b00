"""Settings of adjusted baselines against the tables: resources, products, drivers, units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.schema import plain_word
from sxsh_audit.tables.settings import StudySettings

if TYPE_CHECKING:
    from sxsh_audit.tables.checking import CheckedTables

__all__ = ["baseline_settings"]

BY_RESOURCE = ("baseline_model", "base_load", "earlier_saving")


def baseline_settings(tables: CheckedTables, settings: StudySettings) -> list[Finding]:
    """Return the settings that name what the tables do not have, or in another unit.

    Parameters
    ----------
    tables : CheckedTables
        Tables as read.
    settings : StudySettings
        Settings as read.
    """
    return [*_resources(tables, settings), *_outputs(tables, settings), *_drivers(tables, settings)]


def _fault(code: str, typed: str, **numbers: object) -> Finding:
    return Finding(code, "error", Place(), typed, numbers)


def _resources(tables: CheckedTables, settings: StudySettings) -> Iterator[Finding]:
    use = tables.consumption
    used = sorted(set(use["resource"]) - {""})
    units = {key: unit for key, unit in zip(use["resource"], use["unit"], strict=True) if unit}
    for name in BY_RESOURCE:
        stated = getattr(settings, name)
        if isinstance(stated, str):
            continue
        for key in stated:
            if key not in used:
                near = [*nearest(key, used, 3)] or used[:5] or ["–"]
                yield _fault("study.unused_resource", f"{name}.{key}", near=near)
    for key, load in settings.base_load.items():
        if load.unit and load.unit != units.get(key, load.unit):
            yield _fault("study.base_load_unit", f"base_load.{key}", key=key, first=units[key],
                         second=load.unit)  # fmt: skip


def _outputs(tables: CheckedTables, settings: StudySettings) -> Iterator[Finding]:
    if settings.standard_conditions is None:
        return
    made = tables.production
    products = sorted(set(made["product"]) - {""})
    for product, stated in settings.standard_conditions.output.items():
        typed = "standard_conditions.output" + (f".{product}" if product else "")
        if product and product not in products:
            near = [*nearest(product, products, 3)] or products[:5] or ["–"]
            yield _fault("study.unknown_condition", typed, near=near)
            continue
        rows = made[made["product"] == product] if product else made
        known = sorted(set(rows["unit"]) - {""})
        if len(known) == 1 and known[0] != stated.unit:
            yield _fault("study.condition_unit", typed, first=known[0], second=stated.unit)


def _drivers(tables: CheckedTables, settings: StudySettings) -> Iterator[Finding]:
    if settings.standard_conditions is None:
        return
    table = tables.drivers
    names = {plain_word(driver): driver for driver in table["driver"] if driver}
    units = {plain_word(driver): unit for driver, unit in zip(table["driver"], table["unit"],
                                                              strict=True)}  # fmt: skip
    for driver, stated in settings.standard_conditions.drivers.items():
        word, typed = plain_word(driver), f"standard_conditions.{driver}"
        if word not in names:
            close = [names[one] for one in nearest(word, tuple(names), 3)]
            yield _fault("study.unknown_condition", typed,
                         near=close or list(names.values())[:5] or ["–"])  # fmt: skip
        elif stated.unit and units[word] and plain_word(stated.unit) != plain_word(units[word]):
            yield _fault("study.condition_unit", typed, first=units[word], second=stated.unit)
