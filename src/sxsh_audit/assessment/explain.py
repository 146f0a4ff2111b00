"""Any number of an assessment, told: inputs, formula with the numbers in it, source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.baselines.explained import adjusted_told
from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.flows.explained import loss_told, sheet_name
from sxsh_audit.assessment.investment.explained import npv_told
from sxsh_audit.assessment.shown import cost_text, edges, format_plain, shown_unit
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import (
    band_text,
    money_text,
    payback_text,
    quality_text,
    saving_text,
    sig,
    status_text,
)
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["Explanation", "explain"]


TERM_DIGITS = 7
"""Digits of the terms of a sum; the sum itself has every digit that it needs."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a number is what it is.

    Parameters
    ----------
    number : str
        What was asked for.
    title : str
        What it is, in words.
    inputs : tuple of str
        Figures that go in, with unit, quality and source.
    steps : tuple of str
        Formula, and the formula with the numbers in it.
    sources : tuple of str
        Where the definition and the facts come from.
    """

    number: str
    title: str
    inputs: tuple[str, ...]
    steps: tuple[str, ...]
    sources: tuple[str, ...]
    headings: tuple[str, str, str]

    def __str__(self) -> str:
        lines = [self.title, "=" * len(self.title)]
        for heading, entries in self._parts():
            lines += [heading, *(f"  {entry}" for entry in entries)]
        return visible("\n".join(lines), lines=True)

    __repr__ = __str__

    def _parts(self) -> list[tuple[str, tuple[str, ...]]]:
        parts = zip(self.headings, (self.inputs, self.steps, self.sources), strict=True)
        return [(heading, entries) for heading, entries in parts if entries]

    def _repr_html_(self) -> str:
        def text(plain: str) -> str:
            return escape(visible(plain, lines=True))

        body = "".join(
            f"<h4>{text(heading)}</h4><ul>"
            + "".join(f"<li>{text(entry)}</li>" for entry in entries)
            + "</ul>"
            for heading, entries in self._parts()
        )
        return f"<section><h3>{text(self.title)}</h3>{body}</section>"


def explain(result: Assessment, number: str, language: Language = "vi") -> Explanation:
    """Explain a number of `result`; see :meth:`Assessment.explain`."""
    plants = sorted({row["facility"] for row in (
        *result.savings.rows, *result.options.rows, *result.loss_costs.rows)})  # fmt: skip
    teller = _numbers(result, "").get(number)  # the name of an option may hold a colon itself
    for plant in plants:
        if teller is None and number.startswith(f"{plant}:"):
            teller = _numbers(result, plant).get(number[len(plant) + 1 :])
    if teller is None:
        facility = next((plant for plant in plants if number.startswith(f"{plant}:")), "")
        offered = list(_numbers(result, facility)) or [
            f"{plant}:{name}" for plant in plants[:3] for name in _numbers(result, plant)
        ]
        known = ", ".join(offered)
        raise KeyError(sentence("explain.unknown", language, number=number, known=known))
    return _Teller(result, language, number).tell(*teller)


def _numbers(result: Assessment, facility: str) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Every number of a plant that can be explained: name → (kind, record)."""
    plants = {row["facility"] for table in (result.savings, result.options, result.loss_costs)
              for row in table.rows}  # fmt: skip
    if not facility and len(plants) == 1:
        facility = next(iter(plants))
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for row in result.savings.rows:
        if row["facility"] == facility:
            for kind in ("saving", "specific_consumption", "absolute_saving", "price"):
                found[f"{row['resource']}.{kind}"] = (kind, row)
    for row in result.adjusted.rows:
        if row["facility"] == facility:
            found[f"{row['resource']}.adjusted_saving"] = ("adjusted_saving", row)
    for row in result.verdict.rows:
        if row["facility"] == facility:
            found["overall.saving"] = ("overall", row)
    for row in result.options.rows:
        if row["facility"] == facility:
            found[f"option.{row['option']}.payback"] = ("payback", row)
    for row in result.loss_costs.rows:
        if row["facility"] == facility:
            found[f"loss.{sheet_name(row)}{row['flow']}.cost"] = ("loss", row)
    for row in result.economics.rows:
        if row["facility"] == facility:
            found[f"option.{row['option']}.npv"] = ("npv", row)
    return found


