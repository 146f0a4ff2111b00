"""What came of many plants as neutral tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sxsh_audit.assessment.many.rolling import STATUSES
from sxsh_audit.assessment.result_tables import ResultTable
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, money_text, saving_text, sig, status_text
from sxsh_audit.language.formatting import Language, format_fixed, format_percent
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown
from sxsh_audit.scale.told_plants import Told, told_views
from sxsh_audit.tables.schema import known_resources

__all__ = ["many_views"]

ROWS_SHOWN = 60
"""More rows than this are not read on a screen; ``to_frame()`` has them all."""


def many_views(
    settings: Mapping[str, Any], counts: Mapping[str, Any], rollup: ResultTable,
    language: Language = "vi", *, examples: Told = (), refused: Told = (),
) -> list[Table]:
    """Return the tables that a person reads: plants by status, savings together, findings.

    Parameters
    ----------
    settings, counts, rollup
        Of a :class:`~sxsh_audit.scale.result.ManyAssessments`.
    language : {"vi", "en"}
        Language.
    examples, refused : sequence of (str, sequence of Finding)
        As in :func:`~sxsh_audit.scale.told_plants.told_views`.

    Returns
    -------
    list of Table
    """
    tables = [_plants(settings, counts, language)]
    if len(rollup):
        tables.append(_together(settings, rollup, language))
    return [*tables, *told_views(counts["findings"], counts["refused"], examples, refused,
                                 language)]  # fmt: skip


def _say(code: str, language: Language, **numbers: Any) -> str:
    return sentence(f"many.{code}", language, **numbers)


def _plants(
    settings: Mapping[str, Any], counts: Mapping[str, Any], language: Language
) -> Table:
    rows = [(_say(name, language), format_fixed(counts[name], 0, language), "")
            for name in ("plants", "assessed", "refused")]  # fmt: skip
    notes: list[str] = []
    if settings["programme"]:
        one_sided = settings["high"] is None
        for name in STATUSES:
            count = counts[f"plants_{name}"]
            if count or name not in ("unknown", "not_counted"):
                share = count / counts["assessed"] if counts["assessed"] else float("nan")
                rows.append((status_text(name, language, one_sided=one_sided),
                             format_fixed(count, 0, language),
                             format_percent(share, language)))  # fmt: skip
        if counts["share"] is not None:
            share, lowest, highest = (format_percent(counts[name], language)
                                      for name in ("share", "lowest", "highest"))  # fmt: skip
            notes.append(_say("share", language, share=share, lowest=lowest, highest=highest))
        title = settings["programme_title"][language]
        target = band_text(settings["low"], settings["high"], language)
        notes.append(_say("against", language, programme=title, target=target or "–"))
    columns = (Column("what", _say("what", language)),
               Column("count", _say("count", language), "right", "number"),
               Column("share", _say("of_assessed", language), "right", "number"))  # fmt: skip
    return Table(_say("title_plants", language), columns, tuple(rows), tuple(notes))


def _together(settings: Mapping[str, Any], rollup: ResultTable, language: Language) -> Table:
    edges = (0.0, settings["low"], settings["high"])
    one_sided = settings["high"] is None
    rows = []
    for row in _read(rollup.rows):
        rows.append((
            _name(row, settings, language), _amount(row, language),
            saving_text(number(row["saving"]), edges, language),
            status_text(row["status"] or "", language, one_sided=one_sided),
            format_fixed(row["plants"], 0, language),
            format_fixed(row["reached"], 0, language) if row["share"] is not None else "–",
            format_fixed(row["unknown"], 0, language),
        ))  # fmt: skip
    columns = (
        Column("name", _say("head_name", language)),
        Column("saved", _say("head_saved", language), "right", "number"),
        Column("saving", _say("head_saving", language), "right", "number"),
        Column("status", _say("head_status", language), "left", "status"),
        Column("plants", _say("head_plants_in", language), "right", "number"),
        Column("reached", _say("head_reached", language), "right", "number"),
        Column("unknown", _say("head_rows_unknown", language), "right", "number"),
    )
    notes = [_say("weighed", language)]
    if len(rows) > ROWS_SHOWN:
        notes.append(sentence("result.more_rows", language, shown=ROWS_SHOWN, rows=len(rows)))
    return Table(_say("title_together", language), columns, tuple(rows[:ROWS_SHOWN]),
                 tuple(notes))  # fmt: skip


def _read(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows that a person reads: of a resource its amount alone, money and energy together."""
    return [row for row in rows
            if row["measure"] == ("amount" if row["scope"] == "resource" else row["measure"])
            and (row["scope"] != "group" or row["measure"] == "money")]  # fmt: skip


def _name(row: Mapping[str, Any], settings: Mapping[str, Any], language: Language) -> str:
    if row["scope"] == "overall":
        return _say(f"all_{row['measure']}", language, factor_set=settings["factor_set"])
    if row["scope"] == "group":
        return _say("group", language, name=sentence(f"result.group_{row['name']}", language))
    fact = known_resources().get(row["name"])
    return fact.label(language) if fact else shown(row["name"])


def _amount(row: Mapping[str, Any], language: Language) -> str:
    if row["saved"] is None:
        return "–"
    if row["measure"] == "money":
        return money_text(row["saved"], language, row["unit"])
    return f"{sig(row['saved'], language)} {unit_text(row['unit'], language)}"
