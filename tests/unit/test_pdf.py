"""The PDF: opened by another program, tagged, the same every time, hostile texts are harmless."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_document import HOSTILE, hostile_document, sample_document

from sxsh_audit.display.table import Column, Table
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.text import visible
from sxsh_audit.reports import document as d
from sxsh_audit.reports.pdf import to_pdf
from sxsh_audit.reports.pdf_tables import sheet
from sxsh_audit.reports.pdf_text import BOLD, breakable, wide

MADE: dict[str, Callable[[], d.Document]] = {
    "vi": lambda: sample_document("vi"),
    "en": lambda: sample_document("en"),
    "minutes": lambda: sample_document("vi", "minutes"),
    "hostile": hostile_document,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    for name, make in MADE.items():
        assert to_pdf(make(), folder / f"{name}.pdf") == folder / f"{name}.pdf"
    return folder


def asked(program: str, path: Path, *words: str) -> str:
    command = [program, *words, str(path), *(["-"] if program == "pdftotext" else [])]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def text_of(path: Path) -> str:
    return " ".join(asked("pdftotext", path).replace("\u200b", "").split())


@pytest.mark.parametrize("name", MADE)
def test_the_same_document_gives_the_same_bytes(name: str, folder: Path, tmp_path: Path) -> None:
    again = to_pdf(MADE[name](), tmp_path / "another name.pdf").read_bytes()
    assert again == (folder / f"{name}.pdf").read_bytes()
    assert again.startswith(b"%PDF-1.7")
    assert b"CreationDate" not in again
    assert str(tmp_path).encode() not in again


def test_an_old_file_stays_where_it_may_not_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_text("old")
    with pytest.raises(OutputError) as no:
        to_pdf(sample_document(), path, overwrite=False)
    assert no.value.code == "output.exists"
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_typst_the_person_is_told_what_to_install(
    language: Language, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Refusal, match=r'pip install "sxsh-audit\[pdf\]"') as no:
        to_pdf(sample_document(language), tmp_path / "a.pdf")
    assert no.value.code == "report_pdf.not_installed"
    assert not list(tmp_path.iterdir())


@pytest.mark.outside("pdfinfo")
@pytest.mark.parametrize("name", MADE)
def test_another_program_sees_a_tagged_a4_with_its_title(name: str, folder: Path) -> None:
    told = asked("pdfinfo", folder / f"{name}.pdf")
    title = visible(MADE[name]().title)
    assert re.search(rf"Title: +{re.escape(title)}", told)
    assert re.search(r"Tagged: +yes", told)
    assert re.search(r"JavaScript: +no", told)
    assert "595.276 x 841.89 pts (A4)" in told
    assert "CreationDate" not in told


@pytest.mark.outside("pdffonts")
@pytest.mark.parametrize("name", MADE)
def test_letters_come_with_the_file_and_from_no_machine(name: str, folder: Path) -> None:
    rows = asked("pdffonts", folder / f"{name}.pdf").splitlines()[2:]
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+(LibertinusSerif|DejaVuSans)", row)
        assert re.search(r"yes +yes +yes", row)  # embedded, subset, with its letters


@pytest.mark.outside("pdfinfo")
def test_the_structure_says_what_is_heading_table_and_figure(folder: Path) -> None:
    told = asked("pdfinfo", folder / "vi.pdf", "-struct-text")
    # An element and the words right in it, as pdfinfo prints them.
    found = re.findall(r'^ *(\w+)\b[^\n]*\n(?: *(?:/|Span|/Placement)[^\n]*\n)*((?: *"[^"]*"\n)+)',
                       told, re.M)
    said = {(tag, re.sub(r'"?\n *"|^ *"', "", words).rstrip('"\n')) for tag, words in found}
    for tag, words in (
        ("H1", "1. Tóm tắt"), ("H2", "3.1. Việc nên làm trước"), ("H1", "Phụ lục A. Số liệu gốc"),
        ("H3", "3.1.1. Thời gian hoàn vốn của các giải pháp"), ("TH", "Tiết kiệm"),
        ("Caption", "Bảng 1. Tiêu thụ theo nguyên, nhiên liệu"), ("TD", "1.250"),
        ("P", "Phường Ba Đồn, tỉnh Quảng Trị"),
    ):  # fmt: skip
        assert (tag, words) in said
    assert told.count("LBody") == 5
    assert told.count("Figure") == 3
    assert "TOC" in told


@pytest.mark.outside("pdftotext")
def test_what_the_document_says_is_read_back(folder: Path) -> None:
    said = text_of(folder / "vi.pdf")
    for words in ("Báo cáo đánh giá sản xuất sạch hơn", "Mục lục", "Bảng 3. Số liệu gốc",
                  "Hình 2. Sơ đồ dòng vật chất", "nằm trong mục tiêu 5–8 % của giai đoạn",
                  "Phụ lục A. Số liệu gốc", "Giám đốc", "(ký, ghi rõ họ tên)", "m³/t",
                  "Nguồn gốc tài liệu", "3f5a" * 16):
        assert words in said
    laid_out = " ".join(asked("pdftotext", folder / "vi.pdf", "-layout").split())
    assert laid_out.count("Ngày báo cáo Trước Sau Tiết kiệm") == 2  # on each page of the table
    assert "CỘNG HÒA" not in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text_of(folder / "minutes.pdf")


@pytest.mark.outside("pdftotext")
def test_hostile_texts_are_read_and_do_nothing(folder: Path) -> None:
    said = re.sub(r"\s", "", text_of(folder / "hostile.pdf"))
    for text in HOSTILE:
        assert re.sub(r"\s", "", visible(text)) in said
    assert "root:" not in said
    assert "alert(1)" in said


@pytest.mark.outside("pdftotext")
@pytest.mark.parametrize("name", MADE)
def test_no_word_leaves_the_page(name: str, folder: Path) -> None:
    width = 0.0
    for line in asked("pdftotext", folder / f"{name}.pdf", "-bbox").splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        elif word := re.search(r'xMin="([-\d.]+)".* xMax="([\d.]+)"', line):
            assert float(word[1]) > 40
            assert float(word[2]) < width - 40


# --- widths ------------------------------------------------------------------------------------

COLUMNS = (Column("a", "Tài nguyên"), Column("b", "Trước", "right", "number"),
           Column("c", "Ghi chú"))  # fmt: skip


def test_widths_fill_the_page_and_long_texts_take_the_room() -> None:
    rows = (("Điện", "1.250", "dài " * 40), ("Than", "512,4", "ngắn"))
    told = sheet(Table("T", COLUMNS, rows), "Bảng 1. T", turned=False)
    assert sum(told["shares"]) == pytest.approx(1, abs=0.001)
    assert told["shares"][2] > 0.6
    assert told["size"] == 11
    assert all("\u200b" not in cell for row in told["rows"] for cell in row)


def test_letters_get_smaller_before_words_are_broken() -> None:
    many = tuple(Column(f"c{place}", "Thời gian", "right", "number") for place in range(9))
    table = Table("T", many, (("1.234.567 kWh",) * 9,))
    upright, turned = (sheet(table, "", turned=turned) for turned in (False, True))
    assert upright["size"] < turned["size"]
    assert "\u200b" not in turned["rows"][0][0]


@pytest.mark.parametrize("table", [
    Table("", COLUMNS, ()),
    Table("", COLUMNS, (("", "", ""),)),
    Table("", (Column("a", ""),), (("",), ("x\ny",))),
    Table("", tuple(Column(f"c{n}", "N" * 99) for n in range(40)), (("N" * 300,) * 40,)),
])  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_any_table_has_widths(table: Table, turned: bool, tmp_path: Path) -> None:
    told = sheet(table, "", turned=turned)
    assert sum(told["shares"]) == pytest.approx(1, abs=0.01)
    assert min(told["shares"]) > 0
    blocks = (d.TableBlock(table, turned), d.TableBlock(table, turned))
    to_pdf(d.Document("report", "T", "", "en", blocks), tmp_path / "a.pdf")


def test_widths_of_words_are_never_below_those_of_the_font() -> None:
    typst = pytest.importorskip("typst", reason="needs typst, which holds the font")
    import json

    words = ["Electricity", "MWh", "1.250.000", "8,3 %", "TỔNG CỘNG", "tCO₂/năm", "m³/t", "KHÔNG",
             "kilôwatt", "nghiêng", "Thu hồi nước ngưng về bồn cấp", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    page = (
        '#set page(width: 5000pt)\n#set text(font: "Libertinus Serif", size: 100pt)\n#context '
        '[#metadata(json("w.json").map(w => (measure(text(w)).width.pt() / 100, measure(text('
        'weight: "bold", w)).width.pt() / 100))) <told>]'
    )
    files = {"main.typ": page.encode(), "w.json": json.dumps(words).encode()}
    told = json.loads(typst.query(files, "<told>", field="value", one=True))
    for word, (plain, bold) in zip(words, told, strict=True):
        assert plain <= wide(word) <= 1.25 * plain
        assert bold <= wide(word) * BOLD


def test_only_words_that_are_too_wide_are_broken() -> None:
    assert breakable("Một câu dài bình thường, có compressed-air và 1.234.567 kWh/t.") == (
        "Một câu dài bình thường, có compressed-air và 1.234.567 kWh/t.")
    assert "\u200b" in breakable("N" * 60)
    assert breakable("N" * 60).replace("\u200b", "") == "N" * 60


def test_a_document_of_nothing_is_printed(tmp_path: Path) -> None:
    empty = (d.Bullets(()), d.Facts(()), d.Signatures(()), d.Contents(), d.PageBreak(),
             d.PageBreak(), d.Heading(3, ""), d.Paragraph(""), d.TableBlock(Table("", (), ())))
    for kind in ("report", "minutes"):
        to_pdf(d.Document(kind, "", "", "vi", empty), tmp_path / f"{kind}.pdf")
