"""Records of several registers joined by their keys, with every difference told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.register import KEYS, REGISTER_COLUMNS, Register, key_text
from sxsh_audit.tables.register_checking import own_key
from sxsh_audit.tables.schema import plain_word

__all__ = ["Codes", "Row", "Source", "Words", "join_rows", "named_establishments", "unknown"]

Words = Mapping[str, str | None]

NUMBERED = {"events": "event", "budget": "item"}
"""Tables whose records each agency numbers for itself."""

NAMING = ("statuses", "participants", "budget")
"""Tables that name establishments."""

NOT_COMPARED = ("note", "as_of", "file", "file_hash", "received")
"""Fields of which another value is no difference in what is reported."""


def unknown(value: Any) -> bool:
    """Whether a cell says nothing.

    Examples
    --------
    >>> unknown(""), unknown(float("nan")), unknown(0.0)
    (True, True, False)
    """
    return value is None or value == "" or value != value


@dataclass(frozen=True, slots=True)
class Row:
    """One record with where it comes from.

    Parameters
    ----------
    cells : mapping
        Its fields.
    agency : str
        Who sent it; empty for the register of the province.
    day : date or None
        Of the list, or of the receipt: the later record is taken.
    received : date or None
        When the report came in.
    place : Place
        Where it was typed.
    """

    cells: Mapping[str, Any]
    agency: str
    day: dt.date | None
    received: dt.date | None
    place: Place

    def rank(self) -> tuple[Any, ...]:
        """Return what orders records: the highest is taken, between equals the register's."""
        texts = tuple(key_text(cell) for cell in self.cells.values())
        first = dt.date.min
        return (self.day or first, not self.agency, self.received or first, self.agency, texts)


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of establishments in the merged register.

    Parameters
    ----------
    by_key : mapping of (str, str) to str
        Code by agency and the key in its report.
    """

    by_key: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def words(self, records: Sequence[Mapping[str, Any]]) -> Words:
        """Words by which the establishments may be named; None for what names several."""
        found: dict[str, str | None] = {}
        own = {plain_word(record["establishment"]) for record in records}
        for record in records:
            found[plain_word(record["establishment"])] = record["establishment"]
        for record in records:
            for column in ("tax_code", "name"):
                word = plain_word(record[column])
                if word and word not in own:
                    code = record["establishment"]
                    if found.setdefault(word, code) != code:
                        found[word] = None
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A register, or a report with its agency and the day it came in."""

    register: Register
    agency: str
    received: dt.date | None

    def content(self) -> str:
        """Return a text that two readings of one report share."""
        stated = self.register.settings.get("file_hash", "")
        if stated:
            return stated
        frames = (self.register.tables[name] for name in KEYS)
        return "\n".join(frame.to_csv(index=False) for frame in frames)

    def _place(self, name: str, cells: Mapping[str, Any]) -> Place:
        key = (name, *(key_text(cells[column]) for column in KEYS[name]))
        place = self.register.places.get(key)
        return place or Place(file=self.register.settings.get("file", ""), sheet=name)

    def _records(self, name: str) -> list[dict[str, Any]]:
        frame = self.register.tables[name]
        if not len(frame):
            return []
        columns = [frame[column].tolist() for column in frame.columns]
        return [dict(zip(frame.columns, cells, strict=True))
                for cells in zip(*columns, strict=True)]  # fmt: skip

    def establishments(self) -> list[Row]:
        """Return the establishments that are listed."""
        return [Row(cells, self.agency, cells["as_of"], self.received,
                    self._place("establishments", cells))
                for cells in self._records("establishments")]  # fmt: skip

    def rows(
        self, name: str, codes: Codes, words: Words, findings: list[Finding]
    ) -> list[Row]:
        """Return the records of a table under the codes of the merged register.

        Parameters
        ----------
        name : str
            Table.
        codes : Codes
            Establishments by the keys of the reports.
        words : mapping of str to str or None
            Establishments of the merged register by code, tax code and name.
        findings : list of Finding
            What cannot be found is told here.
        """
        events = {cells["event"] for cells in self._records("events")} if self.agency else set()
        rows = []
        records = self._records(name)
        if name == "reports" and self.agency:
            records.append(self._receipt())
        for cells in records:
            place = self._place(name, cells)
            if "establishment" in cells:
                cells["establishment"] = codes.by_key.get(
                    (self.agency, cells["establishment"]), cells["establishment"])
            if name in NAMING and self.agency:
                self._name(cells, words, place, findings)
            for column in ("event", "item"):
                if self.agency and column in cells and (
                    column == "item" or cells["event"] in events):  # fmt: skip
                    cells[column] = self._numbered(cells[column])
            day = cells["as_of"] if name == "establishments" else self._came(name, cells)
            rows.append(Row(cells, self.agency, day, self.received, place))
        return rows

    def _numbered(self, code: str) -> str:
        head = f"{self.agency}/"
        return code if code.startswith(head) else head + code

    def _receipt(self) -> dict[str, Any]:
        stated = self.register.settings
        blank: dict[str, Any] = dict.fromkeys(REGISTER_COLUMNS["reports"], "")
        return {**blank, "agency": self.agency, "year": float(stated["year"]),
                "received": self.received, "file": stated.get("file", ""),
                "file_hash": stated.get("file_hash", "")}  # fmt: skip

    def _came(self, name: str, cells: Mapping[str, Any]) -> dt.date | None:
        """Day on which a record came in: of the register that of its agency's report."""
        if name == "reports":
            return cells["received"]  # type: ignore[no-any-return]
        if self.agency:
            return self.received
        frame = self.register.tables["reports"]
        days = [day for agency, year, day in zip(
                    frame["agency"], frame["year"], frame["received"], strict=True)
                if day is not None and agency == cells.get("reported_by")
                and cells.get("year", year) == year]  # fmt: skip
        return max(days, default=None)

    def _name(
        self, cells: dict[str, Any], words: Words, place: Place, findings: list[Finding]
    ) -> None:
        """Find the establishment that a record of a report names."""
        text = cells["establishment"]
        word = plain_word(text)
        if not text:
            return
        found = words.get(word)
        if found is not None:
            cells["establishment"] = found
        else:
            code = "merge.two_establishments" if word in words else "merge.unknown_establishment"
            findings.append(Finding(code, "warning", place, text, {"agency": self.agency}))


