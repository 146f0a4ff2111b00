"""How sure a saving is: errors of figures, intervals, probabilities, what can be seen at all.

One name for each question, gathered from the modules that answer it. Savings, standard deviations
and ends of intervals are fractions: 0.024 is 2.4 percentage points.
"""

from __future__ import annotations

from sxsh_audit.calc.bootstrap import BootstrapSaving, bootstrap_ratio, resampling_weights
from sxsh_audit.calc.detectable import Narrowing, minimum_detectable_saving, narrowing
from sxsh_audit.calc.effective_freedom import JoinedSpread, effective_dof, join_systematic
from sxsh_audit.calc.error_classes import (
    ERROR_KINDS,
    ERROR_MEANINGS,
    PeriodUncertainty,
    combine_errors,
    period_uncertainty,
    ratio_saving_uncertainty,
    ratio_saving_variances,
    standard_uncertainty,
)
from sxsh_audit.calc.joint_savings import (
    JointProbability,
    joint_saving_covariance,
    joint_target_probability,
)
from sxsh_audit.calc.predicted_saving import PredictedSaving, predicted_saving
from sxsh_audit.calc.ratio_scatter import (
    RatioScatter,
    ScatterSaving,
    ratio_scatter,
    scatter_saving,
)
from sxsh_audit.calc.saving_interval import (
    ASHRAE_KINDS,
    BASELINE_LIMIT,
    INTERVAL_METHODS,
    AshraeUncertainty,
    SavingInterval,
    ashrae_uncertainty,
    fieller_interval,
    saving_interval,
)
from sxsh_audit.calc.student_t import coverage_factor, t_probability, t_quantile
from sxsh_audit.calc.target_probability import (
    LIKELY_FROM,
    SHOWN_FROM,
    SHOWN_NOT_TO,
    TargetDecision,
    TargetProbability,
    decision,
    highest_within,
    target_probability,
)

__all__ = [
    "ASHRAE_KINDS",
    "BASELINE_LIMIT",
    "ERROR_KINDS",
    "ERROR_MEANINGS",
    "INTERVAL_METHODS",
    "LIKELY_FROM",
    "SHOWN_FROM",
    "SHOWN_NOT_TO",
    "AshraeUncertainty",
    "BootstrapSaving",
    "JoinedSpread",
    "JointProbability",
    "Narrowing",
    "PeriodUncertainty",
    "PredictedSaving",
    "RatioScatter",
    "SavingInterval",
    "ScatterSaving",
    "TargetDecision",
    "TargetProbability",
    "ashrae_uncertainty",
    "bootstrap_ratio",
    "combine_errors",
    "coverage_factor",
    "decision",
    "effective_dof",
    "fieller_interval",
    "highest_within",
    "join_systematic",
    "joint_saving_covariance",
    "joint_target_probability",
    "minimum_detectable_saving",
    "narrowing",
    "period_uncertainty",
    "predicted_saving",
    "ratio_saving_uncertainty",
    "ratio_saving_variances",
    "ratio_scatter",
    "resampling_weights",
    "saving_interval",
    "scatter_saving",
    "standard_uncertainty",
    "t_probability",
    "t_quantile",
    "target_probability",
]
