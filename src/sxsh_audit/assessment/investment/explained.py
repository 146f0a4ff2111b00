"""The net present value of an option, told year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import format_plain, number
from sxsh_audit.display.wording import money_text
from sxsh_audit.language.formatting import Language, format_percent
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["npv_told"]


def npv_told(
    result: Assessment, row: Mapping[str, Any], language: Language
) -> tuple[str, list[str], list[str]]:
    """Return title, inputs and steps of the net present value of one option.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Its record in ``economics``.
    language : {"vi", "en"}
        Language.
    """
    currency, terms = result.settings["currency"], result.settings["terms"]

    def say(code: str, **numbers: Any) -> str:
        return sentence(f"explain.{code}", language, **numbers)

    def money(value: Any, digits: int = 5) -> str:
        return money_text(number(value), language, currency, digits=digits)

    title = say("title_npv", option=f"{row['option']} {row['name'] or ''}".strip())
    rate = f"{format_plain(100 * round(terms['rate'], 8), language)} %"
    inputs = [say("cost", cost=money(row["cost"])),
              say("annual", worth=money(row["annual_saving"]))]  # fmt: skip
    if row["subsidy"]:
        inputs.append(say("subsidy", worth=money(row["subsidy"])))
    if row["lifetime"] is not None:
        years = format_plain(row["lifetime"], language)
        inputs.append(say("lifetime_horizon", years=years) if row["horizon_stands_in"]
                      else say("lifetime", years=years))  # fmt: skip
    if row["construction_years"]:
        years = format_plain(row["construction_years"], language)
        inputs.append(say("construction", years=years))
    if row["saving_change"]:
        inputs.append(say("change", change=format_percent(row["saving_change"], language)))
    if row["salvage"]:
        inputs.append(say("salvage", worth=money(row["salvage"])))
    inputs.append(say("real_rate", rate=rate))
    if terms["inflation"] is not None:
        inputs.append(say(
            "fisher", nominal=format_percent(terms["discount_rate"], language),
            inflation=format_percent(terms["inflation"], language), rate=rate))  # fmt: skip
    steps = [say("formula_npv")]
    base = 1.0 + float(terms["rate"])
    shown = format_plain(base, language)
    steps += [
        f"t = {year}: {money(flow)} / {shown}^{year} = {money(flow / base**year)}"
        for year, flow in enumerate(row["flows"])
    ]  # fmt: skip
    steps.append(f"NPV = {money(row['npv'])}" if row["flows"] else say("npv_unknown"))
    return title, inputs, steps
