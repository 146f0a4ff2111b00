"""Rules of the tables, one by one; expected values are worked out beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_folders import SETTINGS, codes, found, write_study

from sxsh_audit import read_study
from sxsh_audit.assessment.checking import all_findings
from sxsh_audit.language.messages import describe

HEAD = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\n"
BILLS = "Tài nguyên;Công tơ;Từ ngày;Đến ngày;Lượng mua;Đơn vị\n"
YEARS = "Điện;A;01/01/2013;31/12/2013;100;kWh\nĐiện;A;01/01/2014;31/12/2014;90;kWh\n"


def test_all_faults_of_all_files_come_at_once_in_order(tmp_path: Path) -> None:
    path = write_study(
        tmp_path,
        'baseline = "2013"\nreporting = "2014"\n',
        tieu_thu=HEAD + "Điện;2013;1.234;kWh\nĐiệnn;13/2014;-5;kwhh\n",
    )
    seen = [
        (item.place.file, item.place.row, item.place.column, item.value, item.code)
        for item in found(path)
    ]
    assert seen == [
        ("san_luong.csv", 2, "Sản lượng", "1.000", "number.two_readings"),
        ("san_luong.csv", 3, "Sản lượng", "1.100", "number.two_readings"),
        ("tieu_thu.csv", 2, "Lượng mua", "1.234", "number.two_readings"),
        ("tieu_thu.csv", 3, "Tài nguyên", "Điệnn", "table.unknown_resource"),
        ("tieu_thu.csv", 3, "Đơn vị", "kwhh", "unit.unknown"),
        ("tieu_thu.csv", 3, "Lượng mua", "-5", "table.negative"),
        ("tieu_thu.csv", 3, "Kỳ", "13/2014", "period.no_such_month"),
    ]


def test_both_readings_of_an_ambiguous_number_are_told(tmp_path: Path) -> None:
    path = write_study(tmp_path, 'baseline = "2013"\nreporting = "2014"\n')
    line = describe(found(path)[0], "vi")
    assert line.startswith("san_luong.csv, dòng 2, cột «Sản lượng»: `1.000` có hai cách đọc: 1000")


def test_a_long_run_of_one_fault_is_told_once(tmp_path: Path) -> None:
    rows = "".join(f"Điện;T{m}/{y};5;kwhh\n" for y in (2013, 2014) for m in range(1, 13))
    path = write_study(tmp_path, tieu_thu=HEAD + rows)
    (item,) = found(path)  # 24 rows: the first stands for 23 more
    assert item.place.row == 2
    assert item.numbers["alike"] == 23
    assert item.numbers["alike_rows"] == [3, 4, 5, 6, 7]
    assert "23 dòng nữa" in describe(item, "vi")


def test_use_is_opening_plus_purchases_less_closing(tmp_path: Path) -> None:
    head = "Tài nguyên;Kỳ;Tồn đầu kỳ (kg);Lượng mua;Tồn cuối kỳ;Đơn vị\n"
    path = write_study(
        tmp_path, tieu_thu=head + "Than;2013;10.000;100;20;tấn\nThan;2014;0;90;5.000 kg;tấn\n"
    )
    # 10,000 kg + 100 t − 20 t = 90 t;  0 + 90 t − 5,000 kg = 85 t
    assert read_study(path).consumption["use"].tolist() == [90.0, 85.0]
    path = write_study(tmp_path, tieu_thu=head + "Than;2013;;100;20;tấn\nThan;2014;0;90;500;tấn\n")
    assert codes(path) == ["table.lone_stock", "table.negative_use"]


def test_a_unit_given_twice_must_agree(tmp_path: Path) -> None:
    path = write_study(
        tmp_path, tieu_thu=HEAD.replace("mua", "mua (MWh)") + "Điện;2013;1;kWh\nĐiện;2014;2;MWh\n"
    )
    (item,) = found(path)
    assert (item.code, item.place.row) == ("table.unit_conflict", 2)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Điện;B;01/01/2013;31/12/2013;50;kWh\n", []),  # another meter
        ("Điện;A;01/03/2013;31/03/2013;50;kWh\n", ["table.overlap"]),
        ("Điện;A;01/01/2014;31/12/2014;90;kWh\n", ["table.overlap"]),  # the same bill again
        ("Nước;A;01/03/2013;31/03/2013;5;m3\n", []),
        ("Điện;A;01/02/2015;01/01/2015;5;kWh\n", ["table.end_before_start"]),
        ("Điện;A;01/02/2015;;5;kWh\n", ["table.lone_date"]),
    ],
)
def test_overlapping_bills(tmp_path: Path, rows: str, expected: list[str]) -> None:
    assert codes(write_study(tmp_path, tieu_thu=BILLS + YEARS + rows)) == expected


def test_a_long_bill_hides_behind_the_ones_it_contains(tmp_path: Path) -> None:
    rows = "Điện;A;01/02/2014;28/02/2014;9;kWh\nĐiện;A;01/04/2014;30/04/2014;9;kWh\n"
    path = write_study(tmp_path, tieu_thu=BILLS + YEARS + rows)
    assert [item.numbers["first"] for item in found(path)] == [3, 3]


def test_the_day_of_the_reading_is_counted_once(tmp_path: Path) -> None:
    rows = "Điện;A;15/01/2013;15/02/2013;5;kWh\nĐiện;A;15/02/2013;15/03/2013;6;kWh\n"
    rows += "Điện;A;15/03/2014;15/04/2014;6;kWh\n"
    path = write_study(tmp_path, tieu_thu=BILLS + rows)
    assert codes(path) == []
    table = read_study(path).consumption
    assert (table["start"].iloc[1] - table["end"].iloc[0]) == 1


def test_bills_that_straddle_the_year_belong_to_the_study(tmp_path: Path) -> None:
    rows = "Điện;A;15/12/2013;14/01/2014;31;kWh\n"
    path = write_study(tmp_path, tieu_thu=BILLS + rows)
    assert codes(path) == []


def test_totals_of_phases(tmp_path: Path) -> None:
    head = "Tài nguyên;Giai đoạn;Lượng mua;Đơn vị\n"
    output = "Giai đoạn;Sản lượng;Đơn vị\nnền;5;t\nsau;5;t\n"
    good = head + "Điện;trước;100;kWh\nĐiện;báo cáo;90;kWh\n"
    path = write_study(tmp_path, 'locale = "vi"\n', tieu_thu=good, san_luong=output)
    assert found(path) == []
    assert read_study(path).consumption["phase"].tolist() == ["baseline", "reporting"]
    path = write_study(
        tmp_path, 'locale = "vi"\n', tieu_thu=good + "Điện;sau;90;kWh\n", san_luong=output
    )
    assert codes(path) == ["table.phase_again"]


def test_a_total_beside_dated_rows_counts_twice(tmp_path: Path) -> None:
    rows = "Tài nguyên;Giai đoạn;Kỳ;Lượng mua;Đơn vị\n"
    rows += "Điện;nền;;100;kWh\nĐiện;;T1/2013;9;kWh\nĐiện;sau;;90;kWh\n"
    assert codes(write_study(tmp_path, tieu_thu=rows)) == ["study.total_and_dates"]


def test_first_days_of_months_are_months(tmp_path: Path) -> None:
    rows = "".join(f"Điện;{y}-{m:02}-01;5;kWh\n" for y in (2013, 2014) for m in range(1, 13))
    path = write_study(tmp_path, tieu_thu=HEAD + rows)
    assert codes(path, "note") == ["table.whole_months"]
    table = read_study(path).consumption
    assert (table["end"] - table["start"] + 1).tolist()[:3] == [31, 28, 31]


def _months(*periods: str) -> str:
    return HEAD + "".join(f"Điện;{period};5;kWh\n" for period in periods)


@pytest.mark.parametrize("typed", ["2013-01-01", "01/01/2013", "31/01/2013", "41275"])
def test_a_date_in_a_column_of_months_is_a_month(tmp_path: Path, typed: str) -> None:
    # 41275 is 1 January 2013 as Excel counts its days, from 30 December 1899 on
    path = write_study(tmp_path, tieu_thu=_months(typed, "02/2013", "01/2014", "T2/2014"))
    assert [(item.code, item.numbers["count"]) for item in found(path)] == [
        ("table.whole_months", 1)
    ]
    table = read_study(path).consumption
    assert (table["end"] - table["start"] + 1).tolist() == [31, 28, 31, 28]


@pytest.mark.parametrize(
    ("periods", "rows"),
    [
        (("15/01/2013", "02/2013", "01/2014"), [2]),  # a day of the month, among months
        (("2013-01-01", "Quý II/2013", "2014"), [2]),  # the month, the quarter or the day
        (("2013-01-01", "2014-01-01"), [2, 3]),  # turns of the year may stand for the years
        (("2013", "2014-06-30"), [3]),
    ],
)
def test_a_date_with_two_meanings_is_no_period_of_one_day(
    tmp_path: Path, periods: tuple[str, ...], rows: list[int]
) -> None:
    path = write_study(tmp_path, tieu_thu=_months(*periods))
    doubt = [item.place.row for item in found(path) if item.severity == "error"]
    assert doubt == rows
    assert set(codes(path)) == {"table.day_or_month"}


def test_deliveries_by_day_stay_days_beside_bills_by_month(tmp_path: Path) -> None:
    bills = _months("01/2013", "02/2013", "01/2014", "02/2014")
    coal = "".join(
        f"Than;{day};5;tấn\n" for day in ("2013-02-01", "2013-02-15", "2014-02-01", "2014-02-17")
    )
    path = write_study(tmp_path, tieu_thu=bills + coal)
    assert found(path) == []
    table = read_study(path).consumption
    assert (table["end"] - table["start"] + 1).tolist() == [31, 28, 31, 28, 1, 1, 1, 1]


def test_the_days_of_a_bill_count_more_than_its_date(tmp_path: Path) -> None:
    rows = "Tài nguyên;Kỳ;Từ ngày;Đến ngày;Lượng mua;Đơn vị\n" + "".join(
        f"Điện;{y}-02-01;{y}-01-05;{y}-02-04;5;kWh\n" for y in (2013, 2014)
    )
    table = read_study(write_study(tmp_path, tieu_thu=rows)).consumption
    assert (table["end"] - table["start"] + 1).tolist() == [31, 31]


def test_a_resource_in_the_heading_is_that_of_all_rows(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu="Kỳ;Điện năng (kWh)\n2013;100\n2014;90\n")
    (note,) = found(path)
    assert (note.code, note.severity, note.numbers) == (
        "table.resource_heading", "note", {"key": "electricity"},
    )  # fmt: skip
    assert "«Điện»" in describe(note, "vi")
    table = read_study(path).consumption
    assert table[["resource", "use", "unit"]].values.tolist() == [
        ["electricity", 100.0, "kWh"], ["electricity", 90.0, "kWh"],
    ]  # fmt: skip


def test_a_resource_in_the_heading_beside_the_column_of_resources(tmp_path: Path) -> None:
    rows = "Tài nguyên;Kỳ;Than (tấn)\nThan;2013;100\nThan;2014;90\n"
    path = write_study(tmp_path / "a", tieu_thu=rows)
    assert found(path) == []
    assert read_study(path).consumption["use"].tolist() == [100.0, 90.0]
    two = "Tài nguyên;Kỳ;Than (tấn);Nước (m3)\nThan;2013;100;5\nThan;2014;90;6\n"
    path = write_study(tmp_path / "b", tieu_thu=two)
    assert codes(path) == ["table.missing_column"]
    assert codes(path, "warning") == ["table.resource_column"] * 2


def test_an_unknown_heading_is_told_where_to_name_it(tmp_path: Path) -> None:
    rows = "Tài nguyên;Kỳ;Chỉ số cuối;Đơn vị\nĐiện;2013;100;kWh\n"
    lines = [describe(item, "vi") for item in found(write_study(tmp_path, tieu_thu=rows))]
    assert "thiếu cột bắt buộc «Lượng mua»" in lines[1]
    key = "khóa «columns.consumption.Chỉ số cuối» với tên cột, ở trang «Thông tin chung»"
    assert key in lines[0]
    assert not [line for line in lines if " / " in line]  # one language at a time
    assert "«Quantity» is missing" in describe(found(tmp_path)[1], "en")


def test_unknown_resources_are_answered_with_names_and_keys(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu=HEAD + "Than cám loại 5;2013;1;tấn\n")
    item = next(item for item in found(path) if item.code == "table.unknown_resource")
    assert "coal_cam_5_6" in item.numbers["near"]
    assert "Than cám loại 5, 6 (coal_cam_5_6)" in describe(item, "vi")
    assert "Coal dust, grades 5–6 (coal_cam_5_6)" in describe(item, "en")
    assert "Coal" not in describe(item, "vi")


def test_the_output_rule_holds_at_each_plant(tmp_path: Path) -> None:
    use = "Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\n" + "".join(
        f"NM{p};Điện;{y};{p};kWh\n" for p in (1, 2, 3) for y in (2013, 2014)
    )
    output = "Mã cơ sở;Sản phẩm;Kỳ;Sản lượng (tấn)\n" + "".join(
        f"NM{p};{name};{y};5\n"
        for p, names in ((1, "AB"), (2, "BC"), (3, "B"))
        for name in names
        for y in (2013, 2014)
    )
    path = write_study(tmp_path, SETTINGS + 'output = "A"\n', tieu_thu=use, san_luong=output)
    (item,) = found(path)
    assert (item.code, item.place.facility) == ("study.unknown_output", "NM2")
    assert item.numbers["products"] == ["B", "C"]


@pytest.mark.parametrize(
    ("units", "basis", "expected"),
    [
        (("tấn clinker", "tấn xi măng"), ("", ""), ["study.basis"]),
        (("tấn clinker", "tấn xi măng"), ("PCB40", "PCB40"), []),
        (("tấn clinker", "Tấn Clinker"), ("", ""), []),
        (("tấn sản phẩm", "tấn"), ("", ""), []),  # says no more than «tấn»
        (("tấn", "tấn bột"), ("", ""), []),  # the name of the product itself
        (("tấn clinker", "tấn"), ("", ""), ["study.basis"]),
    ],
)
def test_words_beside_the_unit_are_a_basis(
    tmp_path: Path, units: tuple[str, str], basis: tuple[str, str], expected: list[str]
) -> None:
    rows = "Sản phẩm;Kỳ;Sản lượng;Đơn vị;Cơ sở tính\n" + "".join(
        f"Bột;{year};5;{unit};{word}\n"
        for year, unit, word in zip((2013, 2014), units, basis, strict=True)
    )
    assert codes(write_study(tmp_path, san_luong=rows)) == expected


def test_overlaps_name_the_days_and_the_resource(tmp_path: Path) -> None:
    path = write_study(
        tmp_path, tieu_thu=BILLS + YEARS + "Điện;A;01/03/2013;31/03/2013;50;kWh\n"
    )
    line = describe(found(path)[0], "vi")
    assert "«Điện»: các ngày 01/03/2013 – 31/03/2013" in line
    assert "01/01/2013 – 31/12/2013 của dòng 2" in line
    made = "Sản phẩm;Kỳ;Sản lượng;Đơn vị\nBột;2013;5;t\nBột;T3/2013;5;t\nBột;2014;5;t\n"
    (item,) = found(write_study(tmp_path / "b", san_luong=made))
    assert (item.code, item.numbers["key"]) == ("table.overlap_product", "Bột")


def test_two_kinds_of_unit_of_a_product_speak_of_the_product(tmp_path: Path) -> None:
    made = "Sản phẩm;Kỳ;Sản lượng;Đơn vị\nBột;2013;5;t\nBột;2014;5;cái\n"
    item = found(write_study(tmp_path, san_luong=made))[0]
    assert item.code == "table.product_dimensions"
    line = describe(item, "vi")
    assert "sản phẩm «Bột»" in line
    assert "theo tấn, ô này theo cái" in line
    assert "tài nguyên" not in line


def test_an_option_may_be_under_way(tmp_path: Path) -> None:
    rows = "STT;Giải pháp;Tình trạng\n1;Thay đèn;đang làm\n2;Bọc ống;đang thực hiện\n"
    study = read_study(write_study(tmp_path, giai_phap=rows))
    assert study.options["status"].tolist() == ["in_progress", "in_progress"]


def test_fixes_say_what_to_write(tmp_path: Path) -> None:
    rows = HEAD + "Điện;2013;81.8247;kWh\nĐiện;2014;khoảng 500;kWh\nTổng cộng;;5;\n"
    first, second, total = (describe(item, "vi") for item in found(write_study(
        tmp_path, tieu_thu=rows)))  # fmt: skip
    assert "Cách sửa: viết 81,8247, hoặc khai" in first
    assert "ghi «ước tính» ở cột «Chất lượng số liệu»" in second
    assert total.count("4") == 1  # the row is told once, at its place


def test_several_plants(tmp_path: Path) -> None:
    use = "Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\n" + "".join(
        f"NM{p};Điện;{y};{p};kWh\n" for p in (1, 2) for y in (2013, 2014)
    )
    output = "Mã cơ sở;Kỳ;Sản lượng (tấn)\n" + "".join(
        f"NM{p};{y};5\n" for p in (1, 2) for y in (2013, 2014)
    )
    price = "Tài nguyên;Đơn giá;Đơn vị\nĐiện;1.500;đồng/kWh\n"
    study = read_study(write_study(tmp_path, tieu_thu=use, san_luong=output, gia=price))
    # One price list without plants is the price list of each plant.
    assert study.prices[["facility", "price"]].values.tolist() == [["NM1", 1500.0], ["NM2", 1500.0]]
    path = write_study(tmp_path, tieu_thu=use + ";Điện;2013;1;kWh\n", san_luong=output)
    assert codes(path) == ["table.which_facility"]
    path = write_study(
        tmp_path, tieu_thu=use, san_luong=output, co_so="Mã cơ sở;Tên cơ sở\nNM1;Một\nNM3;Ba\n"
    )
    assert set(codes(path)) == {"table.unknown_facility"}


def test_one_plant_named_in_one_table_is_the_plant(tmp_path: Path) -> None:
    use = "Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\nNM;Điện;2013;1;kWh\nNM;Điện;2014;1;kWh\n"
    study = read_study(write_study(tmp_path, tieu_thu=use))
    assert set(study.production["facility"]) == {"NM"}


def test_prices(tmp_path: Path) -> None:
    head = "Tài nguyên;Đơn giá;Đơn vị;Thuế GTGT;Thuế suất GTGT\n"
    path = write_study(tmp_path, gia=head + "Điện;1.650;đồng/kWh;đã gồm;10 %\n")
    assert read_study(path).prices["price"].tolist() == [
        pytest.approx(1500.0, rel=1e-12)
    ]  # 1650 / 1.1
    path = write_study(
        tmp_path, gia=head + "Điện;1.650;đồng/m3;đã gồm;10\nĐiện;2;đồng/kWh;có VAT;\n"
    )
    assert codes(path) == ["table.price_unit", "table.vat_rate", "table.no_vat_rate"]


def test_options_by_name_and_cost_in_words(tmp_path: Path) -> None:
    options = (
        "STT;Giải pháp;Chi phí đầu tư (triệu đồng)\n1;Thay đèn;5\n2;Bọc ống;thấp\nTổng cộng;;5\n"
    )
    savings = "Giải pháp;Tài nguyên;Lượng tiết kiệm;Đơn vị\nthay đèn;Điện;2;MWh\n2;Điện;1;kWh\n"
    study = read_study(write_study(tmp_path, giai_phap=options, loi_ich=savings))
    assert study.options[["option", "cost"]].iloc[0].tolist() == ["1", 5e6]
    assert study.options["cost_class"].tolist() == ["", "low"]
    assert study.option_savings[["option", "quantity"]].values.tolist() == [
        ["1", 2000.0],
        ["2", 1.0],
    ]
    only_names = "Giải pháp;Chi phí đầu tư\nThay đèn;5 triệu đồng\n"
    study = read_study(write_study(tmp_path / "b", giai_phap=only_names))
    assert study.options["option"].tolist() == ["Thay đèn"]


@pytest.mark.parametrize(
    ("rule", "unit", "expected"),
    [
        ("", "t", ["study.several_products"]),
        ("mass", "t", []),
        ("mass", "cái", ["study.not_mass"]),
        ("A", "cái", []),
        ("C", "t", ["study.unknown_output"]),
        ("equivalence", "cái", ["study.no_equivalence"]),
    ],
)
def test_several_products_need_a_rule(
    tmp_path: Path, rule: str, unit: str, expected: list[str]
) -> None:
    rows = "".join(f"{p};{y};5;{u}\n" for p, u in (("A", "t"), ("B", unit)) for y in (2013, 2014))
    settings = SETTINGS + (f'output = "{rule}"\n' if rule else "")
    path = write_study(tmp_path, settings, san_luong="Sản phẩm;Kỳ;Sản lượng;Đơn vị\n" + rows)
    assert codes(path) == expected


def test_unequal_bases_block(tmp_path: Path) -> None:
    rows = (
        "Sản phẩm;Kỳ;Sản lượng;Đơn vị;Loại sản lượng;Độ ẩm\n"
        "Bột;2013;5;t;thành phẩm;12 %\nBột;2014;5;t;tổng sản lượng;40 %\n"
    )
    path = write_study(tmp_path, san_luong=rows)
    assert codes(path) == ["study.output_basis", "study.basis"]


def test_numbers_beyond_what_can_be_computed(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu=HEAD + "Điện;2013;1e308;MWh\nĐiện;2014;-0;kWh\n")
    assert codes(path) == ["number.out_of_range"]  # 1e308 MWh = 1e311 kWh


def test_a_file_that_cannot_be_read_is_the_only_fault(tmp_path: Path) -> None:
    path = write_study(tmp_path, san_luong=b"\xe1\xe2\xe3;\xe4\n1;2\n")
    assert codes(path) == ["file.encoding"]  # and not «there is no production» besides


def test_a_year_without_a_grid_factor_is_told_at_its_line(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[2] / "examples" / "thuy-san"
    for file in source.iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(
            text.replace('lưới" = "2016"', 'lưới" = "1999"'), encoding="utf-8")  # fmt: skip
    line = next(number for number, text in enumerate(
        (tmp_path / "study.toml").read_text(encoding="utf-8").splitlines(), start=1)
        if "1999" in text)  # fmt: skip
    [found] = [item for item in all_findings(tmp_path) if item.severity == "error"]
    assert (found.code, found.value) == ("emission.no_such_year", "1999")
    assert (found.place.file, found.place.row) == ("study.toml", line)
