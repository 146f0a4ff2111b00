"""The one shape of what the scripts measure, and which goal of ``goals.toml`` a record answers.

A record says ``work``, ``ours_ms``, ``peer``, ``peer_ms`` and, where it has them, ``limit``,
``limit_ms``, ``gap``, ``peak_mib`` or ``ours_mib`` and ``peer_mib``, ``reached``. It may name the
goal it answers as ``row``; else its words are compared with the patterns of that goal. What a
record calls its own ratio or goal does not count: the goals are written in one place.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from math import log
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
GOALS, REASONS = HERE / "goals.toml", HERE / "reasons.toml"

Record = Mapping[str, Any]


def read_goals(path: Path = GOALS) -> dict[str, Any]:
    """Return the groups with their rows and goals, and what is said of growth."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in (row for group in found["group"] for row in group["row"]):
        for goal in row["goals"]:
            goal["script"] = row["script"]
            goal.setdefault("name", row["work"])
    return found


def all_goals(found: Mapping[str, Any]) -> list[Record]:
    """Return every goal, and every peer without one."""
    return [goal for group in found["group"] for row in group["row"] for goal in row["goals"]]


def rows_of(document: Any) -> list[dict[str, Any]]:
    """Return the records in what a script wrote."""
    if isinstance(document, list):
        return [row for row in document if isinstance(row, dict)]
    if isinstance(document, dict):
        if "rows" in document:
            return rows_of(document["rows"])
        for value in document.values():
            if rows := (rows_of(value) if isinstance(value, list) else []):
                return rows
        return [document]
    return []


def answers(record: Record, goal: Record) -> bool:
    """Return whether a record of the goal's script measures what the goal asks."""
    if "row" in record:
        return bool(record["row"] == goal["id"])
    if not fnmatchcase(str(record.get("work", "")), goal["work"]):
        return False
    with_whom = str(record.get(goal.get("than", "peer"), ""))
    return fnmatchcase(with_whom, goal.get("against", "*"))


def judged(record: Record, goal: Record) -> dict[str, float]:
    """Return what counts of a record: both times, and the figure that is held against the goal."""
    if "equal" in goal:
        return {"value": 1.0 if record["reached"] else 0.0}
    if "mib" in goal:
        return {
            "value": next(float(record[key]) for key in ("peak_mib", "extra_MiB") if key in record)
        }
    kind = "mib" if "ours_mib" in record else "ms"
    ours = float(record[f"ours_{kind}"])
    if "within_s" in goal:
        late = float(record.get("gap") or 0.0) > goal["gap"]
        return {"ours": ours, "value": float("inf") if late else ours / 1e3}
    peer = float(record[f"{goal.get('than', 'peer')}_{kind}"])
    if "over_ms" in goal:
        value = ours - peer
    elif "at_most" in goal or goal.get("limit"):
        value = ours / peer
    else:
        value = peer / ours
    return {"ours": ours, "peer": peer, "value": value, "mib": float(kind == "mib")}


def worse(goal: Record, values: Iterable[float]) -> float:
    """Return the value that is furthest from the goal."""
    return max(values) if smaller_is_better(goal) else min(values)


def smaller_is_better(goal: Record) -> bool:
    """Return whether the figure of a goal should be small."""
    return bool({"at_most", "over_ms", "within_s", "mib", "limit"}.intersection(goal))


def measured(goal: Record, runs: Sequence[Sequence[Record]]) -> dict[str, Any] | None:
    """Return what some runs of a script say of a goal: the worst of each, and of these the median.

    The range is that of all records. The times are those of the record nearest to the median.
    """
    found = [[judged(record, goal) for record in run if answers(record, goal)] for run in runs]
    found = [each for each in found if each]
    if not found:
        return None
    values = [one["value"] for each in found for one in each]
    value = statistics.median(worse(goal, (one["value"] for one in each)) for each in found)
    nearest = min(
        (one for each in found for one in each), key=lambda one: abs(one["value"] - value)
    )
    return nearest | {
        "value": value,
        "low": min(values),
        "high": max(values),
        "records": len(values),
    }


def reached(goal: Record, value: float) -> bool | None:
    """Return whether a figure reaches the goal; None where there is none."""
    if "equal" in goal:
        return value == 1.0
    for key in ("at_most", "over_ms", "within_s", "mib"):
        if key in goal:
            return bool(value <= goal[key])
    return bool(value >= goal["at_least"]) if "at_least" in goal else None


# -- growth ------------------------------------------------------------------------------------


def slope(sizes: Sequence[float], times: Sequence[float], decades: float = 2.0) -> float:
    """Return the slope of log time on log size over the last decades, by least squares."""
    least = max(sizes) / 10**decades * 0.999
    x, y = zip(
        *((log(n), log(t)) for n, t in zip(sizes, times, strict=True) if n >= least), strict=True
    )
    return statistics.linear_regression(x, y).slope


def read_reasons(path: Path = REASONS) -> dict[str, str]:
    """Return why a goal is not reached, by its id."""
    return {
        key: str(text).strip()
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def verdicts(data: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return for every goal whether it is reached; False also where nothing was measured.

    A peer without a goal is None where it was measured, and left out where it was not: packages
    that nobody needs need not be there.
    """
    verdict: dict[str, bool | None] = {}
    for goal in all_goals(found):
        row = data["rows"].get(goal["id"])
        if row is not None:
            verdict[goal["id"]] = reached(goal, row["value"])
        elif smaller_is_better(goal) or "at_least" in goal or "equal" in goal:
            verdict[goal["id"]] = None if goal.get("limit") else False
    bounds = found["growth"]
    for kernel in bounds["kernels"]:
        grown = data["growth"].get(kernel["kernel"])
        fine = bool(grown) and (
            bounds["at_least"] <= slope(grown["sizes"], grown["ms"]) <= bounds["at_most"]
        )
        verdict[kernel["id"]] = None if kernel.get("limit") else fine
    return verdict
