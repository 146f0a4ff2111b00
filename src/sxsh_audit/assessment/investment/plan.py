"""The plan of the options: who does what by when, and what the implemented ones claim."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.cells import cells_of
from sxsh_audit.assessment.investment.ventures import DONE
from sxsh_audit.assessment.prices import KEYS
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import Study, phase_days

__all__ = ["CLAIMED", "PLAN", "claimed_table", "plan_table"]

PLAN = (
    "facility", "option", "name", "status", "owner", "due", "in_service", "cost", "actual_cost",
    "cost_overrun", "evidence",
)  # fmt: skip
TINY = 1e-9
"""Part of the use below which the savings of a year cancel out."""
CLAIMED = (
    "facility", "resource", "unit", "options", "annual", "share_in_service", "claimed", "undated",
)  # fmt: skip


def plan_table(ventures: pd.DataFrame) -> pd.DataFrame:
    """Return the plan of every option, where any of them has one.

    Returns
    -------
    DataFrame
        Columns :data:`PLAN`; ``cost_overrun`` is actual ÷ planned cost − 1 [1].
    """
    told = ventures["status"].ne("") | ventures["owner"].ne("") | ventures["due"].ne(NO_DAY)
    told |= ventures["in_service"].ne(NO_DAY) | ventures["actual_cost"].notna()
    if not told.any():
        return pd.DataFrame(columns=list(PLAN))
    planned = ventures["planned_cost"]
    with np.errstate(divide="ignore", invalid="ignore"):
        overrun = (ventures["actual_cost"] / planned.where(planned > 0)) - 1.0
    table = ventures.assign(
        cost=planned, cost_overrun=overrun, due=_days(ventures["due"]),
        in_service=_days(ventures["in_service"]),
    )  # fmt: skip
    return table.sort_values(["facility", "row"], kind="stable")[list(PLAN)]


def _days(days: pd.Series) -> pd.Series:
    texts = [None if day == NO_DAY else str(np.datetime64(int(day), "D")) for day in days]
    return pd.Series(texts, index=days.index, dtype=object)


def claimed_table(
    study: Study,
    live: pd.DataFrame,
    savings: pd.DataFrame,
    annual: pd.DataFrame | None,
    measured: pd.DataFrame,
) -> pd.DataFrame:
    """Add up what the implemented options claim to have saved in the reporting period.

    Parameters
    ----------
    study : Study
        Its reporting period, by which the claims are prorated.
    live, savings : DataFrame
        Options that are not dropped, and what they save.
    annual : DataFrame or None
        Use of a year of each plant and resource. [unit/year]
    measured : DataFrame
        Savings table: output of both periods.

    Returns
    -------
    DataFrame
        Columns :data:`CLAIMED`: ``annual`` the combined saving of a year [unit/year];
        ``claimed`` what of it falls into the reporting period [unit].

    Notes
    -----
    Only implemented options count. The combined saving of a year of those in service is
    weighted with the part of the reporting period in which just they were, and multiplied
    by the output of the reporting period ÷ that of a year of the baseline. An option without a
    date in service claims nothing: ``undated`` names it; one that was in
    service when the baseline began claims nothing either, the baseline has it.
    """
    done = live[(live["status"] == DONE) & ~live["in_baseline"]]
    days = phase_days(study.settings, "reporting")
    before = phase_days(study.settings, "baseline")
    if not len(done) or days is None or before is None or annual is None:
        return pd.DataFrame(columns=list(CLAIMED))
    length = days[1] - days[0] + 1
    years = annual.set_index(KEYS)["annual_use"]
    rows: list[dict[str, Any]] = []
    for facility, mine in done.groupby("facility", sort=True):
        names = [str(name) for name in mine["option"]]
        cells = cells_of(str(facility), names, savings, annual, study.tables.end_uses)
        start = mine["in_service"].to_numpy()
        dated = start != NO_DAY
        # From each day on which something goes into service its saving is another.
        turns = sorted({int(day) for day in start[dated] if days[0] < day <= days[1]})
        spans = list(zip([days[0], *turns], [*turns, days[1] + 1], strict=True))
        outputs = measured[measured["facility"] == facility].set_index("resource")
        for resource in dict.fromkeys(cells.resources):
            places = cells.of(resource)
            each = cells.fractions[:, places] @ cells.share[places]
            together = cells.combined(resource, dated)
            use = cells.use_of(resource)
            now, then, used = (outputs[name].get(resource, np.nan) for name in (
                "output_reporting", "output_baseline", "use_baseline"))  # fmt: skip
            # Output of a year of the baseline, by the same scale as its use of a year.
            then *= years.get((facility, resource), np.nan) / used if used else np.nan
            output = now / then if then else np.nan
            yearly = float(together.saving) * use
            inside = sum(
                (end - begin) / length * float(
                    cells.combined(resource, dated & (start <= begin)).saving)
                for begin, end in spans
            ) * use  # fmt: skip
            part = inside / yearly if abs(yearly) > TINY * use else np.nan
            saves = each != 0
            rows.append({
                "facility": facility, "resource": resource,
                "unit": cells.units[places[0]],
                "options": [n for n, s, d in zip(names, saves, dated, strict=True) if s and d],
                "annual": yearly, "share_in_service": part,
                "claimed": inside * output,
                "undated": [n for n, s, d in zip(names, saves, dated, strict=True)
                            if s and not d],
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CLAIMED))
