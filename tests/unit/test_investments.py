"""Options as investments and as a plan; expected values are worked out beside them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from study_folders import SETTINGS, codes, found, write_study

import sxsh_audit as sx
from sxsh_audit import read_study
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.days import EPOCH, NO_DAY

HEAD = "Mã giải pháp;Giải pháp;Chi phí đầu tư;Đơn vị tiền;Tình trạng"
REPORT = SETTINGS + "report_date = 2014-12-31\n"


def options(folder: Path, headings: str, *rows: str, settings: str = SETTINGS) -> Path:
    """Write a study whose options have further columns."""
    names = ["Bảo ôn", "Đèn LED, tầng 2", "Biến tần", "Máy nén khí"]
    lines = [f"{key};{name};{cells}" for key, name, cells in zip("ABCD", names, rows, strict=False)]
    head = ";".join(["Mã giải pháp", "Giải pháp", headings])
    return write_study(folder, settings, giai_phap="\n".join([head, *lines]) + "\n")


def column(path: Path, name: str) -> list[Any]:
    return list(read_study(path).options[name].tolist())


def day(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def test_a_study_without_the_columns_has_them_with_nothing_in_them(tmp_path: Path) -> None:
    frame = read_study(write_study(tmp_path, giai_phap=f"{HEAD}\nA;Bảo ôn;5;triệu đồng;\n")).options
    row = frame.iloc[0]
    numbers = ["lifetime", "construction_years", "saving_change", "salvage", "subsidy",
               "replacement_cost", "replacement_year", "actual_cost", "score_technical",
               "score_economic", "score_environmental"]  # fmt: skip
    assert all(np.isnan(row[name]) for name in numbers)
    assert {str(frame[name].dtype) for name in numbers} == {"float64"}
    assert [row[name] for name in ("exclusive_group", "requires", "owner", "evidence")] == [""] * 4
    assert (row["due"], row["in_service"], bool(row["must_have"])) == (NO_DAY, NO_DAY, False)
    assert frame["must_have"].dtype == bool


# -- years, money, fractions -------------------------------------------------------------------


def test_a_lifetime_is_a_number_of_years_or_an_amount_of_time(tmp_path: Path) -> None:
    path = options(tmp_path, "Tuổi thọ", "7,5", "90 tháng", "10 năm", "")
    assert column(path, "lifetime")[:3] == [7.5, 7.5, 10.0]  # 90 / 12 = 7.5
    assert np.isnan(column(path, "lifetime")[3])


def test_a_lifetime_under_a_heading_in_months(tmp_path: Path) -> None:
    assert column(options(tmp_path, "Tuổi thọ (tháng)", "36"), "lifetime") == [3.0]


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Tuổi thọ", "0", "table.not_positive"),
        ("Tuổi thọ", "5 tấn", "table.not_years"),
        ("Tuổi thọ", "lâu", "number.not_a_number"),
        ("Thời gian xây dựng", "1,5", "table.whole_years"),
        ("Thời gian xây dựng", "6 tháng", "table.whole_years"),
        ("Thời gian xây dựng", "-1", "table.negative"),
        ("Năm thay thế", "0", "table.not_positive"),
        ("Năm thay thế", "4,5", "table.whole_years"),
        ("Hỗ trợ", "-5", "table.negative"),
        ("Chi phí thực tế", "-5", "table.negative"),
        ("Chi phí thay thế", "5", "table.no_replacement_year"),
        ("Hỗ trợ", "5 USD", "table.currency"),
        ("Điểm kỹ thuật", "tốt", "number.not_a_number"),
        ("Thay đổi lợi ích mỗi năm", "-2", "table.bare_percentage"),
        ("Thay đổi lợi ích mỗi năm", "1", "table.bare_percentage"),
        ("Thay đổi lợi ích mỗi năm", "-120 %", "table.above_whole"),
        ("Thay đổi lợi ích mỗi năm (%)", "-0,02", "table.percent_or_fraction"),
        ("Bắt buộc", "chắc là", "table.choice"),
        ("Ngày đưa vào vận hành", "2014", "table.not_a_day"),
        ("Ngày đưa vào vận hành", "hôm qua", "period.not_a_period"),
        ("Hạn hoàn thành", "30/02/2014", "period.impossible"),
        ("Cần làm trước", "Z", "table.unknown_required"),
        ("Cần làm trước", "A", "table.requires_itself"),
    ],
)
def test_a_fault_is_on_its_cell(tmp_path: Path, heading: str, cell: str, code: str) -> None:
    (item,) = [one for one in found(options(tmp_path, heading, cell)) if one.severity == "error"]
    assert (item.code, item.place.row) == (code, 2)
    assert item.place.column == heading
    assert item.value in (cell, "") or code == "table.currency"
    for language in ("vi", "en"):
        assert "{" not in describe(item, language)  # type: ignore[arg-type]


def test_money_is_in_the_unit_of_its_row(tmp_path: Path) -> None:
    heads = "Đơn vị tiền;Giá trị thu hồi;Hỗ trợ;Chi phí thay thế;Năm thay thế;Chi phí thực tế"
    path = options(tmp_path, heads, "triệu đồng;1;50;10;5;210,5", "nghìn đồng;;;;;")
    row = read_study(path).options.iloc[0]
    names = ["salvage", "subsidy", "replacement_cost", "actual_cost"]
    assert row[names].tolist() == [1e6, 50e6, 10e6, 210.5e6]
    assert row["replacement_year"] == 5


def test_a_change_of_a_year_is_a_fraction(tmp_path: Path) -> None:
    path = options(tmp_path, "Thay đổi lợi ích mỗi năm", "-2 %", "-0,02", "3 phần trăm", "0")
    assert column(path, "saving_change") == [-0.02, -0.02, 0.03, 0.0]
    path = options(tmp_path, "Thay đổi lợi ích mỗi năm (%)", "-2", "-2 %", "0", "1,5")
    assert column(path, "saving_change") == pytest.approx([-0.02, -0.02, 0.0, 0.015])


def test_the_question_of_a_bare_percentage_gives_both_answers(tmp_path: Path) -> None:
    (item,) = found(options(tmp_path, "Thay đổi lợi ích mỗi năm", "-2"))
    assert "-2 %" in describe(item, "vi").replace("−", "-")
    assert "-0,02" in describe(item, "vi").replace("−", "-")


# -- dates -------------------------------------------------------------------------------------


def test_of_a_month_the_last_day_is_meant(tmp_path: Path) -> None:
    path = options(tmp_path, "Hạn hoàn thành;Ngày đưa vào vận hành",
                   "31/03/2015;15/02/2014", "Quý I/2015;02/2014", "2015;", ";")  # fmt: skip
    frame = read_study(path).options
    assert [day(n) for n in frame["due"][:3]] == [
        dt.date(2015, 3, 31), dt.date(2015, 3, 31), dt.date(2015, 12, 31)]  # fmt: skip
    assert [day(n) for n in frame["in_service"][:2]] == [
        dt.date(2014, 2, 15), dt.date(2014, 2, 28)]  # fmt: skip
    assert frame["due"][3] == frame["in_service"][2] == NO_DAY


# -- which go together -------------------------------------------------------------------------


def test_required_options_are_named_by_id_or_name(tmp_path: Path) -> None:
    path = options(tmp_path, "Cần làm trước", "", "A",
                   '"a; Đèn LED, tầng 2"', '"B, C; bảo ôn"')  # fmt: skip
    assert column(path, "requires") == ["", "A", "A;B", "B;C;A"]


def test_an_option_of_another_plant_is_not_required(tmp_path: Path) -> None:
    rows = "Mã cơ sở;Mã giải pháp;Giải pháp;Cần làm trước\nX;A;a;\nY;B;b;A\n"
    output = "Mã cơ sở;Kỳ;Sản lượng;Đơn vị\n" + "".join(
        f"{plant};{year};10;tấn\n" for plant in "XY" for year in (2013, 2014))  # fmt: skip
    use = "Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\n" + "".join(
        f"{plant};Điện;{year};10;kWh\n" for plant in "XY" for year in (2013, 2014))  # fmt: skip
    path = write_study(tmp_path, giai_phap=rows, san_luong=output, tieu_thu=use)
    (item,) = found(path)
    assert (item.code, item.place.row, item.numbers["near"]) == (
        "table.unknown_required", 3, ["B"])  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "circle"),
    [
        (("B", "A", "", ""), "A → B → A"),
        (("C", "", "D", "A"), "A → C → D → A"),
        (("", '"C; A"', "D", "B"), "B → C → D → B"),  # the way in is no part of the circle
    ],
)
def test_options_that_wait_for_each_other(
    tmp_path: Path, rows: tuple[str, ...], circle: str
) -> None:
    (item,) = found(options(tmp_path, "Cần làm trước", *rows))
    assert (item.code, item.numbers["circle"]) == ("table.requires_circle", circle)
    assert circle in describe(item, "vi")


def test_a_diamond_is_no_circle(tmp_path: Path) -> None:
    assert codes(options(tmp_path, "Cần làm trước", '"B; C"', "D", "D", "")) == []


def test_a_chain_as_long_as_the_table_is_followed(tmp_path: Path) -> None:
    """Five thousand options each after the one before: no recursion, and one circle at most."""
    count = 5000
    rows = [f"G{i};Tên {i};{'' if i == 0 else f'G{i - 1}'}" for i in range(count)]
    head = "Mã giải pháp;Giải pháp;Cần làm trước"
    assert codes(write_study(tmp_path, giai_phap="\n".join([head, *rows]))) == []
    rows[0] = f"G0;Tên 0;G{count - 1}"
    assert codes(write_study(tmp_path, giai_phap="\n".join([head, *rows]))) == [
        "table.requires_circle"]  # fmt: skip


def test_two_must_haves_of_one_group(tmp_path: Path) -> None:
    path = options(tmp_path, "Nhóm loại trừ;Bắt buộc", "Lò hơi;x", "đèn;có", "lò hơi;bắt buộc", ";")
    (item,) = found(path)
    assert (item.code, item.place.row) == ("table.two_must_haves", 4)
    assert item.numbers == {"group": "Lò hơi", "option": "A", "first": 2}
    path = options(tmp_path, "Nhóm loại trừ;Bắt buộc", "Lò hơi;x", "đèn;có", "lò hơi;không", ";")
    assert column(path, "must_have") == [True, True, False, False]
    assert column(path, "exclusive_group") == ["Lò hơi", "đèn", "Lò hơi", ""]


def test_an_option_does_not_require_one_that_excludes_it(tmp_path: Path) -> None:
    path = options(tmp_path, "Nhóm loại trừ;Cần làm trước", "Lò hơi;", "đèn;A", "lò hơi;A", ";")
    assert [(item.code, item.place.row) for item in found(path)] == [
        ("table.requires_excluded", 4)]  # fmt: skip


def test_an_option_that_waits_for_a_dropped_one_is_told(tmp_path: Path) -> None:
    path = options(tmp_path, "Tình trạng;Cần làm trước", "loại bỏ;", "đề xuất;A", "loại bỏ;A", ";B")
    (item,) = found(path)
    assert (item.code, item.severity, item.place.row) == ("table.requires_dropped", "warning", 3)


def test_what_a_data_frame_holds_is_read_as_well() -> None:
    """True, days and percentages of pandas, as a workbook hands them over."""
    made = pd.DataFrame({"Kỳ": ["2013", "2014"], "Sản lượng (tấn)": [1.0, 1.0]})
    used = pd.DataFrame({"Kỳ": ["2013", "2014"], "Tài nguyên": "Điện", "Lượng mua (kWh)": [1.0, 1]})
    given = pd.DataFrame({
        "option": ["A", "B"], "must_have": [True, False], "saving_change": [-0.02, np.nan],
        "in_service": pd.to_datetime(["2014-05-12", None]), "lifetime": [7.5, 10],
        "due": [dt.date(2014, 3, 31), None], "score_technical": [7, 8.5],
    })  # fmt: skip
    study = sx.Study(production=made, consumption=used, options=given, baseline="2013",
                     reporting="2014")  # fmt: skip
    frame = study.options
    assert frame["must_have"].tolist() == [True, False]
    assert frame["score_technical"].tolist() == [7.0, 8.5]
    assert frame["in_service"].tolist() == [(dt.date(2014, 5, 12) - EPOCH).days, NO_DAY]
    assert frame["due"].tolist() == [(dt.date(2014, 3, 31) - EPOCH).days, NO_DAY]


# -- the plan ----------------------------------------------------------------------------------

PLAN = "Tình trạng;Ngày đưa vào vận hành;Chi phí thực tế (triệu đồng);Bằng chứng"


def test_an_implemented_option_shows_what_proves_it(tmp_path: Path) -> None:
    path = options(tmp_path, PLAN, "đã thực hiện;01/03/2014;205;biên bản 12",
                   "đã thực hiện;;;hóa đơn", "đề xuất;;;", "đã duyệt;;;")  # fmt: skip
    (item,) = found(path)
    assert (item.code, item.severity, item.place.row) == ("table.plan_incomplete", "warning", 3)
    assert item.numbers["missing"] == ["options.in_service", "options.actual_cost"]
    assert "Ngày đưa vào vận hành, Chi phí thực tế" in describe(item, "vi")
    assert "In service, Actual cost" in describe(item, "en")


def test_a_list_without_a_plan_is_not_asked_for_one(tmp_path: Path) -> None:
    assert found(options(tmp_path, "Tình trạng", "đã thực hiện")) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("đã thực hiện;15/01/2015;1;x", ["table.in_service_later"]),
        ("đã thực hiện;31/12/2014;1;x", []),
        ("đang làm;15/01/2015;;", []),
        ("đang làm;31/12/2014;;", ["table.in_service_status"]),
        (";31/12/2014;;", ["table.in_service_status"]),
        ("loại bỏ;31/12/2014;;", []),
    ],
)
def test_state_and_date_agree_on_the_day_of_the_report(
    tmp_path: Path, state: str, code: list[str]
) -> None:
    assert codes(options(tmp_path, PLAN, state, settings=REPORT), "warning") == code
    # Without the date of a report no day is later or earlier than it.
    assert codes(options(tmp_path, PLAN, state), "warning") == []


def test_a_dropped_option_is_no_must_have(tmp_path: Path) -> None:
    path = options(tmp_path, "Tình trạng;Bắt buộc", "loại bỏ;x", "loại bỏ;không")
    assert [(item.code, item.place.row) for item in found(path)] == [
        ("table.dropped_must_have", 2)]  # fmt: skip


# -- figures that cannot be together -----------------------------------------------------------


def cells_at_fault(path: Path, severity: str = "error") -> list[tuple[str, int, str]]:
    items = [item for item in found(path) if item.severity == severity]
    for item in items:
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]
    return [(item.code, item.place.row, item.place.column) for item in items]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("100 triệu;200 triệu;", "Chi phí thấp nhất"),
        ("100 triệu;;50 triệu", "Chi phí cao nhất"),
        ("100 triệu;110 triệu;120 triệu", "Chi phí thấp nhất"),
        ("100 triệu;80 triệu;90 triệu", "Chi phí cao nhất"),
    ],
)
def test_a_cost_lies_in_its_range(tmp_path: Path, row: str, column: str) -> None:
    path = options(tmp_path, "Chi phí đầu tư;Chi phí thấp nhất;Chi phí cao nhất", row)
    assert cells_at_fault(path) == [("table.cost_outside", 2, column)]


def test_a_range_of_costs_that_holds_is_kept(tmp_path: Path) -> None:
    head = "Chi phí đầu tư;Chi phí thấp nhất;Chi phí cao nhất"
    path = options(tmp_path, head, "1,1 tỷ;1100 triệu;", "100 triệu;;100 triệu", ";80 triệu;",
                   "100 triệu;80 triệu;120 triệu")  # fmt: skip
    assert found(path) == []
    # A range the wrong way round is one fault and not two.
    path = options(tmp_path, head, "100 triệu;120 triệu;80 triệu")
    assert [code for code, *_ in cells_at_fault(path)] == ["table.cost_range"]


@pytest.mark.parametrize("heading", ["Tuổi thọ", "Thời gian xây dựng", "Năm thay thế"])
def test_years_that_no_plant_lasts(tmp_path: Path, heading: str) -> None:
    path = options(tmp_path, heading, "200", "201", "1e300", "2400 tháng")  # 2400 / 12 = 200
    assert cells_at_fault(path) == [
        ("table.too_many_years", 3, heading), ("table.too_many_years", 4, heading)]  # fmt: skip
    (first, _) = found(path)
    assert "90 tháng" in describe(first, "vi")


@pytest.mark.parametrize(
    ("row", "at_fault"),
    [
        ("100 triệu;;;;101 triệu", True),
        ("100 triệu;;;;100 triệu", False),
        ("1,1 tỷ;;;;1100 triệu", False),
        ("100 triệu;150 triệu;;;120 triệu", True),  # the cost counts before its range
        (";150 triệu;;;120 triệu", False),
        (";150 triệu;;;160 triệu", True),
        (";;;;160 triệu", False),  # a cost that is not known is no low one
        ("100 triệu;;đã thực hiện;90 triệu;95 triệu", True),
        ("100 triệu;;đã thực hiện;120 triệu;110 triệu", False),
        ("100 triệu;;đã thực hiện;;110 triệu", True),
        ("100 triệu;;đề xuất;120 triệu;110 triệu", True),  # not paid yet
    ],
)
def test_a_subsidy_is_at_most_the_cost(tmp_path: Path, row: str, at_fault: bool) -> None:
    head = "Chi phí đầu tư;Chi phí cao nhất;Tình trạng;Chi phí thực tế;Hỗ trợ"
    expected = [("table.subsidy_over_cost", 2, "Hỗ trợ")] if at_fault else []
    assert cells_at_fault(options(tmp_path, head, row)) == expected


def test_a_group_is_settled_once(tmp_path: Path) -> None:
    head = "Nhóm loại trừ;Tình trạng;Bắt buộc"
    for second in ("lò hơi;đã thực hiện;", "lò hơi;đề xuất;x"):
        path = options(tmp_path, head, "Lò hơi;đã thực hiện;", "Lò hơi;đề xuất;", second)
        assert cells_at_fault(path, "warning") == [("table.group_settled", 4, "Nhóm loại trừ")]
        (item,) = found(path)
        assert item.numbers == {"group": "Lò hơi", "option": "A", "first": 2}
    path = options(tmp_path, head, "Lò hơi;đề xuất;x", "Lò hơi;đã thực hiện;")
    assert cells_at_fault(path, "warning") == [("table.group_settled", 3, "Nhóm loại trừ")]


def test_a_group_with_one_that_is_settled_is_no_fault(tmp_path: Path) -> None:
    head = "Nhóm loại trừ;Tình trạng;Bắt buộc"
    rows = ["Lò hơi;đã thực hiện;x", "Lò hơi;loại bỏ;", "đèn;đã thực hiện;", ";đã thực hiện;x"]
    assert found(options(tmp_path, head, *rows)) == []
    # Two must-haves have an error of their own, which is enough.
    path = options(tmp_path, head, "Lò hơi;đề xuất;x", "Lò hơi;đề xuất;x")
    assert codes(path) == ["table.two_must_haves"]
    assert codes(path, "warning") == []
