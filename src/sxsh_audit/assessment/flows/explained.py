"""What a loss costs, told: where every đồng of it entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.flows.drawn import stream_name
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import money_text, sig
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["loss_told", "sheet_name"]

SHEET = ("facility", "phase", "batch")
PARTS = ("material", "energy", "system", "waste_management")
Row = Mapping[str, Any]


def sheet_name(row: Row) -> str:
    """Return what stands before the id of a flow: its sheet, as in ``reporting:D04``."""
    name = row["batch"] or row["phase"]
    return f"{name}:" if name else ""


def loss_told(
    result: Assessment, row: Row, language: Language
) -> tuple[str, list[str], list[str]]:
    """Return title, inputs and steps of the cost of a loss.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Record of ``loss_costs``.
    language : {"vi", "en"}
        Language.
    """
    currency = str(result.settings["currency"])
    money = {part: money_text(_nan(row[part]), language, currency) for part in PARTS}
    names = {flow["flow"]: flow["name"] for flow in result.flows.rows if _same(flow, row)}
    amount = f"{sig(_nan(row['amount']), language, 6)} {unit_text(row['unit'], language)}"
    inputs = [sentence("losses.told_amount", language, step=row["step"], amount=amount)]
    for part in result.cost_trail.rows:
        if _same(part, row) and part["flow"] == row["flow"]:
            inputs.append(sentence(
                f"losses.told_{part['origin_kind']}", language,
                origin=names.get(part["origin"], part["origin"]),
                cost=money_text(part["cost"], language, currency)))  # fmt: skip
    terms = " + ".join(money[part] for part in PARTS if row[part] is not None)
    steps = [sentence("losses.told_shares", language),
             f"{terms} = {money_text(_nan(row['total']), language, currency)}"]  # fmt: skip
    if row["share"] is not None:
        steps.append(sentence("losses.told_rank", language, rank=row["rank"],
                              share=float(row["share"])))  # fmt: skip
    if not row["complete"]:
        steps.append(sentence("losses.told_least", language))
    name = stream_name(row, language)
    return sentence("losses.told_title", language, name=name), inputs, steps


def _same(one: Row, other: Row) -> bool:
    return all(one[key] == other[key] for key in SHEET)


def _nan(value: Any) -> float:
    return float("nan") if value is None else float(value)
