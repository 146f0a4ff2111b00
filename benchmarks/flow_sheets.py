"""Flow sheets of many plants, from the checked tables to the assessment.

The peer is the arithmetic alone: reconciliation of every plant, one after another, with arrays that
lie ready. What is above it is reading the tables, balances, costs, inventory and records.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _timing import medians

import sxsh_audit as sx
from sxsh_audit.calc.balance import reconcile_flows

STEPS = 5


def row(work: str, ours: float, peer: str, peer_ms: float) -> dict[str, Any]:
    """Return one record of the benchmark."""
    return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms,
            "ratio": ours / peer_ms}  # fmt: skip


def sheet(plants: int) -> pd.DataFrame:
    """Return a table of flows: five steps in a line, twenty flows each."""
    random, rows = np.random.default_rng(890), []
    for plant in range(plants):
        name = f"P{plant:04}"
        for i in range(STEPS):
            here, after = f"S{i}", f"S{i + 1}" if i < STEPS - 1 else ""
            read = random.normal(1, 0.003, 3)
            kind = "internal" if after else "product"
            rows += [(name, f"I{i}", "", here, "input", 20 * read[0], "t", 2e6),
                     (name, f"E{i}", "", here, "input", 1000.0, "kWh", 2e6),
                     (name, f"L{i}", here, "", "loss", 5 * read[1], "t", 1e5),
                     (name, f"F{i}", here, after, kind, 15 * (i + 1) * read[2], "t", None)]
    columns = ["facility", "flow", "source", "target", "kind", "quantity", "unit", "cost"]
    return pd.DataFrame(rows, columns=columns).assign(
        phase="baseline", error="1 %", error_meaning="95 %")  # fmt: skip


def many_plants(plants: int, runs: int) -> list[dict[str, Any]]:
    """Measure the flow sheets and the assessment of many plants."""
    study = sx.Study(flows=sheet(plants), language="en")
    sheets = sx.FlowSheet.all_of(study)
    ready = []
    for one in sheets:
        matter = [flow for flow in one if flow.unit == "t"]
        source, target = (np.array(ends) for ends in one.positions(matter))
        ready.append((source, target, np.array([flow.amount for flow in matter]),
                      np.array([flow.sd for flow in matter]), STEPS))  # fmt: skip
    took = medians(
        runs, assessed=lambda: sx.assess(study), read=lambda: sx.FlowSheet.all_of(study),
        costed=lambda: [sx.loss_costs(one) for one in sheets],
        peer=lambda: [reconcile_flows(*each) for each in ready],
    )  # fmt: skip
    size, peer = f"{plants:,} plants of 20 flows", "reconcile_flows alone, plant by plant"
    return [row(f"{work}, {size}", took[name], peer, took["peer"])
            for work, name in (("assess", "assessed"), ("tables to flow sheets", "read"),
                               ("reconcile and cost", "costed"))]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    given = parser.parse_args()
    found = many_plants(*((5, 2) if given.smoke else (200, 5)))
    for each in found:
        print(f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} "
              f"{each['peer_ms']:.2f} ms, ratio {each['ratio']:.2f}")  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps({"rows": found, "smoke": given.smoke}, indent=2),
                              encoding="utf-8")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
