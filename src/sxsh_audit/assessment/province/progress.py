"""The progress of a programme at a cut-off date."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sxsh_audit.assessment.programmes import Programme
from sxsh_audit.assessment.programmes import programme as programme_of
from sxsh_audit.assessment.province.counting import (
    Answered,
    count_rows,
    group_rows,
    grouped_frame,
    indicator_rows,
    year_rows,
)
from sxsh_audit.assessment.province.estimates import (
    SurveyDesign,
    check_design,
    estimate_rows,
)
from sxsh_audit.assessment.province.full_year import full_year_rows
from sxsh_audit.assessment.province.money import money_rows, support_rows, unit_cost_rows
from sxsh_audit.assessment.province.progress_result import PROGRESS_TABLES, ProgrammeProgress
from sxsh_audit.assessment.province.saved import (
    overall_rows,
    results_of,
    savings_rows,
    studies_at,
    study_rows,
    totals_rows,
)
from sxsh_audit.assessment.province.size_classes import decree_on
from sxsh_audit.assessment.province.standing import (
    INDICATORS,
    Standing,
    frame_at,
    iso_days,
    outside_list,
    records_of,
    standing_at,
)
from sxsh_audit.assessment.province.tasks import event_rows, task_rows
from sxsh_audit.assessment.result_tables import FindingTable, ResultTable
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.tables.districts import province_of
from sxsh_audit.tables.register import Register

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RegisterHolder", "programme_progress", "register_of"]

Rows = list[dict[str, Any]]


class RegisterHolder(Protocol):
    """What can hand out a register: the store."""

    def register(self) -> Register:
        """Return the register as it stands."""
        ...


def register_of(source: Register | RegisterHolder) -> Register:
    """Return a register, or that of what holds one.

    Parameters
    ----------
    source : Register or object with a method ``register()``
        The records of a programme.

    Returns
    -------
    Register
    """
    return source if isinstance(source, Register) else source.register()


def programme_progress(
    register: Register | RegisterHolder,
    programme: Programme | str | os.PathLike[str],
    year: int,
    *,
    cutoff: dt.date | None = None,
    whole_year: Mapping[str, float] | None = None,
    design: SurveyDesign | None = None,
    language: Language = "vi",
) -> ProgrammeProgress:
    """Count what a programme has reached by a date, against its targets.

    Parameters
    ----------
    register : Register or Store
        Establishments, statuses, events, tasks, money and results of assessments.
    programme : Programme, str or path
        The programme, its id, or a TOML file of the user's own.
    year : int
        Calendar year of the report.
    cutoff : date, optional
        Last day that counts; by default 31 December of `year`.
    whole_year : mapping of str to float, optional
        Estimates of the whole year that the department made itself, by figure of ``full_year``
        (``events``, ``spent_local`` …) [unit of the figure]; without one, a figure is carried on
        by days. Both are marked as estimates.
    design : SurveyDesign, optional
        How a sample was drawn, if one was: only then is anything estimated for establishments
        of which nothing is known.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ProgrammeProgress
        Tables without sentences; a language is chosen when they are shown.

    Raises
    ------
    ProgrammeError
        If there is no such programme.
    RangeError
        If the cut-off does not lie in the year, or the design of the sample cannot be.

    Notes
    -----
    What is not known stays apart from no: each share comes with the shares that the unknown
    would give if all were no and if all were yes. Assessed plants volunteered, so that savings
    are totals of the assessed and are not extrapolated.

    Examples
    --------
    >>> import pandas as pd
    >>> register = Register.from_frames(
    ...     establishments=pd.DataFrame({"establishment": ["A", "B", "C", "D"]}),
    ...     statuses=pd.DataFrame({"establishment": ["A", "B", "C"], "indicator": ["reached"] * 3,
    ...                            "value": ["yes", "yes", "no"],
    ...                            "date": [dt.date(2014, 5, 6)] * 3}))
    >>> found = programme_progress(register, "vn-qb-2384", 2014)
    >>> row = found.indicators["2013-2015", "reached"]
    >>> row.yes, row.no, row.unknown, row.share, row.highest, row.status
    (2, 1, 1, 0.5, 0.75, 'below')
    """
    check_language(language)
    known = register_of(register)
    chosen = programme if isinstance(programme, Programme) else programme_of(
        programme, language=language)  # fmt: skip
    day = cutoff or dt.date(year, 12, 31)
    _check_cutoff(day, year, language)
    frame = frame_at(known, day)
    if design is not None:
        check_design(design, frame["establishment"], language)
    phase = chosen.phase_on(day)
    name = phase.id if phase else None
    records = records_of(known)
    standing = standing_at(records, frame, day)
    before, standings = _years(known, records, chosen, year, (standing, len(frame)))
    month_before = _yes_at(known, records, day.replace(day=1) - dt.timedelta(days=1))
    province = province_of(chosen.id)
    grouped = grouped_frame(frame, day, province)
    answered = _phases(known, records, chosen, (day, grouped, standing.answers))
    studies = studies_at(known, chosen, frame["establishment"], day, year)
    results = results_of(known, studies, chosen)
    rows: dict[str, Rows] = {
        "indicators": indicator_rows(chosen, name, answered),
        "counts": count_rows(standing, before, frame["establishment"]),
        "groups": group_rows(grouped, standing.answers),
        "years": year_rows(standings),
        "savings": savings_rows(results, chosen, name),
        "totals": totals_rows(results, chosen, name),
        "overall": overall_rows(studies),
        "studies": study_rows(studies),
        "evidence": _evidence_rows(standing),
        "tasks": task_rows(known, chosen.id, year, day),
        "money": money_rows(known, year, day),
        "supports": support_rows(known, chosen, day),
        "events": event_rows(known, year, day),
    }
    rows["unit_costs"] = unit_cost_rows(known, rows["totals"], day)
    rows["full_year"] = full_year_rows(
        known, year, day, now=(frame["establishment"], standing), before=before,
        month_before=month_before, money=rows["money"], stated=dict(whole_year or {}),
    )  # fmt: skip
    if design is not None:
        rows["estimates"] = estimate_rows(design, frame["establishment"], standing.answers, results)
    findings = [*standing.findings, *_findings(known, chosen, day, results)]
    return _progress(_settings(known, chosen, year, day, frame, name), rows, findings)


def _check_cutoff(day: dt.date, year: int, language: Language) -> None:
    from sxsh_audit.calc.domain import RangeError
    from sxsh_audit.language.messages import refusal_sentence

    if day.year != year:
        numbers = {"day": day, "year": year}
        code = "progress.cutoff_outside"
        raise RangeError(refusal_sentence(code, numbers, language), code=code, **numbers)


def _progress(settings: Mapping[str, Any], rows: Mapping[str, Rows],
              findings: Sequence[Finding]) -> ProgrammeProgress:  # fmt: skip
    from sxsh_audit import __version__

    tables: dict[str, Any] = {
        name: ResultTable(name, keys, tuple(rows.get(name, ())))
        for name, keys in PROGRESS_TABLES.items()
    }
    return ProgrammeProgress(settings=settings, findings=FindingTable(tuple(findings)),
                             version=__version__, **tables)  # fmt: skip


def _yes_at(register: Register, records: pd.DataFrame, day: dt.date) -> dict[str, set[str]]:
    """Return who was a yes on a day, by indicator."""
    frame = frame_at(register, day)
    found, names = standing_at(records, frame, day), frame["establishment"]
    return {key: set(names[found.answers[key] == 1]) for key in INDICATORS}


def _years(
    register: Register, records: pd.DataFrame, programme: Programme, year: int,
    now: tuple[Standing, int],
) -> tuple[dict[str, set[str]], dict[int, tuple[Standing, int]]]:  # fmt: skip
    """Return who was a yes at the end of the year before, and the standing of each year."""
    first = min((phase.start.year for phase in programme.phases if phase.start), default=year)
    standings = {year: now}
    for past in range(first, year):
        end = dt.date(past, 12, 31)
        frame = frame_at(register, end)
        standings[past] = (standing_at(records, frame, end), len(frame))
    return _yes_at(register, records, dt.date(year - 1, 12, 31)), standings


def _phases(
    register: Register, records: pd.DataFrame, programme: Programme, now: Answered
) -> dict[str, Answered]:
    """Return the day on which the targets of each phase are looked at, and the answers then.

    A phase that is over is judged by its last day: what came later is no result of it.
    """
    found = {}
    for phase in {target.phase for target in programme.indicators}:
        end = next((one.end for one in programme.phases if one.id == phase), None)
        if end is None or end >= now[0]:
            found[phase] = now
            continue
        frame = frame_at(register, end)
        grouped = grouped_frame(frame, end)  # of the groups, targets need the sizes alone
        found[phase] = (end, grouped, standing_at(records, frame, end).answers)
    return found


def _evidence_rows(standing: Standing) -> Rows:
    records = standing.records.copy()
    records["date"] = iso_days(records["date"])
    records["order"] = records["indicator"].map({name: i for i, name in enumerate(INDICATORS)})
    records = records.sort_values(["position", "order"]).drop(columns=["position", "order"])
    return [{str(key): value for key, value in row.items()}
            for row in records.to_dict("records")]  # fmt: skip


def _findings(register: Register, programme: Programme, day: dt.date,
              results: pd.DataFrame) -> list[Finding]:  # fmt: skip
    found = []
    strange = outside_list(register)
    if strange:
        numbers: dict[str, Any] = {"count": len(strange), "first": strange[:5]}
        found.append(Finding("progress.not_in_list", "warning", numbers=numbers))
    if programme.phase_on(day) is None:
        numbers = {"day": day.isoformat(), "programme": programme.id}
        found.append(Finding("progress.no_phase", "warning", numbers=numbers))
    for column, code in (("currency", "progress.currencies"), ("factor_set", "progress.sets")):
        kinds = sorted(set(results[column]) - {""})
        if len(kinds) > 1:
            found.append(Finding(code, "warning", numbers={"names": kinds}))
    return found


def _settings(
    register: Register, programme: Programme, year: int, day: dt.date, frame: pd.DataFrame,
    phase: str | None,
) -> dict[str, Any]:  # fmt: skip
    listed = [as_of for as_of in frame["as_of"] if as_of is not None]
    starts = [one.start for one in programme.phases if one.start]
    stated = next((one for one in programme.phases if one.id == phase), None)
    decree = decree_on(day)
    return {
        "programme": programme.id, "title_vi": programme.title_vi, "title_en": programme.title_en,
        "legal_ref": programme.legal_ref, "authority": programme.authority,
        "source": programme.source, "confidence": programme.confidence,
        "notes_vi": list(programme.notes_vi), "notes_en": list(programme.notes_en),
        "year": year, "year_start": dt.date(year, 1, 1).isoformat(), "cutoff": day.isoformat(),
        "whole_year": (day.month, day.day) == (12, 31), "phase": phase,
        "low": stated.low if stated else None, "high": stated.high if stated else None,
        "programme_start": min(starts).isoformat() if starts else None,
        "province": register.settings.get("province", ""), "establishments": len(frame),
        "left_out": len(register.tables["establishments"]) - len(frame),
        "list_dates": [min(listed).isoformat(), max(listed).isoformat()] if listed else [],
        "size_decree": decree["id"] if decree else "",
    }  # fmt: skip
