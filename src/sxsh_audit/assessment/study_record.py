"""What a result says of the study behind it: plants, products, team, steps, adjustments, files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.tables.study import Study

__all__ = ["study_record"]

PLANT = (
    "name", "sector", "vsic", "address", "province", "employees", "technology_level",
    "safety_health", "treatment_need", "recycling_need", "relocation_need", "note",
)  # fmt: skip
PRODUCT = ("facility", "product", "name", "unit", "basis", "capacity")
MEMBER = ("facility", "name", "position", "duty")
STEP = ("facility", "step", "name", "parent", "kind")
ADJUSTMENT = ("facility", "resource", "phase", "quantity", "unit", "reason", "evidence",
              "who")  # fmt: skip


def study_record(study: Study) -> dict[str, Any]:
    """Return what documents say of the study beside its results.

    Parameters
    ----------
    study : Study
        Checked records.

    Returns
    -------
    dict
        ``study``, ``title``, ``facilities`` (name by plant), ``report_date``, ``files``
        (SHA-256 by name), and what was recorded of ``plants``, ``products``, ``team``, ``steps``
        and ``adjustments``: one mapping each, without the cells that are empty.
    """
    settings, tables = study.settings, study.tables
    facility = tables.facility
    names = {str(key): str(name) for key, name in zip(
        facility["facility"], facility["name"], strict=True) if name}
    steps = tables.steps.drop_duplicates(["facility", "step"])
    return {
        "study": settings.study,
        "title": settings.title,
        "facilities": names,
        "report_date": _iso(settings.report_date),
        "files": dict(study.hashes),
        "plants": {str(row["facility"]): _told(row, PLANT)
                   for row in facility.to_dict("records")},
        "products": _records(tables.products, PRODUCT),
        "team": _records(tables.team, MEMBER),
        "steps": _records(steps, STEP),
        "adjustments": _records(tables.adjustments, ADJUSTMENT),
    }  # fmt: skip


def _records(table: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_told(row, columns) for row in table.to_dict("records")]


def _told(row: dict[Any, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the cells of a row that are filled, as plain JSON types."""
    found = {name: plain(row[name]) for name in columns if name in row}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
