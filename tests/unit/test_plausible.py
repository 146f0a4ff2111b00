"""Findings of plausibility on the very cell, with the numbers that prove them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from study_folders import write_book, write_study

import sxsh_audit as sx
from sxsh_audit.assessment.plausibility.money import tariff_range
from sxsh_audit.assessment.plausibility.norms import sector_of
from sxsh_audit.findings import Finding
from sxsh_audit.language.messages import describe

MONTHS = [f"{month:02d}/{year}" for year in (2013, 2014) for month in range(1, 13)]
# Twenty-four bills that swing by a tenth; 1,400 đồng/kWh is inside the tariff of those years.
USE = np.round(100_000 * (1 + 0.1 * np.sin(np.arange(24.0) * 1.7)) + np.arange(24) * 7.0)
MADE = np.round(100 * (1 + 0.1 * np.cos(np.arange(24.0))), 1)
SETTINGS: dict[str, Any] = {"locale": "vi", "baseline": "2013", "reporting": "2014"}


def bills(use: Any = USE, cost: Any = None, **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": MONTHS, "Lượng mua (kWh)": use, **more})
    return frame if cost is None else frame.assign(**{"Thành tiền (đồng)": cost})


def made(quantity: Any = MADE, product: str = "Bia") -> pd.DataFrame:
    return pd.DataFrame({"Sản phẩm": product, "Kỳ": MONTHS, "Sản lượng (tấn)": quantity})


def put(values: Any, i: int, value: float) -> Any:
    out = np.array(values, dtype=float)
    out[i] = value
    return out


def told(severity: str = "warning", **tables: Any) -> list[Finding]:
    tables = {"production": made(), "consumption": bills(), **SETTINGS, **tables}
    found = [item for item in sx.assess(sx.Study(**tables)).findings
             if item.code.startswith("plausible.") and item.severity == severity]  # fmt: skip
    for item in found:
        assert describe(item, "vi") != describe(item, "en")  # both sentences have their numbers
    return found


def one(**tables: Any) -> Finding:
    (found,) = told(**tables)
    return found


def where(item: Finding) -> tuple[str, str, int, str]:
    return item.code.removeprefix("plausible."), item.place.sheet, item.place.row, item.place.column


# -- bills -------------------------------------------------------------------------------------


def test_clean_records_are_not_told() -> None:
    assert told(consumption=bills(cost=USE * 1400)) == []


@pytest.mark.parametrize("power", [1, 2, 3, 6, -1, -2, -3, -6])
def test_a_quantity_a_power_of_ten_off_is_told_on_its_cell(power: int) -> None:
    item = one(consumption=bills(put(USE, 4, USE[4] * 10.0**power)))
    assert where(item) == ("magnitude", "consumption", 6, "Lượng mua (kWh)")
    assert item.numbers["suggested"] == pytest.approx(USE[4])
    assert item.numbers["times"] == 10.0 ** abs(power)


def test_the_price_says_whether_quantity_or_cost_slipped() -> None:
    cost = USE * 1400
    item = one(consumption=bills(put(USE, 4, USE[4] / 1000), cost))
    assert where(item)[::3] == ("magnitude", "Lượng mua (kWh)")
    item = one(consumption=bills(USE, put(cost, 4, cost[4] / 1000)))
    assert where(item) == ("cost_magnitude", "consumption", 6, "Thành tiền (đồng)")
    assert item.numbers["suggested"] == pytest.approx(cost[4])


def test_a_stopped_month_is_no_slip_where_output_or_cost_stopped_too() -> None:
    use, output = put(USE, 4, USE[4] / 10), put(MADE, 4, MADE[4] / 10)
    assert told(consumption=bills(use), production=made(output)) == []
    assert told(consumption=bills(use, use * 1400)) == []
    use = put(USE, 4, USE[4] / 100)
    assert told(consumption=bills(use), production=made(put(MADE, 4, 0))) == []


def test_a_low_month_is_left_alone_where_nobody_says_whether_the_plant_stood_still() -> None:
    yearly = pd.DataFrame({"Kỳ": ["2013", "2014"], "Sản lượng (tấn)": [1200, 1210]})
    assert told(consumption=bills(put(USE, 4, USE[4] / 10)), production=yearly) == []
    assert len(told(consumption=bills(put(USE, 4, USE[4] / 1000)), production=yearly)) == 1
    assert len(told(consumption=bills(put(USE, 4, USE[4] * 10)), production=yearly)) == 1


def test_output_a_thousand_times_too_large() -> None:
    item = one(production=made(put(MADE, 20, MADE[20] * 1000)))
    assert where(item) == ("magnitude_output", "production", 22, "Sản lượng (tấn)")
    assert item.numbers["suggested"] == pytest.approx(MADE[20])


def test_quantity_and_cost_exchanged_in_one_row_and_in_all() -> None:
    cost = USE * 1400
    item = one(consumption=bills(put(USE, 4, cost[4]), put(cost, 4, USE[4])))
    assert where(item) == ("swapped_cost", "consumption", 6, "Lượng mua (kWh)")
    item = one(consumption=bills(cost, USE))
    assert where(item) == ("swapped_cost_columns", "consumption", 2, "Lượng mua (kWh)")
    assert item.numbers["turned"] == pytest.approx(1400)


def test_a_bill_entered_twice_and_a_run_of_one_figure() -> None:
    item = one(consumption=bills(put(USE, 4, USE[3])))
    assert where(item) == ("repeated_bill", "consumption", 6, "Lượng mua (kWh)")
    assert item.numbers["first"] == 5
    run = np.array(USE)
    run[3:8] = USE[3]
    assert where(one(consumption=bills(run)))[2] == 6  # told once, at the second of the run
    assert told(consumption=bills(put(put(USE, 3, 100_000), 4, 100_000))) == []  # a round figure
    differ = put(USE * 1400, 4, USE[3] * 1400 + 9)
    assert told(consumption=bills(put(USE, 4, USE[3]), differ)) == []  # another cost: another bill


def test_a_year_copied_from_the_year_before() -> None:
    item = one(consumption=bills(np.r_[USE[:12], USE[:12]]))
    assert where(item) == ("repeated_year", "consumption", 14, "Lượng mua (kWh)")
    assert item.numbers["count"] == 12


def test_a_bill_that_holds_the_use_of_the_missing_one_before_it() -> None:
    days = pd.period_range("2013-01", periods=24, freq="M")
    frame = pd.DataFrame({"Tài nguyên": "Điện", "Từ ngày": days.start_time.strftime("%d/%m/%Y"),
                          "Đến ngày": days.end_time.strftime("%d/%m/%Y"),
                          "Lượng mua (kWh)": put(USE, 5, USE[4] + USE[5])})  # fmt: skip
    item = one(consumption=frame.drop(index=4))
    assert where(item)[:3] == ("bill_spans_gap", "consumption", 6)  # row 6 after row 6 is gone
    assert (item.numbers["first_day"], item.numbers["days"]) == ("2013-05-01", 31)


# -- stocks ------------------------------------------------------------------------------------


def coal(opening: list[float], closing: list[float], bought: list[float] | None = None
         ) -> pd.DataFrame:
    return pd.DataFrame({
        "Tài nguyên": "Than", "Kỳ": ["10/2013", "11/2013", "12/2013", "01/2014"],
        "Tồn đầu kỳ": opening, "Lượng mua (tấn)": bought or [50.0, 52.0, 48.0, 51.0],
        "Tồn cuối kỳ": closing})  # fmt: skip


@pytest.mark.parametrize(
    ("table", "code", "row"),
    [
        (coal([10, 12, 14, 20], [12, 14, 10, 13]), "stock_break", 5),
        (coal([10, 14, 14, 10], [12, 12, 10, 13]), "swapped_stocks", 3),
        (coal([12, 14, 10, 13], [10, 12, 14, 10]), "swapped_stock_columns", 2),
        (coal([10, 12, 48, 10], [12, 14, 10, 13], [50.0, 52.0, 14.0, 51.0]),
         "swapped_stock_quantity", 4),
    ],
)  # fmt: skip
def test_stocks_that_do_not_follow_each_other(table: pd.DataFrame, code: str, row: int) -> None:
    assert where(one(consumption=table)) == (code, "consumption", row, "Tồn đầu kỳ")


def test_stocks_that_follow_each_other_are_not_told() -> None:
    assert told(consumption=coal([10, 12, 14, 10], [12, 14, 10, 13])) == []


# -- the two periods, capacity -----------------------------------------------------------------


def totals(output: tuple[str, str], use: tuple[str, str], **more: Any) -> list[Finding]:
    study = sx.Study.from_totals("p", output=output, electricity=use,
                                 settings={"locale": "vi"}, **more)  # fmt: skip
    return [item for item in sx.assess(study).findings if item.code.startswith("plausible.")]


def test_a_total_a_thousand_times_off_is_told_at_its_argument() -> None:
    (item,) = totals(("1.000 tấn", "1.000 tấn"), ("1.200.000 kWh", "1.100 kWh"))
    assert item.code == "plausible.period_magnitude"
    assert (item.place.sheet, item.place.cell, item.value) == (
        "electricity", "reporting", "1.100 kWh")  # fmt: skip
    assert item.numbers["suggested"] == 1_100_000


def test_output_and_use_that_grew_together_are_not_told() -> None:
    assert totals(("10 tấn", "1.000 tấn"), ("12.345 kWh", "1.100.000 kWh")) == []


def test_a_saving_above_all_that_was_reported() -> None:
    (item,) = totals(("1.000 tấn", "1.000 tấn"), ("1.200.000 kWh", "500.000 kWh"))
    assert item.code == "plausible.saving"
    assert item.numbers["saving"] == pytest.approx(7 / 12)
    assert totals(("1.000 tấn", "1.000 tấn"), ("1.200.000 kWh", "700.000 kWh")) == []


def test_two_equal_totals_of_many_digits() -> None:
    (item,) = totals(("1.000 tấn", "1.000 tấn"), ("1.234.567 kWh", "1.234.567 kWh"))
    assert (item.code, item.place.cell) == ("plausible.repeated_total", "reporting")


def test_a_whole_typed_year_in_mwh_is_told_once_in_the_year_that_the_price_denies() -> None:
    cost = USE * 1400
    item = one(consumption=bills(np.r_[USE[:12] / 1000, USE[12:]], cost))
    assert where(item) == ("period_magnitude", "consumption", 2, "Lượng mua (kWh)")
    item = one(consumption=bills(np.r_[USE[:12], USE[12:] / 1000], cost))
    assert where(item) == ("period_magnitude", "consumption", 14, "Lượng mua (kWh)")


@pytest.mark.parametrize(
    ("capacity", "code"),
    [(1300, None), (800, "capacity"), (120, "capacity_unit"), (1_500_000, "capacity_unit")],
)
def test_output_beside_the_design_capacity(capacity: float, code: str | None) -> None:
    # 24 months at about 100 t: 1,200 t a year
    products = pd.DataFrame({"Sản phẩm": ["Bia"], "Đơn vị": ["tấn"], "Công suất": [capacity]})
    found = [where(item)[:3] for item in told(products=products)]
    assert found == ([] if code is None else [(code, "production", 2)])


# -- prices ------------------------------------------------------------------------------------


def test_tariffs_of_the_years_around_one_that_was_not_read() -> None:
    # vietnam.md §6: lowest of 2010 is 496 (off-peak, ≥110 kV), highest of 12/2017 is 2,759
    found = tariff_range(2014)
    assert found is not None
    assert (found.low, found.high, found.years) == (496.0, 2759.0, (2010, 2017))
    assert tariff_range(2008) is None


@pytest.mark.parametrize(
    ("price", "code"),
    [("1.400 đồng/kWh", None), ("1.400.000 đồng/kWh", "price_unit"), ("1,4 đồng/kWh", "price_unit"),
     ("60 đồng/kWh", "price_far_from_tariff")],
)  # fmt: skip
def test_a_price_beside_the_tariff(price: str, code: str | None) -> None:
    table = pd.DataFrame({"Tài nguyên": ["Điện"], "Đơn giá": [price], "Thuế GTGT": ["chưa gồm"]})
    found = [where(item) for item in told(prices=table)]
    assert found == ([] if code is None else [(code, "prices", 2, "Đơn giá")])


def test_bills_in_dollars_are_not_compared_with_the_tariff() -> None:
    frame = bills().assign(**{"Cost": USE * 0.07})
    assert told(consumption=frame, currency="USD") == []


def test_a_price_a_thousand_times_off_the_bills() -> None:
    table = pd.DataFrame({"Tài nguyên": ["Điện"], "Đơn giá": ["0,07 USD/kWh"]})
    frame = bills().assign(**{"Cost": USE * 70.0})
    item = one(consumption=frame, prices=table, currency="USD")
    assert where(item) == ("price_and_bills", "prices", 2, "Đơn giá")
    assert item.numbers["suggested"] == pytest.approx(70)


# -- options -----------------------------------------------------------------------------------

PRICE = pd.DataFrame({"Tài nguyên": ["Điện"], "Đơn giá": ["1.400 đồng/kWh"],
                      "Thuế GTGT": ["chưa gồm"]})  # fmt: skip


def option(cost: Any = 60e6, kwh: Any = 50_000.0, money: Any = None, months: Any = None
           ) -> dict[str, Any]:
    return {
        "prices": PRICE,
        "options": pd.DataFrame({"Mã giải pháp": ["A"], "Chi phí đầu tư (đồng)": [cost]}),
        "option_savings": pd.DataFrame({
            "Mã giải pháp": ["A"], "Tài nguyên": ["Điện"], "Lượng tiết kiệm (kWh)": [kwh],
            "Tiền tiết kiệm (đồng)": [money], "Số tháng tính lợi ích": [months]}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "table", "column"),
    [
        # the plant uses about 1.2 GWh a year
        (option(kwh=50e6), "option_over_use", "option_savings", "Lượng tiết kiệm (kWh)"),
        (option(kwh=0.8e6, months=6), "months_covered", "option_savings", "Số tháng tính lợi ích"),
        # 50,000 kWh · 1,400 = 70 million
        (option(money=70_000.0), "option_money_unit", "option_savings", "Tiền tiết kiệm (đồng)"),
        (option(money=70.0), "option_money_unit", "option_savings", "Tiền tiết kiệm (đồng)"),
        # 1.2 GWh · 1,400 = 1.7 billion
        (option(kwh=None, money=9e9), "option_over_cost", "option_savings",
         "Tiền tiết kiệm (đồng)"),
        (option(kwh=None, money=70.0), "tiny_money", "option_savings", "Tiền tiết kiệm (đồng)"),
        (option(cost=60.0), "tiny_money", "options", "Chi phí đầu tư (đồng)"),
        (option(cost=60_000.0), "short_payback", "options", "Chi phí đầu tư (đồng)"),
        (option(cost=60e9), "long_payback", "options", "Chi phí đầu tư (đồng)"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be(
    given: dict[str, Any], code: str, table: str, column: str
) -> None:
    assert where(one(**given)) == (code, table, 2, column)


def test_an_option_without_a_resource_saves_more_than_the_whole_plant_pays() -> None:
    # 1.2 GWh · 1,400 = 1.7 billion a year is all that the plant pays
    given = option(kwh=None, money=9e9)
    given["option_savings"]["Tài nguyên"] = ""
    assert where(one(**given))[:3] == ("option_over_plant_cost", "option_savings", 2)
    given["option_savings"]["Tiền tiết kiệm (đồng)"] = 1e9
    assert told(**given) == []


def test_an_option_that_can_be_is_not_told() -> None:
    assert told(**option(money=71e6)) == []
    assert told(**option(cost=13e6, kwh=None, money=1.3e9)) == []  # Sao Xanh: 3.7 days


def test_what_one_option_explains_is_not_told_again_of_all() -> None:
    study = sx.Study(production=made(), consumption=bills(), **SETTINGS, **option(kwh=50e6))
    codes = sx.assess(study).findings.codes()
    assert "assess.saves_more_than_used" not in codes
    study = sx.Study(production=made(), consumption=bills(), **SETTINGS, **option(money=70_000.0))
    assert "assess.saving_money_differs" not in sx.assess(study).findings.codes()


# -- norms -------------------------------------------------------------------------------------


def notes(sector: str, reporting: str, product: str = "Bia", use: Any = None, **more: Any
          ) -> list[Finding]:
    """A brewery of 6 million litres: 144 kWh and the coal given, by year."""
    baseline = str(int(reporting) - 1)
    output = pd.DataFrame({"Sản phẩm": product, "Kỳ": [baseline, reporting],
                           "Sản lượng": "6.000.000 lít"})  # fmt: skip
    table = use if use is not None else pd.DataFrame({
        "Tài nguyên": ["Điện", "Điện", "Than cám 5", "Than cám 5"],
        "Kỳ": [baseline, reporting] * 2,
        "Lượng mua": ["1.200.000 kWh", "1.000.000 kWh", "600 tấn", "500 tấn"]})  # fmt: skip
    study = sx.Study(production=output, consumption=table, locale="vi", sector=sector,
                     baseline=baseline, reporting=reporting, **more)  # fmt: skip
    return [item for item in sx.assess(study).findings if item.code.startswith("plausible.")]


def test_words_of_a_sector_in_both_languages() -> None:
    assert [sector_of(text) for text in ("Bia", "brewery", "giấy", "Gạch nung", "may mặc")] == [
        "beverage", "beverage", "paper", "brick", ""]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "code", "limit"),
    [("2014", "norm_not_yet", 306.0), ("2019", "norm", 306.0), ("2023", "norm", 286.0),
     ("2026", "norm_ended", 286.0)],
)  # fmt: skip
def test_a_norm_is_told_with_its_validity(year: str, code: str, limit: float) -> None:
    (item,) = [item for item in notes("bia", year) if item.code.startswith("plausible.norm")]
    assert item.code == f"plausible.{code}"
    assert item.severity == "note"
    assert item.numbers["published"] == [limit]
    # by hand: 1,000,000 kWh · 3.6 + 500,000 kg · 20.935 = 14,067,500 MJ over 60,000 hl
    assert item.numbers["reporting"] == [pytest.approx(14_067_500 / 60_000, rel=1e-3)]
    assert item.numbers["factor_set"] == "vn-tt20-2016"
    assert "306" in describe(item, "vi") or "286" in describe(item, "vi")


def test_a_factor_that_is_withheld_is_said_and_not_compared() -> None:
    use = pd.DataFrame({"Tài nguyên": ["Điện", "Điện", "Trấu", "Trấu"], "Kỳ": ["2022", "2023"] * 2,
                        "Lượng mua": ["1.200.000 kWh", "1.000.000 kWh", "900 tấn", "800 tấn"]})
    item = next(item for item in notes("bia", "2023", use=use)
                if item.numbers["id"] == "beer-small-2025")  # fmt: skip
    assert item.code == "plausible.norm_incomplete"
    assert "husk" in repr(item.numbers["missing"])


def test_a_norm_of_another_basis_is_told_and_not_compared() -> None:
    output = pd.DataFrame({"Sản phẩm": "Tôm đông lạnh", "Kỳ": ["2022", "2023"],
                           "Sản lượng": "800 tấn"})  # fmt: skip
    use = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": ["2022", "2023"],
                        "Lượng mua": ["1.600.000 kWh", "1.500.000 kWh"]})  # fmt: skip
    study = sx.Study(production=output, consumption=use, locale="vi", sector="thủy sản",
                     baseline="2022", reporting="2023")  # fmt: skip
    (item,) = [i for i in sx.assess(study).findings if i.code.startswith("plausible.")]
    assert item.code == "plausible.norm_basis"
    assert "reporting" not in item.numbers


def test_far_from_every_published_figure_is_a_warning() -> None:
    found = [item for item in notes("bia", "2023", use=pd.DataFrame({
        "Tài nguyên": "Nước", "Kỳ": ["2022", "2023"],
        "Lượng mua": ["3.000.000 m3", "2.900.000 m3"]})) if item.severity == "warning"]  # fmt: skip
    (item,) = found
    assert item.code == "plausible.far_from_norm"
    assert item.numbers["figure"] == pytest.approx(2_900_000 / 6000, rel=1e-3)  # hl/hl = m3/m3
    assert item.numbers["nearest"] == 4.3


def test_a_product_that_no_norm_speaks_of() -> None:
    (item,) = notes("bia", "2023", product="Nước mắm")
    assert (item.code, item.severity) == ("plausible.norm_which", "note")


# -- places ------------------------------------------------------------------------------------


def test_in_a_workbook_the_very_cell_is_named(tmp_path: Path) -> None:
    rows = [["Kỳ", "Tài nguyên", "Lượng mua (kWh)"]]
    rows += [[month, "Điện", float(value)] for month, value in zip(MONTHS, USE, strict=True)]
    rows[5][2] = float(USE[4] * 1000)
    path = write_book(tmp_path / "s.xlsx", {
        "Cài đặt": [["kiểu số", "vi"], ["kỳ nền", 2013], ["kỳ báo cáo", 2014]],
        "Sản lượng": [["Kỳ", "Sản lượng (tấn)"], *map(list, zip(MONTHS, MADE, strict=True))],
        "Tiêu thụ": rows})  # fmt: skip
    found = sx.check_study(path)
    row = found[found["code"] == "plausible.magnitude"].iloc[0]
    assert (row["file"], row["sheet"], row["cell"], row["severity"]) == (
        "s.xlsx", "Tiêu thụ", "C6", "warning")  # fmt: skip
    assert row["value"] == str(int(USE[4] * 1000))


def test_check_study_tells_plausibility_also_where_the_assessment_refuses(tmp_path: Path) -> None:
    path = write_study(tmp_path / "a", 'locale = "vi"\nbaseline = "2013"\nreporting = "2014"\n'
                       'programme = "no-such"\n')  # fmt: skip
    found = sx.check_study(path)
    assert found["severity"].tolist() == ["error"]


def test_a_study_keeps_its_places_through_pickling() -> None:
    study = sx.Study(production=made(), consumption=bills(), **SETTINGS)
    again = pickle.loads(pickle.dumps(study))
    place = again.places.place("consumption", 6, "quantity")
    assert (place.row, place.column) == (6, "Lượng mua (kWh)")
    assert again.places.typed("consumption", 6, "quantity") == str(int(USE[4]))
    assert again.places.place("consumption", 999, "quantity").column == ""
    assert again.places.typed("prices", 2, "price") == ""
