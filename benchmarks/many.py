"""A hundred thousand plants from Parquet to savings, status and roll-up, against the bare reading.

The peer reads the same files with duckdb into the same columns, texts as pandas categoricals, part
by part with as many threads as we have processes, and drops them. The limit of memory is what these
columns take when all of them are held at once; ours is the highest sum over all processes of what
each has for itself (its shared pages are divided among those that share them, where the system
tells). The plants are made up by ``_plants.py`` with a stated seed. Of the messy ones each has one
fault; four kinds in seven go through the same door as a workbook, one plant at a time. Plants with
two products are checked together, but by the checks of a workbook.

``--cluster`` hands the parts to a dask cluster on this machine instead, one of whose workers is
killed half-way; the results must be the same to the last bit.

    python benchmarks/many.py [--smoke] [--plants N …] [--cluster] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from _plants import write_plants

from sxsh_audit import Dataset, ManyAssessments, assess_many

MIB = 1 << 20
MESSY = 10_000
"""Size at which the plants are tried with a fault in one of a hundred, and with two products."""
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(dataset: Dataset) -> int:
    """Read every part into columns and drop it; return the bytes of all columns [B]."""
    size = 0
    for part in dataset.parts:
        for frame in dataset.read(part, threads=CORES):
            size += sum(column_bytes(frame[name]) for name in frame.columns)
    return size


def column_bytes(column: pd.Series) -> int:
    """Return what the figures or codes of a column take, without its distinct texts [B]."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return int(column.cat.codes.to_numpy().nbytes)
    return int(column.memory_usage(index=False))


def raw_reading(dataset: Dataset) -> None:
    """Let duckdb read every column of every file without making anything of it."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {CORES}")
        for name in ("consumption", "production"):
            path = dataset.path / name / "*.parquet"
            connection.execute(
                f"SELECT sum(hash(columns(*))) FROM read_parquet('{path}')"
            ).fetchall()


def own_memory(process: int) -> int:
    """Return the memory of a process and its children [B]; 0 where the system does not tell."""
    total = 0
    for each in [process, *children(process)]:
        try:
            text = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) << 10 for line in text.splitlines()
                     if line.startswith("Pss:"))  # fmt: skip
    return total


def children(process: int) -> list[int]:
    """Return all processes that a process started, and those that they started."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            for word in task.read_text(encoding="ascii").split():
                found += [int(word), *children(int(word))]
        except OSError:
            continue
    return found


def highest_memory(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns, and the most that it added to the memory of all processes [B]."""
    before, highest, over = own_memory(os.getpid()), 0, threading.Event()

    def watch() -> None:
        nonlocal highest
        while not over.wait(0.05):
            highest = max(highest, own_memory(os.getpid()))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        found = work()
    finally:
        over.set()
        watcher.join()
    return found, max(highest - before, 0)


def on_cluster(dataset: Dataset, folder: Path) -> tuple[ManyAssessments, float]:
    """Assess on a cluster of this machine and kill a worker half-way; return the time [ms]."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=CORES, threads_per_worker=1, dashboard_address=None,
                     host="127.0.0.1", memory_limit=None) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        pids = client.run(os.getpid)
        killed: list[int] = []

        def half_way(done: int, plants: int) -> None:
            if not killed and done >= plants / 2:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        began = time.perf_counter()
        found = assess_many(dataset, folder, client=client, progress=half_way)
        took = (time.perf_counter() - began) * 1e3
    assert killed, "too few parts to kill a worker half-way"
    return found, took


def measured(
    plants: int, messy: float, products: int, folder: Path, rounds: int
) -> list[dict[str, Any]]:
    """Measure one dataset."""
    dataset = write_plants(folder / "plants", plants, messy=messy, products=products,
                           per_part=min(5_000, max(1, plants // 4)))  # fmt: skip
    kind = f"{plants:,} plants x 4 resources x 24 months"
    if messy:
        kind += f", {messy:.0%} with a fault each"
    if products > 1:
        kind += f", {products} products each"
    ours, theirs, raw, memory = [], [], [], 0.0
    size = read_all(dataset)  # the files are in the cache of the system from here on
    for turn in range(rounds):
        target = folder / f"results-{turn}"
        began = time.perf_counter()
        found, highest = highest_memory(lambda target=target: assess_many(dataset, target))
        ours.append((time.perf_counter() - began) * 1e3)
        memory = max(memory, highest)
        for work, times in ((read_all, theirs), (raw_reading, raw)):
            began = time.perf_counter()
            work(dataset)
            times.append((time.perf_counter() - began) * 1e3)
        assert found.counts["plants"] == plants
    mine, peer = sorted(ours)[rounds // 2], sorted(theirs)[rounds // 2]
    rows = [{
        "work": f"assess {kind}", "size": plants, "ours_ms": mine,
        "peer": "duckdb reads the columns", "peer_ms": peer,
        "limit": "duckdb reads the bytes", "limit_ms": sorted(raw)[rounds // 2],
        "ratio": mine / peer, "us_per_plant": mine / plants * 1e3,
    }]  # fmt: skip
    if memory:
        rows.append({
            "work": f"memory of all processes, {kind}", "size": plants,
            "peer": "all columns held at once", "ours_mib": memory / MIB, "peer_mib": size / MIB,
            "ratio": memory / size,
        })  # fmt: skip
    return rows


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--plants", type=int, nargs="+", help="sizes [plants]")
    parser.add_argument("--cluster", action="store_true", help="on a dask cluster, instead")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args()
    sizes = chosen.plants or ([60] if chosen.smoke else [1_000, 10_000, 100_000])
    rounds = 1 if chosen.smoke else 3
    rows: list[dict[str, Any]] = []
    for plants in [] if chosen.cluster else sizes:
        kinds = ((0.0, 1), (0.01, 1), (0.0, 2)) if plants == MESSY else ((0.0, 1),)
        for messy, products in kinds:
            with tempfile.TemporaryDirectory() as folder:
                rows += measured(plants, messy, products, Path(folder), rounds)
                for row in rows[-2:]:
                    print(row, flush=True)
    if chosen.cluster:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            dataset = write_plants(folder / "plants", sizes[-1],
                                   per_part=min(5_000, max(1, sizes[-1] // 8)))  # fmt: skip
            began = time.perf_counter()
            alone = assess_many(dataset, folder / "alone")
            apart = (time.perf_counter() - began) * 1e3
            shared, took = on_cluster(dataset, folder / "cluster")
            for table in ("savings", "verdicts", "groups"):
                pd.testing.assert_frame_equal(
                    getattr(shared, table)(), getattr(alone, table)(), check_exact=True
                )
            assert shared.to_dict() == alone.to_dict()
            kind = f"{sizes[-1]:,} plants on a dask cluster of {CORES}"
            rows.append({
                "work": f"{kind}, a worker killed half-way",
                "size": sizes[-1], "ours_ms": took, "peer": "processes of this machine",
                "peer_ms": apart, "ratio": took / apart,
            })  # fmt: skip
            print(rows[-1], flush=True)
    if chosen.json:
        text = json.dumps({"rows": rows}, indent=1, ensure_ascii=False)
        chosen.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
