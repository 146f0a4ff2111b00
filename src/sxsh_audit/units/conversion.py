"""Conversion of numbers, lists, arrays, Series and foreign pint quantities."""

from __future__ import annotations

import math
import numbers as abstract
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.errors import ConversionError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.units.algebra import Part, Unit, ratio, same_dimension
from sxsh_audit.units.definitions import dimensions
from sxsh_audit.units.factors import Factor, FactorSet, factor_set
from sxsh_audit.units.foreign import is_foreign, reduce_foreign
from sxsh_audit.units.reading import Quantity, parse_unit

if TYPE_CHECKING:
    from sxsh_audit.units.foreign import Reduced

__all__ = ["Canonical", "convert", "factor_between", "scale_values", "to_canonical"]


class Canonical(NamedTuple):
    """Values in the canonical unit of their dimension.

    Attributes
    ----------
    values : float, list, ndarray or Series
        Same kind as was given [unit].
    unit : str
        Symbol of the canonical unit.
    """

    values: Any
    unit: str


def _refuse(code: str, language: Language, **numbers: Any) -> ConversionError:
    return ConversionError(refusal_sentence(f"convert.{code}", numbers, language),
                           code=f"convert.{code}", **numbers)


def _unit(unit: str | Unit, language: Language) -> Unit:
    return unit if isinstance(unit, Unit) else parse_unit(unit, language=language)


def scale_values(values: Any, factor: float, *, language: Language = "vi") -> Any:
    """Return `values` times `factor`, as the same kind of object.

    Parameters
    ----------
    values : float, list, tuple, ndarray or Series
        Numbers; None and pandas' NA count as nan.
    factor : float
        The factor.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float, list, ndarray or Series

    Raises
    ------
    ConversionError
        If there is text among the values (``convert.text``): :func:`sxsh_audit.parse_numbers`
        reads it first.
    """
    if values is None or type(values).__name__ == "NAType":
        return math.nan
    if isinstance(values, (str, bytes, bool)) or type(values).__name__ == "bool":
        raise _refuse("text", language, value=str(values))
    if isinstance(values, (abstract.Real, Decimal)):
        return float(values) * factor
    if isinstance(values, (list, tuple)):
        return [scale_values(value, factor, language=language) for value in values]
    dtype = getattr(values, "dtype", None)
    if dtype is None:
        raise _refuse("text", language, value=type(values).__name__)
    if hasattr(values, "to_frame"):  # a pandas Series; its index and name stay
        numeric = getattr(dtype, "kind", "") in {"f", "i", "u"}
        column = (values.to_numpy(dtype="float64", na_value=math.nan) * factor if numeric
                  else scale_values(values.tolist(), factor, language=language))
        return type(values)(column, index=values.index, name=values.name, dtype="float64")
    if dtype.kind in "fiu":
        return values * factor
    import numpy as np

    return np.array(scale_values(values.tolist(), factor, language=language), dtype=np.float64)


def _turned(parts: Iterable[Part]) -> list[Part]:
    return [part._replace(exponent=-part.exponent) for part in parts]


def _through(
    source: Iterable[Part], target: Iterable[Part], factor: Factor
) -> tuple[list[Part], int] | None:
    """Return `source` with `factor` applied, and its exponent; None if that is not `target`."""
    over, under = factor.to_unit.parts, factor.from_unit.parts
    for top, bottom, exponent in ((over, under, 1), (under, over, -1)):
        parts = [*source, *top, *_turned(bottom)]
        if same_dimension(parts, target):
            return parts, exponent
    return None


def _by_factor(
    source: Unit, target: Unit, table: FactorSet, resource: str | None, language: Language
) -> Fraction:
    """Return the size of `source` in `target` by the one row of `table` that applies."""
    fitting = [row for row in table.factors if _through(source.parts, target.parts, row)]
    known = sorted({row.resource for row in fitting})
    about = {"from_unit": source.symbol, "to_unit": target.symbol, "set": table.id}
    if not fitting:
        raise _refuse("not_in_set", language, **about,
                      from_dimension=source.dimension,
                      to_dimension=target.dimension)
    if resource is not None:
        chosen = [row for row in fitting if row.resource == resource]
        chosen = chosen or [row for row in fitting if row.resource == "any"]
        if not chosen:
            raise _refuse("no_such_resource", language, **about, resource=resource, known=known)
    elif len(known) == 1:
        chosen = fitting
    else:
        raise _refuse("which_resource", language, **about, known=known)
    row = chosen[0]
    if row.value is None or row.withheld:
        raise _refuse(f"withheld_{row.withheld}", language, **about, resource=row.resource,
                      value=row.text, source=row.source)
    if row.only:
        for part in (*source.parts, *target.parts):
            if part.dimension == "energy" and part.symbol not in row.only:
                raise _refuse("two_conventions", language, **about, resource=row.resource,
                              unit=part.symbol, only=list(row.only), value=row.text)
    found = _through(source.parts, target.parts, row)
    assert found is not None  # it was among the fitting ones
    return ratio(found[0], target.parts) * row.value ** found[1]


