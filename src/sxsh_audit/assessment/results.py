"""What an assessment returns: frozen tables, the verdict, and the whole of them.

Results hold keys, numbers and units, no sentences; a language is chosen when they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import shown, visible

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.assessment.explain import Explanation
    from sxsh_audit.display.records import (
        CashBar,
        CostStep,
        FrontierPoint,
        IntensityPair,
        NpvCurve,
        PaybackStep,
        RankSpread,
        SavingBar,
        TornadoBar,
    )

__all__ = ["SCHEMA_VERSION", "Assessment", "FindingTable", "ResultTable", "Shown", "VerdictTable"]

SCHEMA_VERSION = "1"


@dataclass(frozen=True, eq=False)
class ResultTable:
    """A table of results: one record per row, plain JSON types.

    Parameters
    ----------
    name : str
        What it holds.
    keys : tuple of str
        Columns that name a row.
    rows : tuple of mapping
        The records; a figure that is not known is None, infinity stays infinity.
    """

    name: str
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a DataFrame; unknown figures are nan."""
        import pandas as pd

        frame = pd.DataFrame([dict(row) for row in self.rows])
        for name in frame.columns:
            if frame[name].dtype.kind != "O":
                continue
            cells = [cell for cell in frame[name] if cell is not None]
            if all(isinstance(cell, float) for cell in cells):
                frame[name] = frame[name].astype(float)
        return frame

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SimpleNamespace]:
        return (SimpleNamespace(**row) for row in self.rows)

    def __getitem__(self, key: int | str | tuple[str, ...]) -> SimpleNamespace:
        """Return a record by its position, or by its key: the last key alone for one plant.

        Raises
        ------
        KeyError
            If no record, or more than one, has the key.
        """
        if isinstance(key, int):
            return SimpleNamespace(**self.rows[key])
        wanted = key if isinstance(key, tuple) else (key,)
        columns = self.keys[-len(wanted) :]
        found = [row for row in self.rows if tuple(row[c] for c in columns) == wanted]
        if len(found) != 1:
            columns = self.keys if found else columns
            known = sorted({", ".join(repr(row[c]) for c in columns) for row in self.rows})
            count = "no record" if not found else f"{len(found)} records"
            raise KeyError(
                f"{count} {key!r} in {self.name}; ask for one of: {'; '.join(known[:20])}"
            )
        return SimpleNamespace(**found[0])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self)} rows)"

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        for name in frame.columns:
            frame[name] = [visible(cell) if isinstance(cell, str) else cell for cell in frame[name]]
        return str(frame.to_html(index=False, na_rep="–"))

    @classmethod
    def from_frame(cls, name: str, keys: Sequence[str], frame: pd.DataFrame) -> ResultTable:
        """Build a result table from a DataFrame."""
        columns = {column: [plain(v) for v in frame[column].tolist()] for column in frame.columns}
        rows = tuple(
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        )
        return cls(name, tuple(keys), rows)


@dataclass(frozen=True, eq=False)
class VerdictTable(ResultTable):
    """The overall result of each plant; with one plant its figures are attributes."""

    def __getattr__(self, name: str) -> Any:
        # dataclass fields are found before __getattr__ is asked
        if name.startswith("_") or len(self.rows) != 1 or name not in self.rows[0]:
            raise AttributeError(name)
        return self.rows[0][name]


@dataclass(frozen=True, slots=True)
class Shown:
    """An assessment in one language: prints as text, shows as tables in a notebook."""

    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, eq=False)
class FindingTable:
    """Everything that was found in the data and on the way."""

    items: tuple[Finding, ...]

    def to_frame(self, language: Language = "vi") -> pd.DataFrame:
        """Return the findings with their sentences in `language`, one row each."""
        from sxsh_audit.tables.reading import findings_frame

        return findings_frame(self.items, language)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def codes(self) -> tuple[str, ...]:
        """Codes of the findings, in order."""
        return tuple(item.code for item in self.items)


_TABLES: dict[str, tuple[type[ResultTable], tuple[str, ...]]] = {
    "savings": (ResultTable, ("facility", "resource")),
    "groups": (ResultTable, ("facility", "group")),
    "verdict": (VerdictTable, ("facility",)),
    "options": (ResultTable, ("facility", "option")),
    "option_savings": (ResultTable, ("facility", "option", "resource")),
    "option_totals": (ResultTable, ("facility",)),
    "economics": (ResultTable, ("facility", "option")),
    "portfolio": (ResultTable, ("facility", "question")),
    "portfolio_savings": (ResultTable, ("facility", "question", "resource")),
    "frontier": (ResultTable, ("facility", "saving")),
    "risk": (ResultTable, ("facility", "option")),
    "tornado": (ResultTable, ("facility", "option", "input")),
    "abatement": (ResultTable, ("facility", "option")),
    "screening": (ResultTable, ("facility", "option")),
    "plan": (ResultTable, ("facility", "option")),
    "claimed": (ResultTable, ("facility", "resource")),
}

LATER_TABLES = tuple(_TABLES)[6:]
"""Tables that documents written by earlier versions lack."""


