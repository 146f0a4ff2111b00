"""Long columns: ten million numbers whose units are codes into a short table.

The table of factors is a few numbers; each block of the column is gathered from it and
multiplied while it is still in the cache, so that the whole costs little more than one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.language.formatting import Language
from sxsh_audit.units.algebra import Unit
from sxsh_audit.units.conversion import _table, factor_between
from sxsh_audit.units.factors import FactorSet
from sxsh_audit.units.reading import parse_unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["CanonicalColumn", "canonicalise", "canonicalise_text", "unit_factors"]

_BLOCK = 16_384  # rows: codes, factors and values of a block stay in the second-level cache


class CanonicalColumn(NamedTuple):
    """A column in canonical units.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
        nan where the code is −1 [the canonical unit of each row].
    codes : ndarray of int, shape (n,)
        Unit of each row, as an index into `units`; −1 for none.
    units : tuple of str
        Canonical unit for each code.
    """

    values: NDArray[np.float64]
    codes: NDArray[np.signedinteger[Any]]
    units: tuple[str, ...]


def unit_factors(
    units: Sequence[str | Unit],
    to: str | Unit | None = None,
    factor_set: str | Path | FactorSet | None = None,
    *,
    resource: str | None = None,
    language: Language = "vi",
) -> NDArray[np.float64]:
    """Return the factor of each unit to its canonical unit, or to one unit for all.

    Parameters
    ----------
    units : sequence of str or Unit, shape (k,)
        The units.
    to : str or Unit, optional
        Unit wanted; the canonical unit of each by default.
    factor_set, resource
        As for :func:`sxsh_audit.convert`; only with `to`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ndarray of float, shape (k,)
        [to/units].

    Raises
    ------
    UnitError
        If a unit is not understood.
    ConversionError
        If one cannot be converted.

    Examples
    --------
    >>> unit_factors(["MWh", "kWh"]).tolist()
    [1000.0, 1.0]
    """
    import numpy as np

    known = [unit if isinstance(unit, Unit) else parse_unit(unit, language=language)
             for unit in units]
    if to is None:
        return np.array([float(unit.factor) for unit in known])
    target = to if isinstance(to, Unit) else parse_unit(to, language=language)
    table = _table(factor_set, language)
    return np.array([
        float(factor_between(unit, target, table, resource=resource, language=language))
        for unit in known
    ])


def canonicalise(
    values: ArrayLike, codes: ArrayLike, units: Sequence[str | Unit], *, language: Language = "vi"
) -> CanonicalColumn:
    """Bring a long column to canonical units.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Numbers [units[codes]].
    codes : array_like of int, shape (n,)
        Index into `units` for each row, −1 for none: the codes of a categorical column.
    units : sequence of str or Unit, shape (k,)
        The different units.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CanonicalColumn

    Raises
    ------
    UnitError
        If a unit is not understood.
    ValueError
        If the lengths differ or a code is outside the table.

    Examples
    --------
    >>> column = canonicalise([1.5, 200.0, 7.0], [0, 1, 0], ["MWh", "kg"])
    >>> column.values.tolist(), column.units
    ([1500.0, 0.2, 7000.0], ('kWh', 't'))
    """
    import numpy as np

    known = [unit if isinstance(unit, Unit) else parse_unit(unit, language=language)
             for unit in units]
    column = np.ascontiguousarray(values, dtype=np.float64)
    index = np.asarray(codes)
    if column.ndim != 1 or index.shape != column.shape:
        raise ValueError(f"values {column.shape}, codes {index.shape}: not two equal columns")
    if index.dtype.kind not in "iu":
        raise ValueError(f"codes are {index.dtype}, not whole numbers")
    if index.size and not -1 <= int(index.min()) <= int(index.max()) < len(known):
        raise ValueError(f"codes run from {index.min()} to {index.max()}; there are "
                         f"{len(known)} units")
    table = np.append([float(unit.factor) for unit in known], np.nan)  # the last one is code −1
    return CanonicalColumn(
        _gathered(column, index, table), index, tuple(unit.canonical for unit in known)
    )


def _gathered(
    values: NDArray[np.float64], codes: NDArray[Any], table: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``values * table[codes]``, block by block."""
    import numpy as np

    out = np.empty_like(values)
    places = np.empty(_BLOCK, dtype=np.intp)
    for start in range(0, values.size, _BLOCK):
        stop = min(start + _BLOCK, values.size)
        block, place = out[start:stop], places[:stop - start]
        place[...] = codes[start:stop]
        # "wrap" takes −1 as the last entry and needs no second buffer; the range was checked
        np.take(table, place, out=block, mode="wrap")
        block *= values[start:stop]
    return out


def canonicalise_text(
    values: ArrayLike, units: ArrayLike, *, language: Language = "vi"
) -> CanonicalColumn:
    """Bring a long column with its units as text to canonical units.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Numbers [units].
    units : array_like of str, shape (n,)
        The unit of each row; missing where there is none.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CanonicalColumn

    Raises
    ------
    UnitError
        If a unit is not understood.

    Examples
    --------
    >>> canonicalise_text([1.0, 2.0, 3.0], ["MWh", "kWh", "MWh"]).values.tolist()
    [1000.0, 2.0, 3000.0]
    """
    import numpy as np
    import pandas as pd

    given: Any = units if hasattr(units, "dtype") else np.asarray(units, dtype=object)
    codes, different = pd.factorize(given)
    return canonicalise(values, codes, [str(unit) for unit in different], language=language)
