"""The user's own spellings of units, from a file beside the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.errors import UnitError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.text import fold
from sxsh_audit.units import parse_unit

__all__ = ["read_spellings"]


def read_spellings(
    rows: Sequence[Mapping[str, Any]], file: str
) -> tuple[dict[str, str], list[Finding]]:
    """Read the user's own spellings from rows of the shape of the shipped ``spellings.csv``.

    Parameters
    ----------
    rows : sequence of mappings
        Columns ``unit`` and ``spellings`` (`` | `` between them), ``power`` if the spelling
        stands for ten to this power of the unit, and ``row`` where the file has other lines.
    file : str
        Name of the file, for the findings.

    Returns
    -------
    dict of str to str, list of Finding
        Unit by folded spelling, and all faults.
    """
    kept: dict[str, str] = {}
    findings: list[Finding] = []
    for i, row in enumerate(rows, start=2):
        number = int(row.get("row", i))
        unit = str(row.get("unit") or "").strip()
        power = str(row.get("power") or "").strip()
        place = Place(file, "", number, "unit")
        meaning = f"10^{power} {unit}" if power not in ("", "0") else unit
        try:
            parse_unit(meaning)
        except UnitError as error:
            near = list(error.numbers.get("near", ())) or ["–"]
            findings.append(Finding("settings.spelling", "error", place, meaning, {"near": near}))
            continue
        for spelling in str(row.get("spellings") or "").split("|"):
            if spelling.strip():
                kept[fold(spelling.strip())] = meaning
    return kept, findings
