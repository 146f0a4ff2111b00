"""What a person reads of flow sheets, as neutral tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.drawn import stream_name
from sxsh_audit.assessment.flows.emission_views import emission_views
from sxsh_audit.assessment.flows.layers import NAMED
from sxsh_audit.assessment.investment.wording import View
from sxsh_audit.assessment.shown import number
from sxsh_audit.display.table import Table
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_scale, sig
from sxsh_audit.language.formatting import Language, format_fixed, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["FlowViews", "flow_views", "layer_text", "sheet_text"]

Row = Mapping[str, Any]
STREAMS_SHOWN = 15
SHEETS_SHOWN = 1
"""The latest flow sheet is told; those before it are in the tables of the result."""
SHEET = ("facility", "phase", "batch")
_ORDER = {"reporting": 0, "": 1, "baseline": 2}


def layer_text(layer: str, unit: str, language: Language) -> str:
    """Name of a layer: mass, volume, energy, a component, another unit."""
    if layer in NAMED:
        return sentence(f"words.layer_{layer}", language)
    kind, colon, name = layer.partition(":")
    return name if colon and kind in ("component", "fuel") else unit_text(unit, language)


def sheet_text(row: Row, language: Language) -> str:
    """Period or batch of a record."""
    if row["batch"]:
        return sentence("flow.batch", language, batch=row["batch"])
    return sentence(f"words.{row['phase']}", language) if row["phase"] else ""


def flow_views(result: Assessment, language: Language) -> list[Table]:
    """Return the tables of flow sheets that there is anything to say in.

    Parameters
    ----------
    result : Assessment
        What was found. Of one plant its latest sheet is laid out; of several plants none. The
        tables of ``result`` have every sheet.
    language : {"vi", "en"}
        Language.
    """
    view = FlowViews(result, language)
    tables: list[Table] = []
    for sheet in view.sheets()[:SHEETS_SHOWN]:
        tables += [*view.balances(sheet), *view.reconciled(sheet), *view.costs(sheet)]
    return [*tables, *view.claims(), *view.after(), *emission_views(result, language)]


class FlowViews(View):
    """Flow sheets in one language."""

    def put(self, code: str, **numbers: Any) -> str:
        """Return a sentence of the topic ``losses``."""
        return sentence(f"losses.{code}", self.language, **numbers)

    def sheets(self) -> list[tuple[str, ...]]:
        """Return what tells the flow sheets apart, the latest first."""
        found = {tuple(row[name] for name in SHEET) for row in self.result.flows.rows}
        if len({sheet[0] for sheet in found}) > 1:
            return []
        return sorted(found, key=lambda one: (bool(one[2]), _ORDER.get(one[1], 3), one[2]))

    def of(self, sheet: tuple[str, ...]) -> str:
        """Say behind a title which sheet it is of."""
        text = sheet_text(dict(zip(SHEET, sheet, strict=True)), self.language)
        return self.put("of_sheet", sheet=text) if text else ""

    def rows(self, name: str, sheet: tuple[str, ...]) -> list[Row]:
        """Return the records of a table that are of one sheet."""
        table = getattr(self.result, name)
        return [row for row in table.rows if tuple(row[key] for key in SHEET) == sheet]

    def figure(self, value: Any, unit: str) -> str:
        """Write an amount with its unit; a dash where it is not known."""
        if value is None:
            return "–"
        return f"{sig(number(value), self.language)} {unit_text(unit, self.language)}".strip()

    # -- balances -------------------------------------------------------------------------------

    def balances(self, sheet: tuple[str, ...]) -> list[Table]:
        """Lay out what enters and leaves each step."""
        every = self.rows("balances", sheet)
        rows = [row for row in every if row["status"] not in ("one_sided", "empty")
                and not (row["component"] and row["status"] == "unknown")]  # fmt: skip
        if not rows:
            return []
        columns = [(self.put("step"), "l"), (self.put("layer"), "l"), (self.put("inflow"), "r"),
                   (self.put("outflow"), "r"), (self.put("unaccounted"), "r"),
                   (self.put("closure"), "l")]  # fmt: skip
        cells = []
        missing: dict[str, None] = {}
        for row in rows:
            missing |= dict.fromkeys(row["not_known"])
            cells.append((
                row["name"] or self.put("whole_plant"),
                layer_text(row["layer"], row["unit"], self.language),
                self.figure(row["inflow"], row["unit"]), self.figure(row["outflow"], row["unit"]),
                self._unaccounted(row), self._closure(row),
            ))  # fmt: skip
        notes = []
        if any(row["status"] == "closed" for row in rows):
            notes.append(self.put("tolerance"))
        notes += self._tests([row for row in self.rows("balance_tests", sheet)
                              if row["status"] != "nothing"
                              and (row["dof"] or not _component(row))])  # fmt: skip
        if missing:
            notes.append(self.put("missing_amounts", flows=list(missing)))
        if any(row["status"] == "one_sided" for row in every):
            notes.append(self.put("one_sided_left_out"))
        return [self.table(self.put("balances", of=self.of(sheet)), columns, cells, notes)]

    def _closure(self, row: Row) -> str:
        """Say whether a balance closes; with every amount known it is an error that is not."""
        if row["status"] == "unknown" and row["unaccounted"] is not None:
            return self.put("status_no_error")
        return self.put(f"status_{row['status']}")

    def _unaccounted(self, row: Row) -> str:
        if row["unaccounted"] is None:
            return "–"
        text = self.figure(row["unaccounted"], row["unit"])
        share = row["share"]
        return text if share is None else f"{text} ({format_percent(share, self.language)})"

    # -- reconciliation -------------------------------------------------------------------------

    def reconciled(self, sheet: tuple[str, ...]) -> list[Table]:
        """Lay out what was doubted, estimated or moved most, and why."""
        flows = self.rows("flows", sheet)
        names = {row["flow"]: row["name"] for row in flows}
        known = [row for row in flows if row["known_by"]]
        told = [row for row in known if _worth_telling(row)]
        if not told:
            return []
        columns = [(self.put("flow"), "l"), (self.put("way"), "l"), (self.put("measured"), "r"),
                   (self.put("adjusted"), "r"), (self.put("why"), "l")]  # fmt: skip
        cells = [(self._what(row), self._way(row), self._spread(row, "measured", "sd"),
                  self._spread(row, "amount", "amount_sd"), self._why(row, names))
                 for row in told]  # fmt: skip
        notes = [self.put("interval")] if any(row["amount_sd"] for row in told) else []
        whole = [row for row in known if not _component(row)]
        rest = len(whole) - sum(not _component(row) for row in told)
        if rest:
            notes.append(self.put("others_as_measured", count=rest))
        return [self.table(self.put("reconciled", of=self.of(sheet)), columns, cells, notes)]

    def _what(self, row: Row) -> str:
        if not _component(row):
            return str(row["name"])
        return f"{row['name']} ({layer_text(row['layer'], row['unit'], self.language)})"

    def _way(self, row: Row) -> str:
        outside = self.put("outside")
        return f"{row['source_name'] or outside} → {row['target_name'] or outside}"

    def _spread(self, row: Row, value: str, sd: str) -> str:
        """Write an amount ± 1.96 standard deviations, or between what it lies."""
        if row[value] is None:
            return self._between(row) if value == "amount" else "–"
        text = self.figure(row[value], row["unit"])
        if not row[sd]:
            return text
        return f"{text} ± {sig(1.96 * row[sd], self.language, 2)}"

    def _between(self, row: Row) -> str:
        least, most = row["least"], row["most"]
        if most is None:
            return "–" if not least else self.put("from", least=self.figure(least, row["unit"]))
        return self.put("between", least=self.figure(least, "").strip(),
                        most=self.figure(most, row["unit"]))  # fmt: skip

    def _why(self, row: Row, names: Mapping[str, str]) -> str:
        if row["eliminated"]:
            why = self.put("known_suspect")
        elif row["suspect"] is not None:
            why = self.put("known_doubtful")
        else:
            return self.put(f"known_{row['known_by']}")
        if row["alike"]:
            others = [names.get(flow, flow) for flow in row["alike"]]
            return self.put("known_alike", why=why, others=others)
        return why

    def _tests(self, tests: Sequence[Row]) -> Iterator[str]:
        units = {row["layer"]: row["unit"] for row in self.result.flows.rows}
        for row in tests:
            layer = layer_text(row["layer"], units.get(row["layer"], ""), self.language)
            status, p = row["status"], row["p"]
            if status == "suspect":
                count = len(row["suspects"])
                yield (self.put("test_untested", layer=layer, count=count) if p is None
                       else self.put("test_suspect", layer=layer, count=count, p=p))  # fmt: skip
            elif status == "no_error":
                yield self.put("test_no_error", layer=layer, flows=row["without_error"])
            elif status == "contradicts":
                yield (self.put("test_exact", layer=layer) if p is None
                       else self.put("test_contradicts", layer=layer, p=number(p)))  # fmt: skip
            elif status == "estimated":
                yield self.put("test_estimated", layer=layer)
            else:
                yield self.put("test_reconciled", layer=layer, p=number(p), dof=row["dof"])

    # -- cost of losses -------------------------------------------------------------------------

    def costs(self, sheet: tuple[str, ...]) -> list[Table]:
        """Lay out the waste streams, dearest first."""
        rows = self.rows("loss_costs", sheet)
        totals = self.rows("loss_totals", sheet)
        known = [row["total"] for row in rows if row["total"]]
        if not known:
            return []
        size, unit = money_scale(max(known) / 1000, self.language, self.result.settings["currency"])
        parts = ("material", "energy", "system", "waste_management")
        columns = [("#", "r"), (self.put("loss"), "l"), (self.put("amount"), "r"),
                   *((self.put(part), "r") for part in parts),
                   (self.put("total"), "r"), (self.put("share"), "r")]  # fmt: skip
        names = {str(row["step"]): str(row["name"]) for row in self.rows("balances", sheet)}
        cells = []
        for row in rows[:STREAMS_SHOWN]:
            total = self._money_in(row["total"], size)
            step = names.get(row["step"]) or str(row["step"])
            cells.append((
                str(row["rank"]), f"{stream_name(row, self.language)} ({self._where(row, step)})",
                self.figure(row["amount"], row["unit"]),
                *(self._money_in(row[part], size) for part in parts),
                total if row["complete"] or row["total"] is None
                else self.put("at_least", money=total),
                self.percent(row["cumulative"]),
            ))  # fmt: skip
        notes = [note for row in totals for note in self._total_notes(row)]
        notes += [self._water(row) for row in self.rows("true_costs", sheet)
                  if row["per_unit"] is not None]  # fmt: skip
        title = self.put("costs", of=self.of(sheet), unit=unit)
        return [self.table(title, columns, cells, notes)]

    def _where(self, row: Row, step: str) -> str:
        """Say at which step a loss arises, and its cause where one is recorded."""
        if not row["cause"]:
            return step
        return f"{step}; " + self.put(f"cause_{row['cause']}")

    def _money_in(self, value: Any, size: float) -> str:
        """Write money at the scale of the table."""
        if value is None:
            return "–"
        scaled = float(value) / size
        return format_fixed(scaled, 0, self.language)

    def _total_notes(self, row: Row) -> list[str]:
        notes = [self.put("totals", cost_in=self.money(row["cost_in"]),
                          product=self.money(row["product"]), losses=self.money(row["losses"]),
                          waste=self.money(row["waste_management"])),
                 self.put(f"basis_{row['basis']}")]  # fmt: skip
        if row["unclear"]:
            notes.append(self.put("unclear_cost", money=self.money(row["unclear"])))
        return notes

    def _water(self, row: Row) -> str:
        per = self.money(row["per_unit"])
        if not row["complete"]:
            return self.put("water_least", per_unit=per)
        return self.put("water", per_unit=per, price=self.money(row["price"]),
                        purchase=self.money(row["purchase"]), carried=self.money(row["carried"]),
                        waste=self.money(row["waste_management"]))  # fmt: skip

    # -- options against losses -----------------------------------------------------------------

    def claims(self) -> list[Table]:
        """Lay out which options cut which loss, and what is left of it."""
        rows = self.result.flow_claims.rows
        if not rows:
            return []
        columns = [(self.put("loss"), "l"), (self.put("options"), "l"), (self.put("annual"), "r"),
                   (self.put("claimed"), "r"), (self.put("combined"), "r"),
                   (self.put("left"), "r")]  # fmt: skip
        cells = [(row["name"], ", ".join(row["options"]),
                  *(self.figure(row[name], row["unit"]) for name in
                    ("annual", "claimed", "combined", "left")))
                 for row in rows]  # fmt: skip
        capped = sorted({option for row in rows for option in row["capped"]})
        notes = [self.put("capped", options=capped)] if capped else []
        return [self.table(self.put("claims"), columns, cells, notes, self.plants(rows))]

    def after(self) -> list[Table]:
        """Lay out the flows before and after the options."""
        rows = self.result.flows_after.rows
        if not rows or self.several:
            return []
        sheet = tuple(rows[0][key] for key in SHEET)
        columns = [(self.put("flow"), "l"), (self.put("before"), "r"), (self.put("then"), "r"),
                   (self.put("change"), "r")]  # fmt: skip
        cells = [(row["name"], self.figure(row["before"], row["unit"]),
                  self.figure(row["after"], row["unit"]), self._change(row)) for row in rows]
        title = self.put("after", of=self.of(sheet))
        return [self.table(title, columns, cells, [self.put("after_how")])]

    def _change(self, row: Row) -> str:
        text = self.figure(row["change"], row["unit"])
        if not row["before"]:
            return text
        return f"{text} ({format_percent(row['change'] / row['before'], self.language)})"


def _component(row: Row) -> bool:
    return str(row["layer"]).startswith("component:")


def _worth_telling(row: Row) -> bool:
    """Whether a flow was doubted, estimated, or moved by more than its standard uncertainty."""
    if row["suspect"] is not None or row["at_bound"]:
        return True
    if row["known_by"] in ("observable", "unobservable"):
        return True
    moved = row["adjustment"]
    return bool(moved is not None and row["sd"] and abs(moved) > row["sd"])
