"""What ``study.toml`` (or the settings sheet of a workbook) says about a study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.errors import PeriodError, UnitError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.numbers import Locale
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.own_words import own_headings, own_spellings
from sxsh_audit.tables.schema import (
    TABLES,
    choice_words,
    plain_word,
    table_by_name,
)
from sxsh_audit.tables.settings_baseline import (
    BASELINE,
    BaseLoad,
    StandardConditions,
    read_baseline,
)
from sxsh_audit.tables.settings_emissions import EMISSION_SETTINGS, read_emission_setting
from sxsh_audit.tables.settings_economy import (
    ECONOMY,
    currency_of,
    read_economy,
    shown_whole,
    too_long,
)
from sxsh_audit.units import parse_unit

__all__ = ["FILE", "SETTING_KEYS", "StudySettings", "read_settings"]

FILE = "\0file"
"""Key under which the settings keep the name of a spellings file until it is read."""

MOST_LOOKED_FOR = 50
"""Unknown keys for which close ones are looked for."""
OVERALL_RULES = ("cost_weighted", "each", "energy_total")
LOCALES = ("vi", "en", "auto")


@dataclass(frozen=True, slots=True)
class StudySettings:
    """The settings of a study; every one has a default that guesses nothing.

    Parameters
    ----------
    study : str
        Short name of the study; by default that of its folder or workbook.
    title : str
        Title for what people read; by default `study`.
    facility : str
        Key of the plant where the tables name none.
    locale : {"auto", "vi", "en"}
        How numbers and dates are written in the files; ``auto`` refuses what has two readings.
    currency : str
        Money in which amounts without a unit are meant, such as ``VND``.
    programme : str
        Programme to check against: an id, or the name of a file beside the study.
    phase : str
        Phase of the programme to judge "as if", whatever the dates.
    sector : str
        Sector, for a programme whose target differs by sector and for published norms.
    overall : {"", "cost_weighted", "each", "energy_total"}
        Rule for the overall result; empty for the programme's own.
    factor_set : str
        Factor set for energy totals: an id, or the name of a file beside the study.
    quality : {"", "measured", "billed", "estimated", "nameplate"}
        Quality of every figure that states none; the Vietnamese words of the tables are read.
    output : str
        With several products: ``equivalence``, ``mass``, or the product that stands for the plant.
    baseline : Period or None
        Baseline period: a text such as ``2013``, or a table with ``start`` and ``end``.
    reporting : Period or None
        Reporting period, written like `baseline` and after it.
    files : mapping
        Name of the CSV file by table, where the name of the file does not say which table it is.
    columns : mapping
        By table, the column that each heading of your own means.
    spellings : mapping, or str
        Unit by spelling of your own; or the name of a file of them beside the study.
    report_date : date or None
        Date of the report, kept in the result.
    discount_rate : float or None
        Discount rate of a year: ``"10 %"`` or ``0.1``. None is assumed.
    inflation : float or None
        Inflation of a year, for a discount rate that is nominal.
    price_range : float or None
        How far prices may lie above or below the stated ones: ``"20 %"``.
    horizon : int or None
        Years over which options are compared, 1 to 100.
    budget : float or None
        Money that may be spent: an amount of `currency`, or a text such as ``500 triệu đồng``.
    reach : {"", "low", "high"} or float
        End of the programme's target that a set of options is to reach, or a saving of your own
        such as ``"8 %"``.
    best_by : {"", "npv", "money", "energy", "carbon"}
        What the best set of options under a budget has most of: net present value, or money,
        energy or tCO₂ saved a year.
    seed : int or None
        Number from which the draws of a simulation start, 0 or above.
    payback_limit : float or None
        Longest payback that is accepted: years, or a text such as ``18 tháng``.
    grid_year : int or None
        Year of the emission factor of the grid.
    emission_factors : str
        Name of a file of emission factors beside the study.
    screening : mapping
        Weights ``technical``, ``economic``, ``environmental`` of the scores of the options, and
        the scores from which one is to ``implement`` or to ``study`` further.
    confidence : float or None
        Confidence of the intervals, above 50 % and below 100 %: ``"90 %"``.
    baseline_model : str or mapping of str to str
        Model of the use of the baseline period: ``ratio``, ``base_load_ratio``, ``regression``,
        ``change_point`` or ``auto``, for all resources or by resource.
    adjust_to : {"", "forecast", "backcast", "standard"}
        Conditions of which period both are compared under.
    base_load : mapping of str to BaseLoad
        By resource, what is used without any output: a part of the use of the baseline period
        (``"30 %"``) or an amount (``"5.000 kWh/tháng"``).
    standard_conditions : StandardConditions or None
        Output a month and value of each driver, for ``adjust_to = "standard"``.
    earlier_saving : mapping of str to float
        By resource, the saving against the first baseline when this one was set: ``"4 %"``.
    fuel_factors : {"", "ipcc-2006"}
        Shipped set of CO₂ factors of fuels; none is used unless it is named.
    fuels : mapping of str to str
        By resource, which fuel of the set it is, where its name leaves a doubt:
        ``coal = "anthracite"``.
    heating_values : str
        Factor set with the heating values of the fuels, such as ``vn-tt20-2016``; empty for the
        net calorific values of the set itself.
    gwp : {"", "AR4", "AR5", "AR6"}
        Report of the IPCC whose global warming potentials refrigerants are weighed with.
    operating_months : tuple of int
        Calendar months in which a seasonal plant works: ``"11-4"`` is November to April. A use
        that is known for some of them is told for a year by them; without it, by twelve months.
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
    discount_rate: float | None = None
    inflation: float | None = None
    price_range: float | None = None
    horizon: int | None = None
    budget: float | None = None
    reach: str | float = ""
    best_by: str = ""
    seed: int | None = None
    payback_limit: float | None = None
    grid_year: int | None = None
    emission_factors: str = ""
    screening: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None
    baseline_model: str | Mapping[str, str] = ""
    adjust_to: str = ""
    base_load: Mapping[str, BaseLoad] = field(default_factory=dict)
    standard_conditions: StandardConditions | None = None
    earlier_saving: Mapping[str, float] = field(default_factory=dict)
    operating_months: tuple[int, ...] = ()
    fuel_factors: str = ""
    fuels: Mapping[str, str] = field(default_factory=dict)
    heating_values: str = ""
    gwp: str = ""


