"""Reading a programme file: its shape, and every fault of it at once."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sxsh_audit.errors import DataError, NumberError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.numbers import parse_number
from sxsh_audit.language.text import nearest

__all__ = [
    "ANCHORS",
    "BASES",
    "CATEGORIES",
    "OVERALL_RULES",
    "Indicator",
    "Phase",
    "ProgrammeRecord",
    "SectorBand",
    "Support",
    "read_programme",
]

CATEGORIES = ("purchased_energy", "fuel", "raw_material", "other_material", "water")
BASES = ("unit_of_product", "sector_material_use", "sector_energy", "not_stated")
OVERALL_RULES = ("cost_weighted", "each", "energy_total")
ANCHORS = ("first_baseline", "previous_phase")


@dataclass(frozen=True, slots=True)
class SectorBand:
    """Band of one sector [1]; `high` is ``None`` where the target is one-sided."""

    sector: str
    title_vi: str
    title_en: str
    low: float
    high: float | None

    def title(self, language: Language = "vi") -> str:
        """Return the name of the sector."""
        return self.title_vi if language == "vi" else self.title_en


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a programme with its band.

    ``start`` or ``end`` is ``None`` where the programme does not state it; both days belong to
    the phase. ``low`` is ``None`` where each of ``sectors`` has a band of its own. [1]
    """

    id: str
    start: dt.date | None
    end: dt.date | None
    low: float | None
    high: float | None
    sectors: tuple[SectorBand, ...] = ()
    wording: str = ""

    def covers(self, day: dt.date) -> bool:
        """Whether `day` lies in the phase."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def label(self, language: Language = "vi") -> str:
        """Return the phase with its days, for a person."""
        if self.start is not None and self.end is not None:
            code = "programme.phase_span"
        elif self.end is not None:
            code = "programme.phase_until"
        elif self.start is not None:
            code = "programme.phase_from"
        else:
            code = "programme.phase_always"
        return sentence(code, language, phase=self.id, start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Another target of the programme: a share [1] of establishments."""

    phase: str
    kind: str
    denominator: str
    low: float
    high: float | None
    wording: str


@dataclass(frozen=True, slots=True)
class Support:
    """What the programme may pay towards something: a share of it [1], at most an amount."""

    of: str
    share: float | None
    most: float
    currency: str
    legal_ref: str
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class ProgrammeRecord:
    """The content of a programme file."""

    id: str
    title_vi: str
    title_en: str
    legal_ref: str
    authority: str
    counted: tuple[str, ...]
    basis: str
    overall_rule: str
    anchor: str
    edges: str
    phases: tuple[Phase, ...]
    sectors: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    supports: tuple[Support, ...]
    notes_vi: tuple[str, ...]
    notes_en: tuple[str, ...]
    source: str
    confidence: str

    def title(self, language: Language = "vi") -> str:
        """Return the title."""
        return self.title_vi if language == "vi" else self.title_en

    def notes(self, language: Language = "vi") -> tuple[str, ...]:
        """Return what a reader of a result has to know about the programme."""
        return self.notes_vi if language == "vi" else self.notes_en


_TOP = {
    "id": str, "title_vi": str, "title_en": str, "legal_ref": str, "authority": str,
    "counted": list, "basis": str, "phases": list, "source": str,
}  # fmt: skip
_TOP_OPTIONAL = {
    "overall_rule": str, "anchor": str, "edges": str, "sectors": list, "indicators": list,
    "supports": list, "notes_vi": list, "notes_en": list, "confidence": str,
}  # fmt: skip
_PHASE = {"id": str}
_PHASE_OPTIONAL = {
    "start": dt.date, "end": dt.date, "low": float, "high": float, "sectors": list,
    "wording": str,
}  # fmt: skip
_SECTOR = {"sector": str, "title_vi": str, "title_en": str, "low": float}
_SECTOR_OPTIONAL = {"high": float}
_INDICATOR = {"phase": str, "kind": str, "denominator": str, "low": float}
_INDICATOR_OPTIONAL = {"high": float, "wording": str}
_SUPPORT = {"of": str, "most": float, "currency": str, "legal_ref": str, "source": str}
_SUPPORT_OPTIONAL = {"share": float, "wording": str}

Table = dict[str, Any]


