"""Dated districts of a province, and the agencies that report on a programme every year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sxsh_audit.data import load_toml, names_in
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import nearest, strip_marks
from sxsh_audit.tables.schema import plain_word

__all__ = ["Agency", "District", "Province", "agency_by_name", "due_day", "expected_agencies",
           "province_by_name", "province_of"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class District:
    """A district with the days on which it was there.

    Parameters
    ----------
    name : str
        As it is stored.
    kind : {"city", "town", "district"}
        What it is.
    start, end : date or None
        First and last day; None where it was there before, or is still there.
    split_from : str
        District of which it was a part before; empty without one.
    source, confidence : str
        Where this was read, and how sure it is.
    """

    name: str
    kind: str
    start: dt.date | None
    end: dt.date | None
    split_from: str
    source: str
    confidence: str

    def covers(self, day: dt.date) -> bool:
        """Whether the district was there on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Province:
    """A province whose districts are known.

    Parameters
    ----------
    name : str
        As it is stored.
    districts : tuple of District
        All that there were.
    words : mapping of str to str
        District by folded spelling.
    """

    name: str
    districts: tuple[District, ...]
    words: Mapping[str, str]

    def district(self, text: str) -> District | None:
        """Return the district that a text names, or None.

        Parameters
        ----------
        text : str
            As typed, with or without «huyện» and marks.

        Examples
        --------
        >>> province_by_name("Quảng Bình").district("TX Ba Đồn").start
        datetime.date(2013, 12, 20)
        """
        name = self.words.get(plain_word(text), "")
        return next((one for one in self.districts if one.name == name), None)

    def near(self, text: str) -> list[str]:
        """Return districts spelt like `text`, else all of them."""
        close = (self.words[word] for word in nearest(plain_word(text), self.words, 3))
        return list(dict.fromkeys(close)) or [one.name for one in self.districts]

    def on(self, day: dt.date) -> tuple[District, ...]:
        """Return the districts that there were on `day`.

        Parameters
        ----------
        day : date
            The day.

        Examples
        --------
        >>> province = province_by_name("Quảng Bình")
        >>> [len(province.on(dt.date(*day))) for day in ((2013, 9, 30), (2014, 1, 1), (2025, 7, 1))]
        [7, 8, 0]
        """
        return tuple(one for one in self.districts if one.covers(day))


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that reports on a programme every year.

    Parameters
    ----------
    name : str
        Official name in Vietnamese, as it is stored.
    en : str
        Name in English.
    district : str
        District that it governs; empty for others.
    source : str
        Where the duty to report is stated.
    """

    name: str
    en: str
    district: str
    source: str

    def label(self, language: Language) -> str:
        """Return the name in `language`."""
        return self.name if language == "vi" else self.en


def _spellings(*texts: str) -> set[str]:
    plain = {plain_word(text) for text in texts}
    return plain | {strip_marks(text) for text in plain}


def _words(records: list[dict[str, Any]], name: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for record in records:
        for word in _spellings(record[name], *record["also"]):
            words.setdefault(word, record[name])
    return words


@cache
def _provinces() -> tuple[tuple[Province, frozenset[str]], ...]:
    found = []
    for name in names_in("places", ".toml"):
        record = load_toml(f"places/{name}.toml")
        districts = tuple(
            District(one["name"], one["kind"], one.get("start"), one.get("end"),
                     one.get("split_from", ""), one["source"], one["confidence"])
            for one in record["districts"]
        )  # fmt: skip
        province = Province(record["name"], districts, _words(record["districts"], "name"))
        found.append((province, frozenset(_spellings(record["name"], *record["also"]))))
    return tuple(found)


def province_by_name(text: str) -> Province | None:
    """Return the province that a text names, or None where its districts are not known.

    Parameters
    ----------
    text : str
        Name as typed.

    Examples
    --------
    >>> province_by_name("tỉnh Quảng Bình").name
    'Quảng Bình'
    """
    word = plain_word(text)
    return next((province for province, words in _provinces() if word in words), None)


def _record(programme: str) -> dict[str, Any]:
    known = names_in("agencies", ".toml")
    return load_toml(f"agencies/{programme}.toml") if programme in known else {}


def province_of(programme: str) -> Province | None:
    """Return the province of a programme, or None where it is not one of a province we know.

    Parameters
    ----------
    programme : str
        Id of the programme.

    Examples
    --------
    >>> province_of("vn-qb-2384").name
    'Quảng Bình'
    """
    return province_by_name(_record(programme).get("province", ""))


def expected_agencies(programme: str, year: int) -> tuple[Agency, ...]:
    """Return who is to report on a programme for a year.

    Parameters
    ----------
    programme : str
        Id of the programme.
    year : int
        Calendar year of the report.

    Returns
    -------
    tuple of Agency
        A district committee only where the district was there on the day the report was due;
        empty where no list is known for the programme.

    Examples
    --------
    >>> [len(expected_agencies("vn-qb-2384", year)) for year in (2013, 2014)]
    [16, 17]
    """
    province, due = province_of(programme), due_day(programme, year)
    there = {one.name for one in province.on(due)} if province and due else set()
    return tuple(
        Agency(one["vi"], one["en"], one.get("district", ""), one["source"])
        for one in _record(programme).get("agencies", ())
        if not one.get("district") or one["district"] in there
    )


def due_day(programme: str, year: int) -> dt.date | None:
    """Return the last day on which a report of `year` is in time; None where none is known.

    Parameters
    ----------
    programme : str
        Id of the programme.
    year : int
        Calendar year of the report.

    Examples
    --------
    >>> due_day("vn-qb-2384", 2015)  # «trước ngày 25 tháng 11»
    datetime.date(2015, 11, 24)
    """
    text = _record(programme).get("due_before", "")
    if not text:
        return None
    month, day = map(int, text.split("-"))
    return dt.date(year, month, day) - dt.timedelta(days=1)


@cache
def _agency_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for name in names_in("agencies", ".toml"):
        for word, agency in _words(_record(name)["agencies"], "vi").items():
            words.setdefault(word, agency)
    return words


def agency_by_name(text: str) -> str:
    """Return the official name of an agency, or the text itself where it is not known.

    Parameters
    ----------
    text : str
        As typed.

    Examples
    --------
    >>> agency_by_name("Lệ Thuỷ"), agency_by_name("Công ty A")
    ('UBND huyện Lệ Thủy', 'Công ty A')
    """
    return _agency_words().get(plain_word(text), " ".join(text.split()))