SETTING_KEYS: tuple[str, ...] = tuple(StudySettings.__dataclass_fields__)
_ONE_OF: dict[str, tuple[str, ...]] = {
    "locale": LOCALES,
    "overall": OVERALL_RULES,
    "quality": ("measured", "billed", "estimated", "nameplate"),
    "best_by": ("npv", "money", "energy", "carbon"),
}
_PERIODS = ("baseline", "reporting")
_MAPPINGS = ("files", "columns", "spellings")


def read_settings(
    record: Mapping[str, Any],
    file: str = "study.toml",
    places: Mapping[str, Place] | None = None,
) -> tuple[StudySettings, list[Finding]]:
    """Check the settings of a study.

    Parameters
    ----------
    record : mapping
        The parsed file. A key may also be written in Vietnamese (``kỳ nền``).
    file : str
        Name of the file, for the findings.
    places : mapping of str to Place, optional
        Where each key stands.

    Returns
    -------
    StudySettings, list of Finding
        What could be read, and all faults.
    """
    check = _SettingsCheck(file, places or {})
    unknown = 0
    for typed, value in record.items():
        key = choice_words("setting").get(plain_word(str(typed)), str(typed))
        if key in check.typed:
            place = check.places.get(str(typed)) or Place(file=file)
            check.findings.append(Finding("settings.twice", "error", place, str(typed),
                                          {"key": key}))  # fmt: skip
        elif key in SETTING_KEYS:
            check.named.setdefault(key, str(typed))
            check.typed.setdefault(key, value)
        else:
            unknown += 1
            close = nearest(str(typed), SETTING_KEYS, 3) if unknown <= MOST_LOOKED_FOR else ()
            near = close or SETTING_KEYS[:5]
            check.report("settings.unknown_key", str(typed), near=list(near))
    return check.read(), check.findings


