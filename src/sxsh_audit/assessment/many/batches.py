"""Whole plants out of a stream of records that is cut anywhere, as Spark hands it over.

An engine that cuts its partitions into frames of some thousand records knows nothing of plants.
Here a plant is held back until the next one begins, so that each is assessed once and whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.schema import table_spec
from sxsh_audit.tables.study import refuse

__all__ = ["AT_ONCE", "refuse_nameless", "whole_plants"]

AT_ONCE = 200_000
"""Records that are gathered before plants are assessed: enough that the cost of a call does not
count, few enough that a worker with 1 GiB has room for them."""

TABLES = ("consumption", "production")
Assess = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


def whole_plants(
    assess: Assess, frames: Iterable[pd.DataFrame], rows: int = AT_ONCE, language: Language = "vi"
) -> Iterator[pd.DataFrame]:
    """Assess plants from frames that hold the records of both tables.

    Parameters
    ----------
    assess : callable
        From the consumption and the production of whole plants to their savings.
    frames : iterable of DataFrame
        Records sorted by ``facility``, cut anywhere. The column ``table`` says of which table a
        record is: ``"consumption"`` or ``"production"``.
    rows : int
        Records [1] that are gathered at least before `assess` is called.
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    DataFrame
        What `assess` returns, in the order of the plants; text as Python objects, since Spark
        cannot take the strings of pandas 3 where Arrow holds them in several pieces.

    Raises
    ------
    StudyError
        If a column is missing or belongs to neither table, a record names no plant or no table,
        or the plants are not sorted (a plant comes again after another one began).
    """
    held: list[pd.DataFrame] = []
    waiting, last = 0, ""
    for frame in frames:
        if not len(frame):
            continue
        _check_columns(frame, language)
        starts, last = _starts(frame, last, language)
        held.append(frame)
        waiting += len(frame)
        # The last plant may go on in the next frame; all before it are whole.
        if waiting >= rows and len(starts):
            whole = [*held[:-1], frame.iloc[: starts[-1]]]
            held = [frame.iloc[starts[-1] :]]
            waiting = len(held[0])
            if sum(map(len, whole)):
                yield _assessed(assess, whole)
    if waiting:
        yield _assessed(assess, held)


def _assessed(assess: Assess, frames: list[pd.DataFrame]) -> pd.DataFrame:
    records = pd.concat(frames, ignore_index=True)
    used, made = (_records_of(records, table) for table in TABLES)
    found = assess(used, made)
    return found.astype({name: object for name, kind in found.dtypes.items() if kind == "str"})


def _records_of(records: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the records of one table with its own columns."""
    known = table_spec(table).fields
    mine = records.loc[records["table"] == table, [name for name in records if name in known]]
    return mine.reset_index(drop=True)


def _check_columns(frame: pd.DataFrame, language: Language) -> None:
    """Refuse a frame whose columns are not those of the two tables."""
    known = {"table"}.union(*(table_spec(table).fields for table in TABLES))
    missing = [name for name in ("table", "facility") if name not in frame]
    faults = [_fault("no_column", column=name) for name in missing]
    faults += [
        _fault("unknown_column", column=str(name), known=sorted(known))
        for name in frame
        if name not in known
    ]
    if not missing:
        wrong = frame.loc[~frame["table"].isin(TABLES), "table"].unique()[:5]
        faults += [_fault("unknown_table", "table", value=_text(word)) for word in wrong]
    refuse(faults, language)


def refuse_nameless(frames: Iterable[pd.DataFrame], language: Language) -> None:
    """Refuse records that name no plant: nobody would miss them in the results.

    Raises
    ------
    StudyError
        If a frame has no column ``facility``, or a record no plant.
    """
    faults = []
    for frame in frames:
        if "facility" not in frame:
            faults.append(_fault("no_column", column="facility"))
            continue
        column = frame["facility"]
        names = column.unique()
        blank = any(isinstance(name, str) and not name.strip() for name in names)
        if blank or column.isna().any():
            faults.append(_fault("no_facility", "facility"))
    refuse(faults, language)


def _starts(frame: pd.DataFrame, last: str, language: Language) -> tuple[Any, str]:
    """Return where a plant begins that is not `last`, and the last plant of the frame."""
    column = frame["facility"].astype(object).to_numpy()
    codes, names = pd.factorize(column)
    faults = []
    if (codes < 0).any() or any(isinstance(name, str) and not name.strip() for name in names):
        faults.append(_fault("no_facility", "facility"))
    faults += [
        _fault("facility_not_text", "facility", value=_text(name))
        for name in [name for name in names if not isinstance(name, str)][:5]
    ]
    refuse(faults, language)
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    # Compared as text, which is the order of UTF-8 bytes too: that of Spark, duckdb and Python.
    order = [last, *names[codes[starts]]]
    for before, name in pairwise(order):
        if name < before:
            faults.append(_fault("not_sorted", "facility", value=name, before=before))
            break
    refuse(faults, language)
    return starts[1:] if order[1] == last else starts, order[-1]


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _fault(name: str, column: str = "", value: str = "", **numbers: Any) -> Finding:
    return Finding(f"batches.{name}", place=Place(column=column), value=value, numbers=numbers)
