"""Keys that rows share: looking a value up by key, finding keys and days that stand twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.tables.columns import NO_DAY, ColumnReader, Texts
from sxsh_audit.tables.days import day_text
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "agreeing", "frame_of", "group_codes", "look_up", "named_keys", "report_overlaps",
    "report_repeats", "spelt_alike",
]  # fmt: skip

Codes = np.ndarray[Any, np.dtype[np.int64]]


def frame_of(reader: ColumnReader, **columns: Any) -> pd.DataFrame:
    """Return checked columns as a frame with the row of each record."""
    import pandas as pd

    return pd.DataFrame({**columns, "row": reader.raw.rows})


def look_up(table: pd.DataFrame, key: str, facilities: Texts, keys: Texts, column: str) -> Texts:
    """Value of `column` for each plant and key, else for the key alone; empty where unknown."""
    if not len(table):
        return np.full(len(keys), "", dtype=object)
    values = table[column].tolist()
    exact = dict(zip(zip(table["facility"], table[key], strict=True), values, strict=True))
    any_plant = dict(zip(table[key], values, strict=True))
    found = [exact.get(pair, any_plant.get(pair[1], ""))
             for pair in zip(facilities, keys, strict=True)]  # fmt: skip
    return np.array([*found, None], dtype=object)[:-1]


def group_codes(keys: list[Texts]) -> Codes:
    """One code per distinct combination of keys, shape (rows,)."""
    import pandas as pd

    codes = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        index, uniques = pd.factorize(key)
        codes = codes * (len(uniques) + 1) + index
        codes = pd.factorize(codes)[0].astype(np.int64)  # stay far from the largest integer
    return codes


def spelt_alike(facilities: Texts, texts: Texts) -> Texts:
    """Write the texts of a plant as they were written first; `texts` is changed."""
    first: dict[tuple[str, str], str] = {}
    for i in np.flatnonzero(texts != "").tolist():
        texts[i] = first.setdefault((facilities[i], plain_word(texts[i])), texts[i])
    return texts


def named_keys(facilities: Any, keys: Any, names: Any) -> dict[tuple[str, str], str | None]:
    """Key by plant and folded key or name; None for a name that several keys share.

    What is the key of one record is not looked for among the names of the others.
    """
    own = {(plant, plain_word(key)): key
           for plant, key in zip(facilities, keys, strict=True) if key}  # fmt: skip
    found: dict[tuple[str, str], str | None] = {**own}
    for plant, key, name in zip(facilities, keys, names, strict=True):
        word = (plant, plain_word(name))
        if word[1] and key and word not in own and found.setdefault(word, key) != key:
            found[word] = None
    return found


def agreeing(reader: ColumnReader, groups: Codes, name: str, values: Texts) -> Texts:
    """Return the one value of each group; a second one is a fault, and a blank cell is filled.

    Parameters
    ----------
    reader : ColumnReader
        The table; faults are reported to it.
    groups : array of int, shape (rows,)
        What each row is of.
    name : str
        Column.
    values : array of str, shape (rows,)
        The column as read; empty where nothing is given.
    """
    first: dict[int, int] = {}
    out, typed = values.copy(), None
    for i in np.flatnonzero(values != "").tolist():
        j = first.setdefault(int(groups[i]), i)
        if plain_word(values[i]) != plain_word(values[j]) and not reader.faulty(i, name):
            typed = reader.texts(name) if typed is None else typed
            reader.report("flow_tables.differs", "error", i, name, typed[i],
                          first=int(reader.raw.rows[j]))  # fmt: skip
    for i in np.flatnonzero(values == "").tolist():
        if int(groups[i]) in first:
            out[i] = values[first[int(groups[i])]]
    return out


def report_repeats(reader: ColumnReader, keys: list[Texts], name: str) -> None:
    """Report every key that stands a second time."""
    if len(reader) < 2:
        return
    codes = group_codes(keys)
    first: dict[int, int] = {}
    for i, code in enumerate(codes.tolist()):
        if first.setdefault(code, i) != i and keys[-1][i]:
            reader.report("table.repeated", "error", i, name, keys[-1][i],
                          first=int(reader.raw.rows[first[code]]))  # fmt: skip


def report_overlaps(
    reader: ColumnReader,
    keys: list[Texts],
    start: Codes,
    end: Codes,
    known: np.ndarray[Any, Any] | None = None,
    code: str = "table.overlap",
) -> None:
    """Report rows of one key whose days overlap: the same figure would count twice.

    Parameters
    ----------
    reader : ColumnReader
        The table.
    keys : list of arrays
        What the rows are of; the last one is their phase.
    start, end : arrays of int, shape (rows,)
        Days since 1970-01-01. `start` is changed where a bill begins on the day on which the one
        before ended: the day of the reading is counted once, to the earlier bill.
    known : array of bool, shape (rows,), optional
        Rows whose key could be read; the others are compared with none.
    code : str
        Finding for rows that overlap.
    """
    if len(reader) < 2:
        return
    codes, rows = group_codes(keys), reader.raw.rows
    known = np.ones(len(reader), dtype=bool) if known is None else known
    undated = (start == NO_DAY) & known
    _report_phases(reader, codes[undated], np.flatnonzero(undated), keys[-1])
    order = np.flatnonzero((start != NO_DAY) & known)
    order = order[np.lexsort((end[order], start[order], codes[order]))]
    if len(order) < 2:
        return
    group, first, last = codes[order], start[order].copy(), end[order]
    # The latest end so far within the key: a year's total hides behind the months it contains.
    shift = (group - group.min()) * np.int64(1 << 40)
    latest = np.maximum.accumulate(last + shift) - shift
    holder = np.maximum.accumulate(np.where(last == latest, np.arange(len(order)), 0))
    same = group[1:] == group[:-1]
    # A bill of several days that starts on the day on which the one before ended.
    touching = same & (first[1:] == latest[:-1]) & (last[1:] > first[1:])
    touching &= start[order][holder[:-1]] < latest[:-1]
    for j in np.flatnonzero(touching) + 1:
        start[order[j]] += 1
        reader.report("table.shared_day", "note", int(order[j]), _period_column(reader),
                      first=int(rows[order[holder[j - 1]]]))  # fmt: skip
    clash = same & (first[1:] <= latest[:-1]) & ~touching
    for j in np.flatnonzero(clash) + 1:
        other = holder[j - 1]
        reader.report(code, "error", int(order[j]), _period_column(reader),
                      key=str(keys[1][order[j]]) or "–", first=int(rows[order[other]]),
                      start=day_text(first[j]), end=day_text(last[j]),
                      first_start=day_text(first[other]),
                      first_end=day_text(last[other]))  # fmt: skip


def _report_phases(reader: ColumnReader, codes: Codes, positions: Codes, phases: Texts) -> None:
    first: dict[int, int] = {}
    for code, i in zip(codes.tolist(), positions.tolist(), strict=True):
        if phases[i] and first.setdefault(code, i) != i:
            reader.report("table.phase_again", "error", i, "phase", reader.texts("phase")[i],
                          phase=phases[i], first=int(reader.raw.rows[first[code]]))  # fmt: skip


def _period_column(reader: ColumnReader) -> str | None:
    return next((name for name in ("period", "start", "phase") if reader.has(name)), None)
