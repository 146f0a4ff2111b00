"""Resource productivity and pollution intensity, and what rises while something else falls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.flows.inventory import WHOLE
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.emissions import RECP_INDICATORS, recp_indicators, shifts
from sxsh_audit.tables.study import PHASES

__all__ = ["INDICATORS", "SHIFTS", "indicator_rows", "shift_rows"]

INDICATORS = (
    "facility", "indicator", "unit", "baseline", "reporting", "change", "better", "lacking",
)  # fmt: skip
SHIFTS = (
    "facility", "falls", "falls_group", "falls_change", "rises", "rises_group", "rises_change",
)  # fmt: skip
MATERIALS = ("raw_material", "other_material")
LEAST_SHIFT = 0.005
"""Half a percent is no change worth telling: figures of plants are not read closer."""
Row = Mapping[Any, Any]


def indicator_rows(
    savings: pd.DataFrame, emissions: Sequence[Row], factors: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the six enterprise indicators of each plant, by output.

    An indicator of which a part is not known is not known, and ``lacking`` says of what.
    """
    plants = list(_by_plant(savings, emissions))
    parts = [_per_output(used, mine, factors) for _, used, mine in plants]
    # All plants at once: numpy asks the same for one as for thousands.
    stacked = {name: np.array([per[name] for per, _, _ in parts]).reshape(-1, len(PHASES))
               for name in _PARTS}  # fmt: skip
    found = recp_indicators(np.ones(len(PHASES)), *(stacked[name] for name in _PARTS))
    rows: list[dict[str, Any]] = []
    for place, ((facility, used, mine), (per, units, lacking)) in enumerate(
            zip(plants, parts, strict=True)):  # fmt: skip
        outputs = [row["output_unit"] for row in (*mine, *used)]
        output = next((unit for unit in outputs if isinstance(unit, str) and unit), "")
        for k, (name, part) in enumerate(zip(RECP_INDICATORS, _PARTS, strict=True)):
            if all(math.isnan(value) for value in per[part]) and not lacking[part]:
                continue
            value, change = found.value[place, k], float(found.change[place, k, 1])
            unit = (f"{output}/{units[part]}" if k < _PRODUCTIVITIES
                    else f"{units[part]}/{output}") if units[part] else ""  # fmt: skip
            rows.append({
                "facility": facility, "indicator": str(name), "unit": unit,
                "baseline": plain(float(value[0])), "reporting": plain(float(value[1])),
                "change": plain(change),
                "better": None if math.isnan(change) else bool(found.better[place, k, 1]),
                "lacking": lacking[part],
            })  # fmt: skip
    return rows


_USED = ("facility", "resource", "category", "unit", "output_unit", "baseline", "reporting",
         "saving", "energy_factor", "energy_unit")  # fmt: skip


def _by_plant(
    savings: pd.DataFrame, emissions: Sequence[Row]
) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """Yield each plant with its resources and its emissions, by name."""
    plants: dict[str, tuple[list[Row], list[Row]]] = {}
    for row in records_of(savings[list(_USED)]):
        record = {str(name): value for name, value in row.items()}
        plants.setdefault(str(row["facility"]), ([], []))[0].append(record)
    for one in emissions:
        plants.setdefault(str(one["facility"]), ([], []))[1].append(one)
    for facility in sorted(plants):
        yield facility, *plants[facility]


_PARTS = ("energy", "materials", "water", "carbon", "waste", "waste_water")
_PRODUCTIVITIES = 3


