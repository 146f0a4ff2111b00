"""An adjusted saving, told: the baseline, both sums, what makes it unsure, the chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.baselines.wording import (
    decision_text,
    method_text,
    points_text,
    source_text,
)
from sxsh_audit.assessment.shown import edges, format_plain, number, shown_unit
from sxsh_audit.calc.student_t import coverage_factor
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import saving_text, sig
from sxsh_audit.language.formatting import Language, format_number, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["adjusted_told"]


def adjusted_told(
    result: Assessment, row: Mapping[str, Any], language: Language
) -> tuple[str, list[str], list[str]]:
    """Return title, inputs and steps of an adjusted saving.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Its record in ``adjusted``.
    language : {"vi", "en"}
        Language.
    """
    unit, factor = shown_unit(result, row["resource"], row["unit"])
    shown = unit_text(unit, language)

    def say(code: str, **numbers: Any) -> str:
        return sentence(f"explain.{code}", language, **numbers)

    def amount(value: Any) -> str:
        return f"{sig(number(value) / factor, language, 7)} {shown}"

    title = say("title_adjusted", resource=result.label(row["resource"], language))
    inputs = [say("baseline_used", text=method_text(result, row, language).rstrip(".")),
              say("used", n=int(row["n_reporting"]), amount=amount(row["used"]))]  # fmt: skip
    if row["adjustment"]:
        inputs.append(say("adjustment", amount=amount(row["adjustment"])))
    if row["errors_from"]:
        inputs.append(say(f"errors_{row['errors_from']}"))
    if row["saving"] is None:
        return title, inputs, [say("adjusted_unknown")]
    modelled = number(row["expected"]) - number(row["adjustment"])
    total = amount(row["expected"])
    steps = [say(f"formula_{row['adjust_to']}")]
    steps.append(say("expected_sum", amount=amount(modelled)))
    if row["adjustment"]:
        steps.append(f"{amount(modelled)} + {amount(row['adjustment'])} = {total}")
    band = {"low": result.settings["low"], "high": result.settings["high"]}
    saving = saving_text(number(row["saving"]), edges(band), language)
    steps.append(f"s = ({total} − {amount(row['used'])}) / {total} = "
                 f"{format_plain(row['saving'], language)} = {saving}")  # fmt: skip
    if row["judged_saving"] != row["saving"]:
        judged = saving_text(number(row["judged_saving"]), edges(band), language)
        earlier = format_percent(number(row["earlier_saving"]), language)
        steps.append(f"1 − (1 − {earlier}) × (1 − {saving}) = {judged}")
    steps += _uncertainty(result, row, language, band)
    return title, inputs, steps


def _uncertainty(
    result: Assessment, row: Mapping[str, Any], language: Language, band: Mapping[str, Any]
) -> list[str]:
    if row["sd"] is None:
        return [sentence("explain.no_errors", language)]
    key = (row["facility"], row["resource"])
    steps = []
    for part in result.uncertainty.rows:
        if (part["facility"], part["resource"]) == key:
            name = source_text(part["source"], language)
            own = points_text(number(part["variance"]) ** 0.5, language)
            share = format_percent(part["share"], language, decimals=0)
            steps.append(sentence("explain.part", language, name=name, points=own, share=share))
    confidence = float(row["confidence"])
    times = format_number(float(coverage_factor(confidence, row["dof"] or float("inf"))), language,
                          digits=4)  # fmt: skip
    half = points_text((number(row["high"]) - number(row["low"])) / 2, language)
    steps.append(sentence("explain.interval", language, sd=points_text(number(row["sd"]), language),
                          times=times, half=half, confidence=confidence))  # fmt: skip
    if row["reach"] is not None:
        steps.append(sentence(
            "explain.chance", language, low=float(band["low"]),
            reach=format_percent(number(row["reach"]), language),
            worse=format_percent(number(row["worse"]), language),
            word=decision_text(row["decision"], language)))  # fmt: skip
    return steps
