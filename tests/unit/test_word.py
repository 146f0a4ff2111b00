"""Word files, opened by python-docx as by any other reader."""

from __future__ import annotations

import builtins
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from sample_document import HOSTILE, hostile_document, sample_document
from study_folders import write_study

from sxsh_audit.display.table import Column, Table
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.language.text import visible
from sxsh_audit.reports import document as d
from sxsh_audit.reports.column_widths import fit_columns
from sxsh_audit.reports.sample_template import write_sample_template
from sxsh_audit.reports.word import to_docx

FIELDS = dict.fromkeys(
    ("plant", "address", "baseline_period", "reporting_period", "saving", "target", "status",
     "money_saved"), "Nhà máy {{ 7*7 }} & <con>")  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("word") / "báo cáo.docx"
    return docx.Document(str(to_docx(sample_document(), path)))


def texts(word: Any, style: str) -> list[str]:
    """Return the text of every paragraph of a style, those in the contents too."""
    key = word.styles[style].style_id
    found = []
    for paragraph in word.element.body.iter(qn("w:p")):
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if named is not None and named.get(qn("w:val")) == key:
            found.append("".join(one.text or "" for one in paragraph.iter(qn("w:t"))))
    return found


def every_text(word: Any) -> str:
    return "\n".join("".join(one.text or "" for one in paragraph.iter(qn("w:t")))
                     for paragraph in word.element.body.iter(qn("w:p")))  # fmt: skip


def write(tmp_path: Path, *blocks: d.Block, kind: str = "report") -> Any:
    path = tmp_path / "a.docx"
    return docx.Document(str(to_docx(d.Document(kind, "T", "", "vi", blocks), path)))


def template(tmp_path: Path, *paragraphs: str) -> Path:
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    path = tmp_path / "mau.docx"
    word.save(str(path))
    return path


def test_page_and_letters_are_those_of_decree_30(report: Any) -> None:
    section = report.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [round(one.mm) for one in (section.top_margin, section.bottom_margin,
                                      section.left_margin, section.right_margin)] == [
        20, 20, 30, 20]  # fmt: skip
    defaults = report.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    assert defaults.find(qn("w:rFonts")).get(qn("w:ascii")) == "Times New Roman"
    assert defaults.find(qn("w:sz")).get(qn("w:val")) == "26"
    assert defaults.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert section.different_first_page_header_footer  # the first page shows no number
    assert "PAGE" in section.header._element.xml


def test_headings_are_word_headings_that_word_numbers(report: Any) -> None:
    assert texts(report, "heading 1") == ["Tóm tắt", "Doanh nghiệp", "Cơ hội và giải pháp",
                                          "Số liệu gốc"]  # fmt: skip
    lists = {}
    for paragraph in report.paragraphs:
        if paragraph.style.name == "Heading 1":
            lists[paragraph.text] = paragraph._p.pPr.numPr.numId.val
    assert len(set(lists.values())) == 2  # chapters, and appendices by letters
    assert 'w:val="Phụ lục %1."' in report.part.numbering_part.element.xml


