"""Runs over many plants in processes of their own, to be killed.

``python killed_runs.py whole|at-every-step FOLDER [LOG]``. A run writes the parts that it reads
to the log; the second kills a run with signal 9 at each of its steps, one after the other, and
goes on with the next until one comes to its end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_up_plants import MadeUpPlants, cut, records

from sxsh_audit.files import replacing
from sxsh_audit.scale import kept_parts
from sxsh_audit.scale.running import assess_many

CHOSEN = {"programme": "vn-qb-2384", "factor_set": "vn-3505"}


def plants(log: Path | None, parts: int = 6, slow: int = -1) -> MadeUpPlants:
    found = cut(records(12, faulty=(5,)), parts)
    kinds = {part.number: "wait" if part.number == slow else "log" for part in found.parts}
    incidents = {number: (kind, log if kind == "log" else log.with_suffix(".pid"))
                 for number, kind in kinds.items()} if log else {}  # fmt: skip
    return MadeUpPlants(found.frames, found.parts, incidents=incidents)


def die_at(wanted: int) -> None:
    """Kill this process before its `wanted`-th step that changes the disk."""
    steps = 0

    def step(work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*values: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == wanted:
                os.kill(os.getpid(), signal.SIGKILL)
            return work(*values, **named)

        return counted

    kept_parts._write_parquet = step(kept_parts._write_parquet)
    kept_parts._to_disk = step(kept_parts._to_disk)
    for module in (kept_parts, replacing):
        for name in ("rename", "replace"):
            setattr(module.os, name, step(getattr(os, name)))


def at_every_step(folder: Path, log: Path) -> int:
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                die_at(kills + 1)
                assess_many(plants(log, 3), folder, workers=1, **CHOSEN)
                code = 0
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            return kills
        assert code == -signal.SIGKILL, code
        kills += 1


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever started the tests ignores
    place, log = Path(sys.argv[2]), Path(sys.argv[3])
    if sys.argv[1] == "at-every-step":
        print(json.dumps({"kills": at_every_step(place, log)}))
    else:
        assess_many(plants(log, slow=int(sys.argv[4])), place, workers=2, **CHOSEN)
