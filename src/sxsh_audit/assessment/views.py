"""An assessment as neutral tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.baselines.views import baseline_views
from sxsh_audit.assessment.flows.views import flow_views
from sxsh_audit.assessment.investment.views import investment_tables
from sxsh_audit.assessment.shown import (
    cost_text,
    edges,
    number,
    pair_digits,
    plant_name,
    say,
    shown_intensity,
    shown_unit,
)
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
from sxsh_audit.language.formatting import Language, format_date
from sxsh_audit.language.messages import finding_sentences, sentence
from sxsh_audit.language.text import shown

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = [
    "findings_table", "groups_table", "options_table", "plants_table", "savings_table",
    "summary_table", "tables_of",
]  # fmt: skip

ROWS_SHOWN = 60
"""More rows than this are not read on a screen; ``to_frame()`` has them all."""


def tables_of(result: Assessment, language: Language = "vi") -> list[Table]:
    """Return the tables that a person reads, in order: result, savings, options, findings."""
    several = len(result.verdict) > 1
    tables = [summary_table(result, language)]
    if several:
        tables.append(plants_table(result, language))
    if len(result.savings):
        tables.append(savings_table(result, language, several))
    if len(result.groups) and result.settings["programme"]:
        tables.append(groups_table(result, language, several))
    tables += baseline_views(result, language)
    tables += flow_views(result, language)
    if len(result.options):
        tables.append(options_table(result, language, several))
    tables += investment_tables(result, language)
    if len(result.findings):
        tables.append(findings_table(result, language))
    return tables


def _cut(rows: Sequence[tuple[str, ...]], language: Language, notes: list[str]) -> Any:
    if len(rows) > ROWS_SHOWN:
        notes.append(say("more_rows", language, shown=ROWS_SHOWN, rows=len(rows)))
    return tuple(rows[:ROWS_SHOWN])


def _first(several: bool, language: Language) -> tuple[Column, ...]:
    return (Column("facility", say("facility", language)),) if several else ()


def summary_table(result: Assessment, language: Language) -> Table:
    """Lay out programme, target and overall result."""
    settings, study = result.settings, result.study
    name = study["title"] or study["study"]
    rows: list[tuple[str, str]] = []
    periods = settings["periods"]
    for phase in ("baseline", "reporting"):
        if periods[phase]:
            rows.append((say(phase, language), _period_text(periods[phase], language)))
    if settings["programme"]:
        title = settings["programme_title"][language]
        rows.append((say("programme", language), f"{title} ({settings['legal_ref']})"))
        if settings["phase"]:
            band = band_text(settings["low"], settings["high"], language)
            phase_text = settings["phase_title"][language]
            read = "; ".join(
                sentence(f"programme.{key}_{settings[key]}", language)
                for key in ("basis", "edges", "anchor")
            )
            rows.append((say("target", language), f"{band} · {phase_text}\n{read}"))
        if settings["as_if"]:
            rows.append((say("note", language), say("as_if", language)))
    else:
        rows.append((say("programme", language), say("no_programme", language)))
    if len(result.verdict) == 1:
        rows += _verdict_rows(result, language)
    elif len(result.verdict) > 1:
        counts: dict[str, int] = {}
        for row in result.verdict.rows:
            counts[row["status"] or ""] = counts.get(row["status"] or "", 0) + 1
        text = "; ".join(
            f"{status_text(status, language) or '–'}: {n}" for status, n in sorted(counts.items())
        )
        rows.append((say("overall", language), text))
    columns = (Column("what", ""), Column("value", ""))
    return Table(say("title", language, name=name), columns, tuple(rows))


def plants_table(result: Assessment, language: Language) -> Table:
    """Overall result of each plant."""
    columns = (
        Column("facility", say("facility", language)),
        Column("saving", say("overall", language), "right", "number"),
        Column("status", say("check", language), "left", "status"),
        Column("each", say("rule_each", language), "right", "number"),
    )
    rows = [
        (
            plant_name(result, row["facility"]),
            saving_text(number(row["saving"]), edges(row), language),
            said_status(result, row, language),
            saving_text(number(row["each_saving"]), edges(row), language),
        )
        for row in result.verdict.rows
    ]
    notes: list[str] = []
    return Table(say("plants", language), columns, _cut(rows, language, notes), tuple(notes))


def _period_text(period: Mapping[str, str], language: Language) -> str:
    import datetime as dt

    start, end = (dt.date.fromisoformat(period[key]) for key in ("start", "end"))
    return f"{format_date(start, language)} – {format_date(end, language)}"


def _verdict_rows(result: Assessment, language: Language) -> list[tuple[str, str]]:
    row = result.verdict.rows[0]
    rule = say(f"rule_{row['rule']}", language)
    text = saving_text(number(row["saving"]), edges(row), language)
    status = said_status(result, row, language)
    rows = [(say("overall", language), f"{text}{' · ' + status if status else ''} ({rule})")]
    if row["lowest"] is not None and row["highest"] is not None:
        envelope = " … ".join(
            saving_text(number(row[key]), edges(row), language) for key in ("lowest", "highest")
        )
        rows.append((say("envelope", language), envelope))
    others = []
    for other in ("cost_weighted", "each", "energy_total"):
        saving = row[f"{other}_saving"]
        if other != row["rule"] and saving is not None:
            said = status_text(row[f"{other}_status"] or "", language, one_sided=_one_sided(row))
            figure = saving_text(number(saving), edges(row), language)
            by = f" ({result.settings['factor_set']})" if other == "energy_total" else ""
            others.append(f"{say(f'rule_{other}', language)}{by}: {figure}"
                          f"{' · ' + said if said else ''}")  # fmt: skip
    if others:
        rows.append((say("other_rules", language), "\n".join(others)))
    if row["depends_on_rule"] is not None:
        code = "depends" if row["depends_on_rule"] else "independent"
        rows.append((say("rule", language), say(code, language)))
    energy = [r["energy_saving"] for r in result.savings.rows if r["energy_saving"] is not None]
    if energy:
        total = f"{sig(sum(energy), language)} {result.settings['energy_unit']}"
        rows.append((say("energy_saved", language),
                     f"{total} ({result.settings['factor_set']})"))  # fmt: skip
    if row["worse"] and result.settings["programme"]:
        names = ", ".join(say(f"group_{name}", language) for name in row["worse"].split(", "))
        rows.append((say("worse_groups", language), names))
    return rows


def said_status(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Write a status; complete data outside every phase have no target, not too little data."""
    if row["status"] == "unknown" and result.settings["programme"] and not result.settings["phase"]:
        return say("no_target", language)
    return status_text(row["status"] or "", language, one_sided=_one_sided(row))


