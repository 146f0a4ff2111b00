"""A dataset of made-up plants: four resources and one product, month by month over two years.

The figures are drawn with a stated seed and stand for no plant; they are for measuring time.
``python benchmarks/_plants.py FOLDER PLANTS [MESSY]`` writes one.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from sxsh_audit.scale.dataset import Dataset, open_dataset

__all__ = ["MESSES", "write_plants"]

RESOURCES = ("electricity", "coal", "water", "diesel")
UNITS = ("kWh", "kg", "m3", "l")
PRICES = (1_800.0, 4_500.0, 11_000.0, 19_000.0)
USES = (80_000.0, 40_000.0, 1_500.0, 2_000.0)
PRODUCTS = ("xi măng", "clinker", "gạch")
MONTHS = 24
PER_PART = 5_000
MESSES = ("missing", "negative", "unknown", "scaled", "twice", "meters", "words")
"""What a messy plant has: a month without a figure, a figure below zero, a resource that nobody
knows, megawatt hours, a month that stands twice, two meters, amounts as text."""

SETTINGS = """locale = "vi"
baseline = "2013"
reporting = "2014"
programme = "vn-qb-2384"
"""

_CONSUMPTION = """
SELECT printf('VN-%06d', plant) AS facility,
  CASE WHEN mess = 'unknown' AND resource = 2 THEN 'nước thánh' ELSE {names}[resource + 1] END
    AS resource,
  CASE WHEN mess = 'meters' THEN printf('m%d', month % 2) ELSE '' END AS meter,
  printf('%d-%02d', 2013 + (CASE WHEN mess = 'twice' AND month = 1 THEN 0 ELSE month END) // 12,
    1 + (CASE WHEN mess = 'twice' AND month = 1 THEN 0 ELSE month END) % 12) AS period,
  CASE WHEN mess = 'missing' AND month = 7 THEN NULL
    WHEN mess = 'negative' AND month = 3 THEN -quantity
    WHEN mess = 'scaled' AND resource = 0 THEN quantity / 1000 ELSE quantity END AS quantity,
  CASE WHEN mess = 'scaled' AND resource = 0 THEN 'MWh' WHEN mess = 'words' THEN 'kilowat'
    ELSE {units}[resource + 1] END AS unit,
  'billed' AS quality, cost
FROM used ORDER BY plant, resource, month
"""
_PRODUCTION = """
SELECT printf('VN-%06d', plant) AS facility, product,
  printf('%d-%02d', 2013 + month // 12, 1 + month % 12) AS period, quantity, 't' AS unit,
  'measured' AS quality
FROM made ORDER BY plant, product, month
"""


def write_plants(
    folder: Path, plants: int, *, messy: float = 0.0, products: int = 1, seed: int = 2384,
    per_part: int = PER_PART,
) -> Dataset:
    """Write a dataset of plants into a folder, which is replaced.

    Parameters
    ----------
    folder : Path
        Where it is wanted.
    plants : int
        How many; 120 records each.
    messy : float
        Share of the plants that have one of `MESSES`, in turn.
    products : int
        Products that each plant makes, added by their mass. [count]
    seed : int
        Where the draws start.
    per_part : int
        Plants of a part.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("consumption", "production"):
        (folder / name).mkdir(parents=True)
    rule = 'output = "mass"\n' if products > 1 else ""
    (folder / "study.toml").write_text(SETTINGS + rule, encoding="utf-8")
    random = np.random.default_rng(seed)
    listed = {"names": list(RESOURCES), "units": list(UNITS)}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for number, first in enumerate(range(0, plants, per_part)):
            used, made = _records(random, np.arange(first, min(first + per_part, plants)), messy)
            connection.register("used", used)
            made = pd.concat([made.assign(product=name, quantity=made["quantity"] / number)
                              for number, name in enumerate(PRODUCTS[:products], start=1)])
            connection.register("made", made)
            for name, query in (("consumption", _CONSUMPTION), ("production", _PRODUCTION)):
                path = folder / name / f"part-{number:06d}.parquet"
                connection.execute(f"COPY ({query.format(**listed)}) TO '{path}' "
                                   "(FORMAT parquet, COMPRESSION zstd)")  # fmt: skip
    return open_dataset(folder)


def _records(
    random: np.random.Generator, plants: np.ndarray, messy: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what some plants used and made; use is a base load and a part of the output."""
    count = len(plants)
    size = random.lognormal(0.0, 1.0, (count, 1, 1))
    output = 1_000.0 * size * random.uniform(0.6, 1.4, (count, 1, MONTHS))
    after = np.where(np.arange(MONTHS) < 12, 1.0, random.uniform(0.82, 1.06, (count, 4, 1)))
    base = np.array(USES)[None, :, None] * size
    quantity = np.round(base * (0.3 + 0.7 * output / (1_000.0 * size)) * after, 1)
    cost = np.round(quantity * np.array(PRICES)[None, :, None])
    place, resource, month = (axis.ravel() for axis in np.indices((count, 4, MONTHS)))
    odd = np.floor((plants + 1) * messy) > np.floor(plants * messy)
    turn = np.cumsum(odd) % len(MESSES)
    mess = np.where(odd, np.array(MESSES)[turn], "")
    used = pd.DataFrame({"plant": plants[place], "resource": resource, "month": month,
                         "mess": mess[place], "quantity": quantity.ravel(),
                         "cost": cost.ravel()})  # fmt: skip
    place, month = (axis.ravel() for axis in np.indices((count, MONTHS)))
    made = pd.DataFrame({"plant": plants[place], "month": month,
                         "quantity": np.round(output, 2).ravel()})  # fmt: skip
    return used, made


if __name__ == "__main__":
    share = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    print(write_plants(Path(sys.argv[1]), int(sys.argv[2]), messy=share))
