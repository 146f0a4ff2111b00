"""The yearly report says what the register adds up to, and from what it is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from year_register import year_register

from sxsh_audit.assessment.province.progress import programme_progress
from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.reports.document import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    TableBlock,
)
from sxsh_audit.reports.province.fingerprints import register_hash, study_hashes
from sxsh_audit.reports.province.yearly import build_yearly, programme_report, write_yearly
from sxsh_audit.tables.register import Register

CUTOFF = dt.date(2018, 11, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    return year_register()


@pytest.fixture(scope="module")
def progress(register: Register) -> ProgrammeProgress:
    return programme_progress(register, "vn-qb-2384", 2018, cutoff=CUTOFF)


@pytest.fixture(scope="module")
def report(progress: ProgrammeProgress, register: Register) -> Document:
    return build_yearly(progress, register)


def text_of(document: Document) -> str:
    """Return everything that a document says, block by block."""
    parts: list[str] = [document.title, document.subtitle]
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                parts.append(block.text)
            case Bullets():
                parts += block.items
            case Facts():
                parts += [" ".join(row) for row in block.rows]
            case TableBlock():
                parts += [block.table.title, *(" | ".join(row) for row in block.table.rows),
                          *block.table.notes]  # fmt: skip
    return "\n".join(parts)


def rows_of(document: Document, title: str) -> list[tuple[str, ...]]:
    """Return the rows of the one table whose title begins so."""
    found = [block.table for block in document.of(TableBlock)
             if block.table.title.startswith(title)]  # fmt: skip
    assert len(found) == 1
    return list(found[0].rows)


def test_the_first_page_holds_cutoff_targets_and_savings(report: Document) -> None:
    said = text_of(report)
    assert "Số liệu chốt đến hết ngày 15/11/2018." in said
    # 9 yes and 1 no of 12: 75 %; with the two unknown at most 11/12 = 91.7 %
    assert "Được phổ biến: 9 trên 12 cơ sở (75,0 %); mục tiêu từ 100 % trở lên" in said
    assert "Còn 2 cơ sở chưa có thông tin, nên tỷ lệ có thể từ 75,0 % đến 91,7 %." in said
    assert "Trong 2 cơ sở đã được đánh giá, 1 cơ sở tiết kiệm từ 8,0 % trở lên" in said
    # (10 000 − 6 000) kWh at 1500 đồng of 400 000 kWh
    assert "tiết kiệm 6 triệu đồng mỗi năm, bằng 1,0 %" in said
    assert "đã chi 180 triệu đồng trên kế hoạch 200 triệu đồng, đạt 90,0 %" in said


def test_what_may_still_change_is_not_called_settled(report: Document) -> None:
    """5 of 12 apply and 4 are unknown: 5/12 < 50 % ≤ 9/12. Reached cannot get to 100 %."""
    rows = {row[0]: row for row in rows_of(report, "Kết quả so với mục tiêu")}
    assert rows["Áp dụng"][-1] == "chưa đạt, còn có thể đổi"
    assert rows["Được phổ biến"][-1] == "chưa đạt mục tiêu"


def test_groups_of_a_table_sum_to_its_last_row(report: Document) -> None:
    rows = rows_of(report, "Số cơ sở theo huyện")
    assert [row[0] for row in rows] == ["Bố Trạch", "Lệ Thủy", "Đồng Hới", "Tổng số"]
    assert sum(int(row[1]) for row in rows[:-1]) == int(rows[-1][1]) == 12


def test_every_task_is_told_with_what_is_proposed(report: Document) -> None:
    tasks = [block for block in report.of(Heading) if block.key.startswith("task-")]
    assert len(tasks) == 12
    said = text_of(report)
    assert "Kết quả trong năm Tổ chức 2 lớp cho 65 người." in said
    assert "Đề xuất năm 2019 Hỗ trợ thêm 5 cơ sở chế biến." in said
    assert [row[0] for row in rows_of(report, "Nội dung đề xuất")] == ["1.1", "4.3"]
    assert "Chưa có đề xuất cho các nhiệm vụ 1.2, 1.3, 2.1" in said


def test_an_estimate_is_marked_as_one(report: Document) -> None:
    rows = rows_of(report, "Thực hiện đến ngày chốt")
    assert rows
    assert all(row[3].startswith("ước ") for row in rows)


def test_a_whole_year_has_no_estimates(register: Register) -> None:
    whole = programme_progress(register, "vn-qb-2384", 2018)
    said = text_of(build_yearly(whole, register))
    assert "Số liệu chốt đến hết ngày 31/12/2018, đủ cả năm 2018." in said
    assert "ước 1" not in said
    assert "Ước cả năm" not in said


def test_support_above_its_cap_is_told(report: Document) -> None:
    """60 of 100 million; the cap is 50 % and at most 50 million."""
    (row,) = rows_of(report, "Hỗ trợ từ ngân sách")
    assert row == ("Cơ sở số 1 (C01)", "60 triệu đồng", "100 triệu đồng", "60,0 %",
                   "50 triệu đồng", "vượt mức")  # fmt: skip
    assert "1 cơ sở được hỗ trợ vượt mức tối đa." in text_of(report)


def test_who_reported_late_or_not_at_all_is_named(report: Document) -> None:
    """«Trước ngày 25 tháng 11»: the 20th is in time, the 25th is not."""
    rows = {row[0]: row for row in rows_of(report, "Báo cáo nhận được")}
    assert rows["UBND huyện Lệ Thủy"][2] == "đúng hạn"
    assert rows["Sở Khoa học và Công nghệ"][2] == "gửi muộn"
    assert rows["UBND thành phố Đồng Hới"][2] == "chưa gửi"
    # 17 agencies were to report in 2018
    assert len(rows) == 17
    assert "15 đơn vị chưa gửi báo cáo" in text_of(report)


def test_agencies_that_are_not_known_are_not_invented(
    progress: ProgrammeProgress, register: Register
) -> None:
    stated = build_yearly(progress, register, expected=["UBND huyện Lệ Thủy"])
    assert "Tất cả các đơn vị phải báo cáo đã gửi báo cáo." in text_of(stated)
    other = programme_progress(register, "vn-1419", 2018)
    assert "Chưa có danh sách các đơn vị phải gửi báo cáo" in text_of(build_yearly(other, register))


def test_every_known_answer_has_its_record(report: Document, progress: ProgrammeProgress) -> None:
    rows = rows_of(report, "Căn cứ của từng cơ sở")
    assert len(rows) == len(progress.evidence.rows) < 60
    assert ("Cơ sở số 1 (C01)", "Đã được đánh giá", "có", "30/09/2018", "đánh giá: N-C01",
            "") in rows  # fmt: skip
    assert ("Cơ sở số 1 (C01)", "Có khả năng áp dụng", "có", "31/10/2018", "suy ra từ: áp dụng",
            "Phòng Kinh tế") in rows  # fmt: skip


def test_the_report_names_the_data_it_rests_on(report: Document, register: Register) -> None:
    told = " ".join(report.about.values())
    assert register_hash(register) in told
    assert "a" * 64 in told
    (first, _) = rows_of(report, "Đánh giá đã dùng")
    assert first[-1] == study_hashes(register)["C01", "N-C01"][:12]


def test_a_changed_figure_changes_the_fingerprints(register: Register) -> None:
    results = register.results
    results.loc[0, "reporting"] += 1
    other = register.with_tables(results=results)
    assert register_hash(other) != register_hash(register)
    changed = {key for key, digest in study_hashes(other).items()
               if digest != study_hashes(register)[key]}  # fmt: skip
    assert changed == {("C01", "N-C01")}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_empty_register_gives_a_report_that_names_what_is_missing(language: Any) -> None:
    empty = Register.from_frames()
    found = programme_progress(empty, "vn-qb-2384", 2018, cutoff=CUTOFF)
    report = build_yearly(found, empty, language)
    assert sum(block.tone == "missing" for block in report.of(Paragraph)) >= 3
    assert "nan" not in text_of(report).split()


def test_a_day_outside_every_phase_has_no_target(register: Register) -> None:
    found = programme_progress(register, "vn-qb-2384", 2022)
    said = text_of(build_yearly(found, register))
    assert "không thuộc giai đoạn nào của chương trình" in said


@pytest.mark.parametrize("ending", ["html", "xlsx", "docx"])
def test_the_same_register_gives_the_same_bytes(
    progress: ProgrammeProgress, register: Register, tmp_path: Path, ending: str
) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    shuffled = register.with_tables(**{
        name: table.sample(frac=1, random_state=7) for name, table in register.tables.items()
    })  # fmt: skip
    write_yearly(progress, register, first)
    write_yearly(programme_progress(shuffled, "vn-qb-2384", 2018, cutoff=CUTOFF), shuffled, second)
    assert first.read_bytes() == second.read_bytes()


def test_names_of_a_plant_are_shown_and_never_run(tmp_path: Path, register: Register) -> None:
    plants = register.establishments
    plants.loc[0, ["name", "district"]] = ["<script>alert(1)</script>", '=HYPERLINK("http://x")']
    plants.loc[1, "name"] = "A\u202eB" + "x" * 400
    bad = register.with_tables(establishments=plants)
    page = programme_report(bad, "vn-qb-2384", 2018, tmp_path / "a.html", cutoff=CUTOFF)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text
    book = programme_report(bad, "vn-qb-2384", 2018, tmp_path / "a.xlsx", cutoff=CUTOFF)
    cells = [cell for sheet in openpyxl.load_workbook(book) for row in sheet for cell in row
             if isinstance(cell.value, str) and "HYPERLINK" in cell.value]  # fmt: skip
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_cannot_be_written_is_refused(
    register: Register, progress: ProgrammeProgress, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"\.docx, \.html, \.pdf, \.xlsx") as caught:
        write_yearly(progress, register, tmp_path / "a.odt")
    assert caught.value.code == "documents.ending"
    with pytest.raises(Refusal) as caught:
        write_yearly(progress, register, tmp_path / "a.html", template="mau.docx")
    assert caught.value.code == "documents.template"
    write_yearly(progress, register, tmp_path / "a.html")
    with pytest.raises(OutputError):
        write_yearly(progress, register, tmp_path / "a.html")
    write_yearly(progress, register, tmp_path / "a.html", overwrite=True)


class Holder:
    """What hands out a register, as the store does."""

    def register(self) -> Register:
        return year_register()


def test_a_store_is_as_good_as_its_register(tmp_path: Path, register: Register) -> None:
    one, other = (programme_report(source, "vn-qb-2384", 2018, tmp_path / name, cutoff=CUTOFF)
                  for source, name in ((Holder(), "a.html"), (register, "b.html")))  # fmt: skip
    assert one.read_bytes() == other.read_bytes()


def test_money_that_is_not_recorded_is_no_zero(register: Register) -> None:
    budget = pd.concat([register.budget, pd.DataFrame([{
        "item": "K4", "year": 2018.0, "task": "1.1", "source": "central"}])])  # fmt: skip
    more = register.with_tables(budget=budget)
    found = programme_progress(more, "vn-qb-2384", 2018, cutoff=CUTOFF)
    told = build_yearly(found, more)
    rows = {row[0]: row for row in rows_of(told, "Kinh phí năm 2018 theo nguồn")}
    assert rows["Ngân sách trung ương"][1:] == ("–", "–", "–")


def test_what_may_be_counted_twice_is_shown_with_both_records(register: Register) -> None:
    plants = register.establishments
    plants.loc[[2, 3], "tax_code"] = "0100109106"
    more = register.with_tables(establishments=plants)
    found = programme_progress(more, "vn-qb-2384", 2018, cutoff=CUTOFF)
    rows = rows_of(build_yearly(found, more), "Bản ghi có thể bị tính hai lần")
    assert rows == [("Cơ sở sản xuất", "cùng mã số thuế", "Cơ sở số 3 (C03)",
                     "Cơ sở số 4 (C04)")]  # fmt: skip
