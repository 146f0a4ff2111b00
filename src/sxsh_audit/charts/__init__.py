"""Pictures of an assessment: Axes in, Axes out, in Vietnamese or English.

Each function takes an :class:`~sxsh_audit.Assessment`, or the plain records of
:mod:`sxsh_audit.display.records`, draws into `ax` (or into a new Figure of its own) and returns
the Axes. A notebook shows a chart that made its own Figure where it is the last line of a cell.
Colours come with hatches and words, so that a greyscale print says the same.
Neither pyplot nor rcParams are touched; matplotlib is loaded with the first chart.
"""

from __future__ import annotations

from sxsh_audit.charts.cash_chart import cash_flow
from sxsh_audit.charts.consumption_chart import specific_consumption
from sxsh_audit.charts.cost_chart import cost_curve
from sxsh_audit.charts.cusum_chart import cusum
from sxsh_audit.charts.expected_chart import expected
from sxsh_audit.charts.files import save
from sxsh_audit.charts.fit_chart import fit
from sxsh_audit.charts.frontier_chart import frontier
from sxsh_audit.charts.interval_chart import target_interval
from sxsh_audit.charts.loss_pareto_chart import loss_pareto
from sxsh_audit.charts.loss_waterfall_chart import loss_waterfall
from sxsh_audit.charts.npv_chart import npv_profile
from sxsh_audit.charts.payback_chart import payback_ladder
from sxsh_audit.charts.rank_chart import rank_stability
from sxsh_audit.charts.residual_chart import residuals
from sxsh_audit.charts.sankey_chart import sankey
from sxsh_audit.charts.savings_chart import savings
from sxsh_audit.charts.tornado_chart import tornado
from sxsh_audit.charts.waterfall_chart import waterfall

__all__ = [
    "cash_flow",
    "cost_curve",
    "cusum",
    "expected",
    "fit",
    "frontier",
    "loss_pareto",
    "loss_waterfall",
    "npv_profile",
    "payback_ladder",
    "rank_stability",
    "residuals",
    "sankey",
    "save",
    "savings",
    "specific_consumption",
    "target_interval",
    "tornado",
    "waterfall",
]
