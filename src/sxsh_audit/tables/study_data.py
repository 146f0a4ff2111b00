"""The checked inputs of a study as plain data, and back: nothing is read or judged again.

What was checked once stays as it was checked, even where a later version of the library would
read a cell otherwise; :mod:`sxsh_audit.store` keeps this.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.errors import DataError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.periods import Period
from sxsh_audit.tables.checking import CheckedTables
from sxsh_audit.tables.places import Places, TablePlaces
from sxsh_audit.tables.raw import RawTable, Uncomputed, cell_text
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.settings_baseline import BaseLoad, StandardConditions, StatedAmount
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMAT", "study_from_data", "study_to_data"]

FORMAT = 1
"""Shape of the data; a study of a higher one was kept by a later version of the library."""

MARK = "$"
"""Key of a value that JSON has no type for: its kind is named beside it."""


def study_to_data(study: Study) -> dict[str, Any]:
    """Return the checked inputs of a study as JSON types.

    Parameters
    ----------
    study : Study
        A checked study.

    Returns
    -------
    dict
        Settings, checked tables by column, findings, hashes of the files, and what was typed
        where; :func:`study_from_data` makes an equal study of it.

    Examples
    --------
    >>> study = Study.from_totals("Xưởng đúc", output=("1.000 tấn", "1.050 tấn"),
    ...                           electricity=("1.200.000 kWh", "1.155.000 kWh"),
    ...                           settings={"locale": "vi"})
    >>> data = study_to_data(study)
    >>> data["tables"]["consumption"]["columns"]["use"]["cells"]
    [1200000.0, 1155000.0]
    """
    default = StudySettings()
    settings = {
        name: _plain(getattr(study.settings, name))
        for name in StudySettings.__dataclass_fields__
        if getattr(study.settings, name) != getattr(default, name)
    }  # fmt: skip
    return {
        "format": FORMAT,
        "settings": settings,
        "tables": {name: _frame(getattr(study.tables, name))
                   for name in CheckedTables.__dataclass_fields__},
        "findings": [_plain(item.to_dict()) for item in study.findings],
        "hashes": dict(study.hashes),
        "folded": study.folded,
        "places": {name: _places(known) for name, known in study.places.tables.items()},
    }  # fmt: skip


def study_from_data(record: Mapping[str, Any], language: Language = "vi") -> Study:
    """Build the study that :func:`study_to_data` wrote down.

    Parameters
    ----------
    record : mapping
        What `study_to_data` returned.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Study
        Equal in settings, tables, findings, hashes and places.

    Raises
    ------
    DataError
        If the data are of a later shape, or tables or columns are missing.
    """
    found = record.get("format")
    if found != FORMAT:
        _refuse("study_data.format", language, found=str(found), known=FORMAT)
    tables = record.get("tables", {})
    missing = [name for name in CheckedTables.__dataclass_fields__ if name not in tables]
    if missing:
        _refuse("study_data.tables", language, names=missing)
    settings = {name: _setting(name, _back(value)) for name, value in record["settings"].items()}
    unknown = sorted(set(settings) - set(StudySettings.__dataclass_fields__))
    if unknown:
        _refuse("study_data.settings", language, names=unknown)
    state = {
        "_tables": CheckedTables(**{name: _as_frame(tables[name], language)
                                    for name in CheckedTables.__dataclass_fields__}),
        "_places": Places({name: _as_places(known, language)
                           for name, known in record["places"].items()}),
        "settings": StudySettings(**settings),
        "findings": tuple(Finding.from_dict(_back(item)) for item in record["findings"]),
        "hashes": dict(record["hashes"]),
        "folded": bool(record["folded"]),
    }  # fmt: skip
    return Study._restored(*(state[name] for name in Study.__slots__))


def _refuse(code: str, language: Language, **numbers: Any) -> None:
    raise DataError(refusal_sentence(code, numbers, language), code=code, **numbers)


# -- single values --------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """Return a value as JSON types; what JSON cannot say is marked with its kind."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    if isinstance(value, Uncomputed):
        return {MARK: "formula", "text": str(value)}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else {MARK: "number", "text": str(float(value))}
    if isinstance(value, Decimal):
        return {MARK: "decimal", "text": str(value)}
    if isinstance(value, Period):
        return {MARK: "period", "start": value.start.isoformat(), "end": value.end.isoformat()}
    if isinstance(value, dt.datetime) and value == value:  # NaT is not itself
        return {MARK: "datetime", "text": value.isoformat()}
    if isinstance(value, dt.date) and value == value:
        return {MARK: "day", "text": value.isoformat()}
    if isinstance(value, dt.time):
        return {MARK: "time", "text": value.isoformat()}
    if isinstance(value, StandardConditions):
        return {"output": _plain(value.output), "drivers": _plain(value.drivers)}
    if isinstance(value, Mapping):
        if MARK in value:  # a heading of the user's that looks like our mark
            return {MARK: "mapping", "items": [[str(name), _plain(inner)]
                                               for name, inner in value.items()]}  # fmt: skip
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return {MARK: "cell", "text": cell_text(value)}


