"""Who reported to the department, when, and who did not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sxsh_audit.display.table import Table
from sxsh_audit.findings import Place
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.year_telling import YearTelling
from sxsh_audit.tables.districts import agency_by_name, due_day, expected_agencies
from sxsh_audit.tables.register_doubles import doubles

__all__ = ["Incoming"]

SAME = {
    "tax_code": "yearly.same_tax_code", "name": "yearly.same_name",
    "event": "yearly.same_event", "money": "yearly.same_money",
}  # fmt: skip
"""Sentence of what two records share."""
PAIRS_PRINTED = 60

class Incoming(YearTelling):
    """Reports of districts and agencies."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        rows = self.received()
        missing = self.absent()
        late = [row for row in rows if self.is_late(row["received"])]
        found: list[Block] = [self.heading(1, "yearly.incoming", key="incoming")]
        if rows and self.due:
            found += self.body(self.says("yearly.incoming_count", count=len(rows), late=len(late),
                                         day=self.due))  # fmt: skip
        elif rows:
            found += self.body(self.says("yearly.incoming_no_due", count=len(rows)))
        else:
            found += self.missing("yearly.incoming_none")
        if missing is None:
            found += self.note(self.says("yearly.expected_unknown"))
        elif missing:
            found += self.body(self.says("yearly.incoming_missing", count=len(missing),
                                         names=self.listed(missing, len(missing))))  # fmt: skip
        elif rows:
            found += self.body(self.says("yearly.incoming_all"))
        return found + tables([self.listing(rows)]) + self.twice()

    def received(self) -> list[dict[str, Any]]:
        """Return the reports of the year, in the order in which they came."""
        frame = self.register.tables["reports"]
        rows = frame[frame["year"] == self.year].to_dict("records")
        return sorted(({str(name): value for name, value in row.items()} for row in rows),
                      key=lambda row: (row["received"] or dt.date.max, row["agency"]))  # fmt: skip

    def absent(self) -> list[str] | None:
        """Return who was to report and did not; None where it is not known who was to."""
        if self.expected is not None:
            wanted = {agency_by_name(name): name for name in self.expected}
        else:
            wanted = {one.name: one.label(self.language)
                      for one in expected_agencies(self.programme, self.year)}  # fmt: skip
            if not wanted:
                return None
        here = {agency_by_name(str(row["agency"])) for row in self.received()}
        return [visible(told) for name, told in wanted.items() if name not in here]

    @property
    def programme(self) -> str:
        """Id of the programme."""
        return str(self.settings["programme"])

    @property
    def due(self) -> dt.date | None:
        """Last day on which a report is in time; None where none is known."""
        return due_day(self.programme, self.year)

    def is_late(self, received: dt.date | None) -> bool:
        """Whether a report came after the last day for it."""
        return received is not None and self.due is not None and received > self.due

    def twice(self) -> list[Block]:
        """Return what may be counted twice, with both places."""
        pairs = doubles(self.register)
        if not pairs:
            return []
        columns = ((self.says("yearly.col_kind"), "text"), (self.says("yearly.col_same"), "text"),
                   (self.says("yearly.col_first"), "text"),
                   (self.says("yearly.col_second"), "text"))  # fmt: skip
        table = self.table(self.says("yearly.twice_title"), columns, (
            (self.says("yearly.table_name", name=pair.table), self.says(SAME[pair.why]),
             self.one(pair.table, pair.first, pair.first_by, pair.first_place),
             self.one(pair.table, pair.second, pair.second_by, pair.second_place))
            for pair in pairs[:PAIRS_PRINTED]))  # fmt: skip
        return [*self.body(self.says("yearly.twice_count", count=len(pairs))), *tables([table])]

    def one(self, table: str, code: str, by: str, place: Place) -> str:
        """Name a record with who reported it and where it was typed."""
        name = self.plant(code) if table == "establishments" else code
        typed = (place.file, place.sheet, self.says("words.row", row=place.row)
                 if place.row else "") if place.file else ()  # fmt: skip
        return "; ".join(part for part in (name, by, *typed) if part)

    def state(self, received: dt.date | None) -> str:
        """Say whether a report came in time."""
        if received is None:
            return self.says("yearly.day_unknown")
        if self.due is None:
            return ""
        return self.says("yearly.late") if self.is_late(received) else self.says("yearly.in_time")

    def listing(self, rows: list[dict[str, Any]]) -> Table:
        """Return the reports that came and those that did not."""
        columns = ((self.says("yearly.col_agency"), "text"),
                   (self.says("yearly.col_received"), "number"),
                   (self.says("yearly.col_state"), "text"),
                   (self.says("yearly.col_file"), "text"))  # fmt: skip
        names = {one.name: one.label(self.language)
                 for one in expected_agencies(self.programme, self.year)}  # fmt: skip
        told = [(names.get(agency_by_name(str(row["agency"])), str(row["agency"])),
                 self.day(row["received"]), self.state(row["received"]), str(row["file"]))
                for row in rows]  # fmt: skip
        told += [(name, self.day(None), self.says("yearly.not_received"), "")
                 for name in self.absent() or ()]  # fmt: skip
        return self.table(self.says("yearly.incoming_title"), columns, told)
