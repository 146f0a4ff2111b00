"""How the benchmarks measure: in one process, ours and its peers in turn, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

Work = Callable[[], object]
Clock = Callable[[], float]


def timed(work: Work, clock: Clock = time.perf_counter) -> float:
    """Return the time of one run [ms]."""
    began = clock()
    work()
    return (clock() - began) * 1e3


def medians(
    runs: int, *, clock: Clock = time.perf_counter, warm_up: bool = True, **works: Work
) -> dict[str, float]:
    """Return the median time of each, run in turn so that a busy machine slows them alike [ms]."""
    if warm_up:
        for work in works.values():
            work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(timed(work, clock))
    return {name: statistics.median(each) for name, each in times.items()}


def row(
    work: str, ours: float, peer: str, peer_ms: float, goal: float | None = None, *,
    limit: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return a record; `limit`: the goal is the most that ours may take over the peer."""
    ratio = ours / peer_ms if limit else peer_ms / ours
    found = {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms, "ratio": ratio}
    if goal is not None:
        sign, reached = ("<=", ratio <= goal) if limit else (">=", ratio >= goal)
        found |= {"goal": f"{sign} {goal:g} x", "reached": reached}
    return found
