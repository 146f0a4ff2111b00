"""Finished text, the neutral table and its renderers."""

from __future__ import annotations

import io
import math
import re
import tomllib
import unicodedata
from html.parser import HTMLParser

import pytest
from rich.console import Console

from sxsh_audit.data import open_fact
from sxsh_audit.display import (
    Column,
    Table,
    band_text,
    money_text,
    payback_text,
    print_table,
    quality_text,
    saving_text,
    sig,
    status_text,
    to_html,
    to_markdown,
)
from sxsh_audit.display.terminal import encodable, to_text

EDGES = (0.0, 0.05, 0.08)
TABLE = Table(
    "Kết quả đối chiếu mục tiêu",
    (
        Column("resource", "Tài nguyên"),
        Column("saving", "Mức tiết kiệm", "right", "number"),
        Column("status", "Trạng thái", "left", "status"),
        Column("note", "Ghi chú"),
    ),
    (
        ("Điện", "4,96 %", "chưa đạt", "hóa đơn mười hai tháng, [m3] đã trừ điện mặt trời"),
        ("Dầu DO", "−3,2 %", "suất tiêu hao tăng", ""),
        ("Tổng", "1.234.567.890 đồng", "đạt, trong khoảng", "≥ 5 %"),
    ),
    ("Quy tắc: theo chi phí, giá kỳ gốc.",),
)


# --- savings -----------------------------------------------------------------------------------

@pytest.mark.parametrize(
    ("saving", "vi", "en"),
    [
        (0.0496, "4,96 %", "4.96%"),  # the example of the method: not 5,0 %
        (0.05, "5,0 %", "5.0%"),
        (1 - 95 / 100, "5,0 %", "5.0%"),  # 0.050000000000000044 is on the edge
        (0.049996, "4,9996 %", "4.9996%"),
        (0.0801, "8,01 %", "8.01%"),
        (0.08, "8,0 %", "8.0%"),
        (1 / 12, "8,3 %", "8.3%"),
        (-0.0002, "−0,02 %", "−0.02%"),
        (0.0004, "0,04 %", "0.04%"),
        (0.0, "0,0 %", "0.0%"),
        (0.6, "60,0 %", "60.0%"),
        (-2.5, "−250,0 %", "−250.0%"),
        (math.nan, "–", "–"),
    ],
)
def test_saving_keeps_the_decimals_that_its_status_needs(saving: float, vi: str, en: str) -> None:
    assert saving_text(saving, EDGES, "vi") == vi
    assert saving_text(saving, EDGES, "en") == en


def test_printed_saving_never_contradicts_the_status() -> None:
    def side(value: float, edge: float) -> int:
        return 0 if abs(value - edge) <= 1e-12 else 1 if value > edge else -1

    for step in range(-3000, 20000, 7):
        for nudge in (0.0, 3e-9, -3e-9, 2e-12, -2e-12, 1e-13):
            saving = step / 1e5 + nudge
            printed = float(saving_text(saving, EDGES, "en").rstrip("%").replace("−", "-")) / 100
            for edge in EDGES:
                assert side(printed, edge) == side(saving, edge), (saving, edge)


def test_missing_ends_are_skipped() -> None:
    assert saving_text(0.01496, (0, 0.015, None)) == "1,496 %"
    assert saving_text(0.0496, (0, math.nan)) == "5,0 %"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.05, 0.08, "5–8 %"),
        (0.07, 0.1, "7–10 %"),  # 0.07 * 100 is 7.000000000000001
        (0.016, 0.024, "1,6–2,4 %"),
        (0.015, None, "≥ 1,5 %"),
        (None, 0.1, "≤ 10 %"),
        (math.nan, math.nan, ""),
        (None, None, ""),
    ],
)
def test_band(low: float | None, high: float | None, text: str) -> None:
    assert band_text(low, high) == text


# --- words -------------------------------------------------------------------------------------

def test_statuses_are_the_words_of_the_method() -> None:
    assert {s: status_text(s) for s in
            ("worse", "below", "within", "above", "unknown", "not_counted")} == {
        "worse": "suất tiêu hao tăng",
        "below": "chưa đạt",
        "within": "đạt, trong khoảng",
        "above": "đạt, vượt khoảng",
        "unknown": "chưa đủ dữ liệu",
        "not_counted": "không tính vào kết quả",
    }
    assert status_text("") == ""
    assert status_text("within", "en", one_sided=True) == "met"
    with pytest.raises(KeyError):
        status_text("passed")


