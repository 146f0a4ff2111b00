"""Non-routine adjustments: a log of what changed use and has nothing to do with SXSH."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sxsh_audit.tables.amounts import Codes, Texts
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.days import EPOCH, NO_DAY
from sxsh_audit.tables.keys import frame_of, group_codes, look_up
from sxsh_audit.tables.records import row_periods
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["adjustments_table"]

PHASES = ("baseline", "reporting")
PROOF = ("evidence", "who")
"""What makes an entry of the log believed by somebody else."""


def adjustments_table(check: TableCheck, resources: pd.DataFrame) -> pd.DataFrame:
    """Check the log of adjustments.

    Parameters
    ----------
    check : TableCheck
        The study; its consumption is read before, so that the units are known.
    resources : DataFrame
        Checked table of resources.

    Returns
    -------
    DataFrame
        Columns facility, resource, phase (the period that the entry is for; empty where it lies
        in neither or in both), start, end (days since 1970-01-01), quantity (canonical unit;
        above 0 where the reason made use higher), unit, reason, evidence, who and row.
    """
    reader = check.readers["adjustments"]
    facilities, keys = check.facilities(reader), check.resource_keys(reader)
    fallback = look_up(resources, "resource", facilities, keys, "unit")
    amounts = reader.amounts("quantity", "unit", fallback)
    units = check.one_dimension(reader, amounts, facilities, keys, "resource")
    start, end, _ = row_periods(reader)
    phase = _phases(check, reader, start, end)
    reason = reader.texts("reason")
    proof = {name: reader.texts(name) for name in PROOF}
    for i in np.flatnonzero(np.isnan(amounts.values)).tolist():
        if reader.has("quantity") and not reader.faulty(i, "quantity", "unit"):
            reader.report("table.empty", "error", i, "quantity")
    for i in np.flatnonzero((proof["evidence"] == "") | (proof["who"] == "")).tolist():
        missing = [name for name in PROOF if not proof[name][i]]
        where = next((name for name in missing if reader.has(name)), None)
        reader.report("table.adjustment_unproven", "warning", i, where,
                      missing=[f"adjustments.{name}" for name in missing])  # fmt: skip
    _repeats(reader, [facilities, keys, _folded(reason)], start, end, amounts.canonical())
    return frame_of(reader, facility=facilities, resource=keys, phase=phase, start=start, end=end,
                    quantity=amounts.canonical(), unit=units, reason=reason, **proof)  # fmt: skip


def _folded(texts: Texts) -> Texts:
    return np.array([*map(plain_word, texts), None], dtype=object)[:-1]


def _phases(check: TableCheck, reader: ColumnReader, start: Codes, end: Codes) -> Texts:
    """Period that each entry is for: by its days, and where the study has no dates as named."""
    typed = reader.choices("phase")
    dated = start != NO_DAY
    if _where(reader) is None and reader.has("phase") and len(reader):
        reader.report("table.adjustment_months")
    elif _where(reader) is not None:
        for i in np.flatnonzero(~dated).tolist():
            if not reader.faulty(i, "period", "start", "end", "phase"):
                reader.report("table.adjustment_months", "error", i, _where(reader))
    periods = {phase: getattr(check.settings, phase) for phase in PHASES}
    known = {phase: period for phase, period in periods.items() if period is not None}
    lies = {
        phase: dated & (start <= (period.end - EPOCH).days) & (end >= (period.start - EPOCH).days)
        for phase, period in known.items()
    }
    out = typed.copy()
    if len(lies) == len(PHASES):
        both = lies["baseline"] & lies["reporting"]
        out = np.select([both, lies["baseline"], lies["reporting"], dated],
                        ["", "baseline", "reporting", ""], typed).astype(object)  # fmt: skip
        for i in np.flatnonzero(both).tolist():
            reader.report("table.adjustment_both", "error", i, _where(reader))
    outside = dated & ~np.any([*lies.values(), out != ""], axis=0)
    for i in np.flatnonzero(outside).tolist():
        reader.report("table.adjustment_outside", "warning", i, _where(reader))
    for i in np.flatnonzero((typed != "") & (out != "") & (typed != out)).tolist():
        reader.report("table.adjustment_phase", "error", i, "phase", reader.texts("phase")[i],
                      phase=str(out[i]))  # fmt: skip
    return out


def _where(reader: ColumnReader) -> str | None:
    return next((name for name in ("period", "start", "end") if reader.has(name)), None)


def _repeats(
    reader: ColumnReader, keys: list[Texts], start: Codes, end: Codes, quantity: np.ndarray
) -> None:
    """Report an entry that stands twice, word for word; several reasons of a month may stand."""
    if len(reader) < 2:
        return
    codes = group_codes([*keys, start.astype(object), end.astype(object), quantity.astype(object)])
    first: dict[int, int] = {}
    for i, code in enumerate(codes.tolist()):
        if first.setdefault(code, i) != i and keys[-1][i] and not np.isnan(quantity[i]):
            reader.report("table.adjustment_again", "error", i, "reason",
                          reader.texts("reason")[i],
                          first=int(reader.raw.rows[first[code]]))  # fmt: skip
