"""What ``study.toml`` (or the settings sheet of a workbook) says about a study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.errors import PeriodError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.schema import TABLES, choice_words, plain_word, table_spec

__all__ = ["SETTING_KEYS", "StudySettings", "read_settings"]

OVERALL_RULES = ("cost_weighted", "each", "energy_total")
LOCALES = ("vi", "en", "auto")


@dataclass(frozen=True, slots=True)
class StudySettings:
    """The settings of a study; every one has a default that guesses nothing.

    Parameters
    ----------
    study : str
        Identifier of the study.
    title : str
        Title for documents.
    facility : str
        Key of the plant where tables name none.
    locale : {"auto", "vi", "en"}
        How numbers and dates are written in the files.
    currency : str
        Money in which amounts without a unit are meant, such as ``VND``.
    programme, phase, sector : str
        Programme to check against (id, or path of a file), phase to judge "as if", sector.
    overall : {"", "cost_weighted", "each", "energy_total"}
        Rule for the overall result; empty for the programme's own.
    factor_set : str
        Factor set for energy totals (id, or path of a file).
    quality : {"", "measured", "billed", "estimated", "nameplate"}
        Quality of every figure that states none.
    output : str
        With several products: ``equivalence``, ``mass``, or the product that stands for the plant.
    baseline, reporting : Period or None
        The two periods.
    files, columns, spellings : mapping
        File or sheet by table; field by heading, by table; canonical unit by own spelling.
    report_date : date or None
        Date of the documents.
    """

    study: str = ""
    title: str = ""
    facility: str = ""
    locale: str = "auto"
    currency: str = "VND"
    programme: str = ""
    phase: str = ""
    sector: str = ""
    overall: str = ""
    factor_set: str = ""
    quality: str = ""
    output: str = ""
    baseline: Period | None = None
    reporting: Period | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    report_date: dt.date | None = None


SETTING_KEYS: tuple[str, ...] = tuple(StudySettings.__dataclass_fields__)
_ONE_OF: dict[str, tuple[str, ...]] = {
    "locale": LOCALES,
    "overall": OVERALL_RULES,
    "quality": ("measured", "billed", "estimated", "nameplate"),
}
_PERIODS = ("baseline", "reporting")
_MAPPINGS = ("files", "columns", "spellings")


def read_settings(
    record: Mapping[str, Any], file: str = "study.toml"
) -> tuple[StudySettings, list[Finding]]:
    """Check the settings of a study.

    Parameters
    ----------
    record : mapping
        The parsed file.
    file : str
        Name of the file, for the findings.

    Returns
    -------
    StudySettings, list of Finding
        What could be read, and all faults.
    """
    findings: list[Finding] = []
    values: dict[str, Any] = {}

    def report(code: str, key: str, value: object = "", **numbers: Any) -> None:
        place = Place(file=file, column=key)
        shown = "" if value == "" else str(value)
        findings.append(Finding(code, "error", place, shown, numbers))

    locale = str(record.get("locale", "auto"))
    for key, value in record.items():
        if key not in SETTING_KEYS:
            near = nearest(key, SETTING_KEYS, 1)
            report("settings.unknown_key", key, near=near[0] if near else "study")
        elif key in _PERIODS:
            period = _period(value, locale, lambda text, why, k=key: report(
                "settings.period", k, text, reason=why))  # fmt: skip
            if period is not None:
                values[key] = period
        elif key in _MAPPINGS:
            if isinstance(value, Mapping):
                values[key] = value
            else:
                report("settings.not_table", key, value)
        elif key == "report_date":
            period = _period(value, locale, lambda text, why, k=key: report(
                "settings.period", k, text, reason=why))  # fmt: skip
            if period is not None:
                values[key] = period.end
        elif isinstance(value, (Mapping, list)):
            report("settings.not_text", key, value)
        elif key in _ONE_OF and _word(key, value) not in _ONE_OF[key]:
            report("settings.choice", key, value, choices=list(_ONE_OF[key]))
        else:
            values[key] = _word(key, value) if key in _ONE_OF else str(value).strip()
    _check_mappings(values, report)
    baseline, reporting = values.get("baseline"), values.get("reporting")
    if baseline and reporting and baseline.end >= reporting.start:
        report("settings.periods_overlap", "reporting", baseline=baseline.end.isoformat(),
               reporting=reporting.start.isoformat())  # fmt: skip
    return StudySettings(**values), findings


def _word(key: str, value: object) -> str:
    """A choice of the settings; a quality may be written in Vietnamese as in the tables."""
    text = str(value).strip()
    return choice_words("quality").get(plain_word(text), text) if key == "quality" else text


def _check_mappings(values: dict[str, Any], report: Any) -> None:
    for key in ("files", "columns"):
        for table in list(values.get(key, {})):
            if table not in TABLES:
                near = nearest(str(table), TABLES, 1)
                report("settings.unknown_table", f"{key}.{table}", near=near[0] if near else "")
                values[key] = {k: v for k, v in values[key].items() if k != table}
    for table, columns in values.get("columns", {}).items():
        if not isinstance(columns, Mapping):
            report("settings.not_table", f"columns.{table}", columns)
            values["columns"] = {k: v for k, v in values["columns"].items() if k != table}
            continue
        fields = table_spec(table).fields
        for heading, name in columns.items():
            if name not in fields:
                near = nearest(str(name), tuple(fields), 1)
                report("settings.unknown_field", f"columns.{table}.{heading}", name,
                       near=near[0] if near else "")  # fmt: skip


def _period(value: Any, locale: str, report: Any) -> Period | None:
    """A period given as text, as a date, or as a table with start and end."""
    try:
        if isinstance(value, Mapping):
            start = parse_period(value["start"], locale)
            end = parse_period(value["end"], locale)
            if end.end < start.start:
                report(f"{value['start']} – {value['end']}", "start > end")
                return None
            return Period(start.start, end.end)
        return parse_period(value, locale)
    except KeyError as missing:
        report(str(dict(value)), f"{missing.args[0]}?")
    except PeriodError as error:
        report(str(value), str(error))
    return None
