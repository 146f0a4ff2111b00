"""An assessment as neutral tables and chart records, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.display.records import IntensityPair, PaybackStep, SavingBar
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import (
    band_text,
    money_text,
    payback_text,
    saving_text,
    sig,
    status_text,
)
from sxsh_audit.language.formatting import Language, format_date, format_number, round_figure
from sxsh_audit.language.messages import finding_sentences, sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["chart_subtitle", "intensity_pairs", "payback_steps", "savings_bars", "tables_of"]

FIGURES = 4
"""Significant digits of a specific consumption, unless more are needed."""

EDGE = 1e-12
"""Ends of a target are compared at this difference of fractions, as the status is."""

ROWS_SHOWN = 60
"""More rows than this are not read on a screen; ``to_frame()`` has them all."""


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _say(code: str, language: Language, **numbers: Any) -> str:
    return sentence(f"result.{code}", language, **numbers)


# -- units as shown ----------------------------------------------------------------------------


def shown_unit(result: Assessment, resource: str, unit: str | None) -> tuple[str, float]:
    """Return the unit in which the study wrote a resource, and canonical units per one."""
    usual = result.settings["display_units"].get(resource)
    return (usual["unit"], usual["factor"]) if unit and usual else (unit or "", 1.0)


def shown_intensity(result: Assessment, row: Mapping[str, Any]) -> tuple[str, float]:
    """Return the unit of a specific consumption as shown, and canonical units per one."""
    unit, factor = shown_unit(result, row["resource"], row["unit"])
    usual = result.settings["display_outputs"].get(row["facility"])
    if not row["output_unit"]:
        return unit, factor
    output, per = (usual["unit"], usual["factor"]) if usual else (row["output_unit"], 1.0)
    return f"{unit}/{output}", factor / per


def pair_digits(row: Mapping[str, Any], factor: float) -> int:
    """Digits at which the two printed figures tell the same story as the saving beside them."""
    before, after = _number(row["baseline"]) / factor, _number(row["reporting"]) / factor
    saving = _number(row["saving"])
    if math.isnan(saving):
        return FIGURES
    for digits in range(FIGURES, 13):
        b, c = (round_figure(value, digits) for value in (before, after))
        if b and _sides((b - c) / b, row) == _sides(saving, row):
            return digits
    return 13


def _sides(saving: float, row: Mapping[str, Any]) -> tuple[int, ...]:
    """On which side of each end of the target a saving lies; 0 on the end itself."""
    ends = [end for end in edges(row) if end is not None]
    return tuple((saving > end + EDGE) - (saving < end - EDGE) for end in ends)


def edges(row: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return the ends of the target that a printed saving must not cross."""
    return (0.0, row["low"], row["high"])


# -- tables ------------------------------------------------------------------------------------


def tables_of(result: Assessment, language: Language = "vi") -> list[Table]:
    """Return the tables that a person reads, in order: result, savings, options, findings."""
    several = len(result.verdict) > 1
    tables = [_summary(result, language)]
    if several:
        tables.append(_plants(result, language))
    if len(result.savings):
        tables.append(_savings(result, language, several))
    if len(result.groups) and result.settings["programme"]:
        tables.append(_groups(result, language, several))
    if len(result.options):
        tables.append(_options(result, language, several))
    if len(result.findings):
        tables.append(_findings(result, language))
    return tables


def _cut(rows: Sequence[tuple[str, ...]], language: Language, notes: list[str]) -> Any:
    if len(rows) > ROWS_SHOWN:
        notes.append(_say("more_rows", language, shown=ROWS_SHOWN, rows=len(rows)))
    return tuple(rows[:ROWS_SHOWN])


def _first(several: bool, language: Language) -> tuple[Column, ...]:
    return (Column("facility", _say("facility", language)),) if several else ()


