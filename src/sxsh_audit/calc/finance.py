"""Economics of options: present value, rates of return, discounted payback, cash flows.

One name for each question, gathered from the modules that answer it. Conventions: flows at the
ends of years, counted from t = 0; a rate of 10 % is 0.1; real rates with real flows, nominal
rates with nominal flows.
"""

from __future__ import annotations

from sxsh_audit.calc.cashflows import capped_support, option_cashflows
from sxsh_audit.calc.discounted_payback import (
    DiscountedPayback,
    discounted_payback,
    level_discounted_payback,
)
from sxsh_audit.calc.discounting import annuity_factor, level_npv, npv
from sxsh_audit.calc.irr import IRR, IRRStatus, irr
from sxsh_audit.calc.level_irr import level_irr
from sxsh_audit.calc.payback import PaybackClass
from sxsh_audit.calc.profitability import (
    equivalent_annual_value,
    levelised_cost,
    mirr,
    profitability_index,
)
from sxsh_audit.calc.rates import nominal_rate, real_rate

__all__ = [
    "IRR",
    "DiscountedPayback",
    "IRRStatus",
    "PaybackClass",
    "annuity_factor",
    "capped_support",
    "discounted_payback",
    "equivalent_annual_value",
    "irr",
    "level_discounted_payback",
    "level_irr",
    "level_npv",
    "levelised_cost",
    "mirr",
    "nominal_rate",
    "npv",
    "option_cashflows",
    "profitability_index",
    "real_rate",
]
