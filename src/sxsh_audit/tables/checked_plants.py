"""Plants that are not plain, checked together where each would be found faultless alone.

A study of many plants is checked in little more time than a study of one. It may stand for the
studies of each where nothing is found in it, and where nothing that a check asks of a whole
table could have another answer for one of its plants. Whatever is in doubt is left out: such a
plant is a study of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.findings import Finding
from sxsh_audit.tables.amounts import Reading
from sxsh_audit.tables.checking import CheckedTables
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.days import NO_DAY, read_span
from sxsh_audit.tables.places import Places
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import TABLES, table_spec
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.study import Study, check_all
from sxsh_audit.tables.typed import plain_settings
from sxsh_audit.tables.typed_findings import FIRST_ROW, outside_periods, rank_in_plant
from sxsh_audit.tables.typed_plants import KEY, Plants
from sxsh_audit.tables.typed_shared import untidy_plants
from sxsh_audit.tables.whole import PHASES, lies_in

__all__ = ["studies_of_plants"]

AT_ONCE = 500
"""Plants that are checked in one go."""

FEWEST = 4
"""Plants for which it is worth the while."""

BIG = ("consumption", "production")
BY_PLANT = ("products", "prices")
"""Tables of which each plant gets the rows that name none beside its own."""

RULES = ("", "mass", "equivalence")
"""Rules for several products that mean the same whatever other plants make."""

Rows = np.ndarray[Any, np.dtype[np.bool_]]
Codes = np.ndarray[Any, Any]
Raw = dict[str, RawTable]


class Faultless(NamedTuple):
    """A study of several plants, and what is to be told of each beside."""

    study: Study
    told: Mapping[str, Sequence[Finding]]


def studies_of_plants(
    consumption: pd.DataFrame,
    production: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    settings: StudySettings,
    names: Collection[str],
) -> Iterator[Faultless]:
    """Yield studies of some plants each, in whose records no fault is found.

    Parameters
    ----------
    consumption, production : DataFrame
        Records with a column ``facility``, those of other plants too.
    tables : mapping of str to DataFrame
        Small tables of all plants.
    settings : StudySettings
        Settings without any fault.
    names : collection of str
        Plants that are wanted.

    Yields
    ------
    Faultless
        Plants of whom :class:`Study` would have found what is told and nothing else, one by
        one, and the same figures to the last bit; `row` counts the records of all of them. Of
        plants that are in no study more is to be told, or they could not be judged here.
    """
    if len(names) < FEWEST or not plain_settings(settings, RULES):
        return
    plants = Plants.of(consumption, production)
    if plants is None:
        return
    shared = _shared(tables, settings, plants)
    if shared is None:
        return
    asked = frozenset(names)
    wanted = np.array([name in asked for name in plants.names], dtype=bool) & ~plants.lacking
    records = {name: _of_plants(table, of, wanted)
               for name, table, of in (("consumption", consumption, plants.used),
                                       ("production", production, plants.made))}  # fmt: skip
    kinds = _kinds(records, settings, plants, tables)
    wanted &= ~plants.lacking
    for kind in np.unique(kinds[wanted]).tolist():
        some = np.flatnonzero(wanted & (kinds == kind))
        for first in range(0, len(some), AT_ONCE):
            yield from _faultless(some[first : first + AT_ONCE], plants, records, tables, shared,
                                  settings)  # fmt: skip


def _of_plants(table: pd.DataFrame, of: Codes, chosen: Rows) -> tuple[pd.DataFrame, Codes]:
    """Return the records of some plants, and the plant of each."""
    rows = np.flatnonzero(chosen[of])
    return table.iloc[rows], of[rows]


def _shared(
    tables: Mapping[str, pd.DataFrame], settings: StudySettings, plants: Plants
) -> Raw | None:
    """Return what is said of all plants; those of whom more is said are marked as lacking.

    None where something is said of all plants that is not read here.
    """
    raw: Raw = {}
    for name in TABLES:
        table = tables.get(name)
        if name in (*BIG, *BY_PLANT) or table is None or not len(table):
            continue
        common = table
        if name == KEY and KEY in table.columns:
            common = untidy_plants(table, settings, plants)
        elif KEY in table.columns:
            named = ~_nameless(table)
            own = {str(key) for key in table[KEY].to_numpy(dtype=object)[named]}
            plants.lacking |= np.array([plant in own for plant in plants.names], dtype=bool)
            common = table[~named].drop(columns=KEY)
        if len(common):
            if name != "resources":
                return None
            raw[name] = RawTable.from_frame(common, name)
    return raw


def _nameless(table: pd.DataFrame) -> Rows:
    return (table[KEY].isna() | (table[KEY] == "")).to_numpy(dtype=bool)


def _kinds(
    records: Mapping[str, tuple[pd.DataFrame, Any]],
    settings: StudySettings,
    plants: Plants,
    tables: Mapping[str, pd.DataFrame],
) -> Codes:
    """Mark plants for which a check of a whole table may have another answer alone.

    Returns
    -------
    array of int, shape (plants,)
        Kind of each plant: whether its records name products (1), and whether the table of
        products lists any of its own (2). A plant may lie beside others of its kind.
    """
    reading = Reading(settings.locale, settings.currency, settings.quality, settings.columns,
                      settings.spellings)  # fmt: skip
    count = len(plants.names)
    named = np.zeros(count, dtype=bool)
    for name, (frame, of) in records.items():
        reader = ColumnReader(table_spec(name), RawTable.from_frame(frame, name), reading)
        kept = reader.raw.rows - FIRST_ROW
        left_out = np.ones(len(frame), dtype=bool)
        left_out[kept] = False  # a heading again, a total, a remark: which is told
        here = of[kept]
        start, end = read_span(reader, "period")
        # A day among months may mean its month, by what the others of the table are.
        single = (start == end) & (start != NO_DAY)
        products = reader.texts("product") != ""
        present = np.bincount(here, minlength=count) > 0
        plants.lacking |= ~present
        plants.lacking[of[left_out]] = True
        plants.lacking[here[single]] = True
        if name == "consumption":  # a part of the whole, by the name that production has for it
            plants.lacking[here[products]] = True
            continue
        named[here[products]] = True
        plants.lacking[here[~products & named[here]]] = True
        if not settings.output:  # several products without a rule are a fault of their plant
            codes = pd.factorize(reader.texts("product"))[0]
            pairs = np.unique(np.stack([here, codes]), axis=1)[0]
            plants.lacking |= np.bincount(pairs, minlength=count) > 1
        listed = _listed(reader, here, plants, tables.get("products"))
    kinds: Codes = named + 2 * listed
    return kinds


def _listed(
    reader: ColumnReader, here: Codes, plants: Plants, table: pd.DataFrame | None
) -> Rows:
    """Return which plants have products listed; mark those that make another one than theirs."""
    out = np.zeros(len(plants.names), dtype=bool)
    if table is None or not len(table):
        return out
    words = ColumnReader(table_spec("products"), RawTable.from_frame(table, "products"),
                         reader.reading)  # fmt: skip
    listed: dict[str, set[str]] = {}
    for plant, product in zip(words.texts(KEY), words.texts("product"), strict=True):
        listed.setdefault(plant, set()).add(product)
    everywhere = listed.pop("", set())
    known = [listed.get(name, set()) | everywhere for name in plants.names]
    for number, product in {*zip(here.tolist(), reader.texts("product").tolist(), strict=True)}:
        if known[number] and product not in known[number]:
            plants.lacking[number] = True
    out[:] = [bool(one) for one in known]
    return out


def _faultless(
    some: np.ndarray[Any, np.dtype[np.intp]],
    plants: Plants,
    records: Mapping[str, tuple[pd.DataFrame, Any]],
    tables: Mapping[str, pd.DataFrame],
    shared: Raw,
    settings: StudySettings,
) -> Iterator[Faultless]:
    """Check plants together; leave out those with findings, until there are none."""
    while len(some) >= FEWEST:
        chosen = np.zeros(len(plants.names), dtype=bool)
        chosen[some] = True
        frames, of_rows = {}, {}
        for name, (frame, of) in records.items():
            frames[name], of_rows[name] = _of_plants(frame, of, chosen)
        for name in BY_PLANT:
            table = tables.get(name)
            if table is not None and len(table):
                frame, of = _by_plant(table, some, plants.names)
                if len(frame):
                    frames[name], of_rows[name] = frame, of
        raw = {**shared, **{name: RawTable.from_frame(frame, name)
                            for name, frame in frames.items()}}  # fmt: skip
        checked, findings, _ = check_all(raw, settings, fold=False)
        findings = [item for item in findings if item.code != "study.outside_periods"]
        told = _plants_of(findings, of_rows, plants)
        if not findings:
            told = _without_a_phase(checked, settings, plants)
            if not len(told):
                study = Study._restored(Places(), checked, (), True, {}, settings)
                yield Faultless(study, _outside(checked, of_rows, settings, plants))
                return
        left = np.setdiff1d(some, told)
        if len(left) == len(some):  # nobody can be told from the others: halves are looked at
            for half in np.array_split(some, 2):
                if len(half) < len(some):
                    yield from _faultless(half, plants, records, tables, shared, settings)
            return
        some = left


def _by_plant(
    table: pd.DataFrame, some: np.ndarray[Any, Any], names: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Give each plant its own rows of a small table and those that name none, in their order."""
    if KEY not in table.columns:
        rows = [np.arange(len(table))] * len(some)
    else:
        common = np.flatnonzero(_nameless(table))
        keys = table[KEY].to_numpy(dtype=object)
        own: dict[str, list[int]] = {}
        for row in np.flatnonzero(~_nameless(table)).tolist():
            own.setdefault(str(keys[row]), []).append(row)
        rows = [np.sort(np.concatenate([common, own.get(names[number], [])]).astype(np.intp))
                for number in some.tolist()]  # fmt: skip
    of = np.repeat(some, [len(one) for one in rows])
    frame = table.iloc[np.concatenate(rows)].reset_index(drop=True)
    return frame.assign(**{KEY: [names[number] for number in of.tolist()]}), of