def test_contents_are_a_field_that_reads_before_it_is_updated(report: Any) -> None:
    shown = texts(report, "toc 1")
    assert shown == ["1. Tóm tắt", "2. Doanh nghiệp", "3. Cơ hội và giải pháp",
                     "Phụ lục A. Số liệu gốc"]  # fmt: skip
    assert texts(report, "toc 2")[0] == "2.1. Tiêu thụ theo nguyên, nhiên liệu"
    body = report.element.body
    assert 'TOC \\o "1-2" \\h \\z \\u' in "".join(one.text for one in body.iter(qn("w:instrText")))
    goals = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))}
    assert goals <= {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_captions_are_numbered_by_fields(report: Any) -> None:
    captions = [text.replace("\u00a0", " ") for text in texts(report, "caption")]
    assert captions[:2] == ["Bảng 1. Tiêu thụ theo nguyên, nhiên liệu",
                            "Hình 1. Mức tiết kiệm theo tài nguyên"]  # fmt: skip
    codes = [one.text for one in report.element.body.iter(qn("w:instrText"))]
    assert " SEQ Bảng \\* ARABIC " in codes
    assert " SEQ Hình \\* ARABIC " in codes


def test_pictures_are_crisp_and_say_what_they_show(report: Any) -> None:
    about = [one._inline.docPr for one in report.inline_shapes]
    assert [one.get("name") for one in about] == ["savings", "flow", "ladder"]
    assert about[0].get("descr") == "Điện giảm 8,3 %, than giảm 4,1 %, nước giảm 15 %."
    assert all(one.get("descr") for one in about)
    for shape in report.inline_shapes:
        assert shape.width.mm <= 160.5
        image = report.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert image.image.px_width / shape.width.inches > 300


def test_tables_repeat_their_headings_and_fit_the_page(report: Any) -> None:
    for table in report.tables:
        properties = table._tbl.tblPr
        width = sum(one.w.mm for one in table._tbl.tblGrid.gridCol_lst)
        turned = len(table.columns) == 9
        assert width <= (258 if turned else 160.1)
        if properties.find(qn("w:tblCaption")) is not None:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert report.tables[1].cell(1, 2).text == "1.250"


def test_a_wide_table_lies_on_its_side_between_standing_pages(report: Any) -> None:
    shapes = [(one.page_width > one.page_height) for one in report.sections]
    assert shapes == [False, True, False]
    firsts = [one.different_first_page_header_footer for one in report.sections]
    assert firsts == [True, False, False]  # otherwise pages would lose their numbers


def test_numbers_keep_to_one_line() -> None:
    table = Table("", (Column("a", "Nội dung"), Column("b", "Chi phí", "right", "number")),
                  (("chữ " * 100, "1.234.567,8 triệu đồng"),))  # fmt: skip
    fit = fit_columns(table, 450)
    assert fit.fits
    assert fit.shares[1] * 450 > 11 * 10
    assert sum(fit.shares) == pytest.approx(1)


def test_a_table_that_fits_no_other_way_is_turned(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{place}", "Sản lượng", "right", "number") for place in range(12))
    table = Table("Rộng", columns, (("1.234.567,8",) * 12,))
    word = write(tmp_path, d.Heading(1, "A"), d.TableBlock(table), d.Paragraph("sau"))
    assert [one.page_width > one.page_height for one in word.sections] == [False, True, False]


def test_lists_begin_anew_and_hang(tmp_path: Path) -> None:
    word = write(tmp_path, d.Bullets(("a", "b"), True), d.Bullets(("c",), True), d.Bullets(("d",)))
    keys = [one._p.pPr.numPr.numId.val for one in word.paragraphs if one._p.pPr is not None
            and one._p.pPr.numPr is not None]  # fmt: skip
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize("kind", ["acceptance", "minutes"])
def test_only_official_minutes_have_the_national_lines(kind: str, tmp_path: Path) -> None:
    official = write(tmp_path, d.Signatures(("Giám đốc",)), kind=kind)
    assert "Độc lập - Tự do - Hạnh phúc" in every_text(official)
    assert "(ký, ghi rõ họ tên)" in every_text(official)
    assert "Độc lập" not in every_text(write(tmp_path, d.Paragraph("a")))


def test_origin_and_properties_depend_on_no_clock(tmp_path: Path) -> None:
    one, other = (to_docx(sample_document(), tmp_path / f"{name}.docx") for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    word = docx.Document(str(one))
    assert word.core_properties.title == "Báo cáo đánh giá sản xuất sạch hơn"
    assert word.core_properties.language == "vi-VN"
    assert word.core_properties.created.year == 2000
    assert f"Mã băm của tệp số liệu: {'3f5a' * 16}" in texts(word, "SXSH Origin")


@pytest.mark.parametrize("form", ["", "template"])
def test_hostile_texts_stay_texts(form: str, tmp_path: Path) -> None:
    mould = None
    if form:
        facts = "{% for one in facts %}{{ one.value }}{% endfor %}"
        mould = template(tmp_path, "{{ title }}", "{{ plant }}", "{{p contents }}", "{{p body }}",
                         facts, "{{p origin }}")  # fmt: skip
    path = to_docx(hostile_document(), tmp_path / "a.docx", mould, fields={"plant": HOSTILE[1]})
    word = docx.Document(str(path))
    text = every_text(word)
    for hostile in HOSTILE:
        assert visible(hostile) in text
    assert "49" not in text
    assert not re.search("[\x00-\x08\u202a-\u202e\ud800-\udfff]", text)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".rels"):  # nothing leads out of the file
                assert b"External" not in archive.read(name)


def test_an_old_file_is_kept_where_it_may_not_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("cũ", encoding="utf-8")
    with pytest.raises(OutputError):
        to_docx(sample_document(), tmp_path / "a.docx", overwrite=False)
    assert (tmp_path / "a.docx").read_text(encoding="utf-8") == "cũ"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "docxtpl":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refusal, match=r"pip install \"sxsh-audit\[report\]\""):
        to_docx(sample_document("en"), tmp_path / "a.docx")


# -- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sample_template_uses_fields_that_exist(language: Any, tmp_path: Path) -> None:
    mould = write_sample_template(tmp_path / "mau.docx", language)
    path = to_docx(sample_document(language), tmp_path / "a.docx", mould, fields=FIELDS)
    text = every_text(docx.Document(str(path)))
    assert "Nhà máy {{ 7*7 }} & <con>" in text
    assert "{%" not in text
    assert text.count("{{") == text.count("{{ 7*7 }}")
    assert {"vi": "Cơ hội và giải pháp", "en": "Opportunities and options"}[language] in text


def test_chapters_tables_and_pictures_by_name(tmp_path: Path) -> None:
    mould = template(
        tmp_path, "{{ chapters.tom_tat.title }}: {{ chapters['tom-tat'].number }}",
        "{{p chapters.tom_tat.text }}", "{{p figures.flow.picture }}", "{{ tables[0].caption }}",
        "{{p tables[0] }}", "{% if chapters.nothing %}bad{% endif %}", "{{p chapters.nothing }}",
    )  # fmt: skip
    word = docx.Document(str(to_docx(sample_document(), tmp_path / "a.docx", mould)))
    text = every_text(word)
    assert "Tóm tắt: 1" in text
    assert "Bảng 1. Tiêu thụ theo nguyên, nhiên liệu" in text
    assert "Tài liệu này không có mục «nothing»." in text
    assert "bad" not in text
    assert len(word.tables) == 1
    assert len(word.inline_shapes) == 1
    assert [one for one in word.paragraphs if one.style.name == "SXSH Lead"]


def test_a_template_keeps_its_own_styles(tmp_path: Path) -> None:
    mould = docx.Document()
    mould.styles["Heading 1"].font.name = "Arial"
    mould.add_paragraph("{{p body }}")
    mould.save(str(tmp_path / "mau.docx"))
    word = docx.Document(str(to_docx(sample_document(), tmp_path / "a.docx",
                                     tmp_path / "mau.docx")))  # fmt: skip
    assert word.styles["Heading 1"].font.name == "Arial"
    assert texts(word, "heading 1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ plnt }}", "report_word.template_unknown_near"),
        ("{{ zzzz }}", "report_word.template_unknown"),
        ("{{ chapters.tom_tat }} x", "report_word.template_alone"),
        ("{% for %}", "report_word.template_fault"),
        ("{{ title.nothing }}", "report_word.template_fault"),
        ("{{ ''.__class__.__mro__ }}", "report_word.template_fault"),
        ("{{ cycler.__init__.__globals__ }}", "report_word.template_fault"),
    ],
)
def test_a_faulty_template_is_refused_with_its_fault(
    text: str, code: str, tmp_path: Path
) -> None:
    with pytest.raises(Refusal) as caught:
        to_docx(sample_document("en"), tmp_path / "a.docx", template(tmp_path, text),
                fields={"plant": "x"})  # fmt: skip
    assert caught.value.code == code
    assert "mau.docx" in str(caught.value)
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "report_word.template_unread"), (b"no zip", "report_word.template_not_word"),
     (b"PK\x03\x04", "report_word.template_not_word")],
)  # fmt: skip
def test_a_template_that_is_no_word_file(content: bytes | None, code: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "mau.docx").write_bytes(content)
    with pytest.raises(Refusal) as caught:
        to_docx(sample_document(), tmp_path / "a.docx", tmp_path / "mau.docx")
    assert caught.value.code == code


@pytest.mark.outside("soffice")
def test_libreoffice_opens_all_of_it(tmp_path: Path) -> None:
    to_docx(sample_document(), tmp_path / "a.docx")
    home = (tmp_path / "lo").as_uri()
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "a.docx")],
        capture_output=True, timeout=240, check=False, text=True,
    )  # fmt: skip
    if "could not be loaded" in done.stderr:
        pytest.skip("LibreOffice has no Writer here")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_recorded_of_a_plant_reaches_the_fields_of_a_template(tmp_path: Path) -> None:
    import sxsh_audit as sx
    from sxsh_audit.reports.report_fields import report_fields

    rows = "name;address;employees;province\nNhà máy A;Số 1;1250;Quảng Trị\n"
    fields = report_fields(sx.assess(sx.read_study(write_study(tmp_path / "p", facility=rows))))
    told = [fields[name] for name in ("plant", "address", "employees", "province", "sector")]
    assert told == ["Nhà máy A", "Số 1", "1.250", "Quảng Trị", "……"]
