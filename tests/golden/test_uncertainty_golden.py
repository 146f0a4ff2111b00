"""Uncertainties against figures printed elsewhere."""

from __future__ import annotations

import pytest

from sxsh_audit.calc.uncertainty import (
    coverage_factor,
    ratio_saving_uncertainty,
    saving_interval,
    standard_uncertainty,
    target_probability,
)


def test_expansion_of_copper() -> None:
    """JCGM 100:2008, 4.3.7, example 1: 16.52 ± 0.40 (limits, 10⁻⁶/°C), u = 0.23."""
    assert round(standard_uncertainty(0.40, "limit"), 2) == 0.23


@pytest.mark.parametrize(
    ("dof", "factor"),
    [(1, 12.71), (2, 4.30), (5, 2.57), (10, 2.23), (20, 2.09), (50, 2.01), (float("inf"), 1.960)],
)
def test_factors_of_student(dof: float, factor: float) -> None:
    """JCGM 100:2008, table G.2, column 95 %."""
    decimals = 3 if dof == float("inf") else 2
    assert round(coverage_factor(0.95, dof), decimals) == factor


@pytest.mark.parametrize(
    ("confidence", "factor"),
    [(0.6827, 1.000), (0.90, 1.645), (0.95, 1.960), (0.9545, 2.000), (0.99, 2.576)],
)
def test_factors_of_the_normal_law(confidence: float, factor: float) -> None:
    """JCGM 100:2008, table G.1."""
    assert round(coverage_factor(confidence), 3) == factor


def test_the_worked_figures_of_the_definitions() -> None:
    """6.1 % ± 2.4 points (90 %) and the band of 5–8 %; four figures ± 2 % (95 %) at 6 %."""
    found = target_probability(0.061, 0.024 / coverage_factor(0.9), 0.05, 0.08)
    assert (round(found.reach, 2), round(found.within, 2)) == (0.77, 0.68)
    u = standard_uncertainty(0.02, "confidence_95")
    spread = saving_interval(0.06, ratio_saving_uncertainty(0.06, u, u, u, u))
    assert round(100 * spread.half_width, 1) == 3.2
