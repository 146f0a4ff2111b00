"""Reconciliation of large flow sheets against the dense solution of the textbooks.

The sheet is a plant in rows: most streams run to the next step, some skip or recycle a few steps,
some leave as losses. Ours gives amounts, errors, kinds and tests. The peer with all streams
measured is x = y − V Aᵀ (A V Aᵀ)⁻¹ A y with its covariance, dense; unmeasured streams are projected
out by a full QR decomposition first. All take turns in one process; figures are medians. What each
finds is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians

from sxsh_audit.calc.balance import incidence, reconcile_concentrations, reconcile_flows


def sheet(streams: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """Return sources, targets and the count of steps: 2.5 streams per step."""
    steps = streams * 2 // 5
    source, target = [-1, steps - 1], [0, -1]
    for step in range(steps - 1):
        source.append(step)
        target.append(step + 1)
    while len(source) < streams:
        step = int(random.integers(steps))
        other = min(max(step + int(random.integers(-6, 7)), -1), steps - 1)
        other = -1 if random.random() < 0.3 else other
        if other != step:
            source.append(step)
            target.append(other)
    return np.array(source), np.array(target), steps


def balanced_amounts(a: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return amounts that balance: random ones, projected."""
    rough = random.lognormal(3, 0.5, a.shape[1])
    return rough - a.T @ np.linalg.solve(a @ a.T, a @ rough)


def row(work: str, ours: float, peer: str, peer_ms: float) -> dict[str, Any]:
    """Return a record; the ratio is what ours takes over the peer."""
    return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms,
            "ratio": ours / peer_ms}  # fmt: skip


def all_measured(streams: int, runs: int) -> dict[str, Any]:
    """Measure with a meter in every stream."""
    random = np.random.default_rng(2384)
    source, target, steps = sheet(streams, random)
    a = incidence(source, target, steps).toarray()
    true = balanced_amounts(a, random)
    sd = 0.02 * np.abs(true) + 0.01
    read = true + random.normal(0, sd)
    whole = np.ones(steps, dtype=bool)

    def textbook() -> tuple[np.ndarray, np.ndarray]:
        va = (a * sd**2).T
        gain = np.linalg.solve(a @ va, va.T).T
        return read - gain @ (a @ read), sd**2 - np.einsum("mn,nm->m", gain, va.T)

    def ours() -> Any:
        return reconcile_flows(source, target, read, sd, steps, balanced=whole)

    found, (amount, variance) = ours(), textbook()
    np.testing.assert_allclose(found.amount, amount, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.sd**2, variance, rtol=1e-8)
    took = medians(runs, ours=ours, textbook=textbook)
    return row(f"all measured, {streams:,} streams, {steps:,} steps", took["ours"],
               "dense textbook solution", took["textbook"])  # fmt: skip


def some_measured(streams: int, runs: int) -> dict[str, Any]:
    """Measure with a fifth of the streams unmeasured."""
    random = np.random.default_rng(889)
    source, target, steps = sheet(streams, random)
    a = incidence(source, target, steps).toarray()
    true = balanced_amounts(a, random)
    sd = 0.02 * np.abs(true) + 0.01
    lost = random.random(streams) < 0.2
    read = np.where(lost, np.nan, true + random.normal(0, sd))
    whole = np.ones(steps, dtype=bool)

    def projection() -> tuple[np.ndarray, np.ndarray]:
        q, _ = np.linalg.qr(a[:, lost], mode="complete")
        # the rank is that of the unmeasured part; a full one is what QR without pivots needs
        rank = np.linalg.matrix_rank(a[:, lost])
        rest = q[:, rank:].T @ a[:, ~lost]
        va = (rest * sd[~lost] ** 2).T
        gain = np.linalg.solve(rest @ va, va.T).T
        amount = read.copy()
        amount[~lost] = read[~lost] - gain @ (rest @ read[~lost])
        amount[lost] = np.linalg.lstsq(a[:, lost], -a[:, ~lost] @ amount[~lost], rcond=None)[0]
        return amount, sd[~lost] ** 2 - np.einsum("mn,nm->m", gain, va.T)

    def ours() -> Any:
        return reconcile_flows(source, target, read, sd, steps, balanced=whole)

    found = ours()
    if np.linalg.matrix_rank(a[:, lost]) == lost.sum():
        amount, variance = projection()
        np.testing.assert_allclose(found.amount, amount, rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(found.sd[~lost] ** 2, variance, rtol=1e-7)
    took = medians(runs, ours=ours, projection=projection)
    return row(f"a fifth unmeasured, {streams:,} streams, {steps:,} steps", took["ours"],
               "dense QR projection", took["projection"])  # fmt: skip


def components(streams: int, count: int, runs: int) -> dict[str, Any]:
    """Measure flows with components against the linear reconciliation of as many layers."""
    random = np.random.default_rng(1419)
    source, target, steps = sheet(streams, random)
    rough = random.lognormal(3, 0.5, streams)
    true = reconcile_flows(source, target, rough, rough, steps, lower=1.0).amount
    level = random.uniform(0.05, 0.2, (count, 1))
    part = level * random.normal(1, 0.02, (count, streams))
    whole = np.ones(steps, dtype=bool)

    def ours() -> Any:
        return reconcile_concentrations(source, target, true, 0.02 * true, part, 0.02 * part,
                                        steps, balanced=whole)  # fmt: skip

    def layers() -> list[Any]:
        return [reconcile_flows(source, target, true * row, 0.03 * true * row, steps,
                                balanced=whole) for row in part]  # fmt: skip

    assert ours().converged
    took = medians(runs, ours=ours, layers=layers)
    return row(f"{count} components, {streams:,} streams", took["ours"],
               "each layer alone, linear", took["layers"])  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    given = parser.parse_args()
    sizes, runs = ((40, 100), 2) if given.smoke else ((500, 2000), 5)
    found = [measure(size, runs) for size in sizes for measure in (all_measured, some_measured)]
    found.append(components(20 if given.smoke else 60, 3, runs))
    for each in found:
        print(f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} "
              f"{each['peer_ms']:.2f} ms, ratio {each['ratio']:.2f}")  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps({"rows": found, "smoke": given.smoke}, indent=2),
                              encoding="utf-8")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
