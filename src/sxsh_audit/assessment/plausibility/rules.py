"""All rules of plausibility, in the order in which one explains another."""

from __future__ import annotations

import pandas as pd

from sxsh_audit.assessment.plausibility.money import price_findings
from sxsh_audit.assessment.plausibility.norms import norm_findings
from sxsh_audit.assessment.plausibility.options import option_findings
from sxsh_audit.assessment.plausibility.series import bill_findings, output_findings
from sxsh_audit.assessment.plausibility.stocks import stock_findings
from sxsh_audit.assessment.plausibility.told import Told
from sxsh_audit.assessment.plausibility.totals import capacity_findings, period_findings
from sxsh_audit.findings import Finding
from sxsh_audit.tables.study import Study

__all__ = ["plausible_findings"]


def plausible_findings(
    study: Study, savings: pd.DataFrame, prices: pd.DataFrame, annual: pd.DataFrame | None
) -> list[Finding]:
    """Return what is not plausible in a study: warnings and notes, never a correction.

    Parameters
    ----------
    study : Study
        Checked records.
    savings : DataFrame
        Both periods beside each other, one row per plant and resource.
    prices : DataFrame
        From :func:`~sxsh_audit.assessment.prices.baseline_prices`.
    annual : DataFrame or None
        ``facility, resource, annual_use``: what is used in a year.

    Returns
    -------
    list of Finding
        On the very cell where there is one; a slip is told once, by the rule that says most.
    """
    told = Told(study)
    # A price that moved says whether quantity or cost slipped, so bills come first; what a single
    # cell explains is not told again of the period, the price or the option.
    bill_findings(told)
    output_findings(told)
    stock_findings(told)
    capacity_findings(told)
    period_findings(told, savings)
    price_findings(told)
    option_findings(told, pd.DataFrame() if annual is None else annual, prices)
    norm_findings(told, savings)
    return told.findings