class _SettingsCheck:
    """State of one reading of the settings."""

    def __init__(self, file: str, places: Mapping[str, Place]) -> None:
        self.file = file
        self.places = places
        self.findings: list[Finding] = []
        self.typed: dict[str, Any] = {}
        self.named: dict[str, str] = {}

    def report(self, code: str, key: str, value: object = "", **numbers: Any) -> None:
        first, dot, rest = key.partition(".")
        typed = self.named.get(first, first) + dot + rest
        place = self.places.get(typed) or self.places.get(self.named.get(first, first))
        place = place or Place(file=self.file)
        shown = _shown(value)
        if not place.column:  # in a workbook the key is the column, in a file it stands here
            shown = f"{typed} = {shown}" if shown else typed
        self.findings.append(Finding(code, "error", place, shown, {**numbers, "key": key}))

    def read(self) -> StudySettings:
        values: dict[str, Any] = {}
        for key, value in self.typed.items():
            read = self._value(key, value)
            if read is not None:
                values[key] = read
        self._check_mappings(values)
        self._check_currency(values)
        baseline, reporting = values.get("baseline"), values.get("reporting")
        if baseline and reporting and baseline.end >= reporting.start:
            self.report("settings.periods_overlap", "reporting", baseline=baseline.end.isoformat(),
                        reporting=reporting.start.isoformat())  # fmt: skip
        if values.get("adjust_to") == "standard" and "standard_conditions" not in self.typed:
            self.report("settings.no_standard", "adjust_to", "standard")
        return StudySettings(**values)

    def _value(self, key: str, value: Any) -> Any:
        if too_long(value) and key != "seed":
            self.report("number.out_of_range", key, value, text=shown_whole(value))
            return None
        if key in _PERIODS or key == "report_date":
            period = self._period(key, value)
            return period.end if period and key == "report_date" else period
        if key in ECONOMY:
            currency = currency_of(self.typed.get("currency", "VND"))
            return read_economy(key, value, self._locale(), currency, self.report)
        if key in BASELINE:
            return read_baseline(key, value, self._locale(), self.report)
        if key in EMISSION_SETTINGS:
            return read_emission_setting(key, value, self.report)
        if key in _MAPPINGS:
            if isinstance(value, Mapping):
                return {str(name): inner for name, inner in value.items()}
            if key == "spellings" and isinstance(value, str) and value.strip():
                return {FILE: value.strip()}  # a file of the shape of our own spellings
            code = "settings.not_spellings" if key == "spellings" else "settings.not_table"
            self.report(code, key, value)
            return None
        if isinstance(value, (Mapping, list, bool)) or value is None:
            self.report("settings.not_text", key, value)
            return None
        if key in _ONE_OF:
            word = _word(key, value)
            if word not in _ONE_OF[key]:
                choices = [f"{key}.{one}" if key == "quality" else one for one in _ONE_OF[key]]
                code = "settings.quality" if key == "quality" else "settings.choice"
                self.report(code, key, value, choices=choices)
                return None
            return word
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # 2014 in a cell of a workbook
        return _word(key, value)

    def _locale(self) -> Locale:
        typed = self.typed.get("locale", "auto")
        return typed if typed in LOCALES else "auto"

    def _period(self, key: str, value: Any) -> Period | None:
        """Read a period given as text, as a date, or as a table with start and end."""
        locale = self._locale()
        try:
            if not isinstance(value, Mapping):
                period = parse_period(value, locale)
                if key in _PERIODS and period.days == 1 and not isinstance(value, Period):
                    self.report("settings.one_day", key, value, day=period.start.isoformat())
                    return None
                return period
            if "start" not in value or "end" not in value or len(value) != 2:
                self.report("settings.period_table", key, ", ".join(map(str, value)))
                return None
            ends = []
            for name in ("start", "end"):
                try:
                    ends.append(parse_period(value[name], locale))
                except PeriodError as error:
                    self.report(error.code, f"{key}.{name}", value[name], **error.numbers)
            if len(ends) < 2:
                return None
            if ends[1].end < ends[0].start:
                self.report("settings.period_reversed", key, f"{value['start']} – {value['end']}")
                return None
            return Period(ends[0].start, ends[1].end)
        except PeriodError as error:
            self.report(error.code, key, value, **error.numbers)
        return None

    def _check_mappings(self, values: dict[str, Any]) -> None:
        for key in ("files", "columns"):
            kept = {}
            for name, inner in values.get(key, {}).items():
                spec = table_by_name(name)
                if spec is None:
                    near = list(nearest(name, TABLES, 3)) or list(TABLES)
                    self.report("settings.unknown_table", f"{key}.{name}", near=near)
                elif key == "files" and not (isinstance(inner, str) and inner.strip()):
                    self.report("settings.not_text", f"{key}.{name}", inner)
                elif key == "columns" and not isinstance(inner, Mapping):
                    self.report("settings.not_table", f"{key}.{name}", inner)
                elif key == "columns":
                    kept[spec.name] = own_headings(spec, name, inner, self.report)
                else:
                    kept[spec.name] = inner.strip()
            if key in values:
                values[key] = kept
        if "spellings" in values and FILE not in values["spellings"]:
            values["spellings"] = own_spellings(values["spellings"], self.report)

    def _check_currency(self, values: dict[str, Any]) -> None:
        if "currency" not in values:
            return
        try:
            unit = parse_unit(values["currency"])
        except UnitError:
            unit = None
        if unit is None or not unit.dimension.startswith("money") or unit.factor != 1:
            self.report("settings.currency", "currency", values.pop("currency"))
        else:
            values["currency"] = unit.canonical


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(map(str, value)) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if too_long(value):
        return shown_whole(value)  # type: ignore[arg-type]
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _word(key: str, value: object) -> str:
    """Return a choice; it may be written in Vietnamese as in the tables."""
    text = " ".join(str(value).split())
    listed = {"quality": "quality", "overall": "overall", "output": "output_rule",
              "best_by": "best_by"}.get(key)  # fmt: skip
    return choice_words(listed).get(plain_word(text), text) if listed else text
