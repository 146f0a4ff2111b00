"""Emissions and waste: loads, limits, combustion, leaks and the indicators made of them.

One name for each question, gathered from the modules that answer it. Amounts are in canonical
units; ``nan`` is what is not known and is never 0.
"""

from __future__ import annotations

from sxsh_audit.calc.air_emissions import (
    SULPHUR_DIOXIDE_PER_SULPHUR,
    co2_equivalent,
    combustion_emission,
    refrigerant_leak,
    sulphur_dioxide,
)
from sxsh_audit.calc.efficiency_indicators import (
    RECP_INDICATORS,
    RecpIndicators,
    Shifts,
    emission_intensity,
    pollution_intensity,
    recp_indicators,
    relative_change,
    resource_productivity,
    shifts,
)
from sxsh_audit.calc.pollutant_loads import LimitStatus, limit_status, load_sd, pollutant_load

__all__ = [
    "RECP_INDICATORS",
    "SULPHUR_DIOXIDE_PER_SULPHUR",
    "LimitStatus",
    "RecpIndicators",
    "Shifts",
    "co2_equivalent",
    "combustion_emission",
    "emission_intensity",
    "limit_status",
    "load_sd",
    "pollutant_load",
    "pollution_intensity",
    "recp_indicators",
    "refrigerant_leak",
    "relative_change",
    "resource_productivity",
    "shifts",
    "sulphur_dioxide",
]
