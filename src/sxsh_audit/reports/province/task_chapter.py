"""The tasks of the annex, one by one, with what is proposed for the next year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sxsh_audit.display.table import Table
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.saying import facts, tables
from sxsh_audit.reports.document import Block, Heading
from sxsh_audit.reports.province.year_telling import Row, YearTelling

__all__ = ["Proposals", "TaskChapter"]

STATUSES = {
    "not_started": "yearly.task_not_started", "in_progress": "yearly.task_in_progress",
    "done": "yearly.task_done", "stopped": "yearly.task_stopped",
}  # fmt: skip


class TaskChapter(YearTelling):
    """What was done of each task."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        rows = self.progress.tasks.rows
        found: list[Block] = [self.heading(1, "yearly.tasks", key="tasks")]
        if not rows:
            return [*found, *self.missing("yearly.no_tasks")]
        found += tables([self.overview(rows)], wide=True)
        for group, members in groupby(rows, key=lambda row: str(self.own(row, "group"))):
            if group:
                found.append(Heading(2, visible(group)))
            for row in members:
                found += self.one(row)
        return found

    def own(self, row: Row, name: str) -> str:
        """Return a text of the annex in the language, as printed where it is not translated."""
        told = row.get(f"{name}_en") if self.language == "en" else None
        return str(told or row.get(name) or "")

    def status(self, row: Row) -> str:
        """Say where a task stands."""
        code = STATUSES.get(row["status"] or "")
        told = self.says(code) if code else self.says("yearly.task_unknown")
        if row["progress"] is not None and row["status"] == "in_progress":
            told = self.says("yearly.task_share", status=told, share=float(row["progress"]))
        return self.says("yearly.task_overdue", status=told) if row["overdue"] else told

    def overview(self, rows: Sequence[Row]) -> Table:
        """Return all tasks in one table."""
        columns = (
            (self.says("yearly.col_task"), "text"), (self.says("yearly.col_action"), "text"),
            (self.says("yearly.col_term"), "text"), (self.says("yearly.col_status"), "text"),
            (self.says("yearly.col_planned"), "number"), (self.says("yearly.col_spent"), "number"),
        )  # fmt: skip
        return self.table(self.says("yearly.tasks_title"), columns, (
            (str(row["task"]), self.lines(self.own(row, "action")), self.term(row),
             self.status(row), self.money(row["planned"]), self.money(row["spent"]))
            for row in rows))  # fmt: skip

    def term(self, row: Row) -> str:
        """Write from when to when a task runs."""
        return f"{self.month(row['start'])} – {self.month(row['end'])}"

    @staticmethod
    def month(value: object) -> str:
        """Write the month of a day as the annex does: 9/2013."""
        parts = str(value or "").split("-")
        return f"{int(parts[1])}/{parts[0]}" if len(parts) > 1 else "–"

    def one(self, row: Row) -> list[Block]:
        """Return what is told of one task."""
        held = ""
        if row["events"]:
            code = "yearly.events_people" if row["people"] is not None else "yearly.events_only"
            held = self.says(code, count=row["events"], people=row["people"] or 0)
        reached = ""
        if row["target"] is not None:
            reached = self.says("yearly.task_target", count=row["target"], done=row["done"] or 0)
        paid = ""
        if row["planned"] is not None or row["spent"] is not None:
            paid = self.says("yearly.task_money", planned=self.money(row["planned"]),
                             spent=self.money(row["spent"]))  # fmt: skip
        action = self.lines(self.own(row, "action"))
        title = self.says("yearly.task", task=row["task"], action=action)
        return [
            Heading(3, title, f"task-{row['task']}"),
            *facts([
                (self.says("yearly.task_expected"), self.lines(self.own(row, "expected"))),
                (self.says("yearly.task_lead"), self.lines(row["lead"])),
                (self.says("yearly.task_term"), self.term(row)),
                (self.says("yearly.col_status"), self.status(row)),
                (self.says("yearly.task_result"),
                 self.lines(row["result"]) or self.says("yearly.task_silent")),
                (self.says("yearly.task_number"), reached),
                (self.says("yearly.task_events"), held),
                (self.says("yearly.task_paid"), paid),
                (self.says("yearly.task_next", year=self.year + 1),
                 self.lines(row["next_year"]) or self.says("yearly.no_proposal")),
            ]),
        ]  # fmt: skip


class Proposals(TaskChapter):
    """What is proposed for the next year."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        columns = ((self.says("yearly.col_task"), "text"), (self.says("yearly.col_action"), "text"),
                   (self.says("yearly.col_proposal"), "text"))  # fmt: skip
        rows = [(str(row["task"]), self.lines(self.own(row, "action")),
                 self.lines(row["next_year"]))
                for row in self.progress.tasks.rows if row["next_year"]]  # fmt: skip
        silent = [str(row["task"]) for row in self.progress.tasks.rows if not row["next_year"]]
        table = self.table(self.says("yearly.proposals_title", year=self.year + 1), columns, rows)
        return [
            self.heading(1, "yearly.proposals", key="proposals", year=self.year + 1),
            *(tables([table]) or self.missing("yearly.no_proposals")),
            *(self.note(self.says("yearly.proposals_silent", names=self.listed(silent, 13)))
              if rows and silent else []),
        ]  # fmt: skip
