"""From assessments to the rows that a register keeps of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.results import Assessment
from sxsh_audit.tables.register import RESULT_TABLES, Register

__all__ = ["assessed_records", "assessed_rows", "with_assessments"]

YES_NO = {True: "yes", False: "no"}


def assessed_rows(
    assessment: Assessment,
    establishments: Mapping[str, str] | None = None,
    *,
    study: str = "",
) -> dict[str, pd.DataFrame]:
    """Return what a register keeps of an assessment: results, verdicts, options.

    Parameters
    ----------
    assessment : Assessment
        What was found, for one plant or for many.
    establishments : mapping of str to str, optional
        Establishment of the register by plant of the study; by default they have the same code.
    study : str
        Name under which the study is kept; by default its own.

    Returns
    -------
    dict of str to DataFrame
        Tables ``results``, ``verdicts`` and ``options`` of a register.

    Notes
    -----
    The adjusted baseline of a resource is b × Q₁ [unit of the use]: the use that the reporting
    output would have had at the specific consumption of the baseline, so that a saving of
    several plants is Σ (b − c) Q₁ / Σ b Q₁.
    """
    found = assessed_records(assessment, establishments, study=study)
    empty = Register.from_frames()
    return {
        table: empty.with_tables(**{table: pd.DataFrame(rows)}).tables[table]
        if rows else empty.tables[table]
        for table, rows in found.items()
    }  # fmt: skip


def assessed_records(
    assessment: Assessment,
    establishments: Mapping[str, str] | None = None,
    *,
    study: str = "",
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of :func:`assessed_rows` one by one, without making tables of them.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    establishments : mapping of str to str, optional
        Establishment of the register by plant of the study.
    study : str
        Name under which the study is kept.

    Returns
    -------
    dict of str to list of dict
        A number that is not known is nan, a day None; a column that is not there is not known.
    """
    settings, name = assessment.settings, study or str(assessment.study["study"])
    named: dict[str, str] = dict(establishments or {})
    period = settings["periods"].get("reporting") or {}
    shared = {
        "study": name, "start": _day(period.get("start")), "end": _day(period.get("end")),
        "programme": settings["programme"] or "", "version": assessment.version,
    }  # fmt: skip
    products = _products(assessment)

    def plant(row: Mapping[str, Any]) -> str:
        facility = str(row["facility"])
        return named.get(facility, facility)

    results = []
    for row in assessment.savings.rows:
        base, output = _number(row["baseline"]), _number(row["output_reporting"])
        adjusted, price = base * output, _number(row["price"])
        product, basis = products.get(row["facility"], ("", ""))
        results.append({
            **shared, "establishment": plant(row), "resource": row["resource"],
            "category": row["category"], "counted": YES_NO.get(row["counted"], ""),
            "product": product, "basis": basis, "unit": row["unit"],
            "output_unit": row["output_unit"], "baseline": base,
            "reporting": _number(row["reporting"]), "output_reporting": output,
            "adjusted_baseline": adjusted, "absolute_saving": _number(row["absolute_saving"]),
            "saving": _number(row["saving"]), "status": row["status"] or "",
            "low": _number(row["low"]), "high": _number(row["high"]), "price": price,
            "money_saving": _number(row["money_saving"]), "money_baseline": adjusted * price,
            "energy_saving": _number(row["energy_saving"]),
            "energy_unit": row["energy_unit"] or "", "quality": row["quality"] or "",
            "months": _number(row["months_reporting"]), "phase": settings["phase"] or "",
            "factor_set": settings["factor_set"] or "", "currency": settings["currency"] or "",
        })  # fmt: skip
    verdicts = [
        {
            **shared, "establishment": plant(row), "saving": _number(row["saving"]),
            "status": row["status"] or "", "reached_low": YES_NO.get(row["reached"], ""),
            "rule": row["rule"] or "", "low": _number(row["low"]), "high": _number(row["high"]),
            "known_share": _number(row["known_share"]), "phase": row["phase"] or "",
            "report_date": _day(assessment.study["report_date"]),
        }
        for row in assessment.verdict.rows
    ]  # fmt: skip
    plans = {(row["facility"], row["option"]): row for row in assessment.plan.rows}
    main = _main_resources(assessment)
    options = []
    for row in assessment.options.rows:
        plan = plans.get((row["facility"], row["option"]), {})
        options.append({
            "study": name, "establishment": plant(row), "option": row["option"],
            "name": row["name"], "category": row["category"],
            "cp_category": row["cp_category"],
            "resource": main.get((row["facility"], row["option"]), ""),
            "status": plan.get("status") or row["status"] or "",
            "date": _day(plan.get("in_service")), "cost": _number(row["cost"]),
            "cost_class": row["cost_class"], "annual_saving": _number(row["annual_saving"]),
            "years": _number(row["years"]), "payback_class": row["payback_class"],
            "currency": settings["currency"] or "", "evidence": plan.get("evidence") or "",
        })  # fmt: skip
    return {"results": results, "verdicts": verdicts, "options": options}


def with_assessments(
    register: Register,
    assessments: Iterable[Assessment],
    establishments: Mapping[str, str] | None = None,
) -> Register:
    """Return a register with what assessments found added to it.

    Parameters
    ----------
    register : Register
        The records of a programme.
    assessments : iterable of Assessment
        What was found.
    establishments : mapping of str to str, optional
        Establishment of the register by plant of a study.

    Returns
    -------
    Register
        A study that is there already is replaced, never counted twice.
    """
    frames = {name: [register.tables[name]] for name in RESULT_TABLES}
    for assessment in assessments:
        for name, frame in assessed_rows(assessment, establishments).items():
            studies = set(frame["study"])
            frames[name] = [one[~one["study"].isin(studies)] for one in frames[name]]
            frames[name].append(frame)
    joined = {
        name: pd.concat([one for one in kept if len(one)], ignore_index=True)
        if any(len(one) for one in kept) else register.tables[name].iloc[:0]
        for name, kept in frames.items()
    }  # fmt: skip
    return register.with_tables(**joined)


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _products(assessment: Assessment) -> dict[str, tuple[str, str]]:
    """Product and basis of each plant that makes only one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in assessment.study.get("recorded", {}).get("products", []):
        pair = (str(row.get("product") or row.get("name") or ""), str(row.get("basis") or ""))
        found.setdefault(str(row.get("facility", "")), []).append(pair)
    return {plant: rows[0] for plant, rows in found.items() if len(rows) == 1}


def _main_resources(assessment: Assessment) -> dict[tuple[str, str], str]:
    """Resource of each option that saves most of its money; of one alone, that one."""
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for row in assessment.option_savings.rows:
        key, value = (row["facility"], row["option"]), _number(row["value"])
        worth = -np.inf if np.isnan(value) else value
        if row["resource"] and (key not in best or worth > best[key][0]):
            best[key] = (worth, row["resource"])
    return {key: resource for key, (_, resource) in best.items()}
