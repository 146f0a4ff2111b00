"""Published figures of what an option is worth: factors, indices, rates, costs of a unit.

A published figure that is wrong stays here, beside the right one, as a disagreement that is known.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.abatement import conserved_cost
from sxsh_audit.calc.finance import (
    annuity_factor,
    equivalent_annual_value,
    irr,
    level_npv,
    levelised_cost,
    mirr,
    nominal_rate,
    npv,
    option_cashflows,
    profitability_index,
    real_rate,
)

# Compound interest factors A/P and P/A. 0.25 %: Blank, Tarquin, Engineering Economy, Table 1
# (https://vdocuments.us/discrete-cash-flow.html); 35 %: Newnan, Engineering Economic Analysis,
# p. 585 (https://issuhub.com/view/index/4775?pageIndex=612); 8 %: any such table.
FACTORS = [
    (0.0025, 1, "1.00250", "0.9975"),
    (0.0025, 10, "0.10138", "9.8639"),
    (0.0025, 25, "0.04131", "24.2055"),
    (0.08, 5, "0.25046", "3.9927"),
    (0.08, 10, "0.14903", "6.7101"),
    (0.35, 2, "0.7755", "1.289"),
    (0.35, 5, "0.4505", "2.220"),
    (0.35, 12, "0.3598", "2.779"),
    (0.35, 25, "0.3502", "2.856"),
]


def prints(found: float, text: str) -> bool:
    """Whether a figure is printed as `text`."""
    return f"{found:.{len(text.partition('.')[2])}f}" == text


@pytest.mark.parametrize(("rate", "years", "recovery", "worth"), FACTORS)
def test_published_factors(rate: float, years: int, recovery: str, worth: str) -> None:
    assert prints(annuity_factor(rate, years), worth)
    assert prints(equivalent_annual_value(rate, 1.0, years), recovery)


# The examples of the functions of a spreadsheet, support.microsoft.com: PV, PMT, NPV, IRR, MIRR.


def test_spreadsheet_pv_and_pmt() -> None:
    # =PV(0.08/12, 12*20, 500) and =PMT(0.08/12, 10, 10000)
    assert round(500 * annuity_factor(0.08 / 12, 240), 2) == 59_777.15
    assert round(level_npv(0.08 / 12, 60_000.0, 500.0, 240), 2) == -222.85
    assert round(equivalent_annual_value(0.08 / 12, 10_000.0, 10), 2) == 1_037.03


def test_spreadsheet_npv_counts_from_the_end_of_the_first_year() -> None:
    assert round(npv(0.1, [0, -10_000, 3_000, 4_200, 6_800]), 2) == 1_188.44
    flows = [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500]  # =NPV(…) + the cost now
    assert round(npv(0.08, flows), 2) == 1_922.06
    assert round(npv(0.08, [*flows, -9_000]), 2) == -3_749.47


@pytest.mark.parametrize(("years", "percent"), [(4, "-2.1"), (5, "8.7"), (2, "-44.4")])
def test_spreadsheet_irr(years: int, percent: str) -> None:
    flows = [-70_000, 12_000, 15_000, 18_000, 21_000, 26_000]
    found = irr(flows[: years + 1])
    assert found.status == "unique"
    assert prints(100 * found.rate, percent)


@pytest.mark.parametrize(
    ("years", "reinvest", "percent"), [(5, 0.12, "12.61"), (3, 0.12, "-4.80"), (5, 0.14, "13.48")]
)
def test_spreadsheet_mirr(years: int, reinvest: float, percent: str) -> None:
    flows = [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000]
    assert prints(100 * mirr(flows[: years + 1], 0.1, reinvest), percent)


# Worked exercises


@pytest.mark.parametrize(
    ("rate", "flows", "printed"),
    [
        # https://homeworksource.com/p/987896/what-is-pi-for-a-project-with-an-initial-investment-cash-out
        (0.12, [-30, 80, 20], "2.91"),
        # https://justaaa.com/finance/319516-hendrix-guitars-is-considering-the-following
        (0.075, [-2.1, *[0.75] * 5], "1.44"),
    ],
)
def test_published_profitability_index(rate: float, flows: list[float], printed: str) -> None:
    assert prints(profitability_index(rate, flows), printed)


def test_published_flows_after_tax() -> None:
    # Sullivan, Wicks, Koelling, Engineering Economy, example 7-21
    # (https://transtutors.com/questions/rework-example-7-21-using-the-macrs-depreciation-method-assume-three-year-property-c-2282521.htm)
    found = option_cashflows(
        84_000, 70_000, 4, annual_extra_cost=30_000, tax_rate=0.5, depreciation_years=4
    )
    assert found.tolist() == [-84_000, 30_500, 30_500, 30_500, 30_500]
    # 59 000 before tax, depreciation 13 600, tax 40 %: https://qammunity.org/6971326/
    found = option_cashflows(5 * 13_600, 59_000, 5, tax_rate=0.4, depreciation_years=5)
    np.testing.assert_allclose(found[1:], 40_840, rtol=1e-14)


def test_disagreement_a_yearly_value_of_1510_in_print_is_minus_1510() -> None:
    # https://qammunity.org/6592220: 28 263 a year after tax less 85 000 ÷ 2.8549 = 29 773
    found = option_cashflows(
        85_000, 60_000, 4, annual_extra_cost=26_000, tax_rate=0.45, depreciation_years=4
    )
    np.testing.assert_array_equal(np.round(found[1:] + 1e-9), 28_263)  # 28 262.5
    yearly = equivalent_annual_value(0.15, npv(0.15, found), 4)
    assert abs(yearly + 1510) <= 0.5


def test_published_levelised_cost() -> None:
    # https://qammunity.org/11588887: 1.50 per watt, capacity factor 22 %, ten years, 8 %, running
    # cost 0.04 a kWh: 0.1159 + 0.04, of 0.115995 cut.
    kwh = 8760 * 0.22
    found = levelised_cost(0.08, 1500.0, 0.04 * kwh, kwh, 10)
    assert math.floor(1e4 * (found - 0.04)) / 1e4 == 0.1159
    assert conserved_cost(0.08, 1500.0, 0.04 * kwh, kwh, 10).cost_per_unit == pytest.approx(found)


def test_published_real_rate() -> None:
    # https://formula-calculator.app, real interest rate (Fisher): 10 % at 4 % of inflation
    assert prints(100 * real_rate(0.10, 0.04), "5.77")
    assert nominal_rate(real_rate(0.10, 0.04), 0.04) == pytest.approx(0.10, rel=1e-14)
