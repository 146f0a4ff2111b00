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

_BLOCK = 65_536  # places gathered at a time: their index and values stay in the cache
_PAIRS_FROM = 1_000_000  # rows from which the table of pairs (1 MiB) is worth building


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
    values: ArrayLike,
    codes: ArrayLike,
    units: Sequence[str | Unit],
    *,
    threads: int = 1,
    language: Language = "vi",
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
    threads : int
        Threads that share the rows of a column of millions; their count changes no figure.
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
        _gathered(column, index, table, threads), index, tuple(unit.canonical for unit in known)
    )


def _gathered(
    values: NDArray[np.float64], codes: NDArray[Any], table: NDArray[np.float64], threads: int
) -> NDArray[np.float64]:
    """Return ``values * table[codes]``, block by block."""
    import numpy as np

    out = np.empty_like(values)
    if threads > 1 and values.size >= _PAIRS_FROM:
        from concurrent.futures import ThreadPoolExecutor

        # An even count of rows each, so that pairs stay pairs.
        step = 2 * -(-values.size // (2 * threads))
        parts = [slice(start, start + step) for start in range(0, values.size, step)]
        with ThreadPoolExecutor(threads) as pool:
            tasks = [pool.submit(_fill, values[each], codes[each], table, out[each])
                     for each in parts]
            for task in tasks:
                task.result()
    else:
        _fill(values, codes, table, out)
    return out


def _fill(
    values: NDArray[np.float64],
    codes: NDArray[Any],
    table: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Write ``values * table[codes]`` to `out`."""
    import numpy as np

    done = 0
    if codes.dtype == np.int8 and codes.flags.c_contiguous and values.size >= _PAIRS_FROM:
        # Two codes of a byte each are one index into a table of pairs of factors: half as many
        # gathers. A complex number is only the name that numpy has for two floats side by side.
        single = np.full(256, np.nan)  # −1 is 255 without its sign
        single[:table.size - 1] = table[:-1]
        pairs = single[np.arange(65_536, dtype=np.uint16).view(np.uint8)].view(np.complex128)
        done = values.size // 2 * 2
        _take(pairs, codes[:done].view(np.uint16), values[:done], out[:done])
    _take(table, codes[done:], values[done:], out[done:])


def _take(
    table: NDArray[Any],
    codes: NDArray[Any],
    values: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Write ``values * table[codes]`` to `out`; an entry of `table` serves one row or two."""
    import numpy as np

    width = table.itemsize // 8
    places = np.empty(min(_BLOCK, codes.size), dtype=np.intp)
    for start in range(0, codes.size, _BLOCK):
        stop = min(start + _BLOCK, codes.size)
        place = places[:stop - start]
        place[...] = codes[start:stop]
        block = out[start * width:stop * width]
        # "wrap" takes −1 as the last entry and needs no second buffer; the range was checked
        np.take(table, place, out=block.view(table.dtype), mode="wrap")
        block *= values[start * width:stop * width]


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
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = pd.Categorical(given)
        codes, different = given.codes, given.categories
    else:
        if getattr(given.dtype, "storage", "") == "python":
            given = given.to_numpy(dtype=object)  # the same texts, found in half the time
        codes, different = pd.factorize(given)
    return canonicalise(values, codes, [str(unit) for unit in different], language=language)
