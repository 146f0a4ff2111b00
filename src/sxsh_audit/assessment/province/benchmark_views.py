"""A benchmark as tables, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.benchmark import NEEDED, quantile_name
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import Language, format_percent
from sxsh_audit.language.messages import finding_sentences, sentence
from sxsh_audit.language.text import shown
from sxsh_audit.tables.schema import known_resources

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.benchmark import Benchmark
    from sxsh_audit.assessment.province.told import Told

__all__ = ["ROWS_SHOWN", "benchmark_tables", "cut_rows", "finding_table", "resource_label"]

ROWS_SHOWN = 60
"""More rows than this are not read on a screen; ``to_frame()`` has them all."""


def _say(code: str, language: Language, **numbers: Any) -> str:
    return sentence(f"benchmark.{code}", language, **numbers)


def resource_label(resource: str, language: Language) -> str:
    """Name of a resource, or of all energy of a list."""
    fact = known_resources().get(resource)
    if fact is not None:
        return fact.label(language)
    return _say("all_energy", language) if resource == "energy" else shown(resource)


def cut_rows(
    rows: Sequence[tuple[str, ...]], language: Language, notes: list[str]
) -> tuple[tuple[str, ...], ...]:
    """Keep what is read on a screen, and say how many rows there are."""
    if len(rows) > ROWS_SHOWN:
        notes.append(sentence("result.more_rows", language, shown=ROWS_SHOWN, rows=len(rows)))
    return tuple(rows[:ROWS_SHOWN])


def finding_table(found: Told, language: Language) -> list[Table]:
    """Lay out warnings and notes with their remedies; nothing where there are none."""
    if not len(found.findings):
        return []
    names = ("severity", "finding", "fix")
    columns = tuple(Column(name, sentence(f"result.{name}", language)) for name in names)
    rows = [(sentence(f"result.severity_{item.severity}", language),
             *finding_sentences(item, language)) for item in found.findings]
    notes: list[str] = []
    table = cut_rows(rows, language, notes)
    return [Table(sentence("result.findings", language), columns, table, tuple(notes))]


def benchmark_tables(found: Benchmark, language: Language) -> list[Table]:
    """Return the tables that a person reads, in order.

    Parameters
    ----------
    found : Benchmark
        What was compared.
    language : {"vi", "en"}
        Language of the tables.

    Returns
    -------
    list of Table
        Groups with their quantiles, plants with their places, who is left out, findings.
    """
    tables = [_groups_table(found, language)]
    if len(found.plants):
        tables.append(_plants_table(found, language))
    if len(found.left_out):
        tables.append(_left_table(found, language))
    return tables + finding_table(found, language)


def _group_text(found: Benchmark, row: Mapping[str, Any], language: Language) -> str:
    """Return what the plants of a group have in common, in one line."""
    parts = [shown(str(row["product"])), shown(str(row["basis"])) if row["basis"] else ""]
    parts += [shown(str(row[name])) for name in found.settings["by"] if name not in NEEDED]
    if row["scale_low"] is not None:
        unit = f"{unit_text(row['output_unit'], language)}/{_say('year', language)}"
        low, high = (sig(row[end], language) if row[end] is not None else ""
                     for end in ("scale_low", "scale_high"))  # fmt: skip
        parts.append(f"{low}–{high} {unit}" if high else f"≥ {low} {unit}")
    return " · ".join(part for part in parts if part)


def _groups_table(found: Benchmark, language: Language) -> Table:
    quantiles = found.settings["quantiles"]
    columns = (
        Column("group", "#", "right", "number"), Column("what", _say("group", language)),
        Column("unit", sentence("result.unit", language)),
        Column("plants", _say("plants", language), "right", "number"),
        *(Column(quantile_name(each),
                 _say("quantile", language, share=format_percent(each, language, decimals=0)),
                 "right", "number") for each in quantiles),
    )  # fmt: skip
    rows = [
        (
            row["group"], _group_text(found, row, language),
            unit_text(f"{row['unit']}/{row['output_unit']}", language), str(row["plants"]),
            *(sig(_figure(row[quantile_name(each)]), language) for each in quantiles),
        )
        for row in sorted(found.groups.rows, key=lambda row: not row["enough"])
    ]  # fmt: skip
    notes = [_say("method", language)]
    small = sum(not row["enough"] for row in found.groups.rows)
    if small:
        notes.append(_say("small_groups", language, count=small,
                          minimum=found.settings["minimum"]))  # fmt: skip
    title = _say("title", language, resource=resource_label(found.settings["resource"], language))
    return Table(title, columns, cut_rows(rows, language, notes), tuple(notes))


def _plants_table(found: Benchmark, language: Language) -> Table:
    columns = (
        Column("establishment", _say("establishment", language)),
        Column("group", "#", "right", "number"),
        Column("value", _say("value", language), "right", "number"),
        Column("unit", sentence("result.unit", language)),
        Column("rank", _say("rank", language), "right", "number"),
        Column("above", _say("above", language), "right", "number"),
        Column("source", _say("source", language)),
    )
    rows = [
        (
            shown(str(row["establishment"])), row["group"], sig(row["value"], language),
            unit_text(f"{row['unit']}/{row['output_unit']}", language),
            _say("rank_of", language, rank=row["rank"], plants=row["of"]),
            "–" if row["above"] is None else format_percent(row["above"], language, decimals=0),
            _say(f"source_{row['source']}", language),
        )
        for row in found.plants.rows
    ]  # fmt: skip
    notes: list[str] = []
    return Table(_say("places", language), columns, cut_rows(rows, language, notes), tuple(notes))


def _left_table(found: Benchmark, language: Language) -> Table:
    columns = (Column("establishment", _say("establishment", language)),
               Column("reason", _say("reason", language)))  # fmt: skip
    rows = [(shown(str(row["establishment"])), _say(f"out_{row['reason']}", language))
            for row in found.left_out.rows]  # fmt: skip
    notes: list[str] = []
    return Table(_say("left_out", language), columns, cut_rows(rows, language, notes),
                 tuple(notes))  # fmt: skip


def _figure(value: float | None) -> float:
    return math.nan if value is None else value