class _Reader:
    """Checks tables and collects every fault with its place."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.faults: list[str] = []
        self.codes: list[str] = []
        self.unread: set[str] = set()  # keys that are there, with a value that is none

    def place(self, kind: str, number: int, record: Any, inside: str = "") -> str:
        """Name an entry of a list: ``phase 1 (2021-2025)``, and what it belongs to."""
        names = record if isinstance(record, dict) else {}
        name = next((str(names[key]) for key in ("id", "sector", "phase") if names.get(key)), "")
        code = f"programme.place_{kind}{'_named' if name else ''}"
        text = sentence(code, self.language, number=number, name=name)
        return f"{inside}, {text}" if inside else text

    def fault(self, code: str, place: str, **numbers: Any) -> None:
        values = {"place": place, **numbers}
        self.codes.append(code)
        self.faults.append(refusal_sentence(code, values, self.language))

    def table(
        self, record: Any, place: str, needed: Mapping[str, type], optional: Mapping[str, type]
    ) -> Table:
        """Return the keys of `record` that have the right type; the rest are faults."""
        if not isinstance(record, dict):
            self.wrong_type(place, "table")
            return {}
        inside = f"{place}, " if place else ""
        kinds = {**needed, **optional}
        for key in record:
            if key not in kinds:
                near = nearest(key, kinds) or tuple(kinds)
                self.fault("programme.fault_key", inside + key, near=near)
        for key in needed:
            if key not in record:
                self.fault("programme.fault_missing", inside + key)
        good: Table = {}
        for key, kind in kinds.items():
            value = record.get(key)
            if value is None:
                continue
            if kind is float:
                value = self.number(value)
            if isinstance(value, dt.datetime) or not isinstance(value, kind):
                self.wrong_type(inside + key, kind.__name__)
            elif isinstance(value, str) and key in needed and not value.strip():
                self.fault("programme.fault_missing", inside + key)
            else:
                good[key] = value
        return good

    def wrong_type(self, place: str, kind: str) -> None:
        self.unread.add(place)
        words = sentence(f"programme.kind_{kind}", self.language)
        self.fault("programme.fault_type", place, kind=words)

    def number(self, value: Any) -> Any:
        """Return a number, also one in quotes (``"6 %"``); anything else as it is."""
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            try:
                read = parse_number(value, language=self.language)
            except NumberError:
                return value
            return value if math.isnan(read) else read
        return value

    def texts(self, record: Table, key: str) -> tuple[str, ...]:
        values = record.get(key, [])
        if not all(isinstance(value, str) for value in values):
            self.wrong_type(key, "texts")
            return ()
        return tuple(values)

    def choice(self, record: Table, key: str, known: tuple[str, ...], default: str) -> str:
        value = str(record.get(key, default))
        if value not in known:
            self.fault("programme.fault_choice", key, value=value, known=known)
        return value

    def share(self, record: Table, key: str, place: str) -> float | None:
        value: float | None = record.get(key)
        if value is not None and not 0 <= value <= 1:
            reading = float(f"{value / 100:.12g}")
            self.fault("programme.fault_share", f"{place}, {key}", value=value, reading=reading)
        return value

    def band(self, record: Table, place: str) -> tuple[float | None, float | None]:
        low, high = self.share(record, "low", place), self.share(record, "high", place)
        if low is None and high is not None and f"{place}, low" not in self.unread:
            self.fault("programme.fault_missing", f"{place}, low")
        if low is not None and high is not None and high < low:
            self.fault("programme.fault_band", place, low=low, high=high)
        return low, high

    def sector(self, record: Any, place: str) -> SectorBand:
        good = self.table(record, place, _SECTOR, _SECTOR_OPTIONAL)
        low, high = self.band(good, place)
        titles = good.get("title_vi", ""), good.get("title_en", "")
        return SectorBand(good.get("sector", ""), *titles, low or 0.0, high)

    def phase(self, record: Any, place: str) -> Phase:
        good = self.table(record, place, _PHASE, _PHASE_OPTIONAL)
        low, high = self.band(good, place)
        sectors = tuple(
            self.sector(entry, self.place("sector", number, entry, place))
            for number, entry in enumerate(good.get("sectors", []), start=1)
        )
        tried = {place, *(f"{place}, {key}" for key in ("low", "high", "sectors"))}
        if low is None and high is None and not sectors and not tried & self.unread:
            self.fault("programme.fault_no_band", place)
        start, end = good.get("start"), good.get("end")
        if start is not None and end is not None and end < start:
            self.fault("programme.fault_days", place, start=start, end=end)
        return Phase(good.get("id", ""), start, end, low, high, sectors, good.get("wording", ""))

    def phases(self, record: Table) -> tuple[Phase, ...]:
        found = [
            self.phase(entry, self.place("phase", number, entry))
            for number, entry in enumerate(record.get("phases", []), start=1)
        ]
        if "phases" in record and not found:
            self.fault("programme.fault_missing", "phases")
        found.sort(key=lambda phase: (phase.start or dt.date.min, phase.end or dt.date.max))
        for earlier, later in pairwise(found):
            if later.id == earlier.id:
                self.fault("programme.fault_twice", "phases", phase=later.id)
            if (earlier.end or dt.date.max) >= (later.start or dt.date.min):
                names = {"first": earlier.id, "second": later.id}
                self.fault("programme.fault_overlap", "phases", **names)
        return tuple(found)

    def indicator(self, record: Any, place: str) -> Indicator:
        good = self.table(record, place, _INDICATOR, _INDICATOR_OPTIONAL)
        low, high = self.band(good, place)
        phase, kind, denominator = (good.get(key, "") for key in ("phase", "kind", "denominator"))
        return Indicator(phase, kind, denominator, low or 0.0, high, good.get("wording", ""))

    def support(self, record: Any, place: str) -> Support:
        good = self.table(record, place, _SUPPORT, _SUPPORT_OPTIONAL)
        texts = {key: good.get(key, "") for key in ("of", "currency", "legal_ref", "source")}
        return Support(share=self.share(good, "share", place), most=good.get("most", 0.0),
                       wording=good.get("wording", ""), **texts)  # fmt: skip

    def programme(self, record: Any) -> ProgrammeRecord:
        good = self.table(record, "", _TOP, _TOP_OPTIONAL)
        counted = self.texts(good, "counted")
        for value in counted:
            if value not in CATEGORIES:
                self.fault("programme.fault_choice", "counted", value=value, known=CATEGORIES)
        if "counted" in good and not good["counted"]:
            self.fault("programme.fault_missing", "counted")
        texts = {key: good.get(key, "") for key in _TOP if _TOP[key] is str and key != "basis"}
        return ProgrammeRecord(
            **texts,
            counted=counted,
            basis=self.choice(good, "basis", BASES, "not_stated"),
            overall_rule=self.choice(good, "overall_rule", OVERALL_RULES, "cost_weighted"),
            anchor=self.choice(good, "anchor", ANCHORS, "first_baseline"),
            edges=self.choice(good, "edges", ("closed",), "closed"),
            phases=self.phases(good),
            sectors=self.texts(good, "sectors"),
            indicators=tuple(
                self.indicator(entry, self.place("indicator", number, entry))
                for number, entry in enumerate(good.get("indicators", []), start=1)
            ),
            supports=tuple(
                self.support(entry, self.place("support", number, entry))
                for number, entry in enumerate(good.get("supports", []), start=1)
            ),
            notes_vi=self.texts(good, "notes_vi"),
            notes_en=self.texts(good, "notes_en"),
            confidence=good.get("confidence", ""),
        )


def read_programme(text: str, name: str, *, language: Language = "vi") -> ProgrammeRecord:
    """Read the text of a programme file.

    Parameters
    ----------
    text : str
        TOML text. [-]
    name : str
        File name, as it is shown in a refusal. [-]
    language : {"vi", "en"}
        Language of a refusal. [-]

    Returns
    -------
    ProgrammeRecord

    Raises
    ------
    DataError
        If the text is not TOML or breaks the rules of the file; all faults at once, one to a
        line, also in ``numbers["faults"]`` with their codes in ``numbers["codes"]``.
    """
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        numbers = {"file": name, "reason": str(error)}
        code = "programme.not_toml"
        raise DataError(refusal_sentence(code, numbers, language), code=code, **numbers) from None
    reader = _Reader(language)
    found = reader.programme(record)
    if reader.faults:
        faults, codes = tuple(reader.faults), tuple(reader.codes)
        count, lines = len(faults), "\n".join(f"- {fault}" for fault in faults)
        told = sentence("programme.faulty", language, file=name, count=count, lines=lines)
        raise DataError(
            told, code="programme.faulty", file=name, count=count, faults=faults, codes=codes,
            lines=lines,
        )  # fmt: skip
    return found
