"""What the assessed plants of a programme saved, resource by resource and together.

The assessed plants volunteered: they are no sample, so that their totals stand for themselves
and nothing is extrapolated to the others.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.bands import Status, status
from sxsh_audit.calc.programme_counts import share_of

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.tables.register import Register

__all__ = [
    "SCOPES", "overall_rows", "results_of", "savings_rows", "studies_at", "study_rows",
    "totals_rows",
]  # fmt: skip

SCOPES = ("year", "latest", "first_year", "cumulative")
ENERGY = ("purchased_energy", "fuel")

Row = dict[str, Any]
Band = tuple[float | None, float | None]


def studies_at(
    register: Register, programme: Programme, names: pd.Series, cutoff: dt.date, year: int
) -> pd.DataFrame:
    """Return the studies up to a day, and which of them counts where.

    Parameters
    ----------
    register : Register
        The records of a programme.
    programme : Programme
        Whose band a saving is checked against.
    names : Series
        Establishments of the frame.
    cutoff : date
        Last day that counts.
    year : int
        Calendar year of the report.

    Returns
    -------
    DataFrame
        ``verdicts`` of the register with ``latest``, ``first``, ``in_year``, ``overlapping``.

    Notes
    -----
    From the latest study backwards, a study whose reporting period overlaps one that is counted
    already is left out of sums over several years; the earliest of those that remain is the
    first one.
    """
    found = register.tables["verdicts"]
    in_time = np.array([end is None or end <= cutoff for end in found["end"]], dtype=bool)
    studies = found[in_time & found["establishment"].isin(set(names))].copy()
    studies["by"] = [(end or dt.date.min, day or dt.date.min, study) for end, day, study in zip(
        studies["end"], studies["report_date"], studies["study"], strict=True)]  # fmt: skip
    studies = studies.sort_values(["establishment", "by"]).reset_index(drop=True)
    studies["in_year"] = [end is not None and end.year == year for end in studies["end"]]
    starts: list[dt.date | None] = list(studies["start"])
    ends: list[dt.date | None] = list(studies["end"])
    flags = {name: np.zeros(len(studies), dtype=bool) for name in
             ("latest", "first", "overlapping")}  # fmt: skip
    for places in studies.groupby("establishment", sort=False).indices.values():
        counted: list[int] = []
        free_until = dt.date.max
        for place in (int(one) for one in reversed(places)):
            end = ends[place]
            if counted and (end is None or end >= free_until):
                flags["overlapping"][place] = True
                continue
            counted.append(place)
            free_until = starts[place] or dt.date.min
        flags["latest"][counted[0]] = flags["first"][counted[-1]] = True
    studies = studies.assign(**flags).drop(columns="by")
    return _judged(studies, programme)


def _judged(studies: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """Check the savings of studies that were made for another programme, or for none."""
    foreign = studies["programme"] != programme.id
    judged = [_judge(end, float(saving), programme) for end, saving in zip(
        studies.loc[foreign, "end"], studies.loc[foreign, "saving"], strict=True)]  # fmt: skip
    for i, name in enumerate(("phase", "status", "reached_low")):
        studies.loc[foreign, name] = [found[i] for found in judged]
    return studies


def _judge(
    end: dt.date | None, saving: float, programme: Programme
) -> tuple[str, str, str]:
    """Return phase, status and whether the low end was reached."""
    phase = programme.phase_on(end) if end is not None else None
    if phase is None or phase.low is None or math.isnan(saving):
        return phase.id if phase else "", str(Status.UNKNOWN), ""
    found = status(saving, phase.low, phase.high)
    reached = "yes" if found in (Status.WITHIN, Status.ABOVE) else "no"
    return phase.id, str(found), reached


def study_rows(studies: pd.DataFrame) -> list[Row]:
    """Return the rows of ``ProgrammeProgress.studies``.

    Parameters
    ----------
    studies : DataFrame
        Of :func:`studies_at`.

    Returns
    -------
    list of dict
    """
    days = ("start", "end", "report_date")
    texts = ("establishment", "study", "phase", "status", "reached_low", "version")
    flags = ("first", "latest", "in_year", "overlapping")
    return [
        {
            **{name: str(row[name]) for name in texts}, "saving": plain(row["saving"]),
            **{name: row[name].isoformat() if row[name] else None for name in days},
            **{name: bool(row[name]) for name in flags},
        }
        for row in studies.to_dict("records")
    ]  # fmt: skip


def results_of(register: Register, studies: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """Return the results of the studies that count, with energy before and whether they count."""
    keys = ["establishment", "study"]
    flags = studies[[*keys, "latest", "first", "in_year", "overlapping"]]
    found = register.tables["results"].merge(flags, on=keys, how="inner")
    found["counts"] = found["category"].isin(programme.counted)
    found["energy_baseline"] = found["adjusted_baseline"] * _factors(found)
    return found


def _factors(found: pd.DataFrame) -> pd.Series:
    """Energy of a unit of each row: its own, or that of a row of the same resource and set."""
    with np.errstate(invalid="ignore", divide="ignore"):
        own = (found["energy_saving"] / found["absolute_saving"]).where(
            found["absolute_saving"] != 0
        )
    same = [found[name] for name in ("resource", "unit", "factor_set", "energy_unit")]
    # a plant that saved nothing shows no factor; that of the set is the same for all
    return own.fillna(own.groupby(same).transform("median"))


def _scope(found: pd.DataFrame, scope: str) -> pd.DataFrame:
    mask = {"year": found["in_year"] & ~found["overlapping"], "latest": found["latest"],
            "first_year": found["first"], "cumulative": ~found["overlapping"]}  # fmt: skip
    return found[mask[scope]]


def _band(programme: Programme, phase: str | None) -> Band:
    stated = next((one for one in programme.phases if one.id == phase), None)
    return (stated.low, stated.high) if stated else (None, None)


def _checked(saving: float, band: Band, counted: bool = True) -> str:
    low, high = band
    if low is None:
        return str(Status.UNKNOWN)
    return str(status(saving, low, high, counted=counted))


def savings_rows(found: pd.DataFrame, programme: Programme, phase: str | None) -> list[Row]:
    """Add up each resource in its own unit.

    Parameters
    ----------
    found : DataFrame
        Of :func:`results_of`.
    programme : Programme
        Whose band a saving is checked against.
    phase : str or None
        Phase in force.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.savings``.

    Notes
    -----
    The saving of several plants is Σ (b − c) Q₁ ÷ Σ b Q₁: every unit of the resource weighs the
    same, and a plant that became worse counts against it.
    """
    rows = []
    for scope in SCOPES:
        for (resource, unit), part in _scope(found, scope).groupby(["resource", "unit"]):
            known = part["absolute_saving"].notna() & part["adjusted_baseline"].notna()
            here = part[known]
            saved, baseline = _total(here["absolute_saving"]), _total(here["adjusted_baseline"])
            counted = bool(part["counts"].any())
            saving = _ratio(saved, baseline)
            rows.append({
                "scope": scope, "resource": str(resource), "category": str(part["category"].iat[0]),
                "counted": counted, "unit": str(unit),
                "plants": part["establishment"].nunique(),
                "plants_known": here["establishment"].nunique(),
                "plants_worse": here.loc[here["absolute_saving"] < 0, "establishment"].nunique(),
                "plants_estimated":
                    here.loc[here["quality"] == "estimated", "establishment"].nunique(),
                "saved": plain(saved), "adjusted_baseline": plain(baseline),
                "saving": plain(saving),
                "status": _checked(saving, _band(programme, phase), counted),
                **_one_kind(here, "money_saved", "money_saving", ("currency",)),
                **_one_kind(here, "energy_saved", "energy_saving", ("energy_unit", "factor_set")),
            })  # fmt: skip
    return rows


def totals_rows(found: pd.DataFrame, programme: Programme, phase: str | None) -> list[Row]:
    """Add up the resources through one measure: money at baseline prices, energy of one set.

    Parameters
    ----------
    found : DataFrame
        Of :func:`results_of`.
    programme : Programme
        Which resources count, and whose band the saving is checked against.
    phase : str or None
        Phase in force.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.totals``; currencies and factor sets are never mixed.
    """
    money = ("money", "money_saving", "money_baseline", ["currency"])
    energy = ("energy", "energy_saving", "energy_baseline", ["energy_unit", "factor_set"])
    rows = []
    for scope in SCOPES:
        every = _scope(found, scope)
        for kind, gain, before, keys in (money, energy):
            of_kind = every[every["category"].isin(ENERGY)] if kind == "energy" else every
            for counted_only in (True, False):
                part = of_kind[of_kind["counts"]] if counted_only else of_kind
                known = part[gain].notna() & part[before].notna()
                for key, here in part[known].groupby(keys):
                    saved, baseline = _total(here[gain]), _total(here[before])
                    saving = _ratio(saved, baseline)
                    checked = kind == "money" and counted_only
                    rows.append({
                        "scope": scope, "kind": kind, "unit": str(key[0]),
                        "factor_set": str(key[1]) if len(key) > 1 else "",
                        "counted_only": counted_only,
                        "plants": here["establishment"].nunique(), "saved": plain(saved),
                        "adjusted_baseline": plain(baseline), "saving": plain(saving),
                        "status": _checked(saving, _band(programme, phase)) if checked else "",
                        "rows_known": len(here), "rows_unknown": int((~known).sum()),
                    })  # fmt: skip
    return rows


def overall_rows(studies: pd.DataFrame) -> list[Row]:
    """Count the plants at or above the low end of the band.

    Parameters
    ----------
    studies : DataFrame
        Of :func:`studies_at`.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.overall``.
    """
    rows = []
    for scope in ("latest", "first_year", "year"):
        part = _scope(studies, scope)
        for phase in ("", *sorted(set(part["phase"]) - {""})):
            here = part[part["phase"] == phase] if phase else part
            here = here.drop_duplicates("establishment", keep="last")
            answers = here["reached_low"].map({"yes": 1, "no": 0}).fillna(-1).to_numpy()
            found = share_of(answers.astype(np.int8), np.ones(len(here), dtype=np.int8))
            statuses = here["status"].value_counts()
            rows.append({
                "scope": scope, "phase": phase, "plants": len(here),
                "reached_low": found.yes, "not_reached": found.no, "unknown": found.unknown,
                "share": plain(found.share), "lowest": plain(found.lowest),
                "highest": plain(found.highest),
                **{name: int(statuses.get(name, 0))
                   for name in ("worse", "below", "within", "above")},
            })  # fmt: skip
    return rows


def _total(values: pd.Series) -> float:
    # the correctly rounded sum does not depend on the order of the rows
    return math.fsum(values) if len(values) else float("nan")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _one_kind(here: pd.DataFrame, name: str, column: str, by: tuple[str, ...]) -> Row:
    """Sum what is in one currency, or of one factor set; None where kinds are mixed."""
    known = here[here[column].notna()]
    kinds = known[list(by)].drop_duplicates()
    if len(kinds) != 1:
        return {name: None, **dict.fromkeys(by)}
    return {name: plain(_total(known[column])), **{key: str(kinds[key].iat[0]) for key in by}}
