"""What a unit is, and which units measure the same thing.

Sizes are exact fractions of our own table. Whether ``kW·h`` is an energy, or ``kWh/t`` can
become ``MJ/kg``, is asked of a private pint registry that holds our definitions and nothing
else; it is built on first use and no text that a person typed reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit.units.definitions import dimensions, spellings, units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pint import UnitRegistry
    from pint.util import UnitsContainer

__all__ = ["Part", "Unit", "compose", "ratio", "registry", "same_dimension"]


class Part(NamedTuple):
    """One factor of a unit: ``10**power`` of `symbol`, raised to `exponent`."""

    symbol: str
    exponent: int = 1
    power: int = 0

    @property
    def text(self) -> str:
        """The factor as the library writes it, without its exponent."""
        return f"10^{self.power} {self.symbol}" if self.power else self.symbol

    @property
    def factor(self) -> Fraction:
        """Size in canonical units, without its exponent."""
        return units()[self.symbol].factor * Fraction(10) ** self.power

    @property
    def dimension(self) -> str:
        """Name of its dimension, without its exponent."""
        return units()[self.symbol].dimension


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was understood.

    Two spellings of one unit are equal: the text as typed is not compared.

    Parameters
    ----------
    symbol : str
        Canonical text such as ``kWh/t``; :func:`parse_unit` reads it back.
    canonical : str
        Canonical unit of its dimension.
    factor : Fraction
        1 of this unit = `factor` canonical units, exactly.
    dimension : str
        Such as ``energy/mass``.
    qualifiers : tuple of str
        Free words as typed: ``("xi măng",)`` of ``kWh/tấn xi măng``.
    text : str
        The unit as typed.
    parts : tuple of Part
        Its factors.

    Examples
    --------
    >>> from sxsh_audit.units import parse_unit
    >>> unit = parse_unit("MJ/tấn xi măng")
    >>> unit.symbol, unit.canonical, unit.factor, unit.qualifiers
    ('MJ/t', 'kWh/t', Fraction(5, 18), ('xi măng',))
    """

    symbol: str
    canonical: str
    factor: Fraction
    dimension: str
    qualifiers: tuple[str, ...] = ()
    text: str = field(default="", compare=False)
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return self.symbol


def _write(over: Iterable[str], under: Iterable[str]) -> str:
    top, bottom = "·".join(over), "·".join(under)
    return f"{top}/{bottom}" if bottom else top


def compose(
    parts: Iterable[Part], qualifiers: tuple[str, ...] = (), text: str = ""
) -> Unit:
    """Build the unit that is the product of `parts`.

    A product that has the dimension of one named quantity gets its canonical unit: ``kcal/h``
    is a power, kept in kW, and ``kW·h`` an energy, kept in kWh.

    Parameters
    ----------
    parts : iterable of Part
        Factors with exponent 1 (above the line) or −1 (below).
    qualifiers : tuple of str
        Free words as typed.
    text : str
        The unit as typed.

    Returns
    -------
    Unit
    """
    parts = tuple(parts)
    over = [part for part in parts if part.exponent > 0]
    under = [part for part in parts if part.exponent < 0]
    factor = Fraction(1)
    for part in parts:
        factor *= part.factor**part.exponent
    symbol = _write((part.text for part in over), (part.text for part in under))
    if (known := spellings().exact.get(symbol)) is not None and not known.power:
        symbol = known.symbol  # kW·h has a symbol of its own
    dimension = _write((p.dimension for p in over), (p.dimension for p in under))
    canonical = _write((dimensions()[part.dimension].canonical for part in over),
                       (dimensions()[part.dimension].canonical for part in under))
    if len(parts) > 1 and (single := _named(_powers(parts))) is not None:
        named = dimensions()[single]
        for part in parts:
            factor *= dimensions()[part.dimension].si ** part.exponent
        factor /= named.si
        dimension, canonical = single, named.canonical
    return Unit(symbol, canonical, factor, dimension, qualifiers, text, parts)


Powers = tuple[tuple[str, int], ...]


def _powers(parts: Iterable[Part], times: int = 1) -> Powers:
    """Return the exponent of each dimension in `parts`, sorted."""
    found: dict[str, int] = {}
    for part in parts:
        found[part.dimension] = found.get(part.dimension, 0) + part.exponent * times
    return tuple(sorted((name, power) for name, power in found.items() if power))


@cache
def registry() -> UnitRegistry[Any]:
    """Return the private pint registry, built from our definitions only."""
    from pint import UnitRegistry

    built: UnitRegistry[Any] = UnitRegistry(None, on_redefinition="raise")
    for name, kind in (("kg", "mass"), ("m", "length"), ("s", "time")):
        built.define(f"{name} = [{kind}]")
    for dimension in dimensions().values():
        if dimension.algebra:
            built.define(f"d_{dimension.name} = {dimension.si} * {dimension.algebra}")
        elif dimension.canonical != "1":
            built.define(f"d_{dimension.name} = [{dimension.name}]")
    for place, unit in enumerate(units().values()):
        if unit.dimension != "dimensionless":
            built.define(f"u_{place} = {unit.factor} * d_{unit.dimension}")
    return built


@lru_cache(maxsize=4096)
def _dimensionality(powers: Powers) -> UnitsContainer:
    from pint.util import UnitsContainer

    content = {f"d_{name}": power for name, power in powers if name != "dimensionless"}
    return registry().get_dimensionality(UnitsContainer(content))


@lru_cache(maxsize=4096)
def _named(powers: Powers) -> str | None:
    """Return the one named dimension that `powers` amount to; none for a pure number."""
    wanted = _dimensionality(powers)
    if not wanted:
        return None
    for name in dimensions():
        if name != "dimensionless" and _dimensionality(((name, 1),)) == wanted:
            return name
    return None


def same_dimension(first: Iterable[Part], second: Iterable[Part]) -> bool:
    """Whether two products of units measure the same kind of quantity."""
    one, other = _powers(first), _powers(second)
    return one == other or _dimensionality(one) == _dimensionality(other)


def ratio(first: Iterable[Part], second: Iterable[Part]) -> Fraction:
    """Return the exact size of the product `first` in units of the product `second`.

    Both must have the same dimension.
    """
    size = Fraction(1)
    for parts, sign in ((first, 1), (second, -1)):
        for part in parts:
            size *= (part.factor * dimensions()[part.dimension].si) ** (sign * part.exponent)
    return size
