"""Carbon dioxide of fuels by a named, cited set of factors: only when the user asks for it.

A default factor of the IPCC is per unit of heat. It becomes one per tonne or cubic metre through
a heating value: that of the same set, or of a set that the user names; the two are not mixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from sxsh_audit.data import load_rows
from sxsh_audit.errors import ConversionError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import nearest
from sxsh_audit.units import FactorSet, factor_set, parse_unit
from sxsh_audit.units.conversion import factor_between

__all__ = ["FUEL_FACTOR_SETS", "MISSING", "FuelFactor", "fuel_factors", "fuels_known"]

#: Names under which the shipped factors of fuels are asked for.
FUEL_FACTOR_SETS = ("ipcc-2006",)

#: Why a factor is not known; see :attr:`FuelFactor.missing`.
MISSING = ("fuel", "heating_value", "withheld")

_NOT_THERE = ("convert.not_in_set", "convert.no_such_resource")


class FuelFactor(NamedTuple):
    """Carbon dioxide of one unit of a fuel."""

    value: float
    """Fossil carbon dioxide, 0 for biomass; ``nan`` where it is not known. [tCO2/unit]"""
    biogenic: float
    """Carbon dioxide from biomass, which is told apart and is in no total; 0 for fossil fuels,
    ``nan`` where it is not known. [tCO2/unit]"""
    unit: str
    """``tCO2/t``; empty if not known."""
    fuel: str
    """The fuel of the set that was used; empty if the resource is none of them."""
    missing: str
    """Why it is not known: ``fuel`` (no fuel of the set is this resource without a doubt),
    ``heating_value`` (none for this unit), ``withheld`` (the heating value is withheld); else
    empty."""
    year: int
    """Year of the guidelines; 0 if not known."""
    source: str
    """Where the factor was read."""
    heating_value_source: str
    """Where the heating value was read; empty where none was needed."""
    confidence: str
    """H, M or L as in the bibliography."""


def _unknown(missing: str, fuel: str = "") -> FuelFactor:
    return FuelFactor(math.nan, math.nan, "", fuel, missing, 0, "", "", "")


def fuels_known(factors: str = "ipcc-2006", *, language: Language = "vi") -> tuple[str, ...]:
    """Return the fuels of a set of factors, for those that a resource does not name by itself.

    Parameters
    ----------
    factors : str
        Name of the set.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    ConversionError
        If there is no such set.

    Examples
    --------
    >>> fuels_known()[:3]
    ('anthracite', 'coking_coal', 'other_bituminous_coal')
    """
    return tuple(row["fuel"] for row in _rows(factors, language))


def _rows(factors: str, language: Language) -> tuple[dict[str, str], ...]:
    if factors not in FUEL_FACTOR_SETS:
        numbers = {"name": factors, "known": list(FUEL_FACTOR_SETS)}
        raise ConversionError(refusal_sentence("fuel.no_such_set", numbers, language),
                              code="fuel.no_such_set", **numbers)  # fmt: skip
    return load_rows("fuel_emissions.csv")


def _heat(
    resource: str, unit: str, row: Mapping[str, str], table: FactorSet | None, language: Language
) -> tuple[Fraction | None, str, str]:
    """Return the heat of one unit [GJ], its source, and what is missing."""
    source, target = parse_unit(unit, language=language), parse_unit("GJ")
    if source.dimension == target.dimension:
        return factor_between(source, target), "", ""
    if table is None:
        if source.dimension != "mass" or not row["ncv"]:
            return None, "", "heating_value"
        return Fraction(row["ncv"]) * factor_between(source, parse_unit("t")), row["ncv_source"], ""
    found = [one for one in table.find(resource) if one.to_unit.dimension == "energy"]
    for one in found:
        if one.withheld:
            return None, "", "withheld"
        try:
            heat = factor_between(
                source, target, FactorSet(table.id, table.title, table.source, table.year, (one,)),
                resource=resource, language=language,
            )  # fmt: skip
        except ConversionError as error:
            if error.code in _NOT_THERE:
                continue
            raise
        return heat, one.source, ""
    return None, "", "heating_value"


def fuel_factors(
    resources: Mapping[str, str],
    factors: str = "ipcc-2006",
    *,
    fuels: Mapping[str, str] | None = None,
    heating_values: str | Path | FactorSet | None = None,
    language: Language = "vi",
) -> dict[str, FuelFactor]:
    """Return the carbon dioxide of one unit of each fuel, as far as it is known.

    Parameters
    ----------
    resources : mapping of str to str
        Resource keys with the unit that their amounts are in: ``{"diesel": "t"}``.
    factors : str
        Name of the set: ``ipcc-2006``, the default factors of the IPCC guidelines of 2006.
    fuels : mapping of str to str, optional
        Which fuel of the set a resource is, where its name leaves a doubt: ``{"coal":
        "anthracite"}``. It wins over the set's own.
    heating_values : str, Path or FactorSet, optional
        Factor set with heating values, such as ``vn-tt20-2016``; without it the net calorific
        values of the IPCC serve, which are per tonne.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    dict
        One :class:`FuelFactor` per resource, also of those that are no fuel of the set.

    Raises
    ------
    ConversionError
        If there is no such set of factors or of heating values, or `fuels` names none of it.
    DataError
        If the file of heating values breaks the rules of a factor set.
    UnitError
        If a unit is not understood.

    Notes
    -----
    Carbon dioxide only: the factors of methane and nitrous oxide depend on how a fuel is burnt.

    Examples
    --------
    >>> found = fuel_factors({"diesel": "t", "wood": "t", "coal": "t"})
    >>> found["diesel"].value, found["wood"].value, round(found["wood"].biogenic, 4)
    (3.1863, 0.0, 1.7472)
    >>> found["coal"].missing
    'fuel'
    >>> fuel_factors({"coal": "t"}, fuels={"coal": "anthracite"})["coal"].value
    2.62461
    """
    rows = _rows(factors, language)
    by_fuel = {row["fuel"]: row for row in rows}
    by_resource = {key: row for row in rows for key in row["resource"].split("|") if key}
    for resource, fuel in (fuels or {}).items():
        if fuel not in by_fuel:
            numbers = {"name": fuel, "resource": resource, "near": nearest(fuel, list(by_fuel)),
                       "known": list(by_fuel)}  # fmt: skip
            raise ConversionError(refusal_sentence("fuel.no_such_fuel", numbers, language),
                                  code="fuel.no_such_fuel", **numbers)  # fmt: skip
        by_resource[resource] = by_fuel[fuel]
    table = None if heating_values is None else factor_set(heating_values, language=language)
    found = {}
    for resource, unit in resources.items():
        row = by_resource.get(resource)
        if row is None:
            found[resource] = _unknown("fuel")
            continue
        heat, heat_source, missing = _heat(resource, unit, row, table, language)
        if heat is None:
            found[resource] = _unknown(missing, row["fuel"])
            continue
        # kg/TJ × GJ: a million kilograms of a terajoule's thousandth make a tonne
        value = float(heat * Fraction(row["co2"]) / 10**6)
        fossil, biogenic = (0.0, value) if row["biogenic"] else (value, 0.0)
        found[resource] = FuelFactor(
            fossil, biogenic, f"tCO2/{unit}", row["fuel"], "", int(row["year"]), row["source"],
            heat_source, row["confidence"],
        )  # fmt: skip
    return found
