"""Global warming potentials of refrigerants and other gases, by the report that is named."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from sxsh_audit.data import load_rows
from sxsh_audit.errors import ConversionError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import fold

__all__ = ["REPORTS", "WarmingPotential", "warming_potential"]

#: Assessment reports of the IPCC with their years; none of them is a default.
REPORTS = {"AR4": 2007, "AR5": 2013, "AR6": 2021}


class WarmingPotential(NamedTuple):
    """Global warming potential of a gas over 100 years."""

    value: float
    """The potential; ``nan`` where the gas is not in the list. [tCO2e/t]"""
    gas: str
    """Name of the gas or blend in the list; empty if it is not there."""
    report: str
    """``AR4``, ``AR5`` or ``AR6``."""
    year: int
    """Year of the report."""
    source: str
    """Where it was read; of a blend also where its composition was read."""
    confidence: str
    """H, M or L as in the bibliography; empty if not known."""


#: A refrigerant's letters and number, among whatever words.
_NUMBERED = re.compile(r"\b(r|hfc|hcfc|cfc)[ -]*(\d+[a-z]*)\b")


def _plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and the words around a number."""
    text = fold(name)
    if (found := _NUMBERED.search(text)) is not None:
        return found[1] + found[2]
    return text.replace("-", "").replace(" ", "")


@cache
def _gases() -> dict[str, dict[str, str]]:
    found = {}
    for row in load_rows("gwp.csv"):
        for name in (row["gas"], *row["aliases"].split("|")):
            found[_plain(name)] = row
    return found


@cache
def _blends() -> dict[str, tuple[dict[str, str], ...]]:
    rows = load_rows("refrigerant_blends.csv")
    names = dict.fromkeys(row["blend"] for row in rows)
    return {_plain(name): tuple(row for row in rows if row["blend"] == name) for name in names}


def warming_potential(gas: str, report: str, *, language: Language = "vi") -> WarmingPotential:
    """Return the global warming potential of a gas or a refrigerant blend.

    Parameters
    ----------
    gas : str
        Name as people write it: ``R-134a``, ``HFC-134a``, ``gas R22``, ``R410A``, ``CH4``.
    report : {"AR4", "AR5", "AR6"}
        Assessment report of the IPCC; the same one for all gases and periods.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    WarmingPotential
        Its value is ``nan`` where the gas is not in the list: not known, never 0.

    Raises
    ------
    ConversionError
        If there is no such report.

    Notes
    -----
    A blend is the mean of its gases, weighed by mass.

    Examples
    --------
    >>> warming_potential("R-134a", "AR4").value, warming_potential("gas R410A", "AR5").value
    (1430.0, 1923.5)
    >>> warming_potential("R-9999", "AR5").value
    nan
    """
    if report not in REPORTS:
        numbers = {"name": report, "known": list(REPORTS)}
        raise ConversionError(refusal_sentence("fuel.no_such_report", numbers, language),
                              code="fuel.no_such_report", **numbers)  # fmt: skip
    year, name = REPORTS[report], _plain(gas)
    if (row := _gases().get(name)) is not None:
        return WarmingPotential(float(row[report]), row["gas"], report, year, row["source"],
                                row["confidence"])  # fmt: skip
    if (parts := _blends().get(name)) is None:
        return WarmingPotential(math.nan, "", report, year, "", "")
    gases = [_gases()[_plain(part["gas"])] for part in parts]
    value = sum(
        (Fraction(part["fraction"]) * Fraction(one[report])
         for part, one in zip(parts, gases, strict=True)), Fraction(0),
    )  # fmt: skip
    sources = dict.fromkeys([parts[0]["source"], *(one["source"] for one in gases)])
    weakest = max((row["confidence"] for row in (*parts, *gases)), key="HML".index)
    return WarmingPotential(
        float(value), parts[0]["blend"], report, year, "; ".join(sources), weakest
    )
