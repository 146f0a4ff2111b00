"""Adjusted savings of a study: choice, reasons, figures by hand, errors, findings."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

import sxsh_audit as sx
from sxsh_audit.calc.baseline import Baseline
from sxsh_audit.calc.regression import fit_linear

YEARS = [f"{month:02d}/{year}" for year in (2013, 2014) for month in range(1, 13)]
# Outputs of twelve months that are no line over time, mean 100; residuals with mean 0, not along
# the output nor like the month before.
OUTPUT = np.array([80, 120, 95, 110, 70, 130, 105, 90, 100, 85, 115, 100.0])
WIGGLE = np.array([3, -2, 4, -5, 1, -3, 5, -2, 2, -4, 3, -2.0])
LOWER = 0.8 * OUTPUT  # orders fell by a fifth


def frame(resource: str, use: Sequence[float] | np.ndarray, unit: str = "kWh") -> pd.DataFrame:
    return pd.DataFrame({"Tài nguyên": resource, "Kỳ": YEARS, "Lượng mua": use, "Đơn vị": unit})


def study(
    use: Any = None, made: Any = None, *, consumption: Any = None, production: Any = None,
    **more: Any,
) -> sx.Study:
    """Build two years of one plant, months of 2013 and of 2014."""
    if production is None:
        made = np.r_[OUTPUT, LOWER] if made is None else made
        production = pd.DataFrame({"Kỳ": YEARS, "Sản lượng": made, "Đơn vị": "t"})
    consumption = frame("Điện", use) if consumption is None else consumption
    arguments = {"baseline": "2013", "reporting": "2014", "quality": "billed", **more}
    arguments = {name: value for name, value in arguments.items() if value is not None}
    return sx.Study(production=production, consumption=consumption, **arguments)


# 1000 a month and 20 a tonne; 6 % less of both in 2014.
BEFORE = 1000 + 20 * OUTPUT + WIGGLE
AFTER = 0.94 * (1000 + 20 * LOWER)
USE = np.r_[BEFORE, AFTER]


def codes(found: sx.Assessment, prefix: str = "baseline.") -> list[str]:
    return [code for code in found.findings.codes() if code.startswith(prefix)]


def why_not(found: sx.Assessment, drivers: list[str], kind: str = "regression") -> list[str]:
    (row,) = [each for each in found.baselines.rows
              if each["drivers"] == drivers and each["kind"] == kind]  # fmt: skip
    assert row["applicable"] == (not row["reasons"])
    return [reason["code"] for reason in row["reasons"]]


# -- figures by hand ---------------------------------------------------------------------------


def test_a_base_load_makes_the_ratio_blame_what_the_regression_sees() -> None:
    found = sx.assess(study(USE), programme="vn-qb-2384")
    row = found.adjusted["electricity"]
    assert (row.kind, row.why, row.drivers) == ("regression", "rule", ["output"])
    assert (row.n_baseline, row.n_reporting) == (12, 12)
    assert row.adjust_to == "forecast"
    fit = fit_linear(BEFORE, OUTPUT[:, None])
    expected = 12 * fit.coefficients[0] + fit.coefficients[1] * LOWER.sum()
    assert row.expected == pytest.approx(expected)
    assert row.used == pytest.approx(AFTER.sum())
    assert row.absolute_saving == pytest.approx(expected - AFTER.sum())
    assert row.saving == pytest.approx(1 - AFTER.sum() / expected)
    # Ratio: 12·1000 + 20·1200 = 36000 over 1200 t; 0.94 (12000 + 19200) over 960 t: worse.
    ratio = 1 - (0.94 * 31200 / 960) / (36000 / 1200)
    assert row.ratio_saving == pytest.approx(ratio)
    assert ratio < 0 < 0.05 < row.saving
    assert (row.status, row.ratio_status, row.disagree) == ("within", "worse", True)
    assert row.output_change == pytest.approx(-0.2)
    assert "baseline.disagree" in codes(found)
    assert found.savings["electricity"].saving == pytest.approx(ratio)  # the deciding one


def test_variance_interval_and_probabilities_of_a_regression_by_hand() -> None:
    found = sx.assess(study(USE), programme="vn-qb-2384", confidence=0.8)
    row = found.adjusted["electricity"]
    x = np.column_stack([np.ones(12), OUTPUT])
    left = BEFORE - x @ np.linalg.lstsq(x, BEFORE)[0]
    sigma2 = left @ left / 10
    sums = np.array([12.0, LOWER.sum()])
    b, a = row.expected, row.used
    scatter_b = (a / b) ** 2 * sigma2 * sums @ np.linalg.inv(x.T @ x) @ sums / b**2
    scatter_a = 12 * sigma2 / b**2
    # Billed: ± 2 % as a limit, one for each period: 0.02 ÷ √3. Output only moves what depends
    # on it: 20 a tonne.
    u2 = 0.02**2 / 3
    made = fit_linear(BEFORE, OUTPUT[:, None]).coefficients[1] * LOWER.sum() / b
    figures = (a / b) ** 2 * u2 * (2 + 2 * made**2)
    assert row.rho == 0
    assert row.sd == pytest.approx(math.sqrt(scatter_b + scatter_a + figures))
    parts = {each["source"]: each["variance"] for each in found.uncertainty.rows}
    assert parts["baseline_scatter"] == pytest.approx(scatter_b)
    assert parts["reporting_scatter"] == pytest.approx(scatter_a)
    assert parts["output_reporting"] == pytest.approx((a / b) ** 2 * u2 * made**2)
    assert sum(parts.values()) == pytest.approx(row.sd**2)
    spent = (scatter_b + scatter_a) ** 2 / 10  # one fit for both
    assert row.dof == pytest.approx(row.sd**4 / spent)
    half = t.ppf(0.9, row.dof) * row.sd
    assert (row.low, row.high) == pytest.approx((row.saving - half, row.saving + half))
    reach = t.cdf((row.saving - 0.05) / row.sd, row.dof)
    assert row.reach == pytest.approx(reach)
    assert row.within == pytest.approx(reach - t.cdf((row.saving - 0.08) / row.sd, row.dof))
    assert row.above == pytest.approx(reach - row.within)
    assert row.worse == pytest.approx(t.cdf(-row.saving / row.sd, row.dof))
    assert row.below == pytest.approx(1 - reach)  # worse is part of it
    assert row.detectable == pytest.approx(
        (t.ppf(0.8, row.dof) + t.ppf(0.8, row.dof)) * row.sd)  # confidence 80 %, power 80 %


def test_two_totals_of_two_percent_each_are_3_2_points() -> None:
    """METHOD, § 4: ± 2 % each (95 %) give ± 3.2 points at 90 %; normal, P(s ≥ 5 %) and within."""
    stated = {"Giai đoạn": ["nền", "báo cáo"], "Sai số": "2 %", "Ý nghĩa sai số": "95 %",
              "Loại sai số": "hệ thống trong kỳ"}  # fmt: skip
    table = pd.DataFrame({**stated, "Tài nguyên": "Điện", "Lượng mua": [1000.0, 939.0],
                          "Đơn vị": "kWh"})  # fmt: skip
    made = pd.DataFrame({**stated, "Sản lượng": [100.0, 100.0], "Đơn vị": "t"})
    found = sx.assess(sx.Study(production=made, consumption=table), programme="vn-qb-2384",
                      phase="2013-2015")  # fmt: skip
    row = found.adjusted["electricity"]
    sd = 0.939 * math.sqrt(4) * 0.02 / 1.96
    assert row.sd == pytest.approx(sd)
    assert round(100 * (row.high - row.low) / 2, 1) == 3.2
    assert row.dof in (None, math.inf)
    assert row.reach == pytest.approx(norm.cdf((0.061 - 0.05) / sd))
    assert row.within == pytest.approx(norm.cdf(0.011 / sd) - norm.cdf((0.061 - 0.08) / sd))
    assert row.decision == "likely"
    assert row.errors_from == "stated"
    assert row.kind == "ratio"


def test_months_of_a_ratio_show_their_scatter() -> None:
    """Cochran 6.4 for either period, METHOD § 4 for the figures; random errors are in it."""
    flat = np.full(12, 100.0)
    use = np.r_[2000 + 5 * WIGGLE, 1880 + 5 * WIGGLE]
    found = sx.assess(study(use, np.r_[flat, flat]))
    row = found.adjusted["electricity"]
    assert row.kind == "ratio"
    squares = 25 * WIGGLE @ WIGGLE
    u2 = [12 / 11 * squares / total**2 for total in (24000, 22560)]
    figures = 4 * 0.02**2 / 3
    assert row.sd == pytest.approx(0.94 * math.sqrt(sum(u2) + figures))
    spent = 0.94**4 * (u2[0] ** 2 + u2[1] ** 2) / 11
    assert row.dof == pytest.approx(row.sd**4 / spent)


@pytest.mark.parametrize(
    ("saving", "word"),
    [(0.15, "shown"), (0.062, "likely"), (0.05, "cannot_tell"), (0.0, "shown_not")],
)
def test_decision_words(saving: float, word: str) -> None:
    found = sx.assess(sx.Study.from_totals("P", output=(100, 100, "t"), quality="measured",
                      electricity=(1000, 1000 * (1 - saving), "kWh")),
                      programme="vn-qb-2384", phase="2013-2015")  # fmt: skip
    row = found.adjusted["electricity"]
    assert row.decision == word
    reach = norm.cdf((saving - 0.05) / ((1 - saving) * 2 * 0.02 / math.sqrt(3)))
    assert row.reach == pytest.approx(reach)


def test_without_a_quality_there_is_no_interval() -> None:
    phases = {"Giai đoạn": ["nền", "báo cáo"]}
    made = pd.DataFrame({**phases, "Sản lượng": [100.0, 100.0], "Đơn vị": "t"})
    used = pd.DataFrame({**phases, "Tài nguyên": "Điện", "Lượng mua": [1000.0, 900.0],
                         "Đơn vị": "kWh"})  # fmt: skip
    found = sx.assess(sx.Study(production=made, consumption=used), programme="vn-qb-2384",
                      phase="2013-2015")  # fmt: skip
    row = found.adjusted["electricity"]
    assert (row.sd, row.low, row.reach, row.decision, row.detectable) == (None,) * 5
    assert row.errors_from == ""
    assert row.saving == pytest.approx(0.1)
    assert codes(found) == ["baseline.no_interval"]
    assert len(found.uncertainty) == 0


def test_months_without_a_quality_have_the_scatter_alone() -> None:
    found = sx.assess(study(USE, quality=None))
    row = found.adjusted["electricity"]
    assert {each["source"] for each in found.uncertainty.rows} == {
        "baseline_scatter", "reporting_scatter"}  # fmt: skip
    assert row.sd is not None
    assert "baseline.scatter_only" in codes(found)


def test_errors_of_rows_go_before_quality() -> None:
    table = frame("Điện", USE).assign(**{"Sai số": "1 %", "Ý nghĩa sai số": "sigma",
                                         "Loại sai số": "hệ thống trong kỳ"})  # fmt: skip
    stated, shipped = (sx.assess(study(consumption=each)) for each in (table, frame("Điện", USE)))
    parts = [{each["source"]: each["variance"] for each in found.uncertainty.rows}
             for found in (stated, shipped)]  # fmt: skip
    row = stated.adjusted["electricity"]
    assert parts[0]["use_baseline"] == pytest.approx((row.used / row.expected * 0.01) ** 2)
    assert parts[1]["use_baseline"] == pytest.approx((row.used / row.expected) ** 2 * 0.02**2 / 3)
    assert parts[0]["output_baseline"] == pytest.approx(parts[1]["output_baseline"])
    assert (row.errors_from, shipped.adjusted["electricity"].errors_from) == ("stated", "quality")


def test_common_errors_of_one_meter_cancel() -> None:
    table = frame("Điện", USE).assign(**{"Sai số": "3 %", "Ý nghĩa sai số": "sigma",
                                         "Loại sai số": "chung hai kỳ"})  # fmt: skip
    found = sx.assess(study(consumption=table))
    assert "use_baseline" not in {each["source"] for each in found.uncertainty.rows}
    assert "use_common" not in {each["source"] for each in found.uncertainty.rows}


# -- choice and reasons ------------------------------------------------------------------------


def test_the_rule_takes_the_highest_adjusted_r2_of_those_without_a_reason() -> None:
    found = sx.assess(study(USE))
    fine = [row for row in found.baselines.rows if row["applicable"]]
    best = max(fine, key=lambda row: row["adjusted_r2"])
    assert best["chosen"]
    assert sum(row["chosen"] for row in found.baselines.rows) == 1
    listed = sx.applicable_baselines(study(USE))
    assert [dict(row) for row in listed.rows] == [dict(row) for row in found.baselines.rows]


def rows_of(count: int, use: Any, output: Any, **more: Any) -> sx.Study:
    """Leave months after the first `count` of the baseline out."""
    keep = np.r_[np.arange(count), np.arange(12, 24)]
    made = pd.DataFrame({"Kỳ": YEARS, "Sản lượng": output, "Đơn vị": "t"}).iloc[keep]
    return study(consumption=frame("Điện", use).iloc[keep], production=made, **more)


FLAT = np.full(12, 100.0)
ALONG = np.array([-1, 1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1.0])
NOISE = np.array([9, -7, 8, 9, -9, -8, 7, 9, -9, 8, -8, -9.0])
WIDE = np.array([10, 200, 30, 180, 60, 150, 210, 20, 120, 45, 170, 80.0])
EITHER = np.array([0, -1, 0, 1, 0, -1, 1, 0, 1, 0, -1, 0.0])
REASONS: dict[str, tuple[sx.Study, str]] = {
    "few_points": (rows_of(11, USE, np.r_[OUTPUT, LOWER]), "few_points"),
    "no_spread": (study(np.r_[2000 + WIGGLE, FLAT * 19], np.r_[FLAT, FLAT]), "no_spread"),
    "weak_fit": (study(np.r_[2000 + 50 * NOISE, AFTER], np.r_[OUTPUT, OUTPUT]), "weak_fit"),
    "low_r2": (study(np.r_[2000 + 6 * (OUTPUT - 100) + 30 * NOISE, AFTER],
                     np.r_[OUTPUT, OUTPUT]), "low_r2"),
    "scatter": (study(np.r_[20 * WIDE + 900 * EITHER, 20 * WIDE],
                      np.r_[WIDE, WIDE]), "scatter"),
    "negative_slope": (study(np.r_[5000 - 20 * OUTPUT + WIGGLE, AFTER],
                             np.r_[OUTPUT, OUTPUT]), "negative_slope"),
    "negative_base": (study(np.r_[20 * OUTPUT - 1000 + WIGGLE, AFTER],
                            np.r_[OUTPUT, OUTPUT]), "negative_base"),
    "extrapolation": (study(np.r_[BEFORE, 1000 + 20 * 0.1 * OUTPUT],
                            np.r_[OUTPUT, 0.1 * OUTPUT]), "extrapolation"),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_every_reason_has_data_that_give_it(name: str) -> None:
    made, code = REASONS[name]
    found = sx.assess(made)
    reasons = why_not(found, ["output"])
    assert code in reasons
    assert found.adjusted["electricity"].kind == "ratio"
    assert found.adjusted["electricity"].why == "only"


def drivers(values: Any, name: str = "Nhiệt độ") -> pd.DataFrame:
    return pd.DataFrame({"Yếu tố": name, "Kỳ": YEARS, "Giá trị": values, "Đơn vị": "x"})


HEAT = np.array([20, 26, 31, 22, 28, 19, 30, 33, 24, 27, 21, 25.0])


def test_a_driver_that_says_nothing_is_weak() -> None:
    noise = np.array([1, 2, 1, 3, 2, 2, 3, 1, 2, 3, 1, 2.0])
    found = sx.assess(study(USE, drivers=drivers(np.r_[noise, noise])))
    assert "weak_driver" in why_not(found, ["output", "Nhiệt độ"])
    assert found.adjusted["electricity"].drivers == ["output"]


def test_two_drivers_of_which_none_is_strong() -> None:
    # Two columns that are nearly one: the whole is strong, neither by itself.
    twin = OUTPUT + 2.0 * ALONG
    use = np.r_[1000 + 10 * OUTPUT + 10 * twin + 9 * NOISE, AFTER]
    found = sx.assess(study(use, np.r_[OUTPUT, OUTPUT], drivers=drivers(np.r_[twin, twin])))
    row = next(each for each in found.baselines.rows if len(each["drivers"]) == 2)
    p = row["p"][1:]
    told = [reason["code"] for reason in row["reasons"]]
    assert ("no_strong_driver" in told) == (0.1 <= min(p) <= 0.2)
    assert ("weak_driver" in told) == (max(p) > 0.2)
    assert row["f_p"] < 0.1


def test_no_reporting_month_is_wholly_known() -> None:
    found = sx.assess(study(USE, drivers=drivers(np.r_[HEAT, HEAT]).iloc[:12]))
    assert "no_reporting" in why_not(found, ["output", "Nhiệt độ"])
    assert found.adjusted["electricity"].drivers == ["output"]


LONG = [f"{month:02d}/{year}" for year in (2012, 2013, 2014) for month in range(1, 13)]


def long_study(use: np.ndarray, output: np.ndarray, **more: Any) -> sx.Study:
    made = pd.DataFrame({"Kỳ": LONG, "Sản lượng": output, "Đơn vị": "t"})
    used = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": LONG, "Lượng mua": use, "Đơn vị": "kWh"})
    return sx.Study(production=made, consumption=used, baseline="2012-2013", reporting="2014",
                    quality="billed", **more)  # fmt: skip


LONG_OUTPUT = np.r_[OUTPUT, OUTPUT + 7 * ALONG, OUTPUT]


def test_a_change_point_must_gain_on_the_straight_line() -> None:
    bent = 2000 + 30 * np.maximum(LONG_OUTPUT - 100, 0) + np.tile(WIGGLE, 3)
    found = sx.assess(long_study(bent, LONG_OUTPUT))
    row = found.adjusted["electricity"]
    assert (row.kind, row.side) == ("change_point", "above")
    assert row.change_point == pytest.approx(100, abs=2)
    straight = sx.assess(long_study(1000 + 20 * LONG_OUTPUT + np.tile(WIGGLE, 3), LONG_OUTPUT))
    assert why_not(straight, ["output"], "change_point") == ["no_gain"]
    assert straight.adjusted["electricity"].kind == "regression"
    assert straight.adjusted["electricity"].side is None


def test_a_wish_by_resource() -> None:
    both = pd.concat([frame("Điện", USE), frame("Than", USE / 1000, "t")])
    made = study(consumption=both)
    found = sx.assess(made, baseline={"điện": "ratio"})
    assert found.adjusted["electricity"].kind == "ratio"
    assert found.adjusted["electricity"].why == "asked"
    assert found.adjusted["electricity"].saving == found.adjusted["electricity"].ratio_saving
    assert found.adjusted["coal"].kind == "regression"
    every = sx.assess(made, baseline="ratio")
    assert {row["kind"] for row in every.adjusted.rows} == {"ratio"}


def test_a_wish_for_a_resource_that_there_is_not_is_told() -> None:
    found = sx.assess(study(USE), baseline={"dien nang x": "ratio"})
    assert "baseline.no_such_resource" in codes(found)


def test_a_wish_against_the_limits_is_kept_and_told() -> None:
    made = study(np.r_[2000 + 50 * NOISE, AFTER], np.r_[OUTPUT, OUTPUT])
    found = sx.assess(made, baseline="regression")
    row = found.adjusted["electricity"]
    assert (row.kind, row.why) == ("regression", "asked")
    told = next(item for item in found.findings if item.code == "baseline.against_limits")
    assert "weak_fit" in told.numbers["reasons"]


@pytest.mark.parametrize("kind", ["regression", "change_point"])
def test_a_wish_that_cannot_be_fitted_is_told(kind: str) -> None:
    found = sx.assess(sx.Study.from_totals("P", output=(100, 100, "t"), quality="billed",
                      electricity=(1000, 900, "kWh")), baseline=kind)  # fmt: skip
    assert "baseline.not_fitted" in codes(found)
    assert found.adjusted["electricity"].kind == "ratio"


def test_there_is_no_such_kind() -> None:
    with pytest.raises(ValueError, match="forest"):
        sx.assess(study(USE), baseline="forest")


# -- base loads --------------------------------------------------------------------------------


def test_a_base_load_as_a_share() -> None:
    found = sx.assess(study(USE, base_load={"electricity": "30 %"}),
                      baseline="base_load_ratio")  # fmt: skip
    row = found.adjusted["electricity"]
    total = BEFORE.sum()
    assert (row.kind, row.why, row.drivers) == ("base_load_ratio", "asked", ["output"])
    # Twelve months as long as twelve: the base load is 30 % of the use of the baseline.
    assert row.expected == pytest.approx(0.3 * total + 0.7 * total * 0.8)
    assert row.saving == pytest.approx(1 - AFTER.sum() / (0.86 * total))


def test_a_base_load_as_an_amount() -> None:
    found = sx.assess(study(USE, base_load={"electricity": "1000 kWh/tháng"}),
                      baseline="base_load_ratio")  # fmt: skip
    row = found.adjusted["electricity"]
    slope = (BEFORE.sum() - 12_000) / 1200
    assert row.coefficients == pytest.approx([1000.0, slope])
    assert row.expected == pytest.approx(12_000 + slope * 960)


def test_a_base_load_that_nobody_states() -> None:
    found = sx.assess(study(USE), baseline="base_load_ratio")
    assert "baseline.no_base_load" in codes(found)
    assert found.adjusted["electricity"].kind == "regression"  # the rule goes on


def test_a_base_load_of_totals_is_worked_out_of_the_totals() -> None:
    made = sx.Study.from_totals("P", output=(100, 80, "t"), quality="billed",
                                electricity=(1000, 900, "kWh"),
                                settings={"base_load": {"electricity": "30 %"}})  # fmt: skip
    row = sx.assess(made, baseline="base_load_ratio").adjusted["electricity"]
    # 300 kWh whatever is made, 700 kWh for 100 t: 300 + 7 × 80 = 860 kWh were to be expected.
    assert row.kind == "base_load_ratio"
    assert row.expected == pytest.approx(860.0)
    assert row.saving == pytest.approx(1 - 900 / 860)


# -- a baseline that was fitted before ---------------------------------------------------------


def given_of(found: sx.Assessment, **changes: Any) -> Baseline:
    """Fit the rows that the assessment used, by hand."""
    rows = [row for row in found.expected.rows if row["phase"] == "baseline"]
    columns = {name: [row[name] for row in rows] for name in ("use", "output", "length")}
    period = sx.BaselinePeriod(columns["use"], columns["output"], length=columns["length"])
    return sx.fit_baseline(period, **changes)


def test_a_given_baseline_equals_the_one_that_is_fitted() -> None:
    fitted = sx.assess(study(USE), programme="vn-qb-2384")
    baseline = given_of(fitted)
    again = Baseline.from_dict(json.loads(json.dumps(baseline.to_dict())))
    found = sx.assess(study(USE), programme="vn-qb-2384", baseline=again)
    one, other = fitted.adjusted["electricity"], found.adjusted["electricity"]
    assert other.why == "given"
    for name in ("expected", "used", "saving", "sd", "dof", "low", "high", "reach", "status"):
        value = getattr(one, name)
        assert getattr(other, name) == (value if isinstance(value, str) else pytest.approx(value))
    assert found.expected.to_frame()["cumulative_sd"].to_numpy() == pytest.approx(
        fitted.expected.to_frame()["cumulative_sd"].to_numpy(), nan_ok=True)  # fmt: skip


def test_a_given_ratio_says_that_it_was_given() -> None:
    baseline = given_of(sx.assess(study(USE)), kind="ratio")
    found = sx.assess(study(USE), baseline={"electricity": baseline})
    row = found.adjusted["electricity"]
    assert (row.kind, row.why) == ("ratio", "given")
    assert row.saving == pytest.approx(row.ratio_saving)
    assert "lập từ trước" in str(found.show("vi")) or "fitted before" in str(found.show("en"))


def test_a_given_change_point_below() -> None:
    # Heating: 500 a month and 40 a degree below 18; what is expected of each month by hand.
    cold = np.tile(np.linspace(8, 29, 12), 2)
    use = 500 + 40 * np.maximum(18 - cold, 0)
    made = study(np.r_[use[:12], 0.9 * use[:12]], np.r_[OUTPUT, OUTPUT], drivers=drivers(cold))
    rows = [row for row in sx.assess(made).expected.rows if row["phase"] == "baseline"]
    length = np.array([row["length"] for row in rows])
    period = sx.BaselinePeriod(use[:12], OUTPUT, {"Nhiệt độ": cold[:12]}, length)
    baseline = sx.fit_baseline(period, "change_point", drivers=("Nhiệt độ",), side="below")
    found = sx.assess(made, baseline=baseline)
    row = found.adjusted["electricity"]
    assert (row.kind, row.side) == ("change_point", "below")
    later = [each["expected"] for each in found.expected.rows if each["phase"] == "reporting"]
    hand = baseline.expected(sx.ReportingPeriod([0.0] * 12, OUTPUT, {"Nhiệt độ": cold[:12]},
                                                length))  # fmt: skip
    assert later == pytest.approx(hand)
    assert row.expected == pytest.approx(hand.sum())
    assert "Nhiệt độ thấp hơn" in " ".join(str(found.show("vi")).split())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"drivers": ("heat",)}, "baseline.given_drivers"),
        ({"unit": "MWh"}, "baseline.given_units"),
        ({"output_unit": "kg"}, "baseline.given_units"),
    ],
)
def test_a_given_baseline_that_does_not_fit_is_told_and_not_used(
    change: dict[str, Any], code: str
) -> None:
    fitted = sx.assess(study(USE))
    record = given_of(fitted).to_dict() | change
    found = sx.assess(study(USE), baseline=Baseline.from_dict(record))
    assert code in codes(found)
    row = found.adjusted["electricity"]
    assert row.why == "rule"  # the rule goes on
    assert row.saving == fitted.adjusted["electricity"].saving


def test_a_given_baseline_without_a_resource_is_of_the_only_one() -> None:
    both = pd.concat([frame("Điện", USE), frame("Than", USE / 1000, "t")])
    baseline = given_of(sx.assess(study(USE)))
    found = sx.assess(study(consumption=both), baseline=baseline)
    assert codes(found).count("baseline.given_for_which") == 2
    assert {row["why"] for row in found.adjusted.rows} == {"rule"}
    named = sx.assess(study(consumption=both), baseline={"Điện": baseline})
    assert named.adjusted["electricity"].why == "given"
    assert named.adjusted["coal"].why == "rule"


def test_a_given_baseline_needs_rows() -> None:
    made = sx.Study.from_totals("P", output=(100, 80, "t"), quality="billed",
                                electricity=(1000, 900, "kWh"))  # fmt: skip
    found = sx.assess(made, baseline=given_of(sx.assess(study(USE))))
    assert "baseline.given_no_rows" in codes(found)
    assert found.adjusted["electricity"].kind == "ratio"


# -- drivers and products ----------------------------------------------------------------------


def test_drivers_and_products_are_regressors() -> None:
    other = 60 + 3 * HEAT[::-1]
    use = 500 + 12 * OUTPUT + 30 * other + WIGGLE
    made = pd.concat([
        pd.DataFrame({"Sản phẩm": name, "Kỳ": YEARS, "Sản lượng": np.r_[q, q], "Đơn vị": "t"})
        for name, q in (("A", OUTPUT), ("B", other))
    ])  # fmt: skip
    found = sx.assess(study(np.r_[use, 0.9 * use], production=made, output="mass",
                            drivers=drivers(np.r_[HEAT, HEAT])))  # fmt: skip
    row = found.adjusted["electricity"]
    assert row.drivers == ["A", "B"]
    x = np.column_stack([OUTPUT, other])
    assert found.baselines.rows  # output, A and B, each with and without the weather
    assert row.coefficients == pytest.approx(fit_linear(use, x).coefficients)


def test_the_weather_is_a_regressor() -> None:
    use = 300 + 12 * OUTPUT + 40 * HEAT + WIGGLE
    found = sx.assess(study(np.r_[use, 0.9 * use], np.r_[OUTPUT, OUTPUT],
                            drivers=drivers(np.r_[HEAT, HEAT])))  # fmt: skip
    assert found.adjusted["electricity"].drivers == ["output", "Nhiệt độ"]


def test_too_many_drivers_are_told() -> None:
    many = pd.concat([drivers(np.r_[HEAT, HEAT] + k, f"y{k}") for k in range(5)])
    found = sx.assess(study(USE, drivers=many))
    assert "baseline.many_drivers" in codes(found)
    assert found.adjusted["electricity"].drivers == ["output"]
