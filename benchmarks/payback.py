"""Simple payback with classes against one division, and group sums against pandas.

The limit is what the memory and the processor need at least: one division per option, one sum
over the column. The peer of the payback is the class table in ``numpy.select``; of the group
sums, the faster of pandas' categorical and integer ``groupby``. All take turns in one process;
figures are medians.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _timing import medians

from sxsh_audit.calc.ranking import simple_payback
from sxsh_audit.calc.rollup import group_sum

GOAL_PAYBACK = 3.0  # times one division, at most
GOAL_ROLLUP = 4.0  # times faster than pandas, at least
CELLS = 40_000


def selected(cost: np.ndarray, saving: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return years and classes by numpy.select: the table as one would write it down."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = cost / saving
    unknown = np.isnan(cost) | np.isnan(saving)
    cases = [unknown, (cost <= 0) & (saving > 0), saving > 0, (saving == 0) & (cost >= 0)]
    code = np.select(cases, [4, 0, 1, 2], 3)
    return np.select(cases, [np.nan, 0.0, ratio, np.inf], np.nan), code


def divided(cost: np.ndarray, saving: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        years: np.ndarray = cost / saving
    return years


def options(size: int, mix: str) -> tuple[np.ndarray, np.ndarray]:
    """Return costs and savings: a fifth of the options free, or every class among them."""
    random = np.random.default_rng(2384)
    cost, saving = random.lognormal(9, 2, size), random.lognormal(8, 2, size)
    cost[random.random(size) < 0.2] = 0.0
    if mix == "every class":
        cost[random.random(size) < 0.10] = np.nan
        saving[random.random(size) < 0.03] *= -1
        saving[random.random(size) < 0.02] = 0.0
    return cost, saving


def payback_row(size: int, runs: int, mix: str) -> dict[str, Any]:
    cost, saving = options(size, mix)
    found, other = simple_payback(cost, saving), selected(cost, saving)
    np.testing.assert_array_equal(found.years, other[0])
    np.testing.assert_array_equal(found.payback_class.codes, other[1])
    took = medians(
        runs,
        ours=lambda: simple_payback(cost, saving),
        peer=lambda: selected(cost, saving),
        limit=lambda: divided(cost, saving),
    )
    ratio = took["ours"] / took["limit"]
    return {
        "work": f"simple payback, {size:,} options, {mix}",
        "ours_ms": took["ours"], "peer": "numpy.select", "peer_ms": took["peer"],
        "limit": "one division", "limit_ms": took["limit"], "ratio": ratio,
        "goal": f"<= {GOAL_PAYBACK:g} x limit", "reached": ratio <= GOAL_PAYBACK,
    }  # fmt: skip


def rollup_row(size: int, runs: int) -> dict[str, Any]:
    random = np.random.default_rng(1419)
    codes, values = random.integers(0, CELLS, size), random.random(size)
    plain = pd.DataFrame({"cell": codes, "value": values})
    coded = plain.assign(cell=pd.Categorical.from_codes(codes, pd.RangeIndex(CELLS)))
    took = medians(
        runs,
        ours=lambda: group_sum(codes, values, CELLS),
        integer=lambda: plain.groupby("cell", sort=False)["value"].sum(),
        categorical=lambda: coded.groupby("cell", observed=True, sort=False)["value"].sum(),
        limit=values.sum,
    )
    best = min(took["integer"], took["categorical"])
    ratio = best / took["ours"]
    return {
        "work": f"sum {size:,} rows into {CELLS:,} cells",
        "ours_ms": took["ours"], "peer": "best pandas groupby", "peer_ms": best,
        "limit": "one sum", "limit_ms": took["limit"], "ratio": ratio,
        "goal": f">= {GOAL_ROLLUP:g} x peer", "reached": ratio >= GOAL_ROLLUP,
    }  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    options_given = parser.parse_args()
    smoke = options_given.smoke
    size, rows, runs = (10_000, 100_000, 2) if smoke else (10**6, 10**7, 31)
    found = [
        payback_row(size, runs, "a fifth free"),
        payback_row(size, runs, "every class"),
        rollup_row(rows, 2 if smoke else 5),
    ]
    for row in found:
        print(
            f"{row['work']}: {row['ours_ms']:.2f} ms, {row['peer']} {row['peer_ms']:.2f} ms, "
            f"{row['limit']} {row['limit_ms']:.2f} ms, ratio {row['ratio']:.2f} "
            f"(goal {row['goal']}: {'reached' if row['reached'] else 'not reached'})"
        )
    if options_given.json:
        options_given.json.write_text(
            json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
