"""Columns and types of what a plan returns, published for engines that ask beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sxsh_audit.assessment.saving_tables import SAVINGS_COLUMNS
from sxsh_audit.assessment.target import RULES

__all__ = [
    "GROUP_TYPES", "SAVING_TYPES", "VERDICT_TYPES", "empty_frame", "spark_schema",
    "typed_answers", "typed_frame",
]  # fmt: skip

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

GROUP_TYPES: Mapping[str, str] = {
    "facility": "str", "group": "str", "saving": "float64", "status": "str", "resources": "str",
}  # fmt: skip
"""Columns of the groups of plants, as ``Assessment.groups`` has them."""

VERDICT_TYPES: Mapping[str, str] = {
    "facility": "str",
    **{f"{rule}_{what}": kind for rule in RULES
       for what, kind in (("saving", "float64"), ("status", "str"))},
    "rule": "str", "saving": "float64", "status": "str", "reached": "str", "phase": "str",
    "as_if": "bool", "low": "float64", "high": "float64", "known_share": "float64",
    "lowest": "float64", "highest": "float64", "energy_unit": "str", "depends_on_rule": "str",
    "worse": "str",
}  # fmt: skip
"""Columns of the overall results, as ``Assessment.verdict`` has them; ``reached`` and
``depends_on_rule`` are ``yes``, ``no`` or ``""``."""


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
        columns[name] = column.astype(kind)  # type: ignore[call-overload]
    return pd.DataFrame(columns).reset_index(drop=True)


def typed_answers(answers: Iterable[object]) -> list[str]:
    """Return answers as ``yes``, ``no`` and ``""`` for what is not known."""
    return ["" if answer is None or answer != answer else "yes" if answer else "no"
            for answer in answers]  # fmt: skip
