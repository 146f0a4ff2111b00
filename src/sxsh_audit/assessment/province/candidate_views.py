"""Candidates as tables, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.benchmark_views import (
    cut_rows,
    finding_table,
    resource_label,
)
from sxsh_audit.assessment.province.comparable import REASONS
from sxsh_audit.data import load_toml
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_text, saving_text, sig
from sxsh_audit.language.formatting import Language, format_fixed, format_number, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown

if TYPE_CHECKING:
    from sxsh_audit.assessment.province.candidates import Candidates

__all__ = ["candidate_tables", "explanation_table"]

POINTS = 100
"""Scores are shown from 0 to 100."""
SHARES = ("saving", "data")


def _say(code: str, language: Language, **numbers: Any) -> str:
    return sentence(f"candidates.{code}", language, **numbers)


def _points(score: float | None, language: Language) -> str:
    return "–" if score is None else format_fixed(score * POINTS, 1, language)


def candidate_tables(found: Candidates, language: Language) -> list[Table]:
    """Return the tables that a person reads, in order.

    Parameters
    ----------
    found : Candidates
        What was ranked.
    language : {"vi", "en"}
        Language of the tables.

    Returns
    -------
    list of Table
        Ranking with the weights under it, who is left out, findings.
    """
    tables = [_ranking_table(found, language)]
    if len(found.left_out):
        columns = (Column("establishment", sentence("benchmark.establishment", language)),
                   Column("reason", sentence("benchmark.reason", language)))  # fmt: skip
        rows = [(shown(str(row["establishment"])), _say(f"out_{row['reason']}", language))
                for row in found.left_out.rows]  # fmt: skip
        notes: list[str] = []
        tables.append(Table(_say("left_out", language), columns, cut_rows(rows, language, notes),
                            tuple(notes)))  # fmt: skip
    return tables + finding_table(found, language)


def _ranking_table(found: Candidates, language: Language) -> Table:
    settings = found.settings
    names = list(settings["weights"])
    figures = {(row["establishment"], row["criterion"]): row for row in found.criteria.rows}
    columns = (
        Column("rank", _say("rank", language), "right", "number"),
        Column("between", _say("between", language), "right", "number"),
        Column("establishment", sentence("benchmark.establishment", language)),
        Column("score", _say("score", language), "right", "number"),
        *(Column(name, _say(f"criterion_{name}", language), "right", "number")
          for name in names if settings["weights"][name] > 0),
    )  # fmt: skip
    rows = []
    for row in found.ranking.rows:
        key = row["establishment"]
        ends = sorted({row["best_rank"], row["worst_rank"]})
        name = shown(f"{key} · {row['name']}" if row["name"] else str(key))
        points = _points(row["score"], language)
        if row["high"] - row["low"] > 1e-9:
            points = f"{_points(row['low'], language)}–{_points(row['high'], language)}"
        rows.append((
            str(row["rank"]), "–".join(map(str, ends)), name, points,
            *(_figure(figures[key, each], language)
              for each in names if settings["weights"][each] > 0),
        ))  # fmt: skip
    total = sum(settings["weights"].values())
    weights = "; ".join(
        f"{_say(f'criterion_{name}', language)}: "
        f"{format_percent(weight / total, language, decimals=0)}"
        for name, weight in settings["weights"].items()
    )  # fmt: skip
    notes = [
        _say("weights", language, weights=weights),
        _say("compared", language, resource=resource_label(settings["resource"], language),
             share=format_percent(settings["quantile"], language, decimals=0)),
        _say("bounds", language),
    ]  # fmt: skip
    return Table(_say(f"title_{settings['kind']}", language), columns,
                 cut_rows(rows, language, notes), tuple(notes))  # fmt: skip


def _figure(row: Mapping[str, Any], language: Language) -> str:
    """Return the figure of a criterion as a person reads it."""
    value, name = row["value"], row["criterion"]
    if value is None:
        return _say("not_known", language)
    if name == "saving":
        return saving_text(value, (0.0,), language)
    if name == "data":
        return format_percent(value, language, decimals=0)
    if name == "pollution":
        return _say("yes" if value else "no", language)
    if name == "cost" or (name == "size" and row["unit"] not in ("", "TOE")):
        return money_text(value, language, row["unit"])
    text = format_number(value, language) if name == "followers" else sig(value, language)
    return f"{text} {unit_text(row['unit'], language)}".rstrip()


def explanation_table(found: Candidates, establishment: str, language: Language) -> Table:
    """Lay out the score of a candidate.

    Parameters
    ----------
    found : Candidates
        What was ranked.
    establishment : str
        Code of the candidate.
    language : {"vi", "en"}
        Language of the table.

    Returns
    -------
    Table
        One row per criterion; the last column adds up to the score.
    """
    columns = (
        Column("criterion", _say("criterion", language)),
        Column("figure", _say("figure", language), "right"),
        Column("because", _say("because", language)),
        Column("score", _say("score", language), "right", "number"),
        Column("weight", _say("weight", language), "right", "number"),
        Column("part", _say("part", language), "right", "number"),
    )
    rows = []
    for row in found.criteria.rows:
        if row["establishment"] != establishment:
            continue
        score, weight = row["score"], row["weight"]
        part = _points(None if score is None else score * weight, language)
        if score is None and weight > 0:
            part = f"{_points(0.0, language)}–{_points(weight, language)}"
        rows.append((
            _say(f"criterion_{row['criterion']}", language), _figure(row, language),
            _because(row["told"], language), _points(score, language),
            format_percent(weight, language), part,
        ))  # fmt: skip
    row = next(each for each in found.ranking.rows if each["establishment"] == establishment)
    score = _points(row["low"], language)
    if row["high"] - row["low"] > 1e-9:
        score = f"{score}–{_points(row['high'], language)}"
    rows.append((_say("sum", language), "", "", "", "", score))
    notes = [_say("rank_told", language, rank=row["rank"], best=row["best_rank"],
                  worst=row["worst_rank"], candidates=len(found.ranking))]  # fmt: skip
    if row["above_target"] is not None:
        code = "above_target" if row["above_target"] else "below_target"
        low = format_percent(found.settings["low_end"], language, decimals=0)
        notes.append(_say(code, language, low=low, programme=found.settings["programme"]))
    name = shown(f"{establishment} · {row['name']}" if row["name"] else establishment)
    return Table(_say("explained", language, establishment=name), columns, tuple(rows),
                 tuple(notes))  # fmt: skip


def _because(told: Mapping[str, Any], language: Language) -> str:
    """Return where a figure comes from, or why it is not known."""
    kind = told["code"]
    if kind == "unknown":
        reason = told["reason"]
        if reason in REASONS:
            return sentence(f"benchmark.out_{reason}", language)
        return _say(f"unknown_{reason}", language)
    numbers: dict[str, Any] = {key: value for key, value in told.items() if key != "code"}
    for key in ("figure", "reference"):
        if key in numbers:
            numbers[key] = sig(math.nan if numbers[key] is None else numbers[key], language)
    if "unit" in numbers:
        numbers["unit"] = unit_text(numbers["unit"], language)
    if "quantile" in numbers:
        numbers["quantile"] = format_percent(numbers["quantile"], language, decimals=0)
    if "missing" in numbers:
        numbers["missing"] = ", ".join(_fact(name, language) for name in numbers["missing"])
    if "norm" in numbers:
        numbers["product"] = numbers[language]
    return _say(f"because_{kind}", language, **numbers)


def _fact(fact: str, language: Language) -> str:
    """Return the heading of a column of the list, or the name of a fact of a study."""
    field = load_toml("register_tables.toml")["establishments"]["fields"].get(fact)
    return str(field[language]) if field else _say(f"fact_{fact}", language)
