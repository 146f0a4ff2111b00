"""How the time of each kernel grows with its rows, over four decades.

Every kernel runs at nine sizes, two a decade, from what every call costs up to what the memory
bounds; each time is the median of runs that last a quarter of a second together, and at least
three. A linear kernel has the slope 1 on logarithmic scales once that first cost no longer counts.
`assess_many` grows by its own script (many.py), which writes its sizes into the same shape:
``growth = {"many": {"sizes": […], "ms": […]}}``.

    python benchmarks/scaling.py [--smoke] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _rows import slope

from sxsh_audit.calc.finance import discounted_payback, level_irr, npv
from sxsh_audit.calc.ranking import simple_payback
from sxsh_audit.calc.regression import fit_line
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.calc.uncertainty import bootstrap_ratio
from sxsh_audit.units import canonicalise

YEARS, MONTHS, DRAWS, RATE = 15, 36, 1999, 0.1
LEAST_TIME = 0.25  # s for each point
UNITS = ("kWh", "MWh", "GJ", "MJ", "tấn", "kg", "tạ", "g", "m3", "lít")

Work = Callable[[], Any]


def product(size: int, random: np.random.Generator) -> Work:
    values, factors = random.lognormal(5, 2, (2, size))
    return lambda: values * factors


def normalise(size: int, random: np.random.Generator) -> Work:
    values, codes = random.lognormal(5, 2, size), random.integers(0, 10, size).astype(np.int8)
    return lambda: canonicalise(values, codes, UNITS)


def sums(size: int, random: np.random.Generator) -> Work:
    cells = max(size // 250, 1)
    values, codes = random.lognormal(5, 2, size), random.integers(0, cells, size)
    return lambda: group_sum(codes, values, cells)


def joins(size: int, random: np.random.Generator) -> Work:
    """Use of four resources a month, over the output of the plant in that month."""
    from sxsh_audit.calc.cells import cell_consumption, cell_sum

    months = 24
    plants = max(size // (4 * months), 1)
    codes = [np.arange(size) // (4 * months) % plants, np.arange(size) % months]
    made = [np.repeat(np.arange(plants), months), np.tile(np.arange(months), plants)]
    use, output = random.random(size), random.uniform(1, 2, plants * months)
    table = cell_sum(made, output, (plants, months), empty=np.nan)
    return lambda: cell_consumption(codes, use, table)


def options(size: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    saving = random.lognormal(16, 1, size)
    return saving * random.lognormal(1.2, 0.6, size), saving


def payback(size: int, random: np.random.Generator) -> Work:
    cost, saving = options(size, random)
    cost[random.random(size) < 0.2] = 0.0
    return lambda: simple_payback(cost, saving)


def flows(size: int, random: np.random.Generator) -> np.ndarray:
    cost, saving = options(size, random)
    found = np.empty((size, YEARS + 1))
    found[:, 0] = -cost
    found[:, 1:] = saving[:, None] * random.lognormal(0, 0.5, (size, YEARS))
    return found


def present_value(size: int, random: np.random.Generator) -> Work:
    given = flows(size, random)
    return lambda: npv(RATE, given)


def discounted(size: int, random: np.random.Generator) -> Work:
    given = flows(size, random)
    return lambda: discounted_payback(RATE, given)


def rates(size: int, random: np.random.Generator) -> Work:
    cost, saving = options(size, random)
    return lambda: level_irr(cost, saving, YEARS)


def lines(size: int, random: np.random.Generator) -> Work:
    made = random.lognormal(5, 0.3, (size, MONTHS))
    use = 200 + 3 * made + random.normal(0, 20, made.shape)
    return lambda: fit_line(use, made)


def bootstraps(size: int, random: np.random.Generator) -> Work:
    made = random.uniform(80, 120, (2, size, 24))
    use = made * random.normal(1, 0.05, made.shape)
    return lambda: bootstrap_ratio(use[0], made[0], use[1], made[1], DRAWS)


KERNELS: dict[str, tuple[int, Callable[[int, np.random.Generator], Work]]] = {
    "product": (7, product),
    "normalise": (7, normalise),
    "sum": (7, sums),
    "join": (7, joins),
    "payback": (7, payback),
    "npv": (6, present_value),
    "discounted": (6, discounted),
    "irr": (6, rates),
    "fit": (5, lines),
    "bootstrap": (4, bootstraps),
}
"""The decade of the largest size, and what makes a run of a size."""


def spent(work: Work, least_time: float) -> float:
    """Return the median time of one call [ms]; short calls are timed many together."""
    began = time.perf_counter()
    work()
    once = max(time.perf_counter() - began, 1e-7)
    together = max(int(2e-3 / once), 1)
    times = []
    ends = time.perf_counter() + least_time
    while len(times) < 3 or (time.perf_counter() < ends and len(times) < 1000):
        began = time.perf_counter()
        for _ in range(together):
            work()
        times.append((time.perf_counter() - began) / together * 1e3)
    return statistics.median(times)


def sizes_up_to(decade: int, decades: int = 4) -> list[int]:
    """Return nine sizes, two a decade, up to a power of ten."""
    return [round(10 ** (decade - decades + half / 2)) for half in range(2 * decades + 1)]


def grown(name: str, smoke: bool) -> dict[str, list[float]]:
    """Return the sizes and times of one kernel."""
    decade, make = KERNELS[name]
    found: dict[str, list[float]] = {"sizes": [], "ms": []}
    for size in sizes_up_to(decade - 3 if smoke else decade, 2 if smoke else 4):
        work = make(max(size, 1), np.random.default_rng(2384))
        found["sizes"].append(max(size, 1))
        found["ms"].append(float(f"{spent(work, 0.0 if smoke else LEAST_TIME):.4g}"))
    return found


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes")
    given = parser.parse_args()
    growth, rows = {}, []
    for name in KERNELS:
        if name == "join" and find_spec("sxsh_audit.calc.cells") is None:
            continue  # until that module is there
        found = growth[name] = grown(name, given.smoke)
        each = found["ms"][-1] / found["sizes"][-1] * 1e6
        steep = slope(found["sizes"], found["ms"])
        rows.append(
            {
                "work": f"growth of {name}, {found['sizes'][-1]:,}",
                "ours_ms": found["ms"][-1],
                "ns_each": each,
                "slope": steep,
            }
        )
        print(
            f"{name}: {found['sizes'][0]:,} to {found['sizes'][-1]:,}, {each:,.1f} ns each at the "
            f"largest, slope {steep:.2f}",
            flush=True,
        )
    if given.json:
        given.json.write_text(
            json.dumps({"rows": rows, "growth": growth, "smoke": given.smoke}, indent=2),
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
