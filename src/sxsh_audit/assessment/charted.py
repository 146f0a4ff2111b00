"""The records that the charts of an assessment draw: each method is what one chart asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.display.baseline_records import (
        ChangeStep,
        CusumPoint,
        ExpectedPoint,
        FitCurve,
        FitPoint,
        ResidualPoint,
        TargetInterval,
    )
    from sxsh_audit.display.flow_records import FlowBand, LossStep, LossStream
    from sxsh_audit.display.records import (
        CashBar,
        CostStep,
        FrontierPoint,
        IntensityPair,
        NpvCurve,
        PaybackStep,
        RankSpread,
        SavingBar,
        TornadoBar,
    )

__all__ = ["FLOW_CHARTS", "RESOURCE_CHARTS", "Charted"]

RESOURCE_CHARTS = (
    "fit_points", "residual_points", "cusum_points", "expected_points", "change_steps",
)  # fmt: skip
"""Records of one resource; by default of the one whose baseline fits best."""


FLOW_CHARTS = ("flow_bands", "loss_streams", "loss_steps")
"""Records of one flow sheet; by default of the latest."""


class Charted:
    """What an assessment has for the charts, so that :mod:`sxsh_audit.charts` knows no result."""

    def savings_bars(self: Any, language: Language = "vi") -> Sequence[SavingBar]:
        """Return the records of the savings chart."""
        from sxsh_audit.assessment.drawn import savings_bars

        return savings_bars(self, language)

    def intensity_pairs(self: Any, language: Language = "vi") -> Sequence[IntensityPair]:
        """Return the records of the chart of specific consumption."""
        from sxsh_audit.assessment.drawn import intensity_pairs

        return intensity_pairs(self, language)

    def payback_steps(self: Any, language: Language = "vi") -> Sequence[PaybackStep]:
        """Return the records of the payback ladder."""
        from sxsh_audit.assessment.drawn import payback_steps

        return payback_steps(self, language)

    def npv_curves(self: Any, language: Language = "vi") -> Sequence[NpvCurve]:
        """Return the records of the chart of net present value against the rate."""
        from sxsh_audit.assessment.investment.drawn import npv_curves

        return npv_curves(self, language)

    def cash_bars(
        self: Any, language: Language = "vi", option: str | None = None
    ) -> Sequence[CashBar]:
        """Return the money of each year: of `option`, else of the best set or option."""
        from sxsh_audit.assessment.investment.drawn import cash_bars

        return cash_bars(self, language, option)

    def cost_steps(self: Any, language: Language = "vi") -> Sequence[CostStep]:
        """Return the records of the cost curve."""
        from sxsh_audit.assessment.investment.drawn import cost_steps

        return cost_steps(self, language)

    def frontier_points(self: Any, language: Language = "vi") -> Sequence[FrontierPoint]:
        """Return the records of the chart of cost against saving."""
        from sxsh_audit.assessment.investment.drawn import frontier_points

        return frontier_points(self, language)

    def tornado_bars(
        self: Any, language: Language = "vi", option: str | None = None
    ) -> Sequence[TornadoBar]:
        """Return what moves the net present value of `option`, else of the best option."""
        from sxsh_audit.assessment.investment.drawn import tornado_bars

        return tornado_bars(self, language, option)

    def rank_spreads(self: Any, language: Language = "vi") -> Sequence[RankSpread]:
        """Return how often each option takes each rank."""
        from sxsh_audit.assessment.investment.drawn import rank_spreads

        return rank_spreads(self, language)

    def flow_bands(
        self: Any, language: Language = "vi", of: str | None = None
    ) -> Sequence[FlowBand]:
        """Return the flows of one flow sheet: of a period or batch, and a layer or ``money``."""
        from sxsh_audit.assessment.flows.drawn import flow_bands

        return flow_bands(self, language, of)

    def loss_streams(
        self: Any, language: Language = "vi", of: str | None = None
    ) -> Sequence[LossStream]:
        """Return the waste streams of one flow sheet, dearest first."""
        from sxsh_audit.assessment.flows.drawn import loss_streams

        return loss_streams(self, language, of)

    def loss_steps(
        self: Any, language: Language = "vi", of: str | None = None
    ) -> Sequence[LossStep]:
        """Return the way from all cost of one flow sheet to that of its product."""
        from sxsh_audit.assessment.flows.drawn import loss_steps

        return loss_steps(self, language, of)

    def chart_subtitle(self: Any, language: Language = "vi") -> str:
        """Line under the title of a chart: plant, programme, and whether it is for reference."""
        from sxsh_audit.assessment.drawn import chart_subtitle

        return chart_subtitle(self, language)

    def chart_rate(self: Any) -> float:
        """Return the real discount rate that was used [1/year]; nan without one."""
        rate = self.settings["terms"]["rate"]
        return math.nan if rate is None else float(rate)

    def chart_subject(
        self: Any, of: str, language: Language = "vi", option: str | None = None
    ) -> str:
        """Say which option, set or resource the records `of` (``tornado_bars`` …) are of."""
        from sxsh_audit.assessment.investment.drawn import chart_subject

        if of in FLOW_CHARTS:
            from sxsh_audit.assessment.flows.drawn import flow_subject

            return flow_subject(self, language, option)
        if of in RESOURCE_CHARTS:
            from sxsh_audit.assessment.baselines.drawn import subject

            return subject(self, of, language, option)

        return chart_subject(self, of, language, option)

    def fit_points(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> Sequence[FitPoint]:
        """Return use and output of each interval of `resource`."""
        from sxsh_audit.assessment.baselines.drawn import fit_points

        return fit_points(self, language, resource)

    def residual_points(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> Sequence[ResidualPoint]:
        """Return how far each interval of `resource` lies from its baseline."""
        from sxsh_audit.assessment.baselines.drawn import residual_points

        return residual_points(self, language, resource)

    def cusum_points(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> Sequence[CusumPoint]:
        """Return the saving of `resource` up to the end of each interval."""
        from sxsh_audit.assessment.baselines.drawn import cusum_points

        return cusum_points(self, language, resource)

    def expected_points(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> Sequence[ExpectedPoint]:
        """Return use and expected use of `resource`, interval by interval."""
        from sxsh_audit.assessment.baselines.drawn import expected_points

        return expected_points(self, language, resource)

    def change_steps(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> Sequence[ChangeStep]:
        """Return the steps between the uses of both periods of `resource`."""
        from sxsh_audit.assessment.baselines.drawn import change_steps

        return change_steps(self, language, resource)

    def fit_curve(
        self: Any, language: Language = "vi", resource: str | None = None
    ) -> FitCurve | None:
        """Return the baseline of `resource` as a line over its output, where it is one."""
        from sxsh_audit.assessment.baselines.drawn import fit_curve

        return fit_curve(self, language, resource)

    def target_intervals(self: Any, language: Language = "vi") -> Sequence[TargetInterval]:
        """Return the saving of each resource with its interval."""
        from sxsh_audit.assessment.baselines.drawn import target_intervals

        return target_intervals(self, language)
