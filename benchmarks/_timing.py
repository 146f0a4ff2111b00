"""How the benchmarks measure: in one process, ours and its peers in turn, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

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