def _plants_of(
    findings: Sequence[Finding], of_rows: Mapping[str, Any], plants: Plants
) -> np.ndarray[Any, Any]:
    """Return the plants that findings name, by their place or by the row of their record."""
    place = {name: number for number, name in enumerate(plants.names)}
    told = set()
    for item in findings:
        of = of_rows.get(item.place.sheet)
        if item.place.facility in place:
            told.add(place[item.place.facility])
        elif of is not None and FIRST_ROW <= item.place.row < FIRST_ROW + len(of):
            told.add(int(of[item.place.row - FIRST_ROW]))
    return np.array(sorted(told), dtype=np.intp)


def _without_a_phase(
    checked: CheckedTables, settings: StudySettings, plants: Plants
) -> np.ndarray[Any, Any]:
    """Return the plants without any record in one of the periods."""
    told: set[str] = set()
    everybody = set(checked.production[KEY])
    for name in BIG:
        table: pd.DataFrame = getattr(checked, name)
        keys = table[KEY].to_numpy(dtype=object)
        for phase in PHASES:
            told |= everybody - set(keys[lies_in(table, settings, phase)])
    place = {name: number for number, name in enumerate(plants.names)}
    return np.array(sorted(place[name] for name in told), dtype=np.intp)


def _outside(
    checked: CheckedTables, of_rows: Mapping[str, Any], settings: StudySettings, plants: Plants
) -> dict[str, list[Finding]]:
    """Tell of each plant how many of its records lie in neither period."""
    place = {name: number for number, name in enumerate(plants.names)}
    told: dict[str, list[Finding]] = {}
    for name in ("production", "consumption"):  # in the order in which a study tells of them
        table: pd.DataFrame = getattr(checked, name)
        inside = np.any([lies_in(table, settings, phase) for phase in PHASES], axis=0)
        of = np.array([place[key] for key in table[KEY]], dtype=np.int64)
        rank = rank_in_plant(of_rows[name])[table["row"].to_numpy() - FIRST_ROW]
        for plant, item in outside_periods(name, of, ~inside, rank):
            told.setdefault(plants.names[plant], []).append(item)
    return told
