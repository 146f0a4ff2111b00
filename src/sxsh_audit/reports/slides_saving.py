"""Slides of specific consumption, savings against the target, and how sure they are."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sxsh_audit.assessment.baselines.wording import chance_text, sources_text
from sxsh_audit.assessment.shown import edges, number, pair_digits, shown_intensity, shown_unit
from sxsh_audit.assessment.views import said_status
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import band_text, saving_text, sig
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.reports.deck import BarChart, Body, LineChart, Series, Slide
from sxsh_audit.reports.document import Paragraph
from sxsh_audit.reports.slide_words import BEFORE, GREEN, GREY, NOW, ORANGE, RED, Teller

__all__ = ["Savings"]

MOST = 6
"""Resources or plants of one chart: more cannot be read from the back row."""

COLORS = {"within": GREEN, "above": GREEN, "below": ORANGE, "worse": RED}
_JUDGED = {
    "within": "slides.saving_within", "above": "slides.saving_above",
    "below": "slides.saving_below", "worse": "slides.saving_worse",
}  # fmt: skip
_SURE = {
    "shown": "slides.sure_shown", "likely": "slides.sure_likely",
    "cannot_tell": "slides.sure_cannot_tell", "shown_not": "slides.sure_shown_not",
}  # fmt: skip
_FIRST = dt.date(1970, 1, 1)  # charts count days from here
Row = Mapping[str, Any]


class Savings(Teller):
    """From specific consumption to how sure a saving is."""

    def consumption(self) -> list[Slide]:
        """Show specific consumption of both periods."""
        rows = [row for row in self.result.savings.rows
                if row["baseline"] and row["reporting"] is not None]  # fmt: skip
        if not rows or self.several:
            return []
        falls = [row for row in rows if number(row["saving"]) > 0]
        if falls and len(rows) == 1:
            title = self.tell("slides.consumption_one", name=self.resource(rows[0]),
                              saving=self._saving(rows[0]))  # fmt: skip
        elif falls:
            best = max(falls, key=lambda row: number(row["saving"]))
            title = self.tell("slides.consumption_falls", count=len(falls), every=len(rows),
                              name=self.resource(best),
                              saving=self._saving(best))  # fmt: skip
        else:
            title = self.tell("slides.consumption_rises")
        cells, before, now = [], [], []
        labels: tuple[list[str], list[str]] = ([], [])
        for row in rows[:MOST]:
            unit, factor = shown_intensity(self.result, row)
            digits = pair_digits(row, factor)
            cells.append(f"{self.resource(row)} ({unit_text(unit, self.language)})")
            before.append(100.0)
            now.append(100.0 * number(row["reporting"]) / number(row["baseline"]))
            for place, name in enumerate(("baseline", "reporting")):
                labels[place].append(sig(number(row[name]) / factor, self.language, digits))
        series = (
            Series(self.tell("result.baseline"), tuple(before), tuple(labels[0]), (BEFORE,)),
            Series(self.tell("result.reporting"), tuple(now), tuple(labels[1]), (NOW,)),
        )
        told = [self.tell("slides.consumption_alt_one", name=cell, before=a, now=b)
                for cell, a, b in zip(cells, *labels, strict=True)]  # fmt: skip
        chart = BarChart("columns", tuple(cells), series, " ".join(told))
        notes = (self.tell("slides.consumption_say"), *told, self.tell("slides.consumption_ask"))
        small = (self.tell("slides.consumption_small"), *self.more(rows, MOST))
        return [Slide("consumption", title, (chart, Paragraph(" ".join(small), "note")), notes)]

    def saving(self) -> list[Slide]:
        """Show savings against the target."""
        if self.several:
            return self._plants()
        rows = [row for row in self.result.savings.rows if row["saving"] is not None]
        if not rows or not len(self.result.verdict):
            return []
        verdict = self.result.verdict.rows[0]
        names = [self.resource(row) for row in rows[:MOST]]
        shown_rows: list[Row] = list(rows[:MOST])
        if verdict["saving"] is not None and len(rows) > 1:
            names.append(self.tell("result.overall"))
            shown_rows.append(verdict)
        chart = self._bars(names, shown_rows)
        notes = [self.tell("slides.saving_say"), self._rule(verdict)]
        settings = self.result.settings
        if settings["programme"]:
            notes.append(self.tell("slides.saving_programme",
                                   programme=settings["programme_title"][self.language],
                                   legal=settings["legal_ref"]))  # fmt: skip
        if verdict["depends_on_rule"]:
            notes.append(self.tell("slides.saving_depends"))
        uncounted = [self.resource(row) for row in rows if not row["counted"]]
        small = list(self.more(rows, MOST))
        if uncounted and settings["programme"]:
            small.append(self.tell("slides.saving_uncounted", names=uncounted))
        if settings["as_if"]:
            small.append(self.tell("slides.saving_as_if"))
        body: list[Body] = [chart]
        if small:
            body.append(Paragraph(" ".join(small), "note"))
        return [Slide("saving", self.saving_title(), tuple(body), tuple(notes))]

    def saving_title(self) -> str:
        """Say what the saving is beside its target."""
        verdict = self.result.verdict.rows[0]
        saving = saving_text(number(verdict["saving"]), edges(verdict), self.language)
        band = band_text(verdict["low"], verdict["high"], self.language)
        if verdict["saving"] is None:
            alone = [row for row in self.result.savings.rows if row["counted"]]
            if len(alone) != 1 or alone[0]["saving"] is None:
                return self.tell("slides.saving_unknown")
            said = said_status(self.result, alone[0], self.language)
            figure = self._saving(alone[0])
            return self.tell("slides.saving_alone", name=self.resource(alone[0]),
                             saving=f"{figure} ({said})" if said else figure)  # fmt: skip
        if not band:
            return self.tell("slides.saving_plain", saving=saving)
        code = _JUDGED.get(str(verdict["status"]))
        if verdict["status"] == "within" and verdict["high"] is None:
            code = "slides.saving_reached"
        if code is None:
            return self.tell("slides.saving_unknown")
        if verdict["status"] == "worse":
            saving = saving_text(-number(verdict["saving"]), (0.0,), self.language)
        return self.tell(code, saving=saving, band=band)

    def _plants(self) -> list[Slide]:
        rows = [row for row in self.result.verdict.rows if row["saving"] is not None]
        if not rows:
            return []
        rows.sort(key=lambda row: -number(row["saving"]))
        met = [row for row in rows if row["status"] in ("within", "above")]
        checked = bool(self.result.settings["phase"])
        title = (self.tell("slides.plants_met", count=len(met), every=len(self.result.verdict))
                 if checked else self.tell("slides.plants", every=len(self.result.verdict)))
        chart = self._bars([self.plant(row["facility"]) for row in rows[:MOST]], rows[:MOST])
        body: list[Body] = [chart]
        if more := self.more(rows, MOST):
            body.append(Paragraph(more[0], "note"))
        return [Slide("saving", title, tuple(body),
                      (self.tell("slides.plants_say"), self._rule(rows[0])))]  # fmt: skip

    def _bars(self, names: Sequence[str], rows: Sequence[Row]) -> BarChart:
        figures = [saving_text(number(row["saving"]), edges(row), self.language) for row in rows]
        said = [said_status(self.result, row, self.language) for row in rows]
        colors = tuple(COLORS.get(str(row["status"]), GREY) for row in rows)
        values = tuple(100 * number(row["saving"]) for row in rows)
        levels = []
        for end, code in (("low", "slides.target_low"), ("high", "slides.target_high")):
            level = self.result.settings[end]
            if level is not None and self.result.settings["phase"]:
                words = self.tell(code, level=float(level))
                levels.append(Series(words, tuple(100 * float(level) for _ in rows)))
        # the words stand under the columns, where long ones find room
        named = [f"{name}: {status}" if status else name
                 for name, status in zip(names, said, strict=True)]  # fmt: skip
        alt = "; ".join(f"{name}, {figure}" for name, figure in zip(named, figures, strict=True))
        series = Series(self.tell("result.saving"), values, tuple(figures), colors)
        return BarChart("columns", tuple(named), (series,), alt, tuple(levels))

    def _rule(self, verdict: Row) -> str:
        codes = {"cost_weighted": "slides.rule_cost_weighted", "each": "slides.rule_each",
                 "energy_total": "slides.rule_energy_total"}  # fmt: skip
        return self.tell(codes[str(verdict["rule"])])

    def _saving(self, row: Row, name: str = "saving") -> str:
        return saving_text(number(row[name]), edges(row), self.language)

    # -- how sure -------------------------------------------------------------------------------

    def sure(self) -> list[Slide]:
        """Show the probability of reaching the low end."""
        rows = [row for row in self.result.adjusted.rows if row["reach"] is not None]
        if not rows or self.several or not self.result.settings["low"]:
            return []
        low = float(self.result.settings["low"])
        names = [self.resource(row) for row in rows[:MOST]]
        chances = [chance_text(row, self.language) for row in rows[:MOST]]
        values = [100 * number(row["reach"]) for row in rows[:MOST]]
        words = [str(row["decision"]) for row in rows[:MOST]]
        whole = self.result.adjusted_overall.rows
        subject = whole[0] if whole and whole[0]["reach"] is not None else rows[0]
        if subject is not rows[0] and len(rows) > 1:
            names.append(self.tell("result.overall"))
            chances.append(chance_text(subject, self.language))
            values.append(100 * number(subject["reach"]))
            words.append(str(subject["decision"]))
        shades = {"shown": GREEN, "likely": "7FCDB0", "shown_not": RED}
        parted = [chance.split(" · ") for chance in chances]
        named = tuple(f"{name}: {words}" for name, (_, words) in zip(names, parted, strict=True))
        figures = tuple(figure for figure, _ in parted)
        series = Series(self.tell("slides.chance", low=low), tuple(values), figures,
                        tuple(shades.get(word, GREY) for word in words))  # fmt: skip
        alt = "; ".join(f"{name}: {chance}" for name, chance in zip(names, chances, strict=True))
        chart = BarChart("rows", named, (series,), alt, top=100.0)
        title = self.sure_title(subject, any(row["kind"] != "ratio" for row in rows))
        notes = [self.tell("slides.sure_say"), self.tell("slides.sure_words")]
        notes += [f"{self.resource(row)}: {text}" for row in rows[:3]
                  if (text := sources_text(self.result, row, self.language))]  # fmt: skip
        small = [self.tell("slides.sure_small", confidence=float(subject["confidence"]))]
        if any(row["kind"] != "ratio" for row in rows):
            small.append(self.tell("slides.sure_by_baseline"))
        return [Slide("sure", title, (chart, Paragraph(" ".join(small), "note")), tuple(notes))]

    def sure_title(self, row: Row, adjusted: bool) -> str:
        """Say how sure it is that the low end is reached."""
        said = self.tell(_SURE[str(row["decision"])], low=float(self.result.settings["low"]),
                         chance=chance_text(row, self.language).split(" · ")[0])  # fmt: skip
        if not adjusted:
            return said
        return self.tell("slides.sure_against", said=said[:1].lower() + said[1:])

    def _doubted(self) -> Row | None:
        """Return the resource of which ratio and baseline disagree most."""
        rows = [row for row in self.result.adjusted.rows
                if row["disagree"] and row["saving"] is not None]  # fmt: skip
        return max(rows, default=None, key=lambda row: abs(
            number(row["saving"]) - number(row["ratio_saving"])))  # fmt: skip

    def adjusted(self) -> list[Slide]:
        """Show use beside the use to be expected, where the plain ratio misleads."""
        row = self._doubted()
        if row is None or self.several:
            return []
        points = self.result.expected_points(self.language, row["resource"])
        if not points:
            return []
        ends = (0.0, self.result.settings["low"], self.result.settings["high"])
        ratio, adjusted = (saving_text(number(row[name]), ends, self.language)
                           for name in ("ratio_saving", "judged_saving"))  # fmt: skip
        name = self.resource(row)
        title = self.tell("slides.adjusted", name=name, ratio=ratio, adjusted=adjusted)
        size, code = _thousands(max(point.actual for point in points))
        unit = self.tell(code, unit=points[0].unit) if code else points[0].unit
        chart = LineChart(
            tuple(f"{_FIRST + dt.timedelta(days=point.start):%m/%Y}" for point in points),
            (Series(self.tell("slides.expected_use"),
                    tuple(_known(point.expected / size) for point in points), (), (BEFORE,)),
             Series(self.tell("slides.actual_use"),
                    tuple(_known(point.actual / size) for point in points), (), (NOW,))),
            unit, self.tell("slides.adjusted_alt", name=name),
        )  # fmt: skip
        change = row["output_change"]
        small = [] if change is None else [self.tell(
            "slides.output_fell" if change < 0 else "slides.output_rose",
            change=format_percent(abs(float(change)), self.language))]  # fmt: skip
        small.append(self.tell("slides.adjusted_small"))
        notes = (self.tell("slides.adjusted_say"), self.tell("slides.adjusted_which"))
        return [Slide("adjusted", title, (chart, Paragraph(" ".join(small), "note")), notes)]

    def change(self) -> list[Slide]:
        """Show why the use of one resource changed."""
        doubted = self._doubted()
        rows = [row for row in self.result.change_split.rows
                if all(row[name] is not None for name in ("volume", "mix", "efficiency"))]
        if not rows or self.several:
            return []
        row = next((each for each in rows if doubted and each["resource"] == doubted["resource"]),
                   rows[0])  # fmt: skip
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        told = unit_text(unit, self.language)
        names = [self.tell("slides.by_volume"), self.tell("slides.by_mix"),
                 self.tell("slides.by_efficiency")]  # fmt: skip
        values = [number(row[part]) / factor for part in ("volume", "mix", "efficiency")]
        labels = [f"{'+' if value > 0 else ''}{sig(value, self.language)} {told}"
                  for value in values]  # fmt: skip
        whole = (number(row["use_reporting"]) - number(row["use_baseline"])) / factor
        code = "slides.change_less" if whole < 0 else "slides.change_more"
        title = self.tell(code, name=self.resource(row),
                          amount=f"{sig(abs(whole), self.language)} {told}",
                          volume=labels[0])  # fmt: skip
        colors = tuple(GREEN if value <= 0 else RED for value in values)
        series = Series(self.resource(row), tuple(values), (), colors)
        named = tuple(f"{name}: {label}" for name, label in zip(names, labels, strict=True))
        return [Slide("change", title, (BarChart("rows", named, (series,), "; ".join(named)),
                                        Paragraph(self.tell("slides.change_small"), "note")),
                      (self.tell("slides.change_say"),))]  # fmt: skip

    def meter(self) -> list[Slide]:
        """Show what implemented options claim beside what the meter sees."""
        rows = [row for row in self.result.reconciliation.rows
                if row["realisation_rate"] is not None and row["claimed"]]  # fmt: skip
        if not rows or self.several:
            return []
        worst = min(rows, key=lambda row: number(row["realisation_rate"]))
        names, labels = [], []
        for row in rows[:MOST]:
            unit, factor = shown_unit(self.result, row["resource"], row["unit"])
            told = unit_text(unit, self.language)
            names.append(self.resource(row))
            labels.append([f"{sig(number(row[name]) / factor, self.language)} {told}"
                           for name in ("claimed", "measured")])  # fmt: skip
        shares = tuple(100 * number(row["realisation_rate"]) for row in rows[:MOST])
        series = (
            Series(self.tell("slides.claimed"), tuple(100.0 for _ in shares),
                   tuple(pair[0] for pair in labels), (BEFORE,)),
            Series(self.tell("slides.metered"), shares, tuple(pair[1] for pair in labels), (NOW,)),
        )  # fmt: skip
        alt = "; ".join(self.tell("slides.meter_alt", name=name, claimed=pair[0], metered=pair[1])
                        for name, pair in zip(names, labels, strict=True))  # fmt: skip
        title = self.tell("slides.meter", name=self.resource(worst),
                          rate=self.percent(worst["realisation_rate"]))  # fmt: skip
        codes = {"short": "slides.meter_short", "beyond": "slides.meter_beyond"}
        small = [self.tell(codes.get(str(row["agreement"]), "slides.meter_cannot_tell"),
                           name=self.resource(row)) for row in rows[:3]]  # fmt: skip
        return [Slide("meter", title, (BarChart("rows", tuple(names), series, alt),
                                       Paragraph(" ".join(small), "note")),
                      (self.tell("slides.meter_say"),))]  # fmt: skip


def _thousands(largest: float) -> tuple[float, str]:
    """Return a scale whose figures need no mark between thousands, and its word.

    The mark on an axis is that of the computer and not of the deck: 400.000 would be read as 400
    by half of the room.
    """
    if largest >= 1e7:
        return 1e6, "slides.million"
    return (1e3, "slides.thousand") if largest >= 1e4 else (1.0, "")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
