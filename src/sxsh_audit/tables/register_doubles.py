"""What a register may count twice, and what two reporters say of one day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.register import KEYS, Register, key_text
from sxsh_audit.tables.schema import plain_word

__all__ = ["DOUBLE_COLUMNS", "Double", "contradictions", "doubles"]

DOUBLE_COLUMNS = ("table", "why", "first", "second", "first_by", "second_by", "first_place",
                  "second_place")  # fmt: skip

CODES = {
    "tax_code": "merge.same_tax_code",
    "name": "merge.same_name",
    "event": "merge.same_event",
    "money": "merge.same_money",
}


@dataclass(frozen=True, slots=True)
class Double:
    """Two records that may be one.

    Parameters
    ----------
    table : str
        Their table.
    why : {"tax_code", "name", "event", "money"}
        What they share.
    first, second : str
        Their codes.
    first_by, second_by : str
        Who reported them; empty where that is not known.
    first_place, second_place : Place
        Where they were typed.
    """

    table: str
    why: str
    first: str
    second: str
    first_by: str
    second_by: str
    first_place: Place
    second_place: Place

    def record(self) -> dict[str, Any]:
        """Return the pair as a row of a table."""
        return {column: getattr(self, column) for column in DOUBLE_COLUMNS}

    def finding(self) -> Finding:
        """Return the pair as a warning at its second place."""
        place = self.first_place
        where = [part for part in (self.first_by, place.file, place.sheet, str(place.row or ""))
                 if part]  # fmt: skip
        return Finding(CODES[self.why], "warning", self.second_place, self.second,
                       {"first": self.first, "where": where or ["–"]})  # fmt: skip


def doubles(register: Register) -> list[Double]:
    """Return pairs of records of a register that may be one.

    Parameters
    ----------
    register : Register
        What is looked through.

    Returns
    -------
    list of Double
        Establishments of one tax code, or of one name and commune, under two codes; events of
        one kind and day with the same title or place, and money of the same year, source,
        establishment, purpose and amount, that two agencies report.

    Examples
    --------
    >>> import pandas as pd
    >>> found = doubles(Register.from_frames(establishments=pd.DataFrame(
    ...     {"establishment": ["1", "2"], "tax_code": ["0100109106", "0100109106"]})))
    >>> [(one.why, one.first, one.second) for one in found]
    [('tax_code', '1', '2')]
    """
    found: dict[tuple[str, str, str], Double] = {}
    for table, why, code, same, rows in (
        ("establishments", "tax_code", "establishment", _tax, False),
        ("establishments", "name", "establishment", _name, False),
        ("events", "event", "event", _title, True),
        ("events", "event", "event", _place, True),
        ("budget", "money", "item", _money, True),
    ):
        for first, second in _pairs(_records(register, table), same, code, others=rows):
            pair = (table, first[code], second[code])
            found.setdefault(pair, Double(
                table, why, first[code], second[code], first.get("reported_by", ""),
                second.get("reported_by", ""), _place_of(register, table, first),
                _place_of(register, table, second),
            ))  # fmt: skip
    return [found[key] for key in sorted(found)]


def contradictions(register: Register) -> list[Finding]:
    """Return a warning for each status on which two reporters disagree on the same day.

    Parameters
    ----------
    register : Register
        What is looked through.
    """
    first: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    findings = []
    rows = sorted(_records(register, "statuses"), key=lambda row: row["reported_by"])
    for row in rows:
        key = (row["establishment"], row["indicator"], row["date"])
        if not row["value"] or not all(key):
            continue
        other = first.setdefault(key, row)
        if other["value"] != row["value"]:
            place = _place_of(register, "statuses", other)
            where = [part for part in (other["reported_by"], place.file, place.sheet,
                                       str(place.row or "")) if part]  # fmt: skip
            findings.append(Finding(
                "merge.status_differs", "warning", _place_of(register, "statuses", row),
                row["value"], {"establishment": key[0], "indicator": f"indicator.{key[1]}",
                               "day": key[2].isoformat(), "other": f"yes_no.{other['value']}",
                               "where": where or ["–"]},
            ))  # fmt: skip
    return findings


def _records(register: Register, table: str) -> list[dict[str, Any]]:
    frame = register.tables[table]
    return [dict(zip(frame.columns, cells, strict=True))
            for cells in zip(*(frame[column].tolist() for column in frame.columns), strict=True)]


def _place_of(register: Register, table: str, cells: Mapping[str, Any]) -> Place:
    key = (table, *(key_text(cells[column]) for column in KEYS[table]))
    return register.places.get(key, Place(sheet=table))


def _pairs(
    records: Sequence[Mapping[str, Any]], same: Any, code: str, *, others: bool
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the first record of each group with each other one, in the order of their codes.

    With `others` only records of other agencies are doubles.
    """
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for record in sorted(records, key=lambda record: record[code]):
        key = same(record)
        if key is not None:
            groups.setdefault(key, []).append(record)
    for group in groups.values():
        for record in group[1:]:
            if not others or record["reported_by"] != group[0]["reported_by"]:
                yield group[0], record


def _tax(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    return (record["tax_code"],) if record["tax_code"] else None


def _name(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    name = plain_word(record["name"])
    return (name, plain_word(record["commune"])) if name else None


def _title(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    title = plain_word(record["title"])
    return (record["kind"], record["date"], title) if title and record["date"] else None


def _place(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    place = plain_word(record["place"])
    return (record["kind"], record["date"], place) if place and record["date"] else None


def _money(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    amount = record["spent"] if record["spent"] == record["spent"] else record["planned"]
    if amount != amount or not amount:
        return None
    return (record["year"], record["source"], record["establishment"], record["purpose"],
            record["task"], amount)  # fmt: skip
