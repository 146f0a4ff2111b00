"""What to do first: three things at most, each chosen by a rule that is said with it."""

from __future__ import annotations

import math

from sxsh_audit.assessment.baselines.wording import source_text
from sxsh_audit.assessment.flows.drawn import stream_name
from sxsh_audit.assessment.shown import cost_text, number
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.chapters.telling import Row, Telling

__all__ = ["dearest_loss", "first_steps", "measure_next", "quick_win"]

QUICK_YEARS = 1.0
"""An option that is paid back within a year is a quick win, unless the study has its own limit."""


def first_steps(view: Telling) -> list[str]:
    """Return the cheapest quick win, the dearest loss and what to measure next.

    Parameters
    ----------
    view : Telling
        Assessment and language. Of several plants nothing is said: each has its own report.

    Returns
    -------
    list of str
        Sentences; fewer than three where the study does not hold enough.
    """
    if view.several:
        return []
    return [text for text in (quick_win(view), dearest_loss(view), measure_next(view)) if text]


def quick_win(view: Telling) -> str:
    """Say which option to begin with: the cheapest of those paid back soonest.

    Parameters
    ----------
    view : Telling
        Assessment and language.

    Returns
    -------
    str
        Of the options paid back within a year that no warning speaks of, the cheapest (of equals
        the one that saves most); without one, the option paid back soonest. Empty without any.
    """
    known = [row for row in view.live() if row["payback_class"] in ("immediate", "years")
             and row["rank"] is not None]  # fmt: skip
    if not known:
        return ""
    limit = view.terms.get("payback_limit") or QUICK_YEARS
    limit = min(float(limit), QUICK_YEARS)
    quick = [row for row in known if _years(row) <= limit and not view.doubted(row["option"])]
    if quick:
        row = min(quick, key=lambda one: (number(one["cost"]), -number(one["annual_saving"])))
        code = "report_summary.quick_free" if not row["cost"] else "report_summary.quick"
    else:
        row = min(known, key=lambda one: (view.doubted(one["option"]), _years(one)))
        code = "report_summary.soonest"
        earlier = [one for one in known if _years(one) < _years(row)]
        if earlier:
            code = "report_summary.soonest_sure"
    currency = view.result.settings["currency"]
    text = view.says(code, option=view.called(row), cost=cost_text(row, view.language, currency),
                    saving=view.money(row["annual_saving"]),
                    payback=view.paid(row["years"], row["payback_class"]))  # fmt: skip
    doubted = view.says("report_summary.check_first") if view.doubted(row["option"]) else ""
    return f"{text} {doubted}".strip()


def _years(row: Row) -> float:
    return 0.0 if row["payback_class"] == "immediate" else number(row["years"])


def dearest_loss(view: Telling) -> str:
    """Say which loss to go after: the dearest, or the resource whose use rose most in money.

    Parameters
    ----------
    view : Telling
        Assessment and language.

    Returns
    -------
    str
        The first waste stream of the latest flow sheet with the options that aim at it; without
        a flow sheet, the resource whose use per product rose most, by cost. Else empty.
    """
    losses = [row for row in view.latest("loss_costs") if row["total"]]
    if losses:
        return _stream(view, losses[0])
    rose = [row for row in view.counted if row["saving"] < 0]
    if not rose:
        return ""
    row = min(rose, key=lambda one: (number(one["money_saving"])
                                     if one["money_saving"] is not None else 0.0))  # fmt: skip
    adjusted = [each for each in view.result.adjusted.rows
                if each["resource"] == row["resource"] and each["disagree"]]  # fmt: skip
    code = "report_summary.find_cause_split" if adjusted else "report_summary.find_cause"
    return view.says(code, resource=view.resource(row), saving=view.saved(row).lstrip("−"))


def _stream(view: Telling, row: Row) -> str:
    name = view.quoted(stream_name(row, view.language))
    step = view.step(row)
    aimed = [one for one in view.result.flow_claims.rows if one["flow"] == row["flow"]]
    options = aimed[0]["options"] if aimed else []
    text = view.says("report_summary.loss", name=name, step=step, money=view.money(row["total"]))
    if not options:
        return f"{text} {view.says('report_summary.loss_no_option')}"
    live = {str(one["option"]) for one in view.live()}
    waiting = [option for option in options if option in live]
    if not waiting:
        return f"{text} {view.says('report_summary.loss_done', options=view.listed(options))}"
    doubted = [option for option in waiting if view.doubted(option)]
    code = "report_summary.loss_option" if len(waiting) == 1 else "report_summary.loss_options"
    told = view.says(code, options=view.listed(waiting))
    if doubted:
        told += " " + view.says("report_summary.loss_doubted", options=view.listed(doubted))
    return f"{text} {told}"


def measure_next(view: Telling) -> str:
    """Say what to measure next: where most money hangs on a figure that is not sure.

    Parameters
    ----------
    view : Telling
        Assessment and language.

    Returns
    -------
    str
        The figure that makes the saving of the dearest resource unsure most, among those of
        which it is not shown whether the target is met; else a measurement that does not fit
        its balance; else an option without a cost. Else empty.
    """
    unsure = [row for row in view.result.adjusted.rows
              if row["decision"] in ("cannot_tell", "likely")]  # fmt: skip
    spent = {row["resource"]: view.cost(row) for row in view.result.savings.rows}

    def weight(row: Row) -> float:
        cost = spent.get(row["resource"], math.nan)
        return -1.0 if math.isnan(cost) else cost

    for row in sorted(unsure, key=weight, reverse=True):
        parts = [each for each in view.result.uncertainty.rows
                 if each["resource"] == row["resource"]]  # fmt: skip
        if parts:
            source = parts[0]["source"]
            return view.says(
                "report_summary.measure", resource=view.resource(row),
                source=source_text(source, view.language),
                fix=sentence(f"adjusted.fix_{source}", view.language),
            )  # fmt: skip
    suspects = [item for item in view.result.findings if item.code.startswith("flow.suspect")]
    if suspects:
        return view.says("report_summary.measure_flow",
                        flow=view.quoted(str(suspects[0].numbers.get("flow", ""))))  # fmt: skip
    costless = [row for row in view.live() if row["payback_class"] == "unknown"]
    if costless:
        return view.says("report_summary.measure_option", option=view.called(costless[0]))
    return ""
