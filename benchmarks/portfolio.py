"""The best set of options: time to a proven gap, and every set as the judge at 20 options.

The peer is the same model handed to ``scipy.optimize.milp`` as it stands: no bound of the linear
relaxation used to fix options, no set found beforehand, presolve as it comes. It is left out at
10,000 options, where it found no set at all in 30 s. The goals are in seconds; what is measured is
the time of the processor, which does not count the time that other programs take from it (all of
this runs on one core). Both take turns in one process; figures are medians.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import _timing
import numpy as np
from _timing import Work, timed
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from sxsh_audit.calc.frontier import cost_frontier
from sxsh_audit.calc.portfolio import Selection, Target, select_options

GOAL_EXACT = 0.5  # s, proven to 1e-4
GOAL_GREEDY = 1.0  # s, certified gap at most 1 %
GAP_GREEDY = 0.01

#: Time of the processor: what other programs take from it does not count.
medians = partial(_timing.medians, clock=time.process_time, warm_up=False)


def case(size: int, cells: int, seed: int) -> dict[str, Any]:
    """Return options of all sizes, some in exclusive groups, some that need another.

    A tenth is in groups of three, and a twentieth needs another. With cells, what they save
    overlaps in one end use each.
    """
    random = np.random.default_rng(seed)
    cost = random.lognormal(18, 1.2, size)
    order, groups = random.permutation(size), max(size // 30, 1)
    pairs = random.integers(0, size, (size // 10, 2))
    found: dict[str, Any] = {
        "cost": cost,
        "value": cost * random.lognormal(-0.2, 0.8, size),
        "budget": 0.3 * float(cost.sum()),
        "exclusive": [tuple(order[3 * each : 3 * each + 3].tolist()) for each in range(groups)],
        "prerequisites": [(int(a), int(b)) for a, b in pairs if a < b],
    }
    if cells:
        saved = np.zeros((size, cells))
        where = random.integers(0, cells, size)
        saved[np.arange(size), where] = random.beta(1, 20, size) * 20 * cells / size
        found |= {
            "value": -cost, "fractions": np.minimum(saved, 0.9),
            "worth": random.lognormal(np.log(cost.sum() / cells * 1.2), 0.5, cells),
        }  # fmt: skip
    return found


def bare(given: dict[str, Any], gap: float) -> float:
    """Return the value that HiGHS finds by itself, without interactions."""
    cost, value = given["cost"], given["value"]
    rows = [(np.arange(cost.size), cost / given["budget"], 1.0)]
    rows += [(np.array(group), np.ones(len(group)), 1.0) for group in given["exclusive"]]
    rows += [(np.array(pair), np.array([1.0, -1.0]), 0.0) for pair in given["prerequisites"]]
    number = np.concatenate([np.full(each[0].size, row) for row, each in enumerate(rows)])
    column, entry = (np.concatenate([each[part] for each in rows]) for part in (0, 1))
    matrix = coo_array((entry, (number, column)), shape=(len(rows), cost.size)).tocsc()
    scale = float(np.abs(value).max())
    found = milp(
        -value / scale, integrality=np.ones(cost.size), bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, [each[2] for each in rows]),
        options={"mip_rel_gap": gap},
    )  # fmt: skip
    return float(-found.fun * scale)


def row(work: str, took: dict[str, float], found: Selection, goal: float, gap: float,
        peer: str) -> dict[str, Any]:  # fmt: skip
    ours = took["ours"]
    return {
        "work": work, "ours_ms": ours, "gap": found.gap, "peer": peer,
        "peer_ms": took.get("peer"), "ratio": took["peer"] / ours if "peer" in took else None,
        "goal": f"<= {goal:g} s, gap <= {gap:g}",
        "reached": ours <= goal * 1e3 and found.gap <= gap,
    }  # fmt: skip


def exact_row(size: int, cells: int, runs: int, seed: int) -> dict[str, Any]:
    given = case(size, cells, seed)
    found = select_options(**given)
    works: dict[str, Work] = {"ours": lambda: select_options(**given)}
    if not cells:
        assert abs(bare(given, 1e-4) - found.value) <= 2e-4 * found.value
        works["peer"] = lambda: bare(given, 1e-4)
    took = medians(runs, **works)
    kind = f"{cells} end uses that overlap, " if cells else ""
    return row(f"{size:,} options, {kind}set {seed}, proven", took, found, GOAL_EXACT, 1e-4,
               "milp alone" if not cells else "none")  # fmt: skip


def greedy_row(size: int, cells: int, runs: int, seed: int) -> dict[str, Any]:
    given = case(size, cells, seed)
    found = select_options(**given, method="greedy")
    took = medians(runs, ours=lambda: select_options(**given, method="greedy"))
    kind = f"{cells} end uses that overlap, " if cells else ""
    return row(f"{size:,} options, {kind}set {seed}, greedy with bound", took, found, GOAL_GREEDY,
               GAP_GREEDY, "none")  # fmt: skip


def every_set(given: dict[str, Any]) -> float:
    """Return the best value of all sets, in blocks of a million bytes or so."""
    cost, fractions = given["cost"], given["fractions"]
    size, best, block = cost.size, -np.inf, 1 << 14
    for start in range(0, 1 << size, block):
        number = np.arange(start, min(start + block, 1 << size))
        chosen = (number[:, None] >> np.arange(size) & 1).astype(bool)
        fits = chosen @ cost <= given["budget"] * (1 + 1e-14)
        for group in given["exclusive"]:
            fits &= chosen[:, list(group)].sum(axis=1) <= 1
        for needs, needed in given["prerequisites"]:
            fits &= ~chosen[:, needs] | chosen[:, needed]
        chosen = chosen[fits]
        saved = 1 - np.exp(chosen @ np.log1p(-fractions))
        worth = chosen @ given["value"] + saved @ given["worth"]
        best = max(best, float(worth.max(initial=-np.inf)))
    return best


def judged_row(size: int, seed: int) -> dict[str, Any]:
    given = case(size, 4, seed)
    found_by_all: list[float] = []
    all_ms = timed(lambda: found_by_all.append(every_set(given)), time.process_time)
    (best,) = found_by_all
    took = medians(3, ours=lambda: select_options(**given, gap=1e-7))
    found = select_options(**given, gap=1e-7)
    equal = abs(found.value - best) <= 1e-7 * abs(best)
    return {
        "work": f"{size} options, 4 end uses that overlap, set {seed}",
        "ours_ms": took["ours"], "gap": found.gap, "peer": f"all {1 << size:,} sets",
        "peer_ms": all_ms, "ratio": all_ms / took["ours"], "goal": "equal", "reached": equal,
    }  # fmt: skip


def frontier_row(size: int, cells: int, points: int, seed: int) -> dict[str, Any]:
    """Measure a frontier against its levels one by one, as one would ask for them."""
    given = case(size, cells, seed)
    cost, fractions, weights = given["cost"], given["fractions"], np.full(cells, 1 / cells)
    rules = {key: given[key] for key in ("exclusive", "prerequisites")}
    found = cost_frontier(cost, fractions, weights, points=points, **rules)

    def one_by_one() -> list[Selection]:
        return [
            select_options(cost, fractions=fractions, objective="cost",
                           targets=[Target("saving", weights, float(least))], **rules)
            for least in np.linspace(0.0, found.saving[-1] * (1 - 1e-9), points)
        ]  # fmt: skip

    np.testing.assert_allclose(one_by_one()[-1].cost, found.cost[-1], rtol=2e-4)
    took = medians(
        1, ours=lambda: cost_frontier(cost, fractions, weights, points=points, **rules),
        peer=one_by_one,
    )  # fmt: skip
    return {
        "work": f"frontier of {points} points, {size} options, {cells} end uses, set {seed}",
        "ours_ms": took["ours"], "gap": float(found.gap.max()), "peer": "each level by itself",
        "peer_ms": took["peer"], "ratio": took["peer"] / took["ours"], "goal": "none",
        "reached": None,
    }  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, one run each")
    options_given = parser.parse_args()
    smoke = options_given.smoke
    small, large, judged, runs = (60, 300, 10, 1) if smoke else (1000, 10_000, 20, 5)
    seeds = range(1) if smoke else range(3)
    works = [lambda seed, cells=cells: exact_row(small, cells, runs, seed) for cells in (0, 20)]
    works += [lambda seed, cells=cells: greedy_row(large, cells, runs, seed) for cells in (0, 20)]
    works += [lambda seed: judged_row(judged, seed)]
    works += [lambda seed: frontier_row(2 * judged, 4, 5 if smoke else 11, seed)]
    found = []
    for work, seed in ((work, seed) for work in works for seed in seeds):
        each = work(seed)
        found.append(each)
        peer = f", {each['peer']} {each['peer_ms']:.0f} ms" if each["peer_ms"] else ""
        reached = {True: ": reached", False: ": not reached", None: ""}[each["reached"]]
        print(f"{each['work']}: {each['ours_ms']:.0f} ms, gap {each['gap']:.1e}{peer} "
              f"(goal {each['goal']}{reached})",
              flush=True)  # fmt: skip
    if options_given.json:
        options_given.json.write_text(
            json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
