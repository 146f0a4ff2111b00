"""Forecast, backcast, standard conditions: every saving and its uncertainty by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sxsh_audit.calc.adjusted_savings import (
    VARIANTS,
    adjusted_saving,
    adjusted_savings,
    earlier_and_later,
)
from sxsh_audit.calc.baseline import fit_baseline
from sxsh_audit.calc.periods import BaselinePeriod, ReportingPeriod

# The line 100 + 20 q with residuals 1, −2, 1, 0: σ² = 6 ÷ 2 = 3, mean output 13, Σ (q − 13)² = 20.
OUTPUT = [10.0, 12.0, 14.0, 16.0]
BEFORE = BaselinePeriod([301.0, 338.0, 381.0, 420.0], OUTPUT)
LINE = fit_baseline(BEFORE, autocorrelation=False)
# The line 90 + 19 q, exactly.
AFTER = ReportingPeriod([280.0, 318.0, 356.0, 394.0, 432.0], [10.0, 12.0, 14.0, 16.0, 18.0])


def test_the_variants_are_named() -> None:
    assert VARIANTS == ("forecast", "backcast", "standard")


def test_the_forecast() -> None:
    # Two months of 10 and 9 t: 2 × 100 + 20 × 19 = 580 expected, 525 used.
    found = adjusted_savings(LINE, ReportingPeriod([270.0, 255.0], [10.0, 9.0]))
    assert (found.before, found.after) == pytest.approx((580.0, 525.0))
    assert found.absolute == pytest.approx(55.0)
    assert found.saving == pytest.approx(55 / 580)
    # x_s = (2, 19): var Ê = 3 (4/4 + (19 − 26)² / 20) = 3 × 3.45; var ΣY = 3 × 2 (METHOD, § 4:
    # σ² [x_s' (X'X)⁻¹ x_s + m]). The delta method: Var s = (A/B)² V_B / B² + V_A / B².
    v_b, v_a = 3 * 3.45, 6.0
    part_b, part_a = (525 / 580) ** 2 * v_b / 580**2, v_a / 580**2
    assert found.before_part == pytest.approx(part_b)
    assert found.after_part == pytest.approx(part_a)
    assert found.sd == pytest.approx(math.sqrt(part_b + part_a))
    assert found.dof == 2.0
    assert found.error_part == 0.0


def test_adjustments_of_the_forecast_are_added_to_what_was_expected() -> None:
    # 15 for a furnace that was dried out: 595 would have been used.
    found = adjusted_savings(LINE, ReportingPeriod([270.0, 255.0], [10.0, 9.0]), adjustments=15.0)
    assert found.before == pytest.approx(595.0)
    assert found.absolute == pytest.approx(70.0)
    less = adjusted_savings(LINE, ReportingPeriod([270.0, 255.0], [10.0, 9.0]), adjustments=-15.0)
    assert less.absolute == pytest.approx(40.0)


def test_the_backcast() -> None:
    # 90 + 19 q at the outputs of the baseline: 360 + 19 × 52 = 1348; 1440 was metered.
    found = adjusted_savings(LINE, AFTER, backcast_to=BEFORE)
    assert (found.before, found.after) == pytest.approx((1440.0, 1348.0))
    assert found.saving == pytest.approx(92 / 1440)
    assert found.sd == pytest.approx(0.0, abs=1e-9)  # the later line has no scatter


def test_the_backcast_has_the_scatter_of_the_later_line() -> None:
    # The same residuals about 90 + 19 q on the same outputs: σ² = 3, x_s = (4, 52) is the mean
    # four times: var = 3 × 16/4 = 12, and 3 × 4 = 12 of the four metered months.
    after = ReportingPeriod([281.0, 316.0, 357.0, 394.0], OUTPUT)
    line = fit_baseline(BEFORE, autocorrelation=False)
    found = adjusted_savings(line, after, backcast_to=BEFORE)
    ratio = 1348 / 1440
    assert found.before_part == pytest.approx(ratio**2 * 12 / 1440**2, rel=1e-9)
    assert found.after_part == pytest.approx(12 / 1440**2, rel=1e-9)


def test_adjustments_of_the_backcast_lower_the_base_load() -> None:
    # 50 in five months is 10 a month; four months at baseline outputs: 1348 − 40.
    found = adjusted_savings(LINE, AFTER, backcast_to=BEFORE, adjustments=50.0)
    assert found.after == pytest.approx(1308.0)


def test_standard_conditions() -> None:
    # At 15 t a month: 100 + 300 = 400 before, 90 + 285 = 375 after.
    found = adjusted_savings(LINE, AFTER, conditions={"output": 15.0})
    assert (found.before, found.after) == pytest.approx((400.0, 375.0))
    assert found.saving == pytest.approx(25 / 400)
    # Only the coefficients are unsure: 3 (1/4 + 2² / 20) = 1.35.
    assert found.before_part == pytest.approx((375 / 400) ** 2 * 1.35 / 400**2)
    less = adjusted_savings(LINE, AFTER, conditions={"output": 15.0}, adjustments=50.0)
    assert less.after == pytest.approx(365.0)  # 10 a month less


def test_standard_conditions_with_drivers() -> None:
    output, days = np.array([10.0, 12.0, 9.0, 14.0, 11.0]), np.array([20.0, 26.0, 25.0, 21.0, 22.0])
    before = BaselinePeriod(50 + 3 * output + 2 * days, output, {"days": days})
    after = ReportingPeriod(40 + 3 * output + 2 * days, output, {"days": days})
    line = fit_baseline(before, drivers=("days", "output"))
    found = adjusted_savings(line, after, conditions={"output": 10.0, "days": 25.0, "rain": 3.0})
    assert (found.before, found.after) == pytest.approx((130.0, 120.0))


def test_the_ratio_and_its_base_load() -> None:
    after = ReportingPeriod([250.0, 500.0], [10.0, 20.0])
    ratio = adjusted_savings(fit_baseline(BEFORE, "ratio"), after)
    assert ratio.before == pytest.approx(1440 / 52 * 30)
    # 30 % of 1440 is 108 a month: 216 + 1008/52 × 30.
    load = adjusted_savings(fit_baseline(BEFORE, "base_load_ratio", base_load=0.3), after)
    assert load.before == pytest.approx(216 + 1008 / 52 * 30)


def test_a_base_load_is_the_same_share_of_the_later_use_in_a_backcast() -> None:
    after = ReportingPeriod([250.0, 500.0], [10.0, 20.0])
    line = fit_baseline(BEFORE, "base_load_ratio", base_load=0.4)
    found = adjusted_savings(line, after, backcast_to=BEFORE)
    assert found.after == pytest.approx(0.4 * 750 / 2 * 4 + 0.6 * 750 / 30 * 52)


@pytest.mark.parametrize("side", ["above", "below"])
def test_a_change_point(side: str) -> None:
    t = np.arange(5.0, 30.0)
    sign = 1 if side == "above" else -1
    past = np.maximum(sign * (t - 17.5), 0.0)
    ones = np.ones(t.size)
    before = BaselinePeriod(50 + 4 * past, ones, {"t": t})
    after = ReportingPeriod(45 + 4 * past, ones, {"t": t})
    line = fit_baseline(before, "change_point", drivers=("t",), side=side)
    assert adjusted_savings(line, after).absolute == pytest.approx(5 * 25)
    # Every variant reloads the side: 20° lies past 17.5 above, 10° below.
    for degrees, gone in ((20.0, 2.5 * (sign > 0)), (10.0, 7.5 * (sign < 0))):
        found = adjusted_savings(line, after, conditions={"t": degrees})
        assert (found.before, found.after) == pytest.approx((50 + 4 * gone, 45 + 4 * gone))
    back = adjusted_savings(line, after, backcast_to=before)
    assert back.absolute == pytest.approx(5 * 25)


def test_rows_with_anything_unknown_are_left_out_of_both_sides() -> None:
    nan = math.nan
    found = adjusted_savings(LINE, ReportingPeriod([270.0, nan, 300.0, 255.0],
                                                   [10.0, 11.0, nan, 9.0]))  # fmt: skip
    assert found == adjusted_savings(LINE, ReportingPeriod([270.0, 255.0], [10.0, 9.0]))


def test_nothing_known_is_not_known() -> None:
    found = adjusted_savings(LINE, ReportingPeriod([math.nan], [10.0]))
    assert math.isnan(found.saving)
    assert math.isnan(found.sd)


def test_errors_of_the_figures_add_to_the_variance() -> None:
    after = ReportingPeriod([270.0, 255.0], [10.0, 9.0])
    plain, more = (adjusted_savings(LINE, after, relative_error=u) for u in (0.0, 0.02))
    assert more.error_part == pytest.approx((525 / 580 * 0.02) ** 2)
    assert more.sd**2 == pytest.approx(plain.sd**2 + more.error_part)
    assert more.dof > plain.dof  # what was stated has no degrees of freedom to lose


def test_a_forecast_below_zero_is_no_use_and_nothing_is_clipped() -> None:
    found = adjusted_saving([-5.0, 0.0, 100.0], [10.0, 10.0, 130.0])
    assert np.isnan(found.saving).tolist() == [True, True, False]
    assert found.absolute.tolist() == [-15.0, -10.0, -30.0]
    assert found.saving[2] == pytest.approx(-0.3)  # worse, as it is


def test_degrees_of_freedom_by_welch_and_satterthwaite() -> None:
    # Equal parts with 10 and 5: (2 v)² / (v²/10 + v²/5) = 4 / 0.3.
    found = adjusted_saving(100.0, 100.0, before_variance=4.0, after_variance=4.0,
                            before_dof=10.0, after_dof=5.0)  # fmt: skip
    assert found.dof == pytest.approx(4 / 0.3)
    one = adjusted_saving(100.0, 100.0, before_variance=4.0, after_variance=4.0,
                          before_dof=10.0, after_dof=10.0, one_scatter=True)  # fmt: skip
    assert one.dof == pytest.approx(10.0)
    assert adjusted_saving(100.0, 100.0).dof == math.inf
    assert math.isnan(adjusted_saving(math.nan, 100.0).dof)


def test_a_saving_after_another() -> None:
    assert earlier_and_later(0.05, 0.04) == pytest.approx(1 - 0.96 * 0.95)
    assert earlier_and_later(0.0, 0.04) == 0.04
    assert earlier_and_later([0.1, -0.1], [0.0, -0.2]).tolist() == pytest.approx([0.1, -0.32])


def test_exchanged_periods_are_errors() -> None:
    exchanged: Any = BEFORE, AFTER
    with pytest.raises(TypeError, match="not a BaselinePeriod"):
        adjusted_savings(LINE, exchanged[0])
    with pytest.raises(TypeError, match="not a ReportingPeriod"):
        adjusted_savings(LINE, AFTER, backcast_to=exchanged[1])
    with pytest.raises(TypeError, match="with a Baseline, not a BaselinePeriod"):
        adjusted_savings(exchanged[0], AFTER)


def test_two_conditions_at_once() -> None:
    with pytest.raises(ValueError, match="not both"):
        adjusted_savings(LINE, AFTER, backcast_to=BEFORE, conditions={"output": 1.0})


def test_conditions_without_a_driver_of_the_baseline() -> None:
    with pytest.raises(KeyError, match="lack output"):
        adjusted_savings(LINE, AFTER, conditions={"days": 25.0})


def test_a_reporting_period_that_cannot_be_modelled() -> None:
    with pytest.raises(ValueError, match="No line can be fitted"):
        adjusted_savings(LINE, ReportingPeriod([1.0], [1.0]), backcast_to=BEFORE, language="en")
