"""Options as investments and as a plan: how long they last, what they need, how far they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.language.text import nearest
from sxsh_audit.tables.columns import ColumnReader, Texts
from sxsh_audit.tables.days import EPOCH, NO_DAY, day_text
from sxsh_audit.tables.fractions import read_fractions, read_last_days, read_years
from sxsh_audit.tables.keys import spelt_alike
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    from sxsh_audit.tables.checking import TableCheck

__all__ = ["investment_columns", "option_names", "subsidies"]

MONEY = ("salvage", "subsidy", "replacement_cost", "actual_cost")
SCORES = ("score_technical", "score_economic", "score_environmental")
ROUNDING = 1e-12
"""What two amounts of money may differ by: 1.1 billion and 1,100 million are one."""
PLAN = ("in_service", "actual_cost", "evidence")
BETWEEN = ";"
"""What stands between the ids that an option requires, as they are kept."""


def investment_columns(
    check: TableCheck, facilities: Texts, keys: Texts, names: Texts, status: Texts
) -> dict[str, Any]:
    """Check the columns of the options beyond cost and class.

    Parameters
    ----------
    check : TableCheck
        The study.
    facilities, keys, names, status : arrays of str, shape (rows,)
        What the options are.

    Returns
    -------
    dict of str to array
        Column by name; ``due`` and ``in_service`` are days since 1970-01-01, the smallest
        integer where there is none; ``requires`` holds ids with ``;`` between them.
    """
    reader = check.readers["options"]
    columns: dict[str, Any] = {
        "lifetime": read_years(reader, "lifetime"),
        "construction_years": read_years(reader, "construction_years", whole=True),
        "saving_change": read_fractions(reader, "saving_change", whole=False),
        "replacement_year": read_years(reader, "replacement_year", whole=True),
        "due": read_last_days(reader, "due", month_at_most=False),
        "in_service": read_last_days(reader, "in_service", month_at_most=True),
        "owner": reader.texts("owner"), "evidence": reader.texts("evidence"),
        "exclusive_group": spelt_alike(facilities, reader.texts("exclusive_group")),
        "requires": _required(reader, facilities, keys, names),
        "must_have": reader.choices("must_have") == "yes",
    }  # fmt: skip
    columns |= {name: check.money(reader, name, "unit") for name in MONEY}
    columns |= {name: reader.numbers(name) for name in SCORES}
    _replacements(reader, columns)
    _groups(reader, facilities, keys, columns)
    _settled(reader, facilities, keys, status, columns)
    _circles(reader, facilities, keys, columns["requires"])
    _dropped(reader, facilities, keys, columns["requires"], status)
    _plan(check, reader, status, columns)
    return columns


# -- which options go together ------------------------------------------------------------------


def option_names(facilities: Any, keys: Any, names: Any) -> dict[tuple[str, str], str | None]:
    """Option by plant and folded id or name; None for a name that two options share."""
    found: dict[tuple[str, str], str | None] = {}
    for plant, option, name in zip(facilities, keys, names, strict=True):
        for word in {plain_word(name), plain_word(option)} - {""}:
            other = found.setdefault((plant, word), option)
            if other != option:
                found[plant, word] = None
    return found


def _required(reader: ColumnReader, facilities: Texts, keys: Texts, names: Texts) -> Texts:
    typed = reader.texts("requires")
    if not (typed != "").any():
        return typed
    ids = {pair for pair in zip(facilities, keys, strict=True) if BETWEEN not in pair[1]}
    words = {pair: key for pair, key in option_names(facilities, keys, names).items()
             if key and BETWEEN not in key}  # fmt: skip

    def one(plant: str, text: str) -> str:
        return text if (plant, text) in ids else words.get((plant, plain_word(text))) or ""

    out = np.full(len(typed), "", dtype=object)
    for i in np.flatnonzero(typed != "").tolist():
        plant = facilities[i]
        found: dict[str, None] = {}
        for text in _parts(typed[i], lambda part, plant=plant: bool(one(plant, part))):
            key = one(plant, text)
            if not key:
                listed = sorted(option for where, option in ids if where == plant)
                close = nearest(text, listed, 3) if reader.looks() else ()
                reader.report("table.unknown_required", "error", i, "requires", typed[i],
                              option=text, near=list(close) or listed[:5] or ["–"])  # fmt: skip
            elif key == keys[i]:
                reader.report("table.requires_itself", "error", i, "requires", typed[i])
            else:
                found[key] = None
        out[i] = BETWEEN.join(found)
    return out


def _parts(text: str, known: Any) -> list[str]:
    """Split a list; a comma inside the name of an option does not part it."""
    parts: list[str] = []
    for part in filter(None, map(str.strip, text.split(BETWEEN))):
        parts += [part] if known(part) else filter(None, map(str.strip, part.split(",")))
    return parts


def _groups(
    reader: ColumnReader, facilities: Texts, keys: Texts, columns: dict[str, Any]
) -> None:
    """Report options that are to be done together and cannot be."""
    if not (columns["exclusive_group"] != "").any():
        return
    groups = [(plant, group) if group else None
              for plant, group in zip(facilities, columns["exclusive_group"],
                                      strict=True)]  # fmt: skip
    first: dict[Any, int] = {}
    for i in np.flatnonzero(columns["must_have"]).tolist():
        if groups[i] and first.setdefault(groups[i], i) != i:
            other = first[groups[i]]
            reader.report("table.two_must_haves", "error", i, "must_have",
                          reader.texts("must_have")[i], group=columns["exclusive_group"][i],
                          option=str(keys[other]), first=int(reader.raw.rows[other]))  # fmt: skip
    rows = {pair: i for i, pair in enumerate(zip(facilities, keys, strict=True))}
    for i in np.flatnonzero(columns["requires"] != "").tolist():
        for key in columns["requires"][i].split(BETWEEN):
            other = rows[facilities[i], key]
            if groups[i] and groups[other] == groups[i]:
                reader.report("table.requires_excluded", "error", i, "requires",
                              reader.texts("requires")[i], option=key,
                              group=columns["exclusive_group"][i])  # fmt: skip


def _settled(
    reader: ColumnReader, facilities: Texts, keys: Texts, status: Texts, columns: dict[str, Any]
) -> None:
    """Report a second option of a group that is settled already: done, or to be done.

    Two must-haves are an error of their own.
    """
    must = columns["must_have"] & (status != "dropped")
    first: dict[tuple[str, str], int] = {}
    for i in np.flatnonzero((must | (status == "implemented"))
                            & (columns["exclusive_group"] != "")).tolist():  # fmt: skip
        group = columns["exclusive_group"][i]
        other = first.setdefault((facilities[i], group), i)
        if other != i and not reader.faulty(i, "must_have"):
            reader.report("table.group_settled", "warning", i, "exclusive_group", group,
                          group=group, option=str(keys[other]),
                          first=int(reader.raw.rows[other]))  # fmt: skip


def _dropped(
    reader: ColumnReader, facilities: Texts, keys: Texts, requires: Texts, status: Texts
) -> None:
    """Report options that wait for one that will not be done."""
    dropped = {pair for pair, state in zip(zip(facilities, keys, strict=True), status, strict=True)
               if state == "dropped"}  # fmt: skip
    for i in np.flatnonzero((requires != "") & (status != "dropped")).tolist():
        for key in requires[i].split(BETWEEN):
            if (facilities[i], key) in dropped:
                reader.report("table.requires_dropped", "warning", i, "requires",
                              reader.texts("requires")[i], option=key)  # fmt: skip


def _circles(reader: ColumnReader, facilities: Texts, keys: Texts, requires: Texts) -> None:
    """Report options that wait for each other; a circle is told once, at its first row."""
    rows = {pair: i for i, pair in enumerate(zip(facilities, keys, strict=True))}
    needs: dict[int, list[int]] = defaultdict(list)
    for i in np.flatnonzero(requires != "").tolist():
        needs[i] = [rows[facilities[i], key] for key in requires[i].split(BETWEEN)]
    done: set[int] = set()
    for start in sorted(needs):
        if start in done:
            continue
        path, place = [start], {start: 0}
        waiting = [iter(needs[start])]
        while waiting:  # no recursion: a chain may be as long as the table
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                last = path.pop()
                del place[last]
                done.add(last)
            elif step in place:
                circle = path[place[step]:]
                row = min(circle)
                at = circle.index(row)
                turned = [*circle[at:], *circle[:at], row]
                reader.report("table.requires_circle", "error", row, "requires",
                              reader.texts("requires")[row],
                              circle=" → ".join(str(keys[i]) for i in turned))  # fmt: skip
            elif step not in done:
                place[step] = len(path)
                path.append(step)
                waiting.append(iter(needs.get(step, ())))


# -- money of later years -----------------------------------------------------------------------


def _replacements(reader: ColumnReader, columns: dict[str, Any]) -> None:
    cost, year = columns["replacement_cost"], columns["replacement_year"]
    for i in np.flatnonzero((cost > 0) & np.isnan(year)):
        if not reader.faulty(int(i), "replacement_year"):
            name = "replacement_year" if reader.has("replacement_year") else "replacement_cost"
            reader.report("table.no_replacement_year", "error", int(i), name)


def subsidies(reader: ColumnReader, status: Texts, columns: dict[str, Any]) -> None:
    """Report a subsidy above what the option costs.

    Parameters
    ----------
    reader : ColumnReader
        The table of options; faults are reported to it.
    status : array of str, shape (rows,)
        State of each option: what is implemented costs what it did, where that is known.
    columns : dict of str to array
        Checked columns ``cost``, ``cost_high``, ``actual_cost`` and ``subsidy`` [money].
    """
    planned = np.where(np.isnan(columns["cost"]), columns["cost_high"], columns["cost"])
    paid = (status == "implemented") & ~np.isnan(columns["actual_cost"])
    cost, subsidy = np.where(paid, columns["actual_cost"], planned), columns["subsidy"]
    cells = reader.cells("subsidy")
    for i in np.flatnonzero(subsidy > cost + ROUNDING * np.abs(cost)):
        assert cells is not None
        reader.report("table.subsidy_over_cost", "error", int(i), "subsidy", cells[i],
                      cost=float(cost[i]))  # fmt: skip


# -- the plan -----------------------------------------------------------------------------------


def _plan(
    check: TableCheck, reader: ColumnReader, status: Texts, columns: dict[str, Any]
) -> None:
    """Report what the state of an option and its dates do not agree on."""
    for i in np.flatnonzero(columns["must_have"] & (status == "dropped")):
        reader.report("table.dropped_must_have", "error", int(i), "must_have",
                      reader.texts("must_have")[i])  # fmt: skip
    if not any(map(reader.has, PLAN)):
        return  # a list of options that is kept without a plan
    in_service, done = columns["in_service"], status == "implemented"
    unknown = {"in_service": in_service == NO_DAY, "actual_cost": np.isnan(columns["actual_cost"]),
               "evidence": columns["evidence"] == ""}  # fmt: skip
    for i in np.flatnonzero(done & np.any(list(unknown.values()), axis=0)):
        missing = [name for name in PLAN if unknown[name][i] and not reader.faulty(int(i), name)]
        if missing:
            where = next((name for name in missing if reader.has(name)), "status")
            reader.report("table.plan_incomplete", "warning", int(i), where,
                          missing=[f"options.{name}" for name in missing])  # fmt: skip
    report = check.settings.report_date
    if report is None:
        return
    today = (report - EPOCH).days
    dated, cells = in_service != NO_DAY, reader.cells("in_service")
    for i in np.flatnonzero(done & dated & (in_service > today)):
        assert cells is not None
        reader.report("table.in_service_later", "warning", int(i), "in_service", cells[i],
                      day=day_text(in_service[i]), report=report.isoformat())  # fmt: skip
    open_still = np.isin(status.astype(str), ["", "proposed", "approved", "in_progress"])
    for i in np.flatnonzero(open_still & dated & (in_service <= today)):
        assert cells is not None
        reader.report("table.in_service_status", "warning", int(i), "in_service", cells[i],
                      day=day_text(in_service[i]))  # fmt: skip
