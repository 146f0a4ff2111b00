"""Results against the targets, and the counts behind them by group and by year."""

from __future__ import annotations

from collections.abc import Sequence

from sxsh_audit.data import load_toml
from sxsh_audit.display.table import Table
from sxsh_audit.reports.chapters.saying import tables
from sxsh_audit.reports.document import Block
from sxsh_audit.reports.province.opening import Opening
from sxsh_audit.reports.province.year_telling import Row

__all__ = ["Targets"]

GROUPINGS = {
    "sector": "yearly.by_sector", "vsic": "yearly.by_vsic", "district": "yearly.by_district",
    "zone_kind": "yearly.by_zone", "pollution": "yearly.by_pollution",
    "size_class": "yearly.by_size", "ownership": "yearly.by_ownership",
}  # fmt: skip
"""Sentence of each way to group establishments."""
CHOICES = {"pollution": "yes_no"}
SHOWN = ("reached", "aware", "assessed", "applying")
"""Indicators of the tables by group; the annex has all."""
FIGURES = {
    "events": "yearly.full_events", "people": "yearly.full_people",
    "officers": "yearly.full_officers", "spent": "yearly.full_spent",
    "spent_central": "yearly.full_spent_central", "spent_local": "yearly.full_spent_local",
    "spent_aid": "yearly.full_spent_aid", "spent_establishment": "yearly.full_spent_establishment",
}  # fmt: skip


