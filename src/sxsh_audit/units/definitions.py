"""The units, their exact sizes and their spellings, read from the fact files.

``units.csv`` gives each unit as an exact multiple of another one, ``dimensions.csv`` the
canonical unit of each dimension, ``spellings.csv`` what people write. Everything is kept as
:class:`fractions.Fraction` and rounded once, where a number is converted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from sxsh_audit.data import load_rows
from sxsh_audit.errors import DataError
from sxsh_audit.language.text import fold, tidy

__all__ = ["Dimension", "Meaning", "Spellings", "UnitRecord", "dimensions", "spellings", "units"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension with its canonical unit.

    Parameters
    ----------
    name : str
        ``energy``, ``mass``, ``money`` …
    canonical : str
        Symbol of the unit in which its values are kept.
    algebra : str
        The canonical unit in kg, m and s without its size; empty when independent of them.
    si : Fraction
        Size of the canonical unit in kg, m and s.
    """

    name: str
    canonical: str
    algebra: str
    si: Fraction


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit that has a symbol of its own.

    Parameters
    ----------
    symbol : str
        How the library writes it; also one of its spellings.
    dimension : str
        Name of its dimension.
    factor : Fraction
        1 of this unit = `factor` canonical units of its dimension.
    pint : str
        The same unit in pint's default registry; empty where it has none.
    source : str
        Who defines it.
    """

    symbol: str
    dimension: str
    factor: Fraction
    pint: str
    source: str


class Meaning(NamedTuple):
    """What one spelling stands for: ``10**power`` of the unit `symbol`."""

    symbol: str
    power: int = 0


class Spellings(NamedTuple):
    """The tables in which a spelling is looked up.

    Attributes
    ----------
    exact : dict
        Spelling in NFC → meaning.
    folded : dict
        Case-folded spelling → every meaning that one of its spellings has, also those of
        spellings that are refused.
    refused : dict
        Spelling in NFC → the meanings it is used with, as text.
    nouns : frozenset
        Case-folded spellings that are everyday nouns too.
    """

    exact: dict[str, Meaning]
    folded: dict[str, tuple[Meaning, ...]]
    refused: dict[str, tuple[str, ...]]
    nouns: frozenset[str]


@cache
def dimensions() -> dict[str, Dimension]:
    """Return every dimension by name."""
    return {
        row["dimension"]: Dimension(
            row["dimension"], row["canonical"], row["algebra"], Fraction(row["si"])
        )
        for row in load_rows("dimensions.csv")
    }


@cache
def units() -> dict[str, UnitRecord]:
    """Return every unit by symbol."""
    rows = {row["symbol"]: row for row in load_rows("units.csv")}

    def factor(symbol: str) -> Fraction:
        row = rows[symbol]
        return Fraction(row["value"]) * (factor(row["of"]) if row["of"] else 1)

    return {
        symbol: UnitRecord(symbol, row["dimension"], factor(symbol), row["pint"], row["source"])
        for symbol, row in rows.items()
    }


@cache
def spellings() -> Spellings:
    """Return the spelling tables.

    Raises
    ------
    DataError
        If a spelling is listed for two meanings.
    """
    exact: dict[str, Meaning] = {}
    folded: dict[str, set[Meaning]] = {}
    nouns: set[str] = set()
    for row in load_rows("spellings.csv"):
        meaning = Meaning(row["unit"], int(row["power"] or 0))
        for spelling in map(tidy, row["spellings"].split(" | ")):
            if exact.setdefault(spelling, meaning) != meaning:
                raise DataError(f"spellings.csv: {spelling!r} has two meanings",
                                code="data.spelling_twice", spelling=spelling)
            folded.setdefault(fold(spelling), set()).add(meaning)
            if row["noun"]:
                nouns.add(fold(spelling))
    refused: dict[str, tuple[str, ...]] = {}
    for row in load_rows("ambiguous_spellings.csv"):
        spelling = tidy(row["spelling"])
        if spelling in exact:
            raise DataError(f"ambiguous_spellings.csv: {spelling!r} is in spellings.csv too",
                            code="data.spelling_twice", spelling=spelling)
        refused[spelling] = tuple(row["meanings"].split(" | "))
        for text in refused[spelling]:
            folded.setdefault(fold(spelling), set()).add(Meaning(text))
    return Spellings(
        exact, {key: tuple(sorted(found)) for key, found in folded.items()}, refused,
        frozenset(nouns),
    )
