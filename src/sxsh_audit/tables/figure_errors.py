"""Stated errors of figures: how large, what the size means, and which figures share it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.fractions import read_fractions

__all__ = ["ERROR_COLUMNS", "error_columns"]

ERROR_COLUMNS = ("error", "error_meaning", "error_kind")


def error_columns(reader: ColumnReader, *, kinds: bool = True) -> dict[str, Any]:
    """Read the stated error of each figure; one without its meaning or kind is asked about.

    A limit of 2 % and a standard deviation of 2 % are a factor √3 apart, and an error that both
    periods share cancels where a random one does not: neither can be guessed.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults of cells are reported to it.
    kinds : bool
        Whether the table tells which figures share an error; flows are of one period each.

    Returns
    -------
    dict of str to array, shape (rows,) each
        ``error`` [1, a fraction of the figure], at least 0 and below 1, nan where none is given;
        ``error_meaning`` (``limit``, ``confidence_95``, ``sigma``) and ``error_kind``
        (``random``, ``period``, ``common``), empty where none is given.
    """
    count = len(reader)
    listed = ERROR_COLUMNS if kinds else ERROR_COLUMNS[:2]
    if not any(map(reader.has, listed)):
        none = {name: np.full(count, "", dtype=object) for name in listed[1:]}
        return {"error": np.full(count, np.nan), **none}
    error = read_fractions(reader, "error", whole=False)
    words = {name: reader.choices(name) for name in listed[1:]}
    cells = reader.cells("error")
    for i in np.flatnonzero(error >= 1).tolist():
        assert cells is not None
        reader.report("table.error_range", "error", i, "error", cells[i])
    error = np.where(error >= 1, np.nan, error)
    sound = np.array([not reader.faulty(i, "error") for i in range(count)],
                     dtype=bool)  # fmt: skip
    for name, texts in words.items():
        where = name if reader.has(name) else "error"
        for i in np.flatnonzero(~np.isnan(error) & (texts == "") & sound).tolist():
            if not reader.faulty(i, name):
                code = "table.error_meaning" if name == "error_meaning" else "table.error_kind"
                reader.report(code, "error", i, where,
                              "" if where == name or cells is None else cells[i])  # fmt: skip
        for i in np.flatnonzero(np.isnan(error) & (texts != "") & sound).tolist():
            reader.report("table.error_size", "warning", i, name, reader.texts(name)[i])
    return {"error": error, **words}
