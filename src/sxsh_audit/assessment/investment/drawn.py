"""What the charts of options as investments draw, as plain records."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.calc.finance import npv
from sxsh_audit.display.records import (
    CashBar,
    CostStep,
    FrontierPoint,
    NpvCurve,
    RankSpread,
    TornadoBar,
)
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_text, sig
from sxsh_audit.language.formatting import Language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = [
    "cash_bars",
    "chart_subject",
    "cost_steps",
    "frontier_points",
    "npv_curves",
    "rank_spreads",
    "tornado_bars",
]

LEAST_END, MOST_END = 0.3, 0.5
"""Where the scale of rates ends at the least and at the most [1/year]: rates of return beyond it
stand in words, a bank's rate is not there."""
STEPS = 41


def npv_curves(result: Assessment, language: Language = "vi") -> Sequence[NpvCurve]:
    """Return the net present value of each option against the rate."""
    rows = [row for row in result.economics.rows if row["flows"]]
    if not rows:
        return []
    rate = number(result.settings["terms"]["rate"])
    roots = [row["irr"] for row in rows if row["irr"] is not None and row["irr"] < MOST_END]
    end = min(MOST_END, max([LEAST_END, 2 * rate, *(1.2 * root for root in roots)]))
    rates = np.linspace(0.0, end, STEPS)
    flows = np.zeros((len(rows), max(len(row["flows"]) for row in rows)))
    for line, row in zip(flows, rows, strict=True):
        line[: len(row["flows"])] = row["flows"]
    values = np.asarray(npv(rates[None, :], flows[:, None, :]), float)
    currency = result.settings["currency"]
    return [
        NpvCurve(str(row["option"]), row["name"] or "", tuple(rates.tolist()),
                 tuple(line.tolist()), number(row["irr"]), currency, _no_root(row, language))
        for row, line in zip(rows, values, strict=True)
    ]  # fmt: skip


def _no_root(row: Mapping[str, Any], language: Language) -> str:
    if row["irr"] is not None:
        return ""
    if row["irr_status"] == "multiple":
        return sentence("invest.several_roots", language, count=len(row["irr_roots"]))
    return sentence("invest.no_irr", language)


def cash_bars(
    result: Assessment, language: Language = "vi", option: str | None = None
) -> Sequence[CashBar]:
    """Return the money of each year: of `option`, else of the best set, else of the best option.

    Parameters
    ----------
    result : Assessment
        What was found.
    language : {"vi", "en"}
        Language; the records hold no words.
    option : str, optional
        Id of one option.
    """
    flows = _flows(result, option)
    rate = number(result.settings["terms"]["rate"])
    if not flows or math.isnan(rate):
        return []
    discounted = np.cumsum(np.array(flows) / (1.0 + rate) ** np.arange(len(flows)))
    currency = result.settings["currency"]
    return [
        CashBar(year, flow, total, worth, currency)
        for year, (flow, total, worth) in enumerate(
            zip(flows, np.cumsum(flows).tolist(), discounted.tolist(), strict=True))
    ]  # fmt: skip


def _flows(result: Assessment, option: str | None) -> Sequence[float]:
    if option is None:
        sets = [row for row in result.portfolio.rows if row["chosen"] and row["flows"]]
        if sets:
            return list(sets[0]["flows"])
    for row in result.economics.rows:
        if row["flows"] and option in (None, row["option"]):
            return list(row["flows"])
    return []


def chart_subject(
    result: Assessment, of: str, language: Language = "vi", option: str | None = None
) -> str:
    """Say which option or set of options the records `of` are of.

    Parameters
    ----------
    result : Assessment
        What was found.
    of : {"tornado_bars", "cash_bars"}
        The records.
    language : {"vi", "en"}
        Language.
    option : str, optional
        Option that was chosen; by default the one that the records are of by themselves.
    """
    sets = [row for row in result.portfolio.rows if row["chosen"] and row["flows"]]
    if of == "cash_bars" and sets and option is None:
        return sentence("invest.the_set", language, names=", ".join(sets[0]["chosen"]))
    rows = result.risk.rows if of == "tornado_bars" else [
        row for row in result.economics.rows if row["flows"]]  # fmt: skip
    rows = [row for row in rows if option in (None, row["option"])]
    if not rows:
        return option or ""
    name = rows[0]["name"] or ""
    return f"{rows[0]['option']} · {name}" if name else str(rows[0]["option"])