@pytest.mark.parametrize("quality", ["measured", "billed", "estimated", "nameplate"])
def test_qualities_have_words_in_both_languages(quality: str) -> None:
    assert quality_text(quality, "vi") != quality_text(quality, "en")


@pytest.mark.parametrize(
    ("years", "name", "vi", "en"),
    [
        (0.0, "immediate", "ngay lập tức", "immediate"),
        (3.7 / 365, "years", "3,7 ngày", "3.7 days"),
        (0.5 / 365, "years", "dưới 1 ngày", "under 1 day"),
        (30.4 / 365, "years", "30,4 ngày", "30.4 days"),
        (1 / 12, "years", "1,0 tháng", "1.0 months"),
        (4.2 / 12, "years", "4,2 tháng", "4.2 months"),
        (11.94 / 12, "years", "11,9 tháng", "11.9 months"),
        (11.96 / 12, "years", "1,0 năm", "1.0 years"),  # never "12.0 months"
        (2.3, "years", "2,3 năm", "2.3 years"),
        (1234.5, "years", "1.235 năm", "1,235 years"),
        (math.inf, "never", "không hoàn vốn", "never pays back"),
        (math.nan, "worse", "không hoàn vốn: chi phí hằng năm tăng",
         "never pays back: yearly cost rises"),
        (math.nan, "unknown", "chưa xác định: thiếu số liệu", "not determined: data missing"),
    ],
)
def test_payback(years: float, name: str, vi: str, en: str) -> None:
    assert payback_text(years, name, "vi") == vi
    assert payback_text(years, name, "en") == en


@pytest.mark.parametrize(
    ("value", "currency", "vi", "en"),
    [
        (1_300_000_000, "VND", "1,3 tỷ đồng", "1.3 billion VND"),
        (999_700_000, "VND", "1 tỷ đồng", "1 billion VND"),
        (45_600_000, "VND", "45,6 triệu đồng", "45.6 million VND"),
        (2_345_000_000_000, "VND", "2.345 tỷ đồng", "2,345 billion VND"),
        (882, "VND", "882 đồng", "882 VND"),
        (-15_000_000, "VND", "−15 triệu đồng", "−15 million VND"),
        (4_481, "VND", "4,48 nghìn đồng", "4.48 thousand VND"),
        (12_300, "USD", "12.300 USD", "12,300 USD"),
        (2_100_000, "USD", "2,1 triệu USD", "2.1 million USD"),
        (0, "VND", "0 đồng", "0 VND"),
        (math.nan, "VND", "–", "–"),
    ],
)
def test_money(value: float, currency: str, vi: str, en: str) -> None:
    assert money_text(value, "vi", currency) == vi
    assert money_text(value, "en", currency) == en


def test_specific_consumption_keeps_whole_digits() -> None:
    assert sig(123456.7) == "123.457"
    assert sig(0.000154321, "en") == "0.0001543"


@pytest.mark.parametrize("topic", ["display", "chart"])
def test_both_languages_say_the_same_things(topic: str) -> None:
    both = [
        tomllib.loads(open_fact(f"messages/{language}/{topic}.toml").read_text(encoding="utf-8"))
        for language in ("vi", "en")
    ]

    def places(entry: str | dict[str, str]) -> list[str]:
        parts = [entry] if isinstance(entry, str) else [entry["text"], entry["fix"]]
        return [sorted(re.findall(r"{(\w+)", part)) for part in parts]

    assert both[0].keys() == both[1].keys()
    for key, entry in both[0].items():
        assert places(entry) == places(both[1][key]), key


# --- the table ---------------------------------------------------------------------------------

def test_rows_must_be_as_long_as_the_columns() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells for 2 columns"):
        Table("", (Column("a", "A"), Column("b", "B")), (("1", "2"), ("3",)))