def named_establishments(rows: Sequence[Row], findings: list[Finding]) -> Codes:
    """Give each establishment of each report the code that it has in the register.

    Parameters
    ----------
    rows : sequence of Row
        Establishments of the register and of every report.
    findings : list of Finding
        What was recognised is told here.

    Returns
    -------
    Codes
        Only what was given no code is recognised by tax code, or by name and commune; a code
        of its own says that it is another plant.
    """
    known = {row.cells["establishment"] for row in rows if not row.agency}
    by_tax: dict[str, set[str]] = {}
    by_name: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        cells = row.cells
        if not row.agency:
            by_tax.setdefault(cells["tax_code"], set()).add(cells["establishment"])
            by_name.setdefault(_names(cells), set()).add(cells["establishment"])
    codes: dict[tuple[str, str], str] = {}
    for row in rows:
        cells = row.cells
        key = cells["establishment"]
        own = own_key(cells["tax_code"], cells["name"], cells["commune"])
        if not row.agency or key in known or key != own:
            continue
        same = by_tax.get(cells["tax_code"], set()) if cells["tax_code"] else set()
        same = same or by_name.get(_names(cells), set())
        if len(same) == 1:
            (codes[row.agency, key],) = same
            findings.append(Finding("merge.recognised", "note", row.place, key,
                                    {"known": codes[row.agency, key], "agency": row.agency}))
    return Codes(codes)


def _names(cells: Mapping[str, Any]) -> tuple[str, str]:
    return plain_word(cells["name"]), plain_word(cells["commune"])


def join_rows(
    name: str,
    rows: Sequence[Row],
    places: dict[tuple[str, ...], Place],
    findings: list[Finding],
) -> list[dict[str, Any]]:
    """Join the records of one key, field by field; the order is the register's, then by key.

    Parameters
    ----------
    name : str
        Table.
    rows : sequence of Row
        Records of the register and of every report.
    places : dict of tuple to Place
        Where the record of each key stands; added to.
    findings : list of Finding
        Differences are told here.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(key_text(row.cells[column]) for column in KEYS[name])
        groups.setdefault(key, []).append(row)
    old = [key for key, group in groups.items() if any(not row.agency for row in group)]
    new = sorted(key for key, group in groups.items() if all(row.agency for row in group))
    records = []
    for key in (*old, *new):
        group = sorted(groups[key], key=Row.rank, reverse=True)
        places[name, *key] = group[0].place
        record = {column: next((row.cells[column] for row in group
                                if not unknown(row.cells[column])), group[0].cells[column])
                  for column in REGISTER_COLUMNS[name]}  # fmt: skip
        if name == "reports":  # the file that came last, the day on which the first one came
            days = [row.cells["received"] for row in group if row.cells["received"] is not None]
            record["received"] = min(days, default=None)
            if len({row.cells["file_hash"] for row in group if row.cells["file_hash"]}) > 1:
                findings.append(Finding("merge.again", "note", group[0].place, key[0],
                                        {"files": [row.cells["file"] for row in group]}))
        else:
            _differences(name, group, record, findings)
        records.append(record)
    return records


def _differences(
    name: str, group: Sequence[Row], record: Mapping[str, Any], findings: list[Finding]
) -> None:
    """Tell each value that is not the one taken, with both places."""
    told: set[tuple[str, str]] = set()
    for column, kept in record.items():
        if column in NOT_COMPARED:
            continue
        taken = next((row for row in group if not unknown(row.cells[column])), group[0])
        for row in group:
            value = row.cells[column]
            if unknown(value) or plain_word(key_text(value)) == plain_word(key_text(kept)):
                continue
            if (column, key_text(value)) in told:
                continue
            told.add((column, key_text(value)))
            later = taken.day is not None and (row.day is None or taken.day > row.day)
            code = "merge.updated" if later else "merge.differs"
            findings.append(Finding(
                code, "note" if later else "warning", row.place, key_text(value),
                {"field": f"{name}.{column}", "kept": key_text(kept),
                 "record": ", ".join(key_text(record[one]) for one in KEYS[name]),
                 "first": _where(taken), "second": _where(row)},
            ))  # fmt: skip


def _where(row: Row) -> list[str]:
    """Who sent a record and where it stands, to be told in any language."""
    place = row.place
    parts = (row.agency, place.file, place.sheet, str(place.row or ""))
    return [part for part in parts if part] or ["–"]
