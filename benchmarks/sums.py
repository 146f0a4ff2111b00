"""Sums by facility, resource and phase, and consumption beside production, against their peers.

The limits are one sum over the column and one division. Peers of the sum: pandas' categorical
``groupby`` and that on one column of codes, duckdb and polars; of the division by the output of a
facility's month: pandas' ``merge`` and duckdb's join, each with the division. Ours lays production
out as a table first, which is counted. Peers that are not installed are left out. All take turns
in one process; figures are medians.
"""

from __future__ import annotations

import argparse
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _timing import Work, medians, row

from sxsh_audit.calc.cells import cell_consumption, cell_sum
from sxsh_audit.calc.rollup import group_sum

SHAPE = (5_000, 4, 2)  # facilities, resources, phases
KEYS = ["facility", "resource", "phase"]
MONTHS = 24


def coded(codes: np.ndarray, name: str, size: int) -> pd.Categorical:
    """Return codes as a categorical column."""
    return pd.Categorical.from_codes(codes, categories=[f"{name} {k}" for k in range(size)])


def framed(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum a data frame with categorical columns into one with a row for each cell."""
    columns = [frame[key].cat for key in KEYS]
    shape = [len(each.categories) for each in columns]
    total = cell_sum([each.codes for each in columns], frame["use"], shape)
    places = np.indices(shape, np.int32).reshape(len(shape), -1)
    done = {
        key: pd.Categorical.from_codes(place, dtype=frame[key].dtype, validate=False)
        for key, place in zip(KEYS, places, strict=True)
    }
    return pd.DataFrame(done | {"use": total.reshape(-1)}, copy=False)


def sums(size: int, runs: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(1419)
    codes = [random.integers(0, n, size) for n in SHAPE]
    values = random.random(size)
    cell = np.ravel_multi_index(codes, SHAPE)
    frame = pd.DataFrame(
        {key: coded(place, key, n) for key, place, n in zip(KEYS, codes, SHAPE, strict=True)}
        | {"use": values}, copy=False
    )  # fmt: skip
    plain = pd.DataFrame({"cell": cell, "use": values}, copy=False)
    n = int(np.prod(SHAPE))
    expected = plain.groupby("cell")["use"].sum().reindex(range(n), fill_value=0.0)
    np.testing.assert_allclose(framed(frame)["use"], expected, rtol=1e-9)
    works: dict[str, Work] = {
        "ours": lambda: group_sum(cell, values, n),
        "frame": lambda: framed(frame),
        "limit": values.sum,
        "pandas, categorical groupby": lambda: frame.groupby(KEYS, observed=True, sort=False)[
            "use"
        ].sum(),
        "pandas, groupby of codes": lambda: plain.groupby("cell", sort=False)["use"].sum(),
    }
    query = "SELECT facility, resource, phase, sum(use) AS use FROM frame GROUP BY ALL"
    if find_spec("duckdb") is not None:
        import duckdb

        engine = duckdb.connect()
        engine.register("frame", frame)
        works["duckdb"] = lambda: engine.execute(query).fetchnumpy()
    if find_spec("polars") is not None:
        import polars

        table = polars.DataFrame(
            {key: polars.Series(place.astype(np.int32)) for key, place in
             zip(KEYS, codes, strict=True)} | {"use": values}
        )  # fmt: skip
        works["polars"] = lambda: table.group_by(KEYS).agg(polars.col("use").sum())
    took = medians(runs, **works)
    pandas = {name: ms for name, ms in took.items() if name.startswith("pandas")}
    best = min(pandas, key=lambda name: pandas[name])
    name = f"sum {size:,} rows into {n:,} cells"
    found = [
        row(name, took["ours"], f"the best of pandas: {best}", took[best], 4),
        row(f"{name}, data frame", took["frame"], "the kernel", took["ours"], 2, limit=True),
        row(name, took["ours"], "one sum of the column", took["limit"], limit=True),
    ]
    peers = [each for each in took if each not in ("ours", "frame", "limit")]
    return found + [row(f"{name}, data frame", took["frame"], each, took[each]) for each in peers]


def joins(size: int, runs: int, *, shuffled: bool) -> list[dict[str, Any]]:
    random = np.random.default_rng(1420)
    plants = max(size // (4 * MONTHS), 1)
    place = np.arange(size) // (4 * MONTHS) % plants
    month = np.arange(size) % MONTHS
    if shuffled:
        order = random.permutation(size)
        place, month = place[order], month[order]
    use = random.random(size)
    made = pd.DataFrame({
        "facility": np.repeat(np.arange(plants, dtype=np.int32), MONTHS),
        "month": np.tile(np.arange(MONTHS, dtype=np.int16), plants),
        "output": random.uniform(1.0, 2.0, plants * MONTHS),
    })  # fmt: skip
    frame = pd.DataFrame({"facility": place.astype(np.int32), "month": month.astype(np.int16),
                          "use": use})  # fmt: skip

    def ours() -> np.ndarray:
        keys = ["facility", "month"]
        table = cell_sum([made[key] for key in keys], made["output"], (plants, MONTHS),
                         empty=np.nan)  # fmt: skip
        return cell_consumption([frame[key] for key in keys], frame["use"], table)

    def merged() -> pd.Series:
        both = frame.merge(made, on=["facility", "month"], how="left")
        found: pd.Series = both["use"] / both["output"]
        return found

    np.testing.assert_array_equal(ours(), merged())
    other = random.uniform(1.0, 2.0, size)
    works: dict[str, Work] = {"ours": ours, "limit": lambda: use / other, "pandas merge": merged}
    if find_spec("duckdb") is not None:
        import duckdb

        engine = duckdb.connect()
        engine.register("frame", frame)
        engine.register("made", made)
        query = "SELECT use / output AS ratio FROM frame LEFT JOIN made USING (facility, month)"
        works["duckdb"] = lambda: engine.execute(query).fetchnumpy()
    took = medians(runs, **works)
    name = f"divide by the output of {plants:,} plants' months, {size:,} rows"
    name += ", in any order" if shuffled else ""
    found = [row(name, took["ours"], "pandas merge", took["pandas merge"], 4)]
    if "duckdb" in took:
        found.append(row(name, took["ours"], "duckdb join", took["duckdb"]))
    return [*found, row(name, took["ours"], "one division", took["limit"], limit=True)]


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    smoke = parser.parse_args().smoke
    target = parser.parse_args().json
    size, runs = (100_000, 2) if smoke else (10_000_000, 5)
    found = [*sums(size, runs), *joins(size, runs, shuffled=False),
             *joins(size, runs, shuffled=True)]  # fmt: skip
    for each in found:
        goal = ""
        if "goal" in each:
            goal = f" (goal {each['goal']}: {'reached' if each['reached'] else 'not reached'})"
        print(
            f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} {each['peer_ms']:.2f} ms, "
            f"ratio {each['ratio']:.2f}{goal}"
        )
    if target:
        target.write_text(json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
