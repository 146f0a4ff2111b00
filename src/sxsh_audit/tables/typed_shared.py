"""Small tables that all plants share, read once for each set of resources and units in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.tables.amounts import Reading
from sxsh_audit.tables.checking import TableCheck
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.records import prices_table
from sxsh_audit.tables.schema import TABLES
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.typed_plants import KEY, Plants

__all__ = ["Shared", "UnitsUsed", "shared_prices", "untidy_plants"]

READ = ("resources", "prices")
"""Tables whose rows may be shared by plain plants."""

MOST_SETS = 200
"""Sets of resources and units for which the prices are read, some milliseconds each."""


class UnitsUsed(NamedTuple):
    """Canonical unit of each resource at each plant.

    Attributes
    ----------
    resources, units : list of str
        Keys and units.
    codes : array of int, shape (plants, resources)
        Index into `units`; −1 where a plant does not use the resource.
    """

    resources: list[str]
    units: list[str]
    codes: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows of small tables that name no plant, and what they say of the words of the others."""

    raw: Mapping[str, RawTable]
    reading: Reading
    own_words: Mapping[str, str]
    resources: pd.DataFrame

    @classmethod
    def of(
        cls, tables: Mapping[str, pd.DataFrame], settings: StudySettings, plants: Plants
    ) -> Shared | None:
        """Read the shared rows; plants with rows of their own are marked as lacking.

        None where a table says something of all plants that is not read here.
        """
        raw: dict[str, RawTable] = {}
        for name in TABLES:
            table = tables.get(name)
            if table is None or not len(table):
                continue
            common = table
            if name == KEY and KEY in table.columns:
                common = untidy_plants(table, settings, plants)
            elif KEY in table.columns:
                named = ~(table[KEY].isna() | (table[KEY] == "")).to_numpy()
                own = {str(key) for key in table[KEY].to_numpy(dtype=object)[named]}
                plants.lacking |= np.array([plant in own for plant in plants.names], dtype=bool)
                common = table[~named]
            if len(common) and name not in READ:
                return None
            if len(common):
                raw[name] = RawTable.from_frame(common, name)
        check = TableCheck(raw, settings)
        resources = check.resources_table()
        if check.readers["resources"].findings or check.readers["prices"].findings:
            return None
        return cls(raw, check.reading, check.own_words, resources)


def untidy_plants(
    table: pd.DataFrame, settings: StudySettings, plants: Plants
) -> pd.DataFrame:
    """Mark the plants of whose row in the table of plants something is told.

    Nothing else of that table decides a saving. Returned are the rows that name no plant.
    """
    named = ~(table[KEY].isna() | (table[KEY] == "")).to_numpy()
    here = table[table[KEY].isin(plants.names).to_numpy() & named]
    raw = RawTable.from_frame(here, KEY)
    check = TableCheck({KEY: raw}, settings)
    check.facility_table()
    rows = {item.place.row for item in check.readers[KEY].findings}
    keys = here[KEY].to_numpy(dtype=object)
    untidy = {str(key) for key, row in zip(keys, raw.rows.tolist(), strict=True)
              if row in rows or 0 in rows}  # fmt: skip
    plants.lacking |= np.array([plant in untidy for plant in plants.names], dtype=bool)
    return table[~named]


def shared_prices(
    shared: Shared, plants: Plants, used: UnitsUsed, settings: StudySettings
) -> pd.DataFrame:
    """Return the prices of each plant; a plant for whom they have a fault is marked as lacking.

    Parameters
    ----------
    shared : Shared
        Rows that name no plant.
    plants : Plants
        All plants.
    used : UnitsUsed
        What a price has to be in.
    settings : StudySettings
        Currency and locale.
    """
    raw = {name: table for name, table in shared.raw.items() if name in READ}
    found = _prices(raw, {}, settings)[0]
    if "prices" not in raw:
        return found
    priced = set(found["resource"])
    columns = [i for i, name in enumerate(used.resources) if name in priced]
    sets, of = np.unique(used.codes[:, columns], axis=0, return_inverse=True)
    of = of.ravel()
    parts = []
    for number, codes in enumerate(sets):
        here = np.flatnonzero((of == number) & ~plants.lacking)
        units = {used.resources[column]: used.units[code]
                 for column, code in zip(columns, codes, strict=True) if code >= 0}  # fmt: skip
        frame, sound = _prices(raw, units, settings)
        if number >= MOST_SETS or not sound:
            plants.lacking[here] = True
        elif len(here):
            rows = np.tile(np.arange(len(frame)), len(here))
            whole = frame.iloc[rows].reset_index(drop=True)
            parts.append(whole.assign(
                facility=plants.categorical(np.repeat(here, len(frame)))))  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else found.iloc[:0]


def _prices(
    raw: Mapping[str, RawTable], units: Mapping[str, str], settings: StudySettings
) -> tuple[pd.DataFrame, bool]:
    """Read the prices as a plant that uses the resources in these units does."""
    check = TableCheck(raw, settings)
    check.resources_table()
    for resource, unit in units.items():
        check.units["resource", check.facility, resource] = unit
    frame = prices_table(check)
    return frame, not any(check.readers[name].findings for name in READ)