def _one_sided(row: Mapping[str, Any]) -> bool:
    return row["low"] is not None and row["high"] is None


def savings_table(result: Assessment, language: Language, several: bool) -> Table:
    """Lay out specific consumption, saving and worth of each resource."""
    checked = bool(result.settings["programme"])
    columns = (
        *_first(several, language),
        Column("resource", say("resource", language)),
        Column("baseline", say("before", language), "right", "number"),
        Column("reporting", say("after", language), "right", "number"),
        Column("unit", say("unit", language)),
        Column("saving", say("saving", language), "right", "number"),
        *((Column("status", say("check", language), "left", "status"),) if checked else ()),
        Column("absolute", say("saved", language), "right", "number"),
        Column("money", say("worth", language), "right", "number"),
    )
    rows, months = [], []
    currency = result.settings["currency"]
    for row in result.savings.rows:
        unit, factor = shown_intensity(result, row)
        digits = pair_digits(row, factor)
        own, own_factor = shown_unit(result, row["resource"], row["unit"])
        absolute = number(row["absolute_saving"]) / own_factor
        cells = (
            result.label(row["resource"], language),
            sig(number(row["baseline"]) / factor, language, digits),
            sig(number(row["reporting"]) / factor, language, digits),
            unit_text(unit, language),
            saving_text(number(row["saving"]), edges(row), language),
            *((said_status(result, row, language),) if checked else ()),
            f"{sig(absolute, language)} {unit_text(own, language)}",
            money_text(number(row["money_saving"]), language, currency),
        )  # fmt: skip
        rows.append((row["facility"], *cells) if several else cells)
        months.append(_months_text(result, row, language, several))
    notes = list(dict.fromkeys(text for text in months if text))  # in the order of the rows
    stocked = ("fuel", "raw_material", "other_material")  # electricity and water keep no stock
    kept = [row for row in result.savings.rows if row["category"] in stocked]
    bought = [row for row in kept if row["purchases_only"]]
    if bought and len(bought) == len(kept):
        notes.append(say("purchases_only", language))
    elif bought:
        names = dict.fromkeys(result.label(row["resource"], language) for row in bought)
        notes.append(say("purchases_only_of", language, names=list(names)))
    return Table(say("savings", language), columns, _cut(rows, language, notes), tuple(notes))