_none = {name: partial(_TABLES[name][0], name, _TABLES[name][1], ()) for name in LATER_TABLES}
"""What makes each of them without a record."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """The result of :func:`sxsh_audit.assess`.

    Parameters
    ----------
    study : mapping
        Name, title and dates of the study, and the SHA-256 of its files.
    settings : mapping
        Everything that decides the numbers: programme, phase, ends of the band, overall rule,
        factor set, currency, periods.
    savings : ResultTable
        One record per plant and resource.
    groups : ResultTable
        One record per plant and group that the programme names.
    verdict : VerdictTable
        The overall result of each plant.
    options : ResultTable
        One record per option, best first.
    option_savings : ResultTable
        One record per option and resource.
    option_totals : ResultTable
        Σ cost ÷ Σ saving per plant, without interactions.
    findings : FindingTable
        Warnings and notes.
    economics : ResultTable
        Net present value and its kin of each option, best first; empty without a rate.
    portfolio, portfolio_savings : ResultTable
        The best set under the budget and the cheapest to reach the target, one record per plant
        and question; what it saves of each resource, interactions considered.
    frontier : ResultTable
        Least cost of each saving that the options of a plant reach.
    risk, tornado : ResultTable
        How sure payback, net present value and order are; what moves them. Empty without a seed.
    abatement : ResultTable
        Avoided tCO₂ a year and their cost, by option; empty without emission factors.
    screening : ResultTable
        Implement, study or reject, by the user's weights.
    plan, claimed : ResultTable
        Who does what by when; what implemented options claim in the reporting period.
    """

    study: Mapping[str, Any]
    settings: Mapping[str, Any]
    savings: ResultTable
    groups: ResultTable
    verdict: VerdictTable
    options: ResultTable
    option_savings: ResultTable
    option_totals: ResultTable
    findings: FindingTable
    version: str
    schema_version: str = field(default=SCHEMA_VERSION)
    economics: ResultTable = field(default_factory=_none["economics"])
    portfolio: ResultTable = field(default_factory=_none["portfolio"])
    portfolio_savings: ResultTable = field(default_factory=_none["portfolio_savings"])
    frontier: ResultTable = field(default_factory=_none["frontier"])
    risk: ResultTable = field(default_factory=_none["risk"])
    tornado: ResultTable = field(default_factory=_none["tornado"])
    abatement: ResultTable = field(default_factory=_none["abatement"])
    screening: ResultTable = field(default_factory=_none["screening"])
    plan: ResultTable = field(default_factory=_none["plan"])
    claimed: ResultTable = field(default_factory=_none["claimed"])

    # -- plain data -----------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as JSON types; nothing in it depends on a language.

        Infinity (an option that never pays back) is written as None beside its class.
        """
        tables = {name: [_json(row) for row in getattr(self, name).rows] for name in _TABLES}
        return {
            "schema_version": self.schema_version,
            "kind": "assessment",
            "version": self.version,
            "study": _json(self.study),
            "settings": _json(self.settings),
            **tables,
            "findings": [item.to_dict() for item in self.findings],
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Assessment:
        """Build an assessment from :meth:`to_dict`.

        Raises
        ------
        ValueError
            If the record is of another schema version.
        """
        if not isinstance(record, Mapping):
            raise TypeError(f"give the mapping of to_dict(), not {type(record).__name__}")
        found = record.get("schema_version")
        if found != SCHEMA_VERSION:
            raise ValueError(
                f"this is schema version {found!r}; this library reads {SCHEMA_VERSION!r}"
            )
        basic = [name for name in _TABLES if name not in LATER_TABLES]
        needed = ("study", "settings", *basic, "findings", "version")
        missing = [name for name in needed if name not in record]
        if missing:
            raise ValueError(f"this is no whole assessment: without {', '.join(missing)}")
        tables: dict[str, Any] = {}
        for name, (kind, keys) in _TABLES.items():
            rows = tuple(_restored(row) for row in record.get(name, ()))
            tables[name] = kind(name, keys, rows)
        return cls(
            study=dict(record["study"]),
            settings=dict(record["settings"]),
            findings=FindingTable(tuple(Finding.from_dict(item) for item in record["findings"])),
            version=record["version"],
            schema_version=found,
            **tables,
        )

    # -- what a person sees ---------------------------------------------------------------------

    def label(self, resource: str, language: Language = "vi") -> str:
        """Name of a resource as the study or the library calls it."""
        from sxsh_audit.tables.schema import known_resources

        own = self.settings["labels"].get(resource)
        fact = known_resources().get(resource)
        return own or (fact.label(language) if fact else resource)

    def explain(self, number: str, language: Language = "vi") -> Explanation:
        """Explain a number: its inputs, factors, formula with the numbers in it, and source.

        Parameters
        ----------
        number : str
            ``<resource>.saving``, ``<resource>.specific_consumption``,
            ``<resource>.absolute_saving``, ``<resource>.price``, ``overall.saving``,
            ``option.<id>.payback``, ``option.<id>.npv``; with several plants ``<plant>:`` before
            it.
        language : {"vi", "en"}
            Language of the text.

        Returns
        -------
        Explanation
            Prints as text, shows as a table in a notebook.

        Raises
        ------
        KeyError
            If there is no such number; it lists those that there are.
        """
        from sxsh_audit.assessment.explain import explain

        return explain(self, number, language)

    def savings_bars(self, language: Language = "vi") -> Sequence[SavingBar]:
        """Return the records of the savings chart."""
        from sxsh_audit.assessment.drawn import savings_bars

        return savings_bars(self, language)

    def intensity_pairs(self, language: Language = "vi") -> Sequence[IntensityPair]:
        """Return the records of the chart of specific consumption."""
        from sxsh_audit.assessment.drawn import intensity_pairs

        return intensity_pairs(self, language)

    def payback_steps(self, language: Language = "vi") -> Sequence[PaybackStep]:
        """Return the records of the payback ladder."""
        from sxsh_audit.assessment.drawn import payback_steps

        return payback_steps(self, language)

    def npv_curves(self, language: Language = "vi") -> Sequence[NpvCurve]:
        """Return the records of the chart of net present value against the rate."""
        from sxsh_audit.assessment.investment.drawn import npv_curves

        return npv_curves(self, language)

    def cash_bars(
        self, language: Language = "vi", option: str | None = None
    ) -> Sequence[CashBar]:
        """Return the money of each year: of `option`, else of the best set or option."""
        from sxsh_audit.assessment.investment.drawn import cash_bars

        return cash_bars(self, language, option)

    def cost_steps(self, language: Language = "vi") -> Sequence[CostStep]:
        """Return the records of the cost curve."""
        from sxsh_audit.assessment.investment.drawn import cost_steps

        return cost_steps(self, language)

    def frontier_points(self, language: Language = "vi") -> Sequence[FrontierPoint]:
        """Return the records of the chart of cost against saving."""
        from sxsh_audit.assessment.investment.drawn import frontier_points

        return frontier_points(self, language)

    def tornado_bars(
        self, language: Language = "vi", option: str | None = None
    ) -> Sequence[TornadoBar]:
        """Return what moves the net present value of `option`, else of the best option."""
        from sxsh_audit.assessment.investment.drawn import tornado_bars

        return tornado_bars(self, language, option)

    def rank_spreads(self, language: Language = "vi") -> Sequence[RankSpread]:
        """Return how often each option takes each rank."""
        from sxsh_audit.assessment.investment.drawn import rank_spreads

        return rank_spreads(self, language)

    def chart_subtitle(self, language: Language = "vi") -> str:
        """Line under the title of a chart: plant, programme, and whether it is for reference."""
        from sxsh_audit.assessment.drawn import chart_subtitle

        return chart_subtitle(self, language)

    def chart_rate(self) -> float:
        """Return the real discount rate that was used [1/year]; nan without one."""
        rate = self.settings["terms"]["rate"]
        return math.nan if rate is None else float(rate)

    def chart_subject(
        self, of: str, language: Language = "vi", option: str | None = None
    ) -> str:
        """Say which option or set the records `of` (``tornado_bars``, ``cash_bars``) are of."""
        from sxsh_audit.assessment.investment.drawn import chart_subject

        return chart_subject(self, of, language, option)

    def to_html(self, language: Language = "vi") -> str:
        """Return the assessment as a fragment of HTML, fit for a client."""
        from sxsh_audit.assessment.views import tables_of
        from sxsh_audit.display.html import to_html

        return "\n".join(to_html(table) for table in tables_of(self, language))

    def to_text(self, language: Language = "vi", width: int = 100) -> str:
        """Return the tables of the assessment as plain text, `width` letters wide."""
        from sxsh_audit.assessment.views import tables_of
        from sxsh_audit.display.terminal import to_text

        return "".join(to_text(table, width) for table in tables_of(self, language))

    def show(self, language: Language = "vi") -> Shown:
        """Return the assessment in `language`: print it, or make it the last line of a cell.

        Parameters
        ----------
        language : {"vi", "en"}
            Language of the tables; ``print(result)`` and ``result`` alone are Vietnamese.

        Returns
        -------
        Shown
            Prints as text, shows as tables in a notebook.
        """
        return Shown(self.to_text(language), self.to_html(language))

    def _repr_html_(self) -> str:
        return self.to_html()

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        statuses = ", ".join(
            shown(f"{row['resource']} {row['status'] or '–'}") for row in self.savings.rows[:6]
        )
        more = " …" if len(self.savings) > 6 else ""
        return f"Assessment({self.study['study']!r}: {statuses}{more})"


def plain(value: Any) -> Any:
    """Return a value of a frame as a plain type: nan and NaT are None, numbers Python's."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is getattr(type(value), "NaT", object()):
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _restored(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it was before JSON: what never pays back has years = inf."""
    out = dict(row)
    for kind, years in (("payback_class", "years"), ("discounted_class", "discounted_years")):
        if out.get(kind) == "never":
            out[years] = math.inf
    return out