def printed(table: Table, width: int, encoding: str = "utf-8", *, terminal: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="\n")
    console = Console(file=stream, width=width, force_terminal=terminal, color_system=None,
                      legacy_windows=False)
    print_table(table, console)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [200, 80, 60, 40, 20])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_cell_is_cut_at_any_width(width: int, terminal: bool) -> None:
    text = printed(TABLE, width, terminal=terminal)
    for row in TABLE.rows:
        for cell in row:
            for word in cell.split():
                assert word in text
    assert "[m3]" in text  # no markup is read out of a cell
    assert "1.234.567.890 đồng" in text or width < 40
    assert "…" not in text
    assert "Quy tắc:" in text
    if terminal:
        assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text or terminal


def test_figures_are_never_broken_over_lines() -> None:
    for width in range(45, 120, 5):
        assert "1.234.567.890 đồng" in printed(TABLE, width)


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "cp437", "ascii", "cp850", "cp932"])
def test_a_legacy_console_gets_letters_it_has(encoding: str) -> None:
    text = unicodedata.normalize("NFC", printed(TABLE, 90, encoding))
    assert "?" not in text
    assert "chua" in text or "chưa" in text
    if encoding == "cp1258":
        assert "Kết quả đối chiếu mục tiêu" in text
        assert "−" not in text


def test_encodable_leaves_no_control_characters() -> None:
    assert encodable("a\x1b[31mb\tc\nd", "utf-8") == "a\\x1b[31mb\\tc\nd"
    assert encodable("漢", "ascii") == "?"


def test_a_pipe_gets_no_escape_codes() -> None:
    stream = io.StringIO()
    print_table(TABLE, Console(file=stream))
    assert "\x1b" not in stream.getvalue()


def test_print_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(Table("", (Column("a", "A"),), (("x",),)))
    assert "x" in capsys.readouterr().out


# --- HTML and Markdown -------------------------------------------------------------------------

class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


def test_html_gives_back_every_cell_and_runs_nothing() -> None:
    table = Table("<script>", (Column("a", "A&B"),), (('"<img onerror=x>"',), ("x < y\nz",)))
    html = to_html(table, language="vi")
    reader = _Reader()
    reader.feed(html)
    assert reader.open == []
    assert reader.cells == ['"<img onerror=x>"', "x < yz"]
    assert "<script" not in html
    assert "<img" not in html
    assert 'lang="vi"' in html
    assert "<style>" in html
    assert "<style>" not in to_html(table, style=False)


def test_html_style_touches_only_its_own_table() -> None:
    style = to_html(TABLE).split("<style>")[1].split("</style>")[0]
    for rule in re.findall(r"([^{}]+){", style):
        if "@media" not in rule:
            assert all(part.strip().startswith(".sxsh-table") for part in rule.split(","))
    # colours of the page are kept: a dark notebook stays readable
    assert not re.search(r"(?<!-)color:(?!inherit)", style)
    assert 'class="right number"' in to_html(TABLE)


def test_markdown_keeps_cells_apart() -> None:
    table = Table("T*", (Column("a", "A"), Column("b", "B", "right")), (("x|y", "<b>\n$1"),),
                  ("note_1",))
    assert to_markdown(table).split("\n") == [
        "**T\\***",
        "",
        "| A | B |",
        "| --- | ---: |",
        "| x\\|y | &lt;b><br>\\$1 |",
        "",
        "note\\_1",
    ]


def test_names_are_not_squeezed_for_the_sake_of_sentences() -> None:
    long = " ".join(["ghi chất lượng số liệu và bổ sung số liệu còn thiếu"] * 3)
    columns = (
        Column("name", "Tài nguyên"),
        *(Column(f"n{k}", "Kỳ nền", "right", "number") for k in range(3)),
        Column("rule", "Nhận xét"), Column("fix", "Cách sửa"),
    )
    row = ("Than cám loại 5, 6", *["1.234.567"] * 3, long, long)
    lines = to_text(Table("", columns, (row,)), width=100).splitlines()
    assert max(map(len, lines)) <= 100
    assert any("Than cám loại 5," in line for line in lines)


def test_text_stays_text_inside_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    import rich.console

    monkeypatch.setattr(rich.console, "_is_jupyter", lambda: True)
    table = Table("", (Column("a", "Điện"),), (("8,3 %",),))
    assert "8,3 %" in to_text(table)
