"""Simulation of options against drawing its numbers.

The peer draws with numpy's own generator, on one thread: for every option and draw two normal
deviates, for cost and saving, and one even number, for the lifetime, in blocks that stay in the
cache. The simulation does beyond that the money of each draw and the order statistics of all draws
of an option for its intervals. With Sobol' points it draws less than the peer, since options take
the same points in another order; with independent draws it draws as much, and by inverse
distribution functions, which take twice as long: these drawn alone are the limit. All take turns
in one process; figures are medians.
"""

from __future__ import annotations

import argparse
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians

from sxsh_audit.calc.option_risk import OptionRisk, simulate_options
from sxsh_audit.calc.point_sets import Method, PointSet
from sxsh_audit.calc.ranges import Range, normal, pert, uniform

GOAL = 1.1  # times drawing the numbers, at most
GOAL_MEMORY = 16.0  # MiB beyond inputs and results, at most
BLOCK, TILE = 13, 2520


def inputs(options: int, shape: str) -> dict[str, Range]:
    """Return the ranges of the options."""
    random = np.random.default_rng(2384)
    cost, saving = random.lognormal(9, 1, options), random.lognormal(8, 1, (options, 1))
    life = random.integers(3, 20, options).astype(float)
    if shape == "PERT":
        return {
            "cost": pert(0.8 * cost, cost, 1.5 * cost),
            "quantity": pert(0.6 * saving, saving, 1.2 * saving),
            "lifetime": uniform(0.8 * life, 1.2 * life),
        }
    return {
        "cost": normal(cost, 0.1 * cost),
        "quantity": normal(saving, 0.2 * saving),
        "lifetime": uniform(0.8 * life, 1.2 * life),
    }


def simulated(given: dict[str, Range], draws: int, **wanted: Any) -> OptionRisk:
    quiet = {"rank_by": None, "index_draws": 0}
    return simulate_options(
        **given, price=normal([1.0], [0.1]), rate=0.1, seed=1, draws=draws, **(quiet | wanted)
    )  # type: ignore[arg-type]


def drawn(given: dict[str, Range], draws: int, method: Method) -> None:
    """Draw the numbers of the simulation for each option anew and drop them."""
    options = given["cost"].shape[0]
    points = PointSet(options, 3, 1, draws, 1, method, BLOCK)
    spreads = (given["cost"], given["quantity"].column(0), given["lifetime"])
    for start in range(0, options, BLOCK):
        chosen = slice(start, min(start + BLOCK, options))
        for first in range(0, draws, TILE):
            rows = points.own(chosen, slice(first, min(first + TILE, draws)))
            for number, spread in enumerate(spreads):
                spread.rows(chosen).values_at(rows[number])


def drawn_by_numpy(options: int, draws: int) -> None:
    """Draw as many numbers with numpy's generator, two normal deviates and one even."""
    random = np.random.default_rng(1)
    for start in range(0, options, BLOCK):
        count = min(BLOCK, options - start)
        for first in range(0, draws, TILE):
            size = (count, min(TILE, draws - first))
            random.standard_normal(size)
            random.standard_normal(size)
            random.random(size)


def draw_rows(
    options: int, draws: int, runs: int, shape: str, method: Method, *, warm_up: bool = True
) -> list[dict[str, Any]]:
    given = inputs(options, shape)
    took = medians(
        runs,
        warm_up=warm_up,
        one=lambda: simulated(given, draws, method=method),
        two=lambda: simulated(given, draws, method=method, threads=2),
        limit=lambda: drawn(given, draws, method),
        numpy=lambda: drawn_by_numpy(options, draws),
    )
    shared = method is Method.SOBOL and shape == "normal"
    peer = ("numpy", "numpy's generator") if shared else ("limit", "the same numbers drawn")
    found = []
    for name, threads in (("one", "one thread"), ("two", "two threads")):
        ratio = took[name] / took[peer[0]]
        found.append({
            "work": f"{options:,} options x {draws:,} draws, {shape}, {method}, {threads}",
            "ours_ms": took[name], "peer": f"{peer[1]}, one thread", "peer_ms": took[peer[0]],
            "limit": "the same numbers drawn", "limit_ms": took["limit"],
            "numpy_ms": took["numpy"], "ratio": ratio,
            "goal": f"<= {GOAL:g} x peer", "reached": ratio <= GOAL,
        })  # fmt: skip
    return found


def rank_row(options: int, draws: int, runs: int) -> dict[str, Any]:
    given = inputs(options, "normal")
    took = medians(
        runs,
        ours=lambda: simulated(given, draws, rank_by="npv"),
        limit=lambda: simulated(given, draws),
    )
    return {
        "work": f"the same with ranks, {options:,} options x {draws:,} draws",
        "ours_ms": took["ours"], "limit": "without ranks", "limit_ms": took["limit"],
        "ratio": took["ours"] / took["limit"],
    }  # fmt: skip


def memory_row(options: int, draws: int, threads: int) -> dict[str, Any]:
    given = inputs(options, "normal")
    simulated(inputs(3, "normal"), 8)
    tracemalloc.start()
    found = simulated(given, draws, rank_by="npv", threads=threads)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    results = sum(each.nbytes for each in found if isinstance(each, np.ndarray))
    working = (peak - results) / 2**20
    return {
        "work": f"memory, {options:,} options x {draws:,} draws, ranks, {threads} threads",
        "peak_mib": working, "goal": f"<= {GOAL_MEMORY:g} MiB", "reached": working <= GOAL_MEMORY,
    }  # fmt: skip


def same_row(options: int, draws: int) -> dict[str, Any]:
    given = inputs(options, "normal")
    one, two, three = (
        simulated(given, draws, rank_by="npv", index_draws=256, threads=n) for n in (1, 2, 3)
    )
    same = all(
        a.tobytes() == b.tobytes() == c.tobytes()
        for a, b, c in zip(one, two, three, strict=True)
        if isinstance(a, np.ndarray)
    )
    return {"work": f"one, two and three threads, {options:,} x {draws:,}", "goal": "bit-identical",
            "reached": same}  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, one run each")
    wanted = parser.parse_args()
    options, draws, runs = (200, 500, 1) if wanted.smoke else (10_000, 10_000, 5)
    # Times grow with the options: a ratio needs no more of them, and many runs; all of them once,
    # without a warm-up, which would take as long. Of PERT ranges,
    # of which one draw takes as long as twenty of normal ones, fewer still.
    few, fewest = options // 10, options // 100
    works: list[Callable[[], list[dict[str, Any]]]] = [
        lambda: draw_rows(options, draws, 1, "normal", Method.SOBOL, warm_up=False),
        lambda: draw_rows(few, draws, runs, "normal", Method.SOBOL),
        lambda: draw_rows(few, draws, runs, "normal", Method.RANDOM),
        lambda: draw_rows(fewest, draws, 1, "PERT", Method.SOBOL),
        lambda: [rank_row(few, draws, max(runs // 2, 1))],
        lambda: [memory_row(options, draws // 10, 1), memory_row(options, draws // 10, 2)],
        lambda: [memory_row(few, draws, 2), same_row(few, draws)],
    ]
    found = []
    for work in works:
        for row in work():
            found.append(row)
            told = [f"{key} {value:.2f}" for key, value in row.items() if isinstance(value, float)]
            reached = {True: ": reached", False: ": not reached", None: ""}[row.get("reached")]
            print(f"{row['work']}: {', '.join(told)} (goal {row.get('goal', 'none')}{reached})",
                  flush=True)  # fmt: skip
    if wanted.json:
        wanted.json.write_text(
            json.dumps({"rows": found, "smoke": wanted.smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
