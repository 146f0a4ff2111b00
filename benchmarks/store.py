"""The database: studies put in and read back, from some hundreds to a hundred thousand.

    python benchmarks/store.py [--smoke] [--sizes 1000 10000 100000] [--json PATH]

Each size goes into a SQLite file of its own, in one change. The peer is the least that any store
would do: the same compressed documents into one table, one ``executemany``, no versions, no rows
to ask for. Growth is the time for each study of the largest size over that of the smallest; 1 is
linear.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sxsh_audit as sx
from sxsh_audit.store.store import Store
from sxsh_audit.tables.study_data import study_to_data

GOAL_GROWTH = 1.3


def studies(count: int) -> Iterator[tuple[sx.Study, sx.Assessment]]:
    """Yield the same small study under many names: checking and assessing are not measured."""
    first = sx.Study.from_totals("s", output=("1.000 tấn", "1.050 tấn"),
                                 electricity=("1.200.000 kWh", "1.155.000 kWh"),
                                 coal=("500 tấn", "510 tấn"), settings={"locale": "vi"})
    found = sx.assess(first)
    slots = {name: getattr(first, name) for name in sx.Study.__slots__}
    for number in range(count):
        name = f"s{number}"
        settings = dataclasses.replace(first.settings, study=name)
        study = sx.Study._restored(*{**slots, "settings": settings}.values())
        yield study, dataclasses.replace(found, study={**found.study, "study": name})


def plain(file: Path, count: int) -> float:
    """Return how long the least takes [s]."""
    began = time.perf_counter()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE studies (study TEXT PRIMARY KEY, inputs BLOB, found BLOB)")
    connection.executemany("INSERT INTO studies VALUES (?, ?, ?)", (
        (study.settings.study, *(gzip.compress(json.dumps(record).encode(), 6)
                                 for record in (study_to_data(study), found.to_dict())))
        for study, found in studies(count)))  # fmt: skip
    connection.commit()
    connection.close()
    return time.perf_counter() - began


def measured(count: int, peer: bool) -> dict[str, Any]:
    """Return what one size took; by study in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sxsh.db"
        with Store(str(file), who="benchmark") as store:
            began = time.perf_counter()
            store.put_studies(studies(count))
            put = time.perf_counter() - began
            began = time.perf_counter()
            register = store.register()
            read = time.perf_counter() - began
            assert len(register.results) == 2 * count
            began = time.perf_counter()
            for number in range(20):
                store.assessment(f"s{number * count // 20}")
            one = (time.perf_counter() - began) / 20
            began = time.perf_counter()
            again = store.put_studies(studies(1))
            assert not again
            same = time.perf_counter() - began
        least = plain(Path(folder) / "plain.db", count) if peer else float("nan")
        return {
            "work": f"{count:,} studies", "ours_ms": put / count * 1e3, "peer": "plain table",
            "peer_ms": least / count * 1e3, "ratio": least / put, "register_s": read,
            "one_study_ms": one * 1e3, "unchanged_ms": same * 1e3,
            "bytes_each": file.stat().st_size / count,
        }  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N")
    given = parser.parse_args()
    sizes = given.sizes or ([5, 10] if given.smoke else [1000, 10_000, 100_000])
    measured(10, peer=False)  # what is made once is made before
    rows = [measured(size, peer=size <= 10_000) for size in sizes]
    growth = rows[-1]["ours_ms"] / rows[0]["ours_ms"]
    rows[-1] |= {"growth": growth, "goal": f"growth <= {GOAL_GROWTH:g}",
                 "reached": growth <= GOAL_GROWTH}  # fmt: skip
    for row in rows:
        print(f"{row['work']}: put {row['ours_ms']:.2f} ms each (plain table "
              f"{row['peer_ms']:.2f}), register read in {row['register_s']:.2f} s, one study in "
              f"{row['one_study_ms']:.1f} ms, {row['bytes_each']:,.0f} bytes each")  # fmt: skip
    print(f"growth per study from {sizes[0]:,} to {sizes[-1]:,}: {growth:.2f}")
    if given.json:
        given.json.write_text(json.dumps({"rows": rows, "smoke": given.smoke}, indent=2),
                              encoding="utf-8")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
