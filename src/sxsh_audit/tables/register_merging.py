"""Yearly reports of districts and agencies merged into the register of the province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import describe, sentence
from sxsh_audit.tables.districts import agency_by_name, due_day, expected_agencies
from sxsh_audit.tables.folding import tidy_findings
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register
from sxsh_audit.tables.register_doubles import DOUBLE_COLUMNS, contradictions, doubles
from sxsh_audit.tables.register_joining import (
    Row,
    Source,
    Words,
    join_rows,
    named_establishments,
)
from sxsh_audit.tables.schema import REGISTER_TABLES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MergedReports", "merge_reports"]


@dataclass(frozen=True, eq=False)
class MergedReports:
    """The register with the incoming reports in it, and what is to be asked of whom.

    Parameters
    ----------
    register : Register
        The register with every record of every report.
    missing : DataFrame
        Agencies whose report of the year is not there: ``agency``, ``year``, ``due``.
    late : DataFrame
        Reports that came after the last day: ``agency``, ``year``, ``received``, ``due``,
        ``days`` [day].
    twice : DataFrame
        Pairs of records that may be one: ``table``, ``why``, ``first``, ``second`` (codes),
        ``first_by``, ``second_by`` (who reported them), ``first_place``, ``second_place``.
        Both are kept.
    findings : tuple of Finding
        Everything that was seen in merging.
    """

    register: Register
    missing: pd.DataFrame
    late: pd.DataFrame
    twice: pd.DataFrame
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return (f"MergedReports({self.register!r}, {len(self.missing)} missing, "
                f"{len(self.late)} late, {len(self.twice)} twice)")  # fmt: skip


def merge_reports(
    register: Register,
    reports: Sequence[Register],
    *,
    expected: Sequence[str] | None = None,
    year: int | None = None,
    language: Language = "vi",
) -> MergedReports:
    """Merge the yearly reports of districts and agencies into the register of the province.

    Parameters
    ----------
    register : Register
        The register of the province.
    reports : sequence of Register
        What :func:`sxsh_audit.read_register` read from each report; each states its ``agency``
        and ``year``, and best also the day it was ``received``.
    expected : sequence of str, optional
        Agencies that are to report; by default those of the programme.
    year : int, optional
        Calendar year for which is told who is missing and late; by default that of the
        register, else the latest of the reports.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    MergedReports

    Raises
    ------
    StudyError
        If a report does not state its agency or year.

    Notes
    -----
    Nothing is dropped without being told. Of one establishment in several places each field is
    taken from the list of the latest day («Ngày của danh sách») that has it; of other records
    from the report received last. What differs is a finding with both places. Codes of events
    and of items of money get the name of the agency in front, since each numbers its own. An
    establishment without a code is recognised by its tax code, or its name and commune; one
    with another code than in the register is kept apart and listed in ``twice``. A report
    counts as received on the day on which it first came in.

    The order of the reports does not matter, and a report merged twice changes nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> def report(agency, received):
    ...     return Register.from_frames(
    ...         tasks=pd.DataFrame({"task": ["1.1"], "year": [2014], "reported_by": [agency]}),
    ...         settings={"agency": agency, "year": "2014", "received": received})
    >>> merged = merge_reports(
    ...     Register.from_frames(settings={"programme": "vn-qb-2384"}),
    ...     [report("UBND huyện Lệ Thủy", "2014-11-20"), report("Sở Tài chính", "2014-11-28")])
    >>> len(merged.missing), merged.late[["agency", "days"]].values.tolist()
    (15, [['Sở Tài chính', 4]])
    """
    language = check_language(language)
    findings: list[Finding] = []
    incoming = _incoming(reports, findings, language)
    base = Source(register, "", None)
    plants = [*base.establishments(), *(row for one in incoming for row in one.establishments())]
    codes = named_establishments(plants, findings)
    tables: dict[str, Any] = {}
    places: dict[tuple[str, ...], Place] = {}
    words: Words = {}
    for name in REGISTER_TABLES:
        rows: list[Row] = []
        for one in (base, *incoming):
            rows += one.rows(name, codes, words, findings)
        tables[name] = join_rows(name, rows, places, findings)
        if name == "establishments":
            words = codes.words(tables[name])
    frames = {name: _frame(name, records) for name, records in tables.items()}
    merged = Register(register.with_tables(**frames).tables, register.findings,
                      register.settings, places)  # fmt: skip
    findings += contradictions(merged)
    pairs = doubles(merged)
    findings += [pair.finding() for pair in pairs]
    twice = _table(DOUBLE_COLUMNS, [pair.record() for pair in pairs])
    missing, late = _who(merged, incoming, expected, year, findings)
    return MergedReports(merged, missing, late, twice, tuple(tidy_findings(findings)))


def _incoming(
    reports: Sequence[Register], findings: list[Finding], language: Language
) -> list[Source]:
    """Return reports in an order of their own, each once; those that say not whose are refused."""
    errors: list[Finding] = []
    found: dict[tuple[str, str, str], Source] = {}
    for number, report in enumerate(reports, start=1):
        stated = report.settings
        place = Place(file=stated.get("file", "") or str(number))
        agency = agency_by_name(stated.get("agency", ""))
        if not agency:
            errors.append(Finding("merge.no_agency", "error", place))
        if not stated.get("year"):
            errors.append(Finding("merge.no_year", "error", place))
        received = stated.get("received", "")
        source = Source(report, agency, dt.date.fromisoformat(received) if received else None)
        key = (agency, stated.get("year", ""), source.content())
        if key in found:
            findings.append(Finding("merge.same_report", "note", place, "", {"agency": agency}))
            before = found[key].received
            if source.received and (before is None or source.received < before):
                found[key] = source
        else:
            found[key] = source
    if errors:
        head = sentence("merge.refused", language, count=len(errors))
        lines = [f"  {i}. {describe(item, language)}" for i, item in enumerate(errors, start=1)]
        raise StudyError("\n".join([head, *lines]), findings=errors, code="merge.refused",
                         count=len(errors))  # fmt: skip
    return [found[key] for key in sorted(found)]


def _frame(name: str, records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return _table(tuple(REGISTER_COLUMNS[name]), records)


def _table(columns: Sequence[str], records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column: pd.Series([record[column] for record in records],
                                           dtype=object) for column in columns})  # fmt: skip


def _who(
    register: Register,
    incoming: Sequence[Source],
    expected: Sequence[str] | None,
    year: int | None,
    findings: list[Finding],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who has not reported for the year, and who was late."""
    years = [int(one.register.settings["year"]) for one in incoming]
    stated = register.settings.get("year", "")
    year = year or (int(stated) if stated else max(years, default=0))
    programme = next((text for one in (register, *(source.register for source in incoming))
                      if (text := one.settings.get("programme", ""))), "")  # fmt: skip
    due = due_day(programme, year) if year else None
    if expected is not None:
        wanted = list(dict.fromkeys(map(agency_by_name, expected)))
    else:
        wanted = [agency.name for agency in expected_agencies(programme, year)] if year else []
    if not wanted:
        numbers = {"programme": programme or "–"}
        findings.append(Finding("merge.no_expected", "note", numbers=numbers))
    there = [row for row in register.reports.to_dict("records") if row["year"] == year]
    missing = [{"agency": agency, "year": year, "due": due} for agency in wanted
               if agency not in {row["agency"] for row in there}]  # fmt: skip
    late = []
    for row in there:
        agency, received = row["agency"], row["received"]
        place = Place(file=row["file"])
        if wanted and agency not in wanted:
            findings.append(Finding("merge.unexpected", "note", place, agency))
        if received is None:
            findings.append(Finding("merge.no_day", "note", place, agency))
        elif due is not None and received > due:
            days = (received - due).days
            late.append({"agency": agency, "year": year, "received": received, "due": due,
                         "days": days})  # fmt: skip
            findings.append(Finding("merge.late", "warning", place, agency,
                                    {"day": received.isoformat(), "due": due.isoformat(),
                                     "count": days}))  # fmt: skip
    for one in missing:
        findings.append(Finding("merge.missing", "warning", Place(), str(one["agency"]),
                                {"year": year}))  # fmt: skip
    columns = ("agency", "year", "due")
    return (_table(columns, missing),
            _table(("agency", "year", "received", "due", "days"), late))  # fmt: skip
