"""Programmes and their targets: which phase, which band, what counts.

A programme is a file (``data/programmes/*.toml`` or the user's own of the same shape): 63
provinces wrote one each, and the next decision will come. What a decision leaves open (both
ends closed, the rule for an overall result, the anchor of a later phase) is a setting with our
reading as default, always shown.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from sxsh_audit.assessment.programme_files import (
    CATEGORIES,
    Indicator,
    Phase,
    ProgrammeRecord,
    SectorBand,
    read_programme,
)
from sxsh_audit.assessment.programme_verdict import Verdict
from sxsh_audit.data import load_rows, names_in, open_fact
from sxsh_audit.errors import ProgrammeError
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import fold, nearest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "CATEGORIES",
    "Indicator",
    "Phase",
    "Programme",
    "SectorBand",
    "Verdict",
    "programme",
    "programmes",
    "resource_category",
]


@dataclass(frozen=True, slots=True)
class Programme(ProgrammeRecord):
    """A programme as its file states it, and the questions it answers.

    The fields are those of the file: ``id``, ``title_vi``, ``title_en``, ``legal_ref``,
    ``authority``, ``counted`` (categories), ``basis``, ``overall_rule``, ``anchor``, ``edges``,
    ``phases``, ``sectors`` (sectors named without bands of their own), ``indicators``,
    ``supports`` (what it may pay towards something), ``notes_vi``, ``notes_en``, ``source``,
    ``confidence``.
    """

    def phase_on(self, day: dt.date) -> Phase | None:
        """Return the phase that a day lies in, or ``None``.

        Examples
        --------
        >>> programme("vn-qb-2384").phase_on(dt.date(2015, 12, 31)).id
        '2013-2015'
        """
        return next((phase for phase in self.phases if phase.covers(day)), None)

    def phase(self, phase_id: str, *, language: Language = "vi") -> Phase:
        """Return the phase `phase_id`.

        Parameters
        ----------
        phase_id : str
            Id of the phase. [-]
        language : {"vi", "en"}
            Language of a refusal. [-]

        Returns
        -------
        Phase

        Raises
        ------
        ProgrammeError
            If there is no such phase; it names those that there are.
        """
        phases = {fold(phase.id): phase for phase in self.phases}
        if fold(phase_id) not in phases:
            _refuse(
                "programme.phase_unknown", language,
                phase=phase_id, programme=self.id, known=tuple(phase.id for phase in self.phases),
            )  # fmt: skip
        return phases[fold(phase_id)]

    def counts(self, resource: str | None, *, language: Language = "vi") -> bool:
        """Whether the programme counts a resource.

        Parameters
        ----------
        resource : str, optional
            Resource key or category; ``None`` stands for an overall result, which counts. [-]
        language : {"vi", "en"}
            Language of a refusal. [-]

        Returns
        -------
        bool

        Raises
        ------
        ProgrammeError
            If the resource is not known.

        Examples
        --------
        >>> programme("vn-qb-2384").counts("water")
        False
        """
        return resource is None or resource_category(resource, language=language) in self.counted

    def band(
        self, phase: Phase, sector: str | None = None, *, language: Language = "vi"
    ) -> tuple[float, float | None]:
        """Return the low and the high end of a phase, of a sector where it has its own.

        Parameters
        ----------
        phase : Phase
            Phase of this programme. [-]
        sector : str, optional
            Sector of the plant. [-]
        language : {"vi", "en"}
            Language of a refusal. [-]

        Returns
        -------
        tuple of float
            Low end, and high end or ``None``. [1]

        Raises
        ------
        ProgrammeError
            If the phase has a band per sector and none, or an unknown one, is given, or if the
            programme names its sectors and this is none of them.
        """
        known = tuple(entry.sector for entry in phase.sectors) or self.sectors
        if sector is None:
            if phase.low is None:
                _refuse("programme.sector_needed", language, programme=self.id, known=known)
            return phase.low, phase.high
        if known and fold(sector) not in map(fold, known):
            _refuse(
                "programme.sector_unknown", language,
                sector=sector, programme=self.id, known=known,
            )  # fmt: skip
        for entry in phase.sectors:
            if fold(entry.sector) == fold(sector):
                return entry.low, entry.high
        assert phase.low is not None  # a phase has a band of its own or one per sector
        return phase.low, phase.high

    def verdict(
        self,
        saving: ArrayLike,
        date: Any,
        resource: str | None = None,
        phase: str | None = None,
        *,
        sector: str | None = None,
        language: Language = "vi",
    ) -> Verdict:
        """Check savings against the target of the phase in which they were reached.

        Parameters
        ----------
        saving : float or array
            Saving as a fraction; ``nan`` is not known. [1]
        date : datetime.date, datetime.datetime or str
            Last day of the reporting period, or a period whose last day it is
            (``"2014-12-31"``, ``"12/2014"``, ``"Quý IV/2014"``).
        resource : str, optional
            Resource key or category; left out for an overall result. [-]
        phase : str, optional
            Judge "as if" by this phase, whatever the date. [-]
        sector : str, optional
            Sector of the plant, where the programme has a band per sector. [-]
        language : {"vi", "en"}
            Language of a refusal.

        Returns
        -------
        Verdict
            ``status`` with the band and the phase that were applied. A resource that the
            programme does not count has the status ``not_counted``.

        Raises
        ------
        ProgrammeError
            If the date is outside every phase, or a phase, sector or resource is not known.
        RangeError
            If a saving is above 1 (a percentage without its sign).
        PeriodError
            If the date cannot be read.

        Notes
        -----
        Both ends of the band belong to it, which is our reading of "từ 5 - 8 %"; the edges are
        compared at 1e-12.

        References
        ----------
        .. [1] The ``legal_ref`` and ``source`` of the programme.

        Examples
        --------
        >>> found = programme("vn-qb-2384").verdict(0.05, "2014-12-31", "electricity")
        >>> found.status, found.phase, found.low, found.high
        (<Status.WITHIN: 'within'>, '2013-2015', 0.05, 0.08)
        """
        from sxsh_audit.calc.bands import status
        from sxsh_audit.calc.domain import floats, plain
        from sxsh_audit.calc.savings import check_fraction

        check_language(language)
        check_fraction(saving, language=language)
        day = _last_day(date, language)
        on_date = self.phase_on(day)
        applied = on_date if phase is None else self.phase(phase, language=language)
        if applied is None:
            phases = tuple(entry.label(language) for entry in self.phases)
            _refuse(
                "programme.outside", language, date=day, programme=self.id, phases=phases
            )
        counted = self.counts(resource, language=language)
        low, high = self.band(applied, sector, language=language)
        return Verdict(
            status=status(saving, low, high, counted=counted),
            phase=applied.id,
            low=low,
            high=high,
            saving=plain(floats(saving)),
            counted=counted,
            as_if=applied is not on_date,
            programme=self.id,
            sector="" if sector is None else fold(sector),
        )


def _refuse(code: str, language: Language, **numbers: Any) -> NoReturn:
    raise ProgrammeError(refusal_sentence(code, numbers, language), code=code, **numbers)


def _last_day(date: Any, language: Language) -> dt.date:
    """Return the last day that `date` names."""
    if isinstance(date, dt.datetime):
        return date.date()
    if isinstance(date, dt.date):
        return date
    end = getattr(date, "end", None)  # a Period
    if isinstance(end, dt.date):
        return end
    if isinstance(date, str):
        try:
            return dt.date.fromisoformat(date.strip())
        except ValueError:
            from sxsh_audit.language.periods import parse_period

            return parse_period(date, language=language).end
    item = getattr(date, "item", None)  # numpy.datetime64, without importing numpy
    found = item() if callable(item) else None
    if isinstance(found, dt.date):
        return _last_day(found, language)
    raise TypeError(f"a date, or a text that names one, not {type(date).__name__}")


def resource_category(resource: str, *, language: Language = "vi") -> str:
    """Return the category of a resource key; a category stands for itself.

    Parameters
    ----------
    resource : str
        Resource key (``"electricity"``) or category (``"purchased_energy"``). [-]
    language : {"vi", "en"}
        Language of a refusal. [-]

    Returns
    -------
    str
        purchased_energy, fuel, raw_material, other_material or water.

    Raises
    ------
    ProgrammeError
        If the resource is not known.

    Examples
    --------
    >>> resource_category("coal")
    'fuel'
    """
    key = fold(resource)
    if key in CATEGORIES:
        return key
    categories = _categories()
    if key not in categories:
        near = nearest(key, (*CATEGORIES, *categories)) or tuple(categories)
        _refuse("programme.resource_unknown", language, resource=resource, known=near)
    return categories[key]


@cache
def _categories() -> dict[str, str]:
    return {row["resource"]: row["category"] for row in load_rows("resources.csv")}


def _programme(record: ProgrammeRecord) -> Programme:
    return Programme(*(getattr(record, name) for name in ProgrammeRecord.__slots__))


@cache
def _shipped(programme_id: str) -> Programme:
    text = open_fact(f"programmes/{programme_id}.toml").read_text(encoding="utf-8")
    return _programme(read_programme(text, f"{programme_id}.toml"))


def programmes() -> tuple[Programme, ...]:
    """Return the programmes that come with the library, sorted by id.

    Examples
    --------
    >>> [entry.id for entry in programmes()][:3]
    ['vn-1419', 'vn-889', 'vn-hn-2024']
    """
    return tuple(_shipped(name) for name in names_in("programmes", ".toml"))


def programme(
    id_or_path: str | os.PathLike[str], *, language: Language = "vi"
) -> Programme:
    """Return a programme by its id, or from a file of the user's own.

    Parameters
    ----------
    id_or_path : str or path
        Id (``"vn-qb-2384"``), or the path of a TOML file of the same shape. [-]
    language : {"vi", "en"}
        Language of a refusal. [-]

    Returns
    -------
    Programme

    Raises
    ------
    ProgrammeError
        If there is no such id or file; it names the nearest ids.
    DataError
        If the file breaks its rules; all faults at once, also in ``numbers["faults"]``.

    Examples
    --------
    >>> programme("vn-qb-2384").phases[1].low
    0.08
    """
    check_language(language)
    name = os.fspath(id_or_path)
    known = names_in("programmes", ".toml")
    if isinstance(id_or_path, str) and fold(name) in known:
        return _shipped(fold(name))
    if not name.casefold().endswith(".toml") and not os.path.isfile(name):
        _refuse(
            "programme.unknown", language,
            programme=name, near=nearest(name, known) or known, known=known,
        )  # fmt: skip
    return _programme(_read_file(name, language))


def _read_file(path: str, language: Language) -> ProgrammeRecord:
    name = os.path.basename(path)
    try:
        with open(path, encoding="utf-8-sig") as stream:
            text = stream.read()
    except FileNotFoundError:
        _refuse("programme.no_file", language, file=name)
    except (OSError, UnicodeDecodeError):
        _refuse("programme.unreadable", language, file=name)
    return read_programme(text, name, language=language)
