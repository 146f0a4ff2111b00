"""What a study records that no figure is worked out from, though a document has to tell it."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.result_tables import plain

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.study import Study

__all__ = ["told_records"]

TOLD = {
    "plants": ("facility", "facility", ("name", "sector", "vsic", "address", "province",
                                        "employees", "technology_level", "safety_health",
                                        "treatment_need", "recycling_need", "relocation_need",
                                        "note")),
    "team": ("team", "name", ("facility", "position", "duty")),
    "steps": ("steps", "step", ("facility", "name", "parent", "kind")),
    "products": ("products", "product", ("facility", "name", "basis", "unit", "equivalence",
                                         "capacity", "note")),
    "adjustments": ("adjustments", "resource", ("facility", "phase", "start", "end", "quantity",
                                                "unit", "reason", "evidence", "who")),
}  # fmt: skip
"""Table of the study, the field that names a record, and the fields that are told."""
MOST = 1000
"""Records of a table that a document tells; a file of a hundred thousand plants is no report."""
_DAYS = ("start", "end")
_EPOCH = dt.date(1970, 1, 1)


def told_records(study: Study) -> dict[str, list[dict[str, Any]]]:
    """Return plants, team, products, steps and adjustments as recorded, as plain types.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    dict of str to list
        ``plants``, ``team``, ``products``, ``steps``, ``adjustments``: one record per row,
        without empty fields.
    """
    return {
        name: _records(getattr(study.tables, table), (key, *fields))
        for name, (table, key, fields) in TOLD.items()
    }


def _records(frame: pd.DataFrame, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    known = [field for field in fields if field in frame.columns]
    rows = records_of(frame.head(MOST)[known])
    return [{str(name): told for name, value in row.items()
             if (told := _told(str(name), value)) not in (None, "")} for row in rows]  # fmt: skip


def _told(name: str, value: Any) -> Any:
    value = plain(value)
    if name in _DAYS and value is not None:
        return (_EPOCH + dt.timedelta(days=int(value))).isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
