"""Drivers of use beside output: days of operation, degree days, hours, guests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sxsh_audit.errors import NumberError
from sxsh_audit.language.numbers import parse_numbers, split_number
from sxsh_audit.tables.amounts import Floats, Texts
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.keys import frame_of, group_codes, report_overlaps
from sxsh_audit.tables.records import report_missing, row_periods
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["drivers_table"]


def drivers_table(check: TableCheck) -> pd.DataFrame:
    """Check what drives the use of resources beside output.

    Parameters
    ----------
    check : TableCheck
        The study.

    Returns
    -------
    DataFrame
        Columns facility, driver (spelt as it was first), phase, start, end (days since
        1970-01-01), quantity, unit (as typed; one for each driver of a plant) and row.
    """
    reader = check.readers["drivers"]
    facilities = check.facilities(reader)
    keys = _spelt_alike(reader.texts("driver"))
    quantity, units = _figures(reader)
    units = _one_unit(reader, facilities, keys, units)
    start, end, phase = row_periods(reader)
    report_missing(reader, quantity, [facilities, keys], "table.missing_driver")
    report_overlaps(reader, [facilities, keys, phase], start, end, keys != "",
                    code="table.overlap_driver")  # fmt: skip
    return frame_of(reader, facility=facilities, driver=keys, phase=phase, start=start, end=end,
                    quantity=quantity, unit=units)  # fmt: skip


def _spelt_alike(keys: Texts) -> Texts:
    """Write each driver as it was written first, at whatever plant."""
    import pandas as pd

    index, spellings = pd.factorize(keys)  # in the order in which they come
    first: dict[str, str] = {}
    alike = [first.setdefault(plain_word(text), text) for text in spellings]
    return np.array([*alike, ""], dtype=object)[index]


def _figures(reader: ColumnReader) -> tuple[Floats, Texts]:
    """Figures with their units: «26 ngày» in one cell, a column of units, or the heading.

    The unit of a driver is any text: the library converts none of them.
    """
    units, cells = reader.texts("unit"), reader.cells("quantity")
    if cells is None:
        return np.full(len(reader), np.nan), units
    _, faults = parse_numbers(cells, reader.reading.locale)  # type: ignore[arg-type]
    # A column of plain numbers stays one: it is read at once.
    kept = np.array([*cells, None], dtype=object)[:-1] if faults else cells
    for i, error in faults:
        if error.code not in ("number.trailing_text", "number.not_a_number"):
            continue
        try:
            value, own = split_number(str(cells[i]), reader.reading.locale)  # type: ignore[arg-type]
        except NumberError:
            continue
        kept[i] = value
        if units[i] and plain_word(units[i]) != plain_word(own):
            where = "unit" if reader.has("unit") else "quantity"
            reader.report("table.unit_conflict", "error", i, where, units[i], first=own,
                          second=units[i])  # fmt: skip
        units[i] = units[i] or own
    heading = reader.heading_unit.get("quantity", "")
    units = np.where(units == "", heading, units).astype(object)
    reader.replace_cells("quantity", kept)
    values = reader.numbers("quantity")
    reader.replace_cells("quantity", cells)
    return values, units


def _one_unit(reader: ColumnReader, facilities: Texts, keys: Texts, units: Texts) -> Texts:
    """Return the one unit of each driver of a plant; a second one is a fault."""
    if not len(reader):
        return units
    import pandas as pd

    where = "unit" if reader.has("unit") else "quantity"
    index, spellings = pd.factorize(units)
    folded = np.array([plain_word(text) for text in spellings], dtype=object)[index]
    groups, given = group_codes([facilities, keys]), np.flatnonzero(units != "")
    # Of equal groups the first row is kept: the unit that was written first.
    named, at = np.unique(groups[given], return_index=True)
    first = np.full(groups.max() + 1, -1, dtype=np.int64)
    first[named] = given[at]
    row = first[groups]
    for i in given[(folded[given] != folded[row[given]]) & (keys[given] != "")].tolist():
        if not reader.faulty(i, where):
            reader.report("table.driver_units", "error", i, where, units[i], key=keys[i],
                          first=units[row[i]], second=units[i])  # fmt: skip
    return np.asarray(np.where(row >= 0, units[row], ""))