_KINDS: Mapping[str, Any] = {
    "formula": Uncomputed, "number": float, "decimal": Decimal, "cell": str,
    "datetime": dt.datetime.fromisoformat, "day": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}  # fmt: skip


def _back(value: Any) -> Any:
    if isinstance(value, list):
        return [_back(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(MARK)
    if kind is None:
        return {name: _back(inner) for name, inner in value.items()}
    if kind == "mapping":
        return {name: _back(inner) for name, inner in value["items"]}
    if kind == "period":
        return Period(dt.date.fromisoformat(value["start"]), dt.date.fromisoformat(value["end"]))
    return _KINDS[kind](value["text"])


def _setting(name: str, value: Any) -> Any:
    """Return a setting in the type that the settings hold."""
    if name == "base_load":
        return {resource: BaseLoad(*load) for resource, load in value.items()}
    if name == "standard_conditions" and value is not None:
        return StandardConditions(*(
            {key: StatedAmount(*amount) for key, amount in value[part].items()}
            for part in ("output", "drivers")
        ))  # fmt: skip
    return tuple(value) if name == "operating_months" else value


# -- tables ---------------------------------------------------------------------------------------


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    if not len(frame):  # most tables of most studies
        return {"rows": 0, "columns": {str(name): {"dtype": str(dtype), "cells": []}
                                       for name, dtype in frame.dtypes.items()}}  # fmt: skip
    return {
        "rows": len(frame),
        "columns": {str(name): _array(column.to_numpy(), str(column.dtype))
                    for name, column in frame.items()},
    }  # fmt: skip


def _array(cells: np.ndarray[Any, Any], dtype: str) -> dict[str, Any]:
    """Return the cells of a column; a whole column of one cell is written once."""
    if dtype.startswith("float"):
        plain = [None if math.isnan(cell) else _plain(cell) for cell in cells.tolist()]
    elif dtype.startswith("datetime64"):
        plain = cells.astype("datetime64[ns]").astype(np.int64).tolist()
    else:
        plain = [_plain(cell) for cell in cells.tolist()]
    first = plain[0] if plain else None
    same = len(plain) > 1 and all(repr(cell) == repr(first) for cell in plain)  # -0.0 is not 0.0
    return {"dtype": dtype, "cell": first} if same else {"dtype": dtype, "cells": plain}


def _cells(column: Mapping[str, Any], rows: int, language: Language) -> list[Any]:
    cells = column["cells"] if "cells" in column else [column["cell"]] * rows
    if len(cells) != rows:
        _refuse("study_data.cells", language, count=len(cells), rows=rows)
    if column["dtype"].startswith("float"):
        return [math.nan if cell is None else _back(cell) for cell in cells]
    return [_back(cell) for cell in cells]


def _as_frame(record: Mapping[str, Any], language: Language) -> pd.DataFrame:
    import pandas as pd

    columns, rows = record["columns"], record["rows"]
    return pd.DataFrame(
        {name: pd.Series(_cells(column, rows, language), dtype=column["dtype"])
         for name, column in columns.items()},
        columns=list(columns), index=pd.RangeIndex(rows),
    )  # fmt: skip


def _places(known: TablePlaces) -> dict[str, Any]:
    raw = known.raw
    return {
        "file": raw.file, "sheet": raw.sheet, "headings": [_plain(text) for text in raw.headings],
        "columns": [{**_array(cells, str(cells.dtype)), "rows": len(cells)}
                    for cells in raw.columns],
        "rows": raw.rows.tolist(), "cells_named": raw.cells_named, "head_row": raw.head_row,
        "merged": [[column, [list(block) for block in blocks]]
                   for column, blocks in raw.merged.items()],
        "told_as": [[row, asdict(place)] for row, place in raw.told_as.items()],
        "keyed": dict(raw.keyed), "from_template": raw.from_template,
        "index": {name: int(column) for name, column in known.index.items()},
    }  # fmt: skip


def _as_places(record: Mapping[str, Any], language: Language) -> TablePlaces:
    columns = []
    for column in record["columns"]:
        found = _cells(column, column["rows"], language)
        cells = np.empty(len(found), dtype=column["dtype"])
        cells[:] = found
        columns.append(cells)
    raw = RawTable(
        record["file"], record["sheet"], [_back(text) for text in record["headings"]], columns,
        np.array(record["rows"], dtype=np.int64), record["cells_named"], record["head_row"],
        {int(column): [(int(first), int(last)) for first, last in blocks]
         for column, blocks in record["merged"]},
        {int(row): Place(**place) for row, place in record["told_as"]},
        dict(record["keyed"]), record["from_template"],
    )  # fmt: skip
    return TablePlaces(raw, dict(record["index"]))
