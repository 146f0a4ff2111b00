"""A study: the checked tables of one assessment, or of a hundred thousand plants."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import describe, sentence
from sxsh_audit.tables.checking import CheckedTables, check_tables
from sxsh_audit.tables.folding import tidy_findings
from sxsh_audit.tables.places import Places
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.settings import StudySettings, read_settings
from sxsh_audit.tables.whole import PHASES, UNREAD_SETTINGS, days_of, whole_study

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.totals import Total

__all__ = ["PHASES", "Study", "check_all", "phase_days", "refuse"]

NAMED_BY = {
    "options": ("table.unknown_option",),
    "flows": ("flow_tables.unknown_flow",),
    "components": ("flow_tables.unknown_component",),
}
"""Faults of names that another table lists, by that table."""


class Study:
    r"""The checked records of one assessment.

    A study is built from DataFrames here, from files by :func:`sxsh_audit.read_study`, or from
    two totals per resource by :meth:`from_totals`. Building it checks everything at once; a study
    that exists can be assessed.

    Parameters
    ----------
    production, consumption : DataFrame
        What was made and what was used; see :doc:`/reference/tables` for the columns. Headings
        may be Vietnamese or English, cells may be numbers or text as people write it.
    facility, products, resources, prices, options, option_savings, end_uses : DataFrame, optional
        Further tables.
    team : DataFrame, optional
        Who makes the assessment.
    drivers, adjustments : DataFrame, optional
        What drives use beside output, and what changed it that has nothing to do with SXSH.
    steps, flows, components : DataFrame, optional
        The flow sheet: quantity centres, flows of matter and energy between them, and what is
        in the flows.
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
    '   resource       use unit\nelectricity 1200000.0  kWh\nelectricity 1210000.0  kWh'
    """

    __slots__ = ("_places", "_tables", "findings", "folded", "hashes", "settings")

    settings: StudySettings
    findings: tuple[Finding, ...]
    hashes: Mapping[str, str]
    folded: bool

    def __init__(
        self,
        *,
        production: pd.DataFrame | None = None,
        consumption: pd.DataFrame | None = None,
        facility: pd.DataFrame | None = None,
        team: pd.DataFrame | None = None,
        products: pd.DataFrame | None = None,
        resources: pd.DataFrame | None = None,
        prices: pd.DataFrame | None = None,
        options: pd.DataFrame | None = None,
        option_savings: pd.DataFrame | None = None,
        end_uses: pd.DataFrame | None = None,
        drivers: pd.DataFrame | None = None,
        adjustments: pd.DataFrame | None = None,
        steps: pd.DataFrame | None = None,
        flows: pd.DataFrame | None = None,
        components: pd.DataFrame | None = None,
        language: Language = "vi",
        **settings: Any,
    ) -> None:
        frames = {
            "facility": facility, "team": team, "products": products, "production": production,
            "resources": resources, "consumption": consumption, "prices": prices,
            "options": options, "option_savings": option_savings,
            "end_uses": end_uses, "drivers": drivers, "adjustments": adjustments,
            "steps": steps, "flows": flows, "components": components,
        }  # fmt: skip
        for name, frame in frames.items():
            if frame is not None and not (hasattr(frame, "iloc") and hasattr(frame, "columns")):
                raise TypeError(f"{name}: give a DataFrame, not {type(frame).__name__}")
        if isinstance(settings.get("spellings"), (str, os.PathLike)):
            raise TypeError("spellings: give a mapping; a file of them is for study.toml")
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
        fold: bool = True,
    ) -> None:
        tables, findings, places = check_all(raw, settings, found, fold=fold)
        refuse(findings, language, told=findings if fold else tidy_findings(findings))
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_tables", tables)
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "findings", tuple(findings))
        object.__setattr__(self, "folded", fold)  # whether one finding stands for many alike
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
        fold: bool = True,
    ) -> Study:
        """Build a study from raw tables; the readers of files use this."""
        study = object.__new__(cls)
        study._build(raw, settings, findings, hashes or {}, language, fold)
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

    @classmethod
    def _restored(cls, *state: Any) -> Study:
        study = object.__new__(cls)
        for name, value in zip(cls.__slots__, state, strict=True):
            object.__setattr__(study, name, value)
        return study

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._restored, tuple(getattr(self, name) for name in self.__slots__)

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
        tables: CheckedTables = object.__getattribute__(self, "_tables")
        return tables

    @property
    def places(self) -> Places:
        """Where the figures were typed."""
        places: Places = object.__getattribute__(self, "_places")
        return places

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


def refuse(
    findings: Sequence[Finding],
    language: Language,
    told: Sequence[Finding] | None = None,
    code: str = "study.refused",
) -> None:
    """Raise :class:`StudyError` with every finding (those `told`) told, if one of them blocks."""
    errors = [item for item in (findings if told is None else told) if item.severity == "error"]
    if not errors:
        return
    head = sentence(code, language, count=len(errors))
    lines = [f"  {i}. {describe(item, language)}" for i, item in enumerate(errors, start=1)]
    raise StudyError("\n".join([head, *lines]), findings=findings, code=code, count=len(errors))


def check_all(
    raw: Mapping[str, RawTable],
    settings: StudySettings,
    found: Sequence[Finding] = (),
    *,
    fold: bool = True,
) -> tuple[CheckedTables, list[Finding], Places]:
    """Check the tables one by one and then together.

    Without `fold` the same fault in many rows is a finding of each row.

    Returns
    -------
    CheckedTables, list of Finding, Places
        With an error among the findings the tables must not be used.
    """
    tables, findings, places = check_tables(raw, settings)
    if any(item.code in UNREAD_SETTINGS or item.numbers.get("key") == "locale" for item in found):
        # Two readings are the consequence of a locale that could not be read.
        findings = [item for item in findings if not item.code.endswith(".two_readings")]
    if any(item.code.startswith("file.") and item.severity == "error" for item in found):
        # So are options and flows that a file which could not be read may name.
        unread = {code for table, codes in NAMED_BY.items() if table not in raw for code in codes}
        findings = [item for item in findings if item.code not in unread]
    findings += whole_study(raw, tables, settings, [*found, *findings])
    return tables, tidy_findings([*found, *findings], raw, fold=fold), places


def phase_days(settings: StudySettings, phase: str) -> tuple[int, int] | None:
    """First and last day of a phase as days since 1970-01-01, where it has dates."""
    return days_of(getattr(settings, phase))
