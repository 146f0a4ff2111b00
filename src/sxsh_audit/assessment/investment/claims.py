"""What the implemented options claim to have saved in the reporting period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.cells import Cells, cells_of
from sxsh_audit.assessment.investment.ventures import DONE
from sxsh_audit.assessment.prices import KEYS
from sxsh_audit.calc.interactions import combine_savings
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import Study, phase_days

__all__ = ["CLAIMED", "END_USE_CLAIMS", "claimed_table", "end_use_claims"]

TINY = 1e-9
"""Part of the use below which the savings of a year cancel out."""
CLAIMED = (
    "facility", "resource", "unit", "options", "annual", "share_in_service", "claimed", "undated",
)  # fmt: skip
END_USE_CLAIMS = ("facility", "resource", "end_use", "unit", "claimed")


class _Done(NamedTuple):
    """The implemented options of one plant that save one resource."""

    facility: str
    resource: str
    names: list[str]
    cells: Cells
    start: np.ndarray[Any, Any]
    """Day in service of each. [day since 1970-01-01]"""
    dated: np.ndarray[Any, Any]
    spans: list[tuple[int, int]]
    """Stretches of the reporting period in which the same options work."""
    length: int
    """Days of the reporting period. [day]"""
    output: float
    """Output of the reporting period ÷ that of a year of the baseline. [1]"""


def _implemented(
    study: Study, live: pd.DataFrame, savings: pd.DataFrame, annual: pd.DataFrame | None,
    measured: pd.DataFrame, end_uses: pd.DataFrame,
) -> Iterator[_Done]:
    done = live[(live["status"] == DONE) & ~live["in_baseline"]]
    days = phase_days(study.settings, "reporting")
    before = phase_days(study.settings, "baseline")
    if not len(done) or days is None or before is None or annual is None:
        return
    years = annual.set_index(KEYS)["annual_use"]
    for facility, mine in done.groupby("facility", sort=True):
        names = [str(name) for name in mine["option"]]
        cells = cells_of(str(facility), names, savings, annual, end_uses)
        start = mine["in_service"].to_numpy()
        dated = start != NO_DAY
        # From each day on which something goes into service its saving is another.
        turns = sorted({int(day) for day in start[dated] if days[0] < day <= days[1]})
        spans = list(zip([days[0], *turns], [*turns, days[1] + 1], strict=True))
        outputs = measured[measured["facility"] == facility].set_index("resource")
        for resource in dict.fromkeys(cells.resources):
            now, then, used = (outputs[name].get(resource, np.nan) for name in (
                "output_reporting", "output_baseline", "use_baseline"))  # fmt: skip
            # Output of a year of the baseline, by the same scale as its use of a year.
            then *= years.get((facility, resource), np.nan) / used if used else np.nan
            yield _Done(str(facility), resource, names, cells, start, dated, spans,
                        days[1] - days[0] + 1, now / then if then else np.nan)  # fmt: skip


def claimed_table(
    study: Study,
    live: pd.DataFrame,
    savings: pd.DataFrame,
    annual: pd.DataFrame | None,
    measured: pd.DataFrame,
    end_uses: pd.DataFrame,
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
    end_uses : DataFrame
        End uses, flows that options cut among them.

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
    rows: list[dict[str, Any]] = []
    for done in _implemented(study, live, savings, annual, measured, end_uses):
        cells, resource, dated = done.cells, done.resource, done.dated
        places = cells.of(resource)
        each = cells.fractions[:, places] @ cells.share[places]
        use = cells.use_of(resource)
        yearly = float(cells.combined(resource, dated).saving) * use
        inside = sum(
            (end - begin) / done.length * float(
                cells.combined(resource, dated & (done.start <= begin)).saving)
            for begin, end in done.spans
        ) * use  # fmt: skip
        saves = each != 0
        rows.append({
            "facility": done.facility, "resource": resource, "unit": cells.units[places[0]],
            "options": [n for n, s, d in zip(done.names, saves, dated, strict=True) if s and d],
            "annual": yearly,
            "share_in_service": inside / yearly if abs(yearly) > TINY * use else np.nan,
            "claimed": inside * done.output,
            "undated": [n for n, s, d in zip(done.names, saves, dated, strict=True)
                        if s and not d],
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CLAIMED))


def end_use_claims(
    study: Study,
    live: pd.DataFrame,
    savings: pd.DataFrame,
    annual: pd.DataFrame | None,
    measured: pd.DataFrame,
    end_uses: pd.DataFrame,
) -> pd.DataFrame:
    """Add up the claims by end use, where a meter of the same name measures it.

    Parameters
    ----------
    study, live, savings, annual, measured, end_uses
        As in :func:`claimed_table`.

    Returns
    -------
    DataFrame
        Columns :data:`END_USE_CLAIMS`: what the options in service claim of the end use in the
        reporting period [unit]. What has no end use is taken evenly off all of them.
    """
    used = study.tables.consumption
    metered = set(zip(used["facility"], used["resource"], used["meter"], strict=True))
    rows: list[dict[str, Any]] = []
    for done in _implemented(study, live, savings, annual, measured, end_uses):
        cells = done.cells
        for place in cells.of(done.resource):
            name = cells.end_uses[place]
            if not name or (done.facility, done.resource, name) not in metered:
                continue
            own = cells.fractions[:, [place]]
            inside = sum(
                (end - begin) / done.length * float(combine_savings(
                    [1.0], own, (done.dated & (done.start <= begin)).astype(float)).saving)
                for begin, end in done.spans
            )  # fmt: skip
            rows.append({
                "facility": done.facility, "resource": done.resource, "end_use": name,
                "unit": cells.units[place],
                "claimed": inside * float(cells.use[place]) * done.output,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(END_USE_CLAIMS))