def factor_between(
    source: Unit,
    target: Unit,
    table: FactorSet | None = None,
    *,
    resource: str | None = None,
    language: Language = "vi",
) -> Fraction:
    """Return how many `target` one `source` is, exactly.

    Parameters
    ----------
    source, target : Unit
        The two units.
    table : FactorSet, optional
        Factors to use where the dimensions differ.
    resource : str, optional
        Resource key that selects the row of `table`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Fraction
        [target/source].

    Raises
    ------
    ConversionError
        See :func:`convert`.
    """
    if source.qualifiers and target.qualifiers and source.qualifiers != target.qualifiers:
        # kWh per tonne of cement is not kWh per tonne of clinker.
        raise _refuse("qualifiers", language, from_unit=source.text, to_unit=target.text)
    if same_dimension(source.parts, target.parts):
        return ratio(source.parts, target.parts)
    if table is not None:
        return _by_factor(source, target, table, resource, language)
    numbers = {
        "from_unit": source.symbol, "from_dimension": source.dimension,
        "to_unit": target.symbol, "to_dimension": target.dimension,
    }
    pair = {source.dimension.split("/")[0], target.dimension.split("/")[0]}
    code = "dimension"
    if "toe" in pair:
        code = "needs_factor_set"
    elif all(name.startswith("money") for name in pair):
        code = "needs_exchange_rate"
    elif pair == {"mass", "volume"}:
        code = "needs_density"
    raise _refuse(code, language, **numbers)


def convert(
    values: Any,
    from_unit: str | Unit | None = None,
    to_unit: str | Unit | None = None,
    factor_set: str | Path | FactorSet | None = None,
    *,
    resource: str | None = None,
    language: Language = "vi",
) -> Any:
    """Convert values from one unit to another.

    Parameters
    ----------
    values : float, list, ndarray, Series, Quantity or pint Quantity
        Numbers [from_unit]. A pint Quantity is reduced to SI base units by its own registry;
        the name of its unit is never read here.
    from_unit : str or Unit, optional
        Unit of `values`; left out where they carry their unit.
    to_unit : str or Unit
        Unit wanted.
    factor_set : str, Path or FactorSet, optional
        Named factors for conversions that need knowledge (kWh → TOE), see
        :func:`sxsh_audit.units.factor_set`.
    resource : str, optional
        Resource key that selects the row of `factor_set`; may be left out where one row fits.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float, list, ndarray or Series
        Same kind as `values`, plain floats [to_unit].

    Raises
    ------
    ConversionError
        If the two units measure different things and no factor was named, the factor is
        withheld, or it is not clear which one applies.
    UnitError
        If a unit is not understood.

    Notes
    -----
    The factor is composed as an exact fraction and rounded to a float once.

    Examples
    --------
    >>> convert(1200, "kWh/tấn", "GJ/tấn")
    4.32
    >>> convert([1, 2.5], "triệu đồng", "đồng")
    [1000000.0, 2500000.0]
    >>> convert(1_000_000, "kWh", "TOE", factor_set="vn-3505")
    154.3
    >>> convert(1, "kWh", "TOE", language="en")
    Traceback (most recent call last):
        ...
    sxsh_audit.errors.ConversionError: kWh (energy) to TOE (oil equivalent): how much oil a \
kilowatt hour stands for is a convention, not physics. Name it: factor_set="vn-3505" (official \
letter 3505, by resource) or factor_set="physical" (1 TOE = 41.868 GJ, energy only).
    """
    table = _table(factor_set, language)
    if is_foreign(values):
        reduced = reduce_foreign(values, language=language)
        if from_unit is not None:
            raise _refuse("unit_twice", language)
        values, source = reduced.values, reduced.unit
    elif isinstance(values, Quantity):
        if from_unit is not None:
            raise _refuse("unit_twice", language)
        values, source = values
    elif from_unit is None:
        raise _refuse("no_unit", language)
    else:
        source = _unit(from_unit, language)
    if to_unit is None:
        raise _refuse("no_target", language)
    target = _unit(to_unit, language)
    factor = factor_between(source, target, table, resource=resource, language=language)
    return scale_values(values, float(factor), language=language)


def _table(name: str | Path | FactorSet | None, language: Language) -> FactorSet | None:
    return None if name is None else factor_set(name, language=language)


def to_canonical(
    values: Any, unit: str | Unit | None = None, *, language: Language = "vi"
) -> Canonical:
    """Convert values to the canonical unit of their dimension.

    Parameters
    ----------
    values : float, list, ndarray, Series, Quantity or pint Quantity
        Numbers [unit].
    unit : str or Unit, optional
        Unit of `values`; left out where they carry their unit.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Canonical
        ``values`` (same kind, plain floats) and ``unit``: kWh, t, m3, piece, VND, kWh/t …

    Raises
    ------
    UnitError
        If the unit is not understood.
    ConversionError
        If values and unit do not go together.

    Examples
    --------
    >>> to_canonical(824, "kcal/kg clanhke")
    Canonical(values=958.312, unit='kWh/t')
    """
    if isinstance(values, Quantity):
        if unit is not None:
            raise _refuse("unit_twice", language)
        values, unit = values
    if is_foreign(values):
        if unit is not None:
            raise _refuse("unit_twice", language)
        reduced: Reduced = reduce_foreign(values, language=language)
        if reduced.unit.dimension not in dimensions():
            raise _refuse("foreign_needs_target", language, unit=reduced.unit.symbol)
        values, unit = reduced.values, reduced.unit
    if unit is None:
        raise _refuse("no_unit", language)
    source = _unit(unit, language)
    return Canonical(scale_values(values, float(source.factor), language=language),
                     source.canonical)
