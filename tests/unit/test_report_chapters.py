"""What the documents of an assessment say: by rule, honestly, and nothing that is not held."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import sxsh_audit as sx
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.reports.chapters import build_acceptance, build_minutes, build_report
from sxsh_audit.reports.chapters.first_steps import (
    dearest_loss,
    first_steps,
    measure_next,
    quick_win,
)
from sxsh_audit.reports.chapters.telling import Telling
from sxsh_audit.reports.document import (
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Signatures,
    TableBlock,
    numbered,
)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = ("giay-bao-goi", "roasting", "det-nhuom", "tinh-bot-san", "thuy-san", "sao-xanh")
HOSTILE = "<script>x</script>{{ 7*7 }}=cmd|'/C calc'!A0\u202eabc\u200b"
_FOUND: dict[str, sx.Assessment] = {}


def found(name: str) -> sx.Assessment:
    """Assess an example, once."""
    if name not in _FOUND:
        terms = {"discount_rate": "10 %", "horizon": 10, "budget": "500 triệu đồng",
                 "reach": "8 %", "seed": 1} if name == "thuy-san" else {}  # fmt: skip
        _FOUND[name] = sx.assess(sx.read_study(EXAMPLES / name), **cast(Any, terms))
    return _FOUND[name]


def texts(document: Document) -> Iterator[str]:
    """Yield every text of a document."""
    yield from (document.title, document.subtitle)
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Facts):
            yield from (part for row in block.rows for part in row)
        elif isinstance(block, Figure):
            yield from (block.caption, block.alt)
        elif isinstance(block, Signatures):
            yield from block.roles
        elif isinstance(block, TableBlock):
            yield from (block.table.title, *block.table.notes)
            yield from (cell for row in block.table.rows for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_its_documents(name: str, language: Language) -> None:
    for build in (build_report, build_acceptance, build_minutes):
        document = build(found(name), language)
        for text in texts(document):
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b|\{\w*\}", text), text
            assert "  " not in text, repr(text)
            assert not text.startswith(" "), repr(text)
        assert all(number for block, number in numbered(document)
                   if isinstance(block, TableBlock | Figure))  # fmt: skip
        for block in document.blocks:
            if isinstance(block, Paragraph | Bullets):
                assert block.text if isinstance(block, Paragraph) else block.items
            if isinstance(block, Figure):
                assert block.alt
                assert re.fullmatch(r"[a-z0-9-]+", block.key)


@pytest.mark.parametrize("name", NAMES)
def test_the_report_opens_with_a_summary_and_follows_the_ministry(name: str) -> None:
    document = build_report(found(name))
    chapters = [(number, block.text) for block, number in numbered(document)
                if isinstance(block, Heading) and block.level == 1]  # fmt: skip
    assert chapters[:3] == [("", "Tóm tắt"), ("1", "Giới thiệu"), ("2", "Đánh giá")]
    assert [number for number, _ in chapters[3:]] == ["3", "4", "5", "6", "7", *"ABCDE"]
    assert any(isinstance(block, Contents) for block in document.blocks)
    keys = [block.key for block in document.of(Heading)]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    level = 0
    for block in document.of(Heading):
        assert block.level <= level + 1
        level = block.level


@pytest.mark.parametrize("name", NAMES)
def test_three_things_at_most_come_first(name: str) -> None:
    steps = first_steps(Telling(found(name), "vi"))
    assert 1 <= len(steps) <= 3


def test_the_quick_win_is_the_cheapest_that_no_warning_speaks_of() -> None:
    assert "(G1): không phải đầu tư" in quick_win(Telling(found("giay-bao-goi"), "vi"))
    # Of the starch plant G4 and G3 are paid back sooner, but their figures bear warnings.
    told = quick_win(Telling(found("tinh-bot-san"), "vi"))
    assert "(G1)" in told
    assert "không bị cảnh báo" in told
    # What is done is no advice: G1 of the seafood plant is implemented.
    assert "(G2)" in quick_win(Telling(found("thuy-san"), "vi"))


def test_the_dearest_loss_comes_with_the_options_that_aim_at_it() -> None:
    told = dearest_loss(Telling(found("tinh-bot-san"), "vi"))
    assert "«Nước dịch bào thải»" in told
    assert "G2 và G3" in told
    assert "Số liệu của G3 có cảnh báo" in told
    rose = dearest_loss(Telling(found("det-nhuom"), "vi"))
    assert rose.startswith("Xem lại điện")
    assert "cả hai con số" in rose
    assert dearest_loss(Telling(found("giay-bao-goi"), "vi")) == ""


def test_what_to_measure_next_is_where_most_money_is_unsure() -> None:
    assert "than cám" in measure_next(Telling(found("giay-bao-goi"), "vi"))
    assert "electricity" in measure_next(Telling(found("roasting"), "en"))


def test_doubts_are_said_on_the_first_page() -> None:
    blocks = build_report(found("det-nhuom")).blocks
    first = blocks[: next(i for i, block in enumerate(blocks) if isinstance(block, Contents))]
    told = " ".join(texts(Document("report", "", "", "vi", first)))
    assert "Điện: tỷ số cho −6,5 %, còn đường cơ sở cho 11,3 %." in told
    assert "Sản lượng giảm 31,2 %" in told
    assert "công tơ cho thấy ít hơn mức công bố" in told
    reference = " ".join(texts(build_report(found("roasting"), "en")))
    assert "for reference only" in reference


def test_what_is_missing_is_named_and_not_padded() -> None:
    document = build_report(found("giay-bao-goi"))
    missing = [block.text for block in document.of(Paragraph) if block.tone == "missing"]
    assert any("chưa vẽ được sơ đồ dòng" in text for text in missing)
    assert any("chưa tính giá trị hiện tại ròng" in text for text in missing)
    assert any("địa chỉ" in text for text in missing)
    assert not any(block.key == "sankey" for block in document.of(Figure))


def test_the_tables_of_the_ministry_are_there() -> None:
    headings = [tuple(column.heading for column in block.table.columns)
                for block in build_report(found("thuy-san"), "en").of(TableBlock)]  # fmt: skip
    assert ("No.", "CP option", "Investment", "Performance", "CP technique") in headings
    benefits = ("CP option", "Technical benefit", "Economic benefit", "Environmental benefit")
    assert benefits in headings


def test_only_short_forms_that_were_seen_are_written() -> None:
    told = " ".join(texts(build_report(found("sao-xanh"))))
    assert "quản lý nội vi (GH)" in told
    assert "(PC)" not in told
    assert "(EM)" not in told


def test_the_best_set_is_told_in_a_sentence() -> None:
    told = " ".join(texts(build_report(found("thuy-san"))))
    assert "Với ngân sách 500 triệu đồng, nên thực hiện G2, G8, G6 và G3" in told


def test_an_english_report_speaks_english() -> None:
    told = " ".join(texts(build_report(found("roasting"), "en")))
    told = re.sub(r"Quyết định số \S+ ngày [\d/]+|Quảng Bình", "", told)
    marked = re.findall(r"\w*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", told)
    assert set(marked) <= {"đ", "Việt"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_depends_on_nothing_but_the_assessment(language: Language) -> None:
    result = found("tinh-bot-san")
    again = sx.Assessment.from_dict(json.loads(json.dumps(result.to_dict())))
    for build in (build_report, build_acceptance, build_minutes):
        assert build(result, language) == build(result, language)
        assert list(texts(build(again, language))) == list(texts(build(result, language)))


def test_the_figures_draw() -> None:
    for name in ("giay-bao-goi", "tinh-bot-san"):
        for figure in build_report(found(name)).of(Figure):
            ax = figure.draw()
            assert ax.figure is not None


def test_names_that_mean_harm_are_plain_visible_text(tmp_path: Path) -> None:
    (tmp_path / "san_luong.csv").write_text(
        "Giai đoạn;Sản lượng;Đơn vị\nkỳ nền;100;tấn\nkỳ báo cáo;100;tấn\n", encoding="utf-8")
    (tmp_path / "tieu_thu.csv").write_text(
        f"Tài nguyên;Giai đoạn;Lượng mua;Đơn vị\n{HOSTILE};kỳ nền;10;kg\n"
        f"{HOSTILE};kỳ báo cáo;9;kg\nĐiện;kỳ nền;50;kWh\nĐiện;kỳ báo cáo;40;kWh\n",
        encoding="utf-8")  # fmt: skip
    (tmp_path / "tai_nguyen.csv").write_text(
        f"Tài nguyên;Nhóm\n{HOSTILE};vật liệu\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "giai_phap.csv").write_text(
        f"Mã giải pháp;Giải pháp;Chi phí đầu tư;Tình trạng;Người phụ trách\n"
        f"G1;{HOSTILE}{'a' * 300};0;đã thực hiện;{HOSTILE}\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "study.toml").write_text('"kiểu số" = "vi"\n', encoding="utf-8")
    result = sx.assess(sx.read_study(tmp_path))
    for build in (build_report, build_acceptance, build_minutes):
        told = "\n".join(texts(build(result)))
        assert not re.search("[\u202a-\u202e\u200b-\u200f\x00-\x09\x0b-\x1f]", told)
        assert "49=cmd" not in told


def test_several_plants_have_one_report_without_the_advice_of_one() -> None:
    raw = {"san_luong.csv": "Mã cơ sở;Giai đoạn;Sản lượng;Đơn vị\nA;kỳ nền;100;tấn\n"
                            "A;kỳ báo cáo;100;tấn\nB;kỳ nền;50;tấn\nB;kỳ báo cáo;60;tấn\n",
           "tieu_thu.csv": "Mã cơ sở;Tài nguyên;Giai đoạn;Lượng mua;Đơn vị\n"
                           "A;Điện;kỳ nền;1000;kWh\nA;Điện;kỳ báo cáo;900;kWh\n"
                           "B;Điện;kỳ nền;500;kWh\nB;Điện;kỳ báo cáo;640;kWh\n",
           "study.toml": '"kiểu số" = "vi"\n"chương trình" = "vn-qb-2384"\n'
                         '"giai đoạn chương trình" = "2016-2020"\n'}  # fmt: skip
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name, text in raw.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        result = sx.assess(sx.read_study(folder))
    for language in LANGUAGES:
        told = " ".join(texts(build_report(result, language)))
        assert not re.search(r"\bnan\b|\bNone\b", told)
    assert "gồm 2 cơ sở" in " ".join(texts(build_report(result)))
    assert first_steps(Telling(result, "vi")) == []
    assert build_minutes(result).kind == "minutes"


def test_the_acceptance_record_decides_nothing_and_names_what_lacks() -> None:
    done = " ".join(texts(build_acceptance(found("det-nhuom"))))
    assert "Đủ hồ sơ" in done
    assert "☐ Chưa nghiệm thu" in done
    assert any(build_acceptance(found("det-nhuom")).of(Signatures))
    none = [block.text for block in build_acceptance(found("giay-bao-goi")).of(Paragraph)]
    assert any("chưa có gì để nghiệm thu" in text for text in none)


def test_the_minutes_list_what_the_plant_still_has_to_give() -> None:
    document = build_minutes(found("tinh-bot-san"))
    told = " ".join(texts(document))
    assert "dong_vat_chat.csv, dòng 39" in told
    assert "phụ lục" not in told
    assert "Danh sách đội sản xuất sạch hơn" in told


def test_adjustments_are_told_with_their_proof() -> None:
    told = " ".join(texts(build_report(found("det-nhuom"))))
    assert "Biên bản chốt công tơ phụ ngày 31/08/2019" in told
    assert "24.000 kWh" in told
