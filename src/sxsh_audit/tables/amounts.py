"""Numbers with their units, and how the cells of a study are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from sxsh_audit.language.text import fold
from sxsh_audit.units import Unit, parse_unit

__all__ = ["Amounts", "Codes", "Floats", "Reading", "Texts", "unit_code"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Codes = np.ndarray[Any, np.dtype[np.int64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a study are to be read."""

    locale: str = "auto"
    currency: str = "VND"
    quality: str = ""
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    def unit(self, text: str, *, suggest: bool = True) -> Unit:
        """Read a unit, the study's own spellings first, whole or on each side of the division."""
        if self.spellings:
            own = self.spellings.get(fold(text))
            sides = [self.spellings.get(fold(side), side.strip()) for side in text.split("/")]
            text = own if own is not None else "/".join(sides)
        return parse_unit(text, suggest=suggest)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts: numbers as typed, and for each row the place of its unit.

    Parameters
    ----------
    values : array of float, shape (rows,)
        Numbers as typed, in the row's own unit; nan where there is none.
    codes : array of int, shape (rows,)
        Index into `units`; −1 where the row has no unit that can be read.
    units : sequence of Unit
        The distinct units of the column.
    """

    values: Floats
    codes: Codes
    units: Sequence[Unit]

    def canonical(self) -> Floats:
        """Values in the canonical unit of each row's dimension [its canonical unit]."""
        factors = np.array([float(unit.factor) for unit in self.units] + [np.nan])
        with np.errstate(over="ignore"):
            return np.asarray(self.values * factors[self.codes])

    def names(self) -> Texts:
        """Canonical unit of each row; empty where it has none."""
        names = np.array([unit.canonical for unit in self.units] + [""], dtype=object)
        return np.asarray(names[self.codes])

    def typed(self) -> Texts:
        """Return the unit of each row as the library writes the one that was typed."""
        names = np.array([unit.symbol for unit in self.units] + [""], dtype=object)
        return np.asarray(names[self.codes])

    def qualifiers(self) -> Texts:
        """Words beside the unit of each row: «clinker» of «tấn clinker»; empty without any."""
        names = np.array([" ".join(unit.qualifiers) for unit in self.units] + [""], dtype=object)
        return np.asarray(names[self.codes])

    def shown(self) -> tuple[Texts, Floats]:
        """Return the unit in which each row is shown, and canonical units per one.

        The library's own spelling of what was typed; a scale or a count stays as typed, since
        a brick plant thinks in «1000 viên».
        """
        names = [unit.text if _as_typed(unit) else unit.symbol for unit in self.units]
        factors = np.array([float(unit.factor) for unit in self.units] + [np.nan])
        return np.array([*names, ""], dtype=object)[self.codes], factors[self.codes]


def _as_typed(unit: Unit) -> bool:
    return "10^" in unit.symbol or unit.canonical == "piece"


def unit_code(unit: Unit, known: list[Unit]) -> int:
    """Index of `unit` in `known`; two spellings of one unit are one unit, qualifiers apart."""
    def key(one: Unit) -> tuple[str, Fraction, tuple[str, ...]]:
        return (one.canonical, one.factor, one.qualifiers)

    wanted = key(unit)
    for code, one in enumerate(known):
        if key(one) == wanted:
            return code
    known.append(unit)
    return len(known) - 1