def _summary(result: Assessment, language: Language) -> Table:
    settings, study = result.settings, result.study
    name = study["title"] or study["study"]
    rows: list[tuple[str, str]] = []
    periods = settings["periods"]
    for phase in ("baseline", "reporting"):
        if periods[phase]:
            rows.append((_say(phase, language), _period_text(periods[phase], language)))
    if settings["programme"]:
        title = settings["programme_title"][language]
        rows.append((_say("programme", language), f"{title} ({settings['legal_ref']})"))
        if settings["phase"]:
            band = band_text(settings["low"], settings["high"], language)
            phase_text = settings["phase_title"][language]
            read = "; ".join(
                sentence(f"programme.{key}_{settings[key]}", language)
                for key in ("basis", "edges", "anchor")
            )
            rows.append((_say("target", language), f"{band} · {phase_text}\n{read}"))
        if settings["as_if"]:
            rows.append((_say("note", language), _say("as_if", language)))
    else:
        rows.append((_say("programme", language), _say("no_programme", language)))
    if len(result.verdict) == 1:
        rows += _verdict_rows(result, language)
    elif len(result.verdict) > 1:
        counts: dict[str, int] = {}
        for row in result.verdict.rows:
            counts[row["status"] or ""] = counts.get(row["status"] or "", 0) + 1
        text = "; ".join(
            f"{status_text(status, language) or '–'}: {n}" for status, n in sorted(counts.items())
        )
        rows.append((_say("overall", language), text))
    columns = (Column("what", ""), Column("value", ""))
    return Table(_say("title", language, name=name), columns, tuple(rows))


def _plants(result: Assessment, language: Language) -> Table:
    """Overall result of each plant."""
    columns = (
        Column("facility", _say("facility", language)),
        Column("saving", _say("overall", language), "right", "number"),
        Column("status", _say("check", language), "left", "status"),
        Column("each", _say("rule_each", language), "right", "number"),
    )
    rows = [
        (
            plant_name(result, row["facility"]),
            saving_text(_number(row["saving"]), edges(row), language),
            said_status(result, row, language),
            saving_text(_number(row["each_saving"]), edges(row), language),
        )
        for row in result.verdict.rows
    ]
    notes: list[str] = []
    return Table(_say("plants", language), columns, _cut(rows, language, notes), tuple(notes))


def plant_name(result: Assessment, facility: str) -> str:
    """Key of a plant with its name, where the study gives one."""
    name = result.study["facilities"].get(facility, "")
    return f"{facility} · {name}" if name and name != facility else facility


def _period_text(period: Mapping[str, str], language: Language) -> str:
    import datetime as dt

    start, end = (dt.date.fromisoformat(period[key]) for key in ("start", "end"))
    return f"{format_date(start, language)} – {format_date(end, language)}"


def _verdict_rows(result: Assessment, language: Language) -> list[tuple[str, str]]:
    row = result.verdict.rows[0]
    rule = _say(f"rule_{row['rule']}", language)
    text = saving_text(_number(row["saving"]), edges(row), language)
    status = said_status(result, row, language)
    rows = [(_say("overall", language), f"{text}{' · ' + status if status else ''} ({rule})")]
    if row["lowest"] is not None and row["highest"] is not None:
        envelope = " … ".join(
            saving_text(_number(row[key]), edges(row), language) for key in ("lowest", "highest")
        )
        rows.append((_say("envelope", language), envelope))
    others = []
    for other in ("cost_weighted", "each", "energy_total"):
        saving = row[f"{other}_saving"]
        if other != row["rule"] and saving is not None:
            said = status_text(row[f"{other}_status"] or "", language, one_sided=_one_sided(row))
            figure = saving_text(_number(saving), edges(row), language)
            by = f" ({result.settings['factor_set']})" if other == "energy_total" else ""
            others.append(f"{_say(f'rule_{other}', language)}{by}: {figure}"
                          f"{' · ' + said if said else ''}")  # fmt: skip
    if others:
        rows.append((_say("other_rules", language), "\n".join(others)))
    if row["depends_on_rule"] is not None:
        code = "depends" if row["depends_on_rule"] else "independent"
        rows.append((_say("rule", language), _say(code, language)))
    energy = [r["energy_saving"] for r in result.savings.rows if r["energy_saving"] is not None]
    if energy:
        total = f"{sig(sum(energy), language)} {result.settings['energy_unit']}"
        rows.append((_say("energy_saved", language),
                     f"{total} ({result.settings['factor_set']})"))  # fmt: skip
    if row["worse"] and result.settings["programme"]:
        names = ", ".join(_say(f"group_{name}", language) for name in row["worse"].split(", "))
        rows.append((_say("worse_groups", language), names))
    return rows


