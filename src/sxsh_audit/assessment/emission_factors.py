"""Emission factors: grid electricity by year and method, everything else by the user's file.

A fuel without a row in the user's file is not known, never 0: the default factors of
:mod:`~sxsh_audit.assessment.fuel_factors` serve only where they are asked for by name.
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
from sxsh_audit.units import FactorSet, factor_set, parse_unit
from sxsh_audit.units.conversion import factor_between

__all__ = ["EmissionFactor", "emission_factors", "grid_years"]

#: What an emission may be counted in, the first one that a row has.
GASES = ("tCO2", "tCO2e")

_NOT_THERE = ("convert.not_in_set", "convert.no_such_resource")


class EmissionFactor(NamedTuple):
    """Emissions of one unit of a resource."""

    value: float
    """The factor; ``nan`` where none is known. [tCO2/unit]"""
    unit: str
    """``tCO2/kWh`` or, where other gases are weighed in, ``tCO2e/kWh``; empty if not known."""
    year: int
    """Year that the factor is for, or of its source; 0 if not known."""
    method: str
    """``combined_margin``, ``inventory``, ``own`` (the user's file), or empty if not known."""
    source: str
    """Where it is printed."""
    confidence: str
    """H, M, L as in the bibliography, or U for the user's own."""


_UNKNOWN = EmissionFactor(math.nan, "", 0, "", "", "")


def grid_years(*, estimates: bool = False) -> tuple[int, ...]:
    """Return the years with a grid factor.

    Parameters
    ----------
    estimates : bool
        Whether to count the estimates of researchers, which are withheld otherwise.

    Examples
    --------
    >>> grid_years()[0], grid_years()[-1], grid_years(estimates=True)[-1]
    (2014, 2023, 2025)
    """
    rows = load_rows("emissions.csv")
    return tuple(int(row["year"]) for row in rows if estimates or not row["withheld"])


def _refuse(code: str, language: Language, **numbers: object) -> ConversionError:
    return ConversionError(refusal_sentence(code, numbers, language), code=code, **numbers)


def _grid(year: int, unit: str, estimates: bool, language: Language) -> EmissionFactor:
    row = next((row for row in load_rows("emissions.csv") if int(row["year"]) == year), None)
    if row is None:
        known = [str(one) for one in grid_years()]
        raise _refuse("emission.no_such_year", language, year=year, known=known)
    if row["withheld"] and not estimates:
        raise _refuse("emission.estimate", language, year=year, value=float(row["value"]),
                      unit=row["unit"], source=row["source"])  # fmt: skip
    given = parse_unit(row["unit"], language=language)
    target = f"{row['unit'].split('/')[0]}/{unit}"
    scale = factor_between(given, parse_unit(target, language=language), language=language)
    value = float(Fraction(row["value"]) * scale)
    return EmissionFactor(value, target, year, row["method"], row["source"], row["confidence"])


def _own(
    table: FactorSet, resource: str, unit: str, language: Language
) -> EmissionFactor | None:
    """Return the factor of the user's file for one unit of a resource, if it has one."""
    rows = [row for row in table.find(resource) if row.to_unit.canonical in GASES]
    source = parse_unit(unit, language=language)
    for gas in GASES:
        for row in rows:
            if row.to_unit.canonical != gas:
                continue
            one = FactorSet(table.id, table.title, table.source, table.year, (row,))
            try:
                value = factor_between(source, parse_unit(gas), one, resource=resource,
                                       language=language)  # fmt: skip
            except ConversionError as error:
                if error.code in _NOT_THERE:
                    continue
                raise
            return EmissionFactor(
                float(value), f"{gas}/{unit}", row.year, "own", row.source, row.confidence or "U"
            )
    return None


def emission_factors(
    resources: Mapping[str, str],
    *,
    grid_year: int | None,
    file: str | Path | FactorSet | None = None,
    estimates: bool = False,
    language: Language = "vi",
) -> dict[str, EmissionFactor]:
    """Return the emission factor of each resource, as far as one is known.

    Parameters
    ----------
    resources : mapping of str to str
        Resource keys with the unit that their amounts are in: ``{"electricity": "kWh"}``.
    grid_year : int or None
        Year of the grid factor. One year serves the baseline and the reporting period:
        otherwise a cleaner grid would pass for a saving. None leaves electricity unknown unless
        the file has it.
    file : str, Path or FactorSet, optional
        Factors of the user's own: a factor set whose rows lead to ``tCO2`` or ``tCO2e``. Its
        row for electricity replaces that of the grid.
    estimates : bool
        Whether the estimates of researchers (2024, 2025) may be used.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    dict
        One :class:`EmissionFactor` per resource; its value is ``nan`` where none is known.

    Raises
    ------
    ConversionError
        If there is no grid factor for the year, it is an estimate that was not asked for, the
        file has no row that leads to CO₂, or a factor in it is withheld.
    DataError
        If the file breaks the rules of a factor set; all its faults are named.
    UnitError
        If a unit is not understood.

    Notes
    -----
    Grid factors of different methods are not one series: the figures up to 2023 are combined
    margins, the estimates after them an inventory that weighs other gases in (CO₂e).

    Examples
    --------
    >>> found = emission_factors({"electricity": "kWh", "diesel": "m3"}, grid_year=2022)
    >>> found["electricity"].value, found["electricity"].unit, found["electricity"].method
    (0.0006766, 'tCO2/kWh', 'combined_margin')
    >>> found["diesel"].value
    nan
    """
    table = None if file is None else factor_set(file, language=language)
    if table is not None and not any(row.to_unit.canonical in GASES for row in table.factors):
        raise _refuse("emission.no_co2", language, set=table.id)
    found = {}
    for resource, unit in resources.items():
        own = None if table is None else _own(table, resource, unit, language)
        if own is None and resource == "electricity" and grid_year is not None:
            own = _grid(grid_year, unit, estimates, language)
        found[resource] = own or _UNKNOWN
    return found
