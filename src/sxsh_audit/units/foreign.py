"""Quantities of somebody else's pint registry.

What ``ton`` or ``kt`` means there is their affair: the quantity is reduced to SI base units by
its own registry, and only the metre, kilogram and second of the result are read.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sxsh_audit.errors import ConversionError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.units.algebra import Part, Unit, compose

__all__ = ["Reduced", "is_foreign", "reduce_foreign"]

_BASE = {"meter": "m", "kilogram": "kg", "second": "s", "radian": "1"}


class Reduced(NamedTuple):
    """A foreign quantity in our own units."""

    values: Any
    unit: Unit


def is_foreign(value: object) -> bool:
    """Whether `value` is a Quantity of some pint registry."""
    return all(hasattr(value, name) for name in ("to_base_units", "magnitude", "dimensionality"))


def reduce_foreign(quantity: Any, *, language: Language = "vi") -> Reduced:
    """Reduce a foreign pint Quantity to metres, kilograms and seconds.

    Parameters
    ----------
    quantity : pint.Quantity
        Quantity of any registry.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Reduced
        ``values`` and ``unit``.

    Raises
    ------
    ConversionError
        If a base unit of its registry is not one of ours, such as a currency.
    """
    base = quantity.to_base_units()
    parts: list[Part] = []
    unknown: list[str] = []
    for name, exponent in base.unit_items():
        if name not in _BASE or exponent != int(exponent):
            unknown.append(name)
            continue
        sign = 1 if exponent > 0 else -1
        parts += [Part(_BASE[name], sign)] * abs(int(exponent))
    if unknown:
        numbers = {"unit": str(quantity.units), "base": sorted(unknown)}
        raise ConversionError(refusal_sentence("convert.foreign_base", numbers, language),
                              code="convert.foreign_base", **numbers)
    parts.sort(key=lambda part: -part.exponent)
    return Reduced(base.magnitude, compose(parts or [Part("1")]))
