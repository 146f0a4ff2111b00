"""Slides, opened by python-pptx as an independent reader."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sxsh_audit as sx
from sxsh_audit.assessment.results import Assessment
from sxsh_audit.display.table import Column, Table
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.reports.deck import BarChart, Deck, Series, Slide
from sxsh_audit.reports.document import Bullets, Facts, Paragraph, TableBlock
from sxsh_audit.reports.slides import build_slides, to_pptx

pptx = pytest.importorskip("pptx")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANTS = ("giay-bao-goi", "det-nhuom", "tinh-bot-san")
LANGUAGES: tuple[Any, ...] = ("vi", "en")


@cache
def assessed(name: str) -> Assessment:
    return sx.assess(sx.read_study(EXAMPLES / name))


@cache
def invested() -> Assessment:
    return sx.assess(sx.read_study(EXAMPLES / "thuy-san"), discount_rate=0.1, budget=5e8,
                     reach=0.08)  # fmt: skip


@cache
def written(name: str, language: Any) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = to_pptx(build_slides(assessed(name), language), Path(folder) / "bài.pptx")
        return path.read_bytes()


def opened(name: str, language: Any) -> Any:
    return pptx.Presentation(io.BytesIO(written(name, language)))


def texts(page: Any) -> list[str]:
    found = []
    for shape in page.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def parts(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PLANTS)
def test_ten_to_fifteen_wide_slides_each_with_its_message_and_notes(
    name: str, language: Any
) -> None:
    deck, file = build_slides(assessed(name), language), opened(name, language)
    assert 10 <= len(file.slides) <= 15
    assert file.slide_width * 9 == file.slide_height * 16
    assert [page.shapes.title.text for page in file.slides] == [
        deck.title, *(slide.title for slide in deck.slides)]  # fmt: skip
    for page in file.slides:
        assert len(page.notes_slide.notes_text_frame.text) > 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PLANTS)
def test_no_letter_is_smaller_than_twenty_points(name: str, language: Any) -> None:
    package = parts(written(name, language))
    slides = [text for part, text in package.items()
              if re.match(r"ppt/(slides/slide|charts/chart)\d+\.xml", part)]  # fmt: skip
    sizes = [int(size) for text in slides for size in re.findall(rb'sz="(\d+)"', text)]
    assert sizes
    assert min(sizes) >= 2000


@pytest.mark.parametrize("name", PLANTS)
def test_charts_are_native_and_everything_seen_can_be_heard(name: str) -> None:
    charts = pictures = 0
    for page in opened(name, "vi").slides:
        for shape in page.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert shape._element.xpath("./*/p:cNvPr/@descr")[0]
            charts += shape.has_chart
            pictures += shape.shape_type == 13
    assert charts >= 5
    assert pictures == (name == "tinh-bot-san")  # the flow chart alone


def test_nothing_leaves_the_slide() -> None:
    for name in PLANTS:
        file = opened(name, "vi")
        for page in file.slides:
            for shape in page.shapes:
                assert min(shape.left, shape.top) >= 0
                assert shape.left + shape.width <= file.slide_width
                assert shape.top + shape.height <= file.slide_height


def test_figures_are_those_of_the_assessment() -> None:
    deck = build_slides(assessed("giay-bao-goi"), "vi")
    slides = {slide.key: slide for slide in deck.slides}
    assert slides["saving"].title == "Tiết kiệm chung 7,0 %: đạt mục tiêu 5–8 %"
    assert slides["options"].title == (
        "3 giải pháp: đầu tư 105 triệu đồng, tiết kiệm tới 149 triệu đồng mỗi năm")  # fmt: skip
    chart = slides["saving"].body[0]
    assert isinstance(chart, BarChart)
    assert chart.series[0].labels == ("7,3 %", "6,6 %", "7,0 %")
    assert [level.values[0] for level in chart.levels] == pytest.approx([5, 8])
    english = {slide.key: slide for slide in build_slides(assessed("giay-bao-goi"), "en").slides}
    assert english["saving"].title == "Overall saving of 7.0%: the target of 5–8% is met"


def test_where_ratio_and_baseline_disagree_both_are_told() -> None:
    slides = {slide.key: slide for slide in build_slides(assessed("det-nhuom"), "vi").slides}
    told = " ".join(item for block in slides["summary"].body if isinstance(block, Bullets)
                    for item in block.items)  # fmt: skip
    assert "2,4 %" in told
    assert "10,0 %" in told
    assert slides["sure"].title.startswith("Theo đường cơ sở")
    assert "−6,5 %" in slides["adjusted"].title


def test_the_numbers_of_the_flow_picture_are_in_the_notes() -> None:
    slides = {slide.key: slide for slide in build_slides(assessed("tinh-bot-san"), "vi").slides}
    notes = " ".join(slides["flows"].notes)
    assert re.search(r"1 = Củ sắn tươi", notes)
    assert "Nước dịch bào thải" in slides["losses"].title


def test_best_set_and_frontier_have_slides_and_fifteen_is_the_most() -> None:
    deck = build_slides(invested(), "vi")
    keys = [slide.key for slide in deck.slides]
    assert {"best-budget", "best-reach", "frontier", "plan"} <= set(keys)
    assert len(keys) + 1 <= 15


def test_workbook_of_a_chart_holds_its_figures() -> None:
    for page in opened("giay-bao-goi", "vi").slides:
        for shape in page.shapes:
            if shape.has_chart:
                blob = shape.chart.part.chart_workbook.xlsx_part.blob
                sheet = openpyxl.load_workbook(io.BytesIO(blob)).active
                plots = [series for plot in shape.chart.plots for series in plot.series]
                assert sheet.max_row == len(list(plots[0].values)) + 1
                for column, series in enumerate(plots, start=2):
                    cells = [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]
                    assert cells == pytest.approx(list(series.values))


HOSTILE = ("<script>alert(1)</script>", "{{ 7*7 }}", "=cmd|' /C calc'!A0", "a\u202eb\x07c\x00",
           "W" * 300, "http://x.y/z", "+1", "&lt;b&gt;")  # fmt: skip


def hostile_deck() -> Deck:
    series = Series(HOSTILE[2], tuple(float(k) for k in range(len(HOSTILE))), HOSTILE)
    table = Table("", (Column("a", HOSTILE[0]), Column("b", HOSTILE[2])),
                  tuple((text, text) for text in HOSTILE))  # fmt: skip
    slides = [
        Slide(f"k{k}", text, body, (text,))
        for k, (text, body) in enumerate(zip(HOSTILE, (
            (Bullets(HOSTILE),), (Facts(tuple((text, text) for text in HOSTILE)),),
            (TableBlock(table),), (Paragraph(HOSTILE[4]),),
            *((BarChart(kind, HOSTILE, (series, series), HOSTILE[0]),)
              for kind in ("columns", "rows", "stacked")),
            (Bullets(("x",)),)), strict=True))
    ]  # fmt: skip
    return Deck(HOSTILE[3], HOSTILE[2], "vi", tuple(slides), HOSTILE, "", {HOSTILE[0]: HOSTILE[2]})


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    path = to_pptx(hostile_deck(), tmp_path / "x.pptx")
    package = parts(path.read_bytes())
    for name, blob in package.items():
        if name.endswith(".xlsx"):
            sheet = openpyxl.load_workbook(io.BytesIO(blob)).active
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
            assert HOSTILE[2] in [cell.value for cell in cells]
        elif name.startswith(("ppt/slides/", "ppt/charts/", "ppt/notesSlides/")):
            text = blob.decode("utf-8")
            assert "<script" not in text
            assert not re.search("[\u202e\x00-\x08]|_x0007_", text)
    titles = [page.shapes.title.text for page in pptx.Presentation(path).slides]
    assert titles[1] == HOSTILE[0]
    assert titles[2] == HOSTILE[1]


def test_same_bytes_every_time_and_the_date_of_the_study(tmp_path: Path) -> None:
    deck = dataclasses.replace(build_slides(assessed("tinh-bot-san"), "en"), date="2020-02-29")
    first, second = (to_pptx(deck, tmp_path / f"{k}.pptx").read_bytes() for k in (1, 2))
    assert first == second
    properties = pptx.Presentation(io.BytesIO(first)).core_properties
    assert f"{properties.created:%Y-%m-%d}" == "2020-02-29"
    assert properties.language == "en-GB"
    assert properties.title == deck.title
    assert deck.about["Software"] == f"sxsh_audit {sx.__version__}"
    assert "study.toml" in pptx.Presentation(io.BytesIO(first)).slides[0].notes_slide.\
        notes_text_frame.text  # fmt: skip


def test_every_run_says_its_language() -> None:
    for part, blob in parts(written("giay-bao-goi", "vi")).items():
        if part.startswith("ppt/slides/slide"):
            text = blob.decode("utf-8")
            assert text.count("<a:r>") == len(re.findall(r'<a:r><a:rPr[^>]*lang="vi-VN"', text))


def test_an_old_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "bài.pptx"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match=re.escape(path.name)):
        to_pptx(hostile_deck(), path, overwrite=False)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_without_python_pptx_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(Refusal, match=re.escape("sxsh-audit[report]")):
        to_pptx(hostile_deck(), tmp_path / "x.pptx")


def test_several_plants_are_shown_side_by_side() -> None:
    one = assessed("giay-bao-goi").to_dict()
    two = {**one}
    for table in ("savings", "verdict", "options", "option_totals", "adjusted", "groups"):
        two[table] = [*one[table], *({**row, "facility": "nhà máy B"} for row in one[table])]
    for language in LANGUAGES:
        slides = {slide.key: slide for slide in
                  build_slides(Assessment.from_dict(two), language).slides}  # fmt: skip
        chart = slides["saving"].body[0]
        assert isinstance(chart, BarChart)
        assert len(chart.categories) == 2
        assert "sure" not in slides
        assert any("nhà máy B" in name for name in slides["payback"].body[0].categories)  # type: ignore[union-attr]


@pytest.mark.outside("soffice")
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_prints_every_slide(language: Any, tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "x.pptx").write_bytes(written("tinh-bot-san", language))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.pptx")],
        check=False, capture_output=True, timeout=300,
    )  # fmt: skip
    if not (tmp_path / "x.pdf").exists():
        pytest.skip("this LibreOffice has no Impress")
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "x.pdf").read_bytes())
    assert len(pages) == len(opened("tinh-bot-san", language).slides)


def test_a_lone_resource_speaks_for_itself() -> None:
    slides = {slide.key: slide for slide in build_slides(assessed("sao-xanh"), "vi").slides}
    assert slides["saving"].title == "Điện: tiết kiệm 8,3 % (đạt, vượt khoảng)"
    assert slides["consumption"].title == "Suất tiêu hao Điện giảm 8,3 %"
    charts = [text.decode() for part, text in parts(written("sao-xanh", "vi")).items()
              if part.startswith("ppt/charts/chart")]  # fmt: skip
    assert any('<c:symbol val="dash"/>' in text for text in charts)  # a line would have no length


def test_options_that_cost_more_than_they_save_are_not_summed_in_a_title() -> None:
    titles = [slide.title for slide in build_slides(assessed("roasting"), "en").slides]
    assert not [title for title in titles if "−904" in title]
