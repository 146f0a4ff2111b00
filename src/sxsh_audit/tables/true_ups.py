"""Estimated bills that a later reading of the meter makes good."""

from __future__ import annotations

from typing import Any

import numpy as np

from sxsh_audit.tables.amounts import Codes, Floats, Texts
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.days import NO_DAY, day_text
from sxsh_audit.tables.keys import group_codes

__all__ = ["replaced_estimates"]

Rows = np.ndarray[Any, np.dtype[np.bool_]]
APART = np.int64(1 << 40)
"""More days than any two dates are apart: keys times this, plus days, stay in order."""


def replaced_estimates(
    reader: ColumnReader,
    keys: list[Texts],
    start: Codes,
    end: Codes,
    reading: Texts,
    values: Floats,
) -> Rows:
    """Find the estimated bills whose every day an actual reading of the same meter covers.

    Parameters
    ----------
    reader : ColumnReader
        The table of consumption; a note tells of each bill that is replaced.
    keys : list of arrays
        What the rows are of: plant, resource, meter, tariff period.
    start, end : arrays of int, shape (rows,)
        Days since 1970-01-01, both inclusive; the smallest integer where a row has none.
    reading : array of str, shape (rows,)
        ``actual``, ``estimated``, or empty.
    values : array of float, shape (rows,)
        Figures; one that is missing makes nothing good.

    Returns
    -------
    array of bool, shape (rows,)
        Rows that are left out: the actual figure holds for all of their days.

    Notes
    -----
    An estimate that an actual reading covers in part is no true-up: it stays, and overlaps.
    """
    out = np.zeros(len(reader), dtype=bool)
    dated = start != NO_DAY
    estimated = np.flatnonzero(dated & (reading == "estimated"))
    actual = np.flatnonzero(dated & (reading == "actual") & ~np.isnan(values))
    if not len(estimated) or not len(actual):
        return out
    shift = group_codes(keys) * APART
    # The day of a reading belongs to the bill before: 10/1 to 10/2 after a bill that ended 10/1.
    ends = shift[dated] + end[dated]
    first = shift[estimated] + start[estimated]
    several = end[estimated] > start[estimated]
    first = first + (several & np.isin(first, ends))
    actual = actual[np.argsort(shift[actual] + start[actual], kind="stable")]
    begun, latest = shift[actual] + start[actual], shift[actual] + end[actual]
    furthest = np.maximum.accumulate(latest)
    holder = np.maximum.accumulate(np.where(latest == furthest, np.arange(len(actual)), 0))
    last_begun = np.searchsorted(begun, first, side="right") - 1
    covers = (last_begun >= 0) & (furthest[last_begun] >= shift[estimated] + end[estimated])
    name = next((name for name in ("period", "start") if reader.has(name)), None)
    for i, j in zip(estimated[covers], holder[last_begun[covers]], strict=True):
        row = actual[j]
        reader.report("table.true_up", "note", int(i), name, "",
                      first=int(reader.raw.rows[row]), start=day_text(start[row]),
                      end=day_text(end[row]))  # fmt: skip
    out[estimated[covers]] = True
    return out
