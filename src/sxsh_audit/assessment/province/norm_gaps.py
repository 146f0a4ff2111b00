"""How far the plants of a register are above the published norm of their product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.plausibility.norms import (
    described_norm,
    norms_in_time,
    norms_of_product,
    sector_of,
)
from sxsh_audit.assessment.province.comparable import latest_rows
from sxsh_audit.data import load_rows
from sxsh_audit.errors import ConversionError, UnitError
from sxsh_audit.tables.register import Register
from sxsh_audit.units import convert, parse_unit

__all__ = ["NormGap", "norm_gaps"]

_PARTS = {"energy": ("purchased_energy", "fuel"), "fuel": ("fuel",)}
"""Categories that a norm of several resources adds up."""

Row = dict[str, Any]


class NormGap(NamedTuple):
    """A plant beside the norm of its product, both in the unit of the norm."""

    norm: str
    """Id of the norm in ``norms.csv``."""
    figure: float
    """Specific consumption of the plant. [unit]"""
    limit: float
    """The norm; of a range its upper end. [unit]"""
    unit: str
    """Unit of the norm."""
    kind: str
    """legal or benchmark."""
    told: dict[str, str]
    """Product of the norm by language, its legal basis and source."""


def norm_gaps(register: Register, resource: str) -> dict[str, NormGap]:
    """Return for each assessed plant the norm of its product, scale and time, if there is one.

    Parameters
    ----------
    register : Register
        The records of a programme.
    resource : str
        Key of a resource, or ``"energy"`` or ``"fuel"`` for the norms that add several up by the
        factor set that they name.

    Returns
    -------
    dict of str to NormGap
        By establishment. Of several norms that fit, a legal one, then the first. A plant that a
        part of the energy is not known of has none: too little must not pass for little.
    """
    norms = [row for row in load_rows("norms.csv")
             if row["compare"] == "yes" and row["resource"] == resource]  # fmt: skip
    if not norms or not len(register.tables["results"]):
        return {}
    wanted = _PARTS.get(resource)
    results = latest_rows(register.results)
    if wanted is None:
        results = results[results["resource"] == resource]
    else:
        results = results[results["category"].isin(wanted)]
    sectors = register.establishments.drop_duplicates("establishment").set_index("establishment")
    found = {}
    for name, rows in results.groupby("establishment", sort=True):
        stated = str(sectors["sector"].get(name, ""))
        gap = _gap(rows, [row for row in norms if row["sector"] == sector_of(stated)], stated)
        if gap is not None:
            found[str(name)] = gap
    return found


def _gap(rows: pd.DataFrame, norms: Sequence[Row], sector: str) -> NormGap | None:
    first = rows.iloc[0]
    # parts of two studies, or of two products, are not one plant at one time
    if not norms or rows["study"].nunique() > 1 or not first["output_unit"]:
        return None
    day: dt.date | None = first["end"]
    product = str(first["product"]) or sector
    fitting = _of_scale(norms_of_product(norms, product), first)
    for norm in sorted(norms_in_time(fitting, day), key=lambda row: row["kind"] != "legal"):
        unit, _, per = norm["unit"].partition("/")
        output = parse_unit(per)
        if output.canonical != first["output_unit"]:
            continue
        figure = _figure(rows, norm, unit) * float(output.factor)
        if not np.isnan(figure):
            told = {language: described_norm(norm, language) for language in ("vi", "en")}
            told |= {"legal_ref": norm["legal_ref"], "source": norm["source"]}
            return NormGap(norm["id"], figure, float(norm["high"] or norm["low"]), norm["unit"],
                           norm["kind"], told)  # fmt: skip
    return None


def _figure(rows: pd.DataFrame, norm: Row, unit: str) -> float:
    """Return the specific consumption [unit of the norm] per canonical unit of output."""
    value = rows["reporting"].where(rows["reporting"].notna(), rows["baseline"])
    total = 0.0
    for row, mine in zip(rows.to_dict("records"), value, strict=True):
        factor_set = norm["factor_set"] if norm["resource"] in _PARTS else None
        try:
            size = convert(1.0, row["unit"], unit, factor_set=factor_set or None,
                           resource=row["resource"])  # fmt: skip
        except (ConversionError, UnitError):
            return np.nan
        total += float(mine) * float(size)
    return total


def _of_scale(norms: Sequence[Row], first: Any) -> list[Row]:
    """Norms of the plant's scale; where its yearly output is not known, those without one."""
    yearly = first["output_reporting"] * 12 / first["months"] if first["months"] else np.nan
    kept = []
    for norm in norms:
        if norm["scale_unit"]:
            scale = parse_unit(norm["scale_unit"])
            size = yearly / float(scale.factor)
            low, high = float(norm["scale_low"] or 0), float(norm["scale_high"] or np.inf)
            if scale.canonical != first["output_unit"] or not low <= size < high:
                continue
        kept.append(norm)
    return kept
