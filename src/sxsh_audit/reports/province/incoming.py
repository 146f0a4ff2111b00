"""Who reported to the department, when, and who did not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sxsh_audit.display.table import Table
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.year_telling import YearTelling
from sxsh_audit.tables.districts import agency_by_name, due_day, expected_agencies

__all__ = ["Incoming"]

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
        return found + tables([self.listing(rows)])

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
        told = [(str(row["agency"]), self.day(row["received"]), self.state(row["received"]),
                 str(row["file"])) for row in rows]  # fmt: skip
        told += [(name, self.day(None), self.says("yearly.not_received"), "")
                 for name in self.absent() or ()]  # fmt: skip
        return self.table(self.says("yearly.incoming_title"), columns, told)
