"""A register is read from a workbook or CSV files, every fault on its cell and all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register
from sxsh_audit.tables.register_cells import tax_check_digit
from sxsh_audit.tables.register_reading import read_register

Sheets = Mapping[str, Sequence[Sequence[Any]]]
Writer = Callable[[Sheets], Path]

SETTINGS = [["Mục", "Giá trị"], ["Chương trình", "vn-qb-2384"], ["Năm báo cáo", 2014],
            ["Kiểu số", "vi"]]  # fmt: skip
PLANTS = [
    ["STT", "Mã cơ sở", "Tên cơ sở", "Mã số thuế", "Loại hình", "Huyện", "Số lao động",
     "Doanh thu năm (triệu đồng)", "Mã ngành", "Phiên bản VSIC", "Ngày của danh sách",
     "Ô nhiễm cao"],
    [1, "QB01", "Nhà máy bia A", "0100109106", "Doanh nghiệp", "TP Đồng Hới", 120, 45000, "1103",
     2007, dt.date(2014, 10, 1), "x"],
    [2, "QB02", "Xưởng mộc B", None, "hộ kinh doanh", "Ba Đồn", 8, None, "16", "2007",
     "01/10/2014", "không"],
]  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Writer:
    """Return a function that writes sheets of cells into a workbook."""

    def write(sheets: Sheets) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "so-theo-doi.xlsx"
        made.save(path)
        return path

    return write


def refused(path: Path, **options: Any) -> list[Finding]:
    """Return the errors for which a register is refused."""
    with pytest.raises(StudyError) as caught:
        read_register(path, **options)
    assert caught.value.code == "register.refused"
    return [item for item in caught.value.findings if item.severity == "error"]


def places(findings: Sequence[Finding]) -> dict[str, str]:
    """Cell by code of each finding."""
    return {item.code: item.place.cell for item in findings}


def test_a_workbook_is_read_into_the_columns_of_the_contract(book: Writer) -> None:
    register = read_register(book({
        "Thông tin chung": SETTINGS,
        "Cơ sở sản xuất": PLANTS,
        "Tình trạng": [
            ["Cơ sở", "Chỉ tiêu", "Kết quả", "Ngày", "Cơ quan báo cáo"],
            ["Xưởng mộc B", "Áp dụng", "chưa", "15/11/2014", "Ba Đồn"],
            ["0100109106", "được phổ biến", "có", dt.datetime(2014, 5, 2), None],
        ],
        "Hoạt động": [
            ["Mã hoạt động", "Loại", "Tên hoạt động", "Ngày", "Nhiệm vụ", "Số người"],
            ["TH1", "tập huấn", "Tập huấn SXSH", "02/05/2014", 1.1, 45],
        ],
        "Cơ sở tham dự": [["Hoạt động", "Cơ sở", "Số người"], ["Tập huấn SXSH", "QB01", 2]],
        "Nhiệm vụ": [["Nhiệm vụ", "Năm", "Tình trạng", "Tiến độ"],
                     ["1.1", 2014, "đang thực hiện", "60 %"]],
        "Kinh phí": [
            ["Mã khoản", "Năm", "Nguồn vốn", "Cơ sở được hỗ trợ", "Kế hoạch", "Đã chi"],
            ["K1", None, "ngân sách địa phương", "QB01", "50 triệu đồng", 42500000],
        ],
    }))  # fmt: skip
    for name, columns in REGISTER_COLUMNS.items():
        assert list(register.tables[name].columns) == list(columns)
    plants = register.establishments
    assert plants["establishment"].tolist() == ["QB01", "QB02"]
    assert plants["district"].tolist() == ["Đồng Hới", "Ba Đồn"]
    assert plants["ownership"].tolist() == ["enterprise", "household"]
    assert plants["revenue"].tolist()[0] == 45e9  # 45,000 million đồng
    assert np.isnan(plants["revenue"][1])  # missing is not zero
    assert plants["vsic_version"].tolist() == ["2007", "2007"]
    assert plants["as_of"].tolist() == [dt.date(2014, 10, 1)] * 2
    assert plants["pollution"].tolist() == ["yes", "no"]
    statuses = register.statuses
    assert statuses["establishment"].tolist() == ["QB02", "QB01"]  # by name, by tax code
    assert statuses["indicator"].tolist() == ["applying", "reached"]
    assert statuses["value"].tolist() == ["no", "yes"]
    assert statuses["reported_by"].tolist() == ["UBND thị xã Ba Đồn", ""]
    assert register.participants["event"].tolist() == ["TH1"]
    assert register.events["task"].tolist() == ["1.1"]
    assert register.tasks["progress"].tolist() == [0.6]
    assert register.budget[["planned", "spent"]].values.tolist() == [[50e6, 42.5e6]]
    assert register.budget["year"].tolist() == [2014.0]  # of the settings
    assert register.settings["programme"] == "vn-qb-2384"
    assert len(register.settings["file_hash"]) == 64
    assert register.places["establishments", "QB02"].row == 3


def test_every_fault_is_told_at_once_on_its_cell(book: Writer) -> None:
    path = book({
        "Thông tin chung": SETTINGS,
        "Cơ sở sản xuất": [
            ["Mã cơ sở", "Tên cơ sở", "MST", "Loại hình", "Huyện", "Số lao động", "Mã ngành"],
            ["QB01", "A", "123", "Doanh nghiệp", "Đồng Hới", 12, "1103"],
            ["QB02", "B", 100109106, "công ti", "Ba Đồm", -4, "bia"],
            ["QB01", None, None, None, None, "mười", None],
        ],
        "Tình trạng cơ sở": [
            ["Mã cơ sở", "Chỉ tiêu", "Kết quả", "Ngày"],
            ["QB09", "áp dụng", "có", "01/11/2014"],
            ["QB01", "áp dụng", "có thể", "2014"],
        ],
    })  # fmt: skip
    errors = refused(path)
    assert sorted((item.place.sheet, item.place.cell, item.code) for item in errors) == [
        ("Cơ sở sản xuất", "A4", "register.repeated"),
        ("Cơ sở sản xuất", "B4", "table.empty"),
        ("Cơ sở sản xuất", "C2", "register.tax_length"),
        ("Cơ sở sản xuất", "C3", "register.tax_zero"),
        ("Cơ sở sản xuất", "D3", "table.choice"),
        ("Cơ sở sản xuất", "E3", "register.unknown_district"),
        ("Cơ sở sản xuất", "F3", "table.negative"),
        ("Cơ sở sản xuất", "F4", "number.not_a_number"),
        ("Cơ sở sản xuất", "G3", "register.vsic"),
        ("Tình trạng cơ sở", "A2", "register.unknown_establishment"),
        ("Tình trạng cơ sở", "C3", "table.choice"),
        ("Tình trạng cơ sở", "D3", "table.not_a_day"),
    ]
    district = next(item for item in errors if item.code == "register.unknown_district")
    assert "Ba Đồn" in district.numbers["near"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_refusal_speaks_both_languages(book: Writer, language: Any) -> None:
    path = book({"Cơ sở": [["Tên cơ sở", "MST"], ["A", "123"]]})
    with pytest.raises(StudyError) as caught:
        read_register(path, language=language)
    assert "B2" in str(caught.value)
    assert "123" in str(caught.value)


def test_the_check_digit_of_a_tax_code() -> None:
    """Tax codes that are public: Vietcombank, Viettel, Vinamilk; 10 − (Σ wᵢ·dᵢ mod 11)."""
    for code in ("0100112437", "0100109106", "0300588569"):
        assert tax_check_digit(code[:9]) == int(code[9])


def test_a_wrong_check_digit_is_a_warning_and_kept(book: Writer) -> None:
    register = read_register(book({"Cơ sở": [["Tên cơ sở", "MST"], ["A", "0100109107"]]}))
    assert [item.code for item in register.findings] == ["register.tax_check"]
    assert register.establishments["tax_code"].tolist() == ["0100109107"]


def test_a_plant_without_a_code_is_known_by_tax_code_or_name(book: Writer) -> None:
    register = read_register(book({"Danh sách cơ sở": [
        ["STT", "Tên cơ sở", "MST", "Xã"],
        [1, "Nước mắm Hải", "", "Bảo Ninh"],
        [2, "Gạch Tuynel", "0100109106-001", ""],
    ]}))  # fmt: skip
    assert register.establishments["establishment"].tolist() == [
        "Nước mắm Hải, Bảo Ninh", "0100109106-001"]  # fmt: skip


def test_one_plant_under_two_codes_is_told_with_both_rows(book: Writer) -> None:
    register = read_register(book({"Cơ sở": [
        ["Mã", "Tên cơ sở", "MST", "Xã"],
        ["1", "Nước mắm Hải", "", "Bảo Ninh"],
        ["2", "NƯỚC MẮM  HẢI", "", "bảo ninh"],
        ["3", "Nước mắm Hải", "", "Quang Phú"],
        ["4", "C", "0100109106", ""],
        ["5", "D", "0100109106", ""],
    ]}))  # fmt: skip
    told = [(item.code, item.place.row, item.numbers["first"]) for item in register.findings]
    assert told == [("register.same_name", 3, 2), ("register.same_tax_code", 6, 5)]


@pytest.mark.parametrize(
    ("day", "district", "code"),
    [
        ("01/12/2013", "Ba Đồn", "register.district_not_yet"),  # town since 20/12/2013
        ("20/12/2013", "Ba Đồn", ""),
        ("30/06/2025", "huyện Lệ Thủy", ""),
        ("01/07/2025", "huyện Lệ Thủy", "register.district_over"),  # two tiers from then on
    ],
)
def test_a_district_is_checked_against_the_day(
    book: Writer, day: str, district: str, code: str
) -> None:
    register = read_register(book({
        "Thông tin chung": SETTINGS,
        "Cơ sở": [["Mã", "Tên cơ sở", "Huyện", "Ngày của danh sách"], ["1", "A", district, day]],
    }))  # fmt: skip
    assert [item.code for item in register.findings] == ([code] if code else [])


def test_a_report_may_name_plants_that_it_does_not_list(book: Writer) -> None:
    sheets = {
        "Thông tin chung": [*SETTINGS, ["Cơ quan báo cáo", "huyện Bố Trạch"]],
        "Tình trạng": [["Cơ sở", "Chỉ tiêu", "Kết quả", "Ngày"],
                       ["QB07", "áp dụng", "có", "01/11/2014"]],
    }  # fmt: skip
    path = book(sheets)
    alone = read_register(path)
    assert [item.code for item in alone.findings] == ["register.elsewhere"]
    assert alone.statuses["reported_by"].tolist() == ["UBND huyện Bố Trạch"]
    known = Register.from_frames()
    assert [item.code for item in refused(path, known=known)] == ["register.unknown_establishment"]


def test_two_answers_of_one_day_are_told(book: Writer) -> None:
    register = read_register(book({
        "Thông tin chung": SETTINGS,
        "Cơ sở": [["Mã", "Tên cơ sở"], ["1", "A"]],
        "Tình trạng": [
            ["Cơ sở", "Chỉ tiêu", "Kết quả", "Ngày", "Cơ quan báo cáo"],
            ["1", "áp dụng", "có", "01/11/2014", "Sở Tài chính"],
            ["1", "áp dụng", "không", "01/11/2014", "Ba Đồn"],
        ],
    }))  # fmt: skip
    assert [item.code for item in register.findings] == ["register.status_differs"]


def test_the_same_tables_as_csv_files_are_the_same_register(book: Writer, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    settings = '"chương trình" = "vn-qb-2384"\n"năm" = 2014\nlocale = "vi"\n'
    (folder / "register.toml").write_text(settings, encoding="utf-8")
    lines = [";".join("" if cell is None else cell.strftime("%d/%m/%Y")
                      if isinstance(cell, dt.date) else str(cell) for cell in row)
             for row in PLANTS]  # fmt: skip
    (folder / "co so san xuat.csv").write_text("\n".join(lines), encoding="utf-8")
    from_folder = read_register(folder)
    from_book = read_register(book({"Thông tin chung": SETTINGS, "Cơ sở sản xuất": PLANTS}))
    assert from_folder.establishments.equals(from_book.establishments)
    assert from_folder.settings["year"] == from_book.settings["year"] == "2014"


def test_energy_in_another_unit_is_refused(book: Writer) -> None:
    path = book({"Cơ sở": [["Mã", "Tên cơ sở", "Năng lượng năm (MWh)"], ["1", "A", 12]]})
    assert places(refused(path)) == {"register.not_toe": "C1"}


def test_what_is_no_register_is_refused(book: Writer, tmp_path: Path) -> None:
    path = book({"Sản lượng": [["Kỳ", "Sản lượng"], [2014, 12]]})
    assert [item.code for item in refused(path)] == ["register.empty"]
    with pytest.raises(FileNotFoundError):
        read_register(tmp_path / "none.xlsx")
