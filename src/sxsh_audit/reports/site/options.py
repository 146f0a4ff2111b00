"""The option library: options of the published cases, and what others got from theirs."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sxsh_audit.assessment.shown import cost_text, number
from sxsh_audit.data import load_rows
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.wording import money_text, payback_text
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import (
    Language,
    format_number,
    format_percent,
)
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.reports.site.cases import Case
from sxsh_audit.reports.site.rendering import folded
from sxsh_audit.tables.schema import choice_keys

__all__ = ["CodedResults", "case_options", "coded_table", "iac_strips", "iac_table",
           "read_coded_results"]

FEWEST = 10
"""Results below which quartiles say nothing."""

_COLUMNS = {
    "code": ("code", "arc", "arc2"), "status": ("status", "impstatus"),
    "cost": ("cost", "impcost"), "saving": ("saving", "annual_saving", "psaved"),
}  # fmt: skip
_NAMES = ("name", "description")
_IMPLEMENTED = {"i", "implemented", "yes"}
_NOT_IMPLEMENTED = {"n", "not_implemented", "not implemented", "no"}


# -- of the published cases ---------------------------------------------------------------------


def case_options(cases: Iterable[Case], language: Language) -> list[dict[str, Any]]:
    """Return what the library shows of the options of published cases.

    Parameters
    ----------
    cases : iterable of Case
        The published cases.
    language : {"vi", "en"}
        Language of the page.
    """
    found = []
    for case in cases:
        result = case.part
        currency = result.settings["currency"]
        plans = {row["option"]: row for row in result.plan.rows}
        main = _main_resources(case)
        for row in result.options.rows:
            plan: Mapping[str, Any] = plans.get(row["option"], {})
            status = str(plan.get("status") or row["status"] or "")
            resource = main.get(str(row["option"]), "")
            name = str(row["name"] or row["option"])
            facts = [
                (sentence("site.resource", language),
                 result.label(resource, language) if resource else ""),
                (sentence("site.cost", language), cost_text(row, language, currency)),
                (sentence("site.annual_saving", language),
                 money_text(number(row["annual_saving"]), language, currency)),
                (sentence("site.payback", language),
                 payback_text(number(row["years"]), row["payback_class"], language)),
                (sentence("site.status", language), status_name(status, language)),
            ]  # fmt: skip
            found.append({
                "title": name, "page": case.page, "case": case.title, "status": status,
                "resource": resource, "sector": case.sector.id if case.sector else "",
                "payback_class": payback_band(number(row["years"]), row["payback_class"]),
                "facts": [(label, value) for label, value in facts if value],
                "words": folded(name, case.title, case.sector_name(language),
                                result.label(resource, language) if resource else ""),
            })  # fmt: skip
    return found


def status_name(status: str, language: Language) -> str:
    """Name of a status of an option; empty where it is not known.

    Examples
    --------
    >>> status_name("implemented", "vi"), status_name("", "en")
    ('đã thực hiện', '')
    """
    if status not in choice_keys("option_status"):
        return ""
    return sentence(_STATUSES[status], language)


_STATUSES = {
    "proposed": "site.status_proposed", "approved": "site.status_approved",
    "in_progress": "site.status_in_progress", "implemented": "site.status_implemented",
    "dropped": "site.status_dropped",
}  # fmt: skip

BANDS = {
    "at_once": "site.band_at_once", "under_1": "site.band_under_1", "under_3": "site.band_under_3",
    "longer": "site.band_longer", "unknown": "site.band_unknown",
}  # fmt: skip
"""Paybacks by which the library is filtered."""


def payback_band(years: float, payback_class: str) -> str:
    """Return the band of a simple payback [year].

    Examples
    --------
    >>> payback_band(0.5, "years"), payback_band(4.0, "years"), payback_band(0.0, "immediate")
    ('under_1', 'longer', 'at_once')
    """
    if payback_class == "immediate":
        return "at_once"
    if payback_class in ("never", "worse"):
        return "longer"
    if payback_class != "years" or not years >= 0:
        return "unknown"
    return "under_1" if years < 1 else "under_3" if years < 3 else "longer"


def _main_resources(case: Case) -> dict[str, str]:
    """Resource of each option that saves most of its money; of one alone, that one."""
    best: dict[str, tuple[float, str]] = {}
    for row in case.part.option_savings.rows:
        worth = number(row["value"])
        worth = -np.inf if np.isnan(worth) else worth
        option = str(row["option"])
        if row["resource"] and (option not in best or worth > best[option][0]):
            best[option] = (worth, str(row["resource"]))
    return {option: resource for option, (_, resource) in best.items()}


# -- of others ----------------------------------------------------------------------------------


def iac_table(language: Language) -> Table:
    """Return what recommendations of the American IAC programme got, by the resource saved.

    Parameters
    ----------
    language : {"vi", "en"}
        Language of the table.
    """
    rows = [
        (row[f"label_{language}"], *_counts(int(row["recommended"]), int(row["implemented"]),
                                            int(row["not_implemented"]), language),
         *(_years(row[f"years_{name}"], language) for name in ("q25", "median", "q75")),
         _years(row["done_years_median"], language))
        for row in load_rows("iac_streams.csv")
    ]  # fmt: skip
    columns = (Column("stream", sentence("site.stream", language)), *_figures(language),
               Column("done", sentence("site.done_median", language), "right", "number"))
    note = sentence("site.few", language, fewest=FEWEST)
    return Table(sentence("site.iac_table", language), columns, tuple(rows), (note,))


def iac_strips(language: Language) -> list[tuple[str, float, float, float]]:
    """Return the quartiles of the payback [year] of each stream that has them, shortest first."""
    rows = [(row[f"label_{language}"], *(float(row[f"years_{name}"])
                                         for name in ("q25", "median", "q75")))
            for row in load_rows("iac_streams.csv") if row["years_median"]]  # fmt: skip
    return sorted(rows, key=lambda row: row[2])  # type: ignore[arg-type]


def _figures(language: Language) -> tuple[Column, ...]:
    heads = ("recommended", "implemented", "rate", "q25", "median", "q75")
    codes = ("site.recommended", "site.implemented", "site.rate", "site.q25", "site.median",
             "site.q75")  # fmt: skip
    return tuple(Column(key, sentence(code, language), "right", "number")
                 for key, code in zip(heads, codes, strict=True))  # fmt: skip


def _counts(
    recommended: int, implemented: int, not_implemented: int, language: Language
) -> tuple[str, str, str]:
    known = implemented + not_implemented
    rate = implemented / known if known else float("nan")
    return (format_number(recommended, language), format_number(implemented, language),
            format_percent(rate, language, decimals=0))  # fmt: skip


def _years(text: str, language: Language) -> str:
    return format_number(float(text) if text else float("nan"), language, digits=2)


@dataclass(frozen=True, slots=True)
class CodedResults:
    """Results of recommendations by their full codes, from a file of the user.

    Parameters
    ----------
    rows : tuple of mapping
        Per code: ``code``, ``name``, ``recommended``, ``implemented``, ``not_implemented``,
        ``q25``, ``median``, ``q75`` of the payback [year]; nan where there are too few.
    file : str
        Name of the file.
    sha256 : str
        Hash of its bytes.
    read, without_payback : int
        Rows, and those of them without a cost or a saving.
    """

    rows: tuple[Mapping[str, Any], ...]
    file: str
    sha256: str
    read: int
    without_payback: int


def read_coded_results(
    path: str | os.PathLike[str], *, language: Language = "vi"
) -> CodedResults:
    """Read results of recommendations with their full codes.

    Parameters
    ----------
    path : path
        CSV in UTF-8 with the columns ``code``, ``status`` (``I`` implemented, ``N`` not),
        ``cost`` and ``saving`` (of a year, in the money of the cost; decimal point), perhaps
        ``name``. The names of the IAC database (``arc2``, ``impstatus``, ``impcost``,
        ``psaved``) are understood.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CodedResults
        Simple payback by code; quartiles by linear interpolation (type 7), from ten results on.

    Raises
    ------
    Refusal
        If a column is missing, or the codes are rounded to their first digit, as in copies of
        the IAC database: such a code names nothing.
    """
    raw = Path(path).read_bytes()
    text = raw.decode("utf-8-sig")
    first = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    heads = {str(name).strip().casefold(): str(name) for name in reader.fieldnames or ()}
    found = {field: heads[name] for field, names in _COLUMNS.items()
             for name in reversed(names) if name in heads}  # fmt: skip
    missing = [field for field in _COLUMNS if field not in found]
    if missing:
        _refuse("site.options_columns", language, name=Path(path).name, names=missing)
    named = next((heads[name] for name in _NAMES if name in heads), None)
    rows = list(reader)
    codes = {str(row[found["code"]] or "").strip() for row in rows} - {""}
    if codes and all(re.fullmatch(r"\d(\.0*)?", code) for code in codes):
        _refuse("site.options_rounded", language, name=Path(path).name, codes=sorted(codes)[:5])
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        groups.setdefault(str(row[found["code"]] or "").strip(), []).append(row)
    groups.pop("", None)
    made, without = [], 0
    for code, of_code in sorted(groups.items()):
        statuses = [str(row[found["status"]] or "").strip().casefold() for row in of_code]
        years = np.array([_ratio(row[found["cost"]], row[found["saving"]]) for row in of_code])
        known = years[~np.isnan(years)]
        without += len(years) - len(known)
        quartiles = np.quantile(known, [0.25, 0.5, 0.75]) if len(known) >= FEWEST else [np.nan] * 3
        name = next((row[named] for row in of_code if row[named]), "") if named else ""
        made.append({
            "code": code, "name": str(name), "recommended": len(of_code),
            "implemented": sum(status in _IMPLEMENTED for status in statuses),
            "not_implemented": sum(status in _NOT_IMPLEMENTED for status in statuses),
            "q25": float(quartiles[0]), "median": float(quartiles[1]),
            "q75": float(quartiles[2]),
        })  # fmt: skip
    return CodedResults(tuple(made), Path(path).name, hashlib.sha256(raw).hexdigest(), len(rows),
                        without)  # fmt: skip


def coded_table(results: CodedResults, language: Language) -> Table:
    """Return results by code as a table, those with most results first."""
    rows: Sequence[Mapping[str, Any]] = sorted(
        results.rows, key=lambda row: (-row["recommended"], row["code"]))
    columns = (Column("code", sentence("site.code", language)),
               Column("name", sentence("site.option", language)), *_figures(language))
    cells = tuple(
        (row["code"], row["name"],
         *_counts(row["recommended"], row["implemented"], row["not_implemented"], language),
         *(format_number(row[name], language, digits=2) for name in ("q25", "median", "q75")))
        for row in rows
    )  # fmt: skip
    note = sentence("site.few", language, fewest=FEWEST)
    return Table(sentence("site.coded_table", language), columns, cells, (note,))


def _ratio(cost: str | None, saving: str | None) -> float:
    """Return cost over saving of a year; nan where one is not known, or nothing is saved."""
    try:
        spent, saved = float(cost or "nan"), float(saving or "nan")
    except ValueError:
        return float("nan")
    return spent / saved if spent >= 0 and saved > 0 and np.isfinite(spent / saved) else np.nan


def _refuse(code: str, language: Language, **numbers: Any) -> None:
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
