"""Material flow cost accounting of one large network and of many plants.

The peer is the dense textbook solution C = (I − Rᵀ)⁻¹ N without checks, without unknowns and
without a look for loops that have no exit; of many plants also one after another, as a sheet per
plant would be. Both find the same before anything is timed. All take turns in one process.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians

from sxsh_audit.calc.mfca import allocation_shares, centre_costs, cost_trail, loss_split

CATEGORIES = 3


def row(work: str, ours: float, peer: str, peer_ms: float) -> dict[str, Any]:
    """Return a record; the ratio is what ours takes over the peer."""
    return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms,
            "ratio": ours / peer_ms}  # fmt: skip


def network(steps: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a line of steps with branches, a recycle at every fifth step, and losses."""
    step = np.arange(steps)
    ahead = np.minimum(step + random.integers(2, 9, steps), steps)
    back = step[5::5]
    source = np.concatenate([step, step, step, back])
    target = np.concatenate([step + 1, ahead, np.full(steps, -1), back - 4])
    return source, np.where(target >= steps, -1, target)


def dense(source: np.ndarray, target: np.ndarray, share: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Solve the textbook system of one plant, costs of shape (categories, steps)."""
    steps = own.shape[-1]
    matrix = np.eye(steps)
    inside = target >= 0
    np.subtract.at(matrix, (target[inside], source[inside]), share[inside])
    return np.linalg.solve(matrix, own.T).T


def one_network(steps: int, runs: int) -> list[dict[str, Any]]:
    """Measure one plant of many steps."""
    random = np.random.default_rng(14051)
    source, target = network(steps, random)
    amount = random.lognormal(2.0, 0.5, source.size)
    own = random.lognormal(8.0, 1.0, (CATEGORIES, steps))
    share = allocation_shares(source, amount, steps)
    lost = np.arange(source.size) >= 2 * steps

    def inverse() -> np.ndarray:
        matrix = np.zeros((steps, steps))
        inside = target >= 0
        np.add.at(matrix, (source[inside], target[inside]), share[inside])
        return np.linalg.inv(np.eye(steps) - matrix)

    found = centre_costs(source, target, share, own, steps)
    np.testing.assert_allclose(found.cost, dense(source, target, share, own), rtol=1e-9)
    places, costs = np.arange(steps), own[0]
    trail = cost_trail(source, target, share, places, costs, steps)
    ends = inverse()[:, source[trail.ends]] * share[trail.ends] * costs[:, None]
    np.testing.assert_allclose(trail.amount, ends, rtol=1e-8, atol=1e-9 * costs.max())
    took = medians(
        runs,
        ours=lambda: centre_costs(source, target, share, own, steps),
        dense=lambda: dense(source, target, share, own),
        losses=lambda: loss_split(source, target, share, own, lost, steps),
        trail=lambda: cost_trail(source, target, share, places, costs, steps),
        inverse=lambda: inverse()[:, source[trail.ends]] * share[trail.ends] * costs[:, None],
    )
    size = f"{steps:,} centres, {source.size:,} flows"
    return [
        row(f"centre costs, {size}", took["ours"], "dense solve", took["dense"]),
        row(f"losses by category, {size}", took["losses"], "dense solve", took["dense"]),
        row(f"trail of {steps:,} origins, {size}", took["trail"], "dense inverse",
            took["inverse"]),
    ]  # fmt: skip


def many_plants(plants: int, runs: int) -> list[dict[str, Any]]:
    """Measure many plants of eight steps, each with its own shares."""
    random, steps = np.random.default_rng(889), 8
    source, target = network(steps, random)
    amount = random.lognormal(2.0, 0.5, (plants, source.size))
    own = random.lognormal(8.0, 1.0, (plants, steps))
    share = allocation_shares(source, amount, steps)

    def one_by_one() -> np.ndarray:
        return np.stack([dense(source, target, share[k], own[k]) for k in range(plants)])

    def stacked() -> np.ndarray:
        matrix = np.broadcast_to(np.eye(steps), (plants, steps, steps)).copy()
        for flow in np.flatnonzero(target >= 0):
            matrix[:, target[flow], source[flow]] -= share[:, flow]
        return np.linalg.solve(matrix, own[..., None])[..., 0]

    found = centre_costs(source, target, share, own, steps).cost
    np.testing.assert_allclose(found, stacked(), rtol=1e-9)
    np.testing.assert_allclose(found[:5], one_by_one()[:5], rtol=1e-9)
    took = medians(
        runs, ours=lambda: centre_costs(source, target, share, own, steps),
        one_by_one=one_by_one, stacked=stacked,
        shares=lambda: allocation_shares(source, amount, steps),
    )  # fmt: skip
    size = f"{plants:,} plants of {steps} centres"
    return [
        row(f"centre costs, {size}", took["ours"], "dense solve, plant by plant",
            took["one_by_one"]),
        row(f"centre costs, {size}", took["ours"], "dense solve, stacked, no checks",
            took["stacked"]),
        row(f"shares, {size}", took["shares"], "dense solve, stacked, no checks",
            took["stacked"]),
    ]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    given = parser.parse_args()
    sizes, plants, runs = ((60,), 200, 2) if given.smoke else ((500, 2000), 10**4, 7)
    found = [each for size in sizes for each in one_network(size, runs)]
    found += many_plants(plants, runs)
    for each in found:
        print(f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} "
              f"{each['peer_ms']:.2f} ms, ratio {each['ratio']:.2f}")  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps({"rows": found, "smoke": given.smoke}, indent=2),
                              encoding="utf-8")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