def said_status(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Write a status; complete data outside every phase have no target, not too little data."""
    if row["status"] == "unknown" and result.settings["programme"] and not result.settings["phase"]:
        return _say("no_target", language)
    return status_text(row["status"] or "", language, one_sided=_one_sided(row))


def _one_sided(row: Mapping[str, Any]) -> bool:
    return row["low"] is not None and row["high"] is None


def _savings(result: Assessment, language: Language, several: bool) -> Table:
    checked = bool(result.settings["programme"])
    columns = (
        *_first(several, language),
        Column("resource", _say("resource", language)),
        Column("baseline", _say("before", language), "right", "number"),
        Column("reporting", _say("after", language), "right", "number"),
        Column("unit", _say("unit", language)),
        Column("saving", _say("saving", language), "right", "number"),
        *((Column("status", _say("check", language), "left", "status"),) if checked else ()),
        Column("absolute", _say("saved", language), "right", "number"),
        Column("money", _say("worth", language), "right", "number"),
    )
    rows, months = [], []
    currency = result.settings["currency"]
    for row in result.savings.rows:
        unit, factor = shown_intensity(result, row)
        digits = pair_digits(row, factor)
        own, own_factor = shown_unit(result, row["resource"], row["unit"])
        absolute = _number(row["absolute_saving"]) / own_factor
        cells = (
            result.label(row["resource"], language),
            sig(_number(row["baseline"]) / factor, language, digits),
            sig(_number(row["reporting"]) / factor, language, digits),
            unit_text(unit, language),
            saving_text(_number(row["saving"]), edges(row), language),
            *((said_status(result, row, language),) if checked else ()),
            f"{sig(absolute, language)} {unit_text(own, language)}",
            money_text(_number(row["money_saving"]), language, currency),
        )  # fmt: skip
        rows.append((row["facility"], *cells) if several else cells)
        months.append(_months_text(result, row, language, several))
    notes = sorted({text for text in months if text})
    stocked = ("fuel", "raw_material", "other_material")  # electricity and water keep no stock
    if any(row["purchases_only"] and row["category"] in stocked for row in result.savings.rows):
        notes.append(_say("purchases_only", language))
    return Table(_say("savings", language), columns, _cut(rows, language, notes), tuple(notes))


def _months_text(
    result: Assessment, row: Mapping[str, Any], language: Language, several: bool
) -> str:
    if not row["of_months_baseline"] or not row["of_months_reporting"]:
        return ""
    return _say(
        "months", language,
        resource=(f"{row['facility']}: " if several else "")
        + result.label(row["resource"], language),
        known0=row["months_baseline"], all0=row["of_months_baseline"],
        known1=row["months_reporting"], all1=row["of_months_reporting"],
    )  # fmt: skip


def _groups(result: Assessment, language: Language, several: bool) -> Table:
    columns = (
        *_first(several, language),
        Column("group", _say("group", language)),
        Column("saving", _say("saving", language), "right", "number"),
        Column("status", _say("check", language), "left", "status"),
    )
    band = (0.0, result.settings["low"], result.settings["high"])
    one_sided = band[1] is not None and band[2] is None
    rows: list[tuple[str, ...]] = []
    for row in result.groups.rows:
        cells = (
            _say(f"group_{row['group']}", language),
            saving_text(_number(row["saving"]), band, language),
            status_text(row["status"] or "", language, one_sided=one_sided),
        )
        rows.append((row["facility"], *cells) if several else cells)
    notes: list[str] = []
    return Table(_say("groups", language), columns, _cut(rows, language, notes), tuple(notes))


def _options(result: Assessment, language: Language, several: bool) -> Table:
    currency = result.settings["currency"]
    columns = (
        *_first(several, language),
        Column("rank", "#", "right", "number"),
        Column("option", _say("option", language)),
        Column("cost", _say("cost", language), "right", "number"),
        Column("annual", _say("annual_saving", language), "right", "number"),
        Column("payback", _say("payback", language), "right"),
    )
    rows: list[tuple[str, ...]] = []
    for row in result.options.rows:
        name = f"{row['option']} · {row['name']}" if row["name"] else str(row["option"])
        saving = money_text(_number(row["annual_saving"]), language, currency)
        cells = (
            "–" if row["rank"] is None else f"{row['rank']:.0f}", name,
            cost_text(row, language, currency),
            saving + ("*" if row["annualised"] else ""),
            payback_text(_number(row["years"]), row["payback_class"], language),
        )  # fmt: skip
        rows.append((row["facility"], *cells) if several else cells)
    notes: list[str] = []
    if any(row["annualised"] for row in result.options.rows):
        notes.append(_say("annualised", language))
    for total in result.option_totals.rows:
        if total["cost"] is None or several:
            continue
        notes.append(_say(
            "total", language, counted=total["counted"], left_out=total["left_out"],
            cost=money_text(total["cost"], language, currency),
            saving=money_text(total["annual_saving"], language, currency),
            payback=payback_text(_number(total["years"]), total["payback_class"], language),
        ))  # fmt: skip
    return Table(_say("options", language), columns, _cut(rows, language, notes), tuple(notes))


def cost_text(row: Mapping[str, Any], language: Language, currency: str) -> str:
    """Cost of an option as amount, range or class."""
    if row["cost"] is not None:
        return money_text(row["cost"], language, currency)
    if row["cost_high"] is not None:
        low = money_text(_number(row["cost_low"]), language, currency)
        return f"{low} – {money_text(row['cost_high'], language, currency)}"
    if row["cost_class"]:
        return _say(f"cost_{row['cost_class']}", language)
    return money_text(math.nan, language, currency)


def _findings(result: Assessment, language: Language) -> Table:
    columns = (
        Column("severity", _say("severity", language)),
        Column("place", _say("place", language)),
        Column("rule", _say("finding", language)),
        Column("fix", _say("fix", language)),
    )
    rows = []
    for item in result.findings:
        rule, fix = finding_sentences(item, language)
        place = item.place
        where = ", ".join(filter(None, (
            place.file, place.sheet,
            sentence("words.row", language, row=place.row) if place.row else "",
            place.column, place.facility if len(result.verdict) > 1 else "",
            result.label(place.resource, language) if place.resource else "",
        )))  # fmt: skip
        rows.append((_say(f"severity_{item.severity}", language), where, rule, fix))
    notes: list[str] = []
    return Table(_say("findings", language), columns, _cut(rows, language, notes), tuple(notes))


# -- chart records -----------------------------------------------------------------------------


def savings_bars(result: Assessment, language: Language = "vi") -> Sequence[SavingBar]:
    """Return a bar per resource and, where it was judged, the overall result."""
    bars = [
        SavingBar(
            _label(result, row, language), _number(row["saving"]), _chart_status(result, row),
            bool(row["counted"]), row["low"], row["high"],
        )
        for row in result.savings.rows
    ]  # fmt: skip
    if len(result.verdict) == 1 and result.settings["programme"]:
        row = result.verdict.rows[0]
        bars.append(SavingBar(_say("overall", language), _number(row["saving"]),
                              _chart_status(result, row), True, row["low"], row["high"],
                              overall=True))  # fmt: skip
    return bars


def _chart_status(result: Assessment, row: Mapping[str, Any]) -> str:
    """Status of a bar; empty where no target applies, so that nothing was checked."""
    if row["status"] == "unknown" and not result.settings["phase"]:
        return ""
    return row["status"] or ""


def intensity_pairs(result: Assessment, language: Language = "vi") -> Sequence[IntensityPair]:
    """Return specific consumption before and after, per resource."""
    pairs = []
    for row in result.savings.rows:
        unit, factor = shown_intensity(result, row)
        pairs.append(IntensityPair(
            _label(result, row, language), _number(row["baseline"]) / factor,
            _number(row["reporting"]) / factor, unit_text(unit, language),
            pair_digits(row, factor),
        ))  # fmt: skip
    return pairs


def payback_steps(result: Assessment, language: Language = "vi") -> Sequence[PaybackStep]:
    """Return the options, best first, and their total where there is more than one."""
    currency = result.settings["currency"]
    steps = [
        PaybackStep(
            str(row["option"]), row["name"] or "", _number(row["years"]), row["payback_class"],
            _number(row["cost"] if row["cost"] is not None else row["cost_high"]),
            _number(row["annual_saving"]), currency,
            "" if row["cost"] is not None else cost_text(row, language, currency),
        )
        for row in result.options.rows
    ]  # fmt: skip
    if len(result.option_totals) == 1 and result.option_totals.rows[0]["counted"] > 1:
        total = result.option_totals.rows[0]
        steps.append(PaybackStep(
            "", _say("all_options", language), _number(total["years"]), total["payback_class"],
            _number(total["cost"]), _number(total["annual_saving"]), currency, "", True,
        ))  # fmt: skip
    return steps


def chart_subtitle(result: Assessment, language: Language = "vi") -> str:
    """Return plant, programme and phase in one line."""
    settings = result.settings
    parts = [result.study["title"] or result.study["study"]]
    if settings["phase"]:
        parts.append(f"{settings['legal_ref']}, {settings['phase']}")
    if settings["as_if"]:
        parts.append(_say("for_reference", language))
    return " · ".join(part for part in parts if part)


def _label(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    label = result.label(row["resource"], language)
    return f"{row['facility']}: {label}" if len(result.verdict) > 1 else label


def format_plain(value: Any, language: Language) -> str:
    """Write a figure with every digit it needs, up to twelve."""
    return format_number(_number(value), language, digits=12)
