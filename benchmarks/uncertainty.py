"""Standard deviations and bootstraps of savings against their peers.

The peers: the package ``uncertainties`` (correlated first-order propagation, one number at a time),
which is no dependency and whose rows are left out where it is not installed, and
``scipy.stats.bootstrap`` over all plants at once (``axis``) and in a loop: use and output of 24
months before and of 24 months after, drawn as pairs. (scipy draws the months of both periods by the
same numbers, which is another bootstrap and the same work.) The peers take turns with ours in one
process; figures are medians. What each finds is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians
from scipy import stats

from sxsh_audit.calc.uncertainty import (
    PeriodUncertainty,
    bootstrap_ratio,
    fieller_interval,
    ratio_saving_uncertainty,
    saving_interval,
    target_probability,
)

DRAWS, MONTHS = 1999, 24


def row(
    work: str, ours: float, peer: str, peer_ms: float, goal: float | None = None
) -> dict[str, Any]:
    """Return a record; the goal is how many times faster than the peer at least."""
    found: dict[str, Any] = {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms,
                             "ratio": peer_ms / ours}  # fmt: skip
    if goal is not None:
        found |= {"goal": f">= {goal:g} x", "reached": peer_ms / ours >= goal}
    return found


def standard_deviations(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure the delta method against ``uncertainties``, and against its own bare arithmetic."""
    random = np.random.default_rng(2384)
    totals = random.lognormal(6.0, 1.0, (4, size))
    errors = random.uniform(0.005, 0.03, (4, size))
    parts = [PeriodUncertainty(each / 2, each, each) for each in errors]
    saving = 1 - totals[2] / totals[3] / (totals[0] / totals[1])

    def bare() -> np.ndarray:
        found: np.ndarray = (1 - saving) * np.sqrt((errors**2).sum(axis=0))
        return found

    np.testing.assert_allclose(ratio_saving_uncertainty(saving, *errors), bare(), rtol=1e-12)
    works: dict[str, Any] = {
        "ours": lambda: ratio_saving_uncertainty(saving, *errors),
        "classes": lambda: ratio_saving_uncertainty(saving, *parts),
        "bare": bare,
    }
    name = f"Savings % standard deviation, {size:,}"
    if find_spec("uncertainties") is not None:
        from uncertainties import unumpy

        def peer() -> Any:
            use_0, made_0, use_1, made_1 = (
                unumpy.uarray(total, total * error)
                for total, error in zip(totals, errors, strict=True)
            )
            return unumpy.std_devs(1 - use_1 / made_1 / (use_0 / made_0))

        np.testing.assert_allclose(peer(), bare(), rtol=1e-9)
        works["peer"] = peer
    took = medians(runs, **works)
    found = [
        row(f"{name}, errors by class", took["classes"], "the formula in plain numpy",
            took["bare"]),
        row(name, took["ours"], "the formula in plain numpy", took["bare"]),
    ]  # fmt: skip
    if "peer" in took:
        found.append(row(name, took["ours"], "uncertainties", took["peer"], 500))
        found.append(row(f"{name}, errors by class", took["classes"], "uncertainties",
                         took["peer"], 500))  # fmt: skip
    return found


def bootstraps(plants: int, runs: int) -> list[dict[str, Any]]:
    """Measure the bootstrap against scipy's, all plants at once and one by one."""
    random = np.random.default_rng(889)
    made = random.uniform(80, 120, (2, plants, MONTHS))
    use = made * random.normal(1.0, 0.05, made.shape)

    def saving(
        use_0: np.ndarray, made_0: np.ndarray, use_1: np.ndarray, made_1: np.ndarray,
        axis: int = -1,
    ) -> np.ndarray:  # fmt: skip
        before = use_0.sum(axis=axis) / made_0.sum(axis=axis)
        found: np.ndarray = 1 - use_1.sum(axis=axis) / made_1.sum(axis=axis) / before
        return found

    def scipy_of(rows: slice | int, use_0: np.ndarray, made_0: np.ndarray) -> Any:
        return stats.bootstrap(
            (use_0[rows], made_0[rows], use[1][rows], made[1][rows]), saving, n_resamples=DRAWS,
            paired=True, axis=-1, confidence_level=0.9, method="percentile",
            rng=np.random.default_rng(1),
        )  # fmt: skip

    # With a baseline without scatter both bootstraps are one, and so must be the spreads.
    flat = np.ones_like(made[0])
    same = bootstrap_ratio(flat, flat, use[1], made[1], DRAWS, expanded=False)
    # Each spread is known to 1 / √(2 · 1,999); five times that of their difference.
    tolerance = 5 / math.sqrt(DRAWS)
    theirs = scipy_of(slice(None), flat, flat).standard_error
    np.testing.assert_allclose(same.sd, theirs, rtol=tolerance)
    some = min(plants, 20)
    took = medians(
        runs,
        ours=lambda: bootstrap_ratio(use[0], made[0], use[1], made[1], DRAWS),
        axis=lambda: scipy_of(slice(None), use[0], made[0]),
        loop=lambda: [scipy_of(plant, use[0], made[0]) for plant in range(some)],
    )
    name = f"Bootstrap of a saving, 2 x {MONTHS} months, B = {DRAWS:,}, {plants:,} plants"
    return [
        row(name, took["ours"], "scipy.stats.bootstrap, axis", took["axis"], 12),
        row(name, took["ours"], f"scipy.stats.bootstrap, loop, scaled from {some} plants",
            took["loop"] * plants / some),
    ]  # fmt: skip


def intervals(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure intervals and probabilities against scipy.stats."""
    random = np.random.default_rng(1419)
    saving, sd = random.normal(0.06, 0.05, size), random.uniform(0.005, 0.03, size)
    dof = random.integers(5, 40, size).astype(float)
    took = medians(
        runs,
        interval=lambda: saving_interval(saving, sd, dof=dof),
        peer=lambda: stats.t.interval(0.9, dof, saving, sd),
        reach=lambda: target_probability(saving, sd, 0.05, 0.08, dof),
        reach_peer=lambda: [stats.t.sf(edge, dof, saving, sd) for edge in (0.05, 0.08, 0.0, 0.05)],
        fieller=lambda: fieller_interval(1.0, 1 - saving, sd, sd, dof=dof),
    )
    return [
        row(f"interval by Student's t, {size:,}", took["interval"], "scipy.stats.t.interval",
            took["peer"]),
        row(f"probabilities of a band, {size:,}", took["reach"], "scipy.stats.t.sf, four edges",
            took["reach_peer"]),
        row(f"interval by Fieller, {size:,}", took["fieller"], "scipy.stats.t.interval",
            took["peer"]),
    ]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    wanted = parser.parse_args()
    smoke = wanted.smoke
    found = [
        *standard_deviations(*((500, 2) if smoke else (10_000, 9))),
        *bootstraps(*((10, 2) if smoke else (200, 5))),
        *intervals(*((500, 2) if smoke else (100_000, 5))),
    ]
    for each in found:
        goal = ""
        if "goal" in each:
            goal = f" (goal {each['goal']}: {'reached' if each['reached'] else 'not reached'})"
        print(
            f"{each['work']}: {each['ours_ms']:.3f} ms, {each['peer']} {each['peer_ms']:.2f} ms, "
            f"ratio {each['ratio']:.2f}{goal}"
        )
    if wanted.json:
        wanted.json.write_text(
            json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
