"""What the progress of a programme is told with: frozen tables, no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.result_tables import FindingTable, ResultTable, json_plain
from sxsh_audit.assessment.shown_as_tables import ShownAsTables
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.display.table import Table

__all__ = ["PROGRESS_SCHEMA_VERSION", "PROGRESS_TABLES", "ProgrammeProgress"]

PROGRESS_SCHEMA_VERSION = "1"

PROGRESS_TABLES: dict[str, tuple[str, ...]] = {
    "indicators": ("phase", "indicator"),
    "counts": ("indicator",),
    "groups": ("grouping", "group", "indicator"),
    "years": ("year", "indicator"),
    "savings": ("scope", "resource", "unit"),
    "totals": ("scope", "kind", "unit", "factor_set"),
    "overall": ("scope", "phase"),
    "studies": ("establishment", "study"),
    "evidence": ("establishment", "indicator"),
    "tasks": ("task",),
    "money": ("scope", "task", "source"),
    "supports": ("establishment", "support"),
    "unit_costs": ("scope", "paid_by", "unit"),
    "events": ("scope", "kind"),
    "full_year": ("figure",),
    "estimates": ("indicator", "resource", "stratum"),
}
"""Tables of a progress with the columns that name a row."""

_none = {name: partial(ResultTable, name, keys, ()) for name, keys in PROGRESS_TABLES.items()}


@dataclass(frozen=True, eq=False)
class ProgrammeProgress(ShownAsTables):
    """The progress of a programme at a cut-off date: what :func:`programme_progress` returns.

    Every table is a :class:`~sxsh_audit.assessment.result_tables.ResultTable`: ``.rows`` are
    mappings of plain JSON types, ``to_frame()`` a DataFrame. Days are ISO texts, shares are
    fractions [1], money is in the currency named beside it, a figure that is not known is None.

    Parameters
    ----------
    settings : mapping
        ``programme``, ``title_vi``, ``title_en``, ``legal_ref``, ``authority``, ``source``,
        ``confidence``, ``year``, ``phase`` (in force at the cut-off; None outside all),
        ``low``, ``high`` (of that phase), ``cutoff``, ``whole_year`` (whether the cut-off is 31
        December), ``year_start``, ``programme_start``, ``province``, ``notes_vi``, ``notes_en``,
        ``establishments`` (in the frame), ``left_out`` (closed or not yet open), ``list_dates``
        (earliest and latest ``as_of`` of the list), ``size_decree`` (in force at the cut-off).
    indicators : ResultTable
        Targets of every phase, one that is over by its last day. ``phase``, ``in_force``,
        ``as_of`` (the day that is looked at), ``indicator``, ``denominator``, ``low``,
        ``high``, ``yes``, ``no``, ``unknown``, ``base`` (= yes + no + unknown), ``base_unknown``
        (of whom it is not known whether they belong to the base), ``share`` (yes ÷ base),
        ``lowest``, ``highest`` (what the unknown allow), ``status``, ``status_lowest``,
        ``status_highest`` (below, within, above, unknown), ``short_of_low`` (establishments
        still needed; 0 when reached), ``wording``, ``legal_ref``, ``source``, ``confidence``.
        All figures are None where a register cannot answer (departments with staff).
    counts : ResultTable
        Every indicator over all establishments: ``indicator`` (reached, aware, capable,
        assessed, applying, implemented, specialised_unit), ``yes``, ``no``, ``unknown``,
        ``total``, ``share`` (yes ÷ total), ``share_known`` (yes ÷ (yes + no)), ``lowest``,
        ``highest``, ``new_in_year`` (yes now, not yet at the end of the year before), and from
        what the yes are known: ``stated``, ``from_event``, ``from_study``, ``from_option``,
        ``implied``.
    groups : ResultTable
        The same by group: ``grouping`` (sector, vsic, district, zone_kind, pollution,
        size_class, ownership), ``group`` ("" is not known; vsic as ``version:division``, such
        as ``2007:10``), ``indicator``, ``yes``, ``no``, ``unknown``, ``total``, ``share``,
        ``lowest``, ``highest``. The groups of a grouping sum to ``counts``.
    years : ResultTable
        The same at the end of each year of the programme (the last one at the cut-off):
        ``year``, ``indicator``, ``yes``, ``no``, ``unknown``, ``total``, ``share``, ``change``
        of yes.
    savings : ResultTable
        Per resource. ``scope``: ``year`` (studies whose reporting period ends in the year),
        ``latest`` (latest study of each plant), ``first_year`` (first study of each plant),
        ``cumulative`` (all reporting periods of a plant that do not overlap). ``resource``,
        ``category``, ``counted``, ``unit``, ``plants``, ``plants_known``, ``plants_worse``,
        ``plants_estimated`` (figures that were estimated and not measured),
        ``saved`` = Σ (b − c) Q₁, ``adjusted_baseline`` = Σ b Q₁ [unit], ``saving`` their ratio,
        ``status`` against the band, ``money_saved`` and ``currency``, ``energy_saved``,
        ``energy_unit`` and ``factor_set``; the last two sets are None where kinds are mixed.
    totals : ResultTable
        Resources together: ``scope``, ``kind`` (``money`` at the baseline prices of each study,
        ``energy`` through one factor set), ``unit``, ``factor_set`` ("" for money),
        ``counted_only``, ``plants``, ``saved``, ``adjusted_baseline``, ``saving``, ``status``
        (for money), ``rows_known``, ``rows_unknown``.
    overall : ResultTable
        Plants against the band, of ``scope`` latest and first_year and year: ``scope``,
        ``phase`` ("" is all), ``plants``, ``reached_low``, ``not_reached``, ``unknown``,
        ``share``, ``lowest``, ``highest``, ``worse``, ``below``, ``within``, ``above``.
    studies : ResultTable
        Every study up to the cut-off: ``establishment``, ``study``, ``start``, ``end``,
        ``report_date``, ``phase``, ``saving``, ``status``, ``reached_low``, ``version``,
        ``first``, ``latest``, ``in_year``, ``overlapping`` (left out of cumulative sums).
    evidence : ResultTable
        The record behind each known answer: ``establishment``, ``indicator``, ``value`` (yes,
        no), ``date``, ``basis`` (stated, event, study, option, implied), ``record`` (text of
        the evidence, event, study, option, or the indicator that implies it), ``reported_by``.
    tasks : ResultTable
        The annex, row by row: ``task``, ``group``, ``action``, ``content``, ``expected``,
        ``lead``, ``partners`` (Vietnamese, as printed), ``group_en``, ``action_en``,
        ``expected_en``, ``start``, ``end``, ``status``, ``progress``, ``result``,
        ``next_year``, ``date``, ``reported_by``, ``reports`` (how many agencies), ``overdue``,
        ``planned``, ``spent`` (in the year), ``events``, ``people`` (in the year), ``target``
        and ``done`` where the annex names a number of establishments, ``source``.
    money : ResultTable
        ``scope`` (year, programme), ``task`` ("" is no task), ``source`` (central, local, aid,
        establishment, ""), ``planned``, ``spent``, ``share`` (spent ÷ planned), ``items``,
        ``planned_unknown``, ``spent_unknown`` (items without the figure), ``currency``.
    supports : ResultTable
        State money per plant against its cap: ``establishment``, ``support``, ``paid``,
        ``whole_cost``, ``share``, ``cap_share``, ``cap_most``, ``allowed``, ``over``,
        ``status`` (within, over, unknown), ``items``, ``currency``, ``legal_ref``.
    unit_costs : ResultTable
        Money per energy saved: ``scope`` (programme), ``paid_by`` (state, all), ``spent``,
        ``saved`` (a year's energy by the latest studies), ``unit``, ``factor_set``, ``cost``
        (per unit), ``currency``.
    events : ResultTable
        ``scope`` (year, programme), ``kind``, ``events``, ``establishments``, ``agencies``,
        ``people``, ``officers``, ``people_unknown`` (events without a number).
    full_year : ResultTable
        Year to the cut-off and the whole year: ``figure`` (``new_<indicator>``, ``events``,
        ``people``, ``officers``, ``spent_<source>``, ``spent``), ``unit``, ``to_cutoff``,
        ``latest_month`` (the month of the cut-off), ``whole_year``, ``is_estimate``, ``method``
        (``actual``, ``by_days``, ``stated``), ``planned`` (of money).
    estimates : ResultTable
        Shares estimated by the design of a survey, where the caller stated one: ``indicator``
        (or ``saving``), ``resource`` ("" but for savings, else ``electricity [kWh]``),
        ``stratum`` ("" is the whole frame), ``frame``, ``sampled``, ``answered``, ``yes``,
        ``share``, ``low``, ``high``, ``confidence``, ``method`` (wilson, ratio).
    findings : FindingTable
        What was contradicted, undated, mixed or outside the frame.
    version : str
        Version of the library.
    """

    settings: Mapping[str, Any]
    indicators: ResultTable
    counts: ResultTable
    groups: ResultTable
    findings: FindingTable
    version: str
    years: ResultTable = field(default_factory=_none["years"])
    savings: ResultTable = field(default_factory=_none["savings"])
    totals: ResultTable = field(default_factory=_none["totals"])
    overall: ResultTable = field(default_factory=_none["overall"])
    studies: ResultTable = field(default_factory=_none["studies"])
    evidence: ResultTable = field(default_factory=_none["evidence"])
    tasks: ResultTable = field(default_factory=_none["tasks"])
    money: ResultTable = field(default_factory=_none["money"])
    supports: ResultTable = field(default_factory=_none["supports"])
    unit_costs: ResultTable = field(default_factory=_none["unit_costs"])
    events: ResultTable = field(default_factory=_none["events"])
    full_year: ResultTable = field(default_factory=_none["full_year"])
    estimates: ResultTable = field(default_factory=_none["estimates"])
    schema_version: str = PROGRESS_SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Return the progress as JSON types; nothing in it depends on a language."""
        return {
            "schema_version": self.schema_version, "kind": "programme_progress",
            "version": self.version, "settings": json_plain(self.settings),
            **{name: [json_plain(row) for row in getattr(self, name).rows]
               for name in PROGRESS_TABLES},
            "findings": [item.to_dict() for item in self.findings],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> ProgrammeProgress:
        """Build a progress from :meth:`to_dict`.

        Raises
        ------
        ValueError
            If the record is of another schema version, or a table of it is missing.
        """
        found = record.get("schema_version")
        if found != PROGRESS_SCHEMA_VERSION:
            raise ValueError(f"this is schema version {found!r}; "
                             f"this library reads {PROGRESS_SCHEMA_VERSION!r}")  # fmt: skip
        missing = [name for name in PROGRESS_TABLES if name not in record]
        if missing:
            raise ValueError(f"this is no whole progress: without {', '.join(missing)}")
        tables: dict[str, Any] = {
            name: ResultTable(name, keys, tuple(dict(row) for row in record[name]))
            for name, keys in PROGRESS_TABLES.items()
        }
        findings = FindingTable(tuple(Finding.from_dict(item) for item in record["findings"]))
        return cls(settings=dict(record["settings"]), findings=findings,
                   version=record["version"], **tables)  # fmt: skip

    def to_frame(self, table: str = "indicators") -> pd.DataFrame:
        """Return one table as a DataFrame.

        Parameters
        ----------
        table : str
            Name of a table.

        Raises
        ------
        KeyError
            If there is no such table; it names those that there are.
        """
        if table not in PROGRESS_TABLES:
            raise KeyError(f"no table {table!r}; ask for one of: {', '.join(PROGRESS_TABLES)}")
        found: ResultTable = getattr(self, table)
        return found.to_frame()

    def tables(self, language: Language = "vi") -> list[Table]:
        """Return the tables that a person reads, in order."""
        from sxsh_audit.assessment.province.progress_views import progress_views

        return progress_views(self, language)

    def __repr__(self) -> str:
        said = ", ".join(f"{row['indicator']} {row['yes']}/{row['total']}"
                         for row in self.counts.rows)  # fmt: skip
        return (f"ProgrammeProgress({self.settings['programme']!r}, {self.settings['cutoff']}: "
                f"{said})")  # fmt: skip
