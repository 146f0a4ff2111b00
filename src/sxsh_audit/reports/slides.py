"""The slides of an assessment: what is said, in which order, and what to say with it.

Ten to fifteen slides of one message each, from the plant to what to measure next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sxsh_audit.assessment.baselines.wording import sources_text
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import saving_text, sig
from sxsh_audit.language.formatting import Language, check_language, format_date
from sxsh_audit.language.messages import finding_sentences
from sxsh_audit.language.text import shown
from sxsh_audit.reports.deck import Body, Deck, Slide
from sxsh_audit.reports.document import Bullets, Facts
from sxsh_audit.reports.powerpoint import to_pptx
from sxsh_audit.reports.slide_words import LONGEST_NAME, Teller
from sxsh_audit.reports.slides_flows import Flows
from sxsh_audit.reports.slides_options import Options
from sxsh_audit.reports.slides_saving import Savings

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["build_slides", "to_pptx"]

MOST_SLIDES = 15
DROPPED_FIRST = ("change", "emissions", "frontier", "meter", "best-reach", "adjusted", "flows")
"""What gives way where there is more to say than fits into half an hour."""


SLIPS = ("plausible.magnitude",)
"""Findings that must be settled before any other figure is believed."""


def build_slides(assessment: Assessment, language: Language = "vi") -> Deck:
    """Return the slides of an assessment.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    language : {"vi", "en"}
        Language of the slides and of the notes.

    Returns
    -------
    Deck
        At most fifteen slides with the first one; of what the study does not hold there is none.
    """
    language = check_language(language)
    opening = Opening(assessment, language)
    savings, flows = Savings(assessment, language), Flows(assessment, language)
    options = Options(assessment, language)
    parts = (
        opening.summary, opening.compared, savings.consumption, savings.saving, savings.sure,
        savings.adjusted, savings.change, savings.meter, flows.flows, flows.losses,
        flows.emissions, options.money_slide, options.payback, options.quick_wins, options.best,
        options.frontier, options.plan, opening.measure_next,
    )  # fmt: skip
    slides = [slide for part in parts for slide in part()]
    for key in DROPPED_FIRST:
        if len(slides) < MOST_SLIDES:
            break
        slides = [slide for slide in slides if slide.key != key]
    return opening.deck(slides[: MOST_SLIDES - 1])


class Opening(Teller):
    """What is said first and last."""

    def deck(self, slides: list[Slide]) -> Deck:
        """Return the slides behind the first one."""
        settings, study = self.result.settings, self.result.study
        lines = []
        period = settings["periods"]["reporting"]
        if period:
            lines.append(self.tell("slides.cover_period", period=self._span(period)))
        if study["report_date"]:
            lines.append(self._day(study["report_date"]))
        notes = (self.tell("slides.cover_say"), self.tell("slides.cover_edit"))
        about = {
            self.tell("slides.about_version"): f"sxsh_audit {self.result.version}",
            self.tell("slides.about_study"): shown(str(study["study"]), LONGEST_NAME),
            **{shown(str(name), LONGEST_NAME): f"SHA-256 {str(digest)[:16]}…"
               for name, digest in sorted(study["files"].items())},
        }  # fmt: skip
        if settings["factor_set"]:
            about[self.tell("slides.about_factors")] = str(settings["factor_set"])
        if settings["terms"]["seed"] is not None:
            about[self.tell("slides.about_seed")] = str(settings["terms"]["seed"])
        title = self.tell("slides.cover", name=self.study_name())
        return Deck(title, "\n".join(lines), self.language, tuple(slides), notes,
                    study["report_date"] or "", about)  # fmt: skip

    def _day(self, day: str) -> str:
        return format_date(dt.date.fromisoformat(day), self.language)

    def _span(self, period: Mapping[str, str]) -> str:
        return f"{self._day(period['start'])} – {self._day(period['end'])}"

    def summary(self) -> list[Slide]:
        """Say what was found, what to do first and what is not sure, in sentences."""
        items = []
        slip = self._slip()
        if slip:
            items.append(slip)
        savings = Savings(self.result, self.language)
        if not self.several and len(self.result.verdict):
            items.append(savings.saving_title() + ".")
        elif self.several:
            items += [f"{slide.title}." for slide in savings.saving()]
        for slide in Flows(self.result, self.language).losses():
            items.append(f"{slide.title}.")
        options = Options(self.result, self.language)
        quick = options.quick()
        if quick:
            # the cheapest first; of equally cheap ones that which saves more
            first = min(quick, key=lambda row: (number(row["cost"]) if row["cost"] is not None
                                                else float("inf"),
                                                -number(row["annual_saving"])))  # fmt: skip
            items.append(self.tell("slides.do_first", name=options.option(first),
                                   saving=self.money(first["annual_saving"]),
                                   payback=self.paid(first)))  # fmt: skip
        elif open_options := [row for row in options.rows() if row["status"] != "implemented"
                              and row["rank"] is not None]:  # fmt: skip
            items.append(self.tell("slides.do_next", name=options.option(open_options[0]),
                                   saving=self.money(open_options[0]["annual_saving"]),
                                   payback=self.paid(open_options[0])))  # fmt: skip
        elif not options.rows():
            items.append(self.tell("slides.no_options"))
        doubt = self._doubt()
        if doubt and not slip:
            items.append(doubt)
        advice = self._advice()
        if advice:
            items.append(self.tell("slides.measure_first", what=advice[0]))
        if not items:
            return []
        body: tuple[Body, ...] = (Bullets(tuple(items[:4])),)
        return [Slide("summary", self.tell("slides.summary"), body,
                      (self.tell("slides.summary_say"),))]  # fmt: skip

    def _slip(self) -> str:
        """Say which figure looks ten times too large: it makes all others doubtful."""
        for item in self.result.findings:
            if item.severity == "warning" and item.code in SLIPS:
                rule = finding_sentences(item, self.language)[0]
                return self.tell("slides.doubt_slip", rule=rule)
        return ""

    def _doubt(self) -> str:
        """Say the largest doubt: methods that disagree, a chance that decides nothing."""
        whole = self.result.adjusted_overall.rows
        if self.several or not whole:
            return ""
        row = whole[0]
        disagree = any(each["disagree"] for each in self.result.adjusted.rows)
        if disagree and row["saving"] is not None:
            ends = (0.0, self.result.settings["low"], self.result.settings["high"])
            return self.tell("slides.doubt_disagree",
                             adjusted=saving_text(number(row["saving"]), ends, self.language),
                             ratio=saving_text(number(row["ratio_saving"]), ends, self.language))
        slides = Savings(self.result, self.language).sure()
        return f"{slides[0].title}." if slides else ""

    def compared(self) -> list[Slide]:
        """Tell the plant, its periods, its output and its programme."""
        settings = self.result.settings
        rows: list[tuple[str, str]] = []
        if self.several:
            rows.append((self.tell("slides.plants_label"), str(len(self.result.verdict))))
        for phase, code in (("baseline", "result.baseline"), ("reporting", "result.reporting")):
            if settings["periods"][phase]:
                rows.append((self.tell(code), self._span(settings["periods"][phase])))
        outputs = self._outputs()
        if outputs:
            rows.append((self.tell("slides.output"), f"{outputs[0]} → {outputs[1]}"))
        names = list(dict.fromkeys(
            shown(self.result.label(row["resource"], self.language), LONGEST_NAME)
            for row in self.result.savings.rows))  # fmt: skip
        if names:
            rows.append((self.tell("slides.resources"), ", ".join(names[:8])))
        if settings["programme"]:
            rows.append((self.tell("slides.programme"), settings["legal_ref"]))
        if not rows:
            return []
        title = self.tell("slides.plant")
        if outputs:
            code = "slides.plant_more" if outputs[2] > 0 else "slides.plant_less"
            title = self.tell(code, change=self.percent(abs(outputs[2])))
            if abs(outputs[2]) < 0.0005:
                title = self.tell("slides.plant_same")
        notes = [self.tell("slides.plant_say")]
        if settings["programme"]:
            notes.append(f"{settings['programme_title'][self.language]}.")
        return [Slide("plant", title, (Facts(tuple(rows)),), tuple(notes))]

    def _outputs(self) -> tuple[str, str, float] | None:
        """Return the output of both periods as text and its change, where there is one output."""
        found = {(row["facility"], row["output_baseline"], row["output_reporting"],
                  row["output_unit"]) for row in self.result.savings.rows}  # fmt: skip
        if len(found) != 1:
            return None
        facility, before, now, unit = found.pop()
        if not before or not now or not unit:
            return None
        usual = self.result.settings["display_outputs"].get(facility)
        unit, factor = (usual["unit"], usual["factor"]) if usual else (unit, 1.0)
        texts = [f"{sig(number(value) / factor, self.language)} {unit_text(unit, self.language)}"
                 for value in (before, now)]  # fmt: skip
        return texts[0], texts[1], number(now) / number(before) - 1

    def _advice(self) -> list[str]:
        """Return what would narrow the savings most; resources of one advice are told it once."""
        told: dict[str, list[str]] = {}
        rows = [row for row in self.result.adjusted.rows if row["reach"] is not None]
        for row in () if self.several else rows or self.result.adjusted.rows:
            text = sources_text(self.result, row, self.language)
            if text:
                told.setdefault(_last_sentence(text), []).append(self.resource(row))
        return [f"{', '.join(names[:4])}: {advice[:1].lower()}{advice[1:]}"
                for advice, names in told.items()]  # fmt: skip

    def measure_next(self) -> list[Slide]:
        """Say what to measure and to supply before the next assessment."""
        items = self._advice()[:2]
        lacking = [row["option"] for row in Options(self.result, self.language).rows()
                   if row["payback_class"] == "unknown"]  # fmt: skip
        if lacking:
            items.append(self.tell("slides.next_options",
                                   names=[shown(str(name), 30) for name in lacking[:5]]))
        warnings = [item for item in self.result.findings if item.severity == "warning"]
        fixes: dict[str, list[str]] = {}
        for item in warnings:
            fix = finding_sentences(item, self.language)[1]
            where = (shown(self.result.label(item.place.resource, self.language))
                     if item.place.resource else shown(item.place.file))  # fmt: skip
            if fix and where:  # what has no place is for who keeps the files, not for the room
                fixes.setdefault(fix, []).append(where)
        items += [f"{', '.join(dict.fromkeys(places))}: {fix}" for fix, places in fixes.items()]
        items = items[:4]
        if not items:
            return []
        notes = [self.tell("slides.next_say")]
        notes += [finding_sentences(item, self.language)[0] for item in warnings[:5]]
        return [Slide("next", self.tell("slides.next", count=len(items)), (Bullets(tuple(items)),),
                      tuple(notes))]  # fmt: skip


def _last_sentence(text: str) -> str:
    """Return the last sentence of what narrows an interval: what to do."""
    head, _, advice = text.rstrip(".").rpartition(". ")
    return f"{advice}." if head else text