def _months_text(
    result: Assessment, row: Mapping[str, Any], language: Language, several: bool
) -> str:
    if not row["of_months_baseline"] or not row["of_months_reporting"]:
        return ""
    return say(
        "months", language,
        resource=(f"{row['facility']}: " if several else "")
        + result.label(row["resource"], language),
        known0=row["months_baseline"], all0=row["of_months_baseline"],
        known1=row["months_reporting"], all1=row["of_months_reporting"],
    )  # fmt: skip


def groups_table(result: Assessment, language: Language, several: bool) -> Table:
    """Lay out the saving of each group that the programme names."""
    columns = (
        *_first(several, language),
        Column("group", say("group", language)),
        Column("saving", say("saving", language), "right", "number"),
        Column("status", say("check", language), "left", "status"),
    )
    band = (0.0, result.settings["low"], result.settings["high"])
    one_sided = band[1] is not None and band[2] is None
    rows: list[tuple[str, ...]] = []
    for row in result.groups.rows:
        cells = (
            say(f"group_{row['group']}", language),
            saving_text(number(row["saving"]), band, language),
            status_text(row["status"] or "", language, one_sided=one_sided),
        )
        rows.append((row["facility"], *cells) if several else cells)
    notes: list[str] = []
    return Table(say("groups", language), columns, _cut(rows, language, notes), tuple(notes))


def options_table(result: Assessment, language: Language, several: bool) -> Table:
    """Lay out the options by simple payback."""
    currency = result.settings["currency"]
    columns = (
        *_first(several, language),
        Column("rank", "#", "right", "number"),
        Column("option", say("option", language)),
        Column("cost", say("cost", language), "right", "number"),
        Column("annual", say("annual_saving", language), "right", "number"),
        Column("payback", say("payback", language), "right"),
    )
    rows: list[tuple[str, ...]] = []
    for row in result.options.rows:
        name = f"{row['option']} · {row['name']}" if row["name"] else str(row["option"])
        saving = money_text(number(row["annual_saving"]), language, currency)
        cells = (
            "–" if row["rank"] is None else f"{row['rank']:.0f}", name,
            cost_text(row, language, currency),
            saving + ("*" if row["annualised"] else ""),
            payback_text(number(row["years"]), row["payback_class"], language),
        )  # fmt: skip
        rows.append((row["facility"], *cells) if several else cells)
    notes: list[str] = []
    if any(row["annualised"] for row in result.options.rows):
        notes.append(say("annualised", language))
    groups = [(row["facility"], row["exclusive_group"]) for row in result.options.rows
              if row["exclusive_group"] and row["status"] != "dropped"]  # fmt: skip
    if len(set(groups)) < len(groups):
        notes.append(say("exclusive_in_total", language))
    for total in result.option_totals.rows:
        if total["cost"] is None or several:
            continue
        notes.append(say(
            "total", language, counted=total["counted"], left_out=total["left_out"],
            cost=money_text(total["cost"], language, currency),
            saving=money_text(total["annual_saving"], language, currency),
            payback=payback_text(number(total["years"]), total["payback_class"], language),
        ))  # fmt: skip
    return Table(say("options", language), columns, _cut(rows, language, notes), tuple(notes))


def findings_table(result: Assessment, language: Language) -> Table:
    """Lay out warnings and notes with their remedies."""
    columns = (
        Column("severity", say("severity", language)),
        Column("place", say("place", language)),
        Column("rule", say("finding", language)),
        Column("fix", say("fix", language)),
    )
    rows = []
    for item in result.findings:
        rule, fix = finding_sentences(item, language)
        place = item.place
        where = ", ".join(filter(None, (
            shown(place.file), shown(place.sheet),
            sentence("words.row", language, row=place.row) if place.row else "",
            shown(place.column), place.facility if len(result.verdict) > 1 else "",
            result.label(place.resource, language) if place.resource else "",
        )))  # fmt: skip
        rows.append((say(f"severity_{item.severity}", language), where, rule, fix))
    notes: list[str] = []
    return Table(say("findings", language), columns, _cut(rows, language, notes), tuple(notes))
