"""The records of a checked study as they would be typed, in canonical units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.scale.settings_file import settings_as_typed
from sxsh_audit.tables.days import NO_DAY
from sxsh_audit.tables.schema import TABLES, table_spec

if TYPE_CHECKING:
    from sxsh_audit.tables.study import Study

__all__ = ["study_records"]

_READ_AS = {
    "consumption": {"quantity": "purchases", "opening_stock": "opening",
                    "closing_stock": "closing"},
    "prices": {"price": "typed_price"},
}  # fmt: skip
"""Columns of the checked tables that hold a field under another name."""


def study_records(study: Study) -> dict[str, Any]:
    """Return the tables and the settings of a study, for a dataset.

    Parameters
    ----------
    study : Study
        A checked study.

    Returns
    -------
    dict of str to DataFrame
        Every table that has rows, by its name, with the columns that hold anything, and under
        ``settings`` the keys of ``study.toml``. A study that is read from them is the same to
        the last bit, but for what only shows: the units of the files, the rows, and the notes
        of tables that no result uses.
    """
    found: dict[str, Any] = {"settings": settings_as_typed(study.settings)}
    for name in TABLES:
        checked = getattr(study.tables, "bills" if name == "consumption" else name)
        if not len(checked):
            continue
        frame = _typed(name, checked)
        if name == "prices":
            currency = study.settings.currency
            frame["unit"] = [f"{currency}/{unit}" for unit in checked["unit"]]
        found[name] = frame.loc[:, [_holds_anything(frame[field]) for field in frame]]
    return found


def _typed(name: str, checked: pd.DataFrame) -> pd.DataFrame:
    """Return the fields of a table that its checked form has."""
    columns: dict[str, Any] = {}
    for field, spec in table_spec(name).fields.items():
        column = _READ_AS.get(name, {}).get(field, field)
        if column in checked:
            cells = checked[column].to_numpy()
            columns[field] = _dates(cells) if spec.kind == "date" else cells
    return pd.DataFrame(columns)


def _dates(days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return days that count from 1970 as dates; no day is no date."""
    known = days != NO_DAY
    dates = np.full(len(days), np.datetime64("NaT"), dtype="datetime64[D]")
    dates[known] = days[known].astype("datetime64[D]")
    return dates.astype("datetime64[s]")


def _holds_anything(column: pd.Series) -> bool:
    return bool(((column != "") & column.notna()).any())