class Targets(Opening):
    """Chapter of the targets."""

    def blocks(self) -> list[Block]:
        """Return the chapter."""
        short = [row for row in self.in_force() if row["short_of_low"]]
        needed = [self.says("yearly.still_needed", indicator=self.indicator(row),
                            count=row["short_of_low"]) for row in short]  # fmt: skip
        if not self.settings["phase"]:
            found = self.missing("yearly.no_phase")
        elif not self.in_force():
            found = self.missing("yearly.no_targets")
        else:
            found = self.body(self.reached_count(), *needed)
        return [
            self.heading(1, "yearly.targets", key="targets"), *found,
            *tables([self.against_targets()]),
            *self.note(self.says("yearly.unknown_note")),
            self.heading(2, "yearly.counts", key="counts"),
            *self.body(self.says("yearly.counts_apart")),
            *tables([self.counts(), self.by_year()], wide=True),
            self.heading(2, "yearly.groups", key="groups"),
            *self.body(self.says("yearly.groups_sum")),
            *tables((self.group(name) for name in GROUPINGS), wide=True),
            *self.whole_year(),
        ]  # fmt: skip

    def reached_count(self) -> str:
        """Say how many targets of the phase are reached."""
        rows = self.in_force()
        reached = sum(bool(self._met(row["status"])) for row in rows)
        return self.says("yearly.reached_count", reached=reached, count=len(rows),
                        phase=str(self.settings["phase"]))  # fmt: skip

    def against_targets(self) -> Table:
        """Return every target of the phase in force with what was reached."""
        columns = (
            (self.says("yearly.col_indicator"), "text"), (self.says("yearly.col_target"), "number"),
            (self.says("yearly.col_reached"), "text"), (self.says("yearly.col_share"), "number"),
            (self.says("yearly.col_unknown"), "number"), (self.says("yearly.col_range"), "number"),
            (self.says("yearly.col_verdict"), "text"),
        )  # fmt: skip
        return self.table(
            self.says("yearly.targets_title", day=self.day(self.settings["cutoff"])), columns,
            ((self.upper(self.indicator(row)), self.target(row),
              self.says("yearly.yes_of", yes=self.count(row["yes"]), total=self.count(row["base"]),
                        base=self.base(row)),
              self.percent(row["share"]), self.count(self.unknown(row)), self.range(row),
              self.verdict(row))
             for row in self.progress.indicators.rows if row["in_force"]))  # fmt: skip

    def range(self, row: Row) -> str:
        """Write what the unknown answers allow."""
        if row["lowest"] is None or row["lowest"] == row["highest"]:
            return self.percent(row["lowest"])
        return f"{self.percent(row['lowest'])} – {self.percent(row['highest'])}"

    def counts(self) -> Table:
        """Return all indicators over all establishments."""
        columns = (
            (self.says("yearly.col_indicator"), "text"), (self.says("yearly.col_yes"), "number"),
            (self.says("yearly.col_no"), "number"), (self.says("yearly.col_unknown"), "number"),
            (self.says("yearly.col_total"), "number"), (self.says("yearly.col_share"), "number"),
            (self.says("yearly.col_range"), "number"), (self.says("yearly.col_new"), "number"),
        )  # fmt: skip
        return self.table(self.says("yearly.counts_title"), columns, (
            (self.upper(self.indicator(row)), self.count(row["yes"]), self.count(row["no"]),
             self.count(row["unknown"]), self.count(row["total"]), self.percent(row["share"]),
             self.range(row), self.count(row["new_in_year"]))
            for row in self.progress.counts.rows))  # fmt: skip

    def by_year(self) -> Table:
        """Return the counts at the end of each year of the programme."""
        rows = self.progress.years.rows
        years = sorted({row["year"] for row in rows})
        names = list(dict.fromkeys(row["indicator"] for row in rows))
        by = {(row["indicator"], row["year"]): row for row in rows}
        columns = [(self.says("yearly.col_indicator"), "text"),
                   *((str(year), "number") for year in years)]  # fmt: skip
        return self.table(self.says("yearly.years_title"), columns, (
            (self.upper(self.indicator({"indicator": name})),
             *(self.count(by[name, year]["yes"] if (name, year) in by else None)
               for year in years)) for name in names) if len(years) > 1 else (),
            [self.says("yearly.years_note")])  # fmt: skip

    def group(self, grouping: str) -> Table:
        """Return the counts of one grouping: yes of all, and how many are not known."""
        rows = [row for row in self.progress.groups.rows if row["grouping"] == grouping]
        names = sorted(dict.fromkeys(row["group"] for row in rows), key=lambda name: not name)
        by = {(row["group"], row["indicator"]): row for row in rows}
        columns = [(self.says(GROUPINGS[grouping]), "text"),
                   (self.says("yearly.col_total"), "number"),
                   *((self.upper(self.indicator({"indicator": name})), "number")
                     for name in SHOWN)]  # fmt: skip
        told = [self._group_row(self.group_name(grouping, name),
                                [by[name, one] for one in SHOWN if (name, one) in by])
                for name in names]  # fmt: skip
        if len(names) < 2:
            return self.table("", columns, ())
        whole = {row["indicator"]: row for row in self.progress.counts.rows}
        told.append(self._group_row(self.says("yearly.sum"),
                                    [whole[one] for one in SHOWN if one in whole]))  # fmt: skip
        name = self.says(GROUPINGS[grouping])
        title = self.says("yearly.group_title", grouping=name[:1].lower() + name[1:])
        return self.table(title, columns, told, [self.says("yearly.group_note")])

    def _group_row(self, name: str, rows: Sequence[Row]) -> list[str]:
        total = rows[0]["total"] if rows else None
        cells = [self.says("yearly.yes_unknown", yes=row["yes"], unknown=row["unknown"])
                 if row["unknown"] else self.count(row["yes"]) for row in rows]  # fmt: skip
        return [name, self.count(total), *cells, *[""] * (len(SHOWN) - len(cells))]

    def group_name(self, grouping: str, group: str) -> str:
        """Name a group."""
        if not group:
            return self.says("yearly.group_unknown")
        words = load_toml("register_choices.toml").get(CHOICES.get(grouping, grouping), {})
        if group in words:
            return self.upper(str(words[group][0] if self.language == "vi"
                                  else group.replace("_", " ")))  # fmt: skip
        if grouping == "sector":
            known = {entry["id"]: entry for entry in load_toml("sectors.toml")["sector"]}
            return self.upper(str(known[group][self.language])) if group in known else group
        if grouping == "vsic" and ":" in group:
            version, _, division = group.partition(":")
            return self.says("yearly.vsic_division", division=division, version=version)
        return group

    def whole_year(self) -> list[Block]:
        """Return the year to the cut-off beside the estimate of the whole."""
        rows = [row for row in self.progress.full_year.rows if row["whole_year"]]
        if not rows or not self.partial:
            return []
        methods = {"actual": "yearly.method_actual", "by_days": "yearly.method_by_days",
                   "stated": "yearly.method_stated"}  # fmt: skip

        def amount(row: Row, name: str) -> str:
            if str(row["figure"]).startswith("spent"):
                return self.money(row[name])
            return self.count(row[name])

        def estimate(row: Row) -> str:
            told = amount(row, "whole_year")
            return self.says("yearly.est", amount=told) if row["is_estimate"] else told

        columns = [
            (self.says("yearly.col_figure"), "text"), (self.says("yearly.col_to_cutoff"), "number"),
            (self.says("yearly.col_month"), "number"),
            (self.says("yearly.col_whole_year", year=self.year), "number"),
        ]  # fmt: skip
        told = [[self.figure_name(str(row["figure"])), amount(row, "to_cutoff"),
                 amount(row, "latest_month"), estimate(row)] for row in rows]  # fmt: skip
        how = [self.says(methods[row["method"]]) if row["method"] in methods else ""
               for row in rows]  # fmt: skip
        notes = [self.says("yearly.over_plan", amount=self.money(row["whole_year"]),
                           planned=self.money(row["planned"]))
                 for row in rows if row["figure"] == "spent" and row["planned"]
                 and row["whole_year"] > row["planned"]]  # fmt: skip
        if len(set(how)) == 1:  # said once, below
            notes.append(self.says("yearly.how_estimated", how=how[0]))
        else:
            columns.append((self.says("yearly.col_method"), "text"))
            told = [[*row, one] for row, one in zip(told, how, strict=True)]
        table = self.table(self.says("yearly.full_title", year=self.year), columns, told, notes)
        return [self.heading(2, "yearly.full", key="full-year", year=self.year),
                *self.body(self.says("yearly.full_note", day=self.day(self.settings["cutoff"]),
                                     year=self.year)), *tables([table], wide=True)]  # fmt: skip

    def figure_name(self, figure: str) -> str:
        """Name a figure of the year."""
        code = FIGURES.get(figure)
        if code:
            return self.says(code)
        return self.says("yearly.full_new",
                         indicator=self.indicator({"indicator": figure.removeprefix("new_")}))
