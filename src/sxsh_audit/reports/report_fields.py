"""Headline figures of an assessment by name, for the fields of a department's template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import edges, number
from sxsh_audit.assessment.views import said_status
from sxsh_audit.display.wording import band_text, money_text, payback_text, saving_text, sig
from sxsh_audit.language.formatting import Language, check_language, format_date, format_number
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["REPORT_FIELDS", "report_fields"]

BLANK = "……"
"""What is not known stands as dots, to be filled in by hand."""

REPORT_FIELDS = (
    "plant", "address", "province", "sector", "employees", "report_date", "baseline_period",
    "reporting_period", "programme", "legal_ref", "phase", "target", "saving", "status", "rule",
    "money_saved", "energy_saved", "options_count", "options_cost", "options_saving",
    "options_payback", "version",
)  # fmt: skip
"""Names of the fields, the same in both languages."""


def report_fields(assessment: Assessment, language: Language = "vi") -> dict[str, str]:
    """Return what a template can say of an assessment within a line.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    language : {"vi", "en"}
        Language of numbers and words.

    Returns
    -------
    dict of str to str
        Text by field; dots where the assessment does not hold it. Of several plants the saving
        and the verdict are left blank: there is no single one.

    Examples
    --------
    >>> from sxsh_audit import Study, assess
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> fields = report_fields(assess(study, programme="vn-qb-2384", phase="2016-2020"))
    >>> fields["plant"], fields["saving"], fields["target"], fields["address"]
    ('Xưởng đúc', '8,3 %', '8–13 %', '……')
    """
    language = check_language(language)
    found = dict.fromkeys(REPORT_FIELDS, "")
    found |= _plant(assessment, language) | _rules(assessment, language)
    if len(assessment.verdict) == 1:
        found |= _verdict(assessment, language)
    found |= _options(assessment, language)
    found["version"] = assessment.version
    return {name: text or BLANK for name, text in found.items()}


def _plant(result: Assessment, language: Language) -> dict[str, str]:
    study, rows = result.study, result.verdict.rows
    one = str(rows[0]["facility"]) if len(rows) == 1 else ""
    recorded: Mapping[str, Any] = next(
        (row for row in study.get("recorded", {}).get("plants", ()) if row.get("facility") == one),
        {},
    )
    day = study["report_date"]
    return {
        "plant": str(study["facilities"].get(one) or study["title"] or study["study"]),
        **{name: str(recorded.get(name, "")) for name in ("address", "province", "sector")},
        "employees": format_number(recorded["employees"], language) if "employees" in recorded
        else "",
        "report_date": format_date(dt.date.fromisoformat(day), language) if day else "",
    }  # fmt: skip


def _rules(result: Assessment, language: Language) -> dict[str, str]:
    settings = result.settings
    found = {f"{phase}_period": _period(settings["periods"].get(phase), language)
             for phase in ("baseline", "reporting")}  # fmt: skip
    if settings["programme"]:
        found["programme"] = settings["programme_title"][language]
        found["legal_ref"] = settings["legal_ref"]
        if settings["phase"]:
            found["phase"] = settings["phase_title"][language]
            found["target"] = band_text(settings["low"], settings["high"], language)
    return found


def _period(period: Mapping[str, str] | None, language: Language) -> str:
    if not period:
        return ""
    start, end = (format_date(dt.date.fromisoformat(period[key]), language)
                  for key in ("start", "end"))  # fmt: skip
    return f"{start} – {end}"


def _verdict(result: Assessment, language: Language) -> dict[str, str]:
    row = result.verdict.rows[0]
    found = {"status": said_status(result, row, language)}
    if row["saving"] is not None:
        found["saving"] = saving_text(number(row["saving"]), edges(row), language)
    rules = {
        "cost_weighted": "result.rule_cost_weighted", "each": "result.rule_each",
        "energy_total": "result.rule_energy_total",
    }  # fmt: skip
    found["rule"] = sentence(rules[str(row["rule"])], language)
    money = [one["money_saving"] for one in result.savings.rows if one["money_saving"] is not None]
    energy = [one["energy_saving"] for one in result.savings.rows
              if one["energy_saving"] is not None]  # fmt: skip
    if money:
        found["money_saved"] = money_text(sum(money), language, result.settings["currency"])
    if energy:
        found["energy_saved"] = f"{sig(sum(energy), language)} {result.settings['energy_unit']}"
    return found


def _options(result: Assessment, language: Language) -> dict[str, str]:
    found = {"options_count": sig(len(result.options), language)}
    if len(result.option_totals) != 1:
        return found
    row, currency = result.option_totals.rows[0], result.settings["currency"]
    for name in ("cost", "annual_saving"):
        if row[name] is not None:
            field = "options_cost" if name == "cost" else "options_saving"
            found[field] = money_text(number(row[name]), language, currency)
    found["options_payback"] = payback_text(number(row["years"]), str(row["payback_class"]),
                                            language)  # fmt: skip
    return found
