"""The tables of a flow sheet: steps, flows between them, components of the flows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from study_folders import codes, found, write_book, write_study

import sxsh_audit as sx
from sxsh_audit import read_study
from sxsh_audit.errors import StudyError
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.days import NO_DAY
from sxsh_audit.tables.option_categories import NOT_CLEANER, cp_category
from sxsh_audit.tables.schema import choice_keys

STEPS = "Công đoạn;Thuộc công đoạn;Loại công đoạn;Chi phí hệ thống;Phân bổ theo;Giai đoạn;Mẻ"
FLOWS = "Mã dòng;Từ công đoạn;Đến công đoạn;Chất;Loại dòng;Giai đoạn;Lượng"
PARTS = "Mã dòng;Thành phần;Hàm lượng;Đơn vị;Giới hạn"


def table(headings: str, *rows: str) -> str:
    return "\n".join([headings, *rows]) + "\n"


def sheet(folder: Path, **files: str) -> Path:
    """Write a study of a flow sheet alone."""
    return write_study(folder, san_luong=None, tieu_thu=None, **files)


def seen(path: Path) -> list[tuple[str, int, str]]:
    """Code, row and column of everything that is found; every sentence can be told."""
    for item in found(path):
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]
    return [(item.code, item.place.row, item.place.column) for item in found(path)]


def study(**frames: Any) -> sx.Study:
    return sx.Study(**{name: pd.DataFrame(frame) for name, frame in frames.items()
                       if isinstance(frame, dict)},
                    **{name: value for name, value in frames.items()
                       if not isinstance(value, dict)})  # fmt: skip


# -- steps -------------------------------------------------------------------------------------


def test_a_step_is_a_process_whose_cost_follows_mass_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    path = sheet(
        tmp_path,
        cong_doan=table(STEPS, "Nghiền;;;50 triệu đồng;;;", "Xeo;;phụ trợ;;năng lượng;;",
                        "Sấy;xeo ;xử lý;;thành phần: chất  KHÔ;;"),
        dong_vat_chat=table(FLOWS, "F1;;Nghiền;bột;;nền;100 tấn"),
        thanh_phan_dong=table(PARTS, "F1;Chất khô;90 %;;"),
    )  # fmt: skip
    steps = read_study(path).tables.steps
    assert steps["step"].tolist() == ["Nghiền", "Xeo", "Sấy"]
    assert steps["kind"].tolist() == ["process", "utility", "treatment"]
    assert steps["key"].tolist() == ["mass", "energy", "component:Chất khô"]
    assert steps["parent"].tolist() == ["", "", "Xeo"]
    assert steps["system_cost"].iloc[0] == 50e6
    assert steps["waste_cost"].isna().all()  # not stated is not zero


def test_a_step_has_costs_of_its_own_in_each_phase(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        cong_doan=table(STEPS, "Nghiền;;phụ trợ;10;thể tích;nền;", "nghiền ;;;12;;báo cáo;"),
        dong_vat_chat=table(FLOWS, "F1;;Nghiền;bột;;nền;100 tấn"),
    )
    steps = read_study(path).tables.steps
    assert steps["step"].tolist() == ["Nghiền"] * 2
    assert steps["phase"].tolist() == ["baseline", "reporting"]
    assert steps["kind"].tolist() == ["utility"] * 2  # what the further row leaves empty
    assert steps["key"].tolist() == ["volume"] * 2
    assert steps["system_cost"].tolist() == [10.0, 12.0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["A;;;;;;", "a ;;;;;;"], [("table.repeated", 3, "Công đoạn")]),
        ([";;kho;;;;"], [("table.empty", 2, "Công đoạn")]),
        (["A;B;;;;;"], [("flow_tables.unknown_step", 2, "Thuộc công đoạn")]),
        (["A;A;;;;;"], [("flow_tables.own_parent", 2, "Thuộc công đoạn")]),
        (["A;B;;;;;", "B;C;;;;;", "C;A;;;;;"],
         [("flow_tables.parent_circle", 2, "Thuộc công đoạn")]),
        (["A;;;;;nền;", "A;;kho;;;báo cáo;", "A;;xử lý;;;;"],
         [("flow_tables.differs", 4, "Loại công đoạn")]),
        (["A;;nhà;;;;"], [("table.choice", 2, "Loại công đoạn")]),
        (["A;;;;màu;;"], [("flow_tables.allocation_key", 2, "Phân bổ theo")]),
        (["A;;;;thành phần: COD;;"], [("flow_tables.unknown_component", 2, "Phân bổ theo")]),
        (["A;;;-5;;;"], [("table.negative", 2, "Chi phí hệ thống")]),
        (["A;;;;;nền;M1"], [("flow_tables.batch_and_period", 2, "Mẻ"),
                            ("flow_tables.unknown_batch", 2, "Mẻ")]),
        (["A;;;;;;M7"], [("flow_tables.unknown_batch", 2, "Mẻ")]),
    ],
)  # fmt: skip
def test_faults_of_steps(
    tmp_path: Path, rows: list[str], expected: list[tuple[str, int, str]]
) -> None:
    path = sheet(tmp_path, cong_doan=table(STEPS, *rows),
                 dong_vat_chat=table(FLOWS, "F1;;A;bột;;nền;100 tấn"))  # fmt: skip
    here = [item for item in seen(path) if item[0] != "flow_tables.unknown_step" or item[2]
            != "Đến công đoạn"]  # fmt: skip
    assert here == expected


def test_a_circle_of_parts_is_told_once(tmp_path: Path) -> None:
    path = sheet(tmp_path, cong_doan=table(STEPS, "A;B;;;;;", "B;C;;;;;", "C;A;;;;;", "D;A;;;;;"),
                 dong_vat_chat=table(FLOWS, "F1;;A;bột;;nền;1 tấn"))  # fmt: skip
    (item,) = found(path)
    assert item.numbers["circle"] == "A → B → C → A"


# -- flows -------------------------------------------------------------------------------------


def test_flows_alone_are_a_study(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=table(
        FLOWS, "F1;;Nghiền;bột;;nền;100 tấn", "F2;nghiền;Xeo;bột;;nền;",
        "F3;Xeo;bên ngoài;giấy;sản phẩm;nền;90.000 kg"))  # fmt: skip
    checked = read_study(path)
    assert checked.findings[0].code == "flow_tables.no_unit"  # F2 is not measured, in what unit?
    flows = checked.tables.flows
    assert flows["source"].tolist() == ["", "Nghiền", "Xeo"]  # spelt alike without a table
    assert flows["target"].tolist() == ["Nghiền", "Xeo", ""]
    assert flows["kind"].tolist() == ["input", "internal", "product"]
    assert flows["quantity"].tolist()[::2] == [100.0, 90.0]
    assert np.isnan(flows["quantity"].iloc[1])  # not measured is never 0
    assert flows["unit"].tolist() == ["t", "", "t"]
    assert flows["shown_unit"].tolist() == ["t", "", "kg"]
    assert flows["phase"].tolist() == ["baseline"] * 3
    assert not len(checked.tables.steps)
    sx.assess(checked)


def test_a_study_of_nothing_is_refused() -> None:
    with pytest.raises(StudyError) as refused:
        sx.Study()
    assert [item.code for item in refused.value.findings] == ["study.empty"]


def test_steps_are_called_by_key_or_name(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        cong_doan=table("Công đoạn;Tên đầy đủ", "N;Nghiền bột", "X;Xeo"),
        dong_vat_chat=table(FLOWS, "F1;;nghiền bột;bột;;nền;1 tấn", "F2;n;XEO;bột;;nền;1 tấn"),
    )
    flows = read_study(path).tables.flows
    assert flows["target"].tolist() == ["N", "X"]
    assert flows["source"].tolist() == ["", "N"]


def test_an_unknown_step_is_told_with_near_ones(tmp_path: Path) -> None:
    path = sheet(tmp_path, cong_doan=table("Công đoạn;Loại công đoạn", "Nghiền;", "Xeo;kho"),
                 dong_vat_chat=table(FLOWS, "F1;;Nghiềm;bột;;nền;1 tấn"))  # fmt: skip
    (item,) = found(path)
    assert (item.code, item.place.row, item.place.column) == (
        "flow_tables.unknown_step", 2, "Đến công đoạn")  # fmt: skip
    assert item.numbers["near"][0] == "Nghiền"


def test_an_id_is_made_of_the_ends_and_of_what_flows(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=table(
        FLOWS, ";;Nghiền;bột;;nền;1 tấn", ";Nghiền;Xeo;bột;;nền;1 tấn",
        ";nghiền;xeo;BỘT;;báo cáo;2 tấn", ";Xeo;;giấy;sản phẩm;nền;1 tấn"))  # fmt: skip
    assert read_study(path).tables.flows["flow"].tolist() == [
        "→ Nghiền: bột", "Nghiền → Xeo: bột", "Nghiền → Xeo: bột", "Xeo →: giấy"]  # fmt: skip


def test_further_rows_of_a_flow_need_no_more_than_its_id(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=table(
        FLOWS, "F1;Nghiền;;nước;nước thải;nền;10 m3", "f1 ;;;;;báo cáo;8.000 lít"))  # fmt: skip
    flows = read_study(path).tables.flows
    assert flows["flow"].tolist() == ["F1", "F1"]
    assert flows["source"].tolist() == ["Nghiền", "Nghiền"]
    assert flows["kind"].tolist() == ["waste_water"] * 2
    assert flows["substance"].tolist() == ["nước"] * 2
    assert flows["quantity"].tolist() == [10.0, 8.0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["F1;;;bột;;nền;1 tấn"], [("flow_tables.outside_twice", 2, "Từ công đoạn")]),
        (["F1;bên ngoài;môi trường;bột;;nền;1 tấn"],
         [("flow_tables.outside_twice", 2, "Từ công đoạn")]),
        (["F1;A;a;bột;;nền;1 tấn"], [("flow_tables.same_step", 2, "Từ công đoạn")]),
        (["F1;A;;bột;;nền;1 tấn"], [("flow_tables.no_kind", 2, "Loại dòng")]),
        (["F1;A;B;bột;đầu vào;nền;1 tấn"], [("flow_tables.kind_input", 2, "Loại dòng")]),
        (["F1;;A;bột;tồn kho;nền;1 tấn"], [("flow_tables.kind_stock", 2, "Loại dòng")]),
        (["F1;A;;bột;tuần hoàn;nền;1 tấn"], [("flow_tables.kind_inside", 2, "Loại dòng")]),
        (["F1;;A;bột;nước thải;nền;1 tấn"], [("flow_tables.kind_output", 2, "Loại dòng")]),
        (["F1;;A;bột;xấu;nền;1 tấn"], [("table.choice", 2, "Loại dòng")]),
        (["F1;;A;bột;;nền;1 tấn", "F1;;B;bột;;báo cáo;1 tấn"],
         [("flow_tables.differs", 3, "Đến công đoạn")]),
        (["F1;;A;bột;;nền;1 tấn", "F1;;A;vôi;;báo cáo;1 tấn"],
         [("flow_tables.differs", 3, "Chất")]),
        (["F1;;A;bột;;nền;1 tấn", "F1;;A;bột;;báo cáo;1 m3"],
         [("flow_tables.two_dimensions", 3, "Lượng")]),
        (["F1;;A;bột;;nền;1 tấn", "f1;;A;bột;;nền;2 tấn"],
         [("flow_tables.repeated", 3, "Mã dòng")]),
        (["F1;;A;bột;;nền;1 tấn", "F2;;A;bột;;;1 tấn"],
         [("flow_tables.no_time", 3, "Giai đoạn")]),
        (["F1;;A;bột;;;1 tấn"], [("flow_tables.undated", 2, "")]),
        (["F1;;A;bột;;nền;-1 tấn"], [("flow_tables.negative", 2, "Lượng")]),
        (["F1;;A;bột;;nền;5 m3/h"], [("flow_tables.no_amount", 2, "Lượng")]),
        (["F1;;A;bột;;nền;5 kW"], [("flow_tables.no_amount", 2, "Lượng")]),
        (["F1;;A;bột;;nền;5 %"], [("table.no_unit", 2, "Lượng")]),
        (["F1;;A;bột;;nền;5"], [("table.no_unit", 2, "Lượng")]),
        (["F1;;A;bột;;nền;"], [("flow_tables.no_unit", 2, "Lượng")]),
    ],
)  # fmt: skip
def test_faults_of_flows(
    tmp_path: Path, rows: list[str], expected: list[tuple[str, int, str]]
) -> None:
    assert seen(sheet(tmp_path, dong_vat_chat=table(FLOWS, *rows))) == expected


def rows_of(tmp_path: Path, headings: str, *rows: str, **files: str) -> Path:
    """Write flows with the columns that all have, and those of `headings` behind them."""
    usual = "Mã dòng;Từ công đoạn;Đến công đoạn;Loại dòng;Giai đoạn"
    return sheet(tmp_path, dong_vat_chat=table(f"{usual};{headings}", *rows), **files)


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        ("Mẻ;Lượng", "F1;;A;;nền;M1;1 t", [("flow_tables.batch_and_period", 2, "Mẻ")]),
        ("Lượng;Tồn đầu kỳ;Tồn cuối kỳ", "F1;A;;tồn kho;nền;;5 t;",
         [("table.lone_stock", 2, "Tồn cuối kỳ")]),
        ("Lượng;Tồn đầu kỳ;Tồn cuối kỳ", "F1;A;;tồn kho;nền;1 t;5 t;3 t",
         [("flow_tables.stock_change", 2, "Lượng")]),
        ("Lượng;Tồn đầu kỳ;Tồn cuối kỳ", "F1;;A;;nền;1 t;5 t;3 t",
         [("flow_tables.stock_kind", 2, "Tồn đầu kỳ"), ("flow_tables.stock_kind", 2,
                                                        "Tồn cuối kỳ")]),
        ("Lượng;Tồn đầu kỳ;Tồn cuối kỳ", "F1;A;;tồn kho;nền;;5 t;3 m3",
         [("flow_tables.figure_unit", 2, "Tồn cuối kỳ")]),
        ("Lượng;Lượng thấp nhất;Lượng cao nhất", "F1;;A;;nền;;5 t;3 t",
         [("flow_tables.bounds", 2, "Lượng cao nhất")]),
        ("Lượng;Lượng thấp nhất", "F1;;A;;nền;5 t;-1 t",
         [("flow_tables.negative", 2, "Lượng thấp nhất")]),
        ("Lượng;Khối lượng riêng", "F1;;A;;nền;1 m3;1000",
         [("flow_tables.too_dense", 2, "Khối lượng riêng")]),
        ("Lượng;Khối lượng riêng", "F1;;A;;nền;1 m3;5 kWh/t",
         [("flow_tables.density_unit", 2, "Khối lượng riêng")]),
        ("Lượng;Khối lượng riêng", "F1;;A;;nền;1 kWh;0,9",
         [("flow_tables.density_of", 2, "Khối lượng riêng")]),
        ("Lượng;Khối lượng riêng", "F1;;A;;nền;1 m3;0",
         [("table.not_positive", 2, "Khối lượng riêng")]),
        ("Lượng;Phần chi phí của công đoạn", "F1;;A;;nền;1 t;20 %",
         [("flow_tables.share_of_input", 2, "Phần chi phí của công đoạn")]),
        ("Lượng;Phần chi phí của công đoạn", "F1;A;B;;nền;1 t;20",
         [("table.bare_percentage", 2, "Phần chi phí của công đoạn")]),
        ("Lượng;Đi theo thành phần", "F1;;A;;nền;1 t;COD",
         [("flow_tables.unknown_component", 2, "Đi theo thành phần")]),
        ("Lượng;Sai số", "F1;;A;;nền;1 t;2 %", [("table.error_meaning", 2, "Sai số")]),
        ("Lượng;Tài nguyên", "F1;;A;;nền;1 t;thann", [("table.unknown_resource", 2, "Tài nguyên")]),
        ("Lượng;Nguyên nhân", "F1;;A;;nền;1 t;trời", [("table.choice", 2, "Nguyên nhân")]),
        ("Lượng;Độc hại", "F1;;A;;nền;1 t;hơi", [("table.choice", 2, "Độc hại")]),
        ("Lượng;Chi phí", "F1;;A;;nền;1 t;5 USD", [("table.currency", 2, "Chi phí")]),
        ("Lượng;Đơn vị", "F1;;A;;nền;;tánn", [("unit.unknown", 2, "Đơn vị")]),
        ("Lượng;Từ ngày;Đến ngày", "F1;;A;;;1 t;01/02/2013;01/01/2013",
         [("table.end_before_start", 2, "Đến ngày")]),
    ],
)  # fmt: skip
def test_faults_of_further_columns(
    tmp_path: Path, headings: str, row: str, expected: list[tuple[str, int, str]]
) -> None:
    path = rows_of(tmp_path, headings, row)
    assert [item for item in seen(path) if item[0] != "flow_tables.undated"] == expected


def test_stock_is_closing_less_opening_and_may_be_below_zero(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Tồn đầu kỳ;Tồn cuối kỳ",
                   "F1;A;;tồn kho;nền;;5 tấn;3.000 kg", "F2;A;;tồn kho;nền;-2 tấn;;",
                   "F3;A;;tồn kho;nền;-2 tấn;5 tấn;3 tấn")  # fmt: skip
    flows = read_study(path).tables.flows
    assert flows["quantity"].tolist() == [-2.0] * 3
    assert flows["unit"].tolist() == ["t"] * 3
    assert flows["opening_stock"].iloc[0] == 5.0


def test_bounds_have_the_unit_of_the_row(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Lượng thấp nhất;Lượng cao nhất",
                   "F1;;A;;nền;4 MWh;3;5", "F2;;A;;nền;;3 MWh;5")  # fmt: skip
    flows = read_study(path).tables.flows
    assert flows["quantity_low"].tolist() == [3000.0, 3000.0]
    assert flows["quantity_high"].tolist() == [5000.0, 5000.0]
    assert np.isnan(flows["quantity"].iloc[1])
    assert flows["shown_unit"].tolist() == ["MWh", "MWh"]
    assert flows["shown_factor"].tolist() == [1000.0, 1000.0]


def test_what_is_not_measured_has_the_unit_of_its_column_or_its_other_rows(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Đơn vị", "F1;;A;;nền;;lít", "F2;;A;;nền;1;tấn",
                   "F2;;A;;báo cáo;;")  # fmt: skip
    checked = read_study(path)
    assert checked.tables.flows["unit"].tolist() == ["m3", "t", "t"]
    assert checked.findings == ()


def test_the_heading_and_the_resource_give_a_unit(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=table("Mã dòng;Đến công đoạn;Giai đoạn;Lượng (kg)",
                                               "F1;A;nền;500", "F2;A;nền;"))  # fmt: skip
    flows = read_study(path).tables.flows
    assert flows["quantity"].iloc[0] == 0.5
    assert flows["unit"].tolist() == ["t", "t"]
    path = sheet(
        tmp_path,
        tai_nguyen=table("Tài nguyên;Nhóm;Đơn vị", "Bột giấy;nguyên liệu;tấn"),
        dong_vat_chat=table("Mã dòng;Đến công đoạn;Giai đoạn;Tài nguyên;Lượng",
                            "F1;A;nền;bột giấy;500"),
    )  # fmt: skip
    flows = read_study(path).tables.flows
    assert flows["resource"].tolist() == ["Bột giấy"]
    assert flows["unit"].tolist() == ["t"]


def test_a_density_is_a_number_or_has_its_unit(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Khối lượng riêng", "F1;;A;;nền;1 m3;0,95",
                   "F2;;A;;nền;1 tấn;950 kg/m3", "F3;;A;;nền;1 tấn;")  # fmt: skip
    density = read_study(path).tables.flows["density"]
    np.testing.assert_allclose(density[:2], 0.95, rtol=1e-15)
    assert np.isnan(density.iloc[2])


def test_shares_of_one_step_are_no_more_than_the_whole(tmp_path: Path) -> None:
    head = "Lượng;Phần chi phí của công đoạn"
    whole = ["F1;A;B;;nền;1 t;70 %", "F2;A;;phế phẩm;nền;1 t;30 %", "F3;B;;sản phẩm;nền;1 t;1"]
    assert codes(rows_of(tmp_path, head, *whole)) == []
    shares = read_study(tmp_path).tables.flows["cost_share"].tolist()
    assert shares == [0.7, 0.3, 1.0]
    path = rows_of(tmp_path, head, *whole, "F4;A;;nước thải;nền;1 t;5 %",
                   "F5;A;;nước thải;báo cáo;1 t;100 %")  # fmt: skip
    assert seen(path) == [("flow_tables.shares_over_whole", 5, "Phần chi phí của công đoạn")]
    (item,) = found(path)
    assert "«A» cộng lại là 105 %" in describe(item, "vi")


def test_periods_are_kept_and_must_not_overlap(tmp_path: Path) -> None:
    head = "Mã dòng;Đến công đoạn;Kỳ;Lượng"
    path = sheet(tmp_path, dong_vat_chat=table(
        head, "F1;A;01/2013;1 tấn", "F1;A;02/2013;2 tấn", "F2;A;2013;1 tấn"))  # fmt: skip
    flows = read_study(path).tables.flows
    assert (flows["start"] != NO_DAY).all()
    assert flows["phase"].tolist() == [""] * 3  # the days say in which phase they are
    path = sheet(tmp_path, dong_vat_chat=table(
        head, "F1;A;01/2013;1 tấn", "F1;A;02/2013;2 tấn", "f1;A;2013;1 tấn"))  # fmt: skip
    assert seen(path) == [("flow_tables.overlap", row, "Kỳ") for row in (3, 4)]


def test_a_total_beside_months_is_refused(tmp_path: Path) -> None:
    head = "Mã dòng;Đến công đoạn;Kỳ;Giai đoạn;Lượng"
    path = sheet(tmp_path, dong_vat_chat=table(
        head, "F1;A;01/2013;;1 tấn", "F1;A;;nền;2 tấn", "F1;A;;báo cáo;2 tấn"))  # fmt: skip
    assert seen(path) == [("study.total_and_dates", 3, "")]


def test_batches_are_flow_sheets_of_their_own(tmp_path: Path) -> None:
    head = "Mã dòng;Đến công đoạn;Mẻ;Lượng"
    path = sheet(
        tmp_path,
        cong_doan=table(STEPS, "A;;;5;;;m1", "A;;;7;;;M2"),
        dong_vat_chat=table(head, "F1;A;M1;1 tấn", "F1;A;m2;2 tấn"),
        thanh_phan_dong=table("Mã dòng;Thành phần;Mẻ;Hàm lượng", "F1;COD;M2;5 %"),
    )
    tables = read_study(path).tables
    assert tables.flows["batch"].tolist() == ["M1", "m2"]
    assert tables.steps["batch"].tolist() == ["M1", "m2"]  # as the flows spell them
    assert tables.components["batch"].tolist() == ["m2"]
    path = sheet(tmp_path, dong_vat_chat=table(head, "F1;A;M1;1 tấn", "F1;A;m1;2 tấn"))
    (tmp_path / "cong_doan.csv").unlink()
    (tmp_path / "thanh_phan_dong.csv").unlink()
    assert seen(path) == [("flow_tables.repeated", 3, "Mã dòng")]


def test_an_error_of_a_flow_has_a_meaning_and_no_kind(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Sai số;Ý nghĩa sai số", "F1;;A;;nền;1 t;2 %;giới hạn")
    flows = read_study(path).tables.flows
    assert flows["error"].tolist() == [0.02]
    assert flows["error_meaning"].tolist() == ["limit"]
    assert "error_kind" not in flows.columns


def test_a_total_row_is_no_flow(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=table(
        FLOWS, "F1;;A;bột;;nền;1 tấn", "Tổng cộng;;;;;;1 tấn"))  # fmt: skip
    assert [item[0] for item in seen(path)] == ["table.total_row"]


def test_plants_have_steps_of_their_own(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        cong_doan=table("Mã cơ sở;Công đoạn", "P;A", "Q;B"),
        dong_vat_chat=table("Mã cơ sở;Mã dòng;Đến công đoạn;Giai đoạn;Lượng",
                            "P;F1;A;nền;1 t", "Q;F1;B;nền;1 m3", "Q;F2;A;nền;1 t",
                            "R;F1;Z;nền;1 t"),
    )  # fmt: skip
    assert seen(path) == [("flow_tables.unknown_step", 4, "Đến công đoạn")]  # R lists no step


# -- components --------------------------------------------------------------------------------

ONE = table(FLOWS, "F1;;A;bột;;nền;100 tấn", "F2;A;;nước;nước thải;nền;50 m3")


def test_contents_are_fractions_or_concentrations(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=ONE, thanh_phan_dong=table(
        PARTS, "F1;chất khô;12 %;;", "F1;tro;0,05;;", "F1;S;80;mg/kg;100",
        "F2;COD;350 mg/L;;150", "f2;Chất khô;1,5;g/L;0,5 kg/m3", "F1;nước;83;%;"))  # fmt: skip
    parts = read_study(path).tables.components
    assert parts["component"].tolist() == ["chất khô", "tro", "S", "COD", "chất khô", "nước"]
    assert parts["flow"].tolist() == ["F1", "F1", "F1", "F2", "F2", "F1"]
    assert parts["unit"].tolist() == ["1", "1", "1", "t/m3", "t/m3", "1"]
    # by hand: 80 mg/kg = 8e-5; 350 mg/L = 350 g/m³ = 3.5e-4 t/m³; 1.5 g/L = 1.5 kg/m³
    np.testing.assert_allclose(parts["quantity"], [0.12, 0.05, 8e-5, 3.5e-4, 1.5e-3, 0.83],
                               rtol=1e-14)  # fmt: skip
    np.testing.assert_allclose(parts["limit"], [np.nan, np.nan, 1e-4, 1.5e-4, 5e-4, np.nan],
                               rtol=1e-14)  # fmt: skip
    assert parts["shown_unit"].tolist() == ["%", "1", "mg/kg", "mg/L", "g/L", "%"]


def test_a_percentage_beside_a_column_of_percent_is_read_once(tmp_path: Path) -> None:
    path = sheet(tmp_path, dong_vat_chat=ONE, thanh_phan_dong=table(PARTS, "F1;tro;12 %;%;20 %"))
    parts = read_study(path).tables.components
    assert parts["quantity"].tolist() == [0.12]
    assert parts["limit"].tolist() == [0.2]
    head = "Mã dòng;Thành phần;Hàm lượng (%)"
    path = sheet(tmp_path, dong_vat_chat=ONE,
                 thanh_phan_dong=table(head, "F1;tro;12", "F1;S;0,5 %"))  # fmt: skip
    np.testing.assert_allclose(read_study(path).tables.components["quantity"], [0.12, 0.005],
                               rtol=1e-14)  # fmt: skip


def test_numbers_of_a_frame_are_fractions() -> None:
    checked = study(flows={"flow": ["F1"], "to": ["A"], "phase": ["baseline"],
                           "quantity": [5.0], "unit": ["t"]},
                    components={"flow": ["F1", "F1"], "component": ["a", "b"],
                                "content": [0.25, np.nan]})  # fmt: skip
    assert checked.components["quantity"].tolist()[0] == 0.25
    assert np.isnan(checked.components["quantity"].iloc[1])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["F9;COD;1 %;;"], [("flow_tables.unknown_flow", 2, "Mã dòng")]),
        ([";COD;1 %;;"], [("table.empty", 2, "Mã dòng")]),
        (["F1;;1 %;;"], [("table.empty", 2, "Thành phần")]),
        (["F1;a;1 %;;", "f1;A ;2 %;;"], [("table.repeated", 3, "Thành phần")]),
        (["F1;a;12;;"], [("flow_tables.no_content_unit", 2, "Hàm lượng")]),
        (["F1;a;120 %;;"], [("table.above_whole", 2, "Hàm lượng")]),
        (["F1;a;1200;g/kg;"], [("table.above_whole", 2, "Hàm lượng")]),
        (["F1;a;-1 %;;"], [("table.negative", 2, "Hàm lượng")]),
        (["F2;a;-1;mg/L;"], [("table.negative", 2, "Hàm lượng")]),
        (["F1;a;5 kWh;;"], [("flow_tables.content_unit", 2, "Hàm lượng")]),
        (["F1;a;5;ppm;"], [("unit.not_a_unit", 2, "Đơn vị")]),
        (["F1;a;5 %;mg/kg;"], [("table.unit_conflict", 2, "Đơn vị")]),
        (["F2;a;90;kg/L;"], [("flow_tables.too_dense", 2, "Hàm lượng")]),
        (["F2;a;5 mg/L;;3 %"], [("flow_tables.limit_unit", 2, "Giới hạn")]),
        (["F2;a;5 mg/L;;-3"], [("table.negative", 2, "Giới hạn")]),
        (["F1;a;5 mg/L;;"], [("flow_tables.content_of", 2, "Hàm lượng")]),
        (["F1;a;60 %;;", "F1;b;50 %;;"], [("flow_tables.fractions_over_whole", 3, "Hàm lượng")]),
    ],
)  # fmt: skip
def test_faults_of_components(
    tmp_path: Path, rows: list[str], expected: list[tuple[str, int, str]]
) -> None:
    path = sheet(tmp_path, dong_vat_chat=ONE, thanh_phan_dong=table(PARTS, *rows))
    assert seen(path) == expected


def test_a_bare_share_below_a_percent_heading_is_asked_about(tmp_path: Path) -> None:
    parts = table("Mã dòng;Thành phần;Hàm lượng (%)", "F1;tro;0,3")
    path = sheet(tmp_path, dong_vat_chat=ONE, thanh_phan_dong=parts)
    assert seen(path) == [("table.percent_or_fraction", 2, "Hàm lượng (%)")]


def test_a_density_lets_a_concentration_be_used(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Khối lượng riêng", "F1;;A;;nền;1 tấn;0,95",
                   "F2;;A;;nền;500 Nm3;",
                   thanh_phan_dong=table(PARTS, "F1;a;5 mg/L;;", "F2;bụi;50 mg/Nm3;;"))  # fmt: skip
    checked = read_study(path)
    assert checked.findings == ()
    assert checked.tables.components["unit"].tolist() == ["t/m3", "t/Nm3"]


def test_the_cost_of_an_input_follows_a_component(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Lượng;Đi theo thành phần", "F1;;A;;nền;1 tấn;CHẤT khô",
                   "F2;;A;;nền;1 tấn;khối lượng", "F3;A;;sản phẩm;nền;1 tấn;Chất khô",
                   thanh_phan_dong=table(PARTS, "F1;Chất khô;5 %;;"))  # fmt: skip
    assert seen(path) == [("flow_tables.follows_of", 4, "Đi theo thành phần")]
    assert read_study(path).tables.flows["follows"].tolist()[:2] == ["Chất khô", ""]


# -- columns elsewhere -------------------------------------------------------------------------

OPTIONS = "Mã giải pháp;Giải pháp;Phân loại;Nguyên nhân"
SAVED = "Mã giải pháp;Tài nguyên;Lượng tiết kiệm;Mã dòng"


def test_an_option_names_the_flow_that_it_reduces(tmp_path: Path) -> None:
    path = rows_of(tmp_path, "Tài nguyên;Lượng", "F1;;A;;nền;Nước;100 m3",
                   "F2;A;;nước thải;nền;;80 m3",
                   giai_phap=table(OPTIONS, "G1;Vòi phun;Quản lý nội vi (GH);vận hành",
                                   "G2;Bể;của tôi;"),
                   loi_ich_giai_phap=table(SAVED, "G1;;10 m3;f1", "G2;;5;F2"))  # fmt: skip
    checked = read_study(path)
    saved = checked.tables.option_savings
    assert saved["flow"].tolist() == ["F1", "F2"]
    assert saved["resource"].tolist() == ["water", ""]
    assert saved["quantity"].tolist() == [10.0, 5.0]  # a bare figure has the unit of its flow
    assert checked.tables.options["cp_category"].tolist() == ["good_housekeeping", ""]
    assert checked.tables.options["category"].tolist() == ["Quản lý nội vi (GH)", "của tôi"]
    assert checked.tables.options["cause"].tolist() == ["operation", ""]
    sx.assess(checked)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("G1;;5 m3;F9", [("flow_tables.unknown_flow", 2, "Mã dòng")]),
        ("G1;;5 kg;F1", [("flow_tables.saving_unit", 2, "Lượng tiết kiệm")]),
        ("G1;Than;5 m3;F1", [("flow_tables.saving_resource", 2, "Tài nguyên")]),
        ("G1;;5 m3;", [("table.saving_without_resource", 2, "Tài nguyên")]),
    ],
)
def test_faults_of_a_saving_of_a_flow(
    tmp_path: Path, row: str, expected: list[tuple[str, int, str]]
) -> None:
    path = rows_of(tmp_path, "Tài nguyên;Lượng", "F1;;A;;nền;Nước;100 m3",
                   giai_phap=table(OPTIONS, "G1;Vòi phun;;"),
                   loi_ich_giai_phap=table(SAVED, row))  # fmt: skip
    assert seen(path) == expected


def test_the_inventory_of_a_plant_is_kept_in_words(tmp_path: Path) -> None:
    head = ("Tên cơ sở;Trình độ công nghệ;An toàn, sức khỏe lao động;Nhu cầu xử lý chất thải;"
            "Nhu cầu tái chế;Nhu cầu di dời")  # fmt: skip
    path = sheet(tmp_path, dong_vat_chat=ONE,
                 co_so=table(head, "Giấy;lạc hậu;ồn;nước thải;nước trắng;không"))  # fmt: skip
    plant = read_study(path).tables.facility.iloc[0]
    assert plant["technology_level"] == "lạc hậu"
    assert plant["safety_health"] == "ồn"
    assert plant["treatment_need"] == "nước thải"
    assert plant["recycling_need"] == "nước trắng"
    assert plant["relocation_need"] == "không"


@pytest.mark.parametrize(
    ("text", "key"),
    [("GH", "good_housekeeping"), ("OR", "onsite_reuse"),
     ("kiểm soát quá trình", "process_control"),
     ("PC: kiểm soát quá trình", "process_control"), ("End-of-pipe", "end_of_pipe"),
     ("làm loãng", "dilution"), ("tái chế bên ngoài", "outside_recycling"), ("GH + PC", "GH + PC"),
     ("GH - PC", "GH - PC"), ("", ""), ("chi phí thấp", "chi phí thấp")],
)  # fmt: skip
def test_techniques_of_cleaner_production(text: str, key: str) -> None:
    assert cp_category(text) == key


def test_every_technique_is_in_the_list_and_three_are_none() -> None:
    assert set(NOT_CLEANER) < set(choice_keys("cp_category"))
    assert len(set(choice_keys("cp_category")) - set(NOT_CLEANER)) == 8


# -- ways in -----------------------------------------------------------------------------------


def test_a_workbook_and_frames_give_what_csv_files_give(tmp_path: Path) -> None:
    rows = {
        "Công đoạn": [["Công đoạn", "Chi phí hệ thống"], ["A", 5], ["B", 7]],
        "Dòng vật chất": [["Mã dòng", "Từ", "Đến", "Loại dòng", "Giai đoạn", "Lượng", "Đơn vị"],
                          ["F1", None, "A", None, "nền", 100, "tấn"],
                          ["F2", "A", "B", None, "nền", None, "m3"],
                          ["F3", "B", None, "sản phẩm", "nền", 90.5, "tấn"]],
        "Thành phần dòng": [["Mã dòng", "Thành phần", "Hàm lượng", "Đơn vị"],
                            ["F1", "tro", 0.5, None], ["F2", "COD", 350, "mg/L"]],
    }  # fmt: skip
    book = read_study(write_book(tmp_path / "a.xlsx", rows)).tables
    names = ("steps", "flows", "components")
    frames = {name: pd.DataFrame(cells[1:], columns=cells[0])
              for name, cells in zip(names, rows.values(), strict=True)}  # fmt: skip
    framed = sx.Study(**frames).tables
    for name in names:
        first, second = (getattr(one, name).drop(columns="facility") for one in (book, framed))
        pd.testing.assert_frame_equal(first, second)


def test_rows_of_many_flows_are_checked_in_good_time(tmp_path: Path) -> None:
    import time

    count = 20_000
    frame = pd.DataFrame({
        "flow": [f"F{i}" for i in range(count)], "from": [f"S{i % 50}" for i in range(count)],
        "to": [f"S{(i + 1) % 50}" for i in range(count)], "phase": "baseline",
        "quantity": np.arange(count) + 1.0, "unit": "t"})  # fmt: skip
    start = time.perf_counter()
    assert len(sx.Study(flows=frame).tables.flows) == count
    assert time.perf_counter() - start < 20
