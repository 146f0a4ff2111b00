"""Settings of the inventory of emissions: factors are used only where they are asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sxsh_audit.data import load_rows
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.schema import plain_word, resource_words

__all__ = ["EMISSION_SETTINGS", "FUEL_SETS", "REPORTS", "read_emission_setting"]

Report = Callable[..., None]
EMISSION_SETTINGS = ("fuel_factors", "fuels", "heating_values", "gwp")
FUEL_SETS = ("ipcc-2006",)
"""Shipped sets of CO₂ factors of fuels."""
REPORTS = ("AR4", "AR5", "AR6")
"""Reports of the IPCC whose global warming potentials are shipped."""


def read_emission_setting(key: str, value: Any, report: Report) -> Any:
    """Read one of the settings `EMISSION_SETTINGS`.

    Parameters
    ----------
    key : str
        Canonical name.
    value : object
        What was typed.
    report : callable
        Called with a code, the key, the value and numbers for each fault.

    Returns
    -------
    str, dict of str to str, or None
        None where it cannot be read.
    """
    if key == "fuels":
        return _fuels(key, value, report)
    if not isinstance(value, str) or not value.strip():
        report("settings.not_text", key, value)
        return None
    if key == "heating_values":
        return value.strip()
    known = FUEL_SETS if key == "fuel_factors" else REPORTS
    for one in known:
        if plain_word(one) == plain_word(value):
            return one
    report("settings.choice", key, value, choices=list(known))
    return None


def _fuels(key: str, value: Any, report: Report) -> dict[str, str] | None:
    """Return which fuel of the shipped set each resource is."""
    if not isinstance(value, Mapping):
        report("settings.not_table", key, value)
        return None
    fuels = {plain_word(row["fuel"].replace("_", " ")): row["fuel"]
             for row in load_rows("fuel_emissions.csv")}  # fmt: skip
    found: dict[str, str] = {}
    for name, fuel in value.items():
        word = plain_word(str(fuel).replace("_", " "))
        if word not in fuels:
            close = nearest(word, tuple(fuels), 5)
            near = [fuels[one] for one in close] or list(fuels.values())
            report("settings.unknown_fuel", f"{key}.{name}", fuel, near=near)
            continue
        found[resource_words().get(plain_word(str(name)), str(name))] = fuels[word]
    return found