def _per_output(
    used: Sequence[Row], emissions: Sequence[Row], factors: Mapping[str, Any]
) -> tuple[dict[str, list[float]], dict[str, str], dict[str, list[str]]]:
    """Return each part per unit of output in both periods, its unit, and what is lacking."""
    per: dict[str, list[float]] = {}
    units = dict.fromkeys(_PARTS, "")
    lacking: dict[str, list[str]] = {name: [] for name in _PARTS}
    energy = [row for row in used if row["category"] in ENERGY]
    factor = [float(row["energy_factor"]) for row in energy]
    unit = next((row["energy_unit"] for row in energy if isinstance(row["energy_unit"], str)), "")
    if all(map(math.isnan, factor)) and {row["unit"] for row in energy} == {"kWh"}:
        factor, unit = [1.0] * len(energy), "kWh"
    lacking["energy"] = [str(row["resource"]) for row, value in zip(energy, factor, strict=True)
                         if math.isnan(value)]  # fmt: skip
    per["energy"], units["energy"] = _sums(energy, factor), unit
    for name, categories, wanted in (("materials", MATERIALS, "t"), ("water", ("water",), "m3")):
        rows = [row for row in used if row["category"] in categories]
        same = [1.0 if row["unit"] == wanted else math.nan for row in rows]
        lacking[name] = [str(row["resource"]) for row in rows if row["unit"] != wanted]
        per[name], units[name] = _sums(rows, same), wanted
    lacking["carbon"] = [str(row["resource"]) for row in energy if row["resource"] not in factors]
    gases = [row for row in emissions if row["group"] in ("greenhouse_gas", "refrigerant")
             and (row["substance"] == WHOLE or row["group"] == "refrigerant")]  # fmt: skip
    per["carbon"] = _summed(gases, bool(lacking["carbon"]))
    # CO₂ has the potential 1: beside a refrigerant the sum is one of CO₂e.
    units["carbon"] = max((row["unit"] for row in gases), key=len, default="")
    waste = [row for row in emissions if row["group"] in ("solid_waste", "hazardous_waste")
             and row["substance"] == WHOLE]  # fmt: skip
    per["waste"] = _summed(waste, any(row["unit"] != "t" for row in waste))
    units["waste"] = "t" if waste else ""
    water = [row for row in emissions if row["group"] == "waste_water"
             and row["substance"] == WHOLE]  # fmt: skip
    per["waste_water"], units["waste_water"] = _summed(water, False), "m3" if water else ""
    return per, units, lacking


def _sums(rows: Sequence[Row], factor: Sequence[float]) -> list[float]:
    """Return Σ factor × specific consumption of both periods; nan where there is nothing."""
    if not rows:
        return [math.nan] * len(PHASES)
    return [math.fsum(float(row[phase]) * each for row, each in zip(rows, factor, strict=True))
            for phase in PHASES]  # fmt: skip


def _summed(rows: Sequence[Row], unknown: bool) -> list[float]:
    if unknown or not rows:
        return [math.nan] * len(PHASES)
    return [math.fsum(math.nan if row[f"per_output_{phase}"] is None
                      else row[f"per_output_{phase}"] for row in rows)
            for phase in PHASES]  # fmt: skip


def shift_rows(savings: pd.DataFrame, emissions: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what rises per product while something else falls: nothing is averaged away."""
    rows: list[dict[str, Any]] = []
    for facility, used, every in _by_plant(savings, emissions):
        falls = [(str(row["resource"]), "resource", -float(row["saving"])) for row in used]
        # Sums of groups and loads; single waste flows are in their sum, a leak is told in CO₂e.
        leaks = {row["substance"] for row in every if row["group"] == "refrigerant"}
        mine = [row for row in every if (
            row["substance"] == WHOLE or row["group"] not in _IN_SUMS)
            and not (row["group"] == "emission_air" and row["substance"] in leaks)]  # fmt: skip
        rises = [*falls, *((str(row["substance"] or row["group"]), str(row["group"]),
                            math.nan if row["change"] is None else row["change"])
                           for row in mine)]  # fmt: skip
        found = shifts([change for *_, change in rises], [change for *_, change in rises],
                       least=LEAST_SHIFT)  # fmt: skip
        for i, j in np.argwhere(np.asarray(found.shifted)):
            down, up = rises[i], rises[j]
            rows.append({
                "facility": facility, "falls": down[0], "falls_group": down[1],
                "falls_change": down[2], "rises": up[0], "rises_group": up[1],
                "rises_change": up[2],
            })  # fmt: skip
    return rows


_IN_SUMS = ("waste_water", "solid_waste", "hazardous_waste", "greenhouse_gas")
