"""Small plants as flow sheets, built without tables: what is tested is what comes after them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sxsh_audit.assessment.flows.flow_sheet import Content, Flow, FlowSheet, FlowStep

Row = tuple[Any, ...]


def flow(key: str, source: str, target: str, kind: str, amount: float, **more: Any) -> Flow:
    """One flow, in tonnes unless it says otherwise."""
    return Flow(key, source=source, target=target, kind=kind, amount=amount,
                **{"unit": "t", **more})  # fmt: skip


def plant(
    *flows: Flow, steps: tuple[FlowStep, ...] = (), contents: tuple[Content, ...] = (),
    **more: Any,
) -> FlowSheet:
    """A sheet of these flows; steps that are not given are processes without a cost."""
    given = {step.step: step for step in steps}
    for one in flows:
        for end in (one.source, one.target):
            if end:
                given.setdefault(end, FlowStep(end))
    return FlowSheet("plant", more.pop("phase", ""), more.pop("batch", ""),
                     tuple(given.values()), flows, contents, **more)  # fmt: skip


def table(*rows: Row, columns: str, **same: Any) -> pd.DataFrame:
    """A table with the canonical names of columns; `same` in every row."""
    return pd.DataFrame(rows, columns=columns.split()).assign(**same)


FLOWS = "flow source target kind quantity"
