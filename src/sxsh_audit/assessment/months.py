"""Known months and totals of what was used and what was made.

A part is a meter of a resource, or a product of a plant. A month (or the total of a period) of
the whole is known where every part of it is known: a silent meter is not a meter at zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sxsh_audit.assessment.cells import Cells, cells_of, coded, plain_text, refined
from sxsh_audit.calc.known_months import (
    BLOCK,
    TOTAL,
    Slots,
    Table,
    all_parts,
    month_slots,
    slot_totals,
    sum_of_slots,
)
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = [
    "TOTAL", "Known", "inside_blocks", "known_months", "month_text", "phase_codes", "phase_months",
]  # fmt: skip

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Known:
    """What is known of one kind of figure, as tables of months × wholes.

    Parameters
    ----------
    keys : DataFrame
        Keys of each whole, in the order in which they first appear.
    cells : Cells
        Whole of each row of the table, and the row in which it first appears.
    slots : Slots
        Months of the phases.
    by_month, by_phase : Table
        Amounts and what is known, shapes (slots, wholes) and (phases, wholes): a total stands
        beside the months where a whole phase is known, given or added up.
    silent : DataFrame
        Keys, part and phase of every part without a known figure in a phase, where others have.
    given : (array of int, array of int)
        Whole and phase of every row that is a total of a phase.
    """

    keys: pd.DataFrame
    cells: Cells
    slots: Slots
    by_month: Table
    by_phase: Table
    silent: pd.DataFrame
    given: tuple[Whole, Whole]

    @cached_property
    def months(self) -> pd.DataFrame:
        """Keys, ``phase``, ``month`` (since January 1970, or TOTAL) and ``value``, in long form.

        Totals that were given first, then months, then totals that were added up.
        """
        whole, phase = self.given
        order = pd.unique(whole * len(PHASES) + phase)
        whole, phase = order // len(PHASES), order % len(PHASES)
        mine = self.by_phase.known[phase, whole]
        stated = whole[mine], phase[mine]
        added = self.by_phase.known.copy()
        added[stated[1], stated[0]] = False
        wholes, phases, months, values = [stated[0]], [stated[1]], [], []
        months.append(np.full(len(stated[0]), TOTAL))
        values.append(self.by_phase.value[stated[1], stated[0]])
        for place in range(len(PHASES)):
            part = self.slots.of(place)
            rows, slot = np.nonzero(self.by_month.known[part].T)
            wholes.append(rows)
            phases.append(np.full(len(rows), place))
            months.append(self.slots.month[part][slot])
            values.append(self.by_month.value[part][slot, rows])
        place_of, rows = np.nonzero(added)
        wholes.append(rows)
        phases.append(place_of)
        months.append(np.full(len(rows), TOTAL))
        values.append(self.by_phase.value[place_of, rows])
        frame = self.keys.take(np.concatenate(wholes)).reset_index(drop=True)
        frame = frame.assign(**{name: plain_text(frame[name]) for name in frame.columns})
        names = np.array(PHASES, dtype=object)[np.concatenate(phases)]
        frame["phase"] = pd.Series(names, dtype="str")
        frame["month"] = np.concatenate(months).astype(np.int64)
        frame["value"] = np.concatenate(values)
        return frame


def known_months(
    study: Study, table: pd.DataFrame, keys: Sequence[str], part: str, value: str,
    cells: Cells | None = None,
) -> Known:  # fmt: skip
    """Return the months and totals of `value` that are known for every part.

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    table : DataFrame
        Checked rows with ``phase``, ``start``, ``end``, the keys, the part and the value.
    keys : sequence of str
        Columns of the whole: plant and resource, or plant.
    part : str
        Column of the parts.
    value : str
        Column to add up [canonical unit].
    cells : Cells, optional
        Wholes of the rows of the table, where somebody has counted them already.

    Returns
    -------
    Known
        A total stands beside the months where a whole phase is known, given or added up.
    """
    wholes = cells if cells is not None else cells_of(table, keys)
    parts = refined(wholes, table[part])
    whole_of = wholes.code[parts.first] if len(parts) else parts.first
    slots = month_slots([phase_days(study.settings, phase) for phase in PHASES])
    phase = phase_codes(table)
    amount = table[value].to_numpy()
    by_month, stated = _figures(table, parts, phase, amount, slots)
    by_phase = _totals(by_month, stated, slots)
    silent = _silent(table, [*keys, part], parts, whole_of, slots, by_month, stated[1])
    given = np.empty(0, np.int64), np.empty(0, np.int64)
    if phase is not None:
        rows = np.flatnonzero((phase >= 0) & ~np.isnan(amount))
        given = wholes.code[rows], phase[rows]
    return Known(
        table[list(keys)].take(wholes.first).reset_index(drop=True), wholes, slots,
        all_parts(by_month, whole_of, len(wholes)), all_parts(by_phase, whole_of, len(wholes)),
        silent, given,
    )  # fmt: skip


def phase_codes(table: pd.DataFrame) -> Whole | None:
    """Position in PHASES of the phase that each row names instead of days; −1 for none.

    None where no row names one, as in most tables of many rows.
    """
    codes, texts = coded(table["phase"])
    places = np.array([*(PHASES.index(text) if text in PHASES else -1 for text in texts), -1])
    if (places < 0).all():
        return None
    found = places[codes]
    return found if (found >= 0).any() else None


def _figures(
    table: pd.DataFrame, parts: Cells, phase: Whole | None, amount: NDArray[Any], slots: Slots
) -> tuple[Table, Table]:
    """Months, and totals that were given, of each part."""
    start, end, code = table["start"].to_numpy(), table["end"].to_numpy(), parts.code
    shape = len(PHASES), len(parts)
    stated = Table(np.zeros(shape), np.zeros(shape, bool))
    if phase is not None:
        total = (phase >= 0) & ~np.isnan(amount)
        place = phase[total] * len(parts) + code[total]
        sums = np.bincount(place, weights=amount[total], minlength=len(PHASES) * len(parts))
        stated.value[:] = sums.reshape(shape)
        stated.known[phase[total], code[total]] = True
        dated = phase < 0
        start, end, amount, code = start[dated], end[dated], amount[dated], code[dated]
    return slot_totals(start, end, amount, code, len(parts), slots), stated


def _totals(by_month: Table, stated: Table, slots: Slots) -> Table:
    """Totals of each part and phase: given, or added up where all months are known."""
    value, known = stated.value, stated.known.copy()
    for place in range(len(PHASES)):
        total, whole = sum_of_slots(by_month, slots, place)
        value[place] += np.where(whole, total, 0.0)
        known[place] |= whole
    return Table(value, known)


def _silent(
    table: pd.DataFrame, columns: list[str], parts: Cells, whole_of: Whole, slots: Slots,
    by_month: Table, stated: NDArray[np.bool_],
) -> pd.DataFrame:  # fmt: skip
    """Parts that say nothing in a phase."""
    several = (np.bincount(whole_of) > 1)[whole_of]
    if not several.any():
        return table[columns].iloc[:0].assign(phase="")
    frames = []
    for place, phase in enumerate(PHASES):
        rows = np.flatnonzero(several)
        said = by_month.known[slots.of(place)][:, rows].any(axis=0) | stated[place, rows]
        mine = table[columns].take(parts.first[rows[~said]])
        frames.append(mine.assign(phase=pd.Series(phase, index=mine.index, dtype="str")))
    found = pd.concat(frames, ignore_index=True)
    return found.assign(**{name: plain_text(found[name]) for name in columns})


def phase_months(study: Study, phase: str) -> list[int]:
    """Months (since January 1970) of a phase; none where it has no dates."""
    period = getattr(study.settings, phase)
    if period is None:
        return []
    first = (period.start.year - 1970) * 12 + period.start.month - 1
    last = (period.end.year - 1970) * 12 + period.end.month - 1
    return list(range(first, last + 1))


def inside_blocks(
    study: Study, table: pd.DataFrame, named: Sequence[str] = PHASES
) -> Iterator[tuple[slice, NDArray[np.bool_]]]:
    """Yield the rows block by block, and whether each lies in one of the phases, in part at least.

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    table : DataFrame
        Checked rows with ``phase``, ``start`` and ``end``.
    named : sequence of str
        The phases.
    """
    start, end, phases = table["start"].to_numpy(), table["end"].to_numpy(), phase_codes(table)
    wanted = [PHASES.index(phase) for phase in named]
    spans = [days for phase in named if (days := phase_days(study.settings, phase)) is not None]
    for low in range(0, len(table), BLOCK):
        part = slice(low, low + BLOCK)
        begin, close = start[part], end[part]
        inside = np.zeros(len(begin), bool) if phases is None else np.isin(phases[part], wanted)
        for first, last in spans:
            inside |= (begin <= last) & (close >= first)
        yield part, inside


def month_text(month: int) -> str:
    """Write a month as every reader of either language does: ``03/2014``."""
    return "" if month == TOTAL else f"{month % 12 + 1:02d}/{1970 + month // 12}"
