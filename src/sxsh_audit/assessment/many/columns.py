"""Columns and types of what a plan returns, published for engines that ask beforehand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sxsh_audit.assessment.saving_tables import SAVINGS_COLUMNS

__all__ = ["SAVING_TYPES", "empty_frame", "spark_schema", "typed_frame"]

_NUMBERS = (
    "use_baseline", "output_baseline", "baseline", "use_reporting", "output_reporting",
    "reporting", "saving", "low", "high", "absolute_saving", "price", "money_saving",
    "energy_factor", "energy_saving",
)  # fmt: skip
_COUNTS = ("months_baseline", "of_months_baseline", "months_reporting", "of_months_reporting")
_FLAGS = ("counted", "measured", "purchases_only", "refused")


def _type(name: str) -> str:
    if name in _NUMBERS:
        return "float64"
    if name in _COUNTS:
        return "int64"
    return "bool" if name in _FLAGS else "str"


SAVING_TYPES: Mapping[str, str] = {
    name: _type(name) for name in (*SAVINGS_COLUMNS, "refused", "findings")
}
"""Type of each column: text is ``str`` with "" for none, figures that are not known are nan."""


def empty_frame(types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame without rows that has the columns and types."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in types.items()})


def spark_schema(types: Mapping[str, str]) -> str:
    """Return the columns and types in the words of Spark (a schema in DDL).

    Examples
    --------
    >>> spark_schema({"facility": "str", "saving": "float64"})
    '`facility` STRING, `saving` DOUBLE'
    """
    words = {"str": "STRING", "float64": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN"}
    return ", ".join(f"`{name}` {words[kind]}" for name, kind in types.items())


def typed_frame(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame with exactly these columns and types; text that is missing is ``""``."""
    blank = {"str": "", "float64": float("nan"), "int64": 0, "bool": False}
    columns = {}
    for name, kind in types.items():
        column = frame[name] if name in frame else pd.Series(blank[kind], index=frame.index)
        if kind == "str":
            column = column.astype(object).where(column.notna(), "")
        columns[name] = column.astype(kind)
    return pd.DataFrame(columns).reset_index(drop=True)
