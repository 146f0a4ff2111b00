"""End uses, savings by end use, by tariff period and of power; prices of power."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study_folders import codes, found, write_study

import sxsh_audit as sx
from sxsh_audit import read_study
from sxsh_audit.language.messages import describe

OPTIONS = "Mã giải pháp;Giải pháp\nA;Đèn LED\nB;Khí nén\n"


def uses(folder: Path, headings: str, *rows: str, **files: str) -> Path:
    return write_study(folder, ho_tieu_thu="\n".join([headings, *rows]) + "\n", **files)


def savings(folder: Path, headings: str, *rows: str, **files: str) -> Path:
    return write_study(folder, giai_phap=OPTIONS,
                       loi_ich_giai_phap="\n".join([headings, *rows]) + "\n", **files)  # fmt: skip


# -- the table of end uses ---------------------------------------------------------------------


def test_a_share_is_a_percentage_or_a_fraction(tmp_path: Path) -> None:
    head = "Tài nguyên;Hộ tiêu thụ;Tỷ trọng"
    path = uses(tmp_path, head, "Điện;Chiếu sáng;60 %", "Điện;Khí nén;0,3", "Nước;Rửa;1")
    assert read_study(path).end_uses["share"].tolist() == [0.6, 0.3, 1.0]
    path = uses(tmp_path, head + " (%)", "Điện;Chiếu sáng;60", "Điện;Khí nén;30 %")
    assert read_study(path).end_uses["share"].tolist() == [0.6, 0.3]


def test_a_quantity_of_a_year(tmp_path: Path) -> None:
    head = "Tài nguyên;Hộ tiêu thụ;Lượng dùng một năm;Đơn vị"
    path = uses(tmp_path, head, "Điện;a;1,2;MWh", "Điện;b;100;kWh/tháng", "Điện;c;5;MWh/năm")
    frame = read_study(path).end_uses
    assert frame["quantity"].tolist() == [1200.0, 1200.0, 5000.0]  # 100 × 12
    assert set(frame["unit"]) == {"kWh"}
    assert np.isnan(frame["share"]).all()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["Điện;Chiếu sáng;60;"], [("table.bare_percentage", 2)]),
        (["Điện;Chiếu sáng;160 %;"], [("table.above_whole", 2)]),
        (["Điện;Chiếu sáng;-10 %;"], [("table.negative", 2)]),
        (["Điện;a;10 %;", "Điện;A ;20 %;"], [("table.repeated", 3)]),
        (["Điện;a;60 %;", "Nước;b;50 %;", "Điện;c;50 %;"], [("table.shares_over_whole", 4)]),
        (["Điện;;60 %;"], [("table.empty", 2)]),
        (["Điệnn;a;60 %;"], [("table.unknown_resource", 2)]),
        (["Điện;a;;5 tấn"], [("table.two_dimensions", 2)]),
        (["Điện;a;;"], [("table.missing_share", 2)]),
    ],
)
def test_faults_of_end_uses(
    tmp_path: Path, rows: list[str], expected: list[tuple[str, int]]
) -> None:
    path = uses(tmp_path, "Tài nguyên;Hộ tiêu thụ;Tỷ trọng;Lượng dùng một năm", *rows)
    seen = [(item.code, item.place.row) for item in found(path)]
    assert seen == expected
    for item in found(path):
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]


def test_the_sum_is_told_with_the_resource(tmp_path: Path) -> None:
    path = uses(tmp_path, "Tài nguyên;Hộ tiêu thụ;Tỷ trọng", "Điện;a;60 %", "Điện;b;50 %")
    (item,) = found(path)
    assert "«Điện» là 110 %" in describe(item, "vi")
    assert "«Electricity» add up to 110%" in describe(item, "en")


def test_shares_that_make_one_but_for_the_last_digit(tmp_path: Path) -> None:
    tenths = [f"Điện;u{i};0,1" for i in range(10)]  # the sum of ten 0.1 is 0.9999999999999999
    thirds = [f"Nước;v{i};{share}" for i, share in enumerate(("0,1", "0,2", "0,7"))]
    path = uses(tmp_path, "Tài nguyên;Hộ tiêu thụ;Tỷ trọng", *tenths, *thirds)
    assert codes(path) == []


def test_shares_are_those_of_their_plant() -> None:
    frame = pd.DataFrame({"Mã cơ sở": ["X", "Y"] * 2, "Tài nguyên": ["Điện"] * 4,
                          "Hộ tiêu thụ": ["a", "a", "b", "b"], "Tỷ trọng": [0.6] * 4})  # fmt: skip
    made = pd.DataFrame({"Mã cơ sở": ["X", "X", "Y", "Y"], "Kỳ": ["2013", "2014"] * 2,
                         "Sản lượng (tấn)": [1.0] * 4})  # fmt: skip
    used = made.rename(columns={"Sản lượng (tấn)": "Lượng mua (kWh)"})
    used["Tài nguyên"] = "Điện"
    with pytest.raises(sx.StudyError) as refused:
        sx.Study(production=made, consumption=used, end_uses=frame, baseline="2013",
                 reporting="2014")  # fmt: skip
    over = [item for item in refused.value.findings if item.code == "table.shares_over_whole"]
    assert [item.place.row for item in over] == [4, 5]  # 1.2 in each plant
    good = frame.assign(**{"Tỷ trọng": [0.6, 0.6, 0.4, 0.4]})
    study = sx.Study(production=made, consumption=used, end_uses=good, baseline="2013",
                     reporting="2014")  # fmt: skip
    assert study.end_uses.groupby("facility")["share"].sum().tolist() == [1.0, 1.0]
    with pytest.raises(sx.StudyError) as refused:
        sx.Study(production=made, consumption=used, end_uses=good.drop(columns="Mã cơ sở"),
                 baseline="2013", reporting="2014")  # fmt: skip
    assert "table.which_facility" in {item.code for item in refused.value.findings}


# -- savings -----------------------------------------------------------------------------------


def test_an_end_use_must_be_listed_where_the_resource_lists_any(tmp_path: Path) -> None:
    listed = "Tài nguyên;Hộ tiêu thụ;Tỷ trọng\nĐiện;Chiếu sáng;60 %\nĐiện;Khí nén;30 %\n"
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị;Hộ tiêu thụ"
    rows = ["A;Điện;5;kWh;CHIẾU SÁNG", "B;Điện;5;kWh;Khi nén", "B;Nước;5;m3;rửa", "A;Nước;1;m3;Rửa"]
    path = savings(tmp_path, head, *rows, ho_tieu_thu=listed)
    (item,) = found(path)
    assert (item.code, item.place.row, item.numbers["near"][0]) == (
        "table.unknown_end_use", 3, "Khí nén")  # fmt: skip
    rows[1] = "B;Điện;5;kWh;"
    path = savings(tmp_path, head, *rows, ho_tieu_thu=listed)
    # Spelt as in the table; without one as in the row that came first.
    assert read_study(path).option_savings["end_use"].tolist() == ["Chiếu sáng", "", "rửa", "rửa"]


def test_the_range_of_a_saving_is_in_its_unit(tmp_path: Path) -> None:
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị;Tiết kiệm từ;Tiết kiệm đến"
    rows = ["A;Điện;5;MWh;4;6", "B;Điện;-5;MWh;-6;-4"]
    frame = read_study(savings(tmp_path, head, *rows)).option_savings
    assert frame["quantity_low"].tolist() == [4000.0, -6000.0]
    assert frame["quantity_high"].tolist() == [6000.0, -4000.0]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A;Điện;5 MWh;6;7", "table.quantity_range", "Tiết kiệm từ"),
        ("A;Điện;5 MWh;3;4", "table.quantity_range", "Tiết kiệm đến"),
        ("A;Điện;5 MWh;4 tấn;6", "table.range_unit", "Tiết kiệm từ"),
        ("A;Điện;5 MWh;;4", "table.quantity_range", "Tiết kiệm đến"),
    ],
)
def test_faults_of_a_range(tmp_path: Path, row: str, code: str, column: str) -> None:
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Tiết kiệm từ;Tiết kiệm đến"
    (item,) = found(savings(tmp_path, head, row))
    assert (item.code, item.place.column) == (code, column)


def test_power_saved_is_a_demand_and_no_energy(tmp_path: Path) -> None:
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị;Khung giờ"
    rows = ["A;Điện;0,5;MW;cao điểm", "A;Điện;900;kWh;cao điểm", "B;Điện;1;kWh;"]
    study = read_study(savings(tmp_path, head, *rows))
    frame = study.option_savings
    assert frame["demand"].tolist() == [True, False, False]
    assert frame["quantity"].tolist() == [500.0, 900.0, 1.0]
    assert frame["unit"].tolist() == ["kW", "kWh", "kWh"]
    assert frame["tariff_period"].tolist() == ["peak", "peak", ""]


def test_power_of_what_is_metered_in_tonnes_is_a_fault(tmp_path: Path) -> None:
    use = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nThan;2013;10;tấn\nThan;2014;10;tấn\n"
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị"
    assert codes(savings(tmp_path, head, "A;Than;5;kW", tieu_thu=use)) == ["table.two_dimensions"]


def test_power_is_not_priced_as_energy(tmp_path: Path) -> None:
    """500 kW at 1,500 đồng/kWh would be 750,000 đồng a year; without a charge it is unknown."""
    prices = "Tài nguyên;Đơn giá;Đơn vị\nĐiện;1.500;đồng/kWh\n"
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị"
    path = savings(tmp_path, head, "A;Điện;500;kW", "B;Điện;100;kWh", gia=prices)
    options = sx.assess(read_study(path)).options.to_frame().set_index("option")
    assert np.isnan(options.loc["A", "annual_saving"])
    assert options.loc["B", "annual_saving"] == 150_000


# -- prices of power and by tariff period ------------------------------------------------------

PRICES = "Tài nguyên;Đơn giá;Đơn vị;Loại giá;Khung giờ\n"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Điện;286.153;đồng/kW.tháng;công suất;", 3_433_836.0),  # × 12
        ("Điện;286.153;đồng/kW/tháng;công suất;", 3_433_836.0),
        ("Điện;286.153;VND/kW/month;demand;", 3_433_836.0),
        ("Điện;0,286153;triệu đồng/kW/tháng;;", 3_433_836.0),  # can be nothing else
        ("Điện;286,153;nghìn đồng/MW·năm;công suất;", 286.153),
        ("Điện;286.153 đồng/kW/tháng;;công suất;", 3_433_836.0),
    ],
)
def test_a_demand_charge_is_money_for_a_kw_and_year(
    tmp_path: Path, row: str, expected: float
) -> None:
    price = read_study(write_study(tmp_path, gia=PRICES + row + "\n")).prices.iloc[0]
    assert price["price"] == pytest.approx(expected, rel=1e-12)
    assert (price["unit"], price["kind"]) == ("kW", "demand")


def test_the_unit_of_a_demand_charge_in_the_heading(tmp_path: Path) -> None:
    text = "Tài nguyên;Đơn giá (đồng/kW/tháng);Loại giá\nĐiện;286.153;công suất\n"
    assert read_study(write_study(tmp_path, gia=text)).prices["price"].tolist() == [3_433_836.0]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Điện;286.153;đồng/kW;công suất;", "table.demand_price"),  # a month or a year?
        ("Điện;1.500;đồng/kWh;công suất;", "table.demand_price"),
        ("Điện;1.500;đồng/kW.tháng;bình quân;", "table.price_unit"),
        ("Điện;1.500;đồng/tấn/tháng;công suất;", "unit.two_divisions"),
    ],
)
def test_faults_of_a_demand_charge(tmp_path: Path, row: str, code: str) -> None:
    (item,) = found(write_study(tmp_path, gia=PRICES + row + "\n"))
    assert (item.code, item.place.column) == (code, "Đơn vị")


def test_a_demand_charge_is_not_compared_with_prices_of_energy(tmp_path: Path) -> None:
    """3.4 million đồng for a kW and year beside bills of 1,500 đồng/kWh is no fault."""
    bills = "Tài nguyên;Kỳ;Lượng mua;Đơn vị;Thành tiền\n" + "".join(
        f"Điện;{year};1.200.000;kWh;1.800.000.000\n" for year in (2013, 2014))  # fmt: skip
    rows = "Điện;286.153;đồng/kW.tháng;công suất;\n"
    path = write_study(tmp_path, tieu_thu=bills, gia=PRICES + rows)
    told = {item.code for item in sx.assess(read_study(path)).findings}
    assert not any(code.startswith("plausible.price") for code in told)


def test_prices_by_tariff_period(tmp_path: Path) -> None:
    rows = "".join(f"Điện;{price};đồng/kWh;;{period}\n" for price, period in (
        ("1.453", "giờ bình thường"), ("2.673", "cao điểm"), ("918", "thấp điểm")))  # fmt: skip
    frame = read_study(write_study(tmp_path, gia=PRICES + rows)).prices
    assert dict(zip(frame["tariff_period"], frame["price"], strict=True)) == {
        "normal": 1453.0, "peak": 2673.0, "off_peak": 918.0}  # fmt: skip


# -- ranges without a quantity in between, shares beside quantities ----------------------------

RANGE = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị;Tiết kiệm từ;Tiết kiệm đến"


def test_a_range_without_a_quantity_is_a_saving(tmp_path: Path) -> None:
    path = savings(tmp_path, RANGE, "A;Điện;;MWh;4;6", "B;Điện;;;5 MWh;6", "A;Điện;;;;",
                   "B;Điện;;;4;6 MWh")  # fmt: skip
    assert [(item.code, item.place.row) for item in found(path)] == [("table.missing_saving", 4)]
    study = read_study(path)
    frame = study.option_savings
    assert np.isnan(frame["quantity"]).all()
    assert frame["quantity_low"].tolist()[:2] == [4000.0, 5000.0]
    assert frame["quantity_high"].tolist()[:2] == [6000.0, 6000.0]
    # A bare figure has the unit of the other end.
    assert frame.loc[3, ["quantity_low", "quantity_high"]].tolist() == [4000.0, 6000.0]
    assert frame["unit"].tolist() == ["kWh", "kWh", "", "kWh"]
    assert frame["shown_unit"].tolist() == ["MWh", "MWh", "", "MWh"]
    assert len(sx.assess(study).option_savings) == 4


def test_a_range_has_the_unit_of_the_heading_of_the_quantity(tmp_path: Path) -> None:
    head = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm (MWh);Tiết kiệm từ;Tiết kiệm đến"
    frame = read_study(savings(tmp_path, head, "A;Điện;;4;6", "B;Điện;5;4;6")).option_savings
    assert frame["quantity_low"].tolist() == [4000.0, 4000.0]


@pytest.mark.parametrize("row", ["A;Điện;;MWh;4;", "A;Điện;;MWh;;6"])
def test_one_end_alone_says_that_the_other_is_missing(tmp_path: Path, row: str) -> None:
    (item,) = found(savings(tmp_path, RANGE, row))
    assert (item.code, item.severity, item.place.row) == ("table.lone_end", "warning", 2)
    assert item.place.column == ("Tiết kiệm từ" if row.endswith("4;") else "Tiết kiệm đến")
    assert "chỉ có một đầu" in describe(item, "vi")
    assert "only one end" in describe(item, "en")
    # With money the effect is known.
    head = RANGE + ";Tiền tiết kiệm;Đơn vị tiền"
    assert found(savings(tmp_path, head, row + ";5;triệu đồng")) == []


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A;Điện;;;6 MWh;4 MWh", "table.quantity_range", "Tiết kiệm đến"),
        ("A;Điện;;;4 MWh;6 tấn", "table.range_unit", "Tiết kiệm đến"),
        ("A;;;MWh;4;6", "table.saving_without_resource", "Tài nguyên"),
        ("A;Điện;;tấn;4;6", "table.two_dimensions", "Đơn vị"),
    ],
)
def test_faults_of_a_range_alone(tmp_path: Path, row: str, code: str, column: str) -> None:
    (item,) = found(savings(tmp_path, RANGE, row))
    assert (item.code, item.place.column) == (code, column)


def test_a_range_of_power_is_a_demand(tmp_path: Path) -> None:
    frame = read_study(savings(tmp_path, RANGE, "A;Điện;;kW;4;6", "B;Điện;;kWh;4;6")).option_savings
    assert frame["demand"].tolist() == [True, False]


def test_shares_and_quantities_of_one_resource(tmp_path: Path) -> None:
    head = "Tài nguyên;Hộ tiêu thụ;Tỷ trọng;Lượng dùng một năm;Đơn vị"
    rows = ["Điện;a;60 %;;", "Điện;b;;200;MWh", "Điện;c;30 %;1;kWh", "Điện;d;;0;kWh",
            "Điện;e;;9e9;MWh", "Nước;f;;5;m3/tháng"]  # fmt: skip
    study = read_study(uses(tmp_path, head, *rows))
    assert [item.code for item in study.findings if item.severity == "warning"] == []
    frame = study.end_uses
    assert frame["share"].fillna(-1).tolist() == [0.6, -1, 0.3, -1, -1, -1]
    assert frame["quantity"].fillna(-1).tolist() == [-1, 2e5, 1, 0, 9e12, 60]  # 5 × 12
    only = read_study(uses(tmp_path, "Tài nguyên;Hộ tiêu thụ;Lượng dùng một năm", "Điện;a;5 MWh"))
    assert only.end_uses["quantity"].tolist() == [5000.0]
