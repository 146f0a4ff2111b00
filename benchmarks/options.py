"""Options together: interactions, screening, ranges, cost curves, sensitivity.

The limits are the plain products of arrays that the formulas come down to; the peers are what one
would write without them: every option left out in turn, every weight tried out on a grid, the
distributions of ``scipy.stats``, ``scipy.stats.sobol_indices`` option by option, fronts peeled off
one after another. A loop over options is run on the first of them and scaled; the row says on how
many. All take turns in one process; figures are medians. What each finds is compared first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians
from scipy import stats

from sxsh_audit.calc.abatement import abatement_cost, conserved_cost, pareto_order
from sxsh_audit.calc.contributions import marginal_savings, ordered_savings
from sxsh_audit.calc.interactions import combine_savings
from sxsh_audit.calc.option_risk import simulate_options
from sxsh_audit.calc.ranges import normal, pert, triangular, uniform
from sxsh_audit.calc.screening import screen_options

RATE, YEARS = 0.1, 10


def row(work: str, took: dict[str, float], peer: str, scale: float = 1.0) -> dict[str, Any]:
    """Return a record; the peer's time is multiplied by `scale`."""
    peer_ms = took["peer"] * scale
    return {"work": work, "ours_ms": took["ours"], "peer": peer, "peer_ms": peer_ms,
            "ratio": peer_ms / took["ours"]}  # fmt: skip


def interactions(sets: int, runs: int) -> list[dict[str, Any]]:
    options, uses = 12, 6
    random = np.random.default_rng(9)
    shares = random.dirichlet(np.ones(uses + 1), sets)[:, :uses]
    saved = random.random((sets, options, uses)) * (random.random((sets, options, uses)) < 0.3) / 2
    order = random.permutation(options)

    def together() -> np.ndarray:
        found: np.ndarray = (shares * (1 - np.prod(1 - saved, axis=1))).sum(axis=1)
        return found

    def in_order() -> np.ndarray:
        kept = np.cumprod(1 - saved[:, order], axis=1)
        before = np.concatenate([np.ones((sets, 1, uses)), kept[:, :-1]], axis=1)
        found = np.empty((sets, options))
        found[:, order] = ((before - kept) * shares[:, None]).sum(axis=2)
        return found

    def each_left_out() -> np.ndarray:
        whole = together()
        rest = [(shares * (1 - np.prod(1 - np.delete(saved, place, axis=1), axis=1))).sum(axis=1)
                for place in range(options)]  # fmt: skip
        return np.stack([whole - each for each in rest], axis=1)

    pairs: list[tuple[str, str, Callable[[], Any], Callable[[], np.ndarray]]] = [
        ("combined", "one product", lambda: combine_savings(shares, saved).saving, together),
        ("in an order", "one running product",
         lambda: ordered_savings(shares, saved, order), in_order),
        ("after the others", "each left out in turn",
         lambda: marginal_savings(shares, saved), each_left_out),
    ]  # fmt: skip
    found = []
    for name, peer, ours, theirs in pairs:
        np.testing.assert_allclose(ours(), theirs(), atol=1e-12)
        found.append(row(f"savings {name}, {sets:,} sets of {options} options, {uses} end uses",
                         medians(runs, ours=ours, peer=theirs), peer))  # fmt: skip
    return found


