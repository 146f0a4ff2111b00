"""What a register states beside its tables: programme, province, agency, year, day of receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.errors import PeriodError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.periods import parse_period
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.amounts import Reading
from sxsh_audit.tables.districts import Province, agency_by_name, province_by_name, province_of
from sxsh_audit.tables.raw import key_text
from sxsh_audit.tables.register_cells import FIRST_YEAR, LAST_YEAR
from sxsh_audit.tables.schema import choice_keys, choice_words, plain_word

__all__ = ["RegisterSettings", "read_register_settings"]

DAYS = ("received", "as_of")
OWN_TABLES = ("columns", "files")
LOCALES = ("auto", "vi", "en")


@dataclass(frozen=True, slots=True)
class RegisterSettings:
    """Settings of a register, checked.

    Parameters
    ----------
    values : mapping of str to str
        Texts by key; days as ``2014-11-20``.
    columns, files : mapping
        The user's own headings by table, and file names by table.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def province(self) -> Province | None:
        """The province, if its districts are known."""
        named = self.values.get("province", "")
        return province_by_name(named) if named else province_of(self.values.get("programme", ""))

    @property
    def agency(self) -> str:
        """Who reports; empty for the register of the province itself."""
        return self.values.get("agency", "")

    @property
    def year(self) -> float:
        """Year of the report; nan where none is stated."""
        return float(self.values.get("year", "nan"))

    @property
    def as_of(self) -> dt.date | None:
        """Day of the list; None where none is stated."""
        text = self.values.get("as_of", "")
        return dt.date.fromisoformat(text) if text else None

    @property
    def reading(self) -> Reading:
        """How the cells are to be read."""
        return Reading(self.values.get("locale", "auto"), columns=self.columns)


def read_register_settings(
    record: Mapping[str, Any], file: str, places: Mapping[str, Place]
) -> tuple[RegisterSettings, list[Finding]]:
    """Check the settings of a register.

    Parameters
    ----------
    record : mapping
        Keys and values as typed; a key may be written in Vietnamese.
    file : str
        Name of the file, for the findings.
    places : mapping of str to Place
        Where each key stands.

    Returns
    -------
    RegisterSettings, list of Finding
        What could be read, and all faults.
    """
    values: dict[str, str] = {}
    tables: dict[str, dict[str, Any]] = {}
    findings: list[Finding] = []
    for typed, cell in record.items():
        place = places.get(typed, Place(file=file))
        key = choice_words("register_setting").get(plain_word(typed), typed)
        if key in OWN_TABLES and isinstance(cell, Mapping):
            tables[key] = dict(cell)
            continue
        text = _text(cell)
        if key not in choice_keys("register_setting"):
            near = nearest(plain_word(typed), choice_words("register_setting"), 3)
            keys = dict.fromkeys(choice_words("register_setting")[word] for word in near)
            findings.append(Finding("register.unknown_setting", "warning", place, typed,
                                    {"near": list(keys) or [*choice_keys("register_setting")]}))
        elif key in values:
            findings.append(Finding("settings.twice", "error", place, text, {"key": typed}))
        elif text:
            values[key] = text
            code = _fault(key, cell, values)
            if code:
                values.pop(key)
                findings.append(Finding(code, "error", place, text,
                                        {"near": list(LOCALES)}))  # fmt: skip
    columns = {str(name): {str(k): str(v) for k, v in own.items()}
               for name, own in tables.get("columns", {}).items()
               if isinstance(own, Mapping)}  # fmt: skip
    files = {str(name): str(value) for name, value in tables.get("files", {}).items()}
    return RegisterSettings(values, columns, files), findings


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    return key_text(cell)


def _fault(key: str, cell: Any, values: dict[str, str]) -> str:
    """Write the value of `key` as it is kept; return the code of its fault, or nothing."""
    text = values[key]
    if key == "agency":
        values[key] = agency_by_name(text)
    elif key == "province":
        found = province_by_name(text)
        values[key] = found.name if found else text
    elif key == "locale" and text not in LOCALES:
        return "register.locale"
    elif key == "year":
        if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
            return "register.year"
    elif key in DAYS:
        try:
            period = parse_period(cell if isinstance(cell, dt.date) else text, "vi")
        except PeriodError:
            return "register.day"
        if period.start != period.end:
            return "register.day"
        values[key] = period.start.isoformat()
    return ""
