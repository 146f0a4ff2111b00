"""Conversions that need knowledge: named sets of factors, each row with its source.

A kilowatt hour is 0.0001543 TOE in one official table and 0.000086 TOE by its heat, so no such
factor is ever implied: the caller names the set. A row that is known to be wrong, or is printed
as a range, is kept with its reason and withheld until the user chooses a value.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from sxsh_audit.data import load_toml, names_in
from sxsh_audit.errors import ConversionError, DataError, UnitError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.text import nearest
from sxsh_audit.units.algebra import Unit
from sxsh_audit.units.reading import parse_unit

__all__ = ["Factor", "FactorSet", "factor_set", "factor_sets"]

WITHHELD = ("range", "printed_per_volume", "thousand_times_low", "other")


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: 1 `from_unit` of `resource` = `value` `to_unit`.

    Parameters
    ----------
    resource : str
        Resource key; ``any`` where the factor does not depend on it.
    from_unit, to_unit : Unit
        Units of the two sides.
    value : Fraction or None
        Exact value; None where only a range is printed [to_unit/from_unit].
    text : str
        The value as printed, a range as ``low–high``.
    withheld : str
        Why it is not used before the user chooses; empty when it is used.
    only : tuple of str
        The energy units that this factor may be applied to; empty for all.
    source : str
        Where it is printed.
    year : int
        Year of the source.
    valid_from, valid_to : date or None
        Validity, where the source states it.
    confidence : str
        H (read in the official text), M (in a secondary source), L (weak) or U (the user's).
    note : mapping
        Remark by language.
    """

    resource: str
    from_unit: Unit
    to_unit: Unit
    value: Fraction | None
    text: str
    withheld: str
    only: tuple[str, ...]
    source: str
    year: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    confidence: str
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactorSet:
    """A named table of factors.

    Parameters
    ----------
    id : str
        Name by which it is asked for.
    title : mapping
        Title by language.
    source : str
        The document.
    year : int
        Its year.
    factors : tuple of Factor
        The rows.
    """

    id: str
    title: Mapping[str, str]
    source: str
    year: int
    factors: tuple[Factor, ...] = field(repr=False)

    def choose(self, resource: str, value: str, *, source: str) -> FactorSet:
        """Return the set with a withheld factor of `resource` replaced by a value of one's own.

        Parameters
        ----------
        resource : str
            Resource key of a withheld row.
        value : str
            The value with a decimal dot, in the units of that row.
        source : str
            Where the value is from; it is printed with every result.

        Returns
        -------
        FactorSet

        Raises
        ------
        KeyError
            If no factor of `resource` is withheld.
        ValueError
            If `value` is not a positive number.

        Examples
        --------
        >>> chosen = factor_set("vn-3505").choose("coke", "0.72", source="supplier, 2014")
        >>> chosen.find("coke")[0].text
        '0.72'
        """
        if not any(row.withheld for row in self.find(resource)):
            raise KeyError(f"{self.id}: no factor of {resource!r} is withheld")
        exact = Fraction(value)
        if exact <= 0:
            raise ValueError(f"factor {value}: must be above 0")
        rows = tuple(
            replace(row, value=exact, text=value, withheld="", source=source, confidence="U")
            if row.resource == resource and row.withheld else row for row in self.factors
        )
        return replace(self, factors=rows)

    def find(self, resource: str) -> tuple[Factor, ...]:
        """Return the rows of `resource`."""
        return tuple(row for row in self.factors if row.resource == resource)


