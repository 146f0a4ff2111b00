"""200 plants month by month as a dataset on disk; the months and the second year are made up.

True of the source (``../province/us_plants.csv``, US plants, public domain): the product, and
one year's output, electricity, gas and oil with their cost. Made up, by the seed below: how the
year is spread over its months, the year after it, the rate of 20,000 đồng to the dollar, and a
negative reading at three plants. Nothing here is true of any plant in Việt Nam.

    python3 examples/many-plants/build.py [FOLDER]

writes ``FOLDER/plants``: ``study.toml`` and the folders ``consumption`` and ``production``.
"""

import csv
import random
import sys
from pathlib import Path

import pandas as pd

import sxsh_audit as sx

SOURCE = Path(__file__).resolve().parents[1] / "province" / "us_plants.csv"
SEED = 2384
PLANTS = 200
FAULTY = (20, 90, 160)  # their third reading is negative
DONG = 20_000  # per dollar, made up
UNITS = {"lb": (0.00045359237, "t"), "ton": (0.90718474, "t"), "kgal": (3.785411784, "m3")}
ENERGIES = (
    ("electricity", "kwh", "kwh_usd", "kWh"),
    ("natural_gas", "gas_mmbtu", "gas_usd", "MMBtu"),
    ("diesel", "oil_mmbtu", "oil_usd", "MMBtu"),
)
MONTHS = [f"{year}-{month:02d}" for year in (2016, 2017) for month in range(1, 13)]
SETTINGS = {
    "study": "many-plants", "title": "200 plants (US figures, months made up)", "locale": "en",
    "currency": "VND", "baseline": "2016", "reporting": "2017", "quality": "billed",
    "programme": "vn-qb-2384", "factor_set": "vn-3505",
}  # fmt: skip


def records():
    """Return consumption and production of the plants, two years of months each."""
    chance = random.Random(SEED)
    with SOURCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    used, made = [], []
    for k, row in enumerate(rows[:PLANTS]):
        factor, unit = UNITS[row["unit"]]
        busy = [chance.gauss(1, 0.12) for _ in MONTHS]  # output of a month against the mean
        month = float(row["production"]) * factor / 12
        made += [(row["id"], when, round(month * share, 3), unit)
                 for when, share in zip(MONTHS, busy, strict=True)]  # fmt: skip
        for resource, amount, cost, unit in ENERGIES:
            if not row[amount]:
                continue
            kept = 1 - chance.gauss(0.07, 0.05)  # what the second year still needs
            price = float(row[cost]) / float(row[amount]) * DONG
            for i, when in enumerate(MONTHS):
                part = busy[i] * chance.gauss(1, 0.03) * (kept if i >= 12 else 1)
                use = round(float(row[amount]) / 12 * part)
                use = -use if k in FAULTY and resource == "electricity" and i == 2 else use
                used.append((row["id"], resource, when, use, unit, round(use * price)))
    return (
        pd.DataFrame(used, columns=["facility", "resource", "period", "quantity", "unit", "cost"]),
        pd.DataFrame(made, columns=["facility", "period", "quantity", "unit"]),
    )


def main():
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "many-plants")
    consumption, production = records()
    source = {"consumption": consumption, "production": production, "settings": SETTINGS}
    dataset = sx.write_dataset(source, place / "plants", plants_per_part=50, overwrite=True,
                               language="en")  # fmt: skip
    print(f"{dataset.path}: {dataset.plants} plants in {len(dataset.parts)} parts")


if __name__ == "__main__":
    main()
