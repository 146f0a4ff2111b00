"""From the raw tables of a register to checked ones, with every fault on its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.amounts import Texts
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.districts import agency_by_name
from sxsh_audit.tables.fractions import read_fractions
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.register import KEYS, REGISTER_COLUMNS, Register, key_text
from sxsh_audit.tables.register_cells import (
    read_day_cells,
    read_money,
    read_tax_codes,
    read_vsic,
    read_years_of,
)
from sxsh_audit.tables.register_settings import RegisterSettings
from sxsh_audit.tables.schema import REGISTER_TABLES, choice_words, plain_word, table_spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RegisterCheck"]

TABLES_OF_PLANTS = ("statuses", "participants", "budget")
"""Tables that name establishments."""


class RegisterCheck:
    """State of one pass over the tables of a register.

    Parameters
    ----------
    raw : mapping of str to RawTable
        Tables by canonical name; a missing one is empty.
    settings : RegisterSettings
        How the cells are to be read, who reports, which year.
    known : Register, optional
        The register whose establishments and events these tables may name.
    """

    def __init__(
        self,
        raw: Mapping[str, RawTable],
        settings: RegisterSettings,
        known: Register | None = None,
    ) -> None:
        self.settings, self.known = settings, known
        self.readers = {
            name: ColumnReader(table_spec(name), raw.get(name, RawTable.empty()),
                               settings.reading, absent=name not in raw)
            for name in REGISTER_TABLES
        }  # fmt: skip
        self.words: dict[str, str | None] = {}
        self.columns: dict[str, dict[str, Any]] = {}

    def run(self) -> tuple[dict[str, pd.DataFrame], list[Finding], dict[tuple[str, ...], Place]]:
        """Check every table.

        Returns
        -------
        dict of str to DataFrame, list of Finding, dict of tuple to Place
            Tables, everything that was found, and the place of each record by table and key.
        """
        import pandas as pd

        for name in REGISTER_TABLES:
            self.columns[name] = self._plain_columns(name)
        self._establishments()
        for name in TABLES_OF_PLANTS:
            self._references(name)
        self._events()
        frames: dict[str, pd.DataFrame] = {}
        places: dict[tuple[str, ...], Place] = {}
        for name in REGISTER_TABLES:
            reader, columns = self.readers[name], self.columns[name]
            self._repeats(name, places)
            frames[name] = pd.DataFrame(columns, index=range(len(reader)),
                                        columns=list(REGISTER_COLUMNS[name]))  # fmt: skip
        self._contradictions()
        findings = [item for name in REGISTER_TABLES for item in self.readers[name].findings]
        return frames, findings, places

    # -- columns --------------------------------------------------------------------------------

    def _plain_columns(self, name: str) -> dict[str, Any]:
        """Read the columns of a table by the kind of each field."""
        reader = self.readers[name]
        columns: dict[str, Any] = {}
        for item in reader.spec.fields.values():
            if item.kind == "choice":
                columns[item.name] = reader.choices(item.name)
            elif item.kind == "number":
                columns[item.name] = reader.numbers(item.name)
            elif item.kind == "money":
                columns[item.name] = read_money(reader, item.name)
            elif item.kind == "percent":
                columns[item.name] = read_fractions(reader, item.name, whole=True)
            elif item.kind == "year":
                columns[item.name] = read_years_of(reader, item.name, self.settings.year)
            elif item.kind == "date":
                columns[item.name] = read_day_cells(reader, item.name)
            elif item.kind == "vsic":
                columns[item.name] = read_vsic(reader)
            else:
                columns[item.name] = reader.texts(item.name)
        if "task" in columns:
            columns["task"] = _each(columns["task"], lambda text: text.rstrip("."))
        for column in ("reported_by", "agency"):
            if column in columns:
                columns[column] = _each(columns[column], agency_by_name)
        if "reported_by" in columns and self.settings.agency:
            own = columns["reported_by"]
            columns["reported_by"] = np.where(own == "", self.settings.agency, own)
        return columns

    # -- establishments -------------------------------------------------------------------------

    def _establishments(self) -> None:
        reader, columns = self.readers["establishments"], self.columns["establishments"]
        columns["tax_code"] = read_tax_codes(reader, columns["ownership"])
        self._one_unit(reader, columns)
        as_of = self.settings.as_of
        columns["as_of"] = [day or as_of for day in columns["as_of"]]
        for i, (first, last) in enumerate(zip(columns["opened"], columns["closed"], strict=True)):
            if first and last and last < first:
                reader.report("table.end_before_start", "error", i, "closed", last.isoformat(),
                              start=first.isoformat(), end=last.isoformat())  # fmt: skip
        bare = np.flatnonzero((columns["vsic"] != "") & (columns["vsic_version"] == ""))
        if len(bare):
            reader.report("register.vsic_version", "warning", int(bare[0]), "vsic",
                          columns["vsic"][bare[0]], count=len(bare))  # fmt: skip
        self._districts(reader, columns)
        typed = columns["establishment"]
        columns["establishment"] = np.array(
            [code or own_key(tax, name, commune) for code, tax, name, commune in zip(
                typed, columns["tax_code"], columns["name"], columns["commune"], strict=True)]
            + [None], dtype=object)[:-1]  # fmt: skip
        self._doubles(reader, columns)
        for source in (*_lists(self.known, "establishments"), columns):
            self._learn(source)

    def _one_unit(self, reader: ColumnReader, columns: dict[str, Any]) -> None:
        """Units in the headings of energy and output: TOE, and the unit of every row."""
        unit = reader.heading_unit.get("energy_toe", "")
        if unit and plain_word(unit) not in choice_words("energy_unit"):
            place = reader.raw.place(None, reader.index["energy_toe"])
            reader.findings.append(Finding("register.not_toe", "error", place, unit))
        unit = reader.heading_unit.get("output", "")
        if unit:
            blank = (columns["output_unit"] == "") & ~np.isnan(columns["output"])
            columns["output_unit"] = np.where(blank, unit, columns["output_unit"])

    def _districts(self, reader: ColumnReader, columns: dict[str, Any]) -> None:
        province, typed = self.settings.province, columns["district"]
        if province is None:
            return
        out = typed.copy()
        for i in np.flatnonzero(typed != "").tolist():
            found = province.district(typed[i])
            if found is None:
                near = province.near(typed[i])
                reader.report("register.unknown_district", "error", i, "district", typed[i],
                              near=near, province=province.name)  # fmt: skip
                continue
            out[i] = found.name
            day = columns["as_of"][i] or self._year_end()
            if day is not None and not found.covers(day):
                over = found.end is not None and found.end < day
                code = "register.district_over" if over else "register.district_not_yet"
                border = found.end if over else found.start
                reader.report(code, "warning", i, "district", typed[i],
                              day=day.isoformat(), border=str(border))  # fmt: skip
        columns["district"] = out

    def _year_end(self) -> dt.date | None:
        year = self.settings.year
        return None if np.isnan(year) else dt.date(int(year), 12, 31)

    def _doubles(self, reader: ColumnReader, columns: dict[str, Any]) -> None:
        """One plant under two codes: the same tax code, or the same name in the same commune."""
        seen: dict[tuple[str, ...], int] = {}
        for i, (key, tax, name, commune) in enumerate(zip(
            columns["establishment"], columns["tax_code"], columns["name"], columns["commune"],
            strict=True,
        )):  # fmt: skip
            for code, column, word in (
                ("register.same_tax_code", "tax_code", (tax,)),
                ("register.same_name", "name", (plain_word(name), plain_word(commune))),
            ):
                if not word[0]:
                    continue
                j = seen.setdefault((column, *word), i)
                if columns["establishment"][j] != key:
                    reader.report(code, "warning", i, column, columns[column][i],
                                  first=int(reader.raw.rows[j]),
                                  other=columns["establishment"][j])  # fmt: skip
                    break

    def _learn(self, columns: Mapping[str, Any]) -> None:
        """Remember by which words an establishment may be named elsewhere."""
        for key in columns["establishment"]:
            if key:
                self.words[plain_word(key)] = key
        own = {plain_word(key) for key in columns["establishment"]}
        for column in ("tax_code", "name"):
            for key, text in zip(columns["establishment"], columns[column], strict=True):
                word = plain_word(text)
                if word and word not in own and self.words.setdefault(word, key) != key:
                    self.words[word] = None  # two plants of one name: their code is needed

    # -- what names others ----------------------------------------------------------------------

    def _references(self, name: str) -> None:
        """Codes of the establishments that a table names."""
        reader, columns = self.readers[name], self.columns[name]
        typed: Texts = columns["establishment"]
        out = typed.copy()
        for i in np.flatnonzero(typed != "").tolist():
            word = plain_word(typed[i])
            found = self.words.get(word)
            if found is not None:
                out[i] = found
            elif word in self.words:
                reader.report("register.two_establishments", "error", i, "establishment", typed[i])
            elif self.known is None and self.settings.agency:
                # A district names plants of the register that it was not sent.
                reader.report("register.elsewhere", "note", i, "establishment", typed[i])
            else:
                near = nearest(word, self.words, 3) if reader.looks() else ()
                keys = [key for one in near if (key := self.words[one])]
                reader.report("register.unknown_establishment", "error", i, "establishment",
                              typed[i], near=list(dict.fromkeys(keys)) or ["–"])  # fmt: skip
        columns["establishment"] = out

    def _events(self) -> None:
        reader, columns = self.readers["participants"], self.columns["participants"]
        events, words = self.columns["events"], dict[str, str]()
        for source in (*_lists(self.known, "events"), events):
            for column in ("title", "event"):
                for word, key in zip(source[column], source["event"], strict=True):
                    words[plain_word(word)] = key
        for i, text in enumerate(columns["event"]):
            key = words.get(plain_word(text), "")
            if text and not key:
                near = [words[word] for word in nearest(plain_word(text), words, 3)]
                reader.report("register.unknown_event", "error", i, "event", text,
                              near=list(dict.fromkeys(near)) or ["–"])  # fmt: skip
            columns["event"][i] = key or text
            if not columns["establishment"][i] and not columns["agency"][i]:
                reader.report("register.nobody", "error", i)

    # -- keys -----------------------------------------------------------------------------------

    def _repeats(self, name: str, places: dict[tuple[str, ...], Place]) -> None:
        """Report each record whose key stands above already; keep the place of the others."""
        reader, columns = self.readers[name], self.columns[name]
        first: dict[tuple[str, ...], int] = {}
        for i in range(len(reader)):
            key = tuple(key_text(columns[column][i]) for column in KEYS[name])
            places.setdefault((name, *key), reader.raw.place(i))
            j = first.setdefault(key, i)
            where = next((column for column in KEYS[name] if reader.has(column)), None)
            if j != i and any(key) and not (where and reader.faulty(i, where)):
                shown = ", ".join(filter(None, key))
                reader.report("register.repeated", "error", i, where, shown,
                              first=int(reader.raw.rows[j]))  # fmt: skip

    def _contradictions(self) -> None:
        """Tell of two answers of one day from two reporters: they count as unknown."""
        reader, columns = self.readers["statuses"], self.columns["statuses"]
        first: dict[tuple[Any, ...], int] = {}
        for i, value in enumerate(columns["value"]):
            key = (columns["establishment"][i], columns["indicator"][i], columns["date"][i])
            if not value or not all(key):
                continue
            j = first.setdefault(key, i)
            same_reporter = columns["reported_by"][i] == columns["reported_by"][j]
            if columns["value"][j] != value and not same_reporter:
                reader.report("register.status_differs", "warning", i, "value", value,
                              first=int(reader.raw.rows[j]))  # fmt: skip


def own_key(tax_code: str, name: str, commune: str) -> str:
    """Return the code of an establishment that was given none: tax code, else name and commune.

    Examples
    --------
    >>> own_key("", "Xưởng mộc Minh", "xã Đồng Trạch"), own_key("0100109106", "A", "")
    ('Xưởng mộc Minh, xã Đồng Trạch', '0100109106')
    """
    return tax_code or ", ".join(filter(None, (name, commune)))


def _lists(register: Register | None, name: str) -> list[Mapping[str, Any]]:
    """Columns of a table of a register, if there is one."""
    if register is None:
        return []
    return [{str(column): cells.tolist() for column, cells in register.tables[name].items()}]


def _each(texts: Texts, change: Any) -> Texts:
    known = {text: change(text) if text else "" for text in set(texts)}
    return np.array([*(known[text] for text in texts), None], dtype=object)[:-1]