def screening(options: int, runs: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(5)
    scores, weights = random.integers(0, 11, (options, 3)).astype(float), np.array([3.0, 4.0, 3.0])
    part, grid = weights / weights.sum(), np.linspace(0.0, 1.0, 1001)

    def tried_out() -> list[np.ndarray]:
        firsts = []
        for place in range(3):
            others = np.delete(part, place) / (1 - part[place])
            rest = np.delete(scores, place, axis=1) @ others
            firsts.append(np.argmax(
                np.outer(1 - grid, rest) + np.outer(grid, scores[:, place]), axis=1))  # fmt: skip
        return firsts

    took = medians(
        runs, ours=lambda: screen_options(scores, weights, implement=6, study=4), peer=tried_out
    )
    return [row(f"screening, {options:,} options, all changes of three weights", took,
                f"{grid.size:,} weights tried out")]  # fmt: skip


def ranges(size: int, runs: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(8)
    low = random.lognormal(5, 1, (size, 1))
    mode, high = 1.2 * low, 2.0 * low
    u = random.random((size, 100))
    works = {
        "uniform": (uniform(low, high), stats.uniform(low, high - low)),
        "triangular": (triangular(low, mode, high), stats.triang(0.2, low, high - low)),
        "PERT": (pert(low, mode, high), stats.beta(1.8, 4.2, low, high - low)),
        "normal": (normal(mode, low / 10), stats.norm(mode, low / 10)),
    }
    found = []
    for name, (ours, theirs) in works.items():
        np.testing.assert_allclose(ours.quantile(u), theirs.ppf(u), rtol=1e-9)
        took = medians(runs, ours=lambda one=ours: one.quantile(u),
                       peer=lambda one=theirs: one.ppf(u))  # fmt: skip
        found.append(row(f"quantiles, {name}, {u.size:,}", took, "scipy.stats"))
    return found


def sensitivity(options: int, points: int, runs: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(3)
    cost, saved = random.lognormal(9, 1, options), random.lognormal(8, 1, (options, 1))
    annuity = (1 - (1 + RATE) ** -YEARS) / RATE
    given = {
        "cost": uniform(0.8 * cost, 1.5 * cost), "quantity": uniform(0.6 * saved, 1.2 * saved),
        "price": uniform([0.8], [1.3]), "lifetime": float(YEARS), "rate": RATE, "seed": 1,
        "draws": 1, "rank_by": None,
    }  # fmt: skip
    few = max(options // 20, 5)

    def option_by_option() -> list[np.ndarray]:
        return [
            stats.sobol_indices(
                func=lambda x: x[1] * x[2] * annuity - x[0], n=points,
                rng=np.random.default_rng(1),
                dists=[stats.uniform(0.8 * c, 0.7 * c), stats.uniform(0.6 * q, 0.6 * q),
                       stats.uniform(0.8, 0.5)],
            ).first_order
            for c, q in zip(cost[:few], saved[:few, 0], strict=True)
        ]  # fmt: skip

    mine = simulate_options(**given, index_draws=points)  # type: ignore[arg-type]
    np.testing.assert_allclose(mine.sobol_first[:few, :3], option_by_option(), atol=0.2)
    took = medians(runs, ours=lambda: simulate_options(**given, index_draws=points),  # type: ignore[arg-type]
                   peer=option_by_option)  # fmt: skip
    found = [row(f"Sobol' indices and tornado, {options:,} options, {points:,} points", took,
                 f"scipy.stats.sobol_indices, loop, scaled from {few}", options / few)]  # fmt: skip

    def moved() -> np.ndarray:
        found = np.empty((few, 3, 2))
        for option in range(few):
            ends = [each.quantile([0.05, 0.5, 0.95]) for each in (
                uniform(0.8 * cost[option], 1.5 * cost[option]),
                uniform(0.6 * saved[option, 0], 1.2 * saved[option, 0]), uniform(0.8, 1.3))]
            for place in range(3):
                for side, at in enumerate((0, 2)):
                    c, q, p = (one[at if k == place else 1] for k, one in enumerate(ends))
                    found[option, place, side] = q * p * annuity - c
        return found  # fmt: skip

    mine = simulate_options(**given, index_draws=0)  # type: ignore[arg-type]
    np.testing.assert_allclose(mine.tornado[:few, :3], moved(), rtol=1e-9)
    took = medians(runs, ours=lambda: simulate_options(**given, index_draws=0),  # type: ignore[arg-type]
                   peer=moved)  # fmt: skip
    found.append(row(f"tornado, {options:,} options", took,
                     f"option by option, scaled from {few}", options / few))  # fmt: skip
    return found


def carbon(size: int, options: int, runs: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(6)
    cost, saving, tonnes = random.lognormal(9, 1, (3, size))
    annuity = (1 - (1 + RATE) ** -YEARS) / RATE

    def per_tonne() -> np.ndarray:
        found: np.ndarray = (cost - saving * annuity) / (tonnes * YEARS)
        return found

    def per_unit() -> np.ndarray:
        found: np.ndarray = (cost + saving * annuity) / (tonnes * annuity)
        return found

    def ours_per_tonne() -> Any:
        return abatement_cost(RATE, cost, saving, tonnes, YEARS, discount_tonnes=False)

    np.testing.assert_allclose(ours_per_tonne().cost_per_tonne, per_tonne(), rtol=1e-9)
    found = [row(f"cost per tonne with its class, {size:,} options",
                 medians(runs, ours=ours_per_tonne, peer=per_tonne), "one quotient")]  # fmt: skip
    np.testing.assert_allclose(
        conserved_cost(RATE, cost, saving, tonnes, YEARS).cost_per_unit, per_unit()
    )
    found.append(row(
        f"conserved cost with its class, {size:,} options",
        medians(runs, ours=lambda: conserved_cost(RATE, cost, saving, tonnes, YEARS),
                peer=per_unit), "one quotient",
    ))  # fmt: skip
    net, avoided = -cost[:options], tonnes[:options]

    def peeled() -> np.ndarray:
        front, left, number = np.zeros(options, int), np.arange(options), 0
        while left.size:
            number += 1
            n, a = net[left], avoided[left]
            beaten = ((n[:, None] < n) & (a[:, None] >= a)
                      | (n[:, None] <= n) & (a[:, None] > a)).any(axis=0)  # fmt: skip
            front[left[~beaten]] = number
            left = left[beaten]
        return front

    np.testing.assert_array_equal(pareto_order(net, avoided), peeled())
    took = medians(runs, ours=lambda: pareto_order(net, avoided), peer=peeled)
    found.append(row(f"Pareto fronts, {options:,} options", took, "peeled off one by one"))
    return found


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    wanted = parser.parse_args()
    smoke = wanted.smoke
    runs = 2 if smoke else 7
    found = [
        *interactions(100 if smoke else 20_000, runs),
        *screening(20 if smoke else 500, runs),
        *ranges(10 if smoke else 1_000, runs),
        *sensitivity(10 if smoke else 200, 256 if smoke else 1_024, runs),
        *carbon(1_000 if smoke else 10**6, 50 if smoke else 2_000, runs),
    ]
    for each in found:
        print(f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} {each['peer_ms']:.2f} ms, "
              f"{each['ratio']:.2f} x as fast")  # fmt: skip
    if wanted.json:
        wanted.json.write_text(
            json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
