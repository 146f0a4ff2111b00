"""Money of a programme: planned against spent, support against its cap, money per energy."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sxsh_audit.assessment.province.tasks import known_sum, up_to
from sxsh_audit.assessment.result_tables import plain

if TYPE_CHECKING:
    from sxsh_audit.assessment.programme_files import Support
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.tables.register import Register

__all__ = ["STATE", "money_rows", "support_rows", "unit_cost_rows"]

STATE = ("central", "local")
"""Sources that are the state's budget."""

CURRENCY = "VND"
_ROUNDING = 1e-6  # VND: a sum of whole đồng is exact, a product with the share may not be

Row = dict[str, Any]


def money_rows(register: Register, year: int, cutoff: dt.date) -> list[Row]:
    """Add up planned and spent money by task and source.

    Parameters
    ----------
    register : Register
        The records of a programme.
    year : int
        Calendar year of the report.
    cutoff : date
        Last day on which money counts as spent.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.money``: each task and source, in the year and since the
        programme began. Every item is in exactly one row of a scope.

    Notes
    -----
    The plan of the year counts whole, also before the year ends; money counts as spent up to
    the cut-off. A missing figure is not zero: it is left out of the sum and counted beside it.
    """
    rows: list[Row] = []
    budget = register.tables["budget"]
    until = budget[~(budget["year"] > year)]
    for scope, items in (("year", until[until["year"] == year]), ("programme", until)):
        spent_late = [day is not None and day > cutoff for day in items["date"]]
        paid = items["spent"].mask(pd.Series(spent_late, index=items.index, dtype=bool), 0.0)
        items = items.assign(spent=paid)
        for (task, source), part in items.groupby(["task", "source"]):
            planned, spent = known_sum(part["planned"]), known_sum(part["spent"])
            rows.append({
                "scope": scope, "task": str(task), "source": str(source), "planned": planned,
                "spent": spent, "share": spent / planned if planned and spent is not None else None,
                "items": len(part), "planned_unknown": int(part["planned"].isna().sum()),
                "spent_unknown": int(part["spent"].isna().sum()), "currency": CURRENCY,
            })  # fmt: skip
    return rows


def support_rows(register: Register, programme: Programme, cutoff: dt.date) -> list[Row]:
    """Hold the state's support of each establishment against its cap.

    Parameters
    ----------
    register : Register
        The records of a programme.
    programme : Programme
        Whose supports have a cap.
    cutoff : date
        Last day that counts.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.supports``.

    Notes
    -----
    allowed = min(share × whole cost, most). The cap is per establishment, so that the support of
    all years counts together. Items of one contract repeat its whole cost, and two contracts
    may have the same: an amount that stands in several items is read both ways, once and as
    often as it stands, and where the two do not conclude the same nothing is concluded. Above
    the amount it is over whatever the cost; below it nothing is known without the cost.
    """
    paid = up_to(register.tables["budget"], cutoff)
    paid = paid[(paid["establishment"] != "") & paid["source"].isin(STATE)]
    rows: list[Row] = []
    for support in programme.supports:
        items = paid[paid["purpose"] == support.of]
        for name, part in items.groupby("establishment"):
            rows.append(_support(str(name), part, support))
    return rows


def _support(name: str, part: pd.DataFrame, support: Support) -> Row:
    spent, costs = known_sum(part["spent"]), part["whole_cost"]
    whole = known_sum(costs.drop_duplicates())
    once, each = _allowed(whole, support), _allowed(known_sum(costs), support)
    allowed = once if once == each else math.nan
    if spent is None:
        status, over = "unknown", None
    elif not math.isnan(once) and (spent <= once + _ROUNDING or spent > each + _ROUNDING):
        over = max(0.0, spent - each)
        status = "over" if over > _ROUNDING else "within"
    elif spent > support.most + _ROUNDING:
        status, over = "over", spent - support.most
    else:
        status, over = "unknown", None
    return {
        "establishment": name, "support": support.of, "paid": spent, "whole_cost": whole,
        "share": spent / whole if spent is not None and whole else None,
        "cap_share": support.share, "cap_most": support.most, "allowed": plain(allowed),
        "over": over, "status": status, "items": len(part), "currency": support.currency,
        "legal_ref": support.legal_ref,
    }  # fmt: skip


def _allowed(whole: float | None, support: Support) -> float:
    """Return what may be paid towards a whole cost; nan where that is not known."""
    if support.share is None:
        return support.most
    return math.nan if whole is None else min(support.share * whole, support.most)


def unit_cost_rows(register: Register, totals: Sequence[Row], cutoff: dt.date) -> list[Row]:
    """Divide what was spent by the energy that the plants save in a year.

    Parameters
    ----------
    register : Register
        The records of a programme.
    totals : sequence of dict
        Rows of ``ProgrammeProgress.totals``.
    cutoff : date
        Last day that counts.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.unit_costs``; none where no energy was saved, which has no
        cost per unit.
    """
    spent = up_to(register.tables["budget"], cutoff)
    paid_by = {"state": known_sum(spent.loc[spent["source"].isin(STATE), "spent"]),
               "all": known_sum(spent["spent"])}  # fmt: skip
    rows: list[Row] = []
    for row in totals:
        energy = row["kind"] == "energy" and row["scope"] == "latest" and not row["counted_only"]
        if not energy or not row["saved"] or row["saved"] <= 0:
            continue
        for payer, amount in paid_by.items():
            rows.append({
                "scope": "programme", "paid_by": payer, "spent": amount, "saved": row["saved"],
                "unit": row["unit"], "factor_set": row["factor_set"],
                "cost": None if amount is None else amount / row["saved"], "currency": CURRENCY,
            })  # fmt: skip
    return rows
