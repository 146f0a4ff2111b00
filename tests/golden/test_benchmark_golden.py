"""Benchmark of real plants, its quantiles found again by another implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats.mstats import mquantiles

from sxsh_audit.assessment.province.benchmark import QUANTILES, benchmark, quantile_name
from sxsh_audit.assessment.province.candidates import rank_candidates
from sxsh_audit.tables.register import Register

PLANTS = pd.read_csv(Path(__file__).parent / "data" / "extrusion_plants.csv", comment="#")
POUND = 0.45359237
"""Kilograms of an international pound, exactly."""


def register(unit: str, size: float) -> Register:
    """Return the plants with their output counted in a unit of `size` pounds."""
    made = PLANTS["production_lb"] / size
    results = pd.DataFrame({
        "establishment": PLANTS["id"], "study": PLANTS["fy"].astype(str),
        "resource": "electricity", "category": "purchased_energy", "product": PLANTS["products"],
        "unit": "kWh", "output_unit": unit, "reporting": PLANTS["electricity_kwh"] / made,
        "output_reporting": made, "months": 12.0,
    })  # fmt: skip
    return Register.from_frames(establishments=PLANTS[["id"]].set_axis(["establishment"], axis=1),
                                results=results)  # fmt: skip


def test_quantiles_of_aluminium_extrusions() -> None:
    found = benchmark(register("lb", 1.0), resource="electricity")
    group = found.groups[0]
    assert group.plants == len(PLANTS) == 12
    # scipy: plotting positions with α = β = 1/3, which are type 8
    figures = PLANTS["electricity_kwh"] / PLANTS["production_lb"]
    expected = mquantiles(figures, QUANTILES, alphap=1 / 3, betap=1 / 3)
    shown = [getattr(group, quantile_name(each)) for each in QUANTILES]
    assert shown == pytest.approx(list(expected))


def test_pounds_and_tonnes_give_one_order() -> None:
    weights = {"saving": 3.0, "size": 0.0, "pollution": 1.0, "data": 1.0, "cost": 0.0}
    asked = [rank_candidates(register(unit, size), weights=weights, resource="electricity",
                             quantile=0.25)
             for unit, size in (("lb", 1.0), ("t", 1000 / POUND))]  # fmt: skip
    one, other = ([(row["establishment"], row["rank"], row["best_rank"], row["worst_rank"])
                   for row in found.ranking.rows] for found in asked)  # fmt: skip
    assert one == other
    # whoever takes most comes first: all else is alike
    figures = PLANTS["electricity_kwh"] / PLANTS["production_lb"]
    near = figures[figures <= 10 * np.median(figures)]
    assert one[0][0] == PLANTS["id"][near.idxmax()]
