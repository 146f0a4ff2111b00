"""The tables that the site offers for download, as it shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sxsh_audit.data import load_rows
from sxsh_audit.reports.site.downloads import DataFile
from sxsh_audit.reports.site.pages import Gathered

__all__ = ["data_files"]

CASES = {
    "establishment": ("string", "site_data.col_establishment"),
    "name": ("string", "site_data.col_name"),
    "sector": ("string", "site_data.col_sector"),
    "district": ("string", "site_data.col_district"),
    "study": ("string", "site_data.col_study"),
    "resource": ("string", "site_data.col_resource"),
    "unit": ("string", "site_data.col_unit"),
    "output_unit": ("string", "site_data.col_output_unit"),
    "baseline": ("number", "site_data.col_baseline"),
    "reporting": ("number", "site_data.col_reporting"),
    "output_reporting": ("number", "site_data.col_output"),
    "saving": ("number", "site_data.col_saving"),
    "absolute_saving": ("number", "site_data.col_absolute"),
    "status": ("string", "site_data.col_status"),
    "money_saving": ("number", "site_data.col_money"),
    "currency": ("string", "site_data.col_currency"),
    "overall_saving": ("number", "site_data.col_overall"),
    "overall_status": ("string", "site_data.col_overall_status"),
    "start": ("string", "site_data.col_start"),
    "end": ("string", "site_data.col_end"),
}

OPTIONS = {
    "establishment": ("string", "site_data.col_establishment"),
    "name": ("string", "site_data.col_name"),
    "study": ("string", "site_data.col_study"),
    "option": ("string", "site_data.col_option"),
    "option_name": ("string", "site_data.col_option_name"),
    "cost": ("number", "site_data.col_cost"),
    "annual_saving": ("number", "site_data.col_annual"),
    "years": ("number", "site_data.col_years"),
    "payback_class": ("string", "site_data.col_payback_class"),
    "currency": ("string", "site_data.col_currency"),
}

STREAMS = {
    "stream": ("string", "site_data.col_stream"),
    "label_vi": ("string", "site_data.col_label"),
    "label_en": ("string", "site_data.col_label"),
    "codes": ("string", "site_data.col_codes"),
    "recommended": ("integer", "site.recommended"),
    "implemented": ("integer", "site.implemented"),
    "not_implemented": ("integer", "site_data.col_not_implemented"),
    "years_q25": ("number", "site.q25"),
    "years_median": ("number", "site.median"),
    "years_q75": ("number", "site.q75"),
    "done_years_q25": ("number", "site_data.col_done_q25"),
    "done_years_median": ("number", "site.done_median"),
    "done_years_q75": ("number", "site_data.col_done_q75"),
    "first_year": ("integer", "site_data.col_first_year"),
    "last_year": ("integer", "site_data.col_last_year"),
    "source": ("string", "site_data.col_source"),
}


TARGETS = {
    "phase": ("string", "site_data.col_phase"),
    "indicator": ("string", "site_data.col_indicator"),
    "denominator": ("string", "site_data.col_denominator"),
    "low": ("number", "site_data.col_low"),
    "high": ("number", "site_data.col_high"),
    "yes": ("integer", "site_data.col_yes"),
    "no": ("integer", "site_data.col_no"),
    "unknown": ("integer", "site_data.col_unknown"),
    "base": ("integer", "site_data.col_base"),
    "share": ("number", "site_data.col_share"),
}

GROUPS = {
    "grouping": ("string", "site_data.col_grouping"),
    "group": ("string", "site_data.col_group"),
    "total": ("integer", "site_data.col_total"),
    "applying": ("integer", "site_data.col_applying"),
}

SAVINGS = {
    "resource": ("string", "site_data.col_resource"),
    "unit": ("string", "site_data.col_unit"),
    "saved": ("number", "site_data.col_absolute"),
    "adjusted_baseline": ("number", "site_data.col_adjusted"),
    "saving": ("number", "site_data.col_saving_sum"),
}


def data_files(shown: Gathered) -> list[DataFile]:
    """Return the tables for download: nothing that the pages do not show.

    Parameters
    ----------
    shown : Gathered
        What the site shows.
    """
    found = shown.overview
    targets = [
        {**{name: one.row.get(name) for name in TARGETS}, "yes": one.yes, "no": one.no,
         "unknown": one.unknown, "base": one.base, "share": one.share} for one in found.targets
    ]
    groups = [{name: getattr(one, name) for name in GROUPS} for one in found.groups]
    savings = [{name: getattr(one, name) for name in SAVINGS} for one in found.savings]
    return [
        DataFile("targets", "site_data.file_targets", "site_data.file_targets_told", TARGETS,
                 _frame(targets, TARGETS)),
        DataFile("groups", "site_data.file_groups", "site_data.file_groups_told", GROUPS,
                 _frame(groups, GROUPS)),
        DataFile("savings", "site_data.file_savings", "site_data.file_savings_told", SAVINGS,
                 _frame(savings, SAVINGS)),
        DataFile("cases", "site_data.file_cases", "site_data.file_cases_told", CASES,
                 _cases(shown)),
        DataFile("options", "site_data.file_options", "site_data.file_options_told", OPTIONS,
                 _options(shown)),
        DataFile("iac-streams", "site_data.file_iac", "site_data.file_iac_told", STREAMS,
                 _streams()),
    ]  # fmt: skip


def _cases(shown: Gathered) -> pd.DataFrame:
    rows = []
    for case in shown.cases:
        settings = case.part.settings
        period = settings["periods"].get("reporting") or {}
        own = {
            "establishment": case.code, "name": case.title, "district": case.place,
            "sector": case.sector.id if case.sector else case.establishment["sector"],
            "study": case.part.study["study"], "currency": settings["currency"],
            "overall_saving": case.verdict.get("saving"),
            "overall_status": case.verdict.get("status"),
            "start": period.get("start"), "end": period.get("end"),
        }  # fmt: skip
        rows += [{**{name: row.get(name) for name in CASES}, **own}
                 for row in case.part.savings.rows]  # fmt: skip
    return _frame(rows, CASES)


def _options(shown: Gathered) -> pd.DataFrame:
    rows = [
        {**{name: row.get(name) for name in OPTIONS}, "establishment": case.code,
         "name": case.title, "study": case.part.study["study"], "option_name": row["name"],
         "currency": case.part.settings["currency"],
         "years": row["years"] if row["payback_class"] == "years" else None}
        for case in shown.cases for row in case.part.options.rows
    ]  # fmt: skip
    return _frame(rows, OPTIONS)


def _streams() -> pd.DataFrame:
    rows = [{name: (float(row[name]) if row[name] else None)
             if kind in ("number", "integer") else row[name]
             for name, (kind, _) in STREAMS.items()} for row in load_rows("iac_streams.csv")]
    return _frame(rows, STREAMS)


def _frame(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    """Return rows with their kinds; an empty table has its columns too."""
    return pd.DataFrame({
        name: pd.Series(
            [None if row[name] is None else row[name] for row in rows],
            dtype=float if kind == "number" else "Int64" if kind == "integer" else object)
        for name, (kind, _) in columns.items()
    })  # fmt: skip
