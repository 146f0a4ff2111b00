"""Made-up plants in parts, as a run takes them: a stand-in for a dataset on disk."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.many.columns import SAVING_TYPES, typed_frame
from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.calc.bands import status
from sxsh_audit.findings import Finding

SETTINGS = {"baseline": "2013", "reporting": "2014", "locale": "vi", "quality": "billed"}
KEYS = ("facility", "resource", "period")
BAND = (0.05, 0.08)  # of the programme vn-qb-2384 in 2014
MONTHS = [f"{month:02d}/{year}" for year in (2013, 2014) for month in range(1, 13)]
RESOURCES = (("electricity", "kWh", 2e3), ("coal", "t", 3e6), ("water", "m3", 1e4))


def records(plants: int, faulty: tuple[int, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two years of made-up records; a faulty plant has a negative quantity."""
    draw = np.random.default_rng(2384)
    used, made = [], []
    for number in range(plants):  # every fourth one has no bills
        name = f"P{number:04d}"
        output = draw.integers(50, 150, len(MONTHS))
        for resource, unit, price in RESOURCES[: 1 + number % 3]:
            for k, month in enumerate(MONTHS):
                gain = 1 - 0.2 * draw.random() * (k >= 12)
                amount = round(float(output[k]) * 7.3 * gain, 2)
                amount = -1.0 if number in faulty and k == 3 else amount
                cost = amount * price if number % 4 else None
                used.append((name, resource, month, amount, unit, cost, price if cost else None))
        made += [(name, "x", month, float(output[k]), "t") for k, month in enumerate(MONTHS)]
    return (
        pd.DataFrame(used, columns=[*KEYS, "quantity", "unit", "cost", "price"]),
        pd.DataFrame(made, columns=["facility", "product", "period", "quantity", "unit"]),
    )


class QuickPlan(Plan):
    """A plan for tests of what is around it: sums of the records, without checks or prices."""

    __slots__ = ()

    def assess(self, consumption: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
        rows = []
        made = {name: part["quantity"].tolist() for name, part in production.groupby("facility")}
        category = {"electricity": "purchased_energy", "coal": "fuel", "water": "water"}
        for (name, resource), part in consumption.groupby(["facility", "resource"]):
            used, output = part["quantity"].tolist(), made[name]
            if min(used) < 0:
                told = [Finding("table.negative").to_dict()]
                rows.append({"facility": name, "refused": True, "findings": json.dumps(told)})
                continue
            b, c = (sum(used[k:k + 12]) / sum(output[k:k + 12]) for k in (0, 12))
            saved, price = (b - c) * sum(output[12:]), part["price"].iloc[0]
            rows.append({
                "facility": name, "resource": resource, "category": category[resource],
                "counted": resource != "water", "unit": part["unit"].iloc[0], "baseline": b,
                "reporting": c, "output_reporting": sum(output[12:]), "saving": (b - c) / b,
                "status": "not_counted" if resource == "water" else str(status((b - c) / b, *BAND)),
                "absolute_saving": saved, "price": price, "money_saving": price * saved,
                "measured": True, "output_quality": "billed", "refused": False, "findings": "",
            })  # fmt: skip
        frame = typed_frame(pd.DataFrame(rows), SAVING_TYPES) if rows else self.meta
        return frame[~frame["facility"].duplicated() | ~frame["refused"]].reset_index(drop=True)


@dataclass(frozen=True)
class MadeUpPart:
    number: int
    first: str
    last: str


@dataclass(frozen=True)
class MadeUpPlants:
    """Plants cut into parts; what happens while a part is read can be planned."""

    frames: tuple[pd.DataFrame, pd.DataFrame]
    parts: tuple[MadeUpPart, ...]
    mark: str = "made up"
    incidents: dict[int, tuple[str, Path]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))

    @property
    def plants(self) -> int:
        return int(self.frames[1]["facility"].nunique())

    def plan(self, **chosen: Any) -> Plan:
        return QuickPlan(self.settings, **chosen)

    def fingerprint(self) -> str:
        return self.mark

    def read(self, part: MadeUpPart) -> tuple[pd.DataFrame, pd.DataFrame]:
        kind, log = self.incidents.get(part.number, ("", Path()))
        if kind == "log":
            with log.open("a") as stream:
                stream.write(f"{part.number}\n")
        if kind == "die once" and not log.exists():
            log.write_text("died")
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "wait":
            log.write_text(str(os.getpid()))
            time.sleep(600)
        if kind == "fail":
            raise RuntimeError("nobody expected this")
        if kind == "print":
            print("a word on standard output", flush=True)
        used, made = (frame[frame["facility"].between(part.first, part.last)]
                      for frame in self.frames)  # fmt: skip
        return used, made


def cut(frames: tuple[pd.DataFrame, pd.DataFrame], count: int, **settings: Any) -> MadeUpPlants:
    """Cut plants into about `count` parts."""
    names = sorted(frames[1]["facility"].unique())
    size = -(-len(names) // count)
    groups = [names[start : start + size] for start in range(0, len(names), size)]
    parts = tuple(MadeUpPart(number, group[0], group[-1]) for number, group in enumerate(groups))
    return MadeUpPlants(frames, parts, **settings)
