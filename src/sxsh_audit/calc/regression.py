"""Use explained by what drives it: one name for each question, from the modules that answer it."""

from __future__ import annotations

from sxsh_audit.calc.autoregression import fit_autoregressive
from sxsh_audit.calc.change_point import ChangePointFit, fit_change_point, past_change_point
from sxsh_audit.calc.line_fit import LineFit, fit_line
from sxsh_audit.calc.linear_fit import (
    LinearFit,
    fit_linear,
    prediction_variance,
    residual_sum_factor,
)

__all__ = [
    "ChangePointFit",
    "LineFit",
    "LinearFit",
    "fit_autoregressive",
    "fit_change_point",
    "fit_line",
    "fit_linear",
    "past_change_point",
    "prediction_variance",
    "residual_sum_factor",
]
