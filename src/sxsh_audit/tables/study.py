"""A study: the checked tables of one assessment, or of a hundred thousand plants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import describe, sentence
from sxsh_audit.tables.checking import CheckedTables, check_tables
from sxsh_audit.tables.columns import EPOCH, NO_DAY
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.settings import StudySettings, read_settings

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.totals import Total

__all__ = ["Study", "check_all"]

PHASES = ("baseline", "reporting")


class Study:
    """The checked records of one assessment.

    A study is built from DataFrames here, from files by :func:`sxsh_audit.read_study`, or from
    two totals per resource by :meth:`from_totals`. Building it checks everything at once; a study
    that exists can be assessed.

    Parameters
    ----------
    production, consumption : DataFrame
        What was made and what was used; see :doc:`/reference/tables` for the columns. Headings
        may be Vietnamese or English, cells may be numbers or text as people write it.
    facility, products, resources, prices, options, option_savings : DataFrame, optional
        Further tables.
    language : {"vi", "en"}
        Language of the refusal.
    **settings
        The keys of ``study.toml``: ``baseline="2013"``, ``reporting="2014"``, ``locale="vi"`` …

    Raises
    ------
    StudyError
        If anything blocks an assessment; ``findings`` of the error holds every fault.

    Examples
    --------
    >>> import pandas as pd
    >>> study = Study(
    ...     production=pd.DataFrame({"Kỳ": ["2013", "2014"], "Sản lượng (tấn)": [1000, 1100]}),
    ...     consumption=pd.DataFrame({
    ...         "Tài nguyên": ["Điện", "Điện"], "Kỳ": ["2013", "2014"],
    ...         "Lượng mua": ["1.200.000 kWh", "1.210.000 kWh"]}),
    ...     baseline="2013", reporting="2014")
    >>> study.consumption[["resource", "use", "unit"]].to_string(index=False)
    '   resource       use unit\\nelectricity 1200000.0  kWh\\nelectricity 1210000.0  kWh'
    """

    __slots__ = ("_tables", "findings", "hashes", "settings")

    settings: StudySettings
    findings: tuple[Finding, ...]
    hashes: Mapping[str, str]

    def __init__(
        self,
        *,
        production: pd.DataFrame | None = None,
        consumption: pd.DataFrame | None = None,
        facility: pd.DataFrame | None = None,
        products: pd.DataFrame | None = None,
        resources: pd.DataFrame | None = None,
        prices: pd.DataFrame | None = None,
        options: pd.DataFrame | None = None,
        option_savings: pd.DataFrame | None = None,
        language: Language = "vi",
        **settings: Any,
    ) -> None:
        frames = {
            "facility": facility, "products": products, "production": production,
            "resources": resources, "consumption": consumption, "prices": prices,
            "options": options, "option_savings": option_savings,
        }  # fmt: skip
        raw = {
            name: RawTable.from_frame(frame, name)
            for name, frame in frames.items()
            if frame is not None
        }
        checked, found = read_settings(settings, file="")
        self._build(raw, checked, found, {}, language)

    def _build(
        self,
        raw: Mapping[str, RawTable],
        settings: StudySettings,
        found: Sequence[Finding],
        hashes: Mapping[str, str],
        language: Language,
    ) -> None:
        tables, findings = check_all(raw, settings, found)
        refuse(findings, language)
        object.__setattr__(self, "_tables", tables)
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "findings", tuple(findings))
        object.__setattr__(self, "hashes", dict(hashes))

    @classmethod
    def from_raw(
        cls,
        raw: Mapping[str, RawTable],
        settings: StudySettings,
        *,
        findings: Sequence[Finding] = (),
        hashes: Mapping[str, str] | None = None,
        language: Language = "vi",
    ) -> Study:
        """Build a study from raw tables; the readers of files use this."""
        study = object.__new__(cls)
        study._build(raw, settings, findings, hashes or {}, language)
        return study

    @classmethod
    def from_totals(
        cls,
        study: str = "",
        *,
        output: Total,
        prices: Mapping[str, str] | None = None,
        categories: Mapping[str, str] | None = None,
        product: str = "",
        quality: str = "billed",
        language: Language = "vi",
        settings: Mapping[str, Any] | None = None,
        **resources: Total,
    ) -> Study:
        """Build a study from two totals per resource, as a rapid assessment brings them home.

        Parameters
        ----------
        study : str
            Name of the plant or the study.
        output : pair
            Good output of the baseline and of the reporting period: two texts with their unit
            (``("1.000 tấn", "1.050 tấn")``), or two numbers and a unit (``(1000, 1050, "t")``).
        prices : mapping, optional
            Price by resource, such as ``{"electricity": "1.500 đồng/kWh"}``, without VAT.
        categories : mapping, optional
            Category of a resource that the library does not know by name.
        product : str
            Name of the product.
        quality : {"billed", "measured", "estimated", "nameplate"}
            What the totals are. The default says that they come from bills.
        language : {"vi", "en"}
            Language of the refusal.
        settings : mapping, optional
            Further keys of ``study.toml`` (``baseline``, ``reporting``, ``locale`` …).
        **resources : pair
            Totals by resource key or name, written like `output`.

        Returns
        -------
        Study

        Raises
        ------
        StudyError
            If anything cannot be read, or has two readings.

        Examples
        --------
        >>> study = Study.from_totals(
        ...     "Xưởng đúc", output=("1.000 tấn", "1.050,5 tấn"), settings={"locale": "vi"},
        ...     electricity=("1.200.000 kWh", "1.155.000 kWh"))
        >>> study.consumption["use"].tolist()
        [1200000.0, 1155000.0]
        """
        from sxsh_audit.tables.totals import totals_to_raw

        raw = totals_to_raw(output, resources, prices or {}, categories or {}, product)
        record = {"study": study, "quality": quality, **(settings or {})}
        checked, found = read_settings(record, file="")
        return cls.from_raw(raw, checked, findings=found, language=language)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Study is frozen: {name!r} cannot be set")

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in CheckedTables.__dataclass_fields__:
            raise AttributeError(name)
        frame: pd.DataFrame = getattr(self._tables, name)
        return frame.copy()

    @property
    def tables(self) -> CheckedTables:
        """The checked tables; do not change them."""
        return self._tables  # type: ignore[no-any-return]

    def resource_label(self, resource: str, language: Language = "vi") -> str:
        """Name of a resource as the study or the library calls it."""
        own = self._tables.resources
        named = own.loc[own["resource"] == resource, "name"]
        if len(named) and named.iloc[0]:
            return str(named.iloc[0])
        fact = known_resources().get(resource)
        return fact.label(language) if fact else resource

    def __repr__(self) -> str:
        tables = self._tables
        return (
            f"Study({self.settings.study!r}: {tables.consumption['resource'].nunique()} resources, "
            f"{len(tables.production)} production rows, {len(tables.options)} options)"
        )


def refuse(findings: Sequence[Finding], language: Language) -> None:
    """Raise :class:`StudyError` with every finding told, if one of them blocks."""
    errors = [item for item in findings if item.severity == "error"]
    if not errors:
        return
    head = sentence("study.refused", language, count=len(errors))
    lines = [f"  {i}. {describe(item, language)}" for i, item in enumerate(errors, start=1)]
    raise StudyError("\n".join([head, *lines]), findings=findings, count=len(errors))


def check_all(
    raw: Mapping[str, RawTable], settings: StudySettings, found: Sequence[Finding] = ()
) -> tuple[CheckedTables, list[Finding]]:
    """Check the tables one by one and then together.

    Returns
    -------
    CheckedTables, list of Finding
        With an error among the findings the tables must not be used.
    """
    tables, findings = check_tables(raw, settings)
    findings = [*found, *findings]
    findings += _whole_study(raw, tables, settings, bool(findings))
    return tables, findings


def _whole_study(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings, faulty: bool
) -> list[Finding]:
    """Faults that only the tables together show."""
    findings: list[Finding] = []
    if not len(tables.consumption) and not len(tables.options):
        # With faults already told, an empty study is their consequence and not another fault.
        if not faulty or not raw:
            findings.append(Finding("study.empty", "error"))
        return findings
    if len(tables.consumption):
        if not len(tables.production):
            findings.append(Finding("study.no_production", "error"))
        findings += _phases(raw, tables, settings)
        findings += _bases(raw, tables, settings)
        findings += _several_products(raw, tables, settings)
    return findings


def _several_products(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    """Unlike products are added only by a rule that the study names."""
    table, rule = tables.production, settings.output
    counts = table.groupby("facility")["product"].nunique()
    several = table[table["facility"].isin(counts.index[counts > 1])]
    if not len(several):
        return []
    place = raw["production"].place()
    names = sorted(set(several["product"]))
    if not rule:
        return [Finding("study.several_products", "error", place, "", {"products": names})]
    if rule == "mass":
        unlike = sorted(set(several["unit"]) - {"t", ""})
        if unlike:
            return [Finding("study.not_mass", "error", place, "", {"units": unlike})]
    elif rule == "equivalence":
        known = tables.products[tables.products["equivalence"].notna()]
        pairs = set(zip(known["facility"], known["product"], strict=True))
        made = set(zip(several["facility"], several["product"], strict=True))
        missing = sorted({product for facility, product in made - pairs})
        if missing:
            numbers = {"products": missing}
            return [Finding("study.no_equivalence", "error", place, "", numbers)]
    elif rule not in names:
        numbers = {"rule": rule, "products": names}
        return [Finding("study.unknown_output", "error", place, "", numbers)]
    return []


def phase_days(settings: StudySettings, phase: str) -> tuple[int, int] | None:
    """First and last day of a phase as days since 1970-01-01, where it has dates."""
    period = getattr(settings, phase)
    if period is None:
        return None
    return (period.start - EPOCH).days, (period.end - EPOCH).days


def _row_phases(table: pd.DataFrame, settings: StudySettings) -> np.ndarray[Any, Any]:
    """Phase in which each row lies wholly or in part; empty for none."""
    out = table["phase"].to_numpy(dtype=object).copy()
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    for phase in PHASES:
        days = phase_days(settings, phase)
        if days is not None:
            inside = (start != NO_DAY) & (start <= days[1]) & (end >= days[0])
            out[inside] = phase
    return out


def _phases(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    findings: list[Finding] = []
    dated = tables.consumption["start"].to_numpy()
    dated = dated[dated != NO_DAY]
    missing = [phase for phase in PHASES if getattr(settings, phase) is None]
    if missing and len(dated):
        years = sorted({(EPOCH + dt.timedelta(days=int(day))).year for day in np.unique(dated)})
        numbers = {"years": years, "missing": missing}
        return [Finding("study.no_periods", "error", numbers=numbers)]
    for name in ("production", "consumption"):
        table: pd.DataFrame = getattr(tables, name)
        if name not in raw or not len(table):
            continue
        phases = _row_phases(table, settings)
        outside = np.flatnonzero((phases == "") & (table["start"].to_numpy() != NO_DAY))
        if len(outside):
            numbers = {"count": len(outside), "rows": len(table)}
            place = raw[name].place(int(outside[0]))
            findings.append(Finding("study.outside_periods", "note", place, "", numbers))
        for phase in PHASES:
            if not (phases == phase).any():
                place = raw[name].place()
                numbers = {"phase": phase, "table": name}
                findings.append(Finding("study.empty_phase", "error", place, "", numbers))
    return findings


def _bases(
    raw: Mapping[str, RawTable], tables: CheckedTables, settings: StudySettings
) -> list[Finding]:
    """Good output is not gross output, and starch at 12 % moisture is not wet starch."""
    findings: list[Finding] = []
    table = tables.production
    if not len(table):
        return findings
    frame = table.assign(in_phase=_row_phases(table, settings))
    for column in ("output_basis", "basis"):
        for (_, product), group in frame.groupby(["facility", "product"], sort=True):
            named = {
                phase: sorted(set(group.loc[group["in_phase"] == phase, column]))
                for phase in PHASES
            }
            values = {value for phase in PHASES for value in named[phase]}
            if len(values) > 1:
                place = raw["production"].place()
                numbers = {
                    "product": str(product),
                    "baseline": named["baseline"],
                    "reporting": named["reporting"],
                }
                findings.append(Finding(f"study.{column}", "error", place, "", numbers))
    return findings


def settings_place(key: str) -> Place:
    """Place of a setting in ``study.toml``."""
    return Place(file="study.toml", column=key)
