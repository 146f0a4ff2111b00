"""Units: text → canonical quantities. The only importer of pint, which no typed text reaches."""

from __future__ import annotations

from sxsh_audit.units.algebra import Unit
from sxsh_audit.units.columns import (
    CanonicalColumn,
    canonicalise,
    canonicalise_text,
    unit_factors,
)
from sxsh_audit.units.conversion import Canonical, convert, to_canonical
from sxsh_audit.units.factors import Factor, FactorSet, factor_set, factor_sets
from sxsh_audit.units.reading import Quantity, parse_quantity, parse_unit

__all__ = [
    "Canonical",
    "CanonicalColumn",
    "Factor",
    "FactorSet",
    "Quantity",
    "Unit",
    "canonicalise",
    "canonicalise_text",
    "convert",
    "factor_set",
    "factor_sets",
    "parse_quantity",
    "parse_unit",
    "to_canonical",
    "unit_factors",
]