class _Checker:
    """Reads one factor file and collects what is wrong with it."""

    def __init__(self, name: str, language: Language) -> None:
        self.name, self.language = name, language
        self.faults: list[str] = []

    def fault(self, code: str, **numbers: Any) -> None:
        numbers.setdefault("row", 0)
        self.faults.append(sentence(f"factors.{code}", self.language, **numbers))

    def text(self, record: Mapping[str, Any], key: str, row: int = 0) -> str:
        value = record.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.fault("missing" if row else "missing_head", key=key, row=row)
            return ""
        return value

    def number(self, record: Mapping[str, Any], key: str, row: int) -> Fraction | None:
        typed = record.get(key)
        bare = isinstance(typed, (int, float)) and not isinstance(typed, bool)
        try:
            # repr: the decimal that was typed, not the binary number nearest to it
            value = Fraction(repr(typed) if bare else self.text(record, key, row) or "1")
        except (ValueError, ZeroDivisionError):
            value = Fraction(0)
        if value <= 0:
            self.fault("not_positive", key=key, value=str(record[key]), row=row)
            return None
        return value

    def unit(self, record: Mapping[str, Any], key: str, row: int) -> Unit:
        text = self.text(record, key, row)
        try:
            return parse_unit(text or "1", language=self.language)
        except UnitError as error:
            self.fault("unit", key=key, reason=str(error), row=row)
            return parse_unit("1")

    def date(self, record: Mapping[str, Any], key: str, row: int) -> dt.date | None:
        value = record.get(key)
        if value is None or isinstance(value, dt.date):
            return value
        self.fault("date", key=key, value=str(value), row=row)
        return None

    def year(self, record: Mapping[str, Any]) -> int:
        value = record.get("year")
        if isinstance(value, int) and 1900 <= value < 2200:
            return value
        self.fault("year", value=str(value))
        return 0

    def factor(self, row: int, record: Mapping[str, Any], head: Mapping[str, Any]) -> Factor:
        withheld = record.get("withheld", "")
        if withheld and withheld not in WITHHELD:
            self.fault("withheld", value=str(withheld), known=", ".join(WITHHELD), row=row)
        if "low" in record or "high" in record:
            self.number(record, "low", row)
            self.number(record, "high", row)
            value, text = None, f"{record.get('low')}–{record.get('high')}"
            withheld = withheld or "range"
        else:
            value, text = self.number(record, "value", row), str(record.get("value", ""))
        merged = {**head, **record}
        return Factor(
            self.text(record, "resource", row), self.unit(record, "from", row),
            self.unit(record, "to", row), value, text, str(withheld),
            tuple(record.get("only", ())), self.text(merged, "source", row), self.year(merged),
            self.date(merged, "valid_from", row), self.date(merged, "valid_to", row),
            str(merged.get("confidence", "")), record.get("note", {}),
        )

    def set(self, record: Mapping[str, Any]) -> FactorSet:
        rows = record.get("factor")
        if not isinstance(rows, list) or not rows:
            self.fault("no_rows")
            rows = []
        source, name = self.text(record, "source"), self.text(record, "id")
        head = {key: record[key] for key in
                ("source", "year", "valid_from", "valid_to", "confidence") if key in record}
        year = self.year(record)
        if not source or not year:  # said once for the file, not once for each row
            head |= {"source": source or "?", "year": year or 1900}
        factors = tuple(self.factor(row, one, head) for row, one in enumerate(rows, 1))
        seen: dict[tuple[str, str, str], int] = {}
        for row, one in enumerate(factors, 1):
            key = (one.resource, one.from_unit.dimension, one.to_unit.dimension)
            if (first := seen.setdefault(key, row)) != row and all(key):
                self.fault("twice", resource=one.resource, first=first, row=row)
        title = record.get("title", {})
        return FactorSet(name, title if isinstance(title, Mapping) else {"vi": str(title)},
                         source, year, factors)


def _load(name: str, record: Mapping[str, Any], language: Language) -> FactorSet:
    checker = _Checker(name, language)
    built = checker.set(record)
    if checker.faults:
        numbers = {"file": name, "faults": "\n".join(f"  - {one}" for one in checker.faults)}
        raise DataError(refusal_sentence("factors.file", numbers, language),
                        code="factors.file", **numbers)
    return built


@lru_cache(maxsize=32)
def _shipped(name: str) -> FactorSet:
    return _load(f"{name}.toml", load_toml(f"factors/{name}.toml"), "en")


def factor_sets() -> tuple[FactorSet, ...]:
    """Return the factor sets that the library ships, by id.

    Examples
    --------
    >>> [one.id for one in factor_sets()]
    ['physical', 'vn-3505', 'vn-tt20-2016']
    """
    return tuple(_shipped(name) for name in names_in("factors", ".toml"))


def factor_set(name: str | Path | FactorSet, *, language: Language = "vi") -> FactorSet:
    """Return a factor set by its id, or read one from a file of the same shape.

    Parameters
    ----------
    name : str, Path or FactorSet
        ``vn-3505`` (TOE by Công văn 3505/BCT-KHCN), ``vn-tt20-2016`` (MJ by Circular 20/2016),
        ``physical`` (1 TOE = 41.868 GJ, energy only), or the path of a TOML file.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    FactorSet

    Raises
    ------
    ConversionError
        If there is no such set and no such file.
    DataError
        If the file breaks the rules; all its faults are named.

    Examples
    --------
    >>> factor_set("vn-3505").find("electricity")[0].text
    '0.0001543'
    """
    if isinstance(name, FactorSet):
        return name
    known = names_in("factors", ".toml")
    if isinstance(name, str) and name in known:
        return _shipped(name)
    path = Path(name)
    if not path.is_file():
        numbers = {"name": str(name), "known": known, "near": nearest(str(name), known)}
        raise ConversionError(refusal_sentence("convert.no_such_set", numbers, language),
                              code="convert.no_such_set", **numbers)
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        numbers = {"file": path.name, "faults": f"  - {error}"}
        raise DataError(refusal_sentence("factors.file", numbers, language),
                        code="factors.file", **numbers) from error
    return _load(path.name, record, language)
