"""Specific consumption of the plants of a register, ready to be laid beside each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.errors import UnitError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import fold
from sxsh_audit.tables.register import Register
from sxsh_audit.units import parse_unit

__all__ = ["ENERGY", "LISTED", "REASONS", "SOURCES", "comparable_plants", "latest_rows"]

ENERGY = "energy"
"""Resource that stands for all energy of an establishment, as its list states it [TOE]."""

LISTED = (
    "sector", "vsic", "vsic_version", "ownership", "zone_kind", "district", "commune",
    "pollution", "size_class",
)  # fmt: skip
"""What a list says of an establishment and groups of peers may be told apart by."""

REASONS = (
    "no_product", "no_output_unit", "no_output", "no_figure", "nothing_used", "no_scale",
)  # fmt: skip
"""Why a plant cannot be compared."""

SOURCES = ("reporting", "baseline", "list")
"""Where the figure of a plant comes from."""


def latest_rows(results: pd.DataFrame) -> pd.DataFrame:
    """Return of each establishment and resource the row of its latest study.

    Parameters
    ----------
    results : DataFrame
        Table ``results`` of a register.

    Returns
    -------
    DataFrame
        One row per establishment and resource; of two studies of one day that of the later name.
    """
    keyed = results.assign(
        _end=[day or dt.date.min for day in results["end"]],
        _start=[day or dt.date.min for day in results["start"]],
    )
    ordered = keyed.sort_values(["establishment", "resource", "_end", "_start", "study"],
                                kind="stable")  # fmt: skip
    last = ordered.drop_duplicates(["establishment", "resource"], keep="last")
    return last.drop(columns=["_end", "_start"]).reset_index(drop=True)


def comparable_plants(register: Register, resource: str, language: Language) -> pd.DataFrame:
    """Return what one unit of output took in each establishment, and why it is not known.

    Parameters
    ----------
    register : Register
        The records of a programme.
    resource : str
        Key of a resource, or ``"energy"`` for the energy that the list of establishments states.
    language : {"vi", "en"}
        Language of the readings of units.

    Returns
    -------
    DataFrame
        One row per establishment with a figure of the resource: ``establishment``, ``product``
        and ``product_key`` (folded), ``basis``, ``unit``, ``output_unit``, ``value`` [unit per
        output_unit], ``output`` [output_unit/year], ``source`` (reporting, baseline or list),
        ``study``, ``start``, ``end``, ``quality``, ``reason`` (empty where it can be compared),
        and the columns of ``LISTED``.
    """
    found = _from_list(register, language) if resource == ENERGY else _assessed(register, resource)
    listed = register.establishments[["establishment", *LISTED]].drop_duplicates("establishment")
    found = found.merge(listed, on="establishment", how="left")
    found[list(LISTED)] = found[list(LISTED)].fillna("")
    found["product_key"] = [fold(text) for text in found["product"]]
    value = found["value"]
    found["reason"] = np.select(
        [found["reason"] != "", found["product_key"] == "", found["output_unit"] == "",
         value.isna(), value <= 0],
        [found["reason"], "no_product", "no_output_unit", "no_figure", "nothing_used"], "",
    )  # fmt: skip
    return found.sort_values("establishment", kind="stable").reset_index(drop=True)


def _assessed(register: Register, resource: str) -> pd.DataFrame:
    results = register.results
    rows = latest_rows(results[results["resource"] == resource])
    after = rows["reporting"].notna()
    months = rows["months"].where(rows["months"] > 0)
    return pd.DataFrame({
        "establishment": rows["establishment"], "product": rows["product"],
        "basis": rows["basis"], "unit": rows["unit"], "output_unit": rows["output_unit"],
        "value": rows["reporting"].where(after, rows["baseline"]),
        "output": rows["output_reporting"] * 12 / months,
        "source": np.where(after, "reporting", "baseline"), "study": rows["study"],
        "start": rows["start"], "end": rows["end"], "quality": rows["quality"], "reason": "",
    })  # fmt: skip


def _from_list(register: Register, language: Language) -> pd.DataFrame:
    """Energy ÷ output of the list: a year's figures of the establishment as a whole."""
    rows = register.establishments
    rows = rows[rows["energy_toe"].notna()]
    read = {text: _unit(text, language) for text in rows["output_unit"].unique()}
    units = [read[text] for text in rows["output_unit"]]
    output = rows["output"].to_numpy() * [factor for _, factor in units]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(output > 0, rows["energy_toe"].to_numpy() / output, np.nan)
    return pd.DataFrame({
        "establishment": rows["establishment"], "product": rows["product"], "basis": "",
        "unit": "TOE", "output_unit": [unit for unit, _ in units], "value": value,
        "output": output, "source": "list", "study": "", "start": None, "end": rows["as_of"],
        "quality": "", "reason": np.where(output > 0, "", "no_output"),
    })  # fmt: skip


def _unit(text: str, language: Language) -> tuple[str, float]:
    """Canonical unit and its size; a word that is no unit (pairs, sets) is a unit of its own."""
    if not text:
        return "", 1.0
    try:
        unit: Any = parse_unit(text, language=language, suggest=False)
    except UnitError:
        return fold(text), 1.0
    return str(unit.canonical), float(unit.factor)
