"""The wiring of an assessment: every expected figure is worked out by hand beside it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.errors import ProgrammeError


def months(year: int) -> list[str]:
    return [f"{month:02d}/{year}" for month in range(1, 13)]


def monthly(**changes: object) -> sx.Study:
    """Build two years of one plant: 10 t and 100 kWh each month of 2013, 90 kWh in 2014."""
    production = pd.DataFrame({"Kỳ": months(2013) + months(2014), "Sản lượng": 10.0, "Đơn vị": "t"})
    consumption = pd.DataFrame({
        "Tài nguyên": "Điện", "Kỳ": months(2013) + months(2014),
        "Lượng mua": [100.0] * 12 + [90.0] * 12, "Đơn vị": "kWh",
    })
    arguments = {"production": production, "consumption": consumption, "baseline": "2013",
                 "reporting": "2014", "quality": "billed", **changes}
    return sx.Study(**arguments)


def totals(**changes: object) -> sx.Study:
    arguments: dict[str, object] = {
        "output": (1000, 1000, "t"), "electricity": (1000, 950, "kWh"), **changes,
    }
    return sx.Study.from_totals("plant", **arguments)


# -- savings -----------------------------------------------------------------------------------


def test_specific_consumption_and_saving_of_months() -> None:
    found = sx.assess(monthly(), programme="vn-qb-2384").savings["electricity"]
    assert found.baseline == 1200 / 120  # Σ 12 × 100 kWh over Σ 12 × 10 t
    assert found.reporting == 1080 / 120
    assert found.saving == pytest.approx(0.10, abs=1e-15)
    assert found.absolute_saving == pytest.approx((10 - 9) * 120)
    assert (found.months_baseline, found.of_months_baseline) == (12, 12)
    assert found.status == "above"  # 10 % against 5–8 % in 2014


def test_worse_is_negative_and_never_clipped() -> None:
    study = totals(electricity=(1000, 1200, "kWh"))
    found = sx.assess(study, programme="vn-qb-2384", phase="2013-2015")
    assert found.savings["electricity"].saving == pytest.approx(-0.2)
    assert found.savings["electricity"].absolute_saving == pytest.approx(-200)
    assert found.savings["electricity"].status == "worse"
    assert found.verdict.worse == "purchased_energy"


def test_a_month_without_a_figure_is_left_out_and_not_zero() -> None:
    production = pd.DataFrame({"Kỳ": months(2013) + months(2014), "Sản lượng": 10.0, "Đơn vị": "t"})
    amounts: list[object] = [100.0] * 12 + [90.0] * 12
    amounts[3] = None
    consumption = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": months(2013) + months(2014),
                                "Lượng mua": amounts, "Đơn vị": "kWh"})
    found = sx.assess(monthly(production=production, consumption=consumption))
    assert found.savings["electricity"].baseline == 1100 / 110  # eleven months, not 1100 / 120
    assert found.savings["electricity"].months_baseline == 11
    assert "assess.months_missing" in found.findings.codes()
    assert "assess.seasons" in found.findings.codes()  # April is in one period only


def test_a_bill_that_straddles_months_is_spread_by_days() -> None:
    # 16/12/2012–15/01/2013 is 31 days, 15 of them in January 2013; then 350 days to the end.
    consumption = pd.DataFrame({
        "Tài nguyên": "Điện",
        "Từ ngày": ["2012-12-16", "2013-01-16", "2014-01-01"],
        "Đến ngày": ["2013-01-15", "2013-12-31", "2014-12-31"],
        "Lượng mua": [310.0, 3500.0, 3650.0], "Đơn vị": "kWh",
    })
    found = sx.assess(monthly(consumption=consumption)).savings["electricity"]
    assert found.use_baseline == pytest.approx(150 + 3500)
    assert found.months_baseline == 12


def test_a_month_covered_in_part_is_not_known() -> None:
    consumption = pd.DataFrame({
        "Tài nguyên": "Điện", "Từ ngày": ["2013-01-02", "2014-01-01"],
        "Đến ngày": ["2013-12-31", "2014-12-31"], "Lượng mua": [3640.0, 3650.0], "Đơn vị": "kWh",
    })
    found = sx.assess(monthly(consumption=consumption)).savings["electricity"]
    assert found.months_baseline == 11
    assert found.use_baseline == pytest.approx(3640 - 300)  # 10 kWh a day, January left out


def test_two_meters_add_and_a_silent_meter_leaves_the_month_unknown() -> None:
    rows = [("Điện", meter, month, amount) for meter, amount in (("M1", 60.0), ("M2", 40.0))
            for month in months(2013) + months(2014)]
    table = pd.DataFrame(rows, columns=["Tài nguyên", "Công tơ", "Kỳ", "Lượng mua"])
    table["Đơn vị"] = "kWh"
    both = sx.assess(monthly(consumption=table)).savings["electricity"]
    assert both.baseline == 1200 / 120
    silent = table[~((table["Công tơ"] == "M2") & (table["Kỳ"] == "05/2013"))]
    found = sx.assess(monthly(consumption=silent)).savings["electricity"]
    assert found.baseline == 1100 / 110
    assert found.months_baseline == 11


def test_use_is_opening_stock_plus_purchases_minus_closing_stock() -> None:
    consumption = pd.DataFrame({
        "Tài nguyên": "Than", "Giai đoạn": ["nền", "báo cáo"], "Lượng mua": [100.0, 80.0],
        "Đơn vị": "tấn", "Tồn đầu kỳ": [10.0, 30.0], "Tồn cuối kỳ": [30.0, 20.0],
    })
    production = pd.DataFrame({"Giai đoạn": ["nền", "báo cáo"], "Sản lượng": [40.0, 45.0],
                               "Đơn vị": "tấn"})
    found = sx.assess(sx.Study(production=production, consumption=consumption))
    row = found.savings["coal"]
    assert (row.use_baseline, row.use_reporting) == (80.0, 90.0)  # 10+100−30, 30+80−20
    assert (row.baseline, row.reporting, row.saving) == (2.0, 2.0, 0.0)
    assert row.purchases_only is False


def test_a_month_with_use_and_no_output_stays_in_the_sums() -> None:
    production = pd.DataFrame({"Kỳ": months(2013) + months(2014),
                               "Sản lượng": [0.0] + [10.0] * 23, "Đơn vị": "t"})
    found = sx.assess(monthly(production=production))
    assert found.savings["electricity"].baseline == 1200 / 110
    (item,) = [item for item in found.findings if item.code == "assess.idle_months"]
    assert item.numbers == {"resource": "electricity", "months": ["01/2013"]}


def test_a_total_beside_months_needs_every_month() -> None:
    production = pd.DataFrame({"Giai đoạn": ["nền", "báo cáo"], "Sản lượng": [120.0, 120.0],
                               "Đơn vị": "t"})
    found = sx.assess(monthly(production=production)).savings["electricity"]
    assert found.saving == pytest.approx(0.1)
    short = monthly().consumption  # checked tables are copies: drop the raw month instead
    assert len(short) == 24
    consumption = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": months(2013)[1:] + months(2014),
                                "Lượng mua": 100.0, "Đơn vị": "kWh"})
    found = sx.assess(monthly(production=production, consumption=consumption))
    assert math.isnan(found.savings.to_frame()["saving"].iloc[0])


# -- several products ---------------------------------------------------------------------------


def products(rule: str, **table: object) -> sx.Study:
    production = pd.DataFrame({
        "Sản phẩm": ["A", "B", "A", "B"], "Giai đoạn": ["nền", "nền", "báo cáo", "báo cáo"],
        "Sản lượng": [10.0, 20.0, 20.0, 10.0], "Đơn vị": "t",
    })
    consumption = pd.DataFrame({"Tài nguyên": "Điện", "Giai đoạn": ["nền", "báo cáo"],
                                "Lượng mua": [500.0, 400.0], "Đơn vị": "kWh"})
    return sx.Study(production=production, consumption=consumption, output=rule, **table)


def test_unlike_products_are_added_only_by_a_named_rule() -> None:
    with pytest.raises(sx.StudyError) as refused:
        products("")
    assert [item.code for item in refused.value.findings] == ["study.several_products"]
    mass = sx.assess(products("mass")).savings["electricity"]
    assert (mass.output_baseline, mass.output_reporting) == (30.0, 30.0)
    one = sx.assess(products("A")).savings["electricity"]
    assert (one.baseline, one.reporting) == (50.0, 20.0)


def test_equivalence_coefficients_weigh_the_products() -> None:
    table = pd.DataFrame({"Sản phẩm": ["A", "B"], "Hệ số quy đổi": [1.0, 2.0]})
    found = sx.assess(products("equivalence", products=table)).savings["electricity"]
    assert (found.output_baseline, found.output_reporting) == (50.0, 40.0)  # 10+2×20, 20+2×10
    assert (found.baseline, found.reporting, found.saving) == (10.0, 10.0, 0.0)


# -- target check -------------------------------------------------------------------------------


def test_water_is_shown_and_not_counted() -> None:
    study = totals(water=(100, 40, "m3"))
    found = sx.assess(study, programme="vn-qb-2384", phase="2013-2015")
    assert found.savings["water"].saving == pytest.approx(0.6)
    assert found.savings["water"].status == "not_counted"
    assert found.verdict.saving == pytest.approx(0.05)  # electricity alone


def test_exactly_five_percent_is_within() -> None:
    found = sx.assess(totals(), programme="vn-qb-2384", phase="2013-2015")
    assert found.savings["electricity"].status == "within"
    assert found.verdict.reached is True


def test_outside_every_phase_everything_is_returned_with_unknown() -> None:
    found = sx.assess(monthly(baseline="2013", reporting="2014"), programme="vn-889")
    assert found.savings["electricity"].saving == pytest.approx(0.1)
    assert found.savings["electricity"].status == "not_counted"  # 889 does not name energy
    study = totals(coal=(10, 9, "t"))
    found = sx.assess(study, programme="vn-qb-2384")
    assert found.savings["coal"].status == "unknown"
    assert "assess.no_date" in found.findings.codes()


def test_as_if_is_marked() -> None:
    found = sx.assess(monthly(), programme="vn-qb-2384", phase="2016-2020")
    assert found.settings["as_if"] is True
    assert found.savings["electricity"].status == "within"  # 10 % against 8–13 %
    assert "assess.as_if" in found.findings.codes()


def test_a_reporting_period_that_straddles_phases_is_told() -> None:
    production = pd.DataFrame({"Từ ngày": ["2014-07-01", "2015-07-01"],
                               "Đến ngày": ["2015-06-30", "2016-06-30"],
                               "Sản lượng": 10.0, "Đơn vị": "t"})
    consumption = production.rename(columns={"Sản lượng": "Lượng mua"}).assign(
        **{"Tài nguyên": "Điện", "Đơn vị": "kWh"})
    study = sx.Study(production=production, consumption=consumption, quality="billed",
                     baseline={"start": "2014-07-01", "end": "2015-06-30"},
                     reporting={"start": "2015-07-01", "end": "2016-06-30"})
    found = sx.assess(study, programme="vn-qb-2384")
    assert found.settings["phase"] == "2016-2020"  # the last day decides
    assert "assess.straddles_phases" in found.findings.codes()


def test_without_a_programme_there_is_no_check() -> None:
    found = sx.assess(totals())
    assert found.savings["electricity"].status is None
    assert found.verdict.saving == pytest.approx(0.05)
    assert found.verdict.status is None


def test_an_unknown_rule_or_programme_is_refused() -> None:
    with pytest.raises(ProgrammeError, match="cost_weighted"):
        sx.assess(totals(), overall="mean")
    with pytest.raises(ProgrammeError, match="vn-qb-2384"):
        sx.assess(totals(), programme="vn-qb-2383")


def test_the_hanoi_plan_asks_for_the_sector_and_has_one_end() -> None:
    with pytest.raises(ProgrammeError):
        sx.assess(totals(), programme="vn-hn-2024", phase="2024-2025")
    found = sx.assess(totals(), programme="vn-hn-2024", phase="2024-2025", sector="textile")
    assert (found.settings["low"], found.settings["high"]) == (0.015, None)
    assert found.verdict.status == "within"


# -- the overall result -------------------------------------------------------------------------


def weighted(**changes: object) -> sx.Assessment:
    """Electricity −10 % costing 1,000, coal −0 % costing 3,000 at baseline prices."""
    arguments: dict[str, object] = {
        "electricity": (1000, 900, "kWh"), "coal": (10, 10, "t"),
        "prices": {"electricity": "1 VND/kWh", "coal": "300 VND/t"}, **changes,
    }
    return sx.assess(totals(**arguments), programme="vn-qb-2384", phase="2013-2015")


def test_overall_is_weighted_by_cost_at_baseline_prices() -> None:
    verdict = weighted().verdict
    assert verdict.saving == pytest.approx(100 / 4000)  # (1000 − 900) × 1 over 1000 + 3000
    assert verdict.status == "below"
    assert (verdict.lowest, verdict.highest) == (0.0, pytest.approx(0.1))
    assert verdict.each_saving == 0.0
    assert verdict.depends_on_rule is False  # "each" says below as well


def test_rules_that_disagree_are_told() -> None:
    verdict = weighted(coal=(10, 9.9, "t"), electricity=(1000, 700, "kWh")).verdict
    # 300/1000 electricity, 30/3000 coal: (300 + 30) / 4000 = 8.25 %; the smallest is 1 %
    assert verdict.saving == pytest.approx(330 / 4000)
    assert verdict.reached is True
    assert verdict.each_status == "below"
    assert verdict.depends_on_rule is True


def test_without_a_price_the_overall_result_is_unknown_and_says_which() -> None:
    found = weighted(prices={"electricity": "1 VND/kWh"})
    assert found.verdict.status == "unknown"
    (item,) = [item for item in found.findings if item.code == "assess.no_price"]
    assert item.numbers["resources"] == ["coal"]
    assert found.savings["electricity"].status == "above"


def test_figures_that_are_only_estimated_leave_the_overall_result_unknown() -> None:
    found = weighted(quality="estimated")
    assert found.verdict.known_share == 0.0
    assert found.verdict.status == "unknown"
    assert "assess.output_quality" in found.findings.codes()  # use and output are estimated


def test_one_counted_resource_needs_no_price() -> None:
    verdict = sx.assess(totals(), programme="vn-qb-2384", phase="2013-2015").verdict
    assert verdict.saving == pytest.approx(0.05)


def test_energy_total_goes_through_one_factor_set() -> None:
    study = totals(electricity=(10_000, 9_000, "kWh"), coal_cam_5_6=(10, 10, "t"))
    found = sx.assess(study, programme="vn-qb-2384", phase="2013-2015", factor_set="vn-3505")
    # 0.0001543 TOE/kWh and 0.5 TOE/t: 1.543 + 5 TOE before, 1.3887 + 5 TOE after
    assert found.verdict.energy_total_saving == pytest.approx(0.1543 / 6.543)
    assert found.savings["electricity"].energy_saving == pytest.approx(0.1543)
    assert found.savings["electricity"].energy_unit == "TOE"


def test_a_withheld_factor_leaves_the_energy_total_unknown() -> None:
    study = totals(coke=(10, 9, "t"))
    found = sx.assess(study, factor_set="vn-3505")
    assert found.verdict.energy_total_saving is None
    assert "assess.no_energy_factor" in found.findings.codes()


# -- prices -------------------------------------------------------------------------------------


def test_the_baseline_price_comes_from_the_baseline_bills() -> None:
    consumption = pd.DataFrame({
        "Tài nguyên": "Điện", "Kỳ": ["2013", "2014"], "Lượng mua": [1000.0, 900.0],
        "Đơn vị": "kWh", "Thành tiền": [1_500_000.0, 9_999_999.0],
    })
    found = sx.assess(monthly(consumption=consumption)).savings["electricity"]
    assert found.price == 1500.0  # the tariff of 2014 does not enter
    assert found.price_source == "bills"
    assert found.money_saving == pytest.approx((1000 - 900) * 1500)


def test_deductible_vat_is_taken_off_a_stated_price() -> None:
    prices = pd.DataFrame({"Tài nguyên": ["Điện"], "Đơn giá": ["1.100 đồng/kWh"],
                           "Thuế GTGT": ["đã gồm"], "Thuế suất GTGT": ["10 %"]})
    found = sx.assess(monthly(prices=prices, locale="vi")).savings["electricity"]
    assert found.price == pytest.approx(1000.0)
    assert found.price_source == "stated"