def cost_steps(result: Assessment, language: Language = "vi") -> Sequence[CostStep]:
    """Return the cost curve: of avoided tCO₂ where factors are known, else of one resource saved.

    The resource is the one that most options save.
    """
    currency = result.settings["currency"]
    left = _left_out(result)
    tonnes = [row for row in result.abatement.rows if (row["facility"], row["option"]) not in left]
    if any(row["tonnes"] is not None for row in tonnes):
        unit = sentence("invest.tonnes_a_year", language)
        tonnes.sort(key=lambda row: (row["front"] or math.inf, number(row["net_cost"])))
        return [
            CostStep(str(row["option"]), row["name"] or "", number(row["tonnes"]),
                     _per_tonne(row), unit, "tCO₂", row["abatement_class"] == "pays", currency,
                     front=int(row["front"] or 0))
            for row in tonnes
        ]  # fmt: skip
    rows = [row for row in result.economics.rows if row["levelised_cost"] is not None
            and (row["facility"], row["option"]) not in left]  # fmt: skip
    if not rows:
        return []
    resource = Counter(row["levelised_resource"] for row in rows).most_common(1)[0][0]
    steps = []
    for row in rows:
        saved = [item for item in result.option_savings.rows
                 if (item["facility"], item["option"], item["resource"])
                 == (row["facility"], row["option"], resource) and not item["demand"]]  # fmt: skip
        if row["levelised_resource"] != resource or not saved:
            continue
        unit, factor = shown_unit(result, resource, saved[0]["unit"])
        text = unit_text(unit, language)
        width = sum(number(item["quantity"]) for item in saved) / factor
        steps.append(CostStep(
            str(row["option"]), row["name"] or "", width, row["levelised_cost"] * factor,
            sentence("invest.unit_a_year", language, unit=text), text, False, currency,
        ))  # fmt: skip
    return steps


def _per_tonne(row: Mapping[str, Any]) -> float:
    """Height of a step: also of one that pays, whose figure is drawn and never told."""
    if row["net_cost"] is None or not row["lifetime_tonnes"]:
        return math.nan
    return float(row["net_cost"] / row["lifetime_tonnes"])


def _left_out(result: Assessment) -> set[tuple[str, str]]:
    """Options that cannot be added to the others: done, dropped, or excluded by a better one."""
    left = {(row["facility"], row["option"]) for row in result.options.rows
            if row["status"] in ("implemented", "dropped")}  # fmt: skip
    worth = {(row["facility"], row["option"]): number(row["npv"])
             for row in result.economics.rows}  # fmt: skip
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in result.options.rows:
        key = row["facility"], row["option"]
        if row["exclusive_group"] and key not in left:
            groups.setdefault((row["facility"], row["exclusive_group"]), []).append(key)
    for keys in groups.values():
        keys.sort(key=lambda key: (-np.nan_to_num(worth.get(key, math.nan), nan=-math.inf), key))
        left.update(keys[1:])
    return left


def frontier_points(result: Assessment, language: Language = "vi") -> Sequence[FrontierPoint]:
    """Return the cheapest set for each saving, of the first plant that has a frontier."""
    rows = result.frontier.rows
    settings = result.settings
    return [
        FrontierPoint(
            number(row["cost"]), number(row["saving"]), tuple(row["chosen"]),
            settings["currency"],
            "" if row["proven"] else sentence("invest.not_proven", language),
            settings["low"], settings["high"], ends=tuple(row["ends"]),
        )
        for row in rows if row["facility"] == rows[0]["facility"]
    ]  # fmt: skip


def tornado_bars(
    result: Assessment, language: Language = "vi", option: str | None = None
) -> Sequence[TornadoBar]:
    """Return what moves the net present value of `option`, else of the best option."""
    rows = result.tornado.rows
    if option is None and result.risk.rows:
        option = str(result.risk.rows[0]["option"])
    currency = result.settings["currency"]
    return [
        TornadoBar(_input(result, row, language), number(row["npv_low"]),
                   number(row["npv_high"]), number(row["npv"]), currency,
                   _end(result, row, "input_low", language),
                   _end(result, row, "input_high", language))
        for row in rows if row["option"] == option
    ]  # fmt: skip


def _input(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    resource = result.label(row["resource"], language) if row["resource"] else ""
    return sentence(f"invest.input_{row['input']}", language, resource=resource)


def _end(result: Assessment, row: Mapping[str, Any], key: str, language: Language) -> str:
    value = number(row[key])
    if math.isnan(value):
        return ""
    if row["input"] == "cost":
        return money_text(value, language, result.settings["currency"])
    currency = result.settings["currency"]
    if not row["unit"]:  # savings with several prices or units in one resource
        return (money_text(value, language, currency) if row["input"] == "quantity"
                else format_percent(value, language))  # fmt: skip
    unit, factor = row["unit"], 1.0
    shown, of = shown_unit(result, row["resource"], unit)
    if any(item["unit"] == unit and not item["demand"] for item in result.option_savings.rows
           if item["resource"] == row["resource"]):  # fmt: skip
        unit, factor = shown, of
    text = unit_text(unit, language)
    if row["input"] == "quantity":
        return f"{sig(value / factor, language)} {text}".strip()
    return f"{money_text(value * factor, language, currency)}/{text}"


def rank_spreads(result: Assessment, language: Language = "vi") -> Sequence[RankSpread]:
    """Return how often each option takes each rank."""
    rows = result.risk.rows
    used = [place for row in rows for place, part in enumerate(row["rank_shares"], 1) if part]
    most = max(used, default=0)
    return [
        RankSpread(str(row["option"]), row["name"] or "", int(row["rank"] or 0),
                   tuple(row["rank_shares"][:most]))
        for row in rows
    ]  # fmt: skip