class _Teller:
    """One explanation in one language."""

    def __init__(self, result: Assessment, language: Language, number: str) -> None:
        self.result = result
        self.language = language
        self.number = number

    def say(self, code: str, **numbers: Any) -> str:
        return sentence(f"explain.{code}", self.language, **numbers)

    def tell(self, kind: str, row: Mapping[str, Any]) -> Explanation:
        tellers: dict[str, Callable[[Mapping[str, Any]], Explanation]] = {
            "saving": self.saving,
            "specific_consumption": self.specific_consumption,
            "absolute_saving": self.absolute_saving,
            "price": self.price,
            "overall": self.overall,
            "payback": self.payback,
            "npv": self.npv,
            "adjusted_saving": self.adjusted_saving,
            "loss": self.loss,
        }
        return tellers[kind](row)

    def _explanation(
        self, title: str, inputs: list[str], steps: list[str], sources: list[str]
    ) -> Explanation:
        headings = (self.say("inputs"), self.say("steps"), self.say("sources"))
        return Explanation(self.number, title, tuple(inputs), tuple(steps), tuple(sources),
                           headings)  # fmt: skip

    # -- figures --------------------------------------------------------------------------------

    def figure(self, value: Any, unit: str | None) -> str:
        """Write a figure with every digit and its unit."""
        return f"{format_plain(value, self.language)} {unit_text(unit, self.language)}".strip()

    def _label(self, row: Mapping[str, Any]) -> str:
        return self.result.label(row["resource"], self.language)

    def _inputs(self, row: Mapping[str, Any]) -> list[str]:
        """Use and output of both periods, with months and quality."""
        lines = []
        for phase in ("baseline", "reporting"):
            of = row[f"of_months_{phase}"]
            months = self.say("months", known=row[f"months_{phase}"], all=of) if of else ""
            use = self.figure(row[f"use_{phase}"], row["unit"])
            output = self.figure(row[f"output_{phase}"], row["output_unit"])
            text = self.say("use_output", phase=phase, use=use, output=output)
            lines.append(f"{text}{'; ' + months if months else ''}")
        quality = quality_text(row["quality"] or "", self.language)
        lines.append(self.say("quality", quality=quality or self.say("not_stated")))
        if row["purchases_only"] and row["category"] not in ("purchased_energy", "water"):
            lines.append(sentence("result.purchases_only", self.language))
        return lines

    def _ratio_steps(self, row: Mapping[str, Any]) -> list[str]:
        unit = f"{row['unit']}/{row['output_unit']}" if row["output_unit"] else row["unit"]
        steps = []
        for letter, phase in (("b", "baseline"), ("c", "reporting")):
            use = format_plain(row[f"use_{phase}"], self.language)
            output = format_plain(row[f"output_{phase}"], self.language)
            steps.append(f"{letter} = Σ E / Σ P = {use} / {output} = "
                         f"{self.figure(row[phase], unit)}")  # fmt: skip
        return steps

    def _sources(self, *, programme: bool = True) -> list[str]:
        settings = self.result.settings
        sources = [self.say("method")]
        if programme and settings["programme"]:
            sources.append(f"{settings['legal_ref']} – {settings['programme_source']}")
        for name, digest in self.result.study["files"].items():
            sources.append(f"{name} (SHA-256 {digest[:12]}…)")
        return sources

    # -- numbers --------------------------------------------------------------------------------

    def specific_consumption(self, row: Mapping[str, Any]) -> Explanation:
        title = self.say("title_specific", resource=self._label(row))
        return self._explanation(title, self._inputs(row), self._ratio_steps(row),
                                 self._sources(programme=False))  # fmt: skip

    def saving(self, row: Mapping[str, Any]) -> Explanation:
        title = self.say("title_saving", resource=self._label(row))
        steps = self._ratio_steps(row)
        b, c = (format_plain(row[phase], self.language) for phase in ("baseline", "reporting"))
        shown = saving_text(_nan(row["saving"]), edges(row), self.language)
        steps.append(f"s = (b − c) / b = ({b} − {c}) / {b} = "
                     f"{format_plain(row['saving'], self.language)} = {shown}")  # fmt: skip
        steps += self._check(row)
        return self._explanation(title, self._inputs(row), steps, self._sources())

    def _check(self, row: Mapping[str, Any]) -> list[str]:
        """How the saving stands against the target."""
        if not row["status"]:
            return []
        band = band_text(row["low"], row["high"], self.language)
        one_sided = row["low"] is not None and row["high"] is None
        status = status_text(row["status"], self.language, one_sided=one_sided)
        lines = [self.say("check", band=band or "–", status=status)]
        if self.result.settings["as_if"]:
            lines.append(sentence("result.as_if", self.language))
        return lines

    def absolute_saving(self, row: Mapping[str, Any]) -> Explanation:
        title = self.say("title_absolute", resource=self._label(row))
        b, c, made = (format_plain(row[key], self.language)
                      for key in ("baseline", "reporting", "output_reporting"))  # fmt: skip
        total = self.figure(row["absolute_saving"], row["unit"])
        steps = [*self._ratio_steps(row), f"(b − c) × Q₁ = ({b} − {c}) × {made} = {total}"]
        unit, factor = shown_unit(self.result, row["resource"], row["unit"])
        if row["absolute_saving"] is not None and unit != row["unit"]:
            steps.append(f"= {self.figure(row['absolute_saving'] / factor, unit)}")
        inputs = self._inputs(row)
        currency = self.result.settings["currency"]
        if row["money_saving"] is not None:
            inputs.append(self._price_line(row))
            worth = money_text(row["money_saving"], self.language, currency)
            steps.append(self.say("money", total=total, worth=worth))
        if row["energy_saving"] is not None:
            factor_text = self.figure(row["energy_factor"], f"{row['energy_unit']}/{row['unit']}")
            energy = self.figure(row["energy_saving"], row["energy_unit"])
            steps.append(f"{total} × {factor_text} = {energy}")
            inputs.append(self.say("factor", factor=factor_text,
                                   name=self.result.settings["factor_set"]))  # fmt: skip
        return self._explanation(title, inputs, steps, self._sources(programme=False))

    def _price_line(self, row: Mapping[str, Any]) -> str:
        currency = self.result.settings["currency"]
        text = self.figure(row["price"], f"{currency}/{row['unit']}")
        return self.say(f"price_{row['price_source']}", price=text)

    def price(self, row: Mapping[str, Any]) -> Explanation:
        title = self.say("title_price", resource=self._label(row))
        known = row["price"] is not None
        inputs = [self._price_line(row)] if known else [self.say("no_price")]
        steps = [self.say("price_constant")]
        return self._explanation(title, inputs, steps, self._sources(programme=False))

    def overall(self, verdict: Mapping[str, Any]) -> Explanation:
        """Tell the overall result; the weighted sum is written out, row by row."""
        rule = verdict["rule"]
        name = sentence(f"result.rule_{rule}", self.language)
        rows = [row for row in self.result.savings.rows
                if row["facility"] == verdict["facility"] and _enters(row, rule)]  # fmt: skip
        shown = saving_text(_nan(verdict["saving"]), edges(verdict), self.language)
        steps = [self.say("rule", rule=name), self.say(f"formula_{rule}")]
        if rule == "each":
            inputs = [f"{self._label(row)}: s = {self._percent(row)}" for row in rows]
            steps.append(f"s = {shown}")
        else:
            inputs, total = self._weighted(rows, rule)
            steps.append(f"s = {total}{shown}")
        steps += self._check(verdict)
        if verdict["known_share"] is not None and rule == "cost_weighted":
            steps.append(self.say("known_share", share=float(verdict["known_share"])))
        return self._explanation(self.say("title_overall"), inputs, steps, self._sources())

    def _percent(self, row: Mapping[str, Any]) -> str:
        return saving_text(_nan(row["saving"]), edges(row), self.language)

    def _weighted(self, rows: list[Mapping[str, Any]], rule: str) -> tuple[list[str], str]:
        """Terms of Σ w (b − c) / Σ w b of the rows that enter it, and the quotient."""
        key = "price" if rule == "cost_weighted" else "energy_factor"
        unit = self.result.settings["currency" if rule == "cost_weighted" else "energy_unit"]
        lines, top, bottom = [], 0.0, 0.0
        alone = len(rows) == 1
        if alone and rows[0][key] is None:  # its weight cancels, so the sums are amounts of it
            unit = rows[0]["unit"]
        for row in rows:
            line = f"{self._label(row)}: s = {self._percent(row)}"
            weight = row[key] if row[key] is not None or not alone else 1.0
            b, c = row["baseline"], row["reporting"]
            if weight is None or b is None or c is None or not row["measured"]:
                lines.append(line + self.say("left_out"))
                continue
            top, bottom = top + weight * (b - c), bottom + weight * b
            w, before, after, gain, cost = (
                sig(x, self.language, TERM_DIGITS)
                for x in (weight, b, c, weight * (b - c), weight * b)
            )
            lines.append(f"{line}; {w} × ({before} − {after}) = {gain}; {w} × {before} = {cost}")
        if rule == "energy_total":
            lines.append(self.say("factor_set", name=self.result.settings["factor_set"] or "–"))
        if not bottom:
            return lines, ""
        per = f"{unit}/{rows[0]['output_unit']}" if rows[0]["output_unit"] else str(unit)
        return lines, f"{self.figure(top, per)} / {self.figure(bottom, per)} = "

    def _option_saving(self, item: Mapping[str, Any], currency: str) -> str:
        worth = money_text(_nan(item["value"]), self.language, currency)
        name = self.result.label(item["resource"], self.language) or self.say("money_only")
        if item["quantity"] is None:
            return self.say("option_money", resource=name, worth=worth)
        unit, factor = shown_unit(self.result, item["resource"], item["unit"])
        amount = f"{sig(item['quantity'] / factor, self.language)} {unit_text(unit, self.language)}"
        return self.say("option_saving", resource=name, amount=amount, worth=worth)

    def payback(self, row: Mapping[str, Any]) -> Explanation:
        currency = self.result.settings["currency"]
        title = self.say("title_payback", option=f"{row['option']} {row['name'] or ''}".strip())
        inputs = [self.say("cost", cost=cost_text(row, self.language, currency))]
        for item in self.result.option_savings.rows:
            if (item["facility"], item["option"]) == (row["facility"], row["option"]):
                inputs.append(self._option_saving(item, currency))
        for key in ("other_benefit", "annual_extra_cost"):
            if row[key] is not None:
                inputs.append(self.say(key, worth=money_text(row[key], self.language, currency)))
        if row["annualised"]:
            inputs.append(sentence("result.annualised", self.language).lstrip("* "))
        saving = money_text(_nan(row["annual_saving"]), self.language, currency)
        cost = cost_text(row, self.language, currency)
        text = payback_text(_nan(row["years"]), row["payback_class"], self.language)
        if row["payback_class"] == "years":
            steps = [self.say("formula_payback"), f"{cost} / {saving} = {text}"]
        else:
            steps = [self.say("formula_payback"), self.say("class", saving=saving, text=text)]
        if row["cost"] is None and row["cost_high"] is not None:
            steps.append(self.say("upper_end"))
        sources = [self.say("method_invest"), *self._sources(programme=False)[1:]]
        return self._explanation(title, inputs, steps, sources)

    def loss(self, row: Mapping[str, Any]) -> Explanation:
        """Tell what a loss costs, đồng by đồng."""
        sources = [sentence("losses.told_source", self.language),
                   *self._sources(programme=False)[1:]]  # fmt: skip
        return self._explanation(*loss_told(self.result, row, self.language), sources)

    def adjusted_saving(self, row: Mapping[str, Any]) -> Explanation:
        title, inputs, steps = adjusted_told(self.result, row, self.language)
        sources = [self.say("method_adjusted"), *self._sources()[1:]]
        return self._explanation(title, inputs, steps, sources)

    def npv(self, row: Mapping[str, Any]) -> Explanation:
        title, inputs, steps = npv_told(self.result, row, self.language)
        sources = [self.say("method_invest"), *self._sources(programme=False)[1:]]
        return self._explanation(title, inputs, steps, sources)


def _enters(row: Mapping[str, Any], rule: str) -> bool:
    """Whether a resource enters the overall result by `rule`."""
    if rule == "energy_total":
        return row["category"] in ENERGY
    return bool(row["counted"])


def _nan(value: Any) -> float:
    return float("nan") if value is None else float(value)
