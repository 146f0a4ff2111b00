"""The minutes (biên bản làm việc) of a visit: what was looked at, found, and is still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import finding_sentences
from sxsh_audit.language.text import shown
from sxsh_audit.reports.chapters.first_steps import first_steps
from sxsh_audit.reports.chapters.introduction import Introduction
from sxsh_audit.reports.chapters.plan import Upkeep
from sxsh_audit.reports.chapters.report import about, harmless
from sxsh_audit.reports.chapters.saying import bullets, facts
from sxsh_audit.reports.chapters.summary import Summary
from sxsh_audit.reports.chapters.telling import Telling
from sxsh_audit.reports.document import Block, Document, Signatures

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.findings import Finding

__all__ = ["build_minutes"]

WARNINGS_TOLD = 12
"""Warnings that the minutes repeat; appendix C of the report has them all."""


def build_minutes(assessment: Assessment, language: Language = "vi") -> Document:
    """Return the minutes of a visit.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    language : {"vi", "en"}
        Language of every text.

    Returns
    -------
    Document
        Who was present (to be written in), what was looked at, findings, what the plant still
        has to give, next steps, and places to sign.

    Examples
    --------
    >>> from sxsh_audit import Study, assess
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> build_minutes(assess(study)).kind
    'minutes'
    """
    view = _Minutes(assessment, check_language(language))
    document = Document("minutes", view.says("report_minutes.title"), view.title, view.language,
                        tuple(view.blocks()), about(view))  # fmt: skip
    return harmless(document)


class _Minutes(Telling):
    """The minutes in one language."""

    def blocks(self) -> list[Block]:
        """Return the minutes."""
        day = self.day(self.result.study["report_date"])
        code = "report_minutes.when" if day else "report_minutes.when_blank"
        numbers = {"name": self.quoted(self.title), **({"day": day} if day else {})}
        summary = Summary(self.result, self.language)
        doubts = summary.doubts()
        careful = [*self.body(self.says("report_minutes.careful")), *bullets(doubts)]
        steps = first_steps(self)
        return [
            *self.body(self.says(code, **numbers)),
            self.heading(1, "report_minutes.parties"),
            *self.missing("report_minutes.party_missing"),
            self.heading(1, "report_minutes.looked"), *self.looked(),
            self.heading(1, "report_minutes.found"),
            *self.note(self.says("report_minutes.found_note")),
            *self.body(*summary.found()), *self.body(*summary.meaning()),
            *(careful if doubts else []),
            self.heading(1, "report_minutes.needed"), *self.needed(),
            self.heading(1, "report_minutes.next"),
            *(bullets(steps, ordered=True) or self.body(self.says("report_minutes.next_missing"))),
            *self.body(self.says("report_minutes.by_day")),
            *self.body(self.says("report_minutes.copies")),
            Signatures((self.says("report_minutes.role_plant"),
                        self.says("report_minutes.role_team"),
                        self.says("report_minutes.role_clerk"))),
        ]  # fmt: skip

    def looked(self) -> list[Block]:
        """Say which records were looked at."""
        result = self.result
        both = self.period("baseline"), self.period("reporting")
        labels = dict.fromkeys(self.resource(row) for row in result.savings.rows)
        steps = dict.fromkeys(self.quoted(row["step"]) for row in self.latest("balances")
                              if row["step"])  # fmt: skip
        options = ""
        if result.options.rows:
            done = len(self.done())
            code = "report_minutes.options_count" if done else "report_minutes.options_none_done"
            options = self.says(code, count=len(result.options),
                               **({"done": done} if done else {}))  # fmt: skip
        return facts([
            (self.says("report_minutes.periods"),
             self.says("report_minutes.both_periods", baseline=both[0], reporting=both[1])
             if all(both) else ""),
            (self.says("report_minutes.resources"), self.upper(self.listed(labels, 12))),
            (self.says("report_minutes.steps"), self.listed(steps, 12)),
            (self.says("report_minutes.options"), options),
            (self.says("report_minutes.files"), self.listed(map(shown, result.study["files"]), 20)),
        ])  # fmt: skip

    def needed(self) -> list[Block]:
        """List what the plant still has to give."""
        items: list[str] = []
        lacking = Introduction(self.result, self.language).lacking()
        if lacking and not self.several:
            items.append(self.says("report_minutes.plant_facts",
                                  names=self.listed(lacking, len(lacking))))  # fmt: skip
        if not self.recorded("team"):
            items.append(self.says("report_minutes.team"))
        items += Upkeep(self.result, self.language).records_needed()
        waiting = [row for row in self.result.plan.rows
                   if row["status"] not in ("implemented", "dropped")
                   and not (row["owner"] and row["due"])]  # fmt: skip
        if waiting and not self.several:
            items.append(self.says("report_minutes.owners", names=self.listed(
                (shown(str(row["option"])) for row in waiting), 12)))  # fmt: skip
        warnings = [item for item in self.result.findings if item.severity == "warning"]
        items += [self._fix(item) for item in warnings[:WARNINGS_TOLD]]
        return bullets(items, ordered=True) or self.missing("report_minutes.needed_missing")

    def _fix(self, item: Finding) -> str:
        rule, fix = finding_sentences(item, self.language)
        place = ""
        if item.place.file and item.place.row:
            place = f"{shown(item.place.file)}, {self.says('words.row', row=item.place.row)}"
        numbers = {"rule": self.upper(rule), "fix": fix}
        if not place:
            return self.says("report_minutes.findings_fix_bare", **numbers)
        return self.says("report_minutes.findings_fix", place=place, **{
            **numbers, "rule": rule})  # fmt: skip
