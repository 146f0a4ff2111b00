"""The options of a study as rows of figures that every question about investments starts from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.investment.terms import Terms
from sxsh_audit.calc.finance import option_cashflows
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import Study, phase_days

__all__ = ["DONE", "OPTION", "cash_flows", "unit_flows", "venture_table"]

OPTION = ["facility", "option"]
DONE = "implemented"

_PLANNED = [
    "lifetime", "construction_years", "saving_change", "salvage", "subsidy", "replacement_cost",
    "replacement_year", "exclusive_group", "requires", "must_have", "due", "in_service", "owner",
    "actual_cost", "evidence", "score_technical", "score_economic", "score_environmental",
]  # fmt: skip


def venture_table(study: Study, options: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """Join what is known of each option, one row per option in the order of `options`.

    Parameters
    ----------
    study : Study
        Checked records.
    options : DataFrame
        From :func:`~sxsh_audit.assessment.options.option_table`.
    terms : Terms
        Their horizon stands in for a lifetime that is not stated, and cuts a longer one: it
        counts from the day of investment, and a life that it cuts has no salvage.

    Returns
    -------
    DataFrame
        The columns of `options`, the plan of the options, and

        - ``judged_cost``: the cost (of what is implemented the actual one), else the higher end
          of its range [currency]; ``planned_cost`` as planned
        - ``outlay``: what the plant itself pays, without the subsidy [currency]
        - ``gross_saving``, ``extra``: the yearly saving before the extra cost, and that cost
          [currency/year]
        - ``life_years``: years that the savings last [year]; nan where nothing says so
        - ``in_baseline``: whether it was in service before the baseline began, so that the
          baseline has its saving already
        - ``horizon_stands_in``: whether the horizon stands for an unstated lifetime
    """
    typed = study.tables.options
    plan = typed[[*OPTION, *_PLANNED, "row"]].assign(
        planned_cost=typed["cost"].fillna(typed["cost_high"])
    )
    table = options.drop(columns=["years", "years_low", "exclusive_group"])
    table = table.merge(plan, on=OPTION, how="left")
    judged = table["cost"].fillna(table["cost_high"])
    done = table["status"] == DONE
    extra = table["annual_extra_cost"].fillna(0.0)
    horizon = np.nan if terms.horizon is None else float(terms.horizon)
    lifetime = table["lifetime"]
    before = phase_days(study.settings, "baseline")
    start = table["in_service"]
    in_baseline = done & (start != NO_DAY) & (before is not None and start <= before[0])
    building = table["construction_years"].fillna(0.0)
    # The horizon counts from the day of investment: a building time is part of it.
    room = np.maximum(horizon - building, 0.0) if terms.horizon is not None else np.nan
    years = np.fmin(lifetime.fillna(horizon), room)
    # What is worth something at the end of its life is not at its end when the horizon cuts it.
    table["salvage"] = table["salvage"].where(lifetime.isna() | (years >= lifetime))
    return table.assign(
        judged_cost=judged, outlay=judged - table["subsidy"].fillna(0.0),
        gross_saving=table["annual_saving"] + extra, extra=extra, life_years=years,
        in_baseline=in_baseline,
        horizon_stands_in=(lifetime.isna() & ~np.isnan(horizon)).to_numpy(),
    )  # fmt: skip


def cash_flows(
    ventures: pd.DataFrame, gross_saving: np.ndarray | None = None
) -> np.ndarray:
    """Yearly flows of every option at constant prices, before tax.

    Parameters
    ----------
    ventures : DataFrame
        From :func:`venture_table`.
    gross_saving : array, shape (options,), optional
        Yearly saving in place of the one of the table. [currency/year]

    Returns
    -------
    array, shape (options, years + 1)
        From the start of the first option to the end of the last; a row with an unknown figure
        is nan. [currency]
    """
    saving = ventures["gross_saving"].to_numpy(float) if gross_saving is None else gross_saving
    money = ("salvage", "subsidy", "replacement_cost", "replacement_year")
    return _flows(
        ventures, ventures["judged_cost"].to_numpy(float), saving,
        annual_extra_cost=ventures["extra"].to_numpy(float),
        **{name: ventures[name].fillna(0.0).to_numpy(float) for name in money},
    )  # fmt: skip


def unit_flows(ventures: pd.DataFrame) -> np.ndarray:
    """Yearly flows of a saving of 1 in the first year of every option.

    Parameters
    ----------
    ventures : DataFrame
        From :func:`venture_table`.

    Returns
    -------
    array, shape (options, years + 1)
        A row whose lifetime is not known is nan. [1]
    """
    return _flows(ventures, 0.0, 1.0)


def _flows(
    ventures: pd.DataFrame, cost: float | np.ndarray, saving: float | np.ndarray,
    **further: Any,
) -> np.ndarray:  # fmt: skip
    years = ventures["life_years"].to_numpy(float)
    building = ventures["construction_years"].fillna(0.0).to_numpy(float)
    unknown = np.isnan(years)
    ends = (np.ceil(years) + building)[~unknown]
    flows = option_cashflows(
        cost, saving, np.where(unknown, 1.0, years), horizon=int(ends.max(initial=1.0)),
        saving_growth=ventures["saving_change"].fillna(0.0).to_numpy(float),
        construction_years=building, **further,
    )  # fmt: skip
    return np.where(unknown[:, None], np.nan, flows)
